//! Rules about what single libraries keep that have nothing more to ask than a number and a few fields: each on a heap that is just enough for it, and
//! on one that lacks one thing.

use crate::known_by_rules::{reference, title};
use crate::{bytes, english, held_by_static, judge, library_object, payload};
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
    assert!(found.starts_with("4 JFreeChart series without a limit have "), "{found}");
    assert!(found.ends_with(" 2,000 items in the largest") && is_advised, "{found}");
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
