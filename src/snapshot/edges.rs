//! The roots of the graph and the edges beside the references.
//!
//! Owns what follows from the roots of the dump: a root on the stack of a known thread is an edge from that thread, all others are roots of the
//! graph; the mirror of each class is the hub of its objects unless it is a root itself. Cost: linear in roots and classes.

use super::classes::Classes;
use super::roots::{Root, Roots};
use super::threads::Thread;
use crate::graph::ExtraEdges;
use crate::ix::{ObjectIx, OptObjectIx};

pub(super) struct RootEdges {
    /// Ascending.
    pub(super) graph_roots: Vec<ObjectIx>,
    pub(super) extra: ExtraEdges,
    pub(super) hub_by_class: Vec<OptObjectIx>,
}

impl RootEdges {
    pub(super) fn new(roots: &Roots, threads: &[Thread], classes: &Classes) -> Self {
        let (held, graph_roots): (Vec<&Root>, Vec<&Root>) =
            roots.all().iter().partition(|root| root.is_held_by_thread());
        let extra = held
            .iter()
            .filter_map(|root| Some((threads[root.thread? as usize].object, root.object)))
            .collect();
        let mut graph_roots: Vec<ObjectIx> = graph_roots.iter().map(|root| root.object).collect();
        graph_roots.dedup();
        let mut hub_by_class: Vec<OptObjectIx> = classes.iter().map(|(_, class)| class.mirror).collect();
        for hub in &mut hub_by_class {
            if hub.get().is_some_and(|object| graph_roots.binary_search(&object).is_ok()) {
                *hub = OptObjectIx::NONE;
            }
        }
        Self { graph_roots, extra: ExtraEdges::new(extra), hub_by_class }
    }
}
