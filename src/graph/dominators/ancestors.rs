//! Ancestors in a tree that grows by leaves, found in a logarithm of its depth.
//!
//! Owns for each node a jump to some node far above: E. W. Myers, "An applicative random-access stack" (1983). Where the jump of a node and that of the node
//! where it ends are equally long, a node below jumps over both, otherwise only to its parent; so from anywhere to anywhere above it takes at most some
//! three steps for each doubling of the distance. Used for heaps only where walking from parent to parent turned out to be long. Cost: 8 bytes per node, of which 4 are those of a
//! column that is no longer needed as far as the tree has grown.

use super::super::error::GraphError;
use crate::storage::{Access, Column, Storage};

/// Jumps up from each node of a tree whose parents have smaller numbers.
pub(super) struct Ancestors {
    /// Up to the last node of the tree where its jump leads; beyond that the keys by which the next nodes find their parents.
    jumps_then_keys: Column<u32>,
    depths: Column<u32>,
}

impl Ancestors {
    /// The tree with these parents; the first node is its root. `keys` has one for each node that there will ever be.
    pub(super) fn new(parents: &[u32], keys: Column<u32>, storage: &Storage) -> Result<Self, GraphError> {
        let depths = storage.column("depths of dominators", keys.len(), Access::Random)?;
        let mut ancestors = Self { jumps_then_keys: keys, depths };
        ancestors.jumps_then_keys[0] = 0;
        (1..parents.len()).for_each(|node| ancestors.push(node, parents[node]));
        Ok(ancestors)
    }

    /// Puts `node`, which is the next one, below the nearest of `start = parents[node]` and its ancestors whose number is not beyond the node's key. Returns that one.
    pub(super) fn push_below(&mut self, parents: &[u32], node: usize) -> u32 {
        let key = self.jumps_then_keys[node];
        let mut at = parents[node];
        while at > key {
            let jump = self.jumps_then_keys[at as usize];
            // Where the jump leads to a node beyond the key, all between are beyond it, too: numbers only fall on the way up.
            at = if jump > key { jump } else { parents[at as usize] };
        }
        self.push(node, at);
        at
    }

    fn push(&mut self, node: usize, parent: u32) {
        let far = self.jumps_then_keys[parent as usize];
        let farther = self.jumps_then_keys[far as usize];
        let depth = |node: u32| self.depths[node as usize];
        let is_even = depth(parent) - depth(far) == depth(far) - depth(farther);
        self.jumps_then_keys[node] = if is_even { farther } else { parent };
        self.depths[node] = self.depths[parent as usize] + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_ancestors_that_a_walk_finds() {
        let storage = Storage::default();
        let mut state = 5u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        // From a chain to a star: a new node starts at one of the last `spread` nodes, and every `rare`-th one goes far up.
        for (spread, rare) in [(1, usize::MAX), (1, 3), (2, 50), (10, 1000), (2000, 2)] {
            let count = 2000;
            let starts: Vec<u32> =
                (0..count).map(|node: usize| node.saturating_sub(1 + random(spread)) as u32).collect();
            let mut keys = storage.column::<u32>("keys", count, Access::Random).unwrap();
            for node in 1..count {
                let is_rare = rare != usize::MAX && random(rare) == 0;
                keys[node] = if is_rare { random(node) as u32 } else { starts[node] };
            }
            let expected_keys = keys.to_vec();
            let (mut parents, mut plain) = (starts.clone(), starts.clone());
            // The first third was found by walking.
            let known = count / 3;
            for node in 1..count {
                while plain[node] > expected_keys[node] {
                    plain[node] = plain[plain[node] as usize];
                }
            }
            parents[..known].copy_from_slice(&plain[..known]);
            let mut ancestors = Ancestors::new(&parents[..known], keys, &storage).unwrap();
            for node in known..count {
                parents[node] = ancestors.push_below(&parents, node);
            }
            assert_eq!(parents, plain, "{spread} {rare}");
        }
    }

    #[test]
    fn long_ways_take_few_steps() {
        let count = 1 << 16;
        let storage = Storage::default();
        let parents: Vec<u32> = (0..count as u32).map(|node| node.saturating_sub(1)).collect();
        let keys = storage.column::<u32>("keys", count, Access::Random).unwrap();
        let ancestors = Ancestors::new(&parents, keys, &storage).unwrap();
        for (from, to) in [(count - 1, 0), (count - 1, 1), (50_000, 17), (65_000, 32_769)] {
            let (mut at, mut steps) = (from as u32, 0);
            while at > to {
                let jump = ancestors.jumps_then_keys[at as usize];
                at = if jump >= to { jump } else { parents[at as usize] };
                steps += 1;
            }
            assert!(steps <= 3 * 16, "{from} to {to}: {steps}");
        }
    }
}
