//! Route tables.

use super::convert::is_gone;
use super::json::{Read, Text};
use super::shapes::{Route, RouteTable, RouteTableAssociation};
use super::states::{RouteState, Word};
use crate::diagnostic::{Diagnostics, Located};
use crate::model::RouteOrigin;
use crate::model::inventory::{self, Destination};
use crate::net::Family;

/// What takes the packets of a route of which AWS does not say what it leads to, or which nobody knows here.
pub(super) const UNKNOWN_TARGET: &str = "unknown-target";

/// Tells of a table that does not say what its routes are, or whose: neither can be taken for none.
/// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociation.html>
pub(super) fn check_whole(table: &Read<'_, RouteTable<'_>>, problems: &mut Diagnostics) {
    let lists =
        [(table.value.routes.is_some(), "Routes"), (table.value.associations.is_some(), "Associations")];
    for (_, key) in lists.into_iter().filter(|(is_there, _)| !is_there) {
        table.complain(&table.value.route_table_id, key, "the list is missing", problems);
    }
    let associations = table.value.associations.iter().flatten().enumerate();
    for (at, _) in
        associations.filter(|(_, own)| !is_gone(own.association_state.as_ref()) && is_of_nobody(own))
    {
        let message = "an association needs a subnet, a gateway or a pool of addresses, or is the main one";
        table.complain(&table.value.route_table_id, format_args!("Associations[{at}]"), message, problems);
    }
}

/// Whether nothing says what is associated.
fn is_of_nobody(own: &RouteTableAssociation<'_>) -> bool {
    own.main != Some(true)
        && own.subnet_id.is_none()
        && own.gateway_id.is_none()
        && own.public_ipv4_pool.is_none()
}

/// The internet gateway to which a route of `table` leads that carries packets: such a gateway is attached to the VPC.
/// AWS: a route whose gateway is not attached is a blackhole.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html>
pub(super) fn internet_gateway_in_use<'r, 'a>(table: &'r RouteTable<'a>) -> Option<&'r Text<'a>> {
    let active = table.routes.iter().flatten().filter(|route| route.state == Some(Word(RouteState::Active)));
    active.filter_map(|route| route.gateway_id.as_ref()).find(|target| target.as_str().starts_with("igw-"))
}

/// The routes of a table.
pub(super) fn routes(table: &Read<'_, RouteTable<'_>>, problems: &mut Diagnostics) -> Vec<inventory::Route> {
    let routes = table.value.routes.iter().flatten().enumerate();
    routes.filter_map(|(at, read)| route(table, read, at, problems)).collect()
}

fn route(
    table: &Read<'_, RouteTable<'_>>,
    route: &Route<'_>,
    at: usize,
    problems: &mut Diagnostics,
) -> Option<inventory::Route> {
    let blocks = [
        (&route.destination_cidr_block, "DestinationCidrBlock", Family::V4),
        (&route.destination_ipv6_cidr_block, "DestinationIpv6CidrBlock", Family::V6),
    ];
    let mut blocks = blocks.into_iter().filter_map(|(text, key, family)| Some((text.as_ref()?, key, family)));
    let (destination, at_text) = match (blocks.next(), blocks.next(), &route.destination_prefix_list_id) {
        (Some((text, key, family)), None, None) => (
            Destination::Cidr(
                table.cidr_of(family, text, format_args!("Routes[{at}].{key}"), problems)?.value,
            ),
            text,
        ),
        (None, None, Some(list)) => (Destination::PrefixList(table.reference(list)), list),
        _ => {
            let message = "a route needs exactly one destination";
            table.complain(&table.value.route_table_id, format!("Routes[{at}]"), message, problems);
            return None;
        }
    };
    let is = |text: &Option<Text<'_>>, value: &str| text.as_ref().is_some_and(|text| text.as_str() == value);
    // AWS: a route of VPC Route Server comes by advertisement; its rank among others is not documented.
    let is_clear = route.state != Some(Word(RouteState::Filtered)) && !is(&route.origin, "Advertisement");
    let mut targets = targets(route);
    let target = targets.next();
    if targets.next().is_some() {
        let message = "a route has one target";
        table.complain(at_text, format_args!("Routes[{at}]"), message, problems);
        return None;
    }
    // AWS: a blackhole is a route whose target is not available, as that of a local route always is.
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
    if route.state == Some(Word(RouteState::Blackhole)) && target.is_some_and(|own| own.as_str() == "local") {
        table.contradict(
            at_text,
            format_args!("Routes[{at}]"),
            "has a local route that is a blackhole",
            problems,
        );
        return None;
    }
    let target = target.filter(|_| is_clear);
    let target = target.map_or_else(
        || Located::at(UNKNOWN_TARGET.to_owned(), table.place(at_text)),
        |target| table.reference(target),
    );
    Some(inventory::Route {
        destination,
        target,
        blackhole: route.state == Some(Word(RouteState::Blackhole)),
        route_origin: match route.origin.as_ref().map(Text::as_str) {
            Some("EnableVgwRoutePropagation") => RouteOrigin::EnableVgwRoutePropagation,
            Some("CreateRouteTable") => RouteOrigin::CreateRouteTable,
            _ => RouteOrigin::CreateRoute,
        },
        origin: Some(table.place(at_text)),
    })
}

/// What the route leads to, which is one thing. A route to an instance names its interface as well.
fn targets<'r, 'a>(route: &'r Route<'a>) -> impl Iterator<Item = &'r Text<'a>> {
    let has_interface = route.network_interface_id.as_ref().is_some_and(|card| !card.as_str().is_empty());
    let instance = route.instance_id.as_ref().filter(|_| !has_interface);
    let others = [
        &route.network_interface_id,
        &route.gateway_id,
        &route.egress_only_internet_gateway_id,
        &route.nat_gateway_id,
        &route.vpc_peering_connection_id,
        &route.transit_gateway_id,
        &route.local_gateway_id,
        &route.carrier_gateway_id,
        &route.vpc_endpoint_id,
        &route.core_network_arn,
        &route.odb_network_arn,
    ];
    // Some tools write members that a route has not as empty texts.
    others.into_iter().flatten().chain(instance).filter(|target| !target.as_str().is_empty())
}
