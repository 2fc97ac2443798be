//! Referrers: the references turned around.
//!
//! Owns a parallel counting sort: count the members of each list, lay the lists out, fill them through atomic cursors, then sort
//! each list, so that the result does not depend on the order in which threads came by. Cost: 4 bytes per object while it
//! works, and two random accesses per slot. Extra and hub edges are *not* included: they are few, or implicit.

use super::error::GraphError;
use super::references::{References, present};
use super::shape::{Names, Shape};
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, atomic_u32, atomic_u64, split_mut};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

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
    next_by_list: Places,
    members: Column<u32>,
    shape: Shape,
}

/// Where the next member of each list goes. Kept apart from the shape: a select costs more where a list of millions is near.
enum Places {
    Narrow(Column<u32>),
    Wide(Column<u64>),
}

impl ListSorter {
    /// Lists of the lengths in `count_by_list`.
    pub(super) fn new(
        mut count_by_list: Column<u32>,
        names: Names,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let shape = Shape::from_counts(&count_by_list, names, storage, progress)?;
        let members = storage.column(names.targets, shape.slot_count(), Access::Random)?;
        let list_count = count_by_list.len();
        let starts: Vec<usize> = super::references::task_starts(list_count).collect();
        let next_by_list = if u32::try_from(shape.slot_count()).is_ok() {
            split_mut(&mut count_by_list, &starts).into_par_iter().zip(&starts).for_each(
                |(counts, &list)| {
                    let mut next = shape.begin(list) as u32;
                    counts.iter_mut().for_each(|count| next += std::mem::replace(count, next));
                },
            );
            Places::Narrow(count_by_list)
        } else {
            let mut places = storage.column::<u64>("places in lists", list_count, Access::Random)?;
            split_mut(&mut places, &starts).into_par_iter().zip(&starts).for_each(|(places, &list)| {
                let mut next = shape.begin(list) as u64;
                for (place, &count) in places.iter_mut().zip(&count_by_list[list..]) {
                    *place = next;
                    next += u64::from(count);
                }
            });
            Places::Wide(places)
        };
        Ok(Self { next_by_list, members, shape })
    }

    /// The lists, to be filled from any thread.
    pub(super) fn lists(&mut self) -> ListsToFill<'_> {
        ListsToFill {
            next_by_list: match &mut self.next_by_list {
                Places::Narrow(places) => PlacesToTake::Narrow(atomic_u32(places)),
                Places::Wide(places) => PlacesToTake::Wide(atomic_u64(places)),
            },
            members: atomic_u32(&mut self.members),
        }
    }

    /// The filled lists, each sorted.
    pub(super) fn finish(self, progress: &Progress) -> Result<References, GraphError> {
        let Self { next_by_list, mut members, shape } = self;
        drop(next_by_list);
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
        Ok(References::new(members.into(), shape))
    }
}

/// See [`ListSorter::lists`].
pub(super) struct ListsToFill<'a> {
    next_by_list: PlacesToTake<'a>,
    members: &'a [AtomicU32],
}

enum PlacesToTake<'a> {
    Narrow(&'a [AtomicU32]),
    Wide(&'a [AtomicU64]),
}

impl ListsToFill<'_> {
    /// One more member of a list.
    #[inline]
    pub(super) fn put(&self, list: usize, member: u32) {
        let place = match &self.next_by_list {
            PlacesToTake::Narrow(places) => places[list].fetch_add(1, Ordering::Relaxed) as usize,
            PlacesToTake::Wide(places) => places[list].fetch_add(1, Ordering::Relaxed) as usize,
        };
        self.members[place].store(member, Ordering::Relaxed);
    }

    /// Asks the processor for what [`Self::put`] will need.
    #[inline]
    pub(super) fn prefetch(&self, list: usize) {
        match &self.next_by_list {
            PlacesToTake::Narrow(places) => prefetch(places, list),
            PlacesToTake::Wide(places) => prefetch(places, list),
        }
    }
}

fn sort_list(list: &mut [u32]) {
    if list.len() > 1 << 20 {
        list.par_sort_unstable();
    } else if list.len() > 1 {
        list.sort_unstable();
    }
}
