//! Gateways and networks on premises as they were read.

use std::net::IpAddr;

use super::{LatticeService, LoadBalancer, Reference, TransitGateway};
use crate::diagnostic::Located;
use crate::model::{Availability, GatewayKind, Identity, Inspection};
use crate::net::Cidr;

/// A gateway of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {
    /// Name and id.
    pub identity: Identity,
    /// What it is.
    pub kind: GatewayKind,
    /// The VPC it is attached to.
    pub vpc: Option<Reference>,
    /// Its own route table, which steers what enters the VPC through it.
    pub route_table: Option<Reference>,
    /// Whether it carries packets in its state.
    pub availability: Availability,
    /// What its kind has beside this.
    pub form: GatewayForm,
}

impl Gateway {
    /// One that is available and has nothing of its own.
    pub fn new(identity: Identity, kind: GatewayKind, vpc: Option<Reference>) -> Self {
        Self {
            identity,
            kind,
            vpc,
            route_table: None,
            availability: Availability::Available,
            form: GatewayForm::Plain,
        }
    }
}

/// What each kind of gateway has of its own, as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum GatewayForm {
    /// Nothing; or it was not collected.
    #[default]
    Plain,
    /// A NAT gateway in a subnet: its interface.
    NatGateway {
        /// The interface, which has its addresses.
        network_interface: Reference,
        /// Private addresses of the interface that it does not translate to.
        unused_private_ips: Vec<Located<IpAddr>>,
    },
    /// A NAT gateway of a whole VPC: its Elastic IPs.
    RegionalNatGateway {
        /// One or several for each zone.
        public_ips: Vec<RegionalAddress>,
    },
    /// A transit gateway: its attachments and route tables.
    TransitGateway(Box<TransitGateway>),
    /// A VPC peering connection: its ends.
    VpcPeeringConnection {
        /// Who asked for it.
        requester: PeeringSide,
        /// Who accepted.
        accepter: PeeringSide,
        /// Its state, as AWS says it.
        state: &'static str,
    },
    /// A VPC endpoint of the type `Gateway`: the service it leads to.
    GatewayEndpoint {
        /// `s3`, or AWS's whole name of it.
        service: String,
    },
    /// A VPC endpoint of the type `Interface`.
    InterfaceEndpoint {
        /// `sqs`, or AWS's whole name of it.
        service: String,
        /// Whether names of the service stand for its addresses in its VPC; `None` leaves AWS's default.
        private_dns: Option<bool>,
        /// Whether these names stand for its addresses on premises alone, and in its VPC for the gateway endpoint.
        /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptionsSpecification.html>
        is_private_dns_for_inbound_only: bool,
        /// The DNS names that stand for its addresses, as far as they were told.
        dns_names: Vec<String>,
        /// Its interfaces.
        network_interfaces: Vec<Reference>,
    },
    /// A VPC endpoint of the type `GatewayLoadBalancer`.
    GatewayLoadBalancerEndpoint {
        /// AWS's whole name of the service behind it, if that was said.
        service: Option<String>,
        /// Its interface.
        network_interface: Reference,
        /// What is behind it.
        inspection: Inspection,
    },
    /// A virtual private gateway.
    VpnGateway,
    /// A load balancer.
    LoadBalancer(Box<LoadBalancer>),
    /// A service of VPC Lattice.
    LatticeService(Box<LatticeService>),
}

/// An Elastic IP of a NAT gateway of a whole VPC.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionalAddress {
    /// The address.
    pub public_ip: Located<IpAddr>,
    /// The zone whose packets are sent from it; `None` when nobody said, so that it may be any.
    pub availability_zone_id: Option<String>,
}

/// One end of a VPC peering connection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeeringSide {
    /// The VPC; `None` when it was not collected.
    pub vpc: Option<Reference>,
    /// Its Region, where no VPC says it.
    pub region: Option<String>,
}

/// A network on premises: addresses behind gateways.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerNetwork {
    /// Name and id.
    pub identity: Identity,
    /// Its blocks.
    pub cidr_blocks: Vec<Located<Cidr>>,
    /// The gateways it is connected to.
    pub via: Vec<Reference>,
}
