//! Frames that do not return while the process lives.
//!
//! Owns how it is told that the main thread does nothing but wait for the end: what the variables of such a frame hold is set up once, and is
//! no load of a request. A program whose main thread works with what it holds is not meant. Cost: the frames of one thread.

use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_named, thread_name};
use crate::snapshot::{Root, Snapshot, StackFrame};

/// Calls that return when the process ends, or when somebody sends it a line.
const WAITS_FOR_THE_END: &[(&str, &[&str])] = &[
    ("java.lang.Thread", &["sleep", "join"]),
    ("java.util.concurrent.CountDownLatch", &["await"]),
    ("java.lang.ProcessImpl", &["waitFor"]),
    ("java.net.ServerSocket", &["accept"]),
    ("sun.nio.ch.ServerSocketChannelImpl", &["accept"]),
    ("java.io.FileInputStream", &["read", "read0", "readBytes"]),
    ("java.io.InputStream", &["read"]),
];
/// The same in whatever waits: a lock, a queue.
const WAITS: &[(&str, &[&str])] =
    &[("java.lang.Object", &["wait"]), ("java.util.concurrent.locks.LockSupport", &["park"])];

/// Whether the frame of `root` is `main` of the main thread, or one that it has called to set the process up, and the thread only waits for
/// the end, without `objects` in the hands of what it has called. In `main` itself any wait is one for the end; a method that it has called may
/// wait for a piece of work.
pub(super) fn is_held_by_main(snapshot: &Snapshot, root: Root, objects: &[ObjectIx]) -> bool {
    let Some(thread) = root.thread.and_then(|thread| snapshot.threads().get(thread as usize)) else {
        return false;
    };
    let Some(at) = root.frame.map(|frame| frame as usize).filter(|&at| at < thread.frames.len()) else {
        return false;
    };
    let is_of = |frame: &StackFrame, calls: &[(&str, &[&str])]| {
        calls.iter().any(|(class, methods)| *frame.class == **class && methods.contains(&&*frame.method))
    };
    let (inner, outer) = thread.frames.split_at(at);
    let is_working = |frame: &StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let waits = inner.iter().any(|frame| is_of(frame, WAITS_FOR_THE_END))
        || (&*outer[0].method == "main"
            && inner.iter().any(|frame| is_of(frame, WAITS))
            && !inner.iter().any(is_working));
    waits
        && outer.iter().any(|frame| &*frame.method == "main")
        && thread_name(snapshot, thread.object) == "main"
        && !inner.iter().flat_map(|frame| frame.locals.iter()).any(|local| objects.contains(local))
}
