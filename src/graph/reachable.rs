//! Which objects the roots reach, with some references left out if asked for.
//!
//! Owns a bitmap. To tell apart what is only softly held, leave the soft references' slots out and go on with them afterwards
//! ([`DominatorSearch::reachable`](super::DominatorSearch::reachable)); to see what would stay if the running requests ended, pass a graph with fewer roots and extra edges. The walk is a depth-first search on
//! every thread, which hands half of its stack over when that gets long: long lists need no levels, wide arrays no queue.
//! Cost: a bit per object, and 4 bytes per object that was seen but not yet looked at (few, in real heaps).

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::references::DANGLING;
use super::slots::Slots;
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{BitColumn, Storage};
use rayon::Scope;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The reachable objects.
#[derive(Debug)]
pub struct Reachable {
    objects: BitColumn,
    count: usize,
}

impl Reachable {
    pub(super) fn new(objects: BitColumn) -> Self {
        let count = objects.count_ones();
        Self { objects, count }
    }

    /// Whether `object` is reachable.
    #[inline]
    pub fn contains(&self, object: ObjectIx) -> bool {
        self.objects.get(object.index())
    }

    /// How many objects are reachable.
    pub fn count(&self) -> usize {
        self.count
    }

    /// One bit per object.
    pub fn bits(&self) -> &BitColumn {
        &self.objects
    }
}

/// The objects that `graph.roots` reach. With `leave_out`, the slots whose bit is set are not followed
/// (see [`References::slot_range`](super::References::slot_range) for the position of a slot).
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn reachable(
    graph: &ObjectGraph<'_>,
    leave_out: Option<&BitColumn>,
    storage: &Storage,
    progress: &Progress,
) -> Result<Reachable, GraphError> {
    let mut objects = BitColumn::new(storage, REACHABLE, graph.object_count())?;
    let roots = graph.roots.iter().map(|root| root.0).collect();
    walk(graph, None, leave_out, roots, &mut objects, progress)?;
    Ok(Reachable::new(objects))
}

/// What is reachable if `slots` are followed as well, given that `found` is what is reachable without following them; the slots in `leave_out` are
/// not followed anywhere. Looks only at the objects that are new. Cost: two bits per object and a look at the lists around each of the slots.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn reachable_beyond(
    graph: &ObjectGraph<'_>,
    found: &Reachable,
    slots: &[u64],
    leave_out: Option<&BitColumn>,
    storage: &Storage,
    progress: &Progress,
) -> Result<Reachable, GraphError> {
    let mut objects = BitColumn::new(storage, REACHABLE, graph.object_count())?;
    objects.words_mut().copy_from_slice(found.objects.words());
    let starts = graph.references.with_owners(slots).into_iter();
    let starts = starts.filter(|&(owner, _)| found.contains(owner)).map(|(_, target)| target.0).collect();
    walk(graph, None, leave_out, starts, &mut objects, progress)?;
    Ok(Reachable::new(objects))
}

/// What `graph.roots` and `others` reach only by way of `object`, itself included: what would be unreachable without it. Cost: two bits per object and a walk
/// over all that is reachable.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn reached_through(
    graph: &ObjectGraph<'_>,
    others: &[ObjectIx],
    object: ObjectIx,
    storage: &Storage,
    progress: &Progress,
) -> Result<BitColumn, GraphError> {
    let mut barred = BitColumn::new(storage, "barred object", graph.object_count())?;
    barred.set(object.index());
    let mut objects = BitColumn::new(storage, REACHABLE, graph.object_count())?;
    let starts = graph.roots.iter().chain(others).map(|root| root.0).collect();
    walk(graph, Some(&barred), None, starts, &mut objects, progress)?;
    let mut through = BitColumn::new(storage, REACHABLE, graph.object_count())?;
    through.words_mut().copy_from_slice(objects.words());
    walk(graph, None, None, vec![object.0], &mut through, progress)?;
    through.words_mut().iter_mut().zip(objects.words()).for_each(|(all, without)| *all &= !without);
    Ok(through)
}

pub(super) const REACHABLE: &str = "reachable objects";

/// Adds to `objects` what is found from `starts` without walking to objects in `skip`. Tells what the slots refer to that were left out of
/// objects that were found. Cost: a bit per object more while it walks, if any are skipped.
pub(super) fn walk(
    graph: &ObjectGraph<'_>,
    skip: Option<&BitColumn>,
    leave_out: Option<&BitColumn>,
    starts: Vec<u32>,
    objects: &mut BitColumn,
    progress: &Progress,
) -> Result<Vec<u32>, GraphError> {
    let count = graph.object_count() - skip.map_or(0, BitColumn::count_ones);
    let phase = progress.phase(REACHABLE, Unit::Objects, count as u64);
    // What is to be skipped counts as seen while the walk lasts: one look at each reference tells both.
    let before = skip.map(|skip| {
        let both = objects.words_mut().iter_mut().zip(skip.words());
        both.map(|(seen, skip)| skip & !std::mem::replace(seen, *seen | skip)).collect::<Vec<u64>>()
    });
    let left_out = Mutex::new(Vec::new());
    let walk = Walk { graph, leave_out, left_out: &left_out, seen: objects.atomic_words(), phase: &phase };
    rayon::scope(|scope| {
        let mut stack = Vec::new();
        starts.into_iter().for_each(|start| walk.see(start, &mut stack));
        walk.run(stack, scope);
    });
    for (seen, not_seen) in objects.words_mut().iter_mut().zip(before.into_iter().flatten()) {
        *seen &= !not_seen;
    }
    progress.check()?;
    drop(phase);
    Ok(left_out.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A stack longer than this is shared with other threads.
const LONG_STACK: usize = 1 << 12;
/// Lists longer than this are looked at in pieces.
const LONG_LIST: usize = 1 << 14;

/// So many objects are looked at together.
const BATCH: usize = 32;
/// Of long lists only the first are asked for ahead: the others follow in order.
const FEW: usize = 32;

struct Walk<'a> {
    graph: &'a ObjectGraph<'a>,
    leave_out: Option<&'a BitColumn>,
    /// Few, in real heaps.
    left_out: &'a Mutex<Vec<u32>>,
    seen: &'a [AtomicU64],
    phase: &'a Phase<'a>,
}

impl Walk<'_> {
    /// Marks `target` and puts it on the stack, unless it was marked.
    #[inline]
    fn see(&self, target: u32, stack: &mut Vec<u32>) {
        let (word, bit) = (&self.seen[target as usize / 64], 1 << (target % 64));
        if word.load(Ordering::Relaxed) & bit == 0 && word.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            stack.push(target);
        }
    }

    fn see_slots(&self, first_slot: usize, slots: Slots<'_>, stack: &mut Vec<u32>) {
        slots.iter().enumerate().for_each(|(at, target)| {
            if target == DANGLING {
                return;
            }
            if self.leave_out.is_some_and(|leave_out| leave_out.get(first_slot + at)) {
                self.left_out.lock().unwrap_or_else(PoisonError::into_inner).push(target);
            } else {
                self.see(target, stack);
            }
        });
    }

    /// Looks at everything on the stack and what is found from there. Stops early when cancelled.
    fn run<'s>(&'s self, mut stack: Vec<u32>, scope: &Scope<'s>) {
        let targets = self.graph.references.targets();
        let mut done = 0;
        let mut batch: [(ObjectIx, Range<usize>); BATCH] = std::array::from_fn(|_| (ObjectIx(0), 0..0));
        while !stack.is_empty() {
            // Where the slots of an object stand is known at once, what is in them only when memory has answered: so several are asked for.
            let rest = stack.len().saturating_sub(BATCH);
            let taken = stack.len() - rest;
            // Those below will be looked at next, unless more is found meanwhile.
            let next = &stack[rest.saturating_sub(BATCH)..rest];
            next.iter().for_each(|&object| self.graph.references.prefetch(ObjectIx(object)));
            for (entry, object) in batch.iter_mut().zip(stack.drain(rest..)) {
                let range = self.graph.references.slot_range(ObjectIx(object));
                targets.prefetch(range.start);
                if let Some(leave_out) = self.leave_out {
                    leave_out.prefetch(range.start);
                }
                self.graph.hubs.prefetch(ObjectIx(object));
                *entry = (ObjectIx(object), range);
            }
            for (_, range) in &batch[..taken] {
                let few = targets.part(range.start..range.end.min(range.start + FEW));
                few.iter().for_each(|target| prefetch(self.seen, target as usize / 64));
            }
            for (object, range) in &batch[..taken] {
                self.look_at(*object, range.clone(), &mut stack, scope);
            }
            if stack.len() > LONG_STACK {
                // The bottom of the stack leads to the larger parts.
                let top = stack.split_off(stack.len() / 2);
                let bottom = std::mem::replace(&mut stack, top);
                scope.spawn(move |scope| self.run(bottom, scope));
            }
            done += taken as u64;
            if done >= 4096 {
                if self.phase.advance(done).is_err() {
                    return;
                }
                done = 0;
            }
        }
        // A cancelled walk is noticed by its caller.
        let _ = self.phase.advance(done);
    }

    /// Puts on the stack what an object with these slots refers to and was not seen yet.
    #[inline]
    fn look_at<'s>(&'s self, object: ObjectIx, range: Range<usize>, stack: &mut Vec<u32>, scope: &Scope<'s>) {
        let targets = self.graph.references.targets();
        if range.len() <= LONG_LIST {
            self.see_slots(range.start, targets.part(range), stack);
        } else {
            for first_slot in range.clone().step_by(LONG_LIST) {
                let piece = targets.part(first_slot..range.end.min(first_slot + LONG_LIST));
                scope.spawn(move |scope| {
                    let mut stack = Vec::new();
                    self.see_slots(first_slot, piece, &mut stack);
                    self.run(stack, scope);
                });
            }
        }
        let others = self.graph.extra.of(object).chain(self.graph.hubs.hub_of(object));
        others.for_each(|target| self.see(target.0, stack));
    }
}
