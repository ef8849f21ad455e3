//! `flowcast test`: scenarios against their expectations and golden files.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use flowcast::diagnostic::escape;
use flowcast::{LoadError, Report, Scenario, difference, write_whole};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::exit::Exit;
use super::output::{self, BAD, DIM, GOOD, counted, paint};
use super::run::set_threads;
use super::scenario_files::scenario_files;

/// Run scenarios and compare with their expectations and golden files.
///
/// The golden file of `shop.yaml` is `shop.log` beside it: the records as `flowcast run` prints them. A scenario
/// without one is held only to its expectations.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast test scenarios
  flowcast test scenarios/ping.yaml --bless
  flowcast test scenarios --junit flowcast.xml")]
pub(super) struct Test {
    /// Scenarios, or folders that are searched for `*.yaml` and `*.yml`.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write the golden files instead of comparing with them.
    #[arg(long)]
    bless: bool,
    /// Write a JUnit report as well.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Number of threads; the result is the same for any.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
}

/// The result of one scenario.
struct Tested {
    name: String,
    exit: Exit,
    /// What differs, a message each.
    messages: Vec<String>,
    /// What was looked at.
    summary: String,
    time: Duration,
}

impl Test {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        set_threads(self.threads)?;
        let mut files = Vec::new();
        for path in &self.paths {
            files.extend(scenario_files(path)?);
        }
        if files.is_empty() {
            output::eprint(&format!(
                "{} no scenario found: name files, or folders with *.yaml\n",
                paint(BAD, "error:")
            ));
            return Ok(Exit::Usage);
        }
        let mut all = Vec::new();
        for file in files {
            let tested = self.test(&file)?;
            output::print(&tested.line())?;
            all.push(tested);
        }
        let failed: Vec<&Tested> = all.iter().filter(|tested| tested.exit != Exit::Success).collect();
        let mut summary = "\n".to_owned();
        if all.len() > 1 {
            // Once more, where somebody looks who ran many.
            summary.extend(failed.iter().map(|tested| tested.heading()));
        }
        output::print(&format!("{summary}{} passed, {} failed\n", all.len() - failed.len(), failed.len()))?;
        if let Some(path) = &self.junit {
            let text = junit(&all)?;
            write_whole(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(all.iter().map(|tested| tested.exit).max().unwrap_or(Exit::Success))
    }

    fn test(&self, path: &Path) -> anyhow::Result<Tested> {
        let start = Instant::now();
        let name = path.display().to_string();
        let done = |exit, messages, summary| Tested { name, exit, messages, summary, time: start.elapsed() };
        let scenario = match Scenario::load(path) {
            Ok(scenario) => scenario,
            Err(error) => {
                let exit = if matches!(error, LoadError::Io { .. }) { Exit::Io } else { Exit::Invalid };
                return Ok(done(exit, vec![error.to_string()], "cannot be run".to_owned()));
            }
        };
        let report = scenario.run();
        let mut messages: Vec<String> =
            report.failures().iter().map(|failure| message(&report, failure)).collect();
        let golden = self.golden(path, &report.to_string(), &mut messages)?;
        let exit = if messages.is_empty() { Exit::Success } else { Exit::Differs };
        let expectations = scenario.expectations.len() + scenario.expected_records.len();
        let summary = format!(
            "{}, {}, {golden}",
            counted(report.records.len(), "record"),
            counted(expectations, "expectation")
        );
        Ok(done(exit, messages, summary))
    }

    /// Compares with the golden file or writes it, and says what was done.
    fn golden(
        &self,
        scenario: &Path,
        text: &str,
        messages: &mut Vec<String>,
    ) -> anyhow::Result<&'static str> {
        let path = scenario.with_extension("log");
        if self.bless {
            write_whole(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            return Ok("golden file written");
        }
        match std::fs::read_to_string(&path) {
            Ok(expected) => {
                let differs = difference(&expected, text);
                let name = escape(&path.display().to_string());
                messages.extend(
                    differs
                        .map(|lines| format!("{name} differs (--bless rewrites it):\n{}", lines.trim_end())),
                );
                Ok("golden file compared")
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok("no golden file"),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
}

impl Tested {
    /// The file, whether it passed, and what was looked at.
    fn heading(&self) -> String {
        let (style, word) = if self.exit == Exit::Success { (GOOD, "ok") } else { (BAD, "FAILED") };
        format!(
            "{}  {}  {}\n",
            paint(style, format!("{word:<6}")),
            escape(&self.name),
            paint(DIM, &self.summary)
        )
    }

    /// The same, and what differs.
    fn line(&self) -> String {
        let mut text = self.heading();
        for message in &self.messages {
            for line in message.lines() {
                text.extend(["        ", line, "\n"]);
            }
        }
        text
    }
}

fn message(report: &Report<'_>, failure: &flowcast::Failure) -> String {
    let place = failure.at.map(|at| format!("  {}", report.scenario.sources.short(at))).unwrap_or_default();
    format!("{failure}{place}")
}

fn junit(all: &[Tested]) -> anyhow::Result<String> {
    let mut suite = TestSuite::new("scenarios");
    for tested in all {
        let mut status = match tested.exit {
            Exit::Success => TestCaseStatus::success(),
            Exit::Differs => TestCaseStatus::non_success(NonSuccessKind::Failure),
            _ => TestCaseStatus::non_success(NonSuccessKind::Error),
        };
        if !tested.messages.is_empty() {
            let first = tested.messages.iter().flat_map(|message| message.lines()).next().unwrap_or_default();
            status.set_message(first);
            status.set_description(tested.messages.join("\n"));
        }
        let mut case = TestCase::new(escape(&tested.name), status);
        case.set_time(tested.time);
        suite.add_test_case(case);
    }
    let mut report = quick_junit::Report::new("flowcast");
    report.add_test_suite(suite);
    Ok(report.to_string()?)
}
