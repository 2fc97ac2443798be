//! Unreachable objects: garbage that the collector had not yet taken.
//!
//! What it finds: by class, the objects that no GC root reaches, and the topmost of them with everything that hung on them.
//! Why it matters: dumps that were not made with `live` are full of garbage. It is no leak, and it must not be mixed with one; but much
//! garbage of one kind shows what is made faster than it can be collected.
//! How it is computed: reachability from all GC roots, through soft references too. A top is an unreachable object that no other one
//! refers to; what hangs on several tops is counted to the first.
//! False positives: JDK 21 leaves unmounted virtual threads out of the dump's roots; what only they hold looks unreachable. G1 writes
//! filler objects as `int[]`. Weakly reachable objects are garbage here.

use super::blocks::{facts, loader, share, table};
use super::histogram::unreachable;
use super::{Context, InspectError, Inspection, Outcome};
use crate::query::LoaderNames;
use crate::report::{Arg, Block, Cell, Column, Fact, Section, Text};

/// See the module.
#[derive(Debug)]
pub(super) struct Unreachable;

impl Inspection for Unreachable {
    fn id(&self) -> &'static str {
        "unreachable"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let snapshot = context.snapshot;
        let total = context.histogram().total();
        let names = LoaderNames::new(snapshot);
        let (tops, circles_bytes) = context.garbage_tops()?;
        let all_bytes = total.shallow_bytes + total.unreachable_bytes;
        let figures = vec![
            Fact::new("instances", Cell::Count(total.unreachable_instances)),
            Fact::new("shallow_bytes", Cell::Bytes(total.unreachable_bytes)),
            Fact::new("share_of_dump", Cell::Share(share(total.unreachable_bytes, all_bytes))),
            Fact::new("in_circles_bytes", Cell::Bytes(*circles_bytes)),
        ];
        let mut blocks = vec![facts("total", figures), unreachable(context, &names, "classes")];
        let columns = vec![
            Column::left("class"),
            Column::left("loader"),
            Column::right("instances"),
            Column::right("bytes"),
        ];
        blocks.push(table(context, "tops", columns, tops.clone(), |tops| {
            let class = snapshot.classes().get(tops.class);
            vec![
                Cell::Class(class.name.to_string()),
                loader(names.of(class), Cell::Value),
                Cell::Count(tops.count),
                Cell::Bytes(tops.bytes),
            ]
        }));
        let unmounted = context.unmounted_threads()?;
        if total.unreachable_instances > 0 && unmounted.count > 0 {
            let args = [
                ("count", Arg::Count(unmounted.count)),
                ("stacks", Arg::Bytes(unmounted.stacks_bytes)),
                ("size", Arg::Bytes(total.unreachable_bytes)),
            ];
            blocks.push(Block::Prose { text: Text::with("unreachable-virtual-threads", args) });
        }
        let of_class_values = context.class_value_bytes()?;
        if of_class_values > 0 {
            let args = [("size", Arg::Bytes(of_class_values))];
            blocks.push(Block::Prose { text: Text::with("unreachable-class-values", args) });
        }
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}
