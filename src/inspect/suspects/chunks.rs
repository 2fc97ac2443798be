//! Chunks of a queue: linked pieces, each with an array of what was put into the queue. Nobody knows the chunks of a library; what waits in them counts. Of the
//! application's own classes those are chunks that have nothing beside the array but numbers and the next one: what has a name or a date is a thing by itself.
//!
//! Cost: nothing unless the elements of an accumulation are such chunks; then a walk over what these keep directly.

use super::elements::{Elements, is_plumbing};
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::snapshot::{Link, OfEach, Snapshot};
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::sync::Arc;

/// Objects that are looked at: more wait in no queue that anybody would count.
const MOST_VISITED: usize = 1 << 24;

/// What [`payload`] has found: it is asked for as often as elements are.
#[derive(Debug, Default)]
struct Known(OfEach<ObjectIx, Arc<[Elements]>>);

/// What most is in the chunks that `owner` keeps, if `found`, its elements, are chunks and nearly all of them is of one class, or of several of the application's.
pub(super) fn payload(snapshot: &Snapshot, owner: ObjectIx, found: Elements) -> Option<Elements> {
    payloads(snapshot, owner, found).first().copied()
}

/// The same of all classes, those that retain most first.
pub(super) fn payloads(snapshot: &Snapshot, owner: ObjectIx, found: Elements) -> Arc<[Elements]> {
    let known = snapshot.remember(|_| Known::default());
    known.0.of(owner, |_| look_for_payload(snapshot, owner, found).unwrap_or_default().into())
}

fn look_for_payload(snapshot: &Snapshot, owner: ObjectIx, found: Elements) -> Option<Vec<Elements>> {
    const FEW: u64 = 2;
    // Below the object that has the first of its own chunks nothing but that one was counted.
    let is_own = is_own_chunk(snapshot, found.first);
    if !is_own && (found.count < 2 || !is_chunk(snapshot, found.first)) {
        return None;
    }
    let tree = snapshot.dominators();
    let is_inside = |object: ObjectIx| {
        snapshot.class_of(object) == found.class
            || is_array(snapshot, object)
            || is_plumbing(snapshot, object)
    };
    let mut by_class: HashMap<ClassIx, Elements> = HashMap::new();
    let mut chunks = 0;
    let mut stack = vec![owner];
    for _ in 0..MOST_VISITED {
        let Some(object) = stack.pop() else { break };
        let of_array = is_array(snapshot, object);
        for &child in tree.children(object) {
            if is_inside(child) {
                chunks += u64::from(snapshot.class_of(child) == found.class);
                stack.push(child);
            } else if of_array {
                let class = snapshot.class_of(child);
                let new = Elements { class, count: 0, keys: 0, bytes: 0, first: child, places: 1 };
                let elements = by_class.entry(class).or_insert(new);
                elements.count += 1;
                elements.bytes += snapshot.retained_bytes(child);
                elements.first = elements.first.min(child);
            }
        }
    }
    let mut all: Vec<Elements> = by_class.into_values().collect();
    all.sort_by_key(|elements| Reverse((elements.bytes, elements.class)));
    let is_own = |elements: &Elements| origin_of(snapshot, elements.class) == Origin::Application;
    let largest = all.first()?;
    // What implements one interface of the application's is of several classes.
    let counted =
        all.iter().filter(|elements| elements.class == largest.class || is_own(largest) && is_own(elements));
    let (count, bytes) =
        counted.fold((0, 0), |(count, bytes), elements| (count + elements.count, bytes + elements.bytes));
    let is_most = bytes * 10 >= found.bytes * 7 && count >= FEW * found.count.max(chunks);
    (is_most && stack.is_empty()).then_some(all)
}

/// Whether an object of a library's has a next one of its class and an array of others.
fn is_chunk(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class_of(object);
    if origin_of(snapshot, class) == Origin::Application || snapshot.class(object).is_array() {
        return false;
    }
    let (mut has_next, mut has_array) = (false, false);
    snapshot.links(object, |link, target| {
        if let Link::Field { name, .. } = link {
            has_next |= snapshot.class_of(target) == class && name.to_lowercase().contains("next");
            has_array |= is_array(snapshot, target);
        }
        true
    });
    has_next && has_array
}

/// Whether an object of the application's refers to one of its class and to an array with room for many of anything, and to nothing else.
pub(super) fn is_own_chunk(snapshot: &Snapshot, object: ObjectIx) -> bool {
    const ROOM: u32 = 16;
    let class = snapshot.class_of(object);
    if origin_of(snapshot, class) != Origin::Application || snapshot.class(object).is_array() {
        return false;
    }
    let (mut has_next, mut has_array, mut has_other) = (false, false, false);
    snapshot.links(object, |link, target| {
        if matches!(link, Link::Field { .. }) {
            // An array that was made for just these is a part of what was made with them.
            let is_store = |length: u32| {
                length.is_power_of_two()
                    || snapshot.class_name(target) == "java.lang.Object[]"
                    || (snapshot.references().of(target).count() as u64) < u64::from(length)
            };
            let has_room =
                snapshot.array_length(target).is_some_and(|length| length >= ROOM && is_store(length));
            match () {
                () if snapshot.class_of(target) == class => has_next = true,
                () if is_array(snapshot, target) => has_array |= has_room,
                () => has_other |= !snapshot.class(target).is_primitive_array(),
            }
        }
        true
    });
    has_next && has_array && !has_other
}

/// Whether an object is an array of references, or one whose elements are changed atomically.
fn is_array(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class(object);
    class.element == Some(FieldType::Reference)
        || &*class.name == "java.util.concurrent.atomic.AtomicReferenceArray"
}
