//! Threads that are too many.
//!
//! A request holds memory while it runs, and that is load. Hundreds of threads of one name that were started for the same method and stand in
//! it, or that each have something in a field of the thread object, are no requests: each of them is small, and what piles up are the threads.
//! Workers of pools are excepted; they are given their work. Owns what such threads do, where, and what they wait for.
//! Cost: one look at the frames of all threads, and a name for those that may belong to it; where they wait for a lock, a pass over all references.

use crate::hprof::ObjectId;
use crate::inspect::holders::{Ownership, is_thread, report_frame};
use crate::inspect::threads::{nearest_own, what};
use crate::ix::ObjectIx;
use crate::query::{Lock, Origin, lock_of, origin_of_named, thread_name};
use crate::report::{Arg, Frame, Text, normalise_thread, thread_pattern};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame, Thread};
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::hash::Hash;

/// So many threads in one method are too many.
const MANY: usize = 100;

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
    /// Whether they are virtual threads.
    pub(super) is_virtual: bool,
    /// Where nearly all of them stand: the innermost frame of the application's, if there is one.
    pub(super) place: Option<Frame>,
    /// What they do there, as a message.
    doing: Option<&'static str>,
    /// What they were started for: the outermost frame of the application's.
    started_for: Option<Frame>,
    /// The lock that most of them wait for, and who has it.
    lock: Option<Lock>,
}

/// The threads that stand in the method of `frame` and are called like `thread`, if they are a crowd none of which stands out.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn in_frame(
    snapshot: &Snapshot,
    frame: &Frame,
    thread: &str,
) -> Result<Option<Crowd>, SnapshotError> {
    let is_frame = |at: &StackFrame| *at.class == *frame.class && *at.method == *frame.method;
    find(snapshot, thread, |thread| {
        let at = thread.frames.iter().position(is_frame);
        at.is_some_and(|at| !thread.frames[at..].iter().any(is_worker))
    })
}

/// The threads that are called like `thread` and run no tasks of a pool, if they are a crowd none of which stands out.
///
/// # Errors
/// As [`in_frame`].
pub(super) fn called(snapshot: &Snapshot, thread: &str) -> Result<Option<Crowd>, SnapshotError> {
    find(snapshot, thread, |thread| !thread.frames.iter().any(is_worker))
}

/// What threads are called that each lead to one of these objects, if they are as many and all of one name, numbers apart.
pub(super) fn name_of_each(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    samples: &[ObjectIx],
) -> Option<String> {
    const LEAST: usize = 16;
    if samples.len() < LEAST {
        return None;
    }
    let first = |&sample: &ObjectIx| {
        let first = snapshot.find(ObjectId(ownership.path_to(sample).first()?.address))?;
        is_thread(snapshot, first).then_some(first)
    };
    let mut threads: Vec<ObjectIx> = samples.iter().map_while(first).collect();
    if threads.len() < samples.len() {
        return None;
    }
    threads.sort_unstable();
    threads.dedup();
    let names: Vec<String> = threads.iter().map(|&thread| thread_name(snapshot, thread)).collect();
    let patterns = names.iter().map(|name| normalise_thread(name));
    let is_each = threads.len() * 10 >= samples.len() * 9;
    let pattern = of_most(patterns, threads.len()).filter(|_| is_each)?;
    names.iter().find(|name| normalise_thread(name) == pattern).cloned()
}

fn find(
    snapshot: &Snapshot,
    thread: &str,
    is_of_it: impl Fn(&Thread) -> bool,
) -> Result<Option<Crowd>, SnapshotError> {
    let inside: Vec<&Thread> = snapshot.threads().iter().filter(|thread| is_of_it(thread)).collect();
    if inside.len() < MANY {
        return Ok(None);
    }
    let pattern = normalise_thread(thread).into_owned();
    let mut names: Vec<String> = Vec::new();
    let mut alike: Vec<&Thread> = Vec::new();
    for thread in inside {
        let name = thread_name(snapshot, thread.object);
        if normalise_thread(&name) == pattern {
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
    let own = |thread: &&Thread| nearest_own(snapshot, &thread.frames).map(report_frame);
    let outermost = |thread: &&Thread| {
        // What the compiler made of a lambda has no name that anybody wrote.
        let is_own = |frame: &&StackFrame| {
            origin_of_named(snapshot, &frame.class) == Origin::Application
                && !frame.class.contains("$$Lambda")
        };
        thread.frames.iter().rfind(is_own).map(task_frame)
    };
    let place = of_most(alike.iter().filter_map(own), alike.len());
    let objects: Vec<ObjectIx> = alike.iter().map(|thread| thread.object).collect();
    Ok(Some(Crowd {
        pattern: thread_pattern(names.iter().map(String::as_str)),
        count: alike.len() as u64,
        bytes,
        largest: largest.object,
        is_virtual: snapshot.class_name(largest.object) == "java.lang.VirtualThread",
        doing: of_most(alike.iter().filter_map(|thread| what(&thread.frames)), alike.len()),
        started_for: of_most(alike.iter().filter_map(outermost), alike.len())
            .filter(|at| Some(at) != place.as_ref()),
        place,
        lock: lock_of(snapshot, &objects)?,
    }))
}

impl Crowd {
    /// `1,200 threads notify-*, reading from the network in com.acme.Gateway.send(Gateway.java:5)`; `holder` is where they hold what they hold.
    pub(super) fn title(&self, holder: Option<&Frame>) -> Text {
        let mut args = vec![("count", Arg::Count(self.count)), ("thread", Arg::name(&self.pattern))];
        let Some(place) = self.place.as_ref().or(holder) else {
            return Text::with("suspect-title-threads-named", args);
        };
        args.push(("place", Arg::name(place.to_string())));
        let Some(doing) = self.doing else { return Text::with("suspect-title-threads", args) };
        args.push(("doing", Arg::text(Text::message(doing))));
        Text::with("suspect-title-threads-doing", args)
    }

    /// What they wait for, and for what they were started.
    pub(super) fn activity(&self, snapshot: &Snapshot) -> Vec<Text> {
        let lock = self.lock.as_ref().map(|lock| {
            let owner = snapshot.threads().iter().find(|thread| thread.object == lock.owner);
            let at = owner.and_then(|owner| nearest_own(snapshot, &owner.frames));
            let doing = owner.and_then(|owner| what(&owner.frames));
            let mut args = vec![
                ("lock", Arg::name(&lock.name)),
                ("thread", Arg::name(thread_name(snapshot, lock.owner))),
            ];
            args.extend(at.map(|at| ("place", Arg::name(report_frame(at).to_string()))));
            args.extend(doing.map(|doing| ("doing", Arg::text(Text::message(doing)))));
            Text::with(
                match (doing, at) {
                    (Some(_), Some(_)) => "suspect-threads-lock-doing",
                    (None, Some(_)) => "suspect-threads-lock-in",
                    _ => "suspect-threads-lock",
                },
                args,
            )
        });
        let started = self.started_for.as_ref();
        let started =
            started.map(|at| Text::with("suspect-threads-started", [("place", Arg::name(at.to_string()))]));
        lock.into_iter().chain(started).collect()
    }

    /// What to change, by what they do.
    pub(super) fn advice(&self) -> Option<Text> {
        let id = match self.doing? {
            "threads-doing-reading" | "threads-doing-writing" => "suspect-advice-threads-network",
            "threads-doing-lock" if self.lock.is_some() => "suspect-advice-threads-lock",
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
