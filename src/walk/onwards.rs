//! Later requests of a connection that a proxy took: to which targets they may go.

use std::ops::ControlFlow;

use super::choices::Choices;
use super::gateway::load_balancer as balancing;
use super::{Arrival, Case, Leg, LoadBalancerFact, Memory, Proxied, lattice, proxied};
use crate::model::{Connection, LatticeProtocol, ListenerProtocol, LoadBalancerType, Network, Outcome};
use crate::net::{Header, PortRange};

/// What a proxy does with a live connection whose target is one no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    /// It routes each request, and stops to route to a target as soon as that is registered no more.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay>,
    /// <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-register-targets.html>
    EachRequest,
    /// It carries the whole connection; how long it does is not modelled.
    Connection,
    /// It carries the whole connection on: a Network Load Balancer of TLS.
    /// AWS: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/listener-update-rules.html>
    Keeps,
    /// What it listens on is not known any more.
    Unknown(LoadBalancerFact),
}

impl Routing {
    /// That of the proxy to which a connection came as `header`; none where there is no proxy, or it has no listener for it.
    pub fn of(network: &Network, at: Arrival, header: &Header) -> Option<Self> {
        match at {
            Arrival::Interface(node) if network.card(node).is_of_gateway => {
                let (_, own) = network.load_balancer_of(node)?;
                let ControlFlow::Continue(listener) = balancing::listener(own, header) else { return None };
                Some(match (own.kind, listener.protocol) {
                    (LoadBalancerType::Network, _) => Self::Keeps,
                    (_, ListenerProtocol::Http | ListenerProtocol::Https) => Self::EachRequest,
                    _ => Self::Connection,
                })
            }
            Arrival::Service(index) => {
                let service = network.gateways[index].lattice_service()?;
                Some(match lattice::listener(service, header) {
                    ControlFlow::Break(LoadBalancerFact::NoListener) => return None,
                    ControlFlow::Break(fact) => Self::Unknown(fact),
                    ControlFlow::Continue(listener) => match listener.protocol {
                        LatticeProtocol::Http | LatticeProtocol::Https => Self::EachRequest,
                        LatticeProtocol::TlsPassthrough => Self::Connection,
                    },
                })
            }
            _ => None,
        }
    }
}

/// Whether a proxy to which a connection came as `header` may do with more requests what it did `before`: that is known without a
/// walk.
pub fn may_go_on(network: &Network, at: Arrival, header: &Header, before: &Proxied) -> bool {
    let Arrival::Interface(node) = at else { return false };
    let Some((_, own)) = network.load_balancer_of(node) else { return false };
    let ControlFlow::Continue(listener) = balancing::listener(own, header) else { return false };
    let Some((way, _)) = &before.way else { return false };
    let is_same = |fact| {
        let target = balancing::target(network, fact).map(|(_, target)| (target.address, target.port));
        target.is_some_and(|(address, port)| {
            (way.request.destination, way.request.port) == (address, Some(port))
        })
    };
    balancing::choices(network, own, node, listener, header.source).into_iter().any(is_same)
}

/// Everything that a proxy may do with a request of `connection` that came to it by `leg`, each as the case that a connection
/// would be which did so: with something onward. `memory` is what is remembered of the connection.
pub fn onwards(
    network: &Network,
    connection: &Connection,
    asked: &Header,
    leg: &Leg,
    memory: &Memory,
) -> Vec<Case> {
    /// Ways that are told apart.
    const MOST: usize = 64;
    let ports = asked.source_port().map_or(connection.source_ports, PortRange::single);
    let forward = Leg { remembers: memory.clone(), ..leg.clone() };
    let mut all = Vec::new();
    let mut next = Some(Choices::default());
    while let Some(mut choices) = next.filter(|_| all.len() < MOST) {
        let mut case = Case::new(connection, ports, forward.clone());
        case.outcome = Outcome::Connected;
        proxied::follow(network, connection, &mut case, &mut choices);
        all.extend(case.onward.is_some().then_some(case));
        next = choices.next();
    }
    all
}

impl Proxied {
    /// Whether it is not known what becomes of the request.
    pub fn is_unknown(&self) -> bool {
        self.checkpoint.decision == super::Decision::Unknown
    }

    /// Whether both send to the same target, or both to none.
    pub fn goes_like(&self, other: &Self) -> bool {
        let target =
            |own: &Self| own.way.as_ref().map(|(way, _)| (way.request.destination, way.request.port));
        target(self) == target(other)
            && (self.way.is_some() || self.checkpoint.decision == other.checkpoint.decision)
    }

    /// The same where `fact` says that nothing is known.
    #[must_use]
    pub fn unknown_by(&self, fact: LoadBalancerFact) -> Self {
        let decided_by = super::DecidedBy::LoadBalancer(fact);
        Self {
            checkpoint: super::Checkpoint { decided_by, decision: fact.decision(), ..self.checkpoint },
            way: None,
        }
    }

    /// The way of a packet that came by `leg` to the proxy, of which it is not known where it goes.
    pub fn in_doubt(&self, leg: Leg) -> Leg {
        if !leg.is_delivered() {
            return leg;
        }
        let unknown_at = leg.unknown_at.or(Some(leg.checkpoints.len()));
        let checkpoints = leg.checkpoints.into_iter().chain([self.checkpoint]).collect();
        Leg { checkpoints, unknown_at, ..leg }
    }
}
