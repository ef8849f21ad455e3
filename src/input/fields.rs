//! Typed access to the mappings of a document. Nothing that was written is silently ignored: every key must be
//! taken or is diagnosed, and every value that does not fit is.

use std::collections::{BTreeMap, BTreeSet};

use super::yaml::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Located, Origin, problems};

/// Reads one value, or says what is wrong with it.
pub(super) trait Read<T>: Fn(&Node, &mut Diagnostics) -> Option<T> {}

impl<T, F: Fn(&Node, &mut Diagnostics) -> Option<T>> Read<T> for F {}

/// A mapping whose keys are taken one by one.
pub(super) struct Fields<'a> {
    owner: &'static str,
    pub(super) origin: Origin,
    entries: &'a [Entry],
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    choices: Vec<&'static [&'static str]>,
    errors_before: usize,
}

impl<'a> Fields<'a> {
    /// The mapping at `node`, which describes `owner` (`a subnet`). Repeated keys are diagnosed.
    pub(super) fn of(node: &'a Node, owner: &'static str, problems: &mut Diagnostics) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            problems.push(problems::wrong_type(
                Some(node.origin),
                &format!("{owner} as a mapping"),
                node.value.kind(),
            ));
            return None;
        };
        let errors_before = problems.errors();
        let mut seen: BTreeMap<&str, Origin> = BTreeMap::new();
        for entry in entries {
            match seen.get(entry.key.as_str()) {
                Some(first) => {
                    problems.push(problems::duplicate_key(Some(entry.key_origin), &entry.key, Some(*first)));
                }
                None => drop(seen.insert(&entry.key, entry.key_origin)),
            }
        }
        let (asked, missing, choices) = (Vec::new(), Vec::new(), Vec::new());
        Some(Self { owner, origin: node.origin, entries, asked, missing, choices, errors_before })
    }

    /// The value of `key`, whatever it is.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Where `key` stands.
    pub(super) fn key_origin(&self, key: &str) -> Option<Origin> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_origin)
    }

    /// The value of `key`, if it is there.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<T> {
        read_key(key, self.node(key)?, &read, problems)
    }

    /// Exactly one of `keys` must be there; returns those that are.
    pub(super) fn choice(&mut self, keys: &'static [&'static str]) -> Vec<&'static str> {
        self.choices.push(keys);
        self.present(keys)
    }

    /// The value of `key`, which must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<T> {
        let Some(node) = self.node(key) else {
            self.missing.push(key);
            return None;
        };
        read_key(key, node, &read, problems)
    }

    /// The items of the list at `key`; an absent key is `None`. A single item may stand without its list.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<Vec<T>> {
        let node = self.node(key)?;
        Some(items(node).iter().filter_map(|item| read_key(key, item, &read, problems)).collect())
    }

    /// As [`Fields::list`], with the place of the list.
    pub(super) fn located_list<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<Located<Vec<T>>> {
        let origin = self.node(key)?.origin;
        self.list(key, read, problems).map(|list| Located::at(list, origin))
    }

    /// Those of `keys` that are present.
    pub(super) fn present(&self, keys: &[&'static str]) -> Vec<&'static str> {
        keys.iter().copied().filter(|key| self.entries.iter().any(|entry| entry.key == *key)).collect()
    }

    /// Diagnoses keys that nothing asked for, and absent ones, unless a misspelt key stands in their place. Returns
    /// whether the mapping is without errors, so that what its values say together can be judged.
    pub(super) fn finish(self, problems: &mut Diagnostics) -> bool {
        let mut meant = BTreeSet::new();
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            let nearest = problems::nearest(&entry.key, self.asked.iter().copied());
            meant.extend(nearest);
            problems.push(problems::unknown_key(
                Some(entry.key_origin),
                &entry.key,
                self.owner,
                nearest,
                &self.asked,
            ));
        }
        for key in self.missing.iter().filter(|key| !meant.contains(*key)) {
            problems.push(problems::missing_key(Some(self.origin), self.owner, key));
        }
        for keys in &self.choices {
            let found = self.present(keys);
            let misspelt = found.is_empty() && keys.iter().any(|key| meant.contains(key));
            if found.len() != 1 && !misspelt {
                problems.push(problems::key_choice(Some(self.origin), self.owner, keys, &found));
            }
        }
        problems.errors() == self.errors_before
    }
}

/// Reads a value of `key`, which a complaint about its type names.
fn read_key<T>(key: &str, node: &Node, read: &impl Read<T>, problems: &mut Diagnostics) -> Option<T> {
    let value = read(node, problems);
    if value.is_none() {
        problems.name_key(key, node.origin);
    }
    value
}

/// The items of a list; a value that is no list is its only item, nothing at all has none.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        Value::Null => &[],
        _ => std::slice::from_ref(node),
    }
}

/// Text, or a number written without quotes.
pub(super) fn text(node: &Node, problems: &mut Diagnostics) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Number(number) => Some(number.clone()),
        other => {
            problems.push(problems::wrong_type(Some(node.origin), "text", other.kind()));
            None
        }
    }
}

/// Text and its place.
pub(super) fn located_text(node: &Node, problems: &mut Diagnostics) -> Option<Located<String>> {
    text(node, problems).map(|text| Located::at(text, node.origin))
}

/// What `read` reads, and its place.
pub(super) fn located<T>(read: impl Read<T>) -> impl Read<Located<T>> {
    move |node: &Node, problems: &mut Diagnostics| {
        read(node, problems).map(|value| Located::at(value, node.origin))
    }
}

/// `true` or `false`.
pub(super) fn boolean(node: &Node, problems: &mut Diagnostics) -> Option<bool> {
    match &node.value {
        Value::Bool(value) => Some(*value),
        other => {
            problems.push(problems::wrong_type(Some(node.origin), "`true` or `false`", other.kind()));
            None
        }
    }
}

/// The largest count of packets or bytes: a petabyte, which no link of an instance carries in a year.
const LARGEST_COUNT: u64 = 1_000_000_000_000_000;

/// A whole number that is not negative.
pub(super) fn count(node: &Node, problems: &mut Diagnostics) -> Option<u64> {
    let number = match &node.value {
        Value::Integer(number) => u64::try_from(*number).ok().filter(|number| *number <= LARGEST_COUNT),
        Value::Number(_) => None,
        other => {
            problems.push(problems::wrong_type(Some(node.origin), "a whole number", other.kind()));
            return None;
        }
    };
    if number.is_none() {
        let written = text(node, problems).unwrap_or_default();
        let message = format!("`{written}` is not a whole number from 0 to 10^15");
        problems.push(problems::invalid_value(Some(node.origin), message, "write it in digits, e.g. 1500"));
    }
    number
}

/// Text that `parse` understands; its complaint becomes a diagnostic at the text's place.
pub(super) fn parsed<T>(
    node: &Node,
    problems: &mut Diagnostics,
    parse: impl FnOnce(&str, Origin, &mut Diagnostics) -> Result<T, Diagnostic>,
) -> Option<T> {
    let text = text(node, problems)?;
    let result = parse(&text, node.origin, problems);
    problems.ok(result)
}
