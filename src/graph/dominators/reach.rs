//! What is reachable, found after peeling: half of the objects of ordinary heaps need not be walked to.
//!
//! Owns the order: walk over what was not peeled, then mark what was peeled from the object above it. A peeled object's single referrer is the only way to it, and it refers
//! to nothing else that was not peeled, so it decides nothing but whether its hub is reachable; where that is news, an ordinary walk goes on
//! from the hubs. Slots that are left out at first never refer to peeled objects: the search was told of them. Cost: two bits per object, all passes are
//! parallel.

use super::super::error::GraphError;
use super::super::object_graph::ObjectGraph;
use super::super::reachable::{REACHABLE, Reachable, walk};
use super::super::references::tasks;
use super::peel::Peeled;
use crate::ix::ObjectIx;
use crate::progress::Progress;
use crate::storage::{BitColumn, Storage};
use hashbrown::HashSet;
use rayon::prelude::*;
use std::sync::atomic::Ordering;

/// The objects that the roots reach, and those that they reach without the slots in `leave_out`.
pub(super) fn reachable(
    graph: &ObjectGraph<'_>,
    peeled: &Peeled,
    leave_out: Option<&BitColumn>,
    storage: &Storage,
    progress: &Progress,
) -> Result<(Reachable, Option<Reachable>), GraphError> {
    let mut objects = BitColumn::new(storage, REACHABLE, graph.object_count())?;
    let roots = graph.roots.iter().map(|root| root.0).collect();
    let left_out = reach(graph, peeled, leave_out, roots, &mut objects, progress)?;
    if leave_out.is_none() {
        return Ok((Reachable::new(objects), None));
    }
    let mut all = BitColumn::new(storage, REACHABLE, graph.object_count())?;
    all.words_mut().copy_from_slice(objects.words());
    reach(graph, peeled, None, left_out, &mut all, progress)?;
    Ok((Reachable::new(all), Some(Reachable::new(objects))))
}

/// Adds to `objects` what is found from `starts`, and tells what the slots that were left out refer to.
fn reach(
    graph: &ObjectGraph<'_>,
    peeled: &Peeled,
    leave_out: Option<&BitColumn>,
    starts: Vec<u32>,
    objects: &mut BitColumn,
    progress: &Progress,
) -> Result<Vec<u32>, GraphError> {
    let mut left_out = walk(graph, Some(peeled.plain()), leave_out, starts, objects, progress)?;
    let hubs = mark_peeled(graph, peeled, objects, progress)?;
    if !hubs.is_empty() {
        // What is peeled is walked to now: another pass over all objects for each hub that was found below the one before would be quadratic.
        left_out.extend(walk(graph, None, leave_out, hubs, objects, progress)?);
    }
    Ok(left_out)
}

/// Marks the peeled objects below what is marked. Tells which of their hubs are not marked yet.
fn mark_peeled(
    graph: &ObjectGraph<'_>,
    peeled: &Peeled,
    objects: &mut BitColumn,
    progress: &Progress,
) -> Result<Vec<u32>, GraphError> {
    let seen = objects.atomic_words();
    let is_seen =
        |object: ObjectIx| seen[object.index() / 64].load(Ordering::Relaxed) >> (object.0 % 64) & 1 != 0;
    let hubs = tasks(graph.object_count()).map(|objects| {
        progress.check()?;
        let mut hubs = HashSet::new();
        // Words of a task are written by that task alone.
        let words = objects.start / 64..objects.end.div_ceil(64);
        let peeled_words = &peeled.plain().words()[words.clone()];
        for ((at, word), &peeled_here) in words.clone().zip(&seen[words]).zip(peeled_words) {
            let before = word.load(Ordering::Relaxed);
            let mut found = before;
            let mut left = peeled_here & !before;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let object = ObjectIx::from_usize(at * 64 + bit as usize);
                if is_seen(peeled.top_of(object)) {
                    found |= 1 << bit;
                    hubs.extend(graph.hubs.hub_of(object).filter(|&hub| !is_seen(hub)));
                }
            }
            word.store(found, Ordering::Relaxed);
        }
        Ok::<_, GraphError>(hubs)
    });
    // Hubs are never peeled, so the walk may begin at them.
    let hubs: Vec<HashSet<ObjectIx>> = hubs.collect::<Result<_, _>>()?;
    Ok(hubs.into_iter().flatten().map(|hub| hub.0).collect())
}
