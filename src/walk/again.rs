//! A reply once more, to another of the client's ports: routes and gateways do not look at it, so that its way is known
//! and only the rules on it are asked.

use super::choices::Choices;
use super::leg::Walker;
use super::ports::may_divide;
use super::sender::Sender;
use super::{Arrival, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Place};
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
        _ => point.decided_by != DecidedBy::Forwards,
    };
    before.remembers.flows().is_empty() && before.checkpoints.iter().all(is_plain)
}

/// Walks `packet` on the way of `before` into `leg`, which is new.
pub(super) fn again(
    network: &Network,
    before: &Leg,
    packet: &Packet,
    memory: &Memory,
    observe: &mut impl Observe,
    leg: &mut Leg,
) {
    leg.arrival = before.arrival.map(|(at, header)| (at, header.toward_port_of(&packet.header)));
    let sender = match packet.from {
        Arrival::Interface(interface) => Sender::direct(interface),
        _ => Sender::Outside,
    };
    let choices = &mut Choices::default();
    let mut walker = Walker {
        network,
        memory,
        choices,
        observe,
        header: packet.header,
        sender,
        left: None,
        toward: None,
        count: 0,
        leg,
    };
    for point in &before.checkpoints {
        let (decision, decided_by) = walker.decide_again(point);
        walker.record(point.stage, point.place, point.interface, point.direction, decision, decided_by);
    }
}

impl<O: Observe> Walker<'_, O> {
    /// What is decided at `point` about the packet as it is there.
    fn decide_again(&mut self, point: &Checkpoint) -> (Decision, DecidedBy) {
        if let Place::Gateway(_) = point.place {
            self.sender = self.sender.lost();
        }
        self.header = point.header.toward_port_of(&self.header);
        if !may_divide(point) {
            return (point.decision, point.decided_by);
        }
        match (point.place, point.interface) {
            (Place::NetworkAcl(acl), _) => self.judged_by_acl(acl, point.direction),
            (_, Some(interface)) => {
                let remembered = self.memory.answered_by(point.place, &self.header).map(|flow| flow.tracking);
                let (decision, decided_by, _) =
                    self.judged_by_groups(interface, point.direction, remembered.is_none());
                (decision, decided_by)
            }
            _ => (point.decision, point.decided_by),
        }
    }
}
