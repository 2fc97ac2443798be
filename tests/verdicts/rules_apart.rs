//! What rules tell apart: the same object from one like it, what was set from what was inherited, what is closed from what runs.

use crate::{bytes, held_by_static, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::Report;

/// The title of what a rule has found.
fn title(report: &Report, rule: &str) -> Option<String> {
    let found = report.findings.iter().find(|finding| finding.id == rule)?;
    Some(Language::En.text(&found.title))
}

fn reference(name: &str, object: Addr) -> (&str, Kind, Value) {
    (name, Kind::Ref, Value::Ref(object))
}

/// Threads that have these values in a thread-local of that class, which extends `base`. A registry has the values as well.
fn with_values(class: &str, base: &str, choose: impl Fn(usize) -> usize, values: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
    vm.sticky().build();
    let base = heap.class(base).build();
    let key = heap.app_class(class).extends(base).build();
    let key = heap.instance(key, &[]);
    held_by_static(&mut heap, "com.acme.Tenants", "CURRENT", key);
    let context = heap.app_class("com.acme.Context").field("data", Kind::Ref).build();
    let contexts: Vec<Addr> = (0..values)
        .map(|_| {
            let data = bytes(&mut heap, 7 << 20);
            heap.instance(context, &[Value::Ref(data)])
        })
        .collect();
    let all = heap.array_list(&contexts);
    held_by_static(&mut heap, "com.acme.Registry", "ALL", all);
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    for number in 0..6 {
        let value = contexts[choose(number)];
        let local = heap.instance_with(entry, &[("referent", Value::Ref(key)), ("value", Value::Ref(value))]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[local]);
        let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
        let thread = heap.thread(&format!("worker-{number}"));
        thread.field("inheritableThreadLocals", Value::Ref(locals)).build();
    }
    judge(heap)
}

#[test]
fn threads_that_have_inherited_one_object_have_the_very_same_one() {
    let rule = "java.inherited-by-many";
    let inheritable = "java.lang.InheritableThreadLocal";
    // The class of the thread-local need not say so in its name.
    let report = with_values("com.acme.Main$1", inheritable, |_| 0, 1);
    let expected = "6 threads have the same com.acme.Context of 7.00 MiB in an InheritableThreadLocal, \
                    which a thread takes over from the one that starts it";
    assert_eq!(title(&report, rule).as_deref(), Some(expected));
    // Four have one and two another: the title is about the four.
    let report = with_values("com.acme.Main$1", inheritable, |number| number / 4, 2);
    assert_eq!(title(&report, rule).as_deref(), Some(&*expected.replace('6', "4")));
    let found = report.findings.iter().find(|finding| finding.id == rule).unwrap();
    assert_eq!(found.count, 6);
    // Each has its own.
    let report = with_values("com.acme.InheritableContext", inheritable, |number| number, 6);
    assert_eq!(title(&report, rule), None);
    let report = with_values("com.acme.InheritableContext", "java.lang.ThreadLocal", |_| 0, 1);
    assert_eq!(title(&report, rule), None);
}

/// Two pools of the name `p`, with two connections each, which nobody uses.
#[test]
fn connections_of_two_pools_of_one_name_are_not_put_together() {
    let mut heap = HeapBuilder::hotspot17();
    let name = heap.string("p");
    let mut all = Vec::new();
    for _ in 0..2 {
        let pool = [
            reference("name", name),
            ("closed", Kind::Boolean, Value::Boolean(false)),
            ("maxActive", Kind::Int, Value::Int(2)),
            ("activeCount", Kind::Int, Value::Int(2)),
            ("notEmptyWaitThreadCount", Kind::Int, Value::Int(12)),
        ];
        let pool = library_object(&mut heap, "com.alibaba.druid.pool.DruidDataSource", &pool);
        for _ in 0..2 {
            let holder = [reference("dataSource", pool), ("active", Kind::Boolean, Value::Boolean(true))];
            all.push(library_object(&mut heap, "com.alibaba.druid.pool.DruidConnectionHolder", &holder));
        }
    }
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Db", "ALL", all);
    let report = judge(heap);
    let rule = "druid.unclosed-connections";
    let told = title(&report, rule).unwrap();
    assert!(told.starts_with("2 of the 2 connections of Druid pool p, "), "{told}");
    let found = report.findings.iter().find(|finding| finding.id == rule).unwrap();
    assert_eq!(found.count, 4);
    let group = "2 with p, which retain 48 B.";
    assert!(found.evidence.iter().any(|text| Language::En.text(text) == group), "{:?}", found.evidence);
}

/// 1,200 sessions, of which the first expire after half an hour and the others never.
fn sessions(expire: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let context = library_object(
        &mut heap,
        "org.apache.catalina.core.StandardContext",
        &[("sessionTimeout", Kind::Int, Value::Int(-1))],
    );
    let base = heap.app_class("org.apache.catalina.session.ManagerBase");
    let base = base.field("sessions", Kind::Ref).field("context", Kind::Ref).build();
    let manager = heap.app_class("org.apache.catalina.session.StandardManager").extends(base).build();
    let manager = heap.instance_with(manager, &[("context", Value::Ref(context))]);
    let session = heap.app_class("org.apache.catalina.session.StandardSession");
    let session = session.field("attributes", Kind::Ref).field("maxInactiveInterval", Kind::Int);
    let session = session.field("isValid", Kind::Boolean).field("manager", Kind::Ref).build();
    let cart = heap.string("cart");
    let pairs: Vec<(Addr, Addr)> = (0..1200)
        .map(|number| {
            let data = bytes(&mut heap, 1000);
            let attributes = heap.concurrent_hash_map(&[(cart, data)]);
            let seconds = if number < expire { 1800 } else { -60 };
            let fields =
                [Value::Ref(attributes), Value::Int(seconds), Value::Boolean(true), Value::Ref(manager)];
            (heap.string(&format!("{number:032x}")), heap.instance(session, &fields))
        })
        .collect();
    let all = heap.concurrent_hash_map(&pairs);
    heap.set_field(manager, "sessions", Value::Ref(all));
    held_by_static(&mut heap, "com.acme.Server", "MANAGER", manager);
    judge(heap)
}

#[test]
fn that_sessions_never_expire_is_told_before_that_they_are_many() {
    let report = sessions(0);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("tomcat.sessions-never-expire"));
    let told = Language::En.text(&first.title);
    assert!(told.starts_with("1,200 HTTP sessions that never expire, held by "), "{told}");
    assert!(Language::En.text(&first.advice[0]).starts_with("Their maxInactiveInterval is 0 or less"));
    assert_eq!(title(&report, "tomcat.session-hoard"), None);
    let shown = report.findings.iter().find(|finding| finding.id == "tomcat.sessions-never-expire").unwrap();
    let shown = Language::En.text(shown.evidence.last().unwrap());
    let expected = "attribute names=cart, classes of attributes=byte[], session-timeout in minutes=-1, \
                    maxInactiveInterval=-60 (100%)";
    assert_eq!(shown, expected);
    // All of them expire: they are only many.
    let report = sessions(1200);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("tomcat.session-hoard"));
    assert_eq!(title(&report, "tomcat.sessions-never-expire"), None);
    // Some do.
    let report = sessions(100);
    let told = title(&report, "tomcat.sessions-never-expire").unwrap();
    assert!(told.starts_with("1,100 HTTP sessions that never expire, "), "{told}");
    assert!(title(&report, "tomcat.session-hoard").is_some());
}
