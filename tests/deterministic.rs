//! The same answers for one thread and for many, and for every run.

use hprof_fixtures::corrupt::flip_bytes;
use hprof_fixtures::generate::{Options as GenerateOptions, ShapeKind, generate};
use hprof_fixtures::{HeapBuilder, HeapRecords, random_heap};
use oomph::graph::Reachable;
use oomph::inspect::{Context, Options as InspectOptions, Preview, report};
use oomph::progress::Progress;
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::{Source, Storage};
use std::io::Cursor;
use std::path::Path;

/// All that a snapshot tells of each object, and the whole report.
fn answers(bytes: &[u8], threads: usize) -> (Vec<String>, String) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| {
        let source = Source::from_memory(bytes.to_vec());
        let snapshot = Snapshot::from_source(source, "dump", &Options::default(), &Progress::silent())
            .expect("damage is no error");
        let of_object = |object| {
            format!(
                "{:?} {} {} {} {:?} {:?}",
                snapshot.address_of(object),
                snapshot.class_name(object),
                snapshot.shallow_bytes(object),
                snapshot.retained_bytes(object),
                snapshot.dominators().immediate_dominator(object),
                snapshot.references().of(object).collect::<Vec<_>>(),
            )
        };
        let mut objects: Vec<String> = snapshot.objects().map(of_object).collect();
        objects.push(format!("{:?} {:?} {:?}", snapshot.damage(), snapshot.roots(), snapshot.threads()));
        let report = report(&Context::new(&snapshot, InspectOptions::default()), |_| true)
            .expect("no inspection fails");
        (objects, serde_json::to_string(&report).expect("a report is JSON"))
    })
}

fn assert_same_for_all_threads(bytes: &[u8], what: &str) {
    let one = answers(bytes, 1);
    for threads in [2, 7] {
        let many = answers(bytes, threads);
        let different = one.0.iter().zip(&many.0).find(|(one, many)| one != many);
        assert!(different.is_none(), "{what}, {threads} threads: {different:?}");
        assert_eq!(one.0.len(), many.0.len(), "{what}");
        assert!(one.1 == many.1, "{what}: the reports of 1 and {threads} threads differ");
    }
}

#[test]
fn threads_do_not_change_the_answer() {
    for shape in [ShapeKind::Shop, ShapeKind::Zgc, ShapeKind::Loaders, ShapeKind::WideDag] {
        let mut out = Cursor::new(Vec::new());
        let options = GenerateOptions { shape, objects: 12_000, seed: 3, giant: None };
        generate(&options, &mut out).expect("memory takes it all");
        assert_same_for_all_threads(&out.into_inner(), &format!("{shape:?}"));
    }
}

#[test]
fn neither_in_random_heaps_nor_in_damaged_ones() {
    for seed in 0..4 {
        let mut heap = HeapBuilder::hotspot17().records(HeapRecords::Segments(2000));
        random_heap(&mut heap, seed, 1500);
        let bytes = heap.finish();
        assert_same_for_all_threads(&bytes, &format!("seed {seed}"));
        let (header, rest) = bytes.split_at(31);
        let damaged = [header, &flip_bytes(rest, seed, 40)].concat();
        assert_same_for_all_threads(&damaged, &format!("seed {seed}, damaged"));
    }
}

#[test]
fn what_is_looked_at_beside_the_search_for_dominators_is_the_same() {
    let dumps = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps");
    for name in ["mq-garbage.hprof.zst", "tomcat-dead.hprof.gz", "zoo.hprof.zst"] {
        let (path, options) = (dumps.join(name), Options::default());
        let opened = Preview::open(&path, &options, &Progress::silent()).expect("a whole dump");
        assert!(opened.1.is_some(), "{name}: there is memory for both");
        let plain = Snapshot::open(&path, &options, &Progress::silent()).expect("a whole dump");
        let counts =
            |snapshot: &Snapshot| snapshot.strongly_reachable().expect("no error").map(Reachable::count);
        assert_eq!(counts(&opened.0), counts(&plain), "{name}");
        let json = |snapshot: &Snapshot, preview| {
            let context = Context::new(snapshot, InspectOptions::default()).with_preview(preview);
            serde_json::to_string(&report(&context, |_| true).expect("no inspection fails")).expect("JSON")
        };
        assert!(json(&opened.0, opened.1) == json(&plain, None), "{name}: the reports differ");
    }
}

#[test]
fn without_memory_for_both_nothing_is_looked_at_beside_the_search() {
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps/tomcat-dead.hprof.gz");
    let mut options = Options::default();
    options.storage = Storage::new(1 << 20, std::env::temp_dir());
    let (_, preview) =
        Preview::open(&dump, &options, &Progress::silent()).expect("scratch files hold the rest");
    assert!(preview.is_none());
}
