//! OutOfMemoryErrors that were thrown before the dump was made, and kept by somebody.
//!
//! Every JVM keeps about ten that it made when it started; they have no stack, which tells them from those that were thrown: HotSpot fills
//! `Throwable.backtrace` (methods, positions, class mirrors of the frames) and counts the frames in `depth` when it throws. An error that
//! was caught and kept often tells what no dump was written for, as the JVM writes none where direct memory or native threads run out.
//! Cost: a pass over the class column, some records for each error.

use super::super::holders::is_own_field;
use super::super::{Context, InspectError};
use super::evidence::platform_threads;
use super::{OOM_CLASS, kind_of_message, throwing_thread};
use crate::ix::ObjectIx;
use crate::query::{Origin, instances_of, origin_of_named, thread_name};
use crate::report::{
    Arg, Finding, Fingerprint, Holder, MADE_BY_APPLICATION, PathStep, Severity, THROWN_EARLIER, Text,
    normalise_class,
};
use crate::snapshot::{Snapshot, SnapshotError, StackFrame, Thread};
use hashbrown::{HashMap, HashSet};

/// Frames that are shown.
const MOST_FRAMES: usize = 8;
/// As many frames as the first part of a backtrace has (`java_lang_Throwable::trace_chunk_size`).
const CHUNK: usize = 32;
/// Findings of one kind.
const MOST_TOLD: usize = 5;
/// The kind of [`kind_of_message`] for direct memory.
const DIRECT: &str = "direct-buffer-memory";

/// Errors with the same stack.
struct Thrown {
    first: ObjectIx,
    count: u64,
    is_held: bool,
    /// Whether its stack may go on beyond the frames of its backtrace.
    is_cut_off: bool,
    message: String,
    frames: Vec<Place>,
}

/// A frame of such a stack.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    class: String,
    /// With the method, if it is known.
    words: String,
}

/// One finding for each stack that such an error has, and one for each that the application made itself.
///
/// # Errors
/// Cancelled, or as [`Context::ownership`].
pub(in crate::inspect) fn findings(context: &Context<'_>) -> Result<Vec<Finding>, InspectError> {
    let snapshot = context.snapshot;
    let mut by_stack: HashMap<Vec<Place>, Vec<Thrown>> = HashMap::new();
    let mut own: HashMap<Vec<Place>, (ObjectIx, u64)> = HashMap::new();
    for error in all_errors(snapshot)? {
        // Some libraries make one for a comparison or for later; those that were thrown say of what there was too little.
        let message = snapshot.text_field(error, "detailMessage").unwrap_or_default();
        let frames = frames(snapshot, error);
        let is_held = snapshot.is_reachable(error);
        if frames.is_empty() || kind_of_message(&message).is_none() {
            // The virtual machine throws in what asks for memory, which is seldom the innermost method of the application.
            if is_held && frames.first().is_some_and(|place| is_own(snapshot, place)) {
                own.entry(frames).or_insert((error, 0)).1 += 1;
            }
            continue;
        }
        let of_stack = by_stack.entry(frames).or_default();
        match of_stack.iter_mut().find(|known| known.message == message) {
            Some(known) => {
                known.count += 1;
                known.is_held |= is_held;
            }
            None => {
                let depth = snapshot.integer(error, "depth").and_then(|depth| usize::try_from(depth).ok());
                let is_cut_off = depth.is_some_and(|depth| depth >= CHUNK);
                let frames = Vec::new();
                of_stack.push(Thrown { first: error, count: 1, is_held, is_cut_off, message, frames });
            }
        }
    }
    let classes_thrown = classes_thrown(&by_stack);
    let of_stack = |(frames, errors): (Vec<Place>, Vec<Thrown>)| {
        let is_beside = is_beside_thrown(&frames, &errors, &classes_thrown);
        let errors = if is_beside { without_counted(errors) } else { errors };
        let mut errors = errors.into_iter();
        let first = errors.next()?;
        let all = errors.fold(first, |all, other| {
            let first =
                if other.first < all.first { (other.first, other.message) } else { (all.first, all.message) };
            Thrown {
                first: first.0,
                message: first.1,
                count: all.count + other.count,
                is_held: all.is_held | other.is_held,
                is_cut_off: all.is_cut_off | other.is_cut_off,
                frames: Vec::new(),
            }
        });
        Some(Thrown { frames, ..all })
    };
    let mut all: Vec<Thrown> = by_stack.into_iter().filter_map(of_stack).collect();
    leave_out_the_same_moment(snapshot, &mut all);
    all.sort_by_key(|thrown| (std::cmp::Reverse(thrown.count), thrown.first));
    all.truncate(MOST_TOLD);
    let mut own: Vec<(ObjectIx, u64)> = own.into_values().collect();
    own.sort_unstable();
    own.truncate(MOST_TOLD);
    let own =
        own.into_iter().filter_map(|(first, count)| made_by_application(context, first, count).transpose());
    all.iter().map(|thrown| finding(context, thrown)).chain(own).collect()
}

/// Whether there is an error that was thrown as direct memory ran out.
///
/// # Errors
/// Cancelled.
pub(in crate::inspect) fn has_direct_memory_run_out(snapshot: &Snapshot) -> Result<bool, SnapshotError> {
    let is_it = |&error: &ObjectIx| {
        let message = snapshot.text_field(error, "detailMessage").unwrap_or_default();
        kind_of_message(&message) == Some(DIRECT) && !frames(snapshot, error).is_empty()
    };
    Ok(all_errors(snapshot)?.iter().any(is_it))
}

fn all_errors(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    let mut classes = snapshot.classes().sub_classes_of(OOM_CLASS);
    classes.sort_unstable();
    instances_of(snapshot, &classes)
}

/// That the application has made such errors itself: the virtual machine had memory. What they say is the application's, not shown unasked.
fn made_by_application(
    context: &Context<'_>,
    first: ObjectIx,
    count: u64,
) -> Result<Option<Finding>, InspectError> {
    let snapshot = context.snapshot;
    let Some(place) = thrown_in(snapshot, first) else { return Ok(None) };
    let held = context.ownership()?.of(first, 0);
    let args = [("count", Arg::Count(count)), ("place", Arg::name(&place))];
    let message = snapshot.text_field(first, "detailMessage").filter(|_| context.options.strings);
    let message = message.map(|message| Text::with("oom-own-message", [("message", Arg::name(message))]));
    let holder = held.map(|held| held.holder);
    let kept = holder.as_ref().map(|holder| Text::with("oom-thrown-held", [("holder", holder.words())]));
    Ok(Some(Finding {
        id: MADE_BY_APPLICATION.into(),
        severity: Severity::Info,
        title: Text::with("oom-own", args),
        class: Some(snapshot.class_name(first).to_owned()),
        bytes: snapshot.retained_bytes(first),
        count,
        holder,
        advice: vec![Text::message("oom-own-advice")],
        evidence: kept.into_iter().chain(message).collect(),
        link: None,
        fingerprint: Fingerprint::of(&[MADE_BY_APPLICATION, &normalise_class(&place)]),
    }))
}

/// What ran out by an error that another thread has just met: it is in that thread's hands. That of `thrower` will be the same if it is the heap.
pub(super) fn kind_in_other_hands(snapshot: &Snapshot, thrower: &Thread) -> Option<&'static str> {
    let is_error = |&object: &ObjectIx| snapshot.classes().is_named(snapshot.class_of(object), OOM_CLASS);
    let others = snapshot.threads().iter().filter(|thread| thread.object != thrower.object);
    let mut errors = others.flat_map(|thread| thread.locals().filter(is_error));
    errors.find_map(|error| {
        let kind = kind_of_message(&snapshot.text_field(error, "detailMessage")?)?;
        let is_of_heap = matches!(kind, "java-heap-space" | "gc-overhead-limit");
        (is_of_heap && !frames(snapshot, error).is_empty()).then_some(kind)
    })
}

/// Leaves out the errors of threads that have run out of memory at the same moment as the one that the dump was written for: each of them stands where
/// it has met its error, and nobody has caught that yet.
fn leave_out_the_same_moment(snapshot: &Snapshot, all: &mut Vec<Thrown>) {
    let Some(thrower) = throwing_thread(snapshot) else { return };
    let others = snapshot.threads().iter().filter(|thread| thread.object != thrower.object);
    let stands_there = |thread: &Thread, classes: &[String]| {
        let frames = thread.frames.iter().map(|frame| &*frame.class);
        let mut frames: Vec<&str> = frames.filter(|class| !is_hidden(class)).collect();
        frames.dedup();
        frames.len() >= classes.len() && frames.iter().zip(classes).all(|(frame, class)| frame == class)
    };
    let stacks: Vec<&Thread> = others.filter(|thread| !thread.frames.is_empty()).collect();
    for thrown in all.iter_mut() {
        // Whoever has asked an error for its trace has caught it.
        if thrown.frames.iter().any(|place| place.words != place.class) {
            continue;
        }
        let classes = classes_of(&thrown.frames);
        let there = stacks.iter().filter(|thread| stands_there(thread, &classes)).count() as u64;
        thrown.count = thrown.count.saturating_sub(there);
    }
    all.retain(|thrown| thrown.count > 0);
}

/// What HotSpot takes only to compare errors with one that it threw.
const COUNTED: [&str; 2] = ["Metaspace", "Compressed class space"];

/// Without the errors that HotSpot has taken only to compare them with one that it threw: in JDK 17 its count of errors asks for those of Metaspace
/// and of the class space, and thereby takes one of each that it had made beforehand and gives it the stack of the one that was thrown
/// (`Exceptions::count_out_of_memory_exceptions`). Where nothing else has that stack (see [`classes_thrown`]) they may have been thrown themselves.
fn without_counted(mut errors: Vec<Thrown>) -> Vec<Thrown> {
    let count = |message: &str| {
        errors.iter().find(|thrown| thrown.message == message).map_or(0, |thrown| thrown.count)
    };
    let pairs = COUNTED.map(count).into_iter().min().unwrap_or(0);
    errors.iter_mut().filter(|thrown| is_counted(thrown)).for_each(|thrown| thrown.count -= pairs);
    errors.retain(|thrown| thrown.count > 0);
    errors
}

fn is_counted(thrown: &Thrown) -> bool {
    COUNTED.contains(&thrown.message.as_str())
}

/// The classes of the stacks of all errors that HotSpot does not take to compare them. One that was thrown may have been asked for its trace since, as
/// whoever logs it does: then it names methods and lines, which those never do that were taken beside it.
fn classes_thrown(by_stack: &HashMap<Vec<Place>, Vec<Thrown>>) -> HashSet<Vec<String>> {
    let thrown = by_stack.iter().filter(|(_, errors)| !errors.iter().all(is_counted));
    thrown.map(|(frames, _)| classes_of(frames)).collect()
}

/// Whether an error that was thrown has the stack of these, as far as theirs goes: with frames that are hidden the first part of a backtrace has less of it.
fn is_beside_thrown(frames: &[Place], errors: &[Thrown], classes_thrown: &HashSet<Vec<String>>) -> bool {
    if !errors.iter().any(is_counted) {
        return false;
    }
    let classes = classes_of(frames);
    let is_cut_off = !classes.is_empty() && errors.iter().any(|error| is_counted(error) && error.is_cut_off);
    classes_thrown.contains(&classes)
        || is_cut_off && classes_thrown.iter().any(|thrown| thrown.starts_with(&classes))
}

/// What a stack of methods and one of which only the classes are known have in common: the classes of the frames that both tell.
fn classes_of(frames: &[Place]) -> Vec<String> {
    let classes = frames.iter().take(CHUNK).map(|place| &place.class);
    let mut classes: Vec<String> = classes.filter(|class| !is_hidden(class)).cloned().collect();
    classes.dedup();
    classes
}

/// Whether the thread is about to end, as nobody has caught the error: what the virtual machine calls then has it in hand, or prints it, which takes as long
/// as others print, too. Not those of which it is only the cause.
fn is_ended_by(thread: &Thread, error: ObjectIx) -> bool {
    let is_handler = |frame: &StackFrame| {
        matches!(&*frame.method, "uncaughtException" | "dispatchUncaughtException")
            && matches!(&*frame.class, "java.lang.Thread" | "java.lang.ThreadGroup")
    };
    let prints =
        |frame: &StackFrame| &*frame.method == "printStackTrace" && &*frame.class == "java.lang.Throwable";
    let Some(outermost) = thread.frames.iter().rposition(is_handler) else { return false };
    let has_it = |frame: &StackFrame| (is_handler(frame) || prints(frame)) && frame.locals.contains(&error);
    thread.frames[..=outermost].iter().any(has_it)
}

/// Whether a class is a hidden one (`Foo$$Lambda$3+0x..`, `LambdaForm$MH/0x..`; before JDK 15 `Foo$$Lambda$1/12345`), or of those that call method handles. HotSpot
/// leaves their frames out where it throws an error, but neither in an error that it had made beforehand nor in the stack of a thread.
fn is_hidden(class: &str) -> bool {
    const OF_HANDLES: &str = "java.lang.invoke.";
    let number = class.rsplit_once(['/', '+', '.']).map_or("", |(_, number)| number);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.starts_with("0x") || is_number || class.starts_with(OF_HANDLES)
}

fn finding(context: &Context<'_>, thrown: &Thrown) -> Result<Finding, InspectError> {
    let snapshot = context.snapshot;
    let held = if thrown.is_held { context.ownership()?.of(thrown.first, 0) } else { None };
    // The thread of an executor that ran the task goes on.
    let is_of_task = held.as_ref().is_some_and(|held| {
        let is_outcome = |step: &PathStep| step.field.as_deref() == Some("outcome");
        held.path.iter().any(is_outcome)
    });
    let holder = held.map(|held| held.holder);
    // The error is on its way out of the thread.
    let ended = snapshot.threads().iter().find(|thread| is_ended_by(thread, thrown.first));
    let shown = shown(snapshot, &thrown.frames);
    let kind = kind_of_message(&thrown.message);
    let (title, advice) = match kind {
        Some("native-thread") => of_threads(snapshot, thrown),
        _ => None,
    }
    .map_or_else(
        || (title(snapshot, thrown, holder.as_ref()), None),
        |(title, advice)| (title, Some(advice)),
    );
    let is_kept = holder.as_ref().is_some_and(is_own_field);
    let after = match kind {
        Some(DIRECT) => "oom-thrown-direct-advice",
        Some("requested-array-size") => "oom-thrown-array-advice",
        _ if is_of_task => "oom-thrown-task-advice",
        _ if is_kept => "oom-thrown-kept-advice",
        _ => "oom-thrown-advice",
    };
    let mut evidence = vec![Text::with("oom-thrown-stack", [("stack", Arg::name(shown.join(" ← ")))])];
    let kept = holder.as_ref().map(|holder| match ended {
        Some(thread) => {
            let name = thread_name(snapshot, thread.object);
            Text::with("oom-thrown-ends-thread", [("thread", Arg::name(name))])
        }
        None => Text::with("oom-thrown-held", [("holder", holder.words())]),
    });
    evidence.extend(kept);
    let stable: Vec<String> =
        thrown.frames.iter().map(|frame| normalise_class(&frame.words).into_owned()).collect();
    let parts: Vec<&str> = [THROWN_EARLIER].into_iter().chain(stable.iter().map(String::as_str)).collect();
    Ok(Finding {
        id: THROWN_EARLIER.into(),
        severity: Severity::Error,
        title,
        class: Some(snapshot.class_name(thrown.first).to_owned()),
        bytes: snapshot.retained_bytes(thrown.first),
        count: thrown.count,
        holder,
        advice: advice.into_iter().chain([Text::message(after)]).collect(),
        evidence,
        link: None,
        fingerprint: Fingerprint::of(&parts),
    })
}

/// Where it was thrown, who has kept it, and of what there was too little.
fn title(snapshot: &Snapshot, thrown: &Thrown, holder: Option<&Holder>) -> Text {
    let mut args = vec![("count", Arg::Count(thrown.count)), ("message", Arg::name(&thrown.message))];
    let place = thrown.frames.iter().find(|place| is_own(snapshot, place));
    args.extend(place.map(|place| ("place", Arg::name(&place.words))));
    let keeper = holder.filter(|holder| is_own_field(holder));
    args.extend(keeper.map(|holder| ("holder", holder.words())));
    let id = match (place.is_some(), keeper.is_some()) {
        (true, true) => "oom-thrown-in-kept",
        (true, false) => "oom-thrown-in",
        (false, _) => "oom-thrown",
    };
    Text::with(id, args)
}

/// What is said where no thread could be made: nothing in the heap ran out, there are too many threads, and whoever asked for one more is likely
/// to have made the others. `None` if most of them are of another kind each.
fn of_threads(snapshot: &Snapshot, thrown: &Thrown) -> Option<(Text, Text)> {
    let threads = platform_threads(snapshot).filter(|threads| threads.most * 2 >= threads.count)?;
    let place = thrown.frames.iter().find(|place| is_own(snapshot, place)).or(thrown.frames.last())?;
    let place = ("place", Arg::name(&place.words));
    let args = [
        place.clone(),
        ("count", Arg::Count(threads.count)),
        ("most", Arg::Count(threads.most)),
        ("thread", Arg::name(threads.pattern)),
    ];
    Some((Text::with("oom-thrown-threads", args), Text::with("oom-thrown-threads-advice", [place])))
}

/// Where an exception was thrown: the innermost frame of the application's, or else the innermost; with the method if it is known.
pub(in crate::inspect) fn thrown_in(snapshot: &Snapshot, error: ObjectIx) -> Option<String> {
    let mut frames = frames(snapshot, error);
    let own = frames.iter().position(|frame| is_own(snapshot, frame)).unwrap_or(0);
    (own < frames.len()).then(|| frames.swap_remove(own).words)
}

fn is_own(snapshot: &Snapshot, place: &Place) -> bool {
    origin_of_named(snapshot, &place.class) == Origin::Application
}

/// The frames that are shown of a stack: what is outside of the outermost one that is not the JDK's is the same in every program.
fn shown<'f>(snapshot: &Snapshot, frames: &'f [Place]) -> Vec<&'f str> {
    let is_other = |frame: &Place| origin_of_named(snapshot, &frame.class) != Origin::Jdk;
    let inner = frames.iter().rposition(is_other).map_or(frames.len(), |at| at + 1);
    frames[..inner].iter().take(MOST_FRAMES).map(|frame| frame.words.as_str()).collect()
}

/// The stack of an error, innermost first: with methods where somebody has asked the error for its trace, otherwise the classes; none if it was
/// never thrown.
fn frames(snapshot: &Snapshot, error: ObjectIx) -> Vec<Place> {
    let trace = snapshot.follow(error, "stackTrace");
    let elements = trace.into_iter().flat_map(|trace| snapshot.elements(trace));
    let written: Vec<Place> = elements
        .filter_map(|element| {
            let element = snapshot.find(element)?;
            let class = snapshot.text_field(element, "declaringClass")?;
            let method = snapshot.text_field(element, "methodName")?;
            let line = snapshot.integer(element, "lineNumber").filter(|&line| line > 0);
            let words = match (snapshot.text_field(element, "fileName"), line) {
                (Some(file), Some(line)) => format!("{class}.{method}({file}:{line})"),
                _ => format!("{class}.{method}"),
            };
            Some(Place { class, words })
        })
        .collect();
    if !written.is_empty() {
        return written;
    }
    // Without `depth` (before JDK 9) the mirrors tell: those of an error that was made beforehand are null.
    let depth = snapshot.integer(error, "depth").unwrap_or(i64::MAX);
    let Some(backtrace) = snapshot.follow(error, "backtrace").filter(|_| depth > 0) else {
        return Vec::new();
    };
    let mut classes: Vec<String> = Vec::new();
    for part in snapshot.elements(backtrace).filter_map(|part| snapshot.find(part)) {
        let mirrors = snapshot.elements(part).map_while(|mirror| snapshot.find(mirror));
        let named = mirrors.map_while(|mirror| snapshot.class_of_mirror(mirror));
        classes.extend(named.map(|class| class.name.to_string()));
        if !classes.is_empty() {
            break;
        }
    }
    classes.dedup();
    classes.into_iter().map(|class| Place { words: class.clone(), class }).collect()
}
