//! The JSON of an explanation. Names of members are stable; members are added, never renamed.

use std::time::Duration;

use flowcast::flowlog::FlowLogRecord;
use flowcast::model::{LegKind, Network};
use flowcast::net::{Direction, Header, Payload};
use flowcast::timeline::{Moment, Turn};
use flowcast::walk::{
    Blocker, Case, Checkpoint, Leg, Reason, Trace, TrackedFlow, Translation, remedies, remedy_behind,
};
use flowcast::{ConnectionReport, Copied, Report};
use serde_json::{Value as Json, json};

use crate::cli::json::{SCHEMA_VERSION, pretty};

/// Everything about one connection, as one object.
pub(super) fn explain(report: &Report<'_>, position: usize, at: Option<Duration>) -> anyhow::Result<String> {
    let Some(of) = report.connections.get(position) else { return Ok(String::new()) };
    let trace = of.trace();
    let case = trace.worst();
    let leg = |kind| {
        case.and_then(|case| case.legs().find(|(leg, _)| *leg == kind))
            .map(|(_, walked)| leg_json(report, of.network, walked))
    };
    let alternatives: Vec<Json> = if trace.cases.len() > 1 {
        trace.cases.iter().map(|case| alternative(report, of, &trace, case)).collect()
    } else {
        Vec::new()
    };
    let [from, to] = &of.connection.labels;
    let all = json!({
        "schema_version": SCHEMA_VERSION,
        "connection": of.connection.name,
        "from": from,
        "to": to,
        "outcome": of.outcome.to_string(),
        "symptom": of.symptom.map(|symptom| symptom.to_string()),
        "forward": leg(LegKind::Forward),
        "reverse": leg(LegKind::Reverse),
        "onward": case.map(|case| onward_json(report, of, case)),
        "blockers": blockers_json(report, of, &trace),
        "alternatives": alternatives,
        "turns": turns_json(report, position),
        "mirrored": mirrored_json(report, position),
        "moment": at.and_then(|at| moment_json(report, position, at)),
        "records": report.records_of(position).map(|record| record_json(report, record)).collect::<Vec<_>>(),
        "assumptions": report.assumptions_of(position),
    });
    pretty(&all)
}

fn alternative(report: &Report<'_>, of: &ConnectionReport<'_>, trace: &Trace, case: &Case) -> Json {
    json!({
        "when": report.when(of, trace, case),
        "source_ports": {"from": case.source_ports.from(), "to": case.source_ports.to()},
        "outcome": case.outcome.to_string(),
        "symptom": case.symptom.map(|symptom| symptom.to_string()),
        "forward": leg_json(report, of.network, &case.forward),
        "reverse": case.reverse.as_ref().map(|leg| leg_json(report, of.network, leg)),
        "onward": onward_json(report, of, case),
    })
}

/// What a proxy that took the connection does: where it sends, and how the connection goes that it opens.
fn onward_json(report: &Report<'_>, of: &ConnectionReport<'_>, case: &Case) -> Json {
    let Some(onward) = case.onward.as_deref() else { return Json::Null };
    let decision = checkpoint_json(report, of.network, &case.forward, &onward.checkpoint);
    let Some((connection, behind)) = &onward.way else {
        let point = &onward.checkpoint;
        let remedy = remedy_behind(of.network, point).filter(|_| point.decision.stops());
        return json!({"decision": decision, "outcome": onward.outcome().to_string(), "remedy": remedy});
    };
    let of = of.behind(connection, behind);
    let [from, to] = &connection.labels;
    json!({
        "decision": decision,
        "from": from,
        "to": to,
        "source_ports": {"from": behind.source_ports.from(), "to": behind.source_ports.to()},
        "outcome": behind.outcome.to_string(),
        "forward": leg_json(report, of.network, &behind.forward),
        "reverse": behind.reverse.as_ref().map(|leg| leg_json(report, of.network, leg)),
        "blockers": blockers_json(report, &of, &Trace::of(behind.clone())),
        "onward": onward_json(report, &of, behind),
    })
}

/// The ways that packets went, each with when the first of them was sent.
fn turns_json(report: &Report<'_>, position: usize) -> Vec<Json> {
    let Some((bursts, turns)) = report.turns(position) else { return Vec::new() };
    let turn = |turn: &Turn| {
        json!({
            "at": turn.first_packet(&bursts).map(seconds),
            "leg": turn.kind.to_string(),
            "network": turn.epoch,
            "proxies": turn.proxies,
            "packets": turn.packets(),
            "delivered": turn.leg.is_delivered(),
            "stopped_by": turn.leg.stopped_at.and_then(|at| turn.leg.checkpoints.get(at)).map(|stop| {
                checkpoint_json(report, report.scenario.network_at(turn.epoch), &turn.leg, stop)
            }),
        })
    };
    turns.iter().map(turn).collect()
}

/// The copies that traffic mirror sessions make.
fn mirrored_json(report: &Report<'_>, position: usize) -> Vec<Json> {
    let copy = |copy: &Copied| {
        let network = report.scenario.network_at(copy.epoch);
        let session = &network.traffic_mirror_sessions[copy.by.session];
        json!({
            "session": session.identity.id,
            "source": network.network_interfaces[session.source].identity.id,
            "target": network.network_interfaces[session.target].identity.id,
            "rule": network.mirror_rule(copy.by).map(ToString::to_string),
            "direction": copy.by.direction.to_string(),
            "leg": copy.kind.to_string(),
            "network": copy.epoch,
            "from": copy.from.as_secs_f64(),
            "packets": copy.packets,
            "copies": leg_json(report, network, &copy.leg),
        })
    };
    report.copies(position).iter().map(copy).collect()
}

/// What is remembered at a time, and what packets would meet then.
fn moment_json(report: &Report<'_>, position: usize, at: Duration) -> Option<Json> {
    let mut own = one_moment_json(report, &report.moment(position, at)?, at);
    let behind = report.moments_behind(position, at);
    let behind = behind.iter().map(|(connection, moment)| {
        let mut json = one_moment_json(report, moment, at);
        let [from, to] = &connection.labels;
        if let Some(object) = json.as_object_mut() {
            object.insert("from".to_owned(), Json::from(from.as_str()));
            object.insert("to".to_owned(), Json::from(to.as_str()));
        }
        json
    });
    let behind: Vec<Json> = behind.collect();
    if let Some(object) = own.as_object_mut() {
        object.insert("onward".to_owned(), Json::Array(behind));
    }
    Some(own)
}

fn one_moment_json(report: &Report<'_>, moment: &Moment, at: Duration) -> Json {
    let network = report.scenario.network_at(moment.epoch);
    let milliseconds = |time| seconds(Duration::from_millis(time));
    let flow = |(flow, last, lasts): (&TrackedFlow, u64, u64)| {
        json!({
            "place": flow.place.id(network),
            "direction": flow.direction.to_string(),
            "header": header_json(&flow.header),
            "tracking": flow.tracking.to_string(),
            "last_packet": milliseconds(last),
            "forgotten": milliseconds(last.saturating_add(lasts)),
        })
    };
    let translation = |by: &Translation| {
        json!({
            "place": by.place.id(network),
            "before": header_json(&by.before),
            "after": header_json(&by.after),
            "is_forgotten": by.is_forgotten,
        })
    };
    json!({
        "at": seconds(at),
        "network": moment.epoch,
        "flows": moment.remembered.flows(network).map(flow).collect::<Vec<_>>(),
        "translations": moment.remembered.memory().translations().iter().map(translation).collect::<Vec<_>>(),
        "request": moment.request.as_ref().map(|leg| leg_json(report, network, leg)),
        "reply": moment.reply.as_ref().map(|leg| leg_json(report, network, leg)),
    })
}

/// Seconds from the scenario's start, to the millisecond.
fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn leg_json(report: &Report<'_>, network: &Network, leg: &Leg) -> Json {
    json!({
        "delivered": leg.is_delivered(),
        "complete": leg.is_complete(),
        "checkpoints": leg.checkpoints.iter().map(|checkpoint| checkpoint_json(report, network, leg, checkpoint)).collect::<Vec<_>>(),
    })
}

fn checkpoint_json(report: &Report<'_>, network: &Network, leg: &Leg, checkpoint: &Checkpoint) -> Json {
    json!({
        "stage": checkpoint.stage.entry().name,
        "place": checkpoint.place.id(network),
        "direction": checkpoint.direction.to_string(),
        "decision": checkpoint.decision.name(),
        "hypothetical": checkpoint.hypothetical,
        "decided_by": reason_json(report, &Reason::of(network, leg, checkpoint), checkpoint.direction),
        "header": header_json(&checkpoint.header),
    })
}

fn reason_json(report: &Report<'_>, reason: &Reason, direction: Direction) -> Json {
    json!({
        "kind": reason.kind,
        "id": reason.id,
        "owner": reason.owner,
        "short": reason.short(direction).trim(),
        "text": reason.text,
        "origin": reason.origin.map(|at| report.scenario.sources.short(at)),
        "source_page": reason.source_page,
    })
}

fn blockers_json(report: &Report<'_>, of: &ConnectionReport<'_>, trace: &Trace) -> Json {
    let blockers = trace.blockers();
    let remedies = remedies(of.network, of.connection, trace);
    blockers
        .iter()
        .zip(remedies)
        .map(|(blocker, remedy)| blocker_json(report, of.network, blocker, &remedy))
        .collect()
}

fn blocker_json(report: &Report<'_>, network: &Network, blocker: &Blocker, remedy: &str) -> Json {
    let checkpoint = &blocker.checkpoint;
    let reason = Reason::of(network, &Leg::default(), checkpoint);
    json!({
        "leg": blocker.leg.to_string(),
        "stage": checkpoint.stage.entry().name,
        "place": checkpoint.place.id(network),
        "decided_by": reason_json(report, &reason, checkpoint.direction),
        "remedy": remedy,
    })
}

fn header_json(header: &Header) -> Json {
    let mut json = json!({
        "source": header.source.to_string(),
        "destination": header.destination.to_string(),
        "protocol": header.protocol.0,
    });
    let added = match header.payload {
        Payload::Ports { source, destination } => {
            [("source_port", source), ("destination_port", destination)]
        }
        Payload::Icmp(icmp) => [("icmp_type", icmp.kind.into()), ("icmp_code", icmp.code.into())],
        Payload::Opaque => return json,
    };
    if let Some(object) = json.as_object_mut() {
        object.extend(added.map(|(key, value)| (key.to_owned(), Json::from(value))));
    }
    json
}

fn record_json(report: &Report<'_>, record: &FlowLogRecord) -> Json {
    let network = report.network_of(record);
    json!({
        "flow_log": network.flow_logs[record.flow_log].identity.id,
        "interface": record.vantage.interface().map(|card| &network.network_interfaces[card].identity.id),
        "transit_gateway_attachment": record.vantage.attachment().map(|_| network.vantage_id(record.vantage)),
        "leg": record.flow.map(|flow| flow.cause.leg().to_string()),
        "line": report.line(record),
        "decided_by": report.reasons(record).iter().map(|(point, reason)| reason.short(point.direction)).collect::<Vec<_>>(),
    })
}
