//! Few objects that are large, each with a collection or a table of its own that has room to grow.
//!
//! Their number is right, and to take some of them out mends nothing: each of them grows. Cost: a few steps down from each of at most a hundred or so.

use super::Story;
use super::subject::Subject;
use super::words::{self, simple_name};
use crate::inspect::suspects::elements::counts_as;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{
    CollectionPart, Origin, collection_kind, collection_length, elements_of, origin_of, visit_part,
};
use crate::report::{Arg, Pattern, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// More are a crowd.
const MOST: usize = 128;
/// What each has on average, in bytes: less is nothing that anybody would bound.
const LARGE: u64 = 64 << 10;

impl Story {
    /// Tells of few objects that are large what nearly all of each is, and to bound that.
    pub(super) fn tell_if_each_grows(&self, snapshot: &Snapshot, suspect: &mut Suspect, subject: &Subject) {
        let general = words::advice(suspect);
        let is_asked = suspect.standing == Standing::Blamed
            && suspect.kind == SuspectKind::Leak
            && suspect.pattern == Pattern::Collection
            && suspect.rule.is_none()
            && self.shared.is_none()
            && (2..=MOST as u64).contains(&suspect.instances);
        let general = suspect
            .advice
            .iter()
            .position(|text| text.is_message("suspect-advice-field") && general.contains(text));
        let (Some(general), Some(elements)) = (general, subject.elements.filter(|_| is_asked)) else {
            return;
        };
        let mut all: Vec<ObjectIx> = Vec::new();
        visit_part(snapshot, self.held.object, CollectionPart::Values, &mut |element| {
            all.push(element);
            all.len() <= MOST
        });
        all.retain(|&element| counts_as(snapshot, snapshot.class_of(element), elements.class));
        if elements.class != subject.class || all.len() as u64 != suspect.instances {
            return;
        }
        let grown: Vec<ObjectIx> = all.iter().filter_map(|&element| grown(snapshot, element)).collect();
        let bytes: u64 = grown.iter().map(|&grown| snapshot.retained_bytes(grown)).sum();
        let count = suspect.instances;
        if bytes * 10 < self.bytes * 8 || grown.len() * 10 < all.len() * 8 || bytes < count * LARGE {
            return;
        }
        let (class, count) = (Arg::name(simple_name(&suspect.class)), Arg::Count(count));
        let numbers =
            [("class", class.clone()), ("count", count), ("size", Arg::Bytes(bytes / grown.len() as u64))];
        let text = match most_common(snapshot, &grown) {
            Some((element, number)) => {
                let element = Arg::name(simple_name(&snapshot.classes().get(element).name).into_owned());
                let more = [("element", element), ("number", Arg::Count(number))];
                Text::with("suspect-few-large-with", numbers.into_iter().chain(more))
            }
            None => {
                let part = Arg::name(simple_name(snapshot.class_name(grown[0])).into_owned());
                Text::with("suspect-few-large", numbers.into_iter().chain([("part", part)]))
            }
        };
        suspect.activity.insert(0, text);
        suspect.advice[general] = Text::with("suspect-advice-each", [("class", class)]);
    }
}

/// The collection, or the array of which only a part is in use, that is nearly all of `object`: it has room to grow.
fn grown(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    const STEPS: usize = 6;
    let whole = snapshot.retained_bytes(object);
    let mut owner = object;
    for _ in 0..STEPS {
        if collection_kind(snapshot, owner).is_some() {
            return Some(owner);
        }
        let children = snapshot.dominators().children(owner).iter().copied();
        let largest = children.max_by_key(|&child| (snapshot.retained_bytes(child), child))?;
        if snapshot.retained_bytes(largest) * 10 < whole * 8 {
            return None;
        }
        if let Some(length) = snapshot.array_length(largest) {
            return is_partly_used(snapshot, owner, u64::from(length)).then_some(largest);
        }
        owner = largest;
    }
    None
}

/// Whether an object counts how much of an array is in use: most, and not all.
fn is_partly_used(snapshot: &Snapshot, owner: ObjectIx, length: u64) -> bool {
    let number = |value: Option<i64>| value.and_then(|number| u64::try_from(number).ok());
    let mut numbers = snapshot.fields(owner).filter_map(|field| number(field.value.integer()));
    numbers.any(|number| number < length && number * 4 >= length)
}

/// What most of some collections have in them, of maps as values, by the first of each, and how many elements all of them have. Nobody asks for that of the JDK's.
fn most_common(snapshot: &Snapshot, collections: &[ObjectIx]) -> Option<(ClassIx, u64)> {
    let first = |&collection: &ObjectIx| {
        let mut class = None;
        visit_part(snapshot, collection, CollectionPart::Values, &mut |element| {
            class = Some(snapshot.class_of(element));
            false
        });
        class
    };
    let classes: Vec<ClassIx> = collections.iter().filter_map(first).collect();
    let class = *classes.first().filter(|&&class| origin_of(snapshot, class) != Origin::Jdk)?;
    let alike = classes.iter().filter(|&&other| other == class).count();
    let length = |&collection: &ObjectIx| {
        collection_length(snapshot, collection)
            .unwrap_or_else(|| elements_of(snapshot, collection, usize::MAX).len() as u64)
    };
    (alike * 10 >= collections.len() * 9).then(|| (class, collections.iter().map(length).sum()))
}
