//! The shapes of the scenario format: the tables themselves, and that scenarios and broken files use all of them.
//! Debug assertions of the reader hold that it asks for the keys of a shape and for no others.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use flowcast::Scenario;
use flowcast::model::GATEWAY_KINDS;
use flowcast::shape::{Key, KeyRule, Kind, SCENARIO, Shape};
use serde_yaml_original::Value;

/// Every file below `folder` with this ending.
pub(crate) fn files_below(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, ending, files);
            } else if path.extension().is_some_and(|found| found == ending) {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(Path::new(folder), ending, &mut files);
    files.sort();
    assert!(!files.is_empty(), "{folder} has no .{ending}");
    files
}

/// A sentence, which may begin or end with code.
fn assert_sentence(owner: &str, text: &str) {
    let begins = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '`');
    let first = text.split(' ').next().unwrap_or_default();
    let begins = begins || first.trim_end_matches('.') == "us-east-1";
    assert!(begins && text.ends_with('.') && !text.contains("  "), "{owner}: `{text}`");
}

#[test]
fn rows() {
    let shapes = Shape::all();
    assert!(std::ptr::eq(shapes[0], &raw const SCENARIO) && shapes.len() > 20);
    for shape in shapes {
        assert!(shape.owner.starts_with("a ") || shape.owner.starts_with("an "), "{}", shape.owner);
        assert_sentence(shape.owner, shape.doc);
        let mut seen = BTreeSet::new();
        for key in shape.keys() {
            let name = format!("{} `{}`", shape.owner, key.name);
            let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(key.name.chars().all(snake) && seen.insert(key.name), "{name}");
            assert_sentence(&name, key.doc);
            if !key.default.is_empty() {
                assert!(!key.required, "{name} is needed and has a default");
                assert_sentence(&name, key.default);
            }
        }
        for rule in shape.rules {
            let (first, keys) = match rule {
                KeyRule::AnyOf(keys) | KeyRule::OneOf(keys) => (keys[0], *keys),
                KeyRule::Excludes(key, others) => (*key, *others),
            };
            for key in keys.iter().chain([&first]) {
                assert!(shape.key(key).is_some(), "{} has no key `{key}`", shape.owner);
            }
        }
    }
}

#[test]
fn value_kinds() {
    let mut names = BTreeSet::new();
    for key in Shape::all().iter().flat_map(|shape| shape.keys()) {
        let Some(kind) = key.kind.item().value() else { continue };
        names.insert(kind.name);
        assert_sentence(kind.name, kind.doc);
    }
    assert!(names.len() > 30, "{names:?}");
}

/// Each kind of gateway has its section, and no other section has gateways.
#[test]
fn gateways_have_their_sections() {
    let is_kind = |name: &str| GATEWAY_KINDS.iter().any(|kind| kind.section == name);
    let has_gateways = |key: &&Key| {
        is_kind(key.name) || key.kind.item().shape().is_some_and(|shape| shape.owner == "a gateway")
    };
    let sections = SCENARIO.keys().filter(has_gateways);
    let sections: Vec<_> = sections.map(|key| (key.name, !key.kind.item().shape().unwrap().open)).collect();
    let kinds: Vec<_> = GATEWAY_KINDS.iter().map(|kind| (kind.section, kind.modelled)).collect();
    assert_eq!(sections, kinds);
}

/// The keys of `shape` that `value` has, and those of the shapes within it.
fn used(shape: &'static Shape, value: &Value, seen: &mut BTreeSet<(&'static str, &'static str)>) {
    for key in shape.keys() {
        let Some(value) = value.get(key.name) else { continue };
        seen.insert((shape.doc, key.name));
        let Some(inner) = key.kind.item().shape() else { continue };
        match (key.kind, value) {
            (Kind::ByName(_), Value::Mapping(map)) => map.values().for_each(|value| used(inner, value, seen)),
            (_, Value::Sequence(items)) => items.iter().for_each(|value| used(inner, value, seen)),
            _ => used(inner, value, seen),
        }
    }
}

#[test]
fn valid_files_are_valid() {
    for path in files_below("tests/data/valid", "yaml") {
        let scenario = Scenario::load(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenario.run().failures(), [], "{}", path.display());
    }
}

#[test]
fn every_key_is_shown_somewhere() {
    let mut seen = BTreeSet::new();
    for path in [files_below("scenarios", "yaml"), files_below("tests/data", "yaml")].concat() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        // Some files are broken on purpose.
        if let Ok(value) = serde_yaml_original::from_str(&text) {
            used(&SCENARIO, &value, &mut seen);
        }
    }
    let all = Shape::all().into_iter().flat_map(|shape| shape.keys().map(|key| (shape.doc, key.name)));
    let unseen: Vec<_> = all.filter(|key| !seen.contains(key)).collect();
    assert!(unseen.is_empty(), "no scenario and no broken file has {unseen:#?}");
}
