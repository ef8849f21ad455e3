//! Records to text, by the million: a format taken apart once, its values appended to one buffer.

use super::{Field, LogFormat, Row};
use crate::model::{Index, NetworkInterface};

/// Writes records of one flow log as lines, the same text as [`LogFormat::write`] gives.
#[derive(Debug, Clone)]
pub struct Lines {
    parts: Vec<Part>,
    /// The interface whose text the parts hold.
    of: Option<Index<NetworkInterface>>,
}

#[derive(Debug, Clone)]
enum Part {
    /// Neighbouring fields that all records of an interface share, and their text for the one before.
    OfInterface(Vec<&'static Field>, Vec<u8>),
    /// A field that differs from record to record.
    OfRecord(&'static Field),
}

impl Lines {
    /// Lines of `format`.
    pub fn of(format: &LogFormat) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for &field in format.fields() {
            match parts.last_mut() {
                Some(Part::OfInterface(fields, _)) if field.of_interface => fields.push(field),
                _ if field.of_interface => parts.push(Part::OfInterface(vec![field], Vec::new())),
                _ => parts.push(Part::OfRecord(field)),
            }
        }
        Self { parts, of: None }
    }

    /// Appends the record as a line with its end. Fast when records of one interface follow one another.
    pub fn append(&mut self, row: &Row<'_>, out: &mut Vec<u8>) {
        if self.of.replace(row.record.interface) != Some(row.record.interface) {
            self.enter(row);
        }
        for part in &self.parts {
            match part {
                Part::OfInterface(_, text) => out.extend_from_slice(text),
                Part::OfRecord(field) => {
                    field.value_of(row).append_to(out);
                    out.push(b' ');
                }
            }
        }
        // A format has a field, and behind each stands a space.
        if let Some(last) = out.last_mut() {
            *last = b'\n';
        }
    }

    /// Takes the text of another interface.
    fn enter(&mut self, row: &Row<'_>) {
        for part in &mut self.parts {
            if let Part::OfInterface(fields, text) = part {
                text.clear();
                for field in fields {
                    field.value_of(row).append_to(text);
                    text.push(b' ');
                }
            }
        }
    }
}
