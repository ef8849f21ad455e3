//! In what two descriptions of one resource differ: the names of members, never what they say.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::json::{File, Read};

/// Files are read once more for this, as large as they are: not those that take long.
const LARGEST: usize = 1 << 20;

/// Names that are listed.
const MOST: usize = 3;

/// Names of the members in which two resources differ, and the number of those that are not listed.
pub(super) fn members<T>(one: &Read<'_, T>, other: &Read<'_, T>) -> Option<(Vec<String>, usize)> {
    let (one, other) = (described(one)?, described(other)?);
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let mut differing = names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned();
    let listed: Vec<String> = differing.by_ref().take(MOST).collect();
    Some((listed, differing.count())).filter(|(listed, _)| !listed.is_empty())
}

/// The members of a resource as its file has them.
fn described<T>(read: &Read<'_, T>) -> Option<Map<String, Value>> {
    let File { text, .. } = read.file;
    if text.len() > LARGEST {
        return None;
    }
    let whole: Value = serde_json::from_str(text).ok()?;
    let item = |list: &Value, at: (&str, usize)| Some(list.get(at.0)?.get(at.1)?.clone());
    let found = wrapped(&whole, read.at.0).and_then(|around| item(around, read.at))?;
    let found = match read.within {
        Some(within) => item(&found, within)?,
        None => found,
    };
    match found {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// The first object that has `key`, whoever wrapped it.
fn wrapped<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) if members.contains_key(key) => Some(value),
        Value::Object(members) => members.values().find_map(|value| wrapped(value, key)),
        Value::Array(items) => items.iter().find_map(|value| wrapped(value, key)),
        _ => None,
    }
}
