//! Routes.

use super::Line;
use crate::diagnostic::{Diagnostics, Located};
use crate::input::fields::{Fields, located_text, parsed};
use crate::input::scalar::{cidr, cidr_text, one_of};
use crate::input::yaml::{Node, Value};
use crate::model::RouteOrigin;
use crate::model::inventory::{Destination, Route};

const EXAMPLES: &str = "e.g. `0.0.0.0/0 -> igw`, `10.1.0.0/16 -> vgw propagated`, `10.2.0.0/16 -> blackhole`";

/// A route.
pub(in crate::input) fn route(node: &Node, problems: &mut Diagnostics) -> Option<Route> {
    if let Value::Map(_) = node.value {
        return long_route(node, problems);
    }
    parsed(node, problems, |text, at, problems| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Line { text, at, help: EXAMPLES };
        let ([destination, "->", target], state) = (match words.as_slice() {
            [first @ .., state @ ("propagated" | "blackhole")] if first.len() == 3 => (first, Some(*state)),
            all => (all, None),
        }) else {
            return Err(line.malformed());
        };
        let at_destination = line.place(destination);
        let destination = if destination.contains('/') {
            Destination::Cidr(cidr_text(destination, at_destination, problems)?)
        } else {
            Destination::PrefixList(Located::at((*destination).to_owned(), at_destination))
        };
        Ok(Route {
            destination,
            target: Located::at((*target).to_owned(), line.place(target)),
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
    const DESTINATIONS: [&str; 3] =
        ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
    const TARGETS: [&str; 10] = [
        "gateway_id",
        "nat_gateway_id",
        "network_interface_id",
        "instance_id",
        "transit_gateway_id",
        "vpc_peering_connection_id",
        "egress_only_internet_gateway_id",
        "local_gateway_id",
        "carrier_gateway_id",
        "core_network_arn",
    ];
    let mut fields = Fields::of(node, "a route", problems)?;
    let [v4, v6, list] = DESTINATIONS;
    fields.choice(&DESTINATIONS);
    let blocks = [v4, v6].map(|key| fields.optional(key, cidr, problems));
    let list = fields.optional(list, located_text, problems);
    fields.choice(&TARGETS);
    let target = TARGETS.map(|key| fields.optional(key, located_text, problems)).into_iter().flatten().next();
    let states = &[("active", false), ("blackhole", true)];
    let blackhole = fields.optional("state", one_of("a state", states), problems);
    let origins = &[
        ("CreateRoute", RouteOrigin::CreateRoute),
        ("CreateRouteTable", RouteOrigin::CreateRouteTable),
        ("EnableVgwRoutePropagation", RouteOrigin::EnableVgwRoutePropagation),
    ];
    let route_origin = fields.optional("origin", one_of("an origin", origins), problems);
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
