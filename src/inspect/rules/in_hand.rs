//! What running threads have in hand: a connection that no thread has was taken and never given back, one that a thread has is in use.

use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;
use hashbrown::HashSet;

/// How many of `objects` variables of threads refer to: directly, or by one or two objects that are not the JDK's, as a statement does by its
/// connection. Cost: the variables of all stacks, and what they refer to.
pub(super) fn count(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    /// A statement, its connection, the pool's entry.
    const STEPS: usize = 2;
    let wanted: HashSet<ObjectIx> = objects.iter().copied().collect();
    if wanted.is_empty() {
        return 0;
    }
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    let mut reached: Vec<ObjectIx> = snapshot
        .threads()
        .iter()
        .flat_map(|thread| thread.locals())
        .filter(|&local| seen.insert(local))
        .collect();
    for _ in 0..STEPS {
        let leads_on = |&object: &ObjectIx| {
            let class = snapshot.class(object);
            !class.is_array() && !class.name.starts_with("java.") && snapshot.mirrored_class(object).is_none()
        };
        let mut next = Vec::new();
        for object in reached.into_iter().filter(leads_on) {
            next.extend(snapshot.references().of(object).filter(|&target| seen.insert(target)));
        }
        reached = next;
    }
    wanted.iter().filter(|object| seen.contains(*object)).count()
}
