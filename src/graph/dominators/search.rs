//! The depth-first search over what was not peeled: preorder numbers, tree, and the edges beside the tree.
//!
//! Owns the numbering. An edge to a node that has a number already is written down, as two numbers, the moment it is seen; edges
//! of the tree need no list. So no graph of the numbers, let alone its transpose, is ever made. Serial by nature. All edges of an object go
//! on the stack at once and are looked at when they come off it; by then the processor has fetched what they need. Cost: a byte per
//! node (the numbers take the place of the referrers), 3 to 4 per edge beside the tree, and a stack of 8 bytes per edge that was
//! seen and not yet followed.

use super::super::error::GraphError;
use super::super::object_graph::ObjectGraph;
use super::super::references::DANGLING;
use super::edges::{Edges, Supply};
use super::hub_edges::HubEdges;
use super::parents::Parents;
use super::peel::Peeled;
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Progress, Unit};
use crate::storage::Storage;

/// Nodes are numbered in preorder, from 1; 0 is the node above all roots.
pub(super) struct Search {
    /// The parent of each node, node 0 included.
    pub(super) parents: Parents,
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
    let mut parents = Parents::new(most + 1, storage)?;
    parents.push(0)?;
    let mut edges = Edges::new(most + 1, storage);
    // References to stars lead nowhere, as those to what was peeled; edges to them that are followed are among the others.
    let stars = others.stars().objects();
    stars.iter().for_each(|star| peeled.objects.set(star.index()));
    Supply::with(storage, edges.piece_bytes(), |supply| {
        let numbers = &mut peeled.column[..];
        let passed_by = &peeled.objects;
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
            parents.push(from)?;
            if last.is_multiple_of(1 << 14) {
                phase.advance(1 << 14)?;
            }
            let object = ObjectIx(object);
            let slots = graph.references.slots(object);
            let is_long = slots.len() > LONG_LIST;
            stack.extend(others.of(graph, object).map(|target| (last, target.0)));
            for target in slots.iter().rev() {
                if target == DANGLING || passed_by.get(target as usize) {
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
        Ok::<_, GraphError>(())
    })?;
    stars.iter().for_each(|star| peeled.objects.unset(star.index()));
    drop(phase);
    Ok(Search { parents, edges })
}
