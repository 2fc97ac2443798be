//! Objects that nothing but their finalizers lead to, and references on their way to their queues.

use crate::{bytes, english, ids, judge, one_field, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Root, Value};
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

const BLOCKED: i32 = 0x401;
const SLEEPS: i32 = 0xe1;

/// Images in the queue of the finalizer thread, with the class that this has.
fn images_in_queue() -> (HeapBuilder, ClassRef) {
    let mut heap = HeapBuilder::hotspot17();
    let finalizer = heap.class_named("java.lang.ref.Finalizer");
    let mut head = Addr::NULL;
    for image in payload(&mut heap, "com.acme.Image", 1200, 1 << 10) {
        // As in `documents`: `next` of the queue.
        let fields = [Addr::NULL, Addr::NULL, Addr::NULL, head, Addr::NULL, image];
        head = heap.instance(finalizer, &fields.map(Value::Ref));
    }
    let queue = heap.class("java.lang.ref.ReferenceQueue").field("queueLength", Kind::Long);
    let queue = queue.field("head", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Long(1200), Value::Ref(head)]);
    heap.static_field(finalizer, "queue", Value::Ref(queue));
    let thread = heap.class_named("java.lang.Thread");
    let runs = heap.class("java.lang.ref.Finalizer$FinalizerThread").extends(thread).build();
    (heap, runs)
}

/// What is told of the thread that runs the finalizers.
fn told_of_thread(heap: HeapBuilder) -> String {
    let report = judge(heap);
    let finding =
        report.findings.iter().find(|finding| finding.id == "references.finalizer-backlog").unwrap();
    english(&finding.evidence)
}

/// The finalizer thread is blocked at the entry of a static method; these threads are in other methods of its class.
fn blocked(others: &[&str]) -> String {
    let (mut heap, runs) = images_in_queue();
    let native = heap.app_class("com.acme.Native").build();
    let image = heap.class_named("com.acme.Image");
    let sleep = heap.class_named("java.lang.Thread");
    let thread = heap.thread("Finalizer").class(runs).status(BLOCKED);
    let thread = thread.frame(native, "free", "(J)V", "Native.java", 9);
    thread.frame(image, "finalize", "()V", "Image.java", 5).build();
    for name in others {
        let thread = heap.thread(name).status(SLEEPS).frame(sleep, "sleep", "(J)V", "Thread.java", -2);
        thread.frame(native, "compact", "()V", "Native.java", 21).build();
    }
    told_of_thread(heap)
}

/// Where the JDK's methods stand that a finalizer has called is the same for many; who has called them is to be changed.
#[test]
fn where_the_finalizer_thread_stands_is_told_by_the_frame_of_the_application() {
    let told = |is_own: bool| {
        let (mut heap, runs) = images_in_queue();
        let native = heap.app_class("com.acme.Native").build();
        let image = heap.class_named("com.acme.Image");
        let sleep = heap.class_named("java.lang.Thread");
        let mut thread = heap.thread("Finalizer").class(runs).status(SLEEPS);
        thread = thread.frame(sleep, "sleep", "(J)V", "Thread.java", -2);
        if is_own {
            thread = thread.frame(native, "release", "(J)V", "Native.java", 9);
            thread = thread.frame(image, "finalize", "()V", "Image.java", 5);
        }
        thread.frame(runs, "run", "()V", "Finalizer.java", 172).build();
        told_of_thread(heap)
    };
    let frames = "com.acme.Native.release(Native.java:9) ← com.acme.Image.finalize(Image.java:5)";
    assert_eq!(told(true), format!("The finalizer thread is at {frames}, sleeping."));
    assert_eq!(told(false), "The finalizer thread stands at java.lang.Thread.sleep(Thread.java).");
}

#[test]
fn who_may_have_the_monitor_that_the_finalizer_thread_waits_for_is_told() {
    let waits = "The finalizer thread waits for a monitor at com.acme.Native.free(Native.java:9).";
    let beside = " Thread maint is in the same class, at com.acme.Native.compact(Native.java:21), sleeping: if it is the one that has the monitor, no finalizer runs before it lets go.";
    assert_eq!(blocked(&["maint"]), format!("{waits}{beside}"));
    assert_eq!(blocked(&["maint-1", "maint-2"]), waits, "nobody knows which");
}

/// The list of all leads into the queue as well, so that those at its end hang on none of those before them.
#[test]
fn all_that_waits_is_counted_also_where_the_list_of_all_leads_into_the_queue() {
    let mut heap = HeapBuilder::hotspot17();
    let finalizer = heap.class_named("java.lang.ref.Finalizer");
    let mut all: Vec<Addr> = Vec::new();
    for image in payload(&mut heap, "com.acme.Image", 2000, 1 << 10) {
        let head = all.last().copied().unwrap_or(Addr::NULL);
        let fields = [Addr::NULL, Addr::NULL, Addr::NULL, head, Addr::NULL, image];
        all.push(heap.instance(finalizer, &fields.map(Value::Ref)));
    }
    // Streams in use, which have finalizers as well.
    let mut listed: Vec<Addr> = Vec::new();
    for stream in payload(&mut heap, "com.acme.Stream", 200, 8) {
        let fields = [Addr::NULL, Addr::NULL, Addr::NULL, Addr::NULL, Addr::NULL, stream];
        listed.push(heap.instance(finalizer, &fields.map(Value::Ref)));
    }
    listed.extend(&all[1700..]);
    for pair in listed.windows(2) {
        heap.set_field(pair[0], "next", Value::Ref(pair[1]));
        heap.set_field(pair[1], "prev", Value::Ref(pair[0]));
    }
    heap.static_field(finalizer, "unfinalized", Value::Ref(listed[0]));
    let queue = heap.class("java.lang.ref.ReferenceQueue").field("queueLength", Kind::Long);
    let queue = queue.field("head", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Long(2000), Value::Ref(all[1999])]);
    heap.static_field(finalizer, "queue", Value::Ref(queue));
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Image", 2000));
}

/// References whose objects are gone and that keep what is to be released, in a list of the application's; the virtual machine has the first ones of them in its own.
#[test]
fn references_on_their_way_to_their_queue_are_held_by_whoever_made_them() {
    let mut heap = HeapBuilder::hotspot17();
    let handles = payload(&mut heap, "com.acme.Handle", 400, 4096);
    let phantom = heap.class_named("java.lang.ref.PhantomReference");
    let class = heap.app_class("com.acme.TextureRef").extends(phantom).field("handle", Kind::Ref).build();
    let references: Vec<Addr> = handles
        .iter()
        .map(|&handle| {
            let none = [Value::NULL; 4];
            heap.instance(class, &[&[Value::Ref(handle)][..], &none].concat())
        })
        .collect();
    for (&object, number) in references.iter().take(12).zip(0..) {
        heap.root(Root::JniGlobal { object, handle: Addr(0x7000_0000 + 8 * number) });
    }
    let list = heap.array_list(&references);
    let reaper = one_field(&mut heap, "com.acme.Reaper", "all", list);
    heap.thread("renderer").field("target", Value::Ref(reaper)).build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Reaper.all");
    assert_ne!(
        first.root.as_ref().map(|root| format!("{root:?}").contains("Jni")),
        Some(true),
        "{:?}",
        first.root
    );
}
