//! Threads that wait for each other in a circle.
//!
//! Only locks of `java.util.concurrent` can be told: a dump does not say which monitor a blocked thread waits for.
//! Cost: a graph with a node per thread.

use super::facts::ThreadFacts;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// Each set of threads that wait for one another in a circle, by their positions in `threads`, in the order of waiting: each waits for
/// the next one, the last one for the first. The lowest position comes first.
pub fn deadlocks(threads: &[ThreadFacts]) -> Vec<Vec<usize>> {
    let by_object = ThreadFacts::by_object(threads);
    let owner_of = |at: usize| {
        let owner = threads[at].wait?.owner?;
        by_object.get(&owner).copied()
    };
    let mut graph = DiGraph::<(), ()>::with_capacity(threads.len(), threads.len());
    let nodes: Vec<_> = threads.iter().map(|_| graph.add_node(())).collect();
    for at in 0..threads.len() {
        if let Some(owner) = owner_of(at) {
            graph.add_edge(nodes[at], nodes[owner], ());
        }
    }
    let circles = kosaraju_scc(&graph).into_iter().filter(|component| component.len() > 1);
    let mut cycles: Vec<Vec<usize>> = circles
        .filter_map(|component| {
            let first = component.iter().map(|node| node.index()).min()?;
            // A thread waits for one lock at most, so the circle is found by going on from any of them.
            let next = |&at: &usize| owner_of(at).filter(|&next| next != first);
            Some(std::iter::successors(Some(first), next).take(component.len()).collect())
        })
        .collect();
    cycles.sort_unstable();
    cycles
}
