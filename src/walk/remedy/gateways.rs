//! What would have to change for gateways to let a packet pass.

use crate::model::{GatewayKind, Network};
use crate::walk::{Checkpoint, DecidedBy, Place, ServiceFact};

/// The change, in words, or nothing where none helps.
pub(super) fn remedy(network: &Network, checkpoint: &Checkpoint) -> Option<String> {
    let header = &checkpoint.header;
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
        DecidedBy::NotAsAsked => {
            "route answers back by the way that requests come, and not through what rewrites them"
        }
        DecidedBy::WrongFamily => "use IPv6, or another kind of gateway",
        DecidedBy::PrivateAddress => "use public addresses on both ends, or a private path",
        DecidedBy::ProtocolNotCarried => "use TCP, or another kind of gateway",
        DecidedBy::TranslationForgotten => "send something within 350 s, such as a TCP keepalive",
        DecidedBy::OwnSubnet => "put the NAT gateway into another subnet than its clients",
        DecidedBy::Service(ServiceFact::OpensOnly) => {
            "invoke the function by Lambda's API, or connect to something that listens"
        }
        DecidedBy::Service(ServiceFact::Unencrypted) => {
            "ask by TLS at tcp 443, or set the encryption controls to `monitor`"
        }
        DecidedBy::NotAvailable => available(network, checkpoint.place),
        _ => return None,
    };
    Some(fixed.to_owned())
}

/// How something that is not available becomes so.
fn available(network: &Network, place: Place) -> &'static str {
    let Place::Gateway(gateway) = place else { return "route to a gateway that is available" };
    let gateway = &network.gateways[gateway];
    if gateway.kind == GatewayKind::VpcPeeringConnection {
        "accept the peering connection, or make a new one"
    } else if gateway.interface_endpoint().is_some() {
        "let the owner of the service accept the endpoint, or make a new one"
    } else {
        "route to a gateway that is available"
    }
}
