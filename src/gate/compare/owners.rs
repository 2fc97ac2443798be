//! Whose growth it is, where several owners hold the same memory.
//!
//! Memory that one owner alone holds is its own. What several hold goes only when all of them let go, so each gets an equal part of it:
//! that is the Shapley value of the game "what is freed if these owners let go" (L. S. Shapley, "A Value for n-Person Games", 1953), the
//! one way to split it that treats owners alike, adds up, and gives nothing to who holds nothing. The parts of each report are
//! compared, so an owner's growth is its own growth and its part of the shared growth.

use super::series::{cut, series};
use super::{grown_collections, noise_bytes};
use crate::gate::tree::held_by_fields;
use crate::report::{Block, Cell, Column, HolderKind, Report, Suspect, Table, normalise_thread};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What an owner has to answer for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Part {
    /// All of it, in bytes.
    bytes: u64,
    /// That part of it that others hold too.
    shared_bytes: u64,
}

/// What the owners of a suspect have to answer for. The parts add up to what it retains.
fn split(suspect: &Suspect) -> BTreeMap<String, Part> {
    let label = |holder: &crate::report::Holder| match holder.thread {
        Some(_) => normalise_thread(&holder.label()).into_owned(),
        None => holder.label(),
    };
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    let first = label(&suspect.holder);
    let mut left = suspect.retained_bytes;
    for other in &suspect.holders {
        let alone = other.alone_bytes.min(left);
        left -= alone;
        parts.entry(label(&other.holder)).or_default().bytes += alone;
    }
    // The list names all owners of what is shared, or only those beside the first who hold a part of their own.
    if parts.len() < 2 || !parts.contains_key(&first) {
        parts.entry(first).or_default().bytes += left;
        return parts;
    }
    let (each, one_more) = (left / parts.len() as u64, left % parts.len() as u64);
    for (at, part) in parts.values_mut().enumerate() {
        let shared = each + u64::from((at as u64) < one_more);
        part.bytes += shared;
        part.shared_bytes += shared;
    }
    parts
}

fn parts(report: &Report) -> BTreeMap<String, Part> {
    let mut sums: BTreeMap<String, Part> = BTreeMap::new();
    for suspect in report.suspects.iter().filter(|suspect| suspect.holder.kind != HolderKind::Nobody) {
        for (owner, part) in split(suspect) {
            let sum = sums.entry(owner).or_default();
            sum.bytes = sum.bytes.saturating_add(part.bytes);
            sum.shared_bytes = sum.shared_bytes.saturating_add(part.shared_bytes);
        }
    }
    sums
}

/// Growth by owner, most first; shares are of the growth of the reachable heap.
pub(super) fn table(reports: &[&Report], limit: usize) -> Block {
    let mut all: Vec<BTreeMap<String, Part>> = reports.iter().map(|report| parts(report)).collect();
    let mut owners: BTreeSet<String> = all.iter().flat_map(|parts| parts.keys().cloned()).collect();
    // A leak that has just begun is no suspect in any of them.
    let grown = grown_collections(reports, noise_bytes(reports));
    owners.extend(grown.into_iter().filter(|row| row.field.is_some()).map(|row| row.holder));
    // A field that holds too little for a suspect in one of the reports holds something.
    for (parts, report) in all.iter_mut().zip(reports) {
        let fields = held_by_fields(report).unwrap_or_default();
        for owner in owners.iter().filter(|owner| !parts.contains_key(*owner)).collect::<Vec<_>>() {
            if let Some(&(_, bytes)) = fields.get(owner) {
                parts.insert(owner.clone(), Part { bytes, shared_bytes: 0 });
            }
        }
    }
    let by = |of: &dyn Fn(&Part) -> u64| -> Vec<BTreeMap<String, u64>> {
        all.iter()
            .map(|parts| parts.iter().map(|(owner, part)| (owner.clone(), of(part))).collect())
            .collect()
    };
    let heap = |report: &Report| report.heap.shallow_bytes;
    let grown_by = heap(reports[reports.len() - 1]).saturating_sub(heap(reports[0]));
    let shared = series(&by(&|part| part.shared_bytes), |_| 0);
    let bytes = series(&by(&|part| part.bytes), |_| 0);
    let mut rows: Vec<_> = bytes.into_iter().filter(|(_, bytes)| bytes.change() > 0).collect();
    rows.sort_by_key(|(owner, bytes)| (Reverse(bytes.change()), owner.clone()));
    let row = |(owner, bytes): (String, super::Series)| {
        let change = bytes.change();
        let share = if grown_by > 0 { Cell::Share(change as f64 / grown_by as f64) } else { Cell::None };
        let of_shared = shared.get(&owner).map_or(0, super::Series::change);
        vec![
            Cell::Value(owner),
            Cell::Bytes(bytes.first()),
            Cell::Bytes(bytes.last()),
            Cell::BytesDelta(change),
            Cell::BytesDelta(of_shared),
            share,
            Cell::Flag(bytes.is_steady()),
            bytes.cell(),
        ]
    };
    let columns = vec![
        Column::left("holder"),
        Column::right("old_bytes"),
        Column::right("new_bytes"),
        Column::right("bytes_delta"),
        Column::right("shared_delta"),
        Column::right("growth_share"),
        Column::left("steady"),
        Column::left("trend"),
    ];
    let rows = rows.into_iter().map(row).collect();
    let mut table = Table { id: "owners".to_owned(), columns, rows, omitted: 0 };
    cut(&mut table, limit);
    Block::Table(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Confidence, Fingerprint, Holder, HolderShare, Pattern, Standing, SuspectKind, Text};

    fn holder(field: &str) -> Holder {
        let class = Some("com.acme.Index".to_owned());
        Holder {
            kind: HolderKind::StaticField,
            class,
            field: Some(field.to_owned()),
            thread: None,
            frame: None,
            threads: None,
        }
    }

    fn suspect(retained_bytes: u64, holders: &[(&str, u64)]) -> Suspect {
        let share = |&(field, alone_bytes): &(&str, u64)| HolderShare { holder: holder(field), alone_bytes };
        Suspect {
            rank: 1,
            kind: SuspectKind::Leak,
            standing: Standing::Blamed,
            pattern: Pattern::Collection,
            title: Text::plain(""),
            class: String::new(),
            instances: 1,
            retained_bytes,
            share: 0.5,
            holder: holder("A"),
            holders: holders.iter().map(share).collect(),
            path_graph: None,
            path_graph_of: None,
            until: None,
            together_bytes: 0,
            accumulation_point: None,
            path: Vec::new(),
            root: None,
            composition: Vec::new(),
            examples: Vec::new(),
            rule: None,
            backlog: false,
            cache: false,
            activity: Vec::new(),
            advice: Vec::new(),
            confidence: Confidence::Exact,
            evidence: Vec::new(),
            fingerprint: Fingerprint(String::new()),
        }
    }

    fn bytes(suspect: &Suspect) -> Vec<(u64, u64)> {
        let parts = split(suspect);
        assert_eq!(parts.values().map(|part| part.bytes).sum::<u64>(), suspect.retained_bytes);
        parts.values().map(|part| (part.bytes, part.shared_bytes)).collect()
    }

    #[test]
    fn what_is_shared_is_split_evenly_and_to_the_last_byte() {
        assert_eq!(bytes(&suspect(100, &[])), [(100, 0)]);
        assert_eq!(bytes(&suspect(100, &[("A", 10), ("B", 0), ("C", 30)])), [(30, 20), (20, 20), (50, 20)]);
        assert_eq!(bytes(&suspect(101, &[("A", 0), ("B", 0)])), [(51, 51), (50, 50)]);
        // Others that hold a part of their own and nothing of what the first one holds.
        assert_eq!(bytes(&suspect(100, &[("B", 20)])), [(80, 0), (20, 0)]);
        // A report from elsewhere may say what cannot be.
        assert_eq!(bytes(&suspect(10, &[("A", u64::MAX), ("B", 5)])), [(10, 0), (0, 0)]);
    }
}
