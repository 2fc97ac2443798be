//! The first half of Semi-NCA: semidominators, from the last node down.
//!
//! Owns the linked part of the search tree with its compressed paths, and the edges of the bucket at work, sorted by target. What is above the node at
//! work is all that is ever looked at, so the forest is made ready bucket by bucket, as are the edges: while one thread works on a bucket, another one
//! prepares the next. Cost: 8 bytes per node, and what the edges of two buckets take.

use super::super::error::GraphError;
use super::edges::{Bucket, Edges};
use super::parents::Parents;
use super::stack::Stack;
use crate::prefetch::prefetch;
use crate::storage::{Access, BitColumn, Column, Storage};

/// How far ahead of its use a node is asked for.
const AHEAD: usize = 16;

/// Of a linked node its ancestor so far, and the least semidominator on the path to there.
type Node = [u32; 2];
const ANCESTOR: usize = 0;
const LABEL: usize = 1;

/// The semidominators of all nodes but the first. Where it is the parent, as for half of the nodes and more, that is all that is kept.
pub(super) struct Semidominators {
    are_parents: BitColumn,
    /// All others, that of the last node first.
    others: Stack,
}

impl Semidominators {
    /// The semidominator of `node`, given its parent. To be asked for each node once, in ascending order.
    #[inline]
    pub(super) fn next(&mut self, node: usize, parent: u32) -> u32 {
        if self.are_parents.get(node) { parent } else { self.others.pop().unwrap_or(parent) }
    }
}

/// Finds the semidominator of every node but the first.
pub(super) fn semidominators(
    parents: &Parents,
    edges: Edges,
    storage: &Storage,
    advance: impl Fn(u64) -> Result<(), GraphError> + Sync,
) -> Result<Semidominators, GraphError> {
    let node_count = parents.len();
    let per_bucket = edges.targets_per_bucket();
    let mut semi = Semidominators {
        are_parents: BitColumn::new(storage, "semidominators", node_count)?,
        others: Stack::new("semidominators", storage),
    };
    let mut nodes = storage.column::<Node>("search forest", node_count, Access::Random)?;
    let mut path = Vec::new();
    let mut buckets = edges.into_buckets();
    buckets.truncate(node_count.div_ceil(per_bucket));
    let (mut now, mut next) = (SourcesByTarget::default(), SourcesByTarget::default());
    // Each round works on what the round before has prepared; in the first one there is nothing to work on yet.
    for round in 0..=buckets.len() {
        let first = (buckets.len() * per_bucket).min(node_count);
        let end = if round == 0 { first } else { (first + per_bucket).min(node_count) };
        let (unready_nodes, ready_nodes) = nodes.split_at_mut(first);
        let mut forest = Forest { nodes: ready_nodes, first, path: &mut path };
        let work = || {
            forest.link(end - first, &mut semi, &now)?;
            advance((end - first) as u64)
        };
        let prepare = || {
            let Some(bucket) = buckets.pop() else { return Ok(()) };
            let first = buckets.len() * per_bucket;
            let nodes = &mut unready_nodes[first..];
            for ((number, node), parent) in (first..).zip(nodes.iter_mut()).zip(parents.from(first)) {
                *node = [parent, number as u32];
            }
            next.sort(&bucket, first as u32, nodes.len(), storage)
        };
        let (worked, prepared) = rayon::join(work, prepare);
        worked?;
        prepared?;
        std::mem::swap(&mut now, &mut next);
    }
    Ok(semi)
}

/// The edges of one bucket.
#[derive(Default)]
struct SourcesByTarget {
    /// Where the sources of each target end; they begin where those of the target before end.
    ends: Vec<usize>,
    /// At least as long as the last end; used again for the next bucket.
    sources: Column<u32>,
}

impl SourcesByTarget {
    /// Takes the edges of `bucket`, whose targets are `count` numbers from `first` on.
    fn sort(
        &mut self,
        bucket: &Bucket,
        first: u32,
        count: usize,
        storage: &Storage,
    ) -> Result<(), GraphError> {
        if self.sources.len() < bucket.len() {
            self.sources = Column::empty();
            self.sources = storage.column("edges into nodes", bucket.len() * 5 / 4, Access::Random)?;
        }
        self.ends.clear();
        self.ends.resize(count, 0);
        for [target, _] in bucket.edges() {
            self.ends[(target - first) as usize] += 1;
        }
        let mut begin = 0;
        for end in &mut self.ends {
            begin += std::mem::replace(end, begin);
        }
        for [target, source] in bucket.edges() {
            let end = &mut self.ends[(target - first) as usize];
            self.sources[*end] = source;
            *end += 1;
        }
        Ok(())
    }
}

/// The linked part of the search tree, its paths compressed as they are walked.
struct Forest<'a> {
    /// From `first` on; those before are not linked yet and never asked for.
    nodes: &'a mut [Node],
    first: usize,
    path: &'a mut Vec<u32>,
}

impl Forest<'_> {
    /// Links the first `count` nodes, from the last of them down, and tells their semidominators.
    fn link(
        &mut self,
        count: usize,
        semi: &mut Semidominators,
        edges: &SourcesByTarget,
    ) -> Result<(), GraphError> {
        let mut end = edges.ends.last().copied().unwrap_or(0);
        for at in (0..count).rev() {
            let number = (self.first + at) as u32;
            let begin = if at == 0 { 0 } else { edges.ends[at - 1] };
            // Nobody has compressed a path through a node that is not linked yet.
            let parent = self.nodes[at][ANCESTOR];
            let mut least = parent;
            for place in (begin..end).rev() {
                if let Some(ahead) = place.checked_sub(AHEAD) {
                    prefetch(self.nodes, (edges.sources[ahead] as usize).wrapping_sub(self.first));
                }
                least = least.min(self.least_above(edges.sources[place], number));
            }
            end = begin;
            self.nodes[at][LABEL] = least;
            if least == parent {
                semi.are_parents.set(number as usize);
            } else {
                semi.others.push(least)?;
            }
        }
        Ok(())
    }

    #[inline]
    fn node(&mut self, number: u32) -> &mut Node {
        &mut self.nodes[number as usize - self.first]
    }

    /// The least semidominator of `node` and those above it, down from `limit` (exclusive); nodes up to `limit` are not linked yet.
    #[inline]
    fn least_above(&mut self, node: u32, limit: u32) -> u32 {
        if node <= limit {
            return node;
        }
        let [ancestor, label] = *self.node(node);
        if ancestor <= limit { label } else { self.compress(node, limit) }
    }

    fn compress(&mut self, node: u32, limit: u32) -> u32 {
        let mut at = node;
        while self.node(at)[ANCESTOR] > limit {
            self.path.push(at);
            at = self.node(at)[ANCESTOR];
        }
        let [top, mut least] = *self.node(at);
        while let Some(at) = self.path.pop() {
            let node = self.node(at);
            least = least.min(node[LABEL]);
            *node = [top, least];
        }
        least
    }
}
