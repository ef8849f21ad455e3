//! Values of what AWS answered stand in no diagnostic: accounts hold secrets. Ids, keys and places do.

use std::collections::HashMap;

use flowcast::Scenario;
use serde_json::{Value, json};

use super::dump::Dump;
use super::random::{random_dump, seeds};
use crate::asking::{ask, question};

/// What must never be printed. It is no id, no address, no number.
const MARKER: &str = "hunter2 s3cr3t";

/// Every member of a value, as a JSON pointer; of those that differ only by positions in lists the first two.
pub(super) fn pointers(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    collect(value, String::new(), &mut all);
    let mut seen: HashMap<String, usize> = HashMap::new();
    all.retain(|pointer| {
        let keys: Vec<&str> = pointer.split('/').filter(|part| part.parse::<usize>().is_err()).collect();
        let count = seen.entry(keys.join("/")).or_default();
        *count += 1;
        *count <= 2
    });
    all
}

fn collect(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                collect(member, format!("{at}/{key}"), all);
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                collect(item, format!("{at}/{position}"), all);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        all.push(at);
    }
}

/// As little of a recorded answer as has everything once: long lists hold the same again and again.
fn trim(value: &mut Value) {
    const ENOUGH: usize = 3;
    match value {
        Value::Object(members) => members.values_mut().for_each(trim),
        Value::Array(items) => {
            items.truncate(ENOUGH);
            items.iter_mut().for_each(trim);
        }
        _ => {}
    }
}

/// What is said of a text: problems when it is refused, warnings when it is not.
fn said(text: &str) -> String {
    match Scenario::parse("dump.json", text) {
        Ok(scenario) => flowcast::diagnostic::render(&scenario.warnings, &scenario.sources),
        Err(error) => error.to_string(),
    }
}

fn check(dump: &Value, what: &str) -> usize {
    let mut refused = 0;
    for pointer in pointers(dump) {
        for replacement in
            [serde_json::json!(MARKER), serde_json::json!([MARKER]), serde_json::json!({"Secret": MARKER})]
        {
            let mut changed = dump.clone();
            *changed.pointer_mut(&pointer).unwrap() = replacement;
            let said = said(&changed.to_string());
            assert!(!said.contains("hunter2") && !said.contains("s3cr3t"), "{what} {pointer}:\n{said}");
            refused += usize::from(!said.is_empty());
        }
    }
    refused
}

#[test]
fn values_are_never_printed() {
    let lab: Value = serde_json::from_str(&Dump::lab().text()).unwrap();
    let refused = check(&lab, "lab");
    assert!(refused > 100, "only {refused} changes are noticed");
    for seed in seeds(0, 1) {
        let dump: Value = serde_json::from_str(&random_dump(seed).text()).unwrap();
        check(&dump, "random");
    }
}

#[test]
fn values_of_recorded_answers_are_never_printed() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut files = 0;
    let mut folders = vec![data.join("batfish"), data.join("aws"), data.join("moto")];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json")
                && !path.ends_with("ids.json")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let Ok(mut value) = serde_json::from_str::<Value>(&text) else { continue };
                trim(&mut value);
                check(&value, &path.display().to_string());
                files += 1;
            }
        }
    }
    assert!(files > 30, "{files}");
}

/// A reference that leads nowhere is told by its place; what there is, by ids alone.
#[test]
fn names_of_an_account_are_never_printed() {
    let card =
        json!({"NetworkInterfaceId": "eni-more", "SubnetId": "hunter2", "PrivateIpAddress": "10.0.1.20"});
    let tagged = Dump::lab().edit("subnet-front", json!({"Tags": [{"Key": "Name", "Value": "hunter2s"}]}));
    let refused = tagged.edit("i-webs", json!({"NetworkInterfaces": [card]})).refusal();
    assert!(refused.contains("no subnet is called `(not an id)`"), "{refused}");
    assert!(!refused.contains("hunter2") && refused.contains("subnet-front"), "{refused}");

    let name = |name: &str| json!({"Tags": [{"Key": "Name", "Value": name}]});
    let scenario = Dump::lab().edit("i-webs", name("hunter2")).edit("i-apps", name("s3cr3t")).scenario();
    let problem = |from: &str, to: &str| {
        let asked = question(from, to, super::dump::parse("tcp 443"));
        let problem = ask(&scenario, &asked).unwrap_err();
        format!("{} {}", problem.message, problem.help.unwrap_or_default())
    };
    for (from, to) in
        [("hunter", "i-apps"), ("i-web", "i-apps"), ("i-webs", "eni-webs"), ("i-webs", "2001:db8::1")]
    {
        let said = problem(from, to);
        assert!(!said.contains("hunter2") && !said.contains("s3cr3t"), "{from} > {to}: {said}");
    }
    assert!(problem("hunter", "i-apps").contains("`i-webs`"), "{}", problem("hunter", "i-apps"));
}

#[test]
fn keys_that_nobody_knows_are_named_and_what_they_hold_is_not() {
    for text in [
        "{\"Strange\": [\"hunter2\"]}",
        "{\"Strange\": 1, \"Secrets\": {\"hunter2\": {}}}",
        "[{\"Strange\": {\"hunter2\": \"hunter2\"}}]",
    ] {
        let said = said(text);
        assert!(said.contains("no answer of AWS that is known here") && said.contains("`Strange`"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let long = said(&format!("{{\"{}\": []}}", "k".repeat(4000)));
    assert!(long.len() < 1000, "{long}");
}
