//! The climb from an object up its path to the field that somebody can go and change.
//!
//! Owns the order of preference among the fields on a path: the application's own before a library's, a library's before the JDK's, and never
//! what stands in no source. It does not know how the path was found. Cost: one look at each step, and at the elements of the arrays on it.

use super::{is_own_frame, is_thread, report_frame, vars};
use crate::hprof::{HeapRecord, RootTag};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{
    Origin, Path, collection_length, is_called_a_collection, is_collection_library, is_made_by_compiler,
    is_of_collections, origin_of, origin_of_named, thread_name,
};
use crate::report::{Holder, HolderKind};
use crate::snapshot::{CLASS_VALUE_MAP, Link, Root, Snapshot, StackFrame};
use hashbrown::HashSet;
use std::cell::{Cell, OnceCell};

/// A container with more elements than this that are not part of the story is a registry of unrelated things.
const REGISTRY_ELEMENTS: usize = 16;
/// A field counts as the holder if what it refers to retains at least this part of the memory in question.
const HOLDS_MOST: f64 = 0.5;

/// Where a thread keeps its thread-locals: the holder of those whose key is gone.
pub(in crate::inspect) const THREAD_LOCALS: (&str, &str) = ("java.lang.Thread", "threadLocals");

/// What refers to a value in a thread-local, in the table of a thread.
pub(in crate::inspect) const THREAD_LOCAL_ENTRY: &str = "java.lang.ThreadLocal$ThreadLocalMap$Entry";

/// What refers to a value that a `ClassValue` has computed.
const CLASS_VALUE_ENTRY: &str = "java.lang.ClassValue$Entry";

/// Static fields of the JDK that grow with what an application does.
const FILLED_BY_APPLICATIONS: &[(&str, &str)] = &[
    ("java.io.DeleteOnExitHook", "files"),
    ("java.lang.ApplicationShutdownHooks", "hooks"),
    ("java.lang.management.ManagementFactory", "platformMBeanServer"),
    ("java.lang.ref.Finalizer", "unfinalized"),
    ("java.lang.ref.Finalizer", "queue"),
    ("java.sql.DriverManager", "registeredDrivers"),
    ("java.beans.ThreadGroupContext", "contexts"),
    ("sun.rmi.transport.ObjectTable", "objTable"),
];

/// Packages of servers and clients of the JDK's that have threads of their own.
const JDK_SERVICES: [&str; 3] = ["sun.net.httpserver.", "jdk.internal.net.http.", "sun.rmi.transport."];

/// The way from an object up its path.
pub(super) struct Climb<'a, 'p> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) path: &'p Path<'a>,
    pub(super) object: ObjectIx,
    pub(super) bytes: u64,
    /// Whether it is one of several copies of a class: what these have themselves is not to blame for them.
    pub(super) is_copy: bool,
    /// Whether the path begins at what an outer method has in hand, though an inner one has a part of it: that one lets go of nothing.
    pub(super) is_by_outer: bool,
    /// Finds a path to another object.
    pub(super) path_to: &'p dyn Fn(ObjectIx) -> Vec<ObjectIx>,
    /// The objects of the path that dominate its end, ascending, or `None` if too many dominate it to look at; filled when it is asked for.
    pub(super) dominating: OnceCell<Option<Vec<ObjectIx>>>,
    /// The nearest field of the application's on a path from a stack, where what it refers to does not retain the memory: left by [`Self::holder`].
    pub(super) own_on_the_way: Cell<Option<Found>>,
}

pub(super) type Found = (Holder, ObjectIx, Origin);

impl Climb<'_, '_> {
    /// The nearest field on the path that somebody can go and change.
    pub(super) fn holder(&self) -> Option<Found> {
        let (mut of_library, mut of_jdk, mut of_structure) = (None, None, None);
        // A field of the application's own tree, and one that each element of a collection has: in case that no other field leads to them.
        let (mut of_own_tree, mut of_element): (Option<Found>, Option<Found>) = (None, None);
        // A field of a library that leads there and retains nothing, since other ways lead there, too: it says more than the top of the path.
        let mut on_the_way: Option<Found> = None;
        // The same of the application's: the nearest field of what lives as long as the process.
        let mut own_on_the_way: Option<Found> = None;
        for (at, pair) in self.path.steps.windows(2).enumerate().rev() {
            let (from, to) = (pair[0].object, pair[1].object);
            let Some(link) = pair[0].link else { continue };
            match link {
                Link::Static { class, name } => {
                    let declaring = &*self.snapshot.classes().get(class).name;
                    // Some static fields of the JDK are filled by what the application does.
                    let is_filled = FILLED_BY_APPLICATIONS.contains(&(declaring, name))
                        && !(of_library.is_some() && self.is_short(to));
                    let origin = if is_filled {
                        Origin::Application
                    } else if is_made_by_compiler(declaring, name) {
                        Origin::Jdk
                    } else {
                        origin_of(self.snapshot, class)
                    };
                    let found = (Holder::of_field(HolderKind::StaticField, declaring, name), to, origin);
                    return match origin {
                        Origin::Application => own_on_the_way.filter(|_| !self.dominates(to)).or(Some(found)),
                        Origin::Library => {
                            let nearest = on_the_way.filter(|_| !self.holds_most(to));
                            let own = of_own_tree.or(own_on_the_way.filter(|_| !self.dominates(to)));
                            own.or(of_library).or(of_element).or(nearest).or(Some(found))
                        }
                        // A static field of the JDK at the top of a path says less than the library's field below it.
                        Origin::Jdk => {
                            let own = of_own_tree.or(own_on_the_way.filter(|_| !self.dominates(to)));
                            own.or(of_library).or(of_structure).or(of_element).or(Some(found))
                        }
                    };
                }
                Link::Field { class, name } => {
                    let declaring = &*self.snapshot.classes().get(class).name;
                    if declaring == THREAD_LOCAL_ENTRY && name == "value" {
                        return Some(self.thread_local(from, to));
                    }
                    if declaring == CLASS_VALUE_ENTRY && name == "value" {
                        return Some(self.class_value(from, to));
                    }
                    if vars::is_value_of_var(declaring, name)
                        && self.holds_most(to)
                        && let Some(var) = vars::holder_of(self.snapshot, from)
                    {
                        return Some((var, to, Origin::Application));
                    }
                    // Whoever has the reference holds what it refers to.
                    if (declaring, name) == ("java.lang.ref.Reference", "referent") {
                        continue;
                    }
                    if self.is_copy && self.snapshot.classes().named(declaring).len() >= super::COPIES {
                        continue;
                    }
                    let origin = origin_of(self.snapshot, class);
                    // Nobody has put the outer object into an inner one.
                    let is_outer = name.starts_with("this$");
                    if origin == Origin::Library && !is_outer && !is_of_collections(declaring) {
                        on_the_way.get_or_insert_with(|| {
                            (Holder::of_field(HolderKind::InstanceField, declaring, name), to, origin)
                        });
                    }
                    let keeps_it = || {
                        (self.holds_most(to) && self.dominates(to))
                            || self.is_way_of_collections(at + 1)
                            || self.leads_to_one_in_hand(at + 1)
                    };
                    let is_holder = || match origin {
                        Origin::Application => keeps_it(),
                        _ => self.holds_most(to),
                    };
                    let maker = declaring.split_once("$$Lambda").map_or(declaring, |(maker, _)| maker);
                    let variable = Holder::of_field(HolderKind::InstanceField, maker, name);
                    // What a field of the application's leads to may be a little of what has been captured: the service that has everything.
                    let is_beside = || own_on_the_way.is_some() && !self.is_above_all(to);
                    if variable.is_captured()
                        && of_library.is_none()
                        && !self.is_of_call()
                        && keeps_it()
                        && !is_beside()
                    {
                        match origin_of_named(self.snapshot, maker) {
                            Origin::Application => return Some((variable, to, Origin::Application)),
                            Origin::Library => of_library = Some((variable, to, Origin::Library)),
                            Origin::Jdk => {}
                        }
                    }
                    if is_made_by_compiler(declaring, name) {
                        continue;
                    }
                    if !is_holder() {
                        if origin == Origin::Application && !self.is_repeated(from) {
                            own_on_the_way.get_or_insert_with(|| {
                                (Holder::of_field(HolderKind::InstanceField, declaring, name), to, origin)
                            });
                        }
                        continue;
                    }
                    let found = (Holder::of_field(HolderKind::InstanceField, declaring, name), to, origin);
                    match origin {
                        Origin::Application if self.is_repeated(from) => {
                            _ = of_own_tree.get_or_insert(found);
                        }
                        Origin::Application if of_own_tree.is_some() && !self.holds_most(to) => {}
                        Origin::Application => {
                            // What each thread has one of is told by the thread-local that hands it out.
                            let entry = self.value_of_thread_local(at);
                            let found = entry.map_or(found, |entry| self.thread_local(entry, from));
                            return Some(self.of_class_value(at).unwrap_or(found));
                        }
                        // The loop that waits for channels does not decide what is attached to them.
                        Origin::Library if self.is_selector(to) => {}
                        // A node of a tree says less than the field that refers to the tree, the inside of a collection less than that of the collection.
                        Origin::Library if self.is_repeated(from) || self.is_inside(from, declaring) => {
                            _ = of_structure.get_or_insert(found)
                        }
                        Origin::Library => _ = of_library.get_or_insert(found),
                        // What a collection calls its own parts is nobody's business.
                        Origin::Jdk if declaring.starts_with("java.util.") => {}
                        // What is attached to a channel is that of whoever has made the selector.
                        Origin::Jdk if is_of_selector(declaring) => {}
                        Origin::Jdk => _ = of_jdk.get_or_insert(found),
                    }
                }
                Link::Element(_) if of_own_tree.is_some() && self.is_registry(from) => return of_own_tree,
                Link::Element(_) if of_library.is_some() && self.is_registry(from) => return of_library,
                // Each of many has such a field: what they all are in says more.
                Link::Element(_)
                    if of_library.as_ref().is_some_and(|(_, found, _)| self.is_part_of(*found, to, from))
                        && self.is_one_of_many(from, to) =>
                {
                    of_element = of_element.or(of_library.take());
                }
                _ => {}
            }
        }
        if self.is_of_call() {
            // The local variable at the top says more.
            self.own_on_the_way.set(own_on_the_way);
            return None;
        }
        let is_thread_path =
            self.path.steps.first().is_some_and(|step| is_thread(self.snapshot, step.object));
        // What a thread holds by its own fields is the thread's, unless it is there for a server or a client of the JDK's.
        let is_of_thread = |(holder, ..): &Found| {
            let class = holder.class.as_deref().unwrap_or_default();
            is_thread_path && !JDK_SERVICES.iter().any(|package| class.starts_with(package))
        };
        let own = of_own_tree.or(own_on_the_way);
        let of_jdk = of_jdk.filter(|found| !is_of_thread(found));
        own.or(of_library).or(of_structure).or(of_element).or(of_jdk)
    }

    /// Whether a field that a class of a library declares is the inside of a collection. What extends a map of a library's own, as each channel of Netty does that
    /// of its attributes, is none.
    fn is_inside(&self, object: ObjectIx, declaring: &str) -> bool {
        let class = self.snapshot.class_name(object);
        is_of_collections(declaring) && (is_collection_library(declaring) || is_called_a_collection(class))
    }

    fn is_selector(&self, object: ObjectIx) -> bool {
        self.snapshot.classes().is_named(self.snapshot.class_of(object), "java.nio.channels.Selector")
    }

    /// Whether only the stack of a thread leads there.
    fn is_of_call(&self) -> bool {
        self.path.root.is_some_and(|root| root.is_held_by_thread()) && !self.starts_long_lived()
    }

    /// The `ClassValue` that computes what the object at `at` of the path is, or belongs to: of what each class has one of no field of its own is to blame.
    fn of_class_value(&self, at: usize) -> Option<Found> {
        let entry = |at: usize| {
            let step = &self.path.steps[at];
            let Some(Link::Field { class, name: "value" }) = step.link else { return None };
            (&*self.snapshot.classes().get(class).name == CLASS_VALUE_ENTRY).then_some(step.object)
        };
        let is_one_of_many = self.is_any() || self.is_shared();
        let first = if is_one_of_many { 0 } else { at.saturating_sub(1) };
        let entry = (first..at).rev().find_map(|at| Some((entry(at)?, self.path.steps[at + 1].object)));
        entry.map(|(entry, value)| self.class_value(entry, value))
    }

    /// Whether nothing but collections, executors and the like lie between a step of the path and its end. Threads may share the inside of an
    /// executor, so that nobody retains it, and yet there is no other field to go and change.
    fn is_way_of_collections(&self, start: usize) -> bool {
        let inside = self.path.steps.get(start..).unwrap_or_default();
        let in_util = |object| {
            let name = self.snapshot.class_name(object);
            name.starts_with("java.util.") || is_of_collections(name) || name.ends_with("[]")
        };
        !inside.is_empty() && inside.iter().all(|step| in_util(step.object) || step.object == self.object)
    }

    /// Whether a step of the path leads, by one to one references, to an object that keeps most of the memory and that a call has in hand at this moment,
    /// for which reason nothing above it does.
    fn leads_to_one_in_hand(&self, start: usize) -> bool {
        const STEPS: usize = 4;
        let snapshot = self.snapshot;
        let is_in_hand = |object: ObjectIx| {
            let roots = snapshot.roots_of(object);
            !roots.is_empty() && roots.iter().all(|root| root.is_held_by_thread())
        };
        let below = self.path.steps.get(start..).unwrap_or_default().iter().take(STEPS);
        let mut below =
            below.take_while(|step| !snapshot.class(step.object).is_array()).map(|step| step.object);
        below.any(|object| is_in_hand(object) && self.holds_most(object))
    }

    /// Whether a collection has few elements: then it does not hold much because of how many there are, but because of what one leads to.
    fn is_short(&self, collection: ObjectIx) -> bool {
        const FEW: u64 = 64;
        collection_length(self.snapshot, collection).is_some_and(|length| length < FEW)
    }

    /// Whether other objects of its class are on the path: nodes of a tree or a list.
    fn is_repeated(&self, object: ObjectIx) -> bool {
        let class = self.snapshot.class_of(object);
        let alike = self.path.steps.iter().filter(|step| self.snapshot.class_of(step.object) == class);
        alike.take(2).count() == 2
    }

    fn starts_long_lived(&self) -> bool {
        self.path.steps.first().is_some_and(|step| {
            let roots = self.snapshot.roots_of(step.object);
            self.snapshot.mirrored_class(step.object).is_some()
                || roots.iter().any(|root| !root.is_held_by_thread())
        })
    }

    pub(super) fn holds_most(&self, object: ObjectIx) -> bool {
        // What several hold is retained by none of them: then the nearest field counts whatever it retains.
        self.is_shared() || self.snapshot.retained_bytes(object) as f64 >= HOLDS_MOST * self.bytes as f64
    }

    /// Whether the memory in question is more than the object itself retains: of many objects like it.
    fn is_shared(&self) -> bool {
        self.snapshot.retained_bytes(self.object) < self.bytes
    }

    /// Whether it is only asked who leads to the object, whatever memory that frees.
    pub(super) fn is_any(&self) -> bool {
        self.bytes == 0
    }

    /// Whether an object of the path dominates its end, or the memory is that of many objects. What something else leads to as well, as the stack of a running call does, is not retained
    /// by what the path begins with, however much that retains of other things.
    fn dominates(&self, object: ObjectIx) -> bool {
        self.is_any() || self.is_shared() || self.is_above_all(object)
    }

    /// Whether an object of the path dominates its end, also where it is asked about many or any.
    pub(super) fn is_above_all(&self, object: ObjectIx) -> bool {
        object == self.object
            || self.dominating().is_none_or(|dominating| dominating.binary_search(&object).is_ok())
    }

    /// Those objects of the path that dominate its end, ascending. `None` at the end of a list so long that whatever begins it is taken to dominate it.
    fn dominating(&self) -> Option<&[ObjectIx]> {
        const DEEPEST: usize = 1 << 16;
        let dominating = self.dominating.get_or_init(|| {
            let above = self.snapshot.dominators().dominators(self.object);
            let above: Vec<ObjectIx> = above.take(DEEPEST).collect();
            let on_path: HashSet<ObjectIx> = self.path.steps.iter().map(|step| step.object).collect();
            let is_list = above.len() == DEEPEST;
            let mut found: Vec<ObjectIx> =
                above.into_iter().filter(|above| on_path.contains(above)).collect();
            found.sort_unstable();
            (!is_list).then_some(found)
        });
        dominating.as_deref()
    }

    /// Whether the array at `array` keeps many things that have nothing to do with the memory in question, as a map of beans does; a list
    /// of things like the one on the path is no registry.
    fn is_registry(&self, array: ObjectIx) -> bool {
        self.alike(array).is_some_and(|alike| alike < 0.5)
    }

    /// Whether an element of the array at `array` is one of many of its kind, none of which stands out.
    fn is_one_of_many(&self, array: ObjectIx, element: ObjectIx) -> bool {
        let bytes = |object| self.snapshot.retained_bytes(object) as f64;
        bytes(element) < HOLDS_MOST * bytes(array) && self.alike(array).is_some_and(|alike| alike >= 0.5)
    }

    /// Whether an object of the path is no more than a part of an element of the array above it: what retains more, and of which there are not as many as elements, is
    /// something that each of them leads to.
    fn is_part_of(&self, object: ObjectIx, element: ObjectIx, array: ObjectIx) -> bool {
        let bytes = |object| self.snapshot.retained_bytes(object);
        let alike = self.snapshot.class_counts()[self.snapshot.class_of(object).index()].instances;
        bytes(object) <= bytes(element)
            || alike * 2 >= self.snapshot.references().slots(array).len() as u64
            || self.snapshot.dominators().dominates(element, object)
    }

    /// Which part of the elements of an array is of the kind of the one on the path; `None` if there are few.
    fn alike(&self, array: ObjectIx) -> Option<f64> {
        let snapshot = self.snapshot;
        let HeapRecord::ObjectArray { .. } = snapshot.record(array) else { return None };
        let filled = snapshot.elements(array).filter_map(|id| snapshot.find(id));
        let filled: Vec<ObjectIx> = filled.take(4 * REGISTRY_ELEMENTS).collect();
        if filled.len() <= REGISTRY_ELEMENTS {
            return None;
        }
        let class_of_content = |element: ObjectIx| {
            let node = snapshot.class_name(element).starts_with("java.util.");
            let value =
                ["val", "value", "item"].into_iter().find_map(|field| snapshot.follow(element, field));
            snapshot.class_of(value.filter(|_| node).unwrap_or(element))
        };
        let content = |class: ClassIx| {
            let name = &*snapshot.classes().get(class).name;
            // The parts of a library's structure are nested classes of one another: branches and leaves.
            let outer = name.split('$').next().filter(|_| origin_of(snapshot, class) == Origin::Library);
            outer.unwrap_or(name)
        };
        let on_path = self
            .path
            .steps
            .iter()
            .skip_while(|step| step.object != array)
            .nth(1)
            .map(|step| class_of_content(step.object));
        // Classes that a library generates, one for each statement or script, have a super class in common.
        let parent = |class: ClassIx| {
            let above = snapshot.classes().get(class).super_class?;
            (&*snapshot.classes().get(above).name != "java.lang.Object").then_some(above)
        };
        let is_alike = |&&element: &&ObjectIx| {
            let class = class_of_content(element);
            on_path.is_some_and(|other| {
                content(class) == content(other)
                    || (parent(class).is_some() && parent(class) == parent(other))
            })
        };
        Some(filled.iter().filter(is_alike).count() as f64 / filled.len() as f64)
    }

    /// The `ClassValue` that has computed `to` for a class, by the entry `from` of the class's map: the field that refers to it, or its own class.
    fn class_value(&self, entry: ObjectIx, to: ObjectIx) -> Found {
        let snapshot = self.snapshot;
        // The entry is a weak reference to the version; since JDK 25 it has one.
        let version = snapshot.follow(snapshot.follow(entry, "version").unwrap_or(entry), "referent");
        let computing = version.and_then(|version| snapshot.follow(version, "classValue"));
        let by_static = computing.and_then(|computing| static_holder_of(snapshot, computing));
        let of = |class: &str| origin_of_named(snapshot, class);
        if let Some((class, field)) = by_static {
            return (Holder::of_field(HolderKind::StaticField, &class, &field), to, of(&class));
        }
        if let Some((class, field)) = computing.and_then(|computing| self.field_holder_of(computing)) {
            return (Holder::of_field(HolderKind::InstanceField, &class, &field), to, of(&class));
        }
        let class = computing.map_or("java.lang.ClassValue", |computing| snapshot.class_name(computing));
        let (class, origin) = (Some(class.to_owned()), of(class));
        (
            Holder { kind: HolderKind::Other, class, field: None, thread: None, frame: None, threads: None },
            to,
            origin,
        )
    }

    /// The field on a path to an object that refers to it.
    pub(super) fn field_holder_of(&self, object: ObjectIx) -> Option<(String, String)> {
        let objects = (self.path_to)(object);
        let [.., before, last] = objects[..] else { return None };
        match self.snapshot.link(before, last)? {
            Link::Field { class, name } | Link::Static { class, name } => {
                Some((self.snapshot.classes().get(class).name.to_string(), name.to_owned()))
            }
            _ => None,
        }
    }

    /// The local variable of the frame that says most: the innermost one of the application's own that holds the memory. What came into that frame
    /// by way of a library, as a response comes through the filters of a container, is that frame's of the application's which gave it to the library.
    pub(super) fn local(&self, root: Root) -> Option<Found> {
        let snapshot = self.snapshot;
        let thread = &snapshot.threads()[root.thread? as usize];
        let mut owners: Vec<ObjectIx> = self.path.steps.iter().map(|step| step.object).collect();
        // A chain of millions of objects has its owners near the top of it.
        owners.extend(snapshot.dominators().dominators(self.object).take(1 << 20));
        owners.push(self.object);
        if self.is_by_outer {
            owners.truncate(1);
        }
        owners.sort_unstable();
        let held_by = |frame: &StackFrame| {
            let locals = frame.locals.iter().copied().filter(|local| owners.binary_search(local).is_ok());
            locals.max_by_key(|&local| (snapshot.retained_bytes(local), std::cmp::Reverse(local)))
        };
        let is_app = |frame: &StackFrame| is_own_frame(snapshot, frame);
        let frames = &thread.frames;
        let holding = frames.iter().enumerate().filter_map(|(at, frame)| Some((at, frame, held_by(frame)?)));
        let holding: Vec<_> = holding.collect();
        let own = holding.iter().position(|(_, frame, _)| is_app(frame));
        let handed_on = own.and_then(|own| {
            let (_, _, held) = holding[own];
            let is_handing = |&&(at, frame, local): &&(usize, &StackFrame, ObjectIx)| {
                is_app(frame) && local == held && !is_app(&frames[at - 1])
            };
            holding[own + 1..].iter().rfind(is_handing)
        });
        let found = handed_on.or_else(|| own.map(|inner| &holding[inner])).or_else(|| holding.first());
        let (frame, held) = match found {
            Some(&(_, frame, held)) if is_app(frame) => (Some(frame), held),
            Some(&(at, frame, held)) => {
                // What calls the JDK says more than what it does within itself.
                let is_library =
                    |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Library;
                let calling = frames[at..].iter().find(|frame| is_app(frame));
                let calling = calling.or_else(|| frames[at..].iter().find(is_library));
                // A part of a stream that another thread has divided: what the stream calls says whose it is.
                let is_of_stream = frame.class.starts_with("java.util.stream.");
                let is_called = |frame: &&StackFrame| is_app(frame) && !frame.class.contains("$$Lambda");
                let called = || frames[..at].iter().rfind(|frame| is_of_stream && is_called(frame));
                (Some(calling.or_else(called).unwrap_or(frame)), held)
            }
            None => (frames.iter().find(|frame| is_app(frame)), root.object),
        };
        let holder = Holder {
            kind: if frame.is_some() { HolderKind::StackLocal } else { HolderKind::Thread },
            class: frame
                .map(|frame| frame.class.to_string())
                .or_else(|| Some(snapshot.class_name(thread.object).to_owned())),
            field: None,
            thread: Some(thread_name(snapshot, thread.object)),
            frame: frame.map(report_frame),
            threads: None,
        };
        let origin = frame.map_or(Origin::Library, |frame| origin_of_named(snapshot, &frame.class));
        Some((holder, held, origin))
    }

    /// What is left when no field on the path can be named: the root itself.
    pub(super) fn root_holder(&self) -> Found {
        let snapshot = self.snapshot;
        let first = self.path.steps.first().map_or(self.object, |step| step.object);
        let kind = self.path.root.map(|root| root.kind);
        if snapshot.class_name(first) == CLASS_VALUE_MAP {
            // The map of some class: which one the dump does not tell, nor which of all class values is in question.
            let holder = Holder {
                kind: HolderKind::Other,
                class: Some("java.lang.ClassValue".to_owned()),
                field: None,
                thread: None,
                frame: None,
                threads: None,
            };
            return (holder, self.object, Origin::Jdk);
        }
        let class = snapshot.class_name(first).to_owned();
        let (kind, thread) = match kind {
            Some(RootTag::ThreadObject) => (HolderKind::Thread, Some(thread_name(snapshot, first))),
            Some(RootTag::JniGlobal | RootTag::JniLocal) => (HolderKind::JniGlobal, None),
            _ if snapshot.classes().is_named(snapshot.class_of(first), "java.lang.ClassLoader") => {
                (HolderKind::ClassLoader, None)
            }
            _ => (HolderKind::Other, None),
        };
        let field = (kind == HolderKind::Other)
            .then(|| self.path.root.map(|root| root.kind.words().to_owned()))
            .flatten();
        // Somebody has started the thread.
        let origin = if kind == HolderKind::Thread { Origin::Application } else { Origin::Jdk };
        (Holder { kind, class: Some(class), field, thread, frame: None, threads: None }, self.object, origin)
    }
}

/// Whether a class is a selector of the JDK's, or a key of one.
fn is_of_selector(class: &str) -> bool {
    let is_of_channels = class.starts_with("sun.nio.ch.") || class.starts_with("java.nio.channels.");
    is_of_channels && (class.contains("Selector") || class.contains("SelectionKey"))
}

/// The static field that refers to `object`, of the application's classes if there is one.
pub(super) fn static_holder_of(snapshot: &Snapshot, object: ObjectIx) -> Option<(String, String)> {
    let address = snapshot.address_of(object);
    let holders = snapshot.classes().iter().filter_map(|(class, described)| {
        let field = described.statics.iter().find(|field| field.value.reference() == Some(address))?;
        Some((origin_of(snapshot, class), described, field))
    });
    // The first of the best.
    let best = holders.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, class, field)| (class.name.to_string(), field.name.to_string()))
}
