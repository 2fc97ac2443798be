//! What only finalizers lead to and does not yet wait in their queue.
//!
//! What it finds: objects with a `finalize` method that nothing leads to but the list of all such objects, and what hangs on them. Mostly they were dropped:
//! their finalizers have yet to run, and only a collection after that frees them. Where next to nothing is garbage the collector has just been there, and what
//! it has not found dropped then was in use, by something that the dump leaves out. How: of the objects that roots reach by references of finalizers
//! alone those that nothing in the queue leads to. Cost: nothing unless that is much of the heap; then three walks over it.

use super::report::without_finalizers;
use super::{Context, InspectError};
use crate::graph::GraphError;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::instances_of;
use crate::report::{Arg, Finalizable, Finding, Fingerprint, Severity, Text};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;
use hashbrown::HashMap;
use std::cmp::Reverse;

/// The class of the references to all objects with finalizers.
pub(super) const FINALIZER: &str = "java.lang.ref.Finalizer";

/// It is told from this part of what is in use on,
const PART: u64 = 10;
/// or from so many bytes on,
const LARGE: u64 = 64 << 20;
/// and never if it is less than this.
const SMALL: u64 = 1 << 20;

/// How far an object with a finalizer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// In use, or not yet found out.
    Unmet,
    /// The collector has just found it in no use: it is still to be handed over.
    Found,
    /// It stands in the queue for its finalizer, behind others.
    Queued,
}

/// The stage of an object by its `Finalizer`. The queue links them by `next`; what the collector has found has itself there (JDK: `referenceProcessor.cpp`,
/// `process_final_keep_alive_work`) and is chained by `discovered`.
pub(super) fn stage(snapshot: &Snapshot, finalizer: ObjectIx) -> Stage {
    let of_reference = |field| snapshot.follow_declared(finalizer, "java.lang.ref.Reference", field);
    match of_reference("next") {
        Some(next) if next != finalizer => Stage::Queued,
        None if of_reference("discovered").is_none() => Stage::Unmet,
        _ => Stage::Found,
    }
}

/// See the module; `None` if it is little.
pub(super) fn find(context: &Context<'_>) -> Result<Option<Finalizable>, InspectError> {
    let snapshot = context.snapshot;
    let in_use = context.histogram().total().shallow_bytes;
    let is_much = |bytes: u64| bytes >= SMALL && bytes >= LARGE.min(in_use / PART);
    if !is_much(context.soft_reach()?.finalizer_bytes) {
        return Ok(None);
    }
    let Some(strongly) = snapshot.strongly_reachable()? else { return Ok(None) };
    let otherwise = without_finalizers(snapshot, strongly, snapshot.progress())?;
    let is_only = |object: ObjectIx| snapshot.is_reachable(object) && !otherwise.contains(object);
    let mut seen = BitColumn::new(snapshot.storage(), "left to finalizers", snapshot.object_count())
        .map_err(GraphError::from)
        .map_err(SnapshotError::from)?;
    let graph = snapshot.graph();
    let mut stack = Vec::new();
    let mut walk = |start: ObjectIx, seen: &mut BitColumn| {
        let mut bytes = 0;
        stack.push(start);
        while let Some(object) = stack.pop() {
            if is_only(object) && !seen.get(object.index()) {
                seen.set(object.index());
                bytes += snapshot.shallow_bytes(object);
                stack.extend(graph.successors(object));
            }
        }
        bytes
    };
    let all = instances_of(snapshot, snapshot.classes().named(FINALIZER))?;
    let referents = all.into_iter().filter(|&finalizer| snapshot.is_reachable(finalizer)).filter_map(|it| {
        let referent = snapshot.follow(it, "referent").filter(|&referent| is_only(referent))?;
        Some((stage(snapshot, it), referent))
    });
    let (queued, others): (Vec<_>, Vec<_>) = referents.partition(|&(stage, _)| stage == Stage::Queued);
    for (_, referent) in queued {
        walk(referent, &mut seen);
    }
    let others: Vec<_> = others.into_iter().filter(|&(_, referent)| !seen.get(referent.index())).collect();
    let mut by_class: HashMap<ClassIx, (u64, u64)> = HashMap::new();
    let (mut bytes, mut found_bytes) = (0, 0);
    for (stage, referent) in others {
        let of_this = walk(referent, &mut seen);
        let (count, of_class) = by_class.entry(snapshot.class_of(referent)).or_default();
        *count += 1;
        *of_class += of_this;
        bytes += of_this;
        if stage == Stage::Found {
            found_bytes += of_this;
        }
    }
    let most = by_class.into_iter().max_by_key(|&(class, (count, bytes))| (bytes, count, Reverse(class)));
    let Some((class, (count, _))) = most.filter(|_| is_much(bytes)) else { return Ok(None) };
    let may_be_held = context.unmounted_threads()?.count > 0 || context.class_value_bytes()? > 0;
    let is_dropped = found_bytes * 2 >= bytes || !snapshot.is_collected() && !may_be_held;
    let class = snapshot.classes().get(class).name.to_string();
    Ok(Some(Finalizable { class, count, bytes, is_dropped }))
}

/// It as a finding.
pub(super) fn finding(found: &Finalizable) -> Finding {
    let args = [
        ("count", Arg::Count(found.count)),
        ("class", Arg::name(&found.class)),
        ("size", Arg::Bytes(found.bytes)),
    ];
    let (title, advice) = if found.is_dropped {
        ("references-only-finalizers", "references-only-finalizers-advice")
    } else {
        ("references-only-finalizers-unproven", "references-only-finalizers-unproven-advice")
    };
    Finding {
        id: "references.only-finalizers".into(),
        severity: Severity::Info,
        title: Text::with(title, args),
        class: Some(found.class.clone()),
        bytes: found.bytes,
        count: found.count,
        holder: None,
        advice: vec![Text::message(advice)],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["references.only-finalizers", &found.class]),
    }
}
