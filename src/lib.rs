//! oomph: Out-Of-Memory Post-mortem for HPROF. Opens a JVM heap dump and says what filled the heap, who holds it, and what to change.
//!
//! The program of that name is a thin shell around this library. There are four steps, each usable by itself:
//!
//! 1. [`snapshot::Snapshot::open`] reads a dump and computes sizes, dominators and retained sizes. Objects are numbers
//!    ([`ix::ObjectIx`]); a snapshot answers questions about each of them.
//! 2. [`inspect`] draws conclusions: [`inspect::report()`] runs all inspections, [`inspect::find`] gives a single one.
//! 3. What they find is pure data, the [`report`] model: suspects, findings, tables. It survives JSON.
//! 4. [`render`] writes it for people and programs, [`gate`] judges it by a policy or compares it with earlier ones.
//!
//! ```
//! use oomph::inspect::{self, Context};
//! use oomph::progress::Progress;
//! use oomph::render::{html, json, text::Language};
//! use oomph::report::{HolderKind, SuspectKind};
//! use oomph::snapshot::{Options, Snapshot};
//! use std::path::Path;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dump = Path::new("hprof-fixtures/dumps/mq-kept.hprof.gz");
//! let snapshot = Snapshot::open(dump, &Options::default(), &Progress::silent())?;
//!
//! let report = inspect::report(&Context::new(&snapshot, inspect::Options::default()), |_inspection| true)?;
//! let suspect = &report.suspects[0];
//! assert_eq!(suspect.kind, SuspectKind::Leak);
//! assert_eq!(suspect.holder.kind, HolderKind::StaticField);
//! assert_eq!(suspect.holder.label(), "com.acme.mq.MqRegistry.FACTORIES");
//!
//! let page = html::render(&report, &html::HtmlOptions::default());
//! assert!(page.contains("FACTORIES"));
//! let json = json::report(&report, Language::En);
//! assert_eq!(json["suspects"][0]["class"], "org.apache.activemq.ActiveMQConnectionFactory");
//! # Ok(())
//! # }
//! ```
//!
//! # What later versions may change
//!
//! Versions follow Semantic Versioning. Enumerations and option structs that may get new members are `#[non_exhaustive]`: match with a
//! wildcard, and set options on a default. Structs of the report model can be made by anybody (a report may come from another program);
//! new fields there come with a new minor version before 1.0, and JSON without them is still read. The formats that programs
//! read (`docs/schemas`) have versions of their own.

pub mod cli;
pub mod gate;
pub mod graph;
pub mod hprof;
pub mod inspect;
pub mod ix;
mod origin;
mod prefetch;
pub mod progress;
pub mod query;
pub mod render;
pub mod report;
pub mod snapshot;
pub mod storage;
