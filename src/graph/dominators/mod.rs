//! Immediate dominators of all reachable objects.
//!
//! Semi-NCA (Georgiadis, Tarjan, Werneck: *Finding Dominators in Practice*, 2006) on a graph that was made small before: objects with a
//! single referrer and nothing below them but such objects are *peeled* off in parallel, their dominator is that referrer ([`peel`]).
//! What is left, the *core*, is numbered by a depth-first search ([`search`]); everything after that works on preorder numbers, so
//! neither the graph turned around nor a level of indirection is needed ([`semi_nca`]). Edges from objects to their hubs count like all
//! others; objects that have one stay in the core. Nothing recurses.
//!
//! Cost while it works: 4 bytes per object, 24 bytes per object of the core, and 12 bytes for each edge of the core that is not in the
//! search tree. Near-linear time: paths are compressed.

mod edges;
mod peel;
mod search;
mod semi_nca;

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::references::tasks;
use super::tree::{DominatorTree, ROOT, UNREACHABLE};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{BitColumn, Column, Storage, atomic_u32};
use peel::Peeled;
use rayon::prelude::*;
use search::Searched;
use std::sync::atomic::Ordering;

/// The dominator tree of everything that `graph.roots` reach.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn dominator_tree(
    graph: &ObjectGraph<'_>,
    storage: &Storage,
    progress: &Progress,
) -> Result<DominatorTree, GraphError> {
    // One column serves three purposes in turn: the only referrer of each object, then for the core its preorder number, at last
    // the dominators.
    let (mut column, peeled) = peel::peel(graph, storage, progress)?;
    let Searched { object_by_number, parent_by_number, edges } =
        search::search(graph, &mut column, &peeled, storage, progress)?;
    let dominator_by_number = semi_nca::dominators(parent_by_number, edges, storage, progress)?;
    let phase = progress.phase("name dominators", Unit::Objects, graph.object_count() as u64);
    let reached = reached(&column, &peeled, storage)?;
    let cells = atomic_u32(&mut column);
    tasks(cells.len()).try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        for object in objects {
            let cell = &cells[object];
            let dominator = match (reached.get(object), peeled.contains(object)) {
                (false, _) => UNREACHABLE,
                // The only referrer stands there already.
                (true, true) => continue,
                (true, false) => match dominator_by_number[cell.load(Ordering::Relaxed) as usize] {
                    0 => ROOT,
                    number => object_by_number[number as usize],
                },
            };
            cell.store(dominator, Ordering::Relaxed);
        }
        Ok::<_, GraphError>(())
    })?;
    drop((phase, peeled, reached, object_by_number, dominator_by_number));
    DominatorTree::new(column, storage, progress)
}

/// Marks what the search has reached: core objects by their number, peeled ones if their only referrer was reached.
fn reached(column: &Column<u32>, peeled: &Peeled, storage: &Storage) -> Result<BitColumn, GraphError> {
    let mut reached = BitColumn::new(storage, "reached objects", column.len())?;
    for rounds in [None, Some(&peeled.second), Some(&peeled.first)] {
        // A peeled object's referrer is of the core, or was peeled later.
        let words: Vec<u64> = tasks(column.len())
            .flat_map_iter(|objects| {
                let reached = &reached;
                let first = objects.start;
                (0..objects.len().div_ceil(64)).map(move |word| {
                    let from = first + word * 64;
                    let mut bits = 0u64;
                    for at in 0..64.min(column.len() - from) {
                        let object = from + at;
                        let is_reached = match rounds {
                            None => !peeled.contains(object) && column[object] != 0,
                            Some(round) => round.get(object) && reached.get(column[object] as usize),
                        };
                        bits |= u64::from(is_reached) << at;
                    }
                    bits
                })
            })
            .collect();
        reached.words_mut().iter_mut().zip(words).for_each(|(word, bits)| *word |= bits);
    }
    Ok(reached)
}

/// An object's number as the search hands it on.
type Number = u32;

/// Whether an object has an edge that is not in its slots.
fn has_more_edges(graph: &ObjectGraph<'_>, object: ObjectIx) -> bool {
    graph.hubs.hub_of(object).is_some() || graph.extra.of(object).next().is_some()
}
