//! Every problem, with its place and help: `data/invalid/<code>-<what>.yaml` against `snapshots/diagnostics/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flowcast::diagnostic::{CODES, Diagnostics, Sources, render};
use flowcast::{LoadError, Scenario};

const INVALID: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/invalid");
const INVALID_JSON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/invalid-json");
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/diagnostics");

/// What is found in a file: errors, or the warnings of a scenario that can be run.
fn problems_of(path: &Path) -> (Diagnostics, Sources) {
    // The name stands for the path: messages must be the same on every machine.
    let name = path.file_name().unwrap().to_str().unwrap();
    let bytes = fs::read(path).unwrap();
    let result = match String::from_utf8(bytes) {
        Ok(text) => Scenario::parse(name, &text),
        Err(error) => Scenario::parse_bytes(name, error.as_bytes()),
    };
    match result {
        Ok(scenario) => (scenario.warnings, scenario.sources),
        Err(LoadError::Invalid { problems, sources }) => (problems, sources),
        Err(error @ LoadError::Io { .. }) => panic!("{name}: {error}"),
    }
}

fn files() -> Vec<PathBuf> {
    let folders = [INVALID, INVALID_JSON].into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = folders.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_message_is_as_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(SNAPSHOTS);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../data/invalid", "*.yaml", |path| {
            // insta would note the file's place, and number the snapshots by it.
            let mut settings = insta::Settings::clone_current();
            settings.remove_input_file();
            settings.remove_snapshot_suffix();
            let (problems, sources) = problems_of(path);
            let name = path.file_stem().unwrap().to_str().unwrap();
            settings.bind(|| insta::assert_snapshot!(name, render(&problems, &sources)));
        });
    });
}

#[test]
fn every_message_on_json_is_as_reviewed_and_quotes_no_value() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(SNAPSHOTS);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../data/invalid-json", "*.json", |path| {
            let mut settings = insta::Settings::clone_current();
            settings.remove_input_file();
            settings.remove_snapshot_suffix();
            let (problems, sources) = problems_of(path);
            let name = format!("json-{}", path.file_stem().unwrap().to_str().unwrap());
            let text = render(&problems, &sources);
            assert!(!text.contains("hunter2"), "{text}");
            settings.bind(|| insta::assert_snapshot!(name, text));
        });
    });
}

#[test]
fn every_kind_of_problem_has_a_file_and_every_file_a_problem_of_its_name() {
    let mut seen = BTreeSet::new();
    for path in files() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (problems, _) = problems_of(&path);
        let codes: BTreeSet<_> = problems.iter().map(|problem| problem.code.name()).collect();
        // JSON files are named by what is wrong, which is of few kinds.
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let named =
            if is_json { problems.has_errors() } else { codes.iter().any(|code| name.starts_with(code)) };
        assert!(named, "{name} has {codes:?}");
        seen.extend(codes);
    }
    let all: BTreeSet<_> = CODES.iter().map(|entry| entry.name).collect();
    assert_eq!(seen, all);
}

#[test]
fn no_file_takes_long() {
    for path in files() {
        let start = Instant::now();
        problems_of(&path);
        assert!(start.elapsed() < Duration::from_secs(5), "{}", path.display());
    }
}

#[test]
fn messages_are_one_line_and_bring_nothing_to_the_terminal() {
    for path in files() {
        let (problems, _) = problems_of(&path);
        for problem in &problems {
            let why = problem.related.as_ref().map(|related| related.1);
            let texts = [Some(problem.message.as_str()), problem.help.as_deref(), why];
            for text in texts.into_iter().flatten() {
                assert!(!text.chars().any(char::is_control), "{}: {text:?}", path.display());
                assert!(text.chars().count() <= 800, "{}: {text:?}", path.display());
            }
        }
    }
}
