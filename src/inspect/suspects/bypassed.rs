//! Which steps of a path retain what it leads to, and which other ways lead past.
//!
//! Of a path from a root the figure beside a step is read as what the path is about: only a step that dominates the last one is. Cost: a walk up the tree of dominators
//! from the last step, which of a long list ends after so many links.

use crate::hprof::ObjectId;
use crate::ix::ObjectIx;
use crate::report::PathStep;
use crate::snapshot::Snapshot;

/// Notes which steps do not dominate the last one.
pub(super) fn note(snapshot: &Snapshot, path: &mut [PathStep]) {
    /// Links of a list.
    const LONGEST: usize = 1 << 16;
    let find = |step: &PathStep| snapshot.find(ObjectId(step.address)).filter(|_| step.address != 0);
    let Some(last) = path.last().and_then(find) else { return };
    let objects: Vec<Option<ObjectIx>> = path.iter().map(find).collect();
    let mut of_path: Vec<ObjectIx> = objects.iter().flatten().copied().collect();
    of_path.sort_unstable();
    let mut above = vec![last];
    let mut walked = 0;
    for dominator in snapshot.dominators().dominators(last) {
        walked += 1;
        if walked > LONGEST {
            return;
        }
        if of_path.binary_search(&dominator).is_ok() {
            above.push(dominator);
        }
    }
    for (step, object) in path.iter_mut().zip(objects) {
        step.bypassed = object.is_some_and(|object| !above.contains(&object));
    }
}
