//! Collections that take memory for elements that they do not have: a map that was cleared keeps its table, a list its array.
//!
//! Cost: a record or two of each collection of the story.

use super::Story;
use super::words::simple_name;
use crate::hprof::FieldType;
use crate::inspect::Context;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{collection_kind, collection_measure};
use crate::report::{Arg, Pattern, Share, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Room that nothing is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spare {
    class: ClassIx,
    /// Whether these are in what the holder keeps, rather than all of it.
    is_inside: bool,
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
        let mut spare = Spare::of(snapshot.class_of(*all.first()?));
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

impl Story {
    /// The collections in it, if most of it is room in their arrays that nothing is in: tables of a thousand places for one entry. What is in
    /// them is a minor part of what there is to change.
    pub(super) fn spare_inside(&self, context: &Context<'_>, composition: &[Share]) -> Option<Spare> {
        const MANY: u64 = 16;
        let snapshot = context.snapshot;
        let is_table = |share: &&Share| {
            let class = snapshot.classes().named(&share.class).first();
            class.is_some_and(|&class| snapshot.classes().get(class).element == Some(FieldType::Reference))
        };
        let tables: u64 = composition.iter().filter(is_table).map(|share| share.bytes).sum();
        let is_leak = self.held.kind == SuspectKind::Leak && self.copies.is_none() && self.crowd.is_none();
        if !is_leak || tables * 2 <= self.bytes || self.owners.is_empty() {
            return None;
        }
        let mut spare = Spare { is_inside: true, ..Spare::of(ClassIx(0)) };
        let mut free_bytes = 0;
        let mut by_class: BTreeMap<ClassIx, u64> = BTreeMap::new();
        let mut stack: Vec<&[ObjectIx]> = vec![&self.owners];
        let slot_bytes = u64::from(snapshot.layout().model().reference_bytes);
        while let Some(objects) = stack.pop() {
            for &object in objects {
                if let Some(measure) = measure_with_array(snapshot, object) {
                    spare.collections += 1;
                    spare.elements += measure.0;
                    spare.capacity += measure.1;
                    free_bytes += measure.1.saturating_sub(measure.0) * slot_bytes;
                    *by_class.entry(snapshot.class_of(object)).or_default() += measure.1;
                }
                let children = snapshot.dominators().children(object);
                if !children.is_empty() {
                    stack.push(children);
                }
            }
        }
        spare.class = by_class
            .into_iter()
            .max_by_key(|&(class, room)| (room, Reverse(class)))
            .map(|(class, _)| class)?;
        (free_bytes * 2 > self.bytes && spare.collections >= MANY).then_some(spare)
    }
}

/// The elements of a collection that retains its array, and the room in that.
fn measure_with_array(snapshot: &Snapshot, object: ObjectIx) -> Option<(u64, u64)> {
    let measure = collection_measure(snapshot, object)?;
    let array = measure.array?;
    let is_its_own = snapshot.dominators().immediate_dominator(array).object() == Some(object);
    measure.length.zip(measure.capacity).filter(|_| is_its_own)
}

impl Spare {
    /// None yet, of collections of that class.
    fn of(class: ClassIx) -> Self {
        Self { class, is_inside: false, collections: 0, elements: 0, capacity: 0 }
    }

    /// Says so of the suspect.
    pub(super) fn tell(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let class = &*snapshot.classes().get(self.class).name;
        let holder = || ("holder", suspect.holder.words());
        let args =
            [("class", Arg::name(simple_name(class))), ("count", Arg::Count(self.collections)), holder()];
        let id = if self.elements == 0 { "suspect-title-empty" } else { "suspect-title-nearly-empty" };
        let advice = match self.is_inside {
            true => Text::message("collections-wasteful-advice"),
            false => Text::with("suspect-advice-room", [holder()]),
        };
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
