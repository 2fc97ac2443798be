//! Threads that are too many.
//!
//! A request holds memory while it runs, and that is load. Hundreds of threads of one name that were started for the same method and stand in
//! it, or that each have something in a field of the thread object, are no requests: each of them is small, and what piles up are the threads.
//! Workers of pools are excepted, which are given their work, but for hundreds of them that all wait for something in one method: no pool is meant to be so large.
//! Owns what such threads do, where, and what they wait for.
//! Cost: one look at the frames of all threads, and a name for those that may belong to it; where they wait for a lock, a pass over all references.

use crate::hprof::ObjectId;
use crate::inspect::holders::{Ownership, is_thread, report_frame};
use crate::inspect::threads::{IDLE, PERMIT, TAKES, nearest_own, patterns_of, serves, what};
use crate::ix::ObjectIx;
use crate::query::{Lock, Origin, Permits, lock_of, origin_of_named, permits_of, thread_name};
use crate::report::{Arg, Frame, Text, normalise_thread, thread_pattern};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame, Thread};
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::hash::Hash;

/// So many threads in one method are too many.
const MANY: usize = 100;

/// So many workers of a pool that wait in one method are too many: Tomcat has 200.
const MANY_WORKERS: u64 = 250;

/// Threads of one name.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    /// Their name without numbers.
    pub(super) pattern: String,
    /// How many.
    pub(super) count: u64,
    /// What they retain together, in bytes.
    pub(super) bytes: u64,
    /// The one that retains most.
    pub(super) largest: ObjectIx,
    /// Those that no other one of them retains.
    pub(super) threads: Vec<ObjectIx>,
    /// Whether they are virtual threads.
    pub(super) is_virtual: bool,
    /// Whether they stand at several places, and are told by a method that all of them are in.
    pub(super) is_wider: bool,
    /// What they do.
    pub(super) doing: Doing,
}

/// What several threads do.
#[derive(Debug, Clone)]
pub(super) struct Doing {
    /// Where nearly all of them stand: the innermost frame of the application's, if there is one.
    pub(super) place: Option<Frame>,
    /// What they do there, as a message.
    what: Option<&'static str>,
    /// What they were started for: the outermost frame of the application's, or else of a library's.
    started_for: Option<Frame>,
    /// The lock that most of them wait for, and who has it.
    lock: Option<Lock>,
    /// Or the semaphore.
    permits: Option<Permits>,
    /// Whether another thread is in that method and waits for nothing: it has a permit.
    is_passed: bool,
}

/// The threads that stand in the method of `frame` and are called like `thread`, if they are a crowd none of which stands out. Where `all` objects are in
/// question, one of each thread, and these are only a part of as many threads: all that stand in that method, or else all that are called so and have a method
/// of the application's in common.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn in_frame(
    snapshot: &Snapshot,
    frame: &Frame,
    thread: &str,
    all: Option<u64>,
) -> Result<Option<Crowd>, SnapshotError> {
    let is_frame = |at: &StackFrame| *at.class == *frame.class && *at.method == *frame.method;
    let stands = |thread: &Thread| {
        let at = thread.frames.iter().position(is_frame);
        at.is_some_and(|at| !thread.frames[at..].iter().any(is_worker))
    };
    let Some(crowd) = find(snapshot, Some(thread), stands)? else {
        let is_there = |thread: &Thread| thread.frames.iter().any(is_frame);
        let workers = find(snapshot, Some(thread), is_there)?;
        return Ok(workers.filter(|workers| workers.count >= MANY_WORKERS && workers.doing.waits()));
    };
    let Some(all) = all.filter(|&all| crowd.count * 4 < all * 3) else { return Ok(Some(crowd)) };
    let are_all = |wider: &Crowd| (all * 9..=all * 11).contains(&(wider.count * 10));
    if let Some(wider) = find(snapshot, None, stands)?.filter(are_all) {
        return Ok(Some(wider));
    }
    let is_free = |thread: &Thread| !thread.frames.iter().any(is_worker);
    let Some(mut wider) = find(snapshot, Some(thread), is_free)?.filter(are_all) else {
        return Ok(Some(crowd));
    };
    let is_one = |thread: &&Thread| wider.threads.binary_search(&thread.object).is_ok();
    let threads: Vec<&Thread> = snapshot.threads().iter().filter(is_one).collect();
    let Some(place) = common_place(snapshot, &threads) else { return Ok(Some(crowd)) };
    let doing = &mut wider.doing;
    doing.started_for = doing.started_for.take().filter(|started| started.method != place.method);
    doing.place = Some(place);
    Ok(Some(Crowd { is_wider: true, ..wider }))
}

/// The innermost method of the application's that nearly all of these threads are in.
fn common_place(snapshot: &Snapshot, threads: &[&Thread]) -> Option<Frame> {
    let is_own = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let is_common = |frame: &&StackFrame| {
        let is_it = |other: &StackFrame| other.class == frame.class && other.method == frame.method;
        let having = threads.iter().filter(|thread| thread.frames.iter().any(is_it)).count();
        having * 4 >= threads.len() * 3
    };
    threads.first()?.frames.iter().filter(is_own).find(is_common).map(report_frame)
}

/// The threads that each lead to one of these objects, with all that are called like them, stand at the same place and run no tasks of a pool, if
/// they are a crowd none of which stands out.
///
/// # Errors
/// As [`in_frame`].
pub(super) fn of_each(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    samples: &[ObjectIx],
) -> Result<Option<Crowd>, SnapshotError> {
    let Some(threads) = one_for_each(snapshot, ownership, samples) else { return Ok(None) };
    let name = |thread: &&Thread| thread_name(snapshot, thread.object);
    let place = |thread: &Thread| nearest_own(snapshot, &thread.frames).map(report_frame);
    let stable = |thread: &&Thread| normalise_thread(&name(thread)).into_owned();
    let Some(pattern) = of_most(threads.iter().map(stable), threads.len()) else { return Ok(None) };
    let Some(like) = threads.iter().find(|thread| stable(thread) == pattern) else { return Ok(None) };
    // Threads that nobody has named are called alike wherever they come from.
    let of_most = of_most(threads.iter().filter_map(|thread| place(thread)), threads.len());
    find(snapshot, Some(&name(like)), |thread| {
        !thread.frames.iter().any(is_worker) && (of_most.is_none() || place(thread) == of_most)
    })
}

/// What the threads do that stand in the method of `frame` and are called like `thread`, if there are several.
///
/// # Errors
/// As [`in_frame`].
pub(super) fn calls(
    snapshot: &Snapshot,
    frame: &Frame,
    thread: &str,
) -> Result<Option<Doing>, SnapshotError> {
    let is_frame = |at: &StackFrame| *at.class == *frame.class && *at.method == *frame.method;
    let pattern = normalise_thread(thread);
    let is_one = |thread: &&Thread| {
        thread.frames.iter().any(is_frame)
            && normalise_thread(&thread_name(snapshot, thread.object)) == pattern
    };
    let threads: Vec<&Thread> = snapshot.threads().iter().filter(is_one).collect();
    if threads.len() < 2 { Ok(None) } else { Doing::of(snapshot, &threads).map(Some) }
}

/// The threads from which the paths to these objects begin, if they are as many.
pub(super) fn one_for_each<'s>(
    snapshot: &'s Snapshot,
    ownership: &Ownership<'_>,
    samples: &[ObjectIx],
) -> Option<Vec<&'s Thread>> {
    const LEAST: usize = 16;
    if samples.len() < LEAST {
        return None;
    }
    let first = |&sample: &ObjectIx| {
        let first = snapshot.find(ObjectId(ownership.path_to(sample).first()?.address))?;
        is_thread(snapshot, first).then_some(first)
    };
    let mut objects: Vec<ObjectIx> = samples.iter().map_while(first).collect();
    if objects.len() < samples.len() {
        return None;
    }
    objects.sort_unstable();
    objects.dedup();
    let is_one = |thread: &&Thread| objects.binary_search(&thread.object).is_ok();
    let threads: Vec<&Thread> = snapshot.threads().iter().filter(is_one).collect();
    (threads.len() * 10 >= samples.len() * 9).then_some(threads)
}

/// The threads that are of it, and called like that one if there is one, if they are a crowd none of which stands out.
fn find(
    snapshot: &Snapshot,
    thread: Option<&str>,
    is_of_it: impl Fn(&Thread) -> bool,
) -> Result<Option<Crowd>, SnapshotError> {
    let inside: Vec<&Thread> = snapshot.threads().iter().filter(|thread| is_of_it(thread)).collect();
    if inside.len() < MANY {
        return Ok(None);
    }
    let pattern = thread.map(normalise_thread);
    let mut names: Vec<String> = Vec::new();
    let mut alike: Vec<&Thread> = Vec::new();
    for thread in inside {
        let name = thread_name(snapshot, thread.object);
        if pattern.as_ref().is_none_or(|pattern| normalise_thread(&name) == *pattern) {
            names.push(name);
            alike.push(thread);
        }
    }
    let retained = |thread: &&Thread| snapshot.retained_bytes(thread.object);
    let bytes: u64 = alike.iter().map(retained).sum();
    let largest = alike.iter().max_by_key(|thread| (retained(thread), Reverse(thread.object)));
    let Some(largest) = largest.filter(|largest| alike.len() >= MANY && retained(largest) * 5 <= bytes)
    else {
        return Ok(None);
    };
    let mut threads: Vec<ObjectIx> = alike.iter().map(|thread| thread.object).collect();
    threads.sort_unstable();
    let tree = snapshot.dominators();
    let is_within = |&thread: &ObjectIx| {
        tree.dominators(thread).take(1 << 10).any(|above| threads.binary_search(&above).is_ok())
    };
    let outermost: Vec<ObjectIx> = threads.iter().copied().filter(|thread| !is_within(thread)).collect();
    let bytes: u64 = outermost.iter().map(|&thread| snapshot.retained_bytes(thread)).sum();
    Ok(Some(Crowd {
        pattern: match thread {
            Some(_) => thread_pattern(names.iter().map(String::as_str)),
            None => patterns_of(names.iter().map(String::as_str)),
        },
        is_wider: false,
        count: alike.len() as u64,
        bytes,
        largest: largest.object,
        threads: outermost,
        is_virtual: snapshot.class_name(largest.object) == "java.lang.VirtualThread",
        doing: Doing::of(snapshot, &alike)?,
    }))
}

impl Crowd {
    /// `1,200 threads notify-*, reading from the network in com.acme.Gateway.send(Gateway.java:5)`; `holder` is where they hold what they hold.
    pub(super) fn title(&self, holder: Option<&Frame>) -> Text {
        let kind = if self.is_virtual { "threads-of-kind-virtual" } else { "threads-of-kind" };
        let mut args = vec![
            ("count", Arg::Count(self.count)),
            ("thread", Arg::name(&self.pattern)),
            ("kind", Arg::text(Text::message(kind))),
        ];
        let Some(place) = self.doing.place.as_ref().or(holder) else {
            return Text::with("suspect-title-threads-named", args);
        };
        args.push(("place", Arg::name(place.to_string())));
        let Some(what) = self.doing.what else { return Text::with("suspect-title-threads", args) };
        args.push(("doing", Arg::text(Text::message(what))));
        Text::with("suspect-title-threads-doing", args)
    }

    /// What the largest of them retains most of its memory by.
    pub(super) fn largest_part(&self, snapshot: &Snapshot) -> ObjectIx {
        let heaviest = |&object: &ObjectIx| {
            let children = snapshot.dominators().children(object).iter().copied();
            let heaviest = children.max_by_key(|&child| (snapshot.retained_bytes(child), Reverse(child)))?;
            (snapshot.retained_bytes(heaviest) * 2 >= snapshot.retained_bytes(object)).then_some(heaviest)
        };
        std::iter::successors(Some(self.largest), heaviest).take(64).last().unwrap_or(self.largest)
    }

    /// What they wait for, and for what they were started.
    pub(super) fn activity(&self, snapshot: &Snapshot) -> Vec<Text> {
        let started = self.doing.started_for.as_ref();
        let started =
            started.map(|at| Text::with("suspect-threads-started", [("place", Arg::name(at.to_string()))]));
        self.doing.waiting(snapshot).into_iter().chain(started).collect()
    }
}

impl Doing {
    fn of(snapshot: &Snapshot, threads: &[&Thread]) -> Result<Self, SnapshotError> {
        let own = |thread: &&Thread| nearest_own(snapshot, &thread.frames).map(report_frame);
        let outermost = |thread: &&Thread| {
            // What the compiler made of a lambda has no name that anybody wrote.
            let is_of = |frame: &StackFrame, origin| {
                origin_of_named(snapshot, &frame.class) == origin && !frame.class.contains("$$Lambda")
            };
            let own = thread.frames.iter().rfind(|frame| is_of(frame, Origin::Application));
            // Of threads that a library has started, what these run says what they are for.
            let of_library = || thread.frames.iter().rfind(|frame| is_of(frame, Origin::Library));
            own.or_else(of_library).map(task_frame)
        };
        let place = of_most(threads.iter().filter_map(own), threads.len());
        let started_for = of_most(threads.iter().filter_map(outermost), threads.len());
        let objects: Vec<ObjectIx> = threads.iter().map(|thread| thread.object).collect();
        let doing = of_most(threads.iter().filter_map(|thread| what(&thread.frames)), threads.len());
        let is_there = |thread: &Thread| {
            let is_it =
                |at: &Frame, frame: &StackFrame| *at.class == *frame.class && *at.method == *frame.method;
            place.as_ref().is_some_and(|at: &Frame| thread.frames.iter().any(|frame| is_it(at, frame)))
        };
        let permits = if doing == Some(PERMIT) { permits_of(snapshot, &objects)? } else { None };
        let is_passed = permits.is_some()
            && snapshot.threads().iter().any(|thread| is_there(thread) && what(&thread.frames) != doing);
        Ok(Self {
            what: doing,
            started_for: started_for.filter(|at| Some(at) != place.as_ref()),
            place,
            lock: lock_of(snapshot, &objects)?,
            permits,
            is_passed,
        })
    }

    /// Whether they wait for something that is not work.
    fn waits(&self) -> bool {
        self.what.is_some_and(|what| !matches!(what, IDLE | TAKES) && !serves(Some(what)))
    }

    /// The lock that they wait for, and what the one does that has it.
    fn waiting(&self, snapshot: &Snapshot) -> Option<Text> {
        if let Some(permits) = &self.permits {
            let args = [("lock", Arg::name(&permits.name)), ("left", Arg::Count(permits.left))];
            return Some(Text::with("suspect-threads-permit", args));
        }
        let lock = self.lock.as_ref()?;
        let owner = snapshot.threads().iter().find(|thread| thread.object == lock.owner);
        let at = owner.and_then(|owner| nearest_own(snapshot, &owner.frames));
        let doing = owner.and_then(|owner| what(&owner.frames));
        let mut args =
            vec![("lock", Arg::name(&lock.name)), ("thread", Arg::name(thread_name(snapshot, lock.owner)))];
        args.extend(at.map(|at| ("place", Arg::name(report_frame(at).to_string()))));
        args.extend(doing.map(|doing| ("doing", Arg::text(Text::message(doing)))));
        let id = match (doing, at) {
            (Some(_), Some(_)) => "suspect-threads-lock-doing",
            (None, Some(_)) => "suspect-threads-lock-in",
            _ => "suspect-threads-lock",
        };
        Some(Text::with(id, args))
    }

    /// What they wait for, or else what they do and where; nothing of threads that compute.
    pub(super) fn activity(&self, snapshot: &Snapshot) -> Option<Text> {
        let doing = || {
            let place = ("place", Arg::name(self.place.as_ref()?.to_string()));
            Some(Text::with(
                "suspect-threads-doing",
                [("doing", Arg::text(Text::message(self.what?))), place],
            ))
        };
        self.waiting(snapshot).or_else(doing)
    }

    /// What to change, by what they do.
    pub(super) fn advice(&self) -> Option<Text> {
        let id = match self.what? {
            "threads-doing-reading" | "threads-doing-writing" => "suspect-advice-threads-network",
            "threads-doing-lock" if self.lock.is_some() => "suspect-advice-threads-lock",
            PERMIT if self.permits.is_some() && self.is_passed => "threads-stuck-permits-advice",
            PERMIT if self.permits.is_some() => "threads-stuck-permit-advice",
            _ => return None,
        };
        Some(Text::message(id))
    }
}

/// A frame of a lambda by the method that it was written in.
fn task_frame(frame: &StackFrame) -> Frame {
    let mut frame = report_frame(frame);
    let written_in = frame.method.strip_prefix("lambda$").and_then(|rest| rest.rsplit_once('$'));
    if let Some((method, _)) = written_in.filter(|(method, _)| !matches!(*method, "new" | "static")) {
        frame.method = method.to_owned();
    }
    frame
}

/// What is the same for nearly all of so many.
pub(super) fn of_most<T: Eq + Hash>(values: impl Iterator<Item = T>, all: usize) -> Option<T> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    // More than half can be one value only.
    counts.into_iter().find(|&(_, count)| count * 4 >= all * 3).map(|(value, _)| value)
}

/// Whether a frame is that of a thread of a pool, which runs what it is given. Any thread that waits for a signal may pass `managedBlock`.
fn is_worker(frame: &StackFrame) -> bool {
    let is_fork_join = frame.class.contains("ForkJoin") && !frame.method.ends_with("anagedBlock");
    &*frame.method == "runWorker" || is_fork_join
}
