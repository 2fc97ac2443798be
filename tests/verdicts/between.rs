//! Titles of which number, class and size belong together, and that name what somebody has put there.

use crate::{bytes, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::render::text::Language;
use oomph::report::{Report, SuspectKind};

fn title(report: &Report) -> String {
    Language::En.text(&report.suspects[0].title)
}

/// What it is made of says the same number of a class as the title.
fn made_of(report: &Report, class: &str) -> u64 {
    let all = &report.suspects[0].composition;
    all.iter().find(|share| share.class == class).map_or(0, |share| share.instances)
}

/// Indexes with pages of so many marks each, in a map by topic.
fn pages(sizes: &[usize]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let mark = heap.app_class("com.acme.Mark").field("id", Kind::Ref).build();
    let page = heap.app_class("com.acme.Page").field("keys", Kind::Ref).field("marks", Kind::Ref);
    let page = page.field("right", Kind::Ref).build();
    let index = heap.app_class("com.acme.Index").field("pages", Kind::Ref).build();
    // The last page of each leads to one that is none of them.
    let none = heap.instance(page, &[Value::NULL, Value::NULL, Value::NULL]);
    held_by_static(&mut heap, "com.acme.Pages", "NONE", none);
    let mut entries = Vec::new();
    for (topic, &size) in sizes.iter().enumerate() {
        let mut right = none;
        let mut pages: Vec<Addr> = Vec::new();
        for _ in 0..size / 16 {
            let marks: Vec<Addr> = (0..16)
                .map(|_| {
                    let id = bytes(&mut heap, 60);
                    heap.instance(mark, &[Value::Ref(id)])
                })
                .chain([Addr::NULL; 16])
                .collect();
            let marks = heap.object_array("com.acme.Mark[]", &marks);
            let keys = heap.primitive_array(PrimitiveArray::zeros(Kind::Long, 32));
            right = heap.instance(page, &[Value::Ref(keys), Value::Ref(marks), Value::Ref(right)]);
            pages.push(right);
        }
        let pages = heap.object_array("com.acme.Page[]", &pages);
        let index = heap.instance(index, &[Value::Ref(pages)]);
        entries.push((heap.string(&format!("topic {topic}")), index));
    }
    let guards = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Dedupe", "GUARDS", guards);
    judge(heap)
}

#[test]
fn the_marks_in_all_indexes_are_counted() {
    for sizes in [&[16_000, 2_000, 2_000][..], &[8_000, 8_000], &[20_000]] {
        let report = pages(sizes);
        let all = made_of(&report, "com.acme.Mark");
        let words = format!("{} Mark held by", oomph::render::text::count(all));
        assert!(title(&report).starts_with(&words), "{sizes:?}: {} of {all}", title(&report));
    }
}

/// How the links of a topology are had.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Mesh {
    /// Each by both of its ends, routers with a name.
    Named,
    /// Each by both of its ends, which have nothing else.
    Bare,
}

/// Routers in a list, each with an array of links.
fn topology(mesh: Mesh) -> Report {
    const ROUTERS: usize = 2_000;
    let mut heap = HeapBuilder::hotspot17();
    let router = heap.app_class("com.acme.Router").field("nextInBook", Kind::Ref);
    let router = router.field("links", Kind::Ref).field("name", Kind::Ref).build();
    let link = heap.app_class("com.acme.Link").field("state", Kind::Ref).build();
    let links: Vec<Addr> = (0..2 * ROUTERS)
        .map(|_| {
            let state = bytes(&mut heap, 48);
            heap.instance(link, &[Value::Ref(state)])
        })
        .collect();
    let (mut next, mut routers) = (Addr::NULL, Vec::new());
    for number in 0..ROUTERS {
        let own = [0, 1, ROUTERS, ROUTERS + 1];
        let own: Vec<Addr> = own.iter().map(|at| links[(2 * number + at) % links.len()]).collect();
        let own = heap.object_array("com.acme.Link[]", &own);
        let name = match mesh {
            Mesh::Named => heap.string(&format!("router {number}")),
            Mesh::Bare => Addr::NULL,
        };
        next = heap.instance(router, &[Value::Ref(next), Value::Ref(own), Value::Ref(name)]);
        routers.push(next);
    }
    let book = heap.app_class("com.acme.Book").field("first", Kind::Ref).field("recent", Kind::Ref).build();
    let recent = heap.object_array("com.acme.Router[]", &routers);
    let book = heap.instance(book, &[Value::Ref(next), Value::Ref(recent)]);
    held_by_static(&mut heap, "com.acme.Topology", "BOOK", book);
    judge(heap)
}

#[test]
fn what_shares_its_parts_is_told_with_them() {
    let report = topology(Mesh::Named);
    assert_eq!(title(&report), "2,000 Router with 4,000 Link held by com.acme.Topology.BOOK");
    let bare = title(&topology(Mesh::Bare));
    assert!(bare.starts_with("4,000 Link held by"), "a piece of a structure: {bare}");
}

/// Tables in a chain, each with a list of cells by the first of these.
#[test]
fn tables_are_told_with_their_cells() {
    let mut heap = HeapBuilder::hotspot17();
    let cell = heap.app_class("com.acme.Cell").field("next", Kind::Ref).field("value", Kind::Ref).build();
    let table = heap.app_class("com.acme.MemTable").field("older", Kind::Ref).field("top", Kind::Ref).build();
    let mut older = Addr::NULL;
    for _ in 0..200 {
        let mut top = Addr::NULL;
        for _ in 0..100 {
            let value = bytes(&mut heap, 80);
            top = heap.instance(cell, &[Value::Ref(top), Value::Ref(value)]);
        }
        older = heap.instance(table, &[Value::Ref(older), Value::Ref(top)]);
    }
    held_by_static(&mut heap, "com.acme.Store", "FROZEN", older);
    let report = judge(heap);
    assert_eq!(title(&report), "200 MemTable with 20,000 Cell held by com.acme.Store.FROZEN");
}

/// So many pacers with a list of samples each, and something else that has so many bytes.
fn pacers(count: usize, samples: usize, other: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let sample = heap.app_class("com.acme.Sample").field("data", Kind::Ref).build();
    let pacer = heap.app_class("com.acme.Pacer").field("samples", Kind::Ref).field("plan", Kind::Ref).build();
    let pacers: Vec<Addr> = (0..count)
        .map(|_| {
            let samples: Vec<Addr> = (0..samples)
                .map(|_| {
                    let data = bytes(&mut heap, 40);
                    heap.instance(sample, &[Value::Ref(data)])
                })
                .collect();
            let samples = heap.array_list(&samples);
            let plan = bytes(&mut heap, other);
            heap.instance(pacer, &[Value::Ref(samples), Value::Ref(plan)])
        })
        .collect();
    let pacers = heap.object_array("com.acme.Pacer[]", &pacers);
    held_by_static(&mut heap, "com.acme.Ads", "PACERS", pacers);
    judge(heap)
}

#[test]
fn what_each_has_so_many_of_is_in_the_title() {
    assert_eq!(title(&pacers(120, 200, 0)), "120 Pacer with 24,000 Sample held by com.acme.Ads.PACERS");
    for (samples, other, why) in [(10, 0, "few in each"), (200, 60_000, "most of it is something else")] {
        assert_eq!(title(&pacers(120, samples, other)), "120 Pacer held by com.acme.Ads.PACERS", "{why}");
    }
}

/// A job that a call is at work with, with labels and so many measures of each of four kinds.
fn job(measures: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let labels: Vec<Addr> = (0..5_000)
        .map(|number| {
            let texts = [heap.string(&format!("label {number}")), heap.string("x")];
            heap.object_array("java.lang.String[]", &texts)
        })
        .collect();
    let labels = heap.array_list(&labels);
    let measures: Vec<Addr> =
        (0..4).map(|_| heap.primitive_array(PrimitiveArray::zeros(Kind::Double, measures))).collect();
    let measures = heap.object_array("double[][]", &measures);
    let cube =
        heap.app_class("com.acme.Cube").field("labels", Kind::Ref).field("measures", Kind::Ref).build();
    let cube = heap.instance(cube, &[Value::Ref(labels), Value::Ref(measures)]);
    let class = heap.app_class("com.acme.Job").field("cube", Kind::Ref).build();
    let job = heap.instance(class, &[Value::Ref(cube)]);
    let name = heap.string("yearly");
    let running = heap.hash_map(&[(name, job)]);
    held_by_static(&mut heap, "com.acme.Board", "RUNNING", running);
    let future = heap.class("java.util.concurrent.FutureTask").build();
    let thread = heap.thread("report-1").frame(class, "rank", "()V", "Job.java", 14).local(job);
    let thread = thread.frame(class, "call", "()V", "Job.java", 10).local(job);
    thread.frame(future, "run", "()V", "FutureTask.java", 264).build();
    judge(heap)
}

#[test]
fn what_is_less_than_half_of_it_is_told_to_be_in_something() {
    let report = job(40_000);
    assert_eq!(report.suspects[0].kind, SuspectKind::Load);
    assert!(title(&report).starts_with("One Job with 5,000 String[] held by"), "{}", title(&report));
    let on_path: Vec<_> = report.suspects[0].path.iter().filter_map(|step| step.field.as_deref()).collect();
    assert!(on_path.contains(&"cube"), "what has most of the job: {on_path:?}");
    let report = job(10);
    assert!(title(&report).starts_with("5,000 String[] held by"), "{}", title(&report));
}

/// A graph of a library's of 1,000 modules, each of which uses so many others.
fn graph(uses: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let modules = payload(&mut heap, "com.acme.Module", 1_000, 200);
    let loader = heap.app_class_loader();
    let edge = heap.class("org.jgrapht.graph.DefaultEdge").loader(loader);
    let edge = edge.field("source", Kind::Ref).field("target", Kind::Ref).build();
    let edge = heap.app_class("com.acme.Uses").extends(edge).build();
    let edges: Vec<Addr> = (0..1_000 * uses)
        .map(|at| {
            let (source, target) = (modules[at % 1_000], modules[(at * 7 + 1) % 1_000]);
            heap.instance_with(edge, &[("source", Value::Ref(source)), ("target", Value::Ref(target))])
        })
        .collect();
    let (edges, modules) = (heap.array_list(&edges), heap.array_list(&modules));
    let fields = [("edges", Kind::Ref, Value::Ref(edges)), ("vertices", Kind::Ref, Value::Ref(modules))];
    let graph = library_object(&mut heap, "org.jgrapht.graph.DefaultDirectedGraph", &fields);
    held_by_static(&mut heap, "com.acme.Atlas", "GRAPH", graph);
    judge(heap)
}

#[test]
fn a_graph_is_told_with_its_nodes() {
    let of = |class| format!("One DefaultDirectedGraph with {class} held by com.acme.Atlas.GRAPH");
    assert_eq!(title(&graph(3)), of("1,000 Module"));
    assert_eq!(title(&graph(40)), of("40,000 Uses"), "the edges are what grows");
}
