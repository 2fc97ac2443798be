//! What is in several arrays of a fixed length: the slots of rings, the buckets of the last hours.
//!
//! An array without a gap cannot grow, nor can several of one length that as many objects have in a field, as long as these are few and nothing grows in the
//! elements. Cost: a look at the arrays, and at what some of their elements retain.

use super::super::elements;
use super::standing::{Fixed, PILE};
use super::{Part, Story};
use crate::hprof::FieldType;
use crate::ix::ObjectIx;
use crate::report::HolderKind;
use crate::snapshot::Snapshot;

impl Story {
    /// Whether all of it is in such arrays.
    pub(super) fn are_full_arrays(&self, snapshot: &Snapshot) -> Option<Fixed> {
        const LOOKED_AT: usize = 16;
        let arrays: Vec<ObjectIx> = self.parts.iter().map(Part::object).collect::<Option<_>>()?;
        let holder = &self.held.holder;
        let first = *arrays.first().filter(|_| holder.kind == HolderKind::InstanceField)?;
        let (class, length) = (snapshot.class_of(first), snapshot.array_length(first)?);
        let owner_of = |array: ObjectIx| snapshot.dominators().immediate_dominator(array).object();
        let of_owner = snapshot.class_of(owner_of(first)?);
        let is_full = |&array: &ObjectIx| {
            snapshot.class_of(array) == class
                && snapshot.array_length(array) == Some(length)
                && snapshot.references().of(array).count() as u64 == u64::from(length)
                && owner_of(array).is_some_and(|owner| snapshot.class_of(owner) == of_owner)
        };
        let is_declaring =
            holder.class.as_deref().is_some_and(|name| snapshot.classes().is_named(of_owner, name));
        let owners = snapshot.class_counts()[of_owner.index()].instances;
        let is_of_elements = snapshot.classes().get(class).element == Some(FieldType::Reference)
            && &*snapshot.classes().get(class).name != "java.lang.Object[]";
        let is_several = arrays.len() > 1 && length > 1 && owners < PILE && is_declaring && is_of_elements;
        if !is_several || !arrays.iter().all(is_full) || self.may_be_made_longer(snapshot) {
            return None;
        }
        let mut elements = arrays.iter().flat_map(|&array| snapshot.references().of(array).take(LOOKED_AT));
        (!elements.any(|element| may_grow(snapshot, element))).then_some(Fixed::FullArray)
    }
}

/// Whether there is a collection, or what may be one, in what an object retains.
fn may_grow(snapshot: &Snapshot, object: ObjectIx) -> bool {
    const MOST: usize = 256;
    let mut found = vec![object];
    let mut at = 0;
    while let Some(&object) = found.get(at) {
        let is_of_references = snapshot.class(object).element == Some(FieldType::Reference);
        if is_of_references || elements::is_collection(snapshot, object) || found.len() > MOST {
            return true;
        }
        found.extend_from_slice(snapshot.dominators().children(object));
        at += 1;
    }
    false
}
