//! `flowcast explain`: one connection, every checkpoint, every blocker, and what would have to change.

mod behind;
mod json;
mod later;
mod mirrored;
mod path;
mod text;

use std::collections::HashSet;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use flowcast::diagnostic::escape;
use flowcast::model::{Connection, Outcome};
use flowcast::{ConnectionReport, Report, Scenario};

use super::Format;
use super::exit::Exit;
use super::output::{self, BAD, DIM, counted, paint};
use super::query::{self, Query};

/// Why a connection works or does not: every checkpoint of request and reply with the rule that decided, every
/// blocker, what would have to change, and the records.
///
/// Without a question, the connections that the scenario holds are explained.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast explain scenarios/ping.yaml
  flowcast explain scenarios/ping.yaml --from internet --to web --tcp 443
  flowcast explain scenarios/ping.yaml --from web --to 203.0.113.12 --icmp echo-request --verbose
  flowcast explain scenarios/ping.yaml --from web --to internet --tcp 443 --expect connected
  flowcast explain scenarios/aws/ct-rule-removed.yaml --connection tracked --at 90s
  flowcast explain dump --from internet --to i-06669a407b2ef3ae5 --tcp 22")]
pub(super) struct Explain {
    /// The network: a scenario, or what AWS answered in a file or a folder.
    #[arg(value_name = "NETWORK")]
    network: PathBuf,
    #[command(flatten)]
    query: Query,
    /// When, from the scenario's start: an asked connection begins then; of the scenario's own it is told what is
    /// remembered then, and what their next packets would meet.
    #[arg(long, value_name = "TIME", value_parser = query::time)]
    at: Option<Duration>,
    /// Explain only this connection of the scenario.
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    connection: Option<String>,
    /// How to print. Of several connections JSON is a document for each, one behind the other: `jq --slurp` makes one
    /// list of them.
    #[arg(long, value_enum, default_value = "text")]
    output: Format,
    /// List the checks that everything passes as well, and the pages that state the rules.
    #[arg(long, short)]
    verbose: bool,
    /// Exit with 1 unless the outcome is this one.
    #[arg(long, value_name = "OUTCOME", value_parser = outcome())]
    expect: Option<Outcome>,
}

impl Explain {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let scenario = match output::load(&self.network) {
            // The process ends when it has answered: what a large network is made of need not be freed before.
            Ok(scenario) => ManuallyDrop::new(scenario),
            Err(exit) => return Ok(exit),
        };
        output::warn(&scenario.warnings, &scenario.sources);
        let connections = match self.connections(&scenario) {
            Ok(connections) => connections,
            Err(exit) => return Ok(exit),
        };
        let report = scenario.run_connections(&connections);
        // One that was asked about has nothing behind it at the time at which it begins.
        let at = self.at.filter(|_| !self.query.asks());
        let shown = match self.output {
            Format::Text if self.connection.is_none() => told_apart(&report),
            Format::Text | Format::Json => (0..connections.len()).collect(),
        };
        let mut texts: Vec<String> = shown
            .iter()
            .copied()
            .map(|position| match self.output {
                Format::Text => Ok(text::explain(&report, position, at, self.verbose)),
                Format::Json => json::explain(&report, position, at),
            })
            .collect::<anyhow::Result<_>>()?;
        if let Some(more) = connections.len().checked_sub(shown.len()).filter(|more| *more > 0) {
            let what = counted(more, "later health check");
            let how = "which fare alike are not shown: `--connection` names one of them";
            texts.push(format!("{}\n", paint(DIM, format!("{what} {how}"))));
        }
        output::print(&texts.join("\n"))?;
        Ok(self.as_expected(&report))
    }

    fn connections(&self, scenario: &Scenario) -> Result<Vec<Connection>, Exit> {
        if let Some(asked) = self.query.asked(scenario, self.at)? {
            return Ok(vec![asked]);
        }
        let Some(name) = &self.connection else {
            if scenario.connections.is_empty() {
                output::eprint(&format!(
                    "{} the scenario has no connections: ask with --from, --to and --tcp, --udp, --icmp or --protocol\n",
                    paint(BAD, "error:")
                ));
                return Err(Exit::Usage);
            }
            // Health checks are many and alike: they are explained by name, or where there is nothing else.
            let stated = scenario.connections.iter().filter(|of| !of.is_health_check).cloned();
            let stated: Vec<Connection> = stated.collect();
            return Ok(if stated.is_empty() { scenario.connections.clone() } else { stated });
        };
        query::named(scenario, name).map(|connection| vec![connection])
    }

    fn as_expected(&self, report: &Report<'_>) -> Exit {
        let Some(expected) = self.expect else { return Exit::Success };
        let differing = report.connections.iter().filter(|of| of.outcome != expected);
        let mut exit = Exit::Success;
        for of in differing {
            let (name, found) = (escape(&of.connection.name), of.outcome);
            output::eprint(&format!(
                "{} {name}: expected {expected}, found {found}\n",
                paint(BAD, "differs:")
            ));
            exit = Exit::Differs;
        }
        exit
    }
}

/// All connections but for health checks that fare as an earlier one of the same target does: those of the same network.
fn told_apart(report: &Report<'_>) -> Vec<usize> {
    let mut told = HashSet::new();
    let all = report.connections.iter().enumerate();
    let mut is_new = |of: &ConnectionReport<'_>| {
        let labels = &of.connection.labels;
        !of.connection.is_health_check || told.insert((labels.clone(), of.connection.request.port, of.epoch))
    };
    all.filter(|(_, of)| is_new(of)).map(|(position, _)| position).collect()
}

fn outcome() -> impl TypedValueParser<Value = Outcome> {
    let names = PossibleValuesParser::new(Outcome::NAMES.iter().map(|(name, _)| *name));
    let found =
        |name: String| Outcome::NAMES.iter().find(|(own, _)| *own == name).map(|(_, outcome)| *outcome);
    names.try_map(move |name| found(name).ok_or("no outcome"))
}
