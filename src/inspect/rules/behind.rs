//! What only waits for another one that is counted as well: the futures that stages make of a future.
//!
//! Owns the meaning of `behind`. Each of the first ones is a request, each of the others a step of its answer. Cost: a pass over the objects that have the field, where there are more
//! instances than are expected.

use super::rule::Rule;
use crate::ix::ObjectIx;
use crate::query::instances_of;
use crate::snapshot::{Snapshot, SnapshotError};

impl Rule {
    /// Takes out of `objects` those that the field refers to, unless what is left would be no finding: many behind a few are a matter of their own.
    ///
    /// # Errors
    /// Cancelled.
    pub(super) fn leave_out_what_is_behind(
        &self,
        snapshot: &Snapshot,
        objects: &mut Vec<ObjectIx>,
    ) -> Result<(), SnapshotError> {
        let Some((class, field)) = self.behind.as_ref().filter(|_| objects.len() as u64 > self.expected)
        else {
            return Ok(());
        };
        let having = instances_of(snapshot, &snapshot.classes().sub_classes_of(class))?;
        let reachable = having.into_iter().filter(|&object| snapshot.is_reachable(object));
        let mut behind: Vec<ObjectIx> =
            reachable.filter_map(|object| snapshot.follow(object, field)).collect();
        behind.sort_unstable();
        let is_first = |object: &ObjectIx| behind.binary_search(object).is_err();
        if objects.iter().filter(|object| is_first(object)).count() as u64 > self.expected {
            objects.retain(is_first);
        }
        Ok(())
    }
}
