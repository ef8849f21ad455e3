//! What would have to change for gateways to let a packet pass.

use crate::model::{GatewayKind, Index, Network, Vpc};
use crate::net::is_private;
use crate::walk::describe::idle_seconds;
use crate::walk::{Checkpoint, DecidedBy, Place, ServiceFact};

/// The change, in words, or nothing where none helps.
pub(super) fn remedy(network: &Network, checkpoint: &Checkpoint) -> Option<String> {
    let header = &checkpoint.header;
    let fixed = match checkpoint.decided_by {
        DecidedBy::NoInternetGateway => "attach an internet gateway to the VPC",
        DecidedBy::NotInitiatedInside => "open the connection from inside, or use an internet gateway",
        DecidedBy::NotOfPeer(far) => return Some(beyond_peer(network, far, checkpoint)),
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
        DecidedBy::TranslationForgotten => {
            let time = idle_seconds(network, checkpoint);
            return Some(format!("send something within {time} s, such as a TCP keepalive"));
        }
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

/// How to reach what is not in the VPC `far`, to which a peering connection leads: not through that VPC, be it by its
/// gateways or by its other peerings.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations>
fn beyond_peer(network: &Network, far: Index<Vpc>, checkpoint: &Checkpoint) -> String {
    let (source, destination) = (checkpoint.header.source, checkpoint.header.destination);
    let peer = &network.vpcs[far].identity;
    let vpc_of = |address| network.vpcs.enumerate().find(|(_, vpc)| vpc.contains(address)).map(|(at, _)| at);
    let Some(third) = vpc_of(destination) else {
        return if is_private(destination) {
            format!(
                "connect the sender's own VPC to {destination}, not VPC {peer} alone, or join all by a transit gateway"
            )
        } else {
            format!(
                "route {destination} to a gateway of the sender's own VPC, such as a NAT gateway or a gateway endpoint: \
                 those of VPC {peer} do not serve its peers"
            )
        };
    };
    let joins = |own| {
        let mut gateways = network.gateways.iter();
        gateways.find(|gateway| {
            gateway
                .peering()
                .and_then(|own_peering| own_peering.far_side(own))
                .is_some_and(|side| side.vpc == Some(third))
        })
    };
    match vpc_of(source).and_then(joins) {
        Some(peering) => {
            format!("route {destination} through {}, which joins the two VPCs", peering.identity)
        }
        None => "peer the two VPCs themselves, or join them by a transit gateway".to_owned(),
    }
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
