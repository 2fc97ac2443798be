//! Lists of which an inner method has one link in hand, and an outer one the object that has the whole list.
//!
//! A method that is called with each link of a list in turn keeps the rest of the list alive while it runs, and the shortest path to the rest begins at its
//! variable. It holds nothing: when it returns, all is still there, by the object that the caller has. The same goes for a node of a tree that refers to the one above it, as those of
//! an XML document do: whoever has any of them has all. Owns the way from that object to the link or node. Cost: for each
//! such variable the fields of what outer methods have in hand, and a walk along the lists that begin there; for a node a walk of bounded length up the tree, and one down where that
//! came to what an outer method has.

use super::{Ownership, is_own_frame, is_thread};
use crate::ix::ObjectIx;
use crate::query::{Origin, Reach, best_root, origin_of, visit_near};
use crate::snapshot::{Link, Snapshot, StackFrame};
use hashbrown::{HashMap, HashSet};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

/// Links of one list that are looked at.
const LONGEST: usize = 1 << 16;
/// From what a method has in hand to the object that has the list.
const REACH: Reach = Reach { steps: 1, objects: 64 };
/// Objects that outer methods have in hand.
const MOST: usize = 64;
/// From a node up to one that an outer method has: a tree is seldom deeper.
const UP: Reach = Reach { steps: 24, objects: 1 << 12 };
/// From there down to the node.
const DOWN: Reach = Reach { steps: 64, objects: 1 << 16 };

/// What is known of the variables that paths begin at.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// By the link, the objects down to it.
    by_link: HashMap<ObjectIx, Option<Arc<Vec<ObjectIx>>>>,
    /// What outer methods have in hand that these begin at.
    starts: HashSet<ObjectIx>,
}

impl Ownership<'_> {
    /// The path by what an outer method has in hand, where the one that was found begins at a link of a list that an inner one has.
    pub(super) fn by_outer(&self, path: Vec<ObjectIx>) -> Vec<ObjectIx> {
        let Some(&first) = path.first().filter(|&&first| self.is_of_stack(first)) else { return path };
        let mut known = self.outer.lock().unwrap_or_else(PoisonError::into_inner);
        let Ways { by_link, starts } = &mut *known;
        let way = by_link.entry(first).or_insert_with(|| way_from_outer(self.snapshot, first).map(Arc::new));
        let Some(way) = way else { return path };
        starts.extend(way.first());
        way.iter().chain(&path[1..]).copied().collect()
    }

    /// Whether a path is one of these.
    pub(super) fn is_by_outer(&self, path: &[ObjectIx]) -> bool {
        let known = self.outer.lock().unwrap_or_else(PoisonError::into_inner);
        path.first().is_some_and(|first| known.starts.contains(first))
            && known.by_link.values().flatten().any(|way| path.starts_with(way))
    }
}

/// The objects from what an outer method has in hand to `link`, both included.
fn way_from_outer(snapshot: &Snapshot, link: ObjectIx) -> Option<Vec<ObjectIx>> {
    let is_object = |object: ObjectIx| {
        snapshot.mirrored_class(object).is_none()
            && !snapshot.class(object).is_array()
            && !is_thread(snapshot, object)
    };
    let is_own = |object: ObjectIx| {
        is_object(object) && origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
    };
    if !is_object(link) {
        return None;
    }
    let root = best_root(snapshot, link)?;
    let frames = &snapshot.threads().get(root.thread? as usize)?.frames;
    // The outermost method that has the link itself may be one that was called with it as well.
    let inner = frames.iter().rposition(|frame| frame.locals.contains(&link))?;
    let outer = frames[inner + 1..].iter().filter(|frame| is_own_frame(snapshot, frame));
    if next_of(snapshot, link).is_none() {
        return way_within_tree(snapshot, frames, outer, link, is_object);
    }
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    let in_hand = outer.flat_map(|frame| frame.locals.iter().copied());
    let in_hand = in_hand.filter(|&local| is_own(local) && seen.insert(local)).take(MOST);
    let class = snapshot.class_of(link);
    in_hand.filter(|&local| snapshot.class_of(local) != class).find_map(|local| {
        let mut owners: Vec<ObjectIx> = Vec::new();
        visit_near(snapshot, [local], REACH, is_own, |object| {
            if is_own(object) && snapshot.class_of(object) != class {
                owners.push(object);
            }
            ControlFlow::Continue(())
        });
        owners.into_iter().find_map(|owner| {
            let list = list_to(snapshot, owner, link)?;
            let above = if owner == local { vec![local] } else { vec![local, owner] };
            Some([above, list].concat())
        })
    })
}

/// The objects from a node that the outermost method has that has one, down to the node `link`: each of the two leads to the other, so that the outer one holds all that the inner
/// one does.
fn way_within_tree<'f>(
    snapshot: &Snapshot,
    frames: &[StackFrame],
    outer: impl DoubleEndedIterator<Item = &'f StackFrame>,
    link: ObjectIx,
    is_object: impl Fn(ObjectIx) -> bool,
) -> Option<Vec<ObjectIx>> {
    let in_hand = outer.rev().flat_map(|frame| frame.locals.iter().copied());
    let mut in_hand: Vec<ObjectIx> =
        in_hand.filter(|&local| is_object(local) && local != link).take(MOST).collect();
    // What no other method was given says best whose it is.
    let has_it = |frame: &&StackFrame, local| frame.locals.contains(&local) && is_own_frame(snapshot, frame);
    let methods_with = |local: ObjectIx| frames.iter().filter(|frame| has_it(frame, local)).take(2).count();
    in_hand.sort_by_cached_key(|&local| methods_with(local) > 1);
    if in_hand.is_empty() {
        return None;
    }
    let mut above: HashSet<ObjectIx> = HashSet::new();
    visit_near(snapshot, [link], UP, &is_object, |object| {
        if in_hand.contains(&object) {
            above.insert(object);
        }
        ControlFlow::Continue(())
    });
    in_hand
        .into_iter()
        .filter(|local| above.contains(local))
        .find_map(|local| way_down(snapshot, local, link))
}

/// The shortest way from one object to another by fields.
fn way_down(snapshot: &Snapshot, from: ObjectIx, to: ObjectIx) -> Option<Vec<ObjectIx>> {
    let mut before: HashMap<ObjectIx, ObjectIx> = HashMap::from_iter([(from, from)]);
    let mut open: VecDeque<(ObjectIx, usize)> = VecDeque::from([(from, 0)]);
    while let Some((object, steps)) = open.pop_front() {
        if object == to {
            let above = |&at: &ObjectIx| before.get(&at).copied().filter(|&before| before != at);
            let mut way: Vec<ObjectIx> = std::iter::successors(Some(to), above).collect();
            way.reverse();
            return Some(way);
        }
        let leads_on = snapshot.mirrored_class(object).is_none() && !is_thread(snapshot, object);
        if steps == DOWN.steps || !leads_on {
            continue;
        }
        for next in snapshot.references().of(object) {
            if before.len() < DOWN.objects && !before.contains_key(&next) {
                before.insert(next, object);
                open.push_back((next, steps + 1));
            }
        }
    }
    None
}

/// The links of a list from the one that a field of `owner` refers to down to `link`.
fn list_to(snapshot: &Snapshot, owner: ObjectIx, link: ObjectIx) -> Option<Vec<ObjectIx>> {
    let class = snapshot.class_of(link);
    let mut heads: Vec<ObjectIx> = Vec::new();
    snapshot.links(owner, |by, target| {
        if matches!(by, Link::Field { .. }) && snapshot.class_of(target) == class {
            heads.push(target);
        }
        true
    });
    heads.into_iter().filter(|&head| head != link).find_map(|head| {
        let list: Vec<ObjectIx> = std::iter::successors(Some(head), |&at| next_of(snapshot, at))
            .take(LONGEST)
            .take_while(|&at| at != link)
            .collect();
        let is_there = list.last().is_some_and(|&last| next_of(snapshot, last) == Some(link));
        is_there.then(|| list.into_iter().chain([link]).collect())
    })
}

/// What the only field by which an object refers to others of its class refers to.
fn next_of(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    let class = snapshot.class_of(object);
    let (mut next, mut is_only) = (None, true);
    snapshot.links(object, |by, target| {
        if matches!(by, Link::Field { .. }) && snapshot.class_of(target) == class {
            is_only &= next.is_none();
            next = Some(target);
        }
        true
    });
    next.filter(|_| is_only)
}
