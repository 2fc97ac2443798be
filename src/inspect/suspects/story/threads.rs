//! What threads have to do with a suspect: it is their number, they wait to put more into a full queue, or the JDK keeps it for each of them.
//!
//! Cost: that of [`crowd`] and [`full`].

use super::super::crowd::{self, Crowd, Doing};
use super::super::full;
use super::stale::is_map_of_threads;
use super::{Part, Story};
use crate::hprof::ObjectId;
use crate::inspect::InspectError;
use crate::inspect::holders::{Ownership, report_frame, task_of};
use crate::inspect::oom::has_thrown;
use crate::inspect::threads::{CONNECTING, PERMIT, READING, WRITING, WRITING_OUT, behind, nearest_own, what};
use crate::ix::ObjectIx;
use crate::query::{Origin, is_pool_with, origin_of_name, thread_name};
use crate::report::{Arg, HolderKind, Suspect, SuspectKind, Text};
use crate::snapshot::{Snapshot, Thread};

/// What a call waits for that others have to do; its own sleep is none of that.
const CALL_WAITS: &[&str] = &[
    CONNECTING,
    WRITING_OUT,
    "threads-doing-full-pipe",
    "threads-doing-reading-pipe",
    "threads-doing-pool",
    "threads-doing-lock",
    PERMIT,
    "threads-doing-result",
    "threads-doing-latch",
    "threads-doing-full-queue",
];

impl Story {
    /// Where the variables of one method in hundreds of threads hold it, or a field of each thread object, the leak is the threads.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub(in crate::inspect::suspects) fn blame_the_threads(
        &mut self,
        snapshot: &Snapshot,
        ownership: &Ownership<'_>,
    ) -> Result<(), InspectError> {
        let holder = &self.held.holder;
        let all = match self.main_part() {
            Part::Group { group, .. } => Some(group.count),
            Part::Object { .. } => None,
        };
        let crowd = match (self.held.kind, &holder.frame, &holder.thread) {
            (SuspectKind::Load, Some(frame), Some(thread)) => crowd::in_frame(snapshot, frame, thread, all)?,
            (SuspectKind::Leak, None, _) if holder.kind != HolderKind::ThreadLocal => {
                crowd::of_each(snapshot, ownership, self.main_part().samples())?
            }
            _ => None,
        };
        // Other threads may be called alike by chance.
        let is_part = |crowd: &Crowd| !matches!(self.main_part(), Part::Group { group, .. } if group.count * 2 < crowd.count);
        let Some(crowd) = crowd.filter(is_part) else {
            if let (SuspectKind::Load, Some(frame), Some(thread), Some(_)) =
                (self.held.kind, &holder.frame, &holder.thread, holder.threads)
            {
                self.calls = crowd::calls(snapshot, frame, thread)?;
            }
            if self.held.kind == SuspectKind::Leak {
                self.look_for_own_threads(snapshot, ownership);
            }
            return Ok(());
        };
        // Each virtual thread is a task of its own, and there may be many.
        self.held.kind = if crowd.is_virtual { SuspectKind::Load } else { SuspectKind::Leak };
        let holder = &mut self.held.holder;
        if holder.frame.is_none() {
            // Each has it in a field of its own: where they stand says more.
            holder.frame.clone_from(&crowd.doing.place);
            (holder.class, holder.field) = (Some(snapshot.class_name(crowd.largest).to_owned()), None);
        }
        if crowd.is_wider {
            holder.frame.clone_from(&crowd.doing.place);
        }
        holder.kind = HolderKind::Thread;
        holder.thread = Some(crowd.pattern.clone());
        holder.threads = Some(crowd.count);
        self.bytes = self.bytes.max(crowd.bytes);
        self.alone = false;
        self.crowd = Some(crowd);
        Ok(())
    }

    /// Whether `other` is told with these threads: what they hold elsewhere, or what the JDK keeps for each of them, which is no leak of its own.
    pub(in crate::inspect::suspects) fn takes_along(&self, other: &Self) -> bool {
        let Some(crowd) = &self.crowd else { return false };
        if let Some(same) = &other.crowd {
            let key = |story: &Self| (story.bytes, std::cmp::Reverse(story.held.object));
            let is_same = same.pattern == crowd.pattern && same.doing.place == crowd.doing.place;
            return is_same && key(self) > key(other);
        }
        let holder = &other.held.holder;
        let is_of_jdk = holder.kind == HolderKind::ThreadLocal
            && !is_map_of_threads(holder)
            && holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Jdk);
        is_of_jdk && self.bytes >= other.bytes
    }

    /// What the threads do that it consists of, or those that hold it together.
    pub(super) fn activity(&self, ownership: &Ownership<'_>) -> Vec<Text> {
        let snapshot = ownership.snapshot();
        let mut told: Vec<Text> = match (&self.crowd, &self.calls) {
            (Some(crowd), _) => crowd.activity(snapshot),
            (None, Some(calls)) => calls.activity(snapshot).into_iter().chain(self.service()).collect(),
            (None, None) => {
                let of_places = self.few_of_many(snapshot);
                self.stale_entries().into_iter().chain(self.service()).chain(of_places).collect()
            }
        };
        let registry = self.held.registry.as_ref();
        told.extend(
            registry.map(|registry| Text::with("suspect-in-registry", [("holder", registry.words())])),
        );
        told.extend(self.calls_besides());
        told.extend(self.executors_of_own_threads(ownership));
        told
    }

    /// Says of what a thread was started to do, or given to do, that it may be a loop, if that holds it: one dump does not show whether it ends.
    pub(super) fn task_that_may_loop(&self, snapshot: &Snapshot) -> Option<Text> {
        // Many that do the same are given their work.
        let is_load = self.held.kind == SuspectKind::Load && self.held.holder.threads.is_none();
        let thread = self.thread.filter(|_| is_load)?;
        let thread = snapshot.threads().iter().find(|known| known.object == thread)?;
        let task = task_of(snapshot, thread).filter(|_| !ends_anyhow(thread))?;
        // A buffer in a variable is as large as it was made.
        let tree = snapshot.dominators();
        let is_buffer = |object: ObjectIx| {
            let is_primitive = snapshot.class(object).is_primitive_array();
            is_primitive && tree.immediate_dominator(object).object() == Some(thread.object)
        };
        if self.parts.iter().all(|part| part.object().is_some_and(is_buffer)) {
            return None;
        }
        let holder = &self.held.holder;
        let is_held = match holder.kind {
            HolderKind::StackLocal => holder
                .frame
                .as_ref()
                .is_some_and(|frame| frame.class == *task.class && frame.method == *task.method),
            HolderKind::InstanceField => self.held.path.get(1).is_some_and(|step| step.class == *task.class),
            _ => false,
        };
        let place = [("place", Arg::name(report_frame(task).to_string()))];
        is_held.then(|| Text::with("suspect-task-may-loop", place))
    }

    /// What the only call that holds it waits for now, if that is another process or another thread: it holds it meanwhile.
    pub(super) fn call_waits(&self, snapshot: &Snapshot) -> Option<Text> {
        let is_one = self.held.kind == SuspectKind::Load
            && self.crowd.is_none()
            && self.calls.is_none()
            && self.held.holder.threads.is_none();
        let thread = self.thread.filter(|_| is_one)?;
        let thread = snapshot.threads().iter().find(|known| known.object == thread)?;
        let doing = what(&thread.frames)?;
        let id = match doing {
            WRITING => "suspect-call-writes",
            READING => "suspect-call-reads",
            _ if CALL_WAITS.contains(&doing) => "suspect-call-waits",
            _ => return None,
        };
        let args = [
            ("thread", Arg::name(thread_name(snapshot, thread.object))),
            ("doing", Arg::text(Text::message(doing))),
            ("place", Arg::name(report_frame(nearest_own(snapshot, &thread.frames)?).to_string())),
        ];
        Some(Text::with(id, args))
    }

    /// What to change, by what these do.
    pub(super) fn advice_by_activity(&self) -> Option<Text> {
        self.crowd.as_ref().map(|crowd| &crowd.doing).or(self.calls.as_ref()).and_then(Doing::advice)
    }

    /// Says of a queue that it is full, and what its threads do. One that an executor has is no such queue: what finds no room is rejected.
    pub(super) fn tell_if_full(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        if self.held.kind != SuspectKind::Leak {
            return;
        }
        let objects = self.main_part().object().into_iter().chain([self.held.object]);
        let owner = self.declaring(snapshot);
        let look = |object| full::look(snapshot, object, owner, self.pool_of(snapshot, object));
        let full = objects.filter_map(look).next();
        let is_known = suspect.rule.is_some();
        let is_known_or_free = is_known || self.free_buffers(snapshot).is_some();
        let Some(full) = full.filter(|full| !is_known_or_free || full.is_waited_for()) else { return };
        suspect.backlog = true;
        suspect.activity = full.activity(snapshot);
        if !is_known {
            suspect.advice = vec![Text::message("suspect-advice-queue-full")];
        }
    }

    /// The pool on the way to `queue` whose tasks wait in it.
    pub(super) fn pool_of(&self, snapshot: &Snapshot, queue: ObjectIx) -> Option<ObjectIx> {
        let on_path = self.held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        on_path.chain([self.held.object]).find(|&object| is_pool_with(snapshot, object, queue))
    }
}

impl Story {
    /// Says of what waits in the queue of a pool what its threads do meanwhile; that nothing of it is done any more, if they wait for it themselves.
    ///
    /// # Errors
    /// Cancelled.
    pub(super) fn tell_who_works_it_off(
        &self,
        snapshot: &Snapshot,
        path: &[ObjectIx],
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        let is_queue = self.held.kind == SuspectKind::Leak && suspect.backlog;
        if let Some(behind) = is_queue.then(|| behind(snapshot, path)).transpose()?.flatten() {
            suspect.activity.insert(0, behind.words);
            if let Some(advice) = behind.advice {
                suspect.advice = vec![advice];
            }
        }
        Ok(())
    }
}

/// Whether what a thread does comes to an end: a run of a periodic task does, and so does a task of a pool that has run out of memory.
fn ends_anyhow(thread: &Thread) -> bool {
    const PERIODIC: [&str; 2] =
        ["java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask", "java.util.TimerThread"];
    let is_in = |class: &str| thread.frames.iter().any(|frame| &*frame.class == class);
    PERIODIC.into_iter().any(is_in) || is_in("java.util.concurrent.ThreadPoolExecutor") && has_thrown(thread)
}
