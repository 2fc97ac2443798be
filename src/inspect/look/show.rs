//! `oomph show`: one object with its fields or elements, sizes, referrers and dominators.

use super::value_of;
use crate::hprof::{HeapRecord, Value};
use crate::inspect::Context;
use crate::inspect::holders::link_label;
use crate::ix::ObjectIx;
use crate::query::{
    CollectionKind, collection_kind, collection_length, entries_of, loaded_from, mask_value, values,
};
use crate::report::{Block, Cell, Column, Fact, Facts, Section, Table};
use crate::snapshot::Snapshot;

/// UTF-16 units of a key that tell whether its value is a secret.
const NAME: usize = 200;
/// Dominators shown above an object.
const DOMINATORS: usize = 12;

/// Everything that can be told of one object. Reads all references once, for the referrers.
pub fn show_section(context: &Context<'_>, object: ObjectIx) -> Section {
    let snapshot = context.snapshot;
    let mut blocks = vec![Block::Facts(facts(context, object))];
    blocks.extend(elements(context, object).map(Block::Table));
    blocks.extend([
        Block::Table(contents(context, object)),
        Block::Table(referrers(context, object)),
        Block::Table(dominators(snapshot, object)),
    ]);
    Section { id: "show".into(), blocks }
}

fn facts(context: &Context<'_>, object: ObjectIx) -> Facts {
    let snapshot = context.snapshot;
    let class = snapshot.class(object);
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: Cell| facts.push(Fact { key: key.to_owned(), value });
    fact("address", Cell::Address(snapshot.address_of(object).0));
    fact("class", Cell::Class(class.name.to_string()));
    if let Some(value) = value_of(snapshot, object, "", true) {
        fact("value", Cell::Value(value));
    }
    let stands_for = snapshot.class_of_mirror(object).and_then(|class| snapshot.classes().find(class.id));
    if let Some(place) = stands_for.and_then(|class| loaded_from(snapshot, class)) {
        fact("loaded_from", Cell::Value(mask_value(&place).into_owned()));
    }
    fact("shallow_bytes", Cell::Bytes(snapshot.shallow_bytes(object)));
    fact("retained_bytes", Cell::Bytes(snapshot.retained_bytes(object)));
    fact("reachable", Cell::Flag(snapshot.is_reachable(object)));
    let loader = class.loader.get().map_or("", |loader| snapshot.class_name(loader));
    if !loader.is_empty() {
        fact("loader", Cell::Value(loader.to_owned()));
    }
    let mut roots: Vec<&str> = snapshot.roots_of(object).iter().map(|root| root.kind.words()).collect();
    // Ascending by kind.
    roots.dedup();
    if !roots.is_empty() {
        fact("gc_root", Cell::Value(roots.join(", ")));
    }
    Facts { id: "object".into(), facts }
}

/// What a collection holds, in its own order: the elements, or keys and values. `None` for what is none, or is empty.
fn elements(context: &Context<'_>, object: ObjectIx) -> Option<Table> {
    let snapshot = context.snapshot;
    let length = collection_length(snapshot, object)?;
    let most = if context.options.limit == 0 { usize::MAX } else { context.options.limit };
    let entries = entries_of(snapshot, object, most);
    if entries.is_empty() {
        return None;
    }
    let is_map = collection_kind(snapshot, object) == Some(CollectionKind::Map);
    let shown = entries.len() as u64;
    let rows = entries.into_iter().enumerate().map(|(at, (key, value))| {
        let element = if is_map { value } else { key };
        // A value is masked by what its key says, as those of properties are.
        let name = key.filter(|_| is_map).and_then(|key| values::text(snapshot, key, NAME));
        let key = match key {
            _ if !is_map => Cell::Value(format!("[{at}]")),
            Some(key) => Cell::Value(
                value_of(snapshot, key, "", true).unwrap_or_else(|| snapshot.class_name(key).to_owned()),
            ),
            None => Cell::Value("null".into()),
        };
        let mut row = vec![key];
        row.extend(object_cells(snapshot, element, name.as_deref().unwrap_or_default()));
        row
    });
    let columns = vec![
        Column::left(if is_map { "key" } else { "element" }),
        Column::left("value"),
        Column::left("class"),
        Column::left("address"),
        Column::right("retained_bytes"),
    ];
    let rows = rows.collect();
    Some(Table { id: "elements".into(), columns, rows, omitted: length.saturating_sub(shown) })
}

/// Value, class, address and retained size of what a reference refers to.
fn object_cells(snapshot: &Snapshot, object: Option<ObjectIx>, name: &str) -> [Cell; 4] {
    let Some(object) = object else {
        return [Cell::Value("null".into()), Cell::None, Cell::None, Cell::None];
    };
    [
        value_of(snapshot, object, name, true).map_or(Cell::None, Cell::Value),
        Cell::Class(snapshot.class_name(object).to_owned()),
        Cell::Address(snapshot.address_of(object).0),
        Cell::Bytes(snapshot.retained_bytes(object)),
    ]
}

/// Fields of an instance, static fields of a class, elements of an array.
fn contents(context: &Context<'_>, object: ObjectIx) -> Table {
    let snapshot = context.snapshot;
    let mut rows = Vec::new();
    let row = |name: String, declared: &str, value: Value| value_row(snapshot, name, declared, value);
    match snapshot.record(object) {
        HeapRecord::Class(_) => {
            if let Some(class) = snapshot.class_of_mirror(object) {
                rows.extend(
                    class.statics.iter().map(|field| row(field.name.to_string(), &class.name, field.value)),
                );
            }
        }
        HeapRecord::ObjectArray { .. } => {
            let elements = snapshot.elements(object).enumerate().filter(|(_, id)| !id.is_null());
            rows.extend(elements.map(|(at, id)| row(format!("[{at}]"), "", Value::Reference(id))));
        }
        HeapRecord::PrimitiveArray { element, elements, .. } => {
            let size = element.bytes(snapshot.encoding());
            let values = elements
                .chunks_exact(size)
                .enumerate()
                .filter_map(|(at, bytes)| Some((at, snapshot.value_at(bytes, 0, element)?)));
            rows.extend(values.map(|(at, value)| row(format!("[{at}]"), "", value)));
        }
        _ => rows.extend(snapshot.fields(object).map(|field| {
            row(field.field.name.to_string(), &snapshot.classes().get(field.class).name, field.value)
        })),
    }
    let omitted = context.options.cut(&mut rows);
    let columns = vec![
        Column::left("field"),
        Column::left("declared_in"),
        Column::left("value"),
        Column::left("class"),
        Column::left("address"),
        Column::right("retained_bytes"),
    ];
    Table { id: "fields".into(), columns, rows, omitted }
}

fn value_row(snapshot: &Snapshot, name: String, declared: &str, value: Value) -> Vec<Cell> {
    let declared = if declared.is_empty() { Cell::None } else { Cell::Class(declared.to_owned()) };
    let mut row = vec![Cell::Value(name.clone()), declared];
    row.extend(match value {
        Value::Reference(id) if id.is_null() => object_cells(snapshot, None, &name),
        Value::Reference(id) => match snapshot.find(id) {
            Some(object) => object_cells(snapshot, Some(object), &name),
            None => [Cell::Value("not in the dump".into()), Cell::None, Cell::Address(id.0), Cell::None],
        },
        value => {
            let words = snapshot.describe_value(value, 0).unwrap_or_default();
            [Cell::Value(words), Cell::None, Cell::None, Cell::None]
        }
    });
    row
}

fn referrers(context: &Context<'_>, object: ObjectIx) -> Table {
    let snapshot = context.snapshot;
    let mut all = snapshot.references().referrers_of(object);
    let holding = snapshot.threads().iter().filter(|thread| thread.locals().any(|local| local == object));
    all.extend(holding.map(|thread| thread.object));
    let omitted = context.options.cut(&mut all);
    let rows = all.into_iter().map(|referrer| {
        let link = snapshot.link(referrer, object).map(|link| link_label(snapshot, link));
        let class = snapshot
            .class_of_mirror(referrer)
            .map_or_else(|| snapshot.class_name(referrer), |class| &class.name);
        vec![
            Cell::Address(snapshot.address_of(referrer).0),
            Cell::Class(class.to_owned()),
            link.map_or(Cell::None, Cell::Value),
            Cell::Bytes(snapshot.retained_bytes(referrer)),
            Cell::Flag(snapshot.is_reachable(referrer)),
        ]
    });
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::left("field"),
        Column::right("retained_bytes"),
        Column::left("reachable"),
    ];
    Table { id: "referrers".into(), columns, rows: rows.collect(), omitted }
}

fn dominators(snapshot: &Snapshot, object: ObjectIx) -> Table {
    let all = snapshot.dominators().dominators(object);
    let rows = all.take(DOMINATORS).map(|above| {
        let class =
            snapshot.class_of_mirror(above).map_or_else(|| snapshot.class_name(above), |class| &class.name);
        vec![
            Cell::Address(snapshot.address_of(above).0),
            Cell::Class(class.to_owned()),
            Cell::Bytes(snapshot.retained_bytes(above)),
        ]
    });
    let columns = vec![Column::left("address"), Column::left("class"), Column::right("retained_bytes")];
    // How many more there are would take a walk to the root, millions of steps in a long list.
    Table { id: "dominators".into(), columns, rows: rows.collect(), omitted: 0 }
}
