//! Schedulers and timers that have stopped: one task does not return, and all that should run after it wait.
//!
//! A scheduler that has one thread is brought to a stand by one task that waits for the network, and nobody notices: nothing is thrown, and no memory
//! grows. What proves it is a task in the queue whose time has passed. The time of a scheduler's task is that of `System.nanoTime`, of which a
//! dump has a lower bound: each garbage collection notes it for the soft references (`SoftReference.clock`, in milliseconds), and every dump of live
//! objects comes after one. That of a timer's task is the wall clock's, which stands at the beginning of the dump.
//! False positives: a task that takes longer than the time between two. Cost: the queue of each scheduler that is at work.

use super::doing::what;
use super::stuck::{doing_of, how, pattern, place};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{Executor, ThreadFacts, elements_of};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::Snapshot;

/// A task that is late by less than this, in milliseconds, may be late because of the collection that noted the time.
const LATE: i64 = 3000;
/// A thread that seems to be at work is told only if tasks have waited for so long.
const LATE_FOR_WORK: i64 = 60_000;
/// Tasks of a queue that are looked at.
const MOST_TASKS: usize = 1 << 20;

/// Tasks whose time has passed.
struct Late {
    count: u64,
    /// Of the one that waits longest, in milliseconds.
    longest: i64,
}

/// One finding for each scheduler and timer in which tasks wait for one that does not return.
pub(super) fn findings(snapshot: &Snapshot, waits: &Waits<'_>, executors: &[Executor]) -> Vec<Finding> {
    let of_schedulers = executors.iter().filter_map(|executor| {
        let threads = waits.all_at_work(executor)?;
        let late = late_for_scheduler(snapshot, executor)?;
        finding(snapshot, &threads, &late)
    });
    let of_timers = waits.threads.iter().filter_map(|thread| {
        let late = late_for_timer(snapshot, thread)?;
        finding(snapshot, &[thread], &late)
    });
    of_schedulers.chain(of_timers).collect()
}

/// The tasks of a `ScheduledThreadPoolExecutor` whose time has passed.
fn late_for_scheduler(snapshot: &Snapshot, executor: &Executor) -> Option<Late> {
    const NANOS: i64 = 1_000_000;
    let queue = executor.queue.filter(|&queue| snapshot.class_name(queue).contains("Delayed"))?;
    let clocks = snapshot.classes().named("java.lang.ref.SoftReference").iter();
    let clock = clocks.filter_map(|&class| snapshot.classes().get(class).static_value("clock"));
    let now = clock.filter_map(|value| value.integer()).max().filter(|&now| now > 0)?;
    let times = elements_of(snapshot, queue, MOST_TASKS).into_iter();
    late(times.filter_map(|task| snapshot.integer(task, "time")).map(|time| time / NANOS), now)
}

/// The tasks of a `java.util.Timer` whose time has passed, if its thread runs one.
fn late_for_timer(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<Late> {
    let is_timer = snapshot.classes().is_named(snapshot.class_of(thread.object), "java.util.TimerThread");
    if !is_timer || what(thread.frames(snapshot)) == Some("threads-doing-idle") {
        return None;
    }
    let queue = snapshot.follow(thread.object, "queue")?;
    let tasks = snapshot.follow(queue, "queue")?;
    let tasks: Vec<ObjectIx> =
        snapshot.elements(tasks).take(MOST_TASKS).filter_map(|id| snapshot.find(id)).collect();
    let now = i64::try_from(snapshot.origin().created_ms).ok().filter(|&now| now > 0)?;
    late(tasks.into_iter().filter_map(|task| snapshot.integer(task, "nextExecutionTime")), now)
}

fn late(times: impl Iterator<Item = i64>, now: i64) -> Option<Late> {
    let late: Vec<i64> = times.map(|time| now.saturating_sub(time)).filter(|&by| by > 0).collect();
    let longest = late.iter().copied().max().filter(|&longest| longest >= LATE)?;
    Some(Late { count: late.len() as u64, longest })
}

/// `threads` are all that run such tasks.
fn finding(snapshot: &Snapshot, threads: &[&ThreadFacts], late: &Late) -> Option<Finding> {
    let waits = |thread: &&&ThreadFacts| how(snapshot, thread).is_some();
    if threads.iter().filter(waits).count() < threads.len() && late.longest < LATE_FOR_WORK {
        return None;
    }
    let place = place(snapshot, threads)?;
    let first = threads.iter().find(|thread| place.has(snapshot, thread))?;
    let doing = doing_of(snapshot, first).unwrap_or_else(|| Text::message("threads-doing-waiting"));
    let args = [
        ("count", Arg::Count(threads.len() as u64)),
        ("thread", Arg::name(pattern(threads))),
        ("place", Arg::name(place.text())),
        ("doing", Arg::text(doing)),
        ("late", Arg::Count(late.count)),
        ("seconds", Arg::Count((late.longest / 1000).unsigned_abs())),
    ];
    let id = if threads.len() == 1 { "threads-overdue" } else { "threads-overdue-all" };
    Some(Finding {
        id: "threads.stuck-scheduler".into(),
        severity: Severity::Warning,
        title: Text::with(id, args),
        class: None,
        bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
        count: late.count,
        holder: None,
        advice: vec![Text::message("threads-overdue-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&[
            "threads.stuck-scheduler",
            &normalise_thread(&first.name),
            &place.method,
        ]),
    })
}
