//! The columns of a snapshot as sections of an index, and back.
//!
//! Reading believes no number that is used as a position: each column is looked through once, in parallel, for values out of bounds. Cost: one pass
//! over the file, at the speed of memory.

use super::super::columns::{ArrayLengths, ClassColumn};
use super::super::edges::RootEdges;
use super::super::heap::Origin;
use super::super::index::{AddressIndex, IRREGULAR, REGION_SHIFT, REGION_WORDS, Regions, Word};
use super::super::records::{ANCHOR, RecordPlaces, RunPlace, STEP};
use super::super::roots::{Root, Roots};
use super::super::{Head, Heap, MarkedHeap, Snapshot};
use super::container::{Container, Part, Section};
use super::facts::{self, Facts};
use crate::graph::{
    DominatorTree, INNER_NODES, References, RetainedColumn, RetainedSizes, ShortSizes, SlotColumn, Width,
};
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::progress::Progress;
use crate::storage::{BitColumn, Column, Element, Source, Storage, StorageError};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Small columns that a snapshot does not have in the form in which they are kept.
pub(super) struct Copies {
    facts: Vec<u8>,
    irregular_addresses: Vec<u64>,
    irregular_objects: Vec<u32>,
    root_objects: Vec<u32>,
    root_kinds: Vec<u8>,
    root_threads: Vec<u32>,
    root_frames: Vec<u32>,
}

/// In the columns of roots: no thread, no frame.
const NONE: u32 = u32::MAX;

impl Copies {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let (retained, shift) = snapshot.retained.column();
        let irregular = &snapshot.heap.index.irregular;
        let roots = snapshot.heap.roots.all();
        Self {
            facts: facts::encode(snapshot, retained, shift),
            irregular_addresses: irregular.iter().map(|&(address, _)| address).collect(),
            irregular_objects: irregular.iter().map(|&(_, object)| object.0).collect(),
            root_objects: roots.iter().map(|root| root.object.0).collect(),
            root_kinds: roots.iter().map(|root| root.kind as u8).collect(),
            root_threads: roots.iter().map(|root| root.thread.unwrap_or(NONE)).collect(),
            root_frames: roots.iter().map(|root| root.frame.unwrap_or(NONE)).collect(),
        }
    }

    /// All sections of the index of `snapshot`.
    pub(super) fn sections<'a>(&'a self, snapshot: &'a Snapshot) -> Vec<Section<'a>> {
        fn section<T: Element>(part: Part, numbers: &[T]) -> Section<'_> {
            Section { part, bytes: bytemuck::cast_slice(numbers) }
        }
        let heap = &snapshot.heap;
        let (targets, degrees, anchors) = heap.references.columns();
        let (array_bits, array_lengths) = heap.array_lengths.columns();
        let (dominators, children, child_degrees, child_anchors) = snapshot.dominators.columns();
        let (held_once, peeled) = snapshot.dominators.words();
        let mut sections = vec![
            section(Part::Facts, &self.facts),
            Section { part: Part::ReferenceTargets, bytes: targets.bytes() },
            section(Part::ReferenceDegrees, degrees),
            section(Part::ReferenceAnchors, anchors),
            match &heap.class_by_object {
                ClassColumn::U16(column) => section(Part::ClassByObject, column),
                ClassColumn::U32(column) => section(Part::ClassByObject, column),
            },
            section(Part::ArrayBits, array_bits),
            section(Part::ArrayLengths, array_lengths),
            section(Part::RecordAnchors, &heap.records.anchors),
            section(Part::RecordSteps, &heap.records.steps),
            section(Part::Regions, &heap.index.regions.numbers),
            section(Part::AddressWords, &heap.index.words),
            section(Part::IrregularAddresses, &self.irregular_addresses),
            section(Part::IrregularObjects, &self.irregular_objects),
            section(Part::SoftSlots, &heap.soft_slots),
            section(Part::FinalSlots, &heap.final_slots),
            section(Part::RootObjects, &self.root_objects),
            section(Part::RootKinds, &self.root_kinds),
            section(Part::RootThreads, &self.root_threads),
            section(Part::RootFrames, &self.root_frames),
            Section { part: Part::Dominators, bytes: dominators.bytes() },
            section(Part::Children, children),
            section(Part::ChildDegrees, child_degrees),
            section(Part::ChildAnchors, child_anchors),
            section(Part::HeldOnce, held_once),
            section(Part::Peeled, peeled),
        ];
        match snapshot.retained.column().0 {
            RetainedColumn::Short(sizes) => {
                let (units, large_objects, large_units) = sizes.columns();
                sections.push(section(Part::Retained, units));
                sections.push(section(Part::LargeObjects, large_objects));
                sections.push(section(Part::LargeRetained, large_units));
            }
            RetainedColumn::Narrow(column) => sections.push(section(Part::Retained, column)),
            RetainedColumn::Wide(column) => sections.push(section(Part::Retained, column)),
        }
        sections.extend(heap.index.by_rank.as_ref().map(|column| section(Part::ObjectsByRank, column)));
        sections
    }
}

/// What a snapshot has that is in no index.
pub(super) struct Surroundings<'a> {
    pub(super) source: Source,
    pub(super) head: Head,
    pub(super) storage: &'a Storage,
    pub(super) progress: &'a Progress,
}

/// The snapshot of an index whose checksums are right; `None` if its parts do not fit each other all the same.
pub(super) fn restore(
    container: &Container,
    surroundings: Surroundings<'_>,
) -> Result<Option<Snapshot>, StorageError> {
    let Some(facts) = container.bytes(Part::Facts).and_then(facts::decode) else { return Ok(None) };
    let array_lengths = || -> Option<(BitColumn, Column<u32>)> {
        let bits = BitColumn::from_words(container.column(Part::ArrayBits)?, facts.objects)?;
        Some((bits, container.column(Part::ArrayLengths)?))
    };
    let Some((bits, lengths)) = array_lengths() else { return Ok(None) };
    let Some(array_lengths) = ArrayLengths::restore(surroundings.storage, bits, lengths)? else {
        return Ok(None);
    };
    let inner = BitColumn::new(surroundings.storage, INNER_NODES, facts.objects)?;
    assemble(container, facts, array_lengths, inner, surroundings).transpose()
}

fn assemble(
    container: &Container,
    facts: Facts,
    array_lengths: ArrayLengths,
    inner: BitColumn,
    surroundings: Surroundings<'_>,
) -> Option<Result<Snapshot, StorageError>> {
    let Surroundings { source, head, storage, progress } = surroundings;
    let ((references, dominators), (class_by_object, index)) = rayon::join(
        || rayon::join(|| references(container, &facts), || dominators(container, &facts, inner)),
        || rayon::join(|| class_by_object(container, &facts), || address_index(container, &facts)),
    );
    let (references, dominators) = (references?, dominators?);
    let retained = retained(container, &facts)?;
    let roots = roots(container, &facts)?;
    let slots = |part: Part| {
        let slots: Column<u64> = container.column(part)?;
        slots.iter().all(|&slot| slot < references.slot_count() as u64).then(|| slots.to_vec())
    };
    let (soft_slots, final_slots) = (slots(Part::SoftSlots)?, slots(Part::FinalSlots)?);
    let records = records(container, &facts, source.len() as u64)?;
    let RootEdges { graph_roots, extra, hub_by_class } =
        RootEdges::new(&roots, &facts.threads, &facts.classes);
    let heap = Heap {
        origin: Origin {
            dump_number: facts.dump_number,
            dump_count: facts.dump_count,
            other_records: facts.other_records,
            ..head.origin
        },
        encoding: head.encoding,
        source,
        classes: facts.classes,
        mirrors: facts.mirrors,
        index: index?,
        references,
        class_by_object: class_by_object?,
        array_lengths,
        records,
        soft_slots,
        final_slots,
        roots,
        graph_roots,
        extra,
        hub_by_class,
        threads: facts.threads,
        damage: facts.damage,
        code_origins: OnceLock::new(),
    };
    let snapshot =
        MarkedHeap::of_tree(heap, facts.sizes, &dominators, storage, progress).map(|mut marked| {
            marked.class_counts = facts.class_counts.into();
            let mut snapshot = Snapshot::assemble(marked, dominators, retained);
            snapshot.group_retained = facts.group_retained.into();
            snapshot
        });
    Some(snapshot)
}

/// Numbers of objects in as many bytes as these need.
fn slots(container: &Container, part: Part, facts: &Facts) -> Option<SlotColumn> {
    Some(match Width::of(facts.objects) {
        Width::Three => SlotColumn::Three(container.column(part)?),
        Width::Four => SlotColumn::Four(container.column(part)?),
    })
}

fn references(container: &Container, facts: &Facts) -> Option<References> {
    References::from_columns(
        facts.objects,
        slots(container, Part::ReferenceTargets, facts)?,
        container.column(Part::ReferenceDegrees)?,
        container.column(Part::ReferenceAnchors)?,
    )
}

fn dominators(container: &Container, facts: &Facts, inner: BitColumn) -> Option<DominatorTree> {
    let tree = DominatorTree::from_columns(
        slots(container, Part::Dominators, facts)?,
        container.column(Part::Children)?,
        container.column(Part::ChildDegrees)?,
        container.column(Part::ChildAnchors)?,
        container.column(Part::HeldOnce)?,
        container.column(Part::Peeled)?,
        inner,
    )?;
    (tree.object_count() == facts.objects).then_some(tree)
}

fn retained(container: &Container, facts: &Facts) -> Option<RetainedSizes> {
    let column = match facts.retained_width {
        2 => RetainedColumn::Short(ShortSizes::from_columns(
            container.column(Part::Retained)?,
            container.column(Part::LargeObjects)?,
            container.column(Part::LargeRetained)?,
        )?),
        4 => RetainedColumn::Narrow(container.column(Part::Retained)?),
        8 => RetainedColumn::Wide(container.column(Part::Retained)?),
        _ => return None,
    };
    let has_all = column.len() == facts.objects;
    RetainedSizes::from_column(column, facts.retained_shift).filter(|_| has_all)
}

fn class_by_object(container: &Container, facts: &Facts) -> Option<ClassColumn> {
    let classes = facts.classes.len();
    if facts.wide_classes {
        let column: Column<u32> = container.column(Part::ClassByObject)?;
        let fits = column.len() == facts.objects
            && column.par_iter().with_min_len(1 << 16).all(|&class| (class as usize) < classes);
        return fits.then_some(ClassColumn::U32(column));
    }
    let column: Column<u16> = container.column(Part::ClassByObject)?;
    let fits = column.len() == facts.objects
        && column.par_iter().with_min_len(1 << 16).all(|&class| usize::from(class) < classes);
    fits.then_some(ClassColumn::U16(column))
}

fn address_index(container: &Container, facts: &Facts) -> Option<AddressIndex> {
    let numbers: Column<u64> = container.column(Part::Regions)?;
    let words: Column<Word> = container.column(Part::AddressWords)?;
    let most = u64::MAX >> facts.index_shift >> REGION_SHIFT;
    let ascending = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    if !ascending || numbers.last().is_some_and(|&last| last > most) {
        return None;
    }
    if numbers.len().checked_mul(REGION_WORDS) != Some(words.len()) || u32::try_from(numbers.len()).is_err() {
        return None;
    }
    let addresses: Column<u64> = container.column(Part::IrregularAddresses)?;
    let objects: Column<u32> = container.column(Part::IrregularObjects)?;
    let is_object = |&object: &u32| (object as usize) < facts.objects;
    if addresses.len() != objects.len() || !objects.iter().all(is_object) {
        return None;
    }
    let by_rank: Option<Column<u32>> = container.column(Part::ObjectsByRank);
    if by_rank.as_ref().is_some_and(|column| !column.iter().all(is_object)) {
        return None;
    }
    // What the numbers in the words stand for: ranks if there is a permutation, else objects.
    let count = by_rank.as_ref().map_or(facts.objects, |column| column.len()) as u64;
    let fits = |word: &Word| {
        word.first == IRREGULAR || u64::from(word.first) + u64::from(word.bits.count_ones()) <= count
    };
    if !words.par_iter().with_min_len(1 << 14).all(fits) {
        return None;
    }
    Some(AddressIndex {
        shift: facts.index_shift,
        regions: Regions::new(numbers.to_vec()),
        words,
        irregular: addresses.iter().copied().zip(objects.iter().map(|&object| ObjectIx(object))).collect(),
        by_rank,
    })
}

fn roots(container: &Container, facts: &Facts) -> Option<Roots> {
    let objects: Column<u32> = container.column(Part::RootObjects)?;
    let kinds: Column<u8> = container.column(Part::RootKinds)?;
    let threads: Column<u32> = container.column(Part::RootThreads)?;
    let frames: Column<u32> = container.column(Part::RootFrames)?;
    if [kinds.len(), threads.len(), frames.len()] != [objects.len(); 3] {
        return None;
    }
    let some = |number: u32| (number != NONE).then_some(number);
    let roots: Option<Vec<Root>> = (0..objects.len())
        .map(|at| {
            let thread = some(threads[at]);
            let fits = (objects[at] as usize) < facts.objects
                && thread.is_none_or(|thread| (thread as usize) < facts.threads.len());
            let kind = RootTag::from_code(kinds[at])?;
            fits.then_some(Root { object: ObjectIx(objects[at]), kind, thread, frame: some(frames[at]) })
        })
        .collect();
    let all = roots?;
    all.is_sorted().then_some(Roots { all })
}

fn records(container: &Container, facts: &Facts, bytes: u64) -> Option<RecordPlaces> {
    let anchors: Column<u64> = container.column(Part::RecordAnchors)?;
    let steps: Column<u16> = container.column(Part::RecordSteps)?;
    let runs = &facts.runs;
    let in_file = |run: &RunPlace| run.start <= run.end && run.end <= bytes;
    let fits = anchors.len() == facts.objects.div_ceil(ANCHOR as usize)
        && steps.len() == facts.objects.div_ceil(STEP as usize)
        && anchors.iter().all(|&anchor| anchor < bytes)
        && runs.iter().all(in_file)
        && runs.is_sorted_by_key(|run| run.first_object)
        && (facts.objects == 0 || runs.first().is_some_and(|run| run.first_object == 0));
    fits.then(|| RecordPlaces { anchors, steps, runs: runs.clone() })
}
