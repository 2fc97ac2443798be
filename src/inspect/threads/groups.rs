//! Threads with the same stack, as one.

use super::doing::doing;
use crate::inspect::holders::report_frame;
use crate::query::ThreadFacts;
use crate::report::{ThreadGroup, normalise_thread};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;
use std::cmp::Reverse;

/// Groups that are shown.
const MOST_GROUPS: usize = 200;
/// Frames of a common stack that are shown.
const MOST_FRAMES: usize = 128;

/// Two or more threads that stand at the same places, most threads first.
pub(super) fn same_stack(snapshot: &Snapshot, threads: &[ThreadFacts]) -> Vec<ThreadGroup> {
    let mut by_stack: HashMap<Vec<(&str, &str, u32)>, Vec<&ThreadFacts>> = HashMap::new();
    for thread in threads.iter().filter(|thread| !thread.frames(snapshot).is_empty()) {
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
            doing: doing(frames),
        }
    };
    same.into_iter().map(group).collect()
}

/// The name of a thread without its numbers. Virtual threads usually have no name.
pub(super) fn pattern_of(thread: &ThreadFacts) -> String {
    if thread.name.is_empty() { "<unnamed>".to_owned() } else { normalise_thread(&thread.name).into_owned() }
}

/// The patterns of their names, the commonest first; after three an ellipsis.
fn patterns(threads: &[&ThreadFacts]) -> String {
    const MOST: usize = 3;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for thread in threads {
        *counts.entry(pattern_of(thread)).or_default() += 1;
    }
    let mut patterns: Vec<(String, usize)> = counts.into_iter().collect();
    patterns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let more = if patterns.len() > MOST { ", …" } else { "" };
    let shown: Vec<String> = patterns.into_iter().take(MOST).map(|(pattern, _)| pattern).collect();
    shown.join(", ") + more
}
