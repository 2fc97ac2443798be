//! What threads have in hand: their variables, and what these lead to by one or two objects that are not the JDK's, as a statement does to its
//! connection and that to the entry of a pool.

use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;
use hashbrown::HashSet;

/// Those of `wanted` that `variables` of threads refer to, directly or by one or two objects. Cost: what the variables refer to.
pub fn in_hand(
    snapshot: &Snapshot,
    variables: impl Iterator<Item = ObjectIx>,
    wanted: &HashSet<ObjectIx>,
) -> HashSet<ObjectIx> {
    /// A statement, its connection, the pool's entry.
    const STEPS: usize = 2;
    if wanted.is_empty() {
        return HashSet::new();
    }
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    let mut reached: Vec<ObjectIx> = variables.filter(|&local| seen.insert(local)).collect();
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
    wanted.iter().filter(|&object| seen.contains(object)).copied().collect()
}
