//! What is said of memory that could be saved: room in collections, repeated texts.

use crate::{bytes, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::render::text::Language;
use oomph::report::{Block, Cell, Finding, Pattern, Report, Standing};

/// A `HashMap` and an `ArrayList` that were large and have been emptied but for so many elements, beside some data.
fn cleared(left: i32) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let places = 1 << 20;
    let size = Value::Int(left);
    let left: Vec<Addr> = (0..left).map(|number| heap.boxed_int(1000 + number)).collect();
    let empty = |heap: &mut HeapBuilder, class: &str| heap.object_array(class, &vec![Addr::NULL; places]);
    let table = empty(&mut heap, "java.util.HashMap$Node[]");
    let node = heap.jdk_class("java.util.HashMap$Node");
    for (at, &value) in left.iter().enumerate() {
        let node = heap.instance_with(node, &[("value", Value::Ref(value))]);
        heap.set_element(table, at, node);
    }
    let map = heap.jdk_class("java.util.HashMap");
    let map = heap.instance_with(map, &[("size", size), ("table", Value::Ref(table))]);
    let array = empty(&mut heap, "java.lang.Object[]");
    for (at, &value) in left.iter().enumerate() {
        heap.set_element(array, at, value);
    }
    let list = heap.jdk_class("java.util.ArrayList");
    let list = heap.instance_with(list, &[("size", size), ("elementData", Value::Ref(array))]);
    held_by_static(&mut heap, "com.acme.Holds", "HOLDS", map);
    held_by_static(&mut heap, "com.acme.Journal", "ENTRIES", list);
    let plans = payload(&mut heap, "com.acme.Plan", 400, 600);
    let plans = heap.array_list(&plans);
    held_by_static(&mut heap, "com.acme.Plans", "ALL", plans);
    heap
}

fn says(report: &Report) -> String {
    let words = report.verdict.sentences.iter().map(|sentence| Language::En.text(sentence));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_cleared_and_kept_its_room_is_to_blame_for_it() {
    for (left, title) in [(0, "One empty"), (3, "One nearly empty")] {
        let report = judge(cleared(left));
        let told: Vec<_> = report.suspects.iter().take(2).collect();
        for suspect in &told {
            assert_eq!((suspect.standing, suspect.pattern), (Standing::Blamed, Pattern::EmptyCollection));
            assert_eq!(ids(&suspect.advice), ["suspect-advice-room"]);
            assert_eq!(suspect.kind_message(), "kind-waste");
        }
        let says = says(&report);
        let expected = format!("{title} HashMap held by com.acme.Holds.HOLDS: its array takes 4.00 MiB");
        assert!(says.starts_with(&expected), "{says}");
        let beside = format!("Beside it: {title} ArrayList held by com.acme.Journal.ENTRIES");
        assert!(says.contains(&beside), "{says}");
        let waste = finding(&report, "collections.wasteful").unwrap();
        assert_eq!(ids(&waste.advice), ["collections-emptied-advice"]);
    }
}

fn finding<'r>(report: &'r Report, id: &str) -> Option<&'r Finding> {
    report.findings.iter().find(|finding| finding.id == id)
}

/// The figure of that name in a section.
fn figure(report: &Report, section: &str, key: &str) -> u64 {
    let section = report.inspections.iter().find(|known| known.id == section).unwrap();
    let facts = section.blocks.iter().find_map(|block| match block {
        Block::Facts(facts) => Some(&facts.facts),
        _ => None,
    });
    match facts.unwrap().iter().find(|fact| fact.key == key).unwrap().value {
        Cell::Bytes(bytes) => bytes,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn waste_counts_each_byte_once() {
    for left in [0, 3] {
        let report = judge(cleared(left));
        let sum = figure(&report, "waste", "wasted_bytes");
        assert!(sum <= report.heap.shallow_bytes, "{sum} of {}", report.heap.shallow_bytes);
        assert!(sum >= figure(&report, "collections", "wasted_bytes"));
    }
    // An array of zeros that is no collection's counts.
    let mut heap = HeapBuilder::hotspot17();
    let zeros = bytes(&mut heap, 1 << 20);
    held_by_static(&mut heap, "com.acme.Page", "BUFFER", zeros);
    assert!(figure(&judge(heap), "waste", "wasted_bytes") >= 1 << 20);
}

/// Thousands of maps that nothing was ever put into.
#[test]
fn maps_that_stay_empty_are_made_too_early() {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.app_class("com.acme.Order").field("notes", Kind::Ref).build();
    let map = heap.jdk_class("java.util.HashMap");
    let orders: Vec<Addr> = (0..20_000)
        .map(|_| {
            let table = heap.object_array("java.util.HashMap$Node[]", &[Addr::NULL; 16]);
            let map = heap.instance_with(map, &[("table", Value::Ref(table))]);
            heap.instance(order, &[Value::Ref(map)])
        })
        .collect();
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "ALL", orders);
    let report = judge(heap);
    let waste = finding(&report, "collections.wasteful").unwrap();
    assert_eq!(ids(&waste.advice), ["collections-wasteful-advice"]);
    assert_ne!(report.suspects[0].pattern, Pattern::EmptyCollection);
}

/// Rows in a list, each with a name of its own that as many rows of another kind have, too, and a state that all of them share.
fn named_rows(count: usize, beside: usize) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let row = heap.app_class("com.acme.Row").field("who", Kind::Ref).field("state", Kind::Ref).build();
    let audit = heap.app_class("com.acme.Audit").field("name", Kind::Ref).build();
    // There are two strings of this state, and one of them is referred to from everywhere.
    let [state, twin] = [(); 2].map(|()| heap.string("a state that is shared by all rows"));
    let mut rows = vec![heap.instance(audit, &[Value::Ref(twin)])];
    for number in 0..count {
        for _ in 0..3 {
            let name = heap.string(&format!("person number {number}"));
            rows.push(heap.instance(row, &[Value::Ref(name), Value::Ref(state)]));
        }
        let name = heap.string(&format!("person number {number}"));
        rows.push(heap.instance(audit, &[Value::Ref(name)]));
    }
    let rows = heap.object_array("java.lang.Object[]", &rows);
    held_by_static(&mut heap, "com.acme.Report", "ROWS", rows);
    let other = bytes(&mut heap, beside);
    held_by_static(&mut heap, "com.acme.Image", "PIXELS", other);
    heap
}

/// The waste of fields in the order of their table.
fn by_field(report: &Report) -> Vec<(String, u64)> {
    let strings = report.inspections.iter().find(|section| section.id == "strings").unwrap();
    let rows = strings.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == "fields" => Some(&table.rows),
        _ => None,
    });
    let row = |row: &Vec<Cell>| match (&row[0], &row[2]) {
        (Cell::Value(field), Cell::Bytes(bytes)) => (field.clone(), *bytes),
        other => panic!("{other:?}"),
    };
    rows.unwrap().iter().map(row).collect()
}

/// There are far more texts than are listed, and each wastes as much as any other.
#[test]
fn the_waste_of_all_texts_is_divided_among_those_who_hold_them() {
    let report = judge(named_rows(8000, 1));
    let wasted = figure(&report, "strings", "wasted_bytes");
    let fields = by_field(&report);
    assert_eq!(fields[0].0, "com.acme.Row.who");
    assert_eq!(fields[1].0, "com.acme.Audit.name");
    let sum: u64 = fields.iter().map(|(_, bytes)| bytes).sum();
    assert!(sum <= wasted && wasted - sum < wasted / 1000, "{sum} of {wasted}");
    assert!(fields[0].1.abs_diff(wasted / 4 * 3) < wasted / 1000, "{fields:?}");
    // 24,000 references to one string with a twin waste no more than that one string.
    let state = fields.iter().find(|(field, _)| field == "com.acme.Row.state").unwrap();
    assert!(state.1 < 100, "{state:?}");
    let finding = finding(&report, "strings.repeated").unwrap();
    assert_eq!(finding.holder.as_ref().unwrap().label(), "com.acme.Row.who");
    assert_eq!(finding.evidence.len(), 2, "what holds less than a hundredth is not listed: {finding:?}");
}

/// The place of a reference among those that are set does not tell its field where another field is null.
#[test]
fn two_fields_that_refer_to_one_string_are_counted_each() {
    let mut heap = HeapBuilder::hotspot17();
    let person = heap.app_class("com.acme.Person").field("nick", Kind::Ref);
    let person = person.field("alias", Kind::Ref).field("name", Kind::Ref).build();
    let mut people = Vec::new();
    for number in 0..4000 {
        let name = heap.string(&format!("person number {}", number / 2));
        people.push(heap.instance(person, &[Value::Ref(Addr::NULL), Value::Ref(name), Value::Ref(name)]));
    }
    let people = heap.object_array("java.lang.Object[]", &people);
    held_by_static(&mut heap, "com.acme.Town", "PEOPLE", people);
    let fields = by_field(&judge(heap));
    let waste = |name: &str| fields.iter().find(|(field, _)| field == name).map_or(0, |&(_, bytes)| bytes);
    assert!(waste("com.acme.Person.name") > 0, "{fields:?}");
    assert_eq!(waste("com.acme.Person.name"), waste("com.acme.Person.alias"), "{fields:?}");
}

#[test]
fn repeated_texts_of_a_healthy_heap_are_no_headline() {
    let share_and_words = |beside| {
        let report = judge(named_rows(8000, beside));
        let share = figure(&report, "strings", "wasted_bytes") as f64 / report.heap.shallow_bytes as f64;
        assert!(finding(&report, "strings.repeated").is_some());
        (share, says(&report))
    };
    let (share, words) = share_and_words(2 << 20);
    assert!((0.15..0.5).contains(&share), "{share}");
    assert!(!words.contains("Repeated strings"), "{words}");
}

/// Most of a large heap is the same texts: whoever reads one sentence must know.
#[test]
fn repeated_texts_that_are_most_of_a_heap_are_in_the_verdict() {
    let mut heap = HeapBuilder::hotspot17();
    let text = "x".repeat(64 << 10);
    for number in 0..300 {
        let text = heap.string(&text);
        held_by_static(&mut heap, &format!("com.acme.Page{number}"), "HEAD", text);
    }
    let words = says(&judge(heap));
    assert!(words.starts_with("Repeated strings waste 18.7 MiB, >99% of the heap."), "{words}");
}

/// Jobs that two registries know: a few of them are large.
#[test]
fn what_a_group_is_made_of_is_counted_and_not_guessed_from_the_largest() {
    let mut heap = HeapBuilder::hotspot17();
    let job = heap.app_class("com.acme.Job").field("data", Kind::Ref).build();
    let jobs: Vec<Addr> = (0..3000)
        .map(|number| {
            let data = bytes(&mut heap, if number % 100 == 0 { 20_000 } else { 500 });
            heap.instance(job, &[Value::Ref(data)])
        })
        .collect();
    for class in ["com.acme.Running", "com.acme.Known"] {
        let jobs = heap.array_list(&jobs);
        held_by_static(&mut heap, class, "JOBS", jobs);
    }
    let report = judge(heap);
    let suspect = report.suspects.iter().find(|suspect| suspect.class == "com.acme.Job").unwrap();
    let part = |class: &str| {
        let share = suspect.composition.iter().find(|share| share.class == class).unwrap();
        (share.instances, share.bytes)
    };
    assert_eq!(part("byte[]"), (3000, 30 * 20_016 + 2970 * 520));
    assert_eq!(part("com.acme.Job").0, 3000);
    let sum: u64 = suspect.composition.iter().map(|share| share.bytes).sum();
    assert!(sum <= suspect.retained_bytes, "{sum} of {}", suspect.retained_bytes);
}

/// So many mapped files of so many bytes in a list of the application, and a file that the JDK itself has mapped.
fn mapped(count: usize, file_bytes: i32) -> Report {
    mapped_by("com.acme.Segments", count, file_bytes)
}

fn mapped_by(holder: &str, count: usize, file_bytes: i32) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let descriptor = heap.class("java.io.FileDescriptor").build();
    let buffer = heap.class("java.nio.DirectByteBuffer").field("capacity", Kind::Int);
    let buffer = buffer.field("fd", Kind::Ref).build();
    let map = |heap: &mut HeapBuilder, bytes: i32| {
        let descriptor = heap.instance(descriptor, &[]);
        heap.instance(buffer, &[Value::Int(bytes), Value::Ref(descriptor)])
    };
    let segment = heap.app_class("com.acme.Segment").field("map", Kind::Ref).build();
    let files: Vec<Addr> = (0..count)
        .map(|_| {
            let file = map(&mut heap, file_bytes);
            heap.instance(segment, &[Value::Ref(file)])
        })
        .collect();
    let files = heap.array_list(&files);
    held_by_static(&mut heap, holder, "OPEN", files);
    let modules = map(&mut heap, 1 << 30);
    let reader = heap.class("jdk.internal.jimage.BasicImageReader").field("memoryMap", Kind::Ref).build();
    let reader = heap.instance(reader, &[Value::Ref(modules)]);
    held_by_static(&mut heap, "jdk.internal.jimage.ImageReader", "OPEN", reader);
    judge(heap)
}

/// A broker maps its log: that is the page cache's, and no news.
#[test]
fn files_that_a_library_maps_are_told_last() {
    let report = mapped_by("org.apache.kafka.storage.internals.log.AbstractIndex", 300, 8 << 20);
    let told: Vec<String> = report.verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
    assert!(told.len() > 1 && told[0].starts_with("Nothing conspicuous"), "{told:?}");
    assert!(told.last().unwrap().starts_with("Outside of the heap: 2.34 GiB"), "{told:?}");
}

#[test]
fn files_mapped_outside_of_a_small_heap_are_told_first() {
    let report = mapped(300, 8 << 20);
    let expected =
        "Outside of the heap: 2.34 GiB in 300 mappings of files, most of it held by com.acme.Segments.OPEN.";
    let words = says(&report);
    assert!(words.starts_with(expected), "{words}");
    assert_eq!(report.outside_to_tell().count(), 0, "the verdict says it");
    // Much beside the heap, but no reason to name it first.
    let report = mapped(10, 8 << 20);
    assert!(!says(&report).contains("Outside of the heap"), "{}", says(&report));
    let told: Vec<String> = report.outside_to_tell().map(|text| Language::En.text(&text)).collect();
    assert_eq!(
        told,
        ["Outside of the heap: 80.0 MiB in 10 mappings of files, most of it held by com.acme.Segments.OPEN."]
    );
    assert_eq!(mapped(1, 1 << 20).heap.outside, []);
}

/// Small numbers belong to the JDK's caches, whichever map they are in.
#[test]
fn elements_of_nodes_that_keep_nothing_are_counted() {
    let mut heap = HeapBuilder::hotspot17();
    let entries: Vec<(Addr, Addr)> =
        (0..2000).map(|number| (heap.boxed_long(number), heap.boxed_int(number as i32))).collect();
    let cached: Vec<Addr> = entries.iter().take(128).flat_map(|&(key, value)| [key, value]).collect();
    let index = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Segments", "INDEX", index);
    let cached = heap.object_array("java.lang.Object[]", &cached);
    held_by_static(&mut heap, "java.lang.Long$LongCache", "archivedCache", cached);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.instances, first.class.as_str()), (2000, "java.lang.Long"));
}

/// Sets with a thousand places for one element: the roles that have them are data, the room is waste.
#[test]
fn room_in_the_collections_of_what_is_held_is_waste() {
    let told = |elements: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let role = heap.app_class("com.acme.Role").field("grants", Kind::Ref).build();
        let roles: Vec<Addr> = (0..300)
            .map(|_| {
                let values = payload(&mut heap, "com.acme.Grant", elements, 8);
                let entries: Vec<(Addr, Addr)> = values.into_iter().map(|value| (value, value)).collect();
                let grants = heap.hash_map(&entries);
                if elements < 100 {
                    let table = heap.object_array("java.util.HashMap$Node[]", &[Addr::NULL; 2048]);
                    heap.set_field(grants, "table", Value::Ref(table));
                }
                heap.instance(role, &[Value::Ref(grants)])
            })
            .collect();
        let roles = heap.array_list(&roles);
        held_by_static(&mut heap, "com.acme.Permissions", "ROLES", roles);
        judge(heap).suspects.remove(0)
    };
    let roomy = told(1);
    assert_eq!((roomy.kind_message(), roomy.class.as_str()), ("kind-waste", "java.util.HashMap"));
    assert_eq!(ids(&roomy.advice), ["collections-wasteful-advice"]);
    assert_eq!(told(120).kind_message(), "kind-leak-if-it-grows");
}

/// The same image for nearly everybody.
#[test]
fn arrays_with_one_content_are_told_with_their_holder() {
    let told = |is_same: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let images: Vec<Addr> = (0..300u32)
            .map(|number| {
                let content = if is_same { 7 } else { (number % 251) as u8 + 1 };
                let mut image = vec![content; 40_000];
                image[0] = if is_same { 7 } else { (number / 251) as u8 };
                heap.primitive_array(PrimitiveArray::Byte(image))
            })
            .collect();
        let images = heap.array_list(&images);
        held_by_static(&mut heap, "com.acme.Avatars", "IMAGES", images);
        let report = judge(heap);
        finding(&report, "arrays.repeated").map(|finding| finding.holder.as_ref().unwrap().label())
    };
    assert_eq!(told(true).as_deref(), Some("com.acme.Avatars.IMAGES"));
    assert_eq!(told(false), None);
}
