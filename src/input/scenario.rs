//! A scenario: the network, the traffic on it, and what is expected.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fields::{Fields, boolean, items, located, located_text, text};
use super::scalar::{account, duration, instant, one_of};
use super::shape::SCENARIO;
use super::yaml::{Node, Value};
use super::{events, foreign, network, profile, traffic, yaml};
use crate::diagnostic::{Diagnostics, Located, Origin, problems};
use crate::model::inventory::{Connection, Inventory, ProfiledTraffic, Provenance};
use crate::model::{Expectation, HEALTH_CHECK_OF, WindowPhase};
use crate::net::Timestamp;

/// Account and Region of a scenario that states none; the account is the one of AWS's examples.
pub(super) const DEFAULT_ACCOUNT: &str = "123456789010";
pub(super) const DEFAULT_REGION: &str = "us-east-1";

/// A scenario as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ScenarioText {
    /// What it shows, in one sentence.
    pub(crate) title: Option<String>,
    /// The pages it proves.
    pub(crate) proves: Vec<String>,
    /// Where time begins.
    pub(crate) start: Timestamp,
    /// Where time ends, when stated.
    pub(crate) duration: Option<Located<Duration>>,
    /// The file or folder with what AWS answered of the network, when it is not written here.
    pub(crate) network: Option<Located<String>>,
    /// The network.
    pub(crate) inventory: Inventory,
    /// The network as events change it, in the order of time.
    pub(crate) changes: Vec<events::ChangeText>,
    /// The traffic.
    pub(crate) connections: Vec<Connection>,
    /// Traffic of profiles.
    pub(crate) traffic: Vec<ProfiledTraffic>,
    /// Where the windows of interfaces begin.
    pub(crate) window_phase: WindowPhase,
    /// What is expected of connections.
    pub(crate) expectations: Vec<Expectation>,
    /// Lines that must be among the records.
    pub(crate) expected_records: Vec<Located<String>>,
}

/// Reads a scenario; everything that is wrong with it goes to `problems`.
pub(crate) fn read_scenario(text_: &str, source: u32, problems: &mut Diagnostics) -> Option<ScenarioText> {
    if let Some((tool, start, length)) = foreign::in_text(text_) {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let at = Origin { source, start: narrow(start), length: narrow(length) };
        problems.push(problems::foreign_text(Some(at), tool, foreign::HELP));
        return None;
    }
    let phase = one_of("a phase of windows", &WindowPhase::NAMES);
    let document = yaml::parse(text_, source);
    let document = problems.ok(document)?;
    let mut top = Fields::of(&document, &SCENARIO, problems)?;
    let mut scenario = ScenarioText {
        title: top.value("scenario", text, problems),
        proves: top.list("proves", text, problems).unwrap_or_default(),
        start: top.value("start", instant, problems).unwrap_or(Timestamp::DEFAULT_START),
        duration: top.value("duration", located(duration), problems),
        window_phase: top.value("window_phase", phase, problems).unwrap_or_default(),
        ..ScenarioText::default()
    };
    let inventory = &mut scenario.inventory;
    inventory.account = top.value("account", account, problems).unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned());
    inventory.region = top.value("region", text, problems).unwrap_or_else(|| DEFAULT_REGION.to_owned());
    scenario.network = top.value("network", located_text, problems);
    let inventory = &mut scenario.inventory;
    if top.value("observed", boolean, problems) == Some(true) {
        inventory.provenance = Provenance::Observed;
    }
    network::network(&mut top, inventory, problems);
    let written = top.node("events");
    scenario.connections = top.list("connections", traffic::connection, problems).unwrap_or_default();
    let duration = scenario.duration.as_ref().map(|duration| duration.value);
    let profiled = |node: &Node, problems: &mut Diagnostics| profile::profiled(node, duration, problems);
    scenario.traffic = top.list("traffic", profiled, problems).unwrap_or_default();
    scenario.expectations = top.value("expect", traffic::expectations, problems).unwrap_or_default();
    scenario.expected_records = top.list("expect_records", located_text, problems).unwrap_or_default();
    top.finish(problems);
    // With errors in the network each event would repeat them.
    if let Some(node) = written.filter(|_| !problems.has_errors()) {
        scenario.changes = events::changes(&document, items(node), &scenario.inventory, problems);
    }
    if problems.has_errors() {
        // What has errors may not have been read: references to it are not wrong themselves.
        let mut names = Vec::new();
        collect_names(&document, &mut names);
        problems.expect_dangling(names);
    }
    check_names(&scenario, problems);
    Some(scenario)
}

/// Everything that is written as the name of something, at any level.
fn collect_names(node: &Node, names: &mut Vec<String>) {
    const KEYS: [&str; 5] = ["name", "id", "interface", "internet_gateway", "egress_only_internet_gateway"];
    match &node.value {
        Value::Map(entries) => {
            for entry in entries {
                match &entry.node.value {
                    Value::Text(name) if KEYS.contains(&entry.key.as_str()) => names.push(name.clone()),
                    _ => collect_names(&entry.node, names),
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| collect_names(item, names)),
        _ => {}
    }
}

fn check_names(scenario: &ScenarioText, problems: &mut Diagnostics) {
    let mut origins = BTreeMap::new();
    for connection in &scenario.connections {
        if let Some(first) = origins.insert(connection.name.as_str(), connection.origin) {
            problems.push(problems::duplicate_name(connection.origin, "connection", &connection.name, first));
        }
    }
    let mut of_traffic = BTreeMap::new();
    for traffic in &scenario.traffic {
        if let Some(first) = of_traffic.insert(traffic.name.as_str(), traffic.origin) {
            problems.push(problems::duplicate_name(traffic.origin, "traffic", &traffic.name, first));
        }
    }
    for name in scenario.expectations.iter().filter_map(|expectation| expectation.connection.as_ref()) {
        // Those of health checks are known when the network is.
        let is_of_check = name.value.starts_with(HEALTH_CHECK_OF);
        if !is_of_check && !origins.contains_key(name.value.as_str()) {
            let known = origins.keys().copied();
            problems.push(problems::unknown_reference(name.origin, "connection", &name.value, known));
        }
    }
}
