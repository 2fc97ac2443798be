//! Stars: objects that a great many others refer to, as constants of an enumeration, shared names, the document that all of its parts know.
//!
//! Owns how they are found. A few dozen of them receive a fifth to a third of all references of ordinary heaps, and hardly any of these matters: an edge `u -> star` is
//! irrelevant exactly if the immediate dominator of the star, found without that edge, dominates `u` anyway. So these edges are left out and
//! checked afterwards, as those to hubs are ([`hub_edges`](super::hub_edges)); what refers to nothing else can then be peeled. Which objects are taken for stars decides nothing but the time. Cost: a look
//! at 131,072 objects, and at most 1024 stars.

use super::super::object_graph::{Hubs, ObjectGraph};
use super::super::references::present;
use crate::ix::ObjectIx;
use rayon::prelude::*;

/// Objects that are asked what they refer to, spread over all.
const SAMPLED: usize = 1 << 17;
/// So many of their references lead to a star at least.
const LEAST_REFERENCES: usize = 64;
/// Longer lists are not looked through to their ends.
const MOST_SLOTS: usize = 64;
const MOST_STARS: usize = 1024;
/// Edges to stars that are followed, about, and of each kind at least.
const FOLLOWED: usize = 1 << 16;
const FOLLOWED_PER_KIND: usize = 16;
/// Parts of the dump from each of which one is taken, about.
const BLOCKS: usize = 1 << 12;
/// Classes of objects that are told apart among those that refer to the same star.
const CLASSES: usize = 64;

/// Some of the stars of a graph.
#[derive(Default)]
pub(super) struct Stars {
    /// Ascending.
    objects: Vec<ObjectIx>,
    /// One bit per hash, so that one look tells of nearly every other object that it is none; without bits if there are no stars.
    filter: Vec<u64>,
}

/// Bits of [`Stars::filter`], as a power of two: 8 KiB, which stay in the nearest cache.
const FILTER_SHIFT: u32 = 16;

impl Stars {
    /// Stars among the objects of a graph.
    pub(super) fn find(graph: &ObjectGraph<'_>) -> Self {
        let count = graph.object_count();
        let sampled = count.min(SAMPLED);
        // Evenly spread, but not in step with what repeats itself in a heap.
        let nth = |at: usize| ObjectIx::from_usize((at as u128 * count as u128 / sampled as u128) as usize);
        let mut targets: Vec<ObjectIx> = (0..sampled)
            .into_par_iter()
            .with_min_len(1 << 12)
            .flat_map_iter(|at| {
                let from = nth(at);
                let slots = graph.references.slots(from);
                present(slots.part(0..slots.len().min(MOST_SLOTS))).filter(move |&to| to != from)
            })
            .collect();
        targets.par_sort_unstable();
        let same = targets.chunk_by(|a, b| a == b).filter(|same| same.len() >= LEAST_REFERENCES);
        let mut found: Vec<&[ObjectIx]> = same.collect();
        found.sort_by_key(|same| std::cmp::Reverse(same.len()));
        found.truncate(MOST_STARS);
        Self::new(found.iter().map(|same| same[0]).collect())
    }

    fn new(mut objects: Vec<ObjectIx>) -> Self {
        objects.sort_unstable();
        let mut filter = vec![0u64; if objects.is_empty() { 0 } else { 1 << (FILTER_SHIFT - 6) }];
        for &object in &objects {
            let bit = Self::hash(object);
            filter[bit / 64] |= 1 << (bit % 64);
        }
        Self { objects, filter }
    }

    #[inline]
    fn hash(object: ObjectIx) -> usize {
        (object.0.wrapping_mul(0x9e37_79b9) >> (u32::BITS - FILTER_SHIFT)) as usize
    }

    /// All of them, ascending.
    pub(super) fn objects(&self) -> &[ObjectIx] {
        &self.objects
    }

    /// The place of an object among all stars, if it is one.
    #[inline]
    pub(super) fn place_of(&self, object: ObjectIx) -> Option<usize> {
        let bit = Self::hash(object);
        let word = self.filter.get(bit / 64)?;
        if word >> (bit % 64) & 1 == 0 { None } else { self.objects.binary_search(&object).ok() }
    }

    /// Takes these for stars no longer.
    pub(super) fn forget(&mut self, objects: &[ObjectIx]) {
        let left = self.objects.iter().copied().filter(|object| !objects.contains(object));
        *self = Self::new(left.collect());
    }
}

/// Notes some of the edges to stars that one thread comes by.
pub(super) struct Noting<'a> {
    stars: &'a Stars,
    /// By star and class the block of objects in which one was noted last.
    last_blocks: Vec<u32>,
    /// log2 of how many objects are a block.
    shift: u32,
}

/// An edge to a star: the place of the star, the class (hub) of the object that refers to it, that object.
pub(super) type Noted = (u32, u32, ObjectIx);

impl<'a> Noting<'a> {
    pub(super) fn new(stars: &'a Stars, object_count: usize) -> Self {
        let shift = (object_count / BLOCKS).max(1).ilog2();
        Self { stars, last_blocks: vec![u32::MAX; stars.objects.len() * CLASSES], shift }
    }

    /// An edge of `from` leads to `to`. One for each star, class and block is enough: those that lie close together mostly hang on the same object. What
    /// is not below the object below which nearly all are is mostly of another class.
    #[inline]
    pub(super) fn note(&mut self, hubs: Hubs<'_>, from: ObjectIx, to: ObjectIx, noted: &mut Vec<Noted>) {
        let Some(star) = self.stars.place_of(to) else { return };
        let class = hubs.number_of(from).unwrap_or(0);
        let block = from.0 >> self.shift;
        let last = &mut self.last_blocks[star * CLASSES + class % CLASSES];
        if *last != block {
            *last = block;
            noted.push((star as u32, class as u32, from));
        }
    }
}

/// The edges to follow among those that were noted.
pub(super) fn followed(stars: &Stars, mut noted: Vec<Noted>) -> Vec<(ObjectIx, ObjectIx)> {
    noted.par_sort_unstable();
    let kinds = || noted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let most = (FOLLOWED / kinds().count().max(1)).max(FOLLOWED_PER_KIND);
    let some = |edges: &[Noted]| {
        let count = edges.len().min(most);
        (0..count).map(|at| edges[at * edges.len() / count]).collect::<Vec<_>>()
    };
    kinds().flat_map(some).map(|(star, _, from)| (from, stars.objects[star as usize])).collect()
}
