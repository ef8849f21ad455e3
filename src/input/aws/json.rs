//! JSON that AWS answered, read where it stands: texts are borrowed, so that each knows its place in the file.
//!
//! A list is read in one go. Only when something in it does not fit is it read again item by item, so that every
//! unreadable resource is told, with its path.

use std::borrow::Cow;
use std::fmt;

use rayon::prelude::*;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

use super::document::Object;
use super::outline::SPACE;
use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::model::looks_like_id;

/// A text, or a number that stands for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A file that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'a> {
    /// Index of the source that origins carry.
    pub(super) source: u32,
    /// The whole text.
    pub(super) text: &'a str,
}

impl<'a> File<'a> {
    /// `part` as a slice of the file's text, if it is one, so that it lasts as long as that.
    pub(super) fn lasting(&self, part: &str) -> Option<&'a str> {
        let at = self.origin(part)?;
        self.text.get(at.start as usize..)?.get(..at.length as usize)
    }

    /// The place of `part`, which is a slice of the file's text; none when escapes made it a text of its own.
    pub(super) fn origin(&self, part: &str) -> Option<Origin> {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let within = start.checked_add(part.len()).is_some_and(|end| end <= self.text.len());
        within.then(|| Origin { source: self.source, start: narrow(start), length: narrow(part.len()) })
    }

    /// The place of a line and column, both from 1, within `part`.
    pub(super) fn at(&self, part: &str, line: usize, column: usize) -> Option<Origin> {
        let before: usize = part.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let offset = (before + column.saturating_sub(1)).min(part.len());
        let offset = (0..=offset).rev().find(|offset| part.is_char_boundary(*offset)).unwrap_or(0);
        let at = self.origin(part.get(offset..)?)?;
        Some(Origin { length: 0, ..at })
    }
}

/// A resource as it was read.
#[derive(Debug, Clone)]
pub(super) struct Read<'a, T> {
    /// What was read.
    pub(super) value: T,
    /// The file.
    pub(super) file: File<'a>,
    /// The key of its list, and its position there.
    pub(super) at: (&'static str, usize),
    /// As much for a list within that item.
    pub(super) within: Option<(&'static str, usize)>,
    /// Whose and of which Region the file is, when folders say so.
    pub(super) scope: usize,
}

impl<'a, T> Read<'a, T> {
    /// A part of what was read, with the same place.
    pub(super) fn map<'r, U>(&'r self, part: impl FnOnce(&'r T) -> U) -> Read<'a, U> {
        Read {
            value: part(&self.value),
            file: self.file,
            at: self.at,
            within: self.within,
            scope: self.scope,
        }
    }

    /// An item of the list `key` within what was read.
    pub(super) fn within<U>(&self, value: U, key: &'static str, position: usize) -> Read<'a, U> {
        Read { value, file: self.file, at: self.at, within: Some((key, position)), scope: self.scope }
    }
}

/// A list of resources within a file.
#[derive(Debug, Clone)]
pub(super) struct List<'a> {
    pub(super) file: File<'a>,
    pub(super) key: &'static str,
    pub(super) raw: &'a str,
    /// The items in runs that threads can share, where they were found.
    pub(super) runs: Vec<&'a str>,
    pub(super) scope: usize,
}

impl<'a> List<'a> {
    /// The items, with a problem for each that cannot be read. `None` of a list that was cut into runs and cannot be
    /// read as it was cut: nothing is told then.
    pub(super) fn read<T: Deserialize<'a> + Send>(
        &self,
        problems: &mut Diagnostics,
    ) -> Option<Vec<Read<'a, T>>> {
        self.read_in_runs(problems).map(|runs| runs.into_iter().flatten().collect())
    }

    /// As [`List::read`], by run: items can be large, and are moved as seldom as can be.
    pub(super) fn read_in_runs<T: Deserialize<'a> + Send>(
        &self,
        problems: &mut Diagnostics,
    ) -> Option<Vec<Vec<Read<'a, T>>>> {
        let read = |(position, value)| self.item(position, value);
        if self.runs.is_empty() {
            return Some(vec![self.read_whole(read, problems)]);
        }
        self.read_runs(read)
    }

    /// The items of a list that was not cut.
    fn read_whole<T: Deserialize<'a>>(
        &self,
        read: impl Fn((usize, T)) -> Read<'a, T>,
        problems: &mut Diagnostics,
    ) -> Vec<Read<'a, T>> {
        let text = self.raw;
        if let Ok(items) = serde_json::from_str::<Vec<T>>(text) {
            return items.into_iter().enumerate().map(read).collect();
        }
        let items: Vec<&'a RawValue> = match serde_json::from_str(text) {
            Ok(items) => items,
            Err(error) => {
                let what = format!("`{}`", self.key);
                problems.push(self.problem(text, &what, "", &error));
                return Vec::new();
            }
        };
        let mut good = Vec::new();
        for (position, item) in items.into_iter().enumerate() {
            let mut json = serde_json::Deserializer::from_str(item.get());
            match serde_path_to_error::deserialize::<_, T>(&mut json) {
                Ok(value) => good.push(read((position, value))),
                Err(error) => {
                    let path = format!("{}[{position}]{}", self.key, path_within(&error));
                    let what = id_within(item.get(), self.key)
                        .map_or_else(|| format!("`{}[{position}]`", self.key), |id| format!("`{id}`"));
                    problems.push(self.problem(item.get(), &what, &path, error.inner()));
                }
            }
        }
        good
    }

    /// What stands there, if it is no list but one object; a problem when it cannot be read.
    pub(super) fn read_object<T: Deserialize<'a>>(&self, problems: &mut Diagnostics) -> Option<Read<'a, T>> {
        let mut json = serde_json::Deserializer::from_str(self.raw);
        match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Ok(value) => Some(self.item(0, value)),
            Err(error) => {
                let (what, path) =
                    (format!("`{}`", self.key), format!("{}{}", self.key, path_within(&error)));
                problems.push(self.problem(self.raw, &what, &path, error.inner()));
                None
            }
        }
    }

    fn item<T>(&self, position: usize, value: T) -> Read<'a, T> {
        Read { value, file: self.file, at: (self.key, position), within: None, scope: self.scope }
    }

    /// The items of all runs, if they can be read.
    fn read_runs<T: Deserialize<'a> + Send>(
        &self,
        read: impl Fn((usize, T)) -> Read<'a, T> + Sync,
    ) -> Option<Vec<Vec<Read<'a, T>>>> {
        let runs: Option<Vec<Vec<_>>> = self.runs.par_iter().map(|run| read_run(run, &read)).collect();
        let mut runs = runs?;
        let mut before = 0;
        for run in &mut runs {
            for item in run.iter_mut() {
                item.at.1 += before;
            }
            before += run.len();
        }
        Some(runs)
    }

    fn problem(
        &self,
        part: &str,
        what: &str,
        path: &str,
        error: &serde_json::Error,
    ) -> crate::diagnostic::Diagnostic {
        let at = self.file.at(part, error.line(), error.column()).or_else(|| self.file.origin(part));
        problems::unreadable(at, what, path, &reworded(error))
    }
}

/// Where in a resource the problem is: `.InternetGatewayBlockMode`, or nothing for the whole.
fn path_within(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    match error.path().to_string() {
        path if path == "." => String::new(),
        path => format!(".{path}"),
    }
}

/// The items of a run, which has nothing but commas between them; positions count from its beginning.
fn read_run<'a, T: Deserialize<'a>, R>(run: &'a str, read: impl Fn((usize, T)) -> R) -> Option<Vec<R>> {
    let mut items = Vec::new();
    let mut rest = run;
    loop {
        let mut json = serde_json::Deserializer::from_str(rest).into_iter();
        let item = json.next()?.ok()?;
        items.push(read((items.len(), item)));
        rest = rest.get(json.byte_offset()..)?.trim_start_matches(SPACE);
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return rest.is_empty().then_some(items),
        }
    }
}

/// The id of a resource of the list `key`: `SubnetId` of one of `Subnets`, and not its `VpcId`.
fn id_within(item: &str, key: &str) -> Option<String> {
    let Object(entries) = serde_json::from_str(item).ok()?;
    let own = match key {
        "SecurityGroups" => "GroupId".to_owned(),
        "Reservations" => "InstanceId".to_owned(),
        list => format!("{}Id", list.strip_suffix('s').unwrap_or(list)),
    };
    let ids = entries.iter().filter(|(key, _)| **key == own);
    // What is no text, or is escaped, is no id.
    ids.filter_map(|(_, raw)| serde_json::from_str::<&str>(raw.get()).ok())
        .find(|id| looks_like_id(id))
        .map(str::to_owned)
}

/// What is wrong, without the value that is: accounts hold secrets.
pub(super) fn reworded(error: &serde_json::Error) -> String {
    const KINDS: &[(&str, &str)] = &[
        ("boolean", "a boolean"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("number", "a number"),
        ("string", "text"),
        ("character", "text"),
        ("sequence", "a list"),
        ("map", "an object"),
        ("null", "nothing"),
        ("unit value", "nothing"),
    ];
    const EXPECTED: &[(&str, &str)] = &[
        ("a sequence", "a list"),
        ("struct", "an object"),
        ("an object", "an object"),
        ("i64", "a whole number"),
        ("text", "text"),
        ("a boolean", "a boolean"),
    ];
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(before, _)| before);
    let Some(rest) = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: "))
    else {
        return text.to_owned();
    };
    let known = |table: &[(&str, &'static str)], text: &str| {
        table.iter().find(|(beginning, _)| text.starts_with(beginning)).map(|(_, ours)| *ours)
    };
    let found = known(KINDS, rest).unwrap_or("another value");
    let expected = rest.rsplit_once("expected ").and_then(|(_, expected)| known(EXPECTED, expected));
    format!("expected {}, found {found}", expected.unwrap_or("another value"))
}
