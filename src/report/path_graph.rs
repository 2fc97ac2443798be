//! Merged paths: all ways to the objects of a class at once.

use serde::{Deserialize, Serialize};

/// Merged paths from GC roots to the objects of a class, as a small graph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathGraph {
    /// How many objects of the class are reachable.
    pub objects: u64,
    /// How many of them were looked at; if fewer, a sample that is spread over the dump, and all other counts are of the sample.
    pub looked_at: u64,
    /// The nodes; node 0 stands for all roots, the last one for the objects themselves.
    pub nodes: Vec<PathNode>,
    /// How one leads to another.
    pub edges: Vec<PathEdge>,
}

/// A node of merged paths: objects of one class that are reached in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathNode {
    /// The class; [`PathGraph::OTHERS`] for all ways that are not drawn.
    pub label: String,
    /// How many objects are on the paths.
    pub objects: u64,
    /// How many paths lead through them.
    pub targets: u64,
}

/// An edge of merged paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathEdge {
    /// A place in [`PathGraph::nodes`].
    pub from: u32,
    /// Another one.
    pub to: u32,
    /// The fields on the way, as in `table[].value`.
    pub field: String,
    /// How many paths lead over it.
    pub paths: u64,
}

impl PathGraph {
    /// The label of the node that stands for the ways that are not drawn.
    pub const OTHERS: &str = "…";

    /// Whether only some of the objects were looked at, so that shares are estimates.
    pub fn is_sample(&self) -> bool {
        self.looked_at < self.objects
    }

    /// The edges that lead on from a node, those that most paths take first, all that is not drawn last. Edges backwards and to nowhere, which only a
    /// report has that somebody wrote by hand, are left out.
    pub fn edges_from(&self, node: u32) -> Vec<&PathEdge> {
        let is_from =
            |edge: &&PathEdge| edge.from == node && edge.to > node && (edge.to as usize) < self.nodes.len();
        let mut edges: Vec<&PathEdge> = self.edges.iter().filter(is_from).collect();
        let is_other = |edge: &PathEdge| self.nodes[edge.to as usize].label == Self::OTHERS;
        edges.sort_by_key(|edge| (is_other(edge), std::cmp::Reverse(edge.paths), edge.to));
        edges
    }
}
