//! Counts and sizes by class, loader and package.
//!
//! Owns what most commands ask for first. It is small and takes a pass over all objects, so a kept index has it. Cost: one pass for the counts and
//! one walk over the dominator tree for what groups retain, both in parallel; some 60 bytes per class.

use super::Snapshot;
use super::classes::Classes;
use super::marked::MarkedHeap;
use crate::graph::{NO_GROUP, retained_by_group};
use crate::ix::{ClassIx, ObjectIx};
use hashbrown::HashMap;
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

impl MarkedHeap {
    /// Counts and shallow sizes of all classes, by class; counted when first asked for.
    pub fn class_counts(&self) -> &[ClassCount] {
        self.class_counts.get_or_init(|| count(self))
    }
}

impl Snapshot {
    /// What the instances of classes, of the classes of loaders, and of packages retain together; computed when first asked for.
    pub fn group_retained(&self) -> &GroupRetained {
        self.group_retained.get_or_init(|| {
            let groups = Groups::new(self.classes());
            let groups_of = |object| groups.by_class[self.class_of(object).index()];
            let ask_for = |object| self.prefetch_class(object);
            let retained =
                retained_by_group(&self.dominators, &self.retained, groups.count, groups_of, ask_for);
            GroupRetained { groups, retained }
        })
    }
}

/// What the members of each group retain together, each byte counted once: the sum over those members that no other member of the group
/// dominates. In bytes.
#[derive(Debug, Clone)]
pub struct GroupRetained {
    groups: Groups,
    /// By class, then by loader and package in the order of [`Groups`].
    retained: Vec<u64>,
}

impl GroupRetained {
    /// What all reachable instances of a class retain.
    pub fn of_class(&self, class: ClassIx) -> u64 {
        self.retained[class.index()]
    }

    /// What all reachable instances of the classes retain that a loader has defined; `None` is the boot loader.
    pub fn of_loader(&self, loader: Option<ObjectIx>) -> u64 {
        self.groups.by_loader.get(&loader).map_or(0, |&group| self.retained[group as usize])
    }

    /// What all reachable instances of the classes of a package retain.
    pub fn of_package(&self, package: &str) -> u64 {
        self.groups.by_package.get(package).map_or(0, |&group| self.retained[group as usize])
    }

    /// The numbers to keep.
    pub(super) fn numbers(&self) -> &[u64] {
        &self.retained
    }

    /// What was kept; `None` if there are not as many numbers as there are groups.
    pub(super) fn restore(classes: &Classes, retained: Vec<u64>) -> Option<Self> {
        let groups = Groups::new(classes);
        (groups.count == retained.len()).then_some(Self { groups, retained })
    }
}

/// The groups that the instances of each class belong to: the class, its loader, its package.
#[derive(Debug, Clone)]
struct Groups {
    by_class: Vec<[u32; 3]>,
    by_loader: HashMap<Option<ObjectIx>, u32>,
    by_package: HashMap<String, u32>,
    count: usize,
}

impl Groups {
    fn new(classes: &Classes) -> Self {
        let mut by_loader: HashMap<Option<ObjectIx>, u32> = HashMap::new();
        let mut by_package: HashMap<String, u32> = HashMap::new();
        let mut count = classes.len() as u32;
        let mut next = || {
            count += 1;
            count - 1
        };
        let mut by_class = Vec::with_capacity(classes.len());
        for (class, described) in classes.iter() {
            let loader = described.loader.get();
            // The loader of some classes is not in the dump.
            let has_loader = loader.is_some() || described.loader_id.is_null();
            let of_loader =
                if has_loader { *by_loader.entry(loader).or_insert_with(&mut next) } else { NO_GROUP };
            let of_package = *by_package.entry_ref(described.package()).or_insert_with(&mut next);
            by_class.push([class.0, of_loader, of_package]);
        }
        Self { by_class, by_loader, by_package, count: count as usize }
    }
}

fn count(heap: &MarkedHeap) -> Vec<ClassCount> {
    let classes = heap.classes().len();
    let objects = heap.object_count();
    let chunk = (objects / (8 * rayon::current_num_threads())).max(1 << 16);
    let counted = (0..objects.div_ceil(chunk)).into_par_iter().map(|at| {
        let mut counts = vec![ClassCount::default(); classes];
        for object in (at * chunk..((at + 1) * chunk).min(objects)).map(ObjectIx::from_usize) {
            let count = &mut counts[heap.class_of(object).index()];
            let bytes = heap.shallow_bytes(object);
            if heap.is_reachable(object) {
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
