//! Elements of lists and queues that are the same again and again.

use crate::{english, held_by_static, ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// A list of so many keys of that class; `number` says which place the one at an index is for.
fn order(count: i32, class: &str, number: impl Fn(i32) -> i32) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.app_class(class).field("x", Kind::Long).field("y", Kind::Long).field("zoom", Kind::Long);
    let key = key.field("style", Kind::Long).field("layer", Kind::Long).build();
    let keys: Vec<Addr> = (0..count)
        .map(|at| {
            let values = [1, 2, 3, 4, i64::from(number(at))].map(Value::Long);
            heap.instance(key, &values)
        })
        .collect();
    let order = heap.array_list(&keys);
    held_by_static(&mut heap, "com.acme.TileCache", "order", order);
    judge(heap)
}

#[test]
fn elements_that_are_the_same_again_and_again_are_told() {
    let report = order(30_000, "com.acme.TileKey", |at| at % 600);
    let said = english(&report.suspects[0].activity);
    let expected =
        "Of the 30,000 only about 600 TileKey differ in their fields: each is in it about 50 times.";
    assert!(said.contains(expected), "{said}");
    assert!(english(&report.verdict.sentences).contains(expected), "{:?}", report.verdict);
    assert!(ids(&report.suspects[0].advice).contains(&"suspect-advice-same-elements"));
    let one = english(&order(30_000, "com.acme.TileKey", |_| 7).suspects[0].activity);
    assert!(one.contains("All 30,000 are the same TileKey in all fields."), "{one}");
    // More than are looked at.
    let many = english(&order(150_000, "com.acme.TileKey", |at| at % 600).suspects[0].activity);
    assert!(
        many.contains("only about 600 TileKey differ in their fields: each is in it about 250"),
        "{many}"
    );
}

#[test]
fn elements_that_differ_are_not_told_to_be_the_same() {
    let is_told = |count, class: &str, number: &dyn Fn(i32) -> i32| {
        english(&order(count, class, number).suspects[0].activity).contains("differ in their fields")
    };
    assert!(!is_told(30_000, "com.acme.TileKey", &|at| at), "each is another");
    assert!(!is_told(30_000, "com.acme.TileKey", &|at| at / 3), "three of each");
    assert!(!is_told(150_000, "com.acme.TileKey", &|at| at / 8), "more contents than were seen");
    assert!(!is_told(30_000, "com.acme.TileCache$1", &|at| at % 600), "a class without a name");
}
