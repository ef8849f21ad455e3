//! Prefix lists: with their blocks, or with the entries that another call gives, or with neither.

use super::assemble::{Assembly, names, text};
use super::json::Read;
use super::shapes::{PrefixList, PrefixListEntry};
use crate::diagnostic::Located;
use crate::model::{Identity, inventory};
use crate::net::Cidr;

impl<'a> Assembly<'_, 'a, '_> {
    pub(super) fn prefix_lists(&mut self) {
        let answers = self.answers;
        let names = names(&answers.prefix_lists, |list| text(list.prefix_list_name.as_ref()));
        for list in answers.prefix_lists.iter() {
            let id = list.value.prefix_list_id.as_str();
            let entries = match (&list.value.cidrs, answers.prefix_list_entries.get(id)) {
                (Some(cidrs), _) => {
                    let cidrs = cidrs.iter().enumerate();
                    Some(
                        cidrs
                            .filter_map(|(at, text)| list.cidr(text, &format!("Cidrs[{at}]"), self.problems))
                            .collect(),
                    )
                }
                (None, Some(entries)) => Some(self.entries(list, entries)),
                (None, None) => None,
            };
            let identity = list.identity(names.keep(text(list.value.prefix_list_name.as_ref())));
            self.inventory.prefix_lists.push(inventory::PrefixList { identity, entries });
        }
        let unnamed =
            answers.prefix_list_entries.iter().filter(|(id, _)| answers.prefix_lists.get(id).is_none());
        let mut unnamed: Vec<_> = unnamed.collect();
        unnamed.sort_by_key(|(id, _)| id.as_str());
        for (id, entries) in unnamed {
            let cidr = |entry: &Read<'_, PrefixListEntry<'_>>| {
                let cidr = Cidr::parse(entry.value.cidr.as_str()).ok()?.0;
                Some(Located { value: cidr, origin: entry.file.origin(entry.value.cidr.as_str()) })
            };
            let identity = Identity { name: id.clone(), id: id.clone(), origin: None };
            let entries = entries.iter().map(cidr).collect();
            self.inventory.prefix_lists.push(inventory::PrefixList { identity, entries });
        }
    }

    fn entries(
        &mut self,
        list: &Read<'a, PrefixList<'a>>,
        entries: &[Read<'a, PrefixListEntry<'a>>],
    ) -> Vec<Located<Cidr>> {
        let read = |entry: &Read<'a, PrefixListEntry<'a>>| {
            let text = &entry.value.cidr;
            match Cidr::parse(text.as_str()) {
                Ok((cidr, _)) => Some(Located { value: cidr, origin: entry.file.origin(text.as_str()) }),
                Err(_) => {
                    list.complain(
                        text,
                        &format!("Entries[{}].Cidr", entry.at.1),
                        "not a CIDR block",
                        self.problems,
                    );
                    None
                }
            }
        };
        entries.iter().filter_map(read).collect()
    }
}
