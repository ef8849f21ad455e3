//! Changes of the network while traffic flows. An event is written in the sections of the network itself: `change` has
//! keys of resources that replace theirs, `add` has resources and entries of their lists, `remove` the same. It is carried
//! out on the document, so that what comes of it is read and checked as any network is.

mod blackhole;
mod patch;
mod services;

use std::time::Duration;

use super::fields::{Fields, items, text};
use super::network;
use super::scalar::duration;
use super::shape::{CHANGED_SECTIONS, EVENT, PART, REMOVED_SECTIONS, SCENARIO};
use super::yaml::{Node, Value};
use crate::diagnostic::{Diagnostics, Located, Origin, problems};
use crate::model::inventory::Inventory;
use patch::Verb;

/// Networks that one scenario may have, one behind the other.
const MOST_EVENTS: usize = 1_000;

/// Values that all of them may have, which are kept at the same time.
const MOST_VALUES: usize = 1_000_000;

/// The network from a time on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChangeText {
    /// From when on, from the scenario's start.
    pub(crate) at: Located<Duration>,
    /// What its author calls it.
    pub(crate) name: Option<String>,
    /// The network as it is then.
    pub(crate) inventory: Inventory,
    /// The names of what is there no more, and where it was removed.
    pub(crate) gone: Vec<Located<String>>,
}

/// An event as it was read.
struct Event<'a> {
    at: Located<Duration>,
    name: Option<String>,
    parts: Vec<Part<'a>>,
}

/// What an event does in one section.
struct Part<'a> {
    verb: Verb,
    section: &'static str,
    node: &'a Node,
}

/// Every change in the order of time. `base` has what the scenario says of the network as a whole.
pub(super) fn changes(
    document: &Node,
    events: &[Node],
    base: &Inventory,
    problems: &mut Diagnostics,
) -> Vec<ChangeText> {
    let read: Vec<Option<Event<'_>>> = events.iter().map(|node| event(node, problems)).collect();
    let mut read: Vec<Event<'_>> = read.into_iter().flatten().collect();
    read.sort_by_key(|event| event.at.value);
    if let Some(first) = read.get(MOST_EVENTS) {
        let message = format!("a scenario has at most {MOST_EVENTS} events");
        problems.push(problems::invalid_value(first.at.origin, message, "split it into several scenarios"));
        return Vec::new();
    }
    let network = without_events(document);
    if let Some(first) = read.first().filter(|_| size(&network).saturating_mul(read.len()) > MOST_VALUES) {
        let message = format!("{} events of so large a network are too many", read.len());
        let help = "each event keeps a network of its own: have fewer, or a smaller network";
        problems.push(problems::invalid_value(first.at.origin, message, help));
        return Vec::new();
    }
    let mut network_then = network;
    let mut all: Vec<ChangeText> = Vec::new();
    let mut gone: Vec<Located<String>> = Vec::new();
    for event in read {
        for Part { verb, section, node } in &event.parts {
            let mut own = Diagnostics::default();
            patch::apply(&mut network_then, section, *verb, node, &mut gone, &mut own);
            problems.extend(own.iter().cloned().map(|problem| problem.after_removal(&gone)));
        }
        if problems.has_errors() {
            continue; // the network rests on what is wrong
        }
        if let Some(inventory) = inventory(&network_then, base, (event.at.origin, &gone), problems) {
            let before = all.last().map_or(base, |last| &last.inventory);
            services::withdrawn(before, &inventory, event.at.origin, problems);
            // What happens at one time happens at once.
            match all.last_mut().filter(|last| last.at.value == event.at.value) {
                Some(last) => {
                    last.inventory = inventory;
                    last.gone.clone_from(&gone);
                    let names = last.name.take().into_iter().chain(event.name);
                    last.name = names.reduce(|all, next| format!("{all}; {next}"));
                }
                None => {
                    let gone = gone.clone();
                    all.push(ChangeText { at: event.at, name: event.name, inventory, gone });
                }
            }
        }
    }
    all
}

fn event<'a>(node: &'a Node, problems: &mut Diagnostics) -> Option<Event<'a>> {
    let mut fields = Fields::of(node, &EVENT, problems)?;
    let at = fields.value("at", super::fields::located(duration), problems);
    let name = fields.value("name", text, problems);
    let mut parts = Vec::new();
    for verb in Verb::ALL {
        let Some(part) = fields.node(verb.key()) else { continue };
        let sections = if verb == Verb::Remove { &REMOVED_SECTIONS } else { &CHANGED_SECTIONS };
        let Some(mut read) = Fields::of(part, sections, problems) else { continue };
        for section in sections.keys() {
            let Some(node) = read.node(section.name) else { continue };
            if items(node).is_empty() {
                let message = format!("nothing is named under `{}`", section.name);
                problems.push(problems::no_effect(
                    Some(node.origin),
                    message,
                    "name what changes, or leave it out",
                ));
            }
            for item in items(node).iter().filter(|item| matches!(item.value, Value::Map(_))) {
                // Keys that stand twice, and a name that is none.
                if let Some(mut part) = Fields::of(item, &PART, problems) {
                    let [_, _] = ["name", "id"].map(|key| part.value(key, text, problems));
                    part.finish(problems);
                }
            }
            parts.push(Part { verb, section: section.name, node });
        }
        read.finish(problems);
    }
    fields.finish(problems);
    Some(Event { at: at?, name, parts })
}

/// The network of the document as it has become.
fn inventory(
    document: &Node,
    base: &Inventory,
    (after, gone): (Option<Origin>, &[Located<String>]),
    problems: &mut Diagnostics,
) -> Option<Inventory> {
    let mut own = Diagnostics::default();
    let mut top = Fields::of(document, &SCENARIO, &mut own)?;
    let mut inventory = Inventory {
        account: base.account.clone(),
        region: base.region.clone(),
        provenance: base.provenance,
        ..Inventory::default()
    };
    network::network(&mut top, &mut inventory, &mut own);
    problems.join_new(own, after, gone);
    Some(inventory)
}

/// The document but for events and traffic, which are no part of what events change.
fn without_events(document: &Node) -> Node {
    const OTHERS: [&str; 5] = ["events", "connections", "traffic", "expect", "expect_records"];
    let Value::Map(entries) = &document.value else { return document.clone() };
    let kept = entries.iter().filter(|entry| !OTHERS.contains(&entry.key.as_str())).cloned().collect();
    Node { value: Value::Map(kept), origin: document.origin }
}

/// Number of values in a document.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|entry| size(&entry.node)).sum(),
        _ => 0,
    }
}
