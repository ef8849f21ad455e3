//! Resources by id, each once: an answer may be there twice, but must say the same.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use super::differ;
use super::json::{Read, Text};
use crate::diagnostic::{Diagnostics, Origin, Severity, problems};
use crate::input::RESERVED_NAMES;
use crate::model::{Identity, KeyedMap, looks_like_id};

/// Something that AWS calls by an id.
pub(super) trait Resource: PartialEq {
    /// What messages call it: `a subnet`.
    const KIND: &'static str;

    /// Whether the same id means something else in each account and Region.
    const IS_PER_SCOPE: bool = false;

    /// The id.
    fn id(&self) -> &Text<'_>;
}

impl<T: Resource> Resource for &T {
    const KIND: &'static str = T::KIND;
    const IS_PER_SCOPE: bool = T::IS_PER_SCOPE;

    fn id(&self) -> &Text<'_> {
        T::id(self)
    }
}

/// What is said of an id that is none.
pub(super) const NO_ID: &str = "an id is empty, or a word that means something else";

/// Whether nothing can be called so.
pub(super) fn is_no_id(text: &Text<'_>) -> bool {
    RESERVED_NAMES.contains(&text.as_str())
}

/// Contradictions that are looked into, each by reading its files once more.
const MOST_COMPARED: usize = 10;

/// That something is described twice, also as `other`, and in which members.
pub(super) fn described_twice(other: &str, members: Option<(Vec<String>, usize)>) -> String {
    let what = members.map_or_else(String::new, |(names, more)| {
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!(" in {}{more}", problems::quoted_keys(&names))
    });
    format!("is described twice, in different words: `{other}` differs{what}")
}

/// The resources of one kind, in the order in which they were read.
#[derive(Debug)]
pub(super) struct Table<'a, T> {
    items: Vec<Read<'a, T>>,
    positions: KeyedMap<Cow<'a, str>, usize>,
    /// Folders in which answers about the kind were found, even empty ones.
    pub(super) scopes: Vec<usize>,
    /// Folders in which there are only pages of such an answer.
    partial: Vec<usize>,
    /// Folders in which an item was found again, by its position.
    copies: Vec<(usize, usize)>,
}

impl<T> Default for Table<'_, T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            positions: KeyedMap::default(),
            scopes: Vec::new(),
            partial: Vec::new(),
            copies: Vec::new(),
        }
    }
}

impl<'a, T: Resource> Table<'a, T> {
    /// Adds what was read. The same again is joined; something else under the same id contradicts it.
    pub(super) fn add(&mut self, scope: usize, read: Vec<Read<'a, T>>, problems: &mut Diagnostics) {
        self.add_runs(scope, vec![read], problems);
    }

    /// As [`Table::add`] of all `runs`.
    pub(super) fn add_runs(&mut self, scope: usize, runs: Vec<Vec<Read<'a, T>>>, problems: &mut Diagnostics) {
        if !self.scopes.contains(&scope) {
            self.scopes.push(scope);
        }
        let count = runs.iter().map(Vec::len).sum();
        self.items.reserve(count);
        self.positions.reserve(count);
        for item in runs.into_iter().flatten() {
            if is_no_id(item.value.id()) {
                let (name, path) = (item.name(), item.path());
                problems.push(problems::unreadable(item.origin(), &name, &path, NO_ID));
                continue;
            }
            match self.positions.entry(Self::key_of(&item, scope)) {
                Entry::Vacant(free) => {
                    free.insert(self.items.len());
                    self.items.push(item);
                }
                Entry::Occupied(taken) => {
                    let at = *taken.get();
                    let Some(first) = self.items.get(at) else { continue };
                    if first.value == item.value {
                        if first.scope != scope {
                            self.copies.push((at, scope));
                        }
                        continue;
                    }
                    let is_early = problems.count(Severity::Error) < MOST_COMPARED;
                    let members = is_early.then(|| differ::members(first, &item)).flatten();
                    let message = described_twice(&first.path(), members);
                    let problem =
                        problems::contradiction(item.origin(), &item.name(), &item.path(), &message);
                    problems.push(problem.related(first.origin(), "the other one"));
                }
            }
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Read<'a, T>> {
        self.position(id).and_then(|at| self.items.get(at))
    }

    /// Where the resource stands among those that were read.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// What `id` means in `scope`, or else outside every scope.
    pub(super) fn get_in(&self, scope: usize, id: &str) -> Option<&Read<'a, T>> {
        let mut keys = [scope, 0].into_iter().map(|scope| Self::key(id, scope));
        keys.find_map(|key| self.get(&key))
    }

    /// The key of an item: a part of its file, unless escapes made it a text of its own.
    fn key_of(item: &Read<'a, T>, scope: usize) -> Cow<'a, str> {
        let id = item.value.id().as_str();
        let borrowed = item.file.lasting(id).filter(|_| !T::IS_PER_SCOPE);
        borrowed.map_or_else(|| Self::key(id, scope).into_owned().into(), Cow::Borrowed)
    }

    fn key(id: &str, scope: usize) -> Cow<'_, str> {
        if T::IS_PER_SCOPE { format!("{scope}/{id}").into() } else { id.into() }
    }

    pub(super) fn as_slice(&self) -> &[Read<'a, T>] {
        &self.items
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Read<'a, T>> {
        self.items.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Every item with each folder in which it was found.
    pub(super) fn everywhere(&self) -> impl Iterator<Item = (usize, &T)> {
        let first = self.items.iter().map(|item| (item.scope, &item.value));
        let again = self.copies.iter().filter_map(|(at, scope)| Some((*scope, &self.items.get(*at)?.value)));
        first.chain(again)
    }

    /// Notes that what was found in `scope` is not all there is.
    pub(super) fn is_partial_in(&mut self, scope: usize) {
        self.scopes.retain(|collected| *collected != scope);
        self.partial.push(scope);
    }

    /// Whether a whole answer about the kind was found for `scope`, or outside every scope.
    pub(super) fn is_collected(&self, scope: usize) -> bool {
        !self.partial.contains(&scope) && (self.scopes.contains(&scope) || self.scopes.contains(&0))
    }

    /// Whether a whole answer about the kind was found in `scope` itself.
    pub(super) fn is_whole_in(&self, scope: usize) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether only pages of an answer about the kind were found in `scope`.
    pub(super) fn is_page_in(&self, scope: usize) -> bool {
        self.partial.contains(&scope)
    }
}

impl<T: Resource> Read<'_, T> {
    /// Where it stands: at its id.
    pub(super) fn origin(&self) -> Option<Origin> {
        self.file.origin(self.value.id().as_str())
    }

    /// `Subnets[3]`.
    pub(super) fn path(&self) -> String {
        let (key, position) = self.at;
        let within = self.within.map(|(key, position)| format!(".{key}[{position}]")).unwrap_or_default();
        format!("{key}[{position}]{within}")
    }

    /// What messages call it: by its id if that is one, since other texts of accounts are not printed.
    pub(super) fn name(&self) -> String {
        let id = self.value.id().as_str();
        if looks_like_id(id) {
            format!("{} `{id}`", T::KIND)
        } else {
            format!("{} `{}`", T::KIND, self.path())
        }
    }

    /// A place within it, or its own.
    pub(super) fn place(&self, text: &Text<'_>) -> Origin {
        let nowhere = Origin { source: self.file.source, start: 0, length: 0 };
        self.file.origin(text.as_str()).or_else(|| self.origin()).unwrap_or(nowhere)
    }

    /// Its identity under `name`.
    pub(super) fn identity(&self, name: Option<String>) -> Identity {
        let id = self.value.id().as_str().to_owned();
        Identity { name: name.unwrap_or_else(|| id.clone()), id, origin: self.origin() }
    }
}
