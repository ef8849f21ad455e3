//! Names: what people call a resource, where nothing else of its kind is called so; otherwise its id.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::routes::UNKNOWN_TARGET;
use crate::input::RESERVED_NAMES;
use crate::model::looks_like_id;

/// Names of one kind that belong to one resource alone.
pub(super) struct UniqueNames(HashMap<String, usize>);

impl UniqueNames {
    /// Counts how often each name is given, and keeps those that could be mistaken for nothing else.
    pub(super) fn of<'n>(named: impl Iterator<Item = (&'n str, Option<String>)>) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut ids: HashSet<&str> = HashSet::new();
        for (id, name) in named {
            ids.insert(id);
            if let Some(name) = name {
                *counts.entry(name).or_default() += 1;
            }
        }
        counts.retain(|name, count| {
            let name = name.as_str();
            let is_taken = ids.contains(name) || RESERVED_NAMES.contains(&name) || name == UNKNOWN_TARGET;
            // What looks like an id may be that of something that was not collected.
            *count == 1 && !is_taken && !looks_like_id(name) && name.parse::<IpAddr>().is_err()
        });
        Self(counts)
    }

    /// `name`, if it is good for one resource alone.
    pub(super) fn keep(&self, name: Option<String>) -> Option<String> {
        name.filter(|name| self.0.contains_key(name))
    }
}
