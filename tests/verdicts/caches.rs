//! Caches: as large as they are meant to be, too large for the heap, or without a limit.

use crate::{bytes, held_by_static, id_of, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Report, Standing, Suspect, SuspectKind};

/// A full cache of a library beside a smaller list that the application never empties.
fn cache_and_list(maximum: i64, list_length: usize) -> Report {
    weighed_cache_and_list(maximum, 400, list_length)
}

fn weighed_cache_and_list(maximum: i64, weight: i64, list_length: usize) -> Report {
    judge(heap_of_cache_and_list(maximum, weight, list_length))
}

fn heap_of_cache_and_list(maximum: i64, weight: i64, list_length: usize) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let entries: Vec<(Addr, Addr)> =
        (0..400).map(|number| (heap.boxed_int(number), bytes(&mut heap, 4096))).collect();
    let data = heap.concurrent_hash_map(&entries);
    let cache = heap.class("com.github.benmanes.caffeine.cache.BoundedLocalCache").loader(loader);
    let cache = cache.field("data", Kind::Ref).build();
    let kind = heap.class("com.github.benmanes.caffeine.cache.SSMS").loader(loader).extends(cache);
    let kind = kind.field("maximum", Kind::Long).field("weightedSize", Kind::Long).build();
    let cache = heap.instance_with(
        kind,
        &[
            ("data", Value::Ref(data)),
            ("maximum", Value::Long(maximum)),
            ("weightedSize", Value::Long(weight)),
        ],
    );
    heap.app_class("com.acme.Images").static_field("CACHE", Value::Ref(cache)).sticky().build();
    let uploads = payload(&mut heap, "com.acme.Upload", list_length, 4096);
    let uploads = heap.array_list(&uploads);
    heap.app_class("com.acme.Uploads").static_field("OPEN", Value::Ref(uploads)).sticky().build();
    heap
}

/// The limit is one of bytes, and the weigher counts three for entries of 4 KiB.
#[test]
fn a_cache_whose_weigher_counts_too_little_has_no_limit() {
    const LIMIT: i64 = 64 << 20;
    let first = weighed_cache_and_list(LIMIT, 1200, 1).suspects.remove(0);
    assert_eq!((first.holder.label(), first.is_ordinary()), ("com.acme.Images.CACHE".to_owned(), false));
    assert_eq!(first.rule.as_deref(), Some("caffeine.light-weigher"));
    let honest = weighed_cache_and_list(LIMIT, 400 * 4096, 1).suspects.remove(0);
    assert_eq!(honest.rule.as_deref(), Some("caffeine.bounded-cache"));
}

#[test]
fn a_cache_at_its_limit_is_no_suspect() {
    let report = cache_and_list(400, 300);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Uploads.OPEN");
    let cache = &report.suspects[1];
    assert_eq!(cache.holder.label(), "com.acme.Images.CACHE");
    assert!(cache.is_ordinary() && !report.suspects[0].is_ordinary());
    assert_eq!(cache.rule.as_deref(), Some("caffeine.bounded-cache"));
    let healthy = cache_and_list(400, 1);
    assert!(healthy.verdict.healthy, "{:?}", healthy.verdict);
    assert_eq!(id_of(&healthy.verdict.sentences[0]), Some("verdict-largest-meant"));
    // A limit that is never reached is none.
    let report = cache_and_list(2_000_000_000, 300);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Images.CACHE");
    assert!(!report.suspects[0].is_ordinary());
}

/// A list of 1.2 MiB beside a full cache that is most of what is in use.
#[test]
fn what_is_next_to_nothing_beside_a_full_cache_is_no_leak() {
    let standing = |limit: i64, list_length: usize| {
        let mut heap = heap_of_cache_and_list(400, 400, list_length);
        let machine = heap.class("jdk.internal.misc.VM");
        machine.static_field("directMemory", Value::Long(limit << 20)).sticky().build();
        let report = judge(heap);
        let list = report.suspects.iter().find(|suspect| suspect.holder.label() == "com.acme.Uploads.OPEN");
        (list.unwrap().standing, report.verdict.healthy)
    };
    assert_eq!(standing(256, 300), (Standing::Largest, true));
    assert_eq!(standing(32, 300), (Standing::Blamed, false));
    assert_eq!(standing(256, 500), (Standing::Blamed, false), "the cache is not most of it");
}

/// A map with entries of its own, of a sub class of `LinkedHashMap` that is named `class`.
fn linked_map(class: &str, in_access_order: bool, count: usize, mod_count: i32) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let hash_map = heap.jdk_class("java.util.HashMap");
    let linked = heap.class("java.util.LinkedHashMap").extends(hash_map);
    let linked = linked.field("accessOrder", Kind::Boolean).build();
    let lru = heap.app_class(class).extends(linked).build();
    let entries: Vec<_> = (0..)
        .zip(payload(&mut heap, "com.acme.Tile", count, 3_000_000 / count))
        .map(|(n, tile)| (heap.boxed_int(n), tile))
        .collect();
    let fields = [("accessOrder", Value::Boolean(in_access_order)), ("modCount", Value::Int(mod_count))];
    let map = heap.hash_map_of(lru, &entries, &fields);
    heap.app_class("com.acme.Tiles").static_field("LRU", Value::Ref(map)).build();
    judge(heap).suspects.remove(0)
}

/// A sub class of `LinkedHashMap` in access order evicts, and so does one without a name, if it has: `modCount` counts what was taken out. Another
/// in the order of insertion may only like the order.
#[test]
fn a_map_that_has_evicted_its_eldest_entries_is_ordinary() {
    let verdict = |class: &str, in_access_order: bool, count: usize| {
        let first = linked_map(class, in_access_order, count, 9000);
        (first.standing, first.rule)
    };
    assert_eq!(verdict("com.acme.Tiles$12", false, 3000), (Standing::Meant, Some("java.lru-map".to_owned())));
    // What was read is counted, too: nothing is certain, so nothing is said against it, nor that it is at its limit.
    let unknown = (Standing::Largest, Some("java.lru-map-in-access-order".to_owned()));
    assert_eq!(verdict("com.acme.Tiles$1", true, 3000), unknown);
    assert_eq!(verdict("com.acme.Tiles$Lru", true, 3000), unknown);
    assert_eq!(verdict("com.acme.Tiles$ByName", false, 3000).1, None);
    // What is large there is not the number of entries.
    assert_eq!(verdict("com.acme.Tiles$1", true, 8).1, None);
}

/// A cache of the application's whose map, of a class without a name, has the limit in the object around it.
#[test]
fn a_map_without_a_name_that_has_as_many_as_the_object_around_it_says_is_full() {
    let standing = |limit: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let hash_map = heap.jdk_class("java.util.HashMap");
        let linked = heap.class("java.util.LinkedHashMap").extends(hash_map);
        let linked = linked.field("accessOrder", Kind::Boolean).build();
        let lru = heap.app_class("com.acme.Leaflets$1").extends(linked).build();
        let leaflets = payload(&mut heap, "com.acme.Leaflet", 3000, 1000);
        let entries: Vec<_> = (0..).zip(leaflets).map(|(n, one)| (heap.boxed_int(n), one)).collect();
        let map = heap.hash_map_of(lru, &entries, &[("accessOrder", Value::Boolean(true))]);
        heap.set_field(map, "modCount", Value::Int(9000));
        let class = heap.app_class("com.acme.Leaflets").field("entries", Kind::Ref);
        let class = class.field("maxEntries", Kind::Int).build();
        let leaflets = heap.instance(class, &[Value::Ref(map), Value::Int(limit)]);
        held_by_static(&mut heap, "com.acme.App", "LEAFLETS", leaflets);
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.holder.label(), "com.acme.Leaflets.entries");
        first.standing
    };
    assert_eq!(standing(3000), Standing::Meant);
    assert_eq!(standing(2000), Standing::Largest, "that is no limit of this map");
}

/// `removeEldestEntry` that compares the number of entries with a number of bytes: whatever the limit is, it was never reached.
#[test]
fn a_map_that_has_never_evicted_anything_is_not_as_large_as_it_is_meant_to_be() {
    for in_access_order in [false, true] {
        let first = linked_map("com.acme.Tiles$1", in_access_order, 3000, 3000);
        assert_eq!(first.rule.as_deref(), Some("java.lru-map-never-evicted"));
        assert_eq!((first.standing, first.kind_message()), (Standing::Blamed, "kind-leak-if-it-grows"));
    }
}

/// A sub class of `LinkedHashMap` in access order with a limit of its own, keys of a class that may be derived from another one, and as many changes as entries.
fn limited_map(limit: (&str, i32), keys_are: Option<&str>) -> Report {
    const COUNT: usize = 3000;
    let mut heap = HeapBuilder::hotspot17();
    let hash_map = heap.jdk_class("java.util.HashMap");
    let linked = heap.class("java.util.LinkedHashMap").extends(hash_map);
    let linked = linked.field("accessOrder", Kind::Boolean).field("head", Kind::Ref).build();
    let lru = heap.app_class("com.acme.TileCache").extends(linked);
    let lru = lru.static_field(limit.0, Value::Int(limit.1)).build();
    let above = keys_are.map(|name| heap.class(name).build());
    let mut key = heap.app_class("com.acme.Filter").field("query", Kind::Ref);
    if let Some(above) = above {
        key = key.extends(above);
    }
    let key = key.build();
    let entries: Vec<(Addr, Addr)> = payload(&mut heap, "com.acme.Tile", COUNT, 1000)
        .into_iter()
        .enumerate()
        .map(|(number, tile)| {
            let query = heap.string(&format!("query {number}"));
            (heap.instance(key, &[Value::Ref(query)]), tile)
        })
        .collect();
    let eldest = heap.class("java.util.LinkedHashMap$Entry").field("key", Kind::Ref).build();
    let eldest = heap.instance(eldest, &[Value::Ref(entries[0].0)]);
    let fields = [("accessOrder", Value::Boolean(true)), ("head", Value::Ref(eldest))];
    let map = heap.hash_map_of(lru, &entries, &fields);
    held_by_static(&mut heap, "com.acme.Tiles", "CACHE", map);
    judge(heap)
}

/// Who has more than its own limit asks for the eldest entry at each put: keys that were changed are not found. Records do not change.
#[test]
fn a_map_beyond_its_own_limit_is_told_with_the_limit_and_that_its_keys_may_have_changed() {
    let report = limited_map(("MAX_TILES", 500), None);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("java.lru-map-keys-changed"));
    let advice = crate::english(&first.advice);
    let wanted = "TileCache.MAX_TILES = 500 is its own limit, and it has 3,000 entries";
    assert!(advice.starts_with(wanted) && advice.contains("(com.acme.Filter) are changed"), "{advice}");
    let rule = |limit, keys_are| limited_map(limit, keys_are).suspects[0].rule.clone();
    for fixed in ["java.lang.Record", "java.lang.Enum"] {
        assert_eq!(rule(("MAX_TILES", 500), Some(fixed)).as_deref(), Some("java.lru-map-beyond-limit"));
    }
    // A limit that was not reached, and numbers that limit something else.
    for limit in [("MAX_TILES", 5000), ("MAX_AGE_SECONDS", 500), ("tilesPerRow", 500)] {
        assert_eq!(rule(limit, None).as_deref(), Some("java.lru-map-never-evicted"), "{limit:?}");
    }
}

/// Caches whose keys are weak, and whose values lead to their keys or do not: of Guava, of `MapMaker`, of Caffeine.
fn weak_keys(library: &str, leads_back: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let reference = heap.jdk_class("java.lang.ref.WeakReference");
    let key = heap.app_class("com.acme.Link").field("data", Kind::Ref).build();
    let value = heap.app_class("com.acme.Stats").field("data", Kind::Ref).field("link", Kind::Ref).build();
    let strong = heap.class("com.google.common.cache.LocalCache$StrongValueReference").loader(loader);
    let strong = strong.field("referent", Kind::Ref).build();
    let (entry, of_key) = match library.rsplit('.').next().unwrap() {
        "LocalCache$WeakEntry" => {
            let entry = heap.class(library).loader(loader).extends(reference);
            (entry.field("valueReference", Kind::Ref).build(), None)
        }
        "LocalCache$WeakAccessEntry" => {
            let base = heap.class("com.google.common.cache.LocalCache$WeakEntry").loader(loader);
            let base = base.extends(reference).field("valueReference", Kind::Ref).build();
            (heap.class(library).loader(loader).extends(base).build(), None)
        }
        "MapMakerInternalMap$WeakKeyStrongValueEntry" => {
            let entry = heap.class(library).loader(loader).extends(reference);
            (entry.field("value", Kind::Ref).build(), None)
        }
        _ => {
            let base = heap.class("com.github.benmanes.caffeine.cache.Node").loader(loader).build();
            let of_key = heap.class("com.github.benmanes.caffeine.cache.References$WeakKeyReference");
            let of_key = of_key.loader(loader).extends(reference).build();
            let entry = heap.class(library).loader(loader).extends(base).field("key", Kind::Ref);
            (entry.field("value", Kind::Ref).build(), Some(of_key))
        }
    };
    let mut links = Vec::new();
    let entries: Vec<Addr> = (0..2000)
        .map(|_| {
            let [of_link, of_stats] = [600, 400].map(|length| bytes(&mut heap, length));
            let link = heap.instance(key, &[Value::Ref(of_link)]);
            let back = if leads_back { link } else { Addr::NULL };
            let stats = heap.instance(value, &[Value::Ref(of_stats), Value::Ref(back)]);
            links.push(link);
            let referent = ("referent", Value::Ref(link));
            match of_key {
                Some(of_key) => {
                    let of_key = heap.instance_with(of_key, &[referent]);
                    heap.instance_with(entry, &[("key", Value::Ref(of_key)), ("value", Value::Ref(stats))])
                }
                None if library.contains("LocalCache") => {
                    let stats = heap.instance(strong, &[Value::Ref(stats)]);
                    heap.instance_with(entry, &[referent, ("valueReference", Value::Ref(stats))])
                }
                None => heap.instance_with(entry, &[referent, ("value", Value::Ref(stats))]),
            }
        })
        .collect();
    // Somebody else has the keys of the others.
    if !leads_back {
        let links = heap.array_list(&links);
        held_by_static(&mut heap, "com.acme.Links", "ALL", links);
    }
    let entries = heap.array_list(&entries);
    held_by_static(&mut heap, "com.acme.LinkBook", "STATS", entries);
    judge(heap)
}

/// As of a `WeakHashMap`: what refers to its own key keeps it.
#[test]
fn values_of_caches_with_weak_keys_that_lead_to_their_keys_are_told() {
    for (entry, rule) in [
        ("com.google.common.cache.LocalCache$WeakEntry", "guava.weak-keys-back-reference"),
        (
            "com.google.common.collect.MapMakerInternalMap$WeakKeyStrongValueEntry",
            "guava.weak-map-back-reference",
        ),
        ("com.github.benmanes.caffeine.cache.FS", "caffeine.weak-keys-back-reference"),
    ] {
        let count = |leads_back| {
            let report = weak_keys(entry, leads_back);
            report.findings.iter().find(|finding| finding.id == rule).map(|finding| finding.count)
        };
        assert_eq!(count(true), Some(2000), "{entry}");
        assert_eq!(count(false), None, "{entry}");
    }
    // Those expire, or are the eldest of a cache with a limit.
    for entry in
        ["com.google.common.cache.LocalCache$WeakAccessEntry", "com.github.benmanes.caffeine.cache.FSA"]
    {
        let report = weak_keys(entry, true);
        assert!(report.findings.iter().all(|finding| !finding.id.contains("back-reference")), "{entry}");
    }
}

/// A library's cache of 3,000 rates, whose map is of a class of its own, and the limit in the object around that.
fn cache_of_library(maximum: i32) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let hash_map = heap.jdk_class("java.util.HashMap");
    let linked = heap.class("java.util.LinkedHashMap").extends(hash_map).build();
    let map = heap.class("org.apache.lucene.cache.ExpiringMap$EntryLinkedHashMap").loader(loader);
    let map = map.extends(linked).build();
    let rates = payload(&mut heap, "com.acme.Rate", 3000, 1000);
    let entries: Vec<(Addr, Addr)> = (0..).zip(rates).map(|(n, rate)| (heap.boxed_int(n), rate)).collect();
    let map = heap.hash_map_of(map, &entries, &[]);
    // What caches are made with that are not told otherwise has a limit as well.
    let [own, usual] = [maximum, 100].map(|limit| {
        library_object(
            &mut heap,
            "org.apache.lucene.cache.Attributes",
            &[("maxObjs", Kind::Int, Value::Int(limit))],
        )
    });
    let fields = [
        ("usual", Kind::Ref, Value::Ref(usual)),
        ("attributes", Kind::Ref, Value::Ref(own)),
        ("entries", Kind::Ref, Value::Ref(map)),
    ];
    let cache = library_object(&mut heap, "org.apache.lucene.cache.ExpiringMap", &fields);
    held_by_static(&mut heap, "org.apache.lucene.cache.Expirer", "MAPS", cache);
    judge(heap).suspects.remove(0)
}

/// What has the limit of a library's cache may be the object that has its map.
#[test]
fn a_cache_of_a_library_is_full_by_the_limit_of_the_object_around_its_map() {
    assert_eq!(cache_of_library(3000).standing, Standing::Meant);
    for unlimited in [i32::MAX, 5000, 100] {
        assert_ne!(cache_of_library(unlimited).standing, Standing::Meant, "{unlimited}");
    }
}

/// A limit of so many entries says nothing if a tenth of them fills the heap.
#[test]
fn a_cache_whose_limit_is_above_the_heap_is_told_as_such() {
    let told = |maximum: i64| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM")
            .static_field("directMemory", Value::Long(6 << 20))
            .sticky()
            .build();
        let tiles = payload(&mut heap, "com.acme.Tile", 3000, 1000);
        let entries: Vec<_> = (0..).zip(tiles).map(|(n, tile)| (heap.boxed_int(n), tile)).collect();
        let data = heap.concurrent_hash_map(&entries);
        let fields = [
            ("maximum", Kind::Long, Value::Long(maximum)),
            ("weightedSize", Kind::Long, Value::Long(3000)),
            ("data", Kind::Ref, Value::Ref(data)),
        ];
        let cache =
            library_object(&mut heap, "com.github.benmanes.caffeine.cache.BoundedLocalCache", &fields);
        held_by_static(&mut heap, "com.acme.Tiles", "CACHE", cache);
        let first = judge(heap).suspects.remove(0);
        (first.rule.clone(), first.kind_message(), first.kind)
    };
    let wrong = told(1_000_000);
    assert_eq!(wrong, (Some("caffeine.limit-above-heap".to_owned()), "kind-cache", SuspectKind::Leak));
    assert_eq!(told(4000).1, "kind-ordinary", "so many fit");
}

/// A cache of a library that no rule knows, in two parts with a limit for each.
fn cache_in_parts(limits: [i64; 2], entries: usize) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let prices = payload(&mut heap, "com.acme.Price", entries, (6 << 20) / entries);
    let table = heap.object_array("java.lang.Object[]", &prices);
    let eviction = heap.class("org.cache2k.core.eviction.AbstractEviction").loader(loader);
    let eviction = eviction.field("maxSize", Kind::Long).build();
    let parts = limits.map(|limit| heap.instance(eviction, &[Value::Long(limit)]));
    let parts = heap.object_array("org.cache2k.core.eviction.AbstractEviction[]", &parts);
    let segments = library_object(
        &mut heap,
        "org.cache2k.core.SegmentedEviction",
        &[("parts", Kind::Ref, Value::Ref(parts))],
    );
    let fields = [("eviction", Kind::Ref, Value::Ref(segments)), ("table", Kind::Ref, Value::Ref(table))];
    let cache = library_object(&mut heap, "org.cache2k.core.HeapCache", &fields);
    held_by_static(&mut heap, "com.acme.Lookup", "PRICES", cache);
    judge(heap).suspects.remove(0)
}

#[test]
fn a_full_cache_of_a_library_that_no_rule_knows_is_ordinary() {
    for (limits, entries, standing) in [
        ([1500, 1500], 3000, Standing::Meant),
        // What may have far more, or has more than that, is not full.
        ([15_000, 15_000], 3000, Standing::Blamed),
        ([1000, 1000], 3000, Standing::Blamed),
        // The size of a table.
        ([2048, 2048], 4096, Standing::Blamed),
        // By chance.
        ([50, 50], 100, Standing::Blamed),
    ] {
        let first = cache_in_parts(limits, entries);
        assert_eq!(
            (first.standing, first.holder.label().as_str()),
            (standing, "com.acme.Lookup.PRICES"),
            "{limits:?}"
        );
    }
}

/// A cache of the application's own making: a map and a list through its entries, and a number that says how many there may be.
fn own_cache(class: &str, field: &str, limit: i32, removed: i32, spare: Option<usize>) -> Standing {
    const ENTRIES: i32 = 1200;
    let mut heap = HeapBuilder::hotspot17();
    let entry = heap.app_class("com.acme.LruCache$Entry");
    let entry = entry.field("before", Kind::Ref).field("value", Kind::Ref).build();
    let mut entries = vec![Addr::NULL];
    for _ in 0..ENTRIES {
        let value = bytes(&mut heap, 1000);
        let before = entries[entries.len() - 1];
        entries.push(heap.instance(entry, &[Value::Ref(before), Value::Ref(value)]));
    }
    let index: Vec<(Addr, Addr)> =
        entries.iter().skip(1).zip(1000..).map(|(&entry, id)| (heap.boxed_int(id), entry)).collect();
    let index = heap.hash_map(&index);
    heap.set_field(index, "modCount", Value::Int(ENTRIES + 2 * removed));
    let places =
        spare.map_or(Addr::NULL, |length| heap.object_array("java.lang.Object[]", &vec![Addr::NULL; length]));
    let cache = heap.app_class(class).field("index", Kind::Ref).field("newest", Kind::Ref);
    let cache = cache.field("places", Kind::Ref).field(field, Kind::Int).build();
    let newest = Value::Ref(entries[1200]);
    let cache = heap.instance(cache, &[Value::Ref(index), newest, Value::Ref(places), Value::Int(limit)]);
    held_by_static(&mut heap, "com.acme.Thumbnails", "CACHE", cache);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.instances, 1200);
    first.standing
}

#[test]
fn a_cache_of_the_applications_own_that_is_full_is_as_large_as_it_is_meant_to_be() {
    assert_eq!(own_cache("com.acme.LruCache", "capacity", 1200, 500, None), Standing::Meant);
    assert_eq!(own_cache("com.acme.LruCache", "capacity", i32::MAX, 500, None), Standing::Blamed);
}

#[test]
fn as_many_as_some_number_of_the_applications_own_says_is_no_cache_by_that_alone() {
    for (why, standing) in [
        ("nothing was ever removed", own_cache("com.acme.Sessions", "maxSize", 1200, 0, None)),
        ("the largest number so far", own_cache("com.acme.Sessions", "max", 1200, 500, None)),
        ("the length of an array", own_cache("com.acme.Sessions", "capacity", 1200, 500, Some(1200))),
        ("a queue, whoever adds to it waits", own_cache("com.acme.JobQueue", "capacity", 1200, 500, None)),
    ] {
        assert_eq!(standing, Standing::Blamed, "{why}");
    }
}

/// A cache of the application's own making whose nodes are linked both ways, and know their keys: its map and its links have nodes and keys together.
/// Of some the links are in an object of their own, beside another object.
fn cache_of_linked_nodes(limit: i32, removed: i32, has_links_apart: bool) -> Suspect {
    const ENTRIES: i32 = 3000;
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.Lru$Node").field("key", Kind::Ref).field("value", Kind::Ref);
    let node = node.field("before", Kind::Ref).field("after", Kind::Ref).build();
    let index: Vec<(Addr, Addr)> = (0..ENTRIES)
        .map(|n| {
            let (key, value) = (heap.boxed_int(1000 + n), bytes(&mut heap, 1000));
            (key, heap.instance_with(node, &[("key", Value::Ref(key)), ("value", Value::Ref(value))]))
        })
        .collect();
    for pair in index.windows(2) {
        heap.set_field(pair[1].1, "before", Value::Ref(pair[0].1));
        heap.set_field(pair[0].1, "after", Value::Ref(pair[1].1));
    }
    let map = heap.hash_map(&index);
    heap.set_field(map, "modCount", Value::Int(ENTRIES + 2 * removed));
    let ends = [index[0].1, index[index.len() - 1].1].map(Value::Ref);
    let class = heap.app_class("com.acme.Lru").field("maxEntries", Kind::Int).field("index", Kind::Ref);
    let class = class.field("first", Kind::Ref).field("last", Kind::Ref).build();
    let [first, last] = if has_links_apart {
        let links = heap.app_class("com.acme.Links").field("first", Kind::Ref).field("last", Kind::Ref);
        let links = links.build();
        let listener = heap.app_class("com.acme.Listener").build();
        [heap.instance(links, &ends), heap.instance(listener, &[])].map(Value::Ref)
    } else {
        ends
    };
    let cache = heap.instance(class, &[Value::Int(limit), Value::Ref(map), first, last]);
    held_by_static(&mut heap, "com.acme.Profiles", "CACHE", cache);
    judge(heap).suspects.remove(0)
}

#[test]
fn a_cache_that_has_its_nodes_in_a_map_and_in_links_is_full_by_its_own_limit() {
    for (why, limit, removed, standing) in [
        ("full", 3000, 9000, Standing::Meant),
        ("nothing was ever removed", 3000, 0, Standing::Blamed),
        ("it may have far more", 30_000, 9000, Standing::Blamed),
    ] {
        for has_links_apart in [false, true] {
            let first = cache_of_linked_nodes(limit, removed, has_links_apart);
            assert_eq!((first.instances, first.standing), (3000, standing), "{why}, {has_links_apart}");
        }
    }
}

/// Maps of fastutil, HPPC and the like count no changes, and their number of entries stands in a field of their own.
#[test]
fn a_full_cache_in_a_map_of_a_library_of_collections_is_as_large_as_it_is_meant_to_be() {
    let standing = |class: &str, count_field: &str, limit: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let vectors: Vec<Addr> = (0..3000).map(|_| bytes(&mut heap, 1024)).collect();
        let vectors = heap.object_array("java.lang.Object[]", &vectors);
        let map = [("value", Kind::Ref, Value::Ref(vectors)), (count_field, Kind::Int, Value::Int(3000))];
        let map = library_object(&mut heap, class, &map);
        let cache = heap.app_class("com.acme.FeatureCache").field("features", Kind::Ref);
        let cache = cache.field("maxEntries", Kind::Int).build();
        let cache = heap.instance(cache, &[Value::Ref(map), Value::Int(limit)]);
        held_by_static(&mut heap, "com.acme.Scorer", "FEATURES", cache);
        judge(heap).suspects.remove(0).standing
    };
    for (class, count_field) in [
        ("it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap", "size"),
        ("com.carrotsearch.hppc.LongObjectHashMap", "assigned"),
        ("gnu.trove.map.hash.TLongObjectHashMap", "_size"),
    ] {
        assert_eq!(standing(class, count_field, 3000), Standing::Meant, "{class}");
        assert_eq!(standing(class, count_field, 50_000), Standing::Blamed, "{class}");
    }
}

/// A cache that counts bytes, or what each entry weighs, evicts when there are too many of these, whatever the number of entries is.
#[test]
fn a_cache_that_has_used_up_its_bytes_is_as_large_as_it_is_meant_to_be() {
    let standing = |limit_field: &str, limit: i64, used: i64, is_counter: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let tiles = payload(&mut heap, "com.acme.Tile", 1500, 2000);
        let tiles: Vec<(Addr, Addr)> =
            (0..).zip(tiles).map(|(at, tile)| (heap.boxed_int(at), tile)).collect();
        let tiles = heap.concurrent_hash_map(&tiles);
        let class =
            heap.app_class("com.acme.TileStore").field("tiles", Kind::Ref).field(limit_field, Kind::Long);
        let store = if is_counter {
            let class = class.field("weight", Kind::Ref).build();
            let counter = [("value", Kind::Long, Value::Long(used))];
            let counter = library_object(&mut heap, "java.util.concurrent.atomic.AtomicLong", &counter);
            heap.instance(class, &[Value::Ref(tiles), Value::Long(limit), Value::Ref(counter)])
        } else {
            let class = class.field("usedBytes", Kind::Long).build();
            heap.instance(class, &[Value::Ref(tiles), Value::Long(limit), Value::Long(used)])
        };
        held_by_static(&mut heap, "com.acme.Maps", "STORE", store);
        judge(heap).suspects.remove(0).standing
    };
    assert_eq!(standing("maxBytes", 3_000_000, 2_999_000, false), Standing::Meant);
    assert_eq!(standing("maxWeight", 3_000_000, 2_999_000, true), Standing::Meant);
    assert_eq!(standing("maxBytes", 6_000_000, 2_999_000, false), Standing::Blamed, "there is room");
    assert_eq!(standing("maxBytes", 2_999_000, 2_999_000, false), Standing::Blamed, "the most so far");
    assert_eq!(standing("maxBytes", 300_000_000, 299_000_000, false), Standing::Blamed, "of something else");
    assert_eq!(
        standing("maxBytes", 2_000_000, 2_999_000, false),
        Standing::Blamed,
        "beyond what it may have"
    );
    assert_eq!(standing("firstByte", 3_000_000, 2_999_000, false), Standing::Blamed, "no limit");
}

/// The last so many steps of a trail, in a list that is overwritten, in a heap with room: the number by that name, how many there are, how many of them are garbage.
fn trail(field: &str, steps: usize, garbage: usize, limit_bytes: i64) -> Standing {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM")
        .static_field("directMemory", Value::Long(limit_bytes))
        .sticky()
        .build();
    let all = payload(&mut heap, "com.acme.Step", steps + garbage, 1000);
    let list = heap.array_list(&all[..steps]);
    let trail = heap.app_class("com.acme.Trail").field(field, Kind::Int).field("steps", Kind::Ref).build();
    let number = Value::Int(i32::try_from(steps).unwrap());
    let trail = heap.instance(trail, &[number, Value::Ref(list)]);
    held_by_static(&mut heap, "com.acme.Tracker", "TRAIL", trail);
    judge(heap).suspects[0].standing
}

#[test]
fn as_many_as_a_round_number_says_are_meant_where_some_are_let_go_of() {
    const ROOM: i64 = 64 << 20;
    assert_eq!(trail("keep", 3000, 2000, ROOM), Standing::Meant);
    for (why, standing) in [
        ("nothing was let go of", trail("keep", 3000, 700, ROOM)),
        ("a number that counts them is round by chance only", trail("keep", 3011, 2000, ROOM)),
        ("the largest so far", trail("max", 3000, 2000, ROOM)),
        ("the heap is short", trail("keep", 3000, 2000, 5 << 20)),
    ] {
        assert_eq!(standing, Standing::Blamed, "{why}");
    }
}
