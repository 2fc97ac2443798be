//! How much memory is asked for, and how often: the kernels are guarded by counts, which are the same on every machine, and not by times.
//!
//! What matters is what one more object costs, so each figure is the difference between a large and a small dump, divided by
//! the difference in objects. Who raises a limit here makes every large dump dearer and should say why.

use allocation_counter::{AllocationInfo, measure};
use hprof_fixtures::generate::{Options as GenerateOptions, ShapeKind, generate};
use oomph::inspect::{Context, Options as InspectOptions, report};
use oomph::progress::Progress;
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::{Source, Storage};
use std::io::Cursor;

const SMALL: u64 = 100_000;
const LARGE: u64 = 400_000;

/// What a dump took.
struct Cost {
    objects: f64,
    /// While it was opened: graph, dominators, retained sizes.
    open: AllocationInfo,
    /// While everything that a report holds was found out.
    report: AllocationInfo,
    /// The most that all columns together took at a time, in bytes.
    peak_bytes: f64,
}

fn cost(shape: ShapeKind, objects: u64) -> Cost {
    let mut out = Cursor::new(Vec::new());
    generate(&GenerateOptions { shape, objects, seed: 1, giant: None }, &mut out)
        .expect("memory takes it all");
    let bytes = out.into_inner();
    let storage = Storage::default();
    let mut options = Options::default();
    options.storage = storage.clone();
    // One thread, and that is this one: only its allocations are counted.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    let pool = pool.expect("this thread is in no pool yet");
    pool.install(|| {
        let mut snapshot = None;
        let open = measure(|| {
            let source = Source::from_memory(bytes);
            snapshot = Some(Snapshot::from_source(source, "generated", &options, &Progress::silent()));
        });
        let snapshot = snapshot.expect("it was opened").expect("a whole dump");
        let report = measure(|| {
            let context = Context::new(&snapshot, InspectOptions::default());
            assert!(report(&context, |_| true).is_ok());
        });
        Cost {
            objects: snapshot.object_count() as f64,
            open,
            report,
            peak_bytes: storage.peak_bytes() as f64,
        }
    })
}

/// In a thread of its own, which can then be that of a pool.
fn costs(shape: ShapeKind) -> (Cost, Cost) {
    let each = |objects| std::thread::spawn(move || cost(shape, objects)).join().expect("it does not panic");
    (each(SMALL), each(LARGE))
}

/// What one more object may take, at most.
#[derive(Debug)]
struct Limits {
    /// Calls of the allocator while the dump is opened.
    open_calls: f64,
    /// The most that is allocated beside the columns at a time while it is opened, in bytes.
    open_bytes: f64,
    report_calls: f64,
    report_bytes: f64,
    /// All columns at their peak, in bytes.
    column_bytes: f64,
}

fn check(shape: ShapeKind, limits: &Limits) {
    let (small, large) = costs(shape);
    let per = |of: fn(&Cost) -> f64| (of(&large) - of(&small)) / (large.objects - small.objects);
    let found = Limits {
        open_calls: per(|cost| cost.open.count_total as f64),
        open_bytes: per(|cost| cost.open.bytes_max as f64),
        report_calls: per(|cost| cost.report.count_total as f64),
        report_bytes: per(|cost| cost.report.bytes_max as f64),
        column_bytes: per(|cost| cost.peak_bytes),
    };
    let within = found.open_calls <= limits.open_calls
        && found.open_bytes <= limits.open_bytes
        && found.report_calls <= limits.report_calls
        && found.report_bytes <= limits.report_bytes
        && found.column_bytes <= limits.column_bytes;
    assert!(within, "{shape:?}: one more object takes {found:.4?}, which is more than {limits:.4?}");
    // A limit far above what is needed guards nothing.
    assert!(found.column_bytes > 0.8 * limits.column_bytes, "{shape:?}: lower the limit to {found:.4?}");
}

/// Maps of records with strings, and a fifth of references to shared objects: what heaps are like.
#[test]
fn ordinary_heaps() {
    let limits = Limits {
        open_calls: 0.003,
        open_bytes: 4.0,
        report_calls: 0.003,
        report_bytes: 2.0,
        column_bytes: 27.0,
    };
    check(ShapeKind::Shop, &limits);
}

/// A path as long as the heap is large.
#[test]
fn chains() {
    let limits = Limits {
        open_calls: 0.003,
        open_bytes: 5.0,
        report_calls: 0.003,
        report_bytes: 64.0,
        column_bytes: 23.0,
    };
    check(ShapeKind::Chain, &limits);
}

/// One array of everything.
#[test]
fn stars() {
    let limits = Limits {
        open_calls: 0.003,
        open_bytes: 2.0,
        report_calls: 0.003,
        report_bytes: 9.0,
        column_bytes: 22.0,
    };
    check(ShapeKind::Star, &limits);
}

/// Four references out of each object: edges are what costs here.
#[test]
fn dense_graphs() {
    let limits = Limits {
        open_calls: 0.003,
        open_bytes: 5.0,
        // The ways to a thousand of the objects, which are longer in the larger one.
        report_calls: 0.02,
        report_bytes: 3.0,
        column_bytes: 50.0,
    };
    check(ShapeKind::WideDag, &limits);
}
