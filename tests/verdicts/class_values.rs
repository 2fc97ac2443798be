//! What `ClassValue`s have computed for classes. Mirrors of classes are written without their fields, so that nothing in a dump refers to the maps of class
//! values: they are held all the same if their classes are loaded.

use crate::{bytes, held_by_static, id_of, ids, judge, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::report::{Confidence, Report, Standing, SuspectKind};

/// The classes of the JDK by which class values are kept, and a `ClassValue` of the application's.
struct Values {
    version: Addr,
    entry: ClassRef,
    map: ClassRef,
}

impl Values {
    /// Computed by `com.acme.Mapper.LAYOUTS`.
    fn new(heap: &mut HeapBuilder) -> Self {
        let computing = heap.app_class("com.acme.Mapper$1").build();
        let computing = heap.instance(computing, &[]);
        held_by_static(heap, "com.acme.Mapper", "LAYOUTS", computing);
        let version =
            heap.class("java.lang.ClassValue$Version").field("classValue", Kind::Ref).sticky().build();
        let version = heap.instance(version, &[Value::Ref(computing)]);
        let weak = heap.class_named("java.lang.ref.WeakReference");
        let entry = heap.class("java.lang.ClassValue$Entry").extends(weak).field("value", Kind::Ref).build();
        let map = heap.class("java.lang.ClassValue$ClassValueMap").field("cacheArray", Kind::Ref).build();
        Self { version, entry, map }
    }

    /// What was computed for one class.
    fn add(&self, heap: &mut HeapBuilder, value: Addr) {
        let fields = [("referent", Value::Ref(self.version)), ("value", Value::Ref(value))];
        let entry = heap.instance_with(self.entry, &fields);
        let entries = heap.object_array("java.lang.ClassValue$Entry[]", &[entry]);
        heap.instance(self.map, &[Value::Ref(entries)]);
    }
}

/// A class in a loader of its own that nothing else holds.
fn class_of_its_own_loader(heap: &mut HeapBuilder, name: &str) -> ClassRef {
    let loader = heap.class_named("java.net.URLClassLoader");
    let loader = heap.instance(loader, &[]);
    heap.class(name).loader(loader).field("data", Kind::Ref).build()
}

/// Garbage that has nothing to do with class values: the collector has not just been there.
fn garbage(heap: &mut HeapBuilder) {
    payload(heap, "com.acme.Dropped", 100, 4096);
}

fn first_of(report: &Report) -> (SuspectKind, String, u64) {
    let first = &report.suspects[0];
    (first.kind, first.holder.label(), first.instances)
}

/// Whoever has the `ClassValue` can change it.
#[test]
fn what_a_class_value_has_computed_is_held_by_the_field_of_the_class_value() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    for layout in payload(&mut heap, "com.acme.Layout", 20, 100 << 10) {
        values.add(&mut heap, layout);
    }
    let report = judge(heap);
    assert_eq!(first_of(&report), (SuspectKind::Leak, "com.acme.Mapper.LAYOUTS".to_owned(), 20));
    // What is left is the version, to which the entries refer weakly, and its class.
    assert!(report.heap.unreachable_bytes < 1 << 10, "{}", report.heap.unreachable_bytes);
}

/// Many classes have little each: the group is of what was computed, not of the JDK's maps.
#[test]
fn what_a_class_value_has_computed_for_many_classes_is_held_by_its_field() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    for _ in 0..300 {
        let info = bytes(&mut heap, 10_000);
        values.add(&mut heap, info);
    }
    let report = judge(heap);
    assert_eq!(first_of(&report), (SuspectKind::Leak, "com.acme.Mapper.LAYOUTS".to_owned(), 300));
    assert_eq!(report.suspects[0].class, "byte[]");
}

/// A serializer that was generated for a class, in a loader of its own: nothing but the class value leads to its class, which proves nothing against it.
/// There is no garbage besides.
#[test]
fn what_leads_to_a_class_that_only_the_class_value_holds_is_no_garbage() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    let serializer = class_of_its_own_loader(&mut heap, "com.acme.gen.Serializer");
    let data = bytes(&mut heap, 4 << 20);
    let serializer = heap.instance(serializer, &[Value::Ref(data)]);
    values.add(&mut heap, serializer);
    let report = judge(heap);
    assert!(report.heap.unreachable_bytes < 1 << 10, "{}", report.heap.unreachable_bytes);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Mapper.LAYOUTS");
    assert!(ids(&report.verdict.sentences).iter().all(|id| !id.starts_with("verdict-garbage")));
}

/// The same with a finalizer, by which the collector's list leads there as well.
#[test]
fn what_a_class_value_holds_does_not_wait_for_its_finalizer() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    let serializer = class_of_its_own_loader(&mut heap, "com.acme.gen.Serializer");
    let data = bytes(&mut heap, 4 << 20);
    let serializer = heap.instance(serializer, &[Value::Ref(data)]);
    values.add(&mut heap, serializer);
    let finalizer = heap.class_named("java.lang.ref.Finalizer");
    let of_serializer = heap.instance_with(finalizer, &[("referent", Value::Ref(serializer))]);
    heap.static_field(finalizer, "unfinalized", Value::Ref(of_serializer));
    let report = judge(heap);
    assert_eq!(report.heap.soft.finalizer_bytes, 0);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Mapper.LAYOUTS");
}

/// A map of class values that leads to a class of a loader that is garbage, as other garbage does: an application that was unloaded leaves such maps behind.
/// Still the dump does not tell whose map it is.
#[test]
fn class_values_of_classes_that_are_garbage_are_no_leak() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    let ended = class_of_its_own_loader(&mut heap, "com.acme.Ended");
    garbage(&mut heap);
    heap.instance(ended, &[Value::Ref(Addr::NULL)]);
    let layout = heap.app_class("com.acme.Layout").field("of", Kind::Ref).field("data", Kind::Ref).build();
    for _ in 0..20 {
        let data = bytes(&mut heap, 100 << 10);
        let layout = heap.instance(layout, &[Value::Ref(ended.address()), Value::Ref(data)]);
        values.add(&mut heap, layout);
    }
    let report = judge(heap);
    assert!(report.heap.unreachable_bytes > 2_000_000, "{}", report.heap.unreachable_bytes);
    assert!(report.heap.class_value_bytes > 2_000_000, "{}", report.heap.class_value_bytes);
    let told = ids(&report.verdict.sentences);
    assert!(told.contains(&"verdict-class-values"), "{told:?}");
    assert!(told.iter().all(|id| !id.starts_with("verdict-garbage")), "{told:?}");
    let garbage: Vec<_> = report.suspects.iter().filter(|it| it.kind == SuspectKind::Garbage).collect();
    assert!(!garbage.is_empty());
    assert!(garbage.iter().all(|it| ids(&it.advice) == ["suspect-advice-class-values-left"]));
}

/// A class is unloaded with its loader: where no loader is garbage all that was computed for classes is held.
#[test]
fn class_values_are_held_where_no_loader_is_garbage() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    garbage(&mut heap);
    for layout in payload(&mut heap, "com.acme.Layout", 300, 10_000) {
        values.add(&mut heap, layout);
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first_of(&report), (SuspectKind::Leak, "com.acme.Mapper.LAYOUTS".to_owned(), 300));
    assert_eq!((first.confidence, first.standing), (Confidence::Likely, Standing::Blamed));
}

/// Sizes and names that were computed for classes do not lead back to these: in a dump with loaders that are garbage nobody can tell whether the classes are
/// loaded.
#[test]
fn class_values_in_a_dump_with_garbage_may_be_garbage() {
    let mut heap = HeapBuilder::hotspot17();
    let values = Values::new(&mut heap);
    garbage(&mut heap);
    class_of_its_own_loader(&mut heap, "com.acme.Ended");
    for _ in 0..300 {
        let info = bytes(&mut heap, 10_000);
        values.add(&mut heap, info);
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.holder.label().as_str(), first.instances), ("com.acme.Mapper.LAYOUTS", 300));
    assert_eq!((first.confidence, first.standing), (Confidence::Estimated, Standing::Largest));
    assert_eq!(id_of(&first.title), Some("suspect-title-or-garbage"));
    assert_eq!(ids(&first.advice), ["suspect-advice-class-values"]);
    assert!(!ids(&report.verdict.sentences).iter().any(|id| id.starts_with("verdict-leak")));
}
