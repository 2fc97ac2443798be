//! Verdicts on what is small: heaps of a megabyte or two, and leaks that are young in a heap that is mostly free.

use crate::{bytes, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Arg, Report, Standing, Suspect, Text};

/// Adds so many kilobytes that other objects of the JDK hold, none of them much.
fn of_jdk(heap: &mut HeapBuilder, kilobytes: usize) {
    for number in 0..kilobytes / 20 {
        let part = bytes(heap, 20 << 10);
        let class = heap.class(&format!("jdk.internal.Part{number}"));
        class.static_field("table", Value::Ref(part)).sticky().build();
    }
}

/// A static list of so many maps of about 300 bytes each, in a heap with so many kilobytes beside it.
fn with_list(class: &str, maps: usize, kilobytes: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    of_jdk(&mut heap, kilobytes);
    let maps: Vec<Addr> = (0..maps)
        .map(|number| {
            let entry = ["key", "value"].map(|what| heap.string(&format!("{what}{number}")));
            heap.hash_map(&[(entry[0], entry[1])])
        })
        .collect();
    let list = heap.array_list(&maps);
    held_by_static(&mut heap, class, "leak", list);
    judge(heap)
}

#[test]
fn what_has_piled_up_in_a_small_heap_is_named() {
    let report = with_list("GenDump", 1000, 1100);
    let first = &report.suspects[0];
    assert_eq!((first.standing, first.holder.label().as_str()), (Standing::Blamed, "GenDump.leak"));
    assert!(first.share < 0.3 && first.retained_bytes < 1 << 20, "{}", first.share);
    // One dump of a program that has hardly begun proves little.
    assert!(first.is_leak_if_it_grows());
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-small-heap");
}

#[test]
fn what_every_small_heap_has_is_not_to_blame() {
    for (report, what) in [
        (with_list("com.acme.Menu", 90, 120), "a few things"),
        (with_list("com.acme.Menu", 1000, 3000), "a small part"),
        (with_list("java.lang.Registry", 1000, 1100), "the JDK's own"),
    ] {
        let is_blamed = report.suspects.iter().any(|suspect| suspect.standing == Standing::Blamed);
        assert!(!is_blamed && report.verdict.healthy, "{what}: {:?}", report.verdict);
    }
}

#[test]
fn one_large_object_of_a_small_heap_is_only_the_largest() {
    let mut heap = HeapBuilder::hotspot17();
    of_jdk(&mut heap, 600);
    let buffer = bytes(&mut heap, 300 << 10);
    held_by_static(&mut heap, "com.acme.Scanner", "BUFFER", buffer);
    let report = judge(heap);
    assert_eq!(report.suspects[0].standing, Standing::Largest);
    assert!(report.verdict.healthy);
}

/// The beans that the JDK registers with itself are a good part of a heap with next to nothing else in it.
#[test]
fn beans_of_the_jdk_in_a_small_heap_are_not_to_blame() {
    let mut heap = HeapBuilder::hotspot17();
    of_jdk(&mut heap, 300);
    let class = heap.class("com.sun.jmx.mbeanserver.NamedObject").field("data", Kind::Ref).build();
    let beans: Vec<Addr> = (0..16)
        .map(|_| {
            let data = bytes(&mut heap, 6 << 10);
            heap.instance(class, &[Value::Ref(data)])
        })
        .collect();
    let beans = heap.array_list(&beans);
    let factory = heap.class("java.lang.management.ManagementFactory");
    factory.static_field("platformMBeanServer", Value::Ref(beans)).sticky().build();
    let report = judge(heap);
    // So few of them are not what the rule on beans is about.
    assert_eq!(report.suspects[0].rule, None);
    assert!(report.verdict.healthy, "{:?}", report.verdict);
    // An application's own that many others of its kind hold is another matter.
    let mut heap = HeapBuilder::hotspot17();
    let beans = payload(&mut heap, "com.acme.Bean", 3000, 600);
    let beans = heap.array_list(&beans);
    let factory = heap.class("java.lang.management.ManagementFactory");
    factory.static_field("platformMBeanServer", Value::Ref(beans)).sticky().build();
    assert_eq!(judge(heap).suspects[0].standing, Standing::Blamed);
}

/// A leak is found while it is small: what has piled up is to blame, however much room there is left.
#[test]
fn a_young_leak_in_a_heap_that_is_mostly_free_is_a_leak() {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(1 << 30)).sticky().build();
    of_jdk(&mut heap, 4000);
    let orders = payload(&mut heap, "com.acme.Order", 3000, 600);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "OPEN", orders);
    let report = judge(heap);
    assert_eq!(report.heap.limit_bytes, Some(1 << 30));
    let first = &report.suspects[0];
    assert!(first.retained_bytes < 3 << 20, "{}", first.retained_bytes);
    assert_eq!((first.standing, first.kind_message()), (Standing::Blamed, "kind-leak-if-it-grows"));
    // There is no hurry.
    assert!(ids(&report.verdict.sentences).contains(&"verdict-heap-free"));
    assert!(!report.verdict.healthy);
}

#[test]
fn one_object_that_most_hangs_on_is_told_in_the_singular() {
    let told = |id: &str, count: u64| {
        let args = [
            ("count", Arg::Count(count)),
            ("class", Arg::name("com.acme.Cache")),
            ("field", Arg::name("com.acme.Cache.rows")),
        ];
        Language::En.text(&Text::with(id, args))
    };
    let field = "suspect-own-field";
    assert_eq!(told(field, 1), "Most of it is in one com.acme.Cache, in its field com.acme.Cache.rows.");
    assert_eq!(told(field, 2), "Most of it is in 2 com.acme.Cache, in their field com.acme.Cache.rows.");
    assert_eq!(told("suspect-own", 1), "Most of it hangs on one com.acme.Cache.");
    assert_eq!(told("suspect-own", 2000), "Most of it hangs on 2,000 com.acme.Cache.");
}

/// A table that is a good part of the little that is in use beside a large one, and next to nothing of what the heap may take.
#[test]
fn a_table_of_a_server_that_has_much_room_is_not_blamed_for_what_is_left() {
    let standing = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
        let whole = bytes(&mut heap, 12 << 20);
        held_by_static(&mut heap, "com.acme.Geometry", "GRID", whole);
        let assets: Vec<Addr> = (0..300).map(|_| bytes(&mut heap, 4 << 10)).collect();
        let assets = heap.array_list(&assets);
        held_by_static(&mut heap, "com.acme.Handler", "ASSETS", assets);
        for number in 0..10 {
            let other = bytes(&mut heap, 350 << 10);
            held_by_static(&mut heap, &format!("com.acme.Part{number}"), "STATE", other);
        }
        let report = judge(heap);
        let is_it = |suspect: &&Suspect| suspect.holder.label() == "com.acme.Handler.ASSETS";
        report.suspects.iter().find(is_it).map(|suspect| suspect.standing)
    };
    assert_eq!(standing(21 << 20), Some(Standing::Blamed));
    assert_ne!(standing(93 << 20), Some(Standing::Blamed));
}

/// Every service has some largest table: where there is much room, and it is not much of what is in use either, nothing speaks against it.
#[test]
fn the_largest_table_of_a_service_that_has_much_room_is_only_the_largest() {
    let standing = |limit: i64, orders: usize, each: usize| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
        of_jdk(&mut heap, 8000);
        let orders = payload(&mut heap, "com.acme.Order", orders, each);
        let orders = heap.array_list(&orders);
        held_by_static(&mut heap, "com.acme.Orders", "OPEN", orders);
        judge(heap).suspects[0].standing
    };
    assert_eq!(standing(64 << 20, 400, 5000), Standing::Largest);
    // A limit that nobody has chosen says nothing, and as many as that are no table.
    assert_eq!(standing(8 << 30, 400, 5000), Standing::Blamed);
    assert_eq!(standing(64 << 20, 1000, 2000), Standing::Blamed);
    // There is little room, it is much of what the heap may take, or most of what is in use.
    assert_eq!(standing(16 << 20, 400, 5000), Standing::Blamed);
    assert_eq!(standing(25 << 20, 400, 7500), Standing::Blamed);
    assert_eq!(standing(128 << 20, 400, 15_000), Standing::Blamed);
}
