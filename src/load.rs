//! From files to a scenario: what is read, checked and refused.

mod changes;
mod failing_checks;
mod health_checks;
mod one_flow;

use std::error::Error;
use std::fmt;
use std::path::Path;

use crate::diagnostic::{Diagnostics, Located, Sources, problems, render};
use crate::files::Files;
use crate::flowlog::{AwsServices, LogFormat};
use crate::input::{InputFormat, ScenarioText, read_scenario};
use crate::limits;
use crate::model::inventory::{self, Inventory, Provenance};
use crate::model::{
    Arena, FlowLog, FlowLogKind, Network, TagFieldSpecification, TaggedResource, Usage, choose_apart,
};
#[cfg(feature = "json")]
use crate::net::Timestamp;
use crate::scenario::Scenario;
use crate::timeline::Numbering;

/// Connections whose ends are found one by one.
const FEW: u64 = 8;

/// A scenario that cannot be run. Its `Display` is the whole report, with line and caret.
pub enum LoadError {
    /// The file cannot be read.
    Io {
        /// The file.
        path: String,
        /// Why not.
        cause: std::io::Error,
    },
    /// The scenario has errors.
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

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, cause } => write!(f, "cannot read `{path}`: {cause}"),
            Self::Invalid { problems, sources } => f.write_str(&render(problems, sources)),
        }
    }
}

impl Error for LoadError {}

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
        match files.format {
            InputFormat::Scenario => Self::of(files),
            // Large networks come from AWS. What was read on other threads is freed there, and serves again to whoever
            // works there, but not here.
            InputFormat::AwsJson => rayon::scope(|_| Self::of(files)),
        }
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
            InputFormat::Scenario => {
                let read = read_scenario(sources.text(0), 0, &mut problems);
                if let Some(path) = read.as_ref().and_then(|read| read.network.clone()) {
                    return Self::with_network(&path, sources, problems);
                }
                (read, Usage::default())
            }
            InputFormat::AwsJson => {
                let (read, usage) = read_answers(&sources, &scopes, &mut problems);
                (read.map(without_health_checks), usage)
            }
        };
        Self::complete(read, usage, sources, problems)
    }

    /// A scenario that names what AWS answered as its network, in a file or folder beside its own.
    fn with_network(
        path: &Located<String>,
        scenario: Sources,
        mut problems: Diagnostics,
    ) -> Result<Self, LoadError> {
        let name = scenario.iter().next().map(|source| source.name.clone()).unwrap_or_default();
        let beside = Path::new(&name).with_file_name(&path.value);
        let found =
            Files::read(&beside).map_err(|cause| cause.to_string()).and_then(|files| match files.format {
                InputFormat::AwsJson => Ok(files),
                InputFormat::Scenario => Err("it is a scenario, not what AWS answered".to_owned()),
            });
        let files = match found {
            Ok(files) => files,
            Err(cause) => {
                problems.push(problems::no_network(path.origin, &beside.display().to_string(), &cause));
                return Err(LoadError::Invalid { problems, sources: scenario });
            }
        };
        // The scenario is read once more, as the last of all sources.
        let Files { mut sources, scopes, mut problems, .. } = files;
        let text = scenario.text(0);
        let source = sources.add(name, text);
        let (answers, usage) = read_answers(&sources, &scopes, &mut problems);
        let read = read_scenario(text, source, &mut problems);
        let read =
            read.zip(answers).map(|(read, answers)| ScenarioText { inventory: answers.inventory, ..read });
        Self::complete(read, usage, sources, problems)
    }

    fn complete(
        read: Option<ScenarioText>,
        usage: Usage,
        sources: Sources,
        mut problems: Diagnostics,
    ) -> Result<Self, LoadError> {
        let scenario = read.and_then(|read| Self::resolve(read, &sources, &mut problems));
        match scenario {
            Some(scenario) if !problems.has_errors() => {
                Ok(Self { warnings: problems, sources, usage, ..scenario })
            }
            _ => Err(LoadError::Invalid { problems, sources }),
        }
    }

    fn resolve(mut read: ScenarioText, sources: &Sources, problems: &mut Diagnostics) -> Option<Self> {
        let network = Network::resolve(&read.inventory, problems);
        let named = changes::check_ends(&read, problems);
        limits::check(&read, problems);
        let formats = formats_of(&read.inventory, sources, problems);
        let network = network?;
        let mut changes = changes::resolve(
            std::mem::take(&mut read.changes),
            (&read.inventory, &network),
            sources,
            problems,
        );
        if problems.has_errors() {
            return None;
        }
        // Flow logs of what was not collected are not among the network's.
        let formats = if network.flow_logs.len() == formats.len() {
            formats
        } else {
            let format = |log: &FlowLog| {
                let mut told = Diagnostics::default(); // already
                format_of(log.log_format.as_ref(), log.kind(), sources, &mut told)
            };
            network.flow_logs.iter().map(format).collect()
        };
        let count =
            read.connections.iter().map(|connection| connection.repeat.times).fold(0, u64::saturating_add);
        if count > FEW {
            network.expect_many_ends();
        }
        let mut connections = Vec::new();
        for (connection, _) in read.connections.iter().zip(named).filter(|(_, named)| *named) {
            for repetition in connection.repetitions() {
                let before = changes.iter().take_while(|change| change.at <= repetition.begin()).last();
                let network = before.map_or(&network, |change| &change.network);
                let Some(known) = problems.ok(network.connection(&repetition)) else { break };
                connections.push(known);
            }
        }
        connections.extend(health_checks::connections(
            &network,
            &changes,
            read.duration.as_ref().map(|end| end.value),
            read.inventory.provenance,
            problems,
        ));
        health_checks::check_names(&read.expectations, &connections, problems);
        choose_apart(&mut connections);
        one_flow::mark(&mut connections, problems);
        let networks: Vec<&Network> =
            std::iter::once(&network).chain(changes.iter().map(|change| &change.network)).collect();
        let numberings = Numbering::of(&networks);
        let traffic = network.profiled(&read.traffic, problems);
        if let Some(first) = read.traffic.first().filter(|_| networks.iter().any(|network| network.mirrors()))
        {
            let message = "what traffic mirror sessions copy of traffic of profiles is not simulated";
            let help = "copies are made of `connections` alone: state those whose copies matter";
            problems.push(problems::not_modelled(first.origin, message, help));
        }
        limits::check_traffic(&traffic, &read, problems);
        changes::move_edges(&mut changes, &numberings, &traffic, problems);
        free_elsewhere(std::mem::take(&mut read.inventory));
        Some(Self {
            title: read.title,
            proves: read.proves,
            start: read.start,
            duration: read.duration.map(|duration| duration.value),
            network,
            changes,
            numberings,
            connections,
            traffic,
            window_phase: read.window_phase,
            expectations: read.expectations,
            expected_records: read.expected_records,
            formats,
            services: AwsServices::default(),
            warnings: Diagnostics::default(),
            sources: Sources::default(),
            usage: Usage::default(),
        })
    }
}

/// Frees what was read, which of an account is much, on a thread that has nothing else to do.
fn free_elsewhere(inventory: Inventory) {
    if inventory.provenance == Provenance::Observed {
        rayon::spawn(move || drop(inventory));
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
    if inventory.vpcs.is_empty() && !problems.has_errors() {
        problems.push(problems::no_vpc_answered(crate::diagnostic::Code::NotCollected, "simulate"));
    }
    let start = Timestamp::DEFAULT_START;
    (Some(ScenarioText { start, inventory, ..ScenarioText::default() }), usage)
}

/// Answers alone are a network that is asked about one connection at a time: without a scenario there is no time in which
/// its targets would be checked.
fn without_health_checks(mut read: ScenarioText) -> ScenarioText {
    for group in &mut read.inventory.target_groups {
        group.health_check = None;
    }
    read
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

/// The formats of all flow logs, in the order of the network's.
pub(crate) fn formats_of(
    inventory: &inventory::Inventory,
    sources: &Sources,
    problems: &mut Diagnostics,
) -> Arena<LogFormat> {
    match &inventory.flow_logs {
        Some(logs) => logs
            .iter()
            .map(|log| {
                let kind = inventory.flow_log_kind(log);
                let format = format_of(log.log_format.as_ref(), kind, sources, problems);
                check_tags(log, &format, inventory.provenance, problems);
                format
            })
            .collect(),
        None => inventory.vpcs.iter().map(|_| LogFormat::default()).collect(),
    }
}

/// Tells of fields of tags that show nothing.
fn check_tags(
    log: &inventory::FlowLog,
    format: &LogFormat,
    provenance: Provenance,
    problems: &mut Diagnostics,
) {
    let at = log.log_format.as_ref().and_then(|text| text.origin);
    for field in format.fields() {
        let Some((resource, position)) = field.shows_tag() else { continue };
        if TagFieldSpecification::key(&log.tag_fields, resource, position).is_none() {
            let message = format!("the field `{}` is always `-`: no tag is specified for it", field.name);
            let help = "`tag_field_specifications` of the flow log names the keys of the tags to show";
            problems.push(problems::no_effect(at, message, help));
        } else if resource == TaggedResource::AutoScalingGroup && provenance == Provenance::Observed {
            let message = format!(
                "the field `{}` is always `-`: which tags Auto Scaling groups have is not read from AWS's answers",
                field.name
            );
            let help = "`auto_scaling_group_tags` of an instance states them in a scenario";
            problems.push(problems::not_modelled(at, message, help));
        }
    }
}

fn format_of(
    text: Option<&Located<String>>,
    kind: FlowLogKind,
    sources: &Sources,
    problems: &mut Diagnostics,
) -> LogFormat {
    let Some(text) = text else { return LogFormat::default_of(kind) };
    match LogFormat::parse(&text.value, kind) {
        Ok(format) => format,
        Err(error) => {
            let source = text.origin.and_then(|at| sources.source(at));
            let quotable = source.is_none_or(|source| source.quotable);
            let help = "fields are written ${srcaddr} and separated by spaces; `flowcast fields` lists them";
            let help = match &error {
                _ if !quotable => help.to_owned(),
                crate::flowlog::LogFormatError::UnknownField(name) => {
                    let of_kind = crate::flowlog::FIELDS.iter().filter(|field| field.kinds.contain(kind));
                    let names = of_kind.map(|field| field.name);
                    problems::did_you_mean(name, names).unwrap_or_else(|| help.to_owned())
                }
                crate::flowlog::LogFormatError::OtherKind(name, _) => other_kind(name, kind),
                _ => help.to_owned(),
            };
            let message = if quotable { error.to_string() } else { error.unquoted().to_owned() };
            problems.push(problems::invalid_value(text.origin, message, &help));
            LogFormat::default_of(kind)
        }
    }
}

/// What helps where a format of one kind has a field of the other.
fn other_kind(name: &str, kind: FlowLogKind) -> String {
    let rest = "`flowcast fields` lists what each kind has";
    match (kind, name) {
        (FlowLogKind::TransitGateway, "action" | "reject-reason") => {
            format!(
                "a transit gateway neither accepts nor rejects, it loses packets: ${{packets-lost-no-route}}, ${{packets-lost-blackhole}}; {rest}"
            )
        }
        (FlowLogKind::TransitGateway, "interface-id") => {
            format!(
                "its records are of attachments: ${{tgw-attachment-id}}, ${{tgw-src-eni}}, ${{tgw-dst-eni}}; {rest}"
            )
        }
        (FlowLogKind::TransitGateway, "pkt-srcaddr" | "pkt-dstaddr") => {
            format!("there ${{srcaddr}} and ${{dstaddr}} are the addresses of the packet; {rest}")
        }
        (FlowLogKind::TransitGateway, _) => format!("VPC flow logs have it; {rest}"),
        (FlowLogKind::Vpc, _) => {
            format!("flow logs whose resource is a transit gateway or an attachment have it; {rest}")
        }
    }
}
