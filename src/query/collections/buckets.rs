//! How well the hash codes of its keys spread the entries of a map over its buckets.
//!
//! Only tables with chains (`HashMap`, `Hashtable`, `WeakHashMap`, `ConcurrentHashMap` and what is made of them): where keys that collide go to
//! the next free place, as in an `IdentityHashMap`, the table does not tell. Exact, and costs nothing: a bucket that is used is a reference of
//! the array, and these are counted already. While a `ConcurrentHashMap` grows, buckets that were moved count as used.

use super::collection_measure;
use super::measure::Measure;
use super::spec::{Store, spec_of};
use crate::ix::ObjectIx;
use crate::snapshot::Heap;

/// How the entries of hash tables with chains are spread over their buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buckets {
    /// How many tables with entries.
    pub tables: u64,
    /// Their entries.
    pub entries: u64,
    /// Their buckets with at least one entry.
    pub used: u64,
}

impl Buckets {
    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            tables: self.tables + other.tables,
            entries: self.entries + other.entries,
            used: self.used + other.used,
        }
    }

    /// Entries that are not the first one of their bucket: each costs whoever looks for it one more comparison, or more.
    pub fn collisions(self) -> u64 {
        self.entries.saturating_sub(self.used)
    }
}

/// A hash table, and how its entries are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashTable {
    /// The map.
    pub collection: ObjectIx,
    /// Its entries.
    pub entries: u64,
    /// Its buckets.
    pub capacity: u64,
    /// Those with at least one entry.
    pub used: u64,
}

impl HashTable {
    /// Entries that are not the first one of their bucket.
    pub fn collisions(&self) -> u64 {
        self.entries.saturating_sub(self.used)
    }

    /// How many buckets less are used than if the hash codes were evenly spread: `m (1 - e^(-n/m))` of `m` buckets are for `n` entries.
    pub fn missed(&self) -> u64 {
        let (entries, capacity) = (self.entries as f64, self.capacity as f64);
        let expected = capacity * -(-entries / capacity).exp_m1();
        (expected as u64).saturating_sub(self.used)
    }

    /// Whether fewer than half of the buckets are used that could be: of evenly spread hash codes at least 63 % are, whatever the load.
    pub fn is_crowded(&self) -> bool {
        self.used * 2 < self.entries.min(self.capacity)
    }
}

/// How the entries of a single map are spread; `None` for what is no hash table with chains, and for an empty one.
pub(super) fn hash_table(heap: &Heap, object: ObjectIx) -> Option<HashTable> {
    spec_of(heap, heap.class_of(object)).filter(|spec| matches!(spec.store, Store::Table(_)))?;
    spread(heap, object, collection_measure(heap, object)?)
}

/// Each bucket that is used is a reference of the array: the first node of a chain, or what stands before a tree.
pub(super) fn spread(heap: &Heap, collection: ObjectIx, measure: Measure) -> Option<HashTable> {
    let Measure { length: Some(entries @ 1..), capacity: Some(capacity @ 1..), array: Some(array) } = measure
    else {
        return None;
    };
    let used = heap.references().slots(array).len() as u64;
    Some(HashTable { collection, entries, capacity, used })
}
