//! Verdicts about objects each of which is kept by a running thread of its own.

use crate::{bytes, english, judge};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{HolderKind, Pattern, Report};

/// So many tasks of the application's, each in a field of a library's that a thread runs; or all of these threads run one that has all of them.
fn services(count: usize, has_each_its_own: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let sync = heap.app_class("com.acme.TenantSync").field("data", Kind::Ref).build();
    let runner = heap.class("org.quartz.Service$Runner").loader(loader).field("delegate", Kind::Ref).build();
    let thread_class = heap.class_named("java.lang.Thread");
    let tasks: Vec<_> = (0..count)
        .map(|_| {
            let data = bytes(&mut heap, 32 << 10);
            heap.instance(sync, &[Value::Ref(data)])
        })
        .collect();
    let all = heap.object_array("com.acme.TenantSync[]", &tasks);
    for (number, &task) in tasks.iter().enumerate() {
        let delegate = if has_each_its_own { task } else { all };
        let target = heap.instance(runner, &[Value::Ref(delegate)]);
        heap.thread(&format!("sync-{number}"))
            .field("target", Value::Ref(target))
            .frame(thread_class, "sleep", "(J)V", "Thread.java", -3)
            .frame(runner, "run", "()V", "Service.java", 7)
            .frame(thread_class, "run", "()V", "Thread.java", 1)
            .build();
    }
    judge(heap)
}

#[test]
fn what_each_running_thread_keeps_is_told_by_the_threads_and_not_by_the_field_of_a_library() {
    let report = services(60, true);
    let first = &report.suspects[0];
    assert_eq!(first.instances, 60);
    assert_eq!((first.holder.kind, first.holder.threads), (HolderKind::Thread, Some(60)));
    let title = "60 TenantSync, each kept by a running thread of its own, sync-*";
    assert_eq!(Language::En.text(&first.title), title);
    let advice = english(&first.advice);
    assert!(advice.starts_with("Each of them stays as long as its thread runs"), "{advice}");
}

#[test]
fn what_one_object_has_is_not_kept_by_a_thread_for_each() {
    let report = services(60, false);
    for suspect in &report.suspects {
        assert!(!Language::En.text(&suspect.title).contains("of its own"), "{:?}", suspect.title);
    }
}

/// Threads that nobody but a library has named, of a monitor each, which a rule knows.
#[test]
fn a_crowd_of_threads_is_told_by_the_rule_that_knows_what_each_of_them_runs() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let thread_class = heap.class_named("java.lang.Thread");
    let utils = heap.class("org.apache.commons.io.ThreadUtils").loader(loader).build();
    let monitor = heap.class("org.apache.commons.io.monitor.FileAlterationMonitor").loader(loader);
    let monitor = monitor.field("running", Kind::Boolean).field("data", Kind::Ref).build();
    for number in 0..400 {
        let data = bytes(&mut heap, 4096);
        let target = heap.instance(monitor, &[Value::Boolean(true), Value::Ref(data)]);
        heap.thread(&format!("Thread-{number}"))
            .field("target", Value::Ref(target))
            .frame(thread_class, "sleep", "(J)V", "Thread.java", -3)
            .frame(utils, "sleep", "(J)V", "ThreadUtils.java", 49)
            .frame(monitor, "run", "()V", "FileAlterationMonitor.java", 150)
            .frame(thread_class, "run", "()V", "Thread.java", 1)
            .build();
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 400));
    assert_eq!(first.rule.as_deref(), Some("commons-io.running-monitors"));
    let told = english(&first.activity);
    assert!(told.contains("FileAlterationMonitor.run(FileAlterationMonitor.java:150)"), "{told}");
    assert!(english(&first.advice).starts_with("One monitor watches as many directories"), "{first:?}");
}

/// Class loaders of plugins that were unloaded, whose timers still run.
fn plugins(count: usize, name: impl Fn(usize) -> String) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.class_named("java.net.URLClassLoader");
    let thread_class = heap.class_named("java.lang.Thread");
    let context = heap.class("java.security.AccessControlContext").field("loader", Kind::Ref).build();
    for number in 0..count {
        let one = heap.instance_with(loader, &[]);
        let rates = bytes(&mut heap, 200_000);
        let plugin =
            heap.class("com.acme.TaxPlugin").loader(one).static_field("RATES", Value::Ref(rates)).build();
        let classes = heap.array_list(&[plugin.address()]);
        heap.set_field(one, "classes", Value::Ref(classes));
        let inherited = heap.instance(context, &[Value::Ref(one)]);
        heap.thread(&name(number))
            .field("inheritedAccessControlContext", Value::Ref(inherited))
            .frame(thread_class, "sleep", "(J)V", "Thread.java", -3)
            .frame(thread_class, "run", "()V", "Thread.java", 1)
            .build();
    }
    judge(heap)
}

#[test]
fn class_loaders_that_running_threads_keep_are_told_by_the_threads() {
    let same = plugins(40, |_| "tax-refresh".to_owned());
    let numbered = plugins(40, |number| format!("tax-refresh-{number}"));
    for (report, name) in [(same, "tax-refresh"), (numbered, "tax-refresh-*")] {
        let first = &report.suspects[0];
        assert_eq!((first.pattern, first.instances), (Pattern::ClassLoader, 40));
        let title = format!("40 URLClassLoader, each kept by a running thread of its own, {name}");
        assert_eq!(Language::En.text(&first.title), title);
        let advice = english(&first.advice);
        assert!(advice.contains("Each of them stays as long as its thread runs"), "{advice}");
        assert!(!advice.contains("who registered this"), "{advice}");
    }
}
