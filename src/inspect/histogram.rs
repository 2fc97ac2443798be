//! The histogram: how many objects of each class there are and what they take.
//!
//! What it finds: for each class (of each loader) the reachable instances, their shallow sizes, and what all of them retain together;
//! the same by package; apart from that, the instances that no root reaches.
//! Why it matters: it is the first look at a heap, and the one that compares with `jcmd PID GC.class_histogram` number by number.
//! How it is computed: one pass over all objects for counts and shallow sizes; one walk over the dominator tree for retained sizes, where
//! an instance inside of what another instance of its class retains is not counted again.
//! False positives: none; but `byte[]` and `char[]` at the top only say that there is text. Look at who retains it.

use super::blocks::{facts, loader, table, table_of_classes};
use super::{Context, InspectError, Inspection, Outcome};
use crate::ix::ClassIx;
use crate::query::LoaderNames;
use crate::report::{Block, Cell, Column, Fact, Section, Text};
use crate::snapshot::{ClassCount, GroupRetained};
use hashbrown::HashMap;
use std::cmp::Reverse;

/// See the module.
#[derive(Debug)]
pub(super) struct Classes;

impl Inspection for Classes {
    fn id(&self) -> &'static str {
        "histogram"
    }

    fn stands_alone(&self) -> bool {
        true
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let total = context.histogram().total();
        let total = vec![
            Fact::new("instances", Cell::Count(total.instances)),
            Fact::new("shallow_bytes", Cell::Bytes(total.shallow_bytes)),
        ];
        let names = LoaderNames::new(context.snapshot);
        let retained = context.snapshot.group_retained();
        let blocks = vec![
            facts("total", total),
            reachable(context, retained, &names),
            packages(context, retained),
            unreachable(context, &names, "unreachable"),
        ];
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}

fn reachable(context: &Context<'_>, retained: &GroupRetained, names: &LoaderNames) -> Block {
    let classes = context.snapshot.classes();
    let counted = context.histogram().iter().filter(|(_, count)| count.instances > 0);
    let mut rows: Vec<(ClassIx, &ClassCount)> = counted.collect();
    rows.sort_by_key(|&(class, count)| (Reverse(count.shallow_bytes), &classes.get(class).name, class));
    let columns = vec![
        Column::left("class"),
        Column::left("loader"),
        Column::right("instances"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
    ];
    table_of_classes(context, "classes", columns, rows, |(class, count)| {
        let retained_bytes = retained.of_class(class);
        let class = classes.get(class);
        vec![
            Cell::Class(class.name.to_string()),
            loader(names.of(class), Cell::Value),
            Cell::Count(count.instances),
            Cell::Bytes(count.shallow_bytes),
            Cell::Bytes(retained_bytes),
        ]
    })
}

/// Unreachable objects by class, most bytes first.
pub(super) fn unreachable(context: &Context<'_>, names: &LoaderNames, id: &str) -> Block {
    let classes = context.snapshot.classes();
    let counted = context.histogram().iter().filter(|(_, count)| count.unreachable_instances > 0);
    let mut rows: Vec<(ClassIx, &ClassCount)> = counted.collect();
    rows.sort_by_key(|&(class, count)| (Reverse(count.unreachable_bytes), &classes.get(class).name, class));
    let columns = vec![
        Column::left("class"),
        Column::left("loader"),
        Column::right("instances"),
        Column::right("shallow_bytes"),
    ];
    table(context, id, columns, rows, |(class, count)| {
        let class = classes.get(class);
        vec![
            Cell::Class(class.name.to_string()),
            loader(names.of(class), Cell::Value),
            Cell::Count(count.unreachable_instances),
            Cell::Bytes(count.unreachable_bytes),
        ]
    })
}

fn packages(context: &Context<'_>, retained: &GroupRetained) -> Block {
    let mut by_package: HashMap<&str, ClassCount> = HashMap::new();
    for (class, count) in context.histogram().iter().filter(|(_, count)| count.instances > 0) {
        let package = by_package.entry(context.snapshot.classes().get(class).package()).or_default();
        package.instances += count.instances;
        package.shallow_bytes += count.shallow_bytes;
    }
    let mut rows: Vec<(&str, ClassCount)> = by_package.into_iter().collect();
    rows.sort_by_key(|&(package, count)| (Reverse(count.shallow_bytes), package));
    let columns = vec![
        Column::left("package"),
        Column::right("instances"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
    ];
    table(context, "packages", columns, rows, |(package, count)| {
        let retained_bytes = retained.of_package(package);
        let package = match package {
            "" => Cell::Text(Text::message("package-none")),
            named => Cell::Value(named.to_owned()),
        };
        vec![
            package,
            Cell::Count(count.instances),
            Cell::Bytes(count.shallow_bytes),
            Cell::Bytes(retained_bytes),
        ]
    })
}
