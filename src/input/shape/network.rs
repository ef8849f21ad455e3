//! The network's own resources and its flow logs.

use super::value_kind::{
    ACCOUNT, ACL_EGRESS, ACL_INGRESS, BLOCK_EXCLUSION, BLOCK_MODE, BOOLEAN, CIDR, COLLECTED, DURATION,
    ENCRYPTION_MODE, GROUP_EGRESS, GROUP_INGRESS, INTERVAL, LOG_FORMAT, RECORD_TIMES, REFERENCE, ROUTE_LINE,
    TAGGED_RESOURCE, TEXT, TRAFFIC_TYPE,
};
use super::{
    IDENTITY, Key, KeyRule, Kind, NAMED, Shape, maps, optional, required, rule, short_or_long, value, values,
};

const VPC_OF: Key = optional("vpc", value(&REFERENCE), "The VPC it belongs to.", "The only VPC.");

const BLOCKS: &[Key] = &[
    optional("cidr_block", values(&CIDR), "Its IPv4 block.", ""),
    optional("ipv6_cidr_block", values(&CIDR), "Its IPv6 block.", "It has no IPv6."),
];
const SOME_BLOCK: KeyRule = KeyRule::AnyOf(&["cidr_block", "ipv6_cidr_block"]);

const BLOCK_PUBLIC_ACCESS: &[Key] = &[
    optional(
        "block_public_access",
        value(&BLOCK_MODE),
        "What Block Public Access keeps from the internet gateways, before what is exempt; `unknown` where exclusions were \
         not collected.",
        "`off`, which in an observed network is an assumption; of a subnet, as of its VPC.",
    ),
    optional(
        "block_public_access_exclusion",
        value(&BLOCK_EXCLUSION),
        "What is exempt from it.",
        "Nothing; of a subnet, as of its VPC.",
    ),
];

pub(super) const ROUTES: Kind = short_or_long(&ROUTE_LINE, &rule::ROUTE);

pub(in crate::input) static VPC: Shape = Shape {
    name: "vpc",
    owner: "a VPC",
    doc: "A VPC; its default network ACL, main route table and default security group come by themselves.",
    keys: &[
        IDENTITY,
        BLOCKS,
        &[
            optional(
                "internet_gateway",
                value(&REFERENCE),
                "The name of the internet gateway attached to it, which is created with this.",
                "None is attached.",
            ),
            optional(
                "egress_only_internet_gateway",
                value(&REFERENCE),
                "The name of its egress-only internet gateway, which is created with this.",
                "There is none.",
            ),
            optional("account", value(&ACCOUNT), "Its owner.", "The account of the file."),
            optional("region", value(&TEXT), "Its Region.", "The Region of the file."),
            optional(
                "not_collected",
                values(&COLLECTED),
                "Kinds of resources of which nobody knows what the VPC has; what rests on them is `unknown`.",
                "All are known.",
            ),
        ],
        BLOCK_PUBLIC_ACCESS,
        &[optional(
            "encryption_controls",
            value(&ENCRYPTION_MODE),
            "What its encryption controls do: with `monitor` records tell `encryption-status`, with `enforce` VPC endpoints \
             refuse what is not encrypted as well.",
            "They are off.",
        )],
    ],
    rules: &[NAMED, SOME_BLOCK],
    open: false,
};

pub(in crate::input) static SUBNET: Shape = Shape {
    name: "subnet",
    owner: "a subnet",
    doc: "A subnet of a VPC.",
    keys: &[
        IDENTITY,
        &[VPC_OF],
        BLOCKS,
        &[
            optional(
                "availability_zone_id",
                value(&TEXT),
                "The id of its Availability Zone.",
                "The Region's first.",
            ),
            optional(
                "network_acl",
                value(&REFERENCE),
                "The network ACL that it is associated with.",
                "The VPC's default network ACL.",
            ),
            optional(
                "route_table",
                value(&REFERENCE),
                "The route table that it is associated with.",
                "The VPC's main route table.",
            ),
            optional(
                "routes",
                ROUTES,
                "Routes of a table of its own, beside the local ones.",
                "It has no table of its own.",
            ),
        ],
        BLOCK_PUBLIC_ACCESS,
    ],
    rules: &[NAMED, SOME_BLOCK, KeyRule::Excludes("route_table", &["routes"])],
    open: false,
};

pub(in crate::input) static PREFIX_LIST: Shape = Shape {
    name: "prefix-list",
    owner: "a prefix list",
    doc: "A named list of blocks of one address family. AWS's own list of a service is recognised by the name that AWS gives \
          it, as `com.amazonaws.eu-west-1.s3`; any other list may hold anybody's addresses, unless a route leads from it to \
          a gateway endpoint.",
    keys: &[
        IDENTITY,
        &[optional(
            "entries",
            values(&CIDR),
            "Its blocks.",
            "It is empty; in an observed network they are not known.",
        )],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static NETWORK_ACL: Shape = Shape {
    name: "network-acl",
    owner: "a network ACL",
    doc: "A stateless, ordered list of entries for each direction; one called `default` is the VPC's own.",
    keys: &[
        IDENTITY,
        &[
            VPC_OF,
            optional(
                "ingress",
                short_or_long(&ACL_INGRESS, &rule::ACL_ENTRY),
                "Entries for what enters the subnet.",
                "Everything is denied; the default network ACL allows everything. In an observed network they are not known.",
            ),
            optional(
                "egress",
                short_or_long(&ACL_EGRESS, &rule::ACL_ENTRY),
                "Entries for what leaves the subnet.",
                "Everything is denied; the default network ACL allows everything. In an observed network they are not known.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static SECURITY_GROUP: Shape = Shape {
    name: "security-group",
    owner: "a security group",
    doc: "A stateful set of rules that allow; one called `default` is the VPC's own.",
    keys: &[
        IDENTITY,
        &[
            VPC_OF,
            optional(
                "associated_vpcs",
                values(&REFERENCE),
                "Other VPCs of its Region with which it is associated: what is in them can have it as well.",
                "None.",
            ),
            optional(
                "ingress",
                short_or_long(&GROUP_INGRESS, &rule::GROUP_RULE),
                "Rules for what reaches its members.",
                "Nothing is allowed; the default security group allows its own members. In an observed network they are not known.",
            ),
            optional(
                "egress",
                short_or_long(&GROUP_EGRESS, &rule::GROUP_RULE),
                "Rules for what its members send.",
                "Everything is allowed. In an observed network they are not known.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static ROUTE_TABLE: Shape = Shape {
    name: "route-table",
    owner: "a route table",
    doc: "A route table; the local routes of its VPC come by themselves.",
    keys: &[
        IDENTITY,
        &[
            VPC_OF,
            optional(
                "main",
                value(&BOOLEAN),
                "Whether it is the VPC's main route table.",
                "Only one called `main` is.",
            ),
            optional("routes", ROUTES, "Its routes beside the local ones.", "It has none."),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static FLOW_LOG: Shape = Shape {
    name: "flow-log",
    owner: "a flow log",
    doc: "A flow log of a VPC, a subnet, a network interface, a regional NAT gateway, a transit gateway or one of its attachments.",
    keys: &[
        IDENTITY,
        &[
            required(
                "resource",
                value(&REFERENCE),
                "What it watches: a VPC, a subnet, an interface, an instance, a regional NAT gateway, a transit gateway or an attachment of one.",
            ),
            optional(
                "traffic_type",
                value(&TRAFFIC_TYPE),
                "Which actions it keeps; transit gateways have none.",
                "ALL.",
            ),
            optional(
                "max_aggregation_interval",
                value(&INTERVAL),
                "The longest time that one record covers, in seconds; with Nitro it is never above 60.",
                "600; of transit gateways 60.",
            ),
            optional(
                "log_format",
                value(&LOG_FORMAT),
                "The fields of its records: those of its kind, VPC or transit gateway.",
                "AWS's default format of its kind.",
            ),
            optional(
                "tag_field_specifications",
                maps(&TAG_FIELDS),
                "The tags that the fields `instance-tag`, `interface-tag`, `asg-tag` and their seconds show.",
                "None: those fields are `-`.",
            ),
            optional(
                "account",
                value(&ACCOUNT),
                "The account that made it, and that sees the ids and tags of its own instances and interfaces alone.",
                "The owner of the VPC or transit gateway.",
            ),
            optional(
                "skipdata",
                short_or_long(&DURATION, &SKIP),
                "Windows whose records are lost, which SKIPDATA tells.",
                "None is lost.",
            ),
            optional(
                "record_times",
                value(&RECORD_TIMES),
                "What `start` and `end` tell: the first and last packet, or the bounds of the window, as until 2019.",
                "`packets`.",
            ),
        ],
    ],
    rules: &[],
    open: false,
};

pub(in crate::input) static TAG_FIELDS: Shape = Shape {
    name: "tag-fields",
    owner: "a tag field specification",
    doc: "Tags of one kind of resource that a flow log shows: the first key in one field, the second in the next.",
    keys: &[&[
        required("resource_type", value(&TAGGED_RESOURCE), "Whose tags."),
        required("tag_keys", values(&TEXT), "One key or two."),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static SKIP: Shape = Shape {
    name: "loss",
    owner: "a loss of records",
    doc: "A window whose records are lost.",
    keys: &[&[
        required("at", value(&DURATION), "A moment in the window, from the scenario's start."),
        optional(
            "interface",
            value(&REFERENCE),
            "The interface whose records are lost.",
            "Every one that is watched.",
        ),
    ]],
    rules: &[],
    open: false,
};
