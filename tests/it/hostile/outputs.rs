//! Places that take no more: a full device, a file that may not grow, a folder in the place of a file. What is written
//! is whole or as it was, and the program says that it is not.

use std::fs::{self, File};
use std::path::Path;

use super::{Ended, ended, flowcast, limited};

const TOP: &str = env!("CARGO_MANIFEST_DIR");

/// One that has several records, and expectations.
fn scenario() -> String {
    format!("{TOP}/scenarios/shop.yaml")
}

/// Ended because nothing could be written.
#[track_caller]
fn failed(ended: &Ended, what: &str) {
    assert_eq!(ended.code, Some(4), "{what}: {ended:?}");
    assert!(ended.stderr.lines().any(|line| line.starts_with("error: ")), "{what}: {ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{what}: {ended:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_a_failure() {
    let (scenario, account) = (scenario(), format!("{TOP}/tests/data/valid/account.json"));
    let commands: &[&[&str]] = &[
        &["run", &scenario],
        &["run", &scenario, "--reasons"],
        &["run", &scenario, "--output", "json"],
        &["explain", &scenario],
        &["explain", &scenario, "--output", "json"],
        &["test", &scenario],
        &["check", &scenario],
        &["check", &scenario, "--output", "json"],
        &["import", "aws", &account],
        &["import", "aws", "--commands"],
        &["fields"],
        &["fields", "--output", "json"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
    ];
    for command in commands {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = limited("").args(*command).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        failed(&Ended { code: output.status.code(), stdout: String::new(), stderr }, &command.join(" "));
    }
}

/// A scenario of many records beside its golden file, in a folder of their own.
fn beside(golden: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let connections = (0..50).map(|number| format!("  - {{name: c{number}, from: x, to: y, tcp: 443}}\n"));
    let scenario = "vpcs: [{name: lab, cidr_block: 10.0.0.0/16}]\n\
        subnets: [{name: a, cidr_block: 10.0.0.0/24}]\n\
        instances: [{name: x, subnet: a}, {name: y, subnet: a}]\n\
        connections:\n";
    let scenario = scenario.to_owned() + &connections.collect::<String>();
    fs::write(folder.path().join("shop.yaml"), scenario).unwrap();
    fs::write(folder.path().join("shop.log"), golden).unwrap();
    let path = folder.path().join("shop.yaml").to_str().unwrap().to_owned();
    (folder, path)
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The shell's limit on the size of files stands for a full disk: it lets the beginning be written, and no more.
const FULL_AFTER_A_BLOCK: &str = "trap '' XFSZ; ulimit -f 1;";

#[test]
fn a_golden_file_is_rewritten_whole_or_not_at_all() {
    let (folder, path) = beside("as it was\n");
    failed(&ended(limited(FULL_AFTER_A_BLOCK).args(["test", "--bless", &path])), "--bless");
    assert_eq!(fs::read_to_string(folder.path().join("shop.log")).unwrap(), "as it was\n");
    assert_eq!(files(folder.path()), ["shop.log", "shop.yaml"]);
    let done = flowcast(&["test", "--bless", &path]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let written = fs::read_to_string(folder.path().join("shop.log")).unwrap();
    assert!(written.len() > 4096, "too small for the limit to matter: {} bytes", written.len());
}

#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let (folder, path) = beside("");
    fs::remove_file(folder.path().join("shop.log")).unwrap();
    let report = folder.path().join("report.xml");
    let report = report.to_str().unwrap();
    failed(&ended(limited("trap '' XFSZ; ulimit -f 0;").args(["test", "--junit", report, &path])), "--junit");
    assert_eq!(files(folder.path()), ["shop.yaml"]);
    failed(&flowcast(&["test", "--junit", &format!("{path}/report.xml"), &path]), "below a file");
    failed(&flowcast(&["test", "--junit", folder.path().to_str().unwrap(), &path]), "a folder");
    assert_eq!(files(folder.path()), ["shop.yaml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_link_leads_to_may_be_full() {
    let (folder, path) = beside("");
    let golden = folder.path().join("shop.log");
    fs::remove_file(&golden).unwrap();
    std::os::unix::fs::symlink("/dev/full", &golden).unwrap();
    failed(&flowcast(&["test", "--bless", &path]), "a link to a full device");
    assert_eq!(files(folder.path()), ["shop.log", "shop.yaml"]);
}

#[test]
fn a_folder_in_the_place_of_a_golden_file_stays() {
    let (folder, path) = beside("");
    let golden = folder.path().join("shop.log");
    fs::remove_file(&golden).unwrap();
    fs::create_dir(&golden).unwrap();
    failed(&flowcast(&["test", "--bless", &path]), "--bless");
    failed(&flowcast(&["test", &path]), "comparing");
    assert_eq!(files(folder.path()), ["shop.log", "shop.yaml"]);
}
