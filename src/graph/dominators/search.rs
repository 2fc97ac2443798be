//! Numbers the core in the order of a depth-first search.
//!
//! Owns the only walk that cannot be shared among threads. All edges of an object go on the stack at once and are looked at when
//! they come off it; by then the processor has fetched what they need. An edge to an object that has its number is kept for Semi-NCA,
//! one to an object that has none becomes a branch of the search tree. Cost: 8 bytes per number, and the stack.

use super::Number;
use super::edges::EdgeList;
use super::peel::Peeled;
use crate::graph::error::GraphError;
use crate::graph::object_graph::ObjectGraph;
use crate::graph::references::DANGLING;
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, Column, Storage, prefetch};

/// The core in preorder; number 0 stands for all roots together.
pub(super) struct Searched {
    pub(super) object_by_number: Column<u32>,
    pub(super) parent_by_number: Column<u32>,
    /// The edges that are not in the search tree, as `(to, from)`.
    pub(super) edges: EdgeList,
}

/// Longer lists are looked through before they go on the stack, so that one array does not fill it with what is numbered already.
const LONG_LIST: usize = 256;

/// Writes the preorder number of each core object that the roots reach into `numbers` (0 where it stays unreached).
pub(super) fn search(
    graph: &ObjectGraph<'_>,
    numbers: &mut Column<u32>,
    peeled: &Peeled,
    storage: &Storage,
    progress: &Progress,
) -> Result<Searched, GraphError> {
    let most = peeled.core_count(graph.object_count()) + 1;
    let mut object_by_number = storage.column::<u32>("core objects", most, Access::Random)?;
    let mut parent_by_number = storage.column::<u32>("search tree", most, Access::Random)?;
    let mut edges = EdgeList::new(storage);
    let phase = progress.phase("depth-first search", Unit::Objects, most as u64);
    let numbers = &mut numbers[..];
    let (targets, _, _) = graph.references.columns();
    let mut next: Number = 1;
    // Edges to look at: where they lead to, and the number of where they come from.
    let mut stack: Vec<(u32, Number)> = graph.roots.iter().rev().map(|root| (root.0, 0)).collect();
    while let Some((object, from)) = stack.pop() {
        let number = &mut numbers[object as usize];
        if *number != 0 {
            if *number != from {
                edges.push(*number, from)?;
            }
            continue;
        }
        let own = next;
        *number = own;
        object_by_number[own as usize] = object;
        parent_by_number[own as usize] = from;
        next += 1;
        if own.is_multiple_of(1 << 14) {
            phase.advance(1 << 14)?;
        }
        let object = ObjectIx(object);
        for target in graph.extra.of(object).chain(graph.hubs.hub_of(object)) {
            push(&mut stack, numbers, peeled, target.0, own);
        }
        let slots = graph.references.slot_range(object);
        if slots.len() > LONG_LIST {
            for &target in targets[slots].iter().rev().filter(|&&target| target != DANGLING) {
                match numbers[target as usize] {
                    known if known != 0 && !peeled.contains(target as usize) => {
                        if known != own {
                            edges.push(known, own)?;
                        }
                    }
                    _ => push(&mut stack, numbers, peeled, target, own),
                }
            }
        } else {
            for &target in targets[slots].iter().rev().filter(|&&target| target != DANGLING) {
                push(&mut stack, numbers, peeled, target, own);
            }
        }
    }
    Ok(Searched { object_by_number, parent_by_number, edges })
}

#[inline]
fn push(stack: &mut Vec<(u32, Number)>, numbers: &[u32], peeled: &Peeled, target: u32, from: Number) {
    if !peeled.contains(target as usize) {
        prefetch(numbers, target as usize);
        stack.push((target, from));
    }
}
