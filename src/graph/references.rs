//! The references of all objects, as a succinct adjacency structure.
//!
//! Owns three columns: the targets of all reference slots in object order, the degrees in unary (for each object one zero
//! bit per slot and then a one bit), and the bit position of every 64th object, with steps to every 16th. Object `o` with `e` slots
//! before it begins at bit `o + e`, so one select from the step before it gives both ends of its slots.
//!
//! Cost: 3 or 4 bytes ([`Width`](super::slots::Width)) and a bit per slot, a quarter byte per object: 6.7 bytes per object at 1.57 references of 4 bytes per
//! object, where offsets of 4 bytes would make it 10.3. Finding an object's slots reads an anchor and the degree bits from there, usually
//! one to three words. Objects with millions of slots make their own group slower, but one look at every object of a group
//! costs no more than 64 times the group's bits, 64 at a time: linear in all.
//! The structure does not know what the slots mean.

use super::shape::{Names, Ranges, Shape};
use super::slots::{SlotColumn, Slots};
use crate::ix::ObjectIx;
use crate::storage::Column;
use rayon::prelude::*;
use std::ops::Range;

/// The target of a slot that refers to no object of the dump.
pub const DANGLING: u32 = u32::MAX;

/// Objects per task of a parallel pass: large enough to hide the cost of a task, small enough to balance.
const OBJECTS_PER_TASK: usize = 1 << 14;

pub(super) const REFERENCES: Names =
    Names { targets: "references", degrees: "reference degrees", anchors: "reference anchors" };

/// References of each object, in the order of its slots.
#[derive(Debug)]
pub struct References {
    targets: SlotColumn,
    shape: Shape,
}

impl References {
    pub(super) fn new(targets: SlotColumn, shape: Shape) -> Self {
        debug_assert_eq!(targets.all().len(), shape.slot_count());
        Self { targets, shape }
    }

    /// Puts together columns that were kept in a file; `None` if they do not fit each other. Reads all of them once.
    pub fn from_columns(
        object_count: usize,
        targets: SlotColumn,
        degrees: Column<u64>,
        anchors: Column<u64>,
    ) -> Option<Self> {
        let shape = Shape::from_columns(object_count, targets.all().len(), degrees, anchors)?;
        let valid = |target: u32| (target as usize) < object_count || target == DANGLING;
        targets.all().par_all(valid).then(|| Self::new(targets, shape))
    }

    /// The columns, to be kept in a file: targets, degree words, anchors.
    pub fn columns(&self) -> (Slots<'_>, &[u64], &[u64]) {
        let (degrees, anchors) = self.shape.columns();
        (self.targets(), degrees, anchors)
    }

    /// What stands in all slots.
    #[inline]
    pub fn targets(&self) -> Slots<'_> {
        self.targets.all()
    }

    /// How many objects there are.
    #[inline]
    pub fn object_count(&self) -> usize {
        self.shape.object_count()
    }

    /// How many slots there are, dangling ones included.
    #[inline]
    pub fn slot_count(&self) -> usize {
        self.shape.slot_count()
    }

    /// Where the slots of `object` stand among all slots.
    #[inline]
    pub fn slot_range(&self, object: ObjectIx) -> Range<usize> {
        self.shape.range(object.index())
    }

    /// Asks the processor for what [`Self::slots`] will need.
    #[inline]
    pub(super) fn prefetch(&self, object: ObjectIx) {
        self.targets().prefetch(self.shape.prefetch(object.index()));
    }

    /// All slots of `object`: numbers of objects, or [`DANGLING`].
    #[inline]
    pub fn slots(&self, object: ObjectIx) -> Slots<'_> {
        self.targets().part(self.slot_range(object))
    }

    /// The objects that `object` refers to, in the order of its slots; an object referred to twice comes twice.
    #[inline]
    pub fn of(&self, object: ObjectIx) -> impl DoubleEndedIterator<Item = ObjectIx> + '_ {
        present(self.slots(object))
    }

    /// The objects that refer to `target`, ascending, each once. Looks at all targets, in parallel; for many objects turn the references around
    /// with [`transpose`](super::transpose()) instead.
    pub fn referrers_of(&self, target: ObjectIx) -> Vec<ObjectIx> {
        let in_task = |objects: Range<usize>| {
            let end = objects.end.checked_sub(1).map_or(0, |last| self.shape.range(last).end);
            let any = self.targets().part(self.shape.begin(objects.start)..end).contains(target.0);
            let objects = if any { objects } else { 0..0 };
            let lists = self.lists(objects).filter(move |(_, slots)| slots.contains(target.0));
            lists.map(|(object, _)| object)
        };
        self.tasks().flat_map_iter(in_task).collect()
    }

    /// What the slots at these positions refer to, each with the object whose slot it is, in the order of the slots; dangling ones are left out. Reads the lists
    /// of the tasks that have any of them, in parallel.
    pub(super) fn with_owners(&self, slots: &[u64]) -> Vec<(ObjectIx, ObjectIx)> {
        let mut wanted: Vec<usize> = slots
            .iter()
            .filter_map(|&slot| usize::try_from(slot).ok())
            .filter(|&slot| slot < self.slot_count())
            .collect();
        wanted.sort_unstable();
        let (wanted, targets) = (&wanted, self.targets());
        let in_task = |objects: Range<usize>| {
            let place = |object: usize| {
                let slot =
                    if object < self.object_count() { self.shape.begin(object) } else { self.slot_count() };
                wanted.partition_point(|&wanted| wanted < slot)
            };
            let mut wanted = wanted[place(objects.start)..place(objects.end)].iter().copied().peekable();
            let mut found = Vec::new();
            for (object, range) in self.shape.ranges(objects) {
                if wanted.peek().is_none() {
                    break;
                }
                while let Some(slot) = wanted.next_if(|&slot| slot < range.end) {
                    found.extend(targets.get(slot).map(|target| (ObjectIx::from_usize(object), target)));
                }
            }
            found
        };
        let all = self.tasks().flat_map_iter(in_task).filter(|&(_, target)| target != DANGLING);
        all.map(|(owner, target)| (owner, ObjectIx(target))).collect()
    }

    /// The objects of a range with their slots, in order: faster than asking for each object.
    pub fn lists(&self, objects: Range<usize>) -> Lists<'_> {
        Lists { targets: self.targets(), ranges: self.shape.ranges(objects) }
    }

    /// The objects of a range with where their slots stand, in order.
    pub(super) fn ranges(
        &self,
        objects: Range<usize>,
    ) -> impl Iterator<Item = (ObjectIx, Range<usize>)> + '_ {
        self.shape.ranges(objects).map(|(object, range)| (ObjectIx::from_usize(object), range))
    }

    /// Ranges of objects for the tasks of a parallel pass.
    pub(super) fn tasks(&self) -> impl IndexedParallelIterator<Item = Range<usize>> + use<> {
        tasks(self.object_count())
    }
}

/// Ranges of `0..count` for the tasks of a parallel pass. They begin at multiples of 64, so tasks share no bitmap word.
pub(super) fn tasks(count: usize) -> impl IndexedParallelIterator<Item = Range<usize>> {
    (0..count.div_ceil(OBJECTS_PER_TASK))
        .into_par_iter()
        .map(move |task| task * OBJECTS_PER_TASK..((task + 1) * OBJECTS_PER_TASK).min(count))
}

/// Where the ranges of [`tasks`] begin.
pub(super) fn task_starts(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(OBJECTS_PER_TASK)
}

/// The objects in `slots`, without the dangling ones.
#[inline]
pub(super) fn present(slots: Slots<'_>) -> impl DoubleEndedIterator<Item = ObjectIx> + '_ {
    slots.iter().filter(|&target| target != DANGLING).map(ObjectIx)
}

/// Iterator over objects and their slots; see [`References::lists`].
pub struct Lists<'a> {
    targets: Slots<'a>,
    ranges: Ranges<'a>,
}

impl<'a> Iterator for Lists<'a> {
    type Item = (ObjectIx, Slots<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (object, range) = self.ranges.next()?;
        Some((ObjectIx::from_usize(object), self.targets.part(range)))
    }
}
