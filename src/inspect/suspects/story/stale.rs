//! Thread-locals whose key is gone.
//!
//! A `ThreadLocal` in a field of each object makes an entry in the map of the thread for each of them. When the object goes, so does the key, and the
//! value stays in the map until the thread happens to clean that slot. No field leads to such a value: all that holds it is the map.
//! Cost: one look at the maps of the threads that hold it.

use super::Story;
use crate::inspect::holders::THREAD_LOCALS;
use crate::ix::ObjectIx;
use crate::query::thread_name;
use crate::report::{Arg, Holder, HolderKind, Text, normalise_thread};
use crate::snapshot::Snapshot;

/// What is in the maps of the threads that hold values whose key is gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stale {
    entries: u64,
    /// Those of them whose key is gone.
    stale: u64,
    threads: u64,
}

/// Whether a holder is the map of a thread, for want of a key by which a thread-local could be told.
pub(super) fn is_map_of_threads(holder: &Holder) -> bool {
    let (class, field) = THREAD_LOCALS;
    holder.kind == HolderKind::ThreadLocal
        && holder.class.as_deref() == Some(class)
        && holder.field.as_deref() == Some(field)
}

impl Story {
    /// Counts the entries of the threads that hold it, and names these, if it is held by nothing but their maps.
    pub(in crate::inspect::suspects) fn look_into_thread_locals(&mut self, snapshot: &Snapshot) {
        if !is_map_of_threads(&self.held.holder) {
            return;
        }
        let name = self.held.holder.thread.clone().unwrap_or_default();
        let pattern = normalise_thread(&name);
        let mut sum = Stale { entries: 0, stale: 0, threads: 0 };
        let mut threads = Vec::new();
        for thread in snapshot.threads() {
            if normalise_thread(&thread_name(snapshot, thread.object)) != pattern {
                continue;
            }
            let (entries, stale) = entries_of(snapshot, thread.object);
            if stale > 0 {
                threads.push(thread.object);
                sum.entries += entries;
                sum.stale += stale;
            }
        }
        sum.threads = threads.len() as u64;
        self.name_all(snapshot, &threads);
        self.stale = Some(sum).filter(|sum| sum.threads > 0);
    }

    /// Says how many of their values have lost their key.
    pub(super) fn stale_entries(&self) -> Option<Text> {
        let Stale { entries, stale, threads } = self.stale?;
        let args = [
            ("entries", Arg::Count(entries)),
            ("stale", Arg::Count(stale)),
            ("threads", Arg::Count(threads)),
        ];
        Some(Text::with("suspect-thread-locals-stale", args))
    }

    /// Whether most of them have: then they are left over, whatever comes.
    pub(super) fn is_left_over(&self) -> bool {
        self.stale.is_some_and(|all| all.stale * 2 >= all.entries)
    }
}

/// How many entries the maps of a thread have, and how many of them have lost their key.
fn entries_of(snapshot: &Snapshot, thread: ObjectIx) -> (u64, u64) {
    let tables = ["threadLocals", "inheritableThreadLocals"];
    let tables = tables.into_iter().filter_map(|map| snapshot.follow_all(thread, &[map, "table"]));
    let entries = tables.flat_map(|table| snapshot.elements(table)).filter_map(|id| snapshot.find(id));
    entries.fold((0, 0), |(all, stale), entry| {
        (all + 1, stale + u64::from(snapshot.follow(entry, "referent").is_none()))
    })
}
