//! Counts and sizes by class.
//!
//! Cost: nothing beyond what the snapshot counts by class.

use crate::ix::ClassIx;
use crate::snapshot::{ClassCount, MarkedHeap};

/// Counts of all classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    by_class: Vec<ClassCount>,
    total: ClassCount,
}

impl Histogram {
    /// Counts everything.
    pub fn of(heap: &MarkedHeap) -> Self {
        let by_class = heap.class_counts().to_vec();
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
