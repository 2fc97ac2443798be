//! Who holds an object: the field, local variable or thread-local that a programmer can go and change.
//!
//! Owns the search for owners. Paths are looked for in phases, each as far as it reaches: from the static fields of classes that are not the JDK's,
//! from everything else that lives as long as the process, from thread objects, from what `main` has set up and what is done again and again, and at
//! last from the stacks of running threads. So an object has a path from a stack only if nothing long-lived holds it, which is what tells load from
//! leak. Along the path the holder is the field nearest to the object that the application itself declares; where there is none (or where the path
//! leaves a registry of many unrelated things before it comes to one), the nearest field of a library.
//! Cost: 4 bytes per object, and a breadth-first search that goes as far as it is asked to.

mod cleaners;
mod climb;
mod executors;
mod lasting;
mod many;
mod outer;
mod parked;
mod past;
mod requests;
mod routes;
mod search;
mod services;
mod thread_locals;
mod vars;

use climb::Climb;
pub(in crate::inspect) use climb::{THREAD_LOCAL_ENTRY, THREAD_LOCALS};
pub(in crate::inspect) use lasting::{is_main, task_of};
use search::{BEAN_SERVER, Search, WORK_QUEUE, begin, path_in};
use services::Services;

use crate::graph::PhasedPaths;
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::query::{Origin, Path, is_made_by_compiler, named, named_by, origin_of_name, origin_of_named};
use crate::report::{Frame, Holder, HolderKind, LOCAL, PathStep, SuspectKind, normalise_thread};
use crate::snapshot::{CLASS_VALUE_MAP, Link, Root, Snapshot, SnapshotError, StackFrame};
use hashbrown::HashMap;
use std::cell::{Cell, OnceCell};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
    /// The field with the list of what is running that has it as well, as long as the call runs.
    pub registry: Option<Holder>,
}

/// Copies of a class with their owner.
#[derive(Debug)]
pub struct HeldCopies {
    /// Who holds most of those that were looked at.
    pub held: Held,
    /// How many are reachable.
    pub count: usize,
    /// Where the paths to those begin that it holds, among those that were looked at: a thread if it is a variable of one.
    pub starts: Vec<ObjectIx>,
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
    /// The same past the queues of fork-join pools.
    past_queues: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
    /// What several calls have in hand.
    services: OnceLock<Services>,
    /// The same past the lists of what is to be cleaned up, and for what only they lead to.
    past_cleaners: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
    from_others: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
    /// The same past the server of the JVM's management beans, and past all that is to be cleaned up.
    past_beans: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
    past_cleanables: OnceLock<Option<Mutex<PhasedPaths<'a>>>>,
    /// The fields by which executors are reached, as far as it was asked.
    executors: Mutex<HashMap<ObjectIx, Option<Arc<executors::Field>>>>,
    /// The ways from what outer methods have in hand to the links of lists that inner ones have.
    outer: Mutex<outer::Ways>,
    /// The references along paths so long that others have most of them in common.
    links: Mutex<HashMap<(ObjectIx, ObjectIx), Option<Link<'a>>>>,
}

/// The class whose static field has the server of management beans.
pub(in crate::inspect) const BEANS: &str = "java.lang.management.ManagementFactory";

/// From so many copies of a class on, its static fields are not to blame, but who holds the copies.
const COPIES: usize = 3;
/// For so many of them it is looked who holds them.
pub(in crate::inspect) const COPIES_LOOKED_AT: usize = 64;

impl<'a> Ownership<'a> {
    /// A search that has not begun: it goes as far as it is asked to.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn new(snapshot: &'a Snapshot) -> Result<Self, SnapshotError> {
        let search = Mutex::new(begin(snapshot, Search::Strong)?);
        Ok(Self {
            snapshot,
            search,
            softer: OnceLock::new(),
            of_copies: OnceLock::new(),
            past_queues: OnceLock::new(),
            services: OnceLock::new(),
            past_cleaners: OnceLock::new(),
            from_others: OnceLock::new(),
            past_beans: OnceLock::new(),
            past_cleanables: OnceLock::new(),
            executors: Mutex::default(),
            outer: Mutex::default(),
            links: Mutex::default(),
        })
    }

    /// The snapshot that it is about.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
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
            Search::PastQueues => later(&self.past_queues).unwrap_or_default(),
            Search::PastCleaners => later(&self.past_cleaners).unwrap_or_default(),
            Search::FromOthers => later(&self.from_others).unwrap_or_default(),
            Search::PastBeans => later(&self.past_beans).unwrap_or_default(),
            Search::PastCleanables => later(&self.past_cleanables).unwrap_or_default(),
        }
    }

    /// The strong path, or one that leads through soft or final references if there is no strong one.
    fn best_path(&self, object: ObjectIx) -> Vec<ObjectIx> {
        let strong = self.objects_to(object, Search::Strong);
        if strong.is_empty() && self.snapshot.is_reachable(object) {
            return self.objects_to(object, Search::Softer);
        }
        if cleaners::leads_from_one_to_others(self.snapshot, &strong) {
            let others = [Search::PastCleaners, Search::FromOthers];
            let mut paths = others.into_iter().map(|kind| self.objects_to(object, kind));
            return paths.find(|path| !path.is_empty()).unwrap_or(strong);
        }
        if strong.iter().any(|&object| self.snapshot.class_name(object) == WORK_QUEUE) {
            // The tasks of a call that is at work in parallel are queued as well: they are that call's.
            let past = self.objects_to(object, Search::PastQueues);
            if past.first().is_some_and(|&first| !self.is_inside_of_pool(first)) {
                return past;
            }
        }
        self.by_service(strong)
    }

    /// Whether nothing but the pool's own methods have an object in hand, as the array of a queue that is just being enlarged for one more task.
    fn is_inside_of_pool(&self, object: ObjectIx) -> bool {
        let snapshot = self.snapshot;
        let roots = snapshot.roots_of(object);
        let is_of_pool = |root: &Root| {
            let thread = root.thread.and_then(|thread| snapshot.threads().get(thread as usize));
            let frame = thread.zip(root.frame).and_then(|(thread, frame)| thread.frames.get(frame as usize));
            frame.is_some_and(|frame| frame.class.starts_with("java.util.concurrent.ForkJoinPool"))
        };
        !roots.is_empty() && roots.iter().all(is_of_pool)
    }

    /// The path by the field of an object that several calls have in hand, where only a stack leads to what is in that field.
    fn by_service(&self, path: Vec<ObjectIx>) -> Vec<ObjectIx> {
        let is_of_stack = path.first().is_some_and(|&first| self.is_of_stack(first));
        let by_field = is_of_stack.then(|| self.services().path(&path)).flatten();
        by_field.unwrap_or_else(|| self.by_outer(path))
    }

    fn services(&self) -> &Services {
        self.services.get_or_init(|| Services::find(self.snapshot))
    }

    /// Who holds one of several copies of a class: not its own static fields, nor those of other copies. `class` is the name of a
    /// class; `None` if it is not there several times.
    pub fn of_copy(&self, class: &str, bytes: u64) -> Option<HeldCopies> {
        let copies = self.snapshot.classes().named(class);
        if copies.len() < COPIES {
            return None;
        }
        let mirrors = copies.iter().filter_map(|&class| self.snapshot.classes().get(class).mirror.get());
        let mirrors: Vec<ObjectIx> = mirrors.filter(|&mirror| self.snapshot.is_reachable(mirror)).collect();
        // The copy that is in use is held by what uses it; what holds most of the others is to blame.
        let mut holders: Vec<(Held, Vec<ObjectIx>)> = Vec::new();
        for &mirror in mirrors.iter().take(COPIES_LOOKED_AT) {
            let objects = self.objects_to(mirror, Search::OfCopies);
            let Some(&first) = objects.first() else { continue };
            let held = self.held_by(mirror, bytes, &objects, true);
            let start = self.thread_with(first).unwrap_or(first);
            match holders.iter_mut().find(|(known, _)| is_same_but_for_number(&known.holder, &held.holder)) {
                Some((_, starts)) => starts.push(start),
                None => holders.push((held, vec![start])),
            }
        }
        let most = holders.iter().map(|(_, starts)| starts.len()).max()?;
        let (held, mut starts) = holders.into_iter().find(|(_, starts)| starts.len() == most)?;
        starts.sort_unstable();
        starts.dedup();
        Some(HeldCopies { held, count: mirrors.len(), starts })
    }

    /// Who holds `object`, of which `bytes` are in question. `None` if only soft or final references lead to it, or none at all.
    pub fn of(&self, object: ObjectIx, bytes: u64) -> Option<Held> {
        let objects = self.best_path(object);
        let held = (!objects.is_empty()).then(|| self.held(object, bytes, &objects))?;
        let is_own = held.origin == Origin::Application && held.holder.class.as_deref() != Some(BEANS);
        let other = if is_own { None } else { self.past_registries(object, bytes, &held, &objects) };
        other.or(Some(held))
    }

    /// The variable of a running method by which `object` is held, if no field that lasts leads there.
    pub fn in_hand_of(&self, object: ObjectIx) -> Option<Held> {
        let objects = self.objects_to(object, Search::Strong);
        let is_of_stack = objects.first().is_some_and(|&first| self.is_of_stack(first));
        let held = is_of_stack.then(|| self.held(object, 0, &objects))?;
        held.holder.frame.is_some().then_some(held)
    }

    /// Who else holds what is also registered as a management bean, as pools and clients are by themselves, or to be cleaned up, as executors are: that says
    /// more than the JDK's table of all beans or of all that is cleaned up. `None` if no field of the application's does, or only for the time of a call.
    fn past_registries(
        &self,
        object: ObjectIx,
        bytes: u64,
        held: &Held,
        objects: &[ObjectIx],
    ) -> Option<Held> {
        let snapshot = self.snapshot;
        let is_server = |&on_path: &ObjectIx| snapshot.class_name(on_path) == BEAN_SERVER;
        let kind = if let Some(server) = objects.iter().copied().find(is_server) {
            (!snapshot.dominators().dominates(server, object)).then_some(Search::PastBeans)?
        } else {
            let is_of_jdk = held.origin == Origin::Jdk;
            let is_cleaned = |&on_path: &ObjectIx| cleaners::is_cleanable(snapshot, on_path);
            (is_of_jdk && objects.iter().any(is_cleaned)).then_some(Search::PastCleanables)?
        };
        let path = self.by_service(self.objects_to(object, kind));
        let held = (!path.is_empty()).then(|| self.held(object, bytes, &path))?;
        (held.kind == SuspectKind::Leak && is_own_field(&held.holder)).then_some(held)
    }

    /// Who holds `object`, one of `count` that are asked about together, by way of `referrer`, which refers to it, and the object whose reference to
    /// [`Held::object`] that is. `None` if no strong path leads to `referrer`, or the holder is a root itself.
    pub fn of_entry(
        &self,
        referrer: ObjectIx,
        object: ObjectIx,
        bytes: u64,
        count: u64,
    ) -> Option<(Held, ObjectIx)> {
        let mut objects = self.by_service(self.objects_to(referrer, Search::Strong));
        if objects.is_empty() {
            return None;
        }
        objects.push(object);
        let held = self.held(object, bytes, &objects);
        if let Some(above) = self.above(&objects, &held, count) {
            return Some(above);
        }
        let at = objects.iter().position(|&on_path| on_path == held.object)?;
        Some((held, objects[at.checked_sub(1)?]))
    }

    /// The path with the names of its references. Each reference of a long one is looked up once, as there may be a thousand paths along one list.
    fn named(&self, objects: &[ObjectIx]) -> Path<'a> {
        let snapshot = self.snapshot;
        if objects.len() < search::LONGEST {
            return named(snapshot, objects);
        }
        let mut known = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        named_by(snapshot, objects, |from, to| {
            *known.entry((from, to)).or_insert_with(|| snapshot.link(from, to))
        })
    }

    fn held(&self, object: ObjectIx, bytes: u64, objects: &[ObjectIx]) -> Held {
        self.held_by(object, bytes, objects, false)
    }

    /// [`Self::held`], of a copy of a class if `is_copy`: then the fields of other copies hold nothing.
    fn held_by(&self, object: ObjectIx, bytes: u64, objects: &[ObjectIx], is_copy: bool) -> Held {
        let first = objects[0];
        let path = self.named(objects);
        let local = path.root.filter(Root::is_held_by_thread).filter(|_| !self.is_long_lived(first));
        let path_to = |object| self.objects_to(object, Search::Strong);
        let climb = Climb {
            snapshot: self.snapshot,
            path: &path,
            object,
            bytes,
            is_copy,
            is_by_outer: local.is_some() && self.is_by_outer(objects),
            path_to: &path_to,
            dominating: OnceCell::new(),
            own_on_the_way: Cell::new(None),
        };
        // A field of what main has set up says more than a variable of main.
        let set_up = |root: &Root| {
            lasting::is_held_by_main(self.snapshot, *root, objects, true)
                || lasting::is_held_by_loop(self.snapshot, *root, objects)
        };
        let field = || local.filter(set_up).and_then(|_| climb.own_on_the_way.take());
        let own = climb.holder().or_else(field).or_else(|| local.and_then(|root| climb.local(root)));
        // What the JDK keeps for a timer says less than the field by which the application reaches the timer.
        let of_executor = match &own {
            Some((.., origin)) if *origin != Origin::Jdk => None,
            _ => self.executor_field(objects),
        };
        let (mut holder, held, origin) = match &of_executor {
            Some(field) => (field.holder.clone(), *field.objects.last().unwrap_or(&object), field.origin),
            None => own.unwrap_or_else(|| climb.root_holder()),
        };
        let is_field = holder.kind == HolderKind::InstanceField && origin == Origin::Application;
        let lasts = |root| {
            lasting::is_held_by_main(self.snapshot, root, objects, is_field)
                || lasting::is_held_by_loop(self.snapshot, root, objects)
                || lasting::is_periodic(self.snapshot, first)
                || is_field && self.services().are_on(objects)
        };
        let is_running = local.is_some_and(|root| !lasts(root));
        if let Some(root) = local.filter(|_| is_running && holder.kind == HolderKind::InstanceField) {
            // A field of what a call has in hand: which call, and on which thread, says more than the field.
            let call = climb.local(root).map(|(call, ..)| call).filter(|call| call.frame.is_some());
            (holder.frame, holder.thread) = call.map_or((None, None), |call| (call.frame, call.thread));
        }
        let kind = if is_running { SuspectKind::Load } else { SuspectKind::Leak };
        let (path, root) = of_executor
            .and_then(|field| self.path_by_field(&field, objects))
            .or_else(|| self.path_by_variable(&holder, held, objects, local?))
            .unwrap_or_else(|| {
                (self.steps(&path, local), self.root_words(first, path.root, local.is_some()))
            });
        Held { holder, kind, object: held, origin, path, root, registry: None }
    }

    /// The path by the variable of the holder's frame, where what it refers to is on the path that was found: one that begins in an inner frame
    /// names two frames for one thing.
    fn path_by_variable(
        &self,
        holder: &Holder,
        held: ObjectIx,
        objects: &[ObjectIx],
        root: Root,
    ) -> Option<(Vec<PathStep>, String)> {
        let snapshot = self.snapshot;
        let frame = holder.frame.as_ref().filter(|_| holder.kind == HolderKind::StackLocal)?;
        let thread = &snapshot.threads()[root.thread? as usize];
        let has_it = |inner: &StackFrame| inner.locals.contains(&held) && report_frame(inner) == *frame;
        thread.frames.iter().find(|inner| has_it(inner))?;
        let at = objects.iter().position(|&object| object == held)?;
        let mut steps = self.path_by_local(thread.object, frame, held);
        steps.pop();
        steps.extend(self.steps(&named(snapshot, &objects[at..]), None));
        Some((steps, RootTag::JavaFrame.words().to_owned()))
    }

    /// The path by the field through which an executor is reached, and its root: the path that was found leads past it.
    fn path_by_field(
        &self,
        field: &executors::Field,
        objects: &[ObjectIx],
    ) -> Option<(Vec<PathStep>, String)> {
        let at = objects.iter().position(|object| Some(object) == field.objects.last())?;
        let first = *field.way.first()?;
        let way: Vec<ObjectIx> = field.way.iter().chain(&objects[at + 1..]).copied().collect();
        let path = named(self.snapshot, &way);
        let local = path.root.filter(Root::is_held_by_thread).filter(|_| !self.is_long_lived(first));
        Some((self.steps(&path, local), self.root_words(first, path.root, local.is_some())))
    }

    /// The field by which the application reaches the executor or timer on a path that leads to it from the JDK alone. Each executor is looked at
    /// once: its tasks may be many, and each asks.
    fn executor_field(&self, objects: &[ObjectIx]) -> Option<Arc<executors::Field>> {
        let executor = executors::on_path(self.snapshot, objects)?;
        let mut known = self.executors.lock().unwrap_or_else(PoisonError::into_inner);
        // Without memory for the search the thread is the holder, as it is without such a field.
        let find = || {
            let mut field = executors::field_of(self.snapshot, executor).ok().flatten()?;
            field.way = self.way_to(&field.objects);
            Some(Arc::new(field))
        };
        known.entry(executor).or_insert_with(find).clone()
    }

    /// The objects from a root to an executor by these, of which the first has the field and the last is the executor. None if only its own tasks
    /// lead to the first. Cost: a search of its own where the shortest path does.
    fn way_to(&self, objects: &[ObjectIx]) -> Vec<ObjectIx> {
        let (Some(&referrer), Some(&executor)) = (objects.first(), objects.last()) else { return Vec::new() };
        let mut way = self.objects_to(referrer, Search::Strong);
        if way.contains(&executor) {
            // By one of the tasks, which refers back to the object that has them done.
            way = begin(self.snapshot, Search::Strong)
                .map(|mut search| {
                    search.bar(&[executor]);
                    path_in(self.snapshot, &Mutex::new(search), referrer)
                })
                .unwrap_or_default();
        }
        if !way.is_empty() {
            way.extend_from_slice(&objects[1..]);
        }
        way
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
            path_step(self.snapshot, thread, Some(format!("{LOCAL}{frame}"))),
            path_step(self.snapshot, variable, None),
        ]
    }

    /// The thread that has an object in a variable, if nothing else is a reason to keep it.
    fn thread_with(&self, object: ObjectIx) -> Option<ObjectIx> {
        let root = self.snapshot.roots_of(object).first().filter(|_| self.is_of_stack(object))?;
        Some(self.snapshot.threads().get(root.thread? as usize)?.object)
    }

    /// The field by which the application, or else a library, reaches an executor.
    pub fn field_of_executor(&self, executor: ObjectIx) -> Option<Holder> {
        Some(self.executor_field(&[executor])?.holder.clone())
    }

    /// Whether only stacks of threads are a reason to keep the first object of a path.
    fn is_of_stack(&self, first: ObjectIx) -> bool {
        !self.is_long_lived(first) && !self.snapshot.roots_of(first).is_empty()
    }

    /// Whether something other than a stack is a reason to keep the first object of a path.
    fn is_long_lived(&self, first: ObjectIx) -> bool {
        self.snapshot.mirrored_class(first).is_some()
            || self.snapshot.roots_of(first).iter().any(|root| !root.is_held_by_thread())
    }

    fn root_words(&self, first: ObjectIx, root: Option<Root>, is_local: bool) -> String {
        if self.snapshot.class_name(first) == CLASS_VALUE_MAP {
            return "class value of a class".to_owned();
        }
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
        const SHOWN: usize = 64;
        let snapshot = self.snapshot;
        let thread = local.and_then(|root| Some((root, &snapshot.threads()[root.thread? as usize])));
        let mut steps: Vec<PathStep> = thread
            .map(|(root, thread)| {
                let frame = root.frame.and_then(|frame| thread.frames.get(frame as usize));
                let place =
                    frame.map_or_else(|| "native stack".to_owned(), |frame| report_frame(frame).to_string());
                path_step(snapshot, thread.object, Some(format!("{LOCAL}{place}")))
            })
            .into_iter()
            .collect();
        let all = path.steps.len();
        let is_cut = all >= search::LONGEST;
        let left_out = if all > SHOWN { SHOWN / 2..all - SHOWN / 2 } else { 0..0 };
        for (at, step) in path.steps.iter().enumerate() {
            if at == left_out.start && !left_out.is_empty() {
                let more = if is_cut { "or more" } else { "more" };
                steps.push(PathStep {
                    address: 0,
                    class: format!("... {} {more} steps ...", left_out.len()),
                    field: None,
                    retained_bytes: 0,
                    bypassed: false,
                });
            }
            if left_out.contains(&at) {
                continue;
            }
            let label = step.link.map(|link| link_label(snapshot, link));
            steps.push(path_step(snapshot, step.object, label));
        }
        steps
    }
}

pub(in crate::inspect) fn path_step(
    snapshot: &Snapshot,
    object: ObjectIx,
    field: Option<String>,
) -> PathStep {
    let class =
        snapshot.class_of_mirror(object).map_or_else(|| snapshot.class_name(object), |class| &class.name);
    PathStep {
        address: snapshot.address_of(object).0,
        class: class.to_owned(),
        field,
        retained_bytes: snapshot.retained_bytes(object),
        bypassed: false,
    }
}

/// How a path shows the reference from a class to its loader.
pub(in crate::inspect) const BY_LOADER: &str = "<class loader>";

/// A reference as a path shows it: a field's name, `[417]`, `<class loader>`.
pub fn link_label(snapshot: &Snapshot, link: Link<'_>) -> String {
    match link {
        Link::Field { name, .. } | Link::Static { name, .. } => name.to_owned(),
        Link::Element(at) => format!("[{at}]"),
        Link::Class => "<class>".to_owned(),
        Link::SuperClass => "<super class>".to_owned(),
        Link::Loader => BY_LOADER.to_owned(),
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

/// Whether a holder is a field of the application's own: something that its owners can go and change.
pub(in crate::inspect) fn is_own_field(holder: &Holder) -> bool {
    let class = holder.class.as_deref().filter(|_| holder.field.is_some());
    class.is_some_and(|class| origin_of_name(class) == Origin::Application)
}

/// Whether two holders are the same, or threads whose names differ by their numbers only.
fn is_same_but_for_number(a: &Holder, b: &Holder) -> bool {
    let label = |holder: &Holder| {
        let thread = holder.thread.as_deref().map(|name| normalise_thread(name).into_owned());
        Holder { thread, ..holder.clone() }.label()
    };
    label(a) == label(b)
}

/// Whether a frame is of a method that somebody has written for the application: not of a proxy or of a class that Spring has made of one of its own.
pub(in crate::inspect) fn is_own_frame(snapshot: &Snapshot, frame: &StackFrame) -> bool {
    let is_made = is_made_by_compiler(&frame.class, "") && !frame.class.contains("$$Lambda");
    origin_of_named(snapshot, &frame.class) == Origin::Application && !is_made
}

/// The nearest thread that dominates an object, if it is at most 65,536 steps above.
pub fn thread_above(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    const STEPS: usize = 1 << 16;
    snapshot.dominators().dominators(object).take(STEPS).find(|&above| is_thread(snapshot, above))
}

/// Whether an object is a thread.
pub fn is_thread(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.classes().is_named(snapshot.class_of(object), "java.lang.Thread")
}
