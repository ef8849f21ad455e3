//! `flowcast run`: the records of scenarios, and their expectations checked.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use flowcast::diagnostic::escape;
use flowcast::flowlog::{Action, AwsServices, FlowLogRecord};
use flowcast::{Report, Scenario};

use super::exit::Exit;
use super::output::{self, BAD, DIM, GOOD, OPEN, paint};
use super::progress::Bar;
use super::query::{self, Query};
use super::{Format, json};

/// The flow log records that AWS would write, and the expectations checked.
///
/// Records go to standard output, a line each, in the order of window end, flow log, interface, first packet,
/// direction. What they leave open, and expectations that are not met, go to standard error. Records of `traffic` are
/// printed as windows close; on a terminal a bar shows how far long runs are.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast run scenarios/ping.yaml
  flowcast run scenarios/ping.yaml --reasons
  flowcast run dump --from internet --to i-06669a407b2ef3ae5 --tcp 22
  flowcast run scenarios/ping.yaml --output json | jq -r 'select(.action == \"REJECT\").srcaddr'")]
pub(super) struct Run {
    /// Scenarios to run, or networks to ask about: a scenario, or what AWS answered in a file or a folder.
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
    /// The traffic, instead of the scenario's own.
    #[command(flatten)]
    query: Query,
    /// When that traffic begins, from the scenario's start.
    #[arg(long, value_name = "TIME", requires = "from", value_parser = query::time)]
    at: Option<Duration>,
    /// How to print; `json` is one object per record.
    #[arg(long, value_enum, default_value = "text")]
    output: Format,
    /// Print beside each record the rule that decided its ACTION.
    #[arg(long)]
    reasons: bool,
    /// Begin with the names of the fields, as files in Amazon S3 do.
    #[arg(long, conflicts_with = "reasons")]
    header: bool,
    /// AWS's ip-ranges.json, for pkt-src-aws-service and pkt-dst-aws-service.
    #[arg(long, value_name = "FILE")]
    ip_ranges: Option<PathBuf>,
    /// Number of threads; the result is the same for any.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
}

impl Run {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        set_threads(self.threads)?;
        let services = match self.ip_ranges.as_ref().map(services).transpose() {
            Ok(services) => services,
            Err(exit) => return Ok(exit),
        };
        let mut worst = Exit::Success;
        for path in &self.scenarios {
            worst = worst.max(match output::load(path) {
                Ok(mut scenario) => {
                    if let Some(services) = &services {
                        scenario.services = services.clone();
                    }
                    self.run(&scenario)?
                }
                Err(exit) => exit,
            });
        }
        Ok(worst)
    }

    /// Prints records of `report`, which follow the record `before`.
    fn print(&self, report: &Report<'_>, before: Option<&FlowLogRecord>) -> anyhow::Result<()> {
        match self.output {
            Format::Json => output::print(&json::records(report, self.reasons)?),
            Format::Text if self.reasons => output::print(&with_reasons(report)),
            Format::Text => output::print_records(report, self.header, before),
        }
    }

    /// Traffic of profiles may be more than fits into memory: its records are printed as windows close.
    fn run_in_parts(&self, scenario: &Scenario) -> anyhow::Result<Exit> {
        let mut bar = Bar::new();
        let mut last: Option<FlowLogRecord> = None;
        let report = scenario.run_in_parts(|part, progress| {
            bar.hide_while(|| self.print(part, last.as_ref()))?;
            last = part.records.last().copied().or(last);
            bar.show(progress);
            anyhow::Ok(())
        })?;
        bar.end();
        say_notes(&report);
        Ok(say_failures(&report))
    }

    fn run(&self, scenario: &Scenario) -> anyhow::Result<Exit> {
        output::warn(&scenario.warnings, &scenario.sources);
        let asked = match self.query.asked(scenario, self.at) {
            Ok(asked) => asked,
            Err(exit) => return Ok(exit),
        };
        let asked: Vec<_> = asked.into_iter().collect();
        let connections = if asked.is_empty() { &scenario.connections } else { &asked };
        if asked.is_empty() && !scenario.traffic.is_empty() {
            return self.run_in_parts(scenario);
        }
        let report = scenario.run_connections(connections);
        if connections.is_empty() {
            let hint =
                "the network has no traffic: ask with --from, --to and --tcp, --udp, --icmp or --protocol";
            output::eprint(&format!("{} {hint}\n", paint(OPEN, "note:")));
        }
        self.print(&report, None)?;
        say_notes(&report);
        // What is expected is expected of the scenario's own traffic.
        Ok(if asked.is_empty() { say_failures(&report) } else { Exit::Success })
    }
}

/// What the records leave open.
fn say_notes(report: &Report<'_>) {
    for note in report.notes() {
        output::eprint(&format!("{} {note}\n", paint(OPEN, "note:")));
    }
}

/// Uses `threads` threads instead of as many as there are cores.
pub(super) fn set_threads(threads: Option<u16>) -> anyhow::Result<()> {
    if let Some(threads) = threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    Ok(())
}

fn services(path: &PathBuf) -> Result<AwsServices, Exit> {
    let say = |message: String, exit| {
        output::eprint(&format!(
            "{} {}: {}\n",
            paint(BAD, "error:"),
            escape(&path.display().to_string()),
            escape(&message)
        ));
        exit
    };
    let text = std::fs::read_to_string(path).map_err(|error| say(error.to_string(), Exit::Io))?;
    AwsServices::from_json(&text).map_err(|error| say(error.to_string(), Exit::Invalid))
}

/// Says on standard error which expectations are not met.
pub(super) fn say_failures(report: &Report<'_>) -> Exit {
    let failures = report.failures();
    for failure in &failures {
        let place = failure.at.map(|at| report.scenario.sources.short(at)).unwrap_or_default();
        output::eprint(&format!("{} {failure}  {}\n", paint(BAD, "differs:"), paint(DIM, place)));
    }
    if failures.is_empty() { Exit::Success } else { Exit::Differs }
}

/// Each record followed by the rules that decided its action.
fn with_reasons(report: &Report<'_>) -> String {
    let lines: Vec<String> = report.records.iter().map(|record| report.line(record)).collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (record, line) in report.records.iter().zip(&lines) {
        let padding = " ".repeat(width - line.chars().count());
        let style = match record.flow.map(|flow| flow.action) {
            Some(Action::Accept) => GOOD,
            Some(Action::Reject) => BAD,
            None => DIM,
        };
        let _ = writeln!(text, "{line}{padding}  {}", paint(style, reason_line(report, record)));
    }
    text
}

/// `ping reply: acl ingress 100 allow tcp 443 from 0.0.0.0/0 (shop.yaml:22)`.
fn reason_line(report: &Report<'_>, record: &FlowLogRecord) -> String {
    let Some(seen) = report.sighting(record) else {
        return match record.status {
            flowcast::flowlog::LogStatus::SkipData => {
                "stated: the records of this window are lost".to_owned()
            }
            _ => "no traffic in this window".to_owned(),
        };
    };
    let name = record.flow.and_then(|flow| report.connection_of(flow.cause));
    let name = name.map(|of| escape(&of.connection.name)).unwrap_or_default();
    let way = seen.kind.name();
    let reasons = report.reasons_of(&seen).into_iter().map(|(checkpoint, reason)| {
        let place =
            reason.origin.map(|at| format!(" ({})", report.scenario.sources.short(at))).unwrap_or_default();
        reason.cited(&checkpoint) + &place
    });
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    let reasons = if reasons.is_empty() { "no rule judges it" } else { &reasons };
    format!("{name} {way}: {reasons}")
}
