//! What a rule measures where a running call has the inside of a thing in a variable: what keeps it retains next to nothing then.

use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Report, SuspectKind};

fn reference(name: &str, object: Addr) -> (&str, Kind, Value) {
    (name, Kind::Ref, Value::Ref(object))
}

/// A table of a database in memory, held by a connection of the application's, and a thread that has a page of it in hand: the one with all rows, or an
/// empty one. With `is_shared` a list of the application's has the rows as well.
fn table(has_page: bool, is_shared: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "org.h2.result.DefaultRow", 3000, 400);
    let keys = heap.object_array("java.lang.Object[]", &rows);
    let page = [reference("children", keys), ("totalCount", Kind::Long, Value::Long(3000))];
    let page = library_object(&mut heap, "org.h2.mvstore.Page$NonLeaf", &page);
    let root = library_object(&mut heap, "org.h2.mvstore.RootReference", &[reference("root", page)]);
    let cell = heap.class("java.util.concurrent.atomic.AtomicReference").field("value", Kind::Ref).build();
    let root = heap.instance(cell, &[Value::Ref(root)]);
    let map = library_object(&mut heap, "org.h2.mvstore.MVMap", &[reference("root", root)]);
    let data = library_object(&mut heap, "org.h2.mvstore.tx.TransactionMap", &[reference("map", map)]);
    let index = library_object(&mut heap, "org.h2.mvstore.db.MVPrimaryIndex", &[reference("dataMap", data)]);
    let name = heap.string("AUDIT");
    let database =
        [("persistent", Kind::Boolean, Value::Boolean(false)), reference("databaseShortName", name)];
    let database = library_object(&mut heap, "org.h2.engine.Database", &database);
    let name = heap.string("AUDIT_LOG");
    let table =
        [reference("primaryIndex", index), reference("database", database), reference("objectName", name)];
    let table = library_object(&mut heap, "org.h2.mvstore.db.MVTable", &table);
    let connection = library_object(&mut heap, "org.h2.jdbc.JdbcConnection", &[reference("table", table)]);
    held_by_static(&mut heap, "com.acme.Orders", "db", connection);
    if is_shared {
        let rows = heap.array_list(&rows);
        held_by_static(&mut heap, "com.acme.Cache", "ROWS", rows);
    }
    let empty = bytes(&mut heap, 16);
    let orders = heap.app_class("com.acme.Handler").build();
    let thread = heap.thread("orders-5").frame(orders, "order", "()V", "Handler.java", 8);
    thread.local(if has_page { page } else { empty }).build();
    judge(heap)
}

#[test]
fn a_rule_counts_what_a_call_has_in_hand_of_what_it_knows() {
    for has_page in [true, false] {
        let report = table(has_page, false);
        let finding = report.findings.iter().find(|finding| finding.id == "h2.in-memory-table");
        assert!(finding.is_some_and(|found| found.bytes >= 3000 * 400), "{has_page}: {finding:?}");
        let told = english(&report.verdict.sentences);
        assert!(told.contains("AUDIT_LOG of an H2 database in memory"), "{has_page}: {told}");
    }
    // What others hold as well is not the table's.
    let report = table(true, true);
    assert!(report.findings.iter().all(|finding| finding.id != "h2.in-memory-table"));
}

/// A document in the hands of a call, which has its pages in another variable, or in which there are none of the pages that it has there.
fn document(has_pages: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let pages = payload(&mut heap, "org.apache.pdfbox.cos.COSDictionary", 600, 4096);
    let pages = heap.array_list(&pages);
    let inner = if has_pages { pages } else { heap.array_list(&[]) };
    let inner = library_object(&mut heap, "org.apache.pdfbox.cos.COSDocument", &[reference("pool", inner)]);
    let outer =
        library_object(&mut heap, "org.apache.pdfbox.pdmodel.PDDocument", &[reference("document", inner)]);
    let app = heap.app_class("com.acme.Statement").build();
    let thread = heap.thread("stmt-4").frame(app, "render", "()V", "Statement.java", 7);
    thread.local(outer).local(pages).build();
    judge(heap)
}

#[test]
fn a_rule_counts_what_the_same_call_has_in_another_variable() {
    let report = document(true);
    let found = report.findings.iter().find(|finding| finding.id == "pdfbox.large-document");
    assert!(found.is_some_and(|found| found.bytes >= 600 * 4096), "{found:?}");
    assert_eq!(report.suspects[0].kind, SuspectKind::Load);
    assert!(document(false).findings.iter().all(|finding| finding.id != "pdfbox.large-document"));
}

/// What is found of a document in the hands of a call, where another variable leads to each of so many pages by itself: none of them is large.
fn pages_of(has_pages: bool) -> Option<u64> {
    let mut heap = HeapBuilder::hotspot17();
    let pages = payload(&mut heap, "org.apache.pdfbox.cos.COSStream", 600, 4096);
    let (mine, tree) = (heap.array_list(&pages), heap.array_list(if has_pages { &pages } else { &[] }));
    let inner =
        library_object(&mut heap, "org.apache.pdfbox.cos.COSDocument", &[reference("pool", Addr::NULL)]);
    let outer = [reference("document", inner), reference("documentCatalog", tree)];
    let outer = library_object(&mut heap, "org.apache.pdfbox.pdmodel.PDDocument", &outer);
    let app = heap.app_class("com.acme.Statement").build();
    let thread = heap.thread("stmt-4").frame(app, "render", "()V", "Statement.java", 7);
    thread.local(outer).local(mine).build();
    let report = judge(heap);
    let mut found = report.findings.iter().filter(|finding| finding.id == "pdfbox.large-document-in-hand");
    found.next().map(|found| found.bytes)
}

#[test]
fn a_document_is_told_whose_pages_are_all_in_another_variable() {
    assert!(pages_of(true).is_some_and(|bytes| bytes >= 600 * 4096));
    assert_eq!(pages_of(false), None);
}
