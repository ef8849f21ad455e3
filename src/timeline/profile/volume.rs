//! The packets of one connection of a profile, without a list of them: sums, where all of it is in one window.
//!
//! Of a TCP connection that works they are those of `timeline/exchange.rs`, with the data and the acknowledgements
//! spread over its time; a test holds that they are the same where it takes no time.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::Call;
use crate::model::{Burst, LegKind, Outcome, SeenFlags, Symptom, TcpFlags};
use crate::net::Protocol;
use crate::timeline::spread::Spread;
use crate::timeline::{Grid, Portion, exchange, join_windows, portions, whole};
use crate::walk::Case;

/// How the packets of a case follow from a connection's sizes and time.
#[derive(Debug, Clone)]
pub enum Form {
    /// TCP that works.
    Conversation {
        /// Bytes of an IP header.
        ip: u64,
    },
    /// UDP.
    Datagrams {
        /// Bytes of an IP header.
        ip: u64,
        /// Whether the server sends its answer.
        is_answered: bool,
    },
    /// Always the same packets, from the connection's beginning on: whatever is refused or not answered, and pings.
    Fixed {
        /// The packets.
        bursts: Vec<Burst>,
        /// What they are together, by leg; absent when none are sent. Forms of edges are many, and seldom this one.
        sums: Box<[Option<Portion>; 2]>,
    },
}

impl Form {
    /// The form of `case`, in which a connection at the scenario's start sends `bursts`.
    pub fn of(case: &Case, bursts: Vec<Burst>) -> Self {
        let ip = case.request.family().header_bytes();
        let (outcome, symptom) = case.taken();
        let works = outcome == Outcome::Connected && symptom != Some(Symptom::Refused);
        match case.request.protocol {
            Protocol::TCP if works => Self::Conversation { ip },
            Protocol::UDP => {
                let is_answered = bursts.iter().any(|burst| burst.leg == LegKind::Reverse);
                Self::Datagrams { ip, is_answered }
            }
            _ => {
                let of_leg = |leg| whole(bursts.iter().filter(move |burst| burst.leg == leg));
                let sums = Box::new([LegKind::Forward, LegKind::Reverse].map(of_leg));
                Self::Fixed { bursts, sums }
            }
        }
    }
}

/// The flags behind the opening packet of a leg of TCP that works and has `segments` with data.
const fn of_conversation(segments: u64) -> SeenFlags {
    let closes = TcpFlags::FIN_ACK.seen();
    if segments > 0 { closes.and(exchange::DATA.seen()) } else { closes }
}

/// The packets of one connection.
#[derive(Debug, Clone, Copy)]
pub struct Volume<'f> {
    form: &'f Form,
    of: Call,
    /// Packets of the request, and of the response.
    data: (u64, u64),
}

impl<'f> Volume<'f> {
    /// Those of a connection whose case has `form`.
    pub fn of(form: &'f Form, of: Call) -> Self {
        let data = match form {
            Form::Conversation { ip } => {
                let segment = exchange::PACKET - ip - exchange::SEGMENT_HEADER;
                (of.request.div_ceil(segment), of.response.div_ceil(segment))
            }
            Form::Datagrams { ip, .. } => {
                let payload = exchange::PACKET - ip - exchange::DATAGRAM_HEADER;
                (of.request.div_ceil(payload).max(1), of.response.div_ceil(payload).max(1))
            }
            Form::Fixed { .. } => (0, 0),
        };
        Self { form, of, data }
    }

    /// All packets of a leg, as if one window held them; none when nothing is sent.
    pub fn whole(&self, leg: LegKind) -> Option<Portion> {
        let Call { begin, request, response, lasts, .. } = self.of;
        let (sent, answered) = self.data;
        let lasts = u64::from(lasts);
        match (self.form, leg) {
            (Form::Conversation { ip }, LegKind::Forward) => {
                let rest = 1 + sent + answered.div_ceil(2) + 2;
                let bytes = ip + exchange::SYN_HEADER + rest * (ip + exchange::SEGMENT_HEADER) + request;
                let flags = TcpFlags::SYN.seen().and(of_conversation(sent));
                Some(Portion {
                    window: 0,
                    first: begin,
                    last: begin + lasts + 6,
                    packets: 1 + rest,
                    bytes,
                    flags,
                })
            }
            (Form::Conversation { ip }, LegKind::Reverse) => {
                let rest = sent.div_ceil(2) + answered + 1;
                let bytes = ip + exchange::SYN_HEADER + rest * (ip + exchange::SEGMENT_HEADER) + response;
                let flags = TcpFlags::SYN_ACK.seen().and(of_conversation(answered));
                let (first, last) = (begin + 1, begin + lasts + 5);
                Some(Portion { window: 0, first, last, packets: 1 + rest, bytes, flags })
            }
            (Form::Datagrams { ip, .. }, LegKind::Forward) => {
                let bytes = sent * (ip + exchange::DATAGRAM_HEADER) + request;
                Some(Portion {
                    window: 0,
                    first: begin,
                    last: begin,
                    packets: sent,
                    bytes,
                    flags: SeenFlags::default(),
                })
            }
            (Form::Datagrams { ip, is_answered: true }, LegKind::Reverse) => {
                let bytes = answered * (ip + exchange::DATAGRAM_HEADER) + response;
                let at = begin + 1;
                Some(Portion {
                    window: 0,
                    first: at,
                    last: at,
                    packets: answered,
                    bytes,
                    flags: SeenFlags::default(),
                })
            }
            (Form::Datagrams { .. }, LegKind::Reverse) => None,
            (Form::Fixed { sums, .. }, _) => {
                let [forward, reverse] = sums.as_ref();
                let sum = if leg == LegKind::Forward { forward } else { reverse };
                sum.map(|sum| Portion { first: begin + sum.first, last: begin + sum.last, ..sum })
            }
        }
    }

    /// The last packet of both legs.
    pub fn last(&self) -> u64 {
        let legs = [LegKind::Forward, LegKind::Reverse].into_iter();
        legs.filter_map(|leg| self.whole(leg)).map(|all| all.last).max().unwrap_or(self.of.begin)
    }

    /// The packets of a leg by windows of `grid`: of those windows that begin at `from` or later, or hold the first
    /// packets if that is `None`, and before `until`. What is not sent `within` a time is left out.
    pub fn by_window(
        &self,
        leg: LegKind,
        grid: Grid,
        (from, until): (Option<u64>, u64),
        within: Range<u64>,
    ) -> SmallVec<[Portion; 4]> {
        let behind = grid.end(grid.window(until.saturating_sub(1))).min(within.end);
        // The first window that begins at `from` or later.
        let begin = from.map_or(0, |from| grid.begin(grid.window(from.saturating_sub(1)).saturating_add(1)));
        let begin = begin.max(within.start);
        let mut all: SmallVec<[Portion; 4]> = SmallVec::new();
        for burst in self.bursts(leg) {
            let first = if begin == 0 { 0 } else { Spread::of(&burst).packets_before(begin) };
            let behind = std::time::Duration::from_millis(behind);
            all.extend(portions(&burst, first..burst.packets, grid, Some(behind)));
        }
        join_windows(&mut all);
        all
    }

    /// The packets of a leg, at their times.
    fn bursts(&self, leg: LegKind) -> SmallVec<[Burst; 6]> {
        let Call { begin, request, response, lasts, .. } = self.of;
        let lasts = u64::from(lasts);
        let (sent, answered) = self.data;
        let burst =
            |(at, lasts): (u64, u64), packets: u64, header: u64, payload: u64, flags: TcpFlags| Burst {
                leg,
                at: std::time::Duration::from_millis(begin + at),
                until: std::time::Duration::from_millis(begin + at + lasts),
                packets,
                bytes: packets * header + payload,
                flags: smallvec![flags],
                origin: None,
            };
        let mut all: SmallVec<[Burst; 6]> = match (self.form, leg) {
            (Form::Conversation { ip }, LegKind::Forward) => {
                let (syn, header) = (ip + exchange::SYN_HEADER, ip + exchange::SEGMENT_HEADER);
                smallvec![
                    burst((0, 0), 1, syn, 0, TcpFlags::SYN),
                    burst((2, 0), 1, header, 0, TcpFlags::ACK),
                    burst((2, lasts), sent, header, request, exchange::DATA),
                    burst((4, lasts), answered.div_ceil(2), header, 0, TcpFlags::ACK),
                    burst((4 + lasts, 0), 1, header, 0, TcpFlags::FIN_ACK),
                    burst((6 + lasts, 0), 1, header, 0, TcpFlags::ACK),
                ]
            }
            (Form::Conversation { ip }, LegKind::Reverse) => {
                let (syn, header) = (ip + exchange::SYN_HEADER, ip + exchange::SEGMENT_HEADER);
                smallvec![
                    burst((1, 0), 1, syn, 0, TcpFlags::SYN_ACK),
                    burst((3, lasts), sent.div_ceil(2), header, 0, TcpFlags::ACK),
                    burst((3, lasts), answered, header, response, exchange::DATA),
                    burst((5 + lasts, 0), 1, header, 0, TcpFlags::FIN_ACK),
                ]
            }
            (Form::Datagrams { .. }, _) => self
                .whole(leg)
                .map(|all| Burst {
                    packets: all.packets,
                    bytes: all.bytes,
                    ..burst((all.first - begin, 0), 0, 0, 0, TcpFlags(0))
                })
                .into_iter()
                .collect(),
            (Form::Fixed { bursts, .. }, _) => {
                let begin = std::time::Duration::from_millis(begin);
                let of_leg = bursts.iter().filter(|burst| burst.leg == leg);
                let moved = |burst: &Burst| Burst {
                    at: begin + burst.at,
                    until: begin + burst.until,
                    ..burst.clone()
                };
                of_leg.map(moved).collect()
            }
        };
        all.retain(|burst| burst.packets > 0);
        all
    }
}
