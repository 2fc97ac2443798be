//! Which fields of which class hold what: what can be said of a collection, and those of the JDK and of what is everywhere.

use super::libraries::spec_of_library;
use crate::ix::ClassIx;
use crate::snapshot::Heap;

/// What a collection is to its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CollectionKind {
    /// Elements by position.
    List,
    /// Values by key.
    Map,
    /// Elements once each.
    Set,
    /// Elements that are put in and taken out again.
    Queue,
}

/// Where the number of elements comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// An `int` field.
    Field(&'static str),
    /// An `AtomicInteger` or `AtomicLong` field.
    Atomic(&'static str),
    /// An `int` field of the object in a field.
    FieldOf(&'static str, &'static str),
    /// An `int` field, and one more if a `boolean` field is true.
    FieldAndOne(&'static str, &'static str),
    /// What was added and not yet taken.
    Passed(Indexes),
    /// The collection in that field.
    Of(&'static str),
    /// The length of the array.
    Array,
    /// `ConcurrentHashMap` since JDK 8: `baseCount` and all `counterCells`.
    Counters,
    /// The `count` of each element of an array of segments.
    Segments(&'static str),
    /// A `LongAdder` field; without one, by walking over the nodes.
    Adder(&'static str),
    /// From `head` to `tail` around an array.
    Ring,
    /// By walking over the nodes.
    Walk,
    /// Always so many.
    Fixed(u64),
}

/// The fields of a queue that count what was taken and what was added, as a `long` or an `AtomicLong`, in steps of so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Indexes {
    pub(super) consumer: &'static str,
    pub(super) producer: &'static str,
    pub(super) step: u64,
}

/// How the elements are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Store {
    /// In the first places of an array.
    Front(&'static str),
    /// Anywhere in an array, null where there is none.
    Sparse(&'static str),
    /// In an array around a ring.
    Ring(&'static str),
    /// Keys and values by turns in an array.
    Pairs(&'static str),
    /// The same, but what has no place of its own is in an array of such pairs, under a key of the map's own.
    ChainedPairs(&'static str),
    /// Keys anywhere in an array, null where there is none; their values are no objects.
    Keys(&'static str),
    /// A tree of arrays: the field of its root.
    Trie(&'static str),
    /// Chains of nodes in an array.
    Table(&'static str),
    /// Arrays of chains of nodes in segments.
    Segments(&'static str),
    /// Linked nodes: the field of the first one, and that of the element in a node.
    Nodes(&'static str, &'static str),
    /// A tree of nodes: the field of its root.
    Tree(&'static str),
    /// Nodes of a skip list: the field of what leads to the one before the first.
    Skip(&'static str),
    /// The keys in one array and their values at the same places of another, null where there is none.
    Parallel(&'static str, &'static str),
    /// The collection, or the keys of the map, in that field.
    Of(&'static str),
    /// In fields.
    Fields(&'static [&'static str]),
    /// Not to be read.
    Opaque,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) class: &'static str,
    pub(super) kind: CollectionKind,
    pub(super) length: Length,
    pub(super) store: Store,
}

pub(super) const fn spec(class: &'static str, kind: CollectionKind, length: Length, store: Store) -> Spec {
    Spec { class, kind, length, store }
}

use CollectionKind::{List, Map, Queue, Set};

/// Sorted by class; a test checks that.
pub(super) static SPECS: &[Spec] = &[
    spec("android.util.ArrayMap", Map, Length::Field("mSize"), Store::Pairs("mArray")),
    spec("android.util.SparseArray", Map, Length::Field("mSize"), Store::Front("mValues")),
    spec("com.github.benmanes.caffeine.cache.BoundedLocalCache", Map, Length::Of("data"), Store::Of("data")),
    spec(
        "com.github.benmanes.caffeine.cache.UnboundedLocalCache",
        Map,
        Length::Of("data"),
        Store::Of("data"),
    ),
    spec(
        "com.google.common.cache.LocalCache",
        Map,
        Length::Segments("segments"),
        Store::Segments("segments"),
    ),
    spec(
        "com.google.common.cache.LocalCache$LocalManualCache",
        Map,
        Length::Of("localCache"),
        Store::Of("localCache"),
    ),
    spec(
        "com.google.common.collect.MapMakerInternalMap",
        Map,
        Length::Segments("segments"),
        Store::Segments("segments"),
    ),
    spec("com.google.common.collect.RegularImmutableList", List, Length::Array, Store::Front("array")),
    spec("io.netty.util.collection.IntObjectHashMap", Map, Length::Field("size"), Store::Sparse("values")),
    spec("io.netty.util.collection.LongObjectHashMap", Map, Length::Field("size"), Store::Sparse("values")),
    spec("java.util.ArrayDeque", Queue, Length::Ring, Store::Ring("elements")),
    spec("java.util.ArrayList", List, Length::Field("size"), Store::Front("elementData")),
    spec("java.util.Arrays$ArrayList", List, Length::Array, Store::Front("a")),
    spec("java.util.Collections$CheckedCollection", List, Length::Of("c"), Store::Of("c")),
    spec("java.util.Collections$CheckedMap", Map, Length::Of("m"), Store::Of("m")),
    spec("java.util.Collections$EmptyList", List, Length::Fixed(0), Store::Opaque),
    spec("java.util.Collections$EmptyMap", Map, Length::Fixed(0), Store::Opaque),
    spec("java.util.Collections$EmptySet", Set, Length::Fixed(0), Store::Opaque),
    spec("java.util.Collections$SetFromMap", Set, Length::Of("m"), Store::Of("m")),
    spec("java.util.Collections$SingletonList", List, Length::Fixed(1), Store::Fields(&["element"])),
    spec("java.util.Collections$SingletonMap", Map, Length::Fixed(1), Store::Fields(&["k", "v"])),
    spec("java.util.Collections$SingletonSet", Set, Length::Fixed(1), Store::Fields(&["element"])),
    spec("java.util.Collections$SynchronizedCollection", List, Length::Of("c"), Store::Of("c")),
    spec("java.util.Collections$SynchronizedMap", Map, Length::Of("m"), Store::Of("m")),
    spec("java.util.Collections$UnmodifiableCollection", List, Length::Of("c"), Store::Of("c")),
    spec("java.util.Collections$UnmodifiableMap", Map, Length::Of("m"), Store::Of("m")),
    spec("java.util.EnumMap", Map, Length::Field("size"), Store::Parallel("keyUniverse", "vals")),
    spec("java.util.HashMap", Map, Length::Field("size"), Store::Table("table")),
    spec("java.util.HashSet", Set, Length::Of("map"), Store::Of("map")),
    spec("java.util.Hashtable", Map, Length::Field("count"), Store::Table("table")),
    spec("java.util.IdentityHashMap", Map, Length::Field("size"), Store::Pairs("table")),
    spec("java.util.ImmutableCollections$List12", List, Length::Walk, Store::Fields(&["e0", "e1"])),
    spec("java.util.ImmutableCollections$ListN", List, Length::Array, Store::Front("elements")),
    spec("java.util.ImmutableCollections$Map1", Map, Length::Fixed(1), Store::Fields(&["k0", "v0"])),
    spec("java.util.ImmutableCollections$MapN", Map, Length::Field("size"), Store::Pairs("table")),
    spec("java.util.ImmutableCollections$Set12", Set, Length::Walk, Store::Fields(&["e0", "e1"])),
    spec("java.util.ImmutableCollections$SetN", Set, Length::Field("size"), Store::Sparse("elements")),
    spec("java.util.LinkedList", List, Length::Field("size"), Store::Nodes("first", "item")),
    spec("java.util.PriorityQueue", Queue, Length::Field("size"), Store::Front("queue")),
    spec("java.util.Properties", Map, Length::Of("map"), Store::Of("map")),
    spec("java.util.TaskQueue", Queue, Length::Field("size"), Store::Sparse("queue")),
    spec("java.util.TreeMap", Map, Length::Field("size"), Store::Tree("root")),
    spec("java.util.TreeSet", Set, Length::Of("m"), Store::Of("m")),
    spec("java.util.Vector", List, Length::Field("elementCount"), Store::Front("elementData")),
    spec("java.util.WeakHashMap", Map, Length::Field("size"), Store::Table("table")),
    spec("java.util.concurrent.ArrayBlockingQueue", Queue, Length::Field("count"), Store::Sparse("items")),
    spec("java.util.concurrent.ConcurrentHashMap", Map, Length::Counters, Store::Table("table")),
    spec("java.util.concurrent.ConcurrentHashMap$CollectionView", Set, Length::Of("map"), Store::Of("map")),
    spec("java.util.concurrent.ConcurrentLinkedDeque", Queue, Length::Walk, Store::Nodes("head", "item")),
    spec("java.util.concurrent.ConcurrentLinkedQueue", Queue, Length::Walk, Store::Nodes("head", "item")),
    spec("java.util.concurrent.ConcurrentSkipListMap", Map, Length::Adder("adder"), Store::Skip("head")),
    spec("java.util.concurrent.ConcurrentSkipListSet", Set, Length::Of("m"), Store::Of("m")),
    spec("java.util.concurrent.CopyOnWriteArrayList", List, Length::Array, Store::Front("array")),
    spec("java.util.concurrent.CopyOnWriteArraySet", Set, Length::Of("al"), Store::Of("al")),
    spec("java.util.concurrent.DelayQueue", Queue, Length::Of("q"), Store::Of("q")),
    spec(
        "java.util.concurrent.LinkedBlockingDeque",
        Queue,
        Length::Field("count"),
        Store::Nodes("first", "item"),
    ),
    spec(
        "java.util.concurrent.LinkedBlockingQueue",
        Queue,
        Length::Atomic("count"),
        Store::Nodes("head", "item"),
    ),
    spec("java.util.concurrent.LinkedTransferQueue", Queue, Length::Walk, Store::Nodes("head", "item")),
    spec("java.util.concurrent.PriorityBlockingQueue", Queue, Length::Field("size"), Store::Front("queue")),
    spec(
        "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue",
        Queue,
        Length::Field("size"),
        Store::Front("queue"),
    ),
    spec("java.util.concurrent.SynchronousQueue", Queue, Length::Fixed(0), Store::Opaque),
    spec("kotlin.collections.ArrayDeque", Queue, Length::Field("size"), Store::Sparse("elementData")),
    spec(
        "org.eclipse.jetty.util.BlockingArrayQueue",
        Queue,
        Length::Atomic("_size"),
        Store::Sparse("_elements"),
    ),
];

/// How `class` or the nearest of its super classes that is known keeps its elements.
pub(super) fn spec_of(heap: &Heap, class: ClassIx) -> Option<&'static Spec> {
    let mut lineage = heap.classes().lineage(class);
    lineage.find_map(|(ix, class)| {
        let known = SPECS.binary_search_by(|spec| spec.class.cmp(&class.name)).ok();
        let spec = known.map(|at| &SPECS[at]).or_else(|| spec_of_library(&class.name))?;
        Some(settle(heap, ix, spec))
    })
}

/// JDK 7 and 8 keep two of these in other fields than later JDKs, and Scala until 2.12 two than later ones.
fn settle(heap: &Heap, class: ClassIx, spec: &'static Spec) -> &'static Spec {
    static OLD_CONCURRENT_MAP: Spec = spec_const(Length::Segments("segments"), Store::Segments("segments"));
    static OLD_PROPERTIES: Spec = spec_const(Length::Field("count"), Store::Table("table"));
    static OLD_SCALA_MAP: Spec = spec_const(Length::Field("tableSize"), Store::Table("table"));
    static OLD_SCALA_SET: Spec =
        Spec { kind: Set, ..spec_const(Length::Field("tableSize"), Store::Sparse("table")) };
    let has = |field| heap.field_place(class, field).is_some();
    match spec.class {
        "java.util.concurrent.ConcurrentHashMap" if !has("baseCount") => &OLD_CONCURRENT_MAP,
        "java.util.Properties" if !has("map") => &OLD_PROPERTIES,
        "scala.collection.mutable.HashMap" | "scala.collection.mutable.LinkedHashMap" if has("tableSize") => {
            &OLD_SCALA_MAP
        }
        "scala.collection.mutable.HashSet" if has("tableSize") => &OLD_SCALA_SET,
        _ => spec,
    }
}

const fn spec_const(length: Length, store: Store) -> Spec {
    spec("", Map, length, store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_are_sorted() {
        assert!(SPECS.is_sorted_by(|a, b| a.class < b.class));
    }
}
