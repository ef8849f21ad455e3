//! VPC peering connections are symmetric: who asked for one, and who accepted, changes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use flowcast::Scenario;

/// Scenarios with peering connections.
fn scenarios() -> Vec<(PathBuf, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    for folder in ["aws", "regressions", "vpc"] {
        for entry in fs::read_dir(top.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            if text.contains("requester: ") {
                found.push((path, text));
            }
        }
    }
    found
}

fn outcome_and_records(name: &str, text: &str) -> Vec<String> {
    let scenario = Scenario::parse(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let report = scenario.run();
    let outcomes = report.connections.iter().map(|of| format!("{}: {}", of.connection.name, of.outcome));
    let records = report.records.iter().map(|record| report.line(record));
    outcomes.chain(records).collect()
}

#[test]
fn both_ends_are_alike() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 10, "{} scenarios", scenarios.len());
    for (path, text) in scenarios {
        let name = path.file_name().unwrap().to_str().unwrap();
        let exchanged = ["", "_region"].iter().fold(text.clone(), |text, suffix| {
            let [one, other] = ["requester", "accepter"].map(|side| format!("{side}{suffix}: "));
            text.replace(&one, "\u{1}").replace(&other, &one).replace('\u{1}', &other)
        });
        assert_ne!(text, exchanged, "{name}");
        assert_eq!(outcome_and_records(name, &text), outcome_and_records(name, &exchanged), "{name}");
    }
}
