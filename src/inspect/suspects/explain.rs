//! The objects by which rules know a suspect: what its holder refers to, what lies on the way, and some of its instances.
//!
//! Cost: a look at some thousand objects below the place where the memory spreads out.

use crate::hprof::ObjectId;
use crate::ix::{ClassIx, ObjectIx};
use crate::report::PathStep;
use crate::snapshot::Snapshot;
use std::collections::VecDeque;

/// Objects below that are looked at.
const MOST_LOOKED_AT: usize = 5000;
/// Instances that are taken.
const MOST_INSTANCES: usize = 500;

/// `known`, of which the first is what the holder refers to, then what the path passes from there on, then instances of `class` that `container`
/// dominates.
pub(super) fn objects(
    snapshot: &Snapshot,
    class: ClassIx,
    known: &[ObjectIx],
    container: Option<ObjectIx>,
    path: &[PathStep],
) -> Vec<ObjectIx> {
    let mut objects = known.to_vec();
    let on_path = path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
    objects.extend(on_path.skip_while(|object| known.first() != Some(object)));
    let mut queue: VecDeque<ObjectIx> = container.into_iter().collect();
    let mut instances = 0;
    for _ in 0..MOST_LOOKED_AT {
        let Some(object) = queue.pop_front() else { break };
        for &child in snapshot.dominators().children(object) {
            if snapshot.class_of(child) == class {
                // A map may have millions of them directly below.
                if instances < MOST_INSTANCES {
                    objects.push(child);
                    instances += 1;
                }
            } else if queue.len() < MOST_LOOKED_AT {
                queue.push_back(child);
            }
        }
        if instances >= MOST_INSTANCES {
            break;
        }
    }
    // The first of several equal ones stays where it is.
    let mut seen = hashbrown::HashSet::new();
    objects.retain(|&object| seen.insert(object));
    objects
}
