//! Counts and sizes by class.
//!
//! Owns what most commands ask for first. It is small and takes a pass over all objects, so a kept index has it. Cost: one pass for the counts and
//! one walk over the dominator tree for what classes retain, both in parallel; 40 bytes per class.

use super::Snapshot;
use crate::graph::retained_by_group;
use crate::ix::ObjectIx;
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

impl ClassCount {
    /// Adds what there is of another class, or of the same one elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.instances += other.instances;
        self.shallow_bytes += other.shallow_bytes;
        self.unreachable_instances += other.unreachable_instances;
        self.unreachable_bytes += other.unreachable_bytes;
    }
}

impl Snapshot {
    /// Counts and shallow sizes of all classes, by class; counted when first asked for.
    pub fn class_counts(&self) -> &[ClassCount] {
        self.class_counts.get_or_init(|| count(self))
    }

    /// What all reachable instances of each class retain together, each byte counted once, in bytes; computed when first asked for.
    pub fn retained_by_class(&self) -> &[u64] {
        self.retained_by_class.get_or_init(|| {
            retained_by_group(&self.dominators, &self.retained, self.classes().len(), |object| {
                Some(self.class_of(object).index())
            })
        })
    }
}

fn count(snapshot: &Snapshot) -> Vec<ClassCount> {
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
    let sum = counted.reduce_with(|mut a, b| {
        a.iter_mut().zip(&b).for_each(|(a, b)| a.add(b));
        a
    });
    sum.unwrap_or_else(|| vec![ClassCount::default(); classes])
}
