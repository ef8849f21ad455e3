//! A network that was made through an EC2 API and dumped with the AWS CLI answers like the same network in YAML.
//!
//! `tests/moto/` makes it: the API is moto's, on the loopback interface. Its recorded answers are in `tests/data/moto/`;
//! `FLOWCAST_MOTO` names a folder with others, which `.ci/run moto` records anew.

mod questions;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use flowcast::Scenario;
use flowcast::net::Direction;
use serde_json::Value;
use tempfile::TempDir;

use crate::corpora::json_files;
use crate::corpora::kept::missing;

use questions::{ALONE, QUESTIONS, Question, WITH_NEIGHBOURS};

/// A network, as AWS's JSON and as YAML, and what the API called everything.
struct Recorded {
    name: &'static str,
    aws: PathBuf,
    ids: BTreeMap<String, String>,
    written: TempDir,
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Recorded {
    fn open(name: &'static str) -> Self {
        let recorded = std::env::var_os("FLOWCAST_MOTO");
        let folder = recorded.map_or_else(|| top().join("tests/data/moto"), PathBuf::from).join(name);
        let ids: BTreeMap<String, String> =
            serde_json::from_slice(&std::fs::read(folder.join("ids.json")).unwrap()).unwrap();
        let written = tempfile::tempdir().unwrap();
        let mut text = std::fs::read_to_string(top().join(format!("tests/moto/{name}.yaml"))).unwrap();
        for (name, id) in &ids {
            text = text.replace(&format!("<{name}>"), id);
        }
        std::fs::write(written.path().join("network.yaml"), text).unwrap();
        Self { name, aws: folder.join("aws"), ids, written }
    }

    fn yaml(&self) -> PathBuf {
        self.written.path().join("network.yaml")
    }

    /// The YAML that `flowcast import aws` writes.
    fn import(&self) -> PathBuf {
        let path = self.written.path().join("imported.yaml");
        let output =
            flowcast().args(["import", "aws"]).arg(&self.aws).arg("--file").arg(&path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        path
    }

    /// What `flowcast explain` says, with the names of `ids.json` in the places of ids: a reference is shown as it was
    /// written, by the one or the other.
    fn explain(&self, network: &Path, question: &Question) -> Value {
        let id = |end: &'static str| self.ids.get(end).map_or(end, String::as_str);
        let mut arguments = vec!["--from", id(question.from), "--to", id(question.to), "--output", "json"];
        arguments.extend(question.options.split_whitespace());
        let output = flowcast().arg("explain").arg(network).args(&arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {arguments:?}: {said}", self.name);
        let mut text = String::from_utf8(output.stdout).unwrap();
        for (name, id) in &self.ids {
            text = text.replace(id, name);
        }
        serde_json::from_str(&text).unwrap()
    }

    fn compare(&self, questions: &[Question]) {
        let imported = self.import();
        let mut different = Vec::new();
        for question in questions {
            let place = format!("{}: {} to {} {}", self.name, question.from, question.to, question.options);
            let written = self.explain(&self.yaml(), question);
            let said = (written["outcome"].as_str().unwrap(), first_blocker(&written));
            assert_eq!(said, (question.outcome, question.stage), "{place}: as written");
            let found = self.explain(&self.aws, question);
            different.extend(differences(&place, &essence(&written), &essence(&found)));
            let imported = self.explain(&imported, question);
            different.extend(differences(
                &format!("{place}, imported"),
                &essence(&found),
                &essence(&imported),
            ));
        }
        assert!(different.is_empty(), "{different:#?}");
    }
}

fn flowcast() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcast"));
    command.env("NO_COLOR", "1");
    command
}

/// The stage of the first thing that stops the connection for certain.
fn first_blocker(explained: &Value) -> &str {
    explained["blockers"][0]["stage"].as_str().unwrap_or_default()
}

/// What must be the same: everything but where it was read and what rules of security groups are called, which in
/// YAML have no ids.
fn essence(explained: &Value) -> Value {
    match explained {
        Value::Object(members) => {
            let rule = explained["kind"] == "security-group-rule";
            let named = |key: &str| key == "origin" || (rule && (key == "id" || key == "short"));
            let kept = members.iter().filter(|(key, member)| {
                // The reasons of a record, in words; its checkpoints have them in full.
                !(named(key) || *key == "decided_by" && member.is_array())
            });
            Value::Object(kept.map(|(key, member)| (key.clone(), essence(member))).collect())
        }
        Value::Array(items) => {
            // Of Block Public Access moto says nothing.
            let said = items.iter().filter(|item| **item != "bpa-not-collected");
            let mut items: Vec<_> = said.map(essence).collect();
            // Records of one window stand in the order of the interfaces, which is the file's.
            items.sort_by_key(|item| item["line"].to_string());
            Value::Array(items)
        }
        other => other.clone(),
    }
}

/// The essence without names, in whose place ids stand where several networks have them.
fn without_names(explained: &Value) -> Value {
    const NAMES: [&str; 4] = ["owner", "short", "text", "remedy"];
    match explained {
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| !NAMES.contains(&key.as_str()));
            Value::Object(kept.map(|(key, member)| (key.clone(), without_names(member))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_names).collect()),
        other => other.clone(),
    }
}

/// Where two explanations differ, by path.
fn differences(path: &str, written: &Value, found: &Value) -> Vec<String> {
    match (written, found) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            keys.iter()
                .flat_map(|key| differences(&format!("{path}.{key}"), &a_or_null(a, key), &a_or_null(b, key)))
                .collect()
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.flat_map(|(at, (a, b))| differences(&format!("{path}[{at}]"), a, b)).collect()
        }
        (a, b) if a == b => Vec::new(),
        (a, b) => vec![format!("{path}: written {a}, found {b}")],
    }
}

fn a_or_null(object: &serde_json::Map<String, Value>, key: &str) -> Value {
    object.get(key).cloned().unwrap_or_default()
}

#[test]
fn the_network_that_was_made_answers_like_the_one_that_was_written() {
    let recorded = Recorded::open("lab");
    recorded.compare(QUESTIONS);
    recorded.compare(ALONE);
}

#[test]
fn so_does_one_with_neighbours() {
    let recorded = Recorded::open("lab-with-neighbours");
    recorded.compare(QUESTIONS);
    recorded.compare(WITH_NEIGHBOURS);
}

/// Folders of an account and its Regions are one network, in which each answers as if it were alone.
#[test]
fn two_regions_answer_like_each_alone() {
    let folder = tempfile::tempdir().unwrap();
    let regions = [("lab", "eu-west-1"), ("lab-with-neighbours", "eu-west-2")];
    for (name, region) in regions {
        let region = folder.path().join("123456789012").join(region);
        std::fs::create_dir_all(&region).unwrap();
        for file in json_files(&Recorded::open(name).aws) {
            std::fs::copy(&file, region.join(file.file_name().unwrap())).unwrap();
        }
    }
    for (name, _) in regions {
        let recorded = Recorded::open(name);
        let asked = QUESTIONS.iter().step_by(4);
        let different = asked.flat_map(|question| {
            let place = format!("{name}: {} to {} {}", question.from, question.to, question.options);
            let [alone, together] = [recorded.aws.as_path(), folder.path()]
                .map(|network| without_names(&essence(&recorded.explain(network, question))));
            differences(&place, &alone, &together)
        });
        assert_eq!(different.collect::<Vec<_>>(), Vec::<String>::new());
    }
}

/// Rules that are told twice, with their groups and by themselves, are there once.
#[test]
fn everything_that_was_told_is_in_the_network_once() {
    for name in ["lab", "lab-with-neighbours"] {
        let aws = Recorded::open(name).aws;
        let scenario = Scenario::load(&aws).unwrap();
        let files = json_files(&aws);
        let missing =
            files.iter().flat_map(|file| missing(file, &std::fs::read(file).unwrap(), &scenario.network));
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
        let rules =
            scenario.network.security_groups.iter().flat_map(|group| {
                Direction::BOTH.into_iter().flat_map(|direction| group.rules.get(direction))
            });
        assert!(
            rules.clone().count() > 20 && rules.clone().all(|rule| rule.id.is_some()),
            "all have their ids"
        );
    }
}

/// Questions without a difference would prove nothing.
#[test]
fn questions_are_many_and_of_every_kind() {
    assert!(QUESTIONS.len() >= 40);
    let with = |of: fn(&Question) -> bool| QUESTIONS.iter().filter(|question| of(question)).count();
    for outcome in ["connected", "blocked", "unanswered", "depends"] {
        let several = QUESTIONS.iter().filter(|question| question.outcome == outcome).count();
        assert!(several >= 3, "{outcome}: {several}");
    }
    assert!(with(|question| question.options.contains("--ipv6")) >= 5);
    assert!(with(|question| question.from == "internet") >= 5);
    assert!(with(|question| question.to == "internet") >= 5);
    assert!(with(|question| question.options.contains("--udp")) >= 3);
    assert!(with(|question| question.options.contains("--icmp")) >= 3);
}
