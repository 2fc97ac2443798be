//! Verdicts about what calls hold: all of it, and no more than that.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{HolderKind, OomRole, Pattern, Report, Standing, SuspectKind};

/// A call has seven results in hand, each of which something that outlives it leads to as well, but for one.
#[test]
fn what_a_call_has_in_hand_counts_although_others_lead_to_it_as_well() {
    let mut heap = HeapBuilder::hotspot17();
    let line = heap.app_class("com.acme.Line").field("a", Kind::Long).field("b", Kind::Long).build();
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let month = |heap: &mut HeapBuilder| {
        let lines: Vec<Addr> =
            (0..2000).map(|_| heap.instance(line, &[Value::Long(1), Value::Long(2)])).collect();
        let lines = heap.array_list(&lines);
        heap.instance(future, &[Value::Ref(lines), Value::NULL])
    };
    let months: Vec<Addr> = (0..7).map(|_| month(&mut heap)).collect();
    let all = heap.array_list(&months);
    let controller = heap.app_class("com.acme.Controller").build();
    heap.thread("http-1").frame(controller, "year", "()V", "Controller.java", 6).local(all).build();
    // As a task that is still at work leads to those that are done.
    let relay = heap.object_array("java.util.concurrent.CompletableFuture[]", &months[1..]);
    let relays =
        heap.class("java.util.concurrent.CompletableFuture$BiRelay").field("next", Kind::Ref).build();
    let relay = (0..8).fold(relay, |next, _| heap.instance(relays, &[Value::Ref(next)]));
    let worker = heap.class("java.util.concurrent.CompletableFuture$AsyncSupply").build();
    heap.thread("worker").frame(worker, "run", "()V", "CompletableFuture.java", 1768).local(relay).build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.holder.kind), (SuspectKind::Load, HolderKind::StackLocal));
    assert_eq!(first.holder.label(), "com.acme.Controller.year(Controller.java:6) in thread \"http-1\"");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Line", 14_000));
    let made_of = first.composition.iter().find(|share| share.class == "com.acme.Line").unwrap();
    assert_eq!(made_of.instances, first.instances);
    assert!(first.retained_bytes >= made_of.bytes, "{} {}", first.retained_bytes, made_of.bytes);
}

/// Three threads do parts of the work of a call that waits for all of them, each with a part of the result in hand; one of them runs out of memory.
fn in_parallel() -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17();
    let line = heap.app_class("com.acme.Line").field("a", Kind::Long).field("b", Kind::Long).build();
    let lines = |heap: &mut HeapBuilder| {
        let lines: Vec<Addr> =
            (0..2000).map(|_| heap.instance(line, &[Value::Long(1), Value::Long(2)])).collect();
        heap.array_list(&lines)
    };
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let all = heap.instance(future, &[Value::NULL, Value::NULL]);
    let done = lines(&mut heap);
    let done = heap.instance(future, &[Value::Ref(done), Value::NULL]);
    let (controller, ledger) =
        (heap.app_class("com.acme.Controller").build(), heap.app_class("com.acme.Ledger").build());
    let parked = heap.class("jdk.internal.misc.Unsafe").build();
    let supply = heap.class("java.util.concurrent.CompletableFuture$AsyncSupply").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let months = heap.array_list(&[done]);
    let waits = heap.class("java.util.concurrent.CompletableFuture$Waits").build();
    heap.thread("http-1")
        .frame(parked, "park", "(ZJ)V", "Unsafe.java", 1)
        .frame(waits, "waitingGet", "()V", "CompletableFuture.java", 1864)
        .local(all)
        .frame(controller, "year", "()V", "Controller.java", 6)
        .local(months)
        .build();
    for number in 0..3 {
        let month = lines(&mut heap);
        let task = heap.instance(future, &[Value::NULL, Value::Ref(all)]);
        let mut thread = heap.thread(&format!("Thread-{number}"));
        if number == 1 {
            thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
        }
        thread
            .frame(ledger, "month", "()V", "Ledger.java", 5)
            .local(month)
            .frame(supply, "run", "()V", "CompletableFuture.java", 1768)
            .local(task)
            .build();
    }
    heap
}

#[test]
fn what_threads_hold_that_work_for_a_call_is_that_calls() {
    let report = judge(in_parallel());
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Controller.year(Controller.java:6) in thread \"http-1\"");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Line", 8000));
    let told: Vec<String> = first.activity.iter().map(|text| Language::En.text(text)).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("3 threads Thread-* do parts of its work and hold "), "{told:?}");
    let oom = report.oom.as_ref().unwrap();
    assert_eq!(oom.role, OomRole::Culprit);
    assert_eq!(oom.culprit.as_ref(), Some(&first.holder));
    let verdict = Language::En.text(&report.verdict.sentences[0]);
    assert!(verdict.ends_with("It does a part of the work of com.acme.Controller.year(Controller.java:6) in thread http-1, which is the culprit."), "{verdict}");
}

/// A call with data in hand whose frames lead to a future, and another thread that waits for that: in the client of a server if `client` says so. In
/// `both` cases the first thread waits for it, too.
fn waited_for(client: Option<&str>, both: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let line = heap.app_class("com.acme.Line").field("a", Kind::Long).field("b", Kind::Long).build();
    let lines: Vec<Addr> =
        (0..4000).map(|_| heap.instance(line, &[Value::Long(1), Value::Long(2)])).collect();
    let lines = heap.array_list(&lines);
    let future = heap.class("java.util.concurrent.CompletableFuture").field("result", Kind::Ref);
    let future = future.field("stack", Kind::Ref).build();
    let answer = heap.instance(future, &[Value::NULL, Value::NULL]);
    let gate = heap.app_class("com.acme.Gate").field("pending", Kind::Ref).build();
    let service = heap.instance(gate, &[Value::Ref(answer)]);
    let parked = heap.class("jdk.internal.misc.Unsafe").build();
    let waits = heap.class("java.util.concurrent.CompletableFuture$Waits").build();
    let exchange = heap.class("sun.net.httpserver.ServerImpl$Exchange").build();
    let refresh = heap.app_class("com.acme.Refresh").build();
    let client = client.map(|client| heap.class(client).build());
    let mut waiting = heap
        .thread("toll-refresh")
        .frame(parked, "park", "(ZJ)V", "Unsafe.java", 1)
        .frame(waits, "waitingGet", "()V", "CompletableFuture.java", 1864)
        .local(answer);
    if let Some(client) = client {
        waiting = waiting.frame(client, "send", "()V", "HttpClientImpl.java", 951);
    }
    waiting.frame(refresh, "poll", "()V", "Refresh.java", 6).build();
    let mut thread = heap.thread("http-1");
    if both {
        thread = thread.frame(parked, "park", "(ZJ)V", "Unsafe.java", 1);
        thread = thread.frame(waits, "waitingGet", "()V", "CompletableFuture.java", 1864).local(answer);
    }
    thread
        .frame(gate, "plan", "()V", "Gate.java", 5)
        .local(lines)
        .frame(exchange, "run", "()V", "ServerImpl.java", 850)
        .local(service)
        .build();
    let first = judge(heap).suspects.remove(0);
    first.activity.iter().map(|text| Language::En.text(text)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_call_does_not_work_for_whoever_waits_for_another_server_or_for_the_same() {
    let served = waited_for(None, false);
    assert!(served.contains("toll-refresh"), "{served}");
    let with_client = waited_for(Some("jdk.internal.net.http.HttpClientImpl"), false);
    assert!(!with_client.contains("toll-refresh"), "{with_client}");
    let both = waited_for(None, true);
    assert!(!both.contains("toll-refresh"), "{both}");
}

/// A method that calls itself, each time with a buffer and a list in hand; the object whose method it is has nothing.
#[test]
fn a_recursion_is_told_as_such() {
    let mut heap = HeapBuilder::hotspot17();
    let visitor = heap.app_class("com.acme.Visitor").field("seen", Kind::Int).build();
    let this = heap.instance(visitor, &[Value::Int(0)]);
    let pages: Vec<Addr> = (0..100).map(|_| bytes(&mut heap, 30_000)).collect();
    let mut thread = heap.thread("indexer-1");
    for page in pages {
        thread = thread.frame(visitor, "visit", "()V", "Visitor.java", 5).local(this).local(page);
    }
    thread.build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.kind, SuspectKind::Load);
    assert_eq!(
        Language::En.text(&first.title),
        "100 nested calls of com.acme.Visitor.visit(Visitor.java:5) in thread indexer-1"
    );
    assert_eq!(ids(&first.advice), ["suspect-advice-recursion"]);
    assert!(first.retained_bytes >= 3_000_000, "{}", first.retained_bytes);
}

/// A thread that does nothing but wait for work, with a list in hand; with `tasks` it has got a piece of work and is at it.
fn in_a_loop(tasks: bool) -> SuspectKind {
    let mut heap = HeapBuilder::hotspot17();
    let events = payload(&mut heap, "com.acme.Event", 2000, 400);
    let events = heap.array_list(&events);
    let classes = ["java.util.concurrent.locks.LockSupport", "java.util.concurrent.ArrayBlockingQueue"];
    let [park, queue] = classes.map(|class| heap.class(class).build());
    let shipper = heap.app_class("com.acme.Shipper").build();
    let thread_class = heap.class_named("java.lang.Thread");
    let mut thread = heap.thread("shipper");
    if tasks {
        thread = thread.frame(shipper, "ship", "()V", "Shipper.java", 9);
    } else {
        thread = thread.frame(park, "park", "()V", "LockSupport.java", 1);
        thread = thread.frame(queue, "take", "()V", "ArrayBlockingQueue.java", 1);
    }
    thread
        .frame(shipper, "run", "()V", "Shipper.java", 6)
        .local(events)
        .frame(thread_class, "run", "()V", "Thread.java", 840)
        .build();
    let report = judge(heap);
    assert_eq!(
        report.suspects[0].holder.label(),
        "com.acme.Shipper.run(Shipper.java:6) in thread \"shipper\""
    );
    report.suspects[0].kind
}

#[test]
fn what_a_loop_keeps_while_it_waits_for_work_stays() {
    assert_eq!(in_a_loop(false), SuspectKind::Leak);
    assert_eq!(in_a_loop(true), SuspectKind::Load);
}

/// 200 virtual threads that sleep, each with what it is to send on its stack, and a small timer task that each has besides.
#[test]
fn a_crowd_is_made_of_what_its_threads_keep() {
    let mut heap = HeapBuilder::hotspot17();
    let message = heap.app_class("com.acme.Message").field("body", Kind::Ref).build();
    let sender = heap.app_class("com.acme.Sender").build();
    let sleep = heap.class_named("java.lang.Thread");
    let tasks = payload(&mut heap, "com.acme.Task", 200, 400);
    for (number, &task) in tasks.iter().enumerate() {
        let body = bytes(&mut heap, 6000);
        let message = heap.instance(message, &[Value::Ref(body)]);
        heap.thread(&format!("push-{number}"))
            .field("target", Value::Ref(task))
            .frame(sleep, "sleep", "(J)V", "Thread.java", 1)
            .frame(sender, "backOff", "()V", "Sender.java", 9)
            .local(message)
            .build();
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 200));
    let told: u64 = first.composition.iter().map(|share| share.bytes).sum();
    assert!(
        told * 10 >= first.retained_bytes * 9,
        "{told} of {}: {:?}",
        first.retained_bytes,
        first.composition
    );
}

/// All that a thread runs is a library's and the JDK's: the library's frame says more than a copy of an array.
#[test]
fn a_frame_of_a_library_says_more_than_one_of_the_jdk() {
    let mut heap = HeapBuilder::hotspot17();
    let members = payload(&mut heap, "com.acme.Member", 2000, 3000);
    let members = heap.array_list(&members);
    let loader = heap.app_class_loader();
    let copies = heap.class("java.util.Arrays").build();
    let subscriber = heap.class("io.reactivex.rxjava3.internal.Subscriber").loader(loader).build();
    heap.thread("RxComputation-1")
        .frame(copies, "copyOf", "()V", "Arrays.java", 3512)
        .local(members)
        .frame(subscriber, "onNext", "()V", "Subscriber.java", 89)
        .build();
    let report = judge(heap);
    let label = report.suspects[0].holder.label();
    assert_eq!(
        label,
        "io.reactivex.rxjava3.internal.Subscriber.onNext(Subscriber.java:89) in thread \"RxComputation-1\""
    );
}

/// A call reads objects with their texts, and a table of what was read has all of them as well: it is about the objects.
#[test]
fn texts_that_a_call_has_in_hand_are_told_by_the_objects_that_have_them() {
    let mut heap = HeapBuilder::hotspot17();
    let cart = heap.app_class("com.acme.Cart").field("owner", Kind::Ref).field("note", Kind::Ref).build();
    let mut read: Vec<Addr> = Vec::new();
    let mut carts: Vec<Addr> = Vec::new();
    for number in 0..3000 {
        let texts = [0, 1]
            .map(|at| heap.string(&format!("{at} of {number}, a text that takes some room in the heap")));
        let made = heap.instance(cart, &texts.map(Value::Ref));
        read.extend(texts);
        read.push(made);
        carts.push(made);
    }
    let (read, carts) = (heap.object_array("java.lang.Object[]", &read), heap.array_list(&carts));
    let restore = heap.app_class("com.acme.Restore").build();
    heap.thread("restore")
        .frame(restore, "restore", "()V", "Restore.java", 5)
        .local(carts)
        .local(read)
        .build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Cart", 3000));
    assert!(first.retained_bytes >= 3000 * 200, "{}", first.retained_bytes);
}

/// Threads of a pool that fill the map of an object which only their stacks lead to, each with the map and its table in hand. `waits` says
/// whether the call that made it waits for them with that object in hand, and `name` what the threads are called.
fn filling_a_cache(threads: usize, name: impl Fn(usize) -> String, waits: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let entries: Vec<(Addr, Addr)> = (0..1000)
        .map(|number| (heap.string(&format!("https://img/{number}")), bytes(&mut heap, 2000)))
        .collect();
    let node = heap.class("java.util.concurrent.ConcurrentHashMap$Node").field("key", Kind::Ref);
    let node = node.field("val", Kind::Ref).build();
    let nodes: Vec<Addr> = entries
        .iter()
        .map(|&(key, value)| heap.instance(node, &[Value::Ref(key), Value::Ref(value)]))
        .collect();
    let table = heap.object_array("java.util.concurrent.ConcurrentHashMap$Node[]", &nodes);
    let map = heap.class("java.util.concurrent.ConcurrentHashMap").field("table", Kind::Ref).build();
    let cache = heap.instance(map, &[Value::Ref(table)]);
    let service = heap.app_class("com.acme.ThumbnailService").field("cache", Kind::Ref).build();
    let thumbnails = heap.instance(service, &[Value::Ref(cache)]);
    let task = heap.class("java.util.concurrent.FutureTask").field("waiters", Kind::Ref).build();
    let tasks: Vec<Addr> = (0..threads).map(|_| heap.instance(task, &[Value::NULL])).collect();
    let worker = heap.class("java.util.concurrent.ThreadPoolExecutor").build();
    for (number, &task_of) in tasks.iter().enumerate() {
        heap.thread(&name(number))
            .frame(map, "computeIfAbsent", "()V", "ConcurrentHashMap.java", 1708)
            .local(cache)
            .local(table)
            .frame(service, "thumbnail", "()V", "ThumbnailService.java", 9)
            .local(thumbnails)
            .frame(task, "run", "()V", "FutureTask.java", 264)
            .local(task_of)
            .frame(worker, "runWorker", "()V", "ThreadPoolExecutor.java", 1136)
            .build();
    }
    if waits {
        let park = heap.class("jdk.internal.misc.Unsafe").build();
        let gallery = heap.app_class("com.acme.Gallery").build();
        heap.thread("http-1")
            .frame(park, "park", "(ZJ)V", "Unsafe.java", 1)
            .frame(task, "get", "()V", "FutureTask.java", 190)
            .local(tasks[0])
            .frame(gallery, "show", "()V", "Gallery.java", 5)
            .build();
    }
    judge(heap)
}

/// What `computeIfAbsent` is just filling is in the hands of a call, and yet it stays with the service that all calls share.
#[test]
fn a_map_of_an_object_that_several_calls_share_is_no_load() {
    let pool = |number: usize| format!("pool-1-thread-{}", number + 1);
    let shared = filling_a_cache(3, pool, false);
    let first = &shared.suspects[0];
    assert_eq!((first.kind, first.holder.kind), (SuspectKind::Leak, HolderKind::InstanceField));
    assert_eq!(first.holder.label(), "com.acme.ThumbnailService.cache");
    assert!(Language::En.text(&first.title).contains("com.acme.ThumbnailService.cache"));
    let fields: Vec<&str> = first.path.iter().filter_map(|step| step.field.as_deref()).collect();
    assert!(fields.contains(&"cache"), "{fields:?}");
    // One call may have made it for itself, a call that waits for its helpers has, and so has one that shares it with threads of another kind.
    for report in [
        filling_a_cache(1, pool, false),
        filling_a_cache(3, pool, true),
        filling_a_cache(2, |number| ["http-1", "helper-1"][number].to_owned(), false),
    ] {
        assert_eq!(report.suspects[0].kind, SuspectKind::Load, "{:?}", report.suspects[0].holder);
    }
}

/// A filter wraps the response and hands it on by way of the container to a servlet that only writes: in each of several threads the wrapper has
/// collected all of it.
#[test]
fn what_a_filter_hands_to_the_next_through_the_container_is_the_filters() {
    let mut heap = HeapBuilder::hotspot17();
    let chunks = heap.class("java.util.ArrayDeque").field("elements", Kind::Ref).build();
    let stream = "org.springframework.util.FastByteArrayOutputStream";
    let stream = heap.class(stream).field("buffers", Kind::Ref).build();
    let wrapper = "org.springframework.web.util.ContentCachingResponseWrapper";
    let wrapper = heap.class(wrapper).field("content", Kind::Ref).build();
    let servlet = heap.app_class("com.acme.DownloadServlet").build();
    let filter = heap.app_class("com.acme.AuditFilter").build();
    let service = heap.class("jakarta.servlet.http.HttpServlet").build();
    let chain = heap.class("org.apache.catalina.core.ApplicationFilterChain").build();
    for number in 1..=6 {
        let pieces: Vec<Addr> = [16, 32, 64].map(|kib| bytes(&mut heap, kib << 10)).to_vec();
        let pieces = heap.object_array("java.lang.Object[]", &pieces);
        let pieces = heap.instance(chunks, &[Value::Ref(pieces)]);
        let content = heap.instance(stream, &[Value::Ref(pieces)]);
        let response = heap.instance(wrapper, &[Value::Ref(content)]);
        heap.thread(&format!("http-nio-8080-exec-{number}"))
            .frame(servlet, "doGet", "()V", "DownloadServlet.java", 12)
            .local(response)
            .frame(service, "service", "()V", "HttpServlet.java", 564)
            .local(response)
            .frame(chain, "doFilter", "()V", "ApplicationFilterChain.java", 149)
            .local(response)
            .frame(filter, "doFilter", "()V", "AuditFilter.java", 8)
            .local(response)
            .frame(chain, "doFilter", "()V", "ApplicationFilterChain.java", 149)
            .build();
    }
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.kind, SuspectKind::Load);
    let frame = first.holder.frame.as_ref().unwrap();
    assert_eq!((frame.class.as_str(), frame.method.as_str()), ("com.acme.AuditFilter", "doFilter"));
    let expected = "org.springframework.web.util.ContentCachingResponseWrapper";
    assert_eq!((first.class.as_str(), first.instances), (expected, 6), "{:?}", first.title);
}

/// A method that fills what its caller has made: the line that is at work says most.
#[test]
fn what_a_caller_of_its_own_hands_on_is_told_where_it_is_filled() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 400, 2048);
    let rows = heap.array_list(&rows);
    let reader = heap.app_class("com.acme.Reader").build();
    let export = heap.app_class("com.acme.Export").build();
    heap.thread("export-1")
        .frame(reader, "fill", "()V", "Reader.java", 40)
        .local(rows)
        .frame(export, "run", "()V", "Export.java", 9)
        .local(rows)
        .build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.holder.frame.as_ref().unwrap().method, "fill");
    // When that one ends its caller still has it.
    assert_eq!(first.until.as_ref().unwrap().to_string(), "com.acme.Export.run(Export.java:9)");
    assert_eq!(ids(&report.verdict.sentences), ["verdict-load-until"]);
    assert_eq!(ids(&first.advice), ["suspect-advice-load-until"]);
}

#[test]
fn what_only_one_call_has_goes_with_that_call() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 400, 2048);
    let rows = heap.array_list(&rows);
    let reader = heap.app_class("com.acme.Reader").build();
    let export = heap.app_class("com.acme.Export").build();
    let other = heap.array_list(&[]);
    heap.thread("export-1")
        .frame(reader, "fill", "()V", "Reader.java", 40)
        .local(rows)
        .frame(export, "run", "()V", "Export.java", 9)
        .local(other)
        .build();
    let report = judge(heap);
    assert_eq!(report.suspects[0].until, None);
    assert_eq!(ids(&report.verdict.sentences), ["verdict-load"]);
}

/// A request that a connector refers to, with a session of a database among its attributes that its call has in hand as well, or that nobody serves.
fn attribute(is_served: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let entities = payload(&mut heap, "com.acme.Customer", 400, 4096);
    let entities = heap.array_list(&entities);
    let fields = [("entitiesByKey", Kind::Ref, Value::Ref(entities))];
    let session = library_object(&mut heap, "org.hibernate.internal.SessionImpl", &fields);
    let fields = [("attributes", Kind::Ref, Value::Ref(session))];
    let request = library_object(&mut heap, "org.apache.coyote.Request", &fields);
    let fields = [("requests", Kind::Ref, Value::Ref(request))];
    let connector = library_object(&mut heap, "org.apache.tomcat.util.net.NioEndpoint", &fields);
    let loader = heap.app_class_loader();
    let registry = heap.class("org.apache.tomcat.util.modeler.Registry").loader(loader);
    registry.static_field("registry", Value::Ref(connector)).sticky().build();
    let processor = heap.class("org.apache.coyote.http11.Http11Processor").loader(loader).build();
    let import = heap.app_class("com.acme.Import").build();
    let proxy = heap.app_class("com.acme.$Proxy139").build();
    // What Spring binds to the thread meanwhile leads there, too.
    let fields = [("session", Kind::Ref, Value::Ref(session))];
    let info = "org.springframework.transaction.interceptor.TransactionAspectSupport$TransactionInfo";
    let info = library_object(&mut heap, info, &fields);
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let entry = heap.instance_with(entry, &[("value", Value::Ref(info))]);
    let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry]);
    let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let map = heap.instance_with(map, &[("table", Value::Ref(table))]);
    let map = if is_served { map } else { Addr::NULL };
    let thread = heap.thread("http-nio-8080-exec-6").field("threadLocals", Value::Ref(map));
    if is_served {
        // The JDK makes a proxy in the package of its interface, and nobody wrote its methods.
        let thread = thread.frame(proxy, "save", "()V", "", 0).local(session);
        let thread = thread.frame(import, "importFile", "()V", "Import.java", 39);
        thread.frame(processor, "service", "()V", "Http11Processor.java", 389).local(request).build();
    } else {
        thread.frame(processor, "idle", "()V", "Http11Processor.java", 1).build();
    }
    judge(heap)
}

#[test]
fn what_hangs_on_a_request_that_is_served_goes_with_its_call() {
    let served = attribute(true).suspects.remove(0);
    let label = served.holder.frame.as_ref().map(ToString::to_string);
    assert_eq!(
        (served.kind, label.as_deref()),
        (SuspectKind::Load, Some("com.acme.Import.importFile(Import.java:39)"))
    );
    assert_eq!(attribute(false).suspects.remove(0).kind, SuspectKind::Leak);
}

/// Three requests that are served at once, each with a session of its own, of which one has thrown. The server knows them all.
#[test]
fn requests_that_a_server_knows_too_are_told_by_all_their_threads() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let processor = heap.class("org.apache.coyote.http11.Http11Processor").loader(loader).build();
    let service = heap.app_class("com.acme.StockService").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let mut requests = Vec::new();
    for number in 5..8 {
        let articles = payload(&mut heap, "com.acme.Article", 200, 4096);
        let articles = heap.array_list(&articles);
        let session = [("entitiesByKey", Kind::Ref, Value::Ref(articles))];
        let session = library_object(&mut heap, "org.hibernate.internal.SessionImpl", &session);
        let request = [("attributes", Kind::Ref, Value::Ref(session))];
        let request = library_object(&mut heap, "org.apache.coyote.Request", &request);
        requests.push(request);
        let mut thread = heap.thread(&format!("http-nio-8080-exec-{number}"));
        if number == 6 {
            thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
        }
        let thread = thread.frame(service, "csv", "()V", "StockService.java", 31).local(session);
        thread.frame(processor, "service", "()V", "Http11Processor.java", 389).local(request).build();
    }
    let requests = heap.array_list(&requests);
    held_by_static(&mut heap, "org.apache.tomcat.util.net.NioEndpoint", "REQUESTS", requests);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.holder.threads), (SuspectKind::Load, Some(3)), "{first:?}");
    assert_eq!(report.oom.as_ref().unwrap().role, OomRole::Culprit);
}

/// So many virtual threads that sleep, each with a message of 6 KiB, in a heap that may take so many MiB.
fn virtual_threads(limit: i64) -> Standing {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit << 20));
    vm.sticky().build();
    let message = heap.app_class("com.acme.Message").field("body", Kind::Ref).build();
    let sender = heap.app_class("com.acme.Sender").build();
    let threads = heap.class_named("java.lang.Thread");
    let threads = heap.class("java.lang.VirtualThread").extends(threads).build();
    for number in 0..200 {
        let body = bytes(&mut heap, 6000);
        let message = heap.instance(message, &[Value::Ref(body)]);
        heap.thread(&format!("push-{number}"))
            .class(threads)
            .frame(threads, "sleepNanos", "(J)V", "VirtualThread.java", 1)
            .frame(sender, "backOff", "()V", "Sender.java", 9)
            .local(message)
            .build();
    }
    let report = judge(heap);
    assert_eq!(report.suspects[0].pattern, Pattern::Threads, "{:?}", report.suspects);
    report.suspects[0].standing
}

#[test]
fn virtual_threads_are_nothing_to_worry_about_in_a_heap_with_much_room() {
    assert_eq!(virtual_threads(64), Standing::Largest);
    assert_eq!(virtual_threads(3), Standing::Blamed);
}

/// A driver keeps the rows of the last query while a call has the objects in hand that were made of them.
#[test]
fn what_a_library_keeps_as_many_of_as_a_call_has_is_told_with_that() {
    let told = |rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let row = heap.class("org.h2.value.ValueRow").loader(loader).field("data", Kind::Ref).build();
        let rows: Vec<Addr> = (0..rows)
            .map(|_| {
                let data = bytes(&mut heap, 3 << 10);
                heap.instance(row, &[Value::Ref(data)])
            })
            .collect();
        let rows = heap.array_list(&rows);
        let result = [("rows", Kind::Ref, Value::Ref(rows))];
        let result = library_object(&mut heap, "org.h2.result.LocalResult", &result);
        let driver = heap.class("org.h2.Driver").loader(loader).static_field("LAST", Value::Ref(result));
        driver.sticky().build();
        let orders = payload(&mut heap, "com.acme.Order", 2000, 6 << 10);
        let orders = heap.array_list(&orders);
        let servlet = heap.app_class("com.acme.OrderServlet").build();
        let thread = heap.thread("http-3").frame(servlet, "write", "()V", "OrderServlet.java", 23);
        thread.local(orders).build();
        let report = judge(heap);
        let kept = report.suspects.iter().find(|suspect| suspect.class == "org.h2.value.ValueRow").unwrap();
        (kept.standing, ids(&kept.activity).contains(&"suspect-as-many-as-call"))
    };
    assert_eq!(told(2000), (Standing::Largest, true));
    assert_eq!(told(2600), (Standing::Blamed, false));
}

/// A call goes through a map with the entry in hand, and each entry leads to the next one: it is about what the entries hold.
#[test]
fn entries_that_a_call_goes_through_are_told_by_what_is_in_them() {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.class("java.util.HashMap$Node").field("value", Kind::Ref).build();
    let entry = heap.class("java.util.LinkedHashMap$Entry").extends(node).field("after", Kind::Ref).build();
    let entries: Vec<Addr> = (0..400)
        .map(|_| {
            let file = bytes(&mut heap, 20_000);
            heap.instance_with(entry, &[("value", Value::Ref(file))])
        })
        .collect();
    for (at, &one) in entries.iter().enumerate() {
        heap.set_field(one, "after", Value::Ref(entries[(at + 1) % 400]));
    }
    let table = heap.object_array("java.util.HashMap$Node[]", &entries);
    let upload = heap.app_class("com.acme.Intake").build();
    let thread = heap.thread("exec-1").frame(upload, "upload", "()V", "Intake.java", 10);
    thread.local(table).local(entries[3]).local(entries[200]).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("byte[]", 400), "{:?}", first.title);
}
