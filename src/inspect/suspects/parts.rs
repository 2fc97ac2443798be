//! Suspects that are parts of the same things: the buffers, the request, the response and the connection of each unfinished request.
//!
//! A library's object may be many objects that refer to each other, none of which retains the others. A rule that counts such things says of which
//! classes' fields what belongs to them is held, and which classes belong to them (`parts`). Threads that belong to such things are parts, too.
//! Cost: nothing unless such a rule has found something; then one pass over the class column.

use super::Story;
use super::story::{ENTRY, OWN_BELOW, fingerprint, title};
use crate::inspect::rules::Rule;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::instances_of;
use crate::report::{Arg, Finding, Holder, Pattern, Severity, Share, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use std::cmp::Reverse;

/// Tells suspects that are parts of what a rule has found as that.
pub(super) fn tell_together(
    context: &Context<'_>,
    told: &mut Vec<(Story, Suspect)>,
) -> Result<(), InspectError> {
    for finding in context.rule_findings()? {
        let found = context.rules().find(&finding.id).filter(|rule| rule.has_parts());
        let Some(rule) = found.filter(|_| finding.holder.is_some()) else { continue };
        let is_part = |(_, suspect): &(Story, Suspect)| is_part(context, rule, finding, suspect);
        let (mut parts, mut others): (Vec<_>, Vec<_>) = told.drain(..).partition(is_part);
        if !parts.is_empty() {
            let bytes: u64 = parts.iter().map(|(story, _)| story.bytes()).sum();
            let compositions =
                parts.iter_mut().flat_map(|(_, suspect)| std::mem::take(&mut suspect.composition));
            let composition = added_up(compositions.collect());
            // Threads end only when they are told to, whoever refers to what they work with.
            let threads = parts.iter().position(|(_, suspect)| suspect.pattern == Pattern::Threads);
            let (mut story, mut suspect) = parts.swap_remove(threads.unwrap_or(0));
            story.take_in(parts.iter().map(|(part, _)| part), bytes);
            suspect.retained_bytes = bytes;
            suspect.share = story.share(context.histogram().total().shallow_bytes);
            suspect.composition = composition;
            retell(context, rule, finding, &mut suspect)?;
            rule.name(&mut suspect);
            if suspect.pattern != Pattern::Threads {
                suspect.activity.retain(|text| !text.is_one_of(&OWN_BELOW));
                suspect.activity.extend(story.own_below(context.snapshot, &suspect));
            }
            // Data that are as large as they were made are no more than that by what they are made of.
            if rule.is_largest_only() && !story.fills_the_heap(&suspect) {
                suspect.standing = Standing::Largest;
            }
            others.insert(0, (story, suspect));
        }
        *told = others;
    }
    Ok(())
}

/// Tells a suspect that no rule knows as what a rule has found many of, where next to all of them hang on it, are most of it, and nobody else holds them:
/// class loaders, by the lambdas of the classes that they have defined.
pub(super) fn tell_enclosed(
    context: &Context<'_>,
    told: &mut [(Story, Suspect)],
) -> Result<(), InspectError> {
    let snapshot = context.snapshot;
    let is_open = |suspect: &Suspect| {
        suspect.kind == SuspectKind::Leak
            && suspect.rule.is_none()
            && suspect.pattern != Pattern::Threads
            && matches!(suspect.standing, Standing::Blamed | Standing::Largest)
    };
    for finding in context.rule_findings()? {
        let is_wrong = |rule: &&Rule| {
            rule.severity() > Severity::Info && rule.explains_suspects() && !rule.is_largest_only()
        };
        let rule = context.rules().find(&finding.id).filter(|rule| rule.counts_instances()).filter(is_wrong);
        let Some((rule, class)) = rule.zip(finding.class.clone()) else { continue };
        let is_most = |suspect: &Suspect| {
            let is_there =
                finding.holder.as_ref().is_none_or(|holder| holder.label() == suspect.holder.label());
            is_there && finding.bytes.saturating_mul(2) >= suspect.retained_bytes
        };
        if !told.iter().any(|(_, suspect)| is_open(suspect) && is_most(suspect)) {
            continue;
        }
        let instances = found_by(snapshot, rule, &class)?;
        for (story, suspect) in told.iter_mut().filter(|(_, suspect)| is_open(suspect) && is_most(suspect)) {
            let is_inside = |&object: &ObjectIx| snapshot.dominators().dominates(story.held.object, object);
            let inside: Vec<ObjectIx> = instances.iter().copied().filter(is_inside).collect();
            if inside.len() < 2 || inside.len() * 10 < instances.len() * 9 {
                continue;
            }
            let count = inside.len() as u64;
            suspect.title = title(suspect.kind, &class, count, &suspect.holder);
            suspect.fingerprint = fingerprint(suspect.kind, &class, &suspect.holder);
            suspect.examples = context.rules().examples(snapshot, rule, &inside);
            suspect.advice = finding.advice.clone();
            (suspect.class, suspect.instances) = (class.clone(), count);
            (suspect.pattern, suspect.standing) = (Pattern::Repeated, Standing::Blamed);
            rule.name(suspect);
        }
    }
    Ok(())
}

/// Whether a suspect is about something that each instance has which a rule has found.
fn is_part(context: &Context<'_>, rule: &Rule, finding: &Finding, suspect: &Suspect) -> bool {
    if suspect.kind == SuspectKind::Garbage || suspect.instances * 10 < finding.count * 9 {
        return false;
    }
    let own = suspect.rule.as_deref();
    let is_free = own.is_none_or(|id| id == finding.id);
    let is_held = suspect.holder.class.as_deref().is_some_and(|class| rule.has_part(class));
    // What a rule says about one instance says less than what there are many of.
    let is_of_one = || own.and_then(|id| context.rules().find(id)).is_some_and(Rule::is_about_one);
    let is_at_same_place = || finding.holder.as_ref().map(Holder::label) == Some(suspect.holder.label());
    let is_thread_of_each = || {
        suspect.instances * 10 <= finding.count * 11
            && suspect.path.iter().any(|step| finding.class.as_deref() == Some(&*step.class))
    };
    match suspect.pattern {
        Pattern::Threads => is_thread_of_each(),
        _ if is_free && is_held && suspect.kind == SuspectKind::Leak => true,
        _ => (is_free || is_of_one()) && rule.has_part(&suspect.class) && is_at_same_place(),
    }
}

/// Tells a suspect as what a finding is about.
fn retell(
    context: &Context<'_>,
    rule: &Rule,
    finding: &Finding,
    suspect: &mut Suspect,
) -> Result<(), InspectError> {
    let snapshot = context.snapshot;
    let Some((class, holder)) = finding.class.clone().zip(finding.holder.clone()) else { return Ok(()) };
    let instances = found_by(snapshot, rule, &class)?;
    let name = rule.name_of_many(snapshot, finding.count, instances.first().copied());
    suspect.examples = context.rules().examples(snapshot, rule, &instances);
    suspect.advice = finding.advice.clone();
    suspect.instances = finding.count;
    suspect.accumulation_point = None;
    // Its maps are the library's own.
    suspect.activity.retain(|text| !text.is_one_of(&ENTRY));
    if suspect.pattern == Pattern::Threads {
        // They are held by their running, and what they do has been told.
        suspect.title = name.unwrap_or_else(|| title(suspect.kind, &class, finding.count, &holder));
        suspect.class = class;
        return Ok(());
    }
    suspect.title = match name {
        Some(name) => {
            Text::with("suspect-title-known", [("name", Arg::text(name)), ("holder", holder.words())])
        }
        None => title(suspect.kind, &class, finding.count, &holder),
    };
    suspect.fingerprint = fingerprint(suspect.kind, &class, &holder);
    let ownership = context.ownership()?;
    let is_held = |object: &ObjectIx| ownership.of(*object, 0).is_some_and(|held| held.holder == holder);
    if let Some(object) = instances.iter().copied().take(64).find(is_held) {
        suspect.path = ownership.path_to(object);
    }
    (suspect.class, suspect.pattern) = (class, Pattern::Repeated);
    suspect.holder = holder;
    suspect.holders.clear();
    suspect.together_bytes = 0;
    Ok(())
}

/// Reachable instances of a class that a rule is about, some thousand at most.
pub(super) fn found_by(snapshot: &Snapshot, rule: &Rule, class: &str) -> Result<Vec<ObjectIx>, InspectError> {
    const MOST: usize = 4096;
    let of_class = instances_of(snapshot, snapshot.classes().named(class))?;
    let is_found = |&object: &ObjectIx| snapshot.is_reachable(object) && rule.holds_for(snapshot, object);
    Ok(of_class.into_iter().filter(is_found).take(MOST).collect())
}

/// The same classes put together, biggest first.
pub(super) fn added_up(shares: Vec<Share>) -> Vec<Share> {
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
