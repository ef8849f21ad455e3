//! A connection: both legs, every blocker, and every case that what is not fixed can lead to.

use super::choices::Choices;
use super::leg::leg_with;
use super::{
    Arrival, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Place, Reasons, Stage, Waiving,
};
use crate::model::{
    Connection, Endpoint, Index, LegKind, Listener, Network, NetworkInterface, Outcome, Symptom,
};
use crate::net::{Direction, Header, PortRange, Protocol};

/// How a connection ends, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Whether it works.
    pub outcome: Outcome,
    /// What the client sees, when all cases agree.
    pub symptom: Option<Symptom>,
    /// The cases, at least one: ranges of the client's ports in order, and AWS's arbitrary choices within each.
    pub cases: Vec<Case>,
}

/// One case of a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The client's ports it stands for.
    pub source_ports: PortRange,
    /// The opening packet, with the first of these ports.
    pub request: Header,
    /// Whether it works.
    pub outcome: Outcome,
    /// What the client sees.
    pub symptom: Option<Symptom>,
    /// From the client to the server.
    pub forward: Leg,
    /// From the server to the client. Absent when the forward leg is incomplete, or nothing is answered.
    pub reverse: Option<Leg>,
}

/// Something that stops a connection; all of them must be mended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blocker {
    /// Which way.
    pub leg: LegKind,
    /// What stops.
    pub checkpoint: Checkpoint,
}

/// What differs between two cases, and how each ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The condition, in words.
    pub when: String,
    /// How the case ends.
    pub outcome: Outcome,
}

impl Case {
    /// The legs that were walked.
    pub fn legs(&self) -> impl Iterator<Item = (LegKind, &Leg)> {
        [(LegKind::Forward, Some(&self.forward)), (LegKind::Reverse, self.reverse.as_ref())]
            .into_iter()
            .filter_map(|(kind, leg)| Some((kind, leg?)))
    }

    /// Every stop of both legs, in the order of the way.
    pub fn blockers(&self) -> impl Iterator<Item = Blocker> + '_ {
        self.legs().flat_map(|(leg, walked)| {
            let stops = walked.checkpoints.iter().filter(|checkpoint| checkpoint.decision.stops());
            stops.map(move |checkpoint| Blocker { leg, checkpoint: *checkpoint })
        })
    }

    /// Whether every decision was taken the same way for the same reason, whatever the ports.
    fn went_like(&self, other: &Self) -> bool {
        let way = |case: &Self| -> Vec<_> {
            let checkpoints = case.legs().flat_map(|(_, leg)| &leg.checkpoints);
            checkpoints.map(|point| (point.stage, point.place, point.decision, point.decided_by)).collect()
        };
        self.outcome == other.outcome && way(self) == way(other)
    }

    /// Arbitrary routes that AWS took in this case.
    pub(crate) fn arbitrary_routes(&self) -> impl Iterator<Item = &Checkpoint> {
        let all = self.legs().flat_map(|(_, leg)| &leg.checkpoints);
        all.filter(|checkpoint| matches!(checkpoint.decided_by, DecidedBy::ArbitraryRoute(_)))
    }
}

impl Trace {
    /// The first case: the one that explanations show in full.
    pub fn main(&self) -> Option<&Case> {
        self.cases.first()
    }

    /// The first case that ends otherwise than connected, or else the first.
    pub fn worst(&self) -> Option<&Case> {
        self.cases.iter().find(|case| case.outcome != Outcome::Connected).or_else(|| self.main())
    }

    /// Every blocker of every case, each once.
    pub fn blockers(&self) -> Vec<Blocker> {
        let mut all: Vec<Blocker> = Vec::new();
        for blocker in self.cases.iter().flat_map(Case::blockers) {
            let same = |other: &Blocker| {
                let (a, b) = (&other.checkpoint, &blocker.checkpoint);
                other.leg == blocker.leg
                    && a.stage == b.stage
                    && a.place == b.place
                    && a.decided_by == b.decided_by
            };
            if !all.iter().any(same) {
                all.push(blocker);
            }
        }
        all
    }
}

/// Walks a connection, with all reasons.
pub fn trace(network: &Network, connection: &Connection) -> Trace {
    trace_with(network, connection, &[])
}

/// As [`trace`], overlooking the stops in `waivers` as if they had been mended.
pub fn trace_with(network: &Network, connection: &Connection, waivers: &[super::Waiver]) -> Trace {
    let range = connection.source_ports;
    let first = cases(network, connection, PortRange::single(range.from()), waivers);
    let mut starts: Vec<u16> = first.iter().flat_map(|case| port_boundaries(network, case)).collect();
    let mut all: Vec<Case> = Vec::new();
    // The first piece begins with the port that was walked already.
    let mut first = Some(first);
    for piece in range.split_at(&mut starts) {
        let mut walked = first.take().unwrap_or_else(|| cases(network, connection, piece, waivers));
        for case in &mut walked {
            case.source_ports = piece;
        }
        merge(&mut all, walked);
    }
    let outcome = agreed(all.iter().map(|case| case.outcome)).unwrap_or(Outcome::Depends);
    let symptom = agreed(all.iter().map(|case| case.symptom)).flatten();
    Trace { outcome, symptom, cases: all }
}

/// Adds the cases of the next piece of ports, joining them to those of the piece before when nothing changed.
fn merge(all: &mut Vec<Case>, walked: Vec<Case>) {
    let before = all.len().saturating_sub(walked.len());
    let earlier = all.get(before..).unwrap_or_default();
    let unchanged = earlier.len() == walked.len()
        && earlier.iter().zip(&walked).all(|(a, b)| {
            a.source_ports == earlier.first().map_or(a.source_ports, |first| first.source_ports)
                && a.went_like(b)
        });
    if !unchanged {
        all.extend(walked);
        return;
    }
    for (case, more) in all.iter_mut().skip(before).zip(walked) {
        let (from, to) = (case.source_ports.from(), more.source_ports.to());
        case.source_ports = PortRange::new(from, to).unwrap_or(case.source_ports);
    }
}

/// The cases for one piece of the client's ports: one, unless AWS chooses arbitrarily.
fn cases(
    network: &Network,
    connection: &Connection,
    ports: PortRange,
    waivers: &[super::Waiver],
) -> Vec<Case> {
    /// Cases that are told apart; more would help nobody.
    const MOST: usize = 64;
    let mut found = Vec::new();
    let mut next = Some(Choices::default());
    while let Some(mut choices) = next.take_if(|_| found.len() < MOST) {
        found.push(one_case(network, connection, ports, &mut choices, waivers));
        next = choices.next();
    }
    found
}

fn one_case(
    network: &Network,
    connection: &Connection,
    source_ports: PortRange,
    choices: &mut Choices,
    waivers: &[super::Waiver],
) -> Case {
    let request = connection.request.header(source_ports.from());
    let from = match connection.from {
        Endpoint::Interface(interface) => Arrival::Interface(interface),
        Endpoint::Address(_) | Endpoint::Internet(_) => Arrival::Internet,
    };
    let mut watch = Waiving { waivers, reasons: Reasons::default() };
    let mut forward =
        leg_with(network, &Packet { header: request, from }, &Memory::default(), choices, &mut watch);
    forward.checkpoints = std::mem::take(&mut watch.reasons.0);
    if let Endpoint::Interface(to) = connection.to {
        must_arrive_at(&mut forward, Arrival::Interface(to), &watch);
    }

    let mut listener = Listener::Listening;
    let answered = request.expects_reply();
    let reverse = forward.arrival.filter(|_| answered).map(|(at, header)| {
        let host = host(network, at, &header);
        listener = host.map_or(Listener::Listening, |(_, listener)| listener);
        let packet = Packet { header: header.reversed(), from: at };
        let mut leg = leg_with(network, &packet, &forward.remembers, choices, &mut watch);
        leg.checkpoints = std::mem::take(&mut watch.reasons.0);
        must_arrive_at(&mut leg, from, &watch);
        if let Some((interface, listener)) = host {
            leg = begin_with_host(leg, interface, listener, packet.header, &watch);
        }
        // Without a request there is no reply: everything it would meet is hypothetical.
        for checkpoint in leg.checkpoints.iter_mut().filter(|_| !forward.is_delivered()) {
            checkpoint.hypothetical = true;
        }
        leg
    });
    let outcome = outcome(&forward, reverse.as_ref());
    let symptom = symptom(outcome, request.protocol, listener, answered);
    Case { source_ports, request, outcome, symptom, forward, reverse }
}

/// The host at the far end, when it is stated what its programs listen on.
fn host(network: &Network, at: Arrival, header: &Header) -> Option<(Index<NetworkInterface>, Listener)> {
    let Arrival::Interface(interface) = at else { return None };
    let instance = network.instance_of(interface).filter(|instance| instance.listens.is_some())?;
    Some((interface, instance.listener(header)))
}

/// Stops a packet that came to somebody else: another host with its destination, or the internet.
fn must_arrive_at(leg: &mut Leg, expected: Arrival, watch: &impl Observe) {
    let Some((at, header)) = leg.arrival else { return };
    if at == expected || matches!(at, Arrival::Reserved(..)) {
        return;
    }
    let checkpoint = Checkpoint {
        stage: Stage::Delivery,
        place: match at {
            Arrival::Interface(interface) => Place::NetworkInterface(interface),
            Arrival::Internet | Arrival::Reserved(..) => Place::Internet,
        },
        interface: None,
        direction: Direction::Ingress,
        header,
        decision: Decision::Drop,
        decided_by: DecidedBy::SomebodyElse,
        hypothetical: leg.stopped_at.is_some(),
    };
    if !watch.waives(&checkpoint) {
        leg.stopped_at = leg.stopped_at.or(Some(leg.checkpoints.len()));
    }
    leg.checkpoints.push(checkpoint);
}

/// Puts the host's own decision before the reply.
fn begin_with_host(
    mut leg: Leg,
    interface: Index<NetworkInterface>,
    listener: Listener,
    header: Header,
    watch: &impl Observe,
) -> Leg {
    // A closed UDP port is answered, if at all, by ICMP: no reply of the flow.
    let silent =
        listener == Listener::Silent || (listener == Listener::Refusing && header.protocol != Protocol::TCP);
    let checkpoint = Checkpoint {
        stage: Stage::Listener,
        place: Place::NetworkInterface(interface),
        interface: None,
        direction: Direction::Egress,
        header,
        decision: if silent { Decision::Drop } else { Decision::Pass },
        decided_by: DecidedBy::Host(listener),
        hypothetical: false,
    };
    let stops = silent && !watch.waives(&checkpoint);
    for later in leg.checkpoints.iter_mut().filter(|_| stops) {
        later.hypothetical = true;
    }
    leg.checkpoints.insert(0, checkpoint);
    let shifted = |at: Option<usize>| at.map(|at| at + 1);
    leg.stopped_at = if stops { Some(0) } else { shifted(leg.stopped_at) };
    leg.unknown_at = shifted(leg.unknown_at);
    leg
}

fn outcome(forward: &Leg, reverse: Option<&Leg>) -> Outcome {
    let stopped = |leg: &Leg| leg.stopped_at.is_some();
    let unknown = |leg: &Leg| leg.unknown_at.is_some();
    match (forward, reverse) {
        (forward, _) if stopped(forward) => Outcome::Blocked,
        (_, Some(reverse)) if stopped(reverse) => Outcome::Unanswered,
        (forward, reverse) if unknown(forward) || reverse.is_some_and(unknown) => Outcome::Unknown,
        _ => Outcome::Connected,
    }
}

fn symptom(outcome: Outcome, protocol: Protocol, listener: Listener, answered: bool) -> Option<Symptom> {
    match (outcome, protocol) {
        (Outcome::Unknown | Outcome::Depends, _) => None,
        _ if !answered => None,
        (Outcome::Connected, Protocol::TCP) if listener == Listener::Refusing => Some(Symptom::Refused),
        (Outcome::Connected, _) => Some(Symptom::Connects),
        (Outcome::Blocked | Outcome::Unanswered, Protocol::TCP) => Some(Symptom::Timeout),
        (Outcome::Blocked | Outcome::Unanswered, _) => Some(Symptom::NoReply),
    }
}

/// First ports of the ranges between which rules on the way of the reply can tell: its destination is the client's
/// port. Routes and gateways do not look at it, so that the way is the same for all.
fn port_boundaries(network: &Network, case: &Case) -> Vec<u16> {
    let mut starts = Vec::new();
    let mut note = |ports: PortRange| {
        starts.extend([Some(ports.from()), ports.to().checked_add(1)].into_iter().flatten());
    };
    for checkpoint in case.reverse.iter().flat_map(|leg| &leg.checkpoints) {
        let direction = checkpoint.direction;
        match (checkpoint.stage, checkpoint.place) {
            (Stage::NetworkAclEgress | Stage::NetworkAclIngress, Place::NetworkAcl(acl)) => {
                let entries = network.network_acls[acl].entries.get(direction);
                for entry in entries {
                    note(entry.test.service.ports);
                }
            }
            (
                Stage::SecurityGroupEgress | Stage::SecurityGroupIngress,
                Place::NetworkInterface(interface),
            ) => {
                for (.., rule) in network.security_group_rules(interface, direction) {
                    note(rule.test.service.ports);
                }
            }
            _ => {}
        }
    }
    starts
}

/// The value that all have, if they agree.
fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}
