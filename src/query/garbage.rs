//! Where garbage hung: unreachable objects that no other unreachable object refers to, and what is below them.
//!
//! Everything below such a top object is counted to the class of the first top that leads to it, in the order of the dump. Garbage that
//! only circles refer to has no top and is counted apart. Cost: two bits per object, and a walk over the unreachable part.

use crate::graph::GraphError;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;
use rayon::prelude::*;
use std::sync::atomic::Ordering;

/// Garbage that hung on objects of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GarbageTops {
    /// The class of the tops.
    pub class: ClassIx,
    /// How many tops.
    pub count: u64,
    /// Their shallow sizes and all that was below them, each byte counted once.
    pub bytes: u64,
    /// Those that take 4 KiB or more themselves.
    pub large_count: u64,
    /// The shallow sizes of these.
    pub large_bytes: u64,
}

/// What a top takes itself that is large, in bytes.
const LARGE_TOP: u64 = 4 << 10;

/// Tops by class, most bytes first, and the bytes that belong to no top.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn garbage_tops(snapshot: &Snapshot) -> Result<(Vec<GarbageTops>, u64), SnapshotError> {
    /// Objects per task.
    const TASK: usize = 1 << 16;
    let count = snapshot.object_count();
    if snapshot.dominators().reachable_count() == count {
        return Ok((Vec::new(), 0));
    }
    let bits = |what| BitColumn::new(snapshot.storage(), what, count).map_err(GraphError::from);
    let (mut referred, mut seen) = (bits("garbage that is referred to")?, bits("garbage that is counted")?);
    let references = snapshot.references();
    let words = referred.atomic_words();
    (0..count.div_ceil(TASK)).into_par_iter().try_for_each(|task| {
        snapshot.progress().check().map_err(GraphError::from)?;
        for (object, slots) in references.lists(task * TASK..((task + 1) * TASK).min(count)) {
            if !snapshot.is_reachable(object) {
                for slot in slots.iter().filter(|&slot| (slot as usize) < count && slot != object.0) {
                    words[slot as usize / 64].fetch_or(1 << (slot % 64), Ordering::Relaxed);
                }
            }
        }
        Ok::<_, SnapshotError>(())
    })?;
    let mut by_class = vec![None::<GarbageTops>; snapshot.classes().len()];
    let mut stack: Vec<ObjectIx> = Vec::new();
    let (mut all_bytes, mut of_tops) = (0, 0);
    for top in snapshot.objects() {
        if snapshot.is_reachable(top) {
            continue;
        }
        all_bytes += snapshot.shallow_bytes(top);
        if referred.get(top.index()) || seen.get(top.index()) {
            continue;
        }
        let class = snapshot.class_of(top);
        let tops = by_class[class.index()].get_or_insert(GarbageTops {
            class,
            count: 0,
            bytes: 0,
            large_count: 0,
            large_bytes: 0,
        });
        tops.count += 1;
        let own_bytes = snapshot.shallow_bytes(top);
        if own_bytes >= LARGE_TOP {
            tops.large_count += 1;
            tops.large_bytes += own_bytes;
        }
        seen.set(top.index());
        stack.push(top);
        let mut bytes = 0;
        while let Some(object) = stack.pop() {
            bytes += snapshot.shallow_bytes(object);
            for next in references.of(object) {
                if !seen.get(next.index()) && !snapshot.is_reachable(next) {
                    seen.set(next.index());
                    stack.push(next);
                }
            }
        }
        tops.bytes += bytes;
        of_tops += bytes;
        if tops.count.is_multiple_of(4096) {
            snapshot.progress().check().map_err(GraphError::from)?;
        }
    }
    let mut all: Vec<GarbageTops> = by_class.into_iter().flatten().collect();
    all.sort_by_key(|tops| (std::cmp::Reverse(tops.bytes), tops.class));
    Ok((all, all_bytes - of_tops))
}
