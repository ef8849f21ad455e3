//! A reply once more, to another of the client's ports: routes and gateways do not look at it, so that its way is known
//! and only the rules on it are asked.

use super::choices::Choices;
use super::leg::Walker;
use super::ports::may_divide;
use super::sender::Sender;
use super::{Arrival, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Place, ServiceFact};
use crate::model::{GatewayKind, Network};

/// Whether the way of `before` says by itself what becomes of the same reply to another port: it leaves nothing to be
/// remembered, which might depend on the port, and no gateway on it but one to the internet, behind which no groups are
/// known.
pub(super) fn is_known_from(network: &Network, before: &Leg) -> bool {
    let is_plain = |point: &Checkpoint| match point.place {
        Place::Gateway(gateway) => matches!(
            network.gateways[gateway].kind,
            GatewayKind::InternetGateway | GatewayKind::EgressOnlyInternetGateway
        ),
        _ => !matches!(
            point.decided_by,
            DecidedBy::Forwards | DecidedBy::Service(ServiceFact::ReturnsToClient(_))
        ),
    };
    before.remembers.flows().is_empty() && before.checkpoints.iter().all(is_plain)
}

/// Walks `packet` on the way of `before` into `leg`, which is new. What was decided stands, but for what rules say.
pub(super) fn again(
    network: &Network,
    before: &Leg,
    packet: &Packet,
    memory: &Memory,
    observe: &mut impl Observe,
    leg: &mut Leg,
) {
    let mut points = before.checkpoints.clone();
    leg.arrival = before.arrival.map(|(at, header)| (at, header.toward_port_of(&packet.header)));
    let sender = match packet.from {
        Arrival::Interface(interface) => Sender::direct(interface),
        _ => Sender::Outside,
    };
    let choices = &mut Choices::default();
    let header = packet.header;
    let mut walker = Walker {
        network,
        memory,
        choices,
        observe,
        header,
        sender,
        service: packet.service,
        opens: packet.opens,
        left: None,
        carried: None,
        is_inspected: false,
        toward: None,
        count: 0,
        leg,
    };
    let mut is_other = false;
    for point in &mut points {
        if let Place::Gateway(_) = point.place {
            walker.sender = walker.sender.lost();
        }
        point.header = point.header.toward_port_of(&packet.header);
        if !may_divide(point) {
            continue;
        }
        walker.header = point.header;
        let decided = walker.decide_again(point);
        is_other |= decided.0 != point.decision;
        (point.decision, point.decided_by) = decided;
    }
    let Walker { observe, leg, .. } = walker;
    (leg.stopped_at, leg.unknown_at) = (before.stopped_at, before.unknown_at);
    if is_other {
        let stops = |point: &Checkpoint| point.decision.stops() && !observe.waives(point.stage, point.place);
        leg.stopped_at = points.iter().position(stops);
        leg.unknown_at = points.iter().position(|point| point.decision == Decision::Unknown);
        for (position, point) in points.iter_mut().enumerate() {
            point.hypothetical = leg.stopped_at.is_some_and(|stopped_at| stopped_at < position);
        }
    }
    leg.checkpoints = points;
}

impl<O: Observe> Walker<'_, O> {
    /// What rules decide at `point` about the packet as it is there.
    fn decide_again(&self, point: &Checkpoint) -> (Decision, DecidedBy) {
        match (point.place, point.interface) {
            (Place::NetworkAcl(acl), _) => self.judged_by_acl(acl, point.direction),
            (_, Some(interface)) => {
                let opens = self.memory.answered_by(point.place, point.direction, &self.header).is_none();
                let (decision, decided_by, _) = self.judged_by_groups(interface, point.direction, opens);
                (decision, decided_by)
            }
            _ => (point.decision, point.decided_by),
        }
    }
}
