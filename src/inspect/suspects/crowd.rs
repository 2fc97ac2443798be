//! Threads that are too many.
//!
//! A request holds memory while it runs, and that is load. Hundreds of threads of one name that were started for the same method and stand in
//! it are no requests: each of them is small, and what piles up are the threads. Workers of pools are excepted; they are given their work.
//! Cost: one look at the frames of all threads, and a name for those that stand in the method.

use crate::ix::ObjectIx;
use crate::query::thread_name;
use crate::report::{Frame, normalise_thread, thread_pattern};
use crate::snapshot::{Snapshot, StackFrame, Thread};

/// So many threads in one method are too many.
const MANY: usize = 100;

/// Threads of one name in one method.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    /// Their name without numbers.
    pub(super) pattern: String,
    /// How many.
    pub(super) count: u64,
    /// What they retain together, in bytes.
    pub(super) bytes: u64,
    /// The one that retains most.
    pub(super) largest: ObjectIx,
    /// Whether they are virtual threads.
    pub(super) is_virtual: bool,
}

/// The threads that stand in the method of `frame` and are called like `thread`, if they are a crowd none of which stands out.
pub(super) fn find(snapshot: &Snapshot, frame: &Frame, thread: &str) -> Option<Crowd> {
    let is_frame = |at: &StackFrame| *at.class == *frame.class && *at.method == *frame.method;
    let started_for_it = |thread: &&Thread| {
        let at = thread.frames.iter().position(is_frame);
        at.is_some_and(|at| !thread.frames[at..].iter().any(is_worker))
    };
    let inside: Vec<ObjectIx> =
        snapshot.threads().iter().filter(started_for_it).map(|thread| thread.object).collect();
    if inside.len() < MANY {
        return None;
    }
    let pattern = normalise_thread(thread).into_owned();
    let called = |&object: &ObjectIx| normalise_thread(&thread_name(snapshot, object)) == pattern;
    let alike: Vec<ObjectIx> = inside.into_iter().filter(called).collect();
    let names: Vec<String> = alike.iter().map(|&object| thread_name(snapshot, object)).collect();
    let bytes: u64 = alike.iter().map(|&object| snapshot.retained_bytes(object)).sum();
    let key = |object: &ObjectIx| (snapshot.retained_bytes(*object), std::cmp::Reverse(*object));
    let largest = alike.iter().copied().max_by_key(key)?;
    let stands_out = snapshot.retained_bytes(largest) * 5 > bytes;
    (alike.len() >= MANY && !stands_out).then(|| Crowd {
        pattern: thread_pattern(names.iter().map(String::as_str)),
        count: alike.len() as u64,
        bytes,
        largest,
        is_virtual: snapshot.class_name(largest) == "java.lang.VirtualThread",
    })
}

/// Whether a frame is that of a thread of a pool, which runs what it is given.
fn is_worker(frame: &StackFrame) -> bool {
    &*frame.method == "runWorker" || frame.class.contains("ForkJoin")
}
