//! The whole document.

use super::value_kind::{ACCOUNT, BOOLEAN, CIDR, DURATION, INSTANT, IPV4, OUTCOME, TEXT, WINDOW_PHASE};
use super::{
    Item, Key, KeyRule, Kind, Shape, event, gateway, interface, lattice, list, load_balancer,
    managed_service, maps, network, network_firewall, optional, profile, required, traffic, traffic_mirror,
    transit_gateway, value, values,
};

/// A scenario: the network, the traffic on it, and what is expected.
pub static SCENARIO: Shape = Shape {
    name: "scenario",
    owner: "a scenario",
    doc: "A network, the connections on it, and what is expected of them.",
    keys: &[ABOUT, NETWORK, GATEWAYS, HOSTS, TRAFFIC],
    rules: &[KeyRule::Excludes("network", WRITTEN)],
    open: false,
};

const ABOUT: &[Key] = &[
    optional("scenario", value(&TEXT), "What it shows, in one sentence.", ""),
    optional("proves", values(&TEXT), "The pages of documentation that it proves.", ""),
    optional("start", value(&INSTANT), "Where time begins.", "2026-01-01T00:00:00Z."),
    optional(
        "duration",
        value(&DURATION),
        "How long interfaces are watched; only within it there is NODATA.",
        "Until the last packet.",
    ),
    optional(
        "window_phase",
        value(&WINDOW_PHASE),
        "Where the windows of flow logs begin: all with the scenario, or each interface's at a second of its own.",
        "`aligned`.",
    ),
    optional("account", value(&ACCOUNT), "The account that owns everything in the file.", "123456789010."),
    optional("region", value(&TEXT), "The Region of everything in the file.", "us-east-1."),
    optional(
        "network",
        value(&TEXT),
        "A file or folder beside this file, with what AWS answered of the network.",
        "The network is written here.",
    ),
    optional(
        "observed",
        value(&BOOLEAN),
        "Whether AWS told of the network: then nothing is added to it, nothing in it is refused, and a reference to what \
         is not in the file stands for something external, on which a verdict is `unknown`.",
        "`false`: what AWS creates by itself is there, and what it refuses is an error.",
    ),
];

/// What says of the network what another file says.
const WRITTEN: &[&str] = &[
    "account",
    "region",
    "observed",
    "vpcs",
    "subnets",
    "prefix_lists",
    "network_acls",
    "security_groups",
    "route_tables",
    "internet_gateways",
    "egress_only_internet_gateways",
    "nat_gateways",
    "vpc_peering_connections",
    "transit_gateways",
    "vpn_gateways",
    "vpc_endpoints",
    "local_gateways",
    "carrier_gateways",
    "core_networks",
    "load_balancers",
    "vpc_lattice_services",
    "vpc_lattice_service_networks",
    "target_groups",
    "network_firewalls",
    "customer_networks",
    "instances",
    "network_interfaces",
    "managed_services",
    "traffic_mirror_filters",
    "traffic_mirror_sessions",
    "unplaced_public_ips",
    "public_ipv4_pools",
    "unassociated_public_ips",
    "flow_logs",
    "events",
];

const NETWORK: &[Key] = &[
    required("vpcs", list(&network::VPC), "The VPCs, at least one."),
    optional("subnets", list(&network::SUBNET), "The subnets of all VPCs.", ""),
    optional("prefix_lists", maps(&network::PREFIX_LIST), "Prefix lists, for rules and routes.", ""),
    optional(
        "network_acls",
        maps(&network::NETWORK_ACL),
        "Network ACLs beside those that AWS creates.",
        "Each VPC has its default network ACL, which allows everything.",
    ),
    optional(
        "security_groups",
        maps(&network::SECURITY_GROUP),
        "Security groups beside those that AWS creates.",
        "Each VPC has its default security group, which allows its members to each other.",
    ),
    optional(
        "route_tables",
        maps(&network::ROUTE_TABLE),
        "Route tables beside those that AWS creates.",
        "Each VPC has its main route table with the local routes.",
    ),
];

/// In the order of `GATEWAY_KINDS`, which has the same sections.
const GATEWAYS: &[Key] = &[
    gateways(
        "internet_gateways",
        &gateway::INTERNET_GATEWAY,
        "Internet gateways that are not written at their VPC.",
    ),
    gateways(
        "egress_only_internet_gateways",
        &gateway::EGRESS_ONLY_INTERNET_GATEWAY,
        "Egress-only internet gateways that are not written at their VPC.",
    ),
    gateways("nat_gateways", &gateway::NAT_GATEWAY, "NAT gateways."),
    gateways("vpc_peering_connections", &gateway::PEERING, "VPC peering connections."),
    gateways(
        "transit_gateways",
        &transit_gateway::TRANSIT_GATEWAY,
        "Transit gateways with their attachments and route tables.",
    ),
    gateways("vpn_gateways", &gateway::VPN_GATEWAY, "Virtual private gateways."),
    gateways(
        "vpc_endpoints",
        &gateway::VPC_ENDPOINT,
        "VPC endpoints: gateway endpoints, for S3 and DynamoDB, interface endpoints, and those of Gateway Load Balancers.",
    ),
    gateways("local_gateways", &gateway::UNMODELLED_GATEWAY, "Local gateways, by name only: not simulated."),
    gateways(
        "carrier_gateways",
        &gateway::UNMODELLED_GATEWAY,
        "Carrier gateways, by name only: not simulated.",
    ),
    gateways("core_networks", &gateway::UNMODELLED_GATEWAY, "Core networks, by name only: not simulated."),
    gateways(
        "load_balancers",
        &load_balancer::LOAD_BALANCER,
        "Application, Network and Classic Load Balancers.",
    ),
    gateways("vpc_lattice_services", &lattice::LATTICE_SERVICE, "Services of VPC Lattice."),
];

const fn gateways(section: &'static str, shape: &'static Shape, doc: &'static str) -> Key {
    optional(section, list(shape), doc, "")
}

const HOSTS: &[Key] = &[
    optional(
        "vpc_lattice_service_networks",
        maps(&lattice::SERVICE_NETWORK),
        "Service networks of VPC Lattice, by which VPCs may use services.",
        "",
    ),
    optional(
        "target_groups",
        maps(&load_balancer::TARGET_GROUP),
        "Targets of load balancers and of services of VPC Lattice.",
        "",
    ),
    optional(
        "network_firewalls",
        list(&network_firewall::NETWORK_FIREWALL),
        "Firewalls of AWS Network Firewall, to whose endpoints routes can lead.",
        "",
    ),
    optional(
        "customer_networks",
        maps(&gateway::CUSTOMER_NETWORK),
        "Networks on premises, behind virtual private gateways and transit gateways.",
        "What is behind these gateways is not known.",
    ),
    optional("instances", list(&interface::INSTANCE), "The instances and their interfaces.", ""),
    optional(
        "network_interfaces",
        list(&interface::NETWORK_INTERFACE),
        "Network interfaces that are not written at their instance.",
        "",
    ),
    optional(
        "managed_services",
        list(&managed_service::MANAGED_SERVICE),
        "Resources of AWS's services that stand in subnets: databases, caches, functions, tasks, file systems.",
        "",
    ),
    optional(
        "traffic_mirror_filters",
        maps(&traffic_mirror::TRAFFIC_MIRROR_FILTER),
        "Which packets traffic mirror sessions copy.",
        "",
    ),
    optional(
        "traffic_mirror_sessions",
        maps(&traffic_mirror::TRAFFIC_MIRROR_SESSION),
        "Whose packets are copied to whom.",
        "",
    ),
    optional(
        "unplaced_public_ips",
        values(&IPV4),
        "Public addresses of the account that belong to interfaces nobody knows: what they send and get is `unknown`.",
        "",
    ),
    optional(
        "public_ipv4_pools",
        values(&CIDR),
        "Public addresses of the account's own that an internet gateway's route table leads to interfaces without \
         translation, which is not simulated: what they send and get is `unknown`.",
        "",
    ),
    optional(
        "unassociated_public_ips",
        values(&IPV4),
        "Elastic IP addresses that nothing is associated with: nobody gets what is sent to them.",
        "",
    ),
    optional(
        "flow_logs",
        maps(&network::FLOW_LOG),
        "Flow logs: what is watched, and how it is written.",
        "Each VPC has a flow log of all traffic in the default format.",
    ),
];

const TRAFFIC: &[Key] = &[
    optional("connections", maps(&traffic::CONNECTION), "The connections that are tried.", ""),
    optional(
        "events",
        maps(&event::EVENT),
        "What changes in the network, and when.",
        "The network stays as it is.",
    ),
    optional(
        "traffic",
        maps(&profile::PROFILED),
        "Traffic of profiles: connections without number, drawn by chance.",
        "",
    ),
    optional(
        "expect",
        Kind::ByName(Item::ShortOrLong(&OUTCOME, &traffic::EXPECTATION)),
        "What is expected, by name of the connection; `flowcast test` compares it.",
        "",
    ),
    optional("expect_records", values(&TEXT), "Lines that must be among the records.", ""),
];
