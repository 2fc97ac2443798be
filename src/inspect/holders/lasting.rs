//! Frames that do not return while the process lives.
//!
//! Owns how it is told that what a variable of the main thread holds was set up once and lives as long as the process, rather than being the
//! load of a request: nothing but `main` has it in hand, or the thread does nothing but wait for the end. A program whose main thread works with
//! what it holds is not meant. Cost: the frames of one thread.

use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_named, thread_name};
use crate::snapshot::{Root, Snapshot, StackFrame};

/// Methods by the class that declares them.
type Calls = &'static [(&'static str, &'static [&'static str])];

/// Calls that return when the process ends.
const WAITS_FOR_THE_END: Calls = &[
    ("java.lang.Thread", &["sleep", "join"]),
    ("java.util.concurrent.CountDownLatch", &["await"]),
    ("java.lang.ProcessImpl", &["waitFor"]),
    ("java.net.ServerSocket", &["accept"]),
    ("sun.nio.ch.ServerSocketChannelImpl", &["accept"]),
];
/// The same in whatever waits: a lock, a queue.
const WAITS: Calls =
    &[("java.lang.Object", &["wait"]), ("java.util.concurrent.locks.LockSupport", &["park"])];
/// The same in a queue that is waited at for work.
const WAITS_FOR_WORK: Calls = &[
    ("java.lang.Object", &["wait", "wait0"]),
    ("java.util.concurrent.locks.LockSupport", &["park", "parkNanos"]),
];
/// The methods of queues that wait for work.
const TAKES: &[&str] = &["take", "poll", "takeFirst", "takeLast", "pollFirst", "pollLast"];
/// Calls that wait for a line from the terminal, or else read a file, which is work.
const READS: Calls = &[("java.io.FileInputStream", &["read", "read0", "readBytes"])];

/// Whether what leads through `objects` from a variable of the main thread, the `root`, lives as long as the process. What an object of the
/// application keeps in a field (`is_field`) does where `main` alone refers to it: where `main` works with it, other methods that it calls have
/// it too. Everything does while the thread only waits.
pub(super) fn is_held_by_main(snapshot: &Snapshot, root: Root, objects: &[ObjectIx], is_field: bool) -> bool {
    let Some(thread) = root.thread.and_then(|thread| snapshot.threads().get(thread as usize)) else {
        return false;
    };
    let Some(at) = root.frame.map(|frame| frame as usize).filter(|&at| at < thread.frames.len()) else {
        return false;
    };
    // What the JVM makes to link and to call a method hands on what its caller has.
    let is_handed_on = |frame: &&StackFrame| frame.class.starts_with("java.lang.invoke.");
    let handed_on = thread.frames[at..].iter().take_while(is_handed_on).count();
    let at = if at + handed_on < thread.frames.len() { at + handed_on } else { at };
    let (inner, outer) = thread.frames.split_at(at);
    let inner_without_forms = inner.iter().filter(|frame| !is_handed_on(frame));
    matches!(&*thread_name(snapshot, thread.object), "main" | "restartedMain")
        && !inner_without_forms.flat_map(|frame| frame.locals.iter()).any(|local| objects.contains(local))
        && (is_field && is_outermost(snapshot, outer) || waits_for_the_end(snapshot, inner, outer))
}

/// Whether what leads through `objects` from a variable of the loop in which a thread waits for work, the `root`, lives as long as the thread: it is
/// not a piece of work that holds it, for there is none at that moment. A loop is what the thread was started with, and waits itself.
pub(super) fn is_held_by_loop(snapshot: &Snapshot, root: Root, objects: &[ObjectIx]) -> bool {
    let Some(thread) = root.thread.and_then(|thread| snapshot.threads().get(thread as usize)) else {
        return false;
    };
    let Some(at) = root.frame.map(|frame| frame as usize).filter(|&at| at < thread.frames.len()) else {
        return false;
    };
    let (inner, outer) = thread.frames.split_at(at);
    let is_own = |frame: &StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let takes = |frame: &StackFrame| {
        frame.class.starts_with("java.util.concurrent.")
            && (frame.class.ends_with("Queue") || frame.class.ends_with("Deque"))
            && TAKES.contains(&&*frame.method)
    };
    let is_started_with = || {
        outer[1..].iter().all(|frame| {
            matches!(
                &*frame.class,
                "java.lang.Thread" | "java.lang.VirtualThread" | "java.lang.Thread$ThreadPerTask"
            ) || frame.class.contains("$$Lambda")
        })
    };
    let waits = inner.iter().any(takes) && calls_of(inner, WAITS_FOR_WORK);
    is_own(&outer[0])
        && waits
        && !inner.iter().any(is_own)
        && is_started_with()
        && !inner.iter().flat_map(|frame| frame.locals.iter()).any(|local| objects.contains(local))
        && is_the_only_one(snapshot, root, &outer[0])
}

/// Whether no other thread runs the method: many that do the same are told as what they hold together.
fn is_the_only_one(snapshot: &Snapshot, root: Root, frame: &StackFrame) -> bool {
    let runs = |other: &StackFrame| other.class == frame.class && other.method == frame.method;
    let threads = (0u32..).zip(snapshot.threads());
    threads
        .filter(|&(number, _)| Some(number) != root.thread)
        .all(|(_, thread)| !thread.frames.iter().any(runs))
}

/// Whether the first of these frames is `main`, and what stands below it has only called it, as the launcher of Spring Boot does.
fn is_outermost(snapshot: &Snapshot, outer: &[StackFrame]) -> bool {
    let is_other = |frame: &StackFrame| {
        origin_of_named(snapshot, &frame.class) != Origin::Application
            || frame.method.starts_with("lambda$")
            || frame.class.contains("$$Lambda")
    };
    &*outer[0].method == "main" && outer[1..].iter().all(is_other)
}

/// Whether `main`, or a method that it has called to set the process up, only waits for the end. In `main` itself any wait is one for the end; a
/// method that it has called may wait for a piece of work.
fn waits_for_the_end(snapshot: &Snapshot, inner: &[StackFrame], outer: &[StackFrame]) -> bool {
    let calls = |calls: Calls| calls_of(inner, calls);
    let is_working = |frame: &StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let waits = calls(WAITS_FOR_THE_END)
        || calls(READS) && has_standard_input(snapshot, inner)
        || &*outer[0].method == "main" && calls(WAITS) && !inner.iter().any(is_working);
    waits && outer.iter().any(|frame| &*frame.method == "main")
}

/// Whether one of the frames is such a call.
fn calls_of(frames: &[StackFrame], calls: Calls) -> bool {
    let is_of = |frame: &StackFrame| {
        calls.iter().any(|(class, methods)| *frame.class == **class && methods.contains(&&*frame.method))
    };
    frames.iter().any(is_of)
}

/// Whether one of the frames has standard input in hand, or the file below it.
fn has_standard_input(snapshot: &Snapshot, frames: &[StackFrame]) -> bool {
    let standard = snapshot.static_reference("java.lang.System", "in");
    let layers = std::iter::successors(standard, |&layer| snapshot.follow(layer, "in")).take(4);
    let layers: Vec<ObjectIx> = layers.collect();
    frames.iter().flat_map(|frame| frame.locals.iter()).any(|local| layers.contains(local))
}
