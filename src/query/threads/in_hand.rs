//! What threads have in hand: their variables, and what these lead to by one or two objects that are not the JDK's, as a statement does to its
//! connection and that to the entry of a pool. Libraries lead on: what a transaction has hangs some steps below its status or its session.

use crate::ix::ObjectIx;
use crate::query::collections::{Part, collection_kind, visit_part};
use crate::query::origin::{Origin, origin_of};
use crate::snapshot::Snapshot;
use hashbrown::HashSet;

/// Slots of a table of thread-locals that are looked at. One that has grown to more has been filled by mistake.
const MOST_SLOTS: usize = 1 << 16;
/// Elements of a collection that a thread has in hand.
const FEW: usize = 64;

/// The table of a thread's thread-locals.
pub fn thread_locals(snapshot: &Snapshot, thread: ObjectIx) -> Option<ObjectIx> {
    let table = snapshot.follow_all(thread, &["threadLocals", "table"])?;
    snapshot.array_length(table).map(|_| table)
}

/// The entry that a thread has for that thread-local. Cost: a look at each slot.
pub fn entry_in_thread(snapshot: &Snapshot, thread: ObjectIx, key: ObjectIx) -> Option<ObjectIx> {
    let maps = ["threadLocals", "inheritableThreadLocals"];
    let tables = maps.into_iter().filter_map(|map| snapshot.follow_all(thread, &[map, "table"]));
    let slots = tables.flat_map(|table| snapshot.elements(table)).take(MOST_SLOTS);
    let mut entries = slots.filter_map(|entry| snapshot.find(entry));
    entries.find(|&entry| snapshot.follow(entry, "referent") == Some(key))
}

/// What a thread has in that thread-local. Cost: a look at each slot.
pub fn value_in_thread(snapshot: &Snapshot, thread: ObjectIx, key: ObjectIx) -> Option<ObjectIx> {
    snapshot.follow(entry_in_thread(snapshot, thread, key)?, "value")
}

/// What a thread has in thread-locals, where transactions are kept; of a map or a list of few in one its values. Cost: a look at each.
pub fn values_of_thread_locals(snapshot: &Snapshot, thread: ObjectIx) -> Vec<ObjectIx> {
    let mut all: Vec<ObjectIx> = Vec::new();
    let entries = thread_locals(snapshot, thread).into_iter().flat_map(|table| snapshot.elements(table));
    let entries = entries.take(MOST_SLOTS);
    for value in entries.filter_map(|entry| snapshot.follow(snapshot.find(entry)?, "value")) {
        all.push(value);
        all.extend(few_elements(snapshot, value));
    }
    all
}

/// The elements of an array, or of a collection of the JDK's or the values of a map, and of such in it. None if there is room for many: what may hold thousands
/// is no variable that a method works with, and looking for what is in it takes time.
pub fn few_elements(snapshot: &Snapshot, collection: ObjectIx) -> Vec<ObjectIx> {
    /// A map of lists.
    const DEEPEST: usize = 2;
    let mut found: Vec<ObjectIx> = Vec::new();
    let mut level = vec![collection];
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for object in level {
            if has_room_for_few(snapshot, object) {
                let mut left = FEW;
                visit_part(snapshot, object, Part::Values, &mut |element| {
                    next.push(element);
                    left -= 1;
                    left > 0
                });
            }
        }
        found.extend(&next);
        level = next;
    }
    found
}

/// Whether it is an array or a collection, and the arrays that it is made of are short.
fn has_room_for_few(snapshot: &Snapshot, object: ObjectIx) -> bool {
    /// Four times as long as a hash table of so few.
    const SHORT: u32 = 512;
    /// Wrappers around wrappers.
    const MOST: usize = 8;
    let is_short = |array: ObjectIx| snapshot.array_length(array).is_none_or(|length| length <= SHORT);
    if snapshot.class(object).is_array() {
        return is_short(object);
    }
    let is_collection = |object: &ObjectIx| collection_kind(snapshot, *object).is_some();
    let mut collections: Vec<ObjectIx> = Some(object).filter(is_collection).into_iter().collect();
    let mut next = 0;
    while let Some(&at) = collections.get(next) {
        next += 1;
        let inner: Vec<ObjectIx> = snapshot.references().of(at).collect();
        if next > MOST || !inner.iter().all(|&object| is_short(object)) {
            return false;
        }
        // A synchronized one may be its own monitor.
        let is_new = |object: &ObjectIx| is_collection(object) && !collections.contains(object);
        let new: Vec<ObjectIx> = inner.into_iter().filter(is_new).collect();
        collections.extend(new);
    }
    !collections.is_empty()
}

/// Those of `wanted` that `variables` of threads refer to, directly or by one or two objects, or by some of libraries. Cost: what the variables refer to,
/// and what libraries refer to from there.
pub fn in_hand(
    snapshot: &Snapshot,
    variables: impl Iterator<Item = ObjectIx>,
    wanted: &HashSet<ObjectIx>,
) -> HashSet<ObjectIx> {
    if wanted.is_empty() {
        return HashSet::new();
    }
    let led_to = led_to(snapshot, variables);
    wanted.iter().filter(|&object| led_to.contains(object)).copied().collect()
}

/// The `variables` of threads, and what they refer to, directly or by one or two objects, or by some of libraries. Cost: a look at each.
pub fn led_to(snapshot: &Snapshot, variables: impl Iterator<Item = ObjectIx>) -> HashSet<ObjectIx> {
    /// A statement, its connection, the pool's entry.
    const STEPS: usize = 2;
    /// An interceptor's note of a transaction, its status, the transaction, the session, its coordinator, the connection as it knows it, the pool's connection,
    /// the pool's entry.
    const STEPS_OF_LIBRARIES: usize = 8;
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    let mut reached: Vec<ObjectIx> = variables.filter(|&local| seen.insert(local)).collect();
    for step in 0..STEPS_OF_LIBRARIES {
        let leads_on = |&object: &ObjectIx| {
            let class = snapshot.class(object);
            !class.is_array()
                && !class.name.starts_with("java.")
                && snapshot.mirrored_class(object).is_none()
                && (step < STEPS
                    || class.name.contains("$Proxy")
                    || origin_of(snapshot, snapshot.class_of(object)) == Origin::Library)
        };
        let mut next = Vec::new();
        for object in reached.into_iter().filter(leads_on) {
            next.extend(snapshot.references().of(object).filter(|&target| seen.insert(target)));
        }
        reached = next;
    }
    seen
}
