//! Many objects of one class that belong to different holders.
//!
//! Owns the question how many of a group each holder has, where those looked at show that several have a good part of it each: each of all members is
//! asked then, and who has the most is told with its own ones only. What two hold together, as two indexes of the same things, is no part of either,
//! and stays one group. Cost: nothing where one holder has nearly all of those looked at; otherwise a path for each member and one pass over all references.

use super::accumulate::{self, Group};
use super::shared::Entries;
use super::story::same_holder;
use crate::inspect::InspectError;
use crate::inspect::holders::{Held, Ownership, is_own_field};
use crate::ix::ObjectIx;
use crate::query::Origin;
use crate::snapshot::Snapshot;

/// More members are not asked one by one.
const MOST_MEMBERS: u64 = 20_000;
/// Of the members of a part so many are looked at, as of a group.
const SAMPLES: usize = 48;
/// Who has less than this part of what was looked at is no holder of its own.
const GOOD_PART: u64 = 8;

/// The members of `group` that each of `holders` has, with the holder: the first one and those that have a good part. None if the first has nearly all of
/// it, or others hold with it what it holds. With each holder are given the bytes of those of `samples` that it has; of `holders` the first has the most.
///
/// # Errors
/// Memory or scratch space ran out, or the user stopped it.
pub(super) fn by_holder(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    group: &Group,
    holders: &[(Held, u64)],
    threshold: u64,
) -> Result<Option<Vec<(Held, Group)>>, InspectError> {
    let looked_at: u64 = holders.iter().map(|&(_, bytes)| bytes).sum();
    let Some(((first, _), others)) = holders.split_first() else { return Ok(None) };
    let has_good_part = |bytes: u64| bytes.saturating_mul(GOOD_PART) >= looked_at;
    // Inside of a library the same may be reached in many ways, and one has none of it for itself.
    let is_own = first.origin == Origin::Application && is_own_field(&first.holder);
    if !is_own || group.count > MOST_MEMBERS || !others.iter().any(|&(_, bytes)| has_good_part(bytes)) {
        return Ok(None);
    }
    let holder_of = |member: ObjectIx| ownership.of_one_of(member, group.count).map(|(held, _)| held);
    let is_of_first = |held: &Held| same_holder(held, first);
    let of_others: Vec<ObjectIx> = group
        .samples
        .iter()
        .copied()
        .filter(|&sample| holder_of(sample).is_some_and(|held| !is_of_first(&held)))
        .collect();
    let entries = Entries::find(snapshot, &of_others)?;
    let is_held_by_first = |&&member: &&ObjectIx| {
        let mut referrers = entries.of(member).iter();
        referrers.any(|&referrer| {
            let entry = ownership.of_entry(referrer, member, 0, group.count);
            entry.is_some_and(|(held, _)| is_of_first(&held))
        })
    };
    if of_others.iter().filter(is_held_by_first).count() * 4 >= of_others.len() {
        return Ok(None);
    }
    // What is around them may be held by the first one as well.
    let barred: Vec<ObjectIx> = others.iter().map(|(held, _)| held.object).collect();
    let past = ownership.past(&barred, &of_others)?;
    if past.iter().filter(|(_, held)| is_of_first(held)).count() * 4 >= of_others.len() {
        return Ok(None);
    }
    let mut parts: Vec<(Held, Vec<ObjectIx>)> = Vec::new();
    for member in accumulate::members(snapshot, &[group.class], threshold) {
        let Some(held) = holder_of(member) else { continue };
        match parts.iter_mut().find(|(known, _)| same_holder(known, &held)) {
            Some((_, members)) => members.push(member),
            None => parts.push((held, vec![member])),
        }
    }
    let mut parts: Vec<(Held, Group)> =
        parts.into_iter().map(|(held, members)| (held, part_of(snapshot, group, members))).collect();
    // The sort is stable: of equal ones the first found comes first.
    parts.sort_by_key(|(_, part)| std::cmp::Reverse(part.bytes));
    parts.retain(|(_, part)| part.bytes >= threshold);
    Ok((!parts.is_empty()).then_some(parts))
}

/// The group of these members, of which some from all over it are looked at.
fn part_of(snapshot: &Snapshot, group: &Group, members: Vec<ObjectIx>) -> Group {
    let step = members.len().div_ceil(SAMPLES).max(1);
    Group {
        class: group.class,
        count: members.len() as u64,
        bytes: members.iter().map(|&member| snapshot.retained_bytes(member)).sum(),
        samples: members.iter().copied().step_by(step).collect(),
        members,
    }
}
