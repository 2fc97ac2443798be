//! Verdicts in the words of rules: what a library keeps is told as who uses the library knows it.

use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Standing, SuspectKind};

const NO: Value = Value::NULL;

fn reference(name: &str, value: Addr) -> (&str, Kind, Value) {
    (name, Kind::Ref, Value::Ref(value))
}

/// Commands that a connection has sent, and others that wait in its channel.
#[test]
fn commands_that_get_no_answer_are_a_backlog() {
    let judged = |sent: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let command =
            heap.class("io.lettuce.core.protocol.AsyncCommand").loader(loader).field("args", Kind::Ref);
        let command = command.build();
        let mut commands = |count: usize| {
            let commands: Vec<Addr> = (0..count)
                .map(|_| {
                    let args = bytes(&mut heap, 600);
                    heap.instance(command, &[Value::Ref(args)])
                })
                .collect();
            heap.array_list(&commands)
        };
        let (stack, unwritten) = (commands(sent), commands(500));
        let fields = [("channel", Kind::Ref, NO), reference("stack", stack)];
        let handler = library_object(&mut heap, "io.lettuce.core.protocol.CommandHandler", &fields);
        let address = heap.string("10.0.0.7:6379");
        let fields = [
            reference("handler", handler),
            reference("buffer", unwritten),
            reference("remoteAddress", address),
        ];
        let channel = library_object(&mut heap, "io.netty.channel.socket.nio.NioSocketChannel", &fields);
        heap.set_field(handler, "channel", Value::Ref(channel));
        let endpoint = [reference("channel", channel)];
        let endpoint = library_object(&mut heap, "io.lettuce.core.protocol.DefaultEndpoint", &endpoint);
        held_by_static(&mut heap, "com.acme.Prices", "REDIS", endpoint);
        judge(heap)
    };
    let report = judged(3000);
    let first = &report.suspects[0];
    assert_eq!((first.rule.as_deref(), first.backlog), (Some("lettuce.unanswered-commands"), true));
    let told = english(&report.verdict.sentences);
    let expected =
        "3,000 Redis commands wait for the answer of 10.0.0.7:6379, held by com.acme.Prices.REDIS: ";
    assert!(told.starts_with(expected), "{told}");
    assert!(judged(800).findings.is_empty(), "they are on their way");
}

/// What is registered by its name has no definition.
#[test]
fn what_is_registered_as_a_singleton_for_each_job_is_told() {
    let judged = |registered: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let jobs = payload(&mut heap, "com.acme.PdfJob", 1500, 1500);
        let names: Vec<Addr> = (0..1500).map(|job| heap.string(&format!("job-{job}"))).collect();
        let manual = heap.array_list(&names[..registered]);
        let singletons: Vec<(Addr, Addr)> = names.into_iter().zip(jobs).collect();
        let singletons = heap.concurrent_hash_map(&singletons);
        let fields = [reference("singletonObjects", singletons), reference("manualSingletonNames", manual)];
        let factory = "org.springframework.beans.factory.support.DefaultListableBeanFactory";
        let factory = library_object(&mut heap, factory, &fields);
        let context = "org.springframework.context.support.GenericApplicationContext";
        let context = library_object(&mut heap, context, &[reference("beanFactory", factory)]);
        held_by_static(&mut heap, "com.acme.Tickets", "CONTEXT", context);
        judge(heap)
    };
    let report = judged(1500);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("spring.registered-singletons"));
    let told = english(&report.verdict.sentences);
    let expected = "1,500 objects were registered as singletons of a Spring context (registerSingleton)";
    assert!(told.starts_with(expected), "{told}");
    assert_ne!(judged(20).suspects[0].rule.as_deref(), Some("spring.registered-singletons"));
}

/// A list for each channel in one of its attributes.
#[test]
fn what_is_in_an_attribute_of_channels_is_told_by_the_name_of_the_attribute() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let name = heap.string("history");
    let key = library_object(&mut heap, "io.netty.util.AttributeKey", &[reference("name", name)]);
    let attribute = heap.class("io.netty.util.DefaultAttributeMap$DefaultAttribute").loader(loader);
    let attribute = attribute.field("key", Kind::Ref).field("value", Kind::Ref).build();
    let map = heap.class("io.netty.util.DefaultAttributeMap").loader(loader).field("attributes", Kind::Ref);
    let map = map.build();
    let channel =
        heap.class("io.netty.channel.socket.nio.NioSocketChannel").loader(loader).extends(map).build();
    let line = heap.app_class("com.acme.Line").field("text", Kind::Ref).build();
    let channels: Vec<Addr> = (0..12)
        .map(|_| {
            let lines: Vec<Addr> = (0..2000)
                .map(|_| {
                    let text = bytes(&mut heap, 40);
                    heap.instance(line, &[Value::Ref(text)])
                })
                .collect();
            let lines = heap.array_list(&lines);
            let attribute = heap.instance(attribute, &[Value::Ref(key), Value::Ref(lines)]);
            let attributes =
                heap.object_array("io.netty.util.DefaultAttributeMap$DefaultAttribute[]", &[attribute]);
            heap.instance_with(channel, &[("attributes", Value::Ref(attributes))])
        })
        .collect();
    let channels = heap.array_list(&channels);
    let group = library_object(
        &mut heap,
        "io.netty.channel.group.DefaultChannelGroup",
        &[reference("all", channels)],
    );
    let server = library_object(&mut heap, "io.netty.channel.EventLoop", &[reference("group", group)]);
    heap.thread("nioEventLoopGroup-1").field("target", Value::Ref(server)).build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.class, "com.acme.Line");
    assert_eq!(first.rule.as_deref(), Some("netty.channel-attributes"), "{first:?}");
    let told = english(&report.verdict.sentences);
    assert!(told.contains(" in their attribute history."), "{told}");
}

/// A table is a tree of pages, which a map of the store and the index of the table lead to. So many of its rows a session has in the result of its last query.
fn table_in_memory(in_result: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let rows = payload(&mut heap, "org.h2.result.DefaultRow", 3000, 400);
    let result = heap.array_list(&rows[..in_result]);
    let result = library_object(&mut heap, "org.h2.result.LocalResult", &[reference("rows", result)]);
    let session = library_object(&mut heap, "org.h2.engine.SessionLocal", &[reference("lastResult", result)]);
    let rows = heap.object_array("java.lang.Object[]", &rows);
    let page = [reference("children", rows), ("totalCount", Kind::Long, Value::Long(3000))];
    let page = library_object(&mut heap, "org.h2.mvstore.Page$NonLeaf", &page);
    let root = library_object(&mut heap, "org.h2.mvstore.RootReference", &[reference("root", page)]);
    let holder = heap.class("java.util.concurrent.atomic.AtomicReference").field("value", Kind::Ref).build();
    let root = heap.instance(holder, &[Value::Ref(root)]);
    let map = library_object(&mut heap, "org.h2.mvstore.MVMap", &[reference("root", root)]);
    let data = library_object(&mut heap, "org.h2.mvstore.tx.TransactionMap", &[reference("map", map)]);
    let index = library_object(&mut heap, "org.h2.mvstore.db.MVPrimaryIndex", &[reference("dataMap", data)]);
    let (name, table) = (heap.string("AUDIT"), heap.string("audit"));
    let database = [
        ("persistent", Kind::Boolean, Value::Boolean(false)),
        reference("databaseShortName", table),
        ("store", Kind::Ref, NO),
    ];
    let database = library_object(&mut heap, "org.h2.engine.Database", &database);
    let table = heap.class("org.h2.mvstore.db.MVTable").loader(loader);
    let table =
        table.field("primaryIndex", Kind::Ref).field("objectName", Kind::Ref).field("database", Kind::Ref);
    let table = table.build();
    let table = heap.instance(table, &[Value::Ref(index), Value::Ref(name), Value::Ref(database)]);
    let ten = heap.boxed_int(10);
    let maps = heap.concurrent_hash_map(&[(ten, map)]);
    let store = [reference("maps", maps), reference("tables", table)];
    let store = library_object(&mut heap, "org.h2.mvstore.MVStore", &store);
    heap.set_field(database, "store", Value::Ref(store));
    heap.thread("MVStore background writer").field("target", Value::Ref(store)).build();
    let connection = [reference("database", database), reference("session", session)];
    let connection = library_object(&mut heap, "org.h2.jdbc.JdbcConnection", &connection);
    held_by_static(&mut heap, "com.acme.AuditLog", "CONNECTION", connection);
    judge(heap)
}

#[test]
fn a_table_of_a_database_in_memory_is_told_by_its_name_and_not_by_its_pages() {
    let report = table_in_memory(0);
    let first = &report.suspects[0];
    let title = "Table AUDIT of an H2 database in memory, 3,000 rows, held by com.acme.AuditLog.CONNECTION";
    assert_eq!(Language::En.text(&first.title), title);
    assert_eq!(english(&first.activity), "", "under which key of the store it is says nothing");
}

/// Nobody but the database can let go of rows that it has in a result as well.
#[test]
fn rows_of_a_table_in_memory_that_lie_in_a_result_as_well_are_data() {
    let report = table_in_memory(2700);
    let first = &report.suspects[0];
    assert_eq!((first.standing, first.rule.as_deref()), (Standing::Largest, Some("h2.table-as-data")));
    let advice = english(&first.advice);
    assert!(!advice.contains("weakly"), "{advice}");
}

/// A map of a grid that an application has by its proxy, in eight partitions; with this policy, and a limit to the entries or a time after which they expire.
fn map_of_a_grid(policy: &str, limit: i32, seconds: i32) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let constant = heap.class_named("java.lang.Enum");
    let policies = heap.class("com.hazelcast.config.EvictionPolicy").loader(loader).extends(constant).build();
    let name = heap.string(policy);
    let policy = heap.instance_with(policies, &[("name", Value::Ref(name))]);
    let eviction = [reference("evictionPolicy", policy), ("size", Kind::Int, Value::Int(limit))];
    let eviction = library_object(&mut heap, "com.hazelcast.config.EvictionConfig", &eviction);
    let config = [
        reference("evictionConfig", eviction),
        ("timeToLiveSeconds", Kind::Int, Value::Int(seconds)),
        ("maxIdleSeconds", Kind::Int, Value::Int(0)),
    ];
    let config = library_object(&mut heap, "com.hazelcast.config.MapConfig", &config);
    let container =
        library_object(&mut heap, "com.hazelcast.map.impl.MapContainer", &[reference("mapConfig", config)]);
    let base = heap.class("com.hazelcast.map.impl.recordstore.AbstractRecordStore").loader(loader);
    let base =
        base.field("mapContainer", Kind::Ref).field("name", Kind::Ref).field("storage", Kind::Ref).build();
    let store =
        heap.class("com.hazelcast.map.impl.recordstore.DefaultRecordStore").loader(loader).extends(base);
    let store = store.build();
    let partition = heap.class("com.hazelcast.map.impl.PartitionContainer").loader(loader);
    let partition = partition.field("maps", Kind::Ref).build();
    let name = heap.string("tokens");
    let partitions: Vec<Addr> = (0..24)
        .map(|_| {
            let records = payload(&mut heap, "com.hazelcast.map.impl.record.Record", 200, 700);
            let records = heap.array_list(&records);
            let fields = [
                ("mapContainer", Value::Ref(container)),
                ("name", Value::Ref(name)),
                ("storage", Value::Ref(records)),
            ];
            let store = heap.instance_with(store, &fields);
            heap.instance(partition, &[Value::Ref(store)])
        })
        .collect();
    let partitions = heap.object_array("com.hazelcast.map.impl.PartitionContainer[]", &partitions);
    let context = [reference("partitionContainers", partitions)];
    let context = library_object(&mut heap, "com.hazelcast.map.impl.MapServiceContextImpl", &context);
    let proxy = [reference("mapServiceContext", context)];
    let proxy = library_object(&mut heap, "com.hazelcast.map.impl.proxy.MapProxyImpl", &proxy);
    held_by_static(&mut heap, "com.acme.Tokens", "TOKENS", proxy);
    judge(heap)
}

#[test]
fn a_map_of_a_grid_that_evicts_is_as_large_as_it_is_meant_to_be() {
    const NO_LIMIT: i32 = i32::MAX;
    let bounded = map_of_a_grid("LRU", 5000, 0);
    let first = &bounded.suspects[0];
    assert_eq!((first.standing, first.rule.as_deref()), (Standing::Meant, Some("hazelcast.bounded-map")));
    assert!(bounded.verdict.healthy);
    for (policy, limit) in [("NONE", NO_LIMIT), ("LRU", NO_LIMIT)] {
        let report = map_of_a_grid(policy, limit, 0);
        assert_eq!(report.suspects[0].standing, Standing::Blamed);
        assert!(
            report.findings.iter().any(|finding| finding.id == "hazelcast.maps"),
            "{:?}",
            report.findings
        );
    }
    let expires = map_of_a_grid("NONE", NO_LIMIT, 900);
    assert!(expires.findings.iter().all(|finding| finding.id != "hazelcast.maps"), "its entries expire");
}

/// Entries of that class, each with where something was made as an exception, in the list of that object of a library's.
fn with_exceptions(count: usize, keeper: &str, entry: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let throwable = heap.class_named("java.lang.Throwable");
    let entry = heap.class(entry).loader(loader).field("allocationStack", Kind::Ref).build();
    let entries: Vec<Addr> = (0..count)
        .map(|_| {
            let backtrace = bytes(&mut heap, 200);
            let made = heap.instance_with(throwable, &[("backtrace", Value::Ref(backtrace))]);
            heap.instance(entry, &[Value::Ref(made)])
        })
        .collect();
    let entries = heap.array_list(&entries);
    let keeper = library_object(&mut heap, keeper, &[reference("statements", entries)]);
    let pool =
        library_object(&mut heap, "org.apache.tomcat.jdbc.pool.DataSource", &[reference("pool", keeper)]);
    held_by_static(&mut heap, "com.acme.Ledger", "POOL", pool);
    judge(heap)
}

#[test]
fn statements_that_are_remembered_of_one_connection_are_told() {
    let judged = |count: usize| {
        let class = "org.apache.tomcat.jdbc.pool.interceptor.StatementFinalizer";
        with_exceptions(count, class, &format!("{class}$StatementEntry"))
    };
    let report = judged(22_000);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("tomcat-jdbc.statements-of-one-connection"));
    let told = english(&report.verdict.sentences);
    let expected = "Tomcat's StatementFinalizer remembers 22,000 statements of one connection";
    assert!(told.contains(expected), "{told}");
    let advice = english(&first.advice);
    assert!(!advice.contains("Exceptions are collected"), "{advice}");
    let few = judged(999);
    assert!(few.suspects.iter().all(|suspect| suspect.rule.is_none()), "{:?}", few.suspects);
}

/// There are as many as there are of the library's own objects, and only of these there can be fewer.
#[test]
fn exceptions_that_a_librarys_objects_have_are_no_list_of_errors() {
    let class = "org.apache.tomcat.jdbc.pool.Remembered";
    let report = with_exceptions(22_000, class, &format!("{class}$Entry"));
    assert_eq!(report.suspects[0].rule, None);
    assert!(report.findings.iter().any(|finding| finding.id == "java.kept-exceptions"));
}

#[test]
fn a_chunk_that_is_a_whole_table_is_a_load_with_a_size_to_change() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let trades = payload(&mut heap, "com.acme.Trade", count, 100);
        let trades = heap.array_list(&trades);
        let chunk = "org.springframework.batch.item.Chunk";
        let chunk = library_object(&mut heap, chunk, &[reference("items", trades)]);
        let loader = heap.app_class_loader();
        let step = heap.class("org.springframework.batch.core.step.item.SimpleChunkProvider").loader(loader);
        let step = step.build();
        let job = heap.app_class("com.acme.SettlementJob").build();
        let thread = heap.thread("nightly-1").frame(step, "provide", "()V", "SimpleChunkProvider.java", 1);
        thread.local(chunk).frame(job, "run", "()V", "SettlementJob.java", 26).build();
        judge(heap)
    };
    let report = judged(25_000);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("spring-batch.large-chunk")));
    assert!(english(&first.advice).contains("chunk size (commit interval) of 100 to 1,000"));
    let found = |report: &Report| report.findings.iter().any(|one| one.id == "spring-batch.large-chunk");
    assert!(found(&report) && !found(&judged(15_000)));
}
