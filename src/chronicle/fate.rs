//! What becomes of packets that go one way, and by what.

use crate::flowlog::{Action, FlowLogRecord, Sighting, sightings};
use crate::model::Network;
use crate::report::Report;
use crate::timeline::{Turn, milliseconds};
use crate::walk::{Checkpoint, Decision, Leg, Reason};

/// What becomes of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It arrives; whoever saw it noted ACCEPT.
    Arrives,
    /// A rule stops it; whoever is there notes REJECT.
    Rejected,
    /// Something that is no rule stops it; no record says so.
    Dropped,
    /// It rests on something that is not simulated or not known.
    Unknown,
    /// It is stated and nobody sends it.
    NotSent,
}

/// A row of [`FATES`].
#[derive(Debug, Clone, Copy)]
pub struct FateEntry {
    /// Which.
    pub fate: Fate,
    /// The stable name.
    pub name: &'static str,
    /// What turns from one to another: `turns from ACCEPT to REJECT`.
    pub word: &'static str,
    /// What it means, as a legend says it.
    pub doc: &'static str,
    /// How plain text draws it.
    pub sign: char,
}

/// All fates, the least worth seeing first: of several in one place the last is drawn.
pub static FATES: &[FateEntry] = &[
    entry(Fate::Arrives, "arrives", "ACCEPT", "arrives: ACCEPT", '='),
    entry(Fate::NotSent, "not-sent", "not sent", "not sent", '.'),
    entry(Fate::Unknown, "unknown", "unknown", "unknown", '?'),
    entry(Fate::Dropped, "dropped", "dropped", "dropped, which no record says", '/'),
    entry(Fate::Rejected, "rejected", "REJECT", "stopped by a rule: REJECT", 'x'),
];

const fn entry(
    fate: Fate,
    name: &'static str,
    word: &'static str,
    doc: &'static str,
    sign: char,
) -> FateEntry {
    FateEntry { fate, name, word, doc, sign }
}

impl Fate {
    /// Its row.
    pub fn entry(self) -> &'static FateEntry {
        static UNLISTED: FateEntry = entry(Fate::Unknown, "unknown", "unknown", "unknown", '?');
        FATES.iter().find(|entry| entry.fate == self).unwrap_or(&UNLISTED)
    }

    /// Position in [`FATES`].
    pub fn rank(self) -> usize {
        FATES.iter().position(|entry| entry.fate == self).unwrap_or(0)
    }

    /// What becomes of packets that go the way of `leg`, and the position of the checkpoint that decides it, unless all
    /// do. Behind what is unknown nothing is said to be seen.
    pub(super) fn of(network: &Network, leg: &Leg) -> (Self, Option<usize>) {
        match (leg.stopped_at, leg.unknown_at) {
            (Some(stop), unknown) if unknown.is_none_or(|unknown| stop < unknown) => {
                let denies = leg.checkpoints.get(stop).is_some_and(|point| point.decision == Decision::Deny);
                // Rules also stop packets where no interface is, as those of a VPC's association with VPC Lattice.
                let is_noted = || sightings(network, leg).iter().any(|seen| seen.action == Action::Reject);
                (if denies && is_noted() { Self::Rejected } else { Self::Dropped }, Some(stop))
            }
            (_, Some(unknown)) => (Self::Unknown, Some(unknown)),
            _ if leg.is_complete() => (Self::Arrives, None),
            _ => (Self::Unknown, None),
        }
    }
}

/// A rule or fact in words, and where it was read. Both are safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cited {
    /// `acl open egress 90 deny icmp to 0.0.0.0/0`.
    pub text: String,
    /// `shop.yaml:14`.
    pub place: Option<String>,
}

impl Cited {
    /// What decides at `checkpoint`.
    pub(super) fn of(report: &Report<'_>, network: &Network, leg: &Leg, checkpoint: &Checkpoint) -> Self {
        let reason = Reason::of(network, leg, checkpoint);
        Self {
            text: reason.cited(checkpoint),
            place: reason.origin.map(|at| report.scenario.sources.short(at)),
        }
    }

    /// The text, and the place behind it: `acl open egress 90 deny icmp to 0.0.0.0/0 (shop.yaml:14)`.
    pub fn line(&self) -> String {
        match &self.place {
            Some(place) => format!("{} ({place})", self.text),
            None => self.text.clone(),
        }
    }
}

/// Where `checkpoint` stands: `web ingress`, or what holds the rule.
pub(super) fn place(network: &Network, leg: &Leg, checkpoint: &Checkpoint) -> String {
    match checkpoint.interface {
        Some(interface) => format!("{} {}", network.interface_label(interface), checkpoint.direction),
        None => format!("{} {}", checkpoint.stage.entry().short, Reason::of(network, leg, checkpoint).owner),
    }
}

/// Packets of one leg that met the same.
#[derive(Debug, Clone)]
pub struct Passage {
    /// Position of the network among those of the scenario.
    pub epoch: usize,
    /// What becomes of them.
    pub fate: Fate,
    /// Where that is decided; absent when they arrive.
    pub place: Option<String>,
    /// What decided: one stop, or every rule that lets them pass where somebody sees them.
    pub reasons: Vec<Cited>,
    /// Positions of the records of the report that count them.
    pub records: Vec<usize>,
}

impl Passage {
    /// Where packets of `turn` went, of which the first and the last were sent at `times`.
    pub(super) fn of(report: &Report<'_>, connection: usize, turn: &Turn, times: Option<(u64, u64)>) -> Self {
        let (network, leg) = (report.scenario.network_at(turn.epoch), &turn.leg);
        let (fate, decided) = Fate::of(network, leg);
        let decided = decided.and_then(|position| leg.checkpoints.get(position));
        let cited = |checkpoint| Cited::of(report, network, leg, checkpoint);
        let seen = sightings(network, leg);
        let reasons = match decided {
            Some(checkpoint) => vec![cited(checkpoint)],
            None => {
                let rules = seen.iter().flat_map(|sighting| &sighting.decided_by);
                rules.filter_map(|position| leg.checkpoints.get(*position)).map(cited).collect()
            }
        };
        let place = decided.map(|checkpoint| place(network, leg, checkpoint));
        let id = |sighting: &Sighting| network.vantage_id(sighting.vantage);
        let counts = |record: &FlowLogRecord| {
            let flow = record.flow.filter(|flow| flow.cause.leg() == turn.kind)?;
            let own = report.network_of(record).vantage_id(record.vantage);
            let [from, to] = [record.start, record.end].map(|at| milliseconds(at - report.scenario.start));
            let is_seen = seen.iter().any(|sighting| {
                (sighting.direction, sighting.action) == (flow.direction, flow.action) && id(sighting) == own
            });
            times.filter(|(first, last)| is_seen && from <= *last && *first <= to)
        };
        let records = report.positions_of(connection);
        let records = records.filter(|at| report.records.get(*at).and_then(counts).is_some()).collect();
        Self { epoch: turn.epoch, fate, place, reasons, records }
    }
}
