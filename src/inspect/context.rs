//! What inspections are given: the snapshot, what was asked for, and tables that several of them need, made once.

use crate::query::Histogram;
use crate::snapshot::Snapshot;
use std::sync::OnceLock;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Rows of a table at most; 0 for all.
    pub limit: usize,
    /// Whether contents of strings may appear in the report.
    pub strings: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { limit: 100, strings: false }
    }
}

impl Options {
    /// Keeps the first rows and says how many are left out.
    pub fn cut<T>(&self, rows: &mut Vec<T>) -> u64 {
        if self.limit == 0 || rows.len() <= self.limit {
            return 0;
        }
        let omitted = rows.len() - self.limit;
        rows.truncate(self.limit);
        omitted as u64
    }
}

/// What an inspection works on.
#[derive(Debug)]
pub struct Context<'a> {
    /// The opened dump.
    pub snapshot: &'a Snapshot,
    /// What was asked for.
    pub options: Options,
    histogram: OnceLock<Histogram>,
}

impl<'a> Context<'a> {
    /// A context for all inspections of one snapshot.
    pub fn new(snapshot: &'a Snapshot, options: Options) -> Self {
        Self { snapshot, options, histogram: OnceLock::new() }
    }

    /// Counts and sizes by class, made when first asked for.
    pub fn histogram(&self) -> &Histogram {
        self.histogram.get_or_init(|| Histogram::of(self.snapshot))
    }
}
