//! What a scenario led to: records, reasons, and whether everything is as expected.

mod lines;
mod notes;
mod traffic;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use notes::Notes;

use crate::assumed;
use crate::check;
use crate::flowlog::{Cause, FlowLogRecord, Lines, LogFormat, Row, Sighting, Way};
use crate::model::{
    Burst, Connection, Endpoint, Identity, LegKind, MirroredBy, Network, Outcome, Symptom, pick_source_port,
};
use crate::scenario::{Copied, Scenario, edge_ways};
use crate::timeline::{Moment, Turn};
use crate::walk::{
    Case, Checkpoint, DecidedBy, Decision, Leg, Place, Reason, Stage, Trace, TransitGatewayFact, trace,
};

/// Conditions that are told one by one.
const MOST_CONDITIONS: usize = 8;

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

/// One connection.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionReport<'a> {
    /// The network in which it begins.
    pub network: &'a Network,
    /// Position of the network in which it begins, among those of the scenario.
    pub epoch: usize,
    /// The connection.
    pub connection: &'a Connection,
    /// How it ends.
    pub outcome: Outcome,
    /// What the client sees, when all cases agree.
    pub symptom: Option<Symptom>,
    /// Position of the case that the records show.
    pub chosen: u32,
    /// The client's port that the records show.
    pub source_port: u16,
    /// Whether what becomes of some of its packets, if only of later ones, is not known.
    pub(crate) is_open: bool,
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

impl<'a> ConnectionReport<'a> {
    pub(crate) fn new(
        (epoch, network): (usize, &'a Network),
        connection: &'a Connection,
        trace: &Trace,
        (chosen, source_port): (usize, u16),
    ) -> Self {
        let chosen = u32::try_from(chosen).unwrap_or(u32::MAX);
        let (outcome, symptom) = (trace.outcome, trace.symptom);
        Self { network, epoch, connection, outcome, symptom, chosen, source_port, is_open: false }
    }

    /// The same of a connection that a proxy opened behind this one, which goes as `case` says.
    pub fn behind<'b>(&self, connection: &'b Connection, case: &Case) -> ConnectionReport<'b>
    where
        'a: 'b,
    {
        ConnectionReport {
            connection,
            outcome: case.outcome,
            symptom: case.symptom,
            chosen: 0,
            // Where the client's address is preserved, so is its port.
            source_port: if case.source_ports.contains(self.source_port)
                && connection.request.source == self.connection.request.source
            {
                self.source_port
            } else {
                pick_source_port(case.source_ports, &connection.name)
            },
            ..*self
        }
    }

    /// How the connection ends, and why: walked anew.
    pub fn trace(&self) -> Trace {
        trace(self.network, self.connection)
    }

    /// The case of `trace` that the records show.
    pub fn case_of<'t>(&self, trace: &'t Trace) -> Option<&'t Case> {
        trace.cases.get(self.chosen as usize)
    }

    /// The case that the records show: walked anew.
    pub fn case(&self) -> Option<Case> {
        let mut cases = self.trace().cases;
        let chosen = self.chosen as usize;
        (chosen < cases.len()).then(|| cases.swap_remove(chosen))
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

    /// What the records leave open: connections whose outcome is unknown or depends, and what was chosen.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Notes::default();
        for (position, report) in self.connections.iter().enumerate() {
            let name = report.connection.name.as_str();
            if self.has_silent_reply(position, report) {
                let text =
                    "the stated reply has no effect: there is none, because the request is not answered";
                notes.push(name, text.to_owned());
            } else if self.has_unsent_replies(report) {
                let text = "stated replies are not sent once the load balancer has closed the connection: its listener is deleted";
                notes.push(name, text.to_owned());
            }
            match report.outcome {
                Outcome::Depends => {
                    let trace = report.trace();
                    let cases = self.conditions(report, &trace);
                    let cases = cases.iter().map(|(when, case)| format!("{when} {}", case.outcome));
                    let shown =
                        report.case_of(&trace).map(|case| case.outcome.to_string()).unwrap_or_default();
                    let more = cases.len().saturating_sub(MOST_CONDITIONS);
                    let more = (more > 0).then(|| format!("{more} more"));
                    let cases = cases.take(MOST_CONDITIONS).chain(more).collect::<Vec<_>>().join("; ");
                    let alternatives = &report.connection.alternatives;
                    let case = report.case_of(&trace).filter(|_| !alternatives.is_empty());
                    let to = case.map(|case| format!(" to {}", case.request.destination)).unwrap_or_default();
                    let port = report.source_port;
                    notes.push(
                        name,
                        format!("depends: {cases}; the records show source port {port}{to}, {shown}"),
                    );
                }
                Outcome::Unknown => {
                    let because = self.unknown_because(report);
                    notes.push(name, format!("unknown: {because}; the records end there"));
                }
                _ if report.is_open => {
                    if let Some(text) = self.unknown_later(position) {
                        notes.push(name, text);
                    }
                }
                _ => {}
            }
        }
        let mut notes = notes.into_texts();
        notes.extend(self.mirror_notes());
        notes.extend(self.traffic_notes());
        notes
    }

    /// Copies of which nobody knows whether they arrive, and sessions of which no copy does.
    fn mirror_notes(&self) -> Vec<String> {
        let changed = self.scenario.changes.iter().map(|change| &change.network);
        if !std::iter::once(&self.scenario.network).chain(changed).any(Network::mirrors) {
            return Vec::new();
        }
        let mut notes = Vec::new();
        let mut lost: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (position, report) in self.connections.iter().enumerate() {
            for copy in self.copies(position) {
                let network = self.scenario.network_at(copy.epoch);
                let session = &network.traffic_mirror_sessions[copy.by.session].identity;
                let stop = copy.leg.stopped_at.and_then(|at| copy.leg.checkpoints.get(at));
                let stop = stop.map(|point| Reason::of(network, &copy.leg, point).text);
                let before = lost.entry(session.to_string()).or_insert_with(|| stop.clone());
                *before = before.take().filter(|_| stop.is_some());
                let point = copy.leg.unknown_at.and_then(|at| copy.leg.checkpoints.get(at));
                let Some(point) = point.filter(|_| stop.is_none()) else { continue };
                let reason = Reason::of(network, &copy.leg, point).text;
                let name = crate::diagnostic::escape(&report.connection.name);
                notes.push(format!(
                    "{name}: what `{session}` mirrors of it is unknown: {reason}; its records end there"
                ));
            }
        }
        let lost = lost.into_iter().filter_map(|(session, reason)| Some((session, reason?)));
        notes.extend(lost.map(|(session, reason)| {
            let session = crate::diagnostic::escape(&session);
            format!("`{session}` sends copies, and none reaches its target: {reason}")
        }));
        notes
    }

    /// From when on the records of a connection leave open what becomes of it, and why.
    fn unknown_later(&self, position: usize) -> Option<String> {
        if self.scenario.changes.is_empty() {
            return None; // what was known stays known
        }
        let (bursts, turns) = self.turns(position)?;
        let unknown = turns.iter().filter(|turn| turn.packets() > 0);
        let unknown = unknown.filter_map(|turn| {
            let checkpoint = turn.leg.checkpoints.get(turn.leg.unknown_at?)?;
            let reason = Reason::of(self.scenario.network_at(turn.epoch), &turn.leg, checkpoint);
            Some((turn.first_packet(&bursts)?, turn.kind, reason.text))
        });
        let (from, kind, because) = unknown.min_by_key(|(from, ..)| *from)?;
        let from = humantime::format_duration(from);
        Some(format!("unknown from {from} on: {because}; the records of that {} end there", kind.name()))
    }

    /// Whether a reply is stated, and the server sends none.
    fn has_silent_reply(&self, position: usize, report: &ConnectionReport<'_>) -> bool {
        let is_reply = |burst: &crate::model::Burst| burst.leg == LegKind::Reverse;
        let sent = || {
            let traffic = self.scenario.traffic(position, report);
            traffic.is_some_and(|traffic| traffic.bursts.iter().any(is_reply))
        };
        report.connection.bursts.iter().flatten().any(is_reply) && !sent()
    }

    /// Whether a load balancer closes a connection before its stated replies.
    fn has_unsent_replies(&self, report: &ConnectionReport<'_>) -> bool {
        let is_reply = |burst: &&Burst| burst.leg == LegKind::Reverse;
        let stated = report.connection.bursts.iter().flatten().filter(is_reply).map(|burst| burst.packets);
        let stated: u64 = stated.sum();
        if stated == 0 || !self.scenario.is_closed_by_proxy(report) {
            return false;
        }
        let turns = self.scenario.own_turns(report).map(|(_, turns)| turns).unwrap_or_default();
        let sent = turns.iter().filter(|turn| turn.kind == LegKind::Reverse).map(Turn::packets);
        sent.sum::<u64>() < stated
    }

    /// The conditions of the cases of `trace`, in words, each once for each outcome with the first of its cases.
    fn conditions<'t>(&self, report: &ConnectionReport<'_>, trace: &'t Trace) -> Vec<(String, &'t Case)> {
        let mut all: Vec<(String, &Case)> = Vec::new();
        for case in &trace.cases {
            let when = self.when(report, trace, case);
            if !all.iter().any(|(known, other)| *known == when && other.outcome == case.outcome) {
                all.push((when, case));
            }
        }
        all
    }

    /// The condition of a case of `trace`, in words: what in it is not fixed.
    pub fn when(&self, report: &ConnectionReport<'_>, trace: &Trace, case: &Case) -> String {
        let mut parts = Vec::new();
        if report.connection.source_ports.count() > 1 {
            parts.push(format!("from port {}", case.source_ports));
        }
        if !report.connection.near_alternatives.is_empty() {
            parts.push(format!("from {}", case.request.source));
        }
        if !report.connection.alternatives.is_empty() {
            parts.push(format!("to {}", case.request.destination));
        }
        let network = report.network;
        let is_one_of_many = trace.cases.len() > 1;
        let translations = case.forward.remembers.translations().iter().filter(|by| by.chooses_port());
        for translation in translations.filter(|_| is_one_of_many) {
            let own = translation.after.source;
            let card = network.interfaces_with(own).into_iter().next();
            let mut whose = card.map(|card| network.interface_label(card).to_string()).unwrap_or_default();
            if card.is_some_and(|card| network.network_interfaces[card].private_ip_addresses.len() > 1) {
                whose = format!("{whose} ({own})");
            }
            parts.push(format!("from port {} of {whose}", translation.ports));
        }
        let balanced = case.balanced_by().filter(|_| is_one_of_many);
        parts.extend(balanced.map(|point| Reason::of(network, &case.forward, point).text));
        let behind = case.behind().filter(|(connection, case)| connection.source_ports != case.source_ports);
        parts.extend(behind.map(|(connection, case)| {
            format!("from port {} of {}", case.source_ports, crate::diagnostic::escape(&connection.labels[0]))
        }));
        for (kind, leg) in case.legs() {
            let arbitrary =
                leg.checkpoints.iter().filter(|point| case.arbitrary_routes().any(|other| other == *point));
            parts.extend(arbitrary.map(|point| format!("by route {}", Reason::of(network, leg, point).id)));
            let back = if kind == LegKind::Reverse { "back " } else { "" };
            let entrances = leg.checkpoints.iter().filter_map(|point| entrance(network, trace, kind, point));
            parts.extend(entrances.map(|attachment| format!("{back}from {attachment}")));
            for point in leg.checkpoints.iter().filter(|point| is_chosen(trace, kind, point)) {
                parts.push(match point.interface.filter(|_| point.decided_by == DecidedBy::Leaves) {
                    Some(card) => format!("{back}by {}", network.interface_label(card)),
                    None => format!("{back}by route {}", Reason::of(network, leg, point).id),
                });
            }
        }
        if parts.is_empty() { "always".to_owned() } else { parts.join(", ") }
    }

    /// What is not simulated, and stands in the way of an answer.
    pub fn unknown_because(&self, report: &ConnectionReport<'_>) -> String {
        let network = report.network;
        let trace = report.trace();
        let unknown = trace.cases.iter().filter(|case| is_open(case.outcome)).find_map(|case| {
            let own = |case: &Case| {
                case.legs().find_map(|(_, leg)| {
                    let checkpoint = leg.checkpoints.get(leg.unknown_at?)?;
                    Some(Reason::of(network, leg, checkpoint).text)
                })
            };
            let decided = case.onward.as_ref().map(|onward| onward.checkpoint);
            let decided = decided.filter(|point| point.decision == Decision::Unknown);
            let at_proxy = || decided.map(|point| Reason::of(network, &case.forward, &point).text);
            let behind = || case.behind().find_map(|(_, case)| own(case));
            own(case).or_else(at_proxy).or_else(behind)
        });
        unknown.unwrap_or_else(|| {
            let count = trace.cases.len();
            format!("AWS has more ways to choose from than the {count} that are told apart")
        })
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

/// Whether a transit gateway took this route on the leg, or left by this interface, in some cases of `trace` alone.
fn is_chosen(trace: &Trace, kind: LegKind, point: &Checkpoint) -> bool {
    let is_leaving = point.decided_by == DecidedBy::Leaves;
    let may_be_chosen =
        is_leaving || matches!(point.decided_by, DecidedBy::TransitGateway(TransitGatewayFact::Route { .. }));
    if point.stage != Stage::TransitGateway || !may_be_chosen {
        return false;
    }
    let is_same = |other: &Checkpoint| {
        other.place == point.place
            && takes_as(other.decided_by, point.decided_by)
            && (!is_leaving || other.interface == point.interface)
    };
    let takes = |case: &Case| {
        let mut legs = case.legs().filter(|(other, _)| *other == kind);
        legs.any(|(_, leg)| leg.checkpoints.iter().any(is_same))
    };
    // Of a leg that was not walked nothing can be said.
    let is_walked = |case: &&Case| case.legs().any(|(other, _)| other == kind);
    !trace.cases.iter().filter(is_walked).all(takes)
}

/// The attachment by which a packet from a network on premises came to a transit gateway, where it comes by another one
/// in some case of `trace`: its own routers choose.
fn entrance<'n>(
    network: &'n Network,
    trace: &Trace,
    kind: LegKind,
    point: &Checkpoint,
) -> Option<&'n Identity> {
    let came_by = |point: &Checkpoint| match (point.place, point.decided_by) {
        (Place::Gateway(gateway), DecidedBy::TransitGateway(TransitGatewayFact::Route { from, .. })) => {
            Some((gateway, from))
        }
        _ => None,
    };
    let (gateway, from) = came_by(point).filter(|_| point.interface.is_none())?;
    let mut legs = trace.cases.iter().flat_map(Case::legs).filter(|(other, _)| *other == kind);
    let is_other = |other: &Checkpoint| {
        other.interface.is_none() && came_by(other).is_some_and(|(at, by)| at == gateway && by != from)
    };
    let varies = legs.any(|(_, leg)| leg.checkpoints.iter().any(is_other));
    let own = network.gateways[gateway].transit_gateway().filter(|_| varies)?;
    own.attachments.get(from).map(|attachment| &attachment.identity)
}

/// Whether both are the same decision of a transit gateway, from whichever attachment the packet came.
fn takes_as(one: DecidedBy, other: DecidedBy) -> bool {
    let route = |by| match by {
        DecidedBy::TransitGateway(TransitGatewayFact::Route { table, route, .. }) => Some((table, route)),
        _ => None,
    };
    one == other || (route(one).is_some() && route(one) == route(other))
}

/// Whether an outcome leaves open what the records show.
fn is_open(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Unknown | Outcome::Depends)
}
