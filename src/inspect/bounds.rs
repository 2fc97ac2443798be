//! Collections that have a limit: caches and rings, which evict. A queue that is full is none of them: who adds to it waits or fails.
//!
//! Owns how a limit is known: a rule marked `meant` knows the class; some classes say it; or the application's object that holds the collection has
//! a field like `maxEntries` that is not smaller than the number of elements. It matters because a cache that fills grows like a leak and is none.
//! False positives: a field like `limit` that limits something else. Cost: some records for each object that is asked about.

use super::Context;
use crate::ix::ObjectIx;
use crate::query::{Origin, collection_length, origin_of};
use crate::snapshot::Snapshot;

/// Nothing with a larger limit is limited by it: `Integer.MAX_VALUE` stands for none.
const LARGEST_LIMIT: u64 = 100_000_000;

/// What is known of the limit of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    /// How many elements it has.
    pub(super) entries: Option<u64>,
    /// How many it may have; of a map that only its code limits it is not known.
    pub(super) limit: Option<u64>,
}

/// The limit of `object`, which `owner` refers to, if one is known.
pub(super) fn bound(context: &Context<'_>, object: ObjectIx, owner: Option<ObjectIx>) -> Option<Bound> {
    let snapshot = context.snapshot;
    let by_rule = context.rules().limit_of(snapshot, object);
    by_rule
        .map(|(entries, limit)| Bound { entries, limit })
        .or_else(|| by_class(snapshot, object))
        .or_else(|| by_owner(snapshot, object, owner?))
}

/// A limit that counts, and the elements that keep it.
fn kept(entries: u64, limit: u64) -> Option<Bound> {
    let is_limit = entries > 0 && entries <= limit && limit <= LARGEST_LIMIT;
    is_limit.then_some(Bound { entries: Some(entries), limit: Some(limit) })
}

/// Classes whose objects evict at a limit, and the field that says it.
const LIMITED: [(&str, &str); 5] = [
    ("com.google.common.collect.EvictingQueue", "maxSize"),
    ("org.apache.commons.collections4.queue.CircularFifoQueue", "maxElements"),
    ("org.apache.commons.collections.map.LRUMap", "maxSize"),
    ("org.springframework.util.ConcurrentLruCache", "capacity"),
    ("com.fasterxml.jackson.databind.util.LRUMap", "_maxEntries"),
];

/// Classes that say their limit.
fn by_class(snapshot: &Snapshot, object: ObjectIx) -> Option<Bound> {
    let class = snapshot.class_of(object);
    let (_, field) = LIMITED.iter().find(|(name, _)| snapshot.classes().is_named(class, name))?;
    let limit = u64::try_from(snapshot.integer(object, field)?).ok()?;
    match collection_length(snapshot, object) {
        Some(entries) => kept(entries, limit),
        None => (1..=LARGEST_LIMIT).contains(&limit).then_some(Bound { entries: None, limit: Some(limit) }),
    }
}

/// A field or constant of the application's object that holds the collection, or of the collection's own class.
fn by_owner(snapshot: &Snapshot, object: ObjectIx, owner: ObjectIx) -> Option<Bound> {
    let name = snapshot.class_name(object);
    let entries = collection_length(snapshot, object).filter(|_| !name.contains("Queue"))?;
    let limits = [object, owner].into_iter().filter_map(|holder| limit_in(snapshot, holder, entries));
    kept(entries, limits.min()?)
}

/// The smallest number that limits a collection of so many elements, by the name of its field.
fn limit_in(snapshot: &Snapshot, holder: ObjectIx, entries: u64) -> Option<u64> {
    // Containers of libraries have fields of such names for the size of their table.
    if origin_of(snapshot, snapshot.class_of(holder)) != Origin::Application {
        return None;
    }
    let instance = snapshot.fields(holder).map(|field| (&field.field.name, field.value));
    let classes = snapshot.classes().lineage(snapshot.class_of(holder));
    let constants = classes.flat_map(|(_, class)| &class.statics).map(|field| (&field.name, field.value));
    let limits = instance.chain(constants).filter(|(name, _)| is_limit(name));
    let numbers = limits.filter_map(|(_, value)| u64::try_from(value.integer()?).ok());
    numbers.filter(|&number| number >= entries).min()
}

/// Whether a field of that name says how many elements there may be.
fn is_limit(name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "bound",
        "cachecapacity",
        "cachelimit",
        "cachesize",
        "capacity",
        "limit",
        "maxcachesize",
        "maxcapacity",
        "maxcount",
        "maxelements",
        "maxentries",
        "maximum",
        "maximumcapacity",
        "maximumentries",
        "maximumsize",
        "maxitems",
        "maxkeys",
        "maxlength",
        "maxsize",
        "sizelimit",
    ];
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.binary_search(&letters.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_limits() {
        for (name, is) in [
            ("maxSize", true),
            ("MAX_ENTRIES", true),
            ("_maximumSize", true),
            ("capacity", true),
            ("sizeLimit", true),
            ("size", false),
            ("maxRetries", false),
            ("limiter", false),
        ] {
            assert_eq!(is_limit(name), is, "{name}");
        }
    }

    #[test]
    fn what_is_beyond_its_limit_has_none() {
        assert_eq!(kept(10, 10), Some(Bound { entries: Some(10), limit: Some(10) }));
        assert_eq!(kept(11, 10), None);
        assert_eq!(kept(0, 10), None);
        assert_eq!(kept(10, i32::MAX as u64), None, "no limit at all");
    }
}
