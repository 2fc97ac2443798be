//! What can be told of each thread.
//!
//! Cost: a few records per thread.

use super::state::{ThreadState, state_of};
use super::thread_name;
use super::{locals, monitors, readers};
use crate::ix::ObjectIx;
use crate::snapshot::{Heap, Snapshot, StackFrame, Thread};
use hashbrown::HashMap;
use rayon::prelude::*;

/// A thread, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadFacts {
    /// Its number in [`Heap::threads`](crate::snapshot::Heap::threads), where its stack is.
    pub number: usize,
    /// The `java.lang.Thread` object.
    pub object: ObjectIx,
    /// What it is called; `?` if the dump does not say.
    pub name: String,
    /// What it was doing; `None` if the dump does not say.
    pub state: Option<ThreadState>,
    /// Whether it lets the JVM end while it runs.
    pub daemon: Option<bool>,
    /// Whether it is a virtual thread.
    pub is_virtual: bool,
    /// From 1 to 10.
    pub priority: Option<i64>,
    /// `Thread.getId()`.
    pub id: Option<i64>,
    /// The name of its thread group.
    pub group: Option<String>,
    /// What it retains, its stack and thread-locals included, in bytes.
    pub retained_bytes: u64,
    /// What its local variables retain together, each byte once.
    pub locals_retained_bytes: u64,
    /// The part of it that nothing but this thread holds: what goes when its methods return.
    pub locals_only_bytes: u64,
    /// What its thread-locals retain together, inherited ones and those of Netty included.
    pub thread_locals_retained_bytes: u64,
    /// Whether an OutOfMemoryError was just being made on its stack: HotSpot puts that frame on top when it dumps for one.
    pub threw_oom: bool,
    /// What it waits for.
    pub wait: Option<Wait>,
    /// Another thread whose end it waits for, or the result of what that does.
    pub awaited: Option<Awaited>,
}

/// A thread that another one waits for, without a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// The thread object.
    pub thread: ObjectIx,
    /// Whether its end is waited for (`Thread.join`) rather than the result of the task that it runs (`FutureTask.get`).
    pub end: bool,
}

/// How a thread waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaitKind {
    /// For a lock of `java.util.concurrent` that one thread holds.
    Lock,
    /// For a signal, a result, an element of a queue: `LockSupport.park` with that object.
    Park,
    /// In `Object.wait` on that object.
    Monitor,
    /// To enter a monitor. Neither which one nor who has it is in the dump: both are told by the variables of the frames.
    Enter {
        /// Whether much speaks for the owner.
        is_likely: bool,
    },
    /// For the write lock of a read-write lock whose read lock the thread has itself: for ever.
    Upgrade,
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How.
    pub kind: WaitKind,
    /// The lock, or the object to be signalled.
    pub object: ObjectIx,
    /// For a lock or a monitor: the thread object that holds it, a read lock included.
    pub owner: Option<ObjectIx>,
}

impl ThreadFacts {
    /// All threads of the dump, in the order of [`Heap::threads`](crate::snapshot::Heap::threads).
    pub fn all(snapshot: &Snapshot) -> Vec<Self> {
        let threads = snapshot.threads().par_iter().enumerate();
        let mut all: Vec<Self> = threads.map(|(number, thread)| Self::of(snapshot, number, thread)).collect();
        monitors::tell(snapshot, &mut all);
        all
    }

    /// By thread object, the position in what [`Self::all`] gives.
    pub fn by_object(all: &[Self]) -> HashMap<ObjectIx, usize> {
        all.iter().enumerate().map(|(at, facts)| (facts.object, at)).collect()
    }

    fn of(snapshot: &Snapshot, number: usize, thread: &Thread) -> Self {
        let object = thread.object;
        let is_virtual = is_virtual(snapshot, object);
        let holder = snapshot.follow(object, "holder");
        let integer = |name: &str| snapshot.integer(object, name).or_else(|| snapshot.integer(holder?, name));
        let group = snapshot.follow(object, "group").or_else(|| snapshot.follow(holder?, "group"));
        let locals = locals::retained(snapshot, thread);
        let maps = ["threadLocals", "inheritableThreadLocals", "threadLocalMap", "localValues"];
        let maps = maps.into_iter().filter_map(|field| snapshot.follow(object, field));
        Self {
            number,
            object,
            name: thread_name(snapshot, object),
            state: state_of(snapshot, object, is_virtual),
            daemon: if is_virtual { Some(true) } else { integer("daemon").map(|daemon| daemon != 0) },
            is_virtual,
            priority: integer("priority"),
            id: ["tid", "id"].into_iter().find_map(|field| snapshot.integer(object, field)),
            group: group.and_then(|group| snapshot.text_field(group, "name")),
            retained_bytes: snapshot.retained_bytes(object),
            locals_retained_bytes: locals.all_bytes,
            locals_only_bytes: locals.only_bytes,
            thread_locals_retained_bytes: maps.map(|map| snapshot.retained_bytes(map)).sum(),
            threw_oom: makes_oom(&thread.frames),
            wait: wait_of(snapshot, thread),
            awaited: awaited(snapshot, thread).filter(|awaited| awaited.thread != object),
        }
    }

    /// The thread that has to do something before this one goes on: the one that has what it waits for, or that it waits for itself.
    pub fn waits_for_thread(&self) -> Option<ObjectIx> {
        let owner = self.wait.and_then(|wait| wait.owner);
        owner.or(self.awaited.map(|awaited| awaited.thread))
    }

    /// The thread as the dump has it.
    pub fn thread<'a>(&self, heap: &'a Heap) -> &'a Thread {
        &heap.threads()[self.number]
    }

    /// Its stack, the innermost frame first.
    pub fn frames<'a>(&self, heap: &'a Heap) -> &'a [StackFrame] {
        &heap.threads()[self.number].frames
    }
}

/// Whether a thread object is a virtual thread (bound ones, which some JDKs make where there are no continuations, included).
pub(super) fn is_virtual(heap: &Heap, thread: ObjectIx) -> bool {
    let mut lineage = heap.classes().lineage(heap.class_of(thread));
    lineage
        .any(|(_, class)| matches!(&*class.name, "java.lang.BaseVirtualThread" | "java.lang.VirtualThread"))
}

/// Whether the innermost frames are the constructor of an OutOfMemoryError.
fn makes_oom(frames: &[StackFrame]) -> bool {
    let is_part = |frame: &&StackFrame| {
        matches!(&*frame.class, "java.lang.Throwable" | "java.lang.Error" | "java.lang.VirtualMachineError")
    };
    let made = frames.iter().find(|frame| !is_part(frame));
    made.is_some_and(|frame| &*frame.class == "java.lang.OutOfMemoryError" && &*frame.method == "<init>")
}

/// The thread that another one joins, or that runs the task whose result it waits for.
fn awaited(heap: &Heap, thread: &Thread) -> Option<Awaited> {
    let is_a = |object: ObjectIx, name: &str| heap.classes().is_named(heap.class_of(object), name);
    if let Some(task) = heap.follow(thread.object, "parkBlocker") {
        let runner = heap.follow(task, "runner").filter(|_| is_a(task, "java.util.concurrent.FutureTask"));
        return runner.map(|thread| Awaited { thread, end: false });
    }
    let waits = |frame: &&StackFrame| &*frame.class == "java.lang.Object" && frame.method.starts_with("wait");
    let inner = thread.frames.iter().position(|frame| !waits(&frame))?;
    let join = &thread.frames[inner];
    if inner == 0 || &*join.class != "java.lang.Thread" || &*join.method != "join" {
        return None;
    }
    let locals = thread.frames[..=inner].iter().flat_map(|frame| frame.locals.iter().copied());
    // Since JDK 21 `Object.wait` has the thread that waits in a variable.
    let mut others = locals.filter(|&local| local != thread.object);
    let joined = others.find(|&local| is_a(local, "java.lang.Thread"))?;
    Some(Awaited { thread: joined, end: true })
}

pub(super) fn wait_of(heap: &Heap, thread: &Thread) -> Option<Wait> {
    if let Some(blocker) = heap.follow(thread.object, "parkBlocker") {
        // Some classes park with the lock itself instead of its synchronizer.
        let sync = heap.follow(blocker, "sync").unwrap_or(blocker);
        let owner = heap.follow(sync, "exclusiveOwnerThread").filter(|&owner| owner != thread.object);
        if owner.is_none()
            && let Some(reader) = readers::reader_of(heap, sync, thread.object)
        {
            let kind = if reader == thread.object { WaitKind::Upgrade } else { WaitKind::Lock };
            return Some(Wait { kind, object: blocker, owner: Some(reader) });
        }
        let kind = if owner.is_some() { WaitKind::Lock } else { WaitKind::Park };
        return Some(Wait { kind, object: blocker, owner });
    }
    let frames = thread.frames.iter();
    let waiting =
        frames.take_while(|frame| &*frame.class == "java.lang.Object" && frame.method.starts_with("wait"));
    let locals: Vec<ObjectIx> = waiting.flat_map(|frame| frame.locals.iter().copied()).collect();
    let is_other = |local: &&ObjectIx| **local != thread.object;
    let &object = locals.iter().find(is_other).or(locals.first())?;
    let is_one = locals.iter().filter(is_other).all(|&other| other == object);
    is_one.then_some(Wait { kind: WaitKind::Monitor, object, owner: None })
}
