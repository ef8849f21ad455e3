//! Tables of names, ids and addresses. In a large network a hundred thousand are looked up, and with the standard
//! library's hash of short texts that is a tenth of all the work.

use std::collections::HashMap;
#[cfg(feature = "json")]
use std::collections::HashSet;

// Both are seeded by chance, so that nobody can write names of which many have the same hash. Networks that are large come
// from JSON; without it the library stays light.
#[cfg(feature = "json")]
use foldhash::fast::RandomState;
#[cfg(not(feature = "json"))]
use std::hash::RandomState;

/// A [`HashMap`] with a faster hash.
pub(crate) type KeyedMap<K, V> = HashMap<K, V, RandomState>;

/// A [`HashSet`] with a faster hash.
#[cfg(feature = "json")]
pub(crate) type KeyedSet<K> = HashSet<K, RandomState>;
