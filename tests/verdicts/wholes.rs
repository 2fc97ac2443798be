//! The unit in which what piles up is counted: the things that somebody has put there, not the parts that each of them has.

use crate::{bytes, held_by_static, ids, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::Report;

fn title(report: &Report) -> String {
    Language::En.text(&report.suspects[0].title)
}

/// Drafts with as many seats each as told, in a map of a persistent kind.
fn drafts(count: usize, seats: &dyn Fn(usize) -> usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let seat = heap.app_class("com.acme.Seat").field("row", Kind::Ref).field("note", Kind::Long).build();
    let draft = heap.app_class("com.acme.Draft").field("seats", Kind::Ref).build();
    let drafts: Vec<Addr> = (0..count)
        .map(|number| {
            let seats: Vec<Addr> = (0..seats(number))
                .map(|_| {
                    let row = bytes(&mut heap, 200);
                    heap.instance(seat, &[Value::Ref(row), Value::Long(1)])
                })
                .collect();
            let seats = heap.array_list(&seats);
            heap.instance(draft, &[Value::Ref(seats)])
        })
        .collect();
    let nodes: Vec<Addr> = drafts
        .chunks(16)
        .map(|drafts| {
            let array = heap.object_array("java.lang.Object[]", drafts);
            let node = [("array", Kind::Ref, Value::Ref(array))];
            library_object(&mut heap, "clojure.lang.PersistentHashMap$BitmapIndexedNode", &node)
        })
        .collect();
    let root = heap.object_array("clojure.lang.PersistentHashMap$INode[]", &nodes);
    let map = [("root", Kind::Ref, Value::Ref(root))];
    let map = library_object(&mut heap, "clojure.lang.PersistentHashMap", &map);
    let cell = heap.class("clojure.lang.ARef").field("watches", Kind::Ref).build();
    let loader = heap.app_class_loader();
    let atom = heap.class("clojure.lang.Atom").extends(cell).loader(loader).field("state", Kind::Ref).build();
    let atom = heap.instance_with(atom, &[("state", Value::Ref(map))]);
    held_by_static(&mut heap, "com.acme.Drafts", "STATE", atom);
    judge(heap)
}

#[test]
fn what_each_has_a_few_of_is_no_unit() {
    let report = drafts(2000, &|_| 4);
    assert_eq!(title(&report), "One Atom with 2,000 Draft held by com.acme.Drafts.STATE");
    let advice = ids(&report.suspects[0].advice);
    assert!(advice.iter().any(|id| id.starts_with("suspect-advice-cell")), "{advice:?}");
    assert!(!advice.iter().any(|id| id.starts_with("suspect-advice-object")), "{advice:?}");
}

#[test]
fn what_piles_up_in_each_is_counted_itself() {
    let seats = |report: Report, why: &str| {
        let title = title(&report);
        assert!(title.contains(" Seat held by com.acme.Drafts.STATE"), "{why}: {title}");
    };
    seats(drafts(40, &|_| 200), "few drafts");
    seats(drafts(400, &|_| 80), "many in each");
    seats(drafts(600, &|number| 1 + number % 40), "now few, now many");
}

/// Blocks that each keep the one before, with the same number of transfers in each.
#[test]
fn a_chain_is_told_by_its_links() {
    let mut heap = HeapBuilder::hotspot17();
    let transfer = heap.app_class("com.acme.Transfer").field("memo", Kind::Ref).build();
    let block = heap.app_class("com.acme.Block").field("parent", Kind::Ref);
    let block = block.field("transfers", Kind::Ref).build();
    let mut head = Addr::NULL;
    for _ in 0..800 {
        let transfers: Vec<Addr> = (0..20)
            .map(|_| {
                let memo = bytes(&mut heap, 60);
                heap.instance(transfer, &[Value::Ref(memo)])
            })
            .collect();
        let transfers = heap.object_array("com.acme.Transfer[]", &transfers);
        head = heap.instance(block, &[Value::Ref(head), Value::Ref(transfers)]);
    }
    let ledger = heap.app_class("com.acme.Ledger").field("head", Kind::Ref).build();
    let ledger = heap.instance(ledger, &[Value::Ref(head)]);
    held_by_static(&mut heap, "com.acme.Node", "LEDGER", ledger);
    let report = judge(heap);
    assert_eq!(title(&report), "800 Block held by com.acme.Ledger.head");
    let advice = ids(&report.suspects[0].advice);
    assert!(advice.contains(&"suspect-advice-chain"), "{advice:?}");
    assert!(!advice.iter().any(|id| id.starts_with("suspect-advice-field")), "{advice:?}");
}
