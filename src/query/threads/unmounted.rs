//! Virtual threads that a dump leaves out.
//!
//! JDK 21 to 24 write only those virtual threads that are mounted: of the others the objects are there, but no frames, and HPROF shows of a
//! `StackChunk` only the fields, not what the frames in it refer to. What only their local variables hold looks unreachable. Owns who they are; threads that
//! have not begun or have ended are none, nor are those of the JDK's own. Cost: one look at the class of each object, if there is any.

use super::state::{ThreadState, state_of};
use super::thread_name;
use crate::ix::ObjectIx;
use crate::query::instances_of;
use crate::snapshot::{Snapshot, SnapshotError};

/// What the JDK calls the virtual threads that wait until sockets of others are ready (`sun.nio.ch.Poller`): they have nothing of these in hand.
const POLLER: &str = "SubPoller-";

/// The virtual threads whose stacks are not among those of the dump.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnmountedThreads {
    /// How many.
    pub count: u64,
    /// The shallow size of the `StackChunk` objects, all of them.
    pub stacks_bytes: u64,
}

/// Counts the virtual threads that the dump leaves out.
///
/// # Errors
/// Cancelled.
pub fn unmounted_threads(snapshot: &Snapshot) -> Result<UnmountedThreads, SnapshotError> {
    let classes = snapshot.classes();
    let all = instances_of(snapshot, &classes.sub_classes_of("java.lang.VirtualThread"))?;
    if all.is_empty() {
        return Ok(UnmountedThreads::default());
    }
    let mut named: Vec<ObjectIx> = snapshot.threads().iter().map(|thread| thread.object).collect();
    named.sort_unstable();
    let is_left_out = |thread: &&ObjectIx| {
        named.binary_search(thread).is_err()
            && !thread_name(snapshot, **thread).starts_with(POLLER)
            && !matches!(state_of(snapshot, **thread, true), Some(ThreadState::New | ThreadState::Terminated))
    };
    let stacks = instances_of(snapshot, classes.named("jdk.internal.vm.StackChunk"))?;
    Ok(UnmountedThreads {
        count: all.iter().filter(is_left_out).count() as u64,
        stacks_bytes: stacks.iter().map(|&stack| snapshot.shallow_bytes(stack)).sum(),
    })
}
