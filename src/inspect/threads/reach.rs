//! Who may come to an object that threads wait at: other threads, and tasks that are still to run.
//!
//! Whoever is to take from a queue, or to come to a barrier, has it on its stack, or in a field of what it has there, unless it asks a static method for it.
//! Cost: a pass over the references, and a walk of bounded length from each thread and each task.

use crate::inspect::holders::is_thread;
use crate::ix::ObjectIx;
use crate::query::{
    Executor, Origin, Reach, ThreadFacts, ThreadState, elements_of, origin_of, queued_tasks, references_to,
    visit_near,
};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashSet;
use std::ops::ControlFlow;

/// Objects that refer to one.
const MOST_OWNERS: usize = 16;
/// Tasks of a queue that are looked at.
const MOST_TASKS: usize = 1 << 10;

/// An object of the program that threads wait at, and those that have it in a field.
pub(super) struct Shared {
    /// What refers to it, and is none of the JDK's.
    pub(super) owners: HashSet<ObjectIx>,
    /// The owners and the object itself.
    pub(super) all: HashSet<ObjectIx>,
}

impl Shared {
    /// Looks for those that refer to `object`.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub(super) fn find(snapshot: &Snapshot, object: ObjectIx) -> Result<Self, SnapshotError> {
        // What is in a static field is its class's.
        let class = |owner| snapshot.mirrored_class(owner).unwrap_or_else(|| snapshot.class_of(owner));
        let is_owner = |&owner: &ObjectIx| {
            snapshot.is_reachable(owner) && origin_of(snapshot, class(owner)) != Origin::Jdk
        };
        let referrers = references_to(snapshot, &[object])?.into_iter().map(|(referrer, _)| referrer);
        let owners: HashSet<ObjectIx> = referrers.filter(is_owner).take(MOST_OWNERS).collect();
        let mut all = owners.clone();
        all.insert(object);
        Ok(Self { owners, all })
    }
}

/// Whether a thread other than those that wait may come to the object: its stack leads there, or it is in a method of a class that has it in a field.
/// Threads for which `is_alike` holds do the same as those that wait, and `main` has only set it up if it waits.
pub(super) fn is_with_others(
    snapshot: &Snapshot,
    threads: &[ThreadFacts],
    shared: &Shared,
    is_alike: impl Fn(&ThreadFacts) -> bool,
) -> bool {
    const STEPS: usize = 2;
    let classes: HashSet<&str> = shared
        .owners
        .iter()
        .map(|&owner| {
            snapshot.class_of_mirror(owner).map_or_else(|| snapshot.class_name(owner), |class| &class.name)
        })
        .collect();
    let is_of_owner =
        |class: &str| classes.contains(class.split('$').next().unwrap_or(class)) || classes.contains(class);
    // What the JDK's objects lead to, as a map does, belongs to others as well.
    let leads_on = |object: ObjectIx| {
        let class = snapshot.class(object);
        !class.is_array() && !class.name.starts_with("java.")
    };
    threads.iter().any(|thread| {
        let frames = thread.frames(snapshot);
        let in_main = frames.last().is_some_and(|frame| &*frame.method == "main");
        let waits = matches!(thread.state, Some(ThreadState::Waiting | ThreadState::TimedWaiting));
        if is_alike(thread) || (in_main && waits) {
            return false;
        }
        let task = ["target", "holder"].into_iter().find_map(|field| snapshot.follow(thread.object, field));
        let task = task.map(|task| snapshot.follow(task, "task").unwrap_or(task));
        let locals = frames.iter().flat_map(|frame| frame.locals.iter().copied());
        let from: Vec<ObjectIx> = locals.chain(task).filter(|&local| local != thread.object).collect();
        frames.iter().any(|frame| is_of_owner(&frame.class))
            || leads(snapshot, from, &shared.all, STEPS, leads_on)
    })
}

/// Whether a task that waits for its turn, or for its time, leads to the object.
pub(super) fn is_in_a_task(
    snapshot: &Snapshot,
    threads: &[ThreadFacts],
    executors: &[Executor],
    shared: &Shared,
) -> bool {
    const STEPS: usize = 6;
    const SHARED: [&str; 3] = [
        "java.lang.ClassLoader",
        "java.util.concurrent.Executor",
        "java.util.concurrent.AbstractExecutorService",
    ];
    let of_executors = executors.iter().flat_map(|executor| queued_tasks(snapshot, executor, MOST_TASKS));
    let of_timers = threads.iter().filter_map(|thread| {
        let queue = snapshot.follow(thread.object, "queue")?;
        snapshot.follow(queue, "queue")
    });
    let of_timers = of_timers.flat_map(|tasks| elements_of(snapshot, tasks, MOST_TASKS));
    let leads_on = |object: ObjectIx| {
        let is = |name: &str| snapshot.classes().is_named(snapshot.class_of(object), name);
        !is_thread(snapshot, object) && !SHARED.iter().any(|name| is(name))
    };
    of_executors.chain(of_timers).any(|task| leads(snapshot, vec![task], &shared.all, STEPS, leads_on))
}

/// Whether references lead from some objects to wanted ones by so many steps.
fn leads(
    snapshot: &Snapshot,
    from: Vec<ObjectIx>,
    wanted: &HashSet<ObjectIx>,
    steps: usize,
    leads_on: impl Fn(ObjectIx) -> bool,
) -> bool {
    const MOST: usize = 1 << 12;
    const LONG: u32 = 1024;
    let is_short = |object| snapshot.array_length(object).is_none_or(|length| length <= LONG);
    let mut is_found = false;
    let reach = Reach { steps, objects: MOST };
    visit_near(
        snapshot,
        from,
        reach,
        |object| is_short(object) && leads_on(object),
        |object| {
            is_found = wanted.contains(&object);
            if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    is_found
}
