//! Threads that wait for each other in a circle, and those that wait behind them.
//!
//! Cost: a look at what each thread waits for.

use super::views::{self, Waits};
use crate::inspect::Context;
use crate::inspect::blocks;
use crate::query::{ThreadFacts, WaitKind};
use crate::report::{
    Arg, Block, Cell, Column, Finding, Fingerprint, Severity, Text, normalise_thread, thread_pattern,
};
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;

/// Those in a circle, each with what it waits for and where.
pub(super) fn table(context: &Context<'_>, waits: &Waits<'_>, circles: &[Vec<usize>]) -> Block {
    let numbered = (1..).zip(circles);
    let rows = numbered.flat_map(|(number, circle)| circle.iter().map(move |&at| (number, at))).collect();
    let columns = vec![
        Column::right("deadlock"),
        Column::left("thread"),
        Column::left("waits_for"),
        Column::left("at"),
    ];
    blocks::table(context, "deadlocks", columns, rows, |(number, at): (u64, usize)| {
        let thread = &waits.threads[at];
        let waits_for = waits.of(context.snapshot, thread);
        vec![
            Cell::Count(number),
            Cell::Value(thread.name.clone()),
            waits_for.map_or(Cell::None, Cell::Value),
            views::own_frame(context.snapshot, thread).map_or(Cell::None, Cell::Value),
        ]
    })
}

/// One circle.
pub(super) fn finding(context: &Context<'_>, waits: &Waits<'_>, circle: &[usize]) -> Finding {
    let (snapshot, threads) = (context.snapshot, waits.threads);
    let called: Vec<&str> = circle.iter().map(|&at| threads[at].name.as_str()).collect();
    let mut patterns: Vec<String> = called.iter().map(|name| normalise_thread(name).into_owned()).collect();
    patterns.sort_unstable();
    let mut parts = vec!["threads.deadlock"];
    parts.extend(patterns.iter().map(String::as_str));
    let behind = behind(waits, circle);
    let mut evidence: Vec<Text> = circle.iter().filter_map(|&at| wait(snapshot, waits, at)).collect();
    evidence.extend(groups_behind(snapshot, threads, &behind));
    let waits_of = || circle.iter().filter_map(|&at| threads[at].wait);
    let is_guessed = waits_of().any(|wait| matches!(wait.kind, WaitKind::Enter { is_likely: false }));
    if waits_of().any(|wait| matches!(wait.kind, WaitKind::Enter { .. })) {
        evidence.push(Text::message("threads-deadlock-monitors"));
    }
    let joins = |&at: &usize| {
        threads[at].awaited.is_some_and(|awaited| awaited.end)
            && threads[at].wait.is_none_or(|wait| wait.owner.is_none())
    };
    let advice = match circle.len() {
        1 => "threads-upgrade-advice",
        _ if circle.iter().any(joins) => "threads-deadlock-join-advice",
        _ => "threads-deadlock-advice",
    };
    Finding {
        id: "threads.deadlock".into(),
        severity: Severity::Error,
        title: title(snapshot, waits, circle, behind.len(), is_guessed),
        class: None,
        bytes: circle.iter().map(|&at| threads[at].retained_bytes).sum(),
        count: circle.len() as u64,
        holder: None,
        advice: vec![Text::message(advice)],
        evidence,
        link: None,
        fingerprint: Fingerprint::of(&parts),
    }
}

/// Who they are, where they stand, and how many wait behind them.
fn title(snapshot: &Snapshot, waits: &Waits<'_>, circle: &[usize], behind: usize, is_guessed: bool) -> Text {
    let threads = waits.threads;
    let place = |&at: &usize| views::own_frame(snapshot, &threads[at]);
    let places: Vec<Option<String>> = circle.iter().map(place).collect();
    let is_one = places.windows(2).all(|pair| pair[0] == pair[1]);
    let name = |(&at, place): (&usize, &Option<String>)| match place {
        Some(place) if !is_one => format!("{} ({place})", threads[at].name),
        _ => threads[at].name.clone(),
    };
    let called: Vec<String> = circle.iter().zip(&places).map(name).collect();
    let mut args = vec![
        ("threads", Arg::name(called.join(", "))),
        ("behind", Arg::Count(behind as u64)),
        ("guessed", Arg::Count(is_guessed.into())),
    ];
    let lock = circle.first().and_then(|&at| threads[at].wait).filter(|_| circle.len() == 1);
    args.extend(lock.map(|wait| ("lock", Arg::name(waits.names.name(snapshot, wait.object)))));
    let place = places.into_iter().next().flatten().filter(|_| is_one);
    args.extend(place.clone().map(|place| ("place", Arg::name(place))));
    let id = match (place.is_some(), behind > 0) {
        (true, _) if lock.is_some() => "threads-upgrade",
        (false, false) => "threads-deadlock",
        (false, true) => "threads-deadlock-behind",
        (true, false) => "threads-deadlock-in",
        (true, true) => "threads-deadlock-in-behind",
    };
    Text::with(id, args)
}

/// What one of them waits for, who has it, and where it waits.
fn wait(snapshot: &Snapshot, waits: &Waits<'_>, at: usize) -> Option<Text> {
    let thread = &waits.threads[at];
    if let Some(text) = wait_for_thread(snapshot, waits, thread) {
        return Some(text);
    }
    let wait = thread.wait?;
    let owner = waits.owner(&wait)?;
    let mut args = vec![
        ("thread", Arg::name(&thread.name)),
        ("what", Arg::name(waits.names.label(snapshot, wait.object))),
        ("owner", Arg::name(&owner.name)),
    ];
    let place = views::own_frame(snapshot, thread);
    args.extend(place.clone().map(|place| ("place", Arg::name(place))));
    let id = match (wait.kind, place.is_some()) {
        (WaitKind::Enter { .. }, true) => "threads-deadlock-wait-monitor-in",
        (WaitKind::Enter { .. }, false) => "threads-deadlock-wait-monitor",
        (WaitKind::Upgrade, true) => "threads-upgrade-wait-in",
        (WaitKind::Upgrade, false) => "threads-upgrade-wait",
        (_, true) => "threads-deadlock-wait-in",
        (_, false) => "threads-deadlock-wait-owned",
    };
    Some(Text::with(id, args))
}

/// The same of one that waits for another thread and for no lock.
fn wait_for_thread(snapshot: &Snapshot, waits: &Waits<'_>, thread: &ThreadFacts) -> Option<Text> {
    let awaited = thread.awaited.filter(|_| thread.wait.is_none_or(|wait| wait.owner.is_none()))?;
    let other = &waits.threads[waits.before(thread)?];
    let place = views::own_frame(snapshot, thread).unwrap_or_default();
    let args =
        [("thread", Arg::name(&thread.name)), ("other", Arg::name(&other.name)), ("place", Arg::name(place))];
    let id = if awaited.end { "threads-deadlock-wait-end" } else { "threads-deadlock-wait-result" };
    Some(Text::with(id, args))
}

/// The threads that wait for a lock that one of the circle has, or for one that such a thread has.
fn behind(waits: &Waits<'_>, circle: &[usize]) -> Vec<usize> {
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, thread) in waits.threads.iter().enumerate() {
        if let Some(owner) = waits.before(thread) {
            waiting.entry(owner).or_default().push(at);
        }
    }
    let mut is_known = vec![false; waits.threads.len()];
    circle.iter().for_each(|&at| is_known[at] = true);
    let mut found: Vec<usize> = Vec::new();
    let mut open = circle.to_vec();
    while let Some(owner) = open.pop() {
        for &at in waiting.get(&owner).into_iter().flatten() {
            if !std::mem::replace(&mut is_known[at], true) {
                found.push(at);
                open.push(at);
            }
        }
    }
    found.sort_unstable();
    found
}

/// Them by name and place, the most first.
pub(super) fn groups_behind(snapshot: &Snapshot, threads: &[ThreadFacts], behind: &[usize]) -> Vec<Text> {
    const MOST: usize = 3;
    let mut groups: BTreeMap<(String, Option<String>), Vec<&str>> = BTreeMap::new();
    for &at in behind {
        let name = threads[at].name.as_str();
        let key = (normalise_thread(name).into_owned(), views::own_frame(snapshot, &threads[at]));
        groups.entry(key).or_default().push(name);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    let told = groups.into_iter().take(MOST).map(|((_, place), names)| {
        let mut args = vec![
            ("count", Arg::Count(names.len() as u64)),
            ("thread", Arg::name(thread_pattern(names.iter().copied()))),
        ];
        args.extend(place.clone().map(|place| ("place", Arg::name(place))));
        let id = if place.is_some() { "threads-behind-in" } else { "threads-behind" };
        Text::with(id, args)
    });
    told.collect()
}
