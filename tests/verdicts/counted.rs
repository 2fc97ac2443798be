//! Verdicts that say how many there are: of documents and not of their nodes, of values and not of their keys, of what an index is about.

use crate::{bytes, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::Report;

fn title(report: &Report) -> String {
    Language::En.text(&report.suspects[0].title)
}

#[test]
fn keys_of_the_class_of_their_values_are_not_counted() {
    let mut heap = HeapBuilder::hotspot17();
    let text = "a long page of text ".repeat(100);
    let entries: Vec<(Addr, Addr)> = (0..1000)
        .map(|number| (heap.string(&format!("page {number}")), heap.string(&format!("{number} {text}"))))
        .collect();
    let pages = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Site", "PAGES", pages);
    assert_eq!(title(&judge(heap)), "1,000 String held by com.acme.Site.PAGES");
}

#[test]
fn documents_are_counted_and_not_the_nodes_in_them() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let node = heap.class("com.fasterxml.jackson.databind.node.ObjectNode").loader(loader);
    let node = node.field("_children", Kind::Ref).build();
    let documents: Vec<Addr> = (0..1000)
        .map(|_| {
            let inner: Vec<Addr> = (0..7)
                .map(|_| {
                    let data = bytes(&mut heap, 500);
                    heap.instance(node, &[Value::Ref(data)])
                })
                .collect();
            let inner = heap.array_list(&inner);
            heap.instance(node, &[Value::Ref(inner)])
        })
        .collect();
    // By product, so that no collection has them all.
    let products: Vec<Addr> = documents.chunks(10).map(|some| heap.array_list(some)).collect();
    let products = heap.array_list(&products);
    held_by_static(&mut heap, "com.acme.Versions", "ALL", products);
    let report = judge(heap);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("jackson.trees"));
    assert_eq!(title(&report), "1,000 ObjectNode held by com.acme.Versions.ALL");
}

/// What three indexes of a store share none of them retains.
#[test]
fn a_store_of_a_library_is_told_with_what_it_is_full_of() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let mut triple = heap.class("org.apache.jena.graph.Triple").loader(loader);
    for number in 0..8 {
        triple = triple.field(&format!("part{number}"), Kind::Long);
    }
    let triple = triple.build();
    let triples: Vec<Addr> = (0..20_000).map(|_| heap.instance_with(triple, &[])).collect();
    let indexes: Vec<Addr> =
        (0..3).map(|_| heap.object_array("org.apache.jena.graph.Triple[]", &triples)).collect();
    let fields = [
        ("subjects", Kind::Ref, Value::Ref(indexes[0])),
        ("predicates", Kind::Ref, Value::Ref(indexes[1])),
        ("objects", Kind::Ref, Value::Ref(indexes[2])),
    ];
    let store = library_object(&mut heap, "org.apache.jena.mem.GraphMem", &fields);
    let model = library_object(
        &mut heap,
        "org.apache.jena.rdf.model.impl.ModelCom",
        &[("graph", Kind::Ref, Value::Ref(store))],
    );
    held_by_static(&mut heap, "com.acme.Provenance", "MODEL", model);
    let report = judge(heap);
    assert_eq!(title(&report), "One ModelCom with 20,000 Triple held by com.acme.Provenance.MODEL");
}

/// An index has a set for each article, which the articles themselves are not retained by.
#[test]
fn what_an_index_is_about_is_told_and_not_its_own_sets() {
    let mut heap = HeapBuilder::hotspot17();
    let articles = payload(&mut heap, "com.acme.Article", 5000, 200);
    let entries: Vec<(Addr, Addr)> = (1000..)
        .zip(&articles)
        .map(|(number, &article)| {
            let set = heap.array_list(&[article]);
            let results = library_object(
                &mut heap,
                "com.googlecode.cqengine.resultset.StoredSetBasedResultSet",
                &[("backingSet", Kind::Ref, Value::Ref(set))],
            );
            (heap.boxed_int(number), results)
        })
        .collect();
    let index = heap.hash_map(&entries);
    let all = heap.array_list(&articles);
    let fields = [("index", Kind::Ref, Value::Ref(index)), ("all", Kind::Ref, Value::Ref(all))];
    let engine = library_object(&mut heap, "com.googlecode.cqengine.ConcurrentIndexedCollection", &fields);
    held_by_static(&mut heap, "com.acme.Index", "ARTICLES", engine);
    let told = title(&judge(heap));
    assert!(told.contains("5,000 Article"), "{told}");
}
