//! Immediate dominators of all reachable objects.
//!
//! Owns the order of the steps: choose edges to hubs and [`stars`] ([`hub_edges`]), set aside what is plain to see ([`peel`]), number the rest
//! ([`search`]), find its dominators ([`semi_nca`]), check the edges that were left out. `docs/dominators.md` tells why
//! it is done this way and what it costs; in short 4 bytes per object, which become the result, and up to 14 per object that is not peeled besides the edges.

mod ancestors;
mod edges;
mod hub_edges;
mod parents;
mod peel;
mod reach;
mod search;
mod semi_nca;
mod semidominators;
mod stack;
mod stars;

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::reachable::Reachable;
use super::tree::{DominatorTree, ROOT, UNREACHABLE};
use crate::progress::Progress;
use crate::storage::{BitColumn, Storage};
use hub_edges::HubEdges;
use peel::Peeled;
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
    let search = DominatorSearch::begin(graph, None, storage, progress)?;
    search.finish_beside(graph, storage, progress, || (), |()| ()).map(|(tree, ())| tree)
}

/// A search for dominators that has begun: what is plain to see is set aside. What is reachable takes half the time to find then. All of its methods are
/// to be given the same graph.
pub struct DominatorSearch {
    others: HubEdges,
    peeled: Peeled,
    leave_out: Option<BitColumn>,
}

impl DominatorSearch {
    /// Sets aside what is plain to see. The slots in `leave_out` are those that [`Self::reachable`] leaves out at first.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn begin(
        graph: &ObjectGraph<'_>,
        leave_out: Option<BitColumn>,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let mut others = HubEdges::choose(graph, progress)?;
        let peeled = peel::peel(graph, &mut others, leave_out.as_ref(), storage, progress)?;
        Ok(Self { others, peeled, leave_out })
    }

    /// The objects that the roots reach and, if slots are to be left out, those that they reach without them.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn reachable(
        &self,
        graph: &ObjectGraph<'_>,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<(Reachable, Option<Reachable>), GraphError> {
        reach::reachable(graph, &self.peeled, self.leave_out.as_ref(), storage, progress)
    }

    /// The dominator tree, and what is made by the processors that its serial steps leave idle: `beside_search` runs during the depth-first search, and
    /// `then` goes on with its result during Semi-NCA, which needs most memory: it should take little.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn finish_beside<T: Send, U: Send>(
        self,
        graph: &ObjectGraph<'_>,
        storage: &Storage,
        progress: &Progress,
        beside_search: impl FnOnce() -> T + Send,
        then: impl FnOnce(T) -> U + Send,
    ) -> Result<(DominatorTree, U), GraphError> {
        let Self { mut others, mut peeled, leave_out } = self;
        drop(leave_out);
        let (searched, made) = progress.join(
            "contents",
            || search::search(graph, &others, &mut peeled, storage, progress),
            beside_search,
        );
        let searched = searched?;
        let (core, made) =
            progress.join("contents", || Core::new(searched, peeled, storage, progress), || then(made));
        let mut core = core?;
        for round in 0.. {
            let failed = others.failed(graph, &core, storage, progress)?;
            if failed.is_empty() {
                let (column, held_once) = core.into_column(ROOT, UNREACHABLE, storage, progress)?;
                return Ok((DominatorTree::new(column, held_once, storage, progress)?, made));
            }
            drop(core);
            others.add(graph, failed, round);
            let mut peeled = peel::peel(graph, &mut others, None, storage, progress)?;
            let searched = search::search(graph, &others, &mut peeled, storage, progress)?;
            core = Core::new(searched, peeled, storage, progress)?;
        }
        unreachable!("the last round follows all edges")
    }
}
