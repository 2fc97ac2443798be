//! Semi-NCA on the preorder numbers: L. Georgiadis, R. E. Tarjan, R. F. Werneck, "Finding Dominators in Practice" (2006).
//!
//! Owns the dominators of the searched nodes, by number. Semidominators come first, in descending order, with path compression on
//! the search tree; then each immediate dominator is the nearest common ancestor of semidominator and parent, in ascending order.
//! Because all is in preorder, an ancestor is simply a smaller number. A walk up in the second pass takes 1.03 steps in the mean of ordinary heaps; where a
//! chain of a million nodes holds elements that something else holds as well, each of them would walk up all of the chain, so after some steps too many
//! the rest is done by [`ancestors`](super::ancestors) in a logarithm of the depth. Cost: 9 bytes per node besides the edges and the search tree, and 4 for each semidominator that is not the parent.

use super::super::error::GraphError;
use super::super::tree::HeldOnce;
use super::ancestors::Ancestors;
use super::parents::Parents;
use super::peel::Peeled;
use super::search::Search;
use super::semidominators::{Semidominators, semidominators};
use crate::ix::ObjectIx;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{Access, Column, Storage, atomic_u32};
use rayon::prelude::*;
use std::sync::atomic::Ordering;

/// Steps up for each node until walking from one dominator to the next is given up.
const STEPS_PER_NODE: usize = 4;
/// So many steps are no waste of time in the smallest graph either.
const FEW_STEPS: usize = 1 << 20;

/// The dominators of what was searched.
pub(super) struct Core {
    /// Of a peeled object its only referrer, of any other its number, 0 if it was not reached.
    numbers: Peeled,
    /// By number; entry 0 is not used.
    dominators: Column<u32>,
}

impl Core {
    /// Computes them.
    pub(super) fn new(
        search: Search,
        numbers: Peeled,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let Search { parents, edges } = search;
        let phase = progress.phase("dominators", Unit::Objects, 2 * parents.len() as u64);
        let semi = semidominators(&parents, edges, storage, |nodes| Ok(phase.advance(nodes)?))?;
        let dominators = immediate(&parents, semi, storage, &phase)?;
        drop(phase);
        Ok(Self { numbers, dominators })
    }

    /// How many nodes there are, node 0 included.
    pub(super) fn len(&self) -> usize {
        self.dominators.len()
    }

    /// The number of the immediate dominator of a node; 0 if only the roots together dominate it.
    #[inline]
    pub(super) fn dominator(&self, number: u32) -> u32 {
        self.dominators[number as usize]
    }

    /// The number of an object, or of the nearest one above it that has one; 0 if no root reaches it.
    #[inline]
    pub(super) fn number_of(&self, object: ObjectIx) -> u32 {
        self.numbers.column[self.numbers.top_of(object).index()]
    }

    /// The immediate dominator of every object: another object, `root`, or `unreachable`. Also what is known of those that nothing else refers to.
    pub(super) fn into_column(
        self,
        root: u32,
        unreachable: u32,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<(Column<u32>, HeldOnce), GraphError> {
        let Self { numbers, dominators } = self;
        let node_count = dominators.len();
        let _phase = progress.phase("dominators of objects", Unit::Objects, node_count as u64);
        let Peeled { column: mut numbers, objects: peeled, plain, held_once } = numbers;
        let mut object_by_number = storage.column::<u32>("objects by number", node_count, Access::Random)?;
        let objects = atomic_u32(&mut object_by_number);
        let cells = atomic_u32(&mut numbers);
        // Peeled objects below unreachable ones first: they look at numbers, which are replaced afterwards.
        cells.par_iter().enumerate().with_min_len(1 << 14).for_each(|(object, cell)| {
            if !peeled.get(object) {
                match cell.load(Ordering::Relaxed) {
                    0 => {}
                    number => objects[number as usize].store(object as u32, Ordering::Relaxed),
                }
                return;
            }
            let mut above = cell.load(Ordering::Relaxed);
            while above != unreachable && peeled.get(above as usize) {
                above = cells[above as usize].load(Ordering::Relaxed);
            }
            if above == unreachable || cells[above as usize].load(Ordering::Relaxed) == 0 {
                cell.store(unreachable, Ordering::Relaxed);
            }
        });
        cells.par_iter().enumerate().with_min_len(1 << 14).for_each(|(object, cell)| {
            if peeled.get(object) {
                return;
            }
            let dominator = match cell.load(Ordering::Relaxed) {
                0 => unreachable,
                number => match dominators[number as usize] {
                    0 => root,
                    above => objects[above as usize].load(Ordering::Relaxed),
                },
            };
            cell.store(dominator, Ordering::Relaxed);
        });
        Ok((numbers, HeldOnce { all: held_once, peeled: plain.unwrap_or(peeled) }))
    }
}

/// The immediate dominators of all nodes: the nearest dominator of the parent that is the semidominator or comes before it.
fn immediate(
    parents: &Parents,
    mut semi: Semidominators,
    storage: &Storage,
    phase: &Phase<'_>,
) -> Result<Column<u32>, GraphError> {
    let node_count = parents.len();
    let mut dominators = storage.column::<u32>("dominators of nodes", node_count, Access::Random)?;
    let mut steps_left = FEW_STEPS + STEPS_PER_NODE * node_count;
    let mut nodes = (0..).zip(parents.from(0)).skip(1);
    let mut found = 1;
    for (number, parent) in nodes.by_ref() {
        if number % (1 << 14) == 0 {
            phase.advance(1 << 14)?;
        }
        let semi = semi.next(number, parent);
        let mut above = parent;
        while above > semi {
            above = dominators[above as usize];
            steps_left = steps_left.saturating_sub(1);
        }
        dominators[number] = above;
        found = number + 1;
        if steps_left == 0 {
            break;
        }
    }
    if found == node_count {
        return Ok(dominators);
    }
    let mut keys = storage.column::<u32>("semidominators", node_count, Access::Random)?;
    for (number, parent) in nodes {
        (dominators[number], keys[number]) = (parent, semi.next(number, parent));
    }
    let mut ancestors = Ancestors::new(&dominators[..found], keys, storage)?;
    for number in found..node_count {
        if number % (1 << 14) == 0 {
            phase.advance(1 << 14)?;
        }
        dominators[number] = ancestors.push_below(&dominators, number);
    }
    Ok(dominators)
}
