//! Executors: how many threads, how many of them at work, how many tasks waiting.
//!
//! Owns the fields of `java.util.concurrent.ThreadPoolExecutor` (and of Tomcat's copy of it) and of `ForkJoinPool`, JDK 7 to 25.
//! Cost: some records per executor and thread.

use super::thread_name;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::collections::{collection_length, elements_of};
use crate::query::instances::instances_of;
use crate::snapshot::{Snapshot, SnapshotError};

/// An executor, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executor {
    /// The executor.
    pub object: ObjectIx,
    /// The name of one of its threads.
    pub thread: Option<String>,
    /// How many threads it has.
    pub threads: u64,
    /// The thread objects of these.
    pub members: Vec<ObjectIx>,
    /// How many of them run a task.
    pub active: u64,
    /// How many threads it may have.
    pub most_threads: Option<u64>,
    /// The queue of waiting tasks; a `ForkJoinPool` has one for each thread.
    pub queue: Option<ObjectIx>,
    /// How many tasks wait.
    pub queued: Option<u64>,
    /// How many tasks it has finished, not counting those of threads that still run.
    pub completed: Option<u64>,
    /// Whether it was told to stop.
    pub is_shut_down: bool,
}

/// Threads of a pool that are looked at.
const MOST_WORKERS: usize = 1 << 16;

/// All reachable executors, in the order of the dump.
///
/// # Errors
/// Cancelled.
pub fn executors(snapshot: &Snapshot) -> Result<Vec<Executor>, SnapshotError> {
    let has = |class: ClassIx, fields: &[&str]| {
        fields.iter().all(|field| snapshot.field_place(class, field).is_some())
    };
    let classes: Vec<ClassIx> = snapshot
        .classes()
        .iter()
        .map(|(class, _)| class)
        .filter(|&class| {
            is_pool(snapshot, class) && has(class, &["workers", "workQueue", "ctl"])
                || is_fork_join(snapshot, class)
        })
        .collect();
    let objects = instances_of(snapshot, &classes)?.into_iter();
    let reachable = objects.filter(|&object| snapshot.is_reachable(object));
    let decode = |object| {
        if is_fork_join(snapshot, snapshot.class_of(object)) {
            fork_join(snapshot, object)
        } else {
            thread_pool(snapshot, object)
        }
    };
    Ok(reachable.map(decode).collect())
}

fn is_pool(snapshot: &Snapshot, class: ClassIx) -> bool {
    let mut lineage = snapshot.classes().lineage(class);
    lineage.any(|(_, class)| class.name.ends_with(".ThreadPoolExecutor"))
}

fn is_fork_join(snapshot: &Snapshot, class: ClassIx) -> bool {
    snapshot.classes().is_named(class, "java.util.concurrent.ForkJoinPool")
}

fn unsigned(number: Option<i64>) -> Option<u64> {
    number.and_then(|number| u64::try_from(number).ok())
}

fn thread_pool(snapshot: &Snapshot, object: ObjectIx) -> Executor {
    let workers = snapshot.follow(object, "workers");
    let workers = workers.map_or_else(Vec::new, |set| elements_of(snapshot, set, MOST_WORKERS));
    // A worker locks itself while it runs a task; -1 until it begins.
    let is_active = |&&worker: &&ObjectIx| snapshot.integer(worker, "state") == Some(1);
    let queue = snapshot.follow(object, "workQueue");
    // The three highest bits of `ctl` are the state, negative as long as it runs.
    let control = snapshot.follow(object, "ctl").and_then(|ctl| snapshot.integer(ctl, "value"));
    let members: Vec<ObjectIx> =
        workers.iter().filter_map(|&worker| snapshot.follow(worker, "thread")).collect();
    Executor {
        object,
        thread: members.first().map(|&thread| thread_name(snapshot, thread)),
        threads: workers.len() as u64,
        members,
        active: workers.iter().filter(is_active).count() as u64,
        most_threads: unsigned(snapshot.integer(object, "maximumPoolSize")),
        queue,
        queued: queue.and_then(|queue| collection_length(snapshot, queue)),
        completed: unsigned(snapshot.integer(object, "completedTaskCount")),
        is_shut_down: control.is_some_and(|control| control >= 0),
    }
}

fn fork_join(snapshot: &Snapshot, object: ObjectIx) -> Executor {
    let queues = ["queues", "workQueues"].into_iter().find_map(|field| snapshot.follow(object, field));
    let queues = queues.map_or_else(Vec::new, |queues| elements_of(snapshot, queues, MOST_WORKERS));
    let owners: Vec<ObjectIx> = queues.iter().filter_map(|&queue| snapshot.follow(queue, "owner")).collect();
    let waiting = |&queue: &ObjectIx| {
        let (top, base) = (snapshot.integer(queue, "top")?, snapshot.integer(queue, "base")?);
        unsigned(Some(top - base))
    };
    // An owner with a current steal source or a task on its stack is at work; idle ones have a negative phase.
    let is_active = |&&queue: &&ObjectIx| {
        snapshot.follow(queue, "owner").is_some()
            && ["phase", "scanState"]
                .into_iter()
                .find_map(|field| snapshot.integer(queue, field))
                .is_some_and(|phase| phase >= 0)
    };
    let mode = ["runState", "mode"].into_iter().find_map(|field| snapshot.integer(object, field));
    Executor {
        object,
        thread: owners.first().map(|&owner| thread_name(snapshot, owner)),
        threads: owners.len() as u64,
        members: owners,
        active: queues.iter().filter(is_active).count() as u64,
        most_threads: unsigned(snapshot.integer(object, "parallelism")),
        queue: None,
        queued: Some(queues.iter().filter_map(waiting).sum()),
        completed: unsigned(snapshot.integer(object, "stealCount")),
        // SHUTDOWN is the sign bit up to JDK 18 and bit 0 since, where the field is called `runState` again.
        is_shut_down: mode.is_some_and(|mode| mode < 0),
    }
}
