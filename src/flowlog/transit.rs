//! What attachments of transit gateways saw of a leg: the records of transit gateway flow logs.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html>
//!
//! A packet is recorded where it comes into the gateway, at the attachment it came by, and again where it leaves, at the
//! other one; each names the other as its pair. Assumed: transit-gateway-records. What the gateway drops is recorded
//! where it came in, and counted as lost. Assumed: transit-gateway-lost-packets. What never comes to the gateway, as
//! from a zone without an interface of the attachment, is in none of them. Nothing is lost here by its size or by its
//! time to live: packets above the MTU are not simulated, and what goes round is `unknown`.

use smallvec::{SmallVec, smallvec};

use super::{Action, Sighting};
use crate::model::{Gateway, Index, Network, NetworkInterface, TransitGatewayAttachment, Vantage};
use crate::net::Direction;
use crate::walk::{Checkpoint, DecidedBy, Decision, Place, TransitGatewayFact as Fact};

/// Where a packet crosses a transit gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transit {
    /// The other attachment: at ingress that by which it leaves, at egress that by which it came.
    pub pair: Option<Index<TransitGatewayAttachment>>,
    /// The gateway's interface by which it comes, when it comes from a VPC.
    pub source: Option<Index<NetworkInterface>>,
    /// The gateway's interface by which it leaves, when it leaves into a VPC.
    pub destination: Option<Index<NetworkInterface>>,
    /// Why it goes no further, if it does not.
    pub lost: Option<Loss>,
}

/// Why a transit gateway drops packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// No route leads to the destination.
    NoRoute,
    /// The route is a blackhole.
    Blackhole,
}

/// What becomes of a packet that came to the gateway from an attachment.
enum Fate {
    /// It leaves by this attachment.
    Leaves(usize),
    /// It is dropped.
    Lost(Loss),
}

/// What attachments saw at `real` checkpoints, the first of a leg.
pub(super) fn sightings(network: &Network, real: &[Checkpoint]) -> Vec<Sighting> {
    let mut seen = Vec::new();
    for (position, checkpoint) in real.iter().enumerate() {
        let Place::Gateway(gateway) = checkpoint.place else { continue };
        let DecidedBy::TransitGateway(fact) = checkpoint.decided_by else { continue };
        let Some((from, fate)) = fate(network, gateway, checkpoint.decision, fact) else { continue };
        let attachment = |position| network.attachment_at(gateway, position);
        let next = real.get(position + 1);
        let leaves =
            next.filter(|next| next.decided_by == DecidedBy::Leaves && next.place == checkpoint.place);
        let (to, lost) = match fate {
            Fate::Leaves(to) => (Some(to), None),
            Fate::Lost(loss) => (None, Some(loss)),
        };
        let ends = [(Direction::Ingress, Some(from), to), (Direction::Egress, to, Some(from))];
        for (direction, own, pair) in ends {
            let Some(own) = own.and_then(attachment) else { continue };
            let transit = Transit {
                pair: pair.and_then(attachment),
                source: checkpoint.interface,
                destination: leaves.and_then(|leaves| leaves.interface),
                lost,
            };
            seen.push(sighting(own.into(), direction, checkpoint, position, transit));
        }
    }
    seen
}

fn sighting(
    vantage: Vantage,
    direction: Direction,
    checkpoint: &Checkpoint,
    position: usize,
    transit: Transit,
) -> Sighting {
    let mut assumptions: SmallVec<[&'static str; 1]> = smallvec!["transit-gateway-records"];
    if transit.lost.is_some() {
        assumptions.push("transit-gateway-lost-packets");
    }
    Sighting {
        vantage,
        direction,
        header: checkpoint.header,
        position,
        action: Action::Accept,
        reject_reason: None,
        decided_by: smallvec![position],
        longer: 0,
        carried: None,
        traffic_path: None,
        next_hop: None,
        transit: Some(transit),
        assumptions,
    }
}

/// By which attachment a packet came, and what becomes of it. Nothing where that is not known, or where it never came to
/// the gateway.
fn fate(network: &Network, gateway: Index<Gateway>, decision: Decision, fact: Fact) -> Option<(usize, Fate)> {
    match fact {
        _ if decision == Decision::Unknown => None,
        Fact::Route { from, table, route } => {
            let own = network.gateways[gateway].transit_gateway()?;
            let route = own.route_tables.get(table)?.routes.get(route)?;
            let fate = route.attachment.map_or(Fate::Lost(Loss::Blackhole), Fate::Leaves);
            Some((from, fate))
        }
        Fact::NoRoute { from, .. } | Fact::NoAssociation(from) => Some((from, Fate::Lost(Loss::NoRoute))),
        Fact::TargetNotAvailable { from, .. } => Some((from, Fate::Lost(Loss::Blackhole))),
        // It is dropped behind the gateway, by which it passes.
        Fact::NoNetworkBehind { from, to } => Some((from, Fate::Leaves(to))),
        _ => None,
    }
}
