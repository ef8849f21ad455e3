//! Tables of names, ids and addresses. In a large network a hundred thousand are looked up, and with the standard
//! library's hash of short texts that is a tenth of all the work.

use std::collections::HashMap;
#[cfg(feature = "json")]
use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A [`HashMap`] with a faster hash.
pub(crate) type KeyedMap<K, V> = HashMap<K, V, Keys>;

/// A [`HashSet`] with a faster hash.
#[cfg(feature = "json")]
pub(crate) type KeyedSet<K> = HashSet<K, Keys>;

/// Keys of the hash, drawn by chance for each table, so that nobody can write names of which many have the same.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    start: u64,
    factor: u64,
}

impl Default for Keys {
    fn default() -> Self {
        let chance = RandomState::new();
        Self { start: chance.hash_one(0), factor: chance.hash_one(1) | 1 }
    }
}

impl BuildHasher for Keys {
    type Hasher = KeyedHasher;

    fn build_hasher(&self) -> KeyedHasher {
        KeyedHasher { state: self.start, factor: self.factor }
    }
}

/// Multiplies what it has by the factor, eight bytes after eight bytes, and folds both halves of the product.
#[derive(Debug)]
pub(crate) struct KeyedHasher {
    state: u64,
    factor: u64,
}

impl Hasher for KeyedHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; size_of::<u64>()];
            for (to, from) in last.iter_mut().zip(rest) {
                *to = *from;
            }
            self.write_u64(u64::from_le_bytes(last));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.state ^ number) * u128::from(self.factor);
        let half = |half: u128| u64::try_from(half & u128::from(u64::MAX)).unwrap_or_default();
        self.state = half(product) ^ half(product >> u64::BITS);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart() {
        let ids = (0..100_000_u32).map(|number| format!("eni-{number:017x}"));
        let hashes = |keys: Keys| ids.clone().map(|id| keys.hash_one(id)).collect::<Vec<_>>();
        let own = hashes(Keys::default());
        // Tables are searched by the low bits, and a byte of the highest ones is compared first.
        for part in [|hash: u64| hash & 0xffff, |hash: u64| hash >> 48] {
            let most = own.len() / 0x1_0000 * 16;
            let mut counts = KeyedMap::<u64, usize>::default();
            for hash in &own {
                *counts.entry(part(*hash)).or_default() += 1;
            }
            assert!(counts.values().all(|count| *count <= most), "{:?}", counts.values().max());
        }
        assert_ne!(own, hashes(Keys::default()));
        let keys = Keys::default();
        assert_ne!(keys.hash_one("ab"), keys.hash_one("abc"));
        assert_ne!(keys.hash_one(("a", "bc")), keys.hash_one(("ab", "c")));
    }
}
