//! Shortest paths from GC roots, with the names of the fields on the way.
//!
//! Owns the choice of the path that a person wants to read: strong references before soft and final ones, everything else before the
//! stack of a thread and the class of an object. Cost: at most 4 bytes per object for the paths to everything at once.

use crate::graph::{PathTree, PhasedPaths};
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::snapshot::{Link, Root, Snapshot, SnapshotError};
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

/// Shortest paths of strong references, searched as far as they are asked for.
#[derive(Debug)]
pub struct Paths<'a> {
    snapshot: &'a Snapshot,
    search: PhasedPaths<'a>,
}

impl<'a> Paths<'a> {
    /// Prepares the search.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn new(snapshot: &'a Snapshot) -> Result<Self, SnapshotError> {
        let graph = snapshot.graph();
        let leave_out = snapshot.softer_slots()?.map(Arc::new);
        let search = PhasedPaths::new(
            graph,
            Some(snapshot.dominators()),
            vec![graph.roots.to_vec()],
            leave_out,
            snapshot.storage(),
        )?;
        Ok(Self { snapshot, search })
    }

    /// The paths found so far, and certainly one to `object` if there is any. Looks at the objects that are nearer to the roots, once.
    ///
    /// # Errors
    /// Cancelled.
    pub fn reach(&mut self, object: ObjectIx) -> Result<&PathTree<'a>, SnapshotError> {
        // Looking for one that no root reaches would be looking at everything.
        if !self.snapshot.is_reachable(object) {
            return Ok(self.search.found());
        }
        Ok(self.search.reach(object, self.snapshot.progress())?)
    }
}

/// Gives names to the references along `objects`.
pub fn named<'a>(snapshot: &'a Snapshot, objects: &[ObjectIx]) -> Path<'a> {
    named_by(snapshot, objects, |from, to| snapshot.link(from, to))
}

/// As [`named`], with names that `link` gives to the reference from one object to another.
pub fn named_by<'a>(
    snapshot: &'a Snapshot,
    objects: &[ObjectIx],
    mut link: impl FnMut(ObjectIx, ObjectIx) -> Option<Link<'a>>,
) -> Path<'a> {
    let links = objects.windows(2).map(|pair| link(pair[0], pair[1]));
    let steps =
        objects.iter().zip(links.chain([None])).map(|(&object, link)| Step { object, link }).collect();
    let root = objects.first().and_then(|&first| best_root(snapshot, first));
    Path { root, steps }
}

/// Of several reasons why an object is kept, the one that says most.
pub fn best_root(snapshot: &Snapshot, object: ObjectIx) -> Option<Root> {
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
