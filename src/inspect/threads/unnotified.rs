//! Threads in `Object.wait` on an object that has what they wait for.
//!
//! Consumers that wait to be notified have nothing to do, so the collections of the object that they wait on are empty; who is notified is `BLOCKED` until it
//! has the monitor again. If each collection in its fields has elements while several threads wait without a limit, and nobody else is at work with the
//! object, then a `notify` was forgotten, or woke one that waits for something else.
//! Cost: a look at each thread, some records for each object that is waited on.

use super::stuck::{pattern, place};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{Origin, ThreadFacts, ThreadState, WaitKind, collection_length, origin_of};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text};
use crate::snapshot::{Link, Snapshot};
use std::collections::BTreeMap;

/// Threads that wait on one object: a single one may just have been overtaken.
const FEWEST: usize = 2;

/// One finding for each such object, with the threads that wait on it.
pub(super) fn findings(snapshot: &Snapshot, waits: &Waits<'_>) -> Vec<(Finding, Vec<ObjectIx>)> {
    let mut waiting: BTreeMap<ObjectIx, Vec<&ThreadFacts>> = BTreeMap::new();
    for thread in waits.threads.iter().filter(|thread| thread.state == Some(ThreadState::Waiting)) {
        if let Some(wait) = thread.wait.filter(|wait| wait.kind == WaitKind::Monitor) {
            waiting.entry(wait.object).or_default().push(thread);
        }
    }
    let is_own = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object)) == Origin::Application;
    let waiting = waiting.into_iter().filter(|(object, threads)| threads.len() >= FEWEST && is_own(*object));
    waiting
        .filter(|(object, threads)| !is_at_work(snapshot, waits, *object, threads))
        .filter_map(|(object, threads)| {
            let finding = finding(snapshot, object, &threads)?;
            Some((finding, threads.iter().map(|thread| thread.object).collect()))
        })
        .collect()
}

/// Whether a thread that does not wait has the object in hand.
fn is_at_work(snapshot: &Snapshot, waits: &Waits<'_>, object: ObjectIx, waiting: &[&ThreadFacts]) -> bool {
    let waits_too = |thread: &ThreadFacts| waiting.iter().any(|known| known.object == thread.object);
    waits.threads.iter().filter(|thread| !waits_too(thread)).any(|thread| {
        let in_main = thread.frames(snapshot).last().is_some_and(|frame| &*frame.method == "main");
        let is_idle = matches!(thread.state, Some(ThreadState::Waiting | ThreadState::TimedWaiting));
        let mut locals = thread.frames(snapshot).iter().flat_map(|frame| &frame.locals);
        !(in_main && is_idle) && locals.any(|&local| local == object)
    })
}

fn finding(snapshot: &Snapshot, object: ObjectIx, threads: &[&ThreadFacts]) -> Option<Finding> {
    let mut collections: Vec<(String, u64)> = Vec::new();
    snapshot.links(object, |link, target| {
        if let (Link::Field { name, .. }, Some(length)) = (link, collection_length(snapshot, target)) {
            collections.push((name.to_string(), length));
        }
        true
    });
    let most = collections.iter().max_by_key(|(_, length)| *length)?;
    if collections.iter().any(|&(_, length)| length == 0) {
        return None;
    }
    let place = place(snapshot, threads)?;
    let field = format!("{}.{}", snapshot.class_name(object), most.0);
    let args = [
        ("count", Arg::Count(threads.len() as u64)),
        ("thread", Arg::name(pattern(threads))),
        ("place", Arg::name(place.text())),
        ("field", Arg::name(&field)),
        ("entries", Arg::Count(most.1)),
    ];
    Some(Finding {
        id: "threads.not-notified".into(),
        severity: Severity::Warning,
        title: Text::with("threads-not-notified", args),
        class: Some(snapshot.class_name(object).to_owned()),
        bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
        count: threads.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-not-notified-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.not-notified", &field, &place.method]),
    })
}
