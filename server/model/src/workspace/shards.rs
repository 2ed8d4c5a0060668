//! A map that is cheap to copy and cheap to change: copies share all parts but the changed one.

use std::{
    collections::hash_map::Entry,
    hash::{BuildHasher, Hash},
    sync::Arc,
};

use rustc_hash::{FxBuildHasher, FxHashMap};

/// So many that a part of a hundred thousand entries is copied in microseconds, so few that a copy of
/// the list is too.
const COUNT: usize = 256;

/// A persistent map.
#[derive(Debug, Clone)]
pub struct Shards<K, V> {
    parts: Vec<Arc<FxHashMap<K, V>>>,
}

impl<K, V> Default for Shards<K, V> {
    fn default() -> Self {
        Self { parts: std::iter::repeat_n(Arc::default(), COUNT).collect() }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Shards<K, V> {
    fn part<Q: Hash + ?Sized>(key: &Q) -> usize {
        // The low bits choose the bucket inside a part, so the high ones choose the part.
        usize::try_from(FxBuildHasher.hash_one(key) >> 40).unwrap_or_default() % COUNT
    }

    /// The value of a key.
    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.parts.get(Self::part(key))?.get(key)
    }

    /// Changes the value of a key; `None` means that there is none.
    pub fn change(&mut self, key: &K, change: impl FnOnce(Option<V>) -> Option<V>) {
        let Some(part) = self.parts.get_mut(Self::part(key)) else { return };
        let part = Arc::make_mut(part);
        match part.entry(key.clone()) {
            Entry::Vacant(place) => {
                if let Some(new) = change(None) {
                    place.insert(new);
                }
            }
            Entry::Occupied(old) => {
                let (key, old) = old.remove_entry();
                if let Some(new) = change(Some(old)) {
                    part.insert(key, new);
                }
            }
        }
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: &K, value: V) {
        self.change(key, |_| Some(value));
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &K) {
        self.change(key, |_| None);
    }
}
