//! The JSON Schema of scenarios: the committed file is the one that is made, it admits every scenario, and it refuses
//! what is broken in structure. `UPDATE_GOLDEN=1 cargo test --test it schema` writes the file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use flowcast::assert_golden;
use flowcast::net::Protocol;
use flowcast::shape::{Form, SCENARIO, Shape, ValueKind};
use jsonschema::Validator;
use serde_json::Value;

use crate::shapes::files_below;

const SCHEMA: &str = "scenarios/scenario.schema.json";

fn printed() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_flowcast")).arg("schema").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn validator() -> Validator {
    let schema = serde_json::from_str(&printed()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A document as editors read it; `None` for what is not YAML.
fn document(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).ok()?;
    let value: serde_yaml_original::Value = serde_yaml_original::from_str(&text).ok()?;
    serde_json::to_value(value).ok()
}

#[test]
fn the_committed_schema_is_the_one_that_is_made() {
    assert_golden(SCHEMA, &printed());
}

#[test]
fn every_scenario_is_admitted() {
    let validator = validator();
    let mut refused = Vec::new();
    for path in [files_below("scenarios", "yaml"), files_below("tests/data/valid", "yaml")].concat() {
        let document = document(&path).unwrap_or_else(|| panic!("{} is not YAML", path.display()));
        for error in validator.iter_errors(&document) {
            refused.push(format!("{} {}: {error}", path.display(), error.instance_path()));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// So that an editor completes and checks whatever scenario is opened in it.
#[test]
fn every_scenario_names_the_schema_to_editors() {
    let schema = fs::canonicalize(SCHEMA).unwrap();
    for path in files_below("scenarios", "yaml") {
        let text = fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let named = first.strip_prefix("# yaml-language-server: $schema=");
        let named = named.unwrap_or_else(|| panic!("{} does not begin with the line", path.display()));
        assert_eq!(fs::canonicalize(path.with_file_name(named)).unwrap(), schema, "{}", path.display());
    }
}

/// Files whose fault is in a single value or in the structure of a mapping: what these names begin with.
const STRUCTURAL: [&str; 4] = ["unknown-key-", "wrong-type-", "missing-key-", "key-choice-"];

#[test]
fn what_is_broken_in_structure_is_refused() {
    let validator = validator();
    let mut refused = BTreeSet::new();
    for path in files_below("tests/data/invalid", "yaml") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let Some(document) = document(&path) else { continue };
        if !validator.is_valid(&document) {
            refused.insert(name);
        } else if STRUCTURAL.iter().any(|prefix| name.starts_with(prefix)) {
            panic!("the schema admits {name}");
        }
    }
    for single in
        ["invalid-value-account", "invalid-value-ports", "invalid-value-rules", "invalid-value-times"]
    {
        assert!(refused.contains(single), "the schema admits {single}; it refuses {refused:?}");
    }
}

/// A definition by itself.
fn definition(name: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(&printed()).unwrap();
    let definitions = schema["$defs"].take();
    let reference = format!("#/$defs/{name}");
    jsonschema::draft202012::new(&serde_json::json!({"$ref": reference, "$defs": definitions})).unwrap()
}

fn value_kinds() -> impl Iterator<Item = &'static ValueKind> {
    Shape::all().into_iter().flat_map(Shape::keys).filter_map(|key| key.kind.item().value())
}

#[test]
fn names_of_definitions_are_unique() {
    let kinds: BTreeSet<_> = value_kinds().map(|kind| kind.name).collect();
    let shapes: Vec<_> = Shape::all().iter().map(|shape| shape.name).collect();
    let all: BTreeSet<_> = kinds.iter().chain(&shapes).collect();
    assert_eq!(all.len(), kinds.len() + shapes.len());
    assert_eq!(SCENARIO.name, "scenario");
}

#[test]
fn examples_are_admitted() {
    for kind in value_kinds() {
        let validator = definition(kind.name);
        assert!(
            matches!(kind.form, Form::Boolean | Form::Names(_)) || !kind.examples.is_empty(),
            "{}",
            kind.name
        );
        for example in kind.examples {
            let value = serde_yaml_original::from_str::<Value>(&format!("'{example}'")).unwrap();
            let plain = serde_yaml_original::from_str::<Value>(example);
            let admitted = validator.is_valid(&value) || plain.is_ok_and(|value| validator.is_valid(&value));
            assert!(admitted, "{}: {example}", kind.name);
        }
    }
}

/// The patterns have the names of protocols that the reader knows.
#[test]
fn every_protocol_is_admitted() {
    let [protocol, entry] = ["protocol", "short-ingress-entry"].map(definition);
    for number in 0..=255 {
        let name = Protocol(number).to_string();
        assert!(protocol.is_valid(&name.as_str().into()), "{name}");
        assert!(entry.is_valid(&format!("100 allow {name} from 0.0.0.0/0").into()), "{name}");
    }
    assert!(!protocol.is_valid(&"quic".into()));
    assert!(!entry.is_valid(&"100 allow quic from 0.0.0.0/0".into()));
}
