//! Who has what a holder only leads to.
//!
//! Owns the question whether something other than a view, or than a collection of a few of many, leads to what it leads to: then that has it. It is asked
//! of no holder that dominates what is in question, since then nothing else does. And whether something other than a class by its own loader leads to what a
//! library keeps: each class leads there, whoever keeps the loaders. Cost: nothing in the ordinary case; otherwise one search for paths
//! for all that is in doubt.

use super::story::{Part, same_holder};
use crate::hprof::ObjectId;
use crate::inspect::holders::{BY_LOADER, Held, Ownership};
use crate::ix::ObjectIx;
use crate::query::{Origin, collection_length, elements_of, instances_of};
use crate::report::SuspectKind;
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashMap;

/// Objects of a group for which it is asked who else leads there.
const LOOKED_AT: usize = 16;

/// A place in the heap with its holder.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) held: Held,
    pub(super) part: Part,
    /// What the holder may only lead to.
    pub(super) in_doubt: Vec<ObjectIx>,
}

/// Looks for the holders past those that are in doubt.
///
/// # Errors
/// No memory and no scratch space.
pub(super) fn look(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    places: &mut [Place],
) -> Result<(), SnapshotError> {
    let dominators = snapshot.dominators();
    let mut barred: Vec<ObjectIx> = Vec::new();
    for Place { held, in_doubt, .. } in places.iter_mut() {
        if let Some(loader) = loader_on_path(snapshot, held) {
            barred.extend(instances_of(snapshot, &[snapshot.class_of(loader)])?);
            *in_doubt = vec![held.object];
            continue;
        }
        let others = in_doubt.iter().filter(|&&object| !dominators.dominates(held.object, object)).count();
        if !are_most(others, in_doubt.len()) {
            in_doubt.clear();
        }
    }
    let in_doubt: Vec<&Place> = places.iter().filter(|place| !place.in_doubt.is_empty()).collect();
    if in_doubt.is_empty() {
        return Ok(());
    }
    let only_leads_to = in_doubt.iter().filter(|place| loader_on_path(snapshot, &place.held).is_none());
    barred.extend(only_leads_to.map(|place| place.held.object));
    barred.sort_unstable();
    barred.dedup();
    let objects: Vec<ObjectIx> = in_doubt.iter().flat_map(|place| place.in_doubt.iter().copied()).collect();
    let past: HashMap<ObjectIx, Held> = ownership.past(&barred, &objects)?.into_iter().collect();
    for Place { held, in_doubt, .. } in places.iter_mut() {
        let others: Vec<&Held> = in_doubt.iter().filter_map(|object| past.get(object)).collect();
        let of_others = others.iter().filter(|other| !same_holder(other, held)).count();
        // If most are reached in another way, that one has them.
        if let Some(&first) = others.first().filter(|_| are_most(of_others, in_doubt.len())) {
            let alike = others.iter().filter(|other| same_holder(other, first)).count();
            if alike * 2 > in_doubt.len() {
                *held = first.clone();
            }
        }
    }
    Ok(())
}

fn are_most(some: usize, all: usize) -> bool {
    all > 0 && some * 4 >= all * 3
}

/// The class loader by which a class, and nothing else, leads to what a library keeps.
fn loader_on_path(snapshot: &Snapshot, held: &Held) -> Option<ObjectIx> {
    let [class, loader, ..] = &held.path[..] else { return None };
    let is_by_loader = class.field.as_deref() == Some(BY_LOADER) && class.address != loader.address;
    let loader = snapshot.find(ObjectId(loader.address)).filter(|_| is_by_loader)?;
    (held.kind == SuspectKind::Leak && held.origin == Origin::Library && held.object != loader)
        .then_some(loader)
}

/// What of a collection is in doubt: itself, if the holder refers to a view of it, or to a list of nodes some of which somebody else has noted.
pub(super) fn of_collection(snapshot: &Snapshot, held: &Held, collection: ObjectIx) -> Vec<ObjectIx> {
    let is_of_its_kind = || {
        let class = snapshot.class_of(collection);
        let some = elements_of(snapshot, held.object, 4);
        !some.is_empty() && some.iter().all(|&element| snapshot.class_of(element) == class)
    };
    let is_doubtful = held.kind == SuspectKind::Leak
        && held.object != collection
        && (is_view(snapshot, held.object) || is_of_its_kind());
    if is_doubtful { vec![collection] } else { Vec::new() }
}

/// Which of the `count` objects of a group are in doubt: some, if what the holder refers to is a view of what somebody else has, or a collection of a few of
/// many that refer to each other.
pub(super) fn of_group(snapshot: &Snapshot, held: &Held, samples: &[ObjectIx], count: u64) -> Vec<ObjectIx> {
    const MANY: u64 = 1 << 10;
    const PART: u64 = 8;
    let is_few = || {
        let length = collection_length(snapshot, held.object);
        count >= MANY && length.is_some_and(|length| length < count / PART)
    };
    let is_doubtful = held.kind == SuspectKind::Leak && (is_view(snapshot, held.object) || is_few());
    if is_doubtful { samples.iter().copied().take(LOOKED_AT).collect() } else { Vec::new() }
}

/// Whether an object of the JDK's only shows what another collection has.
fn is_view(snapshot: &Snapshot, object: ObjectIx) -> bool {
    const VIEWS: &[&str] =
        &["$Values", "$KeySet", "$EntrySet", "$ValuesView", "$KeySetView", "$EntrySetView", "$SubList"];
    let class = snapshot.class_name(object);
    class.starts_with("java.util.Collections$Unmodifiable")
        || class.starts_with("java.util.") && VIEWS.iter().any(|view| class.ends_with(view))
}
