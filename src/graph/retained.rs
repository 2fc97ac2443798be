//! Retained sizes: for each object the bytes of all objects that it dominates, itself included.
//!
//! Owns one column of sizes, in units as large as all sizes allow (8 bytes on HotSpot), two bytes each and the few that do not fit apart ([`ShortSizes`]). Computed bottom-up in parallel: an object is summed up by whichever thread finishes the last of its children that have
//! children themselves. Cost: 2 bytes per object (4 or 8 where many retain much), and 9/8 bytes per object while it works. Linear, also for deep trees.

mod short;

pub use short::ShortSizes;

use super::error::GraphError;
use super::references::tasks;
use super::tree::{Dominator, DominatorTree};
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, atomic_u8, atomic_u32, atomic_u64};
use rayon::prelude::*;
use short::ShortCells;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

/// Sizes are first tried in units of two to this power, 8 bytes: the alignment of objects in most JVMs.
const USUAL_SHIFT: u32 = 3;

/// What each object retains.
#[derive(Debug)]
pub struct RetainedSizes {
    sizes: RetainedColumn,
    /// Sizes are multiples of two to this power.
    shift: u32,
}

/// Retained sizes by object, in units that all sizes are a multiple of.
#[derive(Debug)]
pub enum RetainedColumn {
    /// Few objects have 2^16 units or more.
    Short(ShortSizes),
    /// Many have, but the whole heap has fewer than 2^32.
    Narrow(Column<u32>),
    /// It has more.
    Wide(Column<u64>),
}

impl RetainedColumn {
    /// How many objects there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Short(sizes) => sizes.len(),
            Self::Narrow(column) => column.len(),
            Self::Wide(column) => column.len(),
        }
    }

    /// Whether there are no objects.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

const RETAINED: &str = "retained sizes";

impl RetainedSizes {
    /// Retained sizes in `tree` where each object alone has `shallow_bytes`. That is asked once per object, from many threads; again where
    /// sizes are no multiples of 8, or many objects retain 512 KiB and more.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn compute(
        tree: &DominatorTree,
        shallow_bytes: impl Fn(ObjectIx) -> u64 + Sync,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let object_count = tree.object_count();
        let phase = progress.phase("retained sizes", Unit::Objects, 3 * object_count as u64);
        let mut units = storage.column::<u16>(RETAINED, object_count, Access::Random)?;
        let mut cells = ShortCells::new(&mut units);
        // Nearly every heap fits into units of 8 bytes, so that one look at each object is enough.
        let mut shift = USUAL_SHIFT;
        let (total_bytes, all_bits) = fill(&cells, tree, &shallow_bytes, shift, &phase)?;
        let real_shift = if all_bits == 0 { 0 } else { all_bits.trailing_zeros() };
        if real_shift < shift {
            shift = real_shift;
            cells.clear();
            fill(&cells, tree, &shallow_bytes, shift, &phase)?;
        }
        if !cells.is_given_up() {
            Climb::new(tree, storage, &phase)?.run(&cells, &phase)?;
        }
        if !cells.is_given_up() {
            let large = cells.into_large();
            return Ok(Self { sizes: RetainedColumn::Short(short::finish(units, &large, storage)?), shift });
        }
        drop(cells);
        drop(units);
        shift = real_shift;
        let sizes = if total_bytes >> shift <= u64::from(u32::MAX) {
            let mut sizes = storage.column::<u32>(RETAINED, object_count, Access::Random)?;
            let cells = atomic_u32(&mut sizes);
            fill(&cells, tree, &shallow_bytes, shift, &phase)?;
            Climb::new(tree, storage, &phase)?.run(&cells, &phase)?;
            RetainedColumn::Narrow(sizes)
        } else {
            let mut sizes = storage.column::<u64>(RETAINED, object_count, Access::Random)?;
            let cells = atomic_u64(&mut sizes);
            fill(&cells, tree, &shallow_bytes, shift, &phase)?;
            Climb::new(tree, storage, &phase)?.run(&cells, &phase)?;
            RetainedColumn::Wide(sizes)
        };
        Ok(Self { sizes, shift })
    }

    /// Puts together a column that was kept in a file; `None` if there is no such unit.
    pub fn from_column(column: RetainedColumn, shift: u32) -> Option<Self> {
        (shift < u64::BITS).then_some(Self { sizes: column, shift })
    }

    /// The column, to be kept in a file, and log2 of its unit.
    pub fn column(&self) -> (&RetainedColumn, u32) {
        (&self.sizes, self.shift)
    }

    /// What `object` retains, itself included, in bytes; 0 for an unreachable object.
    #[inline]
    pub fn bytes(&self, object: ObjectIx) -> u64 {
        let units = match &self.sizes {
            RetainedColumn::Short(sizes) => sizes.units(object.0),
            RetainedColumn::Narrow(sizes) => u64::from(sizes[object.index()]),
            RetainedColumn::Wide(sizes) => sizes[object.index()],
        };
        units << self.shift
    }

    /// Asks the processor for what [`Self::bytes`] will need.
    #[inline]
    pub(super) fn prefetch(&self, object: ObjectIx) {
        match &self.sizes {
            RetainedColumn::Short(sizes) => prefetch(sizes.column(), object.index()),
            RetainedColumn::Narrow(sizes) => prefetch(sizes, object.index()),
            RetainedColumn::Wide(sizes) => prefetch(sizes, object.index()),
        }
    }
}

/// Sizes that one thread writes and another reads later; the counters of [`Climb`] order the two.
trait Cells: Sync {
    fn len(&self) -> usize;
    fn get(&self, at: usize) -> u64;
    fn put(&self, at: usize, units: u64);
}

impl Cells for &[AtomicU32] {
    fn len(&self) -> usize {
        (**self).len()
    }
    #[inline]
    fn get(&self, at: usize) -> u64 {
        u64::from(self[at].load(Ordering::Relaxed))
    }
    #[inline]
    fn put(&self, at: usize, units: u64) {
        // The sum over all objects fits, so each part of it does.
        self[at].store(units as u32, Ordering::Relaxed);
    }
}

impl Cells for &[AtomicU64] {
    fn len(&self) -> usize {
        (**self).len()
    }
    #[inline]
    fn get(&self, at: usize) -> u64 {
        self[at].load(Ordering::Relaxed)
    }
    #[inline]
    fn put(&self, at: usize, units: u64) {
        self[at].store(units, Ordering::Relaxed);
    }
}

/// Writes the size of each reachable object alone, in units. Tells the sum of all sizes and which bits are set in any of them.
fn fill(
    cells: &impl Cells,
    tree: &DominatorTree,
    shallow_bytes: impl Fn(ObjectIx) -> u64 + Sync,
    shift: u32,
    phase: &Phase<'_>,
) -> Result<(u64, u64), GraphError> {
    tasks(cells.len())
        .map(|objects| {
            phase.advance(objects.len() as u64)?;
            let mut all = (0u64, 0u64);
            for object in objects.map(ObjectIx::from_usize).filter(|&object| tree.is_reachable(object)) {
                let bytes = shallow_bytes(object);
                cells.put(object.index(), bytes >> shift);
                all = (all.0.saturating_add(bytes), all.1 | bytes);
            }
            Ok(all)
        })
        .try_reduce(|| (0, 0), |a, b| Ok((a.0.saturating_add(b.0), a.1 | b.1)))
}

/// A bottom-up walk of the tree from many threads.
struct Climb<'a> {
    tree: &'a DominatorTree,
    /// The objects that have children of which none has children: where the walk begins.
    lowest: BitColumn,
    /// How many of an object's children have children themselves and are not yet done; [`MANY`] means: see `many`.
    pending_by_object: Column<u8>,
    /// Ascending.
    many: Vec<(u32, AtomicU32)>,
}

const MANY: u8 = u8::MAX;

impl<'a> Climb<'a> {
    fn new(tree: &'a DominatorTree, storage: &Storage, phase: &Phase<'_>) -> Result<Self, GraphError> {
        let object_count = tree.object_count();
        let mut lowest = BitColumn::new(storage, "lowest inner nodes", object_count)?;
        let words = lowest.atomic_words();
        let mut pending_by_object = storage.column::<u8>("pending children", object_count, Access::Random)?;
        let pending = atomic_u8(&mut pending_by_object);
        let many = tasks(object_count).map(|objects| {
            phase.advance(objects.len() as u64)?;
            let mut many = Vec::new();
            for (object, children) in tree.child_lists(objects) {
                let count = children.iter().filter(|&&child| tree.has_children(child)).count();
                let small = u8::try_from(count).unwrap_or(MANY);
                pending[object.index()].store(small, Ordering::Relaxed);
                if small == MANY {
                    many.push((object.0, AtomicU32::new(count as u32)));
                } else if small == 0 && !children.is_empty() {
                    words[object.index() / 64].fetch_or(1 << (object.0 % 64), Ordering::Relaxed);
                }
            }
            Ok::<_, GraphError>(many)
        });
        let many = many.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        Ok(Self { tree, lowest, pending_by_object, many })
    }

    /// Adds to each object what its children retain.
    fn run(mut self, cells: &impl Cells, phase: &Phase<'_>) -> Result<(), GraphError> {
        let mut pending_by_object = std::mem::take(&mut self.pending_by_object);
        let pending = atomic_u8(&mut pending_by_object);
        tasks(self.tree.object_count()).try_for_each(|objects| {
            phase.advance(objects.len() as u64)?;
            let mut steps = 0;
            for mut object in objects.filter(|&object| self.lowest.get(object)).map(ObjectIx::from_usize) {
                loop {
                    let children = self.tree.children(object);
                    let of_children: u64 = children.iter().map(|child| cells.get(child.index())).sum();
                    cells.put(object.index(), cells.get(object.index()) + of_children);
                    steps += children.len();
                    if steps > 1 << 16 {
                        steps = 0;
                        phase.advance(0)?;
                    }
                    match self.tree.immediate_dominator(object) {
                        Dominator::Object(above) if self.was_last(above, pending) => object = above,
                        _ => break,
                    }
                }
            }
            Ok::<_, GraphError>(())
        })
    }

    /// Tells `above` that one of its inner children is done, and whether it was the last of them. Whoever gets `true` sees
    /// the sizes of all those children.
    #[inline]
    fn was_last(&self, above: ObjectIx, pending: &[AtomicU8]) -> bool {
        if pending[above.index()].load(Ordering::Relaxed) != MANY {
            return pending[above.index()].fetch_sub(1, Ordering::AcqRel) == 1;
        }
        let at = self.many.binary_search_by_key(&above.0, |entry| entry.0);
        let at = at.expect("every object with many inner children is in the list");
        self.many[at].1.fetch_sub(1, Ordering::AcqRel) == 1
    }
}
