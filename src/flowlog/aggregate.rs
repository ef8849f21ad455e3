//! Sightings to records: windows, one record per interface, direction, header and action, filters, NODATA and SKIPDATA.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregration-interval>

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Action, Cause, Flow, FlowLogRecord, LogStatus, Sighting};
use crate::model::{Burst, FlowLog, Index, LegKind, Network, NetworkInterface, TrafficType};
use crate::net::{Direction, Header, Payload, Timestamp};
use crate::timeline::portions;

/// The traffic of one connection: what was sent, and what interfaces saw of each leg.
#[derive(Debug, Clone)]
pub struct Traffic {
    /// Position of the connection in the scenario.
    pub connection: usize,
    /// What was sent.
    pub bursts: Vec<Burst>,
    /// What interfaces saw, by leg.
    pub sightings: Vec<(LegKind, Vec<Sighting>)>,
}

/// When the scenario begins, and how long interfaces are watched.
#[derive(Debug, Clone, Copy)]
pub struct Aggregation {
    /// Where window 0 opens.
    pub start: Timestamp,
    /// Where watching ends; without it there is no NODATA.
    pub duration: Option<Duration>,
}

/// What makes two packets belong to one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    flow_log: Index<FlowLog>,
    interface: Index<NetworkInterface>,
    window: u64,
    direction: Direction,
    action: Action,
    header: Header,
}

/// A window of an interface, as a flow log cuts them.
type WindowKey = (Index<FlowLog>, Index<NetworkInterface>, u64);

/// The records of all flow logs, in the order of window end, flow log, interface, first packet, direction.
pub fn records(network: &Network, aggregation: &Aggregation, traffic: &[Traffic]) -> Vec<FlowLogRecord> {
    let mut collected = Collected { end: aggregation.duration, ..Collected::default() };
    for (flow_log_index, flow_log) in network.flow_logs.enumerate() {
        for connection in traffic {
            collected.add(network, flow_log_index, flow_log, connection);
        }
    }
    let skipped = skipped_windows(network, aggregation.duration);
    let mut all: Vec<FlowLogRecord> = Vec::new();
    for (key, (flow, first, last)) in &collected.flows {
        let window = (key.flow_log, key.interface, key.window);
        let kept = match network.flow_logs[key.flow_log].traffic_type {
            TrafficType::All => true,
            TrafficType::Accept => key.action == Action::Accept,
            TrafficType::Reject => key.action == Action::Reject,
        };
        if kept && !skipped.contains(&window) {
            let record = data_record(aggregation, network, key, *flow, (*first, *last));
            all.push(record);
        }
    }
    let empty = empty_windows(network, aggregation, &collected.watched);
    all.extend(
        empty
            .difference(&skipped)
            .map(|window| status_record(network, aggregation, *window, LogStatus::NoData)),
    );
    all.extend(
        skipped.iter().map(|window| status_record(network, aggregation, *window, LogStatus::SkipData)),
    );
    all.sort_by_key(|record| {
        let flow = record.flow.as_ref().map(|flow| (flow.direction, flow.header, flow.action));
        (record.window_end, record.flow_log, record.interface, record.start, flow)
    });
    all
}

#[derive(Default)]
struct Collected {
    /// Where watching ends; later packets are not seen.
    end: Option<Duration>,
    /// Counts with the first and last packet, milliseconds from the start.
    flows: BTreeMap<Key, (Flow, u64, u64)>,
    /// Windows in which an interface had traffic, whatever the filter.
    watched: BTreeSet<WindowKey>,
}

impl Collected {
    fn add(
        &mut self,
        network: &Network,
        flow_log_index: Index<FlowLog>,
        flow_log: &FlowLog,
        traffic: &Traffic,
    ) {
        for (leg, seen) in &traffic.sightings {
            for (position, sighting) in seen.iter().enumerate() {
                if !flow_log.covers(network, sighting.interface) {
                    continue;
                }
                let interval = flow_log.interval(network, sighting.interface);
                let cause = Cause { connection: traffic.connection, leg: *leg, sighting: position };
                for burst in traffic.bursts.iter().filter(|burst| burst.leg == *leg) {
                    self.count(flow_log_index, sighting, burst, interval, cause);
                }
            }
        }
    }

    fn count(
        &mut self,
        flow_log: Index<FlowLog>,
        sighting: &Sighting,
        burst: &Burst,
        interval: Duration,
        cause: Cause,
    ) {
        for portion in portions(burst, interval, self.end) {
            let key = Key {
                flow_log,
                interface: sighting.interface,
                window: portion.window,
                direction: sighting.direction,
                action: sighting.action,
                header: recorded(sighting.header),
            };
            self.watched.insert((flow_log, sighting.interface, portion.window));
            let none = Flow {
                direction: sighting.direction,
                header: sighting.header,
                action: sighting.action,
                packets: 0,
                bytes: 0,
                tcp_flags: 0,
                traffic_path: sighting.traffic_path,
                next_hop: sighting.next_hop,
                cause,
            };
            let (flow, first, last) = self.flows.entry(key).or_insert((none, portion.first, portion.last));
            flow.packets = flow.packets.saturating_add(portion.packets);
            flow.bytes = flow.bytes.saturating_add(portion.bytes);
            flow.tcp_flags |= portion.flags;
            *first = portion.first.min(*first);
            *last = portion.last.max(*last);
        }
    }
}

/// The part of a header that a record shows, and by which AWS aggregates: ICMP types and codes are not.
const fn recorded(header: Header) -> Header {
    match header.payload {
        Payload::Icmp(_) => Header { payload: Payload::Opaque, ..header },
        Payload::Ports { .. } | Payload::Opaque => header,
    }
}

/// Windows whose records are stated to be lost.
fn skipped_windows(network: &Network, end: Option<Duration>) -> BTreeSet<WindowKey> {
    let mut skipped = BTreeSet::new();
    for (index, flow_log) in network.flow_logs.enumerate() {
        for skip in flow_log.skipdata.iter().filter(|skip| end.is_none_or(|end| skip.at < end)) {
            let all = network.network_interfaces.enumerate().map(|(interface, _)| interface);
            let concerned = all.filter(|interface| {
                flow_log.covers(network, *interface) && skip.interface.is_none_or(|only| only == *interface)
            });
            let window = |interface| window_at(skip.at, flow_log.interval(network, interface));
            skipped.extend(concerned.map(|interface| (index, interface, window(interface))));
        }
    }
    skipped
}

/// Windows without traffic, after an interface's first traffic and within the declared duration.
fn empty_windows(
    network: &Network,
    aggregation: &Aggregation,
    watched: &BTreeSet<WindowKey>,
) -> BTreeSet<WindowKey> {
    let Some(duration) = aggregation.duration else { return BTreeSet::new() };
    let mut first: BTreeMap<(Index<FlowLog>, Index<NetworkInterface>), u64> = BTreeMap::new();
    for (flow_log, interface, window) in watched {
        first.entry((*flow_log, *interface)).or_insert(*window);
    }
    let mut empty = BTreeSet::new();
    for ((flow_log, interface), first) in first {
        let interval = network.flow_logs[flow_log].interval(network, interface);
        let last = window_at(duration.saturating_sub(Duration::from_millis(1)), interval);
        let windows = (first..=last).map(|window| (flow_log, interface, window));
        empty.extend(windows.filter(|window| !watched.contains(window)));
    }
    empty
}

fn window_at(at: Duration, interval: Duration) -> u64 {
    u64::try_from(at.as_millis() / interval.as_millis().max(1)).unwrap_or(u64::MAX)
}

fn data_record(
    aggregation: &Aggregation,
    network: &Network,
    key: &Key,
    flow: Flow,
    (first, last): (u64, u64),
) -> FlowLogRecord {
    let (_, window_end) = bounds(network, aggregation, (key.flow_log, key.interface, key.window));
    FlowLogRecord {
        flow_log: key.flow_log,
        interface: key.interface,
        window_end,
        start: aggregation.start + Duration::from_millis(first),
        end: aggregation.start + Duration::from_millis(last),
        status: LogStatus::Ok,
        flow: Some(flow),
    }
}

fn status_record(
    network: &Network,
    aggregation: &Aggregation,
    window: WindowKey,
    status: LogStatus,
) -> FlowLogRecord {
    let (start, end) = bounds(network, aggregation, window);
    let (flow_log, interface, _) = window;
    FlowLogRecord { flow_log, interface, window_end: end, start, end, status, flow: None }
}

/// Start and end of a window; the last one ends with the declared duration.
fn bounds(
    network: &Network,
    aggregation: &Aggregation,
    (flow_log, interface, window): WindowKey,
) -> (Timestamp, Timestamp) {
    let interval = network.flow_logs[flow_log].interval(network, interface);
    let start = aggregation.start + interval.saturating_mul(u32::try_from(window).unwrap_or(u32::MAX));
    let full = start + interval;
    let end = aggregation.duration.map(|duration| aggregation.start + duration);
    (start, end.filter(|end| *end > start && *end < full).unwrap_or(full))
}
