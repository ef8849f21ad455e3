//! Transit gateways with their attachments and route tables.

use super::gateway::STATE;
use super::interface::PRIVATE_IP;
use super::value_kind::{
    ACCOUNT, ATTACHED_RESOURCE_TYPE, ATTACHMENT_STATE, BOOLEAN, NAME, REFERENCE, TEXT, TRANSIT_ROUTE_LINE,
};
use super::{IDENTITY, KeyRule, NAMED, Shape, list, maps, optional, required, short_or_long, value, values};

pub(in crate::input) static TRANSIT_GATEWAY: Shape = Shape {
    name: "transit-gateway",
    owner: "a transit gateway",
    doc: "A transit gateway: a router between VPCs, other transit gateways, and networks on premises.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "attachments",
                list(&TRANSIT_GATEWAY_ATTACHMENT),
                "What it is attached to.",
                "Nobody knows: paths through it are `unknown`.",
            ),
            optional(
                "route_tables",
                maps(&TRANSIT_GATEWAY_ROUTE_TABLE),
                "Its route tables.",
                "The one that AWS creates: every attachment is associated with it and propagates into it.",
            ),
            optional(
                "security_group_referencing",
                value(&BOOLEAN),
                "Whether ingress rules can name security groups of other VPCs that are attached.",
                "`false`; in an observed network it is not known.",
            ),
            optional(
                "account",
                value(&ACCOUNT),
                "Its owner, whose id the records of its flow logs have.",
                "The account of the file.",
            ),
            optional("region", value(&TEXT), "Its Region.", "That of the first VPC it attaches."),
            STATE,
        ],
    ],
    rules: &[NAMED],
    open: false,
};

/// What an attachment attaches.
pub(in crate::input) const RESOURCES: [&str; 3] = ["vpc", "peering", "resource_type"];

pub(in crate::input) static TRANSIT_GATEWAY_ATTACHMENT: Shape = Shape {
    name: "transit-gateway-attachment",
    owner: "an attachment",
    doc: "An attachment of a transit gateway: to a VPC with subnets, to another transit gateway, or to a network that is \
          no VPC.",
    keys: &[
        IDENTITY,
        &[
            optional("vpc", value(&REFERENCE), "The VPC that is attached.", ""),
            optional(
                "subnets",
                short_or_long(&REFERENCE, &ATTACHED_SUBNET),
                "Its subnets, one of each zone; the interfaces there come by themselves.",
                "Those of its `network_interfaces`; AWS attaches a VPC with one at least.",
            ),
            optional(
                "network_interfaces",
                values(&REFERENCE),
                "Its interfaces, where they are written as such.",
                "Those in its subnets.",
            ),
            optional(
                "peering",
                value(&REFERENCE),
                "The transit gateway it peers with, which has an attachment for this one.",
                "",
            ),
            optional(
                "resource_type",
                value(&ATTACHED_RESOURCE_TYPE),
                "What else is attached, as AWS calls it.",
                "",
            ),
            optional(
                "appliance_mode",
                value(&BOOLEAN),
                "Whether both directions of a flow use one zone of the VPC.",
                "`false`; in an observed network it is not known.",
            ),
            optional(
                "security_group_referencing",
                value(&BOOLEAN),
                "Whether ingress rules can name security groups across it, if the transit gateway allows that.",
                "`true`; in an observed network it is not known.",
            ),
            optional(
                "ipv6_support",
                value(&BOOLEAN),
                "Whether the VPC's IPv6 blocks are propagated.",
                "`false`; in an observed network it is not known.",
            ),
            optional(
                "state",
                value(&ATTACHMENT_STATE),
                "Its state, as AWS says it, or `unknown`; `available` ones carry packets, and of `modifying`, `rollingBack` and \
                 `deleting` ones AWS does not say it.",
                "`available`.",
            ),
            optional(
                "association_unknown",
                value(&BOOLEAN),
                "Whether nobody said with which route table it is associated.",
                "`false`: with the one that lists it among its `associations`, or else with none.",
            ),
        ],
    ],
    rules: &[NAMED, KeyRule::OneOf(&RESOURCES)],
    open: false,
};

pub(in crate::input) static ATTACHED_SUBNET: Shape = Shape {
    name: "attached-subnet",
    owner: "a subnet of an attachment or an endpoint",
    doc: "A subnet of an attachment or an endpoint, with the interface that AWS creates in it.",
    keys: &[&[
        required("subnet", value(&REFERENCE), "The subnet."),
        optional(
            "interface",
            value(&NAME),
            "The id of the interface.",
            "Made from the names, always the same.",
        ),
        PRIVATE_IP,
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static TRANSIT_GATEWAY_ROUTE_TABLE: Shape = Shape {
    name: "transit-gateway-route-table",
    owner: "a route table of a transit gateway",
    doc: "A route table of a transit gateway.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "associations",
                values(&REFERENCE),
                "The attachments whose packets it routes: each is associated with one table.",
                "None.",
            ),
            optional(
                "propagations",
                values(&REFERENCE),
                "The attachments whose blocks are routes of it.",
                "None.",
            ),
            optional("routes", values(&TRANSIT_ROUTE_LINE), "Its static routes.", "None."),
        ],
    ],
    rules: &[NAMED],
    open: false,
};
