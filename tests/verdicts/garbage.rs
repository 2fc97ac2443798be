//! Garbage: which class tells what it was.

use crate::{bytes, english, held_by_static, judge, payload};
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

/// Garbage that is most of the dump: so many pictures, or pages whose nodes refer to each other.
fn most_of_it(make: impl Fn(&mut HeapBuilder)) -> String {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(24 << 20)).sticky().build();
    let kept = payload(&mut heap, "com.acme.Price", 500, 2000);
    let kept = heap.array_list(&kept);
    held_by_static(&mut heap, "com.acme.Prices", "ALL", kept);
    make(&mut heap);
    english(&judge(heap).verdict.sentences)
}

#[test]
fn garbage_of_large_arrays_is_told_by_them() {
    let told = most_of_it(|heap| {
        for _ in 0..8 {
            bytes(heap, 1 << 20);
        }
        // Small ones are left of everything.
        for _ in 0..2000 {
            bytes(heap, 100);
        }
    });
    assert!(told.contains("% of it is in 8 byte[]"), "{told}");
    let told = most_of_it(|heap| {
        for _ in 0..8000 {
            bytes(heap, 1 << 10);
        }
    });
    assert!(!told.contains("of it is in"), "{told}");
}

/// Each node refers to the one around it, and the first thing that is met of a page is a list of the JDK's.
#[test]
fn garbage_of_trees_of_a_library_is_told_by_their_nodes() {
    let told = most_of_it(|heap| {
        let loader = heap.app_class_loader();
        let names = ["org.jsoup.nodes.Element", "org.jsoup.nodes.TextNode", "org.jsoup.nodes.Attributes"];
        let classes = names.map(|name| {
            let class = heap.class(name).loader(loader).field("parentNode", Kind::Ref);
            class.field("value", Kind::Ref).build()
        });
        for page in 0..2000 {
            // Whatever of it stands first in the dump is of any of the classes.
            let nodes: Vec<_> = (0..12)
                .map(|number| {
                    let class = classes[(page + number) % 3];
                    let value = bytes(heap, 250);
                    (heap.instance(class, &[]), value)
                })
                .collect();
            for (at, &(node, value)) in nodes.iter().enumerate() {
                let next = nodes[(at + 1) % nodes.len()].0;
                heap.set_field(node, "parentNode", Value::Ref(next));
                heap.set_field(node, "value", Value::Ref(value));
            }
        }
    });
    assert!(told.contains("% of it hung on 8,000 "), "{told}");
}

/// Rows of a table as maps by the name of the column: nothing but what is the JDK's.
#[test]
fn garbage_of_maps_is_told_by_the_maps() {
    let told = most_of_it(|heap| {
        for _ in 0..2000 {
            let entries: Vec<_> =
                (0..4).map(|column| (heap.string(&format!("column-{column}")), bytes(heap, 500))).collect();
            heap.hash_map(&entries);
        }
    });
    assert!(told.contains("of it hung on 2,000 java.util.HashMap."), "{told}");
    // What hangs on nothing is told by nothing.
    let told = most_of_it(|heap| {
        for number in 0..200 {
            let text = heap.string(&format!("text {number}"));
            heap.array_list(&[text]);
            (0..20).for_each(|_| {
                bytes(heap, 1000);
            });
        }
    });
    assert!(!told.contains("of it hung on"), "{told}");
}

/// Half of it is scratch of the parser, which hangs on nothing: what it read is still a word of what the garbage was.
#[test]
fn garbage_that_is_mostly_scratch_is_told_by_what_is_among_it() {
    let told = |size: usize| {
        most_of_it(|heap| {
            let loader = heap.app_class_loader();
            let class = heap.class("org.json.JSONObject").loader(loader).field("map", Kind::Ref).build();
            for _ in 0..2000 {
                let text = bytes(heap, size);
                heap.instance_with(class, &[("map", Value::Ref(text))]);
                for _ in 0..4 {
                    bytes(heap, 500);
                }
            }
        })
    };
    let of_it = told(700);
    assert!(of_it.contains("Among it: 2,000 org.json.JSONObject, on which about 2"), "{of_it}");
    let of_it = told(50);
    assert!(!of_it.contains("Among it"), "{of_it}");
}
