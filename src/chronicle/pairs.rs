//! Traffic of profiles: too much to be drawn, but it is told how its new connections fare otherwise after an event.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::fate::{Cited, Fate, place};
use super::flip::{Flips, Kind, Times};
use crate::model::{Connection, LegKind};
use crate::report::Report;
use crate::timeline::milliseconds;
use crate::walk::{Leg, trace};

/// How a packet of a new connection fares, and where and by what that is decided, unless it arrives.
type Standing = (Fate, Option<(String, Cited)>);

/// Those of the request and of the reply, in the first case of a pair.
type Pair = [Option<Standing>; 2];

const LEGS: [LegKind; 2] = [LegKind::Forward, LegKind::Reverse];

impl Flips {
    /// Adds those of the pairs of a client and a service between which connections are drawn while the events happen.
    pub(super) fn note_pairs(&mut self, report: &Report<'_>) {
        let scenario = report.scenario;
        if scenario.traffic.is_empty() {
            return;
        }
        let mut before = pairs_at(report, 0);
        for (epoch, change) in (1..).zip(&scenario.changes) {
            let after = pairs_at(report, epoch);
            let mut pairs = before.iter().zip(&after);
            for traffic in &scenario.traffic {
                let own: Vec<(&Pair, &Pair)> = pairs.by_ref().take(traffic.edges.len()).collect();
                if (traffic.habits.at..traffic.habits.until).contains(&change.at) {
                    let at = milliseconds(change.at);
                    let name = crate::diagnostic::escape(&traffic.name);
                    self.absorb(Self::of_pairs(&own, &(name, traffic.edges.len()), epoch, at));
                }
            }
            before = after;
        }
    }

    /// Those of the pairs of one `traffic` between the networks before and behind the event with this number.
    fn of_pairs(pairs: &[(&Pair, &Pair)], traffic: &(String, usize), event: usize, at: u64) -> Self {
        let mut all: BTreeMap<Kind, Times> = BTreeMap::new();
        for (before, after) in pairs {
            for (leg, (before, after)) in LEGS.into_iter().zip(before.iter().zip(after.iter())) {
                let (Some((fate, was)), Some((later, is))) = (before, after) else { continue };
                if fate == later {
                    continue;
                }
                let place = is.as_ref().or(was.as_ref()).map(|(place, _)| place.clone());
                let kind = Kind {
                    events: Some((event, event)),
                    leg,
                    before: *fate,
                    after: *later,
                    place,
                    reason: is.as_ref().map(|(_, cited)| cited.clone()),
                    traffic: Some(traffic.clone()),
                };
                all.entry(kind).or_insert_with(|| Times::at(at)).connections += 1;
            }
        }
        Self(all)
    }
}

/// How new connections of every pair fare in a network; nothing of a pair whose client is not there.
fn pairs_at(report: &Report<'_>, epoch: usize) -> Vec<Pair> {
    let network = report.scenario.network_at(epoch);
    let standing = |leg: &Leg| {
        let (fate, decided) = Fate::of(network, leg);
        let decided = decided
            .and_then(|position| leg.checkpoints.get(position))
            .map(|point| (place(network, leg, point), Cited::of(report, network, leg, point)));
        (fate, decided)
    };
    let of = |edge: Option<&Connection>| -> Pair {
        let trace = edge.map(|edge| trace(network, edge));
        let Some(case) = trace.as_ref().and_then(|trace| trace.main()) else { return [None, None] };
        let reply = case.reverse.as_ref().filter(|_| case.forward.is_delivered());
        [Some(standing(&case.forward)), reply.map(standing)]
    };
    report.scenario.edges_at(epoch).into_par_iter().map(of).collect()
}
