//! Suspects that are parts of the same things: the buffers, the request, the response and the connection of each unfinished request.
//!
//! A library's object may be many objects that refer to each other, none of which retains the others. A rule that counts such things says of which
//! classes' fields what belongs to them is held (`parts`). Cost: nothing unless such a rule has found something; then one pass over the class column.

use super::Story;
use super::story::{fingerprint, title};
use crate::inspect::{Context, InspectError};
use crate::query::instances_of;
use crate::report::{Finding, Pattern, Share, Suspect, SuspectKind};
use std::cmp::Reverse;

/// Tells suspects that are parts of what a rule has found as that.
pub(super) fn tell_together(
    context: &Context<'_>,
    told: &mut Vec<(Story, Suspect)>,
) -> Result<(), InspectError> {
    for finding in context.rule_findings()? {
        let Some(rule) = context.rules().find(&finding.id).filter(|_| finding.holder.is_some()) else {
            continue;
        };
        let is_part = |(_, suspect): &(Story, Suspect)| {
            suspect.kind == SuspectKind::Leak
                && suspect.rule.is_none()
                && suspect.instances * 10 >= finding.count * 9
                && suspect.holder.class.as_deref().is_some_and(|class| rule.has_part(class))
        };
        let (mut parts, mut others): (Vec<_>, Vec<_>) = told.drain(..).partition(is_part);
        if !parts.is_empty() {
            let bytes: u64 = parts.iter().map(|(story, _)| story.bytes()).sum();
            let compositions =
                parts.iter_mut().flat_map(|(_, suspect)| std::mem::take(&mut suspect.composition));
            let composition = added_up(compositions.collect());
            let (mut story, mut suspect) = parts.swap_remove(0);
            story.grow_to(bytes);
            suspect.retained_bytes = bytes;
            suspect.share = story.share(context.histogram().total().shallow_bytes);
            suspect.composition = composition;
            retell(context, finding, &mut suspect)?;
            rule.name(&mut suspect);
            others.insert(0, (story, suspect));
        }
        *told = others;
    }
    Ok(())
}

/// Tells a suspect as what a finding is about.
fn retell(context: &Context<'_>, finding: &Finding, suspect: &mut Suspect) -> Result<(), InspectError> {
    let snapshot = context.snapshot;
    let Some((class, holder)) = finding.class.clone().zip(finding.holder.clone()) else { return Ok(()) };
    suspect.title = title(suspect.kind, &class, finding.count, &holder);
    suspect.fingerprint = fingerprint(suspect.kind, &class, &holder);
    let ownership = context.ownership()?;
    let of_class = instances_of(snapshot, snapshot.classes().named(&class))?;
    let mut reachable = of_class.into_iter().filter(|&object| snapshot.is_reachable(object)).take(64);
    let is_held =
        |object: &crate::ix::ObjectIx| ownership.of(*object, 0).is_some_and(|held| held.holder == holder);
    if let Some(object) = reachable.find(is_held) {
        suspect.path = ownership.path_to(object);
    }
    (suspect.class, suspect.instances, suspect.pattern) = (class, finding.count, Pattern::Repeated);
    suspect.holder = holder;
    suspect.holders.clear();
    suspect.together_bytes = 0;
    suspect.accumulation_point = None;
    suspect.advice = finding.advice.clone();
    Ok(())
}

/// The same classes put together, biggest first.
fn added_up(shares: Vec<Share>) -> Vec<Share> {
    const MOST: usize = 8;
    let mut all: Vec<Share> = Vec::new();
    for share in shares {
        match all.iter_mut().find(|known| known.class == share.class) {
            Some(known) => {
                known.instances += share.instances;
                known.bytes += share.bytes;
            }
            None => all.push(share),
        }
    }
    all.sort_by(|a, b| Reverse(a.bytes).cmp(&Reverse(b.bytes)).then_with(|| a.class.cmp(&b.class)));
    all.truncate(MOST);
    all
}
