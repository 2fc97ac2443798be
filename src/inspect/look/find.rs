//! `oomph find`: classes by name, and their biggest objects.

use crate::inspect::Context;
use crate::ix::ObjectIx;
use crate::query::ClassPattern;
use crate::report::{Block, Cell, Column, Section, Table};
use std::cmp::Reverse;

/// The classes that are meant, with counts and sizes, and the objects of theirs that retain most.
pub fn find_section(context: &Context<'_>, pattern: &ClassPattern) -> Section {
    let snapshot = context.snapshot;
    let retained = snapshot.group_retained();
    let mut classes: Vec<_> = pattern
        .classes(snapshot)
        .into_iter()
        .map(|class| (class, *context.histogram().of_class(class)))
        .collect();
    classes.sort_by_key(|&(class, count)| {
        // Who writes a whole name means that class, whatever else ends in it.
        let is_other = !pattern.is_name_of(&snapshot.classes().get(class).name);
        (is_other, Reverse(retained.of_class(class)), Reverse(count.unreachable_bytes), class)
    });
    let omitted = context.options.cut(&mut classes);
    let rows = classes.into_iter().map(|(class, count)| {
        let described = snapshot.classes().get(class);
        let loader = described.loader.get().map_or("", |loader| snapshot.class_name(loader));
        let mirror =
            described.mirror.get().map_or(Cell::None, |mirror| Cell::Address(snapshot.address_of(mirror).0));
        vec![
            Cell::Class(described.name.to_string()),
            Cell::Value(loader.to_owned()),
            Cell::Count(count.instances),
            Cell::Bytes(count.shallow_bytes),
            Cell::Bytes(retained.of_class(class)),
            Cell::Count(count.unreachable_instances),
            mirror,
        ]
    });
    let columns = vec![
        Column::left("class"),
        Column::left("loader"),
        Column::right("instances"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
        Column::right("unreachable_instances"),
        Column::left("address"),
    ];
    let classes = Table { id: "classes".into(), columns, rows: rows.collect(), omitted };
    let mut objects: Vec<(u64, ObjectIx)> = pattern
        .objects(snapshot)
        .into_iter()
        .map(|object| (snapshot.retained_bytes(object), object))
        .collect();
    objects.sort_by_key(|&(bytes, object)| (Reverse(bytes), object));
    let omitted = context.options.cut(&mut objects);
    let rows = objects.into_iter().map(|(bytes, object)| {
        let value = super::value_of(snapshot, object, "", true);
        vec![
            Cell::Address(snapshot.address_of(object).0),
            Cell::Class(snapshot.class_name(object).to_owned()),
            Cell::Bytes(snapshot.shallow_bytes(object)),
            Cell::Bytes(bytes),
            Cell::Flag(snapshot.is_reachable(object)),
            value.map_or(Cell::None, Cell::Value),
        ]
    });
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
        Column::left("reachable"),
        Column::left("value"),
    ];
    let objects = Table { id: "objects".into(), columns, rows: rows.collect(), omitted };
    Section { id: "find".into(), blocks: vec![Block::Table(classes), Block::Table(objects)] }
}
