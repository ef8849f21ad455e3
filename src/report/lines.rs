//! All records as text: rendered by many threads, written in order.

use std::fmt;
use std::io::{self, Write};

use rayon::prelude::*;

use super::Report;
use crate::flowlog::{FlowLogRecord, Lines, LogFormat, Row};

/// Records that one thread renders at a time. The units depend on the records alone, so that the text does not on
/// the number of threads.
const UNIT: usize = 1024;

/// Bytes of a usual line, with some to spare.
const USUAL: usize = 128;

/// Units of each thread that are rendered before they are written: so few that their text is still in a cache, and enough
/// that no thread waits long for another.
const UNITS_EACH: usize = 4;

impl Report<'_> {
    /// Writes all records as AWS would, a line each. With `header`, the names of the fields stand before the first
    /// record and wherever the format changes, as at the beginning of files in Amazon S3.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_records(&self, out: &mut dyn Write, header: bool) -> io::Result<()> {
        self.write_more_records(out, header, None)
    }

    /// As [`Report::write_records`], of a part of a run that follows the record `before`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_more_records(
        &self,
        out: &mut dyn Write,
        header: bool,
        before: Option<&FlowLogRecord>,
    ) -> io::Result<()> {
        let at_once = UNITS_EACH * rayon::current_num_threads();
        let units = at_once.min(self.records.len().div_ceil(UNIT));
        let room = USUAL * UNIT.min(self.records.len());
        let mut buffers: Vec<Vec<u8>> = (0..units).map(|_| Vec::with_capacity(room)).collect();
        for (position, batch) in self.records.chunks(UNIT * at_once).enumerate() {
            let begin = position * UNIT * at_once;
            let units = batch.par_chunks(UNIT).zip(&mut buffers).enumerate();
            units.for_each(|(unit, (records, text))| {
                text.clear();
                let position = begin + unit * UNIT;
                let last = position.checked_sub(1).and_then(|last| self.records.get(last));
                self.render(last.or(before), records, header, text);
            });
            for text in buffers.iter().take(batch.len().div_ceil(UNIT)) {
                out.write_all(text)?;
            }
        }
        Ok(())
    }

    /// Appends `records`, which follow the record `before`.
    fn render(
        &self,
        before: Option<&FlowLogRecord>,
        records: &[FlowLogRecord],
        header: bool,
        text: &mut Vec<u8>,
    ) {
        let mut last: Option<&LogFormat> = before.map(|before| self.format(before));
        let services = &self.scenario.services;
        let of_one_log =
            |a: &FlowLogRecord, b: &FlowLogRecord| (a.epoch, a.flow_log) == (b.epoch, b.flow_log);
        for of_log in records.chunk_by(of_one_log) {
            let Some(first) = of_log.first() else { continue };
            let format = self.format(first);
            if header && last != Some(format) {
                text.extend_from_slice(format.header().as_bytes());
                text.push(b'\n');
            }
            last = Some(format);
            let mut lines = Lines::of(format);
            let network = self.network_of(first);
            let version = format.version();
            for record in of_log {
                lines.append(&Row { network, services, version, record }, text);
            }
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        for records in self.records.chunks(UNIT) {
            text.clear();
            self.render(None, records, false, &mut text);
            f.write_str(&String::from_utf8_lossy(&text))?;
        }
        Ok(())
    }
}
