//! oomph: Out-Of-Memory Post-mortem for HPROF.

pub mod cli;
pub mod gate;
pub mod graph;
pub mod hprof;
pub mod inspect;
pub mod ix;
pub mod progress;
pub mod query;
pub mod render;
pub mod report;
pub mod snapshot;
pub mod storage;
