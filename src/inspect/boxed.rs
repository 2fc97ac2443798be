//! Boxed numbers: `Integer`, `Long` and the like.
//!
//! What it finds: how many objects stand for numbers, how many different values there are, and the commonest one.
//! Why it matters: a boxed `int` takes four times the memory of an `int`, and a reference to it; collections of numbers are full of them.
//! How it is computed: one pass over the dump; the values of each class are sorted and counted.
//! False positives: the JVM's own cache of small numbers (-128 to 127) is counted too, but it is small and has each value once.

use super::blocks::{facts, share, table};
use super::{Context, InspectError, Inspection, Outcome};
use crate::report::{Cell, Column, Fact, Section};

/// See the module.
#[derive(Debug)]
pub(super) struct Boxed;

impl Inspection for Boxed {
    fn id(&self) -> &'static str {
        "boxed"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let counts = context.boxes()?;
        let total = context.histogram().total().shallow_bytes;
        let bytes = counts.iter().map(|count| count.bytes).sum();
        let figures = vec![
            Fact::new("instances", Cell::Count(counts.iter().map(|count| count.instances).sum())),
            Fact::new("bytes", Cell::Bytes(bytes)),
            Fact::new("share", Cell::Share(share(bytes, total))),
            Fact::new("wasted_bytes", Cell::Bytes(counts.iter().map(|count| count.wasted_bytes).sum())),
        ];
        let columns = vec![
            Column::left("class"),
            Column::right("instances"),
            Column::right("bytes"),
            Column::right("distinct"),
            Column::right("wasted_bytes"),
            Column::right("commonest"),
            Column::right("commonest_count"),
        ];
        let classes = table(context, "classes", columns, counts.iter().collect(), |count| {
            let (value, times) = count.commonest.clone().unzip();
            vec![
                Cell::Class(context.snapshot.classes().get(count.class).name.to_string()),
                Cell::Count(count.instances),
                Cell::Bytes(count.bytes),
                Cell::Count(count.distinct),
                Cell::Bytes(count.wasted_bytes),
                value.map_or(Cell::None, Cell::Value),
                times.map_or(Cell::None, Cell::Count),
            ]
        });
        let blocks = vec![facts("total", figures), classes];
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}
