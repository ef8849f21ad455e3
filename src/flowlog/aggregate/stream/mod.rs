//! Records of traffic that is drawn while time goes by: windows are put together and given away as they close.
//!
//! It says the same as the [`Recorder`](super::Recorder) of the whole, in parts that follow one another: a part holds
//! every window that ends in it. In memory is what is open, some fifty bytes for each flow that an interface has seen in
//! a window that is not over.

mod close;
mod count;
mod emit;
mod join;
mod site;

use std::collections::BTreeSet;

use rayon::prelude::*;

pub(crate) use count::Count as StreamCount;
pub(crate) use emit::{Edge, Part, SeenOnWay};
pub(crate) use site::ShownPort;

use super::windows::{WindowKey, Windows};
use super::{Counts, Recorder};
use crate::flowlog::FlowLogRecord;
use crate::timeline::milliseconds;
use count::Count;
use site::Sites;

/// Counts traffic, and makes records of windows that have closed.
pub(crate) struct Stream<'r, 'n> {
    windows: &'r Windows<'n>,
    sites: Sites<'r, 'n>,
    /// By network in which a connection begins, then by edge.
    edges: Vec<Vec<Edge>>,
    /// When each network begins to hold.
    changes: Vec<u64>,
    skipped: BTreeSet<WindowKey>,
    /// What is known of windows that have not closed, in pieces for threads.
    open: Vec<Vec<Count>>,
    /// What stated connections add, in the order of time: taken from the end.
    stated: Vec<Count>,
    /// For each lane, the first window that is not closed, once there was traffic.
    next: Vec<Option<u64>>,
    /// Up to when windows have closed.
    closed: u64,
    /// Where watching ends, in milliseconds from the start.
    end: Option<u64>,
}

impl<'r, 'n> Stream<'r, 'n> {
    /// A stream in which `stated` connections were counted already.
    pub(crate) fn new(recorder: &'r Recorder<'n>, stated: Vec<Counts>) -> Self {
        let windows = &recorder.windows;
        let mut sites = Sites::new(&recorder.watches, windows);
        let counts = stated.into_iter().flat_map(Counts::into_buckets).flatten();
        let stated = counts.filter_map(|count| sites.stated(&count)).collect();
        let skipped = windows.skipped();
        for (_, vantage, _) in &skipped {
            for epoch in 0..windows.changes().len() {
                if let Some(own) = windows.epoch(epoch).and_then(|of| of.numbering.own(*vantage)) {
                    sites.lanes_of(epoch, own);
                }
            }
        }
        let end = windows.end().map(milliseconds);
        Self {
            windows,
            sites,
            edges: Vec::new(),
            changes: windows.changes(),
            skipped,
            open: Vec::new(),
            stated,
            next: Vec::new(),
            closed: 0,
            end,
        }
    }

    /// Says which edges there are. Nothing is counted before.
    pub(crate) fn begin(&mut self, edges: Vec<Vec<Edge>>) {
        self.edges = edges;
        let ranks = self.sites.rank();
        for edge in self.edges.iter_mut().flatten() {
            edge.rank(&ranks);
        }
        for count in &mut self.stated {
            count.rank(&ranks);
        }
        let sites = &self.sites;
        self.stated.par_sort_unstable_by_key(|count| {
            std::cmp::Reverse(sites.grid(count.lane()).begin(count.window()))
        });
        self.next = vec![None; self.sites.lanes.len()];
    }

    /// The sites of what interfaces see, for those who make edges.
    pub(crate) fn sites(&mut self) -> &mut Sites<'r, 'n> {
        &mut self.sites
    }

    /// Puts into `records`, in their order, those of every window that closes up to `until`, in milliseconds from the
    /// start, of which `counts` hold everything that is new; without it, of all windows.
    pub(crate) fn close(
        &mut self,
        counts: Vec<Vec<Count>>,
        until: Option<u64>,
        records: &mut Vec<FlowLogRecord>,
    ) {
        let until = until.filter(|until| self.end.is_none_or(|end| *until < end)).unwrap_or(u64::MAX);
        let begun = |count: &Count| self.sites.grid(count.lane()).begin(count.window()) < until;
        let rest = self.stated.partition_point(|count| !begun(count));
        let stated = self.stated.split_off(rest);
        let mut parts = std::mem::take(&mut self.open);
        parts.push(stated);
        parts.extend(counts);
        let closes = |count: &Count| self.sites.grid(count.lane()).end(count.window()) <= until;
        let stay_open = |part: &mut Vec<Count>| part.extract_if(.., |count| !closes(count)).collect();
        let open: Vec<Vec<Count>> = parts.par_iter_mut().map(stay_open).collect();
        self.open = open.into_iter().filter(|part| !part.is_empty()).collect();
        self.records(parts, until, records);
    }
}
