//! Who should take from a full queue and waits for something else meanwhile.
//!
//! A queue is full because more comes in than is taken out. Where the thread that takes stands in a method of the class that declares the queue and waits
//! there for the network, a pool or another thread, that is what to change, not the queue. Who takes a dump does not say: threads that put stand in
//! methods of the class as well. One that has an element in hand that is not in the queue may have taken it; what follows is told as a condition. Of a
//! thread without one only where it stands is told, and that only if no other stands in such a method, and not if it reads: who puts reads. Unless the library's method that it has called writes out, as a database is updated.
//! Methods of the class need not have a static queue at hand to take from it, so that there only what a thread has in hand counts.
//! Cost: a look at the frames of all threads, for each suspect that is a queue in a field of the application's; at its elements, if one may have been taken.

use super::Story;
use super::queued::{is_blocking, is_concurrent, is_queue, visit_queued};
use super::words;
use crate::inspect::InspectError;
use crate::inspect::holders::{is_own_field, report_frame};
use crate::inspect::oom::has_thrown;
use crate::inspect::threads::{PERMIT, READING, TAKES, what};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{
    Origin, ThreadState, origin_of, origin_of_named, thread_name, thread_state, unmounted_threads,
};
use crate::report::{Arg, Holder, Suspect, SuspectKind, Text};
use crate::snapshot::{Snapshot, StackFrame, Thread};
use hashbrown::{HashMap, HashSet};

/// What a thread does that takes nothing meanwhile.
const WAITS: &[&str] = &[
    "threads-doing-writing",
    "threads-doing-writing-out",
    "threads-doing-full-pipe",
    "threads-doing-connecting",
    "threads-doing-pool",
    "threads-doing-result",
    "threads-doing-latch",
    SLEEPS,
];
/// The same of what threads do as well that put into it.
const READS: &[&str] = &[READING, "threads-doing-reading-in", "threads-doing-reading-pipe", LOCKS];
const LOCKS: &str = "threads-doing-lock";
const SLEEPS: &str = "threads-doing-sleeping";
/// That a thread waits, for what only who has written that knows.
const WAITS_FOR_SOMETHING: &str = "threads-doing-waiting";
/// Methods of libraries that write to a database what they are given, and wait until that is done. Others, as `send` and `commit`, are called for what is read
/// as well.
const WRITERS: &[&str] = &[
    "bulkWrite",
    "executeBatch",
    "executeLargeBatch",
    "executeLargeUpdate",
    "executeUpdate",
    "insertMany",
    "insertOne",
];
/// That a thread waits until it can put more into a queue.
const PUTS: &str = "threads-doing-full-queue";
/// What `main` waits for that has set everything up.
const ENDS: &[&str] = &[WAITS_FOR_SOMETHING, "threads-doing-result", "threads-doing-latch"];
/// More threads than these are given their work by something else.
const MOST: usize = 4;
/// Elements whose classes are looked at.
const SAMPLE: usize = 64;

/// A thread that stands in a method of the class that declares the queue.
struct Stands<'s> {
    thread: &'s Thread,
    /// The frame of that method.
    at: usize,
    /// The outermost frame of such a method: what that one has in hand it works on still, while it has called another.
    outermost: usize,
    doing: &'static str,
}

/// Who should take from a queue, and does something else.
struct Consumer {
    /// What is said of it.
    words: Text,
    thread: String,
    doing: &'static str,
}

/// A queue in a field of the application's.
struct Queue<'s> {
    object: ObjectIx,
    /// The object whose field it is; of a static one the mirror of the class.
    owner: Option<ObjectIx>,
    /// The class that declares the field.
    class: &'s str,
}

impl Story {
    /// Says of a queue who should take from it and waits for something else, and what to change then: no entry of a queue expires.
    ///
    /// # Errors
    /// Cancelled.
    pub(super) fn tell_who_takes(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        let receiver = self.receiver(snapshot)?;
        let consumer = self.consumer(snapshot);
        let is_taker_known = consumer.is_some();
        // It waits as long as the other side likes, unless it has been told for how long.
        let reading = consumer.as_ref().filter(|consumer| consumer.doing == READING);
        let time_out = reading.map(|consumer| {
            let args = [("thread", Arg::name(&consumer.thread)), ("holder", suspect.holder.words())];
            Text::with("suspect-advice-consumer-reads", args)
        });
        let told: Vec<Text> = consumer.map(|consumer| consumer.words).into_iter().chain(receiver).collect();
        // Nobody knows what the virtual threads do whose stacks the dump leaves out.
        let is_asked = told.is_empty() && unmounted_threads(snapshot)?.count == 0;
        let nobody = if is_asked { self.nobody(snapshot) } else { None };
        let filled = if is_asked && nobody.is_none() { self.only_filled(snapshot) } else { None };
        let id = match (is_taker_known, &nobody) {
            (true, _) => Some("suspect-advice-queue-consumer"),
            (false, Some(_)) => Some("suspect-advice-queue-nobody"),
            (false, None) => None,
        };
        if let Some(id) = id.filter(|_| suspect.rule.is_none()) {
            words::tell_as_queue(suspect, id);
        }
        suspect.advice.splice(0..0, time_out);
        suspect.activity.extend(told.into_iter().chain(nobody).chain(filled));
        Ok(())
    }

    /// The threads that have the queue in hand and wait for something else.
    fn consumer(&self, snapshot: &Snapshot) -> Option<Consumer> {
        self.queues(snapshot).iter().find_map(|queue| queue.consumer(snapshot))
    }

    /// That nobody has the queue in hand, or anything like what is in it, if so: who should take from it may have ended.
    fn nobody(&self, snapshot: &Snapshot) -> Option<Text> {
        let queues = self.queues(snapshot);
        let by_main = |queue: &Queue<'_>| {
            let is_asked = is_blocking(snapshot.class_name(queue.object))
                && self.pool_of(snapshot, queue.object).is_none();
            if is_asked { queue.in_hand_of_main_alone(snapshot) } else { None }
        };
        let by_main: Vec<Option<Stands<'_>>> = queues.iter().map(by_main).collect::<Option<_>>()?;
        if queues.is_empty() {
            return None;
        }
        Some(match by_main.into_iter().flatten().next() {
            Some(main) => Text::with("suspect-queue-only-main", main.words(snapshot)),
            None => Text::message("suspect-queue-nobody"),
        })
    }

    /// That those who have the queue in hand put into it, and that nobody waits to take from it, if so.
    fn only_filled(&self, snapshot: &Snapshot) -> Option<Text> {
        let queues = self.queues(snapshot);
        let [queue] = &queues[..] else { return None };
        let is_asked =
            is_blocking(snapshot.class_name(queue.object)) && self.pool_of(snapshot, queue.object).is_none();
        let putting = if is_asked { queue.putting(snapshot) } else { None }?;
        let (thread, frame) = putting.first()?;
        let args = [
            ("count", Arg::Count(putting.len() as u64)),
            ("thread", Arg::name(thread_name(snapshot, thread.object))),
            ("place", Arg::name(report_frame(frame).to_string())),
        ];
        Some(Text::with("suspect-queue-only-filled", args))
    }

    /// The queue that the holder is, and those that hold the same.
    fn queues(&self, snapshot: &Snapshot) -> Vec<Queue<'_>> {
        let held = &self.held;
        if held.kind != SuspectKind::Leak {
            return Vec::new();
        }
        let main = own_class(&held.holder).map(|class| Queue {
            object: held.object,
            owner: self.declaring(snapshot),
            class,
        });
        let shared = self.shared.iter().flat_map(|shared| {
            shared.edges.iter().filter_map(|&(owner, object)| {
                let of = snapshot.mirrored_class(owner).unwrap_or_else(|| snapshot.class_of(owner));
                let mut classes = shared.holders.iter().filter_map(|share| own_class(&share.holder));
                let class = classes.find(|class| snapshot.classes().is_named(of, class))?;
                Some(Queue { object, owner: Some(owner), class })
            })
        });
        let others = shared.filter(|queue| queue.object != held.object);
        main.into_iter().chain(others).filter(|queue| is_queue(snapshot, queue.object)).collect()
    }
}

impl Queue<'_> {
    fn consumer(&self, snapshot: &Snapshot) -> Option<Consumer> {
        let Self { object, owner, .. } = *self;
        let is_of_class = |name: &str| self.is_of_class(name);
        let is_static = owner.is_some_and(|owner| snapshot.mirrored_class(owner).is_some());
        let has_it = |frame: &StackFrame| {
            let mut locals = frame.locals.iter();
            is_of_class(&frame.class)
                // Whoever has made it all waits there for the end.
                && &*frame.method != "main"
                && (is_static || locals.any(|&local| Some(local) == owner || local == object))
        };
        let guards_itself = is_concurrent(snapshot.class_name(object));
        let mut waiting = Vec::new();
        let mut thrown = None;
        let mut is_alone = !is_static;
        for thread in snapshot.threads() {
            let Some(outer) = thread.frames.iter().position(has_it) else { continue };
            let at = thread.frames[..outer].iter().position(|frame| is_of_class(&frame.class));
            let at = at.unwrap_or(outer);
            let outermost = thread.frames.iter().rposition(has_it).unwrap_or(outer);
            let is_called = thread.frames[..at].iter().any(|frame| is_written(snapshot, frame));
            let is_blocked = || thread_state(snapshot, thread.object) == Some(ThreadState::Blocked);
            let doing = what(&thread.frames).or_else(|| is_blocked().then_some(LOCKS));
            // A queue may guard itself by permits as well.
            let doing = doing.map(|doing| if doing == PERMIT { LOCKS } else { doing });
            match doing {
                // Whoever has run out of memory has asked for what is put into it, as a rule.
                None if has_thrown(thread) => thrown = Some(thread),
                // Whoever is at work there may be the one that takes, and so may be who waits at a queue.
                None | Some(TAKES) => return None,
                Some(PUTS) => {}
                // The lock may be the queue's own.
                Some(LOCKS) if thread.frames[..at].iter().any(is_of_queue) => is_alone = false,
                Some(LOCKS) if !guards_itself && is_blocked() => is_alone = false,
                Some(doing)
                    if WAITS.contains(&doing)
                        || READS.contains(&doing)
                        || doing == WAITS_FOR_SOMETHING && is_called =>
                {
                    // Between two rounds, of putting or of taking, unless it has something in hand.
                    is_alone &= doing != SLEEPS || is_called;
                    waiting.push(Stands { thread, at, outermost, doing });
                }
                Some(_) => is_alone = false,
            }
        }
        if waiting.is_empty() {
            return None;
        }
        let taken = taken(snapshot, object, owner, &waiting);
        let with_one: Vec<(&Stands<'_>, ObjectIx)> =
            waiting.iter().zip(taken).filter_map(|(stands, taken)| Some((stands, taken?))).collect();
        if with_one.len() > MOST {
            return None;
        }
        if let Some(&(first, element)) = with_one.first() {
            let mut args = first.words(snapshot);
            args.push(("count", Arg::Count(with_one.len() as u64)));
            args.push(("class", Arg::name(snapshot.class_name(element))));
            return Some(first.consumer(snapshot, Text::with("suspect-consumer-takes", args)));
        }
        match &waiting[..] {
            [only]
                if is_alone
                    && thrown.is_none()
                    && (WAITS.contains(&only.doing) || only.writes_out(snapshot)) =>
            {
                let words = Text::with("suspect-consumer-stands", only.words(snapshot));
                Some(only.consumer(snapshot, words))
            }
            _ => self.slow(snapshot, &waiting, thrown?),
        }
    }

    /// The threads that sleep or wait in one method of the class, where threads hand each other things by the queue, and another one has run out of memory in
    /// another method: that one puts, as a rule, and what is put into such a queue is meant to be taken out.
    fn slow(&self, snapshot: &Snapshot, waiting: &[Stands<'_>], thrown: &Thread) -> Option<Consumer> {
        let (first, others) =
            waiting.split_first().filter(|_| is_blocking(snapshot.class_name(self.object)))?;
        let place = |stands: &Stands<'_>| {
            let frame = &stands.thread.frames[stands.at];
            (frame.class.clone(), frame.method.clone())
        };
        let (class, method) = place(first);
        let puts = thrown.frames.iter().any(|frame| frame.class == class && frame.method == method);
        let is_one = WAITS.contains(&first.doing)
            && !puts
            && others.iter().all(|other| other.doing == first.doing && place(other) == place(first));
        let mut args = first.words(snapshot);
        args.push(("count", Arg::Count(waiting.len() as u64)));
        is_one.then(|| first.consumer(snapshot, Text::with("suspect-consumer-slow", args)))
    }
}

impl Queue<'_> {
    /// Whether no thread stands in a method of the class that declares it, or has it or an object of the class of its elements in a variable, but for the `main` of that class that has
    /// made it all and waits for the end: where that one stands, if it has it. `None` if any other does, where the elements are texts or arrays, which may be anything, or where the
    /// dump does not tell of variables.
    fn in_hand_of_main_alone<'s>(&self, snapshot: &'s Snapshot) -> Option<Option<Stands<'s>>> {
        let classes = classes_of_elements(snapshot, self.object);
        if classes.is_empty() || !tells_of_variables(snapshot) {
            return None;
        }
        let mut main = None;
        for thread in snapshot.threads() {
            for (at, frame) in thread.frames.iter().enumerate() {
                if self.has_any(snapshot, &classes, frame) {
                    let doing = self.waits_for_end(snapshot, &classes, thread, at)?;
                    main = Some(Stands { thread, at, outermost: at, doing });
                }
            }
        }
        Some(main)
    }

    /// Whether a frame is of a method of the class that declares it, or has it or an object of one of `classes` in a variable.
    fn has_any(&self, snapshot: &Snapshot, classes: &HashSet<ClassIx>, frame: &StackFrame) -> bool {
        let is_it = |&local: &ObjectIx| local == self.object || Some(local) == self.owner;
        self.is_of_class(&frame.class) && &*frame.method != "main"
            || frame.locals.iter().any(is_it)
            || has_one_of(snapshot, classes, frame)
    }

    /// What `main` waits for in the frame at `at` that has set it all up and has nothing that was in it: a signal, or that it is awake again in a method that it has called for that.
    fn waits_for_end(
        &self,
        snapshot: &Snapshot,
        classes: &HashSet<ClassIx>,
        thread: &Thread,
        at: usize,
    ) -> Option<&'static str> {
        let frame = &thread.frames[at];
        let doing = what(&thread.frames)?;
        let is_called = thread.frames[..at].iter().any(|frame| is_written(snapshot, frame));
        let is_end = self.is_of_class(&frame.class)
            && &*frame.method == "main"
            && !has_one_of(snapshot, classes, frame)
            && (ENDS.contains(&doing) || doing == SLEEPS && is_called);
        is_end.then_some(doing)
    }

    /// The threads that have it in hand, and where, if all of them are known to put into it: they are in a method of the queue's that does so, they make one of its
    /// elements, or they stand in the same method of the class that declares it as such a thread does. `None` if there are none, or if any other has it or one of its
    /// elements in hand, is in another method of that class, or may be taking from it.
    fn putting<'s>(&self, snapshot: &'s Snapshot) -> Option<Vec<(&'s Thread, &'s StackFrame)>> {
        const PUTTING: [&str; 4] = ["put", "offer", "add", "transfer"];
        let classes = classes_of_elements(snapshot, self.object);
        if classes.is_empty() || !tells_of_variables(snapshot) {
            return None;
        }
        let class = snapshot.class_of(self.object);
        let is_made = |frame: &StackFrame| {
            let is_it = |&class: &ClassIx| snapshot.classes().get(class).name == frame.class;
            &*frame.method == "<init>" && classes.iter().any(is_it)
        };
        let is_own = |frame: &StackFrame| self.is_of_class(&frame.class) && &*frame.method != "main";
        let mut known: Vec<(&Thread, &StackFrame)> = Vec::new();
        let mut others: Vec<(&Thread, &StackFrame)> = Vec::new();
        for thread in snapshot.threads() {
            let frames = &thread.frames;
            let mut puts = false;
            if let Some(frame) = frames.iter().rfind(|frame| is_method_of(snapshot, frame, class)) {
                let is_this = frame.locals.contains(&self.object);
                // What the compiler has left out of a frame may be this one.
                let is_another =
                    !is_this && frame.locals.iter().any(|&local| snapshot.class_of(local) == class);
                let is_put = PUTTING.iter().any(|begin| frame.method.starts_with(begin));
                if !is_put && !is_another {
                    return None;
                }
                puts = is_put && is_this;
            }
            let is_there = |at: usize| {
                self.has_any(snapshot, &classes, &frames[at])
                    && self.waits_for_end(snapshot, &classes, thread, at).is_none()
            };
            if !(0..frames.len()).any(is_there) {
                continue;
            }
            let own = frames.iter().find(|frame| is_own(frame) && !is_made(frame));
            let own = own.or_else(|| frames.iter().find(|frame| is_written(snapshot, frame)))?;
            if puts || frames.iter().any(is_made) { &mut known } else { &mut others }.push((thread, own));
        }
        let is_alike = |(_, frame): &(&Thread, &StackFrame)| {
            let mut places = known.iter().map(|(_, known)| known);
            places.any(|known| known.class == frame.class && known.method == frame.method)
        };
        let is_told = !known.is_empty() && others.iter().all(is_alike);
        is_told.then(|| known.into_iter().chain(others).collect())
    }

    /// Whether a class is that which declares it, or inside of that.
    fn is_of_class(&self, name: &str) -> bool {
        name.strip_prefix(self.class).is_some_and(|rest| rest.is_empty() || rest.starts_with('$'))
    }
}

impl Stands<'_> {
    /// What is said of it, and who it is.
    fn consumer(&self, snapshot: &Snapshot, words: Text) -> Consumer {
        Consumer { words, thread: thread_name(snapshot, self.thread.object), doing: self.doing }
    }

    /// Whether it has called a method of a library that writes out: who puts into a queue has that read, not written.
    fn writes_out(&self, snapshot: &Snapshot) -> bool {
        let called = self.at.checked_sub(1).map(|inner| &self.thread.frames[inner]);
        called.is_some_and(|frame| {
            origin_of_named(snapshot, &frame.class) == Origin::Library && WRITERS.contains(&&*frame.method)
        })
    }

    /// Which thread, where, and what it does; in which method that is called there, if the JDK has not written that one.
    fn words(&self, snapshot: &Snapshot) -> Vec<(&'static str, Arg)> {
        let frames = &self.thread.frames;
        let doing = Text::message(self.doing);
        let called = self.at.checked_sub(1).map(|inner| &frames[inner]);
        let doing = match called.filter(|frame| is_written(snapshot, frame)) {
            Some(frame) => {
                let method = Arg::name(format!("{}.{}", frame.class, frame.method));
                Text::with("suspect-consumer-inside", [("doing", Arg::text(doing)), ("method", method)])
            }
            None => doing,
        };
        vec![
            ("thread", Arg::name(thread_name(snapshot, self.thread.object))),
            ("place", Arg::name(report_frame(&frames[self.at]).to_string())),
            ("doing", Arg::text(doing)),
        ]
    }
}

/// The class that declares the field, if that is one of the application's.
fn own_class(holder: &Holder) -> Option<&str> {
    holder.class.as_deref().filter(|_| is_own_field(holder))
}

/// Whether a frame is one of a queue's.
fn is_of_queue(frame: &StackFrame) -> bool {
    is_concurrent(&frame.class)
}

/// Whether a frame has an object of one of these classes in a variable.
fn has_one_of(snapshot: &Snapshot, classes: &HashSet<ClassIx>, frame: &StackFrame) -> bool {
    frame.locals.iter().any(|&local| classes.contains(&snapshot.class_of(local)))
}

/// Whether the dump tells of the variables of threads.
fn tells_of_variables(snapshot: &Snapshot) -> bool {
    snapshot.threads().iter().flat_map(Thread::locals).next().is_some()
}

/// Whether a frame is of a method of that class or of one that it extends.
fn is_method_of(snapshot: &Snapshot, frame: &StackFrame, class: ClassIx) -> bool {
    let is_root = &*frame.class == "java.lang.Object";
    !is_root && snapshot.classes().is_named(class, &frame.class)
}

/// Whether the JDK has no such method.
fn is_written(snapshot: &Snapshot, frame: &StackFrame) -> bool {
    origin_of_named(snapshot, &frame.class) != Origin::Jdk
}

/// The classes of some elements of a queue. Texts and arrays may be anything.
fn classes_of_elements(snapshot: &Snapshot, queue: ObjectIx) -> HashSet<ClassIx> {
    let mut classes = HashSet::new();
    let mut left = SAMPLE;
    visit_queued(snapshot, queue, &mut |element| {
        let class = snapshot.class_of(element);
        if !snapshot.classes().get(class).is_array() && origin_of(snapshot, class) != Origin::Jdk {
            classes.insert(class);
        }
        left -= 1;
        left > 0
    });
    classes
}

/// For each of these threads the element that it has in hand there and that is not in the queue, if there is one. What two threads have one of them waits for.
fn taken(
    snapshot: &Snapshot,
    queue: ObjectIx,
    owner: Option<ObjectIx>,
    waiting: &[Stands<'_>],
) -> Vec<Option<ObjectIx>> {
    let classes = classes_of_elements(snapshot, queue);
    let in_hand = |stands: &Stands<'_>| -> HashSet<ObjectIx> {
        let frames = &stands.thread.frames[..=stands.outermost];
        let locals = frames.iter().flat_map(|frame| frame.locals.iter().copied());
        locals.filter(|&local| Some(local) != owner && classes.contains(&snapshot.class_of(local))).collect()
    };
    let in_hand: Vec<HashSet<ObjectIx>> = waiting.iter().map(in_hand).collect();
    let mut threads_of: HashMap<ObjectIx, usize> = HashMap::new();
    in_hand.iter().flatten().for_each(|&element| *threads_of.entry(element).or_default() += 1);
    threads_of.retain(|_, threads| *threads == 1);
    if !threads_of.is_empty() {
        visit_queued(snapshot, queue, &mut |element| {
            threads_of.remove(&element);
            !threads_of.is_empty()
        });
    }
    let of = |elements: &HashSet<ObjectIx>| {
        elements.iter().copied().filter(|element| threads_of.contains_key(element)).min()
    };
    in_hand.iter().map(of).collect()
}
