//! Verdicts about small things that show a part of large ones and keep all of them.

use crate::{bytes, english, held_by_static, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

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
