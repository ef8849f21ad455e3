//! Gateways, each kind with its own keys.

use super::interface::{PRIVATE_IP, PUBLIC_IP, SECONDARY_PRIVATE_IPS};
use super::value_kind::{BOOLEAN, GATEWAY_STATE, NAME, REFERENCE};
use super::{IDENTITY, Key, NAMED, Shape, optional, required, value};

const ATTACHED: Key =
    optional("vpc", value(&REFERENCE), "The VPC it is attached to.", "None: routes to it are blackholes.");

pub(in crate::input) static GATEWAY: Shape = Shape {
    name: "gateway",
    owner: "a gateway",
    doc: "An internet gateway or an egress-only internet gateway.",
    keys: &[
        IDENTITY,
        &[
            ATTACHED,
            optional(
                "edge_routed",
                value(&BOOLEAN),
                "Whether a route table of its own redirects what enters the VPC, which is not simulated: it is `unknown`.",
                "`false`.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static UNMODELLED_GATEWAY: Shape = Shape {
    name: "unmodelled-gateway",
    owner: "a gateway",
    doc: "A gateway of a kind that is not simulated: it can be named and routed to, and its other keys are not read.",
    keys: &[IDENTITY, &[ATTACHED]],
    rules: &[NAMED],
    open: true,
};


pub(super) const STATE: Key = optional(
    "state",
    value(&GATEWAY_STATE),
    "Its state, as AWS says it; only `available` ones carry packets.",
    "`available`.",
);

pub(in crate::input) static NAT_GATEWAY: Shape = Shape {
    name: "nat-gateway",
    owner: "a NAT gateway",
    doc: "A NAT gateway in a subnet: public with an Elastic IP, private without one. Its interface comes by itself.",
    keys: &[
        IDENTITY,
        &[
            required("subnet", value(&REFERENCE), "The subnet of its interface."),
            optional("interface", value(&NAME), "The id of its interface.", "Made from its name, always the same."),
            PRIVATE_IP,
            PUBLIC_IP,
            SECONDARY_PRIVATE_IPS,
            STATE,
        ],
    ],
    rules: &[NAMED],
    open: false,
};
