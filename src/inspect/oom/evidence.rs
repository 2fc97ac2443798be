//! What in the heap bears out the kind of an OutOfMemoryError.
//!
//! The heap holds traces of each kind, also of those that are about memory outside of it: class loaders and the classes that they
//! defined, direct buffers against their limit, threads by name, arrays that were about to grow.
//! Cost: a pass over the classes or threads; for direct memory one over the class column.

use super::super::classloaders::are_most;
use super::super::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{BufferKind, DirectCounters, HeapLimit, ThreadFacts, direct_buffers, direct_memory_limit};
use crate::report::{Arg, Text, normalise_class, normalise_thread};
use crate::snapshot::{Snapshot, Thread};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::hash::Hash;

/// What there is for that kind.
///
/// # Errors
/// Cancelled.
pub(super) fn of_kind(kind: &str, thread: &Thread, context: &Context<'_>) -> Result<Vec<Text>, InspectError> {
    let snapshot = context.snapshot;
    Ok(match kind {
        "java-heap-space" | "gc-overhead-limit" => heap(context, thread),
        _ if super::is_about_one_array(kind) => {
            [half_empty(context), largest_array(snapshot, thread)].into_iter().flatten().collect()
        }
        "metaspace" | "compressed-class-space" | "code-cache" => classes(snapshot),
        "direct-buffer-memory" => direct_memory(snapshot)?,
        "native-thread" => threads(snapshot),
        _ => Vec::new(),
    })
}

fn heap(context: &Context<'_>, thread: &Thread) -> Vec<Text> {
    let total = context.histogram().total();
    let used = total.shallow_bytes + total.unreachable_bytes;
    // A limit far above what is in use was not the heap's.
    let is_of_heap = |limit: &HeapLimit| limit.bytes <= used + used / 2;
    let limit = context.heap_limit().filter(is_of_heap);
    let full = limit.map(|limit| of_limit(["oom-evidence-full", "oom-evidence-full-about"], used, limit));
    // A small one is not what was too large, unless it was just to grow.
    let is_telling = |array: &ObjectIx| {
        is_growing(context.snapshot, thread)
            || context.snapshot.shallow_bytes(*array) * 20 >= total.shallow_bytes
    };
    let array = largest_array_of(context.snapshot, thread).filter(is_telling);
    full.into_iter().chain(array.map(|array| array_text(context.snapshot, thread, array))).collect()
}

/// How much of the heap was held when a single array did not fit: garbage would have made room for it.
fn half_empty(context: &Context<'_>) -> Option<Text> {
    let limit = context.heap_limit()?;
    let held = context.histogram().total().shallow_bytes;
    Some(of_limit(["oom-evidence-half-empty", "oom-evidence-half-empty-about"], held, limit))
}

/// What was in use and what the limit is, exactly or about.
fn of_limit([exact, about]: [&str; 2], used: u64, limit: HeapLimit) -> Text {
    let args = [("size", Arg::Bytes(used)), ("limit", Arg::Bytes(limit.bytes))];
    Text::with(if limit.is_estimate { about } else { exact }, args)
}

/// The largest array among the thread's variables, if it is large: what was being copied to a larger one.
pub(super) fn largest_array_of(snapshot: &Snapshot, thread: &Thread) -> Option<ObjectIx> {
    const LARGE: u64 = 1 << 20;
    let arrays = thread.locals().filter(|&local| snapshot.class(local).is_array());
    let key = |&array: &ObjectIx| (snapshot.shallow_bytes(array), std::cmp::Reverse(array));
    arrays.max_by_key(key).filter(|&array| snapshot.shallow_bytes(array) >= LARGE)
}

fn largest_array(snapshot: &Snapshot, thread: &Thread) -> Option<Text> {
    largest_array_of(snapshot, thread).map(|array| array_text(snapshot, thread, array))
}

fn is_growing(snapshot: &Snapshot, thread: &Thread) -> bool {
    super::growing(snapshot, super::below_throw(thread)).is_some()
}

/// Only what was just being enlarged is to be copied.
fn array_text(snapshot: &Snapshot, thread: &Thread, array: ObjectIx) -> Text {
    let args = [
        ("class", Arg::name(snapshot.class_name(array))),
        ("size", Arg::Bytes(snapshot.shallow_bytes(array))),
    ];
    let id = if is_growing(snapshot, thread) { "oom-evidence-array" } else { "oom-evidence-array-only" };
    Text::with(id, args)
}

/// Classes, loaders, and what there is most of among them.
fn classes(snapshot: &Snapshot) -> Vec<Text> {
    let loaders = loaders(snapshot);
    let commonest = commonest_class(snapshot).filter(|&(_, count)| count > 1);
    // What nothing leads to takes its room until it is unloaded.
    let loaded = snapshot.loaded_class_count() as u64;
    let is_more = commonest.as_ref().is_some_and(|&(_, count)| count > loaded);
    let described = || snapshot.classes().iter().filter(|(_, class)| class.described).count() as u64;
    let args = [
        ("classes", Arg::Count(if is_more { described() } else { loaded })),
        ("loaders", Arg::Count(loaders.len() as u64)),
    ];
    let mut texts = vec![Text::with("oom-evidence-classes", args)];
    let most_loaders = most(loaders.iter().map(|&loader| snapshot.class_name(loader)));
    texts.extend(most_loaders.filter(|&(_, count)| count > 1).map(|(class, count)| {
        Text::with("oom-evidence-loaders", [("count", Arg::Count(count)), ("class", Arg::name(class))])
    }));
    texts.extend(commonest.map(|(class, count)| {
        Text::with("oom-evidence-copies", [("count", Arg::Count(count)), ("class", Arg::name(class))])
    }));
    texts
}

/// The loaders of all classes, in order.
fn loaders(snapshot: &Snapshot) -> Vec<ObjectIx> {
    let described = snapshot.classes().iter().filter(|(_, class)| class.described && !class.is_array());
    let mut loaders: Vec<ObjectIx> = described.filter_map(|(_, class)| class.loader.get()).collect();
    loaders.sort_unstable();
    loaders.dedup();
    loaders
}

/// Some of the loaders of the class that there are most loaders of; none if there are few.
pub(super) fn commonest_loaders(snapshot: &Snapshot) -> Vec<ObjectIx> {
    const MANY: u64 = 16;
    const LOOKED_AT: usize = 16;
    let loaders = loaders(snapshot);
    let Some((class, count)) = most(loaders.iter().map(|&loader| snapshot.class_name(loader))) else {
        return Vec::new();
    };
    let alike = loaders.iter().copied().filter(|&loader| snapshot.class_name(loader) == class);
    let step = (count / LOOKED_AT as u64).max(1) as usize;
    if count >= MANY { alike.step_by(step).take(LOOKED_AT).collect() } else { Vec::new() }
}

/// The name that most classes have, and how many: that of the copies of one class or, where these are many more, of classes whose names differ
/// in a number only, as those do that are generated for each use.
pub(in crate::inspect) fn commonest_class(snapshot: &Snapshot) -> Option<(String, u64)> {
    let described = || snapshot.classes().iter().filter(|(_, class)| class.described && !class.is_array());
    let by_name = most(described().map(|(_, class)| normalise_class(&class.name)));
    let by_pattern = most(described().map(|(_, class)| {
        let name = normalise_class(&class.name);
        Cow::<str>::Owned(normalise_thread(&name).into_owned())
    }));
    let count = |found: &Option<(String, u64)>| found.as_ref().map_or(0, |&(_, count)| count);
    if count(&by_pattern) > 2 * count(&by_name) { by_pattern } else { by_name }
}

/// Whether so many of all classes are of one name, numbers apart, that they were generated again and again.
pub(super) fn are_generated(snapshot: &Snapshot) -> bool {
    let all =
        snapshot.classes().iter().filter(|(_, class)| class.described && !class.is_array()).count() as u64;
    commonest_class(snapshot).is_some_and(|(_, count)| are_most(count, all))
}

fn direct_memory(snapshot: &Snapshot) -> Result<Vec<Text>, InspectError> {
    let buffers = direct_buffers(snapshot)?;
    let direct = buffers.iter().filter(|buffer| buffer.kind == BufferKind::Direct);
    let (count, bytes) = direct.fold((0, 0), |(count, bytes), it| (count + 1, bytes + it.capacity_bytes));
    let used = DirectCounters::of(snapshot).reserved_bytes.unwrap_or(bytes);
    let args = [("count", Arg::Count(count)), ("size", Arg::Bytes(used))];
    Ok(vec![match direct_memory_limit(snapshot) {
        Some(limit) => {
            Text::with("oom-evidence-direct", args.into_iter().chain([("limit", Arg::Bytes(limit))]))
        }
        None => Text::with("oom-evidence-direct-unlimited", args),
    }])
}

fn threads(snapshot: &Snapshot) -> Vec<Text> {
    let texts = platform_threads(snapshot).map(|threads| {
        let args = [
            ("count", Arg::Count(threads.count)),
            ("most", Arg::Count(threads.most)),
            ("thread", Arg::name(threads.pattern)),
        ];
        Text::with("oom-evidence-thread-count", args)
    });
    texts.into_iter().collect()
}

/// The threads that have a stack outside of the heap.
pub(super) struct PlatformThreads {
    pub(super) count: u64,
    /// How many are called like most of them.
    pub(super) most: u64,
    /// What these are called, numbers apart.
    pub(super) pattern: String,
}

/// Counts them; `None` if there are none.
pub(super) fn platform_threads(snapshot: &Snapshot) -> Option<PlatformThreads> {
    let threads = ThreadFacts::all(snapshot);
    let platform = || threads.iter().filter(|thread| !thread.is_virtual);
    let (pattern, most) = most(platform().map(|thread| normalise_thread(&thread.name)))?;
    Some(PlatformThreads { count: platform().count() as u64, most, pattern })
}

/// The commonest of the names, of several the first by the alphabet.
fn most<N: Hash + Ord + AsRef<str>>(names: impl Iterator<Item = N>) -> Option<(String, u64)> {
    let mut counts: HashMap<N, u64> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
    most.map(|(name, count)| (name.as_ref().to_owned(), count))
}
