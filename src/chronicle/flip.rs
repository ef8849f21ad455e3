//! Where packets of a leg begin to fare otherwise than those before.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Event;
use super::account::{Account, Row, Span};
use super::fate::{Cited, Fate, place};
use crate::model::LegKind;
use crate::report::Report;
use crate::walk::Checkpoint;

/// How many connections of a flip are named.
const MOST_NAMED: usize = 5;

/// The same turn of events in one connection or many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip {
    /// When: at the event, or when the first packet fares otherwise.
    pub at: u64,
    /// The last packet before and the first behind, over all connections: the earliest and the latest.
    pub between: (u64, u64),
    /// Numbers of the events that come between, from 1: first and last. Without any, memory has changed.
    pub events: Option<(usize, usize)>,
    /// Which leg.
    pub leg: LegKind,
    /// How packets fared before.
    pub before: Fate,
    /// How they fare from then on.
    pub after: Fate,
    /// Where: `web ingress`.
    pub place: Option<String>,
    /// What decides from then on.
    pub reason: Option<Cited>,
    /// The traffic of a profile to whose pairs of a client and a service it happens, and how many pairs it has.
    pub traffic: Option<(String, usize)>,
    /// How many connections it happens to, or pairs.
    pub connections: usize,
    /// Positions of the first of them.
    pub named: Vec<usize>,
}

impl Flip {
    /// `turns from ACCEPT to REJECT at web ingress: group web ingress no ingress rules (shop.yaml:14)`.
    pub fn sentence(&self) -> String {
        let word = |fate: Fate| fate.entry().word;
        let place = self.place.iter().map(|place| format!(" at {place}"));
        let reason = self.reason.iter().map(|reason| format!(": {}", reason.line()));
        let rest: String = place.chain(reason).collect();
        format!("{} turns from {} to {}{rest}", self.leg.name(), word(self.before), word(self.after))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) events: Option<(usize, usize)>,
    pub(super) leg: LegKind,
    pub(super) before: Fate,
    pub(super) after: Fate,
    pub(super) place: Option<String>,
    pub(super) reason: Option<Cited>,
    pub(super) traffic: Option<(String, usize)>,
}

#[derive(Debug)]
pub(super) struct Times {
    between: (u64, u64),
    first_after: u64,
    pub(super) connections: usize,
    named: Vec<usize>,
}

impl Times {
    /// Of nothing yet that flips at a time.
    pub(super) fn at(at: u64) -> Self {
        Self { between: (at, at), first_after: at, connections: 0, named: Vec::new() }
    }

    fn widen(&mut self, (last, next): (u64, u64), first_after: u64) {
        self.between = (self.between.0.min(last), self.between.1.max(next));
        self.first_after = self.first_after.min(first_after);
    }
}

/// Flips by what they have in common.
#[derive(Debug, Default)]
pub(super) struct Flips(pub(super) BTreeMap<Kind, Times>);

impl Flips {
    /// Adds those of one connection, and says whether there are any.
    pub(super) fn note(&mut self, report: &Report<'_>, account: &Account) -> bool {
        let mut own = Self::default();
        // What a simulated end planned and did not send, because something was lost before, it sends later, or never.
        let of = report.connections.get(account.connection);
        let is_simulated = of.is_some_and(|of| of.connection.bursts.is_none());
        let is_sent = |span: &&Span| !is_simulated || span.fate != Fate::NotSent;
        for row in &account.rows {
            let sent = || row.spans.iter().filter(is_sent);
            for (before, after) in sent().zip(sent().skip(1)) {
                let Some(kind) = kind(report, account, row, before, after) else { continue };
                let between = (before.to.min(after.from), after.from);
                let named = vec![account.connection];
                let times = own.0.entry(kind).or_insert(Times {
                    between,
                    first_after: after.from,
                    named,
                    connections: 1,
                });
                times.widen(between, after.from);
            }
        }
        let has_any = !own.0.is_empty();
        self.absorb(own);
        has_any
    }

    /// Adds those of later connections.
    pub(super) fn absorb(&mut self, later: Self) {
        for (kind, times) in later.0 {
            match self.0.entry(kind) {
                Entry::Vacant(entry) => {
                    entry.insert(times);
                }
                Entry::Occupied(mut entry) => {
                    let own = entry.get_mut();
                    own.widen(times.between, times.first_after);
                    own.connections += times.connections;
                    let room = MOST_NAMED.saturating_sub(own.named.len());
                    own.named.extend(times.named.into_iter().take(room));
                }
            }
        }
    }

    /// All, in the order of time and of connections.
    pub(super) fn into_list(self, events: &[Event]) -> Vec<Flip> {
        let flip = |(kind, times): (Kind, Times)| {
            let Kind { events: numbers, leg, before, after, place, reason, traffic } = kind;
            let only = numbers.filter(|(first, last)| first == last);
            let event = only.and_then(|(number, _)| events.get(number.checked_sub(1)?));
            let at = event.map_or(times.first_after, |event| event.at);
            let Times { between, connections, named, .. } = times;
            Flip {
                at,
                between,
                events: numbers,
                leg,
                before,
                after,
                place,
                reason,
                traffic,
                connections,
                named,
            }
        };
        let mut flips: Vec<Flip> = self.0.into_iter().map(flip).collect();
        flips.sort_by(|a, b| (a.at, &a.named, a.leg).cmp(&(b.at, &b.named, b.leg)));
        flips
    }
}

/// What changes from one span of a leg to the next, if anything does.
fn kind(report: &Report<'_>, account: &Account, row: &Row, before: &Span, after: &Span) -> Option<Kind> {
    if before.fate == after.fate && (before.passage == after.passage || before.fate == Fate::Arrives) {
        return None;
    }
    let turn = |span: &Span| account.turns.get(span.passage?);
    let decided = |span: &Span| {
        let turn = turn(span)?;
        let network = report.scenario.network_at(turn.epoch);
        turn.leg.checkpoints.get(Fate::of(network, &turn.leg).1?)
    };
    let said = |span: &Span, checkpoint: &Checkpoint| {
        let turn = turn(span)?;
        let network = report.scenario.network_at(turn.epoch);
        Some((place(network, &turn.leg, checkpoint), Cited::of(report, network, &turn.leg, checkpoint)))
    };
    let now = decided(after).and_then(|checkpoint| said(after, checkpoint));
    let then = decided(before).and_then(|checkpoint| said(before, checkpoint));
    if before.fate == after.fate
        && now.as_ref().map(|(place, _)| place) == then.as_ref().map(|(place, _)| place)
    {
        return None;
    }
    // What lets packets pass where those before were stopped.
    let passes = || {
        let (stopped, place) = (decided(before)?, &then.as_ref()?.0);
        let points = turn(after)?.leg.checkpoints.iter();
        let same =
            points.filter(|point| (point.stage, point.direction) == (stopped.stage, stopped.direction));
        same.filter_map(|point| said(after, point)).find(|(other, _)| other == place)
    };
    let told = now.or_else(passes);
    let place = told.as_ref().map(|(place, _)| place.clone()).or_else(|| then.map(|(place, _)| place));
    let epochs = turn(before).zip(turn(after)).map(|(before, after)| (before.epoch, after.epoch));
    let epochs = epochs.unwrap_or_else(|| {
        let at = |time| report.scenario.epoch_at(std::time::Duration::from_millis(time));
        (at(before.to), at(after.from))
    });
    let events = (epochs.0 < epochs.1).then_some((epochs.0 + 1, epochs.1));
    let reason = told.map(|(_, reason)| reason);
    Some(Kind { events, leg: row.leg, before: before.fate, after: after.fate, place, reason, traffic: None })
}
