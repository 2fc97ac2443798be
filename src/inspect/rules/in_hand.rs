//! What running threads have in hand: a connection that no thread has was taken and never given back, one that a thread has is in use.
//! And what they have on their stacks: whose methods they are in, or what these were called with.

use crate::ix::ObjectIx;
use crate::query::in_hand;
use crate::snapshot::Snapshot;
use hashbrown::HashSet;

/// How many of `objects` variables of threads refer to: directly, or by one or two objects that are not the JDK's. Cost: the variables of all
/// stacks, and what they refer to.
pub(super) fn count(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    in_hand(snapshot, locals(snapshot), &objects.iter().copied().collect()).len()
}

/// How many of `objects` are variables of threads themselves. Cost: the variables of all stacks.
pub(super) fn on_stacks(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    let wanted: HashSet<ObjectIx> = objects.iter().copied().collect();
    let found: HashSet<ObjectIx> = locals(snapshot).filter(|local| wanted.contains(local)).collect();
    found.len()
}

fn locals(snapshot: &Snapshot) -> impl Iterator<Item = ObjectIx> + '_ {
    snapshot.threads().iter().flat_map(|thread| thread.locals())
}
