//! Verdicts about a pool whose queue is what fills the heap: what its threads do, which may wait for themselves.

use crate::pool::{BLOCKED, PARKED, PARKS, Pool, READS, RUNNABLE};
use crate::{bytes, english, judge};
use hprof_fixtures::{Addr, Kind, Value};
use oomph::report::Report;

/// A pool, and 1,203 tasks with what they are to work on.
fn pool_and_tasks() -> (Pool, Vec<Addr>) {
    let mut pool = Pool::new();
    let task = pool.heap.class("java.util.concurrent.FutureTask").field("callable", Kind::Ref).build();
    let page = pool.heap.app_class("com.acme.Page").field("data", Kind::Ref).build();
    let mut tasks = Vec::new();
    for _ in 0..1203 {
        let data = bytes(&mut pool.heap, 3000);
        let page = pool.heap.instance(page, &[Value::Ref(data)]);
        tasks.push(pool.heap.instance(task, &[Value::Ref(page)]));
    }
    (pool, tasks)
}

/// Three threads that wait for tasks, of which so many are in the queue of their own pool, before a thousand others.
fn behind_a_full_queue(awaited: usize) -> Report {
    let (mut pool, tasks) = pool_and_tasks();
    for &task in &tasks[..3] {
        let waiting = [&PARKS[..], &[("java.util.concurrent.FutureTask", "get")]].concat();
        pool.thread(PARKED, Some(task), &waiting, &[("com.acme.Book", "call")]);
    }
    let queue = pool.heap.array_list(&tasks[3 - awaited..]);
    pool.executor(queue);
    judge(pool.heap)
}

#[test]
fn that_it_waits_for_itself_comes_before_what_is_in_its_queue() {
    let report = behind_a_full_queue(3);
    let told = english(&report.verdict.sentences);
    assert!(
        told.starts_with("Pool exec-* waits for itself: all its 3 threads wait in com.acme.Book.call"),
        "{told}"
    );
    assert!(told.contains("with one Page each, held by com.acme.App.POOL"), "{told}");
    assert!(!told.contains("more comes in"), "nothing comes in any more: {told}");
    let advice = english(&report.suspects[0].advice);
    assert!(report.suspects[0].backlog);
    assert!(advice.starts_with("Run the inner tasks in another pool"), "{advice}");
    assert!(!advice.contains("faster than they are done"), "{advice}");
}

#[test]
fn a_queue_behind_threads_that_wait_for_what_runs_elsewhere_grows_while_more_comes_in() {
    let report = behind_a_full_queue(2);
    let told = english(&report.verdict.sentences);
    assert!(told.contains("more comes in than is done"), "{told}");
    let advice = english(&report.suspects[0].advice);
    assert!(advice.contains("faster than they are done"), "{advice}");
}

/// What is told of a full queue behind so many threads that do this in a method of the application.
fn told(threads: usize, status: i32, inner: &[(&str, &str)]) -> String {
    let (mut pool, tasks) = pool_and_tasks();
    for _ in 0..threads {
        pool.thread(status, None, inner, &[("com.acme.Quotes", "fetch")]);
    }
    let queue = pool.heap.array_list(&tasks);
    pool.executor(queue);
    english(&judge(pool.heap).suspects[0].activity)
}

#[test]
fn what_the_only_thread_of_a_pool_does_is_told_of_what_waits_behind_it() {
    let only = "The only thread of the pool, exec-1, is in com.acme.Quotes.fetch(X.java:7)";
    assert_eq!(told(1, RUNNABLE, &READS), format!("{only}, reading from the network."));
    assert_eq!(told(1, BLOCKED, &[]), format!("{only}, waiting for a lock."));
    assert_eq!(told(1, RUNNABLE, &[]), format!("{only}."));
    let all = "All 3 threads exec-* of the pool are in com.acme.Quotes.fetch(X.java:7).";
    assert_eq!(told(3, RUNNABLE, &[]), all);
    assert_eq!(told(3, RUNNABLE, &READS), "", "a finding tells that they all read there");
}
