//! The gate: a policy, a report and perhaps an earlier report in, a judgement out.
//!
//! Owns budgets, allowances, growth against a baseline and the comparison of reports. Knows nothing of snapshots (all it
//! measures stands in the report) nor of the formats in which CI systems read a judgement.

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

pub use compare::compare;
pub use evaluate::evaluate;
pub use limit::Figure;
pub use outcome::{Judgement, Outcome, Status};
pub use parse::PolicyError;
pub use policy::Policy;
pub use propose::propose;

/// Inspections that a report needs for every budget to be measured, and all of their rows.
pub const NEEDED: &[&str] = &[
    "rules",
    "histogram",
    "threads",
    "classloaders",
    "collections",
    "references",
    "off-heap",
    "waste",
    "dominators",
];
