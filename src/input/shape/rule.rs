//! Rules, entries and routes written long: the fields of the EC2 API in snake case.

use super::value_kind::{
    ACTION, ANY_PROTOCOL, CIDR, ICMP_NUMBER, PORT_NUMBER, REFERENCE, ROUTE_ORIGIN, ROUTE_STATE, RULE_NUMBER,
    TEXT,
};
use super::{Key, KeyRule, Shape, map, optional, required, value};

/// The far side of a security group rule: blocks, then names.
pub(in crate::input) const PEERS: [&str; 4] =
    ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_group_id"];

pub(in crate::input) static GROUP_RULE: Shape = Shape {
    name: "security-group-rule",
    owner: "a security group rule",
    doc: "A rule of a security group with the API's fields.",
    keys: &[&[
        optional("security_group_rule_id", value(&TEXT), "Its id in AWS.", ""),
        required("ip_protocol", value(&ANY_PROTOCOL), "The protocol; -1 is every one."),
        optional(
            "from_port",
            value(&PORT_NUMBER),
            "The first port, or the ICMP type.",
            "Needed for tcp, udp and icmp.",
        ),
        optional(
            "to_port",
            value(&PORT_NUMBER),
            "The last port, or the ICMP code.",
            "Needed for tcp, udp and icmp.",
        ),
        optional("cidr_ipv4", value(&CIDR), "The far side, as an IPv4 block.", ""),
        optional("cidr_ipv6", value(&CIDR), "The far side, as an IPv6 block.", ""),
        optional("prefix_list_id", value(&REFERENCE), "The far side, as a prefix list.", ""),
        optional("referenced_group_id", value(&REFERENCE), "The far side, as the members of a group.", ""),
        optional("description", value(&TEXT), "What it is for.", ""),
    ]],
    rules: &[KeyRule::OneOf(&PEERS)],
    open: false,
};

/// The block of a network ACL entry.
pub(in crate::input) const BLOCKS: [&str; 2] = ["cidr_block", "ipv6_cidr_block"];

pub(in crate::input) static ACL_ENTRY: Shape = Shape {
    name: "network-acl-entry",
    owner: "a network ACL entry",
    doc: "An entry of a network ACL with the API's fields.",
    keys: &[&[
        required("rule_number", value(&RULE_NUMBER), "Its place: lower numbers are tried first."),
        required("rule_action", value(&ACTION), "What happens to packets that match."),
        required("protocol", value(&ANY_PROTOCOL), "The protocol; -1 is every one."),
        optional("cidr_block", value(&CIDR), "The far side, as an IPv4 block.", ""),
        optional("ipv6_cidr_block", value(&CIDR), "The far side, as an IPv6 block.", ""),
        optional("port_range", map(&PORT_RANGE), "Destination ports.", "Needed for tcp and udp."),
        optional("icmp_type_code", map(&ICMP_TYPE_CODE), "ICMP type and code.", "Needed for icmp."),
    ]],
    rules: &[KeyRule::OneOf(&BLOCKS)],
    open: false,
};

pub(in crate::input) static PORT_RANGE: Shape = Shape {
    name: "port-range",
    owner: "a port range",
    doc: "Ports from the first to the last.",
    keys: &[&[
        required("from", value(&PORT_NUMBER), "The first port."),
        required("to", value(&PORT_NUMBER), "The last port."),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static ICMP_TYPE_CODE: Shape = Shape {
    name: "icmp-type-code",
    owner: "an ICMP type and code",
    doc: "ICMP messages by type and code.",
    keys: &[&[
        required("type", value(&ICMP_NUMBER), "The type; -1 is every one."),
        required("code", value(&ICMP_NUMBER), "The code; -1 is every one."),
    ]],
    rules: &[],
    open: false,
};

/// Where a route leads to: IPv4, IPv6, a prefix list.
pub(in crate::input) const DESTINATIONS: [&str; 3] =
    ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];

/// What a route leads through.
pub(in crate::input) const TARGETS: [&str; 10] = [
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

const fn target(name: &'static str, doc: &'static str) -> Key {
    optional(name, value(&REFERENCE), doc, "")
}

pub(in crate::input) static ROUTE: Shape = Shape {
    name: "route",
    owner: "a route",
    doc: "A route with the API's fields.",
    keys: &[
        &[
            optional("destination_cidr_block", value(&CIDR), "Where it leads, as an IPv4 block.", ""),
            optional("destination_ipv6_cidr_block", value(&CIDR), "Where it leads, as an IPv6 block.", ""),
            optional(
                "destination_prefix_list_id",
                value(&REFERENCE),
                "Where it leads, as a prefix list.",
                "",
            ),
            target("gateway_id", "Through an internet gateway or a virtual private gateway, or `local`."),
            target("nat_gateway_id", "Through a NAT gateway."),
            target("network_interface_id", "Through a network interface."),
            target("instance_id", "Through an instance."),
            target("transit_gateway_id", "Through a transit gateway."),
            target("vpc_peering_connection_id", "Through a VPC peering connection."),
            target("egress_only_internet_gateway_id", "Through an egress-only internet gateway."),
            target("local_gateway_id", "Through a local gateway."),
            target("carrier_gateway_id", "Through a carrier gateway."),
            target("core_network_arn", "Through a core network."),
        ],
        &[
            optional("state", value(&ROUTE_STATE), "Whether its target is there.", "`active`."),
            optional("origin", value(&ROUTE_ORIGIN), "How it came to be.", "`CreateRoute`."),
        ],
    ],
    rules: &[KeyRule::OneOf(&DESTINATIONS), KeyRule::OneOf(&TARGETS)],
    open: false,
};
