//! What fills the unreachable part of the heap.
//!
//! Owns the attribution of garbage to the objects it hung on: from each unreachable object that no other one refers to, everything
//! that was not counted before is counted to its class. Where garbage is shared the first owner in the order of the dump gets it, so
//! bytes by class are an estimate; the total is exact. Garbage in circles is counted to the first object of the circle.
//! Cost: two passes over the unreachable part, two bits per object.

use crate::graph::GraphError;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;

/// Garbage that hung on objects of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Garbage {
    pub(super) class: ClassIx,
    /// Objects of the class that are unreachable.
    pub(super) count: u64,
    /// What they kept when they were still in use, in bytes: an estimate.
    pub(super) bytes: u64,
    /// One of them.
    pub(super) first: ObjectIx,
}

/// Unreachable objects by the class of what held them, most bytes first. Objects of the JDK hand on what they hold: a list of orders is
/// counted to the orders.
pub(super) fn find(snapshot: &Snapshot) -> Result<Vec<Garbage>, SnapshotError> {
    let count = snapshot.object_count();
    let bits = |what| BitColumn::new(snapshot.storage(), what, count).map_err(GraphError::from);
    let (mut referred, mut seen) = (bits("garbage that is referred to")?, bits("garbage that is counted")?);
    let references = snapshot.references();
    let own: Vec<bool> =
        snapshot.classes().iter().map(|(class, _)| origin_of(snapshot, class) != Origin::Jdk).collect();
    for (object, slots) in references.lists(0..count) {
        if !snapshot.is_reachable(object) {
            for &slot in slots.iter().filter(|&&slot| (slot as usize) < count && slot != object.0) {
                referred.set(slot as usize);
            }
        }
    }
    let mut by_class = vec![None::<Garbage>; snapshot.classes().len()];
    let mut stack: Vec<(ObjectIx, Option<ClassIx>)> = Vec::new();
    for only_tops in [true, false] {
        for object in snapshot.objects() {
            let at = object.index();
            if seen.get(at) || (only_tops && referred.get(at)) || snapshot.is_reachable(object) {
                continue;
            }
            seen.set(at);
            stack.push((object, None));
            while let Some((object, owner)) = stack.pop() {
                let class = snapshot.class_of(object);
                let is_own = own[class.index()];
                let owner = owner.or(is_own.then_some(class));
                let counted = owner.unwrap_or(class);
                let slot = by_class[counted.index()].get_or_insert(Garbage {
                    class: counted,
                    count: 0,
                    bytes: 0,
                    first: object,
                });
                slot.bytes += snapshot.shallow_bytes(object);
                slot.count += u64::from(counted == class);
                for &next in references.slots(object) {
                    if (next as usize) < count
                        && !seen.get(next as usize)
                        && !snapshot.is_reachable(ObjectIx(next))
                    {
                        seen.set(next as usize);
                        stack.push((ObjectIx(next), owner));
                    }
                }
            }
        }
    }
    let mut all: Vec<Garbage> = by_class.into_iter().flatten().collect();
    all.sort_by_key(|garbage| (std::cmp::Reverse(garbage.bytes), garbage.class));
    Ok(all)
}
