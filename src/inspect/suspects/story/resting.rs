//! What a task keeps between two runs: it waits in the queue of a scheduler, and what its last run has filled stays in its fields until the next one.
//!
//! Owns what is said of it. That it is not running is known by the stacks of all threads. False negatives: what is reached by a shorter way than by the
//! scheduler's queue. Cost: the frames of all threads.

use super::Story;
use super::words::{General, simple_name};
use crate::hprof::ObjectId;
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of};
use crate::report::{Arg, HolderKind, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// What stands in the queue of a scheduler or timer for a task.
const WAITING: [&str; 2] =
    ["java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask", "java.util.TimerTask"];

impl Story {
    /// Says of what is in a field of a task that it does not run at present, and what it should do when it ends.
    pub(super) fn tell_if_it_rests(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.holder.kind == HolderKind::InstanceField;
        let general = General::of(&suspect.advice).filter(|_| is_asked);
        let (Some(general), Some(task)) = (general, self.declaring(snapshot).filter(|_| is_asked)) else {
            return;
        };
        let waiting = self.waiting_for(snapshot, task).filter(|_| !is_at_work(snapshot, task));
        let Some(waiting) = waiting else { return };
        // What is run once may have been given what it has, or be put into the queue anew by each run.
        let is_periodic = snapshot.integer(waiting, "period").is_some_and(|period| period != 0);
        let id = if is_periodic { "suspect-task-rests" } else { "suspect-task-waits" };
        let class = ("class", Arg::name(simple_name(snapshot.class_name(task)).into_owned()));
        suspect.activity.push(Text::with(id, [class.clone()]));
        let ids = ["suspect-advice-task-rests", "suspect-advice-task-rests-if-it-grows"];
        general.replace_with(suspect, ids, vec![class, ("holder", suspect.holder.words())]);
    }

    /// What stands in the queue of a scheduler or timer for the task, if the shortest path leads to it by that, with nothing of the application's between them but a lambda.
    fn waiting_for(&self, snapshot: &Snapshot, task: ObjectIx) -> Option<ObjectIx> {
        let find = |address: u64| snapshot.find(ObjectId(address));
        let steps: Vec<ObjectIx> = self.held.path.iter().filter_map(|step| find(step.address)).collect();
        let at = steps.iter().position(|&step| step == task)?;
        let is_waiting = |&step: &ObjectIx| {
            WAITING.iter().any(|class| snapshot.classes().is_named(snapshot.class_of(step), class))
        };
        let waiting = steps[..=at].iter().position(is_waiting)?;
        let is_between = |&step: &ObjectIx| {
            origin_of(snapshot, snapshot.class_of(step)) == Origin::Jdk
                || snapshot.class_name(step).contains("$$Lambda")
        };
        steps[waiting..at].iter().all(is_between).then(|| steps[waiting])
    }
}

/// Whether a method of the object's class, or of one inside of it, is on the stack of some thread.
fn is_at_work(snapshot: &Snapshot, task: ObjectIx) -> bool {
    let class = snapshot.class_name(task);
    let is_of_it =
        |name: &str| name.strip_prefix(class).is_some_and(|rest| rest.is_empty() || rest.starts_with('$'));
    snapshot.threads().iter().flat_map(|thread| &thread.frames).any(|frame| is_of_it(&frame.class))
}
