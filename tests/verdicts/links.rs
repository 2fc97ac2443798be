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
