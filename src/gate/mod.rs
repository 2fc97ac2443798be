//! The gate: a policy, a report and perhaps an earlier report in, a verdict out.
//!
//! Owns budgets, allowances, growth against a baseline and the comparison of reports. Knows nothing of snapshots (all it
//! measures stands in the report) nor of the formats in which CI systems read a verdict.

mod limit;
mod parse;
mod pattern;
mod policy;

pub use limit::Figure;
pub use parse::PolicyError;
pub use policy::Policy;
