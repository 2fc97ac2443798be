//! Holders of objects that lead to each other: the field that leads to the first one, not the field by which one leads to the next.

use crate::{bytes, english, held_by_static, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// A tree of usage, whose root has 60 children with 40 each.
#[test]
fn the_field_that_leads_to_the_root_holds_a_tree_of_the_applications_own() {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.UsageNode").field("children", Kind::Ref).field("hours", Kind::Ref);
    let node = node.build();
    let make = |heap: &mut HeapBuilder, children: &[Addr]| {
        let hours = bytes(heap, 200);
        let children = heap.object_array("com.acme.UsageNode[]", children);
        heap.instance(node, &[Value::Ref(children), Value::Ref(hours)])
    };
    let tenants: Vec<Addr> = (0..60)
        .map(|_| {
            let users: Vec<Addr> = (0..40).map(|_| make(&mut heap, &[])).collect();
            make(&mut heap, &users)
        })
        .collect();
    let root = make(&mut heap, &tenants);
    let meter = heap.app_class("com.acme.UsageMeter").field("root", Kind::Ref).build();
    let meter = heap.instance(meter, &[Value::Ref(root)]);
    held_by_static(&mut heap, "com.acme.Hub", "METER", meter);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.UsageMeter.root");
    let said = english(&first.activity);
    assert!(!said.contains("One of"), "{said}");
}

/// References that lead to each other, each with a handle, which are what fills the heap.
#[test]
fn the_field_that_leads_to_the_newest_holds_what_a_chain_has() {
    let mut heap = HeapBuilder::hotspot17();
    let reference =
        heap.app_class("com.acme.TextureRef").field("older", Kind::Ref).field("handle", Kind::Ref);
    let reference = reference.build();
    let handle = heap.app_class("com.acme.Handle").field("data", Kind::Ref).build();
    let newest = (0..3000).fold(Addr::NULL, |older, _| {
        let data = bytes(&mut heap, 1000);
        let handle = heap.instance(handle, &[Value::Ref(data)]);
        heap.instance(reference, &[Value::Ref(older), Value::Ref(handle)])
    });
    let reaper = heap.app_class("com.acme.Reaper").field("newest", Kind::Ref).build();
    let reaper = heap.instance(reaper, &[Value::Ref(newest)]);
    held_by_static(&mut heap, "com.acme.Farm", "REAPER", reaper);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Reaper.newest");
}

/// A tree of pages, inner ones and leaves with marks, the root of which is in a field of the index: pages are of several classes that have one above them in common, and some inner
/// pages are large by themselves.
#[test]
fn a_tree_of_several_classes_is_held_by_the_field_that_leads_to_it() {
    let mut heap = HeapBuilder::hotspot17();
    let page = heap.app_class("com.acme.Page").field("keys", Kind::Ref).build();
    let inner = heap.app_class("com.acme.InnerPage").extends(page).field("kids", Kind::Ref).build();
    let leaf = heap.app_class("com.acme.LeafPage").extends(page).field("marks", Kind::Ref);
    let leaf = leaf.field("right", Kind::Ref).build();
    let mark = heap.app_class("com.acme.Mark").field("id", Kind::Ref).build();
    let mut right = Value::NULL;
    let mut grow = |heap: &mut HeapBuilder, leaves: usize| {
        let pages: Vec<Addr> = (0..leaves)
            .map(|_| {
                let marks: Vec<Addr> = (0..8)
                    .map(|_| {
                        let id = bytes(heap, 60);
                        heap.instance(mark, &[Value::Ref(id)])
                    })
                    .collect();
                let marks = heap.object_array("com.acme.Mark[]", &marks);
                let next = heap.instance_with(leaf, &[("marks", Value::Ref(marks)), ("right", right)]);
                right = Value::Ref(next);
                next
            })
            .collect();
        let kids = heap.object_array("com.acme.Page[]", &pages);
        heap.instance_with(inner, &[("kids", Value::Ref(kids))])
    };
    let mut above: Vec<Addr> = (0..1200).map(|_| grow(&mut heap, 3)).collect();
    for each in [40, 30] {
        let over = |pages: &[Addr]| {
            let kids = heap.object_array("com.acme.Page[]", pages);
            heap.instance_with(inner, &[("kids", Value::Ref(kids))])
        };
        above = above.chunks(each).map(over).collect();
    }
    let root = above[0];
    let index = heap.app_class("com.acme.Index").field("root", Kind::Ref).build();
    let index = heap.instance(index, &[Value::Ref(root)]);
    held_by_static(&mut heap, "com.acme.App", "INDEX", index);
    let report = judge(heap);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Index.root");
    assert_eq!(
        report.suspects.len(),
        1,
        "{:?}",
        report.suspects.iter().map(|suspect| suspect.holder.label()).collect::<Vec<_>>()
    );
}
