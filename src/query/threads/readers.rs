//! Who has the read lock of a `ReentrantReadWriteLock`.
//!
//! Its synchronizer names the first reader only; each other one counts in a thread-local of its own. Cost: the thread-locals of one thread.

use crate::hprof::Value;
use crate::ix::ObjectIx;
use crate::query::values::entry;
use crate::snapshot::Heap;

/// A thread that has the read lock for which `sync` stands, the thread that waits for it first of all; `None` if nobody reads, or it is not known who.
pub(super) fn reader_of(heap: &Heap, sync: ObjectIx, waiting: ObjectIx) -> Option<ObjectIx> {
    /// The upper half of the state counts the readers.
    const READERS: u32 = 16;
    let is_shared = heap
        .classes()
        .is_named(heap.class_of(sync), "java.util.concurrent.locks.ReentrantReadWriteLock$Sync");
    let has_readers = heap.integer(sync, "state").is_some_and(|state| state >> READERS != 0);
    if !is_shared || !has_readers {
        return None;
    }
    let first = heap.follow(sync, "firstReader");
    if first == Some(waiting) || reads(heap, sync, waiting) {
        return Some(waiting);
    }
    first
}

/// Whether a thread counts itself among the readers.
fn reads(heap: &Heap, sync: ObjectIx, thread: ObjectIx) -> bool {
    let Some(counts) = heap.follow(sync, "readHolds") else { return false };
    let table = heap.follow(thread, "threadLocals").and_then(|map| heap.follow(map, "table"));
    let mut entries = table.into_iter().flat_map(|table| heap.elements(table)).filter_map(|id| heap.find(id));
    let value = entries.find_map(|found| match entry(heap, found) {
        Some((key, value)) if key == Some(counts) => value,
        _ => None,
    });
    value.is_some_and(|count| matches!(heap.field(count, "count"), Some(Value::Int(1..))))
}
