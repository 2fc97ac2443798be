//! Arrays without a gap, and unmodifiable collections: what is in them may grow all the same.

use crate::{bytes, english, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::report::{Report, Standing};

/// What each of the slots of a table of 2,000 has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// A record with a text, a number and an array of always the same length.
    Record,
    /// The same, with texts of different lengths.
    RecordOfTexts,
    /// Such a record, of which one in a hundred leads to another one in the same slot.
    Chain,
    /// An array of records, as long as there are.
    Row,
    /// A deque.
    Deque,
    /// A record with numbers in an array, longer in some than in others.
    LongerNumbers,
    /// A record with a list.
    RecordOfList,
}

fn table(slot: Slot) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let record = heap.app_class("com.acme.Lease").field("next", Kind::Ref).field("holder", Kind::Ref);
    let record = record.field("numbers", Kind::Ref).field("at", Kind::Long).build();
    let deque = heap.class("java.util.ArrayDeque").field("elements", Kind::Ref).field("head", Kind::Int);
    let deque = deque.field("tail", Kind::Int).build();
    let make = |heap: &mut HeapBuilder, number: usize, next: Addr| {
        let text = match slot {
            Slot::RecordOfTexts => heap.string(&"x".repeat(number % 60)),
            Slot::RecordOfList => {
                let one = heap.string("one");
                heap.array_list(&[one])
            }
            _ => heap.string("somebody"),
        };
        let length = if slot == Slot::LongerNumbers { 100 + number % 7 } else { 100 };
        let numbers = heap.primitive_array(PrimitiveArray::zeros(Kind::Long, length));
        let fields = [Value::Ref(next), Value::Ref(text), Value::Ref(numbers), Value::Long(1)];
        heap.instance(record, &fields)
    };
    let slots: Vec<Addr> = (0..2000)
        .map(|number| match slot {
            Slot::Chain if number % 100 == 0 => {
                let next = make(&mut heap, number, Addr::NULL);
                make(&mut heap, number, next)
            }
            Slot::Row => {
                let row: Vec<Addr> =
                    (0..2 + number % 3).map(|_| make(&mut heap, number, Addr::NULL)).collect();
                heap.object_array("com.acme.Lease[]", &row)
            }
            Slot::Deque => {
                let one = make(&mut heap, number, Addr::NULL);
                let elements = heap.object_array("java.lang.Object[]", &[one, Addr::NULL]);
                heap.instance(deque, &[Value::Ref(elements), Value::Int(0), Value::Int(1)])
            }
            _ => make(&mut heap, number, Addr::NULL),
        })
        .collect();
    let class = match slot {
        Slot::Row => "com.acme.Lease[][]",
        Slot::Deque => "java.util.ArrayDeque[]",
        _ => "com.acme.Lease[]",
    };
    let slots = heap.object_array(class, &slots);
    held_by_static(&mut heap, "com.acme.Leases", "BUCKETS", slots);
    judge(heap)
}

#[test]
fn an_array_without_a_gap_cannot_grow_only_if_nothing_in_it_can() {
    for (slot, standing) in [
        (Slot::Record, Standing::Largest),
        (Slot::RecordOfTexts, Standing::Largest),
        (Slot::Chain, Standing::Blamed),
        (Slot::Row, Standing::Blamed),
        (Slot::Deque, Standing::Blamed),
        (Slot::LongerNumbers, Standing::Blamed),
        (Slot::RecordOfList, Standing::Blamed),
    ] {
        let report = table(slot);
        let first = &report.suspects[0];
        assert_eq!(
            (first.standing, first.holder.label().as_str()),
            (standing, "com.acme.Leases.BUCKETS"),
            "{slot:?}"
        );
        let said = english(&report.verdict.sentences);
        assert_eq!(said.contains("It cannot grow"), standing == Standing::Largest, "{slot:?}: {said}");
        let is_advised = ids(&first.advice).contains(&"suspect-advice-full-array");
        assert_eq!(is_advised, standing == Standing::Largest, "{slot:?}");
    }
}

/// Columns that are replaced by longer ones have room, and a number says how much of them is in use.
#[test]
fn columns_that_a_number_says_are_not_full_can_grow() {
    let cannot_grow = |rows: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let columns: Vec<Addr> =
            (0..64).map(|_| heap.primitive_array(PrimitiveArray::zeros(Kind::Double, 10_000))).collect();
        let columns = heap.object_array("double[][]", &columns);
        let series = heap.app_class("com.acme.Series").field("columns", Kind::Ref).field("rows", Kind::Int);
        let series = series.build();
        let series = heap.instance(series, &[Value::Ref(columns), Value::Int(rows)]);
        held_by_static(&mut heap, "com.acme.Metrics", "SERIES", series);
        let first = judge(heap).suspects.remove(0);
        ids(&first.advice).contains(&"suspect-advice-full-array")
    };
    assert!(cannot_grow(64), "how many columns there are");
    assert!(!cannot_grow(7000), "how many rows are in use");
}

/// The shards of a map in an immutable list, or products.
#[test]
fn what_is_in_an_unmodifiable_collection_may_grow() {
    let standing = |are_shards: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let elements: Vec<Addr> = if are_shards {
            (0..16)
                .map(|_| {
                    let sessions = payload(&mut heap, "com.acme.Session", 200, 2000);
                    heap.array_list(&sessions)
                })
                .collect()
        } else {
            payload(&mut heap, "com.acme.Session", 3200, 2000)
        };
        let elements = heap.object_array("java.lang.Object[]", &elements);
        let above = heap.class("java.util.ImmutableCollections$AbstractImmutableCollection").build();
        let list = heap.class("java.util.ImmutableCollections$ListN").extends(above);
        let list = list.field("elements", Kind::Ref).build();
        let list = heap.instance(list, &[Value::Ref(elements)]);
        held_by_static(&mut heap, "com.acme.Sessions", "SHARDS", list);
        judge(heap).suspects[0].standing
    };
    assert_eq!(standing(false), Standing::Largest);
    assert_eq!(standing(true), Standing::Blamed);
}

/// As many columns as a service has shards, each of texts.
#[test]
fn rows_of_bytes_of_one_length_are_a_table() {
    let mut heap = HeapBuilder::hotspot17();
    let rows: Vec<Addr> = (0..64).map(|_| bytes(&mut heap, 65_536)).collect();
    let rows = heap.object_array("byte[][]", &rows);
    held_by_static(&mut heap, "com.acme.Bitmaps", "ROWS", rows);
    assert_eq!(judge(heap).suspects[0].standing, Standing::Largest);
}

/// Rows of numbers that nothing else refers to, as many as there are, each as long as it says.
fn rows(count: usize, length: impl Fn(usize) -> usize, has_gap: bool) -> Standing {
    let mut heap = HeapBuilder::hotspot17();
    let mut rows: Vec<Addr> = (0..count)
        .map(|number| heap.primitive_array(PrimitiveArray::zeros(Kind::Int, length(number))))
        .collect();
    if has_gap {
        rows[count / 2] = Addr::NULL;
    }
    let rows = heap.object_array("int[][]", &rows);
    let table = heap.app_class("com.acme.Compatibility").field("models", Kind::Ref).build();
    let table = heap.instance(table, &[Value::Ref(rows)]);
    held_by_static(&mut heap, "com.acme.Parts", "COMPATIBILITY", table);
    judge(heap).suspects[0].standing
}

/// The models that each of many parts fits; or what is added to, which is longer in places, and is made twice as long each time.
#[test]
fn many_short_rows_of_numbers_are_a_table() {
    let fitting = |number: usize| 5 + number * 7 % 41;
    assert_eq!(rows(20_000, fitting, false), Standing::Largest);
    assert_eq!(rows(20_000, fitting, true), Standing::Blamed, "there is room for one more");
    assert_eq!(rows(2000, fitting, false), Standing::Blamed, "they are few");
    assert_eq!(rows(20_000, |number| 8 << (number % 4), false), Standing::Blamed, "doubled");
    assert_eq!(rows(12_000, |number| 70 + number % 41, false), Standing::Blamed, "not short");
}

/// A table without a gap beside some exposures, in a heap that has run out.
fn beside_table(exposures: usize) -> Vec<(String, Standing)> {
    let mut heap = HeapBuilder::hotspot17();
    let rows: Vec<Addr> =
        (0..300).map(|_| heap.primitive_array(PrimitiveArray::zeros(Kind::Float, 3000))).collect();
    let rows = heap.object_array("float[][]", &rows);
    held_by_static(&mut heap, "com.acme.Curves", "CURVES", rows);
    let exposures = payload(&mut heap, "com.acme.Exposure", exposures, 1000);
    let exposures = heap.array_list(&exposures);
    held_by_static(&mut heap, "com.acme.Engine", "OPEN", exposures);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let cube = heap.app_class("com.acme.Cube").build();
    let thread = heap.thread("cube").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(cube, "make", "()V", "Cube.java", 13).build();
    let suspects = judge(heap).suspects;
    suspects.iter().map(|suspect| (suspect.holder.label(), suspect.standing)).collect()
}

#[test]
fn in_a_full_heap_a_table_is_to_blame_only_if_nothing_else_may_have_grown() {
    let found = beside_table(2500);
    assert_eq!(found[0], ("com.acme.Engine.OPEN".to_owned(), Standing::Blamed), "{found:?}");
    assert!(found.contains(&("com.acme.Curves.CURVES".to_owned(), Standing::Largest)), "{found:?}");
    let found = beside_table(50);
    assert_eq!(found[0], ("com.acme.Curves.CURVES".to_owned(), Standing::Blamed), "{found:?}");
}
