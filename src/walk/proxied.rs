//! The second connection of a proxy: a load balancer that takes a connection itself opens one of its own to a target.
//! AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#request-routing>

use std::ops::ControlFlow;

use super::choices::Choices;
use super::gateway::load_balancer as own;
use super::lattice_proxy;
use super::load_balancers::node_ports;
use super::{Arrival, Case, Checkpoint, DecidedBy, Decision, LoadBalancerFact as Fact, Place, Stage, trace};
use crate::model::{
    Connection, Endpoint, Gateway, Index, LoadBalancer, LoadBalancerType, Network, NetworkInterface, Outcome,
    Request, Symptom, Target, TargetGroup,
};
use crate::net::{Direction, Family, Header, Protocol};

/// Proxies that are followed one behind the other: Network before Application Load Balancer is the longest that AWS
/// describes.
pub(super) const MOST_PROXIES: u8 = 3;

/// What a proxy does with a connection that it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Proxied {
    /// What it decided: a target, or none.
    pub checkpoint: Checkpoint,
    /// The connection to the target, and how that goes.
    pub way: Option<(Connection, Case)>,
}

impl Proxied {
    /// How it ends for whoever asked.
    pub fn outcome(&self) -> Outcome {
        match (self.checkpoint.decision, &self.way) {
            (Decision::Drop | Decision::Deny, _) => Outcome::Blocked,
            (Decision::Unknown, _) => Outcome::Unknown,
            (_, Some((_, case))) => case.outcome,
            (_, None) => Outcome::Connected,
        }
    }

    /// Puts it behind `case`, which ends as it does: where it is not carried on, the client sees what `symptom` says.
    pub(super) fn put_behind(self, case: &mut Case, symptom: impl FnOnce(Outcome) -> Option<Symptom>) {
        case.outcome = self.outcome();
        let is_refused = self.way.as_ref().is_some_and(|(_, way)| way.symptom == Some(Symptom::Refused));
        if case.outcome != Outcome::Connected || is_refused {
            case.symptom = symptom(case.outcome);
        }
        case.onward = Some(Box::new(self));
    }
}

/// The node of a load balancer at which a connection was taken that went as `case` says, if one was.
fn node_at(network: &Network, case: &Case) -> Option<(Index<NetworkInterface>, Header)> {
    let (Arrival::Interface(node), header) = case.forward.arrival? else { return None };
    network.card(node).is_of_gateway.then_some((node, header))
}

/// The interface of a target.
pub(super) fn card_of(network: &Network, target: &Target) -> Option<Index<NetworkInterface>> {
    target.interface.or_else(|| network.interfaces_with(target.address).into_iter().next())
}

/// What a target is called.
pub(super) fn target_label(network: &Network, target: &Target) -> String {
    let address = || target.address.to_string();
    target.interface.map_or_else(address, |card| network.interface_label(card).name.clone())
}

/// Follows the connection of `case`, which is connected, behind a proxy, if it came to one.
pub(super) fn follow(network: &Network, connection: &Connection, case: &mut Case, choices: &mut Choices) {
    let Some((node, header)) = node_at(network, case) else {
        if matches!(case.forward.arrival, Some((Arrival::Service(_), _))) {
            lattice_proxy::follow(network, connection, case, choices);
        }
        return;
    };
    let Some((gateway, load_balancer)) = network.load_balancer_of(node) else { return };
    let ControlFlow::Continue(listener) = own::listener(load_balancer, &header) else { return };
    if !own::is_proxy(load_balancer, listener) {
        return; // the packet is an answer
    }
    // An Application Load Balancer opens a connection for a request: a check that is a handshake alone ends there.
    // AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    let asks_nothing = connection.is_health_check && connection.exchange.request_bytes == Some(0);
    if load_balancer.kind == LoadBalancerType::Application && asks_nothing {
        return;
    }
    let all = own::choices(network, load_balancer, node, listener, header.source);
    let Some(fact) = all.get(choices.pick(all.len())).copied() else { return };
    let is_endpoint = |gateway| network.gateways[gateway].interface_endpoint().is_some();
    let by_endpoint = case.forward.remembers.pins().iter().any(|pin| is_endpoint(pin.gateway));
    let proxy = Proxy { network, gateway, load_balancer, node, header, by_endpoint };
    proxy.onward(connection, fact, choices).put_behind(case, |outcome| proxy.symptom(outcome));
}

/// Walks the connection that a proxy `opened`, of which AWS chooses one case.
pub(super) fn walked(
    network: &Network,
    opened: Connection,
    choices: &mut Choices,
) -> Option<(Connection, Case)> {
    let mut cases = trace(network, &opened).cases;
    let pick = choices.pick(cases.len());
    (pick < cases.len()).then(|| (opened, cases.swap_remove(pick)))
}

/// A node that has taken a connection.
struct Proxy<'a> {
    network: &'a Network,
    gateway: Index<Gateway>,
    load_balancer: &'a LoadBalancer,
    node: Index<NetworkInterface>,
    /// The request as it came.
    header: Header,
    /// Whether it came by an endpoint of the service that the load balancer offers.
    by_endpoint: bool,
}

impl Proxy<'_> {
    fn onward(&self, connection: &Connection, fact: Fact, choices: &mut Choices) -> Proxied {
        let found = own::target(self.network, fact);
        let opened = found.map(|(group, target)| self.connection(connection, group, target));
        let is_cycle = found.is_some_and(|(_, target)| self.leads_back(target));
        let (fact, opened) = match opened {
            Some(ControlFlow::Continue(_)) if is_cycle || connection.proxies >= MOST_PROXIES => {
                (Fact::TooManyProxies, None)
            }
            Some(ControlFlow::Continue(opened)) => (fact, Some(opened)),
            Some(ControlFlow::Break(fact)) => (fact, None),
            None => (fact, None),
        };
        let way = opened.and_then(|opened| walked(self.network, opened, choices));
        let checkpoint = Checkpoint {
            stage: Stage::LoadBalancer,
            place: Place::Gateway(self.gateway),
            interface: None,
            direction: Direction::Egress,
            header: self.header,
            decision: fact.decision(),
            decided_by: DecidedBy::LoadBalancer(fact),
            hypothetical: false,
        };
        Proxied { checkpoint, way }
    }

    /// The connection that is opened to a target. It carries what the client's does: as much, and at the same time.
    /// Assumed: proxy-carries-same.
    fn connection(
        &self,
        of: &Connection,
        group: (Index<TargetGroup>, &TargetGroup),
        target: &Target,
    ) -> ControlFlow<Fact, Connection> {
        let client = self.header.source;
        let is_preserved = self.load_balancer.kind == LoadBalancerType::Network
            && !self.by_endpoint
            && own::preserved(self.network, self.node, group, target, client)?;
        let (source, source_ports) = if is_preserved {
            (client, of.source_ports)
        } else {
            let family = Family::of(target.address);
            let own = self.network.network_interfaces[self.node].primary_address(family);
            let Some(own) = own else { return ControlFlow::Break(Fact::NoNodeAddress) };
            (own, node_ports())
        };
        let request = Request {
            source,
            destination: target.address,
            protocol: Protocol::TCP,
            port: Some(target.port),
            icmp: None,
        };
        ControlFlow::Continue(Connection {
            name: format!("{} onward", of.name),
            from: Endpoint::Interface(self.node),
            to: self.end_at(target),
            labels: [
                self.network.gateways[self.gateway].identity.name.clone(),
                target_label(self.network, target),
            ],
            alternatives: Vec::new(),
            near_alternatives: Vec::new(),
            doubt: None,
            request,
            source_ports,
            ephemeral: None,
            proxies: of.proxies + 1,
            ..of.clone()
        })
    }

    /// Whether a target is a node of this load balancer, or of one whose targets lead back to it.
    fn leads_back(&self, target: &Target) -> bool {
        let network = self.network;
        let behind =
            |target: &Target| network.load_balancer_of(card_of(network, target)?).map(|(own, _)| own);
        let mut met: Vec<Index<Gateway>> = behind(target).into_iter().collect();
        let mut next = 0;
        while let Some(gateway) = met.get(next).copied() {
            if gateway == self.gateway {
                return true;
            }
            let own = network.gateways[gateway].load_balancer();
            let rules =
                own.and_then(|own| own.listeners.as_ref()).into_iter().flatten().flat_map(|own| &own.rules);
            let groups =
                rules.flat_map(|rule| &rule.target_groups).map(|group| &network.target_groups[*group]);
            for found in groups.flat_map(|group| group.targets.iter().flatten()).filter_map(behind) {
                if !met.contains(&found) {
                    met.push(found);
                }
            }
            next += 1;
        }
        false
    }

    fn end_at(&self, target: &Target) -> Endpoint {
        card_of(self.network, target).map_or(Endpoint::Address(target.address), Endpoint::Interface)
    }

    /// What the client sees of a connection that is not carried on: an Application or Classic Load Balancer has answered,
    /// and says so in HTTP; a Network Load Balancer resets it.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html>,
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html>
    fn symptom(&self, outcome: Outcome) -> Option<Symptom> {
        match outcome {
            Outcome::Unknown | Outcome::Depends => None,
            _ if self.load_balancer.kind == LoadBalancerType::Network => Some(Symptom::Reset),
            _ => Some(Symptom::Connects),
        }
    }
}
