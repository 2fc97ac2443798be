//! The gate: a policy, a report and perhaps an earlier report in, a judgement out.
//!
//! Owns budgets, allowances, growth against a baseline and the comparison of reports. Knows nothing of snapshots (all it
//! measures stands in the report) nor of the formats in which CI systems read a judgement.
//!
//! ```
//! use oomph::gate::{self, Policy, Status};
//! use oomph::inspect::{report_to_compare, rules::RuleSet};
//! use oomph::progress::Progress;
//! use oomph::snapshot::{Options, Snapshot};
//! use std::path::Path;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let open = |name| Snapshot::open(Path::new(name), &Options::default(), &Progress::silent());
//! let snapshot = open("hprof-fixtures/dumps/mq-kept.hprof.gz")?;
//! // Budgets are measured on all rows of the inspections that they need.
//! let report = report_to_compare(&snapshot, &RuleSet::builtin(), gate::NEEDED)?;
//!
//! let policy: Policy = "[[suspect]]\nkind = \"leak\"\nmax = 0\n".parse()?;
//! let judgement = gate::evaluate(&policy, &report, None, gate::today());
//! assert!(!judgement.passed());
//! let broken = judgement.with_status(Status::Failed).next().expect("one budget is broken");
//! let holder = broken.holder.as_ref().map(|holder| holder.label());
//! assert_eq!(holder.as_deref(), Some("com.acme.mq.MqRegistry.FACTORIES"));
//!
//! // The same report, kept as JSON, has not grown.
//! let kept = oomph::render::json::report(&report, oomph::render::text::Language::En).to_string();
//! let growth = gate::compare(&[&oomph::report::Report::from_json(&kept)?, &report], 20);
//! assert!(growth.table("collections").is_some_and(|table| table.rows.is_empty()));
//! # Ok(())
//! # }
//! ```

mod baseline;
mod compare;
mod evaluate;
mod judge;
mod limit;
mod measure;
mod outcome;
mod parse;
mod pattern;
mod policy;
mod propose;
mod tree;

pub use jiff::civil::Date;

pub use compare::compare;
pub use evaluate::evaluate;
pub use limit::Figure;
pub use outcome::{Judgement, Outcome, Status};
pub use parse::PolicyError;
pub use policy::Policy;
pub use propose::propose;

/// The day on which allowances are judged: today, in UTC.
pub fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// Inspections that a report needs for every budget to be measured, and all of their rows.
pub const NEEDED: &[&str] = &[
    "rules",
    "histogram",
    "threads",
    "classloaders",
    "collections",
    "strings",
    "references",
    "off-heap",
    "waste",
    "dominators",
];
