//! Pools that wait for themselves: all of their threads wait for what only tasks in their own queue would bring.
//!
//! What is waited for is the result of such a task, a future that is made of it (`thenApply`, `allOf`), or a latch that it would count down.
//! The last is told from a latch that the queued tasks wait for themselves by the code that waits: tasks that run the same are not asked.
//! Cost: the queue of an executor all of whose threads wait, and a walk of bounded length from each task if they wait for a latch.

use super::doing::what;
use super::stuck::{pattern, place, serves};
use crate::ix::ObjectIx;
use crate::query::{Executor, Origin, Reach, ThreadFacts, origin_of, queued_tasks, visit_near};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::Snapshot;
use hashbrown::HashSet;
use std::ops::ControlFlow;

/// Tasks of a queue that are looked at.
const MOST_TASKS: usize = 1 << 20;
/// Tasks that are asked for latches.
const MOST_ASKED: usize = 1 << 12;
/// What to change about it.
pub(in crate::inspect) const ADVICE: &str = "threads-starved-advice";
const COMPLETABLE: &str = "java.util.concurrent.CompletableFuture";

/// What a thread waits for.
#[derive(Clone, Copy)]
enum Awaited {
    /// The result of a future.
    Result(ObjectIx),
    /// That a latch is counted down: what its threads park with.
    Latch(ObjectIx),
}

/// The threads of a pool that run its tasks: servers run their selectors in the same one.
pub(super) fn workers<'t>(snapshot: &Snapshot, mut threads: Vec<&'t ThreadFacts>) -> Vec<&'t ThreadFacts> {
    threads.retain(|thread| !serves(what(thread.frames(snapshot))));
    threads
}

/// The finding about a pool of which none of the tasks will ever run; `threads` are all that run tasks.
pub(super) fn finding(snapshot: &Snapshot, executor: &Executor, threads: &[&ThreadFacts]) -> Option<Finding> {
    let awaited: Vec<Awaited> =
        threads.iter().map(|thread| awaited(snapshot, thread)).collect::<Option<_>>()?;
    let results = awaited.iter().filter_map(|awaited| match *awaited {
        Awaited::Result(future) => Some(future),
        Awaited::Latch(_) => None,
    });
    let results: Vec<ObjectIx> = results.collect();
    let latches: HashSet<ObjectIx> = awaited
        .iter()
        .filter_map(|awaited| match *awaited {
            Awaited::Latch(sync) => Some(sync),
            Awaited::Result(_) => None,
        })
        .collect();
    let tasks = queued_tasks(snapshot, executor, MOST_TASKS);
    if !results.is_empty() {
        let completed = completed_by(snapshot, &tasks);
        if !results.iter().all(|future| completed.contains(future)) {
            return None;
        }
    }
    if !latches.is_empty() && !count_down(snapshot, threads, &tasks, &latches) {
        return None;
    }
    let pool = pattern(threads);
    let place = place(snapshot, threads)?;
    let count = threads.len() as u64;
    let args = [
        ("count", Arg::Count(count)),
        ("pool", Arg::name(&pool)),
        ("queued", Arg::Count(executor.queued.unwrap_or(0))),
        ("place", Arg::name(place.text())),
    ];
    let id = if latches.is_empty() { "threads-starved" } else { "threads-starved-latch" };
    Some(Finding {
        id: "threads.starved-pool".into(),
        severity: Severity::Error,
        title: Text::with(id, args),
        class: Some(snapshot.class_name(executor.object).to_owned()),
        bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
        count,
        holder: None,
        advice: vec![Text::message(ADVICE)],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&[
            "threads.starved-pool",
            &normalise_thread(&threads[0].name),
            &place.method,
        ]),
    })
}

fn is_a(snapshot: &Snapshot, object: ObjectIx, name: &str) -> bool {
    snapshot.classes().is_named(snapshot.class_of(object), name)
}

fn awaited(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<Awaited> {
    let parked = thread.wait.map(|wait| wait.object);
    if let Some(task) = parked.filter(|&object| is_a(snapshot, object, "java.util.concurrent.FutureTask")) {
        return Some(Awaited::Result(task));
    }
    if let Some(sync) =
        parked.filter(|&object| is_a(snapshot, object, "java.util.concurrent.CountDownLatch$Sync"))
    {
        return Some(Awaited::Latch(sync));
    }
    let waiting = thread.frames(snapshot).iter().filter(|frame| {
        &*frame.class == COMPLETABLE && matches!(&*frame.method, "waitingGet" | "timedGet" | "get" | "join")
    });
    let mut locals = waiting.flat_map(|frame| frame.locals.iter().copied());
    locals.find(|&local| is_a(snapshot, local, COMPLETABLE)).map(Awaited::Result)
}

/// The futures that are completed when these tasks have run: of a task of a `CompletableFuture` and of an `ExecutorCompletionService` the future is
/// inside, and others may be made of it.
fn completed_by(snapshot: &Snapshot, tasks: &[ObjectIx]) -> HashSet<ObjectIx> {
    let futures = |&task: &ObjectIx| {
        let inner = ["dep", "task"].into_iter().filter_map(move |field| snapshot.follow(task, field));
        inner.chain([task])
    };
    let mut completed: HashSet<ObjectIx> = tasks.iter().flat_map(futures).collect();
    let mut open: Vec<ObjectIx> = completed.iter().copied().collect();
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    while let Some(future) = open.pop() {
        let mut next = snapshot.follow(future, "stack");
        // What is to be done when it is complete; each is in one stack.
        while let Some(completion) = next.filter(|&completion| seen.insert(completion)) {
            next = snapshot.follow(completion, "next");
            // One of two or of many completes those by itself.
            let inner = snapshot.class_name(completion).rsplit('$').next().unwrap_or_default();
            if inner.starts_with("Or") || inner.starts_with("AnyOf") {
                continue;
            }
            let whole = snapshot.follow(completion, "base").unwrap_or(completion);
            if let Some(made) = snapshot.follow(whole, "dep").filter(|&made| completed.insert(made)) {
                open.push(made);
            }
        }
    }
    completed
}

/// Whether the tasks lead to all of these latches, and do not run what waits for them.
fn count_down(
    snapshot: &Snapshot,
    threads: &[&ThreadFacts],
    tasks: &[ObjectIx],
    latches: &HashSet<ObjectIx>,
) -> bool {
    let frames = threads.iter().flat_map(|thread| thread.frames(snapshot));
    let running: HashSet<&str> = frames.map(|frame| &*frame.class).collect();
    let mut open = latches.clone();
    for &task in tasks.iter().take(MOST_ASKED) {
        if let Some(function) = function_of(snapshot, task)
            && !running.contains(snapshot.class_name(function))
        {
            visit(snapshot, function, &mut |object| {
                open.remove(&object);
            });
        }
    }
    open.is_empty()
}

/// What a task runs: the first object of the application's that it leads to.
fn function_of(snapshot: &Snapshot, task: ObjectIx) -> Option<ObjectIx> {
    let mut found = None;
    visit(snapshot, task, &mut |object| {
        let is_own = origin_of(snapshot, snapshot.class_of(object)) == Origin::Application;
        found = found.or(is_own.then_some(object));
    });
    found
}

/// Visits an object and what it leads to by a few references, the nearest first; not what belongs to everybody.
fn visit(snapshot: &Snapshot, from: ObjectIx, take: &mut impl FnMut(ObjectIx)) {
    const STEPS: usize = 4;
    const MOST: usize = 256;
    const SHARED: [&str; 4] = [
        "java.lang.Thread",
        "java.lang.ClassLoader",
        "java.util.concurrent.Executor",
        "java.util.concurrent.AbstractExecutorService",
    ];
    let is_own = |object| !SHARED.iter().any(|name| is_a(snapshot, object, name));
    visit_near(snapshot, [from], Reach { steps: STEPS, objects: MOST }, is_own, |object| {
        take(object);
        ControlFlow::Continue(())
    });
}
