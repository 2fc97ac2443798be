//! References that wait for their handler.
//!
//! The collector chains the references that it has cleared by their field `discovered`, and its list is a root until the handler of references has
//! taken them. After a full collection, as before most dumps, hundreds of thousands can wait there. The chain holds nothing that matters: each of
//! them was reachable when the collector met it, and is taken off the list within moments. If it were an edge, whoever keeps such references would
//! retain none of them, since the one before each leads to it as well. So the chain is no edge; what nothing but the chain reaches is a root of its
//! own instead, which keeps all that the collector keeps. Cost: 8 bytes per waiting reference while a dump is opened.

use super::edges::RootEdges;
use super::heap::Heap;
use super::roots::{Root, Roots};
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use hashbrown::HashSet;

/// The class that all references extend.
pub(super) const REFERENCE: &str = "java.lang.ref.Reference";
/// Its field by which the collector chains them.
pub(super) const PENDING_LINK: &str = "discovered";

/// Which reference stands before which.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Ascending.
    links: Vec<(ObjectIx, ObjectIx)>,
}

impl Pending {
    pub(super) fn new(mut links: Vec<(ObjectIx, ObjectIx)>) -> Self {
        links.sort_unstable();
        Self { links }
    }

    /// Makes roots of what is reachable by the chain alone. Tells whether there is any such thing: then the graph is another one.
    pub(super) fn keep(&self, heap: &mut Heap, is_reachable: impl Fn(ObjectIx) -> bool) -> bool {
        let mut kept = Vec::new();
        let mut reached: HashSet<ObjectIx> = HashSet::new();
        let graph = heap.graph();
        for &(from, next) in &self.links {
            if !is_reachable(from) {
                continue;
            }
            kept.push(next);
            let mut stack = vec![next];
            while let Some(object) = stack.pop() {
                if is_reachable(object) || !reached.insert(object) {
                    continue;
                }
                stack.extend(graph.successors(object));
                let at = self.links.partition_point(|&(from, _)| from < object);
                let after = self.links[at..].iter().take_while(|&&(from, _)| from == object);
                for &(_, next) in after {
                    kept.push(next);
                    stack.push(next);
                }
            }
        }
        kept.retain(|&object| !is_reachable(object));
        kept.sort_unstable();
        kept.dedup();
        if kept.is_empty() {
            return false;
        }
        let root = |object| Root { object, kind: RootTag::ReferenceCleanup, thread: None, frame: None };
        let mut all = heap.roots.all().to_vec();
        all.extend(kept.into_iter().map(root));
        heap.roots = Roots::new(all);
        let edges = RootEdges::new(&heap.roots, &heap.threads, &heap.classes);
        (heap.graph_roots, heap.extra, heap.hub_by_class) =
            (edges.graph_roots, edges.extra, edges.hub_by_class);
        true
    }
}
