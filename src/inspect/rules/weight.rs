//! What members of a group hold.
//!
//! Owns the two figures: what is retained, and for a single object that a running method works on, what is retained together with the parts
//! of it that the method's other variables refer to as well.

use crate::inspect::holders::is_thread;
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;
use hashbrown::{HashMap, HashSet};
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
            let is_below = tree.is_reachable(next) && tree.immediate_dominator(next).object().is_some();
            if is_below
                && !is_thread(snapshot, next)
                && snapshot.mirrored_class(next).is_none()
                && seen.insert(next)
            {
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
