//! Shortest paths from GC roots, with the names of the fields on the way.
//!
//! Owns the choice of the path that a person wants to read: strong references before soft and final ones, everything else before the
//! stack of a thread and the class of an object. Cost: 4 bytes per object for the paths to everything at once.

use crate::graph::{GraphError, PathTree, shortest_path_tree};
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::snapshot::{Link, Root, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use std::sync::Arc;

/// One object of a path and how it is referred to by the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The object.
    pub object: ObjectIx,
    /// The reference from this object to the next one of the path; `None` at the end.
    pub link: Option<Link<'a>>,
}

/// A path from a GC root to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path<'a> {
    /// Why the first object is kept.
    pub root: Option<Root>,
    /// The objects, the root first.
    pub steps: Vec<Step<'a>>,
}

/// Shortest paths to all objects.
#[derive(Debug)]
pub struct Paths {
    tree: PathTree,
}

impl Paths {
    /// Finds them all: strong ones where there are such, else through soft or final references.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn new(snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        let graph = snapshot.graph();
        let leave_out = softer_slots(snapshot)?;
        let tree =
            shortest_path_tree(&graph, leave_out.map(Arc::new), snapshot.storage(), snapshot.progress())?;
        Ok(Self { tree })
    }

    /// The path to `object`; empty steps if none.
    pub fn to<'a>(&self, snapshot: &'a Snapshot, object: ObjectIx) -> Path<'a> {
        named(snapshot, &self.tree.path_to(object))
    }

    /// The object before `object` on its path.
    pub fn before(&self, object: ObjectIx) -> Option<ObjectIx> {
        self.tree.before(object)
    }

    /// Whether a strong path leads to `object`.
    pub fn reaches(&self, object: ObjectIx) -> bool {
        self.tree.reaches(object)
    }
}

/// Marks the slots of soft and final references; `None` if there are none.
pub fn softer_slots(snapshot: &Snapshot) -> Result<Option<BitColumn>, SnapshotError> {
    let slots = [snapshot.soft_slots(), snapshot.final_slots()];
    if slots.iter().all(|slots| slots.is_empty()) {
        return Ok(None);
    }
    let count = snapshot.references().slot_count();
    let mut bits =
        BitColumn::new(snapshot.storage(), "soft and final slots", count).map_err(GraphError::from)?;
    for &slot in slots.into_iter().flatten() {
        bits.set(slot as usize);
    }
    Ok(Some(bits))
}

/// Gives names to the references along `objects`.
pub fn named<'a>(snapshot: &'a Snapshot, objects: &[ObjectIx]) -> Path<'a> {
    let links = objects.windows(2).map(|pair| snapshot.link(pair[0], pair[1]));
    let steps =
        objects.iter().zip(links.chain([None])).map(|(&object, link)| Step { object, link }).collect();
    let root = objects.first().and_then(|&first| best_root(snapshot, first));
    Path { root, steps }
}

/// Of several reasons why an object is kept, the one that says most.
fn best_root(snapshot: &Snapshot, object: ObjectIx) -> Option<Root> {
    let rank = |root: &&Root| match root.kind {
        RootTag::ThreadObject => 0,
        RootTag::JavaFrame => 1,
        RootTag::JniLocal | RootTag::NativeStack | RootTag::ThreadBlock => 2,
        RootTag::JniGlobal => 3,
        RootTag::MonitorUsed => 4,
        RootTag::StickyClass => 5,
        _ => 6,
    };
    snapshot.roots_of(object).iter().min_by_key(rank).copied()
}
