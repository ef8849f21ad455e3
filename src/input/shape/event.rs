//! What changes while traffic flows.

use super::value_kind::{DURATION, NAME, TEXT};
use super::{IDENTITY, Item, KeyRule, Kind, NAMED, Shape, map, optional, required, value};

pub(in crate::input) static EVENT: Shape = Shape {
    name: "event",
    owner: "an event",
    doc: "A change of the network at a time. What it removes goes first, then it changes, then it adds.",
    keys: &[&[
        required(
            "at",
            value(&DURATION),
            "When, from the scenario's start; packets of that instant meet the new network.",
        ),
        optional("name", value(&TEXT), "What it is called.", "What it changes."),
        optional(
            "change",
            map(&CHANGED_SECTIONS),
            "Resources whose keys get other values; `null` takes a key away.",
            "",
        ),
        optional(
            "add",
            map(&CHANGED_SECTIONS),
            "New resources, and new entries in lists of those that exist.",
            "",
        ),
        optional(
            "remove",
            map(&REMOVED_SECTIONS),
            "Resources to remove, by name; or entries of their lists, by as many of their first words as are needed.",
            "",
        ),
    ]],
    rules: &[KeyRule::AnyOf(&["change", "add", "remove"])],
    open: false,
};

/// A resource of which only what changes is written.
pub(in crate::input) static PART: Shape = Shape {
    name: "part",
    owner: "a part of a resource",
    doc: "The name of a resource, and those of its keys that change, written as there.",
    keys: &[IDENTITY],
    rules: &[NAMED],
    open: true,
};

/// The sections of the network, each with a list of `$item`.
macro_rules! sections {
    ($item:expr) => {
        sections!($item, "vpcs" "subnets" "prefix_lists" "network_acls" "security_groups" "route_tables"
            "internet_gateways" "egress_only_internet_gateways" "nat_gateways" "vpc_peering_connections"
            "transit_gateways" "vpn_gateways" "vpc_endpoints" "local_gateways" "carrier_gateways" "core_networks"
            "load_balancers" "vpc_lattice_services" "vpc_lattice_service_networks" "target_groups" "network_firewalls" "customer_networks" "instances"
            "network_interfaces" "managed_services" "traffic_mirror_filters" "traffic_mirror_sessions" "flow_logs")
    };
    ($item:expr, $($name:literal)*) => {
        &[$(optional($name, Kind::Items($item), concat!("In the section `", $name, "`."), "")),*]
    };
}

pub(in crate::input) static CHANGED_SECTIONS: Shape = Shape {
    name: "changed-sections",
    owner: "a change",
    doc: "Sections of the network, with what changes in them.",
    keys: &[sections!(Item::Map(&PART))],
    rules: &[],
    open: false,
};

pub(in crate::input) static REMOVED_SECTIONS: Shape = Shape {
    name: "removed-sections",
    owner: "a removal",
    doc: "Sections of the network, with what goes: whole resources by their names, or some of their entries.",
    keys: &[sections!(Item::ShortOrLong(&NAME, &PART))],
    rules: &[],
    open: false,
};
