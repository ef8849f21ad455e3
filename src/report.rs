//! What a scenario led to: records, reasons, and whether everything is as expected.

mod conditions;
mod connection;
mod lines;
mod notes;
mod traffic;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

pub use connection::ConnectionReport;

use crate::assumed;
use crate::check;
use crate::flowlog::{Cause, FlowLogRecord, Lines, LogFormat, Row, Sighting, Way};
use crate::model::{Burst, Connection, Endpoint, LegKind, MirroredBy, Network};
use crate::scenario::{Copied, Scenario, edge_ways};
use crate::timeline::{Moment, Rerouted, Turn};
use crate::walk::{Checkpoint, Leg, Reason};

/// The result of [`Scenario::run`]. Its `Display` is the records, a line each.
///
/// It holds what is compact. Traces, which are not, depend on nothing but the network and the connection: they are
/// walked again when somebody asks.
#[derive(Debug)]
pub struct Report<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Every connection, in the scenario's order.
    pub connections: Vec<ConnectionReport<'a>>,
    /// Every way in which edges of traffic of profiles may go, one for each of their cases.
    pub edges: Vec<ConnectionReport<'a>>,
    /// Every record, in the order of window end, flow log, interface, first packet, direction.
    pub records: Vec<FlowLogRecord>,
    /// Positions of records with traffic, by connection; made when the first is asked for.
    by_connection: OnceLock<Vec<usize>>,
    /// The connection that was walked anew last: records of one connection are asked about one after the other.
    walked: Mutex<Option<Arc<Walked>>>,
}

/// A connection that was walked anew: what it sent, and the ways of its packets.
#[derive(Debug)]
struct Walked {
    connection: usize,
    ways: Vec<Way>,
    turns: Vec<Turn>,
}

/// What an interface saw of the packets behind a record.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The network in which, by its position among those of the scenario.
    pub epoch: usize,
    /// Which way they went.
    pub kind: LegKind,
    /// Behind how many proxies.
    pub proxies: usize,
    /// By which rule they were copied, where the interface saw copies of the connection's packets.
    pub mirrored: Option<MirroredBy>,
    /// Their way.
    pub leg: Leg,
    /// What the interface saw.
    pub sighting: Sighting,
}

/// An expectation that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The connection's name, or none when it concerns the records as a whole.
    pub connection: Option<String>,
    /// What differs.
    pub message: String,
    /// Where the expectation was read.
    pub at: Option<crate::diagnostic::Origin>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(connection) = &self.connection {
            write!(f, "{}: ", crate::diagnostic::escape(connection))?;
        }
        f.write_str(&crate::diagnostic::escape(&self.message))
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        scenario: &'a Scenario,
        connections: Vec<ConnectionReport<'a>>,
        records: Vec<FlowLogRecord>,
    ) -> Self {
        Self {
            scenario,
            connections,
            edges: Vec::new(),
            records,
            by_connection: OnceLock::new(),
            walked: Mutex::new(None),
        }
    }

    /// Has other records.
    pub(crate) fn set_records(&mut self, records: Vec<FlowLogRecord>) {
        self.records = records;
        self.forget_order();
    }

    /// Forgets what was found out about its records, which are others now.
    pub(crate) fn forget_order(&mut self) {
        self.by_connection = OnceLock::new();
    }

    /// The records that expectations are about: those of stated connections, and those whose line is expected.
    pub(crate) fn expected_records(&self) -> Vec<FlowLogRecord> {
        let scenario = self.scenario;
        if scenario.expectations.is_empty() && scenario.expected_records.is_empty() {
            return Vec::new();
        }
        let is_stated = |record: &FlowLogRecord| {
            record.flow.is_some_and(|flow| flow.cause.connection() < self.connections.len())
        };
        let is_expected = |record: &FlowLogRecord| {
            let lines = &scenario.expected_records;
            !lines.is_empty() && {
                let line = self.line(record);
                lines.iter().any(|expected| expected.value == line)
            }
        };
        let of_stated = !scenario.expectations.is_empty();
        let kept = |record: &&FlowLogRecord| (of_stated && is_stated(record)) || is_expected(record);
        self.records.iter().filter(kept).copied().collect()
    }

    /// The connection behind a record, or the edge and case of traffic of a profile.
    pub fn connection_of(&self, cause: Cause) -> Option<&ConnectionReport<'a>> {
        let position = cause.connection();
        self.connections
            .get(position)
            .or_else(|| self.edges.get(position.checked_sub(self.connections.len())?))
    }

    /// The format of the flow log that wrote `record`.
    pub fn format(&self, record: &FlowLogRecord) -> &'a LogFormat {
        &self.scenario.formats_of(record.epoch.into())[crate::model::Index::new(record.flow_log.position())]
    }

    /// The network that `record` is of.
    pub fn network_of(&self, record: &FlowLogRecord) -> &'a Network {
        self.scenario.network_at(record.epoch.into())
    }

    /// `record` with everything that its fields are computed from.
    pub fn row<'r>(&'r self, record: &'r FlowLogRecord) -> Row<'r> {
        Row {
            network: self.network_of(record),
            services: &self.scenario.services,
            version: self.format(record).version(),
            record,
        }
    }

    /// `record` as AWS would write it.
    pub fn line(&self, record: &FlowLogRecord) -> String {
        let mut line = Vec::with_capacity(160);
        Lines::of(self.format(record)).append(&self.row(record), &mut line);
        String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned()
    }

    /// The records that a connection began, in order.
    pub fn records_of(&self, connection: usize) -> impl Iterator<Item = &FlowLogRecord> {
        self.positions_of(connection).filter_map(|position| self.records.get(position))
    }

    /// Positions of the records that a connection began, in order.
    pub fn positions_of(&self, connection: usize) -> impl Iterator<Item = usize> {
        let cause =
            |position: &usize| self.records.get(*position).and_then(|record| record.flow).map(|of| of.cause);
        let begun_by = move |position: &usize| cause(position).map(Cause::connection);
        let sorted = self.by_connection.get_or_init(|| {
            let with_traffic = |position: &usize| cause(position).is_some();
            let mut positions: Vec<usize> = (0..self.records.len()).filter(with_traffic).collect();
            positions.sort_by_key(begun_by);
            positions
        });
        let begin = sorted.partition_point(|position| begun_by(position) < Some(connection));
        let from = sorted.get(begin..).unwrap_or_default().iter().copied();
        from.take_while(move |position| begun_by(position) == Some(connection))
    }

    /// Whether an interface of the network sees packets of a connection, watched or not.
    pub fn is_seen(&self, connection: usize) -> bool {
        let traffic = self.connections.get(connection).and_then(|of| self.scenario.traffic(connection, of));
        traffic.is_some_and(|traffic| traffic.ways.iter().any(|way| !way.sightings.is_empty()))
    }

    /// What a connection sent, and the ways that its packets went, in the order in which they were first taken: walked
    /// anew.
    pub fn turns(&self, connection: usize) -> Option<(Vec<Burst>, Vec<Turn>)> {
        self.scenario.turns(self.connections.get(connection)?)
    }

    /// Whether a proxy closes a connection before all was sent: its listener is deleted.
    pub fn is_closed_by_proxy(&self, connection: usize) -> bool {
        self.connections.get(connection).is_some_and(|of| self.scenario.is_closed_by_proxy(of))
    }

    /// The same without the connections that proxies open behind it.
    pub fn own_turns(&self, connection: usize) -> Option<(Vec<Burst>, Vec<Turn>)> {
        self.scenario.own_turns(self.connections.get(connection)?)
    }

    /// Where a proxy sent requests of a connection after the beginning, in the order of time.
    pub fn rerouted(&self, connection: usize) -> Vec<Rerouted> {
        self.connections.get(connection).map(|of| self.scenario.rerouted(of)).unwrap_or_default()
    }

    /// The copies that traffic mirror sessions make of the packets of a connection: walked anew.
    pub fn copies(&self, connection: usize) -> Vec<Copied> {
        let of = self.connections.get(connection);
        of.map(|of| self.scenario.copied(connection, of)).unwrap_or_default()
    }

    /// How a connection stands at a time, from the scenario's start.
    pub fn moment(&self, connection: usize, at: Duration) -> Option<Moment> {
        self.scenario.moment(self.connections.get(connection)?, at)
    }

    /// The same of the connections that proxies open behind it, one behind the other.
    pub fn moments_behind(&self, connection: usize, at: Duration) -> Vec<(Connection, Moment)> {
        self.connections.get(connection).map(|of| self.scenario.moments_behind(of, at)).unwrap_or_default()
    }

    /// What the interface saw of the packet behind `record`, and the leg it was on.
    pub fn sighting(&self, record: &FlowLogRecord) -> Option<Seen> {
        let cause = record.flow?.cause;
        let of = self.connection_of(cause)?;
        if cause.connection() >= self.connections.len() {
            return self.sighting_of_edge(of, cause);
        }
        let walked = self.walked(cause.connection(), of)?;
        let sighting = walked.ways.get(cause.way())?.sightings.get(cause.sighting())?.clone();
        if let Some(copy) = cause.way().checked_sub(walked.turns.len()) {
            let Copied { epoch, kind, by, leg, .. } =
                self.copies(cause.connection()).into_iter().nth(copy)?;
            return Some(Seen { epoch, kind, proxies: 0, mirrored: Some(by), leg, sighting });
        }
        let Turn { epoch, kind, proxies, ref leg, .. } = *walked.turns.get(cause.way())?;
        Some(Seen { epoch, kind, proxies, mirrored: None, leg: leg.clone(), sighting })
    }

    /// The connection at `position`, walked anew unless it was the last one.
    fn walked(&self, position: usize, of: &ConnectionReport<'_>) -> Option<Arc<Walked>> {
        let last = self.walked.lock().ok().and_then(|last| last.clone());
        if let Some(last) = last.filter(|last| last.connection == position) {
            return Some(last);
        }
        let ways = self.scenario.traffic(position, of)?.ways;
        let turns = self.scenario.turns(of)?.1;
        let walked = Arc::new(Walked { connection: position, ways, turns });
        if let Ok(mut last) = self.walked.lock() {
            *last = Some(Arc::clone(&walked));
        }
        Some(walked)
    }

    /// The same of traffic of a profile.
    fn sighting_of_edge(&self, of: &ConnectionReport<'_>, cause: Cause) -> Option<Seen> {
        let walked = of.case()?;
        let mut ways = edge_ways(&self.scenario.epochs(), of, &walked);
        let (leg, mut way) = (cause.way() < ways.len()).then(|| ways.swap_remove(cause.way()))?;
        let at = cause.sighting();
        let sighting = (at < way.sightings.len()).then(|| way.sightings.swap_remove(at))?;
        Some(Seen { epoch: way.epoch, kind: way.leg, proxies: 0, mirrored: None, leg, sighting })
    }

    /// What decided the action of `record`, and why; nothing without traffic.
    pub fn reasons(&self, record: &FlowLogRecord) -> Vec<(Checkpoint, Reason)> {
        self.sighting(record).map(|seen| self.reasons_of(&seen)).unwrap_or_default()
    }

    /// What decided the action of what was seen, and why.
    pub fn reasons_of(&self, seen: &Seen) -> Vec<(Checkpoint, Reason)> {
        let decided_by = seen.sighting.decided_by.iter();
        let checkpoints = decided_by.filter_map(|position| seen.leg.checkpoints.get(*position));
        let network = self.scenario.network_at(seen.epoch);
        checkpoints.map(|checkpoint| (*checkpoint, Reason::of(network, &seen.leg, checkpoint))).collect()
    }

    /// Names of all assumptions that the report rests on.
    pub fn assumptions(&self) -> BTreeSet<&'static str> {
        let of_connections = (0..self.connections.len()).flat_map(|position| self.assumptions_of(position));
        let no_data = self.records.iter().any(|record| record.flow.is_none() && self.is_custom(record));
        let quiet =
            self.records.iter().any(|record| record.flow.is_none() && record.vantage.attachment().is_some());
        let lives_through = !self.edges.is_empty() && !self.scenario.changes.is_empty();
        of_connections
            .chain(no_data.then_some("nodata-metadata"))
            .chain(quiet.then_some("transit-gateway-nodata"))
            .chain(lives_through.then_some("profile-pauses"))
            .chain(self.traffic_assumptions())
            .collect()
    }

    /// Names of the assumptions that one connection and its records rest on.
    pub fn assumptions_of(&self, connection: usize) -> BTreeSet<&'static str> {
        let Some(report) = self.connections.get(connection) else { return BTreeSet::new() };
        let shown: Vec<&FlowLogRecord> = self.records_of(connection).collect();
        assumed::assumptions(self, connection, report, &shown)
    }

    fn is_custom(&self, record: &FlowLogRecord) -> bool {
        *self.format(record)
            != LogFormat::default_of(self.network_of(record).flow_logs[record.flow_log].kind())
    }

    /// Every expectation that is not met.
    pub fn failures(&self) -> Vec<Failure> {
        check::failures(self)
    }

    /// The address by which the far end knows the client, if the request gets there.
    pub fn seen_as(&self, report: &ConnectionReport<'_>) -> Option<std::net::IpAddr> {
        let (_, header) = report.case()?.forward.arrival?;
        Some(header.source)
    }

    /// The label of an end as it was written, with the address it stands for.
    pub fn end(&self, connection: &Connection, which: LegKind) -> String {
        let [from, to] = &connection.labels;
        let (label, end, address) = match which {
            LegKind::Forward => (from, connection.from, connection.request.source),
            LegKind::Reverse => (to, connection.to, connection.request.destination),
        };
        match end {
            Endpoint::Address(_) | Endpoint::Service(_) => crate::diagnostic::escape(label),
            _ => format!("{} ({address})", crate::diagnostic::escape(label)),
        }
    }
}
