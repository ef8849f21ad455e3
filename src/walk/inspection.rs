//! What inspections make of connections beyond the packet that is at one of them.

use super::gateway::{self, Entering, network_firewall};
use super::leg::{Next, Walker};
use super::{DecidedBy, Decision, InspectionFact, Observe, Place, Stage, TrackedFlow};
use crate::model::{Gateway, Index, Tracking};
use crate::net::{Direction, Header, Protocol};

impl<O: Observe> Walker<'_, O> {
    /// What follows for the whole way from the gateways that the packet has `passed`. Security groups before and behind
    /// an inspection track its flow whatever their rules.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub(super) fn after_inspections(&mut self, passed: &[(Index<Gateway>, Entering, Header)]) {
        let inspects = |(gateway, ..): &(Index<Gateway>, Entering, Header)| {
            self.network.gateways[*gateway].gateway_load_balancer_endpoint().is_some()
        };
        if passed.iter().any(inspects) {
            self.track_automatically();
        }
        if !self.opens && self.leg.arrival.is_some() {
            self.inspections_passed_by(|gateway| passed.iter().any(|(at, ..)| *at == gateway));
        }
    }

    /// Notes firewalls that saw a connection begin and do not see the packet, which arrived. AWS does not support that,
    /// and does not say what becomes of the connection.
    /// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html>
    fn inspections_passed_by(&mut self, has_passed: impl Fn(Index<Gateway>) -> bool) {
        let network = self.network;
        for flow in self.memory.flows() {
            let Place::Gateway(gateway) = flow.place else { continue };
            if network.gateways[gateway].network_firewall().is_some() && !has_passed(gateway) {
                let passed_by = DecidedBy::Inspection(InspectionFact::PassedBy);
                let (stage, direction) = (Stage::NetworkFirewall, Direction::Ingress);
                self.record(stage, flow.place, None, direction, Decision::Unknown, passed_by);
            }
        }
    }

    /// What a packet that an inspection drops would meet if it passed: the routes of the endpoint's subnet. An answer is
    /// judged as if the flow were known. Behind other gateways that drop there is nothing.
    pub(super) fn behind_inspection(&mut self, gateway: Index<Gateway>, decided_by: DecidedBy) -> Next {
        let DecidedBy::Inspection(fact) = decided_by else { return Next::End };
        let own = self.network.gateways[gateway].gateway_load_balancer_endpoint();
        let Some(interface) = own.map(|own| own.network_interface).filter(|_| !self.is_over()) else {
            return Next::End;
        };
        let place = Place::Gateway(gateway);
        let tracking = match fact {
            InspectionFact::Stateless(_) | InspectionFact::Stateful(_) => Some(Tracking::Tracked),
            _ => None,
        };
        if let Some(tracking) = tracking.filter(|_| self.memory.seen_at(place, &self.header).is_none()) {
            self.remember(TrackedFlow {
                place,
                direction: Direction::Ingress,
                header: self.header,
                tracking,
            });
        }
        self.sender = self.sender.behind(self.network, gateway, Some(interface));
        let this = &self.network.gateways[gateway];
        let stage = gateway::stage(gateway::behaviour(this.kind), this);
        let leaves = DecidedBy::Leaves;
        self.record(stage, place, Some(interface), Direction::Egress, Decision::Pass, leaves);
        self.is_inspected = true;
        self.leave(interface)
    }

    /// Notes that the packet, which a firewall is about to stop, is answered with RST.
    pub(super) fn note_reset(&mut self, gateway: Index<Gateway>, stage: Stage, decided_by: DecidedBy) {
        if stage != Stage::NetworkFirewall || self.header.protocol != Protocol::TCP {
            return;
        }
        let policy = self.network.gateways[gateway].network_firewall().and_then(|own| own.policy.as_ref());
        let is_first = self.leg.stopped_at.is_none() && !self.observe.waives(stage, Place::Gateway(gateway));
        self.leg.is_reset |= is_first && policy.is_some_and(|own| network_firewall::resets(own, decided_by));
    }
}
