//! Locks that nobody will release, for every thread that knows them waits for them.
//!
//! `StampedLock` does not name its owner, and is not reentrant: if it is locked and all threads that have it, or the object that it belongs to, on their
//! stacks wait for it, one of them has taken it before or it was never unlocked. Cost: two passes over the references if such a lock is waited for.

use super::deadlocks::groups_behind;
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{LockNames, ThreadFacts, references_to};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text};
use crate::snapshot::{Snapshot, SnapshotError};
use std::collections::BTreeMap;

/// Such locks, those for which most threads wait first.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn findings(snapshot: &Snapshot, waits: &Waits<'_>) -> Result<Vec<Finding>, SnapshotError> {
    let mut waiting: BTreeMap<ObjectIx, Vec<usize>> = BTreeMap::new();
    for (at, thread) in waits.threads.iter().enumerate() {
        if let Some(wait) = thread.wait {
            waiting.entry(wait.object).or_default().push(at);
        }
    }
    let mut lost: Vec<(ObjectIx, Vec<usize>)> = Vec::new();
    for (lock, waiting) in waiting {
        if is_stamped(snapshot, lock) && is_in_no_hand(snapshot, waits.threads, lock, &waiting)? {
            lost.push((lock, waiting));
        }
    }
    lost.sort_by_key(|(lock, waiting)| (std::cmp::Reverse(waiting.len()), *lock));
    let locks: Vec<ObjectIx> = lost.iter().map(|&(lock, _)| lock).collect();
    let names = LockNames::find(snapshot, &locks)?;
    Ok(lost.iter().map(|(lock, waiting)| finding(snapshot, waits, &names, *lock, waiting)).collect())
}

/// Whether it is a lock of that kind which a writer has.
fn is_stamped(snapshot: &Snapshot, lock: ObjectIx) -> bool {
    const WRITTEN: i64 = 1 << 7;
    snapshot.class_name(lock) == "java.util.concurrent.locks.StampedLock"
        && snapshot.integer(lock, "state").is_some_and(|state| state & WRITTEN != 0)
}

/// Whether no thread but those who wait for it has it, or an object that refers to it, among its variables.
fn is_in_no_hand(
    snapshot: &Snapshot,
    threads: &[ThreadFacts],
    lock: ObjectIx,
    waiting: &[usize],
) -> Result<bool, SnapshotError> {
    let mut known: Vec<ObjectIx> =
        references_to(snapshot, &[lock])?.into_iter().map(|(referrer, _)| referrer).collect();
    known.push(lock);
    known.sort_unstable();
    let has_it = |thread: &ThreadFacts| {
        let mut locals = thread.frames(snapshot).iter().flat_map(|frame| &frame.locals);
        locals.any(|local| known.binary_search(local).is_ok())
    };
    Ok((0..threads.len()).filter(|at| !waiting.contains(at)).all(|at| !has_it(&threads[at])))
}

fn finding(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    names: &LockNames,
    lock: ObjectIx,
    waiting: &[usize],
) -> Finding {
    let name = names.name(snapshot, lock);
    let args = [("count", Arg::Count(waiting.len() as u64)), ("lock", Arg::name(&name))];
    Finding {
        id: "threads.lost-lock".into(),
        severity: Severity::Error,
        title: Text::with("threads-lost-stamped", args),
        class: Some(snapshot.class_name(lock).to_owned()),
        bytes: waiting.iter().map(|&at| waits.threads[at].retained_bytes).sum(),
        count: waiting.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-lost-stamped-advice")],
        evidence: groups_behind(snapshot, waits.threads, waiting),
        link: None,
        fingerprint: Fingerprint::of(&["threads.lost-lock", &name]),
    }
}
