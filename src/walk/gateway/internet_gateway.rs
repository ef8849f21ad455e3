//! Internet gateway: 1:1 translation between private and public IPv4 addresses; IPv6 as it is.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`IGW_*`).
//! Rewrites: egress, the private source to its public address; ingress, the public destination to its private
//! address. Remembers nothing, the mapping is fixed. Refuses: sources without a public address or of no interface;
//! private and shared addresses on the outside; from a subnet that its own route table redirects to an appliance, what
//! does not come by that. Security groups of the sender are not known behind it.
//! Not modelled: public address pools of one's own (BYOIP ingress routing).

use super::{Behaviour, Context, Entering, Forward, Onward, Step, no_face};
use crate::model::{GatewayKind, Index, Vpc};
use crate::net::{Family, Header, is_private};
use crate::walk::edge_routes::appliance_of;
use crate::walk::{DecidedBy, Stage};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::InternetGateway,
    stage: Stage::InternetGateway,
    is_public: true,
    tracks_automatically: false,
    traffic_path: (Some(8), Some(2)),
    traffic_path_assumption: Some("nitro-traffic-path"),
    face: no_face,
    step,
};

fn step(context: &Context<'_>) -> Step {
    match context.entering {
        Entering::FromSubnet(subnet) => leave(context, context.network.subnets[subnet].vpc),
        Entering::FromInternet(vpc) => enter(context, vpc),
        Entering::FromService(_)
        | Entering::FromCustomerNetwork(_)
        | Entering::FromAttachment(_)
        | Entering::ToInterface { .. } => Step::Unknown(DecidedBy::NotModelled), // it has none
    }
}

fn leave(context: &Context<'_>, vpc: Index<Vpc>) -> Step {
    let Context { network, gateway, left, header, .. } = context;
    let private_ipv6 = header.family() == Family::V6 && is_private(header.source);
    if is_private(header.destination) || private_ipv6 {
        return Step::Drop(DecidedBy::PrivateAddress);
    }
    // AWS: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html (INGRESS_RTB_TRAFFIC_REDIRECTION)
    if let Some(appliance) = appliance_of(network, *gateway, header).filter(|own| *left != Some(*own)) {
        return Step::Drop(DecidedBy::Redirected(appliance));
    }
    let owner = network.interface_at(vpc, header.source).map(|owner| &network.network_interfaces[owner]);
    match (header.family(), owner) {
        (_, None) => Step::Drop(DecidedBy::SpoofedSource),
        // AWS says what becomes of inbound packets alone.
        (Family::V6, Some(owner)) if owner.deny_all_igw_traffic => {
            Step::Unknown(DecidedBy::DenyAllIgwTraffic)
        }
        (Family::V6, Some(_)) => pass(*header, Onward::Internet, DecidedBy::Unchanged),
        (Family::V4, Some(owner)) => match owner.public_ip(header.source) {
            None => Step::Drop(DecidedBy::NoPublicAddress),
            // A regional NAT gateway sends from public addresses already.
            Some(source) if source == header.source => pass(*header, Onward::Internet, DecidedBy::Unchanged),
            Some(source) => {
                let translated = DecidedBy::Translated { from: header.source, to: source };
                pass(Header { source, ..*header }, Onward::Internet, translated)
            }
        },
    }
}

fn enter(context: &Context<'_>, vpc: Index<Vpc>) -> Step {
    let Context { network, header, .. } = context;
    if is_private(header.source) {
        return Step::Drop(DecidedBy::PrivateAddress);
    }
    match (header.family(), network.behind_public_ip(header.destination)) {
        (Family::V6, _) => match network.interface_at(vpc, header.destination) {
            Some(card) if network.network_interfaces[card].deny_all_igw_traffic => {
                Step::Drop(DecidedBy::DenyAllIgwTraffic)
            }
            _ => pass(*header, Onward::Router(vpc), DecidedBy::Unchanged),
        },
        (Family::V4, None) => Step::Drop(DecidedBy::NoSuchPublicAddress),
        (Family::V4, Some((card, _))) if network.network_interfaces[card].deny_all_igw_traffic => {
            Step::Drop(DecidedBy::DenyAllIgwTraffic)
        }
        (Family::V4, Some((_, destination))) if destination == header.destination => {
            pass(*header, Onward::Router(vpc), DecidedBy::Unchanged)
        }
        (Family::V4, Some((_, destination))) => {
            let translated = DecidedBy::Translated { from: header.destination, to: destination };
            pass(Header { destination, ..*header }, Onward::Router(vpc), translated)
        }
    }
}

fn pass(header: Header, onward: Onward, decided_by: DecidedBy) -> Step {
    Step::Forward(Forward { header, onward, remembers: None, translates: None, decided_by })
}
