//! All arrays of a heap: empty ones, zeros, repeated contents.
//!
//! Arrays that hold the text of strings are left to [`Texts`](super::Texts) where contents are compared. Cost: one pass over all records; 12
//! bytes for each array that is no text, while it works.

use super::gather::{Alike, Gatherer, Largest, alike, hashed};
use super::scan::{Question, ask};
use super::texts::TextArrays;
use crate::graph::GraphError;
use crate::hprof::HeapRecord;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{MarkedHeap, SnapshotError};
use crate::storage::{Access, Column};
use hashbrown::DefaultHashBuilder;
use std::cmp::Reverse;
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

/// Asks for all arrays.
#[derive(Debug)]
pub(super) struct ArrayQuestion<'a> {
    heap: &'a MarkedHeap,
    texts: &'a TextArrays,
    gatherer: Gatherer<'a, 3>,
    hasher: DefaultHashBuilder,
}

/// What is known of some arrays.
#[derive(Debug)]
pub(super) struct ArraySums {
    by_class: Vec<Option<ArrayCount>>,
    batch: Vec<[u32; 3]>,
    largest: Largest,
}

impl<'a> ArrayQuestion<'a> {
    /// Room for what is gathered.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub(super) fn column(heap: &MarkedHeap, texts: &TextArrays) -> Result<Column<u32>, SnapshotError> {
        let words = 3 * (heap.array_count() - texts.count());
        Ok(heap.storage().column("hashes of arrays", words, Access::Random).map_err(GraphError::from)?)
    }

    /// `column` is one of [`Self::column`]. Arrays in `texts` are counted, but their contents are not compared.
    pub(super) fn new(heap: &'a MarkedHeap, texts: &'a TextArrays, column: &'a mut [u32]) -> Self {
        Self { heap, texts, gatherer: Gatherer::new(column), hasher: DefaultHashBuilder::default() }
    }

    /// All is gathered. The number of hashes in the column, and what else is known.
    pub(super) fn finish(self, mut sums: ArraySums) -> (usize, ArraySums) {
        let batch = std::mem::take(&mut sums.batch);
        (self.gatherer.finish(batch), sums)
    }
}

impl Question for ArrayQuestion<'_> {
    type Sums = ArraySums;

    fn nothing(&self) -> ArraySums {
        let classes = self.heap.classes().len();
        ArraySums { by_class: vec![None; classes], batch: Vec::new(), largest: Largest::new(LISTED) }
    }

    #[inline]
    fn visit(&self, sums: &mut ArraySums, object: ObjectIx, record: &HeapRecord<'_>) {
        let (elements, length, is_primitive) = match *record {
            HeapRecord::PrimitiveArray { elements, length, .. } => (elements, length, true),
            HeapRecord::ObjectArray { elements, length, .. } => (elements, length, false),
            _ => return,
        };
        if !self.heap.is_reachable(object) {
            return;
        }
        let id_bytes = self.heap.encoding().id_bytes();
        let nulls = if is_primitive { 0 } else { count_nulls(elements, id_bytes) };
        let is_zero = if is_primitive { is_zero(elements) } else { nulls == u64::from(length) };
        sums.add(self.heap, object, length, nulls, is_zero && !elements.is_empty());
        if is_primitive && !is_zero && elements.len() >= SHORTEST_COMPARED && !self.texts.contains(object) {
            let class = self.heap.class_of(object).0;
            let hash = self.hasher.hash_one((class, elements));
            self.gatherer.push(&mut sums.batch, hashed(hash, object));
        }
    }

    fn merge(&self, first: ArraySums, second: ArraySums) -> ArraySums {
        let mut by_class = first.by_class;
        for (a, b) in by_class.iter_mut().zip(second.by_class) {
            *a = match (*a, b) {
                (Some(a), Some(b)) => Some(a.and(&b)),
                (a, b) => a.or(b),
            };
        }
        ArraySums {
            by_class,
            batch: self.gatherer.join(first.batch, second.batch),
            largest: first.largest.merge(second.largest),
        }
    }
}

impl ArrayStats {
    /// Looks at all arrays.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn of(heap: &MarkedHeap) -> Result<Self, SnapshotError> {
        let texts = TextArrays::new(heap)?;
        let mut column = ArrayQuestion::column(heap, &texts)?;
        let question = ArrayQuestion::new(heap, &texts, &mut column);
        let sums = ask(heap, &question)?;
        let (len, sums) = question.finish(sums);
        Ok(Self::answer(heap, sums, &Self::alike(&mut column, len)))
    }

    /// What is alike among the first `len` hashes that an [`ArrayQuestion`] has gathered.
    pub(super) fn alike(column: &mut [u32], len: usize) -> Alike<'_> {
        alike(column, len, |_| false)
    }

    /// `hashes` are those of all arrays that are compared.
    pub(super) fn answer(heap: &MarkedHeap, sums: ArraySums, hashes: &Alike<'_>) -> Self {
        let mut stats = Self::default();
        for same in hashes.groups().filter(|same| same.len() > 1) {
            let (array, count) = (ObjectIx(same[0][2]), same.len() as u64);
            let wasted_bytes = (count - 1) * heap.shallow_bytes(array);
            stats.repeated_count += 1;
            stats.repeated_bytes += wasted_bytes;
            stats.repeated.push(RepeatedArray { array, count, wasted_bytes });
            if stats.repeated.len() >= 4 * LISTED {
                cut(&mut stats.repeated);
            }
        }
        cut(&mut stats.repeated);
        stats.by_class = sums.by_class.into_iter().flatten().collect();
        stats.by_class.sort_by_key(|count| (Reverse(count.bytes), count.class));
        stats.largest = sums.largest.into_vec().into_iter().map(|(_, array)| array).collect();
        stats
    }

    /// The shallow sizes of arrays that have no element but null or zero.
    pub fn zero_bytes(&self) -> u64 {
        self.by_class.iter().map(|count| count.zero_bytes).sum()
    }
}

/// Whether there is nothing but zeros; quickly so.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<16>();
    words.iter().all(|&word| u128::from_ne_bytes(word) == 0) && rest.iter().all(|&byte| byte == 0)
}

/// How many identifiers are null.
fn count_nulls(elements: &[u8], id_bytes: usize) -> u64 {
    let nulls = match id_bytes {
        8 => elements.as_chunks::<8>().0.iter().filter(|&&id| u64::from_ne_bytes(id) == 0).count(),
        _ => elements.chunks_exact(id_bytes).filter(|id| id.iter().all(|&byte| byte == 0)).count(),
    };
    nulls as u64
}

/// Leaves the contents that are listed, most wasteful first.
fn cut(repeated: &mut Vec<RepeatedArray>) {
    repeated.sort_unstable_by_key(|same| (Reverse(same.wasted_bytes), same.array));
    repeated.truncate(LISTED);
}

impl ArrayCount {
    fn none_of(class: ClassIx) -> Self {
        Self {
            class,
            instances: 0,
            bytes: 0,
            empty: 0,
            empty_bytes: 0,
            zero: 0,
            zero_bytes: 0,
            elements: 0,
            nulls: 0,
        }
    }

    /// Both together.
    fn and(&self, other: &Self) -> Self {
        Self {
            class: self.class,
            instances: self.instances + other.instances,
            bytes: self.bytes + other.bytes,
            empty: self.empty + other.empty,
            empty_bytes: self.empty_bytes + other.empty_bytes,
            zero: self.zero + other.zero,
            zero_bytes: self.zero_bytes + other.zero_bytes,
            elements: self.elements + other.elements,
            nulls: self.nulls + other.nulls,
        }
    }
}

impl ArraySums {
    fn add(&mut self, heap: &MarkedHeap, object: ObjectIx, length: u32, nulls: u64, is_zero: bool) {
        let class = heap.class_of(object);
        let bytes = heap.shallow_bytes(object);
        let count = self.by_class[class.index()].get_or_insert_with(|| ArrayCount::none_of(class));
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
        self.largest.push(bytes, object);
    }
}
