//! Routes.

use super::Line;
use crate::diagnostic::{Diagnostics, Located};
use crate::input::fields::{Fields, located_text, parsed};
use crate::input::scalar::{cidr, cidr_text, one_of};
use crate::input::shape::{DESTINATIONS, ORIGINS, ROUTE, STATES, TARGETS};
use crate::input::yaml::{Node, Value};
use crate::model::RouteOrigin;
use crate::model::inventory::{Destination, Route};

const EXAMPLES: &str = "e.g. `0.0.0.0/0 -> igw`, `10.1.0.0/16 -> vgw propagated`, `10.2.0.0/16 -> blackhole`";

/// A route.
pub(in crate::input) fn route(node: &Node, problems: &mut Diagnostics) -> Option<Route> {
    if let Value::Map(_) = node.value {
        return long_route(node, problems);
    }
    short_route(node, problems)
}

/// A route written short.
pub(in crate::input) fn short_route(node: &Node, problems: &mut Diagnostics) -> Option<Route> {
    parsed(node, problems, |text, at, problems| {
        let line = Line { text, at, help: EXAMPLES };
        let Some((destination, target)) = text.split_once("->") else { return Err(line.malformed()) };
        let destination = destination.trim();
        let words: Vec<&str> = target.split_whitespace().collect();
        let (target, state) = match words.as_slice() {
            [target] => (*target, None),
            [target, state @ ("propagated" | "blackhole")] => (*target, Some(*state)),
            _ => return Err(line.malformed()),
        };
        if destination.is_empty() || destination.contains(char::is_whitespace) {
            return Err(line.malformed());
        }
        let at_destination = line.place(destination);
        let destination = if destination.contains('/') {
            Destination::Cidr(cidr_text(destination, at_destination, problems)?)
        } else {
            Destination::PrefixList(Located::at(destination.to_owned(), at_destination))
        };
        Ok(Route {
            destination,
            target: Located::at(target.to_owned(), line.place(target)),
            blackhole: state == Some("blackhole"),
            route_origin: match state {
                Some("propagated") => RouteOrigin::EnableVgwRoutePropagation,
                _ => RouteOrigin::CreateRoute,
            },
            origin: Some(at),
        })
    })
}

fn long_route(node: &Node, problems: &mut Diagnostics) -> Option<Route> {
    let mut fields = Fields::of(node, &ROUTE, problems)?;
    let [v4, v6, list] = DESTINATIONS;
    let blocks = [v4, v6].map(|key| fields.value(key, cidr, problems));
    let list = fields.value(list, located_text, problems);
    let target = TARGETS.map(|key| fields.value(key, located_text, problems)).into_iter().flatten().next();
    let blackhole = fields.value("state", one_of("a state", STATES), problems);
    let route_origin = fields.value("origin", one_of("an origin", ORIGINS), problems);
    let origin = fields.origin;
    if !fields.finish(problems) {
        return None;
    }
    let block = blocks.into_iter().flatten().next().map(|block| Destination::Cidr(block.value));
    Some(Route {
        destination: block.or_else(|| list.map(Destination::PrefixList))?,
        target: target?,
        blackhole: blackhole.unwrap_or(false),
        route_origin: route_origin.unwrap_or(RouteOrigin::CreateRoute),
        origin: Some(origin),
    })
}
