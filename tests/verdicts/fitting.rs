//! Advice that fits what the thing is, and what cannot grow.

use crate::{held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};
use oomph::report::{Standing, Suspect};

/// 2,000 items in a collection of a library with such a field, in a static field; around it a view with such a field, if there is one.
fn items_in(class: &str, field: &str, view: Option<(&str, &str)>) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let table = heap.object_array("java.lang.Object[]", &items);
    let mut all = library_object(&mut heap, class, &[(field, Kind::Ref, Value::Ref(table))]);
    if let Some((class, field)) = view {
        all = library_object(&mut heap, class, &[(field, Kind::Ref, Value::Ref(all))]);
    }
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", all);
    judge(heap).suspects.remove(0)
}

#[test]
fn nobody_lets_the_entries_of_a_queue_expire() {
    let [queue, without] =
        ["suspect-advice-queue-if-it-grows", "suspect-advice-queue-without-limit-if-it-grows"];
    let first = items_in("org.jctools.queues.MpscUnboundedArrayQueue", "consumerBuffer", None);
    assert!(ids(&first.advice).contains(&without), "{first:?}");
    let first = items_in("org.jctools.queues.MpscArrayQueue", "buffer", None);
    assert!(ids(&first.advice).contains(&queue), "{first:?}");
    // Of a deque, or of what throws out the oldest, nobody need take anything.
    for class in ["org.agrona.collections.ObjectDeque", "org.library.util.EvictingQueue"] {
        let first = items_in(class, "elements", None);
        assert!(!ids(&first.advice).iter().any(|id| [queue, without].contains(id)), "{class}");
    }
}

#[test]
fn unmodifiable_views_of_libraries_cannot_grow() {
    for (class, view, field) in [
        (
            "it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap",
            "it.unimi.dsi.fastutil.ints.Int2ObjectMaps$UnmodifiableMap",
            "function",
        ),
        (
            "it.unimi.dsi.fastutil.objects.ObjectArrayList",
            "it.unimi.dsi.fastutil.objects.ObjectLists$UnmodifiableList",
            "collection",
        ),
        (
            "org.eclipse.collections.impl.map.mutable.UnifiedMap",
            "org.eclipse.collections.impl.map.mutable.UnmodifiableMutableMap",
            "delegate",
        ),
        (
            "org.eclipse.collections.impl.map.mutable.UnifiedMap",
            "org.eclipse.collections.impl.map.immutable.ImmutableUnifiedMap",
            "delegate",
        ),
        (
            "org.apache.commons.collections4.map.HashedMap",
            "org.apache.commons.collections4.map.UnmodifiableMap",
            "map",
        ),
    ] {
        let first = items_in(class, "table", Some((view, field)));
        assert_eq!(first.standing, Standing::Largest, "{view}: {first:?}");
        assert!(ids(&first.advice).contains(&"suspect-advice-unmodifiable"), "{view}: {:?}", first.advice);
        // The one that it shows may grow where somebody else has it as well, and so may one of its own kind.
        assert_eq!(items_in(class, "table", None).standing, Standing::Blamed, "{class}");
    }
    let synchronized = "it.unimi.dsi.fastutil.ints.Int2ObjectMaps$SynchronizedMap";
    let first = items_in(
        "it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap",
        "table",
        Some((synchronized, "function")),
    );
    assert_eq!(first.standing, Standing::Blamed);
}

#[test]
fn a_view_of_what_somebody_else_fills_may_grow() {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let table = heap.object_array("java.lang.Object[]", &items);
    let map = "it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap";
    let map = library_object(&mut heap, map, &[("value", Kind::Ref, Value::Ref(table))]);
    let view = "it.unimi.dsi.fastutil.ints.Int2ObjectMaps$UnmodifiableMap";
    let view = library_object(&mut heap, view, &[("function", Kind::Ref, Value::Ref(map))]);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", view);
    held_by_static(&mut heap, "com.acme.Loader", "ALL", map);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.standing, Standing::Blamed, "{first:?}");
}
