//! The edges of the core that are not in the search tree, sorted by where they lead to.
//!
//! Owns a list that grows by blocks (no block is ever copied), and the counting sort that turns it into one list per target. Cost: 8
//! bytes per edge while the search runs, 4 bytes per edge and 4 per number afterwards (8 beyond 2^32 edges).

use super::Number;
use crate::graph::error::GraphError;
use crate::storage::{Access, Column, Element, Storage};

/// Edges of a block.
const BLOCK: usize = 1 << 19;

/// Edges as the search finds them.
pub(super) struct EdgeList {
    blocks: Vec<Column<u64>>,
    /// Edges in the last block.
    filled: usize,
    storage: Storage,
}

impl EdgeList {
    pub(super) fn new(storage: &Storage) -> Self {
        Self { blocks: Vec::new(), filled: BLOCK, storage: storage.clone() }
    }

    #[inline]
    pub(super) fn push(&mut self, to: Number, from: Number) -> Result<(), GraphError> {
        if self.filled == BLOCK {
            self.blocks.push(self.storage.column("edges of the core", BLOCK, Access::Sequential)?);
            self.filled = 0;
        }
        let at = self.filled;
        if let Some(block) = self.blocks.last_mut() {
            block[at] = u64::from(to) << 32 | u64::from(from);
        }
        self.filled += 1;
        Ok(())
    }

    fn len(&self) -> usize {
        self.blocks.len().saturating_sub(1) * BLOCK + if self.blocks.is_empty() { 0 } else { self.filled }
    }

    /// The edges by target, for numbers below `count`.
    pub(super) fn sorted(self, count: usize) -> Result<SortedEdges, GraphError> {
        let edge_count = self.len();
        let mut sources = self.storage.column::<u32>("edge sources", edge_count, Access::Random)?;
        let begins = if u32::try_from(edge_count).is_ok() {
            let mut begins = self.storage.column::<u32>("edge bounds", count + 1, Access::Random)?;
            self.sort(&mut begins, &mut sources, |n| n as u32, |n| n as usize);
            Begins::Narrow(begins)
        } else {
            let mut begins = self.storage.column::<u64>("edge bounds", count + 1, Access::Random)?;
            self.sort(&mut begins, &mut sources, |n| n as u64, |n| n as usize);
            Begins::Wide(begins)
        };
        Ok(SortedEdges { begins, sources })
    }

    /// Counts edges by target, turns counts into ends, and fills the lists from their ends, so that ends become beginnings.
    fn sort<B: Element>(
        self,
        begins: &mut [B],
        sources: &mut [u32],
        make: fn(usize) -> B,
        read: fn(B) -> usize,
    ) {
        let last = self.blocks.len().saturating_sub(1);
        let filled = self.filled;
        let part = |at: usize| if at == last { ..filled } else { ..BLOCK };
        for (at, block) in self.blocks.iter().enumerate() {
            for &edge in &block[part(at)] {
                let count = &mut begins[(edge >> 32) as usize];
                *count = make(read(*count) + 1);
            }
        }
        let mut end = 0;
        for begin in begins.iter_mut() {
            end += read(*begin);
            *begin = make(end);
        }
        for (at, block) in self.blocks.into_iter().enumerate() {
            for &edge in &block[part(at)] {
                let slot = &mut begins[(edge >> 32) as usize];
                let place = read(*slot) - 1;
                *slot = make(place);
                sources[place] = edge as u32;
            }
        }
    }
}

enum Begins {
    Narrow(Column<u32>),
    Wide(Column<u64>),
}

/// One list of sources per target.
pub(super) struct SortedEdges {
    begins: Begins,
    sources: Column<u32>,
}

impl SortedEdges {
    /// Where the edges to `target` come from.
    #[inline]
    pub(super) fn to(&self, target: usize) -> &[Number] {
        match &self.begins {
            Begins::Narrow(begins) => &self.sources[begins[target] as usize..begins[target + 1] as usize],
            Begins::Wide(begins) => &self.sources[begins[target] as usize..begins[target + 1] as usize],
        }
    }
}
