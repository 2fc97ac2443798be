//! Queues that are full: who waits to put more into one, and what those do that work with it as well.
//!
//! A queue with a limit does not grow: it is full because nothing is taken out, and the reason is on the stacks of other threads. Who takes
//! from it is not written anywhere; threads that have the queue or the object with its field at hand, and do not wait to put, are those to look
//! at. A thread that stands in `main` has only set it up. Cost: the local variables of all threads, and the references of each.

use super::crowd::of_most;
use crate::inspect::holders::report_frame;
use crate::inspect::threads::{nearest_own, then_words, what};
use crate::ix::ObjectIx;
use crate::query::{collection_length, no_room, queue_limit, thread_name};
use crate::report::{Arg, FULL_QUEUE, Frame, Text, normalise_thread, thread_pattern};
use crate::snapshot::{Snapshot, Thread};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A full queue.
#[derive(Debug, Clone)]
pub(super) struct Full {
    entries: u64,
    limit: u64,
    /// The pool whose tasks wait in it.
    pool: Option<ObjectIx>,
    /// Threads that wait to put more into it.
    putting: Vec<Group>,
    /// Others that work with it.
    others: Vec<Group>,
}

/// Threads of one name that do the same.
#[derive(Debug, Clone)]
struct Group {
    pattern: String,
    count: u64,
    doing: Option<&'static str>,
    place: Option<Frame>,
}

/// `queue` with what its threads do, if it is full; `owner` is the object whose field it is, and `pool` whose tasks wait in it.
pub(super) fn look(
    snapshot: &Snapshot,
    queue: ObjectIx,
    owner: Option<ObjectIx>,
    pool: Option<ObjectIx>,
) -> Option<Full> {
    let limit = queue_limit(snapshot, queue)?;
    let entries = collection_length(snapshot, queue)?;
    // Between two that are put in there is room for one.
    if entries == 0 || entries * 20 < limit * 19 {
        return None;
    }
    let room = snapshot.follow(queue, "notFull");
    let waits_for_room =
        |thread: &Thread| room.is_some() && snapshot.follow(thread.object, "parkBlocker") == room;
    let (putting, others): (Vec<&Thread>, Vec<&Thread>) =
        snapshot.threads().iter().partition(|thread| waits_for_room(thread));
    if entries < limit && putting.is_empty() {
        return None;
    }
    let is_it = |object: ObjectIx| object == queue || Some(object) == owner;
    let has_it = |thread: &&Thread| {
        let in_main = thread.frames.last().is_some_and(|frame| &*frame.method == "main");
        let mut locals = thread.locals().filter(|&local| local != thread.object);
        !in_main && locals.any(|local| is_it(local) || snapshot.references().of(local).any(is_it))
    };
    let others: Vec<&Thread> = others.into_iter().filter(has_it).collect();
    let (putting, others) = (groups(snapshot, &putting), groups(snapshot, &others));
    Some(Full { entries, limit, pool, putting, others })
}

impl Full {
    /// Whether somebody waits to put more into it.
    pub(super) fn is_waited_for(&self) -> bool {
        !self.putting.is_empty()
    }

    /// That it is full, and what its threads do.
    pub(super) fn activity(&self, snapshot: &Snapshot) -> Vec<Text> {
        const MOST: usize = 2;
        let mut args = vec![("entries", Arg::Count(self.entries)), ("limit", Arg::Count(self.limit))];
        // A pool offers its tasks to the queue, and does not wait.
        let [waits, of_pool, then] = FULL_QUEUE;
        let id = match self.pool.filter(|_| self.putting.is_empty()).map(|pool| no_room(snapshot, pool)) {
            None => waits,
            Some(None) => of_pool,
            Some(Some(no_room)) => {
                args.push(("then", Arg::text(then_words(no_room))));
                then
            }
        };
        let mut texts = vec![Text::with(id, args)];
        let putting = self.putting.iter().take(1).map(|group| group.words("suspect-queue-putting"));
        texts.extend(putting);
        let others = self.others.iter().take(MOST).map(|group| match group.doing {
            Some(_) => group.words("suspect-queue-others"),
            None => group.words("suspect-queue-others-in"),
        });
        texts.extend(others);
        texts
    }
}

impl Group {
    fn words(&self, id: &str) -> Text {
        let place = self.place.as_ref().map_or_else(|| "?".to_owned(), Frame::to_string);
        let mut args = vec![
            ("count", Arg::Count(self.count)),
            ("thread", Arg::name(&self.pattern)),
            ("place", Arg::name(place)),
        ];
        args.extend(self.doing.map(|doing| ("doing", Arg::text(Text::message(doing)))));
        Text::with(id, args)
    }
}

/// Threads by name, numbers apart, the most first.
fn groups(snapshot: &Snapshot, threads: &[&Thread]) -> Vec<Group> {
    let mut by_name: BTreeMap<String, Vec<(String, &Thread)>> = BTreeMap::new();
    for &thread in threads {
        let name = thread_name(snapshot, thread.object);
        by_name.entry(normalise_thread(&name).into_owned()).or_default().push((name, thread));
    }
    let group = |threads: Vec<(String, &Thread)>| {
        let frames = || threads.iter().map(|(_, thread)| &thread.frames[..]);
        Group {
            pattern: thread_pattern(threads.iter().map(|(name, _)| name.as_str())),
            count: threads.len() as u64,
            doing: of_most(frames().filter_map(what), threads.len()),
            place: of_most(
                frames().filter_map(|frames| nearest_own(snapshot, frames).map(report_frame)),
                threads.len(),
            ),
        }
    };
    let mut groups: Vec<Group> = by_name.into_values().map(group).collect();
    groups.sort_by_key(|group| Reverse(group.count));
    groups
}
