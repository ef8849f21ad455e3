//! The stages a packet can pass: the vocabulary of every explanation. Entries are added, never renamed.

use std::fmt;

/// A kind of place where something decides about a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table below documents every stage")]
pub enum Stage {
    SourceCheck,
    SecurityGroupEgress,
    NetworkAclEgress,
    Route,
    InternetGateway,
    EgressOnlyInternetGateway,
    NatGateway,
    VpcPeering,
    TransitGateway,
    VpnGateway,
    VpcEndpoint,
    LoadBalancer,
    NetworkFirewall,
    LocalGateway,
    CarrierGateway,
    CoreNetwork,
    VpcLattice,
    BlockPublicAccess,
    EncryptionControls,
    EdgeRoute,
    NetworkAclIngress,
    SecurityGroupIngress,
    DestinationCheck,
    ConnectionTracking,
    Listener,
    Delivery,
    NameResolution,
    TrafficMirroring,
}

/// A row of the table of stages.
#[derive(Debug, Clone, Copy)]
pub struct StageEntry {
    /// The stage.
    pub stage: Stage,
    /// Its stable name.
    pub name: &'static str,
    /// The word for it in the path line of `explain`.
    pub short: &'static str,
    /// What is decided there.
    pub doc: &'static str,
    /// The page that says how.
    pub source: &'static str,
}

const GUIDE: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html";
const CODES: &str = "https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html";
const GROUPS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html";
const ACLS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html";
const ROUTES: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html";
const TRACKING: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html";

const fn entry(
    stage: Stage,
    name: &'static str,
    short: &'static str,
    source: &'static str,
    doc: &'static str,
) -> StageEntry {
    StageEntry { stage, name, short, doc, source }
}

/// Every stage.
pub static STAGES: &[StageEntry] = &[
    entry(
        Stage::SourceCheck,
        "source-check",
        "check",
        CODES,
        "The sending interface's source/destination check: the source must be its own address.",
    ),
    entry(
        Stage::SecurityGroupEgress,
        "security-group-egress",
        "group",
        GROUPS,
        "Egress rules of the sending interface's security groups.",
    ),
    entry(
        Stage::NetworkAclEgress,
        "network-acl-egress",
        "acl",
        ACLS,
        "Egress entries of the network ACL where the packet leaves its subnet.",
    ),
    entry(Stage::Route, "route", "route", ROUTES, "The choice of a route in the subnet's route table."),
    entry(
        Stage::InternetGateway,
        "internet-gateway",
        "igw",
        "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
        "The internet gateway: translation between private and public IPv4 addresses.",
    ),
    entry(
        Stage::EgressOnlyInternetGateway,
        "egress-only-internet-gateway",
        "eigw",
        "https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html",
        "The egress-only internet gateway: IPv6 out, and what answers it.",
    ),
    entry(
        Stage::NatGateway,
        "nat-gateway",
        "nat",
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
        "A NAT gateway.",
    ),
    entry(
        Stage::VpcPeering,
        "vpc-peering",
        "peering",
        "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
        "A VPC peering connection.",
    ),
    entry(
        Stage::TransitGateway,
        "transit-gateway",
        "tgw",
        "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
        "A transit gateway.",
    ),
    entry(
        Stage::VpnGateway,
        "vpn-gateway",
        "vgw",
        "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html",
        "A virtual private gateway.",
    ),
    entry(
        Stage::VpcEndpoint,
        "vpc-endpoint",
        "endpoint",
        "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
        "A VPC endpoint.",
    ),
    entry(
        Stage::LoadBalancer,
        "load-balancer",
        "elb",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/what-is-load-balancing.html",
        "A load balancer.",
    ),
    entry(
        Stage::NetworkFirewall,
        "network-firewall",
        "firewall",
        "https://docs.aws.amazon.com/network-firewall/latest/developerguide/what-is-aws-network-firewall.html",
        "AWS Network Firewall.",
    ),
    entry(
        Stage::LocalGateway,
        "local-gateway",
        "lgw",
        "https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html",
        "The local gateway of an Outpost.",
    ),
    entry(
        Stage::CarrierGateway,
        "carrier-gateway",
        "cagw",
        "https://docs.aws.amazon.com/vpc/latest/userguide/Carrier_Gateway.html",
        "The carrier gateway of a Wavelength Zone.",
    ),
    entry(
        Stage::CoreNetwork,
        "core-network",
        "core",
        "https://docs.aws.amazon.com/network-manager/latest/cloudwan/what-is-cloudwan.html",
        "A Cloud WAN core network.",
    ),
    entry(
        Stage::VpcLattice,
        "vpc-lattice",
        "lattice",
        "https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html",
        "VPC Lattice.",
    ),
    entry(
        Stage::BlockPublicAccess,
        "block-public-access",
        "bpa",
        "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
        "VPC Block Public Access.",
    ),
    entry(
        Stage::EncryptionControls,
        "encryption-controls",
        "encryption",
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html",
        "VPC encryption controls.",
    ),
    entry(
        Stage::EdgeRoute,
        "edge-route",
        "edge",
        "https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
        "The route table of a gateway, for what enters the VPC.",
    ),
    entry(
        Stage::NetworkAclIngress,
        "network-acl-ingress",
        "acl",
        ACLS,
        "Ingress entries of the network ACL where the packet enters a subnet.",
    ),
    entry(
        Stage::SecurityGroupIngress,
        "security-group-ingress",
        "group",
        GROUPS,
        "Ingress rules of the receiving interface's security groups.",
    ),
    entry(
        Stage::DestinationCheck,
        "destination-check",
        "check",
        CODES,
        "The receiving interface's source/destination check: the destination must be its own address.",
    ),
    entry(
        Stage::ConnectionTracking,
        "connection-tracking",
        "tracking",
        TRACKING,
        "What an interface remembers of a flow.",
    ),
    entry(
        Stage::Listener,
        "listener",
        "host",
        GUIDE,
        "The host itself: whether a program listens, and what the host does if none does.",
    ),
    entry(
        Stage::Delivery,
        "delivery",
        "delivery",
        GUIDE,
        "The last step to whoever has the destination's address.",
    ),
    entry(
        Stage::NameResolution,
        "name-resolution",
        "dns",
        "https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
        "The address that the client's DNS name stands for.",
    ),
    entry(
        Stage::TrafficMirroring,
        "traffic-mirroring",
        "mirror",
        "https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-filters.html",
        "The copy of a packet at the source of a traffic mirror session, and the rule that accepts it.",
    ),
];

impl Stage {
    /// The stage's row.
    pub fn entry(self) -> &'static StageEntry {
        static UNLISTED: StageEntry = entry(Stage::Delivery, "unlisted", "", "", "");
        STAGES.iter().find(|entry| entry.stage == self).unwrap_or(&UNLISTED)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry().name)
    }
}
