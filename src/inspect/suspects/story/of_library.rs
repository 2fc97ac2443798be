//! What a library keeps: in tables of its own, or in the inside of one of its objects that a field of the application's refers to.
//!
//! Nobody but the library puts anything there or takes it out, so that what is said of any field leads nowhere. And a table that a library has filled for
//! itself, such as a dictionary, looks like a leak of as many elements. What tells one from the other is that a leak has elements that were made lately, or
//! something of the application's in it. Cost: a walk over what such a table retains and refers to.

use super::Story;
use super::subject::Subject;
use super::words;
use super::young::Young;
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::inspect::suspects::elements::{counted_with, is_collection};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, collection_length, is_of_collections, origin_of, origin_of_named};
use crate::report::{Arg, HolderKind, OF_LIBRARY, Pattern, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;

/// Less than such a part of what is in a table is garbage of its kind by chance.
const FEW: u64 = 100;

/// How the names of methods begin that may add something.
const ADDS: [&str; 16] = [
    "add",
    "append",
    "cache",
    "compute",
    "create",
    "fill",
    "getOrCreate",
    "insert",
    "intern",
    "load",
    "offer",
    "push",
    "put",
    "record",
    "register",
    "store",
];

impl Story {
    /// Tells a suspect to blame for nothing but its number as only the largest if it is a library's own table to which nothing was added lately.
    pub(super) fn tell_if_table_of_library(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
        subject: &Subject,
    ) {
        if let Some(text) = self.table_of_library(context, suspect, subject) {
            suspect.standing = Standing::Largest;
            self.tell_as_largest(suspect);
            suspect.advice.insert(0, text);
        }
    }

    fn table_of_library(&self, context: &Context<'_>, suspect: &Suspect, subject: &Subject) -> Option<Text> {
        let snapshot = context.snapshot;
        let used = context.histogram().total().shallow_bytes;
        let has_room = context.heap_limit().is_some_and(|limit| used.saturating_mul(2) < limit.bytes);
        let count = subject.instances.max(subject.elements.map_or(0, |elements| elements.count));
        let is_asked = suspect.standing == Standing::Blamed
            && suspect.kind == SuspectKind::Leak
            && matches!(suspect.pattern, Pattern::Collection | Pattern::BigObject)
            && suspect.rule.is_none()
            && !suspect.backlog
            && !self.is_sure(suspect)
            && self.shared.is_none()
            && !self.is_referred_to
            && has_room
            && count >= Young::LEAST_COUNT;
        if !is_asked || !self.is_of_library_alone(snapshot) || self.is_added_to(snapshot) {
            return None;
        }
        let size = snapshot.remember(Young::find).shows_places()?;
        let unreachable = |class: ClassIx| snapshot.class_counts()[class.index()].unreachable_instances;
        let garbage: u64 = counted_with(snapshot, subject.class).into_iter().map(unreachable).sum();
        // Of the library's own kind: of texts and numbers there is garbage in any heap.
        let is_made_now =
            origin_of(snapshot, subject.class) != Origin::Jdk && garbage.saturating_mul(FEW) > count;
        (!is_made_now && is_left_alone(snapshot, self.held.object, count))
            .then(|| Text::with(OF_LIBRARY, [("size", Arg::Bytes(size))]))
    }

    /// Whether nothing but objects of a library leads to it, from a static field of the library's, and it is all in one object.
    fn is_of_library_alone(&self, snapshot: &Snapshot) -> bool {
        let objects = || self.held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        let origin = |object: ObjectIx| {
            origin_of(snapshot, snapshot.mirrored_class(object).unwrap_or_else(|| snapshot.class_of(object)))
        };
        let is_in_one = snapshot.retained_bytes(self.held.object) * 10 >= self.bytes * 9;
        let begins_at_library = || {
            let first = objects().next();
            first.is_some_and(|first| {
                snapshot.mirrored_class(first).is_some() && origin(first) == Origin::Library
            })
        };
        self.held.origin == Origin::Library
            && is_in_one
            && begins_at_library()
            && objects().all(|object| origin(object) != Origin::Application)
    }

    /// Whether a thread stands in a method of the class with the field that may add to it.
    fn is_added_to(&self, snapshot: &Snapshot) -> bool {
        let class = self.held.holder.class.as_deref().unwrap_or_default();
        let mut frames = snapshot.threads().iter().flat_map(|thread| &thread.frames);
        frames.any(|frame| *frame.class == *class && ADDS.iter().any(|begin| frame.method.starts_with(begin)))
    }

    /// Names the field of a library that has nearly all of it, where a field of the application's has an object of the library's, and says of what is a
    /// library's that it is the library that bounds it.
    pub(super) fn look_into_library(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let general = words::advice(suspect);
        let is_general = suspect.rule.is_none()
            && suspect.kind == SuspectKind::Leak
            && matches!(suspect.holder.kind, HolderKind::StaticField | HolderKind::InstanceField);
        if !is_general {
            return;
        }
        let holder = ("holder", suspect.holder.words());
        let of_class = suspect.holder.class.as_deref().map(|class| origin_of_named(snapshot, class));
        let advice = if of_class == Some(Origin::Library) {
            Text::with("suspect-advice-field-of-library", [holder])
        } else if let Some((place, below)) = self
            .place_in_library(snapshot, suspect)
            .map(|place| (place, None))
            .or_else(|| self.place_below_own_object(snapshot, suspect))
        {
            let plain = words::title(suspect.kind, &suspect.class, suspect.instances, &suspect.holder);
            let (class, field) = place;
            let short = ("place", Arg::name(format!("{}.{field}", words::simple_name(&class))));
            let place = ("place", Arg::name(format!("{class}.{field}")));
            let holder = below.map_or(holder, |below| ("holder", Arg::name(below)));
            if suspect.title == plain && suspect.instances > 1 {
                let args = [
                    ("class", Arg::name(words::simple_name(&suspect.class))),
                    ("count", Arg::Count(suspect.instances)),
                    short,
                    holder.clone(),
                ];
                suspect.title = Text::with("suspect-title-many-below", args);
            }
            Text::with("suspect-advice-below-field", [holder, place])
        } else {
            return;
        };
        let is_of_field =
            |text: &&mut Text| general.contains(text) && text.is_message("suspect-advice-field");
        if let Some(text) = suspect.advice.iter_mut().find(is_of_field) {
            *text = advice;
        }
    }

    /// The field of a library's class that has the collection in which nearly all of it is, where the holder's field has another object of the library's.
    fn place_in_library(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<(String, String)> {
        let held = self.held.object;
        let is_of_library = |object: ObjectIx| {
            origin_of(snapshot, snapshot.class_of(object)) == Origin::Library
                && snapshot.mirrored_class(object).is_none()
                && !snapshot.class(object).is_array()
                && !is_collection(snapshot, object)
        };
        if self.held.origin != Origin::Application || self.shared.is_some() || !is_of_library(held) {
            return None;
        }
        let steps =
            suspect.path.iter().filter_map(|step| Some((step, snapshot.find(ObjectId(step.address))?)));
        let inside: Vec<_> = steps.skip_while(|&(_, object)| object != held).collect();
        let has_it = |owner: ObjectIx, object: ObjectIx| {
            let length = collection_length(snapshot, object);
            let is_one = length.is_some()
                || is_of_collections(snapshot.class_name(object))
                || snapshot.class(object).is_array();
            // Where its elements are in something else as well it retains none of them. Of an index deep inside nobody knows which of several it is.
            let has_as_many = || {
                let has = |length| length >= suspect.instances && suspect.instances * 10 >= length * 8;
                owner == held && suspect.instances >= FEW && length.is_some_and(has)
            };
            is_one && (snapshot.retained_bytes(object) * 10 >= self.bytes * 8 || has_as_many())
        };
        let found =
            inside.windows(2).rev().find(|pair| is_of_library(pair[0].1) && has_it(pair[0].1, pair[1].1))?;
        let (step, _) = found[0];
        Some((step.class.clone(), step.field.clone()?))
    }
}

impl Story {
    /// The same where the holder's field has one object of the application's, something of which leads to the library's collection, with the field that does.
    /// Where something else in it leads to the elements as well the collection retains none of them: as many elements as there are objects tell it.
    fn place_below_own_object(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
    ) -> Option<((String, String), Option<String>)> {
        let held = self.held.object;
        let origin = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object));
        let is_object = |object: ObjectIx| {
            snapshot.mirrored_class(object).is_none()
                && !snapshot.class(object).is_array()
                && !is_collection(snapshot, object)
        };
        let is_one_of_own = origin(held) == Origin::Application && is_object(held);
        if self.held.origin != Origin::Application
            || self.shared.is_some()
            || !is_one_of_own
            || suspect.instances < FEW
        {
            return None;
        }
        let steps =
            suspect.path.iter().filter_map(|step| Some((step, snapshot.find(ObjectId(step.address))?)));
        let inside: Vec<_> = steps.skip_while(|&(_, object)| object != held).collect();
        let has_them = |collection: ObjectIx| {
            let length = collection_length(snapshot, collection);
            length.is_some_and(|length| length >= suspect.instances && suspect.instances * 10 >= length * 8)
        };
        let at = inside.windows(2).rposition(|pair| {
            origin(pair[0].1) == Origin::Library && is_object(pair[0].1) && has_them(pair[1].1)
        })?;
        let own = inside[..at].iter().rev().find(|&&(_, object)| origin(object) == Origin::Application)?;
        let (step, _) = inside[at];
        let place = (step.class.clone(), step.field.clone()?);
        Some((place, Some(format!("{}.{}", own.0.class, own.0.field.as_deref()?))))
    }
}

/// Whether neither an object nor what it refers to is the application's.
fn is_without_application(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let is_own = |object: ObjectIx| {
        let class = snapshot.mirrored_class(object).unwrap_or_else(|| snapshot.class_of(object));
        origin_of(snapshot, class) == Origin::Application
    };
    !is_own(object) && !snapshot.references().of(object).any(is_own)
}

/// Whether nothing was added lately to a table of so many elements, and nothing of the application's is in it. Each that is added comes with all that it
/// consists of: values that are replaced, as by their logarithms, are young where their keys are not.
fn is_left_alone(snapshot: &Snapshot, table: ObjectIx, count: u64) -> bool {
    let young = snapshot.remember(Young::find);
    // Of each class all, and the young.
    let mut by_class: HashMap<ClassIx, [u64; 2]> = HashMap::new();
    let mut left = vec![table];
    while let Some(object) = left.pop() {
        if !is_without_application(snapshot, object) {
            return false;
        }
        let [all, recent] = by_class.entry(snapshot.class_of(object)).or_default();
        *all += 1;
        *recent += u64::from(young.is_amid_garbage(snapshot, object));
        left.extend(snapshot.dominators().children(object));
    }
    let mut of_each = by_class.values().filter(|[all, _]| all * 10 >= count * 9);
    of_each.any(|[_, recent]| *recent == 0)
}
