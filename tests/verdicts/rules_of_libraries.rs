//! Rules about what libraries keep, each on a heap that is just enough for it, and on one that lacks one thing.

use crate::known_by_rules::reference;
use crate::{bytes, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Standing};

fn number(name: &str, number: i32) -> (&str, Kind, Value) {
    (name, Kind::Int, Value::Int(number))
}

/// A class of a library, made once for all of its instances.
fn class(heap: &mut HeapBuilder, name: &str, fields: &[(&str, Kind)]) -> ClassRef {
    let loader = heap.app_class_loader();
    let made = heap.class(name).loader(loader);
    fields.iter().fold(made, |made, &(name, kind)| made.field(name, kind)).build()
}

/// A class of a library's weak references.
fn weak(heap: &mut HeapBuilder, name: &str, fields: &[(&str, Kind)]) -> ClassRef {
    let weak = heap.class_named("java.lang.ref.WeakReference");
    let made = heap.class(name).extends(weak);
    fields.iter().fold(made, |made, &(name, kind)| made.field(name, kind)).build()
}

fn constant(heap: &mut HeapBuilder, class: &str, name: &str) -> Addr {
    let base = heap.jdk_class("java.lang.Enum");
    let class = heap.class(class).extends(base).build();
    let name = heap.string(name);
    heap.instance_with(class, &[("name", Value::Ref(name))])
}

fn rule(report: &Report) -> Option<&str> {
    report.suspects[0].rule.as_deref()
}

fn has(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|finding| finding.id == rule)
}

fn verdict(report: &Report) -> String {
    Language::En.text(&report.verdict.sentences[0])
}

/// A pool of one connection, which has a pool of 800 statements in it.
#[test]
fn statements_in_the_pool_of_one_connection_are_not_told_by_the_pool_of_connections() {
    let judged = |most: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let statements =
            payload(&mut heap, "org.apache.commons.dbcp2.PoolablePreparedStatement", 800, 8 << 10);
        let statements: Vec<(Addr, Addr)> =
            (0..).zip(statements).map(|(at, made)| (heap.boxed_int(at), made)).collect();
        let statements = heap.concurrent_hash_map(&statements);
        let pool = [reference("poolMap", statements), number("maxTotal", most), number("numTotal", 800)];
        let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericKeyedObjectPool", &pool);
        let connection = [reference("pStmtPool", pool)];
        let connection = library_object(&mut heap, "org.apache.commons.dbcp2.PoolingConnection", &connection);
        let all = heap.concurrent_hash_map(&[(connection, connection)]);
        let pool = [reference("allObjects", all), number("maxTotal", 4), number("maxIdle", 4)];
        let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericObjectPool", &pool);
        held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
        judge(heap)
    };
    assert_eq!(rule(&judged(-1)), Some("dbcp.pooled-statements"));
    assert!(has(&judged(-1), "dbcp.pooled-statements"));
    assert_eq!(rule(&judged(1000)), Some("commons-pool.bounded-keyed-pool"));
    // What each connection has besides is not bounded by the pool of connections.
    let statements = |report: &Report| report.suspects[0].standing;
    assert_eq!((statements(&judged(-1)), statements(&judged(1000))), (Standing::Blamed, Standing::Meant));
}

/// 700 sessions of Jetty that expire after 20 minutes, so long after the dump, or before it.
#[test]
fn sessions_of_jetty_that_have_not_expired_are_only_the_largest_holder() {
    const TIME: i64 = 1_795_934_551_000;
    let judged = |after: i64, interval: i64| {
        let mut heap = HeapBuilder::hotspot17().created(TIME.unsigned_abs());
        let data = [("_attributes", Kind::Ref), ("_maxInactiveMs", Kind::Long), ("_expiry", Kind::Long)];
        let data = class(&mut heap, "org.eclipse.jetty.session.SessionData", &data);
        let session = [("_sessionData", Kind::Ref)];
        let session = class(&mut heap, "org.eclipse.jetty.session.ManagedSession", &session);
        let sessions: Vec<(Addr, Addr)> = (0..700)
            .map(|at| {
                let (key, cart) = (heap.string("cart"), bytes(&mut heap, 9000));
                let attributes = Value::Ref(heap.concurrent_hash_map(&[(key, cart)]));
                let dates = [Value::Long(interval), Value::Long(TIME + after)];
                let data = heap.instance(data, &[attributes, dates[0], dates[1]]);
                (heap.boxed_int(at), heap.instance(session, &[Value::Ref(data)]))
            })
            .collect();
        let sessions = heap.concurrent_hash_map(&sessions);
        let cache = "org.eclipse.jetty.session.DefaultSessionCache";
        let cache = library_object(&mut heap, cache, &[reference("_sessions", sessions)]);
        held_by_static(&mut heap, "org.eclipse.jetty.server.ShutdownMonitor", "HANDLER", cache);
        judge(heap)
    };
    let live = judged(1_200_000, 1_200_000);
    assert_eq!((rule(&live), live.suspects[0].standing), (Some("jetty.live-sessions"), Standing::Largest));
    assert!(live.verdict.healthy && !has(&live, "jetty.sessions"), "{:?}", live.verdict);
    for (after, interval, known) in
        [(-60_000, 1_200_000, "jetty.sessions"), (1_200_000, -1, "jetty.endless-sessions")]
    {
        let report = judged(after, interval);
        assert_eq!((rule(&report), report.suspects[0].standing), (Some(known), Standing::Blamed));
    }
}

/// What is pushed onto Log4j's stack of a thread lies in a ThreadLocal that only Log4j can clear.
#[test]
fn messages_on_the_stack_of_log4j_are_told_with_the_call_that_removes_them() {
    let judged = |class_of_stack: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let local = heap.class_named("java.lang.ThreadLocal");
        let local = heap.instance(local, &[]);
        held_by_static(&mut heap, "org.apache.logging.log4j.spi.DefaultThreadContextStack", "STACK", local);
        let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
        let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
        let stack = class(&mut heap, class_of_stack, &[("list", Kind::Ref)]);
        for number in 0..6 {
            let messages: Vec<Addr> = (0..300).map(|_| bytes(&mut heap, 4096)).collect();
            let messages = heap.array_list(&messages);
            let stack = heap.instance(stack, &[Value::Ref(messages)]);
            let fields = [("referent", Value::Ref(local)), ("value", Value::Ref(stack))];
            let entry = heap.instance_with(entry, &fields);
            let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry]);
            let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
            heap.thread(&format!("payout-{number}")).field("threadLocals", Value::Ref(locals)).build();
        }
        judge(heap)
    };
    let report = judged("org.apache.logging.log4j.spi.MutableThreadContextStack");
    assert_eq!(rule(&report), Some("log4j.thread-context-stack"));
    let told = verdict(&report);
    assert!(told.starts_with("6 threads have pushed messages onto Log4j's ThreadContext stack"), "{told}");
    let advice = crate::english(&report.suspects[0].advice);
    assert!(advice.contains("clearStack()") && !advice.contains("Call remove()"), "{advice}");
    assert_eq!(report.suspects[0].advice.len(), 1, "the rule's says it all: {advice}");
    // Of a library that no rule knows nobody can call remove() either.
    let advice = crate::english(&judged("org.apache.logging.log4j.spi.OtherStack").suspects[0].advice);
    assert!(advice.contains("library") && !advice.contains("Call remove()"), "{advice}");
}

/// Timeouts that are due in an hour, and that nobody cancels.
#[test]
fn timeouts_that_wait_in_a_wheel_are_told_with_their_number() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let timeout = [("task", Kind::Ref)];
        let timeout = class(&mut heap, "io.netty.util.HashedWheelTimer$HashedWheelTimeout", &timeout);
        let timeouts: Vec<Addr> = payload(&mut heap, "com.acme.Hold", count, 2048)
            .into_iter()
            .map(|hold| heap.instance(timeout, &[Value::Ref(hold)]))
            .collect();
        let wheel = heap.object_array("java.lang.Object[]", &timeouts);
        let name = heap.string("seat-timer");
        let thread = library_object(&mut heap, "io.netty.util.TimerThread", &[reference("name", name)]);
        let pending = ("pendingTimeouts", Kind::Long, Value::Long(i64::try_from(count).unwrap()));
        let timer = [reference("wheel", wheel), reference("workerThread", thread), pending];
        let timer = library_object(&mut heap, "io.netty.util.HashedWheelTimer", &timer);
        held_by_static(&mut heap, "com.acme.Seats", "TIMER", timer);
        judge(heap)
    };
    let report = judged(2000);
    let told = verdict(&report);
    assert!(told.starts_with("2,000 timeouts wait in a HashedWheelTimer (thread seat-timer)"), "{told}");
    assert!(crate::english(&report.suspects[0].advice).contains("cancel()"));
    assert!(report.suspects[0].is_leak_if_it_grows());
    assert!(!has(&judged(900), "netty.timer-backlog"));
}

/// Connections whose calls nobody has any more are never given back.
#[test]
fn connections_of_okhttp_whose_bodies_were_not_closed_are_told() {
    let judged = |is_kept: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let call = class(&mut heap, "okhttp3.internal.connection.RealCall", &[("data", Kind::Ref)]);
        let weak = weak(&mut heap, "okhttp3.internal.connection.RealCall$CallReference", &[]);
        let connection = [("calls", Kind::Ref), ("buffer", Kind::Ref)];
        let connection = class(&mut heap, "okhttp3.internal.connection.RealConnection", &connection);
        let mut calls = Vec::new();
        let connections: Vec<Addr> = (0..300)
            .map(|_| {
                let call = heap.instance(call, &[Value::NULL]);
                calls.push(call);
                let call = heap.instance_with(weak, &[("referent", Value::Ref(call))]);
                let (list, buffer) = (heap.array_list(&[call]), bytes(&mut heap, 8192));
                heap.instance(connection, &[Value::Ref(list), Value::Ref(buffer)])
            })
            .collect();
        let connections = heap.array_list(&connections);
        held_by_static(&mut heap, "com.acme.Forecasts", "POOL", connections);
        if is_kept {
            let calls = heap.array_list(&calls);
            held_by_static(&mut heap, "com.acme.Forecasts2", "RUNNING", calls);
        }
        judge(heap)
    };
    let told = verdict(&judged(false));
    assert!(
        told.starts_with("300 connections of OkHttp are in use by calls that nobody has any more"),
        "{told}"
    );
    assert!(!has(&judged(true), "okhttp.unclosed-bodies"));
}

/// Idle connections of the JDK's server are as many as it allows, and it closes them itself.
#[test]
fn idle_connections_of_the_servers_of_the_jdk_are_only_the_largest_holder() {
    let judged = |state: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let state = constant(&mut heap, "sun.net.httpserver.HttpConnection$State", state);
        let connection = heap.class("sun.net.httpserver.HttpConnection");
        let connection = connection.field("state", Kind::Ref).field("buffer", Kind::Ref).build();
        let connections: Vec<Addr> = (0..200)
            .map(|_| {
                let buffer = bytes(&mut heap, 64 << 10);
                heap.instance(connection, &[Value::Ref(state), Value::Ref(buffer)])
            })
            .collect();
        let connections = heap.array_list(&connections);
        held_by_static(&mut heap, "com.acme.Stub", "SERVER", connections);
        judge(heap)
    };
    let idle = judged("IDLE");
    assert_eq!((rule(&idle), idle.suspects[0].standing), (Some("java.http-server-idle"), Standing::Largest));
    assert_eq!(rule(&judged("REQUEST")), None);
}

/// RMI refers weakly to what it exports: what nobody else has goes with the next collection, what somebody has stays until it is unexported.
#[test]
fn exports_of_rmi_that_nobody_has_any_more_are_no_leak() {
    let judged = |is_kept: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let view = heap.app_class("com.acme.PriceView").build();
        let weak = weak(&mut heap, "sun.rmi.transport.WeakRef", &[("strongRef", Kind::Ref)]);
        let target = heap.class("sun.rmi.transport.Target");
        let target = target.field("weakImpl", Kind::Ref).field("data", Kind::Ref).build();
        let mut views = Vec::new();
        let targets: Vec<(Addr, Addr)> = (0..3000)
            .map(|at| {
                let view = heap.instance(view, &[]);
                views.push(view);
                let weak = heap.instance_with(weak, &[("referent", Value::Ref(view))]);
                let data = bytes(&mut heap, 4096);
                (heap.boxed_int(at), heap.instance(target, &[Value::Ref(weak), Value::Ref(data)]))
            })
            .collect();
        let targets = heap.hash_map(&targets);
        let table = heap.class("sun.rmi.transport.ObjectTable");
        table.static_field("objTable", Value::Ref(targets)).sticky().build();
        if is_kept {
            let views = heap.array_list(&views);
            held_by_static(&mut heap, "com.acme.Quotes", "VIEWS", views);
        }
        judge(heap)
    };
    let dead = judged(false);
    assert_eq!((rule(&dead), dead.suspects[0].standing), (Some("java.rmi-dead-exports"), Standing::Largest));
    let kept = judged(true);
    assert_eq!((rule(&kept), kept.suspects[0].standing), (Some("java.rmi-exports"), Standing::Blamed));
    assert!(crate::english(&kept.suspects[0].advice).contains("unexportObject"));
}

/// A cache of Clojure's core.cache in an atom.
#[test]
fn a_cache_of_clojure_at_its_limit_is_as_large_as_it_is_meant_to_be() {
    let standing = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let pages = payload(&mut heap, "clojure.lang.PersistentArrayMap", 400, 20 << 10);
        let pages = heap.object_array("java.lang.Object[]", &pages);
        let map = [reference("root", pages), number("count", 400)];
        let map = library_object(&mut heap, "clojure.lang.PersistentHashMap", &map);
        let cache = [reference("cache", map), ("limit", Kind::Long, Value::Long(limit))];
        let cache = library_object(&mut heap, "clojure.core.cache.LRUCache", &cache);
        held_by_static(&mut heap, "libsvc.core", "pages", cache);
        let report = judge(heap);
        (report.suspects[0].standing, report.suspects[0].rule.clone())
    };
    assert_eq!(standing(400), (Standing::Meant, Some("clojure.bounded-cache".to_owned())));
    assert_ne!(standing(300).0, Standing::Meant);
}

/// Each cell of a lazy list retains all that come after it: one list is no thousand findings.
#[test]
fn what_a_lazy_list_keeps_is_told_by_its_head() {
    let mut heap = HeapBuilder::hotspot17();
    let list = class(&mut heap, "scala.collection.immutable.LazyList", &[("state", Kind::Ref)]);
    let cons = [("head", Kind::Ref), ("tail", Kind::Ref)];
    let cons = class(&mut heap, "scala.collection.immutable.LazyList$State$Cons", &cons);
    let mut head = Value::NULL;
    for posting in payload(&mut heap, "com.acme.Posting", 3000, 2048) {
        let cell = heap.instance(cons, &[Value::Ref(posting), head]);
        head = Value::Ref(heap.instance(list, &[Value::Ref(cell)]));
    }
    heap.app_class("com.acme.Feed").static_field("postings", head).sticky().build();
    let report = judge(heap);
    let advice = Language::En.text(&report.suspects[0].advice[0]);
    assert!(advice.starts_with("A LazyList (a Stream) keeps each element"), "{advice}");
    // Nobody puts anything into a lazy list.
    let all = crate::english(&report.suspects[0].advice);
    assert!(!all.contains("never taken out"), "{all}");
    assert!(!has(&report, "scala.lazy-list"));
}

#[test]
fn a_large_json_tree_is_told_with_how_to_read_it_otherwise() {
    let mut heap = HeapBuilder::hotspot17();
    let nodes = payload(&mut heap, "com.fasterxml.jackson.databind.node.ObjectNode", 6000, 1024);
    let nodes = heap.array_list(&nodes);
    held_by_static(&mut heap, "com.acme.Taxes", "ALL", nodes);
    let report = judge(heap);
    assert_eq!(rule(&report), Some("jackson.trees"));
    assert!(crate::english(&report.suspects[0].advice).contains("MappingIterator"));
}

/// Each emitter that never ends keeps its request in the server, whose own tables lead to all of them.
#[test]
fn emitters_without_an_end_are_told_rather_than_the_connections_of_the_server() {
    let judged = |timeout: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let connection = [("buffer", Kind::Ref)];
        let connection = class(&mut heap, "org.eclipse.jetty.server.internal.HttpConnection", &connection);
        let handler = [("connection", Kind::Ref)];
        let handler = class(&mut heap, "com.acme.web.Handler", &handler);
        let base = "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter";
        let base = [("complete", Kind::Boolean), ("timeout", Kind::Long), ("handler", Kind::Ref)]
            .iter()
            .fold(heap.class(base), |made, &(name, kind)| made.field(name, kind));
        let base = base.build();
        let emitter = heap.class("org.springframework.web.servlet.mvc.method.annotation.SseEmitter");
        let emitter = emitter.extends(base).build();
        let connections: Vec<Addr> = (0..1200)
            .map(|_| {
                let buffer = bytes(&mut heap, 12 << 10);
                heap.instance(connection, &[Value::Ref(buffer)])
            })
            .collect();
        let emitters: Vec<Addr> = connections
            .iter()
            .map(|&connection| {
                let handler = Value::Ref(heap.instance(handler, &[Value::Ref(connection)]));
                let fields = [
                    ("complete", Value::Boolean(false)),
                    ("timeout", Value::Long(timeout)),
                    ("handler", handler),
                ];
                heap.instance_with(emitter, &fields)
            })
            .collect();
        let endpoints = heap.array_list(&connections);
        let connector = [reference("_endpoints", endpoints)];
        let connector = library_object(&mut heap, "org.eclipse.jetty.server.AbstractConnector", &connector);
        held_by_static(&mut heap, "org.eclipse.jetty.server.Servers", "CONNECTOR", connector);
        let emitters = heap.array_list(&emitters);
        held_by_static(&mut heap, "com.acme.Hub", "emitters", emitters);
        judge(heap)
    };
    let report = judged(0);
    let told: Vec<String> = report.verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
    assert!(told[0].contains("SseEmitter") && told[0].contains("com.acme.Hub.emitters"), "{told:?}");
    assert!(!has(&judged(30_000), "spring.sse-emitters"));
}

/// One instance of a library's class in a field of the application's, in a heap with nothing else.
fn kept(class: &str, fields: impl Fn(&mut HeapBuilder) -> Vec<(&'static str, Kind, Value)>) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let fields = fields(&mut heap);
    let object = library_object(&mut heap, class, &fields);
    held_by_static(&mut heap, "com.acme.Offers", "KEPT", object);
    judge(heap)
}

/// A map with so many values of the application's.
fn map_of(heap: &mut HeapBuilder, count: usize) -> Addr {
    let offers = payload(heap, "com.acme.Offer", count, 6 << 10);
    let offers: Vec<(Addr, Addr)> = (0..).zip(offers).map(|(at, made)| (heap.boxed_int(at), made)).collect();
    heap.concurrent_hash_map(&offers)
}

/// A cache has as many entries as come in while one lives; a memoized function without a limit has all that ever came.
#[test]
fn a_cache_that_evicts_is_told_from_one_that_keeps_all_results() {
    let expiring = |nanoseconds: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let data = map_of(&mut heap, 1500);
        let base = [("data", Kind::Ref)];
        let base = class(&mut heap, "com.github.benmanes.caffeine.cache.BoundedLocalCache", &base);
        let cache = heap.class("com.github.benmanes.caffeine.cache.SSW").extends(base);
        let cache = cache.field("expiresAfterWriteNanos", Kind::Long).build();
        let fields = [("data", Value::Ref(data)), ("expiresAfterWriteNanos", Value::Long(nanoseconds))];
        let cache = heap.instance_with(cache, &fields);
        held_by_static(&mut heap, "com.acme.Offers", "CACHE", cache);
        judge(heap)
    };
    let report = expiring(3_000_000_000);
    let found = (rule(&report), report.suspects[0].standing);
    assert_eq!(found, (Some("caffeine.expiring-cache"), Standing::Largest));
    assert_eq!(rule(&expiring(-1)), None);
    let guava = |nanoseconds: i64| {
        kept("com.google.common.cache.LocalCache", |heap| {
            let offers = payload(heap, "com.acme.Offer", 1500, 6 << 10);
            let table = heap.object_array("java.lang.Object[]", &offers);
            let segment = [number("count", 1500), reference("table", table)];
            let segment = library_object(heap, "com.google.common.cache.LocalCache$Segment", &segment);
            let segments = heap.object_array("java.lang.Object[]", &[segment]);
            let expiry = ("expireAfterWriteNanos", Kind::Long, Value::Long(nanoseconds));
            vec![reference("segments", segments), expiry]
        })
    };
    let report = guava(60_000_000_000);
    let found = (rule(&report), report.suspects[0].standing);
    assert_eq!(found, (Some("guava.expiring-cache"), Standing::Largest));
    assert_ne!(rule(&guava(0)), Some("guava.expiring-cache"));
    let bounded = |capacity: i64| {
        let class = "org.apache.groovy.util.concurrent.concurrentlinkedhashmap.ConcurrentLinkedHashMap";
        kept(class, |heap| {
            let sizes = [("capacity", capacity), ("weightedSize", 1500)];
            let sizes = sizes.map(|(name, size)| (name, Kind::Long, Value::Long(size)));
            let data = map_of(heap, 1500);
            vec![reference("data", data), sizes[0], sizes[1]]
        })
    };
    let report = bounded(1500);
    let found = (rule(&report), report.suspects[0].standing);
    assert_eq!(found, (Some("concurrentlinkedhashmap.bounded"), Standing::Meant));
    assert_eq!(rule(&bounded(i64::MAX)), None);
    let memoized = |count: usize| {
        kept("org.codehaus.groovy.runtime.memoize.CommonCache", |heap| {
            let map = map_of(heap, count);
            vec![reference("map", map)]
        })
    };
    assert_eq!(rule(&memoized(1500)), Some("groovy.unlimited-memoize"));
    assert!(verdict(&memoized(1500)).starts_with("A memoized Groovy method or closure keeps 1,500 results"));
    assert_ne!(rule(&memoized(900)), Some("groovy.unlimited-memoize"));
    let clojure = |count: i32| {
        kept("clojure.core$memoize$fn__6946", |heap| {
            let results = payload(heap, "com.acme.Offer", 1500, 6 << 10);
            let results = heap.object_array("java.lang.Object[]", &results);
            let map = [number("count", count), reference("root", results)];
            let map = library_object(heap, "clojure.lang.PersistentHashMap", &map);
            let state = library_object(heap, "clojure.lang.State", &[reference("value", map)]);
            let atom = library_object(heap, "clojure.lang.Atom", &[reference("state", state)]);
            vec![reference("mem", atom)]
        })
    };
    assert_eq!(rule(&clojure(1500)), Some("clojure.memoize"));
    assert_eq!(rule(&clojure(900)), None);
}

/// The contexts of a server are looked through for each request.
#[test]
fn contexts_of_a_server_of_the_jdk_that_are_never_removed_are_told() {
    let judged = |count: usize| {
        kept("sun.net.httpserver.ServerImpl", |heap| {
            let contexts = payload(heap, "sun.net.httpserver.HttpContextImpl", count, 8 << 10);
            let contexts = heap.array_list(&contexts);
            let list = library_object(heap, "sun.net.httpserver.ContextList", &[reference("list", contexts)]);
            vec![reference("contexts", list)]
        })
    };
    let report = judged(800);
    assert_eq!(rule(&report), Some("java.http-server-contexts"));
    assert!(crate::english(&report.suspects[0].advice).contains("removeContext()"));
    assert!(!has(&judged(400), "java.http-server-contexts"));
}

/// Since JDK 25 the tasks that are due later wait in an array which a thread has in a variable.
#[test]
fn delayed_tasks_of_the_jdk_are_told_with_where_they_come_from() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let thread = heap.class_named("java.lang.Thread");
        let scheduler = heap.class("java.util.concurrent.DelayScheduler").extends(thread);
        let scheduler = scheduler.field("restingSize", Kind::Int).field("tasks", Kind::Ref).build();
        let tasks = payload(&mut heap, "com.acme.Reminder", count, 6 << 10);
        let tasks = heap.object_array("java.lang.Object[]", &tasks);
        let resting = Value::Int(i32::try_from(count).unwrap());
        let fields = [("restingSize", resting), ("tasks", Value::Ref(tasks))];
        let scheduler = heap.instance_with(scheduler, &fields);
        held_by_static(&mut heap, "com.acme.Bookings", "SCHEDULER", scheduler);
        judge(heap)
    };
    let report = judged(1500);
    assert_eq!(rule(&report), Some("java.delay-scheduler"));
    assert!(crate::english(&report.suspects[0].advice).contains("delayedExecutor"));
    assert!(!has(&judged(900), "java.delay-scheduler"));
}

/// A call that makes one text of all that it has read.
#[test]
fn a_json_text_that_is_built_in_memory_is_told_with_how_to_write_it_otherwise() {
    let mut heap = HeapBuilder::hotspot17();
    let segments: Vec<Addr> = (0..60).map(|_| bytes(&mut heap, 128 << 10)).collect();
    let segments = heap.array_list(&segments);
    let buffer = "com.fasterxml.jackson.core.util.TextBuffer";
    let buffer = library_object(&mut heap, buffer, &[reference("_segments", segments)]);
    let export = heap.app_class("com.acme.Export").build();
    let thread = heap.thread("request-7");
    thread.frame(export, "doGet", "()V", "Export.java", 12).local(buffer).build();
    let report = judge(heap);
    assert_eq!(rule(&report), Some("jackson.json-as-text"));
    assert!(crate::english(&report.suspects[0].advice).contains("writeValueAsString()"));
}

/// A flow that replays all that it was ever given, and one that has as many as it may have.
#[test]
fn a_flow_that_replays_everything_is_told_from_one_with_a_limit() {
    let judged = |replay: i32, capacity: i32| {
        kept("kotlinx.coroutines.flow.SharedFlowImpl", |heap| {
            let ticks = payload(heap, "com.acme.Tick", 2000, 4096);
            let ticks = heap.object_array("java.lang.Object[]", &ticks);
            let sizes = [number("bufferSize", 2000), number("bufferCapacity", capacity)];
            let more = [number("replay", replay), number("queueSize", 0), reference("buffer", ticks)];
            sizes.into_iter().chain(more).collect()
        })
    };
    let report = judged(i32::MAX, i32::MAX);
    assert_eq!(
        (rule(&report), report.suspects[0].standing),
        (Some("kotlin.endless-replay"), Standing::Blamed)
    );
    let told = verdict(&report);
    assert!(told.starts_with("A Kotlin SharedFlow keeps all 2,000 values that it was ever given"), "{told}");
    let report = judged(2000, 2064);
    assert_eq!(
        (rule(&report), report.suspects[0].standing),
        (Some("kotlin.bounded-replay"), Standing::Meant)
    );
}

/// One for each object rather than one for the class: the value keeps the object, and that the ThreadLocal.
#[test]
fn thread_locals_whose_values_refer_to_them_are_told() {
    let judged = |is_inner: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let local = heap.class_named("java.lang.ThreadLocal");
        let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
        let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
        let formatter = heap.app_class("com.acme.Formatter").field("buffers", Kind::Ref).build();
        let buffers = heap.app_class("com.acme.Formatter$Buffers");
        let buffers = buffers.field("this$0", Kind::Ref).field("data", Kind::Ref).build();
        for number in 0..2 {
            let entries: Vec<Addr> = (0..1500)
                .map(|_| {
                    let local = heap.instance(local, &[]);
                    let formatter = heap.instance(formatter, &[Value::Ref(local)]);
                    let data = bytes(&mut heap, 2048);
                    let outer = if is_inner { Value::Ref(formatter) } else { Value::NULL };
                    let value = heap.instance(buffers, &[outer, Value::Ref(data)]);
                    let fields = [("referent", Value::Ref(local)), ("value", Value::Ref(value))];
                    heap.instance_with(entry, &fields)
                })
                .collect();
            let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &entries);
            let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
            heap.thread(&format!("invoice-{number}")).field("threadLocals", Value::Ref(locals)).build();
        }
        judge(heap)
    };
    let report = judged(true);
    assert_eq!(rule(&report), Some("java.thread-local-of-each"));
    assert!(crate::english(&report.suspects[0].advice).contains("make the ThreadLocal static"));
    assert!(!has(&judged(false), "java.thread-local-of-each"));
}

#[test]
fn stylesheets_that_were_compiled_again_and_again_have_advice() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let compiled = payload(&mut heap, "net.sf.saxon.s9api.XsltExecutable", count, 16 << 10);
        let compiled = heap.array_list(&compiled);
        held_by_static(&mut heap, "com.acme.Stylesheets", "COMPILED", compiled);
        judge(heap)
    };
    assert_eq!(rule(&judged(400)), Some("saxon.compiled-stylesheets"));
    assert!(crate::english(&judged(400).suspects[0].advice).contains("xsl:param"));
    assert_eq!(rule(&judged(150)), None);
}
