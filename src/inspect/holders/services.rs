//! Objects that several calls have in hand: what they keep in their fields outlives each of the calls.
//!
//! A service may be known to nobody but the tasks of a pool: then only stacks lead to it, and what it keeps looks like the load of the call that is
//! just filling it. That call has the map itself in hand, so that the field is not even on the shortest path. Owns how such an object is told from
//! one that a call has made and shares with its helpers: all threads that have it in hand do the same work, and none of them works for a call.
//! `main` may have it too, for it has set the program up. Cost: a pass over the variables of all threads, the fields of the objects of the
//! application's among them, and a walk of bounded length for each thread that has one that others have, too.

use super::is_thread;
use crate::ix::ObjectIx;
use crate::query::{Origin, Waiting, origin_of, thread_name};
use crate::report::normalise_thread;
use crate::snapshot::{Link, Snapshot, Thread};
use hashbrown::{HashMap, HashSet};
use std::collections::VecDeque;

/// Threads that are asked whom they work for.
const MOST_ASKED: usize = 16;
/// Steps inside of the collections of such an object: a set has a map, which has a table.
const DEEPEST: usize = 3;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Services {
    objects: HashSet<ObjectIx>,
    /// The collections in their fields with what these are made of: the object before it on the way from the service.
    before: HashMap<ObjectIx, ObjectIx>,
}

impl Services {
    /// Looks at what all threads have in hand.
    pub(super) fn find(snapshot: &Snapshot) -> Self {
        let mut threads_of: HashMap<ObjectIx, Vec<usize>> = HashMap::new();
        for (number, thread) in snapshot.threads().iter().enumerate() {
            let mut in_hand: Vec<ObjectIx> =
                thread.locals().filter(|&local| is_own(snapshot, local)).collect();
            // A lambda that was handed to a pool has what it works with in its fields.
            let captured: Vec<ObjectIx> = in_hand
                .iter()
                .filter(|&&local| snapshot.class_name(local).contains("$$Lambda"))
                .copied()
                .collect();
            let captured = captured.into_iter().flat_map(|lambda| snapshot.references().of(lambda));
            in_hand.extend(captured.filter(|&object| is_own(snapshot, object)));
            in_hand.sort_unstable();
            in_hand.dedup();
            in_hand.into_iter().for_each(|object| threads_of.entry(object).or_default().push(number));
        }
        let waiting = Waiting::of(snapshot);
        let mut works: HashMap<usize, bool> = HashMap::new();
        let mut objects: Vec<ObjectIx> = threads_of
            .into_iter()
            .filter(|(_, threads)| threads.len() > 1 && are_alike(snapshot, &waiting, &mut works, threads))
            .map(|(object, _)| object)
            .collect();
        objects.sort_unstable();
        let mut services = Self { before: HashMap::new(), objects: objects.iter().copied().collect() };
        objects.into_iter().for_each(|object| services.add_fields(snapshot, object));
        services
    }

    /// The collections in the fields of a service.
    fn add_fields(&mut self, snapshot: &Snapshot, service: ObjectIx) {
        let mut queue: VecDeque<(ObjectIx, usize)> = VecDeque::new();
        snapshot.links(service, |link, target| {
            if matches!(link, Link::Field { .. }) && is_of_collection(snapshot, target) {
                self.before.entry(target).or_insert(service);
                queue.push_back((target, 1));
            }
            true
        });
        while let Some((object, depth)) = queue.pop_front() {
            if depth == DEEPEST || snapshot.class(object).is_array() {
                continue;
            }
            for next in snapshot.references().of(object) {
                if is_of_collection(snapshot, next) && !self.before.contains_key(&next) {
                    self.before.insert(next, object);
                    queue.push_back((next, depth + 1));
                }
            }
        }
    }

    /// Whether one of these objects has such an object on the way.
    pub(super) fn are_on(&self, path: &[ObjectIx]) -> bool {
        path.iter().any(|object| self.objects.contains(object))
    }

    /// The path by the field of a service, where the one that begins at a stack passes what is in such a field.
    pub(super) fn path(&self, path: &[ObjectIx]) -> Option<Vec<ObjectIx>> {
        if self.objects.is_empty() || self.are_on(path) {
            return None;
        }
        let at = path.iter().rposition(|object| self.before.contains_key(object))?;
        let mut way: Vec<ObjectIx> =
            std::iter::successors(Some(path[at]), |object| self.before.get(object).copied()).collect();
        way.reverse();
        way.extend_from_slice(&path[at + 1..]);
        Some(way)
    }
}

/// Whether it is an object of the application's, no thread and no array.
fn is_own(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.mirrored_class(object).is_none()
        && !snapshot.class(object).is_array()
        && !is_thread(snapshot, object)
        && origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
}

/// Whether it is a collection of the JDK's, or a part of one.
fn is_of_collection(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let name = snapshot.class_name(object);
    name.starts_with("java.util.") || name == "java.lang.Object[]"
}

/// Whether these threads do the same work, and none for a call that waits for it. Workers of a fork-join pool always may.
fn are_alike(
    snapshot: &Snapshot,
    waiting: &Waiting,
    works: &mut HashMap<usize, bool>,
    threads: &[usize],
) -> bool {
    let all = snapshot.threads();
    let named = |&number: &usize| (number, thread_name(snapshot, all[number].object));
    let mut others: Vec<(usize, String)> = threads.iter().map(named).collect();
    others.retain(|(_, name)| name != "main");
    let Some((_, first)) = others.first() else { return false };
    let first = normalise_thread(first);
    let is_alike = others.len() > 1 && others.iter().all(|(_, name)| normalise_thread(name) == first);
    let mut works_for_a_call = |number: usize| {
        *works.entry(number).or_insert_with(|| works_for_a_call(snapshot, waiting, &all[number]))
    };
    is_alike && !others.iter().take(MOST_ASKED).any(|&(number, _)| works_for_a_call(number))
}

fn works_for_a_call(snapshot: &Snapshot, waiting: &Waiting, thread: &Thread) -> bool {
    const WORKER: &str = "java.util.concurrent.ForkJoinWorkerThread";
    let is_main = |other: &Thread| thread_name(snapshot, other.object) == "main";
    snapshot.classes().is_named(snapshot.class_of(thread.object), WORKER)
        || waiting.served(snapshot, thread).is_some_and(|served| !is_main(served.thread))
}
