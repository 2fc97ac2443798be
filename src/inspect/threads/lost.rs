//! Locks that nobody will release, for every thread that knows them waits for them.
//!
//! `StampedLock` does not name its owner, and is not reentrant: if it is locked and all threads that have it, or the object that it belongs to, on their
//! stacks wait for it, one of them has taken it before or it was never unlocked. Cost: two passes over the references if such a lock is waited for.

use super::deadlocks::groups_behind;
use super::views::Waits;
use crate::inspect::holders::{is_own_frame, report_frame};
use crate::ix::ObjectIx;
use crate::query::{LockNames, ThreadFacts, references_to};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame};
use hashbrown::HashMap;
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
    let mut takers: HashMap<ObjectIx, Taker> = HashMap::new();
    for (lock, waiting) in waiting {
        if !is_stamped(snapshot, lock) {
            continue;
        }
        let known = known_by(snapshot, lock)?;
        if is_in_no_hand(snapshot, waits.threads, &known, &waiting) {
            takers.extend(taker(snapshot, waits.threads, &known, &waiting).map(|taker| (lock, taker)));
            lost.push((lock, waiting));
        }
    }
    lost.sort_by_key(|(lock, waiting)| (std::cmp::Reverse(waiting.len()), *lock));
    let locks: Vec<ObjectIx> = lost.iter().map(|&(lock, _)| lock).collect();
    let names = LockNames::find(snapshot, &locks)?;
    let finding = |(lock, waiting): &(ObjectIx, Vec<usize>)| {
        finding(snapshot, waits, &names, *lock, waiting, takers.get(lock))
    };
    Ok(lost.iter().map(finding).collect())
}

/// The thread that has most likely taken the lock it waits for.
struct Taker {
    thread: usize,
    /// Where it waits.
    inner: String,
    /// Where it has taken it.
    outer: String,
}

/// The only one of those who wait that has the lock, or the object that it belongs to, in a second method further out.
fn taker(
    snapshot: &Snapshot,
    threads: &[ThreadFacts],
    known: &[ObjectIx],
    waiting: &[usize],
) -> Option<Taker> {
    let inside = |at: usize| {
        let knows = |frame: &&StackFrame| {
            is_own_frame(snapshot, frame)
                && frame.locals.iter().any(|local| known.binary_search(local).is_ok())
        };
        threads[at].frames(snapshot).iter().filter(knows)
    };
    let mut deeper = waiting.iter().copied().filter(|&at| inside(at).count() > 1);
    let thread = deeper.next()?;
    if deeper.next().is_some() {
        return None;
    }
    let mut frames = inside(thread);
    let (inner, outer) = (frames.next()?, frames.next()?);
    Some(Taker { thread, inner: report_frame(inner).to_string(), outer: report_frame(outer).to_string() })
}

/// Whether it is a lock of that kind which a writer has.
fn is_stamped(snapshot: &Snapshot, lock: ObjectIx) -> bool {
    const WRITTEN: i64 = 1 << 7;
    snapshot.class_name(lock) == "java.util.concurrent.locks.StampedLock"
        && snapshot.integer(lock, "state").is_some_and(|state| state & WRITTEN != 0)
}

/// A lock and what refers to it, sorted.
fn known_by(snapshot: &Snapshot, lock: ObjectIx) -> Result<Vec<ObjectIx>, SnapshotError> {
    let mut known: Vec<ObjectIx> =
        references_to(snapshot, &[lock])?.into_iter().map(|(referrer, _)| referrer).collect();
    known.push(lock);
    known.sort_unstable();
    Ok(known)
}

/// Whether no thread but those who wait for a lock has it, or an object that refers to it, among its variables.
fn is_in_no_hand(
    snapshot: &Snapshot,
    threads: &[ThreadFacts],
    known: &[ObjectIx],
    waiting: &[usize],
) -> bool {
    let has_it = |thread: &ThreadFacts| {
        let mut locals = thread.frames(snapshot).iter().flat_map(|frame| &frame.locals);
        locals.any(|local| known.binary_search(local).is_ok())
    };
    (0..threads.len()).filter(|at| !waiting.contains(at)).all(|at| !has_it(&threads[at]))
}

fn finding(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    names: &LockNames,
    lock: ObjectIx,
    waiting: &[usize],
    taker: Option<&Taker>,
) -> Finding {
    let name = names.name(snapshot, lock);
    let behind: Vec<usize> =
        waiting.iter().copied().filter(|&at| taker.is_none_or(|taker| taker.thread != at)).collect();
    let mut args = vec![("count", Arg::Count(behind.len() as u64)), ("lock", Arg::name(&name))];
    if let Some(taker) = taker {
        args.extend([
            ("thread", Arg::name(&waits.threads[taker.thread].name)),
            ("inner", Arg::name(&taker.inner)),
            ("outer", Arg::name(&taker.outer)),
        ]);
    }
    Finding {
        id: "threads.lost-lock".into(),
        severity: Severity::Error,
        title: Text::with(
            if taker.is_some() { "threads-lost-stamped-own" } else { "threads-lost-stamped" },
            args,
        ),
        class: Some(snapshot.class_name(lock).to_owned()),
        bytes: waiting.iter().map(|&at| waits.threads[at].retained_bytes).sum(),
        count: waiting.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-lost-stamped-advice")],
        evidence: groups_behind(snapshot, waits.threads, &behind),
        link: None,
        fingerprint: Fingerprint::of(&["threads.lost-lock", &name]),
    }
}
