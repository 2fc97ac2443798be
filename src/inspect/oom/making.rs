//! Whether a thread that threw was making the next of what fills the heap, or may have been.
//!
//! What is put into a queue is made before, and what makes it has the queue in hand seldom: a sender has the address of an actor, a producer has a service that
//! has the queue. Frames that were compiled keep no variable that is not used any more. So it counts what was being made, and where: the constructor of the
//! class that piles up, a method of the object with the full field, the class whose lambdas pile up. Whoever has something large in hand asked for that.
//! Cost: some hundred objects from the variables of one stack.

use super::{evidence, filling};
use crate::hprof::ObjectId;
use crate::inspect::holders::is_own_frame;
use crate::ix::ObjectIx;
use crate::query::{Origin, Reach, collection_length, elements_of, origin_of_named, thread_task, visit_near};
use crate::report::{PathStep, Suspect};
use crate::snapshot::{Snapshot, StackFrame, Thread};
use std::ops::ControlFlow;

/// How far what a thread has in hand is from what piles up: the address of an actor, its cell, its mailbox.
const REACH: Reach = Reach { steps: 3, objects: 256 };
/// Frames of the application that may have been about what was asked for.
const NEAR: usize = 3;

/// Whether it was in a constructor of what piles up, and had in hand what that is put into, or was called by the class that declares the full field.
pub(super) fn is_making(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    let is_called = || below.iter().any(|frame| filling::is_of_itself(frame, suspect));
    is_in_constructor(snapshot, below, suspect)
        && (is_called() || has_it_in_hand(snapshot, thread, below, suspect))
}

/// Whether it may have been making the next one: it was in a constructor of what piles up; or near a method of the class that declares the full field, of
/// the object that has it, or of the class whose lambdas pile up, and has nothing large in hand. Not if it was reading.
pub(super) fn may_be_making(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    /// Who holds more of the heap has asked for something else.
    const LITTLE: u64 = 100;
    if is_in_constructor(snapshot, below, suspect) {
        return true;
    }
    let near = || below.iter().filter(|frame| is_own_frame(snapshot, frame)).take(NEAR);
    let makes_lambdas = || {
        let of_lambdas = piled_up(snapshot, suspect)
            .find_map(|class| class.split_once("$$Lambda"))
            .map(|(class, _)| class);
        of_lambdas.is_some_and(|class| near().any(|frame| *frame.class == *class))
    };
    let is_with_it = || {
        near().any(|frame| filling::is_of_itself(frame, suspect))
            && has_declaring_in_hand(snapshot, thread, below, suspect)
            && !near().any(|frame| goes_through_them(snapshot, frame, suspect))
    };
    let has_little = snapshot.retained_bytes(thread.object).saturating_mul(LITTLE) <= suspect.retained_bytes
        && evidence::largest_array_of(snapshot, thread).is_none();
    has_little && !filling::is_reading(below) && (makes_lambdas() || is_with_it())
}

/// Whether a frame has an array or a collection in hand, other than that which is full, of what piles up: it goes through what is there.
fn goes_through_them(snapshot: &Snapshot, frame: &StackFrame, suspect: &Suspect) -> bool {
    const LOOKED_AT: usize = 16;
    let is_on_path = |object: ObjectIx| {
        let address = snapshot.address_of(object).0;
        suspect.path.iter().any(|step| step.address == address)
    };
    let is_piled_up =
        |element: &ObjectIx| piled_up(snapshot, suspect).any(|class| snapshot.class_name(*element) == class);
    frame.locals.iter().any(|&local| {
        let has_elements = snapshot.class(local).is_array() || collection_length(snapshot, local).is_some();
        has_elements && !is_on_path(local) && elements_of(snapshot, local, LOOKED_AT).iter().any(is_piled_up)
    })
}

/// The application's classes of which there is one for each of what piles up, or more.
fn piled_up<'s>(snapshot: &Snapshot, suspect: &'s Suspect) -> impl Iterator<Item = &'s str> {
    /// Fewer pile up nowhere.
    const MANY: u64 = 64;
    let parts = suspect.composition.iter();
    let parts = parts.filter(|part| part.instances >= suspect.instances.max(MANY)).map(|part| &*part.class);
    let of_application =
        |class: &&str| !class.ends_with("[]") && origin_of_named(snapshot, class) == Origin::Application;
    std::iter::once(&*suspect.class).chain(parts).filter(of_application)
}

/// Whether the application's innermost frame is a constructor of what piles up, or was called by one.
fn is_in_constructor(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let is_other = |frame: &&StackFrame| is_own_frame(snapshot, frame) && &*frame.method != "<init>";
    let mut made =
        below.iter().take_while(|frame| !is_other(frame)).filter(|frame| &*frame.method == "<init>");
    made.any(|frame| piled_up(snapshot, suspect).any(|class| *frame.class == *class))
}

/// What the methods of the application that it is in have in variables, and what it was started with.
fn in_hand(snapshot: &Snapshot, thread: &Thread, below: &[StackFrame]) -> Vec<ObjectIx> {
    let own = below.iter().filter(|frame| origin_of_named(snapshot, &frame.class) == Origin::Application);
    let locals = own.flat_map(|frame| frame.locals.iter().copied());
    // The worker of a pool leads to all that the pool has.
    let task = thread_task(snapshot, thread.object);
    let task =
        task.filter(|&task| origin_of_named(snapshot, snapshot.class_name(task)) == Origin::Application);
    locals.chain(task).filter(|&object| filling::is_plain(snapshot, object)).collect()
}

/// Whether a few steps lead from what it has in hand to what most of it is below: what stands before that on the path leads to everything.
fn has_it_in_hand(snapshot: &Snapshot, thread: &Thread, below: &[StackFrame], suspect: &Suspect) -> bool {
    filling::leads_to_it(snapshot, in_hand(snapshot, thread, below), REACH, suspect)
}

/// Whether it has the object with the full field in hand, or in what it was started with.
fn has_declaring_in_hand(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    const CAPTURED: Reach = Reach { steps: 1, objects: 64 };
    let is_declaring = |step: &&PathStep| filling::is_declaring(snapshot, step, suspect);
    let declaring =
        suspect.path.iter().find(is_declaring).and_then(|step| snapshot.find(ObjectId(step.address)));
    let Some(declaring) = declaring.filter(|&object| filling::is_plain(snapshot, object)) else {
        return false;
    };
    let mut is_found = false;
    let leads_on = |object| snapshot.class_name(object).contains("$$Lambda");
    visit_near(snapshot, in_hand(snapshot, thread, below), CAPTURED, leads_on, |object| {
        is_found = object == declaring;
        if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    is_found
}
