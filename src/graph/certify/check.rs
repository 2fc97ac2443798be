//! The check of a low-high order: small, and all that has to be believed.
//!
//! Owns the conditions of the theorem and nothing else; it takes the order and the sizes of the subtrees as mere claims and shares no code
//! with [`order`](super::order). With all numbers different, each subtree's numbers inside those of its parent's
//! subtree, and the sizes of subtrees adding up, `v` is in the subtree of `p` exactly if `number(p) <= number(v) < number(p) + size(p)`.
//! All passes are parallel. Cost: four bits per object, and two to five random reads per edge.

use super::super::object_graph::ObjectGraph;
use super::super::references::{present, tasks};
use super::super::tree::{Dominator, DominatorTree};
use super::{Certificate, CertifyError, Flaw, LowHighOrder, first_flaw};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{BitColumn, Storage};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Checks that `order` is a low-high order of `tree` on `graph`, so that `tree` is its dominator tree.
pub(super) fn check(
    graph: &ObjectGraph<'_>,
    tree: &DominatorTree,
    order: &LowHighOrder,
    storage: &Storage,
    progress: &Progress,
) -> Result<Certificate, CertifyError> {
    let claim = Claim { tree, order };
    claim.check_preorder(storage, progress)?;
    claim.check_edges(graph, storage, progress)
}

struct Claim<'a> {
    tree: &'a DominatorTree,
    order: &'a LowHighOrder,
}

impl Claim<'_> {
    #[inline]
    fn number(&self, object: ObjectIx) -> u64 {
        u64::from(self.order.number_by_object[object.index()])
    }

    #[inline]
    fn size(&self, object: ObjectIx) -> u64 {
        self.order.subtree_sizes.bytes(object)
    }

    /// Whether `object` is in the subtree of `above`, which may be the root of all.
    #[inline]
    fn is_below(&self, object: ObjectIx, above: Dominator) -> bool {
        match above {
            Dominator::Root => true,
            Dominator::Object(above) => {
                let first = self.number(above);
                (first..first + self.size(above)).contains(&self.number(object))
            }
            Dominator::Unreachable => false,
        }
    }

    /// The columns are a tree, the numbers a preorder of it, and the sizes those of its subtrees.
    fn check_preorder(&self, storage: &Storage, progress: &Progress) -> Result<(), CertifyError> {
        let (tree, object_count) = (self.tree, self.tree.object_count());
        let count = tree.reachable_count() as u64;
        let mut taken = BitColumn::new(storage, "numbers of the order", tree.reachable_count())?;
        let taken = Bits(taken.atomic_words());
        let phase = progress.phase("check the order", Unit::Objects, object_count as u64);
        let found = tasks(object_count).map(|objects| {
            phase.advance(objects.len() as u64)?;
            let mut reachable = objects.map(ObjectIx::from_usize).filter(|&object| tree.is_reachable(object));
            Ok::<_, CertifyError>(reachable.find_map(|object| {
                let (first, size) = (self.number(object), self.size(object));
                let inside = match tree.immediate_dominator(object) {
                    Dominator::Root => first + size <= count,
                    Dominator::Unreachable => false,
                    Dominator::Object(above) => {
                        let outer = self.number(above);
                        tree.is_reachable(above) && outer < first && first + size <= outer + self.size(above)
                    }
                };
                let fits = size > 0 && inside && taken.is_new(first as usize);
                (!fits).then_some(Flaw::NoTree(object))
            }))
        });
        first_flaw(found.collect::<Result<_, _>>()?)?;

        let found = tasks(object_count + 1).map(|lists| {
            progress.check()?;
            Ok::<_, CertifyError>(tree.lists().lists(lists).find_map(|(list, children)| {
                let parent =
                    if list.index() == object_count { Dominator::Root } else { Dominator::Object(list) };
                let mut ascending = children.iter().is_sorted_by(|a, b| a < b);
                let mut below = 0;
                for child in present(children) {
                    ascending &= tree.immediate_dominator(child) == parent;
                    below += self.size(child);
                }
                let adds_up = match parent {
                    Dominator::Object(object) => !tree.is_reachable(object) || below + 1 == self.size(object),
                    _ => below == count,
                };
                let at = || ObjectIx::from_usize(list.index().min(object_count.saturating_sub(1)));
                (!ascending || !adds_up).then(|| Flaw::NoTree(at()))
            }))
        });
        first_flaw(found.collect::<Result<_, _>>()?)
    }

    /// No edge goes around the dominator of its target, and enough edges lead to each object.
    fn check_edges(
        &self,
        graph: &ObjectGraph<'_>,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Certificate, CertifyError> {
        let (tree, object_count) = (self.tree, graph.object_count());
        let mut direct = BitColumn::new(storage, "referred to by the dominator", object_count)?;
        let mut low = BitColumn::new(storage, "referred to from before", object_count)?;
        let mut high = BitColumn::new(storage, "referred to from behind", object_count)?;
        let evidence = Evidence {
            direct: Bits(direct.atomic_words()),
            low: Bits(low.atomic_words()),
            high: Bits(high.atomic_words()),
        };
        for &root in graph.roots {
            match tree.immediate_dominator(root) {
                Dominator::Root => evidence.direct.set(root.index()),
                _ => return Err(Flaw::NotNearest(root).into()),
            }
        }
        let edge_count = AtomicU64::new(graph.roots.len() as u64);
        let phase = progress.phase("check the edges", Unit::Objects, object_count as u64);
        let found = tasks(object_count).map(|objects| {
            phase.advance(objects.len() as u64)?;
            let mut edges = 0;
            for (from, slots) in graph.references.lists(objects) {
                if !tree.is_reachable(from) {
                    continue;
                }
                let others = graph.extra.of(from).chain(graph.hubs.hub_of(from));
                for to in present(slots).chain(others) {
                    edges += 1;
                    if !self.take(from, to, &evidence) {
                        return Ok(Some(Flaw::Bypassed(from, to)));
                    }
                }
            }
            edge_count.fetch_add(edges, Ordering::Relaxed);
            Ok::<_, CertifyError>(None)
        });
        first_flaw(found.collect::<Result<_, _>>()?)?;
        drop(phase);

        let mut ordered_count = 0;
        for object in (0..object_count).filter(|&at| tree.is_reachable(ObjectIx::from_usize(at))) {
            if !direct.get(object) {
                if !low.get(object) || !high.get(object) {
                    return Err(Flaw::NotNearest(ObjectIx::from_usize(object)).into());
                }
                ordered_count += 1;
            }
        }
        Ok(Certificate {
            object_count: tree.reachable_count() as u64,
            edge_count: edge_count.into_inner(),
            ordered_count,
        })
    }

    /// Notes what the edge proves; `false` if it goes around the dominator of `to`.
    #[inline]
    fn take(&self, from: ObjectIx, to: ObjectIx, evidence: &Evidence<'_>) -> bool {
        let dominator = self.tree.immediate_dominator(to);
        if dominator == Dominator::Object(from) {
            evidence.direct.set(to.index());
            return true;
        }
        if !self.is_below(from, dominator) {
            return false;
        }
        let (source, target) = (self.number(from), self.number(to));
        if source < target {
            evidence.low.set(to.index());
        } else if source >= target + self.size(to) {
            evidence.high.set(to.index());
        }
        true
    }
}

/// What edges lead to each object.
struct Evidence<'a> {
    /// One from its immediate dominator, or it is a root.
    direct: Bits<'a>,
    /// One from an object before it.
    low: Bits<'a>,
    /// One from an object behind all that it dominates.
    high: Bits<'a>,
}

struct Bits<'a>(&'a [AtomicU64]);

impl Bits<'_> {
    #[inline]
    fn set(&self, at: usize) {
        let (word, bit) = (&self.0[at / 64], 1 << (at % 64));
        if word.load(Ordering::Relaxed) & bit == 0 {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Sets a bit that was not yet set; `false` if it was or if there is none.
    fn is_new(&self, at: usize) -> bool {
        let bit = 1 << (at % 64);
        self.0.get(at / 64).is_some_and(|word| word.fetch_or(bit, Ordering::Relaxed) & bit == 0)
    }
}
