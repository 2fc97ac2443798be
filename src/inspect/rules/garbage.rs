//! What unreachable objects kept while they were in use.
//!
//! Cost: one bit per object and one look at each unreachable object below.

use crate::graph::GraphError;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;

/// The shallow bytes of `objects` and of all garbage that they refer to, each counted once.
pub(super) fn bytes(snapshot: &Snapshot, objects: &[ObjectIx]) -> Result<u64, SnapshotError> {
    let count = snapshot.object_count();
    let mut seen =
        BitColumn::new(snapshot.storage(), "garbage that is counted", count).map_err(GraphError::from)?;
    let mut stack = Vec::new();
    let mut bytes = 0;
    for &start in objects {
        stack.push(start);
        while let Some(object) = stack.pop() {
            if seen.get(object.index()) || snapshot.is_reachable(object) {
                continue;
            }
            seen.set(object.index());
            bytes += snapshot.shallow_bytes(object);
            stack.extend(snapshot.references().of(object));
        }
    }
    Ok(bytes)
}
