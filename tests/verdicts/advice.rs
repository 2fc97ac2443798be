//! What a suspect advises: only what fits it.

use crate::{judge, payload, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::inspect::rules::RuleSet;
use oomph::report::{Report, Standing, Suspect, Text};

fn held_by_static(heap: &mut HeapBuilder, class: &str, field: &str, value: Addr) {
    heap.app_class(class).static_field(field, Value::Ref(value)).sticky().build();
}

fn ids(suspect: &Suspect) -> Vec<&str> {
    let messages = suspect.advice.iter().filter_map(|text| match text {
        Text::Message { id, .. } => Some(id.as_str()),
        _ => None,
    });
    messages.collect()
}

/// 2,000 items in a list of that class, which keeps them in an array.
fn items_in(class: &str, super_class: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let items = heap.object_array("java.lang.Object[]", &items);
    let above = heap.class(super_class).build();
    let list = heap.class(class).extends(above).field("elements", Kind::Ref).build();
    let list = heap.instance(list, &[Value::Ref(items)]);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", list);
    judge(heap)
}

#[test]
fn a_collection_that_nothing_can_be_added_to_is_no_leak() {
    let immutable = "java.util.ImmutableCollections$AbstractImmutableCollection";
    for (class, above, standing) in [
        ("java.util.ImmutableCollections$ListN", immutable, Standing::Largest),
        (
            "com.google.common.collect.RegularImmutableList",
            "com.google.common.collect.ImmutableCollection",
            Standing::Largest,
        ),
        ("java.util.concurrent.ConcurrentLinkedDeque", "java.util.AbstractQueue", Standing::Blamed),
    ] {
        let report = items_in(class, above);
        let first = &report.suspects[0];
        assert_eq!(
            (first.standing, first.holder.label().as_str()),
            (standing, "com.acme.Catalogue.ITEMS"),
            "{class}"
        );
        assert_eq!(report.verdict.healthy, standing == Standing::Largest);
    }
}

#[test]
fn what_may_be_data_is_told_how_to_be_told_from_a_leak() {
    let report = items_in("java.util.concurrent.ConcurrentLinkedDeque", "java.util.AbstractQueue");
    assert_eq!(ids(&report.suspects[0]), ["suspect-advice-field", "suspect-advice-compare"]);
    // Not where memory has run out, or nearly.
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(4_700_000)).sticky().build();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let items = heap.array_list(&items);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", items);
    assert_eq!(ids(&judge(heap).suspects[0]), ["suspect-advice-field"]);
}

/// A planner with two maps: nothing is put into the field that holds the planner.
#[test]
fn what_is_put_into_a_field_is_asked_only_where_the_field_is_a_collection() {
    let mut heap = HeapBuilder::hotspot17();
    let places = payload(&mut heap, "com.acme.Place", 900, 2048);
    let roads = payload(&mut heap, "com.acme.Road", 900, 2048);
    let (places, roads) = (heap.array_list(&places), heap.array_list(&roads));
    let planner =
        heap.app_class("com.acme.Planner").field("places", Kind::Ref).field("roads", Kind::Ref).build();
    let planner = heap.instance(planner, &[Value::Ref(places), Value::Ref(roads)]);
    held_by_static(&mut heap, "com.acme.App", "planner", planner);
    held_by_static(&mut heap, "com.acme.Server", "planner", planner);
    let report = judge(heap);
    for suspect in &report.suspects {
        let asks = ids(suspect).contains(&"suspect-advice-field");
        assert!(!asks || suspect.holder.field.as_deref() != Some("planner"), "{suspect:?}");
    }
}

/// A rule about mapped files asks whether there is a file. Buffers that it has not looked at may have none.
#[test]
fn a_rule_with_conditions_explains_nothing_that_was_not_looked_at() {
    let mut heap = HeapBuilder::hotspot17();
    let mapped = heap.class("java.nio.MappedByteBuffer").field("fd", Kind::Ref).build();
    let direct = heap.class("java.nio.DirectByteBuffer").extends(mapped).build();
    let buffers: Vec<Addr> = (0..2000).map(|_| heap.instance(direct, &[Value::NULL])).collect();
    let data = payload(&mut heap, "com.acme.Frame", 600, 4096);
    let all: Vec<Addr> = buffers.into_iter().chain(data).collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Gateway", "OUTBOX", all);
    let snapshot = snapshot(heap);
    let mut suspect = crate::report_of(&snapshot).suspects.remove(0);
    (suspect.class, suspect.instances, suspect.rule) = ("java.nio.DirectByteBuffer".into(), 20_000, None);
    RuleSet::builtin().explain(&snapshot, &mut suspect, &[]);
    assert_eq!(suspect.rule, None);
}
