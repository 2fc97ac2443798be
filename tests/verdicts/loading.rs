//! Verdicts about tables that the program is loading or that cannot grow, and about keys that a map of a library takes for different ones.

use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Report, Standing};

/// The main thread is in a method of the class whose field has a table.
fn table(method: &str, thread: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let tariffs = payload(&mut heap, "com.acme.Tariff", 3000, 1000);
    let tariffs = heap.array_list(&tariffs);
    let book = heap.app_class("com.acme.TariffBook").static_field("TARIFFS", Value::Ref(tariffs)).sticky();
    let book = book.build();
    let main = heap.app_class("com.acme.Main").build();
    let sleeps = heap.class_named("java.lang.Thread");
    heap.thread(thread)
        .frame(sleeps, "sleep", "(J)V", "Thread.java", -3)
        .frame(book, method, "()V", "TariffBook.java", 6)
        .frame(main, "main", "([Ljava/lang/String;)V", "Main.java", 9)
        .build();
    judge(heap)
}

#[test]
fn a_table_that_main_is_loading_is_not_to_blame() {
    let report = table("load", "main");
    let first = &report.suspects[0];
    assert_eq!(first.standing, Standing::Largest);
    let told = english(&first.activity);
    assert!(told.contains("Thread main is in com.acme.TariffBook.load(TariffBook.java:6)"), "{told}");
}

#[test]
fn a_table_of_which_main_serves_or_that_a_request_reads_may_be() {
    for report in [table("serve", "main"), table("load", "exec-1")] {
        let first = &report.suspects[0];
        assert_eq!(first.standing, Standing::Blamed);
        assert!(!english(&first.activity).contains("may still be loading"), "{first:?}");
    }
}

/// Keys of few routes in a map of fastutil, each made anew.
#[test]
fn keys_without_equals_are_told_of_maps_of_fastutil_too() {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.app_class("com.acme.RouteKey").field("route", Kind::Int).build();
    let keys: Vec<Addr> = (0..4000).map(|number| heap.instance(key, &[Value::Int(number % 100)])).collect();
    let values: Vec<Addr> = (0..4000).map(|_| bytes(&mut heap, 1000)).collect();
    let keys = heap.object_array("java.lang.Object[]", &keys);
    let values = heap.object_array("java.lang.Object[]", &values);
    let fields = [
        ("key", Kind::Ref, Value::Ref(keys)),
        ("value", Kind::Ref, Value::Ref(values)),
        ("size", Kind::Int, Value::Int(4000)),
    ];
    let map = library_object(&mut heap, "it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap", &fields);
    held_by_static(&mut heap, "com.acme.Tariffs", "BY_ROUTE", map);
    let report = judge(heap);
    let told = english(&report.suspects[0].activity);
    assert!(told.contains("only 100 differ"), "{told}");
}

/// Eight objects, each with an array of sixty slots in a field.
fn rings(has_gap: bool, grows: bool) -> Standing {
    let mut heap = HeapBuilder::hotspot17();
    let owner = heap.app_class("com.acme.EndpointLatency").field("minutes", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..8)
        .map(|number| {
            let mut slots = payload(&mut heap, "com.acme.Histogram", 60, 4000);
            if grows {
                slots = slots.iter().map(|&slot| heap.array_list(&[slot])).collect();
            }
            if has_gap {
                slots[number] = Addr::NULL;
            }
            let class = if grows { "java.util.ArrayList[]" } else { "com.acme.Histogram[]" };
            let minutes = heap.object_array(class, &slots);
            (heap.string(&format!("GET /{number}")), heap.instance(owner, &[Value::Ref(minutes)]))
        })
        .collect();
    let by_endpoint = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Recorder", "BY_ENDPOINT", by_endpoint);
    let report = judge(heap);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.EndpointLatency.minutes");
    report.suspects[0].standing
}

#[test]
fn full_arrays_of_one_length_cannot_grow() {
    assert_eq!(rings(false, false), Standing::Largest);
    assert_eq!(rings(true, false), Standing::Blamed, "one has room left");
    assert_eq!(rings(false, true), Standing::Blamed, "what is in the slots may grow");
}
