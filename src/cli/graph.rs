//! `flowcast graph`: the network at a glance, and in it the way of a connection.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use flowcast::diagnostic::escape;
use flowcast::graph::Graph;
use flowcast::model::{Connection, Outcome};
use flowcast::{ConnectionReport, Scenario};

use super::exit::Exit;
use super::output::{self, BAD, STRONG, paint};
use super::query::{self, Query};

/// The network as a drawing: VPCs, zones, subnets, gateways and where routes lead; with a connection, its way there and
/// back, and where it stops.
///
/// The SVG needs no other program: a browser shows it, light or dark. `dot` is for Graphviz, `mermaid` for pages of
/// forges, which draw some hundred edges at most.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast graph scenarios/shop.yaml > shop.svg
  flowcast graph scenarios/shop.yaml --connection query > query.svg
  flowcast graph scenarios/ping.yaml --from internet --to web --tcp 443 --output mermaid
  flowcast graph scenarios/time/everything-changes.yaml --at 45s > then.svg
  flowcast graph dump --output dot | dot -Tpdf > network.pdf")]
pub(super) struct GraphArgs {
    /// The network: a scenario, or what AWS answered in a file or a folder.
    #[arg(value_name = "NETWORK")]
    network: PathBuf,
    #[command(flatten)]
    query: Query,
    /// Draw the way of this connection of the scenario, in the network in which it begins.
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    connection: Option<String>,
    /// Draw the network as it is at this time from the scenario's start, after what events have changed until then.
    #[arg(long, value_name = "TIME", value_parser = query::time)]
    at: Option<Duration>,
    /// In which language to draw.
    #[arg(long, value_enum, default_value = "svg")]
    output: Language,
}

/// In which language to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// A drawing that any browser shows.
    Svg,
    /// The language of Graphviz.
    Dot,
    /// A flowchart that forges draw where it stands in a page.
    Mermaid,
}

impl GraphArgs {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let scenario = match output::load(&self.network) {
            Ok(scenario) => scenario,
            Err(exit) => return Ok(exit),
        };
        output::warn(&scenario.warnings, &scenario.sources);
        let connection = match self.asked(&scenario) {
            Ok(connection) => connection,
            Err(exit) => return Ok(exit),
        };
        let at = self.at.or(connection.as_ref().map(Connection::begin)).unwrap_or_default();
        let mut graph = Graph::of(scenario.network_at(scenario.epoch_at(at)));
        if let Some(connection) = connection {
            draw(&mut graph, &scenario, connection);
        }
        output::print(&match self.output {
            Language::Svg => graph.svg(),
            Language::Dot => graph.dot(),
            Language::Mermaid => graph.mermaid(),
        })?;
        Ok(Exit::Success)
    }

    /// The connection whose way is drawn, if one is named.
    fn asked(&self, scenario: &Scenario) -> Result<Option<Connection>, Exit> {
        match &self.connection {
            Some(name) if self.at.is_some() => Err(begins_at_its_own_time(scenario, name)),
            Some(name) => query::named(scenario, name).map(Some),
            None => self.query.asked(scenario, self.at),
        }
    }
}

/// Says why the way of a connection of the scenario is not drawn at another time than its own.
fn begins_at_its_own_time(scenario: &Scenario, name: &str) -> Exit {
    let connection = match query::named(scenario, name) {
        Ok(connection) => connection,
        Err(exit) => return exit,
    };
    let (name, begin) = (escape(name), humantime::format_duration(connection.begin()));
    let message = format!(
        "`{name}` is drawn in the network in which it begins, at {begin}: --at has no meaning beside it"
    );
    let help = "leave --at out; ask with --from, --to and --at for the way of one that begins then; or see \
                `flowcast explain --connection NAME --at TIME`";
    output::eprint(&format!("{} {message}\n{} {help}\n", paint(BAD, "error:"), paint(STRONG, "help:")));
    Exit::Usage
}

/// Adds the way of `connection`, in the case that `explain` shows.
fn draw(graph: &mut Graph<'_>, scenario: &Scenario, connection: Connection) {
    let connections = [connection];
    let report = scenario.run_connections(&connections);
    for of in &report.connections {
        let trace = of.trace();
        let Some(case) = trace.worst() else { continue };
        let when = match of.outcome {
            Outcome::Depends => format!("; drawn is {}: {}", report.when(of, &trace, case), case.outcome),
            Outcome::Unknown => format!(": {}", report.unknown_because(of)),
            _ => String::new(),
        };
        graph.draw(of.connection, &trace, case, &format!("{}: {}{when}", ends(of), of.outcome));
    }
}

/// `web to db tcp 5432`.
fn ends(of: &ConnectionReport<'_>) -> String {
    let [from, to] = &of.connection.labels;
    let request = of.connection.request;
    let port = request.port.map(|port| format!(" {port}")).unwrap_or_default();
    format!("{from} to {to}, {}{port}", request.protocol)
}
