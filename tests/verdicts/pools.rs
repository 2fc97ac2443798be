//! Pools whose connections are all taken: by whom, and how far the dump tells.

use crate::{english, held_by_static, ids, judge, library_object, payload, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::Report;

/// A pool of eight connections, all of them taken; so many threads have a statement of one in hand.
fn taken(at_work: usize) -> Report {
    judge(taken_in(HeapBuilder::hotspot17(), at_work, 0, &[]))
}

/// The pool, and the entries of its connections.
fn pool_of_eight(mut heap: HeapBuilder) -> (HeapBuilder, Vec<Addr>) {
    let loader = heap.app_class_loader();
    let entry = heap.class("com.zaxxer.hikari.pool.PoolEntry").loader(loader).field("state", Kind::Int);
    let entry = entry.field("openStatements", Kind::Ref).build();
    let entries: Vec<Addr> = (0..8).map(|_| heap.instance_with(entry, &[("state", Value::Int(1))])).collect();
    let list = heap.array_list(&entries);
    let fields = [("sharedList", Kind::Ref, Value::Ref(list)), ("waiters", Kind::Int, Value::Int(12))];
    let bag = library_object(&mut heap, "com.zaxxer.hikari.util.ConcurrentBag", &fields);
    let name = heap.string("orders");
    let fields = [("maxPoolSize", Kind::Int, Value::Int(8)), ("poolName", Kind::Ref, Value::Ref(name))];
    let config = library_object(&mut heap, "com.zaxxer.hikari.HikariConfig", &fields);
    let fields = [("config", Kind::Ref, Value::Ref(config)), ("connectionBag", Kind::Ref, Value::Ref(bag))];
    let pool = library_object(&mut heap, "com.zaxxer.hikari.pool.HikariPool", &fields);
    held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
    (heap, entries)
}

/// A pool of c3p0 with eight connections at most, of which so many are free, and twelve threads that wait; threads have so many connections in hand.
fn c3p0(free: usize, at_work: usize) -> Option<String> {
    let mut heap = HeapBuilder::hotspot17();
    let fields = [("autoCommitOnClose", Kind::Boolean, Value::Boolean(false))];
    let connections: Vec<Addr> = (0..8)
        .map(|_| library_object(&mut heap, "com.mchange.v2.c3p0.impl.NewPooledConnection", &fields))
        .collect();
    let cards: Vec<(Addr, Addr)> =
        connections.iter().map(|&connection| (connection, heap.string("card"))).collect();
    let managed = heap.hash_map(&cards);
    let unused = heap.array_list(&connections[..free]);
    let waiters: Vec<Addr> = (0..12).map(|number| heap.boxed_int(number)).collect();
    let waiters = heap.array_list(&waiters);
    let url = heap.string("jdbc:h2:mem:reports");
    let source = [("jdbcUrl", Kind::Ref, Value::Ref(url))];
    let source = library_object(&mut heap, "com.mchange.v2.c3p0.DriverManagerDataSource", &source);
    let wrapper = [("nestedDataSource", Kind::Ref, Value::Ref(source))];
    let wrapper = library_object(&mut heap, "com.mchange.v2.c3p0.WrapperConnectionPoolDataSource", &wrapper);
    let manager = [("val$cpds", Kind::Ref, Value::Ref(wrapper))];
    let manager =
        library_object(&mut heap, "com.mchange.v2.c3p0.impl.C3P0PooledConnectionPool$1Manager", &manager);
    let fields = [
        ("managed", Kind::Ref, Value::Ref(managed)),
        ("unused", Kind::Ref, Value::Ref(unused)),
        ("acquireWaiters", Kind::Ref, Value::Ref(waiters)),
        ("max", Kind::Int, Value::Int(8)),
        ("mgr", Kind::Ref, Value::Ref(manager)),
    ];
    let pool = library_object(&mut heap, "com.mchange.v2.resourcepool.BasicResourcePool", &fields);
    held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
    let dao = heap.app_class("com.acme.Dao").sticky().build();
    for (number, &connection) in connections.iter().take(at_work).enumerate() {
        let thread = heap.thread(&format!("exec-{number}"));
        thread.frame(dao, "load", "()V", "Dao.java", 5).local(connection).build();
    }
    let report = judge(heap);
    let found = report.findings.iter().find(|finding| finding.id == "c3p0.exhausted-pool")?;
    Some(Language::En.text(&found.title))
}

#[test]
fn connections_of_c3p0_that_were_never_closed_are_told_with_the_pool() {
    let told = c3p0(0, 0).unwrap();
    let wanted = "12 threads wait for a connection of the c3p0 pool of jdbc:h2:mem:reports: all 8 are taken";
    assert!(told.starts_with(wanted), "{told}");
    assert_eq!(c3p0(1, 0), None);
    assert_eq!(c3p0(0, 4), None);
}

/// What is told of the pool.
fn of_pool(report: &Report) -> Option<&str> {
    let ids: Vec<&str> = report.findings.iter().map(|finding| &*finding.id).collect();
    let mut of_pool = ids.iter().copied().filter(|id| id.starts_with("hikari."));
    let first = of_pool.next();
    assert_eq!(of_pool.next(), None, "one pool is told of once");
    first
}

/// Of the others so many belong to a transaction, which a thread with these frames has in a map in a thread-local.
fn taken_in(
    heap: HeapBuilder,
    at_work: usize,
    in_transactions: usize,
    frames: &[(&str, &str)],
) -> HeapBuilder {
    let (mut heap, entries) = pool_of_eight(heap);
    let dao = heap.app_class("com.acme.Dao").sticky().build();
    for (number, &entry) in entries.iter().take(at_work).enumerate() {
        let connection = [("poolEntry", Kind::Ref, Value::Ref(entry))];
        let connection =
            library_object(&mut heap, &format!("com.zaxxer.hikari.pool.Proxy{number}"), &connection);
        let statement = [("connection", Kind::Ref, Value::Ref(connection))];
        let statement =
            library_object(&mut heap, &format!("com.zaxxer.hikari.pool.Statement{number}"), &statement);
        let thread = heap.thread(&format!("exec-{number}"));
        thread.frame(dao, "load", "()V", "Dao.java", 5).local(statement).build();
    }
    let frames: Vec<_> = frames
        .iter()
        .map(|&(class, method)| {
            let is_own = class.starts_with("com.acme.");
            let class = if is_own { heap.app_class(class) } else { heap.class(class) };
            (class.build(), method)
        })
        .collect();
    let local = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let locals = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    for (number, &entry) in entries.iter().skip(at_work).take(in_transactions).enumerate() {
        let mut held = entry;
        for (class, field) in [
            ("com.zaxxer.hikari.pool.HikariProxyConnection", "poolEntry"),
            ("org.springframework.jdbc.datasource.SimpleConnectionHandle", "connection"),
            ("org.springframework.jdbc.datasource.ConnectionHolder", "connectionHandle"),
        ] {
            held = library_object(
                &mut heap,
                &format!("{class}{number}"),
                &[(field, Kind::Ref, Value::Ref(held))],
            );
        }
        let key = heap.string("orders");
        let resources = heap.hash_map(&[(key, held)]);
        let local = heap.instance_with(local, &[("value", Value::Ref(resources))]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[local]);
        let map = heap.instance_with(locals, &[("table", Value::Ref(table))]);
        let mut thread = heap.thread(&format!("booking-{number}")).field("threadLocals", Value::Ref(map));
        for &(class, method) in &frames {
            thread = thread.frame(class, method, "()V", "X.java", 7);
        }
        thread.build();
    }
    heap
}

#[test]
fn connections_that_no_thread_has_in_hand_were_never_closed() {
    let told = |at_work: usize| {
        let report = taken(at_work);
        let id = |name: &str| {
            report
                .findings
                .iter()
                .find(|finding| finding.id == name)
                .map(|finding| Language::En.text(&finding.title))
        };
        let some = id("hikari.exhausted-few-in-use").or_else(|| id("hikari.exhausted-most-in-use"));
        (some, id("hikari.overloaded-pool").is_some(), report.findings.len())
    };
    let (unclosed, busy, findings) = told(1);
    assert_eq!(findings, 1, "one pool is told of once");
    let unclosed = unclosed.expect("a finding");
    assert!(
        unclosed.contains(
            "12 threads wait for a connection of Hikari pool orders: all 8 are taken, threads are using 1 of them; the rest were never closed"
        ),
        "{unclosed}"
    );
    assert!(!busy);
    let (unclosed, busy, findings) = told(7);
    let expected = "threads are using 7 of them; no thread is seen to use the rest";
    assert!(unclosed.is_some_and(|title| title.contains(expected)), "one was forgotten, or is in use unseen");
    assert!(!busy);
    assert_eq!(findings, 1);
    assert_eq!(told(8), (None, true, 1), "nothing was forgotten");
}

/// A thread in a transaction that calls another service has no statement in hand: the connection is in a thread-local.
#[test]
fn the_connection_of_a_transaction_was_not_forgotten() {
    let told = |frames: &[(&str, &str)]| {
        let report = judge(taken_in(HeapBuilder::hotspot17(), 0, 8, frames));
        report.findings.iter().map(|finding| finding.id.to_string()).find(|id| id.starts_with("hikari."))
    };
    assert_eq!(told(&[("com.acme.Booking", "callPartner")]).as_deref(), Some("hikari.overloaded-pool"));
    // It is the partner that does not answer, not the database.
    let reads = [("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "implRead")];
    let calls =
        [("org.apache.http.impl.client.CloseableHttpClient", "execute"), ("com.acme.Booking", "callPartner")];
    assert_eq!(told(&[reads, calls].concat()).as_deref(), Some("hikari.overloaded-pool"));
    // A worker of a fork-join pool has its loop at the bottom of the stack while it is at work, too.
    let park = [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.locks.LockSupport", "park")];
    let task = [
        ("java.util.concurrent.CountDownLatch", "await"),
        ("com.acme.Booking", "callPartner"),
        ("java.util.concurrent.ForkJoinTask", "doExec"),
        ("java.util.concurrent.ForkJoinPool", "runWorker"),
    ];
    assert_eq!(told(&[&park[..], &task].concat()).as_deref(), Some("hikari.overloaded-pool"));
    // Nor has a worker that waits at a queue, unless it is in a transaction there.
    let take =
        [&park[..], &[("java.util.concurrent.LinkedBlockingQueue", "take"), ("com.acme.Booking", "await")]]
            .concat();
    let within =
        [&take[..], &[("org.springframework.transaction.support.TransactionTemplate", "execute")]].concat();
    assert_eq!(told(&within).as_deref(), Some("hikari.overloaded-pool"));
    assert_eq!(told(&take).as_deref(), Some("hikari.exhausted-pool"));
    // An idle thread of a pool has no transaction.
    let idle = [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.ThreadPoolExecutor", "getTask")];
    assert_eq!(told(&idle).as_deref(), Some("hikari.exhausted-pool"));
}

/// Rules ask about each of many objects what threads have in hand: it is looked for once.
#[test]
fn what_is_concluded_from_a_snapshot_is_kept_with_it() {
    struct Threads(usize);
    struct Roots(usize);
    let (heap, _) = pool_of_eight(HeapBuilder::hotspot17());
    let snapshot = snapshot(heap);
    let asked = std::cell::Cell::new(0);
    let threads = || {
        snapshot.remember(|snapshot| {
            asked.set(asked.get() + 1);
            Threads(snapshot.threads().len())
        })
    };
    assert_eq!((threads().0, threads().0, asked.get()), (0, 0, 1));
    assert_eq!(snapshot.remember(|_| Roots(7)).0, 7, "another conclusion is another one");
    assert_eq!(threads().0, 0);
}

/// One for each shard, say. A list of all that there are is no variable that a method works with.
#[test]
fn what_a_method_has_in_a_list_is_in_hand() {
    let told = |more: usize| {
        let (mut heap, mut entries) = pool_of_eight(HeapBuilder::hotspot17());
        entries.resize(8 + more, Addr::NULL);
        let list = heap.array_list(&entries);
        let shards = heap.app_class("com.acme.Shards").build();
        heap.thread("exec-1").frame(shards, "query", "()V", "Shards.java", 5).local(list).build();
        of_pool(&judge(heap)).map(str::to_owned)
    };
    assert_eq!(told(0).as_deref(), Some("hikari.overloaded-pool"));
    assert_eq!(told(1000).as_deref(), Some("hikari.exhausted-pool"));
}

/// A unit of work has a thread; a service may keep what its callers never give back.
#[test]
fn what_an_object_of_one_thread_has_in_a_list_is_in_hand() {
    let told = |threads: usize| {
        let (mut heap, entries) = pool_of_eight(HeapBuilder::hotspot17());
        let list = heap.array_list(&entries);
        let work = heap.app_class("com.acme.Work").field("parts", Kind::Ref).build();
        let this = heap.instance(work, &[Value::Ref(list)]);
        for number in 0..threads {
            let thread = heap.thread(&format!("exec-{number}"));
            thread.frame(work, "run", "()V", "Work.java", 5).local(this).build();
        }
        of_pool(&judge(heap)).map(str::to_owned)
    };
    assert_eq!(told(1).as_deref(), Some("hikari.overloaded-pool"));
    assert_eq!(told(2).as_deref(), Some("hikari.exhausted-pool"));
}

/// JDK 21 to 24 do not write the stacks of virtual threads that wait.
#[test]
fn where_stacks_are_left_out_nobody_knows_who_uses_the_connections() {
    let judged = |called: &str| {
        let (mut heap, _) = pool_of_eight(HeapBuilder::hotspot17());
        let thread = heap.class_named("java.lang.Thread");
        let class = heap.class("java.lang.VirtualThread").extends(thread).field("state", Kind::Int).build();
        let fields = [("name", Value::Ref(heap.string(called))), ("state", Value::Int(4))];
        let parked: Vec<Addr> = (0..3).map(|_| heap.instance_with(class, &fields)).collect();
        let parked = heap.array_list(&parked);
        held_by_static(&mut heap, "com.acme.Requests", "ALL", parked);
        judge(heap)
    };
    let report = judged("");
    assert_eq!(of_pool(&report), Some("hikari.unseen-users"));
    let finding = report.findings.iter().find(|finding| finding.id == "hikari.unseen-users").unwrap();
    assert_eq!(
        Language::En.text(&finding.title),
        "12 threads wait for a connection of Hikari pool orders: all 8 are taken; who is using them the dump does not say: it \
         leaves out stacks of virtual threads (3 of them)"
    );
    assert_eq!(of_pool(&judged("SubPoller-1")), Some("hikari.exhausted-pool"), "these are the JDK's own");
}

/// The page has a card for each: in the order of the headline.
#[test]
fn a_pool_that_is_full_comes_before_what_may_be_data_on_the_page_too() {
    let mut heap = HeapBuilder::hotspot17();
    let tiles = payload(&mut heap, "com.acme.Tile", 1200, 2048);
    let tiles = heap.array_list(&tiles);
    held_by_static(&mut heap, "com.acme.Tiles", "ALL", tiles);
    let report = judge(taken_in(heap, 0, 0, &[]));
    assert_eq!(ids(&report.verdict.sentences), ["verdict-finding-of", "verdict-leak-if-it-grows"]);
    let error =
        report.findings.iter().find(|finding| finding.id == "hikari.exhausted-pool").expect("a finding");
    assert!(report.verdict.sentences[0].is_or_has(&error.title));
    assert!(!report.verdict.sentences[1].is_or_has(&error.title));
}

/// Who waits for a connection shows where connections are taken: the verdict says so, and the pool and its threads are one story.
#[test]
fn a_pool_that_is_full_is_told_with_where_threads_wait_for_it() {
    let (mut heap, _) = pool_of_eight(HeapBuilder::hotspot17());
    let pool = heap.class_named("com.zaxxer.hikari.pool.HikariPool");
    let unsafe_class = heap.class("jdk.internal.misc.Unsafe").build();
    let dao = heap.app_class("com.acme.Orders").build();
    for number in 0..12 {
        let thread =
            heap.thread(&format!("exec-{number}")).frame(unsafe_class, "park", "()V", "Unsafe.java", -3);
        let thread = thread.frame(pool, "getConnection", "()V", "HikariPool.java", 162);
        thread.frame(dao, "load", "()V", "Orders.java", 21).build();
    }
    let report = judge(heap);
    let told = english(&report.verdict.sentences);
    let waits = "All 12 threads exec-* wait for one in com.acme.Orders.load(Orders.java:21).";
    assert!(told.contains("12 threads wait for a connection of Hikari pool orders"), "{told}");
    assert!(told.contains(waits), "{told}");
    let stuck = report.findings.iter().find(|finding| finding.id == "threads.stuck").expect("a finding");
    assert!(report.is_said_by_other(stuck));
    let of_pool = report.findings.iter().find(|finding| finding.id == "hikari.exhausted-pool").unwrap();
    assert!(!report.is_said_by_other(of_pool) && english(&of_pool.evidence).contains(waits));
}

/// Whoever takes a connection and forgets it often forgets its statement as well, and that tells the code. What is asked for is somebody's data.
#[test]
fn the_statements_that_were_left_open_are_told_without_their_data() {
    let (mut heap, entries) = pool_of_eight(HeapBuilder::hotspot17());
    for (number, &entry) in entries.iter().enumerate() {
        let sql = heap.string(&format!("SELECT * FROM reports WHERE owner = 'Alice' AND id = {number}"));
        let command = library_object(
            &mut heap,
            "org.h2.command.CommandContainer",
            &[("sql", Kind::Ref, Value::Ref(sql))],
        );
        let command = [("command", Kind::Ref, Value::Ref(command))];
        let results = library_object(&mut heap, "org.h2.jdbc.JdbcResultSet", &command);
        let results = [("resultSet", Kind::Ref, Value::Ref(results))];
        let statement = library_object(&mut heap, "org.h2.jdbc.JdbcStatement", &results);
        let open = heap.array_list(&[statement]);
        heap.set_field(entry, "openStatements", Value::Ref(open));
    }
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "hikari.exhausted-pool").unwrap();
    let told = english(&finding.evidence);
    assert!(told.contains("left open=SELECT * FROM reports WHERE owner = ? AND id = ?"), "{told}");
    assert!(!told.contains("Alice"), "{told}");
}

/// Most connections in a list, one in the thread-local of a worker, and one that was given back and that nobody has thrown away.
#[test]
fn whoever_keeps_connections_is_told_with_how_many() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let pool = heap.class("com.zaxxer.hikari.pool.HikariPool").loader(loader).field("config", Kind::Ref);
    let pool = pool.field("connectionBag", Kind::Ref).build();
    let pool = heap.instance(pool, &[]);
    held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
    let entry = heap.class("com.zaxxer.hikari.pool.PoolEntry").loader(loader).field("state", Kind::Int);
    let entry = entry.field("connection", Kind::Ref).field("hikariPool", Kind::Ref).build();
    let proxy = heap.class("com.zaxxer.hikari.pool.ProxyConnection").loader(loader);
    let proxy = proxy.field("delegate", Kind::Ref).field("poolEntry", Kind::Ref).build();
    let proxy =
        heap.class("com.zaxxer.hikari.pool.HikariProxyConnection").loader(loader).extends(proxy).build();
    let (mut entries, mut proxies) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let connection = library_object(&mut heap, "org.h2.jdbc.JdbcConnection", &[]);
        let fields = [("state", Value::Int(1)), ("connection", Value::Ref(connection))];
        let entry = heap.instance_with(entry, &[&fields[..], &[("hikariPool", Value::Ref(pool))]].concat());
        let fields = [("delegate", Value::Ref(connection)), ("poolEntry", Value::Ref(entry))];
        entries.push(entry);
        proxies.push(heap.instance_with(proxy, &fields));
    }
    let closed = library_object(&mut heap, "com.sun.proxy.$Proxy7", &[]);
    let given_back = [("delegate", Value::Ref(closed)), ("poolEntry", Value::Ref(entries[0]))];
    let given_back = heap.instance_with(proxy, &given_back);
    held_by_static(&mut heap, "com.acme.Api", "LAST", given_back);
    let list = heap.array_list(&proxies[..4]);
    held_by_static(&mut heap, "com.acme.Import", "OPENED", list);
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    held_by_static(&mut heap, "com.acme.Batch", "CURRENT", key);
    let of_thread = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let fields = [("referent", Value::Ref(key)), ("value", Value::Ref(proxies[4]))];
    let of_thread = heap.instance_with(of_thread, &fields);
    let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[of_thread]);
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let map = heap.instance_with(map, &[("table", Value::Ref(table))]);
    let executor = heap.class("java.util.concurrent.ThreadPoolExecutor").build();
    let thread = heap.thread("batch-1").status(0x291).field("threadLocals", Value::Ref(map));
    thread.frame(executor, "getTask", "()V", "ThreadPoolExecutor.java", 1062).build();
    let list = heap.array_list(&entries);
    let fields = [("sharedList", Kind::Ref, Value::Ref(list)), ("waiters", Kind::Int, Value::Int(6))];
    let bag = library_object(&mut heap, "com.zaxxer.hikari.util.ConcurrentBag", &fields);
    let config = [("maxPoolSize", Kind::Int, Value::Int(5))];
    let config = library_object(&mut heap, "com.zaxxer.hikari.HikariConfig", &config);
    heap.set_field(pool, "connectionBag", Value::Ref(bag));
    heap.set_field(pool, "config", Value::Ref(config));
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "hikari.unclosed-connections").unwrap();
    assert_eq!(finding.holder.as_ref().unwrap().label(), "com.acme.Import.OPENED");
    let told = english(&finding.evidence[..2]);
    let expected = "4 of 5 looked at are held by com.acme.Import.OPENED. 1 of 5 looked at are held by com.acme.Batch.CURRENT in thread batch-1.";
    assert_eq!(told, expected);
}

/// Closed sessions that are still held are a leak; but in a heap of which half is free the process stands still for another reason.
#[test]
fn a_pool_that_is_exhausted_comes_before_a_leak_in_a_heap_with_room() {
    let first = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let machine = heap.class("jdk.internal.misc.VM");
        machine.static_field("directMemory", Value::Long(limit)).sticky().build();
        let session =
            heap.app_class("com.acme.Session").field("data", Kind::Ref).field("closed", Kind::Boolean);
        let session = session.build();
        let sessions: Vec<Addr> = (0..2000)
            .map(|_| {
                let data = crate::bytes(&mut heap, 2000);
                heap.instance(session, &[Value::Ref(data), Value::Boolean(true)])
            })
            .collect();
        let sessions = heap.array_list(&sessions);
        held_by_static(&mut heap, "com.acme.Sessions", "ALL", sessions);
        let report = judge(taken_in(heap, 0, 0, &[]));
        assert!(!report.suspects[0].is_leak_if_it_grows());
        Language::En.text(&report.verdict.sentences[0])
    };
    let with_room = first(64 << 20);
    assert!(with_room.starts_with("12 threads wait for a connection of Hikari pool orders"), "{with_room}");
    let nearly_full = first(5 << 20);
    assert!(nearly_full.starts_with("2,000 Session held by com.acme.Sessions.ALL"), "{nearly_full}");
}
