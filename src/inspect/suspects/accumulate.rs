//! Where memory accumulates: a walk down the dominator tree.
//!
//! Owns no opinion about who is to blame. An object accumulates if it retains much that no single big object below it retains.
//! Class loaders, class mirrors and threads keep what belongs to many others; they are looked through, and what they keep directly
//! is put together by class. So is an object of the application's that keeps what several others below it share: each of these leads to it. A chain of objects of one class (a linked list), or of two in turn (a queue of linked arrays), counts as one object.
//! Cost: one look at each child of the big objects.

use crate::inspect::finalizable::FINALIZER;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::snapshot::{CLASS_VALUE_MAP, Root, Snapshot};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// An object below which memory spreads out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accumulation {
    pub(super) object: ObjectIx,
    /// What it retains without the big objects below it, in bytes.
    pub(super) own_bytes: u64,
}

/// Many objects of one class that nothing but roots, class loaders, classes, threads, or an object that several of its parts share them in, dominates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) class: ClassIx,
    /// How many.
    pub(super) count: u64,
    /// What they retain together, in bytes.
    pub(super) bytes: u64,
    /// Those of them that retain most.
    pub(super) samples: Vec<ObjectIx>,
    /// All of them, ascending, if they are only some of the objects of their class that are put together so; else none.
    pub(super) members: Vec<ObjectIx>,
}

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) accumulations: Vec<Accumulation>,
    pub(super) groups: Vec<Group>,
}

/// Members of a group that are looked at one by one.
const SAMPLES: usize = 48;

/// Walks down to all objects that retain at least `threshold` bytes.
pub(super) fn find(snapshot: &Snapshot, threshold: u64) -> Found {
    let tree = snapshot.dominators();
    let transparent = Transparent::new(snapshot);
    let mut groups = Groups::default();
    let mut accumulations: Vec<Accumulation> = Vec::new();
    let mut stack: Vec<Big> = Vec::new();
    let visit =
        |children: &[ObjectIx], groups: Option<&mut Groups>, stack: &mut Vec<Big>, above: Option<Above>| {
            let mut big_bytes = 0;
            let mut small = groups;
            for &child in children {
                let bytes = snapshot.retained_bytes(child);
                if bytes >= threshold {
                    big_bytes += bytes;
                    let class = snapshot.class_of(child);
                    stack.push(above.map_or(Big::first(child), |above| above.next(child, class)));
                } else if transparent.contains(snapshot, child) {
                    // Hundreds of small threads, each with a little: together they are much.
                    stack.push(Big::first(child));
                } else if let Some(groups) = small.as_deref_mut() {
                    groups.add(snapshot.class_of(child), child, bytes);
                }
            }
            big_bytes
        };
    visit(tree.root_children(), Some(&mut groups), &mut stack, None);
    while let Some(Big { object, chain, before, turns }) = stack.pop() {
        let children = tree.children(object);
        if transparent.contains(snapshot, object) || transparent.is_junction(snapshot, object) {
            visit(children, Some(&mut groups), &mut stack, None);
            continue;
        }
        let at = chain.unwrap_or(accumulations.len());
        let above = Above { class: snapshot.class_of(object), before, turns, at };
        let big_bytes = visit(children, None, &mut stack, Some(above));
        let own_bytes = snapshot.retained_bytes(object) - big_bytes;
        match accumulations.get_mut(at) {
            Some(head) => head.own_bytes += own_bytes,
            None => accumulations.push(Accumulation { object, own_bytes }),
        }
    }
    accumulations.retain(|accumulation| accumulation.own_bytes >= threshold);
    put_together(snapshot, &transparent, &mut accumulations);
    accumulations.sort_by_key(|found| (Reverse(found.own_bytes), found.object));
    Found { accumulations, groups: groups.finish(snapshot, threshold) }
}

/// Tells many big objects that keep nothing themselves, as the pixels of pictures do, by what they meet in: the map of the pictures says more
/// than each of them. Cost: a few steps up from each.
fn put_together(snapshot: &Snapshot, transparent: &Transparent, accumulations: &mut Vec<Accumulation>) {
    const MANY: usize = 16;
    const MOST_STEPS: usize = 64;
    /// Where they meet keeps so many times as much as one of them.
    const TIMES: u64 = 8;
    let tree = snapshot.dominators();
    let meeting = |accumulation: &Accumulation| {
        let leaf = accumulation.object;
        let bytes = snapshot.retained_bytes(leaf);
        let mut above = tree.dominators(leaf).take(MOST_STEPS);
        let meeting = above.find(|&above| snapshot.retained_bytes(above) >= TIMES * bytes)?;
        (tree.children(leaf).is_empty() && !transparent.contains(snapshot, meeting)).then_some(meeting)
    };
    let mut met: HashMap<ObjectIx, (usize, u64)> = HashMap::new();
    for (place, accumulation) in accumulations.iter().filter_map(|found| Some((meeting(found)?, found))) {
        let (count, bytes) = met.entry(place).or_default();
        *count += 1;
        *bytes += accumulation.own_bytes;
    }
    met.retain(|&place, &mut (count, bytes)| count >= MANY && bytes * 2 >= snapshot.retained_bytes(place));
    accumulations.retain(|found| meeting(found).is_none_or(|place| !met.contains_key(&place)));
    for (object, (_, bytes)) in met {
        match accumulations.iter_mut().find(|found| found.object == object) {
            Some(known) => known.own_bytes += bytes,
            None => accumulations.push(Accumulation { object, own_bytes: bytes }),
        }
    }
}

/// A big object that is still to be looked at.
#[derive(Debug, Clone, Copy)]
struct Big {
    object: ObjectIx,
    /// The accumulation that it belongs to if it goes on a chain.
    chain: Option<usize>,
    /// The class of the big object above it.
    before: Option<ClassIx>,
    /// How many objects above it were of two classes in turn.
    turns: u8,
}

impl Big {
    /// One that goes on no chain.
    fn first(object: ObjectIx) -> Self {
        Self { object, chain: None, before: None, turns: 0 }
    }
}

/// The object above a big one.
#[derive(Debug, Clone, Copy)]
struct Above {
    class: ClassIx,
    /// The class of the one above that.
    before: Option<ClassIx>,
    /// As [`Big::turns`].
    turns: u8,
    /// Its accumulation.
    at: usize,
}

impl Above {
    /// Two levels of collections in each other are no chain yet.
    const CHAIN: u8 = 4;

    /// The object below it.
    fn next(self, object: ObjectIx, class: ClassIx) -> Big {
        let turns = if self.before == Some(class) { self.turns.saturating_add(1) } else { 0 };
        let is_link = class == self.class || turns >= Self::CHAIN;
        Big { object, chain: is_link.then_some(self.at), before: Some(self.class), turns }
    }
}

/// Classes whose instances keep what belongs to others.
#[derive(Debug)]
struct Transparent {
    by_class: Vec<bool>,
    /// The lists in which class loaders keep their classes.
    class_lists: Vec<ObjectIx>,
}

impl Transparent {
    fn new(snapshot: &Snapshot) -> Self {
        let classes = snapshot.classes();
        let mut by_class = vec![false; classes.len()];
        for name in ["java.lang.ClassLoader", "java.lang.Thread", "java.lang.ThreadGroup"] {
            classes.sub_classes_of(name).into_iter().for_each(|class| by_class[class.index()] = true);
        }
        for name in [
            "java.lang.Class",
            "java.lang.ThreadLocal$ThreadLocalMap",
            "java.lang.ThreadLocal$ThreadLocalMap$Entry[]",
            "java.lang.ThreadLocal$ThreadLocalMap$Entry",
            // What was computed for a class is not the JDK's.
            CLASS_VALUE_MAP,
            "java.lang.ClassValue$Entry[]",
            "java.lang.ClassValue$Entry",
            "java.lang.Thread[]",
            // The stack of a virtual thread that waits.
            "java.lang.VirtualThread$VThreadContinuation",
            "jdk.internal.vm.StackChunk",
        ] {
            classes.named(name).iter().for_each(|class| by_class[class.index()] = true);
        }
        let mut class_lists = Vec::new();
        for (_, class) in classes.iter() {
            let list = class.loader.get().and_then(|loader| snapshot.follow(loader, "classes"));
            class_lists.extend(list);
            class_lists.extend(list.and_then(|list| snapshot.follow(list, "elementData")));
        }
        class_lists.sort_unstable();
        class_lists.dedup();
        Self { by_class, class_lists }
    }

    fn contains(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        self.by_class[snapshot.class_of(object).index()] || self.class_lists.binary_search(&object).is_ok()
    }

    /// Whether an object of the application's has two others of it, and keeps many objects of a third class to which it does not refer itself: the two
    /// share them. Cost: a look at some hundred children.
    fn is_junction(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        const MANY: usize = 256;
        const JUMP: usize = 7919;
        let class = snapshot.class(object);
        let is_own = |object| {
            origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
                && !snapshot.class(object).is_array()
                && snapshot.mirrored_class(object).is_none()
        };
        let children = snapshot.dominators().children(object);
        if children.len() < MANY || class.is_array() || !is_own(object) {
            return false;
        }
        let referred: Vec<ObjectIx> = snapshot.references().of(object).collect();
        // Not at even distances: what is made in turn lies in turn.
        let step = children.len() / MANY;
        let places = (0..MANY).map(|at| at * step + at * JUMP % step);
        let shared = places.map(|at| children[at]).filter(|child| !referred.contains(child));
        let mut counts: HashMap<ClassIx, usize> = HashMap::new();
        shared.for_each(|child| *counts.entry(snapshot.class_of(child)).or_default() += 1);
        let most = counts.values().copied().max().unwrap_or(0);
        // The first and the last of many nodes are no owners of what all of them know.
        let of_many: Vec<ClassIx> =
            counts.into_iter().filter(|&(_, count)| count * 8 >= MANY).map(|(class, _)| class).collect();
        if most * 5 < MANY * 2 {
            return false;
        }
        // What others have as well, as constants and contexts, leads to nothing of this object's; a call may have a part of it in hand.
        let is_part = |&part: &ObjectIx| {
            let dominator = snapshot.dominators().immediate_dominator(part).object();
            dominator == Some(object) || snapshot.roots_of(part).iter().any(Root::is_held_by_thread)
        };
        let mut owners: Vec<ObjectIx> = referred
            .into_iter()
            .filter(|part| is_own(*part) && !of_many.contains(&snapshot.class_of(*part)) && is_part(part))
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners.len() >= 2
    }
}

/// A list of children to look at, and whether small ones in it belong to groups.
type Siblings<'a> = (&'a [ObjectIx], bool);

/// The way that [`find`] took with the same threshold, again.
struct Again<'a> {
    snapshot: &'a Snapshot,
    transparent: Transparent,
    threshold: u64,
}

impl<'a> Again<'a> {
    fn new(snapshot: &'a Snapshot, threshold: u64) -> Self {
        Self { snapshot, transparent: Transparent::new(snapshot), threshold }
    }

    fn begin(&self) -> Siblings<'a> {
        (self.snapshot.dominators().root_children(), true)
    }

    /// Calls `take` for those members of groups that are among some siblings, and says what of these is to be looked at.
    fn look_at(
        &self,
        (siblings, are_grouped): Siblings<'a>,
        mut take: impl FnMut(ObjectIx),
    ) -> Vec<Siblings<'a>> {
        let Self { snapshot, transparent, threshold } = self;
        let mut below = Vec::new();
        for &child in siblings {
            let is_transparent = transparent.contains(snapshot, child);
            if is_transparent || snapshot.retained_bytes(child) >= *threshold {
                let is_grouped = is_transparent || transparent.is_junction(snapshot, child);
                below.push((snapshot.dominators().children(child), is_grouped));
            } else if are_grouped {
                take(child);
            }
        }
        below
    }
}

/// Calls `take` for all members of the groups that [`find`] made with the same threshold. Cost: as for finding them.
fn each_member(snapshot: &Snapshot, threshold: u64, mut take: impl FnMut(ObjectIx)) {
    let again = Again::new(snapshot, threshold);
    let mut stack = vec![again.begin()];
    while let Some(siblings) = stack.pop() {
        stack.extend(again.look_at(siblings, &mut take));
    }
}

/// All members of the groups of these classes, in order. Cost: as for finding them, by all threads.
pub(super) fn members(snapshot: &Snapshot, classes: &[ClassIx], threshold: u64) -> Vec<ObjectIx> {
    /// So many siblings are looked at by one thread.
    const AT_ONCE: usize = 1 << 14;
    let again = Again::new(snapshot, threshold);
    let mut members = Vec::new();
    let mut stack = vec![again.begin()];
    while let Some((siblings, are_grouped)) = stack.pop() {
        let look_at = |siblings| {
            let mut found = Vec::new();
            let below = again.look_at((siblings, are_grouped), |member| {
                if classes.contains(&snapshot.class_of(member)) {
                    found.push(member);
                }
            });
            (found, below)
        };
        let parts: Vec<_> = siblings.par_chunks(AT_ONCE).map(look_at).collect();
        for (found, below) in parts {
            members.extend(found);
            stack.extend(below);
        }
    }
    members.par_sort_unstable();
    members
}

/// Has members of all sizes looked at where the largest ones are not most of it, and may be others' altogether. Cost: as for finding the groups, once,
/// if there are any of that kind.
pub(super) fn spread_samples(snapshot: &Snapshot, groups: &mut [Group], threshold: u64) {
    const OF_GROUP: u64 = 2;
    let is_smaller_part = |group: &&Group| {
        let largest: u64 = group.samples.iter().map(|&sample| snapshot.retained_bytes(sample)).sum();
        // All that has a finalizer is in one list: the large ones are in question, not the streams in use between them.
        let of_group = if &*snapshot.classes().get(group.class).name == FINALIZER { 10 } else { OF_GROUP };
        largest.saturating_mul(of_group) < group.bytes
    };
    // How many were met, and those that are looked at.
    let mut spread: HashMap<ClassIx, (u64, u64, Vec<ObjectIx>)> = groups
        .iter()
        .filter(is_smaller_part)
        .map(|group| (group.class, (group.count, 0, Vec::new())))
        .collect();
    if spread.is_empty() {
        return;
    }
    each_member(snapshot, threshold, |member| {
        if let Some((count, met, samples)) = spread.get_mut(&snapshot.class_of(member)) {
            let next = (2 * samples.len() as u64 + 1) * *count / (2 * SAMPLES as u64);
            if samples.len() < SAMPLES && *met >= next {
                samples.push(member);
            }
            *met += 1;
        }
    });
    for group in groups {
        if let Some((.., samples)) = spread.remove(&group.class) {
            group.samples = samples;
        }
    }
}

#[derive(Debug, Default)]
struct Groups {
    by_class: HashMap<ClassIx, Members>,
}

#[derive(Debug, Default)]
struct Members {
    count: u64,
    bytes: u64,
    /// The largest ones, the smallest of them on top.
    largest: BinaryHeap<Reverse<(u64, Reverse<ObjectIx>)>>,
}

impl Groups {
    fn add(&mut self, class: ClassIx, object: ObjectIx, bytes: u64) {
        let members = self.by_class.entry(class).or_default();
        members.count += 1;
        members.bytes += bytes;
        let entry = Reverse((bytes, Reverse(object)));
        if members.largest.len() < SAMPLES {
            members.largest.push(entry);
        } else if members.largest.peek().is_some_and(|smallest| entry < *smallest) {
            members.largest.pop();
            members.largest.push(entry);
        }
    }

    fn finish(self, snapshot: &Snapshot, threshold: u64) -> Vec<Group> {
        let transparent = Transparent::new(snapshot);
        let mut groups: Vec<Group> = self
            .by_class
            .into_iter()
            .map(|(class, members)| Group {
                class,
                count: members.count,
                bytes: members.bytes,
                samples: members
                    .largest
                    .into_sorted_vec()
                    .into_iter()
                    .map(|Reverse((_, Reverse(object)))| object)
                    .collect(),
                members: Vec::new(),
            })
            .filter(|group| group.bytes >= threshold)
            // Mirrors, threads and the like: what each of them keeps is small, and it is not theirs.
            .filter(|group| !transparent.by_class[group.class.index()])
            .collect();
        groups.sort_by_key(|group| (Reverse(group.bytes), group.class));
        groups
    }
}
