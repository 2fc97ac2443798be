//! What no root reaches in a dump and is yet no garbage of the program's.
//!
//! Owns two kinds: arrays with which the virtual machine fills memory, and what classes keep for reflection by fields of their own that no dump has. Cost: nothing where there is
//! next to none of either; else a pass over the references of the unreachable objects, and a walk over what only reflection leads to.

use super::{Context, InspectError, dump_facts};
use crate::graph::GraphError;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{GarbageTops, instances_of};
use crate::report::NoGarbage;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;

/// What a class keeps of its fields and methods once somebody has asked for them; a `SoftReference` in the class leads there.
const REFLECTION_DATA: &str = "java.lang.Class$ReflectionData";
/// With what collectors fill gaps, as dumps have it.
pub(super) const FILLER: &str = "int[]";
/// What is one of so many parts of all that no root reaches is not worth a word.
const ONE_OF: u64 = 32;

/// See the module.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn find(context: &Context<'_>) -> Result<NoGarbage, InspectError> {
    let snapshot = context.snapshot;
    let all_bytes = context.histogram().total().unreachable_bytes;
    // Where a part of the file is lost, or stacks are left out, nobody knows what referred to it.
    let is_unknown = || dump_facts(snapshot).has_lost_holders();
    if all_bytes == 0 || context.unmounted_threads()?.count > 0 || is_unknown() {
        return Ok(NoGarbage::default());
    }
    let is_worth_it = |bytes: u64| bytes > 0 && bytes >= all_bytes / ONE_OF;
    let mut found = NoGarbage::default();
    let fillers = snapshot.classes().named(FILLER);
    let counts = snapshot.class_counts();
    let of_class = |class: &ClassIx| counts[class.index()].unreachable_bytes;
    if is_worth_it(fillers.iter().map(of_class).sum()) {
        let (tops, _) = context.garbage_tops()?;
        // Small ones are what a method has worked with that has returned, as those that calculate with large numbers do.
        let is_filler = |tops: &&GarbageTops| fillers.contains(&tops.class) && is_worth_it(tops.large_bytes);
        for tops in tops.iter().filter(is_filler) {
            found.filler_objects += tops.large_count;
            found.filler_bytes += tops.large_bytes;
        }
    }
    let of_classes = instances_of(snapshot, snapshot.classes().named(REFLECTION_DATA))?;
    let (objects, bytes) = unreached_below(snapshot, of_classes)?;
    if is_worth_it(bytes) {
        (found.reflection_objects, found.reflection_bytes) = (objects, bytes);
    }
    Ok(found)
}

/// The objects that no root reaches and these lead to, themselves included, and their shallow sizes.
pub(super) fn unreached_below(snapshot: &Snapshot, from: Vec<ObjectIx>) -> Result<(u64, u64), SnapshotError> {
    let mut stack: Vec<ObjectIx> =
        from.into_iter().filter(|&object| !snapshot.is_reachable(object)).collect();
    if stack.is_empty() {
        return Ok((0, 0));
    }
    let seen = BitColumn::new(snapshot.storage(), "unreachable and looked at", snapshot.object_count());
    let mut seen = seen.map_err(GraphError::from)?;
    let (graph, mut objects, mut bytes) = (snapshot.graph(), 0, 0);
    while let Some(object) = stack.pop() {
        if !snapshot.is_reachable(object) && !seen.get(object.index()) {
            seen.set(object.index());
            (objects, bytes) = (objects + 1, bytes + snapshot.shallow_bytes(object));
            stack.extend(graph.successors(object));
        }
    }
    Ok((objects, bytes))
}
