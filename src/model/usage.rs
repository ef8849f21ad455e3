//! What was used of what was read, and what was not: nothing is silently ignored.

use std::collections::BTreeMap;

/// What was used of everything that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    rows: BTreeMap<String, UsageRow>,
}

/// What was used of what stood under one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageRow {
    /// How many resources the network is made of.
    pub used: usize,
    /// How many were read and change nothing, and why not.
    pub unused: usize,
    /// Why they change nothing; empty when all were used.
    pub why: &'static str,
}

impl Usage {
    /// The keys, each with what was used, in their order.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &UsageRow)> {
        self.rows.iter().map(|(key, row)| (key.as_str(), row))
    }

    /// How many resources were used.
    pub fn used(&self) -> usize {
        self.rows.values().map(|row| row.used).sum()
    }

    /// How many were not.
    pub fn unused(&self) -> usize {
        self.rows.values().map(|row| row.unused).sum()
    }

    #[cfg(feature = "json")]
    pub(crate) fn count_used(&mut self, key: &str, count: usize) {
        self.row(key).used += count;
    }

    #[cfg(feature = "json")]
    pub(crate) fn count_unused(&mut self, key: &str, count: usize, why: &'static str) {
        let row = self.row(key);
        row.unused += count;
        if count > 0 {
            row.why = why;
        }
    }

    #[cfg(feature = "json")]
    fn row(&mut self, key: &str) -> &mut UsageRow {
        self.rows.entry(key.to_owned()).or_default()
    }
}
