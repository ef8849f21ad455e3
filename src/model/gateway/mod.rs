//! Gateways, and the table of their kinds.

mod availability;
mod gateway_load_balancer_endpoint;
mod health_check;
mod lattice;
mod load_balancer;
mod nat_gateway;
mod private_dns;
mod targets;
mod transit_gateway;
mod vpc_endpoint;
mod vpc_peering_connection;

use std::fmt;

pub use availability::Availability;
pub use gateway_load_balancer_endpoint::{GatewayLoadBalancerEndpoint, Inspection};
pub use health_check::{Checked, Checker, HEALTH_CHECK_OF, HealthCheck, HealthCheckProtocol};
pub(crate) use lattice::lattice_block;
pub use lattice::{
    LatticeAccess, LatticeAssociation, LatticeListener, LatticeProtocol, LatticeService, ServiceNetworkPart,
};
pub use load_balancer::{
    GENEVE_PORT, ListenerProtocol, ListenerRule, LoadBalancer, LoadBalancerListener, LoadBalancerType,
    Target, TargetGroup, TargetHealth, TargetType,
};
pub use nat_gateway::NatGateway;
pub(crate) use private_dns::{may_be_private_dns_name, private_dns_names};
pub use targets::UsedTargets;
pub use transit_gateway::{
    Association, AttachedResource, CUSTOMER_ATTACHMENTS, CustomerAttachment, TransitGateway,
    TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteTable, zone_of,
};
pub(crate) use vpc_endpoint::is_endpoints_own;
pub use vpc_endpoint::{GatewayEndpoint, InterfaceEndpoint};
pub use vpc_peering_connection::{PeeringSide, VpcPeeringConnection};

use super::{Identity, Index, RouteTable, network::Vpc};

/// A gateway of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {
    /// Name and id.
    pub identity: Identity,
    /// What it is.
    pub kind: GatewayKind,
    /// The VPC it is attached to; without one, routes to it are blackholes.
    pub vpc: Option<Index<Vpc>>,
    /// Its own route table, which steers what enters the VPC through it; without one, local routes do. That of a regional
    /// NAT gateway steers everything that leaves it.
    pub route_table: Option<Index<RouteTable>>,
    /// Whether it carries packets in its state.
    pub availability: Availability,
    /// What its kind has beside this.
    pub form: GatewayForm,
}

/// What each kind of gateway has of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum GatewayForm {
    /// Nothing; or it was not collected, and how it treats packets is not known.
    #[default]
    Plain,
    /// Interface and addresses.
    NatGateway(NatGateway),
    /// Attachments and route tables.
    TransitGateway(Box<TransitGateway>),
    /// Both ends.
    VpcPeeringConnection(VpcPeeringConnection),
    /// A VPC endpoint of the type `Gateway`.
    GatewayEndpoint(GatewayEndpoint),
    /// A VPC endpoint of the type `Interface`.
    InterfaceEndpoint(InterfaceEndpoint),
    /// A VPC endpoint of the type `GatewayLoadBalancer`.
    GatewayLoadBalancerEndpoint(GatewayLoadBalancerEndpoint),
    /// A virtual private gateway.
    VpnGateway {
        /// Whether it is known which customer networks are behind it: it forwards to no others.
        is_whole: bool,
    },
    /// Nodes and listeners.
    LoadBalancer(Box<LoadBalancer>),
    /// Listeners, and who may use them.
    LatticeService(Box<LatticeService>),
}

impl Gateway {
    /// Whether its interfaces are reached as those of hosts are, by the rules of their subnets and security groups.
    pub fn is_reached_as_host(&self) -> bool {
        self.interface_endpoint().is_some() || self.load_balancer().is_some()
    }
}

impl GatewayForm {
    /// VPCs that a gateway joins by what its kind has of its own, besides those of its interfaces.
    pub fn vpcs(&self) -> Vec<Index<Vpc>> {
        match self {
            Self::VpcPeeringConnection(VpcPeeringConnection { requester, accepter }) => {
                requester.vpc.into_iter().chain(accepter.vpc).collect()
            }
            Self::LatticeService(own) => own.associations.iter().map(|association| association.vpc).collect(),
            Self::Plain
            | Self::NatGateway(_)
            | Self::TransitGateway(_)
            | Self::GatewayEndpoint(_)
            | Self::InterfaceEndpoint(_)
            | Self::LoadBalancer(_)
            | Self::GatewayLoadBalancerEndpoint(_)
            | Self::VpnGateway { .. } => Vec::new(),
        }
    }
}

/// Everything a route can point to besides `local` and interfaces, and what else stands behind interfaces of AWS's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GatewayKind {
    /// `igw-…`
    InternetGateway,
    /// `eigw-…`
    EgressOnlyInternetGateway,
    /// `nat-…`
    NatGateway,
    /// `pcx-…`
    VpcPeeringConnection,
    /// `tgw-…`
    TransitGateway,
    /// `vgw-…`
    VpnGateway,
    /// `vpce-…`
    VpcEndpoint,
    /// `lgw-…`
    LocalGateway,
    /// `cagw-…`
    CarrierGateway,
    /// A Cloud WAN core network.
    CoreNetwork,
    /// An Application, Network or Classic Load Balancer, to which no route leads.
    LoadBalancer,
    /// A service of VPC Lattice, to which no route of anybody's leads.
    LatticeService,
}

/// A row of the table of kinds.
#[derive(Debug, Clone, Copy)]
pub struct GatewayKindEntry {
    /// The kind.
    pub kind: GatewayKind,
    /// In words: `internet gateway`.
    pub name: &'static str,
    /// Its section in a scenario: `internet_gateways`.
    pub section: &'static str,
    /// What its ids begin with, without the hyphen.
    pub id_prefix: &'static str,
    /// Whether this version simulates it. The others end a path as `unknown`.
    pub modelled: bool,
    /// The page that describes it.
    pub source: &'static str,
}

/// Every kind of gateway.
pub static GATEWAY_KINDS: &[GatewayKindEntry] = &[
    GatewayKindEntry {
        kind: GatewayKind::InternetGateway,
        name: "internet gateway",
        section: "internet_gateways",
        id_prefix: "igw",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::EgressOnlyInternetGateway,
        name: "egress-only internet gateway",
        section: "egress_only_internet_gateways",
        id_prefix: "eigw",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::NatGateway,
        name: "NAT gateway",
        section: "nat_gateways",
        id_prefix: "nat",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::VpcPeeringConnection,
        name: "VPC peering connection",
        section: "vpc_peering_connections",
        id_prefix: "pcx",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::TransitGateway,
        name: "transit gateway",
        section: "transit_gateways",
        id_prefix: "tgw",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::VpnGateway,
        name: "virtual private gateway",
        section: "vpn_gateways",
        id_prefix: "vgw",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::VpcEndpoint,
        name: "VPC endpoint",
        section: "vpc_endpoints",
        id_prefix: "vpce",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::LocalGateway,
        name: "local gateway",
        section: "local_gateways",
        id_prefix: "lgw",
        modelled: false,
        source: "https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::CarrierGateway,
        name: "carrier gateway",
        section: "carrier_gateways",
        id_prefix: "cagw",
        modelled: false,
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/Carrier_Gateway.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::CoreNetwork,
        name: "core network",
        section: "core_networks",
        id_prefix: "core-network",
        modelled: false,
        source: "https://docs.aws.amazon.com/network-manager/latest/cloudwan/what-is-cloudwan.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::LoadBalancer,
        name: "load balancer",
        section: "load_balancers",
        id_prefix: "elb", // AWS gives them no ids, but names that are in their ARNs
        modelled: true,
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/what-is-load-balancing.html",
    },
    GatewayKindEntry {
        kind: GatewayKind::LatticeService,
        name: "service of VPC Lattice",
        section: "vpc_lattice_services",
        id_prefix: "svc",
        modelled: true,
        source: "https://docs.aws.amazon.com/vpc-lattice/latest/ug/services.html",
    },
];

impl GatewayKind {
    /// The kind's row.
    pub fn entry(self) -> &'static GatewayKindEntry {
        const FIRST: &GatewayKindEntry = &GatewayKindEntry {
            kind: GatewayKind::InternetGateway,
            name: "gateway",
            section: "",
            id_prefix: "",
            modelled: false,
            source: "",
        };
        GATEWAY_KINDS.iter().find(|entry| entry.kind == self).unwrap_or(FIRST)
    }
}

impl fmt::Display for GatewayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry().name)
    }
}
