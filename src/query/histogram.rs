//! Counts and sizes by class.
//!
//! Cost: what the snapshot counts by class; retained sizes of other groups are a walk over the dominator tree of their own.

use crate::graph;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{ClassCount, Snapshot};

/// Counts of all classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    by_class: Vec<ClassCount>,
    total: ClassCount,
}

impl Histogram {
    /// Counts everything.
    pub fn of(snapshot: &Snapshot) -> Self {
        let by_class = snapshot.class_counts().to_vec();
        let mut total = ClassCount::default();
        by_class.iter().for_each(|count| total.add(count));
        Self { by_class, total }
    }

    /// The counts of a class.
    pub fn of_class(&self, class: ClassIx) -> &ClassCount {
        &self.by_class[class.index()]
    }

    /// All classes of which there is anything.
    pub fn iter(&self) -> impl Iterator<Item = (ClassIx, &ClassCount)> {
        let numbered = self.by_class.iter().enumerate().map(|(at, count)| (ClassIx::from_usize(at), count));
        numbered.filter(|(_, count)| count.instances + count.unreachable_instances > 0)
    }

    /// Everything together.
    pub fn total(&self) -> &ClassCount {
        &self.total
    }
}

/// What all members of each group retain together, each byte counted once: the sum over those members that no other member
/// of the same group dominates.
pub fn retained_by_group(
    snapshot: &Snapshot,
    groups: usize,
    group_of: impl Fn(ObjectIx) -> Option<usize> + Sync,
) -> Vec<u64> {
    graph::retained_by_group(snapshot.dominators(), snapshot.retained_sizes(), groups, group_of)
}
