//! A connection in time: packet after packet, through networks that change, past places that remember and forget.
//!
//! Packets are walked anew only where something may have changed: the network, or what is remembered. All others go the way
//! of the one before.

use std::time::Duration;

use smallvec::SmallVec;

use super::numbering::Numbering;
use super::remembered::{Passing, Remembered};
use super::spread::{Spread, milliseconds};
use super::{Stretch, idle};
use crate::model::{Burst, Connection, Endpoint, LegKind, Network, TcpFlags};
use crate::net::{Header, Protocol};
use crate::walk::{Arrival, Case, Checkpoint, Course, Decision, Later, Leg, Memory};

/// A network of a scenario, from a time on.
#[derive(Debug, Clone, Copy)]
pub struct Epoch<'n> {
    /// From when on.
    pub from: Duration,
    /// The network.
    pub network: &'n Network,
    /// What its things are called in all networks.
    pub numbering: &'n Numbering,
}

/// Packets of one leg that went the same way through one network.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The network, by its position.
    pub epoch: usize,
    /// Which leg.
    pub kind: LegKind,
    /// Their way.
    pub leg: Leg,
    /// The packets.
    pub stretches: SmallVec<[Stretch; 8]>,
}

/// How long after the close a packet still belongs to a connection: assumed, close-grace.
const GRACE: u64 = 1_000;

/// A connection that is followed.
#[derive(Debug)]
pub struct Conversation<'a> {
    epochs: &'a [Epoch<'a>],
    bursts: &'a [Burst],
    /// As the network of the moment has it.
    connection: Connection,
    /// The request as the client sends it.
    asked: Header,
    epoch: usize,
    remembered: Remembered,
    /// Where requests arrived last.
    server: Option<(Arrival, Header)>,
    /// Whether the last request arrived.
    is_asked: bool,
    /// The turn of each leg that its next packet takes.
    settled: [Option<usize>; 2],
    courses: [Option<Course>; 2],
    /// When each end said that it has nothing more to send.
    finished: [Option<u64>; 2],
    closed: Option<u64>,
    /// Packets of each burst that were followed.
    followed: Vec<u64>,
    turns: Vec<Turn>,
}

/// The packet that comes next.
#[derive(Debug, Clone, Copy)]
struct Next {
    burst: usize,
    packet: u64,
    at: u64,
}

impl<'a> Conversation<'a> {
    /// A connection before its first packet, in the network of `epoch`, as in `case` but with the ports of `asked`, and
    /// those that gateways choose in `seeds`.
    pub fn new(
        epochs: &'a [Epoch<'a>],
        epoch: usize,
        connection: &Connection,
        asked: Header,
        seeds: Memory,
        bursts: &'a [Burst],
    ) -> Self {
        let far = connection.far_ends().find(|(destination, _)| *destination == asked.destination);
        let to = far.map_or(connection.to, |(_, end)| end);
        let connection = Connection { to, alternatives: Vec::new(), bursts: None, ..connection.clone() };
        Self {
            epochs,
            bursts,
            connection,
            asked,
            epoch,
            remembered: Remembered::new(seeds),
            server: None,
            is_asked: false,
            settled: [None; 2],
            courses: [None, None],
            finished: [None; 2],
            closed: None,
            followed: vec![0; bursts.len()],
            turns: Vec::new(),
        }
    }

    /// Whether the packets of `bursts` may meet anything else than the first ones do: another network, a memory that has
    /// forgotten, or the end of the connection.
    pub fn is_needed(epochs: &[Epoch<'_>], epoch: usize, protocol: Protocol, bursts: &[Burst]) -> bool {
        let next = epochs.get(epoch + 1).map_or(Duration::MAX, |next| next.from);
        let outlives = |burst: &Burst| burst.until >= next;
        if bursts.iter().any(outlives) {
            return true;
        }
        let is_sparse = |burst: &Burst| Spread::of(burst).gap() > idle::SHORTEST;
        let mut last = bursts.first().map_or(0, |burst| milliseconds(burst.at));
        let mut pauses = false;
        let mut order: SmallVec<[&Burst; 16]> = bursts.iter().collect();
        order.sort_by_key(|burst| burst.at);
        for burst in order {
            pauses |= milliseconds(burst.at).saturating_sub(last) > idle::SHORTEST;
            last = last.max(milliseconds(burst.until));
        }
        let ends = |burst: &Burst| protocol == Protocol::TCP && ending(burst).is_some();
        let end = bursts.iter().filter(|burst| ends(burst)).map(|burst| milliseconds(burst.until)).min();
        pauses || bursts.iter().any(is_sparse) || end.is_some_and(|end| last > end + GRACE)
    }

    /// Follows the packets that are sent before `end`. `known` is how the first ones go.
    #[must_use]
    pub fn until(mut self, known: &Case, end: Duration) -> Self {
        let end = milliseconds(end);
        while let Some(next) = self.next().filter(|next| next.at < end) {
            self.enter_epoch(next.at);
            self.forget(next.at);
            self.follow(next, known);
        }
        self
    }

    /// The ways that packets went.
    pub fn into_turns(self) -> Vec<Turn> {
        self.turns
    }

    /// What is remembered, after `at`, of what was followed.
    pub fn memory_at(mut self, at: Duration) -> (usize, Remembered) {
        self.enter_epoch(milliseconds(at));
        self.forget(milliseconds(at));
        (self.epoch, self.remembered)
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

    /// Goes over to the network of the time `at`.
    fn enter_epoch(&mut self, at: u64) {
        while let Some(next) = self.epochs.get(self.epoch + 1).filter(|next| milliseconds(next.from) <= at) {
            let Some(before) = self.epochs.get(self.epoch).map(|epoch| epoch.numbering) else { return };
            let after = next.numbering;
            let interface = |own| after.interfaces.own(before.interfaces.common(own));
            let end = |end: Endpoint, address| match end {
                Endpoint::Interface(own) => {
                    interface(own).map_or(Endpoint::Address(address), Endpoint::Interface)
                }
                other => other,
            };
            self.connection.from = end(self.connection.from, self.asked.source);
            self.connection.to = end(self.connection.to, self.asked.destination);
            self.server = self.server.and_then(|(at, header)| {
                let at = match at {
                    Arrival::Interface(own) => Arrival::Interface(interface(own)?),
                    Arrival::Service(own) => {
                        Arrival::Service(after.gateways.own(before.gateways.common(own))?)
                    }
                    Arrival::Reserved(row, own) => Arrival::Reserved(row, interface(own)?),
                    Arrival::Internet | Arrival::CustomerNetwork(_) => at,
                };
                Some((at, header))
            });
            self.remembered = self.remembered.renumbered(before, after);
            self.settled = [None; 2];
            self.epoch += 1;
        }
    }

    /// Forgets what was idle for too long, and everything once the connection is closed.
    fn forget(&mut self, now: u64) {
        let Some(epoch) = self.epochs.get(self.epoch) else { return };
        if self.closed.is_some_and(|closed| now > closed.saturating_add(GRACE)) {
            self.remembered.close();
            (self.closed, self.finished, self.settled) = (None, [None; 2], [None; 2]);
        } else if self.remembered.expire(epoch.network, now) {
            self.settled = [None; 2];
        }
    }

    /// Follows the next packet, and as many of its burst as certainly go the same way.
    fn follow(&mut self, next: Next, known: &Case) {
        let Some(burst) = self.bursts.get(next.burst) else { return };
        let spread = Spread::of(burst);
        let leg = side(burst.leg);
        let mut many = spread.gap() <= idle::SHORTEST;
        let turn = match self.settled.get(leg).copied().flatten() {
            Some(turn) => Some(turn),
            None => self.walk(burst.leg, known).map(|walked| {
                let is_new = self.remembered.learn(&walked);
                many &= !is_new;
                let turn = self.turn_of(burst.leg, walked);
                self.settled = if is_new { [None; 2] } else { self.settled };
                if let Some(settled) = self.settled.get_mut(leg).filter(|_| !is_new) {
                    *settled = Some(turn);
                }
                turn
            }),
        };
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
        let last = spread.time(end - 1);
        self.remembered.pass(&turn.leg, Passing { kind: burst.leg, count: end - next.packet, last });
        let arrives = turn.leg.is_delivered();
        if burst.leg == LegKind::Forward {
            self.is_asked = arrives;
            if arrives {
                self.server = turn.leg.arrival;
            }
        }
        self.close_by(spread.flags(next.packet, end), leg, arrives, last);
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
        of_network.min(of_bursts.map_or(u64::MAX, |at| at.saturating_add(1)))
    }

    /// Walks a packet of a leg, if there is anybody who sends it.
    fn walk(&mut self, kind: LegKind, known: &Case) -> Option<Leg> {
        let epoch = self.epochs.get(self.epoch)?;
        let (header, server) = match kind {
            LegKind::Forward => (self.asked, None),
            LegKind::Reverse => {
                let answers_one_by_one = self.asked.protocol.is_icmp();
                let (at, header) = self.server.filter(|_| self.is_asked || !answers_one_by_one)?;
                (header.reversed(), Some(at))
            }
        };
        let memory = self.remembered.memory();
        let (network, connection, asked) = (epoch.network, &self.connection, self.asked);
        let later = Later { network, connection, kind, header, asked, server, memory };
        let course = self.courses.get_mut(side(kind))?;
        if let Some(course) = course {
            return Some(later.walk(course));
        }
        let known = match kind {
            LegKind::Forward => Some(&known.forward),
            LegKind::Reverse => known.reverse.as_ref(),
        };
        let (leg, chosen) = known.map_or_else(
            || (later.walk(&Course::default()), Course::default()),
            |known| later.walk_like(known),
        );
        *course = Some(chosen);
        Some(leg)
    }

    /// The turn of packets that go by `leg`: one that is there already, if they meet nothing else on it.
    fn turn_of(&mut self, kind: LegKind, leg: Leg) -> usize {
        let epoch = self.epoch;
        let is_same = |turn: &Turn| turn.kind == kind && turn.epoch == epoch && goes_like(&turn.leg, &leg);
        self.turns.iter().rposition(is_same).unwrap_or_else(|| {
            self.turns.push(Turn { epoch, kind, leg, stretches: SmallVec::new() });
            self.turns.len() - 1
        })
    }

    /// Notes that packets with `flags` went, the last at `at`: a reset ends the connection at once, and so do two ends that
    /// have both finished.
    fn close_by(&mut self, flags: u8, leg: usize, arrives: bool, at: u64) {
        if self.asked.protocol != Protocol::TCP || !arrives {
            return;
        }
        if flags & TcpFlags::RST.0 != 0 {
            self.closed = self.closed.or(Some(at));
        }
        if let Some(finished) = self.finished.get_mut(leg).filter(|_| flags & TcpFlags::FIN.0 != 0) {
            *finished = finished.or(Some(at));
        }
        if let [Some(one), Some(other)] = self.finished {
            self.closed = self.closed.or(Some(one.max(other)));
        }
    }
}

const fn side(kind: LegKind) -> usize {
    match kind {
        LegKind::Forward => 0,
        LegKind::Reverse => 1,
    }
}

/// When a burst says that its end has finished or gives up: with its last packet, or its only kind of packet.
fn ending(burst: &Burst) -> Option<u64> {
    let ends = |flags: &TcpFlags| flags.0 & (TcpFlags::FIN.0 | TcpFlags::RST.0) != 0;
    match burst.flags.as_slice() {
        [only] if ends(only) => Some(milliseconds(burst.at)),
        [.., last] if ends(last) => Some(milliseconds(burst.until)),
        _ => None,
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
