//! Gateways: the table of their behaviour. A new kind is one file beside this one and one row below.

mod egress_only_internet_gateway;
mod gateway_load_balancer_endpoint;
pub(super) mod interface_endpoint;
mod internet_gateway;
pub(super) mod load_balancer;
pub(super) mod nat_gateway;
pub(super) mod network_firewall;
mod transit_gateway;
mod vpc_endpoint;
mod vpc_peering_connection;
mod vpn_gateway;

use super::{DecidedBy, Decision, Memory, Stage};
use crate::model::{
    Availability, CustomerNetwork, Gateway, GatewayKind, Index, Network, NetworkInterface, Subnet, Tracking,
    Vpc,
};
use crate::net::{Direction, Header, PortRange};

/// How a kind of gateway treats packets.
#[derive(Debug)]
pub struct Behaviour {
    /// The kind.
    pub kind: GatewayKind,
    /// The stage its decisions are listed under.
    pub stage: Stage,
    /// Whether it leads to the internet, where Block Public Access restricts it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
    pub is_public: bool,
    /// Whether AWS tracks flows through it whatever the rules of security groups.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub tracks_automatically: bool,
    /// `traffic-path` of egress records from (Nitro, other) interfaces whose route leads to it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>
    pub traffic_path: (Option<u8>, Option<u8>),
    /// The assumption that `traffic_path` rests on.
    pub traffic_path_assumption: Option<&'static str>,
    /// Which of its interfaces takes a packet, when it has any.
    pub face: fn(&Context<'_>) -> Option<Face>,
    /// One packet through it.
    pub step: fn(&Context<'_>) -> Step,
}

/// A packet at a gateway.
#[derive(Debug)]
pub struct Context<'a> {
    /// The network.
    pub network: &'a Network,
    /// The gateway.
    pub gateway: Index<Gateway>,
    /// From which side it comes.
    pub entering: Entering,
    /// What it says.
    pub header: Header,
    /// The interface that it left last.
    pub left: Option<Index<NetworkInterface>>,
    /// Whether it passed an endpoint before an inspection.
    pub is_inspected: bool,
    /// What is remembered so far.
    pub memory: &'a Memory,
    /// Whether it may open a connection.
    pub opens: bool,
}

/// From which side a packet comes to a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entering {
    /// From a subnet, by a route of its table.
    FromSubnet(Index<Subnet>),
    /// From the internet, toward a VPC.
    FromInternet(Index<Vpc>),
    /// From the service behind it, toward a VPC.
    FromService(Index<Vpc>),
    /// From a network on premises, toward a VPC.
    FromCustomerNetwork(Index<Vpc>),
    /// To the address of an interface of the gateway's own.
    ToInterface {
        /// The interface.
        interface: Index<NetworkInterface>,
        /// Whether the packet comes from another subnet.
        crosses_border: bool,
    },
    /// From an attachment of a transit gateway that is no VPC's, by its position.
    FromAttachment(usize),
}

impl Entering {
    /// The VPC on this side, if there is one.
    pub fn vpc(self, network: &Network) -> Option<Index<Vpc>> {
        match self {
            Self::FromSubnet(subnet) => Some(network.subnets[subnet].vpc),
            Self::FromInternet(vpc) | Self::FromService(vpc) | Self::FromCustomerNetwork(vpc) => Some(vpc),
            Self::ToInterface { interface, .. } => Some(network.vpc_of(interface)),
            Self::FromAttachment(_) => None,
        }
    }

    /// The direction as the VPC sees it.
    pub const fn direction(self) -> Direction {
        match self {
            Self::FromSubnet(_) => Direction::Egress,
            Self::FromInternet(_)
            | Self::FromService(_)
            | Self::FromCustomerNetwork(_)
            | Self::FromAttachment(_)
            | Self::ToInterface { .. } => Direction::Ingress,
        }
    }
}

/// The interface at which a packet enters a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// The interface.
    pub interface: Index<NetworkInterface>,
    /// Whether the network ACL of its subnet is asked.
    pub crosses_border: bool,
}

/// What a gateway does with a packet.
#[derive(Debug, Clone)]
pub enum Step {
    /// Passes it on.
    Forward(Forward),
    /// Passes it on in one of several ways; AWS chooses.
    Choose(Vec<Forward>),
    /// Answers it itself, at one of its interfaces: a proxy. Success needs the onward connection's own trace.
    Terminate(Index<NetworkInterface>),
    /// Drops it.
    Drop(DecidedBy),
    /// Cannot be told.
    Unknown(DecidedBy),
}

/// How a packet goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forward {
    /// What the packet says now.
    pub header: Header,
    /// Where it goes.
    pub onward: Onward,
    /// What the gateway remembers of the flow.
    pub remembers: Option<Tracking>,
    /// When it remembers to turn the answer back: the ports from which it chose the new source port.
    pub translates: Option<PortRange>,
    /// Why.
    pub decided_by: DecidedBy,
}

/// Where a packet goes behind a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward {
    /// To the internet.
    Internet,
    /// To the router of a VPC, which delivers by local routes.
    Router(Index<Vpc>),
    /// To the service behind it.
    Service,
    /// To a network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// Out of an interface of the gateway's own, by the routes of its subnet.
    Interface(Index<NetworkInterface>),
    /// The same, and the answers go by this interface as well.
    PinnedInterface(Index<NetworkInterface>),
    /// To the appliances behind a Gateway Load Balancer, and then out of this interface of the gateway's own.
    Appliances(Index<NetworkInterface>),
    /// To another gateway.
    Gateway(Index<Gateway>, Entering),
}

/// Kinds that are not simulated yet: routed to, and then unknown.
const fn not_modelled(kind: GatewayKind, stage: Stage, nitro: Option<u8>, other: Option<u8>) -> Behaviour {
    Behaviour {
        kind,
        stage,
        is_public: false,
        tracks_automatically: false,
        traffic_path: (nitro, other),
        traffic_path_assumption: Some("gateway-traffic-path"),
        face: no_face,
        step: |_| Step::Unknown(DecidedBy::NotModelled),
    }
}

/// Why it is not certain that packets are carried; nothing where it is.
pub(super) const fn doubted(availability: Availability) -> Option<(Decision, DecidedBy)> {
    match availability {
        Availability::Available => None,
        Availability::NotAvailable | Availability::Gone => Some((Decision::Drop, DecidedBy::NotAvailable)),
        Availability::Undocumented(state) => Some((Decision::Unknown, DecidedBy::StateUndocumented(state))),
        Availability::NotCollected => Some((Decision::Unknown, DecidedBy::StateNotCollected)),
    }
}

/// As [`doubted`], as a step.
fn unavailable(availability: Availability) -> Option<Step> {
    let (decision, decided_by) = doubted(availability)?;
    Some(if decision.stops() { Step::Drop(decided_by) } else { Step::Unknown(decided_by) })
}

/// Of a gateway without interfaces.
const fn no_face(_: &Context<'_>) -> Option<Face> {
    None
}

/// Every kind of gateway, in the order of [`crate::model::GATEWAY_KINDS`].
pub static BEHAVIOURS: &[Behaviour] = &[
    internet_gateway::BEHAVIOUR,
    egress_only_internet_gateway::BEHAVIOUR,
    nat_gateway::BEHAVIOUR,
    vpc_peering_connection::BEHAVIOUR,
    transit_gateway::BEHAVIOUR,
    vpn_gateway::BEHAVIOUR,
    vpc_endpoint::BEHAVIOUR,
    not_modelled(GatewayKind::LocalGateway, Stage::LocalGateway, Some(1), Some(1)),
    not_modelled(GatewayKind::CarrierGateway, Stage::CarrierGateway, Some(6), Some(6)),
    not_modelled(GatewayKind::CoreNetwork, Stage::CoreNetwork, None, None),
    // No route leads to it: see `load_balancers.rs`.
    not_modelled(GatewayKind::LoadBalancer, Stage::LoadBalancer, None, None),
    // Nor to it: see `lattice.rs`.
    not_modelled(GatewayKind::LatticeService, Stage::VpcLattice, None, None),
];

/// `traffic-path` of egress records from an interface whose route leads to `gateway`, and the assumption it rests on.
pub(crate) fn traffic_path(gateway: &Gateway, is_nitro: bool) -> (Option<u8>, Option<&'static str>) {
    if let Some(peering) = gateway.peering() {
        return vpc_peering_connection::traffic_path(gateway, peering);
    }
    if gateway.gateway_load_balancer_endpoint().is_some() {
        return (Some(gateway_load_balancer_endpoint::TRAFFIC_PATH), None);
    }
    let behaviour = behaviour(gateway.kind);
    let (nitro, other) = behaviour.traffic_path;
    (if is_nitro { nitro } else { other }, behaviour.traffic_path_assumption)
}

/// The stage under which decisions of `gateway` are listed, whose kind has that `behaviour`.
pub(super) fn stage(behaviour: &Behaviour, gateway: &Gateway) -> Stage {
    match gateway.gateway_load_balancer_endpoint() {
        Some(own) => gateway_load_balancer_endpoint::stage(behaviour, &own.inspection),
        None => behaviour.stage,
    }
}

/// The row of `kind`.
pub fn behaviour(kind: GatewayKind) -> &'static Behaviour {
    static UNLISTED: Behaviour = not_modelled(GatewayKind::CoreNetwork, Stage::Route, None, None);
    BEHAVIOURS.iter().find(|behaviour| behaviour.kind == kind).unwrap_or(&UNLISTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GATEWAY_KINDS;

    #[test]
    fn both_tables_list_the_same_kinds() {
        let kinds: Vec<_> = GATEWAY_KINDS.iter().map(|entry| entry.kind).collect();
        let behaviours: Vec<_> = BEHAVIOURS.iter().map(|behaviour| behaviour.kind).collect();
        assert_eq!(kinds, behaviours);
    }
}
