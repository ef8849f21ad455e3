//! Values of fields, and how a field comes by them.

use std::fmt::{self, Write as _};
use std::net::IpAddr;

use super::Row;
use crate::net::{Timestamp, text};

/// The value of a field; its `Display` is the text of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Not applicable, or not known: `-`.
    Absent,
    /// Text.
    Text(&'a str),
    /// A number.
    Integer(u64),
    /// An address.
    Address(IpAddr),
    /// The value of a tag, which is shown percent-encoded. Assumed: tag-encoding.
    Tag(&'a str),
}

/// The bytes that show the value of a tag: what RFC 3986 calls unreserved as it is, of everything else the UTF-8 bytes.
fn percent_encoded(text: &str) -> impl Iterator<Item = u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
    text.bytes().flat_map(move |byte| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let (shown, length) =
            if is_plain { ([byte, 0, 0], 1) } else { ([b'%', digit(byte >> 4), digit(byte & 15)], 3) };
        shown.into_iter().take(length)
    })
}

impl Value<'_> {
    /// What stands for a value that is absent.
    pub(super) const ABSENT: u8 = b'-';

    /// Puts its text into `line` from `at` on; says where it ends.
    pub(super) fn put(self, line: &mut [u8], at: usize) -> usize {
        match self {
            Self::Absent => text::put_byte(line, at, Self::ABSENT),
            Self::Text(word) => text::put_text(line, at, word.as_bytes()),
            Self::Integer(number) => text::put_number(line, at, number),
            Self::Address(address) => text::put_address(line, at, &address),
            Self::Tag(value) => percent_encoded(value).fold(at, |at, byte| text::put_byte(line, at, byte)),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("-"),
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Address(address) => address.fmt(f),
            Self::Tag(value) => percent_encoded(value).try_for_each(|byte| f.write_char(byte.into())),
        }
    }
}

/// How a field is computed: told apart by what it needs and what it gives, so that records are written by the million
/// without asking again.
#[derive(Debug, Clone, Copy)]
pub(super) enum Formula {
    /// From the interface, its flow log and the status alone: the same in all records that share them.
    Shared(for<'a> fn(&Row<'a>) -> Value<'a>),
    /// A number of the record.
    Number(for<'a> fn(&Row<'a>) -> Option<u64>),
    /// A text of the record.
    Text(for<'a> fn(&Row<'a>) -> Option<&'a str>),
    /// An instant of the record, which those about it often have as well: shown in seconds.
    Time(for<'a> fn(&Row<'a>) -> Timestamp),
    /// An address of the record.
    Address(for<'a> fn(&Row<'a>) -> Option<&'a IpAddr>),
    /// One end of the traffic, which may be the interface itself: `own` is the address that it is shown by, the same in
    /// all its records.
    End { of: for<'a> fn(&Row<'a>) -> Option<End<'a>>, own: for<'a> fn(&Row<'a>) -> Option<&'a IpAddr> },
}

/// An end of the traffic of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'a> {
    /// Whether it is shown by the interface's own address, if that has one.
    pub(super) is_own: bool,
    /// The address that the packet carries.
    pub(super) packet: &'a IpAddr,
}

impl Formula {
    /// The value in a record.
    pub(super) fn of<'a>(self, row: &Row<'a>) -> Value<'a> {
        match self {
            Self::Shared(value) => value(row),
            Self::Number(number) => number(row).map_or(Value::Absent, Value::Integer),
            Self::Text(text) => text(row).map_or(Value::Absent, Value::Text),
            Self::Time(instant) => Value::Integer(instant(row).seconds()),
            Self::Address(address) => address(row).map_or(Value::Absent, |address| Value::Address(*address)),
            Self::End { of, own } => of(row).map_or(Value::Absent, |end| {
                let own = if end.is_own { own(row) } else { None };
                Value::Address(*own.unwrap_or(end.packet))
            }),
        }
    }
}
