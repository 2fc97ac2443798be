//! Threads that have ended: what they had, and those that do their work as well.

use crate::pool::{PARKED, PARKS, Pool, RUNNABLE};
use crate::stuck::{of_threads, verdict};
use crate::{held_by_static, ids, judge, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::report::{Report, Severity};

/// A lock that a thread had when it ended, and so many threads that wait for it.
fn lost_lock(waiting: usize, status: i32) -> Report {
    let mut pool = Pool::new();
    let thread = pool.heap.class_named("java.lang.Thread");
    let name = pool.heap.string("loader-1");
    let fields = [("name", Value::Ref(name)), ("threadStatus", Value::Int(status))];
    let owner = pool.heap.instance_with(thread, &fields);
    let sync = pool.heap.class("java.util.concurrent.locks.ReentrantLock$NonfairSync");
    let sync = sync.field("exclusiveOwnerThread", Kind::Ref).build();
    let sync = pool.heap.instance(sync, &[Value::Ref(owner)]);
    let lock = pool.heap.class("java.util.concurrent.locks.ReentrantLock").field("sync", Kind::Ref).build();
    let lock = pool.heap.instance(lock, &[Value::Ref(sync)]);
    pool.heap.app_class("com.acme.Lookup").static_field("LOCK", Value::Ref(lock)).sticky().build();
    for _ in 0..waiting {
        let inner = [PARKS[0], PARKS[1], ("java.util.concurrent.locks.ReentrantLock", "lock")];
        pool.thread(PARKED, Some(sync), &inner, &[("com.acme.Lookup", "find")]);
    }
    judge(pool.heap)
}

#[test]
fn a_lock_that_a_thread_had_when_it_ended_is_lost() {
    let report = lost_lock(20, 2);
    let finding = of_threads(&report).unwrap();
    assert_eq!((&*finding.id, finding.severity, finding.count), ("threads.lost-lock", Severity::Error, 20));
    assert_eq!(
        verdict(&report),
        "Thread loader-1 has ended while it had com.acme.Lookup.LOCK: it is never released; 20 threads exec-* wait for it in \
         com.acme.Lookup.find(X.java:7)."
    );
    assert_eq!(of_threads(&lost_lock(1, 2)).unwrap().id, "threads.lost-lock");
    assert_eq!(of_threads(&lost_lock(1, RUNNABLE)), None);
}

/// Four workers in an array of a field, of which one has ended and the others stand in these innermost frames.
fn workers(inner: &[(&str, &str)], ended: &str) -> Report {
    let mut pool = Pool::new();
    for _ in 0..3 {
        pool.thread(PARKED, None, inner, &[("com.acme.Indexer", "loop")]);
    }
    let thread = pool.heap.class_named("java.lang.Thread");
    let name = pool.heap.string(ended);
    let fields = [("name", Value::Ref(name)), ("threadStatus", Value::Int(2))];
    pool.threads.push(pool.heap.instance_with(thread, &fields));
    let workers = pool.heap.object_array("java.lang.Thread[]", &pool.threads);
    let indexer = pool.heap.app_class("com.acme.Index").field("workers", Kind::Ref).build();
    let indexer = pool.heap.instance(indexer, &[Value::Ref(workers)]);
    pool.heap.app_class("com.acme.App").static_field("INDEX", Value::Ref(indexer)).sticky().build();
    judge(pool.heap)
}

#[test]
fn workers_of_which_some_have_ended_while_others_wait_for_work_are_told() {
    let take = [PARKS[0], PARKS[1], ("java.util.concurrent.LinkedBlockingQueue", "take")];
    let report = workers(&take, "exec-9");
    assert_eq!(
        verdict(&report),
        "1 of 4 threads exec-* of com.acme.Index.workers has ended (exec-9): what is handed to it is never done."
    );
    assert_eq!(of_threads(&workers(&[], "exec-9")), None, "a batch of which one part is done");
    assert_eq!(of_threads(&workers(&take, "start-up")), None, "threads with work of their own");
    assert_eq!(of_threads(&workers(&take, "Thread-7")), None, "threads that nobody has named");
}

/// Threads that have ended are no consumers of a map that has something for each of them.
#[test]
fn what_is_kept_for_threads_that_have_ended_waits_for_nobody() {
    let mut heap = HeapBuilder::hotspot17();
    let thread = heap.class_named("java.lang.Thread");
    let contexts = payload(&mut heap, "com.acme.JobContext", 2000, 1000);
    let entries: Vec<_> = contexts
        .into_iter()
        .enumerate()
        .map(|(number, context)| {
            let name = heap.string(&format!("job-{number}"));
            let fields = [("name", Value::Ref(name)), ("threadStatus", Value::Int(2))];
            (heap.instance_with(thread, &fields), context)
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.JobContexts", "BY_THREAD", map);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.JobContexts.BY_THREAD");
    let told = [ids(&first.activity), ids(&first.advice)].concat();
    assert!(told.contains(&"suspect-advice-ended-keys"), "{told:?}");
    assert!(!told.contains(&"suspect-advice-ended-workers"), "{told:?}");
}
