//! Verdicts about pools in which nothing moves.

use crate::pool::{BLOCKED, IDLE, PARKED, PARKS, Pool, READS, RUNNABLE};
use crate::{ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Cell, Finding, Report, Severity, Standing};

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
pub(crate) fn of_threads(report: &Report) -> Option<&Finding> {
    let mut found = report.findings.iter().filter(|finding| finding.id.starts_with("threads."));
    let first = found.next();
    assert!(found.next().is_none(), "{:?}", report.findings);
    first
}

pub(crate) fn verdict(report: &Report) -> String {
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

/// Each thread waits for a future that is made of one whose task waits in the queue of its own pool, by a completion of that class.
fn waits_for_made_futures(completion: &str) -> Report {
    const FUTURE: &str = "java.util.concurrent.CompletableFuture";
    let mut pool = Pool::new();
    let future = pool.heap.class(FUTURE).field("stack", Kind::Ref).build();
    let completion = pool.heap.class(&format!("{FUTURE}${completion}"));
    let completion = completion.field("dep", Kind::Ref).field("next", Kind::Ref).build();
    let signaller = pool.heap.class(&format!("{FUTURE}$Signaller")).field("next", Kind::Ref).build();
    let task = pool.heap.class(&format!("{FUTURE}$AsyncSupply")).field("dep", Kind::Ref).build();
    let mut tasks = Vec::new();
    for _ in 0..3 {
        let blocker = pool.heap.instance(signaller, &[Value::Ref(Addr::NULL)]);
        let awaited = pool.heap.instance(future, &[Value::Ref(blocker)]);
        let made = pool.heap.instance(completion, &[Value::Ref(awaited), Value::Ref(Addr::NULL)]);
        let first = pool.heap.instance(future, &[Value::Ref(made)]);
        tasks.push(pool.heap.instance(task, &[Value::Ref(first)]));
        let waiting = [&PARKS[..], &[(FUTURE, "waitingGet")]].concat();
        pool.thread_with(PARKED, Some(blocker), &waiting, &[("com.acme.Prices", "total")], Some(awaited));
    }
    pool.judge(&tasks)
}

#[test]
fn futures_that_are_made_of_queued_ones_starve_a_pool_as_well() {
    let report = waits_for_made_futures("UniApply");
    assert_eq!(
        verdict(&report),
        "Pool exec-* waits for itself: all its 3 threads wait in com.acme.Prices.total(X.java:7) for results of tasks that are \
         in its own queue (3 tasks wait there)."
    );
    let finding = of_threads(&waits_for_made_futures("OrApply")).unwrap().id.clone();
    assert_eq!(finding, "threads.stuck", "another one may complete it");
}

/// Each thread waits for a latch; tasks in the queue of its own pool run this class, and have a latch.
fn waits_for_latches(function: &str, tasks: usize) -> Report {
    let mut pool = Pool::new();
    let sync = pool.heap.class("java.util.concurrent.CountDownLatch$Sync").build();
    let latch = pool.heap.class("java.util.concurrent.CountDownLatch").field("sync", Kind::Ref).build();
    let loader = pool.heap.app_class_loader();
    let function = pool.heap.class(function).loader(loader).field("latch", Kind::Ref).build();
    let task = pool.heap.class("java.util.concurrent.FutureTask").field("callable", Kind::Ref).build();
    let mut queued = Vec::new();
    for _ in 0..3 {
        let sync = pool.heap.instance(sync, &[]);
        let latch = pool.heap.instance(latch, &[Value::Ref(sync)]);
        let function = pool.heap.instance(function, &[Value::Ref(latch)]);
        queued.push(pool.heap.instance(task, &[Value::Ref(function)]));
        let waiting = [&PARKS[..], &[("java.util.concurrent.CountDownLatch", "await")]].concat();
        pool.thread(PARKED, Some(sync), &waiting, &[("com.acme.Rollup", "section")]);
    }
    pool.judge(&queued[..tasks])
}

#[test]
fn latches_that_queued_tasks_count_down_starve_a_pool() {
    let report = waits_for_latches("com.acme.Rollup$$Lambda$9", 3);
    let finding = of_threads(&report).unwrap();
    assert_eq!((&*finding.id, finding.severity), ("threads.starved-pool", Severity::Error));
    assert_eq!(
        verdict(&report),
        "Pool exec-* waits for itself: all its 3 threads wait in com.acme.Rollup.section(X.java:7) for a CountDownLatch that \
         tasks in its own queue are to count down (3 tasks wait there)."
    );
    // One of the latches is somebody else's.
    assert_eq!(of_threads(&waits_for_latches("com.acme.Rollup$$Lambda$9", 2)), None);
    // What waits for its turn would wait for the latch as well.
    assert_eq!(of_threads(&waits_for_latches("com.acme.Rollup", 3)).unwrap().id, "threads.stuck");
}

#[test]
fn a_full_queue_is_told_with_who_runs_what_it_rejects() {
    let mut pool = Pool::new();
    for _ in 0..4 {
        pool.thread(RUNNABLE, None, &READS, &[("com.acme.Labels", "print")]);
    }
    let tasks = pool.tasks("java.util.concurrent.FutureTask", 6);
    let items = pool.heap.object_array("java.lang.Object[]", &tasks);
    let queue = pool.heap.class("java.util.concurrent.ArrayBlockingQueue");
    let queue = queue.field("items", Kind::Ref).field("count", Kind::Int).build();
    let queue = pool.heap.instance(queue, &[Value::Ref(items), Value::Int(6)]);
    let executor = pool.executor(queue);
    let labels = pool.class("com.acme.Labels");
    let rejects = pool.class("java.util.concurrent.ThreadPoolExecutor$CallerRunsPolicy");
    let reads = pool.class("sun.nio.ch.Net");
    let thread = pool.heap.thread("main").frame(reads, "poll", "()V", "Net.java", -3);
    let thread = thread.frame(labels, "print", "()V", "X.java", 7);
    thread.frame(rejects, "rejectedExecution", "()V", "X.java", 7).local(executor).build();
    let report = judge(pool.heap);
    let evidence: Vec<String> =
        of_threads(&report).unwrap().evidence.iter().map(|words| Language::En.text(words)).collect();
    assert_eq!(
        evidence,
        [
            "Its queue is full, 6 of 6.",
            "Thread main itself runs a task that was rejected (CallerRunsPolicy), and stands in com.acme.Labels.print(X.java:7)."
        ]
    );
}

/// The bounded queue of a pool, full with 600 large tasks while its threads sleep in one of them; what it has no room for goes to `handler`.
fn full_pool(handler: &str, limit: i64) -> Report {
    let mut pool = Pool::new();
    pool.heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    for _ in 0..4 {
        pool.thread(0xe1, None, &[("java.lang.Thread", "sleep")], &[("com.acme.Scale", "run")]);
    }
    let tasks = crate::payload(&mut pool.heap, "com.acme.Scale", 600, 8 << 10);
    let items = pool.heap.object_array("java.lang.Object[]", &tasks);
    let queue = pool.heap.class("java.util.concurrent.ArrayBlockingQueue");
    let queue = queue.field("items", Kind::Ref).field("count", Kind::Int).build();
    let queue = pool.heap.instance(queue, &[Value::Ref(items), Value::Int(600)]);
    pool.executor_that(queue, handler);
    judge(pool.heap)
}

/// A pool that has whoever submits more run it is full while it has enough to do, and a sleep ends by itself.
#[test]
fn a_full_pool_is_told_with_what_becomes_of_more_tasks() {
    let told = |report: &Report| {
        let first = &report.suspects[0];
        (first.standing, Language::En.text(&first.activity[0]))
    };
    let runs = full_pool("java.util.concurrent.ThreadPoolExecutor$CallerRunsPolicy", 64 << 20);
    let words = "It is full, 600 of 600: it grows no more; whoever submits more runs it itself.";
    assert_eq!(told(&runs), (Standing::Largest, words.to_owned()));
    let finding = of_threads(&runs).unwrap();
    assert_eq!(finding.severity, Severity::Info);
    assert_eq!(ids(&finding.advice), ["threads-stuck-sleep-advice"]);
    assert_eq!(
        finding.evidence.iter().map(|words| Language::En.text(words)).collect::<Vec<_>>(),
        ["Its queue is full, 600 of 600: whoever submits more runs it itself."]
    );
    let little_room = full_pool("java.util.concurrent.ThreadPoolExecutor$CallerRunsPolicy", 16 << 20);
    assert_eq!(told(&little_room), (Standing::Blamed, words.to_owned()));
    let throws = full_pool("java.util.concurrent.ThreadPoolExecutor$AbortPolicy", 64 << 20);
    let words = "It is full, 600 of 600: it grows no more; more tasks are rejected with an exception.";
    assert_eq!(told(&throws), (Standing::Blamed, words.to_owned()));
    let own = full_pool("com.acme.Rejects", 64 << 20);
    assert_eq!(told(&own), (Standing::Blamed, "It is full, 600 of 600: it grows no more.".to_owned()));
}

/// So many threads that no executor has wait for what a pool lends, which another thread is to make.
fn waits_for_a_pool(count: usize) -> Report {
    const POOL: &str = "com.zaxxer.hikari.pool.HikariPool";
    let mut pool = Pool::new();
    let lender = pool.heap.class(POOL).build();
    let lender = pool.heap.instance(lender, &[]);
    for _ in 0..count {
        let waiting = [&PARKS[..], &[(POOL, "getConnection")]].concat();
        pool.thread_with(PARKED, None, &waiting, &[("com.acme.Crm", "customer")], Some(lender));
    }
    let reads = pool.class("sun.nio.ch.SocketDispatcher");
    let (driver, makes) = (pool.class("com.acme.Driver"), pool.class("com.zaxxer.hikari.pool.PoolBase"));
    let thread = pool.heap.thread("crm adder").frame(reads, "read0", "()V", "X.java", -3);
    let thread = thread.frame(driver, "connect", "()V", "Driver.java", 6);
    thread.frame(makes, "newConnection", "()V", "PoolBase.java", 9).local(lender).build();
    judge(pool.heap)
}

#[test]
fn threads_that_wait_for_what_a_pool_lends_are_told_with_who_works_for_it() {
    let report = waits_for_a_pool(9);
    assert_eq!(
        verdict(&report),
        "All 9 threads exec-* are in com.acme.Crm.customer(X.java:7), waiting for what a pool lends; crm adder, which works for \
         that pool, is reading from the network."
    );
    let finding = of_threads(&report).unwrap();
    assert_eq!(
        (finding.severity, ids(&finding.advice)),
        (Severity::Error, vec!["threads-stuck-pool-advice"])
    );
    let evidence = Language::En.text(&finding.evidence[0]);
    assert_eq!(evidence, "crm adder is in com.acme.Driver.connect(Driver.java:6): reading from the network");
    assert_eq!(of_threads(&waits_for_a_pool(6)), None, "a few wait everywhere");
}

/// So many threads with a connection of a pool of three wait for one more, and so many without.
fn nested(with: usize, without: usize) -> Report {
    const POOL: &str = "com.zaxxer.hikari.pool.HikariPool";
    let mut pool = Pool::new();
    let heap = &mut pool.heap;
    let entry = heap.class("com.zaxxer.hikari.pool.PoolEntry").field("state", Kind::Int).build();
    let entries: Vec<Addr> = (0..3).map(|_| heap.instance(entry, &[Value::Int(1)])).collect();
    let list = heap.array_list(&entries);
    let bag = heap.class("com.zaxxer.hikari.util.ConcurrentBag").field("sharedList", Kind::Ref).build();
    let bag = heap.instance(bag, &[Value::Ref(list)]);
    let config = heap.class("com.zaxxer.hikari.HikariConfig").field("maxPoolSize", Kind::Int).build();
    let config = heap.instance(config, &[Value::Int(3)]);
    let class = heap.class(POOL).field("poolName", Kind::Ref).field("connectionBag", Kind::Ref);
    let class = class.field("config", Kind::Ref).build();
    let name = heap.string("inv-db");
    let lender = heap.instance(class, &[Value::Ref(name), Value::Ref(bag), Value::Ref(config)]);
    let connection =
        heap.class("com.zaxxer.hikari.pool.HikariProxyConnection").field("poolEntry", Kind::Ref).build();
    let booking = heap.app_class("com.acme.Booking").build();
    let park = heap.class("jdk.internal.misc.Unsafe").build();
    for number in 0..with + without {
        let thread = heap.thread(&format!("batch-{number}")).status(PARKED);
        let thread = thread.frame(park, "park", "()V", "Unsafe.java", -3);
        let thread = thread.frame(class, "getConnection", "()V", "HikariPool.java", 3).local(lender);
        let thread = thread.frame(booking, "audit", "()V", "Booking.java", 5);
        let at = thread.build();
        if let Some(&entry) = entries.get(number).filter(|_| number < with) {
            let connection = heap.instance(connection, &[Value::Ref(entry)]);
            heap.root(hprof_fixtures::Root::JavaFrame { object: connection, thread: at.serial, frame: 2 });
        }
    }
    judge(pool.heap)
}

#[test]
fn a_pool_whose_objects_are_all_with_those_that_wait_for_it_is_at_an_end() {
    let report = nested(3, 2);
    let finding = report.findings.iter().find(|finding| finding.id == "threads.nested-pool").unwrap();
    assert_eq!((finding.severity, finding.count), (Severity::Error, 3));
    assert_eq!(
        Language::En.text(&finding.title),
        "Each of the 3 objects that pool inv-db has lent is in the hands of a thread that waits there for one more: 3 threads \
         batch-* are in com.acme.Booking.audit(Booking.java:5), and nobody can go on; 2 more threads wait behind them"
    );
    let others = nested(2, 3).findings;
    assert!(others.iter().all(|finding| finding.id != "threads.nested-pool"), "one comes back");
}

/// Readers have a lock together: it has no owner.
#[test]
fn threads_that_wait_for_a_lock_without_an_owner_are_stuck_as_well() {
    let mut pool = Pool::new();
    let sync = pool.heap.class("java.util.concurrent.locks.ReentrantReadWriteLock$NonfairSync").build();
    let sync = pool.heap.instance(sync, &[]);
    let lock = pool.heap.class("java.util.concurrent.locks.ReentrantReadWriteLock$ReadLock");
    let lock = lock.field("sync", Kind::Ref).build();
    let lock = pool.heap.instance(lock, &[Value::Ref(sync)]);
    pool.heap.app_class("com.acme.Book").static_field("READ", Value::Ref(lock)).sticky().build();
    for _ in 0..9 {
        let waiting =
            [&PARKS[..], &[("java.util.concurrent.locks.ReentrantReadWriteLock$ReadLock", "lock")]].concat();
        pool.thread(PARKED, Some(sync), &waiting, &[("com.acme.Quotes", "quote")]);
    }
    assert_eq!(
        verdict(&judge(pool.heap)),
        "All 9 threads exec-* are in com.acme.Quotes.quote(X.java:7), waiting for com.acme.Book.READ."
    );
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
         none left; one task waits for a free thread; no other thread is in that method: whoever has taken permits there has not \
         given them back."
    );
    assert_eq!(ids(&of_threads(&report).unwrap().advice), ["threads-stuck-permit-advice"]);
}

#[test]
fn permits_that_others_have_at_work_are_not_lost() {
    let mut pool = Pool::new();
    let sync =
        pool.heap.class("java.util.concurrent.Semaphore$NonfairSync").field("state", Kind::Int).build();
    let sync = pool.heap.instance(sync, &[Value::Int(0)]);
    for _ in 0..9 {
        pool.thread(PARKED, Some(sync), &PARKS, &[("com.acme.Route", "ask")]);
    }
    pool.thread(RUNNABLE, None, &READS, &[("com.acme.Route", "ask")]);
    let report = judge(pool.heap);
    let finding = of_threads(&report).unwrap();
    assert_eq!(ids(&finding.advice), ["threads-stuck-permits-advice"]);
    assert!(
        verdict(&report).ends_with("; exec-10 is in it and reading from the network."),
        "{}",
        verdict(&report)
    );
}

/// So many threads that no executor has wait at one place of the application, in these innermost frames.
fn without_executor(inner: &[(&str, &str)]) -> Report {
    let mut pool = Pool::new();
    for _ in 0..9 {
        pool.thread(PARKED, None, inner, &[("com.acme.Step", "run")]);
    }
    judge(pool.heap)
}

#[test]
fn many_threads_that_wait_for_others_are_told_and_those_that_are_idle_are_not() {
    for (class, method, doing) in [
        ("java.util.concurrent.CompletableFuture", "timedGet", "waiting for the result of a future"),
        ("java.util.concurrent.CyclicBarrier", "await", "waiting at a barrier for other threads"),
    ] {
        let report = without_executor(&[PARKS[0], PARKS[1], (class, method)]);
        let told = format!("All 9 threads exec-* are in com.acme.Step.run(X.java:7), {doing}.");
        assert_eq!(verdict(&report), told);
    }
    for (class, method) in [
        ("java.util.concurrent.ArrayBlockingQueue", "take"),
        ("java.util.concurrent.ArrayBlockingQueue", "put"),
        ("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "await"),
    ] {
        let report = without_executor(&[PARKS[0], PARKS[1], (class, method)]);
        assert_eq!(of_threads(&report), None, "{class}.{method}");
    }
    assert_eq!(of_threads(&without_executor(&READS)), None, "each may serve a client");
}

/// A thread of a server's loop in a handler of the application, in these innermost frames.
fn in_loop(inner: &[(&str, &str)], run: &str) -> Report {
    let mut pool = Pool::new();
    pool.thread(RUNNABLE, None, inner, &[("com.acme.Handler", "channelRead"), (run, "run")]);
    judge(pool.heap)
}

#[test]
fn an_event_loop_that_waits_in_a_handler_is_told() {
    let netty = "io.netty.channel.nio.NioEventLoop";
    let blocking = [("sun.nio.ch.SocketDispatcher", "read0"), ("sun.nio.ch.NioSocketImpl", "tryRead")];
    for run in [netty, "sun.net.httpserver.ServerImpl$Dispatcher", "org.xnio.nio.WorkerThread"] {
        let report = in_loop(&blocking, run);
        assert_eq!(of_threads(&report).unwrap().id, "threads.blocked-loop");
        assert_eq!(
            verdict(&report),
            "Event loop exec-1 is in com.acme.Handler.channelRead(X.java:7), reading from the network: all else that is served \
             there waits."
        );
    }
    assert_eq!(of_threads(&in_loop(&blocking, "java.lang.Runner")), None, "a thread of its own");
    let channel = [("sun.nio.ch.SocketDispatcher", "read0"), ("sun.nio.ch.SocketChannelImpl", "read")];
    assert_eq!(of_threads(&in_loop(&channel, netty)), None, "a channel that does not block");
    assert_eq!(of_threads(&in_loop(&[], netty)), None, "a handler at work");
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

/// The report for a terminal of a pool that is stuck in a heap that may take so much, beside an array in a field or many things of the application's.
fn stuck_beside(limit: i64, many: bool) -> String {
    let mut pool = Pool::new();
    for _ in 0..4 {
        pool.thread(RUNNABLE, None, &READS, &[("com.acme.Client", "fetch")]);
    }
    let mut heap = pool.heap;
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    let job = heap.class("com.acme.Job").build();
    let jobs: Vec<Addr> = (0..7).map(|_| heap.instance(job, &[])).collect();
    let jobs = heap.array_list(&jobs);
    let members = heap.array_list(&pool.threads);
    let counts = heap.class("org.eclipse.jetty.util.AtomicBiInteger").field("value", Kind::Long).build();
    let counts = heap.instance(counts, &[Value::Long(4 << 32 | -7 & 0xffff_ffff)]);
    let fields = [("_jobs", jobs), ("_counts", counts), ("_threads", members)];
    let fields = fields.map(|(name, at)| (name, Kind::Ref, Value::Ref(at)));
    let server = crate::library_object(&mut heap, "org.eclipse.jetty.util.thread.QueuedThreadPool", &fields);
    crate::held_by_static(&mut heap, "com.acme.App", "SERVER", server);
    let held = if many {
        let sessions = crate::payload(&mut heap, "com.acme.Session", 4000, 256);
        heap.array_list(&sessions)
    } else {
        crate::bytes(&mut heap, 1 << 20)
    };
    crate::held_by_static(&mut heap, "com.acme.Store", "DATA", held);
    let report = judge(heap);
    oomph::render::terminal::report(&report, &oomph::render::terminal::TerminalOptions::default())
}

#[test]
fn what_is_little_and_not_to_blame_takes_one_line_beside_what_explains_the_incident() {
    const PROVEN: &str = "Nothing wrong is proven";
    let text = stuck_beside(256 << 20, false);
    assert!(text.contains("Large holder · One byte[] held by com.acme.Store.DATA"), "{text}");
    assert!(!text.contains(PROVEN), "{text}");
    // Much of what the heap may take.
    assert!(stuck_beside(8 << 20, false).contains(PROVEN));
    // What may leak is told in full.
    let text = stuck_beside(256 << 20, true);
    assert!(
        text.contains("4,000 Session held by com.acme.Store.DATA\n") && text.contains("oomph diff OLD NEW"),
        "{text}"
    );
}
