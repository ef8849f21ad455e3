//! Services of VPC Lattice and service networks.

use super::value_kind::{
    ASSOCIATION_PART, LATTICE_AUTH_TYPE, LATTICE_LISTENER_LINE, LATTICE_PROTOCOL, PORT, REFERENCE,
    SERVICE_NETWORK_PART, TEXT,
};
use super::{IDENTITY, Key, KeyRule, NAMED, Shape, maps, optional, required, short_or_long, value, values};

const AUTH_TYPE: Key = optional(
    "auth_type",
    value(&LATTICE_AUTH_TYPE),
    "Whether an auth policy may judge requests. Policies are not read: with `AWS_IAM` what becomes of requests is `unknown`, \
     as with `not-collected`.",
    "`NONE`.",
);

pub(in crate::input) static LATTICE_SERVICE: Shape = Shape {
    name: "vpc-lattice-service",
    owner: "a service of VPC Lattice",
    doc: "A service of VPC Lattice. It has no interfaces: clients reach it at a link-local address, and targets are reached \
          from there.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "listeners",
                short_or_long(&LATTICE_LISTENER_LINE, &LATTICE_LISTENER),
                "What it listens on, and where it sends that.",
                "Nobody knows: what comes to it is `unknown`.",
            ),
            AUTH_TYPE,
            optional(
                "dns_name",
                value(&TEXT),
                "Its DNS name, as clients may ask for it.",
                "It goes by its name.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

const TARGET_GROUPS: Key = required(
    "target_groups",
    values(&REFERENCE),
    "The groups to one of which it sends; `[]` where it answers by itself.",
);

pub(in crate::input) static LATTICE_LISTENER: Shape = Shape {
    name: "vpc-lattice-listener",
    owner: "a listener",
    doc: "What a service of VPC Lattice listens on: its rules, and where the rest is sent.",
    keys: &[&[
        required("protocol", value(&LATTICE_PROTOCOL), "Its protocol."),
        required("port", value(&PORT), "Its port."),
        optional("rules", maps(&LATTICE_RULE), "Rules that come before.", "None."),
        TARGET_GROUPS,
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static LATTICE_RULE: Shape = Shape {
    name: "vpc-lattice-rule",
    owner: "a rule of a listener",
    doc: "A rule of a listener of VPC Lattice. Its conditions read the request, and are not simulated: whether it applies is \
          not fixed.",
    keys: &[&[TARGET_GROUPS]],
    rules: &[],
    open: false,
};

pub(in crate::input) static SERVICE_NETWORK: Shape = Shape {
    name: "vpc-lattice-service-network",
    owner: "a service network",
    doc: "A service network of VPC Lattice: which VPCs may use which services.",
    keys: &[
        IDENTITY,
        &[
            required("services", values(&REFERENCE), "The services that are associated with it."),
            required(
                "vpcs",
                short_or_long(&REFERENCE, &SERVICE_NETWORK_VPC),
                "The VPCs that are associated with it: clients in them may use its services.",
            ),
            AUTH_TYPE,
            optional(
                "not_collected",
                values(&SERVICE_NETWORK_PART),
                "Of which of both there may be more than is said: whether others may use the service network is `unknown`.",
                "All are known.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static SERVICE_NETWORK_VPC: Shape = Shape {
    name: "vpc-lattice-service-network-vpc",
    owner: "an association of a VPC",
    doc: "The association of a VPC with a service network.",
    keys: &[&[
        required("vpc", value(&REFERENCE), "The VPC."),
        optional(
            "security_groups",
            values(&REFERENCE),
            "Groups of the VPC whose `ingress` rules say who in it may use the service network.",
            "Everybody in the VPC may.",
        ),
        optional(
            "not_collected",
            values(&ASSOCIATION_PART),
            "Nobody knows the groups: whether a client may use the service network is `unknown`.",
            "They are known.",
        ),
    ]],
    rules: &[KeyRule::Excludes("not_collected", &["security_groups"])],
    open: false,
};
