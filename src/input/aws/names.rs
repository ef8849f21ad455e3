//! Names: what people call a resource, where nothing else of its kind is called so; otherwise its id.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use super::routes::UNKNOWN_TARGET;
use crate::input::RESERVED_NAMES;
use crate::model::looks_like_id;

/// Names of one kind, with the ids of those that are called so.
pub(super) struct UniqueNames {
    /// Names that belong to one resource alone.
    unique: HashSet<String>,
    /// Names that several have.
    shared: BTreeMap<String, Vec<String>>,
}

impl UniqueNames {
    /// Counts who has each name, and keeps those that could be mistaken for nothing else.
    pub(super) fn of<'n>(named: impl Iterator<Item = (&'n str, Option<String>)>) -> Self {
        let mut owners: HashMap<String, Vec<&str>> = HashMap::new();
        let mut ids: HashSet<&str> = HashSet::new();
        for (id, name) in named {
            ids.insert(id);
            if let Some(name) = name {
                owners.entry(name).or_default().push(id);
            }
        }
        let (mut unique, mut shared) = (HashSet::new(), BTreeMap::new());
        for (name, owners) in owners {
            let text = name.as_str();
            let is_taken = ids.contains(text) || RESERVED_NAMES.contains(&text) || text == UNKNOWN_TARGET;
            // What looks like an id may be that of something that was not collected.
            if is_taken || looks_like_id(text) || text.parse::<IpAddr>().is_ok() {
                continue;
            }
            match owners.as_slice() {
                [_] => drop(unique.insert(name)),
                several => drop(shared.insert(name, several.iter().map(|id| (*id).to_owned()).collect())),
            }
        }
        Self { unique, shared }
    }

    /// `name`, if it is good for one resource alone.
    pub(super) fn keep(&self, name: Option<String>) -> Option<String> {
        name.filter(|name| self.unique.contains(name))
    }

    /// Names that several have, with their ids.
    pub(super) fn shared(self) -> BTreeMap<String, Vec<String>> {
        self.shared
    }
}
