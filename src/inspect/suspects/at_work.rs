//! What a running call is at work with, though it is noted in a table meanwhile: by the JDK, as the XML reader of a transformation is with those that are in use, or by the
//! application, as a job is in the list of those that run. The table lets go of it when the call ends, and what hangs on it is the call's.
//!
//! Owns the question whether such a table is the only lasting thing that leads to something, by an object in one of whose methods a thread is. A table of the application's is one
//! only where each of its few entries is in the hands of a thread of its own that a pool has given it as its task. Who
//! has it in hand then is found by [`Ownership`]. Cost: nothing in the ordinary case; otherwise one search for paths for all that is in doubt.

use super::elements::is_plumbing;
use super::past::Place;
use super::story::same_holder;
use crate::hprof::ObjectId;
use crate::inspect::holders::{Held, Ownership, is_own_frame, is_thread};
use crate::ix::ObjectIx;
use crate::query::{CollectionPart, Origin, collection_length, origin_of, visit_part};
use crate::report::{Holder, HolderKind, SuspectKind};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame, Thread};
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
    /// Whether the table is the application's own.
    is_own: bool,
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
    let noted = |place: &Place| noted(snapshot, &place.held).or_else(|| registered(snapshot, &place.held));
    let noted: Vec<Option<Noted>> = places.iter().map(noted).collect();
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
    let of_jobs = noted.iter().flatten().filter(|noted| noted.is_own).map(|noted| noted.object);
    let objects: Vec<ObjectIx> = doubtful.flat_map(|(place, _)| asked(place)).chain(of_jobs).collect();
    let in_hand: HashMap<ObjectIx, Held> = ownership.in_hand_past(&tables, &objects)?.into_iter().collect();
    for (place, noted) in places.iter_mut().zip(noted) {
        let Some(Noted { thread, table, object, is_own }) = noted else { continue };
        let held: Option<Vec<&Held>> = asked(place).iter().map(|object| in_hand.get(object)).collect();
        let Some([first, others @ ..]) = held.as_deref() else { continue };
        let is_of_thread =
            first.path.first().is_some_and(|step| step.address == snapshot.address_of(thread).0);
        if is_of_thread && others.iter().all(|other| same_holder(other, first)) {
            let registry = if is_own { field_with(&place.held, snapshot.address_of(table).0) } else { None };
            // Of a job all goes with the job, whatever fields of it have it.
            let job = in_hand.get(&object).filter(|job| is_own && same_holder(job, first));
            place.held = Held { registry, ..job.unwrap_or(first).clone() };
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
    at_it.next().is_none().then_some(Noted { table, object: noted, thread, is_own: false })
}

/// The list of what is running by which the application leads to something, if a thread is at work with it.
fn registered(snapshot: &Snapshot, held: &Held) -> Option<Noted> {
    /// What is kept in a table of more than that is not what runs.
    const MOST_RUNNING: u64 = 64;
    if held.kind != SuspectKind::Leak || held.origin == Origin::Jdk {
        return None;
    }
    let on_the_way: Vec<ObjectIx> =
        held.path.iter().map_while(|step| snapshot.find(ObjectId(step.address))).collect();
    let is_table = |&object: &ObjectIx| {
        let length = collection_length(snapshot, object);
        !snapshot.class(object).is_array()
            && length.is_some_and(|length| (1..=MOST_RUNNING).contains(&length))
    };
    let at = on_the_way.iter().position(is_table)?;
    let table = on_the_way[at];
    let object = *on_the_way[at + 1..].iter().find(|&&object| !is_plumbing(snapshot, object))?;
    if origin_of(snapshot, snapshot.class_of(object)) != Origin::Application || is_thread(snapshot, object) {
        return None;
    }
    let mut entries = Vec::new();
    visit_part(snapshot, table, CollectionPart::Values, &mut |entry| {
        entries.push(entry);
        entries.len() as u64 <= MOST_RUNNING
    });
    if !entries.contains(&object) {
        return None;
    }
    let mut threads: Vec<&Thread> =
        entries.iter().map(|&entry| thread_with(snapshot, entry)).collect::<Option<_>>()?;
    let thread = thread_with(snapshot, object)?;
    let are_tasks = entries.iter().zip(&threads).all(|(&entry, thread)| is_task(snapshot, entry, thread));
    threads.sort_unstable_by_key(|thread| thread.object);
    threads.dedup_by_key(|thread| thread.object);
    let are_apart = threads.len() == entries.len();
    (are_tasks && are_apart).then_some(Noted { table, object, thread: thread.object, is_own: true })
}

/// The only thread with a method of the application's that has an object in hand.
fn thread_with(snapshot: &Snapshot, object: ObjectIx) -> Option<&Thread> {
    let has_it = |thread: &&Thread| {
        thread.frames.iter().any(|frame| is_own_frame(snapshot, frame) && frame.locals.contains(&object))
    };
    let mut threads = snapshot.threads().iter().filter(has_it);
    threads.next().filter(|_| threads.next().is_none())
}

/// Whether all that the application does on a thread is a method of that object, and a pool has given it to the thread: that ends. What a thread was started with may
/// go on for good, and so may what is run again and again.
fn is_task(snapshot: &Snapshot, object: ObjectIx, thread: &Thread) -> bool {
    let is_own = |frame: &StackFrame| is_own_frame(snapshot, frame) && !frame.method.starts_with("lambda$");
    let Some(outermost) = thread.frames.iter().rposition(is_own) else { return false };
    let is_of_pool = |frame: &StackFrame| {
        frame.class.starts_with("java.util.concurrent.")
            && matches!(&*frame.method, "run" | "runWorker" | "exec" | "doExec")
    };
    let is_again = |frame: &StackFrame| frame.method.starts_with("runAndReset");
    // What waits for something to do does so for good.
    let waits = |frame: &StackFrame| {
        let takes = matches!(&*frame.method, "take" | "poll" | "await" | "select" | "accept");
        takes && (frame.class.starts_with("java.") || frame.class.starts_with("sun.nio."))
    };
    let below = &thread.frames[outermost + 1..];
    snapshot.classes().is_named(snapshot.class_of(object), &thread.frames[outermost].class)
        && below.iter().any(is_of_pool)
        && !below.iter().any(is_again)
        && !thread.frames[..outermost].iter().any(waits)
}

/// The field by which a path leads to an object.
fn field_with(held: &Held, address: u64) -> Option<Holder> {
    let at = held.path.iter().position(|step| step.address == address)?;
    let step = held.path.get(at.checked_sub(1)?)?;
    let field = step.field.as_deref()?;
    Some(Holder::of_field(HolderKind::InstanceField, &step.class, field))
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
