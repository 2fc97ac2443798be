//! Objects that are many: who holds all of them, and not one.
//!
//! The field nearest to an object may be one that each of many others has, as each article has a text and each task the object that it was made for: it
//! holds that one object only. Nobody can bound it, and who lets go there frees nothing else. So where the object is one of a crowd, the climb begins again at
//! whatever has such a field, until it comes to a field that leads to many. Owns what counts as leading to one; knows nothing of how a path is found.
//! Cost: another climb up the same path for each such field.

use super::{Held, Ownership, is_thread};
use crate::ix::ObjectIx;
use crate::query::{Origin, collection_length, is_of_collections};
use crate::report::HolderKind;
use hashbrown::HashSet;

/// From so many objects with such a field on they are a crowd.
const CROWD: u64 = 16;
/// If there are fewer than this part of what is held, the field is no matter of each.
const PART: u64 = 16;
/// A collection with less than this part of what is held has a few of many.
const FEW: u64 = 256;
/// Fields, each of one of many, above each other.
const LEVELS: usize = 6;

impl Ownership<'_> {
    /// Who holds `object`, which is one of `count` objects that are asked about together: not a field that leads to this one only, if something leads to
    /// many of what has that field, which is said besides. As [`Self::of`] otherwise.
    pub fn of_one_of(&self, object: ObjectIx, count: u64) -> Option<(Held, bool)> {
        let held = self.of(object, 0)?;
        if !is_of_object(&held) {
            return Some((held, false));
        }
        let path = self.best_path(object);
        let Some((mut above, declaring)) = self.above(&path, &held, count) else {
            return Some((held, false));
        };
        // The way goes on down to the object that it is asked about.
        let address = self.snapshot.address_of(declaring).0;
        if above
            .path
            .iter()
            .zip(&held.path)
            .take_while(|(a, b)| a.address == b.address)
            .any(|(step, _)| step.address == address)
        {
            above.path = held.path;
        }
        Some((above, true))
    }

    /// Whose field leads to many objects such as the one whose field `held` is, with the object that has the field. `objects` is the path; `None` if it is no
    /// field of one of many, or nothing above it can be named.
    pub(super) fn above(&self, objects: &[ObjectIx], held: &Held, count: u64) -> Option<(Held, ObjectIx)> {
        // What a library's objects refer to each other by is known to the rules about it.
        if count < CROWD || held.origin != Origin::Application {
            return None;
        }
        let mut found: Option<(Held, ObjectIx)> = None;
        let mut end = objects.len();
        for _ in 0..LEVELS {
            let held = found.as_ref().map_or(held, |(held, _)| held);
            let at = objects[..end].iter().position(|&object| object == held.object);
            let Some(at) = at.filter(|_| is_of_object(held)).and_then(|at| at.checked_sub(1)) else { break };
            if !self.is_of_one(&objects[at..], count) {
                break;
            }
            let above = self.held(objects[at], 0, &objects[..=at]);
            // A stack or a root says less than the field, and so does a table of the JDK's, but for what the compiler has made a field.
            let is_field = is_of_object(&above) || above.holder.kind == HolderKind::StaticField;
            if !is_field || above.origin == Origin::Jdk && !held.holder.is_captured() {
                return None;
            }
            let declaring = objects.iter().position(|&object| object == above.object)?.checked_sub(1)?;
            found = Some((above, objects[declaring]));
            end = at + 1;
        }
        let (held, declaring) = found?;
        let at = objects.iter().position(|&object| object == declaring)?;
        (!self.is_of_one(&objects[at..], count)).then_some((held, declaring))
    }

    /// Whether the first object of this way to one of `count` objects is one of many and leads to this one only, or to a few in a collection.
    fn is_of_one(&self, way: &[ObjectIx], count: u64) -> bool {
        let snapshot = self.snapshot;
        let [first, inside @ .., _] = way else { return false };
        let class = snapshot.class_of(*first);
        let belongs_to_many = snapshot.mirrored_class(*first).is_some()
            || is_thread(snapshot, *first)
            || snapshot.class(*first).is_array()
            || snapshot.classes().is_named(class, "java.lang.ClassLoader");
        let alike = snapshot.class_counts()[class.index()].instances;
        if belongs_to_many || alike < CROWD || alike.saturating_mul(PART) < count {
            return false;
        }
        // The links of a chain lead to each other.
        let mut classes: HashSet<_> = HashSet::from([class]);
        for &object in inside {
            if let Some(length) = collection_length(snapshot, object) {
                return length.saturating_mul(FEW) <= count;
            }
            let name = snapshot.class_name(object);
            let is_inside_of_collection = name.starts_with("java.util.") || is_of_collections(name);
            if snapshot.class(object).is_array()
                || is_inside_of_collection
                || !classes.insert(snapshot.class_of(object))
            {
                return false;
            }
        }
        true
    }
}

/// Whether it is a field of an object.
fn is_of_object(held: &Held) -> bool {
    held.holder.kind == HolderKind::InstanceField
}
