//! The blocks of prefix lists, which all rules that name a list share.

use std::sync::{Arc, OnceLock};

use crate::model::inventory::PrefixList;
use crate::net::CidrSet;

/// The blocks of each list, made for the first rule that names it.
pub(super) struct PrefixLists<'a> {
    lists: &'a [PrefixList],
    blocks: Vec<OnceLock<Arc<CidrSet>>>,
}

impl<'a> PrefixLists<'a> {
    pub(super) fn of(lists: &'a [PrefixList]) -> Self {
        Self { lists, blocks: vec![OnceLock::new(); lists.len()] }
    }

    /// Whether the entries of a list are known.
    pub(super) fn is_listed(&self, position: usize) -> bool {
        self.lists.get(position).is_some_and(|list| list.entries.is_some())
    }

    /// The blocks of a list.
    pub(super) fn blocks(&self, position: usize) -> Arc<CidrSet> {
        let made = || {
            let entries = self.lists.get(position).and_then(|list| list.entries.as_ref());
            Arc::new(entries.into_iter().flatten().map(|entry| entry.value).collect::<CidrSet>())
        };
        self.blocks.get(position).map_or_else(made, |known| Arc::clone(known.get_or_init(made)))
    }
}
