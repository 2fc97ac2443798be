//! All arrays of a heap: empty ones, zeros, repeated contents.
//!
//! Arrays that hold the text of strings are left to [`Texts`](super::Texts) where contents are compared. Cost: one pass over all records; 16
//! bytes for each array whose content is compared, while it works.

use super::scan::scan_records;
use super::texts::text_arrays;
use crate::hprof::HeapRecord;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::DefaultHashBuilder;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::BuildHasher;

/// Arrays of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrayCount {
    /// The class.
    pub class: ClassIx,
    /// How many reachable ones.
    pub instances: u64,
    /// Their shallow sizes.
    pub bytes: u64,
    /// How many have no element.
    pub empty: u64,
    /// The shallow sizes of those.
    pub empty_bytes: u64,
    /// How many have elements, but none that is not null or zero.
    pub zero: u64,
    /// The shallow sizes of those.
    pub zero_bytes: u64,
    /// Elements of all of them.
    pub elements: u64,
    /// Elements that are null, for arrays of references.
    pub nulls: u64,
}

/// A content that several arrays have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedArray {
    /// The first of them, in the order of the dump.
    pub array: ObjectIx,
    /// How many.
    pub count: u64,
    /// The shallow sizes of all but one.
    pub wasted_bytes: u64,
}

/// All arrays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayStats {
    /// By class, most bytes first.
    pub by_class: Vec<ArrayCount>,
    /// The largest ones, largest first.
    pub largest: Vec<ObjectIx>,
    /// Contents that are there more than once, most wasteful first; only the first ones are listed.
    pub repeated: Vec<RepeatedArray>,
    /// How many contents are there more than once.
    pub repeated_count: u64,
    /// What all repetitions cost, in bytes.
    pub repeated_bytes: u64,
}

/// Arrays and contents that are listed.
const LISTED: usize = 1000;
/// Shorter arrays are not compared: eight equal bytes are no waste worth a look.
const SHORTEST_COMPARED: usize = 16;

#[derive(Default)]
struct Sums {
    by_class: Vec<Option<ArrayCount>>,
    hashes: Vec<(u64, ObjectIx)>,
    largest: BinaryHeap<Reverse<(u64, Reverse<ObjectIx>)>>,
}

impl ArrayStats {
    /// Looks at all arrays.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn of(snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        let texts = text_arrays(snapshot)?;
        let hasher = DefaultHashBuilder::default();
        let classes = snapshot.classes().len();
        let mut sums = scan_records(
            snapshot,
            || Sums { by_class: vec![None; classes], ..Sums::default() },
            |sums, object, record| {
                let (elements, length, is_primitive) = match *record {
                    HeapRecord::PrimitiveArray { elements, length, .. } => (elements, length, true),
                    HeapRecord::ObjectArray { elements, length, .. } => (elements, length, false),
                    _ => return,
                };
                if !snapshot.is_reachable(object) {
                    return;
                }
                let id_bytes = snapshot.encoding().id_bytes();
                let nulls = if is_primitive {
                    0
                } else {
                    elements.chunks_exact(id_bytes).filter(|id| id.iter().all(|&byte| byte == 0)).count()
                        as u64
                };
                let is_zero = if is_primitive { is_zero(elements) } else { nulls == u64::from(length) };
                sums.add(snapshot, object, length, nulls, is_zero && !elements.is_empty());
                if is_primitive
                    && !is_zero
                    && elements.len() >= SHORTEST_COMPARED
                    && !texts.get(object.index())
                {
                    let class = snapshot.class_of(object).0;
                    sums.hashes.push((hasher.hash_one((class, elements)), object));
                }
            },
            Sums::merge,
        )?;
        sums.hashes.par_sort_unstable();
        let mut stats = Self::default();
        for same in sums.hashes.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            let (array, count) = (same[0].1, same.len() as u64);
            let wasted_bytes = (count - 1) * snapshot.shallow_bytes(array);
            stats.repeated_count += 1;
            stats.repeated_bytes += wasted_bytes;
            stats.repeated.push(RepeatedArray { array, count, wasted_bytes });
        }
        stats.repeated.sort_unstable_by_key(|same| (Reverse(same.wasted_bytes), same.array));
        stats.repeated.truncate(LISTED);
        stats.by_class = sums.by_class.into_iter().flatten().collect();
        stats.by_class.sort_by_key(|count| (Reverse(count.bytes), count.class));
        let mut largest: Vec<_> = sums.largest.into_iter().map(|Reverse(entry)| entry).collect();
        largest.sort_unstable_by_key(|&entry| Reverse(entry));
        stats.largest = largest.into_iter().map(|(_, Reverse(array))| array).collect();
        Ok(stats)
    }

    /// The shallow sizes of arrays that have no element but null or zero.
    pub fn zero_bytes(&self) -> u64 {
        self.by_class.iter().map(|count| count.zero_bytes).sum()
    }
}

/// Whether there is nothing but zeros; quickly so.
fn is_zero(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<16>();
    words.iter().all(|&word| u128::from_ne_bytes(word) == 0) && rest.iter().all(|&byte| byte == 0)
}

impl Sums {
    fn add(&mut self, snapshot: &Snapshot, object: ObjectIx, length: u32, nulls: u64, is_zero: bool) {
        let class = snapshot.class_of(object);
        let bytes = snapshot.shallow_bytes(object);
        let count = self.by_class[class.index()].get_or_insert(ArrayCount {
            class,
            instances: 0,
            bytes: 0,
            empty: 0,
            empty_bytes: 0,
            zero: 0,
            zero_bytes: 0,
            elements: 0,
            nulls: 0,
        });
        count.instances += 1;
        count.bytes += bytes;
        count.elements += u64::from(length);
        count.nulls += nulls;
        if length == 0 {
            count.empty += 1;
            count.empty_bytes += bytes;
        } else if is_zero {
            count.zero += 1;
            count.zero_bytes += bytes;
        }
        let key = (bytes, Reverse(object));
        if self.largest.len() < LISTED {
            self.largest.push(Reverse(key));
        } else if self.largest.peek().is_some_and(|smallest| smallest.0 < key) {
            self.largest.pop();
            self.largest.push(Reverse(key));
        }
    }

    fn merge(mut self, mut other: Self) -> Self {
        for (a, b) in self.by_class.iter_mut().zip(other.by_class) {
            *a = match (*a, b) {
                (Some(a), Some(b)) => Some(ArrayCount {
                    class: a.class,
                    instances: a.instances + b.instances,
                    bytes: a.bytes + b.bytes,
                    empty: a.empty + b.empty,
                    empty_bytes: a.empty_bytes + b.empty_bytes,
                    zero: a.zero + b.zero,
                    zero_bytes: a.zero_bytes + b.zero_bytes,
                    elements: a.elements + b.elements,
                    nulls: a.nulls + b.nulls,
                }),
                (a, b) => a.or(b),
            };
        }
        self.hashes.append(&mut other.hashes);
        self.largest.append(&mut other.largest);
        while self.largest.len() > LISTED {
            self.largest.pop();
        }
        self
    }
}
