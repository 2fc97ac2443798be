//! What threads have in hand: their variables, and what these lead to by one or two objects that are not the JDK's, as a statement does to its
//! connection and that to the entry of a pool. Libraries lead on: what a transaction has hangs some steps below its status or its session.

use crate::ix::ObjectIx;
use crate::query::collections::{Part, visit_part};
use crate::query::origin::{Origin, origin_of};
use crate::snapshot::Snapshot;
use hashbrown::HashSet;

/// What a thread has in thread-locals, where transactions are kept; of a map in one its values. Cost: a look at each.
pub fn values_of_thread_locals(snapshot: &Snapshot, thread: ObjectIx) -> Vec<ObjectIx> {
    const MOST: usize = 64;
    let mut all: Vec<ObjectIx> = Vec::new();
    let table = snapshot.follow_all(thread, &["threadLocals", "table"]);
    let entries = table.filter(|&table| snapshot.array_length(table).is_some());
    let entries = entries.into_iter().flat_map(|table| snapshot.elements(table));
    for value in entries.filter_map(|entry| snapshot.follow(snapshot.find(entry)?, "value")) {
        all.push(value);
        let mut left = MOST;
        visit_part(snapshot, value, Part::Values, &mut |held| {
            all.push(held);
            left -= 1;
            left > 0
        });
    }
    all
}

/// Those of `wanted` that `variables` of threads refer to, directly or by one or two objects, or by some of libraries. Cost: what the variables refer to,
/// and what libraries refer to from there.
pub fn in_hand(
    snapshot: &Snapshot,
    variables: impl Iterator<Item = ObjectIx>,
    wanted: &HashSet<ObjectIx>,
) -> HashSet<ObjectIx> {
    /// A statement, its connection, the pool's entry.
    const STEPS: usize = 2;
    /// An interceptor's note of a transaction, its status, the transaction, the session, its coordinator, the connection as it knows it, the pool's connection,
    /// the pool's entry.
    const STEPS_OF_LIBRARIES: usize = 8;
    if wanted.is_empty() {
        return HashSet::new();
    }
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
    wanted.iter().filter(|&object| seen.contains(object)).copied().collect()
}
