//! Rules about what single libraries keep: each on a heap that is just enough for it, and on one that lacks one thing.

use crate::{bytes, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::Report;

/// The title of what a rule has found.
pub(super) fn title(report: &Report, rule: &str) -> Option<String> {
    let found = report.findings.iter().find(|finding| finding.id == rule)?;
    Some(Language::En.text(&found.title))
}

/// The instance in words that is shown for what a rule has found.
pub(super) fn example(report: &Report, rule: &str) -> String {
    let found = report.findings.iter().find(|finding| finding.id == rule).unwrap();
    Language::En.text(found.evidence.last().unwrap())
}

pub(super) fn reference(name: &str, object: Addr) -> (&str, Kind, Value) {
    (name, Kind::Ref, Value::Ref(object))
}

/// Objects of one class, each with one of these in a field.
pub(super) fn around(heap: &mut HeapBuilder, class: &str, field: &str, inner: &[Addr]) -> Vec<Addr> {
    let class = heap.app_class(class).field(field, Kind::Ref).build();
    inner.iter().map(|&inner| heap.instance(class, &[Value::Ref(inner)])).collect()
}

/// Keys with their values.
pub(super) fn pairs(keys: &[Addr], values: &[Addr]) -> Vec<(Addr, Addr)> {
    keys.iter().copied().zip(values.iter().copied()).collect()
}

/// A number that threads count up.
fn atomic(heap: &mut HeapBuilder, number: i64) -> Addr {
    let numbers = heap.class_named("java.lang.Number");
    let class = heap.class("java.util.concurrent.atomic.AtomicLong").extends(numbers);
    let class = class.field("value", Kind::Long).build();
    heap.instance(class, &[Value::Long(number)])
}

/// The entry of the pool has the list of statements as well, so that the connection does not retain it.
#[test]
fn statements_that_a_connection_of_hikari_keeps_open_are_told() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let statements = payload(&mut heap, "org.h2.jdbc.JdbcPreparedStatement", count, 16 << 10);
        let statements = heap.object_array("java.sql.Statement[]", &statements);
        let size = i32::try_from(count).unwrap();
        let list = [("size", Kind::Int, Value::Int(size)), reference("elementData", statements)];
        let list = library_object(&mut heap, "com.zaxxer.hikari.util.FastList", &list);
        let (name, url) = (heap.string("orders"), heap.string("jdbc:h2:mem:orders"));
        let config = [reference("poolName", name), reference("jdbcUrl", url)];
        let config = library_object(&mut heap, "com.zaxxer.hikari.HikariConfig", &config);
        let pool = [reference("config", config)];
        let pool = library_object(&mut heap, "com.zaxxer.hikari.pool.HikariPool", &pool);
        let entry = [reference("hikariPool", pool), reference("openStatements", list)];
        let entry = library_object(&mut heap, "com.zaxxer.hikari.pool.PoolEntry", &entry);
        held_by_static(&mut heap, "com.acme.Db", "ENTRY", entry);
        let connection = [reference("poolEntry", entry), reference("openStatements", list)];
        let connection = library_object(&mut heap, "com.zaxxer.hikari.pool.ProxyConnection", &connection);
        held_by_static(&mut heap, "com.acme.Import", "CONNECTION", connection);
        judge(heap)
    };
    let rule = "hikari.open-statements";
    let report = judged(100);
    let told = title(&report, rule).unwrap();
    let expected =
        "A connection of Hikari pool orders has 100 open statements (org.h2.jdbc.JdbcPreparedStatement), ";
    assert!(told.starts_with(expected), "{told}");
    let statement = "statement=org.h2.jdbc.JdbcPreparedStatement";
    let expected = format!("pool=orders, open statements=100, {statement}, url=jdbc:h2:mem:orders");
    assert_eq!(example(&report, rule), expected);
    assert_eq!(title(&judged(99), rule), None);
}

/// The same of other pools: the rule, the class of the connection, its list of statements, and the title.
#[test]
fn statements_that_connections_of_other_pools_keep_open_are_told() {
    let druid = "A connection of Druid pool orders has 100 open statements, ";
    let dbcp = "A connection of a DBCP pool has 100 open statements, ";
    let guard = "PoolingDataSource$PoolGuardConnectionWrapper";
    for (rule, class, field, expected) in [
        (
            "druid.open-statements",
            "com.alibaba.druid.pool.DruidConnectionHolder".to_owned(),
            "statementTrace",
            druid,
        ),
        ("dbcp.open-statements", format!("org.apache.commons.dbcp.{guard}"), "traceList", dbcp),
        ("dbcp.open-statements", format!("org.apache.commons.dbcp.{guard}"), "trace", dbcp),
        ("dbcp.open-statements", format!("org.apache.tomcat.dbcp.dbcp.{guard}"), "traceList", dbcp),
    ] {
        let found = |count: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let statements = payload(&mut heap, "org.h2.jdbc.JdbcStatement", count, 16 << 10);
            let statements = heap.array_list(&statements);
            let name = heap.string("orders");
            let source = [reference("name", name)];
            let source = library_object(&mut heap, "com.alibaba.druid.pool.DruidDataSource", &source);
            let connection = [reference(field, statements), reference("dataSource", source)];
            let connection = library_object(&mut heap, &class, &connection);
            held_by_static(&mut heap, "com.acme.Import", "CONNECTION", connection);
            title(&judge(heap), rule)
        };
        assert!(found(100).is_some_and(|told| told.starts_with(expected)), "{class}.{field}");
        assert_eq!(found(99), None, "{class}.{field}");
    }
}

/// All eight connections of a pool are in use and others wait. If three quarters of those threads wait for the database, it is that which is slow.
#[test]
fn a_database_that_does_not_answer_is_told_from_a_pool_with_too_much_to_do() {
    let read = [("java.net.SocketInputStream", "socketRead0")];
    let judged_in = |reading: usize, frames: &[(&str, &str)]| {
        let mut heap = HeapBuilder::hotspot17();
        let entry = heap.app_class("com.zaxxer.hikari.pool.PoolEntry").field("state", Kind::Int).build();
        let entries: Vec<Addr> = (0..8).map(|_| heap.instance(entry, &[Value::Int(1)])).collect();
        let list = heap.array_list(&entries);
        let bag = [reference("sharedList", list), ("waiters", Kind::Int, Value::Int(12))];
        let bag = library_object(&mut heap, "com.zaxxer.hikari.util.ConcurrentBag", &bag);
        let name = heap.string("orders");
        let config = [("maxPoolSize", Kind::Int, Value::Int(8)), reference("poolName", name)];
        let config = library_object(&mut heap, "com.zaxxer.hikari.HikariConfig", &config);
        let pool = [reference("config", config), reference("connectionBag", bag)];
        let pool = library_object(&mut heap, "com.zaxxer.hikari.pool.HikariPool", &pool);
        held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
        let connections =
            around(&mut heap, "com.zaxxer.hikari.pool.HikariProxyConnection", "poolEntry", &entries);
        let class = "com.zaxxer.hikari.pool.HikariProxyPreparedStatement";
        let statements = around(&mut heap, class, "connection", &connections);
        let proxy = heap.class_named(class);
        let frames: Vec<_> =
            frames.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
        let driver = heap.app_class("org.postgresql.core.v3.QueryExecutorImpl").build();
        let dao = heap.app_class("com.acme.Dao").build();
        for (number, &statement) in statements.iter().enumerate() {
            let mut thread = heap.thread(&format!("exec-{number}"));
            if number < reading {
                for &(class, method) in &frames {
                    thread = thread.frame(class, method, "()I", "X.java", -3);
                }
                thread = thread.frame(driver, "execute", "()V", "QueryExecutorImpl.java", 368);
            }
            thread
                .frame(proxy, "executeQuery", "()V", "HikariProxyPreparedStatement.java", 52)
                .local(statement)
                .frame(dao, "load", "()V", "Dao.java", 15)
                .build();
        }
        let report = judge(heap);
        (title(&report, "hikari.silent-database"), title(&report, "hikari.overloaded-pool"))
    };
    let wait = "12 threads wait for a connection of Hikari pool orders: all 8 are in use";
    let silent = format!("{wait}, 6 of them by threads that read from the network");
    assert_eq!(judged_in(6, &read), (Some(silent), None));
    let others = (None, Some(format!("{wait} by other threads")));
    assert_eq!(judged_in(5, &read), others);
    // A batch is written to the database, which takes no more: it is not that which is waited for.
    let poll = [("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "park")];
    assert_eq!(judged_in(8, &[&poll[..], &[("sun.nio.ch.NioSocketImpl", "implWrite")]].concat()), others);
    assert_eq!(judged_in(8, &[&poll[..], &[("sun.nio.ch.NioSocketImpl", "connect")]].concat()), others);
    // A database within the process reads its file.
    let file = [("sun.nio.ch.FileDispatcherImpl", "pread0"), ("sun.nio.ch.FileChannelImpl", "read")];
    assert_eq!(judged_in(8, &file), others);
}

#[test]
fn subscribers_of_a_sink_that_never_cancel_are_told() {
    for class in ["reactor.core.publisher.SinkManyBestEffort", "reactor.core.publisher.EmitterProcessor"] {
        let found = |count: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let inner = format!("{class}$Inner");
            let subscribers = payload(&mut heap, &inner, count, 512);
            let subscribers = heap.object_array(&format!("{inner}[]"), &subscribers);
            let sink = library_object(&mut heap, class, &[reference("subscribers", subscribers)]);
            held_by_static(&mut heap, "com.acme.Prices", "SINK", sink);
            title(&judge(heap), "reactor.subscribers")
        };
        let told = found(1000).unwrap();
        assert!(told.starts_with("A Reactor sink has 1,000 subscribers, "), "{told}");
        assert_eq!(found(999), None, "{class}");
    }
}

/// What is emitted faster than it is taken: the class, its field for the subscriber, and that of the subscriber for what it calls.
#[test]
fn what_waits_between_two_threads_of_a_stream_is_told() {
    for (rule, class, subscriber, action) in [
        (
            "rxjava.observe-on",
            "io.reactivex.rxjava3.internal.operators.observable.ObservableObserveOn$ObserveOnObserver",
            "downstream",
            "onNext",
        ),
        (
            "reactor.publish-on",
            "reactor.core.publisher.FluxPublishOn$PublishOnSubscriber",
            "actual",
            "consumer",
        ),
    ] {
        let judged = |length: usize, kept_in: &str| {
            let mut heap = HeapBuilder::hotspot17();
            let ticks = payload(&mut heap, "com.acme.Tick", 1200, length);
            let ticks = heap.object_array("java.lang.Object[]", &ticks);
            let buffer = heap.class("java.util.concurrent.atomic.AtomicReferenceArray");
            let buffer = buffer.field("array", Kind::Ref).build();
            let buffer = heap.instance(buffer, &[Value::Ref(ticks)]);
            let (put, taken) = (atomic(&mut heap, 1200), atomic(&mut heap, 0));
            let queue = [
                reference("producerIndex", put),
                reference("consumerIndex", taken),
                reference("consumerBuffer", buffer),
            ];
            let queue = library_object(&mut heap, kept_in, &queue);
            let ticker = payload(&mut heap, "com.acme.Ticker", 1, 16)[0];
            let lambda = library_object(&mut heap, "org.lib.LambdaObserver", &[reference(action, ticker)]);
            let observer = [reference("queue", queue), reference(subscriber, lambda)];
            let observer = library_object(&mut heap, class, &observer);
            held_by_static(&mut heap, "com.acme.Prices", "OBSERVER", observer);
            judge(heap)
        };
        let queue = "org.jctools.queues.SpscLinkedQueue";
        let report = judged(1024, queue);
        let told = title(&report, rule).unwrap();
        assert!(
            told.starts_with("The queue of an observeOn (RxJava) ") && told.contains(" keeps 1."),
            "{told}"
        );
        assert!(told.ends_with(" MiB that its subscriber has not taken"), "{told}");
        assert_eq!(example(&report, rule), "subscriber=com.acme.Ticker, put in=1,200, taken=0");
        assert_eq!(title(&judged(512, queue), rule), None, "{class}");
        // What it takes from the operator above is told of that one.
        let fused = "io.reactivex.rxjava3.internal.operators.flowable.FlowableOnBackpressureBuffer$BackpressureBufferSubscriber";
        assert_eq!(title(&judged(1024, fused), rule), None, "{class}");
    }
}

/// The buffer of a publisher of the JDK's for each of its subscribers.
#[test]
fn what_a_subscriber_of_a_submission_publisher_has_not_taken_is_told() {
    let rule = "java.submission-publisher";
    // 32 of the second number says that a task is at work with it.
    let judged_with = |length: usize, (demand, control): (i64, i32)| {
        let mut heap = HeapBuilder::hotspot17();
        let ticks = payload(&mut heap, "com.acme.Tick", 1200, length);
        let ticks = heap.object_array("java.lang.Object[]", &ticks);
        let client = heap.app_class("com.acme.Client").field("s", Kind::Ref).build();
        let client = heap.instance(client, &[Value::NULL]);
        let subscription = "java.util.concurrent.SubmissionPublisher$BufferedSubscription";
        let subscription = heap.class(subscription).field("subscriber", Kind::Ref).field("array", Kind::Ref);
        let subscription = subscription.field("head", Kind::Int).field("tail", Kind::Int);
        let subscription = subscription.field("maxCapacity", Kind::Int);
        let subscription = subscription.field("demand", Kind::Long).field("ctl", Kind::Int).build();
        let numbers = [Value::Int(7), Value::Int(1207), Value::Int(1 << 20)];
        let state = [Value::Long(demand), Value::Int(control)];
        let fields = [Value::Ref(client), Value::Ref(ticks)].into_iter().chain(numbers).chain(state);
        let subscription = heap.instance(subscription, &fields.collect::<Vec<_>>());
        heap.set_field(client, "s", Value::Ref(subscription));
        held_by_static(&mut heap, "com.acme.Hub", "CLIENT", client);
        judge(heap)
    };
    let judged = |length: usize| judged_with(length, (1, 64 + 32 + 4));
    let report = judged(1024);
    let told = title(&report, rule).unwrap();
    let expected = "The buffer of a SubmissionPublisher keeps 1.";
    assert!(
        told.starts_with(expected) && told.ends_with("that its subscriber com.acme.Client has not taken"),
        "{told}"
    );
    let example_of_it = example(&report, rule);
    assert_eq!(example_of_it, "subscriber=com.acme.Client, put in=1,207, taken=7, limit=1,048,576");
    let first = &report.suspects[0];
    assert_eq!((first.rule.as_deref(), first.kind_message()), (Some(rule), "kind-backlog"));
    assert_eq!(title(&judged(512), rule), None);
    // Between two requests of one that is at work nothing is asked for either.
    assert!(title(&judged_with(1024, (0, 64 + 32)), rule).is_some());
    let without_request = "java.submission-without-request";
    let report = judged_with(1024, (0, 64));
    assert_eq!(title(&report, rule), None);
    let told = title(&report, without_request).unwrap();
    let expected =
        "that its subscriber com.acme.Client has not asked for: it has taken 7 and has requested no more";
    assert!(told.ends_with(expected), "{told}");
    assert_eq!(report.suspects[0].rule.as_deref(), Some(without_request));
}

/// The number of all is told, with one of the keys for example, and not the number of one beside the bytes of all.
#[test]
fn what_is_repeated_for_several_keys_is_counted_together() {
    let told = |targets: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let names: Vec<Addr> = (0..targets).map(|at| heap.string(&format!("shard-{at}"))).collect();
        let loader = heap.app_class_loader();
        let channel = heap.class("io.grpc.internal.ManagedChannelImpl").loader(loader);
        let channel =
            channel.field("target", Kind::Ref).field("shutdown", Kind::Boolean).field("data", Kind::Ref);
        let channel = channel.build();
        let channels: Vec<Addr> = (0..40 * targets)
            .map(|at| {
                let data = bytes(&mut heap, 4000);
                let target = Value::Ref(names[at % targets]);
                heap.instance(channel, &[target, Value::Boolean(false), Value::Ref(data)])
            })
            .collect();
        let channels = heap.array_list(&channels);
        held_by_static(&mut heap, "com.acme.Routes", "OPEN", channels);
        let report = judge(heap);
        let found = report.findings.iter().find(|finding| finding.id == "grpc.repeated-channel").unwrap();
        [Language::En, Language::Zh].map(|language| language.text(&found.title))
    };
    let [en, zh] = told(1);
    assert_eq!(en, "40 gRPC channels to shard-0, where one is enough");
    assert_eq!(zh, "到 shard-0 有 40 个 gRPC 通道，而一个就够");
    let [en, zh] = told(3);
    assert_eq!(en, "120 gRPC channels to shard-0 and 2 others, where one for each is enough");
    assert_eq!(zh, "到 shard-0 等 3 个 有 120 个 gRPC 通道，而各一个就够");
    assert!(told(2)[0].starts_with("80 gRPC channels to shard-0 and 1 other, "));
}

/// An open file has the blocks of its entry as well, so that the database does not retain them.
#[test]
fn a_database_of_derby_in_memory_is_told_by_its_name() {
    let rule = "derby.in-memory";
    let judged = |length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let names: Vec<Addr> = (0..20).map(|at| heap.string(&format!("seg0/c{at}.dat"))).collect();
        let blocks: Vec<Addr> = (0..20)
            .map(|_| {
                let block = bytes(&mut heap, length);
                heap.object_array("byte[][]", &[block])
            })
            .collect();
        let package = "org.apache.derby.impl.io.vfmem";
        let contents = around(&mut heap, &format!("{package}.BlockedByteArray"), "blocks", &blocks);
        let entries = around(&mut heap, &format!("{package}.DataStoreEntry"), "src", &contents);
        let files = heap.concurrent_hash_map(&pairs(&names, &entries));
        let name = heap.string("memory:orders");
        let store = [reference("files", files), reference("databaseName", name)];
        let store = library_object(&mut heap, &format!("{package}.DataStore"), &store);
        let stores = heap.hash_map(&[(name, store)]);
        held_by_static(&mut heap, "org.apache.derby.impl.io.VFMemoryStorageFactory", "DATABASES", stores);
        let open = around(&mut heap, &format!("{package}.BlockedByteArrayInputStream"), "src", &contents);
        let open = heap.array_list(&open);
        held_by_static(&mut heap, "com.acme.Backup", "OPEN", open);
        judge(heap)
    };
    let report = judged(60 << 10);
    let told = title(&report, rule).unwrap();
    assert!(told.starts_with("A Derby database in memory: memory:orders, 1."), "{told}");
    assert_eq!(example(&report, rule), "name=memory:orders, files=20");
    assert_eq!(title(&judged(50 << 10), rule), None, "less than a MiB");
}

/// Clients that were started: what is closed has no threads any more.
#[test]
fn asynchronous_clients_that_are_never_closed_are_told() {
    let rule = "httpclient.repeated-async-client";
    let judged = |count: usize, status: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let enums = heap.class_named("java.lang.Enum");
        let class = "org.apache.http.impl.nio.client.CloseableHttpAsyncClientBase$Status";
        let class = heap.app_class(class).extends(enums).build();
        let name = heap.string(status);
        let status = heap.instance_with(class, &[("name", Value::Ref(name))]);
        let statuses = heap.class("java.util.concurrent.atomic.AtomicReference");
        let statuses = statuses.field("value", Kind::Ref).build();
        let list = heap.class_named("java.util.LinkedList");
        let host = heap.string("partner.acme.com");
        let host = around(&mut heap, "org.apache.http.HttpHost", "hostname", &[host]);
        let route = around(&mut heap, "org.apache.http.conn.routing.HttpRoute", "targetHost", &host)[0];
        let pools = heap.app_class("org.apache.http.impl.nio.conn.CPool").field("routeToPool", Kind::Ref);
        let pools = pools.field("available", Kind::Ref).build();
        let pools: Vec<Addr> = (0..count)
            .map(|_| {
                let of_route = bytes(&mut heap, 16);
                let routes = heap.hash_map(&[(route, of_route)]);
                let available = heap.instance(list, &[]);
                heap.instance(pools, &[Value::Ref(routes), Value::Ref(available)])
            })
            .collect();
        let managers = "org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager";
        let managers = around(&mut heap, managers, "pool", &pools);
        let client = heap.app_class("org.apache.http.impl.nio.client.InternalHttpAsyncClient");
        let client = client.field("connmgr", Kind::Ref).field("status", Kind::Ref).build();
        let clients: Vec<Addr> = managers
            .iter()
            .map(|&manager| {
                let status = heap.instance(statuses, &[Value::Ref(status)]);
                heap.instance(client, &[Value::Ref(manager), Value::Ref(status)])
            })
            .collect();
        let clients = heap.array_list(&clients);
        held_by_static(&mut heap, "com.acme.Partners", "CLIENTS", clients);
        judge(heap)
    };
    let report = judged(41, "ACTIVE");
    let expected =
        "41 Apache HttpAsyncClients are running, each with threads of its own, where one is enough";
    assert_eq!(title(&report, rule).as_deref(), Some(expected));
    assert_eq!(example(&report, rule), "host=partner.acme.com, connections=0 (100%)");
    assert_eq!(title(&judged(40, "ACTIVE"), rule), None);
    assert_eq!(title(&judged(41, "STOPPED"), rule), None);
}

/// Threads of a pool whose values nobody else has: they have set them, or were given them when they were started.
#[test]
fn what_threads_keep_in_inheritable_thread_locals_is_told() {
    let rule = "java.inheritable-thread-locals";
    let judged = |threads: usize, length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
        let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
        let key = heap.class_named("java.lang.ThreadLocal");
        let key = heap.instance(key, &[Value::Int(7)]);
        held_by_static(&mut heap, "com.acme.Tenants", "CURRENT", key);
        let values = payload(&mut heap, "com.acme.Tenant", threads, length);
        for (number, &value) in values.iter().enumerate() {
            let fields = [("referent", Value::Ref(key)), ("value", Value::Ref(value))];
            let local = heap.instance_with(entry, &fields);
            let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[local]);
            let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
            let thread = heap.thread(&format!("worker-{number}"));
            thread.field("inheritableThreadLocals", Value::Ref(locals)).build();
        }
        judge(heap)
    };
    let report = judged(40, 128 << 10);
    let told = title(&report, rule).unwrap();
    assert!(told.starts_with("40 threads worker-* keep 5.0"), "{told}");
    assert!(told.ends_with(" MiB in InheritableThreadLocals"), "{told}");
    assert_eq!(example(&report, rule), "values of=com.acme.Tenant (100%)");
    // As much together, but little of each.
    assert_eq!(title(&judged(100, 60 << 10), rule), None);
    // Much of each, but less than 4 MiB together.
    assert_eq!(title(&judged(30, 128 << 10), rule), None);
}

/// What is registered is behind a bean, behind an interface that ends in MBean, or is a bean itself.
#[test]
fn objects_of_one_class_that_are_registered_as_beans_are_told() {
    let rule = "java.mbeans-of-one-class";
    let fields =
        [("javax.management.StandardMBean", "mbean"), ("com.sun.jmx.mbeanserver.MBeanSupport", "resource")];
    // The classes around the object, from the outermost on.
    for wrappers in [&fields[..], &fields[1..], &[]] {
        let judged = |classes: &[(&str, usize)], is_held_elsewhere: bool, rest: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let mut objects = Vec::new();
            for &(class, count) in classes {
                let length = if is_held_elsewhere { 200 } else { 512 };
                objects.extend(payload(&mut heap, class, count, length));
            }
            let rest = bytes(&mut heap, rest);
            held_by_static(&mut heap, "com.acme.App", "REST", rest);
            if is_held_elsewhere {
                let all = heap.array_list(&objects);
                held_by_static(&mut heap, "com.acme.Clients", "ALL", all);
            }
            for &(class, field) in wrappers.iter().rev() {
                objects = around(&mut heap, class, field, &objects);
            }
            let name = heap.string("com.acme:type=Client");
            let name = around(&mut heap, "javax.management.ObjectName", "_canonicalName", &[name])[0];
            let named = heap.class("com.sun.jmx.mbeanserver.NamedObject").field("name", Kind::Ref);
            let named = named.field("object", Kind::Ref).build();
            let beans: Vec<Addr> = objects
                .iter()
                .map(|&object| heap.instance(named, &[Value::Ref(name), Value::Ref(object)]))
                .collect();
            let beans = heap.array_list(&beans);
            held_by_static(&mut heap, "com.acme.Beans", "ALL", beans);
            judge(heap)
        };
        let report = judged(&[("com.acme.Client", 1000)], false, 16);
        let expected = "1,000 com.acme.Client are registered as MBeans";
        assert_eq!(title(&report, rule).as_deref(), Some(expected), "{wrappers:?}");
        assert_eq!(example(&report, rule), "name=com.acme:type=Client (100%)");
        let of_two = judged(&[("com.acme.Client", 999), ("com.acme.Server", 999)], false, 16);
        assert_eq!(title(&of_two, rule), None, "{wrappers:?}");
        // Libraries of metrics have thousands in a large heap.
        let small = judged(&[("com.acme.JmxGauge", 5000)], false, 120 << 20);
        assert_eq!(title(&small, rule), None, "{wrappers:?}");
        // The MBean server does not retain what the application has in a list as well.
        if !wrappers.is_empty() {
            let shared = judged(&[("com.acme.Client", 1000)], true, 16);
            assert_eq!(title(&shared, rule), None, "{wrappers:?}");
            let told = title(&shared, "java.mbeans-held-elsewhere").unwrap();
            assert!(told.starts_with("1,000 com.acme.Client are registered as MBeans and held elsewhere "));
        }
        assert_eq!(title(&report, "java.mbeans-held-elsewhere"), None, "{wrappers:?}");
    }
}

/// Few tasks may hold much, if it is theirs alone.
#[test]
fn a_timer_with_few_large_tasks_is_told() {
    let rule = "java.timer";
    let judged = |tasks: usize, is_shared: bool, length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let task = heap.class("java.util.TimerTask").field("period", Kind::Long);
        let task = task.field("state", Kind::Int).build();
        let reminder = heap.app_class("com.acme.Reminder").extends(task).field("data", Kind::Ref).build();
        let shared = bytes(&mut heap, 8 << 20);
        let reminders: Vec<Addr> = (0..tasks)
            .map(|_| {
                let data = if is_shared { shared } else { bytes(&mut heap, length) };
                let fields =
                    [("data", Value::Ref(data)), ("period", Value::Long(60_000)), ("state", Value::Int(1))];
                heap.instance_with(reminder, &fields)
            })
            .collect();
        // The first place of the heap is never used.
        let places: Vec<Addr> = std::iter::once(Addr::NULL).chain(reminders).collect();
        let array = heap.object_array("java.util.TimerTask[]", &places);
        let queue = heap.class("java.util.TaskQueue").field("size", Kind::Int);
        let queue = queue.field("queue", Kind::Ref).build();
        let size = Value::Int(i32::try_from(tasks).unwrap());
        let queue = heap.instance(queue, &[size, Value::Ref(array)]);
        let timer = heap.class("java.util.Timer").field("queue", Kind::Ref).build();
        let timer = heap.instance(timer, &[Value::Ref(queue)]);
        held_by_static(&mut heap, "com.acme.Reminders", "TIMER", timer);
        judge(heap)
    };
    let report = judged(20, false, 512 << 10);
    let told = title(&report, rule).unwrap();
    assert!(told.starts_with("20 tasks wait in the queue of a java.util.Timer, 10.0 MiB"), "{told}");
    assert_eq!(example(&report, rule), "tasks=20, cancelled=0, first=com.acme.Reminder, period in ms=60,000");
    assert_eq!(title(&judged(19, false, 512 << 10), rule), None);
    assert_eq!(title(&judged(20, true, 512 << 10), rule), None, "what they share is not theirs alone");
    assert_eq!(title(&judged(25, false, 128 << 10), rule), None, "some MiB in a small heap");
}

/// An actor that takes half of what the heap may, or less, with few children or many. The root of the tree of children is black, which Scala 2.13
/// notes in the sign of its count.
#[test]
fn an_actor_that_fills_the_heap_is_told_by_its_name() {
    let judged = |limit: i64, children: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit << 20));
        vm.sticky().build();
        let count = "scala$collection$immutable$RedBlackTree$Tree$$_count";
        let tree = [(count, Kind::Int, Value::Int(i32::MIN + children))];
        let tree = library_object(&mut heap, "scala.collection.immutable.RedBlackTree$Tree", &tree);
        let map = [reference("tree", tree)];
        let map = library_object(&mut heap, "scala.collection.immutable.TreeMap", &map);
        let container = "akka.actor.dungeon.ChildrenContainer$NormalChildrenContainer";
        let container = library_object(&mut heap, container, &[reference("c", map)]);
        let [user, orders] = ["user", "orders"].map(|name| heap.string(name));
        let parent = library_object(&mut heap, "akka.actor.RootActorPath", &[reference("name", user)]);
        let path = [reference("name", orders), reference("parent", parent)];
        let path = library_object(&mut heap, "akka.actor.ChildActorPath", &path);
        let this = library_object(&mut heap, "akka.actor.LocalActorRef", &[reference("path", path)]);
        let actor = payload(&mut heap, "com.acme.Orders", 1, 9 << 20)[0];
        let refs = "akka$actor$dungeon$Children$$_childrenRefsDoNotCallMeDirectly";
        let cell = [reference(refs, container), reference("self", this), reference("_actor", actor)];
        let cell = library_object(&mut heap, "akka.actor.ActorCell", &cell);
        held_by_static(&mut heap, "com.acme.App", "ORDERS", cell);
        let report = judge(heap);
        ["akka.actor-state", "akka.large-actor", "akka.many-children"].map(|rule| title(&report, rule))
    };
    let [state, large, many] = judged(16, 900);
    let state = state.unwrap();
    let expected = "Actor user/orders (com.acme.Orders) and its children hold 9.0";
    assert!(state.starts_with(expected), "{state}");
    assert_eq!((large, many), (None, None));
    // There is room in the heap.
    let [state, large, many] = judged(64, 900);
    assert!(large.is_some_and(|told| told.starts_with(expected)));
    assert_eq!((state, many), (None, None));
    // It is the children that there are too many of.
    let [state, large, many] = judged(16, 1000);
    assert!(many.is_some_and(|told| told.starts_with("The children of actor user/orders hold ")));
    assert_eq!((state, large), (None, None));
}

/// All of a pool's objects are lent and a thread waits for one. Who has one in hand has not forgotten it.
#[test]
fn objects_of_a_pool_that_were_never_returned_are_told_from_those_in_use() {
    let few = "commons-pool.few-in-use";
    let judged = |at_work: usize, waits: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let lent = payload(&mut heap, "redis.clients.jedis.Jedis", 8, 64);
        let wrapper = "org.apache.commons.pool2.impl.BaseGenericObjectPool$IdentityWrapper";
        let keys = around(&mut heap, wrapper, "instance", &lent);
        let pooled = around(&mut heap, "org.apache.commons.pool2.impl.DefaultPooledObject", "object", &lent);
        let all = heap.concurrent_hash_map(&pairs(&keys, &pooled));
        let waiter =
            heap.class("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionNode").build();
        let waiter = if waits { heap.instance(waiter, &[]) } else { Addr::NULL };
        let condition = heap.class("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject");
        let condition = condition.field("firstWaiter", Kind::Ref).build();
        let condition = heap.instance(condition, &[Value::Ref(waiter)]);
        let idle = [("count", Kind::Int, Value::Int(0)), reference("notEmpty", condition)];
        let idle = library_object(&mut heap, "org.apache.commons.pool2.impl.LinkedBlockingDeque", &idle);
        let (borrowed, returned) = (atomic(&mut heap, 108), atomic(&mut heap, 100));
        let factory = library_object(&mut heap, "redis.clients.jedis.JedisFactory", &[]);
        let pool = [
            ("closed", Kind::Boolean, Value::Boolean(false)),
            ("maxTotal", Kind::Int, Value::Int(8)),
            ("maxWaitMillis", Kind::Long, Value::Long(-1)),
            reference("allObjects", all),
            reference("idleObjects", idle),
            reference("factory", factory),
            reference("borrowedCount", borrowed),
            reference("returnedCount", returned),
        ];
        let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericObjectPool", &pool);
        held_by_static(&mut heap, "com.acme.Sessions", "POOL", pool);
        let store = heap.app_class("com.acme.Store").build();
        for (number, &jedis) in lent.iter().take(at_work).enumerate() {
            let thread = heap.thread(&format!("exec-{number}"));
            thread.frame(store, "load", "()V", "Store.java", 5).local(jedis).build();
        }
        judge(heap)
    };
    let report = judged(2, true);
    let expected = "All 8 objects of a pool (redis.clients.jedis.Jedis) are borrowed and others wait: \
                    threads are using 2 of them, the rest were never returned";
    assert_eq!(title(&report, few).as_deref(), Some(expected));
    let counts = "objects=8, maxTotal=8, borrowed=108, returned=100, in hand of threads=2, max wait=-1";
    assert_eq!(example(&report, few), format!("factory=redis.clients.jedis.JedisFactory, {counts}"));
    // Nobody waits, or nothing was forgotten, or all was.
    for (at_work, waits, rule) in [
        (2, false, "commons-pool.exhausted-pool"),
        (8, true, "commons-pool.overloaded-pool"),
        (0, true, "commons-pool.leaked-pool"),
    ] {
        let report = judged(at_work, waits);
        assert_eq!(title(&report, few), None, "{at_work} {waits}");
        assert!(title(&report, rule).is_some(), "{at_work} {waits}");
    }
}
