//! What traffic mirror sessions copy of a connection, and how the copies fare.

use std::fmt::Write as _;

use flowcast::diagnostic::escape;
use flowcast::{Copied, Report};

use super::later::end;
use crate::cli::output::{DIM, STRONG, paint};

/// A line for each way that copies go.
pub(super) fn copies(text: &mut String, report: &Report<'_>, position: usize) {
    let all = report.copies(position);
    if all.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", paint(STRONG, "Mirrored"));
    for Copied { epoch, kind, by, leg, .. } in &all {
        let network = report.scenario.network_at(*epoch);
        let session = &network.traffic_mirror_sessions[by.session];
        let label = |card| escape(&network.interface_label(card).to_string());
        let (source, target) = (label(session.source), label(session.target));
        let rule = network.mirror_rule(*by);
        let origin = rule.and_then(|rule| rule.origin).map(|at| report.scenario.sources.short(at));
        let rule = rule.map(ToString::to_string).unwrap_or_default();
        let datagram = leg.checkpoints.first().map(|point| point.header.to_string()).unwrap_or_default();
        let session = escape(&session.identity.to_string());
        let _ = writeln!(
            text,
            "  the {}, {} at {source}: {session}  {rule}{}",
            kind.name(),
            by.direction,
            origin.map(|at| format!("  {}", paint(DIM, at))).unwrap_or_default()
        );
        let _ = writeln!(text, "    VXLAN to {target}, {datagram}  {}", end(report, network, leg));
    }
}
