//! Instances and network interfaces.

use super::value_kind::{
    BOOLEAN, CIDR, DURATION, FORWARDING, INTERFACE_ACCOUNT, IPV4, IPV6, NAME, ON_CLOSED_PORTS, REFERENCE,
    SERVICE, TEXT,
};
use super::{
    IDENTITY, Item, Key, KeyRule, Kind, NAMED, Shape, list, map, optional, required, short_or_long, value,
    values,
};

pub(in crate::input) static INSTANCE: Shape = Shape {
    name: "instance",
    owner: "an instance",
    doc: "An instance: with one interface whose keys stand beside its own, or with a list of `interfaces`.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "type",
                value(&TEXT),
                "Its instance type, which says whether it is built on Nitro.",
                "A Nitro type.",
            ),
            optional(
                "nitro",
                value(&BOOLEAN),
                "Whether its type is built on the Nitro System.",
                "As the tables of types say.",
            ),
            optional(
                "running",
                value(&BOOLEAN),
                "Whether it runs; what an instance sends and gets that does not is `unknown`.",
                "`true`; in an observed network it is assumed (`instances-run`).",
            ),
            optional(
                "listens",
                values(&SERVICE),
                "What listens on it.",
                "Every connection finds a listener.",
            ),
            optional(
                "closed_ports",
                value(&ON_CLOSED_PORTS),
                "What it does with packets to ports that nobody listens on.",
                "`refuse`, as kernels do.",
            ),
            optional("tags", TAGS, "Its tags, of which flow logs show some.", "None."),
            optional(
                "auto_scaling_group_tags",
                TAGS,
                "The tags of its Auto Scaling group, of which flow logs show some.",
                "None.",
            ),
            optional(
                "interfaces",
                list(&INSTANCE_INTERFACE),
                "Its network interfaces, the primary one first.",
                "It has one, whose keys stand here.",
            ),
            optional(
                "interface",
                value(&NAME),
                "The id of its only network interface.",
                "Made from its name, always the same.",
            ),
        ],
        INTERFACE,
    ],
    rules: &[
        NAMED,
        KeyRule::Excludes(
            "interfaces",
            &[
                "interface",
                "subnet",
                "security_groups",
                "private_ip",
                "public_ip",
                "secondary_private_ips",
                "ipv6_addresses",
                "ipv4_prefixes",
                "ipv6_prefixes",
                "source_dest_check",
                "forwards",
                "deny_all_igw_traffic",
                "connection_tracking",
                "attached",
                "account",
                "interface_type",
                "interface_tags",
            ],
        ),
    ],
    open: false,
};

pub(in crate::input) static INSTANCE_INTERFACE: Shape = Shape {
    name: "instance-interface",
    owner: "a network interface",
    doc: "A network interface, written at its instance.",
    keys: &[IDENTITY, INTERFACE],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static NETWORK_INTERFACE: Shape = Shape {
    name: "network-interface",
    owner: "a network interface",
    doc: "A network interface of an instance, or of none.",
    keys: &[
        IDENTITY,
        &[optional("instance", value(&REFERENCE), "The instance it is attached to.", "None.")],
        INTERFACE,
    ],
    rules: &[NAMED],
    open: false,
};

pub(super) const PRIVATE_IP: Key = optional(
    "private_ip",
    value(&IPV4),
    "Its primary private address.",
    "The first of the subnet that is free.",
);

pub(super) const PUBLIC_IP: Key =
    optional("public_ip", value(&IPV4), "The public or Elastic IP of its primary private address.", "None.");

pub(super) const SECONDARY_PRIVATE_IPS: Key = optional(
    "secondary_private_ips",
    short_or_long(&IPV4, &SECONDARY_ADDRESS),
    "Its secondary private addresses.",
    "None.",
);

/// The keys that an interface has wherever it is written.
const INTERFACE: &[Key] = &[
    required("subnet", value(&REFERENCE), "The subnet it is in."),
    optional(
        "account",
        value(&INTERFACE_ACCOUNT),
        "Its owner; `unknown` is what records may show of one that a service of AWS created.",
        "That of its VPC.",
    ),
    optional(
        "interface_type",
        value(&TEXT),
        "What it is, as AWS says it, when it is no ordinary interface, e.g. `nat_gateway`.",
        "An ordinary interface.",
    ),
    optional(
        "security_groups",
        values(&REFERENCE),
        "Its security groups, 1 to 16; only interfaces of other types can have none.",
        "The VPC's default security group.",
    ),
    PRIVATE_IP,
    PUBLIC_IP,
    SECONDARY_PRIVATE_IPS,
    optional("ipv6_addresses", values(&IPV6), "Its IPv6 addresses.", "None."),
    optional("ipv4_prefixes", values(&CIDR), "IPv4 prefixes delegated to it, each a /28.", "None."),
    optional("ipv6_prefixes", values(&CIDR), "IPv6 prefixes delegated to it, each a /80.", "None."),
    optional(
        "source_dest_check",
        value(&BOOLEAN),
        "Whether it refuses packets that are neither from nor to itself.",
        "`true`; in an observed network it is not known.",
    ),
    optional(
        "forwards",
        value(&FORWARDING),
        "What its host does with packets that routes lead to it: `route` sends them on as they are, `nat` from its own \
         address; the source/destination check is then off. By which of several interfaces a host does is not known.",
        "Not known: what takes such a route is `unknown`.",
    ),
    optional(
        "deny_all_igw_traffic",
        value(&BOOLEAN),
        "Whether AWS drops what the internet sends to it, as to interface endpoints with IPv6.",
        "`false`.",
    ),
    optional(
        "connection_tracking",
        map(&CONNECTION_TRACKING),
        "How long its security groups remember flows that are idle.",
        "What the instance type has: 5 days for TCP, or 350s on Nitro v6; 30s for UDP, or 180s for streams.",
    ),
    optional(
        "attached",
        value(&BOOLEAN),
        "Whether something sends and answers with it; `false` where AWS says that it is available, or does not list its \
         instance.",
        "`true`.",
    ),
    optional("interface_tags", TAGS, "The tags of the interface, of which flow logs show some.", "None."),
];

/// Tags: values by key.
const TAGS: Kind = Kind::ByName(Item::Value(&TEXT));

pub(in crate::input) static CONNECTION_TRACKING: Shape = Shape {
    name: "connection-tracking",
    owner: "a connection tracking configuration",
    doc: "Idle times after which an interface of a Nitro instance forgets flows.",
    keys: &[&[
        optional("tcp_established", value(&DURATION), "Of TCP, from 60s to 432000s.", "The instance type's."),
        optional(
            "udp",
            value(&DURATION),
            "Of UDP one way, or of one request and reply, from 30s to 60s.",
            "30s.",
        ),
        optional(
            "udp_stream",
            value(&DURATION),
            "Of UDP with more requests and replies, from 60s to 180s.",
            "180s.",
        ),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static SECONDARY_ADDRESS: Shape = Shape {
    name: "secondary-address",
    owner: "a secondary address",
    doc: "A secondary private address with its Elastic IP.",
    keys: &[&[
        required("private_ip", value(&IPV4), "The private address."),
        optional("public_ip", value(&IPV4), "Its Elastic IP.", "None."),
    ]],
    rules: &[],
    open: false,
};
