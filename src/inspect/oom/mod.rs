//! The OutOfMemoryError: which thread threw it, of what kind it was, and whether that thread was to blame.
//!
//! A dump written at an OutOfMemoryError has the frame `java.lang.OutOfMemoryError.<init>` on top of the stack of the thread
//! that threw it, a frame that the virtual machine makes up for the purpose. Errors that lie about in the heap prove nothing: every
//! JVM keeps a few that it made beforehand. Whether the thread is the culprit is told by what it held and by whose memory it is.

mod evidence;
mod filling;
mod thrown;

pub(in crate::inspect) use thrown::findings as thrown_earlier;

use super::holders::report_frame;
use super::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_named, thread_name};
use crate::report::{Arg, Oom, OomRole, Suspect, SuspectKind, Text};
use crate::snapshot::{Snapshot, StackFrame, Thread};

const OOM_CLASS: &str = "java.lang.OutOfMemoryError";
/// A thread that holds this part of the heap is to blame, whoever else holds some.
const CULPRIT_SHARE: f64 = 0.3;
/// Nor does it take that much if nobody else holds as much.
const LEADING_SHARE: f64 = 0.15;
/// A suspect that holds this part of the heap takes the blame from a thread that holds little.
const OTHER_SHARE: f64 = 0.2;

/// The thread that threw, if the dump was written at an OutOfMemoryError.
pub fn throwing_thread(snapshot: &Snapshot) -> Option<&Thread> {
    snapshot.threads().iter().find(|thread| throw_frame(thread).is_some())
}

/// The number of the frame in which the error was made.
fn throw_frame(thread: &Thread) -> Option<usize> {
    const NEAR_TOP: usize = 4;
    let is_throw = |frame: &StackFrame| &*frame.class == OOM_CLASS && &*frame.method == "<init>";
    thread.frames.iter().take(NEAR_TOP).position(is_throw)
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
    let below = &thread.frames[throw_frame(thread).map_or(0, |at| at + 1)..];
    let message = message(snapshot, thread);
    let kind = message
        .as_deref()
        .and_then(kind_of_message)
        .or_else(|| kind_of_stack(below))
        .or_else(|| huge_array(context, thread, below))
        .unwrap_or("java-heap-space");
    let site = below
        .iter()
        .find(|frame| origin_of_named(snapshot, &frame.class) == Origin::Application)
        .or_else(|| below.iter().find(|frame| origin_of_named(snapshot, &frame.class) == Origin::Library))
        .or_else(|| below.first())
        .map(report_frame);
    let name = thread_name(snapshot, thread.object);
    let held = held_by_stack(snapshot, thread, suspects, &name);
    let (role, culprit) = match kind {
        // Whoever asks for more than there can be is to blame.
        "requested-array-size" => (OomRole::Culprit, None),
        _ => {
            // Whoever loads classes takes what runs out then.
            let is_of_classes = matches!(kind, "metaspace" | "compressed-class-space");
            let is_filling = |suspect: &Suspect| {
                filling::is_at_it(snapshot, thread, suspect)
                    || (is_of_classes && filling::is_in_its_class(thread, suspect))
            };
            role(snapshot, &name, thread, held, total, suspects, is_filling)
        }
    };
    let mut evidence = Vec::new();
    evidence.push(Text::with(
        "oom-evidence-held",
        [("size", Arg::Bytes(held)), ("share", Arg::Share(share(held, total)))],
    ));
    evidence.extend(request(snapshot, &thread.frames));
    if let (OomRole::Victim, Some(suspect)) = (role, culprit)
        && filling::is_in_its_class(thread, suspect)
    {
        evidence.push(Text::with("oom-evidence-same-class", [("holder", suspect.holder.words())]));
    }
    if let Some(growing) = growing(below) {
        evidence.push(Text::with("oom-evidence-growing", [("place", Arg::name(growing))]));
    }
    evidence.extend(evidence::of_kind(kind, thread, context)?);
    if message.is_none() && kind == "java-heap-space" && growing(below).is_none() {
        evidence.push(Text::message("oom-evidence-no-message"));
    }
    Ok(Some(Oom {
        kind: kind.to_owned(),
        thread: Some(name),
        message,
        role,
        site,
        thread_retained_bytes: held,
        culprit: culprit.map(|suspect| suspect.holder.clone()),
        evidence,
    }))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What goes when the thread's stack goes: what the thread retains, or what its suspects say where several variables share it.
fn held_by_stack(snapshot: &Snapshot, thread: &Thread, suspects: &[Suspect], name: &str) -> u64 {
    let told = suspects.iter().filter(|suspect| is_held_by(snapshot, thread, name, suspect));
    let told = told.map(|suspect| suspect.retained_bytes).max().unwrap_or(0);
    snapshot.retained_bytes(thread.object).max(told)
}

/// Whether the stack of that thread holds a suspect. Several threads may have one name: the path of a suspect begins at the one that is meant.
fn is_held_by(snapshot: &Snapshot, thread: &Thread, name: &str, suspect: &Suspect) -> bool {
    let first = suspect.path.first().map(|step| step.address);
    suspect.kind == SuspectKind::Load
        && suspect.holder.thread.as_deref() == Some(name)
        && first.is_none_or(|first| first == snapshot.address_of(thread.object).0)
}

/// Culprit: it holds a good part of the heap itself, or it was just adding to what holds it. Victim: somebody else holds it.
fn role<'s>(
    snapshot: &Snapshot,
    name: &str,
    thread: &Thread,
    held: u64,
    total: u64,
    suspects: &'s [Suspect],
    is_filling: impl Fn(&Suspect) -> bool,
) -> (OomRole, Option<&'s Suspect>) {
    let kept = suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage);
    let mut others = kept.filter(|suspect| !is_held_by(snapshot, thread, name, suspect));
    let other = others.next();
    let others_bytes = other.map_or(0, |suspect| suspect.retained_bytes);
    if share(held, total) >= CULPRIT_SHARE && held * 2 >= others_bytes {
        return (OomRole::Culprit, None);
    }
    let is_first = suspects.first().is_some_and(|first| is_held_by(snapshot, thread, name, first));
    if is_first && share(held, total) >= LEADING_SHARE {
        return (OomRole::Culprit, None);
    }
    match other {
        Some(suspect) if suspect.share >= OTHER_SHARE => {
            let is_filling = suspect.kind == SuspectKind::Leak && is_filling(suspect);
            if is_filling { (OomRole::Culprit, Some(suspect)) } else { (OomRole::Victim, Some(suspect)) }
        }
        _ if share(held, total) >= CULPRIT_SHARE => (OomRole::Culprit, None),
        _ => (OomRole::Unknown, None),
    }
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

/// A heap that is nearly empty can only have been too small for a single array; in one that is half full an ordinary array may not fit. How large it could grow is told by the default limit of
/// direct memory, which is the same unless it was set. A buffer that grows asks for about twice what it has, which tells whether the heap
/// was too small for it or the virtual machine.
fn huge_array(context: &Context<'_>, thread: &Thread, below: &[StackFrame]) -> Option<&'static str> {
    const LARGEST: u64 = i32::MAX as u64;
    let snapshot = context.snapshot;
    if growing(below).is_some() {
        let arrays = thread.locals().filter(|&local| snapshot.class(local).is_array());
        let largest = arrays.map(|array| snapshot.shallow_bytes(array)).max().unwrap_or(0);
        return (2 * largest >= LARGEST).then_some("requested-array-size");
    }
    let limit = context.heap_limit()?.bytes;
    let total = context.histogram().total();
    (4 * (total.shallow_bytes + total.unreachable_bytes) < limit).then_some("requested-array-size")
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

/// The buffer that was just being enlarged.
fn growing(below: &[StackFrame]) -> Option<String> {
    let grows = |frame: &&StackFrame| {
        matches!(
            &*frame.method,
            "grow"
                | "ensureCapacity"
                | "ensureCapacityInternal"
                | "expandCapacity"
                | "newCapacity"
                | "hugeCapacity"
                | "resize"
                | "rehash"
                | "ensureCapacityNewCoder"
        )
    };
    below.iter().take(8).find(grows).map(|frame| report_frame(frame).to_string())
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
