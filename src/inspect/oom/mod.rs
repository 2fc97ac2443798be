//! The OutOfMemoryError: which thread threw it, of what kind it was, and whether that thread was to blame.
//!
//! A dump written at an OutOfMemoryError has the frame `java.lang.OutOfMemoryError.<init>` on top of the stack of the thread
//! that threw it, a frame that the virtual machine makes up for the purpose. Errors that lie about in the heap prove nothing: every
//! JVM keeps a few that it made beforehand. Whether the thread is the culprit is told by what it held and by whose memory it is.

mod alike;
mod asked;
mod beside;
mod classes;
mod evidence;
mod filling;
mod making;
mod regions;
mod role;
mod thrown;

pub(in crate::inspect) use evidence::commonest_class;
pub(in crate::inspect) use filling::makes_room;
pub(in crate::inspect) use thrown::{findings as thrown_earlier, has_direct_memory_run_out, thrown_in};

use super::holders::{is_own_frame, report_frame};
use super::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_named, thread_name};
use crate::report::{Arg, Oom, OomRole, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Snapshot, StackFrame, Thread};

const OOM_CLASS: &str = "java.lang.OutOfMemoryError";
/// A single array was too large for the heap or for any: the dump does not tell which.
const ARRAY_TOO_LARGE: &str = "array-too-large";

/// The thread that threw, if the dump was written at an OutOfMemoryError.
pub fn throwing_thread(snapshot: &Snapshot) -> Option<&Thread> {
    snapshot.threads().iter().find(|thread| throw_frame(thread).is_some())
}

/// Whether the dump was written at an OutOfMemoryError of that thread.
pub(in crate::inspect) fn has_thrown(thread: &Thread) -> bool {
    throw_frame(thread).is_some()
}

/// The number of the frame in which the error was made.
fn throw_frame(thread: &Thread) -> Option<usize> {
    const NEAR_TOP: usize = 4;
    let is_throw = |frame: &StackFrame| &*frame.class == OOM_CLASS && &*frame.method == "<init>";
    thread.frames.iter().take(NEAR_TOP).position(is_throw)
}

/// The frames below the one in which the error was made, innermost first.
fn below_throw(thread: &Thread) -> &[StackFrame] {
    &thread.frames[throw_frame(thread).map_or(0, |at| at + 1)..]
}

/// What ran out, in the words of [`Oom::kind`].
fn kind(context: &Context<'_>, thread: &Thread, below: &[StackFrame]) -> &'static str {
    message(context.snapshot, thread)
        .as_deref()
        .and_then(kind_of_message)
        .or_else(|| kind_of_stack(below))
        .or_else(|| thrown::kind_in_other_hands(context.snapshot, thread))
        .or_else(|| kind_in_free_heap(context, thread, below))
        .unwrap_or("java-heap-space")
}

/// Whether the dump was written because objects had filled the heap, not for want of something else or of room for a single array.
pub(in crate::inspect) fn ran_out_of_heap(context: &Context<'_>) -> bool {
    throwing_thread(context.snapshot).is_some_and(|thread| {
        matches!(kind(context, thread, below_throw(thread)), "java-heap-space" | "gc-overhead-limit")
    })
}

/// Whether the dump was written because a single array was too large, whatever else was in the heap.
pub(in crate::inspect) fn ran_out_by_one_array(context: &Context<'_>) -> bool {
    let is_array = |thread: &Thread| is_about_one_array(kind(context, thread, below_throw(thread)));
    throwing_thread(context.snapshot).is_some_and(is_array)
}

/// Some of the class loaders of the kind that there are most of, if the room for classes has run out; few or none where one loader has all classes.
pub(in crate::inspect) fn loaders_that_fill_metaspace(context: &Context<'_>) -> Vec<ObjectIx> {
    let is_of_classes = |thread: &Thread| is_about_classes(kind(context, thread, below_throw(thread)));
    match throwing_thread(context.snapshot) {
        Some(thread) if is_of_classes(thread) => evidence::commonest_loaders(context.snapshot),
        _ => Vec::new(),
    }
}

/// Whether what was asked for alone was too large, whatever else was in the heap.
pub(super) fn is_about_one_array(kind: &str) -> bool {
    matches!(kind, "requested-array-size" | ARRAY_TOO_LARGE)
}

/// What is known of the OutOfMemoryError.
///
/// # Errors
/// As [`Context::suspects`].
pub(super) fn find(context: &Context<'_>) -> Result<Option<Oom>, InspectError> {
    let snapshot = context.snapshot;
    let Some(thread) = throwing_thread(snapshot) else { return Ok(None) };
    let suspects = context.suspects()?;
    let total = context.histogram().total().shallow_bytes;
    let below = below_throw(thread);
    let message = message(snapshot, thread);
    let kind = kind(context, thread, below);
    let site = below
        .iter()
        .find(|frame| is_own_frame(snapshot, frame))
        .or_else(|| below.iter().find(|frame| origin_of_named(snapshot, &frame.class) == Origin::Library))
        .or_else(|| below.first())
        .map(report_frame);
    let name = thread_name(snapshot, thread.object);
    let held = role::held_by_stack(snapshot, thread, suspects, &name);
    let free = if kind == "java-heap-space" { much_free(context, thread, below) } else { None };
    let is_of_classes = is_about_classes(kind);
    let fills = |suspect: &Suspect| {
        filling::is_at_it(snapshot, thread, suspect)
            || filling::enlarges_all(snapshot, below, suspect)
            || filling::enlarged_part(snapshot, below, suspect).is_some()
            || making::is_making(snapshot, thread, below, suspect)
            || making::has_insert_in_hand(snapshot, below, suspect)
            || (is_of_classes && filling::is_in_its_class(thread, suspect))
    };
    // What is that much is no part of what piles up.
    let keeper = |suspect: &Suspect| {
        let is_asked = free.is_none() && !is_of_classes;
        is_asked.then(|| making::is_in_what_keeps_it(snapshot, thread, below, suspect)).flatten()
    };
    let (role, culprit) = match kind {
        // Whoever asks for more than there can be is to blame.
        _ if is_about_one_array(kind) => (OomRole::Culprit, None),
        _ => {
            let is_filling = |suspect: &Suspect| {
                fills(suspect)
                    || (!is_of_classes && alike::is_one_that_fills(snapshot, thread, below, suspect))
                    || keeper(suspect).is_some()
            };
            let found = if is_of_classes {
                classes::role(context, &name, thread, below, suspects, is_filling)
            } else {
                role::role(snapshot, &name, thread, held, total, suspects, is_filling)
            };
            let found = match found {
                (OomRole::Victim, Some(suspect))
                    if free.is_none_or(|free| may_be_of_young_generation(context, free))
                        && making::may_be_making(snapshot, thread, below, suspect) =>
                {
                    (OomRole::Unknown, Some(suspect))
                }
                // Nobody but whoever knows the library can tell.
                (OomRole::Victim, Some(suspect))
                    if filling::is_in_its_library(snapshot, below, suspect)
                        || filling::has_part_in_hand(snapshot, below, suspect)
                        || filling::is_asked_by_part(snapshot, below, suspect)
                        || filling::is_at_its_elements(snapshot, below, suspect) =>
                {
                    (OomRole::Unknown, Some(suspect))
                }
                // A cache of which nothing wrong is proven left room for all but much at once.
                (OomRole::Victim, Some(suspect))
                    if free.is_some() && (suspect.cache || suspect.standing != Standing::Blamed) =>
                {
                    (OomRole::Unknown, None)
                }
                found => found,
            };
            // Where nobody holds the heap whoever generates classes is to blame.
            let generates =
                || is_of_classes && is_generating(snapshot, below) && evidence::are_generated(snapshot);
            if matches!(found, (OomRole::Unknown, None)) && generates() {
                (OomRole::Culprit, None)
            } else {
                found
            }
        }
    };
    // What one stack does not tell the others may.
    let by_others = match (role, culprit) {
        (OomRole::Unknown, Some(suspect)) if !is_of_classes => beside::role(snapshot, thread, below, suspect),
        _ => None,
    };
    let (role, by_others) = by_others.map_or((role, None), |(role, text)| (role, Some(text)));
    let held = role::held_by_calls(snapshot, thread, held, total, suspects);
    let mut evidence = Vec::new();
    evidence.push(Text::with(
        "oom-evidence-held",
        [("size", Arg::Bytes(held)), ("share", Arg::Share(share(held, total)))],
    ));
    evidence.extend(request(snapshot, &thread.frames));
    let is_shown_by_others = by_others.is_some();
    evidence.extend(by_others);
    if let (OomRole::Victim, Some(suspect)) = (role, culprit)
        && suspect.holder.field.is_some()
        && filling::is_at_its_class(snapshot, below, suspect)
    {
        evidence.push(Text::with("oom-evidence-same-class", [("holder", suspect.holder.words())]));
    }
    if let (OomRole::Culprit, Some(suspect)) = (role, culprit)
        && !fills(suspect)
        && !is_shown_by_others
    {
        let in_keeper = || {
            let class = ("class", Arg::name(snapshot.class_name(keeper(suspect)?)));
            Some(Text::with("oom-evidence-in-keeper", [class]))
        };
        evidence.extend(alike::evidence(snapshot, thread, below, suspect).or_else(in_keeper));
    }
    let enlarged = culprit.and_then(|suspect| filling::enlarged_part(snapshot, below, suspect));
    let by_hand =
        || below.first().filter(|_| enlarged.is_some()).map(|frame| report_frame(frame).to_string());
    evidence.extend(growing(snapshot, below).or_else(by_hand).map(|place| {
        let place = ("place", Arg::name(place));
        match enlarged {
            Some(part) => {
                let class = ("class", Arg::name(snapshot.class_name(part)));
                match filling::of_one_size(snapshot, part) {
                    Some((count, bytes)) => {
                        let (count, size) = (("count", Arg::Count(count)), ("size", Arg::Bytes(bytes)));
                        Text::with("oom-evidence-growing-one-of-many", [place, class, count, size])
                    }
                    None => Text::with("oom-evidence-growing-part", [place, class]),
                }
            }
            // The application may copy an array for any reason.
            None if !is_making_room(below) => Text::with("oom-evidence-copying", [place]),
            None if is_of_table(below) => Text::with("oom-evidence-growing-table", [place]),
            None => Text::with("oom-evidence-growing", [place]),
        }
    }));
    let is_of_array = is_about_one_array(kind);
    let asked_by = asked::by(snapshot, below).filter(|_| is_of_array).map(report_frame);
    evidence.extend(asked::evidence(context, below).filter(|_| is_of_array));
    evidence.extend(evidence::of_kind(kind, thread, context)?);
    if let Some(free) = free.filter(|_| role != OomRole::Culprit) {
        let may_have_given_up = message.is_none() && may_be_of_young_generation(context, free);
        let id = if may_have_given_up { "oom-evidence-free-or-given-up" } else { "oom-evidence-free" };
        evidence.push(Text::with(id, [("size", Arg::Bytes(free))]));
    }
    evidence.extend(regions::evidence(context).filter(|_| kind == "java-heap-space"));
    let unsaid = match kind {
        _ if message.is_some() => None,
        "java-heap-space"
            if growing(snapshot, below).is_none()
                && (is_nearly_full(context) || is_refused_little(context, thread, below)) =>
        {
            Some("oom-evidence-no-message")
        }
        ARRAY_TOO_LARGE => Some("oom-evidence-no-message-array"),
        "metaspace" => Some("oom-evidence-no-message-classes"),
        _ => None,
    };
    evidence.extend(unsaid.map(Text::message));
    // Others may hold more than a thread that holds much, or than what it fills.
    let is_for_its_own = role == OomRole::Culprit && culprit.is_none();
    let is_of_heap = !is_about_one_array(kind) && !is_about_classes(kind);
    let first =
        suspects.iter().find(|suspect| suspect.kind != SuspectKind::Garbage && !suspect.is_ordinary());
    let is_more =
        first.is_some_and(|first| first.retained_bytes > held && first.holder.thread.as_ref() != Some(&name));
    let is_beside = role == OomRole::Culprit
        && culprit.zip(first).is_some_and(|(culprit, first)| {
            culprit.holder != first.holder && culprit.retained_bytes < first.retained_bytes
        });
    Ok(Some(Oom {
        kind: kind.to_owned(),
        thread: Some(name),
        message,
        role,
        site,
        thread_retained_bytes: held,
        culprit: culprit.map(|suspect| suspect.holder.clone()),
        others_hold_more: is_for_its_own && is_of_heap && is_more || is_beside,
        asked_by,
        evidence,
    }))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Whether what ran out is the room for classes.
pub(super) fn is_about_classes(kind: &str) -> bool {
    matches!(kind, "metaspace" | "compressed-class-space")
}

/// Whether the application had a class made rather than loaded: a library defined it without looking for it.
fn is_generating(snapshot: &Snapshot, below: &[StackFrame]) -> bool {
    let is_own = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let called: Vec<&StackFrame> = below.iter().take_while(|frame| !is_own(frame)).collect();
    let is_load =
        |frame: &&StackFrame| frame.method.starts_with("loadClass") || frame.method.starts_with("findClass");
    called.iter().any(|frame| frame.method.starts_with("define")) && !called.iter().any(is_load)
}

/// The message of the error that the thread was about to throw.
fn message(snapshot: &Snapshot, thread: &Thread) -> Option<String> {
    let classes = snapshot.classes();
    let is_error = |&object: &ObjectIx| classes.is_named(snapshot.class_of(object), OOM_CLASS);
    let error = thread.locals().find(is_error)?;
    snapshot.text_field(error, "detailMessage")
}

fn kind_of_message(message: &str) -> Option<&'static str> {
    const KINDS: &[(&str, &str)] = &[
        ("Java heap space", "java-heap-space"),
        ("GC overhead limit exceeded", "gc-overhead-limit"),
        ("Compressed class space", "compressed-class-space"),
        ("Metaspace", "metaspace"),
        ("PermGen space", "metaspace"),
        ("irect buffer memory", "direct-buffer-memory"),
        ("unable to create", "native-thread"),
        ("Requested array size exceeds VM limit", "requested-array-size"),
        ("Required length exceeds implementation limit", "requested-array-size"),
        ("CodeCache", "code-cache"),
        ("Out of swap space", "out-of-swap-space"),
    ];
    KINDS.iter().find(|(words, _)| message.contains(words)).map(|&(_, kind)| kind)
}

/// The kind where the dump does not hold the message: by what the thread was doing.
fn kind_of_stack(below: &[StackFrame]) -> Option<&'static str> {
    let mut near = below.iter().take(6);
    near.find_map(|frame| match (&*frame.class, &*frame.method) {
        ("java.nio.Bits", "reserveMemory") => Some("direct-buffer-memory"),
        ("java.lang.Thread", "start0" | "start") => Some("native-thread"),
        ("java.lang.ClassLoader", method) if method.starts_with("defineClass") => Some("metaspace"),
        _ => None,
    })
}

/// Methods of the virtual machine that make or link classes, by the class that declares them: they ask for room for classes and for no large array.
const LINKS_CLASSES: &[(&str, &[&str])] = &[
    ("java.lang.Class", &["getDeclared", "forName0", "initClassName"]),
    ("java.lang.ClassLoader", &["define", "findBootstrapClass", "findLoadedClass0"]),
    ("java.lang.invoke.MethodHandleNatives", &[""]),
    ("java.lang.reflect.Proxy", &["defineClass0"]),
    ("jdk.internal.misc.Unsafe", &["define", "ensureClassInitialized", "allocateInstance"]),
    ("sun.misc.Unsafe", &["define", "ensureClassInitialized", "allocateInstance"]),
];

/// What ran out where some of the heap is free: the room for classes, or, where much of it is once garbage is collected, there was none for a single
/// large array.
fn kind_in_free_heap(context: &Context<'_>, thread: &Thread, below: &[StackFrame]) -> Option<&'static str> {
    let links = |frame: &StackFrame| {
        LINKS_CLASSES.iter().any(|(class, methods)| {
            *frame.class == **class && methods.iter().any(|begin| frame.method.starts_with(begin))
        })
    };
    let is_linking = below.first().is_some_and(links);
    // The little that it asks of the heap would have fit.
    if is_linking && !is_nearly_full(context) {
        return Some("metaspace");
    }
    let found = huge_array(context, thread, below)?;
    let snapshot = context.snapshot;
    // A class is linked at its first use, wherever that is.
    let may_link = || {
        below.first().is_some_and(|frame| origin_of_named(snapshot, &frame.class) != Origin::Jdk)
            && evidence::are_generated(snapshot)
    };
    Some(if is_linking || growing(snapshot, below).is_none() && may_link() { "metaspace" } else { found })
}

/// Where much of the heap is free once garbage is collected, only a single large array can have been too large for it: for that of the virtual
/// machine if there was garbage left, for it refuses such a request before it collects any; otherwise for either. How large the heap could grow is told
/// by the default limit of direct memory, which is the same unless it was set. A buffer that grows asks for about twice what it has, which tells whether the
/// heap was too small for it or the virtual machine.
fn huge_array(context: &Context<'_>, thread: &Thread, below: &[StackFrame]) -> Option<&'static str> {
    const LARGEST: u64 = i32::MAX as u64;
    /// Beside more than this an ordinary large array may find no room in one piece.
    const MOST_HELD: f64 = 0.5;
    const UNCOLLECTED: f64 = 0.1;
    const FULL: f64 = 0.9;
    let snapshot = context.snapshot;
    if asking(below).is_some_and(asks_for_little) {
        return None;
    }
    let largest =
        evidence::largest_array_of(snapshot, thread).map_or(0, |array| snapshot.shallow_bytes(array));
    if growing(snapshot, below).is_some() {
        return (2 * largest >= LARGEST).then_some("requested-array-size");
    }
    let limit = context.heap_limit()?.bytes as f64;
    let total = context.histogram().total();
    // A copy of twice the size beside it would not have fit, or what filled the heap has just been let go by another thread that ran out of memory, too.
    let is_explained = (total.shallow_bytes + 2 * largest) as f64 >= limit
        || (total.shallow_bytes + total.unreachable_bytes) as f64 >= FULL * limit;
    let is_roomy = |unused: u64| ((total.shallow_bytes + unused) as f64) < MOST_HELD * limit;
    let is_free = !is_explained && is_roomy(0) && is_roomy(regions::unused_beside_arrays(snapshot));
    let is_uncollected = total.unreachable_bytes as f64 >= UNCOLLECTED * limit;
    is_free.then_some(if is_uncollected { "requested-array-size" } else { ARRAY_TOO_LARGE })
}

/// How many bytes of the heap were free when it threw, garbage that was left included, if that is more than anything but a large array finds no room in:
/// what takes the last piece of a heap leaves hardly any.
fn much_free(context: &Context<'_>, thread: &Thread, below: &[StackFrame]) -> Option<u64> {
    const PART: u64 = 5;
    let asking = asking(below)?;
    if asks_for_little(asking)
        || filling::is_copy(asking)
        || is_copy_of_text(asking)
        || growing(context.snapshot, below).is_some()
    {
        return None;
    }
    let limit = context.heap_limit()?.bytes;
    let total = context.histogram().total();
    let largest = evidence::largest_array_of(context.snapshot, thread);
    let copied = largest.map_or(0, |array| 2 * context.snapshot.shallow_bytes(array));
    let used = [
        total.shallow_bytes,
        total.unreachable_bytes,
        copied,
        regions::unused_beside_arrays(context.snapshot),
    ];
    let free = limit.saturating_sub(used.iter().sum());
    (free >= limit / PART).then_some(free)
}

/// The frame that asked for what there was no room for: not that of the JDK's by which others have arrays made that are not cleared.
fn asking(below: &[StackFrame]) -> Option<&StackFrame> {
    let is_passed_on = |frame: &&StackFrame| {
        &*frame.class == "jdk.internal.misc.Unsafe" && frame.method.starts_with("allocateUninitializedArray")
    };
    below.iter().find(|frame| !is_passed_on(frame))
}

/// Whether a method makes of a text, or of a part of an array, another one that is as long at most, or twice if its letters need it.
fn is_copy_of_text(frame: &StackFrame) -> bool {
    match &*frame.class {
        "java.util.Arrays" => frame.method.starts_with("copyOfRange"),
        "java.lang.StringLatin1" | "java.lang.StringUTF16" | "java.lang.StringCoding" => true,
        _ => false,
    }
}

/// Whether what was free may be the room of the young generation, a third of the heap unless it was set: ParallelGC gives up ("GC overhead limit exceeded") when
/// the old one is full and collections take hardly anything back, whatever is free in the young one.
fn may_be_of_young_generation(context: &Context<'_>, free: u64) -> bool {
    const LARGEST: f64 = 0.4;
    context.heap_limit().is_none_or(|limit| free as f64 <= LARGEST * limit.bytes as f64)
}

/// Whether what was asked for is so little that it would have fit, if the collector had not given up.
fn is_refused_little(context: &Context<'_>, thread: &Thread, below: &[StackFrame]) -> bool {
    let asks = |frame: &StackFrame| asks_for_little(frame) || is_copy_of_text(frame);
    asking(below).is_some_and(asks)
        && evidence::largest_array_of(context.snapshot, thread).is_none()
        && context.heap_limit().is_some_and(|limit| {
            let total = context.histogram().total();
            let used = total.shallow_bytes + total.unreachable_bytes;
            may_be_of_young_generation(context, limit.bytes.saturating_sub(used))
        })
}

/// Whether a method makes no larger array than the texts that it is given, or none at all.
fn asks_for_little(frame: &StackFrame) -> bool {
    let makes_a_box = || frame.class.starts_with("java.lang.") && &*frame.method == "valueOf";
    &*frame.class == "java.lang.StringConcatHelper" || makes_a_box()
}

/// The code of the application that serves the request: the outermost of its own frames above the container's; or else what the thread
/// was started for.
fn request(snapshot: &Snapshot, frames: &[StackFrame]) -> Option<Text> {
    let serves = |frame: &&StackFrame| {
        matches!(
            &*frame.method,
            "doGet" | "doPost" | "doPut" | "doDelete" | "service" | "doFilter" | "onMessage" | "handle"
        ) || frame.class.ends_with("Controller")
            || frame.class.ends_with("Servlet")
            || frame.class.ends_with("Resource")
            || frame.class.ends_with("Listener")
    };
    let own = || {
        // What the compiler made of a lambda has no name that anybody wrote.
        frames.iter().filter(|frame| {
            origin_of_named(snapshot, &frame.class) == Origin::Application
                && !frame.class.contains("$$Lambda")
                && !frame.method.starts_with("lambda$")
        })
    };
    let place = |frame: &StackFrame| [("place", Arg::name(report_frame(frame).to_string()))];
    match own().rfind(serves) {
        Some(frame) => Some(Text::with("oom-evidence-request", place(frame))),
        None => own().next_back().map(|frame| Text::with("oom-evidence-task", place(frame))),
    }
}

/// Of the innermost methods so many are looked at for one that makes room.
const GROWING_WITHIN: usize = 8;

/// The buffer that was just being enlarged, or the array of the application's that was being copied.
fn growing(snapshot: &Snapshot, below: &[StackFrame]) -> Option<String> {
    let grows = |frame: &&StackFrame| filling::is_growing(&frame.method);
    // An array of the application's own that is copied to a larger one.
    let is_own = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let copied =
        || below.first().filter(|frame| filling::is_copy(frame)).and_then(|_| below.get(1)).filter(is_own);
    below.iter().take(GROWING_WITHIN).find(grows).or_else(copied).map(|frame| report_frame(frame).to_string())
}

/// Whether one of the innermost methods is one by which collections and buffers make room, by its name.
fn is_making_room(below: &[StackFrame]) -> bool {
    below.iter().take(GROWING_WITHIN).any(|frame| filling::is_growing(&frame.method))
}

/// Whether the method that makes room is one of a hash table.
fn is_of_table(below: &[StackFrame]) -> bool {
    let mut near = below.iter().take(GROWING_WITHIN);
    near.find(|frame| filling::is_growing(&frame.method)).is_some_and(|frame| {
        let name = frame.class.rsplit(['.', '$']).next().unwrap_or_default();
        matches!(&*frame.method, "resize" | "rehash" | "grow")
            && ["Map", "Set", "Table", "Properties"].iter().any(|end| name.contains(end))
    })
}

/// Whether so little of the heap is free that the collector may have worked in vain. Where it is not known how large the heap may be it counts as full.
fn is_nearly_full(context: &Context<'_>) -> bool {
    const FULL: f64 = 0.85;
    context.taken_part().is_none_or(|part| part >= FULL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_message() {
        assert_eq!(kind_of_message("Java heap space"), Some("java-heap-space"));
        assert_eq!(
            kind_of_message("Cannot reserve 16 bytes of direct buffer memory (allocated: 1, limit: 2)"),
            Some("direct-buffer-memory")
        );
        assert_eq!(
            kind_of_message("unable to create native thread: possibly out of memory"),
            Some("native-thread")
        );
        assert_eq!(kind_of_message("Compressed class space"), Some("compressed-class-space"));
        assert_eq!(kind_of_message("something else"), None);
    }
}
