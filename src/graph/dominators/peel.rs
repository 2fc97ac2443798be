//! Peels off objects whose dominator is plain: those with a single referrer that lead to nothing but such objects.
//!
//! Owns one pass over all references that notes for each object its only referrer (or that there are several), in parallel by
//! compare-and-swap, and two rounds of peeling. Cost: one random access per reference; 4 bytes and 2 bits per object.

use super::has_more_edges;
use crate::graph::error::GraphError;
use crate::graph::object_graph::ObjectGraph;
use crate::graph::references::{DANGLING, tasks};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, atomic_u32, prefetch};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// In the column of referrers, while it is made: none seen yet.
const NONE: u32 = u32::MAX;
/// More than one, or a root, or a hub.
const SEVERAL: u32 = u32::MAX - 1;
/// How many slots ahead of its use an object's word is asked for.
const AHEAD: usize = 24;

/// What was peeled, in which round.
pub(super) struct Peeled {
    /// Objects that lead to nothing.
    pub(super) first: BitColumn,
    /// Objects that lead to those of the first round only.
    pub(super) second: BitColumn,
}

impl Peeled {
    #[inline]
    pub(super) fn contains(&self, object: usize) -> bool {
        let (word, bit) = (object / 64, object % 64);
        (self.first.words()[word] | self.second.words()[word]) >> bit & 1 != 0
    }

    /// How many objects were not peeled.
    pub(super) fn core_count(&self, object_count: usize) -> usize {
        object_count - self.first.count_ones() - self.second.count_ones()
    }
}

/// The column holds the only referrer of each peeled object, and 0 for all others.
pub(super) fn peel(
    graph: &ObjectGraph<'_>,
    storage: &Storage,
    progress: &Progress,
) -> Result<(Column<u32>, Peeled), GraphError> {
    let count = graph.object_count();
    let mut column = storage.column::<u32>("dominators", count, Access::Random)?;
    column.par_chunks_mut(1 << 16).for_each(|chunk| chunk.fill(NONE));
    note_referrers(graph, atomic_u32(&mut column), progress)?;
    let phase = progress.phase("peel", Unit::Objects, 2 * count as u64);
    let mut first = BitColumn::new(storage, "peeled objects", count)?;
    let mut second = BitColumn::new(storage, "peeled objects", count)?;
    let round = |bits: &mut BitColumn, peeled: Option<&BitColumn>| {
        let words = bits.atomic_words();
        tasks(count).try_for_each(|objects| {
            phase.advance(objects.len() as u64)?;
            let (mut word, mut found) = (objects.start / 64, 0u64);
            for (object, slots) in graph.references.lists(objects) {
                let at = object.index();
                if at / 64 != word {
                    words[word].store(found, Ordering::Relaxed);
                    (word, found) = (at / 64, 0);
                }
                let leads_on = |&slot: &u32| match peeled {
                    None => slot != DANGLING,
                    Some(peeled) => slot != DANGLING && !peeled.get(slot as usize),
                };
                if column[at] < SEVERAL
                    && peeled.is_none_or(|peeled| !peeled.get(at))
                    && !slots.iter().any(leads_on)
                    && !has_more_edges(graph, object)
                {
                    found |= 1 << (at % 64);
                }
            }
            words[word].store(found, Ordering::Relaxed);
            Ok::<_, GraphError>(())
        })
    };
    if count > 0 {
        round(&mut first, None)?;
        round(&mut second, Some(&first))?;
    }
    let peeled = Peeled { first, second };
    column.par_chunks_mut(1 << 16).enumerate().for_each(|(at, chunk)| {
        for (object, cell) in (at << 16..).zip(chunk) {
            if !peeled.contains(object) {
                *cell = 0;
            }
        }
    });
    Ok((column, peeled))
}

/// Notes the only referrer of each object.
fn note_referrers(
    graph: &ObjectGraph<'_>,
    cells: &[AtomicU32],
    progress: &Progress,
) -> Result<(), GraphError> {
    for root in graph.roots {
        cells[root.index()].store(SEVERAL, Ordering::Relaxed);
    }
    for hub in (0..graph.hubs.count()).filter_map(|hub| graph.hubs.object(hub)) {
        cells[hub.index()].store(SEVERAL, Ordering::Relaxed);
    }
    for &(from, to) in graph.extra.edges() {
        note(&cells[to.index()], from.0);
    }
    let phase = progress.phase("single referrers", Unit::Objects, cells.len() as u64);
    let (targets, _, _) = graph.references.columns();
    tasks(cells.len()).try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        let mut slot = graph.references.slot_range(ObjectIx::from_usize(objects.start)).start;
        for (object, slots) in graph.references.lists(objects) {
            for &target in slots {
                if let Some(&ahead) = targets.get(slot + AHEAD) {
                    prefetch(cells, ahead as usize);
                }
                slot += 1;
                if target != DANGLING && target != object.0 {
                    note(&cells[target as usize], object.0);
                }
            }
        }
        Ok(())
    })
}

#[inline]
fn note(cell: &AtomicU32, referrer: u32) {
    let known = cell.load(Ordering::Relaxed);
    if known == SEVERAL || known == referrer {
        return;
    }
    if known == NONE {
        match cell.compare_exchange(NONE, referrer, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return,
            Err(other) if other == referrer => return,
            Err(_) => {}
        }
    }
    cell.store(SEVERAL, Ordering::Relaxed);
}
