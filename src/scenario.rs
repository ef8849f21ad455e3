//! A scenario: load, check, run.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Diagnostics, Located, Sources, problems, render};
use crate::files::Files;
use crate::flowlog::{Aggregation, AwsServices, Counts, LogFormat, Recorder, Sighting, Traffic, sightings};
use crate::input::{InputFormat, ScenarioText, read_scenario};
use crate::limits;
use crate::model::{Arena, Connection, Expectation, LegKind, Network, Usage, inventory, stable_hash};
use crate::net::{Header, Payload, Timestamp};
use crate::report::{ConnectionReport, Report};
use crate::timeline::packets_of;
use crate::walk::{Case, Trace, trace};

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

/// A scenario that cannot be run. Its `Display` is the whole report, with line and caret.
#[derive(thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read `{path}`: {cause}")]
    Io {
        /// The file.
        path: String,
        /// Why not.
        cause: std::io::Error,
    },
    /// The scenario has errors.
    #[error("{}", render(problems, sources))]
    Invalid {
        /// Everything that is wrong with it.
        problems: Diagnostics,
        /// The texts that were read.
        sources: Sources,
    },
}

impl LoadError {
    pub(crate) fn io(path: &Path, cause: std::io::Error) -> Self {
        Self::Io { path: crate::diagnostic::escape(&path.display().to_string()), cause }
    }
}

impl fmt::Debug for LoadError {
    /// The same report as `Display`: it is what `unwrap` shows in somebody's failing test.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl Scenario {
    /// Reads and checks a scenario, or what AWS answered in a file or a folder of files: the content tells which.
    ///
    /// # Errors
    /// [`LoadError`] when the file cannot be read, or with everything that is wrong in it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let files = Files::read(path).map_err(|cause| LoadError::io(path, cause))?;
        Self::of(files)
    }

    /// As [`Scenario::parse`], of bytes that should be UTF-8.
    ///
    /// # Errors
    /// [`LoadError::Invalid`] with everything that is wrong in them.
    pub fn parse_bytes(name: &str, bytes: &[u8]) -> Result<Self, LoadError> {
        Self::of(Files::of(name, bytes.to_vec()))
    }

    /// Reads and checks a scenario, or what AWS answered; `name` is what messages call it.
    ///
    /// # Errors
    /// [`LoadError::Invalid`] with everything that is wrong in it.
    pub fn parse(name: &str, text: &str) -> Result<Self, LoadError> {
        Self::of(Files::of(name, text.as_bytes().to_vec()))
    }

    fn of(files: Files) -> Result<Self, LoadError> {
        let Files { sources, scopes, format, mut problems } = files;
        let (read, usage) = match format {
            _ if problems.has_errors() => (None, Usage::default()),
            InputFormat::Scenario => (read_scenario(sources.text(0), 0, &mut problems), Usage::default()),
            InputFormat::AwsJson => read_answers(&sources, &scopes, &mut problems),
        };
        let scenario = read.and_then(|read| Self::resolve(read, &sources, &mut problems));
        match scenario {
            Some(scenario) if !problems.has_errors() => {
                Ok(Self { warnings: problems, sources, usage, ..scenario })
            }
            _ => Err(LoadError::Invalid { problems, sources }),
        }
    }

    fn resolve(read: ScenarioText, sources: &Sources, problems: &mut Diagnostics) -> Option<Self> {
        let network = Network::resolve(&read.inventory, problems);
        let named = read.inventory.check_ends(&read.connections, problems);
        limits::check(&read, problems);
        let formats = formats_of(&read.inventory, sources, problems);
        let network = network?;
        // Flow logs of what was not collected are not among the network's.
        let formats = if network.flow_logs.len() == formats.len() {
            formats
        } else {
            let formats = network.flow_logs.iter().map(|log| log.log_format.as_ref());
            formats.map(|format| format_of(format, sources, &mut Diagnostics::default())).collect()
        };
        let mut connections = Vec::new();
        for (connection, _) in read.connections.iter().zip(named).filter(|(_, named)| *named) {
            connections.extend(problems.ok(network.connection(connection)));
        }
        Some(Self {
            title: read.title,
            proves: read.proves,
            start: read.start,
            duration: read.duration.map(|duration| duration.value),
            network,
            connections,
            expectations: read.expectations,
            expected_records: read.expected_records,
            formats,
            services: AwsServices::default(),
            warnings: Diagnostics::default(),
            sources: Sources::default(),
            usage: Usage::default(),
        })
    }

    /// Finds the ends of a connection that the scenario does not hold.
    ///
    /// # Errors
    /// A diagnostic when an end is unknown, ambiguous, or has no usable address.
    pub fn connection(&self, read: &inventory::Connection) -> Result<Connection, Diagnostic> {
        self.network.connection(read)
    }

    /// Walks every connection, writes the records and checks what is expected. Connections are shared among
    /// threads; the result is the same for any number of them.
    pub fn run(&self) -> Report<'_> {
        self.run_connections(&self.connections)
    }

    /// As [`Scenario::run`], for other connections than the scenario's own.
    pub fn run_connections<'a>(&'a self, connections: &'a [Connection]) -> Report<'a> {
        /// Connections of one unit of work. Units depend on the input alone, so that the result does not on threads.
        const UNIT: usize = 4096;
        let aggregation = Aggregation { start: self.start, duration: self.duration };
        let recorder = Recorder::new(&self.network, aggregation);
        let walk_unit = |(unit, connections): (usize, &'a [Connection])| {
            let mut counts = Counts::default();
            let positions = unit * UNIT..;
            let walked = positions.zip(connections).map(|(position, connection)| {
                let (report, traffic) = self.walk(position, connection);
                traffic.iter().for_each(|traffic| recorder.count(traffic, &mut counts));
                report
            });
            (walked.collect::<Vec<_>>(), counts)
        };
        let units: Vec<_> = connections.par_chunks(UNIT).enumerate().map(walk_unit).collect();
        let (reports, counts): (Vec<_>, Vec<_>) = units.into_iter().unzip();
        let records = recorder.records(counts);
        Report::new(self, reports.into_iter().flatten().collect(), records)
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
        let legs = [LegKind::Forward, LegKind::Reverse];
        let sightings =
            legs.into_iter().filter_map(|leg| Some((leg, self.sightings(of, case, leg)?))).collect();
        Traffic { connection: position, bursts: packets_of(of.connection, case), sightings }
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
        for sighting in &mut seen {
            let stood = case.source_ports.from();
            sighting.header = with_client_port(sighting.header, leg, stood, of.source_port);
        }
        Some(seen)
    }
}

/// What AWS answered, as a scenario without traffic.
#[cfg(feature = "json")]
fn read_answers(
    sources: &Sources,
    scopes: &[String],
    problems: &mut Diagnostics,
) -> (Option<ScenarioText>, Usage) {
    let crate::input::aws::AwsText { inventory, usage } = crate::input::aws::read(sources, scopes, problems);
    let start = Timestamp::DEFAULT_START;
    (Some(ScenarioText { inventory, start, ..ScenarioText::default() }), usage)
}

/// Without JSON nothing of AWS's answers can be read.
#[cfg(not(feature = "json"))]
fn read_answers(_: &Sources, _: &[String], problems: &mut Diagnostics) -> (Option<ScenarioText>, Usage) {
    problems.push(problems::json_syntax(
        None,
        "answers of AWS are not read by this build",
        "build flowcast with its feature `json`",
    ));
    (None, Usage::default())
}

/// The case that `run` shows, and the client's port in it: chosen by a stable hash of the connection's name.
fn choose(connection: &Connection, trace: &Trace) -> (usize, u16) {
    let range = connection.source_ports;
    let hash = stable_hash(&["source-port", &connection.name]);
    let offset = u16::try_from(hash % u64::from(range.count())).unwrap_or(0);
    let port = range.from().saturating_add(offset);
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

/// The header with the client's port in the place of the one that stood for its whole case.
fn with_client_port(mut header: Header, leg: LegKind, stood: u16, port: u16) -> Header {
    if let Payload::Ports { source, destination } = &mut header.payload {
        let client = match leg {
            LegKind::Forward => source,
            LegKind::Reverse => destination,
        };
        if *client == stood {
            *client = port;
        }
    }
    header
}

/// The formats of all flow logs, in the order of the network's.
fn formats_of(
    inventory: &inventory::Inventory,
    sources: &Sources,
    problems: &mut Diagnostics,
) -> Arena<LogFormat> {
    match &inventory.flow_logs {
        Some(logs) => logs.iter().map(|log| format_of(log.log_format.as_ref(), sources, problems)).collect(),
        None => inventory.vpcs.iter().map(|_| LogFormat::default()).collect(),
    }
}

fn format_of(text: Option<&Located<String>>, sources: &Sources, problems: &mut Diagnostics) -> LogFormat {
    let Some(text) = text else { return LogFormat::default() };
    match text.value.parse::<LogFormat>() {
        Ok(format) => {
            let tags = format.fields().iter().filter(|field| field.name.contains("-tag"));
            for field in tags {
                let message = format!("the field `{}` is always `-`: tags are not simulated", field.name);
                problems.push(problems::not_modelled(
                    text.origin,
                    message,
                    "`flowcast fields` tells what every field holds",
                ));
            }
            format
        }
        Err(error) => {
            let source = text.origin.and_then(|at| sources.source(at));
            let quotable = source.is_none_or(|source| source.quotable);
            let help = "fields are written ${srcaddr} and separated by spaces; `flowcast fields` lists them";
            let help = match &error {
                _ if !quotable => help.to_owned(),
                crate::flowlog::LogFormatError::UnknownField(name) => {
                    let names = crate::flowlog::FIELDS.iter().map(|field| field.name);
                    problems::did_you_mean(name, names).unwrap_or_else(|| help.to_owned())
                }
                _ => help.to_owned(),
            };
            let message = if quotable { error.to_string() } else { error.unquoted().to_owned() };
            problems.push(problems::invalid_value(text.origin, message, &help));
            LogFormat::default()
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title.as_deref().unwrap_or("a scenario"))
    }
}
