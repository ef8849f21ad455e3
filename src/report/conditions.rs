//! The cases of a connection in words: what in each is not fixed, and what is not known.

use super::{ConnectionReport, Report};
use crate::model::{Identity, LegKind, Network, Outcome};
use crate::walk::{Case, Checkpoint, DecidedBy, Decision, Place, Reason, Stage, Trace, TransitGatewayFact};

impl Report<'_> {
    /// The conditions of the cases of `trace`, in words, each once for each outcome with the first of its cases.
    pub(super) fn conditions<'t>(
        &self,
        report: &ConnectionReport<'_>,
        trace: &'t Trace,
    ) -> Vec<(String, &'t Case)> {
        let mut all: Vec<(String, &Case)> = Vec::new();
        for case in &trace.cases {
            let when = self.when(report, trace, case);
            if !all.iter().any(|(known, other)| *known == when && other.outcome == case.outcome) {
                all.push((when, case));
            }
        }
        all
    }

    /// The condition of a case of `trace`, in words: what in it is not fixed.
    pub fn when(&self, report: &ConnectionReport<'_>, trace: &Trace, case: &Case) -> String {
        let mut parts = Vec::new();
        // What all cases have tells none of them apart.
        let others = || trace.cases.iter().filter(|other| other.source_ports != case.source_ports);
        if report.connection.source_ports.count() > 1 && (trace.cases.len() == 1 || others().next().is_some())
        {
            parts.push(format!("from port {}", case.source_ports));
        }
        if !report.connection.near_alternatives.is_empty() {
            parts.push(format!("from {}", case.request.source));
        }
        if !report.connection.alternatives.is_empty() {
            parts.push(format!("to {}", case.request.destination));
        }
        let network = report.network;
        let is_one_of_many = trace.cases.len() > 1;
        let translations = case.forward.remembers.translations().iter().filter(|by| by.chooses_port());
        for translation in translations.filter(|_| is_one_of_many) {
            let own = translation.after.source;
            let card = network.interfaces_with(own).into_iter().next();
            let mut whose = card.map(|card| network.interface_label(card).to_string()).unwrap_or_default();
            if card.is_some_and(|card| network.network_interfaces[card].private_ip_addresses.len() > 1) {
                whose = format!("{whose} ({own})");
            }
            let has_ports = translation.before.protocol.has_ports();
            parts.push(if has_ports {
                format!("from port {} of {whose}", translation.ports)
            } else {
                format!("by {whose}")
            });
        }
        let balanced = case.balanced_by().filter(|_| is_one_of_many);
        parts.extend(balanced.map(|point| Reason::of(network, &case.forward, point).text));
        let behind = case.behind().filter(|(connection, case)| connection.source_ports != case.source_ports);
        parts.extend(behind.map(|(connection, case)| {
            format!("from port {} of {}", case.source_ports, crate::diagnostic::escape(&connection.labels[0]))
        }));
        for (kind, leg) in case.legs() {
            let arbitrary =
                leg.checkpoints.iter().filter(|point| case.arbitrary_routes().any(|other| other == *point));
            parts.extend(arbitrary.map(|point| format!("by route {}", Reason::of(network, leg, point).id)));
            let back = if kind == LegKind::Reverse { "back " } else { "" };
            let entrances = leg.checkpoints.iter().filter_map(|point| entrance(network, trace, kind, point));
            parts.extend(entrances.map(|attachment| format!("{back}from {attachment}")));
            for point in leg.checkpoints.iter().filter(|point| is_chosen(trace, kind, point)) {
                parts.push(match point.interface.filter(|_| point.decided_by == DecidedBy::Leaves) {
                    Some(card) => format!("{back}by {}", network.interface_label(card)),
                    None => format!("{back}by route {}", Reason::of(network, leg, point).id),
                });
            }
        }
        if parts.is_empty() { "always".to_owned() } else { parts.join(", ") }
    }

    /// What is not simulated, and stands in the way of an answer.
    pub fn unknown_because(&self, report: &ConnectionReport<'_>) -> String {
        let network = report.network;
        let trace = report.trace();
        let unknown = trace.cases.iter().filter(|case| is_open(case.outcome)).find_map(|case| {
            let own = |case: &Case| {
                case.legs().find_map(|(_, leg)| {
                    let checkpoint = leg.checkpoints.get(leg.unknown_at?)?;
                    Some(Reason::of(network, leg, checkpoint).text)
                })
            };
            let decided = case.onward.as_ref().map(|onward| onward.checkpoint);
            let decided = decided.filter(|point| point.decision == Decision::Unknown);
            let at_proxy = || decided.map(|point| Reason::of(network, &case.forward, &point).text);
            let behind = || case.behind().find_map(|(_, case)| own(case));
            own(case).or_else(at_proxy).or_else(behind)
        });
        unknown.unwrap_or_else(|| {
            let count = trace.cases.len();
            format!("AWS has more ways to choose from than the {count} that are told apart")
        })
    }
}

/// Whether a transit gateway took this route on the leg, or left by this interface, in some cases of `trace` alone.
fn is_chosen(trace: &Trace, kind: LegKind, point: &Checkpoint) -> bool {
    let is_leaving = point.decided_by == DecidedBy::Leaves;
    let may_be_chosen =
        is_leaving || matches!(point.decided_by, DecidedBy::TransitGateway(TransitGatewayFact::Route { .. }));
    if point.stage != Stage::TransitGateway || !may_be_chosen {
        return false;
    }
    let is_same = |other: &Checkpoint| {
        other.place == point.place
            && takes_as(other.decided_by, point.decided_by)
            && (!is_leaving || other.interface == point.interface)
    };
    let takes = |case: &Case| {
        let mut legs = case.legs().filter(|(other, _)| *other == kind);
        legs.any(|(_, leg)| leg.checkpoints.iter().any(is_same))
    };
    // Of a leg that was not walked nothing can be said.
    let is_walked = |case: &&Case| case.legs().any(|(other, _)| other == kind);
    !trace.cases.iter().filter(is_walked).all(takes)
}

/// The attachment by which a packet from a network on premises came to a transit gateway, where it comes by another one
/// in some case of `trace`: its own routers choose.
fn entrance<'n>(
    network: &'n Network,
    trace: &Trace,
    kind: LegKind,
    point: &Checkpoint,
) -> Option<&'n Identity> {
    let came_by = |point: &Checkpoint| match (point.place, point.decided_by) {
        (Place::Gateway(gateway), DecidedBy::TransitGateway(TransitGatewayFact::Route { from, .. })) => {
            Some((gateway, from))
        }
        _ => None,
    };
    let (gateway, from) = came_by(point).filter(|_| point.interface.is_none())?;
    let mut legs = trace.cases.iter().flat_map(Case::legs).filter(|(other, _)| *other == kind);
    let is_other = |other: &Checkpoint| {
        other.interface.is_none() && came_by(other).is_some_and(|(at, by)| at == gateway && by != from)
    };
    let varies = legs.any(|(_, leg)| leg.checkpoints.iter().any(is_other));
    let own = network.gateways[gateway].transit_gateway().filter(|_| varies)?;
    own.attachments.get(from).map(|attachment| &attachment.identity)
}

/// Whether both are the same decision of a transit gateway, from whichever attachment the packet came.
fn takes_as(one: DecidedBy, other: DecidedBy) -> bool {
    let route = |by| match by {
        DecidedBy::TransitGateway(TransitGatewayFact::Route { table, route, .. }) => Some((table, route)),
        _ => None,
    };
    one == other || (route(one).is_some() && route(one) == route(other))
}

/// Whether an outcome leaves open what the records show.
fn is_open(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Unknown | Outcome::Depends)
}
