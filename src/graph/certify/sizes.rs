//! Retained sizes once more, by another way: in a preorder the subtree of an object is an interval, so what it retains is the
//! difference of two sums.
//!
//! Owns the sums. Relies on the order that was checked before. Cost: 8 bytes per reachable object.

use super::super::references::tasks;
use super::super::retained::RetainedSizes;
use super::super::tree::DominatorTree;
use super::{CertifyError, Flaw, LowHighOrder, first_flaw};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, Storage, atomic_u64};
use rayon::prelude::*;
use std::sync::atomic::Ordering;

/// Checks the retained size of each object, unreachable ones included, which retain nothing.
pub(super) fn check(
    tree: &DominatorTree,
    order: &LowHighOrder,
    retained: &RetainedSizes,
    shallow_bytes: impl Fn(ObjectIx) -> u64 + Sync,
    storage: &Storage,
    progress: &Progress,
) -> Result<(), CertifyError> {
    let object_count = tree.object_count();
    // The bytes of all objects before each place.
    let mut before = storage.column::<u64>("sums of sizes", tree.reachable_count() + 1, Access::Random)?;
    let cells = atomic_u64(&mut before);
    let phase = progress.phase("add up sizes", Unit::Objects, object_count as u64);
    tasks(object_count).try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        for object in objects.map(ObjectIx::from_usize).filter(|&object| tree.is_reachable(object)) {
            let place = order.number_by_object[object.index()] as usize;
            cells[place + 1].store(shallow_bytes(object), Ordering::Relaxed);
        }
        Ok::<_, CertifyError>(())
    })?;
    drop(phase);
    let mut sum = 0u64;
    for cell in before.iter_mut() {
        sum = sum.saturating_add(*cell);
        *cell = sum;
    }
    let found = tasks(object_count).map(|objects| {
        progress.check()?;
        Ok::<_, CertifyError>(objects.map(ObjectIx::from_usize).find_map(|object| {
            let claimed_bytes = retained.bytes(object);
            let summed_bytes = if tree.is_reachable(object) {
                let first = order.number_by_object[object.index()] as usize;
                before[first + order.subtree_sizes.bytes(object) as usize] - before[first]
            } else {
                0
            };
            (claimed_bytes != summed_bytes).then_some(Flaw::RetainedSize {
                object,
                claimed_bytes,
                summed_bytes,
            })
        }))
    });
    first_flaw(found.collect::<Result<_, _>>()?)
}
