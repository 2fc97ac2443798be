//! A rule explains a suspect only where what it asks for holds.

use crate::{bytes, held_by_static, judge, library_object};
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

/// A metric with 2,000 children, which two registries of the library have as well as `com.acme.Metrics`.
fn metric(other: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let child = heap.class("io.prometheus.client.Histogram$Child").loader(loader);
    let child = child.field("buckets", Kind::Ref).build();
    let list = heap.class("java.util.Arrays$ArrayList").field("a", Kind::Ref).build();
    let children: Vec<(Addr, Addr)> = (0..2000)
        .map(|number| {
            let (path, status) = (heap.string(&format!("/orders/{number}")), heap.string("200"));
            let key = heap.object_array("java.lang.String[]", &[path, status]);
            let key = heap.instance(list, &[Value::Ref(key)]);
            let buckets = bytes(&mut heap, 4096);
            (key, heap.instance(child, &[Value::Ref(buckets)]))
        })
        .collect();
    let children = heap.concurrent_hash_map(&children);
    let labels = [heap.string("path"), heap.string("status")];
    let labels = heap.array_list(&labels);
    let name = heap.string("latency");
    let fields =
        [reference("children", children), reference("labelNames", labels), reference("fullname", name)];
    let simple = heap.class("io.prometheus.client.SimpleCollector").loader(loader);
    let simple = fields.iter().fold(simple, |class, &(name, kind, _)| class.field(name, kind)).build();
    let histogram = heap.class("io.prometheus.client.Histogram").loader(loader).extends(simple).build();
    let values: Vec<(&str, Value)> = fields.iter().map(|&(name, _, value)| (name, value)).collect();
    let metric = heap.instance_with(histogram, &values);
    held_by_static(&mut heap, "com.acme.Metrics", "LATENCY", metric);
    held_by_static(&mut heap, other, "named", metric);
    judge(heap)
}

/// What the rule says of it is told in its words, with the application's field, and nothing of taking it out of the library's registry.
#[test]
fn what_several_hold_is_told_in_the_words_of_its_rule() {
    let report = metric("io.prometheus.client.CollectorRegistry");
    let told = Language::En.text(&report.verdict.sentences[0]);
    let expected = "Prometheus metric latency has 2,000 combinations of label values, held by com.acme.Metrics.LATENCY: ";
    assert!(told.starts_with(expected), "{told}");
    assert!(!advice(&report).contains("all of its holders let go"), "{}", advice(&report));
    let example = Language::En.text(&report.suspects[0].examples[0]);
    assert!(example.contains("labels=path, status, values=/orders/"), "{example}");
    let told = Language::En.text(&metric("com.acme.Dashboard").verdict.sentences[0]);
    let both = ["com.acme.Dashboard.named", "com.acme.Metrics.LATENCY"];
    assert!(both.iter().all(|holder| told.contains(holder)) && told.contains("2,000 combinations"), "{told}");
}

/// Many clients of a library, each with one object of the application's inside, are told as what the rule calls them.
#[test]
fn what_each_carries_is_told_with_the_words_of_the_rule() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let interceptor = heap.app_class("com.acme.Tokens").field("data", Kind::Ref).build();
    let target = heap.string("10.0.0.1:9000");
    let channel = heap.class("io.grpc.internal.ManagedChannelImpl").loader(loader);
    let channel = channel.field("target", Kind::Ref).field("shutdown", Kind::Boolean);
    let channel = channel.field("interceptor", Kind::Ref).build();
    let channels: Vec<Addr> = (0..600)
        .map(|_| {
            let data = bytes(&mut heap, 12 << 10);
            let interceptor = heap.instance(interceptor, &[Value::Ref(data)]);
            heap.instance(channel, &[Value::Ref(target), Value::Boolean(false), Value::Ref(interceptor)])
        })
        .collect();
    let channels = heap.array_list(&channels);
    let registry = heap.class("io.grpc.InternalChannelz").loader(loader);
    registry.static_field("rootChannels", Value::Ref(channels)).sticky().build();
    let report = judge(heap);
    let told = Language::En.text(&report.verdict.sentences[0]);
    let expected = "600 gRPC channels to 10.0.0.1:9000, where one is enough, with one Tokens each, held by io.grpc.InternalChannelz.rootChannels: ";
    assert!(told.starts_with(expected), "{told}");
}
