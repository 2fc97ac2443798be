//! Queues that are full because nobody takes from them, barriers to which nobody comes.

use crate::{bytes, english, held_by_static, ids, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Finding, Report, Standing};

const PARKED: i32 = 0x291;

/// A log with a full queue of 20 places in a field, and threads that wait to put into it.
struct Log {
    heap: HeapBuilder,
    /// The object with the queue, its class, the queue.
    log: Addr,
    class: ClassRef,
    queue: Addr,
}

impl Log {
    fn new(putting: usize) -> Self {
        let mut heap = HeapBuilder::hotspot17();
        let condition =
            heap.class("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject").build();
        let room = heap.instance(condition, &[]);
        let events = payload(&mut heap, "com.acme.Event", 20, 64);
        let items = heap.object_array("java.lang.Object[]", &events);
        let abq = heap
            .class("java.util.concurrent.ArrayBlockingQueue")
            .field("items", Kind::Ref)
            .field("count", Kind::Int)
            .field("notFull", Kind::Ref)
            .build();
        let queue = heap.instance(abq, &[Value::Ref(items), Value::Int(20), Value::Ref(room)]);
        let class =
            heap.app_class("com.acme.AuditLog").field("queue", Kind::Ref).field("writer", Kind::Ref).build();
        let log = heap.instance(class, &[Value::Ref(queue), Value::Ref(Addr::NULL)]);
        held_by_static(&mut heap, "com.acme.App", "LOG", log);
        let park = heap.class("jdk.internal.misc.Unsafe").build();
        for number in 0..putting {
            let thread = heap.thread(&format!("pay-{number}")).status(PARKED);
            thread
                .field("parkBlocker", Value::Ref(room))
                .frame(park, "park", "()V", "Unsafe.java", -3)
                .frame(abq, "put", "()V", "ArrayBlockingQueue.java", 371)
                .local(queue)
                .frame(class, "log", "()V", "AuditLog.java", 8)
                .local(log)
                .build();
        }
        let main = heap.app_class("com.acme.Main").build();
        let thread = heap.thread("main").status(PARKED);
        thread.frame(main, "main", "([Ljava/lang/String;)V", "Main.java", 3).local(log).build();
        Self { heap, log, class, queue }
    }

    /// The thread that the log has in a field has ended.
    fn with_ended_writer(mut self) -> Self {
        let thread = self.heap.class_named("java.lang.Thread");
        let name = self.heap.string("audit-writer");
        let fields = [("name", Value::Ref(name)), ("threadStatus", Value::Int(2))];
        let writer = self.heap.instance_with(thread, &fields);
        self.heap.set_field(self.log, "writer", Value::Ref(writer));
        self
    }
}

fn full(report: &Report) -> Option<&Finding> {
    report.findings.iter().find(|finding| finding.id == "threads.full-queue")
}

#[test]
fn threads_that_put_into_a_full_queue_that_nobody_takes_from_are_told() {
    let report = judge(Log::new(12).heap);
    assert_eq!(
        Language::En.text(&report.verdict.sentences[0]),
        "12 threads pay-* wait in com.acme.AuditLog.log(AuditLog.java:8) to put into com.acme.AuditLog.queue, which is full \
         (20 of 20), and no thread takes from it."
    );
    let finding = full(&report).unwrap();
    assert_eq!((finding.count, ids(&finding.advice)), (12, vec!["threads-full-queue-advice"]));
    assert!(full(&judge(Log::new(2).heap)).is_none(), "a moment in which nobody takes");
}

#[test]
fn the_consumer_that_has_ended_is_named() {
    let report = judge(Log::new(2).with_ended_writer().heap);
    assert_eq!(
        Language::En.text(&full(&report).unwrap().title),
        "2 threads pay-* wait in com.acme.AuditLog.log(AuditLog.java:8) to put into com.acme.AuditLog.queue, which is full (20 of \
         20): nothing takes from it, and thread audit-writer, which belongs to it, has ended"
    );
}

#[test]
fn who_may_take_from_a_full_queue_is_waited_for() {
    // A thread at work with what it has taken.
    let mut log = Log::new(12).with_ended_writer();
    let drain = log.heap.app_class("com.acme.Drain").field("log", Kind::Ref).build();
    let this = log.heap.instance(drain, &[Value::Ref(log.log)]);
    log.heap.thread("drain").frame(drain, "run", "()V", "Drain.java", 4).local(this).build();
    assert!(full(&judge(log.heap)).is_none(), "a consumer that has the log in a field");
    let mut log = Log::new(12);
    log.heap.thread("drain").frame(log.class, "drain", "()V", "AuditLog.java", 4).build();
    assert!(full(&judge(log.heap)).is_none(), "a consumer in a method of the log");
    // A task that empties it now and then.
    let mut log = Log::new(12);
    let drain = log.heap.app_class("com.acme.Drain").field("queue", Kind::Ref).build();
    let drain = log.heap.instance(drain, &[Value::Ref(log.queue)]);
    let task = log.heap.class("java.util.concurrent.FutureTask").field("callable", Kind::Ref).build();
    let task = log.heap.instance(task, &[Value::Ref(drain)]);
    let (workers, tasks) = (log.heap.array_list(&[]), log.heap.array_list(&[task]));
    let control =
        log.heap.class("java.util.concurrent.atomic.AtomicInteger").field("value", Kind::Int).build();
    let control = log.heap.instance(control, &[Value::Int(-1)]);
    let fields = [("workers", workers), ("workQueue", tasks), ("ctl", control)];
    let class = log.heap.class("java.util.concurrent.ThreadPoolExecutor");
    let class = fields.iter().fold(class, |class, (name, _)| class.field(name, Kind::Ref)).build();
    let executor = log.heap.instance(class, &fields.map(|(_, object)| Value::Ref(object)));
    held_by_static(&mut log.heap, "com.acme.Pools", "TICKS", executor);
    assert!(full(&judge(log.heap)).is_none(), "a task that waits for its turn");
}

/// A barrier of eight, so many threads that wait at it, and may be another one that is at work and leads to it.
fn barrier(waiting: usize, is_on_its_way: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.class("java.util.concurrent.CyclicBarrier");
    let class = class.field("parties", Kind::Int).field("count", Kind::Int).build();
    let missing = i32::try_from(8 - waiting).unwrap();
    let barrier = heap.instance(class, &[Value::Int(8), Value::Int(missing)]);
    held_by_static(&mut heap, "com.acme.Grid", "BARRIER", barrier);
    let step = heap.app_class("com.acme.Step").field("barrier", Kind::Ref).build();
    let park = heap.class("jdk.internal.misc.Unsafe").build();
    for number in 0..waiting {
        let this = heap.instance(step, &[Value::Ref(barrier)]);
        let thread = heap.thread(&format!("cell-{number}")).status(PARKED);
        let thread = thread.frame(park, "park", "()V", "Unsafe.java", -3);
        let thread = thread.frame(class, "await", "()V", "CyclicBarrier.java", 364).local(barrier);
        thread.frame(step, "run", "()V", "Step.java", 5).local(this).build();
    }
    if is_on_its_way {
        let this = heap.instance(step, &[Value::Ref(barrier)]);
        heap.thread("cell-7").frame(step, "compute", "()V", "Step.java", 9).local(this).build();
    }
    judge(heap)
}

#[test]
fn a_barrier_to_which_nobody_comes_any_more_is_told() {
    let told = |report: &Report| {
        let finding = report.findings.iter().find(|finding| finding.id == "threads.missing-party");
        finding.map(|finding| Language::En.text(&finding.title))
    };
    assert_eq!(
        told(&barrier(7, false)).as_deref(),
        Some(
            "7 threads cell-* wait in com.acme.Step.run(Step.java:5) at com.acme.Grid.BARRIER, a CyclicBarrier of 8; one is missing, \
             and no other thread is on its way there"
        )
    );
    assert_eq!(told(&barrier(7, true)), None);
    assert_eq!(told(&barrier(8, false)), None, "all are there");
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.class("java.util.concurrent.CyclicBarrier");
    let class = class.field("parties", Kind::Int).field("count", Kind::Int).build();
    let barrier = heap.instance(class, &[Value::Int(2), Value::Int(1)]);
    let grid = heap.app_class("com.acme.Grid").static_field("BARRIER", Value::Ref(barrier)).sticky().build();
    let thread = heap.thread("cell-1").status(PARKED).frame(class, "await", "()V", "CyclicBarrier.java", 364);
    thread.local(barrier).frame(grid, "step", "()V", "Grid.java", 5).build();
    heap.thread("cell-2").frame(grid, "compute", "()V", "Grid.java", 9).build();
    assert_eq!(told(&judge(heap)), None, "one is in a method of the class that has it in a static field");
}

/// A queue with a limit that has room left, in a heap that may take `limit` bytes.
fn queue_with_room(limit: i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    let mut items = payload(&mut heap, "com.acme.Doc", 300, 8 << 10);
    items.resize(1000, Addr::NULL);
    let items = heap.object_array("java.lang.Object[]", &items);
    let queues = heap.class("java.util.concurrent.ArrayBlockingQueue");
    let queues = queues.field("items", Kind::Ref).field("count", Kind::Int).build();
    let queue = heap.instance(queues, &[Value::Ref(items), Value::Int(300)]);
    held_by_static(&mut heap, "com.acme.Pipeline", "QUEUE", queue);
    judge(heap)
}

#[test]
fn a_queue_that_cannot_take_much_is_not_to_blame_while_it_has_room() {
    assert_eq!(queue_with_room(64 << 20).suspects[0].standing, Standing::Largest);
    assert_eq!(queue_with_room(8 << 20).suspects[0].standing, Standing::Blamed, "it would fill the heap");
}

/// Nobody has to bound what is bounded.
#[test]
fn a_queue_with_room_that_may_take_much_is_told_with_its_limit() {
    for (heap, rest) in [
        (
            16 << 20,
            "elements and cannot grow beyond that; full it would take about 7.86 MiB, 49% of what the heap may take.",
        ),
        (7 << 20, "elements; full it would take about 7.86 MiB, more than the heap may take."),
    ] {
        let report = queue_with_room(heap);
        let suspect = &report.suspects[0];
        assert_eq!(english(&suspect.activity), format!("It has 300 of at most 1,000 {rest}"));
        assert_eq!(ids(&suspect.advice), ["suspect-advice-queue-room"]);
        assert_eq!((suspect.standing, suspect.kind_message()), (Standing::Blamed, "kind-backlog"));
        assert!(ids(&report.verdict.sentences).contains(&"verdict-heap-free"), "in use are 2.4 MiB");
    }
}

/// A queue of 48 places with so many buffers, of which the last is longer than the others by `longer`.
fn queue_of_buffers(count: usize, longer: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(9 << 20)).sticky().build();
    let mut items: Vec<Addr> = (1..count).map(|_| bytes(&mut heap, 100_000)).collect();
    items.push(bytes(&mut heap, 100_000 + longer));
    items.resize(48, Addr::NULL);
    let items = heap.object_array("java.lang.Object[]", &items);
    let queues = heap.class("java.util.concurrent.ArrayBlockingQueue");
    let queues = queues.field("items", Kind::Ref).field("count", Kind::Int).build();
    let count = Value::Int(i32::try_from(count).unwrap());
    let queue = heap.instance(queues, &[Value::Ref(items), count]);
    let pool = one_field(&mut heap, "com.acme.FramePool", "free", queue);
    held_by_static(&mut heap, "com.acme.App", "POOL", pool);
    judge(heap)
}

/// Buffers of one length in a queue that has nearly all that it may have are those of a pool that nobody uses at the moment.
#[test]
fn free_buffers_wait_for_nobody_to_work_them_off() {
    for (count, full) in [(47, "It has 47 of at most 48 elements"), (48, "It has 48 of at most 48 elements")]
    {
        let report = queue_of_buffers(count, 0);
        let first = &report.suspects[0];
        assert_eq!((first.standing, first.kind_message()), (Standing::Largest, "kind-largest"));
        let told = english(&first.activity);
        let buffers = "each a byte[] of 100,000, and cannot grow beyond that: a pool of buffers that are free looks like this.";
        assert_eq!(told, format!("{full}, {buffers}"));
    }
    // Messages have lengths of their own, and half a pool may be a backlog.
    assert_eq!(queue_of_buffers(47, 8).suspects[0].kind_message(), "kind-backlog");
    assert_eq!(queue_of_buffers(30, 0).suspects[0].kind_message(), "kind-backlog");
}

/// A coroutine that goes over a channel keeps an iterator of it in a field while it is suspended: it receives, and holds nothing.
#[test]
fn the_variable_of_a_coroutine_is_no_holder_but_that_of_a_receiver() {
    const CONTINUATION: &str = "kotlin.coroutines.jvm.internal.BaseContinuationImpl";
    for is_in_scope in [false, true] {
        let mut heap = HeapBuilder::hotspot17();
        let events = payload(&mut heap, "com.acme.Event", 600, 8 << 10);
        let events = heap.array_list(&events);
        let segments = [("segments", Kind::Ref, Value::Ref(events))];
        let channel = library_object(&mut heap, "kotlinx.coroutines.channels.BufferedChannel", &segments);
        let audit = one_field(&mut heap, "com.acme.Audit", "events", channel);
        held_by_static(&mut heap, "com.acme.App", "AUDIT", audit);
        let this = [("this$0", Kind::Ref, Value::Ref(channel))];
        let iterator = "kotlinx.coroutines.channels.BufferedChannel$BufferedChannelIterator";
        let iterator = library_object(&mut heap, iterator, &this);
        let loader = heap.app_class_loader();
        let continuation = heap.class(CONTINUATION).loader(loader).field("completion", Kind::Ref).build();
        let coroutine = |heap: &mut HeapBuilder, class: &str, local: Addr, caller: Addr| {
            let class = heap.app_class(class).extends(continuation).field("L$0", Kind::Ref).build();
            let fields = [("L$0", Value::Ref(local)), ("completion", Value::Ref(caller))];
            heap.instance_with(class, &fields)
        };
        let start = coroutine(&mut heap, "com.acme.Audit$start$1", iterator, Addr::NULL);
        // withContext() in a method that ends with it.
        let (class, caller) = if is_in_scope {
            let scope = [("uCont", Kind::Ref, Value::Ref(start))];
            (
                "com.acme.Store$store$2",
                library_object(&mut heap, "kotlinx.coroutines.DispatchedCoroutine", &scope),
            )
        } else {
            ("com.acme.Store$store$1", start)
        };
        let store = coroutine(&mut heap, class, Addr::NULL, caller);
        held_by_static(&mut heap, "com.acme.Timers", "DELAYED", store);
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.holder.label(), "com.acme.Audit.events");
        assert!(first.holders.is_empty(), "{:?}", first.holders);
        let receives = "A coroutine of com.acme.Audit.start receives from it, and is in com.acme.Store.store at this moment.";
        let told: Vec<String> = first.activity.iter().map(|text| Language::En.text(text)).collect();
        assert_eq!(told, [receives]);
    }
}
