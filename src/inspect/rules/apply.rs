//! Applies rules to a heap: gathers the objects that they ask about, groups and counts them.
//!
//! Owns the meaning of `per`, `expected`, `when` and `missing-thread`. What is found is told by [`super::tell`].
//! Cost: one pass over the class column; 4 bytes for each object of a class that some rule names.

use super::evaluate::Evaluator;
use super::expression::{Expression, Function};
use super::garbage;
use super::rule::{Per, Rule, Subject, Threshold};
use super::tell::{self, Case, Group};
use super::trial::Trial;
use super::weight::{Split, held, retained};
use crate::inspect::{Context, InspectError};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::thread_name;
use crate::report::{Finding, Severity};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What things of one group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum GroupKey {
    All,
    Loader(Option<ObjectIx>),
    Text(String),
    /// A text, and the one object that all refer to.
    Same(String, ObjectIx),
    Object(ObjectIx),
}

/// All findings of all rules, most severe first.
pub(super) fn run(rules: &[Arc<Rule>], context: &Context<'_>) -> Result<Vec<Finding>, InspectError> {
    let judged = judge_all(rules, context, false)?;
    let mut findings: Vec<Finding> = judged.into_iter().flat_map(|judged| judged.findings).collect();
    leave_out_queued(rules, &mut findings);
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (std::cmp::Reverse(f.severity), std::cmp::Reverse(f.bytes));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id)).then_with(|| a.fingerprint.cmp(&b.fingerprint))
    });
    Ok(findings)
}

/// Leaves out what lies in a queue that is told: what waits there to be worked off is not what it would be elsewhere, as the future of a task is
/// completed once the task runs.
fn leave_out_queued(rules: &[Arc<Rule>], findings: &mut Vec<Finding>) {
    let rule = |finding: &Finding| rules.iter().find(|rule| rule.id == finding.id);
    let is_queue =
        |finding: &&Finding| rule(finding).is_some_and(|rule| rule.is_backlog() && rule.is_about_one());
    let place = |finding: &Finding| Some((finding.holder.as_ref()?.label(), finding.bytes));
    let queues: Vec<(String, u64)> = findings.iter().filter(is_queue).filter_map(place).collect();
    let is_queued = |finding: &Finding| {
        let place = place(finding)
            .filter(|_| rule(finding).is_some_and(|rule| rule.has_parts() && !rule.is_backlog()));
        place.is_some_and(|(holder, bytes)| queues.iter().any(|queue| queue.0 == holder && queue.1 >= bytes))
    };
    let left_out: Vec<bool> = findings.iter().map(is_queued).collect();
    let mut left_out = left_out.into_iter();
    findings.retain(|_| !left_out.next().unwrap_or(false));
}

/// How far each rule gets.
pub(super) fn trial(rules: &[Arc<Rule>], context: &Context<'_>) -> Result<Vec<Trial>, InspectError> {
    let judged = judge_all(rules, context, true)?;
    let trial = |(rule, judged): (&Arc<Rule>, Judged)| Trial {
        rule: rule.id.clone(),
        classes: judged.classes,
        instances: judged.instances,
        fulfilling: judged.fulfilling,
        findings: judged.findings.into_iter().map(|finding| finding.title).collect(),
    };
    Ok(rules.iter().zip(judged).map(trial).collect())
}

/// What came of one rule.
#[derive(Debug, Default)]
struct Judged {
    classes: u64,
    instances: u64,
    fulfilling: u64,
    findings: Vec<Finding>,
}

/// Applies the rules one by one. `all` says whether objects are gathered that cannot lead to a finding.
fn judge_all(rules: &[Arc<Rule>], context: &Context<'_>, all: bool) -> Result<Vec<Judged>, InspectError> {
    let gathered = Gathered::new(rules, context, all);
    let threads = live_threads(context.snapshot);
    let split = Split::of(context.snapshot, context.histogram().total().shallow_bytes);
    let each = rules.iter().enumerate().map(|(at, rule)| {
        let members = gathered.members(at, rule, context.snapshot);
        let mut judged = Judged {
            classes: gathered.classes_by_rule[at].len() as u64,
            instances: members.len() as u64,
            ..Judged::default()
        };
        if !members.is_empty() {
            judge(rule, members, threads.as_deref(), &split, context, &mut judged)?;
        }
        Ok(judged)
    });
    each.collect()
}

/// The objects of all classes that rules name.
struct Gathered {
    classes_by_rule: Vec<Vec<ClassIx>>,
    by_class: HashMap<ClassIx, Vec<ObjectIx>>,
}

impl Gathered {
    fn new(rules: &[Arc<Rule>], context: &Context<'_>, all: bool) -> Self {
        let snapshot = context.snapshot;
        let histogram = context.histogram();
        let mut wanted = vec![false; snapshot.classes().len()];
        let mut any = false;
        let classes_by_rule: Vec<Vec<ClassIx>> =
            rules.par_iter().map(|rule| rule.classes_in(snapshot)).collect();
        for (rule, classes) in rules.iter().zip(&classes_by_rule) {
            if rule.subject == Subject::Instances {
                let count = |&class: &ClassIx| {
                    let count = histogram.of_class(class);
                    count.instances + count.unreachable_instances
                };
                // Most rules are about libraries that are not there or about things that are there once.
                if all || classes.iter().map(count).sum::<u64>() > rule.expected {
                    for &class in classes.iter().filter(|class| count(class) > 0) {
                        wanted[class.index()] = true;
                        any = true;
                    }
                }
            }
        }
        let by_class = if any { gather(snapshot, &wanted) } else { HashMap::new() };
        Self { classes_by_rule, by_class }
    }

    /// What the rule looks at, in the order of the dump.
    fn members(&self, at: usize, rule: &Rule, snapshot: &Snapshot) -> Vec<ObjectIx> {
        let classes = &self.classes_by_rule[at];
        let mut members: Vec<ObjectIx> = match &rule.subject {
            Subject::Instances => {
                classes.iter().filter_map(|class| self.by_class.get(class)).flatten().copied().collect()
            }
            Subject::Classes => {
                let described = classes.iter().map(|&class| snapshot.classes().get(class));
                described.filter(|class| class.described).filter_map(|class| class.mirror.get()).collect()
            }
            Subject::Static(field) => {
                let values =
                    classes.iter().filter_map(|&class| snapshot.classes().get(class).static_value(field));
                values.filter_map(|value| snapshot.find(value.reference()?)).collect()
            }
        };
        members.sort_unstable();
        members.dedup();
        members
    }
}

fn gather(snapshot: &Snapshot, wanted: &[bool]) -> HashMap<ClassIx, Vec<ObjectIx>> {
    let objects = snapshot.object_count();
    let chunk = (objects / (8 * rayon::current_num_threads())).max(1 << 16);
    let found: Vec<Vec<(ClassIx, ObjectIx)>> = (0..objects.div_ceil(chunk))
        .into_par_iter()
        .map(|at| {
            let all = (at * chunk..((at + 1) * chunk).min(objects)).map(ObjectIx::from_usize);
            let with_class = all.map(|object| (snapshot.class_of(object), object));
            with_class.filter(|(class, _)| wanted[class.index()]).collect()
        })
        .collect();
    let mut by_class: HashMap<ClassIx, Vec<ObjectIx>> = HashMap::new();
    for (class, object) in found.into_iter().flatten() {
        by_class.entry(class).or_default().push(object);
    }
    by_class
}

/// The names of all live threads; `None` if the dump does not tell.
fn live_threads(snapshot: &Snapshot) -> Option<Vec<String>> {
    let names: Vec<String> =
        snapshot.threads().iter().map(|thread| thread_name(snapshot, thread.object)).collect();
    (!names.is_empty() && names.iter().all(|name| name != "?")).then_some(names)
}

fn judge(
    rule: &Rule,
    mut members: Vec<ObjectIx>,
    threads: Option<&[String]>,
    split: &Split<'_>,
    context: &Context<'_>,
    judged: &mut Judged,
) -> Result<(), InspectError> {
    let snapshot = context.snapshot;
    if !rule.conditions.is_empty() {
        members = Evaluator { snapshot }.fulfilling(&rule.conditions, members);
    }
    rule.leave_out_what_is_built(snapshot, &mut members);
    if !rule.missing_thread.is_empty() {
        let Some(threads) = threads else { return Ok(()) };
        members.retain(|&object| {
            snapshot.is_reachable(object) && misses_thread(rule, snapshot, object, threads)
        });
    }
    judged.fulfilling = members.len() as u64;
    let (mut reachable, garbage): (Vec<ObjectIx>, Vec<ObjectIx>) =
        members.into_iter().partition(|&object| snapshot.is_reachable(object));
    rule.leave_out_what_is_behind(snapshot, &mut reachable)?;
    let total = context.histogram().total();
    if let Some(case) = kept(rule, context, reachable, split, total.shallow_bytes)? {
        judged.findings.push(tell::kept(rule, &case, context)?);
    }
    if let Some(threshold) =
        rule.garbage.filter(|threshold| garbage.len() as u64 >= threshold.min_count.max(1))
    {
        let bytes = garbage::bytes(snapshot, &garbage)?;
        if threshold.is_reached(garbage.len() as u64, bytes, total.unreachable_bytes, None) {
            judged.findings.push(tell::garbage(rule, &garbage, bytes, context)?);
        }
    }
    Ok(())
}

/// Whether none of the threads is there that the instance should have.
fn misses_thread(rule: &Rule, snapshot: &Snapshot, object: ObjectIx, threads: &[String]) -> bool {
    let patterns: Option<Vec<regex::Regex>> =
        rule.missing_thread.iter().map(|template| template.pattern(snapshot, object)).collect();
    // What the thread should be called is not known: nothing can be said.
    let Some(patterns) = patterns else { return false };
    !threads.iter().any(|name| patterns.iter().any(|pattern| pattern.is_match(name)))
}

/// The groups that reach a threshold, most members first.
fn kept(
    rule: &Rule,
    context: &Context<'_>,
    members: Vec<ObjectIx>,
    split: &Split<'_>,
    whole: u64,
) -> Result<Option<Case>, InspectError> {
    let snapshot = context.snapshot;
    let limit = context.heap_limit().map(|limit| limit.bytes);
    let mut severity = rule.severity;
    let mut groups = Vec::new();
    for (key, members) in group(rule, snapshot, members) {
        let count = members.len() as u64;
        let worth_a_look =
            rule.when.is_empty() || rule.when.iter().any(|threshold| count >= threshold.min_count);
        if count <= rule.expected || !worth_a_look {
            continue;
        }
        let mut bytes = weigh(rule, snapshot, &members);
        let reaches = |bytes| move |threshold: &Threshold| threshold.is_reached(count, bytes, whole, limit);
        // The larger figure may be an error where the smaller is only a warning.
        if !rule.error_when.iter().chain(&rule.when).all(reaches(bytes))
            && let Some(object) = weighed_object(rule, snapshot, &members)
        {
            bytes = bytes.max(split.held(object)?.unwrap_or(0));
        }
        let reached = reaches(bytes);
        if !rule.when.is_empty() && !rule.when.iter().any(reached) {
            continue;
        }
        if rule.error_when.iter().any(reached) {
            severity = Severity::Error;
        }
        let key = match key {
            GroupKey::All | GroupKey::Object(_) => None,
            GroupKey::Loader(None) => Some("boot loader".to_owned()),
            GroupKey::Loader(Some(loader)) => Some(snapshot.class_name(loader).to_owned()),
            GroupKey::Text(text) | GroupKey::Same(text, _) => Some(text),
        };
        groups.push(Group { key, members, bytes });
    }
    if groups.is_empty() || (groups.len() as u64) < rule.min_groups {
        return Ok(None);
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.members.len()), std::cmp::Reverse(group.bytes)));
    let mut members: Vec<ObjectIx> = groups.iter().flat_map(|group| &group.members).copied().collect();
    members.sort_unstable();
    let bytes = match &*groups {
        [only] => only.bytes,
        _ if rule.measure.is_some() => groups.iter().map(|group| group.bytes).sum(),
        _ => retained(snapshot, &members),
    };
    Ok(Some(Case { severity, groups, members, bytes }))
}

/// The one object whose retained size a group stands for, if that is how it is weighed.
fn weighed_object(rule: &Rule, snapshot: &Snapshot, members: &[ObjectIx]) -> Option<ObjectIx> {
    let [only] = *members else { return None };
    match &rule.measure {
        None => Some(only),
        Some(Expression::Call(Function::Retained | Function::Kept, of)) => {
            Evaluator { snapshot }.object(of, only)
        }
        Some(_) => None,
    }
}

/// The bytes that a group stands for.
fn weigh(rule: &Rule, snapshot: &Snapshot, members: &[ObjectIx]) -> u64 {
    let Some(measure) = &rule.measure else { return held(snapshot, members) };
    let evaluator = Evaluator { snapshot };
    let bytes = members.par_iter().filter_map(|&object| evaluator.number(measure, object));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    bytes.map(|bytes| bytes.max(0.0) as u64).sum()
}

fn group(rule: &Rule, snapshot: &Snapshot, members: Vec<ObjectIx>) -> BTreeMap<GroupKey, Vec<ObjectIx>> {
    let evaluator = Evaluator { snapshot };
    let class_name = |object: ObjectIx| {
        let mirrored = (rule.subject == Subject::Classes).then(|| snapshot.class_of_mirror(object)).flatten();
        mirrored.unwrap_or_else(|| snapshot.class(object)).name.to_string()
    };
    let loader = |object: ObjectIx| {
        let mirrored = (rule.subject == Subject::Classes).then(|| snapshot.class_of_mirror(object)).flatten();
        mirrored.unwrap_or_else(|| snapshot.class(object)).loader.get()
    };
    let key = |object: ObjectIx| {
        Some(match &rule.per {
            Per::Heap => GroupKey::All,
            Per::Loader => GroupKey::Loader(loader(object)),
            Per::Class => GroupKey::Text(class_name(object)),
            Per::Instance => GroupKey::Object(object),
            // Things without a key have nothing in common.
            Per::Key(key) => {
                let text = evaluator.text(key, object)?;
                match &rule.same {
                    Some(same) => GroupKey::Same(text, evaluator.object(same, object)?),
                    None => GroupKey::Text(text),
                }
            }
        })
    };
    let keys: Vec<Option<GroupKey>> = members.par_iter().map(|&object| key(object)).collect();
    let mut groups: BTreeMap<GroupKey, Vec<ObjectIx>> = BTreeMap::new();
    for (object, key) in members.into_iter().zip(keys) {
        if let Some(key) = key {
            groups.entry(key).or_default().push(object);
        }
    }
    groups
}
