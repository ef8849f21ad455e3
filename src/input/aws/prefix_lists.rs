//! Prefix lists: with their blocks, or with the entries that another call gives, or with neither.

use std::collections::BTreeSet;

use super::assemble::{Assembly, text};
use super::names::UniqueNames;
use super::shapes::PrefixList;
use crate::diagnostic::Located;
use crate::model::{Identity, inventory};
use crate::net::Cidr;

impl Assembly<'_, '_, '_> {
    pub(super) fn prefix_lists(&mut self) {
        let answers = self.answers;
        let (listed, managed) = (&answers.prefix_lists, &answers.managed_prefix_lists);
        let is_new = |id: &str| listed.get(id).is_none();
        let managed = managed.iter().filter(|list| is_new(list.value.prefix_list_id.as_str()));
        let all: Vec<_> = listed.iter().chain(managed).collect();
        let name = |list: &PrefixList<'_>| text(list.prefix_list_name.as_ref());
        let names =
            UniqueNames::of(all.iter().map(|list| (list.value.prefix_list_id.as_str(), name(&list.value))));
        for list in &all {
            let entries = match &list.value.cidrs {
                Some(cidrs) => {
                    let cidrs = cidrs.iter().enumerate();
                    let read =
                        cidrs.filter_map(|(at, text)| list.cidr(text, format!("Cidrs[{at}]"), self.problems));
                    Some(read.collect())
                }
                None => self.entries(list.value.prefix_list_id.as_str()),
            };
            let identity = list.identity(names.keep(name(&list.value)));
            self.inventory.prefix_lists.push(inventory::PrefixList { identity, entries });
        }
        let known: BTreeSet<&str> = all.iter().map(|list| list.value.prefix_list_id.as_str()).collect();
        let others = answers.prefix_list_entries.keys().filter(|id| !known.contains(id.as_str()));
        for id in others.collect::<BTreeSet<_>>() {
            let identity = Identity { name: id.clone(), id: id.clone(), origin: None };
            let entries = self.entries(id);
            self.inventory.prefix_lists.push(inventory::PrefixList { identity, entries });
        }
    }

    /// The entries of a list, if all were collected.
    fn entries(&mut self, id: &str) -> Option<Vec<Located<Cidr>>> {
        let entries = self.answers.prefix_list_entries.get(id)?.as_ref()?;
        Some(
            entries.iter().filter_map(|entry| entry.cidr(&entry.value.cidr, "Cidr", self.problems)).collect(),
        )
    }
}
