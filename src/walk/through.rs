//! Through a gateway: what it decides, rewrites and remembers, and where the packet goes on.

use super::gateway::{self, Entering, Face, Onward, Step};
use super::leg::{Next, Walker};
use super::{Arrival, DecidedBy, Decision, Observe, Pin, Place, Stage, TrackedFlow, Translation};
use crate::model::{Gateway, Index, NetworkInterface, Tracking};
use crate::net::Direction;

impl<O: Observe> Walker<'_, O> {
    /// One gateway, with what it rewrites and remembers.
    pub(super) fn gateway(&mut self, index: Index<Gateway>, entering: Entering) -> Next {
        let behaviour = gateway::behaviour(self.network.gateways[index].kind);
        let context = gateway::Context {
            network: self.network,
            gateway: index,
            entering,
            header: self.header,
            left: self.left,
            is_inspected: self.is_inspected,
            memory: self.memory,
            opens: self.opens,
        };
        let stage = gateway::stage(behaviour, &self.network.gateways[index]);
        let place = Place::Gateway(index);
        let mut direction = entering.direction();
        // Its own interface stands at the border of a subnet, and sees what comes to the gateway.
        let face = (behaviour.face)(&context);
        if let Some(Face { interface, crosses_border }) = face {
            direction = Direction::Ingress;
            if crosses_border {
                let subnet = self.network.network_interfaces[interface].subnet;
                self.network_acl(interface, subnet, direction);
            }
            if self.is_over() {
                return Next::End;
            }
        }
        let at = face.map(|face| face.interface);
        if let (true, Some(interface)) = (behaviour.is_public && direction == Direction::Egress, self.left) {
            self.block_public_access(index, interface, direction);
            if self.is_over() {
                return Next::End;
            }
        }
        let forward = match (behaviour.step)(&context) {
            Step::Forward(forward) => forward,
            Step::Choose(mut options) => {
                let pick = self.choices.pick(options.len());
                if pick >= options.len() {
                    return self.lost();
                }
                options.swap_remove(pick)
            }
            Step::Terminate(interface) => {
                // A proxy answers by itself; whether that helps depends on its onward connection.
                let decided_by = DecidedBy::OnwardConnection;
                self.record(stage, place, at, direction, Decision::Unknown, decided_by);
                return Next::Arrive { interface, crosses_border: true };
            }
            Step::Drop(decided_by) => {
                self.note_reset(index, stage, decided_by);
                self.record(stage, place, at, direction, Decision::Drop, decided_by);
                return self.behind_inspection(index, decided_by);
            }
            Step::Unknown(decided_by) => {
                self.record(stage, place, at, direction, Decision::Unknown, decided_by);
                return Next::End;
            }
        };
        self.record(stage, place, at, direction, Decision::Pass, forward.decided_by);
        if let Some(tracking) = forward.remembers {
            self.remember(TrackedFlow { place, direction, header: self.header, tracking });
        }
        if behaviour.tracks_automatically || forward.remembers == Some(Tracking::Automatic) {
            self.track_automatically();
        }
        if let Some(ports) = forward.translates {
            let (before, after) = (self.header, forward.header);
            let translation =
                Translation { place, before, after, from: self.left, ports, is_forgotten: false };
            self.leg.remembers.translate(translation);
        }
        self.header = forward.header;
        let far = match forward.onward {
            Onward::Interface(interface) | Onward::PinnedInterface(interface) => Some(interface),
            _ => None,
        };
        self.sender = self.sender.behind(self.network, index, far);
        match forward.onward {
            Onward::Service => self.reach_service(index),
            Onward::CustomerNetwork(network) => Next::CustomerNetwork(network),
            Onward::Internet => Next::Internet,
            Onward::Router(vpc) => self.enter_vpc(index, vpc, behaviour.is_public),
            Onward::Gateway(gateway, entering) => Next::Gateway(gateway, entering),
            Onward::Appliances(interface) => self.enter_appliances(index, interface),
            Onward::Interface(interface) | Onward::PinnedInterface(interface) => {
                if let Onward::PinnedInterface(interface) = forward.onward {
                    let is_forgotten = false;
                    self.leg.remembers.pin(Pin {
                        gateway: index,
                        header: self.header,
                        interface,
                        is_forgotten,
                    });
                }
                let (egress, leaves) = (Direction::Egress, DecidedBy::Leaves);
                self.record(stage, place, Some(interface), egress, Decision::Pass, leaves);
                self.is_inspected |= self.network.is_inspected_at(interface);
                self.leave(interface)
            }
        }
    }

    /// What a gateway sends by itself leaves one of its interfaces.
    pub(super) fn leave_gateway(
        &mut self,
        gateway: Index<Gateway>,
        interface: Index<NetworkInterface>,
    ) -> Next {
        if let Some(own) = self.network.gateways[gateway].load_balancer() {
            return self.open_from_node(gateway, own, interface);
        }
        let stage = gateway::behaviour(self.network.gateways[gateway].kind).stage;
        let (place, egress) = (Place::Gateway(gateway), Direction::Egress);
        self.record(stage, place, Some(interface), egress, Decision::Pass, DecidedBy::Leaves);
        self.leave(interface)
    }

    /// A packet that is at the service behind an endpoint.
    pub(super) fn reach_service(&mut self, endpoint: Index<Gateway>) -> Next {
        let (place, reached) = (Place::Gateway(endpoint), DecidedBy::LeftNetwork);
        self.record(Stage::Delivery, place, None, Direction::Egress, Decision::Pass, reached);
        self.end_at(Arrival::Service(endpoint))
    }

    /// What a service answers returns by its endpoint; a service of VPC Lattice sends by itself.
    pub(super) fn leave_service(&mut self, endpoint: Index<Gateway>) -> Next {
        if self.network.gateways[endpoint].lattice_service().is_some() {
            return self.leave_lattice(endpoint);
        }
        self.network.gateways[endpoint]
            .vpc
            .map_or(Next::End, |vpc| Next::Gateway(endpoint, Entering::FromService(vpc)))
    }
}
