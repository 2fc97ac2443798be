//! Counts and sizes by class.
//!
//! Cost: one pass over all objects, in parallel. Retained sizes by class are a walk over the dominator tree of their own.

use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::Snapshot;
use rayon::prelude::*;

/// What there is of one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClassCount {
    /// Reachable instances.
    pub instances: u64,
    /// Their shallow sizes together.
    pub shallow_bytes: u64,
    /// Instances that no root reaches.
    pub unreachable_instances: u64,
    /// Their shallow sizes together.
    pub unreachable_bytes: u64,
}

/// Counts of all classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    by_class: Vec<ClassCount>,
    total: ClassCount,
}

impl Histogram {
    /// Counts everything.
    pub fn of(snapshot: &Snapshot) -> Self {
        let classes = snapshot.classes().len();
        let objects = snapshot.object_count();
        let chunk = (objects / (8 * rayon::current_num_threads())).max(1 << 16);
        let counted = (0..objects.div_ceil(chunk)).into_par_iter().map(|at| {
            let mut counts = vec![ClassCount::default(); classes];
            for object in (at * chunk..((at + 1) * chunk).min(objects)).map(ObjectIx::from_usize) {
                let count = &mut counts[snapshot.class_of(object).index()];
                let bytes = snapshot.shallow_bytes(object);
                if snapshot.is_reachable(object) {
                    count.instances += 1;
                    count.shallow_bytes += bytes;
                } else {
                    count.unreachable_instances += 1;
                    count.unreachable_bytes += bytes;
                }
            }
            counts
        });
        let by_class = counted
            .reduce_with(|mut a, b| {
                a.iter_mut().zip(&b).for_each(|(a, b)| a.add(b));
                a
            })
            .unwrap_or_else(|| vec![ClassCount::default(); classes]);
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

impl ClassCount {
    fn add(&mut self, other: &Self) {
        self.instances += other.instances;
        self.shallow_bytes += other.shallow_bytes;
        self.unreachable_instances += other.unreachable_instances;
        self.unreachable_bytes += other.unreachable_bytes;
    }
}

/// What all reachable instances of each class retain together: the sum over those that no other instance of the class dominates.
pub fn retained_by_class(snapshot: &Snapshot) -> Vec<u64> {
    retained_by_group(snapshot, snapshot.classes().len(), |object| Some(snapshot.class_of(object).index()))
}

/// What all members of each group retain together, each byte counted once: the sum over those members that no other member
/// of the same group dominates. One walk over the dominator tree.
pub fn retained_by_group(
    snapshot: &Snapshot,
    groups: usize,
    group_of: impl Fn(ObjectIx) -> Option<usize>,
) -> Vec<u64> {
    let tree = snapshot.dominators();
    let mut retained = vec![0; groups];
    // How many members of each group the walk is below of.
    let mut open = vec![0u32; groups];
    let mut stack: Vec<(&[ObjectIx], Option<usize>)> = vec![(tree.root_children(), None)];
    while let Some((children, group)) = stack.last_mut() {
        let Some((&object, rest)) = children.split_first() else {
            if let Some(group) = *group {
                open[group] -= 1;
            }
            stack.pop();
            continue;
        };
        *children = rest;
        let group = group_of(object);
        if let Some(group) = group
            && open[group] == 0
        {
            retained[group] += snapshot.retained_bytes(object);
        }
        let below = tree.children(object);
        if !below.is_empty() {
            if let Some(group) = group {
                open[group] += 1;
            }
            stack.push((below, group));
        }
    }
    retained
}
