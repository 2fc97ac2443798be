//! One thread as the report shows it.

use crate::inspect::Context;
use crate::inspect::holders::{is_own_frame, report_frame};
use crate::inspect::look::value_of;
use crate::ix::ObjectIx;
use crate::query::{Executor, LockNames, Origin, ThreadFacts, Wait, origin_of_named};
use crate::report::{FrameView, LocalView, ThreadView};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame};
use hashbrown::HashMap;
use hashbrown::HashSet;
use std::cmp::Reverse;

/// Frames of a stack that are shown: an endless recursion has tens of thousands.
const MOST_FRAMES: usize = 2048;
/// Local variables of a frame that are shown.
const MOST_LOCALS: usize = 32;

pub(super) fn view(context: &Context<'_>, waits: &Waits<'_>, thread: &ThreadFacts) -> ThreadView {
    let snapshot = context.snapshot;
    let mut listed = HashSet::new();
    let frames = thread.frames(snapshot).iter().take(MOST_FRAMES).map(|frame| {
        let mut locals: Vec<ObjectIx> =
            frame.locals.iter().copied().filter(|&local| listed.insert(local)).collect();
        locals.sort_by_key(|&local| (Reverse(snapshot.retained_bytes(local)), local));
        locals.truncate(MOST_LOCALS);
        let locals = locals.into_iter().map(|local| local_view(context, local)).collect();
        FrameView { frame: report_frame(frame), locals }
    });
    ThreadView {
        address: snapshot.address_of(thread.object).0,
        name: thread.name.clone(),
        class: snapshot.class_name(thread.object).to_owned(),
        state: thread.state.map(|state| state.name().to_owned()),
        daemon: thread.daemon,
        is_virtual: thread.is_virtual,
        shallow_bytes: snapshot.shallow_bytes(thread.object),
        retained_bytes: thread.retained_bytes,
        locals_retained_bytes: thread.locals_retained_bytes,
        thread_locals_retained_bytes: thread.thread_locals_retained_bytes,
        threw_oom: thread.threw_oom,
        waits_for: waits.of(snapshot, thread),
        frames: frames.collect(),
    }
}

fn local_view(context: &Context<'_>, local: ObjectIx) -> LocalView {
    let snapshot = context.snapshot;
    LocalView {
        address: snapshot.address_of(local).0,
        class: snapshot.class_name(local).to_owned(),
        retained_bytes: snapshot.retained_bytes(local),
        value: value_of(snapshot, local, "", context.options.strings),
    }
}

/// What threads wait for: the names of the locks, and who has them.
pub(super) struct Waits<'a> {
    pub(super) threads: &'a [ThreadFacts],
    /// By thread object, the position among `threads`.
    by_object: HashMap<ObjectIx, usize>,
    pub(super) names: LockNames,
}

impl<'a> Waits<'a> {
    /// The threads of an executor, if all of them are at work.
    pub(super) fn all_at_work(&self, executor: &Executor) -> Option<Vec<&'a ThreadFacts>> {
        all_at_work(self.threads, &self.by_object, executor)
    }

    pub(super) fn new(snapshot: &Snapshot, threads: &'a [ThreadFacts]) -> Result<Self, SnapshotError> {
        let names = LockNames::of_threads(snapshot, threads)?;
        Ok(Self { threads, by_object: ThreadFacts::by_object(threads), names })
    }

    /// The position of the thread that has what is waited for, if one has it.
    fn owner_at(&self, wait: &Wait) -> Option<usize> {
        self.by_object.get(&wait.owner?).copied()
    }

    /// The position of the thread that has to do something before this one goes on.
    pub(super) fn before(&self, thread: &ThreadFacts) -> Option<usize> {
        self.by_object.get(&thread.waits_for_thread()?).copied()
    }

    /// The thread that has what is waited for.
    pub(super) fn owner(&self, wait: &Wait) -> Option<&'a ThreadFacts> {
        self.owner_at(wait).map(|at| &self.threads[at])
    }

    /// `com.acme.Warehouse.lock@0x7f00 ← exec-7`: what a thread waits for, by the field or the class, and the thread that has it.
    pub(super) fn of(&self, snapshot: &Snapshot, thread: &ThreadFacts) -> Option<String> {
        let wait = thread.wait?;
        let what = self.names.label(snapshot, wait.object);
        Some(match self.owner(&wait) {
            Some(owner) => format!("{what} ← {}", owner.name),
            None => what,
        })
    }
}

/// [`Waits::all_at_work`], where nobody asks for locks. `by_object` has the positions of the threads.
pub(super) fn all_at_work<'a>(
    threads: &'a [ThreadFacts],
    by_object: &HashMap<ObjectIx, usize>,
    executor: &Executor,
) -> Option<Vec<&'a ThreadFacts>> {
    let place = |thread| by_object.get(thread).copied();
    let members: Vec<&ThreadFacts> =
        executor.members.iter().filter_map(|thread| Some(&threads[place(thread)?])).collect();
    let is_at_work = executor.active == executor.threads && members.len() as u64 == executor.threads;
    is_at_work.then_some(members)
}

/// The innermost frame that the application wrote, or else a library, or else the innermost.
pub(super) fn own_frame(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<String> {
    nearest_own(snapshot, thread.frames(snapshot)).map(|frame| report_frame(frame).to_string())
}

/// [`own_frame`] of a stack.
pub(in crate::inspect) fn nearest_own<'f>(
    snapshot: &Snapshot,
    frames: &'f [StackFrame],
) -> Option<&'f StackFrame> {
    let of_library = || frames.iter().find(|frame| origin_of_named(snapshot, &frame.class) != Origin::Jdk);
    frames.iter().find(|frame| is_own_frame(snapshot, frame)).or_else(of_library).or(frames.first())
}
