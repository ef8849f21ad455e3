//! A connection: both legs, every blocker, and every case that what is not fixed can lead to.

use super::cases::{answer, each_case, interface_of};
use super::choices::Choices;
use super::geneve::is_carrier;
use super::ports::{may_divide, note_boundaries, pieces, way_there_depends};
use super::{
    Checkpoint, DecidedBy, Leg, LoadBalancerFact, Place, Proxied, Reasons, Stage, Translation, Waiver,
    Waiving,
};
use crate::model::{Connection, LegKind, Network, Outcome, Symptom};
use crate::net::{Header, PortRange};

/// How a connection ends, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Whether it works.
    pub outcome: Outcome,
    /// What the client sees, when all cases agree.
    pub symptom: Option<Symptom>,
    /// The cases, at least one: ranges of the client's ports in order, and AWS's arbitrary choices within each.
    pub cases: Vec<Case>,
    /// Whether these are all: of very many only the first are walked.
    pub is_whole: bool,
}

/// One case of a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The client's ports it stands for.
    pub source_ports: PortRange,
    /// The opening packet, with the first of these ports.
    pub request: Header,
    /// Whether it works.
    pub outcome: Outcome,
    /// What the client sees.
    pub symptom: Option<Symptom>,
    /// From the client to the server.
    pub forward: Leg,
    /// From the server to the client. Absent when the forward leg is incomplete, or nothing is answered.
    pub reverse: Option<Leg>,
    /// What is behind the server, where that is a proxy that took the connection.
    pub onward: Option<Box<Proxied>>,
}

/// Something that stops a connection; all of them must be mended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blocker {
    /// Which way.
    pub leg: LegKind,
    /// What stops.
    pub checkpoint: Checkpoint,
}

/// What differs between two cases, and how each ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The condition, in words.
    pub when: String,
    /// How the case ends.
    pub outcome: Outcome,
}

impl Case {
    /// A case of which nothing was walked yet.
    #[inline]
    pub(super) fn begun(connection: &Connection, source_ports: PortRange) -> Self {
        let request = connection.request.header(source_ports.from());
        let (outcome, symptom) = (Outcome::Unknown, None);
        let forward = Leg::default();
        Self { source_ports, request, outcome, symptom, forward, reverse: None, onward: None }
    }

    /// A case whose way there is `forward`, before anything is known of the way back.
    pub(super) fn new(connection: &Connection, source_ports: PortRange, forward: Leg) -> Self {
        Self { forward, ..Self::begun(connection, source_ports) }
    }

    /// What load balancers on the way decided, and those that took the connection: to which target it goes.
    pub fn balanced_by(&self) -> impl Iterator<Item = &Checkpoint> {
        let is_choice = |point: &&Checkpoint| matches!(point.decided_by, DecidedBy::LoadBalancer(fact) if !matches!(fact, LoadBalancerFact::Terminates | LoadBalancerFact::GivesBack));
        self.forward
            .checkpoints
            .iter()
            .filter(is_choice)
            .chain(self.onward.iter().map(|onward| &onward.checkpoint))
    }

    /// How the connection itself ends, whatever is behind a proxy that took it.
    pub fn taken(&self) -> (Outcome, Option<Symptom>) {
        match self.onward {
            Some(_) => (Outcome::Connected, Some(Symptom::Connects)),
            None => (self.outcome, self.symptom),
        }
    }

    /// The connections behind it, one behind the other, with the case of each.
    pub fn behind(&self) -> impl Iterator<Item = (&Connection, &Self)> {
        std::iter::successors(self.way_behind(), |(_, case)| case.way_behind())
    }

    /// Every stop behind proxies: of one that has nobody to send to, or on the way to whom it does.
    pub fn stops_behind(&self) -> Vec<Checkpoint> {
        let fronts = std::iter::once(self).chain(self.behind().map(|(_, case)| case));
        let decided = fronts.filter_map(|case| case.onward.as_ref()).map(|onward| onward.checkpoint);
        let on_way = self.behind().flat_map(|(_, case)| case.blockers()).map(|blocker| blocker.checkpoint);
        decided.filter(|point| point.decision.stops()).chain(on_way).collect()
    }

    fn way_behind(&self) -> Option<(&Connection, &Self)> {
        let (connection, case) = self.onward.as_ref()?.way.as_ref()?;
        Some((connection, case))
    }

    /// The legs that were walked.
    pub fn legs(&self) -> impl Iterator<Item = (LegKind, &Leg)> {
        [(LegKind::Forward, Some(&self.forward)), (LegKind::Reverse, self.reverse.as_ref())]
            .into_iter()
            .filter_map(|(kind, leg)| Some((kind, leg?)))
    }

    /// The ports that the destination port of `header`, of the reply, stands for: the client's or, before a gateway turns
    /// it back, those from which that chose.
    pub fn ports_of_reply(&self, header: &Header) -> PortRange {
        let mut translations = self.forward.remembers.translations().iter().rev();
        let is_before = |by: &&Translation| {
            matches!(by.place, Place::Gateway(_))
                && by.before.source != header.destination
                && by.after.source_port() == header.destination_port()
        };
        translations.find(is_before).map_or(self.source_ports, |by| by.ports)
    }

    /// Every stop of both legs, in the order of the way.
    pub fn blockers(&self) -> impl Iterator<Item = Blocker> + '_ {
        self.legs().flat_map(|(leg, walked)| {
            let stops = walked.checkpoints.iter().filter(|checkpoint| checkpoint.decision.stops());
            stops.map(move |checkpoint| Blocker { leg, checkpoint: *checkpoint })
        })
    }

    /// Whether every decision was taken the same way for the same reason, whatever the ports; or both are lost in a loop,
    /// by whichever of its ways.
    fn went_like(&self, other: &Self) -> bool {
        if self.outcome == Outcome::Unknown && other.outcome == Outcome::Unknown {
            let lost = [self, other].map(Self::lost_on);
            if matches!(lost, [Some(one), Some(another)] if one == another) {
                return true;
            }
        }
        self.outcome == other.outcome
            && same_way(Some(&self.forward), Some(&other.forward))
            && same_way(self.reverse.as_ref(), other.reverse.as_ref())
            && self.onward == other.onward
    }

    /// The leg on which the packet is lost in a loop, and nothing before it is unknown.
    fn lost_on(&self) -> Option<LegKind> {
        let (leg, at) =
            self.legs().find_map(|(kind, leg)| Some((kind, leg.checkpoints.get(leg.unknown_at?)?)))?;
        (at.decided_by == DecidedBy::HopBudget).then_some(leg)
    }

    /// Joins the ports to which gateways translate in `next`, which went alike, if they are the next ones or the same. Says
    /// whether they are.
    fn join_ports(&mut self, next: &Self) -> bool {
        let theirs = next.forward.remembers.translations();
        let own = self.forward.remembers.translations_mut();
        let follows = |own: &Translation, next: &Translation| {
            own.ports == next.ports || own.ports.to().checked_add(1) == Some(next.ports.from())
        };
        let is_next = own.iter().zip(theirs).all(|(own, next)| follows(own, next));
        for (own, next) in own.iter_mut().zip(theirs).filter(|_| is_next) {
            own.ports = joined(own.ports, next.ports);
        }
        is_next
    }

    /// Arbitrary routes that AWS took in this case.
    pub(crate) fn arbitrary_routes(&self) -> impl Iterator<Item = &Checkpoint> {
        let all = self.legs().flat_map(|(_, leg)| &leg.checkpoints);
        all.filter(|checkpoint| matches!(checkpoint.decided_by, DecidedBy::ArbitraryRoute(_)))
    }
}

impl Trace {
    /// That of a connection with one case.
    pub fn of(case: Case) -> Self {
        Self { outcome: case.outcome, symptom: case.symptom, cases: vec![case], is_whole: true }
    }

    /// The first case: the one that explanations show in full.
    pub fn main(&self) -> Option<&Case> {
        self.cases.first()
    }

    /// The first case that ends otherwise than connected, or else the first.
    pub fn worst(&self) -> Option<&Case> {
        self.cases.iter().find(|case| case.outcome != Outcome::Connected).or_else(|| self.main())
    }

    /// Every blocker of every case, each once.
    pub fn blockers(&self) -> Vec<Blocker> {
        let mut all: Vec<Blocker> = Vec::new();
        for blocker in self.cases.iter().flat_map(Case::blockers) {
            let same = |other: &Blocker| {
                let (a, b) = (&other.checkpoint, &blocker.checkpoint);
                other.leg == blocker.leg
                    && a.stage == b.stage
                    && a.place == b.place
                    && a.decided_by == b.decided_by
            };
            if !all.iter().any(same) {
                all.push(blocker);
            }
        }
        all
    }
}

/// Walks a connection, with all reasons.
pub fn trace(network: &Network, connection: &Connection) -> Trace {
    trace_with(network, connection, &[])
}

/// As [`trace`], overlooking the stops in `waivers` as if they had been mended.
pub fn trace_with(network: &Network, connection: &Connection, waivers: &[Waiver]) -> Trace {
    let range = connection.source_ports;
    let mut watch = Waiving { waivers, reasons: Reasons::default() };
    let mut is_whole = true;
    let mut each = |ports: PortRange, watch: &mut Waiving| {
        let mut found = Vec::with_capacity(1); // seldom are there more
        is_whole &=
            each_case(network, connection, ports, Some(Choices::default()), watch, &mut found, |found| {
                // Ports of a NAT gateway that every rule treats alike are one case.
                let Some((case, others)) = found.split_last_mut() else { return };
                if others.iter_mut().any(|other| other.went_like(case) && other.join_ports(case)) {
                    found.pop();
                }
            });
        found
    };
    let mut all = each(PortRange::single(range.from()), &mut watch);
    let mut starts = Vec::new();
    let replies = all.iter().filter_map(|case| case.reverse.as_ref()).flat_map(|leg| &leg.checkpoints);
    // Firewalls test the client's port on the way there as well.
    let is_inspected = |point: &&Checkpoint| point.stage == Stage::NetworkFirewall;
    let requests = all.iter().flat_map(|case| &case.forward.checkpoints).filter(is_inspected);
    for checkpoint in replies.chain(requests).filter(|checkpoint| may_divide(checkpoint)) {
        note_boundaries(network, checkpoint, range, &mut starts);
    }
    let is_divided = !starts.is_empty();
    let mut pieces = pieces(range, &mut starts);
    // The first piece begins with the port that was walked already.
    let first = pieces.next().unwrap_or(range);
    for case in &mut all {
        case.source_ports = first;
    }
    let is_balanced = || interface_of(connection.to).is_some_and(|to| network.card(to).is_of_gateway);
    let walk_there_once = is_divided
        && all.len() == 1
        && !is_balanced()
        && connection.alternatives.is_empty()
        && connection.near_alternatives.is_empty()
        && !way_there_depends(connection)
        && all.iter().all(|case| !case.forward.checkpoints.iter().any(|point| is_inspected(&point)))
        && all.iter().all(|case| case.forward.remembers.translations().is_empty())
        && !all.iter().any(|case| case.forward.checkpoints.iter().any(|point| is_carrier(&point.header)));
    for piece in pieces {
        if walk_there_once {
            add_answer(network, connection, piece, &mut all, &mut watch);
        } else {
            merge(&mut all, each(piece, &mut watch));
        }
    }
    let outcome = agreed(all.iter().map(|case| case.outcome)).unwrap_or(Outcome::Depends);
    // Of cases that were not walked nothing is known.
    let outcome = if is_whole || outcome == Outcome::Depends { outcome } else { Outcome::Unknown };
    let symptom = agreed(all.iter().map(|case| case.symptom)).flatten().filter(|_| is_whole);
    Trace { outcome, symptom, cases: all, is_whole }
}

/// As [`merge`] for the one case of the next piece, where the way there is known from the piece before: the reply alone
/// is walked.
fn add_answer(
    network: &Network,
    connection: &Connection,
    piece: PortRange,
    all: &mut Vec<Case>,
    watch: &mut Waiving,
) {
    let Some(before) = all.last_mut() else { return };
    let mut case = Case::new(connection, piece, before.forward.with_source_port(piece.from()));
    answer(network, connection, &mut case, before.reverse.as_ref(), &mut Choices::default(), watch);
    let is_same = before.outcome == case.outcome && before.onward == case.onward;
    if is_same && same_way(before.reverse.as_ref(), case.reverse.as_ref()) {
        before.source_ports = joined(before.source_ports, piece);
        return;
    }
    case.forward.checkpoints = before.forward.checkpoints_with_source_port(piece.from());
    all.push(case);
}

/// Whether every decision was taken the same way for the same reason, whatever the ports.
pub(super) fn same_way(leg: Option<&Leg>, other: Option<&Leg>) -> bool {
    let same = |a: &Checkpoint, b: &Checkpoint| {
        a.decided_by == b.decided_by && a.decision == b.decision && a.place == b.place && a.stage == b.stage
    };
    let points = |leg: Option<&Leg>| leg.map_or(0, |leg| leg.checkpoints.len());
    let pairs = leg.zip(other).map(|(leg, other)| leg.checkpoints.iter().zip(&other.checkpoints));
    points(leg) == points(other) && pairs.into_iter().flatten().all(|(a, b)| same(a, b))
}

/// Two consecutive ranges as one.
fn joined(before: PortRange, behind: PortRange) -> PortRange {
    PortRange::new(before.from(), behind.to()).unwrap_or(before)
}

/// Adds the cases of the next piece of ports, joining them to those of the piece before when nothing changed.
fn merge(all: &mut Vec<Case>, walked: Vec<Case>) {
    let before = all.len().saturating_sub(walked.len());
    let earlier = all.get(before..).unwrap_or_default();
    let unchanged = earlier.len() == walked.len()
        && earlier.iter().zip(&walked).all(|(a, b)| {
            a.source_ports == earlier.first().map_or(a.source_ports, |first| first.source_ports)
                && a.went_like(b)
        });
    if !unchanged {
        all.extend(walked);
        return;
    }
    for (case, more) in all.iter_mut().skip(before).zip(walked) {
        case.source_ports = joined(case.source_ports, more.source_ports);
    }
}

/// The value that all have, if they agree.
fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}
