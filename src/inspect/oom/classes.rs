//! Who is to blame where the room for classes has run out.
//!
//! How much of the heap a thread holds says nothing then: the room is outside of it, and whoever needs one more class gets the error. What counts is whether
//! the thread was at work with what keeps the class loaders. Cost: the variables of one stack, and the dominators of some loaders.

use super::role::is_held_by;
use super::{is_generating, loaders_that_fill_metaspace};
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::inspect::holders::{is_own_frame, is_thread};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_named};
use crate::report::{OomRole, Suspect, SuspectKind};
use crate::snapshot::{Snapshot, StackFrame, Thread};

/// Culprit: it was making one more of the classes that are too many, or was at work with who keeps them. Otherwise it is not clear. `below` are the frames
/// below the error, `is_filling` says whether it was adding to a suspect.
pub(super) fn role<'s>(
    context: &Context<'_>,
    name: &str,
    thread: &Thread,
    below: &[StackFrame],
    suspects: &'s [Suspect],
    is_filling: impl Fn(&Suspect) -> bool,
) -> (OomRole, Option<&'s Suspect>) {
    let snapshot = context.snapshot;
    let kept = || suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage);
    let loaders = loaders_that_fill_metaspace(context);
    let keeper = kept().find(|suspect| {
        let below = loaders.iter().filter(|&&loader| keeps(snapshot, suspect, loader)).count();
        !loaders.is_empty() && below * 4 >= loaders.len() * 3
    });
    match keeper {
        Some(keeper) if is_held_by(snapshot, thread, name, keeper) => (OomRole::Culprit, None),
        Some(keeper) if is_filling(keeper) || is_at_work(snapshot, below, keeper, &loaders) => {
            (OomRole::Culprit, Some(keeper))
        }
        Some(keeper) => (OomRole::Unknown, Some(keeper)),
        None => match kept().find(|suspect| suspect.kind == SuspectKind::Leak && is_filling(suspect)) {
            Some(suspect) if !suspect.is_ordinary() => (OomRole::Culprit, Some(suspect)),
            _ => (OomRole::Unknown, None),
        },
    }
}

/// Whether a class loader is one of those things that a suspect consists of, or goes with one of them.
fn keeps(snapshot: &Snapshot, suspect: &Suspect, loader: ObjectIx) -> bool {
    const MOST_STEPS: usize = 256;
    let point = suspect.accumulation_point.as_ref().and_then(|point| snapshot.find(ObjectId(point.address)));
    let mut up = std::iter::once(loader).chain(snapshot.dominators().dominators(loader).take(MOST_STEPS));
    up.any(|above| Some(above) == point || snapshot.class_name(above) == suspect.class)
}

/// Whether the thread had one of the things in hand that pile up, was in the code that makes their loaders, or was having a class made by an object on the way
/// to them.
fn is_at_work(snapshot: &Snapshot, below: &[StackFrame], keeper: &Suspect, loaders: &[ObjectIx]) -> bool {
    let is_one = |&local: &ObjectIx| snapshot.class_name(local) == keeper.class;
    // What has a loader of its own has declared its class.
    let maker = loaders.first().and_then(|&loader| snapshot.class_name(loader).split_once('$'));
    let maker = maker.map(|(maker, _)| maker);
    let is_making = |frame: &StackFrame| {
        *frame.class == keeper.class || maker.is_some_and(|maker| *frame.class == *maker)
    };
    if below.iter().any(|frame| is_making(frame) || frame.locals.iter().any(is_one)) {
        return true;
    }
    let on_path = |&local: &ObjectIx| {
        let address = snapshot.address_of(local).0;
        snapshot.mirrored_class(local).is_none()
            && !is_thread(snapshot, local)
            && origin_of_named(snapshot, snapshot.class_name(local)) == Origin::Application
            && keeper.path.iter().any(|step| step.address == address)
    };
    let own = below.iter().find(|frame| is_own_frame(snapshot, frame));
    own.is_some_and(|own| own.locals.iter().any(on_path)) && is_generating(snapshot, below)
}
