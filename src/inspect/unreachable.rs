//! Unreachable objects: garbage that the collector had not yet taken.
//!
//! What it finds: by class, the objects that no GC root reaches, and the topmost of them with everything that hung on them.
//! Why it matters: dumps that were not made with `live` are full of garbage. It is no leak, and it must not be mixed with one; but much
//! garbage of one kind shows what is made faster than it can be collected.
//! How it is computed: reachability from all GC roots, through soft references too. A top is an unreachable object that no other one
//! refers to; what hangs on several tops is counted to the first.
//! False positives: JDK 21 leaves unmounted virtual threads out of the dump's roots; what only they hold looks unreachable. G1 writes
//! filler objects as `int[]`. Weakly reachable objects are garbage here.

use super::blocks::{facts, share, table};
use super::histogram::unreachable;
use super::{Context, InspectError, Inspection, Outcome};
use crate::query::{LoaderNames, garbage_tops};
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
        let (tops, circles_bytes) = garbage_tops(snapshot)?;
        let all_bytes = total.shallow_bytes + total.unreachable_bytes;
        let figures = vec![
            Fact::new("instances", Cell::Count(total.unreachable_instances)),
            Fact::new("shallow_bytes", Cell::Bytes(total.unreachable_bytes)),
            Fact::new("share_of_dump", Cell::Share(share(total.unreachable_bytes, all_bytes))),
            Fact::new("in_circles_bytes", Cell::Bytes(circles_bytes)),
        ];
        let mut blocks = vec![facts("total", figures), unreachable(context, &names, "classes")];
        let columns = vec![
            Column::left("class"),
            Column::left("loader"),
            Column::right("instances"),
            Column::right("bytes"),
        ];
        blocks.push(table(context, "tops", columns, tops, |tops| {
            let class = snapshot.classes().get(tops.class);
            vec![
                Cell::Class(class.name.to_string()),
                Cell::Value(names.of(class).to_owned()),
                Cell::Count(tops.count),
                Cell::Bytes(tops.bytes),
            ]
        }));
        let unmounted = Unmounted::of(context);
        if total.unreachable_instances > 0 && unmounted.threads > 0 {
            let args = [
                ("count", Arg::Count(unmounted.threads)),
                ("stacks", Arg::Bytes(unmounted.stacks_bytes)),
                ("size", Arg::Bytes(total.unreachable_bytes)),
            ];
            blocks.push(Block::Prose { text: Text::with("unreachable-virtual-threads", args) });
        }
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}

/// Virtual threads that the dump does not name among its threads. Their stacks are objects of the heap, but HPROF shows only the fields of
/// these objects and not what the frames in them refer to.
#[derive(Debug)]
struct Unmounted {
    threads: u64,
    stacks_bytes: u64,
}

impl Unmounted {
    fn of(context: &Context<'_>) -> Self {
        let snapshot = context.snapshot;
        let classes = snapshot.classes().sub_classes_of("java.lang.VirtualThread");
        let all = |class| {
            let count = context.histogram().of_class(class);
            (count.instances + count.unreachable_instances, count.shallow_bytes + count.unreachable_bytes)
        };
        let named =
            snapshot.threads().iter().filter(|thread| classes.contains(&snapshot.class_of(thread.object)));
        let threads = classes.iter().map(|&class| all(class).0).sum::<u64>();
        let stacks = snapshot.classes().named("jdk.internal.vm.StackChunk").iter();
        Self {
            threads: threads.saturating_sub(named.count() as u64),
            stacks_bytes: stacks.map(|&class| all(class).1).sum(),
        }
    }
}
