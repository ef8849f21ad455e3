//! The records of all buckets in one order. Whole windows are put in order, not single records.

use rayon::prelude::*;

use super::counts::Count;
use super::windows::Windows;
use crate::flowlog::{FlowLogRecord, LogStatus};
use crate::model::{FlowLog, Index, RecordTimes, Vantage};
use crate::net::Timestamp;

/// All records of one window of one interface or attachment in one flow log. The order of the fields is that of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Run {
    pub(super) window_end: Timestamp,
    pub(super) flow_log: Index<FlowLog>,
    pub(super) vantage: Vantage,
    pub(super) window_start: Timestamp,
    pub(super) content: Content,
}

/// What stands in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    /// One record without traffic.
    Status(LogStatus),
    /// Counts of a bucket, from `begin` to before `end`.
    Data { bucket: usize, begin: usize, end: usize },
}

impl Content {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Status(_) => 1,
            Self::Data { begin, end, .. } => end - begin,
        }
    }
}

/// The records of all buckets: their counts, of which `data` makes records, and their runs.
pub(super) fn put_in_order<C: Sync>(
    windows: &Windows<'_>,
    buckets: Vec<(Vec<C>, Vec<Run>)>,
    data: impl Fn(&Run, &C) -> FlowLogRecord + Sync,
) -> Vec<FlowLogRecord> {
    let (counts, runs): (Vec<Vec<C>>, Vec<Vec<Run>>) = buckets.into_iter().unzip();
    let counts: Vec<&[C]> = counts.iter().map(Vec::as_slice).collect();
    let mut records = Vec::new();
    put_runs_in_order(windows, &counts, runs.into_iter().flatten().collect(), data, &mut records);
    records
}

/// As [`put_in_order`], of all `runs` and their `counts` by bucket; the records take the place of those in `records`.
pub(super) fn put_runs_in_order<C: Sync>(
    windows: &Windows<'_>,
    counts: &[&[C]],
    mut runs: Vec<Run>,
    data: impl Fn(&Run, &C) -> FlowLogRecord + Sync,
    records: &mut Vec<FlowLogRecord>,
) {
    runs.par_sort_unstable();
    let mut ends = Vec::with_capacity(runs.len());
    let mut total = 0;
    for run in &runs {
        total += run.content.len();
        ends.push(total);
    }
    let at = Positions { windows, runs: &runs, ends: &ends, counts, data };
    let record = |current: &mut usize, position| at.record(current, position);
    (0..total).into_par_iter().with_min_len(1024).map_init(|| 0, record).collect_into_vec(records);
}

/// Where each record is.
struct Positions<'a, C, D> {
    windows: &'a Windows<'a>,
    runs: &'a [Run],
    /// Number of records up to the end of each run.
    ends: &'a [usize],
    counts: &'a [&'a [C]],
    data: D,
}

impl<C, D: Fn(&Run, &C) -> FlowLogRecord> Positions<'_, C, D> {
    /// The record at `position`, below the last of `ends`. `current` is the run of another one: nearly always the same.
    #[expect(clippy::indexing_slicing, reason = "runs and counts are those that `ends` was counted from")]
    fn record(&self, current: &mut usize, position: usize) -> FlowLogRecord {
        if !(self.begin(*current)..self.ends[*current]).contains(&position) {
            *current = self.ends.partition_point(|end| *end <= position);
        }
        let run = &self.runs[*current];
        match run.content {
            Content::Status(status) => status_record(self.windows, run, status),
            Content::Data { bucket, begin, .. } => {
                (self.data)(run, &self.counts[bucket][begin + position - self.begin(*current)])
            }
        }
    }

    /// Number of records before `run`.
    fn begin(&self, run: usize) -> usize {
        run.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }
}

/// The record of `count`, which is in the window of `run`.
pub(super) fn data_record(windows: &Windows<'_>, run: &Run, count: &Count) -> FlowLogRecord {
    let (flow_log, vantage) = windows.own(count.epoch.into(), run.flow_log, run.vantage);
    let (start, end) = match windows.record_times(count) {
        RecordTimes::Packets => (windows.instant(count.first), windows.instant(count.last)),
        RecordTimes::Windows => (run.window_start, run.window_end),
    };
    FlowLogRecord {
        epoch: count.epoch,
        flow_log,
        vantage,
        window_end: run.window_end,
        start,
        end,
        status: LogStatus::Ok,
        flow: Some(count.flow),
    }
}

fn status_record(windows: &Windows<'_>, run: &Run, status: LogStatus) -> FlowLogRecord {
    let epoch = windows.epoch_at(windows.since_start(run.window_start));
    let (flow_log, vantage) = windows.own(epoch, run.flow_log, run.vantage);
    FlowLogRecord {
        epoch: u16::try_from(epoch).unwrap_or(u16::MAX),
        flow_log,
        vantage,
        window_end: run.window_end,
        start: run.window_start,
        end: run.window_end,
        status,
        flow: None,
    }
}
