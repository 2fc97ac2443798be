//! Whether any of what piles up was made lately.
//!
//! A dump that was not made with live objects only shows where the virtual machine has put what it made last: there most of the memory is garbage. What
//! grows while the service is at work has objects there, a table that was filled when it started has none. That proves nothing for the time before the
//! last collection, so that it is told, and nobody is acquitted by it. Cost: the addresses of the unreachable objects once, and those of the objects of
//! a class for each suspect, in parallel.

use super::Story;
use super::subject::Subject;
use crate::inspect::Context;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{Arg, Suspect, Text};
use crate::snapshot::Snapshot;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// Memory is looked at in blocks of so many bytes, as a power of two.
const BLOCK: u32 = 17;
/// What was made since the last collection, in bytes: less of it shows nothing.
const LEAST_YOUNG: u64 = 512 << 10;
/// Fewer objects may have none there by chance.
const LEAST_COUNT: u64 = 1000;

/// A block of which that part is garbage may have been filled since the last collection: where a leak grows there is more of it than of garbage.
const PART: u64 = 8;
/// So many blocks without garbage between two with it are as young as these.
const GAP: u64 = 16;

/// The blocks that may have been filled since the last collection.
#[derive(Debug, Default)]
struct Young {
    blocks: HashSet<u64>,
    /// In blocks that are mostly garbage: those certainly were.
    garbage_bytes: u64,
}

impl Young {
    fn find(snapshot: &Snapshot) -> Self {
        let add = |mut dead: HashMap<u64, u64>, (block, bytes): (u64, u64)| {
            *dead.entry(block).or_default() += bytes;
            dead
        };
        let bytes = |object| (block(snapshot, object), snapshot.shallow_bytes(object));
        let of_threads = snapshot.par_unreachable().map(bytes).fold(HashMap::new, add);
        let dead = of_threads.reduce(HashMap::new, |dead, more| more.into_iter().fold(dead, add));
        let mostly = dead.values().filter(|&&bytes| bytes * 2 >= 1 << BLOCK);
        let mut blocks: Vec<u64> =
            dead.iter().filter(|&(_, &bytes)| bytes * PART >= 1 << BLOCK).map(|(&block, _)| block).collect();
        blocks.sort_unstable();
        let up_to_next = |pair: &[u64]| if pair[1] - pair[0] <= GAP { pair[0]..pair[1] } else { 0..0 };
        let between = blocks.windows(2).flat_map(up_to_next);
        Self { garbage_bytes: mostly.sum(), blocks: blocks.iter().copied().chain(between).collect() }
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
        // What there is so much of, and what its parts are: of the lists that it is in there may be few.
        let mut classes = vec![subject.class];
        classes.extend(subject.elements.map(|elements| elements.class));
        if classes.iter().any(|&class| origin_of(snapshot, class) != Origin::Jdk) {
            classes.retain(|&class| origin_of(snapshot, class) != Origin::Jdk);
        }
        let count = |class: &ClassIx| snapshot.class_counts()[class.index()].instances;
        let is_asked = suspect.is_leak_if_it_grows()
            && subject.instances.max(subject.elements.map_or(0, |elements| elements.count)) >= LEAST_COUNT
            && classes.iter().map(count).sum::<u64>() >= LEAST_COUNT;
        if !is_asked {
            return None;
        }
        let young = snapshot.remember(Young::find);
        if young.garbage_bytes < LEAST_YOUNG {
            return None;
        }
        let is_young = |object: ObjectIx| young.blocks.contains(&block(snapshot, object));
        // Those that are garbage are none of it, but show that such are made.
        let is_any = classes.into_iter().any(|class| snapshot.par_instances(class).any(is_young));
        let args = [("size", Arg::Bytes(young.garbage_bytes))];
        (!is_any).then(|| Text::with("suspect-none-is-young", args))
    }
}
