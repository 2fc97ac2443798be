//! What a suspect is about: the class that there is so much of.
//!
//! Owns the choice between a collection's elements, an object with a name of its own, and the local variable from which all of it can be
//! reached. Cost: a walk over what the accumulation keeps directly, and for local variables one of bounded length.

use super::super::chunks;
use super::super::elements::{self, Elements};
use super::linked::next_of;
use super::{Part, Story};
use crate::hprof::FieldType;
use crate::inspect::holders::is_thread;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{HolderKind, PathStep, Pattern, Share, SuspectKind};
use crate::snapshot::{OfEach, Snapshot, StackFrame};
use hashbrown::HashSet;
use std::collections::VecDeque;

/// So many elements of a class are a crowd, fewer are parts of one big object.
const CROWD: u64 = 16;

/// What a suspect is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) class: ClassIx,
    pub(super) instances: u64,
    pub(super) pattern: Pattern,
    pub(super) elements: Option<Elements>,
    /// The local variable that it is, if it is one.
    pub(super) variable: Option<ObjectIx>,
}

impl Story {
    /// What there is so much of.
    pub(super) fn subject(&self, snapshot: &Snapshot) -> Subject {
        if let Some(crowd) = &self.crowd {
            return Subject {
                class: snapshot.class_of(crowd.largest),
                instances: crowd.count,
                pattern: Pattern::Threads,
                elements: None,
                variable: None,
            };
        }
        let mut subject = self.subject_of_main_part(snapshot);
        if let Some((class, count)) = &self.copies {
            let loader = snapshot
                .classes()
                .named(class)
                .iter()
                .find_map(|&class| snapshot.classes().get(class).loader.get());
            subject.class = loader.map_or(subject.class, |loader| snapshot.class_of(loader));
            (subject.instances, subject.pattern) = (*count, Pattern::ClassLoader);
        } else if let Some(elements) = &mut subject.elements {
            // The same in each of several collections, as in those of several threads.
            let [count, keys, bytes] = self.elements_elsewhere(snapshot, elements.class);
            if subject.class == elements.class {
                subject.instances += count;
            }
            elements.count += count;
            elements.keys += keys;
            elements.bytes += bytes;
        }
        // The same object in each of several threads, or several large ones of a kind in the fields of several others.
        let is_by_thread = matches!(
            self.held.holder.kind,
            HolderKind::Thread | HolderKind::ThreadLocal | HolderKind::StackLocal
        ) && subject.variable.is_none();
        let is_itself = subject.elements.is_none()
            && self.main_part().object().is_some_and(|object| snapshot.class_of(object) == subject.class)
            && self.outermost(snapshot).len() == self.parts.len();
        if (is_by_thread || is_itself) && subject.instances == 1 {
            let alike = self.main_part().object().map(|object| snapshot.class_of(object));
            let objects = self.parts.iter().filter_map(Part::object);
            let objects = objects.filter(|&object| Some(snapshot.class_of(object)) == alike);
            // What is named may have several of them.
            let whose: HashSet<ObjectIx> =
                objects.map(|object| Self::named_above(snapshot, object, subject.class)).collect();
            subject.instances = (whose.len() as u64).max(1);
        }
        subject
    }

    /// The nearest object of that class that retains `object`, or `object` if none does or it is of that class itself.
    fn named_above(snapshot: &Snapshot, object: ObjectIx, class: ClassIx) -> ObjectIx {
        const MOST_STEPS: usize = 8;
        let mut way =
            std::iter::once(object).chain(snapshot.dominators().dominators(object)).take(MOST_STEPS);
        way.find(|&above| snapshot.class_of(above) == class).unwrap_or(object)
    }

    /// Counts the elements that hang beside the accumulation on what the holder keeps, as those in the last array of a linked buffer do: if there
    /// are a few more of their class in all of it, these are they. The nodes of a tree hang below each other, and all of them count. So do all objects of a class
    /// that is not the JDK's and do not lie in each other: what it is made of is told beside the title, and nobody should read two numbers of one thing.
    pub(super) fn count_beside(
        &self,
        snapshot: &Snapshot,
        subject: &mut Subject,
        composition: &[Share],
        path: &[PathStep],
    ) {
        // Of what is in nobody's tree only samples are known; but nodes of the same list have no more than one element each.
        let node = self.main_part().object().map(|object| snapshot.class_of(object));
        let (mut nodes, mut is_sampled) = (0, false);
        for part in &self.parts {
            match part {
                Part::Object { .. } => {}
                Part::Group { group, .. } if Some(group.class) == node => nodes += group.count,
                Part::Group { .. } => is_sampled = true,
            }
        }
        let class = snapshot.classes().get(subject.class);
        // Rows are of the same class as the array that a list keeps them in.
        if class.element == Some(FieldType::Reference) {
            return;
        }
        let name = &*class.name;
        let all = composition.iter().find(|share| share.class == name).map_or(0, |share| share.instances);
        let is_of_its_kind = subject.elements.is_some_and(|elements| elements.class == subject.class);
        let is_collection = subject.pattern == Pattern::Collection;
        // Keys are no elements, nor are those that were not met.
        let keys = subject.elements.filter(|_| is_of_its_kind).map_or(0, |elements| elements.keys);
        let met = subject.instances + keys;
        let is_tree = match subject.pattern {
            Pattern::Collection => path.iter().filter(|step| step.class == name).take(2).count() == 2,
            Pattern::BigObject => is_of_its_kind,
            _ => false,
        };
        if is_tree && all > subject.instances && !is_sampled {
            (subject.instances, subject.pattern) = (all, Pattern::Collection);
            // Those directly below one place in the tree say nothing of it.
            subject.elements = None;
        } else if is_collection && (met..=met + nodes + met / 16).contains(&all) && !is_sampled {
            subject.instances = all - all * keys / met.max(1);
        } else if is_collection
            && all > met
            && keys == 0
            && !name.contains("$$Lambda")
            && origin_of(snapshot, subject.class) != Origin::Jdk
            && !self.lie_in_each_other(snapshot, subject.class)
        {
            subject.instances = all;
        }
    }

    /// Whether some of the objects of a class lie in others of it, as the nodes of a document do.
    fn lie_in_each_other(&self, snapshot: &Snapshot, class: ClassIx) -> bool {
        const MOST_VISITED: usize = 1 << 17;
        const SAMPLES: usize = 256;
        const STEPS: usize = 12;
        let tree = snapshot.dominators();
        let starts = if self.owners.is_empty() { self.looked_at() } else { self.owners.clone() };
        let (mut stack, mut found, mut within) = (vec![&starts[..]], 0, 0);
        for _ in 0..MOST_VISITED {
            let Some(object) = next_of(&mut stack) else { break };
            if snapshot.class_of(object) == class {
                let is_in =
                    tree.dominators(object).take(STEPS).any(|above| snapshot.class_of(above) == class);
                (found, within) = (found + 1, within + usize::from(is_in));
            }
            if found == SAMPLES {
                break;
            }
            stack.push(tree.children(object));
        }
        found == 0 || within * 10 > found
    }

    /// How many elements of a class the parts beside the main one keep, how many keys like them, and what the elements retain. What lies below another
    /// part is counted there.
    pub(super) fn elements_elsewhere(&self, snapshot: &Snapshot, class: ClassIx) -> [u64; 3] {
        let tree = snapshot.dominators();
        let mut beside = self.outermost(snapshot);
        if let Some(main) = self.main_part().object() {
            let mut up = std::iter::once(main).chain(tree.dominators(main));
            // At most one of them holds the main part, since none lies below another.
            if let Some(at) = up.find_map(|above| beside.binary_search(&above).ok()) {
                beside.remove(at);
            }
        }
        beside
            .into_iter()
            .flat_map(|object| elements::elements(snapshot, object).to_vec())
            .filter(|other| elements::counts_as(snapshot, other.class, class))
            .fold([0; 3], |[count, keys, bytes], other| {
                [count + other.count, keys + other.keys, bytes + other.bytes]
            })
    }

    /// The class of the elements of its main part, if these are many.
    pub(super) fn many_elements(&self, snapshot: &Snapshot) -> Option<ClassIx> {
        let elements = self.subject_of_main_part(snapshot).elements;
        elements.filter(|elements| elements.count >= CROWD).map(|elements| elements.class)
    }

    fn subject_of_main_part(&self, snapshot: &Snapshot) -> Subject {
        if let Some(variable) = self.telling_local(snapshot) {
            let elements = self.main_part().object().and_then(|object| {
                let all = elements::elements(snapshot, object);
                elements::telling_elements(snapshot, &all, object)
            });
            let class = snapshot.class_of(variable);
            // The same variable in each of several threads.
            let instances = self.held.holder.threads.map_or(1, |_| self.like_it(snapshot, variable));
            return Subject {
                class,
                instances,
                pattern: Pattern::BigObject,
                elements,
                variable: Some(variable),
            };
        }
        if let Some(builder) = self.builder_in_hand(snapshot) {
            return Subject {
                class: snapshot.class_of(builder),
                instances: 1,
                pattern: Pattern::BigObject,
                elements: None,
                variable: Some(builder),
            };
        }
        match self.main_part() {
            Part::Group { group, .. } if is_cleaner(&snapshot.classes().get(group.class).name) => {
                // What it cleans up after has a name.
                let sample = self.main_part().cleaned(snapshot).first().copied();
                Subject {
                    class: sample.map_or(group.class, |cleaned| snapshot.class_of(cleaned)),
                    instances: group.count,
                    pattern: Pattern::Repeated,
                    elements: None,
                    variable: None,
                }
            }
            Part::Group { group, .. } => {
                let is_loader = snapshot.classes().is_named(group.class, "java.lang.ClassLoader");
                let pattern = if is_loader { Pattern::ClassLoader } else { Pattern::Repeated };
                Subject {
                    class: value_of_entries(snapshot, &group.samples).unwrap_or(group.class),
                    instances: group.count,
                    pattern,
                    elements: None,
                    variable: None,
                }
            }
            Part::Object { object, .. } => {
                let all = elements::elements(snapshot, *object);
                let telling = elements::telling_elements(snapshot, &all, *object);
                let telling = telling.map(|found| chunks::payload(snapshot, *object, found).unwrap_or(found));
                let held = self.held.object;
                let held_class = snapshot.class_of(held);
                let is_own = origin_of(snapshot, held_class) != Origin::Jdk
                    && snapshot.mirrored_class(held).is_none()
                    && !elements::is_collection(snapshot, held)
                    && snapshot.retained_bytes(held) * 2 >= self.in_question(snapshot);
                // Of an object of the application's that has more than these in it, as a cube has its measures beside the labels, what the JDK makes says too little.
                let is_named = |found: Elements| match origin_of(snapshot, held_class) {
                    _ if snapshot.classes().get(held_class).element.is_some() => false,
                    Origin::Library => true,
                    Origin::Application => {
                        let is_small = found.bytes.saturating_mul(2) < snapshot.retained_bytes(held);
                        is_small && origin_of(snapshot, found.class) == Origin::Jdk
                    }
                    Origin::Jdk => false,
                };
                match telling {
                    // The object that the holder refers to is itself something with a name: a workbook, a cache, a client.
                    Some(found) if is_own && (found.count < CROWD || is_named(found)) => Subject {
                        class: held_class,
                        instances: 1,
                        pattern: Pattern::BigObject,
                        elements: Some(found),
                        variable: None,
                    },
                    Some(found) if found.count > 1 => Subject {
                        class: found.class,
                        instances: found.count,
                        pattern: Pattern::Collection,
                        elements: Some(found),
                        variable: None,
                    },
                    _ if is_own => Subject {
                        class: held_class,
                        instances: 1,
                        pattern: Pattern::BigObject,
                        elements: None,
                        variable: None,
                    },
                    _ => Subject {
                        class: snapshot.class_of(*object),
                        instances: 1,
                        pattern: Pattern::BigObject,
                        elements: None,
                        variable: None,
                    },
                }
            }
        }
    }

    /// The bytes that the object in question should retain: of thread-locals each thread has its own.
    fn in_question(&self, snapshot: &Snapshot) -> u64 {
        match (self.held.holder.kind, self.main_part().object()) {
            (HolderKind::ThreadLocal, Some(object)) => snapshot.retained_bytes(object),
            _ => self.bytes,
        }
    }

    /// The local variable of the holder's frame from which nearly all of the memory can be reached: a workbook rather than its rows.
    /// Only objects with a name of their own count, no collections. Of several the first in the frame.
    fn telling_local(&self, snapshot: &Snapshot) -> Option<ObjectIx> {
        let is_local = self.held.kind == SuspectKind::Load && self.held.holder.kind == HolderKind::StackLocal;
        let frame = self.held.holder.frame.as_ref().filter(|_| is_local)?;
        let top = snapshot.dominators().immediate_dominator(self.held.object).object()?;
        let thread = snapshot.threads().iter().find(|thread| thread.object == top)?;
        let is_frame = |at: &&StackFrame| *at.class == *frame.class && *at.method == *frame.method;
        let at = thread.frames.iter().find(is_frame)?;
        let named = |&&local: &&ObjectIx| {
            origin_of(snapshot, snapshot.class_of(local)) != Origin::Jdk
                && !snapshot.class(local).is_array()
                && snapshot.dominators().dominates(top, local)
        };
        // Each of several threads has its own.
        let is_of_thread = |&owner: &ObjectIx| snapshot.dominators().dominates(top, owner);
        let owners: Vec<ObjectIx> = self.together.iter().copied().filter(is_of_thread).collect();
        let whole: u64 = owners.iter().map(|&owner| snapshot.retained_bytes(owner)).sum();
        let known = snapshot.remember(|_| Reached::default());
        let reach = |&local: &ObjectIx| {
            let bytes = known.0.of((local, owners.clone()), |_| reach_bytes(snapshot, local, &owners));
            (bytes, local)
        };
        let reached: Vec<(u64, ObjectIx)> = at.locals.iter().filter(named).take(8).map(reach).collect();
        let most = reached.iter().map(|&(bytes, _)| bytes).max();
        let most = most.filter(|&bytes| bytes > 0 && bytes * 2 >= whole)?;
        let found = reached.into_iter().find(|&(bytes, _)| bytes * 10 >= most * 9).map(|(_, local)| local);
        found.filter(|&local| self.held.holder.threads.is_none() || self.like_it(snapshot, local) > 1)
    }

    /// What a call builds, if the array that it has filled so far is in the hands of the method of the JDK as well that makes it longer: the builder does not
    /// dominate it then, but it says what it is.
    fn builder_in_hand(&self, snapshot: &Snapshot) -> Option<ObjectIx> {
        let is_local = self.held.kind == SuspectKind::Load && self.held.holder.kind == HolderKind::StackLocal;
        let array = self.main_part().object().filter(|_| is_local)?;
        let is_data = snapshot.class(array).is_primitive_array();
        let top = snapshot.dominators().immediate_dominator(array).object().filter(|_| is_data)?;
        let thread = snapshot.threads().iter().find(|thread| thread.object == top)?;
        let has_it = |&local: &ObjectIx| {
            local != thread.object
                && !snapshot.class(local).is_array()
                && snapshot.references().of(local).any(|target| target == array)
        };
        thread.locals().find(has_it)
    }

    /// How many of what threads keep together are of the class of `variable`.
    fn like_it(&self, snapshot: &Snapshot, variable: ObjectIx) -> u64 {
        let class = snapshot.class_of(variable);
        self.together.iter().filter(|&&owner| snapshot.class_of(owner) == class).count() as u64
    }
}

impl Part {
    /// Of cleaners, the objects that they clean up after.
    pub(super) fn cleaned(&self, snapshot: &Snapshot) -> Vec<ObjectIx> {
        match self {
            Self::Group { group, .. } if is_cleaner(&snapshot.classes().get(group.class).name) => {
                group.samples.iter().filter_map(|&sample| snapshot.follow(sample, "referent")).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The class of the values of these entries of a map of the JDK's, if nearly all of them keep one of the same class: nobody has made the entries, which a call
/// that goes through the map has in hand one after the other.
fn value_of_entries(snapshot: &Snapshot, entries: &[ObjectIx]) -> Option<ClassIx> {
    let value = |entry: ObjectIx| {
        let is_entry = snapshot.class_name(entry).starts_with("java.util.")
            && snapshot.class(entry).element.is_none()
            && elements::is_plumbing(snapshot, entry);
        let value = ["value", "val"].iter().find_map(|field| snapshot.follow(entry, field));
        value.filter(|&value| is_entry && snapshot.dominators().dominates(entry, value))
    };
    let classes: Vec<ClassIx> =
        entries.iter().filter_map(|&entry| Some(snapshot.class_of(value(entry)?))).collect();
    let first = *classes.first()?;
    let alike = classes.iter().filter(|&&class| class == first).count();
    (alike * 10 >= entries.len() * 9).then_some(first)
}

/// Whether it is a class of the JDK's whose instances release what others hold outside of the heap.
fn is_cleaner(class: &str) -> bool {
    matches!(
        class,
        "jdk.internal.ref.Cleaner" | "sun.misc.Cleaner" | "jdk.internal.ref.CleanerImpl$PhantomCleanableRef"
    )
}

/// What [`reach_bytes`] has found: the same is asked each time when a story is told.
#[derive(Debug, Default)]
struct Reached(OfEach<(ObjectIx, Vec<ObjectIx>), u64>);

/// How many bytes of what `owners` retain can be reached from `start` by way of it.
fn reach_bytes(snapshot: &Snapshot, start: ObjectIx, owners: &[ObjectIx]) -> u64 {
    let tree = snapshot.dominators();
    // The owners stand for everything below them: enough to tell a workbook from a number format.
    let mut left: Vec<ObjectIx> = owners.to_vec();
    let mut bytes = 0;
    let mut seen: HashSet<ObjectIx> = HashSet::new();
    let mut queue = VecDeque::from([start]);
    let mut steps = 0;
    while let Some(object) = queue.pop_front() {
        steps += 1;
        if left.is_empty() || steps > 200_000 {
            break;
        }
        if let Some(at) = left.iter().position(|&owner| owner == object) {
            bytes += snapshot.retained_bytes(object);
            left.swap_remove(at);
        }
        let below = snapshot
            .references()
            .of(object)
            .filter(|&next| tree.is_reachable(next) && !is_thread(snapshot, next));
        for next in below {
            if snapshot.mirrored_class(next).is_none() && seen.insert(next) {
                queue.push_back(next);
            }
        }
    }
    bytes
}
