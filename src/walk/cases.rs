//! The cases of a connection: both legs for one of the client's ports, once for each way in which AWS may choose.

use std::net::IpAddr;

use super::again::{again, is_known_from};
use super::choices::Choices;
use super::leg::walk;
use super::proxied;
use super::{
    Arrival, Case, Checkpoint, DecidedBy, Decision, Leg, Memory, Observe, Packet, Place, Stage, Waiving,
};
use crate::model::{
    Connection, Endpoint, Index, LegKind, Listener, NameDoubt, Network, NetworkInterface, Outcome, Symptom,
};
use crate::net::{Direction, Header, PortRange, Protocol};

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
        self.reasons.0 = Vec::with_capacity(USUAL);
    }

    fn end(&mut self) -> Vec<Checkpoint> {
        std::mem::take(&mut self.reasons.0)
    }
}

/// Walks every case from that of the choices `first` on in which the client uses the first of `source_ports`: one, unless
/// AWS chooses arbitrarily. Each is put behind `cases`, where `take` may leave it. Says whether these were all: of too many
/// the others are not known.
pub(super) fn each_case<W: Watch>(
    network: &Network,
    connection: &Connection,
    source_ports: PortRange,
    first: Option<Choices>,
    watch: &mut W,
    cases: &mut Vec<Case>,
    mut take: impl FnMut(&mut Vec<Case>),
) -> bool {
    /// Cases that are told apart; more would help nobody.
    const MOST: usize = 1024;
    let mut next = first;
    for _ in 0..MOST {
        let Some(mut choices) = next else { break };
        // A case is large, and walked where it stays.
        cases.push(Case::begun(connection, source_ports));
        if let Some(case) = cases.last_mut() {
            way_there(network, connection, case, &mut choices, watch);
            answer(network, connection, case, None, &mut choices, watch);
        }
        take(cases);
        next = choices.next();
    }
    next.is_none()
}

/// Walks the request of `case`.
#[inline]
pub(super) fn way_there<W: Watch>(
    network: &Network,
    connection: &Connection,
    case: &mut Case,
    choices: &mut Choices,
    watch: &mut W,
) {
    let mut to = interface_of(connection.to);
    if !connection.alternatives.is_empty() {
        let pick = choices.pick(1 + connection.alternatives.len());
        if let Some((destination, end)) = connection.far_ends().nth(pick) {
            (case.request.destination, to) = (destination, interface_of(end));
        }
    }
    if !connection.near_alternatives.is_empty() {
        let pick = choices.pick(1 + connection.near_alternatives.len());
        if let Some((source, _)) = connection.near_ends().nth(pick) {
            case.request.source = source;
        }
    }
    watch.begin(LegKind::Forward);
    let packet = Packet {
        header: case.request,
        from: beginning(network, connection, case.request.source),
        service: service_of(connection),
        opens: true,
    };
    if let (Some(doubt), Arrival::Interface(client)) = (connection.doubt, packet.from) {
        name_not_known(&mut case.forward, client, case.request, doubt, watch);
        return;
    }
    walk(network, &packet, to, &Memory::default(), choices, watch, &mut case.forward);
    case.forward.checkpoints = watch.end();
    if let Some(to) = to {
        must_arrive(&mut case.forward, Arrival::Interface(to), None, watch);
    }
}

/// Ends the way there at the client, which does not know where to send.
#[cold]
fn name_not_known<W: Watch>(
    leg: &mut Leg,
    client: Index<NetworkInterface>,
    header: Header,
    doubt: NameDoubt,
    watch: &mut W,
) {
    leg.unknown_at = Some(0);
    leg.checkpoints = watch.end();
    if W::KEEPS {
        leg.checkpoints.push(Checkpoint {
            stage: Stage::NameResolution,
            place: Place::NetworkInterface(client),
            interface: None,
            direction: Direction::Egress,
            header,
            decision: Decision::Unknown,
            decided_by: DecidedBy::NameNotKnown(doubt),
            hypothetical: false,
        });
    }
}

/// Walks the reply to the request of `case`, whose way there is known, and notes how the case ends. `before` is the reply
/// to another port, of which the checkpoints were kept.
pub(super) fn answer<W: Watch>(
    network: &Network,
    connection: &Connection,
    case: &mut Case,
    before: Option<&Leg>,
    choices: &mut Choices,
    watch: &mut W,
) {
    let mut listener = Listener::Listening;
    let answered = case.request.expects_reply();
    let forward = &case.forward;
    if forward.stopped_at.is_some() {
        choices.settle();
    }
    if let Some((at, header)) = forward.arrival.filter(|_| answered) {
        let host = host(network, at, &header);
        listener = host.map_or(Listener::Listening, |(_, listener)| listener);
        let packet =
            Packet { header: header.reversed(), from: at, service: service_of(connection), opens: false };
        let leg = case.reverse.insert(Leg::default());
        match before.filter(|before| is_known_from(network, before)) {
            Some(before) => again(network, before, &packet, &forward.remembers, watch, leg),
            None => {
                watch.begin(LegKind::Reverse);
                let toward = interface_of(connection.near_end(case.request.source));
                walk(network, &packet, toward, &forward.remembers, choices, watch, leg);
                leg.checkpoints = watch.end();
                let from = beginning(network, connection, case.request.source);
                must_arrive(leg, from, Some(&case.request), watch);
                if let Some((interface, listener)) = host {
                    begin_with_host(leg, interface, listener, packet.header, watch);
                }
            }
        }
        // Without a request there is no reply: everything it would meet is hypothetical.
        if !forward.is_delivered() {
            leg.checkpoints.iter_mut().for_each(|checkpoint| checkpoint.hypothetical = true);
        }
    }
    case.outcome = outcome(&case.forward, case.reverse.as_ref());
    case.symptom = symptom(case.outcome, connection.request.protocol, listener, answered);
    if case.forward.is_reset && case.symptom == Some(Symptom::Timeout) {
        case.symptom = Some(Symptom::Refused);
    }
    if case.outcome == Outcome::Connected {
        proxied::follow(network, connection, case, choices);
    }
}

/// The interface at an end.
pub(super) const fn interface_of(end: Endpoint) -> Option<Index<NetworkInterface>> {
    match end {
        Endpoint::Interface(interface) => Some(interface),
        Endpoint::Address(_) | Endpoint::Service(_) | Endpoint::Internet(_) => None,
    }
}

/// The address that stands for the service at the far end, where those of the service are not known.
pub(super) const fn service_of(connection: &Connection) -> Option<IpAddr> {
    match connection.to {
        Endpoint::Service(address) => Some(address),
        _ => None,
    }
}

/// Where the opening packet enters the network that has this `source`.
pub(super) fn beginning(network: &Network, connection: &Connection, source: IpAddr) -> Arrival {
    match connection.near_end(source) {
        Endpoint::Interface(interface) if network.card(interface).is_of_gateway => {
            of_gateway(network, interface)
        }
        Endpoint::Interface(interface) => Arrival::Interface(interface),
        Endpoint::Address(address) => {
            let service = network.lattice_service_at(address).map(|(service, _)| Arrival::Service(service));
            let customer = || network.customer_network_of(address).map(Arrival::CustomerNetwork);
            service.or_else(customer).unwrap_or(Arrival::Internet)
        }
        Endpoint::Service(_) | Endpoint::Internet(_) => Arrival::Internet,
    }
}

/// Where an interface of a gateway sends by itself: nodes of load balancers open connections.
fn of_gateway(network: &Network, interface: Index<NetworkInterface>) -> Arrival {
    let node = network.load_balancer_of(interface);
    node.map_or(Arrival::Interface(interface), |(gateway, _)| Arrival::Gateway(gateway, interface))
}

/// The host at the far end, when it is stated what its programs listen on.
pub(super) fn host(
    network: &Network,
    at: Arrival,
    header: &Header,
) -> Option<(Index<NetworkInterface>, Listener)> {
    let Arrival::Interface(interface) = at else { return None };
    if !network.card(interface).states_listeners {
        return None;
    }
    let instance = network.instance_of(interface).filter(|instance| instance.listens.is_some())?;
    Some((interface, instance.listener(header)))
}

/// Stops a packet that came to somebody else: another host with its destination, or the internet. So is an answer stopped
/// that does not answer the `request`: whoever asked does not know it by its address or port.
#[inline]
pub(super) fn must_arrive<W: Watch>(leg: &mut Leg, expected: Arrival, request: Option<&Header>, watch: &W) {
    let Some((at, header)) = &leg.arrival else { return };
    if matches!(at, Arrival::Reserved(..)) {
        return;
    }
    if *at != expected && !passed_on(leg, expected) {
        stop_at_end(leg, DecidedBy::SomebodyElse, watch);
    } else if request.is_some_and(|request| !header.answers(request)) {
        stop_at_end(leg, DecidedBy::NotAsAsked, watch);
    }
}

/// Whether a load balancer passed the packet on that was for one of its nodes.
fn passed_on(leg: &Leg, expected: Arrival) -> bool {
    let Arrival::Interface(node) = expected else { return false };
    let (pins, translations) = (leg.remembers.pins(), leg.remembers.translations());
    let went_on = translations.last().map(|last| last.after) == leg.arrival.map(|(_, header)| header);
    went_on && pins.iter().any(|pin| pin.interface == node)
}

/// Stops a packet where it has come to.
#[cold]
fn stop_at_end<W: Watch>(leg: &mut Leg, decided_by: DecidedBy, watch: &W) {
    let Some((at, header)) = leg.arrival else { return };
    let checkpoint = Checkpoint {
        stage: Stage::Delivery,
        place: match at {
            Arrival::Interface(interface) => Place::NetworkInterface(interface),
            Arrival::Service(gateway) | Arrival::Gateway(gateway, _) => Place::Gateway(gateway),
            Arrival::CustomerNetwork(customer) => Place::CustomerNetwork(customer),
            Arrival::Internet | Arrival::Reserved(..) | Arrival::Mirror(_) => Place::Internet,
        },
        interface: None,
        direction: Direction::Ingress,
        header,
        decision: Decision::Drop,
        decided_by,
        hypothetical: leg.stopped_at.is_some(),
    };
    if !watch.waives(checkpoint.stage, checkpoint.place) {
        leg.stopped_at = leg.stopped_at.or(Some(leg.checkpoints.len()));
    }
    if W::KEEPS {
        leg.checkpoints.push(checkpoint);
    }
}

/// Puts the host's own decision before the reply.
pub(super) fn begin_with_host<W: Watch>(
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
    let stops = silent && !watch.waives(checkpoint.stage, checkpoint.place);
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

/// How a connection ends whose legs are these.
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

/// What the client sees of it.
pub(super) fn symptom(
    outcome: Outcome,
    protocol: Protocol,
    listener: Listener,
    answered: bool,
) -> Option<Symptom> {
    match (outcome, protocol) {
        (Outcome::Unknown | Outcome::Depends, _) => None,
        _ if !answered => None,
        (Outcome::Connected, Protocol::TCP) if listener == Listener::Refusing => Some(Symptom::Refused),
        (Outcome::Connected, _) => Some(Symptom::Connects),
        (Outcome::Blocked | Outcome::Unanswered, Protocol::TCP) => Some(Symptom::Timeout),
        (Outcome::Blocked | Outcome::Unanswered, _) => Some(Symptom::NoReply),
    }
}
