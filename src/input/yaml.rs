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
    /// Any other number, as it was written.
    Number(String),
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
            Self::Integer(_) | Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Reads one document. `source` is the index that origins carry.
pub(crate) fn parse(text: &str, source: u32) -> Result<Node, Diagnostic> {
    let whole = Origin { source, start: 0, length: 0 };
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(problems::empty_document(Some(whole)));
    }
    let places = Places { text, source };
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => {
            let node = places.node(raw);
            if node.value == Value::Null { Err(problems::empty_document(Some(whole))) } else { Ok(node) }
        }
        Err(error) => {
            let at = error.location().map_or(whole, |location| places.of_error(&location));
            let (message, help) = explain(&error);
            Err(problems::yaml_syntax(Some(at), &message, help))
        }
    }
}

/// Levels of lists and mappings; scenarios have six.
const DEEPEST: usize = 32;

/// Numbers and booleans as YAML 1.2 has them, keys as written, and limits far above any scenario.
fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_events = 5_000_000;
    budget.max_nodes = 2_000_000;
    budget.max_depth = DEEPEST;
    budget.max_aliases = 10_000;
    budget.max_recorded_anchor_events = 10_000;
    budget.max_documents = 1;
    budget.max_total_scalar_bytes = 64 << 20;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.alias_limits.max_total_replayed_events = 100_000;
    options.strict_booleans = true;
    options.leading_zero_numbers_as_strings = true;
    options.underscored_numbers_as_strings = true;
    options.reject_unsupported_tags = true;
    options.duplicate_keys = serde_yaml::DuplicateKeyPolicy::PassThrough;
    options.merge_keys = serde_yaml::MergeKeyPolicy::AsOrdinary;
    options.with_snippet = false;
    options.non_finite_float_policy = serde_yaml::options::NonFiniteFloatPolicy::PassThrough; // diagnosed by whoever reads it
    options
}

/// Beginnings of the library's messages, in our words, and what to do; an empty text keeps the library's.
const MESSAGES: &[(&str, &str, &str)] = &[
    (
        "budget breached: Documents",
        "the file holds several documents",
        "a file is one scenario: remove `---` and what follows",
    ),
    (
        "budget breached: Depth",
        "the document is nested too deeply",
        "at most 32 levels of lists and mappings",
    ),
    ("recursion limit", "the document is nested too deeply", "at most 32 levels of lists and mappings"),
    (
        "budget breached: RecordedAnchor",
        "aliases make the document too large",
        "at most 10000 values may stand under anchors",
    ),
    (
        "budget breached: Alias",
        "the document has too many aliases",
        "at most 10000 aliases; write the values instead",
    ),
    (
        "alias replay",
        "aliases make the document too large",
        "at most 100000 values may come from aliases; write the values instead",
    ),
    ("budget breached", "the document is too large", "at most 2000000 values in 64 MiB of text"),
    ("tabs disallowed", "tabs cannot indent YAML", "indent with spaces"),
    ("alias references unknown anchor", "", "an alias `*name` needs the anchor `&name` before it"),
    ("unsupported tag", "", "leave the tag out: scenarios need none"),
    ("unclosed bracket", "", "every `{` and `[` needs its `}` and `]`"),
    ("unclosed quote", "", "close the quotation"),
    ("unexpected character", "", "remove it, or write it as an escape within double quotes"),
    ("while parsing a quoted scalar", "", "check its escapes; between single quotes there are none"),
    (
        "while parsing a block",
        "the indentation fits no list or mapping before it",
        "entries of one list or mapping stand at the same indentation",
    ),
];

/// What is wrong with the text, and how to mend it.
fn explain(error: &serde_yaml::Error) -> (String, &'static str) {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or("not YAML").trim_start_matches("error: ");
    // The library's position is left out: we print our own.
    let line = line.split_once(" at line ").map_or(line, |(before, _)| before).replace('\'', "`");
    match MESSAGES.iter().find(|(beginning, ..)| line.starts_with(beginning)) {
        Some((_, "", help)) => (line, help),
        Some((_, message, help)) => ((*message).to_owned(), help),
        None => (line, "text with `: `, ` #` or one of `[]{},&*!|>%@` in front belongs in quotes"),
    }
}

/// Turns the library's places into ours.
struct Places<'t> {
    text: &'t str,
    source: u32,
}

impl Places<'_> {
    fn origin(&self, location: &serde_yaml::Location) -> Origin {
        let span = location.span();
        let start = narrow(span.byte_offset().unwrap_or_default());
        self.at(start, narrow(span.byte_len().unwrap_or_default()))
    }

    /// The stretch of `length` bytes from `start`, cut to the text.
    fn at(&self, start: u32, length: u32) -> Origin {
        let size = narrow_usize(self.text.len());
        let start = start.min(size);
        Origin { source: self.source, start, length: length.min(size - start) }
    }

    /// The place of an error; the library often knows line and column alone.
    fn of_error(&self, location: &serde_yaml::Location) -> Origin {
        let line = usize::try_from(location.line()).unwrap_or(usize::MAX).max(1);
        let column = usize::try_from(location.column()).unwrap_or(usize::MAX).max(1);
        let mut lines = self.text.split_inclusive('\n');
        let before: usize = lines.by_ref().take(line - 1).map(str::len).sum();
        let within: usize =
            lines.next().unwrap_or_default().chars().take(column - 1).map(char::len_utf8).sum();
        let length =
            self.text.get(before + within..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.at(narrow_usize(before + within), narrow_usize(length))
    }

    fn node(&self, raw: Spanned<Raw>) -> Node {
        let origin = self.origin(&raw.referenced);
        match raw.value {
            Raw::Leaf(Value::Number(number)) => {
                Node { value: Value::Number(self.as_written(origin, number)), origin }
            }
            Raw::Leaf(value) => Node { value, origin },
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                let last = items.last().map(|item| item.origin);
                Node { value: Value::List(items), origin: self.to_the_end(origin, last) }
            }
            Raw::Map(entries) => {
                let entry = |(key, value): (Spanned<String>, Spanned<Raw>)| Entry {
                    key_origin: self.origin(&key.referenced),
                    key: key.value,
                    node: self.node(value),
                };
                let entries: Vec<Entry> = entries.into_iter().map(entry).collect();
                let last = entries.last().map(|entry| entry.node.origin);
                Node { value: Value::Map(entries), origin: self.to_the_end(origin, last) }
            }
        }
    }

    /// A number without the reader's rounding.
    fn as_written(&self, at: Origin, number: String) -> String {
        let end = at.start.saturating_add(at.length);
        let written = usize::try_from(at.start)
            .ok()
            .zip(usize::try_from(end).ok())
            .and_then(|(start, end)| self.text.get(start..end));
        match written {
            Some(written) if !written.is_empty() && !written.starts_with('*') => written.to_owned(),
            _ => number,
        }
    }

    /// The place of a list or mapping, whose beginning the library knows, up to its last item and closing bracket.
    fn to_the_end(&self, begin: Origin, last: Option<Origin>) -> Origin {
        let start = begin.start;
        let end = last
            .map_or(start, |last| last.start.saturating_add(last.length))
            .max(start.saturating_add(begin.length));
        let at =
            |byte: u32| usize::try_from(byte).ok().and_then(|byte| self.text.get(byte..)).unwrap_or_default();
        let closing = match at(start).chars().next() {
            Some('{') => '}',
            Some('[') => ']',
            _ => return Origin { length: end - start, ..begin },
        };
        // An item that is an alias ends before the list begins; then the list's own first character must do.
        let rest = at(end);
        let next = rest.trim_start_matches([' ', ',', '[', '{']);
        let closes = if next.starts_with(closing) { narrow_usize(rest.len() - next.len() + 1) } else { 0 };
        Origin { length: (end - start).saturating_add(closes), ..begin }
    }
}

fn narrow_usize(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What serde hands over, still with the library's own places.
enum Raw {
    Leaf(Value),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
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
        Ok(Raw::Leaf(i64::try_from(value).map_or_else(|_| Value::Number(value.to_string()), Value::Integer)))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Number(value.to_string())))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Number(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Leaf(Value::Number(value.to_string())))
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

#[cfg(test)]
mod tests;
