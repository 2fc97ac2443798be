//! Collections that have a limit: caches and rings, which evict. A queue that is full is none of them: who adds to it waits or fails.
//!
//! Owns how a limit is known: a rule marked `meant` knows the class; some classes say it; the application's object that holds the collection, or a cache of
//! its own making, has a field like `maxEntries` that is not smaller than the number of elements; or an object of a library that nothing else is known of has,
//! itself or a step or two further in, a field of such a name for just as many elements as there are. It matters because a cache that fills grows like a leak and is none.
//! A field of the application's may count what there is rather than limit it, as the highest number so far does, and then it is as many as there are
//! elements the worse the leak is. So a limit counts only where nothing speaks against it: a collection of the JDK that counts its changes has been changed
//! so often that much was taken out, and the number is not the length of an array, which is what fits in for now.
//! A limit that is far from being reached says at least how large the collection may become, which is for whoever asks to weigh.
//! False positives: a field like `limit` that limits something else. Cost: some records for each object that is asked about.

use super::Context;
use crate::hprof::Value;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, collection_length, is_of_collections, origin_of};
use crate::snapshot::{Class, Snapshot};
use hashbrown::HashSet;
use std::collections::{BTreeMap, VecDeque};

/// Nothing with a larger limit is limited by it: `Integer.MAX_VALUE` stands for none.
const LARGEST_LIMIT: u64 = 100_000_000;

/// Fewer elements are as many as something else by chance.
const FEW: u64 = 1000;

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
    let known = known(context, object);
    known
        .filter(|known| known.limit.is_some())
        .or_else(|| by_owner(context.snapshot, object, owner?))
        .or(known)
}

/// Whether `object` has as many elements as its limit allows, or nearly so: what is far from its limit may still grow for long. Where only a name says that it is a
/// limit, much must have been evicted.
pub(super) fn is_full(context: &Context<'_>, object: ObjectIx, owner: Option<ObjectIx>) -> bool {
    let snapshot = context.snapshot;
    let figures = |bound: Bound| {
        let figures = bound.entries.zip(bound.limit);
        figures.filter(|&(entries, limit)| entries <= limit && entries * 20 >= limit * 19)
    };
    // Who knows that it is a cache need not know where its limit is: an anonymous class has it in the object around it.
    match known(context, object).filter(|bound| bound.limit.is_some()) {
        Some(bound) => figures(bound).is_some(),
        None => owner
            .and_then(|owner| by_owner(snapshot, object, owner))
            .and_then(figures)
            .is_some_and(|(entries, limit)| may_have_evicted(snapshot, object, entries, limit)),
    }
}

/// The limit of an object that a rule or its class knows.
fn known(context: &Context<'_>, object: ObjectIx) -> Option<Bound> {
    let snapshot = context.snapshot;
    let by_rule = context.rules().limit_of(snapshot, object);
    by_rule.map(|(entries, limit)| Bound { entries, limit }).or_else(|| by_class(snapshot, object))
}

/// The limit of a library's object that keeps so many elements, if one is written down in what it is made of: the eviction of a cache has it. Only a
/// cache that is full is known by that: any large number is no less than a few elements, and tables have sizes of their own.
pub(super) fn bound_within(snapshot: &Snapshot, object: ObjectIx, entries: u64) -> Option<Bound> {
    const MOST: usize = 64;
    const DEEPEST: u8 = 3;
    let is_of_library = |object: ObjectIx| {
        snapshot.mirrored_class(object).is_none()
            && origin_of(snapshot, snapshot.class_of(object)) == Origin::Library
    };
    let is_short =
        |object: ObjectIx| snapshot.array_length(object).is_none_or(|length| length as usize <= MOST);
    if entries < FEW || !is_of_library(object) {
        return None;
    }
    let is_it = |limit: u64| is_as_many(entries, limit) && !limit.is_power_of_two();
    // A cache that is cut into parts has a limit for each; beside its own there may be that of another one, or of all that are made without.
    let (mut limits, mut single): (BTreeMap<(ClassIx, &str), u64>, Option<u64>) = (BTreeMap::new(), None);
    let mut queue = VecDeque::from([(object, 0)]);
    let mut seen: HashSet<ObjectIx> = HashSet::from([object]);
    while let Some((object, depth)) = queue.pop_front() {
        if !snapshot.class(object).is_array() {
            for field in snapshot.fields(object).filter(|field| is_limit(&field.field.name)) {
                let limit = field.value.integer().and_then(|limit| u64::try_from(limit).ok());
                *limits.entry((field.class, &*field.field.name)).or_default() += limit.unwrap_or(0);
                single = single.or(limit.filter(|&limit| is_it(limit)));
            }
        }
        let inside = snapshot.references().of(object).filter(|_| depth < DEEPEST && is_short(object));
        for next in inside.filter(|&next| is_of_library(next)) {
            if seen.len() < MOST && seen.insert(next) {
                queue.push_back((next, depth + 1));
            }
        }
    }
    limits.into_values().find(|&limit| is_it(limit)).or(single).and_then(|limit| kept(entries, limit))
}

/// Whether an object of the application's, as a cache of its own making, says that so many elements are as many as it may have.
pub(super) fn is_full_by_own(snapshot: &Snapshot, object: ObjectIx, entries: u64) -> bool {
    const MOST_PARTS: usize = 16;
    let is_queue = || {
        ["Queue", "Deque", "Buffer", "Channel", "Mailbox", "Inbox", "Outbox"]
            .iter()
            .any(|word| snapshot.class_name(object).contains(word))
    };
    let limit =
        limit_in(snapshot, object, entries).filter(|&limit| entries >= FEW && is_as_many(entries, limit));
    let Some(limit) = limit.filter(|_| !is_queue()) else { return false };
    let parts = || snapshot.references().of(object).take(MOST_PARTS);
    let are_as_many = |part: ObjectIx| length(snapshot, part).is_some_and(|length| is_as_many(length, limit));
    !parts().any(|part| snapshot.array_length(part).is_some_and(|length| u64::from(length) == limit))
        && parts()
            .filter(|&part| are_as_many(part))
            .all(|part| may_have_evicted(snapshot, part, limit, limit))
}

/// Whether a collection has just as many elements as a number of the application's `owner` says, whatever it is called, and lets go of some: the number is a round
/// one, as nobody counts to by chance, and much was taken out, or as many objects of the class of its `elements` are garbage: what a ring overwrites no count tells.
pub(super) fn is_as_many_as_a_round_number(
    snapshot: &Snapshot,
    collection: ObjectIx,
    owner: ObjectIx,
    elements: ClassIx,
) -> bool {
    const ROUND: u64 = 100;
    let Some(entries) = length(snapshot, collection) else { return false };
    let is_round = entries >= FEW && entries.is_multiple_of(ROUND) && !entries.is_power_of_two();
    let is_it = |(number, _, name): (u64, ClassIx, &str)| number == entries && !is_maximum(name);
    let is_own = |class| origin_of(snapshot, class) == Origin::Application;
    let lets_go = || {
        let garbage = snapshot.class_counts()[elements.index()].unreachable_instances;
        lost(snapshot, collection).is_some_and(|lost| lost * 2 >= entries)
            || is_own(elements) && garbage * 2 >= entries
    };
    is_round && numbers_of(snapshot, owner).any(is_it) && lets_go()
}

/// Whether an object of the application's says that what it keeps weighs, or takes in bytes, as much as it may: of two of its numbers the one that is called
/// a maximum is hardly larger than the one that is counted. One that is just as large may be the largest so far. `bytes` is what it keeps.
pub(super) fn is_full_by_weight(snapshot: &Snapshot, object: ObjectIx, bytes: u64) -> bool {
    const LEAST: u64 = 1000;
    if origin_of(snapshot, snapshot.class_of(object)) != Origin::Application
        || snapshot.mirrored_class(object).is_some()
        || snapshot.class(object).is_array()
    {
        return false;
    }
    let number = |name: &str| {
        let counter = || {
            let counter = snapshot.follow(object, name)?;
            let is_counter = snapshot.class_name(counter).starts_with("java.util.concurrent.atomic.");
            let value = || snapshot.integer(counter, "value").or_else(|| snapshot.integer(counter, "base"));
            is_counter.then(value).flatten()
        };
        snapshot.integer(object, name).or_else(counter).and_then(|number| u64::try_from(number).ok())
    };
    let (mut limits, mut weights): (Vec<(String, u64)>, Vec<u64>) = (Vec::new(), Vec::new());
    for field in snapshot.fields(object) {
        let name = field.field.name.to_lowercase();
        let is_weight = ["byte", "weight", "memory"].iter().any(|word| name.contains(word));
        let is_most = ["max", "limit", "budget", "capacity"].iter().any(|word| name.contains(word));
        let counts = is_weight || ["used", "size"].iter().any(|word| name.contains(word));
        if let Some(number) = number(&field.field.name).filter(|&number| counts && number >= LEAST) {
            match (is_most, is_weight) {
                (true, true) => limits.push((name, number)),
                (true, false) => {}
                (false, _) => weights.push(number),
            }
        }
    }
    limits.into_iter().any(|(name, limit)| {
        // What is called so is compared with what it is.
        let is_like = name.contains("weight") || bytes / 4 <= limit && limit / 4 <= bytes;
        let is_near = |&weight: &u64| weight < limit && u128::from(weight) * 20 >= u128::from(limit) * 19;
        is_like && weights.iter().any(is_near)
    })
}

/// How many elements were taken out of a collection so far, at least, if it counts its changes: one that was only added to has been changed as often as it has
/// elements, and whatever is taken out was added once.
pub(super) fn lost(snapshot: &Snapshot, collection: ObjectIx) -> Option<u64> {
    // The map of a set, the collection of a view, a map that is synchronized.
    const INNER: [&str; 3] = ["map", "m", "c"];
    let inner = || INNER.iter().find_map(|field| snapshot.follow(collection, field));
    let changes = |object: ObjectIx| snapshot.integer(object, "modCount");
    let changes = changes(collection).or_else(|| changes(inner()?))?;
    // In order of access each look counts as a change. Unless it is of a class of its own such a map evicts nothing by itself.
    if snapshot.integer(collection, "accessOrder") == Some(1) {
        return (snapshot.class_name(collection) == "java.util.LinkedHashMap").then_some(0);
    }
    // It counts in 32 bits and starts anew.
    let changes = u64::from(changes as u32);
    Some(changes.saturating_sub(collection_length(snapshot, collection)?) / 2)
}

/// Whether what was taken out of a collection is as much as a limit would have cost it: a few are taken out of a leak as well, and nothing has to go while
/// there is room.
fn may_have_evicted(snapshot: &Snapshot, collection: ObjectIx, entries: u64, limit: u64) -> bool {
    lost(snapshot, collection).is_none_or(|lost| {
        let is_full = entries + 1 >= limit;
        if is_full { lost * 4 >= entries } else { lost >= entries }
    })
}

/// Whether a number is the limit of so many elements: a call may have some in hand that were just taken out.
fn is_as_many(entries: u64, limit: u64) -> bool {
    (entries..=entries + entries / 100).contains(&limit)
}

/// A limit that counts, and the elements that keep it.
fn kept(entries: u64, limit: u64) -> Option<Bound> {
    let is_limit = entries > 0 && entries <= limit && limit <= LARGEST_LIMIT;
    is_limit.then_some(Bound { entries: Some(entries), limit: Some(limit) })
}

/// Classes whose objects evict at a limit, and the field that says it.
const LIMITED: [(&str, &str); 6] = [
    ("org.agrona.collections.Int2ObjectCache", "capacity"),
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
    match length(snapshot, object) {
        Some(entries) => kept(entries, limit),
        None => (1..=LARGEST_LIMIT).contains(&limit).then_some(Bound { entries: None, limit: Some(limit) }),
    }
}

/// How many elements a collection has, one of a library of collections included.
fn length(snapshot: &Snapshot, object: ObjectIx) -> Option<u64> {
    // fastutil, Agrona, Koloboke; Trove; HPPC; Eclipse Collections.
    const COUNTS: [&str; 5] = ["size", "_size", "assigned", "occupied", "occupiedWithData"];
    let is_of_library = || is_of_collections(snapshot.class_name(object));
    let count = || COUNTS.iter().find_map(|field| snapshot.integer(object, field));
    let by_field = || is_of_library().then(count).flatten().and_then(|count| u64::try_from(count).ok());
    collection_length(snapshot, object).or_else(by_field)
}

/// A field or constant of the application's object that holds the collection, or of the collection's own class.
fn by_owner(snapshot: &Snapshot, object: ObjectIx, owner: ObjectIx) -> Option<Bound> {
    let is_queue = snapshot.class_name(object).contains("Queue");
    let mut holders = [object, owner].to_vec();
    // The elements of a chain are counted one by one, of which there may be millions, and hardly anybody has a limit.
    holders.retain(|&holder| !is_queue && limit_in(snapshot, holder, 0).is_some());
    if holders.is_empty() {
        return None;
    }
    let entries = length(snapshot, object)?;
    let limits = holders.into_iter().filter_map(|holder| limit_in(snapshot, holder, entries));
    kept(entries, limits.min()?)
}

/// How many elements the application's object that has a collection lets it have, by the name of one of its fields, if that is more than it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Room {
    /// How many elements it has.
    pub(super) entries: u64,
    /// How many it may have.
    pub(super) limit: u64,
    /// The class that declares the field, and its name.
    pub(super) field: (String, String),
}

/// The room that is left in `collection`, a field of the application's `owner`.
pub(super) fn room(snapshot: &Snapshot, collection: ObjectIx, owner: ObjectIx) -> Option<Room> {
    if snapshot.class_name(collection).contains("Queue") || limit_in(snapshot, owner, 0).is_none() {
        return None;
    }
    let entries = length(snapshot, collection).filter(|&entries| entries > 0)?;
    let (limit, class, name) = limits_in(snapshot, owner, entries).into_iter().min()?;
    let field = (snapshot.classes().get(class).name.to_string(), name.to_owned());
    (entries < limit && limit <= LARGEST_LIMIT).then_some(Room { entries, limit, field })
}

/// The smallest number that limits a collection of so many elements, by the name of its field.
fn limit_in(snapshot: &Snapshot, holder: ObjectIx, entries: u64) -> Option<u64> {
    limits_in(snapshot, holder, entries).into_iter().map(|(limit, ..)| limit).min()
}

/// The numbers that may limit a collection of so many elements, by the names of their fields, with the classes that declare these.
fn limits_in(snapshot: &Snapshot, holder: ObjectIx, entries: u64) -> Vec<(u64, ClassIx, &str)> {
    let numbers = numbers_of(snapshot, holder);
    numbers.filter(|&(number, _, name)| is_limit(name) && !is_maximum(name) && number >= entries).collect()
}

/// The numbers in the fields and constants of an object of the application's, with their names and the classes that declare these.
fn numbers_of(snapshot: &Snapshot, holder: ObjectIx) -> impl Iterator<Item = (u64, ClassIx, &str)> {
    // Containers of libraries have fields of such names for the size of their table.
    let is_own = origin_of(snapshot, snapshot.class_of(holder)) == Origin::Application;
    let holder = Some(holder).filter(|_| is_own).into_iter();
    holder.flat_map(|holder| {
        let instance = snapshot.fields(holder).map(|field| (field.class, &*field.field.name, field.value));
        let classes = snapshot.classes().lineage(snapshot.class_of(holder));
        let constants =
            classes.flat_map(|(class, declared)| declared.statics.iter().map(move |field| (class, field)));
        let constants = constants.map(|(class, field)| (class, &*field.name, field.value));
        let number = |(class, name, value): (ClassIx, _, Value)| {
            Some((u64::try_from(value.integer()?).ok()?, class, name))
        };
        instance.chain(constants).filter_map(number)
    })
}

/// What the code of the application says that a collection of a class of its own may have, where it has more: `PageCache.MAX_PAGES = 500`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passed {
    /// How many it may have.
    pub(super) limit: u64,
    /// The class that declares the field, and its name.
    pub(super) field: (String, String),
}

/// The number of a class of the application's, derived from a collection, that is called a limit and is smaller than what there is; for a class without a
/// name one of the class around it. `None` if there is a larger one as well: which of them is meant is not known.
pub(super) fn passed(snapshot: &Snapshot, collection: ObjectIx) -> Option<Passed> {
    let class = snapshot.class_of(collection);
    let entries = length(snapshot, collection)?;
    let is_own = |&(class, _): &(ClassIx, &Class)| origin_of(snapshot, class) == Origin::Application;
    let mut limits: Vec<(u64, String, String)> = Vec::new();
    let mut add = |class: &Class, name: &str, value: Value| {
        let number = value.integer().and_then(|number| u64::try_from(number).ok());
        limits.extend(number.map(|number| (number, class.name.to_string(), name.to_owned())));
    };
    for (class, declaring) in snapshot.classes().lineage(class).take_while(is_own) {
        for field in declaring.statics.iter().filter(|field| is_own_limit(&field.name)) {
            add(declaring, &field.name, field.value);
        }
        for field in snapshot.fields(collection).filter(|field| field.class == class) {
            if is_own_limit(&field.field.name) {
                add(declaring, &field.field.name, field.value);
            }
        }
    }
    // What the class around it is called so may limit something else: only a name that nobody mistakes counts.
    let around = snapshot.class(collection).name.rsplit_once('$').map(|(around, _)| around);
    for &class in around.map_or(&[][..], |around| snapshot.classes().named(around)) {
        let around = snapshot.classes().get(class);
        let is_it = |name: &str| is_limit(name) && !is_maximum(name);
        for field in around.statics.iter().filter(|field| is_it(&field.name)) {
            add(around, &field.name, field.value);
        }
        let object = snapshot.follow(collection, "this$0");
        let object = object.filter(|&object| snapshot.class_of(object) == class);
        for field in object.into_iter().flat_map(|object| snapshot.fields(object)) {
            if is_it(&field.field.name) {
                add(snapshot.classes().get(field.class), &field.field.name, field.value);
            }
        }
    }
    if limits.iter().any(|&(limit, ..)| limit >= entries) {
        return None;
    }
    let (limit, class, field) = limits.into_iter().filter(|&(limit, ..)| limit > 0).max()?;
    Some(Passed { limit, field: (class, field) })
}

/// Whether a field of a collection's own class is called a limit, and not one of time, bytes or the like.
fn is_own_limit(name: &str) -> bool {
    const LIMITS: [&str; 5] = ["bound", "capacity", "limit", "max", "maximum"];
    const OTHERS: [&str; 28] = [
        "age", "byte", "bytes", "days", "depth", "duration", "factor", "hours", "idle", "init", "initial",
        "interval", "kb", "length", "mb", "memory", "millis", "minutes", "ms", "nanos", "retries", "seconds",
        "secs", "threads", "time", "ttl", "wait", "weight",
    ];
    let words = words(name);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&&**word));
    has(&LIMITS) && !has(&OTHERS)
}

/// The words that a name is made of: `MAX_PAGES` and `maxPages` of two.
fn words(name: &str) -> Vec<String> {
    let is_constant = !name.contains(|c: char| c.is_lowercase());
    let mut words = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && !is_constant) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words
}

/// Whether a field of that name says how many elements there may be.
fn is_limit(name: &str) -> bool {
    const NAMES: [&str; 27] = [
        "bound",
        "cachecapacity",
        "cachelimit",
        "cachesize",
        "capacity",
        "entrycapacity",
        "limit",
        "max",
        "maxcachesize",
        "maxcapacity",
        "maxcount",
        "maxelements",
        "maxentries",
        "maximum",
        "maximumcapacity",
        "maximumentries",
        "maximumobjects",
        "maximumsize",
        "maxitems",
        "maxkeys",
        "maxlength",
        "maxnoofelements",
        "maxnumberofentries",
        "maxobjects",
        "maxobjs",
        "maxsize",
        "sizelimit",
    ];
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.binary_search(&letters.as_str()).is_ok()
}

/// Whether a name that is no constant's says no more than that a number is the largest: of how many there may be, or of what there was so far.
fn is_maximum(name: &str) -> bool {
    matches!(name.trim_matches('_'), "max" | "maximum")
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
            ("MAX", true),
            ("sizeLimit", true),
            ("maxObjs", true),
            ("maxNumberOfEntries", true),
            ("size", false),
            ("maxRetries", false),
            ("limiter", false),
        ] {
            assert_eq!(is_limit(name), is, "{name}");
        }
    }

    #[test]
    fn names_of_limits_of_a_collection_itself() {
        for (name, is) in [
            ("MAX_PAGES", true),
            ("maxTiles", true),
            ("limit", true),
            ("maximumStages", true),
            ("MAX_AGE_SECONDS", false),
            ("maxBytes", false),
            ("maxIdleMs", false),
            ("initialCapacity", false),
            ("size", false),
        ] {
            assert_eq!(is_own_limit(name), is, "{name}");
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
