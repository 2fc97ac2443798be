//! Two collections of one object of the application's, or of those around it, with the same things: one that lets go of them, as a map with a limit does, and one from
//! which nobody takes them then.
//!
//! Owns what is said of the smaller one. That it has the same things is known by its entries, which something else keeps as well. Cost: the fields of up to four
//! objects, and some entries of the collections in them.

use super::Story;
use super::own_list::owner_of;
use super::subject::Subject;
use super::words::{General, simple_name};
use crate::inspect::Context;
use crate::inspect::bounds;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{CollectionPart, Origin, collection_kind, collection_length, origin_of, visit_part};
use crate::report::{Arg, Standing, Suspect, SuspectKind, Text, written_field};
use crate::snapshot::{Link, Snapshot};

/// A collection with a part of the things that a suspect is about.
struct Smaller {
    class: ClassIx,
    field: String,
    collection: ObjectIx,
    owner: ObjectIx,
    entries: u64,
}

impl Story {
    /// Says which collection beside it has only some of the same things, and that it is full if it is.
    pub(super) fn tell_what_is_bounded_beside(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
        subject: &Subject,
    ) {
        let snapshot = context.snapshot;
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.rule.is_none()
            && self.copies.is_none()
            && self.crowd.is_none();
        let of_elements = subject.elements.map(|elements| (elements.class, elements.count));
        let mut things = [Some((subject.class, subject.instances)), of_elements].into_iter().flatten();
        let own = things.find(|&(class, _)| origin_of(snapshot, class) == Origin::Application);
        let Some((class, count)) = own.filter(|_| is_asked) else { return };
        // Those that the other one has as well are not kept by this one alone, and counted for neither.
        let count = count.max(collection_length(snapshot, self.held.object).unwrap_or(0));
        let Some(smaller) = self.smaller_beside(snapshot, class, count) else { return };
        let declaring = &snapshot.classes().get(smaller.class).name;
        let place = format!("{}.{}", simple_name(declaring), written_field(&smaller.field));
        let args = vec![
            ("place", Arg::name(place)),
            ("entries", Arg::Count(smaller.entries)),
            ("class", Arg::name(simple_name(&snapshot.classes().get(class).name).into_owned())),
            ("holder", suspect.holder.words()),
        ];
        let Smaller { collection, owner, .. } = smaller;
        let is_full = bounds::is_full(context, collection, Some(owner))
            || bounds::is_as_many_as_a_round_number(snapshot, collection, owner, class);
        if !is_full {
            suspect.activity.push(Text::with("suspect-fewer-beside", args));
            return;
        }
        if smaller.owner == self.held.object {
            // The list is made of the things themselves, by fields of the same object.
            let owner = simple_name(snapshot.class_name(smaller.owner)).into_owned();
            let args = args.into_iter().chain([("owner", Arg::name(owner))]);
            suspect.activity.push(Text::with("suspect-full-inside", args));
            return;
        }
        suspect.activity.push(Text::with("suspect-full-beside", args.clone()));
        let advice = Text::with("suspect-advice-full-beside", args);
        match General::of(&suspect.advice).map(|general| general.at()) {
            Some(at) => suspect.advice[at] = advice,
            None => suspect.advice.insert(0, advice),
        }
    }

    /// The largest such collection of the object whose field the holder is, of what the holder refers to, or of those around them.
    fn smaller_beside(&self, snapshot: &Snapshot, class: ClassIx, count: u64) -> Option<Smaller> {
        const LEAST: u64 = 16;
        const TIMES: u64 = 2;
        const DEEPEST: usize = 3;
        let held = self.held.object;
        let is_own = |object: &ObjectIx| {
            snapshot.mirrored_class(*object).is_none()
                && !snapshot.class(*object).is_array()
                && origin_of(snapshot, snapshot.class_of(*object)) == Origin::Application
        };
        let around = std::iter::successors(self.declaring(snapshot), |&object| owner_of(snapshot, object));
        let owners = std::iter::once(held).filter(is_own).chain(around.take(DEEPEST).filter(is_own));
        let mut found: Option<Smaller> = None;
        for owner in owners {
            snapshot.links(owner, |link, target| {
                let Link::Field { class: declaring, name } = link else { return true };
                let is_collection = target != held && collection_kind(snapshot, target).is_some();
                let entries = collection_length(snapshot, target).filter(|_| is_collection).unwrap_or(0);
                let is_more = found.as_ref().is_none_or(|found| found.entries < entries);
                if entries >= LEAST
                    && entries * TIMES <= count
                    && is_more
                    && has_the_same(snapshot, target, class)
                {
                    found = Some(Smaller {
                        class: declaring,
                        field: name.to_owned(),
                        collection: target,
                        owner,
                        entries,
                    });
                }
                true
            });
            if found.is_some() {
                break;
            }
        }
        found
    }
}

/// Whether the values or elements of a collection are of that class, and something else keeps nearly all of them as well.
fn has_the_same(snapshot: &Snapshot, collection: ObjectIx, class: ClassIx) -> bool {
    const SAMPLES: usize = 64;
    let (mut seen, mut shared) = (0, 0);
    visit_part(snapshot, collection, CollectionPart::Values, &mut |element| {
        let is_it =
            snapshot.class_of(element) == class && !snapshot.dominators().dominates(collection, element);
        shared += usize::from(is_it);
        seen += 1;
        seen < SAMPLES
    });
    seen > 0 && shared * 10 >= seen * 9
}
