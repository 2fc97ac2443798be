//! Whose work a thread does: the thread that waits for its result.
//!
//! A call that has its work done by others waits with something in hand that is completed only once: a future, a latch. Whoever is to complete it
//! leads to it from its own stack. Owns how that is told from threads that merely know of it: the queues and pools that all workers share are
//! passed by, and if more than one thread could be meant, none is. Cost: a walk of bounded length for each thread that is asked about.

use super::super::near::{Reach, visit_near};
use super::super::origin::{Origin, origin_of_named};
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, StackFrame, Thread};
use hashbrown::HashMap;
use std::ops::ControlFlow;

/// What is completed once, and waited for until then.
const COMPLETED_ONCE: &[&str] = &[
    "java.util.concurrent.CompletableFuture",
    "java.util.concurrent.FutureTask",
    "java.util.concurrent.ForkJoinTask",
    "java.util.concurrent.CountDownLatch",
];
/// What workers share, or belongs to everybody.
const SHARED: &[&str] = &[
    "java.lang.Thread",
    "java.lang.ThreadGroup",
    "java.lang.ClassLoader",
    "java.util.concurrent.AbstractExecutorService",
    "java.util.TaskQueue",
];

/// Clients whose answers come from another process: a thread of the client's completes what is waited for, and whoever leads to the client shares it.
const CLIENTS: &[&str] = &[
    "com.mongodb.",
    "com.rabbitmq.client.",
    "io.grpc.",
    "io.lettuce.",
    "jdk.internal.net.http.",
    "okhttp3.",
    "org.apache.hc.",
    "org.apache.http.",
    "org.apache.kafka.",
    "org.asynchttpclient.",
    "org.eclipse.jetty.client.",
    "org.redisson.",
    "reactor.netty.",
    "software.amazon.awssdk.",
];

/// The threads that wait for something that others are to complete.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Which thread, by what it waits for, with the frame that does.
    by_result: HashMap<ObjectIx, (usize, usize)>,
}

/// A thread whose work another one does.
#[derive(Debug, Clone, Copy)]
pub struct Served<'a> {
    /// That thread.
    pub thread: &'a Thread,
    /// Where it waits, or divides its work: the innermost frame of the application's that does.
    pub frame: &'a StackFrame,
}

impl Waiting {
    /// Looks at what all threads wait for.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut by_result = HashMap::new();
        for (number, thread) in snapshot.threads().iter().enumerate() {
            if let Some((at, task)) = divided(snapshot, &thread.frames) {
                by_result.entry(task).or_insert((number, at));
            }
            if !is_waiting(&thread.frames) {
                continue;
            }
            let Some(at) = thread.frames.iter().position(|frame| is_application(snapshot, frame)) else {
                continue;
            };
            let is_of_client =
                |frame: &StackFrame| CLIENTS.iter().any(|package| frame.class.starts_with(package));
            if thread.frames[..at].iter().any(is_of_client) {
                continue;
            }
            for local in awaited(snapshot, &thread.frames[..at]) {
                by_result.entry(local).or_insert((number, at));
            }
        }
        Self { by_result }
    }

    /// The thread that waits for the result of what `thread` does; `None` if there is none, or it cannot be told which.
    pub fn served<'s>(&self, snapshot: &'s Snapshot, thread: &Thread) -> Option<Served<'s>> {
        const MOST: usize = 20_000;
        const LONG: u32 = 1024;
        if self.by_result.is_empty() {
            return None;
        }
        // What the application has in hand is its data; what runs it leads to whoever waits.
        let frames = thread.frames.iter().filter(|frame| !is_application(snapshot, frame));
        let locals = frames.flat_map(|frame| frame.locals.iter().copied());
        let is_shared = |object: ObjectIx| {
            let is_long = snapshot.array_length(object).is_some_and(|length| length > LONG);
            is_long || snapshot.class_name(object).ends_with("Queue") || is_a(snapshot, object, SHARED)
        };
        let mut found: Option<(usize, usize)> = None;
        let mut are_several = false;
        let reach = Reach { steps: usize::MAX, objects: MOST };
        // Two that wait for the same thing do not wait for each other.
        let inner = thread.frames.iter().position(|frame| is_application(snapshot, frame));
        let inner = &thread.frames[..inner.filter(|_| is_waiting(&thread.frames)).unwrap_or(0)];
        let own: Vec<ObjectIx> = awaited(snapshot, inner).collect();
        visit_near(
            snapshot,
            locals,
            reach,
            |object| !is_shared(object),
            |object| {
                let waiting = self.by_result.get(&object).copied().filter(|_| !own.contains(&object));
                if let Some(other) =
                    waiting.filter(|&(number, _)| snapshot.threads()[number].object != thread.object)
                {
                    are_several = found.is_some_and(|(known, _)| known != other.0);
                    found = Some(other);
                }
                if are_several { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        if are_several {
            return None;
        }
        let (number, at) = found?;
        let thread = &snapshot.threads()[number];
        Some(Served { thread, frame: thread.frames.get(at)? })
    }
}

/// What a thread that waits has in hand of what is completed once.
fn awaited<'s>(snapshot: &'s Snapshot, frames: &'s [StackFrame]) -> impl Iterator<Item = ObjectIx> + 's {
    let locals = frames.iter().flat_map(|frame| frame.locals.iter().copied());
    locals.filter(|&local| is_a(snapshot, local, COMPLETED_ONCE))
}

/// The task that a thread has divided for others to do parts of it, as the caller of a parallel stream does, which does a part itself, with the frame
/// that has called for it. A worker of a pool does the parts of others.
fn divided(snapshot: &Snapshot, frames: &[StackFrame]) -> Option<(usize, ObjectIx)> {
    const DEEPEST: usize = 64;
    let is_invoked = |frame: &StackFrame| {
        &*frame.class == "java.util.concurrent.ForkJoinTask"
            && matches!(&*frame.method, "invoke" | "join" | "get")
    };
    let invoked = frames.iter().rposition(is_invoked)?;
    let at = invoked + frames[invoked..].iter().position(|frame| is_application(snapshot, frame))?;
    let is_worker = |frame: &StackFrame| &*frame.class == "java.util.concurrent.ForkJoinWorkerThread";
    if frames[at..].iter().any(is_worker) {
        return None;
    }
    let part = frames[..at].iter().rev().flat_map(|frame| frame.locals.iter().copied());
    let part =
        part.into_iter().find(|&local| is_a(snapshot, local, &["java.util.concurrent.CountedCompleter"]))?;
    let above = |&task: &ObjectIx| snapshot.follow(task, "completer");
    std::iter::successors(Some(part), above).take(DEEPEST).last().map(|task| (at, task))
}

fn is_application(snapshot: &Snapshot, frame: &StackFrame) -> bool {
    origin_of_named(snapshot, &frame.class) == Origin::Application
}

fn is_waiting(frames: &[StackFrame]) -> bool {
    frames.first().is_some_and(|top| {
        matches!(
            (&*top.class, &*top.method),
            ("jdk.internal.misc.Unsafe" | "sun.misc.Unsafe", "park")
                | ("java.lang.VirtualThread", "park" | "parkNanos" | "yieldContinuation")
        ) || &*top.class == "java.lang.Object" && top.method.starts_with("wait")
    })
}

fn is_a(snapshot: &Snapshot, object: ObjectIx, classes: &[&str]) -> bool {
    let class = snapshot.class_of(object);
    classes.iter().any(|name| snapshot.classes().is_named(class, name))
}
