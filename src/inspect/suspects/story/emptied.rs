//! Whether a map is emptied as well as filled.
//!
//! Of what is put in and never taken out nothing is garbage. Where the entries of a map have been taken out one by one the collector finds them, until it
//! runs, with what they had. A class of which many live for a moment only has garbage as well, and proves nothing: what counts is garbage in an entry of just
//! the kind of those that hold the elements, and no entry of a map that is garbage as a whole, as one that a call has filled for itself is.
//! One that is emptied may leak all the same, if not all that is put in is taken out: so nobody is told that it does not, only that it is emptied, and
//! only where memory is not short. Cost: 4 bytes for each unreachable object and a pass over its references, for a suspect whose class is among it in such a number.

use super::Story;
use super::subject::Subject;
use crate::hprof::ObjectId;
use crate::inspect::oom::{throwing_thread, thrown_earlier};
use crate::inspect::suspects::elements::is_plumbing;
use crate::inspect::{Context, InspectError};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{Arg, EMPTIED, Pattern, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use hashbrown::HashSet;
use rayon::prelude::*;

/// Fewer are garbage by chance.
const LEAST_COUNT: u64 = 100;

impl Story {
    /// Tells a suspect to blame for nothing but its number as only the largest if it is emptied as well.
    pub(super) fn tell_if_emptied(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
        subject: &Subject,
    ) -> Result<(), InspectError> {
        if let Some(emptied) = self.emptied(context, suspect, subject)? {
            suspect.standing = Standing::Largest;
            self.tell_as_largest(suspect);
            suspect.advice.insert(0, emptied);
        }
        Ok(())
    }

    fn emptied(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
        subject: &Subject,
    ) -> Result<Option<Text>, InspectError> {
        let snapshot = context.snapshot;
        let is_asked = suspect.standing == Standing::Blamed
            && suspect.kind == SuspectKind::Leak
            && matches!(suspect.pattern, Pattern::Collection | Pattern::Repeated)
            && suspect.rule.is_none()
            && !suspect.backlog
            && !self.is_sure(suspect);
        let (class, first) = match subject.elements {
            Some(elements) => (elements.class, Some(elements.first)),
            None => (subject.class, self.main_part().samples().first().copied()),
        };
        let Some(first) = first.filter(|_| is_asked && origin_of(snapshot, class) != Origin::Jdk) else {
            return Ok(None);
        };
        let held = subject.elements.map_or(subject.instances, |elements| elements.count);
        let garbage = snapshot.class_counts()[class.index()].unreachable_instances;
        let is_as_many = |count: u64| count >= LEAST_COUNT && count.saturating_mul(2) >= held;
        let used = context.histogram().total().shallow_bytes;
        let has_room = context.heap_limit().is_some_and(|limit| used.saturating_mul(2) < limit.bytes);
        if !is_as_many(garbage) || !has_room || throwing_thread(snapshot).is_some() {
            return Ok(None);
        }
        let is_entry = |&entry: &ObjectIx| is_plumbing(snapshot, entry) && !snapshot.class(entry).is_array();
        let keeping = snapshot.dominators().immediate_dominator(first).object().filter(is_entry);
        // What a cache has in a list as well is in an entry of its map, which does not keep it alone.
        let passed = || entry_on_path(snapshot, suspect, class).filter(is_entry);
        let Some(entry) = keeping.or_else(passed) else { return Ok(None) };
        if !is_as_many(taken_out(snapshot, snapshot.class_of(entry), class))
            || !thrown_earlier(context)?.is_empty()
        {
            return Ok(None);
        }
        Ok(Some(Text::with(EMPTIED, [("count", Arg::Count(garbage))])))
    }
}

/// What comes before the first object of `class` on the path to a suspect.
fn entry_on_path(snapshot: &Snapshot, suspect: &Suspect, class: ClassIx) -> Option<ObjectIx> {
    let objects = suspect.path.iter().map(|step| snapshot.find(ObjectId(step.address)));
    let steps: Vec<Option<ObjectIx>> = objects.collect();
    let at =
        steps.iter().position(|object| object.is_some_and(|object| snapshot.class_of(object) == class))?;
    steps[at.checked_sub(1)?]
}

/// How many unreachable objects of `class` are in entries of class `entry` that were taken out of a map by themselves.
fn taken_out(snapshot: &Snapshot, entry: ClassIx, class: ClassIx) -> u64 {
    let unreachable: Vec<ObjectIx> = snapshot.par_unreachable().collect();
    let unreachable = || unreachable.iter().copied();
    let is_entry = |&object: &ObjectIx| snapshot.class_of(object) == entry && !snapshot.is_reachable(object);
    // The entries of maps that are garbage as a whole: a table or the map leads to them.
    let outside = unreachable().filter(|&object| snapshot.class_of(object) != entry);
    let entered = outside.flat_map(|object| snapshot.references().of(object).filter(is_entry));
    let mut left: Vec<ObjectIx> = entered.collect();
    let mut of_maps: HashSet<ObjectIx> = left.iter().copied().collect();
    while let Some(one) = left.pop() {
        let next = snapshot.references().of(one).filter(is_entry);
        left.extend(next.filter(|&next| of_maps.insert(next)));
    }
    let by_itself = unreachable().filter(is_entry).filter(|entry| !of_maps.contains(entry));
    let is_element =
        |&object: &ObjectIx| snapshot.class_of(object) == class && !snapshot.is_reachable(object);
    let elements = by_itself.flat_map(|entry| snapshot.references().of(entry).filter(is_element));
    elements.collect::<HashSet<ObjectIx>>().len() as u64
}
