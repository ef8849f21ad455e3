//! What the records of traffic of profiles leave open and rest on.

use std::collections::BTreeSet;

use super::{ConnectionReport, Report};
use crate::diagnostic::escape;
use crate::model::{Outcome, ProfiledTraffic, WindowPhase};
use crate::walk::Case;

impl Report<'_> {
    /// For each traffic of a profile, how many of its pairs end in a way that is not known or depends.
    pub(super) fn traffic_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.edges.is_empty() {
            return notes; // others were asked about
        }
        let mut rest = self.edges.as_slice();
        for traffic in &self.scenario.traffic {
            let (mut unknown, mut depends, mut proxied) = (Vec::new(), 0, 0);
            for edge in &traffic.edges {
                let is_other = |of: &ConnectionReport<'_>| !std::ptr::eq(of.connection, edge);
                let count = rest.iter().position(is_other).unwrap_or(rest.len());
                let (cases, behind) = rest.split_at(count);
                rest = behind;
                let has_changes = !self.scenario.changes.is_empty();
                let is_not_shown = |case: &Case| {
                    case.onward.is_some() && (has_changes || case.outcome != Outcome::Connected)
                };
                proxied += usize::from(
                    cases.iter().filter_map(ConnectionReport::case).any(|case| is_not_shown(&case)),
                );
                match cases.first() {
                    Some(first) if first.outcome == Outcome::Unknown => unknown.push(first),
                    Some(first) if first.outcome == Outcome::Depends => depends += 1,
                    _ => {}
                }
            }
            let name = escape(&traffic.name);
            let of =
                |count: usize| format!("{count} of {} pairs of a client and a service", traffic.edges.len());
            if let Some(first) = unknown.first() {
                let (count, reason) = (of(unknown.len()), self.unknown_because(first));
                notes.push(format!(
                    "{name}: unknown for {count}, the first because {reason}; the records end there"
                ));
            }
            if proxied > 0 {
                let count = of(proxied);
                notes.push(format!(
                    "{name}: for {count} the records end at a proxy: what it sends on where targets do not answer, or the \
                     network changes, is not simulated for traffic of profiles"
                ));
            }
            if depends > 0 {
                let count = of(depends);
                notes.push(format!(
                    "{name}: depends for {count}: the records show the case of each client's port"
                ));
            }
        }
        notes
    }

    /// Names of the assumptions that the traffic of profiles rests on, beside those of the verdicts.
    pub(super) fn traffic_assumptions(&self) -> BTreeSet<&'static str> {
        let is_drawn = !self.edges.is_empty();
        let has_strangers = |traffic: &ProfiledTraffic| traffic.has_strangers;
        let strangers = self.scenario.traffic.iter().any(has_strangers);
        let is_spread = self.scenario.window_phase == WindowPhase::Spread && !self.records.is_empty();
        let names = [
            (is_spread, "spread-windows"),
            (is_drawn, "traffic-profiles"),
            (is_drawn && strangers, "internet-addresses"),
        ];
        names.into_iter().filter(|(rests, _)| *rests).map(|(_, name)| name).collect()
    }
}
