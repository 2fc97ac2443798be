//! Derived edges: between siblings of the dominator tree.
//!
//! Owns the list of them. An edge `u -> v` stands for one from the sibling of `v` whose subtree has `u` in it; only those to objects
//! whose place matters are derived. Edges to a hub come from as many objects as the class has instances and mostly stand for the same
//! few siblings, so of consecutive equal ones the first is kept. Cost: 8 bytes per derived edge; 8 bytes per hub and thread; at most a
//! byte per object for the lists of long families.

use super::super::object_graph::ObjectGraph;
use super::super::references::{present, task_starts, tasks};
use super::super::tree::{Dominator, DominatorTree};
use super::{CertifyError, Flaw, LowHighOrder};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, split_mut};
use rayon::prelude::*;
use std::ops::Range;

/// All derived edges to `constrained` objects, each `[to, from]`, ascending and each once; the count of them comes with it.
pub(super) fn edges(
    graph: &ObjectGraph<'_>,
    tree: &DominatorTree,
    order: &LowHighOrder,
    constrained: &BitColumn,
    storage: &Storage,
    progress: &Progress,
) -> Result<(Column<[u32; 2]>, usize), CertifyError> {
    let object_count = graph.object_count();
    let families = LongFamilies::of(tree, progress)?;
    let deriver = Deriver { graph, tree, order, constrained, families };
    let scratch = || vec![(u32::MAX, 0u32); graph.hubs.count()];
    let phase = progress.phase("count derived edges", Unit::Objects, object_count as u64);
    let counted = tasks(object_count).map_init(scratch, |last_by_hub, objects| {
        phase.advance(objects.len() as u64)?;
        let mut count = 0;
        let derived = deriver.each(objects, last_by_hub, |_| count += 1);
        Ok::<_, CertifyError>(derived.map(|()| count))
    });
    // Of several flaws the first one is told, whichever thread came upon one first.
    let counted = counted.collect::<Result<Vec<Result<usize, Flaw>>, _>>()?;
    drop(phase);
    let mut starts = counted.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut count = 0;
    starts.iter_mut().for_each(|start| count += std::mem::replace(start, count));
    debug_assert_eq!(starts.len(), task_starts(object_count).count());

    let mut edges = storage.column::<[u32; 2]>("derived edges", count, Access::Random)?;
    let phase = progress.phase("derive edges", Unit::Objects, object_count as u64);
    split_mut(&mut edges, &starts).into_par_iter().zip(tasks(object_count)).try_for_each_init(
        scratch,
        |last_by_hub, (part, objects)| {
            phase.advance(objects.len() as u64)?;
            let mut part = part.iter_mut();
            let put = |edge| *part.next().expect("the second pass derives what the first one counted") = edge;
            Ok::<_, CertifyError>(deriver.each(objects, last_by_hub, put)?)
        },
    )?;
    drop(phase);
    edges.par_sort_unstable();
    let mut kept = 0;
    for at in 0..count {
        if kept == 0 || edges[kept - 1] != edges[at] {
            edges[kept] = edges[at];
            kept += 1;
        }
    }
    Ok((edges, kept))
}

struct Deriver<'a> {
    graph: &'a ObjectGraph<'a>,
    tree: &'a DominatorTree,
    order: &'a LowHighOrder,
    constrained: &'a BitColumn,
    families: LongFamilies<'a>,
}

impl Deriver<'_> {
    /// Derives the edges from a task's objects. `last_by_hub` holds for each hub a task and the sibling that it met last.
    fn each(
        &self,
        objects: Range<usize>,
        last_by_hub: &mut [(u32, u32)],
        mut put: impl FnMut([u32; 2]),
    ) -> Result<(), Flaw> {
        let (task, graph) = (objects.start as u32, self.graph);
        // Objects that lie close together mostly hang on the same sibling.
        let mut last = None;
        for (from, slots) in graph.references.lists(objects) {
            if !self.tree.is_reachable(from) {
                continue;
            }
            for to in present(slots).chain(graph.extra.of(from)).filter(|to| self.constrained.get(to.index()))
            {
                if let Some(sibling) = self.sibling(from, to, &mut last)? {
                    put([to.0, sibling.0]);
                }
            }
            let Some(hub) = graph.hubs.number_of(from) else { continue };
            let Some(to) = graph.hubs.object(hub).filter(|to| self.constrained.get(to.index())) else {
                continue;
            };
            let (met_in, met) = last_by_hub[hub];
            if met_in == task && self.is_below(from, ObjectIx(met)) {
                continue;
            }
            if let Some(sibling) = self.sibling(from, to, &mut last)? {
                last_by_hub[hub] = (task, sibling.0);
                put([to.0, sibling.0]);
            }
        }
        Ok(())
    }

    /// The sibling of `to` that is `from` or dominates it; none if `to` itself does.
    fn sibling(
        &self,
        from: ObjectIx,
        to: ObjectIx,
        last: &mut Option<(Dominator, ObjectIx)>,
    ) -> Result<Option<ObjectIx>, Flaw> {
        let parent = self.tree.immediate_dominator(to);
        if let Some((parent_of_last, sibling)) = *last
            && parent_of_last == parent
            && self.is_below(from, sibling)
        {
            return Ok((sibling != to).then_some(sibling));
        }
        if self.is_below(from, to) {
            return Ok(None);
        }
        let siblings = match parent {
            Dominator::Object(parent) => self.families.children(parent, self.tree),
            Dominator::Root => self.families.of_root,
            Dominator::Unreachable => &[],
        };
        // Siblings are numbered in ascending order so far.
        let after = siblings.partition_point(|&sibling| self.number(sibling) <= self.number(from));
        let sibling = after.checked_sub(1).map(|at| siblings[at]);
        let sibling = sibling.filter(|&sibling| self.is_below(from, sibling));
        *last = sibling.map(|sibling| (parent, sibling));
        sibling.map(Some).ok_or(Flaw::Bypassed(from, to))
    }

    #[inline]
    fn number(&self, object: ObjectIx) -> u32 {
        self.order.number_by_object[object.index()]
    }

    #[inline]
    fn is_below(&self, object: ObjectIx, above: ObjectIx) -> bool {
        let offset = self.number(object).wrapping_sub(self.number(above));
        u64::from(offset) < self.order.subtree_sizes.bytes(above)
    }
}

/// The children of objects with very many of them and of objects numbered close by: to ask the tree for these is slow, and here it would be asked
/// over and over.
struct LongFamilies<'a> {
    of_root: &'a [ObjectIx],
    /// Ascending by parent.
    families: Vec<(ObjectIx, &'a [ObjectIx])>,
}

/// Objects numbered so close that a long list of one makes those of the others slow; see [`References`](super::super::references::References).
const GROUP: usize = 64;
/// Children in a group that are many.
const LONG: usize = 1 << 12;

impl<'a> LongFamilies<'a> {
    fn of(tree: &'a DominatorTree, progress: &Progress) -> Result<Self, CertifyError> {
        let found = tasks(tree.object_count()).map(|objects| {
            progress.check()?;
            let (mut families, mut group, mut count) = (Vec::new(), Vec::new(), 0);
            for (parent, children) in tree.child_lists(objects) {
                if parent.index() % GROUP == 0 {
                    group.clear();
                    count = 0;
                }
                if children.is_empty() {
                    continue;
                }
                let before = count;
                count += children.len();
                group.push((parent, children));
                match (before > LONG, count > LONG) {
                    (false, true) => families.append(&mut group),
                    (true, _) => families.push((parent, children)),
                    (false, false) => {}
                }
            }
            Ok::<_, CertifyError>(families)
        });
        let families = found.collect::<Result<Vec<_>, _>>()?.concat();
        Ok(Self { of_root: tree.root_children(), families })
    }

    fn children(&self, parent: ObjectIx, tree: &'a DominatorTree) -> &'a [ObjectIx] {
        match self.families.binary_search_by_key(&parent, |family| family.0) {
            Ok(at) => self.families[at].1,
            Err(_) => tree.children(parent),
        }
    }
}
