//! What the local variables of a thread retain together, each byte once.
//!
//! The thread refers to each of its local variables, so none of them is dominated by another one of the same thread: what they retain can
//! be added up. Cost: one look per local variable.

use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, Thread};

/// What local variables retain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LocalsRetained {
    /// All of them together, in bytes.
    pub(super) all_bytes: u64,
    /// Those that nothing but this thread holds, in bytes: what goes when its methods return.
    pub(super) only_bytes: u64,
}

/// Sums over the locals of a thread. The thread object itself, which is `this` in its outermost frames, is not counted.
pub(super) fn retained(snapshot: &Snapshot, thread: &Thread) -> LocalsRetained {
    let mut locals: Vec<ObjectIx> = thread.locals().filter(|&local| local != thread.object).collect();
    locals.sort_unstable();
    locals.dedup();
    let mut sums = LocalsRetained::default();
    for local in locals {
        let bytes = snapshot.retained_bytes(local);
        sums.all_bytes += bytes;
        if snapshot.dominators().immediate_dominator(local).object() == Some(thread.object) {
            sums.only_bytes += bytes;
        }
    }
    sums
}
