//! Lists of the application's own that lead both ways, some links of which something else refers to.
//!
//! From a link in the middle all others are reached, so the shortest path to most of them leads by way of whoever has noted one: the open payments, each with its
//! own timer. Nobody puts anything in there. Who has such a list has one of its ends. Owns the walk to these; they are asked for only where the shortest path leads
//! along a list. Cost: a walk from some objects, of bounded length all together.

use super::accumulate::Group;
use super::story::{links_of, same_holder};
use crate::hprof::ObjectId;
use crate::inspect::holders::{Held, Ownership, is_own_field};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of};
use crate::report::{HolderKind, SuspectKind};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;

/// Members whose ends are looked for.
const LOOKED_AT: usize = 16;
/// Members of which the path is looked at.
const FEW: usize = 4;
/// So many links on a path are no coincidence.
const LINKS: usize = 3;
/// Steps along all lists,
const MOST_STEPS: usize = 1 << 22;
/// and one of so many links of which the end is remembered.
const ONE_OF: u32 = 64;

/// Who has the ends of the lists that the members of `group` are in, and of how many of those looked at: `None` if `held`, by whom a shortest path leads to most of them,
/// has the ends as well, or these are no such lists.
pub(super) fn owner(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    group: &Group,
    held: &Held,
) -> Option<(Held, u64, u64)> {
    let class = group.class;
    let is_member = |object: ObjectIx| snapshot.class_of(object) == class;
    let is_along_list = |held: &Held| {
        let links = held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        links.filter(|&object| is_member(object)).count() > LINKS
    };
    if held.kind != SuspectKind::Leak || origin_of(snapshot, class) != Origin::Application {
        return None;
    }
    // Some stand beside a link that is known.
    let few = group.samples.iter().step_by(group.samples.len().div_ceil(FEW).max(1));
    let mut few = few.filter_map(|&sample| ownership.of_one_of(sample, group.count));
    if !few.any(|(held, _)| is_along_list(&held)) {
        return None;
    }
    let (back, forth) = group.samples.iter().find_map(|&sample| both_ways(snapshot, sample))?;
    let mut walk = Walk { snapshot, known: HashMap::new(), left: MOST_STEPS };
    let step = group.samples.len().div_ceil(LOOKED_AT).max(1);
    let asked: Vec<ObjectIx> = group.samples.iter().copied().step_by(step).collect();
    let mut owners: Vec<(Held, u64)> = Vec::new();
    for &sample in &asked {
        let ends = [back, forth].map(|link| walk.end(sample, link));
        let mut of_ends = ends.into_iter().flatten().filter_map(|end| {
            let (held, _) = ownership.of_one_of(end, group.count)?;
            // Nothing of the list lies on the way to its end.
            let mut way =
                held.path.iter().rev().skip(1).filter_map(|step| snapshot.find(ObjectId(step.address)));
            (held.kind == SuspectKind::Leak && is_own_field(&held.holder) && !way.any(is_member))
                .then_some(held)
        });
        let Some(found) = of_ends.next() else { continue };
        match owners.iter_mut().find(|(known, _)| same_holder(known, &found)) {
            Some((_, count)) => *count += 1,
            None => owners.push((found, 1)),
        }
    }
    let (owner, count) = owners.into_iter().max_by_key(|&(_, count)| count)?;
    let is_of_most = count * 4 >= asked.len() as u64 * 3;
    // Both ends may be in fields of one object: which of them is nearer to a link tells nothing.
    let is_news = !same_holder(&owner, held) && !are_ends_of_one(&owner, held);
    (is_of_most && is_news).then_some((owner, count, asked.len() as u64))
}

/// Whether two holders are fields of one class.
fn are_ends_of_one(a: &Held, b: &Held) -> bool {
    let is_field = |held: &Held| held.holder.kind == HolderKind::InstanceField;
    is_field(a) && is_field(b) && a.holder.class == b.holder.class
}

/// The fields by which a link leads to the one before it and to the one after it: what one of them leads to leads back by the other.
fn both_ways(snapshot: &Snapshot, link: ObjectIx) -> Option<(&str, &str)> {
    let links = links_of(snapshot, link);
    links.iter().find_map(|&forth| {
        let next = snapshot.follow(link, forth)?;
        let back = links_of(snapshot, next)
            .into_iter()
            .find(|&back| back != forth && snapshot.follow(next, back) == Some(link))?;
        Some((back, forth))
    })
}

struct Walk<'a> {
    snapshot: &'a Snapshot,
    /// The ends of the lists of some links, by link and field.
    known: HashMap<(ObjectIx, &'a str), ObjectIx>,
    left: usize,
}

impl<'a> Walk<'a> {
    /// The last link that is reached by that field; `None` if they lead around in a circle, or too far.
    fn end(&mut self, from: ObjectIx, field: &'a str) -> Option<ObjectIx> {
        let mut passed = Vec::new();
        let mut at = from;
        let end = loop {
            if let Some(&end) = self.known.get(&(at, field)) {
                break end;
            }
            self.left = self.left.checked_sub(1)?;
            // Fibonacci hashing: the links of a list often stand at like distances.
            if at.0.wrapping_mul(0x9e37_79b9) >> 16 & (ONE_OF - 1) == 0 {
                passed.push(at);
            }
            match self.snapshot.follow(at, field) {
                Some(next) if next == from || next == at => return None,
                Some(next) => at = next,
                None => break at,
            }
        };
        self.known.extend(passed.into_iter().map(|link| ((link, field), end)));
        Some(end)
    }
}
