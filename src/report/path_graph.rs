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
}
