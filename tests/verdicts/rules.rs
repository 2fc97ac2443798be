//! Rules on heaps made for the purpose: what libraries keep because nobody closes, bounds, takes or removes it.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, SuspectKind};

/// Libraries' stores that grow with what they are asked for: the rule, its class, the collection in it, and what else it looks at.
#[test]
fn stores_of_libraries_that_nobody_empties_are_told() {
    for (rule, class, field, more) in [
        ("spring.unbounded-cache", "org.springframework.cache.concurrent.ConcurrentMapCache", "store", None),
        ("shiro.sessions", "org.apache.shiro.session.mgt.eis.MemorySessionDAO", "sessions", None),
        (
            "axon.in-memory-events",
            "org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine",
            "events",
            None,
        ),
        (
            "spring.state-machines",
            "org.springframework.statemachine.service.DefaultStateMachineService",
            "machines",
            None,
        ),
        (
            "aviator.expression-cache",
            "com.googlecode.aviator.AviatorEvaluatorInstance",
            "expressionCache",
            Some("expressionLRUCache"),
        ),
        (
            "resilience4j.registry",
            "io.github.resilience4j.core.registry.InMemoryRegistryStore",
            "entryMap",
            None,
        ),
        (
            "jdbc.open-statements",
            "org.apache.derby.impl.sql.conn.GenericLanguageConnectionContext",
            "acts",
            None,
        ),
        ("jdbc.open-statements", "org.sqlite.core.DB", "stmts", None),
        (
            "spring.session-registry",
            "org.springframework.security.core.session.SessionRegistryImpl",
            "sessionIds",
            None,
        ),
    ] {
        let found = |count: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let entries = payload(&mut heap, "com.acme.Entry", count, 512);
            let entries: Vec<(Addr, Addr)> = entries.into_iter().map(|entry| (entry, entry)).collect();
            let entries = heap.concurrent_hash_map(&entries);
            let mut fields = vec![(field, Kind::Ref, Value::Ref(entries))];
            fields.extend(more.map(|name| (name, Kind::Ref, Value::NULL)));
            let store = library_object(&mut heap, class, &fields);
            held_by_static(&mut heap, "com.acme.App", "STORE", store);
            judge(heap).findings.iter().any(|finding| finding.id == rule)
        };
        assert!(found(6000) && !found(200), "{rule}");
    }
}

#[test]
fn what_slow_readers_leave_to_libraries_is_told() {
    let found = |class: &str, rule: &str, waiting: i64, length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let queue = bytes(&mut heap, length);
        let rest = bytes(&mut heap, 4 << 20);
        held_by_static(&mut heap, "com.acme.App", "REST", rest);
        let fields = [
            ("queue", Kind::Ref, Value::Ref(queue)),
            ("scheduledWriteBytes", Kind::Long, Value::Long(waiting)),
        ];
        let session = library_object(&mut heap, class, &fields);
        held_by_static(&mut heap, "com.acme.App2", "SESSION", session);
        judge(heap).findings.iter().any(|finding| finding.id == rule)
    };
    let mina = "org.apache.mina.core.session.AbstractIoSession";
    assert!(found(mina, "mina.write-queue", 2 << 20, 2 << 20));
    assert!(!found(mina, "mina.write-queue", 1000, 2 << 20));
    let sink = "reactor.core.publisher.SinkManyUnicast";
    assert!(found(sink, "reactor.unbounded-buffer", 0, 2 << 20));
    assert!(!found(sink, "reactor.unbounded-buffer", 0, 1000));
    let drools = "org.drools.kiesession.session.StatefulKnowledgeSessionImpl";
    assert!(found(drools, "drools.session", 0, 20 << 20));
    assert!(!found(drools, "drools.session", 0, 1 << 20));
}

#[test]
fn what_listens_and_is_never_removed_is_told() {
    let found = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let views = payload(&mut heap, "com.acme.View", count, 2048);
        let views = heap.object_array("java.beans.PropertyChangeListener[]", &views);
        let entries = heap.hash_map(&[(Addr::NULL, views)]);
        let map = heap.class("java.beans.PropertyChangeSupport$PropertyChangeListenerMap");
        let map = map.field("map", Kind::Ref).build();
        let map = heap.instance(map, &[Value::Ref(entries)]);
        let support = heap.class("java.beans.PropertyChangeSupport").field("map", Kind::Ref).build();
        let support = heap.instance(support, &[Value::Ref(map)]);
        let model = heap.app_class("com.acme.Model").field("changes", Kind::Ref).build();
        let model = heap.instance(model, &[Value::Ref(support)]);
        held_by_static(&mut heap, "com.acme.App", "MODEL", model);
        judge(heap).suspects.remove(0)
    };
    let many = found(1200);
    assert_eq!(many.rule.as_deref(), Some("java.listeners"));
    // Beside what the rule advises nothing is said that fits any collection.
    assert!(!ids(&many.advice).iter().any(|id| id.starts_with("suspect-advice-")), "{:?}", many.advice);
    let few = found(100);
    assert_eq!((few.rule.as_deref(), ids(&few.advice)), (None, vec!["suspect-advice-ordinary"]));
}

/// Rules about one object: the class, its fields, and whether the rule finds it wrong.
#[test]
fn what_libraries_keep_for_lack_of_a_limit_is_told() {
    let found = |rule: &str, class: &str, field: &str, value: i32, rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let rows = payload(&mut heap, "com.acme.Cell", rows, 2048);
        let rows = heap.array_list(&rows);
        let fields = [("rows", Kind::Ref, Value::Ref(rows)), (field, Kind::Int, Value::Int(value))];
        let object = library_object(&mut heap, class, &fields);
        held_by_static(&mut heap, "com.acme.App", "OBJECT", object);
        judge(heap).suspects[0].rule.as_deref() == Some(rule)
    };
    let channel = "kotlinx.coroutines.channels.BufferedChannel";
    assert!(found("kotlin.unlimited-channel", channel, "capacity", i32::MAX, 2000));
    assert!(!found("kotlin.unlimited-channel", channel, "capacity", 4096, 2000));
    let queue = "io.netty.channel.AbstractCoalescingBufferQueue";
    assert!(found("netty.unread-writes", queue, "readableBytes", 5 << 20, 2000));
    assert!(!found("netty.unread-writes", queue, "readableBytes", 5 << 10, 2000));
    let table = "com.itextpdf.text.pdf.PdfPTable";
    assert!(found("itext.table", table, "headerRows", 1, 2000));
    assert!(!found("itext.table", table, "headerRows", 1, 200));
}

/// Tasks of a scheduler: so many that were cancelled, and so many that wait for their time, each with 2 KiB.
fn scheduled(cancelled: usize, waiting: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let future = heap.class("java.util.concurrent.FutureTask").field("state", Kind::Int);
    let future = future.field("callable", Kind::Ref).build();
    let class = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    let class = class.extends(future).field("period", Kind::Long).build();
    let reminders = payload(&mut heap, "com.acme.Reminder", waiting, 2048);
    let live = reminders.into_iter().map(|reminder| (0, Value::Ref(reminder)));
    let tasks: Vec<Addr> = live
        .chain((0..cancelled).map(|_| (4, Value::NULL)))
        .map(|(state, callable)| {
            heap.instance_with(class, &[("state", Value::Int(state)), ("callable", callable)])
        })
        .collect();
    let queue = heap.array_list(&tasks);
    held_by_static(&mut heap, "com.acme.Reminders", "TASKS", queue);
    judge(heap)
}

#[test]
fn a_few_cancelled_tasks_do_not_explain_the_many_that_wait() {
    assert_eq!(scheduled(2000, 8000).suspects[0].rule.as_deref(), Some("java.delayed-tasks"));
    assert_eq!(scheduled(8000, 0).suspects[0].rule.as_deref(), Some("java.cancelled-timers"));
}

/// A cancelled task leaves the queue when its time has come.
#[test]
fn cancelled_tasks_do_not_stay_as_long_as_the_process_lives() {
    let report = scheduled(8000, 0);
    assert_eq!(report.suspects[0].kind_message(), "kind-backlog");
    let said = crate::english(&report.verdict.sentences);
    assert!(said.contains("Each of them stays until its time comes."), "{said}");
    assert!(!said.contains("as long as the process lives"), "{said}");
}

#[test]
fn what_waits_to_be_worked_off_is_a_backlog() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Push", 2000, 2048);
    let rows = heap.array_list(&rows);
    let fields = [("rows", Kind::Ref, Value::Ref(rows)), ("capacity", Kind::Int, Value::Int(i32::MAX))];
    let channel = library_object(&mut heap, "kotlinx.coroutines.channels.BufferedChannel", &fields);
    held_by_static(&mut heap, "com.acme.App", "OUTBOX", channel);
    let report = judge(heap);
    assert_eq!(report.suspects[0].kind_message(), "kind-backlog");
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-backlog");
}

/// The rule is about the session, the suspect about what is in its attributes.
#[test]
fn one_large_session_is_told_from_many() {
    let rule = |rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let rows = payload(&mut heap, "com.acme.Row", rows, 8 << 10);
        let (name, rows) = (heap.string("report"), heap.array_list(&rows));
        let attributes = heap.concurrent_hash_map(&[(name, rows)]);
        let fields = [("attributes", Kind::Ref, Value::Ref(attributes))];
        let session = library_object(&mut heap, "org.apache.catalina.session.StandardSession", &fields);
        held_by_static(&mut heap, "org.apache.catalina.session.Sessions", "SESSIONS", session);
        judge(heap).suspects.remove(0).rule
    };
    assert_eq!(rule(1600).as_deref(), Some("tomcat.large-session"));
    assert_ne!(rule(800).as_deref(), Some("tomcat.large-session"));
}

/// A view of the first five keeps all four thousand.
#[test]
fn sublists_keep_whole_lists() {
    let told_of = |class: &str, root: &str, shown: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let view = heap.class(class).field(root, Kind::Ref).field("size", Kind::Int).build();
        let views: Vec<Addr> = (0..40)
            .map(|number| {
                let rows = payload(&mut heap, &format!("com.acme.Row{number}"), 100, 512);
                let rows = heap.array_list(&rows);
                heap.instance_with(view, &[(root, Value::Ref(rows)), ("size", Value::Int(shown))])
            })
            .collect();
        let views = heap.array_list(&views);
        held_by_static(&mut heap, "com.acme.Top", "BY_TENANT", views);
        judge(heap).findings.iter().any(|finding| finding.id == "java.sublists")
    };
    assert!(told_of("java.util.ArrayList$SubList", "root", 5));
    assert!(told_of("java.util.ArrayList$SubList", "this$0", 5), "JDK 8");
    assert!(told_of("java.util.ImmutableCollections$SubList", "root", 5));
    let half = told_of("java.util.ArrayList$SubList", "root", 50);
    assert!(!half, "half of a list is no reason to copy it");
}

/// A lambda that captures `this` keeps what it is to clean up after.
#[test]
fn cleaning_actions_that_keep_their_objects_are_told() {
    let told = |captures: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let reference =
            heap.class("jdk.internal.ref.CleanerImpl$PhantomCleanableRef").field("action", Kind::Ref);
        let reference = reference.field("referent", Kind::Ref).build();
        let action = heap.app_class("com.acme.Tile$$Lambda").field("arg$1", Kind::Ref).build();
        let tiles = payload(&mut heap, "com.acme.Tile", 1200, 512);
        let cleaners: Vec<Addr> = tiles
            .iter()
            .map(|&tile| {
                let captured = if captures { tile } else { heap.string("handle") };
                let action = heap.instance(action, &[Value::Ref(captured)]);
                heap.instance(reference, &[Value::Ref(action), Value::Ref(tile)])
            })
            .collect();
        let cleaners = heap.array_list(&cleaners);
        held_by_static(&mut heap, "com.acme.Tiles", "CLEANER", cleaners);
        judge(heap).findings.iter().any(|finding| finding.id == "java.cleaner-back-reference")
    };
    assert!(told(true));
    assert!(!told(false));
}

/// What hangs on the subscriber of a buffer does not wait in it.
#[test]
fn a_buffer_with_nothing_in_it_is_no_backlog() {
    let mut heap = HeapBuilder::hotspot17();
    let groups = payload(&mut heap, "com.acme.Session", 4000, 1000);
    let entries: Vec<(Addr, Addr)> = groups.into_iter().map(|group| (group, group)).collect();
    let groups = heap.concurrent_hash_map(&entries);
    let package = "io.reactivex.rxjava3.internal.operators.flowable";
    let by = [("groups", Kind::Ref, Value::Ref(groups))];
    let by = library_object(&mut heap, &format!("{package}.FlowableGroupBy$GroupBySubscriber"), &by);
    let queue = bytes(&mut heap, 1000);
    let fields = [("queue", Kind::Ref, Value::Ref(queue)), ("downstream", Kind::Ref, Value::Ref(by))];
    let class = format!("{package}.FlowableOnBackpressureBuffer$BackpressureBufferSubscriber");
    let buffer = library_object(&mut heap, &class, &fields);
    held_by_static(&mut heap, "com.acme.Stats", "IN", buffer);
    let report = judge(heap);
    assert!(!report.findings.iter().any(|finding| finding.id == "reactor.unbounded-buffer"));
    let first = &report.suspects[0];
    assert_eq!((first.rule.as_deref(), first.kind_message()), (Some("rxjava.open-groups"), "kind-leak"));
}

/// A response that is being read goes when it has been read, whatever thread holds it.
#[test]
fn a_response_in_flight_is_load() {
    let mut heap = HeapBuilder::hotspot17();
    let chunks: Vec<Addr> = (0..300).map(|_| bytes(&mut heap, 16_384)).collect();
    let received = heap.array_list(&chunks);
    let body = heap.class("jdk.internal.net.http.ResponseSubscribers$ByteArraySubscriber");
    let body = body.field("received", Kind::Ref).build();
    let body = heap.instance(body, &[Value::Ref(received)]);
    held_by_static(&mut heap, "com.acme.Feeds", "RUNNING", body);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("java.http-client-bodies")));
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-load-in-flight");
    assert!(!ids(&first.advice).iter().any(|id| id.starts_with("suspect-advice-")), "{:?}", first.advice);
}

/// Requests that are not completed: each refers to a request and a response, which refer to each other and are held elsewhere as well.
#[test]
fn the_parts_of_unfinished_requests_are_told_together() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let class = |heap: &mut HeapBuilder, name: &str, fields: &[&str]| {
        let class = heap.class(name).loader(loader);
        fields.iter().fold(class, |class, field| class.field(field, Kind::Ref)).build()
    };
    let request =
        class(&mut heap, "org.apache.catalina.connector.Request", &["buffer", "response", "coyote"]);
    let response = class(&mut heap, "org.apache.catalina.connector.Response", &["buffer", "request"]);
    let coyote = class(&mut heap, "org.apache.coyote.Request", &["request", "response"]);
    let context = class(&mut heap, "org.apache.catalina.core.AsyncContextImpl", &["request"]);
    let (mut contexts, mut inner) = (Vec::new(), Vec::new());
    for _ in 0..600 {
        let (ours, theirs) = (bytes(&mut heap, 6000), bytes(&mut heap, 5000));
        let answer = heap.instance(response, &[Value::Ref(theirs), Value::NULL]);
        let asked = heap.instance(request, &[Value::Ref(ours), Value::Ref(answer), Value::NULL]);
        heap.set_field(answer, "request", Value::Ref(asked));
        let processed = heap.instance(coyote, &[Value::Ref(asked), Value::Ref(answer)]);
        contexts.push(heap.instance(context, &[Value::Ref(asked)]));
        inner.push(processed);
    }
    let inner = heap.object_array("java.lang.Object[]", &inner);
    held_by_static(&mut heap, "org.apache.catalina.mbeans.Registry", "BEANS", inner);
    let waiting = heap.array_list(&contexts);
    held_by_static(&mut heap, "com.acme.Events", "waiting", waiting);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("tomcat.unfinished-async"));
    assert_eq!((first.instances, first.holder.label().as_str()), (600, "com.acme.Events.waiting"));
    assert!(first.retained_bytes >= 600 * 11_000, "{}", first.retained_bytes);
    assert_eq!(report.suspects.len(), 1);
}

/// Slices of 32 bytes of arrays of thousands; half of an array is no reason to copy it.
#[test]
fn small_slices_keep_whole_arrays() {
    let told = |capacity: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let buffer =
            heap.class("java.nio.HeapByteBuffer").field("hb", Kind::Ref).field("capacity", Kind::Int);
        let buffer = buffer.build();
        let slices: Vec<Addr> = (0..400)
            .map(|_| {
                let whole = bytes(&mut heap, 8000);
                heap.instance(buffer, &[Value::Ref(whole), Value::Int(capacity)])
            })
            .collect();
        let slices = heap.array_list(&slices);
        held_by_static(&mut heap, "com.acme.Index", "SUBJECTS", slices);
        judge(heap).suspects.remove(0).rule
    };
    assert_eq!(told(32).as_deref(), Some("java.buffer-slices"));
    assert_eq!(told(4000), None);
}

/// References whose objects are gone: those that wait in a queue, and those that nobody removes.
#[test]
fn references_to_what_is_gone_are_told() {
    let of_class = |class: &str, is_enqueued: bool, is_cleared: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let queue = heap.class("java.lang.ref.ReferenceQueue$Null").build();
        let (enqueued, none) = (heap.instance(queue, &[]), heap.instance(queue, &[]));
        let queue = heap.class("java.lang.ref.ReferenceQueue").static_field("NULL", Value::Ref(none));
        queue.static_field("ENQUEUED", Value::Ref(enqueued)).sticky().build();
        let reference = heap.class_named("java.lang.ref.Reference");
        let weak = heap.class("java.lang.ref.PhantomReference").extends(reference).build();
        let handle = match class.starts_with("com.acme.") {
            true => heap.app_class(class),
            false => heap.class(class),
        };
        let handle = handle.extends(weak).field("path", Kind::Ref).build();
        let object = heap.app_class("com.acme.File").build();
        let all: Vec<Addr> = (0..12_000)
            .map(|_| {
                let path = bytes(&mut heap, 200);
                let referent = if is_cleared { Value::NULL } else { Value::Ref(heap.instance(object, &[])) };
                let queue = Value::Ref(if is_enqueued { enqueued } else { none });
                heap.instance_with(
                    handle,
                    &[("path", Value::Ref(path)), ("referent", referent), ("queue", queue)],
                )
            })
            .collect();
        let all = heap.array_list(&all);
        held_by_static(&mut heap, "com.acme.Files", "LIVE", all);
        judge(heap).suspects.remove(0).rule
    };
    let told = |is_enqueued, is_cleared| of_class("com.acme.Handle", is_enqueued, is_cleared);
    // Somebody polls the queue of a Cleaner, and hangs.
    let cleaner = of_class("jdk.internal.ref.CleanerImpl$PhantomCleanableRef", true, true);
    assert_eq!(cleaner.as_deref(), Some("java.stuck-cleaner"));
    assert_eq!(told(true, true).as_deref(), Some("java.unpolled-references"));
    assert_eq!(told(false, true).as_deref(), Some("java.cleared-references"));
    assert_eq!(told(false, false), None);
}

/// What each of the references is to release is larger than they are: it is what the suspect counts, and they are what the rule knows.
#[test]
fn what_hangs_on_references_that_nobody_polls_is_known_by_them() {
    let told = |is_enqueued: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let queue = heap.class("java.lang.ref.ReferenceQueue$Null").build();
        let (enqueued, none) = (heap.instance(queue, &[]), heap.instance(queue, &[]));
        let queue = heap.class("java.lang.ref.ReferenceQueue").static_field("NULL", Value::Ref(none));
        let queue = queue.static_field("ENQUEUED", Value::Ref(enqueued)).field("head", Kind::Ref);
        let queue = queue.sticky().build();
        let reference = heap.class_named("java.lang.ref.Reference");
        let phantom = heap.class("java.lang.ref.PhantomReference").extends(reference).build();
        let native = heap.app_class("com.acme.NativeHandle").field("descriptor", Kind::Ref).build();
        let handle =
            heap.app_class("com.acme.TextureRef").extends(phantom).field("handle", Kind::Ref).build();
        let mut head = Value::NULL;
        for _ in 0..12_000 {
            let descriptor = bytes(&mut heap, 900);
            let native = heap.instance(native, &[Value::Ref(descriptor)]);
            let queue = Value::Ref(if is_enqueued { enqueued } else { none });
            let fields =
                [("handle", Value::Ref(native)), ("referent", Value::NULL), ("queue", queue), ("next", head)];
            head = Value::Ref(heap.instance_with(handle, &fields));
        }
        let gone = heap.instance(queue, &[head]);
        held_by_static(&mut heap, "com.acme.Textures", "GONE", gone);
        let suspect = judge(heap).suspects.remove(0);
        (suspect.class, suspect.rule)
    };
    assert_eq!(told(true), ("com.acme.NativeHandle".to_owned(), Some("java.unpolled-references".to_owned())));
}

/// Sessions that a room of a chat never lets go of.
#[test]
fn websockets_that_are_closed_and_held_are_told() {
    let judged = |state: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let name = heap.string(state);
        let state = library_object(
            &mut heap,
            "org.apache.tomcat.websocket.WsSession$State",
            &[("name", Kind::Ref, Value::Ref(name))],
        );
        let reference =
            heap.class("java.util.concurrent.atomic.AtomicReference").field("value", Kind::Ref).build();
        let loader = heap.app_class_loader();
        let session = heap.class("org.apache.tomcat.websocket.WsSession").loader(loader);
        let session = session.field("state", Kind::Ref).field("data", Kind::Ref).build();
        let sessions: Vec<Addr> = (0..400)
            .map(|_| {
                let data = bytes(&mut heap, 8 << 10);
                let state = heap.instance(reference, &[Value::Ref(state)]);
                heap.instance(session, &[Value::Ref(state), Value::Ref(data)])
            })
            .collect();
        let members = heap.array_list(&sessions);
        held_by_static(&mut heap, "com.acme.Room", "MEMBERS", members);
        judge(heap)
    };
    assert_eq!(judged("CLOSED").suspects[0].rule.as_deref(), Some("tomcat.closed-websockets"));
    assert_eq!(judged("OPEN").suspects[0].rule, None);
}

/// A connector of NIO2 that runs, with so many requests in the queue of its workers; on a thread may be the acceptor.
fn nio2(is_accepting: bool, queued: usize, is_on_stack: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let task = heap.class("java.lang.Object").build();
    let tasks: Vec<Addr> = (0..queued).map(|_| heap.instance(task, &[])).collect();
    let queue = heap.array_list(&tasks);
    let executor = [("workQueue", Kind::Ref, Value::Ref(queue))];
    let executor = library_object(&mut heap, "org.apache.tomcat.util.threads.ThreadPoolExecutor", &executor);
    let flag = heap.class("java.util.concurrent.atomic.AtomicBoolean").field("value", Kind::Int).build();
    let accepting = heap.instance(flag, &[Value::Int(i32::from(is_accepting))]);
    let socket = heap.class("sun.nio.ch.UnixAsynchronousServerSocketChannelImpl");
    let socket = socket.field("accepting", Kind::Ref).field("closed", Kind::Boolean).build();
    let socket = heap.instance(socket, &[Value::Ref(accepting), Value::Boolean(false)]);
    let acceptor = library_object(&mut heap, "org.apache.tomcat.util.net.Nio2Endpoint$Nio2Acceptor", &[]);
    let name = heap.string("http-nio2-8080");
    let fields = [
        ("name", Kind::Ref, Value::Ref(name)),
        ("running", Kind::Boolean, Value::Boolean(true)),
        ("paused", Kind::Boolean, Value::Boolean(false)),
        ("serverSock", Kind::Ref, Value::Ref(socket)),
        ("acceptor", Kind::Ref, Value::Ref(acceptor)),
        ("connectionLimitLatch", Kind::Ref, Value::Ref(Addr::NULL)),
        ("executor", Kind::Ref, Value::Ref(executor)),
    ];
    let endpoint = library_object(&mut heap, "org.apache.tomcat.util.net.Nio2Endpoint", &fields);
    held_by_static(&mut heap, "com.acme.App", "ENDPOINT", endpoint);
    let accepts = heap.class("org.apache.tomcat.util.net.Nio2Endpoint$Nio2AcceptorFrame").build();
    let variable = if is_on_stack { acceptor } else { endpoint };
    heap.thread("exec-1").frame(accepts, "completed", "()V", "Nio2Endpoint.java", 5).local(variable).build();
    judge(heap)
}

#[test]
fn a_connector_without_a_pending_accept_accepts_nothing() {
    let told = |report: &Report| report.findings.iter().any(|finding| finding.id == "tomcat.nio2-no-accept");
    let report = nio2(false, 0, false);
    assert!(told(&report));
    let verdict = Language::En.text(&report.verdict.sentences[0]);
    let expected =
        "Connector http-nio2-8080 says that it runs, but no accept is pending on its server socket ";
    assert!(verdict.starts_with(expected), "{verdict}");
    assert!(!told(&nio2(true, 0, false)), "an accept is pending");
    assert!(!told(&nio2(false, 3, false)), "what asks for the next one waits for a free worker");
    assert!(!told(&nio2(false, 0, true)), "it is just being asked for");
}

#[test]
fn a_pool_that_gets_no_connection_is_told() {
    let judged = |connections: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let entries = payload(&mut heap, "com.zaxxer.hikari.pool.PoolEntry", connections, 16);
        let list = heap.array_list(&entries);
        let fields = [("sharedList", Kind::Ref, Value::Ref(list)), ("waiters", Kind::Int, Value::Int(25))];
        let bag = library_object(&mut heap, "com.zaxxer.hikari.util.ConcurrentBag", &fields);
        let name = heap.string("crm");
        let fields = [("maxPoolSize", Kind::Int, Value::Int(10)), ("poolName", Kind::Ref, Value::Ref(name))];
        let config = library_object(&mut heap, "com.zaxxer.hikari.HikariConfig", &fields);
        let fields =
            [("config", Kind::Ref, Value::Ref(config)), ("connectionBag", Kind::Ref, Value::Ref(bag))];
        let pool = library_object(&mut heap, "com.zaxxer.hikari.pool.HikariPool", &fields);
        held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
        judge(heap).findings
    };
    let title = Language::En.text(&judged(0)[0].title);
    let expected = "25 threads wait for a connection of Hikari pool crm, which has none (0 of 10): it does not get one opened";
    assert_eq!(title, expected);
    assert_eq!(judged(2), [], "more are on their way");
}

#[test]
fn a_broker_that_is_out_of_reach_is_told() {
    let judged = |attempts: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let broker = heap.string("tcp://mq:61616");
        let brokers = heap.array_list(&[broker]);
        let none =
            heap.class("java.util.concurrent.atomic.AtomicReference").field("value", Kind::Ref).build();
        let none = heap.instance(none, &[Value::Ref(Addr::NULL)]);
        let fields = [
            ("started", Kind::Boolean, Value::Boolean(true)),
            ("disposed", Kind::Boolean, Value::Boolean(false)),
            ("connectedTransport", Kind::Ref, Value::Ref(none)),
            ("connectFailures", Kind::Int, Value::Int(attempts)),
            ("uris", Kind::Ref, Value::Ref(brokers)),
        ];
        let class = "org.apache.activemq.transport.failover.FailoverTransport";
        let transport = library_object(&mut heap, class, &fields);
        held_by_static(&mut heap, "com.acme.Orders", "TRANSPORT", transport);
        judge(heap).findings
    };
    let expected =
        "ActiveMQ has not reached tcp://mq:61616 in 14 attempts; failover transports without a connection: 1";
    assert_eq!(Language::En.text(&judged(14)[0].title), expected);
    assert_eq!(judged(1), [], "it has only begun");
}

/// A registry with circuit breakers of these names is told without the ids in them, and as what there is, not as an example.
#[test]
fn ids_in_names_are_not_shown() {
    let mut heap = HeapBuilder::hotspot17();
    let entries = payload(&mut heap, "com.acme.Entry", 6000, 512);
    let entries: Vec<(Addr, Addr)> = entries
        .into_iter()
        .zip(0u64..)
        .map(|(entry, number)| {
            (heap.string(&format!("acquirer-2#{:016x}", number + 0x4f30_ee0c_2d48_9248)), entry)
        })
        .collect();
    let entries = heap.concurrent_hash_map(&entries);
    let class = "io.github.resilience4j.core.registry.InMemoryRegistryStore";
    let store = library_object(&mut heap, class, &[("entryMap", Kind::Ref, Value::Ref(entries))]);
    held_by_static(&mut heap, "com.acme.App", "STORE", store);
    let report = judge(heap);
    let first = &report.suspects[0];
    let example = first.examples.iter().map(|text| Language::En.text(text)).collect::<String>();
    assert!(example.contains("names=acquirer-2#*") && !example.contains("4f30"), "{example}");
    let options = oomph::render::terminal::TerminalOptions::default();
    let screen = oomph::render::terminal::report(&report, &options);
    assert!(!screen.contains("for example"), "{screen}");
}
