//! The tests of one address family in a dense form: ports first, sixteen at once, then address and protocol.

use std::ops::{BitAnd, BitXor};

use super::Probe;
use super::buckets::Buckets;
use super::lanes::{Lanes, WIDTH};
use super::screen::Candidate;

/// Tests for one address family, in the order of the rules; rules that no address of it passes have none.
#[derive(Debug, Clone)]
pub(super) struct Table<A, N> {
    /// Whether some of them are not for every service.
    tests_ports: bool,
    /// The ports of the first sixteen.
    first: Lanes,
    /// Those of the others.
    behind: Box<[Lanes]>,
    pub(super) rows: Box<[Row<A, N>]>,
    /// Where those for an IPv4 address stand, of long lists.
    pub(super) by_address: Option<Box<Buckets>>,
}

/// One test, in as few bytes as it can.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<A, N> {
    /// An address that passes has these bits where `mask` has ones.
    pub(super) bits: A,
    pub(super) mask: A,
    pub(super) position: u32,
    /// Ports, or ICMP types and codes, from the first to the last.
    pub(super) low: u16,
    pub(super) high: u16,
    /// A protocol that passes has these bits where `protocol_mask` has ones.
    pub(super) protocol: u8,
    pub(super) protocol_mask: u8,
    /// Whether the rule matches whatever passes.
    pub(super) is_exact: bool,
    pub(super) is_for_everyone: bool,
    pub(super) note: N,
}

/// Rows still to be looked at.
#[derive(Debug, Clone)]
pub(crate) enum Rest<'a> {
    /// These of the sixteen with this number, and all behind them.
    Sixteen { number: usize, bits: u16 },
    /// All from this one on.
    From(usize),
    /// Those at these positions.
    These(&'a [u32]),
}

impl<A: Copy + Default + PartialEq + BitAnd<Output = A> + BitXor<Output = A>, N: Copy> Table<A, N> {
    pub(super) fn of(rows: Vec<Row<A, N>>) -> Self {
        let ranges: Vec<(u16, u16)> = rows.iter().map(|row| (row.low, row.high)).collect();
        let tests_ports = ranges.iter().any(|range| *range != (0, u16::MAX));
        let behind = ranges.chunks(WIDTH).skip(1).filter(|_| tests_ports).map(Lanes::of).collect();
        let (first, rows) = (Lanes::of(&ranges), rows.into_boxed_slice());
        Self { tests_ports, first, behind, rows, by_address: None }
    }

    /// The rows to be looked at for `probe`, whose address is `address` if it is one of IPv4.
    #[inline]
    pub(super) fn begin(&self, probe: &Probe, address: Option<u32>) -> Rest<'_> {
        if self.tests_ports && !probe.any_service {
            return Rest::Sixteen { number: 0, bits: self.first.overlapping(probe.first, probe.last) };
        }
        let found = self.by_address.as_ref().zip(address);
        found.map_or(Rest::From(0), |(buckets, address)| Rest::These(buckets.at(address)))
    }

    /// The first of the rows that `probe`, whose address is `address`, may pass, of which `wanted` says something.
    #[inline]
    pub(super) fn find<B>(
        &self,
        address: A,
        probe: &Probe,
        rest: &mut Rest<'_>,
        mut wanted: impl FnMut(Candidate<N>) -> Option<B>,
    ) -> Option<B> {
        match rest {
            Rest::Sixteen { number, bits } => loop {
                while *bits != 0 {
                    let at = bits.trailing_zeros() as usize;
                    *bits &= *bits - 1;
                    let row = self.rows.get(*number * WIDTH + at)?;
                    if let Some(found) = row.candidate(address, probe).and_then(&mut wanted) {
                        return Some(found);
                    }
                }
                *number += 1;
                *bits = self.behind.get(*number - 1)?.overlapping(probe.first, probe.last);
            },
            Rest::From(from) => {
                let mut rows = self.rows.get(*from..)?.iter();
                let found = rows.find_map(|row| row.candidate(address, probe).and_then(&mut wanted));
                *from = self.rows.len() - rows.len();
                found
            }
            Rest::These(positions) => {
                let mut rows = positions.iter();
                let row = |at: &u32| self.rows.get(*at as usize);
                let found = rows.find_map(|at| row(at)?.candidate(address, probe).and_then(&mut wanted));
                *positions = rows.as_slice();
                found
            }
        }
    }
}

impl<N: Copy> Row<u32, N> {
    /// The same test of IPv6 addresses.
    pub(super) fn with_block(&self, bits: u128, mask: u128) -> Row<u128, N> {
        let Self { position, low, high, protocol, protocol_mask, is_exact, is_for_everyone, note, .. } =
            *self;
        Row { bits, mask, position, low, high, protocol, protocol_mask, is_exact, is_for_everyone, note }
    }
}

impl<A: Copy + Default + PartialEq + BitAnd<Output = A> + BitXor<Output = A>, N: Copy> Row<A, N> {
    /// The rule, unless address or protocol do not pass; ports were looked at.
    #[inline]
    fn candidate(&self, address: A, probe: &Probe) -> Option<Candidate<N>> {
        let passes = (address ^ self.bits) & self.mask == A::default()
            && (probe.any_service || probe.protocol & self.protocol_mask == self.protocol);
        if !passes {
            return None;
        }
        // A rule without a protocol is for all traffic.
        let is_exact = self.is_exact && (!probe.any_service || self.protocol_mask == 0);
        Some(Candidate {
            position: self.position as usize,
            matches: is_exact && self.low <= probe.first && probe.last <= self.high,
            is_exact,
            ports: (self.low, self.high),
            is_for_everyone: self.is_for_everyone,
            note: self.note,
        })
    }
}
