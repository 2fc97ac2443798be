//! What parked threads wait for.
//!
//! A thread refers to what it waits for (`parkBlocker`), as the future of a task that another thread does: that it waits is no reason to keep it, and
//! whatever the task has collected is the task's. Its own stack has it in hand as well. Cost: a look at each thread.

use crate::graph::GraphError;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;

/// Marks the slots by which threads refer to what they wait for, beside those in `marked`.
pub(super) fn mark(
    snapshot: &Snapshot,
    mut marked: Option<BitColumn>,
) -> Result<Option<BitColumn>, SnapshotError> {
    let references = snapshot.references();
    for thread in snapshot.threads().iter().map(|thread| thread.object) {
        let Some(blocker) = snapshot.follow(thread, "parkBlocker") else { continue };
        // Another field that refers to it may be a reason.
        let same: Vec<usize> = references
            .slot_range(thread)
            .zip(references.slots(thread))
            .filter(|&(_, &target)| ObjectIx(target) == blocker)
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
