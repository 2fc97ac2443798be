//! Who should take from a full queue and waits for something else meanwhile.
//!
//! A queue is full because more comes in than is taken out. Where the thread that takes stands in a method of the class that declares the queue and waits
//! there for the network, a pool or another thread, that is what to change, not the queue. Whether it is the one that takes a dump does not say: this
//! is told as a condition. Cost: a look at the frames of all threads, for each suspect that is a queue in a field of the application's.

use super::Story;
use crate::inspect::holders::{is_own_field, report_frame};
use crate::inspect::threads::{nearest_own, what};
use crate::ix::ObjectIx;
use crate::query::thread_name;
use crate::report::{Arg, SuspectKind, Text};
use crate::snapshot::{Snapshot, Thread};

/// What a thread does that takes nothing meanwhile.
const WAITS: &[&str] = &[
    "threads-doing-reading",
    "threads-doing-writing",
    "threads-doing-writing-out",
    "threads-doing-pool",
    "threads-doing-result",
    "threads-doing-latch",
];
/// More threads than these are given their work by something else.
const MOST: usize = 4;

impl Story {
    /// The thread that has the queue in hand and waits for something else.
    pub(super) fn consumer(&self, snapshot: &Snapshot) -> Option<Text> {
        let held = &self.held;
        if held.kind != SuspectKind::Leak || !is_own_field(&held.holder) || !is_queue(snapshot, held.object) {
            return None;
        }
        let class = held.holder.class.as_deref()?;
        let owner = self.declaring(snapshot);
        let is_of_class = |name: &str| {
            name.strip_prefix(class).is_some_and(|rest| rest.is_empty() || rest.starts_with('$'))
        };
        let waits = |thread: &Thread| {
            let doing = what(&thread.frames).filter(|doing| WAITS.contains(doing))?;
            let has_it = thread.frames.iter().any(|frame| {
                is_of_class(&frame.class)
                    && frame.locals.iter().any(|&local| Some(local) == owner || local == held.object)
            });
            Some(doing).filter(|_| has_it)
        };
        let waiting = snapshot.threads().iter().filter_map(|thread| Some((thread, waits(thread)?)));
        let waiting: Vec<(&Thread, &str)> = waiting.take(MOST + 1).collect();
        let &(thread, doing) = waiting.first().filter(|_| waiting.len() <= MOST)?;
        let place = nearest_own(snapshot, &thread.frames)?;
        let args = [
            ("thread", Arg::name(thread_name(snapshot, thread.object))),
            ("place", Arg::name(report_frame(place).to_string())),
            ("doing", Arg::text(Text::message(doing))),
        ];
        Some(Text::with("suspect-consumer-waits", args))
    }
}

fn is_queue(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class_name(object);
    class.starts_with("java.util.")
        && (class.ends_with("Queue") || class.ends_with("Deque") || class == "java.util.LinkedList")
}
