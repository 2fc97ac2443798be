//! What ran out, and whether the thread that threw was adding to what fills the heap.

use crate::{bytes, held_by_static, ids, judge, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::report::{OomRole, Report};

/// A thread that throws in a method of a handler which keeps 1 MiB of uploads, in a heap of that size, with so much garbage.
fn upload(limit_bytes: i64, garbage_bytes: usize, method: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit_bytes));
    vm.sticky().build();
    let uploads = payload(&mut heap, "com.acme.Upload", 512, 2048);
    let recent = heap.array_list(&uploads);
    bytes(&mut heap, garbage_bytes);
    let class = heap.app_class("com.acme.Handler").field("recent", Kind::Ref).build();
    let handler = heap.instance(class, &[Value::Ref(recent)]);
    held_by_static(&mut heap, "com.acme.Server", "HANDLER", handler);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("upload-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    thread.frame(class, method, "()V", "Handler.java", 5).local(handler).build();
    judge(heap)
}

#[test]
fn what_does_not_fit_into_a_heap_that_is_half_free_is_one_array() {
    let report = upload(4 << 20, 0, "receive");
    let oom = report.oom.as_ref().expect("an error");
    assert_eq!(
        (oom.kind.as_str(), oom.role, oom.culprit.is_none()),
        ("array-too-large", OomRole::Culprit, true)
    );
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-oom-array");
    // Of the uploads nothing is known that is wrong.
    assert_eq!(report.verdict.sentences.len(), 1, "{:?}", report.verdict.sentences);
    assert_ne!(report.suspects[0].kind_message(), "kind-leak");
}

#[test]
fn garbage_that_was_left_shows_that_no_array_can_be_so_large() {
    let oom = upload(4 << 20, 1 << 20, "receive").oom.expect("an error");
    assert_eq!((oom.kind.as_str(), oom.role), ("requested-array-size", OomRole::Culprit));
}

#[test]
fn a_method_of_the_object_with_the_full_field_fills_it_only_if_it_adds() {
    let role = |method: &str| {
        let oom = upload(1_300_000, 0, method).oom.expect("an error");
        assert_eq!(oom.kind, "java-heap-space");
        oom.role
    };
    assert_eq!(role("receive"), OomRole::Victim);
    assert_eq!(role("addUpload"), OomRole::Culprit);
}

/// What the terminal says of the thread that threw, the page says too: first where it is the culprit, after the cause where it is not.
#[test]
fn the_page_has_the_sentence_about_the_thread_that_threw() {
    for (method, is_first) in [("receive", false), ("addUpload", true)] {
        let report = upload(1_300_000, 0, method);
        let page = oomph::render::html::render(&report, &oomph::render::html::HtmlOptions::default());
        let lead = &page[page.find("id=\"verdict-title\"").or(page.find("id=verdict-title")).unwrap()..];
        let thrown = lead.find("threw an OutOfMemoryError").expect("the sentence");
        assert_eq!(thrown < lead.find("</h1>").unwrap(), is_first, "{}", &lead[..600]);
        assert!(thrown < lead.find("class=oom").or(lead.find("class=\"oom")).unwrap(), "above the panel");
    }
}

/// A thread that throws with a third of the heap in hand, beside a static list with half of it.
#[test]
fn the_panel_and_the_verdict_agree_on_one_of_two_culprits() {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 500, 10_000);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "ALL", orders);
    let rows = payload(&mut heap, "com.acme.Row", 400, 10_000);
    let rows = heap.array_list(&rows);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let export = heap.app_class("com.acme.Export").build();
    let thread = heap.thread("export-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    thread.frame(export, "run", "()V", "Export.java", 5).local(rows).build();
    let report = judge(heap);
    let oom = report.oom.as_ref().expect("an error");
    assert_eq!(
        (oom.role, ids(&report.verdict.sentences)[0]),
        (OomRole::Culprit, "verdict-oom-culprit-beside")
    );
    assert_eq!(oom.role_message(), "role-one-of-them");
}
