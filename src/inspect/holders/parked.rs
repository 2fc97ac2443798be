//! What waiting threads wait for.
//!
//! A thread refers to what it waits for (`parkBlocker`), as the future of a task that another thread does, or to the selector by which it waits for its
//! channels: that it waits is no reason to keep it, and whatever the task has collected is the task's, what is attached to a channel the server's or the
//! client's that has made the selector. Its own stack has it in hand as well. Cost: a look at each thread.

use crate::graph::GraphError;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;

/// The fields by which a thread refers to what it waits for; the last two lead to a selector or a channel (JDK 19 has renamed that field).
const WAITS_FOR: [&str; 3] = ["parkBlocker", "blocker", "nioBlocker"];

/// Marks the slots by which threads refer to what they wait for, beside those in `marked`.
pub(super) fn mark(
    snapshot: &Snapshot,
    mut marked: Option<BitColumn>,
) -> Result<Option<BitColumn>, SnapshotError> {
    let references = snapshot.references();
    let threads = snapshot.threads().iter().map(|thread| thread.object);
    for (thread, field) in threads.flat_map(|thread| WAITS_FOR.iter().map(move |&field| (thread, field))) {
        let Some(blocker) = snapshot.follow(thread, field) else { continue };
        // Another field that refers to it may be a reason.
        let same: Vec<usize> = references
            .slot_range(thread)
            .zip(references.slots(thread))
            .filter(|&(_, target)| ObjectIx(target) == blocker)
            .map(|(slot, _)| slot)
            .collect();
        if let [slot] = same[..] {
            let marked = match &mut marked {
                Some(marked) => marked,
                None => marked.insert(
                    BitColumn::new(snapshot.storage(), "slots of parked threads", references.slot_count())
                        .map_err(GraphError::from)?,
                ),
            };
            marked.set(slot);
        }
    }
    Ok(marked)
}
