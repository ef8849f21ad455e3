//! A file: the answers in it, whoever wrapped them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use rayon::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::answer::{Answer, ITEMS, NO_MORE, TOKENS, Use, is_beside};
use super::answers::{Answers, count};
use super::json::{File, List, reworded};
use super::lattice::{self, Recognised};
use super::one_list::one_list;
use super::outline::{self, Outlined};
use super::pending::{Done, Pending};
use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::input::foreign;

/// Keys of recorders around what AWS answered.
const WRAPPERS: &[&str] = &["data", "Response", "response", "output"];

/// Keys that are named of a file without answers, and characters of each.
const MOST_KEYS: usize = 3;
const LONGEST_KEY: usize = 40;

/// Wrappers within wrappers; recorders have one.
const DEEPEST: usize = 4;

/// An object, its values still text.
pub(super) struct Object<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<Key<'de>, _>()? {
                    entries.push((key.0, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// A key, borrowed unless it has escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads the answers of a file that holds only lists that are used, and nothing that anybody must be told of.
pub(super) fn read_at_once(file: File<'_>, scope: usize) -> Option<Vec<Done<'_>>> {
    let text = without_mark(file.text);
    let one = one_list(text).and_then(|list| read_lists(vec![list], file, scope));
    one.or_else(|| read_lists(outline::lists(text)?, file, scope))
}

/// The lists of a file, if all of them are used and nothing is wrong with any.
fn read_lists<'a>(lists: Vec<Outlined<'a>>, file: File<'a>, scope: usize) -> Option<Vec<Done<'a>>> {
    let mut keys = HashSet::with_capacity(lists.len());
    let pending = lists.into_iter().map(|Outlined { key, raw, runs }| {
        let answer = Answer::find(key, false).filter(|answer| !matches!(answer.becomes, Use::Unused))?;
        let list = List { file, key: answer.key, raw, runs, scope };
        keys.insert(key).then_some(Pending { answer, list, beside: None, is_page: false })
    });
    let pending: Option<Vec<Pending<'_>>> = pending.collect();
    let done = pending?.into_par_iter().map(|pending| Some(pending.read()).filter(|done| done.is_good));
    done.collect()
}

/// Finds every answer of a file, to be read with all others.
pub(super) fn read<'a>(file: File<'a>, scope: usize, answers: &mut Answers<'a>, problems: &mut Diagnostics) {
    let text = without_mark(file.text);
    let whole = Origin { source: file.source, start: 0, length: 0 };
    if text.trim().is_empty() {
        let help = "save the answer of an AWS CLI call in it, or remove it";
        problems.push(problems::json_syntax(Some(whole), "the file is empty", help));
        return;
    }
    let read = Reading { file, scope };
    let mut found = Found::default();
    // A large text is read as few times as can be: most are one object.
    let error = match serde_json::from_str(text) {
        Ok(Object(entries)) => {
            read.object(text, &entries, answers, &mut found, problems);
            return found.check(file, text, answers);
        }
        Err(error) if error.is_data() => match serde_json::from_str::<Vec<&'a RawValue>>(text) {
            Ok(items) => {
                read.objects(items, answers, &mut found, problems);
                return found.check(file, text, answers);
            }
            Err(error) if error.is_data() => return found.check(file, text, answers),
            Err(error) => error,
        },
        Err(error) => error,
    };
    let at = file.at(text, error.line(), error.column()).or(Some(whole));
    let help = "the file may be cut short, or not be what the AWS CLI printed with `--output json`";
    let message = format!("not JSON: {}", reworded(&error));
    problems.push(problems::json_syntax(at, &message, help));
}

/// Without the mark that some editors put before everything.
fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// What a file held, so far.
#[derive(Default)]
struct Found {
    answers: usize,
    /// Keys that the table does not have.
    unknown: Vec<String>,
    /// The tool whose file it is, if it is no answer.
    foreign: Option<&'static str>,
    refused: Option<String>,
    /// Whether it has a list as VPC Lattice has them, of which nothing tells what it is of.
    is_of_lattice: bool,
    /// Wrappers around what is looked at.
    depth: usize,
}

impl Found {
    /// Notes a file in which nothing is recognised, and why.
    fn check(&self, file: File<'_>, text: &str, answers: &mut Answers<'_>) {
        if self.answers > 0 {
            return;
        }
        let at = file.origin(text).map(|at| Origin { length: 0, ..at });
        let mut help = "`flowcast import aws --commands` prints the calls whose answers are read";
        let message = match (&self.refused, self.foreign) {
            (Some(status), _) => format!("AWS answered with an error{status}, not with resources"),
            (None, Some(tool)) => {
                help = foreign::HELP;
                format!("this is a file of {tool}, which is not read")
            }
            (None, None) if self.is_of_lattice => {
                help = "beside lists of VPC Lattice that have no ARNs stands the request's parameter, as `targetGroupIdentifier`: \
                        the script of `flowcast import aws --commands` does it so";
                "nothing tells of what the list `items` is".to_owned()
            }
            (None, None) if self.unknown.is_empty() => {
                "no answer of AWS: the JSON is no object with keys".to_owned()
            }
            (None, None) => {
                let names = self.unknown.iter().take(MOST_KEYS).map(|key| problems::cut(key, LONGEST_KEY));
                let names = problems::quoted_keys(&names.collect::<Vec<_>>());
                match self.unknown.len() {
                    1 => format!("no answer of AWS that is known here: its key {names} is not in the table"),
                    keys if keys <= MOST_KEYS => {
                        format!(
                            "no answer of AWS that is known here: of its keys {names} none is in the table"
                        )
                    }
                    keys => format!(
                        "no answer of AWS that is known here: of its {keys} keys none is in the table; they are {names} \
                         and others"
                    ),
                }
            }
        };
        answers.unrecognised.push((at, message, help));
    }
}

struct Reading<'a> {
    file: File<'a>,
    scope: usize,
}

impl<'a> Reading<'a> {
    /// A list of answers, as somebody joined them.
    fn objects(
        &self,
        items: Vec<&'a RawValue>,
        answers: &mut Answers<'a>,
        found: &mut Found,
        problems: &mut Diagnostics,
    ) {
        let mut others = Vec::new();
        for (position, item) in items.into_iter().enumerate() {
            match serde_json::from_str(item.get()) {
                Ok(Object(entries)) => self.object(item.get(), &entries, answers, found, problems),
                Err(error) => others.push((position, item, error)),
            }
        }
        // In a list that is none of answers, everything may be there.
        for (position, item, error) in others.into_iter().filter(|_| found.answers > 0) {
            let at = self.file.origin(item.get());
            problems.push(problems::unreadable(at, &format!("`[{position}]`"), "", &reworded(&error)));
        }
    }

    fn object(
        &self,
        whole: &'a str,
        entries: &[(Cow<'a, str>, &'a RawValue)],
        answers: &mut Answers<'a>,
        found: &mut Found,
        problems: &mut Diagnostics,
    ) {
        let by_collector = entries.iter().any(|(key, _)| key == "collector_version" || key == "provider");
        let value = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw);
        let text =
            |name: &str| value(name).and_then(|raw| serde_json::from_str::<Cow<'_, str>>(raw.get()).ok());
        let first = answers.noted.len();
        // A key of VPC Lattice does not tell what stands under it.
        let of_lattice = lattice::recognise(entries);
        if let Some(Recognised { answer, list, beside }) = of_lattice {
            found.answers += 1;
            // Paths of problems begin with it.
            let is_whole = list.is_none() && !matches!(answer.becomes, Use::Unused);
            let key = if is_whole { "answer" } else { answer.key };
            let raw = list.map_or(whole, RawValue::get);
            let list = List { file: self.file, key, raw, runs: Vec::new(), scope: self.scope };
            answers.take(answer, list, beside);
            return self.check_pages(entries, first, answers, problems);
        }
        let mut seen = HashSet::with_capacity(entries.len());
        for (key, raw) in entries {
            if !seen.insert(&**key) {
                let at = self.file.origin(raw.get());
                let message = "one object has a key twice";
                problems.push(problems::json_syntax(at, message, "keep one of the two, or join their lists"));
                continue;
            }
            if WRAPPERS.contains(&&**key) {
                if let Ok(Object(inner)) = serde_json::from_str(raw.get())
                    && found.depth < DEEPEST
                {
                    found.depth += 1;
                    self.object(raw.get(), &inner, answers, found, problems);
                    found.depth -= 1;
                }
                continue;
            }
            if key == "Error" {
                let status = value("status_code").and_then(|raw| raw.get().parse::<u16>().ok());
                found.refused = Some(status.map(|status| format!(" {status}")).unwrap_or_default());
                continue;
            }
            match Answer::find(key, by_collector) {
                Some(answer) => {
                    found.answers += 1;
                    let list = List {
                        file: self.file,
                        key: answer.key,
                        raw: raw.get(),
                        runs: Vec::new(),
                        scope: self.scope,
                    };
                    let (answer, beside) = match answer.by_beside(&text) {
                        Some((answer, beside)) => (answer, Some(beside.into_owned())),
                        None => {
                            // Or the other part of an answer that has two.
                            let part = answer.beside.and_then(value).map(RawValue::get);
                            (answer, part.filter(|raw| raw.starts_with('{')).map(str::to_owned))
                        }
                    };
                    answers.take(answer, list, beside);
                }
                None if is_beside(key) => {}
                // A list of VPC Lattice that says that there is nothing, of whatever.
                None if key == ITEMS && count(raw.get()) == 0 => found.answers += 1,
                None => {
                    found.is_of_lattice |= key == ITEMS;
                    found.foreign = found.foreign.or_else(|| foreign::by_key(key, raw.get()));
                    found.unknown.push(key.clone().into_owned());
                    answers.unknown(key, raw.get());
                }
            }
        }
        self.check_pages(entries, first, answers, problems);
    }

    /// Tells of an answer that is not whole, from `first` on.
    fn check_pages(
        &self,
        entries: &[(Cow<'a, str>, &'a RawValue)],
        first: usize,
        answers: &mut Answers<'a>,
        problems: &mut Diagnostics,
    ) {
        let token =
            entries.iter().find(|(key, raw)| TOKENS.contains(&&**key) && !NO_MORE.contains(&raw.get()));
        // A search of routes has no pages, but says so.
        let more =
            entries.iter().find(|(key, raw)| key == "AdditionalRoutesAvailable" && raw.get() == "true");
        if let Some((_, token)) = token.or(more) {
            self.not_whole(token, first, answers, problems);
        }
    }

    /// What stands in an object with a token, from `first` on, is only a page: what it lacks may decide.
    fn not_whole(
        &self,
        token: &RawValue,
        first: usize,
        answers: &mut Answers<'a>,
        problems: &mut Diagnostics,
    ) {
        answers.not_whole(first);
        let help = "the AWS CLI joins all pages by itself: leave out `--max-items` and `--no-paginate`";
        let message =
            "the answer is a page of several: what the others hold counts as not collected".to_owned();
        problems.push(problems::not_collected(self.file.origin(token.get()), message, help));
    }
}
