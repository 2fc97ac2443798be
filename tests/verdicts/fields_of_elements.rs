//! A field that each of many objects has holds none of what they have together: whoever has these objects does.

use crate::{english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, SuspectKind};

/// A class of a library with these fields.
fn of_library(heap: &mut HeapBuilder, class: &str, fields: &[&str]) -> ClassRef {
    let loader = heap.app_class_loader();
    let made = heap.class(class).loader(loader);
    fields.iter().fold(made, |made, field| made.field(field, Kind::Ref)).build()
}

fn title(report: &Report) -> String {
    Language::En.text(&report.suspects[0].title)
}

/// All who hold the first suspect.
fn holders(report: &Report) -> Vec<String> {
    let mut all: Vec<String> = report.suspects[0].holders.iter().map(|share| share.holder.label()).collect();
    all.sort();
    all
}

/// A session of a library that has entities in a map and, with a copy of their fields, in an array. A running call may have the array in hand, so that
/// nothing retains the entities nor their texts.
fn session(in_hand: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let article =
        heap.app_class("com.acme.Article").field("name", Kind::Ref).field("text", Kind::Ref).build();
    let entry = of_library(&mut heap, "org.hibernate.engine.Entry", &["entity", "loadedState"]);
    let (mut entries, mut by_key) = (Vec::new(), Vec::new());
    for at in 0..1500 {
        let texts = [heap.string(&format!("{at:0>300}")), heap.string(&format!("{at:0>900}"))];
        let entity = heap.instance(article, &texts.map(Value::Ref));
        let state = heap.object_array("java.lang.Object[]", &texts);
        entries.push(heap.instance(entry, &[Value::Ref(entity), Value::Ref(state)]));
        by_key.push((heap.boxed_int(1000 + at), entity));
    }
    let entries = heap.object_array("org.hibernate.engine.Entry[]", &entries);
    let by_key = heap.hash_map(&by_key);
    let fields =
        [("entries", Kind::Ref, Value::Ref(entries)), ("entitiesByKey", Kind::Ref, Value::Ref(by_key))];
    let session = library_object(&mut heap, "org.hibernate.internal.SessionImpl", &fields);
    let import = one_field(&mut heap, "com.acme.Import", "session", session);
    held_by_static(&mut heap, "com.acme.Import", "RUNNING", import);
    if in_hand {
        let flush = of_library(&mut heap, "org.hibernate.event.FlushListener", &[]);
        let thread = heap.thread("import-loop").frame(flush, "flushEntities", "()V", "FlushListener.java", 9);
        thread.local(entries).build();
    }
    judge(heap)
}

#[test]
fn texts_of_entities_are_held_by_whoever_has_the_session() {
    for in_hand in [false, true] {
        let report = session(in_hand);
        let first = &report.suspects[0];
        assert_eq!(
            (first.kind, first.holder.label().as_str()),
            (SuspectKind::Leak, "com.acme.Import.session"),
            "{in_hand}"
        );
        assert!(first.retained_bytes > 1500 * 1200, "{}", first.retained_bytes);
        let named = holders(&report);
        assert!(!named.iter().any(|holder| holder.contains("Article")), "{named:?}");
        assert_eq!(report.suspects.len(), 1, "{in_hand}");
    }
}

/// An event loop of a library with a task for each player, by which the table of handlers of another part of that library is reached, too.
#[test]
fn what_two_lambdas_have_captured_for_each_is_held_by_what_keeps_the_lambdas() {
    let mut heap = HeapBuilder::hotspot17();
    let players = payload(&mut heap, "com.acme.Player", 1200, 900);
    let task = of_library(&mut heap, "io.netty.util.Task", &["action", "core"]);
    let handler = of_library(&mut heap, "io.vertx.core.Handler", &["callback"]);
    let ping = heap.app_class("com.acme.Room$$Lambda$7").field("arg$1", Kind::Ref).build();
    let receive = heap.app_class("com.acme.Room$$Lambda$8").field("arg$1", Kind::Ref).build();
    let mut handlers = Vec::new();
    for &player in &players {
        let callback = heap.instance(receive, &[Value::Ref(player)]);
        let handler = heap.instance(handler, &[Value::Ref(callback)]);
        handlers.push((heap.string(&format!("player {}", handlers.len())), handler));
    }
    let handlers = heap.concurrent_hash_map(&handlers);
    let bus =
        library_object(&mut heap, "io.vertx.core.EventBus", &[("handlers", Kind::Ref, Value::Ref(handlers))]);
    let core = library_object(&mut heap, "io.vertx.core.Core", &[("bus", Kind::Ref, Value::Ref(bus))]);
    let tasks: Vec<Addr> = players
        .iter()
        .map(|&player| {
            let action = heap.instance(ping, &[Value::Ref(player)]);
            heap.instance(task, &[Value::Ref(action), Value::Ref(core)])
        })
        .collect();
    let tasks = heap.object_array("io.netty.util.Task[]", &tasks);
    let event_loop =
        library_object(&mut heap, "io.netty.util.EventLoop", &[("tasks", Kind::Ref, Value::Ref(tasks))]);
    heap.thread("event-loop-0").field("target", Value::Ref(event_loop)).build();
    heap.thread("blocked-checker").field("target", Value::Ref(core)).build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Player", 1200));
    assert_eq!(holders(&report), ["io.netty.util.EventLoop.tasks", "io.vertx.core.EventBus.handlers"]);
    assert!(!title(&report).contains("captured"), "{}", title(&report));
    assert_eq!(first.path.last().map(|step| step.class.as_str()), Some("com.acme.Player"));
    let told = english(&first.activity);
    assert!(told.contains("Each is in a variable that a lambda of com.acme.Room has captured."), "{told}");
    let others: Vec<String> = report.suspects.iter().map(|suspect| suspect.holder.label()).collect();
    assert!(!others.iter().any(|holder| holder.contains("arg$")), "{others:?}");
}

/// The table of handlers of a library's bus that each of many tasks of its loop leads to is the bus's, not that of all tasks.
#[test]
fn a_field_that_many_tasks_lead_to_belongs_to_none_of_them() {
    let mut heap = HeapBuilder::hotspot17();
    let handlers: Vec<(Addr, Addr)> = payload(&mut heap, "com.acme.Session", 1200, 900)
        .into_iter()
        .map(|session| (heap.string("session"), session))
        .collect();
    let handlers = heap.concurrent_hash_map(&handlers);
    let fields = [("handlers", Kind::Ref, Value::Ref(handlers))];
    let bus = library_object(&mut heap, "io.vertx.core.EventBus", &fields);
    let task = of_library(&mut heap, "io.netty.util.Task", &["bus"]);
    let tasks: Vec<Addr> = (0..100).map(|_| heap.instance(task, &[Value::Ref(bus)])).collect();
    let tasks = heap.object_array("io.netty.util.Task[]", &tasks);
    let fields = [("tasks", Kind::Ref, Value::Ref(tasks))];
    let event_loop = library_object(&mut heap, "io.netty.util.EventLoop", &fields);
    heap.thread("event-loop-0").field("target", Value::Ref(event_loop)).build();
    let report = judge(heap);
    assert_eq!(report.suspects[0].holder.label(), "io.vertx.core.EventBus.handlers");
}

/// Users that their sessions and the entries of a log refer to, each to one.
#[test]
fn what_two_kinds_of_objects_refer_to_is_held_by_the_lists_of_these() {
    let mut heap = HeapBuilder::hotspot17();
    let users = payload(&mut heap, "com.acme.User", 1200, 900);
    for (class, owner, field) in [
        ("com.acme.Session", "com.acme.Sessions", "open"),
        ("com.acme.Entry", "com.acme.AuditLog", "entries"),
    ] {
        let class = heap.app_class(class).field("user", Kind::Ref).build();
        let all: Vec<Addr> = users.iter().map(|&user| heap.instance(class, &[Value::Ref(user)])).collect();
        let all = heap.array_list(&all);
        let owner_object = one_field(&mut heap, owner, field, all);
        held_by_static(&mut heap, &format!("{owner}s"), "ONLY", owner_object);
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.User", 1200));
    assert_eq!(holders(&report), ["com.acme.AuditLog.entries", "com.acme.Sessions.open"]);
    assert!(first.together_bytes > 1200 * 900, "{}", first.together_bytes);
}

/// Orders with a few lines each, all of which are in an index as well.
#[test]
fn a_list_of_a_few_in_each_of_many_holds_no_more_than_a_field() {
    let mut heap = HeapBuilder::hotspot17();
    let lines = payload(&mut heap, "com.acme.Line", 2400, 500);
    let order = heap.app_class("com.acme.Order").field("lines", Kind::Ref).build();
    let orders: Vec<Addr> = lines
        .chunks(3)
        .map(|lines| {
            let lines = heap.array_list(lines);
            heap.instance(order, &[Value::Ref(lines)])
        })
        .collect();
    let orders = heap.array_list(&orders);
    let book = one_field(&mut heap, "com.acme.OrderBook", "orders", orders);
    held_by_static(&mut heap, "com.acme.Main", "BOOK", book);
    let index: Vec<(Addr, Addr)> =
        lines.iter().zip(1000..).map(|(&line, code)| (heap.boxed_int(code), line)).collect();
    let index = heap.hash_map(&index);
    let index = one_field(&mut heap, "com.acme.Index", "byCode", index);
    held_by_static(&mut heap, "com.acme.Main2", "INDEX", index);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Line", 2400));
    assert_eq!(holders(&report), ["com.acme.Index.byCode", "com.acme.OrderBook.orders"]);
}

/// A few large lists, one in each of some channels: the field of the channel is what somebody can go and bound.
#[test]
fn the_field_of_a_few_that_have_many_each_stays_the_holder() {
    let mut heap = HeapBuilder::hotspot17();
    let lines = payload(&mut heap, "com.acme.Line", 4000, 300);
    let channel = heap.app_class("com.acme.Channel").field("history", Kind::Ref).build();
    let channels: Vec<Addr> = lines
        .chunks(200)
        .map(|lines| {
            let lines = heap.array_list(lines);
            heap.instance(channel, &[Value::Ref(lines)])
        })
        .collect();
    let channels = heap.array_list(&channels);
    let server = one_field(&mut heap, "com.acme.Server", "channels", channels);
    held_by_static(&mut heap, "com.acme.Main", "SERVER", server);
    let all = heap.array_list(&lines);
    let log = one_field(&mut heap, "com.acme.Log", "lines", all);
    held_by_static(&mut heap, "com.acme.Main2", "LOG", log);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Line", 4000));
    assert!(["com.acme.Channel.history", "com.acme.Log.lines"].contains(&first.holder.label().as_str()));
    assert!(!holders(&report).contains(&"com.acme.Server.channels".to_owned()));
}

/// Price tags in a map, each with a cell of a library's that leads to the page it stands on, or with a map of its own.
fn tags(has_map: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let page = of_library(&mut heap, "org.htmlunit.html.Page", &["data"]);
    let cell = of_library(&mut heap, "org.htmlunit.html.Cell", &["page_"]);
    let tag =
        heap.app_class("com.acme.PriceTag").field("product", Kind::Ref).field("cell", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..40)
        .map(|number| {
            let texts: Vec<Addr> = (0..40).map(|at| heap.string(&format!("{at:0>900}"))).collect();
            let (product, texts) = (heap.string(&format!("p{number}")), heap.array_list(&texts));
            let page = heap.instance(page, &[Value::Ref(texts)]);
            let cell = if has_map {
                let entry = (heap.string("page"), page);
                let more: Vec<(Addr, Addr)> =
                    (0..40).map(|at| (heap.boxed_int(at), heap.string(&format!("{at:0>900}")))).collect();
                heap.hash_map(&[&[entry], &more[..]].concat())
            } else {
                heap.instance(cell, &[Value::Ref(page)])
            };
            (product, heap.instance(tag, &[Value::Ref(product), Value::Ref(cell)]))
        })
        .collect();
    let map = heap.concurrent_hash_map(&entries);
    let book = one_field(&mut heap, "com.acme.PriceBook", "current", map);
    held_by_static(&mut heap, "com.acme.Shop", "BOOK", book);
    judge(heap)
}

/// Each is larger than what is looked at by itself, and yet they are many.
#[test]
fn what_one_field_of_each_large_element_leads_to_is_held_by_their_collection() {
    let report = tags(false);
    assert_eq!(title(&report), "40 PriceTag held by com.acme.PriceBook.current");
    assert_eq!(report.suspects.len(), 1);
    let told = english(&report.suspects[0].activity);
    let expected = "of each PriceTag is what its field cell leads to (Cell → Page): if a text or a number of that is all that is needed, \
                    keep that instead.";
    assert!(told.contains(expected), "{told}");
}

/// It is the map of each that grows.
#[test]
fn a_map_in_a_field_of_each_large_element_has_what_is_in_it() {
    let report = tags(true);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.PriceTag.cell");
    assert!(!english(&report.suspects[0].activity).contains("leads to"));
}
