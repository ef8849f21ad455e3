//! What the records leave open: notes on connections, of which a run may have thousands.

use std::collections::BTreeMap;

use super::{ConnectionReport, Report};
use crate::diagnostic::escape;
use crate::model::inventory::first_of;
use crate::model::{Burst, LegKind, Network, Outcome};
use crate::timeline::Turn;
use crate::walk::Reason;

/// Conditions that are told one by one.
const MOST_CONDITIONS: usize = 8;

/// Notes on connections. What is the same of repetitions that follow one another is said once.
#[derive(Debug, Default)]
struct Notes(Vec<Note>);

#[derive(Debug)]
struct Note {
    /// The name of the connection.
    name: String,
    text: String,
    /// Later repetitions of which it is the same.
    more: usize,
}

impl Notes {
    /// Adds what is to be said of the connection `name`.
    fn push(&mut self, name: &str, text: String) {
        match self.0.last_mut() {
            Some(last) if last.text == text && first_of(&last.name).0 == first_of(name).0 => last.more += 1,
            _ => self.0.push(Note { name: name.to_owned(), text, more: 0 }),
        }
    }

    /// All of them, with the names of their connections made safe for a terminal.
    fn into_texts(self) -> Vec<String> {
        let text = |Note { name, text, more }: Note| {
            let more = match more {
                0 => String::new(),
                1 => ", and one more repetition".to_owned(),
                more => format!(", and {more} more repetitions"),
            };
            format!("{}{more}: {text}", escape(&name))
        };
        self.0.into_iter().map(text).collect()
    }
}

impl Report<'_> {
    /// What the records leave open: connections whose outcome is unknown or depends, and what was chosen.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Notes::default();
        for (position, report) in self.connections.iter().enumerate() {
            let name = report.connection.name.as_str();
            if self.has_silent_reply(position, report) {
                let text =
                    "the stated reply has no effect: there is none, because the request is not answered";
                notes.push(name, text.to_owned());
            } else if self.has_unsent_replies(report) {
                let text = "stated replies are not sent once the load balancer has closed the connection: its listener is deleted";
                notes.push(name, text.to_owned());
            }
            match report.outcome {
                Outcome::Depends => {
                    let trace = report.trace();
                    let cases = self.conditions(report, &trace);
                    let cases = cases.iter().map(|(when, case)| format!("{when} {}", case.outcome));
                    let shown =
                        report.case_of(&trace).map(|case| case.outcome.to_string()).unwrap_or_default();
                    let more = cases.len().saturating_sub(MOST_CONDITIONS);
                    let more = (more > 0).then(|| format!("{more} more"));
                    let cases = cases.take(MOST_CONDITIONS).chain(more).collect::<Vec<_>>().join("; ");
                    let alternatives = &report.connection.alternatives;
                    let case = report.case_of(&trace).filter(|_| !alternatives.is_empty());
                    let to = case.map(|case| format!(" to {}", case.request.destination)).unwrap_or_default();
                    let port = report.source_port;
                    notes.push(
                        name,
                        format!("depends: {cases}; the records show source port {port}{to}, {shown}"),
                    );
                }
                Outcome::Unknown => {
                    let because = self.unknown_because(report);
                    notes.push(name, format!("unknown: {because}; the records end there"));
                }
                _ if report.is_open => {
                    if let Some(text) = self.unknown_later(position) {
                        notes.push(name, text);
                    }
                }
                _ => {}
            }
        }
        let mut notes = notes.into_texts();
        notes.extend(self.mirror_notes());
        notes.extend(self.traffic_notes());
        notes
    }

    /// Copies of which nobody knows whether they arrive, and sessions of which no copy does.
    fn mirror_notes(&self) -> Vec<String> {
        let changed = self.scenario.changes.iter().map(|change| &change.network);
        if !std::iter::once(&self.scenario.network).chain(changed).any(Network::mirrors) {
            return Vec::new();
        }
        let mut notes = Vec::new();
        let mut lost: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (position, report) in self.connections.iter().enumerate() {
            for copy in self.copies(position) {
                let network = self.scenario.network_at(copy.epoch);
                let session = &network.traffic_mirror_sessions[copy.by.session].identity;
                let stop = copy.leg.stopped_at.and_then(|at| copy.leg.checkpoints.get(at));
                let stop = stop.map(|point| Reason::of(network, &copy.leg, point).text);
                let before = lost.entry(session.to_string()).or_insert_with(|| stop.clone());
                *before = before.take().filter(|_| stop.is_some());
                let point = copy.leg.unknown_at.and_then(|at| copy.leg.checkpoints.get(at));
                let Some(point) = point.filter(|_| stop.is_none()) else { continue };
                let reason = Reason::of(network, &copy.leg, point).text;
                let name = escape(&report.connection.name);
                notes.push(format!(
                    "{name}: what `{session}` mirrors of it is unknown: {reason}; its records end there"
                ));
            }
        }
        let lost = lost.into_iter().filter_map(|(session, reason)| Some((session, reason?)));
        notes.extend(lost.map(|(session, reason)| {
            let session = escape(&session);
            format!("`{session}` sends copies, and none reaches its target: {reason}")
        }));
        notes
    }

    /// From when on the records of a connection leave open what becomes of it, and why.
    fn unknown_later(&self, position: usize) -> Option<String> {
        if self.scenario.changes.is_empty() {
            return None; // what was known stays known
        }
        let (bursts, turns) = self.turns(position)?;
        let unknown = turns.iter().filter(|turn| turn.packets() > 0);
        let unknown = unknown.filter_map(|turn| {
            let checkpoint = turn.leg.checkpoints.get(turn.leg.unknown_at?)?;
            let reason = Reason::of(self.scenario.network_at(turn.epoch), &turn.leg, checkpoint);
            Some((turn.first_packet(&bursts)?, turn.kind, reason.text))
        });
        let (from, kind, because) = unknown.min_by_key(|(from, ..)| *from)?;
        let from = humantime::format_duration(from);
        Some(format!("unknown from {from} on: {because}; the records of that {} end there", kind.name()))
    }

    /// Whether a reply is stated, and the server sends none.
    fn has_silent_reply(&self, position: usize, report: &ConnectionReport<'_>) -> bool {
        let is_reply = |burst: &Burst| burst.leg == LegKind::Reverse;
        let sent = || {
            let traffic = self.scenario.traffic(position, report);
            traffic.is_some_and(|traffic| traffic.bursts.iter().any(is_reply))
        };
        report.connection.bursts.iter().flatten().any(is_reply) && !sent()
    }

    /// Whether a load balancer closes a connection before its stated replies.
    fn has_unsent_replies(&self, report: &ConnectionReport<'_>) -> bool {
        let is_reply = |burst: &&Burst| burst.leg == LegKind::Reverse;
        let stated = report.connection.bursts.iter().flatten().filter(is_reply).map(|burst| burst.packets);
        let stated: u64 = stated.sum();
        if stated == 0 || !self.scenario.is_closed_by_proxy(report) {
            return false;
        }
        let turns = self.scenario.own_turns(report).map(|(_, turns)| turns).unwrap_or_default();
        let sent = turns.iter().filter(|turn| turn.kind == LegKind::Reverse).map(Turn::packets);
        sent.sum::<u64>() < stated
    }
}
