//! Waste: memory that could be saved without changing what the program does.
//!
//! What it finds: the sum of what repeated strings, repeated arrays, arrays of zeros, empty and oversized collections and boxed numbers cost.
//! Why it matters: it says whether looking at any of them is worth the time.
//! How it is computed: from the inspections `strings`, `arrays`, `collections` and `boxed`. An array of nulls or zeros in which a collection wastes
//! room counts as a part of the collection only.
//! False positives: see there. Waste is rarely the reason for an OutOfMemoryError.

use super::blocks::{facts, share, table};
use super::{Context, InspectError, Inspection, Outcome};
use crate::report::{Bar, BarPart, Block, Cell, Column, Fact, Section, Text};
use std::cmp::Reverse;

/// See the module.
#[derive(Debug)]
pub(super) struct Waste;

impl Inspection for Waste {
    fn id(&self) -> &'static str {
        "waste"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let total = context.histogram().total().shallow_bytes;
        context.look_at_contents()?;
        let arrays = context.arrays()?;
        let collections = context.collections()?;
        let boxes = context.boxes()?.iter();
        let boxes_bytes = boxes.map(|count| count.wasted_bytes).sum();
        let mut parts = vec![
            ("waste-strings", "strings", context.texts()?.wasted_bytes),
            ("waste-arrays", "arrays", arrays.repeated_bytes),
            ("waste-zeros", "arrays", arrays.zero_bytes().saturating_sub(collections.zero_array_bytes)),
            ("waste-collections", "collections", collections.wasted_bytes),
            ("waste-boxed", "boxed", boxes_bytes),
        ];
        parts.sort_by_key(|&(_, _, bytes)| Reverse(bytes));
        let sum: u64 = parts.iter().map(|&(_, _, bytes)| bytes).sum();
        let figures = vec![
            Fact::new("wasted_bytes", Cell::Bytes(sum)),
            Fact::new("share", Cell::Share(share(sum, total))),
        ];
        let bar = Bar {
            id: "parts".into(),
            parts: parts
                .iter()
                .map(|&(message, _, bytes)| BarPart { label: Text::message(message), bytes })
                .collect(),
        };
        let columns = vec![
            Column::left("waste"),
            Column::left("inspection"),
            Column::right("wasted_bytes"),
            Column::right("share"),
        ];
        let rows = table(context, "kinds", columns, parts, |(message, inspection, bytes)| {
            vec![
                Cell::Text(Text::message(message)),
                Cell::term(inspection, &format!("section-{inspection}")),
                Cell::Bytes(bytes),
                Cell::Share(share(bytes, total)),
            ]
        });
        let blocks = vec![facts("total", figures), Block::Bar(bar), rows];
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}
