//! Every scenario is a test: it meets its own expectations, and its records and explanation are those in
//! `snapshots/`, reviewed by eye.

use std::path::Path;
use std::process::Command;

use flowcast::Scenario;

/// Snapshots by path below `scenarios/`, without anything that differs from machine to machine.
fn settings(folder: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The path of a scenario from the top of the project.
fn name(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let start = parts.iter().rposition(|part| part == "scenarios").expect("scenarios are below scenarios/");
    parts[start..].join("/")
}

#[test]
fn expectations_are_met() {
    insta::glob!("../../scenarios", "**/*.yaml", |path| {
        let scenario = Scenario::load(path).unwrap_or_else(|error| panic!("{error}"));
        let report = scenario.run();
        let failures: Vec<_> = report.failures().into_iter().map(|failure| failure.message).collect();
        assert!(failures.is_empty(), "{}: {failures:#?}", name(path));
    });
}

#[test]
fn every_scenario_says_what_it_shows_and_proves_and_expects() {
    insta::glob!("../../scenarios", "**/*.yaml", |path| {
        let scenario = Scenario::load(path).unwrap_or_else(|error| panic!("{error}"));
        assert!(scenario.title.is_some(), "{}: no `scenario`", name(path));
        assert!(!scenario.proves.is_empty(), "{}: no page under `proves`", name(path));
        let expects = scenario.expectations.len() + scenario.expected_records.len();
        assert!(expects > 0, "{}: expects nothing", name(path));
    });
}

#[test]
fn records_are_those_reviewed() {
    settings("records").bind(|| {
        insta::glob!("../../scenarios", "**/*.yaml", |path| {
            let scenario = Scenario::load(path).unwrap_or_else(|error| panic!("{error}"));
            let report = scenario.run();
            let notes: String = report.notes().iter().map(|note| format!("note: {note}\n")).collect();
            insta::assert_snapshot!("records", format!("{report}{notes}"));
        });
    });
}

#[test]
fn explanations_are_those_reviewed() {
    settings("explain").bind(|| {
        insta::glob!("../../scenarios", "**/*.yaml", |path| {
            insta::assert_snapshot!("explain", explain(path));
        });
    });
}

/// What `flowcast explain` prints; nothing for a scenario without connections.
fn explain(path: &Path) -> String {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_flowcast"))
        .current_dir(top)
        .args(["explain", &name(path)])
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}: {}", name(path), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("explanations are UTF-8")
}

#[test]
fn the_ping_scenario_stays_short() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ping.yaml"))
        .expect("it is there");
    assert!(text.lines().count() <= 30);
}
