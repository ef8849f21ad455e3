//! What interfaces saw of a leg: one sighting per interface and direction, with the rules that decided it.
//!
//! An interface sees a packet as it is at its own border, after the rules of that border have decided: at egress the
//! security groups and the network ACL of its subnet, at ingress the network ACL and the security groups.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html>

use std::net::IpAddr;

use smallvec::SmallVec;

use super::{Action, RejectReason, Transit, transit};
use crate::model::{
    Gateway, GatewayKind, Index, Kind, LoadBalancerType, Network, NetworkInterface, RouteTarget, Vantage,
};
use crate::net::{Direction, Family, Header};
use crate::walk::{
    Checkpoint, DecidedBy, Decision, LatticeFact, Leg, LoadBalancerFact, Place, ServiceFact, Stage,
    carried_at, gateway, is_carrier,
};

/// What an interface, or an attachment of a transit gateway, saw of a packet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// The interface or attachment.
    pub vantage: Vantage,
    /// As it sees it.
    pub direction: Direction,
    /// The packet there.
    pub header: Header,
    /// Position on the leg of the first checkpoint at which it is seen.
    pub position: usize,
    /// What the rules decided.
    pub action: Action,
    /// Why not, where AWS says it.
    pub reject_reason: Option<RejectReason>,
    /// Positions of the checkpoints that decided, on the leg.
    pub decided_by: SmallVec<[usize; 2]>,
    /// Bytes by which each packet is longer here than at the client: headers of another family, or of a datagram that carries
    /// it.
    pub longer: i64,
    /// The family of the packet that is carried here by a datagram of GENEVE, if one is: that has no TCP flags.
    pub carried: Option<Family>,
    /// By which way egress traffic left.
    pub traffic_path: Option<u8>,
    /// The interface that receives egress traffic, or that sent ingress traffic.
    pub next_hop: Option<Index<NetworkInterface>>,
    /// How it crosses the transit gateway, where an attachment saw it.
    pub transit: Option<Transit>,
    /// Names of the assumptions that it rests on.
    pub assumptions: Assumptions,
}

/// The bytes of so many packets, each of which is `longer` by that much than what was counted.
#[inline]
pub fn lengthened(bytes: u64, longer: i64, packets: u64) -> u64 {
    let count = i64::try_from(packets).unwrap_or(i64::MAX);
    bytes.saturating_add_signed(longer.saturating_mul(count))
}

/// Names of assumptions. An egress sighting has one, mostly.
type Assumptions = SmallVec<[&'static str; 1]>;

/// What interfaces saw of `leg`, and behind that what attachments of transit gateways did; nothing behind the place where
/// it was stopped.
pub fn sightings(network: &Network, leg: &Leg) -> Vec<Sighting> {
    // Behind what is unknown nothing can be said to have been seen, and behind a stop everything is hypothetical.
    let known = leg.unknown_at.map_or(usize::MAX, |at| at + 1);
    let count = leg.checkpoints.iter().take(known).take_while(|checkpoint| !checkpoint.hypothetical).count();
    let real = leg.checkpoints.get(..count).unwrap_or_default();
    let at_border = |checkpoint: &Checkpoint| Some((checkpoint.interface?, checkpoint.direction));
    let unsent = leg.checkpoints.iter().filter(|checkpoint| is_unanswered_arp(&checkpoint.decided_by));
    let unsent: SmallVec<[_; 2]> = unsent.filter_map(|checkpoint| checkpoint.interface).collect();
    let mut seen: Vec<Sighting> = Vec::with_capacity(2); // mostly one at each end
    let mut between_gateways = false;
    // The source of a copy is the next hop of its target, though it does not see the copy.
    let mut mirror = None;
    let mut behind = 0;
    for border in real.chunk_by(|a, b| at_border(a).is_some() && at_border(a) == at_border(b)) {
        let position = behind;
        behind += border.len();
        let Some((interface, direction)) = border.first().and_then(at_border) else {
            between_gateways |= border.iter().any(|checkpoint| parts(network, checkpoint.place));
            continue;
        };
        if unsent.contains(&interface) {
            continue;
        }
        let Some(mut sighting) = sighting(network, interface, direction, position, border) else {
            mirror = mirror.or_else(|| mirror_source(border));
            continue;
        };
        let neighbour = seen.last_mut().filter(|last| {
            direction == Direction::Ingress && last.direction == Direction::Egress && !between_gateways
        });
        if let Some(sender) = neighbour {
            sender.next_hop = Some(interface);
            // AWS: not of ingress traffic from some services.
            // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html
            sighting.next_hop = sender.vantage.interface().filter(|card| !is_transit(network, *card));
        }
        if let Some(source) = mirror.take().filter(|_| !between_gateways) {
            sighting.next_hop = Some(source);
        }
        if is_carrier(&sighting.header) {
            sighting.carried = carried_at(real, position);
        }
        between_gateways = false;
        seen.push(sighting);
    }
    seen.extend(transit::sightings(network, real));
    seen
}

fn sighting(
    network: &Network,
    interface: Index<NetworkInterface>,
    direction: Direction,
    position: usize,
    border: &[Checkpoint],
) -> Option<Sighting> {
    let first = border.first()?;
    let (mut action, mut because) = (Action::Accept, None);
    for checkpoint in border {
        let is_undecided = checkpoint.decision == Decision::Unknown && is_rule(checkpoint.stage);
        if is_undecided || is_unseen(checkpoint) {
            return None;
        }
        if checkpoint.decision == Decision::Deny {
            action = Action::Reject;
        }
        because = because.or_else(|| reject_reason(checkpoint));
    }
    let mut assumptions = Assumptions::new();
    let traffic_path = match (direction, action) {
        (Direction::Ingress, _) => None,
        (Direction::Egress, Action::Reject) => {
            assumptions.push("rejected-traffic-path");
            None
        }
        (Direction::Egress, Action::Accept) => traffic_path(network, interface, border, &mut assumptions),
    };
    let card = &network.network_interfaces[interface];
    let is_other_own = |own: IpAddr| {
        Family::of(own) == Family::V4 && card.primary_address(Family::V4) != Some(own) && card.owns(own)
    };
    // AWS: of a regional NAT gateway records show the addresses of packets.
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html
    let is_sent = direction == Direction::Egress;
    if is_sent && is_other_own(first.header.source) && !network.is_in_no_subnet(interface) {
        assumptions.push("secondary-egress-address");
    }
    let decided = |checkpoint: &Checkpoint| match action {
        Action::Reject => checkpoint.decision == Decision::Deny,
        Action::Accept => is_rule(checkpoint.stage),
    };
    let deciding = (position..).zip(border).filter(|(_, checkpoint)| decided(checkpoint));
    let decided_by = deciding.map(|(position, _)| position).collect();
    Some(Sighting {
        vantage: interface.into(),
        direction,
        header: first.header,
        position,
        action,
        reject_reason: because,
        decided_by,
        longer: 0,
        carried: None,
        traffic_path,
        next_hop: None,
        transit: None,
        assumptions,
    })
}

fn reject_reason(checkpoint: &Checkpoint) -> Option<RejectReason> {
    match checkpoint.decided_by {
        DecidedBy::BlockPublicAccess => Some(RejectReason::BlockPublicAccess),
        DecidedBy::Service(ServiceFact::Unencrypted) => Some(RejectReason::EncryptionControls),
        _ => None,
    }
}

/// The interface that sends a copy which a traffic mirror session makes.
fn mirror_source(border: &[Checkpoint]) -> Option<Index<NetworkInterface>> {
    let first = border.first()?;
    first.interface.filter(|_| matches!(first.decided_by, DecidedBy::Mirrored(_)))
}

/// Whether interfaces at both sides of a place are no neighbours. Over a VPC peering connection within one Region they
/// are, as in one network. Assumed: peering-next-hop.
fn parts(network: &Network, place: Place) -> bool {
    match place {
        Place::Gateway(gateway) => {
            network.gateways[gateway].peering().is_none_or(|own| own.is_in_one_region() != Some(true))
        }
        place => place == Place::Internet,
    }
}

/// Whether an interface is a transit gateway's or a Network Load Balancer's.
fn is_transit(network: &Network, card: Index<NetworkInterface>) -> bool {
    let gateway = network.network_interfaces[card].gateway.map(|gateway| &network.gateways[gateway]);
    let balances =
        |gateway: &Gateway| gateway.load_balancer().is_some_and(|own| own.kind == LoadBalancerType::Network);
    gateway.is_some_and(|gateway| gateway.kind == GatewayKind::TransitGateway || balances(gateway))
}

/// Inside a subnet nobody answers ARP for an address that nobody has, so that no packet is sent. Where somebody may have
/// it who was not collected, it is not known whether one is.
fn is_unanswered_arp(decided_by: &DecidedBy) -> bool {
    matches!(decided_by, DecidedBy::NobodyHasAddress | DecidedBy::NotCollected(Kind::NetworkInterfaces))
}

/// Whether a packet never passed the interface as a packet, or is on the list of what is not logged.
fn is_unseen(checkpoint: &Checkpoint) -> bool {
    match checkpoint.decided_by {
        DecidedBy::Reserved(row) | DecidedBy::AnswerUndocumented(row) => !row.logged,
        DecidedBy::LoadBalancer(LoadBalancerFact::ByEndpoint) | DecidedBy::Mirrored(_) => true,
        // Assumed: source-check-unlogged.
        DecidedBy::ForeignAddress => checkpoint.stage == Stage::SourceCheck,
        _ => false,
    }
}

fn is_rule(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::SecurityGroupEgress
            | Stage::SecurityGroupIngress
            | Stage::NetworkAclEgress
            | Stage::NetworkAclIngress
            | Stage::BlockPublicAccess
            | Stage::EncryptionControls
    )
}

/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `traffic-path`.
fn traffic_path(
    network: &Network,
    interface: Index<NetworkInterface>,
    border: &[Checkpoint],
    assumptions: &mut Assumptions,
) -> Option<u8> {
    const SAME_VPC: u8 = 1;
    let route = border.iter().find(|checkpoint| checkpoint.stage == Stage::Route);
    let target = route.map(|checkpoint| match (checkpoint.place, checkpoint.decided_by) {
        (_, DecidedBy::Service(ServiceFact::ReturnsToClient(card))) => {
            Some(RouteTarget::NetworkInterface(card))
        }
        (_, DecidedBy::ReturnsToSender(gateway) | DecidedBy::Lattice(LatticeFact::Routed(gateway))) => {
            Some(RouteTarget::Gateway(gateway))
        }
        (_, DecidedBy::ReturnsToLoadBalancer(_)) => Some(RouteTarget::Local),
        (Place::RouteTable(table), DecidedBy::Route(position) | DecidedBy::ArbitraryRoute(position)) => {
            network.route_tables[table].routes.get(position).map(|route| route.target)
        }
        _ => None,
    });
    match target {
        None | Some(Some(RouteTarget::Local | RouteTarget::NetworkInterface(_))) => {
            assumptions.push("local-traffic-path");
            Some(SAME_VPC)
        }
        Some(Some(RouteTarget::Gateway(gateway))) => {
            let (path, assumption) =
                gateway::traffic_path(&network.gateways[gateway], network.is_nitro(interface));
            assumptions.extend(assumption);
            path
        }
        Some(Some(RouteTarget::Blackhole | RouteTarget::External) | None) => {
            assumptions.extend(["route-drop-accepted", "rejected-traffic-path"]);
            None
        }
    }
}
