//! Verdicts that tell over how many threads, objects or keys it is spread what one path leads to.

use crate::thread_locals::with_values;
use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Suspect;

/// What is said beside the title where threads `quote-0`, `quote-1` and so on have so many steps each in a thread-local.
fn in_threads(counts: &[usize], is_shared: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let steps = payload(&mut heap, "com.acme.Step", counts.iter().sum(), 1000);
    let explain = heap.app_class("com.acme.Explain").field("steps", Kind::Ref).build();
    let mut left = &steps[..];
    let values: Vec<Addr> = counts
        .iter()
        .map(|&count| {
            let (own, others) = left.split_at(count);
            left = others;
            let own = heap.array_list(own);
            heap.instance(explain, &[Value::Ref(own)])
        })
        .collect();
    if is_shared {
        // Another field leads to all of them.
        let all = heap.array_list(&values);
        held_by_static(&mut heap, "com.acme.Audit", "ALL", all);
    }
    with_values(&mut heap, ("com.acme.Quotes", "CURRENT"), "quote", &values);
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn threads_with_a_value_of_a_thread_local_are_counted() {
    let said = in_threads(&[300, 500, 300, 400], false);
    let expected = "CURRENT is a ThreadLocal: 4 threads quote-* have a value of their own in it, ";
    assert!(said.starts_with(expected), "{said}");
    assert!(said.contains(" to ") && said.ends_with(" each."), "{said}");
    let said = in_threads(&[400, 400, 400, 400, 0], false);
    assert!(said.contains("4 threads quote-* have a value of their own in it, about "), "empty ones: {said}");
    let said = in_threads(&[1500, 0, 1], false);
    assert!(said.contains("nearly all of it is its value in thread quote-0"), "{said}");
    assert!(!in_threads(&[400, 400, 400], true).contains("ThreadLocal"), "none of them keeps it");
}

/// Documents in a map, each with a chain of revisions of that length, and one with another holder.
fn documents(lengths: &[usize], is_elsewhere: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let revision =
        heap.app_class("com.acme.Revision").field("previous", Kind::Ref).field("delta", Kind::Ref).build();
    let cell = heap.class("java.util.concurrent.atomic.AtomicReference").field("value", Kind::Ref).build();
    let document = heap.app_class("com.acme.Document").field("head", Kind::Ref).build();
    let documents: Vec<Addr> = lengths
        .iter()
        .map(|&length| {
            let head = (0..length).fold(Addr::NULL, |previous, _| {
                let delta = bytes(&mut heap, 400);
                heap.instance(revision, &[Value::Ref(previous), Value::Ref(delta)])
            });
            let head = heap.instance(cell, &[Value::Ref(head)]);
            heap.instance(document, &[Value::Ref(head)])
        })
        .collect();
    let entries: Vec<(Addr, Addr)> = documents
        .iter()
        .zip(0..)
        .skip(usize::from(is_elsewhere))
        .map(|(&document, number)| (heap.boxed_int(number), document))
        .collect();
    let open = heap.concurrent_hash_map(&entries);
    let workspace = heap.app_class("com.acme.Workspace").field("open", Kind::Ref).build();
    let workspace = heap.instance(workspace, &[Value::Ref(open)]);
    held_by_static(&mut heap, "com.acme.Main", "WORKSPACE", workspace);
    if is_elsewhere {
        held_by_static(&mut heap, "com.acme.Draft", "LAST", documents[0]);
    }
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn objects_with_the_field_that_holds_it_are_counted() {
    let said = documents(&[1000, 1200, 1000, 2000, 1500, 1000], false);
    assert!(said.starts_with("It is in 6 Document, "), "{said}");
    assert!(
        said.contains(" to ") && said.contains(" each, all of them in com.acme.Workspace.open."),
        "{said}"
    );
    let said = documents(&[1000, 1000, 1000], true);
    assert!(said.starts_with("It is in 3 Document, about "), "{said}");
    assert!(!said.contains("all of them in"), "one of them is elsewhere: {said}");
    assert!(!documents(&[3000], false).contains("It is in"));
}

/// Corrections in lists under so many keys of a map, so many under each, in a static field.
fn under_keys(keys: i32, each: usize, with_texts: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let count = usize::try_from(keys).unwrap() * each;
    let corrections = payload(&mut heap, "com.acme.Correction", count, 200);
    let mut entries: Vec<(Addr, Addr)> = Vec::new();
    for (number, own) in (0..).zip(corrections.chunks(each)) {
        let mut own = own.to_vec();
        if with_texts {
            own.insert(0, heap.string(&format!("note {number}")));
        }
        let list = heap.array_list(&own);
        entries.push((heap.string(&format!("customer-{number}")), list));
    }
    let map = heap.concurrent_hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Invoices", "PENDING", map);
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn keys_of_a_map_of_lists_are_counted() {
    let said = under_keys(300, 12, false);
    assert!(said.contains("They are under 300 keys (String), at most 12 under one of them."), "{said}");
    assert!(!under_keys(3000, 1, false).contains("They are under"), "a list for each");
    assert!(!under_keys(300, 12, true).contains("They are under"), "what else is in the lists");
}

/// A map of a library whose keys are no objects.
#[test]
fn keys_that_are_numbers_are_counted() {
    let mut heap = HeapBuilder::hotspot17();
    let pings = payload(&mut heap, "com.acme.Ping", 3600, 200);
    let tracks: Vec<Addr> = pings.chunks(12).map(|own| heap.array_list(own)).collect();
    let values = heap.object_array("java.lang.Object[]", &tracks);
    let fields = [("size", Kind::Int, Value::Int(300)), ("values", Kind::Ref, Value::Ref(values))];
    let map = library_object(&mut heap, "org.agrona.collections.Long2ObjectHashMap", &fields);
    held_by_static(&mut heap, "com.acme.Fleet", "TRACKS", map);
    let said = english(&judge(heap).suspects[0].activity);
    assert!(said.contains("They are under 300 keys, at most 12 under one of them."), "{said}");
}

/// Hits in lists of Scala, whose links nobody counts, so many under each of so many keys of a map, in a static field.
fn in_links_under_keys(keys: usize, each: usize) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let link = heap.class("scala.collection.immutable.$colon$colon");
    let link = link.field("head", Kind::Ref).field("next", Kind::Ref).build();
    let hits = payload(&mut heap, "com.acme.Hit", keys * each, 200);
    let entries: Vec<(Addr, Addr)> = hits
        .chunks(each)
        .zip(0..)
        .map(|(own, number)| {
            let add = |next, &hit: &Addr| heap.instance(link, &[Value::Ref(hit), Value::Ref(next)]);
            let list = own.iter().fold(Addr::NULL, add);
            (heap.string(&format!("caller-{number}")), list)
        })
        .collect();
    let map = heap.concurrent_hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Quotas", "HITS", map);
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn entries_of_a_map_are_told_where_the_title_counts_something_else() {
    let said = in_links_under_keys(900, 4);
    assert!(said.contains("The map has 900 entries; their keys are String."), "{said}");
    assert!(!in_links_under_keys(3600, 1).contains("entries"), "the title says it");
    assert!(!under_keys(300, 12, false).contains("entries"), "that is told otherwise");
}

/// Orders in trees, one for each of so many books, which one array has.
fn orders(books: usize, in_each: usize) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.OrderNode").field("left", Kind::Ref).field("right", Kind::Ref);
    let node = node.field("history", Kind::Ref).build();
    let book = heap.app_class("com.acme.OrderBook").field("root", Kind::Ref).build();
    let books: Vec<Addr> = (0..books)
        .map(|_| {
            // Nodes from the leaves up: that at `at` has those at `2 at + 1` and `2 at + 2` below it.
            let mut nodes = vec![Addr::NULL; 2 * in_each + 3];
            for at in (0..in_each).rev() {
                let history = bytes(&mut heap, 200);
                let below = [nodes[2 * at + 1], nodes[2 * at + 2]].map(Value::Ref);
                nodes[at] = heap.instance(node, &[below[0], below[1], Value::Ref(history)]);
            }
            heap.instance(book, &[Value::Ref(nodes[0])])
        })
        .collect();
    let books = heap.object_array("com.acme.OrderBook[]", &books);
    held_by_static(&mut heap, "com.acme.Exchange", "BOOKS", books);
    let first = judge(heap).suspects.remove(0);
    format!("{} {}", first.holder.label(), english(&first.activity))
}

#[test]
fn objects_with_a_tree_each_are_counted() {
    for books in [3, 12] {
        let said = orders(books, 12_000 / books);
        let expected = format!("It is in {books} OrderBook, about ");
        assert!(said.starts_with("com.acme.OrderBook.root") && said.contains(&expected), "{said}");
    }
}

/// Warehouses in an array, each with a chain of reservations; every third reservation has a text that one of the next warehouse has as well, and that something else has, too, if so.
fn warehouses(is_elsewhere: bool) -> (u64, u64, String) {
    let mut heap = HeapBuilder::hotspot17();
    let reservation =
        heap.app_class("com.acme.Reservation").field("next", Kind::Ref).field("basket", Kind::Ref).build();
    let warehouse = heap.app_class("com.acme.Warehouse").field("newest", Kind::Ref).build();
    let shared: Vec<Addr> = (0..1000).map(|_| bytes(&mut heap, 400)).collect();
    let all: Vec<Addr> = (0..6)
        .map(|number| {
            let newest = (0..1500).fold(Addr::NULL, |next, at| {
                let basket =
                    if at % 3 == 0 { shared[(at / 3 + number * 100) % 1000] } else { bytes(&mut heap, 400) };
                heap.instance(reservation, &[Value::Ref(next), Value::Ref(basket)])
            });
            heap.instance(warehouse, &[Value::Ref(newest)])
        })
        .collect();
    let array = heap.object_array("com.acme.Warehouse[]", &all);
    let stock = heap.app_class("com.acme.Stock").field("warehouses", Kind::Ref).build();
    let stock = heap.instance(stock, &[Value::Ref(array)]);
    held_by_static(&mut heap, "com.acme.Shop", "STOCK", stock);
    if is_elsewhere {
        let shared = heap.object_array("java.lang.Object[]", &shared);
        held_by_static(&mut heap, "com.acme.Texts", "ALL", shared);
    }
    let report = judge(heap);
    let is_in_chains = |suspect: &&Suspect| suspect.holder.field.as_deref() == Some("newest");
    let first = report.suspects.iter().find(is_in_chains).unwrap();
    let above = first.path.iter().find(|step| step.field.as_deref() == Some("warehouses")).unwrap();
    (first.retained_bytes, above.retained_bytes, english(&first.activity))
}

#[test]
fn what_those_share_that_hold_it_together_is_counted_with_them() {
    let (bytes, above, said) = warehouses(false);
    assert!(bytes * 100 >= above * 98 && bytes <= above, "{bytes} of {above}: {said}");
    assert!(said.contains("It is in 6 Warehouse") && said.contains("Beside that they share "), "{said}");
    let (alone, above, said) = warehouses(true);
    assert!(alone + 300_000 < bytes && alone <= above, "{alone} of {above}");
    assert!(!said.contains("they share"), "{said}");
}
