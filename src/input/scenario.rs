//! A scenario: the network, the traffic on it, and what is expected.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use super::fields::{Fields, located_text, text};
use super::scalar::{account, duration, instant};
use super::{network, traffic, yaml};
use crate::diagnostic::{Diagnostics, Located, Origin, problems};
use crate::model::Expectation;
use crate::model::inventory::{Connection, Inventory};
use crate::net::Timestamp;

/// Account and Region of a scenario that states none; the account is the one of AWS's examples.
const DEFAULT_ACCOUNT: &str = "123456789010";
const DEFAULT_REGION: &str = "us-east-1";

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
    pub(crate) duration: Option<Duration>,
    /// The network.
    pub(crate) inventory: Inventory,
    /// The traffic.
    pub(crate) connections: Vec<Connection>,
    /// What is expected of connections.
    pub(crate) expectations: Vec<Expectation>,
    /// Lines that must be among the records.
    pub(crate) expected_records: Vec<Located<String>>,
}

/// Reads a scenario; everything that is wrong with it goes to `problems`.
pub(crate) fn read_scenario(text_: &str, source: u32, problems: &mut Diagnostics) -> Option<ScenarioText> {
    let document = yaml::parse(text_, source);
    let document = problems.ok(document)?;
    let mut top = Fields::of(&document, "a scenario", problems)?;
    let mut scenario = ScenarioText {
        title: top.optional("scenario", text, problems),
        proves: top.list("proves", text, problems).unwrap_or_default(),
        start: top.optional("start", instant, problems).unwrap_or(Timestamp::DEFAULT_START),
        duration: top.optional("duration", duration, problems),
        ..ScenarioText::default()
    };
    let inventory = &mut scenario.inventory;
    inventory.account =
        top.optional("account", account, problems).unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned());
    inventory.region = top.optional("region", text, problems).unwrap_or_else(|| DEFAULT_REGION.to_owned());
    network::network(&mut top, inventory, problems);
    scenario.connections = top.list("connections", traffic::connection, problems).unwrap_or_default();
    scenario.expectations = top.optional("expect", traffic::expectations, problems).unwrap_or_default();
    scenario.expected_records = top.list("expect_records", located_text, problems).unwrap_or_default();
    top.finish(problems);
    check_names(&scenario, problems);
    Some(scenario)
}

fn check_names(scenario: &ScenarioText, problems: &mut Diagnostics) {
    let mut first: BTreeMap<&str, Option<Origin>> = BTreeMap::new();
    for connection in &scenario.connections {
        match first.entry(&connection.name) {
            Entry::Vacant(free) => drop(free.insert(connection.origin)),
            Entry::Occupied(taken) => {
                let name = &connection.name;
                problems.push(problems::duplicate_name(connection.origin, "connection", name, *taken.get()));
            }
        }
    }
    for name in scenario.expectations.iter().filter_map(|expectation| expectation.connection.as_ref()) {
        if !first.contains_key(name.value.as_str()) {
            let known = first.keys().copied();
            problems.push(problems::unknown_reference(name.origin, "connection", &name.value, known));
        }
    }
}
