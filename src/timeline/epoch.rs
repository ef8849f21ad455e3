//! Networks one behind the other, and the ways that packets take through them.

use std::time::Duration;

use smallvec::SmallVec;

use super::numbering::Numbering;
use super::stretch::Stretch;
use crate::model::{Burst, LegKind, Network};
use crate::walk::Leg;

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
    /// Behind how many proxies: each opened the connection that the next took.
    pub proxies: usize,
    /// Whether they have nothing to do with whoever is behind the proxy that took the connection, if one did: nobody there
    /// knows of it any more.
    pub is_stray: bool,
    /// Their way.
    pub leg: Leg,
    /// The packets.
    pub stretches: SmallVec<[Stretch; 8]>,
}

impl Turn {
    /// When the first of its packets was sent, of those of `bursts`.
    pub fn first_packet(&self, bursts: &[Burst]) -> Option<Duration> {
        self.stretches.iter().filter_map(|stretch| stretch.first_packet(bursts)).min()
    }

    /// The same behind so many `proxies`, where `count` other bursts stand before its own.
    #[must_use]
    pub fn behind(mut self, proxies: usize, count: usize) -> Self {
        self.proxies = proxies;
        self.stretches.iter_mut().for_each(|stretch| stretch.burst += count);
        self
    }

    /// Number of its packets.
    pub fn packets(&self) -> u64 {
        self.stretches.iter().map(|stretch| stretch.packets.end - stretch.packets.start).sum()
    }
}
