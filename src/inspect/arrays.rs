//! Arrays: the largest, empty ones, those with nothing but zeros, and those with the same content.
//!
//! What it finds: by class how many arrays are empty or hold nothing but null or zero; contents of primitive arrays that occur more than once; the
//! largest arrays.
//! Why it matters: buffers that were made large and hardly used, images and documents that were read twice, tables that grew and stayed.
//! How it is computed: one pass over the dump; contents of 16 bytes and more are compared by hash. The arrays of strings are left to `strings`.
//! False positives: a buffer that is in use is zero where it has not been written yet.

use super::blocks::{address, facts, table, table_of_first};
use super::{Context, InspectError, Inspection, Outcome};
use crate::query::{ArrayCount, ArrayStats};
use crate::report::{Block, Cell, Column, Fact, Section};

/// See the module.
#[derive(Debug)]
pub(super) struct Arrays;

impl Inspection for Arrays {
    fn id(&self) -> &'static str {
        "arrays"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let stats = context.arrays()?;
        let sum = |of: &dyn Fn(&ArrayCount) -> u64| stats.by_class.iter().map(of).sum::<u64>();
        let figures = vec![
            Fact::new("arrays", Cell::Count(sum(&|count| count.instances))),
            Fact::new("bytes", Cell::Bytes(sum(&|count| count.bytes))),
            Fact::new("empty", Cell::Count(sum(&|count| count.empty))),
            Fact::new("zero", Cell::Count(sum(&|count| count.zero))),
            Fact::new("zero_bytes", Cell::Bytes(stats.zero_bytes())),
            Fact::new("repeated", Cell::Count(stats.repeated_count)),
            Fact::new("wasted_bytes", Cell::Bytes(stats.repeated_bytes)),
        ];
        let blocks = vec![
            facts("total", figures),
            by_class(context, stats),
            largest(context, stats),
            repeated(context, stats),
        ];
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}

fn by_class(context: &Context<'_>, stats: &ArrayStats) -> Block {
    let columns = vec![
        Column::left("class"),
        Column::right("instances"),
        Column::right("bytes"),
        Column::right("elements"),
        Column::right("nulls"),
        Column::right("empty"),
        Column::right("zero"),
        Column::right("zero_bytes"),
    ];
    table(context, "classes", columns, stats.by_class.clone(), |count| {
        vec![
            Cell::Class(context.snapshot.classes().get(count.class).name.to_string()),
            Cell::Count(count.instances),
            Cell::Bytes(count.bytes),
            Cell::Count(count.elements),
            Cell::Count(count.nulls),
            Cell::Count(count.empty),
            Cell::Count(count.zero),
            Cell::Bytes(count.zero_bytes),
        ]
    })
}

fn largest(context: &Context<'_>, stats: &ArrayStats) -> Block {
    let snapshot = context.snapshot;
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::right("length"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
    ];
    table(context, "largest", columns, stats.largest.clone(), |array| {
        vec![
            address(snapshot, array),
            Cell::Class(snapshot.class_name(array).to_owned()),
            Cell::Count(snapshot.array_length(array).unwrap_or(0).into()),
            Cell::Bytes(snapshot.shallow_bytes(array)),
            Cell::Bytes(snapshot.retained_bytes(array)),
        ]
    })
}

fn repeated(context: &Context<'_>, stats: &ArrayStats) -> Block {
    let snapshot = context.snapshot;
    let columns = vec![
        Column::left("class"),
        Column::right("length"),
        Column::right("count"),
        Column::right("wasted_bytes"),
        Column::left("address"),
    ];
    table_of_first(context, "repeated", columns, stats.repeated.clone(), stats.repeated_count, |same| {
        vec![
            Cell::Class(snapshot.class_name(same.array).to_owned()),
            Cell::Count(snapshot.array_length(same.array).unwrap_or(0).into()),
            Cell::Count(same.count),
            Cell::Bytes(same.wasted_bytes),
            address(snapshot, same.array),
        ]
    })
}
