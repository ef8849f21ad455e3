//! What traffic mirror sessions copy of a connection, and how the copies fare.

use std::fmt::Write as _;

use flowcast::diagnostic::escape;
use flowcast::{Copied, Report};

use super::later::{end, time};
use crate::cli::output::{DIM, STRONG, paint};

/// A line for each way that copies go.
pub(super) fn copies(text: &mut String, report: &Report<'_>, position: usize) {
    let all = report.copies(position);
    if all.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", paint(STRONG, "Mirrored"));
    let of_time = all.iter().map(|copied| time(copied.from).len()).max().unwrap_or(0);
    for Copied { epoch, kind, by, leg, from, packets, .. } in &all {
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
            "  from {:<of_time$}  the {}, {} at {source}: {session}  {rule}{}",
            time(*from),
            kind.name(),
            by.direction,
            origin.map(|at| format!("  {}", paint(DIM, at))).unwrap_or_default()
        );
        let plural = if *packets == 1 { "y" } else { "ies" };
        let end = end(report, network, leg);
        let _ = writeln!(text, "    {packets} cop{plural} in VXLAN to {target}, {datagram}  {end}");
    }
}
