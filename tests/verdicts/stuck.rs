//! Verdicts about pools in which nothing moves.

use crate::{ids, judge};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Cell, Finding, Report, Severity};

/// States as HotSpot writes them.
const RUNNABLE: i32 = 0x5;
const BLOCKED: i32 = 0x401;
const PARKED: i32 = 0x291;

const READS: [(&str, &str); 2] = [("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "implRead")];
const PARKS: [(&str, &str); 2] =
    [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.locks.LockSupport", "park")];
const IDLE: [(&str, &str); 2] =
    [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.ThreadPoolExecutor", "getTask")];

/// A heap with threads of a pool.
struct Pool {
    heap: HeapBuilder,
    threads: Vec<Addr>,
}

impl Pool {
    fn new() -> Self {
        Self { heap: HeapBuilder::hotspot17(), threads: Vec::new() }
    }

    fn class(&mut self, name: &str) -> ClassRef {
        if name.starts_with("com.acme.") {
            let loader = self.heap.app_class_loader();
            return self.heap.class(name).loader(loader).build();
        }
        self.heap.class(name).build()
    }

    /// A thread with these innermost frames, then those of the application.
    fn thread(&mut self, status: i32, parked: Option<Addr>, inner: &[(&str, &str)], own: &[(&str, &str)]) {
        let frames: Vec<_> = inner.iter().chain(own).collect();
        let classes: Vec<ClassRef> = frames.iter().map(|(class, _)| self.class(class)).collect();
        let mut thread = self.heap.thread(&format!("exec-{}", self.threads.len() + 1)).status(status);
        thread = parked.into_iter().fold(thread, |thread, by| thread.field("parkBlocker", Value::Ref(by)));
        for (class, (_, method)) in classes.into_iter().zip(frames) {
            thread = thread.frame(class, method, "()V", "X.java", 7);
        }
        self.threads.push(thread.build().object);
    }

    fn tasks(&mut self, class: &str, count: usize) -> Vec<Addr> {
        let class = self.heap.class(class).build();
        (0..count).map(|_| self.heap.instance(class, &[])).collect()
    }

    /// Puts the threads to work for an executor with these tasks in its queue.
    fn judge(mut self, tasks: &[Addr]) -> Report {
        let heap = &mut self.heap;
        let worker = heap.class("java.util.concurrent.ThreadPoolExecutor$Worker");
        let worker = worker.field("thread", Kind::Ref).field("state", Kind::Int).build();
        let workers: Vec<Addr> = self
            .threads
            .iter()
            .map(|&thread| heap.instance(worker, &[Value::Ref(thread), Value::Int(1)]))
            .collect();
        let (workers, queue) = (heap.array_list(&workers), heap.array_list(tasks));
        let control =
            heap.class("java.util.concurrent.atomic.AtomicInteger").field("value", Kind::Int).build();
        let control = heap.instance(control, &[Value::Int(-1)]);
        let fields = [("workers", workers), ("workQueue", queue), ("ctl", control)];
        let class = heap.class("java.util.concurrent.ThreadPoolExecutor");
        let class = fields.iter().fold(class, |class, (name, _)| class.field(name, Kind::Ref)).build();
        let executor = heap.instance(class, &fields.map(|(_, object)| Value::Ref(object)));
        heap.app_class("com.acme.App").static_field("POOL", Value::Ref(executor)).sticky().build();
        judge(self.heap)
    }
}

/// Four threads that all read from the network at one place, in the pool of a server that keeps its threads in `fields`.
fn in_pool_of_server(
    class: &str,
    threads: &str,
    more: impl Fn(&mut HeapBuilder) -> Vec<(String, Value)>,
) -> Report {
    let mut pool = Pool::new();
    for _ in 0..4 {
        pool.thread(RUNNABLE, None, &READS, &[("com.acme.Client", "fetch")]);
    }
    // Its selector is in the pool as well.
    pool.thread(RUNNABLE, None, &[("sun.nio.ch.EPoll", "wait")], &[("com.acme.Server", "select")]);
    let mut heap = pool.heap;
    let members = heap.array_list(&pool.threads);
    let mut fields = more(&mut heap);
    fields.push((threads.to_owned(), Value::Ref(members)));
    let made =
        fields.iter().fold(heap.class(class), |class, (name, value)| class.field(name, value.kind())).build();
    let values: Vec<Value> = fields.iter().map(|&(_, value)| value).collect();
    let server = heap.instance(made, &values);
    heap.app_class("com.acme.App").static_field("SERVER", Value::Ref(server)).sticky().build();
    judge(heap)
}

/// Threads, threads at work, tasks that wait.
fn executor(report: &Report) -> [Cell; 3] {
    let table = report.section("threads").and_then(|section| section.table("executors")).unwrap();
    ["threads", "active", "queued"].map(|column| table.cells(column).next().unwrap().clone())
}

#[test]
fn the_pool_of_a_jetty_is_stuck_like_any_other() {
    let of_jetty = |queued: i64, idle: i64| {
        in_pool_of_server("org.eclipse.jetty.util.thread.QueuedThreadPool", "_threads", |heap| {
            let job = heap.class("com.acme.Job").build();
            let jobs: Vec<Addr> = (0..queued).map(|_| heap.instance(job, &[])).collect();
            let jobs = heap.array_list(&jobs);
            let counts =
                heap.class("org.eclipse.jetty.util.AtomicBiInteger").field("value", Kind::Long).build();
            let counts = heap.instance(counts, &[Value::Long(5 << 32 | (idle - queued) & 0xffff_ffff)]);
            [("_jobs", jobs), ("_counts", counts)]
                .map(|(name, at)| (name.to_owned(), Value::Ref(at)))
                .to_vec()
        })
    };
    let report = of_jetty(7, 0);
    assert_eq!(executor(&report), [5, 5, 7].map(Cell::Count));
    assert_eq!(
        verdict(&report),
        "All 4 threads exec-* are in com.acme.Client.fetch(X.java:7), reading from the network; 7 tasks wait for a free thread."
    );
    let report = of_jetty(7, 1);
    assert_eq!(executor(&report), [5, 4, 7].map(Cell::Count));
    assert_eq!(of_threads(&report), None, "one is free");
}

#[test]
fn so_is_that_of_an_undertow() {
    let report = in_pool_of_server("org.jboss.threads.EnhancedQueueExecutor", "runningThreads", |_| {
        [("queueSize", 0x7fff_ffff << 32 | 9), ("threadStatus", 5 << 40 | 5 << 20 | 5)]
            .map(|(name, bits)| (name.to_owned(), Value::Long(bits)))
            .to_vec()
    });
    assert_eq!(executor(&report), [5, 5, 9].map(Cell::Count));
    assert!(verdict(&report).ends_with("; 9 tasks wait for a free thread."), "{}", verdict(&report));
}

/// The only finding about threads; none if there is none.
fn of_threads(report: &Report) -> Option<&Finding> {
    let mut found = report.findings.iter().filter(|finding| finding.id.starts_with("threads."));
    let first = found.next();
    assert!(found.next().is_none(), "{:?}", report.findings);
    first
}

fn verdict(report: &Report) -> String {
    Language::En.text(&report.verdict.sentences[0])
}

/// Each thread waits for a task; so many of these are in the queue of its own pool.
fn waits_for_tasks(queued: usize) -> Report {
    let mut pool = Pool::new();
    let tasks = pool.tasks("java.util.concurrent.FutureTask", 3);
    for &task in &tasks {
        let waiting = [&PARKS[..], &[("java.util.concurrent.FutureTask", "get")]].concat();
        pool.thread(PARKED, Some(task), &waiting, &[("com.acme.Checkout", "price")]);
    }
    pool.judge(&tasks[..queued])
}

#[test]
fn a_pool_whose_threads_wait_for_its_own_tasks_is_an_error() {
    let report = waits_for_tasks(3);
    let finding = of_threads(&report).unwrap();
    assert_eq!((&*finding.id, finding.severity), ("threads.starved-pool", Severity::Error));
    assert_eq!(
        verdict(&report),
        "Pool exec-* waits for itself: all its 3 threads wait in com.acme.Checkout.price(X.java:7) for results of tasks \
         that are in its own queue (3 tasks wait there)."
    );
    assert!(!report.verdict.healthy);
}

#[test]
fn one_thread_that_waits_for_a_task_that_runs_elsewhere_brings_the_others_on() {
    assert_eq!(of_threads(&waits_for_tasks(2)), None);
}

#[test]
fn who_is_in_a_method_that_all_others_are_blocked_in_is_named() {
    let mut pool = Pool::new();
    let own = [("com.acme.Seats", "reserve"), ("com.acme.Seats", "run")];
    for _ in 0..5 {
        pool.thread(BLOCKED, None, &[], &own);
    }
    pool.thread(RUNNABLE, None, &READS, &[&[("com.acme.Payment", "call")], &own[..]].concat());
    let tasks = pool.tasks("java.util.concurrent.FutureTask", 2);
    let report = pool.judge(&tasks);
    let finding = of_threads(&report).unwrap();
    assert_eq!((&*finding.id, finding.severity, finding.count), ("threads.stuck", Severity::Warning, 6));
    assert_eq!(
        verdict(&report),
        "All 6 threads exec-* are in com.acme.Seats.reserve(X.java:7), 5 of them waiting for a monitor; exec-6 is in it \
         and reading from the network; 2 tasks wait for a free thread."
    );
    let evidence: Vec<String> = finding.evidence.iter().map(|words| Language::En.text(words)).collect();
    assert_eq!(evidence, ["exec-6 is in com.acme.Payment.call(X.java:7): reading from the network"]);
    assert_eq!(ids(&finding.advice), ["threads-stuck-lock-advice"]);
}

#[test]
fn who_only_computes_while_all_others_are_blocked_is_running() {
    let mut pool = Pool::new();
    for status in [RUNNABLE, BLOCKED, BLOCKED, BLOCKED] {
        pool.thread(status, None, &[], &[("com.acme.Index", "add")]);
    }
    let tasks = pool.tasks("java.util.concurrent.FutureTask", 1);
    assert_eq!(
        verdict(&pool.judge(&tasks)),
        "All 4 threads exec-* are in com.acme.Index.add(X.java:7), 3 of them waiting for a monitor; exec-1 is in it and \
         running; one task waits for a free thread."
    );
}

#[test]
fn a_semaphore_that_nobody_gives_back_is_named_by_its_field() {
    let mut pool = Pool::new();
    let sync =
        pool.heap.class("java.util.concurrent.Semaphore$NonfairSync").field("state", Kind::Int).build();
    let sync = pool.heap.instance(sync, &[Value::Int(0)]);
    let semaphore = pool.heap.class("java.util.concurrent.Semaphore").field("sync", Kind::Ref).build();
    let semaphore = pool.heap.instance(semaphore, &[Value::Ref(sync)]);
    let gate = pool.heap.app_class("com.acme.Gate");
    gate.static_field("PERMITS", Value::Ref(semaphore)).sticky().build();
    for _ in 0..4 {
        pool.thread(PARKED, Some(sync), &PARKS, &[("com.acme.Report", "run")]);
    }
    let tasks = pool.tasks("java.util.concurrent.FutureTask", 1);
    let report = pool.judge(&tasks);
    assert_eq!(
        verdict(&report),
        "All 4 threads exec-* are in com.acme.Report.run(X.java:7), waiting for a permit of com.acme.Gate.PERMITS, which has \
         too few left; one task waits for a free thread."
    );
    assert_eq!(ids(&of_threads(&report).unwrap().advice), ["threads-stuck-permit-advice"]);
}

/// Four threads at one place of the application, and so many tasks in their queue.
fn at_one_place(inner: &[(&str, &str)], queued: usize) -> Report {
    let mut pool = Pool::new();
    for _ in 0..4 {
        pool.thread(RUNNABLE, None, inner, &[("com.acme.Client", "fetch")]);
    }
    let tasks = pool.tasks("java.util.concurrent.FutureTask", queued);
    pool.judge(&tasks)
}

#[test]
fn threads_that_all_read_from_the_network_are_stuck_if_more_work_waits_than_they_have() {
    let report = at_one_place(&READS, 4);
    assert_eq!(ids(&of_threads(&report).unwrap().advice), ["threads-stuck-network-advice"]);
    let latch = [PARKS[0], PARKS[1], ("java.util.concurrent.CountDownLatch", "await")];
    let report = at_one_place(&latch, 4);
    assert_eq!(ids(&of_threads(&report).unwrap().advice), ["threads-stuck-latch-advice"]);
    assert!(
        verdict(&report).contains("waiting for a CountDownLatch to be counted down"),
        "{}",
        verdict(&report)
    );
    assert_eq!(of_threads(&at_one_place(&READS, 3)), None, "a busy pool");
    assert_eq!(of_threads(&at_one_place(&IDLE, 4)), None, "an idle pool");
    assert_eq!(of_threads(&at_one_place(&[], 400)), None, "threads that compute");
}

#[test]
fn initialisers_of_two_classes_that_stand_still_wait_for_each_other() {
    let mut pool = Pool::new();
    let caller = ("com.acme.Tax", "invoice");
    pool.thread(RUNNABLE, None, &[], &[("com.acme.Tax$Rates", "<clinit>"), caller]);
    pool.thread(RUNNABLE, None, &[], &[("com.acme.Tax$Rules", "<clinit>"), caller]);
    for _ in 0..3 {
        pool.thread(RUNNABLE, None, &[], &[caller]);
    }
    let report = pool.judge(&[]);
    let finding = of_threads(&report).unwrap();
    assert_eq!((&*finding.id, finding.severity), ("threads.class-initialisation", Severity::Error));
    assert_eq!(
        verdict(&report),
        "Threads that initialise classes seem to wait for each other: exec-1 (com.acme.Tax$Rates.<clinit>), exec-2 \
         (com.acme.Tax$Rules.<clinit>); 3 more threads wait for these classes."
    );
    let evidence: Vec<String> = finding.evidence.iter().map(|words| Language::En.text(words)).collect();
    assert_eq!(evidence, ["Behind them 3 threads exec-* wait in com.acme.Tax.invoice(X.java:7)"]);
}
