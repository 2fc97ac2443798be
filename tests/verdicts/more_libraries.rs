//! Rules about what single libraries keep that have nothing more to ask than a number and a few fields: each on a heap that is just enough for it, and
//! on one that lacks one thing.

use crate::known_by_rules::{pairs, reference, title};
use crate::{bytes, english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Standing, SuspectKind};

fn with_boolean(heap: &mut HeapBuilder, class: &str, value: bool) -> Addr {
    library_object(heap, class, &[("value", Kind::Int, Value::Int(i32::from(value)))])
}

#[test]
fn handles_that_were_not_closed_are_told() {
    let told = |count: usize, closed: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let closed = with_boolean(&mut heap, "java.util.concurrent.atomic.AtomicBoolean", closed);
        let class = heap.app_class("org.jdbi.v3.core.Handle");
        let class = class.field("closed", Kind::Ref).field("data", Kind::Ref).build();
        let handles: Vec<Addr> = (0..count)
            .map(|_| {
                let data = bytes(&mut heap, 2000);
                heap.instance(class, &[Value::Ref(closed), Value::Ref(data)])
            })
            .collect();
        let handles = heap.array_list(&handles);
        held_by_static(&mut heap, "com.acme.ShiftDao", "USED", handles);
        let report = judge(heap);
        (title(&report, "jdbi.open-handles"), english(&report.verdict.sentences))
    };
    let (found, verdict) = told(900, false);
    assert_eq!(found.as_deref(), Some("900 JDBI handles were not closed"));
    assert!(verdict.starts_with("900 JDBI handles were not closed"), "{verdict}");
    assert_eq!(told(100, false).0, None);
    assert_eq!(told(900, true).0, None);
}

#[test]
fn hundreds_of_connections_to_databases_are_told() {
    let told = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let connections = payload(&mut heap, "org.postgresql.jdbc.PgConnection", count, 500);
        let connections = heap.array_list(&connections);
        held_by_static(&mut heap, "com.acme.Orders", "OPEN", connections);
        title(&judge(heap), "jdbc.open-connections")
    };
    let expected = "301 connections to databases are kept (org.postgresql.jdbc.PgConnection)";
    assert_eq!(told(301).as_deref(), Some(expected));
    assert_eq!(told(300), None);
}

#[test]
fn series_of_charts_without_a_limit_are_told() {
    let told = |most: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let class = heap.app_class("org.jfree.data.time.TimeSeries").field("data", Kind::Ref);
        let class = class.field("maximumItemCount", Kind::Int).field("maximumItemAge", Kind::Long).build();
        let items = payload(&mut heap, "org.jfree.data.time.TimeSeriesDataItem", 8000, 200);
        let series: Vec<Addr> = items
            .chunks(2000)
            .map(|items| {
                let items = heap.array_list(items);
                let fields = [
                    ("data", Value::Ref(items)),
                    ("maximumItemCount", Value::Int(most)),
                    ("maximumItemAge", Value::Long(i64::MAX)),
                ];
                heap.instance_with(class, &fields)
            })
            .collect();
        let series = heap.array_list(&series);
        let all = library_object(
            &mut heap,
            "org.jfree.data.time.TimeSeriesCollection",
            &[reference("data", series)],
        );
        held_by_static(&mut heap, "com.acme.Dashboard", "CURVES", all);
        let report = judge(heap);
        let advice = english(&report.suspects[0].advice);
        (title(&report, "jfreechart.series-without-limit"), advice.contains("setMaximumItemAge"))
    };
    let (found, is_advised) = told(i32::MAX);
    let found = found.unwrap();
    let wanted = "4 JFreeChart series without a limit, 2,000 items in the largest, ";
    assert!(found.starts_with(wanted) && is_advised, "{found}");
    assert_eq!(told(10_000), (None, false));
}

#[test]
fn rows_of_a_worksheet_that_are_not_flushed_are_told() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "org.dhatim.fastexcel.Cell", 3000, 1000);
    let rows = heap.array_list(&rows);
    let sheet = library_object(&mut heap, "org.dhatim.fastexcel.Worksheet", &[reference("rows", rows)]);
    let export = heap.app_class("com.acme.Export").build();
    heap.thread("exec-1").frame(export, "handle", "()V", "Export.java", 13).local(sheet).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.kind, first.rule.as_deref()), (SuspectKind::Load, Some("fastexcel.unflushed-rows")));
    assert!(english(&first.advice).contains("flush()"));
}

#[test]
fn messages_in_stores_of_fix_sessions_are_told() {
    let told = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let messages = payload(&mut heap, "com.acme.Text", count, 200);
        let messages: Vec<(Addr, Addr)> = messages.iter().map(|&message| (message, message)).collect();
        let messages = heap.hash_map(&messages);
        let store = library_object(&mut heap, "quickfix.MemoryStore", &[reference("messages", messages)]);
        held_by_static(&mut heap, "com.acme.Link", "STORE", store);
        judge(heap).suspects.remove(0).rule
    };
    assert_eq!(told(10_000).as_deref(), Some("quickfix.message-store"));
    assert_eq!(told(9_999), None);
}

#[test]
fn contexts_of_requests_that_are_kept_are_told() {
    let mut heap = HeapBuilder::hotspot17();
    let contexts = payload(&mut heap, "io.javalin.http.servlet.JavalinServletContext", 2000, 2000);
    let contexts = heap.array_list(&contexts);
    held_by_static(&mut heap, "com.acme.Audit", "REQUESTS", contexts);
    let report = judge(heap);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("javalin.kept-contexts"));
    let verdict = english(&report.verdict.sentences);
    assert!(verdict.starts_with("2,000 Javalin contexts are kept"), "{verdict}");
}

/// Each has a twin for those who did not make it, which it keeps itself: there are as many as are in the list.
#[test]
fn contexts_of_scripts_are_counted_by_their_list() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let class = heap.app_class("org.graalvm.polyglot.Context").field("currentAPI", Kind::Ref);
        let class = class.field("receiver", Kind::Ref).build();
        let contexts: Vec<Addr> = (0..count)
            .map(|_| {
                let twin = heap.instance(class, &[Value::NULL, Value::NULL]);
                let engine = bytes(&mut heap, 16 << 10);
                heap.instance(class, &[Value::Ref(twin), Value::Ref(engine)])
            })
            .collect();
        let contexts = heap.array_list(&contexts);
        held_by_static(&mut heap, "com.acme.Rules", "CONTEXTS", contexts);
        judge(heap)
    };
    let report = judged(300);
    let first = &report.suspects[0];
    assert_eq!((first.instances, first.rule.as_deref()), (300, Some("graalvm.open-contexts")));
    let found = title(&report, "graalvm.open-contexts").unwrap();
    assert!(found.starts_with("300 polyglot contexts of GraalVM are kept"), "{found}");
    assert_eq!(judged(100).suspects[0].rule, None);
}

/// Nobody has written the class whose static field leads to the statement: it is Esper's own.
#[test]
fn a_class_that_a_library_has_generated_is_no_holder() {
    let judged = |name: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let events = payload(&mut heap, "com.acme.Tick", 12_000, 200);
        let events = heap.array_list(&events);
        let view = "com.espertech.esper.common.internal.view.keepall.KeepAllView";
        let view = library_object(&mut heap, view, &[reference("indexedEvents", events)]);
        let loaders = heap.class_named("java.lang.ClassLoader");
        let loader = heap.app_class("com.espertech.esper.common.internal.Provider").extends(loaders).build();
        let loader = heap.instance_with(loader, &[]);
        heap.class(name).loader(loader).static_field("f1", Value::Ref(view)).sticky().build();
        judge(heap)
    };
    let report = judged("generated.StatementFields_a6f48e9445ab65454581458a1f45914f2e382cb5_vwap");
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("esper.keep-all"));
    let view = "com.espertech.esper.common.internal.view.keepall.KeepAllView.indexedEvents";
    assert_eq!(first.holder.label(), view);
    let own = judged("com.acme.Statements");
    assert_eq!(own.suspects[0].holder.label(), "com.acme.Statements.f1");
}

#[test]
fn a_spatial_index_that_was_built_cannot_grow() {
    let standing = |built: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let items = payload(&mut heap, "com.acme.Poi", 3000, 500);
        let items = heap.array_list(&items);
        let above = heap.app_class("org.locationtech.jts.index.strtree.AbstractSTRtree");
        let above = above.field("itemBoundables", Kind::Ref).field("built", Kind::Boolean).build();
        let tree = heap.app_class("org.locationtech.jts.index.strtree.STRtree").extends(above).build();
        let fields = [("itemBoundables", Value::Ref(items)), ("built", Value::Boolean(built))];
        let tree = heap.instance_with(tree, &fields);
        held_by_static(&mut heap, "com.acme.PoiIndex", "TREE", tree);
        judge(heap).suspects.remove(0).standing
    };
    assert_eq!((standing(true), standing(false)), (Standing::Largest, Standing::Blamed));
}

#[test]
fn script_engines_walks_and_services_are_told_by_their_number() {
    let found = |class: &str, above: &str, count: usize, rule: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let above = if above.starts_with("javax.") { heap.class(above) } else { heap.app_class(above) };
        let above = above.build();
        let class = heap.app_class(class).extends(above);
        let class = class.field("data", Kind::Ref).field("running", Kind::Boolean).build();
        let all: Vec<Addr> = (0..count)
            .map(|_| {
                let data = bytes(&mut heap, 20_000);
                let fields = [("data", Value::Ref(data)), ("running", Value::Boolean(true))];
                heap.instance_with(class, &fields)
            })
            .collect();
        let all = heap.array_list(&all);
        held_by_static(&mut heap, "com.acme.Registry", "ALL", all);
        title(&judge(heap), rule).is_some()
    };
    let monitor = "org.apache.commons.io.monitor.FileAlterationMonitor";
    let service = "com.google.common.util.concurrent.AbstractScheduledService";
    let walk = "org.eclipse.jgit.revwalk.RevWalk";
    for (class, above, most, rule) in [
        ("org.acme.Engine", "javax.script.AbstractScriptEngine", 20, "java.script-engines"),
        ("org.eclipse.jgit.revwalk.ObjectWalk", walk, 50, "jgit.open-walks"),
        ("com.acme.TenantSync", service, 100, "guava.running-services"),
        ("com.acme.Monitor", monitor, 20, "commons-io.running-monitors"),
    ] {
        assert!(found(class, above, most + 1, rule), "{rule}");
        assert!(!found(class, above, most, rule), "{rule}");
    }
}

/// What is told of one instance of a library's class with a collection of so many in a field: what the verdict says of it, and the advice.
fn told_of(class: &str, field: &str, count: usize) -> (Option<String>, String, String) {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", count, 4000);
    let items: Vec<(Addr, Addr)> = items.iter().map(|&item| (item, item)).collect();
    let items = heap.concurrent_hash_map(&items);
    let object = library_object(&mut heap, class, &[reference(field, items)]);
    held_by_static(&mut heap, "com.acme.App", "KEPT", object);
    let report = judge(heap);
    let first = &report.suspects[0];
    (first.rule.clone(), english(&report.verdict.sentences), english(&first.advice))
}

#[test]
fn what_is_made_for_tests_and_keeps_everything_is_told() {
    let journal = "com.github.tomakehurst.wiremock.store.InMemoryRequestJournalStore";
    let (rule, verdict, advice) = told_of(journal, "serveEvents", 1500);
    assert_eq!(rule.as_deref(), Some("wiremock.request-journal"));
    let expected = "WireMock's request journal keeps 1,500 requests";
    assert!(verdict.starts_with(expected) && verdict.contains("com.acme.App.KEPT"), "{verdict}");
    assert!(advice.contains("maxRequestJournalEntries"), "{advice}");
    assert_eq!(told_of(journal, "serveEvents", 900).0, None);
    let exporter = "io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter";
    let (rule, verdict, advice) = told_of(exporter, "finishedSpanItems", 1500);
    assert_eq!(rule.as_deref(), Some("opentelemetry.in-memory-exporter"));
    assert!(verdict.contains("made for tests keeps 1,500 items"), "{verdict}");
    assert!(advice.contains("BatchSpanProcessor"), "{advice}");
    assert_eq!(told_of(exporter, "finishedSpanItems", 900).0, None);
}

#[test]
fn calls_that_a_mock_has_recorded_are_told() {
    let calls = "org.mockito.internal.verification.DefaultRegisteredInvocations";
    let (rule, verdict, advice) = told_of(calls, "invocations", 6000);
    assert_eq!(rule.as_deref(), Some("mockito.recorded-calls"));
    assert!(verdict.contains("6,000 calls that a Mockito mock has recorded"), "{verdict}");
    assert!(advice.contains("stubOnly()"), "{advice}");
    assert_eq!(told_of(calls, "invocations", 4900).0, None);
}

/// Frames for three clients, two of which do not read.
#[test]
fn frames_for_clients_that_do_not_read_are_a_backlog() {
    let judged = |unsent: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let class = heap.app_class("org.java_websocket.WebSocketImpl").field("outQueue", Kind::Ref).build();
        let buffer = heap.class("java.nio.HeapByteBuffer").field("hb", Kind::Ref).build();
        let connections: Vec<Addr> = [unsent, 3, unsent]
            .map(|count| {
                let frames: Vec<Addr> = (0..count)
                    .map(|_| {
                        let frame = bytes(&mut heap, 1500);
                        heap.instance(buffer, &[Value::Ref(frame)])
                    })
                    .collect();
                let queue = heap.array_list(&frames);
                heap.instance(class, &[Value::Ref(queue)])
            })
            .to_vec();
        // The selector has them as well.
        let attached = heap.array_list(&connections);
        let selector =
            library_object(&mut heap, "org.java_websocket.Selector", &[reference("keys", attached)]);
        heap.thread("selector").field("target", Value::Ref(selector)).build();
        let connections = heap.array_list(&connections);
        held_by_static(&mut heap, "com.acme.Ticker", "CLIENTS", connections);
        judge(heap)
    };
    let report = judged(2000);
    assert!(report.suspects[0].backlog, "{:?}", report.suspects[0]);
    let verdict = english(&report.verdict.sentences);
    assert!(verdict.starts_with("2 WebSocket connections with 1,000 or more frames"), "{verdict}");
    assert_eq!(title(&judged(900), "java-websocket.unsent"), None);
}

/// A cache with so many entries that live for so many milliseconds; they were used a second ago. Nobody takes out what has expired, unless something does.
#[test]
fn entries_that_have_expired_and_that_nobody_takes_out_are_told() {
    const TIME: i64 = 1_795_934_551_000;
    let told = |life: i64, is_pruned: bool| {
        let mut heap = HeapBuilder::hotspot17().created(TIME.unsigned_abs());
        let class = heap.app_class("cn.hutool.cache.impl.CacheObj").field("obj", Kind::Ref);
        let class = class.field("lastAccess", Kind::Long).field("ttl", Kind::Long).build();
        let entries: Vec<(Addr, Addr)> = payload(&mut heap, "com.acme.Rate", 1500, 4000)
            .into_iter()
            .map(|rate| {
                let fields = [Value::Ref(rate), Value::Long(TIME - 1000), Value::Long(life)];
                (rate, heap.instance(class, &fields))
            })
            .collect();
        let entries = heap.hash_map(&entries);
        let job = if is_pruned { bytes(&mut heap, 8) } else { Addr::NULL };
        let fields = [
            reference("cacheMap", entries),
            ("timeout", Kind::Long, Value::Long(life)),
            reference("pruneJobFuture", job),
        ];
        let cache = library_object(&mut heap, "cn.hutool.cache.impl.TimedCache", &fields);
        held_by_static(&mut heap, "com.acme.Rates", "CACHE", cache);
        judge(heap).suspects.remove(0)
    };
    let expired = told(600, false);
    assert_eq!(expired.rule.as_deref(), Some("hutool.timed-cache-never-pruned"));
    assert!(english(&expired.advice).contains("schedulePrune"));
    assert_eq!(told(1_000_000, false).rule, None);
    assert_eq!(told(600, true).rule, None);
    assert_eq!(told(0, false).rule, None, "they never expire");
}

#[test]
fn templates_that_are_keyed_by_their_text_are_told() {
    let told = |key: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let keys = payload(&mut heap, key, 600, 1000);
        let templates = payload(&mut heap, "com.github.jknack.handlebars.internal.TemplateList", 600, 9000);
        let templates = keys.into_iter().zip(templates).collect::<Vec<_>>();
        let templates = heap.concurrent_hash_map(&templates);
        let class = "com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache";
        let cache = library_object(&mut heap, class, &[reference("cache", templates)]);
        held_by_static(&mut heap, "com.acme.Mails", "CACHE", cache);
        judge(heap).suspects.remove(0).rule
    };
    let rule = told("com.github.jknack.handlebars.io.StringTemplateSource");
    assert_eq!(rule.as_deref(), Some("handlebars.unbounded-cache"));
    assert_eq!(told("com.github.jknack.handlebars.io.URLTemplateSource"), None, "as many as there are files");
}

#[test]
fn pages_of_a_report_that_no_virtualizer_puts_away_are_told() {
    let told = |page: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let pages = payload(&mut heap, page, 300, 9000);
        let pages = heap.array_list(&pages);
        let fields = [reference("pages", pages)];
        let print = library_object(&mut heap, "net.sf.jasperreports.engine.JasperPrint", &fields);
        let report = heap.app_class("com.acme.AnnualReport").build();
        heap.thread("exec-1").frame(report, "run", "()V", "AnnualReport.java", 26).local(print).build();
        let first = judge(heap).suspects.remove(0);
        (first.kind, first.rule)
    };
    let (kind, rule) = told("net.sf.jasperreports.engine.base.JRBasePrintPage");
    assert_eq!((kind, rule.as_deref()), (SuspectKind::Load, Some("jasperreports.pages-in-memory")));
    assert_eq!(told("net.sf.jasperreports.engine.base.JRVirtualPrintPage").1, None);
}

#[test]
fn sessions_of_springs_broker_are_told() {
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let package = "org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry";
        let sessions = payload(&mut heap, &format!("{package}$SessionInfo"), count, 800);
        let names: Vec<Addr> = (0..count).map(|at| heap.string(&format!("s{at}"))).collect();
        let map = heap.concurrent_hash_map(&pairs(&names, &sessions));
        let sessions =
            library_object(&mut heap, &format!("{package}$SessionRegistry"), &[reference("sessions", map)]);
        let registry = library_object(&mut heap, package, &[reference("sessionRegistry", sessions)]);
        let broker = one_field(&mut heap, "com.acme.LiveBroker", "registry", registry);
        held_by_static(&mut heap, "com.acme.Live", "BROKER", broker);
        judge(heap)
    };
    let report = judged(5000);
    let told = title(&report, "spring.broker-sessions").unwrap();
    assert!(told.starts_with("Spring's simple broker has subscriptions of 5,000 sessions, "), "{told}");
    assert_eq!(report.suspects[0].rule.as_deref(), Some("spring.broker-sessions"));
    assert_eq!(report.suspects[0].holder.label(), "com.acme.LiveBroker.registry");
    assert!(english(&report.suspects[0].advice).contains("unregisterAllSubscriptions"));
    assert_eq!(title(&judged(4999), "spring.broker-sessions"), None);
}
