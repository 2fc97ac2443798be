//! The depth-first search over what was not peeled: preorder numbers, tree, and the edges beside the tree.
//!
//! Owns the numbering. An edge to a node that has a number already is written down, as two numbers, the moment it is seen; edges
//! of the tree need no list. So no graph of the numbers, let alone its transpose, is ever made. Serial by nature. All edges of an object go
//! on the stack at once and are looked at when they come off it; by then the processor has fetched what they need. Cost: 4 bytes per
//! node (the numbers take the place of the referrers), 3 to 4 per edge beside the tree, and a stack of 8 bytes per edge that was
//! seen and not yet followed.

use super::super::error::GraphError;
use super::super::object_graph::ObjectGraph;
use super::super::references::DANGLING;
use super::edges::{Edges, Supply};
use super::hub_edges::HubEdges;
use super::peel::Peeled;
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, Column, Storage};
use rayon::prelude::*;

/// Nodes are numbered in preorder, from 1; 0 is the node above all roots.
pub(super) struct Search {
    /// The parent of each node; [`Self::node_count`] entries are in use.
    pub(super) parents: Column<u32>,
    /// How many nodes there are, node 0 included.
    pub(super) node_count: usize,
    pub(super) edges: Edges,
}

/// Longer lists are looked through before they go on the stack, so that one array does not fill it with what is numbered already.
const LONG_LIST: usize = 256;

/// Searches from the roots and writes the numbers of nodes into `peeled.column`.
pub(super) fn search(
    graph: &ObjectGraph<'_>,
    others: &HubEdges,
    peeled: &mut Peeled,
    storage: &Storage,
    progress: &Progress,
) -> Result<Search, GraphError> {
    let most = graph.object_count() - peeled.objects.count_ones();
    let phase = progress.phase("depth-first search", Unit::Objects, most as u64);
    let mut parents = storage.column::<u32>("search tree", most + 1, Access::Random)?;
    // The system clears fresh pages at the first write; all threads together get that done sooner than the search alone.
    parents.par_chunks_mut(1 << 19).for_each(|parents| parents.fill(0));
    let mut edges = Edges::new(most + 1, storage);
    let last = Supply::with(storage, edges.piece_bytes(), |supply| {
        let Peeled { column: numbers, objects: peeled, .. } = peeled;
        let numbers = &mut numbers[..];
        // An edge each: the number of the node it comes from, and the object that it leads to.
        let mut stack: Vec<(u32, u32)> = graph.roots.iter().rev().map(|root| (0, root.0)).collect();
        let mut last = 0;
        while let Some((from, object)) = stack.pop() {
            let number = &mut numbers[object as usize];
            if *number != 0 {
                if *number != from {
                    edges.push(*number, from, supply)?;
                }
                continue;
            }
            last += 1;
            *number = last;
            parents[last as usize] = from;
            if last.is_multiple_of(1 << 14) {
                phase.advance(1 << 14)?;
            }
            let object = ObjectIx(object);
            let slots = graph.references.slots(object);
            let is_long = slots.len() > LONG_LIST;
            for target in others.of(graph, object).map(|target| target.0).chain(slots.iter().rev().copied()) {
                if target == DANGLING || peeled.get(target as usize) {
                    continue;
                }
                if is_long && numbers[target as usize] != 0 {
                    if numbers[target as usize] != last {
                        edges.push(numbers[target as usize], last, supply)?;
                    }
                    continue;
                }
                prefetch(numbers, target as usize);
                graph.references.prefetch(ObjectIx(target));
                stack.push((last, target));
            }
        }
        Ok::<_, GraphError>(last)
    })?;
    drop(phase);
    Ok(Search { parents, node_count: last as usize + 1, edges })
}
