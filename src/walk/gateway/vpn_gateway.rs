//! Virtual private gateway: a VPC's side of VPN and Direct Connect.
//!
//! AWS: <https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS`,
//! `VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS`, `BAD_STATE`).
//! Rewrites and remembers nothing. Refuses: out, sources that no interface of the VPC has, and destinations in none of
//! the networks behind it; in, destinations that no interface of the VPC has, so that nothing crosses the VPC on its way
//! to a peer, an endpoint or the internet; everything while it is not `available`.
//! Not modelled: tunnels, and which of them or of Direct Connect's virtual interfaces takes a packet (all lead to the
//! same network); IPv6, which Direct Connect carries and a VPN of a virtual private gateway does not.

use super::{Behaviour, Context, Entering, Forward, Onward, Step, no_face, unavailable};
use crate::model::{GatewayForm, GatewayKind, Index, Kind, Vpc};
use crate::net::Family;
use crate::walk::{DecidedBy, Stage};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::VpnGateway,
    stage: Stage::VpnGateway,
    is_public: false,
    tracks_automatically: false,
    traffic_path: (Some(3), Some(3)),
    traffic_path_assumption: None,
    face: no_face,
    step,
};

fn step(context: &Context<'_>) -> Step {
    let Context { network, gateway, entering, header, .. } = context;
    let this = &network.gateways[*gateway];
    let GatewayForm::VpnGateway { is_whole } = this.form else {
        return Step::Unknown(DecidedBy::NotModelled);
    };
    if let Some(step) = unavailable(this.availability) {
        return step;
    }
    if header.family() == Family::V6 {
        return Step::Unknown(DecidedBy::Ipv6NotModelled);
    }
    match entering {
        Entering::FromSubnet(subnet) => leave(context, network.subnets[*subnet].vpc, is_whole),
        Entering::FromCustomerNetwork(vpc) => enter(context, *vpc),
        // It has no such side.
        Entering::FromInternet(_)
        | Entering::FromService(_)
        | Entering::FromAttachment(_)
        | Entering::ToInterface { .. } => Step::Unknown(DecidedBy::NotModelled),
    }
}

fn leave(context: &Context<'_>, vpc: Index<Vpc>, is_whole: bool) -> Step {
    let Context { network, gateway, header, .. } = context;
    if network.interface_at(vpc, header.source).is_none() {
        return nobody(context, vpc, DecidedBy::SpoofedSource);
    }
    let mut behind = network.customer_networks_behind(*gateway);
    match behind.find(|(_, customer)| customer.contains(header.destination)) {
        Some((customer, _)) => pass(context, Onward::CustomerNetwork(customer)),
        None if is_whole => Step::Drop(DecidedBy::NoNetworkBehind),
        None => Step::Unknown(DecidedBy::NetworksNotCollected),
    }
}

fn enter(context: &Context<'_>, vpc: Index<Vpc>) -> Step {
    match context.network.interface_at(vpc, context.header.destination) {
        Some(_) => pass(context, Onward::Router(vpc)),
        None => nobody(context, vpc, DecidedBy::NotAnInterface),
    }
}

/// That no interface of the VPC has the address, if all of them were collected.
fn nobody(context: &Context<'_>, vpc: Index<Vpc>, decided_by: DecidedBy) -> Step {
    if context.network.vpcs[vpc].has_collected(Kind::NetworkInterfaces) {
        Step::Drop(decided_by)
    } else {
        Step::Unknown(DecidedBy::NotCollected(Kind::NetworkInterfaces))
    }
}

fn pass(context: &Context<'_>, onward: Onward) -> Step {
    Step::Forward(Forward {
        header: context.header,
        onward,
        remembers: None,
        translates: None,
        decided_by: DecidedBy::Unchanged,
    })
}
