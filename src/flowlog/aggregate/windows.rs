//! Windows of interfaces: where they begin and end, and those that have no data.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Aggregation;
use super::counts::Count;
use super::order::{Content, Run};
use crate::flowlog::LogStatus;
use crate::model::{FlowLog, Index, Network, NetworkInterface, WindowPhase};
use crate::net::Timestamp;
use crate::timeline::{Grid, milliseconds};

/// A window of an interface, as a flow log cuts them; the last part is its number from the scenario's start.
pub(super) type WindowKey = (Index<FlowLog>, Index<NetworkInterface>, u64);

/// All windows of a network.
#[derive(Debug)]
pub(super) struct Windows<'n> {
    network: &'n Network,
    aggregation: Aggregation,
}

impl<'n> Windows<'n> {
    pub(super) fn new(network: &'n Network, aggregation: Aggregation) -> Self {
        Self { network, aggregation }
    }

    /// The windows of `interface` in `flow_log`.
    pub(super) fn grid(&self, flow_log: Index<FlowLog>, interface: Index<NetworkInterface>) -> Grid {
        let length = self.network.flow_logs[flow_log].interval(self.network, interface);
        let grid = Grid::aligned(length);
        match self.aggregation.phase {
            WindowPhase::Aligned => grid,
            phase @ WindowPhase::Spread => {
                let id = &self.network.network_interfaces[interface].identity.id;
                grid.shifted(phase.of(id, length))
            }
        }
    }

    /// Where watching ends, from the scenario's start; later packets are not seen.
    pub(super) fn end(&self) -> Option<Duration> {
        self.aggregation.duration
    }

    /// The instant `milliseconds` after the scenario's start.
    pub(super) fn instant(&self, milliseconds: u64) -> Timestamp {
        self.aggregation.start + Duration::from_millis(milliseconds)
    }

    /// Windows whose records are stated to be lost.
    pub(super) fn skipped(&self) -> BTreeSet<WindowKey> {
        let (network, end) = (self.network, self.end());
        let mut skipped = BTreeSet::new();
        for (index, flow_log) in network.flow_logs.enumerate() {
            for skip in flow_log.skipdata.iter().filter(|skip| end.is_none_or(|end| skip.at < end)) {
                let all = network.network_interfaces.enumerate().map(|(interface, _)| interface);
                let concerned = all.filter(|interface| {
                    flow_log.covers(network, *interface)
                        && skip.interface.is_none_or(|only| only == *interface)
                });
                let window = |interface| self.grid(index, interface).window(milliseconds(skip.at));
                skipped.extend(concerned.map(|interface| (index, interface, window(interface))));
            }
        }
        skipped
    }

    /// The windows of one bucket that have a record without traffic: those of `skipped`, and those that are empty
    /// after an interface's first traffic and within the declared duration. `counts` are in the order of windows.
    pub(super) fn without_traffic(&self, counts: &[Count], skipped: &[&WindowKey]) -> Vec<Run> {
        let lost = skipped.iter().map(|window| self.run(**window, Content::Status(LogStatus::SkipData)));
        let mut runs: Vec<Run> = lost.collect();
        let Some(duration) = self.end() else { return runs };
        for of_interface in counts.chunk_by(|a, b| (a.flow_log, a.interface) == (b.flow_log, b.interface)) {
            let Some(first) = of_interface.first() else { continue };
            let (flow_log, interface, mut next) = first.window();
            let grid = self.grid(flow_log, interface);
            let final_number = grid.window(milliseconds(duration).saturating_sub(1));
            let watched =
                of_interface.iter().map(|count| count.number).chain([final_number.saturating_add(1)]);
            for number in watched {
                let empty = (next..number).map(|number| (flow_log, interface, number));
                let empty = empty.filter(|window| skipped.binary_search(&window).is_err());
                runs.extend(empty.map(|window| self.run(window, Content::Status(LogStatus::NoData))));
                next = number.saturating_add(1);
            }
        }
        runs
    }

    /// What stands in a window, with its place in the order of all.
    pub(super) fn run(&self, (flow_log, interface, number): WindowKey, content: Content) -> Run {
        let (window_start, window_end) = self.bounds((flow_log, interface, number));
        Run { window_end, flow_log, interface, window_start, content }
    }

    /// Start and end of a window; the last one ends with the declared duration.
    fn bounds(&self, (flow_log, interface, number): WindowKey) -> (Timestamp, Timestamp) {
        let grid = self.grid(flow_log, interface);
        let (begin, full) = (self.instant(grid.begin(number)), self.instant(grid.end(number)));
        let end = self.aggregation.duration.map(|duration| self.aggregation.start + duration);
        (begin, end.filter(|end| *end > begin && *end < full).unwrap_or(full))
    }
}
