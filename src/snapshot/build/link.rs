//! The second pass over the heap records, in parallel over runs: resolves references to object numbers and fills the columns.
//!
//! References are resolved in blocks, with a prefetch some way ahead: a look-up in the address index is a cache miss, and
//! blocks let many of them be under way at once. Cost: one sequential read of the dump, one random access per reference.

use super::super::classes::Strength;
use super::super::damage::{Damage, DamageKind};
use super::super::index::AddressIndex;
use super::super::layout::gaps::GapEvidence;
use super::super::records::PlacesOfRun;
use super::scan::{Run, class_references};
use super::shapes::{Shapes, array_references, instance_references, next_pending};
use crate::graph::ReferencesWriter;
use crate::hprof::{Encoding, FieldType, HeapRecord, HeapRecords, ObjectId};
use crate::ix::ClassIx;
use crate::progress::{Cancelled, Phase};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// References per block.
const BLOCK: usize = 512;
/// How far ahead of its use a word of the index is asked for.
const AHEAD: usize = 16;
/// Words of the index to look ahead for the next object.
const GAP_REACH: usize = 8;

/// What one run writes to.
pub(super) struct RunColumns<'a> {
    pub(super) references: ReferencesWriter<'a>,
    pub(super) classes: ClassWriter<'a>,
    pub(super) array_lengths: &'a mut [u32],
    /// A bit per object of the whole dump; neighbouring runs share words.
    pub(super) is_array: &'a [AtomicU64],
    pub(super) first_object: u32,
    pub(super) first_slot: u64,
}

/// The part of the class column that a run fills.
pub(in crate::snapshot) enum ClassWriter<'a> {
    U16(&'a mut [u16]),
    U32(&'a mut [u32]),
}

impl ClassWriter<'_> {
    #[inline]
    fn set(&mut self, at: usize, class: ClassIx) {
        match self {
            Self::U16(column) => column[at] = class.0 as u16,
            Self::U32(column) => column[at] = class.0,
        }
    }
}

/// What the link of one run found besides.
#[derive(Debug, Default)]
pub(super) struct LinkedRun {
    /// Slots whose reference is soft.
    pub(super) soft_slots: Vec<u64>,
    /// Slots whose reference is a finalizer's.
    pub(super) final_slots: Vec<u64>,
    /// References with the next one that waits for its handler.
    pub(super) pending: Vec<(u32, ObjectId)>,
    /// Where the records are.
    pub(super) places: PlacesOfRun,
    /// The mirrors that the run holds: class and object number.
    pub(super) mirrors: Vec<(ClassIx, u32)>,
    /// Objects of the class that is as long as the stack it holds.
    pub(super) stack_chunks: Vec<u32>,
    /// Objects of the class that the VM's own part of a class refers to.
    pub(super) class_values: Vec<u32>,
    /// Whether some array is of a class that is not known to be one.
    pub(super) odd_arrays: bool,
    pub(super) damage: Damage,
}

/// Evidence of sizes, one for each thread at work.
pub(super) struct GapPool {
    classes: usize,
    free: Mutex<Vec<GapEvidence>>,
}

impl GapPool {
    pub(super) fn new(classes: usize) -> Self {
        Self { classes, free: Mutex::default() }
    }

    fn take(&self) -> GapEvidence {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| GapEvidence::new(self.classes))
    }

    fn give_back(&self, gaps: GapEvidence) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(gaps);
    }

    /// All that was seen.
    pub(super) fn finish(self) -> GapEvidence {
        let mut all = self.free.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter();
        let mut sum = all.next().unwrap_or_else(|| GapEvidence::new(self.classes));
        all.for_each(|gaps| sum.merge(&gaps));
        sum
    }
}

/// Sets the bits of one run in a bitmap that runs share, a word at a time.
struct BitWriter<'a> {
    words: &'a [AtomicU64],
    word: usize,
    bits: u64,
}

impl BitWriter<'_> {
    #[inline]
    fn set(&mut self, at: u32) {
        let word = at as usize / 64;
        if word != self.word {
            self.flush();
            self.word = word;
        }
        self.bits |= 1 << (at % 64);
    }

    fn flush(&mut self) {
        if self.bits != 0 {
            self.words[self.word].fetch_or(self.bits, Ordering::Relaxed);
            self.bits = 0;
        }
    }
}

/// What all runs share.
pub(super) struct Linker<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) encoding: Encoding,
    pub(super) shapes: &'a Shapes<'a>,
    pub(super) index: &'a AddressIndex,
    pub(super) gaps: &'a GapPool,
    pub(super) stack_chunk: Option<ClassIx>,
    pub(super) class_value_map: Option<ClassIx>,
}

impl Linker<'_> {
    pub(super) fn link(
        &self,
        runs: &[Run],
        columns: Vec<RunColumns<'_>>,
        phase: &Phase<'_>,
    ) -> Result<Vec<LinkedRun>, Cancelled> {
        use rayon::prelude::*;
        runs.par_iter()
            .zip(columns)
            .map_init(
                || self.shapes.lookup(),
                |lookup, (run, columns)| {
                    phase.advance(run.bytes.len() as u64)?;
                    Ok(self.run(run, columns, lookup))
                },
            )
            .collect()
    }

    fn run(
        &self,
        run: &Run,
        columns: RunColumns<'_>,
        lookup: &mut super::shapes::ClassLookup<'_>,
    ) -> LinkedRun {
        let RunColumns { references, mut classes, array_lengths, is_array, first_object, first_slot } =
            columns;
        let mut is_array = BitWriter { words: is_array, word: 0, bits: 0 };
        let mut array_lengths = array_lengths.iter_mut();
        let mut resolver = Resolver {
            index: self.index,
            writer: references,
            pending: Vec::with_capacity(2 * BLOCK),
            ends: Vec::new(),
            dangling: 0,
        };
        let mut found = LinkedRun::default();
        let mut gaps = self.gaps.take();
        let (mut object_at, mut slot_at) = (first_object, first_slot);
        let class_class = self.shapes.classes.class_class();
        let mut walk = HeapRecords::new(&self.bytes[..run.bytes.end], run.bytes.start, self.encoding);
        loop {
            let at = walk.at();
            // The scan has read all of the run without an error.
            let Ok(Some(record)) = walk.next() else { break };
            let (object, class) = match record {
                HeapRecord::Instance { object, class, fields } => {
                    let class = lookup.find(class).expect("the scan added all classes that instances name");
                    instance_references(self.shapes.get(class), fields, self.encoding, |id, strength| {
                        match strength {
                            None => {}
                            Some(Strength::Soft) => found.soft_slots.push(slot_at),
                            Some(_) => found.final_slots.push(slot_at),
                        }
                        slot_at += 1;
                        resolver.reference(id);
                    });
                    let next = next_pending(self.shapes.get(class), fields, self.encoding);
                    found.pending.extend(next.map(|next| (object_at, next)));
                    match self.gap(object) {
                        Some(gap) if class != class_class => gaps.observe_instance(class.0, gap),
                        _ => {}
                    }
                    if Some(class) == self.stack_chunk {
                        found.stack_chunks.push(object_at);
                    }
                    if Some(class) == self.class_value_map {
                        found.class_values.push(object_at);
                    }
                    (object, class)
                }
                HeapRecord::ObjectArray { object, class, elements, length } => {
                    let class = lookup.find(class).expect("the scan added all classes that arrays name");
                    array_references(elements, self.encoding, |id| {
                        slot_at += 1;
                        resolver.reference(id);
                    });
                    if let Some(slot) = array_lengths.next() {
                        *slot = length;
                    }
                    is_array.set(object_at);
                    found.odd_arrays |= !self.shapes.classes.get(class).is_array();
                    if let Some(gap) = self.gap(object) {
                        gaps.observe_array(FieldType::Reference, u64::from(length), gap);
                    }
                    (object, class)
                }
                HeapRecord::PrimitiveArray { object, element, length, .. } => {
                    if let Some(slot) = array_lengths.next() {
                        *slot = length;
                    }
                    is_array.set(object_at);
                    if let Some(gap) = self.gap(object) {
                        gaps.observe_array(element, u64::from(length), gap);
                    }
                    (object, self.shapes.classes.primitive_array(element))
                }
                HeapRecord::Class(dump) => {
                    class_references(&dump, |id| {
                        slot_at += 1;
                        resolver.reference(id);
                    });
                    if let Some(class) = self.shapes.classes.find(dump.class) {
                        found.mirrors.push((class, object_at));
                        if let Some(gap) = self.gap(dump.class) {
                            gaps.observe_mirror(class.0, gap);
                        }
                    }
                    (dump.class, class_class)
                }
                HeapRecord::Root { .. } | HeapRecord::HeapInfo { .. } => continue,
            };
            gaps.observe_address(object.0);
            resolver.end_object();
            classes.set((object_at - first_object) as usize, class);
            found.places.see(object_at, at as u64);
            debug_assert!(self.index.find(object).is_some());
            object_at += 1;
        }
        resolver.flush();
        found.damage.add(DamageKind::DanglingReference, None, resolver.dangling, 0);
        is_array.flush();
        self.gaps.give_back(gaps);
        found
    }

    /// How far it is to the next object.
    #[inline]
    fn gap(&self, object: ObjectId) -> Option<u64> {
        self.index.next_address(object.0, GAP_REACH).map(|next| next - object.0)
    }
}

/// Resolves references in blocks and hands them on in order.
struct Resolver<'a> {
    index: &'a AddressIndex,
    writer: ReferencesWriter<'a>,
    pending: Vec<ObjectId>,
    /// For each object, the number of pending references before its end.
    ends: Vec<u32>,
    dangling: u64,
}

impl Resolver<'_> {
    #[inline]
    fn reference(&mut self, id: ObjectId) {
        if self.pending.len() >= 16 * BLOCK {
            self.flush();
        }
        self.pending.push(id);
    }

    #[inline]
    fn end_object(&mut self) {
        self.ends.push(self.pending.len() as u32);
        if self.pending.len() >= BLOCK || self.ends.len() >= 4 * BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for &id in self.pending.iter().take(AHEAD) {
            self.index.prefetch(id);
        }
        let mut at = 0;
        let open_end = self.pending.len() as u32;
        for (end, ends_object) in self.ends.iter().map(|&end| (end, true)).chain([(open_end, false)]) {
            while at < end as usize {
                if let Some(&ahead) = self.pending.get(at + AHEAD) {
                    self.index.prefetch(ahead);
                }
                let target = self.index.find(self.pending[at]);
                self.dangling += u64::from(target.is_none());
                self.writer.push(target);
                at += 1;
            }
            if ends_object {
                self.writer.end_object();
            }
        }
        self.pending.clear();
        self.ends.clear();
    }
}
