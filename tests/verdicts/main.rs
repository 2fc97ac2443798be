//! Verdicts on heaps made for the purpose.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

mod heaps;
mod holders;
mod standing;
mod ways;

use hprof_fixtures::HeapBuilder;
use oomph::inspect::{Context, Options as InspectOptions, report};
use oomph::progress::Progress;
use oomph::report::Report;
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::Source;

fn judge(heap: HeapBuilder) -> Report {
    report_of(&snapshot(heap))
}

fn report_of(snapshot: &Snapshot) -> Report {
    report(&Context::new(snapshot, InspectOptions::default()), |_| true).unwrap()
}

fn snapshot(heap: HeapBuilder) -> Snapshot {
    let source = Source::from_memory(heap.finish());
    Snapshot::from_source(source, "test.hprof", &Options::default(), &Progress::silent()).unwrap()
}
