//! The second connection of VPC Lattice: a service that takes a connection opens one of its own to a target, from an address
//! of VPC Lattice.
//! AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html>

use std::ops::ControlFlow;

use super::choices::Choices;
use super::gateway::load_balancer as balancing;
use super::lattice::listener;
use super::lattice_later::policies;
use super::load_balancers::node_ports;
use super::proxied::{MOST_PROXIES, Proxied, card_of, target_label, walked};
use super::{Arrival, Case, Checkpoint, DecidedBy, Decision, LoadBalancerFact as Fact, Place, Stage};
use crate::model::{
    Connection, Endpoint, Gateway, Index, LatticeListener, LatticeProtocol, LatticeService, Network, Outcome,
    Request, Symptom, Target, TargetGroup, TargetHealth, TargetType,
};
use crate::net::{Direction, Family, Header, Protocol};

/// Follows the connection of `case`, which is connected, behind a service of VPC Lattice, if it came to one.
pub(super) fn follow(network: &Network, connection: &Connection, case: &mut Case, choices: &mut Choices) {
    let Some((Arrival::Service(index), header)) = case.forward.arrival else { return };
    let Some(service) = network.gateways[index].lattice_service() else { return };
    let ControlFlow::Continue(listener) = listener(service, &header) else { return };
    let proxy = Proxy { network, index, service, header };
    let onward = if let Some(doubt) = policies(network, index, service, &case.forward.remembers) {
        proxy.decided(DecidedBy::Lattice(doubt))
    } else {
        let all = proxy.choices(listener);
        let Some(fact) = all.get(choices.pick(all.len())).copied() else { return };
        proxy.onward(connection, fact, choices)
    };
    onward.put_behind(case, |outcome| symptom(listener.protocol, outcome));
}

/// What the client sees of a connection that is not carried on: a listener that reads requests has taken it, and answers in
/// HTTP; one that passes through resets it. Assumed: lattice-tls-passthrough.
fn symptom(protocol: LatticeProtocol, outcome: Outcome) -> Option<Symptom> {
    match (protocol, outcome) {
        (_, Outcome::Unknown | Outcome::Depends) => None,
        (LatticeProtocol::TlsPassthrough, _) => Some(Symptom::Reset),
        (LatticeProtocol::Http | LatticeProtocol::Https, _) => Some(Symptom::Connects),
    }
}

/// A service that has taken a connection.
struct Proxy<'a> {
    network: &'a Network,
    index: Index<Gateway>,
    service: &'a LatticeService,
    /// The request as it came.
    header: Header,
}

impl Proxy<'_> {
    /// Everything that may become of a request, at least one thing: rules read it, so that any may apply.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html#listener-rules>
    fn choices(&self, listener: &LatticeListener) -> Vec<Fact> {
        let (mut all, mut known) = (Vec::new(), Vec::new());
        for groups in &listener.rules {
            if groups.is_empty() && !all.contains(&Fact::AnswersItself) {
                all.push(Fact::AnswersItself);
            }
            for group in groups {
                if !known.contains(group) {
                    known.push(*group);
                    all.extend(self.targets_of(*group));
                }
            }
        }
        all
    }

    /// The targets of a group to one of which the service sends, or what happens instead: only healthy ones are sent to.
    /// AWS: <https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html>
    fn targets_of(&self, group: Index<TargetGroup>) -> Vec<Fact> {
        let own = &self.network.target_groups[group];
        if own.target_type == TargetType::Lambda {
            return vec![Fact::AnswersItself]; // the function is called, and not connected to
        }
        let Some(targets) = &own.targets else { return vec![Fact::TargetsNotCollected(group)] };
        if targets.iter().any(|target| target.health == TargetHealth::NotCollected) {
            return vec![Fact::TargetsNotCollected(group)];
        }
        let healthy = targets.iter().enumerate().filter(|(_, own)| own.health == TargetHealth::Healthy);
        let all: Vec<Fact> = healthy.map(|(target, _)| Fact::Target { group, target }).collect();
        if all.is_empty() { vec![Fact::NoTarget(group)] } else { all }
    }

    fn onward(&self, connection: &Connection, fact: Fact, choices: &mut Choices) -> Proxied {
        let Some((_, target)) = balancing::target(self.network, fact) else {
            return self.decided(DecidedBy::LoadBalancer(fact));
        };
        if connection.proxies >= MOST_PROXIES {
            return self.decided(DecidedBy::LoadBalancer(Fact::TooManyProxies));
        }
        let opened = self.connection(connection, target);
        let way = walked(self.network, opened, choices);
        Proxied { way, ..self.decided(DecidedBy::LoadBalancer(fact)) }
    }

    /// A decision without a connection behind it.
    fn decided(&self, decided_by: DecidedBy) -> Proxied {
        let decision = match decided_by {
            DecidedBy::Lattice(fact) => fact.decision(),
            DecidedBy::LoadBalancer(fact) => fact.decision(),
            _ => Decision::Unknown,
        };
        let checkpoint = Checkpoint {
            stage: Stage::VpcLattice,
            place: Place::Gateway(self.index),
            interface: None,
            direction: Direction::Egress,
            header: self.header,
            decision,
            decided_by,
            hypothetical: false,
        };
        Proxied { checkpoint, way: None }
    }

    /// The connection that is opened to a target. It carries what the client's does: as much, and at the same time.
    /// Assumed: proxy-carries-same, lattice-addresses.
    fn connection(&self, of: &Connection, target: &Target) -> Connection {
        let source = self.service.address(Family::of(target.address));
        let card = card_of(self.network, target);
        Connection {
            name: format!("{} onward", of.name),
            from: Endpoint::Address(source),
            to: card.map_or(Endpoint::Address(target.address), Endpoint::Interface),
            labels: [
                self.network.gateways[self.index].identity.name.clone(),
                target_label(self.network, target),
            ],
            alternatives: Vec::new(),
            near_alternatives: Vec::new(),
            doubt: None,
            request: Request {
                source,
                destination: target.address,
                protocol: Protocol::TCP,
                port: Some(target.port),
                icmp: None,
            },
            source_ports: node_ports(),
            ephemeral: None,
            proxies: of.proxies + 1,
            ..of.clone()
        }
    }
}
