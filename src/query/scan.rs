//! A pass over all records in the order of the file, on all threads.
//!
//! Owns how the work is cut into tasks. Whatever is asked of every object is asked in one such pass: the file is then read from front to back
//! and no record is searched for. Cost: some nanoseconds per record and the reading of what is looked at.

use crate::graph::GraphError;
use crate::hprof::HeapRecord;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};
use rayon::prelude::*;
use std::ops::Range;

/// Objects per task.
const TASK: usize = 1 << 16;

/// Folds over all objects with their records. `make` makes an empty result, `visit` adds an object to one, `merge` puts two of consecutive
/// ranges together: the outcome does not depend on the number of threads.
///
/// # Errors
/// Cancelled.
pub fn scan_records<A: Send>(
    snapshot: &Snapshot,
    make: impl Fn() -> A + Sync,
    visit: impl Fn(&mut A, ObjectIx, &HeapRecord<'_>) + Sync,
    merge: impl Fn(A, A) -> A + Sync,
) -> Result<A, SnapshotError> {
    let add = |mut result: A, objects: Range<usize>| {
        let mut next = objects.start;
        while next < objects.end {
            // A walk ends where another one has begun while the dump was read.
            let first = next;
            for record in snapshot.records_from(ObjectIx::from_usize(first)).take(objects.end - first) {
                visit(&mut result, ObjectIx::from_usize(next), &record);
                next += 1;
            }
            if next == first {
                break;
            }
        }
        result
    };
    fold_tasks(snapshot, make, add, merge)
}

/// Folds over ranges of all objects, on all threads.
///
/// # Errors
/// Cancelled.
pub fn fold_tasks<A: Send>(
    snapshot: &Snapshot,
    make: impl Fn() -> A + Sync,
    add: impl Fn(A, Range<usize>) -> A + Sync,
    merge: impl Fn(A, A) -> A + Sync,
) -> Result<A, SnapshotError> {
    let count = snapshot.object_count();
    let progress = snapshot.progress();
    (0..count.div_ceil(TASK))
        .into_par_iter()
        .with_min_len(4)
        .try_fold(&make, |result, task| {
            progress.check()?;
            Ok(add(result, task * TASK..((task + 1) * TASK).min(count)))
        })
        .try_reduce(&make, |a, b| Ok(merge(a, b)))
        .map_err(|cancelled: crate::progress::Cancelled| GraphError::from(cancelled).into())
}
