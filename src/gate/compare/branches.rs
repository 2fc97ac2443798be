//! Parts of the dominator tree that grew, by the path that leads to them.

use super::series::{Series, cut};
use crate::gate::tree::{self, Branch};
use crate::report::{Block, Cell, Column, Holder, Report, Table};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A part of the dominator tree that grew.
pub(in crate::gate) struct GrownBranch {
    pub(in crate::gate) path: String,
    pub(in crate::gate) class: String,
    pub(in crate::gate) holder: Option<Holder>,
    pub(in crate::gate) objects: Series,
    pub(in crate::gate) bytes: Series,
}

/// Parts of the dominator tree that grew, steady ones first. Of parts inside of each other that grew by nearly the same, only the
/// innermost: there the memory accumulates. This finds leaks that are still too small to be suspects.
pub(in crate::gate) fn grown_branches(reports: &[&Report]) -> Vec<GrownBranch> {
    let mut trees: Vec<_> = reports.iter().map(|report| tree::branches(report)).collect();
    let newest = trees.pop().unwrap_or_default();
    let over_all = |now: u64, before: &dyn Fn(&BTreeMap<String, Branch>) -> u64| {
        Series::new(trees.iter().map(before).chain([now]).collect())
    };
    let bytes: BTreeMap<&str, Series> = newest
        .iter()
        .map(|(path, branch)| {
            // What an earlier tree does not list has not grown from nothing.
            let before = |earlier: &_| tree::most_before(earlier, &newest, path);
            (path.as_str(), over_all(branch.retained_bytes, &before))
        })
        .collect();
    // Paths are in order, so what lies below a path follows it.
    let is_explained = |path: &str, change: i64| {
        let inside = format!("{path}.");
        let beside = format!("{path} > ");
        let below = bytes.range(path..).skip(1).take_while(|(below, _)| below.starts_with(path));
        let mut below = below.filter(|(below, _)| below.starts_with(&inside) || below.starts_with(&beside));
        below.any(|(_, inner)| inner.change() >= change - change / 10)
    };
    let mut grown: Vec<GrownBranch> = Vec::new();
    for (path, branch) in &newest {
        let bytes = &bytes[path.as_str()];
        if bytes.change() <= 0 || is_explained(path, bytes.change()) {
            continue;
        }
        let objects = |earlier: &_| tree::same(earlier, path).map_or(0, |branch| branch.objects);
        grown.push(GrownBranch {
            path: path.clone(),
            class: branch.class.clone(),
            holder: branch.holder.clone(),
            objects: over_all(branch.objects, &objects),
            bytes: bytes.clone(),
        });
    }
    grown.sort_by_key(|row| (!row.bytes.is_steady(), Reverse(row.bytes.change()), row.path.clone()));
    grown
}

pub(super) fn table(reports: &[&Report], limit: usize) -> Block {
    let rows = grown_branches(reports).into_iter().map(|row| {
        vec![
            row.holder.map_or(Cell::None, |holder| Cell::Value(holder.label())),
            Cell::Value(row.path),
            Cell::Class(row.class),
            Cell::CountDelta(row.objects.change()),
            Cell::Bytes(row.bytes.first()),
            Cell::Bytes(row.bytes.last()),
            Cell::BytesDelta(row.bytes.change()),
            Cell::Flag(row.bytes.is_steady()),
            row.bytes.cell(),
        ]
    });
    let columns = vec![
        Column::left("holder"),
        Column::left("path"),
        Column::left("class"),
        Column::right("objects_delta"),
        Column::right("old_bytes"),
        Column::right("new_bytes"),
        Column::right("bytes_delta"),
        Column::left("steady"),
        Column::left("trend"),
    ];
    let mut table = Table { id: "branches".to_owned(), columns, rows: rows.collect(), omitted: 0 };
    cut(&mut table, limit);
    Block::Table(table)
}
