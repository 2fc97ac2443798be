//! Who should empty a full collection and no longer runs.
//!
//! A queue that nobody takes from any more is filled by everybody else, and whoever runs out of memory is innocent. The object whose field the
//! collection is often refers to its consumer: a thread that has ended, several of which some have, or a periodic task that ended with the first exception it threw.
//! Cost: the fields of one object.

use super::story::words_of_name;
use crate::hprof::RootTag;
use crate::inspect::holders::{Held, is_thread, link_label};
use crate::ix::ObjectIx;
use crate::query::{elements_of, has_ended, thread_name};
use crate::report::{Arg, HolderKind, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};

/// Elements of a collection that are looked at.
const MOST: usize = 1 << 12;

/// What is said of a thread, and of a task.
const ENDED_THREAD: &str = "suspect-advice-ended-thread";
pub(in crate::inspect) const FAILED_TASK: &str = "suspect-advice-failed-task";

/// What `owner`, the object whose field holds it, says of its consumer. Whether that stands for itself: where the owner has a thread that lives, this one may
/// be the consumer, and it is advice to look there.
pub(super) fn told(snapshot: &Snapshot, held: &Held, owner: ObjectIx) -> Option<(Text, bool)> {
    let is_field = matches!(held.holder.kind, HolderKind::InstanceField | HolderKind::StaticField);
    // An array has no fields, and it may be long.
    if held.kind != SuspectKind::Leak || !is_field || snapshot.class(owner).is_array() {
        return None;
    }
    let mut found = None;
    let mut has_live = false;
    snapshot.links(owner, |link, target| {
        if found.is_none() {
            found = ended(snapshot, link, target, held);
        }
        has_live = has_live || is_link_to_live(snapshot, link, target);
        true
    });
    found.map(|text| (text, !has_live))
}

/// Whether a field leads to a thread that lives, or to a collection with one.
fn is_link_to_live(snapshot: &Snapshot, link: Link<'_>, target: ObjectIx) -> bool {
    let is_live = |thread: ObjectIx| {
        is_thread(snapshot, thread)
            && snapshot.roots_of(thread).iter().any(|root| root.kind == RootTag::ThreadObject)
    };
    matches!(link, Link::Field { .. } | Link::Static { .. })
        && (is_live(target) || threads_in(snapshot, target).into_iter().any(is_live))
}

/// The elements of a collection that may be threads: none if the first few are none.
fn threads_in(snapshot: &Snapshot, collection: ObjectIx) -> Vec<ObjectIx> {
    const FEW: usize = 16;
    let has_threads = elements_of(snapshot, collection, FEW).into_iter().any(|one| is_thread(snapshot, one));
    if has_threads { elements_of(snapshot, collection, MOST) } else { Vec::new() }
}

/// How many threads of a collection have ended, and of how many, if any has.
fn workers(snapshot: &Snapshot, collection: ObjectIx) -> Option<[(&'static str, Arg); 2]> {
    let threads = threads_in(snapshot, collection);
    let are_threads = threads.iter().all(|&thread| is_thread(snapshot, thread));
    let ended = threads.iter().filter(|&&thread| are_threads && has_ended(snapshot, thread)).count();
    (ended > 0).then_some([("count", Arg::Count(ended as u64)), ("all", Arg::Count(threads.len() as u64))])
}

fn ended(snapshot: &Snapshot, link: Link<'_>, target: ObjectIx, held: &Held) -> Option<Text> {
    let (Link::Field { class, .. } | Link::Static { class, .. }) = link else { return None };
    let field = format!("{}.{}", snapshot.classes().get(class).name, link_label(snapshot, link));
    let (field, holder) = (("field", Arg::name(field)), ("holder", held.holder.words()));
    if is_thread(snapshot, target) {
        let has_ended = has_ended(snapshot, target);
        let thread = ("thread", Arg::name(thread_name(snapshot, target)));
        return has_ended.then(|| Text::with(ENDED_THREAD, [thread, field, holder]));
    }
    if let Some(words) = workers(snapshot, target) {
        if target == held.object {
            // What piles up is there for them, and none of them takes it out.
            return Some(Text::with("suspect-advice-ended-keys", words.into_iter().chain([holder])));
        }
        return Some(Text::with("suspect-advice-ended-workers", words.into_iter().chain([field, holder])));
    }
    /// `FutureTask.EXCEPTIONAL`.
    const EXCEPTIONAL: i64 = 3;
    let is_task = snapshot.classes().is_named(snapshot.class_of(target), "java.util.concurrent.FutureTask");
    if !is_task || snapshot.integer(target, "state") != Some(EXCEPTIONAL) {
        return None;
    }
    let error = snapshot.follow(target, "outcome").map(|error| snapshot.class_name(error))?;
    Some(Text::with(FAILED_TASK, [field, ("error", Arg::name(error)), holder]))
}

/// Whether what has ended was there to empty it, by what its field or thread is called: whoever looks for what has expired, and nobody who loads or reports.
pub(super) fn was_to_empty(text: &Text) -> bool {
    const EMPTIES: [&str; 20] = [
        "clean",
        "cleanup",
        "cleaner",
        "drain",
        "drainer",
        "evict",
        "eviction",
        "evictor",
        "expire",
        "expirer",
        "expiry",
        "expiration",
        "housekeeper",
        "housekeeping",
        "janitor",
        "purge",
        "purger",
        "reaper",
        "sweep",
        "sweeper",
    ];
    let Text::Message { id, args } = text else { return false };
    let is_single = id == ENDED_THREAD || id == FAILED_TASK;
    let names = ["field", "thread"].iter().filter_map(|name| match args.get(*name) {
        Some(Arg::Name(name)) => Some(name.rsplit('.').next().unwrap_or(name)),
        _ => None,
    });
    is_single && names.flat_map(words_of_name).any(|word| EMPTIES.contains(&&*word))
}

/// What to do where that is so.
pub(super) fn advice(text: &Text) -> Text {
    let args = match text {
        Text::Message { args, .. } => args.clone(),
        _ => Default::default(),
    };
    Text::Message { id: "suspect-advice-run-again".into(), args }
}
