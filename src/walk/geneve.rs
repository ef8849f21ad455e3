//! From a Gateway Load Balancer endpoint to an appliance and back, within datagrams of GENEVE.
//!
//! The endpoint leads to the node of its zone, which sends each packet as it is, within a datagram of its own, to a target:
//! over IPv4, to UDP port 6081. The appliance gives the packet back in the same way: it swaps the addresses of the datagram
//! and keeps its ports, so that neither is an answer to the other. Nodes have no security groups; those of the appliance and
//! the network ACLs of both subnets judge the datagrams.
//!
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html>,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/target-groups.html>,
//! <https://aws.amazon.com/blogs/networking-and-content-delivery/integrate-your-custom-logic-or-appliance-with-aws-gateway-load-balancer/>

use std::net::IpAddr;
use std::ops::ControlFlow;

use super::gateway::{self, doubted, load_balancer as own};
use super::leg::{Next, Walker};
use super::sender::Sender;
use super::{
    Checkpoint, DecidedBy, Decision, InspectionFact, LoadBalancerFact as Fact, Observe, Pin, Place, Stage,
};
use crate::model::{
    GENEVE_PORT, Gateway, Index, Inspection, LoadBalancer, LoadBalancerListener, Network, NetworkInterface,
    TargetHealth,
};
use crate::net::{Direction, Family, Header, Payload, Protocol};

/// The port that stands for the one which a node chooses for a flow; records show another. RFC 8926 has them be of the
/// ports that are nobody's. Assumed: geneve-datagrams.
pub(crate) const CARRIER_PORT: u16 = 49_152;

/// Bytes that carrying a packet adds: the headers of IPv4, UDP and GENEVE, and the options of AWS, which are twelve, twelve
/// and eight bytes long.
/// AWS: <https://aws.amazon.com/blogs/networking-and-content-delivery/integrate-your-custom-logic-or-appliance-with-aws-gateway-load-balancer/>
pub(crate) const CARRIER_BYTES: i64 = 20 + 8 + 8 + 32;

/// A packet on its way to an appliance or back from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carried {
    /// The packet, as it will go on.
    inner: Header,
    endpoint: Index<Gateway>,
    gateway: Index<Gateway>,
    /// To which it returns.
    node: Index<NetworkInterface>,
    /// What else than passing packets the appliance is known to do.
    instead: Option<(Decision, InspectionFact)>,
}

/// Where a node sends a packet.
struct Onward {
    fact: Fact,
    appliance: Index<NetworkInterface>,
    address: IpAddr,
}

impl<O: Observe> Walker<'_, O> {
    /// From an endpoint, which let the packet in, to the node of its zone and on to an appliance.
    pub(super) fn enter_appliances(
        &mut self,
        endpoint: Index<Gateway>,
        interface: Index<NetworkInterface>,
    ) -> Next {
        let network = self.network;
        let Some((gateway, node)) = network.node_behind(endpoint, interface) else { return Next::End };
        let Some(load_balancer) = network.gateways[gateway].load_balancer() else { return Next::End };
        let place = Place::Gateway(gateway);
        let availability = network.gateways[gateway].availability;
        if let Some((decision, by)) = doubted(availability) {
            return self.ends_before_appliances(place, decision, by);
        }
        if let Some(carried) = self.carried {
            let fact = if carried.endpoint == endpoint { Fact::CarriedRound } else { Fact::CarriedTwice };
            return self.ends_before_appliances(place, fact.decision(), DecidedBy::LoadBalancer(fact));
        }
        let onward = match self.appliance(endpoint, load_balancer, node) {
            ControlFlow::Continue(onward) => onward,
            ControlFlow::Break(fact) => {
                return self.ends_before_appliances(place, fact.decision(), DecidedBy::LoadBalancer(fact));
            }
        };
        let Some(source) = network.network_interfaces[node].primary_address(Family::V4) else {
            let fact = Fact::NoNodeAddress;
            return self.ends_before_appliances(place, fact.decision(), DecidedBy::LoadBalancer(fact));
        };
        let (egress, pass) = (Direction::Egress, Decision::Pass);
        self.record(Stage::LoadBalancer, place, None, egress, pass, DecidedBy::LoadBalancer(onward.fact));
        let inner = self.header;
        let pin = Pin { gateway: endpoint, header: inner, interface: onward.appliance, is_forgotten: false };
        if self.memory.pinned(endpoint, &inner).is_none() {
            self.leg.remembers.pin(pin);
        }
        let instead = self.instead_of_passing(endpoint, onward.fact);
        self.carried = Some(Carried { inner, endpoint, gateway, node, instead });
        let datagram = Header {
            source,
            destination: onward.address,
            protocol: Protocol::UDP,
            payload: Payload::Ports { source: CARRIER_PORT, destination: GENEVE_PORT },
        };
        self.leave_node(place, load_balancer, node, datagram)
    }

    /// The appliance for the packet: the one to which its flow keeps, or any that the node can send to.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/edit-target-group-attributes.html#target-failover>
    fn appliance(
        &mut self,
        endpoint: Index<Gateway>,
        load_balancer: &LoadBalancer,
        node: Index<NetworkInterface>,
    ) -> ControlFlow<Fact, Onward> {
        let network = self.network;
        let Some(listeners) = &load_balancer.listeners else {
            return ControlFlow::Break(Fact::ListenersNotCollected);
        };
        let Some(listener) = listeners.first() else { return ControlFlow::Break(Fact::NoListener) };
        let all = own::choices(network, load_balancer, node, listener, self.header.source);
        let mut groups = listener.rules.iter().flat_map(|rule| &rule.target_groups).copied();
        let rebalancing = groups.find(|group| network.target_groups[*group].rebalances);
        let is_known = self.memory.seen_at(Place::Gateway(endpoint), &self.header).is_some();
        if let Some(appliance) = self.memory.pinned(endpoint, &self.header) {
            let primary = || network.network_interfaces[appliance].primary_address(Family::V4);
            let listed = all.iter().copied().find_map(|fact| carries_to(network, fact, appliance));
            let registered =
                || targets_of(network, listener).find_map(|fact| carries_to(network, fact, appliance));
            let kept = listed.or_else(|| registered().filter(|_| is_known && rebalancing.is_none()));
            let left = || Some((Fact::CarriesOn, primary().filter(|_| is_known)?));
            if let Some(group) = rebalancing.filter(|_| is_known && kept.is_none()) {
                return ControlFlow::Break(Fact::Rebalanced(group));
            }
            if let Some((fact, address)) = kept.or_else(left) {
                return ControlFlow::Continue(Onward { fact, appliance, address });
            }
        } else if is_known {
            return ControlFlow::Break(rebalancing.map_or(Fact::ApplianceGone, Fact::Rebalanced));
        }
        let pick = self.choices.pick(all.len());
        let fact = all.get(pick).copied().unwrap_or(Fact::NoListener);
        let (Fact::Target { group, target }, Some((_, own))) = (fact, own::target(network, fact)) else {
            return ControlFlow::Break(fact);
        };
        // Of one that stands elsewhere it is not known how it returns packets.
        let Some(appliance) = own.interface else { return ControlFlow::Break(Fact::ApplianceElsewhere) };
        let fact = Fact::Carries { group, target };
        ControlFlow::Continue(Onward { fact, appliance, address: own.address })
    }

    /// What an appliance does with a packet, where it does not pass it or nobody says that it does. A new flow comes to one
    /// that is not healthy where no other is, and is dropped; one that it had before goes on to it, whatever it makes of it.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/health-checks.html>
    fn instead_of_passing(&self, endpoint: Index<Gateway>, sent: Fact) -> Option<(Decision, InspectionFact)> {
        let own = self.network.gateways[endpoint].gateway_load_balancer_endpoint()?;
        if own.inspection != Inspection::Pass {
            return Some((Decision::Unknown, InspectionFact::AppliancesNotStated));
        }
        let Fact::Carries { group, target } = sent else { return None };
        let target = self.network.target_groups[group].targets.as_ref()?.get(target)?;
        if target.health != TargetHealth::Unhealthy {
            return None;
        }
        let is_known = self.memory.seen_at(Place::Gateway(endpoint), &self.header).is_some();
        Some(if is_known {
            (Decision::Unknown, InspectionFact::BecameUnhealthy)
        } else {
            (Decision::Drop, InspectionFact::Unhealthy)
        })
    }

    /// A packet that does not come to an appliance. What it would meet behind is known only of one that is dropped.
    fn ends_before_appliances(&mut self, place: Place, decision: Decision, by: DecidedBy) -> Next {
        self.record(Stage::LoadBalancer, place, None, Direction::Egress, decision, by);
        Next::End
    }

    /// A datagram is at the appliance, which gives the packet back if it passes packets.
    pub(super) fn at_appliance(&mut self, interface: Index<NetworkInterface>) -> Next {
        let Some(carried) = self.carried else { return Next::End };
        let place = Place::NetworkInterface(interface);
        let (decision, fact) = carried.instead.unwrap_or((Decision::Pass, InspectionFact::AppliancesPass));
        self.record(Stage::Listener, place, None, Direction::Ingress, decision, DecidedBy::Inspection(fact));
        if decision == Decision::Unknown || self.is_over() {
            return Next::End;
        }
        let Header { source, destination, .. } = self.header;
        self.header = Header { source: destination, destination: source, ..self.header };
        self.sender = Sender::direct(interface);
        self.security_groups(interface, Direction::Egress);
        if self.is_over() {
            return Next::End;
        }
        self.leave(interface)
    }

    /// The packet that returns to a node within a datagram, if one does: it goes on from the endpoint.
    pub(super) fn returned_to(&mut self, node: Index<NetworkInterface>) -> Option<Next> {
        let carried = self.carried.filter(|carried| carried.node == node)?;
        self.carried = None;
        self.balance(
            Place::Gateway(carried.gateway),
            node,
            Decision::Pass,
            DecidedBy::LoadBalancer(Fact::GivesBack),
        );
        self.header = carried.inner;
        let this = &self.network.gateways[carried.endpoint];
        let interface = this.gateway_load_balancer_endpoint()?.network_interface;
        let stage = gateway::stage(gateway::behaviour(this.kind), this);
        let (place, egress) = (Place::Gateway(carried.endpoint), Direction::Egress);
        self.sender = Sender::Lost;
        self.record(stage, place, Some(interface), egress, Decision::Pass, DecidedBy::Leaves);
        self.is_inspected = true;
        Some(self.leave(interface))
    }

    /// Sees to it that a datagram which came to somebody who is no appliance is not taken for the packet.
    pub(super) fn lose_datagram(&mut self) {
        if self.carried.is_some() && self.leg.arrival.take().is_some() {
            let (place, by) = (Place::Internet, DecidedBy::NotModelled);
            self.record(Stage::Delivery, place, None, Direction::Ingress, Decision::Unknown, by);
        }
    }
}

/// Every target of a listener, whatever its health.
fn targets_of<'n>(
    network: &'n Network,
    listener: &'n LoadBalancerListener,
) -> impl Iterator<Item = Fact> + 'n {
    let groups = listener.rules.iter().flat_map(|rule| &rule.target_groups).copied();
    groups.flat_map(|group| {
        let count = network.target_groups[group].targets.as_ref().map_or(0, Vec::len);
        (0..count).map(move |target| Fact::Target { group, target })
    })
}

/// That a packet is sent to the target which `fact` names, and its address, if it is `appliance`.
fn carries_to(network: &Network, fact: Fact, appliance: Index<NetworkInterface>) -> Option<(Fact, IpAddr)> {
    let (_, own) = own::target(network, fact)?;
    let Fact::Target { group, target } = fact else { return None };
    (own.interface == Some(appliance)).then_some((Fact::Carries { group, target }, own.address))
}

/// Whether a header is that of a datagram which carries a packet to an appliance or back; so is hardly any other.
#[inline]
pub(crate) fn is_carrier(header: &Header) -> bool {
    header.protocol == Protocol::UDP
        && header.payload == Payload::Ports { source: CARRIER_PORT, destination: GENEVE_PORT }
}

/// The family of the packet that a datagram carries at a checkpoint of a way, where the header is that of a carrier.
pub(crate) fn carried_at(way: &[Checkpoint], position: usize) -> Option<Family> {
    let mut before = way.get(..position).unwrap_or_default().iter().rev();
    before.find_map(|point| match point.decided_by {
        DecidedBy::LoadBalancer(Fact::Carries { .. } | Fact::CarriesOn) => Some(Some(point.header.family())),
        DecidedBy::LoadBalancer(Fact::GivesBack) => Some(None),
        _ => None,
    })?
}
