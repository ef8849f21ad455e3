//! Names: what people call a resource, where nothing else of its kind is called so; otherwise its id.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::routes::UNKNOWN_TARGET;
use crate::input::RESERVED_NAMES;
use crate::model::{KeyedMap, KeyedSet, looks_like_id};

/// Names of one kind, with the ids of those that are called so.
pub(super) struct UniqueNames {
    /// Names that belong to one resource alone.
    unique: KeyedSet<String>,
    /// Names that several have.
    shared: BTreeMap<String, Vec<String>>,
}

impl UniqueNames {
    /// Counts who has each name, and keeps those that could be mistaken for nothing else.
    pub(super) fn of<'n>(named: impl Iterator<Item = (&'n str, Option<String>)>) -> Self {
        let mut owners: KeyedMap<String, Vec<&str>> = KeyedMap::default();
        let mut ids: Vec<&str> = Vec::new();
        for (id, name) in named {
            ids.push(id);
            if let Some(name) = name {
                owners.entry(name).or_default().push(id);
            }
        }
        // Whole networks may have no names at all.
        let ids_that_are_names: KeyedSet<&str> =
            ids.into_iter().filter(|id| owners.contains_key(*id)).collect();
        let (mut unique, mut shared) = (KeyedSet::default(), BTreeMap::new());
        for (name, owners) in owners {
            let text = name.as_str();
            let is_taken =
                ids_that_are_names.contains(text) || RESERVED_NAMES.contains(&text) || text == UNKNOWN_TARGET;
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
