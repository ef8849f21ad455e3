//! `flowcast check`: what it tells in each form, and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const TOP: &str = env!("CARGO_MANIFEST_DIR");
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/check");

/// Errors, warnings, a second place, nothing at all, and a file that is not there.
const FILES: [&str; 4] = [
    "tests/data/invalid/overlap-vpc-and-subnets.yaml",
    "scenarios/ping.yaml",
    "absent.yaml",
    "tests/data/invalid/not-modelled-gateways.yaml",
];

fn check(folder: impl AsRef<Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcast"));
    command.current_dir(folder).arg("check").args(arguments).env_remove("CLICOLOR_FORCE");
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn problems_are_told_in_every_form() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(SNAPSHOTS);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for form in ["text", "json", "github"] {
        let output = check(TOP, &[&FILES[..], &["--output", form]].concat());
        assert_eq!(output.status.code(), Some(4), "the worst counts");
        settings.bind(|| insta::assert_snapshot!(form, out(&output)));
    }
}

#[test]
fn json_counts_what_it_lists() {
    let output = check(TOP, &["tests/data/invalid", "--output", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = all["files"].as_array().unwrap();
    assert_eq!(files.len(), fs::read_dir(Path::new(TOP).join("tests/data/invalid")).unwrap().count());
    for file in files {
        for (severity, count) in [("error", "errors"), ("warning", "warnings")] {
            let listed =
                file["problems"].as_array().unwrap().iter().filter(|problem| problem["severity"] == severity);
            assert_eq!(file[count], listed.count(), "{file}");
        }
    }
    let summary = String::from_utf8(output.stderr).unwrap();
    assert!(summary.lines().last().unwrap().starts_with(&format!("{} files: ", files.len())), "{summary}");
}

#[test]
fn warnings_fail_when_they_are_denied() {
    let warned = "tests/data/invalid/host-bits-everywhere.yaml";
    let output = check(TOP, &[warned]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).ends_with(&format!("{warned}: 5 warnings\n")), "{}", out(&output));
    assert_eq!(check(TOP, &[warned, "--deny-warnings"]).status.code(), Some(3));
    assert_eq!(check(TOP, &["scenarios/ping.yaml", "--deny-warnings"]).status.code(), Some(0));
}

#[test]
fn folders_stand_for_their_scenarios() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(folder.path().join("a.yml"), "vpcs: [{name: a, cidr_block: 10.0.0.0/16}]").unwrap();
    fs::write(folder.path().join("below/b.yaml"), "vpcs: []").unwrap();
    fs::write(folder.path().join("notes.txt"), "vpcs: []").unwrap();
    let output = check(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(3));
    let told = out(&output);
    let (problems, summary) = told.split_once("\n\n").unwrap();
    assert!(problems.starts_with("error[missing-key]: a scenario needs a VPC"), "{told}");
    assert_eq!(summary, "./a.yml: no problems\n./below/b.yaml: 1 error\n2 files: 1 error\n");
}

/// A folder without scenarios is what was collected of one account.
#[test]
fn a_folder_of_answers_is_one_network() {
    let folder = "tests/data/moto/lab/aws";
    let output = check(TOP, &[folder, "--output", "json"]);
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files: Vec<_> =
        all["files"].as_array().unwrap().iter().filter_map(|file| file["file"].as_str()).collect();
    assert_eq!((files, output.status.code()), (vec![folder], Some(0)));
}

/// What the renderer cuts for people who run a scenario is told here.
#[test]
fn all_problems_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let unknown: String = (0..300).map(|number| format!("zebra{number}: 1\n")).collect();
    fs::write(folder.path().join("many.yaml"), format!("vpcs: []\n{unknown}")).unwrap();
    for (form, mark) in [("text", "error["), ("github", "::error "), ("json", "\"code\"")] {
        let told = out(&check(folder.path(), &["many.yaml", "--output", form]));
        assert_eq!(told.matches(mark).count(), 301, "{form}");
    }
}
