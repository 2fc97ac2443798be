//! Whether any of what piles up was made lately.
//!
//! A dump that was not made with live objects only shows where the virtual machine has put what it made last: there most of the memory is garbage. What
//! grows while the service is at work has objects there, a table that was filled when it started has none. That proves nothing for the time before the
//! last collection, so that it is told, and nobody is acquitted by it but tables that libraries keep for themselves, of which no dump tells more. Cost: the
//! addresses of the unreachable objects once, and those of the objects of a class for each suspect, in parallel.

use super::Story;
use super::subject::Subject;
use crate::inspect::Context;
use crate::inspect::no_garbage::FILLER;
use crate::inspect::suspects::elements::counted_with;
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
/// A block of which that part is garbage may have been filled since the last collection: where a leak grows there is more of it than of garbage.
const PART: u64 = 8;
/// Blocks are looked at in groups of so many, as a power of two: of garbage in the old part of a heap there may be a block full, and hardly so many.
const GROUP: u32 = 4;

/// So many blocks without garbage between two with it are as young as these.
const GAP: u64 = 16;

/// The blocks that may have been filled since the last collection.
#[derive(Debug, Default)]
pub(super) struct Young {
    blocks: HashSet<u64>,
    /// Those groups of blocks of which a good part is small garbage: hardly anything else was filled since then.
    groups: HashSet<u64>,
    /// In blocks that are mostly garbage: those certainly were.
    garbage_bytes: u64,
}

impl Young {
    /// Fewer objects may have none there by chance.
    pub(super) const LEAST_COUNT: u64 = 1000;

    /// How much of what was made last is garbage, if that is enough to show where it is.
    pub(super) fn shows(&self) -> Option<u64> {
        Some(self.garbage_bytes).filter(|&bytes| bytes >= LEAST_YOUNG)
    }

    /// Whether an object may have been made last.
    pub(super) fn has(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        self.blocks.contains(&block(snapshot, object))
    }

    /// [`Self::shows`], where there is so much of it in one place that [`Self::is_amid_garbage`] tells something.
    pub(super) fn shows_places(&self) -> Option<u64> {
        self.shows().filter(|_| !self.groups.is_empty())
    }

    /// Whether an object is where small objects are made and let go of.
    pub(super) fn is_amid_garbage(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        self.groups.contains(&(block(snapshot, object) >> GROUP))
    }

    pub(super) fn find(snapshot: &Snapshot) -> Self {
        type Bytes = HashMap<u64, [u64; 3]>;
        // All of it, what is in objects that are smaller than a block, and what was made by somebody.
        let add = |mut dead: Bytes, (block, bytes): (u64, [u64; 3])| {
            let sum = dead.entry(block).or_default();
            sum.iter_mut().zip(bytes).for_each(|(sum, bytes)| *sum += bytes);
            dead
        };
        let bytes = |object| {
            let bytes = snapshot.shallow_bytes(object);
            let small = if bytes < 1 << BLOCK { bytes } else { 0 };
            // What the virtual machine fills memory with, in any dump, shows nothing of what was made.
            let made = if snapshot.class_name(object) == FILLER { 0 } else { bytes };
            (block(snapshot, object), [bytes, small, made])
        };
        let of_threads = snapshot.par_unreachable().map(bytes).fold(HashMap::new, add);
        let dead = of_threads.reduce(HashMap::new, |dead, more| more.into_iter().fold(dead, add));
        let mut of_groups: HashMap<u64, u64> = HashMap::new();
        for (block, [_, small, _]) in &dead {
            *of_groups.entry(block >> GROUP).or_default() += small;
        }
        let is_good_part = |&(_, small): &(u64, u64)| small * 5 >= 2 << (BLOCK + GROUP);
        let groups = of_groups.into_iter().filter(is_good_part).map(|(group, _)| group).collect();
        let mostly = dead.values().filter(|[bytes, ..]| bytes * 2 >= 1 << BLOCK);
        let garbage_bytes = mostly.map(|[_, _, made]| made).sum();
        let filled = dead.iter().filter(|(_, [bytes, ..])| bytes * PART >= 1 << BLOCK);
        let mut blocks: Vec<u64> = filled.map(|(&block, _)| block).collect();
        blocks.sort_unstable();
        let up_to_next = |pair: &[u64]| if pair[1] - pair[0] <= GAP { pair[0]..pair[1] } else { 0..0 };
        let between = blocks.windows(2).flat_map(up_to_next);
        Self { garbage_bytes, groups, blocks: blocks.iter().copied().chain(between).collect() }
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
        let mut classes: Vec<ClassIx> =
            classes.into_iter().flat_map(|class| counted_with(snapshot, class)).collect();
        classes.sort_unstable();
        classes.dedup();
        let count = |class: &ClassIx| snapshot.class_counts()[class.index()].instances;
        let is_asked = suspect.is_leak_if_it_grows()
            && subject.instances.max(subject.elements.map_or(0, |elements| elements.count))
                >= Young::LEAST_COUNT
            && classes.iter().map(count).sum::<u64>() >= Young::LEAST_COUNT;
        if !is_asked {
            return None;
        }
        let young = snapshot.remember(Young::find);
        let size = young.shows()?;
        let is_young = |object: ObjectIx| young.has(snapshot, object);
        // Those that are garbage are none of it, but show that such are made.
        let is_any = classes.into_iter().any(|class| snapshot.par_instances(class).any(is_young));
        (!is_any).then(|| Text::with("suspect-none-is-young", [("size", Arg::Bytes(size))]))
    }
}
