//! What the values of thread-locals keep, also where the thread is just at work with them.
//!
//! The variables of a running method are references from its thread, so that the entry of a thread-local retains nothing of a value, or of a list in it, that the method has in
//! hand as well. And yet it stays when the call ends: it is the thread-local's. Cost: a look at the variables of the thread, and at some objects below a value if one of
//! them is large.

use crate::ix::ObjectIx;
use crate::snapshot::{Root, Snapshot, Thread};

/// Objects below a value that are looked at.
const MOST_SEEN: usize = 256;
/// Where nothing in hand retains more than that it is not looked at.
const LEAST_BYTES: u64 = 1 << 10;

/// Whether nothing leads to an object but what `thread` has itself, by its fields and its thread-locals, and variables of its own methods, which have it in hand.
pub fn is_in_own_hand(snapshot: &Snapshot, thread: ObjectIx, object: ObjectIx) -> bool {
    let is_own = |root: &Root| {
        let of = root.thread.and_then(|thread| snapshot.threads().get(thread as usize));
        root.is_held_by_thread() && of.is_some_and(|of| of.object == thread)
    };
    let roots = snapshot.roots_of(object);
    snapshot.dominators().immediate_dominator(object).object() == Some(thread)
        && !roots.is_empty()
        && roots.iter().all(is_own)
}

/// Whether an object is the inside of a value rather than something that the thread works for and has noted in it, as the request that it serves is: an array, a
/// collection or another thing of the JDK's.
pub fn is_inside_of_value(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class(object);
    class.is_array() || class.name.starts_with("java.")
}

/// What the entry of a thread-local keeps, in bytes: what its value retains, and what of the value's inside only the methods of the same thread have in hand besides. Nothing where
/// others lead to the value as well.
pub fn kept_by_thread_local(snapshot: &Snapshot, entry: ObjectIx) -> u64 {
    /// An entry, its table, its map, its thread.
    const STEPS: usize = 4;
    let Some(value) = snapshot.follow(entry, "value") else { return 0 };
    let tree = snapshot.dominators();
    let above = tree.dominators(entry).take(STEPS);
    let threads = snapshot.threads();
    let mut of = above.filter_map(|above| threads.iter().find(|thread| thread.object == above));
    let thread = of.next();
    let is_its_own = tree.immediate_dominator(value).object() == Some(entry);
    if !is_its_own && !thread.is_some_and(|thread| is_in_own_hand(snapshot, thread.object, value)) {
        return 0;
    }
    let parts = thread.map_or(0, |thread| bytes_in_hand(snapshot, thread, value));
    snapshot.retained_bytes(value) + parts
}

/// What is inside of a value and retained by `thread`, since its methods have it in hand.
fn bytes_in_hand(snapshot: &Snapshot, thread: &Thread, value: ObjectIx) -> u64 {
    let in_hand = |&object: &ObjectIx| {
        object != value
            && is_inside_of_value(snapshot, object)
            && is_in_own_hand(snapshot, thread.object, object)
    };
    let locals = thread.frames.iter().flat_map(|frame| frame.locals.iter().copied());
    let mut parts: Vec<ObjectIx> = locals.filter(in_hand).collect();
    parts.sort_unstable();
    parts.dedup();
    // A small one may lead to a large one, as a list does to its array.
    if parts.iter().all(|&part| snapshot.retained_bytes(part) < LEAST_BYTES) {
        return 0;
    }
    let tree = snapshot.dominators();
    let (mut seen, mut at, mut bytes) = (vec![value], 0, 0);
    while let Some(&object) = seen.get(at) {
        at += 1;
        for target in snapshot.references().of(object).take(MOST_SEEN) {
            let is_part = parts.binary_search(&target).is_ok();
            let is_below = || tree.immediate_dominator(target).object() == Some(object);
            if seen.len() < MOST_SEEN && (is_part || is_below()) && !seen.contains(&target) {
                bytes += if is_part { snapshot.retained_bytes(target) } else { 0 };
                seen.push(target);
            }
        }
    }
    bytes
}
