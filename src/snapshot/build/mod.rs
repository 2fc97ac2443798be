//! Builds a heap from the bytes of a dump: top-level records, classes, a first pass that counts and numbers, a second that links.
//!
//! Owns the order of the steps. Both passes read the dump once from one end to the other, in parallel over parts of a few
//! megabytes. What they found is put together in file order, so the result does not depend on the number of threads.

mod class_dumps;
mod link;
mod number;
mod records;
mod scan;
mod shapes;

pub(super) use class_dumps::name_of;
pub(super) use link::ClassWriter;
pub(super) use records::TopLevel;
pub(super) use scan::{RawRoot, Run};

use super::classes::{Classes, Names};
use super::columns::{ArrayLengths, ClassColumn};
use super::damage::{Damage, DamageKind};
use super::edges::RootEdges;
use super::error::SnapshotError;
use super::heap::{Heap, Origin};
use super::index::AddressIndex;
use super::layout::gaps::GapEvidence;
use super::layout::shape::STACK_CHUNK;
use super::pending::Pending;
use super::records::{ANCHOR, RecordPlaces, RunPlace, STEP};
use super::roots::{CLASS_VALUE_MAP, Root, Roots};
use super::threads;
use crate::graph::{Part, References, ReferencesBuilder};
use crate::hprof::{Encoding, FieldType, HeapRecord, HeapRecords, ObjectId, RootTag};
use crate::ix::{ClassIx, ObjectIx, OptObjectIx};
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Source, Storage, atomic_u32, split_mut};
use class_dumps::Search;
use link::{GapPool, LinkedRun, Linker, RunColumns};
use number::Marks;
use scan::ScannedPart;
use shapes::Shapes;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

/// A class's name as Java writes it, and the type of the elements if it is an array class.
type NamedClass = (Arc<str>, Option<FieldType>);

/// What the passes need besides the bytes.
pub(super) struct Builder<'a> {
    pub(super) encoding: Encoding,
    pub(super) storage: &'a Storage,
    pub(super) progress: &'a Progress,
    /// Whether the referents of soft references are left out of the graph.
    pub(super) soft_as_weak: bool,
}

/// A heap and what its sizes are inferred from.
pub(super) struct Built {
    pub(super) heap: Heap,
    pub(super) pending: Pending,
    pub(super) gaps: GapEvidence,
    /// Instances of the class that is as long as the stack it holds.
    pub(super) stack_chunks: Vec<ObjectIx>,
    /// Whether some array is of a class that is not known to be one.
    pub(super) odd_arrays: bool,
}

/// What the first pass found out, put together.
struct Scanned {
    runs: Vec<Run>,
    /// The number of the first object of each part.
    first_by_part: Vec<u32>,
    objects: usize,
    slots: usize,
    arrays: usize,
    roots: Vec<RawRoot>,
}

impl Builder<'_> {
    /// Builds the heap of one dump in the file.
    pub(super) fn heap(
        &self,
        source: Source,
        origin: Origin,
        records_at: usize,
        dump: Option<usize>,
    ) -> Result<Built, SnapshotError> {
        let bytes: &[u8] = &source;
        let top = {
            let phase = self.progress.phase("records", Unit::Bytes, bytes.len() as u64);
            records::read(bytes, records_at, self.encoding, &phase)?
        };
        let mut damage = top.damage.clone();
        if source.broken_off().is_some() {
            damage.add(DamageKind::Packing, Some(bytes.len() as u64), 1, 0);
        }
        let count = top.dumps.len();
        let chosen = match dump {
            Some(asked) if asked == 0 || asked > count => {
                return Err(SnapshotError::NoSuchDump { asked, count });
            }
            Some(asked) => asked,
            None => count,
        };
        let no_parts = Vec::new();
        let parts = chosen.checked_sub(1).map_or(&no_parts, |at| &top.dumps[at]);
        let (classes, marks, parts_found) = self.scan(bytes, parts, &top, &mut damage)?;
        let shapes = Shapes::new(&classes, self.encoding, self.soft_as_weak);
        let scanned = gather(parts_found, &mut damage)?;
        // Fronts of searches and lists of what is worth a word are no columns; in real heaps they take less than a byte for each object.
        self.storage.set_aside(scanned.objects as u64);
        let index = self.index(bytes, marks, &scanned, &mut damage)?;
        let linked = self.link(bytes, &shapes, &index, &scanned)?;
        drop(shapes);
        linked.damage.merge_into(&mut damage);
        let origin =
            Origin { dump_number: chosen, dump_count: count, other_records: top.other_records, ..origin };
        self.finish(source, origin, &top, classes, index, scanned, linked, damage)
    }

    /// Reads the classes and makes the first pass; again if the classes turned out to stand elsewhere than where HotSpot puts them.
    fn scan(
        &self,
        bytes: &[u8],
        parts: &[Range<usize>],
        top: &TopLevel,
        damage: &mut Damage,
    ) -> Result<(Classes, Marks, Vec<ScannedPart>), SnapshotError> {
        let heap_bytes = parts.iter().map(|part| part.len()).sum();
        for search in [Search::Leading, Search::Everywhere] {
            let mut class_damage = Damage::default();
            let mut classes = class_dumps::read(bytes, parts, self.encoding, top, search, &mut class_damage);
            let shapes = Shapes::new(&classes, self.encoding, self.soft_as_weak);
            let marks = Marks::new(heap_bytes, self.storage);
            let phase = self.progress.phase("scan", Unit::Bytes, heap_bytes as u64);
            let found = scan::scan(bytes, parts, self.encoding, &shapes, &marks, &phase)?;
            drop(shapes);
            if search == Search::Leading && found.iter().any(|part| part.late_classes) {
                continue;
            }
            damage.merge(&class_damage);
            let names = Names::new(bytes, &top.names);
            scan::add_unknown_classes(&mut classes, &found, |id| name_of(id, top, &names));
            return Ok((classes, marks, found));
        }
        unreachable!("with all classes read none is late")
    }

    fn index(
        &self,
        bytes: &[u8],
        marks: Marks,
        scanned: &Scanned,
        damage: &mut Damage,
    ) -> Result<AddressIndex, SnapshotError> {
        if marks.is_unfit()? {
            let mut objects = Vec::with_capacity(scanned.objects);
            self.each_object(bytes, scanned, |number, id| objects.push((id.0, ObjectIx(number))));
            let index = AddressIndex::sorted(objects);
            let duplicates = scanned.objects - index.len();
            damage.add(DamageKind::DuplicateObject, None, duplicates as u64, 0);
            return Ok(index);
        }
        let numbered = marks.finish(self.storage, &scanned.first_by_part)?;
        if !numbered.scattered {
            return Ok(numbered.index);
        }
        let mut by_rank = self.storage.column::<u32>("objects by rank", scanned.objects, Access::Random)?;
        {
            let cells = atomic_u32(&mut by_rank);
            let index = &numbered.index;
            use rayon::prelude::*;
            scanned.runs.par_iter().zip(&run_starts(&scanned.runs)).for_each(|(run, start)| {
                each_object_of(bytes, self.encoding, run, start.first_object, |number, id| {
                    let rank = index.rank(id).expect("the first pass has marked all objects");
                    cells[rank].store(number, Ordering::Relaxed);
                });
            });
        }
        Ok(numbered.with_permutation(by_rank))
    }

    fn each_object(&self, bytes: &[u8], scanned: &Scanned, mut take: impl FnMut(u32, ObjectId)) {
        for (run, start) in scanned.runs.iter().zip(&run_starts(&scanned.runs)) {
            each_object_of(bytes, self.encoding, run, start.first_object, &mut take);
        }
    }

    fn link(
        &self,
        bytes: &[u8],
        shapes: &Shapes<'_>,
        index: &AddressIndex,
        scanned: &Scanned,
    ) -> Result<Linked, SnapshotError> {
        let runs = &scanned.runs;
        let starts = run_starts(runs);
        let parts: Vec<Part> = starts
            .iter()
            .map(|start| Part {
                first_object: start.first_object as usize,
                first_slot: start.first_slot as usize,
            })
            .collect();
        let mut references = ReferencesBuilder::new(self.storage, scanned.objects, scanned.slots, &parts)?;
        let mut class_by_object = ClassColumn::new(self.storage, scanned.objects, shapes.classes.len())?;
        let mut lengths = self.storage.column::<u32>("array lengths", scanned.arrays, Access::Random)?;
        let mut is_array = BitColumn::new(self.storage, "arrays", scanned.objects)?;
        let gaps = GapPool::new(shapes.classes.len());
        let linked = {
            let first_objects: Vec<usize> = starts.iter().map(|start| start.first_object as usize).collect();
            let first_arrays: Vec<usize> = starts.iter().map(|start| start.first_array).collect();
            let is_array = is_array.atomic_words();
            let columns = if runs.is_empty() { Vec::new() } else { references.writers() }
                .into_iter()
                .zip(class_by_object.split_mut(&first_objects))
                .zip(split_mut(&mut lengths, &first_arrays))
                .zip(&starts)
                .map(|(((references, classes), array_lengths), start)| RunColumns {
                    references,
                    classes,
                    array_lengths,
                    is_array,
                    first_object: start.first_object,
                    first_slot: start.first_slot,
                })
                .collect();
            let phase =
                self.progress.phase("link", Unit::Bytes, runs.iter().map(|run| run.bytes.len() as u64).sum());
            let stack_chunk = shapes.classes.named(STACK_CHUNK).first().copied();
            let class_value_map = shapes.classes.named(CLASS_VALUE_MAP).first().copied();
            let linker = Linker {
                bytes,
                encoding: self.encoding,
                shapes,
                index,
                gaps: &gaps,
                stack_chunk,
                class_value_map,
            };
            linker.link(runs, columns, &phase)?
        };
        let references = references.finish()?;
        let lengths = ArrayLengths::new(self.storage, is_array, lengths)?;
        self.gather_linked(linked, references, class_by_object, lengths, gaps.finish(), &starts, scanned)
    }

    #[expect(clippy::too_many_arguments, reason = "the columns that the runs have filled")]
    fn gather_linked(
        &self,
        runs: Vec<LinkedRun>,
        references: References,
        class_by_object: ClassColumn,
        array_lengths: ArrayLengths,
        gaps: GapEvidence,
        starts: &[RunStart],
        scanned: &Scanned,
    ) -> Result<Linked, SnapshotError> {
        let count = |distance: u32| scanned.objects.div_ceil(distance as usize);
        let mut anchors = self.storage.column::<u64>("record anchors", count(ANCHOR), Access::Random)?;
        let mut steps = self.storage.column::<u16>("record steps", count(STEP), Access::Random)?;
        let (mut anchor_at, mut step_at) = (0, 0);
        let mut linked = Linked {
            references,
            class_by_object,
            array_lengths,
            gaps,
            records: RecordPlaces { anchors: Column::empty(), steps: Column::empty(), runs: Vec::new() },
            soft_slots: Vec::new(),
            final_slots: Vec::new(),
            pending: Vec::new(),
            mirrors: Vec::new(),
            stack_chunks: Vec::new(),
            class_values: Vec::new(),
            odd_arrays: false,
            damage: LinkDamage::default(),
        };
        for mut run in runs {
            let places = &run.places;
            anchors[anchor_at..anchor_at + places.anchors.len()].copy_from_slice(&places.anchors);
            steps[step_at..step_at + places.steps.len()].copy_from_slice(&places.steps);
            (anchor_at, step_at) = (anchor_at + places.anchors.len(), step_at + places.steps.len());
            linked.soft_slots.append(&mut run.soft_slots);
            linked.final_slots.append(&mut run.final_slots);
            linked.pending.append(&mut run.pending);
            linked.mirrors.append(&mut run.mirrors);
            linked.stack_chunks.extend(run.stack_chunks.into_iter().map(ObjectIx));
            linked.class_values.extend(run.class_values.into_iter().map(ObjectIx));
            linked.odd_arrays |= run.odd_arrays;
            linked.damage.0.merge(&run.damage);
        }
        let places =
            scanned.runs.iter().zip(starts).map(|(run, start)| RunPlace::new(start.first_object, run));
        // Runs without objects would stand in the way of finding the run of an object.
        let places = places.zip(&scanned.runs).filter(|(_, run)| run.objects > 0).map(|(place, _)| place);
        linked.records = RecordPlaces { anchors, steps, runs: places.collect() };
        Ok(linked)
    }

    #[expect(clippy::too_many_arguments, reason = "the last step puts everything together")]
    fn finish(
        &self,
        source: Source,
        origin: Origin,
        top: &TopLevel,
        mut classes: Classes,
        index: AddressIndex,
        scanned: Scanned,
        linked: Linked,
        mut damage: Damage,
    ) -> Result<Built, SnapshotError> {
        for &(class, object) in &linked.mirrors {
            let mirror = &mut classes.all[class.index()].mirror;
            if mirror.get().is_none() {
                *mirror = OptObjectIx::some(ObjectIx(object));
            }
        }
        for at in 0..classes.len() {
            let loader = classes.all[at].loader_id;
            classes.all[at].loader = index.find(loader).filter(|_| !loader.is_null()).into();
        }
        let mut mirrors: Vec<(ObjectIx, ClassIx)> =
            linked.mirrors.iter().map(|&(class, object)| (ObjectIx(object), class)).collect();
        mirrors.sort_unstable();
        let mut names = Names::new(&source, &top.names);
        let (threads, thread_by_serial) = threads::read(&scanned.roots, top, &mut names, |id| index.find(id));
        let mut roots = Vec::with_capacity(scanned.roots.len());
        let (mut sticky, mut has_threads) = (false, false);
        for raw in scanned.roots.iter().filter(|raw| raw.tag != RootTag::Unreachable) {
            let Some(object) = index.find(raw.object) else {
                damage.add(DamageKind::DanglingRoot, None, u64::from(!raw.object.is_null()), 0);
                continue;
            };
            sticky |= raw.tag == RootTag::StickyClass;
            has_threads |= raw.tag == RootTag::ThreadObject;
            let thread = raw.thread.and_then(|serial| thread_by_serial.get(&serial)).copied();
            let frame = raw.frame.filter(|&frame| raw.tag != RootTag::ThreadObject && frame != u32::MAX);
            roots.push(Root { object, kind: raw.tag, thread, frame });
        }
        // A dump that was cut short says nothing of the classes whose turn had not come: all that could hold something are roots then.
        let cut_short = damage.is_cut_short() || source.broken_off().is_some();
        // JDK 22 and later write some of the roots first, but those of the threads, which each virtual machine has, with the rest.
        let lost = cut_short && !(sticky && has_threads) && !mirrors.is_empty();
        if lost {
            damage.add(DamageKind::LostRoots, None, 1, 0);
        }
        if lost || cut_short || !sticky {
            // Dumps that do not say which classes the VM itself keeps: those of the boot loader.
            let kept = classes.iter().filter(|(_, class)| lost || class.loader_id.is_null());
            roots.extend(kept.filter_map(|(_, class)| class.mirror.get()).map(|object| Root {
                object,
                kind: RootTag::StickyClass,
                thread: None,
                frame: None,
            }));
        }
        let pending = linked.pending.iter();
        let pending = pending.filter_map(|&(from, next)| Some((ObjectIx(from), index.find(next)?))).collect();
        let roots = Roots::new(roots);
        let RootEdges { graph_roots, extra, hub_by_class } = RootEdges::new(&roots, &threads, &classes);
        let heap = Heap {
            origin,
            encoding: self.encoding,
            source,
            classes,
            mirrors,
            index,
            references: linked.references,
            class_by_object: linked.class_by_object,
            array_lengths: linked.array_lengths,
            records: linked.records,
            soft_slots: linked.soft_slots,
            final_slots: linked.final_slots,
            roots,
            graph_roots,
            extra,
            hub_by_class,
            threads,
            damage,
            code_origins: OnceLock::new(),
        };
        Ok(Built {
            heap,
            pending: Pending::new(pending, linked.class_values),
            gaps: linked.gaps,
            stack_chunks: linked.stack_chunks,
            odd_arrays: linked.odd_arrays,
        })
    }
}

/// What the second pass found out, put together.
struct Linked {
    references: References,
    class_by_object: ClassColumn,
    array_lengths: ArrayLengths,
    gaps: GapEvidence,
    records: RecordPlaces,
    soft_slots: Vec<u64>,
    final_slots: Vec<u64>,
    pending: Vec<(u32, ObjectId)>,
    mirrors: Vec<(ClassIx, u32)>,
    stack_chunks: Vec<ObjectIx>,
    class_values: Vec<ObjectIx>,
    odd_arrays: bool,
    damage: LinkDamage,
}

#[derive(Default)]
struct LinkDamage(Damage);

impl LinkDamage {
    fn merge_into(&self, damage: &mut Damage) {
        damage.merge(&self.0);
    }
}

/// Where a run begins in the columns.
struct RunStart {
    first_object: u32,
    first_slot: u64,
    first_array: usize,
}

fn run_starts(runs: &[Run]) -> Vec<RunStart> {
    let mut next = RunStart { first_object: 0, first_slot: 0, first_array: 0 };
    let mut starts = Vec::with_capacity(runs.len());
    for run in runs {
        let after = RunStart {
            first_object: next.first_object + run.objects,
            first_slot: next.first_slot + run.slots,
            first_array: next.first_array + run.arrays as usize,
        };
        starts.push(std::mem::replace(&mut next, after));
    }
    starts
}

fn gather(parts: Vec<ScannedPart>, damage: &mut Damage) -> Result<Scanned, SnapshotError> {
    let objects: u64 = parts.iter().map(|part| u64::from(part.objects)).sum();
    if objects >= ObjectIx::MAX_COUNT {
        return Err(SnapshotError::TooManyObjects(objects));
    }
    let mut scanned = Scanned {
        runs: Vec::new(),
        first_by_part: Vec::new(),
        objects: objects as usize,
        slots: 0,
        arrays: 0,
        roots: Vec::new(),
    };
    let mut first = 0;
    for mut part in parts {
        scanned.first_by_part.push(first);
        first += part.objects;
        scanned.slots += part.runs.iter().map(|run| run.slots as usize).sum::<usize>();
        scanned.arrays += part.runs.iter().map(|run| run.arrays as usize).sum::<usize>();
        scanned.runs.append(&mut part.runs);
        scanned.roots.append(&mut part.roots);
        damage.merge(&part.damage);
    }
    Ok(scanned)
}

fn each_object_of(
    bytes: &[u8],
    encoding: Encoding,
    run: &Run,
    first: u32,
    mut take: impl FnMut(u32, ObjectId),
) {
    let mut walk = HeapRecords::new(&bytes[..run.bytes.end], run.bytes.start, encoding);
    let mut number = first;
    // The scan has read all of the run without an error.
    while let Ok(Some(record)) = walk.next() {
        let id = match record {
            HeapRecord::Instance { object, .. }
            | HeapRecord::ObjectArray { object, .. }
            | HeapRecord::PrimitiveArray { object, .. } => object,
            HeapRecord::Class(dump) => dump.class,
            HeapRecord::Root { .. } | HeapRecord::HeapInfo { .. } => continue,
        };
        take(number, id);
        number += 1;
    }
}
