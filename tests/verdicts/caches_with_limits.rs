//! Caches that say how many entries they may have: cache2k, and one of the application's own whose map keeps to its limit while a list through the same entries does not.

use crate::{bytes, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Suspect;

/// A cache of cache2k in two segments that may have so many entries together, and has 12,000.
fn cache2k(limit: i64) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let payload = payload(&mut heap, "com.acme.Profile", 12_000, 300);
    let entry = heap.app_class("org.cache2k.core.Entry").field("valueOrWrapper", Kind::Ref).build();
    let entries: Vec<Addr> =
        payload.iter().map(|&value| heap.instance(entry, &[Value::Ref(value)])).collect();
    let entries = heap.object_array("org.cache2k.core.Entry[]", &entries);
    let hash = library_object(
        &mut heap,
        "org.cache2k.core.StampedHash",
        &[("entries", Kind::Ref, Value::Ref(entries))],
    );
    let segment = heap.app_class("org.cache2k.core.eviction.ClockProPlusEviction");
    let segment = segment.field("hotSize", Kind::Long).field("coldSize", Kind::Long);
    let segment = segment.field("maxSize", Kind::Long).build();
    let segments = [0, 1].map(|_| {
        let values = [5_800, 200, limit / 2].map(Value::Long);
        heap.instance(segment, &values)
    });
    let segments = heap.object_array("org.cache2k.core.eviction.Eviction[]", &segments);
    let segments = [("segments", Kind::Ref, Value::Ref(segments))];
    let eviction = library_object(&mut heap, "org.cache2k.core.SegmentedEviction", &segments);
    let timing = "org.cache2k.core.timing.TimeAgnosticTiming$EternalImmediate";
    let timing = library_object(&mut heap, timing, &[]);
    let name = heap.string("profiles");
    let fields = [("name", name), ("hash", hash), ("eviction", eviction), ("timing", timing)];
    let fields = fields.map(|(field, object)| (field, Kind::Ref, Value::Ref(object)));
    let cache = library_object(&mut heap, "org.cache2k.core.HeapCache", &fields);
    held_by_static(&mut heap, "com.acme.Profiles", "CACHE", cache);
    judge(heap).suspects.remove(0)
}

#[test]
fn cache2k_is_known_with_its_limit_and_without_one() {
    let full = cache2k(12_000);
    assert_eq!((full.rule.as_deref(), full.is_ordinary()), (Some("cache2k.bounded-cache"), true));
    let endless = cache2k(i64::MAX - 1);
    assert_eq!((endless.rule.as_deref(), endless.is_ordinary()), (Some("cache2k.unbounded-cache"), false));
}

/// A store with a map at its own limit of 1,500 tiles that has evicted as many, and a list through all tiles, also those that were evicted.
fn store_of_tiles(tiles: usize) -> Suspect {
    const LIMIT: usize = 1500;
    let mut heap = HeapBuilder::hotspot17();
    let tile = heap.app_class("com.acme.Tile").field("png", Kind::Ref).field("older", Kind::Ref);
    let tile = tile.field("evicted", Kind::Boolean).build();
    let mut older = Value::NULL;
    let all: Vec<Addr> = (0..tiles)
        .map(|at| {
            let png = bytes(&mut heap, 800);
            let made = heap.instance(tile, &[Value::Ref(png), older, Value::Boolean(at + LIMIT < tiles)]);
            older = Value::Ref(made);
            made
        })
        .collect();
    let last = &all[tiles - LIMIT..];
    let entries: Vec<(Addr, Addr)> = (0..).zip(last).map(|(at, &tile)| (heap.boxed_int(at), tile)).collect();
    let map = heap.class_named("java.util.HashMap");
    let by_key = heap.hash_map_of(map, &entries, &[("modCount", Value::Int(6_000))]);
    let store = heap.app_class("com.acme.TileStore").field("byKey", Kind::Ref).field("newest", Kind::Ref);
    let store = store.field("limit", Kind::Int).build();
    let store = heap.instance(store, &[Value::Ref(by_key), older, Value::Int(1500)]);
    held_by_static(&mut heap, "com.acme.TileService", "TILES", store);
    judge(heap).suspects.remove(0)
}

#[test]
fn a_full_map_does_not_acquit_a_list_with_more() {
    let full = store_of_tiles(1500);
    assert!(full.is_ordinary(), "{:?}", full.standing);
    let leak = store_of_tiles(9000);
    assert!(!leak.is_ordinary(), "{:?}", leak.standing);
}
