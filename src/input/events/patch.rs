//! One event carried out on a document.

use super::blackhole;
use crate::diagnostic::{Diagnostics, Located, Origin, problems};
use crate::input::fields::items;
use crate::input::yaml::{Entry, Node, Value};

/// What an event does with what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Keys of resources get other values; without a value a key is as if it had never been written.
    Change,
    /// Resources come into being, and lists of those that exist get more entries.
    Add,
    /// Resources go, or entries of their lists.
    Remove,
}

impl Verb {
    /// In the order in which one event does them: what is replaced by something new of the same name goes first.
    pub(super) const ALL: [Self; 3] = [Self::Remove, Self::Change, Self::Add];

    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }
}

/// Does what `verb` says with what `wanted` names in a section of `document`, and notes what is `gone`.
pub(super) fn apply(
    document: &mut Node,
    section: &str,
    verb: Verb,
    wanted: &Node,
    gone: &mut Vec<Located<String>>,
    problems: &mut Diagnostics,
) {
    let others;
    let wanted = match verb {
        Verb::Add => wanted,
        Verb::Change | Verb::Remove => {
            others = but_declared_elsewhere(document, section, wanted, problems);
            &others
        }
    };
    let Value::Map(entries) = &mut document.value else { return };
    let position = entries.iter().position(|entry| entry.key == section).unwrap_or_else(|| {
        let node = Node { value: Value::List(Vec::new()), origin: wanted.origin };
        entries.push(Entry { key: section.to_owned(), key_origin: wanted.origin, node });
        entries.len() - 1
    });
    let Some(entry) = entries.get_mut(position) else { return };
    let before = blackhole::names_in(section, &entry.node);
    named(section, &mut entry.node, verb, wanted, problems);
    let after = blackhole::names_in(section, &entry.node);
    let removed: Vec<String> = before.into_iter().filter(|name| !after.contains(name)).collect();
    blackhole::routes_to(document, section, &removed);
    gone.retain(|own| !after.contains(&own.value));
    gone.extend(removed.into_iter().map(|name| Located::at(name, wanted.origin)));
}

/// Sections whose resources may be declared at another one as well: in which section, and by which key.
const DECLARED_AT: [(&str, &str, &str); 2] = [
    ("internet_gateways", "vpcs", "internet_gateway"),
    ("egress_only_internet_gateways", "vpcs", "egress_only_internet_gateway"),
];

/// What of `wanted` is not declared at another resource; of the rest it is told that it is changed there.
fn but_declared_elsewhere(document: &Node, section: &str, wanted: &Node, problems: &mut Diagnostics) -> Node {
    let Value::Map(entries) = &document.value else { return wanted.clone() };
    let Some((_, of, key)) = DECLARED_AT.iter().find(|(own, ..)| *own == section) else {
        return wanted.clone();
    };
    let resources = |section: &str| {
        entries.iter().find(|entry| entry.key == section).map_or(&[][..], |entry| items(&entry.node))
    };
    let is_elsewhere = |item: &&Node| {
        let Some(name) = name_of(item) else { return false };
        let declares = |owner: &&Node| match &owner.value {
            Value::Map(own) => text_at(own, key) == Some(name),
            _ => false,
        };
        let is_here = resources(section).iter().any(|known| is_called(known, name));
        let owner = resources(of).iter().find(declares).and_then(name_of).filter(|_| !is_here);
        if let Some(owner) = owner {
            problems.push(problems::declared_elsewhere(item.origin, (section, name), (of, owner, key)));
        }
        owner.is_some()
    };
    let (_, others): (Vec<&Node>, Vec<&Node>) = items(wanted).iter().partition(is_elsewhere);
    Node { value: Value::List(others.into_iter().cloned().collect()), origin: wanted.origin }
}

/// A list of resources, which are known by their names.
fn named(what: &str, own: &mut Node, verb: Verb, wanted: &Node, problems: &mut Diagnostics) {
    let mut all = items(own).to_vec();
    for item in items(wanted) {
        let Some(name) = name_of(item) else {
            problems.push(problems::missing_key(Some(item.origin), "a part of an event", "name"));
            continue;
        };
        let known = all.iter().position(|other| is_called(other, name));
        match (verb, known, &item.value) {
            (Verb::Add, None, Value::Map(_))
                if is_of_aws(what, name) || (what == "flow_logs" && all.is_empty()) =>
            {
                let message = format!(
                    "what AWS, or flowcast, has under `{what}` by itself is not written, so that nothing can be added"
                );
                let help = "write it in the scenario, with all that it has, to change it";
                problems.push(problems::invalid_value(Some(item.origin), message, help));
            }
            (Verb::Add, None, Value::Map(_)) => all.push(item.clone()),
            (_, None, _) => {
                let names = all.iter().filter_map(name_of);
                let kind = what.trim_end_matches('s').replace('_', " ");
                problems.push(problems::unknown_reference(Some(item.origin), &kind, name, names));
            }
            (Verb::Remove, Some(at), Value::Text(_)) => drop(all.remove(at)),
            (Verb::Remove, Some(at), Value::Map(keys)) if has_identity_alone(keys) => drop(all.remove(at)),
            (_, Some(_), Value::Map(keys)) if has_identity_alone(keys) => {
                let message = format!("nothing of `{name}` changes");
                problems.push(problems::no_effect(Some(item.origin), message, "say what, or leave it out"));
            }
            (_, Some(at), Value::Map(keys)) => {
                if let Some(resource) = all.get_mut(at) {
                    resource_keys(what, resource, verb, keys, problems);
                }
            }
            (_, Some(_), other) => {
                let expected = format!("what to {} of `{name}`, as a mapping", verb.key());
                problems.push(problems::wrong_type(Some(item.origin), &expected, other.kind()));
            }
        }
    }
    own.value = Value::List(all);
}

/// The keys of one resource.
fn resource_keys(what: &str, resource: &mut Node, verb: Verb, keys: &[Entry], problems: &mut Diagnostics) {
    let Value::Map(own) = &mut resource.value else { return };
    for key in keys.iter().filter(|key| key.key == "id") {
        let is_other = text_at(own, "id").is_some_and(|id| Some(id) != text_at(keys, "id"));
        if is_other || text_at(own, "id").is_none() && text_at(keys, "name").is_some() {
            let message = "an event does not change the id of what exists".to_owned();
            let help = "name it by `name` alone; or remove it, and add one with another id";
            problems.push(problems::invalid_value(Some(key.key_origin), message, help));
        }
    }
    for key in keys.iter().filter(|key| !IDENTITY.contains(&key.key.as_str())) {
        // What is taken out may be named by its name alone.
        let are_named = if verb == Verb::Remove { are_names } else { is_named };
        let known = own.iter().position(|entry| entry.key == key.key);
        let before = known.and_then(|at| own.get_mut(at));
        match (verb, before, &key.node.value) {
            (Verb::Change, _, Value::Null) => own.retain(|entry| entry.key != key.key),
            (_, Some(entry), _) if is_named(&entry.node) && are_named(&key.node) => {
                named(&key.key, &mut entry.node, verb, &key.node, problems);
            }
            (Verb::Change, Some(entry), _) => *entry = key.clone(),
            (Verb::Add, None, _) if DEFAULTS.contains(&(what, key.key.as_str())) => {
                let message = format!("`{}` is what AWS gives by itself, which is not written", key.key);
                let help =
                    "write it at the resource itself, e.g. egress: [allow all to 0.0.0.0/0], to add to it";
                problems.push(problems::invalid_value(Some(key.key_origin), message, help));
            }
            (Verb::Change | Verb::Add, None, _) => own.push(key.clone()),
            (Verb::Add, Some(entry), _) if is_list(&entry.node) || is_list(&key.node) => {
                let both = items(&entry.node).iter().chain(items(&key.node)).cloned().collect();
                entry.node.value = Value::List(both);
            }
            (Verb::Remove, Some(entry), _) if is_list(&entry.node) => {
                remove_entries(&key.key, &mut entry.node, &key.node, problems);
            }
            (Verb::Add | Verb::Remove, _, _) => {
                let message =
                    format!("`{}` is no list that something can be put into or taken out of", key.key);
                let help = "`change` gives a key another value, and none with `null`";
                problems.push(problems::invalid_value(Some(key.key_origin), message, help));
            }
        }
    }
}

/// Takes entries out of a list: those that are written alike, or of which the beginning is written.
fn remove_entries(key: &str, own: &mut Node, wanted: &Node, problems: &mut Diagnostics) {
    let Value::List(entries) = &mut own.value else { return };
    for item in items(wanted) {
        let found: Vec<usize> =
            entries.iter().enumerate().filter(|(_, entry)| is_meant(entry, item)).map(|(at, _)| at).collect();
        match found.as_slice() {
            [one] => drop(entries.remove(*one)),
            [] => not_one(key, item.origin, "no entry", problems),
            _ => not_one(key, item.origin, "more than one entry", problems),
        }
    }
}

fn not_one(key: &str, at: Origin, count: &str, problems: &mut Diagnostics) {
    let message = format!("{count} of `{key}` is written like this");
    let help = "write the entry as it stands there, or as many of its first words as tell it from the others";
    problems.push(problems::invalid_value(Some(at), message, help));
}

/// Whether `item` is the entry, or its first words; of a mapping some of its keys.
fn is_meant(entry: &Node, item: &Node) -> bool {
    match (&entry.value, &item.value) {
        (Value::Map(own), Value::Map(wanted)) => wanted
            .iter()
            .all(|key| own.iter().any(|entry| entry.key == key.key && is_meant(&entry.node, &key.node))),
        (Value::List(own), Value::List(wanted)) => {
            own.len() == wanted.len() && own.iter().zip(wanted).all(|(entry, item)| is_meant(entry, item))
        }
        (Value::Text(_) | Value::Integer(_), Value::Text(_) | Value::Integer(_)) => {
            let (own, wanted) = (words(entry), words(item));
            own.starts_with(&wanted)
        }
        (own, wanted) => own == wanted,
    }
}

fn words(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
        Value::Integer(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// Keys by which a resource is known.
const IDENTITY: [&str; 2] = ["name", "id"];

/// What a resource is called first, or the text that names it.
fn name_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(name) => Some(name),
        Value::Map(entries) => IDENTITY.iter().find_map(|key| text_at(entries, key)),
        _ => None,
    }
}

fn is_called(node: &Node, name: &str) -> bool {
    let Value::Map(entries) = &node.value else { return false };
    IDENTITY.iter().any(|key| text_at(entries, key) == Some(name))
}

pub(super) fn text_at<'a>(entries: &'a [Entry], key: &str) -> Option<&'a str> {
    entries.iter().find(|entry| entry.key == key).and_then(|entry| match &entry.node.value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

fn is_list(node: &Node) -> bool {
    matches!(node.value, Value::List(_))
}

/// Whether it is a list of resources that have names.
fn is_named(node: &Node) -> bool {
    matches!(&node.value, Value::List(items) if !items.is_empty())
        && items(node).iter().all(|item| matches!(item.value, Value::Map(_)) && name_of(item).is_some())
}

/// Whether each item is a name, or a mapping that has one.
fn are_names(node: &Node) -> bool {
    items(node).iter().all(|item| name_of(item).is_some())
}

fn has_identity_alone(keys: &[Entry]) -> bool {
    keys.iter().all(|key| IDENTITY.contains(&key.key.as_str()))
}

/// Lists that AWS fills when they are not written.
const DEFAULTS: [(&str, &str); 4] = [
    ("security_groups", "egress"),
    ("instances", "security_groups"),
    ("network_interfaces", "security_groups"),
    ("managed_services", "security_groups"),
];

/// Whether a resource is one that each VPC has without anybody writing it.
fn is_of_aws(section: &str, name: &str) -> bool {
    name == "default" && matches!(section, "network_acls" | "security_groups")
        || name == "main" && section == "route_tables"
}
