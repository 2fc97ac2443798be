//! Objects that nothing but their finalizers lead to.

use crate::{bytes, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Value};
use oomph::report::{Report, Severity};

/// Documents in the list of all objects with finalizers. Of these the `met` last ones were met by the collector. `is_garbage` if something else is garbage.
fn documents(count: usize, met: usize, is_garbage: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let finalizer = heap.class_named("java.lang.ref.Finalizer");
    let documents = payload(&mut heap, "com.acme.Document", count, 4 << 10);
    let all: Vec<Addr> = documents
        .iter()
        .map(|&document| heap.instance_with(finalizer, &[("referent", Value::Ref(document))]))
        .collect();
    for pair in all.windows(2) {
        // The list of all: a field of its own, beside the one by which references are queued.
        heap.set_field(pair[0], "next", Value::Ref(pair[1]));
        heap.set_field(pair[1], "prev", Value::Ref(pair[0]));
    }
    for &each in &all[count - met..] {
        heap.set_field(each, "discovered", Value::Ref(each));
    }
    heap.static_field(finalizer, "unfinalized", Value::Ref(all[0]));
    if is_garbage {
        bytes(&mut heap, 1 << 20);
    }
    judge(heap)
}

fn is_told(report: &Report, id: &str) -> bool {
    ids(&report.verdict.sentences).contains(&id)
}

/// If the collector has met them already and they are still there, they wait behind something. The newest stand first and were not met.
#[test]
fn what_waits_for_its_finalizer_is_a_suspect() {
    let report = documents(1000, 600, true);
    assert!(!report.suspects.is_empty());
    assert!(report.heap.finalizable.is_none_or(|it| it.bytes < 2 << 20));
}

/// The next collection has them finalized, and the one after that frees them. They are most of the heap: nobody may read that nothing takes a large part of
/// it.
#[test]
fn what_only_finalizers_lead_to_is_told_with_its_size() {
    let report = documents(1000, 0, true);
    let told = report.heap.finalizable.as_ref().unwrap();
    assert_eq!((told.class.as_str(), told.count), ("com.acme.Document", 1000));
    assert!(told.bytes > 4_000_000 && told.is_dropped, "{told:?}");
    assert!(is_told(&report, "verdict-finalizable"), "{:?}", report.verdict);
    assert!(!is_told(&report, "verdict-healthy"), "{:?}", report.verdict);
    let finding = report.findings.iter().find(|finding| finding.id == "references.only-finalizers").unwrap();
    assert_eq!((finding.severity, finding.count), (Severity::Info, 1000));
}

/// Where the collector has just been there it has found them in use: by what the dump leaves out.
#[test]
fn what_only_finalizers_lead_to_in_a_dump_without_garbage_may_be_in_use() {
    let report = documents(1000, 0, false);
    assert!(!report.heap.finalizable.as_ref().unwrap().is_dropped);
    assert!(is_told(&report, "verdict-finalizable-unproven"), "{:?}", report.verdict);
    assert!(!is_told(&report, "verdict-healthy") && !report.verdict.healthy, "{:?}", report.verdict);
}
