//! Immediate dominators of all reachable objects.
//!
//! Owns the order of the steps: choose edges to hubs ([`hub_edges`]), set aside what is plain to see ([`peel`]), number the rest
//! ([`search`]), find its dominators ([`semi_nca`]), check the edges that were left out. `docs/dominators.md` tells why
//! it is done this way and what it costs; in short 4 bytes per object, which become the result, and 24 per object that is not peeled.

mod edges;
mod hub_edges;
mod peel;
mod search;
mod semi_nca;
mod semidominators;

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::tree::{DominatorTree, ROOT, UNREACHABLE};
use crate::progress::Progress;
use crate::storage::Storage;
use hub_edges::HubEdges;
use semi_nca::Core;

/// The dominator tree of everything that `graph.roots` reach.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn dominator_tree(
    graph: &ObjectGraph<'_>,
    storage: &Storage,
    progress: &Progress,
) -> Result<DominatorTree, GraphError> {
    dominator_tree_beside(graph, storage, progress, || ()).map(|(tree, ())| tree)
}

/// The dominator tree, and what `beside` makes: work for the processors that the depth-first search leaves idle. It ends before Semi-NCA begins, which
/// needs most memory.
///
/// # Errors
/// As [`dominator_tree`].
pub fn dominator_tree_beside<T: Send>(
    graph: &ObjectGraph<'_>,
    storage: &Storage,
    progress: &Progress,
    beside: impl FnOnce() -> T + Send,
) -> Result<(DominatorTree, T), GraphError> {
    let search = |others: &HubEdges<'_>| {
        let mut peeled = peel::peel(graph, others, storage, progress)?;
        let searched = search::search(graph, others, &mut peeled, storage, progress)?;
        Ok::<_, GraphError>((peeled, searched))
    };
    let mut others = HubEdges::choose(graph, progress)?;
    let mut peeled = peel::peel(graph, &others, storage, progress)?;
    let (first, made) =
        rayon::join(|| search::search(graph, &others, &mut peeled, storage, progress), beside);
    let mut searched = first.map(|searched| (peeled, searched));
    for round in 0.. {
        let (peeled, found) = searched?;
        let core = Core::new(found, peeled, storage, progress)?;
        let failed = others.failed(graph, &core, storage, progress)?;
        if failed.is_empty() {
            let column = core.into_column(ROOT, UNREACHABLE, storage)?;
            return Ok((DominatorTree::new(column, storage, progress)?, made));
        }
        drop(core);
        others.add(graph, failed, round);
        searched = search(&others);
    }
    unreachable!("the last round follows all edges")
}
