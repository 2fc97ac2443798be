//! What a suspect consists of: the objects that retain all of it, and what they retain together.
//!
//! Owns the rule that bytes, share, counts and contents of a suspect are of the same objects. Cost: a walk up the dominators of each place, and the
//! children of the threads that hold some.

use super::subject::Subject;
use super::{Part, Story, same_holder};
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::inspect::holders::{BEANS, Ownership, is_thread, thread_above};
use crate::inspect::suspects::accumulate::{self, Group};
use crate::inspect::suspects::{elements, threshold};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of, thread_name};
use crate::report::{
    AccumulationPoint, Holder, HolderKind, Share, SuspectKind, normalise_thread, thread_pattern,
};
use crate::snapshot::{Link, Snapshot};
use rayon::prelude::*;

/// Classes listed in what a suspect is made of,
pub(super) const COMPOSITION: usize = 8;
/// and those that are looked at when it is named.
const COUNTED: usize = 32;

impl Story {
    /// The classes that fill it, and some more that are in it.
    pub(super) fn composition(&self, context: &Context<'_>) -> Vec<Share> {
        let snapshot = context.snapshot;
        if let Some(crowd) = self.crowd.as_ref().filter(|crowd| crowd.bytes == self.bytes) {
            return elements::composition(context, &crowd.threads, COUNTED);
        }
        if !self.owners.is_empty()
            && self.owners.iter().all(|&owner| snapshot.mirrored_class(owner).is_none())
        {
            let all: Vec<ObjectIx> = self.owners.iter().chain(&self.among).copied().collect();
            return elements::composition(context, &all, COUNTED);
        }
        let mut objects =
            if self.together.is_empty() { self.outermost(snapshot) } else { self.together.clone() };
        // Of a mirror only what is in question counts, not the class.
        objects.retain(|&object| snapshot.mirrored_class(object).is_none());
        objects.sort_unstable();
        let tree = snapshot.dominators();
        let is_below = |&object: &ObjectIx| {
            tree.dominators(object).take(1 << 16).any(|above| objects.binary_search(&above).is_ok())
        };
        let groups = self.parts.iter().filter_map(|part| match part {
            // As in the sum of bytes: what lies in one of the objects is counted there.
            Part::Group { group, .. } if !group.samples.iter().all(is_below) => Some(group),
            _ => None,
        });
        let groups: Vec<&Group> = groups.collect();
        if !groups.is_empty() {
            let whole = groups.iter().filter(|group| group.members.is_empty());
            let classes: Vec<ClassIx> = whole.map(|group| group.class).collect();
            let mut members = if classes.is_empty() {
                Vec::new()
            } else {
                accumulate::members(snapshot, &classes, threshold(context))
            };
            members.extend(groups.iter().flat_map(|group| &group.members));
            // There may be a million members, and a walk up from each.
            let outside: Vec<ObjectIx> = members.into_par_iter().filter(|member| !is_below(member)).collect();
            objects.extend(outside);
            objects.sort_unstable();
            objects.dedup();
        }
        elements::composition(context, &objects, COUNTED)
    }

    /// The object below which it spreads out.
    pub(super) fn accumulation_point(
        &self,
        snapshot: &Snapshot,
        subject: &Subject,
    ) -> Option<AccumulationPoint> {
        let object = self.main_part().object()?;
        let steps = &self.held.path;
        let field = steps.len().checked_sub(2).and_then(|at| steps[at].field.clone());
        Some(AccumulationPoint {
            address: snapshot.address_of(object).0,
            class: snapshot.class_name(object).to_owned(),
            field,
            elements: subject.elements.map_or(0, |elements| elements.count),
        })
    }

    /// Adds up what would be freed.
    pub(in crate::inspect::suspects) fn settle(&mut self, snapshot: &Snapshot, ownership: &Ownership<'_>) {
        let tree = snapshot.dominators();
        let objects: Vec<ObjectIx> = self.parts.iter().filter_map(Part::object).collect();
        let mut owners = self.outermost(snapshot);
        let thread =
            tree.immediate_dominator(self.held.object).object().filter(|&above| is_thread(snapshot, above));
        self.thread = thread.filter(|_| self.held.kind == SuspectKind::Load);
        let of = |&object: &ObjectIx| thread_above(snapshot, object);
        let mut threads: Vec<ObjectIx> = Vec::new();
        if self.held.kind == SuspectKind::Load && self.held.holder.frame.is_some() {
            // What the variables of a frame keep alive together belongs to none of them alone, and many threads may do the same.
            threads.extend(objects.iter().filter_map(of).chain(self.thread));
            if threads.is_empty() {
                threads.extend(self.starts(snapshot, ownership));
            }
            threads.sort_unstable();
            threads.dedup();
            self.name_all(snapshot, &threads);
        }
        if self.thread.is_some() {
            owners =
                threads.iter().flat_map(|&thread| self.held_together(snapshot, ownership, thread)).collect();
            owners.extend(&self.joined);
            // Members of a group are counted there.
            owners.retain(|&owner| !self.parts.iter().any(|part| part.is_group_of(snapshot.class_of(owner))));
            // What others lead to as well, as the tasks of a call lead to each other's results, is no thread's alone and yet a part of it.
            let is_beside = |&part: &ObjectIx| !owners.iter().any(|&owner| tree.dominates(owner, part));
            let beside: Vec<ObjectIx> = self.outermost(snapshot).into_iter().filter(is_beside).collect();
            owners.extend(beside);
            self.together.clone_from(&owners);
        }
        owners.sort_unstable();
        owners.dedup();
        let sum_of =
            |owners: &[ObjectIx]| owners.iter().map(|&owner| snapshot.retained_bytes(owner)).sum::<u64>();
        // Members of a group that one of these objects dominates are counted there, too.
        let is_below = |part: &Part| {
            let within = |&sample: &ObjectIx| owners.iter().any(|&owner| tree.dominates(owner, sample));
            part.samples().iter().all(within)
        };
        let groups = self.parts.iter().filter(|part| part.object().is_none() && !is_below(part));
        let groups: u64 = groups.map(Part::own_bytes).sum();
        let sum = sum_of(&owners) + groups;
        let held = snapshot.retained_bytes(self.held.object);
        self.alone = held * 10 >= sum * 8 || (groups == 0 && !self.together.is_empty());
        if held >= sum {
            owners = vec![self.held.object];
        }
        // Many threads of a pool, each with its own: none of them is meant alone.
        if self.held.holder.kind == HolderKind::Thread {
            let of_it = |object: &ObjectIx| {
                Some(*object).filter(|&object| is_thread(snapshot, object)).or_else(|| of(object))
            };
            let mut threads: Vec<ObjectIx> = objects.iter().filter_map(of_it).collect();
            threads.sort_unstable();
            threads.dedup();
            self.name_all(snapshot, &threads);
            self.name_after_samples(snapshot);
        }
        self.bytes = sum.max(held);
        self.owners = if groups == 0 || held >= sum { owners } else { Vec::new() };
        self.count_what_they_share(snapshot);
    }

    /// Adds what several of the objects with the holder's field lead to, where these are all that a collection has: it goes when all of them let go. It lies below the collection, but
    /// below none of them.
    fn count_what_they_share(&mut self, snapshot: &Snapshot) {
        const MOST: usize = 1 << 16;
        /// From what the field refers to up to the object that has it, and on to the collection.
        const STEPS: usize = 8;
        let holder = &self.held.holder;
        let (Some(class), Some(field)) = (holder.class.as_deref(), holder.field.as_deref()) else { return };
        let is_asked = self.held.kind == SuspectKind::Leak
            && holder.kind == HolderKind::InstanceField
            && (2..=MOST).contains(&self.owners.len());
        if !is_asked {
            return;
        }
        let tree = snapshot.dominators();
        let declaring = |&owner: &ObjectIx| {
            let mut above = [owner].into_iter().chain(tree.dominators(owner).take(STEPS));
            above.find(|&above| snapshot.classes().is_named(snapshot.class_of(above), class))
        };
        let Some(mut all) = self.owners.iter().map(declaring).collect::<Option<Vec<ObjectIx>>>() else {
            return;
        };
        all.sort_unstable();
        all.dedup();
        let is_of_collection = |object: &ObjectIx| {
            let class = snapshot.class(*object);
            class.is_array() || class.name.starts_with("java.util.")
        };
        // The way from each up to the nearest that all of them lie below; between these are only parts of one collection.
        let way = |&object: &ObjectIx| -> Vec<ObjectIx> {
            tree.dominators(object).take(STEPS).take_while(is_of_collection).collect()
        };
        let ways: Vec<Vec<ObjectIx>> = all.iter().map(way).collect();
        let Some((first, others)) = ways.split_first().filter(|(_, others)| !others.is_empty()) else {
            return;
        };
        let has_all = |above: &&ObjectIx| others.iter().all(|way| way.contains(above));
        let Some(&collection) = first.iter().find(has_all) else { return };
        let below = |(way, &object): (&Vec<ObjectIx>, &ObjectIx)| {
            let at = way.iter().position(|&above| above == collection)?;
            Some(at.checked_sub(1).map_or(object, |below| way[below]))
        };
        let Some(mut on_the_way) = ways.iter().zip(&all).map(below).collect::<Option<Vec<ObjectIx>>>() else {
            return;
        };
        on_the_way.sort_unstable();
        // What else one of them refers to is not in the field.
        let mut beside: Vec<ObjectIx> = Vec::new();
        for &object in &all {
            snapshot.links(object, |link, target| {
                if !matches!(link, Link::Field { name, .. } if name == field) {
                    beside.push(target);
                }
                true
            });
        }
        beside.sort_unstable();
        // Those of their kind that have next to nothing were not found, and are none of it.
        let mut kinds: Vec<ClassIx> = on_the_way.iter().map(|&part| snapshot.class_of(part)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let is_among = |object: &ObjectIx| {
            kinds.binary_search(&snapshot.class_of(*object)).is_err()
                && beside.binary_search(object).is_err()
                && snapshot.mirrored_class(*object).is_none()
        };
        // Something else that the collection has may lead there as well.
        let is_all_theirs = on_the_way.iter().all(|&part| is_theirs(snapshot, part, &all))
            && has_no_other(snapshot, collection, &kinds);
        if !is_all_theirs {
            return;
        }
        self.among = tree.children(collection).iter().copied().filter(is_among).collect();
        self.bytes += self.among.iter().map(|&object| snapshot.retained_bytes(object)).sum::<u64>();
    }

    /// The threads at which the paths to its places begin: what something else leads to as well, as a request that is served, belongs to none of them alone.
    fn starts(&self, snapshot: &Snapshot, ownership: &Ownership<'_>) -> Vec<ObjectIx> {
        const LOOKED_AT: usize = 16;
        let places = self
            .parts
            .iter()
            .flat_map(|part| part.object().into_iter().chain(part.samples().iter().copied().take(LOOKED_AT)));
        let start = |object: ObjectIx| {
            let held = ownership.of(object, 0).filter(|held| same_holder(held, &self.held))?;
            snapshot.find(ObjectId(held.path.first()?.address))
        };
        let starts = places.take(4 * LOOKED_AT).filter_map(start);
        starts.filter(|&start| is_thread(snapshot, start)).collect()
    }

    /// Has the holder named after all of several threads.
    pub(super) fn name_all(&mut self, snapshot: &Snapshot, threads: &[ObjectIx]) {
        if threads.len() > 1 && self.held.holder.thread.is_some() {
            let names: Vec<String> = threads.iter().map(|&thread| thread_name(snapshot, thread)).collect();
            self.held.holder.thread = Some(thread_pattern(names.iter().map(String::as_str)));
            self.held.holder.threads = Some(threads.len() as u64);
        }
    }

    /// Has the holder named by what the threads are called that keep members of a group, if it is still called like one of them. How many
    /// they are is not known, as only samples of the group are.
    fn name_after_samples(&mut self, snapshot: &Snapshot) {
        let Some(name) = self.held.holder.thread.clone().filter(|_| self.held.holder.threads.is_none())
        else {
            return;
        };
        let stable = normalise_thread(&name);
        let thread = |&sample: &ObjectIx| thread_above(snapshot, sample);
        let threads = self.parts.iter().flat_map(Part::samples).filter_map(thread);
        let mut names: Vec<String> = threads.map(|thread| thread_name(snapshot, thread)).collect();
        names.retain(|name| normalise_thread(name) == stable);
        if names.iter().any(|other| *other != name) {
            self.held.holder.thread = Some(thread_pattern(names.iter().map(String::as_str)));
        }
    }

    /// Whether it is what the JDK keeps for each thread in a field of its own: that is what threads cost, and whoever has too many of them is told so.
    pub(in crate::inspect::suspects) fn is_part_of_threads(&self, snapshot: &Snapshot) -> bool {
        let Part::Group { group, .. } = self.main_part() else { return false };
        self.held.holder.kind == HolderKind::Thread
            && self.crowd.is_none()
            && &*snapshot.classes().get(group.class).name == "java.lang.Thread$FieldHolder"
    }

    /// The objects among the parts that lie below no other, in order: what lies below another is counted there.
    pub(super) fn outermost(&self, snapshot: &Snapshot) -> Vec<ObjectIx> {
        let tree = snapshot.dominators();
        let mut objects: Vec<ObjectIx> = self.parts.iter().filter_map(Part::object).collect();
        objects.sort_unstable();
        // Several large parts of one collection are places in it.
        objects.dedup();
        let is_outermost = |&object: &ObjectIx| {
            !tree.dominators(object).take(1 << 16).any(|above| objects.binary_search(&above).is_ok())
        };
        objects.iter().copied().filter(is_outermost).collect()
    }

    /// The objects that only `thread` keeps and that have this story's holder.
    fn held_together(
        &self,
        snapshot: &Snapshot,
        ownership: &Ownership<'_>,
        thread: ObjectIx,
    ) -> Vec<ObjectIx> {
        const WORTH_A_LOOK: u64 = 16 << 10;
        const MOST: usize = 1000;
        let mut below = snapshot.dominators().children(thread).to_vec();
        below.retain(|&object| snapshot.retained_bytes(object) >= WORTH_A_LOOK);
        below.sort_by_key(|&object| (std::cmp::Reverse(snapshot.retained_bytes(object)), object));
        below.truncate(MOST);
        below.retain(|&object| {
            object == self.held.object
                || ownership.of(object, 0).is_some_and(|held| same_holder(&held, &self.held))
        });
        below
    }

    /// The objects by which it is known: its places, and of groups those looked at.
    pub(in crate::inspect::suspects) fn looked_at(&self) -> Vec<ObjectIx> {
        self.parts
            .iter()
            .flat_map(|part| part.object().into_iter().chain(part.samples().iter().copied()))
            .collect()
    }

    /// Whether `other` goes when those let go that hold this one together, and is not what one of these keeps by itself.
    pub(in crate::inspect::suspects) fn frees(&self, other: &Self) -> bool {
        let objects = other.looked_at();
        let Some(shared) = &self.shared else { return false };
        // What the server of beans keeps by itself are the entries for what is shared.
        let keeps = |holder: &Holder| *holder == other.held.holder && holder.class.as_deref() != Some(BEANS);
        if shared.holders.iter().any(|share| keeps(&share.holder)) {
            return false;
        }
        let freed = objects.iter().filter(|object| shared.frees.binary_search(object).is_ok()).count();
        freed * 10 >= objects.len() * 9
    }

    /// Whether all of it lies below `object`: each of the places.
    pub(in crate::inspect::suspects) fn lies_in(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        let tree = snapshot.dominators();
        let is_in = |&owner: &ObjectIx| owner != object && tree.dominates(object, owner);
        !self.owners.is_empty() && self.owners.iter().all(is_in)
    }

    /// Whether all of it lies below the objects that retain all of another one.
    pub(in crate::inspect::suspects) fn lies_within(&self, snapshot: &Snapshot, outer: &Self) -> bool {
        let tree = snapshot.dominators();
        let is_in = |&owner: &ObjectIx| {
            outer.owners.iter().any(|&object| owner != object && tree.dominates(object, owner))
        };
        !self.owners.is_empty() && self.owners.iter().all(is_in)
    }
}

/// Whether a part of a collection is one of these objects, or leads to no other: a node of a map does to its key and to the next node.
fn is_theirs(snapshot: &Snapshot, part: ObjectIx, all: &[ObjectIx]) -> bool {
    let is_known = |object: ObjectIx| all.binary_search(&object).is_ok();
    let class = snapshot.class_of(part);
    let is_key = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object)) == Origin::Jdk;
    is_known(part)
        || snapshot
            .references()
            .of(part)
            .all(|target| is_known(target) || snapshot.class_of(target) == class || is_key(target))
}

/// Whether a collection refers to nothing of the application's that is of none of these kinds.
fn has_no_other(snapshot: &Snapshot, collection: ObjectIx, kinds: &[ClassIx]) -> bool {
    let is_other = |target: ObjectIx| {
        kinds.binary_search(&snapshot.class_of(target)).is_err()
            && snapshot.mirrored_class(target).is_none()
            && origin_of(snapshot, snapshot.class_of(target)) != Origin::Jdk
    };
    !snapshot.references().of(collection).any(is_other)
}
