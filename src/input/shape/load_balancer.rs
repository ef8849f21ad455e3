//! Load balancers and the groups of targets behind them.

use super::interface::PRIVATE_IP;
use super::value_kind::{
    BOOLEAN, CIDR, DURATION, HEALTH_CHECK_PROTOCOL, IPV4, LISTENER_LINE, LISTENER_PART, LISTENER_PROTOCOL,
    LOAD_BALANCER_SCHEME, LOAD_BALANCER_STATE, LOAD_BALANCER_TYPE, NAME, PORT, REFERENCE, TARGET_FAILOVER,
    TARGET_HEALTH, TARGET_TYPE, TEXT,
};
use super::{
    IDENTITY, Key, KeyRule, NAMED, Shape, map, maps, optional, required, short_or_long, value, values,
};

pub(in crate::input) static LOAD_BALANCER: Shape = Shape {
    name: "load-balancer",
    owner: "a load balancer",
    doc: "An Application, Network, Gateway or Classic Load Balancer. Its nodes come by themselves, one in each subnet.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "type",
                value(&LOAD_BALANCER_TYPE),
                "Whether it reads requests, passes flows on, or carries packets to appliances.",
                "`application`.",
            ),
            optional(
                "scheme",
                value(&LOAD_BALANCER_SCHEME),
                "Whether its DNS name stands for the public addresses of its nodes.",
                "`internet-facing`; a `gateway` has none.",
            ),
            optional(
                "subnets",
                short_or_long(&REFERENCE, &LOAD_BALANCER_SUBNET),
                "The subnets of its nodes, one of each zone.",
                "Those of its `network_interfaces`.",
            ),
            optional(
                "network_interfaces",
                values(&REFERENCE),
                "Its nodes, where they are written as interfaces.",
                "Those in its subnets.",
            ),
            optional(
                "security_groups",
                values(&REFERENCE),
                "The security groups of its nodes.",
                "The VPC's default security group; none of a Network Load Balancer, so that everything comes to its listeners. A `gateway` has none.",
            ),
            optional(
                "cross_zone",
                value(&BOOLEAN),
                "Whether nodes send to targets in other zones.",
                "`true` of an Application Load Balancer, `false` of others.",
            ),
            optional(
                "enforce_security_groups_on_private_link",
                value(&BOOLEAN),
                "Whether its security groups judge what comes by an endpoint service.",
                "`true`.",
            ),
            optional(
                "endpoint_service",
                value(&TEXT),
                "The endpoint service that it offers, by its id `vpce-svc-…` or AWS's whole name of it.",
                "None: no endpoint leads to it.",
            ),
            optional(
                "dns_name",
                value(&TEXT),
                "Its DNS name, as clients may ask for it.",
                "It goes by its name.",
            ),
            optional(
                "listeners",
                short_or_long(&LISTENER_LINE, &LISTENER),
                "What it listens on, and where it sends that; a `gateway` has `geneve 6081 -> GROUP`.",
                "Nobody knows: what comes to it is `unknown`.",
            ),
            optional(
                "state",
                value(&LOAD_BALANCER_STATE),
                "Its state, as AWS says it, or `unknown`, also where some of its nodes are not.",
                "`active`.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static LOAD_BALANCER_SUBNET: Shape = Shape {
    name: "load-balancer-subnet",
    owner: "a subnet of a load balancer",
    doc: "A subnet of a load balancer, with the node that AWS creates in it.",
    keys: &[&[
        required("subnet", value(&REFERENCE), "The subnet."),
        optional("interface", value(&NAME), "The id of the node.", "Made from the names, always the same."),
        PRIVATE_IP,
        optional(
            "public_ip",
            value(&IPV4),
            "The public or Elastic IP of the node.",
            "One for documentation where the load balancer is `internet-facing`, else none.",
        ),
    ]],
    rules: &[],
    open: false,
};

const TARGET_GROUPS: Key = required(
    "target_groups",
    values(&REFERENCE),
    "The groups to one of which it sends; `[]` where it answers by itself, as with a redirect.",
);

pub(in crate::input) static LISTENER: Shape = Shape {
    name: "listener",
    owner: "a listener",
    doc: "What a load balancer listens on: its rules in their order, and where the rest is sent.",
    keys: &[&[
        required("protocol", value(&LISTENER_PROTOCOL), "Its protocol."),
        required("port", value(&PORT), "Its port."),
        optional("rules", maps(&LISTENER_RULE), "Rules that come before.", "None."),
        optional(
            "target_groups",
            values(&REFERENCE),
            "The groups to one of which it sends the rest; `[]` where it answers by itself, as with a redirect.",
            "What `not_collected` says.",
        ),
        optional(
            "not_collected",
            values(&LISTENER_PART),
            "Nobody knows its rules: what becomes of what comes to it is `unknown`.",
            "They are known.",
        ),
        optional(
            "tcp_idle_timeout",
            value(&DURATION),
            "After how long without packets TCP is forgotten, from 60s to 6000s; of `TCP` and `GENEVE` alone.",
            "350s.",
        ),
    ]],
    rules: &[
        KeyRule::OneOf(&["target_groups", "not_collected"]),
        KeyRule::Excludes("not_collected", &["rules"]),
    ],
    open: false,
};

pub(in crate::input) static LISTENER_RULE: Shape = Shape {
    name: "listener-rule",
    owner: "a rule of a listener",
    doc: "A rule of a listener. Conditions on paths, hosts and the like read the request, and are not simulated: whether such \
          a rule applies is not fixed.",
    keys: &[&[
        optional("source_ip", values(&CIDR), "The blocks that the client must be in.", "Any address."),
        optional(
            "reads_request",
            value(&BOOLEAN),
            "Whether it has other conditions, which read the request.",
            "`false`.",
        ),
        TARGET_GROUPS,
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static TARGET_GROUP: Shape = Shape {
    name: "target-group",
    owner: "a target group",
    doc: "Targets of load balancers and of services of VPC Lattice.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "protocol",
                value(&LISTENER_PROTOCOL),
                "The protocol that its targets are spoken to in.",
                "`HTTP`.",
            ),
            optional(
                "port",
                value(&PORT),
                "The port of targets that state none.",
                "Each target states its own; 6081 with `GENEVE`.",
            ),
            optional("target_type", value(&TARGET_TYPE), "What its targets are named by.", "What they are."),
            optional(
                "preserve_client_ip",
                value(&BOOLEAN),
                "Whether targets of a Network Load Balancer see the address of the client.",
                "`true` of instances, and always with UDP; otherwise `false`.",
            ),
            optional(
                "cross_zone",
                value(&BOOLEAN),
                "Whether targets in other zones are sent to.",
                "As the load balancer says.",
            ),
            optional(
                "target_failover",
                value(&TARGET_FAILOVER),
                "What becomes of flows of an appliance that is no target any more, or not healthy, of `GENEVE` alone.",
                "`no_rebalance`: they keep to it.",
            ),
            optional(
                "targets",
                short_or_long(&REFERENCE, &TARGET),
                "Its targets: instances, interfaces, addresses, a load balancer, or a Lambda function, of which any name will do with \
                 `target_type: lambda`.",
                "Nobody knows: what is sent to them is `unknown`.",
            ),
            optional(
                "health_check",
                map(&HEALTH_CHECK),
                "How nodes, or services of VPC Lattice, check the health of its targets; `{}` is as AWS has it by default. With \
                 a `duration` checks go on to its end, without there is one by each.",
                "Checks are not simulated: targets have the health that is stated.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static HEALTH_CHECK: Shape = Shape {
    name: "health-check",
    owner: "a health check",
    doc: "The connections by which nodes of a load balancer see whether targets answer: each has records, and a target that is \
          said to be healthy and does not answer is warned of.",
    keys: &[&[
        optional(
            "protocol",
            value(&HEALTH_CHECK_PROTOCOL),
            "What it speaks.",
            "`HTTP` of an Application Load Balancer, otherwise `TCP`.",
        ),
        optional(
            "port",
            value(&PORT),
            "The port it asks.",
            "The one at which each target gets traffic; 80 of a Gateway Load Balancer.",
        ),
        optional(
            "interval",
            value(&DURATION),
            "From one check to the next, 5 s to 300 s.",
            "30 s; 10 s of a Gateway Load Balancer.",
        ),
        optional(
            "timeout",
            value(&DURATION),
            "How long a node waits for the answer, 2 s to 120 s; of VPC Lattice from 1 s.",
            "5 s of an Application or Gateway Load Balancer; of a Network Load Balancer 6 s with `HTTP`, otherwise 10 s.",
        ),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static TARGET: Shape = Shape {
    name: "target",
    owner: "a target",
    doc: "A target of a load balancer or of a service of VPC Lattice.",
    keys: &[&[
        required(
            "id",
            value(&REFERENCE),
            "An instance, an interface, an address, a load balancer or a function.",
        ),
        optional("port", value(&PORT), "Its port.", "That of the group."),
        optional("health", value(&TARGET_HEALTH), "Its health, as AWS says it.", "`healthy`."),
    ]],
    rules: &[],
    open: false,
};
