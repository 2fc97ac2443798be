//! What members of a group hold.
//!
//! Owns the three figures: what is retained; for a single object that a running method works on, what is retained together with the parts
//! of it that the method's other variables refer to as well; and what an object retains if the variables of threads count for nothing.

use crate::graph::reached_through;
use crate::inspect::InspectError;
use crate::inspect::holders::{is_thread, thread_above};
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::cell::Cell;
use std::collections::VecDeque;

/// Objects that are looked at to find the parts of an object.
const MOST_STEPS: usize = 200_000;

/// What would be freed without the members: what they retain together, or for a single one that a thread's variables share parts of, what
/// goes when the method ends (a workbook whose sheet another variable of the method refers to).
pub(super) fn held(snapshot: &Snapshot, members: &[ObjectIx]) -> u64 {
    match members {
        [only] => snapshot.retained_bytes(*only).max(with_parts(snapshot, *only)),
        _ => retained(snapshot, members),
    }
}

/// The retained sizes of an object and of all objects that it leads to and that the same thread dominates immediately; 0 if no thread does.
fn with_parts(snapshot: &Snapshot, object: ObjectIx) -> u64 {
    let tree = snapshot.dominators();
    let thread = tree.immediate_dominator(object).object().filter(|&above| is_thread(snapshot, above));
    let Some(thread) = thread else { return 0 };
    let mut bytes = 0;
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    seen.insert(object);
    let mut queue = VecDeque::from([object]);
    for _ in 0..MOST_STEPS {
        let Some(at) = queue.pop_front() else { break };
        if tree.immediate_dominator(at).object() == Some(thread) {
            bytes += snapshot.retained_bytes(at);
        }
        for next in snapshot.references().of(at) {
            // Most of what is referred to was seen before: to ask that first is much cheaper than the rest.
            let is_below = || tree.is_reachable(next) && tree.immediate_dominator(next).object().is_some();
            let is_part = || !is_thread(snapshot, next) && snapshot.mirrored_class(next).is_none();
            if seen.insert(next) && is_below() && is_part() {
                queue.push_back(next);
            }
        }
    }
    bytes
}

/// What all of `members` together retain, each byte counted once: the sum over those that no other member dominates. Cost: one step for each
/// object that dominates a member.
pub(super) fn retained(snapshot: &Snapshot, members: &[ObjectIx]) -> u64 {
    let tree = snapshot.dominators();
    if let [only] = members {
        return snapshot.retained_bytes(*only);
    }
    let among: HashSet<ObjectIx> = members.iter().copied().collect();
    // Whether a member dominates the object or is it.
    let mut covered: HashMap<ObjectIx, bool> = HashMap::new();
    let mut bytes = 0;
    let mut path = Vec::new();
    for &member in members {
        let mut above = tree.immediate_dominator(member).object();
        let is_covered = loop {
            let Some(object) = above else { break false };
            if among.contains(&object) {
                break true;
            }
            if let Some(&known) = covered.get(&object) {
                break known;
            }
            path.push(object);
            above = tree.immediate_dominator(object).object();
        };
        for object in path.drain(..) {
            covered.insert(object, is_covered);
        }
        if !is_covered {
            bytes += snapshot.retained_bytes(member);
        }
    }
    bytes
}

/// What is in use, for what an object retains next to nothing of: a running call has a part of what it keeps in a variable, as a page of a table, so that no
/// single object dominates that part, or nothing but the thread.
#[derive(Debug)]
pub(super) struct Split<'a> {
    snapshot: &'a Snapshot,
    /// What is less is no incident by any rule, in bytes.
    least: u64,
    /// Large objects that nothing but a thread or no single object dominates.
    tops: Vec<ObjectIx>,
    /// How many objects may still be asked whether they lead to one of these, and how many of those be weighed.
    asked: Cell<usize>,
    weighed: Cell<usize>,
}

impl<'a> Split<'a> {
    /// That of a heap of which `whole` bytes are in use. Cost: a look at what threads and nothing else dominate immediately.
    pub(super) fn of(snapshot: &'a Snapshot, whole: u64) -> Self {
        const PART: u64 = 20;
        const ASKED: usize = 256;
        const WEIGHED: usize = 3;
        let least = whole / PART;
        let tree = snapshot.dominators();
        let with_variables = snapshot.threads().iter().filter(|thread| thread.locals().next().is_some());
        let of_threads = with_variables.flat_map(|thread| tree.children(thread.object));
        // Where no thread has anything in hand nothing is split.
        let of_roots = tree.root_children().iter().filter(|_| !snapshot.threads().is_empty());
        let is_large = |object: &ObjectIx| {
            snapshot.retained_bytes(*object) >= least
                && !is_thread(snapshot, *object)
                && snapshot.mirrored_class(*object).is_none()
                && !snapshot.classes().is_named(snapshot.class_of(*object), "java.lang.ClassLoader")
        };
        let tops = of_threads.chain(of_roots).copied().filter(is_large).collect();
        Self { snapshot, least, tops, asked: Cell::new(ASKED), weighed: Cell::new(WEIGHED) }
    }

    /// What would be freed without the object if the variables of threads held nothing, but for the one that leads to the object where nothing else does. None
    /// if it leads to no large object that these variables may hold. Cost: a walk over some of what it leads to, and, if that finds one, over all that
    /// is reachable; no more than a few of these.
    pub(super) fn held(&self, object: ObjectIx) -> Result<Option<u64>, InspectError> {
        let snapshot = self.snapshot;
        let may_have_more = || self.is_in_hand(object) || self.leads_to_one(object);
        if !take_one(&self.asked) || !may_have_more() || !take_one(&self.weighed) {
            return Ok(None);
        }
        let tree = snapshot.dominators();
        let variable = thread_above(snapshot, object).and_then(|thread| {
            let mut ways = std::iter::once(object).chain(tree.dominators(object));
            ways.find(|&way| tree.immediate_dominator(way).object() == Some(thread))
        });
        let others = variable.as_slice();
        let no_extra = crate::graph::ExtraEdges::default();
        let graph = snapshot.graph_without_stacks(&no_extra);
        let freed = reached_through(&graph, others, object, snapshot.storage(), snapshot.progress());
        let freed = freed.map_err(SnapshotError::from)?;
        let objects = (0..snapshot.object_count()).into_par_iter().filter(|&at| freed.get(at));
        Ok(Some(objects.map(|at| snapshot.shallow_bytes(ObjectIx::from_usize(at))).sum()))
    }

    /// Whether it is in the hands of a thread that has most of what it holds beside it.
    fn is_in_hand(&self, object: ObjectIx) -> bool {
        let thread = self.snapshot.dominators().immediate_dominator(object).object();
        let thread = thread.filter(|&above| is_thread(self.snapshot, above));
        let bytes = thread.map_or(0, |thread| self.snapshot.retained_bytes(thread));
        bytes >= self.least && bytes / 2 > self.snapshot.retained_bytes(object)
    }

    /// Whether a few steps lead from an object to one of the large ones that it does not retain.
    fn leads_to_one(&self, object: ObjectIx) -> bool {
        const MOST: usize = 1 << 12;
        let snapshot = self.snapshot;
        if self.tops.is_empty() {
            return false;
        }
        let is_one = |found: ObjectIx| found != object && self.tops.contains(&found);
        let tree = snapshot.dominators();
        let mut seen: HashSet<ObjectIx> = HashSet::from_iter([object]);
        let mut ahead = VecDeque::from([object]);
        while let Some(at) = ahead.pop_front() {
            // What leads back to the one that it is a part of holds nothing of that.
            match is_one(at) {
                true if tree.dominates(at, object) => continue,
                true => return true,
                false => {}
            }
            for next in snapshot.references().of(at) {
                if seen.len() == MOST {
                    break;
                }
                if !is_thread(snapshot, next) && snapshot.mirrored_class(next).is_none() && seen.insert(next)
                {
                    ahead.push_back(next);
                }
            }
        }
        false
    }
}

/// Whether there is one left, which is taken.
fn take_one(left: &Cell<usize>) -> bool {
    let some = left.get() > 0;
    left.set(left.get().saturating_sub(1));
    some
}
