//! Questions asked of a snapshot: counts by class, paths to roots, holders, values.
//!
//! Owns how an answer is found; draws no conclusions and writes no report.

mod histogram;
mod paths;

pub use histogram::{ClassCount, Histogram, retained_by_group};
pub use paths::{Path, Paths, Step, named, softer_slots};
