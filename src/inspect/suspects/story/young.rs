//! Whether any of what piles up was made lately.
//!
//! A dump that was not made with live objects only shows where the virtual machine has put what it made last: there most of the memory is garbage. What
//! grows while the service is at work has objects there, a table that was filled when it started has none. That proves nothing for the time before the
//! last collection, so that it is told, and nobody is acquitted by it. Cost: the addresses of the unreachable objects once, and those of the objects of
//! a class, where so few are asked about that nobody waits for it.

use super::Story;
use super::subject::Subject;
use crate::inspect::Context;
use crate::ix::ObjectIx;
use crate::report::{Arg, Suspect, Text};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;
use hashbrown::HashSet;

/// Memory is looked at in blocks of so many bytes, as a power of two.
const BLOCK: u32 = 17;
/// What was made since the last collection, in bytes: less of it shows nothing.
const LEAST_YOUNG: u64 = 512 << 10;
/// Fewer objects may have none there by chance.
const LEAST_COUNT: u64 = 1000;
/// In larger heaps it would take too long to look.
const MOST_OBJECTS: usize = 40_000_000;

/// The blocks that are mostly garbage.
#[derive(Debug, Default)]
struct Young {
    blocks: HashSet<u64>,
    garbage_bytes: u64,
}

impl Young {
    fn find(snapshot: &Snapshot) -> Self {
        let mut dead: HashMap<u64, u64> = HashMap::new();
        for object in snapshot.objects().filter(|&object| !snapshot.is_reachable(object)) {
            *dead.entry(block(snapshot, object)).or_default() += snapshot.shallow_bytes(object);
        }
        dead.retain(|_, bytes| *bytes * 2 >= 1 << BLOCK);
        Self { garbage_bytes: dead.values().sum(), blocks: dead.into_keys().collect() }
    }
}

fn block(snapshot: &Snapshot, object: ObjectIx) -> u64 {
    snapshot.address_of(object).0 >> BLOCK
}

impl Story {
    /// Says of a suspect which leaks only if it grows that none of it was made lately, if the dump shows that.
    pub(super) fn none_is_young(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
        subject: &Subject,
    ) -> Option<Text> {
        let snapshot = context.snapshot;
        let class = subject.elements.map_or(subject.class, |elements| elements.class);
        let count = snapshot.class_counts()[class.index()].instances;
        let is_asked = suspect.is_leak_if_it_grows()
            && subject.instances.max(subject.elements.map_or(0, |elements| elements.count)) >= LEAST_COUNT
            && snapshot.object_count() <= MOST_OBJECTS
            && count > 0;
        if !is_asked {
            return None;
        }
        let young = snapshot.remember(Young::find);
        if young.garbage_bytes < LEAST_YOUNG {
            return None;
        }
        let is_young = |object: ObjectIx| young.blocks.contains(&block(snapshot, object));
        // Those that are garbage are none of it, but show that such are made.
        let mut all = snapshot.objects().filter(|&object| snapshot.class_of(object) == class);
        let args = [("size", Arg::Bytes(young.garbage_bytes))];
        (!all.any(is_young)).then(|| Text::with("suspect-none-is-young", args))
    }
}
