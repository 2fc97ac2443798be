//! What the local variables of a thread retain together, each byte once.
//!
//! A local variable counts unless another one of the same thread dominates it. Chains of millions of objects are walked once per
//! thread: the outcome of long walks is remembered. Cost: one walk up the dominator tree per local variable.

use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, Thread};
use hashbrown::{HashMap, HashSet};

/// What is met first above an object in the dominator tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above {
    /// A local variable of the same thread.
    Local,
    /// The thread itself: nothing else holds the object.
    Thread,
    /// Neither.
    Elsewhere,
}

/// What local variables retain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LocalsRetained {
    /// All of them together, in bytes.
    pub(super) all_bytes: u64,
    /// Those that nothing but this thread holds, in bytes: what goes when its methods return.
    pub(super) only_bytes: u64,
}

/// Sums over the locals of a thread.
pub(super) fn retained(snapshot: &Snapshot, thread: &Thread) -> LocalsRetained {
    let locals: HashSet<ObjectIx> = thread.locals().filter(|&local| local != thread.object).collect();
    let mut known: HashMap<ObjectIx, Above> = HashMap::new();
    let mut sums = LocalsRetained::default();
    for &local in &locals {
        let bytes = snapshot.retained_bytes(local);
        match above(snapshot, thread.object, &locals, &mut known, local) {
            Above::Local => {}
            Above::Thread => {
                sums.all_bytes += bytes;
                sums.only_bytes += bytes;
            }
            Above::Elsewhere => sums.all_bytes += bytes,
        }
    }
    sums
}

fn above(
    snapshot: &Snapshot,
    thread: ObjectIx,
    locals: &HashSet<ObjectIx>,
    known: &mut HashMap<ObjectIx, Above>,
    local: ObjectIx,
) -> Above {
    /// Shorter walks are cheaper to repeat than to remember.
    const SHORT: usize = 256;
    let mut steps = 0;
    let mut found = Above::Elsewhere;
    for dominator in snapshot.dominators().dominators(local) {
        steps += 1;
        if dominator == thread {
            found = Above::Thread;
        } else if locals.contains(&dominator) {
            found = Above::Local;
        } else if let Some(&outcome) = known.get(&dominator) {
            found = outcome;
        } else {
            continue;
        }
        break;
    }
    if steps > SHORT {
        known.extend(snapshot.dominators().dominators(local).take(steps).map(|object| (object, found)));
    }
    found
}
