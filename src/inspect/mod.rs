//! Inspections: each looks at a snapshot in one way and reports a section and findings.
//!
//! Owns the trait, the list of all inspections and what they share. An inspection writes pure data ([`Section`], [`Finding`]); it
//! knows nothing of terminals or HTML.
//!
//! A single inspection, and its rows:
//!
//! ```
//! use oomph::inspect::{self, Context};
//! use oomph::progress::Progress;
//! use oomph::render::{csv, text::Language};
//! use oomph::report::Cell;
//! use oomph::snapshot::{Options, Snapshot};
//! use std::path::Path;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dump = Path::new("hprof-fixtures/dumps/mq-kept.hprof.gz");
//! let snapshot = Snapshot::open(dump, &Options::default(), &Progress::silent())?;
//! let mut options = inspect::Options::default();
//! options.limit = 5;
//! let context = Context::new(&snapshot, options);
//!
//! let histogram = inspect::find("histogram").expect("it is in the list of all inspections");
//! let outcome = histogram.run(&context)?;
//! let table = outcome.section.table("classes").expect("a histogram lists classes");
//! let largest = table.cells("class").next();
//! assert_eq!(largest, Some(&Cell::Class("byte[]".into())));
//! assert_eq!(table.cells("retained_bytes").count(), 5);
//! assert!(csv::section(&outcome.section, Language::En).starts_with("class,"));
//! # Ok(())
//! # }
//! ```

mod arrays;
mod blocks;
mod bounds;
mod boxed;
mod class_values;
mod classloaders;
mod collections;
mod collisions;
mod compared;
mod context;
mod dominators;
mod finalizable;
mod histogram;
pub mod holders;
mod look;
mod no_garbage;
mod off_heap;
mod oom;
mod preview;
mod references;
mod report;
mod roots;
pub mod rules;
mod sockets;
mod strings;
mod suspects;
mod system;
mod threads;
mod unreachable;
mod verdict;
mod waste;

pub use crate::query::ClassPattern;
pub use compared::report_to_compare;
pub use context::{Context, Options};
pub use look::{find_section, paths_section, show_section};
pub use oom::throwing_thread;
pub use preview::Preview;
pub use report::{dump_facts, jvm_facts, report};
pub use strings::is_mostly_text;

use crate::report::{Finding, Section};
use crate::snapshot::SnapshotError;

/// Why an inspection gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// What it asked of the snapshot could not be had: memory, scratch space, or the user stopped it.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// What an inspection found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// For people and for JSON.
    pub section: Section,
    /// What should be changed.
    pub findings: Vec<Finding>,
}

/// One analysis.
pub trait Inspection: Sync {
    /// Its id: the name of its command and of its section.
    fn id(&self) -> &'static str;

    /// Looks at the snapshot.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError>;

    /// Whether it can be run while suspects are searched: it asks neither for them nor for owners, whose search others have to wait for.
    fn stands_alone(&self) -> bool {
        false
    }
}

/// All inspections, in the order in which a person would read them.
pub static ALL: &[&dyn Inspection] = &[
    &suspects::Suspects,
    &rules::Rules,
    &histogram::Classes,
    &dominators::Dominators,
    &threads::Threads,
    &classloaders::ClassLoaders,
    &collections::Collections,
    &strings::Strings,
    &arrays::Arrays,
    &boxed::Boxed,
    &waste::Waste,
    &references::References,
    &off_heap::OffHeap,
    &unreachable::Unreachable,
    &system::System,
];

/// Findings of the inspections themselves; those of rules are called like their rules.
pub const FINDINGS: &[&str] = &[
    "arrays.repeated",
    "classloaders.alike",
    "classloaders.generated",
    "classloaders.many",
    "classloaders.stopped-application",
    "collections.collisions",
    "collections.wasteful",
    "off-heap.beside-heap",
    "off-heap.direct-memory",
    "off-heap.native-memory",
    "off-heap.open-arenas",
    "off-heap.open-compressors",
    "oom.thrown-earlier",
    "oom.made-by-application",
    "references.finalizer-backlog",
    "references.only-finalizers",
    "sockets.half-closed",
    sockets::MANY_OPEN,
    "sockets.not-closed",
    "sockets.reset-not-closed",
    "strings.repeated",
    "threads.blocked-loop",
    "threads.busy-acceptor",
    "threads.class-initialisation",
    "threads.dead-timer",
    "threads.deadlock",
    "threads.ended-workers",
    "threads.failed-task",
    "threads.full-queue",
    "threads.lost-lock",
    "threads.missing-party",
    "threads.nested-pool",
    "threads.no-carrier",
    "threads.not-notified",
    "threads.starved-pool",
    "threads.stuck",
    "threads.stuck-scheduler",
];

/// The inspection of that id.
pub fn find(id: &str) -> Option<&'static dyn Inspection> {
    ALL.iter().copied().find(|inspection| inspection.id() == id)
}
