//! What the ends of a simulated TCP connection do when packets do not come through: they send again, later each time, and
//! give up in the end. Stated traffic goes on as it is stated.
//!
//! A SYN is repeated as `exchange` has it; the first that is answered opens the connection. In an open connection the sender
//! of a lost packet repeats it after 200, 400, 800 ms and so on, at most every 120 s and 15 times (`net.ipv4.tcp_retries2`);
//! all else waits. When one comes through, the rest follows, so much later as it took. Assumed: retransmission.

use std::time::Duration;

use super::conversation::{Conversation, Next};
use super::exchange::after_handshake;
use super::spread::Spread;
use super::{Stretch, Turn};
use crate::model::{Burst, Connection, Gateway, Index, LegKind, Outcome, TcpFlags};
use crate::net::Protocol;
use crate::walk::{Arrival, Case, Course, DecidedBy, Later, Leg, Place};

/// Retransmissions of a segment before the kernel gives up: `net.ipv4.tcp_retries2`.
const RETRIES: u32 = 15;

/// The first time after which a segment is sent again, and the longest.
const TIMEOUT: Duration = Duration::from_millis(200);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(120);

/// How a simulated connection stands.
#[derive(Debug, Clone)]
pub(super) enum Setback {
    /// What is sent is stated, or nobody would send it again.
    Ignored,
    /// No SYN was answered yet, and it is not expected that one is.
    Opening,
    /// The SYN will be answered, for all that is known.
    Handshake,
    /// Everything comes through.
    None,
    /// A packet was lost.
    Lost {
        /// When it was sent first.
        since: u64,
        /// The burst of the packet that was sent last in its place.
        again: usize,
        /// How often it was sent again.
        retries: u32,
        /// What waits: bursts, and how many of their packets were sent.
        waiting: Vec<(usize, u64)>,
    },
}

impl Setback {
    /// How `connection` stands before its first packet.
    pub(super) fn of(connection: &Connection, known: &Case) -> Self {
        let simulates = connection.bursts.is_none() && known.request.protocol == Protocol::TCP;
        match known.outcome {
            _ if !simulates => Self::Ignored,
            Outcome::Connected => Self::Handshake,
            Outcome::Blocked | Outcome::Unanswered => Self::Opening,
            Outcome::Unknown | Outcome::Depends => Self::Ignored,
        }
    }

    /// Whether its packets are answered one by one still.
    pub(super) const fn is_opening(&self) -> bool {
        matches!(self, Self::Opening)
    }

    /// Whether anybody acts on a packet that is lost, so that those behind it may not be sent.
    pub(super) const fn notices(&self) -> bool {
        matches!(self, Self::Handshake | Self::None | Self::Lost { .. })
    }
}

impl Conversation<'_> {
    /// What the ends do after the packet `sent`.
    pub(super) fn react(&mut self, sent: Next, arrives: bool, stops: bool) {
        let Some(kind) = self.bursts.get(sent.burst).map(|burst| burst.leg) else { return };
        match &self.setback {
            Setback::Opening if arrives && kind == LegKind::Reverse => self.open(sent),
            Setback::Handshake if stops => self.try_again(sent.at),
            Setback::Handshake if arrives && kind == LegKind::Reverse => self.setback = Setback::None,
            Setback::None if stops => {
                let waiting = self.left();
                let again = self.with_data(sent.burst);
                self.setback = Setback::Lost { since: sent.at, again: sent.burst, retries: 0, waiting };
                self.stop_sending();
                self.send_again(Next { burst: again, ..sent });
            }
            Setback::Lost { again, .. } if *again == sent.burst && stops => self.send_again(sent),
            Setback::Lost { again, .. } if *again == sent.burst && arrives => self.resume(sent.at),
            _ => {}
        }
    }

    /// Bursts of which packets are left, and how many were sent.
    fn left(&self) -> Vec<(usize, u64)> {
        let all = self.bursts.iter().zip(&self.followed).enumerate();
        let left = all.filter(|(_, (burst, followed))| **followed < burst.packets);
        left.map(|(position, (_, followed))| (position, *followed)).collect()
    }

    /// Nothing of what was planned is sent.
    pub(super) fn stop_sending(&mut self) {
        for (followed, burst) in self.followed.iter_mut().zip(&self.bursts) {
            *followed = burst.packets;
        }
    }

    pub(super) fn plan(&mut self, burst: Burst) -> usize {
        self.bursts.push(burst);
        self.followed.push(0);
        self.bursts.len() - 1
    }

    /// The burst itself or, in place of bare acknowledgements, which nobody repeats, one with data: of the same end, or of the
    /// other, which waits for them.
    fn with_data(&self, burst: usize) -> usize {
        let has_data = |burst: &Burst| burst.flags.iter().any(|flags| flags.0 & TcpFlags::PSH.0 != 0);
        let Some(lost) = self.bursts.get(burst).filter(|burst| burst.flags.as_slice() == [TcpFlags::ACK])
        else {
            return burst;
        };
        let all = || self.bursts.iter().enumerate().filter(|(_, other)| has_data(other));
        let own = all().find(|(_, other)| other.leg == lost.leg);
        own.or_else(|| all().next()).map_or(burst, |(position, _)| position)
    }

    /// The SYN or its answer is lost: the client sends more of them, as long as it has patience.
    fn try_again(&mut self, now: u64) {
        self.stop_sending();
        self.setback = Setback::Opening;
        for burst in super::exchange::opening(&self.connection, self.known) {
            if super::milliseconds(burst.at) > now {
                self.plan(burst);
            }
        }
    }

    /// Gives the answer to a SYN the flags and size that the host of the time gives it.
    pub(super) fn answer_as(&mut self, burst: usize, refuses: bool) {
        let ip = self.asked.family().header_bytes();
        if let Some(burst) = self.bursts.get_mut(burst) {
            let (flags, header) = super::exchange::answer(refuses);
            burst.flags = [flags].as_slice().into();
            burst.bytes = burst.packets.saturating_mul(ip + header);
        }
    }

    /// What was planned is not sent, and nobody cares.
    pub(super) fn give_up(&mut self) {
        self.stop_sending();
        self.setback = Setback::Ignored;
    }

    /// Whom a packet of an open connection came to knows of none, and says so.
    pub(super) fn reset_by_stranger(&mut self, now: u64) {
        self.give_up();
        self.proxy.is_closed = false; // what it says last
        let burst = self.reset_burst(now);
        self.plan(burst);
    }

    fn reset_burst(&self, now: u64) -> Burst {
        let at = Duration::from_millis(now).saturating_add(super::exchange::ROUND_TRIP);
        let bytes = self.asked.family().header_bytes() + super::exchange::RST_HEADER;
        let flags = [TcpFlags::RST].as_slice().into();
        Burst { leg: LegKind::Reverse, at, until: at, packets: 1, bytes, flags, origin: None }
    }

    /// The SYN was answered: nobody repeats it any more, and the exchange takes its course.
    fn open(&mut self, answer: Next) {
        self.stop_sending();
        let refuses =
            self.bursts.get(answer.burst).is_some_and(|burst| burst.flags.contains(&TcpFlags::RST_ACK));
        if refuses {
            self.setback = Setback::Ignored;
            return;
        }
        self.setback = Setback::None;
        let syn = Duration::from_millis(answer.at).saturating_sub(super::exchange::ROUND_TRIP);
        for burst in after_handshake(&self.connection, self.known, syn) {
            self.plan(burst);
        }
    }

    /// Sends the packet `lost` once more, unless its sender gives up.
    fn send_again(&mut self, lost: Next) {
        let Setback::Lost { retries, .. } = self.setback else { return };
        let Some(burst) = self.bursts.get(lost.burst).filter(|_| retries < RETRIES) else { return };
        let wait = TIMEOUT.saturating_mul(1 << retries.min(16)).min(LONGEST_TIMEOUT);
        let at = Duration::from_millis(lost.at).saturating_add(wait);
        let bytes = burst.bytes / burst.packets.max(1);
        let flags = burst.flags.iter().take(1).copied().collect();
        let planned = Burst { leg: burst.leg, at, until: at, packets: 1, bytes, flags, origin: burst.origin };
        let planned = self.plan(planned);
        if let Setback::Lost { again, retries, .. } = &mut self.setback {
            (*again, *retries) = (planned, *retries + 1);
        }
    }

    /// What was lost has come through at `now`: what waited follows, as much later.
    fn resume(&mut self, now: u64) {
        let Setback::Lost { since, waiting, .. } = std::mem::replace(&mut self.setback, Setback::None) else {
            return;
        };
        let later = Duration::from_millis(now.saturating_sub(since));
        for (position, sent) in waiting {
            let Some(burst) = self.bursts.get(position) else { continue };
            let rest = Spread::of(burst).rest(sent, later);
            self.plan(rest);
        }
    }

    /// A NAT gateway answers with RST what belongs to a connection that it has forgotten, and the client gives up.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-timeout>
    pub(super) fn reset_by_gateway(&mut self, gateway: Index<Gateway>, now: u64) {
        let Some(leg) = self.way_of_reset(gateway) else { return };
        let burst = self.reset_burst(now);
        if self.connection.bursts.is_none() {
            self.give_up();
        }
        let burst = self.plan(burst);
        if let Some(followed) = self.followed.get_mut(burst) {
            *followed = 1;
        }
        if leg.is_delivered() {
            self.closed = self.closed.or(Some(now));
        }
        let stretches = [Stretch { burst, packets: 0..1 }].into_iter().collect();
        let (epoch, kind) = (self.epoch, LegKind::Reverse);
        self.turns.push(Turn { epoch, kind, proxies: 0, is_stray: false, leg, stretches });
    }

    /// The way from the gateway to the client: that of an answer, from where the gateway has turned it back.
    fn way_of_reset(&self, gateway: Index<Gateway>) -> Option<Leg> {
        let epoch = self.epochs.get(self.epoch)?;
        let memory = self.remembered.memory();
        let translation = memory.translations().iter().find(|by| by.place == Place::Gateway(gateway))?;
        let header = translation.before.reversed();
        let (network, connection, asked) = (epoch.network, &self.connection, self.asked);
        let mut cards = network.network_interfaces.enumerate();
        let kept = memory.pins().iter().find(|pin| pin.gateway == gateway).map(|pin| pin.interface);
        let first = cards.find(|(_, card)| card.gateway == Some(gateway)).map(|(card, _)| card);
        let interface = kept.or(first)?;
        let server = Some(Arrival::Gateway(gateway, interface));
        let kind = LegKind::Reverse;
        let later = Later { network, connection, kind, header, asked, server, memory, is_open: true };
        Some(later.walk(&Course::default()))
    }
}

/// The gateway that has forgotten the connection of a packet that went by `leg`.
pub(super) fn forgotten_by(leg: &Leg) -> Option<Index<Gateway>> {
    let stop = leg.checkpoints.get(leg.stopped_at?)?;
    match (stop.place, stop.decided_by) {
        (Place::Gateway(gateway), DecidedBy::TranslationForgotten) => Some(gateway),
        _ => None,
    }
}
