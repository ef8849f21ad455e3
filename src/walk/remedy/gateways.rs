//! What would have to change for gateways to let a packet pass.

use crate::model::{GatewayKind, Network};
use crate::walk::{Checkpoint, DecidedBy, Place};

/// The change, in words, or nothing where none helps.
pub(super) fn remedy(network: &Network, checkpoint: &Checkpoint) -> Option<String> {
    let header = &checkpoint.header;
    let is_peering = match checkpoint.place {
        Place::Gateway(gateway) => network.gateways[gateway].kind == GatewayKind::VpcPeeringConnection,
        _ => false,
    };
    let fixed = match checkpoint.decided_by {
        DecidedBy::NoInternetGateway => "attach an internet gateway to the VPC",
        DecidedBy::NotInitiatedInside => "open the connection from inside, or use an internet gateway",
        DecidedBy::NotOfPeer(_) => "peer the two VPCs themselves, or join them by a transit gateway",
        DecidedBy::NoNetworkBehind => {
            return Some(format!("let the gateway learn a route to {}", header.destination));
        }
        DecidedBy::NoGatewayBetween => {
            let wanted = "connect the network to a gateway of the VPC that has";
            return Some(format!("{wanted} {}", header.destination));
        }
        DecidedBy::NotAnInterface => {
            let wanted = "use an address that an interface of the VPC has, instead of";
            return Some(format!("{wanted} {}", header.destination));
        }
        DecidedBy::ApplianceNotPublic(card) => {
            return Some(format!("associate an Elastic IP with {}", network.interface_label(card)));
        }
        DecidedBy::Redirected(card) => {
            let card = network.interface_label(card);
            return Some(format!("route what leaves the subnet of {} through {card}", header.source));
        }
        DecidedBy::WrongFamily => "use IPv6, or another kind of gateway",
        DecidedBy::PrivateAddress => "use public addresses on both ends, or a private path",
        DecidedBy::ProtocolNotCarried => "use TCP, or another kind of gateway",
        DecidedBy::OwnSubnet => "put the NAT gateway into another subnet than its clients",
        DecidedBy::NotAvailable if is_peering => "accept the peering connection, or make a new one",
        DecidedBy::NotAvailable => "route to a gateway that is available",
        _ => return None,
    };
    Some(fixed.to_owned())
}
