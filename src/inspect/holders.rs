//! Who holds an object: the field, local variable or thread-local that a programmer can go and change.
//!
//! Owns the search for owners. Paths are looked for in four phases, each as far as it reaches: from the static fields of classes
//! that are not the JDK's, from everything else that lives as long as the process, from thread objects, and at last from the
//! stacks of running threads. So an object has a path from a stack only if nothing long-lived holds it, which is what tells load
//! from leak. Along the path the holder is the field nearest to the object that the application itself declares; where there is none
//! (or where the path leaves a registry of many unrelated things before it comes to one), the nearest field of a library.
//! Cost: 4 bytes per object, and a breadth-first search that goes as far as it is asked to.

use crate::graph::{ExtraEdges, PhasedPaths};
use crate::hprof::{HeapRecord, RootTag};
use crate::ix::ObjectIx;
use crate::query::{Origin, Path, named, origin_of, origin_of_name, softer_slots, thread_name};
use crate::report::{Frame, Holder, HolderKind, PathStep, SuspectKind};
use crate::snapshot::{Class, Link, Root, Snapshot, SnapshotError, StackFrame};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

/// A container with more elements than this that are not part of the story is a registry of unrelated things.
const REGISTRY_ELEMENTS: usize = 16;
/// A field counts as the holder if what it refers to retains at least this part of the memory in question.
const HOLDS_MOST: f64 = 0.5;

/// Static fields of the JDK that grow with what an application does.
const FILLED_BY_APPLICATIONS: &[(&str, &str)] = &[
    ("java.io.DeleteOnExitHook", "files"),
    ("java.lang.ApplicationShutdownHooks", "hooks"),
    ("java.lang.ref.Finalizer", "unfinalized"),
    ("java.lang.ref.Finalizer", "queue"),
    ("java.sql.DriverManager", "registeredDrivers"),
    ("java.beans.ThreadGroupContext", "contexts"),
    ("sun.rmi.transport.ObjectTable", "objTable"),
];

/// An object with its owner.
#[derive(Debug, Clone)]
pub struct Held {
    /// Who holds it.
    pub holder: Holder,
    /// Leak or load.
    pub kind: SuspectKind,
    /// What the holder refers to directly.
    pub object: ObjectIx,
    /// Whose code the holder is.
    pub origin: Origin,
    /// The path from the root.
    pub path: Vec<PathStep>,
    /// What the root is, in words.
    pub root: String,
}

/// Finds owners.
#[derive(Debug)]
pub struct Ownership<'a> {
    snapshot: &'a Snapshot,
    search: Mutex<PhasedPaths<'a>>,
    /// The same with soft and final references, for what no strong path leads to.
    softer: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
    /// The same from classes that are there only once: who holds the copies of a class.
    of_copies: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
}

/// Which paths are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    Strong,
    Softer,
    OfCopies,
}

/// From so many copies of a class on, its static fields are not to blame, but who holds the copies.
const COPIES: usize = 3;

impl<'a> Ownership<'a> {
    /// A search that has not begun: it goes as far as it is asked to.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn new(snapshot: &'a Snapshot) -> Result<Self, SnapshotError> {
        let search = Mutex::new(begin(snapshot, Search::Strong)?);
        Ok(Self { snapshot, search, softer: OnceLock::new(), of_copies: OnceLock::new() })
    }

    /// The objects on the path to `object`, the root first; none if no path leads there, or the search could not be made.
    fn objects_to(&self, object: ObjectIx, kind: Search) -> Vec<ObjectIx> {
        let later = |cell: &'_ OnceLock<Option<Mutex<PhasedPaths<'a>>>>| {
            cell.get_or_init(|| begin(self.snapshot, kind).ok().map(Mutex::new))
                .as_ref()
                .map(|search| path_in(self.snapshot, search, object))
        };
        match kind {
            Search::Strong => path_in(self.snapshot, &self.search, object),
            Search::Softer => later(&self.softer).unwrap_or_default(),
            Search::OfCopies => later(&self.of_copies).unwrap_or_default(),
        }
    }

    /// The strong path, or one that leads through soft or final references if there is no strong one.
    fn best_path(&self, object: ObjectIx) -> Vec<ObjectIx> {
        let strong = self.objects_to(object, Search::Strong);
        if strong.is_empty() && self.snapshot.is_reachable(object) {
            return self.objects_to(object, Search::Softer);
        }
        strong
    }

    /// Who holds one of several copies of a class: not its own static fields, nor those of other copies. `class` is the name of a
    /// class; `None` if it is not there several times.
    pub fn of_copy(&self, class: &str, bytes: u64) -> Option<(Held, usize)> {
        let copies = self.snapshot.classes().named(class);
        if copies.len() < COPIES {
            return None;
        }
        let mirrors = copies.iter().filter_map(|&class| self.snapshot.classes().get(class).mirror.get());
        let mirrors: Vec<ObjectIx> = mirrors.filter(|&mirror| self.snapshot.is_reachable(mirror)).collect();
        // The copy that is in use is held by what uses it; what holds most of the others is to blame.
        let mut holders: Vec<(Held, usize)> = Vec::new();
        for &mirror in mirrors.iter().take(64) {
            let objects = self.objects_to(mirror, Search::OfCopies);
            if objects.is_empty() {
                continue;
            }
            let held = self.held(mirror, bytes, &objects);
            match holders.iter_mut().find(|(known, _)| known.holder.label() == held.holder.label()) {
                Some((_, count)) => *count += 1,
                None => holders.push((held, 1)),
            }
        }
        let most = holders.iter().map(|&(_, count)| count).max()?;
        let (held, _) = holders.into_iter().find(|&(_, count)| count == most)?;
        Some((held, mirrors.len()))
    }

    /// Who holds `object`, of which `bytes` are in question. `None` if only soft or final references lead to it, or none at all.
    pub fn of(&self, object: ObjectIx, bytes: u64) -> Option<Held> {
        let objects = self.best_path(object);
        (!objects.is_empty()).then(|| self.held(object, bytes, &objects))
    }

    /// Who holds `object` by way of `referrer`, which refers to it, and the object whose reference to [`Held::object`] that is. `None` if no
    /// strong path leads to `referrer`, or the holder is a root itself.
    pub fn of_entry(&self, referrer: ObjectIx, object: ObjectIx, bytes: u64) -> Option<(Held, ObjectIx)> {
        let mut objects = self.objects_to(referrer, Search::Strong);
        if objects.is_empty() {
            return None;
        }
        objects.push(object);
        let held = self.held(object, bytes, &objects);
        let at = objects.iter().position(|&on_path| on_path == held.object)?;
        Some((held, objects[at.checked_sub(1)?]))
    }

    fn held(&self, object: ObjectIx, bytes: u64, objects: &[ObjectIx]) -> Held {
        let first = objects[0];
        let path = named(self.snapshot, objects);
        let local = path.root.filter(Root::is_held_by_thread).filter(|_| !self.is_long_lived(first));
        let path_to = |object| self.objects_to(object, Search::Strong);
        let climb = Climb { snapshot: self.snapshot, path: &path, object, bytes, path_to: &path_to };
        let (holder, held, origin) = match climb.holder() {
            Some(found) => found,
            None => match local.and_then(|root| climb.local(root)) {
                Some(found) => found,
                None => climb.root_holder(),
            },
        };
        Held {
            holder,
            kind: if local.is_some() { SuspectKind::Load } else { SuspectKind::Leak },
            object: held,
            origin,
            path: self.steps(&path, local),
            root: self.root_words(first, path.root, local.is_some()),
        }
    }

    /// The path to an object, as [`Held::path`] has it.
    pub fn path_to(&self, object: ObjectIx) -> Vec<PathStep> {
        let objects = self.best_path(object);
        let Some(&first) = objects.first() else { return Vec::new() };
        let path = named(self.snapshot, &objects);
        let local = path.root.filter(Root::is_held_by_thread).filter(|_| !self.is_long_lived(first));
        self.steps(&path, local)
    }

    /// The path from a thread by way of a local variable of a frame.
    pub fn path_by_local(&self, thread: ObjectIx, frame: &Frame, variable: ObjectIx) -> Vec<PathStep> {
        vec![
            path_step(self.snapshot, thread, Some(format!("<local> {frame}"))),
            path_step(self.snapshot, variable, None),
        ]
    }

    /// Whether something other than a stack is a reason to keep the first object of a path.
    fn is_long_lived(&self, first: ObjectIx) -> bool {
        self.snapshot.mirrored_class(first).is_some()
            || self.snapshot.roots_of(first).iter().any(|root| !root.is_held_by_thread())
    }

    fn root_words(&self, first: ObjectIx, root: Option<Root>, is_local: bool) -> String {
        match root {
            Some(root) if is_local || !root.is_held_by_thread() => root.kind.words().to_owned(),
            _ => match self.snapshot.class_of_mirror(first).and_then(|class| class.loader.get()) {
                Some(loader) => format!("class of {}", self.snapshot.class_name(loader)),
                None => "class".to_owned(),
            },
        }
    }

    /// The path as it is shown. A path from a stack begins with the thread. Long ones lose their middle.
    fn steps(&self, path: &Path<'_>, local: Option<Root>) -> Vec<PathStep> {
        const LONGEST: usize = 64;
        let snapshot = self.snapshot;
        let thread = local.and_then(|root| Some((root, &snapshot.threads()[root.thread? as usize])));
        let mut steps: Vec<PathStep> = thread
            .map(|(root, thread)| {
                let frame = root.frame.and_then(|frame| thread.frames.get(frame as usize));
                let place =
                    frame.map_or_else(|| "native stack".to_owned(), |frame| report_frame(frame).to_string());
                path_step(snapshot, thread.object, Some(format!("<local> {place}")))
            })
            .into_iter()
            .collect();
        let all = path.steps.len();
        for (at, step) in path.steps.iter().enumerate() {
            if all > LONGEST && at == LONGEST / 2 {
                steps.push(PathStep {
                    address: 0,
                    class: format!("... {} more steps ...", all - LONGEST),
                    field: None,
                    retained_bytes: 0,
                });
            }
            if all > LONGEST && (LONGEST / 2..all - LONGEST / 2).contains(&at) {
                continue;
            }
            let label = step.link.map(|link| link_label(snapshot, link));
            steps.push(path_step(snapshot, step.object, label));
        }
        steps
    }
}

fn path_in(snapshot: &Snapshot, search: &Mutex<PhasedPaths<'_>>, object: ObjectIx) -> Vec<ObjectIx> {
    let mut search = search.lock().unwrap_or_else(PoisonError::into_inner);
    search.reach(object, snapshot.progress()).map(|tree| tree.path_to(object)).unwrap_or_default()
}

/// The phases: application classes, everything else that is long-lived, threads, stacks. Threads are entered in their own phase only: every
/// thread leads to all others through its group.
fn begin(snapshot: &Snapshot, kind: Search) -> Result<PhasedPaths<'_>, SnapshotError> {
    static NO_EXTRA: LazyLock<ExtraEdges> = LazyLock::new(ExtraEdges::default);
    let graph = snapshot.graph_without_stacks(&NO_EXTRA);
    let classes = snapshot.classes();
    let is_app = |class| origin_of(snapshot, class) != Origin::Jdk && !classes.get(class).loader_id.is_null();
    let once = |class: &Class| kind != Search::OfCopies || classes.named(&class.name).len() < COPIES;
    let apps: Vec<ObjectIx> = classes
        .iter()
        .filter(|&(ix, class)| is_app(ix) && once(class))
        .filter_map(|(_, class)| class.mirror.get())
        .filter(|&mirror| snapshot.is_reachable(mirror))
        .collect();
    let (threads, others): (Vec<ObjectIx>, Vec<ObjectIx>) =
        graph.roots.iter().partition(|&&root| is_only_thread(snapshot, root));
    let held = snapshot.roots().all().iter().filter(|root| root.is_held_by_thread());
    let locals: Vec<ObjectIx> = held.map(|root| root.object).collect();
    let leave_out = if kind == Search::Softer { None } else { softer_slots(snapshot)?.map(Arc::new) };
    let mut search =
        PhasedPaths::new(graph, vec![apps, others, threads.clone(), locals], leave_out, snapshot.storage())?;
    search.bar(threads);
    Ok(search)
}

/// Whether the thread object is the only reason why it is a root.
fn is_only_thread(snapshot: &Snapshot, root: ObjectIx) -> bool {
    let held = |root: &Root| root.kind == RootTag::ThreadObject || root.is_held_by_thread();
    snapshot.roots_of(root).iter().all(held)
}

fn path_step(snapshot: &Snapshot, object: ObjectIx, field: Option<String>) -> PathStep {
    let class =
        snapshot.class_of_mirror(object).map_or_else(|| snapshot.class_name(object), |class| &class.name);
    PathStep {
        address: snapshot.address_of(object).0,
        class: class.to_owned(),
        field,
        retained_bytes: snapshot.retained_bytes(object),
    }
}

/// A reference as a path shows it: a field's name, `[417]`, `<class loader>`.
pub fn link_label(snapshot: &Snapshot, link: Link<'_>) -> String {
    match link {
        Link::Field { name, .. } | Link::Static { name, .. } => name.to_owned(),
        Link::Element(at) => format!("[{at}]"),
        Link::Class => "<class>".to_owned(),
        Link::SuperClass => "<super class>".to_owned(),
        Link::Loader => "<class loader>".to_owned(),
        Link::Signers => "<signers>".to_owned(),
        Link::ProtectionDomain => "<protection domain>".to_owned(),
        Link::Local { thread, frame } => {
            let frames = &snapshot.threads()[thread as usize].frames;
            let frame = frame.and_then(|frame| frames.get(frame as usize));
            format!(
                "<local> {}",
                frame.map_or_else(|| "native stack".to_owned(), |frame| report_frame(frame).to_string())
            )
        }
    }
}

/// A frame as reports have it.
pub fn report_frame(frame: &StackFrame) -> Frame {
    Frame {
        class: frame.class.to_string(),
        method: frame.method.to_string(),
        file: frame.file.as_deref().map(str::to_owned),
        line: (frame.line > 0).then_some(frame.line),
    }
}

/// The way from an object up its path.
struct Climb<'a, 'p> {
    snapshot: &'a Snapshot,
    path: &'p Path<'a>,
    object: ObjectIx,
    bytes: u64,
    /// Finds a path to another object.
    path_to: &'p dyn Fn(ObjectIx) -> Vec<ObjectIx>,
}

type Found = (Holder, ObjectIx, Origin);

impl Climb<'_, '_> {
    /// The nearest field on the path that somebody can go and change.
    fn holder(&self) -> Option<Found> {
        let (mut of_library, mut of_jdk) = (None, None);
        for pair in self.path.steps.windows(2).rev() {
            let (from, to) = (pair[0].object, pair[1].object);
            let Some(link) = pair[0].link else { continue };
            match link {
                Link::Static { class, name } => {
                    let declaring = &*self.snapshot.classes().get(class).name;
                    // Some static fields of the JDK are filled by what the application does.
                    let origin = if FILLED_BY_APPLICATIONS.contains(&(declaring, name)) {
                        Origin::Application
                    } else if is_made_by_compiler(declaring, name) {
                        Origin::Jdk
                    } else {
                        origin_of(self.snapshot, class)
                    };
                    let found = (field_holder(HolderKind::StaticField, declaring, name), to, origin);
                    // A static field of the JDK at the top of a path says less than the library's field below it.
                    return if origin == Origin::Application {
                        Some(found)
                    } else {
                        of_library.or(Some(found))
                    };
                }
                Link::Field { class, name } => {
                    let declaring = &*self.snapshot.classes().get(class).name;
                    if declaring == "java.lang.ThreadLocal$ThreadLocalMap$Entry" && name == "value" {
                        return Some(self.thread_local(from, to));
                    }
                    if is_made_by_compiler(declaring, name) || !self.holds_most(to) {
                        continue;
                    }
                    let origin = origin_of(self.snapshot, class);
                    let found = (field_holder(HolderKind::InstanceField, declaring, name), to, origin);
                    match origin {
                        Origin::Application => return Some(found),
                        Origin::Library => _ = of_library.get_or_insert(found),
                        // What a collection calls its own parts is nobody's business.
                        Origin::Jdk if declaring.starts_with("java.util.") => {}
                        Origin::Jdk => _ = of_jdk.get_or_insert(found),
                    }
                }
                Link::Element(_) if of_library.is_some() && self.is_registry(from) => return of_library,
                _ => {}
            }
        }
        if self.path.root.is_some_and(|root| root.is_held_by_thread()) && !self.starts_long_lived() {
            // The local variable at the top says more.
            return None;
        }
        let is_thread_path =
            self.path.steps.first().is_some_and(|step| is_thread(self.snapshot, step.object));
        // What a thread holds by its own fields is the thread's.
        of_library.or(of_jdk.filter(|_| !is_thread_path))
    }

    fn starts_long_lived(&self) -> bool {
        self.path.steps.first().is_some_and(|step| {
            let roots = self.snapshot.roots_of(step.object);
            self.snapshot.mirrored_class(step.object).is_some()
                || roots.iter().any(|root| !root.is_held_by_thread())
        })
    }

    fn holds_most(&self, object: ObjectIx) -> bool {
        // What several hold is retained by none of them: then the nearest field counts whatever it retains.
        let shared = self.snapshot.retained_bytes(self.object) < self.bytes;
        shared || self.snapshot.retained_bytes(object) as f64 >= HOLDS_MOST * self.bytes as f64
    }

    /// Whether the array at `array` keeps many things that have nothing to do with the memory in question, as a map of beans does; a list
    /// of things like the one on the path is no registry.
    fn is_registry(&self, array: ObjectIx) -> bool {
        let snapshot = self.snapshot;
        let HeapRecord::ObjectArray { .. } = snapshot.record(array) else { return false };
        let filled = snapshot.elements(array).filter_map(|id| snapshot.find(id));
        let filled: Vec<ObjectIx> = filled.take(4 * REGISTRY_ELEMENTS).collect();
        if filled.len() <= REGISTRY_ELEMENTS {
            return false;
        }
        let content = |element: ObjectIx| {
            let node = snapshot.class_name(element).starts_with("java.util.");
            let value =
                ["val", "value", "item"].into_iter().find_map(|field| snapshot.follow(element, field));
            snapshot.class_of(value.filter(|_| node).unwrap_or(element))
        };
        let on_path = self
            .path
            .steps
            .iter()
            .skip_while(|step| step.object != array)
            .nth(1)
            .map(|step| content(step.object));
        let alike = filled.iter().filter(|&&element| Some(content(element)) == on_path).count();
        alike * 2 < filled.len()
    }

    /// The thread-local whose value `to` is, in the entry `from` of a thread's map.
    fn thread_local(&self, entry: ObjectIx, to: ObjectIx) -> Found {
        let snapshot = self.snapshot;
        let key = snapshot.follow(entry, "referent");
        let declared =
            key.and_then(|key| static_holder_of(snapshot, key).or_else(|| self.field_holder_of(key)));
        let thread =
            self.path.steps.iter().map(|step| step.object).find(|&object| is_thread(snapshot, object));
        let (class, field) = declared.unzip();
        let class = class.or_else(|| key.map(|key| snapshot.class_name(key).to_owned()));
        // Whoever sets it, on whatever thread: somebody does, for each request.
        let origin = Origin::Application;
        let thread = thread.map(|thread| thread_name(snapshot, thread));
        (Holder { kind: HolderKind::ThreadLocal, class, field, thread, frame: None }, to, origin)
    }

    /// The field on a path to an object that refers to it.
    fn field_holder_of(&self, object: ObjectIx) -> Option<(String, String)> {
        let objects = (self.path_to)(object);
        let [.., before, last] = objects[..] else { return None };
        match self.snapshot.link(before, last)? {
            Link::Field { class, name } | Link::Static { class, name } => {
                Some((self.snapshot.classes().get(class).name.to_string(), name.to_owned()))
            }
            _ => None,
        }
    }

    /// The local variable of the frame that says most: the innermost one of the application's own that holds the memory.
    fn local(&self, root: Root) -> Option<Found> {
        let snapshot = self.snapshot;
        let thread = &snapshot.threads()[root.thread? as usize];
        let mut owners: Vec<ObjectIx> = self.path.steps.iter().map(|step| step.object).collect();
        // A chain of millions of objects has its owners near the top of it.
        owners.extend(snapshot.dominators().dominators(self.object).take(1 << 20));
        owners.push(self.object);
        owners.sort_unstable();
        let held_by = |frame: &StackFrame| {
            let locals = frame.locals.iter().copied().filter(|local| owners.binary_search(local).is_ok());
            locals.max_by_key(|&local| (snapshot.retained_bytes(local), std::cmp::Reverse(local)))
        };
        let is_app = |frame: &StackFrame| origin_of_name(&frame.class) == Origin::Application;
        let frames = &thread.frames;
        let holding = frames.iter().enumerate().filter_map(|(at, frame)| Some((at, frame, held_by(frame)?)));
        let holding: Vec<_> = holding.collect();
        let own = holding.iter().find(|(_, frame, _)| is_app(frame));
        let found = own.or_else(|| holding.first());
        let (frame, held) = match found {
            Some(&(_, frame, held)) if is_app(frame) => (Some(frame), held),
            Some(&(at, frame, held)) => {
                (Some(frames[at..].iter().find(|frame| is_app(frame)).unwrap_or(frame)), held)
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
        };
        let origin = frame.map_or(Origin::Library, |frame| origin_of_name(&frame.class));
        Some((holder, held, origin))
    }

    /// What is left when no field on the path can be named: the root itself.
    fn root_holder(&self) -> Found {
        let snapshot = self.snapshot;
        let first = self.path.steps.first().map_or(self.object, |step| step.object);
        let kind = self.path.root.map(|root| root.kind);
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
        (Holder { kind, class: Some(class), field, thread, frame: None }, self.object, origin)
    }
}

fn field_holder(kind: HolderKind, class: &str, field: &str) -> Holder {
    Holder { kind, class: Some(class.to_owned()), field: Some(field.to_owned()), thread: None, frame: None }
}

/// Fields that stand in no source: what lambdas and inner classes capture, what proxies keep, what the JVM shows as static fields.
fn is_made_by_compiler(class: &str, field: &str) -> bool {
    class.contains("$$Lambda")
        || class.contains("$$EnhancerBy")
        || class.contains("$$FastClassBy")
        || class.contains("$$SpringCGLIB")
        || ["this$", "val$", "arg$", "CGLIB$", "<", "$assertionsDisabled", "$SwitchMap$"]
            .iter()
            .any(|begin| field.starts_with(begin))
}

/// Whether an object is a thread.
pub fn is_thread(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.classes().is_named(snapshot.class_of(object), "java.lang.Thread")
}

/// The static field that refers to `object`, of the application's classes if there is one.
fn static_holder_of(snapshot: &Snapshot, object: ObjectIx) -> Option<(String, String)> {
    let address = snapshot.address_of(object);
    let holders = snapshot.classes().iter().filter_map(|(class, described)| {
        let field = described.statics.iter().find(|field| field.value.reference() == Some(address))?;
        Some((origin_of(snapshot, class), described, field))
    });
    // The first of the best.
    let best = holders.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, class, field)| (class.name.to_string(), field.name.to_string()))
}
