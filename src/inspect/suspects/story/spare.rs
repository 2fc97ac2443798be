//! Collections that take memory for elements that they do not have: a map that was cleared keeps its table, a list its array.
//!
//! Cost: a record or two of each collection of the story.

use super::Story;
use super::words::simple_name;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{collection_kind, collection_measure};
use crate::report::{Arg, Pattern, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// Room that nothing is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spare {
    class: ClassIx,
    collections: u64,
    elements: u64,
    capacity: u64,
}

impl Story {
    /// The collections that it consists of, if nearly all of it is their arrays and there is next to nothing in these. What a call works with
    /// may be full in a moment.
    pub(super) fn spare(&self, snapshot: &Snapshot) -> Option<Spare> {
        /// A table is never as empty as this while it grows.
        const TIMES_THE_ELEMENTS: u64 = 8;
        if self.held.kind != SuspectKind::Leak || self.copies.is_some() || self.crowd.is_some() {
            return None;
        }
        let mut all: Vec<ObjectIx> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let collection = part.object().and_then(|object| collection_at(snapshot, object))?;
            all.push(collection);
        }
        all.sort_unstable();
        all.dedup();
        let mut spare =
            Spare { class: snapshot.class_of(*all.first()?), collections: 0, elements: 0, capacity: 0 };
        let mut array_bytes = 0;
        for &collection in &all {
            let measure = collection_measure(snapshot, collection)?;
            spare.collections += 1;
            spare.elements += measure.length?;
            spare.capacity += measure.capacity?;
            array_bytes += measure.array.map_or(0, |array| snapshot.shallow_bytes(array));
        }
        // Of a set the holder knows the set, not the map in it.
        if all.len() == 1 && collection_kind(snapshot, self.held.object).is_some() {
            spare.class = snapshot.class_of(self.held.object);
        }
        let is_all = array_bytes * 10 >= self.bytes * 9;
        (is_all && spare.elements * TIMES_THE_ELEMENTS <= spare.capacity).then_some(spare)
    }
}

impl Spare {
    /// Says so of the suspect.
    pub(super) fn tell(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let class = &*snapshot.classes().get(self.class).name;
        let holder = || ("holder", suspect.holder.words());
        let args =
            [("class", Arg::name(simple_name(class))), ("count", Arg::Count(self.collections)), holder()];
        let id = if self.elements == 0 { "suspect-title-empty" } else { "suspect-title-nearly-empty" };
        let advice = Text::with("suspect-advice-room", [holder()]);
        let args_of_room = [("elements", Arg::Count(self.elements)), ("capacity", Arg::Count(self.capacity))];
        suspect.evidence.insert(0, Text::with("suspect-evidence-room", args_of_room));
        suspect.title = Text::with(id, args);
        suspect.advice = vec![advice];
        suspect.pattern = Pattern::EmptyCollection;
        suspect.instances = self.collections;
        class.clone_into(&mut suspect.class);
    }
}

/// The collection that an object is, or whose array it is.
fn collection_at(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    let above = snapshot.dominators().immediate_dominator(object).object();
    [Some(object), above].into_iter().flatten().find(|&object| collection_measure(snapshot, object).is_some())
}
