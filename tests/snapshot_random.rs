//! Random heaps in every dialect of the format: what a snapshot says of them against what the builder put in.

use hprof_fixtures::{Addr, HeapBuilder, HeapRecords, IdSize, Layout, Model, Order, Version, random_heap};
use oomph::hprof::ObjectId;
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::snapshot::{DamageKind, Options, Snapshot};
use oomph::storage::Source;
use std::collections::BTreeSet;

fn open(bytes: Vec<u8>) -> Snapshot {
    Snapshot::from_source(Source::from_memory(bytes), "random", &Options::default(), &Progress::silent())
        .expect("a sound dump opens")
}

fn address(snapshot: &Snapshot, object: ObjectIx) -> Addr {
    Addr(snapshot.address_of(object).0)
}

fn find(snapshot: &Snapshot, address: Addr) -> ObjectIx {
    snapshot.find(ObjectId(address.0)).unwrap_or_else(|| panic!("{:#x} is not found", address.0))
}

/// Objects, classes, references, roots and reachability.
fn assert_same_graph(snapshot: &Snapshot, model: &Model, what: &str) {
    assert!(!snapshot.damage().is_damaged(), "{what}: {:?}", snapshot.damage());
    let found: BTreeSet<Addr> = snapshot.objects().map(|object| address(snapshot, object)).collect();
    assert_eq!(found.len(), snapshot.object_count(), "{what}: two numbers for one object");
    assert_eq!(found, model.objects.keys().copied().collect(), "{what}: objects");
    let (kept, dangling) = model.reference_counts();
    assert_eq!(snapshot.damage().count(DamageKind::DanglingReference), dangling, "{what}: dangling");
    assert_eq!(snapshot.references().slot_count() as u64, kept + dangling, "{what}: slots");
    for (&at, expected) in &model.objects {
        let object = find(snapshot, at);
        assert_eq!(snapshot.class_name(object), expected.class, "{what}: class of {:#x}", at.0);
        assert_eq!(snapshot.array_length(object), expected.length, "{what}: length of {:#x}", at.0);
        let targets: Vec<Addr> =
            snapshot.references().of(object).map(|target| address(snapshot, target)).collect();
        let known = |target: &&Addr| model.objects.contains_key(target);
        let expected: Vec<Addr> = expected.references.iter().filter(known).copied().collect();
        assert_eq!(targets, expected, "{what}: references of {:#x}", at.0);
    }
    let roots: BTreeSet<Addr> = snapshot
        .roots()
        .all()
        .iter()
        .filter(|root| !root.is_held_by_thread())
        .map(|root| address(snapshot, root.object))
        .collect();
    assert_eq!(roots, model.roots, "{what}: roots");
    let locals: BTreeSet<(Addr, Addr)> = snapshot
        .threads()
        .iter()
        .flat_map(|thread| thread.locals().map(|local| (thread.object, local)))
        .map(|(thread, local)| (address(snapshot, thread), address(snapshot, local)))
        .collect();
    assert_eq!(locals, model.stacks.iter().copied().collect(), "{what}: locals");
    let reachable: BTreeSet<Addr> = snapshot
        .objects()
        .filter(|&object| snapshot.is_reachable(object))
        .map(|object| address(snapshot, object))
        .collect();
    assert_eq!(reachable, model.reachable(None), "{what}: reachable");
    assert_eq!(snapshot.dominators().reachable_count(), reachable.len(), "{what}");
}

/// A retained size is the sum over the retained set, and that is what cannot be reached without the object.
fn assert_same_retained(snapshot: &Snapshot, model: &Model, what: &str) {
    for &at in model.objects.keys() {
        let object = find(snapshot, at);
        let expected: u64 =
            model.retained_set(at).iter().map(|&kept| snapshot.shallow_bytes(find(snapshot, kept))).sum();
        assert_eq!(snapshot.retained_bytes(object), expected, "{what}: retained by {:#x}", at.0);
    }
}

fn assert_same_sizes(snapshot: &Snapshot, model: &Model, what: &str) {
    for (&at, expected) in model.objects.iter().filter(|(_, object)| object.class != "java.lang.Class") {
        let object = find(snapshot, at);
        assert_eq!(
            snapshot.shallow_bytes(object),
            expected.shallow_bytes,
            "{what}: size of a {}",
            expected.class
        );
    }
}

fn with_jvm(mut heap: HeapBuilder, version: &str) -> HeapBuilder {
    heap.system_properties(&[
        ("java.version", version),
        ("java.vm.version", version),
        ("java.vm.name", "OpenJDK 64-Bit Server VM"),
        ("os.arch", "amd64"),
        ("sun.arch.data.model", "64"),
    ]);
    heap
}

fn filled(mut heap: HeapBuilder, seed: u64, size: usize) -> (Vec<u8>, Model) {
    random_heap(&mut heap, seed, size);
    heap.finish_with_model()
}

/// Ways to write one and the same heap.
fn dialects() -> Vec<(&'static str, HeapBuilder)> {
    let new = HeapBuilder::hotspot17;
    vec![
        ("segments of 1 MB", new()),
        ("segments of 300 bytes", new().records(HeapRecords::Segments(300))),
        ("a segment for each sub-record", new().records(HeapRecords::Segments(1))),
        ("one HEAP_DUMP", new().records(HeapRecords::One)),
        ("a HEAP_DUMP without a length", new().records(HeapRecords::OneClaiming(0))),
        ("a HEAP_DUMP whose length has overflowed", new().records(HeapRecords::OneClaiming(1001))),
        ("roots first", new().order(Order::RootsFirst)),
        ("classes last", new().order(Order::ClassesLast)),
        (
            "classes last in small segments",
            new().order(Order::ClassesLast).records(HeapRecords::Segments(100)),
        ),
        ("1.0.1", new().version(Version::V101).records(HeapRecords::One)),
        ("4-byte ids", new().id_size(IdSize::Four)),
        ("JDK 6 on 32 bits", HeapBuilder::hotspot6_32bit()),
        ("JDK 8", HeapBuilder::hotspot8()),
        ("JDK 21", HeapBuilder::hotspot21()),
        ("Android", HeapBuilder::android()),
        ("addresses at 4 TB", new().base_address(Addr(0x400_0000_0000))),
    ]
}

#[test]
fn every_dialect_tells_the_same_heap() {
    for (what, heap) in dialects() {
        for seed in 0..6 {
            let (bytes, model) = filled(heap.clone(), seed, 20 + 120 * seed as usize);
            assert_same_graph(&open(bytes), &model, &format!("{what}, seed {seed}"));
        }
    }
}

#[test]
fn objects_in_any_order_keep_their_references() {
    for seed in 0..10 {
        let mut heap = HeapBuilder::hotspot17();
        random_heap(&mut heap, seed, 700);
        heap.shuffle_objects(seed);
        let (bytes, model) = heap.finish_with_model();
        assert_same_graph(&open(bytes), &model, &format!("shuffled, seed {seed}"));
    }
}

#[test]
fn retained_sizes_are_those_of_the_definition() {
    for seed in 0..30 {
        let (bytes, model) = filled(HeapBuilder::hotspot17(), seed, 10 + 5 * seed as usize);
        assert_same_retained(&open(bytes), &model, &format!("seed {seed}"));
    }
}

#[test]
fn shallow_sizes_are_those_of_the_jvm() {
    for (what, layout) in [
        ("compressed", Layout::COMPRESSED),
        ("wide references", Layout::WIDE_REFERENCES),
        ("uncompressed", Layout::UNCOMPRESSED),
        ("16-byte alignment", Layout { alignment: 16, ..Layout::COMPRESSED }),
    ] {
        for seed in 0..5 {
            let heap = with_jvm(HeapBuilder::hotspot17().layout(layout), "17.0.9");
            let (bytes, model) = filled(heap, seed, 1500);
            assert_same_sizes(&open(bytes), &model, &format!("{what}, seed {seed}"));
        }
    }
}
