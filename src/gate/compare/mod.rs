//! Reports of the same service one after the other: what has grown.
//!
//! Owns which figures are compared and in which order they stand: what grew in every step before what grew in some, then by
//! growth. Suspects are compared by the path that leads to their collection (a leak shows as one collection in one field that
//! grows steadily), classes and pools of threads by names without numbers; growth that several owners share is split among them
//! ([`owners`]). Cost: rows of the reports.

mod owners;
mod series;
mod times;

use super::measure::{self, Census};
use crate::report::{
    Arg, Block, Cell, Column, Fact, Facts, Holder, HolderKind, Report, Section, Suspect, Table, Text,
    normalise_class, normalise_thread,
};
pub(super) use series::Series;
use series::{cut, delta, series};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Growth over two or more reports, the oldest first, with `limit` rows in a table (0 for all). One section, `growth`.
///
/// # Panics
/// With fewer than two reports.
pub fn compare(reports: &[&Report], limit: usize) -> Section {
    assert!(reports.len() >= 2, "growth is between two reports at least");
    let tables = [collections, owners::table, branches, classes, threads, loaders, new_suspects];
    let mut blocks = vec![Block::Prose { text: headline(reports) }];
    blocks.extend(times::sentence(reports).map(|text| Block::Prose { text }));
    blocks.push(facts(reports));
    blocks.extend(tables.map(|table| table(reports, limit)));
    blocks.push(times::dumps(reports));
    Section { id: "growth".to_owned(), blocks }
}

fn headline(reports: &[&Report]) -> Text {
    let (grown, branches) = (grown_collections(reports), grown_branches(reports));
    let (first, last) = (&reports[0].heap, &reports[reports.len() - 1].heap);
    match grown.first() {
        Some(Grown { holder, class, elements: Some(elements), bytes, .. }) => Text::with(
            "growth-headline",
            [
                ("holder", Arg::name(holder.clone())),
                ("old", Arg::Bytes(bytes.first())),
                ("new", Arg::Bytes(bytes.last())),
                ("old_elements", Arg::Count(elements.first())),
                ("new_elements", Arg::Count(elements.last())),
                ("class", Arg::name(class.clone())),
            ],
        ),
        Some(top) => Text::with(
            "growth-branch",
            [
                ("path", Arg::name(top.holder.clone())),
                ("old", Arg::Bytes(top.bytes.first())),
                ("new", Arg::Bytes(top.bytes.last())),
            ],
        ),
        None if !branches.is_empty() => Text::with(
            if branches[0].holder.is_some() { "growth-branch-held" } else { "growth-branch" },
            [
                ("holder", Arg::name(branches[0].holder.as_ref().map(Holder::label).unwrap_or_default())),
                ("class", Arg::name(branches[0].class.clone())),
                ("path", Arg::name(branches[0].path.clone())),
                ("old", Arg::Bytes(branches[0].bytes.first())),
                ("new", Arg::Bytes(branches[0].bytes.last())),
            ],
        ),
        None => Text::with(
            "growth-none",
            [("old", Arg::Bytes(first.shallow_bytes)), ("new", Arg::Bytes(last.shallow_bytes))],
        ),
    }
}

fn facts(reports: &[&Report]) -> Block {
    let (first, last) = (reports[0], reports[reports.len() - 1]);
    let mut facts = vec![
        Fact::new("old_file", Cell::Value(first.dump.file.clone())),
        Fact::new("new_file", Cell::Value(last.dump.file.clone())),
        Fact::new("reports", Cell::Count(reports.len() as u64)),
        Fact::new("old_bytes", Cell::Bytes(first.heap.shallow_bytes)),
        Fact::new("new_bytes", Cell::Bytes(last.heap.shallow_bytes)),
        Fact::new("bytes_delta", Cell::BytesDelta(delta(first.heap.shallow_bytes, last.heap.shallow_bytes))),
        Fact::new("objects_delta", Cell::CountDelta(delta(first.heap.objects, last.heap.objects))),
        Fact::new(
            "unreachable_delta",
            Cell::BytesDelta(delta(first.heap.unreachable_bytes, last.heap.unreachable_bytes)),
        ),
    ];
    facts.extend(times::facts(reports));
    Block::Facts(Facts { id: "total".to_owned(), facts })
}

/// A collection (or one big object) that grew, by the path that leads to it.
struct Grown {
    holder: String,
    path: String,
    class: String,
    /// Where each dump has it as a suspect, or nothing of it.
    elements: Option<Series>,
    bytes: Series,
}

fn grown_collections(reports: &[&Report]) -> Vec<Grown> {
    type Key = (String, String);
    // What a thread's stack holds is a request's; garbage has no path.
    let key = |suspect: &Suspect| -> Option<Key> {
        let is_held = suspect.holder.kind != HolderKind::Nobody;
        is_held.then(|| {
            let holder = normalise_thread(&suspect.holder.label()).into_owned();
            let named = suspect.holder.thread.is_some();
            (if named { holder } else { suspect.holder.label() }, measure::path_signature(suspect))
        })
    };
    let mut classes = BTreeMap::new();
    let mut by = |measure: &dyn Fn(&Suspect) -> u64| -> Vec<BTreeMap<Key, u64>> {
        let mut of_report = |report: &&Report| {
            let mut sums = BTreeMap::new();
            for suspect in &report.suspects {
                let Some(key) = key(suspect) else { continue };
                classes.insert(key.clone(), normalise_class(&suspect.class).into_owned());
                *sums.entry(key).or_default() += measure(suspect);
            }
            sums
        };
        reports.iter().map(&mut of_report).collect()
    };
    let mut sizes = by(&|suspect| suspect.retained_bytes);
    // A field that holds too little for a suspect holds something.
    let all: BTreeSet<Key> = sizes.iter().flat_map(|sizes| sizes.keys().cloned()).collect();
    let mut not_counted = BTreeSet::new();
    for (sizes, report) in sizes.iter_mut().zip(reports) {
        let fields = measure::held_by_fields(report).unwrap_or_default();
        for key in all.iter().filter(|key| fields.contains_key(&key.0)) {
            sizes.entry(key.clone()).or_insert_with(|| {
                not_counted.insert(key.clone());
                fields[&key.0].1
            });
        }
    }
    let bytes = series(&sizes, |_| 0);
    let mut elements = series(
        &by(&|suspect| suspect.accumulation_point.as_ref().map_or(suspect.instances, |point| point.elements)),
        |_| 0,
    );
    let mut grown: Vec<Grown> = bytes
        .into_iter()
        .filter(|(_, bytes)| bytes.change() > 0)
        .filter_map(|(key, bytes)| {
            let class = classes.remove(&key)?;
            let elements = elements.remove(&key).filter(|_| !not_counted.contains(&key));
            Some(Grown { holder: key.0, path: key.1, class, elements, bytes })
        })
        .collect();
    grown.sort_by_key(|row| (!row.bytes.is_steady(), Reverse(row.bytes.change()), row.path.clone()));
    grown
}

fn collections(reports: &[&Report], limit: usize) -> Block {
    let rows = grown_collections(reports).into_iter().map(|row| {
        let elements = |of: &dyn Fn(&Series) -> Cell| row.elements.as_ref().map_or(Cell::None, of);
        vec![
            Cell::Value(row.holder),
            Cell::Class(row.class),
            elements(&|series| Cell::Count(series.first())),
            elements(&|series| Cell::Count(series.last())),
            elements(&|series| Cell::CountDelta(series.change())),
            Cell::Bytes(row.bytes.last()),
            Cell::BytesDelta(row.bytes.change()),
            Cell::Flag(row.bytes.is_steady()),
            row.bytes.cell(),
            Cell::Value(row.path),
        ]
    });
    let mut table = Table {
        id: "collections".to_owned(),
        columns: vec![
            Column::left("holder"),
            Column::left("class"),
            Column::right("old_elements"),
            Column::right("new_elements"),
            Column::right("elements_delta"),
            Column::right("retained_bytes"),
            Column::right("bytes_delta"),
            Column::left("steady"),
            Column::left("trend"),
            Column::left("path"),
        ],
        rows: rows.collect(),
        omitted: 0,
    };
    cut(&mut table, limit);
    Block::Table(table)
}

fn classes(reports: &[&Report], limit: usize) -> Block {
    let censuses: Vec<Census> = reports.iter().map(|report| Census::of(report).unwrap_or_default()).collect();
    let by = |of: &dyn Fn(&measure::ClassSum) -> u64| -> Vec<BTreeMap<String, u64>> {
        let sums = censuses.iter().map(|census| census.by_class.iter());
        sums.map(|sums| sums.map(|(class, sum)| (class.clone(), of(sum))).collect()).collect()
    };
    let bytes = series(&by(&|sum| sum.shallow_bytes), |at| censuses[at].unlisted.shallow_bytes);
    let mut instances = series(&by(&|sum| sum.instances), |at| censuses[at].unlisted.instances);
    let mut rows: Vec<(String, Series, Series)> = bytes
        .into_iter()
        .filter(|(_, bytes)| bytes.change() != 0)
        .filter_map(|(class, bytes)| instances.remove(&class).map(|instances| (class, instances, bytes)))
        .collect();
    rows.sort_by_key(|(class, _, bytes)| (Reverse(bytes.change()), class.clone()));
    let mut table = Table {
        id: "classes".to_owned(),
        columns: vec![
            Column::left("class"),
            Column::right("old_instances"),
            Column::right("new_instances"),
            Column::right("instances_delta"),
            Column::right("old_bytes"),
            Column::right("new_bytes"),
            Column::right("bytes_delta"),
            Column::left("steady"),
            Column::left("trend"),
        ],
        rows: Vec::new(),
        omitted: 0,
    };
    table.rows.extend(rows.into_iter().map(|(class, instances, bytes)| {
        vec![
            Cell::Class(class),
            Cell::Count(instances.first()),
            Cell::Count(instances.last()),
            Cell::CountDelta(instances.change()),
            Cell::Bytes(bytes.first()),
            Cell::Bytes(bytes.last()),
            Cell::BytesDelta(bytes.change()),
            Cell::Flag(bytes.is_steady()),
            bytes.cell(),
        ]
    }));
    cut(&mut table, limit);
    Block::Table(table)
}

/// A part of the dominator tree that grew.
pub(super) struct GrownBranch {
    pub(super) path: String,
    pub(super) class: String,
    pub(super) holder: Option<Holder>,
    pub(super) objects: Series,
    pub(super) bytes: Series,
}

/// Parts of the dominator tree that grew, steady ones first. Of parts inside of each other that grew by nearly the same, only the
/// innermost: there the memory accumulates. This finds leaks that are still too small to be suspects.
pub(super) fn grown_branches(reports: &[&Report]) -> Vec<GrownBranch> {
    let mut trees: Vec<_> = reports.iter().map(|report| measure::branches(report)).collect();
    let by = |of: &dyn Fn(&measure::Branch) -> u64| -> Vec<BTreeMap<String, u64>> {
        trees
            .iter()
            .map(|tree| tree.iter().map(|(path, branch)| (path.clone(), of(branch))).collect())
            .collect()
    };
    let mut listed = by(&|branch| branch.retained_bytes);
    let mut objects = series(&by(&|branch| branch.objects), |_| 0);
    let newest = trees.pop().unwrap_or_default();
    // What an earlier tree does not list has not grown from nothing.
    for (listed, tree) in listed.iter_mut().zip(&trees) {
        listed.extend(newest.keys().map(|path| (path.clone(), measure::most_before(tree, &newest, path))));
    }
    let bytes = series(&listed, |_| 0);
    // Paths are in order, so what lies below a path follows it.
    let is_explained = |path: &str, change: i64| {
        let inside = format!("{path}.");
        let beside = format!("{path} > ");
        let below = bytes.range(path.to_owned()..).skip(1).take_while(|(below, _)| below.starts_with(path));
        let mut below = below.filter(|(below, _)| below.starts_with(&inside) || below.starts_with(&beside));
        below.any(|(_, inner)| inner.change() >= change - change / 10)
    };
    let mut grown: Vec<GrownBranch> = Vec::new();
    for (path, branch) in newest {
        let Some(change) = bytes.get(&path).map(Series::change).filter(|&change| change > 0) else {
            continue;
        };
        if is_explained(&path, change) {
            continue;
        }
        let (Some(objects), Some(bytes)) = (objects.remove(&path), bytes.get(&path).cloned()) else {
            continue;
        };
        grown.push(GrownBranch { path, class: branch.class, holder: branch.holder, objects, bytes });
    }
    grown.sort_by_key(|row| (!row.bytes.is_steady(), Reverse(row.bytes.change()), row.path.clone()));
    grown
}

fn branches(reports: &[&Report], limit: usize) -> Block {
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

/// A table of counts by name, those that changed, most growth first.
fn counted(id: &str, key: &str, by_report: &[BTreeMap<String, u64>], limit: usize) -> Block {
    let mut rows: Vec<(String, Series)> = series(by_report, |_| 0).into_iter().collect();
    rows.retain(|(_, count)| count.change() != 0);
    rows.sort_by_key(|(name, count)| (Reverse(count.change()), name.clone()));
    let row = |(name, count): (String, Series)| {
        let flag = Cell::Flag(count.is_steady());
        let (first, last) = (Cell::Count(count.first()), Cell::Count(count.last()));
        vec![Cell::Value(name), first, last, Cell::CountDelta(count.change()), flag, count.cell()]
    };
    let columns = vec![
        Column::left(key),
        Column::right("old_count"),
        Column::right("new_count"),
        Column::right("count_delta"),
        Column::left("steady"),
        Column::left("trend"),
    ];
    let rows = rows.into_iter().map(row).collect();
    let mut table = Table { id: id.to_owned(), columns, rows, omitted: 0 };
    cut(&mut table, limit);
    Block::Table(table)
}

fn threads(reports: &[&Report], limit: usize) -> Block {
    let pools = |report: &&Report| {
        let mut pools = BTreeMap::new();
        for thread in measure::threads(report).unwrap_or_default() {
            *pools.entry(normalise_thread(&thread.name).into_owned()).or_default() += 1;
        }
        pools
    };
    counted("threads", "name", &reports.iter().map(pools).collect::<Vec<_>>(), limit)
}

fn loaders(reports: &[&Report], limit: usize) -> Block {
    let kinds = |report: &&Report| {
        let mut kinds = BTreeMap::new();
        for row in measure::loaders(report).unwrap_or_default() {
            *kinds.entry(normalise_class(row.name("class")).into_owned()).or_default() += 1;
        }
        kinds
    };
    counted("loaders", "loader", &reports.iter().map(kinds).collect::<Vec<_>>(), limit)
}

fn new_suspects(reports: &[&Report], limit: usize) -> Block {
    let (first, last) = (reports[0], reports[reports.len() - 1]);
    let known: BTreeSet<_> = first.suspects.iter().map(|suspect| &suspect.fingerprint).collect();
    let new = last.suspects.iter().filter(|suspect| !known.contains(&suspect.fingerprint));
    let row = |suspect: &Suspect| {
        let Suspect { title, holder, retained_bytes, share, fingerprint, .. } = suspect;
        vec![
            Cell::Text(title.clone()),
            Cell::Value(holder.label()),
            Cell::Bytes(*retained_bytes),
            Cell::Share(*share),
            Cell::Value(fingerprint.0.clone()),
        ]
    };
    let columns = vec![
        Column::left("title"),
        Column::left("holder"),
        Column::right("retained_bytes"),
        Column::right("share"),
        Column::left("fingerprint"),
    ];
    let rows = new.map(row).collect();
    let mut table = Table { id: "new_suspects".to_owned(), columns, rows, omitted: 0 };
    cut(&mut table, limit);
    Block::Table(table)
}
