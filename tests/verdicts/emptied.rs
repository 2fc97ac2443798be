//! Maps that are emptied as well as filled, and elements in arrays that cannot grow: both hold much in a healthy service.

use crate::{bytes, english, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::report::{Report, Standing};

/// What became of the sessions that are garbage.
#[derive(Clone, Copy, PartialEq)]
enum Garbage {
    /// They were taken out of the map one by one.
    TakenOut,
    /// They were in no map, as those that a call makes and lets go of.
    InNone,
    /// They were in a map of a call's own.
    InOneOfACall,
}

const ROOM: i64 = 64 << 20;

/// A service with 2,000 sessions in a map, in a heap of that limit.
fn sessions(garbage: Garbage, count: usize, limit: i64, has_thrown: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    let all = payload(&mut heap, "com.acme.Session", 2000 + count, 2000);
    let entries: Vec<(Addr, Addr)> =
        (0..).zip(all).map(|(n, session)| (heap.boxed_int(n), session)).collect();
    let (held, gone) = entries.split_at(2000);
    let map = heap.concurrent_hash_map(held);
    held_by_static(&mut heap, "com.acme.Sessions", "BY_ID", map);
    match garbage {
        Garbage::TakenOut => {
            let node = heap.jdk_class("java.util.concurrent.ConcurrentHashMap$Node");
            for &(key, session) in gone {
                heap.instance_with(node, &[("key", Value::Ref(key)), ("val", Value::Ref(session))]);
            }
        }
        Garbage::InNone => {}
        Garbage::InOneOfACall => {
            heap.concurrent_hash_map(gone);
        }
    }
    if has_thrown {
        let error = heap.class_named("java.lang.OutOfMemoryError");
        heap.thread("exec-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1).build();
    }
    judge(heap)
}

#[test]
fn a_map_that_is_emptied_as_well_is_only_the_largest_where_there_is_room() {
    let standing = |limit| sessions(Garbage::TakenOut, 1500, limit, false).suspects[0].standing;
    assert_eq!(standing(10 << 20), Standing::Largest);
    let report = sessions(Garbage::TakenOut, 1500, ROOM, false);
    let first = &report.suspects[0];
    assert_eq!(
        (first.standing, first.holder.label().as_str(), ids(&first.advice)),
        (
            Standing::Largest,
            "com.acme.Sessions.BY_ID",
            vec!["suspect-advice-emptied", "suspect-advice-ordinary"]
        )
    );
    let said = english(&report.verdict.sentences);
    assert!(said.contains("It is emptied as well: 1,500 of the class are garbage already."), "{said}");
    assert!(report.verdict.healthy && !said.contains("a leak if it grows"), "{said}");
}

#[test]
fn garbage_of_a_class_is_no_proof_that_a_map_is_emptied() {
    for (garbage, count, limit, has_thrown, why) in [
        (Garbage::InNone, 4000, ROOM, false, "each call makes some"),
        (Garbage::InOneOfACall, 4000, ROOM, false, "each call has a map of its own"),
        (Garbage::TakenOut, 500, ROOM, false, "most of it stays"),
        (Garbage::TakenOut, 1500, 6 << 20, false, "more than half of the heap is in use"),
        (Garbage::TakenOut, 1500, 10 << 20, true, "memory has run out"),
    ] {
        let report = sessions(garbage, count, limit, has_thrown);
        let first = &report.suspects[0];
        let label = first.holder.label();
        assert_eq!((first.standing, &*label), (Standing::Blamed, "com.acme.Sessions.BY_ID"), "{why}");
    }
}

/// A cache of a library has its entries in a list as well, so that no entry of its map keeps what is in it alone.
#[test]
fn a_cache_that_evicts_what_it_has_in_a_list_as_well_is_only_the_largest() {
    let standing = |is_evicted: bool| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(ROOM)).sticky().build();
        let loader = heap.app_class_loader();
        let entry = heap.class("org.lru.Descriptor").loader(loader);
        let entry = entry.field("previous", Kind::Ref).field("value", Kind::Ref).build();
        let cache = heap.class("org.lru.Cache").loader(loader);
        let cache = cache.field("table", Kind::Ref).field("last", Kind::Ref).build();
        let mut last = Addr::NULL;
        let tariffs = payload(&mut heap, "com.acme.Tariff", 3500, 2000);
        let mut entries: Vec<(Addr, Addr)> = Vec::new();
        for (number, &tariff) in (0..).zip(&tariffs) {
            let is_kept = number < 2000;
            let previous = if is_kept { last } else { Addr::NULL };
            let one = heap.instance(entry, &[Value::Ref(previous), Value::Ref(tariff)]);
            if is_kept {
                last = one;
            }
            entries.push((heap.boxed_int(number), one));
        }
        let (held, gone) = entries.split_at(2000);
        let table = heap.concurrent_hash_map(held);
        let cache = heap.instance(cache, &[Value::Ref(table), Value::Ref(last)]);
        held_by_static(&mut heap, "com.acme.Tariffs", "CACHE", cache);
        if is_evicted {
            let node = heap.jdk_class("java.util.concurrent.ConcurrentHashMap$Node");
            for &(key, one) in gone {
                heap.instance_with(node, &[("key", Value::Ref(key)), ("val", Value::Ref(one))]);
            }
        }
        let report = judge(heap);
        let first = &report.suspects[0];
        (first.standing, ids(&first.advice).contains(&"suspect-advice-emptied"))
    };
    assert_eq!(standing(true), (Standing::Largest, true));
    assert_eq!(standing(false), (Standing::Blamed, false), "each call makes some");
}

/// Rings of a service's endpoints.
#[derive(Clone, Copy)]
struct Rings {
    endpoints: usize,
    slots: usize,
    /// Slots of the first one that have nothing yet.
    gaps: usize,
    /// Slots by which the first one is longer.
    longer: usize,
    /// Whether each endpoint leads to the one before it.
    is_chain: bool,
    /// Whether what is in a slot is a list.
    are_lists: bool,
    /// The field of the endpoint that is as large as its ring.
    number: &'static str,
}

const FIXED: Rings = Rings {
    endpoints: 8,
    slots: 60,
    gaps: 0,
    longer: 0,
    is_chain: false,
    are_lists: false,
    number: "capacityOfRing",
};

fn rings(rings: Rings) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let endpoint = heap.app_class("com.acme.Endpoint").field("minutes", Kind::Ref);
    let endpoint = endpoint.field(rings.number, Kind::Int).field("next", Kind::Ref).build();
    let slot = heap.app_class("com.acme.Minute").field("counts", Kind::Ref).build();
    let mut last = Addr::NULL;
    let endpoints: Vec<(Addr, Addr)> = (0..rings.endpoints)
        .map(|at| {
            let length = rings.slots + if at == 0 { rings.longer } else { 0 };
            let mut slots: Vec<Addr> = (0..length)
                .map(|_| {
                    let inside = if rings.are_lists {
                        let numbers: Vec<Addr> = (0..64).map(|_| bytes(&mut heap, 100)).collect();
                        heap.array_list(&numbers)
                    } else {
                        heap.primitive_array(PrimitiveArray::zeros(Kind::Long, 1000))
                    };
                    heap.instance(slot, &[Value::Ref(inside)])
                })
                .collect();
            if at == 0 {
                slots[..rings.gaps].fill(Addr::NULL);
            }
            let minutes = heap.object_array("com.acme.Minute[]", &slots);
            let number = Value::Int(i32::try_from(length).unwrap());
            let path = heap.string(&format!("/{at}"));
            let next = if rings.is_chain { last } else { Addr::NULL };
            last = heap.instance(endpoint, &[Value::Ref(minutes), number, Value::Ref(next)]);
            (path, last)
        })
        .collect();
    let by_path = heap.concurrent_hash_map(&endpoints);
    held_by_static(&mut heap, "com.acme.Latencies", "BY_PATH", by_path);
    judge(heap)
}

fn are_in_full_arrays(report: &Report) -> bool {
    let first = &report.suspects[0];
    let is_told = ids(&first.advice).contains(&"suspect-advice-full-arrays");
    assert_eq!(is_told, first.standing == Standing::Largest, "{first:?}");
    is_told
}

#[test]
fn full_arrays_of_one_length_that_a_few_objects_have_cannot_grow() {
    let report = rings(FIXED);
    assert!(are_in_full_arrays(&report));
    let said = english(&report.verdict.sentences);
    assert!(said.contains("They are in 8 arrays of 60 each without a gap, and an array cannot grow: there are more of them only with more Endpoint (8 now)."), "{said}");
    assert!(report.verdict.healthy && !said.contains("a leak if it grows"), "{said}");
}

#[test]
fn arrays_of_which_any_may_be_made_longer_or_whose_elements_may_grow_can() {
    for (case, why) in [
        (Rings { gaps: 1, ..FIXED }, "a gap"),
        (Rings { longer: 1, ..FIXED }, "a longer one"),
        (Rings { is_chain: true, ..FIXED }, "pieces of a list"),
        (Rings { are_lists: true, ..FIXED }, "lists"),
        (Rings { number: "size", ..FIXED }, "a list of its own making"),
        (Rings { endpoints: 200, slots: 4, ..FIXED }, "many endpoints"),
        (Rings { endpoints: 2, slots: 240, ..FIXED }, "as many by chance"),
    ] {
        let report = rings(case);
        assert!(!are_in_full_arrays(&report), "{why}: {:?}", report.suspects[0]);
    }
}

#[test]
fn the_rows_of_a_few_grids_cannot_grow() {
    let grids = |longer: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let layer = heap.app_class("com.acme.Layer").field("cells", Kind::Ref).build();
        let layers: Vec<Addr> = (0..6)
            .map(|at| {
                let rows = 90 + if at == 0 { longer } else { 0 };
                let rows: Vec<Addr> = (0..rows)
                    .map(|_| heap.primitive_array(PrimitiveArray::zeros(Kind::Double, 1100)))
                    .collect();
                let cells = heap.object_array("double[][]", &rows);
                heap.instance(layer, &[Value::Ref(cells)])
            })
            .collect();
        let layers = heap.array_list(&layers);
        held_by_static(&mut heap, "com.acme.Model", "LAYERS", layers);
        judge(heap)
    };
    assert!(are_in_full_arrays(&grids(0)));
    assert!(!are_in_full_arrays(&grids(1)), "a layer that has grown");
}

/// Places that are read from a file once, each with the lists of its ways out: of `ways` each, the last so many more, in arrays that have
/// room for `room`; each list was changed so many times more than it has elements.
fn places(ways: usize, more: usize, room: usize, changes: i32) -> Standing {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("com.acme.Place").field("id", Kind::Int).field("ways", Kind::Ref).build();
    let way = heap.app_class("com.acme.Way").field("metres", Kind::Int).field("to", Kind::Ref).build();
    let places: Vec<Addr> = (0..3000)
        .map(|at| {
            let count = if at == 2999 { ways + more } else { ways };
            let mut all: Vec<Addr> =
                (0..count).map(|_| heap.instance(way, &[Value::Int(7), Value::Ref(Addr::NULL)])).collect();
            all.resize(count.max(room), Addr::NULL);
            let size = i32::try_from(count).unwrap();
            let array = heap.object_array("java.lang.Object[]", &all);
            let list = heap.jdk_class("java.util.ArrayList");
            let numbers = [("size", Value::Int(size)), ("modCount", Value::Int(size + changes))];
            let fields = numbers.into_iter().chain([("elementData", Value::Ref(array))]);
            let list = heap.instance_with(list, &fields.collect::<Vec<_>>());
            heap.instance(class, &[Value::Int(7), Value::Ref(list)])
        })
        .collect();
    let places = heap.object_array("com.acme.Place[]", &places);
    held_by_static(&mut heap, "com.acme.Roads", "PLACES", places);
    judge(heap).suspects[0].standing
}

#[test]
fn a_full_array_of_things_with_lists_that_were_filled_once_cannot_grow() {
    assert_eq!(places(12, 0, 12, 0), Standing::Largest);
    assert_eq!(places(12, 0, 12, 1), Standing::Largest, "trimmed");
    assert_eq!(places(12, 1, 12, 0), Standing::Blamed, "buckets");
    assert_eq!(places(12, 0, 13, 0), Standing::Blamed, "there is room");
    assert_eq!(places(12, 0, 12, 28), Standing::Blamed, "what is in them is replaced");
    assert_eq!(places(15, 0, 15, 0), Standing::Blamed, "a list that happens to be full");
}

/// A grid of objects in one field, of which the first row has so many more, and of which some may be missing.
#[test]
fn a_full_grid_of_objects_cannot_grow() {
    let standing = |longer: usize, missing: usize, are_lists: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let class = heap.app_class("com.acme.Plot").field("height", Kind::Double).field("what", Kind::Ref);
        let class = class.build();
        let rows: Vec<Addr> = (0..60)
            .map(|row| {
                let cells: Vec<Addr> = (0..500 + if row == 0 { longer } else { 0 })
                    .map(|cell| {
                        let what = if are_lists {
                            let one = bytes(&mut heap, 10);
                            heap.array_list(&[one])
                        } else {
                            Addr::NULL
                        };
                        let is_there = row > 0 || cell >= missing;
                        let plot = [Value::Double(0.5), Value::Ref(what)];
                        if is_there { heap.instance(class, &plot) } else { Addr::NULL }
                    })
                    .collect();
                heap.object_array("com.acme.Plot[]", &cells)
            })
            .collect();
        let cells = heap.object_array("com.acme.Plot[][]", &rows);
        held_by_static(&mut heap, "com.acme.Flood", "CELLS", cells);
        judge(heap).suspects[0].standing
    };
    assert_eq!(standing(0, 0, false), Standing::Largest);
    assert_eq!(standing(1, 0, false), Standing::Blamed, "a row that was made longer");
    assert_eq!(standing(0, 1, false), Standing::Blamed, "there is room");
    assert_eq!(standing(0, 0, true), Standing::Blamed, "what is in the cells may grow");
}

/// Segments of a cache, each with a full array of tiles of all sizes, that count what they have and what they have thrown out.
fn segments(evictions: i32, are_lists: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let segment = heap.app_class("com.acme.Segment").field("slots", Kind::Ref).field("used", Kind::Int);
    let segment = segment.field("evictions", Kind::Int).build();
    let tile = heap.app_class("com.acme.Tile").field("png", Kind::Ref).build();
    let segments: Vec<Addr> = (0..16)
        .map(|at: usize| {
            let slots: Vec<Addr> = (0..40)
                .map(|number: usize| {
                    let png = bytes(&mut heap, 2000 + 700 * ((at + number) % 5));
                    let png = if are_lists { heap.array_list(&[png]) } else { png };
                    heap.instance(tile, &[Value::Ref(png)])
                })
                .collect();
            let slots = heap.object_array("com.acme.Tile[]", &slots);
            heap.instance(segment, &[Value::Ref(slots), Value::Int(40), Value::Int(evictions)])
        })
        .collect();
    let segments = heap.object_array("com.acme.Segment[]", &segments);
    held_by_static(&mut heap, "com.acme.Tiles", "SEGMENTS", segments);
    judge(heap)
}

#[test]
fn a_full_cache_that_has_thrown_something_out_cannot_grow() {
    assert!(are_in_full_arrays(&segments(25_746, false)));
    assert!(!are_in_full_arrays(&segments(0, false)), "a list of its own making");
    assert!(!are_in_full_arrays(&segments(25_746, true)), "what is in it may grow");
}
