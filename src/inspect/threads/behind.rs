//! What the threads of a pool do whose queue is what fills the heap.
//!
//! That several of them wait at one place, or for each other, is a finding of its own ([`stuck`](super::stuck)); what the only one does is none, and belongs to
//! the queue behind it. Cost: a pass over the class column, for each suspect that is a backlog.

use super::stuck::{how, place};
use super::views::all_at_work;
use super::{nearest_own, starved, what};
use crate::inspect::holders::report_frame;
use crate::ix::ObjectIx;
use crate::query::{Executor, ThreadFacts, ThreadState, executors};
use crate::report::{Arg, STARVED, Text};
use crate::snapshot::{Snapshot, SnapshotError};

/// What the threads of a pool do before what waits in its queue.
#[derive(Debug, Clone)]
pub(in crate::inspect) struct Behind {
    /// In words.
    pub(in crate::inspect) words: Text,
    /// What to change, if that is all that helps: they wait for what is in the queue.
    pub(in crate::inspect) advice: Option<Text>,
}

/// What the threads do of the pool that is one of `objects`, or whose queue is. `None` if there is none, not all of them are at work, or nothing is to be
/// said of them.
///
/// # Errors
/// Cancelled.
pub(in crate::inspect) fn behind(
    snapshot: &Snapshot,
    objects: &[ObjectIx],
) -> Result<Option<Behind>, SnapshotError> {
    let is_one = |executor: &Executor| {
        objects.contains(&executor.object) || executor.queue.is_some_and(|queue| objects.contains(&queue))
    };
    let Some(executor) = executors(snapshot)?.into_iter().find(is_one) else { return Ok(None) };
    let all = ThreadFacts::all(snapshot);
    let Some(threads) = all_at_work(&all, &ThreadFacts::by_object(&all), &executor) else { return Ok(None) };
    let threads = starved::workers(snapshot, threads);
    if !threads.is_empty() && starved::finding(snapshot, &executor, &threads).is_some() {
        let advice = Some(Text::message(starved::ADVICE));
        return Ok(Some(Behind { words: Text::message(STARVED), advice }));
    }
    let words = match threads[..] {
        [only] => one(snapshot, only),
        _ => at_one_place(snapshot, &threads),
    };
    Ok(words.map(|words| Behind { words, advice: None }))
}

/// Where the only thread of a pool is, and what it does there.
fn one(snapshot: &Snapshot, thread: &ThreadFacts) -> Option<Text> {
    let frames = thread.frames(snapshot);
    let is_blocked = thread.state == Some(ThreadState::Blocked);
    let doing = what(frames).or(is_blocked.then_some("threads-doing-lock"));
    let mut args = vec![
        ("thread", Arg::name(&thread.name)),
        ("place", Arg::name(report_frame(nearest_own(snapshot, frames)?).to_string())),
    ];
    let Some(doing) = doing else { return Some(Text::with("suspect-queue-worker-in", args)) };
    args.push(("doing", Arg::text(Text::message(doing))));
    Some(Text::with("suspect-queue-worker", args))
}

/// Where all threads of a pool are, if that is one method and none of them waits there.
fn at_one_place(snapshot: &Snapshot, threads: &[&ThreadFacts]) -> Option<Text> {
    let place = place(snapshot, threads)?;
    let is_at_work = |thread: &&ThreadFacts| place.has(snapshot, thread) && how(snapshot, thread).is_none();
    let args = [
        ("count", Arg::Count(threads.len() as u64)),
        ("thread", Arg::name(super::stuck::pattern(threads))),
        ("place", Arg::name(place.text())),
    ];
    threads.iter().all(is_at_work).then(|| Text::with("suspect-queue-workers", args))
}
