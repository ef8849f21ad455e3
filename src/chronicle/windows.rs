//! The windows of flow logs, and what was written at the end of each.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregation-interval>

use std::collections::BTreeMap;

use crate::flowlog::{Action, LogStatus, grid};
use crate::report::Report;
use crate::timeline::milliseconds;

/// Windows of one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    /// Their length, in milliseconds.
    pub length: u64,
    /// The interfaces and attachments that have records of such windows: ids, and names as people read them.
    pub interfaces: Vec<(String, String)>,
    /// Those with records, in the order of time.
    pub windows: Vec<WindowRecords>,
}

/// The records of one window, of all interfaces and flow logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WindowRecords {
    /// When it opens, milliseconds from the scenario's start.
    pub begin: u64,
    /// When it closes.
    pub end: u64,
    /// Records of accepted traffic.
    pub accepted: usize,
    /// Records of rejected traffic.
    pub rejected: usize,
    /// Records that say that there was no traffic.
    pub no_data: usize,
    /// Records that say that some are lost.
    pub skipped: usize,
}

impl WindowRecords {
    /// All of them.
    pub const fn records(&self) -> usize {
        self.accepted + self.rejected + self.no_data + self.skipped
    }
}

/// Names of interfaces by their ids, and windows by their beginnings.
type OfLength<'r> = (BTreeMap<&'r str, String>, BTreeMap<u64, WindowRecords>);

impl Windows {
    /// The windows of `report`, the shortest first.
    pub(super) fn of(report: &Report<'_>) -> Vec<Self> {
        let mut by_length: BTreeMap<u64, OfLength<'_>> = BTreeMap::new();
        for record in &report.records {
            let network = report.network_of(record);
            let interval = network.flow_logs[record.flow_log].interval(network, record.vantage);
            let (interfaces, windows) = by_length.entry(milliseconds(interval)).or_default();
            let id = network.vantage_id(record.vantage);
            interfaces.entry(id).or_insert_with(|| network.vantage_name(record.vantage));
            let end = milliseconds(record.window_end - report.scenario.start);
            let phase = report.scenario.window_phase;
            let grid = grid(phase, network, record.flow_log, record.vantage);
            let begin = grid.begin(grid.window(end.saturating_sub(1)));
            let window =
                windows.entry(begin).or_insert(WindowRecords { begin, end, ..WindowRecords::default() });
            match (record.flow.map(|flow| flow.action), record.status) {
                (Some(Action::Accept), _) => window.accepted += 1,
                (Some(Action::Reject), _) => window.rejected += 1,
                (None, LogStatus::SkipData) => window.skipped += 1,
                (None, _) => window.no_data += 1,
            }
        }
        let of_length = |(length, (interfaces, windows)): (u64, OfLength<'_>)| {
            let interfaces =
                interfaces.into_iter().map(|(id, label)| (crate::diagnostic::escape(id), label)).collect();
            Self { length, interfaces, windows: windows.into_values().collect() }
        };
        by_length.into_iter().map(of_length).collect()
    }
}
