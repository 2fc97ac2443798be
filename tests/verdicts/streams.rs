//! Verdicts about parallel streams, parts of which other threads do.

use crate::{judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// A parallel stream, whose caller does a part of it, and a worker of the common pool another.
#[test]
fn a_parallel_stream_is_one_load_of_whoever_has_called_it() {
    let mut heap = HeapBuilder::hotspot17();
    let completer = heap.class("java.util.concurrent.CountedCompleter").field("completer", Kind::Ref).build();
    let task = heap.class("java.util.stream.ReduceOps$ReduceTask").extends(completer).build();
    let sink = heap.class("java.util.stream.ReduceOps$3ReducingSink").field("state", Kind::Ref).build();
    let pipeline = heap.class("java.util.stream.IntPipeline$1$1").build();
    let stream = heap.class("java.util.stream.ReferencePipeline").build();
    let fork_join = heap.class("java.util.concurrent.ForkJoinTask").build();
    let thread_class = heap.class_named("java.lang.Thread");
    let worker_class = heap.class("java.util.concurrent.ForkJoinWorkerThread").extends(thread_class).build();
    let enricher = heap.app_class("com.acme.Enricher").build();
    let nightly = heap.app_class("com.acme.Nightly").build();
    let root = heap.instance_with(task, &[]);
    let visits = payload(&mut heap, "com.acme.Visit", 3000, 1000);
    let part = |heap: &mut HeapBuilder, visits: &[Addr]| {
        let state = heap.array_list(visits);
        let sink = heap.instance(sink, &[Value::Ref(state)]);
        (sink, heap.instance_with(task, &[("completer", Value::Ref(root))]))
    };
    let (own_sink, own_task) = part(&mut heap, &visits[..1000]);
    let (other_sink, other_task) = part(&mut heap, &visits[1000..]);
    heap.thread("enrich-cron-1")
        .frame(enricher, "enrich$lambda$0", "()V", "Enricher.kt", 5)
        .frame(pipeline, "accept", "(I)V", "IntPipeline.java", 180)
        .local(own_sink)
        .frame(task, "doLeaf", "()V", "ReduceOps.java", 960)
        .local(own_task)
        .frame(fork_join, "invoke", "()V", "ForkJoinTask.java", 686)
        .frame(stream, "collect", "()V", "ReferencePipeline.java", 682)
        .frame(enricher, "enrich", "()V", "Enricher.kt", 5)
        .frame(nightly, "run", "()V", "Nightly.kt", 6)
        .frame(thread_class, "run", "()V", "Thread.java", 840)
        .build();
    heap.thread("ForkJoinPool.commonPool-worker-1")
        .class(worker_class)
        .frame(enricher, "enrich$lambda$0", "()V", "Enricher.kt", 5)
        .frame(pipeline, "accept", "(I)V", "IntPipeline.java", 180)
        .local(other_sink)
        .frame(task, "doLeaf", "()V", "ReduceOps.java", 960)
        .local(other_task)
        .frame(worker_class, "run", "()V", "ForkJoinWorkerThread.java", 165)
        .build();
    let report = judge(heap);
    assert_eq!(report.suspects.len(), 1, "{:?}", report.suspects);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Visit", 3000));
    assert_eq!(first.holder.label(), "com.acme.Enricher.enrich(Enricher.kt:5) in thread \"enrich-cron-1\"");
    let told = crate::english(&first.activity);
    assert!(told.contains("ForkJoinPool.commonPool-worker-1 does a part of its work"), "{told}");
}

/// Who holds what a frame of the JDK's has that has called a method of the application's.
fn holder_in(class: &str, method: &str) -> Option<String> {
    let mut heap = HeapBuilder::hotspot17();
    let calling = heap.class(class).build();
    let enricher = heap.app_class("com.acme.Enricher").build();
    let thread_class = heap.class_named("java.lang.Thread");
    let visits = payload(&mut heap, "com.acme.Visit", 3000, 1000);
    let visits = heap.array_list(&visits);
    heap.thread("worker-1")
        .frame(enricher, "enrich$lambda$0", "()V", "Enricher.kt", 5)
        .frame(calling, method, "(I)V", "X.java", 180)
        .local(visits)
        .frame(thread_class, "run", "()V", "Thread.java", 840)
        .build();
    judge(heap).suspects.first().map(|first| first.holder.label())
}

/// What is known of a part of a stream when nothing of who has called it is left. What another loop of the JDK's has, as a timer has its queue, is not that
/// of the task which it runs at the moment.
#[test]
fn a_part_of_a_stream_is_held_by_what_the_stream_calls() {
    let of_stream = holder_in("java.util.stream.IntPipeline$1$1", "accept").unwrap();
    assert!(of_stream.starts_with("com.acme.Enricher.enrich$lambda$0(Enricher.kt:5)"), "{of_stream}");
    let of_timer = holder_in("java.util.TimerThread", "mainLoop");
    assert!(of_timer.is_none_or(|label| !label.contains("Enricher")));
}

/// What a rule says of the largest of several is told as that, and not beside the sum of all.
#[test]
fn the_largest_of_several_is_told_as_that() {
    let told = |lengths: &[usize]| {
        let mut heap = HeapBuilder::hotspot17();
        for (number, &length) in lengths.iter().enumerate() {
            let values = payload(&mut heap, "com.acme.Reading", length, 500);
            let buffer = heap.object_array("java.lang.Object[]", &values);
            let fields = [
                ("buffer", Kind::Ref, Value::Ref(buffer)),
                ("replay", Kind::Int, Value::Int(i32::MAX)),
                ("bufferSize", Kind::Int, Value::Int(i32::try_from(length).unwrap())),
            ];
            let flow = crate::library_object(&mut heap, "kotlinx.coroutines.flow.SharedFlowImpl", &fields);
            crate::held_by_static(&mut heap, &format!("com.acme.Park{number}"), "READINGS", flow);
        }
        crate::known_by_rules::title(&judge(heap), "kotlin.endless-replay").unwrap()
    };
    let all = "A Kotlin SharedFlow keeps all 3,000 values that it was ever given, to replay them";
    assert_eq!(told(&[3000]), all);
    assert_eq!(told(&[2000, 3000]), format!("{all} (the largest of 2)"));
}
