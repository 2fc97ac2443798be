//! What each of some threads has one of.
//!
//! There are as many as threads, and where they are arrays of fixed length none of them grows: so look the buffers that threads work with, and what a request has left in the same way.
//! Owns when that is so; what follows from it is decided in [`super::standing`]. Cost: a look at what the samples retain directly.

use super::Story;
use super::standing::is_little;
use crate::inspect::Context;
use crate::inspect::holders::THREAD_LOCAL_ENTRY;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, is_measure_of_heap, origin_of};
use crate::report::HolderKind;
use crate::snapshot::Snapshot;

impl Story {
    /// Whether it is a buffer of one size in each of some threads, and all of them are a small part of what the heap may take: there are as many as threads, and
    /// none of them grows.
    pub(super) fn has_few_buffers(&self, context: &Context<'_>) -> bool {
        let snapshot = context.snapshot;
        let Some(limit) = context.heap_limit() else { return false };
        if self.held.holder.kind != HolderKind::ThreadLocal || !is_little(self.bytes, limit.bytes) {
            return false;
        }
        let mut buffers = self.looked_at().into_iter().map(|object| buffer(snapshot, object));
        let first = buffers.next().flatten();
        first.is_some() && buffers.all(|buffer| buffer == first)
    }

    /// Whether it is one in each of some threads, all of the same arrays of primitive values, and all of them together no large part of what the heap may take. There are as many as
    /// threads, and none of them grows: so looks what threads work with, and what they should have given back as well.
    pub(super) fn is_one_for_each_thread(&self, context: &Context<'_>) -> bool {
        const PART: u64 = 8;
        let snapshot = context.snapshot;
        let used = context.histogram().total().shallow_bytes;
        // What nobody has set is no measure: a quarter of the machine's memory.
        let is_part = || {
            let limit = context.heap_limit().map(|limit| limit.bytes);
            limit.is_some_and(|limit| {
                self.bytes.saturating_mul(PART) < limit && is_measure_of_heap(limit, used)
            })
        };
        if self.held.holder.kind != HolderKind::ThreadLocal || !is_part() {
            return false;
        }
        // What was looked at may be the arrays in them.
        let mut values: Vec<ObjectIx> = self
            .looked_at()
            .into_iter()
            .map(|object| value_with(snapshot, object).unwrap_or(object))
            .collect();
        values.sort_unstable();
        values.dedup();
        let mut parts = values.into_iter().map(|object| fixed_parts(snapshot, object));
        let (Some(Some(first)), Some(second)) = (parts.next(), parts.next()) else { return false };
        std::iter::once(second).chain(parts).all(|parts| parts.as_ref() == Some(&first))
    }
}

/// The value of a thread-local that retains `object`.
fn value_with(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    const MOST_STEPS: usize = 8;
    let mut way = std::iter::once(object).chain(snapshot.dominators().dominators(object)).take(MOST_STEPS);
    let mut at = way.next()?;
    way.find_map(|above| {
        let below = std::mem::replace(&mut at, above);
        (snapshot.class_name(above) == THREAD_LOCAL_ENTRY).then_some(below)
    })
}

/// The class and the length of an array of primitive values.
fn buffer(snapshot: &Snapshot, object: ObjectIx) -> Option<(ClassIx, u32)> {
    let length = snapshot.array_length(object)?;
    snapshot.class(object).is_primitive_array().then(|| (snapshot.class_of(object), length))
}

/// The lengths of the arrays of primitive values that an object retains, by class, and its own; `None` if it retains anything else.
fn fixed_parts(snapshot: &Snapshot, object: ObjectIx) -> Option<Vec<(ClassIx, u32)>> {
    const MOST: usize = 16;
    let children = snapshot.dominators().children(object);
    if children.is_empty() {
        return Some(vec![buffer(snapshot, object)?]);
    }
    // What the JDK makes longer when it is full, as a StringBuilder is, has only not been full yet.
    let may_grow = origin_of(snapshot, snapshot.class_of(object)) == Origin::Jdk;
    if children.len() > MOST || may_grow {
        return None;
    }
    let mut parts: Vec<_> = children.iter().map(|&child| buffer(snapshot, child)).collect::<Option<_>>()?;
    parts.push((snapshot.class_of(object), 0));
    parts.sort_unstable();
    Some(parts)
}
