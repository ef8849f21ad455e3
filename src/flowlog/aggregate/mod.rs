//! Sightings to records: windows, one record per interface, direction, header and action, filters, NODATA and SKIPDATA.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregation-interval>
//!
//! Connections are counted in units, by any number of threads; every unit deals its counts into the same
//! [`buckets`](Counts) of interfaces. Whatever ends in one record is in one bucket, so that the buckets are put
//! together by as many threads again. Neither depends on the number of threads.

mod counts;
mod join;
mod order;
mod stream;
mod watch;
mod windows;

use std::time::Duration;

use rayon::prelude::*;

pub use counts::Counts;
use counts::{BUCKETS, Count, bucket_of};
use join::join_records;
use order::{Content, Run, data_record, put_in_order};
pub(crate) use stream::{Edge, Part, SeenOnWay, ShownPort, Stream, StreamCount};
use watch::Watch;
use windows::Windows;
#[cfg(feature = "graph")]
pub(crate) use windows::grid;

use super::{FlowLogRecord, Sighting};
use crate::model::{Burst, LegKind, TrafficType, WindowPhase};
use crate::net::Timestamp;
use crate::timeline::{Epoch, Stretch};

/// The traffic of one connection: what was sent, and what interfaces saw of it.
#[derive(Debug, Clone)]
pub struct Traffic {
    /// Position of the connection in the scenario.
    pub connection: usize,
    /// What was sent.
    pub bursts: Vec<Burst>,
    /// The ways that its packets went. Each packet went one of them.
    pub ways: Vec<Way>,
    /// Whether what becomes of packets on one of these is not known.
    pub is_open: bool,
}

/// A way that packets of one leg went, and what interfaces saw there.
#[derive(Debug, Clone)]
pub struct Way {
    /// The network, by its position among those of the scenario.
    pub epoch: usize,
    /// Which leg.
    pub leg: LegKind,
    /// The packets.
    pub packets: Packets,
    /// What interfaces saw of each of them.
    pub sightings: Vec<Sighting>,
}

impl Way {
    /// The same where `count` other bursts stand before its own `bursts`, which are not all there are.
    #[must_use]
    pub fn behind(mut self, bursts: &[Burst], count: usize) -> Self {
        let mut stretches = match self.packets {
            Packets::All => Stretch::all(bursts, self.leg).collect(),
            Packets::Some(stretches) => stretches,
        };
        for stretch in &mut stretches {
            stretch.burst += count;
        }
        self.packets = Packets::Some(stretches);
        self
    }
}

/// Packets of one leg.
#[derive(Debug, Clone)]
pub enum Packets {
    /// Every one that is sent on it, as nearly always.
    All,
    /// These.
    Some(Vec<Stretch>),
}

/// When the scenario begins, and how long interfaces are watched.
#[derive(Debug, Clone, Copy)]
pub struct Aggregation {
    /// Where window 0 opens.
    pub start: Timestamp,
    /// Where watching ends; without it there is no NODATA.
    pub duration: Option<Duration>,
    /// Where the windows of interfaces begin.
    pub phase: WindowPhase,
}

/// Counts traffic for the flow logs of a network, and makes records of the counts.
#[derive(Debug)]
pub struct Recorder<'n> {
    /// One for each network.
    watches: Vec<Watch<'n>>,
    windows: Windows<'n>,
}

impl<'n> Recorder<'n> {
    /// A recorder for the flow logs of the networks that a scenario has one behind the other.
    pub fn new(epochs: &'n [Epoch<'n>], aggregation: Aggregation) -> Self {
        let watches = epochs.iter().map(|epoch| Watch::of(epoch.network)).collect();
        Self { watches, windows: Windows::new(epochs, aggregation) }
    }

    /// Adds the traffic of one connection to `counts`.
    pub fn count(&self, traffic: &Traffic, counts: &mut Counts) {
        counts.add(&self.watches, &self.windows, traffic);
    }

    /// The records of all flow logs, in the order of window end, flow log, interface, first packet, direction. Where
    /// connections share a record, that of the first unit is its cause.
    pub fn records(&self, units: Vec<Counts>) -> Vec<FlowLogRecord> {
        let mut buckets: Vec<Vec<Vec<Count>>> = Vec::new();
        buckets.resize_with(BUCKETS, Vec::new);
        for unit in units {
            for (bucket, counts) in buckets.iter_mut().zip(unit.into_buckets()) {
                if !counts.is_empty() {
                    bucket.push(counts);
                }
            }
        }
        let skipped = self.windows.skipped();
        let mut merged: Vec<(Vec<Count>, Vec<Run>)> = Vec::new();
        let put_together = |(position, parts): (usize, Vec<Vec<Count>>)| {
            let skipped: Vec<_> = skipped.iter().filter(|window| bucket_of(window.1) == position).collect();
            self.bucket(position, parts, &skipped)
        };
        buckets.into_par_iter().enumerate().map(put_together).collect_into_vec(&mut merged);
        put_in_order(&self.windows, merged, |run, count| data_record(&self.windows, run, count))
    }

    /// Puts the counts of one bucket together: one for each record, and where the runs of one window are.
    fn bucket(
        &self,
        position: usize,
        parts: Vec<Vec<Count>>,
        skipped: &[&windows::WindowKey],
    ) -> (Vec<Count>, Vec<Run>) {
        let mut all = join_records(&parts);
        drop(parts);
        let mut runs = self.windows.without_traffic(&all, skipped);
        all.retain(|count| self.keeps(count) && skipped.binary_search(&&count.window()).is_err());
        let mut begin = 0;
        for of_window in all.chunk_by_mut(|a, b| a.window() == b.window()) {
            of_window.sort_unstable_by(Count::by_first_packet);
            let end = begin + of_window.len();
            if let Some(first) = of_window.first() {
                runs.push(self.windows.run(first.window(), Content::Data { bucket: position, begin, end }));
            }
            begin = end;
        }
        (all, runs)
    }

    /// Whether the flow log of `count` keeps its action.
    fn keeps(&self, count: &Count) -> bool {
        use super::Action::{Accept, Reject};
        match self.windows.traffic_type(count) {
            TrafficType::All => true,
            TrafficType::Accept => count.flow.action == Accept,
            TrafficType::Reject => count.flow.action == Reject,
        }
    }
}
