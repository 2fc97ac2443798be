//! Findings out of what rules found: words, holders, examples, fingerprint.
//!
//! Cost: a path for each of a few dozen members, a few records for each of a thousand.

use super::evaluate::Evaluator;
use super::rule::{Per, Rule, Subject};
use super::sums;
use super::words::Filling;
use crate::inspect::context::GARBAGE_WAITS;
use crate::inspect::holders::is_thread;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{self, Origin};
use crate::report::{
    Arg, Finding, Fingerprint, Holder, HolderKind, NamedValue, Severity, Text, normalise_class,
    normalise_thread, thread_pattern,
};
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};

/// Members whose holder is looked for.
const HOLDER_SAMPLES: usize = 64;
/// Members that are described to find the usual ones.
pub(super) const EXAMPLE_SAMPLES: usize = 1000;
/// Examples, holders and groups that are told.
const MOST_TOLD: usize = 3;
/// How many things those have that were found.
pub(in crate::inspect) const ENTRIES: &str = "rule-evidence-entries";
/// Garbage of one kind that is this part of all bytes in the dump is a warning.
const MUCH_GARBAGE: f64 = 0.25;

/// Things that have something in common.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) key: Option<String>,
    pub(super) members: Vec<ObjectIx>,
    /// What they retain together.
    pub(super) bytes: u64,
}

/// What a rule found.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) severity: Severity,
    /// At least one, most members first.
    pub(super) groups: Vec<Group>,
    /// The members of all groups.
    pub(super) members: Vec<ObjectIx>,
    /// What all of them retain together.
    pub(super) bytes: u64,
}

/// Evenly chosen members, at most `most`.
pub(super) fn samples(members: &[ObjectIx], most: usize) -> impl Iterator<Item = ObjectIx> + '_ {
    members.iter().step_by(members.len().div_ceil(most).max(1)).copied()
}

/// The usual instances first, then those that retain most.
pub(super) fn examples(snapshot: &Snapshot, rule: &Rule, members: &[ObjectIx]) -> Vec<Text> {
    let mut found: BTreeMap<Vec<NamedValue>, (u64, u64, ObjectIx)> = BTreeMap::new();
    let mut looked_at: u32 = 0;
    for object in samples(members, EXAMPLE_SAMPLES) {
        looked_at += 1;
        let words = rule.example(snapshot, object, members.len() == 1);
        let bytes = snapshot.retained_bytes(object);
        let entry = found.entry(words).or_insert((0, bytes, object));
        entry.0 += 1;
        entry.1 = entry.1.max(bytes);
    }
    found.remove(&Vec::new());
    let mut all: Vec<_> = found.into_iter().collect();
    all.sort_by_key(|(_, (count, bytes, object))| (std::cmp::Reverse((*count, *bytes)), *object));
    // How many of those looked at are like it.
    let with_share = |(values, (count, ..)): (Vec<NamedValue>, (u64, u64, ObjectIx))| {
        let share = (count > 1).then(|| count as f64 / f64::from(looked_at));
        Text::Values { values, share }
    };
    all.into_iter().take(MOST_TOLD).map(with_share).collect()
}

/// The holders of some members, the most frequent first, with how many they hold.
fn holders(
    rule: &Rule,
    members: &[ObjectIx],
    bytes: u64,
    context: &Context<'_>,
) -> Result<(Vec<(Holder, u64)>, u64), InspectError> {
    let ownership = context.ownership()?;
    let evaluator = Evaluator { snapshot: context.snapshot };
    let lent = lent(rule, members, context.snapshot)?;
    let is_lent = !lent.is_empty();
    let members = if is_lent { &lent } else { members };
    let mut found: Vec<Found> = Vec::new();
    let mut looked_at = 0;
    for object in samples(members, HOLDER_SAMPLES) {
        let path = rule.holds.as_ref().filter(|_| !is_lent);
        let held = path.and_then(|path| evaluator.object(path, object));
        let object = held.unwrap_or(object);
        let asked = if members.len() == 1 { bytes } else { context.snapshot.retained_bytes(object) };
        let Some(held) = ownership.of(object, asked) else { continue };
        looked_at += 1;
        // A path that begins at a class tells nothing that could be changed.
        if held.holder.class.as_deref() == Some("java.lang.Class") {
            continue;
        }
        let at = found.iter().position(|known| is_same(&known.holder, &held.holder)).unwrap_or_else(|| {
            found.push(Found { holder: held.holder.clone(), count: 0, threads: BTreeSet::new() });
            found.len() - 1
        });
        found[at].count += 1;
        found[at].threads.extend(held.holder.thread);
    }
    let mut found: Vec<(Holder, u64)> = found.into_iter().map(Found::named).collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // What a library's own tables hold as well is let go of by the application.
    let is_of = |holder: &Holder, origin: Origin| {
        holder.class.as_deref().is_some_and(|class| query::origin_of_named(context.snapshot, class) == origin)
    };
    if found.first().is_some_and(|(first, _)| is_of(first, Origin::Library)) {
        let is_own = |(holder, count): &(Holder, u64)| {
            holder.field.is_some() && is_of(holder, Origin::Application) && count * 4 >= looked_at
        };
        if let Some(at) = found.iter().position(is_own) {
            found[..=at].rotate_right(1);
        }
    }
    Ok((found, looked_at))
}

/// What the one instance that a rule has found has handed out and not got back, as far as something leads to it.
fn lent(rule: &Rule, members: &[ObjectIx], snapshot: &Snapshot) -> Result<Vec<ObjectIx>, InspectError> {
    let ([lender], Some(lends)) = (members, &rule.lends) else { return Ok(Vec::new()) };
    let mut classes = snapshot.classes().sub_classes_of(&lends.class);
    classes.sort_unstable();
    let evaluator = Evaluator { snapshot };
    let is_out = |&object: &ObjectIx| {
        snapshot.is_reachable(object)
            && evaluator.object(&lends.of, object) == Some(*lender)
            && evaluator.all_hold(&lends.conditions, object)
    };
    let instances = query::instances_of(snapshot, &classes).map_err(InspectError::from)?;
    Ok(instances.into_iter().filter(is_out).collect())
}

/// Whether two holders are the same place in the program, whatever thread it is in.
fn is_same(a: &Holder, b: &Holder) -> bool {
    let thread = |holder: &Holder| holder.thread.as_deref().map(|name| normalise_thread(name).into_owned());
    (a.kind, &a.class, &a.field, &a.frame) == (b.kind, &b.class, &b.field, &b.frame) && thread(a) == thread(b)
}

/// A holder, and how many it holds.
struct Found {
    holder: Holder,
    count: u64,
    /// The threads in which it is the same place.
    threads: BTreeSet<String>,
}

impl Found {
    /// The holder, named after all of the threads: none of several is meant alone.
    fn named(self) -> (Holder, u64) {
        let Self { mut holder, count, threads } = self;
        if threads.len() > 1 {
            holder.thread = Some(thread_pattern(threads.iter().map(String::as_str)));
            holder.threads = Some(threads.len() as u64);
        }
        (holder, count)
    }
}

/// The finding about what is reachable.
pub(super) fn kept(rule: &Rule, case: &Case, context: &Context<'_>) -> Result<Finding, InspectError> {
    let snapshot = context.snapshot;
    // A live thread is held by its running, whatever else refers to it.
    let is_about_threads = case.members.first().is_some_and(|&first| is_thread(snapshot, first));
    let has_holder = rule.subject != Subject::Classes
        && rule.missing_thread.is_empty()
        && (!is_about_threads || rule.holds.is_some());
    let (holders, looked_at) =
        if has_holder { holders(rule, &case.members, case.bytes, context)? } else { (Vec::new(), 0) };
    let mut evidence = Vec::new();
    let are_several = case.members.len() > 1 || looked_at > 1;
    for (holder, count) in holders.iter().take(MOST_TOLD).filter(|_| are_several) {
        let label = Arg::name(holder.label());
        let in_thread = holder.thread.as_ref().filter(|_| holder.kind == HolderKind::ThreadLocal);
        let place = match in_thread.filter(|_| *count == 1) {
            _ if holder.threads.is_some() => holder.words(),
            Some(thread) => {
                Arg::text(Text::with("holder-in-thread", [("place", label), ("thread", Arg::name(thread))]))
            }
            None => label,
        };
        let args = [("holder", place), ("count", Arg::Count(*count)), ("samples", Arg::Count(looked_at))];
        evidence.push(Text::with("rule-evidence-holder", args));
    }
    if case.groups.len() > 1 {
        for group in case.groups.iter().take(MOST_TOLD) {
            let Some(key) = &group.key else { continue };
            let args = [
                ("key", Arg::name(query::mask_value(key))),
                ("count", Arg::Count(group.members.len() as u64)),
                ("size", Arg::Bytes(group.bytes)),
            ];
            evidence.push(Text::with("rule-evidence-group", args));
        }
    }
    evidence.extend(examples(snapshot, rule, &case.members));
    let total = context.histogram().total().shallow_bytes;
    let first = &case.groups[0];
    let holder = holders.into_iter().next().map(|(holder, _)| holder);
    // Words about what a group has in common are about the largest: all others have something else in common.
    let (members, bytes) =
        if rule.tells_of_one_group() { (&first.members, first.bytes) } else { (&case.members, case.bytes) };
    if let Some(entries) = sums::entries(snapshot, rule, members) {
        evidence.push(Text::with(ENTRIES, [("count", Arg::Count(entries))]));
    }
    let share = |bytes: u64| if total == 0 { 0.0 } else { bytes as f64 / total as f64 };
    let filling = Filling {
        count: members.len() as u64,
        retained_bytes: bytes,
        share: share(bytes),
        key: first.key.as_deref().map(|key| query::mask_value(key).into_owned()),
        groups: case.groups.len() as u64,
        is_of_all: rule.counts_all_groups(),
        holder: holder.as_ref().map(Holder::label),
        class: class_name(rule, snapshot, &first.members),
        expected: rule.expected,
        varied: sums::varied(snapshot, rule, members),
        object: representative(snapshot, &first.members),
    };
    let title = match case.groups.len() as u64 {
        // Numbers of one of several are told as that, and not beside the sum of all.
        count
            if count > 1
                && rule.per == Per::Instance
                && rule.title.has_number_of_one(snapshot, filling.object) =>
        {
            let of_one = Filling {
                retained_bytes: first.bytes,
                share: share(first.bytes),
                count: 1,
                ..filling.clone()
            };
            rule.title.fill_of_largest(snapshot, &of_one, count)
        }
        _ => rule.title.fill(snapshot, &filling),
    };
    Ok(Finding {
        id: rule.id.clone(),
        severity: case.severity,
        title,
        bytes: case.bytes,
        count: case.members.len() as u64,
        advice: rule.advice.iter().filter_map(|words| words.fill_if_known(snapshot, &filling)).collect(),
        evidence,
        link: rule.link.clone(),
        fingerprint: fingerprint(rule, "kept", &filling.class, holder.as_ref()),
        class: Some(filling.class),
        holder,
    })
}

/// The finding about what is unreachable.
pub(super) fn garbage(
    rule: &Rule,
    members: &[ObjectIx],
    bytes: u64,
    context: &Context<'_>,
) -> Result<Finding, InspectError> {
    let snapshot = context.snapshot;
    let total = context.histogram().total();
    let all_bytes = total.shallow_bytes + total.unreachable_bytes;
    let class = class_name(rule, snapshot, members);
    let severity =
        if bytes as f64 >= MUCH_GARBAGE * all_bytes as f64 { Severity::Warning } else { Severity::Info };
    let filling = Filling {
        count: members.len() as u64,
        retained_bytes: bytes,
        share: if all_bytes == 0 { 0.0 } else { bytes as f64 / all_bytes as f64 },
        class,
        expected: rule.expected,
        object: members.first().copied(),
        ..Filling::default()
    };
    let title = [
        ("count", Arg::Count(filling.count)),
        ("class", Arg::name(&filling.class)),
        ("size", Arg::Bytes(bytes)),
    ];
    // What only their stacks hold is in use, and looks like garbage.
    let are_threads_left_out = context.unmounted_threads()?.count > 0;
    let (title_id, advice_id) = if are_threads_left_out {
        ("rule-unmounted-title", "rule-unmounted-advice")
    } else if context.class_value_bytes()? > 0 {
        ("rule-class-values-title", "rule-class-values-advice")
    } else if context.taken_part().is_some_and(|part| part < GARBAGE_WAITS) {
        ("rule-garbage-waiting-title", "rule-garbage-advice")
    } else {
        ("rule-garbage-title", "rule-garbage-advice")
    };
    let mut advice = vec![Text::message(advice_id)];
    advice.extend(rule.advice.iter().filter_map(|words| words.fill_if_known(snapshot, &filling)));
    Ok(Finding {
        id: rule.id.clone(),
        severity,
        title: Text::with(title_id, title),
        bytes,
        count: filling.count,
        holder: None,
        advice,
        evidence: examples(snapshot, rule, members),
        link: rule.link.clone(),
        fingerprint: fingerprint(rule, "garbage", &filling.class, None),
        class: Some(filling.class),
    })
}

/// The member that retains most.
fn representative(snapshot: &Snapshot, members: &[ObjectIx]) -> Option<ObjectIx> {
    members.iter().copied().max_by_key(|&object| (snapshot.retained_bytes(object), std::cmp::Reverse(object)))
}

/// The class that most of the members have. Where each has another one, as scripts do that were compiled one by one, what they have in common.
fn class_name(rule: &Rule, snapshot: &Snapshot, members: &[ObjectIx]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let samples: Vec<ObjectIx> = samples(members, EXAMPLE_SAMPLES).collect();
    for &object in &samples {
        let mirrored = (rule.subject == Subject::Classes).then(|| snapshot.class_of_mirror(object)).flatten();
        *counts.entry(&mirrored.unwrap_or_else(|| snapshot.class(object)).name).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)));
    let Some((name, count)) = most else { return "?".to_owned() };
    let common = || common_class(snapshot, &samples).filter(|class| class != "java.lang.Object");
    let is_chance = count * 2 <= samples.len() && rule.subject != Subject::Classes;
    is_chance.then(common).flatten().unwrap_or_else(|| name.to_owned())
}

/// The nearest class of which all these objects are instances.
fn common_class(snapshot: &Snapshot, objects: &[ObjectIx]) -> Option<String> {
    let classes = snapshot.classes();
    let mut names = classes.lineage(snapshot.class_of(*objects.first()?)).map(|(_, class)| &*class.name);
    let is_of_all =
        |name: &&str| objects.iter().all(|&object| classes.is_named(snapshot.class_of(object), name));
    names.find(is_of_all).map(str::to_owned)
}

fn fingerprint(rule: &Rule, state: &str, class: &str, holder: Option<&Holder>) -> Fingerprint {
    let holder_class =
        holder.and_then(|holder| holder.class.as_deref()).map(normalise_class).unwrap_or_default();
    let field = holder.and_then(|holder| holder.field.as_deref()).unwrap_or("");
    // The class of many different classes is chance.
    let class = if rule.subject == Subject::Classes { "".into() } else { normalise_class(class) };
    Fingerprint::of(&["rule", &rule.id, state, &class, &holder_class, field])
}
