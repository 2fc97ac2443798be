//! Chunks of a queue: linked pieces of a library's, each with an array of what was put into the queue. Nobody knows the chunks; what waits in them counts.
//!
//! Cost: nothing unless the elements of an accumulation are such chunks; then a walk over what these keep directly.

use super::elements::{Elements, is_plumbing};
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::snapshot::{Link, OfEach, Snapshot};
use hashbrown::HashMap;

/// Objects that are looked at: more wait in no queue that anybody would count.
const MOST_VISITED: usize = 1 << 24;

/// What [`payload`] has found: it is asked for as often as elements are.
#[derive(Debug, Default)]
struct Known(OfEach<ObjectIx, Option<Elements>>);

/// What is in the chunks that `owner` keeps, if `found`, its elements, are chunks and nearly all of them is of one class.
pub(super) fn payload(snapshot: &Snapshot, owner: ObjectIx, found: Elements) -> Option<Elements> {
    snapshot.remember(|_| Known::default()).0.of(owner, |_| look_for_payload(snapshot, owner, found))
}

fn look_for_payload(snapshot: &Snapshot, owner: ObjectIx, found: Elements) -> Option<Elements> {
    const FEW: u64 = 2;
    if found.count < 2 || !is_chunk(snapshot, found.first) {
        return None;
    }
    let tree = snapshot.dominators();
    let is_inside = |object: ObjectIx| {
        snapshot.class_of(object) == found.class
            || is_array(snapshot, object)
            || is_plumbing(snapshot, object)
    };
    let mut by_class: HashMap<ClassIx, Elements> = HashMap::new();
    let mut stack = vec![owner];
    for _ in 0..MOST_VISITED {
        let Some(object) = stack.pop() else { break };
        let of_array = is_array(snapshot, object);
        for &child in tree.children(object) {
            if is_inside(child) {
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
    let largest = by_class.into_values().max_by_key(|elements| (elements.bytes, elements.class))?;
    let is_most = largest.bytes * 10 >= found.bytes * 7 && largest.count >= FEW * found.count;
    (is_most && stack.is_empty()).then_some(largest)
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

/// Whether an object is an array of references, or one whose elements are changed atomically.
fn is_array(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class(object);
    class.element == Some(FieldType::Reference)
        || &*class.name == "java.util.concurrent.atomic.AtomicReferenceArray"
}
