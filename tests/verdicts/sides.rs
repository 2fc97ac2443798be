//! Arrays of one object: its next size while it is made longer, and several none of which is to blame.

use crate::{english, held_by_static, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::report::{Report, Standing, SuspectKind};

/// A table of texts and their hashes in two arrays, and a call that has two arrays in hand which are so many times as long, in a method of that class or of another one.
fn table(class: &str, method: &str, times: usize, has_it: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let mut texts = payload(&mut heap, "com.acme.Text", 6000, 300);
    texts.resize(16 << 10, Addr::NULL);
    let array = heap.object_array("com.acme.Text[]", &texts);
    let hashes = heap.primitive_array(PrimitiveArray::zeros(Kind::Int, 64 << 10));
    let symbols =
        heap.app_class("com.acme.Symbols").field("texts", Kind::Ref).field("hashes", Kind::Ref).build();
    let table = heap.instance(symbols, &[Value::Ref(array), Value::Ref(hashes)]);
    held_by_static(&mut heap, "com.acme.Ingest", "SHARED", table);
    texts.resize((16 << 10) * times, Addr::NULL);
    let next = heap.object_array("com.acme.Text[]", &vec![Addr::NULL; (16 << 10) * times]);
    let next_hashes = heap.primitive_array(PrimitiveArray::zeros(Kind::Int, (64 << 10) * times));
    let class = if class == "com.acme.Symbols" { symbols } else { heap.app_class(class).build() };
    let thread = heap.thread("ingest-1").frame(class, method, "()V", "Symbols.java", 13);
    let thread = thread.local(next).local(next_hashes);
    if has_it { thread.local(table) } else { thread }.build();
    judge(heap)
}

#[test]
fn the_next_size_of_a_table_is_no_load_of_the_call_that_makes_it_longer() {
    for (method, has_it) in [("grow", false), ("put", true)] {
        let report = table("com.acme.Symbols", method, 4, has_it);
        assert!(report.suspects.iter().all(|suspect| suspect.kind != SuspectKind::Load));
        let said = english(&report.suspects[0].activity);
        let expected = format!(
            "Thread ingest-1 was just making it larger in com.acme.Symbols.{method}(Symbols.java:13): the next size of its arrays takes another "
        );
        assert!(said.contains(&expected), "{said}");
    }
    // What another class has in hand, or what is no longer than what there is, is something else.
    for report in [
        table("com.acme.Report", "grow", 4, false),
        table("com.acme.Symbols", "grow", 1, true),
        table("com.acme.Symbols", "list", 4, false),
    ] {
        let said = english(&report.suspects[0].activity);
        assert!(!said.contains("was just making it larger"), "{said}");
    }
}

/// Some arrays of numbers in the fields of one object, or of several.
fn postcodes(is_one: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("com.acme.Postcodes");
    let class = class.field("names", Kind::Ref).field("keys", Kind::Ref).field("offsets", Kind::Ref).build();
    let arrays = [(Kind::Byte, 1000 << 10), (Kind::Long, 100 << 10), (Kind::Int, 150 << 10)]
        .map(|(kind, length)| heap.primitive_array(PrimitiveArray::zeros(kind, length)));
    let [names, keys, offsets] = arrays.map(Value::Ref);
    if is_one {
        let table = heap.instance(class, &[names, keys, offsets]);
        held_by_static(&mut heap, "com.acme.Addresses", "CURRENT", table);
    } else {
        for (field, values) in [
            ("A", [names, Value::NULL, Value::NULL]),
            ("B", [Value::NULL, keys, Value::NULL]),
            ("C", [Value::NULL, Value::NULL, offsets]),
        ] {
            let table = heap.instance(class, &values);
            held_by_static(&mut heap, &format!("com.acme.Addresses{field}"), "CURRENT", table);
        }
    }
    judge(heap)
}

#[test]
fn arrays_of_one_object_none_of_which_is_to_blame_are_told_as_that_object() {
    let report = postcodes(true);
    let [only] = &report.suspects[..] else { panic!("{:?}", report.suspects) };
    assert_eq!(
        english(std::slice::from_ref(&only.title)),
        "One Postcodes held by com.acme.Addresses.CURRENT"
    );
    assert_eq!(only.standing, Standing::Largest);
    assert_eq!(only.retained_bytes / 1000, (1000 * 1024 + 800 * 1024 + 600 * 1024) / 1000);
    assert_eq!(postcodes(false).suspects.len(), 3);
}
