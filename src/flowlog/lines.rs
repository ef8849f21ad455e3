//! Records to text, by the million: a format taken apart once, its values put into one line, the line appended.

use std::net::IpAddr;

use super::value::{End, Formula};
use super::{Field, LogFormat, LogStatus, Row, Value};
use crate::model::Vantage;
use crate::net::Timestamp;
use crate::net::text::{self, Word};

/// Writes records of one flow log as lines.
#[derive(Debug, Clone)]
pub struct Lines {
    ok: Plan,
    no_data: Plan,
    skip_data: Plan,
}

impl Lines {
    /// Lines of `format`.
    pub fn of(format: &LogFormat) -> Self {
        let plan = |status| Plan::of(format.fields(), status);
        Self {
            ok: plan(LogStatus::Ok),
            no_data: plan(LogStatus::NoData),
            skip_data: plan(LogStatus::SkipData),
        }
    }

    /// Appends the record as a line with its end. Fast when records of one interface follow one another.
    pub fn append(&mut self, row: &Row<'_>, out: &mut Vec<u8>) {
        let plan = match row.record.status {
            LogStatus::Ok => &mut self.ok,
            LogStatus::NoData => &mut self.no_data,
            LogStatus::SkipData => &mut self.skip_data,
        };
        out.extend_from_slice(plan.line(row));
    }
}

/// How lines of one status are made.
#[derive(Debug, Clone)]
struct Plan {
    /// The fields that a line begins with, as far as all records of an interface have the same.
    head: Vec<&'static Field>,
    /// What follows.
    parts: Vec<Part>,
    /// The interface or attachment whose text `line` and `parts` hold.
    of: Option<Vantage>,
    /// The line before. Its head stays for the next one, up to `head_end`.
    line: Vec<u8>,
    head_end: usize,
}

/// Fields behind the head.
#[derive(Debug, Clone)]
enum Part {
    /// Neighbours that all records of an interface share.
    Shared(Box<Shared>),
    /// A number that differs from record to record.
    Number(for<'a> fn(&Row<'a>) -> Option<u64>),
    /// Such a text.
    Text(for<'a> fn(&Row<'a>) -> Option<&'a str>),
    /// An instant.
    Time(Box<Times>),
    /// An address that differs.
    Address(for<'a> fn(&Row<'a>) -> Option<&'a IpAddr>),
    /// An end of the traffic.
    End(Box<Ends>),
}

/// An instant, with the seconds and the text of the one before: it is often the same.
#[derive(Debug, Clone)]
struct Times {
    of: for<'a> fn(&Row<'a>) -> Timestamp,
    seconds: u64,
    word: Word,
}

/// An end of the traffic, and how the interface itself is shown, if by an address of its own.
#[derive(Debug, Clone)]
struct Ends {
    of: for<'a> fn(&Row<'a>) -> Option<End<'a>>,
    address: for<'a> fn(&Row<'a>) -> Option<&'a IpAddr>,
    own: Option<Word>,
}

impl Times {
    #[inline]
    fn put(&mut self, row: &Row<'_>, line: &mut [u8], at: usize) -> usize {
        let seconds = (self.of)(row).seconds();
        if seconds != self.seconds {
            (self.seconds, self.word) = (seconds, Word::of_number(seconds));
        }
        self.word.put(line, at)
    }
}

/// Fields, and their text with a space behind each, up to `end`.
#[derive(Debug, Clone)]
struct Shared {
    fields: Vec<&'static Field>,
    text: Vec<u8>,
    end: usize,
}

impl Shared {
    fn enter(&mut self, row: &Row<'_>) {
        self.end = text::with_room(&mut self.text, |text| put_all(&self.fields, row, text));
    }
}

impl Part {
    /// A field that differs among the records of an interface that have `status`.
    fn differing(field: &Field, status: LogStatus) -> Option<Self> {
        match field.formula {
            _ if !field.is_shown(status) => None,
            Formula::Shared(_) => None,
            Formula::Number(number) => Some(Self::Number(number)),
            Formula::Text(text) => Some(Self::Text(text)),
            Formula::Time(of) => {
                Some(Self::Time(Box::new(Times { of, seconds: 0, word: Word::of_number(0) })))
            }
            Formula::Address(address) => Some(Self::Address(address)),
            Formula::End { of, own } => Some(Self::End(Box::new(Ends { of, address: own, own: None }))),
        }
    }

    /// Puts the text for a record, with a space behind it.
    #[inline]
    fn put(&mut self, row: &Row<'_>, line: &mut [u8], at: usize) -> usize {
        let value = match self {
            Self::Shared(shared) => {
                let text = shared.text.get(..shared.end).unwrap_or_default();
                return text::put_text(line, at, text);
            }
            Self::Number(number) => match number(row) {
                Some(number) => return text::put_number_and_space(line, at, number),
                None => None,
            },
            Self::Text(text) => text(row).map(|text| text::put_text(line, at, text.as_bytes())),
            Self::Time(instants) => return instants.put(row, line, at),
            Self::Address(address) => address(row).map(|address| text::put_address(line, at, address)),
            Self::End(ends) => match ((ends.of)(row), &ends.own) {
                (Some(End { is_own: true, .. }), Some(own)) => return own.put(line, at),
                (end, _) => end.map(|end| text::put_address(line, at, end.packet)),
            },
        };
        let end = value.unwrap_or_else(|| text::put_byte(line, at, Value::ABSENT));
        text::put_byte(line, end, b' ')
    }
}

impl Plan {
    /// The plan for records of `status`.
    fn of(fields: &[&'static Field], status: LogStatus) -> Self {
        let (mut head, mut parts) = (Vec::new(), Vec::new());
        for &field in fields {
            match (Part::differing(field, status), parts.last_mut()) {
                (Some(part), _) => parts.push(part),
                (None, None) => head.push(field),
                (None, Some(Part::Shared(shared))) => shared.fields.push(field),
                (None, Some(_)) => {
                    let shared = Shared { fields: vec![field], text: Vec::new(), end: 0 };
                    parts.push(Part::Shared(Box::new(shared)));
                }
            }
        }
        Self { head, parts, of: None, line: Vec::new(), head_end: 0 }
    }

    /// The line of a record, with its end.
    fn line(&mut self, row: &Row<'_>) -> &[u8] {
        if self.of.replace(row.record.vantage) != Some(row.record.vantage) {
            self.enter(row);
        }
        let Self { parts, head_end, .. } = self;
        let put = |line: &mut [u8]| {
            let end = parts.iter_mut().fold(*head_end, |at, part| part.put(row, line, at));
            // A format has a field, and behind each stands a space.
            text::put_byte(line, end.saturating_sub(1), b'\n')
        };
        let end = text::with_room(&mut self.line, put);
        self.line.get(..end).unwrap_or_default()
    }

    /// Takes the text of another interface.
    fn enter(&mut self, row: &Row<'_>) {
        self.head_end = text::with_room(&mut self.line, |line| put_all(&self.head, row, line));
        for part in &mut self.parts {
            match part {
                Part::Shared(shared) => shared.enter(row),
                Part::End(ends) => ends.own = (ends.address)(row).map(Word::of_address),
                _ => {}
            }
        }
    }
}

/// Puts the values of `fields`, with a space behind each.
fn put_all(fields: &[&Field], row: &Row<'_>, line: &mut [u8]) -> usize {
    fields.iter().fold(0, |at, field| {
        let end = field.value_of(row).put(line, at);
        text::put_byte(line, end, b' ')
    })
}
