//! Gateways, each kind with its own keys.

use super::interface::{PRIVATE_IP, PUBLIC_IP, SECONDARY_PRIVATE_IPS};
use super::network::ROUTES;
use super::transit_gateway::ATTACHED_SUBNET;
use super::value_kind::{
    APPLIANCES_DO, BOOLEAN, CIDR, ENDPOINT_TYPE, GATEWAY_STATE, IPV4, NAME, PEERING_STATE, REFERENCE, TEXT,
};
use super::{IDENTITY, Key, KeyRule, NAMED, Shape, optional, required, short_or_long, value, values};

const ATTACHED: Key =
    optional("vpc", value(&REFERENCE), "The VPC it is attached to.", "None: routes to it are blackholes.");

/// The route table of a gateway, named or written where it is used.
const EDGE_TABLE: &[Key] = &[
    optional(
        "route_table",
        value(&REFERENCE),
        "Its own route table, which steers what enters the VPC by it.",
        "Local routes do.",
    ),
    optional(
        "routes",
        ROUTES,
        "Routes of a table of its own, beside the local ones.",
        "It has no table of its own.",
    ),
];
const ONE_TABLE: KeyRule = KeyRule::Excludes("route_table", &["routes"]);

pub(in crate::input) static INTERNET_GATEWAY: Shape = Shape {
    name: "internet-gateway",
    owner: "an internet gateway",
    doc: "An internet gateway.",
    keys: &[IDENTITY, &[ATTACHED], EDGE_TABLE],
    rules: &[NAMED, ONE_TABLE],
    open: false,
};

pub(in crate::input) static EGRESS_ONLY_INTERNET_GATEWAY: Shape = Shape {
    name: "egress-only-internet-gateway",
    owner: "an egress-only internet gateway",
    doc: "An egress-only internet gateway.",
    keys: &[IDENTITY, &[ATTACHED]],
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
    "Its state, as AWS says it, or `unknown`; `available` ones carry packets, and of `modifying`, `partial` and `deleting` \
     ones AWS does not say it.",
    "`available`.",
);

pub(in crate::input) static NAT_GATEWAY: Shape = Shape {
    name: "nat-gateway",
    owner: "a NAT gateway",
    doc: "A NAT gateway in a subnet: public with an Elastic IP, private without one. Its interface comes by itself.",
    keys: &[
        IDENTITY,
        &[
            optional(
                "subnet",
                value(&REFERENCE),
                "The subnet of its interface.",
                "It is a regional one; without `public_ips` as well, paths through it are `unknown`.",
            ),
            optional("vpc", value(&REFERENCE), "Of a regional one: the VPC that it serves.", ""),
            optional(
                "public_ips",
                short_or_long(&IPV4, &REGIONAL_ADDRESS),
                "Of a regional one: its Elastic IPs.",
                "It stands in a subnet.",
            ),
            optional(
                "route_table",
                value(&REFERENCE),
                "Of a regional one: its own route table.",
                "The one that AWS creates, which leads to the internet gateway.",
            ),
            optional(
                "routes",
                ROUTES,
                "Of a regional one: all routes of its own table, beside the local ones.",
                "As without `route_table`.",
            ),
            optional(
                "interface",
                value(&NAME),
                "The id of its interface.",
                "Made from its name, always the same.",
            ),
            PRIVATE_IP,
            PUBLIC_IP,
            SECONDARY_PRIVATE_IPS,
            optional(
                "unused_private_ips",
                values(&IPV4),
                "Those of its private addresses that no new connection is translated to: they failed, or are being given or \
                 taken away.",
                "It uses all.",
            ),
            STATE,
        ],
    ],
    rules: &[
        NAMED,
        KeyRule::Excludes(
            "public_ips",
            &["interface", "private_ip", "public_ip", "secondary_private_ips", "unused_private_ips"],
        ),
        KeyRule::Excludes("subnet", &["vpc", "public_ips", "route_table", "routes"]),
        ONE_TABLE,
    ],
    open: false,
};

pub(in crate::input) static REGIONAL_ADDRESS: Shape = Shape {
    name: "regional-address",
    owner: "an address",
    doc: "An Elastic IP of a regional NAT gateway.",
    keys: &[&[
        required("public_ip", value(&IPV4), "The address."),
        optional(
            "availability_zone_id",
            value(&TEXT),
            "The zone whose packets are sent from it; those of a zone without address are `unknown`.",
            "Any.",
        ),
    ]],
    rules: &[],
    open: false,
};

pub(in crate::input) static PEERING: Shape = Shape {
    name: "vpc-peering-connection",
    owner: "a VPC peering connection",
    doc: "A VPC peering connection: both VPCs reach each other where routes of both lead to it.",
    keys: &[
        IDENTITY,
        &[
            side("requester", "The VPC that asked for it."),
            side("accepter", "The VPC that accepted it."),
            side_region("requester_region", "The Region of a requester that is not in the file."),
            side_region("accepter_region", "The Region of an accepter that is not in the file."),
            optional(
                "state",
                value(&PEERING_STATE),
                "Its state, as AWS says it; only an `active` one carries packets.",
                "`active`.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

const fn side(key: &'static str, doc: &'static str) -> Key {
    optional(key, value(&REFERENCE), doc, "Nobody knows: what crosses to it is `unknown`.")
}

const fn side_region(key: &'static str, doc: &'static str) -> Key {
    optional(key, value(&TEXT), doc, "That of its VPC, or nobody knows.")
}

pub(in crate::input) static VPN_GATEWAY: Shape = Shape {
    name: "vpn-gateway",
    owner: "a virtual private gateway",
    doc: "A virtual private gateway, behind which are customer networks: by VPN or Direct Connect.",
    keys: &[IDENTITY, &[ATTACHED, STATE], EDGE_TABLE],
    rules: &[NAMED, ONE_TABLE],
    open: false,
};

pub(in crate::input) static CUSTOMER_NETWORK: Shape = Shape {
    name: "customer-network",
    owner: "a customer network",
    doc: "A network on premises: addresses that gateways forward to. Connections can begin and end at it.",
    keys: &[
        IDENTITY,
        &[
            required("cidr_blocks", values(&CIDR), "Its blocks."),
            required(
                "via",
                values(&REFERENCE),
                "What leads to it: virtual private gateways, and attachments of transit gateways.",
            ),
        ],
    ],
    rules: &[NAMED],
    open: false,
};

pub(in crate::input) static VPC_ENDPOINT: Shape = Shape {
    name: "vpc-endpoint",
    owner: "a VPC endpoint",
    doc: "A gateway endpoint, to which routes lead from the prefix list of its service; with `subnets`, an interface \
          endpoint; or the endpoint of a Gateway Load Balancer, to which routes lead as to a middlebox.",
    keys: &[
        IDENTITY,
        &[
            ATTACHED,
            optional(
                "type",
                value(&ENDPOINT_TYPE),
                "Its type. `gateway-load-balancer` has one subnet, passes packets to the appliances behind it, and sends on \
                 what returns.",
                "`interface` with `subnets` or `network_interfaces`, else `gateway`.",
            ),
            optional(
                "appliances",
                value(&APPLIANCES_DO),
                "What the appliances behind the endpoint of a Gateway Load Balancer do.",
                "`unknown`: nobody knows, and so paths through it are.",
            ),
            optional(
                "service",
                value(&TEXT),
                "The service it leads to, as `s3` or `sqs`, or AWS's whole name of it.",
                "Not known: paths through it are `unknown`.",
            ),
            optional(
                "subnets",
                short_or_long(&REFERENCE, &ATTACHED_SUBNET),
                "The subnets of an interface endpoint, one of each zone, or the only one of a Gateway Load Balancer endpoint; the \
                 interfaces there come by themselves.",
                "It is a gateway endpoint.",
            ),
            optional(
                "network_interfaces",
                values(&REFERENCE),
                "Its interfaces, where they are written as such.",
                "Those in its subnets.",
            ),
            optional(
                "security_groups",
                values(&REFERENCE),
                "The security groups of the interfaces in its subnets.",
                "The VPC's default security group.",
            ),
            optional(
                "private_dns",
                value(&BOOLEAN),
                "Whether in its VPC the names of the service stand for its addresses.",
                "`true` for services of AWS.",
            ),
            optional(
                "private_dns_only_for_inbound_resolver_endpoint",
                value(&BOOLEAN),
                "Whether they do so on premises alone; in its VPC they go to the gateway endpoint.",
                "`false`.",
            ),
            optional(
                "dns_names",
                values(&TEXT),
                "DNS names that stand for its addresses: private ones in its VPC, those that end in `.vpce.amazonaws.com` \
                 everywhere; `*.` stands for any beginning.",
                "With private DNS, those that AWS documents for the service, or else `SERVICE.REGION.amazonaws.com`.",
            ),
            STATE,
        ],
    ],
    rules: &[NAMED],
    open: false,
};
