//! Requests that wait for an answer, and pile up.

use crate::{bytes, english, held_by_static, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// Calls that a map keeps, each with a future; of the first of them it is completed.
fn calls(completed: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let call = heap.app_class("com.acme.PendingCall").field("reply", Kind::Ref).field("body", Kind::Ref);
    let call = call.build();
    let entries: Vec<(Addr, Addr)> = (0..3000)
        .map(|number| {
            let body = bytes(&mut heap, 500);
            let key = heap.boxed_int(number);
            let result = if (number as usize) < completed { key } else { Addr::NULL };
            let reply = heap.instance(future, &[Value::Ref(result), Value::NULL]);
            (key, heap.instance(call, &[Value::Ref(reply), Value::Ref(body)]))
        })
        .collect();
    let pending = heap.concurrent_hash_map(&entries);
    held_by_static(&mut heap, "com.acme.RpcClient", "PENDING", pending);
    judge(heap)
}

#[test]
fn calls_that_nobody_has_answered_are_told_as_such() {
    let first = calls(0).suspects.remove(0);
    let told = english(&first.activity);
    assert!(told.contains("PendingCall.reply is not completed in 256 of 256 looked at"), "{told}");
    assert!(english(&first.advice).contains("Take each out when its caller gives up"), "{:?}", first.advice);
    let first = calls(3000).suspects.remove(0);
    assert!(!english(&first.activity).contains("not completed"));
}
