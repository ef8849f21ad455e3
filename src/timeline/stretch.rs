//! Packets that go the same way.

use std::ops::Range;
use std::time::Duration;

use super::spread::Spread;
use crate::model::{Burst, LegKind};

/// Consecutive packets of a burst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Position of the burst among those of its connection.
    pub burst: usize,
    /// The packets, by their number within it.
    pub packets: Range<u64>,
}

impl Stretch {
    /// When the first of them is sent, of those of `bursts`.
    pub fn first_packet(&self, bursts: &[Burst]) -> Option<Duration> {
        let burst = bursts.get(self.burst)?;
        Some(Duration::from_millis(Spread::of(burst).time(self.packets.start)))
    }

    /// Every packet of those `bursts` that go the way of `leg`.
    pub fn all(bursts: &[Burst], leg: LegKind) -> impl Iterator<Item = Self> {
        let of_leg = bursts.iter().enumerate().filter(move |(_, burst)| burst.leg == leg);
        of_leg.map(|(position, burst)| Self { burst: position, packets: 0..burst.packets })
    }
}
