//! Expectations against what came out.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Located, Origin};
use crate::flowlog::FlowLogRecord;
use crate::model::inventory::is_repetition;
use crate::model::{Expectation, Tracking};
use crate::report::{ConnectionReport, Failure, Report};
use crate::walk::{Case, Checkpoint, Decision, Place, Reason, Stage, Trace};

/// Every expectation that is not met, in the order of the file.
pub(crate) fn failures(report: &Report<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    // Repetitions stand behind each other, the first of them by its own name.
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut first = "";
    for (position, of) in report.connections.iter().enumerate() {
        let name = of.connection.name.as_str();
        first = if is_repetition(name, first) && name != first { first } else { name };
        by_name.entry(first).or_default().push(position);
    }
    for expectation in &report.scenario.expectations {
        let Some(name) = &expectation.connection else { continue };
        for &position in by_name.get(name.value.as_str()).into_iter().flatten() {
            let Some(of) = report.connections.get(position) else { continue };
            let trace = of.trace();
            let check = Check { report, of, trace: &trace, position, expectation };
            let messages = check.all().into_iter();
            let failure =
                |(message, at)| Failure { connection: Some(of.connection.name.clone()), message, at };
            failures.extend(messages.map(failure));
        }
    }
    if report.scenario.expected_records.is_empty() {
        return failures; // no need to make text of every record
    }
    let lines: BTreeSet<String> = report.records.iter().map(|record| report.line(record)).collect();
    for expected in
        report.scenario.expected_records.iter().filter(|expected| !lines.contains(&expected.value))
    {
        let message = format!("expected the record `{}`, and it is not among those written", expected.value);
        failures.push(Failure { connection: None, message, at: expected.origin });
    }
    failures
}

struct Check<'r> {
    report: &'r Report<'r>,
    of: &'r ConnectionReport<'r>,
    trace: &'r Trace,
    position: usize,
    expectation: &'r Expectation,
}

impl Check<'_> {
    fn all(&self) -> Vec<(String, Option<Origin>)> {
        let trace = self.trace;
        let expected = self.expectation;
        let records: Vec<&FlowLogRecord> = self.report.records_of(self.position).collect();
        let actions =
            records.iter().filter_map(|record| record.flow).map(|flow| flow.action.to_string()).collect();
        let symptom = trace.symptom.map_or_else(|| "none".to_owned(), |symptom| symptom.to_string());
        let wanted_symptom = expected
            .symptom
            .as_ref()
            .map(|symptom| Located { value: symptom.value.to_string(), origin: symptom.origin });
        let count = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let tracking = self.tracking().map_or_else(|| "none".to_owned(), |tracking| tracking.to_string());
        let wanted_tracking = expected
            .tracking
            .as_ref()
            .map(|tracking| Located { value: tracking.value.to_string(), origin: tracking.origin });
        let seen_as =
            self.report.seen_as(self.of).map_or_else(|| "nobody".to_owned(), |address| address.to_string());
        let wanted_seen_as = expected
            .seen_as
            .as_ref()
            .map(|address| Located { value: address.value.to_string(), origin: address.origin });
        let wanted_blockers = expected
            .blocked_by
            .as_ref()
            .map(|wanted| Located { value: distinct(wanted.value.iter().cloned()), origin: wanted.origin });
        let checks = [
            differs("outcome", expected.outcome.as_ref(), &trace.outcome, ToString::to_string),
            differs("symptom", wanted_symptom.as_ref(), &symptom, Clone::clone),
            differs("blocked_by", wanted_blockers.as_ref(), &self.blockers(), |list| join(list)),
            self.allowed(),
            differs("route", expected.route.as_ref(), &self.route(), Clone::clone),
            differs("tracking", wanted_tracking.as_ref(), &tracking, Clone::clone),
            differs("records", expected.records.as_ref(), &count, ToString::to_string),
            differs("actions", expected.actions.as_ref(), &actions, |list| join(list)),
            differs("seen_as", wanted_seen_as.as_ref(), &seen_as, Clone::clone),
        ];
        checks.into_iter().flatten().collect()
    }

    /// The case that the records show.
    fn case(&self) -> Option<&Case> {
        self.of.case_of(self.trace)
    }

    /// Short names of all blockers, each once: one rule may stop several cases, or both legs.
    fn blockers(&self) -> Vec<String> {
        let network = self.of.network;
        let blockers = self.trace.blockers().into_iter();
        let empty = crate::walk::Leg::default();
        let behind = self.trace.cases.iter().flat_map(Case::stops_behind);
        let short = |point: &Checkpoint| Reason::of(network, &empty, point).short(point.direction);
        distinct(blockers.map(|blocker| short(&blocker.checkpoint)).chain(behind.map(|point| short(&point))))
    }

    /// Rules that must have admitted the connection, in this order, others between them.
    fn allowed(&self) -> Option<(String, Option<Origin>)> {
        let Located { value: expected, origin } = self.expectation.allowed_by.as_ref()?;
        let network = self.of.network;
        let rules: Vec<String> = self
            .case()
            .iter()
            .flat_map(|case| case.legs().chain(case.behind().flat_map(|(_, case)| case.legs())))
            .flat_map(|(_, leg)| leg.checkpoints.iter().map(move |checkpoint| (leg, checkpoint)))
            .filter(|(_, checkpoint)| checkpoint.decision == Decision::Allow && !checkpoint.hypothetical)
            .map(|(leg, checkpoint)| Reason::of(network, leg, checkpoint).short(checkpoint.direction))
            .collect();
        let mut rest = rules.iter();
        let met = expected.iter().all(|wanted| rest.any(|rule| rule == wanted));
        (!met).then(|| (format!("expected allowed_by {}, found {}", join(expected), join(&rules)), *origin))
    }

    /// The first route on the way of the request, be it of a gateway's own table.
    fn route(&self) -> String {
        let case = self.case();
        let route = case
            .iter()
            .flat_map(|case| case.forward.checkpoints.iter().map(|checkpoint| (&case.forward, checkpoint)));
        let route = route
            .into_iter()
            .find(|(_, checkpoint)| matches!(checkpoint.stage, Stage::Route | Stage::EdgeRoute));
        let network = self.of.network;
        route.map_or_else(|| "none".to_owned(), |(leg, checkpoint)| Reason::of(network, leg, checkpoint).id)
    }

    /// How the server's security groups remember the flow, or the client's.
    fn tracking(&self) -> Option<Tracking> {
        let flows = self.case()?.forward.remembers.flows();
        let at_interface = flows.iter().rev().find(|flow| matches!(flow.place, Place::NetworkInterface(_)));
        at_interface.map(|flow| flow.tracking)
    }
}

fn differs<T: PartialEq>(
    what: &str,
    expected: Option<&Located<T>>,
    found: &T,
    show: impl Fn(&T) -> String,
) -> Option<(String, Option<Origin>)> {
    let Located { value, origin } = expected?;
    (value != found).then(|| (format!("expected {what} {}, found {}", show(value), show(found)), *origin))
}

/// Each name once, where it stands first.
fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn join(list: &[String]) -> String {
    if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
}
