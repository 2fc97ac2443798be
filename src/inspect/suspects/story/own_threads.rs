//! Objects each of which is kept by a running thread of its own: a service with its timer, a plugin whose loader its thread refers to.
//!
//! Such a thread is a reason to keep the object as long as it runs, and nothing that lives longer is. Then the field of a library on the way, or one of the
//! threads alone, says nothing that anybody could change: what helps is to end the threads. Cost: a look at the names of all threads.

use super::super::crowd::{self, of_most};
use super::naming::application_object_of;
use super::{Part, Story};
use crate::inspect::holders::{Ownership, is_own_field, is_thread};
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of, thread_name, thread_task};
use crate::report::{
    Arg, Finding, Holder, HolderKind, Severity, Suspect, Text, normalise_thread, thread_pattern,
};
use crate::snapshot::Snapshot;

/// So many of them are no chance.
const LEAST: usize = 16;

impl Story {
    /// Has what it consists of told by the threads, where each of its objects is reached from one of them, by a field of a library or none.
    pub(super) fn look_for_own_threads(&mut self, snapshot: &Snapshot, ownership: &Ownership<'_>) {
        let Part::Group { group, .. } = self.main_part() else { return };
        let is_own = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object)) == Origin::Application;
        let is_of_own = group
            .samples
            .iter()
            .all(|&sample| is_own(sample) || application_object_of(snapshot, sample).is_some());
        if self.held.holder.kind == HolderKind::ThreadLocal || is_own_field(&self.held.holder) {
            return;
        }
        let (looked_at, count) = (group.samples.len(), group.count);
        let Some(threads) = crowd::one_for_each(snapshot, ownership, &group.samples) else { return };
        let threads: Vec<ObjectIx> = threads.iter().map(|thread| thread.object).collect();
        if self.keep_by_own_threads(snapshot, &threads, looked_at, count) && is_of_own {
            // Somebody has started the threads.
            self.held.origin = Origin::Application;
        }
    }

    /// Names these threads, all that are called like them, as the holders of `count` objects, of which those that were looked at are reached from these.
    pub(super) fn keep_by_own_threads(
        &mut self,
        snapshot: &Snapshot,
        threads: &[ObjectIx],
        looked_at: usize,
        count: u64,
    ) -> bool {
        let are_threads = threads.iter().all(|&thread| is_thread(snapshot, thread));
        if threads.len() < LEAST || threads.len() * 10 < looked_at * 9 || !are_threads {
            return false;
        }
        let stable = |thread: ObjectIx| normalise_thread(&thread_name(snapshot, thread)).into_owned();
        let Some(pattern) = of_most(threads.iter().map(|&thread| stable(thread)), threads.len()) else {
            return false;
        };
        let all = snapshot.threads().iter().map(|thread| thread_name(snapshot, thread.object));
        let names: Vec<String> = all.filter(|name| normalise_thread(name) == pattern).collect();
        if names.len() as u64 * 10 < count * 9 {
            return false;
        }
        self.held.holder = Holder {
            kind: HolderKind::Thread,
            class: Some(snapshot.class_name(threads[0]).to_owned()),
            field: None,
            thread: Some(thread_pattern(names.iter().map(String::as_str))),
            frame: None,
            threads: Some(count.min(names.len() as u64)),
        };
        self.alone = false;
        self.own_threads = threads.to_vec();
        true
    }

    /// Has a crowd of threads told by the rule that knows what each of them runs, which says more than one that counts threads.
    pub(super) fn explain_by_what_they_run(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<bool, InspectError> {
        let snapshot = context.snapshot;
        let Some(crowd) = &self.crowd else { return Ok(false) };
        let thread = crowd.largest;
        let Some(task) = thread_task(snapshot, thread) else { return Ok(false) };
        let class = snapshot.class_name(task);
        let is_about_it = |finding: &&Finding| {
            finding.severity > Severity::Info
                && finding.class.as_deref() == Some(class)
                && finding.count * 10 >= crowd.count * 9
        };
        let found = context.rule_findings()?.iter().find(is_about_it);
        if let Some(finding) = found {
            let title = ("title", Arg::text(finding.title.clone()));
            suspect.activity.push(Text::with("verdict-finding", [title]));
            suspect.rule = Some(finding.id.clone());
            suspect.examples.clear();
            // What costs each thread is true of these as well.
            suspect.advice.splice(0..0, finding.advice.iter().cloned());
        }
        Ok(found.is_some())
    }

    /// The field of the application's by which the executors of these threads are reached, to be shut down.
    pub(super) fn executors_of_own_threads(&self, ownership: &Ownership<'_>) -> Option<Text> {
        let snapshot = ownership.snapshot();
        let first = *self.own_threads.first()?;
        let thread = snapshot.threads().iter().find(|thread| thread.object == first)?;
        let is_executor = |&local: &ObjectIx| {
            let class = snapshot.class_of(local);
            snapshot.classes().is_named(class, "java.util.concurrent.AbstractExecutorService")
        };
        let executor = thread.locals().find(is_executor)?;
        let field = ownership.field_of_executor(executor).filter(is_own_field)?;
        Some(Text::with("suspect-own-threads-executors", [("holder", Arg::name(field.label()))]))
    }
}
