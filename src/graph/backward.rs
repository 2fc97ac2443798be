//! The shortest path to one object, searched backward.
//!
//! Owns the search along referrers from an object to the first root that leads there. It can leave slots out, so that a path of strong references is found
//! where there is one; ties go to the object with the lowest number. For many paths at once see [`super::paths`].

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::references::References;
use crate::ix::ObjectIx;
use crate::progress::Progress;
use crate::storage::{Access, BitColumn, Column, Storage};

/// A shortest path from one of `graph.roots` to `target`, both included, following `referrers` (the graph's references
/// [turned around](super::transpose)) backward from `target`. Slots whose bit is set in `leave_out` are not followed. Edges to hubs are
/// followed only when no path does without them, since that means to look at all objects. `None` if there is no path.
///
/// Cost: as many steps as there are objects nearer to `target`; 4 bytes per object while it works, of which only what is looked at
/// is ever touched.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn shortest_path(
    graph: &ObjectGraph<'_>,
    referrers: &References,
    target: ObjectIx,
    leave_out: Option<&BitColumn>,
    storage: &Storage,
    progress: &Progress,
) -> Result<Option<Vec<ObjectIx>>, GraphError> {
    let mut search = Backward::new(graph, referrers, leave_out, storage)?;
    search.see(target, target);
    loop {
        while let Some(object) = search.take() {
            if search.roots.binary_search(&object).is_ok() {
                return Ok(Some(search.path(object, target)));
            }
            search.look_back_from(object);
            if search.taken.is_multiple_of(4096) {
                progress.check()?;
            }
        }
        // Everything that refers to the target was seen, and no root among it: only the edges to some hub can be left.
        if !search.look_back_from_hubs(progress)? {
            return Ok(None);
        }
    }
}

struct Backward<'a> {
    graph: &'a ObjectGraph<'a>,
    referrers: &'a References,
    leave_out: Option<&'a BitColumn>,
    /// Ascending.
    roots: Vec<ObjectIx>,
    /// Extra edges as `(to, from)`, ascending.
    extra: Vec<(ObjectIx, ObjectIx)>,
    /// The object after each one on the way to the target, plus one; zero for those not seen.
    after_by_object: Column<u32>,
    queue: Vec<ObjectIx>,
    taken: usize,
    /// By hub number: whether its edges were followed.
    hubs_done: Vec<bool>,
}

impl<'a> Backward<'a> {
    fn new(
        graph: &'a ObjectGraph<'a>,
        referrers: &'a References,
        leave_out: Option<&'a BitColumn>,
        storage: &Storage,
    ) -> Result<Self, GraphError> {
        let mut roots = graph.roots.to_vec();
        roots.sort_unstable();
        let mut extra: Vec<_> = graph.extra.edges().iter().map(|&(from, to)| (to, from)).collect();
        extra.sort_unstable();
        let after_by_object = storage.column("path search", graph.object_count(), Access::Random)?;
        let hubs_done = vec![false; graph.hubs.count()];
        Ok(Self {
            graph,
            referrers,
            leave_out,
            roots,
            extra,
            after_by_object,
            queue: Vec::new(),
            taken: 0,
            hubs_done,
        })
    }

    fn take(&mut self) -> Option<ObjectIx> {
        let object = self.queue.get(self.taken).copied()?;
        self.taken += 1;
        Some(object)
    }

    #[inline]
    fn seen(&self, object: ObjectIx) -> bool {
        self.after_by_object[object.index()] != 0
    }

    fn see(&mut self, object: ObjectIx, after: ObjectIx) {
        if !self.seen(object) {
            self.after_by_object[object.index()] = after.0 + 1;
            self.queue.push(object);
        }
    }

    fn look_back_from(&mut self, object: ObjectIx) {
        for referrer in self.referrers.of(object) {
            if !self.seen(referrer) && self.graph.follows(self.leave_out, referrer, object) {
                self.see(referrer, object);
            }
        }
        let mut at = self.extra.partition_point(|&(to, _)| to < object);
        while let Some(&(to, from)) = self.extra.get(at).filter(|&&(to, _)| to == object) {
            self.see(from, to);
            at += 1;
        }
    }

    /// Follows the edges to all hubs that were seen since the last time; whether there were any.
    fn look_back_from_hubs(&mut self, progress: &Progress) -> Result<bool, GraphError> {
        let hubs = self.graph.hubs;
        let is_new =
            |hub: usize| !self.hubs_done[hub] && hubs.object(hub).is_some_and(|object| self.seen(object));
        let new: Vec<bool> = (0..hubs.count()).map(is_new).collect();
        if !new.contains(&true) {
            return Ok(false);
        }
        for object in (0..self.graph.object_count()).map(ObjectIx::from_usize) {
            if object.0.is_multiple_of(4096) {
                progress.check()?;
            }
            let hub = hubs.number_of(object).filter(|&hub| new.get(hub) == Some(&true));
            if let Some(hub) = hub.and_then(|hub| hubs.object(hub)) {
                self.see(object, hub);
            }
        }
        self.hubs_done.iter_mut().zip(new).for_each(|(done, new)| *done |= new);
        Ok(true)
    }

    fn path(&self, from: ObjectIx, to: ObjectIx) -> Vec<ObjectIx> {
        let after = |&at: &ObjectIx| (at != to).then(|| ObjectIx(self.after_by_object[at.index()] - 1));
        std::iter::successors(Some(from), after).collect()
    }
}
