//! A heap with the sizes of its objects, and which of them roots reach: what can be told before dominators are known.
//!
//! Owns the marks. They come from a walk of their own where something is to be done beside the search for dominators, and from the dominator tree
//! where not. Cost: a bit per object, and another one once somebody asks for what is strongly reachable.

use super::error::SnapshotError;
use super::heap::Heap;
use super::layout::ObjectLayout;
use super::pending::{Marks, Pending};
use super::sizes::ShallowSizes;
use super::totals::ClassCount;
use crate::graph::{DominatorSearch, DominatorTree, GraphError, Reachable, reachable};
use crate::ix::{ClassIx, ObjectIx};
use crate::progress::Progress;
use crate::storage::{BitColumn, Storage, StorageError};
use rayon::prelude::*;
use std::ops::Deref;
use std::sync::OnceLock;

/// A heap that knows the shallow sizes of its objects, and whether they are reachable. A marked heap is a heap: all of [`Heap`]'s methods can be
/// called on it.
#[derive(Debug)]
pub struct MarkedHeap {
    pub(super) heap: Heap,
    pub(super) sizes: ShallowSizes,
    reachable: Reachable,
    /// `None` if that is the same as what is reachable at all.
    strongly: OnceLock<Option<Reachable>>,
    pub(super) class_counts: OnceLock<Vec<ClassCount>>,
    pub(super) storage: Storage,
    pub(super) progress: Progress,
}

impl Deref for MarkedHeap {
    type Target = Heap;

    #[inline]
    fn deref(&self) -> &Heap {
        &self.heap
    }
}

impl MarkedHeap {
    /// Begins the search for dominators, and marks what can be told then.
    pub(super) fn and_search(
        mut heap: Heap,
        sizes: ShallowSizes,
        pending: &Pending,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<(Self, DominatorSearch), GraphError> {
        let begin = |heap: &Heap| -> Result<_, GraphError> {
            let graph = heap.graph();
            let search = DominatorSearch::begin(&graph, softer_slots(heap, storage)?, storage, progress)?;
            let (reachable, strongly) = search.reachable(&graph, storage, progress)?;
            Ok((search, reachable, strongly))
        };
        let (mut search, mut reachable, mut strongly) = begin(&heap)?;
        let marks = Marks { is_reachable: &|object| reachable.contains(object), strongly: strongly.as_ref() };
        if pending.keep(&mut heap, &sizes, &marks, storage)? {
            (search, reachable, strongly) = begin(&heap)?;
        }
        let strongly = strongly.filter(|strongly| strongly.count() < reachable.count());
        let marked = Self::new(heap, sizes, reachable, storage, progress);
        Ok((Self { strongly: strongly.into(), ..marked }, search))
    }

    /// What is reachable has a place in the dominator tree.
    pub(super) fn of_tree(
        heap: Heap,
        sizes: ShallowSizes,
        tree: &DominatorTree,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, StorageError> {
        let reachable = tree.reachable_objects(storage)?;
        Ok(Self::new(heap, sizes, reachable, storage, progress))
    }

    fn new(
        heap: Heap,
        sizes: ShallowSizes,
        reachable: Reachable,
        storage: &Storage,
        progress: &Progress,
    ) -> Self {
        Self {
            heap,
            sizes,
            reachable,
            strongly: OnceLock::new(),
            class_counts: OnceLock::new(),
            storage: storage.clone(),
            progress: progress.clone(),
        }
    }

    /// The heap alone.
    pub fn heap(&self) -> &Heap {
        &self.heap
    }

    /// The shallow size of an object, in bytes.
    #[inline]
    pub fn shallow_bytes(&self, object: ObjectIx) -> u64 {
        self.sizes.bytes(&self.heap, object)
    }

    /// The shallow size of an instance of a class that is no array, in bytes.
    pub fn instance_bytes(&self, class: ClassIx) -> u64 {
        self.sizes.instance_bytes(class)
    }

    /// How objects lay in the memory of the JVM, as far as it could be told.
    pub fn layout(&self) -> &ObjectLayout {
        self.sizes.layout()
    }

    /// Whether some root reaches the object.
    #[inline]
    pub fn is_reachable(&self, object: ObjectIx) -> bool {
        self.reachable.contains(object)
    }

    /// The objects that no root reaches, from all threads. Costs next to nothing where there are few.
    pub fn par_unreachable(&self) -> impl ParallelIterator<Item = ObjectIx> + '_ {
        self.reachable.bits().par_zeros().map(ObjectIx::from_usize)
    }

    /// Whether a class is loaded: the dump describes it, and something reaches its mirror. Array classes that nothing uses and classes that can
    /// be unloaded are in a dump as well.
    pub fn is_loaded(&self, class: ClassIx) -> bool {
        let class = self.heap.classes().get(class);
        class.described && class.mirror.get().is_none_or(|mirror| self.is_reachable(mirror))
    }

    /// How many classes are loaded.
    pub fn loaded_class_count(&self) -> usize {
        self.heap.classes().iter().filter(|&(class, _)| self.is_loaded(class)).count()
    }

    /// How many objects are reachable.
    pub fn reachable_count(&self) -> usize {
        self.reachable.count()
    }

    /// What roots reach without soft references and those to finalizable objects; `None` if that is all that they reach. Found when first asked for.
    ///
    /// # Errors
    /// Memory and scratch space ran out, or cancelled.
    pub fn strongly_reachable(&self) -> Result<Option<&Reachable>, SnapshotError> {
        if let Some(strongly) = self.strongly.get() {
            return Ok(strongly.as_ref());
        }
        let found = match softer_slots(&self.heap, &self.storage)? {
            Some(slots) => Some(reachable(&self.graph(), Some(&slots), &self.storage, &self.progress)?),
            None => None,
        };
        let found = found.filter(|strongly| strongly.count() < self.reachable.count());
        Ok(self.strongly.get_or_init(|| found).as_ref())
    }

    /// Whether other work has room beside the search for dominators, so that nothing goes to scratch files that would not go there otherwise.
    pub(super) fn has_room_beside_dominators(&self) -> bool {
        /// Bytes for each object: 24 for the search, 12 for each array or 8 for each boxed number for the work.
        const BYTES: usize = 24 + 8;
        self.storage.bytes_left() >= (BYTES * self.object_count()) as u64
    }

    /// Marks the slots of soft references and of those to finalizable objects; `None` if there are none.
    ///
    /// # Errors
    /// Memory and scratch space ran out.
    pub fn softer_slots(&self) -> Result<Option<BitColumn>, SnapshotError> {
        Ok(softer_slots(&self.heap, &self.storage)?)
    }

    /// Where more columns may be had.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// To be told of long work on the heap.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }
}

pub(super) fn softer_slots(heap: &Heap, storage: &Storage) -> Result<Option<BitColumn>, GraphError> {
    let slots = [heap.soft_slots(), heap.final_slots()];
    if slots.iter().all(|slots| slots.is_empty()) {
        return Ok(None);
    }
    let mut bits = BitColumn::new(storage, "soft and final slots", heap.references().slot_count())?;
    for &slot in slots.into_iter().flatten() {
        bits.set(slot as usize);
    }
    Ok(Some(bits))
}
