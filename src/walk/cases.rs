//! The cases of a connection: both legs for one of the client's ports, once for each way in which AWS may choose.

use super::choices::Choices;
use super::leg::leg_with;
use super::{Arrival, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Place, Stage, Waiving};
use crate::model::{
    Connection, Endpoint, Index, LegKind, Listener, Network, NetworkInterface, Outcome, Symptom,
};
use crate::net::{Direction, Header, Protocol};

/// Watches both legs of a case.
pub(super) trait Watch: Observe {
    /// Whether checkpoints are kept.
    const KEEPS: bool;

    /// Told that a leg begins.
    fn begin(&mut self, leg: LegKind);

    /// The checkpoints of the leg that has ended; none unless they are kept.
    fn end(&mut self) -> Vec<Checkpoint>;
}

impl Watch for Waiving<'_> {
    const KEEPS: bool = true;

    fn begin(&mut self, _: LegKind) {
        /// Checkpoints of most legs, and the host's. With one more the allocator would take its slower way.
        const USUAL: usize = 9;
        self.reasons.0.reserve(USUAL);
    }

    fn end(&mut self) -> Vec<Checkpoint> {
        std::mem::take(&mut self.reasons.0)
    }
}

/// What became of one case.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) request: Header,
    pub(super) outcome: Outcome,
    pub(super) symptom: Option<Symptom>,
    pub(super) forward: Leg,
    pub(super) reverse: Option<Leg>,
}

/// Walks every case in which the client uses `source_port`: one, unless AWS chooses arbitrarily.
pub(super) fn each_case<W: Watch>(
    network: &Network,
    connection: &Connection,
    source_port: u16,
    watch: &mut W,
    mut take: impl FnMut(Walked),
) {
    /// Cases that are told apart; more would help nobody.
    const MOST: usize = 64;
    let mut next = Some(Choices::default());
    for _ in 0..MOST {
        let Some(mut choices) = next else { break };
        take(one_case(network, connection, source_port, &mut choices, watch));
        next = choices.next();
    }
}

fn one_case<W: Watch>(
    network: &Network,
    connection: &Connection,
    source_port: u16,
    choices: &mut Choices,
    watch: &mut W,
) -> Walked {
    let request = connection.request.header(source_port);
    watch.begin(LegKind::Forward);
    let packet = Packet { header: request, from: beginning(network, connection) };
    let mut forward = leg_with(network, &packet, &Memory::default(), choices, watch);
    forward.checkpoints = watch.end();
    if let Endpoint::Interface(to) = connection.to {
        must_arrive_at(&mut forward, Arrival::Interface(to), watch);
    }
    let Answer { outcome, symptom, reverse } = answer(network, connection, &forward, choices, watch);
    Walked { request, outcome, symptom, forward, reverse }
}

/// What follows from a way there.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) symptom: Option<Symptom>,
    pub(super) reverse: Option<Leg>,
}

/// Walks the reply to a request that went `forward`.
pub(super) fn answer<W: Watch>(
    network: &Network,
    connection: &Connection,
    forward: &Leg,
    choices: &mut Choices,
    watch: &mut W,
) -> Answer {
    let from = beginning(network, connection);
    let mut listener = Listener::Listening;
    let answered = connection.request.header(0).expects_reply();
    let reverse = forward.arrival.filter(|_| answered).map(|(at, header)| {
        let host = host(network, at, &header);
        listener = host.map_or(Listener::Listening, |(_, listener)| listener);
        let packet = Packet { header: header.reversed(), from: at };
        watch.begin(LegKind::Reverse);
        let mut leg = leg_with(network, &packet, &forward.remembers, choices, watch);
        leg.checkpoints = watch.end();
        must_arrive_at(&mut leg, from, watch);
        if let Some((interface, listener)) = host {
            begin_with_host(&mut leg, interface, listener, packet.header, watch);
        }
        // Without a request there is no reply: everything it would meet is hypothetical.
        for checkpoint in leg.checkpoints.iter_mut().filter(|_| !forward.is_delivered()) {
            checkpoint.hypothetical = true;
        }
        leg
    });
    let outcome = outcome(forward, reverse.as_ref());
    let symptom = symptom(outcome, connection.request.protocol, listener, answered);
    Answer { outcome, symptom, reverse }
}

/// Where the opening packet enters the network.
fn beginning(network: &Network, connection: &Connection) -> Arrival {
    match connection.from {
        Endpoint::Interface(interface) => Arrival::Interface(interface),
        Endpoint::Address(address) => match network.customer_network_of(address) {
            Some(customer) => Arrival::CustomerNetwork(customer),
            None => Arrival::Internet,
        },
        Endpoint::Internet(_) => Arrival::Internet,
    }
}

/// The host at the far end, when it is stated what its programs listen on.
fn host(network: &Network, at: Arrival, header: &Header) -> Option<(Index<NetworkInterface>, Listener)> {
    let Arrival::Interface(interface) = at else { return None };
    let instance = network.instance_of(interface).filter(|instance| instance.listens.is_some())?;
    Some((interface, instance.listener(header)))
}

/// Stops a packet that came to somebody else: another host with its destination, or the internet.
fn must_arrive_at<W: Watch>(leg: &mut Leg, expected: Arrival, watch: &W) {
    let Some((at, header)) = leg.arrival else { return };
    if at == expected || matches!(at, Arrival::Reserved(..)) {
        return;
    }
    let checkpoint = Checkpoint {
        stage: Stage::Delivery,
        place: match at {
            Arrival::Interface(interface) => Place::NetworkInterface(interface),
            Arrival::Service(endpoint) => Place::Gateway(endpoint),
            Arrival::CustomerNetwork(customer) => Place::CustomerNetwork(customer),
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
    if W::KEEPS {
        leg.checkpoints.push(checkpoint);
    }
}

/// Puts the host's own decision before the reply.
fn begin_with_host<W: Watch>(
    leg: &mut Leg,
    interface: Index<NetworkInterface>,
    listener: Listener,
    header: Header,
    watch: &W,
) {
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
    if W::KEEPS {
        leg.checkpoints.insert(0, checkpoint);
    }
    let shifted = |at: Option<usize>| at.map(|at| at + 1);
    leg.stopped_at = if stops { Some(0) } else { shifted(leg.stopped_at) };
    leg.unknown_at = shifted(leg.unknown_at);
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
