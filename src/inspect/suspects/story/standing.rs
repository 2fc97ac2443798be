//! Whether a suspect is to blame, and which of several comes first.
//!
//! One dump cannot prove growth. What it can show is that things pile up: many of a kind in one place, more of them than a rule finds usual,
//! copies of classes, a crowd of threads. Without such evidence a large object is only the largest that there is, unless the heap is full:
//! then what takes much of it is to blame, whatever it is. What a rule knows to be as large as it is meant to be, and what goes before memory
//! runs out, never is. Cost: none beside what telling a suspect takes.

use super::arrays::{counts, is_full_table, may_have_longer_rows};
use super::fixed::has_growing_parts;
use super::subject::Subject;
use super::words;
use super::{Part, Story, fitting, views};
use crate::inspect::off_heap::DIRECT_BUFFER;
use crate::inspect::oom::{
    has_direct_memory_run_out, loaders_that_fill_metaspace, ran_out_by_one_array, ran_out_of_heap,
};
use crate::inspect::rules::Rule;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{
    BufferKind, HeapLimit, NoRoom, Origin, collection_length, direct_buffers, is_measure_of_heap, no_room,
    origin_of_name, origin_of_named, queue_limit,
};
use crate::report::{
    ALIKE, AS_MADE, Arg, COMPARE, FIXED, FULL_ARRAYS, HolderKind, ORDINARY, Pattern, ROOM_IN_QUEUE, SHARED,
    Severity, Share, Standing, Suspect, SuspectKind, Text,
};
use crate::snapshot::Snapshot;
use std::cmp::Reverse;

/// So many of a kind in one place have piled up.
const PILE: u64 = 16;
/// So many if neither they nor who holds them are the application's own: libraries have tables of their own.
const PILE_OF_LIBRARY: u64 = 500;
/// Less than this is no leak that anybody looks for, unless a rule knows it or it is a clear part of a small heap.
const LEAST_BYTES: u64 = 1 << 20;
/// So many have piled up in a small heap, where a program's own tables are a good part of all there is.
const PILE_IN_SMALL_HEAP: u64 = 200;
/// The part of a small heap by which one holder stands out.
const CLEAR_SHARE: f64 = 0.15;
/// What several large things take that are too few for a pile.
const FEW_BUT_LARGE: u64 = 64 << 20;

/// Collections that are as large as they were made: what grows is no such thing.
const UNCHANGEABLE: &[&str] = &[
    "java.util.ImmutableCollections$AbstractImmutableCollection",
    "java.util.ImmutableCollections$AbstractImmutableMap",
    "java.util.Arrays$ArrayList",
    "java.util.Collections$CopiesList",
    "com.google.common.collect.ImmutableCollection",
    "com.google.common.collect.ImmutableMap",
    "com.google.common.collect.ImmutableMultimap",
    "com.google.common.collect.ImmutableTable",
];

/// Views through which nothing can be added, each with the field of the collection that it shows.
const UNMODIFIABLE_VIEWS: &[(&str, &str)] =
    &[("java.util.Collections$UnmodifiableCollection", "c"), ("java.util.Collections$UnmodifiableMap", "m")];

/// Why something will never be larger than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    /// Nobody can add to it: it was made so, or all that is left of it is an unmodifiable view.
    Unmodifiable,
    /// Nothing was added to it since it was made of what was there.
    AsMade,
    /// It is an array without a gap.
    FullArray,
    /// It is in so many arrays of one length without a gap, of which each of a few objects has one.
    FullArrays { arrays: u64, length: u64 },
}

/// How much is held in the whole dump.
#[derive(Debug, Clone)]
pub(in crate::inspect::suspects) struct Whole {
    /// In the dump, with what is unreachable.
    all_bytes: u64,
    /// Reachable.
    reachable_bytes: u64,
    /// What the heap may take at most, if the dump tells.
    limit_bytes: Option<u64>,
    /// Whether little more would have fit.
    is_full: bool,
    /// Some of the class loaders whose classes have filled the room for classes, if that is what ran out.
    loaders: Vec<ObjectIx>,
    /// The direct buffers, largest first, and what all of them take, if that is what ran out, and not the heap.
    direct: Option<(Vec<ObjectIx>, u64)>,
    /// Whether a single array was too large for a heap that is nearly free: nothing that is in it has to do with that.
    is_free_but_for_array: bool,
}

impl Whole {
    pub(in crate::inspect::suspects) fn of(context: &Context<'_>) -> Result<Self, InspectError> {
        const FULL: f64 = 0.85;
        const FREE: u64 = 4;
        let total = context.histogram().total();
        let reachable_bytes = total.shallow_bytes;
        let is_near = |limit: HeapLimit| reachable_bytes as f64 >= FULL * limit.bytes as f64;
        let is_full = ran_out_of_heap(context) || context.heap_limit().is_some_and(is_near);
        let is_free = |limit: HeapLimit| reachable_bytes.saturating_mul(FREE) < limit.bytes;
        let is_free_but_for_array =
            context.heap_limit().is_some_and(is_free) && ran_out_by_one_array(context);
        let has_direct = !is_full && has_direct_memory_run_out(context.snapshot)?;
        Ok(Self {
            // In a dump that is mostly garbage a small cache is a large part of what is reachable, and yet nothing to look at.
            all_bytes: total.shallow_bytes + total.unreachable_bytes,
            reachable_bytes,
            is_full,
            limit_bytes: context.heap_limit().map(|limit| limit.bytes),
            loaders: loaders_that_fill_metaspace(context),
            direct: if has_direct { Some(direct(context.snapshot)?) } else { None },
            is_free_but_for_array,
        })
    }

    /// Whether `objects` keep the class loaders whose classes have taken all the room for classes.
    fn has_loaders_below(&self, snapshot: &Snapshot, objects: &[ObjectIx]) -> bool {
        let keeps = |loader| objects.iter().any(|&object| snapshot.dominators().dominates(object, loader));
        let is_below = |&&loader: &&ObjectIx| keeps(loader);
        let below = self.loaders.iter().filter(is_below).count();
        !self.loaders.is_empty() && below * 4 >= self.loaders.len() * 3
    }
}

/// Some of the direct buffers that are reachable, largest first, and the bytes that all of them take.
fn direct(snapshot: &Snapshot) -> Result<(Vec<ObjectIx>, u64), InspectError> {
    const LOOKED_AT: usize = 256;
    let mut buffers = direct_buffers(snapshot)?;
    buffers.retain(|buffer| buffer.kind == BufferKind::Direct);
    let bytes = buffers.iter().map(|buffer| buffer.capacity_bytes).sum();
    buffers.retain(|buffer| buffer.is_reachable);
    buffers.sort_by_key(|buffer| (Reverse(buffer.capacity_bytes), buffer.object));
    Ok((buffers.into_iter().take(LOOKED_AT).map(|buffer| buffer.object).collect(), bytes))
}

/// The room in a queue.
#[derive(Debug, Clone, Copy)]
struct Room {
    entries: u64,
    limit: u64,
    /// What it would take if it were full, in bytes.
    when_full: f64,
}

/// How large a story is beside the rest of the heap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::inspect::suspects) enum Size {
    /// Not worth a line.
    #[default]
    Small,
    /// Worth a line where nothing else is.
    Line,
    /// Worth somebody's time.
    Big,
}

impl Story {
    /// How large it is in that heap. `larger_bytes` are what larger stories hold: what is much of the rest is not overlooked beside them.
    pub(in crate::inspect::suspects) fn look_how_large(
        &mut self,
        snapshot: &Snapshot,
        whole: &Whole,
        larger_bytes: u64,
    ) {
        /// What is so many times as small as what has run out has nothing to do with it.
        const LITTLE: u64 = 8;
        self.size = if self.is_big(whole) || self.is_much_of_the_rest(whole, larger_bytes) {
            Size::Big
        } else if self.held.origin != Origin::Jdk && self.share(whole.all_bytes) >= 0.04 {
            Size::Line
        } else {
            Size::Small
        };
        // A call that puts something into a map has the table of the map in hand, and the map alone retains nothing then.
        let places: Vec<ObjectIx> = [self.held.object].into_iter().chain(self.outermost(snapshot)).collect();
        self.keeps_loaders = whole.has_loaders_below(snapshot, &places);
        self.is_in_full_heap = whole.is_full || self.keeps_loaders;
        self.is_beside_direct = whole.direct.as_ref().is_some_and(|(buffers, bytes)| {
            let has = |&buffer: &ObjectIx| snapshot.dominators().dominates(self.held.object, buffer);
            self.bytes.saturating_mul(LITTLE) <= *bytes && !buffers.iter().any(has)
        });
        self.is_beside_array = whole.is_free_but_for_array;
    }

    fn is_big(&self, whole: &Whole) -> bool {
        const LARGE: u64 = 64 << 20;
        const LEAST_BESIDE_GARBAGE: f64 = 0.05;
        const MOST_OF_THE_REST: f64 = 0.35;
        // What every heap of a program with libraries has: descriptions of types, caches of the JDK.
        let (share, share_if_large, least) = match self.held.origin {
            Origin::Application => (0.1, 0.03, 0),
            Origin::Library => (0.1, 0.05, 4 << 20),
            Origin::Jdk => (0.3, 0.2, 8 << 20),
        };
        if self.bytes < least {
            return false;
        }
        let own = self.share(whole.all_bytes);
        // Much garbage beside it does not excuse what is most of the rest.
        let is_most_of_the_rest = self.held.origin == Origin::Application
            && own >= LEAST_BESIDE_GARBAGE
            && self.share(whole.reachable_bytes) >= MOST_OF_THE_REST;
        own >= share || (self.bytes >= LARGE && own >= share_if_large) || is_most_of_the_rest
    }

    /// A leak that is young beside a large cache is a small part of the heap, and a large one of all that is not the cache.
    fn is_much_of_the_rest(&self, whole: &Whole, larger_bytes: u64) -> bool {
        const LEAST_SHARE: f64 = 0.04;
        const OF_THE_REST: f64 = 0.2;
        let rest = whole.reachable_bytes.saturating_sub(larger_bytes);
        // A server that has just started has little in use, and a table of some MiB is a good part of that.
        let is_little =
            !whole.is_full && whole.limit_bytes.is_some_and(|limit| is_next_to_nothing(self.bytes, limit));
        !is_little
            && self.held.origin == Origin::Application
            && self.bytes >= LEAST_BYTES
            && self.share(whole.all_bytes) >= LEAST_SHARE
            && self.bytes as f64 >= OF_THE_REST * rest as f64
    }

    /// The order of suspects before it is known who is to blame: bytes, and less for what nobody here can change or is as large as it is meant
    /// to be.
    pub(in crate::inspect::suspects) fn weight(&self) -> u64 {
        self.weight_if(self.may_evict && !self.is_in_full_heap)
    }

    /// The same where it counts as a cache that evicts, or does not.
    fn weight_if(&self, is_cache: bool) -> u64 {
        let is_fixed = self.cannot_grow.is_some() && !self.is_in_full_heap;
        if self.is_soft || self.meant.is_some() || self.is_at_limit || is_fixed || is_cache {
            return self.bytes / 16;
        }
        match self.held.origin {
            Origin::Application => self.bytes,
            Origin::Library => self.bytes / 2,
            Origin::Jdk => self.bytes / 16,
        }
    }

    /// The order of suspects once that is known. What a rule knows to be wrong comes before what is somewhat larger and may be data, unless that is most of
    /// all that is in use; where memory has run out, what takes most comes first, whoever's field holds it.
    pub(in crate::inspect::suspects) fn weight_as(&self, context: &Context<'_>, suspect: &Suspect) -> u64 {
        const MOST: f64 = 0.5;
        let is_blamed = suspect.standing == Standing::Blamed;
        let is_known = is_blamed && is_wrong_by_rule(context, suspect);
        // Where most of what the heap may take is free nearly all that is in use may be data.
        let is_much = || context.heap_limit().is_none_or(|limit| self.bytes.saturating_mul(4) >= limit.bytes);
        let is_most = is_blamed && suspect.share >= MOST && !self.may_evict && is_much();
        match suspect.standing {
            Standing::Largest => self.weight() / 4,
            _ if is_known && self.is_in_full_heap => self.weight().max(self.bytes),
            // What is in a cache that evicts may be wrong all the same.
            _ if is_known || is_most => self.weight_if(false).saturating_mul(2),
            _ => self.weight(),
        }
    }

    /// Whether it is to blame; `suspect` is what was told of it, by `subject` and what it is full of.
    pub(super) fn standing(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
        subject: &Subject,
        contents: Option<&Share>,
    ) -> Standing {
        if self.is_soft {
            return Standing::Soft;
        }
        if self.meant.is_some() || self.is_at_limit {
            return Standing::Meant;
        }
        // What a library limits may be too much, but a few kilobytes of the JDK's own are in every heap.
        let is_of_jdk =
            suspect.holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Jdk);
        // What is a leak only if it grows is none if it cannot.
        // Nor is anybody woken for what takes little of the heap and may be data.
        let has_room = || context.heap_limit().is_some_and(|limit| is_little(self.bytes, limit.bytes));
        let is_refuted = (self.cannot_grow.is_some() || !self.is_in_full_heap && has_room())
            && rule_of(context, suspect).is_some_and(Rule::is_unproven);
        let by_rule =
            is_wrong_by_rule(context, suspect) && !(is_of_jdk && self.bytes < LEAST_BYTES) && !is_refuted;
        let is_of_buffers = || suspect.composition.iter().any(|share| share.class.starts_with(DIRECT_BUFFER));
        let is_data = self.may_evict
            || self.own_limit.is_some()
            || self.is_beside_direct && !is_of_buffers()
            || self.is_beside_array
            || words::is_of_class_path(&suspect.holder)
            || self.is_within_limit(context)
            || self.has_back_pressure(context)
            || self.free_buffers(context.snapshot).is_some()
            || self.own_pool(context.snapshot).is_some_and(|pool| pool.is_idle())
            || self.is_being_loaded(context.snapshot).is_some()
            || rule_of(context, suspect).is_some_and(Rule::is_largest_only);
        let fills_it = self.fills_the_heap(suspect);
        let is_blamed = self.size == Size::Big
            && (suspect.kind == SuspectKind::Load
                || fills_it
                || !is_data
                    && !self.has_few_buffers(context)
                    && self.piles_up(context.snapshot, suspect, subject, contents));
        // Each is a task; a server has thousands, and they are nothing to worry about where there is room for many more.
        let is_slight = self.crowd.as_ref().is_some_and(|crowd| crowd.is_virtual)
            && !self.is_in_full_heap
            && context.heap_limit().is_some_and(|limit| self.bytes * 5 < limit.bytes);
        let is_slight = is_slight || self.is_one_cache_of_many(context, suspect);
        if by_rule || is_blamed && !is_slight { Standing::Blamed } else { Standing::Largest }
    }

    /// Whether the heap is full, and it is much of that; or it keeps what has taken all the room for classes.
    pub(in crate::inspect::suspects) fn fills_the_heap(&self, suspect: &Suspect) -> bool {
        const MUCH: f64 = 0.3;
        self.keeps_loaders || self.is_in_full_heap && suspect.share >= MUCH
    }

    /// Whether nothing speaks against it but its number, which is not large, it is a small part of what the heap may take, and not the most of what is in use
    /// where that is little: every service has some largest cache or table.
    fn is_one_cache_of_many(&self, context: &Context<'_>, suspect: &Suspect) -> bool {
        const MUCH_OF_USED: f64 = 0.3;
        let used = context.histogram().total().shallow_bytes;
        let has_room = || context.heap_limit().is_some_and(|limit| used.saturating_mul(2) < limit.bytes);
        let is_proven = self.is_sure(suspect) || suspect.rule.is_some();
        suspect.kind == SuspectKind::Leak
            && suspect.instances < PILE_OF_LIBRARY
            && suspect.share < MUCH_OF_USED
            && !is_proven
            && !suspect.backlog
            && self.is_slight_part(context)
            && has_room()
    }

    /// Whether one dump is enough to say that it is too much.
    pub(super) fn is_sure(&self, suspect: &Suspect) -> bool {
        let needs_no_proof = suspect.is_full_queue() || suspect.pattern == Pattern::EmptyCollection;
        self.is_in_full_heap
            || self.copies.is_some()
            || self.crowd.is_some()
            || needs_no_proof
            || self.is_left_over()
    }

    /// Whether it is a queue that has room left and takes no more than a part of the heap when it is full: it cannot leak, and whoever adds to it then waits.
    fn is_within_limit(&self, context: &Context<'_>) -> bool {
        const PART: f64 = 0.25;
        let heap = context.heap_limit().map_or(0, |limit| limit.bytes);
        self.room(context.snapshot).is_some_and(|room| room.when_full < PART * heap as f64)
    }

    /// Whether it is the full queue of a pool that has whoever submits more run it, and takes no more than a part of the heap: that is how such a pool is
    /// meant to be when it has enough to do.
    fn has_back_pressure(&self, context: &Context<'_>) -> bool {
        const PART: u64 = 4;
        let (snapshot, queue) = (context.snapshot, self.main_part().object().unwrap_or(self.held.object));
        let is_full = queue_limit(snapshot, queue)
            .is_some_and(|limit| collection_length(snapshot, queue).is_some_and(|entries| entries >= limit));
        let is_small =
            context.heap_limit().is_some_and(|limit| self.bytes.saturating_mul(PART) < limit.bytes);
        let pool = || self.pool_of(snapshot, queue);
        is_full && is_small && pool().and_then(|pool| no_room(snapshot, pool)) == Some(NoRoom::CallerRuns)
    }

    /// How much room there is left, if it is a queue with a limit that is not full.
    fn room(&self, snapshot: &Snapshot) -> Option<Room> {
        let queue = self.held.object;
        let limit = queue_limit(snapshot, queue)?;
        let entries = collection_length(snapshot, queue).filter(|&entries| entries > 0)?;
        let when_full = self.bytes as f64 / entries as f64 * limit as f64;
        (entries < limit).then_some(Room { entries, limit, when_full })
    }

    /// Says of a queue with a limit how much it would take if it were full: it cannot grow beyond that, and nobody has to bound it.
    pub(super) fn tell_room(&self, context: &Context<'_>, suspect: &mut Suspect) {
        let is_plain =
            suspect.kind == SuspectKind::Leak && suspect.rule.is_none() && !suspect.is_full_queue();
        let Some(room) = self.room(context.snapshot).filter(|_| is_plain) else { return };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let mut args = vec![
            ("entries", Arg::Count(room.entries)),
            ("limit", Arg::Count(room.limit)),
            ("size", Arg::Bytes(room.when_full as u64)),
        ];
        let share = context.heap_limit().map(|limit| room.when_full / limit.bytes as f64);
        let [unknown, of_heap, beyond] = ROOM_IN_QUEUE;
        let id = match share {
            None => unknown,
            Some(share) if share > 1.0 => beyond,
            Some(share) => {
                args.push(("share", Arg::Share(share)));
                of_heap
            }
        };
        suspect.backlog = true;
        suspect.activity.insert(0, Text::with(id, args));
        suspect.advice = vec![Text::message("suspect-advice-queue-room")];
    }

    /// Whether it is a small part of what the heap may take, in a heap that is not full.
    fn is_slight_part(&self, context: &Context<'_>) -> bool {
        const PART: u64 = 10;
        let limit = context.heap_limit().map(|limit| limit.bytes);
        let limit =
            limit.filter(|&limit| is_measure_of_heap(limit, context.histogram().total().shallow_bytes));
        !self.is_in_full_heap && limit.is_some_and(|limit| self.bytes * PART < limit)
    }

    /// Whether the dump shows that things pile up there.
    fn piles_up(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
        subject: &Subject,
        contents: Option<&Share>,
    ) -> bool {
        if self.crowd.is_some() || self.copies.is_some() || suspect.pattern == Pattern::ClassLoader {
            return true;
        }
        let is_small = self.bytes < LEAST_BYTES;
        if self.cannot_grow.is_some() || is_small && !self.stands_out(suspect) {
            return false;
        }
        let pile = if is_small { PILE_IN_SMALL_HEAP } else { PILE };
        let is_own = |class: &str| origin_of_named(snapshot, class) == Origin::Application;
        let enough = |class: &str, count: u64| {
            // Texts, numbers and bytes are data, whoever keeps them; what a library made for itself is its own.
            let is_data = origin_of_name(class) == Origin::Jdk && self.held.origin == Origin::Application;
            let is_direct = suspect.pattern != Pattern::BigObject && self.held.origin == Origin::Application;
            count >= if is_own(class) || is_data || is_direct { pile } else { PILE_OF_LIBRARY }
        };
        if suspect.pattern == Pattern::EmptyCollection {
            return !is_small;
        }
        let is_many = suspect.instances > 1
            && (enough(&suspect.class, suspect.instances) || self.bytes >= FEW_BUT_LARGE);
        // Each thread has one: as many as there are threads.
        let by_thread =
            !is_small && self.held.holder.kind == HolderKind::ThreadLocal && suspect.instances > 1;
        let is_full_of_own =
            contents.is_some_and(|contents| is_own(&contents.class) && contents.instances >= pile);
        // What a library keeps inside of one of its objects is a good part of it, or it is beside the point.
        let elements = subject.elements.filter(|elements| elements.bytes * 4 >= self.bytes);
        let is_full = is_full_of_own
            || elements
                .is_some_and(|elements| enough(&snapshot.classes().get(elements.class).name, elements.count));
        is_many || by_thread || is_full || self.is_group_of_copies()
    }

    /// Whether a field of the application's own holds a clear part of a heap that is so small that its leaks are small, too.
    fn stands_out(&self, suspect: &Suspect) -> bool {
        let holder = &suspect.holder;
        let is_field = matches!(holder.kind, HolderKind::StaticField | HolderKind::InstanceField);
        let is_own =
            holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Application);
        is_field && is_own && self.held.origin == Origin::Application && suspect.share >= CLEAR_SHARE
    }

    /// Why nothing can be added to it, if nearly all of it is in one thing of that kind.
    pub(super) fn is_unchangeable(&self, snapshot: &Snapshot) -> Option<Fixed> {
        if let Part::Group { group, .. } = self.main_part() {
            // Several collections share them: the one by which they are held has as many.
            let tables = snapshot.references().of(self.held.object);
            let longest = tables.filter_map(|table| snapshot.array_length(table)).map(u64::from).max();
            let length = collection_length(snapshot, self.held.object).max(longest).unwrap_or(0);
            let is_unmodifiable =
                is_made_unchangeable(snapshot, self.held.object) && length * 10 >= group.count * 9;
            return is_unmodifiable.then_some(Fixed::Unmodifiable);
        }
        let is_nearly_all = |&object: &ObjectIx| snapshot.retained_bytes(object) * 10 >= self.bytes * 9;
        let object = self.main_part().object().filter(is_nearly_all)?;
        let may_grow_inside = || has_growing_parts(snapshot, object);
        if is_made_unchangeable(snapshot, object) || is_only_shown(snapshot, object) {
            return (!may_grow_inside()).then_some(Fixed::Unmodifiable);
        }
        if is_as_made(snapshot, object) {
            return (!may_grow_inside()).then_some(Fixed::AsMade);
        }
        let is_table = object == self.held.object
            && !self.may_be_made_longer(snapshot)
            && is_full_table(snapshot, object);
        is_table.then_some(Fixed::FullArray)
    }

    /// Whether the array may be replaced by a longer one: the object whose field it is counts how much of it is in use, as a list does that happens to be full,
    /// or is one of many, as the nodes of a tree are, whose arrays are copied for each new child.
    fn may_be_made_longer(&self, snapshot: &Snapshot) -> bool {
        const MANY: u64 = 64;
        let declaring = self.declaring(snapshot).filter(|&object| snapshot.mirrored_class(object).is_none());
        let Some(declaring) = declaring else { return false };
        let length = snapshot.array_length(self.held.object).map(i64::from);
        let instances = snapshot.class_counts()[snapshot.class_of(declaring).index()].instances;
        instances >= MANY
            || length.is_some_and(|length| counts(snapshot, declaring, length))
            || may_have_longer_rows(snapshot, declaring, self.held.object)
    }

    /// Whether many objects of one class have the holder, each by itself.
    fn is_group_of_copies(&self) -> bool {
        matches!(self.main_part(), Part::Group { group, agreeing, samples, .. }
            if group.count >= PILE_OF_LIBRARY && agreeing * 2 >= *samples)
    }

    /// Says of a suspect by which no memory has run out, and of which no rule knows that it should not be, how to tell whether it leaks.
    pub(super) fn tell_how_to_be_sure(&self, context: &Context<'_>, suspect: &mut Suspect) {
        let is_told = suspect.standing == Standing::Blamed && suspect.kind == SuspectKind::Leak;
        if !is_told || self.is_sure(suspect) {
            return;
        }
        if self.is_one_for_each_thread(context) {
            suspect.advice.insert(0, Text::message(ALIKE));
        } else if rule_of(context, suspect).is_none_or(Rule::is_unproven) {
            // What is said of any leak comes after it, and under its condition: of a table that was filled once it would be wrong.
            let at = if words::make_conditional(&mut suspect.advice) { 0 } else { suspect.advice.len() };
            suspect.advice.insert(at, Text::message(COMPARE));
        }
    }

    /// Says of a suspect that it is only the largest, or why it is no more than that. What an informing rule says of it stays.
    pub(in crate::inspect::suspects) fn tell_as_largest(&self, suspect: &mut Suspect) {
        if suspect.rule.is_none() {
            suspect.advice.clear();
        }
        // What is said of any leak would contradict it.
        let of_leaks = words::advice(suspect);
        let is_of_leaks = |text: &Text| of_leaks.contains(text) || fitting::is_fitted(text);
        suspect.advice.retain(|text| !text.is_one_of(&SHARED) && !is_of_leaks(text));
        let [unmodifiable, full_array, _] = FIXED;
        suspect.advice.push(match self.cannot_grow {
            Some(Fixed::Unmodifiable) => Text::message(unmodifiable),
            Some(Fixed::AsMade) => Text::message(AS_MADE),
            Some(Fixed::FullArray) => Text::message(full_array),
            Some(Fixed::FullArrays { arrays, length }) => {
                let class = self.held.holder.class.as_deref().unwrap_or_default();
                let class = class.rsplit('.').next().unwrap_or(class);
                let numbers = [("count", Arg::Count(arrays)), ("length", Arg::Count(length))];
                Text::with(FULL_ARRAYS, numbers.into_iter().chain([("class", Arg::name(class))]))
            }
            None => Text::message(ORDINARY),
        });
    }
}

/// Whether so many bytes are such a part of what the heap may take that nobody would miss them.
pub(super) fn is_next_to_nothing(bytes: u64, limit_bytes: u64) -> bool {
    const PART: u64 = 36;
    bytes.saturating_mul(PART) < limit_bytes
}

/// Whether so many bytes are a small part of what the heap may take.
pub(super) fn is_little(bytes: u64, limit_bytes: u64) -> bool {
    const PART: u64 = 20;
    bytes * PART < limit_bytes
}

/// Whether it is a collection that nothing can be added to.
pub(super) fn is_made_unchangeable(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class_of(object);
    UNCHANGEABLE.iter().any(|name| snapshot.classes().is_named(class, name))
        || views::is_immutable(snapshot, object)
}

/// Whether it is a list that has elements and was never changed: it was made of another collection, and its array has room for no more. One that is filled
/// counts a change for each element that is added, or for all that are added at once.
pub(super) fn is_as_made(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let entries = snapshot.integer(object, "size").filter(|&entries| entries > 0);
    let room = snapshot.follow(object, "elementData").and_then(|array| snapshot.array_length(array));
    snapshot.class_name(object) == "java.util.ArrayList"
        && snapshot.integer(object, "modCount") == Some(0)
        && entries.is_some()
        && entries == room.map(i64::from)
}

/// Whether nobody reaches a collection but by an unmodifiable view of it: whoever filled it has let go of it.
fn is_only_shown(snapshot: &Snapshot, object: ObjectIx) -> bool {
    // From the table of a map by the map, the view itself included.
    const STEPS: usize = 3;
    let tree = snapshot.dominators();
    let ways: Vec<ObjectIx> = std::iter::once(object).chain(tree.dominators(object).take(STEPS)).collect();
    let shown_by = |view: ObjectIx| {
        let class = snapshot.class_of(view);
        let known = UNMODIFIABLE_VIEWS.iter().find(|(name, _)| snapshot.classes().is_named(class, name));
        known.map_or_else(|| views::shown_by(snapshot, view), |(_, field)| snapshot.follow(view, field))
    };
    ways.iter().enumerate().any(|(at, &view)| {
        let Some(shown) = shown_by(view) else { return false };
        // A view that is one of several ways to the collection does not dominate it. What is in one of its elements may grow.
        let is_itself_or_its_table = |below: &[ObjectIx]| match below {
            [] => tree.immediate_dominator(shown).object() == Some(view),
            [one] => *one == shown,
            [table, one] => *one == shown && snapshot.class_name(*table).ends_with("[]"),
            _ => false,
        };
        is_itself_or_its_table(&ways[..at])
    })
}

/// Whether a rule that explains a suspect finds it wrong.
pub(super) fn is_wrong_by_rule(context: &Context<'_>, suspect: &Suspect) -> bool {
    rule_of(context, suspect).is_some_and(|rule| rule.severity() > Severity::Info)
}

/// The rule that explains a suspect.
fn rule_of<'a>(context: &'a Context<'_>, suspect: &Suspect) -> Option<&'a Rule> {
    suspect.rule.as_deref().and_then(|id| context.rules().find(id))
}
