//! Objects that nothing but their finalizers lead to.

use crate::{bytes, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Value};
use oomph::report::{Report, Severity};

/// How far the documents have come that the heap is full of.
#[derive(Clone, Copy, PartialEq)]
enum Are {
    Unmet,
    Found,
    Queued,
}

/// Documents in the list of all objects with finalizers; `last` are the last ones of them, the others are unmet. `is_garbage` if something else is garbage.
fn documents(count: usize, last: (usize, Are), is_garbage: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let finalizer = heap.class_named("java.lang.ref.Finalizer");
    let documents = payload(&mut heap, "com.acme.Document", count, 4 << 10);
    let mut all: Vec<Addr> = Vec::new();
    for &document in &documents {
        // `prev` and `next` of the list of all, and the fields of a reference: discovered, next, queue, referent.
        let next = all.last().copied().filter(|_| last.1 == Are::Queued && all.len() >= count - last.0);
        let fields = [Addr::NULL, Addr::NULL, Addr::NULL, next.unwrap_or(Addr::NULL), Addr::NULL, document];
        all.push(heap.instance(finalizer, &fields.map(Value::Ref)));
    }
    for pair in all.windows(2) {
        heap.set_field(pair[0], "next", Value::Ref(pair[1]));
        heap.set_field(pair[1], "prev", Value::Ref(pair[0]));
    }
    if last.1 == Are::Found {
        for &each in &all[count - last.0..] {
            heap.set_field(each, "discovered", Value::Ref(each));
        }
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

/// What stands in the queue waits behind something. The newest stand first in the list and were not met.
#[test]
fn what_waits_for_its_finalizer_is_a_suspect() {
    let report = documents(1000, (600, Are::Queued), true);
    assert!(!report.suspects.is_empty());
    assert!(report.heap.finalizable.is_none_or(|it| it.bytes < 2 << 20));
}

/// Their finalizers have yet to run. They are most of the heap: nobody may read that nothing takes a large part of
/// it.
#[test]
fn what_only_finalizers_lead_to_is_told_with_its_size() {
    let report = documents(1000, (0, Are::Unmet), true);
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
    let report = documents(1000, (0, Are::Unmet), false);
    assert!(!report.heap.finalizable.as_ref().unwrap().is_dropped);
    assert!(is_told(&report, "verdict-finalizable-unproven"), "{:?}", report.verdict);
    assert!(!is_told(&report, "verdict-healthy") && !report.verdict.healthy, "{:?}", report.verdict);
}

/// What the collector has just found dropped is that, whatever else is garbage: it has not waited yet, and nothing says that finalizers cannot keep up.
#[test]
fn what_the_collector_has_just_found_dropped_is_no_backlog() {
    let report = documents(1000, (900, Are::Found), false);
    assert!(report.heap.finalizable.as_ref().unwrap().is_dropped);
    assert!(is_told(&report, "verdict-finalizable"), "{:?}", report.verdict);
    assert!(report.suspects.iter().all(|suspect| !suspect.backlog));
}
