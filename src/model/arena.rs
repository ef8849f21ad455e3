//! Dense typed indices: after resolving, nothing is looked up by name.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// Index of a `T` in its [`Arena`].
pub struct Index<T>(u32, PhantomData<fn() -> T>);

impl<T> Index<T> {
    /// The index at `position`.
    pub(crate) fn new(position: usize) -> Self {
        Self(u32::try_from(position).unwrap_or(u32::MAX), PhantomData)
    }

    /// The position in the arena.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

impl<T> Clone for Index<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Index<T> {}

impl<T> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Index<T> {}

impl<T> PartialOrd for Index<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Index<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Index<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Values of one kind, addressed by [`Index`].
#[derive(Debug, Clone, PartialEq)]
pub struct Arena<T>(Vec<T>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Arena<T> {
    /// Adds a value.
    pub(crate) fn push(&mut self, value: T) -> Index<T> {
        self.0.push(value);
        Index::new(self.0.len() - 1)
    }

    /// The values in the order of their indices.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// Indices and values.
    pub fn enumerate(&self) -> impl Iterator<Item = (Index<T>, &T)> {
        self.0.iter().enumerate().map(|(position, value)| (Index::new(position), value))
    }

    /// The item at `index`, if it is there: while a network is resolved, what is wrong in it leaves items out.
    pub(crate) fn find(&self, index: Index<T>) -> Option<&T> {
        self.0.get(index.position())
    }

    /// The value at `index`, to change.
    pub(crate) fn get_mut(&mut self, index: Index<T>) -> Option<&mut T> {
        self.0.get_mut(index.position())
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a Arena<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> std::ops::Index<Index<T>> for Arena<T> {
    type Output = T;

    #[expect(
        clippy::indexing_slicing,
        reason = "only the arena itself, which never shrinks, hands out its indices"
    )]
    fn index(&self, index: Index<T>) -> &T {
        &self.0[index.position()]
    }
}

impl<T> FromIterator<T> for Arena<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}
