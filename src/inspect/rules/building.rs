//! What a running call of a library is still building: the nodes of a document that is being parsed.
//!
//! Owns the meaning of `built-by`. Such objects look like ones that somebody keeps, since variables of the call lead to parts of them as well, and nobody does.
//! Cost: the frames of all threads; if one is at it, a look at the dominators of each object in question.

use super::rule::Rule;
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

/// How far above an object its thread is looked for.
const STEPS: usize = 1 << 12;

impl Rule {
    /// Takes out of `objects` those that only a thread leads to which is in a method of the classes that build them.
    pub(super) fn leave_out_what_is_built(&self, snapshot: &Snapshot, objects: &mut Vec<ObjectIx>) {
        let builders = self.builders(snapshot);
        if !builders.is_empty() {
            let tree = snapshot.dominators();
            let is_built =
                |object: ObjectIx| tree.dominators(object).take(STEPS).any(|above| builders.contains(&above));
            objects.retain(|&object| !is_built(object));
        }
    }

    /// The threads that are at it.
    fn builders(&self, snapshot: &Snapshot) -> Vec<ObjectIx> {
        if self.built_by.is_empty() {
            return Vec::new();
        }
        let builds = |class: &str| self.built_by.iter().any(|pattern| pattern.matches(class));
        let threads = snapshot.threads().iter();
        let at_it = threads.filter(|thread| thread.frames.iter().any(|frame| builds(&frame.class)));
        at_it.map(|thread| thread.object).collect()
    }
}
