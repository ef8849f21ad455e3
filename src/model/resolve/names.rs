//! Lookups by name or id, one table for each kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostics, Origin, problems};
use crate::model::inventory::Reference;
use crate::model::{Arena, Identity, Index};

/// The names and ids of one kind.
pub(super) struct Names<'a> {
    kind: &'static str,
    positions: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    /// Collects names and ids, and diagnoses those used twice.
    pub(super) fn new(
        kind: &'static str,
        identities: impl Iterator<Item = &'a Identity>,
        told: &mut BTreeSet<Option<Origin>>,
        problems: &mut Diagnostics,
    ) -> Self {
        let mut first: BTreeMap<&str, (usize, &Identity)> = BTreeMap::new();
        for (position, identity) in identities.enumerate() {
            let texts = if identity.name == identity.id {
                vec![&identity.id]
            } else {
                vec![&identity.name, &identity.id]
            };
            for text in texts {
                match first.get(text.as_str()) {
                    None => drop(first.insert(text, (position, identity))),
                    Some((_, other)) => {
                        // An instance written twice brings its interface twice: told once.
                        if told.insert(identity.origin) {
                            problems.push(problems::duplicate_name(
                                identity.origin,
                                kind,
                                text,
                                other.origin,
                            ));
                        }
                        break;
                    }
                }
            }
        }
        Self { kind, positions: first.into_iter().map(|(text, (position, _))| (text, position)).collect() }
    }

    /// The position of what is called `text`.
    pub(super) fn get(&self, text: &str) -> Option<usize> {
        self.positions.get(text).copied()
    }

    /// The position of what `reference` names; diagnosed when there is nothing.
    pub(super) fn find(&self, reference: &Reference, problems: &mut Diagnostics) -> Option<usize> {
        let found = self.get(&reference.value);
        if found.is_none() {
            problems.push(problems::unknown_reference(
                reference.origin,
                self.kind,
                &reference.value,
                self.iter(),
            ));
        }
        found
    }

    /// As [`Names::find`], among defaults that nobody wrote as well.
    pub(super) fn find_or_default<T>(
        &self,
        reference: &Reference,
        arena: &Arena<T>,
        identity: impl Fn(&T) -> &Identity,
        problems: &mut Diagnostics,
    ) -> Option<Index<T>> {
        let in_arena = arena.enumerate().find(|(_, value)| identity(value).is(&reference.value));
        if in_arena.is_none() {
            // What was read but is not in the arena has its own diagnostic already.
            let _ = self.find(reference, problems);
        }
        in_arena.map(|(index, _)| index)
    }

    /// Every name and id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.positions.keys().copied()
    }
}
