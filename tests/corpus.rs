//! The public dumps against what the projects that they come from say of them: immediate dominators and retained sizes of Eclipse MAT, counts of NetBeans.
//!
//! The dumps are no part of this project: `../shared/corpus`, or the folder in `OOMPH_CORPUS`. Without them the tests say so and pass.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]
#![allow(clippy::print_stderr, reason = "a test that found nothing to test says so")]

mod graph_common;

use flate2::read::GzDecoder;
use graph_common::{Plain, dominator_tree, dominators};
use oomph::graph::{Dominator, RetainedSizes};
use oomph::hprof::{HeapRecord, ObjectId, RootTag, Value};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::Storage;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

fn corpus() -> Option<PathBuf> {
    let given = std::env::var_os("OOMPH_CORPUS").map(PathBuf::from);
    let dir = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let found = dir.is_dir().then_some(dir);
    if found.is_none() {
        eprintln!("not tested: no corpus of public dumps (set OOMPH_CORPUS)");
    }
    found
}

fn open(file: &Path) -> Snapshot {
    Snapshot::open(file, &Options::default(), &Progress::silent()).unwrap()
}

/// One line of Eclipse MAT's view of a dump.
struct Row {
    address: u64,
    class: u64,
    shallow: u64,
    retained: u64,
    /// None: the virtual root.
    dominator: Option<u64>,
    outbound: usize,
}

fn rows(file: &Path) -> Vec<Row> {
    let mut text = String::new();
    GzDecoder::new(File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    let hex = |word: &str| u64::from_str_radix(word, 16).unwrap();
    let row = |line: &str| {
        let words: Vec<&str> = line.split('\t').collect();
        Row {
            address: hex(words[0]),
            class: hex(words[1]),
            shallow: words[3].parse().unwrap(),
            retained: words[4].parse().unwrap(),
            dominator: (words[5] != "-").then(|| hex(words[5])),
            outbound: words[6].parse().unwrap(),
        }
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

/// What an object refers to in MAT's eyes: its class, and everything that a field, a static field or an element names, however weakly. A class refers to
/// its super class and loader, the boot loader being an object at 0.
fn references(snapshot: &Snapshot, row: &Row) -> Vec<u64> {
    let mut targets = vec![row.class];
    let Some(object) = snapshot.find(ObjectId(row.address)) else { return targets };
    match snapshot.record(object) {
        HeapRecord::Instance { .. } => {
            let values = snapshot.fields(object).map(|field| field.value);
            targets.extend(values.filter_map(Value::reference).map(|id| id.0));
        }
        HeapRecord::ObjectArray { .. } => targets.extend(snapshot.elements(object).map(|id| id.0)),
        HeapRecord::Class(dump) => {
            let is_root_class = dump.super_class.is_null();
            targets.extend((!is_root_class).then_some(dump.super_class.0));
            targets.push(dump.loader.0);
            targets.extend(dump.static_fields().filter_map(|(_, value)| value.reference()).map(|id| id.0));
        }
        _ => {}
    }
    targets.retain(|&id| id != 0 || matches!(snapshot.record(object), HeapRecord::Class(_)));
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// With MAT's edges and MAT's shallow sizes the immediate dominators and retained sizes are MAT's.
fn dominates_as_in_mat(dump: &str) {
    let Some(corpus) = corpus() else { return };
    let snapshot = open(&corpus.join(dump));
    let rows = rows(&corpus.join("golden").join(format!("{dump}.objects.tsv.gz")));
    let numbers: HashMap<u64, u32> = rows.iter().zip(0..).map(|(row, at)| (row.address, at)).collect();
    let number = |id: u64| numbers.get(&id).copied();
    let mut slots: Vec<Vec<Option<u32>>> = Vec::with_capacity(rows.len());
    for row in &rows {
        let targets = references(&snapshot, row);
        let targets: Vec<Option<u32>> = targets.into_iter().map(number).filter(Option::is_some).collect();
        slots.push(targets);
    }
    let mut roots = Vec::new();
    for root in snapshot.roots().all() {
        let Some(object) = number(snapshot.address_of(root.object).0) else { continue };
        let thread = root.thread.filter(|_| root.kind != RootTag::ThreadObject);
        let thread = thread.map(|thread| snapshot.threads()[thread as usize].object);
        match thread.and_then(|thread| number(snapshot.address_of(thread).0)) {
            Some(thread) => slots[thread as usize].push(Some(object)),
            None => roots.push(object),
        }
    }
    for (list, row) in slots.iter_mut().zip(&rows) {
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), row.outbound, "{dump}: references of {:#x}", row.address);
    }
    let tree = dominator_tree(&Plain::new(slots, roots).build());
    let sizes: Vec<u64> = rows.iter().map(|row| row.shallow).collect();
    let retained = RetainedSizes::compute(
        &tree,
        |object: ObjectIx| sizes[object.index()],
        &Storage::default(),
        &Progress::silent(),
    )
    .unwrap();
    for ((row, ours), at) in rows.iter().zip(dominators(&tree)).zip(0..) {
        let theirs = match row.dominator.map(|address| number(address).unwrap()) {
            None => Dominator::Root,
            Some(at) => Dominator::Object(ObjectIx(at)),
        };
        assert_eq!(ours, theirs, "{dump}: dominator of {:#x}", row.address);
        assert_eq!(retained.bytes(ObjectIx(at)), row.retained, "{dump}: {:#x}", row.address);
    }
    assert!(rows.len() > 2000, "{dump}: only {} objects compared", rows.len());
}

#[test]
fn mat_on_jdk_6() {
    dominates_as_in_mat("mat_sun_jdk6_30_x64_compressedOops.hprof");
    dominates_as_in_mat("mat_sun_jdk6_18_x32.hprof");
}

#[test]
fn mat_on_jdk_7() {
    dominates_as_in_mat("mat_oracle_jdk7_21_x64.hprof");
}

#[test]
fn mat_on_jdk_11() {
    dominates_as_in_mat("mat_openjdk_jdk11_04_x64.hprof.gz");
}

/// Objects, classes and roots as the projects count them that the dumps come from. A class object is an object here, and each record of a root counts.
#[test]
fn counts_of_other_projects() {
    let Some(corpus) = corpus() else { return };
    for (dump, objects, classes, roots) in [
        ("netbeans_heap_dump.bin", 7788, 474, Some((453, 429))),
        ("netbeans_small_heap.bin", 2208, 443, Some((491, 404))),
        ("leakcanary_leak_asynctask_pre_m.hprof", 41_754, 3631, None),
    ] {
        let snapshot = open(&corpus.join(dump));
        let described = snapshot.classes().iter().filter(|(_, class)| class.described).count();
        assert_eq!((snapshot.object_count() - described, described), (objects, classes), "{dump}");
        if let Some((different, held)) = roots {
            let all = snapshot.roots().all();
            let mut objects: Vec<ObjectIx> = all.iter().map(|root| root.object).collect();
            objects.dedup();
            assert_eq!((all.len(), objects.len()), (different, held), "{dump}");
        }
    }
    let monitor = open(&corpus.join("netbeans_heap_dump.bin"));
    let held = monitor.find(ObjectId(3_606_613_704)).unwrap();
    assert!(monitor.roots_of(held).iter().any(|root| root.kind == RootTag::MonitorUsed));
    let twice = open(&corpus.join("netbeans_small_heap.bin"));
    assert_eq!(twice.roots_of(twice.find(ObjectId(1_684_081_264)).unwrap()).len(), 2);

    let calcite = open(&corpus.join("calcite_mvn1m_jdk18.hprof"));
    let maps = oomph::query::instances_of(&calcite, calcite.classes().named("java.util.HashMap")).unwrap();
    let bytes: u64 = maps.iter().map(|&map| calcite.shallow_bytes(map)).sum();
    assert_eq!((maps.len(), bytes), (80, 3840));
    let strings = oomph::query::instances_of(&calcite, calcite.classes().named("java.lang.String")).unwrap();
    let reachable = strings.iter().filter(|&&string| calcite.is_reachable(string)).count();
    assert_eq!((strings.len(), reachable), (3886, 3256));
    let retained: u64 = maps.iter().map(|&map| calcite.retained_bytes(map)).sum();
    assert_eq!(retained, 114_976);
    let thread = calcite.threads().iter().find(|thread| {
        thread.frames.get(1).is_some_and(|frame| &*frame.method == "remove" && frame.line == 142)
    });
    let mut locals: Vec<u64> =
        thread.unwrap().frames[1].locals.iter().map(|&local| calcite.address_of(local).0).collect();
    locals.sort_unstable();
    locals.dedup();
    assert_eq!(locals, [0x7_bfe3_91b0, 0x7_bfe3_91c0]);
    assert!(thread.unwrap().frames[0].native);

    // Field `val` is declared again in subclasses: each of them can be read.
    let example = open(&corpus.join("pyhprof_example-java.hprof"));
    let shadowed = example
        .objects()
        .filter(|&object| example.fields(object).filter(|field| &*field.field.name == "val").count() > 1);
    assert!(shadowed.count() > 0);
}
