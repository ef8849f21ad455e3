//! A scenario: load, check, run.

mod ports;
mod stream;

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Located, Sources};
use crate::flowlog::{
    Aggregation, AwsServices, Counts, FlowLogRecord, LogFormat, Recorder, Sighting, Traffic, Way, sightings,
};
use crate::model::{
    Arena, Connection, Expectation, LegKind, Network, ProfiledTraffic, Usage, WindowPhase, inventory,
    stable_hash,
};
use crate::net::Timestamp;
use crate::report::{ConnectionReport, Report};
use crate::timeline::{Stretch, packets_of};
use crate::walk::{Case, Trace, trace};

pub use stream::Progress;

/// A network, the traffic on it, and what is expected.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows.
    pub title: Option<String>,
    /// The pages it proves.
    pub proves: Vec<String>,
    /// Where time begins.
    pub start: Timestamp,
    /// Where watching ends.
    pub duration: Option<Duration>,
    /// The network.
    pub network: Network,
    /// The traffic.
    pub connections: Vec<Connection>,
    /// Traffic of profiles.
    pub traffic: Vec<ProfiledTraffic>,
    /// Where the windows of interfaces begin.
    pub window_phase: WindowPhase,
    /// What is expected of connections.
    pub expectations: Vec<Expectation>,
    /// Lines that must be among the records.
    pub expected_records: Vec<Located<String>>,
    /// Formats of the network's flow logs, in their order.
    pub formats: Arena<LogFormat>,
    /// AWS's published address ranges.
    pub services: AwsServices,
    /// What was noticed and does not forbid going on.
    pub warnings: Diagnostics,
    /// The texts that were read.
    pub sources: Sources,
    /// What of them was used, where they are answers of AWS.
    pub usage: Usage,
}

impl Scenario {
    /// Finds the ends of a connection that the scenario does not hold.
    ///
    /// # Errors
    /// A diagnostic when an end is unknown, ambiguous, or has no usable address.
    pub fn connection(&self, read: &inventory::Connection) -> Result<Connection, Diagnostic> {
        self.network.connection(read)
    }

    /// Walks every connection, writes the records and checks what is expected. Connections are shared among
    /// threads; the result is the same for any number of them.
    ///
    /// All records are in memory: of traffic of profiles there may be too many, and [`Scenario::run_in_parts`] is for that.
    pub fn run(&self) -> Report<'_> {
        if self.traffic.is_empty() {
            return self.run_connections(&self.connections);
        }
        let mut all: Vec<FlowLogRecord> = Vec::new();
        let run = self.run_in_parts(|part, _| {
            all.extend_from_slice(&part.records);
            Ok::<(), Infallible>(())
        });
        let mut report = match run {
            Ok(report) => report,
            Err(never) => match never {},
        };
        report.set_records(all);
        report
    }

    /// As [`Scenario::run`], for other connections than the scenario's own, and without its traffic of profiles.
    pub fn run_connections<'a>(&'a self, connections: &'a [Connection]) -> Report<'a> {
        let aggregation =
            Aggregation { start: self.start, duration: self.duration, phase: self.window_phase };
        let recorder = Recorder::new(&self.network, aggregation);
        let (reports, counts) = self.walk_all(connections, &recorder);
        let records = recorder.records(counts);
        Report::new(self, reports, records)
    }

    /// Walks every connection, and counts what interfaces see of it.
    fn walk_all<'a>(
        &'a self,
        connections: &'a [Connection],
        recorder: &Recorder<'_>,
    ) -> (Vec<ConnectionReport<'a>>, Vec<Counts>) {
        /// Connections of one unit of work. Units depend on the input alone, so that the result does not on threads.
        const UNIT: usize = 4096;
        let walk_unit = |(unit, connections): (usize, &'a [Connection])| {
            let mut counts = Counts::default();
            let positions = unit * UNIT..;
            let walked = positions.zip(connections).map(|(position, connection)| {
                let (report, traffic) = self.walk(position, connection);
                if let Some(traffic) = traffic {
                    recorder.count(&traffic, &mut counts);
                }
                report
            });
            (walked.collect::<Vec<_>>(), counts)
        };
        let units: Vec<_> = connections.par_chunks(UNIT).enumerate().map(walk_unit).collect();
        let (reports, counts): (Vec<_>, Vec<_>) = units.into_iter().unzip();
        (reports.into_iter().flatten().collect(), counts)
    }

    fn walk<'a>(
        &'a self,
        position: usize,
        connection: &'a Connection,
    ) -> (ConnectionReport<'a>, Option<Traffic>) {
        let trace = trace(&self.network, connection);
        let report = ConnectionReport::new(&self.network, connection, &trace, choose(connection, &trace));
        let case = report.case_of(&trace);
        (report, case.map(|case| self.traffic_of(position, &report, case)))
    }

    /// What a connection sends in the case that its records show, and what interfaces see of it: walked anew.
    pub(crate) fn traffic(&self, position: usize, of: &ConnectionReport<'_>) -> Option<Traffic> {
        of.case().map(|case| self.traffic_of(position, of, &case))
    }

    fn traffic_of(&self, position: usize, of: &ConnectionReport<'_>, case: &Case) -> Traffic {
        let bursts = packets_of(of.connection, case);
        let way = |leg| {
            let stretches = Stretch::all(&bursts, leg).collect();
            Some(Way { leg, stretches, sightings: self.sightings(of, case, leg)? })
        };
        let ways = [LegKind::Forward, LegKind::Reverse].into_iter().filter_map(way).collect();
        Traffic { connection: position, bursts, ways }
    }

    /// What interfaces see of one leg.
    pub(crate) fn sightings(
        &self,
        of: &ConnectionReport<'_>,
        case: &Case,
        leg: LegKind,
    ) -> Option<Vec<Sighting>> {
        let (_, walked) = case.legs().find(|(kind, _)| *kind == leg)?;
        let mut seen = sightings(&self.network, walked);
        let header_bytes = case.request.family().header_bytes();
        for sighting in &mut seen {
            // A NAT gateway that makes IPv4 of IPv6 changes the length of packets as well.
            sighting.shorter = header_bytes.saturating_sub(sighting.header.family().header_bytes());
        }
        ports::show(&mut seen, case, leg, &of.connection.name, of.source_port);
        Some(seen)
    }
}

/// The case that `run` shows, and the client's port in it: chosen by a stable hash of the connection's name.
fn choose(connection: &Connection, trace: &Trace) -> (usize, u16) {
    let range = connection.source_ports;
    let port = ports::pick(range, &["source-port", &connection.name]);
    let of_port = || {
        let cases = trace.cases.iter().enumerate();
        cases.filter(|(_, case)| case.source_ports.contains(port)).map(|(position, _)| position)
    };
    let pick = match of_port().count() {
        0 | 1 => 0,
        several => usize::try_from(stable_hash(&["choice", &connection.name])).unwrap_or(0) % several,
    };
    (of_port().nth(pick).unwrap_or(0), port)
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title.as_deref().unwrap_or("a scenario"))
    }
}
