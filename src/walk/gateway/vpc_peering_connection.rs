//! VPC peering connection: two VPCs reach each other as if they were one network, and no farther.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`PCX_REQUIRES_ADDRESS_IN_VPC_CIDR`,
//! `BAD_STATE`).
//! Rewrites nothing. Remembers what a NAT gateway sends through it: the answers go back by it, whatever the routes of
//! the peer say. Refuses: packets of which neither address lies in the VPC on the far side, so that it leads to no third
//! VPC, and to no gateway of the peer; everything while it is not `active`. On the far side nothing is looked up in a
//! route table: the VPC's router delivers.
//! Not modelled: sizes of packets (jumbo frames); resolution of public DNS names across it; what comes from an inspection,
//! which Network Firewall does not support: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/architectures.html>.
//! Of Gateway Load Balancer endpoints AWS does not say it.

use super::{Behaviour, Context, Entering, Forward, Onward, Step, no_face, unavailable};
use crate::model::{Gateway, GatewayKind, Network, Tracking, VpcPeeringConnection};
use crate::walk::{DecidedBy, InspectionFact, Stage};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::VpcPeeringConnection,
    stage: Stage::VpcPeering,
    is_public: false,
    tracks_automatically: false,
    traffic_path: (None, None),
    traffic_path_assumption: Some("gateway-traffic-path"),
    face: no_face,
    step,
};

/// 4 within a Region, 5 across.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `traffic-path`.
pub(super) fn traffic_path(
    gateway: &Gateway,
    peering: &VpcPeeringConnection,
) -> (Option<u8>, Option<&'static str>) {
    match peering.is_in_one_region() {
        // AWS: a route to it is a blackhole then.
        _ if !gateway.availability.is_available() => (None, Some("rejected-traffic-path")),
        Some(true) => (Some(4), None),
        Some(false) => (Some(5), None),
        None => (None, Some("gateway-traffic-path")),
    }
}

fn step(context: &Context<'_>) -> Step {
    let Context { network, gateway, entering, header, .. } = context;
    let this = &network.gateways[*gateway];
    let Some(peering) = this.peering() else { return Step::Unknown(DecidedBy::FarEndNotCollected) };
    let Entering::FromSubnet(_) = entering else { return Step::Unknown(DecidedBy::NotModelled) }; // it has one face
    if let Some(step) = unavailable(this.availability) {
        return step;
    }
    let far = entering.vpc(network).and_then(|own| peering.far_side(own)).and_then(|far| far.vpc);
    let Some(far) = far else { return Step::Unknown(DecidedBy::FarEndNotCollected) };
    let peer = &network.vpcs[far];
    let is_theirs = |address| peer.cidr_blocks.is_empty() || peer.contains(address);
    if !is_theirs(header.destination) && !is_theirs(header.source) {
        return Step::Drop(DecidedBy::NotOfPeer(far));
    }
    if context.is_inspected {
        return Step::Unknown(DecidedBy::Inspection(InspectionFact::BeforePeering));
    }
    Step::Forward(Forward {
        header: *header,
        onward: Onward::Router(far),
        remembers: is_from_nat_gateway(network, context).then_some(Tracking::Automatic),
        translates: None,
        decided_by: DecidedBy::Unchanged,
    })
}

/// Whether a NAT gateway sends the packet: what answers it returns to the sender.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>
fn is_from_nat_gateway(network: &Network, context: &Context<'_>) -> bool {
    let own = context.entering.vpc(network);
    let sender = own.and_then(|own| network.interface_at(own, context.header.source));
    let gateway = sender.and_then(|sender| network.network_interfaces[sender].gateway);
    gateway.is_some_and(|gateway| network.gateways[gateway].kind == GatewayKind::NatGateway)
}
