//! Shortest paths from roots to objects.
//!
//! Two searches: [`shortest_path_tree`] walks forward from the roots and keeps one step of a shortest path for every object,
//! for many paths at once; [`shortest_path`] walks backward along referrers from one object and stops at the first root. Both can leave
//! slots out, so that a path of strong references is found where there is one. Ties go to the object with the lowest number.

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::references::{DANGLING, References};
use super::tree::DominatorTree;
use crate::ix::ObjectIx;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{Access, BitColumn, Column, RankedBits, Storage, atomic_u32};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// In a column of steps: a root, where the path begins. What is not reached is zero, so that it need not be written.
const AT_ROOT: u32 = 1;

/// What stands in a column of steps for the object before: the lower its number, the greater.
#[inline]
fn step_from(object: ObjectIx) -> u32 {
    !object.0
}

/// One step of a shortest path for every object that is reached. Where an object has one referrer, that is its immediate dominator and the step from there, so
/// nothing is kept; in ordinary heaps that is true of six objects in seven. Cost: 4 bytes for each other object, and a quarter byte per object.
#[derive(Debug)]
pub struct PathTree<'a> {
    reached: BitColumn,
    places: Places<'a>,
    /// What [`step_from`] makes of the object before; no object has a number so great that it could be taken for [`AT_ROOT`].
    steps: Column<u32>,
}

impl PathTree<'_> {
    /// Whether a path leads to `object`.
    #[inline]
    pub fn reaches(&self, object: ObjectIx) -> bool {
        self.reached.get(object.index())
    }

    /// The object before `object` on its path; none if it is a root or not reached.
    #[inline]
    pub fn before(&self, object: ObjectIx) -> Option<ObjectIx> {
        if !self.reaches(object) {
            return None;
        }
        match self.places.of(object) {
            Some(place) => Some(self.steps[place]).filter(|&step| step > AT_ROOT).map(|step| ObjectIx(!step)),
            None => self.places.tree?.immediate_dominator(object).object(),
        }
    }

    /// The path from a root to `object`, both included; empty if there is none. As long as the path is; in a linked list that can be millions.
    pub fn path_to(&self, object: ObjectIx) -> Vec<ObjectIx> {
        self.ends_of_path_to(object, usize::MAX)
    }

    /// The path to `object` without its middle if it has more than `2 * each` objects: the first `each` of them and the last. Cost: a look at each step, memory for the ends.
    pub fn ends_of_path_to(&self, object: ObjectIx, each: usize) -> Vec<ObjectIx> {
        if !self.reaches(object) {
            return Vec::new();
        }
        let mut way = std::iter::successors(Some(object), |&at| self.before(at));
        let mut path: Vec<ObjectIx> = way.by_ref().take(each).collect();
        let mut first = VecDeque::new();
        for object in way {
            if first.len() == each {
                first.pop_front();
            }
            first.push_back(object);
        }
        path.extend(first);
        path.reverse();
        path
    }
}

/// Where the steps to objects are kept.
#[derive(Debug)]
struct Places<'a> {
    /// Tells the steps that are not kept.
    tree: Option<&'a DominatorTree>,
    /// The objects whose steps are kept.
    kept: RankedBits,
}

impl<'a> Places<'a> {
    /// Places for all objects that are not held once in `tree`, and for those in `others`.
    fn new(
        object_count: usize,
        tree: Option<&'a DominatorTree>,
        others: impl Iterator<Item = ObjectIx>,
        storage: &Storage,
    ) -> Result<Self, GraphError> {
        let tree = tree.filter(|tree| !tree.held_once().is_empty());
        let mut kept = BitColumn::new(storage, "objects with steps", object_count)?;
        match tree {
            Some(tree) => {
                let words = kept.words_mut().iter_mut().zip(tree.held_once().words());
                words.for_each(|(kept, held_once)| *kept = !held_once);
            }
            None => kept.words_mut().fill(u64::MAX),
        }
        others.for_each(|object| kept.set(object.index()));
        Ok(Self { tree, kept: RankedBits::new(kept, storage, "places of steps")? })
    }

    /// Where the step to `object` is kept, if it is.
    #[inline]
    fn of(&self, object: ObjectIx) -> Option<usize> {
        self.kept.rank(object.index())
    }
}

/// A shortest path to every object that `graph.roots` reach; slots whose bit is set in `leave_out` are not followed.
/// Breadth first, in parallel where a level is wide. Cost while it works: 4 bytes per object of the two widest neighbouring levels, a bit
/// per object, and the tree. `dominators` are those of the graph, if they are known.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn shortest_path_tree<'a>(
    graph: &ObjectGraph<'a>,
    dominators: Option<&'a DominatorTree>,
    leave_out: Option<Arc<BitColumn>>,
    storage: &Storage,
    progress: &Progress,
) -> Result<PathTree<'a>, GraphError> {
    PhasedPaths::new(*graph, dominators, vec![graph.roots.to_vec()], leave_out, storage)?.finish(progress)
}

/// As [`shortest_path_tree`], but in phases and only as far as needed: from the roots of the first phase alone as far as they
/// reach, then from those of the second, and so on. An object gets a path from a later phase only if no earlier one reaches it. The search
/// goes on when it is asked for an object that it has not come to yet; the paths do not depend on when it is asked for what.
/// Cost: that of [`PathTree`], a bit per object, and as much time as the objects nearer than those asked for.
#[derive(Debug)]
pub struct PhasedPaths<'a> {
    graph: ObjectGraph<'a>,
    phases: std::vec::IntoIter<Vec<ObjectIx>>,
    leave_out: Option<Arc<BitColumn>>,
    tree: PathTree<'a>,
    done: BitColumn,
    /// The objects that were reached last and not looked at yet.
    level: Vec<u32>,
    /// Room for the next level, so that a chain of a million levels does not ask for memory a million times.
    spare: Vec<u32>,
}

impl<'a> PhasedPaths<'a> {
    /// A search that has not begun. `graph.roots` are not looked at; slots whose bit is set in `leave_out` are not followed. `dominators` are those of a graph that
    /// has all of this one's edges, and reaches the roots of all phases.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn new(
        graph: ObjectGraph<'a>,
        dominators: Option<&'a DominatorTree>,
        phases: Vec<Vec<ObjectIx>>,
        leave_out: Option<Arc<BitColumn>>,
        storage: &Storage,
    ) -> Result<Self, GraphError> {
        let count = graph.object_count();
        let places = Places::new(count, dominators, phases.iter().flatten().copied(), storage)?;
        let steps = storage.column::<u32>("path tree", places.kept.count(), Access::Random)?;
        let reached = BitColumn::new(storage, "objects with paths", count)?;
        let done = BitColumn::new(storage, "objects with paths", count)?;
        let tree = PathTree { reached, places, steps };
        Ok(Self {
            graph,
            phases: phases.into_iter(),
            leave_out,
            tree,
            done,
            level: Vec::new(),
            spare: Vec::new(),
        })
    }

    /// Bars objects: no path leads through one before the phase that it is a root of. To be called before the search begins.
    pub fn bar(&mut self, objects: &[ObjectIx]) {
        objects.iter().for_each(|object| self.done.set(object.index()));
    }

    /// The paths found so far, and certainly one to `object` if there is any.
    ///
    /// # Errors
    /// Cancelled.
    pub fn reach(&mut self, object: ObjectIx, progress: &Progress) -> Result<&PathTree<'a>, GraphError> {
        if !self.tree.reaches(object) {
            let phase = progress.phase("shortest paths", Unit::Objects, self.graph.object_count() as u64);
            while !self.tree.reaches(object) && self.step(&phase, progress)? {}
        }
        Ok(&self.tree)
    }

    /// The paths found so far.
    pub fn found(&self) -> &PathTree<'a> {
        &self.tree
    }

    /// All paths.
    ///
    /// # Errors
    /// Cancelled.
    pub fn finish(mut self, progress: &Progress) -> Result<PathTree<'a>, GraphError> {
        let phase = progress.phase("shortest paths", Unit::Objects, self.graph.object_count() as u64);
        while self.step(&phase, progress)? {}
        Ok(self.tree)
    }

    /// One level further, or on to the next phase; `false` at the end of all.
    fn step(&mut self, phase: &Phase<'_>, progress: &Progress) -> Result<bool, GraphError> {
        let PathTree { reached, places, steps } = &mut self.tree;
        if self.level.is_empty() {
            let Some(roots) = self.phases.next() else { return Ok(false) };
            for root in roots {
                if !reached.get(root.index()) {
                    reached.set(root.index());
                    steps[places.of(root).expect("roots of all phases have places")] = AT_ROOT;
                    self.level.push(root.0);
                }
            }
            return Ok(true);
        }
        phase.advance(self.level.len() as u64)?;
        self.level.iter().for_each(|&object| self.done.set(object as usize));
        let search = Level {
            graph: &self.graph,
            leave_out: self.leave_out.as_deref(),
            places,
            steps: atomic_u32(steps),
            reached: reached.atomic_words(),
            done: &self.done,
        };
        self.level = if self.level.len() < WIDE {
            let mut next = std::mem::take(&mut self.spare);
            next.clear();
            self.level.iter().for_each(|&object| search.look_at(ObjectIx(object), &mut next));
            self.spare = std::mem::take(&mut self.level);
            next
        } else {
            let parts = self.level.par_chunks(WIDE / 4).map(|part| {
                progress.check()?;
                let mut next = Vec::new();
                part.iter().for_each(|&object| search.look_at(ObjectIx(object), &mut next));
                Ok::<_, GraphError>(next)
            });
            parts.collect::<Result<Vec<_>, _>>()?.concat()
        };
        Ok(true)
    }
}

/// A level with fewer objects is not worth sharing among threads.
const WIDE: usize = 1 << 12;

struct Level<'a> {
    graph: &'a ObjectGraph<'a>,
    leave_out: Option<&'a BitColumn>,
    places: &'a Places<'a>,
    steps: &'a [AtomicU32],
    reached: &'a [AtomicU64],
    /// What this level or one before it holds.
    done: &'a BitColumn,
}

impl Level<'_> {
    fn look_at(&self, object: ObjectIx, next: &mut Vec<u32>) {
        let first_slot = self.leave_out.map_or(0, |_| self.graph.references.slot_range(object).start);
        for (at, &target) in self.graph.references.slots(object).iter().enumerate() {
            if target != DANGLING && self.leave_out.is_none_or(|leave_out| !leave_out.get(first_slot + at)) {
                self.see(object, ObjectIx(target), next);
            }
        }
        for target in self.graph.extra.of(object).chain(self.graph.hubs.hub_of(object)) {
            self.see(object, target, next);
        }
    }

    /// Of all objects of this level that lead to `target`, the lowest wins, whoever comes first.
    #[inline]
    fn see(&self, object: ObjectIx, target: ObjectIx, next: &mut Vec<u32>) {
        if self.done.get(target.index()) {
            return;
        }
        if let Some(place) = self.places.of(target) {
            self.steps[place].fetch_max(step_from(object), Ordering::Relaxed);
        }
        let (word, bit) = (&self.reached[target.index() / 64], 1 << (target.0 % 64));
        if word.load(Ordering::Relaxed) & bit == 0 && word.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            next.push(target.0);
        }
    }
}

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
            if !self.seen(referrer) && self.follows(referrer, object) {
                self.see(referrer, object);
            }
        }
        let mut at = self.extra.partition_point(|&(to, _)| to < object);
        while let Some(&(to, from)) = self.extra.get(at).filter(|&&(to, _)| to == object) {
            self.see(from, to);
            at += 1;
        }
    }

    /// Whether a slot of `from` that is not left out refers to `to`, given that some slot does.
    fn follows(&self, from: ObjectIx, to: ObjectIx) -> bool {
        let Some(leave_out) = self.leave_out else { return true };
        let range = self.graph.references.slot_range(from);
        let mut slots = range.zip(self.graph.references.slots(from));
        slots.any(|(slot, &target)| target == to.0 && !leave_out.get(slot))
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
