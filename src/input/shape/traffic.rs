//! Traffic, and what is expected of it.

use super::value_kind::{
    ADDRESS, CLIENT, COUNT, DURATION, END, FAMILY, ICMP, LEG, OTHER_PROTOCOL, OUTCOME, PORT, SYMPTOM,
    TCP_FLAGS, TEXT, TRACKING,
};
use super::{KeyRule, Shape, map, maps, optional, required, value, values};

pub(in crate::input) static CONNECTION: Shape = Shape {
    name: "connection",
    owner: "a connection",
    doc: "A connection: who tries to reach whom with what. Its packets are those of a simulated exchange, or stated as bursts.",
    keys: &[&[
        required("name", value(&TEXT), "What it is called."),
        required(
            "from",
            value(&END),
            "The client: an instance, an interface, a resource of a service, a customer network, an address, or `internet`.",
        ),
        required(
            "to",
            value(&END),
            "The server: an instance, an interface, a load balancer, an endpoint, a resource of a service, a customer network, an \
             address, or `internet`.",
        ),
        optional("tcp", value(&PORT), "TCP to this port.", ""),
        optional("udp", value(&PORT), "UDP to this port.", ""),
        optional("icmp", value(&ICMP), "ICMP of this type; of either family.", ""),
        optional("protocol", value(&OTHER_PROTOCOL), "Another protocol.", ""),
        optional(
            "source_port",
            value(&PORT),
            "The client's port.",
            "Any of the client's ephemeral ports; if they differ the outcome is `depends`.",
        ),
        optional(
            "client",
            value(&CLIENT),
            "The kind of client, which says what its ephemeral ports are.",
            "`linux`.",
        ),
        optional(
            "source_address",
            value(&ADDRESS),
            "The address that the client sends from.",
            "The client's primary address.",
        ),
        optional("family", value(&FAMILY), "The address family.", "IPv4 where both ends have it."),
        optional("at", value(&DURATION), "When it begins, from the scenario's start.", "At once."),
        optional("request_bytes", value(&COUNT), "Payload of the request.", "Depends on the protocol."),
        optional("response_bytes", value(&COUNT), "Payload of the response.", "Depends on the protocol."),
        optional(
            "count",
            value(&COUNT),
            "Number of pings, one a second unless `request_every` says otherwise.",
            "4.",
        ),
        optional(
            "lasts",
            value(&DURATION),
            "How long the client keeps it open, or goes on asking; without `request_every` it is idle all that time.",
            "Until the response is there.",
        ),
        optional(
            "request_every",
            value(&DURATION),
            "After which time the client asks again, while it lasts.",
            "It asks once.",
        ),
        optional("timeout", value(&DURATION), "How long the client tries.", "10s."),
        optional(
            "bursts",
            maps(&BURST),
            "The packets that were seen, instead of a simulated exchange; what becomes of them is computed.",
            "An exchange is simulated.",
        ),
        optional(
            "repeat",
            map(&REPEAT),
            "Opens it again and again, from another port each time unless `source_port` is stated. What is expected is \
             expected of each.",
            "It is opened once.",
        ),
    ]],
    rules: &[
        KeyRule::OneOf(&["tcp", "udp", "icmp", "protocol"]),
        KeyRule::Excludes(
            "bursts",
            &["request_bytes", "response_bytes", "count", "lasts", "request_every", "timeout"],
        ),
    ],
    open: false,
};

pub(in crate::input) static REPEAT: Shape = Shape {
    name: "repeat",
    owner: "a repetition",
    doc: "How often a connection is opened, and after which time again.",
    keys: &[&[
        required("every", value(&DURATION), "From one beginning to the next."),
        required("times", value(&COUNT), "How often in all, at most 100000 times."),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static BURST: Shape = Shape {
    name: "burst",
    owner: "a burst",
    doc: "Packets of one way, evenly spread over a time.",
    keys: &[&[
        required("leg", value(&LEG), "Which way they go."),
        optional("at", value(&DURATION), "The first packet, from the scenario's start.", "0s."),
        optional("until", value(&DURATION), "The last packet, from the scenario's start.", "As `at`."),
        required("packets", value(&COUNT), "Number of packets, at least one."),
        required("bytes", value(&COUNT), "Sum of their IP lengths."),
        optional(
            "flags",
            values(&TCP_FLAGS),
            "TCP flags of the first packet, those between, and the last.",
            "ACK.",
        ),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static EXPECTATION: Shape = Shape {
    name: "expectation",
    owner: "an expectation",
    doc: "What is expected of a connection; the outcome alone may stand for it.",
    keys: &[&[
        optional("outcome", value(&OUTCOME), "How it ends, as the network decides it.", ""),
        optional("symptom", value(&SYMPTOM), "What the client sees.", ""),
        optional(
            "blocked_by",
            values(&TEXT),
            "The rules or stages that stop it, each as `explain` names it.",
            "",
        ),
        optional("allowed_by", values(&TEXT), "Rules that let it pass.", ""),
        optional("route", value(&TEXT), "The first route that the request takes.", ""),
        optional("tracking", value(&TRACKING), "How the server's groups track it.", ""),
        optional("records", value(&COUNT), "Number of its records.", ""),
        optional("actions", values(&TEXT), "The actions of its records.", ""),
        optional("seen_as", value(&ADDRESS), "The address under which the server sees the client.", ""),
    ]],
    rules: &[],
    open: false,
};
