//! Calls that have their work done by other threads, and calls that call themselves.
//!
//! What the threads hold that do parts of a call's work is that call's: it waits for them. And what hundreds of frames of one method hold, each a
//! little, is held by the depth of the recursion. Cost: a walk of bounded length for some threads of each story that calls hold.

use super::Story;
use crate::hprof::ObjectId;
use crate::inspect::holders::{is_own_frame, is_thread, report_frame, thread_above};
use crate::ix::ObjectIx;
use crate::query::{Waiting, thread_name};
use crate::report::{Arg, Frame, HolderKind, SuspectKind, Text, normalise_thread};
use crate::snapshot::{Snapshot, StackFrame};
use hashbrown::HashMap;

/// The call for which threads work.
#[derive(Debug, Clone)]
pub(super) struct Call {
    thread: ObjectIx,
    name: String,
    frame: Frame,
}

/// The threads that do parts of a call's work.
#[derive(Debug, Clone)]
pub(super) struct Helpers {
    pattern: String,
    count: u64,
    bytes: u64,
}

impl Story {
    /// Finds out whether another call waits for what these threads do.
    pub(in crate::inspect::suspects) fn look_whom_it_serves(
        &mut self,
        snapshot: &Snapshot,
        waiting: &Waiting,
    ) {
        const LOOKED_AT: usize = 16;
        if self.held.kind != SuspectKind::Load || self.held.holder.frame.is_none() || self.crowd.is_some() {
            return;
        }
        let of = |&object: &ObjectIx| thread_above(snapshot, object);
        let samples = self.parts.iter().flat_map(|part| part.samples().iter().take(LOOKED_AT));
        let mut threads: Vec<ObjectIx> = self.owners.iter().chain(samples).filter_map(of).collect();
        // What something else leads to as well has no thread above it; its path begins at one.
        let first = self.held.path.first().and_then(|step| snapshot.find(ObjectId(step.address)));
        threads.extend(self.thread.or(first.filter(|&first| is_thread(snapshot, first))));
        threads.sort_unstable();
        threads.dedup();
        threads.truncate(LOOKED_AT);
        let described = |&object: &ObjectIx| snapshot.threads().iter().find(|thread| thread.object == object);
        let served = threads.iter().filter_map(described).map(|thread| waiting.served(snapshot, thread));
        let served: Vec<Option<(ObjectIx, Frame)>> = served
            .map(|served| served.map(|served| (served.thread.object, report_frame(served.frame))))
            .collect();
        let Some(Some((thread, frame))) = served.iter().find(|served| served.is_some()) else { return };
        let agreeing = served.iter().flatten().filter(|(other, _)| other == thread).count();
        // What has no caller yet or any more says nothing, but another caller does.
        if agreeing * 2 <= served.len() || agreeing < served.iter().flatten().count() {
            return;
        }
        self.serves =
            Some(Call { thread: *thread, name: thread_name(snapshot, *thread), frame: frame.clone() });
    }

    /// Puts what a call holds to what other threads of its name hold in a method that has called it, if that is of the same class: where the compiler has
    /// found that a method does not need a variable any more, only those that it has called have it.
    pub(in crate::inspect::suspects) fn join_callers(snapshot: &Snapshot, stories: &mut Vec<Self>) {
        let mut at = 0;
        while at < stories.len() {
            let joined =
                |other| in_call_of(snapshot, &stories[at], &stories[other]).map(|found| (other, found));
            let Some((caller, variable)) = (0..stories.len()).find_map(joined) else {
                at += 1;
                continue;
            };
            let mut story = stories.remove(at);
            let caller = &mut stories[caller - usize::from(caller > at)];
            caller.parts.append(&mut story.parts);
            caller.joined.append(&mut story.joined);
            caller.joined.push(variable);
        }
    }

    /// Puts what threads hold that work for a call to what the call itself holds.
    pub(in crate::inspect::suspects) fn put_to_calls(stories: &mut Vec<Self>) {
        while let Some((helper, call)) = helper_of(stories) {
            let at = call - usize::from(call > helper);
            let helper = stories.remove(helper);
            let call = &mut stories[at];
            call.bytes += helper.bytes;
            call.alone = false;
            call.helpers = Some(Helpers {
                pattern: helper.held.holder.thread.clone().unwrap_or_default(),
                count: helper.held.holder.threads.unwrap_or(1),
                bytes: helper.bytes,
            });
            if call.owners.is_empty() || helper.owners.is_empty() {
                call.owners.clear();
            } else {
                call.owners.extend(helper.owners);
                call.owners.sort_unstable();
                call.owners.dedup();
            }
            call.together.extend(helper.together);
            call.parts.extend(helper.parts);
        }
    }

    /// Who works for it, or for whom it works.
    pub(super) fn service(&self) -> Option<Text> {
        if let Some(Helpers { pattern, count, bytes }) = &self.helpers {
            let args =
                [("count", Arg::Count(*count)), ("thread", Arg::name(pattern)), ("size", Arg::Bytes(*bytes))];
            return Some(Text::with("suspect-helpers", args));
        }
        // What starts the program waits for all that it does.
        let call = self.serves.as_ref().filter(|call| call.name != "main")?;
        let args = [
            ("count", Arg::Count(self.held.holder.threads.unwrap_or(1))),
            ("place", Arg::name(call.frame.to_string())),
            ("thread", Arg::name(&call.name)),
        ];
        Some(Text::with("suspect-serves", args))
    }

    /// The outermost call of the application's own that has the variable, where that is not the holder's: what a method was given is its caller's when
    /// it ends.
    pub(super) fn until(&self, snapshot: &Snapshot) -> Option<Frame> {
        let holder = &self.held.holder;
        let frame = holder.frame.as_ref()?;
        if self.held.kind != SuspectKind::Load || holder.threads.is_some() || self.crowd.is_some() {
            return None;
        }
        let [thread, variable, ..] = &self.held.path[..] else { return None };
        let (thread, variable) =
            (snapshot.find(ObjectId(thread.address))?, snapshot.find(ObjectId(variable.address))?);
        let frames = &snapshot.threads().iter().find(|known| known.object == thread)?.frames;
        // Nobody has written the frame of a lambda's object, but that of its method.
        let is_own = |at: &StackFrame| is_own_frame(snapshot, at) && !at.class.contains("$$Lambda");
        let has_it = |at: &&StackFrame| is_own(at) && at.locals.contains(&variable);
        let outermost = report_frame(frames.iter().rfind(has_it)?);
        (outermost != *frame).then_some(outermost)
    }

    /// Counts the calls of a method that has called itself, if each holds a part of it.
    pub(in crate::inspect::suspects) fn look_for_recursion(&mut self, snapshot: &Snapshot) {
        const DEEP: usize = 16;
        let holder = &self.held.holder;
        let is_local = self.held.kind == SuspectKind::Load && holder.kind == HolderKind::StackLocal;
        let Some(frame) = holder.frame.as_ref().filter(|_| is_local && holder.threads.is_none()) else {
            return;
        };
        let Some(thread) = self.thread else { return };
        let Some(thread) = snapshot.threads().iter().find(|known| known.object == thread) else { return };
        let is_frame = |at: &&StackFrame| *at.class == *frame.class && *at.method == *frame.method;
        let calls: Vec<&StackFrame> = thread.frames.iter().filter(is_frame).collect();
        if calls.len() < DEEP {
            return;
        }
        // What all of them have in hand is not one's own.
        let mut uses: HashMap<ObjectIx, usize> = HashMap::new();
        for call in &calls {
            let mut locals = call.locals.clone();
            locals.sort_unstable();
            locals.dedup();
            locals.into_iter().for_each(|local| *uses.entry(local).or_default() += 1);
        }
        let bytes_of = |call: &&StackFrame| -> u64 {
            let mut own: Vec<ObjectIx> =
                call.locals.iter().copied().filter(|local| uses[local] == 1).collect();
            own.sort_unstable();
            own.dedup();
            own.iter().map(|&local| snapshot.retained_bytes(local)).sum()
        };
        let own: Vec<u64> = calls.iter().map(bytes_of).collect();
        let (sum, most) = (own.iter().sum::<u64>(), own.iter().max().copied().unwrap_or(0));
        let usual = self.bytes / (4 * calls.len() as u64);
        let with_part = own.iter().filter(|&&bytes| bytes >= usual).count();
        if sum * 2 >= self.bytes && most * 4 <= self.bytes && with_part * 2 >= calls.len() {
            self.nested = Some(calls.len() as u64);
        }
    }

    /// The title of a recursion, if it is one.
    pub(super) fn title_of_recursion(&self) -> Option<Text> {
        let holder = &self.held.holder;
        let args = [
            ("count", Arg::Count(self.nested?)),
            ("place", Arg::name(holder.frame.as_ref()?.to_string())),
            ("thread", Arg::name(holder.thread.as_deref()?)),
        ];
        Some(Text::with("suspect-title-recursion", args))
    }
}

/// A story of threads that work for the call of another story, and that one.
fn helper_of(stories: &[Story]) -> Option<(usize, usize)> {
    stories.iter().enumerate().find_map(|(at, helper)| {
        let call = helper.serves.as_ref()?;
        let is_of_call = |other: &Story| {
            let holder = &other.held.holder;
            other.held.kind == SuspectKind::Load
                && other.crowd.is_none()
                && other.helpers.is_none()
                && holder.threads.is_none()
                && other.thread == Some(call.thread)
        };
        let place = stories.iter().enumerate().position(|(other, story)| other != at && is_of_call(story))?;
        Some((at, place))
    })
}

/// The object of the same class as `caller` holds that leads to what `story` holds, in the hands of methods which that of `caller` has called on a thread
/// of the same name.
fn in_call_of(snapshot: &Snapshot, story: &Story, caller: &Story) -> Option<ObjectIx> {
    let local = |story: &Story| {
        let holder = &story.held.holder;
        let is_local = story.held.kind == SuspectKind::Load && holder.kind == HolderKind::StackLocal;
        let thread = holder.thread.as_deref().map(|name| normalise_thread(name).into_owned());
        holder.frame.clone().filter(|_| is_local).zip(thread)
    };
    let ((inner, thread), (outer, other)) = local(story).zip(local(caller))?;
    if thread != other {
        return None;
    }
    let first = story.held.path.first().and_then(|step| snapshot.find(ObjectId(step.address)));
    let thread = snapshot.threads().iter().find(|thread| Some(thread.object) == first)?;
    let place = |frame: &Frame| {
        thread.frames.iter().position(|at| *at.class == *frame.class && *at.method == *frame.method)
    };
    let called = thread.frames.get(place(&inner)?..place(&outer)?)?;
    let class = snapshot.class_of(caller.held.object);
    let mut variables = called.iter().flat_map(|frame| frame.locals.iter().copied());
    variables.find(|&variable| {
        snapshot.class_of(variable) == class && leads_to(snapshot, variable, story.held.object)
    })
}

/// Whether an object is another one, or refers to it within a few steps.
fn leads_to(snapshot: &Snapshot, from: ObjectIx, to: ObjectIx) -> bool {
    const MOST: usize = 256;
    let mut seen = vec![from];
    let mut at = 0;
    while let Some(&object) = seen.get(at).filter(|_| seen.len() < MOST) {
        if object == to {
            return true;
        }
        for next in snapshot.references().of(object) {
            if !seen.contains(&next) && snapshot.mirrored_class(next).is_none() {
                seen.push(next);
            }
        }
        at += 1;
    }
    seen.contains(&to)
}
