//! What a running call is at work with, though the JDK has noted it in a table of its own meanwhile, as it does the XML reader of a transformation with those
//! that are in use: the table lets go of it when the call ends, and what hangs on it is the call's.
//!
//! Owns the question whether a table of the JDK's is the only lasting thing that leads to something, by an object in one of whose methods a thread is. Who
//! has it in hand then is found by [`Ownership`]. Cost: nothing in the ordinary case; otherwise one search for paths for all that is in doubt.

use super::elements::is_plumbing;
use super::past::Place;
use super::story::same_holder;
use crate::hprof::ObjectId;
use crate::inspect::holders::{Held, Ownership, is_thread};
use crate::ix::ObjectIx;
use crate::query::{Origin, collection_length, origin_of};
use crate::report::SuspectKind;
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashMap;

/// Objects of a group for which it is asked who has them in hand.
const LOOKED_AT: usize = 8;

/// What a table has noted.
#[derive(Debug, Clone, Copy)]
struct Noted {
    table: ObjectIx,
    object: ObjectIx,
    /// The thread in one of its methods.
    thread: ObjectIx,
}

/// Gives what calls are at work with to these calls.
///
/// # Errors
/// No memory and no scratch space.
pub(super) fn look(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    places: &mut [Place],
) -> Result<(), SnapshotError> {
    let noted: Vec<Option<Noted>> = places.iter().map(|place| noted(snapshot, &place.held)).collect();
    let mut tables: Vec<ObjectIx> = noted.iter().flatten().map(|noted| noted.table).collect();
    if tables.is_empty() {
        return Ok(());
    }
    tables.extend(noted.iter().flatten().flat_map(|noted| entries_of_thread(snapshot, noted)));
    tables.sort_unstable();
    tables.dedup();
    let asked = |place: &Place| -> Vec<ObjectIx> {
        let samples = place.part.samples().iter().copied().take(LOOKED_AT);
        place.part.object().into_iter().chain(samples).collect()
    };
    let doubtful = places.iter().zip(&noted).filter(|(_, noted)| noted.is_some());
    let objects: Vec<ObjectIx> = doubtful.flat_map(|(place, _)| asked(place)).collect();
    let in_hand: HashMap<ObjectIx, Held> = ownership.in_hand_past(&tables, &objects)?.into_iter().collect();
    for (place, noted) in places.iter_mut().zip(noted) {
        let Some(Noted { thread, .. }) = noted else { continue };
        let held: Option<Vec<&Held>> = asked(place).iter().map(|object| in_hand.get(object)).collect();
        let Some([first, others @ ..]) = held.as_deref() else { continue };
        let is_of_thread =
            first.path.first().is_some_and(|step| step.address == snapshot.address_of(thread).0);
        if is_of_thread && others.iter().all(|other| same_holder(other, first)) {
            place.held = (*first).clone();
        }
    }
    Ok(())
}

/// The table by which a static field of the JDK's leads to something, if a thread is in a method of what it has noted.
fn noted(snapshot: &Snapshot, held: &Held) -> Option<Noted> {
    let mut steps = held.path.iter().map(|step| snapshot.find(ObjectId(step.address)));
    let class = snapshot.mirrored_class(steps.next()??)?;
    if held.kind != SuspectKind::Leak || origin_of(snapshot, class) != Origin::Jdk {
        return None;
    }
    let is_of_jdk = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object)) == Origin::Jdk;
    let mut on_the_way = steps.map_while(|step| step.filter(|&object| is_of_jdk(object)));
    let table = on_the_way.find(|&object| collection_length(snapshot, object).is_some())?;
    let below = held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
    let mut below = below.skip_while(|&object| object != table).skip(1);
    let noted = below.find(|&object| !is_plumbing(snapshot, object))?;
    // A collection in a collection, or a worker of an executor, is there for good.
    if snapshot.class_name(noted).starts_with("java.util.") || is_thread(snapshot, noted) {
        return None;
    }
    let class = snapshot.class_of(noted);
    let threads = snapshot.threads().iter();
    let at_it = threads.filter(|thread| {
        let mut frames = thread.frames.iter();
        frames.any(|frame| frame.locals.contains(&noted) && snapshot.classes().is_named(class, &frame.class))
    });
    let mut at_it = at_it.map(|thread| thread.object);
    let thread = at_it.next()?;
    at_it.next().is_none().then_some(Noted { table, object: noted, thread })
}

/// The entries by which the JDK has noted the same in the thread-locals of the thread, to use it again: itself, or in an object of its own.
fn entries_of_thread(snapshot: &Snapshot, noted: &Noted) -> Vec<ObjectIx> {
    let entries = snapshot.follow_all(noted.thread, &["threadLocals", "table"]);
    let entries = entries.into_iter().flat_map(|table| snapshot.references().of(table));
    let is_of_jdk = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object)) == Origin::Jdk;
    let is_it = |value: ObjectIx| {
        let leads_there =
            || is_of_jdk(value) && snapshot.references().of(value).any(|target| target == noted.object);
        value == noted.object || leads_there()
    };
    entries.filter(|&entry| snapshot.follow(entry, "value").is_some_and(is_it)).collect()
}
