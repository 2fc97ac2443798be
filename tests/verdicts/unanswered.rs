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

/// Futures in so many chains, each the stage of the one before it, and as many besides that one stage waits for.
fn chains(count: usize, in_flight: usize) -> Report {
    chains_with(count, in_flight, false)
}

/// The same; the middle of the first chain may wait for one more, as that of `thenCombine` does.
fn chains_with(count: usize, in_flight: usize, is_joined: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let completion = heap.class("java.util.concurrent.CompletableFuture$UniCompletion");
    let completion = completion.field("dep", Kind::Ref).field("fn", Kind::Ref).build();
    let compose = heap.class("java.util.concurrent.CompletableFuture$UniCompose").extends(completion).build();
    let batch = heap.app_class("com.acme.Batch").field("records", Kind::Ref).build();
    let lambda = heap.app_class("com.acme.Stream$$Lambda$7").field("arg$1", Kind::Ref).build();
    let lengths = std::iter::repeat_n(12_000 / count, count).chain(std::iter::repeat_n(1, in_flight));
    let mut middle = None;
    let mut heads: Vec<Addr> = lengths
        .map(|length| {
            let mut next = heap.instance(future, &[Value::NULL, Value::NULL]);
            for at in 0..length {
                if at == length / 2 {
                    middle.get_or_insert(next);
                }
                let records = bytes(&mut heap, 200);
                let batch = heap.instance(batch, &[Value::Ref(records)]);
                let function = heap.instance(lambda, &[Value::Ref(batch)]);
                let fields = [("dep", Value::Ref(next)), ("fn", Value::Ref(function))];
                let stage = heap.instance_with(compose, &fields);
                next = heap.instance(future, &[Value::NULL, Value::Ref(stage)]);
            }
            next
        })
        .collect();
    if let Some(middle) = middle.filter(|_| is_joined) {
        let stage = heap.instance_with(compose, &[("dep", Value::Ref(middle))]);
        heads.push(heap.instance(future, &[Value::NULL, Value::Ref(stage)]));
    }
    let table = heap.object_array("java.util.concurrent.CompletableFuture[]", &heads);
    held_by_static(&mut heap, "com.acme.AckTable", "FUTURES", table);
    judge(heap)
}

#[test]
fn stages_behind_one_future_are_told_as_such() {
    // The next answers of others, which nobody waits for long, say nothing of the chain.
    for in_flight in [0, 3] {
        let title = english(&[chains(1, in_flight).suspects.remove(0).title.clone()]);
        assert!(
            title.contains("A CompletableFuture that is not completed, and 12,000 more that wait behind it"),
            "{title}"
        );
    }
    let title = english(&[chains(2, 1).suspects.remove(0).title.clone()]);
    assert!(title.contains("2 CompletableFutures that are not completed, and 12,000 more"), "{title}");
    // What waits for two is counted once.
    let title = english(&[chains_with(1, 0, true).suspects.remove(0).title.clone()]);
    assert!(title.contains("12,000 more that wait behind"), "{title}");
    let first = chains(1, 0).suspects.remove(0);
    let told = english(&first.activity);
    assert!(told.contains("have captured Batch, of which there are 12,000"), "{told}");
    assert!(english(&first.advice).contains("Only the first of such a chain"), "{:?}", first.advice);
    let title = english(&[chains(6000, 0).suspects.remove(0).title.clone()]);
    assert!(!title.contains("wait behind"), "{title}");
}
