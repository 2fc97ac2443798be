//! Verdicts about executors: those that nobody shuts down, what waits in their queues, and what is only reached by way of one.

use crate::pool::{PARKED, PARKS, Pool};
use crate::{bytes, english, held_by_static, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::Report;

const EXECUTOR: &str = "java.util.concurrent.ThreadPoolExecutor";

/// So many executors with a thread each that has a value in a thread-local. Nothing but their threads refers to them, or a list.
fn executors(count: usize, are_kept: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    held_by_static(&mut heap, "com.acme.Thumbs", "CONTEXT", key);
    let control = heap.class("java.util.concurrent.atomic.AtomicInteger").field("value", Kind::Int).build();
    let executor = heap.class(EXECUTOR).field("ctl", Kind::Ref).field("workers", Kind::Ref).build();
    let worker = heap.class("java.util.concurrent.ThreadPoolExecutor$Worker");
    let worker = worker.field("this$0", Kind::Ref).field("thread", Kind::Ref).build();
    let picture = heap.app_class("com.acme.Picture").field("pixels", Kind::Ref).build();
    let made: Vec<Addr> = (0..count)
        .map(|number| {
            let control = heap.instance(control, &[Value::Int(-1)]);
            let made = heap.instance(executor, &[Value::Ref(control), Value::Ref(Addr::NULL)]);
            let own = heap.instance(worker, &[Value::Ref(made), Value::Ref(Addr::NULL)]);
            let workers = heap.array_list(&[own]);
            heap.set_field(made, "workers", Value::Ref(workers));
            let pixels = bytes(&mut heap, 64 << 10);
            let value = heap.instance(picture, &[Value::Ref(pixels)]);
            let fields = [("referent", Value::Ref(key)), ("value", Value::Ref(value))];
            let found = heap.instance_with(entry, &fields);
            let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
            let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
            let thread = heap.thread(&format!("pool-{}-thread-1", number + 1));
            let thread = thread.field("target", Value::Ref(own)).field("threadLocals", Value::Ref(locals));
            let thread = thread.build().object;
            heap.set_field(own, "thread", Value::Ref(thread));
            made
        })
        .collect();
    if are_kept {
        let all = heap.array_list(&made);
        held_by_static(&mut heap, "com.acme.Pools", "ALL", all);
    }
    judge(heap)
}

#[test]
fn executors_that_only_their_threads_hold_are_told_with_what_is_in_their_thread_locals() {
    let told = "Nobody can shut these executors down any more.";
    let report = executors(100, false);
    let first = &report.suspects[0];
    assert_eq!(first.class, "com.acme.Picture");
    let title = "100 executors that nothing but their own threads refers to, with 100 Picture in com.acme.Thumbs.CONTEXT of these threads";
    assert_eq!(Language::En.text(&first.title), title);
    let verdict = Language::En.text(&report.verdict.sentences[0]);
    assert!(verdict.starts_with(title), "what is to be changed comes first: {verdict}");
    assert_eq!(english(&first.activity), told);
    assert!(english(&first.advice).starts_with("An executor that is made for a request"), "{first:?}");
    let finding = report.findings.iter().find(|finding| finding.id == "java.repeated-executor").unwrap();
    let evidence = english(&finding.evidence);
    assert!(
        evidence.starts_with("50 of 50 looked at are held by 50 threads pool-*-thread-1 (java.lang.Thread)."),
        "{evidence}"
    );
    let kept = executors(100, true);
    let spread = "CONTEXT is a ThreadLocal: 100 threads pool-*-thread-1 have a value of their own in it, about 64.0 KiB each.";
    assert_eq!(english(&kept.suspects[0].activity), spread);
    assert!(
        !Language::En.text(&kept.suspects[0].title).contains("executors"),
        "{:?}",
        kept.suspects[0].title
    );
}

/// Where tasks of futures are.
enum Tasks {
    Queued,
    OfCommonPool,
    Kept,
}

/// Futures of tasks that wait in the queue of a pool, each with a stage that waits for it, or the same futures in an array of the application.
fn futures(place: Tasks) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let future = heap.class("java.util.concurrent.CompletableFuture").sticky();
    let future = future.field("result", Kind::Ref).field("stack", Kind::Ref).build();
    let stage = heap.class("java.util.concurrent.CompletableFuture$UniAccept").field("fn", Kind::Ref).build();
    let function = heap.app_class("com.acme.Quotes$$Lambda$7").field("arg$1", Kind::Ref).build();
    let task = heap.class("java.util.concurrent.CompletableFuture$AsyncSupply");
    let task = task.field("dep", Kind::Ref).field("fn", Kind::Ref).build();
    let supplier = heap.app_class("com.acme.Quotes$$Lambda$8").build();
    let supplier = heap.instance(supplier, &[]);
    let tasks: Vec<Addr> = (0..6000)
        .map(|_| {
            let request = bytes(&mut heap, 3000);
            let function = heap.instance(function, &[Value::Ref(request)]);
            let stage = heap.instance(stage, &[Value::Ref(function)]);
            let future = heap.instance(future, &[Value::Ref(Addr::NULL), Value::Ref(stage)]);
            heap.instance(task, &[Value::Ref(future), Value::Ref(supplier)])
        })
        .collect();
    // What was taken from there has left a gap.
    let tasks = [&[Addr::NULL], &tasks[..]].concat();
    let tasks = heap.object_array("java.util.concurrent.ForkJoinTask[]", &tasks);
    let queue = heap.class("java.util.concurrent.ForkJoinPool$WorkQueue").field("array", Kind::Ref).build();
    match place {
        Tasks::Kept => held_by_static(&mut heap, "com.acme.Quotes", "POOL", tasks),
        Tasks::Queued => {
            let queue = heap.instance(queue, &[Value::Ref(tasks)]);
            held_by_static(&mut heap, "com.acme.Quotes", "POOL", queue);
        }
        Tasks::OfCommonPool => {
            let queue = heap.instance(queue, &[Value::Ref(tasks)]);
            let queues = heap.object_array("java.util.concurrent.ForkJoinPool$WorkQueue[]", &[queue]);
            let pool = heap.class("java.util.concurrent.ForkJoinPool").field("queues", Kind::Ref).build();
            let pool = heap.instance(pool, &[Value::Ref(queues)]);
            heap.static_field(future, "ASYNC_POOL", Value::Ref(pool));
        }
    }
    judge(heap)
}

#[test]
fn futures_of_tasks_that_wait_in_a_queue_are_a_backlog() {
    let rules = |report: &Report| {
        let told: Vec<String> = report.findings.iter().map(|finding| finding.id.clone()).collect();
        (report.suspects[0].rule.clone(), report.suspects[0].backlog, told)
    };
    let [queue, futures_rule] = ["java.fork-join-queue", "java.unfinished-futures"].map(str::to_owned);
    assert_eq!(rules(&futures(Tasks::Queued)), (Some(queue.clone()), true, vec![queue.clone()]));
    let of_common_pool = futures(Tasks::OfCommonPool);
    assert_eq!(rules(&of_common_pool), (Some(queue.clone()), true, vec![queue]));
    assert_eq!(
        Language::En.text(&of_common_pool.suspects[0].title),
        "6,000 tasks that wait in a ForkJoinPool (such as com.acme.Quotes$$Lambda), held by java.util.concurrent.CompletableFuture.ASYNC_POOL"
    );
    assert_eq!(rules(&futures(Tasks::Kept)), (Some(futures_rule.clone()), false, vec![futures_rule]));
}

/// A cache of a library that the path from a root reaches by way of a worker, its idle executor and a context.
#[test]
fn what_an_idle_executor_leads_to_is_not_its_tasks() {
    let titles = |tasks: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let parts: Vec<Addr> = (0..4000).map(|_| bytes(&mut heap, 400)).collect();
        let parts = heap.object_array("java.lang.Object[]", &parts);
        let cache = [("table", Kind::Ref, Value::Ref(parts))];
        let cache = library_object(&mut heap, "com.github.benmanes.caffeine.cache.Table", &cache);
        let task = heap.class("java.util.concurrent.FutureTask").build();
        let tasks: Vec<Addr> = (0..tasks).map(|_| heap.instance(task, &[])).collect();
        let tasks = heap.array_list(&tasks);
        let executor = heap.class(EXECUTOR);
        let executor = executor.field("workQueue", Kind::Ref).field("context", Kind::Ref).build();
        let executor = heap.instance(executor, &[Value::Ref(tasks), Value::Ref(cache)]);
        let worker =
            heap.class("java.util.concurrent.ThreadPoolExecutor$Worker").field("this$0", Kind::Ref).build();
        for number in 0..2 {
            let worker = heap.instance(worker, &[Value::Ref(executor)]);
            heap.thread(&format!("mail-{number}")).field("target", Value::Ref(worker)).build();
        }
        let report = judge(heap);
        Language::En.text(&report.suspects[0].title)
    };
    for tasks in [0, 1200] {
        let title = titles(tasks);
        assert!(title.contains("com.github.benmanes.caffeine.cache.Table.table"), "{title}");
        assert!(!title.contains("tasks that wait"), "{title}");
    }
}

/// A library that is asked for something waits with a latch of its own.
#[test]
fn a_latch_in_a_method_of_a_library_is_not_the_applications_to_count_down() {
    let stuck = |caller: (&'static str, &'static str)| {
        let mut pool = Pool::new();
        let waits = [PARKS[0], PARKS[1], ("java.util.concurrent.CountDownLatch", "await"), caller];
        for _ in 0..9 {
            pool.thread(PARKED, None, &waits, &[("com.acme.Orders", "find")]);
        }
        let report = judge(pool.heap);
        let finding = report.findings.iter().find(|finding| finding.id == "threads.stuck").unwrap();
        (Language::En.text(&finding.title), crate::ids(&finding.advice).concat())
    };
    let (title, advice) = stuck(("com.mongodb.internal.connection.BaseCluster", "selectServer"));
    let told = "waiting inside of com.mongodb.internal.connection.BaseCluster.selectServer";
    assert!(title.ends_with(told), "{title}");
    assert_eq!(advice, "threads-stuck-library-advice");
    let (title, advice) = stuck(("com.acme.Orders", "select"));
    assert!(title.ends_with("waiting for a CountDownLatch to be counted down"), "{title}");
    assert_eq!(advice, "threads-stuck-latch-advice");
}
