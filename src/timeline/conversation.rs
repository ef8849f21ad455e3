//! A connection in time: packet after packet, through networks that change, past places that remember and forget.
//!
//! Packets are walked anew only where something may have changed: the network, or what is remembered. All others go the way
//! of the one before.

use std::time::Duration;

use smallvec::SmallVec;

use super::exchange::planned_packets;
use super::pauses::{GRACE, ending, longest_pause, outlives_close};
use super::proxies::AtProxy;
use super::remembered::{Passing, Remembered};
use super::rerouted::Routes;
use super::setback::{Setback, forgotten_by};
use super::spread::{Spread, milliseconds};
use super::{Epoch, Stretch, Turn, idle};
use crate::model::{Burst, Connection, Endpoint, LegKind, Listener, Network, TcpFlags, chosen_port};
use crate::net::{Header, Protocol};
use crate::walk::{
    Arrival, Case, Checkpoint, Course, DecidedBy, Decision, Later, Leg, Memory, Place, Translation,
};

/// A connection that is followed.
#[derive(Debug)]
pub struct Conversation<'a> {
    pub(super) epochs: &'a [Epoch<'a>],
    /// What is sent. What setbacks add stands behind what was planned.
    pub(super) bursts: Vec<Burst>,
    /// As the network of the moment has it.
    pub(super) connection: Connection,
    /// How its first packets go.
    pub(super) known: &'a Case,
    /// The request as the client sends it.
    pub(super) asked: Header,
    pub(super) epoch: usize,
    pub(super) remembered: Remembered,
    /// Who answered first: nobody else knows of the connection.
    pub(super) peer: Peer,
    /// Where requests arrived last.
    pub(super) server: Option<(Arrival, Header)>,
    /// Whether the last request arrived.
    pub(super) is_asked: bool,
    /// Whether it is not known if it did.
    pub(super) is_doubted: bool,
    /// What became of it at the proxy that took it.
    pub(super) proxy: AtProxy,
    /// Where that sends requests.
    pub(super) routes: Routes,
    /// Whether the client's interface is there no more.
    pub(super) is_gone: bool,
    /// The turn of each leg that its next packet takes.
    pub(super) settled: [Option<usize>; 2],
    courses: [Option<Course>; 2],
    /// When each end said that it has nothing more to send.
    pub(super) finished: [Option<u64>; 2],
    pub(super) closed: Option<u64>,
    /// Packets that are sent then or later are not followed.
    end: u64,
    /// Packets of each burst that were followed.
    pub(super) followed: Vec<u64>,
    pub(super) turns: Vec<Turn>,
    pub(super) setback: Setback,
}

/// Who answered first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Peer {
    /// Nobody yet.
    None,
    /// Somebody, to whom requests came like this.
    Known(Arrival, Header),
    /// Somebody who is there no more.
    Gone,
}

impl Peer {
    /// Whether what arrives like this comes to somebody else, or as if from somebody else.
    fn is_other(self, arrival: Option<(Arrival, Header)>) -> bool {
        match self {
            Self::None => false,
            Self::Known(at, header) => Some((at, header)) != arrival,
            Self::Gone => true,
        }
    }
}

/// The packet that comes next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    pub(super) burst: usize,
    pub(super) packet: u64,
    pub(super) at: u64,
}

impl<'a> Conversation<'a> {
    /// A connection before its first packet, in the network of `epoch`, as in `case` but with the ports of `asked`, and
    /// those that gateways choose in `seeds`.
    pub fn new(
        epochs: &'a [Epoch<'a>],
        epoch: usize,
        connection: &Connection,
        known: &'a Case,
        asked: Header,
        seeds: Memory,
    ) -> Self {
        let bursts = planned_packets(connection, known);
        let far = connection.far_ends().find(|(destination, _)| *destination == asked.destination);
        let to = far.map_or(connection.to, |(_, end)| end);
        let connection = Connection {
            from: connection.near_end(asked.source),
            to,
            alternatives: Vec::new(),
            near_alternatives: Vec::new(),
            ..connection.clone()
        };
        Self {
            epochs,
            followed: vec![0; bursts.len()],
            bursts,
            setback: Setback::of(&connection, known),
            connection,
            known,
            asked,
            epoch,
            remembered: Remembered::new(seeds),
            peer: Peer::None,
            server: None,
            is_asked: false,
            is_doubted: false,
            proxy: AtProxy::default(),
            routes: Routes::from(epoch),
            is_gone: false,
            settled: [None; 2],
            courses: [None, None],
            finished: [None; 2],
            closed: None,
            end: u64::MAX,
            turns: Vec::new(),
        }
    }

    /// Whether the packets of `bursts` may meet anything else than the first ones do: another network, a memory that has
    /// forgotten, or the end of the connection.
    pub fn is_needed(epochs: &[Epoch<'_>], epoch: usize, protocol: Protocol, bursts: &[Burst]) -> bool {
        let next = epochs.get(epoch + 1).map_or(Duration::MAX, |next| next.from);
        let (begin, end) = bursts.iter().fold((Duration::MAX, Duration::ZERO), |(begin, end), burst| {
            (begin.min(burst.at), end.max(burst.until))
        });
        // Most are over before anything could forget them.
        let is_short = end.saturating_sub(begin) <= Duration::from_millis(GRACE.min(idle::SHORTEST - 1));
        end >= next
            || !is_short
                && (longest_pause(bursts) >= Duration::from_millis(idle::SHORTEST)
                    || protocol == Protocol::TCP && outlives_close(bursts))
    }

    /// Follows the packets that are sent before `end`.
    #[must_use]
    pub fn until(mut self, end: Duration) -> Self {
        self.end = milliseconds(end);
        self.open_unseen();
        while let Some(next) = self.next().filter(|next| next.at < self.end) {
            if self.enter_epoch(next.at) {
                continue; // what comes next may be something else in another network
            }
            self.forget(next.at);
            self.follow(next);
        }
        self
    }

    /// What begins with a reply was asked for before anybody watched.
    fn open_unseen(&mut self) {
        let Some(next) = self.next() else { return };
        let is_reply = self.bursts.get(next.burst).is_some_and(|burst| burst.leg == LegKind::Reverse);
        if is_reply && let Some(leg) = self.walk(LegKind::Forward) {
            self.remembered.learn(&leg);
            self.is_asked = leg.is_delivered();
            self.server = leg.arrival.filter(|_| leg.is_delivered());
        }
    }

    /// What was sent, and the ways that it went.
    pub fn into_parts(self) -> (Vec<Burst>, Vec<Turn>) {
        (self.bursts, self.turns)
    }

    /// The packet that comes next; of several at the same time requests come first.
    fn next(&self) -> Option<Next> {
        let bursts = self.bursts.iter().zip(&self.followed).enumerate();
        let left = bursts.filter(|(_, (burst, followed))| **followed < burst.packets);
        let next = left.map(|(position, (burst, packet))| Next {
            burst: position,
            packet: *packet,
            at: Spread::of(burst).time(*packet),
        });
        next.min_by_key(|next| (next.at, self.bursts.get(next.burst).map(|burst| burst.leg), next.burst))
    }

    /// Follows the next packet, and as many of its burst as certainly go the same way.
    fn follow(&mut self, next: Next) {
        let Some(burst) = self.bursts.get(next.burst) else { return };
        let (kind, spread) = (burst.leg, Spread::of(burst));
        let leg = side(kind);
        let mut many = spread.gap() < idle::SHORTEST;
        let is_syn = spread.flags(next.packet, next.packet + 1).of_vpc() == TcpFlags::SYN.0;
        if is_syn && self.remembered.begin_anew() {
            self.settled = [None; 2];
        }
        if is_syn && kind == LegKind::Forward {
            self.open_anew();
        }
        let turn = match self.settled.get(leg).copied().flatten() {
            Some(turn) => Some(turn),
            None => self.walk(kind).map(|walked| {
                let is_new = self.remembered.learn(&walked);
                let turn = self.turn_of(kind, walked);
                if is_new {
                    (many, self.settled) = (false, [None; 2]);
                } else if let Some(settled) = self.settled.get_mut(leg) {
                    *settled = Some(turn);
                }
                turn
            }),
        };
        let walked = turn.and_then(|turn| self.turns.get(turn));
        let stops = walked.is_some_and(|turn| turn.leg.stopped_at.is_some() || is_for_nobody(&turn.leg));
        if kind == LegKind::Reverse && self.setback.is_opening() {
            let refuses = walked.is_some_and(|turn| is_refusal(&turn.leg));
            self.answer_as(next.burst, refuses);
        }
        let Some(burst) = self.bursts.get(next.burst) else { return };
        let spread = Spread::of(burst);
        many &= !(stops && self.setback.notices());
        let end = if many { spread.packets_before(self.limit(next)) } else { 0 };
        let end = end.clamp(next.packet + 1, burst.packets);
        if let Some(followed) = self.followed.get_mut(next.burst) {
            *followed = end;
        }
        let Some(turn) = turn.and_then(|turn| self.turns.get_mut(turn)) else { return };
        match turn.stretches.iter_mut().find(|own| own.burst == next.burst && own.packets.end == next.packet)
        {
            Some(stretch) => stretch.packets.end = end,
            None => turn.stretches.push(Stretch { burst: next.burst, packets: next.packet..end }),
        }
        let (last, flags) = (spread.time(end - 1), spread.flags(next.packet, end));
        self.remembered.pass(&turn.leg, Passing { kind, count: end - next.packet, last });
        let arrives = turn.leg.is_delivered();
        let (arrival, forgotten_by) = (turn.leg.arrival, forgotten_by(&turn.leg));
        let doubted = !arrives && turn.leg.stopped_at.is_none();
        if kind == LegKind::Forward {
            if arrives || self.routes.are_unknown() {
                self.note_request(next.burst, next.at);
            }
            if (self.is_asked, self.is_doubted) != (arrives, doubted) {
                (self.is_asked, self.is_doubted) = (arrives, doubted);
                // Whether anybody answers may have changed.
                self.settled = [self.settled.first().copied().flatten(), None];
            }
            if arrives {
                self.server = arrival;
            }
        } else if arrives && let (Peer::None, Some((at, header))) = (self.peer, self.server) {
            self.peer = Peer::Known(at, header);
        }
        let is_stranger = kind == LegKind::Forward && arrives && self.peer.is_other(arrival);
        self.close_by(flags.of_vpc(), leg, arrives, last);
        if let Some(gateway) = forgotten_by {
            self.reset_by_gateway(gateway, last);
        } else if is_stranger && self.setback.notices() {
            self.reset_by_stranger(last);
        } else {
            self.react(Next { at: last, ..next }, arrives, stops);
        }
    }

    /// Up to which time packets behind `next` go its way: before the next network, before the other leg is known, and up to
    /// where a burst ends the connection.
    fn limit(&self, next: Next) -> u64 {
        let of_network = self.epochs.get(self.epoch + 1).map_or(u64::MAX, |next| milliseconds(next.from));
        let of_burst = |(position, burst): (usize, &Burst)| {
            let packet = self.followed.get(position).copied().filter(|packet| *packet < burst.packets)?;
            let spread = Spread::of(burst);
            let is_settled = self.settled.get(side(burst.leg)).is_some_and(Option::is_some);
            let unknown = (!is_settled && position != next.burst).then(|| spread.time(packet));
            let end = ending(burst).filter(|end| *end >= next.at && position != next.burst);
            unknown.into_iter().chain(end).min()
        };
        let of_bursts = self.bursts.iter().enumerate().filter_map(of_burst).min();
        of_network.min(self.end).min(of_bursts.map_or(u64::MAX, |at| at.saturating_add(1)))
    }

    /// Walks a packet of a leg, if there is anybody who sends it.
    pub(super) fn walk(&mut self, kind: LegKind) -> Option<Leg> {
        let epoch = self.epochs.get(self.epoch)?;
        let (header, server) = match kind {
            LegKind::Forward if self.is_gone => return None,
            LegKind::Forward => (self.asked, None),
            LegKind::Reverse if self.proxy.is_closed => return None,
            LegKind::Reverse => {
                let (at, header) =
                    self.server.filter(|_| self.is_asked || !self.answers_one_by_one(epoch.network))?;
                (header.reversed(), Some(at))
            }
        };
        let sender = match (server, self.connection.from) {
            (Some(Arrival::Interface(card)), _) | (None, Endpoint::Interface(card)) => {
                epoch.network.instance_of(card)
            }
            _ => None,
        };
        if sender.is_some_and(|host| host.running == Some(false)) {
            return None; // a host that was stopped sends nothing
        }
        let memory = self.remembered.memory();
        let (network, connection, asked) = (epoch.network, &self.connection, self.asked);
        let is_open = asked.protocol == Protocol::TCP && self.peer != Peer::None;
        let later = Later { network, connection, kind, header, asked, server, memory, is_open };
        let known = match kind {
            LegKind::Forward => Some(&self.known.forward),
            LegKind::Reverse => self.known.reverse.as_ref(),
        };
        let course = self.courses.get(side(kind)).and_then(Option::as_ref);
        let walk = |later: Later<'_>| match (course, known) {
            (Some(course), _) => (later.walk(course), course.clone()),
            (None, Some(known)) => later.walk_like(known),
            (None, None) => (later.walk(&Course::default()), Course::default()),
        };
        let (mut leg, mut chosen) = walk(later);
        let mut memory = memory.clone();
        while let Some(translation) = self.chosen_port(&leg, &memory, kind) {
            memory.translate(translation);
            (leg, chosen) = walk(Later { memory: &memory, ..later });
        }
        if let Some(course) = self.courses.get_mut(side(kind)) {
            *course = Some(chosen);
        }
        let leg = self.doubted(kind, leg, network);
        Some(if kind == LegKind::Forward { self.routed(leg, network) } else { leg })
    }

    /// Whether each packet is the answer to the one before it: not to those of long ago, as in an open TCP connection, nor
    /// as it is stated. Assumed: retransmission.
    fn answers_one_by_one(&self, network: &Network) -> bool {
        let protocol = self.asked.protocol;
        let is_simulated = self.connection.bursts.is_none();
        // What a proxy carries is stated for the connection that it opened, and comes from no statement.
        let is_stated = self.connection.bursts.iter().flatten().any(|burst| burst.origin.is_some());
        is_simulated && protocol != Protocol::TCP
            || self.setback.is_opening()
            || !is_stated && !self.answers_in_doubt(network)
    }

    /// A translation that a gateway makes on `leg` and that is not in `memory`, with the port that records show: the walk
    /// has the first of its range.
    fn chosen_port(&self, leg: &Leg, memory: &Memory, kind: LegKind) -> Option<Translation> {
        let mut made = leg.remembers.translations().iter().enumerate();
        let is_new = |by: &Translation| {
            matches!(by.place, Place::Gateway(_))
                && by.ports.count() > 1
                && by.before.source_port().is_some()
                && memory.translated(by.place, &by.before).is_none()
        };
        let (at, by) = made.find(|(_, by)| is_new(by))?;
        let key = match kind {
            // Counted are translations, not turns: what changes nothing begins turns, and must not change ports.
            LegKind::Forward => match self.remembered.translated() {
                0 => at.to_string(),
                before => format!("later {before} {at}"),
            },
            LegKind::Reverse => format!("reverse {at}"),
        };
        let port = chosen_port(by.ports, self.connection.port_choice, &key);
        Some(Translation { after: by.after.with_source_port(port), ..*by })
    }

    /// The turn of packets that go by `leg`: one that is there already, if they meet nothing else on it.
    pub(super) fn turn_of(&mut self, kind: LegKind, leg: Leg) -> usize {
        let (epoch, is_stray) = (self.epoch, self.stays_at_proxy(kind));
        let is_same = |turn: &Turn| {
            (turn.kind, turn.epoch, turn.is_stray) == (kind, epoch, is_stray) && goes_like(&turn.leg, &leg)
        };
        self.turns.iter().rposition(is_same).unwrap_or_else(|| {
            self.turns.push(Turn { epoch, kind, proxies: 0, is_stray, leg, stretches: SmallVec::new() });
            self.turns.len() - 1
        })
    }
}

/// Whether a packet came to a host that does not run.
fn is_for_nobody(leg: &Leg) -> bool {
    let unknown = leg.unknown_at.and_then(|at| leg.checkpoints.get(at));
    unknown.is_some_and(|point| point.decided_by == DecidedBy::NotRunning)
}

/// Whether a reply says that nobody listens.
fn is_refusal(leg: &Leg) -> bool {
    leg.checkpoints.first().is_some_and(|first| first.decided_by == DecidedBy::Host(Listener::Refusing))
}

pub(super) const fn side(kind: LegKind) -> usize {
    match kind {
        LegKind::Forward => 0,
        LegKind::Reverse => 1,
    }
}

/// Whether packets on two ways meet the same: whether a rule or a memory lets them pass makes no difference.
fn goes_like(one: &Leg, other: &Leg) -> bool {
    let is_unknown = |point: &Checkpoint| point.decision == Decision::Unknown;
    let is_same = |a: &Checkpoint, b: &Checkpoint| {
        (a.stage, a.place, a.interface, a.direction, a.hypothetical)
            == (b.stage, b.place, b.interface, b.direction, b.hypothetical)
            && a.header == b.header
            && a.decision.stops() == b.decision.stops()
            && is_unknown(a) == is_unknown(b)
    };
    one.arrival == other.arrival
        && one.checkpoints.len() == other.checkpoints.len()
        && one.checkpoints.iter().zip(&other.checkpoints).all(|(a, b)| is_same(a, b))
}
