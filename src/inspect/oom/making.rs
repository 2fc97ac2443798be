//! Whether a thread that threw was making the next of what fills the heap, or may have been.
//!
//! What is put into a queue is made before, and what makes it has the queue in hand seldom: a sender has the address of an actor, a producer has a service that
//! has the queue. Frames that were compiled keep no variable that is not used any more. So it counts what was being made, and where: the constructor of the
//! class that piles up, a method of the object with the full field, the class whose lambdas pile up. Whoever has something large in hand asked for that.
//! Cost: some hundred objects from the variables of one stack.

use super::{alike, evidence, filling};
use crate::hprof::ObjectId;
use crate::inspect::holders::is_own_frame;
use crate::ix::ObjectIx;
use crate::query::{
    CollectionPart, Origin, Reach, collection_length, elements_of, origin_of_named, thread_task, visit_near,
    visit_part,
};
use crate::report::{Arg, PathStep, Suspect, SuspectKind, Text};
use crate::snapshot::{Snapshot, StackFrame, Thread};
use std::ops::ControlFlow;

/// How far what a thread has in hand is from what piles up: the address of an actor, its cell, its mailbox.
const REACH: Reach = Reach { steps: 3, objects: 256 };
/// Frames of the application that may have been about what was asked for.
const NEAR: usize = 3;

/// Whether it was in a constructor of what piles up, and had in hand what that is put into, or was called by the class that declares the full field; or was making
/// the next one and had in hand whom that is given to.
pub(super) fn is_making(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    let is_called = || below.iter().any(|frame| filling::is_of_itself(frame, suspect));
    is_in_constructor(snapshot, below, suspect)
        && (is_called() || has_it_in_hand(snapshot, thread, below, suspect))
        || is_giving(snapshot, thread, below, suspect)
        || is_giving_to_function(snapshot, thread, below, suspect)
}

/// Whether it may have been making the next one: it was in a constructor of what piles up; or near a method of the class that declares the full field, of
/// the object that has it, or of the class whose lambdas pile up; or a few fields lead from what it has in hand of the application's, or from a statement of the library that keeps it, to what is full. Not if
/// it has something large in hand, was reading or was at work of its own.
pub(super) fn may_be_making(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    if is_in_constructor(snapshot, below, suspect) || may_be_in_constructor(snapshot, below, suspect) {
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
            && !alike::is_apart(snapshot, thread, below, suspect)
            && !near().any(|frame| goes_through_them(snapshot, frame, suspect))
    };
    // A library gives whoever it calls what leads to all of it, as the context of a handler.
    let of_application =
        |&object: &ObjectIx| origin_of_named(snapshot, snapshot.class_name(object)) == Origin::Application;
    let has_service = || {
        let services = in_hand(snapshot, thread, below).into_iter().filter(of_application);
        filling::leads_to_it(snapshot, services, REACH, suspect)
            && !alike::is_apart(snapshot, thread, below, suspect)
    };
    // A constructor of anything else makes something else.
    let makes_another = || {
        let own = below.iter().find(|frame| is_own_frame(snapshot, frame));
        own.is_some_and(|own| &*own.method == "<init>")
    };
    let is_led_to_it = || {
        suspect.kind == SuspectKind::Leak
            && !makes_another()
            && (has_service() || !handles_in_hand(snapshot, below, suspect).is_empty())
            && !near().any(|frame| goes_through_them(snapshot, frame, suspect))
    };
    has_little(snapshot, thread, suspect)
        && !filling::is_reading(below)
        && !does_its_own(snapshot, thread, below, suspect)
        && (makes_lambdas() || is_with_it() || is_led_to_it())
}

/// Whether it holds so little that nothing shows that it was at something else. Who holds more of the heap has asked for something else.
fn has_little(snapshot: &Snapshot, thread: &Thread, suspect: &Suspect) -> bool {
    const LITTLE: u64 = 100;
    snapshot.retained_bytes(thread.object).saturating_mul(LITTLE) <= suspect.retained_bytes
        && evidence::largest_array_of(snapshot, thread).is_none()
}

/// Whether what it asked for shows that it was neither making nor adding: a text of its own that is long already was to become longer, a text was to be printed, or
/// it goes through what is there.
pub(super) fn does_its_own(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    /// What is put somewhere is seldom longer when it is made.
    const LONG: u64 = 64 << 10;
    let is_long = |array: ObjectIx| snapshot.class(array).is_array() && snapshot.shallow_bytes(array) >= LONG;
    let enlarges_own = || super::growing(snapshot, below).is_some() && thread.locals().any(is_long);
    let is_printer = |&local: &ObjectIx| {
        matches!(snapshot.class_name(local), "java.io.PrintStream" | "java.io.PrintWriter")
    };
    let makes_text =
        || super::asking(below).is_some_and(|asking| asking.class.starts_with("java.lang.String"));
    let prints = || {
        let own = below.iter().find(|frame| is_own_frame(snapshot, frame));
        makes_text() && own.is_some_and(|own| own.locals.iter().any(is_printer))
    };
    enlarges_own() || prints() || is_walking(snapshot, below, suspect)
}

/// Whether an iterator that it has in hand is one over what is full, or a collection of the JDK's has called it for each of its elements.
fn is_walking(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    const ITS_COLLECTION: Reach = Reach { steps: 2, objects: 32 };
    let is_walker = |&local: &ObjectIx| {
        let class = snapshot.class_name(local);
        let name = class.strip_prefix("java.util.").unwrap_or_default();
        name.contains("Iterator") || name.contains("Spliterator") || name.ends_with("Itr")
    };
    let walkers = below.iter().flat_map(|frame| frame.locals.iter().copied()).filter(is_walker);
    let calls_for_each =
        |frame: &StackFrame| frame.class.starts_with("java.util.") && frame.method.starts_with("forEach");
    let mut receivers = below.iter().filter(|frame| calls_for_each(frame)).flat_map(|frame| &frame.locals);
    filling::leads_to_it(snapshot, walkers, ITS_COLLECTION, suspect)
        || receivers.any(|&local| filling::is_on_path(snapshot, local, suspect))
}

/// Whether the application's own code asked for an object, in the class around that of what piles up: there the next one is made as a rule.
fn is_where_they_are_made(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let outer = |class: &str| class.split_once('$').map(|(outer, _)| outer.to_owned());
    below.first().is_some_and(|frame| {
        is_own_frame(snapshot, frame)
            && piled_up(snapshot, suspect).filter_map(outer).any(|outer| *frame.class == *outer)
    })
}

/// Whether it was making the next one and had in hand whom that is given to: not the service that it is in, which has other work as well, but the other
/// end of what fills the heap, as the subject of a stream.
fn is_giving(snapshot: &Snapshot, thread: &Thread, below: &[StackFrame], suspect: &Suspect) -> bool {
    /// From the subject of a stream to the buffer of a subscriber: operators, and the short array of these.
    const STREAM: Reach = Reach { steps: 8, objects: 512 };
    let Some(asking) = below.first() else { return false };
    let is_other = |&local: &ObjectIx| {
        let class = snapshot.class_name(local);
        *class != *asking.class && !class.contains("$$Lambda")
    };
    let given = asking.locals.iter().copied().filter(is_other);
    is_where_they_are_made(snapshot, below, suspect)
        && has_little(snapshot, thread, suspect)
        && !is_walking(snapshot, below, suspect)
        && !goes_through_them(snapshot, asking, suspect)
        && filling::leads_through_short_arrays(snapshot, given, STREAM, suspect)
}

/// Whether it was making one more of the maps that pile up in a variable of a Clojure program, and had in hand the function that it is given to: one that is called after
/// what it changes (`register!`), in whose code that variable stands.
fn is_giving_to_function(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    const CHANGES: &str = "_BANG_";
    let [asking, own, ..] = below else { return false };
    let makes_map = &*asking.class == "clojure.lang.RT" && matches!(&*asking.method, "map" | "mapUniqueKeys");
    let is_map = |name: &str| name.ends_with("PersistentArrayMap") || name.ends_with("PersistentHashMap");
    let named = match &suspect.title {
        Text::Message { args, .. } => args.get("element").or_else(|| args.get("class")),
        _ => None,
    };
    let piles_up = matches!(named, Some(Arg::Name(name)) if is_map(name));
    let stands_in = |function: ObjectIx| {
        let class = snapshot.class(function);
        let mut constants = class.statics.iter().filter_map(|field| snapshot.find(field.value.reference()?));
        class.name.ends_with(CHANGES)
            && constants.any(|constant| {
                snapshot.class_name(constant) == "clojure.lang.Var"
                    && filling::is_on_path(snapshot, constant, suspect)
            })
    };
    makes_map
        && piles_up
        && has_little(snapshot, thread, suspect)
        && is_own_frame(snapshot, own)
        && !is_walking(snapshot, below, suspect)
        && own.locals.iter().any(|&local| stands_in(local))
}

/// Whether a frame has an array or a collection in hand, other than that which is full, of what piles up: it goes through what is there.
fn goes_through_them(snapshot: &Snapshot, frame: &StackFrame, suspect: &Suspect) -> bool {
    const LOOKED_AT: usize = 16;
    let is_on_path = |object: ObjectIx| filling::is_on_path(snapshot, object, suspect);
    let is_piled_up =
        |element: &ObjectIx| piled_up(snapshot, suspect).any(|class| snapshot.class_name(*element) == class);
    frame.locals.iter().any(|&local| {
        let has_elements = snapshot.class(local).is_array() || collection_length(snapshot, local).is_some();
        has_elements && !is_on_path(local) && elements_of(snapshot, local, LOOKED_AT).iter().any(is_piled_up)
    })
}

/// The application's classes of which there is about one for each of what piles up, or more: some may be in other hands as well.
fn piled_up<'s>(snapshot: &Snapshot, suspect: &'s Suspect) -> impl Iterator<Item = &'s str> {
    /// Fewer pile up nowhere.
    const MANY: u64 = 64;
    let is_for_each = |instances: u64| instances >= MANY && instances * 10 >= suspect.instances * 9;
    let parts = suspect.composition.iter().filter(move |part| is_for_each(part.instances));
    std::iter::once(&*suspect.class)
        .chain(parts.map(|part| &*part.class))
        .filter(|class| is_object_of_application(snapshot, class))
}

fn is_object_of_application(snapshot: &Snapshot, class: &str) -> bool {
    !class.ends_with("[]") && origin_of_named(snapshot, class) == Origin::Application
}

/// The constructors that the application's innermost frame is in, or was called by, and who has called these.
fn constructors<'f>(
    snapshot: &Snapshot,
    below: &'f [StackFrame],
) -> (impl Iterator<Item = &'f StackFrame>, Option<&'f StackFrame>) {
    let is_other = |frame: &&StackFrame| is_own_frame(snapshot, frame) && &*frame.method != "<init>";
    let end = below.iter().position(|frame| is_other(&frame)).unwrap_or(below.len());
    (below[..end].iter().filter(|frame| &*frame.method == "<init>"), below.get(end))
}

/// Whether the application's innermost frame is a constructor of what piles up, or was called by one.
pub(super) fn is_in_constructor(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let (mut made, _) = constructors(snapshot, below);
    made.any(|frame| piled_up(snapshot, suspect).any(|class| *frame.class == *class))
}

/// Whether it is one of a key, or of what the suspect has thousands of, and was called beside what holds it: whoever only looks something up makes a key as well.
fn may_be_in_constructor(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let (mut made, caller) = constructors(snapshot, below);
    caller.is_some_and(|caller| is_beside_holder(caller, suspect))
        && made.any(|frame| {
            let class = &*frame.class;
            is_object_of_application(snapshot, class)
                && (is_many_of_parts(class, suspect) || is_of_keys(snapshot, class, suspect))
        })
}

/// Whether a frame stands in the class that declares the full field, or in one that is written in the same outermost class: what that makes of what the
/// suspect is made of is for it as a rule.
fn is_beside_holder(frame: &StackFrame, suspect: &Suspect) -> bool {
    let outermost = |class: &str| class.split('$').next().map(str::to_owned);
    let holder = suspect.holder.class.as_deref().filter(|_| suspect.holder.field.is_some());
    holder.is_some_and(|holder| outermost(holder) == outermost(&frame.class))
}

/// Whether there are thousands of a class in the suspect, though fewer than of what is counted: each may have several of that.
fn is_many_of_parts(class: &str, suspect: &Suspect) -> bool {
    const THOUSANDS: u64 = 2000;
    suspect.composition.iter().any(|part| part.class == class && part.instances >= THOUSANDS)
}

/// Whether the keys of the map that fills the heap are of a class: they may belong to others as well, so that they are no part of it.
fn is_of_keys(snapshot: &Snapshot, class: &str, suspect: &Suspect) -> bool {
    const LOOKED_AT: usize = 16;
    let map = suspect.accumulation_point.as_ref().and_then(|point| snapshot.find(ObjectId(point.address)));
    let (mut seen, mut alike) = (0, 0);
    if let Some(map) = map {
        visit_part(snapshot, map, CollectionPart::Keys, &mut |key| {
            seen += 1;
            alike += usize::from(snapshot.class_name(key) == class);
            seen < LOOKED_AT
        });
    }
    alike * 2 > seen
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

/// Whether a few steps lead there from an object of the application that a frame has in hand.
pub(super) fn leads_from(snapshot: &Snapshot, frame: &StackFrame, suspect: &Suspect) -> bool {
    let is_of_application =
        |&object: &ObjectIx| origin_of_named(snapshot, snapshot.class_name(object)) == Origin::Application;
    let services = frame.locals.iter().copied().filter(is_of_application);
    filling::leads_to_it(snapshot, services, REACH, suspect)
}

/// Whether a few steps lead from what it has in hand to what most of it is below: what stands before that on the path leads to everything.
fn has_it_in_hand(snapshot: &Snapshot, thread: &Thread, below: &[StackFrame], suspect: &Suspect) -> bool {
    filling::leads_to_it(snapshot, in_hand(snapshot, thread, below), REACH, suspect)
}

/// The objects that the application's innermost frame has of the library that keeps it all, as a statement or a connection, from which a few fields lead to an object of
/// that library on the path, as the database: that has hardly anything else to do for it.
fn handles_in_hand(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> Vec<ObjectIx> {
    /// By such things one writes.
    const HANDLES: [&str; 6] = ["Connection", "Producer", "Session", "Statement", "Transaction", "Writer"];
    let of_library = |class: &str| origin_of_named(snapshot, class) == Origin::Library;
    let holder = suspect.holder.class.as_deref().filter(|class| of_library(class));
    let own = below.iter().find(|frame| is_own_frame(snapshot, frame));
    let (Some(holder), Some(own)) = (holder, own) else { return Vec::new() };
    let is_of_it = |object: ObjectIx, of: &str| {
        let class = snapshot.class_name(object);
        filling::is_plain(snapshot, object) && of_library(class) && filling::is_one_library(class, of)
    };
    let on_path = suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
    let inner: Vec<ObjectIx> = on_path.filter(|&object| is_of_it(object, holder)).collect();
    let is_handle = |&local: &ObjectIx| {
        let is_called_so = || HANDLES.iter().any(|name| snapshot.class_name(local).contains(name));
        inner.iter().any(|&object| is_of_it(local, snapshot.class_name(object))) && is_called_so()
    };
    let leads_there = |&handle: &ObjectIx| {
        let mut is_found = false;
        visit_near(
            snapshot,
            [handle],
            REACH,
            |object| filling::is_plain(snapshot, object),
            |object| {
                is_found = inner.contains(&object);
                if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        is_found
    };
    own.locals.iter().copied().filter(is_handle).filter(leads_there).collect()
}

/// Whether one of these is a statement that puts rows into a table: what is made beside it, as a rule, goes with it.
pub(super) fn has_insert_in_hand(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    /// Where drivers keep the text of a statement: HSQLDB and SQLite, H2, Derby.
    const TEXTS: [&str; 4] = ["sql", "sqlStatement", "SQLText", "originalSql"];
    let inserts = |text: String| {
        let word = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        matches!(&*word, "insert" | "merge" | "replace" | "upsert")
    };
    let is_insert =
        |handle: ObjectIx| TEXTS.iter().any(|field| snapshot.text_field(handle, field).is_some_and(inserts));
    handles_in_hand(snapshot, below, suspect).into_iter().any(is_insert)
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

/// The object that keeps nearly all of it and hardly anything else, if the application's innermost method is one of its own that does not only look at what there is: what
/// such an object asks for is for what it keeps as a rule.
pub(super) fn is_in_what_keeps_it(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<ObjectIx> {
    /// From it to the object with the full field.
    const STEPS: usize = 1;
    let own = below.iter().find(|frame| is_own_frame(snapshot, frame))?;
    let is_its_work = !own.method.starts_with('<')
        && !own.method.starts_with("lambda$")
        && !matches!(&*own.method, "main" | "run" | "call" | "accept" | "apply")
        && !alike::reads(&own.method);
    if suspect.kind != SuspectKind::Leak || !is_its_work {
        return None;
    }
    let declaring = suspect.path.iter().position(|step| filling::is_declaring(snapshot, step, suspect))?;
    let near = &suspect.path[declaring.saturating_sub(STEPS)..=declaring];
    let keeps_it = |object: ObjectIx| keeps_nearly_only_it(snapshot, object, suspect);
    let on_path = near.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
    let keeper = on_path.filter(|&object| keeps_it(object)).find(|&object| {
        own.locals.contains(&object) && snapshot.classes().is_named(snapshot.class_of(object), &own.class)
    })?;
    let is_at_it = has_little(snapshot, thread, suspect)
        && !filling::is_reading(below)
        && !does_its_own(snapshot, thread, below, suspect)
        && !goes_through_them(snapshot, own, suspect);
    is_at_it.then_some(keeper)
}

/// Whether an object keeps nearly all of what piles up, and little besides.
pub(super) fn keeps_nearly_only_it(snapshot: &Snapshot, object: ObjectIx, suspect: &Suspect) -> bool {
    let (kept, all) = (snapshot.retained_bytes(object), suspect.retained_bytes);
    filling::is_plain(snapshot, object) && kept * 10 >= all * 9 && kept * 10 <= all * 12
}

/// Whether a class of the application's is one of what piles up, or of what there is about one of for each.
pub(super) fn is_one_of_piled_up(snapshot: &Snapshot, class: &str, suspect: &Suspect) -> bool {
    piled_up(snapshot, suspect).any(|piled_up| piled_up == class)
}
