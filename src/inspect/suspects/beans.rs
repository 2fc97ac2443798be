//! What is registered as MBeans by objects of a library, each of which registers some: clients, pools, reporters of metrics.
//!
//! Where a library's objects are made again and again the server of beans holds what each of them has registered, and often that is most of what they
//! keep. Nobody takes it back there: whoever closes these objects does. So where a rule finds fault with objects of a library that lead to what is
//! registered, the story is theirs; their threads, if they are a suspect, are told with it, once. Cost: nothing unless a suspect is held by the server of
//! beans; then a walk of some thousand objects from each of some of those that a rule has found.

use super::parts::{added_up, found_by};
use super::story::Story;
use crate::inspect::holders::is_thread;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_name};
use crate::report::{Arg, Finding, Pattern, Severity, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use hashbrown::HashSet;
use std::collections::VecDeque;

/// The table of the server of beans.
const REPOSITORY: &str = "com.sun.jmx.mbeanserver.Repository";
/// Rules that say of a server of beans only that there are many.
const OF_BEANS: [&str; 3] = ["java.mbeans", "java.mbeans-of-one-class", "java.mbeans-held-elsewhere"];
/// What is less is nothing that anybody looks for, whoever has registered it.
const LEAST_BYTES: u64 = 1 << 20;
/// Instances of what a rule has found from which is looked,
const MOST_FOUND: usize = 512;
/// and objects that are looked at from each.
const MOST_VISITED: usize = 4096;

/// Tells what is held by the server of beans as what has registered it, if a rule finds fault with that, together with the threads of these.
pub(super) fn tell_registered(
    context: &Context<'_>,
    told: &mut Vec<(Story, Suspect)>,
) -> Result<(), InspectError> {
    let mut at = 0;
    while at < told.len() {
        let found = if may_be(context, &told[at].1) { owners(context, &told[at])? } else { None };
        let Some(finding) = found else {
            at += 1;
            continue;
        };
        let Some(threads) = told.iter().position(|(_, other)| is_thread_of_each(finding, other)) else {
            name(context, finding, &mut told[at].1);
            at += 1;
            continue;
        };
        // The threads end when their objects are closed, and that takes back what was registered: one thing to do.
        let (beans, registered) = told.remove(at);
        let (story, suspect) = &mut told[if threads > at { threads - 1 } else { threads }];
        let bytes = beans.bytes();
        story.grow_to(story.bytes() + bytes);
        suspect.retained_bytes = story.bytes();
        suspect.share = story.share(context.histogram().total().shallow_bytes);
        let compositions = std::mem::take(&mut suspect.composition).into_iter().chain(registered.composition);
        suspect.composition = added_up(compositions.collect());
        let args = [("size", Arg::Bytes(bytes)), ("holder", registered.holder.words())];
        suspect.activity.push(Text::with("suspect-registered", args));
        tell_as(finding, suspect);
        if suspect.rule.is_none() {
            name(context, finding, suspect);
        }
        suspect.standing = Standing::Blamed;
    }
    Ok(())
}

/// Whether it is held by the server of beans, and nothing that says more is known of it.
fn may_be(context: &Context<'_>, suspect: &Suspect) -> bool {
    let says_little = |id: &str| {
        let is_info = context.rules().find(id).is_some_and(|rule| rule.severity() == Severity::Info);
        OF_BEANS.contains(&id) || is_info
    };
    suspect.kind == SuspectKind::Leak
        && suspect.retained_bytes >= LEAST_BYTES
        && suspect.pattern != Pattern::Threads
        && matches!(suspect.standing, Standing::Blamed | Standing::Largest)
        && suspect.rule.as_deref().is_none_or(says_little)
        && suspect.path.iter().any(|step| step.class == REPOSITORY)
}

/// What a rule has found of a library's that leads to most of what a suspect consists of: rather the clients than the threads that each of them has.
fn owners<'a>(
    context: &'a Context<'_>,
    (story, suspect): &(Story, Suspect),
) -> Result<Option<&'a Finding>, InspectError> {
    let snapshot = context.snapshot;
    let mut samples: HashSet<ObjectIx> = story.looked_at().into_iter().collect();
    // The tables in which they are entered are the server's own.
    let is_told = |&object: &ObjectIx| snapshot.class_name(object) == suspect.class;
    if samples.iter().any(is_told) {
        samples.retain(is_told);
    }
    let mut of_threads = None;
    for finding in context.rule_findings()? {
        let rule = context.rules().find(&finding.id).filter(|rule| rule.counts_instances());
        let class = finding.class.as_deref().filter(|class| origin_of_name(class) == Origin::Library);
        let is_wrong = finding.severity > Severity::Info && finding.count > 1;
        let Some((rule, class)) = rule.zip(class).filter(|_| is_wrong) else { continue };
        let mut instances = found_by(snapshot, rule, class)?;
        instances.truncate(MOST_FOUND);
        let is_of_threads = instances.first().is_some_and(|&first| is_thread(snapshot, first));
        if is_of_threads && of_threads.is_some() || !leads_to_most(snapshot, &instances, &samples) {
            continue;
        }
        if !is_of_threads {
            return Ok(Some(finding));
        }
        of_threads = Some(finding);
    }
    Ok(of_threads)
}

/// Whether most of `targets` are among what these lead to.
fn leads_to_most(snapshot: &Snapshot, from: &[ObjectIx], targets: &HashSet<ObjectIx>) -> bool {
    let mut reached: HashSet<ObjectIx> = HashSet::new();
    for &start in from {
        let mut seen: HashSet<ObjectIx> = HashSet::from([start]);
        let mut ahead = VecDeque::from([start]);
        while let Some(object) = ahead.pop_front() {
            if targets.contains(&object) {
                reached.insert(object);
            }
            for next in snapshot.references().of(object) {
                if seen.len() < MOST_VISITED && !leads_everywhere(snapshot, next) && seen.insert(next) {
                    ahead.push_back(next);
                }
            }
        }
    }
    !targets.is_empty() && reached.len() * 4 >= targets.len() * 3
}

/// Whether an object leads to what has nothing to do with who refers to it.
fn leads_everywhere(snapshot: &Snapshot, object: ObjectIx) -> bool {
    const EVERYWHERE: [&str; 3] =
        ["java.lang.ClassLoader", "java.lang.ThreadGroup", "javax.management.MBeanServer"];
    let class = snapshot.class_of(object);
    snapshot.mirrored_class(object).is_some()
        || EVERYWHERE.iter().any(|name| snapshot.classes().is_named(class, name))
        || snapshot.class_name(object).starts_with("com.sun.jmx.")
}

/// Whether a suspect is about threads of which each has one of what was found. Some may stand elsewhere at the moment.
fn is_thread_of_each(finding: &Finding, suspect: &Suspect) -> bool {
    suspect.pattern == Pattern::Threads
        && (finding.count * 7..=finding.count * 11).contains(&(suspect.instances * 10))
        && (suspect.rule.as_deref() == Some(&*finding.id)
            || suspect.path.iter().any(|step| finding.class.as_deref() == Some(&*step.class)))
}

/// Tells threads as what they belong to: it is that which is closed.
fn tell_as(finding: &Finding, suspect: &mut Suspect) {
    let said = |title: &Text| Text::with("verdict-finding", [("title", Arg::text(title.clone()))]);
    let known = said(&finding.title);
    suspect.activity.retain(|text| *text != known);
    suspect.activity.insert(0, said(&suspect.title));
    suspect.title = finding.title.clone();
}

/// Says of a suspect what has registered it.
fn name(context: &Context<'_>, finding: &Finding, suspect: &mut Suspect) {
    let title = ("title", Arg::text(finding.title.clone()));
    suspect.activity.insert(0, Text::with("verdict-finding", [title]));
    suspect.advice.clone_from(&finding.advice);
    suspect.examples.clear();
    suspect.standing = Standing::Blamed;
    if let Some(rule) = context.rules().find(&finding.id) {
        rule.name(suspect);
    }
}
