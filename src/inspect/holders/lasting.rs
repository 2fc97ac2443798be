//! Frames that do not return while the process lives.
//!
//! Owns how it is told that what a variable of the main thread holds was set up once and lives as long as the process, rather than being the
//! load of a request: it is in a field of an object that `main` has made for the whole program, or the thread does nothing but wait for the end. What
//! the main thread works with otherwise is not meant. Cost: the frames of one thread.

use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of_named, thread_name};
use crate::snapshot::{Root, Snapshot, StackFrame, Thread};
use hashbrown::HashMap;

/// Methods by the class that declares them.
type Calls = &'static [(&'static str, &'static [&'static str])];

/// Calls that return when the process ends.
const WAITS_FOR_THE_END: Calls = &[
    ("java.lang.Thread", &["sleep", "join"]),
    ("java.util.concurrent.CountDownLatch", &["await"]),
    ("java.lang.ProcessImpl", &["waitFor"]),
    ("java.net.ServerSocket", &["accept"]),
    ("sun.nio.ch.ServerSocketChannelImpl", &["accept"]),
];
/// Those that end by themselves.
const SLEEPS: Calls = &[("java.lang.Thread", &["sleep"])];
/// The same in whatever waits: a lock, a queue.
const WAITS: Calls =
    &[("java.lang.Object", &["wait"]), ("java.util.concurrent.locks.LockSupport", &["park"])];
/// The same in a queue that is waited at for work.
const WAITS_FOR_WORK: Calls = &[
    ("java.lang.Object", &["wait", "wait0"]),
    ("java.util.concurrent.locks.LockSupport", &["park", "parkNanos"]),
];
/// The methods of queues that wait for work.
const TAKES: &[&str] = &["take", "poll", "takeFirst", "takeLast", "pollFirst", "pollLast"];
/// Calls that return when a piece of work is done.
const WAITS_FOR_A_RESULT: Calls = &[
    ("java.util.concurrent.FutureTask", &["get"]),
    ("java.util.concurrent.AbstractExecutorService", &["invokeAll", "invokeAny"]),
    ("java.util.concurrent.ForkJoinTask", &["get", "join", "invoke"]),
    ("java.util.concurrent.ForkJoinPool", &["invoke"]),
];
/// Tasks that may be done again and again, with `period`.
const PERIODIC: &[&str] =
    &["java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask", "java.util.TimerTask"];
/// Calls that wait for a line from the terminal, or else read a file, which is work.
const READS: Calls = &[("java.io.FileInputStream", &["read", "read0", "readBytes"])];

/// Whether what leads through `objects` from a variable of the main thread, the `root`, lives as long as the process. What an object of the
/// application keeps in a field (`is_field`) does where `main` alone refers to it, or has it run the program. Everything does while the thread only
/// waits.
pub(super) fn is_held_by_main(snapshot: &Snapshot, root: Root, objects: &[ObjectIx], is_field: bool) -> bool {
    let Some(thread) = root.thread.and_then(|thread| snapshot.threads().get(thread as usize)) else {
        return false;
    };
    let Some(at) = root.frame.map(|frame| frame as usize).filter(|&at| at < thread.frames.len()) else {
        return false;
    };
    if !is_main(snapshot, thread) {
        return false;
    }
    if leads_to_unfinished_task(snapshot, objects) && calls_of(&thread.frames, WAITS_FOR_A_RESULT) {
        return false;
    }
    // What the JVM makes to link and to call a method hands on what its caller has.
    let is_handed_on = |frame: &&StackFrame| frame.class.starts_with("java.lang.invoke.");
    let handed_on = thread.frames[at..].iter().take_while(is_handed_on).count();
    let at = if at + handed_on < thread.frames.len() { at + handed_on } else { at };
    let (inner, outer) = thread.frames.split_at(at);
    let inner_without_forms = inner.iter().filter(|frame| !is_handed_on(frame));
    let program = program_of(snapshot, thread);
    let runs_the_program = |other: &Root| {
        let at = other.frame.map(|frame| frame as usize).filter(|_| other.thread == root.thread);
        at.is_some_and(|at| is_of_program(snapshot, thread, program, at, root.object))
    };
    // It may be a variable of several frames.
    if is_field && snapshot.roots_of(root.object).iter().any(runs_the_program) {
        return true;
    }
    !inner_without_forms.flat_map(|frame| frame.locals.iter()).any(|local| objects.contains(local))
        && (is_field && is_outermost(snapshot, outer)
            || waits_for_the_end(snapshot, inner, outer)
                && !is_worked_off(snapshot, inner, &outer[0], objects))
}

/// Whether a path leads by a task that is not done yet: one that is refers to its result only.
fn leads_to_unfinished_task(snapshot: &Snapshot, objects: &[ObjectIx]) -> bool {
    objects.windows(2).any(|pair| {
        let [task, next] = *pair else { return false };
        snapshot.class_name(task) == "java.util.concurrent.FutureTask"
            && snapshot.follow(task, "callable") == Some(next)
    })
}

/// What is known of the stacks of threads, each looked at once: a thread may have millions of variables.
pub(super) struct Stacks<'s> {
    snapshot: &'s Snapshot,
    known: HashMap<u32, Stack>,
}

/// What is known of a stack.
struct Stack {
    is_main: bool,
    /// The outermost frame of the application's own.
    outermost_own: Option<usize>,
    /// Where the program begins, as [`program_of`] has it.
    program: Option<usize>,
    /// Whether what a frame has is kept while the thread waits for the end.
    waits: HashMap<usize, bool>,
}

impl<'s> Stacks<'s> {
    pub(super) fn new(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, known: HashMap::new() }
    }

    /// The stack that a root is a variable of, and its frame.
    fn of(&mut self, root: &Root) -> Option<(&'s Thread, &mut Stack, usize)> {
        let (snapshot, number) = (self.snapshot, root.thread?);
        let thread = snapshot.threads().get(number as usize)?;
        let at = root.frame.map(|frame| frame as usize).filter(|&at| at < thread.frames.len())?;
        let stack = self.known.entry(number).or_insert_with(|| {
            let is_main = is_main(snapshot, thread);
            Stack {
                is_main,
                outermost_own: outermost_own(snapshot, thread).map(|(at, _)| at),
                program: if is_main { program_of(snapshot, thread) } else { None },
                waits: HashMap::new(),
            }
        });
        Some((thread, stack, at))
    }

    /// Whether `root` is a variable by which the main thread has what it has set up: any while it does nothing but wait for the end, else one of
    /// `main` itself or the object whose method `main` has called. Calls on other threads, and what is called further in, have it in hand for a while.
    pub(super) fn is_set_up_by_main(&mut self, root: &Root) -> bool {
        /// Whoever is so deep in calls works.
        const DEEPEST: usize = 1000;
        let snapshot = self.snapshot;
        let Some((thread, stack, at)) = self.of(root) else { return false };
        if !stack.is_main {
            return false;
        }
        let waits = || {
            let (inner, outer) = thread.frames.split_at(at);
            thread.frames.len() <= DEEPEST
                && waits_for_the_end(snapshot, inner, outer)
                && !(calls_of(inner, SLEEPS) && sleeps_for_a_result(snapshot, inner))
        };
        *stack.waits.entry(at).or_insert_with(waits)
            || is_of_program(snapshot, thread, stack.program, at, root.object)
    }

    /// Whether `root` is the object whose method is all that its thread does, or does now: the outermost one of the application's own.
    pub(super) fn is_of_task(&mut self, root: &Root) -> bool {
        let snapshot = self.snapshot;
        let Some((thread, stack, at)) = self.of(root) else { return false };
        stack.outermost_own == Some(at)
            && snapshot.classes().is_named(snapshot.class_of(root.object), &thread.frames[at].class)
    }
}

/// The frame of `main`, if that has called the application's own code and nothing but a launcher has called it.
fn program_of(snapshot: &Snapshot, thread: &Thread) -> Option<usize> {
    let frames = &thread.frames;
    let main = frames.iter().rposition(|frame| &*frame.method == "main")?;
    let called = &frames[main.checked_sub(1)?];
    let is_own = origin_of_named(snapshot, &called.class) == Origin::Application;
    (is_own && is_outermost(snapshot, &frames[main..])).then_some(main)
}

/// Whether an object is one of those that `main` runs the program with: a variable of `main`, which has called the application's own code, or what it
/// has called a method of. What `main` has given to a library that it called, as a listener to a reader of files, goes with that call.
fn is_of_program(
    snapshot: &Snapshot,
    thread: &Thread,
    program: Option<usize>,
    at: usize,
    object: ObjectIx,
) -> bool {
    let is_called = || snapshot.classes().is_named(snapshot.class_of(object), &thread.frames[at].class);
    program.is_some_and(|main| at == main || at + 1 == main && is_called())
}

/// Whether an object is a task that is done again and again: it goes back into its queue when this run of it ends, and what it refers to stays.
pub(super) fn is_periodic(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let classes = snapshot.classes();
    let is_task = |name| classes.is_named(snapshot.class_of(object), name);
    PERIODIC.iter().any(|name| is_task(name))
        && snapshot.integer(object, "period").is_some_and(|period| period != 0)
}

/// The outermost frame of the application's own.
fn outermost_own<'t>(snapshot: &Snapshot, thread: &'t Thread) -> Option<(usize, &'t StackFrame)> {
    let is_own = |frame: &StackFrame| {
        origin_of_named(snapshot, &frame.class) == Origin::Application && !frame.class.contains("$$Lambda")
    };
    thread.frames.iter().enumerate().rfind(|(_, frame)| is_own(frame))
}

/// The frame that is all that a thread does, if it may be a loop: what the JDK has called to run a thread or a task, and no request that a server has handed
/// on.
pub(in crate::inspect) fn task_of<'t>(snapshot: &Snapshot, thread: &'t Thread) -> Option<&'t StackFrame> {
    const RUNS: [&str; 3] = ["java.lang.", "java.util.concurrent.", "jdk.internal.vm."];
    let (at, frame) = outermost_own(snapshot, thread)?;
    let runs = |outer: &StackFrame| {
        outer.class.contains("$$Lambda") || RUNS.iter().any(|package| outer.class.starts_with(package))
    };
    let outer = &thread.frames[at + 1..];
    (!is_main(snapshot, thread) && !outer.is_empty() && outer.iter().all(runs)).then_some(frame)
}

/// Whether it is the thread that has started the program.
pub(in crate::inspect) fn is_main(snapshot: &Snapshot, thread: &Thread) -> bool {
    matches!(&*thread_name(snapshot, thread.object), "main" | "restartedMain")
}

/// Whether what leads through `objects` from a variable of the loop in which a thread waits for work, the `root`, lives as long as the thread: it is
/// not a piece of work that holds it, for there is none at that moment. A loop is what the thread was started with, and waits itself.
pub(super) fn is_held_by_loop(snapshot: &Snapshot, root: Root, objects: &[ObjectIx]) -> bool {
    let Some(thread) = root.thread.and_then(|thread| snapshot.threads().get(thread as usize)) else {
        return false;
    };
    let Some(at) = root.frame.map(|frame| frame as usize).filter(|&at| at < thread.frames.len()) else {
        return false;
    };
    let (inner, outer) = thread.frames.split_at(at);
    let is_own = |frame: &StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let takes = |frame: &StackFrame| {
        frame.class.starts_with("java.util.concurrent.")
            && (frame.class.ends_with("Queue") || frame.class.ends_with("Deque"))
            && TAKES.contains(&&*frame.method)
    };
    let is_started_with = || {
        outer[1..].iter().all(|frame| {
            matches!(
                &*frame.class,
                "java.lang.Thread" | "java.lang.VirtualThread" | "java.lang.Thread$ThreadPerTask"
            ) || frame.class.contains("$$Lambda")
        })
    };
    let waits = inner.iter().any(takes) && calls_of(inner, WAITS_FOR_WORK);
    is_own(&outer[0])
        && waits
        && !inner.iter().any(is_own)
        && is_started_with()
        && !inner.iter().flat_map(|frame| frame.locals.iter()).any(|local| objects.contains(local))
        && is_the_only_one(snapshot, root, &outer[0])
}

/// Whether no other thread runs the method: many that do the same are told as what they hold together.
fn is_the_only_one(snapshot: &Snapshot, root: Root, frame: &StackFrame) -> bool {
    let runs = |other: &StackFrame| other.class == frame.class && other.method == frame.method;
    let threads = (0u32..).zip(snapshot.threads());
    threads
        .filter(|&(number, _)| Some(number) != root.thread)
        .all(|(_, thread)| !thread.frames.iter().any(runs))
}

/// Whether the first of these frames is `main`, and what stands below it has only called it, as the launcher of Spring Boot does.
fn is_outermost(snapshot: &Snapshot, outer: &[StackFrame]) -> bool {
    let is_other = |frame: &StackFrame| {
        origin_of_named(snapshot, &frame.class) != Origin::Application
            || frame.method.starts_with("lambda$")
            || frame.class.contains("$$Lambda")
    };
    &*outer[0].method == "main" && outer[1..].iter().all(is_other)
}

/// Whether `main`, or a method that it has called to set the process up, only waits for the end. In `main` itself any wait is one for the end; a
/// method that it has called may wait for a piece of work.
fn waits_for_the_end(snapshot: &Snapshot, inner: &[StackFrame], outer: &[StackFrame]) -> bool {
    let calls = |calls: Calls| calls_of(inner, calls);
    let is_working = |frame: &StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    // The loop of a program waits to be notified; who waits for a piece of work asks for its result.
    let is_notified = || {
        let calling = inner.iter().rposition(|frame| !is_wait(frame)).map_or(0, |at| at + 1);
        calling < inner.len()
    };
    if calls(WAITS_FOR_A_RESULT) {
        return false;
    }
    let waits = calls(WAITS_FOR_THE_END)
        || is_notified()
        || calls(READS) && has_standard_input(snapshot, inner)
        || &*outer[0].method == "main" && calls(WAITS) && !inner.iter().any(is_working);
    waits && outer.iter().any(|frame| &*frame.method == "main")
}

/// Whether a thread that sleeps does so in the middle of its work on what leads through `objects` from a variable of `frame`: for a result, with an
/// element in hand, or in a loop over it. A sleep is all that a batch with a limited rate or an attempt made again shows, too.
fn is_worked_off(
    snapshot: &Snapshot,
    inner: &[StackFrame],
    frame: &StackFrame,
    objects: &[ObjectIx],
) -> bool {
    const LOOKED_AT: usize = 16;
    if !calls_of(inner, SLEEPS) {
        return false;
    }
    let references = snapshot.references();
    let below = |object: &ObjectIx| references.of(*object).take(LOOKED_AT).collect::<Vec<_>>();
    // The end of the path is an element, or a collection, or its array.
    let mut elements: Vec<ObjectIx> = objects.last().copied().into_iter().collect();
    elements.extend(elements.iter().flat_map(below).collect::<Vec<_>>());
    elements.extend(elements[1..].iter().flat_map(below).collect::<Vec<_>>());
    let is_of_an_element = |local: &ObjectIx| {
        let class = snapshot.class_of(*local);
        !objects.contains(local)
            && origin_of_named(snapshot, snapshot.class_name(*local)) == Origin::Application
            && elements.iter().any(|&element| snapshot.class_of(element) == class)
    };
    let goes_over_it = |local: &ObjectIx| {
        let class = snapshot.class_name(*local);
        class.starts_with("java.util.")
            && (class.ends_with("Itr") || class.ends_with("Iterator"))
            && snapshot.follow(*local, "this$0").is_some_and(|collection| objects.contains(&collection))
    };
    sleeps_for_a_result(snapshot, inner)
        || inner.iter().flat_map(|frame| frame.locals.iter()).any(is_of_an_element)
        || frame.locals.iter().any(goes_over_it)
}

/// Whether one of these frames, up to the innermost of the application's own, is a method that its caller asks for something: it gives back more than
/// how a program has ended.
fn sleeps_for_a_result(snapshot: &Snapshot, inner: &[StackFrame]) -> bool {
    const RUN: &[&str] = &["main", "run", "call", "start", "execute"];
    let gives = |frame: &StackFrame| {
        let given = frame.signature.rsplit(')').next();
        !matches!(given, None | Some("" | "V" | "Z" | "I" | "Ljava/lang/Integer;" | "Ljava/lang/Void;"))
            && !RUN.contains(&&*frame.method)
    };
    for frame in inner {
        let origin = origin_of_named(snapshot, &frame.class);
        if origin != Origin::Jdk && gives(frame) {
            return true;
        }
        if origin == Origin::Application {
            return false;
        }
    }
    false
}

fn is_wait(frame: &StackFrame) -> bool {
    &*frame.class == "java.lang.Object" && matches!(&*frame.method, "wait" | "wait0")
}

/// Whether one of the frames is such a call.
fn calls_of(frames: &[StackFrame], calls: Calls) -> bool {
    let is_of = |frame: &StackFrame| {
        calls.iter().any(|(class, methods)| *frame.class == **class && methods.contains(&&*frame.method))
    };
    frames.iter().any(is_of)
}

/// Whether one of the frames has standard input in hand, or the file below it.
fn has_standard_input(snapshot: &Snapshot, frames: &[StackFrame]) -> bool {
    let standard = snapshot.static_reference("java.lang.System", "in");
    let layers = std::iter::successors(standard, |&layer| snapshot.follow(layer, "in")).take(4);
    let layers: Vec<ObjectIx> = layers.collect();
    frames.iter().flat_map(|frame| frame.locals.iter()).any(|local| layers.contains(local))
}
