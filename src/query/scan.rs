//! A pass over all records in the order of the file, on all threads.
//!
//! Owns how the work is cut into tasks, and how several questions share one pass: the file is then read from front to back once and no record
//! is searched for. Cost: some nanoseconds per record and the reading of what is looked at.

use crate::graph::GraphError;
use crate::hprof::HeapRecord;
use crate::ix::ObjectIx;
use crate::snapshot::{MarkedHeap, SnapshotError};
use rayon::prelude::*;
use std::ops::Range;

/// Objects per task.
const TASK: usize = 1 << 16;

/// What is asked of all objects with their records. Two questions in a pair are asked in the same pass.
pub trait Question: Sync {
    /// What is known of some objects.
    type Sums: Send;

    /// What is known of no object.
    fn nothing(&self) -> Self::Sums;

    /// Adds an object.
    fn visit(&self, sums: &mut Self::Sums, object: ObjectIx, record: &HeapRecord<'_>);

    /// Puts what is known of two consecutive ranges of objects together.
    fn merge(&self, first: Self::Sums, second: Self::Sums) -> Self::Sums;
}

impl<Q: Question> Question for &Q {
    type Sums = Q::Sums;

    fn nothing(&self) -> Self::Sums {
        (**self).nothing()
    }

    #[inline]
    fn visit(&self, sums: &mut Self::Sums, object: ObjectIx, record: &HeapRecord<'_>) {
        (**self).visit(sums, object, record);
    }

    fn merge(&self, first: Self::Sums, second: Self::Sums) -> Self::Sums {
        (**self).merge(first, second)
    }
}

impl<A: Question, B: Question> Question for (A, B) {
    type Sums = (A::Sums, B::Sums);

    fn nothing(&self) -> Self::Sums {
        (self.0.nothing(), self.1.nothing())
    }

    #[inline]
    fn visit(&self, sums: &mut Self::Sums, object: ObjectIx, record: &HeapRecord<'_>) {
        self.0.visit(&mut sums.0, object, record);
        self.1.visit(&mut sums.1, object, record);
    }

    fn merge(&self, first: Self::Sums, second: Self::Sums) -> Self::Sums {
        (self.0.merge(first.0, second.0), self.1.merge(first.1, second.1))
    }
}

/// Asks a question of all objects. The answer does not depend on the number of threads.
///
/// # Errors
/// Cancelled.
pub fn ask<Q: Question>(heap: &MarkedHeap, question: &Q) -> Result<Q::Sums, SnapshotError> {
    let add = |mut sums: Q::Sums, objects: Range<usize>| {
        let mut next = objects.start;
        while next < objects.end {
            // A walk ends where another one has begun while the dump was read.
            let first = next;
            for record in heap.records_from(ObjectIx::from_usize(first)).take(objects.end - first) {
                question.visit(&mut sums, ObjectIx::from_usize(next), &record);
                next += 1;
            }
            if next == first {
                break;
            }
        }
        sums
    };
    fold_tasks(heap, || question.nothing(), add, |first, second| question.merge(first, second))
}

/// Folds over ranges of all objects, on all threads.
///
/// # Errors
/// Cancelled.
pub fn fold_tasks<A: Send>(
    heap: &MarkedHeap,
    make: impl Fn() -> A + Sync,
    add: impl Fn(A, Range<usize>) -> A + Sync,
    merge: impl Fn(A, A) -> A + Sync,
) -> Result<A, SnapshotError> {
    let count = heap.object_count();
    let progress = heap.progress();
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
