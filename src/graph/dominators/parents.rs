//! The search tree: the parent of each node, in a byte for nearly all of them.
//!
//! Owns how they are written. Nodes are numbered in preorder, so a parent is mostly one of the last few hundred nodes, or that of the node before (a long list of children).
//! All others are kept in full. They are read in order only, from the beginning or from the beginning of a block. Cost: a byte per node, five in the worst case.

use super::super::error::GraphError;
use super::stack::Stack;
use crate::storage::{Access, Column, Storage, StorageError};
use rayon::prelude::*;

/// Reading may begin at multiples of this number, as a power of two.
pub(super) const BLOCK_SHIFT: u32 = 17;

/// The parent is that of the node before.
const SAME: u8 = 0;
/// The parent is too far away, and none of the codes between tells how far.
const FAR: u8 = u8::MAX;

/// The parents of nodes 0, 1, 2 and so on; that of node 0 is node 0.
pub(super) struct Parents {
    /// One for each node that there may be, of which those up to `count` are in use.
    codes: Column<u8>,
    count: usize,
    far: Stack,
    blocks: Vec<State>,
    last: u32,
}

/// What must be known where reading begins.
#[derive(Clone, Copy)]
struct State {
    /// The parent of the node before.
    last: u32,
    /// How many parents before were far away.
    far: usize,
}

impl Parents {
    /// Room for so many nodes, none of them there yet.
    pub(super) fn new(most: usize, storage: &Storage) -> Result<Self, StorageError> {
        let mut codes = storage.column::<u8>("search tree", most, Access::Sequential)?;
        // The system clears fresh pages at the first write; all threads together get that done sooner than the search alone.
        codes.par_chunks_mut(1 << 20).for_each(|codes| codes.fill(0));
        Ok(Self { codes, count: 0, far: Stack::new("search tree", storage), blocks: Vec::new(), last: 0 })
    }

    /// The next node is below that one.
    #[inline]
    pub(super) fn push(&mut self, parent: u32) -> Result<(), GraphError> {
        if self.count.is_multiple_of(1 << BLOCK_SHIFT) {
            self.blocks.push(State { last: self.last, far: self.far.len() });
        }
        let steps = self.count - parent as usize;
        self.codes[self.count] = if (1..usize::from(FAR)).contains(&steps) {
            steps as u8
        } else if parent == self.last {
            SAME
        } else {
            self.far.push(parent)?;
            FAR
        };
        self.last = parent;
        self.count += 1;
        Ok(())
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The parents of all nodes from the first of a block on: `first` is a multiple of its size.
    pub(super) fn from(&self, first: usize) -> impl Iterator<Item = u32> + '_ {
        debug_assert!(first.is_multiple_of(1 << BLOCK_SHIFT));
        let state = self.blocks.get(first >> BLOCK_SHIFT).copied();
        let State { mut last, mut far } = state.unwrap_or(State { last: 0, far: 0 });
        (first..self.count).map(move |node| {
            last = match self.codes[node] {
                SAME => last,
                FAR => {
                    far += 1;
                    self.far.get(far - 1)
                }
                steps => (node - usize::from(steps)) as u32,
            };
            last
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_back_as_they_were_pushed() {
        let mut state = 3u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        // Chains, stars, what is near and what is anywhere, in blocks that begin in the midst of each.
        let count = (2 << BLOCK_SHIFT) + 12_345;
        let mut expected = vec![0u32];
        for node in 1..count {
            let parent = match node / 30_000 % 4 {
                0 => node - 1,
                1 => node / 30_000 * 30_000 - 1,
                2 => node - 1 - random(node.min(400)),
                _ => random(node),
            };
            expected.push(parent as u32);
        }
        let mut parents = Parents::new(count + 7, &Storage::default()).unwrap();
        expected.iter().for_each(|&parent| parents.push(parent).unwrap());
        assert_eq!(parents.len(), count);
        for first in [0, 1 << BLOCK_SHIFT, 2 << BLOCK_SHIFT] {
            assert!(parents.from(first).eq(expected[first..].iter().copied()), "from {first}");
        }
    }
}
