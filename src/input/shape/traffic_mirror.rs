//! Traffic mirror filters and sessions.

use super::value_kind::{COUNT, MIRROR_RULE, REFERENCE, RULE_NUMBER};
use super::{IDENTITY, NAMED, Shape, optional, required, value, values};

pub(in crate::input) static TRAFFIC_MIRROR_FILTER: Shape = Shape {
    name: "traffic-mirror-filter",
    owner: "a traffic mirror filter",
    doc: "Which packets traffic mirror sessions copy: the first rule that matches decides, and without one nothing is copied.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "ingress",
                values(&MIRROR_RULE),
                "Rules for what comes to the source.",
                "Nothing is copied.",
            ),
            optional(
                "egress",
                values(&MIRROR_RULE),
                "Rules for what leaves the source.",
                "Nothing is copied.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static TRAFFIC_MIRROR_SESSION: Shape = Shape {
    name: "traffic-mirror-session",
    owner: "a traffic mirror session",
    doc: "Copies packets of an interface to a target, each in a VXLAN datagram to UDP port 4789. The source's flow logs do \
          not show copies, those of the target do.",
    keys: &[
        IDENTITY,
        &[
            required(
                "source",
                value(&REFERENCE),
                "The interface whose packets are copied, or an instance that has no other.",
            ),
            required(
                "target",
                value(&REFERENCE),
                "The interface that gets the copies, or an instance that has no other; load balancers and endpoints are \
                 not simulated as targets.",
            ),
            required("filter", value(&REFERENCE), "The filter that says which packets."),
            optional(
                "session_number",
                value(&RULE_NUMBER),
                "Its place among the sessions of its source: of those that accept a packet the lowest copies it.",
                "1.",
            ),
            optional(
                "packet_length",
                value(&COUNT),
                "How many bytes of each packet are copied, counted behind the VXLAN header.",
                "All.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};
