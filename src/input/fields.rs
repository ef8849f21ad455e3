//! Typed access to the mappings of a document. Nothing that was written is silently ignored: every key must be
//! taken or is diagnosed, and every value that does not fit is.

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
        for (position, entry) in entries.iter().enumerate() {
            if let Some(first) = entries.iter().take(position).find(|first| first.key == entry.key) {
                let problem =
                    problems::duplicate_key(Some(entry.key_origin), &entry.key, Some(first.key_origin));
                problems.push(problem);
            }
        }
        Some(Self { owner, origin: node.origin, entries, asked: Vec::new() })
    }

    /// The value of `key`, whatever it is.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value of `key`, if it is there.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<T> {
        read(self.node(key)?, problems)
    }

    /// The value of `key`, which must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<T> {
        let Some(node) = self.node(key) else {
            problems.push(problems::missing_key(Some(self.origin), self.owner, key));
            return None;
        };
        read(node, problems)
    }

    /// The items of the list at `key`; an absent key is `None`. A single item may stand without its list.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        read: impl Read<T>,
        problems: &mut Diagnostics,
    ) -> Option<Vec<T>> {
        let node = self.node(key)?;
        Some(items(node).iter().filter_map(|item| read(item, problems)).collect())
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

    /// Diagnoses every key that was never asked for.
    pub(super) fn finish(self, problems: &mut Diagnostics) {
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            problems.push(problems::unknown_key(Some(entry.key_origin), &entry.key, self.owner, &self.asked));
        }
    }
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
        Value::Float(number) => Some(number.to_string()),
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

/// A whole number that is not negative.
pub(super) fn count(node: &Node, problems: &mut Diagnostics) -> Option<u64> {
    match &node.value {
        Value::Integer(number) if *number >= 0 => u64::try_from(*number).ok(),
        Value::Integer(number) => {
            let help = "use a whole number from 0";
            problems.push(problems::invalid_value(
                Some(node.origin),
                format!("`{number}` is negative"),
                help,
            ));
            None
        }
        other => {
            problems.push(problems::wrong_type(Some(node.origin), "a whole number", other.kind()));
            None
        }
    }
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
