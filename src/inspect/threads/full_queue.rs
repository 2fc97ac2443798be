//! Queues with a limit that are full, and from which nobody takes: whoever puts into one waits for ever.
//!
//! A full queue is ordinary where its consumers are slower for a while. It is told where no other thread leads to it, nor to the object that has it in a
//! field, and no task that waits in a scheduler or a pool does: who takes from a queue, or will do so again, has it on its stack ([`super::reach`]). A thread that has
//! ended and belongs to that object is the consumer, most likely. False positives: a consumer that asks a static method for the queue, and is at work
//! with what it has taken. Cost: none where no thread waits to put; else two passes over the references, and a walk of bounded length from each thread.

use super::reach::{Shared, is_in_a_task, is_with_others};
use super::stuck::{pattern, place};
use super::views::Waits;
use crate::inspect::holders::is_thread;
use crate::ix::ObjectIx;
use crate::query::{
    Executor, LockNames, ThreadFacts, collection_length, has_ended, queue_limit, references_to, thread_name,
};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashSet;
use std::collections::BTreeMap;

/// Threads that wait to put, where nothing is known of a consumer: fewer are ordinary.
const MANY: usize = 3;

/// One finding for each full queue from which nobody takes, with the threads that wait to put into it.
///
/// `are_all_known` says whether the dump has all threads; where virtual threads are left out one of these may be the consumer.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn findings(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    executors: &[Executor],
    are_all_known: bool,
) -> Result<Vec<(Finding, Vec<ObjectIx>)>, SnapshotError> {
    let mut by_queue: BTreeMap<ObjectIx, Vec<&ThreadFacts>> = BTreeMap::new();
    for thread in waits.threads {
        if let Some(queue) = waits_for_room(snapshot, thread) {
            by_queue.entry(queue).or_default().push(thread);
        }
    }
    let mut findings = Vec::new();
    for (queue, putting) in by_queue {
        if let Some(finding) = finding(snapshot, waits, executors, (queue, &putting), are_all_known)? {
            findings.push((finding, putting.iter().map(|thread| thread.object).collect()));
        }
    }
    Ok(findings)
}

/// The full queue that a thread waits to put into.
fn waits_for_room(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<ObjectIx> {
    const NEAR: usize = 12;
    let room = thread.wait?.object;
    let frames = thread.frames(snapshot).iter().take(NEAR);
    let of_queues = frames.filter(|frame| frame.class.starts_with("java.util.concurrent."));
    let mut locals = of_queues.flat_map(|frame| frame.locals.iter().copied());
    let queue = locals.find(|&local| {
        queue_limit(snapshot, local).is_some() && snapshot.follow(local, "notFull") == Some(room)
    })?;
    // Between two that are put in there is room for one.
    let entries = collection_length(snapshot, queue)?;
    (entries > 0 && entries * 20 >= queue_limit(snapshot, queue)? * 19).then_some(queue)
}

fn finding(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    executors: &[Executor],
    (queue, putting): (ObjectIx, &[&ThreadFacts]),
    are_all_known: bool,
) -> Result<Option<Finding>, SnapshotError> {
    let shared = Shared::find(snapshot, queue)?;
    let alike: HashSet<_> = putting.iter().map(|thread| normalise_thread(&thread.name)).collect();
    let is_alike = |thread: &ThreadFacts| alike.contains(&normalise_thread(&thread.name));
    if is_with_others(snapshot, waits.threads, &shared, is_alike)
        || is_in_a_task(snapshot, waits.threads, executors, &shared)
    {
        return Ok(None);
    }
    let ended = ended(snapshot, &shared)?;
    if ended.is_none() && (putting.len() < MANY || !are_all_known) {
        return Ok(None);
    }
    let Some(place) = place(snapshot, putting) else { return Ok(None) };
    let name = LockNames::find(snapshot, &[queue])?.name(snapshot, queue);
    let count = |count: Option<u64>| Arg::Count(count.unwrap_or(0));
    let mut args = vec![
        ("count", Arg::Count(putting.len() as u64)),
        ("thread", Arg::name(pattern(putting))),
        ("place", Arg::name(place.text())),
        ("queue", Arg::name(&name)),
        ("entries", count(collection_length(snapshot, queue))),
        ("limit", count(queue_limit(snapshot, queue))),
    ];
    let id = if ended.is_some() { "threads-full-queue-ended" } else { "threads-full-queue" };
    args.extend(ended.map(|thread| ("ended", Arg::name(thread_name(snapshot, thread)))));
    Ok(Some(Finding {
        id: "threads.full-queue".into(),
        severity: Severity::Warning,
        title: Text::with(id, args),
        class: Some(snapshot.class_name(queue).to_owned()),
        bytes: snapshot.retained_bytes(queue),
        count: putting.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-full-queue-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.full-queue", &name, &normalise_thread(&putting[0].name)]),
    }))
}

/// A thread that has ended and that the owners refer to, or that refers to them or to the queue.
fn ended(snapshot: &Snapshot, shared: &Shared) -> Result<Option<ObjectIx>, SnapshotError> {
    let is_ended = |&object: &ObjectIx| is_thread(snapshot, object) && has_ended(snapshot, object);
    let mut of_owners: Vec<ObjectIx> =
        shared.owners.iter().flat_map(|&owner| snapshot.references().of(owner)).filter(is_ended).collect();
    let mut wanted: Vec<ObjectIx> = shared.all.iter().copied().collect();
    wanted.sort_unstable();
    let referring = references_to(snapshot, &wanted)?.into_iter().map(|(referrer, _)| referrer);
    of_owners.extend(referring.filter(|&object| snapshot.is_reachable(object)).filter(is_ended));
    Ok(of_owners.into_iter().min())
}
