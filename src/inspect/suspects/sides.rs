//! Arrays that one object has side by side: the keys and the values of a table of the application's own.
//!
//! Where one of them is to blame the others are neither a story of their own nor proven to be nothing wrong, and where none is, the object with all of them is the
//! one story. The next size of such arrays, which a method of that object has in hand while it makes them longer, is no load of a call that anybody could make
//! smaller. Cost: the fields of a few objects; a path for an object with several large arrays.

use super::parts::added_up;
use super::story::{fingerprint, title};
use super::{InspectError, Story};
use crate::inspect::Context;
use crate::inspect::holders::report_frame;
use crate::inspect::oom::makes_room;
use crate::ix::ObjectIx;
use crate::report::{
    AccumulationPoint, Arg, FIXED, OTHER_ARRAYS, Pattern, Standing, Suspect, SuspectKind, Text,
};
use crate::snapshot::{Link, Snapshot, StackFrame};

type Told = Vec<(Story, Suspect)>;

/// Tells arrays of one object as one story.
///
/// # Errors
/// As [`Context::ownership`].
pub(super) fn tell_sides(context: &Context<'_>, told: &mut Told) -> Result<(), InspectError> {
    let snapshot = context.snapshot;
    tell_beside_the_blamed(snapshot, told);
    tell_next_size(snapshot, told);
    tell_as_one(context, told)
}

/// The object whose array a story is about.
fn owner(snapshot: &Snapshot, (story, suspect): &(Story, Suspect)) -> Option<ObjectIx> {
    let is_array = snapshot.class(story.held.object).is_array() && suspect.kind == SuspectKind::Leak;
    story.declaring(snapshot).filter(|&owner| is_array && snapshot.mirrored_class(owner).is_none())
}

/// Tells arrays of an object of which another array is to blame as a part of that story.
fn tell_beside_the_blamed(snapshot: &Snapshot, told: &mut Told) {
    let is_blamed = |suspect: &Suspect| suspect.standing == Standing::Blamed;
    // The object, and the first of its arrays that is to blame.
    let mut mains: Vec<(ObjectIx, ObjectIx)> = Vec::new();
    for both in told.iter().filter(|(_, suspect)| is_blamed(suspect)) {
        let is_new = |owner: &ObjectIx| mains.iter().all(|(known, _)| known != owner);
        if let Some(owner) = owner(snapshot, both).filter(is_new) {
            mains.push((owner, both.0.held.object));
        }
    }
    for (of, main) in mains {
        let is_side = |both: &(Story, Suspect)| {
            let array = both.0.held.object;
            let is_part = both.1.standing == Standing::Largest
                || is_blamed(&both.1) && snapshot.class(array).is_primitive_array();
            array != main && is_part && both.1.rule.is_none() && owner(snapshot, both) == Some(of)
        };
        let (sides, others): (Told, Told) = told.drain(..).partition(is_side);
        *told = others;
        let Some(class) = sides.first().and_then(|(_, side)| side.holder.class.as_deref()) else { continue };
        let fields: Vec<&str> = sides.iter().filter_map(|(_, side)| side.holder.field.as_deref()).collect();
        let [one, several] = OTHER_ARRAYS;
        let args = [
            ("class", Arg::name(class.rsplit('.').next().unwrap_or(class))),
            ("field", Arg::name(fields.join(", "))),
            ("size", Arg::Bytes(sides.iter().map(|(_, side)| side.retained_bytes).sum())),
        ];
        let text = Text::with(if fields.len() > 1 { several } else { one }, args);
        if let Some((_, suspect)) = told.iter_mut().find(|(story, _)| story.held.object == main) {
            suspect.activity.push(text);
        }
    }
}

/// Tells arrays that a method of an object has made to take the place of that object's own, which are shorter, with these: they are the same table.
fn tell_next_size(snapshot: &Snapshot, told: &mut Told) {
    let owners: Vec<(ObjectIx, ObjectIx)> =
        told.iter().filter_map(|both| Some((owner(snapshot, both)?, both.0.held.object))).collect();
    for (of, main) in owners {
        let is_next = |(story, suspect): &(Story, Suspect)| {
            suspect.kind == SuspectKind::Load
                && suspect.rule.is_none()
                && is_in_method_of(snapshot, story, of)
                && are_longer(snapshot, &story.in_hand(), of)
        };
        let (next, others): (Told, Told) = told.drain(..).partition(is_next);
        *told = others;
        let texts = next.iter().filter_map(|(_, next)| {
            let (thread, frame) = next.holder.thread.as_ref().zip(next.holder.frame.as_ref())?;
            let args = [
                ("thread", Arg::name(thread)),
                ("place", Arg::name(frame.to_string())),
                ("size", Arg::Bytes(next.retained_bytes)),
            ];
            Some(Text::with("suspect-next-size", args))
        });
        if let Some((_, suspect)) = told.iter_mut().find(|(story, _)| story.held.object == main) {
            suspect.activity.splice(0..0, texts);
        }
    }
}

/// Whether what a story is about is a variable of a method of that object: one that has the object itself in hand, or makes room by its name.
fn is_in_method_of(snapshot: &Snapshot, story: &Story, object: ObjectIx) -> bool {
    let holder = &story.held.holder;
    let Some(place) = holder.frame.as_ref().filter(|_| holder.threads.is_none()) else { return false };
    let is_of_class = snapshot.classes().is_named(snapshot.class_of(object), &place.class);
    let is_it = |frame: &&StackFrame| report_frame(frame) == *place;
    let has_it = || {
        let thread =
            story.thread().and_then(|thread| snapshot.threads().iter().find(|of| of.object == thread));
        let frame = thread.and_then(|thread| thread.frames.iter().find(is_it));
        frame.is_some_and(|frame| frame.locals.contains(&object))
    };
    is_of_class && (makes_room(&place.method) || has_it())
}

/// Whether these are arrays, most of them by bytes longer than one of the same class that the object has in a field.
fn are_longer(snapshot: &Snapshot, arrays: &[ObjectIx], object: ObjectIx) -> bool {
    let mut own: Vec<ObjectIx> = Vec::new();
    snapshot.links(object, |link, target| {
        if matches!(link, Link::Field { .. }) && snapshot.array_length(target).is_some() {
            own.push(target);
        }
        true
    });
    let is_longer = |&array: &ObjectIx| {
        snapshot.array_length(array).is_some_and(|length| {
            let mut alike = own.iter().filter(|&&own| snapshot.class_of(own) == snapshot.class_of(array));
            alike.any(|&own| {
                own != array && snapshot.array_length(own).is_some_and(|shorter| shorter < length)
            })
        })
    };
    let bytes = |arrays: &[ObjectIx]| arrays.iter().map(|&array| snapshot.shallow_bytes(array)).sum::<u64>();
    let longer: Vec<ObjectIx> = arrays.iter().copied().filter(is_longer).collect();
    !longer.is_empty()
        && arrays.iter().all(|&array| snapshot.class(array).is_array())
        && bytes(&longer) * 2 >= bytes(arrays)
}

/// Tells arrays of one object none of which is to blame as that object.
fn tell_as_one(context: &Context<'_>, told: &mut Told) -> Result<(), InspectError> {
    let snapshot = context.snapshot;
    let of = |both: &(Story, Suspect)| {
        let is_asked = both.1.standing == Standing::Largest && both.1.rule.is_none();
        owner(snapshot, both).filter(|_| is_asked)
    };
    let mut owners: Vec<ObjectIx> = told.iter().filter_map(of).collect();
    owners.sort_unstable();
    let several: Vec<ObjectIx> =
        owners.chunk_by(|a, b| a == b).filter(|alike| alike.len() > 1).map(|alike| alike[0]).collect();
    for object in several {
        if told.iter().any(|(story, _)| story.held.object == object) {
            continue;
        }
        let Some(held) = context.ownership()?.of(object, snapshot.retained_bytes(object)) else { continue };
        let is_part = |both: &(Story, Suspect)| of(both) == Some(object);
        let Some(at) = told.iter().position(is_part) else { continue };
        let (mut parts, others): (Told, Told) = told.drain(..).partition(is_part);
        *told = others;
        let bytes: u64 = parts.iter().map(|(story, _)| story.bytes()).sum();
        let compositions = parts.iter_mut().flat_map(|(_, suspect)| std::mem::take(&mut suspect.composition));
        let composition = added_up(compositions.collect());
        let [_, full_array, full_arrays] = FIXED;
        let is_full = |suspect: &Suspect| suspect.advice.iter().any(|text| text.is_message(full_array));
        let are_full = parts.iter().all(|(_, suspect)| is_full(suspect));
        let (mut story, mut suspect) = parts.remove(0);
        if are_full {
            suspect.advice.retain(|text| !text.is_message(full_array));
            suspect.advice.push(Text::message(full_arrays));
        }
        story.take_in(parts.iter().map(|(part, _)| part), bytes);
        let class = snapshot.class_name(object);
        suspect.title = title(suspect.kind, class, 1, &held.holder);
        suspect.fingerprint = fingerprint(suspect.kind, class, &held.holder);
        suspect.accumulation_point = Some(AccumulationPoint {
            address: snapshot.address_of(object).0,
            class: class.to_owned(),
            field: held.holder.field.clone(),
            elements: 0,
        });
        (suspect.class, suspect.instances, suspect.pattern) = (class.to_owned(), 1, Pattern::BigObject);
        (suspect.retained_bytes, suspect.composition) = (bytes, composition);
        suspect.share = story.share(context.histogram().total().shallow_bytes);
        suspect.path.clone_from(&held.path);
        suspect.root = Some(held.root.clone());
        suspect.holder = held.holder;
        told.insert(at.min(told.len()), (story, suspect));
    }
    Ok(())
}
