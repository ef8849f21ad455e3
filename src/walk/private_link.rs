//! From an interface endpoint to the load balancer behind its service, and back.
//!
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html>. The endpoint's interface
//! and the load balancer's node are joined without routes and network ACLs; security groups of the load balancer see the
//! client's private address, unless they are told not to judge; targets see the node's. Nothing between both is in a flow log:
//! <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>.

use super::leg::{Next, Walker};
use super::sender::Sender;
use super::{DecidedBy, Decision, LoadBalancerFact as Fact, Observe, Pin, Place, Stage, Translation};
use crate::model::{Gateway, Index, NetworkInterface};
use crate::net::{Direction, Family, Header, PortRange};

impl<O: Observe> Walker<'_, O> {
    /// From the endpoint's interface to the node.
    pub(super) fn enter_service(
        &mut self,
        endpoint: Index<Gateway>,
        interface: Index<NetworkInterface>,
        (gateway, node): (Index<Gateway>, Index<NetworkInterface>),
    ) -> Next {
        let network = self.network;
        let Some(own) = network.gateways[gateway].load_balancer() else { return Next::End };
        let Some(address) =
            network.network_interfaces[node].primary_address(Family::of(self.header.destination))
        else {
            return self.refuse(Place::Gateway(gateway), node, Fact::NoNodeAddress);
        };
        let place = Place::Gateway(endpoint);
        if self.memory.translated(place, &self.header).is_some_and(|known| known.is_forgotten) {
            let (ingress, drop) = (Direction::Ingress, Decision::Drop);
            let by = DecidedBy::TranslationForgotten;
            self.record(Stage::VpcEndpoint, place, Some(interface), ingress, drop, by);
            return Next::End;
        }
        let (before, after) = (self.header, Header { destination: address, ..self.header });
        let ports = PortRange::single(after.source_port().unwrap_or_default());
        let from = Some(interface);
        self.leg.remembers.translate(Translation { place, before, after, from, ports, is_forgotten: false });
        let is_forgotten = false;
        self.leg.remembers.pin(Pin { gateway: endpoint, header: after, interface, is_forgotten });
        self.header = after;
        self.sender = Sender::Lost;
        self.balance(
            Place::Gateway(gateway),
            node,
            Decision::Pass,
            DecidedBy::LoadBalancer(Fact::ByEndpoint),
        );
        if own.judges_private_link {
            self.security_groups(node, Direction::Ingress);
            if self.is_over() {
                return Next::End;
            }
        }
        self.at_node(gateway, node)
    }

    /// The interface of the endpoint by which what `node` sends returns to the client.
    pub(super) fn returns_to_endpoint(&self, node: Index<NetworkInterface>) -> Option<Pin> {
        let is_its = |pin: &&Pin| self.network.gateways[pin.gateway].interface_endpoint().is_some();
        let pin = self.memory.answered_pins(&self.header).find(is_its)?;
        self.network.load_balancer_of(node).map(|_| *pin)
    }

    /// Whether a packet returns to an endpoint whose clients the groups of the load balancer do not judge.
    pub(super) fn returns_unjudged(&self, node: Index<NetworkInterface>) -> bool {
        let own = self.network.load_balancer_of(node).map(|(_, own)| own);
        own.is_some_and(|own| !own.judges_private_link) && self.returns_to_endpoint(node).is_some()
    }

    /// From the node back to the endpoint, and out of its interface.
    pub(super) fn return_to_endpoint(&mut self, node: Index<NetworkInterface>, pin: &Pin) -> Next {
        let Some((gateway, _)) = self.network.load_balancer_of(node) else { return Next::End };
        let (egress, pass) = (Direction::Egress, Decision::Pass);
        let by = DecidedBy::LoadBalancer(Fact::ByEndpoint);
        self.record(Stage::LoadBalancer, Place::Gateway(gateway), Some(node), egress, pass, by);
        let place = Place::Gateway(pin.gateway);
        if let Some(inner) = self.memory.translated_back(place, &self.header) {
            self.header = inner;
        }
        self.sender = Sender::Lost;
        self.record(Stage::VpcEndpoint, place, Some(pin.interface), egress, pass, DecidedBy::Leaves);
        self.security_groups(pin.interface, egress);
        if self.is_over() {
            return Next::End;
        }
        self.leave(pin.interface)
    }
}
