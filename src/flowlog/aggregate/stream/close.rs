//! Windows that have closed, as records.

use std::ops::Range;

use super::Stream;
use super::count::Count;
use super::join::windows_of;
use super::site::{Lane, with_ports};
use crate::flowlog::aggregate::order::{Content, Run, put_runs_in_order};
use crate::flowlog::{Action, Flow, FlowLogRecord, LogStatus};
use crate::model::{FlowLog, Index, RecordTimes, TrafficType};

/// Runs of records, and the counts of flow logs that keep one action alone.
#[derive(Default)]
struct Runs {
    unsorted: Vec<Run>,
    filtered: Vec<Count>,
    /// The bucket that these are: behind those of all windows.
    filtered_at: usize,
}

impl Stream<'_, '_> {
    /// The records of `parts`, which hold all there is of windows that close up to `until`, and of those that are empty or
    /// lost, take the place of those in `records`.
    pub(super) fn records(&mut self, parts: Vec<Vec<Count>>, until: u64, records: &mut Vec<FlowLogRecord>) {
        let closed = windows_of(parts);
        let mut all = Runs { filtered_at: closed.len(), ..Runs::default() };
        let mut begin = 0;
        let mut next = std::mem::take(&mut self.next);
        for ((number, lane), next) in self.sites.lanes.iter().enumerate().zip(&mut next) {
            let rest = closed.get(begin..).unwrap_or_default();
            let is_own = |window: &Vec<Count>| window.first().is_some_and(|count| count.lane() == number);
            let own = rest.get(..rest.partition_point(is_own)).unwrap_or_default();
            let first = next.or_else(|| own.first()?.first().map(Count::window));
            let watched = first.map(|first| first..self.behind(lane, until).max(first));
            for (flow_log, kept) in &lane.flow_logs {
                self.close_lane((lane, *flow_log, *kept), own, begin, watched.clone(), until, &mut all);
            }
            begin += own.len();
            *next = watched.map(|watched| watched.end);
        }
        (self.next, self.closed) = (next, until);
        let data = |run: &Run, count: &Count| self.data_record(run, count);
        let counts: Vec<&[Count]> = closed.iter().chain([&all.filtered]).map(Vec::as_slice).collect();
        put_runs_in_order(self.windows, &counts, all.unsorted, data, records);
    }

    /// The first window of a lane that is open at `until`, or behind the end of watching.
    fn behind(&self, lane: &Lane, until: u64) -> u64 {
        match self.end {
            Some(end) if until == u64::MAX => lane.grid.window(end.saturating_sub(1)) + 1,
            _ => lane.grid.window(until),
        }
    }

    /// Adds the runs of one lane in one flow log. `closed` are the lane's windows with traffic, of which the first is the
    /// bucket `position`, and `watched` all its windows that close, from the first with traffic on.
    fn close_lane(
        &self,
        (lane, flow_log, kept): (&Lane, Index<FlowLog>, TrafficType),
        closed: &[Vec<Count>],
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
        all.unsorted.extend(lost.iter().map(|window| status(*window, LogStatus::SkipData)));
        // Only within a declared duration there is NODATA.
        let mut empty = watched.filter(|_| self.end.is_some()).unwrap_or(0..0);
        for (counts, bucket) in closed.iter().zip(position..) {
            let Some(window) = counts.first().map(Count::window) else { continue };
            let before = empty.start..window.min(empty.end);
            all.unsorted.extend(before.filter(is_quiet).map(|window| status(window, LogStatus::NoData)));
            empty.start = window + 1;
            let content = match kept {
                TrafficType::All => Content::Data { bucket, begin: 0, end: counts.len() },
                TrafficType::Accept | TrafficType::Reject => {
                    let begin = all.filtered.len();
                    let is_kept = |count: &&Count| {
                        let action = self.flow_of(count).map(|flow| flow.action);
                        (action == Some(Action::Accept)) == (kept == TrafficType::Accept)
                    };
                    all.filtered.extend(counts.iter().filter(is_kept));
                    Content::Data { bucket: all.filtered_at, begin, end: all.filtered.len() }
                }
            };
            if content.len() > 0 && !is_lost(&window) {
                all.unsorted.push(self.windows.run(key(window), content));
            }
        }
        all.unsorted.extend(empty.filter(is_quiet).map(|window| status(window, LogStatus::NoData)));
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
