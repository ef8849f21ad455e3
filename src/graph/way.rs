//! The way of a connection, both ways, as hops from place to place.
//!
//! Checkpoints say at which interface or gateway a packet is. Where two of them are at different places there is a hop.
//! What stops the packet stands on a hop: near its end when it is met on entering a place, near its begin when on
//! leaving. Behind the first stop nothing is real: the hops there say what the packet would meet.

use super::{Caption, CaptionKind, Edge, Graph, Node};
use crate::diagnostic::escape;
use crate::model::{Connection, Endpoint, Index, LegKind, NetworkInterface, Subnet};
use crate::net::Direction;
use crate::walk::{Arrival, Blocker, Case, Checkpoint, Decision, Leg, Place, Reason, Stage, Trace};

/// A packet goes from one place to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Which way.
    pub leg: LegKind,
    /// Its position on the way, from 1.
    pub number: usize,
    /// Whether the packet leaves the place where the hop begins, for certain.
    pub is_real: bool,
    /// What stands on it, in the order of the way.
    pub marks: Vec<Mark>,
}

/// Something that stops a packet, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its number among the blockers, from 1, as `explain` counts them; `None` is what is not known.
    pub number: Option<usize>,
    /// At which end of its hop it stands.
    pub near: Near,
    /// The subnet in which it was met, where that end is a gateway which has an interface there.
    pub subnet: Option<Index<Subnet>>,
}

impl Hop {
    /// Whether the packet comes to its end, for certain.
    pub fn goes_through(&self) -> bool {
        self.is_real && self.marks.is_empty()
    }
}

/// An end of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    /// Where it begins.
    Start,
    /// Where it ends.
    End,
}

impl Mark {
    /// `1`, or `?`.
    pub(super) fn sign(&self) -> String {
        self.number.map_or_else(|| "?".to_owned(), |number| number.to_string())
    }
}

impl Graph<'_> {
    /// Adds the way of a connection: `case` of what `trace` found, under a title.
    pub fn draw(&mut self, connection: &Connection, trace: &Trace, case: &Case, title: &str) {
        self.caption.push(Caption { kind: CaptionKind::Title, text: escape(title) });
        let blockers = trace.blockers();
        let mut reasons = Vec::new();
        for (kind, leg) in case.legs() {
            let is_sent = kind == LegKind::Forward || case.forward.is_delivered();
            let mut tracer = Tracer::new(self, &blockers, kind, is_sent);
            tracer.begin(connection, case);
            for checkpoint in &leg.checkpoints {
                tracer.checkpoint(leg, checkpoint);
            }
            tracer.end(leg);
            let Tracer { reasons: found, .. } = tracer;
            reasons.extend(found);
            let text = summary(leg, kind, is_sent, &blockers);
            self.caption.push(Caption { kind: CaptionKind::Leg(kind), text });
        }
        for (sign, text) in reasons {
            self.caption.push(Caption { kind: CaptionKind::Mark(sign), text });
        }
        // What a proxy does behind is said, and drawn by a question of its own.
        if let Some(onward) = &case.onward {
            let network = self.network;
            let decided = Reason::of(network, &case.forward, &onward.checkpoint);
            let outcome = onward.outcome();
            let text = format!("behind {}, which {}: {outcome}", decided.owner, decided.text);
            self.caption.push(Caption { kind: CaptionKind::Title, text });
        }
    }
}

/// `request 10.0.0.10 → 10.0.1.20: stops at 1`.
fn summary(leg: &Leg, kind: LegKind, is_sent: bool, blockers: &[Blocker]) -> String {
    let name = kind.name();
    let first = leg.stopped_at.and_then(|position| leg.checkpoints.get(position));
    let number = first.and_then(|first| number(blockers, kind, first));
    let at = number.map(|number| format!(" at {number}")).unwrap_or_default();
    let end = match (leg.stopped_at, leg.unknown_at, is_sent) {
        (Some(_), _, true) => format!("stops{at}"),
        (Some(_), _, false) => format!("would stop{at}"),
        (None, Some(_), _) => "not known".to_owned(),
        (None, None, true) => "delivered".to_owned(),
        (None, None, false) => "would be delivered".to_owned(),
    };
    match leg.checkpoints.first() {
        Some(checkpoint) => format!("{name} {}: {end}", checkpoint.header),
        None => format!("{name}: {end}"),
    }
}

/// `acl-public ingress 90: deny tcp 32768-65535 from 10.0.1.0/24`; of what is no rule, its stage and place.
fn described(reason: &Reason, checkpoint: &Checkpoint) -> String {
    let is_rule =
        matches!(reason.kind, "network-acl-entry" | "security-group-rule" | "no-security-group-rule");
    let what = if is_rule {
        reason.short(checkpoint.direction)
    } else {
        format!("{} {}", checkpoint.stage, reason.owner)
    };
    format!("{what}: {}", reason.text)
}

/// Position of a stop among the blockers, from 1.
fn number(blockers: &[Blocker], kind: LegKind, checkpoint: &Checkpoint) -> Option<usize> {
    let same = |blocker: &Blocker| {
        let other = &blocker.checkpoint;
        blocker.leg == kind
            && other.stage == checkpoint.stage
            && other.place == checkpoint.place
            && other.decided_by == checkpoint.decided_by
    };
    blockers.iter().position(same).map(|position| position + 1)
}

/// Follows the checkpoints of one leg.
struct Tracer<'g, 'n> {
    graph: &'g mut Graph<'n>,
    blockers: &'g [Blocker],
    kind: LegKind,
    /// Whether the packet is still on its way, for certain.
    is_real: bool,
    at: Option<Node>,
    /// Number of hops so far.
    hops: usize,
    /// The last hop, whose end is where the packet is.
    last: Option<petgraph::graph::EdgeIndex>,
    /// What was met on leaving.
    pending: Vec<Mark>,
    /// As `is_real`, before what is `pending`.
    leaves_real: bool,
    /// Signs of marks, and what they mean.
    reasons: Vec<(String, String)>,
}

impl<'g, 'n> Tracer<'g, 'n> {
    fn new(graph: &'g mut Graph<'n>, blockers: &'g [Blocker], kind: LegKind, is_sent: bool) -> Self {
        Self {
            graph,
            blockers,
            kind,
            is_real: is_sent,
            at: None,
            hops: 0,
            last: None,
            pending: Vec::new(),
            leaves_real: is_sent,
            reasons: Vec::new(),
        }
    }

    /// Where the packet is sent: a reply from where the request came to.
    fn begin(&mut self, connection: &Connection, walked: &Case) {
        let (end, arrival) = match self.kind {
            LegKind::Forward => (connection.from, None),
            LegKind::Reverse => (connection.to, walked.forward.arrival),
        };
        let place = match (arrival, end) {
            (Some((arrival, _)), _) => self.place_of(arrival),
            (None, Endpoint::Interface(interface)) => self.at_interface(interface),
            (None, Endpoint::Address(address)) => {
                let customer = self.graph.network.customer_network_of(address);
                customer.map_or(Node::Internet, Node::CustomerNetwork)
            }
            (None, Endpoint::Service(_) | Endpoint::Internet(_)) => Node::Internet,
        };
        if place == Node::Internet && self.kind == LegKind::Forward {
            self.graph.outside = Some(connection.request.source);
        }
        self.go(place);
    }

    fn checkpoint(&mut self, leg: &Leg, checkpoint: &Checkpoint) {
        let here = match (checkpoint.place, checkpoint.interface) {
            // It came to a service, and was meant for somebody else.
            (Place::Gateway(gateway), None) if checkpoint.stage == Stage::Delivery => {
                Some(Node::ServiceBehind(gateway))
            }
            (Place::Gateway(gateway), _) => Some(Node::Gateway(gateway)),
            (Place::CustomerNetwork(customer), _) => Some(Node::CustomerNetwork(customer)),
            (_, Some(interface)) | (Place::NetworkInterface(interface), None) => {
                Some(self.at_interface(interface))
            }
            (Place::Internet, None) => (checkpoint.decision == Decision::Pass).then_some(Node::Internet),
            _ => None,
        };
        if let Some(here) = here {
            self.go(here);
        }
        let number = match checkpoint.decision {
            Decision::Deny | Decision::Drop => number(self.blockers, self.kind, checkpoint),
            Decision::Unknown => None,
            Decision::Allow | Decision::Pass => return,
        };
        let entering = matches!(checkpoint.place, Place::Gateway(_))
            || matches!(checkpoint.place, Place::NetworkInterface(_)) && checkpoint.interface.is_none()
            || checkpoint.direction == Direction::Ingress;
        let near = if entering { Near::End } else { Near::Start };
        let mark = Mark { number, near, subnet: self.subnet_of_gateway(checkpoint) };
        let reason = Reason::of(self.graph.network, leg, checkpoint);
        let line = (mark.sign(), described(&reason, checkpoint));
        if !self.reasons.contains(&line) {
            self.reasons.push(line);
        }
        let hop = self.last.filter(|_| entering).and_then(|last| self.graph.inner.edge_weight_mut(last));
        match hop {
            Some(Edge::Hop(hop)) => {
                hop.marks.push(mark);
                self.leaves_real = false;
            }
            _ => self.pending.push(Mark { near: Near::Start, ..mark }),
        }
        self.is_real = false;
    }

    /// Where the packet came to; what was met on leaving for nowhere is drawn beside the last place.
    fn end(&mut self, leg: &Leg) {
        match leg.arrival {
            Some((arrival, header)) => {
                if arrival == Arrival::Internet && self.kind == LegKind::Forward {
                    self.graph.outside = Some(header.destination);
                }
                self.go(self.place_of(arrival));
            }
            None if self.last.is_some() && self.pending.is_empty() => {}
            None => self.go_nowhere(),
        }
        if !self.pending.is_empty() {
            self.go_nowhere();
        }
    }

    fn place_of(&self, arrival: Arrival) -> Node {
        match arrival {
            Arrival::Interface(interface) => self.at_interface(interface),
            Arrival::Internet => Node::Internet,
            // A service of VPC Lattice is no gateway to another one.
            Arrival::Service(gateway) if self.graph.network.gateways[gateway].lattice_service().is_some() => {
                Node::Gateway(gateway)
            }
            Arrival::Service(gateway) => Node::ServiceBehind(gateway),
            Arrival::Gateway(gateway, _) => Node::Gateway(gateway),
            Arrival::CustomerNetwork(customer) => Node::CustomerNetwork(customer),
            Arrival::Mirror(by) => {
                self.at_interface(self.graph.network.traffic_mirror_sessions[by.session].source)
            }
            Arrival::Reserved(row, interface) => {
                Node::Service(row.name, self.graph.network.network_interfaces[interface].subnet)
            }
        }
    }

    fn go_nowhere(&mut self) {
        let home = self.at.as_ref().map_or(super::Home::Outside, |at| self.graph.home(at));
        self.go(Node::Nowhere(self.kind, home));
    }

    /// An interface, or the gateway that it is a part of.
    fn at_interface(&self, interface: Index<NetworkInterface>) -> Node {
        match self.graph.network.network_interfaces[interface].gateway {
            Some(gateway) => Node::Gateway(gateway),
            None => Node::NetworkInterface(interface),
        }
    }

    /// The subnet in which a checkpoint is, if it is at an interface of a gateway.
    fn subnet_of_gateway(&self, checkpoint: &Checkpoint) -> Option<Index<Subnet>> {
        let place = (checkpoint.place, checkpoint.interface);
        let ((Place::NetworkInterface(interface), _) | (_, Some(interface))) = place else { return None };
        let own = &self.graph.network.network_interfaces[interface];
        own.gateway.map(|_| own.subnet)
    }

    /// The packet is at `node`; if it was elsewhere, it made a hop.
    fn go(&mut self, node: Node) {
        if self.at.as_ref() == Some(&node) {
            return;
        }
        let to = self.graph.standing(node.clone());
        if let Some(from) = self.at.replace(node) {
            let from = self.graph.node(from);
            let marks = std::mem::take(&mut self.pending);
            self.hops += 1;
            let (leg, number, is_real) = (self.kind, self.hops, self.leaves_real);
            let hop = Hop { leg, number, is_real, marks };
            self.last = Some(self.graph.inner.add_edge(from, to, Edge::Hop(hop)));
        }
        self.leaves_real = self.is_real;
    }
}
