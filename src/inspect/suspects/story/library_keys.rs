//! What the keys of a library's map differ in: the application gives them, and that is what the map grows with.
//!
//! That no two keys of a map are equal says nothing. That each has another text where the library takes one from its caller says who makes the map grow: whoever
//! makes such texts anew, with a number or a tenant in them. Cost: the texts of some thousand keys, for each suspect that is in a map of a library's.

use super::Story;
use super::entry::words_of;
use super::words::simple_name;
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{
    CollectionKind, CollectionPart, Origin, collection_kind, collection_length, is_of_collections, origin_of,
    origin_of_named, values, visit_part,
};
use crate::report::{Arg, HolderKind, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot, Units};
use hashbrown::HashSet;

/// Keys that are looked at.
const MOST: usize = 1 << 14;
/// Fewer may differ in anything.
const FEW: usize = 100;

impl Story {
    /// Says what the keys of a library's map that has nearly all of it differ in, and what to look for.
    pub(super) fn tell_keys_of_library(&self, context: &Context<'_>, suspect: &mut Suspect) {
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.rule.is_none()
            && matches!(suspect.holder.kind, HolderKind::StaticField | HolderKind::InstanceField);
        let map = if is_asked { self.map_of_library(context.snapshot, suspect) } else { None };
        let Some(keys) = map.and_then(|map| Keys::of(context.snapshot, map)) else { return };
        let Some(varying) = keys.varying(context.snapshot) else { return };
        let class = Arg::name(simple_name(&context.snapshot.classes().get(keys.class).name).into_owned());
        let of_field = varying.field.map(|field| ("field", Arg::name(field)));
        let example = words_of(context, varying.example).map(|words| ("example", Arg::name(words)));
        let id = match (of_field.is_some(), example.is_some()) {
            (true, true) => "suspect-keys-of-library-field-shown",
            (true, false) => "suspect-keys-of-library-field",
            (false, true) => "suspect-keys-of-library-shown",
            (false, false) => "suspect-keys-of-library",
        };
        let args = [("count", Arg::Count(keys.all.len() as u64)), ("class", class)];
        suspect.activity.push(Text::with(id, args.into_iter().chain(of_field).chain(example)));
        suspect.advice.push(Text::message("suspect-advice-keys-of-library"));
    }

    /// Whether an object is a map that has nearly all of it, or as many entries as there are objects.
    pub(super) fn is_in_map(&self, snapshot: &Snapshot, suspect: &Suspect, object: ObjectIx) -> bool {
        let length = collection_length(snapshot, object).unwrap_or_default();
        let has_as_many = length >= suspect.instances && suspect.instances * 10 >= length * 8;
        collection_kind(snapshot, object) == Some(CollectionKind::Map)
            && length >= FEW as u64
            && (snapshot.retained_bytes(object) * 10 >= self.bytes * 8 || has_as_many)
    }

    /// The innermost such map below the holder's field that is in a field of a library's class.
    fn map_of_library(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<ObjectIx> {
        let of_class = suspect
            .holder
            .class
            .as_deref()
            .is_some_and(|class| origin_of_named(snapshot, class) == Origin::Library);
        let on_path = suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        let inside: Vec<ObjectIx> = on_path.skip_while(|&object| object != self.held.object).collect();
        let is_of_library = |at: usize| match at.checked_sub(1) {
            // What is put into a collection of a library's is given by whoever has the collection.
            Some(above) => {
                origin_of(snapshot, snapshot.class_of(inside[above])) == Origin::Library
                    && !is_of_collections(snapshot.class_name(inside[above]))
            }
            None => of_class,
        };
        let at = (0..inside.len())
            .rfind(|&at| is_of_library(at) && self.is_in_map(snapshot, suspect, inside[at]))?;
        Some(inside[at])
    }
}

/// Keys of one class.
struct Keys {
    class: ClassIx,
    all: Vec<ObjectIx>,
}

/// What differs in nearly all keys: the keys themselves, or a field of theirs.
struct Varying {
    field: Option<String>,
    example: ObjectIx,
}

impl Keys {
    fn of(snapshot: &Snapshot, map: ObjectIx) -> Option<Self> {
        let mut all: Vec<ObjectIx> = Vec::new();
        visit_part(snapshot, map, CollectionPart::Keys, &mut |key| {
            all.push(key);
            all.len() < MOST
        });
        let class = snapshot.class_of(*all.first()?);
        let is_alike = all.len() >= FEW && all.iter().all(|&key| snapshot.class_of(key) == class);
        is_alike.then_some(Self { class, all })
    }

    fn varying(&self, snapshot: &Snapshot) -> Option<Varying> {
        let first = self.all[0];
        if snapshot.string_units(first).is_some() {
            return self.differs(snapshot, Some).then_some(Varying { field: None, example: first });
        }
        let mut fields: Vec<(String, ObjectIx)> = Vec::new();
        snapshot.links(first, |link, target| {
            if let Link::Field { name, .. } = link
                && snapshot.string_units(target).is_some()
            {
                fields.push((name.to_owned(), target));
            }
            true
        });
        let is_one =
            |(field, _): &(String, ObjectIx)| self.differs(snapshot, |key| snapshot.follow(key, field));
        let (field, example) = fields.into_iter().find(is_one)?;
        Some(Varying { field: Some(field), example })
    }

    /// Whether nearly all have a text there of their own.
    fn differs(&self, snapshot: &Snapshot, text: impl Fn(ObjectIx) -> Option<ObjectIx>) -> bool {
        let texts = self.all.iter().filter_map(|&key| values::units(snapshot, text(key)?));
        let distinct: HashSet<_> = texts.map(Units::bytes).collect();
        distinct.len() * 10 >= self.all.len() * 9
    }
}
