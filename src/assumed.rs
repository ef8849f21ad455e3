//! Which assumptions a connection and its records rest on.

mod ends;
mod records;
mod ways;

use std::collections::BTreeSet;
use std::time::Duration;

use ends::{asks_service_otherwise, has_made_up_address, of_end, of_service};
use records::{of_sighting, of_volume, of_window};
use ways::{is_forwarded_one_way, is_inspected_apart, of_leg};

use crate::flowlog::FlowLogRecord;
use crate::model::{LegKind, LoadBalancerListener, Tracking};
use crate::net::{Header, Protocol};
use crate::report::{ConnectionReport, Report};
use crate::scenario::leans_on_source_rules;
use crate::timeline::{Turn, longest_pause, outlives_close, packets_of};
use crate::walk::{Case, Checkpoint, DecidedBy, LoadBalancerFact, Place, Stage, TrackedFlow};

/// Names of the assumptions behind the verdict of the connection at `position`, and behind the `records` that it began.
pub(crate) fn assumptions(
    report: &Report<'_>,
    position: usize,
    of: &ConnectionReport<'_>,
    records: &[&FlowLogRecord],
) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    if of.connection.ephemeral.is_some_and(|range| range.client == "linux") {
        names.insert("linux-ephemeral-ports");
    }
    if of.connection.is_health_check {
        names.insert("health-checks");
    }
    if of.connection.shares_flow {
        names.insert("connections-apart");
    }
    for end in [of.connection.from, of.connection.to] {
        of_end(of.network, end, &mut names);
    }
    of_service(of.network, of, &mut names);
    if has_made_up_address(of.network, of) {
        names.insert("load-balancer-public-addresses");
    }
    let trace = of.trace();
    let behind = trace.cases.iter().flat_map(|case| case.behind().map(|(_, case)| case));
    for (_, leg) in trace.cases.iter().chain(behind).flat_map(Case::legs) {
        of_leg(of.network, leg, &mut names);
    }
    if trace.cases.iter().any(|case| asks_service_otherwise(of.network, of, case)) {
        names.insert("service-ports");
    }
    if trace.cases.iter().any(|case| is_inspected_apart(of.network, case)) {
        names.insert("endpoints-apart");
    }
    if trace.cases.iter().any(is_forwarded_one_way) {
        names.insert("one-way-forwarding");
    }
    if let Some(traffic) = Some(position)
        .filter(|_| !records.is_empty())
        .and_then(|position| report.scenario.traffic(position, of))
    {
        of_volume(of, &trace, &mut names);
        of_time(report, of, position, &mut names);
        for way in &traffic.ways {
            let network = report.scenario.network_at(way.epoch);
            for sighting in &way.sightings {
                if network.mirrors() && leans_on_source_rules(network, sighting) {
                    names.insert("mirror-source-rules");
                }
                of_sighting(report, network, sighting, records, &mut names);
            }
        }
        if traffic.ways.iter().any(|way| report.scenario.network_at(way.epoch).mirrors()) {
            for copy in report.copies(position) {
                of_leg(report.scenario.network_at(copy.epoch), &copy.leg, &mut names);
            }
        }
        for record in records {
            of_window(report, record, &mut names);
        }
    }
    names
}

/// The shortest pause that a load balancer can take for the end of a flow.
const LEAST_IDLE_TIME: Duration = Duration::from_secs(LoadBalancerListener::TCP_IDLE.least);

/// Whether something remembers packets by an idle time that was not collected.
fn assumes_idle_time(report: &Report<'_>, turns: &[Turn]) -> bool {
    turns.iter().any(|turn| {
        let network = report.scenario.network_at(turn.epoch);
        let is_assumed = |place: Place, header: &Header| {
            matches!(place, Place::Gateway(gateway) if network.assumes_idle_time(gateway, header))
        };
        let remembers = &turn.leg.remembers;
        remembers.translations().iter().any(|own| is_assumed(own.place, &own.before))
            || remembers.flows().iter().any(|own| is_assumed(own.place, &own.header))
    })
}

/// What becomes of a connection while it lasts.
fn of_time(
    report: &Report<'_>,
    of: &ConnectionReport<'_>,
    position: usize,
    names: &mut BTreeSet<&'static str>,
) {
    let Some((bursts, turns)) = report.turns(position) else { return };
    for turn in turns.iter().filter(|turn| turn.epoch != of.epoch) {
        of_leg(report.scenario.network_at(turn.epoch), &turn.leg, names);
    }
    let opened = || turns.iter().flat_map(|turn| turn.leg.remembers.flows());
    let is_untracked = |flow: &TrackedFlow| {
        matches!(flow.place, Place::NetworkInterface(_)) && flow.tracking == Tracking::Untracked
    };
    let turns_tracked = |before: &TrackedFlow| {
        opened().any(|flow| {
            (flow.direction, flow.header) == (before.direction, before.header)
                && flow.tracking != Tracking::Untracked
        })
    };
    if opened().filter(|flow| is_untracked(flow)).any(turns_tracked) {
        names.insert("untracked-becomes-tracked");
    }
    let protocol = of.connection.request.protocol;
    let case = of.case();
    let planned = case.as_ref().map(|case| packets_of(of.connection, case)).unwrap_or_default();
    let behind = case.iter().flat_map(Case::behind).map(|(opened, case)| packets_of(opened, case).len());
    let all_planned = planned.len() + behind.sum::<usize>();
    let is_reset = turns
        .iter()
        .filter_map(|turn| turn.leg.checkpoints.first())
        .any(|first| first.decided_by == DecidedBy::Leaves && first.stage == Stage::NatGateway);
    if is_reset {
        names.insert("nat-reset-source");
    } else if bursts.len() > all_planned {
        names.insert("retransmission");
    }
    let has_no_listener =
        |point: &Checkpoint| point.decided_by == DecidedBy::LoadBalancer(LoadBalancerFact::NoListener);
    if turns.iter().any(|turn| turn.leg.checkpoints.iter().any(has_no_listener)) {
        names.insert("no-listener-silent");
    }
    if report.scenario.is_closed_by_proxy(of) {
        names.insert("listener-closes");
    }
    let pause = longest_pause(&planned);
    if protocol == Protocol::TCP && pause >= LEAST_IDLE_TIME && assumes_idle_time(report, &turns) {
        names.insert("listener-idle");
    }
    if case.is_some_and(|case| case.onward.is_some()) && pause >= Duration::from_secs(60) {
        names.insert("proxy-idle");
    }
    if protocol == Protocol::TCP && outlives_close(&planned) {
        names.insert("close-grace");
    }
    if protocol.is_icmp() && pause >= Duration::from_secs(600) {
        names.insert("icmp-idle");
    }
    if protocol == Protocol::TCP && pause >= Duration::from_secs(350) {
        names.insert("nitro-v6-families");
        let is_answered = turns.iter().any(|turn| turn.kind == LegKind::Reverse);
        if !is_answered {
            names.insert("half-open-idle");
        }
    }
}
