//! The tests of a list of rules in a dense form.
//!
//! A rule is as large as its texts, and a packet is tested against many. The dense form has a few bytes for each rule
//! and passes over those that cannot match. Of most it also knows that they do; the others are asked, so that the
//! meaning of a rule stands in [`Match`](crate::net::Match) alone. Ports come first: most rules are for others.

use std::net::IpAddr;

use super::Probe;
use super::buckets::Buckets;
use super::probe::selectors;
use super::rows::{Rest, Row, Table};
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
    /// Whether it matches for certain, at every port that is asked about.
    pub(crate) matches: bool,
    /// Whether it matches for certain, but perhaps at some of these ports alone.
    pub(crate) is_exact: bool,
    /// Its first and its last port, if it is exact.
    pub(crate) ports: (u16, u16),
    /// Whether its far side is every address of a family.
    pub(crate) is_for_everyone: bool,
    /// What its list noted of it.
    pub(crate) note: N,
}

/// The tests of a list, by address family. Two lines of the processor's cache have the ports of most lists, and say where
/// the rest is.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Screen<N> {
    v4: Table<u32, N>,
    v6: Option<Box<Table<u128, N>>>,
    /// A bit for each remainder of a port, or ICMP type and code, that a rule for every address of a family may pass.
    for_everyone: u64,
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
                high,
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
        let v6 = (!v6.is_empty()).then(|| Box::new(Table::of(v6)));
        Self { v4: Table::of(v4), v6, for_everyone }
    }

    /// The same, searched by IPv4 address where that is worth its memory.
    pub(super) fn by_address(mut self) -> Self {
        let ranges = self.v4.rows.iter().map(|row| (row.bits, row.bits | !row.mask));
        if self.v4.rows.len() >= Buckets::FEWEST {
            self.v4.by_address = Buckets::of(&ranges.collect::<Vec<_>>()).map(Box::new);
        }
        self
    }

    /// Whether a rule for every address of a family may match.
    pub(super) fn may_be_open(&self, probe: Probe) -> bool {
        let wanted = if probe.any_service { u64::MAX } else { remainders(probe.first, probe.last) };
        self.for_everyone & wanted != 0
    }

    /// The rules that may match, in order, and among them all that do.
    #[inline]
    pub(super) fn candidates(&self, probe: Probe) -> Candidates<'_, N> {
        Candidates { screen: self, probe, rest: self.begin(&probe) }
    }

    /// Where to look for them.
    #[inline]
    pub(super) fn begin(&self, probe: &Probe) -> Rest<'_> {
        match probe.address {
            IpAddr::V4(address) => self.v4.begin(probe, Some(address.into())),
            IpAddr::V6(_) => self.v6.as_ref().map_or(Rest::From(0), |v6| v6.begin(probe, None)),
        }
    }

    /// What `wanted` says of the first of them in `rest` of which it says something.
    #[inline]
    pub(super) fn find<B>(
        &self,
        probe: &Probe,
        rest: &mut Rest<'_>,
        wanted: impl FnMut(Candidate<N>) -> Option<B>,
    ) -> Option<B> {
        match probe.address {
            IpAddr::V4(address) => self.v4.find(address.into(), probe, rest, wanted),
            IpAddr::V6(address) => self.v6.as_ref()?.find(address.into(), probe, rest, wanted),
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

impl<N: Copy> Iterator for Candidates<'_, N> {
    type Item = Candidate<N>;

    fn next(&mut self) -> Option<Candidate<N>> {
        self.find_map(Some)
    }

    #[inline]
    fn find_map<B, F: FnMut(Candidate<N>) -> Option<B>>(&mut self, wanted: F) -> Option<B> {
        self.screen.find(&self.probe, &mut self.rest, wanted)
    }
}
