//! Executors: how many threads, how many of them at work, how many tasks waiting.
//!
//! Owns the fields of `java.util.concurrent.ThreadPoolExecutor` (and of Tomcat's copy of it) and of `ForkJoinPool`, JDK 7 to 25, of Jetty's
//! `QueuedThreadPool` (9.4 to 12) and of the `EnhancedQueueExecutor` of JBoss Threads, which Undertow and Quarkus use.
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
    let classes: Vec<(ClassIx, Kind)> = snapshot
        .classes()
        .iter()
        .filter_map(|(class, _)| Some((class, Kind::of(snapshot, class)?)))
        .collect();
    let kind_of = |object| {
        let class = snapshot.class_of(object);
        classes.iter().find(|&&(known, _)| known == class).map(|&(_, kind)| kind)
    };
    let all: Vec<ClassIx> = classes.iter().map(|&(class, _)| class).collect();
    let objects = instances_of(snapshot, &all)?.into_iter();
    let reachable = objects.filter(|&object| snapshot.is_reachable(object));
    Ok(reachable.filter_map(|object| Some(kind_of(object)?.decode(snapshot, object))).collect())
}

/// The tasks that wait in the queue of an executor, or in all queues of a `ForkJoinPool`: `most` at most. Not those of JBoss Threads, which are not
/// in a collection.
pub fn queued_tasks(snapshot: &Snapshot, executor: &Executor, most: usize) -> Vec<ObjectIx> {
    if let Some(queue) = executor.queue {
        return elements_of(snapshot, queue, most);
    }
    let queues = work_queues(snapshot, executor.object);
    // What has been taken is no longer there.
    let arrays = queues.into_iter().filter_map(|queue| snapshot.follow(queue, "array"));
    let tasks = arrays.flat_map(|array| snapshot.elements(array).filter_map(|id| snapshot.find(id)));
    tasks.take(most).collect()
}

/// What a `ThreadPoolExecutor` does with a task for which it has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRoom {
    /// It throws an exception.
    Throws,
    /// Whoever submits the task runs it.
    CallerRuns,
    /// It drops the task.
    Drops,
    /// It drops the task that has waited longest.
    DropsOldest,
}

/// What an executor does with a task for which it has no room; `None` if its handler is none of the JDK's.
pub fn no_room(snapshot: &Snapshot, executor: ObjectIx) -> Option<NoRoom> {
    let handler = snapshot.class_name(snapshot.follow(executor, "handler")?);
    match handler.strip_prefix("java.util.concurrent.ThreadPoolExecutor$")? {
        "AbortPolicy" => Some(NoRoom::Throws),
        "CallerRunsPolicy" => Some(NoRoom::CallerRuns),
        "DiscardPolicy" => Some(NoRoom::Drops),
        "DiscardOldestPolicy" => Some(NoRoom::DropsOldest),
        _ => None,
    }
}

/// Whether an object is a `ThreadPoolExecutor`, and `queue` that of its tasks.
pub fn is_pool_with(snapshot: &Snapshot, object: ObjectIx, queue: ObjectIx) -> bool {
    is_pool(snapshot, snapshot.class_of(object)) && snapshot.follow(object, "workQueue") == Some(queue)
}

/// How an executor keeps its threads and tasks.
#[derive(Clone, Copy)]
enum Kind {
    ThreadPool,
    ForkJoin,
    Jetty,
    JBoss,
}

impl Kind {
    fn of(snapshot: &Snapshot, class: ClassIx) -> Option<Self> {
        let has = |fields: &[&str]| fields.iter().all(|field| snapshot.field_place(class, field).is_some());
        if is_pool(snapshot, class) && has(&["workers", "workQueue", "ctl"]) {
            return Some(Self::ThreadPool);
        }
        let mut lineage = snapshot.classes().lineage(class).map(|(_, class)| &*class.name);
        lineage.find_map(|name| match name {
            "java.util.concurrent.ForkJoinPool" => Some(Self::ForkJoin),
            "org.eclipse.jetty.util.thread.QueuedThreadPool" => {
                has(&["_threads", "_jobs"]).then_some(Self::Jetty)
            }
            "org.jboss.threads.EnhancedQueueExecutor" => {
                has(&["runningThreads", "queueSize"]).then_some(Self::JBoss)
            }
            _ => None,
        })
    }

    fn decode(self, snapshot: &Snapshot, object: ObjectIx) -> Executor {
        match self {
            Self::ThreadPool => thread_pool(snapshot, object),
            Self::ForkJoin => fork_join(snapshot, object),
            Self::Jetty => jetty(snapshot, object),
            Self::JBoss => jboss(snapshot, object),
        }
    }
}

fn is_pool(snapshot: &Snapshot, class: ClassIx) -> bool {
    let mut lineage = snapshot.classes().lineage(class);
    lineage.any(|(_, class)| class.name.ends_with(".ThreadPoolExecutor"))
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
    let queues = work_queues(snapshot, object);
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

/// The queues of a `ForkJoinPool`: one for each thread, and those for tasks that come from outside.
fn work_queues(snapshot: &Snapshot, pool: ObjectIx) -> Vec<ObjectIx> {
    let queues = ["queues", "workQueues"].into_iter().find_map(|field| snapshot.follow(pool, field));
    queues.map_or_else(Vec::new, |queues| elements_of(snapshot, queues, MOST_WORKERS))
}

fn jetty(snapshot: &Snapshot, object: ObjectIx) -> Executor {
    let threads = snapshot.follow(object, "_threads");
    let members = threads.map_or_else(Vec::new, |set| elements_of(snapshot, set, MOST_WORKERS));
    let queue = snapshot.follow(object, "_jobs");
    let queued = queue.and_then(|queue| collection_length(snapshot, queue));
    let number = |field: &str| snapshot.integer(snapshot.follow(object, field)?, "value");
    // The low half of `_counts` is how many threads are idle less how many tasks wait; before 9.4.12 there was a counter of its own.
    let idle = match number("_counts") {
        Some(counts) => unsigned(Some(i64::from(counts as i32) + queued.unwrap_or(0).cast_signed())),
        None => unsigned(number("_threadsIdle")),
    };
    Executor {
        object,
        thread: members.first().map(|&thread| thread_name(snapshot, thread)),
        threads: members.len() as u64,
        active: (members.len() as u64).saturating_sub(idle.unwrap_or(0)),
        members,
        most_threads: unsigned(snapshot.integer(object, "_maxThreads")),
        queue,
        queued,
        completed: None,
        is_shut_down: false,
    }
}

fn jboss(snapshot: &Snapshot, object: ObjectIx) -> Executor {
    const LOW_20_BITS: i64 = (1 << 20) - 1;
    let threads = snapshot.follow(object, "runningThreads");
    let members = threads.map_or_else(Vec::new, |set| elements_of(snapshot, set, MOST_WORKERS));
    let is_idle = |thread: &&ObjectIx| {
        let mut threads = snapshot.threads().iter();
        let found = threads.find(|known| known.object == **thread);
        found.is_some_and(|thread| thread.frames.iter().any(|frame| &*frame.class == JBOSS_IDLE))
    };
    let active = members.len() - members.iter().filter(is_idle).count();
    // Two halves: how many tasks may wait, and how many do. Threads: how many there are, at least, at most, in 20 bits each.
    let queued = snapshot.integer(object, "queueSize").map(|sizes| u64::from(sizes as u32));
    let most = snapshot.integer(object, "threadStatus").map(|status| status >> 40 & LOW_20_BITS);
    Executor {
        object,
        thread: members.first().map(|&thread| thread_name(snapshot, thread)),
        threads: members.len() as u64,
        active: active as u64,
        members,
        most_threads: unsigned(most),
        queue: None,
        queued,
        completed: None,
        is_shut_down: false,
    }
}

/// Where a thread of JBoss Threads waits for a task.
const JBOSS_IDLE: &str = "org.jboss.threads.EnhancedQueueExecutor$PoolThreadNode";
