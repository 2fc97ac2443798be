//! Pools in which nothing moves: all of their threads wait at one place while tasks are queued behind them, or wait for those tasks.
//!
//! What is proved is an error: a pool whose threads all wait for results of tasks in its own queue. That all threads of a pool wait at one place is a
//! fact, too, but may pass; it is a warning. A dump does not say who has a monitor: of those inside of the same method, the one that is not blocked is
//! named with what it does. Cost: the queue of each executor that is at work, and two passes over the references for each lock that is named.

use super::deadlocks::groups_behind;
use super::doing::what;
use super::groups;
use super::views::Waits;
use crate::inspect::holders::report_frame;
use crate::ix::ObjectIx;
use crate::query::{Executor, LockNames, ThreadFacts, ThreadState, elements_of};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread, thread_pattern};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;

/// Part of the threads of a pool that stand at one place, in quarters: one that is about to come there changes nothing.
const MOST_OF: usize = 3;
/// Threads without an executor that wait for one lock: fewer are ordinary.
const MANY: usize = 8;
/// Tasks of a queue that are looked at.
const MOST_TASKS: usize = 1 << 20;
/// Threads that are told one by one.
const TOLD: usize = 3;

/// The pools in which nothing moves, those that are proved first, and class initialisers that wait for each other. Of the threads in `known`
/// something else is told.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn findings(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    executors: &[Executor],
    mut known: HashSet<ObjectIx>,
) -> Result<Vec<Finding>, SnapshotError> {
    let mut findings = Vec::new();
    findings.extend(initialisers(snapshot, waits.threads, &mut known));
    for executor in executors.iter().filter(|executor| executor.queued.is_some_and(|queued| queued > 0)) {
        let Some(threads) = waits.all_at_work(executor) else { continue };
        let is_told = threads.iter().any(|thread| known.contains(&thread.object));
        // Servers run their selectors in the same pool.
        let threads: Vec<&ThreadFacts> =
            threads.into_iter().filter(|thread| !serves(what(thread.frames(snapshot)))).collect();
        if is_told || threads.is_empty() || is_delayed(snapshot, executor) {
            continue;
        }
        let found = match starved(snapshot, executor, &threads) {
            Some(finding) => Some(finding),
            None => stuck(snapshot, waits, &threads, executor.queued)?,
        };
        if let Some(finding) = found {
            known.extend(threads.iter().map(|thread| thread.object));
            findings.push(finding);
        }
    }
    for (_, threads) in groups::by_name(waits.threads) {
        if threads.len() >= MANY && !threads.iter().any(|thread| known.contains(&thread.object)) {
            findings.extend(stuck(snapshot, waits, &threads, None)?);
        }
    }
    Ok(findings)
}

/// Whether its tasks wait for their time.
fn is_delayed(snapshot: &Snapshot, executor: &Executor) -> bool {
    executor.queue.is_some_and(|queue| snapshot.class_name(queue).contains("Delayed"))
}

/// A pool all of whose threads wait for tasks that are in its queue: none of them will ever run.
fn starved(snapshot: &Snapshot, executor: &Executor, threads: &[&ThreadFacts]) -> Option<Finding> {
    let awaited: Vec<ObjectIx> =
        threads.iter().map(|thread| awaited(snapshot, thread)).collect::<Option<_>>()?;
    let tasks = elements_of(snapshot, executor.queue?, MOST_TASKS);
    // Of a task of a `CompletableFuture` and of an `ExecutorCompletionService` the future is inside.
    let futures = |&task: &ObjectIx| {
        let inner = ["dep", "task"].into_iter().filter_map(move |field| snapshot.follow(task, field));
        inner.chain([task])
    };
    let queued: HashSet<ObjectIx> = tasks.iter().flat_map(futures).collect();
    if !awaited.iter().all(|task| queued.contains(task)) {
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
    Some(Finding {
        id: "threads.starved-pool".into(),
        severity: Severity::Error,
        title: Text::with("threads-starved", args),
        class: Some(snapshot.class_name(executor.object).to_owned()),
        bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
        count,
        holder: None,
        advice: vec![Text::message("threads-starved-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&[
            "threads.starved-pool",
            &normalise_thread(&threads[0].name),
            &place.method,
        ]),
    })
}

/// The future whose result a thread waits for.
fn awaited(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<ObjectIx> {
    let is_a = |object: ObjectIx, name: &str| {
        let mut lineage = snapshot.classes().lineage(snapshot.class_of(object));
        lineage.any(|(_, class)| &*class.name == name)
    };
    let parked = thread.wait.map(|wait| wait.object);
    if let Some(task) = parked.filter(|&object| is_a(object, "java.util.concurrent.FutureTask")) {
        return Some(task);
    }
    const COMPLETABLE: &str = "java.util.concurrent.CompletableFuture";
    let waiting = thread.frames(snapshot).iter().filter(|frame| {
        &*frame.class == COMPLETABLE && matches!(&*frame.method, "waitingGet" | "timedGet" | "get" | "join")
    });
    waiting.flat_map(|frame| frame.locals.iter().copied()).find(|&local| is_a(local, COMPLETABLE))
}

/// How a thread waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum How {
    /// For a monitor.
    Blocked,
    /// For a lock that another thread has, or for something that has none left to give.
    For(ObjectIx),
    /// Otherwise; the message that says it.
    Doing(&'static str),
}

/// How a thread waits; `None` if it does not, or for work.
pub(super) fn how(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<How> {
    if thread.state == Some(ThreadState::Blocked) {
        return Some(How::Blocked);
    }
    let doing = what(thread.frames(snapshot));
    if let Some(wait) = thread.wait
        && (wait.owner.is_some() || is_semaphore(snapshot, wait.object))
    {
        return Some(How::For(wait.object));
    }
    doing.filter(|&doing| doing != "threads-doing-idle" && !serves(Some(doing))).map(How::Doing)
}

/// Whether a thread waits for what others bring, and is there for that.
fn serves(doing: Option<&str>) -> bool {
    matches!(doing, Some("threads-doing-selecting" | "threads-doing-accepting"))
}

/// Whether threads that park with this object wait for a permit.
fn is_semaphore(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.class_name(object).starts_with("java.util.concurrent.Semaphore")
}

/// Where most of some threads stand: a method of the application, or of a library, with the line of the first one.
pub(super) struct Place<'a> {
    pub(super) method: String,
    frame: &'a StackFrame,
}

impl Place<'_> {
    pub(super) fn text(&self) -> String {
        report_frame(self.frame).to_string()
    }

    /// Whether a thread is in the method, or in what it calls.
    pub(super) fn has(&self, snapshot: &Snapshot, thread: &ThreadFacts) -> bool {
        let frames = thread.frames(snapshot);
        frames.iter().any(|frame| frame.class == self.frame.class && frame.method == self.frame.method)
    }
}

pub(super) fn place<'a>(snapshot: &'a Snapshot, threads: &[&ThreadFacts]) -> Option<Place<'a>> {
    let mut counts: HashMap<(&str, &str), (usize, &StackFrame)> = HashMap::new();
    for thread in threads {
        if let Some(frame) = super::nearest_own(snapshot, thread.frames(snapshot)) {
            counts.entry((&frame.class, &frame.method)).or_insert((0, frame)).0 += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|&(name, (count, _))| (count, Reverse(name)));
    most.map(|((class, method), (_, frame))| Place { method: format!("{class}.{method}"), frame })
}

pub(super) fn pattern(threads: &[&ThreadFacts]) -> String {
    thread_pattern(threads.iter().map(|thread| thread.name.as_str()))
}

/// Threads most of which wait at one place. `queued` says how many tasks wait for them; without an executor only locks count.
fn stuck(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    threads: &[&ThreadFacts],
    queued: Option<u64>,
) -> Result<Option<Finding>, SnapshotError> {
    let Some(place) = place(snapshot, threads) else { return Ok(None) };
    let there: Vec<&ThreadFacts> =
        threads.iter().copied().filter(|thread| place.has(snapshot, thread)).collect();
    let mut counts: HashMap<How, usize> = HashMap::new();
    for how in there.iter().filter_map(|thread| how(snapshot, thread)) {
        *counts.entry(how).or_default() += 1;
    }
    let waiting: usize = counts.values().sum();
    let Some((main, main_count)) = counts.into_iter().max_by_key(|&(how, count)| (count, Reverse(how)))
    else {
        return Ok(None);
    };
    let is_lock = matches!(main, How::Blocked | How::For(_));
    let is_queue_enough = match queued {
        Some(queued) => threads.len() > 1 && (is_lock || queued >= threads.len() as u64),
        None => is_lock,
    };
    let is_most = |count: usize| count * 4 >= threads.len() * MOST_OF;
    if !is_queue_enough || !is_most(waiting) || main_count * 2 <= waiting {
        return Ok(None);
    }
    let names = match main {
        How::For(object) => LockNames::find(snapshot, &[object])?,
        _ => LockNames::default(),
    };
    // Who has the lock: known for those of `java.util.concurrent`, else who is in the method and not blocked.
    let owners: Vec<&ThreadFacts> = match main {
        How::For(_) => {
            let waiting = there.iter().find(|thread| how(snapshot, thread) == Some(main));
            let wait = waiting.and_then(|thread| thread.wait);
            wait.and_then(|wait| waits.owner(&wait)).into_iter().collect()
        }
        How::Blocked => {
            let is_inside = |thread: &&ThreadFacts| {
                thread.state != Some(ThreadState::Blocked) && place.has(snapshot, thread)
            };
            waits.threads.iter().filter(is_inside).collect()
        }
        How::Doing(_) => Vec::new(),
    };
    let count = |count: usize| Arg::Count(count as u64);
    let whom =
        [("count", count(there.len())), ("all", count(threads.len())), ("pool", Arg::name(pattern(threads)))];
    let whom = Text::with(if there.len() == threads.len() { "threads-all" } else { "threads-some" }, whom);
    let holder = owners.first().filter(|_| matches!(main, How::For(_)));
    let doing = words(snapshot, main, &names, holder.copied());
    let doing = if main_count == there.len() {
        doing
    } else {
        Text::with("threads-of-them", [("count", count(main_count)), ("doing", Arg::text(doing))])
    };
    let mut args = vec![
        ("whom", Arg::text(whom)),
        ("place", Arg::name(place.text())),
        ("doing", Arg::text(doing)),
        ("queued", Arg::Count(queued.unwrap_or(0))),
    ];
    // Who is one of several in a method need not be the one that has its monitor.
    let owner = if let [owner] = owners[..] { Some(owner) } else { None };
    let inside = owner.and_then(|owner| Some((owner, doing_of(snapshot, owner)?)));
    let id = match (queued.is_some(), inside.is_some(), holder.is_some()) {
        (true, true, true) => "threads-stuck-queued-owner",
        (true, true, false) => "threads-stuck-queued-inside",
        (true, false, _) => "threads-stuck-queued",
        (false, true, true) => "threads-stuck-owner",
        (false, true, false) => "threads-stuck-inside",
        (false, false, _) => "threads-stuck",
    };
    args.extend(
        inside
            .into_iter()
            .flat_map(|(owner, doing)| [("owner", Arg::name(&owner.name)), ("inside", Arg::text(doing))]),
    );
    let advice = match main {
        How::For(object) if is_semaphore(snapshot, object) => "threads-stuck-permit-advice",
        How::Blocked | How::For(_) => "threads-stuck-lock-advice",
        How::Doing("threads-doing-reading" | "threads-doing-writing") => "threads-stuck-network-advice",
        How::Doing("threads-doing-latch") => "threads-stuck-latch-advice",
        How::Doing(_) => "threads-stuck-advice",
    };
    let evidence = owners.iter().take(TOLD).filter_map(|owner| stands(snapshot, owner));
    Ok(Some(Finding {
        id: "threads.stuck".into(),
        severity: Severity::Warning,
        title: Text::with(id, args),
        class: None,
        bytes: there.iter().map(|thread| thread.retained_bytes).sum(),
        count: there.len() as u64,
        holder: None,
        advice: vec![Text::message(advice)],
        evidence: evidence.collect(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.stuck", &normalise_thread(&threads[0].name), &place.method]),
    }))
}

/// What most of them wait for.
fn words(snapshot: &Snapshot, how: How, names: &LockNames, holder: Option<&ThreadFacts>) -> Text {
    match how {
        How::Blocked => Text::message("threads-doing-blocked"),
        How::For(object) => {
            let mut args = vec![("lock", Arg::name(names.name(snapshot, object)))];
            args.extend(holder.map(|holder| ("thread", Arg::name(&holder.name))));
            let id = match holder {
                _ if is_semaphore(snapshot, object) => "threads-doing-permit",
                Some(_) => "threads-doing-lock-of",
                None => "threads-doing-lock-named",
            };
            Text::with(id, args)
        }
        How::Doing(id) => Text::message(id),
    }
}

/// What a thread does, if its stack or its state tells.
pub(super) fn doing_of(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<Text> {
    let is_running = thread.state == Some(ThreadState::Runnable);
    let running = is_running.then(|| Text::message("threads-doing-running"));
    super::doing::doing(thread.frames(snapshot)).or(running)
}

/// Where a thread stands, and what it does.
fn stands(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<Text> {
    let frame = super::nearest_own(snapshot, thread.frames(snapshot))?;
    let mut args =
        vec![("thread", Arg::name(&thread.name)), ("place", Arg::name(report_frame(frame).to_string()))];
    let doing = doing_of(snapshot, thread);
    let id = if doing.is_some() { "threads-stands-doing" } else { "threads-stands" };
    args.extend(doing.map(|doing| ("doing", Arg::text(doing))));
    Some(Text::with(id, args))
}

/// Threads that stand in initialisers of different classes and call nothing: each waits until another has initialised its class. The JVM calls such
/// threads RUNNABLE.
fn initialisers(
    snapshot: &Snapshot,
    threads: &[ThreadFacts],
    known: &mut HashSet<ObjectIx>,
) -> Option<Finding> {
    let top = |thread: &ThreadFacts| {
        let frame = thread.frames(snapshot).first()?;
        (&*frame.method == "<clinit>" && !frame.native).then_some(frame)
    };
    let inside: Vec<(&ThreadFacts, &StackFrame)> =
        threads.iter().filter_map(|thread| Some((thread, top(thread)?))).collect();
    let classes: HashSet<&str> = inside.iter().map(|(_, frame)| &*frame.class).collect();
    if classes.len() < 2 {
        return None;
    }
    let key = |frame: &StackFrame| (frame.class.clone(), frame.method.clone(), frame.line);
    let callers: HashSet<_> =
        inside.iter().filter_map(|(thread, _)| thread.frames(snapshot).get(1).map(key)).collect();
    let is_behind =
        |&at: &usize| threads[at].frames(snapshot).first().is_some_and(|frame| callers.contains(&key(frame)));
    let behind: Vec<usize> = (0..threads.len()).filter(is_behind).collect();
    let called: Vec<String> = inside
        .iter()
        .take(TOLD)
        .map(|(thread, frame)| format!("{} ({}.<clinit>)", thread.name, frame.class))
        .collect();
    let args = [("threads", Arg::name(called.join(", "))), ("behind", Arg::Count(behind.len() as u64))];
    known.extend(
        inside.iter().map(|(thread, _)| thread.object).chain(behind.iter().map(|&at| threads[at].object)),
    );
    let mut names: Vec<&str> = classes.into_iter().collect();
    names.sort_unstable();
    let mut parts = vec!["threads.class-initialisation"];
    parts.extend(&names);
    let all = || inside.iter().map(|&(thread, _)| thread);
    Some(Finding {
        id: "threads.class-initialisation".into(),
        // Two initialisers that only compute at the same moment are rare; with threads behind them nobody doubts it.
        severity: if behind.is_empty() { Severity::Warning } else { Severity::Error },
        title: Text::with(
            if behind.is_empty() { "threads-initialisers" } else { "threads-initialisers-behind" },
            args,
        ),
        class: names.first().map(|&name| name.to_owned()),
        bytes: all().map(|thread| thread.retained_bytes).sum(),
        count: inside.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-initialisers-advice")],
        evidence: groups_behind(snapshot, threads, &behind),
        link: None,
        fingerprint: Fingerprint::of(&parts),
    })
}
