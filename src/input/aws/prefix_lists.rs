//! Prefix lists: with their blocks, or with the entries that another call gives, or with neither.

use std::collections::{BTreeSet, HashSet};

use super::Answers;
use super::answers::Entries;
use super::assemble::{Assembly, text};
use super::names::UniqueNames;
use super::shapes::PrefixList;
use crate::diagnostic::{Diagnostics, Located};
use crate::model::{Identity, inventory};
use crate::net::Cidr;

impl<'a> Answers<'a> {
    /// Adds an answer that has the whole of a list. The same again is joined; another contradicts it.
    pub(super) fn add_entries(&mut self, id: String, read: Entries<'a>, problems: &mut Diagnostics) {
        let Some(known) = self.prefix_list_entries.get(&id) else {
            self.prefix_list_entries.insert(id, Some(read));
            return;
        };
        let Some(known) = known else { return };
        let [ours, theirs] = [known, &read]
            .map(|entries| entries.iter().map(|entry| entry.value.cidr.as_str()).collect::<HashSet<_>>());
        let in_both = |cidr: &str| ours.contains(cidr) && theirs.contains(cidr);
        if let Some(entry) = known.iter().chain(&read).find(|entry| !in_both(entry.value.cidr.as_str())) {
            let message = "is in one answer about its list and not in another";
            entry.contradict(&entry.value.cidr, "Cidr", message, problems);
        }
    }
}

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
            let cidrs = list.value.cidrs.as_ref().map(|cidrs| {
                let cidrs = cidrs.iter().enumerate();
                let read =
                    cidrs.filter_map(|(at, text)| list.cidr(text, format!("Cidrs[{at}]"), self.problems));
                read.collect::<Vec<_>>()
            });
            let entries = self.entries(list.value.prefix_list_id.as_str());
            if cidrs.as_deref().zip(entries.as_deref()).is_some_and(|(one, other)| !same(one, other)) {
                let message = "has other blocks than entries";
                list.contradict(&list.value.prefix_list_id, "Cidrs", message, self.problems);
            }
            let entries = cidrs.or(entries);
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

/// Whether both hold the same blocks, in whichever order.
fn same(one: &[Located<Cidr>], other: &[Located<Cidr>]) -> bool {
    let [one, other] =
        [one, other].map(|blocks| blocks.iter().map(|block| block.value).collect::<HashSet<_>>());
    one == other
}
