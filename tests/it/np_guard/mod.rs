//! np-guard's analyser and we say the same of whole accounts, for every pair of endpoints inside a VPC.
//!
//! Its reports are about endpoints without a host behind them, so that replies are those of TCP only, and about ports
//! from 1 on. Rows with the internet assume routes that the accounts do not hold; they are not compared.

mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use flowcast::Scenario;
use flowcast::model::{Icmp, Outcome, Traffic};
use flowcast::net::{IcmpType, Protocol};
use serde_json::Value;

use crate::asking::{ask, question};
use crate::shared::shared;
use report::{Line, Packet, address, arrives, is_answered};

/// Accounts with reports, here and in the collection when it is at hand.
fn accounts() -> Vec<(PathBuf, PathBuf)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let collection = shared("data/np-guard+vpc-network-config-analyzer/pkg/awsvpc/examples");
    let mut all = pairs(&top.join("tests/data/np-guard"), "out");
    assert_eq!(all.len(), 3, "accounts with reports");
    all.extend(pairs(&collection, "out/analysis_out"));
    all
}

/// `input/input_NAME.json` and the report `NAME_all_vpcs_.txt` on it.
fn pairs(folder: &Path, reports: &str) -> Vec<(PathBuf, PathBuf)> {
    let Ok(inputs) = folder.join("input").read_dir() else { return Vec::new() };
    let mut all: Vec<_> = inputs
        .map(|entry| entry.unwrap().path())
        .filter_map(|input| {
            let name = input.file_stem()?.to_str()?.strip_prefix("input_")?.to_owned();
            let report = folder.join(reports).join(format!("{name}_all_vpcs_.txt"));
            report.is_file().then_some((input, report))
        })
        .collect();
    all.sort();
    all
}

/// Interfaces of running instances as reports write them, `name[address]`, with their VPC.
fn endpoints(account: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for instance in account["instances"].as_array().unwrap() {
        let mut tags = instance["Tags"].as_array().into_iter().flatten();
        let named = tags.find(|tag| tag["Key"] == "Name").and_then(|tag| tag["Value"].as_str());
        let name = named.or(instance["InstanceId"].as_str()).unwrap();
        for interface in instance["NetworkInterfaces"].as_array().into_iter().flatten() {
            let [address, vpc] = ["PrivateIpAddress", "VpcId"].map(|key| interface[key].as_str().unwrap());
            all.push((format!("{name}[{address}]"), vpc.to_owned()));
        }
    }
    all
}

/// The ends of every range of ports that a rule of the account or a line of the report names, and one beside each.
fn boundaries(account: &Value, report: &[Line]) -> BTreeSet<u16> {
    let mut ends: BTreeSet<u16> = [1, u16::MAX].into();
    ends.extend(report.iter().flat_map(Line::port_ends));
    ranges_of(account, &mut ends);
    let beside = |end: u16| [end.saturating_sub(1), end, end.saturating_add(1)];
    // The reports know no port 0.
    ends.into_iter().flat_map(beside).filter(|port| *port > 0).collect()
}

fn ranges_of(value: &Value, ends: &mut BTreeSet<u16>) {
    const KEYS: [&str; 4] = ["FromPort", "ToPort", "From", "To"];
    match value {
        Value::Array(items) => items.iter().for_each(|item| ranges_of(item, ends)),
        Value::Object(members) => {
            for (key, member) in members {
                if KEYS.contains(&key.as_str()) {
                    ends.extend(member.as_u64().and_then(|end| u16::try_from(end).ok()));
                }
                ranges_of(member, ends);
            }
        }
        _ => {}
    }
}

/// TCP and UDP at every pair of boundaries; ICMP at the types that rules of the account could name.
fn packets(boundaries: &BTreeSet<u16>) -> Vec<Packet> {
    let ports = [Protocol::TCP, Protocol::UDP].into_iter().flat_map(|protocol| {
        let pairs = boundaries.iter().flat_map(|source| boundaries.iter().map(move |port| (*source, *port)));
        pairs.map(move |(source, destination)| Packet::Ports { protocol, source, destination })
    });
    let types = [(0, 0), (3, 0), (3, 4), (5, 1), (8, 0), (11, 0), (13, 0), (16, 0)];
    ports.chain(types.map(|(kind, code)| Packet::Icmp { kind, code })).collect()
}

/// Whether the request arrives, and whether TCP is answered.
fn ours(scenario: &Scenario, from: &str, to: &str, packet: Packet) -> (bool, bool) {
    let (traffic, source_port) = match packet {
        Packet::Ports { protocol: Protocol::TCP, source, destination } => {
            (Traffic::Tcp(destination), Some(source))
        }
        Packet::Ports { source, destination, .. } => (Traffic::Udp(destination), Some(source)),
        Packet::Icmp { kind, code } => (Traffic::Icmp(Icmp::Number(IcmpType { kind, code })), None),
    };
    let mut question = question(from, to, traffic);
    question.source_port = source_port;
    let (_, trace) = ask(scenario, &question).unwrap();
    let [case] = trace.cases.as_slice() else { panic!("{from} to {to}, {packet:?}: it depends") };
    assert_eq!(case.forward.unknown_at, None, "{from} to {to}, {packet:?}");
    (case.forward.is_delivered(), trace.outcome == Outcome::Connected)
}

#[test]
fn every_pair_of_endpoints_agrees_with_the_report() {
    for (input, report) in accounts() {
        let scenario = Scenario::load(&input).unwrap();
        let account: Value = serde_json::from_slice(&std::fs::read(&input).unwrap()).unwrap();
        let report = report::parse(&std::fs::read_to_string(&report).unwrap());
        let endpoints = endpoints(&account);
        for listed in report.iter().flat_map(Line::endpoints) {
            assert!(endpoints.iter().any(|(end, _)| end == listed), "{}: no {listed}", input.display());
        }
        let packets = packets(&boundaries(&account, &report));
        let (mut compared, mut answered) = (0, 0);
        for (from, vpc) in &endpoints {
            for (to, _) in endpoints.iter().filter(|(to, other)| other == vpc && to != from) {
                let [source, destination] = [from, to].map(|end| address(end).unwrap().to_string());
                for packet in &packets {
                    let ours = ours(&scenario, &source, &destination, *packet);
                    let is_tcp = matches!(packet, Packet::Ports { protocol: Protocol::TCP, .. });
                    let theirs =
                        (arrives(&report, from, to, *packet), is_answered(&report, from, to, *packet));
                    let place = format!("{}: {from} to {to}, {packet:?}", input.display());
                    assert_eq!(ours.0, theirs.0, "{place}: the request arrives");
                    if is_tcp {
                        assert_eq!(ours.1, theirs.1, "{place}: and is answered");
                    }
                    compared += 1;
                    answered += usize::from(ours.1);
                }
            }
        }
        assert!(answered > 0 && compared > answered.min(16), "{}: {answered} of {compared}", input.display());
        println!("{}: {compared} questions, {answered} answered", input.display());
    }
}

/// The one account without a report is read as well.
#[test]
fn the_account_without_a_report_is_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/np-guard/input/input_aws_sg_1_allow_sg_private.json");
    let scenario = Scenario::load(&path).unwrap();
    let account: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let endpoints = endpoints(&account);
    assert!(!endpoints.is_empty());
    for (end, _) in endpoints {
        let address = address(&end).unwrap();
        let interfaces = scenario.network.network_interfaces.iter();
        let holders = interfaces
            .filter(|interface| interface.primary_address(flowcast::net::Family::V4) == Some(address));
        assert_eq!(holders.count(), 1, "{end}");
    }
}
