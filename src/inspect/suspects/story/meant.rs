//! Whether a suspect is as large as it is meant to be: a cache at its limit, a ring that is made at once, what nothing can be added to.
//!
//! Cost: the conditions of rules on a few objects above the place, and the elements of the place.

use super::words::simple_name;
use super::{Part, Story};
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::inspect::bounds::{self, Room};
use crate::ix::ObjectIx;
use crate::query::{CollectionPart, Origin, collection_length, origin_of, visit_part};
use crate::report::{Arg, OWN_LIMIT, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// What the code says of how many elements there may be, of a collection that has fewer.
#[derive(Debug, Clone)]
pub(super) struct OwnLimit {
    entries: u64,
    limit: u64,
    /// The class that declares the field that says it, and its name.
    field: (String, String),
    /// What it takes when it is full, by what it takes now.
    when_full_bytes: u64,
}

impl OwnLimit {
    /// What is said of it.
    fn args(&self) -> [(&'static str, Arg); 4] {
        let (class, field) = &self.field;
        [
            ("entries", Arg::Count(self.entries)),
            ("limit", Arg::Count(self.limit)),
            ("field", Arg::name(format!("{}.{field}", simple_name(class)))),
            ("size", Arg::Bytes(self.when_full_bytes)),
        ]
    }
}

impl Story {
    /// Whether a rule knows that the largest part of it is as large as it is meant to be: a cache at its limit, a ring that is made at once.
    pub(in crate::inspect::suspects) fn look_whether_it_is_meant(&mut self, context: &Context<'_>) {
        const MOST_STEPS: usize = 16;
        let snapshot = context.snapshot;
        self.cannot_grow = self.is_unchangeable(snapshot).or_else(|| self.in_full_arrays(snapshot));
        self.is_soft = self.is_softly_held(snapshot);
        let is_leak = self.held.kind == SuspectKind::Leak;
        self.own_limit = self.within_own_limit(context).filter(|_| is_leak);
        let Some(object) = self.main_part().object() else {
            self.is_at_limit = is_leak
                && (self.is_full_cache(snapshot)
                    || self.are_of_full_collection(context)
                    || self.fills_its_weight(snapshot))
                && !self.are_done_with(context);
            if is_leak {
                self.look_whether_they_are_entries(context);
            }
            return;
        };
        let above = snapshot.dominators().dominators(object).take(MOST_STEPS);
        let mut objects: Vec<ObjectIx> = [object, self.held.object].into_iter().chain(above).collect();
        objects.retain(|&object| snapshot.retained_bytes(object) * 10 >= self.bytes * 9);
        let classes = snapshot.classes();
        if !classes.sub_classes_of("java.lang.ref.SoftReference").is_empty() {
            let subject = self.subject(snapshot);
            let is_soft = |class| classes.is_named(class, "java.lang.ref.SoftReference");
            // A library's cache has them inside.
            let is_full_of_soft = || {
                let nearly_all = subject.elements.filter(|elements| elements.bytes * 10 >= self.bytes * 9);
                nearly_all.is_some_and(|elements| elements.count > 1 && is_soft(elements.class))
            };
            self.is_soft |= subject.instances > 1 && is_soft(subject.class) || is_full_of_soft();
        }
        let count = self.subject(snapshot).elements.map_or(0, |elements| elements.count);
        let mut meant = context.rules().meant(snapshot, &objects, count);
        let is_of_library = self.held.origin == Origin::Library
            || origin_of(snapshot, snapshot.class_of(self.held.object)) == Origin::Library;
        if meant.is_none() && is_of_library && self.held.kind == SuspectKind::Leak {
            // A library may have cut what it keeps into many parts.
            let mut parts =
                self.inside(snapshot).into_iter().map(|part| context.rules().meant(snapshot, &part, 0));
            meant = parts.next().flatten().filter(|_| parts.all(|part| part.is_some()));
        }
        // What a library limits may be too much all the same, as whoever knows the library can tell.
        let share = self.share(context.histogram().total().shallow_bytes);
        let is_wrong = || context.rules().finds_wrong(snapshot, &objects, self.bytes, share);
        let is_wrong = is_wrong();
        self.meant = meant.filter(|_| !is_wrong).map(|rule| rule.id().to_owned());
        self.may_evict = context.rules().may_evict(snapshot, &objects);
        let held = self.held.object;
        let fills_its_limit = || self.fills_its_limit(context, object) || self.fills_its_limit(context, held);
        self.is_at_limit = is_leak
            && (fills_its_limit()
                || self.is_full_cache(snapshot)
                || self.fills_its_weight(snapshot)
                || self.is_as_many_as_a_round_number(context))
            && !self.are_done_with(context);
        if is_leak && !is_wrong && self.meant.is_none() && !self.may_evict && !self.is_at_limit {
            self.look_whether_they_are_entries(context);
        }
    }

    /// Whether its path leads by a soft reference, which is said only of what no strong path leads to, or one soft reference has nearly all of it.
    fn is_softly_held(&self, snapshot: &Snapshot) -> bool {
        /// From whoever refers to it to the collection in the reference.
        const MOST_STEPS: usize = 16;
        let classes = snapshot.classes();
        let is_soft =
            |object: ObjectIx| classes.is_named(snapshot.class_of(object), "java.lang.ref.SoftReference");
        let leads_by_one = self.held.path.iter().any(|step| {
            let object = snapshot.find(ObjectId(step.address));
            object.filter(|_| step.field.as_deref() == Some("referent")).is_some_and(is_soft)
        });
        let tree = snapshot.dominators();
        let below = |&object: &ObjectIx| {
            let largest =
                tree.children(object).iter().copied().max_by_key(|&child| snapshot.retained_bytes(child));
            largest.filter(|&child| snapshot.retained_bytes(child) * 10 >= self.bytes * 9)
        };
        let mut inside = std::iter::successors(self.main_part().object(), below).take(MOST_STEPS);
        leads_by_one || inside.any(is_soft)
    }

    /// Whether the members of a group are what a cache keeps that a rule knows: a thread that has a part of the cache in hand takes them out of its
    /// tree.
    fn look_whether_they_are_entries(&mut self, context: &Context<'_>) {
        const MOST_PARTS: u64 = 64;
        let snapshot = context.snapshot;
        let (count, parts) = match self.main_part() {
            Part::Group { group, .. } => (group.count, u64::MAX),
            // A part of a cache that is cut into parts.
            Part::Object { .. } => {
                (self.subject(snapshot).elements.map_or(0, |elements| elements.count), MOST_PARTS)
            }
        };
        let steps = self.held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        let inside: Vec<ObjectIx> = steps.skip_while(|&step| step != self.held.object).collect();
        let keeps_them = |&cache: &ObjectIx| {
            // Each entry may be several objects, and one thing of an entry many.
            let limits = context.rules().limit_of(snapshot, cache);
            // While the cache is in use some were just taken out of it and are still in the hands of a thread.
            let is_of_them =
                |entries: u64| count <= entries + entries / 64 && count.saturating_mul(parts) >= entries;
            count > 0 && limits.and_then(|(entries, _)| entries).is_some_and(is_of_them)
        };
        let caches: Vec<ObjectIx> = inside.into_iter().filter(keeps_them).collect();
        let share = self.share(context.histogram().total().shallow_bytes);
        if caches.is_empty() || context.rules().finds_wrong(snapshot, &caches, self.bytes, share) {
            return;
        }
        self.meant = context.rules().meant(snapshot, &caches, 0).map(|rule| rule.id().to_owned());
        self.may_evict = context.rules().may_evict(snapshot, &caches);
    }

    /// Whether an object of a library, or a cache of the application's own making, keeps as many elements as it says that it may.
    fn is_full_cache(&self, snapshot: &Snapshot) -> bool {
        const MOST_PARTS: usize = 16;
        let (class, entries) = match self.main_part() {
            Part::Group { group, .. } => (Some(group.class), group.count),
            Part::Object { .. } => {
                let elements = self.subject(snapshot).elements;
                elements.map_or((None, 0), |elements| (Some(elements.class), elements.count))
            }
        };
        // Of a cache of the application's own its map has as many, also where something else refers to the keys.
        let parts = snapshot.references().of(self.held.object).take(MOST_PARTS);
        let lengths = parts.filter_map(|part| Some((collection_length(snapshot, part)?, part)));
        // Where there are more of what the map has than the map has, they were only taken out of that.
        let has_all = |part: ObjectIx, length: u64| {
            let mut first = None;
            visit_part(snapshot, part, CollectionPart::Values, &mut |value| {
                first = Some(snapshot.class_of(value));
                false
            });
            first != class || entries * 19 <= length * 20
        };
        let longest = lengths.max().filter(|&(length, part)| has_all(part, length)).map(|(length, _)| length);
        // The map of a library's cache is held by what has its limit.
        let of_library = [Some(self.held.object), self.declaring(snapshot)].into_iter().flatten();
        of_library.into_iter().any(|object| bounds::bound_within(snapshot, object, entries).is_some())
            || bounds::is_full_by_own(snapshot, self.held.object, entries)
            || longest.is_some_and(|longest| bounds::is_full_by_own(snapshot, self.held.object, longest))
    }

    /// Whether the members of a group are the elements of the collection in the holder's field, each once, and these are as many as its object allows: a cache
    /// with links through its entries shares them between its map and the links.
    fn are_of_full_collection(&self, context: &Context<'_>) -> bool {
        let (Part::Group { group, .. }, held) = (self.main_part(), self.held.object) else { return false };
        let length = collection_length(context.snapshot, held);
        length.is_some_and(|length| length.abs_diff(group.count) * 20 <= length)
            && self.fills_its_limit(context, held)
    }

    /// Whether what the holder's field has weighs as much as the object with the field allows, or the object that it refers to itself.
    fn fills_its_weight(&self, snapshot: &Snapshot) -> bool {
        let whose = [Some(self.held.object), self.declaring(snapshot)];
        whose.into_iter().flatten().any(|object| bounds::is_full_by_weight(snapshot, object, self.bytes))
    }

    /// Whether a collection that lets go of elements has just as many as a number of the object whose field has it says, in a heap with much room.
    fn is_as_many_as_a_round_number(&self, context: &Context<'_>) -> bool {
        let (snapshot, collection) = (context.snapshot, self.held.object);
        let used = context.histogram().total().shallow_bytes;
        let has_room = context.heap_limit().is_some_and(|limit| used.saturating_mul(2) < limit.bytes);
        let owner = self.declaring(snapshot).filter(|_| has_room);
        let elements = || match self.main_part() {
            Part::Group { group, .. } => Some(group.class),
            Part::Object { .. } => self.subject(snapshot).elements.map(|elements| elements.class),
        };
        owner.zip(elements()).is_some_and(|(owner, elements)| {
            bounds::is_as_many_as_a_round_number(snapshot, collection, owner, elements)
        })
    }

    /// The limit that the application's object declares whose field has the collection, where it is not reached yet and what the collection would take if
    /// it were is a small part of what the heap may take: it cannot leak more than that.
    fn within_own_limit(&self, context: &Context<'_>) -> Option<OwnLimit> {
        const PART: u64 = 4;
        let heap_bytes = context.heap_limit()?.bytes;
        let own = self.own_limit_of(context.snapshot)?;
        (own.when_full_bytes < heap_bytes / PART).then_some(own)
    }

    /// The limit that the object whose field has the collection declares, where it is not reached yet.
    fn own_limit_of(&self, snapshot: &Snapshot) -> Option<OwnLimit> {
        let collection = self.held.object;
        let is_all = snapshot.retained_bytes(collection) * 10 >= self.bytes * 9;
        let owner = self.declaring(snapshot).filter(|_| is_all && self.copies.is_none())?;
        let Room { entries, limit, field } = bounds::room(snapshot, collection, owner)?;
        let when_full = self.bytes as f64 / entries as f64 * limit as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let when_full_bytes = when_full as u64;
        Some(OwnLimit { entries, limit, field, when_full_bytes })
    }

    /// Says of a collection that has filled a good part of the heap before its own limit was reached that this limit is too high for elements of that size:
    /// that nothing is ever taken out of it would be wrong.
    pub(super) fn tell_limit_too_high(&self, context: &Context<'_>, suspect: &mut Suspect) {
        /// A number that is so many times as large limits something else.
        const TIMES: u64 = 256;
        const PART: u64 = 2;
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.rule.is_none()
            && self.shared.is_none();
        let general = suspect.advice.iter().position(|text| text.is_message("suspect-advice-field"));
        let Some(general) = general.filter(|_| is_asked) else { return };
        let is_too_high = |own: &OwnLimit| {
            let is_large = |heap_bytes: u64| own.when_full_bytes >= heap_bytes / PART;
            own.limit / TIMES <= own.entries && context.heap_limit().is_some_and(|heap| is_large(heap.bytes))
        };
        let Some(own) = self.own_limit_of(context.snapshot).filter(is_too_high) else { return };
        let args = [("holder", suspect.holder.words()), ("each", Arg::Bytes(self.bytes / own.entries))];
        let args = own.args().into_iter().chain(args);
        suspect.advice[general] = Text::with("suspect-advice-limit-too-high", args);
    }

    /// Says why it is not to blame, if it has such a limit.
    pub(super) fn tell_own_limit(&self, suspect: &mut Suspect) {
        let Some(own) = &self.own_limit else { return };
        suspect.advice.insert(0, Text::with(OWN_LIMIT, own.args()));
    }

    /// Whether a collection has as many elements as the object that holds it allows.
    fn fills_its_limit(&self, context: &Context<'_>, collection: ObjectIx) -> bool {
        bounds::is_full(context, collection, self.declaring(context.snapshot))
    }
}
