//! Verdicts about monitors and read locks: who has them is told by the variables of frames and by the threads' own counts.

use crate::{bytes, held_by_static, ids, judge};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Root, Value};
use oomph::render::text::Language;
use oomph::report::Report;

/// The state of a thread that is blocked, and of one that runs.
const BLOCKED: i32 = 0x401;
const RUNS: i32 = 0x5;
const PARKED: i32 = 0x291;

fn first(report: &Report) -> String {
    Language::En.text(&report.verdict.sentences[0])
}

fn deadlocks(report: &Report) -> Vec<Vec<String>> {
    let found = report.findings.iter().filter(|finding| finding.id == "threads.deadlock");
    found.map(|finding| finding.evidence.iter().map(|text| Language::En.text(text)).collect()).collect()
}

/// A thread in a method of `com.acme.Teller` with two parameters, whose slots refer to these objects.
fn transferring(heap: &mut HeapBuilder, teller: ClassRef, name: &str, status: i32, slots: &[Addr]) {
    let parameters = "(Lcom/acme/Account;Lcom/acme/Account;J)V";
    let mut thread =
        heap.thread(name).status(status).frame(teller, "transfer", parameters, "Teller.java", 11);
    for &slot in slots {
        thread = thread.local(slot);
    }
    thread.build();
}

fn accounts(heap: &mut HeapBuilder) -> (ClassRef, Addr, Addr) {
    let account = heap.app_class("com.acme.Account").field("cents", Kind::Long).build();
    let teller = heap.app_class("com.acme.Teller").build();
    let [one, two] = [1, 2].map(|cents| heap.instance(account, &[Value::Long(cents)]));
    // The entry of a map that has it names no object.
    let entries = [(heap.boxed_int(1001), one), (heap.boxed_int(1002), two)];
    let all = heap.hash_map(&entries);
    held_by_static(heap, "com.acme.Bank", "ACCOUNTS", all);
    (teller, one, two)
}

/// Two blocks in each other: the compiler keeps the object of each in a slot of its own.
#[test]
fn threads_that_lock_two_objects_in_turns_are_deadlocked() {
    let mut heap = HeapBuilder::hotspot17();
    let (teller, one, two) = accounts(&mut heap);
    transferring(&mut heap, teller, "teller-1", BLOCKED, &[one, two, one, two]);
    transferring(&mut heap, teller, "teller-2", BLOCKED, &[two, one, two, one]);
    // These wait for their first lock, and have both objects in hand as well.
    transferring(&mut heap, teller, "teller-3", BLOCKED, &[one, two, one]);
    transferring(&mut heap, teller, "teller-4", BLOCKED, &[two, one, two]);
    let report = judge(heap);
    let told = "Deadlock of teller-1, teller-2 in com.acme.Teller.transfer(Teller.java:11); 2 more threads wait behind them";
    assert!(first(&report).starts_with(told), "{}", first(&report));
    let [evidence] = &deadlocks(&report)[..] else { panic!("one deadlock") };
    let waits =
        "teller-1 waits in com.acme.Teller.transfer(Teller.java:11) for the monitor of com.acme.Account@";
    assert!(evidence[0].starts_with(waits), "{evidence:?}");
    assert!(evidence[0].ends_with(", which teller-2 seems to have"), "{evidence:?}");
    assert!(
        evidence.iter().any(|text| text.contains("does not say which thread has a monitor")),
        "{evidence:?}"
    );
}

/// A response that is being read takes most of the heap, and two threads will never go on: that comes first.
#[test]
fn a_deadlock_comes_before_what_is_in_flight() {
    let mut heap = HeapBuilder::hotspot17();
    let (teller, one, two) = accounts(&mut heap);
    transferring(&mut heap, teller, "teller-1", BLOCKED, &[one, two, one, two]);
    transferring(&mut heap, teller, "teller-2", BLOCKED, &[two, one, two, one]);
    let chunks: Vec<Addr> = (0..300).map(|_| bytes(&mut heap, 16_384)).collect();
    let received = heap.array_list(&chunks);
    let body = heap.class("jdk.internal.net.http.ResponseSubscribers$ByteArraySubscriber");
    let body = body.field("received", Kind::Ref).build();
    let body = heap.instance(body, &[Value::Ref(received)]);
    held_by_static(&mut heap, "com.acme.Feeds", "RUNNING", body);
    let report = judge(heap);
    assert!(first(&report).starts_with("Deadlock of teller-1, teller-2"), "{}", first(&report));
    assert_eq!(ids(&report.verdict.sentences)[1], "verdict-load-in-flight");
}

/// The same objects, of which one is locked by a thread that works.
#[test]
fn threads_that_wait_for_one_that_works_are_not_deadlocked() {
    let mut heap = HeapBuilder::hotspot17();
    let (teller, one, two) = accounts(&mut heap);
    transferring(&mut heap, teller, "teller-1", RUNS, &[one, two, one]);
    transferring(&mut heap, teller, "teller-2", BLOCKED, &[two, one, two, one]);
    transferring(&mut heap, teller, "teller-3", BLOCKED, &[two, one, two]);
    let report = judge(heap);
    assert!(deadlocks(&report).is_empty());
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains("← teller-1"), "who seems to have it is told with the thread that waits");
}

/// Two threads come into question: nothing is concluded.
#[test]
fn nobody_is_named_where_two_may_have_a_monitor() {
    let mut heap = HeapBuilder::hotspot17();
    let (teller, one, two) = accounts(&mut heap);
    transferring(&mut heap, teller, "teller-1", BLOCKED, &[one, two, one, two]);
    transferring(&mut heap, teller, "teller-2", BLOCKED, &[two, one, two, one]);
    // A copy of a variable, as far as the dump shows.
    transferring(&mut heap, teller, "teller-3", RUNS, &[one, two, two]);
    assert!(deadlocks(&judge(heap)).is_empty());
}

/// A synchronized method, called by a thread that has a lock for which the one waits that is in another such method of the object.
#[test]
fn a_monitor_and_a_lock_may_be_a_deadlock_together() {
    let mut heap = HeapBuilder::hotspot17();
    let sync = heap.class("java.util.concurrent.locks.ReentrantLock$NonfairSync");
    let sync = sync.field("exclusiveOwnerThread", Kind::Ref).build();
    let sync = heap.instance(sync, &[Value::NULL]);
    let lock = heap.class("java.util.concurrent.locks.ReentrantLock").field("sync", Kind::Ref).build();
    let lock = heap.instance(lock, &[Value::Ref(sync)]);
    let feed = heap.app_class("com.acme.Feed").field("lock", Kind::Ref).build();
    let this_feed = heap.instance(feed, &[Value::Ref(lock)]);
    let model = heap.app_class("com.acme.Model").build();
    let this_model = heap.instance(model, &[]);
    let reader = heap
        .thread("feed-reader")
        .status(BLOCKED)
        .frame(model, "append", "(D)V", "Model.java", 15)
        .local(this_model)
        .frame(feed, "tick", "(D)V", "Feed.java", 8)
        .local(this_feed)
        .build()
        .object;
    let parks = heap.class("java.util.concurrent.locks.LockSupport").build();
    heap.thread("gui")
        .status(PARKED)
        .field("parkBlocker", Value::Ref(sync))
        .frame(parks, "park", "()V", "LockSupport.java", 211)
        .local(sync)
        .frame(feed, "last", "()D", "Feed.java", 9)
        .local(this_feed)
        .frame(model, "repaint", "()V", "Model.java", 16)
        .local(this_model)
        .build();
    heap.set_field(sync, "exclusiveOwnerThread", Value::Ref(reader));
    let report = judge(heap);
    let told = "Most likely a deadlock of feed-reader (com.acme.Model.append(Model.java:15)), gui (com.acme.Feed.last(Feed.java:9))";
    assert!(first(&report).starts_with(told), "{}", first(&report));
}

/// A read-write lock whose first reader, or another one, asks for the write lock.
fn upgrade(is_first: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let base = heap.class("java.util.concurrent.locks.AbstractQueuedSynchronizer");
    let base = base.field("state", Kind::Int).field("exclusiveOwnerThread", Kind::Ref).build();
    let sync = heap.class("java.util.concurrent.locks.ReentrantReadWriteLock$Sync").extends(base);
    let sync = sync.field("firstReader", Kind::Ref).field("readHolds", Kind::Ref).build();
    let holds = heap.class("java.util.concurrent.locks.ReentrantReadWriteLock$Sync$ThreadLocalHoldCounter");
    let holds = holds.build();
    let holds = heap.instance(holds, &[]);
    let readers = [("state", Value::Int(2 << 16)), ("readHolds", Value::Ref(holds))];
    let sync = heap.instance_with(sync, &readers);
    let counter = heap.class("java.util.concurrent.locks.ReentrantReadWriteLock$Sync$HoldCounter");
    let counter = counter.field("count", Kind::Int).build();
    let counter = heap.instance(counter, &[Value::Int(1)]);
    let entry = heap.class("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let entry = entry.field("referent", Kind::Ref).field("value", Kind::Ref).build();
    let entry = heap.instance(entry, &[Value::Ref(holds), Value::Ref(counter)]);
    let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry]);
    let map = heap.class("java.lang.ThreadLocal$ThreadLocalMap").field("table", Kind::Ref).build();
    let map = heap.instance(map, &[Value::Ref(table)]);
    let lock =
        heap.class("java.util.concurrent.locks.ReentrantReadWriteLock").field("sync", Kind::Ref).build();
    let lock = heap.instance(lock, &[Value::Ref(sync)]);
    let book = heap.app_class("com.acme.Tariffs").field("lock", Kind::Ref).build();
    let this = heap.instance(book, &[Value::Ref(lock)]);
    let parks = heap.class("java.util.concurrent.locks.LockSupport").build();
    let mut waits = |name: &str, method: &str, map: Addr| {
        heap.thread(name)
            .status(PARKED)
            .field("parkBlocker", Value::Ref(sync))
            .field("threadLocals", Value::Ref(map))
            .frame(parks, "park", "()V", "LockSupport.java", 211)
            .frame(book, method, "()V", "Tariffs.java", 12)
            .local(this)
            .build()
            .object
    };
    let update = waits("update", "refresh", if is_first { Addr::NULL } else { map });
    for number in 0..3 {
        waits(&format!("quote-{number}"), "quote", Addr::NULL);
    }
    let reader = heap.thread("report").status(RUNS).build().object;
    heap.set_field(sync, "firstReader", Value::Ref(if is_first { update } else { reader }));
    judge(heap)
}

#[test]
fn a_read_lock_cannot_become_a_write_lock() {
    let report = upgrade(true);
    let told = "update waits for ever in com.acme.Tariffs.refresh(Tariffs.java:12) for the write lock of com.acme.Tariffs.lock, of \
         which it has the read lock itself; 3 more threads wait behind it";
    assert!(first(&report).starts_with(told), "{}", first(&report));
    let evidence = &deadlocks(&report)[0];
    let waits = "update waits in com.acme.Tariffs.refresh(Tariffs.java:12) for the write lock of com.acme.Tariffs.lock@";
    assert!(evidence[0].starts_with(waits), "{evidence:?}");
    let finding = report.findings.iter().find(|finding| finding.id == "threads.deadlock").unwrap();
    assert_eq!(ids(&finding.advice), ["threads-upgrade-advice"]);
}

#[test]
fn nor_can_that_of_another_reader_than_the_first() {
    let report = upgrade(false);
    let told = "update waits for ever in com.acme.Tariffs.refresh(Tariffs.java:12) for the write lock of com.acme.Tariffs.lock, of \
                which it has the read lock itself.";
    assert!(first(&report).starts_with(told), "{}", first(&report));
}

/// Three threads that wait for a stamped lock, which the first has taken in the method that called the one that waits.
fn stamped(is_worked_with: bool) -> Report {
    const WRITTEN: i64 = 128 + 256;
    let mut heap = HeapBuilder::hotspot17();
    let lock = heap.class("java.util.concurrent.locks.StampedLock").field("state", Kind::Long).build();
    let lock = heap.instance(lock, &[Value::Long(WRITTEN)]);
    let grid = heap.app_class("com.acme.Grid").field("lock", Kind::Ref).build();
    let this = heap.instance(grid, &[Value::Ref(lock)]);
    let parks = heap.class("java.util.concurrent.locks.LockSupport").build();
    for name in ["writer", "reader-1", "reader-2"] {
        let thread = heap.thread(name).status(PARKED).field("parkBlocker", Value::Ref(lock));
        let thread = thread.frame(parks, "park", "()V", "LockSupport.java", 211).local(lock);
        let thread = thread.frame(grid, "cell", "(I)I", "Grid.java", 6).local(this);
        match name {
            "writer" => thread.frame(grid, "move", "(II)V", "Grid.java", 7).local(this).build(),
            _ => thread.build(),
        };
    }
    if is_worked_with {
        heap.thread("mover").status(RUNS).frame(grid, "move", "(II)V", "Grid.java", 7).local(this).build();
    }
    judge(heap)
}

#[test]
fn a_stamped_lock_that_only_those_who_wait_for_it_know_is_lost() {
    let told = "writer waits for itself: in com.acme.Grid.cell(Grid.java:6) it asks for com.acme.Grid.lock, a StampedLock, which \
                it has most likely taken in com.acme.Grid.move(Grid.java:7); 2 more threads wait behind it.";
    let report = stamped(false);
    assert!(first(&report).starts_with(told), "{}", first(&report));
    assert!(stamped(true).findings.iter().all(|finding| finding.id != "threads.lost-lock"));
}

/// A thread that waits in a method, which has `local` in hand, for the end of another one.
fn joins(
    heap: &mut HeapBuilder,
    name: &str,
    joined: Addr,
    (class, method): (ClassRef, &str),
    local: Addr,
) -> Addr {
    const WAITS: i32 = 0x191;
    let waited = heap.class_named("java.lang.Object");
    let threads = heap.class_named("java.lang.Thread");
    let thread = heap.thread(name).status(WAITS).frame(waited, "wait", "(J)V", "Object.java", -3);
    let thread = thread.frame(threads, "join", "(J)V", "Thread.java", 1313).local(joined);
    let thread = thread.frame(class, method, "()V", "Own.java", 6).local(local).build();
    // Since JDK 21 `Object.wait` looks at the thread that waits.
    heap.root(Root::JavaFrame { object: thread.object, thread: thread.serial, frame: 0 });
    thread.object
}

/// A thread that stops a service holds its lock and waits for the end of the worker, which waits for the lock; or of another one, which runs.
fn joining(is_worker: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let sync = heap.class("java.util.concurrent.locks.ReentrantLock$NonfairSync");
    let sync = sync.field("exclusiveOwnerThread", Kind::Ref).build();
    let sync = heap.instance(sync, &[Value::NULL]);
    let service = heap.app_class("com.acme.Service").build();
    let this = heap.instance(service, &[]);
    let parks = heap.class("java.util.concurrent.locks.LockSupport").build();
    let worker = heap
        .thread("worker")
        .status(PARKED)
        .field("parkBlocker", Value::Ref(sync))
        .frame(parks, "park", "()V", "LockSupport.java", 211)
        .local(sync)
        .frame(service, "loop", "()V", "Service.java", 5)
        .local(this)
        .build()
        .object;
    let other = heap.thread("reader").status(RUNS).build().object;
    let joined = if is_worker { worker } else { other };
    let stop = joins(&mut heap, "stop-hook", joined, (service, "stop"), this);
    heap.set_field(sync, "exclusiveOwnerThread", Value::Ref(stop));
    judge(heap)
}

#[test]
fn who_waits_for_the_end_of_a_thread_that_waits_for_its_lock_is_deadlocked() {
    let report = joining(true);
    let told = "Deadlock of worker (com.acme.Service.loop(Service.java:5)), stop-hook (com.acme.Service.stop(Own.java:6))";
    assert!(first(&report).starts_with(told), "{}", first(&report));
    let evidence = &deadlocks(&report)[0];
    assert_eq!(evidence[1], "stop-hook waits in com.acme.Service.stop(Own.java:6) for the end of worker");
    let finding = report.findings.iter().find(|finding| finding.id == "threads.deadlock").unwrap();
    assert_eq!(ids(&finding.advice), ["threads-deadlock-join-advice"]);
    assert!(deadlocks(&joining(false)).is_empty());
}

/// Workers that add to a synchronized list, of which one is just doing so in compiled code, and `main`, which has the list in a variable and joins the
/// first of them.
#[test]
fn who_has_an_object_in_a_variable_has_not_locked_it() {
    let mut heap = HeapBuilder::hotspot17();
    let lists = heap.class("java.util.Collections$SynchronizedCollection").field("c", Kind::Ref).build();
    let inner = heap.array_list(&[]);
    let list = heap.instance(lists, &[Value::Ref(inner)]);
    let entry = heap.string("opened document");
    let audit = heap.app_class("com.acme.Audit").build();
    let mut adding = |name: &str, status: i32, slots: &[Addr]| {
        let thread = heap.thread(name).status(status);
        let parameters = "(Ljava/lang/Object;)Z";
        let mut thread = thread.frame(lists, "add", parameters, "Collections.java", 2104);
        for &slot in slots {
            thread = thread.local(slot);
        }
        thread.frame(audit, "work", "()V", "Audit.java", 6).build().object
    };
    let first = adding("desk-0", BLOCKED, &[list, entry, list]);
    adding("desk-1", RUNS, &[list]);
    adding("desk-2", BLOCKED, &[list, entry, list]);
    joins(&mut heap, "main", first, (audit, "main"), list);
    assert!(deadlocks(&judge(heap)).is_empty());
}

/// A server that waits in a method of its own for the end of a worker, which waits for a synchronized method of the server's.
#[test]
fn who_joins_a_thread_has_its_own_object_in_hand_anyway() {
    let mut heap = HeapBuilder::hotspot17();
    let server = heap.app_class("com.acme.Server").build();
    let this = heap.instance(server, &[]);
    let worker = heap.thread("worker").status(BLOCKED).frame(server, "count", "()V", "Server.java", 9);
    let worker = worker.local(this).build().object;
    joins(&mut heap, "main", worker, (server, "awaitAll"), this);
    assert!(deadlocks(&judge(heap)).is_empty());
}

/// Two objects with a lock object in a field each, whose methods call each other.
#[test]
fn locks_in_fields_are_told_with_reserve() {
    let mut heap = HeapBuilder::hotspot17();
    let object = heap.class_named("java.lang.Object");
    let account = heap.app_class("com.acme.Ledger").field("lock", Kind::Ref).build();
    let mut ledger = || {
        let lock = heap.instance(object, &[]);
        (lock, heap.instance(account, &[Value::Ref(lock)]))
    };
    let [one, two] = [ledger(), ledger()];
    for (name, own, other) in [("post-1", one, two), ("post-2", two, one)] {
        heap.thread(name)
            .status(BLOCKED)
            .frame(account, "add", "()V", "Ledger.java", 7)
            .local(other.1)
            .local(other.0)
            .frame(account, "move", "()V", "Ledger.java", 12)
            .local(own.1)
            .local(own.0)
            .build();
    }
    let report = judge(heap);
    let told = "Most likely a deadlock of post-1, post-2 in com.acme.Ledger.add(Ledger.java:7)";
    assert!(first(&report).starts_with(told), "{}", first(&report));
}
