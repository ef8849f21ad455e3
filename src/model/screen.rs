//! The tests of a list of rules in a dense form.
//!
//! A rule is as large as its texts, and a packet is tested against many. The dense form has a few bytes for each rule
//! and passes over those that cannot match. Of most it also knows that they do; the others are asked, so that the
//! meaning of a rule stands in [`Match`](crate::net::Match) alone. Long lists are searched first, by service or by
//! address.

use std::net::IpAddr;
use std::ops::{BitAnd, BitXor};

use super::Probe;
use super::buckets::Buckets;
use super::probe::{number, selectors};
use crate::net::{AddressMatch, Service};

/// The test of one rule, as its list hands it over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test<'a, N> {
    pub(super) service: Service,
    /// Which far sides pass.
    pub(super) remote: &'a AddressMatch,
    /// Whether service and far side are all that is tested.
    pub(super) is_all: bool,
    /// What the walk wants to know of the rule.
    pub(super) note: N,
}

/// A rule that may match.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<N> {
    /// Its position in the list.
    pub(crate) position: usize,
    /// Whether it matches for certain.
    pub(crate) matches: bool,
    /// Whether its far side is every address of a family.
    pub(crate) is_for_everyone: bool,
    /// What its list noted of it.
    pub(crate) note: N,
}

/// The tests of a list, by address family: a line of the processor's cache says where they are.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Screen<N> {
    v4: Table<u32, N>,
    v6: Table<u128, N>,
    /// A bit for each remainder of a port, or ICMP type and code, that a rule for every address of a family may pass.
    for_everyone: u64,
}

/// Tests for one address family, in the order of the rules; rules that no address of it passes have none.
#[derive(Debug, Clone)]
struct Table<A, N> {
    rows: Box<[Row<A, N>]>,
    index: Option<Box<Index>>,
}

/// One test, in as few bytes as it can.
#[derive(Debug, Clone, Copy)]
struct Row<A, N> {
    /// An address that passes has these bits where `mask` has ones.
    bits: A,
    mask: A,
    position: u32,
    /// Ports, or ICMP types and codes: `low` and as many behind it.
    low: u16,
    behind: u16,
    /// A protocol that passes has these bits where `protocol_mask` has ones.
    protocol: u8,
    protocol_mask: u8,
    /// Whether the rule matches whatever passes.
    is_exact: bool,
    is_for_everyone: bool,
    note: N,
}

/// The rows of a table by one of the numbers that they test.
#[derive(Debug, Clone)]
enum Index {
    /// By protocol and ports, or ICMP type and code.
    ByService(Buckets),
    /// By IPv4 address.
    ByAddress(Buckets),
}

impl<N: Copy> Screen<N> {
    pub(super) fn of<'t>(tests: impl Iterator<Item = Test<'t, N>>) -> Self {
        let mut v4 = Vec::with_capacity(tests.size_hint().0);
        let mut v6 = Vec::new();
        let mut for_everyone = 0;
        for (position, test) in (0..).zip(tests) {
            let selectors = selectors(test.service);
            let (low, high) = selectors.unwrap_or((0, u16::MAX));
            let (protocol, protocol_mask) =
                test.service.protocol.map_or((0, 0), |protocol| (protocol.0, u8::MAX));
            let row = Row {
                bits: 0,
                mask: 0,
                position,
                low,
                behind: high - low,
                protocol,
                protocol_mask,
                is_exact: test.is_all && selectors.is_some(),
                is_for_everyone: test.remote.is_everything(),
                note: test.note,
            };
            if row.is_for_everyone {
                for_everyone |= remainders(low, high);
            }
            match test.remote {
                AddressMatch::Within(block) => {
                    let length = u32::from(block.prefix_length());
                    match block.first() {
                        IpAddr::V4(first) => {
                            let mask = u32::MAX.checked_shl(u32::BITS - length).unwrap_or(0);
                            v4.push(Row { bits: first.into(), mask, ..row });
                        }
                        IpAddr::V6(first) => {
                            let mask = u128::MAX.checked_shl(u128::BITS - length).unwrap_or(0);
                            v6.push(row.with_block(first.into(), mask));
                        }
                    }
                }
                AddressMatch::Any => {
                    v4.push(row);
                    v6.push(row.with_block(0, 0));
                }
                // Lists have many blocks and are left to the rules.
                AddressMatch::WithinAny(_) => {
                    v4.push(Row { is_exact: false, ..row });
                    v6.push(Row { is_exact: false, ..row.with_block(0, 0) });
                }
            }
        }
        let (v4, v6) = (v4.into_boxed_slice(), v6.into_boxed_slice());
        Self { v4: Table { rows: v4, index: None }, v6: Table { rows: v6, index: None }, for_everyone }
    }

    /// The same, searched by service where that is worth its memory.
    pub(super) fn by_service(mut self) -> Self {
        self.v4.index = self.v4.index(Row::numbers, Index::ByService);
        self.v6.index = self.v6.index(Row::numbers, Index::ByService);
        self
    }

    /// The same, searched by IPv4 address where that is worth its memory.
    pub(super) fn by_address(mut self) -> Self {
        self.v4.index = self.v4.index(|row| (row.bits, row.bits | !row.mask), Index::ByAddress);
        self
    }

    /// Whether a rule for every address of a family may match.
    pub(super) fn may_be_open(&self, probe: Probe) -> bool {
        let wanted = if probe.any_service { u64::MAX } else { remainders(probe.selector, probe.selector) };
        self.for_everyone & wanted != 0
    }

    /// The rules that may match, in order, and among them all that do.
    #[inline]
    pub(super) fn candidates(&self, probe: Probe) -> Candidates<'_, N> {
        let index = match probe.address {
            IpAddr::V4(_) => self.v4.index.as_deref(),
            IpAddr::V6(_) => self.v6.index.as_deref(),
        };
        let found = index.and_then(|index| index.find(probe));
        Candidates { screen: self, probe, rest: found.map_or(Rest::From(0), Rest::These) }
    }
}

impl Index {
    /// Where the rows stand that `probe` may pass, if it has the number.
    fn find(&self, probe: Probe) -> Option<&[u32]> {
        match (self, probe.address) {
            (Self::ByService(buckets), _) if !probe.any_service => Some(buckets.at(probe.number())),
            (Self::ByAddress(buckets), IpAddr::V4(address)) => Some(buckets.at(address.into())),
            _ => None,
        }
    }
}

impl<A: Copy + Default + PartialEq + BitAnd<Output = A> + BitXor<Output = A>, N: Copy> Table<A, N> {
    fn index(
        &self,
        numbers: impl Fn(&Row<A, N>) -> (u32, u32),
        index: fn(Buckets) -> Index,
    ) -> Option<Box<Index>> {
        if self.rows.len() < Buckets::FEWEST {
            return None;
        }
        let numbers: Vec<_> = self.rows.iter().map(numbers).collect();
        Buckets::of(&numbers).map(index).map(Box::new)
    }

    /// The next row that `probe`, whose address is `address`, may pass.
    fn next(&self, address: A, probe: &Probe, rest: &mut Rest<'_>) -> Option<Candidate<N>> {
        let row = match rest {
            Rest::From(from) => {
                let mut rows = self.rows.get(*from..)?.iter().enumerate();
                // Told apart once, not for each row.
                let (at, row) = if probe.any_service {
                    rows.find(|(_, row)| row.passes_address(address))?
                } else {
                    rows.find(|(_, row)| row.passes(address, probe))?
                };
                *from += at + 1;
                row
            }
            Rest::These(positions) => loop {
                let (first, behind) = positions.split_first()?;
                *positions = behind;
                let row = self.rows.get(*first as usize)?;
                if row.passes_address(address) && (probe.any_service || row.passes(address, probe)) {
                    break row;
                }
            },
        };
        Some(Candidate {
            position: row.position as usize,
            // A row without a protocol is for all traffic.
            matches: row.is_exact && (!probe.any_service || row.protocol_mask == 0),
            is_for_everyone: row.is_for_everyone,
            note: row.note,
        })
    }
}

impl<N: Copy> Row<u32, N> {
    /// The same test of IPv6 addresses.
    fn with_block(&self, bits: u128, mask: u128) -> Row<u128, N> {
        let Self { position, low, behind, protocol, protocol_mask, is_exact, is_for_everyone, note, .. } =
            *self;
        Row { bits, mask, position, low, behind, protocol, protocol_mask, is_exact, is_for_everyone, note }
    }
}

impl<A: Copy + Default + PartialEq + BitAnd<Output = A> + BitXor<Output = A>, N> Row<A, N> {
    #[inline]
    fn passes(&self, address: A, probe: &Probe) -> bool {
        // Ports come first: most rules are for others, so that the branch is easily foreseen.
        probe.selector.wrapping_sub(self.low) <= self.behind
            && self.passes_address(address)
            && probe.protocol & self.protocol_mask == self.protocol
    }

    #[inline]
    fn passes_address(&self, address: A) -> bool {
        (address ^ self.bits) & self.mask == A::default()
    }

    /// The services that pass, as numbers.
    fn numbers(&self) -> (u32, u32) {
        match self.protocol_mask {
            0 => (0, number(u8::MAX, u16::MAX)),
            _ => (number(self.protocol, self.low), number(self.protocol, self.low + self.behind)),
        }
    }
}

/// A bit for each remainder of the numbers from `low` to `high`.
fn remainders(low: u16, high: u16) -> u64 {
    match high - low {
        0 => 1 << (u32::from(low) % u64::BITS),
        _ => u64::MAX,
    }
}

/// Runs through the rules that may match.
#[derive(Debug, Clone)]
pub(crate) struct Candidates<'a, N> {
    screen: &'a Screen<N>,
    probe: Probe,
    rest: Rest<'a>,
}

/// Rows still to be looked at.
#[derive(Debug, Clone)]
enum Rest<'a> {
    /// All from this one on.
    From(usize),
    /// Those at these positions.
    These(&'a [u32]),
}

impl<N: Copy> Iterator for Candidates<'_, N> {
    type Item = Candidate<N>;

    fn next(&mut self) -> Option<Candidate<N>> {
        let Self { screen, probe, rest } = self;
        match probe.address {
            IpAddr::V4(address) => screen.v4.next(address.into(), probe, rest),
            IpAddr::V6(address) => screen.v6.next(address.into(), probe, rest),
        }
    }
}
