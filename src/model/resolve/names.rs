//! Lookups by name or id, one table for each kind.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, problems};
use crate::model::inventory::Reference;
use crate::model::{Arena, Identity, Index, KeyedMap, looks_like_id, said};

/// That no `kind` is called as `reference` says, and what there is: of an account's own texts ids alone.
pub(super) fn nothing_called<'k>(
    reference: &Reference,
    kind: &str,
    is_confidential: bool,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let text = said(&reference.value, is_confidential);
    let known = known.filter(|known| !is_confidential || looks_like_id(known));
    problems::unknown_reference(reference.origin, kind, text, known)
}

/// The names and ids of one kind.
pub(super) struct Names<'a> {
    kind: &'static str,
    is_confidential: bool,
    positions: KeyedMap<&'a str, usize>,
    /// The names in their order, for suggestions; made when the first is needed.
    sorted: OnceLock<Vec<&'a str>>,
}

impl<'a> Names<'a> {
    /// Collects names and ids, and diagnoses those used twice.
    pub(super) fn new(
        kind: &'static str,
        is_confidential: bool,
        identities: impl Iterator<Item = &'a Identity>,
        told: &mut BTreeSet<Option<Origin>>,
        problems: &mut Diagnostics,
    ) -> Self {
        let identities: Vec<&Identity> = identities.collect();
        let mut positions: KeyedMap<&str, usize> = KeyedMap::default();
        positions.reserve(2 * identities.len());
        for (position, identity) in identities.iter().enumerate() {
            let has_name = identity.name != identity.id;
            for text in has_name.then_some(&identity.name).into_iter().chain([&identity.id]) {
                let first = *positions.entry(text).or_insert(position);
                // An instance written twice brings its interface twice: told once.
                if first != position && told.insert(identity.origin) {
                    let other = identities.get(first).and_then(|other| other.origin);
                    problems.push(problems::duplicate_name(
                        identity.origin,
                        kind,
                        said(text, is_confidential),
                        other,
                    ));
                }
                if first != position {
                    break;
                }
            }
        }
        Self { kind, is_confidential, positions, sorted: OnceLock::new() }
    }

    /// The position of what is called `text`.
    pub(super) fn get(&self, text: &str) -> Option<usize> {
        self.positions.get(text).copied()
    }

    /// The position of what `reference` names; diagnosed when there is nothing.
    pub(super) fn find(&self, reference: &Reference, problems: &mut Diagnostics) -> Option<usize> {
        let found = self.get(&reference.value);
        if found.is_none() {
            problems.push(nothing_called(reference, self.kind, self.is_confidential, self.iter()));
        }
        found
    }

    /// As [`Names::find`], among defaults that nobody wrote as well: they stand in the arena behind those that have
    /// names here.
    pub(super) fn find_or_default<T>(
        &self,
        reference: &Reference,
        arena: &Arena<T>,
        written: usize,
        identity: impl Fn(&T) -> &Identity,
        problems: &mut Diagnostics,
    ) -> Option<Index<T>> {
        if let Some(found) = self.get(&reference.value) {
            return Some(Index::new(found)).filter(|index| index.position() < arena.len());
        }
        let mut defaults = arena.enumerate().skip(written);
        let found = defaults.find(|(_, value)| identity(value).is(&reference.value));
        if found.is_none() {
            let _ = self.find(reference, problems);
        }
        found.map(|(index, _)| index)
    }

    /// Every name and id, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        let sorted = self.sorted.get_or_init(|| {
            let mut names: Vec<&str> = self.positions.keys().copied().collect();
            names.sort_unstable();
            names
        });
        sorted.iter().copied()
    }
}
