//! What is small beside what the heap may take, or beside what is known not to grow, is not told as if it were the leak.

use crate::{held_by_static, ids, judge, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::report::Report;

/// A list of 2 MiB in a heap that may take so much, beside a table that cannot grow.
fn list_in(limit_bytes: i64, rates: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM")
        .static_field("directMemory", Value::Long(limit_bytes))
        .sticky()
        .build();
    let payments = payload(&mut heap, "com.acme.Payment", 3000, 700);
    let payments = heap.array_list(&payments);
    held_by_static(&mut heap, "com.acme.Matching", "UNMATCHED", payments);
    let rates = payload(&mut heap, "com.acme.Rate", rates, 700);
    let rates = heap.object_array("com.acme.Rate[]", &rates);
    let list = heap.class("java.util.Arrays$ArrayList").field("a", Kind::Ref).build();
    let rates = heap.instance(list, &[Value::Ref(rates)]);
    held_by_static(&mut heap, "com.acme.Rates", "ALL", rates);
    judge(heap)
}

#[test]
fn what_may_only_be_data_is_no_leak_in_a_heap_that_is_nearly_free() {
    let said_beside = |rates, limit| {
        let report = list_in(limit, rates);
        assert_eq!(report.suspects[0].kind_message(), "kind-leak-if-it-grows", "it is listed as it was");
        ids(&report.verdict.sentences)[0].to_owned()
    };
    let said = |limit| said_beside(2500, limit);
    assert_eq!(said(256 << 20), "verdict-trifle");
    assert_eq!(said(64 << 20), "verdict-trifle");
    assert_eq!(said(16 << 20), "verdict-leak-if-it-grows");
    // What most of what is in use is, in a program that does little else, may well be what has piled up.
    assert_eq!(said_beside(200, 256 << 20), "verdict-leak-if-it-grows");
    // A program that was given no limit has one that says nothing.
    assert_eq!(said(1 << 30), "verdict-leak-if-it-grows");
}

#[test]
fn what_is_much_larger_and_cannot_grow_is_told_first() {
    let mut heap = HeapBuilder::hotspot17();
    let products = payload(&mut heap, "com.acme.Product", 20_000, 1000);
    let products = heap.object_array("com.acme.Product[]", &products);
    let list = heap.class("java.util.Arrays$ArrayList").field("a", Kind::Ref).build();
    let products = heap.instance(list, &[Value::Ref(products)]);
    held_by_static(&mut heap, "com.acme.Catalog", "BY_ID", products);
    let words = payload(&mut heap, "com.acme.Word", 1500, 1000);
    let words = heap.array_list(&words);
    held_by_static(&mut heap, "com.acme.Index", "BY_WORD", words);
    let said = judge(heap).verdict.sentences;
    assert_eq!(ids(&said)[..2], ["verdict-larger-fixed", "verdict-leak-if-it-grows"]);
}
