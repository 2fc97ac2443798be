//! Semi-NCA on preorder numbers.
//!
//! Owns the two loops of the algorithm: semidominators from the last number to the first, with path compression over the part of the
//! search tree that was done already (an ancestor above the present number stands for "not yet linked", so no flag is needed), then
//! immediate dominators from the first to the last. Cost: 16 bytes per number, of which 4 are the result.

use super::Number;
use super::edges::EdgeList;
use crate::graph::error::GraphError;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, Column, Storage};
use bytemuck::{Pod, Zeroable};

/// A node of the forest that is linked so far: read and written together.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Link {
    ancestor: Number,
    /// The least semidominator on the way to the ancestor.
    label: Number,
}

/// The immediate dominator of each number; 0 is dominated by nothing. The column that held the parents is the result.
pub(super) fn dominators(
    mut parents: Column<u32>,
    edges: EdgeList,
    storage: &Storage,
    progress: &Progress,
) -> Result<Column<u32>, GraphError> {
    // Numbers that the search did not give out are at the end, and have no edges.
    let count = parents.len();
    let edges = edges.sorted(count)?;
    let phase = progress.phase("semidominators", Unit::Objects, count as u64);
    let mut links = storage.column::<Link>("linked forest", count, Access::Random)?;
    for (number, (link, &parent)) in (0..).zip(links.iter_mut().zip(parents.iter())) {
        *link = Link { ancestor: parent, label: number };
    }
    let mut semi = storage.column::<u32>("semidominators", count, Access::Random)?;
    {
        let (links, semi, parents) = (&mut links[..], &mut semi[..], &parents[..]);
        let mut path = Vec::new();
        for number in (1..count as u32).rev() {
            if number.is_multiple_of(1 << 14) {
                phase.advance(1 << 14)?;
            }
            let mut best = parents[number as usize];
            for &source in edges.to(number as usize) {
                let candidate =
                    if source <= number { source } else { least_label(links, source, number, &mut path) };
                best = best.min(candidate);
            }
            semi[number as usize] = best;
            links[number as usize].label = best;
        }
    }
    drop((links, edges));
    let idom = &mut parents[..];
    for number in 1..count {
        let limit = semi[number];
        let mut above = idom[number];
        while above > limit {
            above = idom[above as usize];
        }
        idom[number] = above;
    }
    drop(phase);
    Ok(parents)
}

/// The least label on the way from `start` up to the root of its tree in the forest of numbers above `number`. Compresses that way.
#[inline]
fn least_label(links: &mut [Link], start: Number, number: Number, path: &mut Vec<Number>) -> Number {
    let mut at = start;
    loop {
        let above = links[at as usize].ancestor;
        if above <= number {
            break;
        }
        path.push(at);
        at = above;
    }
    let Link { ancestor: top, label: mut least } = links[at as usize];
    while let Some(below) = path.pop() {
        let link = &mut links[below as usize];
        least = least.min(link.label);
        *link = Link { ancestor: top, label: least };
    }
    least
}
