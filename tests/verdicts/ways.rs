//! All ways to the objects of a suspect, merged: what is drawn, what is put together, and when nothing is.

use crate::judge;
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::render::text::Language;
use oomph::render::{html, markdown};
use oomph::report::{PathGraph, Report};

/// A class of the application with one static field for each of `lists`: an object with a list of so many orders in a field.
fn orders_in(lists: &[(&str, &str, usize)]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.app_class("com.acme.Order").field("data", Kind::Ref).build();
    let mut keepers: Vec<(String, Addr)> = Vec::new();
    for &(class, field, count) in lists {
        let orders: Vec<Addr> = (0..count)
            .map(|_| {
                let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 512]));
                heap.instance(order, &[Value::Ref(data)])
            })
            .collect();
        let list = heap.array_list(&orders);
        let keeper = heap.app_class(&format!("com.acme.{class}")).field(field, Kind::Ref).build();
        keepers.push((class.to_uppercase(), heap.instance(keeper, &[Value::Ref(list)])));
    }
    let app = heap.app_class("com.acme.App").sticky();
    keepers.iter().fold(app, |app, (name, keeper)| app.static_field(name, Value::Ref(*keeper))).build();
    judge(heap)
}

fn graph(report: &Report) -> Option<&PathGraph> {
    let first = report.suspects.iter().find(|suspect| suspect.class == "com.acme.Order");
    first.expect("orders are what there is so much of").path_graph.as_ref()
}

/// Each edge in words, with how many paths lead over it.
fn edges(graph: &PathGraph) -> Vec<(String, u64)> {
    let name = |node: u32| graph.nodes[node as usize].label.rsplit('.').next().unwrap_or_default();
    let words = graph
        .edges
        .iter()
        .map(|edge| (format!("{} -{}-> {}", name(edge.from), edge.field, name(edge.to)), edge.paths));
    words.collect()
}

#[test]
fn two_holders_are_two_ways_that_part_where_they_part() {
    let report = orders_in(&[("Shop", "orders", 300), ("Audit", "kept", 100)]);
    let graph = graph(&report).unwrap();
    assert_eq!((graph.objects, graph.looked_at), (400, 400));
    let expected = [
        ("GC roots --> App", 400),
        ("App -SHOP-> Shop", 300),
        ("App -AUDIT-> Audit", 100),
        ("Shop -orders.elementData[]-> Order", 300),
        ("Audit -kept.elementData[]-> Order", 100),
    ];
    assert_eq!(edges(graph), expected.map(|(edge, paths)| (edge.to_owned(), paths)));
    let counts: Vec<(u64, u64)> = graph.nodes.iter().map(|node| (node.objects, node.targets)).collect();
    assert_eq!(counts, [(0, 400), (1, 400), (1, 300), (1, 100), (400, 400)]);
}

/// Each lambda is a class of its own with a number; what they have in common is what one can go and change.
#[test]
fn lambdas_that_differ_in_their_number_are_one_box() {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.app_class("com.acme.Order").field("data", Kind::Ref).build();
    let list_of = |heap: &mut HeapBuilder, count: usize| {
        let orders: Vec<Addr> = (0..count)
            .map(|_| {
                let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 512]));
                heap.instance(order, &[Value::Ref(data)])
            })
            .collect();
        heap.array_list(&orders)
    };
    let listeners: Vec<Addr> = (0..6)
        .map(|number| {
            let orders = list_of(&mut heap, 50);
            let name = format!("com.acme.Shop$$Lambda${}+0x00007f667d0{number}0", 40 + number);
            let lambda = heap.app_class(&name).field("arg$1", Kind::Ref).build();
            heap.instance(lambda, &[Value::Ref(orders)])
        })
        .collect();
    let listeners = heap.array_list(&listeners);
    let kept = list_of(&mut heap, 300);
    let mut keeper = |class: &str, field: &str, list: Addr| {
        let keeper = heap.app_class(class).field(field, Kind::Ref).build();
        Value::Ref(heap.instance(keeper, &[Value::Ref(list)]))
    };
    let (shop, audit) =
        (keeper("com.acme.Shop", "listeners", listeners), keeper("com.acme.Audit", "kept", kept));
    let app = heap.app_class("com.acme.App").sticky();
    app.static_field("SHOP", shop).static_field("AUDIT", audit).build();
    let report = judge(heap);
    let graph = graph(&report).unwrap();
    let lambda = graph.nodes.iter().find(|node| node.label.contains("Lambda")).unwrap();
    assert_eq!((&*lambda.label, lambda.objects, lambda.targets), ("com.acme.Shop$$Lambda", 6, 300));
    assert_eq!(graph.nodes.iter().filter(|node| node.label.contains("Lambda")).count(), 1, "{graph:?}");
}

/// A list of all orders and one of those that are late, in two fields of one object.
#[test]
fn two_fields_of_one_object_are_two_ways() {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.app_class("com.acme.Order").field("data", Kind::Ref).build();
    let mut list_of = |count: usize| {
        let orders: Vec<Addr> = (0..count)
            .map(|_| {
                let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 512]));
                heap.instance(order, &[Value::Ref(data)])
            })
            .collect();
        heap.array_list(&orders)
    };
    let (all, late) = (list_of(400), list_of(100));
    let shop = heap.app_class("com.acme.Shop").field("all", Kind::Ref).field("late", Kind::Ref).build();
    let shop = heap.instance(shop, &[Value::Ref(all), Value::Ref(late)]);
    heap.app_class("com.acme.App").static_field("SHOP", Value::Ref(shop)).sticky().build();
    let report = judge(heap);
    let expected = [
        ("GC roots --> App", 500),
        ("App -SHOP-> Shop", 500),
        ("Shop -all.elementData[]-> Order", 400),
        ("Shop -late.elementData[]-> Order", 100),
    ];
    assert_eq!(edges(graph(&report).unwrap()), expected.map(|(edge, paths)| (edge.to_owned(), paths)));
    let page = html::render(&report, &html::HtmlOptions::default());
    let figure = page.split("<figure class=paths").nth(1).unwrap().split("</svg>").next().unwrap();
    assert_eq!(figure.matches("<path ").count(), 4, "a line for each: {figure}");
    for field in ["all.elementData[]", "late.elementData[]"] {
        assert!(figure.contains(field), "{field} stands on its line: {figure}");
    }
    let text = markdown::report(&report, Language::En);
    assert!(text.contains("com.acme.Shop.all.elementData[]  400 · 80%\n"), "{text}");
    assert!(text.contains("com.acme.Shop.late.elementData[]  100 · 20%\n"), "{text}");
}

#[test]
fn what_is_the_same_for_two_suspects_is_drawn_once() {
    let report = orders_in(&[("Shop", "orders", 400), ("Audit", "kept", 390)]);
    let both: Vec<_> = report.suspects.iter().filter(|suspect| suspect.class == "com.acme.Order").collect();
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both[0].path_graph.is_some() && both[0].path_graph_of.is_none());
    assert!(both[1].path_graph.is_none());
    assert_eq!(both[1].path_graph_of, Some(both[0].rank));
    let page = html::render(&report, &html::HtmlOptions::default());
    assert_eq!(page.matches("<figure class=paths").count(), 1);
    assert!(page.contains("href=#suspect-1-paths") && page.contains("id=suspect-1-paths"));
    let same = "The ways to these objects are the same as for suspect 1";
    assert!(page.contains(same) && markdown::report(&report, Language::En).contains(same));
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

#[test]
fn one_way_needs_no_picture_nor_does_one_that_hardly_any_object_leaves() {
    assert_eq!(graph(&orders_in(&[("Shop", "orders", 400)])), None);
    assert_eq!(graph(&orders_in(&[("Shop", "orders", 400), ("Audit", "last", 3)])), None);
}

#[test]
fn what_is_beyond_the_largest_ways_is_one_box() {
    let names: Vec<String> = (0..12).map(|at| format!("Keeper{at}")).collect();
    // The first is large enough to be a suspect by itself.
    let lists: Vec<(&str, &str, usize)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), "kept", if at == 0 { 400 } else { 40 }))
        .collect();
    let report = orders_in(&lists);
    let graph = graph(&report).unwrap();
    let others = graph.nodes.iter().find(|node| node.label == PathGraph::OTHERS).unwrap();
    assert_eq!(others.targets, 4 * 40);
    let last = graph.nodes.len() - 1;
    let into_orders: u64 =
        graph.edges.iter().filter(|edge| edge.to as usize == last).map(|edge| edge.paths).sum();
    assert_eq!(into_orders, 400 + 11 * 40, "every object that was looked at is on one way");
    assert_eq!(graph.nodes.len(), 1 + 1 + 8 + 1 + 1);
}

#[test]
fn of_many_objects_a_sample_is_looked_at_and_says_so_whatever_the_number_of_threads() {
    let lists = [("Shop", "orders", 4000), ("Audit", "kept", 2000)];
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| graph(&orders_in(&lists)).cloned())
    };
    let found = with_threads(1).unwrap();
    assert_eq!(found.objects, 6000);
    assert!((600..3000).contains(&found.looked_at), "{}", found.looked_at);
    let part = found.edges[1].paths as f64 / found.looked_at as f64;
    assert!((0.6..0.74).contains(&part), "two of three orders are the shop's, in the sample {part}");
    assert_eq!(with_threads(4), Some(found));
}

/// 600 clients in one list that two classes hold.
fn two_holders(client: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class(client).field("data", Kind::Ref).build();
    let clients: Vec<Addr> = (0..600)
        .map(|_| {
            let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 2048]));
            heap.instance(class, &[Value::Ref(data)])
        })
        .collect();
    let list = heap.array_list(&clients);
    for (class, field) in [("com.acme.Pool", "OPEN"), ("com.acme.Metrics", "watched")] {
        heap.app_class(class).static_field(field, Value::Ref(list)).sticky().build();
    }
    judge(heap)
}

#[test]
fn each_of_two_holders_of_one_list_is_a_way_to_all_of_it() {
    let report = two_holders("com.acme.Client");
    let graph = report.suspects[0].path_graph.as_ref().unwrap();
    assert_eq!((graph.objects, graph.looked_at), (600, 600));
    let expected = [
        ("GC roots --> Pool", 600),
        ("GC roots --> Metrics", 600),
        ("Pool -OPEN.elementData[]-> Client", 600),
        ("Metrics -watched.elementData[]-> Client", 600),
    ];
    assert_eq!(edges(graph), expected.map(|(edge, paths)| (edge.to_owned(), paths)));
    assert!(graph.nodes.iter().all(|node| node.targets == 600), "nobody counts twice: {graph:?}");
    let text = markdown::report(&report, Language::En);
    assert!(text.contains("\ncom.acme.Pool.OPEN.elementData[]  600 · 100%\n"), "{text}");
}

#[test]
fn hostile_names_stay_names_in_the_drawing() {
    let report = two_holders("com.acme.<script>alert(1)</script>&\u{202E}");
    let page = html::render(&report, &html::HtmlOptions::default());
    let figure = page.split("<figure class=paths").nth(1).unwrap().split("</figure>").next().unwrap();
    assert!(figure.contains("&lt;script&gt;"), "{figure}");
    assert!(!figure.contains("<script") && !figure.contains('\u{202E}'), "{figure}");
}

/// What two threads hold is told by thread and frame.
#[test]
fn what_a_stack_holds_leads_by_the_thread_and_its_frame() {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.app_class("com.acme.Order").field("data", Kind::Ref).build();
    let export = heap.app_class("com.acme.Export").sticky().build();
    let mut lists: Vec<Addr> = Vec::new();
    for count in [400, 100] {
        let orders: Vec<Addr> = (0..count)
            .map(|_| {
                let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 512]));
                heap.instance(order, &[Value::Ref(data)])
            })
            .collect();
        lists.push(heap.array_list(&orders));
    }
    heap.thread("exec-1").frame(export, "write", "()V", "Export.java", 7).local(lists[0]).build();
    heap.app_class("com.acme.App").static_field("LAST", Value::Ref(lists[1])).sticky().build();
    let report = judge(heap);
    let expected = [
        ("GC roots --> Thread", 400),
        ("Thread -<local> com.acme.Export.write(Export.java:7).elementData[]-> Order", 400),
        ("GC roots --> App", 100),
        ("App -LAST.elementData[]-> Order", 100),
    ];
    let mut found = edges(graph(&report).unwrap());
    found.sort_by_key(|&(_, paths)| std::cmp::Reverse(paths));
    assert_eq!(found, expected.map(|(edge, paths)| (edge.to_owned(), paths)));
}
