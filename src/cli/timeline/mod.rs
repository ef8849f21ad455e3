//! `flowcast timeline`: connections, events and windows over time, and where an ACTION flips.

mod json;
mod lines;
mod text;

use std::path::PathBuf;

use clap::Args;
use flowcast::chronicle::{Chronicle, Selection};

use super::exit::Exit;
use super::{output, query};

/// Connections over time: when their packets arrive, when a rule stops them, what events change, and how the windows of
/// flow logs cut it all. Below stands where an ACTION flips, and by which rule.
///
/// Of many connections those are drawn in which something flips, then the first ones; the others are counted. The SVG
/// needs no other program, and tells the rule and the records of what is pointed at.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast timeline scenarios/aws/ct-rule-removed.yaml
  flowcast timeline scenarios/aws/ct-rule-removed.yaml --connection untracked
  flowcast timeline scenarios/aws/fl-nacl-changed.yaml --output svg > pings.svg
  flowcast timeline scenarios/aws/fl-nacl-changed.yaml --output json | jq -r '.flips[].sentence'")]
pub(super) struct Timeline {
    /// The scenario.
    scenario: PathBuf,
    /// Draw only this connection; may be repeated.
    #[arg(long, value_name = "NAME")]
    connection: Vec<String>,
    /// How to draw.
    #[arg(long, value_enum, default_value = "text")]
    output: Language,
    /// Columns of the text; left out, those of the terminal, or 100.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..=1000))]
    width: Option<u16>,
    /// Connections to draw at most.
    #[arg(long, value_name = "N", default_value = "40")]
    most: usize,
}

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// For a terminal.
    Text,
    /// A drawing that any browser shows.
    Svg,
    /// For programs; its members are stable.
    Json,
}

impl Timeline {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let scenario = match output::load(&self.scenario) {
            Ok(scenario) => scenario,
            Err(exit) => return Ok(exit),
        };
        output::warn(&scenario.warnings, &scenario.sources);
        let mut only = Vec::new();
        for name in &self.connection {
            match query::position(&scenario, name) {
                Ok(position) => only.push(position),
                Err(exit) => return Ok(exit),
            }
        }
        only.sort_unstable();
        only.dedup();
        let report = scenario.run();
        let only = (!only.is_empty()).then_some(only.as_slice());
        let chronicle = Chronicle::of(&report, Selection { only, most: self.most });
        output::print(&match self.output {
            Language::Text => text::text(&chronicle, self.columns()),
            Language::Svg => chronicle.svg(),
            Language::Json => json::json(&chronicle)?,
        })?;
        Ok(Exit::Success)
    }

    /// Columns of the text: as asked for, as `COLUMNS` or the terminal say, or 100.
    fn columns(&self) -> usize {
        let usable = |columns: &u16| (40..=1000).contains(columns);
        let said = || std::env::var("COLUMNS").ok()?.parse().ok().filter(usable);
        let seen =
            || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0).filter(usable);
        usize::from(self.width.or_else(said).or_else(seen).unwrap_or(100))
    }
}
