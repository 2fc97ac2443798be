//! Verdicts about a pool that waits for itself and whose queue is what fills the heap.

use crate::stuck::{PARKED, PARKS, Pool};
use crate::{bytes, english, judge};
use hprof_fixtures::Value;
use oomph::report::Report;

/// Three threads that wait for tasks, of which so many are in the queue of their own pool, before a thousand others with what they are to work on.
fn behind_a_full_queue(awaited: usize) -> Report {
    let mut pool = Pool::new();
    let task =
        pool.heap.class("java.util.concurrent.FutureTask").field("callable", hprof_fixtures::Kind::Ref);
    let task = task.build();
    let page = pool.heap.app_class("com.acme.Page").field("data", hprof_fixtures::Kind::Ref).build();
    let mut tasks = Vec::new();
    for _ in 0..1203 {
        let data = bytes(&mut pool.heap, 3000);
        let page = pool.heap.instance(page, &[Value::Ref(data)]);
        tasks.push(pool.heap.instance(task, &[Value::Ref(page)]));
    }
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
    assert!(told.contains("FutureTask with one Page each, held by com.acme.App.POOL"), "{told}");
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
