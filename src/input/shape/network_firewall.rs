//! Network firewalls, their endpoints and policies.

use super::interface::PRIVATE_IP;
use super::value_kind::{
    DURATION, FIREWALL_RULE, NAME, REFERENCE, RULE_ORDER, STATEFUL_DEFAULT, STATELESS_ACTION, STATELESS_RULE,
    STREAM_EXCEPTION,
};
use super::{
    IDENTITY, KeyRule, Kind, NAMED, Shape, gateway, optional, required, short_or_long, value, values,
};

pub(in crate::input) static NETWORK_FIREWALL: Shape = Shape {
    name: "network-firewall",
    owner: "a network firewall",
    doc: "An AWS Network Firewall with its policy. Routes lead to its endpoints: the only one has the firewall's name, \
          those of several subnets are called `FIREWALL-SUBNET`.",
    keys: &[
        IDENTITY,
        &[
            required(
                "subnets",
                SUBNETS,
                "Its subnets, one of each zone; endpoint and interface come by themselves.",
            ),
            optional(
                "stateless_rules",
                values(&STATELESS_RULE),
                "Rules of the stateless engine, by priority.",
                "It has none.",
            ),
            optional(
                "stateless_default",
                value(&STATELESS_ACTION),
                "What becomes of packets that no stateless rule matches.",
                "`forward_to_sfe`: the stateful engine decides.",
            ),
            optional(
                "stateless_fragment_default",
                value(&STATELESS_ACTION),
                "The same of fragments, which no scenario sends.",
                "`forward_to_sfe`.",
            ),
            optional(
                "rule_order",
                value(&RULE_ORDER),
                "Whether stateful rules are tested by their actions, pass, drop, reject and alert, or as they stand.",
                "`action`.",
            ),
            optional(
                "stateful_rules",
                values(&FIREWALL_RULE),
                "Rules of the stateful engine. Of one that tests more than the five-tuple, behind `with`, it is not known \
                 which packets it matches.",
                "It has none.",
            ),
            optional(
                "stateful_default",
                value(&STATEFUL_DEFAULT),
                "With `rule_order: strict`, what becomes of packets that no stateful rule decides.",
                "`none`: they pass.",
            ),
            optional(
                "stream_exception_policy",
                value(&STREAM_EXCEPTION),
                "What becomes of TCP in the middle of a connection that the stateful engine did not see begin.",
                "`drop`.",
            ),
            optional(
                "tcp_idle_timeout",
                value(&DURATION),
                "After how long without packets a TCP flow is forgotten, from 60s to 6000s.",
                "350s.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

const SUBNETS: Kind = short_or_long(&REFERENCE, &FIREWALL_SUBNET);

pub(in crate::input) static FIREWALL_SUBNET: Shape = Shape {
    name: "firewall-subnet",
    owner: "a subnet of a network firewall",
    doc: "A subnet of a network firewall, with the endpoint that AWS creates in it.",
    keys: &[&[
        optional("subnet", value(&REFERENCE), "The subnet.", "That of its `network_interface`."),
        optional("endpoint", value(&NAME), "What the endpoint is called.", "As said at the firewall."),
        optional(
            "endpoint_id",
            value(&NAME),
            "The id of the endpoint.",
            "Made from the name, always the same.",
        ),
        optional(
            "interface",
            value(&NAME),
            "The id of the endpoint's interface.",
            "Made from the names, always the same.",
        ),
        PRIVATE_IP,
        optional(
            "network_interface",
            value(&REFERENCE),
            "The endpoint's interface, where it is written as such.",
            "It comes by itself.",
        ),
        gateway::STATE,
    ]],
    rules: &[
        KeyRule::OneOf(&["subnet", "network_interface"]),
        KeyRule::Excludes("network_interface", &["interface", "private_ip"]),
    ],
    open: false,
};
