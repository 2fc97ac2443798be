//! Shortest paths from roots to many objects.
//!
//! Owns the search forward from the roots, which keeps one step of a shortest path for every object. It can leave slots out, so that a path of strong
//! references is found where there is one; ties go to the object with the lowest number. Edges to hubs are followed only where no path does without them, as
//! in [`super::backward`]: that an object keeps its class says less than any reference does. What was [peeled](DominatorTree::peeled) leads to nothing but itself and is not
//! looked at: in real heaps that is a good part of all objects.

mod confined;

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::references::{DANGLING, tasks};
use super::seen::{Seen, SharedSeen};
use super::slots::Slots;
use super::tree::DominatorTree;
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{Access, BitColumn, Column, RankedBits, Storage, atomic_u32};
use confined::Confined;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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
    graph: ObjectGraph<'a>,
    leave_out: Option<Arc<BitColumn>>,
    /// The objects that the search has come to and that it is done with. It need not look at those that were peeled.
    seen: Seen,
    /// Of what barred objects dominate, as far as that was looked at by itself.
    below_bars: Option<Seen>,
    places: Places<'a>,
    /// What [`step_from`] makes of the object before; no object has a number so great that it could be taken for [`AT_ROOT`].
    steps: Column<u32>,
    /// Of the peeled objects those that no path leads to.
    barred: HashSet<ObjectIx>,
    /// Objects that long paths pass, with how these begin.
    waypoints: Mutex<Waypoints>,
}

/// How the paths to objects begin, by the object and how much of the beginning is asked for.
type Waypoints = HashMap<(ObjectIx, usize), Arc<[ObjectIx]>>;

/// One of so many objects is a waypoint.
const ONE_OF: u32 = 1 << 10;

impl PathTree<'_> {
    /// Whether a path leads to `object`.
    #[inline]
    pub fn reaches(&self, object: ObjectIx) -> bool {
        self.reaches_by(|object| self.has_come_to(object), object)
    }

    /// Whether a path leads to `object`, if one leads to what `is_reached`.
    #[inline]
    fn reaches_by(&self, is_reached: impl Fn(ObjectIx) -> bool, object: ObjectIx) -> bool {
        is_reached(object) || self.places.is_peeled(object) && self.top_of(object).is_some_and(is_reached)
    }

    /// Whether one of the searches has come to an object that is not peeled.
    #[inline]
    fn has_come_to(&self, object: ObjectIx) -> bool {
        self.seen.is_reached(object) || self.below_bars.as_ref().is_some_and(|below| below.is_reached(object))
    }

    /// The object that is not peeled by way of which alone a peeled one is reached; of any other that itself. `None` if the way is barred or left out.
    fn top_of(&self, mut object: ObjectIx) -> Option<ObjectIx> {
        while self.places.is_peeled(object) {
            let above = self.places.tree?.immediate_dominator(object).object()?;
            let leave_out = self.leave_out.as_deref();
            if self.barred.contains(&object) || !self.graph.follows(leave_out, above, object) {
                return None;
            }
            object = above;
        }
        Some(object)
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

    /// The path to `object` without its middle if it has more than `2 * each` objects: the first `each` of them and the last. Cost: memory for the ends, and a look at each
    /// step as far as one where another path was known to pass: those to many elements of a long list have most of it in common.
    pub fn ends_of_path_to(&self, object: ObjectIx, each: usize) -> Vec<ObjectIx> {
        if !self.reaches(object) {
            return Vec::new();
        }
        let mut way = std::iter::successors(Some(object), |&at| self.before(at));
        let mut path: Vec<ObjectIx> = way.by_ref().take(each).collect();
        let (mut first, mut passed) = (VecDeque::new(), Vec::new());
        let mut steps = 0;
        let mut known = self.waypoints.lock().unwrap_or_else(PoisonError::into_inner);
        let mut begins = None;
        for object in way {
            if is_waypoint(object) {
                begins = known.get(&(object, each)).cloned();
                if begins.is_some() {
                    break;
                }
                passed.push((object, steps));
            }
            if first.len() == each {
                first.pop_front();
            }
            first.push_back(object);
            steps += 1;
        }
        let is_known = begins.is_some();
        let begins = begins.unwrap_or_else(|| first.into_iter().rev().collect());
        // How the path to a waypoint begins is known if that many objects lead there.
        let is_far = |&(_, at): &(ObjectIx, usize)| is_known || steps - at >= each;
        known.extend(
            passed.into_iter().filter(is_far).map(|(object, _)| ((object, each), Arc::clone(&begins))),
        );
        path.reverse();
        [&begins, &path[..]].concat()
    }
}

fn is_waypoint(object: ObjectIx) -> bool {
    // Fibonacci hashing: the objects of a list often stand at like distances.
    object.0.wrapping_mul(0x9e37_79b9) >> 16 & (ONE_OF - 1) == 0
}

/// Where the steps to objects are kept.
#[derive(Debug)]
struct Places<'a> {
    /// Tells the steps that are not kept.
    tree: Option<&'a DominatorTree>,
    /// The objects that the search need not look at.
    peeled: Option<&'a BitColumn>,
    /// The objects whose steps are kept.
    kept: RankedBits,
}

impl<'a> Places<'a> {
    /// Places for all objects that are not held once in `tree`, and for `roots`.
    fn new(
        object_count: usize,
        tree: Option<&'a DominatorTree>,
        roots: impl Iterator<Item = ObjectIx> + Clone,
        storage: &Storage,
    ) -> Result<Self, GraphError> {
        // Paths that begin below peeled objects would have to be told from those that lead there.
        let is_above_all =
            |peeled: &&BitColumn| !peeled.is_empty() && !roots.clone().any(|root| peeled.get(root.index()));
        let peeled = tree.map(DominatorTree::peeled).filter(is_above_all);
        let mut kept = BitColumn::new(storage, "objects with steps", object_count)?;
        match tree {
            Some(tree) => {
                let words = kept.words_mut().iter_mut().zip(tree.held_once().words());
                words.for_each(|(kept, held_once)| *kept = !held_once);
            }
            None => kept.words_mut().fill(u64::MAX),
        }
        roots.for_each(|object| kept.set(object.index()));
        Ok(Self { tree, peeled, kept: RankedBits::new(kept, storage, "places of steps")? })
    }

    /// Whether the search need not look at `object`.
    #[inline]
    fn is_peeled(&self, object: ObjectIx) -> bool {
        self.peeled.is_some_and(|peeled| peeled.get(object.index()))
    }

    /// Asks the processor for what [`Self::of`] will need.
    #[inline]
    fn prefetch(&self, object: u32) {
        self.kept.prefetch(object as usize);
    }

    /// Where the step to `object` is kept, if it is.
    #[inline]
    fn of(&self, object: ObjectIx) -> Option<usize> {
        self.kept.rank(object.index())
    }
}

/// A path to every object that `graph.roots` reach, with as few edges to hubs as possible and as short as possible after the last of them; slots whose bit is set in `leave_out` are not followed.
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
    phases: Vec<Vec<ObjectIx>>,
    /// How many of the phases have begun.
    begun: usize,
    /// The roots of all phases.
    roots: usize,
    tree: PathTree<'a>,
    /// What no path leads through before its phase.
    bars: HashSet<ObjectIx>,
    confined: Confined,
    storage: Storage,
    hubs: HubsNext,
    /// The objects that were reached last and not looked at yet.
    level: Vec<u32>,
    /// Room for the next level, so that a chain of a million levels does not ask for memory a million times.
    spare: Vec<u32>,
}

/// When edges to hubs are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HubsNext {
    /// All of those that were reached, when their references lead no further; so many times more.
    AtLast(usize),
    /// They were followed, and nothing was reached since.
    Done(usize),
    /// Those of an object with its references: a pass over all objects for each hub that was found below the one before would be quadratic.
    AtOnce,
}

/// So often hubs are looked for in a pass over all objects.
const HUB_PASSES: usize = 16;

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
        let seen = Seen::new(count, places.peeled, storage)?;
        let tree = PathTree {
            graph,
            leave_out,
            seen,
            below_bars: None,
            places,
            steps,
            barred: HashSet::new(),
            waypoints: Mutex::default(),
        };
        Ok(Self {
            roots: phases.iter().map(Vec::len).sum(),
            phases,
            begun: 0,
            tree,
            bars: HashSet::new(),
            confined: Confined::default(),
            storage: storage.clone(),
            hubs: HubsNext::Done(HUB_PASSES),
            level: Vec::new(),
            spare: Vec::new(),
        })
    }

    /// Bars objects: no path leads through one before the phase that it is a root of. To be called before the search begins.
    pub fn bar(&mut self, objects: &[ObjectIx]) {
        objects.iter().for_each(|&object| self.tree.seen.set_done(object));
        self.bars.extend(objects);
        let is_peeled = |object: &&ObjectIx| self.tree.places.is_peeled(**object);
        self.tree.barred.extend(objects.iter().filter(is_peeled));
    }

    /// Has edges to hubs followed as references are, for those who ask what is of a class. To be called before the search begins, and before anything is barred.
    pub fn follow_hubs_at_once(&mut self) {
        self.hubs = HubsNext::AtOnce;
        self.look_at_peeled();
    }

    /// The paths found so far, and certainly one to `object` if there is any.
    ///
    /// # Errors
    /// Cancelled.
    pub fn reach(&mut self, object: ObjectIx, progress: &Progress) -> Result<&PathTree<'a>, GraphError> {
        if let Some(top) = self.tree.top_of(object).filter(|top| !self.tree.has_come_to(*top))
            && !self.is_known_below_bar(top, progress)?
        {
            let phase = progress.phase(PATHS, Unit::Objects, self.tree.graph.object_count() as u64);
            while !self.tree.seen.is_reached(top) && self.step(&phase, progress)? {}
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
        let phase = progress.phase(PATHS, Unit::Objects, self.tree.graph.object_count() as u64);
        while self.step(&phase, progress)? {}
        Ok(self.tree)
    }

    /// One level further, or several that are narrow, or on to hubs or the next phase; `false` at the end of all.
    fn step(&mut self, phase: &Phase<'_>, progress: &Progress) -> Result<bool, GraphError> {
        if self.level.is_empty() {
            return Ok(self.begin_at_hubs(progress)? || self.begin_phase());
        }
        let PathTree { graph, leave_out, seen, places, steps, .. } = &mut self.tree;
        let search = Level {
            graph,
            leave_out: leave_out.as_deref(),
            places,
            with_hubs: self.hubs == HubsNext::AtOnce,
            steps: atomic_u32(steps),
            seen: seen.shared(),
        };
        self.level = if self.level.len() < WIDE {
            // A chain has a million levels: several are looked at in a row.
            let (mut level, mut next) = (std::mem::take(&mut self.level), std::mem::take(&mut self.spare));
            let mut looked_at = 0;
            while !level.is_empty() && looked_at + level.len() <= WIDE {
                looked_at += level.len();
                level.iter().for_each(|&object| search.seen.set_done(ObjectIx(object)));
                next.clear();
                search.look_at_all(&level, &mut next);
                std::mem::swap(&mut level, &mut next);
            }
            self.spare = next;
            phase.advance(looked_at as u64)?;
            level
        } else {
            phase.advance(self.level.len() as u64)?;
            let done = |part: &[u32]| part.iter().for_each(|&object| search.seen.set_done(ObjectIx(object)));
            self.level.par_chunks(WIDE).for_each(done);
            let parts = self.level.par_chunks(WIDE / 4).map(|part| {
                progress.check()?;
                let mut next = Vec::new();
                search.look_at_all(part, &mut next);
                Ok::<_, GraphError>(next)
            });
            parts.collect::<Result<Vec<_>, _>>()?.concat()
        };
        Ok(true)
    }

    /// Begins the next phase at its roots; `false` if there is none.
    fn begin_phase(&mut self) -> bool {
        let Some(roots) = self.phases.get_mut(self.begun) else { return false };
        let roots = std::mem::take(roots);
        self.begun += 1;
        for &root in &roots {
            self.begin_at(root, AT_ROOT);
        }
        if self.may_look_below_bars() {
            self.phases[self.begun - 1] = roots;
        }
        true
    }

    /// Goes on from the hubs of what was reached; `false` if that leads nowhere.
    fn begin_at_hubs(&mut self, progress: &Progress) -> Result<bool, GraphError> {
        let HubsNext::AtLast(passes) = self.hubs else { return Ok(false) };
        let found = self.hubs_of_reached(progress)?;
        self.hubs = match passes - usize::from(!found.is_empty()) {
            0 => {
                self.look_at_peeled();
                HubsNext::AtOnce
            }
            left => HubsNext::Done(left),
        };
        let is_news = !found.is_empty();
        found.into_iter().for_each(|(hub, member)| self.begin_at(hub, step_from(member)));
        Ok(is_news)
    }

    fn follows_hubs_at_once(&self) -> bool {
        self.hubs == HubsNext::AtOnce
    }

    /// From now on the peeled objects are looked at as all others are.
    fn look_at_peeled(&mut self) {
        let PathTree { seen, places, barred, .. } = &mut self.tree;
        if let Some(peeled) = places.peeled {
            seen.look_at_all(peeled);
            barred.iter().for_each(|&object| seen.set_done(object));
        }
    }

    /// Puts an object on the level if nothing has led there yet.
    fn begin_at(&mut self, object: ObjectIx, step: u32) {
        let PathTree { seen, places, steps, .. } = &mut self.tree;
        if seen.is_reached(object) {
            return;
        }
        seen.reach(object);
        steps[places.of(object).expect("roots and hubs have places")] = step;
        self.level.push(object.0);
        self.hubs = match self.hubs {
            HubsNext::Done(passes) => HubsNext::AtLast(passes),
            other => other,
        };
    }

    /// The hubs that nothing has led to yet, each with the first of its members that was reached.
    fn hubs_of_reached(&self, progress: &Progress) -> Result<Vec<(ObjectIx, ObjectIx)>, GraphError> {
        const NONE: u32 = u32::MAX;
        let hubs = self.tree.graph.hubs;
        let is_missing = |hub| !self.tree.seen.is_reached(hub) && !self.tree.seen.is_done(hub);
        // Of those that are not looked for no member is lower than the first object.
        let first = |hub: usize| if hubs.object(hub).is_some_and(is_missing) { NONE } else { 0 };
        let members: Vec<AtomicU32> = (0..hubs.count()).map(|hub| AtomicU32::new(first(hub))).collect();
        if members.iter().all(|member| member.load(Ordering::Relaxed) == 0) {
            return Ok(Vec::new());
        }
        // What was looked at by itself belongs to a later phase.
        let tree = &self.tree;
        let is_reached = |object| tree.reaches_by(|object| tree.seen.is_reached(object), object);
        tasks(tree.graph.object_count()).try_for_each(|objects| {
            progress.check()?;
            for object in objects.map(ObjectIx::from_usize) {
                let Some(member) = hubs.number_of(object).and_then(|hub| members.get(hub)) else { continue };
                if object.0 < member.load(Ordering::Relaxed) && is_reached(object) {
                    member.fetch_min(object.0, Ordering::Relaxed);
                }
            }
            Ok::<_, GraphError>(())
        })?;
        let found = members.into_iter().map(AtomicU32::into_inner).enumerate();
        let found = found.filter_map(|(hub, member)| Some((hubs.object(hub)?, ObjectIx(member))));
        let mut found: Vec<_> = found.filter(|&(hub, member)| is_missing(hub) && member.0 != NONE).collect();
        // Several numbers may stand for one hub.
        found.sort_unstable();
        Ok(found)
    }
}

const PATHS: &str = "shortest paths";

/// A level with fewer objects is not worth sharing among threads.
const WIDE: usize = 1 << 12;

/// So many objects are looked at together.
const BATCH: usize = 16;
/// Of long lists only the first are asked for ahead: the others follow in order.
const FEW: usize = 32;

struct Level<'a> {
    graph: &'a ObjectGraph<'a>,
    leave_out: Option<&'a BitColumn>,
    places: &'a Places<'a>,
    /// Whether edges to hubs are followed.
    with_hubs: bool,
    steps: &'a [AtomicU32],
    /// What this level or one before it holds is done.
    seen: SharedSeen<'a>,
}

impl Level<'_> {
    fn look_at_all(&self, objects: &[u32], next: &mut Vec<u32>) {
        let targets = self.graph.references.targets();
        let mut ranges: [Range<usize>; BATCH] = std::array::from_fn(|_| 0..0);
        for (at, batch) in objects.chunks(BATCH).enumerate() {
            let next_batch = objects.iter().skip((at + 1) * BATCH).take(BATCH);
            next_batch.for_each(|&object| self.graph.references.prefetch(ObjectIx(object)));
            // Where the slots of an object stand is known at once, what is in them only when memory has answered: so several are asked for.
            for (range, &object) in ranges.iter_mut().zip(batch) {
                *range = self.graph.references.slot_range(ObjectIx(object));
                targets.prefetch(range.start);
                if let Some(leave_out) = self.leave_out {
                    leave_out.prefetch(range.start);
                }
            }
            for range in &ranges[..batch.len()] {
                let few = targets.part(range.start..range.end.min(range.start + FEW));
                few.iter().for_each(|target| {
                    self.seen.prefetch(target);
                    self.places.prefetch(target);
                });
            }
            for range in &ranges[..batch.len()] {
                let few = targets.part(range.start..range.end.min(range.start + FEW));
                few.iter().for_each(|target| self.prefetch_step(target));
            }
            for (range, &object) in ranges.iter().zip(batch) {
                self.look_at(ObjectIx(object), range.start, targets.part(range.clone()), next);
            }
        }
    }

    /// Asks the processor for the step that will be written if an object leads to `target`.
    #[inline]
    fn prefetch_step(&self, target: u32) {
        if target != DANGLING
            && !self.seen.is_done(ObjectIx(target))
            && let Some(place) = self.places.of(ObjectIx(target))
        {
            prefetch(self.steps, place);
        }
    }

    fn look_at(&self, object: ObjectIx, first_slot: usize, slots: Slots<'_>, next: &mut Vec<u32>) {
        slots.iter().enumerate().for_each(|(at, target)| {
            if target != DANGLING && self.leave_out.is_none_or(|leave_out| !leave_out.get(first_slot + at)) {
                self.see(object, ObjectIx(target), next);
            }
        });
        let hub = if self.with_hubs { self.graph.hubs.hub_of(object) } else { None };
        for target in self.graph.extra.of(object).chain(hub) {
            self.see(object, target, next);
        }
    }

    /// Of all objects of this level that lead to `target`, the lowest wins, whoever comes first.
    #[inline]
    fn see(&self, object: ObjectIx, target: ObjectIx, next: &mut Vec<u32>) {
        if self.seen.is_done(target) {
            return;
        }
        if let Some(place) = self.places.of(target) {
            let step = step_from(object);
            if self.steps[place].load(Ordering::Relaxed) < step {
                self.steps[place].fetch_max(step, Ordering::Relaxed);
            }
        }
        if self.seen.reach(target) {
            next.push(target.0);
        }
    }
}
