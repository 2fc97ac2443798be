//! Reports of the same service one after the other: what has grown.
//!
//! Owns which figures are compared and in which order they stand: what grew in every step before what grew in some, then by
//! growth. Suspects are compared by the path that leads to their collection (a leak shows as one collection in one field that
//! grows steadily), classes and pools of threads by names without numbers; growth that several owners share is split among them
//! ([`owners`]). Cost: rows of the reports.

mod branches;
mod collections;
mod owners;
mod series;
mod times;

use super::measure::{self, Census, Limit};
use crate::report::{
    Arg, Block, Cell, Column, Fact, Facts, Report, Section, Suspect, Table, Text, normalise_class,
    normalise_thread,
};
pub(super) use branches::grown_branches;
pub(super) use collections::grown_collections;
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
    let tables =
        [collections::table, owners::table, branches::table, classes, threads, loaders, new_suspects];
    let mut blocks = vec![Block::Prose { text: headline(reports) }];
    blocks.extend(limited(reports).map(|text| Block::Prose { text }));
    blocks.extend(times::sentence(reports).map(|text| Block::Prose { text }));
    blocks.push(facts(reports));
    blocks.extend(tables.map(|table| table(reports, limit)));
    blocks.push(times::dumps(reports));
    Section { id: "growth".to_owned(), blocks }
}

fn headline(reports: &[&Report]) -> Text {
    let (first, last) = (&reports[0].heap, &reports[reports.len() - 1].heap);
    let from_to = |bytes: &Series| [("old", Arg::Bytes(bytes.first())), ("new", Arg::Bytes(bytes.last()))];
    if let Some(top) = grown_collections(reports, noise_bytes(reports)).first() {
        let holder = ("holder", Arg::name(top.holder.clone()));
        let Some((class, elements)) = top.elements.as_ref().filter(|(_, elements)| elements.change() > 0)
        else {
            return Text::with("growth-held", std::iter::once(holder).chain(from_to(&top.bytes)));
        };
        // One line: packages, and how many there were, are in the table.
        let class = class.rsplit('.').next().unwrap_or(class);
        let more = ("count", Arg::Count(elements.change().unsigned_abs()));
        let words = [holder, more, ("class", Arg::name(class))];
        return Text::with("growth-headline", words.into_iter().chain(from_to(&top.bytes)));
    }
    match grown_branches(reports)
        .first()
        .filter(|top| u64::try_from(top.bytes.change()).is_ok_and(|bytes| bytes > noise_bytes(reports)))
    {
        Some(top) => {
            let args = [
                ("path", Arg::name(end_of(&top.path))),
                ("count", Arg::Count(top.objects.change().unsigned_abs())),
            ];
            let grew = if top.objects.change() > 0 { "growth-branch-objects" } else { "growth-branch" };
            Text::with(grew, args.into_iter().chain(from_to(&top.bytes)))
        }
        None => Text::with(
            "growth-none",
            [("old", Arg::Bytes(first.shallow_bytes)), ("new", Arg::Bytes(last.shallow_bytes))],
        ),
    }
}

/// What grew most of what has a limit: who sees it grow should know that it is no leak.
fn limited(reports: &[&Report]) -> Option<Text> {
    let grown = grown_collections(reports, noise_bytes(reports));
    let (top, limit) = grown.iter().find_map(|row| Some((row, row.limit?)))?;
    let args =
        [("holder", Arg::name(top.holder.clone())), ("size", Arg::Bytes(top.bytes.change().unsigned_abs()))];
    Some(match limit {
        Limit { entries: Some(entries), limit: Some(most) } => {
            let numbers = [("entries", Arg::Count(entries)), ("limit", Arg::Count(most))];
            Text::with("growth-limited-by", args.into_iter().chain(numbers))
        }
        _ => Text::with("growth-limited", args),
    })
}

/// Growth by less than this part of the heap is what any two dumps of one program differ by.
const NOISE: u64 = 1000;

fn noise_bytes(reports: &[&Report]) -> u64 {
    reports[0].heap.shallow_bytes / NOISE
}

/// The last two steps of a path: a line has no room for more.
fn end_of(path: &str) -> String {
    let steps: Vec<&str> = path.split(" > ").collect();
    match steps.as_slice() {
        [.., before, last] if steps.len() > 2 => format!("… > {before} > {last}"),
        _ => path.to_owned(),
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
