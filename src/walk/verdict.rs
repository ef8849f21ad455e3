//! How a connection ends, without reasons: for many at once.

use super::cases::{Watch, each_case};
use super::ports::{note_boundaries, pieces};
use super::{Checkpoint, Observe};
use crate::model::{Connection, LegKind, Network, Outcome, Symptom};
use crate::net::PortRange;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it works.
    pub outcome: Outcome,
    /// What the client sees, when all cases agree.
    pub symptom: Option<Symptom>,
}

/// Memory that verdicts use again and again, so that they need no other.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    starts: Vec<u16>,
}

/// What [`trace`](super::trace) says of a connection, without the reasons and several times as fast. It allocates
/// nothing once `scratch` has grown.
pub fn verdict(network: &Network, connection: &Connection, scratch: &mut Scratch) -> Verdict {
    let range = connection.source_ports;
    scratch.starts.clear();
    let mut all = Agreement::default();
    let mut first = Boundaries { network, range, starts: &mut scratch.starts, on_reply: false };
    each_case(network, connection, range.from(), &mut first, |case| all.add(case.outcome, case.symptom));
    for piece in pieces(range, &mut scratch.starts).skip(1) {
        each_case(network, connection, piece.from(), &mut Nobody, |case| all.add(case.outcome, case.symptom));
    }
    all.verdict()
}

/// Whether all cases end alike.
#[derive(Default)]
struct Agreement {
    outcome: Option<Outcome>,
    symptom: Option<Option<Symptom>>,
    outcomes_differ: bool,
    symptoms_differ: bool,
}

impl Agreement {
    fn add(&mut self, outcome: Outcome, symptom: Option<Symptom>) {
        self.outcomes_differ |= *self.outcome.get_or_insert(outcome) != outcome;
        self.symptoms_differ |= *self.symptom.get_or_insert(symptom) != symptom;
    }

    fn verdict(&self) -> Verdict {
        Verdict {
            outcome: self.outcome.filter(|_| !self.outcomes_differ).unwrap_or(Outcome::Depends),
            symptom: self.symptom.filter(|_| !self.symptoms_differ).flatten(),
        }
    }
}

/// Watches for the ports between which the rules can tell.
struct Boundaries<'a> {
    network: &'a Network,
    range: PortRange,
    starts: &'a mut Vec<u16>,
    on_reply: bool,
}

impl Observe for Boundaries<'_> {
    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        if self.on_reply && self.range.count() > 1 {
            note_boundaries(self.network, &checkpoint, self.range, self.starts);
        }
    }
}

impl Watch for Boundaries<'_> {
    const KEEPS: bool = false;

    fn begin(&mut self, leg: LegKind) {
        self.on_reply = leg == LegKind::Reverse;
    }

    fn end(&mut self) -> Vec<Checkpoint> {
        Vec::new()
    }
}

/// Watches nothing.
struct Nobody;

impl Observe for Nobody {
    fn checkpoint(&mut self, _: Checkpoint) {}
}

impl Watch for Nobody {
    const KEEPS: bool = false;

    fn begin(&mut self, _: LegKind) {}

    fn end(&mut self) -> Vec<Checkpoint> {
        Vec::new()
    }
}
