//! Over how many threads it is spread what a thread-local keeps.
//!
//! Each thread has a value of its own, some of them may be at work with it, and one may have nearly all. Cost: the entries of the thread-locals of all threads, once.

use super::Story;
use super::spread::size_of_each;
use crate::hprof::ObjectId;
use crate::inspect::holders::THREAD_LOCAL_ENTRY;
use crate::query::{entry_in_thread, kept_by_thread_local, thread_name};
use crate::report::{Arg, Text, normalise_thread, thread_pattern};
use crate::snapshot::Snapshot;
use std::cmp::Reverse;

/// Names of threads that are told.
const NAMES: usize = 3;

/// A thread's name, and what its value keeps.
type Value = (String, u64);

impl Story {
    /// In how many threads the thread-local that holds it has a value, how much each, and which of them has most, if one has more than all others.
    pub(super) fn over_threads(&self, snapshot: &Snapshot) -> Option<Text> {
        const FEW: usize = 3;
        let field = self.held.holder.field.as_deref()?;
        let steps = self.held.path.iter().filter(|step| step.class == THREAD_LOCAL_ENTRY);
        let entry = steps.filter_map(|step| snapshot.find(ObjectId(step.address))).next_back()?;
        let key = snapshot.follow(entry, "referent")?;
        let values = snapshot.threads().iter().filter_map(|thread| {
            let bytes = kept_by_thread_local(snapshot, entry_in_thread(snapshot, thread.object, key)?);
            (bytes > 0).then(|| (thread_name(snapshot, thread.object), bytes))
        });
        let mut all: Vec<Value> = values.collect();
        all.sort_by_key(|&(_, bytes)| Reverse(bytes));
        leave_out_little(&mut all);
        let sizes: Vec<u64> = all.iter().map(|&(_, bytes)| bytes).collect();
        if !self.are_all(&sizes) {
            return None;
        }
        let sum: u64 = sizes.iter().sum();
        let is_mostly = all.len() >= FEW && sizes[0] * 2 > sum;
        let told = if is_mostly { &all[1..] } else { &all[..] };
        let mut args = vec![
            ("field", Arg::name(field)),
            ("count", Arg::Count(all.len() as u64)),
            ("thread", Arg::name(names(told))),
            ("sizes", size_of_each(if is_mostly { &sizes[1..] } else { &sizes })?),
        ];
        if !is_mostly {
            return Some(Text::with("suspect-in-threads", args));
        }
        args.extend([("most", Arg::name(&all[0].0)), ("size", Arg::Bytes(sizes[0]))]);
        Some(Text::with("suspect-in-threads-mostly", args))
    }
}

/// Leaves out those that have next to nothing: what an idle thread has been given, beside what has piled up in others. `all` have the largest first.
fn leave_out_little(all: &mut Vec<Value>) {
    /// Of the largest.
    const PART: u64 = 16;
    /// Of all.
    const PART_OF_ALL: u64 = 50;
    /// Of what those have on average that are small beside the largest.
    const PART_OF_SMALL: u64 = 8;
    let most = all.first().map_or(0, |&(_, bytes)| bytes);
    let sum: u64 = all.iter().map(|&(_, bytes)| bytes).sum();
    let small = all.iter().filter(|&&(_, bytes)| bytes.saturating_mul(PART) < most);
    let (count, of_small) = small.fold((0, 0), |(count, sum), &(_, bytes)| (count + 1, sum + bytes));
    let is_little = |bytes: u64| {
        let is_small = bytes.saturating_mul(PART) < most;
        let is_none = of_small * PART_OF_ALL <= sum;
        is_small && (is_none || bytes * count * PART_OF_SMALL < of_small)
    };
    all.retain(|&(_, bytes)| !is_little(bytes));
}

/// What threads are called, those first that have most: by one name if it differs by numbers only, else in parentheses.
fn names(values: &[Value]) -> String {
    let mut patterns: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, _) in values {
        let stable = normalise_thread(name);
        match patterns.iter_mut().find(|(known, _)| **known == *stable) {
            Some((_, names)) => names.push(name),
            None => patterns.push((stable.into_owned(), vec![name])),
        }
    }
    let named = |(_, names): &(String, Vec<&str>)| thread_pattern(names.iter().copied());
    if let [only] = &patterns[..] {
        return named(only);
    }
    let more = if patterns.len() > NAMES { ", ..." } else { "" };
    let named: Vec<String> = patterns.iter().take(NAMES).map(named).collect();
    format!("({}{more})", named.join(", "))
}
