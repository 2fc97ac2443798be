//! What something was in each report: values, growth, whether it grew in every step.

use crate::report::{Cell, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The values, the oldest first; at least two.
#[derive(Debug, Clone)]
pub(in crate::gate) struct Series {
    values: Vec<u64>,
}

impl Series {
    /// Of one value for each report; at least two.
    pub(super) fn new(values: Vec<u64>) -> Self {
        Self { values }
    }

    pub(super) fn at(&self, report: usize) -> u64 {
        self.values[report]
    }

    pub(in crate::gate) fn first(&self) -> u64 {
        self.values[0]
    }

    pub(in crate::gate) fn last(&self) -> u64 {
        self.values[self.values.len() - 1]
    }

    pub(in crate::gate) fn change(&self) -> i64 {
        delta(self.first(), self.last())
    }

    /// Grew in every step.
    pub(super) fn is_steady(&self) -> bool {
        self.values.windows(2).all(|pair| pair[1] > pair[0])
    }

    /// Whether the last step grew by less than half of what the first step did, time for time: a cache that fills does so, a leak does not.
    /// `seconds` are those of each step, if all are known. Two values have one step, which tells nothing.
    pub(super) fn is_slowing(&self, seconds: Option<&[u64]>) -> bool {
        let steps = self.values.len() - 1;
        if steps < 2 {
            return false;
        }
        let grown = |step: usize| u128::from(self.values[step + 1].saturating_sub(self.values[step]));
        let lasted = |step: usize| u128::from(seconds.map_or(1, |seconds| seconds[step]));
        // grown / lasted, compared without dividing.
        2 * grown(steps - 1) * lasted(0) < grown(0) * lasted(steps - 1)
    }

    /// All values as a cell.
    pub(super) fn cell(&self) -> Cell {
        Cell::Series(self.values.clone())
    }
}

pub(super) fn delta(old: u64, new: u64) -> i64 {
    let change = i128::from(new) - i128::from(old);
    i64::try_from(change).unwrap_or(if change < 0 { i64::MIN } else { i64::MAX })
}

/// By key, the values in each report; 0 (or what `absent` says for that report) where it is missing.
pub(super) fn series<K: Ord + Clone>(
    by_report: &[BTreeMap<K, u64>],
    absent: impl Fn(usize) -> u64,
) -> BTreeMap<K, Series> {
    let keys: BTreeSet<&K> = by_report.iter().flat_map(BTreeMap::keys).collect();
    let values = |key: &K| {
        by_report
            .iter()
            .enumerate()
            .map(|(at, values)| values.get(key).copied().unwrap_or_else(|| absent(at)))
            .collect()
    };
    keys.into_iter().map(|key| (key.clone(), Series { values: values(key) })).collect()
}

pub(super) fn cut(table: &mut Table, limit: usize) {
    if limit > 0 && table.rows.len() > limit {
        table.omitted = (table.rows.len() - limit) as u64;
        table.rows.truncate(limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_slows_down() {
        let slows = |values: &[u64], seconds| Series::new(values.to_vec()).is_slowing(seconds);
        assert!(slows(&[10, 50, 70, 75], None));
        assert!(!slows(&[10, 20, 30, 39], None));
        assert!(!slows(&[10, 50], None), "one step tells nothing");
        // A short last step is no slow one.
        assert!(!slows(&[0, 100, 110], Some(&[100, 10])));
        assert!(slows(&[0, 100, 110], Some(&[10, 10])));
    }
}
