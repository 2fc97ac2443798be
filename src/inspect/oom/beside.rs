//! What the other threads show where the stack of the one that threw does not tell whether it was adding to what fills the heap: that several do the same with it and nobody else has it
//! in hand, or that others were just making the next one and it does other work.
//!
//! Cost: a look at the frames of all threads.

use super::{alike, evidence, filling, making};
use crate::inspect::holders::{is_own_frame, report_frame};
use crate::ix::ObjectIx;
use crate::query::thread_name;
use crate::report::{Arg, OomRole, Suspect, SuspectKind, Text, normalise_thread};
use crate::snapshot::{Snapshot, StackFrame, Thread};

/// Threads that are called alike, beside the one.
const OTHERS: usize = 2;

/// The role that they show, and the evidence; `None` if they do not.
pub(super) fn role(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<(OomRole, Text)> {
    if suspect.kind != SuspectKind::Leak {
        return None;
    }
    let in_hand = in_hand_of_all(snapshot, thread, below, suspect);
    let in_hand = in_hand.map(|(keeper, count)| {
        let name = thread_name(snapshot, thread.object);
        let args = [
            ("count", Arg::Count(count)),
            ("thread", Arg::name(normalise_thread(&name).into_owned())),
            ("class", Arg::name(snapshot.class_name(keeper))),
        ];
        (OomRole::Culprit, Text::with("oom-evidence-in-hand-of-all", args))
    });
    in_hand.or_else(|| {
        let (other, making) = made_by_others(snapshot, thread, below, suspect)?;
        let args = [
            ("other", Arg::name(thread_name(snapshot, other.object))),
            ("class", Arg::name(&*making.class)),
            ("place", Arg::name(report_frame(making).to_string())),
        ];
        Some((OomRole::Victim, Text::with("oom-evidence-made-by-others", args)))
    })
}

/// The object that keeps nearly all of it and little besides, and how many threads have it in hand: several that are called alike, all in the method in which the one threw, and no
/// other. A pool that does nothing else fills it, as a rule.
fn in_hand_of_all(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<(ObjectIx, u64)> {
    let own = below.iter().find(|frame| is_own_frame(snapshot, frame))?;
    let is_at_its_own = filling::is_reading(below)
        || alike::reads(&own.method)
        || making::does_its_own(snapshot, thread, below, suspect)
        || evidence::largest_array_of(snapshot, thread).is_some();
    let is_keeper = |&local: &ObjectIx| {
        filling::is_on_path(snapshot, local, suspect)
            && making::keeps_nearly_only_it(snapshot, local, suspect)
    };
    let keeper = own.locals.iter().copied().find(|local| !is_at_its_own && is_keeper(local))?;
    let alike: Vec<ObjectIx> = alike::alike_in(snapshot, thread, own)
        .filter(|(other, at)| other.frames[*at].locals.contains(&keeper))
        .map(|(other, _)| other.object)
        .collect();
    let is_one = |other: &Thread| other.object == thread.object || alike.contains(&other.object);
    // Whoever else has it, or is in its class, may be the one who fills it.
    let has_it = |frame: &StackFrame| {
        frame.locals.contains(&keeper)
            || filling::is_of_itself(frame, suspect)
            || *frame.class == *snapshot.class_name(keeper)
    };
    let mut others = snapshot.threads().iter().filter(|other| !is_one(other));
    let is_alone = !others.any(|other| other.frames.iter().any(has_it));
    (alike.len() >= OTHERS && is_alone).then_some((keeper, alike.len() as u64 + 1))
}

/// A thread that was in a constructor of what piles up, with the frame, where others that are called like it are in the same method, and the one that threw is called like nobody and is
/// neither there nor in any class of what piles up or of the field that is full.
fn made_by_others<'s>(
    snapshot: &'s Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<(&'s Thread, &'s StackFrame)> {
    let own = |frames: &'s [StackFrame]| frames.iter().filter(|frame| is_own_frame(snapshot, frame));
    let is_about_it = |class: &str| {
        filling::declares(class, suspect) || making::is_one_of_piled_up(snapshot, class, suspect)
    };
    let name = thread_name(snapshot, thread.object);
    let stable = normalise_thread(&name);
    let is_alike = |other: &&Thread| {
        other.object != thread.object && normalise_thread(&thread_name(snapshot, other.object)) == stable
    };
    let mut of_thread = below.iter().filter(|frame| is_own_frame(snapshot, frame));
    let is_apart = !of_thread.clone().any(|frame| is_about_it(&frame.class))
        && !snapshot.threads().iter().any(|other| is_alike(&other));
    if !is_apart || of_thread.next().is_none() {
        return None;
    }
    let makes = |other: &'s Thread| {
        let making = own(&other.frames).next()?;
        let is_constructor = &*making.method == "<init>";
        let outermost = own(&other.frames).last()?;
        let is_on_stack =
            below.iter().any(|frame| frame.class == outermost.class && frame.method == outermost.method);
        let are_alike = alike::alike_in(snapshot, other, outermost).next().is_some();
        let is_making = is_constructor && making::is_one_of_piled_up(snapshot, &making.class, suspect);
        (is_making && are_alike && !is_on_stack).then_some((other, making))
    };
    snapshot.threads().iter().filter(|other| other.object != thread.object).find_map(makes)
}
