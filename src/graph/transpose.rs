//! Referrers: the references turned around.
//!
//! Owns a parallel counting sort: count the members of each list, lay the lists out, fill them through atomic cursors, then sort
//! each list, so that the result does not depend on the order in which threads came by. Cost: 4 bytes per object while it
//! works, and two random accesses per slot. Extra and hub edges are *not* included: they are few, or implicit.

use super::error::GraphError;
use super::references::{References, present};
use super::shape::{Names, Shape};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, atomic_u32, split_mut};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

const REFERRERS: Names =
    Names { targets: "referrers", degrees: "referrer degrees", anchors: "referrer anchors" };

/// For each object, which objects refer to it: ascending, once per slot that does. With `keep`, only references *from* objects
/// whose bit is set are turned around (as from the reachable ones). Extra and hub edges are not included.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn transpose(
    references: &References,
    keep: Option<&BitColumn>,
    storage: &Storage,
    progress: &Progress,
) -> Result<References, GraphError> {
    let object_count = references.object_count();
    let kept = |object: ObjectIx| keep.is_none_or(|keep| keep.get(object.index()));
    let mut count_by_object = storage.column::<u32>("referrer counts", object_count, Access::Random)?;
    let counts = atomic_u32(&mut count_by_object);
    let phase = progress.phase("count referrers", Unit::Objects, object_count as u64);
    references.tasks().try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        for (_, slots) in references.lists(objects).filter(|&(object, _)| kept(object)) {
            for target in present(slots) {
                counts[target.index()].fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok::<_, GraphError>(())
    })?;
    drop(phase);

    let mut sorter = ListSorter::new(count_by_object, REFERRERS, storage, progress)?;
    let phase = progress.phase("turn references around", Unit::Objects, object_count as u64);
    let lists = sorter.lists();
    references.tasks().try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        for (source, slots) in references.lists(objects).filter(|&(object, _)| kept(object)) {
            for target in present(slots) {
                lists.put(target.index(), source.0);
            }
        }
        Ok::<_, GraphError>(())
    })?;
    drop(phase);
    sorter.finish(progress)
}

/// Sorts numbers into lists whose lengths are known, from many threads.
pub(super) struct ListSorter {
    /// How many members each list still lacks. Less than 2^32: a longer list would come from 16 GB of slots that all hold the
    /// same object.
    left_by_list: Column<u32>,
    members: Column<u32>,
    shape: Shape,
}

impl ListSorter {
    /// Lists of the lengths in `count_by_list`.
    pub(super) fn new(
        count_by_list: Column<u32>,
        names: Names,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let shape = Shape::from_counts(&count_by_list, names, storage, progress)?;
        let members = storage.column(names.targets, shape.slot_count(), Access::Random)?;
        Ok(Self { left_by_list: count_by_list, members, shape })
    }

    /// The lists, to be filled from any thread.
    pub(super) fn lists(&mut self) -> ListsToFill<'_> {
        ListsToFill {
            left_by_list: atomic_u32(&mut self.left_by_list),
            members: atomic_u32(&mut self.members),
            shape: &self.shape,
        }
    }

    /// The filled lists, each sorted.
    pub(super) fn finish(self, progress: &Progress) -> Result<References, GraphError> {
        let Self { left_by_list, mut members, shape } = self;
        debug_assert!(left_by_list.iter().all(|&left| left == 0), "every list is full");
        drop(left_by_list);
        let list_count = shape.object_count();
        let starts: Vec<usize> =
            super::references::task_starts(list_count).map(|start| shape.begin(start)).collect();
        split_mut(&mut members, &starts)
            .into_par_iter()
            .zip(super::references::tasks(list_count))
            .try_for_each(|(members, lists)| {
                progress.check()?;
                let first = shape.begin(lists.start);
                for (_, range) in shape.ranges(lists) {
                    sort_list(&mut members[range.start - first..range.end - first]);
                }
                Ok::<_, GraphError>(())
            })?;
        Ok(References::new(members, shape))
    }
}

/// See [`ListSorter::lists`].
pub(super) struct ListsToFill<'a> {
    left_by_list: &'a [AtomicU32],
    members: &'a [AtomicU32],
    shape: &'a Shape,
}

impl ListsToFill<'_> {
    /// One more member of a list.
    #[inline]
    pub(super) fn put(&self, list: usize, member: u32) {
        let left = self.left_by_list[list].fetch_sub(1, Ordering::Relaxed);
        self.members[self.shape.begin(list) + left as usize - 1].store(member, Ordering::Relaxed);
    }
}

fn sort_list(list: &mut [u32]) {
    if list.len() > 1 << 20 {
        list.par_sort_unstable();
    } else if list.len() > 1 {
        list.sort_unstable();
    }
}
