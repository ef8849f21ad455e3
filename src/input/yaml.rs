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

/// The original `serde_yaml` as an oracle: what scenarios say must not depend on the library that reads them.
#[cfg(test)]
mod tests {
    use serde_yaml_original::Value as Theirs;

    use super::*;

    fn same(ours: &Value, theirs: &Theirs) -> bool {
        match (ours, theirs) {
            (Value::Null, Theirs::Null) => true,
            (Value::Bool(a), Theirs::Bool(b)) => a == b,
            (Value::Text(a), Theirs::String(b)) => a == b,
            (Value::Integer(a), Theirs::Number(b)) => b.as_i64() == Some(*a),
            (Value::Float(a), Theirs::Number(b)) => {
                b.is_f64()
                    && b.as_f64().is_some_and(|b| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
            }
            (Value::List(a), Theirs::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, b))
            }
            (Value::Map(a), Theirs::Mapping(b)) => {
                let same_entry = |(entry, (key, value)): (&Entry, (&Theirs, &Theirs))| {
                    key.as_str() == Some(&entry.key) && same(&entry.node.value, value)
                };
                a.len() == b.len() && a.iter().zip(b).all(same_entry)
            }
            _ => false,
        }
    }

    /// How two readings of `text` differ, if they do. What one of them refuses, the other must refuse.
    fn difference(text: &str) -> Option<String> {
        let ours = parse(text, 0).map(|node| node.value);
        let theirs = serde_yaml_original::from_str::<Theirs>(text);
        let agree = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => same(ours, theirs),
            (Err(_), Err(_)) => true,
            _ => false,
        };
        let shown = || format!("{text}\n  ours   {ours:?}\n  theirs {theirs:?}\n");
        (!agree).then(shown)
    }

    fn assert_none(differences: impl Iterator<Item = String>) {
        let differences: Vec<String> = differences.collect();
        assert!(differences.is_empty(), "{}", differences.concat());
    }

    fn scenarios(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                scenarios(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_scenario_reads_as_the_original_reads_it() {
        let mut found = Vec::new();
        scenarios("scenarios".as_ref(), &mut found);
        assert!(!found.is_empty());
        let differs = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            assert!(parse(&text, 0).is_ok(), "{}", path.display());
            difference(&text)
        };
        assert_none(found.iter().filter_map(differs));
    }

    #[test]
    fn hard_scalars_read_as_the_original_reads_them() {
        const SCALARS: &[&str] = &[
            // Words that YAML 1.1 took for booleans or nothing.
            "yes",
            "no",
            "on",
            "off",
            "y",
            "n",
            "Yes",
            "true",
            "True",
            "TRUE",
            "false",
            "null",
            "Null",
            "NULL",
            "~",
            "",
            "tRue",
            "nUll",
            "None",
            // What looks like a number.
            "010",
            "0010",
            "00",
            "0",
            "-0",
            "+1",
            "-1",
            "1_000",
            "0x1F",
            "0o17",
            "0b11",
            "-0x1F",
            "0x",
            "1e3",
            "1E3",
            "1.0",
            "1.",
            ".5",
            "-.5",
            "1e",
            ".",
            "-",
            "+",
            "inf",
            "nan",
            "22:22",
            "1:2:3",
            "9223372036854775807",
            "-9223372036854775808",
            "2026-01-01",
            "2026-01-01T00:00:00Z",
            // What scenarios hold.
            "10.0.0.0/16",
            "10.0",
            "10.0.0.5",
            "2001:db8::5",
            "::/0",
            "123456789010",
            "012345678901",
            "90s",
            "0.0.0.0/0 -> igw",
            "100 allow tcp 443 from 0.0.0.0/0",
            "a # comment",
            "a#b",
            "${srcaddr} ${dstaddr}",
            "'yes'",
            "!!str 010",
            "\"010\"",
            "\"a\\tb\\u00e4\"",
            "'it''s'",
            "<<",
            "=",
            "|-\n  a\n   b\n",
            ">\n  a\n  b\n\n  c\n",
            "[a, b: c, {d: e}]",
            "[]",
            "{}",
            "{a: , b: ~}",
            "a:b",
            "'a: b'",
            "\u{e4}\u{df}",
        ];
        assert_none(SCALARS.iter().filter_map(|scalar| difference(&format!("key: {scalar}\n"))));
    }

    #[test]
    fn hard_documents_read_as_the_original_reads_them() {
        const DOCUMENTS: &[&str] = &[
            // A merge key is a key like any other.
            "base: &base {a: 1}\nother: {<<: *base, b: 2}\n",
            "list: [&x a, *x, &y [b], *y]\n",
            "yes: 1\nno: 2\n010: 3\n",
            "---\na: 1\n...\n",
            "- - a\n  - b\n- c: d\n  e: f\n",
            "a:\n- b\n- c\n",
            "a: b\n  c\n",
            "\"quoted key\": 'v'\n? long\n: value\n",
        ];
        assert_none(DOCUMENTS.iter().filter_map(|document| difference(document)));
    }

    /// Where the readers part, ours refuses: it never reads something else.
    #[test]
    fn what_the_original_alone_reads_is_refused() {
        for text in ["a: .inf", "a: -.inf", "a: .NaN", "~: a", "[a]: b", "{a: 1}: b", "!custom a"] {
            assert!(serde_yaml_original::from_str::<Theirs>(text).is_ok(), "{text}");
            assert!(parse(text, 0).is_err(), "{text}");
        }
    }
}
