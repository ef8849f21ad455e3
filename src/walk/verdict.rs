//! How a connection ends, without reasons: for many at once.

use super::cases::{Watch, answer, each_case, symptom, way_there};
use super::choices::Choices;
use super::direct;
use super::ports::{decides_alike, judges_by_rules, may_divide, note_boundaries, pieces, way_there_depends};
use super::{Case, Checkpoint, Observe, Stage};
use crate::model::{Connection, LegKind, Listener, Network, Outcome, Symptom};
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
    cases: Vec<Case>,
}

/// What [`trace`](super::trace) says of a connection, without the reasons and several times as fast. It allocates
/// nothing once `scratch` has grown.
pub fn verdict(network: &Network, connection: &Connection, scratch: &mut Scratch) -> Verdict {
    if let Some(outcome) = direct::outcome(network, connection) {
        let symptom = symptom(outcome, connection.request.protocol, Listener::Listening, true);
        return Verdict { outcome, symptom };
    }
    let range = connection.source_ports;
    let Scratch { starts, cases } = scratch;
    starts.clear();
    let mut all = Agreement::default();
    let may_stop = !way_there_depends(connection);
    let noted = Some(&mut *starts).filter(|_| range.count() > 1);
    let mut first = Hasty { network, range, starts: noted, on_reply: false, may_stop, is_inspected: false };
    let (mut case, mut choices) = (Case::begun(connection, range), Choices::default());
    way_there(network, connection, &mut case, &mut choices, &mut first);
    answer(network, connection, &mut case, None, &mut choices, &mut first);
    all.add(case.outcome, case.symptom);
    let others = choices.next();
    // Behind a gateway that translates, the client's port is another one.
    let way_is_known = may_stop
        && others.is_none()
        && first.has_noted()
        && !first.is_inspected
        && case.forward.remembers.translations().is_empty();
    let mut is_whole =
        each_case(network, connection, range, others, &mut first, cases, |cases| all.add_all(cases));
    if starts.is_empty() {
        return all.verdict(is_whole); // most often
    }
    for piece in pieces(range, starts).skip(1) {
        let mut other =
            Hasty { network, range, starts: None, on_reply: false, may_stop, is_inspected: false };
        if way_is_known {
            let mut case = Case::new(connection, piece, case.forward.with_source_port(piece.from()));
            answer(network, connection, &mut case, None, &mut Choices::default(), &mut other);
            all.add(case.outcome, case.symptom);
        } else {
            let first = Some(Choices::default());
            is_whole &= each_case(network, connection, piece, first, &mut other, cases, |cases| {
                all.add_all(cases);
            });
        }
    }
    all.verdict(is_whole)
}

/// How all cases end, as far as they end alike.
#[derive(Default)]
struct Agreement {
    first: Option<(Outcome, Option<Symptom>)>,
    outcomes_differ: bool,
    symptoms_differ: bool,
}

impl Agreement {
    fn add(&mut self, outcome: Outcome, symptom: Option<Symptom>) {
        let first = *self.first.get_or_insert((outcome, symptom));
        self.outcomes_differ |= first.0 != outcome;
        self.symptoms_differ |= first.1 != symptom;
    }

    /// Adds `cases`, and leaves none.
    fn add_all(&mut self, cases: &mut Vec<Case>) {
        cases.drain(..).for_each(|case| self.add(case.outcome, case.symptom));
    }

    /// The verdict. Of cases that were not walked nothing is known.
    fn verdict(&self, is_whole: bool) -> Verdict {
        let outcome = self.first.filter(|_| !self.outcomes_differ).map(|(outcome, _)| outcome);
        let agreed = outcome.filter(|_| is_whole).unwrap_or(Outcome::Unknown);
        let outcome = if self.outcomes_differ { Outcome::Depends } else { agreed };
        let symptom =
            self.first.filter(|_| is_whole && !self.symptoms_differ).and_then(|(_, symptom)| symptom);
        Verdict { outcome, symptom }
    }
}

/// Sees to it that nothing is walked in vain.
struct Hasty<'a> {
    network: &'a Network,
    range: PortRange,
    /// Where the ports are noted between which the rules can tell, if they are wanted.
    starts: Option<&'a mut Vec<u16>>,
    on_reply: bool,
    may_stop: bool,
    /// Whether a firewall, which tests the client's port, judged the request.
    is_inspected: bool,
}

impl Hasty<'_> {
    /// Whether the rules can tell ports apart.
    fn has_noted(&self) -> bool {
        self.starts.as_ref().is_some_and(|starts| !starts.is_empty())
    }
}

impl Observe for Hasty<'_> {
    fn wants(&self, stage: Stage) -> bool {
        self.starts.is_some() && (self.on_reply && judges_by_rules(stage) || stage == Stage::NetworkFirewall)
    }

    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.is_inspected |= !self.on_reply;
        if may_divide(&checkpoint)
            && let Some(starts) = self.starts.as_deref_mut()
            && !decides_alike(self.network, &checkpoint, self.range)
        {
            note_boundaries(self.network, &checkpoint, self.range, starts);
        }
    }

    /// What does not arrive is not answered. A reply that is stopped may pass to another of the client's ports, and
    /// meet more rules behind.
    fn is_hasty(&self) -> bool {
        self.may_stop && (!self.on_reply || self.starts.is_none())
    }
}

impl Watch for Hasty<'_> {
    const KEEPS: bool = false;

    fn begin(&mut self, leg: LegKind) {
        self.on_reply = leg == LegKind::Reverse;
    }

    fn end(&mut self) -> Vec<Checkpoint> {
        Vec::new()
    }
}
