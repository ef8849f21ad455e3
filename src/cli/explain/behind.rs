//! What is behind a proxy that took a connection: the ones that it opened, each explained as any other.

use std::fmt::Write as _;

use flowcast::timeline::Rerouted;
use flowcast::walk::{Case, Decision, Reason, Trace, remedy_behind};
use flowcast::{ConnectionReport, Report};

use super::later::time;
use super::path;
use super::text::{Listed, changes, legs, list, style_of};
use crate::cli::output::{BAD, GOOD, OPEN, STRONG, paint};

/// Explains the connections behind that of `case`, one behind the other; gives what was listed of them, numbered after
/// `listed`.
pub(super) fn explain<'a>(
    text: &mut String,
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    case: &'a Case,
    mut listed: Vec<Listed<'a>>,
    verbose: bool,
) -> Vec<Listed<'a>> {
    let mut front = case;
    let (mut of, mut proxies) = (*of, 0);
    while let Some(onward) = front.onward.as_deref() {
        let point = &onward.checkpoint;
        let reason = Reason::of(of.network, &front.forward, point);
        let style = match point.decision {
            Decision::Allow | Decision::Pass => GOOD,
            Decision::Deny | Decision::Drop => BAD,
            Decision::Unknown => OPEN,
        };
        let (title, word) = (format!("Behind {}", reason.owner), point.decision.name());
        let _ = writeln!(text, "\n{}  {}  {}", paint(STRONG, title), paint(style, word), reason.text);
        let Some((connection, behind)) = &onward.way else {
            if let Some(remedy) = remedy_behind(of.network, point).filter(|_| point.decision.stops()) {
                let _ = writeln!(text, "\n{}\n  {remedy}", paint(STRONG, "To connect:"));
            }
            break;
        };
        of = of.behind(connection, behind);
        let trace = Trace::of(behind.clone());
        let blockers = trace.blockers();
        proxies += 1;
        let rows = list(of.network, behind, &blockers, verbose, (proxies, listed.len()));
        let outcome = behind.outcome.to_string().to_uppercase();
        let _ = writeln!(text, "{}", paint(style_of(behind.outcome), outcome));
        for (leg, _) in behind.legs() {
            let _ = writeln!(text, "{}", path::line(&of, behind, leg, &blockers));
        }
        legs(text, report, &of, behind, &rows, verbose);
        changes(text, report, &of, &trace, &blockers);
        listed.extend(rows);
        front = behind;
    }
    listed
}

/// The same behind a proxy that took the connection only after its first packet, or sends its requests to others later.
pub(super) fn later(
    text: &mut String,
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    position: usize,
    verbose: bool,
) {
    for Rerouted { epoch, at, case } in report.rerouted(position) {
        let _ = writeln!(text, "\n{}", paint(STRONG, format!("From {} on", time(at))));
        let mut then = *of;
        (then.epoch, then.network) = (epoch, report.scenario.network_at(epoch));
        explain(text, report, &then, &case, Vec::new(), verbose);
    }
}
