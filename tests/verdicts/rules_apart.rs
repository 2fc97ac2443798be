//! What rules tell apart: the same object from one like it, what was set from what was inherited, what is closed from what runs.

use crate::{bytes, held_by_static, judge, library_object, one_field, payload, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::inspect::rules::RuleSet;
use oomph::inspect::{Context, Options};
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

/// Asynchronous clients of Apache's fifth release in a list, whose reactors have this status. The client says RUNNING in any case.
fn asynchronous_clients(count: usize, status: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let base = heap.class_named("java.lang.Enum");
    let [running, status] =
        [("async.AbstractHttpAsyncClientBase$Status", "RUNNING"), ("reactor.IOReactorStatus", status)].map(
            |(class, name)| {
                let class = heap.class(&format!("org.apache.hc.{class}")).extends(base).build();
                let name = heap.string(name);
                let name = heap.instance_with(class, &[("name", Value::Ref(name))]);
                library_object(
                    &mut heap,
                    "java.util.concurrent.atomic.AtomicReference",
                    &[reference("value", name)],
                )
            },
        );
    let multi =
        heap.app_class("org.apache.hc.core5.reactor.MultiCoreIOReactor").field("status", Kind::Ref).build();
    let reactor = heap.app_class("org.apache.hc.core5.reactor.DefaultConnectingIOReactor");
    let reactor = reactor.field("ioReactor", Kind::Ref).build();
    let base = heap.app_class("org.apache.hc.client5.http.impl.async.AbstractHttpAsyncClientBase");
    let base = base.field("ioReactor", Kind::Ref).field("status", Kind::Ref).build();
    let client = heap.app_class("org.apache.hc.client5.http.impl.async.InternalHttpAsyncClient");
    let client = client.extends(base).field("data", Kind::Ref).build();
    let clients: Vec<Addr> = (0..count)
        .map(|_| {
            let multi = heap.instance(multi, &[Value::Ref(status)]);
            let reactor = heap.instance(reactor, &[Value::Ref(multi)]);
            let data = bytes(&mut heap, 4 << 10);
            let fields = [
                ("ioReactor", Value::Ref(reactor)),
                ("status", Value::Ref(running)),
                ("data", Value::Ref(data)),
            ];
            heap.instance_with(client, &fields)
        })
        .collect();
    let clients = heap.array_list(&clients);
    held_by_static(&mut heap, "com.acme.Partners", "CLIENTS", clients);
    judge(heap)
}

#[test]
fn asynchronous_clients_that_were_closed_are_not_told_as_running() {
    let report = asynchronous_clients(120, "ACTIVE");
    let told = Language::En.text(&report.suspects[0].title);
    let expected = "120 asynchronous Apache HttpClients that were never closed, each with I/O threads of its own, \
                    held by com.acme.Partners.CLIENTS";
    assert_eq!(told, expected);
    assert!(title(&report, "httpclient5.repeated-async-client").is_some());
    assert_eq!(title(&report, "httpclient5.closed-async-client"), None);
    let report = asynchronous_clients(120, "SHUT_DOWN");
    let told = Language::En.text(&report.suspects[0].title);
    assert_eq!(
        told,
        "120 asynchronous Apache HttpClients that were closed, held by com.acme.Partners.CLIENTS"
    );
    assert_eq!(title(&report, "httpclient5.repeated-async-client"), None);
    for status in ["ACTIVE", "SHUT_DOWN"] {
        let few = asynchronous_clients(40, status);
        assert!(few.findings.iter().all(|finding| !finding.id.starts_with("httpclient5.")), "{status}");
    }
}

/// Clients that nobody has any more, each with two I/O threads that run what makes its connections.
#[test]
fn asynchronous_clients_that_were_dropped_are_told_by_their_threads() {
    let found = |count: usize, factory: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let factory = heap.app_class(factory).build();
        let reactor = heap.app_class("org.apache.hc.core5.reactor.SingleCoreIOReactor");
        let reactor = reactor.field("eventHandlerFactory", Kind::Ref).build();
        let worker = heap.app_class("org.apache.hc.core5.reactor.IOReactorWorker");
        let worker = worker.field("ioReactor", Kind::Ref).build();
        for _ in 0..count {
            let factory = heap.instance(factory, &[]);
            for number in 1..=2 {
                let reactor = heap.instance(reactor, &[Value::Ref(factory)]);
                let worker = heap.instance(worker, &[Value::Ref(reactor)]);
                let thread = heap.thread(&format!("httpclient-dispatch-{number}"));
                thread.field("target", Value::Ref(worker)).build();
            }
        }
        title(&judge(heap), "httpclient5.async-client-threads")
    };
    let starter = "org.apache.hc.client5.http.impl.async.HttpAsyncClientProtocolNegotiationStarter";
    let expected = "Threads of 41 asynchronous Apache HttpClients are running (httpclient-dispatch-*), which were not closed";
    assert_eq!(found(41, starter).as_deref(), Some(expected));
    assert_eq!(found(40, starter), None);
    let server = "org.apache.hc.core5.http.impl.nio.ServerHttp1IOEventHandlerFactory";
    assert_eq!(found(41, server), None, "a server");
}

/// What only the thread has that closes idle connections.
#[test]
fn clients_that_were_let_go_without_close_are_told_by_their_threads() {
    let judged = |count: usize, task: &str, field: &str, is_closed: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let sleeper = heap.class_named("java.lang.Thread");
        let pool = heap.app_class("org.apache.hc.core5.pool.StrictConnPool").field("data", Kind::Ref).build();
        let manager = "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager";
        let closed = if field.starts_with("arg") { "closed" } else { "isShutDown" };
        let manager = heap.app_class(manager).field("pool", Kind::Ref).field(closed, Kind::Ref).build();
        let flag = heap.class("java.util.concurrent.atomic.AtomicBoolean").field("value", Kind::Int).build();
        let flag = heap.instance(flag, &[Value::Int(is_closed)]);
        let task = heap.app_class(task).field(field, Kind::Ref).build();
        for _ in 0..count {
            let data = bytes(&mut heap, 20_000);
            let pool = heap.instance(pool, &[Value::Ref(data)]);
            let manager = heap.instance(manager, &[Value::Ref(pool), Value::Ref(flag)]);
            let task = heap.instance(task, &[Value::Ref(manager)]);
            let thread = heap.thread("idle-connection-evictor-1").field("target", Value::Ref(task));
            thread.frame(sleeper, "sleep", "(J)V", "Thread.java", -2).build();
        }
        judge(heap)
    };
    for (task, field) in [
        ("org.apache.hc.client5.http.impl.IdleConnectionEvictor$$Lambda$28+0x00007f09b10d2af0", "arg$2"),
        ("org.apache.hc.client5.http.impl.IdleConnectionEvictor$$Lambda/0x00007f09b10d2af0", "arg$2"),
        ("org.apache.http.impl.client.IdleConnectionEvictor$1", "val$connectionManager"),
    ] {
        let rule = "httpclient.unclosed-client";
        let report = judged(200, task, field, 0);
        let expected =
            "200 Apache HttpClients were never closed: a thread of each keeps its pool of connections";
        assert_eq!(title(&report, rule).as_deref(), Some(expected), "{task}");
        let first = &report.suspects[0];
        let told = Language::En.text(&first.title);
        assert_eq!(
            told, "200 Apache HttpClients that were never closed, each with a thread of its own",
            "{task}"
        );
        assert_eq!(first.rule.as_deref(), Some(rule));
        assert_eq!(title(&judged(50, task, field, 0), rule), None, "{task}");
        assert_eq!(title(&judged(200, task, field, 1), rule), None, "closed");
    }
}

/// What is made for tests, and a cache that never lets go, in what a field of the application holds.
#[test]
fn a_mock_that_keeps_what_it_sends_and_a_cache_without_a_limit_are_told() {
    let judged = |class: &str, field: &str, count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let parts: Vec<Addr> = (0..count).map(|_| bytes(&mut heap, 100)).collect();
        let parts = heap.array_list(&parts);
        let library = library_object(&mut heap, class, &[(field, Kind::Ref, Value::Ref(parts))]);
        held_by_static(&mut heap, "com.acme.App", "LIBRARY", library);
        let report = judge(heap);
        (report.suspects[0].rule.clone(), report)
    };
    for (class, field, rule) in [
        ("org.apache.kafka.clients.producer.MockProducer", "sent", "kafka.mock-producer"),
        (
            "org.eclipse.persistence.internal.identitymaps.FullIdentityMap",
            "cacheKeys",
            "eclipselink.full-cache",
        ),
    ] {
        let (told, report) = judged(class, field, 10_000);
        assert_eq!(told.as_deref(), Some(rule));
        assert!(title(&report, rule).is_some_and(|title| title.contains("10,000")));
        assert_eq!(judged(class, field, 9_999).0, None);
    }
}

/// A registry has two ids of each timer: that by which it was asked for, and that with the unit.
#[test]
fn meters_are_counted_and_not_their_ids() {
    let mut heap = HeapBuilder::hotspot17();
    let id = heap.class("io.micrometer.core.instrument.Meter$Id").field("name", Kind::Ref).build();
    let base = heap.class("io.micrometer.core.instrument.AbstractMeter").field("id", Kind::Ref).build();
    let timer = heap.class("io.micrometer.core.instrument.cumulative.CumulativeTimer").extends(base).build();
    let name = heap.string("checkout.duration");
    let meters: Vec<(Addr, Addr)> = (0..1200)
        .map(|_| {
            let [asked, own] = [(); 2].map(|()| heap.instance(id, &[Value::Ref(name)]));
            (asked, heap.instance_with(timer, &[("id", Value::Ref(own))]))
        })
        .collect();
    let meters = heap.hash_map(&meters);
    held_by_static(&mut heap, "com.acme.Metrics", "METERS", meters);
    let told = title(&judge(heap), "micrometer.tag-explosion");
    assert_eq!(
        told.as_deref(),
        Some("1,200 meters of the name checkout.duration: a tag has values without end")
    );
}

/// Spectator has the tags of a meter as texts in turn; what explodes is seen by the examples.
#[test]
fn meters_of_spectator_are_told_by_their_name_and_tags() {
    let mut heap = HeapBuilder::hotspot17();
    let package = "com.netflix.spectator.api";
    let loader = heap.app_class_loader();
    let tag_set = heap.class(&format!("{package}.ArrayTagSet")).loader(loader).field("tags", Kind::Ref);
    let tag_set = tag_set.field("length", Kind::Int).build();
    let id = heap.class(&format!("{package}.DefaultId")).loader(loader).field("name", Kind::Ref);
    let id = id.field("tags", Kind::Ref).build();
    let timer = heap.class(&format!("{package}.DefaultTimer")).loader(loader).field("id", Kind::Ref).build();
    let [name, account, venue, xetra] =
        ["order.latency", "account", "venue", "XETR"].map(|text| heap.string(text));
    let meters: Vec<(Addr, Addr)> = (0..12_000)
        .map(|number| {
            let value = heap.string(&format!("acc-{number}"));
            let tags = heap.object_array("java.lang.String[]", &[account, value, venue, xetra]);
            let tags = heap.instance(tag_set, &[Value::Ref(tags), Value::Int(4)]);
            let id = heap.instance(id, &[Value::Ref(name), Value::Ref(tags)]);
            (id, heap.instance(timer, &[Value::Ref(id)]))
        })
        .collect();
    let meters = heap.concurrent_hash_map(&meters);
    let registry = library_object(
        &mut heap,
        &format!("{package}.DefaultRegistry"),
        &[("meters", Kind::Ref, Value::Ref(meters))],
    );
    let metrics = one_field(&mut heap, "com.acme.Metrics", "registry", registry);
    held_by_static(&mut heap, "com.acme.Shop", "METRICS", metrics);
    let report = judge(heap);
    let told = title(&report, "spectator.tag-explosion");
    let wanted = "12,000 Spectator meters of the name order.latency: a tag has values without end";
    assert!(told.as_deref().is_some_and(|told| told.starts_with(wanted)), "{told:?}");
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("spectator.tag-explosion"));
    let advice = crate::english(&first.advice);
    assert!(advice.contains("order.latency with account = acc-"), "{advice}");
}

/// What a handler keeps until something severe happens is in a ring, and nothing is put into the logger.
#[test]
fn records_that_a_handler_keeps_in_memory_are_told_with_how_many_it_may() {
    let mut heap = HeapBuilder::hotspot17();
    let record = heap.class("java.util.logging.LogRecord").field("parameters", Kind::Ref).build();
    let records: Vec<Addr> = payload(&mut heap, "com.acme.State", 2000, 1000)
        .into_iter()
        .map(|state| heap.instance(record, &[Value::Ref(state)]))
        .collect();
    let buffer = heap.object_array("java.util.logging.LogRecord[]", &records);
    let handler = heap.class("java.util.logging.MemoryHandler").field("buffer", Kind::Ref);
    let handler = handler.field("size", Kind::Int).field("count", Kind::Int).build();
    let handler = heap.instance(handler, &[Value::Ref(buffer), Value::Int(500_000), Value::Int(2000)]);
    let handlers = heap.array_list(&[handler]);
    let logger = heap.class("java.util.logging.Logger").field("handlers", Kind::Ref).build();
    let logger = heap.instance(logger, &[Value::Ref(handlers)]);
    held_by_static(&mut heap, "com.acme.Tracker", "LOG", logger);
    let report = judge(heap);
    let told = title(&report, "java.memory-handler").unwrap();
    assert!(told.contains("keeps the last 2,000 records"), "{told}");
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("java.memory-handler"));
    assert!(crate::english(&first.advice).contains("keeps up to 500,000 records (it has 2,000)"));
}

/// Futures that are not completed, each in a map with a stage that has a request; or one with all these stages.
fn futures(count: usize, is_one: bool) -> Report {
    judge(with_futures(count, is_one))
}

fn with_futures(count: usize, is_one: bool) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let base = heap.class("java.util.concurrent.CompletableFuture$UniCompletion").field("next", Kind::Ref);
    let base = base.field("dep", Kind::Ref).field("src", Kind::Ref).build();
    let stage = heap.class("java.util.concurrent.CompletableFuture$UniApply").extends(base);
    let stage = stage.field("fn", Kind::Ref).build();
    let function = heap.app_class("com.acme.Rpc$$Lambda$7").field("arg$1", Kind::Ref).build();
    let mut all: Vec<(Addr, Addr)> = Vec::new();
    let mut last = Addr::NULL;
    for number in 0..count {
        let request = bytes(&mut heap, 400);
        let function = heap.instance(function, &[Value::Ref(request)]);
        let dependent = heap.instance(future, &[Value::Ref(Addr::NULL), Value::Ref(Addr::NULL)]);
        let source = match all.first() {
            Some(&(_, only)) if is_one => only,
            _ => heap.instance(future, &[Value::Ref(Addr::NULL), Value::Ref(Addr::NULL)]),
        };
        let fields = [
            ("next", Value::Ref(if is_one { last } else { Addr::NULL })),
            ("dep", Value::Ref(dependent)),
            ("src", Value::Ref(source)),
            ("fn", Value::Ref(function)),
        ];
        last = heap.instance_with(stage, &fields);
        heap.set_field(source, "stack", Value::Ref(last));
        if !is_one || number == 0 {
            all.push((heap.boxed_int(i32::try_from(number).unwrap()), source));
        }
    }
    let pending = heap.concurrent_hash_map(&all);
    held_by_static(&mut heap, "com.acme.Rpc", "PENDING", pending);
    heap
}

#[test]
fn futures_that_are_not_completed_are_told_from_stages_of_one() {
    let (many, one) = ("java.unfinished-futures", "java.future-dependents");
    let report = futures(5001, false);
    let expected =
        "5,001 CompletableFutures are not completed, each with at least one stage that waits for it";
    assert_eq!(title(&report, many).as_deref(), Some(expected));
    assert_eq!(title(&report, one), None);
    let told = Language::En.text(&report.suspects[0].title);
    assert_eq!(told, "5,001 CompletableFutures that are not completed, held by com.acme.Rpc.PENDING");
    assert!(Language::En.text(&report.suspects[0].advice[0]).starts_with("Take each out of what holds it"));
    assert_eq!(title(&futures(5000, false), many), None);
    let report = futures(5001, true);
    assert_eq!(title(&report, one).as_deref(), Some("5,001 stages wait for one CompletableFuture"));
    assert_eq!(title(&report, many), None);
    assert_eq!(title(&futures(5000, true), one), None);
}

#[test]
fn what_another_lambda_has_is_no_part_of_futures() {
    let mut heap = with_futures(5001, false);
    let rows = payload(&mut heap, "com.acme.Row", 2500, 600);
    let rows = heap.array_list(&rows);
    let task = heap.app_class("com.acme.Poll$$Lambda$9").field("arg$1", Kind::Ref).build();
    let task = heap.instance(task, &[Value::Ref(rows)]);
    heap.thread("poller").field("target", Value::Ref(task)).build();
    let report = judge(heap);
    let told: Vec<String> = report.suspects.iter().map(|suspect| Language::En.text(&suspect.title)).collect();
    let expected = [
        "5,001 CompletableFutures that are not completed, held by com.acme.Rpc.PENDING",
        "2,500 Row held by a variable that a lambda of com.acme.Poll has captured",
    ];
    assert_eq!(told, expected);
}

/// What has nothing in common but that there is too much of it is not added up under the name of the largest.
#[test]
fn a_title_that_names_a_group_has_its_figures() {
    let mut heap = HeapBuilder::hotspot17();
    for (pool, count) in [("orders", 255), ("mails", 260), ("clock", 250)] {
        (0..count).for_each(|number| _ = heap.thread(&format!("{pool}-{number}")).build());
    }
    let report = judge(heap);
    let rule = "java.many-threads";
    assert_eq!(title(&report, rule).as_deref(), Some("260 threads mails-* are running"));
    let found = report.findings.iter().find(|finding| finding.id == rule).unwrap();
    let evidence: Vec<String> = found.evidence.iter().map(|text| Language::En.text(text)).collect();
    assert_eq!(found.count, 515);
    assert!(evidence.iter().any(|words| words.starts_with("255 with orders-*")), "{evidence:?}");
}

#[test]
fn a_number_below_nothing_is_shown_as_it_is() {
    let rules = r#"
        [[rule]]
        id = "acme.jobs"
        severity = "warning"
        class = "com.acme.Job"
        describe = ["least = min(limits[*])", "most = max(limits[*])"]
        title = { en = "{count} jobs", zh = "{count}" }
        advice = [{ en = "x", zh = "x" }]
    "#;
    let mut heap = HeapBuilder::hotspot17();
    let limits = [-60, -1].map(|number| heap.boxed_int(number));
    let limits = heap.array_list(&limits);
    let job = library_object(&mut heap, "com.acme.Job", &[reference("limits", limits)]);
    held_by_static(&mut heap, "com.acme.Jobs", "JOB", job);
    let rules = RuleSet::parse(rules, "acme.toml").unwrap();
    let found = rules.run(&Context::new(&snapshot(heap), Options::default())).unwrap();
    assert_eq!(Language::En.text(found[0].evidence.last().unwrap()), "least=-60, most=-1");
}

/// Requests of two steps each: the future that a map has, and what its stage makes of it, which another stage waits for.
#[test]
fn futures_that_stages_make_are_not_counted_beside_those_that_they_wait_for() {
    let mut heap = HeapBuilder::hotspot17();
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let base =
        heap.class("java.util.concurrent.CompletableFuture$UniCompletion").field("dep", Kind::Ref).build();
    let stage = heap.class("java.util.concurrent.CompletableFuture$UniApply").extends(base).build();
    let all: Vec<(Addr, Addr)> = (0..6000)
        .map(|number| {
            let mut last = heap.instance(future, &[Value::NULL, Value::NULL]);
            for _ in 0..2 {
                let stage = heap.instance_with(stage, &[("dep", Value::Ref(last))]);
                last = heap.instance(future, &[Value::NULL, Value::Ref(stage)]);
            }
            (heap.boxed_int(number), last)
        })
        .collect();
    let pending = heap.concurrent_hash_map(&all);
    held_by_static(&mut heap, "com.acme.Rpc", "PENDING", pending);
    let told = title(&judge(heap), "java.unfinished-futures").unwrap();
    assert!(told.starts_with("6,000 CompletableFutures are not completed"), "{told}");
}
