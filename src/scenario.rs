//! A scenario: load, check, run.

mod behind;
mod mirrored;
mod ports;
mod stream;

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Located, Sources};
use crate::flowlog::{
    Aggregation, AwsServices, Counts, FlowLogRecord, LogFormat, Packets, Recorder, Sighting, Traffic, Way,
    sightings,
};
use crate::model::{
    Arena, Burst, Connection, Expectation, LegKind, Network, ProfiledTraffic, Usage, WindowPhase, inventory,
    pick_source_port, stable_hash,
};
use crate::net::Timestamp;
use crate::report::{ConnectionReport, Report};
use crate::timeline::{Conversation, Epoch, Moment, Numbering, Stretch, Turn, packets_of};
use crate::walk::{CARRIER_BYTES, Case, Leg, Trace, trace};

use behind::Hop;
pub use mirrored::Copied;
pub(crate) use mirrored::leans_on_source_rules;
pub use stream::Progress;
pub(crate) use stream::edge_ways;

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
    /// The network, as it is at the start.
    pub network: Network,
    /// What becomes of it, in the order of time.
    pub changes: Vec<Change>,
    /// What things are called in all networks: in that of the start, and in each that comes of a change. Without changes
    /// it may be empty.
    pub numberings: Vec<Numbering>,
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

/// A change of the network while traffic flows.
#[derive(Debug, Clone)]
pub struct Change {
    /// When, from the scenario's start.
    pub at: Duration,
    /// What its author calls it.
    pub name: Option<String>,
    /// The network from then on.
    pub network: Network,
    /// Formats of its flow logs, in their order.
    pub formats: Arena<LogFormat>,
    /// The edges of traffic of profiles, one after the other; none where the client is there no more.
    pub(crate) edges: Vec<Option<Connection>>,
}

impl Scenario {
    /// The networks that the scenario has one behind the other.
    pub fn epochs(&self) -> Vec<Epoch<'_>> {
        static PLAIN: Numbering = Numbering::PLAIN;
        let first = (Duration::ZERO, &self.network);
        let networks =
            std::iter::once(first).chain(self.changes.iter().map(|change| (change.at, &change.network)));
        let numberings = self.numberings.iter().chain(std::iter::repeat(&PLAIN));
        networks
            .zip(numberings)
            .map(|((from, network), numbering)| Epoch { from, network, numbering })
            .collect()
    }

    /// Position of the network in which traffic meets what it meets at `at`.
    pub fn epoch_at(&self, at: Duration) -> usize {
        self.changes.partition_point(|change| change.at <= at)
    }

    /// The network at the position `epoch`: that of the start, or of a change.
    pub fn network_at(&self, epoch: usize) -> &Network {
        let change = epoch.checked_sub(1).and_then(|change| self.changes.get(change));
        change.map_or(&self.network, |change| &change.network)
    }

    /// The formats of the flow logs of the network at the position `epoch`.
    pub(crate) fn formats_of(&self, epoch: usize) -> &Arena<LogFormat> {
        let change = epoch.checked_sub(1).and_then(|change| self.changes.get(change));
        change.map_or(&self.formats, |change| &change.formats)
    }

    /// Finds the ends of a connection that the scenario does not hold.
    ///
    /// # Errors
    /// A diagnostic when an end is unknown, ambiguous, or has no usable address.
    pub fn connection(&self, read: &inventory::Connection) -> Result<Connection, Diagnostic> {
        self.network_at(self.epoch_at(read.begin())).connection(read)
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
        let epochs = self.epochs();
        let recorder = Recorder::new(&epochs, aggregation);
        let (reports, counts) = self.walk_all(connections, &epochs, &recorder);
        let records = recorder.records(counts);
        Report::new(self, reports, records)
    }

    /// Walks every connection, and counts what interfaces see of it.
    fn walk_all<'a>(
        &'a self,
        connections: &'a [Connection],
        epochs: &[Epoch<'a>],
        recorder: &Recorder<'_>,
    ) -> (Vec<ConnectionReport<'a>>, Vec<Counts>) {
        /// Connections of one unit of work. Units depend on the input alone, so that the result does not on threads.
        const UNIT: usize = 4096;
        let walk_unit = |(unit, connections): (usize, &'a [Connection])| {
            let mut counts = Counts::of_connections(connections.len());
            let positions = unit * UNIT..;
            let walked = positions.zip(connections).map(|(position, connection)| {
                let (mut report, traffic) = self.walk(epochs, position, connection);
                if let Some(traffic) = traffic {
                    report.is_open = traffic.is_open;
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
        epochs: &[Epoch<'a>],
        position: usize,
        connection: &'a Connection,
    ) -> (ConnectionReport<'a>, Option<Traffic>) {
        let epoch = if epochs.len() > 1 { self.epoch_at(connection.begin()) } else { 0 };
        let network = self.network_at(epoch);
        let trace = trace(network, connection);
        let report = ConnectionReport::new((epoch, network), connection, &trace, choose(connection, &trace));
        let case = report.case_of(&trace);
        (report, case.map(|case| self.traffic_of(epochs, position, &report, case)))
    }

    /// What a connection sends in the case that its records show, and what interfaces see of it: walked anew.
    pub(crate) fn traffic(&self, position: usize, of: &ConnectionReport<'_>) -> Option<Traffic> {
        of.case().map(|case| self.traffic_of(&self.epochs(), position, of, &case))
    }

    /// The same without the connections that proxies open behind it.
    pub(crate) fn own_turns(&self, of: &ConnectionReport<'_>) -> Option<(Vec<Burst>, Vec<Turn>)> {
        let end = self.duration.unwrap_or(Duration::MAX);
        Some(turns_of(&self.epochs(), of, &of.case()?, end))
    }

    /// Whether a proxy closes a connection before all was sent: its listener is deleted.
    pub(crate) fn is_closed_by_proxy(&self, of: &ConnectionReport<'_>) -> bool {
        let Some(case) = of.case().filter(|case| case.onward.is_some() && !self.changes.is_empty()) else {
            return false;
        };
        followed(&self.epochs(), of, &case, self.duration.unwrap_or(Duration::MAX)).was_closed()
    }

    /// The ways that the packets of a connection went: walked anew.
    pub(crate) fn turns(&self, of: &ConnectionReport<'_>) -> Option<(Vec<Burst>, Vec<Turn>)> {
        let end = self.duration.unwrap_or(Duration::MAX);
        let (epochs, case) = (self.epochs(), of.case()?);
        let (mut bursts, mut turns) = turns_of(&epochs, of, &case, end);
        for hop in self.behind(&epochs, of, &Cow::Borrowed(&case)) {
            let (more, ways) = turns_of(&epochs, &hop.report(), &hop.case, end);
            turns.extend(ways.into_iter().map(|turn| turn.behind(hop.depth, bursts.len())));
            bursts.extend(more);
        }
        Some((bursts, turns))
    }

    /// How a connection stands at a time.
    pub(crate) fn moment(&self, of: &ConnectionReport<'_>, at: Duration) -> Option<Moment> {
        let (case, epochs) = (of.case()?, self.epochs());
        Some(moment_of(&epochs, of, &case, at))
    }

    /// The same of the connections that proxies open behind it, one behind the other.
    pub(crate) fn moments_behind(
        &self,
        of: &ConnectionReport<'_>,
        at: Duration,
    ) -> Vec<(Connection, Moment)> {
        let (Some(case), epochs) = (of.case(), self.epochs()) else { return Vec::new() };
        let behind = self.behind(&epochs, of, &Cow::Borrowed(&case));
        let behind = behind.into_iter().filter(|hop| hop.is_there(at));
        let moment = |hop: Hop<'_>| {
            let moment = moment_of(&epochs, &hop.report(), &hop.case, at);
            (hop.connection, moment)
        };
        behind.map(moment).collect()
    }

    /// What a connection sends in `case`, with those that proxies open behind it and the copies of all that.
    fn traffic_of(
        &self,
        epochs: &[Epoch<'_>],
        position: usize,
        of: &ConnectionReport<'_>,
        case: &Case,
    ) -> Traffic {
        let mut traffic = self.uncopied(epochs, position, of, case);
        let mirrors = |way: &Way| self.network_at(way.epoch).mirrors();
        // Most often there is one network, and it is asked once.
        let is_mirrored =
            if self.changes.is_empty() { self.network.mirrors() } else { traffic.ways.iter().any(mirrors) };
        if is_mirrored {
            self.add_copies(&mut traffic);
        }
        traffic
    }

    /// The same without copies.
    #[inline]
    fn uncopied(
        &self,
        epochs: &[Epoch<'_>],
        position: usize,
        of: &ConnectionReport<'_>,
        case: &Case,
    ) -> Traffic {
        let mut traffic = self.own_traffic(epochs, position, of, case);
        let has_one_network = self.changes.is_empty();
        if case.onward.is_none() && (has_one_network || traffic.ways.iter().all(|way| way.epoch == of.epoch))
        {
            return traffic; // most often
        }
        let behind = self.behind(epochs, of, &Cow::Borrowed(case));
        if behind.is_empty() {
            return traffic;
        }
        traffic.ways = traffic.ways.into_iter().map(|way| way.behind(&traffic.bursts, 0)).collect();
        for hop in behind {
            let more = self.own_traffic(epochs, position, &hop.report(), &hop.case);
            let count = traffic.bursts.len();
            traffic.ways.extend(more.ways.into_iter().map(|way| way.behind(&more.bursts, count)));
            traffic.bursts.extend(more.bursts);
            traffic.is_open |= more.is_open;
        }
        traffic
    }

    fn own_traffic(
        &self,
        epochs: &[Epoch<'_>],
        position: usize,
        of: &ConnectionReport<'_>,
        case: &Case,
    ) -> Traffic {
        let plain = packets_of(of.connection, case);
        if !Conversation::is_needed(epochs, of.epoch, case.request.protocol, &plain) {
            let mut is_open = false;
            let way = |(leg, walked): (LegKind, &Leg)| {
                is_open |= walked.unknown_at.is_some();
                let sightings = seen_on(of.network, of, case, leg, walked);
                Way { epoch: of.epoch, leg, packets: Packets::All, sightings }
            };
            let mut ways = Vec::with_capacity(2);
            ways.extend(case.legs().map(way));
            return Traffic { connection: position, bursts: plain, ways, is_open };
        }
        let (bursts, turns) = followed(epochs, of, case, self.duration.unwrap_or(Duration::MAX)).into_parts();
        let is_open = turns.iter().any(|turn| turn.leg.unknown_at.is_some());
        let way = |turn: Turn| {
            let mut sightings = seen_by(self.network_at(turn.epoch), case, &turn.leg);
            ports::show_of_carriers(&mut sightings, of.connection);
            let packets = Packets::Some(turn.stretches.into_vec());
            Way { epoch: turn.epoch, leg: turn.kind, packets, sightings }
        };
        Traffic { connection: position, bursts, ways: turns.into_iter().map(way).collect(), is_open }
    }
}

/// Follows the packets of a connection through the networks, as long as they are sent before `end`.
fn followed<'a>(
    epochs: &'a [Epoch<'a>],
    of: &ConnectionReport<'_>,
    case: &'a Case,
    end: Duration,
) -> Conversation<'a> {
    let (asked, seeds) = ports::chosen(case, of.connection, of.source_port);
    Conversation::new(epochs, of.epoch, of.connection, case, asked, seeds).until(end)
}

/// How a connection stands at `at`, with the ports that records show.
fn moment_of(epochs: &[Epoch<'_>], of: &ConnectionReport<'_>, case: &Case, at: Duration) -> Moment {
    let mut moment = followed(epochs, of, case, Duration::ZERO).moment(at);
    moment.remembered.show_ports(|header| ports::port_of_carrier(header, of.connection));
    moment
}

/// The ways that the packets of a connection went.
fn turns_of(
    epochs: &[Epoch<'_>],
    of: &ConnectionReport<'_>,
    case: &Case,
    end: Duration,
) -> (Vec<Burst>, Vec<Turn>) {
    let bursts = packets_of(of.connection, case);
    if Conversation::is_needed(epochs, of.epoch, case.request.protocol, &bursts) {
        return followed(epochs, of, case, end).into_parts();
    }
    let turn = |(kind, leg): (LegKind, &Leg)| {
        let stretches = Stretch::all(&bursts, kind).collect();
        Turn { epoch: of.epoch, kind, proxies: 0, is_stray: false, leg: leg.clone(), stretches }
    };
    let turns = case.legs().map(turn).collect();
    (bursts, turns)
}

/// What interfaces see of one leg, with the ports that records show.
fn seen_on(
    network: &Network,
    of: &ConnectionReport<'_>,
    case: &Case,
    leg: LegKind,
    walked: &Leg,
) -> Vec<Sighting> {
    let mut seen = seen_by(network, case, walked);
    ports::show(&mut seen, case, leg, of.connection, of.source_port);
    seen
}

/// What interfaces see of one leg.
fn seen_by(network: &Network, case: &Case, walked: &Leg) -> Vec<Sighting> {
    let mut seen = sightings(network, walked);
    let at_client = case.request.family();
    for sighting in &mut seen {
        if let Some(carried) = sighting.carried {
            sighting.longer = carried.longer_than(at_client) + CARRIER_BYTES;
        } else if sighting.header.family() != at_client {
            // A NAT gateway that makes IPv4 of IPv6 changes the length of packets as well.
            sighting.longer = sighting.header.family().longer_than(at_client);
        }
    }
    seen
}

/// The case that `run` shows, and the client's port in it: chosen by a stable hash of the connection's name.
fn choose(connection: &Connection, trace: &Trace) -> (usize, u16) {
    let range = connection.source_ports;
    let port = pick_source_port(range, &connection.name);
    if trace.cases.len() == 1 {
        return (0, port); // most often
    }
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
