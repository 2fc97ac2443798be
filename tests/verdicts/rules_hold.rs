//! A rule explains a suspect only where what it asks for holds.

use crate::{bytes, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Standing};

fn reference(name: &str, object: Addr) -> (&str, Kind, Value) {
    (name, Kind::Ref, Value::Ref(object))
}

fn number(name: &str, number: i32) -> (&str, Kind, Value) {
    (name, Kind::Int, Value::Int(number))
}

/// The advice on the first suspect, in English.
fn advice(report: &Report) -> String {
    crate::english(&report.suspects[0].advice)
}

/// An Ehcache 2 with 1,200 entries in 60 segments, in the manager that the library keeps in a static field. `maximum` is 0 for one without a limit.
fn ehcache(maximum: i32) -> Report {
    const CHM: &str = "net.sf.ehcache.store.chm.SelectableConcurrentHashMap";
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let element = heap.class("net.sf.ehcache.Element").loader(loader).field("value", Kind::Ref).build();
    let entry = heap.class(&format!("{CHM}$HashEntry")).loader(loader);
    let entry = entry.field("element", Kind::Ref).build();
    let segment = heap.class(&format!("{CHM}$Segment")).loader(loader);
    let segment = segment.field("count", Kind::Int).field("table", Kind::Ref).build();
    let segments: Vec<Addr> = (0..60)
        .map(|_| {
            let entries: Vec<Addr> = (0..20)
                .map(|_| {
                    let book = bytes(&mut heap, 16 << 10);
                    let element = heap.instance(element, &[Value::Ref(book)]);
                    heap.instance(entry, &[Value::Ref(element)])
                })
                .collect();
            let table = heap.object_array(&format!("{CHM}$HashEntry[]"), &entries);
            heap.instance(segment, &[Value::Int(20), Value::Ref(table)])
        })
        .collect();
    let segments = heap.object_array(&format!("{CHM}$Segment[]"), &segments);
    let map = [reference("segments", segments)];
    let map = library_object(&mut heap, CHM, &map);
    let name = heap.string("books");
    let configuration =
        library_object(&mut heap, "net.sf.ehcache.config.CacheConfiguration", &[reference("name", name)]);
    let about =
        library_object(&mut heap, "net.sf.ehcache.Cache", &[reference("configuration", configuration)]);
    let store = [reference("map", map), number("maximumSize", maximum), reference("cache", about)];
    let store = library_object(&mut heap, "net.sf.ehcache.store.MemoryStore", &store);
    let manager = library_object(&mut heap, "net.sf.ehcache.CacheManager", &[reference("ehcaches", store)]);
    let manager_class = heap.class("net.sf.ehcache.Managers").loader(loader);
    manager_class.static_field("singleton", Value::Ref(manager)).sticky().build();
    judge(heap)
}

/// The segments are a field that the rule for caches without a limit names; whether there is one stands in the store above them.
#[test]
fn a_rule_does_not_explain_what_a_field_holds_whose_object_does_not_fulfil_its_conditions() {
    let rule = |report: &Report| report.suspects[0].rule.clone();
    let unbounded = ehcache(0);
    assert_eq!(rule(&unbounded).as_deref(), Some("ehcache.unbounded-cache"));
    assert!(advice(&unbounded).contains("maxEntriesLocalHeap"), "{}", advice(&unbounded));
    let bounded = ehcache(1200);
    assert_eq!(rule(&bounded).as_deref(), Some("ehcache.bounded-cache"));
    assert!(!advice(&bounded).contains("maxEntriesLocalHeap"), "{}", advice(&bounded));
    assert_eq!(bounded.suspects[0].standing, Standing::Meant);
    assert!(bounded.verdict.healthy, "{:?}", bounded.verdict);
    let told = Language::En.text(&bounded.verdict.sentences[0]);
    assert!(told.contains("Ehcache books with 1,200 of at most 1,200 entries"), "{told}");
    // A few more than it may have are being evicted; so many more show that it does not keep to it.
    assert_eq!(rule(&ehcache(500)), None);
}
