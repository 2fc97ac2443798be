//! What has ended and says so nowhere: threads, the tasks of a timer whose thread has ended, periodic tasks that threw.
//!
//! What it finds: locks that a thread had when it ended, which nobody ever gets again; workers of one collection of which some have ended and
//! the others wait for work, as the event loops of a server do; a `java.util.Timer` whose thread has ended although one of its periodic tasks is
//! still held and marked as scheduled; periodic tasks of a `ScheduledThreadPoolExecutor` that ended with an exception: the executor keeps it for
//! whoever asks the future, which nobody does, and the task is never run again. As a table, the threads that have ended and are still referred to.
//! How it is computed: from the state of the thread objects, of the tasks (`TimerTask.state`, `FutureTask.state`) and of the queues.
//! False positives: workers that ended because there was less to do; a timer that was cancelled on purpose by an object that keeps its task, for
//! `Timer.cancel` leaves the same behind as an exception does.
//! Cost: a pass over the classes of all objects, another over the references where a thread has ended, two more where it was a timer's or that
//! of an object.

use super::doing::what;
use super::stuck::{pattern, place};
use super::views::Waits;
use crate::inspect::blocks::{address, table};
use crate::inspect::holders::is_thread;
use crate::inspect::oom::thrown_in;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{
    Executor, Origin, ThreadFacts, elements_of, has_ended, instances_of, origin_of, references_to,
    thread_name,
};
use crate::report::{
    Arg, Block, Cell, Column, Finding, Fingerprint, Severity, Text, normalise_thread, thread_pattern,
};
use crate::snapshot::{Link, Snapshot, SnapshotError};
use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Tasks of a queue that are looked at.
const MOST_TASKS: usize = 1 << 20;
/// Findings of one kind.
const MOST_TOLD: usize = 5;

/// Threads that have ended and are still referred to.
///
/// # Errors
/// Cancelled.
fn ended_threads(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    let threads = instances_of(snapshot, &snapshot.classes().sub_classes_of("java.lang.Thread"))?;
    let is_kept = |&thread: &ObjectIx| snapshot.is_reachable(thread) && has_ended(snapshot, thread);
    Ok(threads.into_iter().filter(is_kept).collect())
}

/// The findings, and the table of ended threads if there are any.
///
/// # Errors
/// As [`Context::ownership`].
pub(super) fn look(
    context: &Context<'_>,
    waits: &Waits<'_>,
    executors: &[Executor],
) -> Result<(Vec<Finding>, Option<Block>), InspectError> {
    let snapshot = context.snapshot;
    let threads = ended_threads(snapshot)?;
    let mut findings = lost_locks(snapshot, waits, &threads);
    findings.extend(failed_tasks(context, executors)?);
    if threads.is_empty() {
        return Ok((findings, None));
    }
    let referring = references_to(snapshot, &threads)?;
    findings.extend(workers(context, waits, &threads, &referring)?);
    let is_timer = |&&thread: &&ObjectIx| {
        snapshot.classes().is_named(snapshot.class_of(thread), "java.util.TimerThread")
    };
    let timers: Vec<ObjectIx> = threads.iter().filter(is_timer).copied().collect();
    if !timers.is_empty() {
        findings.extend(dead_timers(context, &timers, &referring)?);
    }
    let mut fields = fields(snapshot, &referring);
    let columns =
        vec![Column::left("name"), Column::left("class"), Column::left("field"), Column::left("address")];
    let block = table(context, "ended_threads", columns, threads, |thread| {
        vec![
            Cell::Value(thread_name(snapshot, thread)),
            Cell::Class(snapshot.class_name(thread).to_owned()),
            fields.remove(&thread).map_or(Cell::None, |(_, field)| Cell::Value(field)),
            address(snapshot, thread),
        ]
    });
    Ok((findings, Some(block)))
}

/// The field by which each thread is known: the first of those of the application, or else of a library, or else of the JDK.
fn fields(snapshot: &Snapshot, referring: &[(ObjectIx, ObjectIx)]) -> HashMap<ObjectIx, (Origin, String)> {
    let mut best: HashMap<ObjectIx, (Origin, String)> = HashMap::new();
    for &(referrer, thread) in referring.iter().filter(|(referrer, _)| snapshot.is_reachable(*referrer)) {
        if let Some(Link::Field { class, name } | Link::Static { class, name }) =
            snapshot.link(referrer, thread)
        {
            let origin = origin_of(snapshot, class);
            if best.get(&thread).is_none_or(|(known, _)| origin > *known) {
                best.insert(thread, (origin, format!("{}.{name}", snapshot.classes().get(class).name)));
            }
        }
    }
    best
}

/// Locks that threads wait for, and that a thread has which has ended.
fn lost_locks(snapshot: &Snapshot, waits: &Waits<'_>, ended: &[ObjectIx]) -> Vec<Finding> {
    let mut behind: BTreeMap<(ObjectIx, ObjectIx), Vec<&ThreadFacts>> = BTreeMap::new();
    for thread in waits.threads {
        let lock = thread.wait.and_then(|wait| Some((wait.object, wait.owner?)));
        if let Some(lock) = lock.filter(|(_, owner)| ended.contains(owner)) {
            behind.entry(lock).or_default().push(thread);
        }
    }
    let finding = |((lock, owner), threads): ((ObjectIx, ObjectIx), Vec<&ThreadFacts>)| {
        let place = place(snapshot, &threads)?;
        let name = waits.names.name(snapshot, lock);
        let args = [
            ("lock", Arg::name(&name)),
            ("owner", Arg::name(thread_name(snapshot, owner))),
            ("count", Arg::Count(threads.len() as u64)),
            ("thread", Arg::name(pattern(&threads))),
            ("place", Arg::name(place.text())),
        ];
        Some(Finding {
            id: "threads.lost-lock".into(),
            severity: Severity::Error,
            title: Text::with("threads-lost-lock", args),
            class: None,
            bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
            count: threads.len() as u64,
            holder: None,
            advice: vec![Text::message("threads-lost-lock-advice")],
            evidence: Vec::new(),
            link: None,
            fingerprint: Fingerprint::of(&["threads.lost-lock", &name, &place.method]),
        })
    };
    behind.into_iter().filter_map(finding).take(MOST_TOLD).collect()
}

/// Collections of threads, or of objects with one each, of which some have ended while others wait for work.
fn workers(
    context: &Context<'_>,
    waits: &Waits<'_>,
    ended: &[ObjectIx],
    referring: &[(ObjectIx, ObjectIx)],
) -> Result<Vec<Finding>, InspectError> {
    const MOST_WORKERS: usize = 1 << 12;
    let snapshot = context.snapshot;
    // From the threads to the arrays that they, or the objects that run on them, are elements of.
    let is_array = |object: ObjectIx| {
        snapshot.is_reachable(object) && snapshot.array_length(object).is_some_and(|length| length > 1)
    };
    let mut arrays: BTreeSet<ObjectIx> = BTreeSet::new();
    let mut running: Vec<ObjectIx> = Vec::new();
    for &(referrer, thread) in referring {
        if is_array(referrer) {
            arrays.insert(referrer);
        } else if snapshot.follow(referrer, "thread") == Some(thread) && snapshot.is_reachable(referrer) {
            running.push(referrer);
        }
    }
    if !running.is_empty() {
        running.sort_unstable();
        running.dedup();
        let of_running = references_to(snapshot, &running)?.into_iter().map(|(referrer, _)| referrer);
        arrays.extend(of_running.filter(|&referrer| is_array(referrer)));
    }
    let alive = ThreadFacts::by_object(waits.threads);
    let ended: HashSet<ObjectIx> = ended.iter().copied().collect();
    let mut findings: Vec<Finding> = Vec::new();
    for array in arrays {
        let elements = snapshot.elements(array).filter_map(|id| snapshot.find(id)).take(MOST_WORKERS);
        let of_element = |element| {
            let is_thread = is_thread(snapshot, element);
            if is_thread { Some(element) } else { snapshot.follow(element, "thread") }
        };
        let threads: Vec<ObjectIx> = elements.filter_map(of_element).collect();
        let gone: Vec<ObjectIx> = threads.iter().copied().filter(|thread| ended.contains(thread)).collect();
        let left: Vec<&ThreadFacts> =
            threads.iter().filter_map(|thread| Some(&waits.threads[*alive.get(thread)?])).collect();
        if let Some(finding) = fewer(context, array, &gone, &left)? {
            // The same loops are in the array of the group and in that of its chooser.
            if findings.iter().all(|known| known.title != finding.title) {
                findings.push(finding);
            }
        }
    }
    findings.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.fingerprint.cmp(&b.fingerprint)));
    findings.truncate(MOST_TOLD);
    Ok(findings)
}

/// The finding about workers of an array, of which those in `gone` have ended and those in `left` run.
fn fewer(
    context: &Context<'_>,
    array: ObjectIx,
    gone: &[ObjectIx],
    left: &[&ThreadFacts],
) -> Result<Option<Finding>, InspectError> {
    const TOLD: usize = 4;
    let snapshot = context.snapshot;
    let names: Vec<String> = gone.iter().map(|&thread| thread_name(snapshot, thread)).collect();
    let Some(first) = names.first() else { return Ok(None) };
    // Who waits for work, or for a while, is there to stay: those that have ended should have, too. A batch is at work until it ends.
    let waits_for_work = |thread: &&&ThreadFacts| {
        matches!(
            what(thread.frames(snapshot)),
            Some(
                "threads-doing-queue"
                    | "threads-doing-idle"
                    | "threads-doing-selecting"
                    | "threads-doing-sleeping"
            )
        )
    };
    let waiting = left.iter().filter(waits_for_work).count();
    let is_alike = |name: &str| normalise_thread(name) == normalise_thread(first);
    // Threads that nobody has named are called alike by chance.
    let has_name =
        !first.strip_prefix("Thread-").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let are_alike =
        names.iter().all(|name| is_alike(name)) && left.iter().all(|thread| is_alike(&thread.name));
    if waiting == 0 || !has_name || !are_alike {
        return Ok(None);
    }
    let Some(held) = context.ownership()?.of(array, 0) else { return Ok(None) };
    let mut told: Vec<&str> = names.iter().take(TOLD).map(String::as_str).collect();
    if names.len() > TOLD {
        told.push("…");
    }
    let args = [
        ("count", Arg::Count(gone.len() as u64)),
        ("all", Arg::Count((gone.len() + left.len()) as u64)),
        (
            "thread",
            Arg::name(thread_pattern(left.iter().map(|thread| thread.name.as_str()).chain([first.as_str()]))),
        ),
        ("ended", Arg::name(told.join(", "))),
        ("holder", held.holder.words()),
    ];
    let label = held.holder.label();
    Ok(Some(Finding {
        id: "threads.ended-workers".into(),
        severity: Severity::Warning,
        title: Text::with("threads-ended-workers", args),
        class: gone.first().map(|&thread| snapshot.class_name(thread).to_owned()),
        bytes: 0,
        count: gone.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-ended-workers-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.ended-workers", &label, &normalise_thread(first)]),
    }))
}

/// Timers of ended threads with tasks that are still to run.
fn dead_timers(
    context: &Context<'_>,
    threads: &[ObjectIx],
    referring: &[(ObjectIx, ObjectIx)],
) -> Result<Vec<Finding>, InspectError> {
    let snapshot = context.snapshot;
    let tasks = orphans(snapshot)?;
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let is_timer = |&(timer, thread): &(ObjectIx, ObjectIx)| {
        threads.contains(&thread)
            && snapshot.is_reachable(timer)
            && snapshot.classes().is_named(snapshot.class_of(timer), "java.util.Timer")
    };
    let timers: BTreeMap<ObjectIx, ObjectIx> = referring.iter().copied().filter(is_timer).collect();
    let wanted: Vec<ObjectIx> = timers.keys().chain(&tasks).copied().collect();
    // Timer and task are fields of one object, or the task is an inner object of the one with the timer.
    let mut owners: HashMap<ObjectIx, HashSet<ObjectIx>> = HashMap::new();
    for (referrer, target) in references_to(snapshot, &wanted)? {
        if snapshot.is_reachable(referrer) {
            owners.entry(target).or_default().insert(referrer);
        }
    }
    let mut findings = Vec::new();
    for (&timer, &thread) in timers.iter().take(MOST_TOLD) {
        let Some(of_timer) = owners.get(&timer) else { continue };
        let belongs = |&&task: &&ObjectIx| {
            let has_both = owners.get(&task).is_some_and(|of_task| !of_task.is_disjoint(of_timer));
            has_both || snapshot.references().of(task).any(|target| of_timer.contains(&target))
        };
        let own: Vec<ObjectIx> = tasks.iter().filter(belongs).copied().collect();
        let is_closed = of_timer.iter().any(|&owner| says_closed(snapshot, owner));
        if own.is_empty() || is_closed {
            continue;
        }
        let class = snapshot.class_name(own[0]).to_owned();
        let args = [
            ("thread", Arg::name(thread_name(snapshot, thread))),
            ("task", Arg::name(&class)),
            ("count", Arg::Count(own.len() as u64)),
        ];
        findings.push(Finding {
            id: "threads.dead-timer".into(),
            severity: Severity::Warning,
            title: Text::with("threads-timer-ended", args),
            bytes: own.iter().map(|&task| snapshot.retained_bytes(task)).sum(),
            count: 1,
            holder: context.ownership()?.of(timer, 0).map(|held| held.holder),
            advice: vec![Text::message("threads-timer-ended-advice")],
            evidence: Vec::new(),
            link: None,
            fingerprint: Fingerprint::of(&["threads.dead-timer", &class]),
            class: Some(class),
        });
    }
    Ok(findings)
}

/// Periodic tasks of timers that are marked as scheduled, and are in the queue of no timer that runs.
fn orphans(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    /// `TimerTask.SCHEDULED`; a task that was cancelled has another state.
    const SCHEDULED: i64 = 1;
    let all = instances_of(snapshot, &snapshot.classes().sub_classes_of("java.util.TimerTask"))?;
    let is_waiting = |&task: &ObjectIx| {
        snapshot.is_reachable(task)
            && snapshot.integer(task, "state") == Some(SCHEDULED)
            && snapshot.integer(task, "period").is_some_and(|period| period != 0)
    };
    let waiting: Vec<ObjectIx> = all.into_iter().filter(is_waiting).collect();
    let mut queued: HashSet<ObjectIx> = HashSet::new();
    for thread in snapshot.threads() {
        let tasks = snapshot.follow(thread.object, "queue").and_then(|queue| snapshot.follow(queue, "queue"));
        queued.extend(tasks.into_iter().flat_map(|tasks| elements_of(snapshot, tasks, MOST_TASKS)));
    }
    Ok(waiting.into_iter().filter(|task| !queued.contains(task)).collect())
}

/// Whether an object says that it was closed: what it has ended it has ended on purpose.
fn says_closed(snapshot: &Snapshot, object: ObjectIx) -> bool {
    const ENDED: [&str; 10] = [
        "closed",
        "isClosed",
        "closing",
        "stopped",
        "isStopped",
        "shutdown",
        "isShutdown",
        "terminated",
        "disposed",
        "cancelled",
    ];
    ENDED.iter().any(|field| {
        let value = snapshot.integer(object, field);
        let atomic = || snapshot.follow(object, field).and_then(|atomic| snapshot.integer(atomic, "value"));
        value.or_else(atomic).is_some_and(|value| value != 0)
    })
}

/// Periodic tasks of an executor that ended with the same exception at the same place.
struct Failed {
    first: ObjectIx,
    count: u64,
    executor: Option<String>,
    is_error: bool,
    message: Option<String>,
}

fn failed_tasks(context: &Context<'_>, executors: &[Executor]) -> Result<Vec<Finding>, InspectError> {
    /// `FutureTask.EXCEPTIONAL`.
    const EXCEPTIONAL: i64 = 3;
    const TASK: &str = "java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask";
    let snapshot = context.snapshot;
    let mut failed: BTreeMap<(String, Option<String>), Failed> = BTreeMap::new();
    for task in instances_of(snapshot, &snapshot.classes().sub_classes_of(TASK))? {
        let has_failed = snapshot.integer(task, "state") == Some(EXCEPTIONAL)
            && snapshot.integer(task, "period").is_some_and(|period| period != 0);
        // What nobody refers to any more may have been replaced.
        let is_kept = has_failed && snapshot.is_reachable(task);
        let Some(error) = snapshot.follow(task, "outcome").filter(|_| is_kept) else { continue };
        let pool = snapshot.follow(task, "this$0");
        let executor = executors.iter().find(|executor| Some(executor.object) == pool);
        // Of one that was told to stop nobody expects anything.
        if executor.is_some_and(|executor| executor.is_shut_down) {
            continue;
        }
        let is_error = snapshot.classes().is_named(snapshot.class_of(error), "java.lang.Error");
        let key = (snapshot.class_name(error).to_owned(), thrown_in(snapshot, error));
        let known = failed.entry(key).or_insert_with(|| Failed {
            first: task,
            count: 0,
            executor: executor.and_then(|executor| executor.thread.clone()),
            is_error,
            // What the virtual machine says is no secret.
            message: snapshot.text_field(error, "detailMessage").filter(|_| is_oom(snapshot, error)),
        });
        known.count += 1;
    }
    let mut findings = Vec::new();
    for ((error, place), failed) in failed.into_iter().take(MOST_TOLD) {
        let words = failed.message.map_or_else(|| error.clone(), |message| format!("{error}: {message}"));
        let mut args = vec![("count", Arg::Count(failed.count)), ("error", Arg::name(words))];
        args.extend(place.as_ref().map(|place| ("place", Arg::name(place))));
        let id = if place.is_some() { "threads-task-failed-in" } else { "threads-task-failed" };
        let held = context.ownership()?.of(failed.first, 0);
        // Tomcat looks every minute whether its own still run, and starts them again.
        let is_of_tomcat = |class: &String| {
            class.starts_with("org.apache.coyote.") || class.starts_with("org.apache.catalina.")
        };
        if held.as_ref().and_then(|held| held.holder.class.as_ref()).is_some_and(is_of_tomcat) {
            continue;
        }
        let pool = failed
            .executor
            .map(|thread| Text::with("threads-task-failed-pool", [("thread", Arg::name(thread))]));
        findings.push(Finding {
            id: "threads.failed-task".into(),
            severity: if failed.is_error { Severity::Error } else { Severity::Warning },
            title: Text::with(id, args),
            bytes: snapshot.retained_bytes(failed.first),
            count: failed.count,
            holder: held.map(|held| held.holder),
            advice: vec![Text::message("threads-task-failed-advice")],
            evidence: pool.into_iter().collect(),
            link: None,
            fingerprint: Fingerprint::of(&["threads.failed-task", &error, place.as_deref().unwrap_or("")]),
            class: Some(error),
        });
    }
    Ok(findings)
}

fn is_oom(snapshot: &Snapshot, error: ObjectIx) -> bool {
    snapshot.classes().is_named(snapshot.class_of(error), "java.lang.OutOfMemoryError")
}
