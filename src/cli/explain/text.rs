//! The text of an explanation.

use std::fmt::Write as _;
use std::time::Duration;

use anstyle::Style;
use flowcast::diagnostic::escape;
use flowcast::flowlog::FlowLogRecord;
use flowcast::model::{Endpoint, LegKind, Network, Outcome, Request, Symptom};
use flowcast::walk::{Blocker, Case, Checkpoint, DecidedBy, Decision, Leg, Reason, Trace, remedies};
use flowcast::{ConnectionReport, Report};

use super::{behind, later, mirrored, path};
use crate::cli::output::{BAD, DIM, GOOD, OPEN, STRONG, paint, wrapped};

/// Conditions that are told one by one.
const MOST_CONDITIONS: usize = 8;

/// A checkpoint as it is listed.
pub(super) struct Listed<'a> {
    pub(super) leg: LegKind,
    /// Behind how many proxies it stands.
    proxies: usize,
    pub(super) position: usize,
    pub(super) checkpoint: &'a Checkpoint,
    reason: Reason,
    /// Number in the list.
    number: usize,
    /// Number among the blockers.
    pub(super) blocker: Option<usize>,
}

/// Everything about one connection.
pub(super) fn explain(report: &Report<'_>, position: usize, at: Option<Duration>, verbose: bool) -> String {
    let mut text = String::new();
    let Some(of) = report.connections.get(position) else { return text };
    let trace = of.trace();
    let Some(case) = trace.worst() else { return text };
    let blockers = trace.blockers();
    let listed = list(of.network, case, &blockers, verbose, (0, 0));
    head(&mut text, report, of, &trace, &blockers);
    for (leg, _) in case.legs() {
        let _ = writeln!(text, "{}", path::line(of, case, leg, &blockers));
    }
    legs(&mut text, report, of, case, &listed, verbose);
    changes(&mut text, report, of, &trace, &blockers);
    let listed = behind::explain(&mut text, report, of, case, listed, verbose);
    later::ways(&mut text, report, of, position);
    behind::later(&mut text, report, of, position, verbose);
    mirrored::copies(&mut text, report, position);
    if let Some(at) = at {
        later::moment(&mut text, report, position, at);
    }
    records(&mut text, report, position, case, &listed);
    foot(&mut text, report, position, verbose);
    text
}

/// The verdict and what it comes from.
fn head(
    text: &mut String,
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    trace: &Trace,
    blockers: &[Blocker],
) {
    let style = style_of(trace.outcome);
    let title = trace.outcome.to_string().to_uppercase();
    let indent = " ".repeat(title.len() + 2);
    let _ = writeln!(text, "{}  {}", paint(style, &title), sentence(report, of, trace));
    if let Some(summary) = summary(blockers) {
        let _ = writeln!(text, "{indent}{summary}");
    }
    let conditions = conditions(report, of, trace);
    let is_told =
        |(position, (_, ways)): &(usize, &(String, Ways))| *position < MOST_CONDITIONS || ways.is_shown;
    let told: Vec<_> = conditions.iter().enumerate().filter(is_told).map(|(_, told)| told).collect();
    for (case, ways) in &told {
        let outcome = paint(style_of(ways.outcome), ways.outcome);
        let marker = match (ways.count, ways.is_shown) {
            (1, true) => "  (shown below)".to_owned(),
            (1, false) => String::new(),
            (count, true) => format!("  ({count} ways, one shown below)"),
            (count, false) => format!("  ({count} ways)"),
        };
        let _ = writeln!(text, "{indent}{case}: {outcome}{marker}");
    }
    let more = conditions.len() - told.len();
    if more > 0 {
        let _ = writeln!(text, "{indent}… and {more} more conditions; `--output json` has all");
    }
    text.push('\n');
}

/// Cases of which the same is said.
struct Ways {
    outcome: Outcome,
    count: usize,
    is_shown: bool,
}

/// The conditions of the cases, when there are several, each with how it ends. What AWS chooses without a word about it
/// makes several cases of one condition.
fn conditions(report: &Report<'_>, of: &ConnectionReport<'_>, trace: &Trace) -> Vec<(String, Ways)> {
    let mut all: Vec<(String, Ways)> = Vec::new();
    for case in trace.cases.iter().filter(|_| trace.cases.len() > 1) {
        let (when, is_shown) = (report.when(of, trace, case), trace.worst() == Some(case));
        match all.iter_mut().find(|(known, ways)| *known == when && ways.outcome == case.outcome) {
            Some((_, ways)) => {
                ways.count += 1;
                ways.is_shown |= is_shown;
            }
            None => all.push((when, Ways { outcome: case.outcome, count: 1, is_shown })),
        }
    }
    all
}

fn sentence(report: &Report<'_>, of: &ConnectionReport<'_>, trace: &Trace) -> String {
    let [from, to] = of.connection.labels.each_ref().map(|label| escape(label));
    let asked = report.scenario.connections.iter().any(|connection| connection.name == of.connection.name);
    let name = if asked { format!("{}: ", escape(&of.connection.name)) } else { String::new() };
    let sees = match of.symptom {
        Some(Symptom::Timeout) => "; the client sees a timeout",
        Some(Symptom::Refused) if of.outcome == Outcome::Blocked => "; the client is refused at once",
        Some(Symptom::Refused) => ": nobody listens; the client is refused at once",
        Some(Symptom::Reset) => "; the client sees the connection reset",
        Some(Symptom::NoReply) => "; the client hears nothing",
        Some(Symptom::Connects) | None => "",
    };
    let behind = trace.worst().filter(|case| case.taken().0 != case.outcome);
    let sentence = match of.outcome {
        Outcome::Blocked | Outcome::Unanswered if behind.is_some() => {
            let sees = match of.symptom {
                Some(Symptom::Connects) => "; the client gets an error in HTTP",
                _ => sees,
            };
            format!("{to} takes the request of {from}, and cannot have it answered{sees}")
        }
        Outcome::Connected if of.symptom.is_none() => {
            format!("the packet from {from} reaches {to}; nothing answers it")
        }
        Outcome::Connected if trace.worst().is_some_and(is_refused_behind) => {
            format!(
                "{to} takes the request of {from}, and nobody listens behind it: the client gets an error"
            )
        }
        Outcome::Connected => format!("the request of {from} reaches {to}, and the reply comes back{sees}"),
        Outcome::Blocked => format!("the request of {from} does not reach {to}{sees}"),
        Outcome::Unanswered if trace.worst().is_some_and(|case| !case.forward.is_delivered()) => {
            format!(
                "whether the request of {from} reaches {to} is not known, the reply does not come back{sees}"
            )
        }
        Outcome::Unanswered => {
            format!("the request of {from} reaches {to}, the reply does not come back{sees}")
        }
        Outcome::Depends => {
            format!("whether {from} reaches {to} and hears back depends on what is not fixed")
        }
        Outcome::Unknown => {
            format!("it cannot be told whether {from} reaches {to}: {}", report.unknown_because(of))
        }
    };
    format!("{name}{sentence}")
}

/// Whether a target behind a proxy refuses.
fn is_refused_behind(case: &Case) -> bool {
    case.behind().any(|(_, case)| case.symptom == Some(Symptom::Refused))
}

/// `2 blockers, both on the reply: mend both`.
fn summary(blockers: &[Blocker]) -> Option<String> {
    let on = |leg| blockers.iter().filter(|blocker| blocker.leg == leg).count();
    let (request, reply) = (on(LegKind::Forward), on(LegKind::Reverse));
    Some(match (request, reply) {
        (0, 0) => return None,
        (1, 0) => "1 blocker, on the request".to_owned(),
        (0, 1) => "1 blocker, on the reply".to_owned(),
        (2, 0) => "2 blockers, both on the request: mend both".to_owned(),
        (0, 2) => "2 blockers, both on the reply: mend both".to_owned(),
        (many, 0) => format!("{many} blockers, all on the request: mend all"),
        (0, many) => format!("{many} blockers, all on the reply: mend all"),
        (1, 1) => "2 blockers, one on the request and one on the reply: mend both".to_owned(),
        (request, reply) => format!(
            "{} blockers, {request} on the request and {reply} on the reply: mend all",
            request + reply
        ),
    })
}

/// The checkpoints worth listing, numbered through both legs behind those `before`, of a connection behind so many `proxies`.
pub(super) fn list<'a>(
    network: &Network,
    case: &'a Case,
    blockers: &[Blocker],
    verbose: bool,
    (proxies, before): (usize, usize),
) -> Vec<Listed<'a>> {
    let all = case.legs().flat_map(|(kind, leg)| {
        leg.checkpoints
            .iter()
            .enumerate()
            .map(move |(position, checkpoint)| (kind, leg, position, checkpoint))
    });
    let worth = all.filter(|(_, _, _, checkpoint)| verbose || !is_routine(checkpoint));
    worth
        .enumerate()
        .map(|(row, (kind, leg, position, checkpoint))| Listed {
            leg: kind,
            proxies,
            position,
            checkpoint,
            reason: Reason::of(network, leg, checkpoint),
            number: before + row + 1,
            blocker: path::blocker_number(blockers, kind, checkpoint),
        })
        .collect()
}

/// Checks of addresses and the last step, which nearly everything passes.
fn is_routine(checkpoint: &Checkpoint) -> bool {
    use flowcast::walk::Stage::{Delivery, DestinationCheck, SourceCheck};
    let reserved = matches!(checkpoint.decided_by, DecidedBy::Reserved(_) | DecidedBy::AnswerUndocumented(_));
    checkpoint.decision == Decision::Pass
        && !reserved
        && matches!(checkpoint.stage, SourceCheck | DestinationCheck | Delivery)
}

pub(super) fn legs(
    text: &mut String,
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    case: &Case,
    listed: &[Listed<'_>],
    verbose: bool,
) {
    let width = |part: fn(&Listed<'_>) -> usize| listed.iter().map(part).max().unwrap_or(0);
    let stage = width(|row| row.checkpoint.stage.entry().name.len());
    let owner = width(|row| row.reason.owner.chars().count()).min(28);
    let words = width(|row| words(row).chars().count()).min(64);
    for (kind, leg) in case.legs() {
        let name = kind.name();
        let _ =
            writeln!(text, "\n  {}  {}", paint(STRONG, format!("{name:<7}")), packet(of, case, kind, leg));
        let mut stopped = false;
        if kind == LegKind::Reverse && !case.forward.is_delivered() {
            let arrives = if case.forward.stopped_at.is_some() && case.outcome != Outcome::Unknown {
                "the request does not arrive"
            } else {
                "whether the request arrives is not known"
            };
            let _ = writeln!(text, "   - {arrives}; below is what a reply would meet -");
            stopped = true;
        }
        for row in listed.iter().filter(|row| row.leg == kind) {
            if row.checkpoint.hypothetical && !stopped {
                let _ = writeln!(text, "   - the {name} ends here; below is what it would meet -");
                stopped = true;
            }
            line(text, report, row, [stage, owner, words], verbose);
        }
        if !leg.is_complete() {
            let _ = writeln!(text, "   - what comes behind cannot be told: there is no next hop -");
        }
    }
    if case.reverse.is_none() && case.request.expects_reply() {
        let _ = writeln!(
            text,
            "\n  {}  not judged: the way of the request is not known to its end",
            paint(STRONG, "reply  ")
        );
    }
}

/// The packet as it leaves, with the whole range of the client's ports.
fn packet(of: &ConnectionReport<'_>, case: &Case, kind: LegKind, leg: &Leg) -> String {
    let request = Request { destination: case.request.destination, ..of.connection.request };
    let asked = request.describe(case.source_ports);
    let Some(first) = leg.checkpoints.first().map(|checkpoint| checkpoint.header) else { return asked };
    match (kind, first.source_port(), first.destination_port()) {
        (LegKind::Reverse, Some(port), Some(_)) => {
            let ports = case.ports_of_reply(&first);
            let socket = |address: std::net::IpAddr, port: String| {
                if address.is_ipv6() { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
            };
            format!(
                "{} {} -> {}",
                first.protocol,
                socket(first.source, port.to_string()),
                socket(first.destination, ports.to_string())
            )
        }
        (LegKind::Reverse, ..) => first.to_string(),
        (LegKind::Forward, ..) => asked,
    }
}

/// What the rule says, with its number or id in front.
fn words(row: &Listed<'_>) -> String {
    match row.reason.kind {
        "network-acl-entry" | "security-group-rule" => format!("{}  {}", row.reason.id, row.reason.text),
        _ => row.reason.text.clone(),
    }
}

fn line(
    text: &mut String,
    report: &Report<'_>,
    row: &Listed<'_>,
    [stage, owner, width]: [usize; 3],
    verbose: bool,
) {
    let decision = row.checkpoint.decision;
    let (style, word) = match decision {
        Decision::Allow | Decision::Pass => {
            (if row.checkpoint.hypothetical { DIM } else { GOOD }, decision.name().to_owned())
        }
        Decision::Deny | Decision::Drop => (BAD, decision.name().to_uppercase()),
        Decision::Unknown => (OPEN, decision.name().to_uppercase()),
    };
    let place = row.reason.origin.map(|at| report.scenario.sources.short(at)).unwrap_or_default();
    let mark = row.blocker.map(|number| format!("[{number}]")).unwrap_or_default();
    let words = words(row);
    let name = row.checkpoint.stage.entry().name;
    let start = format!("{:>4} {name:<stage$}  {:<owner$}", row.number, row.reason.owner);
    let word = paint(style, format!("{word:<7}"));
    // What is wider than its column goes on below: an owner's row there, the words of a rule in their column.
    let is_last = place.is_empty() && mark.is_empty();
    let mut lines = wrapped(&words, if is_last { usize::MAX } else { width }).into_iter();
    let words = lines.next().unwrap_or_default();
    let mut end = format!("{words:<width$}  {place:<14}").trim_end().to_owned();
    if !mark.is_empty() {
        end = format!("{words:<width$}  {place:<14}  {}", paint(BAD, mark));
    }
    let before = " ".repeat(stage + owner + 9);
    let is_wide = row.reason.owner.chars().count() > owner;
    let gap = if is_wide { format!("\n{before}") } else { "  ".to_owned() };
    let _ = writeln!(text, "{start}{gap}{word}  {end}");
    for more in lines {
        let _ = writeln!(text, "{before}{:9}{more}", "");
    }
    if verbose && !row.reason.source_page.is_empty() {
        let _ = writeln!(text, "     {}", paint(DIM, row.reason.source_page));
    }
}

pub(super) fn changes(
    text: &mut String,
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    trace: &Trace,
    blockers: &[Blocker],
) {
    if blockers.is_empty() {
        return;
    }
    // What mends several is said once, with all that it mends.
    let mut changes: Vec<(String, String, Vec<usize>)> = Vec::new();
    for (number, (blocker, remedy)) in
        blockers.iter().zip(remedies(of.network, of.connection, trace)).enumerate()
    {
        // A blocker of another case than the one shown says whose it is.
        let stops = |case: &&Case| case.blockers().any(|other| other == *blocker);
        let elsewhere = trace.cases.iter().find(stops).filter(|case| Some(*case) != trace.worst());
        let case = elsewhere.map(|case| format!("  ({})", report.when(of, trace, case))).unwrap_or_default();
        match changes.iter_mut().find(|(known, ..)| *known == remedy) {
            Some((_, known, mended)) => {
                mended.push(number + 1);
                if *known != case {
                    known.clear(); // it is for several cases
                }
            }
            None => changes.push((remedy, case, vec![number + 1])),
        }
    }
    let title = match changes.len() {
        1 => "To connect:",
        2 => "To connect, both of:",
        _ => "To connect, all of:",
    };
    let _ = writeln!(text, "\n{}", paint(STRONG, title));
    for (change, case, mended) in changes {
        let marks: Vec<String> = mended.iter().map(|number| format!("[{number}]")).collect();
        let _ = writeln!(text, "  {} {change}{case}", paint(BAD, marks.concat()));
    }
    let behind_unknown = trace.cases.iter().any(|case| case.legs().any(|(_, leg)| !leg.is_complete()));
    if behind_unknown {
        let _ = writeln!(
            text,
            "  {}",
            paint(DIM, "More may stand behind: where there is no next hop nothing can be judged.")
        );
    }
    let outside = !matches!(of.connection.from, Endpoint::Interface(_));
    let mut blockers = blockers.iter();
    let on_client_ports = outside
        && blockers.any(|blocker| {
            let by_rules = matches!(
                blocker.checkpoint.decided_by,
                DecidedBy::NoSecurityGroupRule | DecidedBy::NetworkAclEntry(_)
            );
            let has_ports = blocker.checkpoint.header.source_port().is_some();
            blocker.leg == LegKind::Reverse && by_rules && has_ports
        });
    if on_client_ports && of.connection.ephemeral.is_some_and(|range| range.client == "linux") {
        let _ = writeln!(
            text,
            "  {}",
            paint(DIM, "Clients behind NAT gateways or load balancers need 1024-65535.")
        );
    }
}

fn records(text: &mut String, report: &Report<'_>, position: usize, case: &Case, listed: &[Listed<'_>]) {
    let records: Vec<_> = report.records_of(position).collect();
    let of = report.connections.get(position);
    if records.is_empty() {
        let why = if report.is_seen(position) {
            " of its own: its packets are not watched, filtered out, or in those of another connection"
        } else {
            ""
        };
        let _ = writeln!(text, "\n{}{why}", paint(STRONG, "Records: none"));
        return;
    }
    let shown = of.and_then(ConnectionReport::case);
    let shown = shown.as_ref();
    let same_case = shown == Some(case);
    let of_case = shown.zip(of).filter(|_| !same_case);
    let of_case = of_case
        .map(|(shown, of)| format!(", {}: {}", report.when(of, &of.trace(), shown), shown.outcome))
        .unwrap_or_default();
    let label = |record: &FlowLogRecord| {
        let direction = record.flow.map(|flow| flow.direction.to_string()).unwrap_or_default();
        format!("{} {direction}", report.network_of(record).vantage_name(record.vantage))
    };
    let width = records.iter().map(|record| label(record).chars().count()).max().unwrap_or(0);
    let mut flow_log = None;
    for record in records {
        let id = &report.network_of(record).flow_logs[record.flow_log].identity.id;
        if flow_log != Some(id) {
            flow_log = Some(id);
            let _ = writeln!(
                text,
                "\n{} ({}{of_case})",
                paint(STRONG, "Records"),
                report.network_of(record).flow_logs[record.flow_log].identity
            );
        }
        let by = report.sighting(record).filter(|_| same_case).map(|seen| {
            if seen.mirrored.is_some() {
                return "  mirrored".to_owned();
            }
            // What was decided later, or otherwise, is not in the list.
            let is_listed = |row: &&Listed<'_>| {
                let same =
                    seen.leg.checkpoints.get(row.position).map(|point| (point.place, point.decided_by));
                row.leg == seen.kind
                    && row.proxies == seen.proxies
                    && same == Some((row.checkpoint.place, row.checkpoint.decided_by))
            };
            let is_base = of.is_some_and(|of| of.epoch == seen.epoch);
            let decided = |row: &&Listed<'_>| is_base && seen.sighting.decided_by.contains(&row.position);
            let numbers = listed.iter().filter(decided).filter(is_listed);
            let numbers = numbers.map(|row| row.number.to_string()).collect::<Vec<_>>().join(", ");
            // What stops a packet of the first ones is always in the list.
            let is_later = !is_base || numbers.is_empty() && record.flow.is_some_and(is_rejected);
            if is_later { "  later".to_owned() } else { format!("  by {numbers}") }
        });
        let by = by.filter(|by| by != "  by ").map(|by| paint(DIM, by)).unwrap_or_default();
        let _ = writeln!(text, "  {:<width$}  {}{by}", label(record), report.line(record));
    }
}

fn is_rejected(flow: flowcast::flowlog::Flow) -> bool {
    flow.action == flowcast::flowlog::Action::Reject
}

fn foot(text: &mut String, report: &Report<'_>, position: usize, verbose: bool) {
    let names: Vec<&str> = report.assumptions_of(position).into_iter().collect();
    let hint = if verbose { "" } else { "; checks passed and sources: --verbose" };
    if !names.is_empty() {
        let _ = writeln!(text, "{}  {}{}", paint(STRONG, "Assumptions"), names.join(", "), paint(DIM, hint));
    }
    if verbose {
        for assumption in names.iter().filter_map(|name| flowcast::model::Assumption::find(name)) {
            let _ = writeln!(text, "  {}: {}", assumption.name, assumption.text);
        }
    }
}

pub(super) fn style_of(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Connected => GOOD.bold(),
        Outcome::Blocked | Outcome::Unanswered => BAD,
        Outcome::Depends | Outcome::Unknown => OPEN.bold(),
    }
}
