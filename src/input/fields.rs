//! Typed access to the mappings of a document. Nothing that was written is silently ignored: every key is one of its
//! shape and is taken, or is diagnosed, and every value that does not fit is.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::{KeyRule, Shape};
use super::yaml::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Located, Origin, Severity, problems};

/// Reads one value, or says what is wrong with it.
pub(super) trait Read<T>: Fn(&Node, &mut Diagnostics) -> Option<T> {}

impl<T, F: Fn(&Node, &mut Diagnostics) -> Option<T>> Read<T> for F {}

/// A mapping whose keys are taken one by one, those of its [`Shape`] and no others.
pub(super) struct Fields<'a> {
    shape: &'static Shape,
    pub(super) origin: Origin,
    entries: &'a [Entry],
    asked: BTreeSet<&'static str>,
    errors_before: usize,
}

impl<'a> Fields<'a> {
    /// The mapping at `node`, which has `shape`. Repeated keys are diagnosed.
    pub(super) fn of(node: &'a Node, shape: &'static Shape, problems: &mut Diagnostics) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            let expected = format!("{} as a mapping", shape.owner);
            problems.push(problems::wrong_type(Some(node.origin), &expected, node.value.kind()));
            return None;
        };
        let errors_before = problems.count(Severity::Error);
        let mut seen: BTreeMap<&str, Origin> = BTreeMap::new();
        for entry in entries {
            match seen.get(entry.key.as_str()) {
                Some(first) => {
                    problems.push(problems::duplicate_key(Some(entry.key_origin), &entry.key, Some(*first)));
                }
                None => drop(seen.insert(&entry.key, entry.key_origin)),
            }
        }
        Some(Self { shape, origin: node.origin, entries, asked: BTreeSet::new(), errors_before })
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        debug_assert!(self.shape.key(key).is_some(), "`{key}` is not in the shape of {}", self.shape.owner);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of `key`, whatever it is.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.insert(key);
        self.entry(key).map(|entry| &entry.node)
    }

    /// Where `key` stands.
    pub(super) fn key_origin(&self, key: &str) -> Option<Origin> {
        self.entry(key).map(|entry| entry.key_origin)
    }

    /// The value of `key`, if it is there. Whether it must be is for the shape to say, and for [`Fields::finish`].
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<T> {
        read_key(key, self.node(key)?, &read, problems)
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
    fn present(&self, keys: &[&'static str]) -> Vec<&'static str> {
        keys.iter().copied().filter(|key| self.entry(key).is_some()).collect()
    }

    /// Diagnoses keys that the shape does not have, and what it says of those that it has: an absent key is not
    /// missed when a misspelt one stands in its place. Returns whether the mapping is without errors, so that what
    /// its values say together can be judged.
    pub(super) fn finish(self, problems: &mut Diagnostics) -> bool {
        let meant = self.unknown_keys(problems);
        let excluded = self.excluded_keys(problems);
        for key in self.shape.keys() {
            debug_assert!(
                self.asked.contains(key.name) || excluded.contains(key.name),
                "nobody reads the key `{}` of {}",
                key.name,
                self.shape.owner
            );
            let missed = key.required && !meant.contains(key.name) && !excluded.contains(key.name);
            if missed && self.entry(key.name).is_none() {
                problems.push(problems::missing_key(Some(self.origin), self.shape.owner, key.name));
            }
        }
        for rule in self.shape.rules {
            let (KeyRule::AnyOf(keys) | KeyRule::OneOf(keys)) = rule else { continue };
            let found = self.present(keys);
            if found.is_empty() && keys.iter().any(|key| meant.contains(key)) {
                continue;
            }
            match rule {
                KeyRule::AnyOf(_) if found.is_empty() => {
                    problems.push(problems::missing_one_of(Some(self.origin), self.shape.owner, keys));
                }
                KeyRule::OneOf(_) if found.len() != 1 => {
                    problems.push(problems::key_choice(Some(self.origin), self.shape.owner, keys, &found));
                }
                _ => {}
            }
        }
        problems.count(Severity::Error) == self.errors_before
    }

    /// Diagnoses keys that the shape does not have; returns those that they seem to mean.
    fn unknown_keys(&self, problems: &mut Diagnostics) -> BTreeSet<&'static str> {
        let mut meant = BTreeSet::new();
        let unknown = self.entries.iter().filter(|entry| self.shape.key(&entry.key).is_none());
        let known: Vec<_> = self.shape.keys().map(|key| key.name).collect();
        for entry in unknown.filter(|_| !self.shape.open) {
            let hint = (!problems.is_full()).then(|| problems::nearest(&entry.key, known.iter().copied()));
            let nearest = hint.flatten();
            meant.extend(nearest);
            let at = Some(entry.key_origin);
            problems.push(problems::unknown_key(at, &entry.key, self.shape.owner, nearest, &known));
        }
        meant
    }

    /// Diagnoses keys that others exclude; returns all that are excluded, present or not.
    fn excluded_keys(&self, problems: &mut Diagnostics) -> BTreeSet<&'static str> {
        let mut excluded = BTreeSet::new();
        for rule in self.shape.rules {
            let KeyRule::Excludes(key, others) = rule else { continue };
            if self.entry(key).is_none() {
                continue;
            }
            for other in self.present(others) {
                problems.push(problems::keys_exclude(self.key_origin(other), key, other));
            }
            excluded.extend(others.iter().copied());
        }
        excluded
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

/// Texts by name, each name once.
pub(super) fn texts_by_name(node: &Node, problems: &mut Diagnostics) -> Option<BTreeMap<String, String>> {
    let Value::Map(entries) = &node.value else {
        problems.push(problems::wrong_type(
            Some(node.origin),
            "a mapping from keys to texts",
            node.value.kind(),
        ));
        return None;
    };
    let mut all = BTreeMap::new();
    let mut seen: BTreeMap<&str, Origin> = BTreeMap::new();
    for entry in entries {
        if let Some(first) = seen.insert(&entry.key, entry.key_origin) {
            problems.push(problems::duplicate_key(Some(entry.key_origin), &entry.key, Some(first)));
        }
        if let Some(value) = text(&entry.node, problems) {
            all.insert(entry.key.clone(), value);
        }
    }
    Some(all)
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
