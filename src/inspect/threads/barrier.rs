//! Barriers at which threads wait for one that never comes.
//!
//! A `CyclicBarrier` says how many it is for and how many are still to come. Where no other thread leads to it, nor a task that is still to run, nobody is
//! on the way: a thread of the group has ended, or was never started. False positives: a party that asks a static method for the barrier.
//! Cost: none where no thread waits at a barrier; else a pass over the references, and a walk of bounded length from each thread.

use super::reach::{Shared, is_in_a_task, is_with_others};
use super::stuck::{pattern, place};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{Executor, LockNames, ThreadFacts};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashSet;
use std::collections::BTreeMap;

const BARRIER: &str = "java.util.concurrent.CyclicBarrier";

/// One finding for each barrier to which nobody comes any more, with the threads that wait at it.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn findings(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    executors: &[Executor],
) -> Result<Vec<(Finding, Vec<ObjectIx>)>, SnapshotError> {
    let mut by_barrier: BTreeMap<ObjectIx, Vec<&ThreadFacts>> = BTreeMap::new();
    for thread in waits.threads {
        let inside = thread.frames(snapshot).iter().filter(|frame| &*frame.class == BARRIER);
        let mut locals = inside.flat_map(|frame| frame.locals.iter().copied());
        if let Some(barrier) =
            locals.find(|&local| snapshot.classes().is_named(snapshot.class_of(local), BARRIER))
        {
            by_barrier.entry(barrier).or_default().push(thread);
        }
    }
    let mut findings = Vec::new();
    for (barrier, waiting) in by_barrier {
        if let Some(finding) = finding(snapshot, waits, executors, barrier, &waiting)? {
            findings.push((finding, waiting.iter().map(|thread| thread.object).collect()));
        }
    }
    Ok(findings)
}

fn finding(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    executors: &[Executor],
    barrier: ObjectIx,
    waiting: &[&ThreadFacts],
) -> Result<Option<Finding>, SnapshotError> {
    let number = |field| snapshot.integer(barrier, field).and_then(|number| u64::try_from(number).ok());
    let (Some(parties), Some(missing)) = (number("parties"), number("count")) else { return Ok(None) };
    // One that has just come has counted itself, and is on its way out when all have.
    if missing == 0 || waiting.len() as u64 + missing != parties {
        return Ok(None);
    }
    let shared = Shared::find(snapshot, barrier)?;
    let here: HashSet<ObjectIx> = waiting.iter().map(|thread| thread.object).collect();
    if is_with_others(snapshot, waits.threads, &shared, |thread| here.contains(&thread.object))
        || is_in_a_task(snapshot, waits.threads, executors, &shared)
    {
        return Ok(None);
    }
    let Some(place) = place(snapshot, waiting) else { return Ok(None) };
    let name = LockNames::find(snapshot, &[barrier])?.name(snapshot, barrier);
    let args = [
        ("count", Arg::Count(waiting.len() as u64)),
        ("thread", Arg::name(pattern(waiting))),
        ("place", Arg::name(place.text())),
        ("barrier", Arg::name(&name)),
        ("parties", Arg::Count(parties)),
        ("missing", Arg::Count(missing)),
    ];
    Ok(Some(Finding {
        id: "threads.missing-party".into(),
        severity: Severity::Warning,
        title: Text::with("threads-missing-party", args),
        class: Some(BARRIER.to_owned()),
        bytes: waiting.iter().map(|thread| thread.retained_bytes).sum(),
        count: waiting.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-missing-party-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.missing-party", &name, &normalise_thread(&waiting[0].name)]),
    }))
}
