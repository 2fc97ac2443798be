//! What running threads have in hand: a connection that no thread has was taken and never given back, one that a thread has is in use.
//! And what they have on their stacks: whose methods they are in, or what these were called with.

use crate::inspect::holders::is_own_frame;
use crate::inspect::threads::{IDLE, READING, what};
use crate::ix::ObjectIx;
use crate::query::{in_hand, unmounted_threads, values_of_thread_locals};
use crate::snapshot::{Snapshot, Thread};
use hashbrown::HashSet;

/// How many of `objects` threads have in hand that are at work ([`in_hand`]): by their variables, or by a transaction in a thread-local. What an idle thread of
/// a pool has left in one was forgotten there. All, where the dump leaves stacks of virtual threads out: nobody knows what these have. Cost: the variables of
/// all threads, and what they refer to.
pub(super) fn count(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    if unmounted_threads(snapshot).is_ok_and(|left_out| left_out.count > 0) {
        return objects.len();
    }
    let variables = snapshot.threads().iter().flat_map(|thread| at_work(snapshot, thread));
    in_hand(snapshot, variables, &objects.iter().copied().collect()).len()
}

/// How many of `objects` are what threads read from the network with: those that the frames of the driver have in hand, into which the application has
/// called. What a thread has besides that calls somebody else is not waited for. Cost: as of [`count`].
pub(super) fn reading(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    let reads = snapshot.threads().iter().filter(|thread| what(&thread.frames) == Some(READING));
    let called = reads.flat_map(|thread| {
        let frames = thread.frames.iter().take_while(|frame| !is_own_frame(snapshot, frame));
        frames.flat_map(|frame| frame.locals.iter().copied())
    });
    in_hand(snapshot, called, &objects.iter().copied().collect()).len()
}

/// The variables of a thread, and what it has in thread-locals unless it waits for work.
fn at_work(snapshot: &Snapshot, thread: &Thread) -> Vec<ObjectIx> {
    let mut all: Vec<ObjectIx> = thread.locals().collect();
    if what(&thread.frames) != Some(IDLE) && thread.frames.iter().any(|frame| is_own_frame(snapshot, frame)) {
        all.extend(values_of_thread_locals(snapshot, thread.object));
    }
    all
}

/// How many of `objects` are variables of threads themselves. Cost: the variables of all stacks.
pub(super) fn on_stacks(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    let wanted: HashSet<ObjectIx> = objects.iter().copied().collect();
    let found: HashSet<ObjectIx> = locals(snapshot).filter(|local| wanted.contains(local)).collect();
    found.len()
}

fn locals(snapshot: &Snapshot) -> impl Iterator<Item = ObjectIx> + '_ {
    snapshot.threads().iter().flat_map(|thread| thread.locals())
}
