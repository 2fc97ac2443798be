//! The search for a low-high order of a dominator tree.
//!
//! Owns the numbering. Objects that their dominator refers to (or that are roots) may stand anywhere among their siblings; only the others,
//! and siblings that lead to them, have to be put in order ([`derived`], [`flat`]). Then subtrees are laid out from the top
//! down. May do anything with a tree that is wrong but loop or panic: what comes out is checked by [`check`](mod@super::check).

use super::super::object_graph::ObjectGraph;
use super::super::references::{present, tasks};
use super::super::retained::RetainedSizes;
use super::super::tree::{Dominator, DominatorTree};
use super::{CertifyError, LowHighOrder, derived, flat};
use crate::ix::ObjectIx;
use crate::progress::{Phase, Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, atomic_u32};
use rayon::Scope;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// A longer stack is shared with other threads.
const LONG_STACK: usize = 1 << 12;

/// Finds the order. A flaw that it comes upon is one of the tree.
pub(super) fn low_high_order(
    graph: &ObjectGraph<'_>,
    tree: &DominatorTree,
    storage: &Storage,
    progress: &Progress,
) -> Result<LowHighOrder, CertifyError> {
    let subtree_sizes = RetainedSizes::compute(tree, |_| 1, storage, progress)?;
    let mut order = LowHighOrder {
        number_by_object: storage.column("low-high order", tree.object_count(), Access::Random)?,
        subtree_sizes,
    };
    lay_out(tree, &[], &mut order, storage, progress)?;
    let constrained = constrained(graph, tree, storage, progress)?;
    if constrained.count_ones() > 0 {
        let edges = derived::edges(graph, tree, &order, &constrained, storage, progress)?;
        let siblings = flat::sibling_order(edges, &constrained, storage, progress)?;
        lay_out(tree, &siblings, &mut order, storage, progress)?;
    }
    Ok(order)
}

/// The reachable objects that are no roots and that their immediate dominator does not refer to.
fn constrained(
    graph: &ObjectGraph<'_>,
    tree: &DominatorTree,
    storage: &Storage,
    progress: &Progress,
) -> Result<BitColumn, CertifyError> {
    let object_count = graph.object_count();
    let mut free = BitColumn::new(storage, "free places in the order", object_count)?;
    graph.roots.iter().for_each(|root| free.set(root.index()));
    let words = free.atomic_words();
    let phase = progress.phase("edges of the dominator tree", Unit::Objects, object_count as u64);
    tasks(object_count).try_for_each(|objects| {
        phase.advance(objects.len() as u64)?;
        for (from, slots) in graph.references.lists(objects) {
            let others = graph.extra.of(from).chain(graph.hubs.hub_of(from));
            for to in present(slots).chain(others) {
                if tree.immediate_dominator(to) == Dominator::Object(from) {
                    words[to.index() / 64].fetch_or(1 << (to.0 % 64), Ordering::Relaxed);
                }
            }
        }
        Ok::<_, CertifyError>(())
    })?;
    drop(phase);
    let mut constrained = free;
    for (at, word) in constrained.words_mut().iter_mut().enumerate() {
        let objects = at * 64..(at * 64 + 64).min(object_count);
        let is_reachable = |&object: &usize| tree.is_reachable(ObjectIx::from_usize(object));
        *word = !*word & objects.filter(is_reachable).fold(0, |bits, object| bits | 1 << (object % 64));
    }
    Ok(constrained)
}

/// Numbers the tree in preorder: of siblings those in `first` come first, in that order, and then the others, ascending.
fn lay_out(
    tree: &DominatorTree,
    first: &[u32],
    order: &mut LowHighOrder,
    storage: &Storage,
    progress: &Progress,
) -> Result<(), CertifyError> {
    let object_count = tree.object_count();
    let list_of = |object: ObjectIx| match tree.immediate_dominator(object) {
        Dominator::Object(above) => above.index(),
        Dominator::Root | Dominator::Unreachable => object_count,
    };
    let (numbers, sizes) = (&mut order.number_by_object, &order.subtree_sizes);
    let (mut used, mut placed) = (Column::empty(), BitColumn::new(storage, "placed siblings", 0)?);
    if !first.is_empty() {
        used = storage.column::<u32>("places among siblings", object_count + 1, Access::Random)?;
        placed = BitColumn::new(storage, "placed siblings", object_count)?;
    }
    for &object in first {
        let place = &mut used[list_of(ObjectIx(object))];
        numbers[object as usize] = *place;
        *place = place.wrapping_add(sizes.bytes(ObjectIx(object)) as u32);
        placed.set(object as usize);
    }
    // At first a number counts from the first sibling.
    let cells = atomic_u32(numbers);
    let phase = progress.phase("lay out siblings", Unit::Objects, object_count as u64);
    tasks(object_count + 1).try_for_each(|lists| {
        phase.advance(lists.len() as u64)?;
        for (list, children) in tree.lists().lists(lists) {
            let mut place = used.get(list.index()).copied().unwrap_or(0);
            for child in present(children) {
                if placed.is_empty() || !placed.get(child.index()) {
                    cells[child.index()].store(place, Ordering::Relaxed);
                    place = place.wrapping_add(sizes.bytes(child) as u32);
                }
            }
        }
        Ok::<_, CertifyError>(())
    })?;
    drop(phase);
    let phase = progress.phase("lay out the tree", Unit::Objects, tree.reachable_count() as u64);
    let descent = Descent { tree, cells, phase: &phase };
    rayon::scope(|scope| {
        let inner = tree.root_children().iter().copied().filter(|&child| !tree.children(child).is_empty());
        descent.run(inner.collect(), scope);
    });
    Ok(progress.check()?)
}

/// Makes numbers within families to numbers within the tree, from the top down, on all threads.
struct Descent<'a> {
    tree: &'a DominatorTree,
    cells: &'a [AtomicU32],
    phase: &'a Phase<'a>,
}

impl Descent<'_> {
    /// Numbers what is below the objects on the stack, whose own numbers are final. Stops early when cancelled.
    fn run<'s>(&'s self, mut stack: Vec<ObjectIx>, scope: &Scope<'s>) {
        let mut done = 0;
        while let Some(object) = stack.pop() {
            let first = self.cells[object.index()].load(Ordering::Relaxed).wrapping_add(1);
            let children = self.tree.children(object);
            for &child in children {
                let cell = &self.cells[child.index()];
                cell.store(cell.load(Ordering::Relaxed).wrapping_add(first), Ordering::Relaxed);
                if !self.tree.children(child).is_empty() {
                    stack.push(child);
                }
            }
            if stack.len() > LONG_STACK {
                let top = stack.split_off(stack.len() / 2);
                let bottom = std::mem::replace(&mut stack, top);
                scope.spawn(move |scope| self.run(bottom, scope));
            }
            done += children.len() as u64;
            if done > 1 << 14 {
                if self.phase.advance(done).is_err() {
                    return;
                }
                done = 0;
            }
        }
        // A cancelled walk is noticed by its caller.
        let _ = self.phase.advance(done);
    }
}
