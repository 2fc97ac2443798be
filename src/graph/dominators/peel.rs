//! Objects whose dominator is plain to see: those with a single referrer and nothing below that matters to others.
//!
//! Owns the column of single referrers (4 bytes per object, which the search then goes on using) and the bitmap of what was peeled.
//! An object with one referrer is dominated by it. If all that it refers to is peeled too, or that referrer, the object cannot help to
//! reach anything else, and the search may forget it: half of the objects of ordinary heaps. References to [stars](super::stars) are left out for the search; what refers to
//! none is told apart, since only that leads nowhere. All passes are parallel.

use super::super::error::GraphError;
use super::super::object_graph::ObjectGraph;
use super::super::references::{DANGLING, tasks};
use super::super::slots::{Slot, Slots};
use super::super::tree::{DOMINATORS, HELD_ONCE};
use super::hub_edges::HubEdges;
use super::stars::{Noted, Noting};
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, atomic_u32};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// Nothing refers to the object.
const NOBODY: u32 = u32::MAX;
/// Several objects refer to the object, or a root does, or its members.
const SEVERAL: u32 = u32::MAX - 1;
/// How often what became free is peeled. Also how many referrers stand between a peeled object and one that is not, at most.
const ROUNDS: usize = 3;
/// How far ahead of its use an entry is asked for.
const AHEAD: usize = 24;

/// What [`peel`] found.
pub(super) struct Peeled {
    /// For a peeled object its only referrer, 0 for all others.
    pub(super) column: Column<u32>,
    /// The peeled objects.
    pub(super) objects: BitColumn,
    /// Those of them that refer to no star: nothing leads through them. `None` if these are all.
    pub(super) plain: Option<BitColumn>,
    /// The objects that have one referrer, peeled or not, and are neither roots nor hubs.
    pub(super) held_once: BitColumn,
}

impl Peeled {
    /// The peeled objects that refer to nothing but peeled ones, and back.
    pub(super) fn plain(&self) -> &BitColumn {
        self.plain.as_ref().unwrap_or(&self.objects)
    }

    /// The object that holds a peeled one and is not peeled itself; any other object is its own.
    #[inline]
    pub(super) fn top_of(&self, mut object: ObjectIx) -> ObjectIx {
        while self.objects.get(object.index()) {
            object = ObjectIx(self.column[object.index()]);
        }
        object
    }
}

/// Peels the graph of the references and of `others`, but for what the slots in `keep` refer to. Chooses edges to stars, which are added to `others`.
pub(super) fn peel(
    graph: &ObjectGraph<'_>,
    others: &mut HubEdges,
    keep: Option<&BitColumn>,
    storage: &Storage,
    progress: &Progress,
) -> Result<Peeled, GraphError> {
    let count = graph.object_count();
    let mut column = storage.column::<u32>(DOMINATORS, count, Access::Random)?;
    let phase = progress.phase("single referrers", Unit::Objects, count as u64);
    let noted = single_referrers(graph, others, keep, &mut column, |objects| Ok(phase.advance(objects)?))?;
    others.follow(noted);
    let others = &*others;
    drop(phase);
    let phase = progress.phase("peel", Unit::Objects, (ROUNDS * count) as u64);
    let column_of = |objects: usize| BitColumn::new(storage, "peeled objects", objects);
    let mut peeled = column_of(0)?;
    // As long as nothing that was peeled refers to a star, there is one set and not two.
    let mut plain: Option<BitColumn> = None;
    for _ in 0..ROUNDS {
        // What is peeled follows from the round before alone, so it does not depend on the order of the work.
        let (mut next, mut next_plain) = (column_of(count)?, column_of(count)?);
        let differ = AtomicBool::new(false);
        let round = Round {
            graph,
            others,
            column: &column,
            peeled: &peeled,
            plain: plain.as_ref(),
            words: next.atomic_words(),
            plain_words: next_plain.atomic_words(),
            differ: &differ,
        };
        tasks(count).try_for_each(|objects| {
            phase.advance(objects.len() as u64)?;
            match graph.references.targets() {
                Slots::Three(targets) => round.look_at(targets, objects),
                Slots::Four(targets) => round.look_at(targets, objects),
            }
            Ok::<_, GraphError>(())
        })?;
        peeled = next;
        plain = differ.into_inner().then_some(next_plain);
    }
    let mut held_once = BitColumn::new(storage, HELD_ONCE, count)?;
    let words = peeled.words().par_iter().zip(held_once.words_mut());
    column.par_chunks_mut(64).zip(words).for_each(|(entries, (&bits, held_once))| {
        for (at, entry) in entries.iter_mut().enumerate() {
            *held_once |= u64::from(*entry < SEVERAL) << at;
            if bits >> at & 1 == 0 {
                *entry = 0;
            }
        }
    });
    Ok(Peeled { column, objects: peeled, plain, held_once })
}

/// A round of peeling: what the round before has found, and where to write what this one does.
struct Round<'a> {
    graph: &'a ObjectGraph<'a>,
    others: &'a HubEdges,
    column: &'a [u32],
    /// Nothing in the first round.
    peeled: &'a BitColumn,
    /// All that is peeled, if there is none.
    plain: Option<&'a BitColumn>,
    words: &'a [AtomicU64],
    plain_words: &'a [AtomicU64],
    differ: &'a AtomicBool,
}

impl Round<'_> {
    #[inline]
    fn is_peeled(&self, object: usize) -> bool {
        !self.peeled.is_empty() && self.peeled.get(object)
    }

    #[inline]
    fn is_plainly_peeled(&self, object: usize) -> bool {
        self.plain.is_none_or(|plain| plain.get(object))
    }

    /// Looks at these objects, of which none shares a word with others. `targets` are those of all slots.
    fn look_at<T: Slot>(&self, targets: &[T], objects: Range<usize>) {
        let Self { graph, others, column, .. } = *self;
        let stars = others.stars();
        let (mut bits, mut plain_bits) = (0u64, 0u64);
        let end = objects.end;
        for (object, range) in graph.references.ranges(objects) {
            let at = object.index();
            // What refers back to its only referrer does not help to reach it. Two objects that are each other's only referrers are garbage and stay: what was
            // peeled must lead to what was not.
            let is_back = |target: u32| target == column[at] && column[target as usize] != object.0;
            let mut is_plain = true;
            let mut can_go = |slot: &T| {
                let target = slot.number();
                if target == DANGLING || target == object.0 || is_back(target) {
                    return true;
                }
                let goes_before = self.is_peeled(target as usize);
                is_plain &= goes_before && self.is_plainly_peeled(target as usize);
                goes_before || stars.place_of(ObjectIx(target)).is_some()
            };
            if self.is_peeled(at) {
                // It stays so, and so does why: what it refers to is a star or was peeled before it.
                bits |= 1 << (at % 64);
                plain_bits |= u64::from(self.is_plainly_peeled(at)) << (at % 64);
            } else if column[at] < SEVERAL
                && targets[range].iter().all(&mut can_go)
                && others.of(graph, object).next().is_none()
            {
                bits |= 1 << (at % 64);
                plain_bits |= u64::from(is_plain) << (at % 64);
            }
            if at % 64 == 63 || at + 1 == end {
                if bits != plain_bits {
                    self.differ.store(true, Ordering::Relaxed);
                }
                self.words[at / 64].store(std::mem::take(&mut bits), Ordering::Relaxed);
                self.plain_words[at / 64].store(std::mem::take(&mut plain_bits), Ordering::Relaxed);
            }
        }
    }
}

/// Fills `column` with the only referrer of each object, and notes edges to stars.
fn single_referrers(
    graph: &ObjectGraph<'_>,
    others: &HubEdges,
    keep: Option<&BitColumn>,
    column: &mut [u32],
    advance: impl Fn(u64) -> Result<(), GraphError> + Sync,
) -> Result<Vec<Noted>, GraphError> {
    column.par_chunks_mut(1 << 16).for_each(|entries| entries.fill(NOBODY));
    let entries = atomic_u32(column);
    let several = |object: ObjectIx| entries[object.index()].store(SEVERAL, Ordering::Relaxed);
    graph.roots.iter().copied().for_each(several);
    (0..graph.hubs.count()).filter_map(|hub| graph.hubs.object(hub)).for_each(several);
    others.chosen().iter().for_each(|&(_, to)| several(to));
    others.stars().objects().iter().copied().for_each(several);
    let targets = graph.references.targets();
    let kept = keep.into_iter().flat_map(BitColumn::ones).filter_map(|slot| targets.get(slot));
    kept.filter(|&target| target != DANGLING).map(ObjectIx).for_each(several);
    let noted = graph.references.tasks().map_init(
        || Noting::new(others.stars(), graph.object_count()),
        |noting, objects| {
            advance(objects.len() as u64)?;
            Ok::<_, GraphError>(match targets {
                Slots::Three(targets) => note_referrers(graph, targets, objects, entries, noting),
                Slots::Four(targets) => note_referrers(graph, targets, objects, entries, noting),
            })
        },
    );
    Ok(noted.collect::<Result<Vec<_>, _>>()?.concat())
}

/// Notes these objects with all that they refer to. `targets` are those of all slots.
fn note_referrers<T: Slot>(
    graph: &ObjectGraph<'_>,
    targets: &[T],
    objects: Range<usize>,
    entries: &[AtomicU32],
    noting: &mut Noting<'_>,
) -> Vec<Noted> {
    let mut noted = Vec::new();
    for (object, range) in graph.references.ranges(objects) {
        let ahead = targets.get(range.start + AHEAD..).unwrap_or_default();
        for (at, &slot) in targets[range].iter().enumerate() {
            if let Some(&ahead) = ahead.get(at) {
                prefetch(entries, ahead.number() as usize);
            }
            let target = slot.number();
            if target != DANGLING && target != object.0 {
                note(&entries[target as usize], object.0);
                noting.note(graph.hubs, object, ObjectIx(target), &mut noted);
            }
        }
    }
    noted
}

#[inline]
fn note(entry: &AtomicU32, referrer: u32) {
    let known = entry.load(Ordering::Relaxed);
    if known == SEVERAL || known == referrer {
        return;
    }
    if known == NOBODY {
        match entry.compare_exchange(NOBODY, referrer, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return,
            Err(other) if other == referrer => return,
            Err(_) => {}
        }
    }
    entry.store(SEVERAL, Ordering::Relaxed);
}
