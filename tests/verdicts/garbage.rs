//! Garbage: which class tells what it was.

use crate::{bytes, held_by_static, judge, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::report::SuspectKind;

/// The classes of the garbage that is told, where builders of texts of so many bytes are a part of it.
fn told(builders: usize, length: usize, others: usize) -> Vec<String> {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(24 << 20)).sticky().build();
    let kept = payload(&mut heap, "com.acme.Price", 1000, 2000);
    let kept = heap.array_list(&kept);
    held_by_static(&mut heap, "com.acme.Prices", "ALL", kept);
    let above = heap.class("java.lang.AbstractStringBuilder");
    let above = above.field("value", Kind::Ref).field("count", Kind::Int).build();
    let class = heap.class("java.lang.StringBuilder").extends(above).build();
    for _ in 0..builders {
        let value = bytes(&mut heap, length);
        let count = i32::try_from(length).unwrap();
        heap.instance_with(class, &[("value", Value::Ref(value)), ("count", Value::Int(count))]);
    }
    for _ in 0..others {
        bytes(&mut heap, 1000);
    }
    let garbage = judge(heap).suspects.into_iter().filter(|suspect| suspect.kind == SuspectKind::Garbage);
    garbage.map(|suspect| suspect.class).collect()
}

/// A few large builders are what somebody can change; thousands of small ones every program leaves behind.
#[test]
fn small_builders_are_no_garbage_to_look_at() {
    assert_eq!(told(4000, 500, 12_000), Vec::<String>::new());
    assert_eq!(told(20, 600_000, 1000), ["java.lang.StringBuilder"]);
    assert_eq!(told(20, 600_000, 60_000), Vec::<String>::new(), "too small a part of it");
}

/// What a little of the garbage hung on says nothing of the rest.
#[test]
fn a_small_part_of_one_kind_is_no_garbage_to_look_at() {
    let told = |count: usize, length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM")
            .static_field("directMemory", Value::Long(16 << 20))
            .sticky()
            .build();
        let kept = payload(&mut heap, "com.acme.Price", 1000, 4000);
        let kept = heap.array_list(&kept);
        held_by_static(&mut heap, "com.acme.Prices", "ALL", kept);
        payload(&mut heap, "com.acme.Page", count, length);
        (0..6000).for_each(|_| {
            bytes(&mut heap, 1000);
        });
        judge(heap).suspects.iter().filter(|suspect| suspect.kind == SuspectKind::Garbage).count()
    };
    assert_eq!(told(4, 125_000), 0, "8%");
    assert_eq!(told(100, 4_000), 0, "6%");
    assert_eq!(told(100, 20_000), 0, "25%");
    assert_eq!(told(100, 30_000), 1, "33%");
    assert_eq!(told(4, 800_000), 1);
}
