//! Windows of interfaces: where they begin and end, and those that have no data.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Aggregation;
use super::counts::Count;
use super::order::{Content, Run};
use crate::flowlog::LogStatus;
use crate::model::{FlowLog, Index, Network, RecordTimes, TrafficType, Vantage, WindowPhase};
use crate::net::Timestamp;
use crate::timeline::{Epoch, Grid, milliseconds};

/// The windows of `vantage` in `flow_log`.
pub(crate) fn grid(
    phase: WindowPhase,
    network: &Network,
    flow_log: Index<FlowLog>,
    vantage: Vantage,
) -> Grid {
    let length = network.flow_logs[flow_log].interval(network, vantage);
    let aligned = Grid::aligned(length);
    match phase {
        WindowPhase::Aligned => aligned,
        WindowPhase::Spread => aligned.shifted(phase.of(network.vantage_id(vantage), length)),
    }
}

/// A window of an interface, as a flow log cuts them, by the names that all networks use; the last part is its number from
/// the scenario's start.
pub(super) type WindowKey = (Index<FlowLog>, Vantage, u64);

/// All windows of the networks of a scenario.
#[derive(Debug)]
pub(super) struct Windows<'n> {
    epochs: &'n [Epoch<'n>],
    aggregation: Aggregation,
}

impl<'n> Windows<'n> {
    pub(super) fn new(epochs: &'n [Epoch<'n>], aggregation: Aggregation) -> Self {
        Self { epochs, aggregation }
    }

    /// The network at a position.
    pub(super) fn epoch(&self, position: usize) -> Option<&'n Epoch<'n>> {
        self.epochs.get(position)
    }

    /// The windows of `vantage` in `flow_log`, by their indices in the network of `epoch`. They are the same in all: AWS
    /// changes neither the interval of a flow log nor the type of a running instance.
    pub(super) fn grid(&self, epoch: &Epoch<'_>, flow_log: Index<FlowLog>, vantage: Vantage) -> Grid {
        grid(self.aggregation.phase, epoch.network, flow_log, vantage)
    }

    /// The windows that a window is one of: as the first network has it that has both flow log and interface.
    fn grid_of(&self, (flow_log, vantage, _): WindowKey) -> Grid {
        let mut own = self.epochs.iter().filter_map(|epoch| {
            let numbering = epoch.numbering;
            Some((epoch, numbering.flow_logs.own(flow_log)?, numbering.own(vantage)?))
        });
        own.next().map_or_else(
            || Grid::aligned(Duration::from_secs(60)),
            |(epoch, flow_log, vantage)| self.grid(epoch, flow_log, vantage),
        )
    }

    /// Where watching ends, from the scenario's start; later packets are not seen.
    pub(super) fn end(&self) -> Option<Duration> {
        self.aggregation.duration
    }

    /// The instant `milliseconds` after the scenario's start.
    pub(super) fn instant(&self, milliseconds: u64) -> Timestamp {
        self.aggregation.start + Duration::from_millis(milliseconds)
    }

    /// The flow log of `count`.
    fn flow_log(&self, count: &Count) -> Option<&'n FlowLog> {
        let epoch = self.epoch(count.epoch.into())?;
        Some(&epoch.network.flow_logs[epoch.numbering.flow_logs.own(count.flow_log)?])
    }

    /// Which actions the flow log of `count` keeps.
    pub(super) fn traffic_type(&self, count: &Count) -> TrafficType {
        self.flow_log(count).map_or(TrafficType::All, |of| of.traffic_type)
    }

    /// What the record of `count` tells as its start and end.
    pub(super) fn record_times(&self, count: &Count) -> RecordTimes {
        self.flow_log(count).map_or(RecordTimes::Packets, |of| of.record_times)
    }

    /// The same of a run of a window: as the first network has its flow log.
    pub(super) fn record_times_of(&self, run: &Run) -> RecordTimes {
        let mut own = self.epochs.iter().filter_map(|epoch| {
            epoch.numbering.flow_logs.own(run.flow_log).map(|log| epoch.network.flow_logs[log].record_times)
        });
        own.next().unwrap_or_default()
    }

    /// Windows whose records are stated to be lost.
    pub(super) fn skipped(&self) -> BTreeSet<WindowKey> {
        let end = self.end();
        let mut skipped = BTreeSet::new();
        for epoch in self.epochs {
            let (network, numbering) = (epoch.network, epoch.numbering);
            for (index, flow_log) in network.flow_logs.enumerate() {
                for skip in flow_log.skipdata.iter().filter(|skip| end.is_none_or(|end| skip.at < end)) {
                    let concerned = network.vantages().filter(|vantage| {
                        flow_log.covers(network, *vantage)
                            && skip.interface.is_none_or(|only| Vantage::from(only) == *vantage)
                    });
                    skipped.extend(concerned.map(|vantage| {
                        let window = self.grid(epoch, index, vantage).window(milliseconds(skip.at));
                        (numbering.flow_logs.common(index), numbering.common(vantage), window)
                    }));
                }
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
        for of_interface in counts.chunk_by(|a, b| (a.flow_log, a.vantage) == (b.flow_log, b.vantage)) {
            let Some(first) = of_interface.first() else { continue };
            let (flow_log, vantage, mut next) = first.window();
            let grid = self.grid_of(first.window());
            let final_number = grid.window(milliseconds(duration).saturating_sub(1));
            let watched =
                of_interface.iter().map(|count| count.number).chain([final_number.saturating_add(1)]);
            for number in watched {
                let empty = (next..number).map(|number| (flow_log, vantage, number));
                let empty = empty.filter(|window| {
                    skipped.binary_search(&window).is_err() && self.is_watched(*window, grid)
                });
                runs.extend(empty.map(|window| self.run(window, Content::Status(LogStatus::NoData))));
                next = number.saturating_add(1);
            }
        }
        runs
    }

    /// Whether the interface is watched when a window opens. An event may take either away.
    pub(super) fn is_watched(&self, (flow_log, vantage, number): WindowKey, grid: Grid) -> bool {
        let [_, _, ..] = self.epochs else { return true };
        let epoch = self.epoch(self.epoch_at(grid.begin(number)));
        epoch.is_some_and(|epoch| {
            let numbering = epoch.numbering;
            let own = numbering.flow_logs.own(flow_log).zip(numbering.own(vantage));
            own.is_some_and(|(flow_log, card)| epoch.network.flow_logs[flow_log].covers(epoch.network, card))
        })
    }

    /// Position of the network of a time.
    pub(super) fn epoch_at(&self, at: u64) -> usize {
        self.epochs.partition_point(|epoch| milliseconds(epoch.from) <= at).saturating_sub(1)
    }

    /// What stands in a window, with its place in the order of all.
    pub(super) fn run(&self, window: WindowKey, content: Content) -> Run {
        let (window_start, window_end) = self.bounds(window);
        let (flow_log, vantage, _) = window;
        Run { window_end, flow_log, vantage, window_start, content }
    }

    /// Start and end of a window; the last one ends with the declared duration.
    fn bounds(&self, window: WindowKey) -> (Timestamp, Timestamp) {
        let (grid, (.., number)) = (self.grid_of(window), window);
        let (begin, full) = (self.instant(grid.begin(number)), self.instant(grid.end(number)));
        let end = self.aggregation.duration.map(|duration| self.aggregation.start + duration);
        (begin, end.filter(|end| *end > begin && *end < full).unwrap_or(full))
    }

    /// When each network begins to hold, in milliseconds from the scenario's start.
    pub(super) fn changes(&self) -> Vec<u64> {
        self.epochs.iter().map(|epoch| milliseconds(epoch.from)).collect()
    }

    /// What the network at the position `epoch` calls a flow log and an interface or attachment that all know by other names.
    pub(super) fn own(
        &self,
        epoch: usize,
        flow_log: Index<FlowLog>,
        vantage: Vantage,
    ) -> (Index<FlowLog>, Vantage) {
        let numbering = self.epoch(epoch).map(|epoch| epoch.numbering);
        let own_log = numbering.and_then(|of| of.flow_logs.own(flow_log)).unwrap_or(flow_log);
        let own_vantage = numbering.and_then(|of| of.own(vantage)).unwrap_or(vantage);
        (own_log, own_vantage)
    }

    /// How much later than the scenario's start a time is, in milliseconds.
    pub(super) fn since_start(&self, at: Timestamp) -> u64 {
        at.milliseconds().saturating_sub(self.aggregation.start.milliseconds())
    }
}
