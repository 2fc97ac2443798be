//! As what a suspect is told, once it is known what it is made of: by what fills it, by what rules have found, by the database it is a page of.
//!
//! Owns the choice of the name that a programmer knows over the class that happens to retain the memory. Cost: the findings of the rules, if
//! no rule explains the suspect by itself.

use super::Story;
use super::standing::is_wrong_by_rule;
use super::subject::Subject;
use super::words::{self, advice, fingerprint};
use crate::hprof::ObjectId;
use crate::inspect::holders::{BEANS, is_thread, thread_above};
use crate::inspect::oom::loaders_that_fill_metaspace;
use crate::inspect::rules::Rule;
use crate::inspect::suspects::elements::counted_as;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{
    Origin, instances_of, is_of_collections, library_of, origin_of, origin_of_name, origin_of_named,
    thread_task,
};
use crate::report::{
    Arg, Finding, Holder, HolderKind, HolderShare, PathStep, Pattern, Severity, Share, Suspect, SuspectKind,
    Text,
};
use crate::snapshot::Snapshot;
use std::collections::VecDeque;

const THROWABLE: &str = "java.lang.Throwable";

impl Story {
    /// Where what it keeps are the class loaders whose classes have taken all the room for classes, these are what there is too much of, and not the inside of the
    /// JDK's map that they are in.
    pub(super) fn name_by_loaders(&self, context: &Context<'_>, subject: &mut Subject) {
        let snapshot = context.snapshot;
        if !self.keeps_loaders || origin_of(snapshot, subject.class) != Origin::Jdk {
            return;
        }
        if let Some(&loader) = loaders_that_fill_metaspace(context).first() {
            let class = snapshot.class_of(loader);
            subject.instances = snapshot.class_counts()[class.index()].instances;
            (subject.class, subject.pattern, subject.elements) = (class, Pattern::ClassLoader, None);
        }
    }

    /// What one object with a name of its own is full of: the application's objects in it, or else its elements.
    pub(super) fn contents(
        &self,
        snapshot: &Snapshot,
        subject: &Subject,
        composition: &[Share],
        counted: &[Share],
    ) -> Option<Share> {
        const MANY: u64 = 16;
        const MOST: u64 = 1000;
        if subject.instances != 1
            || subject.pattern != Pattern::BigObject
            || snapshot.classes().get(subject.class).is_primitive_array()
        {
            return None;
        }
        let of_application = |share: &&Share| {
            share.instances >= MANY && origin_of_named(snapshot, &share.class) == Origin::Application
        };
        let with_its_like = |share: &Share| {
            let alike =
                composition.iter().filter(|other| counted_as(&other.class) == counted_as(&share.class));
            let (instances, bytes) = alike
                .fold((0, 0), |(instances, bytes), other| (instances + other.instances, bytes + other.bytes));
            Share { class: share.class.clone(), instances, bytes }
        };
        let own = composition.iter().find(of_application).map(with_its_like);
        let own = own.map(|own| self.wholes_of(snapshot, own));
        let is_of_library = origin_of(snapshot, subject.class) == Origin::Library;
        let nodes = own.as_ref().filter(|_| is_of_library);
        let own = nodes.and_then(|edges| self.nodes_of_graph(snapshot, edges, counted)).or(own);
        let elements = || {
            let elements = subject.elements.filter(|elements| elements.count >= MANY)?;
            let class = snapshot.classes().get(elements.class).name.to_string();
            Some(Share { class, instances: elements.count, bytes: elements.bytes })
        };
        let of_itself = snapshot.classes().get(subject.class).name.clone();
        // Of a variable from which all of it is reached, and that retains none of it, only the classes are known; what another library makes for
        // it says nothing to who uses it.
        let of_library = || {
            let is_reached = subject.variable.is_some() && self.main_part().object().is_none();
            let is_of_library = |share: &&Share| {
                share.instances >= MANY
                    && origin_of_named(snapshot, &share.class) == Origin::Library
                    && library_of(&share.class) == library_of(&of_itself)
            };
            // Where several indexes share its elements none of them retains one, and yet they are most of it.
            let is_most = |share: &&Share| {
                let simple = share.class.rsplit('.').next().unwrap_or_default();
                let is_inside = simple.contains('$')
                    || ["Node", "Entry", "Segment", "Bucket", "Map"].iter().any(|end| simple.ends_with(end));
                is_of_library(share) && share.instances >= MOST && !is_inside
            };
            let most = || {
                let of_array = composition.first()?.class.trim_end_matches("[]");
                composition.iter().find(|share| share.class == of_array).filter(is_most)
            };
            let found = if is_reached { composition.iter().find(is_of_library) } else { most() };
            found.cloned()
        };
        own.or_else(elements).or_else(of_library).filter(|contents| *contents.class != *of_itself)
    }

    /// The class of the application's of which each of many objects of a library keeps one: the listener that is registered, the task that is queued.
    pub(super) fn carried(
        snapshot: &Snapshot,
        subject: &Subject,
        objects: &[ObjectIx],
        composition: &[Share],
    ) -> Option<String> {
        const LOOKED_AT: usize = 48;
        const FEW: usize = 8;
        let is_crowd = matches!(subject.pattern, Pattern::Collection | Pattern::Repeated);
        if !is_crowd || origin_of(snapshot, subject.class) == Origin::Application {
            return None;
        }
        let alike = objects.iter().filter(|&&object| snapshot.class_of(object) == subject.class);
        let carried: Vec<Option<ObjectIx>> =
            alike.take(LOOKED_AT).map(|&object| application_object_of(snapshot, object)).collect();
        let first = snapshot.class_name((*carried.first()?)?);
        // What a library generates in its own packages, as the classes of a script, nobody has written.
        if library_of(first) == library_of(&snapshot.classes().get(subject.class).name) {
            return None;
        }
        let mut agreeing: Vec<ObjectIx> = carried
            .iter()
            .flatten()
            .copied()
            .filter(|&object| snapshot.class_name(object) == first)
            .collect();
        // What all of them refer to is none that each has.
        agreeing.sort_unstable();
        agreeing.dedup();
        // Nor are hundreds that each keeps; a library may have a copy or two.
        let all = composition.iter().find(|share| share.class == first);
        let is_one_each = all.is_none_or(|all| all.instances <= subject.instances * 3);
        (is_one_each && carried.len() >= FEW && agreeing.len() * 10 >= carried.len() * 9)
            .then(|| first.to_owned())
    }

    /// Tells a suspect in the inside of something that a rule knows as that thing, and who holds it.
    pub(super) fn retell(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<Option<ObjectIx>, InspectError> {
        let snapshot = context.snapshot;
        if self.held.kind != SuspectKind::Leak || self.held.origin != Origin::Library {
            return Ok(None);
        }
        let on_path: Vec<ObjectIx> =
            suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address))).collect();
        let found = context.rules().better_known(snapshot, &on_path, self.bytes, suspect.share);
        let Some((rule, known)) = found else { return Ok(None) };
        // Of what each of many has one does not speak for all.
        let is_most = || snapshot.retained_bytes(known).saturating_mul(2) >= self.bytes;
        if !rule.is_about_one() && !is_most() {
            return Ok(None);
        }
        let named = suspect.path.iter().zip(&on_path).find(|(step, _)| {
            step.field.as_deref().is_some_and(|field| rule.knows_holder(&step.class, field))
        });
        let holder = match named {
            Some((step, &object)) => Some(Holder {
                kind: match snapshot.mirrored_class(object) {
                    Some(_) => HolderKind::StaticField,
                    None => HolderKind::InstanceField,
                },
                class: Some(step.class.clone()),
                field: step.field.clone(),
                thread: None,
                frame: None,
                threads: None,
            }),
            None => context.ownership()?.of(known, 0).map(|held| held.holder),
        };
        let Some(holder) = holder else { return Ok(None) };
        // What the application has put into it no rule can name.
        let class = std::mem::replace(&mut suspect.class, snapshot.class_name(known).to_owned());
        let instances = std::mem::replace(&mut suspect.instances, 1);
        let is_full_of_own = suspect.pattern == Pattern::Collection
            && instances > 1
            && origin_of_named(snapshot, &class) == Origin::Application;
        suspect.pattern = Pattern::BigObject;
        suspect.title = if is_full_of_own {
            words::title_with(&suspect.class, &Share { class, instances, bytes: 0 }, &holder)
        } else {
            words::title(suspect.kind, &suspect.class, 1, &holder)
        };
        suspect.fingerprint = fingerprint(suspect.kind, &suspect.class, &holder);
        suspect.holder = holder;
        suspect.advice = advice(suspect);
        Ok(Some(known))
    }

    /// What a rule advises fits the library: beside it what is said of any collection is noise, and may contradict it.
    pub(super) fn leave_to_rule(&self, context: &Context<'_>, suspect: &mut Suspect) {
        let Some(rule) = suspect.rule.as_deref().and_then(|id| context.rules().find(id)) else { return };
        if suspect.kind == SuspectKind::Garbage || rule.is_about_small(context.snapshot, suspect) {
            return;
        }
        let holder = &suspect.holder;
        let knows_all = if holder.kind == HolderKind::ThreadLocal {
            // What a thread-local keeps is one thing, that it keeps it another, unless the rule knows the thread-local as well.
            let field = holder.class.as_deref().zip(holder.field.as_deref());
            field.is_some_and(|(class, field)| rule.knows_holder(class, field))
        } else {
            // A rule that finds nothing wrong by itself knows what the field refers to, or only what is put into it.
            self.may_evict
                || is_wrong_by_rule(context, suspect)
                || rule.is_about_class_of(context.snapshot, self.held.object)
        };
        if !knows_all {
            return;
        }
        let told_as = std::mem::replace(&mut suspect.kind, self.held.kind);
        let general = words::advice(suspect);
        suspect.kind = told_as;
        if suspect.advice.iter().any(|text| !general.contains(text)) {
            suspect.advice.retain(|text| !general.contains(text));
        }
    }

    /// What is to be done about what several hold: as a rule says that knows one of these, or in general.
    pub(super) fn advice_on_sharing(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
    ) -> Result<Vec<Text>, InspectError> {
        let has_beans = |share: &&HolderShare| share.holder.class.as_deref() == Some(BEANS);
        let Some(beans) = suspect.holders.iter().find(has_beans) else {
            return Ok(self
                .advice_by_rules(context, suspect)
                .unwrap_or_else(|| self.advice_of_several(context.snapshot).into_iter().collect()));
        };
        let is_about_them = |finding: &&Finding| {
            finding.count == suspect.instances
                && finding.holder.as_ref().is_some_and(|holder| *holder == beans.holder)
        };
        let known = context.rule_findings()?.iter().find(is_about_them);
        Ok(known.map_or_else(
            || self.advice_of_several(context.snapshot).into_iter().collect(),
            |finding| finding.advice.clone(),
        ))
    }

    /// What rules advise that know what each of those who hold it refers to, and find it wrong: they know what takes it out of all of them. What is said of the
    /// first holder is told with the suspect.
    fn advice_by_rules(&self, context: &Context<'_>, suspect: &Suspect) -> Option<Vec<Text>> {
        let edges = &self.shared.as_ref()?.edges;
        let knows = |&(_, held): &(ObjectIx, ObjectIx)| {
            context.rules().wrong(context.snapshot, held, suspect.retained_bytes, suspect.share)
        };
        let rules: Vec<&Rule> = edges.iter().map(knows).collect::<Option<_>>()?;
        let (first, others) = rules.split_first()?;
        let others = others.iter().filter(|rule| rule.id() != first.id());
        Some(others.flat_map(|rule| rule.advice_on(context.snapshot)).collect())
    }

    /// Whether a suspect is held by that holder: by the one that it is named after, or by the helper that it would be named after, had it no keeper.
    fn is_holder(&self, suspect: &Suspect, holder: &Holder) -> bool {
        let label = holder.label();
        let is_other = || suspect.holders.iter().any(|share| share.holder.label() == label);
        label == suspect.holder.label() || self.is_by_keeper && is_other()
    }

    /// Where a rule has found something at the same holder it is what explains the suspect, whatever the rule counts.
    pub(super) fn explain_by_finding(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        if suspect.kind == SuspectKind::Garbage || suspect.holder.class.is_none() {
            return Ok(());
        }
        let is_load = suspect.kind == SuspectKind::Load;
        let is_of_holder = |finding: &&Finding| {
            let rule = context.rules().find(&finding.id);
            // Of what a call has in hand only that is meant which goes with the call.
            let is_other_thing = rule.is_some_and(|rule| {
                !rule.explains_suspects() || is_load && finding.bytes < suspect.retained_bytes
            });
            let fits = !is_load || rule.is_some_and(Rule::is_of_calls) || is_all_in_hand(finding, suspect);
            fits && finding.severity > Severity::Info
                && (suspect.rule.is_none() || is_most_of(finding, suspect))
                && !is_inside_of_each(context, finding, suspect)
                && !is_exception_of_each(context.snapshot, finding, suspect)
                && !(is_other_thing && finding.bytes * 4 < suspect.retained_bytes)
                && (finding.holder.as_ref().is_some_and(|found| self.is_holder(suspect, found))
                    || is_in_field_of_each(finding, suspect)
                    || is_all_below(finding, suspect))
        };
        if let Some(finding) = context.rule_findings()?.iter().find(is_of_holder) {
            // What the objects of a library are that have them, or what each of them has, their own class does not say.
            if is_in_field_of_each(finding, suspect) || is_around_own(finding, suspect) {
                let title = ("title", Arg::text(finding.title.clone()));
                suspect.activity.push(Text::with("verdict-finding", [title]));
            }
            name_by(context, finding, suspect);
            let is_about_thread_locals = |rule: &Rule| {
                ["threadLocals", "inheritableThreadLocals"]
                    .iter()
                    .any(|map| rule.knows_holder("java.lang.Thread", map))
            };
            if suspect.holder.kind == HolderKind::ThreadLocal
                && context.rules().find(&finding.id).is_some_and(is_about_thread_locals)
            {
                // It says all that is said of thread-locals in general.
                suspect.advice.clear();
            }
            suspect.advice.splice(0..0, finding.advice.iter().cloned());
        }
        Ok(())
    }

    /// Where the inside of a library's objects fills the memory and a rule has found that the same holder has many of these objects, they are
    /// what it is about.
    pub(super) fn name_by_finding(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        let is_own = origin_of_named(context.snapshot, &suspect.class) == Origin::Application;
        if suspect.kind != SuspectKind::Leak || is_own || suspect.holder.class.is_none() {
            return Ok(());
        }
        let is_of_holder = |finding: &&Finding| {
            finding.count > 1
                && finding.holder.as_ref().is_some_and(|found| self.is_holder(suspect, found))
                && context.rules().find(&finding.id).is_some_and(Rule::counts_instances)
        };
        let is_of_them = |finding: &&Finding| {
            is_of_holder(finding)
                && (suspect.rule.is_none() || is_most_of(finding, suspect))
                && !is_inside_of_each(context, finding, suspect)
                && !is_exception_of_each(context.snapshot, finding, suspect)
        };
        let found = context.rule_findings()?.iter().find(is_of_them);
        let Some((finding, class)) = found.and_then(|found| Some((found, found.class.clone()?))) else {
            return Ok(());
        };
        if origin_of_name(&class) == Origin::Jdk && origin_of_name(&suspect.class) != Origin::Jdk {
            return Ok(());
        }
        let general = advice(suspect);
        let count = outermost_count(context, finding, &class)?.unwrap_or(finding.count);
        suspect.title = words::title(suspect.kind, &class, count, &suspect.holder);
        suspect.fingerprint = fingerprint(suspect.kind, &class, &suspect.holder);
        suspect.class = class;
        suspect.instances = count;
        if suspect.pattern == Pattern::BigObject {
            suspect.pattern = Pattern::Repeated;
        }
        // What was said of the class that it was told by.
        suspect.advice.retain(|text| !general.contains(text));
        suspect.advice.extend(advice(suspect));
        name_by(context, finding, suspect);
        suspect.advice.splice(0..0, finding.advice.iter().cloned());
        Ok(())
    }

    /// Where each of many threads belongs to an object of which a rule finds too many, that is what to change: the timer, not its thread.
    pub(super) fn advise_by_owners_of_threads(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        if suspect.holder.kind == HolderKind::ThreadLocal {
            return self.advise_by_executors(context, suspect);
        }
        if suspect.pattern != Pattern::Threads || self.explain_by_what_they_run(context, suspect)? {
            return Ok(());
        }
        let count = suspect.instances;
        let is_of_each = |finding: &&Finding| {
            suspect.rule.as_deref() != Some(&*finding.id)
                && (count * 9..=count * 11).contains(&(finding.count * 10))
                && suspect.path.iter().any(|step| finding.class.as_deref() == Some(&*step.class))
        };
        if let Some(finding) = context.rule_findings()?.iter().find(is_of_each) {
            suspect.advice.splice(0..0, finding.advice.iter().cloned());
        }
        Ok(())
    }
}

impl Story {
    /// Where the thread-locals are those of threads each of which is the worker of an executor that nothing else refers to, these executors are what
    /// to change: no `remove()` ends their threads.
    fn advise_by_executors(&self, context: &Context<'_>, suspect: &mut Suspect) -> Result<(), InspectError> {
        let snapshot = context.snapshot;
        let executor = |&object: &ObjectIx| {
            let thread = thread_above(snapshot, object)?;
            snapshot.follow(thread_task(snapshot, thread)?, "this$0")
        };
        let looked_at = self.looked_at();
        let mut executors: Vec<ObjectIx> = looked_at.iter().filter_map(executor).collect();
        executors.sort_unstable();
        executors.dedup();
        let count = suspect.instances;
        let is_of_each = |finding: &&Finding| {
            (count * 9..=count * 11).contains(&(finding.count * 10))
                && finding.holder.as_ref().is_some_and(|holder| holder.kind == HolderKind::Thread)
                && executors
                    .iter()
                    .all(|&executor| finding.class.as_deref() == Some(snapshot.class_name(executor)))
        };
        if count < 2 || executors.len() < 2 || executors.len() * 10 < looked_at.len() * 9 {
            return Ok(());
        }
        if let Some(finding) = context.rule_findings()?.iter().find(is_of_each) {
            // Others of the class may be in use.
            suspect.title = words::title_of_executors(suspect, finding.count.min(count));
            suspect.activity.push(Text::message("suspect-threads-of-executors"));
            suspect.advice.splice(0..0, finding.advice.iter().cloned());
        }
        Ok(())
    }
}

/// Whether a finding is about something small inside of each of many objects of a library: these are what the application has made, and not what
/// they have made for themselves, as an HTTP client is that of a client of a service.
fn is_inside_of_each(context: &Context<'_>, finding: &Finding, suspect: &Suspect) -> bool {
    /// What fills the memory takes more than this part of it.
    const SMALL: u64 = 4;
    matches!(suspect.pattern, Pattern::Collection | Pattern::Repeated)
        && origin_of_name(&suspect.class) != Origin::Jdk
        && finding.class.as_deref().is_some_and(|class| class != suspect.class)
        && finding.count <= suspect.instances
        && finding.bytes * SMALL < suspect.retained_bytes
        // Or is it the suspect that is inside of what was found?
        && !suspect.path.iter().any(|step| finding.class.as_deref() == Some(&*step.class))
        && !context.rules().find(&finding.id).is_some_and(Rule::has_parts)
}

/// Whether a finding finds fault with many objects that are at least half of a suspect, and all of those that were looked at have its holder: a rule that knows
/// what they are in, and nothing wrong with it, does not speak for them.
fn is_most_of(finding: &Finding, suspect: &Suspect) -> bool {
    const HOLDER: &str = "rule-evidence-holder";
    let are_all = finding.evidence.iter().find_map(|text| match text {
        Text::Message { id, args } if id == HOLDER => Some(args.get("count") == args.get("samples")),
        _ => None,
    });
    finding.severity > Severity::Info
        && finding.count > 1
        && finding.bytes.saturating_mul(2) >= suspect.retained_bytes
        && finding.holder.as_ref().is_some_and(|found| found.label() == suspect.holder.label())
        && are_all == Some(true)
}

/// Whether a finding is about the exceptions that each of many objects of a library has, as a pool remembers where each statement was made: nobody but the library
/// can keep less of them, and there are as many as there are of these objects.
fn is_exception_of_each(snapshot: &Snapshot, finding: &Finding, suspect: &Suspect) -> bool {
    let is_exception = |class: &str| {
        snapshot.classes().named(class).iter().any(|&class| snapshot.classes().is_named(class, THROWABLE))
    };
    let is_one_each = |instances: u64| (finding.count * 9..=finding.count * 11).contains(&(instances * 10));
    let all = suspect.composition.iter().map(|share| (&*share.class, share.instances));
    let all = all.chain([(&*suspect.class, suspect.instances)]);
    let mut having = all.filter(|&(class, instances)| is_one_each(instances) && !is_exception(class));
    let is_of = |origin| move |(class, _): (&str, u64)| origin_of_name(class) == origin;
    finding.class.as_deref().is_some_and(is_exception)
        && having.clone().any(is_of(Origin::Library))
        && !having.any(is_of(Origin::Application))
}

/// Whether a finding is about what a field of each of the objects that a suspect consists of has, and that is most of it.
fn is_in_field_of_each(finding: &Finding, suspect: &Suspect) -> bool {
    let is_of_them =
        |holder: &Holder| holder.field.is_some() && holder.class.as_ref() == Some(&suspect.class);
    suspect.kind == SuspectKind::Leak
        && finding.holder.as_ref().is_some_and(is_of_them)
        && (suspect.instances * 9..=suspect.instances * 11).contains(&(finding.count * 10))
        && finding.bytes * 10 >= suspect.retained_bytes * 7
}

/// Whether a finding is about nearly all that a suspect retains.
fn is_about_all(finding: &Finding, suspect: &Suspect) -> bool {
    let tenths = finding.bytes.saturating_mul(10);
    (suspect.retained_bytes.saturating_mul(9)..=suspect.retained_bytes.saturating_mul(11)).contains(&tenths)
}

/// Whether a finding is about nearly all that the same call has in hand: a session that a call reads a table into is what a rule says of sessions, though most
/// of these are kept.
fn is_all_in_hand(finding: &Finding, suspect: &Suspect) -> bool {
    let is_same = |holder: &Holder| holder.frame.is_some() && holder.label() == suspect.holder.label();
    is_about_all(finding, suspect) && finding.holder.as_ref().is_some_and(is_same)
}

/// Whether a finding is about nearly all that a suspect retains, and held by a field on the way from the holder of the suspect down to it: the same thing, told by a
/// field that is nearer to it.
fn is_all_below(finding: &Finding, suspect: &Suspect) -> bool {
    let is_of = |step: &PathStep, holder: &Holder| {
        holder.field.is_some() && holder.field == step.field && holder.class.as_deref() == Some(&*step.class)
    };
    let is_below = |found: &Holder| {
        let at = suspect.path.iter().position(|step| is_of(step, &suspect.holder));
        at.is_some_and(|at| suspect.path[at + 1..].iter().any(|step| is_of(step, found)))
    };
    suspect.kind == SuspectKind::Leak
        && is_about_all(finding, suspect)
        && finding.holder.as_ref().is_some_and(is_below)
}

/// Whether a finding is about objects of a library in which most of the application's objects are that a suspect consists of.
fn is_around_own(finding: &Finding, suspect: &Suspect) -> bool {
    suspect.kind == SuspectKind::Leak
        && origin_of_name(&suspect.class) == Origin::Application
        && finding.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Library)
        && finding.bytes * 10 >= suspect.retained_bytes * 7
}

/// Says of a suspect that a finding explains it.
fn name_by(context: &Context<'_>, finding: &Finding, suspect: &mut Suspect) {
    suspect.rule = Some(finding.id.clone());
    if let Some(rule) = context.rules().find(&finding.id) {
        rule.name(suspect);
    }
}

/// How many objects of the class lie in no other one that the finding counts as well, if most lie in one: of the nodes of a tree its roots are what
/// somebody has kept.
fn outermost_count(
    context: &Context<'_>,
    finding: &Finding,
    class: &str,
) -> Result<Option<u64>, InspectError> {
    /// From a node up to the next one, with the collection between them.
    const STEPS: usize = 8;
    const FEW: u64 = 16;
    let snapshot = context.snapshot;
    let Some(rule) = context.rules().find(&finding.id) else { return Ok(None) };
    let described = snapshot.classes().iter();
    let is_counted: Vec<bool> =
        described.map(|(class, _)| rule.distance(snapshot, class).is_some()).collect();
    let is_within = |&object: &ObjectIx| {
        let mut above = snapshot.dominators().dominators(object).take(STEPS);
        above.any(|above| is_counted[snapshot.class_of(above).index()])
    };
    let mut objects = instances_of(snapshot, snapshot.classes().named(class))?;
    objects.retain(|&object| snapshot.is_reachable(object));
    let outermost = objects.iter().filter(|object| !is_within(object)).count() as u64;
    Ok((outermost >= FEW && outermost * 2 < finding.count).then_some(outermost))
}

/// The nearest object of the application's that `object` retains, or else one that it refers to itself, as the entry of a library's table does whose
/// value is in another of its tables, too.
pub(super) fn application_object_of(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    const MOST: usize = 256;
    let is_own = |object: ObjectIx| {
        let class = snapshot.class_of(object);
        snapshot.mirrored_class(object).is_none()
            && origin_of(snapshot, class) == Origin::Application
            && !snapshot.classes().get(class).name.contains("$Proxy")
    };
    let mut queue = VecDeque::from([object]);
    for _ in 0..MOST {
        let Some(next) = queue.pop_front() else { break };
        for &child in snapshot.dominators().children(next) {
            if is_own(child) {
                return Some(child);
            }
            if queue.len() < MOST {
                queue.push_back(child);
            }
        }
    }
    snapshot.references().of(object).find(|&target| is_own(target) && !is_thread(snapshot, target))
}

/// A collection of collections is about what these hold: the application's objects, if there are at least as many.
pub(super) fn look_into_collections(snapshot: &Snapshot, subject: &mut Subject, composition: &[Share]) {
    let name = &*snapshot.classes().get(subject.class).name;
    // Nor does anybody know the proxies that the JVM makes.
    let says_little = name.starts_with("java.util.") || is_of_collections(name) || name.contains("$Proxy");
    // What a library's index has for each of the application's objects, which other indexes have as well, leads to one of them and keeps none.
    let is_of_index = || {
        let first = subject.elements.map(|elements| elements.first);
        origin_of(snapshot, subject.class) == Origin::Library
            && first.is_some_and(|first| application_object_of(snapshot, first).is_none())
    };
    let is_of_index = !says_little && is_of_index();
    if subject.pattern != Pattern::Collection || !(says_little || is_of_index) {
        return;
    }
    let is_held = |share: &&Share| {
        let is_one_for_each = share.instances.abs_diff(subject.instances) * 10 <= subject.instances;
        (if is_of_index { is_one_for_each } else { share.instances >= subject.instances })
            && origin_of_named(snapshot, &share.class) == Origin::Application
            && !share.class.contains("$Proxy")
    };
    let Some(inner) = composition.iter().find(is_held) else { return };
    if let Some(&class) = snapshot.classes().named(&inner.class).first() {
        (subject.class, subject.instances) = (class, inner.instances);
    }
}

/// Texts, lists and arrays that a call has in hand are about the application's objects that have them, if there is one of these for every few.
pub(super) fn look_for_own(snapshot: &Snapshot, subject: &mut Subject, composition: &[Share]) {
    const FEW: u64 = 8;
    if subject.pattern != Pattern::Repeated || origin_of(snapshot, subject.class) != Origin::Jdk {
        return;
    }
    let has_them = |share: &&Share| {
        let for_each = share.instances * FEW >= subject.instances && share.instances <= subject.instances;
        for_each && origin_of_named(snapshot, &share.class) == Origin::Application
    };
    let Some(own) = composition.iter().find(has_them) else { return };
    if let Some(&class) = snapshot.classes().named(&own.class).first() {
        (subject.class, subject.instances) = (class, own.instances);
    }
}
