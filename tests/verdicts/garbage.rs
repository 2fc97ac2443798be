//! Garbage: which class tells what it was.

use crate::thread_locals::heap_of;
use crate::{bytes, english, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::report::{SuspectKind, Text};

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
    assert!(told.contains("% of it belonged to 8,000 "), "{told}");
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
    assert!(told.contains("of it belonged to 2,000 java.util.HashMap."), "{told}");
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
    assert!(!told.contains("of it belonged to"), "{told}");
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
    assert!(of_it.contains("Among it: 2,000 org.json.JSONObject, to which about 2"), "{of_it}");
    let of_it = told(50);
    assert!(!of_it.contains("Among it"), "{of_it}");
}

/// What hung on the largest of many kinds of garbage is not most of it. That there is too much of it only a rule knows.
#[test]
fn garbage_of_many_kinds_is_not_mostly_one() {
    let sentence = |sizes: &[usize], limit: i64| {
        let mut heap = heap_of(limit);
        let mapper = "com.fasterxml.jackson.databind.ObjectMapper";
        for (number, &size) in sizes.iter().enumerate() {
            let name = if number == 0 { mapper.to_owned() } else { format!("com.acme.Kind{number}") };
            let class = heap.app_class(&name).field("data", Kind::Ref).build();
            for _ in 0..500 {
                let data = heap.primitive_array(PrimitiveArray::zeros(Kind::Byte, size));
                heap.instance(class, &[Value::Ref(data)]);
            }
        }
        let sentences = judge(heap).verdict.sentences;
        sentences.into_iter().find_map(|sentence| match sentence {
            Text::Message { id, .. } if id.starts_with("verdict-garbage-") => Some(id),
            _ => None,
        })
    };
    let of_many = [3000, 2900, 2800, 2700, 2600];
    assert_eq!(sentence(&of_many, 8 << 20).as_deref(), Some("verdict-garbage-partly"));
    assert_eq!(sentence(&[9000, 2900], 7 << 20).as_deref(), Some("verdict-garbage-made-of"));
    // There is room for as much again: it only waits for the next collection.
    assert_eq!(sentence(&of_many, 16 << 20), None);
    assert_eq!(sentence(&[9000, 2900], 14 << 20), None);
}

/// Where half of the heap is free the collector had no reason to run, and what it has not taken is no news.
#[test]
fn young_garbage_is_no_suspect() {
    let told = |rates: usize, limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
        payload(&mut heap, "com.acme.Rate", rates, 2000);
        let kept = payload(&mut heap, "com.acme.Price", 1000, 2000);
        let kept = heap.array_list(&kept);
        held_by_static(&mut heap, "com.acme.Prices", "ALL", kept);
        let report = judge(heap);
        let is_garbage = |suspect: &oomph::report::Suspect| suspect.kind == SuspectKind::Garbage;
        let sentences = ids(&report.verdict.sentences);
        assert!(sentences.contains(&"verdict-garbage"), "{sentences:?}");
        let too_fast =
            sentences.iter().any(|id| matches!(*id, "verdict-garbage-made-of" | "verdict-garbage-partly"));
        (report.suspects.iter().filter(|suspect| is_garbage(suspect)).count(), too_fast)
    };
    assert_eq!(told(900, 64 << 20), (0, false));
    assert_eq!(told(900, 5 << 20), (1, false), "a batch that has ended leaves as much");
    // More than is in use, and yet not much.
    assert_eq!(told(3000, 64 << 20), (0, false));
    // What most of a large dump is, is told if the heap will soon be half full; that it came too fast is not.
    assert_eq!(told(18_000, 96 << 20), (1, false));
    assert_eq!(told(18_000, 256 << 20), (0, false));
}

/// What came no faster than it should is told as well where the dump is mostly garbage: of what, and not that there is too much.
#[test]
fn what_most_of_the_garbage_hung_on_is_told() {
    let told = |class: &str, others: usize| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM")
            .static_field("directMemory", Value::Long(64 << 20))
            .sticky()
            .build();
        let node = if class.starts_with("com.sun.") { heap.class(class) } else { heap.app_class(class) };
        let node = node.field("data", Kind::Ref).build();
        for _ in 0..900 {
            let data = heap.primitive_array(PrimitiveArray::zeros(Kind::Byte, 2000));
            let node = heap.instance(node, &[Value::Ref(data)]);
            heap.array_list(&[node]);
        }
        for _ in 0..others {
            heap.primitive_array(PrimitiveArray::zeros(Kind::Byte, 2000));
        }
        let report = judge(heap);
        assert!(report.suspects.iter().all(|suspect| suspect.kind != SuspectKind::Garbage));
        let sentences = english(&report.verdict.sentences);
        sentences.contains(&format!("belonged to 900 {class}"))
    };
    assert!(told("com.acme.Leg", 0));
    assert!(
        told("com.sun.org.apache.xerces.internal.dom.ElementImpl", 0),
        "documents are what somebody read"
    );
    assert!(!told("com.acme.Leg", 3000));
}

/// A mapper and the helper that it made refer to each other by way of a cache; the helper alone is referred to by nothing.
#[test]
fn garbage_is_told_by_the_class_that_a_rule_knows() {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20)).sticky().build();
    let loader = heap.app_class_loader();
    let mapper = heap.class("com.fasterxml.jackson.databind.ObjectMapper").loader(loader);
    let mapper = mapper.field("cache", Kind::Ref).field("factory", Kind::Ref).build();
    let factory = heap.class("com.fasterxml.jackson.core.JsonFactory").loader(loader);
    let factory = factory.field("codec", Kind::Ref).build();
    let provider = heap.class("com.fasterxml.jackson.databind.Provider").loader(loader);
    let provider = provider.field("cache", Kind::Ref).build();
    for _ in 0..400 {
        let cache = heap.primitive_array(PrimitiveArray::Byte(vec![0; 20_000]));
        let codec = heap.instance(factory, &[Value::NULL]);
        let made = heap.instance(mapper, &[Value::Ref(cache), Value::Ref(codec)]);
        heap.set_field(codec, "codec", Value::Ref(made));
        for _ in 0..2 {
            heap.instance(provider, &[Value::Ref(cache)]);
        }
    }
    let report = judge(heap);
    let garbage = report.suspects.iter().find(|suspect| suspect.kind == SuspectKind::Garbage).unwrap();
    assert_eq!(garbage.class, "com.fasterxml.jackson.databind.ObjectMapper");
    assert_eq!((garbage.instances, garbage.rule.as_deref()), (400, Some("jackson.repeated-mapper")));
    assert!(garbage.retained_bytes >= 400 * 20_000, "{}", garbage.retained_bytes);
    // That they are made again and again is a fault, whether there is room for them or not.
    assert!(!ids(&garbage.advice).contains(&"suspect-advice-garbage-waiting"), "{:?}", garbage.advice);
}

/// What only waits for the next collection is no fault of anybody.
#[test]
fn of_garbage_in_a_heap_with_room_nothing_is_to_be_changed() {
    let advice = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
        let kept = payload(&mut heap, "com.acme.Price", 1000, 2000);
        let kept = heap.array_list(&kept);
        held_by_static(&mut heap, "com.acme.Prices", "ALL", kept);
        payload(&mut heap, "com.acme.Page", 100, 60_000);
        let suspects = judge(heap).suspects;
        let garbage = suspects.into_iter().find(|suspect| suspect.kind == SuspectKind::Garbage).unwrap();
        ids(&garbage.advice).join(" ")
    };
    assert_eq!(advice(12 << 20), "suspect-advice-garbage-waiting");
    assert_eq!(advice(8 << 20), "suspect-advice-garbage");
}

/// Rows of two kinds of maps: nobody makes nodes of maps.
#[test]
fn garbage_in_maps_is_told_by_the_class_that_the_application_has_put_into_them() {
    let told = |length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM")
            .static_field("directMemory", Value::Long(64 << 20))
            .sticky()
            .build();
        let item = heap.app_class("com.acme.Item").field("data", Kind::Ref).build();
        for _ in 0..40 {
            let entries: Vec<(Addr, Addr)> = (0..300)
                .map(|at| {
                    let data = bytes(&mut heap, length);
                    (
                        heap.string(&format!("a key that is long enough to matter {at}")),
                        heap.instance(item, &[Value::Ref(data)]),
                    )
                })
                .collect();
            heap.hash_map(&entries);
        }
        english(&judge(heap).verdict.sentences)
    };
    let said = told(100);
    assert!(said.contains("com.acme.Item") && !said.contains("HashMap$Node"), "{said}");
    assert!(!told(0).contains("com.acme.Item"), "next to nothing of it");
}

/// Arrays with which the virtual machine fills memory, and data of reflection that only classes lead to: the dump shows of neither that it is no garbage.
#[test]
fn what_the_virtual_machine_leaves_is_no_garbage() {
    let report = |fillers: usize, of_reflection: usize, garbage: usize| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM")
            .static_field("directMemory", Value::Long(64 << 20))
            .sticky()
            .build();
        let kept = payload(&mut heap, "com.acme.Price", 100, 4000);
        let kept = heap.array_list(&kept);
        held_by_static(&mut heap, "com.acme.Prices", "ALL", kept);
        for _ in 0..fillers {
            heap.primitive_array(PrimitiveArray::Int(vec![0; 10_000]));
        }
        let data = heap.class("java.lang.Class$ReflectionData").field("methods", Kind::Ref).sticky().build();
        let soft = heap.class_named("java.lang.ref.SoftReference");
        for _ in 0..of_reflection {
            let methods = bytes(&mut heap, 20_000);
            let data = heap.instance(data, &[Value::Ref(methods)]);
            heap.reference(soft, data);
        }
        payload(&mut heap, "com.acme.Line", garbage, 4000);
        judge(heap)
    };
    let of_fillers = report(40, 0, 2);
    let found = of_fillers.heap.no_garbage;
    assert_eq!((found.filler_objects, found.filler_bytes), (40, 40 * 40_016));
    assert_eq!(of_fillers.heap.garbage_bytes(), of_fillers.heap.unreachable_bytes - 40 * 40_016);
    let said = english(&of_fillers.verdict.sentences);
    assert!(said.contains("are 40 int[] that nothing refers to, not even garbage"), "{said}");
    assert!(!said.contains("is garbage"), "{said}");
    let of_reflection = report(0, 60, 2);
    let found = of_reflection.heap.no_garbage;
    assert_eq!((found.filler_objects, found.reflection_objects), (0, 120));
    let said = english(&of_reflection.verdict.sentences);
    assert!(said.contains("is what classes keep softly for reflection"), "{said}");
    assert!(!said.contains("is garbage"), "{said}");
    // Numbers that somebody has calculated with are no more than that.
    let mut heap = HeapBuilder::hotspot17();
    for _ in 0..3000 {
        heap.primitive_array(PrimitiveArray::Int(vec![1; 128]));
    }
    assert_eq!(judge(heap).heap.no_garbage, oomph::report::NoGarbage::default());
    let of_lines = report(1, 1, 400);
    assert_eq!(of_lines.heap.no_garbage, oomph::report::NoGarbage::default(), "next to none");
    let said = english(&of_lines.verdict.sentences);
    assert!(said.contains("is garbage that the collector had not yet taken"), "{said}");
}
