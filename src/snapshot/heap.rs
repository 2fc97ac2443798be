//! The heap as the dump has it: objects, classes, references, roots, threads. No sizes and no dominators yet.
//!
//! Owns the columns that the build has filled and answers what can be told of a single object. Cost: about 12 bytes per object,
//! and the mapped dump.

use super::classes::{Class, Classes};
use super::columns::{ArrayLengths, ClassColumn};
use super::damage::Damage;
use super::index::AddressIndex;
use super::records::{RecordPlaces, RecordReader, Walk};
use super::roots::{Root, Roots};
use super::threads::Thread;
use crate::graph::{ExtraEdges, Hubs, ObjectGraph, References};
use crate::hprof::{Encoding, HeapRecord, ObjectId};
use crate::ix::{ClassIx, ObjectIx, OptObjectIx};
use crate::origin::Origin as CodeOrigin;
use crate::storage::{Source, bits_of};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Where the heap comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file as it was named.
    pub file: String,
    /// The version in the file's header, as `JAVA PROFILE 1.0.2`.
    pub format: String,
    /// When the dump was made: milliseconds since 1970.
    pub created_ms: u64,
    /// Which of the dumps in the file this is, from 1.
    pub dump_number: usize,
    /// How many dumps the file holds.
    pub dump_count: usize,
    /// Top-level records that are not looked at: allocation sites, CPU samples and the like.
    pub other_records: u64,
}

/// The opened heap.
#[derive(Debug)]
pub struct Heap {
    pub(super) origin: Origin,
    pub(super) encoding: Encoding,
    pub(super) source: Source,
    pub(super) classes: Classes,
    /// Which class each mirror stands for, ascending.
    pub(super) mirrors: Vec<(ObjectIx, ClassIx)>,
    pub(super) index: AddressIndex,
    pub(super) references: References,
    pub(super) class_by_object: ClassColumn,
    pub(super) array_lengths: ArrayLengths,
    pub(super) records: RecordPlaces,
    pub(super) soft_slots: Vec<u64>,
    pub(super) final_slots: Vec<u64>,
    pub(super) roots: Roots,
    /// The roots of the graph, ascending: all but what known threads hold.
    pub(super) graph_roots: Vec<ObjectIx>,
    pub(super) extra: ExtraEdges,
    pub(super) hub_by_class: Vec<OptObjectIx>,
    pub(super) threads: Vec<Thread>,
    pub(super) damage: Damage,
    pub(super) code_origins: OnceLock<Box<[CodeOrigin]>>,
}

impl Heap {
    /// Where it comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whose code each class is, as `work_out` says when first asked. Kept here so that it is worked out once for a heap; the heap itself has no
    /// opinion. `work_out` must not wait for other threads.
    pub(crate) fn code_origins(&self, work_out: impl FnOnce(&Self) -> Box<[CodeOrigin]>) -> &[CodeOrigin] {
        self.code_origins.get_or_init(|| work_out(self))
    }

    /// The bytes of the dump and what is known of the file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How ids stand in the dump.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How many objects there are, reachable or not.
    pub fn object_count(&self) -> usize {
        self.references.object_count()
    }

    /// All objects, in the order of the dump.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = ObjectIx> + use<> {
        (0..self.object_count()).map(ObjectIx::from_usize)
    }

    /// The instances of a class, not of its subclasses, reachable or not, in order from all threads. Looks at the class of every object, many at a time.
    pub fn par_instances(&self, class: ClassIx) -> impl ParallelIterator<Item = ObjectIx> + '_ {
        let count = self.object_count();
        (0..count.div_ceil(64)).into_par_iter().with_min_len(1 << 9).flat_map_iter(move |word| {
            let first = word * 64;
            let mask = self.class_by_object.mask_of(first..count.min(first + 64), class);
            bits_of(mask).map(move |bit| ObjectIx::from_usize(first + bit))
        })
    }

    /// All classes.
    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// The class of an object.
    #[inline]
    pub fn class_of(&self, object: ObjectIx) -> ClassIx {
        self.class_by_object.get(object)
    }

    /// Says that [`Self::class_of`] will be asked for.
    #[inline]
    pub(crate) fn prefetch_class(&self, object: ObjectIx) {
        self.class_by_object.prefetch(object);
    }

    /// What the dump says of the class of an object.
    pub fn class(&self, object: ObjectIx) -> &Class {
        self.classes.get(self.class_of(object))
    }

    /// The name of the class of an object.
    pub fn class_name(&self, object: ObjectIx) -> &str {
        &self.class(object).name
    }

    /// The object at that address.
    #[inline]
    pub fn find(&self, id: ObjectId) -> Option<ObjectIx> {
        if id.is_null() { None } else { self.index.find(id) }
    }

    /// The address of an object. Walks over some records, up to 63 where objects are large.
    pub fn address_of(&self, object: ObjectIx) -> ObjectId {
        address_in(&self.record(object))
    }

    /// The class that an object is the mirror of, if it is a `java.lang.Class` that stands for one.
    pub fn mirrored_class(&self, object: ObjectIx) -> Option<ClassIx> {
        let at = self.mirrors.binary_search_by_key(&object, |&(mirror, _)| mirror).ok()?;
        Some(self.mirrors[at].1)
    }

    /// What the dump says of the class that an object is the mirror of.
    pub fn class_of_mirror(&self, object: ObjectIx) -> Option<&Class> {
        Some(self.classes.get(self.mirrored_class(object)?))
    }

    /// How many elements an array has, `None` for what is no array.
    #[inline]
    pub fn array_length(&self, object: ObjectIx) -> Option<u32> {
        self.array_lengths.get(object)
    }

    /// How many of the objects are arrays.
    pub fn array_count(&self) -> usize {
        self.array_lengths.count()
    }

    /// The record of an object, as it stands in the dump. Walks over some records, up to 63 where objects are large.
    pub fn record(&self, object: ObjectIx) -> HeapRecord<'_> {
        self.records.record(&self.source, self.encoding, object).1
    }

    /// Says that the record of an object will be asked for soon.
    pub fn prefetch_record(&self, object: ObjectIx) {
        self.records.prefetch(&self.source, object.0);
    }

    /// A reader of the records of many objects that are asked for in order.
    pub fn record_reader(&self) -> RecordReader<'_> {
        RecordReader::new(&self.records, &self.source, self.encoding)
    }

    /// The records of consecutive objects from `first` on: cheaper than asking for each. Ends where a damaged stretch of the file
    /// begins, or a part of it that another thread has read.
    pub fn records_from(&self, first: ObjectIx) -> impl Iterator<Item = HeapRecord<'_>> {
        let walk: Walk<'_> = self.records.walk(&self.source, self.encoding, first.0);
        walk.map(|(_, record)| record)
    }

    /// The references between objects. A slot stands for each reference that is not null and that the collector follows.
    pub fn references(&self) -> &References {
        &self.references
    }

    /// The positions of the slots that hold softly reachable referents, ascending.
    pub fn soft_slots(&self) -> &[u64] {
        &self.soft_slots
    }

    /// The positions of the slots that hold objects for their finalizers, ascending.
    pub fn final_slots(&self) -> &[u64] {
        &self.final_slots
    }

    /// The roots.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// The threads, in the order of the dump.
    pub fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// What the roots tell of an object.
    pub fn roots_of(&self, object: ObjectIx) -> &[Root] {
        self.roots.of(object)
    }

    /// The damage found.
    pub fn damage(&self) -> &Damage {
        &self.damage
    }

    /// The graph with its roots, as the collector sees it.
    pub fn graph(&self) -> ObjectGraph<'_> {
        ObjectGraph {
            references: &self.references,
            extra: &self.extra,
            hubs: Hubs::new(self.class_by_object.hubs(), &self.hub_by_class),
            roots: &self.graph_roots,
        }
    }

    /// The graph without what threads hold: as if all running requests ended. Thread objects stay.
    pub fn graph_without_stacks<'a>(&'a self, no_extra: &'a ExtraEdges) -> ObjectGraph<'a> {
        ObjectGraph { extra: no_extra, ..self.graph() }
    }
}

/// The id in an object's record.
pub(super) fn address_in(record: &HeapRecord<'_>) -> ObjectId {
    match *record {
        HeapRecord::Instance { object, .. }
        | HeapRecord::ObjectArray { object, .. }
        | HeapRecord::PrimitiveArray { object, .. }
        | HeapRecord::Root { object, .. } => object,
        HeapRecord::Class(dump) => dump.class,
        HeapRecord::HeapInfo { .. } => ObjectId(0),
    }
}
