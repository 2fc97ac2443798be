//! Verdicts about small things that show a part of large ones and keep all of them.

use crate::{bytes, english, held_by_static, ids, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Report, Suspect};

/// So many titles of pages with the matcher that has found them, in texts of that length.
fn titles(count: usize, length: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let matcher = heap.class("java.util.regex.Matcher").field("text", Kind::Ref).build();
    let title = heap.app_class("com.acme.Title").field("found", Kind::Ref).field("data", Kind::Ref).build();
    let titles: Vec<Addr> = (0..count)
        .map(|_| {
            let text = heap.string(&"x".repeat(length));
            let matcher = heap.instance(matcher, &[Value::Ref(text)]);
            // A page's other data; of a short text it is most.
            let data = bytes(&mut heap, 4000 - length.min(3000));
            heap.instance(title, &[Value::Ref(matcher), Value::Ref(data)])
        })
        .collect();
    let titles = heap.array_list(&titles);
    held_by_static(&mut heap, "com.acme.Index", "TITLES", titles);
    judge(heap)
}

#[test]
fn matchers_that_keep_what_they_have_searched_are_what_is_to_be_changed() {
    let report = titles(600, 12_000);
    let first = &report.suspects[0];
    assert_eq!((&*first.class, first.instances), ("com.acme.Title", 600));
    assert_eq!(first.rule.as_deref(), Some("java.matchers"));
    let advice = english(&first.advice);
    assert!(advice.starts_with("A Matcher, and until JDK 19"), "{advice}");
    assert!(!advice.contains("Look at what is put into"), "{advice}");
    let told = english(&report.verdict.sentences);
    assert!(told.starts_with("600 Title held by com.acme.Index.TITLES"), "{told}");
    let matchers = "600 matchers of regular expressions keep the whole texts that they have searched";
    assert_eq!(told.matches(matchers).count(), 1, "{told}");
    for (report, why) in [(titles(600, 900), "short texts"), (titles(60, 12_000), "each thread may have one")]
    {
        assert!(report.findings.iter().all(|finding| finding.id != "java.matchers"), "{why}");
    }
}

/// Objects of that class that show so many of the 20,000 bytes of an array each.
fn parts(class: &str, array: &str, length: &str, shown: i32) -> Option<String> {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let made = heap.class(class);
    let made = if class.starts_with("java.") { made } else { made.loader(loader) };
    let made = made.field(array, Kind::Ref).field(length, Kind::Int).build();
    let parts: Vec<Addr> = (0..300)
        .map(|_| {
            let whole = bytes(&mut heap, 20_000);
            heap.instance(made, &[Value::Ref(whole), Value::Int(shown)])
        })
        .collect();
    let parts = heap.array_list(&parts);
    let cache = library_object(&mut heap, "org.library.Keeper", &[("parts", Kind::Ref, Value::Ref(parts))]);
    held_by_static(&mut heap, "com.acme.Frames", "IDS", cache);
    let first = judge(heap).suspects.remove(0);
    first.rule.map(|rule| format!("{rule}: {}", english(&first.advice)))
}

#[test]
fn slices_that_keep_the_whole_are_to_be_copied() {
    for (class, array, length, rule) in [
        ("java.nio.HeapByteBuffer", "hb", "capacity", "java.buffer-slices: A slice or a wrapped part"),
        (
            "com.google.protobuf.ByteString$BoundedByteString",
            "bytes",
            "bytesLength",
            "protobuf.byte-strings: ByteString.substring is a view",
        ),
    ] {
        let told = parts(class, array, length, 16).unwrap_or_default();
        assert!(told.starts_with(rule), "{told}");
        assert_eq!(parts(class, array, length, 4000), None, "a fifth of it");
    }
}

/// What the fields of a view say that it shows: from where, and to where or how much.
type Shown = (i32, i32);

/// Objects of a class of the application's whose fields of those names show so much of the 20,000 bytes of an array each, with the fields of a second view of the same
/// array if there is one, and the array itself if somebody needs all of it.
fn spans(class: &str, fields: [&str; 3], shown: impl Fn(i32) -> Shown, others: Others) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let made = if class.starts_with("java.") {
        let buffer = heap.class("java.nio.Buffer").build();
        heap.class(class).extends(buffer)
    } else {
        heap.app_class(class)
    };
    let [array, begin, end] = fields;
    let view = made.field(array, Kind::Ref).field(begin, Kind::Int).field(end, Kind::Int).build();
    let entry = heap.app_class("com.acme.Entry");
    let entry = entry.field("name", Kind::Ref).field("value", Kind::Ref).field("raw", Kind::Ref).build();
    let all: Vec<Addr> = (0..300)
        .map(|at| {
            let whole = bytes(&mut heap, 20_000);
            let (begin, end) = shown(at);
            let mut view = || heap.instance(view, &[Value::Ref(whole), Value::Int(begin), Value::Int(end)]);
            let (name, value) = (view(), if matches!(others, Others::None) { None } else { Some(view()) });
            let raw = match others {
                Others::Raw => Some(whole),
                Others::Text => Some(heap.string(&format!("header {at}"))),
                Others::None | Others::View => None,
            };
            match value {
                None => name,
                Some(value) => {
                    let raw = raw.map_or(Value::NULL, Value::Ref);
                    heap.instance(entry, &[Value::Ref(name), Value::Ref(value), raw])
                }
            }
        })
        .collect();
    let list = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Recent", "HEADERS", list);
    judge(heap).suspects.remove(0)
}

enum Others {
    None,
    /// A second view of the same array.
    View,
    /// That, and the array itself.
    Raw,
    /// A second view, and a text of its own.
    Text,
}

#[test]
fn views_that_show_a_small_part_of_the_arrays_that_they_keep_are_told() {
    let part = |at| (100 + at, 120 + at);
    for (first, view, shown) in [
        (spans("com.acme.Span", ["text", "from", "to"], part, Others::None), "Span", "20 B"),
        (spans("com.acme.Slice", ["data", "_off", "len"], |at| (at, 30), Others::None), "Slice", "30 B"),
        (spans("com.acme.Span", ["text", "from", "to"], part, Others::View), "Span", "40 B"),
        (spans("com.acme.Span", ["text", "from", "to"], part, Others::Text), "Span", "40 B"),
        (
            spans("java.nio.HeapByteBuffer", ["hb", "offset", "capacity"], |_| (0, 16), Others::View),
            "HeapByteBuffer",
            "32 B",
        ),
    ] {
        let said = english(&first.activity);
        let expected = format!(
            "Each byte[] (19.5 KiB on average) is kept by what shows a small part of it alone: {view} shows {shown} of it on average, in 60 that were looked at."
        );
        assert!(said.contains(&expected), "{said}");
        assert_eq!(ids(&first.advice)[0], "suspect-advice-slices");
    }
}

#[test]
fn what_may_need_the_whole_array_is_no_small_view_of_it() {
    let part = |at| (100 + at, 120 + at);
    for (first, why) in [
        (spans("com.acme.Span", ["text", "from", "to"], |_| (100, 9000), Others::None), "nearly a half"),
        (spans("com.acme.Span", ["text", "from", "to"], part, Others::Raw), "somebody has all of it"),
        (
            spans("com.acme.Text", ["text", "from", "to"], |_| (0, 20), Others::None),
            "a buffer with 20 bytes in it",
        ),
        (spans("com.acme.Reader", ["text", "position", "limit"], part, Others::None), "a reader at its end"),
        (spans("com.acme.Span", ["text", "x", "y"], part, Others::None), "nobody knows"),
        (spans("com.acme.Span", ["text", "from", "to"], |_| (30_000, 30_010), Others::None), "not in it"),
    ] {
        assert!(!ids(&first.advice).contains(&"suspect-advice-slices"), "{why}");
        assert!(!english(&first.activity).contains("a small part of it alone"), "{why}");
    }
}
