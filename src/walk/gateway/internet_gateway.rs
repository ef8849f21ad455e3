//! Internet gateway: 1:1 translation between private and public IPv4 addresses; IPv6 as it is.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html>; what it refuses:
//! <https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html> (`IGW_*`).
//! Rewrites: egress, the private source to its public address; ingress, the public destination to its private
//! address. Remembers nothing, the mapping is fixed. Refuses: sources without a public address; private (RFC 1918)
//! and shared (RFC 6598) addresses on the outside. Security groups of the sender are not known behind it.
//! Not modelled: public address pools of one's own (BYOIP ingress routing), route tables of the gateway.

use super::{Behaviour, Context, Entering, Forward, Onward, Step};
use crate::model::GatewayKind;
use crate::net::{Family, Header, is_private, is_shared};
use crate::walk::{DecidedBy, Stage};

pub(super) const BEHAVIOUR: Behaviour = Behaviour {
    kind: GatewayKind::InternetGateway,
    stage: Stage::InternetGateway,
    tracks_automatically: false,
    traffic_path: (Some(8), Some(2)),
    traffic_path_assumption: Some("nitro-traffic-path"),
    step,
};

fn step(context: &Context<'_>) -> Step {
    let Context { network, header, entering, .. } = context;
    match (entering, header.family()) {
        (Entering::FromVpc(_), Family::V6) => pass(*header, Onward::Internet, DecidedBy::Unchanged),
        (Entering::FromInternet(vpc), Family::V6) => {
            pass(*header, Onward::Router(*vpc), DecidedBy::Unchanged)
        }
        (Entering::FromVpc(vpc), Family::V4) => {
            if is_private(header.destination) || is_shared(header.destination) {
                return Step::Drop(DecidedBy::PrivateAddress);
            }
            let owner = network.interface_at(*vpc, header.source);
            match owner.and_then(|owner| network.network_interfaces[owner].public_ip(header.source)) {
                Some(source) => pass(
                    Header { source, ..*header },
                    Onward::Internet,
                    DecidedBy::Translated { from: header.source, to: source },
                ),
                None => Step::Drop(DecidedBy::NoPublicAddress),
            }
        }
        (Entering::FromInternet(vpc), Family::V4) => {
            if is_private(header.source) || is_shared(header.source) {
                return Step::Drop(DecidedBy::PrivateAddress);
            }
            match network.behind_public_ip(header.destination) {
                Some((_, destination)) => {
                    let translated = DecidedBy::Translated { from: header.destination, to: destination };
                    pass(Header { destination, ..*header }, Onward::Router(*vpc), translated)
                }
                None => Step::Drop(DecidedBy::NoSuchPublicAddress),
            }
        }
    }
}

fn pass(header: Header, onward: Onward, decided_by: DecidedBy) -> Step {
    Step::Forward(Forward { header, onward, remembers: None, decided_by })
}
