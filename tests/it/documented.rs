//! AWS's documented outcomes: each is a scenario below `scenarios/aws/` that meets its expectations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flowcast::Scenario;
use serde_json::Value;

use crate::shared::shared;

/// Each case and the scenario that shows it.
const CASES: &[(&str, &str)] = &[
    ("fl-ssh-accept", "fl-ssh-accept"),
    ("fl-rdp-reject", "fl-rdp-reject"),
    ("fl-nodata", "fl-nodata"),
    ("fl-skipdata", "fl-skipdata"),
    ("fl-ping-nacl-out-deny", "fl-ping-nacl-out-deny"),
    ("fl-ping-nacl-out-allow", "fl-ping-nacl-out-allow"),
    ("fl-ipv6-ssh", "fl-ipv6-ssh"),
    ("fl-tcpflags-open", "fl-tcpflags"),
    ("fl-tcpflags-close", "fl-tcpflags"),
    ("fl-tcpflags-short", "fl-tcpflags-short"),
    ("fl-s3-over-igw", "fl-s3-over-igw"),
    ("fl-notlogged-1", "fl-notlogged-1"),
    ("fl-notlogged-2", "fl-notlogged-2"),
    ("fl-notlogged-4", "fl-notlogged-4"),
    ("fl-own-dns-logged", "fl-own-dns-logged"),
    ("fl-secondary-ip", "fl-secondary-ip"),
    ("nacl-443-in", "nacl-443-in"),
    ("nacl-139-in", "nacl-139-in"),
    ("nacl-ssh-home", "nacl-ssh-home"),
    ("nacl-http-win10-client", "nacl-http-win10-client"),
    ("nacl-http-natgw-client", "nacl-http-natgw-client"),
    ("nacl-outbound-https", "nacl-outbound-https"),
    ("nacl-ipv6-105", "nacl-ipv6-105"),
    ("nacl-canonical-cidr", "nacl-canonical-cidr"),
    ("nacl-deny-before-allow", "nacl-deny-before-allow"),
    ("nacl-new-custom-denies-all", "nacl-new-custom-denies-all"),
    ("nacl-default-allows-all", "nacl-default-allows-all"),
    ("nacl-no-association", "nacl-no-association"),
    ("nacl-dns-not-blockable", "nacl-dns-not-blockable"),
    ("nacl-ex-remote-ssh", "nacl-ex-remote-ssh"),
    ("nacl-ex-same-subnet", "nacl-ex-same-subnet"),
    ("nacl-ex-open-sg-other-ip", "nacl-ex-open-sg-other-ip"),
    ("nacl-s2-web-to-db", "nacl-s2-web-to-db"),
    ("nacl-s2-bastion-ssh", "nacl-s2-bastion-ssh"),
    ("nacl-s2-ntp-out", "nacl-s2-ntp-out"),
    ("ct-ssh-tracked", "ct-example-group"),
    ("ct-http-untracked", "ct-example-group"),
    ("ct-icmp-tracked", "ct-example-group"),
    ("ct-reply-without-egress-rule", "ct-reply-without-egress-rule"),
    ("sg-most-permissive", "sg-most-permissive"),
    ("sg-multiple-groups-union", "sg-multiple-groups-union"),
    ("sg-ref-not-inherit", "sg-ref-not-inherit"),
    ("sg-dns-not-blockable", "sg-dns-not-blockable"),
    ("sg-default-new-sg", "sg-default-new-sg"),
    ("rt-lpm-172.31.4.4", "rt-lpm"),
    ("rt-lpm-10.0.7.7", "rt-lpm"),
    ("rt-lpm-8.8.8.8", "rt-lpm"),
    ("rt-static-over-propagated", "rt-static-over-propagated"),
    ("rt-ipv6-eigw", "rt-ipv6-eigw"),
    ("rt-v4-default-not-v6", "rt-v4-default-not-v6"),
    ("rt-prefix-list-vs-propagated", "rt-prefix-list-vs-propagated"),
    ("rt-new-subnet-main", "rt-new-subnet-main"),
    ("rt-no-same-subnet-middlebox", "rt-no-same-subnet-middlebox"),
    ("rt-vpc-priority-example", "rt-vpc-priority-example"),
    ("rt-igw-edge-appliance", "rt-igw-edge-appliance"),
    ("exam-nacl-blocks-outbound", "exam-nacl-blocks-outbound"),
    ("obs-v7-nodata-custom", "obs-v7-nodata-custom"),
    ("fl-tgw-server-view", "fl-tgw"),
    ("tgw-iso-a-b", "tgw-isolated"),
    ("tgw-iso-a-vpn", "tgw-isolated"),
    ("tgw-shared-a-d", "tgw-shared-services"),
    ("tgw-central-a-c", "tgw-central"),
    ("tgw-egress-internet", "tgw-egress-internet"),
    ("tgw-az-not-enabled", "tgw-zone-not-enabled"),
    ("tgw-appliance-off-asymmetric", "tgw-appliance-off-asymmetric"),
    ("tgw-static-over-propagated", "tgw-static-over-propagated"),
    ("tgw-nacl-same-1", "tgw-nacl-same-subnet"),
    ("tgw-nacl-same-2", "tgw-nacl-same-subnet"),
    ("tgw-nacl-diff-inst", "tgw-nacl-other-subnet"),
    ("lab-tgw-a2-b1-ssh", "lab-tgw-segmentation"),
    ("lab-tgw-a2-c1-ssh", "lab-tgw-segmentation"),
    ("lab-tgw-a2-d1-ssh", "lab-tgw-segmentation"),
    ("lab-tgw-a2-b1-80", "lab-tgw-segmentation"),
    ("lab-tgw-a2-d1-ping", "lab-tgw-segmentation"),
    ("lab-tgw-d1-b1-80", "lab-tgw-segmentation"),
    ("lab-tgw-d1-c1-80", "lab-tgw-segmentation"),
    ("lab-tgw-nacl-selfcidr", "lab-tgw-nacl-selfcidr"),
    ("lab-fix-sg-source-cidr", "lab-fix-sg-source-cidr"),
    ("pcx-transitive", "pcx-transitive"),
    ("pcx-edge-1", "pcx-edge-to-edge"),
    ("pcx-edge-2", "pcx-edge-to-edge"),
    ("pcx-edge-4", "pcx-edge-to-edge"),
    ("pcx-exam-nat", "pcx-edge-to-edge"),
    ("pcx-wrong-return", "pcx-wrong-return"),
    ("pcx-wrong-return-fixed", "pcx-wrong-return-fixed"),
    ("pcx-no-return-route", "pcx-no-return-route"),
    ("ra-agentic-healthy", "ra-agentic-healthy"),
    ("ra-agentic-port80", "ra-agentic-port80"),
    ("ra-agentic-broken-sg", "ra-agentic-broken-sg"),
    ("ra-agentic-broken-route", "ra-agentic-broken-route"),
    ("ra-tut-1", "ra-tutorial"),
    ("ra-tut-3", "ra-tutorial"),
    ("ra-tut-4", "ra-tutorial"),
    ("ra-cli-example", "ra-tutorial"),
    ("ra-cookbook-1", "ra-cookbook"),
    ("ra-cookbook-2", "ra-cookbook"),
];

/// Cases of what AWS does not let anybody make, and the file below `tests/data/invalid/` that is refused for it.
const REFUSED: &[(&str, &str, &str)] = &[
    ("pcx-overlap", "mismatch-peering", "overlap, so `overlapping` cannot join them"),
    (
        "pcx-sg-ref-inter-region",
        "mismatch-group-of-another-region",
        "security group `clients` belongs to a VPC of another Region",
    ),
];

/// Families of cases that are covered as a whole; so is every one that begins with `nacl-`.
const FAMILIES: &[&str] = &[
    "flow-log-example",
    "icmp-sg-nacl",
    "tcp-flags",
    "address-fields",
    "not-logged",
    "sg",
    "conntrack",
    "routing",
    "tgw",
    "tgw-nacl",
    "tgw-lab",
    "tgw-flow",
    "peering",
    "reachability-analyzer",
    "traffic-path",
];

/// Cases of these families that rest on what is not simulated yet.
const NOT_YET: &[&str] = &[
    "ct-auto-tracked-1",
    "ct-auto-tracked-2",
    "ct-auto-tracked-4",
    "ct-auto-tracked-6",
    "ct-auto-tracked-7",
    "ct-auto-tracked-8",
    "ct-tracked-rule-removed",
    "ct-untracked-rule-removed",
    "fl-foreign-src",
    "fl-notlogged-6",
    "fl-notlogged-7",
    "nacl-elb-healthcheck",
];

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
        let cases = file.lines().filter_map(|line| line.strip_prefix("# case: "));
        named.extend(cases.map(|case| (case.to_owned(), scenario.to_owned())));
    }
    assert_eq!(named, table);
}

#[test]
fn no_case_of_the_families_is_missing() {
    for case in collection().unwrap() {
        let (id, family) = (text(&case, "id"), text(&case, "family"));
        let wanted = FAMILIES.contains(&family) || family.starts_with("nacl-");
        let known = CASES.iter().any(|(known, _)| *known == id)
            || REFUSED.iter().any(|(known, ..)| *known == id)
            || NOT_YET.contains(&id);
        assert!(known || !wanted, "{id} of the family {family} has no scenario");
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
