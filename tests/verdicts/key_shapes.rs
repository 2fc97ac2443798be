//! What the keys of a map look like: patterns that many follow, and how many values their fields have.

use crate::{bytes, english, held_by_static, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// What is said of a map of histograms by keys that are made so.
fn by_keys(count: usize, key: impl Fn(&mut HeapBuilder, usize) -> Addr) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let histogram = heap.app_class("com.acme.Histogram").field("counts", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..count)
        .map(|at| {
            let key = key(&mut heap, at);
            let counts = bytes(&mut heap, 4000);
            (key, heap.instance(histogram, &[Value::Ref(counts)]))
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Latency", "BY_ROUTE", map);
    let first = judge(heap).suspects.remove(0);
    format!("{:?} {}", first.title, english(&first.activity))
}

#[test]
fn patterns_that_many_keys_follow_are_told_and_no_single_key() {
    let said = by_keys(1000, |heap, at| {
        let key = match at % 10 {
            0..6 => format!("/api/carts/{at}"),
            6..9 => format!("/api/customers/{at}/orders"),
            // Nobody else is called so: that stays in the dump.
            _ => format!(
                "/api/people/{}-{at}",
                (0..5)
                    .map(|digit| char::from(b'a' + (at / 7_usize.pow(digit) % 7) as u8))
                    .collect::<String>()
            ),
        };
        heap.string(&key)
    });
    let expected = "600 of 1,000 keys that were looked at are like \"/api/carts/*\", others like \"/api/customers/*/orders\".";
    assert!(said.contains(expected), "{said}");
    assert!(!said.contains("people"), "{said}");
}

#[test]
fn patterns_of_few_keys_and_keys_without_numbers_are_not_told() {
    for (said, why) in [
        (by_keys(1000, |heap, at| heap.string(&format!("group {} of {at}", "x".repeat(at % 50)))), "20 each"),
        (by_keys(1000, |heap, at| heap.string(&"x".repeat(at))), "no number in them"),
        (by_keys(1000, |heap, at| heap.string(&format!("{at:06}"))), "numbers as texts"),
        (by_keys(1000, |heap, at| heap.boxed_int(i32::try_from(at).unwrap())), "numbers"),
    ] {
        assert!(!said.contains("keys that were looked at"), "{why}: {said}");
    }
}

#[test]
fn how_many_values_the_fields_of_keys_have_is_told() {
    let key = |heap: &mut HeapBuilder, at: usize, is_known: bool| {
        // One class for all keys of a heap.
        let class = if at == 0 {
            let class = heap.app_class("com.acme.QuoteKey").field("zone", Kind::Ref);
            class.field("minute", Kind::Long).field("of", Kind::Ref).build()
        } else {
            heap.class_named("com.acme.QuoteKey")
        };
        let (zone, other) = (heap.string(["NORTH", "SOUTH"][at % 2]), heap.string("x"));
        let minute = Value::Long(i64::try_from(at / 2).unwrap());
        let of = if is_known {
            other
        } else {
            heap.instance(class, &[Value::Ref(zone), minute, Value::Ref(other)])
        };
        heap.instance(class, &[Value::Ref(zone), minute, Value::Ref(of)])
    };
    let said = by_keys(1000, |heap, at| key(heap, at, true));
    let expected = "Its keys are QuoteKey: in 1,000 that were looked at minute has 500 values, zone 2, of 1.";
    assert!(said.contains(expected), "{said}");
    // Of objects nobody knows how many differ.
    let said = by_keys(1000, |heap, at| key(heap, at, false));
    assert!(said.contains("minute has 500 values, zone 2."), "{said}");
    assert!(!said.contains("NORTH"), "{said}");
}
