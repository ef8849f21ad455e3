//! What became of a connection later: other ways of its packets, and what is remembered of it at a time.

use std::fmt::Write as _;
use std::time::Duration;

use flowcast::diagnostic::escape;
use flowcast::model::{LegKind, Network, Tracking};
use flowcast::timeline::{Moment, Turn};
use flowcast::walk::{DecidedBy, Leg, Place, Reason};
use flowcast::{ConnectionReport, Report};

use crate::cli::output::{BAD, DIM, GOOD, OPEN, STRONG, paint};

/// Ways that are told; there can be one for each packet.
const MOST: usize = 20;

/// The ways that packets went after the first ones, if there were others.
pub(super) fn ways(text: &mut String, report: &Report<'_>, of: &ConnectionReport<'_>, position: usize) {
    let Some((bursts, turns)) = report.turns(position) else { return };
    let mut seen = Vec::new();
    let is_later = |turn: &&Turn| {
        // Connections that proxies opened go other ways from the first packet on.
        let first = (turn.kind, turn.proxies);
        turn.epoch != of.epoch || seen.contains(&first) || {
            seen.push(first);
            false
        }
    };
    let later: Vec<&Turn> = turns.iter().filter(is_later).collect();
    let is_closed = report.is_closed_by_proxy(position);
    if later.is_empty() && !is_closed {
        return;
    }
    let _ = writeln!(text, "\n{}", paint(STRONG, "Later"));
    for change in report.scenario.changes.iter().filter(|change| change.at >= of.connection.begin()) {
        let name = change.name.as_ref().map(|name| format!(": {}", escape(name))).unwrap_or_default();
        let _ =
            writeln!(text, "  {}", paint(DIM, format!("at {}, the network changes{name}", time(change.at))));
    }
    let shown = || later.iter().take(MOST);
    let of_time = shown().filter_map(|turn| Some(time(turn.first_packet(&bursts)?).len())).max().unwrap_or(0);
    let of_packets = shown().map(|turn| format!("{} packets", turn.packets()).len()).max().unwrap_or(0);
    for turn in shown() {
        let network = report.scenario.network_at(turn.epoch);
        let at = turn.first_packet(&bursts).map(time).unwrap_or_default();
        let packets = turn.packets();
        let plural = if packets == 1 { "" } else { "s" };
        let behind = if turn.proxies > 0 { " behind" } else { "" };
        let (way, end) = (format!("{}{behind}", turn.kind.name()), end(report, network, &turn.leg));
        let packets = format!("{packets} packet{plural}");
        let _ = writeln!(text, "  from {at:<of_time$}  {way:<7}  {packets:<of_packets$}  {end}");
    }
    if later.len() > MOST {
        let _ = writeln!(text, "  … and {} more ways; `--output json` has all", later.len() - MOST);
    }
    if is_closed {
        let _ = writeln!(text, "  the load balancer closes the connection when its listener is deleted");
    }
}

/// What is remembered of a connection at a time, and what its next packets would meet.
pub(super) fn moment(text: &mut String, report: &Report<'_>, position: usize, at: Duration) {
    let Some(own) = report.moment(position, at) else { return };
    let _ = writeln!(text, "\n{}", paint(STRONG, format!("At {}", time(at))));
    one_moment(text, report, own);
    for (connection, behind) in report.moments_behind(position, at) {
        let [from, to] = connection.labels.each_ref().map(|label| escape(label));
        let title = format!("At {}, behind {from}: from it to {to}", time(at));
        let _ = writeln!(text, "\n{}", paint(STRONG, title));
        one_moment(text, report, behind);
    }
}

fn one_moment(text: &mut String, report: &Report<'_>, moment: Moment) {
    let Moment { epoch, remembered, request, reply } = moment;
    let network = report.scenario.network_at(epoch);
    let mut is_empty = true;
    for (flow, last, lasts) in remembered.flows(network) {
        is_empty = false;
        let until = Duration::from_millis(last.saturating_add(lasts));
        let (place, last) = (place(network, flow.place), time(Duration::from_millis(last)));
        let what = match flow.tracking {
            Tracking::Tracked => "tracked",
            Tracking::Automatic => "tracked automatically",
            Tracking::Untracked => {
                let (header, direction) = (flow.header, flow.direction);
                let _ = writeln!(
                    text,
                    "  {place} does not track {header} ({direction}): rules judge its packets each way; last packet at {last}"
                );
                continue;
            }
        };
        let _ = writeln!(
            text,
            "  {place} remembers {} ({}), {what}; last packet at {last}, forgotten at {} if no other comes",
            flow.header,
            flow.direction,
            time(until)
        );
    }
    for by in remembered.memory().translations() {
        is_empty = false;
        let place = place(network, by.place);
        let state = if by.is_forgotten { "; idle for too long: answers with RST" } else { "" };
        let _ = writeln!(text, "  {place} turns {} into {}{state}", by.before, by.after);
    }
    if is_empty {
        let _ = writeln!(text, "  nothing is remembered of it");
    }
    for (kind, way) in [(LegKind::Forward, request), (LegKind::Reverse, reply)] {
        let end = match &way {
            Some(way) => end(report, network, way),
            None => paint(DIM, "nobody sends one"),
        };
        let _ = writeln!(text, "  another {:<7}  {end}", kind.name());
    }
}

fn place(network: &Network, place: Place) -> String {
    match place {
        Place::NetworkInterface(card) => network.interface_label(card).to_string(),
        Place::Gateway(gateway) => network.gateways[gateway].identity.to_string(),
        other => other.id(network),
    }
}

/// How a way ends, and what decides it.
pub(super) fn end(report: &Report<'_>, network: &Network, way: &Leg) -> String {
    let stop = way.stopped_at.or(way.unknown_at).and_then(|at| way.checkpoints.get(at));
    let Some(stop) = stop else {
        let mut remembered = way.checkpoints.iter().filter(|point| {
            matches!(point.decided_by, DecidedBy::TrackedFlow { .. } | DecidedBy::SecurityGroupRule { .. })
        });
        let reason = remembered.next_back().map(|point| Reason::of(network, way, point));
        let why =
            reason.map(|reason| format!("; group {}: {}", reason.owner, reason.text)).unwrap_or_default();
        return format!("{}{why}", paint(GOOD, "arrives"));
    };
    let reason = Reason::of(network, way, stop);
    let at = reason.origin.map(|at| format!("  {}", report.scenario.sources.short(at))).unwrap_or_default();
    let style = if way.stopped_at.is_some() { BAD } else { OPEN };
    let word = paint(style, stop.decision.name().to_uppercase());
    let stage = stop.stage.entry().name;
    format!("{word}  {stage}  {}: {}{at}", reason.short(stop.direction).trim(), reason.text)
}

/// A time from the scenario's start, in the units in which scenarios are written.
pub(super) fn time(at: Duration) -> String {
    humantime::format_duration(at).to_string()
}
