//! All collections of a heap, measured.
//!
//! Wrappers (`HashSet` around its map, `Collections.unmodifiableList`) are counted, but room is wasted only by what they stand before.
//! Cost: one pass over all records; 16 bytes for each collection that wastes something.

use super::buckets::{Buckets, HashTable, hash_table};
use super::measure::{CollectionKinds, Measure};
use super::spec::CollectionKind;
use crate::hprof::HeapRecord;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::array_stats::is_zero;
use crate::query::gather::Largest;
use crate::query::scan::{Question, ask};
use crate::snapshot::{Heap, MarkedHeap, SnapshotError};
use std::cmp::Reverse;

/// What is wrong with a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// No element.
    Empty,
    /// Room for four times as many elements, and for 16 at least.
    Sparse,
    /// More room than its elements need.
    Oversized,
}

/// Collections of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectionCount {
    /// The class.
    pub class: ClassIx,
    /// What it is.
    pub kind: CollectionKind,
    /// How many reachable ones.
    pub instances: u64,
    /// Their shallow sizes and those of their arrays.
    pub bytes: u64,
    /// How many have no element.
    pub empty: u64,
    /// How many have one element.
    pub single: u64,
    /// How many have room for four times as many elements, and for 16 at least.
    pub sparse: u64,
    /// Elements of all of them.
    pub elements: u64,
    /// Places of all of them, where there are places.
    pub capacity: u64,
    /// The most elements that one has.
    pub longest: u64,
    /// Bytes of places that are not needed, and of collections without elements.
    pub wasted_bytes: u64,
    /// By how full they are: without an element, then up to 20, 40, 60, 80 and 100 % of the places, of those that have places.
    pub fill: [Fill; FILL_STEPS],
    /// How their entries are spread, of hash tables that have some.
    pub buckets: Buckets,
}

/// Steps of [`CollectionCount::fill`].
pub const FILL_STEPS: usize = 6;

/// Collections that are about equally full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// How many.
    pub instances: u64,
    /// Their elements.
    pub elements: u64,
    /// Their places.
    pub capacity: u64,
    /// The shallow sizes of their arrays.
    pub bytes: u64,
}

impl Fill {
    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            instances: self.instances + other.instances,
            elements: self.elements + other.elements,
            capacity: self.capacity + other.capacity,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// A collection that wastes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wasteful {
    /// The collection.
    pub collection: ObjectIx,
    /// What is wrong.
    pub problem: Problem,
    /// Bytes that it could do without, up to 4 GiB.
    pub wasted_bytes: u32,
}

/// All collections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectionStats {
    /// By class, most bytes wasted first.
    pub by_class: Vec<CollectionCount>,
    /// The longest ones with their lengths, longest first.
    pub longest: Vec<(u64, ObjectIx)>,
    /// The hash tables that use the fewest of the buckets that they could, worst first.
    pub crowded: Vec<HashTable>,
    /// Those that waste room, in the order of the dump.
    pub wasteful: Vec<Wasteful>,
    /// What they waste together, in bytes.
    pub wasted_bytes: u64,
    /// The part of it that lies in arrays without any element but null or zero: among arrays these count as well.
    pub zero_array_bytes: u64,
}

/// Long collections that are listed.
const LISTED: usize = 1000;
/// Hash tables that are listed because their entries are spread badly.
const LISTED_TABLES: usize = 100;
/// A table with fewer buckets too few may be chance.
const MISSED: u64 = 8;
/// A collection with fewer places is never sparse: the JDK makes arrays of 10 and 16 by itself.
const FEW_PLACES: u64 = 16;

/// Asks for all collections.
#[derive(Debug)]
pub(in crate::query) struct CollectionQuestion<'a> {
    heap: &'a MarkedHeap,
    kinds: CollectionKinds,
}

/// What is known of some collections.
#[derive(Debug)]
pub(in crate::query) struct CollectionSums {
    by_class: Vec<Option<CollectionCount>>,
    longest: Largest,
    missed: Largest,
    wasteful: Vec<Wasteful>,
    zero_array_bytes: u64,
}

impl<'a> CollectionQuestion<'a> {
    pub(in crate::query) fn new(heap: &'a MarkedHeap) -> Self {
        Self { heap, kinds: CollectionKinds::new(heap) }
    }
}

impl Question for CollectionQuestion<'_> {
    type Sums = CollectionSums;

    fn nothing(&self) -> CollectionSums {
        let classes = self.heap.classes().len();
        CollectionSums {
            by_class: vec![None; classes],
            longest: Largest::new(LISTED),
            missed: Largest::new(LISTED_TABLES),
            wasteful: Vec::new(),
            zero_array_bytes: 0,
        }
    }

    #[inline]
    fn visit(&self, sums: &mut CollectionSums, object: ObjectIx, record: &HeapRecord<'_>) {
        let HeapRecord::Instance { fields, .. } = *record else { return };
        let class = self.heap.class_of(object);
        if let Some(kind) = self.kinds.kind(class)
            && self.heap.is_reachable(object)
        {
            let measure = self.kinds.measure(self.heap, class, object, fields);
            sums.add(self.heap, class, kind, object, measure, self.kinds.is_wrapper(class));
            if let Some(table) = self.kinds.hash_table(self.heap, class, object, measure) {
                sums.add_table(class, &table);
            }
        }
    }

    fn merge(&self, first: CollectionSums, second: CollectionSums) -> CollectionSums {
        let CollectionSums { mut by_class, longest, missed, mut wasteful, zero_array_bytes } = first;
        for (a, b) in by_class.iter_mut().zip(second.by_class) {
            *a = match (*a, b) {
                (Some(a), Some(b)) => Some(a.and(&b)),
                (a, b) => a.or(b),
            };
        }
        wasteful.extend(second.wasteful);
        CollectionSums {
            by_class,
            longest: longest.merge(second.longest),
            missed: missed.merge(second.missed),
            wasteful,
            zero_array_bytes: zero_array_bytes + second.zero_array_bytes,
        }
    }
}

impl CollectionStats {
    /// Looks at all collections.
    ///
    /// # Errors
    /// Cancelled.
    pub fn of(heap: &MarkedHeap) -> Result<Self, SnapshotError> {
        Ok(Self::answer(heap, ask(heap, &CollectionQuestion::new(heap))?))
    }

    pub(in crate::query) fn answer(heap: &Heap, sums: CollectionSums) -> Self {
        let missed = sums.missed.into_vec().into_iter();
        let mut by_class: Vec<CollectionCount> = sums.by_class.into_iter().flatten().collect();
        by_class.sort_by_key(|count| (Reverse(count.wasted_bytes), Reverse(count.bytes), count.class));
        Self {
            wasted_bytes: by_class.iter().map(|count| count.wasted_bytes).sum(),
            by_class,
            longest: sums.longest.into_vec(),
            crowded: missed.filter_map(|(_, object)| hash_table(heap, object)).collect(),
            wasteful: sums.wasteful,
            zero_array_bytes: sums.zero_array_bytes,
        }
    }
}

impl CollectionCount {
    fn none_of(class: ClassIx, kind: CollectionKind) -> Self {
        Self {
            class,
            kind,
            instances: 0,
            bytes: 0,
            empty: 0,
            single: 0,
            sparse: 0,
            elements: 0,
            capacity: 0,
            longest: 0,
            wasted_bytes: 0,
            fill: [Fill::default(); FILL_STEPS],
            buckets: Buckets::default(),
        }
    }

    /// Both together.
    fn and(&self, other: &Self) -> Self {
        Self {
            class: self.class,
            kind: self.kind,
            instances: self.instances + other.instances,
            bytes: self.bytes + other.bytes,
            empty: self.empty + other.empty,
            single: self.single + other.single,
            sparse: self.sparse + other.sparse,
            elements: self.elements + other.elements,
            capacity: self.capacity + other.capacity,
            longest: self.longest.max(other.longest),
            wasted_bytes: self.wasted_bytes + other.wasted_bytes,
            fill: std::array::from_fn(|step| self.fill[step].and(other.fill[step])),
            buckets: self.buckets.and(other.buckets),
        }
    }
}

impl CollectionSums {
    fn add_table(&mut self, class: ClassIx, table: &HashTable) {
        if let Some(count) = &mut self.by_class[class.index()] {
            let HashTable { entries, used, .. } = *table;
            count.buckets = count.buckets.and(Buckets { tables: 1, entries, used });
        }
        let missed = table.missed();
        if missed >= MISSED {
            self.missed.push(missed, table.collection);
        }
    }

    fn add(
        &mut self,
        heap: &MarkedHeap,
        class: ClassIx,
        kind: CollectionKind,
        object: ObjectIx,
        measure: Measure,
        is_wrapper: bool,
    ) {
        let slot = &mut self.by_class[class.index()];
        let count = slot.get_or_insert_with(|| CollectionCount::none_of(class, kind));
        let own_bytes = heap.shallow_bytes(object);
        count.instances += 1;
        count.bytes += own_bytes;
        let Some(length) = measure.length else { return };
        count.elements += length;
        count.longest = count.longest.max(length);
        count.empty += u64::from(length == 0);
        count.single += u64::from(length == 1);
        if is_wrapper {
            return;
        }
        self.longest.push(length, object);
        let capacity = measure.capacity.unwrap_or(0);
        count.capacity += capacity;
        // Arrays without places are shared by all collections that were never filled.
        let array_bytes = measure.array.filter(|_| capacity > 0).map_or(0, |array| heap.shallow_bytes(array));
        count.bytes += array_bytes;
        if capacity > 0 {
            let step = length.saturating_mul(FILL_STEPS as u64 - 1).div_ceil(capacity) as usize;
            let fill = &mut count.fill[step.min(FILL_STEPS - 1)];
            *fill = fill.and(Fill { instances: 1, elements: length, capacity, bytes: array_bytes });
        }
        let is_sparse = capacity > FEW_PLACES && length.saturating_mul(4) <= capacity;
        count.sparse += u64::from(is_sparse && length > 0);
        let (problem, wasted) = if length == 0 {
            (Problem::Empty, own_bytes + array_bytes)
        } else {
            // Maps are made for a third more places than entries, and as a power of two.
            let needed = if kind == CollectionKind::List || kind == CollectionKind::Queue {
                length
            } else {
                (length + length / 3).next_power_of_two().max(FEW_PLACES)
            };
            let free = capacity.saturating_sub(needed);
            // Keys and values take two places of the array for one entry.
            let places = measure.array.and_then(|array| heap.array_length(array)).map_or(0, u64::from);
            let place_bytes = u64::from(heap.layout().model().reference_bytes);
            let wasted = free * place_bytes * places.checked_div(capacity).unwrap_or(0);
            (if is_sparse { Problem::Sparse } else { Problem::Oversized }, wasted)
        };
        count.wasted_bytes += wasted;
        if wasted > 0 {
            let wasted_bytes = u32::try_from(wasted).unwrap_or(u32::MAX);
            self.wasteful.push(Wasteful { collection: object, problem, wasted_bytes });
            if measure.array.is_some_and(|array| capacity > 0 && has_nothing(heap, array)) {
                self.zero_array_bytes += wasted.min(array_bytes);
            }
        }
    }
}

/// Whether an array has no element but null or zero.
fn has_nothing(heap: &MarkedHeap, array: ObjectIx) -> bool {
    match heap.primitive_elements(array) {
        Some((_, bytes)) => is_zero(bytes),
        None => heap.references().slots(array).is_empty(),
    }
}
