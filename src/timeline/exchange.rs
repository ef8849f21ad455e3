//! The packets of a connection, when nobody states them.
//!
//! | exchange | client | server |
//! |---|---|---|
//! | TCP, works | SYN, ACK, requests, an ACK for every two segments, FIN, ACK | SYN-ACK, ACK, responses, FIN |
//! | TCP, refused | SYN | RST-ACK |
//! | TCP, no answer comes | SYN after 0, 1, 3, 7… s until the timeout | SYN-ACK for each SYN that arrives |
//! | UDP | requests in datagrams | responses in datagrams |
//! | ICMP echo | `count` requests, one a second | as many replies |
//! | any other | one packet | one packet |
//!
//! A client asks once, or again and again while the connection lasts; what it asks is evenly spread. Sizes are those of Linux: a SYN has 40 bytes of TCP header, other segments 32 (with timestamps), an RST 20; full
//! segments fit 1500 bytes. Kernel settings: `net.ipv4.tcp_syn_retries = 6`, `tcp_syn_linear_timeouts = 0`, first
//! timeout 1 s. A round trip takes 1 ms. The client closes. These are the assumptions `exchange-volume`,
//! `syn-retries` and `icmp-count`.

use std::time::Duration;

use smallvec::smallvec;

use crate::model::{Burst, Connection, Exchange, LegKind, Outcome, Symptom, TcpFlags};
use crate::net::{Header, Payload, Protocol};
use crate::walk::{Case, DecidedBy, Decision, Stage};

/// Retransmissions of a SYN before the kernel gives up: `net.ipv4.tcp_syn_retries`.
const SYN_RETRIES: u32 = 6;
pub(super) const ROUND_TRIP: Duration = Duration::from_millis(1);
pub(super) const SYN_HEADER: u64 = 40;
pub(super) const SEGMENT_HEADER: u64 = 32;
pub(super) const RST_HEADER: u64 = 20;
pub(super) const DATAGRAM_HEADER: u64 = 8;
pub(super) const PACKET: u64 = 1500;
/// The flags of segments with data.
pub(super) const DATA: TcpFlags = TcpFlags(TcpFlags::PSH.0 | TcpFlags::ACK.0);

/// Bursts of the longest usual exchange.
const CONVERSATION: usize = 10;

/// The packets of `connection` in `case`, by leg, with offsets from the scenario's start: those that are stated, or
/// those of a simulated exchange. Packets of a leg that cannot begin are left out.
pub fn packets_of(connection: &Connection, case: &Case) -> Vec<Burst> {
    let mut bursts = planned_packets(connection, case);
    bursts.retain(|burst| burst.leg == LegKind::Forward || replies(case));
    bursts
}

/// As [`packets_of`], with the packets of a leg that cannot begin as long as everything stays as it is.
pub(super) fn planned_packets(connection: &Connection, case: &Case) -> Vec<Burst> {
    match &connection.bursts {
        Some(stated) => with_usual_flags(stated, case),
        None => Simulation::of(connection, case).exchange(),
    }
}

/// The flags of the answer to a SYN, and the bytes of its TCP header.
pub(super) const fn answer(refuses: bool) -> (TcpFlags, u64) {
    if refuses { (TcpFlags::RST_ACK, RST_HEADER) } else { (TcpFlags::SYN_ACK, SYN_HEADER) }
}

/// SYNs and their answers, as long as the client has patience.
pub(super) fn opening(connection: &Connection, case: &Case) -> Vec<Burst> {
    let mut simulation = Simulation::of(connection, case);
    simulation.retries();
    simulation.bursts
}

/// What follows on the answer to a SYN that was sent at `at`, when that is how the connection was opened after all.
pub(super) fn after_handshake(connection: &Connection, case: &Case, at: Duration) -> Vec<Burst> {
    /// The SYN and its answer.
    const HANDSHAKE: usize = 2;
    let mut simulation = Simulation { at, ..Simulation::of(connection, case) };
    simulation.conversation();
    simulation.bursts.split_off(HANDSHAKE)
}

/// Whether the server sends anything: the request arrives, and its host does not keep silent.
fn replies(case: &Case) -> bool {
    let silent = case
        .reverse
        .iter()
        .filter_map(|leg| leg.checkpoints.first())
        .any(|first| first.stage == Stage::Listener && first.decision == Decision::Drop);
    case.forward.is_delivered() && case.reverse.is_some() && !silent
}

/// Stated bursts of TCP that name no flags get the usual ones: the first of a leg opens the connection.
fn with_usual_flags(stated: &[Burst], case: &Case) -> Vec<Burst> {
    let mut bursts = stated.to_vec();
    if case.request.protocol != Protocol::TCP {
        return bursts;
    }
    for leg in [LegKind::Forward, LegKind::Reverse] {
        let of_leg = bursts.iter_mut().filter(|burst| burst.leg == leg);
        for (position, burst) in of_leg.enumerate().filter(|(_, burst)| burst.flags.is_empty()) {
            let opening = if leg == LegKind::Forward { TcpFlags::SYN } else { TcpFlags::SYN_ACK };
            let established = case.taken().0 == Outcome::Connected;
            burst.flags = match (position, established, burst.packets) {
                (0, true, 2..) => smallvec![opening, TcpFlags::ACK],
                (0, ..) => smallvec![opening],
                _ => smallvec![TcpFlags::ACK],
            };
        }
    }
    bursts
}

struct Simulation<'a> {
    case: &'a Case,
    exchange: &'a Exchange,
    at: Duration,
    /// Bytes of an IP header.
    ip: u64,
    bursts: Vec<Burst>,
}

impl<'a> Simulation<'a> {
    fn of(connection: &'a Connection, case: &'a Case) -> Self {
        let ip = case.request.family().header_bytes();
        Self {
            case,
            exchange: &connection.exchange,
            at: connection.at,
            ip,
            bursts: Vec::with_capacity(CONVERSATION),
        }
    }

    fn exchange(mut self) -> Vec<Burst> {
        let header: &Header = &self.case.request;
        match header.protocol {
            Protocol::TCP => self.tcp(),
            Protocol::UDP => self.datagrams(),
            _ if matches!(header.payload, Payload::Icmp(_)) && header.expects_reply() => self.echoes(),
            _ => self.single_packets(),
        }
        self.bursts
    }

    fn tcp(&mut self) {
        let (answer, answer_header) = answer(self.host_refuses());
        match self.case.taken() {
            (Outcome::Connected, Some(Symptom::Refused)) => {
                self.send(LegKind::Forward, 0, 1, SYN_HEADER, 0, TcpFlags::SYN);
                self.send(LegKind::Reverse, 1, 1, RST_HEADER, 0, TcpFlags::RST_ACK);
            }
            (Outcome::Connected, _) => self.conversation(),
            // What cannot be told ends after the first packet each way.
            (Outcome::Unknown | Outcome::Depends, _) => {
                self.send(LegKind::Forward, 0, 1, SYN_HEADER, 0, TcpFlags::SYN);
                self.send(LegKind::Reverse, 1, 1, answer_header, 0, answer);
            }
            // Something on the way answers with RST.
            (Outcome::Blocked, Some(Symptom::Refused)) => {
                self.send(LegKind::Forward, 0, 1, SYN_HEADER, 0, TcpFlags::SYN);
            }
            (Outcome::Blocked | Outcome::Unanswered, _) => self.retries(),
        }
    }

    /// A SYN again and again, each with the answer that it gets when it arrives.
    fn retries(&mut self) {
        let (answer, answer_header) = answer(self.host_refuses());
        for retry in self.syn_times() {
            self.at_offset(retry, LegKind::Forward, SYN_HEADER, TcpFlags::SYN);
            self.at_offset(retry + ROUND_TRIP, LegKind::Reverse, answer_header, answer);
        }
    }

    /// Handshake, a request and a response as often as the client asks, and a close by the client.
    fn conversation(&mut self) {
        let segment = PACKET - self.ip - SEGMENT_HEADER;
        let request = self.exchange.request_bytes.unwrap_or(200);
        let response = self.exchange.response_bytes.unwrap_or(1200);
        let (sent, answered) = (request.div_ceil(segment), response.div_ceil(segment));
        let (times, length) = self.exchange.requests(false);
        let (forward, reverse) = (LegKind::Forward, LegKind::Reverse);
        self.send(forward, 0, 1, SYN_HEADER, 0, TcpFlags::SYN);
        self.send(reverse, 1, 1, SYN_HEADER, 0, TcpFlags::SYN_ACK);
        self.send(forward, 2, 1, SEGMENT_HEADER, 0, TcpFlags::ACK);
        let mut often = |leg, round_trips, packets: u64, payload: u64, flags| {
            let (packets, payload) = (packets.saturating_mul(times), payload.saturating_mul(times));
            self.spread(leg, round_trips, length, packets, SEGMENT_HEADER, payload, flags);
        };
        often(forward, 2, sent, request, DATA);
        often(reverse, 3, sent.div_ceil(2), 0, TcpFlags::ACK);
        often(reverse, 3, answered, response, DATA);
        often(forward, 4, answered.div_ceil(2), 0, TcpFlags::ACK);
        // The client closes when everything is there, and not before it wants to.
        self.at = self.at.saturating_add(self.exchange.lasts.saturating_sub(ROUND_TRIP * 4).max(length));
        self.send(forward, 4, 1, SEGMENT_HEADER, 0, TcpFlags::FIN_ACK);
        self.send(reverse, 5, 1, SEGMENT_HEADER, 0, TcpFlags::FIN_ACK);
        self.send(forward, 6, 1, SEGMENT_HEADER, 0, TcpFlags::ACK);
    }

    fn datagrams(&mut self) {
        let payload = PACKET - self.ip - DATAGRAM_HEADER;
        let (request, response) =
            (self.exchange.request_bytes.unwrap_or(40), self.exchange.response_bytes.unwrap_or(120));
        let (times, length) = self.exchange.requests(false);
        for (leg, round_trips, bytes) in [(LegKind::Forward, 0, request), (LegKind::Reverse, 1, response)] {
            let datagrams = bytes.div_ceil(payload).max(1).saturating_mul(times);
            let bytes = bytes.saturating_mul(times);
            self.spread(leg, round_trips, length, datagrams, DATAGRAM_HEADER, bytes, TcpFlags(0));
        }
    }

    /// As `ping -c COUNT`: one request a second with 56 bytes of payload, unless another interval is stated.
    fn echoes(&mut self) {
        let payload = self.exchange.request_bytes.unwrap_or(56);
        let (count, length) = self.exchange.requests(true);
        let bytes = count.saturating_mul(payload);
        for (leg, round_trips) in [(LegKind::Forward, 0), (LegKind::Reverse, 1)] {
            self.spread(leg, round_trips, length, count, DATAGRAM_HEADER, bytes, TcpFlags(0));
        }
    }

    fn single_packets(&mut self) {
        let (request, response) =
            (self.exchange.request_bytes.unwrap_or(64), self.exchange.response_bytes.unwrap_or(64));
        self.send(LegKind::Forward, 0, 1, 0, request, TcpFlags(0));
        self.send(LegKind::Reverse, 1, 1, 0, response, TcpFlags(0));
    }

    /// When SYNs are sent until somebody gives up: 0, 1, 3, 7, 15… seconds.
    fn syn_times(&self) -> Vec<Duration> {
        let times = (0..=SYN_RETRIES).map(|retry| Duration::from_secs((1_u64 << retry) - 1));
        times.take_while(|time| time.is_zero() || *time < self.exchange.timeout).collect()
    }

    fn host_refuses(&self) -> bool {
        use crate::model::Listener::Refusing;
        let first = self.case.reverse.iter().filter_map(|leg| leg.checkpoints.first());
        first.into_iter().any(|checkpoint| checkpoint.decided_by == DecidedBy::Host(Refusing))
    }

    /// `packets` packets, `round_trips` after the start, that share `payload` bytes.
    fn send(
        &mut self,
        leg: LegKind,
        round_trips: u32,
        packets: u64,
        header: u64,
        payload: u64,
        flags: TcpFlags,
    ) {
        self.spread(leg, round_trips, Duration::ZERO, packets, header, payload, flags);
    }

    /// As [`Self::send`], evenly spread over `length`.
    #[expect(clippy::too_many_arguments, reason = "a row of the table above")]
    fn spread(
        &mut self,
        leg: LegKind,
        round_trips: u32,
        length: Duration,
        packets: u64,
        header: u64,
        payload: u64,
        flags: TcpFlags,
    ) {
        if packets == 0 {
            return;
        }
        let at = self.at.saturating_add(ROUND_TRIP * round_trips);
        let bytes = packets.saturating_mul(self.ip + header).saturating_add(payload);
        let (until, flags) =
            (at.saturating_add(length), if flags.0 == 0 { smallvec![] } else { smallvec![flags] });
        self.bursts.push(Burst { leg, at, until, packets, bytes, flags, origin: None });
    }

    fn at_offset(&mut self, offset: Duration, leg: LegKind, header: u64, flags: TcpFlags) {
        let at = self.at.saturating_add(offset);
        let bytes = self.ip + header;
        self.bursts.push(Burst {
            leg,
            at,
            until: at,
            packets: 1,
            bytes,
            flags: smallvec![flags],
            origin: None,
        });
    }
}
