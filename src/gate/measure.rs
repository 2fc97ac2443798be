//! What a report holds, as the gate needs it: rows of its tables with names instead of positions.
//!
//! Owns the names of sections, tables and columns that the gate relies on. A table that a report has not is `None`: then a
//! budget is not measured, which is told and is not the same as fine.

use super::tree::held_by_fields;
use crate::origin::{Origin, origin_of_name};
use crate::report::{
    Block, Cell, Holder, HolderKind, PathStep, Report, Suspect, Table, ThreadView, TreeNode, normalise_class,
};
use std::collections::BTreeMap;

/// A row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    cells: &'a [Cell],
}

impl<'a> Row<'a> {
    /// A row of a tree that has the columns of `table`.
    pub(super) fn of_node(table: &'a Table, node: &'a TreeNode) -> Self {
        Self { table, cells: &node.cells }
    }

    fn cell(self, key: &str) -> Option<&'a Cell> {
        let at = self.table.columns.iter().position(|column| column.key == key)?;
        self.cells.get(at)
    }

    /// A size or count; 0 where there is none.
    pub(super) fn number(self, key: &str) -> u64 {
        match self.cell(key) {
            Some(Cell::Bytes(n) | Cell::Count(n)) => *n,
            _ => 0,
        }
    }

    /// An address, where the row is one object.
    pub(super) fn address(self) -> Option<u64> {
        match self.cell("address") {
            Some(Cell::Address(address)) => Some(*address),
            _ => None,
        }
    }

    /// A name; empty where there is none. Of the program's own words, the name of the message.
    pub(super) fn name(self, key: &str) -> &'a str {
        use crate::report::Text;
        match self.cell(key) {
            Some(Cell::Class(name) | Cell::Value(name) | Cell::Term { word: name, .. }) => name,
            Some(Cell::Text(Text::Message { id, .. })) => id,
            Some(Cell::Text(Text::Plain(words))) => words,
            _ => "",
        }
    }
}

fn table<'a>(report: &'a Report, section: &str, id: &str) -> Option<&'a Table> {
    report.section(section)?.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    })
}

fn rows(table: &Table) -> impl Iterator<Item = Row<'_>> {
    table.rows.iter().map(move |cells| Row { table, cells })
}

fn fact(report: &Report, section: &str, group: &str, key: &str) -> Option<u64> {
    report.section(section)?.blocks.iter().find_map(|block| match block {
        Block::Facts(facts) if facts.id == group => {
            facts.facts.iter().find(|fact| fact.key == key).and_then(|fact| match fact.value {
                Cell::Bytes(n) | Cell::Count(n) => Some(n),
                _ => None,
            })
        }
        _ => None,
    })
}

/// A class of one loader in the histogram.
pub(super) struct ClassRow<'a> {
    pub(super) class: &'a str,
    pub(super) loader: &'a str,
    pub(super) instances: u64,
    pub(super) shallow_bytes: u64,
    pub(super) retained_bytes: u64,
}

fn class_rows<'a>(report: &'a Report, id: &str) -> Option<Vec<ClassRow<'a>>> {
    let row = |row: Row<'a>| ClassRow {
        class: row.name("class"),
        loader: row.name("loader"),
        instances: row.number("instances"),
        shallow_bytes: row.number("shallow_bytes"),
        retained_bytes: row.number("retained_bytes"),
    };
    Some(rows(table(report, "histogram", id)?).map(row).collect())
}

/// Classes with reachable objects.
pub(super) fn classes(report: &Report) -> Option<Vec<ClassRow<'_>>> {
    class_rows(report, "classes")
}

/// Classes with unreachable objects.
pub(super) fn garbage(report: &Report) -> Option<Vec<ClassRow<'_>>> {
    class_rows(report, "unreachable")
}

/// Packages with reachable objects of their classes.
pub(super) fn packages(report: &Report) -> Option<Vec<Row<'_>>> {
    Some(rows(table(report, "histogram", "packages")?).collect())
}

/// Instances and shallow bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ClassSum {
    pub(super) instances: u64,
    pub(super) shallow_bytes: u64,
}

/// The histogram without loaders and without what the virtual machine numbers anew in each process.
#[derive(Debug, Default)]
pub(super) struct Census {
    pub(super) by_class: BTreeMap<String, ClassSum>,
    /// What a class that is not listed may have at most, if the list is cut.
    pub(super) unlisted: ClassSum,
}

impl Census {
    pub(super) fn of(report: &Report) -> Option<Self> {
        let list = table(report, "histogram", "classes")?;
        let mut census = Self::default();
        for row in classes(report)? {
            let sum = census.by_class.entry(normalise_class(row.class).into_owned()).or_default();
            sum.instances = sum.instances.saturating_add(row.instances);
            sum.shallow_bytes = sum.shallow_bytes.saturating_add(row.shallow_bytes);
        }
        if list.omitted > 0 {
            let least = |key: &dyn Fn(&ClassSum) -> u64| census.by_class.values().map(key).min().unwrap_or(0);
            census.unlisted = ClassSum {
                instances: least(&|sum| sum.instances),
                shallow_bytes: least(&|sum| sum.shallow_bytes),
            };
        }
        Some(census)
    }

    pub(super) fn get(&self, class: &str) -> ClassSum {
        self.by_class.get(class).copied().unwrap_or(self.unlisted)
    }
}

/// All threads.
pub(super) fn threads(report: &Report) -> Option<&[ThreadView]> {
    report.section("threads")?.blocks.iter().find_map(|block| match block {
        Block::Threads { threads, .. } => Some(threads.as_slice()),
        _ => None,
    })
}

/// How many threads there are, those that are not listed included.
pub(super) fn thread_count(report: &Report) -> Option<u64> {
    fact(report, "threads", "summary", "threads").or_else(|| threads(report).map(|all| all.len() as u64))
}

/// Class loaders.
pub(super) fn loaders(report: &Report) -> Option<Vec<Row<'_>>> {
    Some(rows(table(report, "classloaders", "loaders")?).collect())
}

/// Memory outside of the heap.
pub(super) fn off_heap_bytes(report: &Report) -> Option<u64> {
    let get = |key| fact(report, "off-heap", "total", key);
    Some(get("direct_bytes")? + get("native_bytes").unwrap_or(0) + get("arena_bytes").unwrap_or(0))
}

/// What is known of the limit of a collection: it may grow, up to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Limit {
    /// Elements that it has, if that is known.
    pub(super) entries: Option<u64>,
    /// Elements that it may have, if that is known.
    pub(super) limit: Option<u64>,
}

impl Limit {
    /// What so many bytes become when it is full: at least so many, twice as many where it is not known how full it is.
    pub(super) fn when_full(self, bytes: u64) -> u64 {
        match (self.entries, self.limit) {
            (Some(entries), Some(limit)) if entries > 0 => {
                let full = u128::from(bytes) * u128::from(limit) / u128::from(entries);
                u64::try_from(full).unwrap_or(u64::MAX).max(bytes)
            }
            _ => bytes.saturating_mul(2),
        }
    }
}

/// The collections with a limit, by address.
pub(super) fn limits(report: &Report) -> BTreeMap<u64, Limit> {
    let Some(list) = table(report, "dominators", "limited") else { return BTreeMap::new() };
    let number = |row: Row<'_>, key| match row.cell(key) {
        Some(Cell::Count(number)) => Some(*number),
        _ => None,
    };
    let limit = |row: Row<'_>| {
        Some((row.address()?, Limit { entries: number(row, "entries"), limit: number(row, "limit") }))
    };
    rows(list).filter_map(limit).collect()
}

/// The limit of what a suspect is about, if nearly all of it is in one collection that has one.
pub(super) fn limit_of(suspect: &Suspect, limits: &BTreeMap<u64, Limit>) -> Option<Limit> {
    let point = suspect.accumulation_point.as_ref().map(|point| point.address);
    let is_most = |step: &&PathStep| step.retained_bytes / 9 >= suspect.retained_bytes / 10;
    let path = suspect.path.iter().rev().filter(is_most).map(|step| step.address);
    let known = point.into_iter().chain(path).find_map(|address| limits.get(&address).copied());
    known.or_else(|| suspect.is_meant().then(Limit::default))
}

/// Kinds of waste without the prefix of their messages: `strings`, `collections`, ...
pub(super) fn waste(report: &Report) -> Option<Vec<(&str, u64)>> {
    let kind = |row: Row<'_>| row.number("wasted_bytes");
    let list = table(report, "waste", "kinds")?;
    Some(rows(list).map(|row| (row.name("waste").trim_start_matches("waste-"), kind(row))).collect())
}

/// Who holds most of what a section of the report adds up, from its table `id` by `key`.
fn first_in_table(report: &Report, section: &str, id: &str, key: &str) -> Option<Holder> {
    let list = table(report, section, id)?;
    rows(list).find_map(|row| known_holder(report, row.name(key)))
}

/// The holder of that label, as other parts of the report know it; else what can be read from `com.acme.Pool.BUFFERS`.
fn known_holder(report: &Report, label: &str) -> Option<Holder> {
    let of_suspects = report.suspects.iter().map(|suspect| &suspect.holder);
    let of_findings = report.findings.iter().filter_map(|finding| finding.holder.as_ref());
    let known = of_suspects.chain(of_findings).find(|holder| holder.label() == label).cloned();
    let in_tree = || held_by_fields(report)?.remove(label).map(|(holder, _)| holder);
    let by_words = || {
        let is_name = |c: char| c.is_alphanumeric() || "_$.-/[]".contains(c);
        let (class, field) = label.rsplit_once('.').filter(|_| label.chars().all(is_name))?;
        // `java.lang.Object[]` is an array, no field.
        (!field.is_empty() && !field.ends_with(']'))
            .then(|| Holder::of_field(HolderKind::Other, class, field))
    };
    known.or_else(in_tree).or_else(by_words)
}

/// Who holds most of the memory outside of the heap.
pub(super) fn off_heap_holder(report: &Report) -> Option<Holder> {
    first_in_table(report, "off-heap", "holders", "holder")
}

/// Of the kinds of waste that fit, the one that costs most: who holds it, and the inspection that lists it.
pub(super) fn most_wasted(
    report: &Report,
    fits: impl Fn(&str) -> bool,
) -> Option<(&'static str, Option<Holder>)> {
    let kinds = waste(report)?.into_iter().filter(|(kind, _)| fits(kind));
    // Of equals the first.
    let (kind, _) = kinds.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let fields = |section| first_in_table(report, section, "fields", "field");
    Some(match kind {
        "strings" => ("strings", fields("strings")),
        "collections" => ("collections", fields("collections")),
        "boxed" => ("boxed", None),
        _ => ("arrays", None),
    })
}

/// The class that most class loaders are of, the boot loader and those of the JDK not counted.
pub(super) fn commonest_loader(report: &Report) -> Option<&str> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for row in loaders(report)? {
        let class = row.name("class");
        if class.contains('.') && origin_of_name(class) != Origin::Jdk {
            *counts.entry(class).or_default() += 1;
        }
    }
    // Of equals the first by name.
    let most = counts.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
    most.map(|(class, _)| class)
}

/// How a collection is reached, without addresses and positions: `com.acme.Registry.MAP > java.util.HashMap.table > []`.
pub(super) fn path_signature(suspect: &Suspect) -> String {
    let end = suspect.accumulation_point.as_ref().map_or(0, |point| point.address);
    let mut signature = String::new();
    for step in &suspect.path {
        if !signature.is_empty() {
            signature.push_str(" > ");
        }
        signature.push_str(&normalise_class(&step.class));
        if step.address == end && !signature.is_empty() {
            break;
        }
        match step.field.as_deref() {
            Some(index) if index.starts_with('[') => signature.push_str(".[]"),
            Some(field) => {
                signature.push('.');
                signature.push_str(field);
            }
            None => {}
        }
    }
    if signature.is_empty() { suspect.holder.label() } else { signature }
}
