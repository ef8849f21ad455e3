//! Routes to what an event takes away: AWS keeps them, and what takes them is dropped.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>

use super::patch::text_at;
use crate::input::fields::items;
use crate::input::yaml::{Entry, Node, Value};

/// Sections of what routes lead to.
const LED_TO: [&str; 14] = [
    "internet_gateways",
    "egress_only_internet_gateways",
    "nat_gateways",
    "vpc_peering_connections",
    "transit_gateways",
    "vpn_gateways",
    "vpc_endpoints",
    "network_firewalls",
    "local_gateways",
    "carrier_gateways",
    "core_networks",
    "instances",
    "network_interfaces",
    "vpcs",
];

/// Names and ids of everything in a section, with the gateways that are written at a VPC, and the endpoints at a firewall.
pub(super) fn names_in(section: &str, node: &Node) -> Vec<String> {
    let mut all = Vec::new();
    for item in items(node) {
        let Value::Map(entries) = &item.value else { continue };
        if section == "network_firewalls" {
            all.extend(endpoints(entries));
        }
        let keys = ["name", "id", "interface", "internet_gateway", "egress_only_internet_gateway"];
        all.extend(keys.iter().filter_map(|key| text_at(entries, key)).map(str::to_owned));
    }
    all
}

/// Names of the endpoints of a firewall, one in each subnet.
fn endpoints(firewall: &[Entry]) -> Vec<String> {
    let subnets =
        firewall.iter().find(|entry| entry.key == "subnets").map_or(&[][..], |own| items(&own.node));
    let name = text_at(firewall, "name").unwrap_or_default();
    let of_subnet = |subnet: &Node| match &subnet.value {
        Value::Text(subnet) => vec![format!("{name}-{subnet}")],
        Value::Map(own) => {
            let stated = ["endpoint", "endpoint_id"].into_iter().filter_map(|key| text_at(own, key));
            let usual = text_at(own, "subnet").map(|subnet| format!("{name}-{subnet}"));
            stated.map(str::to_owned).chain(usual).collect()
        }
        _ => Vec::new(),
    };
    subnets.iter().flat_map(of_subnet).collect()
}

/// Makes blackholes of the routes in `document` to what is `gone` from `section`.
pub(super) fn routes_to(document: &mut Node, section: &str, gone: &[String]) {
    if !gone.is_empty() && LED_TO.contains(&section) {
        blackhole(document, gone);
    }
}

fn blackhole(node: &mut Node, gone: &[String]) {
    match &mut node.value {
        Value::Map(entries) => {
            for entry in entries.iter_mut() {
                if entry.key == "routes" {
                    blackhole_routes(&mut entry.node, gone);
                } else {
                    blackhole(&mut entry.node, gone);
                }
            }
        }
        Value::List(all) => all.iter_mut().for_each(|item| blackhole(item, gone)),
        _ => {}
    }
}

fn blackhole_routes(routes: &mut Node, gone: &[String]) {
    let all = match &mut routes.value {
        Value::List(all) => all.as_mut_slice(),
        _ => std::slice::from_mut(routes),
    };
    for route in all {
        let Value::Text(text) = &mut route.value else { continue };
        let Some((to, target)) = text.split_once("->") else { continue };
        if gone.iter().any(|name| name == target.trim()) {
            *text = format!("{to}-> blackhole");
        }
    }
}
