//! Verdicts about threads: crowds of them, what they do and wait for, who is in their way.

use crate::{bytes, english, held_by_static, id_of, ids, judge, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Block, HolderKind, Pattern, Report, Standing, SuspectKind};

/// Reading from a socket, called by a method of the application.
const READS: [(&str, &str); 3] =
    [("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "implRead"), ("com.acme.Gateway", "send")];
/// Waiting for a message, called by a method of the application.
const TAKES: [(&str, &str); 4] = [
    ("jdk.internal.misc.Unsafe", "park"),
    ("java.util.concurrent.ForkJoinPool", "managedBlock"),
    ("java.util.concurrent.LinkedBlockingQueue", "take"),
    ("com.acme.Session", "run"),
];

fn classes_of(heap: &mut HeapBuilder, frames: &[(&str, &str)]) -> Vec<ClassRef> {
    let loader = heap.app_class_loader();
    let class = |&(class, _): &(&str, &str)| match class {
        "java.lang.Thread" => heap.class_named(class),
        _ if class.starts_with("com.acme.") => heap.class(class).loader(loader).build(),
        _ => heap.class(class).build(),
    };
    frames.iter().map(class).collect()
}

fn text(report: &Report, at: usize) -> String {
    Language::En.text(&report.verdict.sentences[at])
}

/// So many threads, each with a task of 8 KiB in a field of the thread object. A map of the main thread may have the tasks, too.
fn with_tasks(name: &str, count: usize, frames: &[(&str, &str)], is_shared: bool) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let classes = classes_of(&mut heap, frames);
    let task = heap.app_class("com.acme.Task").field("data", Kind::Ref).build();
    let mut tasks = Vec::new();
    for number in 0..count {
        let data = bytes(&mut heap, 8192);
        let object = heap.instance(task, &[Value::Ref(data)]);
        tasks.push((heap.string(&format!("task {number}")), object));
        let mut thread = heap.thread(&format!("{name}-{number}")).field("target", Value::Ref(object));
        for (class, &(_, method)) in classes.iter().zip(frames) {
            thread = thread.frame(*class, method, "()V", "X.java", 7);
        }
        thread.build();
    }
    if is_shared {
        let sessions = heap.hash_map(&tasks);
        let main = heap.app_class("com.acme.Main").build();
        heap.thread("main")
            .frame(main, "main", "([Ljava/lang/String;)V", "Main.java", 3)
            .local(sessions)
            .build();
    }
    heap
}

#[test]
fn threads_that_hold_their_task_in_a_field_are_a_crowd_that_is_told_by_what_it_does() {
    let report = judge(with_tasks("notify", 400, &READS, false));
    let first = &report.suspects[0];
    assert_eq!((first.pattern, first.instances, first.kind), (Pattern::Threads, 400, SuspectKind::Leak));
    assert_eq!(first.holder.kind, HolderKind::Thread);
    assert_eq!(first.holder.label(), "com.acme.Gateway.send(X.java:7) in threads \"notify-*\"");
    assert_eq!(first.rule.as_deref(), Some("java.many-threads"));
    assert_eq!(first.standing, Standing::Blamed);
    let verdict = text(&report, 0);
    let told = "400 threads notify-*, reading from the network in com.acme.Gateway.send(X.java:7): ";
    assert!(verdict.starts_with(told), "{verdict}");
    assert_eq!(ids(&first.advice)[0], "suspect-advice-threads-network");
}

#[test]
fn tasks_that_a_map_of_main_has_too_are_held_by_the_crowd_all_the_same() {
    let report = judge(with_tasks("push-client", 380, &TAKES, true));
    let first = &report.suspects[0];
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 380), "{:?}", first.title);
    assert!(first.retained_bytes >= 380 * 8192, "{}", first.retained_bytes);
    let verdict = text(&report, 0);
    let told = "380 threads push-client-*, waiting at a queue in com.acme.Session.run(X.java:7): ";
    assert!(verdict.starts_with(told), "{verdict}");
}

#[test]
fn fields_of_an_own_thread_class_are_held_by_the_crowd() {
    let mut heap = HeapBuilder::hotspot17();
    let classes = classes_of(&mut heap, &TAKES);
    let thread = heap.class_named("java.lang.Thread");
    let own = heap.app_class("com.acme.Listener").extends(thread).field("buffer", Kind::Ref).build();
    for number in 0..200 {
        let buffer = bytes(&mut heap, 8192);
        let mut thread =
            heap.thread(&format!("listener-{number}")).class(own).field("buffer", Value::Ref(buffer));
        for (class, (_, method)) in classes.iter().zip(TAKES) {
            thread = thread.frame(*class, method, "()V", "X.java", 7);
        }
        thread.build();
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 200), "{:?}", first.title);
}

#[test]
fn calls_that_hold_memory_together_are_told_with_what_they_wait_for() {
    let mut heap = HeapBuilder::hotspot17();
    let frames = [&READS[..], &[("java.util.concurrent.ThreadPoolExecutor", "runWorker")]].concat();
    let classes = classes_of(&mut heap, &frames);
    for number in 0..40 {
        let sheet = bytes(&mut heap, 256 << 10);
        let mut thread = heap.thread(&format!("exec-{number}"));
        for (at, (class, &(_, method))) in classes.iter().zip(&frames).enumerate() {
            thread = thread.frame(*class, method, "()V", "X.java", 7);
            if at == 2 {
                thread = thread.local(sheet);
            }
        }
        thread.build();
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.holder.threads), (SuspectKind::Load, Some(40)));
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-load-of-calls");
    let told = "Nearly all of these threads are reading from the network in com.acme.Gateway.send(X.java:7).";
    assert_eq!(text(&report, 1), told);
    assert_eq!(ids(&first.advice)[0], "suspect-advice-threads-network");
}

#[test]
fn a_crowd_says_where_its_work_comes_from() {
    let lambda =
        [("com.acme.Notifications", "lambda$notifyUser$0"), ("com.acme.Notifications$$Lambda$11+0x1", "run")];
    let report = judge(with_tasks("notify", 400, &[&READS[..], &lambda[..]].concat(), false));
    let told = "Their work comes from com.acme.Notifications.notifyUser(X.java:7).";
    assert_eq!(text(&report, 1), told);
}

/// Threads that nobody has named are called alike by chance.
#[test]
fn threads_of_one_name_in_other_places_are_no_part_of_a_crowd() {
    let mut heap = with_tasks("Thread", 120, &READS, false);
    let classes = classes_of(&mut heap, &TAKES);
    for number in 200..500 {
        let mut thread = heap.thread(&format!("Thread-{number}"));
        for (class, (_, method)) in classes.iter().zip(TAKES) {
            thread = thread.frame(*class, method, "()V", "X.java", 7);
        }
        thread.build();
    }
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 120), "{:?}", first.title);
}

#[test]
fn workers_of_a_pool_and_few_threads_are_no_crowd() {
    let mut of_pool = TAKES.to_vec();
    of_pool.push(("java.util.concurrent.ThreadPoolExecutor", "runWorker"));
    for report in
        [judge(with_tasks("exec", 400, &of_pool, false)), judge(with_tasks("few", 60, &READS, false))]
    {
        assert!(report.suspects.iter().all(|suspect| suspect.pattern != Pattern::Threads));
    }
}

/// So many threads of a pool, each in a call of the application's that has 4 KiB in hand, with that above it.
fn workers_with_requests(count: usize, above: &[(&str, &str)]) -> Report {
    judge(add_workers_with_requests(HeapBuilder::hotspot17(), count, above))
}

fn add_workers_with_requests(mut heap: HeapBuilder, count: usize, above: &[(&str, &str)]) -> HeapBuilder {
    let below = [("com.acme.Link", "ask"), ("java.util.concurrent.ThreadPoolExecutor", "runWorker")];
    let frames = [above, &below].concat();
    let classes = classes_of(&mut heap, &frames);
    for number in 0..count {
        let request = bytes(&mut heap, 4096);
        let mut thread = heap.thread(&format!("lookup-{number}"));
        for (class, &(of_class, method)) in classes.iter().zip(&frames) {
            thread = thread.frame(*class, method, "()V", "X.java", 7);
            if of_class == "com.acme.Link" {
                thread = thread.local(request);
            }
        }
        thread.build();
    }
    heap
}

/// No pool is meant to have so many threads that all wait in one method of the application's.
#[test]
fn hundreds_of_workers_that_wait_in_one_method_are_a_crowd() {
    let waits = [
        ("jdk.internal.misc.Unsafe", "park"),
        ("java.util.concurrent.locks.LockSupport", "park"),
        ("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "await"),
    ];
    let report = workers_with_requests(600, &waits);
    let first = &report.suspects[0];
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 600), "{:?}", first.title);
    let verdict = text(&report, 0);
    let told = "600 threads lookup-*, waiting for a signal in com.acme.Link.ask(X.java:7): ";
    assert!(verdict.starts_with(told), "{verdict}");
    let stuck = report.findings.iter().find(|finding| finding.id == "threads.stuck").expect("a finding");
    let told = "All 600 threads lookup-* are in com.acme.Link.ask(X.java:7), waiting for a signal";
    assert_eq!(Language::En.text(&stuck.title), told);
    assert!(!report.is_said_by_other(stuck), "it has other advice");
    for (count, above) in [(200, &waits[..]), (600, &[])] {
        let report = workers_with_requests(count, above);
        assert!(report.suspects.iter().all(|suspect| suspect.pattern != Pattern::Threads), "{count}");
        assert!(report.findings.iter().all(|finding| finding.id != "threads.stuck"), "{count}");
    }
}

/// What stands still is told once, where something else holds more.
#[test]
fn workers_that_stand_still_are_told_once_beside_what_is_larger() {
    let waits = [
        ("jdk.internal.misc.Unsafe", "park"),
        ("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject", "await"),
    ];
    let mut heap = HeapBuilder::hotspot17();
    let passages = payload(&mut heap, "com.acme.Passage", 4000, 2000);
    let passages = heap.array_list(&passages);
    held_by_static(&mut heap, "com.acme.Ledger", "ALL", passages);
    let report = judge(add_workers_with_requests(heap, 600, &waits));
    let told = english(&report.verdict.sentences);
    assert!(
        told.contains("All 600 threads lookup-* are in com.acme.Link.ask(X.java:7), waiting for a signal."),
        "{told}"
    );
    assert!(told.contains("4,000 Passage held by com.acme.Ledger.ALL"), "{told}");
    assert_eq!(told.matches("lookup-*").count(), 1, "{told}");
    assert!(report.suspects.iter().any(|suspect| suspect.pattern == Pattern::Threads), "{told}");
}

/// Virtual threads that wait for a semaphore are told with the field that has it.
#[test]
fn a_crowd_that_waits_for_a_permit_says_of_what() {
    let permit = |left: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let sync = heap.class("java.util.concurrent.Semaphore$NonfairSync").field("state", Kind::Int).build();
        let semaphore = heap.class("java.util.concurrent.Semaphore").field("sync", Kind::Ref).build();
        let sync = heap.instance(sync, &[Value::Int(left)]);
        let semaphore = heap.instance(semaphore, &[Value::Ref(sync)]);
        held_by_static(&mut heap, "com.acme.Servers", "FREE", semaphore);
        let frames = [
            ("jdk.internal.misc.Unsafe", "park"),
            ("java.util.concurrent.locks.AbstractQueuedSynchronizer", "acquire"),
            ("java.util.concurrent.Semaphore", "acquire"),
            ("com.acme.Match", "join"),
        ];
        let classes = classes_of(&mut heap, &frames);
        let base = heap.class_named("java.lang.Thread");
        let class = heap.class("java.lang.VirtualThread").extends(base).build();
        for number in 0..400 {
            let history = bytes(&mut heap, 6000);
            let mut thread = heap.thread(&format!("player-{number}")).class(class);
            thread = thread.field("parkBlocker", Value::Ref(sync));
            for (class, (_, method)) in classes.iter().zip(frames) {
                thread = thread.frame(*class, method, "()V", "X.java", 7);
            }
            thread.local(history).build();
        }
        judge(heap)
    };
    let report = permit(0);
    let verdict = text(&report, 0);
    let told = "400 virtual threads player-*, waiting for a permit of a semaphore in com.acme.Match.join(X.java:7): ";
    assert!(verdict.starts_with(told), "{verdict}");
    assert_eq!(text(&report, 1), "They wait for a permit of com.acme.Servers.FREE, which has none left.");
    let advice = ids(&report.suspects[0].advice);
    assert_eq!(advice, ["threads-stuck-permit-advice", "suspect-advice-threads-virtual"]);
    let stuck = report.findings.iter().find(|finding| finding.id == "threads.stuck").expect("a finding");
    assert!(report.is_said_by_other(stuck), "{:?}", stuck.title);
}

/// The buffers that the JDK keeps for each thread go with the threads: beside a crowd they are no suspect of their own.
#[test]
fn what_the_jdk_keeps_for_each_thread_is_told_with_the_threads() {
    let report = |is_crowd: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let frames = if is_crowd {
            READS.to_vec()
        } else {
            [&READS[..], &[("java.util.concurrent.ThreadPoolExecutor", "runWorker")]].concat()
        };
        let classes = classes_of(&mut heap, &frames);
        let local = heap.class("java.lang.ThreadLocal").build();
        let key = heap.instance(local, &[]);
        let cache = heap.class("sun.nio.ch.Util$BufferCache").field("buffers", Kind::Ref).build();
        heap.class("sun.nio.ch.Util").static_field("bufferCache", Value::Ref(key)).sticky().build();
        let entry = heap
            .class("java.lang.ThreadLocal$ThreadLocalMap$Entry")
            .field("referent", Kind::Ref)
            .field("value", Kind::Ref)
            .build();
        let map = heap.class("java.lang.ThreadLocal$ThreadLocalMap").field("table", Kind::Ref).build();
        for number in 0..400 {
            let (task, data) = (bytes(&mut heap, 8192), bytes(&mut heap, 8192));
            let value = heap.instance(cache, &[Value::Ref(data)]);
            let entry = heap.instance(entry, &[Value::Ref(key), Value::Ref(value)]);
            let table =
                heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry, Addr::NULL]);
            let locals = heap.instance(map, &[Value::Ref(table)]);
            let mut thread =
                heap.thread(&format!("notify-{number}")).field("threadLocals", Value::Ref(locals));
            for (class, &(_, method)) in classes.iter().zip(&frames) {
                thread = thread.frame(*class, method, "()V", "X.java", 7);
            }
            thread.local(task).build();
        }
        judge(heap)
    };
    let of_jdk = |report: &Report| {
        report.suspects.iter().find(|suspect| suspect.holder.kind == HolderKind::ThreadLocal).cloned()
    };
    let crowd = report(true);
    assert_eq!(crowd.suspects[0].pattern, Pattern::Threads);
    assert_eq!(of_jdk(&crowd).map(|suspect| suspect.holder), None);
    let alone = of_jdk(&report(false)).expect("a suspect");
    assert_eq!(alone.holder.label(), "sun.nio.ch.Util.bufferCache");
    assert_eq!(ids(&alone.advice)[0], "suspect-advice-thread-local-of-jdk");
}

/// Locks as the JDK makes them.
struct Locks {
    sync: ClassRef,
    lock: ClassRef,
    owner: ClassRef,
}

impl Locks {
    fn new(heap: &mut HeapBuilder) -> Self {
        let sync = heap.class("java.util.concurrent.locks.ReentrantLock$NonfairSync");
        let sync = sync.field("exclusiveOwnerThread", Kind::Ref).build();
        let lock = heap.class("java.util.concurrent.locks.ReentrantLock").field("sync", Kind::Ref).build();
        let owner = heap.app_class("com.acme.Warehouse").field("lock", Kind::Ref).build();
        Self { sync, lock, owner }
    }

    /// An object of the application with a lock, and what threads that wait for it park with.
    fn add(&self, heap: &mut HeapBuilder) -> (Addr, Addr) {
        let sync = heap.instance(self.sync, &[Value::Ref(Addr::NULL)]);
        let lock = heap.instance(self.lock, &[Value::Ref(sync)]);
        (heap.instance(self.owner, &[Value::Ref(lock)]), sync)
    }
}

/// The frames of a thread that waits for a lock in a method of the application.
const LOCKED: [(&str, &str); 3] = [
    ("jdk.internal.misc.Unsafe", "park"),
    ("java.util.concurrent.locks.ReentrantLock", "lock"),
    ("com.acme.Transfer", "run"),
];

fn waiting(heap: &mut HeapBuilder, classes: &[ClassRef], name: &str, sync: Addr, local: Addr) -> Addr {
    let mut thread = heap.thread(name).status(0x291).field("parkBlocker", Value::Ref(sync));
    for (class, (_, method)) in classes.iter().zip(LOCKED) {
        thread = thread.frame(*class, method, "()V", "Transfer.java", 12);
    }
    thread.local(local).build().object
}

#[test]
fn a_deadlock_says_where_by_which_fields_and_who_waits_behind() {
    let mut heap = HeapBuilder::hotspot17();
    let locks = Locks::new(&mut heap);
    let (one, left) = locks.add(&mut heap);
    let (two, right) = locks.add(&mut heap);
    let classes = classes_of(&mut heap, &LOCKED);
    let first = waiting(&mut heap, &classes, "job-1", right, one);
    let second = waiting(&mut heap, &classes, "job-2", left, two);
    heap.set_field(left, "exclusiveOwnerThread", Value::Ref(first));
    heap.set_field(right, "exclusiveOwnerThread", Value::Ref(second));
    for number in 0..7 {
        waiting(
            &mut heap,
            &classes,
            &format!("exec-{number}"),
            if number % 2 == 0 { left } else { right },
            one,
        );
    }
    let report = judge(heap);
    let told = "Deadlock of job-1, job-2 in com.acme.Transfer.run(Transfer.java:12); 7 more threads wait behind them";
    assert!(text(&report, 0).starts_with(told), "{}", text(&report, 0));
    let finding = report.findings.iter().find(|finding| finding.id == "threads.deadlock").unwrap();
    let evidence: Vec<String> = finding.evidence.iter().map(|words| Language::En.text(words)).collect();
    assert!(
        evidence[0].starts_with(
            "job-1 waits in com.acme.Transfer.run(Transfer.java:12) for com.acme.Warehouse.lock@0x"
        ),
        "{evidence:?}"
    );
    assert!(evidence[0].ends_with(", which job-2 holds"), "{evidence:?}");
    assert_eq!(evidence[2], "Behind them 7 threads exec-* wait in com.acme.Transfer.run(Transfer.java:12)");
    // Of hundreds of threads nobody reads to the end.
    let threads = report.section("threads").unwrap();
    assert!(matches!(&threads.blocks[0], Block::Table(table) if table.id == "deadlocks"));
    let csv = oomph::render::csv::section(threads, Language::En);
    assert!(csv.starts_with("address,name,state,"), "{csv}");
}

#[test]
fn threads_that_wait_for_one_lock_are_told_with_who_has_it_and_what_that_does() {
    let mut heap = HeapBuilder::hotspot17();
    let locks = Locks::new(&mut heap);
    let (gate, sync) = locks.add(&mut heap);
    let classes = classes_of(&mut heap, &LOCKED);
    let reading = classes_of(&mut heap, &READS[..2]);
    let poster = heap.app_class("com.acme.Ledger").build();
    let owner = heap
        .thread("settlement-run")
        .frame(reading[0], "poll", "()V", "Net.java", -3)
        .frame(reading[1], "implRead", "()V", "X.java", 7)
        .frame(poster, "post", "()V", "Ledger.java", 5)
        .local(gate)
        .build();
    heap.set_field(sync, "exclusiveOwnerThread", Value::Ref(owner.object));
    for number in 0..400 {
        let data = bytes(&mut heap, 8192);
        waiting(&mut heap, &classes, &format!("transfer-{number}"), sync, data);
    }
    let report = judge(heap);
    let verdict = text(&report, 0);
    let told = "400 threads transfer-*, waiting for a lock in com.acme.Transfer.run(Transfer.java:12): ";
    assert!(verdict.starts_with(told), "{verdict}");
    assert_eq!(
        text(&report, 1),
        "They wait for com.acme.Warehouse.lock, which thread settlement-run holds: it is reading from the network in com.acme.Ledger.post(Ledger.java:5)."
    );
    assert_eq!(ids(&report.suspects[0].advice)[0], "suspect-advice-threads-lock");
    let groups = report.section("threads").unwrap().blocks.iter().find_map(|block| match block {
        Block::Threads { groups, .. } => Some(groups),
        _ => None,
    });
    let doing = Language::En.text(groups.unwrap()[0].doing.as_ref().unwrap());
    assert_eq!(doing, "waiting for com.acme.Warehouse.lock, which settlement-run holds");
}

/// An error of that message that was thrown while a class of the application ran, and kept.
fn with_kept_error(heap: &mut HeapBuilder, message: &str) {
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let message = heap.string(message);
    let acceptor = heap.app_class("com.acme.Acceptor").build();
    let thread = heap.class_named("java.lang.Thread");
    let mirrors =
        heap.object_array("java.lang.Object[]", &[thread.address(), acceptor.address(), Addr::NULL]);
    let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
    let fields = [
        ("backtrace", Value::Ref(backtrace)),
        ("depth", Value::Int(2)),
        ("detailMessage", Value::Ref(message)),
    ];
    let error = heap.instance_with(error, &fields);
    held_by_static(heap, "com.acme.Health", "lastError", error);
}

#[test]
fn where_no_thread_could_be_made_the_verdict_says_whose_threads_there_are() {
    let mut heap = with_tasks("push-client", 380, &TAKES, true);
    with_kept_error(
        &mut heap,
        "unable to create native thread: possibly out of memory or process/resource limits reached",
    );
    let report = judge(heap);
    assert_eq!(
        text(&report, 0),
        "com.acme.Acceptor could start no more threads (OutOfMemoryError: unable to create native thread): 380 of 381 threads are push-client-*."
    );
    assert!(
        text(&report, 1).starts_with("380 threads push-client-*, waiting at a queue in "),
        "{}",
        text(&report, 1)
    );
    let finding = report.findings.iter().find(|finding| finding.id == "oom.thrown-earlier").unwrap();
    assert_eq!(ids(&finding.advice)[0], "oom-thrown-threads-advice");
    let page = oomph::render::html::render(&report, &oomph::render::html::HtmlOptions::default());
    assert!(
        !page.contains(&Language::En.message("html-no-oom"))
            && page.contains(&Language::En.message("html-oom-earlier"))
    );
}

/// A bounded queue with so many elements of 400 places, threads that wait to put and one that has taken from it and reads from the network.
fn queue(entries: u16) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let condition =
        heap.class("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject").build();
    let room = heap.instance(condition, &[]);
    let readings: Vec<Addr> = crate::payload(&mut heap, "com.acme.Reading", entries.into(), 8 << 10);
    let places: Vec<Addr> = readings.into_iter().chain(std::iter::repeat(Addr::NULL)).take(400).collect();
    let items = heap.object_array("java.lang.Object[]", &places);
    let class = heap
        .class("java.util.concurrent.ArrayBlockingQueue")
        .field("items", Kind::Ref)
        .field("count", Kind::Int)
        .field("notFull", Kind::Ref)
        .build();
    let queue = heap.instance(class, &[Value::Ref(items), Value::Int(entries.into()), Value::Ref(room)]);
    let pipeline = heap.app_class("com.acme.Pipeline").field("queue", Kind::Ref).build();
    let pipeline = heap.instance(pipeline, &[Value::Ref(queue)]);
    held_by_static(&mut heap, "com.acme.Server", "PIPELINE", pipeline);
    let putting = [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.ArrayBlockingQueue", "put")];
    let park = heap.class("jdk.internal.misc.Unsafe").build();
    let submit = heap.app_class("com.acme.Intake").build();
    for number in 0..if entries == 400 { 16 } else { 0 } {
        let thread =
            heap.thread(&format!("coap-{number}")).status(0x291).field("parkBlocker", Value::Ref(room));
        thread
            .frame(park, putting[0].1, "()V", "Unsafe.java", -3)
            .frame(class, putting[1].1, "()V", "ArrayBlockingQueue.java", 300)
            .local(queue)
            .frame(submit, "submit", "()V", "Intake.java", 8)
            .build();
    }
    let reading = classes_of(&mut heap, &READS[..2]);
    let writer = heap.app_class("com.acme.Writer").field("pipeline", Kind::Ref).build();
    for number in 0..3 {
        let this = heap.instance(writer, &[Value::Ref(pipeline)]);
        heap.thread(&format!("writer-{number}"))
            .frame(reading[0], "poll", "()V", "Net.java", -3)
            .frame(reading[1], "implRead", "()V", "NioSocketImpl.java", 7)
            .frame(writer, "run", "()V", "Writer.java", 9)
            .local(this)
            .build();
    }
    let main = heap.app_class("com.acme.Main").build();
    heap.thread("main").frame(main, "main", "([Ljava/lang/String;)V", "Main.java", 3).local(pipeline).build();
    judge(heap)
}

#[test]
fn a_full_queue_is_a_backlog_with_those_who_put_and_those_who_do_not_take() {
    let report = queue(400);
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Pipeline.queue");
    assert_eq!((first.kind_message(), first.is_leak_if_it_grows()), ("kind-backlog", false));
    assert_eq!(ids(&first.advice), ["suspect-advice-queue-full"]);
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-backlog-full");
    let told: Vec<String> = (1..4).map(|at| text(&report, at)).collect();
    assert_eq!(
        told,
        [
            "It is full, 400 of 400: it grows no more, and whoever puts into it waits.",
            "16 threads coap-* wait to put more into it, in com.acme.Intake.submit(Intake.java:8).",
            "3 threads writer-*, which work with it as well, are reading from the network in com.acme.Writer.run(Writer.java:9).",
        ]
    );
    // Half full it may grow, up to its limit.
    let half = queue(200).suspects.remove(0);
    assert_eq!(ids(&half.activity), ["suspect-queue-room"]);
    assert_eq!((half.kind_message(), half.is_leak_if_it_grows()), ("kind-backlog", false));
}

/// The lambda that a thread was started with stands where the thread was started, which says nothing of what it was doing; nor does what is far below.
#[test]
fn a_thread_that_was_started_in_the_class_of_the_full_field_was_not_in_it() {
    let says_so = |frames: &[(&str, &str)]| {
        let mut heap = HeapBuilder::hotspot17();
        let carts = payload(&mut heap, "com.acme.Cart", 2000, 1 << 10);
        let list = heap.array_list(&carts);
        held_by_static(&mut heap, "com.acme.CartStore", "OPEN", list);
        heap.app_class("com.acme.Poster").build();
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let classes: Vec<_> = frames.iter().map(|(class, _)| heap.class_named(class)).collect();
        let mut thread = heap.thread("exec-3").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
        for (class, (_, method)) in classes.into_iter().zip(frames) {
            thread = thread.frame(class, method, "()V", "X.java", 30);
        }
        thread.build();
        let evidence = judge(heap).oom.unwrap().evidence;
        evidence.iter().any(|text| id_of(text) == Some("oom-evidence-same-class"))
    };
    let (store, poster) = ("com.acme.CartStore", "com.acme.Poster");
    assert!(says_so(&[(poster, "draw"), (store, "checkout")]));
    assert!(says_so(&[(poster, "draw"), (store, "lambda$checkout$0"), (store, "checkout")]));
    assert!(!says_so(&[(poster, "draw"), (store, "lambda$main$0")]));
    assert!(!says_so(&[(poster, "draw"), (poster, "run"), (store, "main")]));
}

/// So many threads with a buffer each that stand in one of two methods, which a third has called, or are called by one of two names.
fn threads_in_two(names: [&str; 2], methods: [&str; 2], worker: Option<&str>) -> oomph::report::Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let gate = heap.app_class("com.acme.Gate").build();
    let call = heap.app_class("com.acme.Call").field("body", Kind::Ref).build();
    let pool = heap.class("java.util.concurrent.ThreadPoolExecutor").build();
    let thread_class = heap.class_named("java.lang.Thread");
    for number in 0..320 {
        let body = bytes(&mut heap, 20_000);
        let call = heap.instance(call, &[Value::Ref(body)]);
        let mut thread = heap.thread(&format!("{}-{number}", names[number % 2])).status(0x191);
        thread = thread.frame(gate, methods[number % 2], "()V", "Gate.java", 6).local(call);
        thread = thread.frame(gate, "handle", "()V", "Gate.java", 9).local(call);
        if let Some(worker) = worker {
            thread = thread.frame(pool, worker, "()V", "ThreadPoolExecutor.java", 1);
        }
        thread.frame(thread_class, "run", "()V", "Thread.java", 1).build();
    }
    judge(heap).suspects.remove(0)
}

#[test]
fn all_threads_of_which_each_has_one_are_counted_where_they_stand_at_two_places() {
    let first = threads_in_two(["http", "http"], ["even", "odd"], None);
    let title = english(std::slice::from_ref(&first.title));
    assert_eq!((first.instances, first.pattern), (320, Pattern::Threads), "{title}");
    assert!(
        title.starts_with("320 threads http-*") && title.contains("com.acme.Gate.handle(Gate.java:9)"),
        "{title}"
    );
}

#[test]
fn all_threads_of_which_each_has_one_are_counted_where_they_have_two_names() {
    let first = threads_in_two(["reader", "writer"], ["even", "even"], None);
    let title = english(std::slice::from_ref(&first.title));
    assert!(title.starts_with("320 threads reader-*, writer-*"), "{title}");
    let workers = threads_in_two(["http", "http"], ["even", "odd"], Some("runWorker"));
    assert_ne!(workers.pattern, Pattern::Threads, "they are given their work");
}
