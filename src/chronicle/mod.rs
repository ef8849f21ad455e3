//! What a scenario's packets meet in the course of time, as something to look at: which connections send when, what
//! becomes of it, what events change, where an ACTION flips, and how windows cut it all.
//!
//! [`Chronicle::of`] derives it from a [`Report`]; whoever shows it adds nothing of its own. It is as large as what is
//! drawn, not as the scenario: connections beyond those are summed up.

mod account;
mod axis;
mod fate;
mod flip;
mod overview;
mod pairs;
mod svg;
mod windows;
mod words;

use rayon::prelude::*;

use crate::report::Report;
use crate::timeline::milliseconds;

pub use account::{Account, Mark, Row, Span};
pub use axis::{Axis, clock};
pub use fate::{Cited, FATES, Fate, FateEntry, Passage};
pub use flip::Flip;
use flip::Flips;
pub use overview::{Bin, Overview};
pub use windows::{WindowRecords, Windows};

/// A scenario in time. All times are milliseconds from its start.
#[derive(Debug)]
pub struct Chronicle<'r> {
    /// What it is of.
    pub report: &'r Report<'r>,
    /// The last instant that is shown: the end of the scenario's duration, or the last packet or event.
    pub end: u64,
    /// What changes the network, in the order of time.
    pub events: Vec<Event>,
    /// The windows of flow logs, by their length.
    pub windows: Vec<Windows>,
    /// The connections that are drawn, in the scenario's order.
    pub accounts: Vec<Account>,
    /// How many are not.
    pub left_out: usize,
    /// The packets of those that are drawn and of those that are not.
    pub overview: Overview,
    /// Packets that are sent after the end, where nobody watches any more.
    pub later: u64,
    /// Where packets of a connection begin to fare otherwise, of all connections or those that were asked for; and where new
    /// ones of traffic of profiles do.
    pub flips: Vec<Flip>,
}

/// A change of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: u64,
    /// What its author calls it, made safe for a terminal.
    pub name: Option<String>,
}

/// What to tell of a report.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    /// Positions of the connections to tell of, in order; all of them if nothing is said.
    pub only: Option<&'a [usize]>,
    /// How many are drawn. Those come first in which something flips.
    pub most: usize,
}

impl<'r> Chronicle<'r> {
    /// Walks the connections of `report` once more, on all threads, and keeps what is shown.
    pub fn of(report: &'r Report<'r>, selection: Selection<'_>) -> Self {
        /// Connections of one unit of work.
        const UNIT: usize = 1024;
        let all: Vec<usize> = match selection.only {
            Some(only) => only.to_vec(),
            None => (0..report.connections.len()).collect(),
        };
        let most = selection.most;
        let units = all.par_chunks(UNIT).map(|unit| Unit::of(report, unit, most));
        let whole = units.reduce(Unit::default, |earlier, later| earlier.with(later, most));
        let mut drawn = whole.flipping;
        let others = all.iter().filter(|position| drawn.binary_search(position).is_err());
        let others: Vec<usize> = others.take(most.saturating_sub(drawn.len())).copied().collect();
        drawn.extend(others);
        drawn.sort_unstable();
        let accounts: Vec<Account> =
            drawn.par_iter().filter_map(|position| Account::of(report, *position)).collect();
        let scenario = report.scenario;
        let events: Vec<Event> = scenario
            .changes
            .iter()
            .map(|change| Event {
                at: milliseconds(change.at),
                name: change.name.as_deref().map(crate::diagnostic::escape),
            })
            .collect();
        let mut flips = whole.flips;
        if selection.only.is_none() {
            flips.note_pairs(report);
        }
        let drawn = scenario.traffic.iter().map(|traffic| milliseconds(traffic.habits.until)).max();
        let last = whole.last.max(events.last().map_or(0, |event| event.at)).max(drawn.unwrap_or(0));
        Self {
            report,
            end: scenario.duration.map_or(last, milliseconds),
            windows: Windows::of(report),
            left_out: all.len() - accounts.len(),
            overview: whole.overview,
            later: whole.later,
            accounts,
            flips: flips.into_list(&events),
            events,
        }
    }
}

/// What is kept of many connections.
#[derive(Debug, Default)]
struct Unit {
    /// The last packet.
    last: u64,
    /// Packets after the end.
    later: u64,
    /// The first connections in which something flips.
    flipping: Vec<usize>,
    flips: Flips,
    overview: Overview,
}

impl Unit {
    fn of(report: &Report<'_>, connections: &[usize], most: usize) -> Self {
        let mut unit = Self::default();
        for position in connections {
            let Some(account) = Account::outline(report, *position) else { continue };
            let ends = account.rows.iter().flat_map(|row| row.spans.iter().map(|span| span.to));
            unit.last = unit.last.max(ends.max().unwrap_or(0));
            unit.later = unit.later.saturating_add(account.later);
            unit.overview.note(&account);
            let has_any = unit.flips.note(report, &account);
            if has_any && unit.flipping.len() < most {
                unit.flipping.push(*position);
            }
        }
        unit
    }

    /// Adds what is kept of later connections.
    fn with(mut self, later: Self, most: usize) -> Self {
        self.last = self.last.max(later.last);
        self.later = self.later.saturating_add(later.later);
        let room = most.saturating_sub(self.flipping.len());
        self.flipping.extend(later.flipping.into_iter().take(room));
        self.flips.absorb(later.flips);
        self.overview.absorb(later.overview);
        self
    }
}
