//! Whether a thread was adding to what fills the heap when it threw.
//!
//! That a class of its stack declares the full field proves little: a service with a cache does other work, too. What counts is that the thread
//! had the collection in hand, was inside of one that the declaring class had called, or had made an object of the kind that piles up and not
//! yet put it there. Cost: the variables of one stack, and their dominators.

use crate::hprof::ObjectId;
use crate::inspect::holders::is_own_frame;
use crate::ix::ObjectIx;
use crate::query::{
    Origin, Reach, collection_length, elements_of, instances_of, is_of_collections, library_of, loaded_from,
    origin_of, origin_of_named, value_in_thread, visit_near,
};
use crate::report::{HolderKind, PathStep, Share, Suspect};
use crate::snapshot::{Snapshot, StackFrame, Thread};
use hashbrown::HashSet;
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// See the module.
pub(super) fn is_at_it(snapshot: &Snapshot, thread: &Thread, suspect: &Suspect) -> bool {
    let frames = &thread.frames;
    // The object with the field is in hand whatever its methods do.
    let is_declaring = |step: &PathStep| is_declaring(snapshot, step, suspect);
    let collection = suspect.path.iter().position(is_declaring).map_or(0, |at| at + 1);
    let has_one_of = |frame: &StackFrame, steps: &[PathStep]| {
        let is_in = |&local: &ObjectIx| steps.iter().any(|step| step.address == snapshot.address_of(local).0);
        frame.locals.iter().any(is_in)
    };
    // The path is that of one thread. Of a thread-local each has a value of its own.
    let own = own_value(snapshot, thread, suspect);
    let has_own = |frame: &StackFrame| own.is_some_and(|own| frame.locals.contains(&own));
    let has_it = |frame: &StackFrame| {
        has_one_of(frame, &suspect.path[collection..])
            || (is_adding(&frame.method) && (has_one_of(frame, &suspect.path) || has_own(frame)))
    };
    let places = (0..frames.len()).filter(|&at| is_of_holder(&frames[at], suspect));
    let mut places = places.map(|at| (at, &frames[..at]));
    places.any(|(at, inner)| {
        let adds_to_it = |called: &StackFrame| {
            let is_receiver =
                |&&local: &&ObjectIx| snapshot.classes().is_named(snapshot.class_of(local), &called.class);
            // The class may have other collections, as a queue that the thread puts its work into.
            let mut receivers = called.locals.iter().filter(is_receiver).peekable();
            (called.class.starts_with("java.util.") || is_of_collections(&called.class))
                && is_adding(&called.method)
                && (receivers.peek().is_none() || has_one_of(called, &suspect.path) || has_own(called))
        };
        let adds = is_of_itself(&frames[at], suspect) && inner.last().is_some_and(adds_to_it);
        adds || (!is_reading(&frames[..=at]) && frames[..=at].iter().any(&has_it))
            || inner
                .iter()
                .chain([&frames[at]])
                .any(|frame| frame.locals.iter().any(|&local| is_new(snapshot, thread, local, suspect)))
    })
}

/// Whether a step of the path is the object with the full field.
pub(super) fn is_declaring(snapshot: &Snapshot, step: &PathStep, suspect: &Suspect) -> bool {
    let Some(class) = suspect.holder.class.as_deref() else { return false };
    let is_of_class = |object| snapshot.classes().is_named(snapshot.class_of(object), class);
    step.field.is_some()
        && step.field == suspect.holder.field
        && (step.class == class || snapshot.find(ObjectId(step.address)).is_some_and(is_of_class))
}

/// What the thread itself has in the thread-local whose values fill the heap.
fn own_value(snapshot: &Snapshot, thread: &Thread, suspect: &Suspect) -> Option<ObjectIx> {
    let holder = &suspect.holder;
    let (class, field) = (holder.class.as_deref()?, holder.field.as_deref()?);
    if holder.kind != HolderKind::ThreadLocal {
        return None;
    }
    let key = snapshot.static_reference(class, field)?;
    value_in_thread(snapshot, thread.object, key)
}

/// Whether a class of the stack declares the field that is full.
pub(super) fn is_in_its_class(thread: &Thread, suspect: &Suspect) -> bool {
    thread.frames.iter().any(|frame| is_of_itself(frame, suspect))
}

/// Whether the code that threw, or what had called it, stands in the class that declares the field that is full. `below` are the frames below the error. A lambda
/// that is called from elsewhere, as one that a thread was started with, says only where it was made.
pub(super) fn is_at_its_class(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let is_own = |frame: &&StackFrame| is_own_frame(snapshot, frame);
    let is_lambda = |frame: &StackFrame| frame.method.starts_with("lambda$");
    let is_method = |frame: &StackFrame| is_of_itself(frame, suspect) && !is_lambda(frame);
    let near = below.iter().filter(is_own).take(2);
    let mut near = near.filter(|frame| is_of_itself(frame, suspect));
    near.any(|frame| !is_lambda(frame) || below.iter().any(is_method))
}

/// Whether the application had just called into the library that keeps it: whoever calls a library may have it keep more. What stands below the
/// application's own code, as a server does that calls it, says nothing. `below` are the frames below the error.
pub(super) fn is_in_its_library(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let origin = |class: &str| origin_of_named(snapshot, class);
    let called: Vec<&StackFrame> =
        below.iter().take_while(|frame| origin(&frame.class) != Origin::Application).collect();
    let holder = suspect.holder.class.as_deref().filter(|_| suspect.holder.field.is_some());
    // The application may hold what the library keeps it in. A server's own thread does other work.
    let is_called = called.len() < below.len();
    let kept_in = suspect.accumulation_point.as_ref().map(|point| &*point.class);
    let of_library = [kept_in, Some(&*suspect.class)].map(|class| class.filter(|_| is_called));
    let mut keeping = [holder].into_iter().chain(of_library).flatten();
    holder.is_some()
        && keeping.any(|keeping| {
            let is_of_it = |frame: &&StackFrame| {
                is_one_library(keeping, &frame.class)
                    && (is_called || is_one_archive(snapshot, keeping, &frame.class))
            };
            origin(keeping) == Origin::Library && called.iter().any(is_of_it)
        })
}

/// Whether the application's innermost frame, or what it called, has a part of the suspect in hand, or what has such a part in a field: the sink of a
/// stream rather than its buffer.
pub(super) fn has_part_in_hand(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    const REACH: Reach = Reach { steps: 2, objects: 256 };
    const PART: u64 = 16;
    let is_own = |frame: &StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let Some(own) = below.iter().position(is_own) else { return false };
    let is_thread =
        |object: ObjectIx| snapshot.classes().is_named(snapshot.class_of(object), "java.lang.Thread");
    // What holds all of it, as a service does, is in hand for other work as well.
    let is_part = |object: ObjectIx| {
        let retained = snapshot.retained_bytes(object);
        let is_on_path = || suspect.path.iter().any(|step| step.class == snapshot.class_name(object));
        retained.saturating_mul(PART) >= suspect.retained_bytes
            && retained * 2 <= suspect.retained_bytes
            && origin_of(snapshot, snapshot.class_of(object)) == Origin::Library
            && is_on_path()
    };
    let locals = below[..=own].iter().flat_map(|frame| frame.locals.iter().copied());
    let from: Vec<ObjectIx> = locals.filter(|&local| !is_thread(local)).collect();
    let mut is_found = false;
    let leads_on = |object| !is_thread(object) && !snapshot.class(object).is_array();
    visit_near(snapshot, from, REACH, leads_on, |object| {
        is_found = is_part(object);
        if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    is_found
}

/// Whether it was enlarging the one array that fills the heap, as that of a text that all is written to.
pub(super) fn enlarges_all(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let Some([copying, asking]) = below.first_chunk() else { return false };
    let all = suspect.accumulation_point.as_ref().and_then(|point| snapshot.find(ObjectId(point.address)));
    is_copy(copying)
        && is_growing(&asking.method)
        && all.is_some_and(|all| snapshot.class(all).is_array() && copying.locals.contains(&all))
}

/// The object whose array it was enlarging, if that is a part of what fills the heap: a text or a list that is kept, or an object of the application's own in
/// one of its methods that add. What such an object gives away is a copy as well.
pub(super) fn enlarged_part(
    snapshot: &Snapshot,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<ObjectIx> {
    enlarged_by_hand(snapshot, below, suspect).or_else(|| enlarged_by_copy(snapshot, below, suspect))
}

/// How many objects there are of the class of one that was enlarged, and about how large each is, if there are hundreds and hardly one is larger than the others: that one has
/// just come to have what they have.
pub(super) fn of_one_size(snapshot: &Snapshot, part: ObjectIx) -> Option<(u64, u64)> {
    const MANY: usize = 100;
    const LOOKED_AT: usize = 1 << 10;
    // The lists of the JDK belong to all and sundry.
    let class = Some(snapshot.class_of(part)).filter(|&class| origin_of(snapshot, class) != Origin::Jdk)?;
    let all = instances_of(snapshot, &[class]).ok()?;
    let all: Vec<ObjectIx> = all.into_iter().filter(|&object| snapshot.is_reachable(object)).collect();
    let some = all.iter().step_by(all.len().div_ceil(LOOKED_AT).max(1));
    let mut sizes: Vec<u64> = some.map(|&object| snapshot.retained_bytes(object)).collect();
    sizes.sort_unstable();
    let middle = *sizes.get(sizes.len() / 2)?;
    let alike = sizes.iter().filter(|&&bytes| bytes * 2 >= middle && bytes * 2 <= middle * 3).count();
    (all.len() >= MANY && alike * 10 >= sizes.len() * 9).then_some((all.len() as u64, middle))
}

/// The same where the array is copied by `Arrays.copyOf`.
fn enlarged_by_copy(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> Option<ObjectIx> {
    let [copying, asking, ..] = below else { return None };
    let adds = is_growing(&asking.method)
        || is_adding(&asking.method) && origin_of_named(snapshot, &asking.class) == Origin::Application;
    if !is_copy(copying) || !adds {
        return None;
    }
    let all = snapshot.find(ObjectId(suspect.accumulation_point.as_ref()?.address))?;
    let is_copied = |&local: &ObjectIx| local != all && snapshot.class(local).is_array();
    let array = copying.locals.iter().copied().find(is_copied)?;
    owner_within(snapshot, array, all).filter(|&owner| owner != all)
}

/// The same where a method that makes room asks for the new array itself: the object whose method it is has the old one.
fn enlarged_by_hand(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> Option<ObjectIx> {
    let asking = below.first()?;
    let has_array = |&part: &ObjectIx| {
        let mut references = snapshot.references().of(part);
        references.any(|target| snapshot.array_length(target).is_some_and(|length| length > 0))
    };
    receiver_within(snapshot, asking, suspect).filter(has_array).filter(|_| makes_room(&asking.method))
}

/// Whether what was asked for was asked for in a method of one of those that pile up: it may have been for itself.
pub(super) fn is_asked_by_part(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    let part = below.first().and_then(|asking| receiver_within(snapshot, asking, suspect));
    part.is_some_and(|part| snapshot.class_name(part) == suspect.class)
}

/// The object whose method a frame stands in, if it is a part of what fills the heap.
fn receiver_within(snapshot: &Snapshot, frame: &StackFrame, suspect: &Suspect) -> Option<ObjectIx> {
    let all = snapshot.find(ObjectId(suspect.accumulation_point.as_ref()?.address))?;
    receiver_below(snapshot, frame, all)
}

/// The object whose method a frame stands in, if it is below that object.
pub(super) fn receiver_below(snapshot: &Snapshot, frame: &StackFrame, all: ObjectIx) -> Option<ObjectIx> {
    let is_receiver = |&local: &ObjectIx| {
        snapshot.mirrored_class(local).is_none()
            && snapshot.classes().is_named(snapshot.class_of(local), &frame.class)
    };
    let receiver = frame.locals.iter().copied().find(is_receiver).filter(|&receiver| receiver != all)?;
    let is_within =
        snapshot.dominators().dominates(all, receiver) || owner_within(snapshot, receiver, all).is_some();
    is_within.then_some(receiver)
}

/// The object that refers to `array` and is `all` or a part of it. The stack refers to both as well, so that the dominators do not tell: it looks at a few that
/// lead there.
fn owner_within(snapshot: &Snapshot, array: ObjectIx, all: ObjectIx) -> Option<ObjectIx> {
    const LOOKED_AT: usize = 8;
    const FEW: usize = 4;
    let is_within = |object: ObjectIx| object == all || snapshot.dominators().dominates(all, object);
    let mut next: VecDeque<(ObjectIx, Option<ObjectIx>)> = VecDeque::from([(array, None)]);
    let mut seen: HashSet<ObjectIx> = HashSet::from_iter([array]);
    for _ in 0..LOOKED_AT {
        let (object, owner) = next.pop_front()?;
        let referrers = snapshot.references().referrers_of(object);
        for referrer in referrers.into_iter().take(FEW) {
            let owner = owner.unwrap_or(referrer);
            if is_within(referrer) {
                return Some(owner);
            }
            if seen.insert(referrer) {
                next.push_back((referrer, Some(owner)));
            }
        }
    }
    None
}

/// A frame that copies an array, to a larger one as a rule.
pub(super) fn is_copy(frame: &StackFrame) -> bool {
    &*frame.class == "java.util.Arrays" && &*frame.method == "copyOf"
}

/// Whether a method makes room, by its name.
pub(in crate::inspect) fn makes_room(method: &str) -> bool {
    const MAKES_ROOM: [&str; 6] = ["ensureCapacity", "enlarge", "expand", "grow", "rehash", "resize"];
    MAKES_ROOM.iter().any(|begin| method.starts_with(begin))
}

/// Whether a method is one by which collections and buffers make room.
pub(super) fn is_growing(method: &str) -> bool {
    // `ensureCapacityInternal`, since JDK 9 `ensureCapacityNewCoder`, since JDK 25 `ensureCapacitySameCoder`.
    method.starts_with("ensureCapacity")
        || matches!(method, "grow" | "expandCapacity" | "newCapacity" | "hugeCapacity" | "resize" | "rehash")
}

/// Whether two classes came from one archive, as far as the dump says. A server's own threads do other work than what it keeps for an application that
/// runs in the same process, and yet their packages begin alike.
fn is_one_archive(snapshot: &Snapshot, a: &str, b: &str) -> bool {
    let place = |name: &str| loaded_from(snapshot, *snapshot.classes().named(name).first()?);
    place(a).zip(place(b)).is_none_or(|(a, b)| a == b)
}

/// Whether two classes are of one library. Those of a small one may be in its outermost package.
pub(super) fn is_one_library(a: &str, b: &str) -> bool {
    let is_in = |outer: &str, inner: &str| {
        // Under a package of one part are many libraries.
        outer.contains('.')
            && inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let (a, b) = (library_of(a), library_of(b));
    is_in(a, b) || is_in(b, a)
}

/// Whether a frame stands in the class that declares the field.
pub(super) fn is_of_itself(frame: &StackFrame, suspect: &Suspect) -> bool {
    declares(&frame.class, suspect)
}

/// Whether a class declares the field that is full.
pub(super) fn declares(class: &str, suspect: &Suspect) -> bool {
    suspect.holder.class.as_deref() == Some(class)
}

/// Whether a frame stands in the class that declares the field, or in the one around it.
fn is_of_holder(frame: &StackFrame, suspect: &Suspect) -> bool {
    let outer = suspect.holder.class.as_deref().and_then(|class| class.split('$').next());
    is_of_itself(frame, suspect) || outer == Some(&*frame.class)
}

/// Whether a method of a collection puts something into it.
pub(super) fn is_adding(method: &str) -> bool {
    ["add", "put", "offer", "push", "append", "compute", "merge", "insert", "set"]
        .iter()
        .any(|begin| method.starts_with(begin))
}

/// Whether what these frames do is to read a collection: it is copied or told as a text, and that is not on the way to putting something into another one.
pub(super) fn is_reading(frames: &[StackFrame]) -> bool {
    const READS: [&str; 7] =
        ["clone", "equals", "hashCode", "iterator", "spliterator", "toArray", "toString"];
    let reads = |frame: &StackFrame| frame.class.starts_with("java.util.") && READS.contains(&&*frame.method);
    frames.iter().any(reads) && !frames.iter().any(|frame| is_adding(&frame.method))
}

/// Whether the application's innermost method had been called with something that a few steps lead from to what keeps a library's field full, and stands in the class
/// around that of what piles up: it may have been making the next of these.
pub(super) fn is_at_its_elements(snapshot: &Snapshot, below: &[StackFrame], suspect: &Suspect) -> bool {
    const REACH: Reach = Reach { steps: 3, objects: 256 };
    let outer = |class: &str| class.split('$').next().map(str::to_owned);
    let of_library = |class: &str| origin_of_named(snapshot, class) == Origin::Library;
    let is_own = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let Some(own) = below.iter().find(is_own) else { return false };
    // What a library's object is full of may be the application's.
    let of_application = |class: &&str| origin_of_named(snapshot, class) == Origin::Application;
    let made_of = suspect.composition.iter().map(|share| &*share.class);
    let piled_up = std::iter::once(&*suspect.class).chain(made_of).find(of_application);
    let is_near = piled_up.is_some_and(|piled_up| outer(piled_up) == outer(&own.class));
    if !is_near || !suspect.holder.class.as_deref().is_some_and(of_library) {
        return false;
    }
    leads_to_it(snapshot, own.locals.iter().copied(), REACH, suspect)
}

/// Whether a few steps lead from one of these to what most of it is below: what stands before that on the path leads to everything.
pub(super) fn leads_to_it(
    snapshot: &Snapshot,
    from: impl IntoIterator<Item = ObjectIx>,
    reach: Reach,
    suspect: &Suspect,
) -> bool {
    leads_on_to_it(snapshot, from, reach, suspect, |object| is_plain(snapshot, object))
}

/// The same where the way may lead through short arrays, as those of who has subscribed.
pub(super) fn leads_through_short_arrays(
    snapshot: &Snapshot,
    from: impl IntoIterator<Item = ObjectIx>,
    reach: Reach,
    suspect: &Suspect,
) -> bool {
    const SHORT: u32 = 16;
    let is_short = |object: ObjectIx| snapshot.array_length(object).is_some_and(|length| length <= SHORT);
    leads_on_to_it(snapshot, from, reach, suspect, |object| is_plain(snapshot, object) || is_short(object))
}

fn leads_on_to_it(
    snapshot: &Snapshot,
    from: impl IntoIterator<Item = ObjectIx>,
    reach: Reach,
    suspect: &Suspect,
    leads_on: impl Fn(ObjectIx) -> bool,
) -> bool {
    let is_plain = |object: ObjectIx| is_plain(snapshot, object);
    let keeps_most = |object: ObjectIx| snapshot.retained_bytes(object) * 2 > suspect.retained_bytes;
    let on_path = suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
    let keepers: Vec<ObjectIx> = on_path.filter(|&object| is_plain(object) && keeps_most(object)).collect();
    let mut is_found = false;
    let from = from.into_iter().filter(|&object| is_plain(object));
    visit_near(snapshot, from, reach, leads_on, |object| {
        is_found = keepers.contains(&object);
        if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    is_found
}

/// Whether an object is one of the steps of the path.
pub(super) fn is_on_path(snapshot: &Snapshot, object: ObjectIx, suspect: &Suspect) -> bool {
    let address = snapshot.address_of(object).0;
    suspect.path.iter().any(|step| step.address == address)
}

/// Whether it is an object that leads to what it has, and neither to the elements of an array nor to all that a class or a thread leads to.
pub(super) fn is_plain(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.mirrored_class(object).is_none()
        && !snapshot.class(object).is_array()
        && !snapshot.classes().is_named(snapshot.class_of(object), "java.lang.Thread")
}

/// Whether an object is of the kind that piles up, or of the application's that each of these has, and still the thread's alone, or an array or a
/// collection of the thread's own has such objects.
fn is_new(snapshot: &Snapshot, thread: &Thread, local: ObjectIx, suspect: &Suspect) -> bool {
    /// Elements of what a method makes for one of those that pile up.
    const LOOKED_AT: usize = 64;
    let piled_up =
        suspect.accumulation_point.as_ref().and_then(|point| snapshot.find(ObjectId(point.address)));
    let tree = snapshot.dominators();
    let is_its_own = |object: ObjectIx| {
        tree.dominates(thread.object, object)
            && piled_up.is_none_or(|collection| !tree.dominates(collection, object))
    };
    let is_own_class = |class: &str| origin_of_named(snapshot, class) == Origin::Application;
    let is_part = |share: &Share, class: &str| {
        // An array of theirs may be a copy of one that is kept.
        let is_object = !class.ends_with("[]") && is_own_class(class);
        share.class == class && share.instances >= suspect.instances && is_object
    };
    let is_of_kind = |object: ObjectIx| {
        let class = snapshot.class_name(object);
        class == suspect.class || suspect.composition.iter().any(|share| is_part(share, class))
    };
    if is_of_kind(local) {
        return is_its_own(local);
    }
    // Texts and numbers are in arrays of all kinds.
    let is_telling = |object: ObjectIx| origin_of(snapshot, snapshot.class_of(object)) != Origin::Jdk;
    let is_new = |object: ObjectIx| is_telling(object) && is_of_kind(object) && is_its_own(object);
    let has_elements = snapshot.class(local).is_array() || collection_length(snapshot, local).is_some();
    has_elements && is_its_own(local) && elements_of(snapshot, local, LOOKED_AT).into_iter().any(is_new)
}
