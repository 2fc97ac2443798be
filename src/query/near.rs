//! Walks of bounded length along references.
//!
//! Cost: what the objects on the way refer to.

use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;
use hashbrown::HashSet;
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// References from the first objects on.
    pub steps: usize,
    /// Objects that are visited.
    pub objects: usize,
}

/// Visits objects and what they lead to, the nearest first, until `take` breaks off. What classes and those objects refer to for which `leads_on` does not
/// hold is not visited.
pub fn visit_near(
    snapshot: &Snapshot,
    from: impl IntoIterator<Item = ObjectIx>,
    reach: Reach,
    leads_on: impl Fn(ObjectIx) -> bool,
    mut take: impl FnMut(ObjectIx) -> ControlFlow<()>,
) {
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    let mut open: VecDeque<(ObjectIx, usize)> =
        from.into_iter().filter(|&object| seen.insert(object)).map(|object| (object, 0)).collect();
    while let Some((object, steps)) = open.pop_front() {
        if take(object).is_break() {
            return;
        }
        if steps == reach.steps || snapshot.mirrored_class(object).is_some() || !leads_on(object) {
            continue;
        }
        for next in snapshot.references().of(object) {
            if seen.len() < reach.objects && seen.insert(next) {
                open.push_back((next, steps + 1));
            }
        }
    }
}
