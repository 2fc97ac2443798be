//! What objects of a library have registered as MBeans belongs to these.

use crate::{bytes, english, judge};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::report::{Pattern, Report};

/// An object of that class with 40,000 bytes.
fn metrics_of(heap: &mut HeapBuilder, class: ClassRef) -> Addr {
    let data = bytes(heap, 40_000);
    heap.instance(class, &[Value::Ref(data)])
}

/// So many producers of Kafka, of which each has a thread; the server of beans has the metrics of these, or of something else.
fn producers(count: usize, are_theirs: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let package = "org.apache.kafka.clients.producer.internals";
    let sender = heap.class(&format!("{package}.Sender")).loader(loader);
    let sender = sender.field("running", Kind::Boolean).field("metrics", Kind::Ref).build();
    let metrics = heap.class("org.apache.kafka.common.metrics.Metrics").loader(loader);
    let metrics = metrics.field("data", Kind::Ref).build();
    let thread_class = heap.class_named("java.lang.Thread");
    let selector = heap.class("org.apache.kafka.common.network.Selector").loader(loader).build();
    let poll = heap.class("sun.nio.ch.EPoll").build();
    let mut beans = Vec::new();
    for number in 0..count {
        let of_each = metrics_of(&mut heap, metrics);
        beans.push(of_each);
        // The way by the server of beans is the shorter one.
        let used = if are_theirs { heap.array_list(&[of_each]) } else { Addr::NULL };
        let used = if are_theirs { heap.array_list(&[used]) } else { used };
        let target = heap.instance(sender, &[Value::Boolean(true), Value::Ref(used)]);
        heap.thread(&format!("kafka-producer-network-thread | producer-{number}"))
            .field("target", Value::Ref(target))
            .frame(poll, "wait", "(IJII)I", "EPoll.java", -3)
            .frame(selector, "select", "(J)I", "Selector.java", 879)
            .frame(sender, "run", "()V", "Sender.java", 242)
            .local(target)
            .frame(thread_class, "run", "()V", "Thread.java", 1)
            .build();
    }
    let entries: Vec<(Addr, Addr)> = beans
        .into_iter()
        .enumerate()
        .map(|(at, bean)| (heap.string(&format!("client-id=producer-{at}")), bean))
        .collect();
    let table = heap.hash_map(&entries);
    let repository = heap.class("com.sun.jmx.mbeanserver.Repository").field("domainTb", Kind::Ref).build();
    let repository = heap.instance(repository, &[Value::Ref(table)]);
    heap.class("java.lang.management.ManagementFactory")
        .static_field("platformMBeanServer", Value::Ref(repository))
        .sticky()
        .build();
    judge(heap)
}

#[test]
fn what_producers_have_registered_is_told_with_these() {
    let report = producers(200, true);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("kafka.repeated-producer"), "{:?}", first.title);
    assert!(english(&first.advice).starts_with("KafkaProducer is thread-safe"), "{}", english(&first.advice));
    let said = format!("{} {}", english(std::slice::from_ref(&first.title)), english(&first.activity));
    assert!(said.contains("200 Kafka producers are open"), "{said}");
    if first.pattern == Pattern::Threads {
        assert!(said.contains("of it are what they have registered as MBeans"), "{said}");
    }
    assert_eq!(report.suspects.len(), 1, "one story");
}

#[test]
fn what_something_else_has_registered_is_not() {
    let report = producers(200, false);
    let of_beans = |class: Option<&str>| class == Some("java.lang.management.ManagementFactory");
    let beans = report.suspects.iter().find(|suspect| of_beans(suspect.holder.class.as_deref())).unwrap();
    assert_ne!(beans.rule.as_deref(), Some("kafka.repeated-producer"));
}
