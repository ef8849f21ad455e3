//! At a node of a load balancer, behind the rules of its subnet and groups.

use std::net::IpAddr;
use std::ops::ControlFlow;

use super::gateway::{doubted, load_balancer as own};
use super::leg::{Next, Walker};
use super::sender::Sender;
use super::{
    Arrival, DecidedBy, Decision, LoadBalancerFact as Fact, Observe, Pin, Place, Stage, Translation, ports,
};
use crate::model::{
    Availability, Gateway, Index, LoadBalancer, LoadBalancerListener, LoadBalancerType, Network,
    NetworkInterface,
};
use crate::net::{Direction, Family, Header, PortRange, Protocol};

/// Ports from which nodes choose those of what they send to targets: targets must answer to all of them.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#target-not-in-service>
pub(super) fn node_ports() -> PortRange {
    PortRange::new(1024, u16::MAX).unwrap_or(PortRange::ALL)
}

/// A flow as it goes on to a target.
struct Onward {
    header: Header,
    ports: PortRange,
    fact: Fact,
}

/// Whether a load balancer has no more listener for what came to its node `at` like `header`, and therefore closed the
/// connection: an Application Load Balancer does, and a Network Load Balancer does not. Assumed: listener-closes.
/// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/delete-listener.html>,
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/delete-listener.html>
pub fn closes_with_listener(network: &Network, at: Arrival, header: &Header) -> bool {
    let Arrival::Interface(node) = at else { return false };
    let own = network.card(node).is_of_gateway.then(|| network.load_balancer_of(node)).flatten();
    own.is_some_and(|(_, of)| {
        of.kind != LoadBalancerType::Network
            && matches!(own::listener(of, header), ControlFlow::Break(Fact::NoListener))
    })
}

impl<O: Observe> Walker<'_, O> {
    /// Whether no security group judges a packet at an interface: a load balancer may have none, or not judge what comes by
    /// endpoints of its service, nor what returns to them.
    pub(super) fn is_beyond_groups(&self, interface: Index<NetworkInterface>, direction: Direction) -> bool {
        let card = self.network.card(interface);
        card.is_of_gateway
            && (self.has_no_groups(interface)
                || direction == Direction::Egress && self.returns_unjudged(interface))
    }

    /// Whether an interface has no security groups because it is a node of a load balancer without: everything reaches
    /// its listeners, and leaves.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html>
    pub(super) fn has_no_groups(&self, interface: Index<NetworkInterface>) -> bool {
        let card = self.network.card(interface);
        card.is_of_gateway
            && card.security_groups.is_empty()
            && self.network.load_balancer_of(interface).is_some_and(|(_, own)| own.kind.may_lack_groups())
    }

    /// Whether a Network Load Balancer sent the packet, or passed it on: AWS tracks such flows whatever the rules.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub(super) fn passed_network_load_balancer(&self) -> bool {
        self.leg.remembers.pins().iter().any(|pin| {
            let own = self.network.gateways[pin.gateway].load_balancer();
            own.is_some_and(|own| own.kind == LoadBalancerType::Network)
        })
    }

    /// What a node does with a packet that its rules let in.
    pub(super) fn at_node(&mut self, gateway: Index<Gateway>, node: Index<NetworkInterface>) -> Next {
        let network = self.network;
        let Some(load_balancer) = network.gateways[gateway].load_balancer() else { return Next::End };
        let place = Place::Gateway(gateway);
        if let Some(next) = self.returned_to(node) {
            return next;
        }
        if let Some(inner) = self.memory.translated_back(place, &self.header) {
            let (from, to) = (self.header.source, inner.source);
            self.balance(place, node, Decision::Pass, DecidedBy::Translated { from, to });
            return self.leave_node(place, load_balancer, node, inner);
        }
        if let Some(pin) = self.answered_pin(gateway) {
            if pin.is_forgotten {
                return self.refuse(place, node, Fact::Forgotten);
            }
            self.balance(place, node, Decision::Pass, DecidedBy::LoadBalancer(Fact::Returns));
            return self.end_at(Arrival::Gateway(gateway, node));
        }
        let availability = network.gateways[gateway].availability;
        if availability == Availability::NotCollected {
            return self.refuse(place, node, Fact::NodesNotCollected);
        }
        if let Some((decision, by)) = doubted(availability) {
            self.balance(place, node, decision, by);
            return Next::End;
        }
        let listener = match own::listener(load_balancer, &self.header) {
            ControlFlow::Continue(listener) if self.began_otherwise(gateway, load_balancer, listener) => {
                return self.as_it_began(gateway, load_balancer, node);
            }
            ControlFlow::Continue(listener) => listener,
            ControlFlow::Break(Fact::NoListener) if self.outlives_listener(load_balancer) => {
                return self.as_it_began(gateway, load_balancer, node);
            }
            ControlFlow::Break(fact) => return self.refuse(place, node, fact),
        };
        if own::is_proxy(load_balancer, listener) {
            self.balance(place, node, Decision::Pass, DecidedBy::LoadBalancer(Fact::Terminates));
            if load_balancer.kind == LoadBalancerType::Network {
                self.track_automatically();
                self.note_taken(gateway, node);
            }
            return self.end_at(Arrival::Interface(node));
        }
        let onward = match self.memory.translated(place, &self.header) {
            Some(known) if known.is_forgotten => {
                self.balance(place, node, Decision::Drop, DecidedBy::TranslationForgotten);
                return Next::End;
            }
            Some(known) => Onward { header: known.after, ports: known.ports, fact: self.fact_of(known) },
            None => {
                let mut all = Vec::new();
                for fact in own::choices(network, load_balancer, node, listener, self.header.source) {
                    match self.onward(node, fact) {
                        ControlFlow::Continue(some) => {
                            all.extend(some.into_iter().map(ControlFlow::Continue));
                        }
                        ControlFlow::Break(fact) => all.push(ControlFlow::Break(fact)),
                    }
                }
                let pick = self.choices.pick(all.len());
                if pick >= all.len() {
                    return self.lost();
                }
                match all.swap_remove(pick) {
                    ControlFlow::Continue(onward) => onward,
                    ControlFlow::Break(fact) => return self.refuse(place, node, fact),
                }
            }
        };
        self.pass_on(gateway, load_balancer, node, &onward)
    }

    /// Whether the packet is of a connection that was there before its listener was deleted: a Network Load Balancer keeps
    /// those of TCP. Others close theirs, see [`closes_with_listener`], and of datagrams nothing is kept.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/delete-listener.html>
    fn outlives_listener(&self, load_balancer: &LoadBalancer) -> bool {
        load_balancer.kind == LoadBalancerType::Network
            && self.header.protocol == Protocol::TCP
            && !self.opens
            && self.memory.flows().iter().any(|flow| flow.header.payload == self.header.payload)
    }

    /// Whether the packet is of a connection that was there before its listener became one of TLS, or was that: it goes on as
    /// it began. AWS says so of other updates of listeners, which have no effect on active connections.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/listener-update-rules.html>
    fn began_otherwise(
        &self,
        gateway: Index<Gateway>,
        load_balancer: &LoadBalancer,
        listener: &LoadBalancerListener,
    ) -> bool {
        self.outlives_listener(load_balancer)
            && if own::is_proxy(load_balancer, listener) {
                self.memory.translated(Place::Gateway(gateway), &self.header).is_some()
            } else {
                self.memory.pinned(gateway, &self.header).is_some()
            }
    }

    /// Notes that a node took the connection itself, as long as it lives.
    fn note_taken(&mut self, gateway: Index<Gateway>, node: Index<NetworkInterface>) {
        self.leg.remembers.pin(Pin { gateway, header: self.header, interface: node, is_forgotten: false });
    }

    /// More of such a connection: one that was passed on goes on to its target, one of TLS ends here as it did.
    fn as_it_began(
        &mut self,
        gateway: Index<Gateway>,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
    ) -> Next {
        let place = Place::Gateway(gateway);
        match self.memory.translated(place, &self.header) {
            Some(known) if known.is_forgotten => {
                self.balance(place, node, Decision::Drop, DecidedBy::TranslationForgotten);
                Next::End
            }
            Some(known) => {
                let fact = self.fact_of(known);
                let onward = Onward { header: known.after, ports: known.ports, fact };
                self.pass_on(gateway, load_balancer, node, &onward)
            }
            None => {
                self.balance(place, node, Decision::Pass, DecidedBy::LoadBalancer(Fact::Terminates));
                self.track_automatically();
                self.end_at(Arrival::Interface(node))
            }
        }
    }

    /// A flow on its way to a target.
    fn pass_on(
        &mut self,
        gateway: Index<Gateway>,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
        onward: &Onward,
    ) -> Next {
        let place = Place::Gateway(gateway);
        self.balance(place, node, Decision::Pass, DecidedBy::LoadBalancer(onward.fact));
        self.track_automatically();
        let (before, after) = (self.header, onward.header);
        let (from, ports) = (self.left, onward.ports);
        self.leg.remembers.translate(Translation { place, before, after, from, ports, is_forgotten: false });
        self.leg.remembers.pin(Pin { gateway, header: after, interface: node, is_forgotten: false });
        self.leave_node(place, load_balancer, node, after)
    }

    /// The ways in which a flow may go on as `fact` says: each range of the node's ports that rules tell apart, or as it
    /// came from the client.
    fn onward(&self, node: Index<NetworkInterface>, fact: Fact) -> ControlFlow<Fact, Vec<Onward>> {
        let (network, header) = (self.network, self.header);
        let Some((group, target)) = own::target(network, fact) else {
            return ControlFlow::Break(fact);
        };
        let to_target = header.with_destination(target.address, target.port);
        // AWS: what comes by an endpoint service is sent on from the node, whatever the group says.
        let by_endpoint = self.comes_by_endpoint();
        if !by_endpoint && own::preserved(network, node, group, target, header.source)? {
            let ports = PortRange::single(header.source_port().unwrap_or_default());
            return ControlFlow::Continue(vec![Onward { header: to_target, ports, fact }]);
        }
        let family = Family::of(target.address);
        let Some(source) = network.network_interfaces[node].primary_address(family) else {
            return ControlFlow::Break(Fact::NoNodeAddress);
        };
        let from_node = Header { source, ..to_target };
        let pieces = ports::told_apart_by_acls(network, &from_node, node_ports());
        let piece =
            |ports: PortRange| Onward { header: from_node.with_source_port(ports.from()), ports, fact };
        ControlFlow::Continue(pieces.into_iter().map(piece).collect())
    }

    /// Whether the packet came by an endpoint of the service that the load balancer offers.
    fn comes_by_endpoint(&self) -> bool {
        let is_endpoint = |pin: &&Pin| self.network.gateways[pin.gateway].interface_endpoint().is_some();
        self.leg.remembers.pins().iter().filter(is_endpoint).any(|pin| pin.header == self.header)
    }

    /// The target to which a flow that is known goes.
    fn fact_of(&self, known: &Translation) -> Fact {
        let is_it = |(address, port): (IpAddr, u16)| {
            known.after.destination == address && known.after.destination_port() == Some(port)
        };
        let groups = self.network.target_groups.enumerate();
        let mut all = groups.flat_map(|(group, of)| {
            let targets = of.targets.iter().flatten().enumerate();
            targets.map(move |(target, own)| (Fact::Target { group, target }, (own.address, own.port)))
        });
        all.find(|(_, socket)| is_it(*socket)).map_or(Fact::Terminates, |(fact, _)| fact)
    }

    /// A packet that leaves a node anew, as `header`.
    pub(super) fn leave_node(
        &mut self,
        place: Place,
        own: &LoadBalancer,
        node: Index<NetworkInterface>,
        header: Header,
    ) -> Next {
        self.header = header;
        let (egress, pass) = (Direction::Egress, Decision::Pass);
        self.record(Stage::LoadBalancer, place, Some(node), egress, pass, DecidedBy::Leaves);
        // With groups of its own it is known by them, also where the client's address is preserved.
        self.sender = match own.kind {
            kind if kind.may_lack_groups() && self.has_no_groups(node) => Sender::Lost,
            _ => Sender::direct(node),
        };
        self.security_groups(node, Direction::Egress);
        if self.is_over() {
            return Next::End;
        }
        // AWS: that of a Classic Load Balancer judges what it sends within its subnet as well (`ELB_ACL_RESTRICTION`).
        // https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
        let subnet = self.network.card(node).subnet;
        if own.kind == LoadBalancerType::Classic && self.may_stay_within(subnet) {
            self.network_acl(node, subnet, Direction::Egress);
            if self.is_over() {
                return Next::End;
            }
        }
        self.leave(node)
    }

    /// What a node opened by itself or passed on, if the packet answers it.
    fn answered_pin(&self, gateway: Index<Gateway>) -> Option<Pin> {
        self.memory.answered_pins(&self.header).find(|pin| pin.gateway == gateway).copied()
    }

    /// The node to which a packet returns that answers what it passed on from the client's own address: the target's
    /// network leads it there whatever the routes say.
    /// Assumed: load-balancer-returns.
    pub(super) fn returns_to_node(&self) -> Option<(Index<Gateway>, Index<NetworkInterface>)> {
        let is_kept = |pin: &&Pin| {
            let node = &self.network.network_interfaces[pin.interface];
            self.network.gateways[pin.gateway].load_balancer().is_some()
                && !node.owns(self.header.destination)
                && !node.owns(self.header.source)
        };
        let pin = self.memory.answered_pins(&self.header).find(is_kept)?;
        Some((pin.gateway, pin.interface))
    }

    /// The way of such a packet, which leaves `interface`. Network ACLs judge it where target and node are in different
    /// subnets, as they judged what was passed on.
    pub(super) fn return_to_node(
        &mut self,
        interface: Index<NetworkInterface>,
        gateway: Index<Gateway>,
        node: Index<NetworkInterface>,
    ) -> Next {
        let [from, to] = [interface, node].map(|card| self.network.card(card).subnet);
        let crosses_border = from != to;
        if crosses_border {
            self.network_acl(interface, from, Direction::Egress);
            if self.is_over() {
                return Next::End;
            }
        }
        let place = Place::RouteTable(self.network.border(from).route_table);
        let by = DecidedBy::ReturnsToLoadBalancer(gateway);
        self.pass(Stage::Route, place, interface, Direction::Egress, by);
        Next::Arrive { interface: node, crosses_border }
    }

    /// A connection that a node opens by itself.
    pub(super) fn open_from_node(
        &mut self,
        gateway: Index<Gateway>,
        own: &LoadBalancer,
        node: Index<NetworkInterface>,
    ) -> Next {
        self.leg.remembers.pin(Pin { gateway, header: self.header, interface: node, is_forgotten: false });
        self.leave_node(Place::Gateway(gateway), own, node, self.header)
    }

    pub(super) fn refuse(&mut self, place: Place, node: Index<NetworkInterface>, fact: Fact) -> Next {
        let decision = match fact.decision() {
            Decision::Pass => Decision::Drop, // what passes flows on answers nothing by itself
            decision => decision,
        };
        self.balance(place, node, decision, DecidedBy::LoadBalancer(fact));
        Next::End
    }

    pub(super) fn balance(
        &mut self,
        place: Place,
        node: Index<NetworkInterface>,
        decision: Decision,
        by: DecidedBy,
    ) {
        self.record(Stage::LoadBalancer, place, Some(node), Direction::Ingress, decision, by);
    }
}
