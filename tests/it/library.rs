//! The library as somebody's dev-dependency, and what the README says of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use flowcast::{LoadError, Scenario, assert_golden, difference};

const TOP: &str = env!("CARGO_MANIFEST_DIR");

const LAB: &str = "
vpcs:
  - {name: lab, cidr_block: 10.0.0.0/16}
subnets:
  - {name: apps, cidr_block: 10.0.0.0/24}
security_groups:
  - {name: api, ingress: [allow tcp 443 from 10.0.0.0/16]}
instances:
  - {name: client, subnet: apps}
  - {name: api, subnet: apps, security_groups: [api]}
connections:
  - {name: https, from: client, to: api, tcp: 443}
  - {name: ssh, from: client, to: api, tcp: 22}
";

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{TOP}/{path}")).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn lab(expect: &str) -> Scenario {
    Scenario::parse("lab.yaml", &format!("{LAB}{expect}")).unwrap_or_else(|error| panic!("{error}"))
}

/// The message with which `assertion` fails.
fn failure(assertion: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion fails");
    payload.downcast_ref::<String>().expect("a message").clone()
}

/// Whether golden files are being rewritten, so that no assertion on one can fail.
fn is_updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

#[test]
fn a_scenario_is_loaded_run_and_printed() {
    let scenario = Scenario::load(format!("{TOP}/scenarios/ping.yaml")).expect("it is valid");
    assert_eq!(scenario.to_string(), "the group would let the ping's reply out, the network ACL does not");

    let report = scenario.run();
    let lines: Vec<String> = report.records.iter().map(|record| report.line(record)).collect();
    assert_eq!(report.to_string().lines().collect::<Vec<_>>(), lines);
    let actions: Vec<_> = lines.iter().map(|line| line.split(' ').nth(12).expect("14 fields")).collect();
    assert_eq!(actions, ["ACCEPT", "REJECT"]);
    assert_eq!(report.failures(), []);
}

#[test]
fn every_record_has_its_reasons() {
    let scenario = lab("");
    let report = scenario.run();
    assert_eq!(
        report.records.len(),
        6,
        "four of the connection that works, two of the other:
{report}"
    );
    for record in &report.records {
        let reasons = report.reasons(record);
        assert!(!reasons.is_empty(), "{}", report.line(record));
        assert!(reasons.iter().all(|(_, reason)| !reason.source_page.is_empty()), "{}", report.line(record));
    }
}

#[test]
fn an_expectation_that_is_not_met_is_a_failure_with_its_place() {
    let scenario = lab("expect: {https: connected, ssh: connected}\n");
    let failures = scenario.run().failures();
    let [only] = failures.as_slice() else { panic!("{failures:#?}") };
    assert_eq!(only.connection.as_deref(), Some("ssh"));
    assert_eq!(only.message, "expected outcome connected, found blocked");
    assert_eq!(only.at.map(|at| scenario.sources.line(at)), Some(14));
}

#[test]
fn an_invalid_scenario_says_everything_that_is_wrong_and_where() {
    let text = LAB.replace("cidr_block: 10.0.0.0/24", "cidr: 10.0.0.0/24").replace("tcp: 22", "tcp: 70000");
    let Err(LoadError::Invalid { problems, sources }) = Scenario::parse("lab.yaml", &text) else {
        panic!("it is invalid");
    };
    assert!(problems.iter().count() >= 2);
    let report = LoadError::Invalid { problems, sources }.to_string();
    for part in
        ["lab.yaml:5:18", "a subnet has no key `cidr`", "^^^^", "lab.yaml:13:45", "`70000` is not a port"]
    {
        assert!(report.contains(part), "no `{part}` in\n{report}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_of_its_own() {
    let error = Scenario::load("no/such/file.yaml").expect_err("it is not there");
    assert!(matches!(error, LoadError::Io { .. }));
    assert!(error.to_string().starts_with("cannot read `no/such/file.yaml`: "), "{error}");
}

#[test]
fn a_golden_file_that_differs_fails_with_the_difference() {
    if is_updating() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lab.log");
    let scenario = lab("");
    let records = scenario.run().to_string();

    let missing = failure(|| assert_golden(&path, &records));
    assert!(
        missing.starts_with("cannot read ") && missing.contains("UPDATE_GOLDEN=1 writes it"),
        "{missing}"
    );

    std::fs::write(&path, &records).expect("it can be written");
    assert_golden(&path, &records);

    std::fs::write(&path, records.replace("REJECT", "ACCEPT")).expect("it can be written");
    let differs = failure(|| assert_golden(&path, &records));
    assert!(differs.contains("lab.log differs (UPDATE_GOLDEN=1 rewrites it):"), "{differs}");
    let lines = |sign: &str| differs.lines().filter(|line| line.starts_with(sign)).collect::<Vec<_>>();
    assert!(lines("- ").iter().all(|line| line.contains("ACCEPT")), "{differs}");
    assert!(lines("+ ").iter().any(|line| line.contains("REJECT")), "{differs}");
    assert_eq!(lines("- ").len(), lines("+ ").len());
}

/// Fenced blocks of a page in `language`, without their fences.
pub(crate) fn blocks(path: &str, language: &str) -> Vec<String> {
    let text = read(path);
    let fenced = text.split("\n```").skip(1).step_by(2);
    let of_language = fenced.filter_map(|block| block.split_once('\n').filter(|(info, _)| *info == language));
    of_language.map(|(_, body)| body.to_owned()).collect()
}

#[test]
fn the_readme_shows_the_test_of_the_light_crate() {
    let shown = blocks("README.md", "rust,no_run");
    let [shown] = shown.as_slice() else { panic!("one block: {shown:#?}") };
    assert_eq!(difference(shown.trim(), read("tests/light/tests/network.rs").trim()), None);
}

#[test]
fn the_readme_names_the_oldest_compiler() {
    let promise = format!("Rust toolchain, {} or newer,", env!("CARGO_PKG_RUST_VERSION"));
    assert!(read("README.md").contains(&promise), "the README does not say `{promise}`");
}

/// Every file of `src` has its line in the code map of ARCHITECTURE.md.
#[test]
fn the_code_map_is_complete() {
    let map = read("ARCHITECTURE.md");
    let mut folders = vec![std::path::PathBuf::from(TOP).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                folders.push(path);
            } else {
                let listed = map.contains(&format!("`{name}`")) || map.contains(&format!("/{name}`"));
                assert!(listed, "ARCHITECTURE.md does not list {}", path.display());
            }
        }
    }
}

#[test]
fn a_scenario_can_name_what_aws_answered_as_its_network() {
    let scenario = Scenario::load(format!("{TOP}/tests/data/valid/dump.yaml")).unwrap();
    let report = scenario.run();
    assert_eq!(report.failures(), []);
    // Places are told in either file.
    let reasons = report.reasons(&report.records[0]);
    let places: Vec<_> = reasons.iter().filter_map(|(_, reason)| reason.origin).collect();
    assert!(places.iter().all(|at| scenario.sources.short(*at).contains(".json:")), "{reasons:?}");
    assert_eq!(
        scenario.connections[1].origin.map(|at| scenario.sources.short(at)).as_deref(),
        Some("dump.yaml:6")
    );
    let missing = "network: nowhere\nconnections: []\n";
    let Err(LoadError::Invalid { problems, .. }) = Scenario::parse("lab.yaml", missing) else {
        panic!("there is no such folder");
    };
    let told: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(told[0].starts_with("no network can be read from `nowhere`"), "{told:?}");
}
