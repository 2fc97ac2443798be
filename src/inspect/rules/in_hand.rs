//! What running threads have in hand: a connection that no thread has was taken and never given back, one that a thread has is in use.
//! And what they have on their stacks: whose methods they are in, or what these were called with.
//!
//! All of it is found once for a snapshot: rules ask about each of many objects.

use crate::inspect::holders::is_own_frame;
use crate::inspect::threads::{IDLE, READING, TAKES, what};
use crate::ix::ObjectIx;
use crate::query::{
    Origin, few_elements, led_to, origin_of, origin_of_named, thread_locals, unmounted_threads,
    values_of_thread_locals,
};
use crate::snapshot::{Snapshot, StackFrame};
use hashbrown::{HashMap, HashSet};

/// How many virtual threads the dump leaves out.
struct LeftOut(u64);
/// What threads have in hand that are at work.
struct InHand(HashSet<ObjectIx>);
/// What threads read from the network with.
struct Read(HashSet<ObjectIx>);
/// Variables of all threads.
struct OnStacks(HashSet<ObjectIx>);

/// How many virtual threads run whose stacks the dump leaves out. Cost: a look at the class of each object, once.
pub(super) fn left_out(snapshot: &Snapshot) -> u64 {
    let count = |snapshot: &Snapshot| unmounted_threads(snapshot).map_or(0, |left_out| left_out.count);
    snapshot.remember(|snapshot| LeftOut(count(snapshot))).0
}

/// How many of `objects` threads have in hand that are at work: by their variables and what these lead to, or by a transaction in a thread-local. What a
/// thread that waits for work has left in one was forgotten there. `None` where the dump leaves stacks of virtual threads out: nobody knows what these
/// have. Cost: once the variables of all threads, and what they refer to.
pub(super) fn count(snapshot: &Snapshot, objects: &[ObjectIx]) -> Option<usize> {
    if left_out(snapshot) > 0 {
        return None;
    }
    let found = snapshot.remember(|snapshot| InHand(led_to(snapshot, at_work(snapshot).into_iter())));
    Some(among(objects, &found.0))
}

/// How many of `objects` are what threads read from the network with: those that the frames of the driver have in hand, into which the application has
/// called. What a thread has besides that calls somebody else is not waited for. Cost: as of [`count`].
pub(super) fn reading(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    let found = snapshot.remember(|snapshot| {
        let reads = snapshot.threads().iter().filter(|thread| what(&thread.frames) == Some(READING));
        let called = reads.flat_map(|thread| {
            let frames = thread.frames.iter().take_while(|frame| !is_own_frame(snapshot, frame));
            frames.flat_map(|frame| frame.locals.iter().copied())
        });
        Read(led_to(snapshot, called))
    });
    among(objects, &found.0)
}

/// How many of `objects` are variables of threads themselves. Cost: once the variables of all stacks.
pub(super) fn on_stacks(snapshot: &Snapshot, objects: &[ObjectIx]) -> usize {
    let locals = |snapshot: &Snapshot| snapshot.threads().iter().flat_map(|thread| thread.locals()).collect();
    let found = snapshot.remember(|snapshot| OnStacks(locals(snapshot)));
    among(objects, &found.0)
}

fn among(objects: &[ObjectIx], found: &HashSet<ObjectIx>) -> usize {
    let those: HashSet<ObjectIx> = objects.iter().copied().filter(|object| found.contains(object)).collect();
    those.len()
}

/// The variables of all threads, and what threads have in thread-locals that do not wait for work. Of variables of the application's methods that are
/// collections the elements too, and of objects that one thread alone has there those of the collections in their fields: what several have is a service,
/// which may keep what is never given back. A collection of a library is where a pool has what it lends.
fn at_work(snapshot: &Snapshot) -> Vec<ObjectIx> {
    let mut all: Vec<ObjectIx> = Vec::new();
    let mut collections: HashSet<ObjectIx> = HashSet::new();
    let mut tables: HashSet<ObjectIx> = HashSet::new();
    let mut threads_of: HashMap<ObjectIx, u32> = HashMap::new();
    for thread in snapshot.threads() {
        all.extend(thread.locals());
        let own: Vec<&StackFrame> =
            thread.frames.iter().filter(|frame| is_own_frame(snapshot, frame)).collect();
        let locals: HashSet<ObjectIx> = own.iter().flat_map(|frame| frame.locals.iter().copied()).collect();
        for local in locals {
            *threads_of.entry(local).or_default() += 1;
            if collections.insert(local) {
                all.extend(few_elements(snapshot, local));
            }
        }
        if !own.is_empty()
            && !waits_for_work(snapshot, &thread.frames)
            && thread_locals(snapshot, thread.object).is_some_and(|table| tables.insert(table))
        {
            all.extend(values_of_thread_locals(snapshot, thread.object));
        }
    }
    let is_own = |object: ObjectIx| {
        !snapshot.class(object).is_array()
            && snapshot.mirrored_class(object).is_none()
            && origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
    };
    for object in threads_of.into_iter().filter_map(|(object, threads)| (threads == 1).then_some(object)) {
        if is_own(object) {
            let fields = snapshot.references().of(object).filter(|&field| collections.insert(field));
            all.extend(fields.flat_map(|field| few_elements(snapshot, field)));
        }
    }
    all
}

/// Whether a thread is an idle one of a pool, or a worker of the application's own that waits at its queue. One that does so within a transaction has methods
/// of the library below that has begun it.
fn waits_for_work(snapshot: &Snapshot, frames: &[StackFrame]) -> bool {
    let doing = what(frames);
    let takes_itself = || {
        let own = frames.iter().position(|frame| is_own_frame(snapshot, frame))?;
        let called = &frames[own.checked_sub(1)?];
        let is_take =
            called.class.ends_with("Queue") && matches!(&*called.method, "take" | "poll" | "remove");
        let is_below_library =
            frames[own..].iter().any(|frame| origin_of_named(snapshot, &frame.class) == Origin::Library);
        Some(is_take && !is_below_library)
    };
    doing == Some(IDLE) || doing == Some(TAKES) && takes_itself() == Some(true)
}
