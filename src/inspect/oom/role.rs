//! Whether the thread that threw is to blame: by what goes with its stack, and by who holds more.
//!
//! Owns what parts of the heap are enough for that; whether it was adding to what others hold is for [`super::filling`] and its neighbours. Cost: the paths of the suspects, and
//! the dominators of the last step of one.

use super::{alike, share};
use crate::hprof::ObjectId;
use crate::query::Waiting;
use crate::report::{Holder, OomRole, Standing, Suspect, SuspectKind, normalise_thread};
use crate::snapshot::{Snapshot, StackFrame, Thread};

/// A thread that holds this part of the heap is to blame, whoever else holds some.
const CULPRIT_SHARE: f64 = 0.3;
/// Nor does it take that much if nobody else holds as much.
const LEADING_SHARE: f64 = 0.15;
/// A suspect that holds this part of the heap takes the blame from a thread that holds little.
const OTHER_SHARE: f64 = 0.2;

/// What goes when the thread's stack goes: what the thread retains, or what its suspects say where several variables share it.
pub(super) fn held_by_stack(snapshot: &Snapshot, thread: &Thread, suspects: &[Suspect], name: &str) -> u64 {
    let told = suspects.iter().filter(|suspect| is_held_by(snapshot, thread, name, suspect));
    let told = told.map(|suspect| suspect.retained_bytes).max().unwrap_or(0);
    snapshot.retained_bytes(thread.object).max(told)
}

/// The same without what stays as long as the process lives and is only reached by what the thread was started with, as a service is that a lambda has captured: that is
/// told by itself. If hardly anything is left then it is what the thread is there for.
pub(super) fn held_by_calls(
    snapshot: &Snapshot,
    thread: &Thread,
    held: u64,
    total: u64,
    suspects: &[Suspect],
) -> u64 {
    const STARTED_WITH: [&str; 2] = ["holder", "target"];
    let tree = snapshot.dominators();
    let is_captured = |suspect: &&Suspect| {
        let first = suspect.path.first();
        let is_by_task = first.is_some_and(|first| {
            first.address == snapshot.address_of(thread.object).0
                && first.field.as_deref().is_some_and(|field| STARTED_WITH.contains(&field))
        });
        let last = suspect.path.last().and_then(|step| snapshot.find(ObjectId(step.address)));
        suspect.kind == SuspectKind::Leak
            && is_by_task
            && last
                .is_some_and(|last| tree.dominators(last).take(1 << 16).any(|above| above == thread.object))
    };
    let captured: u64 = suspects.iter().filter(is_captured).map(|suspect| suspect.retained_bytes).sum();
    let own = held.saturating_sub(captured);
    if share(own, total) >= LEADING_SHARE { own } else { held }
}

/// Whether the stack of that thread holds a suspect. Several threads may have one name: the path of a suspect begins at the one that is meant.
pub(super) fn is_held_by(snapshot: &Snapshot, thread: &Thread, name: &str, suspect: &Suspect) -> bool {
    let first = suspect.path.first().map(|step| step.address);
    suspect.kind == SuspectKind::Load
        && suspect.holder.thread.as_deref() == Some(name)
        && first.is_none_or(|first| first == snapshot.address_of(thread.object).0)
}

/// Whether it is one of the threads that hold a suspect in the same method, each a part.
fn is_one_of_them(thread: &Thread, name: &str, suspect: &Suspect) -> bool {
    let holder = &suspect.holder;
    let stable = normalise_thread(name);
    let is_called = holder.threads.is_some()
        && holder.thread.as_deref().is_some_and(|pattern| normalise_thread(pattern) == stable);
    let is_at_it = |at: &StackFrame| {
        holder.frame.as_ref().is_some_and(|frame| *at.class == *frame.class && *at.method == *frame.method)
    };
    is_called && thread.frames.iter().any(is_at_it)
}

/// Whether it was doing a part of the work of the call that holds the suspect: that call waits for its result, or waits for the fork-join pool
/// that it is a worker of.
fn works_for(snapshot: &Snapshot, thread: &Thread, suspect: &Suspect) -> bool {
    const WORKER: &str = "java.util.concurrent.ForkJoinWorkerThread";
    let first = suspect.path.first().map(|step| step.address);
    let is_holder = |other: &Thread| first == Some(snapshot.address_of(other.object).0);
    let waits = |holder: &Thread| {
        let mut classes = holder.frames.iter().map(|frame| &*frame.class);
        classes.any(|class| class.starts_with("java.util.concurrent.ForkJoin"))
    };
    let is_worker = snapshot.classes().is_named(snapshot.class_of(thread.object), WORKER);
    is_worker && snapshot.threads().iter().find(|other| is_holder(other)).is_some_and(waits)
        || Waiting::of(snapshot).served(snapshot, thread).is_some_and(|served| is_holder(served.thread))
}

/// Culprit: it holds a good part of the heap itself, or it was just adding to what holds it. Victim: somebody else holds it.
pub(super) fn role<'s>(
    snapshot: &Snapshot,
    name: &str,
    thread: &Thread,
    held: u64,
    total: u64,
    suspects: &'s [Suspect],
    is_filling: impl Fn(&Suspect) -> bool,
) -> (OomRole, Option<&'s Suspect>) {
    let kept = suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage);
    let mut others = kept.filter(|suspect| !is_held_by(snapshot, thread, name, suspect));
    let other = others.next();
    let others_bytes = other.map_or(0, |suspect| suspect.retained_bytes);
    if share(held, total) >= CULPRIT_SHARE && held * 2 >= others_bytes {
        return (OomRole::Culprit, None);
    }
    let is_first = suspects.first().is_some_and(|first| is_held_by(snapshot, thread, name, first));
    if is_first && share(held, total) >= LEADING_SHARE {
        return (OomRole::Culprit, None);
    }
    // Of several calls that hold much at once each is to blame, and of tasks that all do the same whichever comes last.
    let is_call = |suspect: &Suspect| suspect.kind == SuspectKind::Load;
    let is_of_same_field = |suspect: &Suspect| {
        let field = |holder: &Holder| holder.class.clone().zip(holder.field.clone());
        other.is_some_and(|other| field(&other.holder).is_some_and(|of| field(&suspect.holder) == Some(of)))
    };
    let holds_much = suspects.iter().any(|suspect| {
        is_held_by(snapshot, thread, name, suspect)
            && suspect.share >= LEADING_SHARE
            && (suspect.retained_bytes * 2 >= others_bytes || is_of_same_field(suspect))
    });
    if holds_much && other.is_some_and(is_call) {
        return (OomRole::Culprit, None);
    }
    match other {
        Some(suspect) if suspect.share >= OTHER_SHARE => {
            let is_at_it = match suspect.kind {
                SuspectKind::Leak => is_filling(suspect),
                _ => is_one_of_them(thread, name, suspect) || works_for(snapshot, thread, suspect),
            };
            if is_at_it || alike::is_one_of_crowd(name, suspect) {
                return (OomRole::Culprit, Some(suspect));
            }
            // Who fills what takes a good part of the heap beside it is to blame as well.
            let is_leak = |other: &&Suspect| {
                other.kind == SuspectKind::Leak
                    && other.standing == Standing::Blamed
                    && other.share >= OTHER_SHARE
            };
            let beside = others.filter(is_leak).find(|other| is_filling(other));
            match beside {
                Some(beside) => (OomRole::Culprit, Some(beside)),
                None => (OomRole::Victim, Some(suspect)),
            }
        }
        _ if share(held, total) >= CULPRIT_SHARE => (OomRole::Culprit, None),
        _ => (OomRole::Unknown, None),
    }
}
