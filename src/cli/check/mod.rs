//! `flowcast check`: all problems of networks, without running anything.

mod github;
mod json;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use flowcast::diagnostic::{Diagnostics, Severity, Sources, escape, render_all_coloured};
use flowcast::{LoadError, Scenario};

use super::exit::Exit;
use super::output::{self, BAD, GOOD, OPEN, STRONG, counted, paint};
use super::scenario_files::scenario_files;

/// Tell all problems of networks, errors and warnings, and compute nothing.
///
/// A folder stands for every `*.yaml` and `*.yml` below it; one that has none is read as one network. Warnings do not
/// fail.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast check scenarios/ping.yaml
  flowcast check scenarios/ping.yaml --deny-warnings
  flowcast check scenarios --output json | jq '.files[].problems[].code'
  flowcast check scenarios --output github")]
pub(super) struct Check {
    /// Scenarios, or folders.
    #[arg(required = true, value_name = "NETWORK")]
    paths: Vec<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    output: Format,
    /// Fail on warnings as on errors.
    #[arg(long)]
    deny_warnings: bool,
}

/// How problems are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: each with its line, a caret and help.
    Text,
    /// For programs; its members are stable.
    Json,
    /// As annotations of a GitHub workflow.
    Github,
}

/// What was found in one file.
struct Checked {
    file: String,
    /// Why it could not be read.
    unreadable: Option<String>,
    problems: Diagnostics,
    sources: Sources,
}

impl Check {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let mut all = Vec::new();
        for path in &self.paths {
            let files = scenario_files(path)?;
            // A folder without scenarios may be a network in many files.
            let files = if files.is_empty() { vec![path.clone()] } else { files };
            all.extend(files.iter().map(|file| Checked::of(file)));
        }
        match self.output {
            Format::Text => output::print(&text(&all))?,
            Format::Github => output::print(&github::annotations(&all))?,
            Format::Json => output::print(&json::problems(&all)?)?,
        }
        let summary = summary(&all);
        match self.output {
            // Programs read standard output alone.
            Format::Json => output::eprint(&summary),
            Format::Text | Format::Github => output::print(&summary)?,
        }
        Ok(all.iter().map(|checked| checked.exit(self.deny_warnings)).max().unwrap_or(Exit::Success))
    }
}

impl Checked {
    fn of(path: &Path) -> Self {
        let file = path.display().to_string();
        let (unreadable, problems, sources) = match Scenario::load(path) {
            Ok(Scenario { warnings, sources, .. }) => (None, warnings, sources),
            Err(LoadError::Invalid { problems, sources }) => (None, problems, sources),
            Err(error @ LoadError::Io { .. }) => {
                (Some(error.to_string()), Diagnostics::default(), Sources::default())
            }
        };
        Self { file, unreadable, problems, sources }
    }

    fn count(&self, severity: Severity) -> usize {
        self.problems.count(severity)
    }

    fn summary(&self) -> String {
        let told = match &self.unreadable {
            Some(_) => vec![paint(BAD, "unreadable")],
            None => found(self.count(Severity::Error), self.count(Severity::Warning)),
        };
        summary_line(&escape(&self.file), &told)
    }

    fn exit(&self, deny_warnings: bool) -> Exit {
        let denied = deny_warnings && self.count(Severity::Warning) > 0;
        match &self.unreadable {
            Some(_) => Exit::Io,
            None if denied || self.count(Severity::Error) > 0 => Exit::Invalid,
            None => Exit::Success,
        }
    }
}

fn text(all: &[Checked]) -> String {
    let mut text = String::new();
    for checked in all {
        if let Some(why) = &checked.unreadable {
            let _ = writeln!(text, "{} {why}\n", paint(BAD, "error:"));
        }
        if !checked.problems.is_empty() {
            text.push_str(&render_all_coloured(&checked.problems, &checked.sources));
            text.push('\n');
        }
    }
    text
}

/// `shop.yaml: 2 errors, 1 warning`, a line for each file, and the sum of several.
fn summary(all: &[Checked]) -> String {
    let mut text: String = all.iter().map(Checked::summary).collect();
    if all.len() > 1 {
        let sum = |severity| all.iter().map(|checked| checked.count(severity)).sum();
        let unreadable = all.iter().filter(|checked| checked.unreadable.is_some()).count();
        let mut told = found(sum(Severity::Error), sum(Severity::Warning));
        if unreadable > 0 {
            told.insert(0, paint(BAD, format!("{unreadable} unreadable")));
        }
        text += &summary_line(&paint(STRONG, counted(all.len(), "file")), &told);
    }
    text
}

/// `2 errors` and `1 warning`, of each what there is.
fn found(errors: usize, warnings: usize) -> Vec<String> {
    let counts = [(errors, BAD, "error"), (warnings, OPEN, "warning")];
    counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, style, what)| paint(style, counted(count, what)))
        .collect()
}

fn summary_line(name: &str, told: &[String]) -> String {
    let told = if told.is_empty() { paint(GOOD, "no problems") } else { told.join(", ") };
    format!("{name}: {told}\n")
}
