//! What is assumed of records, and of what they count.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::flowlog::{FlowLogRecord, Sighting, Value};
use crate::model::{Network, Outcome, TrafficType, is_known, lattice_block};
use crate::net::{Direction, Family, Protocol};
use crate::report::{ConnectionReport, Report};
use crate::walk::Trace;

/// Numbers of packets and bytes that nobody stated.
pub(super) fn of_volume(of: &ConnectionReport<'_>, trace: &Trace, names: &mut BTreeSet<&'static str>) {
    if of.connection.bursts.is_some() {
        return;
    }
    let outcome = of.case_of(trace).map_or(of.outcome, |case| case.outcome);
    let request = &of.connection.request;
    names.insert(match (request.protocol, outcome) {
        (Protocol::TCP, Outcome::Blocked | Outcome::Unanswered) => "syn-retries",
        _ if request.icmp.is_some() => "icmp-count",
        _ => "exchange-volume",
    });
}

/// Fields of the next hop.
const NEXT_HOP: [&str; 5] = [
    "next-hop-interface-id",
    "next-hop-subnet-id",
    "next-hop-az-id",
    "next-hop-vpc-id",
    "next-hop-interface-type",
];

pub(super) fn of_sighting(
    report: &Report<'_>,
    network: &Network,
    sighting: &Sighting,
    records: &[&FlowLogRecord],
    names: &mut BTreeSet<&'static str>,
) {
    let header = &sighting.header;
    // What attachments saw matters to their records alone.
    let is_of_kind =
        |record: &&&FlowLogRecord| record.vantage.attachment().is_some() == sighting.transit.is_some();
    let records: Vec<_> = records.iter().filter(is_of_kind).collect();
    if records.is_empty() && sighting.transit.is_some() {
        return;
    }
    let shows = |field: &str| {
        records.iter().any(|record| report.format(record).fields().iter().any(|shown| shown.name == field))
    };
    let by_path = |name: &&str| !name.ends_with("traffic-path") || shows("traffic-path");
    names.extend(sighting.assumptions.iter().copied().filter(by_path));
    if [header.source, header.destination].into_iter().any(|address| lattice_block(address).is_some()) {
        names.insert("lattice-logged");
    }
    if header.protocol == Protocol::TCP && sighting.transit.is_some() && shows("tcp-flags") {
        names.insert("transit-gateway-tcp-flags");
    }
    if header.family() == Family::V6 && sighting.direction == Direction::Egress && sighting.transit.is_none()
    {
        names.insert("ipv6-own-address");
    }
    if header.protocol != Protocol::TCP && shows("tcp-flags") {
        names.insert("tcp-flags-zero");
    }
    if let Some(hop) = sighting.next_hop.filter(|_| NEXT_HOP.iter().any(|field| shows(field))) {
        if network.is_in_no_subnet(hop) {
            names.insert("regional-nat-next-hop");
        } else if sighting.vantage.interface().is_some_and(|own| network.vpc_of(hop) != network.vpc_of(own)) {
            names.insert("peering-next-hop");
        }
    }
    let is_controlled = |card| network.vpcs[network.vpc_of(card)].encryption_controls.is_some();
    if sighting.vantage.interface().is_some_and(is_controlled) && shows("encryption-status") {
        names.insert("encryption-status-endpoint");
    }
    let services = &report.scenario.services;
    let overlaps = (shows("pkt-src-aws-service") && services.is_ambiguous(header.source))
        || (shows("pkt-dst-aws-service") && services.is_ambiguous(header.destination));
    if overlaps {
        names.insert("aws-service-overlap");
    }
}

/// The length of a record's window, where it rests on the type of an instance that nobody stated.
pub(super) fn of_window(report: &Report<'_>, record: &FlowLogRecord, names: &mut BTreeSet<&'static str>) {
    let network = report.network_of(record);
    let unstated = record.vantage.interface().is_some_and(|card| {
        network
            .instance_of(card)
            .is_some_and(|instance| !instance.instance_type.as_deref().is_some_and(is_known))
    });
    let configured = network.flow_logs[record.flow_log].max_aggregation_interval;
    let shows_path = report.format(record).fields().iter().any(|field| field.name == "traffic-path");
    if network.flow_logs[record.flow_log].traffic_type != TrafficType::All
        && report.scenario.duration.is_some()
    {
        names.insert("nodata-filtered");
    }
    if network.flow_logs_are_assumed {
        names.insert("flow-logs-not-collected");
    }
    let row = report.row(record);
    let is_encoded = |value: &Value<'_>| matches!(value, Value::Tag(tag) if value.to_string() != *tag);
    if report.format(record).values(&row).any(|(_, value)| is_encoded(&value)) {
        names.insert("tag-encoding");
    }
    if unstated && (configured > Duration::from_secs(60) || shows_path) {
        names.insert("nitro-by-default");
    }
}
