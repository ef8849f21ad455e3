//! Traffic mirror filters and sessions. What a session sends to is told by an answer of its own.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TrafficMirrorSession.html>

use super::assemble::{Assembly, names};
use super::convert::name_tag;
use super::json::Read;
use super::shapes::{TrafficMirrorFilter, TrafficMirrorFilterRule as Told, TrafficMirrorPortRange};
use crate::diagnostic::{Diagnostics, problems};
use crate::model::inventory;
use crate::model::{MirrorAction, RuleNumber, TrafficMirrorFilterRule};
use crate::net::{Direction, FiveTuple, PerDirection, PortRange, Protocol};

impl Assembly<'_, '_, '_> {
    pub(super) fn traffic_mirrors(&mut self) {
        let answers = self.answers;
        let filters = names(&answers.traffic_mirror_filters, |filter| name_tag(filter.tags.as_ref()));
        for filter in answers.traffic_mirror_filters.iter() {
            let identity = filter.identity(filters.keep(name_tag(filter.value.tags.as_ref())));
            if filter.value.network_services.iter().flatten().next().is_some() {
                let message = format!("{} mirrors Amazon DNS as well", filter.name());
                let help = "that is not simulated: of DNS nothing is copied";
                self.problems.push(problems::not_modelled(identity.origin, message, help));
            }
            let rules = PerDirection::from_fn(|direction| rules(filter, direction, self.problems));
            self.inventory.traffic_mirror_filters.push(inventory::TrafficMirrorFilter { identity, rules });
        }
        let sessions = names(&answers.traffic_mirror_sessions, |session| name_tag(session.tags.as_ref()));
        let mut lacking = 0;
        for session in answers.traffic_mirror_sessions.iter() {
            let own = &session.value;
            let is_known =
                answers.traffic_mirror_filters.get(own.traffic_mirror_filter_id.as_str()).is_some();
            let target = answers.traffic_mirror_targets.get(own.traffic_mirror_target_id.as_str());
            let Some(target) = target.filter(|_| is_known) else {
                lacking += 1;
                continue;
            };
            let Some(interface) = &target.value.network_interface_id else {
                let message = format!("{} copies to no network interface", session.name());
                let help =
                    "load balancers and endpoints as targets are not simulated: its copies are in no record";
                self.problems.push(problems::not_modelled(session.origin(), message, help));
                continue;
            };
            let number = u16::try_from(own.session_number).ok().and_then(RuleNumber::new);
            let Some(session_number) = number else {
                let message = "not a number from 1 to 32766";
                let id = &own.traffic_mirror_session_id;
                session.complain(id, "SessionNumber", message, self.problems);
                continue;
            };
            self.inventory.traffic_mirror_sessions.push(inventory::TrafficMirrorSession {
                identity: session.identity(sessions.keep(name_tag(own.tags.as_ref()))),
                source: session.reference(&own.network_interface_id),
                target: target.reference(interface),
                filter: session.reference(&own.traffic_mirror_filter_id),
                session_number,
                packet_length: own.packet_length.and_then(|length| u16::try_from(length).ok()),
            });
        }
        if lacking > 0 {
            let message = format!("traffic mirror sessions without target or filter: {lacking}");
            let help = "collect `aws ec2 describe-traffic-mirror-targets` and `describe-traffic-mirror-filters`: what they copy is in no record here";
            self.problems.push(problems::not_collected(None, message, help));
        }
    }
}

/// The rules of a filter for one direction.
fn rules(
    filter: &Read<'_, TrafficMirrorFilter<'_>>,
    direction: Direction,
    problems: &mut Diagnostics,
) -> Vec<TrafficMirrorFilterRule> {
    let (key, told) = match direction {
        Direction::Ingress => ("IngressFilterRules", &filter.value.ingress_filter_rules),
        Direction::Egress => ("EgressFilterRules", &filter.value.egress_filter_rules),
    };
    let all = told.iter().flatten().enumerate();
    all.filter_map(|(at, told)| rule(filter, told, &format!("{key}[{at}]"), problems)).collect()
}

fn rule(
    filter: &Read<'_, TrafficMirrorFilter<'_>>,
    told: &Told<'_>,
    path: &str,
    problems: &mut Diagnostics,
) -> Option<TrafficMirrorFilterRule> {
    let mut complain = |key: &str, message: &str| {
        filter.complain(&told.traffic_mirror_filter_rule_id, format!("{path}.{key}"), message, problems);
    };
    let number = u16::try_from(told.rule_number).ok().and_then(RuleNumber::new);
    if number.is_none() {
        complain("RuleNumber", "not a number from 1 to 32766");
    }
    let action = MirrorAction::NAMES.iter().find(|(name, _)| *name == told.rule_action.as_str());
    if action.is_none() {
        complain("RuleAction", "neither `accept` nor `reject`");
    }
    // The API has no protocol for all of them; -1 stands for them elsewhere.
    let protocol = match told.protocol.filter(|number| *number != -1) {
        None => Some(Vec::new()),
        Some(number) => u8::try_from(number).ok().map(|number| vec![Protocol(number)]),
    };
    if protocol.is_none() {
        complain("Protocol", "not a protocol");
    }
    let ports = [
        ("SourcePortRange", &told.source_port_range),
        ("DestinationPortRange", &told.destination_port_range),
    ]
    .map(|(key, range)| {
        let read = range.as_ref().map_or(Some(Vec::new()), ports);
        if read.is_none() {
            complain(key, "not a range of ports");
        }
        read
    });
    let [source, destination] = [
        ("SourceCidrBlock", &told.source_cidr_block),
        ("DestinationCidrBlock", &told.destination_cidr_block),
    ]
    .map(|(key, block)| filter.cidr(block, format!("{path}.{key}"), problems));
    let [source_ports, destination_ports] = ports;
    let test = FiveTuple {
        protocols: protocol?,
        sources: vec![source?.value],
        source_ports: source_ports?,
        destinations: vec![destination?.value],
        destination_ports: destination_ports?,
    };
    let origin = Some(filter.place(&told.traffic_mirror_filter_rule_id));
    Some(TrafficMirrorFilterRule { number: number?, action: action?.1, test, origin })
}

/// A range of ports; none stated is all.
fn ports(range: &TrafficMirrorPortRange<'_>) -> Option<Vec<PortRange>> {
    let (Some(from), Some(to)) = (range.from_port, range.to_port) else { return Some(Vec::new()) };
    let [from, to] = [from, to].map(|port| u16::try_from(port).ok());
    PortRange::new(from?, to?).ok().map(|range| vec![range])
}
