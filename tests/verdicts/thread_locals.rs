//! Verdicts about thread-locals, and about the references that the collector has cleared and nobody has taken off its list.

use crate::{bytes, english, held_by_static, ids, judge, library_object, payload, report_of, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Root, Value};
use oomph::hprof::ObjectId;
use oomph::render::text::Language;
use oomph::report::{HolderKind, Report, Standing, SuspectKind};

/// Two threads whose maps have `of_each` values, the keys of which the last collection has cleared. The collector's list chains the entries, and its
/// head is a root. A healthy map is larger than each value.
fn left_over(of_each: i32) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let settings: Vec<(Addr, Addr)> = (0..400)
        .map(|number| (heap.string(&format!("setting.{number}")), heap.string(&format!("value {number}"))))
        .collect();
    let settings = heap.hash_map(&settings);
    held_by_static(&mut heap, "com.acme.Platform", "SETTINGS", settings);
    let mut waiting: Vec<Addr> = Vec::new();
    for number in 0..2 {
        let entries: Vec<Addr> = (0..of_each)
            .map(|at| {
                let (key, data) = (heap.boxed_int(at + 1000), bytes(&mut heap, 700));
                let value = heap.hash_map(&[(key, data)]);
                heap.instance_with(entry, &[("value", Value::Ref(value))])
            })
            .collect();
        waiting.extend(&entries);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &entries);
        let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
        heap.thread(&format!("fix-session-{number}")).field("threadLocals", Value::Ref(locals)).build();
    }
    for pair in waiting.windows(2) {
        heap.set_field(pair[0], "discovered", Value::Ref(pair[1]));
    }
    heap.root(Root::JniGlobal { object: waiting[0], handle: Addr(0x7000_0000) });
    heap
}

#[test]
fn values_of_thread_locals_that_are_gone_are_held_by_the_maps_of_their_threads() {
    let report = report_of(&snapshot(left_over(1000)));
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.standing), (SuspectKind::Leak, Standing::Blamed));
    assert_eq!(first.holder.kind, HolderKind::ThreadLocal, "{:?}", first.holder);
    assert_eq!(first.class, "java.util.HashMap");
    assert!(first.retained_bytes >= 2000 * 700, "{}", first.retained_bytes);
    let title = Language::En.text(&first.title);
    let held = " HashMap held by java.lang.Thread.threadLocals in 2 threads fix-session-*";
    assert!(title.ends_with(held), "{title}");
    let told: Vec<String> = first.activity.iter().map(|text| Language::En.text(text)).collect();
    let counted = "The threads have 2,000 entries of thread-locals; 2,000 of them have lost their key: \
                   those ThreadLocals are gone, and their values have stayed.";
    assert_eq!(told, [counted]);
    assert_eq!(ids(&first.advice), ["suspect-advice-thread-local-of-objects"]);
    assert!(!first.is_leak_if_it_grows());
}

#[test]
fn a_reference_that_only_the_list_of_the_collector_has_is_reachable() {
    let mut heap = HeapBuilder::hotspot17();
    let weak = heap.class_named("java.lang.ref.WeakReference");
    let weak = heap.app_class("com.acme.Key").extends(weak).field("data", Kind::Ref).build();
    let references: Vec<Addr> = (0..4)
        .map(|_| {
            let data = bytes(&mut heap, 1000);
            heap.instance_with(weak, &[("data", Value::Ref(data))])
        })
        .collect();
    for pair in references.windows(2) {
        heap.set_field(pair[0], "discovered", Value::Ref(pair[1]));
    }
    // The third one has a holder of its own.
    held_by_static(&mut heap, "com.acme.Keys", "THIRD", references[2]);
    heap.root(Root::JniGlobal { object: references[0], handle: Addr(0x7000_0000) });
    let snapshot = snapshot(heap);
    let find = |address: Addr| snapshot.find(ObjectId(address.0)).expect("an object of the heap");
    assert!(references.iter().all(|&reference| snapshot.is_reachable(find(reference))));
    let keys = snapshot.static_reference("com.acme.Keys", "THIRD").unwrap();
    assert_eq!(keys, find(references[2]));
    let mirror = snapshot.classes().named("com.acme.Keys")[0];
    let mirror = snapshot.classes().get(mirror).mirror.get().unwrap();
    // It is its holder's, although the list leads to it as well.
    assert_eq!(snapshot.dominators().immediate_dominator(keys).object(), Some(mirror));
    snapshot.certify().unwrap();
}

/// A thread-local in a static field, and threads `name-0`, `name-1` and so on that have these values for it.
pub(crate) fn with_values(heap: &mut HeapBuilder, field: (&str, &str), name: &str, values: &[Addr]) {
    let threads: Vec<Valued> =
        (0..).zip(values).map(|(number, &value)| Valued::idle(name, number, value)).collect();
    with_threads(heap, field, &threads);
}

/// A thread with its value of a thread-local, and what it has in hand in a method of `com.acme.Work`, if it is in one.
pub(crate) struct Valued {
    name: String,
    value: Addr,
    in_hand: Vec<Addr>,
    is_throwing: bool,
}

impl Valued {
    fn idle(name: &str, number: usize, value: Addr) -> Self {
        Self { name: format!("{name}-{number}"), value, in_hand: Vec::new(), is_throwing: false }
    }
}

/// A thread-local in a static field, and these threads.
pub(crate) fn with_threads(heap: &mut HeapBuilder, field: (&str, &str), threads: &[Valued]) {
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    held_by_static(heap, field.0, field.1, key);
    let work = heap.app_class("com.acme.Work").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    for Valued { name, value, in_hand, is_throwing } in threads {
        let found =
            heap.instance_with(entry, &[("referent", Value::Ref(key)), ("value", Value::Ref(*value))]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
        let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
        let mut thread = heap.thread(name).field("threadLocals", Value::Ref(locals));
        if *is_throwing {
            thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
        }
        if !in_hand.is_empty() {
            thread = thread.frame(work, "step", "()V", "Work.java", 8);
            thread = in_hand.iter().fold(thread, |thread, &object| thread.local(object));
        }
        thread.build();
    }
}

/// Threads of a pool each of which has a value of 100 KiB in a thread-local: one of its own, or one and the same that a server has in a field, too, and
/// that would be more than the heap if it were counted for each.
fn handlers(is_shared: bool) -> bool {
    let mut heap = HeapBuilder::hotspot17();
    let channel = bytes(&mut heap, 100 << 10);
    held_by_static(&mut heap, "com.acme.Server", "CHANNEL", channel);
    let values = [(); 20].map(|()| if is_shared { channel } else { bytes(&mut heap, 100 << 10) });
    with_values(&mut heap, ("com.acme.Server2", "CURRENT"), "handler", &values);
    let report = report_of(&snapshot(heap));
    report.findings.iter().any(|finding| finding.id == "java.thread-local")
}

#[test]
fn what_all_threads_share_is_not_what_their_thread_locals_keep() {
    assert!(handlers(false));
    assert!(!handlers(true));
}

/// A heap that may take so much.
pub(crate) fn heap_of(limit: i64) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    heap
}

/// Workers with a buffer each, in a heap that may take so much.
fn with_buffers(lengths: [usize; 2], limit: i64) -> Report {
    let mut heap = heap_of(limit);
    let values: Vec<Addr> = (0..8).map(|number| bytes(&mut heap, lengths[number % 2])).collect();
    with_values(&mut heap, ("com.acme.Chunker", "BUFFER"), "hash", &values);
    report_of(&snapshot(heap))
}

/// What they hold, and whether the rule about thread-locals speaks.
fn buffers(lengths: [usize; 2], limit: i64) -> (Standing, bool) {
    let report = with_buffers(lengths, limit);
    let is_found = report.findings.iter().any(|finding| finding.id == "java.thread-local");
    (report.suspects[0].standing, is_found)
}

#[test]
fn a_buffer_in_each_thread_that_is_little_of_what_the_heap_may_take_is_no_leak() {
    const LENGTH: usize = 1 << 20;
    let same = [LENGTH, LENGTH];
    assert_eq!(buffers(same, 256 << 20), (Standing::Largest, false));
    assert_eq!(buffers(same, 32 << 20), (Standing::Blamed, true));
    // Nobody has set a limit to this heap: a quarter of the machine's memory is no measure.
    assert!(buffers(same, 1 << 30).1);
    // They grow.
    let report = with_buffers([LENGTH, 2 << 20], 512 << 20);
    assert_eq!(report.suspects[0].standing, Standing::Blamed);
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-thread-local");
}

/// Workers with a workspace each, which has two arrays or a text besides; the verdict.
fn workspaces(lengths: [usize; 2], has_name: bool, limit: i64) -> (bool, String) {
    let mut heap = heap_of(limit);
    let class = heap.app_class("com.acme.Workspace").field("window", Kind::Ref).field("table", Kind::Ref);
    let class = class.field("name", Kind::Ref).build();
    let values: Vec<Addr> = (0..8)
        .map(|number| {
            let window = bytes(&mut heap, lengths[number % 2]);
            let table = bytes(&mut heap, 1 << 18);
            let name = if has_name { heap.string(&format!("request {number}")) } else { Addr::NULL };
            heap.instance(class, &[Value::Ref(window), Value::Ref(table), Value::Ref(name)])
        })
        .collect();
    with_values(&mut heap, ("com.acme.Compressor", "WORKSPACE"), "codec", &values);
    let report = report_of(&snapshot(heap));
    let first = &report.suspects[0];
    assert_eq!((first.standing, &*first.class), (Standing::Blamed, "com.acme.Workspace"));
    (first.is_leak_if_it_grows(), english(&report.verdict.sentences))
}

#[test]
fn arrays_of_one_length_in_each_thread_are_told_not_to_grow() {
    let same = [1 << 20, 1 << 20];
    let (is_open, verdict) = workspaces(same, false, 120 << 20);
    assert!(is_open);
    assert_eq!(
        verdict,
        "8 Workspace held by com.acme.Compressor.WORKSPACE: 10.0 MiB, >99% of what is in use. There is one for each thread, all alike, and none of them grows; \
         they stay as long as the threads live. The heap is not under pressure: what is in use is 8.3% of about 120 MiB that it may take."
    );
    assert!(!workspaces([1 << 20, 1 << 19], false, 120 << 20).0, "they grow");
    assert!(!workspaces(same, false, 4 << 30).0, "nobody has set a limit");
    assert!(!workspaces(same, true, 120 << 20).0, "what a request has left");
    assert!(!workspaces(same, false, 64 << 20).0, "much of the heap");
}

/// Threads that each have the cell of an actor in a thread-local of the library's for the time of a message: all of them the same one, of a system that no field leads to, or one of
/// its own.
fn contexts(is_shared: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 4000, 2000);
    let reference = |name, to| [(name, Kind::Ref, Value::Ref(to))];
    let mut cells: Vec<Addr> = Vec::new();
    for part in orders.chunks(if is_shared { 4000 } else { 1000 }) {
        let children = heap.array_list(part);
        cells.push(library_object(&mut heap, "org.actors.ActorCell", &reference("children", children)));
    }
    let values = [0, 1, 2, 3].map(|at| {
        let cell = cells[at % cells.len()];
        library_object(&mut heap, "org.actors.Context", &reference("cell", cell))
    });
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    let loader = heap.app_class_loader();
    let declaring = heap.class("org.actors.Contexts").loader(loader).static_field("CURRENT", Value::Ref(key));
    declaring.sticky().build();
    for (number, value) in values.into_iter().enumerate() {
        let found = heap.instance_with(entry, &[("referent", Value::Ref(key)), ("value", Value::Ref(value))]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
        let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
        heap.thread(&format!("dispatcher-{number}")).field("threadLocals", Value::Ref(locals)).build();
    }
    english(&judge(heap).verdict.sentences)
}

#[test]
fn what_a_librarys_thread_local_only_borrows_is_held_by_the_field_behind_it() {
    let said = contexts(true);
    assert!(said.contains("4,000 Order held by org.actors.ActorCell.children"), "{said}");
    let said = contexts(false);
    assert!(said.contains("held by org.actors.Contexts.CURRENT"), "{said}");
}

/// What a thread at work has in hand of its own trace.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Nothing,
    Trace,
    List,
    Array,
}

/// Threads of these names with so many steps each in the trace that a thread-local keeps for it, and what they have in hand of that; the last one throws.
fn traces(threads: &[(&str, usize, Part)]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let all = payload(&mut heap, "com.acme.Step", threads.iter().map(|&(_, count, _)| count).sum(), 1000);
    let list = heap.class_named("java.util.ArrayList");
    let trace = heap.app_class("com.acme.Trace").field("steps", Kind::Ref).build();
    let mut left = &all[..];
    let mut valued: Vec<Valued> = threads
        .iter()
        .map(|&(name, count, part)| {
            let (own, others) = left.split_at(count);
            left = others;
            let array = heap.object_array("java.lang.Object[]", own);
            let fields =
                [("elementData", Value::Ref(array)), ("size", Value::Int(i32::try_from(count).unwrap()))];
            let steps = heap.instance_with(list, &fields);
            let value = heap.instance(trace, &[Value::Ref(steps)]);
            let in_hand = match part {
                Part::Nothing => vec![],
                Part::Trace => vec![value],
                Part::List => vec![value, steps],
                Part::Array => vec![value, steps, array],
            };
            Valued { name: name.to_owned(), value, in_hand, is_throwing: false }
        })
        .collect();
    if let Some(last) = valued.last_mut() {
        last.is_throwing = true;
    }
    with_threads(&mut heap, ("com.acme.Traces", "CURRENT"), &valued);
    judge(heap)
}

#[test]
fn what_a_thread_is_at_work_with_is_its_thread_locals_as_well() {
    let all = [Part::Nothing, Part::Trace, Part::List, Part::Array];
    for part in all {
        let report = traces(&[
            ("price-1", 400, Part::Nothing),
            ("price-2", 500, Part::Nothing),
            ("price-3", 450, part),
        ]);
        let first = &report.suspects[0];
        assert_eq!(first.holder.label(), "com.acme.Traces.CURRENT");
        assert_eq!((&*first.class, first.instances), ("com.acme.Step", 1350), "{part:?}");
        assert_eq!(report.suspects.iter().filter(|suspect| suspect.kind == SuspectKind::Leak).count(), 1);
        let said = english(&first.activity);
        assert!(
            said.contains("CURRENT is a ThreadLocal: 3 threads price-* have a value of their own in it"),
            "{said}"
        );
        let finding = report.findings.iter().find(|finding| finding.id == "java.thread-local").unwrap();
        assert_eq!(finding.count, 3);
        assert!(finding.bytes >= 1350 * 1000, "{}", finding.bytes);
        assert!(english(&report.verdict.sentences).contains("It stays as long as the threads live"));
    }
}

#[test]
fn who_has_most_in_a_thread_local_is_told_with_what_the_others_have() {
    for part in [Part::Nothing, Part::Array] {
        let mut threads = vec![("main", 4000, part)];
        threads.extend(["price-1", "price-2", "price-3"].map(|name| (name, 100, Part::Nothing)));
        threads.push(("price-4", 100, part));
        let report = traces(&threads);
        let first = &report.suspects[0];
        assert_eq!((&*first.class, first.instances), ("com.acme.Step", 4400));
        let said = english(&first.activity);
        let expected = "CURRENT is a ThreadLocal: 5 threads have a value of their own in it. That of main is the largest, ";
        assert!(said.starts_with(expected), "{said}");
        assert!(said.contains("; the others, price-*, have about "), "{said}");
    }
}

/// A thread whose context leads to the request that it serves, which it has in hand, and nobody keeps.
#[test]
fn what_a_value_only_notes_is_not_kept_by_the_thread_local() {
    let mut heap = HeapBuilder::hotspot17();
    let data = bytes(&mut heap, 8 << 20);
    let request = heap.app_class("com.acme.Request").field("data", Kind::Ref).build();
    let request = heap.instance(request, &[Value::Ref(data)]);
    let context = heap.app_class("com.acme.Context").field("request", Kind::Ref).build();
    let value = heap.instance(context, &[Value::Ref(request)]);
    let thread = Valued { name: "http-1".to_owned(), value, in_hand: vec![request], is_throwing: true };
    with_threads(&mut heap, ("com.acme.Contexts", "CURRENT"), &[thread]);
    let report = judge(heap);
    assert!(!report.findings.iter().any(|finding| finding.id == "java.thread-local"));
}
