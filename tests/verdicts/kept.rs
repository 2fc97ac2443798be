//! What libraries keep because something was never closed, ended, unregistered or pruned: the rule, what it is called, and what is told of it.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Pattern, Report, Standing, SuspectKind};

fn has(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|finding| finding.id == rule)
}

fn title(report: &Report) -> String {
    Language::En.text(&report.suspects[0].title)
}

fn examples(report: &Report) -> Vec<String> {
    report.suspects[0].examples.iter().map(|text| Language::En.text(text)).collect()
}

fn reference(name: &str, object: Addr) -> (&str, Kind, Value) {
    (name, Kind::Ref, Value::Ref(object))
}

/// Objects of a library, each with some bytes and what `more` gives it.
fn many(
    heap: &mut HeapBuilder,
    class: &str,
    count: usize,
    more: impl Fn(&mut HeapBuilder, usize) -> Vec<(&'static str, Kind, Value)>,
) -> Vec<Addr> {
    let loader = heap.app_class_loader();
    let fields = more(heap, 0);
    let made = heap.class(class).loader(loader).field("data", Kind::Ref);
    let made = fields.iter().fold(made, |made, &(name, kind, _)| made.field(name, kind)).build();
    (0..count)
        .map(|number| {
            let data = bytes(heap, 2 << 10);
            let mut values = vec![("data", Value::Ref(data))];
            values.extend(more(heap, number).into_iter().map(|(name, _, value)| (name, value)));
            heap.instance_with(made, &values)
        })
        .collect()
}

fn map(heap: &mut HeapBuilder, values: &[Addr]) -> Addr {
    let entries: Vec<(Addr, Addr)> = values.iter().map(|&value| (value, value)).collect();
    heap.concurrent_hash_map(&entries)
}

#[test]
fn loggers_of_log4j_made_for_each_job_are_told_with_their_names() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let loggers = many(&mut heap, "org.apache.logging.log4j.core.Logger", count, |heap, number| {
            vec![reference("name", heap.string(&format!("job.{number}")))]
        });
        let by_name = map(&mut heap, &loggers);
        let factory = heap.string("ParameterizedMessageFactory");
        let by_factory = heap.concurrent_hash_map(&[(factory, by_name)]);
        let registry = "org.apache.logging.log4j.spi.LoggerRegistry";
        let registry = library_object(&mut heap, registry, &[reference("map", by_factory)]);
        held_by_static(&mut heap, "org.apache.logging.log4j.LogManager", "REGISTRY", registry);
        judge(heap)
    };
    let report = judged(6000);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("log4j.many-loggers"));
    assert_eq!(first.holder.label(), "org.apache.logging.log4j.spi.LoggerRegistry.map");
    assert!(examples(&report)[0].starts_with("logger=job."), "{:?}", first.examples);
    assert!(!has(&judged(3000), "log4j.many-loggers"));
}

/// The result of a query in a variable of the call that reads it: load, with what jOOQ has instead of fetch().
#[test]
fn a_large_result_of_jooq_is_load() {
    let judged = |rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let records = many(&mut heap, "org.jooq.impl.RecordImpl5", rows, |_, _| Vec::new());
        let records = heap.array_list(&records);
        let result = library_object(&mut heap, "org.jooq.impl.ResultImpl", &[reference("records", records)]);
        let report = heap.app_class("com.acme.Sales").build();
        let thread = heap.thread("exec-1");
        thread.frame(report, "all", "()V", "Sales.java", 19).local(result).build();
        judge(heap)
    };
    let report = judged(12_000);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("jooq.large-result")));
    assert_ne!(judged(6000).suspects[0].rule.as_deref(), Some("jooq.large-result"));
}

/// Old readers of an index, in a list of the application or recorded by a SearcherLifetimeManager.
#[test]
fn searchers_that_are_never_pruned_are_told_before_their_readers() {
    let judged = |count: usize, is_recorded: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let readers = many(&mut heap, "org.apache.lucene.index.StandardDirectoryReader", count, |_, _| {
            vec![("closed", Kind::Boolean, Value::Boolean(false))]
        });
        let kept = if is_recorded {
            let searchers = map(&mut heap, &readers);
            let manager = "org.apache.lucene.search.SearcherLifetimeManager";
            library_object(&mut heap, manager, &[reference("searchers", searchers)])
        } else {
            heap.array_list(&readers)
        };
        held_by_static(&mut heap, "com.acme.Search", "KEPT", kept);
        judge(heap).suspects.remove(0).rule
    };
    assert_eq!(judged(2000, true).as_deref(), Some("lucene.searcher-lifetimes"));
    assert_eq!(judged(2000, false).as_deref(), Some("lucene.readers"));
    assert_eq!(judged(90, true).as_deref(), Some("lucene.readers"), "so many searchers are nothing unusual");
}

#[test]
fn more_files_than_an_index_has_are_not_told_as_the_index() {
    let rule = |files: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let entry = "org.apache.lucene.store.ByteBuffersDirectory$FileEntry";
        let files = many(&mut heap, entry, files, |_, _| Vec::new());
        let files = map(&mut heap, &files);
        let directory = "org.apache.lucene.store.ByteBuffersDirectory";
        let directory = library_object(&mut heap, directory, &[reference("files", files)]);
        held_by_static(&mut heap, "com.acme.Search", "DIRECTORY", directory);
        judge(heap).suspects.remove(0).rule
    };
    assert_eq!(rule(4000).as_deref(), Some("lucene.kept-files"));
    assert_eq!(rule(800).as_deref(), Some("lucene.index-in-heap"));
}

/// What a rule says about it is all there is to say; that it should be bounded, or be let go of by both, would be what is said of a leak.
#[test]
fn what_two_hold_and_is_meant_to_be_there_is_told_without_the_advice_on_leaks() {
    let mut heap = HeapBuilder::hotspot17();
    let blocks: Vec<Addr> = (0..200).map(|_| bytes(&mut heap, 30_000)).collect();
    let entry = "org.apache.lucene.store.ByteBuffersDirectory$FileEntry";
    let files = many(&mut heap, entry, 200, |_, at| vec![reference("content", blocks[at])]);
    let files = map(&mut heap, &files);
    let directory = "org.apache.lucene.store.ByteBuffersDirectory";
    let directory = library_object(&mut heap, directory, &[reference("files", files)]);
    held_by_static(&mut heap, "com.acme.Search", "DIRECTORY", directory);
    let input = "org.apache.lucene.store.ByteBuffersIndexInput";
    let inputs = many(&mut heap, input, 200, |_, at| vec![reference("block", blocks[at])]);
    let inputs = map(&mut heap, &inputs);
    let reader = "org.apache.lucene.index.SegmentReader";
    let reader = library_object(&mut heap, reader, &[reference("inputs", inputs)]);
    let searcher = "org.apache.lucene.search.IndexSearcher";
    let searcher = library_object(&mut heap, searcher, &[reference("reader", reader)]);
    held_by_static(&mut heap, "com.acme.Queries", "SEARCHER", searcher);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.rule.as_deref(), first.standing), (Some("lucene.index-in-heap"), Standing::Largest));
    assert_eq!(first.holders.len(), 2, "{} {:?} {:?}", first.holder.label(), first.advice, first.path);
    assert_eq!(ids(&first.advice), ["", "suspect-advice-ordinary"], "{:?}", first.advice);
}

#[test]
fn consumers_of_an_event_bus_are_counted_and_told_by_their_address() {
    let judged = |count: usize, address: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let address = heap.string(address);
        let loader = heap.app_class_loader();
        let registration = "io.vertx.core.eventbus.impl.HandlerRegistration";
        let registration = heap.class(registration).loader(loader).field("address", Kind::Ref).build();
        let consumer = heap.class("io.vertx.core.eventbus.impl.MessageConsumerImpl").loader(loader);
        let consumer = consumer.extends(registration).field("handler", Kind::Ref).build();
        let sessions = payload(&mut heap, "com.acme.Session", count, 4 << 10);
        let consumers: Vec<Addr> = sessions
            .iter()
            .map(|&session| {
                let values = [("address", Value::Ref(address)), ("handler", Value::Ref(session))];
                heap.instance_with(consumer, &values)
            })
            .collect();
        let hooks = heap.array_list(&consumers);
        let hooks = library_object(&mut heap, "io.vertx.core.impl.CloseFuture", &[reference("hooks", hooks)]);
        held_by_static(&mut heap, "io.vertx.core.impl.Contexts", "ALL", hooks);
        judge(heap)
    };
    let report = judged(3000, "scores.live");
    let first = &report.suspects[0];
    assert_eq!((first.rule.as_deref(), first.instances), (Some("vertx.consumers"), 3000));
    let known = "3,000 consumers of the Vert.x event bus, as at address scores.live, held by io.vertx.core.impl.CloseFuture.hooks";
    assert_eq!(title(&report), known);
    assert_eq!(first.advice, report.findings[0].advice);
    assert!(first.retained_bytes >= 3000 * 4096, "{}", first.retained_bytes);
    assert!(!has(&judged(900, "scores.live"), "vertx.consumers"));
    assert!(!has(&judged(3000, "__vertx.reply.1"), "vertx.consumers"), "it waits for an answer");
}

#[test]
fn spans_that_are_never_ended_are_told() {
    let rule = |has_ended: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let spans = many(&mut heap, "io.opentelemetry.sdk.trace.SdkSpan", 8000, |heap, number| {
            let name = reference("name", heap.string(&format!("GET /api/{}", number % 3)));
            vec![("hasEnded", Kind::Boolean, Value::Boolean(has_ended)), name]
        });
        let spans = map(&mut heap, &spans);
        held_by_static(&mut heap, "com.acme.Tracing", "ACTIVE", spans);
        judge(heap).suspects.remove(0).rule
    };
    assert_eq!(rule(false).as_deref(), Some("opentelemetry.open-spans"));
    assert_eq!(rule(true), None);
}

/// The aggregate of one of the two routes of a context: nobody looks for what waits there by the number of routes.
#[test]
fn groups_of_an_aggregate_are_told_by_their_route() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let exchanges = many(&mut heap, "org.apache.camel.support.DefaultExchange", count, |_, _| Vec::new());
        let cache = map(&mut heap, &exchanges);
        let repository = "org.apache.camel.processor.aggregate.MemoryAggregationRepository";
        let repository = library_object(&mut heap, repository, &[reference("cache", cache)]);
        let route = heap.string("collect-orders");
        let fields = [reference("aggregationRepository", repository), reference("routeId", route)];
        let aggregate = "org.apache.camel.processor.aggregate.AggregateProcessor";
        let aggregate = library_object(&mut heap, aggregate, &fields);
        let other = heap.string("send-mail");
        let routes = heap.array_list(&[aggregate, other]);
        let context = "org.apache.camel.impl.engine.AbstractCamelContext";
        let context = library_object(&mut heap, context, &[reference("routes", routes)]);
        held_by_static(&mut heap, "org.apache.camel.language.simple.SimpleLanguage", "CONTEXT", context);
        judge(heap)
    };
    let report = judged(5000);
    let known = "5,000 incomplete groups of the aggregate in Camel route collect-orders, held by org.apache.camel.processor.aggregate.MemoryAggregationRepository.cache";
    assert_eq!(title(&report), known);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("camel.aggregation"));
    let few = judged(900);
    assert!(!has(&few, "camel.aggregation") && !title(&few).contains("routes"), "{}", title(&few));
}

/// Two static maps by the same keys, and the metrics that refer to what is in both.
#[test]
fn streams_by_command_key_are_one_suspect_with_the_keys() {
    let judged = |count: usize, name: fn(usize) -> String| {
        let mut heap = HeapBuilder::hotspot17();
        let package = "com.netflix.hystrix";
        let streams = |heap: &mut HeapBuilder, kind: &str| {
            let class = format!("{package}.metric.consumer.Rolling{kind}Stream");
            let all = many(heap, &class, count, |_, _| Vec::new());
            let by_key = map(heap, &all);
            let holder = heap.class(&format!("{package}.metric.consumer.{kind}Streams"));
            holder.static_field("streams", Value::Ref(by_key)).sticky().build();
            all
        };
        let [latency, user] = ["Latency", "User"].map(|kind| streams(&mut heap, kind));
        let metrics = many(&mut heap, &format!("{package}.HystrixCommandMetrics"), count, |heap, number| {
            let name = heap.string(&name(number));
            let key = library_object(heap, "com.netflix.hystrix.Key", &[reference("name", name)]);
            vec![
                reference("key", key),
                reference("latency", latency[number]),
                reference("user", user[number]),
            ]
        });
        let metrics = map(&mut heap, &metrics);
        let holder = heap.class(&format!("{package}.Metrics")).static_field("metrics", Value::Ref(metrics));
        holder.sticky().build();
        judge(heap)
    };
    let by_number = |number| format!("price-of-A{number}");
    let report = judged(500, by_number);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("hystrix.many-keys"));
    assert_eq!(report.suspects.len(), 1);
    assert!(title(&report).starts_with("Metrics and streams of 500 Hystrix command keys, held by "));
    assert!(examples(&report)[0].starts_with("key=price-of-A"), "{:?}", first.examples);
    assert!(has(&judged(150, by_number), "hystrix.many-keys"), "of 150 customers");
    assert!(!has(&judged(90, by_number), "hystrix.many-keys"));
    // A large service has so many kinds of calls.
    let by_name =
        |number: usize| format!("{}Client.get", "abcdefghij"[..=number % 10].repeat(1 + number / 10));
    let few = judged(150, by_name);
    assert!(!has(&few, "hystrix.many-keys") && !has(&few, "hystrix.many-names"));
    assert!(has(&judged(250, by_name), "hystrix.many-names"));
}

/// Timers that run, each with a thread of that name.
fn timers(count: usize, name: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let timers = many(&mut heap, "io.netty.util.HashedWheelTimer", count, |heap, _| {
        vec![
            reference("buckets", bytes(heap, 16 << 10)),
            ("workerState", Kind::Int, Value::Int(1)),
            ("workerThread", Kind::Ref, Value::NULL),
        ]
    });
    let loader = heap.app_class_loader();
    let worker = heap.class("io.netty.util.HashedWheelTimer$Worker").loader(loader);
    let worker = worker.field("this$0", Kind::Ref).build();
    let sleep = heap.jdk_class("java.lang.Thread");
    for (number, &timer) in timers.iter().enumerate() {
        let task = heap.instance(worker, &[Value::Ref(timer)]);
        let thread = heap.thread(&format!("{name}-{number}-1")).field("target", Value::Ref(task));
        let thread = thread.frame(sleep, "sleep", "(J)V", "Thread.java", -3);
        let thread = thread.frame(worker, "waitForNextTick", "()J", "HashedWheelTimer.java", 591);
        let thread = thread.build().object;
        heap.set_field(timer, "workerThread", Value::Ref(thread));
    }
    let loops = many(&mut heap, "io.netty.channel.nio.NioEventLoop", 4 * count, |heap, _| {
        vec![reference("tasks", bytes(heap, 8 << 10))]
    });
    let loops = map(&mut heap, &loops);
    let group = "io.netty.resolver.AddressResolverGroup";
    let group = heap.class(group).loader(loader).static_field("resolvers", Value::Ref(loops));
    group.sticky().build();
    judge(heap)
}

#[test]
fn clients_that_nobody_closed_are_told_with_their_timers_and_event_loops() {
    let report = timers(300, "AsyncHttpClient-timer");
    assert_eq!(report.suspects.len(), 1);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("asynchttpclient.repeated-client"));
    assert_eq!((first.pattern, first.instances), (Pattern::Threads, 300));
    assert!(title(&report).starts_with("300 AsyncHttpClients that were never closed"), "{}", title(&report));
    assert!(first.retained_bytes >= 1200 * 8192 + 300 * 16_384, "{}", first.retained_bytes);
    assert!(!has(&report, "netty.repeated-timer"), "the same is not told twice");
    let others = timers(300, "clock");
    assert!(!has(&others, "asynchttpclient.repeated-client") && has(&others, "netty.repeated-timer"));
}

/// What fills a document is in its scratch file; whoever merges documents has documents.
#[test]
fn open_documents_are_told_and_not_their_scratch_files() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let files = many(&mut heap, "org.apache.pdfbox.io.ScratchFile", count, |_, _| Vec::new());
        let loader = heap.app_class_loader();
        let mut around = |class: &str, field: &str, inner: &[Addr], version: f32| {
            let class = heap.class(class).loader(loader).field(field, Kind::Ref);
            let class = class.field("version", Kind::Float).build();
            let wrap = |&inner| heap.instance(class, &[Value::Ref(inner), Value::Float(version)]);
            inner.iter().map(wrap).collect::<Vec<Addr>>()
        };
        let inner = around("org.apache.pdfbox.cos.COSDocument", "scratchFile", &files, 1.4);
        let documents = around("org.apache.pdfbox.pdmodel.PDDocument", "document", &inner, 1.4);
        let sources = heap.array_list(&documents);
        let archive = heap.app_class("com.acme.Archive").build();
        let thread = heap.thread("request-2");
        thread.frame(archive, "mergeAll", "()V", "Archive.java", 15).local(sources).build();
        judge(heap)
    };
    let report = judged(600);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("pdfbox.open-documents")));
    assert_eq!((first.class.as_str(), first.instances), ("org.apache.pdfbox.pdmodel.PDDocument", 600));
    assert!(title(&report).starts_with("600 PDDocuments of PDFBox that are open, held by com.acme.Archive."));
    assert!(!has(&judged(8), "pdfbox.open-documents"));
}

#[test]
fn sessions_of_jetty_that_never_expire_are_told() {
    let judged = |milliseconds: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let name = heap.string("VALID");
        let base = heap.jdk_class("java.lang.Enum");
        let state = heap.class("org.eclipse.jetty.server.session.Session$State").extends(base).build();
        let state = heap.instance_with(state, &[("name", Value::Ref(name))]);
        let sessions = many(&mut heap, "org.eclipse.jetty.server.session.Session", 2000, |heap, _| {
            let (key, hotel) = (heap.string("lastResult"), heap.string("Sacher"));
            let attributes = heap.concurrent_hash_map(&[(key, hotel)]);
            let interval = ("_maxInactiveMs", Kind::Long, Value::Long(milliseconds));
            let fields = [interval, reference("_attributes", attributes)];
            let data = library_object(heap, "org.eclipse.jetty.server.session.SessionData", &fields);
            vec![reference("_sessionData", data), reference("_state", state)]
        });
        let sessions = map(&mut heap, &sessions);
        let cache = "org.eclipse.jetty.server.session.DefaultSessionCache";
        let cache = library_object(&mut heap, cache, &[reference("_sessions", sessions)]);
        let handler = "org.eclipse.jetty.server.session.SessionHandler";
        let handler = library_object(&mut heap, handler, &[reference("_sessionCache", cache)]);
        held_by_static(&mut heap, "org.eclipse.jetty.server.ShutdownMonitor", "HANDLER", handler);
        judge(heap)
    };
    let report = judged(-1);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("jetty.endless-sessions"));
    let cache = report.findings.iter().find(|finding| finding.id == "jetty.endless-sessions").unwrap();
    assert_eq!(cache.holder.as_ref().unwrap().label(), first.holder.label(), "it is told once");
    let told = examples(&report).remove(0);
    assert!(told.contains("attribute names=lastResult") && told.contains("expires after ms=-1"), "{told}");
    assert!(has(&report, "jetty.sessions-never-expire"));
    assert!(!has(&judged(1_800_000), "jetty.sessions-never-expire"));
}

/// A body that a filter copies goes with the request; what helps is not to copy it.
#[test]
fn bodies_that_a_filter_copies_are_load_with_advice_of_its_own() {
    let judged = |length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let filter = heap.app_class("com.acme.AuditFilter").build();
        let buffers: Vec<Addr> = (0..8).map(|_| bytes(&mut heap, length / 8)).collect();
        let buffers = heap.array_list(&buffers);
        let content = "org.springframework.util.FastByteArrayOutputStream";
        let content = library_object(&mut heap, content, &[reference("buffers", buffers)]);
        let class = "org.springframework.web.util.ContentCachingResponseWrapper";
        let wrapper = library_object(&mut heap, class, &[reference("content", content)]);
        let thread = heap.thread("exec-1");
        thread.frame(filter, "doFilterInternal", "()V", "AuditFilter.java", 8).local(wrapper).build();
        let rest = bytes(&mut heap, 2 << 20);
        held_by_static(&mut heap, "com.acme.App", "REST", rest);
        judge(heap)
    };
    let report = judged(8 << 20);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("spring.content-caching")));
    assert!(!has(&judged(40 << 10), "spring.content-caching"));
}

#[test]
fn what_kryo_remembers_until_it_is_reset_is_told() {
    let found = |written: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let entries = payload(&mut heap, "com.acme.Entry", written, 512);
        let entries = map(&mut heap, &entries);
        let resolver = "com.esotericsoftware.kryo.util.MapReferenceResolver";
        let resolver = library_object(&mut heap, resolver, &[reference("writtenObjects", entries)]);
        let kryo = "com.esotericsoftware.kryo.Kryo";
        let kryo = library_object(&mut heap, kryo, &[reference("referenceResolver", resolver)]);
        held_by_static(&mut heap, "com.acme.Snapshots", "KRYO", kryo);
        has(&judge(heap), "kryo.kept-references")
    };
    assert!(found(20_000) && !found(5000));
}
