//! The unit in which what piles up is counted: an order rather than the lines that each order has the same number of.
//!
//! What takes most bytes by itself may be a part of what somebody has put there. Owns the way from the parts up to what has them, and the proof: nearly all of the
//! parts are in objects of one class of the application's, each of these has about as many of them, and there are about as many of these as that makes.
//! What has thousands each, or now few and now many, is not told so: there it is the parts that pile up. Cost: a walk over some of what is retained, of
//! bounded length, and one over all of it where the proof holds.

use super::super::chunks::is_own_chunk;
use super::Story;
use super::linked::next_of;
use super::subject::Subject;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{Pattern, Share, SuspectKind};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;

/// Fewer wholes are no unit to count in.
const FEW: u64 = 256;
/// So many parts of each at most: more pile up by themselves.
const MOST_PARTS: u64 = 64;
/// Parts that are looked at, objects that are visited for them,
const SAMPLES: usize = 1 << 10;
const MOST_VISITED: usize = 1 << 17;
/// and for all wholes.
const MOST_WALKED: usize = 1 << 23;
/// Wholes that are looked at, and objects in each.
const WHOLES: usize = 32;
const MOST_IN_EACH: usize = 1 << 12;
/// From a part up to what has it, the collections between them included.
const STEPS: usize = 12;
/// An order has lines, and these have discounts.
const LEVELS: usize = 3;

impl Story {
    /// The application's objects of which the `count` objects of a class are parts, the outermost that there are several of, and how many they are.
    pub(super) fn wholes(&self, snapshot: &Snapshot, class: ClassIx, count: u64) -> Option<(ClassIx, u64)> {
        let mut found = None;
        let (mut part, mut parts) = (class, count);
        for _ in 0..LEVELS {
            let Some((whole, wholes)) = self.nearest_wholes(snapshot, part, parts) else { break };
            (part, parts) = (whole, wholes);
            found = Some((whole, wholes));
        }
        found
    }

    /// The same of a class that fills something.
    pub(super) fn wholes_of(&self, snapshot: &Snapshot, share: Share) -> Share {
        let class = snapshot.classes().named(&share.class).first().copied();
        let found = class.and_then(|class| self.wholes(snapshot, class, share.instances));
        match found {
            Some((class, instances)) => {
                Share { class: snapshot.classes().get(class).name.to_string(), instances, ..share }
            }
            None => share,
        }
    }

    /// Counts a suspect in these.
    pub(super) fn count_in_wholes(&self, snapshot: &Snapshot, subject: &mut Subject) {
        let is_pile = matches!(subject.pattern, Pattern::Collection | Pattern::Repeated);
        let is_asked = is_pile
            && self.held.kind == SuspectKind::Leak
            && self.crowd.is_none()
            && origin_of(snapshot, subject.class) == Origin::Application;
        if let Some((class, instances)) =
            is_asked.then(|| self.wholes(snapshot, subject.class, subject.instances)).flatten()
        {
            (subject.class, subject.instances) = (class, instances);
            // Those that were met first are parts of one.
            subject.elements = None;
        }
    }

    /// Counts all nodes of a tree that a call has in hand: those of one level, none of which keeps another, have the others below them, and the memory is that of all.
    pub(super) fn count_nodes(&self, snapshot: &Snapshot, subject: &mut Subject, counted: &[Share]) {
        let is_asked = self.held.kind == SuspectKind::Load && subject.pattern == Pattern::Repeated;
        let name = &*snapshot.classes().get(subject.class).name;
        let all = counted.iter().find(|share| is_asked && share.class == name);
        subject.instances = all.map_or(subject.instances, |all| all.instances.max(subject.instances));
    }

    fn nearest_wholes(&self, snapshot: &Snapshot, part: ClassIx, parts: u64) -> Option<(ClassIx, u64)> {
        if parts < 2 * FEW {
            return None;
        }
        let samples = self.below(snapshot, |class| class == part, MOST_VISITED, SAMPLES);
        let mut by_class: HashMap<ClassIx, Vec<ObjectIx>> = HashMap::new();
        for &sample in &samples {
            let above = snapshot.dominators().dominators(sample).take(STEPS);
            let mut above = above.take_while(|&above| above != self.held.object);
            // What is stored is no part of the chunk that has room for it.
            let is_whole = |&above: &ObjectIx| is_own(snapshot, above) && !is_own_chunk(snapshot, above);
            if let Some(whole) = above.find(is_whole) {
                by_class.entry(snapshot.class_of(whole)).or_default().push(whole);
            }
        }
        let (&whole, of_class) = by_class.iter().max_by_key(|(class, all)| (all.len(), **class))?;
        let are_nearly_all = of_class.len() * 10 >= samples.len() * 9;
        if whole == part || !are_nearly_all || snapshot.class_counts()[whole.index()].instances < FEW {
            return None;
        }
        let mut wholes = of_class.clone();
        wholes.dedup();
        wholes.truncate(WHOLES);
        let in_each: Vec<u64> =
            wholes.iter().filter_map(|&object| parts_in(snapshot, object, part)).collect();
        let of_each = in_each.iter().sum::<u64>().checked_div(in_each.len() as u64)?;
        let is_usual = |count: &&u64| count.abs_diff(of_each) * 4 <= of_each;
        let are_alike = in_each.iter().filter(is_usual).count() * 10 >= wholes.len() * 8;
        if !(2..=MOST_PARTS).contains(&of_each) || !are_alike || wholes.len() < 2 {
            return None;
        }
        let all = self.below(snapshot, |class| class == whole, MOST_WALKED, usize::MAX).len() as u64;
        let expected = parts / of_each;
        (all >= FEW && all.abs_diff(expected) * 4 <= expected).then_some((whole, all))
    }
}

/// Whether it is an object that the application's code has made and named.
fn is_own(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class(object);
    let is_generated = class.name.contains("$$Lambda") || class.name.contains("$Proxy");
    !class.is_array()
        && !is_generated
        && snapshot.mirrored_class(object).is_none()
        && origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
}

/// How many objects of the class `part` an object has, those left out that another one of its own class has. None if it is too large to count.
fn parts_in(snapshot: &Snapshot, whole: ObjectIx, part: ClassIx) -> Option<u64> {
    let tree = snapshot.dominators();
    let class = snapshot.class_of(whole);
    let mut stack = vec![tree.children(whole)];
    let mut count = 0;
    for _ in 0..MOST_IN_EACH {
        let Some(object) = next_of(&mut stack) else { return Some(count) };
        let of = snapshot.class_of(object);
        if of == class {
            continue;
        }
        count += u64::from(of == part);
        stack.push(tree.children(object));
    }
    None
}
