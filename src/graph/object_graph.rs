//! The graph that everything is computed on: references, a few extra edges, an implicit edge from each object to its hub, roots.
//!
//! Owns no big column. Edges of three kinds are kept apart because explicit ones are dear: nearly every object has an edge to
//! its class, which is why it is not stored but found by the class's number (its *hub*), at no cost per object here.

use super::references::References;
use crate::ix::{ObjectIx, OptObjectIx};
use crate::prefetch::prefetch;
use crate::storage::BitColumn;

/// All edges and roots. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct ObjectGraph<'a> {
    /// What the objects' own slots refer to.
    pub references: &'a References,
    /// A few more edges, as from threads to what their stacks hold.
    pub extra: &'a ExtraEdges,
    /// At most one implicit edge from each object to its hub.
    pub hubs: Hubs<'a>,
    /// Where reachability begins. Repetitions do no harm; the order decides nothing but the order of the search.
    pub roots: &'a [ObjectIx],
}

impl<'a> ObjectGraph<'a> {
    /// How many objects there are.
    #[inline]
    pub fn object_count(&self) -> usize {
        self.references.object_count()
    }

    /// Everything that `object` keeps alive directly: its references, its extra edges, its hub.
    #[inline]
    pub fn successors(&self, object: ObjectIx) -> impl Iterator<Item = ObjectIx> + use<'a> {
        let (references, extra) = (self.references, self.extra);
        references.of(object).chain(extra.of(object)).chain(self.hubs.hub_of(object))
    }

    /// Whether a slot of `from` whose bit is not set in `leave_out` refers to `to`, given that some slot does. Cost: a look at each slot of `from` if any is left out.
    pub(super) fn follows(&self, leave_out: Option<&BitColumn>, from: ObjectIx, to: ObjectIx) -> bool {
        let Some(leave_out) = leave_out else { return true };
        let range = self.references.slot_range(from);
        let mut slots = range.clone().zip(self.references.slots(from));
        !leave_out.has_any(range) || slots.any(|(slot, target)| target == to.0 && !leave_out.get(slot))
    }
}

/// Edges beyond the references, for few sources. A look-up for an object that has none costs one probe of a small bitmap.
#[derive(Debug, Default, Clone)]
pub struct ExtraEdges {
    /// Ascending.
    edges: Vec<(ObjectIx, ObjectIx)>,
    /// One bit per hash of a source; a power of two of words, or none.
    filter: Vec<u64>,
}

impl ExtraEdges {
    /// Those edges, each `(from, to)`; order and repetitions do not matter.
    pub fn new(mut edges: Vec<(ObjectIx, ObjectIx)>) -> Self {
        edges.sort_unstable();
        edges.dedup();
        let mut extra = Self { filter: Vec::new(), edges };
        if !extra.edges.is_empty() {
            // 16 bits or more per source: one look-up in 16 passes the filter in vain.
            extra.filter = vec![0; (extra.edges.len() / 4).next_power_of_two().max(4)];
            for at in 0..extra.edges.len() {
                let (word, bit) = extra.probe(extra.edges[at].0);
                extra.filter[word] |= bit;
            }
        }
        extra
    }

    /// All edges, ascending.
    pub fn edges(&self) -> &[(ObjectIx, ObjectIx)] {
        &self.edges
    }

    /// The targets of `object`'s extra edges, ascending.
    #[inline]
    pub fn of<'a>(&'a self, object: ObjectIx) -> impl Iterator<Item = ObjectIx> + use<'a> {
        let edges = if self.may_have(object) { self.range(object) } else { &[] };
        edges.iter().map(|&(_, to)| to)
    }

    #[inline]
    fn may_have(&self, object: ObjectIx) -> bool {
        if self.filter.is_empty() {
            return false;
        }
        let (word, bit) = self.probe(object);
        self.filter[word] & bit != 0
    }

    #[inline]
    fn probe(&self, object: ObjectIx) -> (usize, u64) {
        // Fibonacci hashing; the high bits are the good ones.
        let hash = u64::from(object.0).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        ((hash >> 6) as usize & (self.filter.len() - 1), 1 << (hash & 63))
    }

    fn range(&self, object: ObjectIx) -> &[(ObjectIx, ObjectIx)] {
        let begin = self.edges.partition_point(|&(from, _)| from < object);
        let end = self.edges.partition_point(|&(from, _)| from <= object);
        &self.edges[begin..end]
    }
}

/// The number of each object's hub, in the narrowest column that holds it.
#[derive(Debug, Clone, Copy)]
pub enum HubColumn<'a> {
    /// Fewer than 2^16 hubs.
    U16(&'a [u16]),
    /// More.
    U32(&'a [u32]),
}

/// The implicit edges: from each object to its hub, as from an instance to the mirror of its class.
#[derive(Debug, Clone, Copy)]
pub struct Hubs<'a> {
    hub_by_object: HubColumn<'a>,
    object_by_hub: &'a [OptObjectIx],
}

impl<'a> Hubs<'a> {
    /// Objects' hubs by number, and the object that each hub is. Leave a hub out (`NONE`) where it is a root itself: edges to a
    /// root change nothing. A number beyond `object_by_hub` means no hub.
    pub fn new(hub_by_object: HubColumn<'a>, object_by_hub: &'a [OptObjectIx]) -> Self {
        Self { hub_by_object, object_by_hub }
    }

    /// A graph without implicit edges.
    pub fn none() -> Self {
        Self { hub_by_object: HubColumn::U16(&[]), object_by_hub: &[] }
    }

    /// How many hub numbers there are.
    pub fn count(&self) -> usize {
        self.object_by_hub.len()
    }

    /// The object that the hub of that number is, if there is one.
    pub fn object(&self, hub: usize) -> Option<ObjectIx> {
        self.object_by_hub.get(hub)?.get()
    }

    /// The number of `object`'s hub; it may be one that stands for no object.
    #[inline]
    pub fn number_of(&self, object: ObjectIx) -> Option<usize> {
        if self.object_by_hub.is_empty() {
            return None;
        }
        Some(match self.hub_by_object {
            HubColumn::U16(numbers) => usize::from(numbers[object.index()]),
            HubColumn::U32(numbers) => numbers[object.index()] as usize,
        })
    }

    /// Says that the hub of `object` will be asked for.
    #[inline]
    pub(super) fn prefetch(&self, object: ObjectIx) {
        match self.hub_by_object {
            HubColumn::U16(numbers) => prefetch(numbers, object.index()),
            HubColumn::U32(numbers) => prefetch(numbers, object.index()),
        }
    }

    /// The hub of `object`, if it has one.
    #[inline]
    pub fn hub_of(&self, object: ObjectIx) -> Option<ObjectIx> {
        self.object(self.number_of(object)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_edges_are_found_for_their_sources_only() {
        let edges = (0..200u32).map(|i| (ObjectIx(i * 37 % 1000), ObjectIx(i)));
        let extra = ExtraEdges::new(edges.clone().collect());
        for object in (0..1000).map(ObjectIx) {
            let mut expected: Vec<_> = edges.clone().filter(|e| e.0 == object).map(|e| e.1).collect();
            expected.sort_unstable();
            assert_eq!(extra.of(object).collect::<Vec<_>>(), expected);
        }
        assert_eq!(ExtraEdges::default().of(ObjectIx(3)).count(), 0);
    }
}
