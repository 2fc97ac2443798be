//! What the heap is made of, as bars: by kind of object, by package, by class loader.
//!
//! Owns how the rows of the report's tables are summed up to a few parts; what a table does not list is one part more, so that
//! a bar is always the whole heap. Knows nothing of how a bar is drawn. Cost: linear in the tables.

use super::markup::Markup;
use super::section::bar;
use crate::report::{Bar, BarPart, Block, Cell, Report, Table, Text};
use std::collections::BTreeMap;

/// Parts with a name of their own; there are as many colours.
const PARTS: usize = 7;

/// The bars that follow the facts of a section.
pub(super) fn after_facts(m: &mut Markup, report: &Report, section: &str) {
    match section {
        "histogram" => {
            kinds(m, report);
            packages(m, report);
        }
        "classloaders" => loaders(m, report),
        "threads" => threads(m, report),
        _ => {}
    }
}

/// The heap by package.
pub(super) fn packages(m: &mut Markup, report: &Report) {
    named(m, report, "heap-by-package", table(report, "histogram", "packages"), "package");
}

/// What goes with a thread, its local variables among it, by the name of its pool, if that is anything to look at.
fn threads(m: &mut Markup, report: &Report) {
    let Some(table) = table(report, "threads", "pools") else { return };
    let is_much = |bytes: u64| u128::from(bytes) * MUCH > u128::from(report.heap.shallow_bytes);
    let mut rows = rows_of(table, "name", "retained_bytes").filter(|(_, bytes)| is_much(*bytes)).peekable();
    if rows.peek().is_some() {
        let parts = rows.filter_map(|(label, bytes)| Some((words_of(label)?, bytes)));
        bar_of(m, report, "heap-by-thread", largest(parts));
    }
}

/// Threads hold enough for a picture if a name has more than one in so many bytes of the heap.
const MUCH: u128 = 200;

fn loaders(m: &mut Markup, report: &Report) {
    let by_class = table(report, "classloaders", "kinds_of_loaders");
    let loaders = with_all_loaders(by_class, table(report, "classloaders", "loaders"));
    named(m, report, "heap-by-loader", loaders, "class");
}

/// The table that leaves no loader out: of thousands of them only some have a row of their own. Reports of old have sizes there alone.
fn with_all_loaders<'r>(by_class: Option<&'r Table>, loaders: Option<&'r Table>) -> Option<&'r Table> {
    let has_sizes = |table: &&Table| table.columns.iter().any(|column| column.key == "shallow_bytes");
    by_class.filter(has_sizes).or(loaders)
}

/// The heap by kind: what a programmer made, and what any program is full of.
fn kinds(m: &mut Markup, report: &Report) {
    let Some(table) = table(report, "histogram", "classes") else { return };
    let rows = rows(table, "class").filter_map(|(label, bytes)| match label {
        Cell::Class(name) => Some((Text::message(kind_of(name)), bytes)),
        _ => None,
    });
    draw(m, report, "heap-by-kind", rows);
}

fn kind_of(class: &str) -> &'static str {
    const PRIMITIVES: [&str; 8] = ["byte", "char", "boolean", "short", "int", "long", "float", "double"];
    match class.strip_suffix("[]") {
        Some(element) if PRIMITIVES.contains(&element) => "heap-kind-primitive-arrays",
        Some(_) => "heap-kind-object-arrays",
        None if class == "java.lang.String" => "heap-kind-strings",
        None if class == "java.lang.Class" => "heap-kind-classes",
        None => "heap-kind-objects",
    }
}

fn named(m: &mut Markup, report: &Report, id: &str, table: Option<&Table>, key: &str) {
    let Some(table) = table else { return };
    let rows = rows(table, key).filter_map(|(label, bytes)| Some((words_of(label)?, bytes)));
    draw(m, report, id, rows);
}

fn words_of(label: &Cell) -> Option<Text> {
    match label {
        Cell::Class(name) | Cell::Value(name) => Some(Text::plain(name.clone())),
        Cell::Text(text) | Cell::Term { text, .. } => Some(text.clone()),
        _ => None,
    }
}

fn table<'r>(report: &'r Report, section: &str, id: &str) -> Option<&'r Table> {
    report.section(section)?.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == id => Some(table),
        _ => None,
    })
}

/// What a row is about, and its shallow size.
fn rows<'r>(table: &'r Table, key: &str) -> impl Iterator<Item = (&'r Cell, u64)> {
    rows_of(table, key, "shallow_bytes")
}

/// What a row is about, and its size in a column.
fn rows_of<'r>(table: &'r Table, key: &str, size: &str) -> impl Iterator<Item = (&'r Cell, u64)> {
    let column = |key: &str| table.columns.iter().position(|column| column.key == key);
    let columns = column(key).zip(column(size));
    let rows = columns.map(|(label, size)| {
        table.rows.iter().filter_map(move |row| match (row.get(label)?, row.get(size)?) {
            (label, Cell::Bytes(bytes)) => Some((label, *bytes)),
            _ => None,
        })
    });
    rows.into_iter().flatten()
}

/// The largest parts by name, then all others as one.
fn draw(m: &mut Markup, report: &Report, id: &str, rows: impl Iterator<Item = (Text, u64)>) {
    let parts = largest(rows);
    if parts.len() > 1 {
        bar_of(m, report, id, parts);
    }
}

/// These parts, and all else of the heap.
fn bar_of(m: &mut Markup, report: &Report, id: &str, mut parts: Vec<BarPart>) {
    let listed = parts.iter().map(|part| part.bytes).fold(0, u64::saturating_add);
    let others = report.heap.shallow_bytes.saturating_sub(listed);
    if others > 0 {
        parts.push(BarPart { label: Text::message("heap-others"), bytes: others });
    }
    bar(m, &Bar { id: id.to_owned(), parts });
}

fn largest(rows: impl Iterator<Item = (Text, u64)>) -> Vec<BarPart> {
    // Texts have no order; their JSON is as good a name as any.
    let mut parts: BTreeMap<String, BarPart> = BTreeMap::new();
    for (label, bytes) in rows.filter(|(_, bytes)| *bytes > 0) {
        let part = parts.entry(format!("{label:?}")).or_insert(BarPart { label, bytes: 0 });
        part.bytes = part.bytes.saturating_add(bytes);
    }
    let mut parts: Vec<BarPart> = parts.into_values().collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    parts.truncate(PARTS);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_name_of_the_class() {
        for (class, kind) in [
            ("byte[]", "heap-kind-primitive-arrays"),
            ("byte[][]", "heap-kind-object-arrays"),
            ("com.acme.Row[]", "heap-kind-object-arrays"),
            ("java.lang.String", "heap-kind-strings"),
            ("java.lang.Class", "heap-kind-classes"),
            ("com.acme.byte", "heap-kind-objects"),
        ] {
            assert_eq!(kind_of(class), kind, "{class}");
        }
    }

    #[test]
    fn all_loaders_count_whether_or_not_they_have_a_row() {
        let table = |id: &str, key: &str| Table {
            id: id.to_owned(),
            columns: vec![crate::report::Column::right(key)],
            rows: Vec::new(),
            omitted: 0,
        };
        let loaders = table("loaders", "shallow_bytes");
        let (new, old) = (table("by class", "shallow_bytes"), table("by class", "retained_bytes"));
        assert_eq!(with_all_loaders(Some(&new), Some(&loaders)), Some(&new));
        assert_eq!(with_all_loaders(Some(&old), Some(&loaders)), Some(&loaders));
    }

    #[test]
    fn parts_of_one_name_are_one_and_the_largest_come_first() {
        let rows = [("b", 2), ("a", 3), ("b", 2), ("c", 0)];
        let parts = largest(rows.into_iter().map(|(name, bytes)| (Text::plain(name), bytes)));
        let shown: Vec<(Text, u64)> = parts.into_iter().map(|part| (part.label, part.bytes)).collect();
        assert_eq!(shown, [(Text::plain("b"), 4), (Text::plain("a"), 3)]);
        let many = (0..20).map(|n| (Text::plain(n.to_string()), n));
        assert_eq!(largest(many).len(), PARTS);
    }
}
