//! How many elements a collection has and how many its arrays have room for.
//!
//! Cost: the fields of the collection, and for some kinds a record or a few more. Only queues without a counter are walked over.

use super::buckets::{HashTable, spread};
use super::contents;
use super::spec::{CollectionKind, Length, Spec, Store, spec_of};
use crate::hprof::{FieldType, HeapRecord, Value};
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::Heap;

/// What was measured of a collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// How many elements; `None` if the dump does not say.
    pub length: Option<u64>,
    /// How many its array has room for; `None` for linked ones and trees.
    pub capacity: Option<u64>,
    /// That array.
    pub array: Option<ObjectIx>,
}

/// The classes of a snapshot that are collections, with the places of their fields.
#[derive(Debug)]
pub struct CollectionKinds {
    by_class: Vec<Option<Known>>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    spec: &'static Spec,
    /// The field with the number of elements.
    length: Option<(u32, FieldType)>,
    /// The field with the array.
    array: Option<u32>,
    /// The field with the collection that it stands before.
    inner: Option<u32>,
}

impl CollectionKinds {
    /// Looks at all classes once.
    pub fn new(heap: &Heap) -> Self {
        let known = |class| {
            let spec = spec_of(heap, class)?;
            let length = match spec.length {
                Length::Field(name) => Some(heap.field_place(class, name)?),
                _ => None,
            };
            let reference = |name| {
                let place = heap.field_place(class, name);
                place.filter(|place| place.1 == FieldType::Reference).map(|place| place.0)
            };
            let inner = if let Length::Of(name) = spec.length { reference(name) } else { None };
            Some(Known { spec, length, array: array_field(spec).and_then(reference), inner })
        };
        Self { by_class: heap.classes().iter().map(|(class, _)| known(class)).collect() }
    }

    /// What objects of `class` are; `None` if they are no collections.
    #[inline]
    pub fn kind(&self, class: ClassIx) -> Option<CollectionKind> {
        Some(self.by_class[class.index()]?.spec.kind)
    }

    /// Whether objects of `class` only stand before another collection, as a `HashSet` before its map.
    pub fn is_wrapper(&self, class: ClassIx) -> bool {
        self.by_class[class.index()].is_some_and(|known| matches!(known.spec.length, Length::Of(_)))
    }

    /// How the entries of a measured map are spread, if it is a hash table with chains that has some. Cost: none, the references of its array
    /// are counted already.
    pub(super) fn hash_table(
        &self,
        heap: &Heap,
        class: ClassIx,
        object: ObjectIx,
        measure: Measure,
    ) -> Option<HashTable> {
        let known =
            self.by_class[class.index()].filter(|known| matches!(known.spec.store, Store::Table(_)))?;
        debug_assert!(known.array.is_some() || measure.array.is_none());
        spread(heap, object, measure)
    }

    /// Measures an instance of `class` whose values stand in `fields`.
    pub fn measure(&self, heap: &Heap, class: ClassIx, object: ObjectIx, fields: &[u8]) -> Measure {
        let Some(known) = self.by_class[class.index()] else { return Measure::default() };
        let array = follow(heap, fields, known.array);
        let places = array.and_then(|array| heap.array_length(array)).map(u64::from);
        let capacity = capacity(known.spec, places.unwrap_or(0));
        let length = match (known.length, known.spec.length) {
            (Some(place), _) => integer(heap, fields, place),
            (None, Length::Array) => Some(places.unwrap_or(0)),
            (None, Length::Of(_)) => self.length_behind(heap, known, fields),
            (None, _) => length_of(heap, object, known.spec),
        };
        Measure { length, capacity, array }
    }

    /// The length of what a wrapper stands before. There may be millions of wrappers around each other: no name of a field is looked for.
    fn length_behind(&self, heap: &Heap, wrapper: Known, fields: &[u8]) -> Option<u64> {
        let (mut known, mut fields) = (wrapper, fields);
        for _ in 1..DEEPEST {
            let Some(inner) = follow(heap, fields, known.inner) else { return Some(0) };
            known = self.by_class[heap.class_of(inner).index()]?;
            let HeapRecord::Instance { fields: own, .. } = heap.record(inner) else { return None };
            match (known.length, known.spec.length) {
                (Some(place), _) => return integer(heap, own, place),
                (None, Length::Of(_)) => fields = own,
                (None, _) => return length_of(heap, inner, known.spec),
            }
        }
        None
    }
}

/// Wrappers around wrappers that are looked into.
const DEEPEST: usize = 8;

/// The object that a field refers to.
fn follow(heap: &Heap, fields: &[u8], offset: Option<u32>) -> Option<ObjectIx> {
    heap.find(heap.value_at(fields, offset?, FieldType::Reference)?.reference()?)
}

/// A number that is not below 0.
fn integer(heap: &Heap, fields: &[u8], (offset, ty): (u32, FieldType)) -> Option<u64> {
    u64::try_from(heap.value_at(fields, offset, ty)?.integer()?).ok()
}

/// The field with the array in which the elements are.
fn array_field(spec: &Spec) -> Option<&'static str> {
    match spec.store {
        Store::Front(name)
        | Store::Sparse(name)
        | Store::Ring(name)
        | Store::Pairs(name)
        | Store::ChainedPairs(name)
        | Store::Keys(name)
        | Store::Parallel(_, name)
        | Store::Table(name) => Some(name),
        _ => None,
    }
}

/// How many elements an array of so many places has room for.
fn capacity(spec: &Spec, places: u64) -> Option<u64> {
    let of_one = if matches!(spec.store, Store::Pairs(_) | Store::ChainedPairs(_)) { 2 } else { 1 };
    array_field(spec).map(|_| places / of_one)
}

/// Measures a single collection; `None` for what is none, and for what only stands before another one.
pub fn collection_measure(heap: &Heap, object: ObjectIx) -> Option<Measure> {
    let spec = spec_of(heap, heap.class_of(object)).filter(|spec| !matches!(spec.length, Length::Of(_)))?;
    let array = array_field(spec).and_then(|name| heap.follow(object, name));
    let places = array.and_then(|array| heap.array_length(array)).map_or(0, u64::from);
    Some(Measure { length: length_of(heap, object, spec), capacity: capacity(spec, places), array })
}

/// What kind of collection an object is; `None` for what is none.
pub fn collection_kind(heap: &Heap, object: ObjectIx) -> Option<CollectionKind> {
    spec_of(heap, heap.class_of(object)).map(|spec| spec.kind)
}

/// How many elements a collection has; `None` for what is none.
pub fn collection_length(heap: &Heap, object: ObjectIx) -> Option<u64> {
    length_of(heap, object, spec_of(heap, heap.class_of(object))?)
}

pub(super) fn length_of(heap: &Heap, object: ObjectIx, spec: &Spec) -> Option<u64> {
    let (mut object, mut spec) = (object, *spec);
    for _ in 0..DEEPEST {
        let integer = |name| heap.integer(object, name).and_then(|number| u64::try_from(number).ok());
        return match spec.length {
            Length::Field(name) => integer(name),
            Length::Atomic(name) => {
                let number = heap.integer(heap.follow(object, name)?, "value")?;
                u64::try_from(number).ok()
            }
            Length::FieldOf(holder, name) => {
                u64::try_from(heap.integer(heap.follow(object, holder)?, name)?).ok()
            }
            Length::FieldAndOne(name, also) => {
                let one = matches!(heap.field(object, also), Some(Value::Boolean(true)));
                Some(integer(name)? + u64::from(one))
            }
            Length::Passed(indexes) => {
                let index = |name| {
                    let number = || heap.integer(heap.follow(object, name)?, "value");
                    heap.integer(object, name).or_else(number)
                };
                let passed = index(indexes.producer)?.checked_sub(index(indexes.consumer)?)?;
                Some(u64::try_from(passed).ok()? / indexes.step)
            }
            Length::Of(name) => {
                let Some(inner) = heap.follow(object, name) else { return Some(0) };
                (object, spec) = (inner, *spec_of(heap, heap.class_of(inner))?);
                continue;
            }
            Length::Array => {
                let (Store::Front(name) | Store::Sparse(name)) = spec.store else { return None };
                heap.array_length(heap.follow(object, name)?).map(u64::from)
            }
            Length::Adder(name) => {
                let sum = heap.follow(object, name).and_then(|sum| adder(heap, sum));
                Some(sum.map_or_else(|| contents::count(heap, object, &spec), counted))
            }
            Length::Counters => Some(counted(striped(heap, object, "baseCount", "counterCells"))),
            Length::Segments(name) => {
                let segments = heap.elements(heap.follow(object, name)?).filter_map(|id| heap.find(id));
                let counts = segments.filter_map(|segment| {
                    let number = || heap.integer(heap.follow(segment, "count")?, "value");
                    heap.integer(segment, "count").or_else(number)
                });
                Some(counts.filter_map(|count| u64::try_from(count).ok()).sum())
            }
            Length::Ring => {
                let places = u64::from(heap.array_length(heap.follow(object, "elements")?)?);
                let (head, tail) = (integer("head")?, integer("tail")?);
                (places > 0).then(|| (tail + places - head.min(places)) % places)
            }
            Length::Walk => Some(contents::count(heap, object, &spec)),
            Length::Fixed(count) => Some(count),
        };
    }
    None
}

/// A number of elements; a counter below 0 is none.
fn counted(sum: i64) -> u64 {
    u64::try_from(sum).unwrap_or(0)
}

/// What a `LongAdder` counts.
pub(in crate::query) fn adder(heap: &Heap, adder: ObjectIx) -> Option<i64> {
    heap.integer(adder, "base")?;
    Some(striped(heap, adder, "base", "cells"))
}

/// The sum of a counter that is spread over cells.
fn striped(heap: &Heap, counter: ObjectIx, base: &str, cells: &str) -> i64 {
    let mut sum = heap.integer(counter, base).unwrap_or(0);
    if let Some(cells) = heap.follow(counter, cells) {
        let cells = heap.elements(cells).filter_map(|id| heap.find(id));
        sum = cells.filter_map(|cell| heap.integer(cell, "value")).fold(sum, i64::wrapping_add);
    }
    sum
}

/// How many elements a queue may have; `None` for one that does not make who adds wait, or has no limit.
pub fn queue_limit(heap: &Heap, queue: ObjectIx) -> Option<u64> {
    let is = |class: &str| heap.classes().is_named(heap.class_of(queue), class);
    if is("java.util.concurrent.ArrayBlockingQueue") {
        return heap.follow(queue, "items").map(|items| heap.elements(items).count() as u64);
    }
    if is("java.util.concurrent.LinkedBlockingQueue") || is("java.util.concurrent.LinkedBlockingDeque") {
        let limit = heap.integer(queue, "capacity").filter(|&limit| limit < i64::from(i32::MAX));
        return limit.and_then(|limit| u64::try_from(limit).ok());
    }
    None
}
