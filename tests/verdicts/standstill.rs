//! Programs that stand still although no pool is full: nobody accepts, nobody notifies, no carrier is free, permits are lost or at work.

use crate::pool::{PARKED, PARKS, RUNNABLE};
use crate::{held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Root, Value};
use oomph::render::text::Language;
use oomph::report::{Finding, Report, Severity, Standing};

/// A state as HotSpot writes it.
const WAITS: i32 = 0x191;

fn verdict(report: &Report) -> String {
    Language::En.text(&report.verdict.sentences[0])
}

fn of<'r>(report: &'r Report, id: &str) -> Option<&'r Finding> {
    report.findings.iter().find(|finding| finding.id == id)
}

/// A server whose one thread reads from a socket with that local port; another thread may be there that accepts.
fn server(port: i32, is_accepted: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let inside = heap.class("sun.nio.ch.NioSocketImpl");
    let inside =
        inside.field("state", Kind::Int).field("server", Kind::Boolean).field("localport", Kind::Int);
    let class = inside.build();
    let inside = heap.instance(class, &[Value::Int(1), Value::Boolean(true), Value::Int(7070)]);
    let client = heap.instance(class, &[Value::Int(3), Value::Boolean(false), Value::Int(port)]);
    let socket = heap.class("java.net.ServerSocket").field("impl", Kind::Ref).build();
    let accepts = socket;
    let socket = heap.instance(socket, &[Value::Ref(inside)]);
    let door = heap.app_class("com.acme.FrontDoor").field("server", Kind::Ref).build();
    let this = heap.instance(door, &[Value::Ref(socket)]);
    let reads = heap.class("sun.nio.ch.SocketDispatcher").build();
    let net = heap.class("sun.nio.ch.Net").build();
    let thread = heap.thread("front-door").status(RUNNABLE).frame(reads, "read0", "()I", "X.java", 7);
    let thread = thread.local(client);
    let thread = thread.frame(door, "serve", "()V", "FrontDoor.java", 6).local(this);
    thread.frame(door, "run", "()V", "FrontDoor.java", 5).build();
    if is_accepted {
        let thread = heap.thread("acceptor").status(RUNNABLE).frame(net, "accept", "()I", "X.java", 7);
        thread.frame(accepts, "accept", "()V", "X.java", 7).local(socket).build();
    }
    judge(heap)
}

#[test]
fn a_server_that_serves_one_client_and_accepts_nobody_meanwhile_is_told() {
    let report = server(7070, false);
    assert_eq!(
        verdict(&report),
        "No thread accepts connections of com.acme.FrontDoor.server: front-door, which has it in hand, is in \
         com.acme.FrontDoor.serve(FrontDoor.java:6), reading from the network."
    );
    assert_eq!(of(&report, "threads.busy-acceptor").unwrap().severity, Severity::Warning);
    assert_eq!(of(&server(7070, true), "threads.busy-acceptor"), None);
    assert_eq!(of(&server(50123, false), "threads.busy-acceptor"), None, "it is a client itself");
}

/// Consumers that wait on a mailbox with so many letters; a producer may be at work with it.
fn mailbox(consumers: usize, letters: usize, is_at_work: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let letter = heap.string("letter");
    let list = heap.array_list(&vec![letter; letters]);
    let mailbox = heap.app_class("com.acme.Mailbox").field("letters", Kind::Ref).build();
    let this = heap.instance(mailbox, &[Value::Ref(list)]);
    let object = heap.class_named("java.lang.Object");
    for number in 0..consumers {
        let thread = heap.thread(&format!("consumer-{number}")).status(WAITS);
        let thread = thread.frame(object, "wait", "(J)V", "Object.java", 7).local(this);
        let thread = thread.frame(mailbox, "get", "()V", "Mailbox.java", 5).local(this).build();
        // Since JDK 21 `Object.wait` looks at the thread that waits.
        heap.root(Root::JavaFrame { object: thread.object, thread: thread.serial, frame: 0 });
    }
    if is_at_work {
        let thread = heap.thread("producer").status(RUNNABLE);
        thread.frame(mailbox, "put", "()V", "Mailbox.java", 9).local(this).build();
    }
    held_by_static(&mut heap, "com.acme.App", "MAILBOX", this);
    judge(heap)
}

#[test]
fn threads_that_wait_for_what_is_there_were_not_notified() {
    let report = mailbox(10, 40, false);
    assert_eq!(
        verdict(&report),
        "10 threads consumer-* wait in com.acme.Mailbox.get(Mailbox.java:5) to be notified, while \
         com.acme.Mailbox.letters has 40 elements and nobody is at work with it: if that is what they wait for, a notify was lost."
    );
    for (report, why) in [
        (mailbox(10, 0, false), "there is nothing to take"),
        (mailbox(10, 40, true), "the producer has not called notify yet"),
        (mailbox(1, 40, false), "one may be on its way"),
    ] {
        assert_eq!(of(&report, "threads.not-notified"), None, "{why}");
    }
}

/// Two carriers, so many virtual threads that run and so many that were not begun.
fn virtual_threads(running: usize, waiting: usize) -> Report {
    const STARTED: i32 = 1;
    const RUNNING: i32 = 3;
    let mut heap = HeapBuilder::hotspot21();
    let thread = heap.class_named("java.lang.Thread");
    let base = heap.class("java.lang.BaseVirtualThread").extends(thread).build();
    let class = heap.class("java.lang.VirtualThread").extends(base).field("state", Kind::Int);
    let class = class
        .static_field("STARTED", Value::Int(STARTED))
        .static_field("RUNNING", Value::Int(RUNNING))
        .build();
    let carrier = heap.class("jdk.internal.misc.CarrierThread").extends(thread).build();
    let solver = heap.app_class("com.acme.Solver").build();
    for number in 0..2 {
        heap.thread(&format!("ForkJoinPool-1-worker-{number}")).class(carrier).status(RUNNABLE).build();
    }
    let of = |heap: &mut HeapBuilder, name: &str, state: i32, runs: bool| {
        let thread = heap.thread(name).class(class).field("state", Value::Int(state));
        match runs {
            true => thread.frame(solver, "run", "()V", "Solver.java", 3).build(),
            false => thread.build(),
        };
    };
    for number in 0..running {
        of(&mut heap, &format!("solve-{number}"), RUNNING, true);
    }
    for number in 0..waiting {
        of(&mut heap, &format!("mail-{number}"), STARTED, false);
    }
    judge(heap)
}

#[test]
fn virtual_threads_that_get_no_carrier_are_told_with_those_that_have_them() {
    assert_eq!(
        verdict(&virtual_threads(2, 500)),
        "500 virtual threads mail-* wait for a carrier: all 2 are taken by solve-* in com.acme.Solver.run(Solver.java:3), running."
    );
    assert_eq!(of(&virtual_threads(1, 500), "threads.no-carrier"), None, "a carrier is free");
    assert_eq!(of(&virtual_threads(2, 50), "threads.no-carrier"), None, "they are soon served");
}

/// Threads that wait for a permit, and some that may have one and read from the network.
fn permits(waiting: usize, at_work: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let sync = heap.class("java.util.concurrent.Semaphore$NonfairSync").field("state", Kind::Int).build();
    let sync = heap.instance(sync, &[Value::Int(0)]);
    let semaphore = heap.class("java.util.concurrent.Semaphore").field("sync", Kind::Ref).build();
    let semaphore = heap.instance(semaphore, &[Value::Ref(sync)]);
    held_by_static(&mut heap, "com.acme.Limits", "PERMITS", semaphore);
    let gate = heap.app_class("com.acme.Gate").build();
    let net = heap.class("sun.nio.ch.SocketDispatcher").build();
    let parks: Vec<(ClassRef, &str)> =
        PARKS.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
    for number in 0..waiting + at_work {
        let mut thread = heap.thread(&format!("call-{number}"));
        if number < waiting {
            thread = thread.status(PARKED).field("parkBlocker", Value::Ref(sync));
            for &(class, method) in &parks {
                thread = thread.frame(class, method, "()V", "X.java", 7);
            }
        } else {
            thread = thread.status(RUNNABLE).frame(net, "read0", "()V", "X.java", 7);
        }
        thread.frame(gate, "call", "()V", "Gate.java", 6).build();
    }
    judge(heap)
}

#[test]
fn permits_that_are_lost_are_told_from_those_that_are_at_work() {
    let waits = "in com.acme.Gate.call(Gate.java:6)";
    let lost = verdict(&permits(40, 0));
    assert_eq!(
        lost,
        format!(
            "All 40 threads call-* are {waits}, waiting for a permit of com.acme.Limits.PERMITS, which has none left; no \
             other thread is in that method: whoever has taken permits there has not given them back."
        )
    );
    let busy = verdict(&permits(30, 4));
    assert_eq!(
        busy,
        format!(
            "All 34 threads call-* are {waits}, 30 of them waiting for a permit of com.acme.Limits.PERMITS, which has none \
             left; the 4 others in it are reading from the network."
        )
    );
}

fn class_of(heap: &mut HeapBuilder, name: &str) -> ClassRef {
    if name == "java.lang.Thread" { heap.class_named(name) } else { heap.class(name).build() }
}

/// Threads that wait for the monitor of a static field, which the last one has in two slots while it stands in these innermost frames.
fn monitor(inner: &[(&str, &str)]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let lock = heap.class_named("java.lang.Object");
    let lock = heap.instance(lock, &[]);
    held_by_static(&mut heap, "com.acme.Log", "OUT", lock);
    let log = heap.app_class("com.acme.Chatty").build();
    for number in 0..12 {
        let thread = heap.thread(&format!("worker-{number}")).status(0x401);
        thread.frame(log, "work", "()V", "Chatty.java", 4).local(lock).build();
    }
    let frames: Vec<(ClassRef, &str)> =
        inner.iter().map(|&(class, method)| (class_of(&mut heap, class), method)).collect();
    let mut thread = heap.thread("worker-12").status(RUNNABLE);
    for (class, method) in frames {
        thread = thread.frame(class, method, "()V", "X.java", 7);
    }
    thread.frame(log, "work", "()V", "Chatty.java", 4).local(lock).local(lock).build();
    judge(heap)
}

#[test]
fn a_monitor_is_told_by_its_field_and_by_what_its_owner_does() {
    let report = monitor(&[("java.io.FileOutputStream", "writeBytes")]);
    assert_eq!(
        verdict(&report),
        "All 13 threads worker-* are in com.acme.Chatty.work(Chatty.java:4), 12 of them waiting for the monitor of \
         com.acme.Log.OUT; worker-12 is in it and writing to a file, a pipe or the console."
    );
    let finding = of(&report, "threads.stuck").unwrap();
    assert_eq!(ids(&finding.advice), ["threads-stuck-output-advice"]);
}

#[test]
fn a_lock_that_goes_round_is_no_reason_to_worry() {
    let report = monitor(&[]);
    assert_eq!(of(&report, "threads.stuck").unwrap().severity, Severity::Info);
    assert!(report.verdict.healthy, "its owner computes and waits for nothing: {:?}", report.verdict);
    let report = monitor(&[("java.lang.Thread", "sleep")]);
    assert_eq!(of(&report, "threads.stuck").unwrap().severity, Severity::Warning);
}

/// An error of that message with this stack of classes, the innermost first, which `com.acme.Health` keeps.
fn kept_error(heap: &mut HeapBuilder, message: &str, classes: &[&str]) {
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let message = heap.string(message);
    let mirrors: Vec<Addr> = classes
        .iter()
        .map(|class| match class.starts_with("com.acme.") {
            true => heap.app_class(class).build().address(),
            false => heap.class_named(class).address(),
        })
        .collect();
    let depth = i32::try_from(mirrors.len()).unwrap();
    let mirrors = heap.object_array("java.lang.Object[]", &mirrors);
    let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
    let fields = [
        ("backtrace", Value::Ref(backtrace)),
        ("depth", Value::Int(depth)),
        ("detailMessage", Value::Ref(message)),
    ];
    let error = heap.instance_with(error, &fields);
    held_by_static(heap, "com.acme.Health", "lastError", error);
}

#[test]
fn an_error_that_was_kept_is_told_with_where_it_was_thrown_and_who_keeps_it() {
    let mut heap = HeapBuilder::hotspot17();
    kept_error(&mut heap, "Java heap space", &["java.lang.String", "com.acme.Thumbs"]);
    let report = judge(heap);
    assert_eq!(
        verdict(&report),
        "An OutOfMemoryError was thrown in com.acme.Thumbs before this dump was made, and com.acme.Health.lastError keeps \
         it: Java heap space."
    );
    assert_eq!(ids(&of(&report, "oom.thrown-earlier").unwrap().advice), ["oom-thrown-kept-advice"]);
    let mut heap = HeapBuilder::hotspot17();
    let message = "Required length exceeds implementation limit";
    kept_error(&mut heap, message, &["java.lang.String", "com.acme.Pad"]);
    let report = judge(heap);
    assert_eq!(ids(&of(&report, "oom.thrown-earlier").unwrap().advice), ["oom-thrown-array-advice"]);
}

#[test]
fn an_error_that_the_application_made_itself_is_none_of_the_heap() {
    let mut heap = HeapBuilder::hotspot17();
    kept_error(&mut heap, "tenant quota of 64 MB used up", &["com.acme.Quota", "java.lang.String"]);
    let report = judge(heap);
    assert!(report.verdict.healthy);
    let last = Language::En.text(report.verdict.sentences.last().unwrap());
    assert_eq!(
        last,
        "An OutOfMemoryError was made by the application itself, in com.acme.Quota: the virtual machine had memory."
    );
    let page = format!("{report:?}");
    assert!(!page.contains("tenant quota"), "what it says is the application's");
    // A library makes some to compare with, and throws none of them.
    let mut heap = HeapBuilder::hotspot17();
    kept_error(&mut heap, "sentinel", &["java.lang.String"]);
    assert_eq!(of(&judge(heap), "oom.made-by-application"), None);
}

/// A direct buffer of 60 of the 64 MiB that there may be, and perhaps an error that says that no more was to be had.
fn direct(has_run_out: bool) -> Report {
    direct_beside(HeapBuilder::hotspot17(), has_run_out)
}

/// The same in a heap with other things.
fn direct_beside(mut heap: HeapBuilder, has_run_out: bool) -> Report {
    let bits = heap.class("java.nio.Bits").static_field("MAX_MEMORY", Value::Long(64 << 20));
    bits.sticky().build();
    let buffer = heap.class("java.nio.Buffer").field("capacity", Kind::Int).field("address", Kind::Long);
    let buffer = buffer.build();
    let buffer = heap.class("java.nio.DirectByteBuffer").extends(buffer);
    let buffer = buffer.field("cleaner", Kind::Ref).field("att", Kind::Ref).build();
    let cleaner = heap.class("jdk.internal.ref.Cleaner").build();
    let cleaner = heap.instance(cleaner, &[]);
    let fields =
        [("capacity", Value::Int(60 << 20)), ("address", Value::Long(1)), ("cleaner", Value::Ref(cleaner))];
    let buffer = heap.instance_with(buffer, &fields);
    held_by_static(&mut heap, "com.acme.Buffers", "FREE", buffer);
    if has_run_out {
        let message =
            "Cannot reserve 6291456 bytes of direct buffer memory (allocated: 62914560, limit: 67108864)";
        kept_error(&mut heap, message, &["com.acme.Buffers", "com.acme.Upload"]);
    }
    judge(heap)
}

#[test]
fn where_direct_memory_has_run_out_the_verdict_names_who_has_it() {
    let report = direct(true);
    assert_eq!(of(&report, "off-heap.direct-memory").unwrap().severity, Severity::Error);
    assert!(verdict(&report).starts_with("Direct buffers take 60.0 MiB"), "{}", verdict(&report));
    assert!(verdict(&report).contains("com.acme.Buffers.FREE"), "{}", verdict(&report));
    assert!(of(&report, "oom.thrown-earlier").is_some(), "it is told below");
    let thrown = |text: &oomph::report::Text| Language::En.text(text).contains("was thrown");
    assert!(!report.verdict.sentences.iter().any(thrown), "once is enough: {:?}", report.verdict.sentences);
    assert_eq!(of(&direct(false), "off-heap.direct-memory").unwrap().severity, Severity::Warning);
}

#[test]
fn what_is_small_beside_the_direct_memory_that_has_run_out_is_not_to_blame() {
    let beside = |has_run_out: bool, size: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let names = payload(&mut heap, "com.acme.Name", 3000, size / 3000);
        let names = heap.array_list(&names);
        held_by_static(&mut heap, "com.acme.Codec", "NAMES", names);
        direct_beside(heap, has_run_out)
    };
    let little = beside(true, 3 << 20);
    assert_eq!(little.suspects[0].holder.label(), "com.acme.Codec.NAMES");
    assert_eq!(little.suspects[0].standing, Standing::Largest);
    assert!(!little.verdict.healthy);
    assert!(verdict(&little).starts_with("Direct buffers take 60.0 MiB"), "{}", verdict(&little));
    let sentences = format!("{:?}", little.verdict.sentences);
    assert!(!sentences.contains("Codec"), "{sentences}");
    assert_eq!(beside(false, 3 << 20).suspects[0].standing, Standing::Blamed, "there was room for buffers");
    assert_eq!(beside(true, 20 << 20).suspects[0].standing, Standing::Blamed, "that is much by itself");
}

/// Threads of an encoder, each with a direct buffer in a thread-local.
#[test]
fn direct_buffers_in_a_thread_local_are_told_with_how_many_threads_have_one() {
    let report = in_thread_local("com.acme.Encoder");
    let told = Language::En.text(&of(&report, "off-heap.direct-memory").unwrap().evidence[0]);
    let expected = "The thread-local com.acme.Encoder.BUF holds 40 of them with 40.0 MiB, in 40 threads such as encoder-";
    assert!(told.starts_with(expected), "{told}");
    // The title names a field of the application's own. Of the JDK's it does not, but who reads the verdict has to know it.
    let held = |report: &Report| {
        let mut sentences = report.verdict.sentences.iter();
        sentences.any(|text| text.is_message("off-heap-held-in-threads"))
    };
    assert!(!held(&report) && verdict(&report).contains("com.acme.Encoder.BUF"), "{:?}", report.verdict);
    assert!(held(&in_thread_local("sun.nio.ch.Util")));
}

fn in_thread_local(class: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let bits = heap.class("java.nio.Bits").static_field("MAX_MEMORY", Value::Long(40 << 20));
    bits.sticky().build();
    let buffer = heap.class("java.nio.Buffer").field("capacity", Kind::Int).field("address", Kind::Long);
    let buffer = buffer.build();
    let buffer = heap.class("java.nio.DirectByteBuffer").extends(buffer).field("cleaner", Kind::Ref).build();
    let cleaner = heap.class("jdk.internal.ref.Cleaner").build();
    let cleaner = heap.instance(cleaner, &[]);
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    held_by_static(&mut heap, class, "BUF", key);
    for number in 0..40 {
        let fields = [
            ("capacity", Value::Int(1 << 20)),
            ("address", Value::Long(1)),
            ("cleaner", Value::Ref(cleaner)),
        ];
        let value = heap.instance_with(buffer, &fields);
        let found = heap.instance_with(entry, &[("referent", Value::Ref(key)), ("value", Value::Ref(value))]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
        let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
        heap.thread(&format!("encoder-{number}")).field("threadLocals", Value::Ref(locals)).build();
    }
    judge(heap)
}
