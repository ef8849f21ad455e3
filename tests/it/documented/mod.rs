//! AWS's documented outcomes: each is a scenario below `scenarios/aws/` that meets its expectations.

mod cases;
mod checklist;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cases::{CASES, NOT_SHOWN, REFUSED};
use flowcast::Scenario;
use flowcast::walk::{EXPLANATION_CODES, Explained, trace};
use serde_json::Value;

use crate::shared::shared;

fn path_of(scenario: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/aws").join(scenario).with_extension("yaml")
}

/// The collection of cases, empty where it is not at hand.
fn collection() -> Result<Vec<Value>, serde_json::Error> {
    let path = shared("cases/documented-outcomes.json");
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Vec::new()) };
    let collection: Value = serde_json::from_str(&text)?;
    Ok(collection.get("cases").and_then(Value::as_array).cloned().unwrap_or_default())
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn every_case_meets_its_expectations() {
    for (case, scenario) in CASES {
        let failures = Scenario::load(path_of(scenario)).unwrap().run().failures();
        assert!(failures.is_empty(), "{case}, {scenario}: {failures:#?}");
    }
}

#[test]
fn what_aws_refuses_is_refused() {
    for (case, file, message) in REFUSED {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/invalid");
        let error = Scenario::load(folder.join(file).with_extension("yaml")).unwrap_err().to_string();
        assert!(error.contains(message), "{case}: {error}");
    }
}

#[test]
fn scenarios_name_exactly_the_cases_of_the_table() {
    let table: BTreeSet<_> =
        CASES.iter().map(|(case, scenario)| ((*case).to_owned(), (*scenario).to_owned())).collect();
    assert_eq!(table.len(), CASES.len(), "a case stands twice in the table");
    let mut named = BTreeSet::new();
    for entry in path_of("any").parent().unwrap().read_dir().unwrap() {
        let path = entry.unwrap().path();
        let scenario = path.file_stem().unwrap().to_str().unwrap();
        let file = std::fs::read_to_string(&path).unwrap();
        let lists = file
            .lines()
            .filter_map(|line| line.strip_prefix("# case: ").or_else(|| line.strip_prefix("# cases: ")));
        let cases = lists.flat_map(|list| list.split(", "));
        named.extend(cases.map(|case| (case.to_owned(), scenario.to_owned())));
    }
    assert_eq!(named, table);
}

/// Every case stands in exactly one of the tables.
#[test]
fn no_case_is_missing() {
    for case in collection().unwrap() {
        let id = text(&case, "id");
        let tables = [
            CASES.iter().any(|(known, _)| *known == id),
            REFUSED.iter().any(|(known, ..)| *known == id),
            NOT_SHOWN.iter().any(|(known, _)| *known == id),
        ];
        let count = tables.iter().filter(|has_it| **has_it).count();
        assert!(count == 1, "{id} stands in {count} tables");
    }
}

/// Where AWS's analyzer gives a code, the scenario is stopped where the table of codes says so.
#[test]
fn stops_are_those_of_the_analyzer() {
    for case in collection().unwrap() {
        let Some((id, scenario)) = CASES.iter().find(|(known, _)| *known == text(&case, "id")) else {
            continue;
        };
        let expected = &case["expected"];
        let codes = expected["codes"].as_array().into_iter().flatten().chain(expected.get("code"));
        for code in codes.filter_map(Value::as_str) {
            let row = EXPLANATION_CODES.iter().find(|row| row.code == code).unwrap();
            let Explained::At(places) = row.says else { panic!("{id}: {code} is never said") };
            let scenario = Scenario::load(path_of(scenario)).unwrap();
            let traces = scenario.connections.iter().map(|connection| trace(&scenario.network, connection));
            let stops: Vec<_> =
                traces.flat_map(|trace| trace.blockers()).map(|stop| stop.checkpoint.stage).collect();
            assert!(places.iter().any(|(stage, _)| stops.contains(stage)), "{id}: no {code} among {stops:?}");
        }
    }
}

#[test]
fn records_are_those_of_the_collection() {
    for case in collection().unwrap() {
        let id = text(&case, "id");
        let Some((_, scenario)) = CASES.iter().find(|(known, _)| *known == id) else { continue };
        let scenario = Scenario::load(path_of(scenario)).unwrap();
        let report = scenario.run();
        let lines: Vec<_> = report.records.iter().map(|record| report.line(record)).collect();
        let documented = case["expected"]["records"].as_array().into_iter().flatten();
        for record in documented.filter_map(Value::as_str) {
            assert!(lines.iter().any(|line| line == record), "{id}: no `{record}` in {lines:#?}");
        }
    }
}
