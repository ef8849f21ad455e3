//! What the packets of all connections met, in some hundred numbers: those that are not drawn are seen as well.

use super::account::Account;
use super::fate::{FATES, Fate};
use crate::model::LegKind;

/// Bins at most, of each leg.
const BINS: u64 = 512;

/// Numbers of packets over time. The time of a bin is a power of two, so that two overviews always fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Milliseconds of a bin.
    pub width: u64,
    /// Packets of requests, bin by bin.
    pub requests: Vec<Bin>,
    /// Packets of replies.
    pub replies: Vec<Bin>,
}

/// Packets of one leg in the time of one bin, by their fate: in the order of [`FATES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bin([u64; 5]);

impl Bin {
    /// Packets with this fate.
    pub fn packets(&self, fate: Fate) -> u64 {
        self.0.get(fate.rank()).copied().unwrap_or(0)
    }

    /// The fate most worth seeing, if there are any packets.
    pub fn worst(&self) -> Option<Fate> {
        FATES.iter().rev().map(|entry| entry.fate).find(|fate| self.packets(*fate) > 0)
    }

    fn add(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own = own.saturating_add(other));
    }
}

impl Default for Overview {
    fn default() -> Self {
        Self { width: 1, requests: Vec::new(), replies: Vec::new() }
    }
}

impl Overview {
    /// The bins of a leg.
    pub fn bins(&self, leg: LegKind) -> &[Bin] {
        match leg {
            LegKind::Forward => &self.requests,
            LegKind::Reverse => &self.replies,
        }
    }

    /// Adds the packets of a connection.
    pub(super) fn note(&mut self, account: &Account) {
        for row in &account.rows {
            self.reach(row.spans.iter().map(|span| span.to).max().unwrap_or(0));
            let width = self.width;
            for span in &row.spans {
                account.portions(span, width).for_each(|portion| {
                    let mut bin = Bin::default();
                    if let Some(count) = bin.0.get_mut(span.fate.rank()) {
                        *count = portion.packets;
                    }
                    self.add(row.leg, portion.first / width, bin);
                });
            }
        }
    }

    /// Adds what other connections sent.
    pub(super) fn absorb(&mut self, mut other: Self) {
        let width = self.width.max(other.width);
        self.widen(width);
        other.widen(width);
        for leg in [LegKind::Forward, LegKind::Reverse] {
            (0..).zip(other.bins(leg)).for_each(|(at, bin)| self.add(leg, at, *bin));
        }
    }

    /// Makes room for a time.
    fn reach(&mut self, at: u64) {
        let mut width = self.width;
        while at / width >= BINS {
            width = width.saturating_mul(2);
        }
        self.widen(width);
    }

    fn widen(&mut self, width: u64) {
        while self.width < width {
            self.width = self.width.saturating_mul(2);
            for bins in [&mut self.requests, &mut self.replies] {
                let merged = bins.chunks(2).map(|pair| {
                    pair.iter().fold(Bin::default(), |mut sum, bin| {
                        sum.add(*bin);
                        sum
                    })
                });
                *bins = merged.collect();
            }
        }
    }

    fn add(&mut self, leg: LegKind, at: u64, bin: Bin) {
        let bins = match leg {
            LegKind::Forward => &mut self.requests,
            LegKind::Reverse => &mut self.replies,
        };
        let at = usize::try_from(at.min(BINS)).unwrap_or(0);
        if bins.len() <= at {
            bins.resize(at + 1, Bin::default());
        }
        if let Some(own) = bins.get_mut(at) {
            own.add(bin);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_packet_is_lost_when_bins_widen() {
        let (mut one, mut other) = (Overview::default(), Overview::default());
        for at in [0, 5, 511, 512, 100_000, 86_400_000] {
            one.reach(at);
            one.add(LegKind::Forward, at / one.width, Bin([1, 0, 0, 0, 0]));
        }
        other.reach(7);
        other.add(LegKind::Forward, 7, Bin([0, 0, 0, 0, 2]));
        other.absorb(one.clone());
        one.absorb(Overview { width: 1, requests: vec![Bin([0, 0, 0, 0, 2])], replies: Vec::new() });
        assert_eq!(one, other);
        let sum = |fate| one.requests.iter().map(|bin| bin.packets(fate)).sum::<u64>();
        assert_eq!((sum(Fate::Arrives), sum(Fate::Rejected), one.requests.len() <= 513), (6, 2, true));
        assert_eq!(one.requests[0].worst(), Some(Fate::Rejected));
    }
}
