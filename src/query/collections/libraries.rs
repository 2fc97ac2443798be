//! The collections of libraries that are made to be used instead of the JDK's.
//!
//! Owns the names of their classes and fields: of one of each kind as they are in the releases that `hprof-fixtures/java` runs (`shelf`), of some older or like ones by
//! what is known of them. A field that another release calls otherwise leaves a length or elements unknown, and nothing worse. Many libraries have a class for each pair of types of keys and values: these are told by how their names
//! are made.

use super::spec::CollectionKind::{List, Map, Queue, Set};
use super::spec::{Indexes, Length, Spec, Store, spec};

/// Sorted by class; a test checks that.
static LIBRARIES: &[Spec] = &[
    spec("clojure.lang.PersistentArrayMap", Map, Length::Walk, Store::Pairs("array")),
    spec("clojure.lang.PersistentHashMap", Map, Length::Field("count"), Store::Trie("root")),
    spec("clojure.lang.PersistentHashSet", Set, Length::Of("impl"), Store::Of("impl")),
    spec("clojure.lang.PersistentTreeMap", Map, Length::Field("_count"), Store::Opaque),
    spec("clojure.lang.PersistentVector", List, Length::Field("cnt"), Store::Opaque),
    spec(
        "com.carrotsearch.hppc.ObjectArrayList",
        List,
        Length::Field("elementsCount"),
        Store::Front("buffer"),
    ),
    spec(
        "com.google.common.collect.AbstractMapBasedMultimap",
        Map,
        Length::Field("totalSize"),
        Store::Of("map"),
    ),
    spec(
        "com.google.common.collect.AbstractMapBasedMultiset",
        Set,
        Length::Field("size"),
        Store::Of("backingMap"),
    ),
    spec(
        "com.google.common.collect.ConcurrentHashMultiset",
        Set,
        Length::Of("countMap"),
        Store::Of("countMap"),
    ),
    spec("com.google.common.collect.EvictingQueue", Queue, Length::Of("delegate"), Store::Of("delegate")),
    spec("com.google.common.collect.RegularImmutableSet", Set, Length::Array, Store::Front("elements")),
    spec("com.google.common.collect.StandardTable", Map, Length::Of("backingMap"), Store::Of("backingMap")),
    spec("com.google.gson.internal.LinkedTreeMap", Map, Length::Field("size"), Store::Tree("root")),
    spec(
        "com.googlecode.concurrentlinkedhashmap.ConcurrentLinkedHashMap",
        Map,
        Length::Of("data"),
        Store::Of("data"),
    ),
    spec("gnu.trove.map.hash.THashMap", Map, Length::Field("_size"), Store::Parallel("_set", "_values")),
    spec("gnu.trove.map.hash.TIntObjectHashMap", Map, Length::Field("_size"), Store::Sparse("_values")),
    spec("gnu.trove.map.hash.TLongObjectHashMap", Map, Length::Field("_size"), Store::Sparse("_values")),
    spec("gnu.trove.map.hash.TObjectIntHashMap", Map, Length::Field("_size"), Store::Opaque),
    spec("gnu.trove.map.hash.TObjectLongHashMap", Map, Length::Field("_size"), Store::Opaque),
    spec("gnu.trove.set.hash.THashSet", Set, Length::Field("_size"), Store::Opaque),
    spec("io.netty.util.collection.CharObjectHashMap", Map, Length::Field("size"), Store::Sparse("values")),
    spec("io.netty.util.collection.ShortObjectHashMap", Map, Length::Field("size"), Store::Sparse("values")),
    spec("io.reactivex.internal.queue.SpscLinkedArrayQueue", Queue, PASSED, Store::Opaque),
    spec("io.reactivex.rxjava3.internal.queue.SpscLinkedArrayQueue", Queue, PASSED, Store::Opaque),
    spec("io.reactivex.rxjava3.operators.SpscLinkedArrayQueue", Queue, PASSED, Store::Opaque),
    spec("org.agrona.collections.ObjectHashSet", Set, Length::Field("size"), Store::Sparse("values")),
    spec("org.apache.commons.collections.map.AbstractHashedMap", Map, Length::Field("size"), TABLE_OF_DATA),
    spec("org.apache.commons.collections.map.AbstractMapDecorator", Map, Length::Of("map"), Store::Of("map")),
    spec("org.apache.commons.collections4.map.AbstractHashedMap", Map, Length::Field("size"), TABLE_OF_DATA),
    spec(
        "org.apache.commons.collections4.map.AbstractMapDecorator",
        Map,
        Length::Of("map"),
        Store::Of("map"),
    ),
    spec(
        "org.eclipse.collections.impl.list.mutable.FastList",
        List,
        Length::Field("size"),
        Store::Front("items"),
    ),
    spec(
        "org.eclipse.collections.impl.map.mutable.UnifiedMap",
        Map,
        Length::Field("occupied"),
        Store::ChainedPairs("table"),
    ),
    spec(
        "org.eclipse.collections.impl.multimap.AbstractMutableMultimap",
        Map,
        Length::Field("totalSize"),
        Store::Of("map"),
    ),
    spec(
        "org.eclipse.collections.impl.set.mutable.UnifiedSet",
        Set,
        Length::Field("occupied"),
        Store::Opaque,
    ),
    spec(
        "org.springframework.util.ConcurrentReferenceHashMap",
        Map,
        Length::Segments("segments"),
        Store::Opaque,
    ),
    spec(
        "org.springframework.util.LinkedCaseInsensitiveMap",
        Map,
        Length::Of("targetMap"),
        Store::Of("targetMap"),
    ),
    spec(
        "org.springframework.util.MultiValueMapAdapter",
        Map,
        Length::Of("targetMap"),
        Store::Of("targetMap"),
    ),
    spec("reactor.util.concurrent.SpscLinkedArrayQueue", Queue, PASSED, Store::Opaque),
    spec("scala.collection.concurrent.TrieMap", Map, Length::Walk, Store::Trie("root")),
    spec(
        "scala.collection.immutable.HashMap",
        Map,
        Length::FieldOf("rootNode", "size"),
        Store::Trie("rootNode"),
    ),
    spec("scala.collection.mutable.ArrayBuffer", List, Length::Field("size0"), Store::Front("array")),
    spec(
        "scala.collection.mutable.HashMap",
        Map,
        Length::Field("contentSize"),
        Store::Table("scala$collection$mutable$HashMap$$table"),
    ),
    spec(
        "scala.collection.mutable.HashSet",
        Set,
        Length::Field("contentSize"),
        Store::Table("scala$collection$mutable$HashSet$$table"),
    ),
    spec(
        "scala.collection.mutable.LinkedHashMap",
        Map,
        Length::Field("contentSize"),
        Store::Table("scala$collection$mutable$LinkedHashMap$$table"),
    ),
    spec("scala.collection.mutable.ListBuffer", List, Length::Field("len"), Store::Nodes("first", "head")),
];

const TABLE_OF_DATA: Store = Store::Table("data");
/// What was added counts up one index, what was taken another.
const PASSED: Length =
    Length::Passed(Indexes { consumer: "consumerIndex", producer: "producerIndex", step: 1 });
/// The same where the lowest bit of an index means something else.
const PASSED_BY_TWO: Length =
    Length::Passed(Indexes { consumer: "consumerIndex", producer: "producerIndex", step: 2 });

/// How a collection of objects of the class of that name is read, if a library has made it. Super classes are for the caller to look at.
pub(super) fn spec_of_library(name: &str) -> Option<&'static Spec> {
    if let Ok(at) = LIBRARIES.binary_search_by(|spec| spec.class.cmp(name)) {
        return Some(&LIBRARIES[at]);
    }
    if let Some(class) = name.strip_prefix("it.unimi.dsi.fastutil.") {
        return of_fastutil(class.rsplit('.').next()?);
    }
    if let Some(class) = name.strip_prefix("com.carrotsearch.hppc.") {
        return of_hppc(class);
    }
    if let Some(class) = name.strip_prefix("org.agrona.collections.") {
        return of_agrona(class);
    }
    // Other libraries have these inside of themselves, in a package of their own.
    let (_, class) = name.split_once("jctools.queues.")?;
    of_jctools(class)
}

/// Whether something is an object or a primitive value, by the name of its type at the beginning of `name`; and the rest of the name.
fn type_at(name: &str) -> Option<(bool, &str)> {
    const PRIMITIVES: &[&str] = &["Int", "Long", "Short", "Byte", "Char", "Float", "Double", "Boolean"];
    let of_objects = ["Object", "Reference"].iter().find_map(|ty| name.strip_prefix(ty));
    let of_values = || PRIMITIVES.iter().find_map(|ty| name.strip_prefix(ty));
    of_objects.map(|rest| (true, rest)).or_else(|| of_values().map(|rest| (false, rest)))
}

/// One of four maps: both keys and values are objects, keys alone, values alone, neither.
fn by_types(keys: bool, values: bool, maps: &'static [Spec; 4]) -> &'static Spec {
    &maps[2 * usize::from(!keys) + usize::from(!values)]
}

const fn map(length: Length, store: Store) -> Spec {
    spec("", Map, length, store)
}

/// `Object2IntOpenHashMap` and the like.
fn of_fastutil(class: &str) -> Option<&'static Spec> {
    const SIZE: Length = Length::Field("size");
    static MAPS: [Spec; 4] = [
        map(SIZE, Store::Parallel("key", "value")),
        map(SIZE, Store::Keys("key")),
        map(SIZE, Store::Sparse("value")),
        map(SIZE, Store::Opaque),
    ];
    static TREE: Spec = map(Length::Field("count"), Store::Opaque);
    static SET: Spec = spec("", Set, SIZE, Store::Sparse("key"));
    static SET_OF_VALUES: Spec = spec("", Set, SIZE, Store::Opaque);
    static LIST: Spec = spec("", List, SIZE, Store::Front("a"));
    static LIST_OF_VALUES: Spec = spec("", List, SIZE, Store::Opaque);
    let (keys, rest) = type_at(class)?;
    if let Some(rest) = rest.strip_prefix('2') {
        let (values, kind) = type_at(rest)?;
        return match kind {
            "OpenHashMap" | "LinkedOpenHashMap" | "ArrayMap" => Some(by_types(keys, values, &MAPS)),
            "AVLTreeMap" | "RBTreeMap" => Some(&TREE),
            _ => None,
        };
    }
    match (rest, keys) {
        ("OpenHashSet" | "LinkedOpenHashSet", true) => Some(&SET),
        ("OpenHashSet" | "LinkedOpenHashSet", false) => Some(&SET_OF_VALUES),
        ("ArrayList", true) => Some(&LIST),
        ("ArrayList", false) => Some(&LIST_OF_VALUES),
        _ => None,
    }
}

/// `ObjectIntHashMap` and the like. The key that is null or zero is not among those that are counted.
fn of_hppc(class: &str) -> Option<&'static Spec> {
    const ASSIGNED: Length = Length::FieldAndOne("assigned", "hasEmptyKey");
    static MAPS: [Spec; 4] = [
        map(ASSIGNED, Store::Parallel("keys", "values")),
        map(ASSIGNED, Store::Keys("keys")),
        map(ASSIGNED, Store::Sparse("values")),
        map(ASSIGNED, Store::Opaque),
    ];
    static SET: Spec = spec("", Set, ASSIGNED, Store::Sparse("keys"));
    let (keys, rest) = type_at(class)?;
    if rest == "HashSet" && keys {
        return Some(&SET);
    }
    let (values, kind) = type_at(rest)?;
    (kind == "HashMap").then(|| by_types(keys, values, &MAPS))
}

/// `Int2ObjectHashMap` and the like.
fn of_agrona(class: &str) -> Option<&'static Spec> {
    const SIZE: Length = Length::Field("size");
    static MAPS: [Spec; 4] = [
        map(SIZE, Store::Pairs("entries")),
        map(SIZE, Store::Keys("keys")),
        map(SIZE, Store::Sparse("values")),
        map(SIZE, Store::Opaque),
    ];
    let (keys, rest) = type_at(class)?;
    let (values, kind) = type_at(rest.strip_prefix('2')?)?;
    (kind == "HashMap").then(|| by_types(keys, values, &MAPS))
}

/// Queues in one array, and in several that follow each other.
fn of_jctools(class: &str) -> Option<&'static Spec> {
    static IN_ARRAY: Spec = spec("", Queue, PASSED, Store::Sparse("buffer"));
    static IN_ARRAYS: Spec = spec("", Queue, PASSED, Store::Opaque);
    static IN_ARRAYS_OF_MANY: Spec = spec("", Queue, PASSED_BY_TWO, Store::Opaque);
    match class.rsplit('.').next()? {
        "MpscArrayQueue" | "SpscArrayQueue" | "SpmcArrayQueue" | "MpmcArrayQueue" => Some(&IN_ARRAY),
        "BaseSpscLinkedArrayQueue" => Some(&IN_ARRAYS),
        "BaseMpscLinkedArrayQueue" => Some(&IN_ARRAYS_OF_MANY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_sorted() {
        assert!(LIBRARIES.is_sorted_by(|a, b| a.class < b.class));
    }

    #[test]
    fn names_of_types_tell_what_is_kept() {
        let store = |name| spec_of_library(name).map(|spec| spec.store);
        assert_eq!(store("it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap"), Some(Store::Sparse("value")));
        assert_eq!(
            store("it.unimi.dsi.fastutil.objects.Reference2LongLinkedOpenHashMap"),
            Some(Store::Keys("key"))
        );
        assert_eq!(store("it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap$MapEntry"), None);
        assert_eq!(store("it.unimi.dsi.fastutil.longs.LongOpenHashSet"), Some(Store::Opaque));
        assert_eq!(
            store("com.carrotsearch.hppc.ObjectObjectHashMap"),
            Some(Store::Parallel("keys", "values"))
        );
        assert_eq!(store("org.agrona.collections.Object2ObjectHashMap"), Some(Store::Pairs("entries")));
        assert_eq!(store("org.agrona.collections.Object2IntHashMap"), Some(Store::Keys("keys")));
        assert_eq!(
            store("io.netty.util.internal.shaded.org.jctools.queues.MpscArrayQueue"),
            Some(Store::Sparse("buffer"))
        );
        assert_eq!(store("org.jctools.queues.atomic.SpscAtomicArrayQueue"), None);
        assert_eq!(store("com.acme.Object2ObjectOpenHashMap"), None);
    }
}
