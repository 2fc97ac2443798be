//! The elements of a collection, the entries of a map.
//!
//! Cost: a record per element and node.

use super::spec::{CollectionKind, Spec, Store, spec_of};
use super::tries;
use crate::ix::ObjectIx;
use crate::snapshot::{Heap, Snapshot};

/// A key and a value; null ones, and such as the dump does not hold, are `None`.
pub(super) type Entry = (Option<ObjectIx>, Option<ObjectIx>);

/// Queues are counted up to this many nodes.
const LONGEST_WALK: usize = 1 << 24;

/// At most `limit` elements of a list, set, queue or array (of a map: its keys), in their order where there is one. Null ones are left out.
pub fn elements_of(snapshot: &Snapshot, collection: ObjectIx, limit: usize) -> Vec<ObjectIx> {
    let mut elements = Vec::new();
    visit(snapshot, collection, &mut |(key, _)| {
        elements.extend(key);
        elements.len() < limit
    });
    elements.truncate(limit);
    elements
}

/// At most `limit` entries of a map.
pub fn entries_of(snapshot: &Snapshot, map: ObjectIx, limit: usize) -> Vec<Entry> {
    let mut entries = Vec::new();
    visit(snapshot, map, &mut |entry| {
        entries.push(entry);
        entries.len() < limit
    });
    entries.truncate(limit);
    entries
}

/// What of a collection is visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The keys. Of what is no map there are none.
    Keys,
    /// The values of a map, the elements of everything else.
    Values,
}

/// Calls `take` for each element of a collection or array, or for each key or value of a map, that is not null, until it has enough.
pub fn visit_part(
    snapshot: &Snapshot,
    collection: ObjectIx,
    part: Part,
    take: &mut dyn FnMut(ObjectIx) -> bool,
) {
    let spec = spec_of(snapshot, snapshot.class_of(collection));
    let is_map = spec.is_some_and(|spec| spec.kind == CollectionKind::Map);
    if part == Part::Keys && !is_map {
        return;
    }
    visit(snapshot, collection, &mut |(key, value)| {
        let wanted = if is_map && part == Part::Values { value } else { key };
        wanted.is_none_or(&mut *take)
    });
}

/// How many elements a collection without a counter has.
pub(super) fn count(heap: &Heap, collection: ObjectIx, spec: &Spec) -> u64 {
    let mut count = 0;
    visit_spec(heap, collection, spec, &mut |(key, _)| {
        count += u64::from(key.is_some());
        count < LONGEST_WALK as u64
    });
    count
}

/// The key under which a map that makes no object for an entry has `value`: one that keeps both in arrays or fields. Cost: its entries.
pub fn key_beside(heap: &Heap, map: ObjectIx, value: ObjectIx) -> Option<ObjectIx> {
    let spec = spec_of(heap, heap.class_of(map)).filter(|spec| spec.kind == CollectionKind::Map)?;
    let mut found = None;
    if matches!(spec.store, Store::Pairs(_) | Store::ChainedPairs(_) | Store::Parallel(..) | Store::Fields(_))
    {
        visit_spec(heap, map, spec, &mut |(key, other)| {
            found = key.filter(|_| other == Some(value));
            found.is_none()
        });
    }
    found
}

/// Calls `take` for each element until it has enough.
fn visit(heap: &Heap, collection: ObjectIx, take: &mut dyn FnMut(Entry) -> bool) {
    /// Wrappers around wrappers.
    const DEEPEST: usize = 8;
    let mut collection = collection;
    for _ in 0..DEEPEST {
        let Some(spec) = spec_of(heap, heap.class_of(collection)) else {
            // Arrays, and what is no collection: nothing.
            let _ = heap.elements(collection).all(|id| take((heap.find(id), None)));
            return;
        };
        let Store::Of(name) = spec.store else { return visit_spec(heap, collection, spec, take) };
        let Some(inner) = heap.follow(collection, name) else { return };
        collection = inner;
    }
}

fn visit_spec(heap: &Heap, collection: ObjectIx, spec: &Spec, take: &mut dyn FnMut(Entry) -> bool) {
    let length = |name: &str| {
        let length = heap.integer(collection, name).and_then(|length| usize::try_from(length).ok());
        length.unwrap_or(usize::MAX)
    };
    // The keys of a map that has its values alone in an array are numbers.
    let in_array = |id| {
        if spec.kind == CollectionKind::Map { (None, heap.find(id)) } else { (heap.find(id), None) }
    };
    match spec.store {
        Store::Front(name) => {
            let Some(array) = heap.follow(collection, name) else { return };
            let length = match spec.length {
                super::spec::Length::Field(name) => length(name),
                _ => usize::MAX,
            };
            let _ = heap.elements(array).take(length).all(|id| take(in_array(id)));
        }
        Store::Sparse(name) => {
            let Some(array) = heap.follow(collection, name) else { return };
            let _ = heap.elements(array).filter(|id| !id.is_null()).all(|id| take(in_array(id)));
        }
        Store::Ring(name) => {
            let Some(array) = heap.follow(collection, name) else { return };
            let head = length("head").min(heap.elements(array).len());
            let ring = heap.elements(array).skip(head).chain(heap.elements(array).take(head));
            let _ = ring.filter(|id| !id.is_null()).all(|id| take((heap.find(id), None)));
        }
        Store::Pairs(name) => {
            let Some(array) = heap.follow(collection, name) else { return };
            pairs(heap, array, take);
        }
        Store::ChainedPairs(name) => {
            let Some(array) = heap.follow(collection, name) else { return };
            // The key under which an array of more pairs stands is of a class that the map has made for it.
            let is_own = |key: ObjectIx| {
                let name = heap.class_name(key).strip_prefix(spec.class);
                name.is_some_and(|rest| rest.starts_with('$'))
            };
            pairs(heap, array, &mut |(key, value)| match value.filter(|_| key.is_some_and(is_own)) {
                Some(chain) if heap.class(chain).is_array() => pairs(heap, chain, take),
                _ => take((key, value)),
            });
        }
        Store::Keys(name) => {
            let Some(array) = heap.follow(collection, name) else { return };
            let _ = heap.elements(array).filter(|id| !id.is_null()).all(|id| take((heap.find(id), None)));
        }
        Store::Trie(root) => tries::visit(heap, heap.follow(collection, root), take),
        Store::Table(name) => {
            if let Some(table) = heap.follow(collection, name) {
                chains(heap, table, take);
            }
        }
        Store::Segments(name) => {
            let Some(segments) = heap.follow(collection, name) else { return };
            for segment in heap.elements(segments).filter_map(|id| heap.find(id)) {
                if let Some(table) = heap.follow(segment, "table")
                    && !chains(heap, array_of(heap, table), take)
                {
                    return;
                }
            }
        }
        Store::Nodes(first, item) => {
            let mut node = heap.follow(collection, first);
            let mut left = LONGEST_WALK.min(heap.object_count());
            while let Some(at) = node.filter(|_| left > 0) {
                left -= 1;
                // The first node of a blocking queue is a dummy without an item.
                if let Some(element) = heap.follow(at, item)
                    && !take((Some(element), None))
                {
                    return;
                }
                node = heap.follow(at, "next").filter(|&next| next != at);
            }
        }
        Store::Tree(root) => tree(heap, heap.follow(collection, root), take),
        Store::Skip(head) => {
            let before_first = heap.follow(collection, head).and_then(|index| heap.follow(index, "node"));
            skip_list(heap, before_first, take);
        }
        Store::Parallel(keys, values) => {
            let array = |name| heap.follow(collection, name);
            let (Some(keys), Some(values)) = (array(keys), array(values)) else { return };
            let entries =
                heap.elements(keys).zip(heap.elements(values)).filter(|(_, value)| !value.is_null());
            let _ = entries.map(|(key, value)| (heap.find(key), heap.find(value))).all(take);
        }
        Store::Fields(names) => {
            if names[0].starts_with('k') {
                take((heap.follow(collection, names[0]), heap.follow(collection, names[1])));
                return;
            }
            let is_map = |id: &ObjectIx| heap.class_name(*id) != "java.lang.Object";
            let _ = names
                .iter()
                .filter_map(|name| heap.follow(collection, name))
                .filter(is_map)
                .all(|element| take((Some(element), None)));
        }
        Store::Of(_) | Store::Opaque => {}
    }
}

/// Keys and values by turns in an array. False if `take` has enough.
fn pairs(heap: &Heap, array: ObjectIx, take: &mut dyn FnMut(Entry) -> bool) -> bool {
    let mut elements = heap.elements(array);
    while let (Some(key), Some(value)) = (elements.next(), elements.next()) {
        if !key.is_null() && !take((heap.find(key), heap.find(value))) {
            return false;
        }
    }
    true
}

/// Guava's segments keep their table in an `AtomicReferenceArray`.
fn array_of(heap: &Heap, table: ObjectIx) -> ObjectIx {
    heap.follow(table, "array").unwrap_or(table)
}

/// The entries in a hash table with chains. False if `take` has enough.
fn chains(heap: &Heap, table: ObjectIx, take: &mut dyn FnMut(Entry) -> bool) -> bool {
    let mut left = heap.object_count();
    for bucket in heap.elements(table) {
        let mut node = heap.find(bucket);
        // A bin of `ConcurrentHashMap` that has become a tree keeps its nodes in a list as well.
        if let Some(first) = node.and_then(|node| heap.follow(node, "first")) {
            node = Some(first);
        }
        while let Some(at) = node.filter(|_| left > 0) {
            left -= 1;
            let follow = |names: &[&str]| names.iter().find_map(|name| heap.follow(at, name));
            let key = follow(&["key", "referent", "_key"]);
            let value = follow(&["val", "value", "valueReference", "_value"]);
            if (key.is_some() || value.is_some()) && !take((key, value)) {
                return false;
            }
            node = follow(&["next", "_next"]).filter(|&next| next != at);
        }
    }
    true
}

/// The entries of a skip list, in order: its lowest list has all of them.
fn skip_list(heap: &Heap, before_first: Option<ObjectIx>, take: &mut dyn FnMut(Entry) -> bool) {
    let mut left = heap.object_count();
    let mut node = before_first;
    while let Some(at) = node.filter(|_| left > 0) {
        left -= 1;
        // The node before the first one and the marker behind one that is being removed have no key, and what was removed has no value.
        let value = ["val", "value"].iter().find_map(|name| heap.follow(at, name));
        if let (Some(key), Some(value)) = (heap.follow(at, "key"), value)
            && !take((Some(key), Some(value)))
        {
            return;
        }
        node = heap.follow(at, "next").filter(|&next| next != at);
    }
}

/// The entries of a red-black tree, in order.
fn tree(heap: &Heap, root: Option<ObjectIx>, take: &mut dyn FnMut(Entry) -> bool) {
    /// No balanced tree is deeper.
    const DEEPEST: usize = 128;
    let mut left_to_see = heap.object_count();
    let mut above: Vec<ObjectIx> = Vec::new();
    let mut node = root;
    loop {
        while let Some(at) = node.filter(|_| above.len() < DEEPEST) {
            above.push(at);
            node = heap.follow(at, "left");
        }
        let Some(at) = above.pop().filter(|_| left_to_see > 0) else { return };
        left_to_see -= 1;
        if !take((heap.follow(at, "key"), heap.follow(at, "value"))) {
            return;
        }
        node = heap.follow(at, "right");
    }
}
