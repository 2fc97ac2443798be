//! Questions asked of a snapshot: counts by class, paths to roots, holders, values.
//!
//! Owns how an answer is found; draws no conclusions and writes no report.

mod histogram;
mod origin;
mod paths;
mod pattern;
mod secrets;
mod threads;

pub use histogram::{ClassCount, Histogram, retained_by_group};
pub use origin::{Origin, origin_of, origin_of_name};
pub use paths::{Path, Paths, Step, named, softer_slots};
pub use pattern::ClassPattern;
pub use secrets::{MASK, is_secret_name, mask, mask_value, masked_properties};
pub use threads::{ThreadFacts, ThreadState, Wait, WaitKind, deadlocks, thread_name};
