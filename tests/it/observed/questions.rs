//! A broad set of questions to a network, and everything that is answered.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flowcast::Scenario;
use flowcast::model::{Icmp, Traffic, inventory};
use flowcast::net::{Direction, IcmpType, Match, Protocol};
use flowcast::walk::{Checkpoint, Leg, Reason};

use crate::asking::{ask, question};

/// Between interfaces and with the internet, on the ports where rules begin and end and one beside.
pub(super) fn questions(scenario: &Scenario) -> Vec<inventory::Connection> {
    const ENDS: usize = 7;
    const PORTS: usize = 14;
    let network = &scenario.network;
    let all: Vec<&str> = network.network_interfaces.iter().map(|card| card.identity.id.as_str()).collect();
    let step = (all.len() / ENDS).max(1);
    let mut sorted: Vec<&str> = all.clone();
    sorted.sort_unstable();
    let ends: Vec<&str> = sorted.into_iter().step_by(step).take(ENDS).chain(["internet"]).collect();
    let mut ports = BTreeSet::new();
    let tests = network.security_groups.iter().flat_map(|group| {
        Direction::BOTH.into_iter().flat_map(|direction| group.rules.get(direction)).map(|rule| &rule.test)
    });
    let entries = network.network_acls.iter().flat_map(|acl| {
        Direction::BOTH.into_iter().flat_map(|direction| acl.entries.get(direction)).map(|entry| &entry.test)
    });
    for Match { service, .. } in tests.chain(entries) {
        let (from, to) = (service.ports.from(), service.ports.to());
        ports.extend([from.saturating_sub(1), from, to, to.saturating_add(1)]);
    }
    let step = (ports.len() / PORTS).max(1);
    let ports: Vec<u16> = ports.into_iter().step_by(step).take(PORTS).collect();
    let ping = Traffic::Icmp(Icmp::EchoRequest);
    let timestamp = Traffic::Icmp(Icmp::Number(IcmpType { kind: 13, code: 0 }));
    let mut asked = Vec::new();
    for from in &ends {
        for to in ends.iter().filter(|to| *to != from) {
            let tcp = ports.iter().map(|port| Traffic::Tcp(*port));
            let udp = ports.iter().step_by(4).map(|port| Traffic::Udp(*port));
            let others = [ping, timestamp, Traffic::Protocol(Protocol(47))];
            asked.extend(tcp.chain(udp).chain(others).map(|traffic| question(from, to, traffic)));
        }
    }
    for (position, connection) in asked.iter_mut().enumerate() {
        connection.name = format!("{position}");
    }
    asked
}

/// How decisions are shown: in words, or by the positions of what decided, where other words say the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shown {
    Words,
    Positions,
}

/// Everything that is said: outcome, symptom, each decision with what decided it; and the records of all.
pub(super) fn answers(scenario: &Scenario, asked: &[inventory::Connection], shown: Shown) -> Vec<String> {
    let mut said = Vec::new();
    let mut scenario = scenario.clone();
    scenario.connections.clear();
    for question in asked {
        let place = format!("{} > {} {:?}", question.from.value, question.to.value, question.traffic);
        let (connection, trace) = match ask(&scenario, question) {
            Ok(answer) => answer,
            Err(problem) => {
                said.push(format!("{place}: {}", problem.message));
                continue;
            }
        };
        let mut text = format!("{place}: {} {:?}", trace.outcome, trace.symptom);
        for case in &trace.cases {
            let _ = write!(text, "\n  {:?} {}", case.source_ports, case.outcome);
            for (kind, leg) in case.legs() {
                for checkpoint in &leg.checkpoints {
                    let decided = decided(&scenario, leg, checkpoint, shown);
                    let (stage, decision) = (checkpoint.stage, checkpoint.decision);
                    let _ = write!(text, "\n    {kind} {stage} {decision:?} {decided}");
                }
            }
        }
        said.push(text);
        scenario.connections.push(connection);
    }
    // In an order of their own: that of AWS's records follows the interfaces.
    let mut records: Vec<String> = scenario.run().to_string().lines().map(str::to_owned).collect();
    if shown == Shown::Words {
        records.sort_unstable();
    }
    said.extend(records);
    said
}

fn decided(scenario: &Scenario, leg: &Leg, checkpoint: &Checkpoint, shown: Shown) -> String {
    let reason = Reason::of(&scenario.network, leg, checkpoint);
    match shown {
        Shown::Words => format!("{} {} {}", reason.kind, reason.owner, reason.text),
        Shown::Positions => {
            format!("{} {} {:?} {:?}", reason.kind, reason.owner, checkpoint.place, checkpoint.decided_by)
        }
    }
}
