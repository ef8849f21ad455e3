//! Laws of transit gateway flow logs: what comes into a gateway leaves it or is lost, whatever changes on the way.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flowcast::net::Direction;
use flowcast::{Report, Scenario};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::time::{counted, sent};
use super::{config, text_by};

/// A hub with two spokes and an office, and a gateway behind a peering with one more.
const NETWORK: &str = "
vpcs:
  - {name: a, cidr_block: 10.1.0.0/16}
  - {name: b, cidr_block: 10.2.0.0/16}
  - {name: c, cidr_block: 10.3.0.0/16, region: us-west-2}
subnets:
  - {name: sa, vpc: a, cidr_block: 10.1.0.0/24, routes: [0.0.0.0/0 -> hub]}
  - {name: sb, vpc: b, cidr_block: 10.2.0.0/24, routes: [0.0.0.0/0 -> hub]}
  - {name: sc, vpc: c, cidr_block: 10.3.0.0/24, routes: [0.0.0.0/0 -> far]}
transit_gateways:
  - name: hub
    attachments:
      - {name: to-a, vpc: a, subnets: [sa]}
      - {name: to-b, vpc: b, subnets: [sb]}
      - {name: to-office, resource_type: vpn}
      - {name: to-far, peering: far}
    route_tables:
      - {name: main, associations: [to-a, to-b, to-office, to-far], propagations: [to-a, to-b, to-office],
         routes: [10.3.0.0/16 -> to-far, 10.4.0.0/16 -> blackhole]}
  - name: far
    attachments:
      - {name: to-c, vpc: c, subnets: [sc]}
      - {name: to-hub, peering: hub}
    route_tables:
      - {name: other, associations: [to-c, to-hub], propagations: [to-c],
         routes: [10.0.0.0/8 -> to-hub, 192.168.0.0/16 -> to-hub]}
customer_networks:
  - {name: office, cidr_blocks: [192.168.1.0/24], via: [to-office]}
security_groups:
  - {name: open-b, vpc: b, ingress: [allow all from 0.0.0.0/0]}
  - {name: open-c, vpc: c, ingress: [allow tcp 443 from 0.0.0.0/0]}
instances:
  - {name: ia, subnet: sa}
  - {name: ib, subnet: sb, security_groups: [open-b]}
  - {name: ic, subnet: sc, security_groups: [open-c]}
";

/// Changes of which each is possible after those before it.
const CHANGES: &[&str] = &[
    "change: {vpcs: [{name: a}]}",
    "add: {transit_gateways: [{name: hub, route_tables: [{name: main, routes: [10.2.0.0/24 -> blackhole]}]}]}",
    "add: {transit_gateways: [{name: far, route_tables: [{name: other, routes: [10.1.0.0/24 -> blackhole]}]}]}",
    "remove: {transit_gateways: [{name: hub, route_tables: [{name: main, routes: [10.3.0.0/16 -> to-far]}]}]}",
    "remove: {transit_gateways: [{name: hub, route_tables: [{name: main, propagations: [to-a]}]}]}",
    "change: {security_groups: [{name: open-b, ingress: []}]}",
    "add: {vpcs: [{name: d, cidr_block: 10.9.0.0/16}]}",
];

const ENDS: &[&str] = &["ia", "ib", "ic", "192.168.1.10"];
const TARGETS: &[&str] = &["ia", "ib", "ic", "192.168.1.10", "192.168.2.10", "10.4.0.9", "10.8.0.9"];

/// A connection: its ends, what it asks for, when it begins, how long it lasts, and how often it asks.
type Asked = (&'static str, &'static str, &'static str, u64, u64);

fn connections() -> impl Strategy<Value = Vec<Asked>> {
    let one = (
        select(ENDS),
        select(TARGETS),
        select(&["tcp: 443", "udp: 53", "icmp: echo-request"]),
        0..200_u64,
        select(&[1_u64, 30, 150]),
    );
    vec(
        one.prop_filter("two ends", |(from, to, ..)| from != to && !(from.contains('.') && to.contains('.'))),
        1..6,
    )
}

fn events() -> impl Strategy<Value = Vec<(u64, &'static str)>> {
    let chosen = btree_set(0..CHANGES.len(), 0..4);
    (chosen, vec(1..260_u64, 4)).prop_map(|(chosen, mut times)| {
        times.sort_unstable();
        chosen.into_iter().zip(times).map(|(change, at)| (at, CHANGES[change])).collect()
    })
}

/// The text of a scenario whose flow logs watch `resources`.
fn text(resources: &[&str], connections: &[Asked], events: &[(u64, &str)]) -> String {
    let mut text = format!("duration: 6m{NETWORK}flow_logs:\n");
    for resource in resources {
        let _ = writeln!(text, "  - {{name: log-{resource}, resource: {resource}}}");
    }
    text.push_str("connections:\n");
    for (number, (from, to, what, at, lasts)) in connections.iter().enumerate() {
        let _ = write!(text, "  - {{name: c{number}, from: {from}, to: {to}, {what}, at: {at}s");
        let _ = if what.starts_with("icmp") {
            writeln!(text, ", count: {lasts}}}")
        } else {
            writeln!(text, ", lasts: {lasts}s, request_every: 7s}}")
        };
    }
    if !events.is_empty() {
        text.push_str("events:\n");
    }
    for (at, change) in events {
        let _ = writeln!(text, "  - {{at: {at}s, {change}}}");
    }
    text
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse("transit.yaml", text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Packets and bytes by gateway: those that came in and were not lost, and those that left.
fn crossings(report: &Report<'_>) -> BTreeMap<String, [(u64, u64); 2]> {
    let mut sums: BTreeMap<String, [(u64, u64); 2]> = BTreeMap::new();
    for record in &report.records {
        let (Some(flow), Some(attachment)) = (record.flow, record.vantage.attachment()) else { continue };
        let of = report.network_of(record).attached(attachment).unwrap();
        let sides = sums.entry(of.gateway.identity.name.clone()).or_default();
        let transit = flow.transit.expect("an attachment sees what crosses its gateway");
        assert_eq!(transit.lost.is_some(), transit.pair.is_none(), "what is lost does not leave");
        let side = match (flow.direction, transit.lost) {
            (Direction::Ingress, Some(_)) => continue,
            (Direction::Ingress, None) => &mut sides[0],
            (Direction::Egress, lost) => {
                assert_eq!(lost, None, "what leaves is not lost");
                &mut sides[1]
            }
        };
        *side = (side.0 + flow.packets, side.1 + flow.bytes);
    }
    sums
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn what_comes_in_leaves_or_is_lost(asked in connections(), events in events()) {
        let text = text(&["a", "b", "c", "hub", "far"], &asked, &events);
        let scenario = scenario(&text);
        let report = scenario.run();
        prop_assert_eq!(counted(&report), sent(&report), "{}", text);
        for (gateway, [came, left]) in crossings(&report) {
            prop_assert_eq!(came, left, "{} {}", gateway, text);
        }
    }

    /// The flow logs of all attachments of a gateway say what its own says.
    #[test]
    fn attachments_say_what_the_gateway_says(asked in connections(), events in events()) {
        let lines = |resources: &[&str]| {
            let scenario = scenario(&text(resources, &asked, &events));
            let mut lines: Vec<String> = scenario.run().to_string().lines().map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        prop_assert_eq!(lines(&["hub"]), lines(&["to-a", "to-b", "to-office", "to-far"]));
    }

    #[test]
    fn any_number_of_threads_writes_the_same_of_gateways(asked in connections(), events in events()) {
        let scenario = scenario(&text(&["a", "hub", "to-a", "far"], &asked, &events));
        let texts = [1, 2, 8].map(|threads| text_by(threads, &scenario));
        prop_assert!(texts.iter().all(|text| *text == texts[0]));
    }

    /// Where nothing watches a gateway, its flow logs change nothing of others.
    #[test]
    fn flow_logs_of_gateways_change_no_others(asked in connections(), events in events()) {
        let of_vpcs = |resources: &[&str]| {
            let scenario = scenario(&text(resources, &asked, &events));
            let text = scenario.run().to_string();
            text.lines().filter(|line| !line.contains(" TransitGateway ")).map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(of_vpcs(&["a", "b", "c"]), of_vpcs(&["a", "b", "c", "hub", "far"]));
    }
}
