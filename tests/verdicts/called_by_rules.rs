//! Suspects that are told as what a rule knows them to be.

use crate::known_by_rules::reference;
use crate::{bytes, english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Standing, SuspectKind};

fn number(name: &str, number: i64) -> (&str, Kind, Value) {
    (name, Kind::Long, Value::Long(number))
}

/// An Ehcache 3 with 1,200 entries in a service, which may have so many.
fn ehcache(capacity: i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let photos = payload(&mut heap, "com.acme.Photo", 1200, 2 << 10);
    let table = heap.object_array("java.lang.Object[]", &photos);
    let map = [number("baseCount", 1200), reference("table", table)];
    let map = library_object(&mut heap, "org.ehcache.impl.internal.concurrent.ConcurrentHashMap", &map);
    let backend = [reference("realMap", map), ("byteSized", Kind::Boolean, Value::Boolean(false))];
    let backend = library_object(&mut heap, "org.ehcache.impl.internal.store.heap.SimpleBackend", &backend);
    let prefix = heap.string("{cache-alias=thumbnails}");
    let logger = library_object(&mut heap, "org.ehcache.core.PrefixLogger", &[reference("prefix", prefix)]);
    let store = [number("capacity", capacity), reference("map", backend), reference("logger", logger)];
    let store = library_object(&mut heap, "org.ehcache.impl.internal.store.heap.OnHeapStore", &store);
    let cache = library_object(&mut heap, "org.ehcache.core.Ehcache", &[reference("store", store)]);
    let service = one_field(&mut heap, "com.acme.Gallery", "thumbnails", cache);
    held_by_static(&mut heap, "com.acme.Main", "GALLERY", service);
    judge(heap)
}

#[test]
fn an_ehcache_at_its_limit_is_no_leak() {
    let report = ehcache(1200);
    let first = &report.suspects[0];
    assert_eq!((first.rule.as_deref(), first.standing), (Some("ehcache.bounded-heap-tier"), Standing::Meant));
    let title = Language::En.text(&first.title);
    assert!(title.ends_with("held by com.acme.Gallery.thumbnails"), "{title}");
    let found = report.findings.iter().find(|finding| finding.id == "ehcache.bounded-heap-tier").unwrap();
    let title = Language::En.text(&found.title);
    assert_eq!(title, "An Ehcache ({cache-alias=thumbnails}) holds 1,200 entries, its limit is 1,200");
    assert!(report.verdict.healthy, "{}", english(&report.verdict.sentences));
    // One that may have as many as it likes has no limit.
    assert_ne!(ehcache(i64::MAX).suspects[0].standing, Standing::Meant);
}

/// What a stream remembers is in arrays and texts of the JDK's.
#[test]
fn a_suspect_of_a_class_of_the_jdks_is_called_what_the_rule_calls_it() {
    let mut heap = HeapBuilder::hotspot17();
    let written: Vec<Addr> = (0..40_000).map(|_| bytes(&mut heap, 64)).collect();
    let objects = heap.object_array("java.lang.Object[]", &written);
    let table = heap.class("java.io.ObjectOutputStream$HandleTable");
    let table = table.field("objs", Kind::Ref).field("size", Kind::Int).build();
    let table = heap.instance(table, &[Value::Ref(objects), Value::Int(40_000)]);
    let stream = heap.class("java.io.ObjectOutputStream").field("handles", Kind::Ref);
    let stream = stream.field("depth", Kind::Int).build();
    let stream = heap.instance(stream, &[Value::Ref(table), Value::Int(0)]);
    held_by_static(&mut heap, "com.acme.Audit", "OUT", stream);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("java.object-stream-handles"));
    let title = Language::En.text(&first.title);
    assert!(title.starts_with("An ObjectOutputStream remembers 40,000 objects"), "{title}");
    assert!(title.ends_with("com.acme.Audit.OUT"), "{title}");
}

/// Maps of Spring's with names in any case: rows of a table, or the headers of a request, in a call or in a static field.
fn rows(is_load: bool, are_headers: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let class = heap.class("org.springframework.util.LinkedCaseInsensitiveMap").loader(loader);
    let class = class.field("targetMap", Kind::Ref).build();
    let name = heap.string("CUSTOMER");
    let rows: Vec<Addr> = (0..6000)
        .map(|_| {
            let value = heap.string("0123456789012345678901234567890123456789");
            let value = if are_headers { heap.array_list(&[value]) } else { value };
            let columns = heap.hash_map(&[(name, value)]);
            heap.instance(class, &[Value::Ref(columns)])
        })
        .collect();
    let rows = heap.array_list(&rows);
    if is_load {
        let export = heap.app_class("com.acme.Export").build();
        heap.thread("http-2").frame(export, "handle", "()V", "Export.java", 6).local(rows).build();
    } else {
        held_by_static(&mut heap, "com.acme.Countries", "ALL", rows);
    }
    judge(heap)
}

#[test]
fn rows_of_a_whole_table_in_a_call_are_told_as_rows() {
    let report = rows(true, false);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("spring.jdbc-rows")));
    let said = english(&report.verdict.sentences);
    assert!(
        said.contains("6,000 rows of a database are in memory, each a map of its columns (CUSTOMER)"),
        "{said}"
    );
    assert!(english(&first.advice).contains("queryForStream"));
    assert_eq!(rows(true, true).suspects[0].rule.as_deref(), None, "headers are no rows");
    // A table that is read once may be meant to stay.
    let kept = rows(false, false);
    assert_eq!((kept.suspects[0].kind, kept.suspects[0].is_leak_if_it_grows()), (SuspectKind::Leak, true));
}

/// What a class loader has compiled is in a map of the same class as the results of a memoized method.
#[test]
fn the_classes_of_a_loader_are_no_results_of_a_memoized_method() {
    let judged = |are_classes: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let values: Vec<Addr> = match are_classes {
            true => (0..1500).map(|at| heap.app_class(&format!("Script{at}")).build().address()).collect(),
            false => payload(&mut heap, "com.acme.Offer", 1500, 64),
        };
        let entries: Vec<(Addr, Addr)> =
            values.into_iter().map(|value| (heap.string("script"), value)).collect();
        let map = heap.concurrent_hash_map(&entries);
        let cache = "org.codehaus.groovy.runtime.memoize.UnlimitedConcurrentCache";
        let cache = library_object(&mut heap, cache, &[reference("map", map)]);
        held_by_static(&mut heap, "com.acme.Scripts", "CACHE", cache);
        judge(heap).findings.iter().any(|finding| finding.id == "groovy.unlimited-memoize")
    };
    assert!(judged(false));
    assert!(!judged(true));
}
