//! What other threads say of the one that threw: those that are called alike and stand in the same method do the same work, and of many that each hold a part
//! one is as good as another. Who is called like nobody and stands where nobody else does has work of its own.
//!
//! Names alone prove nothing: a pool does all kinds of work. So it counts what one of them was doing in the very method in which the other threw.
//! Cost: a look at the frames of all threads, and the names of those that stand in one method.

use super::{evidence, filling, making};
use crate::hprof::ObjectId;
use crate::inspect::holders::{is_own_frame, report_frame};
use crate::inspect::suspects::simple_name;
use crate::ix::ObjectIx;
use crate::query::{thread_name, value_in_thread};
use crate::report::{ALIKE_MAKING, Arg, HolderKind, PathStep, Suspect, Text, normalise_thread};
use crate::snapshot::{Snapshot, StackFrame, Thread};
use hashbrown::HashMap;

/// Who was putting something where it piles up, and in which method.
#[derive(Debug)]
pub(super) struct Filling<'s> {
    pub(super) thread: &'s Thread,
    pub(super) frame: &'s StackFrame,
}

/// The application's innermost frame.
fn innermost<'f>(snapshot: &Snapshot, below: &'f [StackFrame]) -> Option<&'f StackFrame> {
    below.iter().find(|frame| is_own_frame(snapshot, frame))
}

fn is_same_method(a: &StackFrame, b: &StackFrame) -> bool {
    a.class == b.class && a.method == b.method
}

/// The other threads that stand in the method of `frame` and are called like `thread`, each with the number of its innermost frame there.
pub(super) fn alike_in<'s>(
    snapshot: &'s Snapshot,
    thread: &Thread,
    frame: &StackFrame,
) -> impl Iterator<Item = (&'s Thread, usize)> {
    let name = thread_name(snapshot, thread.object);
    let of = thread.object;
    let others = snapshot.threads().iter().filter(move |other| other.object != of);
    let standing = others
        .filter_map(|other| Some((other, other.frames.iter().position(|at| is_same_method(at, frame))?)));
    let stable = normalise_thread(&name).into_owned();
    standing.filter(move |(other, _)| normalise_thread(&thread_name(snapshot, other.object)) == stable)
}

/// One of the threads that are called like the one that threw and stand in the method in which that did, if it was putting something where it piles up: in the
/// constructor of the next one, in a method that adds of a class on the way to these; or has the queue in hand that is full, in a method in which the other is, too.
pub(super) fn filling<'s>(
    snapshot: &'s Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<Filling<'s>> {
    /// Methods of the application that are about the same as a rule.
    const NEAR: usize = 2;
    let own = innermost(snapshot, below)?;
    let is_declaring = |step: &&PathStep| filling::is_declaring(snapshot, step, suspect);
    let declaring = suspect.path.iter().position(|step| is_declaring(&step));
    let on_the_way = &suspect.path[declaring.unwrap_or(suspect.path.len())..];
    let is_on_the_way =
        |class: &str| filling::declares(class, suspect) || on_the_way.iter().any(|step| step.class == class);
    let adds = |frame: &&StackFrame| {
        let is_of_structure =
            || frame.class != own.class && is_on_the_way(&frame.class) && !frame.class.starts_with("java.");
        let has_it = || frame.locals.iter().any(|&local| filling::is_on_path(snapshot, local, suspect));
        filling::is_adding(&frame.method)
            && (is_of_structure() || frame.class.starts_with("java.util.") && has_it())
    };
    let in_same = alike_in(snapshot, thread, own).find_map(|(other, at)| {
        let inner = &other.frames[..at];
        let made = || making::is_in_constructor(snapshot, inner, suspect).then(|| inner.last()).flatten();
        let frame = inner.iter().rev().find(adds).or_else(made)?;
        Some(Filling { thread: other, frame })
    });
    in_same.or_else(|| {
        // The queue is not in hand for anything else than to put something into it, where another thread takes from it.
        let object = declaring.and_then(|at| snapshot.find(ObjectId(suspect.path[at].address)))?;
        let is_named = |frame: &&StackFrame| {
            is_own_frame(snapshot, frame)
                && !frame.method.starts_with("lambda$")
                && !filling::declares(&frame.class, suspect)
        };
        let mut near = below.iter().filter(is_named).take(NEAR).filter(|_| suspect.backlog);
        near.find_map(|frame| {
            let mut alike = alike_in(snapshot, thread, frame);
            let (other, at) = alike.find(|(other, at)| other.frames[*at].locals.contains(&object))?;
            Some(Filling { thread: other, frame: &other.frames[at] })
        })
    })
}

/// Whether it is one of very many threads that fill the heap together, wherever it stands: it had only not come to where the others are.
pub(super) fn is_one_of_crowd(name: &str, suspect: &Suspect) -> bool {
    const MANY: u64 = 100;
    let holder = &suspect.holder;
    holder.threads.is_some_and(|threads| threads >= MANY)
        && holder.thread.as_deref().is_some_and(|crowd| normalise_thread(crowd) == normalise_thread(name))
}

/// What it has itself in the thread-local whose values fill the heap, if it was at work with that: one of many.
pub(super) fn own_in_hand(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<ObjectIx> {
    let holder = &suspect.holder;
    let key = || {
        let (class, field) = (holder.class.as_deref()?, holder.field.as_deref()?);
        snapshot.static_reference(class, field)
    };
    let own = key()
        .filter(|_| holder.kind == HolderKind::ThreadLocal)
        .and_then(|key| value_in_thread(snapshot, thread.object, key));
    let frame = innermost(snapshot, below).filter(|_| !filling::is_reading(below))?;
    own.filter(|own| frame.locals.contains(own))
}

/// The one of what fills the heap in whose method it was, with all threads that are called alike in that method of such objects: a room, say, in which something has
/// just happened. What one method of it does at the same time in several threads is what it is there for.
pub(super) fn part_at_work(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<(ObjectIx, u64)> {
    /// Besides itself.
    const OTHERS: usize = 2;
    /// What has grown.
    const LEAST_BYTES: u64 = 64 << 10;
    const PART: u64 = 256;
    let own = innermost(snapshot, below)?;
    // The path leads to one of these, by the collection or the array that all of them are in.
    let one = suspect.path.iter().position(|step| *step.class == *own.class)?;
    let above = suspect.path[..one]
        .iter()
        .rev()
        .take_while(|step| step.class.ends_with("[]") || step.class.starts_with("java.util."));
    let mut above = above.filter_map(|step| snapshot.find(ObjectId(step.address)));
    let part = above.find_map(|all| filling::receiver_below(snapshot, own, all))?;
    let retained = snapshot.retained_bytes(part);
    let has_grown = retained >= LEAST_BYTES && retained.saturating_mul(PART) >= suspect.retained_bytes;
    let is_at_its_own = || {
        filling::is_reading(below)
            || reads(&own.method)
            || making::does_its_own(snapshot, thread, below, suspect)
            || evidence::largest_array_of(snapshot, thread).is_some()
    };
    if !has_grown || is_at_its_own() {
        return None;
    }
    let alike = alike_in(snapshot, thread, own).count();
    (alike >= OTHERS).then_some((part, alike as u64 + 1))
}

/// Whether a method gives away what there is, by its name.
pub(super) fn reads(method: &str) -> bool {
    const READS: [&str; 26] = [
        "clean", "close", "compact", "contains", "count", "describe", "dump", "evict", "expire", "export",
        "find", "format", "get", "is", "iterator", "list", "print", "purge", "read", "remove", "render",
        "report", "save", "search", "to", "write",
    ];
    READS.iter().any(|begin| {
        method.strip_prefix(begin).is_some_and(|rest| !rest.starts_with(|next: char| next.is_lowercase()))
    })
}

/// Whether it is one of those that hold a part each, or what others do that do the same work shows that it fills a suspect.
pub(super) fn is_one_that_fills(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    own_in_hand(snapshot, thread, below, suspect).is_some()
        || part_at_work(snapshot, thread, below, suspect).is_some()
        || filling(snapshot, thread, below, suspect).is_some()
}

/// What threads that are called alike say of one that is to blame.
pub(super) fn evidence(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> Option<Text> {
    if let Some(own) = own_in_hand(snapshot, thread, below, suspect) {
        let args = [("holder", suspect.holder.words()), ("size", Arg::Bytes(snapshot.retained_bytes(own)))];
        return Some(Text::with("oom-evidence-own-value", args));
    }
    if let Some((part, count)) = part_at_work(snapshot, thread, below, suspect) {
        let args = [
            ("class", Arg::name(snapshot.class_name(part))),
            ("size", Arg::Bytes(snapshot.retained_bytes(part))),
            ("count", Arg::Count(count)),
        ];
        return Some(Text::with("oom-evidence-part", args));
    }
    let filling = filling(snapshot, thread, below, suspect)?;
    let other = ("other", Arg::name(thread_name(snapshot, filling.thread.object)));
    if &*filling.frame.method == "<init>" {
        let class = ("class", Arg::name(simple_name(&filling.frame.class)));
        return Some(Text::with(ALIKE_MAKING, [other, class]));
    }
    let args = [other, ("place", Arg::name(report_frame(filling.frame).to_string()))];
    Some(Text::with("oom-evidence-alike", args))
}

/// Whether it has work of its own, though what it was started with leads to what is full, as the application's main object does to everything: it is called like nobody,
/// several threads that are called alike have such an object in hand as well, it stands in no class on the way, and what its innermost method has in hand does not lead there.
pub(super) fn is_apart(
    snapshot: &Snapshot,
    thread: &Thread,
    below: &[StackFrame],
    suspect: &Suspect,
) -> bool {
    const SEVERAL: usize = 2;
    /// Of a service with more virtual threads these are enough.
    const MOST: usize = 4096;
    let Some(own) = innermost(snapshot, below) else { return false };
    let leads_there = |frame: &StackFrame| making::leads_from(snapshot, frame, suspect);
    let is_own = |frame: &&StackFrame| is_own_frame(snapshot, frame);
    let first = suspect.path.iter().position(|step| filling::is_declaring(snapshot, step, suspect));
    let on_the_way = &suspect.path[first.unwrap_or(suspect.path.len())..];
    // A method of a large class that has nothing of it in hand is about anything.
    let is_about_it = |frame: &StackFrame| {
        !frame.method.starts_with("lambda$")
            && (!is_same_method(frame, own)
                || filling::is_adding(&own.method)
                || filling::makes_room(&own.method))
    };
    let is_on_the_way = |frame: &StackFrame| {
        is_about_it(frame) && filling::declares(&frame.class, suspect)
            || on_the_way.iter().skip(1).any(|step| *step.class == *frame.class)
    };
    // What it has called with something in hand may have given that away.
    if suspect.backlog || leads_there(own) || below.iter().filter(is_own).any(is_on_the_way) {
        return false;
    }
    let name = thread_name(snapshot, thread.object);
    let stable = normalise_thread(&name);
    let mut with_it: HashMap<String, usize> = HashMap::new();
    for other in snapshot.threads().iter().filter(|other| other.object != thread.object).take(MOST) {
        if !other.frames.iter().filter(is_own).any(leads_there) {
            continue;
        }
        let other = normalise_thread(&thread_name(snapshot, other.object)).into_owned();
        *with_it.entry(other).or_default() += 1;
    }
    !with_it.contains_key(&*stable) && with_it.values().any(|&count| count >= SEVERAL)
}
