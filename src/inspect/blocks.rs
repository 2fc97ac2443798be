//! Blocks and cells that several inspections write.

use super::{Context, Options};
use crate::ix::ObjectIx;
use crate::query::{FieldName, LoaderNames};
use crate::report::{Arg, Block, Cell, Column, Fact, Facts, Holder, HolderKind, Table, Text};
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

/// As [`table`], for the histogram of classes.
pub(super) fn table_of_classes<T>(
    context: &Context<'_>,
    id: &str,
    columns: Vec<Column>,
    items: Vec<T>,
    row: impl FnMut(T) -> Vec<Cell>,
) -> Block {
    let total = items.len() as u64;
    cut_table(&context.options.for_classes(), id, columns, items, total, row)
}

/// As [`table`] where `items` are only the first of `total`.
pub(super) fn table_of_first<T>(
    context: &Context<'_>,
    id: &str,
    columns: Vec<Column>,
    items: Vec<T>,
    total: u64,
    row: impl FnMut(T) -> Vec<Cell>,
) -> Block {
    cut_table(&context.options, id, columns, items, total, row)
}

fn cut_table<T>(
    options: &Options,
    id: &str,
    columns: Vec<Column>,
    mut items: Vec<T>,
    total: u64,
    row: impl FnMut(T) -> Vec<Cell>,
) -> Block {
    options.cut(&mut items);
    let rows: Vec<_> = items.into_iter().map(row).collect();
    let omitted = total.saturating_sub(rows.len() as u64);
    Block::Table(Table { id: id.to_owned(), columns, rows, omitted })
}

/// Named values.
pub(super) fn facts(id: &str, facts: Vec<Fact>) -> Block {
    Block::Facts(Facts { id: id.to_owned(), facts })
}

/// The address of an object.
pub(super) fn address(snapshot: &Snapshot, object: ObjectIx) -> Cell {
    Cell::Address(snapshot.address_of(object).0)
}

/// What a class loader is called: one that is no object, or not in the dump, by the program's own words.
pub(super) fn loader(name: &str, named: fn(String) -> Cell) -> Cell {
    match name {
        LoaderNames::BOOT => Cell::term(name, "loader-boot"),
        LoaderNames::UNKNOWN => Cell::term(name, "loader-unknown"),
        name => named(name.to_owned()),
    }
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

/// Whether waste of one kind is worth a warning: a good part of the heap, or a smaller part of a large one.
pub(super) fn is_much_waste(wasted_bytes: u64, heap_bytes: u64) -> bool {
    let part = share(wasted_bytes, heap_bytes);
    (wasted_bytes >= 16 << 20 && part >= 0.05) || (wasted_bytes >= 1 << 20 && part >= 0.15)
}

/// The fields and arrays that hold most of a waste of so many bytes, as the evidence for it. What holds a hundredth of it says nothing.
pub(super) fn wasting_fields<'f>(
    fields: impl Iterator<Item = (&'f FieldName, u64)>,
    wasted_bytes: u64,
) -> Vec<Text> {
    const MOST: usize = 3;
    const OF: u64 = 100;
    let named = fields.filter(|(_, bytes)| *bytes > 0 && *bytes >= wasted_bytes / OF);
    let line = |(name, bytes): (&FieldName, u64)| {
        Text::with("waste-field", [("field", Arg::name(name.label())), ("size", Arg::Bytes(bytes))])
    };
    named.take(MOST).map(line).collect()
}

/// The field that holds at least half of a waste of so many bytes; the elements of arrays are nobody to go to.
pub(super) fn most_wasting_field<'f>(
    fields: impl Iterator<Item = (&'f FieldName, u64)>,
    wasted_bytes: u64,
) -> Option<Holder> {
    let is_most = |(name, bytes): &(&FieldName, u64)| !name.field.is_empty() && bytes * 2 >= wasted_bytes;
    fields.into_iter().find(is_most).map(|(name, _)| field_holder(name))
}

/// A field of an object as a holder.
fn field_holder(name: &FieldName) -> Holder {
    Holder::of_field(HolderKind::InstanceField, &name.class, &name.field)
}
