//! Blocks and cells that several inspections write.

use super::Context;
use crate::ix::ObjectIx;
use crate::report::{Block, Cell, Column, Fact, Facts, Table, Text};
use crate::snapshot::Snapshot;

/// A table of the first of `items`, as many as the options allow, each made into a row.
pub(super) fn table<T>(
    context: &Context<'_>,
    id: &str,
    columns: Vec<Column>,
    items: Vec<T>,
    row: impl FnMut(T) -> Vec<Cell>,
) -> Block {
    let total = items.len() as u64;
    table_of_first(context, id, columns, items, total, row)
}

/// As [`table`] where `items` are only the first of `total`.
pub(super) fn table_of_first<T>(
    context: &Context<'_>,
    id: &str,
    columns: Vec<Column>,
    mut items: Vec<T>,
    total: u64,
    row: impl FnMut(T) -> Vec<Cell>,
) -> Block {
    context.options.cut(&mut items);
    let rows: Vec<_> = items.into_iter().map(row).collect();
    let omitted = total.saturating_sub(rows.len() as u64);
    Block::Table(Table { id: id.to_owned(), columns, rows, omitted })
}

/// Named values.
pub(super) fn facts(id: &str, facts: Vec<Fact>) -> Block {
    Block::Facts(Facts { id: id.to_owned(), facts })
}

/// A paragraph of a message without arguments.
pub(super) fn prose(message: &str) -> Block {
    Block::Prose { text: Text::message(message) }
}

/// The address of an object.
pub(super) fn address(snapshot: &Snapshot, object: ObjectIx) -> Cell {
    Cell::Address(snapshot.address_of(object).0)
}

/// The class of an object; for the mirror of a class, `class com.acme.Order`.
pub(super) fn class_label(snapshot: &Snapshot, object: ObjectIx) -> String {
    snapshot
        .class_of_mirror(object)
        .map_or_else(|| snapshot.class_name(object).to_owned(), |class| format!("class {}", class.name))
}

/// A part of a whole, 0 where there is no whole.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
