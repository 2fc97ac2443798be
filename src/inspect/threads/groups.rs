//! Threads with the same stack, as one.

use super::doing::doing;
use super::views::Waits;
use crate::inspect::holders::report_frame;
use crate::query::{ThreadFacts, ThreadState};
use crate::report::{Arg, Text, ThreadGroup, normalise_thread, thread_pattern};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Groups that are shown.
const MOST_GROUPS: usize = 200;
/// Frames of a common stack that are shown.
const MOST_FRAMES: usize = 128;

/// Two or more threads that stand at the same places, most threads first.
pub(super) fn same_stack(snapshot: &Snapshot, waits: &Waits<'_>) -> Vec<ThreadGroup> {
    let mut by_stack: HashMap<Vec<(&str, &str, u32)>, Vec<&ThreadFacts>> = HashMap::new();
    for thread in waits.threads.iter().filter(|thread| !thread.frames(snapshot).is_empty()) {
        let frames = thread.frames(snapshot).iter();
        let key = frames.map(|frame| (&*frame.class, &*frame.method, frame.line)).collect();
        by_stack.entry(key).or_default().push(thread);
    }
    let mut same: Vec<Vec<&ThreadFacts>> = by_stack.into_values().filter(|same| same.len() > 1).collect();
    same.sort_by_key(|same| (Reverse(same.len()), same[0].number));
    same.truncate(MOST_GROUPS);
    let group = |same: Vec<&ThreadFacts>| {
        let frames = same[0].frames(snapshot);
        ThreadGroup {
            pattern: patterns(&same),
            count: same.len() as u64,
            retained_bytes: same.iter().map(|thread| thread.retained_bytes).sum(),
            frames: frames.iter().take(MOST_FRAMES).map(report_frame).collect(),
            doing: waiting(snapshot, waits, &same).or_else(|| blocked(&same)).or_else(|| doing(frames)),
        }
    };
    same.into_iter().map(group).collect()
}

/// The lock that all of them wait for, and who has it.
fn waiting(snapshot: &Snapshot, waits: &Waits<'_>, same: &[&ThreadFacts]) -> Option<Text> {
    let wait = same.first()?.wait?;
    let owner = waits.owner(&wait)?;
    let is_it = |thread: &&ThreadFacts| thread.wait.is_some_and(|other| other.object == wait.object);
    let args =
        [("lock", Arg::name(waits.names.name(snapshot, wait.object))), ("thread", Arg::name(&owner.name))];
    same.iter().all(is_it).then(|| Text::with("threads-doing-lock-of", args))
}

/// That all of them wait for a monitor.
fn blocked(same: &[&ThreadFacts]) -> Option<Text> {
    let is_blocked = |thread: &&ThreadFacts| thread.state == Some(ThreadState::Blocked);
    same.iter().all(is_blocked).then(|| Text::message("threads-doing-blocked"))
}

/// The threads by what they are called without numbers, in its order, each with the pattern that a reader is shown.
pub(super) fn by_name<'t>(
    threads: impl IntoIterator<Item = &'t ThreadFacts>,
) -> Vec<(String, Vec<&'t ThreadFacts>)> {
    let mut found: BTreeMap<Cow<'t, str>, Vec<&'t ThreadFacts>> = BTreeMap::new();
    for thread in threads {
        found.entry(normalise_thread(&thread.name)).or_default().push(thread);
    }
    let shown = |(name, threads): (Cow<'t, str>, Vec<&'t ThreadFacts>)| {
        let pattern = thread_pattern(threads.iter().map(|thread| thread.name.as_str()));
        // Virtual threads usually have no name.
        (if name.is_empty() { "<unnamed>".to_owned() } else { pattern }, threads)
    };
    found.into_iter().map(shown).collect()
}

/// The patterns of their names, the commonest first; after three an ellipsis.
fn patterns(threads: &[&ThreadFacts]) -> String {
    patterns_of(threads.iter().map(|thread| thread.name.as_str()))
}

/// The patterns of the names of threads, the commonest first; after three an ellipsis.
pub(in crate::inspect) fn patterns_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 3;
    let mut alike: BTreeMap<Cow<'n, str>, Vec<&'n str>> = BTreeMap::new();
    for name in names {
        alike.entry(normalise_thread(name)).or_default().push(name);
    }
    let pattern = |(stable, names): (Cow<'n, str>, Vec<&'n str>)| {
        // Virtual threads usually have no name.
        let is_unnamed = stable.is_empty();
        let pattern = if is_unnamed { "<unnamed>".to_owned() } else { thread_pattern(names.iter().copied()) };
        (Reverse(names.len()), pattern)
    };
    let mut patterns: Vec<(Reverse<usize>, String)> = alike.into_iter().map(pattern).collect();
    patterns.sort();
    let more = if patterns.len() > MOST { ", …" } else { "" };
    let shown: Vec<String> = patterns.into_iter().take(MOST).map(|(_, pattern)| pattern).collect();
    shown.join(", ") + more
}
