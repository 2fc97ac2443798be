//! Objects of one kind that are so large that each is a place of its own.
//!
//! Owns the question who holds all of them, where each is in a field that others have one each of, as a price tag has the cell of the page that it was read
//! from: nobody puts anything into that field or takes anything out of it, and the answer is whoever has what has the fields. Of smaller ones, which are
//! found as a group, the same is asked when the group's holder is looked for. Cost: nothing unless there are many; then a climb for each.

use super::past::Place;
use super::story::{Part, same_holder};
use crate::inspect::holders::{Held, Ownership};
use crate::query::{Origin, collection_length};
use crate::report::{HolderKind, SuspectKind};
use crate::snapshot::Snapshot;

/// So many of a kind are a crowd.
const CROWD: usize = 16;

/// Puts such places together at whoever holds all of them.
pub(super) fn put_together(snapshot: &Snapshot, ownership: &Ownership<'_>, places: &mut Vec<Place>) {
    let mut kinds: Vec<Vec<usize>> = Vec::new();
    for at in (0..places.len()).filter(|&at| is_in_field_of_one(snapshot, &places[at])) {
        match kinds.iter_mut().find(|kind| same_holder(&places[kind[0]].held, &places[at].held)) {
            Some(kind) => kind.push(at),
            None => kinds.push(vec![at]),
        }
    }
    let mut left_out = vec![false; places.len()];
    for kind in kinds.into_iter().filter(|kind| kind.len() >= CROWD) {
        let count = kind.len() as u64;
        let all = || kind.iter().map(|&at| ownership.of_one_of(places[at].held.object, count));
        let Some(above): Option<Vec<Held>> =
            all().map(|held| held.filter(|&(_, is_above)| is_above).map(|(held, _)| held)).collect()
        else {
            continue;
        };
        for (&at, held) in kind.iter().zip(above) {
            let collection = held.object;
            let is_whole = collection_length(snapshot, collection).is_some()
                && snapshot.dominators().dominates(collection, places[at].held.object);
            let Part::Object { own_bytes, .. } = places[at].part else { continue };
            let known = kind
                .iter()
                .copied()
                .find(|&other| other < at && !left_out[other] && places[other].held.object == collection);
            match known.map(|known| &mut places[known].part) {
                // Its elements say more than what one field of each of them refers to.
                Some(Part::Object { own_bytes: sum, .. }) if is_whole => {
                    *sum += own_bytes;
                    left_out[at] = true;
                }
                _ if is_whole => {
                    places[at].in_doubt.clear();
                    places[at].part = Part::Object { object: collection, own_bytes };
                    places[at].held = held;
                }
                _ => places[at].held = held,
            }
        }
    }
    let mut left_out = left_out.into_iter();
    places.retain(|_| !left_out.next().unwrap_or(false));
}

/// Whether it is a field with one object, and neither that nor the place in it has elements: a cache or a buffer in a field grows by itself.
fn is_in_field_of_one(snapshot: &Snapshot, place: &Place) -> bool {
    let Place { held, part: Part::Object { object, .. }, .. } = place else { return false };
    held.kind == SuspectKind::Leak
        && held.origin == Origin::Application
        && held.holder.kind == HolderKind::InstanceField
        && [held.object, *object]
            .into_iter()
            .all(|object| !snapshot.class(object).is_array() && collection_length(snapshot, object).is_none())
}
