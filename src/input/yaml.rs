//! YAML text to a tree of values that know where they stand.
//!
//! The only module that names the YAML library. It reads values, not our types: so that every problem of a
//! file can be told at once, and each with its place, the tree is interpreted by [`super::fields`].

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Budget, Options, Spanned};

use crate::diagnostic::{Diagnostic, Origin, problems};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

/// What YAML can say within the subset that all readers agree on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a mapping and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_origin: Origin,
    pub(crate) node: Node,
}

impl Value {
    /// The kind of value, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Reads one document. `source` is the index that origins carry.
pub(crate) fn parse(text: &str, source: u32) -> Result<Node, Diagnostic> {
    let whole = Origin { source, line: 1, start: 0, length: 0 };
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(problems::empty_document(Some(whole)));
    }
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => Ok(node(raw, source)),
        Err(error) => {
            let at = error.location().map_or(whole, |location| origin(&location, source));
            Err(problems::yaml_syntax(Some(at), &message(&error)))
        }
    }
}

/// Numbers and booleans as YAML 1.2 has them, keys as written, and limits far above any scenario.
fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_events = 10_000_000;
    budget.max_nodes = 5_000_000;
    budget.max_depth = 32;
    budget.max_aliases = 10_000;
    budget.max_documents = 1;
    budget.max_total_scalar_bytes = 64 << 20;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.strict_booleans = true;
    options.leading_zero_numbers_as_strings = true;
    options.underscored_numbers_as_strings = true;
    options.reject_unsupported_tags = true;
    options.duplicate_keys = serde_yaml::DuplicateKeyPolicy::PassThrough;
    options.merge_keys = serde_yaml::MergeKeyPolicy::AsOrdinary;
    options.with_snippet = false;
    options
}

/// The first line of the library's message, without the position that we print ourselves.
fn message(error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or("not YAML").trim_start_matches("error: ");
    match line.split_once(" at line ") {
        Some((before, _)) => before.to_owned(),
        None => line.to_owned(),
    }
}

fn origin(location: &serde_yaml::Location, source: u32) -> Origin {
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let span = location.span();
    Origin {
        source,
        line: narrow(location.line()),
        start: narrow(span.byte_offset().unwrap_or_default()),
        length: narrow(span.byte_len().unwrap_or_default()),
    }
}

/// What serde hands over, still with the library's own places.
enum Raw {
    Leaf(Value),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

fn node(raw: Spanned<Raw>, source: u32) -> Node {
    let value = match raw.value {
        Raw::Leaf(value) => value,
        Raw::List(items) => Value::List(items.into_iter().map(|item| node(item, source)).collect()),
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| Entry {
                    key_origin: origin(&key.referenced, source),
                    key: key.value,
                    node: node(value, source),
                })
                .collect(),
        ),
    };
    Node { value, origin: origin(&raw.referenced, source) }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Integer(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Leaf(i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), Value::Integer)))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Text(value.to_string())))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Text(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Text(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Text(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
