//! Commands: one file each. They know the public API and nothing about packets.

mod check;
mod completions;
mod exit;
mod explain;
mod fields;
mod graph;
mod import;
mod json;
mod man;
mod output;
mod progress;
mod query;
mod run;
mod scenario_files;
mod schema;
mod test;
mod timeline;

use clap::{Parser, Subcommand};
use exit::Exit;

/// Forecasts AWS VPC Flow Logs: the records AWS would write for a network and its connections, with the rule behind
/// each ACTION.
#[derive(Debug, Parser)]
#[command(name = "flowcast", version, max_term_width = 100, after_help = exit::exit_codes())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Explain(explain::Explain),
    Test(test::Test),
    Check(check::Check),
    Graph(graph::GraphArgs),
    Timeline(timeline::Timeline),
    Import(import::Import),
    Fields(fields::Fields),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command line.
pub(crate) fn main() -> Exit {
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Run(run) => run.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Test(test) => test.execute(),
        Command::Check(check) => check.execute(),
        Command::Graph(graph) => graph.execute(),
        Command::Timeline(timeline) => timeline.execute(),
        Command::Import(import) => import.execute(),
        Command::Fields(fields) => fields.execute(),
        Command::Schema(schema) => schema.execute(),
        Command::Completions(completions) => completions.execute(),
        Command::Man(man) => man.execute(),
    };
    done.unwrap_or_else(|error| output::fail(&error))
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; its members are stable.
    Json,
}
