//! Windows that have closed, as records.

use std::ops::Range;

use rayon::prelude::*;

use super::Stream;
use super::count::Count;
use super::site::{Lane, with_ports};
use crate::flowlog::aggregate::order::{Content, Run, put_runs_in_order};
use crate::flowlog::{Action, Flow, FlowLogRecord, LogStatus};
use crate::model::{FlowLog, Index, RecordTimes, TrafficType};

/// Runs of records, and the counts of flow logs that keep one action alone.
#[derive(Default)]
struct Runs {
    runs: Vec<Run>,
    /// The second bucket.
    filtered: Vec<Count>,
}

impl Stream<'_, '_> {
    /// The records of `closed`, which hold all there is of windows that close up to `until`, and of those that are
    /// empty or lost, take the place of those in `records`.
    pub(super) fn records(&mut self, closed: &mut Vec<Count>, until: u64, records: &mut Vec<FlowLogRecord>) {
        closed.par_sort_unstable_by(Count::by_record);
        closed.dedup_by(|later, first| first.absorb(later));
        closed
            .par_chunk_by_mut(|a, b| a.place() == b.place())
            .for_each(|of_window| of_window.par_sort_unstable_by(Count::by_first_packet));
        let mut all = Runs::default();
        let mut begin = 0;
        let mut next = std::mem::take(&mut self.next);
        for ((number, lane), next) in self.sites.lanes.iter().enumerate().zip(&mut next) {
            let rest = closed.get(begin..).unwrap_or_default();
            let own = begin..begin + rest.partition_point(|count| count.lane() == number);
            begin = own.end;
            let counts = closed.get(own.clone()).unwrap_or_default();
            let first = next.or_else(|| counts.first().map(Count::window));
            let watched = first.map(|first| first..self.behind(lane, until).max(first));
            for (flow_log, kept) in &lane.flow_logs {
                self.close_lane(
                    (lane, *flow_log, *kept),
                    counts,
                    own.start,
                    watched.clone(),
                    until,
                    &mut all,
                );
            }
            *next = watched.map(|watched| watched.end);
        }
        (self.next, self.closed) = (next, until);
        let data = |run: &Run, count: &Count| self.data_record(run, count);
        put_runs_in_order(self.windows, &[closed, &all.filtered], all.runs, data, records);
    }

    /// The first window of a lane that is open at `until`, or behind the end of watching.
    fn behind(&self, lane: &Lane, until: u64) -> u64 {
        match self.end {
            Some(end) if until == u64::MAX => lane.grid.window(end.saturating_sub(1)) + 1,
            _ => lane.grid.window(until),
        }
    }

    /// Adds the runs of one lane in one flow log. `counts` are the lane's, of which the first stands at `position` in the
    /// first bucket, and `watched` its windows that close, from the first with traffic on.
    fn close_lane(
        &self,
        (lane, flow_log, kept): (&Lane, Index<FlowLog>, TrafficType),
        counts: &[Count],
        position: usize,
        watched: Option<Range<u64>>,
        until: u64,
        all: &mut Runs,
    ) {
        let key = |window: u64| (flow_log, lane.vantage, window);
        let closes_now = |window: &u64| {
            let end = lane.grid.end(*window);
            self.closed < end && end <= until
        };
        let lost = self.skipped.range(key(0)..=key(u64::MAX)).map(|(.., window)| *window);
        let lost: Vec<u64> = lost.filter(closes_now).collect();
        let is_lost = |window: &u64| lost.binary_search(window).is_ok();
        let status = |window: u64, status| self.windows.run(key(window), Content::Status(status));
        let is_quiet = |window: &u64| !is_lost(window) && self.windows.is_watched(key(*window), lane.grid);
        all.runs.extend(lost.iter().map(|window| status(*window, LogStatus::SkipData)));
        // Only within a declared duration there is NODATA.
        let mut empty = watched.filter(|_| self.end.is_some()).unwrap_or(0..0);
        let mut begin = position;
        for of_window in counts.chunk_by(|a, b| a.place() == b.place()) {
            let Some(window) = of_window.first().map(Count::window) else { continue };
            let before = empty.start..window.min(empty.end);
            all.runs.extend(before.filter(is_quiet).map(|window| status(window, LogStatus::NoData)));
            empty.start = window + 1;
            let content = match kept {
                TrafficType::All => Content::Data { bucket: 0, begin, end: begin + of_window.len() },
                TrafficType::Accept | TrafficType::Reject => {
                    let from = all.filtered.len();
                    let is_kept = |count: &&Count| {
                        let action = self.flow_of(count).map(|flow| flow.action);
                        (action == Some(Action::Accept)) == (kept == TrafficType::Accept)
                    };
                    all.filtered.extend(of_window.iter().filter(is_kept));
                    Content::Data { bucket: 1, begin: from, end: all.filtered.len() }
                }
            };
            if content.len() > 0 && !is_lost(&window) {
                all.runs.push(self.windows.run(key(window), content));
            }
            begin += of_window.len();
        }
        all.runs.extend(empty.filter(is_quiet).map(|window| status(window, LogStatus::NoData)));
    }

    fn flow_of(&self, count: &Count) -> Option<&Flow> {
        self.sites.flows.get(count.site as usize)
    }

    fn data_record(&self, run: &Run, count: &Count) -> FlowLogRecord {
        let begin = self.sites.grid(count.lane()).begin(count.window());
        let flow = self.flow_of(count).map(|flow| Flow {
            header: with_ports(flow.header, count.ports()),
            packets: count.packets,
            bytes: count.bytes,
            tcp_flags: count.flags,
            ..*flow
        });
        let (start, end) = match self.windows.record_times_of(run) {
            RecordTimes::Packets => {
                let at = |time: u32| self.windows.instant(begin + u64::from(time));
                (at(count.first), at(count.last))
            }
            RecordTimes::Windows => (run.window_start, run.window_end),
        };
        let epoch = self.sites.epochs.get(count.site as usize).copied().unwrap_or(0);
        let (flow_log, vantage) = self.windows.own(epoch.into(), run.flow_log, run.vantage);
        FlowLogRecord {
            epoch,
            flow_log,
            vantage,
            window_end: run.window_end,
            start,
            end,
            status: LogStatus::Ok,
            flow,
        }
    }
}
