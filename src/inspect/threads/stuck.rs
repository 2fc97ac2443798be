//! Pools in which nothing moves: all of their threads wait at one place while tasks are queued behind them, or wait for those tasks.
//!
//! What is proved is an error: a pool whose threads all wait for tasks in its own queue ([`starved`]). That all threads of a pool wait at one place is a
//! fact, too, but may pass; it is a warning. A dump does not say who has a monitor: of those inside of the same method, the one that is not blocked is
//! named with what it does. Cost: the queue of each executor that is at work, and two passes over the references for each lock that is named.

use super::deadlocks::groups_behind;
use super::doing::{WRITING_OUT, lender, what};
use super::groups;
use super::starved;
use super::views::Waits;
use crate::inspect::holders::report_frame;
use crate::ix::ObjectIx;
use crate::query::{
    Executor, LockNames, NoRoom, Origin, ThreadFacts, ThreadState, has_ended, is_semaphore, no_room,
    origin_of_named, permits_left, queue_limit,
};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread, thread_pattern};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;

/// Part of the threads of a pool that stand at one place, in quarters: one that is about to come there changes nothing.
const MOST_OF: usize = 3;
/// Threads without an executor that wait for one lock: fewer are ordinary.
const MANY: usize = 8;
/// So many that are in a method of the application's are not idle: nobody has so many threads for what may come.
const VERY_MANY: usize = 250;
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
        let threads = starved::workers(snapshot, threads);
        if is_told || threads.is_empty() || is_delayed(snapshot, executor) {
            continue;
        }
        let found = match starved::finding(snapshot, executor, &threads) {
            Some(finding) => Some(finding),
            None => stuck(snapshot, waits, &threads, Some(executor))?,
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

/// How a thread waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum How {
    /// For a monitor.
    Blocked,
    /// For a lock, or for something that has none left to give.
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
    // Readers have a lock together, and some locks do not say who has them.
    if let Some(wait) = thread.wait
        && (wait.owner.is_some()
            || is_semaphore(snapshot, wait.object)
            || doing == Some("threads-doing-lock"))
    {
        return Some(How::For(wait.object));
    }
    doing.filter(|&doing| doing != "threads-doing-idle" && !serves(Some(doing))).map(How::Doing)
}

/// Whether a thread waits in a method of the application for something else than work.
pub(super) fn waits_inside(snapshot: &Snapshot, thread: &ThreadFacts) -> bool {
    let frames = thread.frames(snapshot);
    matches!(
        what(frames),
        Some(
            "threads-doing-reading"
                | "threads-doing-writing"
                | "threads-doing-connecting"
                | "threads-doing-pool"
                | "threads-doing-result"
                | "threads-doing-latch"
        )
    ) && frames.iter().any(|frame| origin_of_named(snapshot, &frame.class) == Origin::Application)
}

/// Whether a thread waits for what others bring, and is there for that.
pub(in crate::inspect) fn serves(doing: Option<&str>) -> bool {
    matches!(doing, Some("threads-doing-selecting" | "threads-doing-accepting"))
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

    /// Whether the application wrote the method.
    fn is_own(&self, snapshot: &Snapshot) -> bool {
        origin_of_named(snapshot, &self.frame.class) == Origin::Application
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

/// That a thread waits for what a pool of objects lends.
const LENT: How = How::Doing("threads-doing-pool");

/// That a thread waits for a latch.
const LATCH: &str = "threads-doing-latch";

/// That a thread sleeps, which ends by itself.
const SLEEPS: &str = "threads-doing-sleeping";

/// The method of a library in which most of some threads wait for a latch: the latch is the library's, as is who counts it down.
fn library_method(snapshot: &Snapshot, threads: &[&ThreadFacts]) -> Option<String> {
    let method = |thread: &ThreadFacts| {
        let is_jdk = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Jdk;
        let caller = thread.frames(snapshot).iter().find(|frame| !is_jdk(frame))?;
        let is_library = origin_of_named(snapshot, &caller.class) == Origin::Library;
        is_library.then(|| format!("{}.{}", caller.class, caller.method))
    };
    let waiting = threads.iter().filter(|thread| what(thread.frames(snapshot)) == Some(LATCH));
    let methods: Vec<Option<String>> = waiting.map(|thread| method(thread)).collect();
    let first = methods.iter().flatten().next()?;
    let same = methods.iter().filter(|method| method.as_ref() == Some(first)).count();
    (same * 2 > methods.len()).then(|| first.clone())
}

/// Whether threads that nobody hands tasks to wait for what others are to bring. Who waits for a signal or at a queue may be idle, who reads from the
/// network may serve a client, and who finds a queue full may only be faster than those that take from it.
fn is_for_others(how: How) -> bool {
    const FOR_OTHERS: [&str; 4] =
        ["threads-doing-pool", "threads-doing-result", "threads-doing-latch", "threads-doing-barrier"];
    match how {
        How::Blocked | How::For(_) => true,
        How::Doing(doing) => FOR_OTHERS.contains(&doing),
    }
}

/// Threads most of which wait at one place. They are those of `executor`, for which tasks wait; without one only what others are to bring counts.
fn stuck(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
    threads: &[&ThreadFacts],
    executor: Option<&Executor>,
) -> Result<Option<Finding>, SnapshotError> {
    let queued = executor.and_then(|executor| executor.queued);
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
        None => {
            let is_for_signal = main == How::Doing("threads-doing-waiting") && there.len() >= VERY_MANY;
            is_lock || (is_for_others(main) || is_for_signal) && place.is_own(snapshot)
        }
    };
    let is_most = |count: usize| count * 4 >= threads.len() * MOST_OF;
    if !is_queue_enough || !is_most(waiting) || main_count * 2 <= waiting {
        return Ok(None);
    }
    // What somebody had who has ended is told by that.
    let is_lost = |thread: &&&ThreadFacts| {
        let owner = thread.wait.and_then(|wait| wait.owner);
        owner.is_some_and(|owner| has_ended(snapshot, owner))
    };
    if is_lock && there.iter().any(|thread| is_lost(&thread)) {
        return Ok(None);
    }
    let monitor = (main == How::Blocked).then(|| monitor(&there)).flatten();
    let lock = if let How::For(object) = main { Some(object) } else { monitor.map(|(object, _)| object) };
    let names = LockNames::find(snapshot, lock.as_slice())?;
    // Who has the lock: known for those of `java.util.concurrent`, else who is in the method and not blocked.
    let owners: Vec<&ThreadFacts> = match main {
        How::For(object) if is_semaphore(snapshot, object) => {
            let is_past =
                |thread: &&ThreadFacts| how(snapshot, thread) != Some(main) && place.has(snapshot, thread);
            waits.threads.iter().filter(is_past).collect()
        }
        How::For(_) => {
            let waiting = there.iter().find(|thread| how(snapshot, thread) == Some(main));
            let wait = waiting.and_then(|thread| thread.wait);
            wait.and_then(|wait| waits.owner(&wait)).into_iter().collect()
        }
        How::Blocked => {
            let is_inside = |thread: &&ThreadFacts| {
                thread.state != Some(ThreadState::Blocked) && place.has(snapshot, thread)
            };
            let named = monitor
                .and_then(|(_, owner)| waits.threads.iter().find(|thread| Some(thread.object) == owner));
            match named {
                Some(owner) => vec![owner],
                None => waits.threads.iter().filter(is_inside).collect(),
            }
        }
        LENT => lenders(snapshot, waits, &there),
        How::Doing(_) => Vec::new(),
    };
    let count = |count: usize| Arg::Count(count as u64);
    let whom =
        [("count", count(there.len())), ("all", count(threads.len())), ("pool", Arg::name(pattern(threads)))];
    let whom = Text::with(if there.len() == threads.len() { "threads-all" } else { "threads-some" }, whom);
    let is_permit = matches!(main, How::For(object) if is_semaphore(snapshot, object));
    let holder = owners.first().filter(|_| matches!(main, How::For(_)) && !is_permit);
    let library = (main == How::Doing(LATCH)).then(|| library_method(snapshot, &there)).flatten();
    let doing = words(snapshot, main, &names, holder.copied(), monitor.map(|(object, _)| object));
    let doing = match &library {
        Some(method) => Text::with("threads-doing-inside", [("method", Arg::name(method))]),
        None => doing,
    };
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
        (false, true, _) if main == LENT => "threads-stuck-lender",
        (true, true, _) if main == LENT => "threads-stuck-queued-lender",
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
    let title = Text::with(id, args);
    let title = match tail(snapshot, &there, is_permit, &owners) {
        Some(tail) => {
            Text::with("threads-stuck-tail", [("title", Arg::text(title)), ("tail", Arg::text(tail))])
        }
        None => title,
    };
    let writes_out = owner.is_some_and(|owner| what(owner.frames(snapshot)) == Some(WRITING_OUT));
    // A lock that its owner computes with goes round in a moment: those that wait for it are no sign of anything.
    let is_busy = executor.is_none()
        && is_lock
        && !is_permit
        && owner.is_some_and(|owner| {
            owner.state == Some(ThreadState::Runnable) && what(owner.frames(snapshot)).is_none()
        });
    let otherwise = if is_busy || main == How::Doing(SLEEPS) { Severity::Info } else { Severity::Warning };
    let is_cut_off = main == LENT
        && owner.is_some_and(|owner| {
            matches!(what(owner.frames(snapshot)), Some("threads-doing-reading" | "threads-doing-connecting"))
        });
    let advice = match main {
        // Who has the permits is still at work with them.
        _ if is_permit && !owners.is_empty() => "threads-stuck-permits-advice",
        _ if is_permit => "threads-stuck-permit-advice",
        How::Blocked | How::For(_) if writes_out => "threads-stuck-output-advice",
        How::Blocked | How::For(_) => "threads-stuck-lock-advice",
        LENT => "threads-stuck-pool-advice",
        How::Doing("threads-doing-reading" | "threads-doing-writing" | "threads-doing-connecting") => {
            "threads-stuck-network-advice"
        }
        How::Doing(SLEEPS) => "threads-stuck-sleep-advice",
        How::Doing(_) if library.is_some() => "threads-stuck-library-advice",
        How::Doing(LATCH) => "threads-stuck-latch-advice",
        How::Doing(_) => "threads-stuck-advice",
    };
    let mut evidence: Vec<Text> =
        owners.iter().take(TOLD).filter_map(|owner| stands(snapshot, owner)).collect();
    evidence.extend(executor.into_iter().flat_map(|executor| full(snapshot, waits, executor)));
    Ok(Some(Finding {
        id: "threads.stuck".into(),
        // Nobody gets anything from a pool that waits for the network itself.
        severity: if is_cut_off { Severity::Error } else { otherwise },
        title,
        class: pool_waited_for(snapshot, &there).filter(|_| main == LENT),
        bytes: there.iter().map(|thread| thread.retained_bytes).sum(),
        count: there.len() as u64,
        holder: None,
        advice: vec![Text::message(advice)],
        evidence,
        link: None,
        fingerprint: Fingerprint::of(&["threads.stuck", &normalise_thread(&threads[0].name), &place.method]),
    }))
}

/// The class of the pool that most of some threads wait for.
fn pool_waited_for(snapshot: &Snapshot, threads: &[&ThreadFacts]) -> Option<String> {
    let mut classes: HashMap<&str, usize> = HashMap::new();
    for frame in threads.iter().filter_map(|thread| lender(thread.frames(snapshot))) {
        *classes.entry(&frame.class).or_default() += 1;
    }
    let (class, count) = classes.into_iter().max_by_key(|&(class, count)| (count, Reverse(class)))?;
    (count * 2 > threads.len()).then(|| class.to_owned())
}

/// The monitor that most of some blocked threads wait for, and the thread that seems to have it.
fn monitor(threads: &[&ThreadFacts]) -> Option<(ObjectIx, Option<ObjectIx>)> {
    let mut counts: HashMap<(ObjectIx, Option<ObjectIx>), usize> = HashMap::new();
    let enters = |thread: &&&ThreadFacts| thread.state == Some(ThreadState::Blocked);
    for wait in threads.iter().filter(enters).filter_map(|thread| thread.wait) {
        *counts.entry((wait.object, wait.owner)).or_default() += 1;
    }
    let (found, count) = counts.into_iter().max_by_key(|&(found, count)| (count, found))?;
    (count * 2 > threads.iter().filter(enters).count()).then_some(found)
}

/// What became of the permits that `waiting` wait for.
fn tail(
    snapshot: &Snapshot,
    waiting: &[&ThreadFacts],
    is_permit: bool,
    owners: &[&ThreadFacts],
) -> Option<Text> {
    let first = match owners {
        _ if !is_permit => return None,
        // Virtual threads that do not run may be missing from the dump.
        [] => {
            let are_all_known = !waiting.iter().any(|thread| thread.is_virtual);
            return are_all_known.then(|| Text::message("threads-permits-lost"));
        }
        // A single one is told by its name.
        [_] => return None,
        [first, ..] => doing_of(snapshot, first)?,
    };
    let are_alike = owners.iter().all(|owner| doing_of(snapshot, owner).as_ref() == Some(&first));
    let args = [("count", Arg::Count(owners.len() as u64)), ("doing", Arg::text(first))];
    are_alike.then(|| Text::with("threads-permits-at-work", args))
}

/// The threads that work for the pool which `waiting` wait for, and do not wait for it themselves: a method of the pool, or of its library, has it in
/// hand. Who has borrowed something has only that.
fn lenders<'a>(snapshot: &Snapshot, waits: &Waits<'a>, waiting: &[&'a ThreadFacts]) -> Vec<&'a ThreadFacts> {
    let pool_of = |thread: &&ThreadFacts| {
        let frame = lender(thread.frames(snapshot))?;
        let is_it = |&&local: &&ObjectIx| snapshot.classes().is_named(snapshot.class_of(local), &frame.class);
        frame.locals.iter().find(is_it).copied()
    };
    let pools: HashSet<ObjectIx> = waiting.iter().filter_map(pool_of).collect();
    let works = |thread: &&ThreadFacts| {
        let frames = thread.frames(snapshot);
        let of_library =
            frames.iter().filter(|frame| origin_of_named(snapshot, &frame.class) != Origin::Application);
        let mut locals = of_library.flat_map(|frame| &frame.locals);
        what(frames) != Some("threads-doing-pool") && locals.any(|local| pools.contains(local))
    };
    waits.threads.iter().filter(works).collect()
}

/// That the queue of an executor is full, and which threads run themselves what it has rejected.
fn full(snapshot: &Snapshot, waits: &Waits<'_>, executor: &Executor) -> Vec<Text> {
    let limit = executor.queue.and_then(|queue| queue_limit(snapshot, queue));
    let Some(limit) = limit.filter(|&limit| limit > 0 && executor.queued >= Some(limit)) else {
        return Vec::new();
    };
    let runs_itself = |thread: &&ThreadFacts| {
        let mut frames = thread.frames(snapshot).iter();
        frames.any(|frame| {
            frame.class.ends_with("ThreadPoolExecutor$CallerRunsPolicy")
                && frame.locals.contains(&executor.object)
        })
    };
    let callers: Vec<&ThreadFacts> = waits.threads.iter().filter(runs_itself).collect();
    let limit = ("limit", Arg::Count(limit));
    let mut told = vec![match no_room(snapshot, executor.object) {
        Some(no_room) => {
            Text::with("threads-queue-full-then", [limit, ("then", Arg::text(then_words(no_room)))])
        }
        None => Text::with("threads-queue-full", [limit]),
    }];
    if let Some(first) = callers.first() {
        let place = super::nearest_own(snapshot, first.frames(snapshot));
        let place = place.map_or_else(|| "?".to_owned(), |frame| report_frame(frame).to_string());
        let args = [
            ("count", Arg::Count(callers.len() as u64)),
            ("thread", Arg::name(pattern(&callers))),
            ("place", Arg::name(place)),
        ];
        told.push(Text::with("threads-caller-runs", args));
    }
    told
}

/// What becomes of more tasks.
pub(in crate::inspect) fn then_words(no_room: NoRoom) -> Text {
    Text::message(match no_room {
        NoRoom::Throws => "queue-full-throws",
        NoRoom::CallerRuns => "queue-full-caller-runs",
        NoRoom::Drops => "queue-full-drops",
        NoRoom::DropsOldest => "queue-full-drops-oldest",
    })
}

/// What most of them wait for.
fn words(
    snapshot: &Snapshot,
    how: How,
    names: &LockNames,
    holder: Option<&ThreadFacts>,
    monitor: Option<ObjectIx>,
) -> Text {
    match how {
        How::Blocked => monitor.map_or_else(
            || Text::message("threads-doing-blocked"),
            |monitor| {
                Text::with("threads-doing-monitor", [("lock", Arg::name(names.name(snapshot, monitor)))])
            },
        ),
        How::For(object) => {
            let mut args = vec![("lock", Arg::name(names.name(snapshot, object)))];
            args.extend(holder.map(|holder| ("thread", Arg::name(&holder.name))));
            args.push(("left", Arg::Count(permits_left(snapshot, object))));
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
