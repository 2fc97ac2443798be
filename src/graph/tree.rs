//! The dominator tree of the reachable objects.
//!
//! Owns the dominator of each object (4 bytes) and, turned around, each object's children (4 bytes per reachable object and
//! 3/8 of a byte for their bounds). Object `d` dominates `o` if every path from a root to `o` passes `d`: what `d` retains is its
//! subtree. The tree's own root is no object; it stands for all roots together. Knows nothing of how the dominators were found.

use super::error::GraphError;
use super::reachable::Reachable;
use super::references::{References, tasks};
use super::shape::Names;
use super::slots::{SlotColumn, Slots};
use super::transpose::ListSorter;
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, StorageError, atomic_u32};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// In a dominator column: not reachable from any root.
pub(super) const UNREACHABLE: u32 = u32::MAX;
/// In a dominator column: dominated by no single object, only by the roots together.
pub(super) const ROOT: u32 = u32::MAX - 1;

/// The name of the column of objects that dominate others, for `--verbose`.
pub const INNER_NODES: &str = "inner nodes";
/// The same for those that one object refers to.
pub(super) const HELD_ONCE: &str = "objects held once";
/// The name of the column of dominators.
pub(super) const DOMINATORS: &str = "dominators";

/// How far ahead of its use an entry is asked for.
const AHEAD: usize = 16;

const CHILDREN: Names = Names {
    targets: "dominator tree children",
    degrees: "dominator tree degrees",
    anchors: "dominator tree anchors",
};

/// The immediate dominator of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dominator {
    /// The object is a root, or several roots hold it and nothing else is on all paths.
    Root,
    /// That object is on every path from any root, and no other one is nearer.
    Object(ObjectIx),
    /// No root reaches the object.
    Unreachable,
}

impl Dominator {
    #[inline]
    pub(super) fn from_word(word: u32) -> Self {
        match word {
            UNREACHABLE => Self::Unreachable,
            ROOT => Self::Root,
            object => Self::Object(ObjectIx(object)),
        }
    }

    /// The dominating object, if there is one.
    pub fn object(self) -> Option<ObjectIx> {
        match self {
            Self::Object(object) => Some(object),
            Self::Root | Self::Unreachable => None,
        }
    }
}

/// Dominators and children of all objects.
#[derive(Debug)]
pub struct DominatorTree {
    dominator_by_object: SlotColumn,
    /// One list per object and a last one, of the tree's root.
    children: References,
    /// The objects that have children, in heaps the minority: for the others nothing has to be looked up.
    inner: BitColumn,
    held_once: HeldOnce,
}

/// The objects that nothing refers to but their immediate dominator.
#[derive(Debug)]
pub(super) struct HeldOnce {
    /// All of them.
    pub(super) all: BitColumn,
    /// Those that refer to nothing but such objects themselves, or back to what refers to them.
    pub(super) peeled: BitColumn,
}

/// Calls `take` with the list and the number of each reachable object, in parallel, and `ask_for` with the list of one that comes a while later. The list of an
/// object is its dominator, the last one that of the roots together.
fn each_dominated(
    dominators: &[u32],
    phase: &Phase<'_>,
    take: impl Fn(usize, usize) + Sync,
    ask_for: impl Fn(usize) + Sync,
) -> Result<(), GraphError> {
    let list = |dominator: u32| match dominator {
        UNREACHABLE => None,
        ROOT => Some(dominators.len()),
        dominator => Some(dominator as usize),
    };
    tasks(dominators.len()).try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        for object in objects {
            if let Some(ahead) = dominators.get(object + AHEAD).and_then(|&word| list(word)) {
                ask_for(ahead);
            }
            if let Some(list) = list(dominators[object]) {
                take(list, object);
            }
        }
        Ok::<_, GraphError>(())
    })
}

/// The lists of children have four bytes for each, so that they are slices of objects.
#[inline]
fn of_lists(slots: Slots<'_>) -> &[u32] {
    match slots {
        Slots::Four(slots) => slots,
        Slots::Three(_) => unreachable!("lists that were sorted"),
    }
}

impl DominatorTree {
    /// The tree of a dominator column. `held_once` are objects that nothing else refers to; unreachable ones may be among them. Cost: 4 bytes per object while it
    /// works, besides the tree.
    pub(super) fn new(
        dominator_by_object: Column<u32>,
        held_once: HeldOnce,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let object_count = dominator_by_object.len();
        let mut count_by_object =
            storage.column("dominator tree counts", object_count + 1, Access::Random)?;
        let words = &dominator_by_object[..];
        let counts = atomic_u32(&mut count_by_object);
        let phase = progress.phase("count dominated objects", Unit::Objects, object_count as u64);
        let count = |list: usize, _| {
            counts[list].fetch_add(1, Ordering::Relaxed);
        };
        each_dominated(words, &phase, count, |list| prefetch(counts, list))?;
        drop(phase);
        let mut sorter = ListSorter::new(count_by_object, CHILDREN, storage, progress)?;
        let lists = sorter.lists();
        let phase = progress.phase("link dominator tree", Unit::Objects, object_count as u64);
        let put = |list: usize, object: usize| lists.put(list, object as u32);
        each_dominated(words, &phase, put, |list| lists.prefetch(list))?;
        drop(phase);
        let children = sorter.finish(progress)?;
        let inner = BitColumn::new(storage, INNER_NODES, object_count)?;
        let dominators = SlotColumn::narrowed(dominator_by_object, object_count);
        Ok(Self::with_inner(dominators, children, inner, held_once))
    }

    /// Puts together columns that were kept in a file: the dominators, then the children as [`References::from_columns`] takes them, and the words of the
    /// objects held once and of those that were peeled. `inner` is room for a bit per object, all zero. `None` if they do not fit each other. Reads all of them
    /// but the words: any bits fit.
    pub fn from_columns(
        dominator_by_object: SlotColumn,
        children: Column<u32>,
        degrees: Column<u64>,
        anchors: Column<u64>,
        held_once: Column<u64>,
        peeled: Column<u64>,
        inner: BitColumn,
    ) -> Option<Self> {
        let dominators = dominator_by_object.all();
        let object_count = dominators.len();
        let held_once = HeldOnce {
            all: BitColumn::from_words(held_once, object_count)?,
            peeled: BitColumn::from_words(peeled, object_count)?,
        };
        let children = References::from_columns(object_count + 1, children.into(), degrees, anchors)?;
        let of_list = |list: usize| if list == object_count { ROOT } else { list as u32 };
        let fits = children.tasks().all(|lists| {
            children.lists(lists).all(|(list, children)| {
                children.iter().all(|child| dominators.get(child as usize) == Some(of_list(list.index())))
            })
        });
        let reachable = dominators.iter().filter(|&word| word != UNREACHABLE).count();
        let fits = fits && reachable == children.slot_count() && inner.len() == object_count;
        fits.then(|| Self::with_inner(dominator_by_object, children, inner, held_once))
    }

    /// `inner` has a bit per object, all zero.
    fn with_inner(
        dominator_by_object: SlotColumn,
        children: References,
        mut inner: BitColumn,
        held_once: HeldOnce,
    ) -> Self {
        let words = inner.atomic_words();
        // Tasks begin at multiples of 64, so none shares a word with another.
        tasks(dominator_by_object.all().len()).for_each(|objects| {
            let (mut bits, end) = (0, objects.end);
            for (object, children) in children.lists(objects) {
                let at = object.index();
                bits |= u64::from(!children.is_empty()) << (at % 64);
                if at % 64 == 63 || at + 1 == end {
                    words[at / 64].store(std::mem::take(&mut bits), Ordering::Relaxed);
                }
            }
        });
        Self { dominator_by_object, children, inner, held_once }
    }

    /// The columns, to be kept in a file: dominators, children, degree words, anchors.
    pub fn columns(&self) -> (Slots<'_>, &[u32], &[u64], &[u64]) {
        let (children, degrees, anchors) = self.children.columns();
        (self.dominator_by_object.all(), of_lists(children), degrees, anchors)
    }

    /// Two more of them: words of the objects held once, and of those that were peeled.
    pub fn words(&self) -> (&[u64], &[u64]) {
        (self.held_once.all.words(), self.held_once.peeled.words())
    }

    /// How many objects there are, unreachable ones included.
    pub fn object_count(&self) -> usize {
        self.inner.len()
    }

    /// How many objects are reachable.
    pub fn reachable_count(&self) -> usize {
        self.children.slot_count()
    }

    /// Whether some root reaches `object`.
    #[inline]
    pub fn is_reachable(&self, object: ObjectIx) -> bool {
        self.word(object.index()) != UNREACHABLE
    }

    /// All objects that some root reaches, a bit for each.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn reachable_objects(&self, storage: &Storage) -> Result<Reachable, StorageError> {
        let mut objects = BitColumn::new(storage, "reachable objects", self.object_count())?;
        let (dominators, count) = (self.dominator_by_object.all(), self.object_count());
        objects.words_mut().par_iter_mut().enumerate().with_min_len(1 << 10).for_each(|(at, word)| {
            let dominators = dominators.part(64 * at..count.min(64 * (at + 1)));
            let bit = |(at, dominator): (usize, u32)| u64::from(dominator != UNREACHABLE) << at;
            *word = dominators.iter().enumerate().map(bit).sum();
        });
        Ok(Reachable::new(objects))
    }

    /// What stands in the column of dominators.
    #[inline]
    fn word(&self, object: usize) -> u32 {
        self.dominator_by_object.all().get(object).expect("as many dominators as objects")
    }

    /// The immediate dominator of `object`.
    #[inline]
    pub fn immediate_dominator(&self, object: ObjectIx) -> Dominator {
        Dominator::from_word(self.word(object.index()))
    }

    /// The objects immediately dominated by `object`, ascending.
    #[inline]
    pub fn children(&self, object: ObjectIx) -> &[ObjectIx] {
        if !self.inner.get(object.index()) {
            return &[];
        }
        bytemuck::cast_slice(of_lists(self.children.slots(object)))
    }

    /// Asks the processor for what [`Self::children`] will need.
    #[inline]
    pub(super) fn prefetch(&self, object: ObjectIx) {
        if self.inner.get(object.index()) {
            self.children.prefetch(object);
        }
    }

    /// The objects that nothing refers to but their immediate dominator: no reference, no extra edge, no root.
    pub(super) fn held_once(&self) -> &BitColumn {
        &self.held_once.all
    }

    /// Some of [these](Self::held_once), to which no reference leads but by way of such an object: they refer to nothing but each other, and back. Edges to
    /// hubs they may have.
    pub(super) fn peeled(&self) -> &BitColumn {
        &self.held_once.peeled
    }

    /// Whether `object` dominates any other.
    #[inline]
    pub fn has_children(&self, object: ObjectIx) -> bool {
        self.inner.get(object.index())
    }

    /// The objects that no other object dominates, ascending.
    pub fn root_children(&self) -> &[ObjectIx] {
        bytemuck::cast_slice(of_lists(self.children.slots(ObjectIx::from_usize(self.object_count()))))
    }

    /// The objects that dominate `object`, the nearest first, `object` itself not included. There can be millions.
    pub fn dominators(&self, object: ObjectIx) -> impl Iterator<Item = ObjectIx> + '_ {
        std::iter::successors(self.immediate_dominator(object).object(), |&dominator| {
            self.immediate_dominator(dominator).object()
        })
    }

    /// Whether `dominator` is `object` or dominates it. Walks up from `object`: as many steps as the tree is deep there.
    pub fn dominates(&self, dominator: ObjectIx, object: ObjectIx) -> bool {
        dominator == object || self.dominators(object).any(|above| above == dominator)
    }

    /// Objects of a range with their children, as [`Self::children`]: faster than asking for each object.
    pub(super) fn child_lists(&self, objects: Range<usize>) -> impl Iterator<Item = (ObjectIx, &[ObjectIx])> {
        self.children.lists(objects).map(|(object, slots)| (object, bytemuck::cast_slice(of_lists(slots))))
    }

    /// One list of children per object and a last one of the tree's root.
    pub(super) fn lists(&self) -> &References {
        &self.children
    }
}
