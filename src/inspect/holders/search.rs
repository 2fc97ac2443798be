//! The searches for paths to holders: in which order roots are taken, and what each kind of search leaves out.
//!
//! Owns the phases and the kinds; which of the paths that were found is the better one is decided by [`super::Ownership`]. Cost: as of
//! [`crate::graph::PhasedPaths`].

use super::{COPIES, cleaners, lasting, parked, requests};
use crate::graph::{ExtraEdges, PhasedPaths};
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::query::{Origin, instances_of, origin_of};
use crate::snapshot::{Class, Root, Snapshot, SnapshotError};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Which paths are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    Strong,
    Softer,
    OfCopies,
    PastQueues,
    PastCleaners,
    FromOthers,
    PastBeans,
    PastCleanables,
}

/// The class of the server of management beans.
pub(super) const BEAN_SERVER: &str = "com.sun.jmx.mbeanserver.JmxMBeanServer";

/// The class of the queues of a fork-join pool.
pub(super) const WORK_QUEUE: &str = "java.util.concurrent.ForkJoinPool$WorkQueue";

/// Objects of a path at most: what is longer is a list, and its middle is left out. Who asks for the holders of a thousand objects at the end of a list of a
/// million would otherwise look at a billion steps.
pub(super) const LONGEST: usize = 1 << 12;

/// The objects on the path to `object`, the root first, as far as a search was made; of more than [`LONGEST`] the first and the last. None if no path leads
/// there, or the search was stopped.
pub(super) fn path_in(
    snapshot: &Snapshot,
    search: &Mutex<PhasedPaths<'_>>,
    object: ObjectIx,
) -> Vec<ObjectIx> {
    let mut search = search.lock().unwrap_or_else(PoisonError::into_inner);
    search
        .reach(object, snapshot.progress())
        .map(|tree| tree.ends_of_path_to(object, LONGEST / 2))
        .unwrap_or_default()
}

/// The phases: application classes, everything else that is long-lived, threads, what `main` has set up, periodic tasks, the other stacks, references that wait
/// for their queues. Threads are
/// entered in their own phase only: every thread leads to all others through its group.
pub(super) fn begin(snapshot: &Snapshot, kind: Search) -> Result<PhasedPaths<'_>, SnapshotError> {
    static NO_EXTRA: LazyLock<ExtraEdges> = LazyLock::new(ExtraEdges::default);
    let graph = snapshot.graph_without_stacks(&NO_EXTRA);
    let classes = snapshot.classes();
    let is_app = |class| origin_of(snapshot, class) != Origin::Jdk && !classes.get(class).loader_id.is_null();
    // The lambdas of a copied class have names of their own.
    let host = |class: &Class| classes.named(class.name.split("$$").next().unwrap_or(&class.name)).len();
    let once = |class: &Class| {
        kind != Search::OfCopies || host(class).max(classes.named(&class.name).len()) < COPIES
    };
    let apps: Vec<ObjectIx> = classes
        .iter()
        .filter(|&(ix, class)| is_app(ix) && once(class))
        .filter_map(|(_, class)| class.mirror.get())
        .filter(|&mirror| snapshot.is_reachable(mirror))
        .collect();
    let (threads, others): (Vec<ObjectIx>, Vec<ObjectIx>) =
        graph.roots.iter().partition(|&&root| is_only_thread(snapshot, root));
    // The virtual machine's own list of references whose objects are gone, on their way to their queues: whoever made them holds them as well, or nobody does.
    let (pending, others): (Vec<ObjectIx>, Vec<ObjectIx>) =
        others.into_iter().partition(|&root| is_only_pending(snapshot, root));
    let held = snapshot.roots().all().iter().filter(|root| root.is_held_by_thread());
    // A worker of a fork-join pool works for a call that waits on another thread.
    let is_of_worker = |root: &&Root| {
        let thread = root.thread.map(|thread| snapshot.threads()[thread as usize].object);
        thread.is_some_and(|thread| {
            classes.is_named(snapshot.class_of(thread), "java.util.concurrent.ForkJoinWorkerThread")
        })
    };
    let (of_workers, locals): (Vec<&Root>, Vec<&Root>) = held.partition(is_of_worker);
    let mut stacks = lasting::Stacks::new(snapshot);
    let (of_main, locals): (Vec<&Root>, Vec<&Root>) =
        locals.into_iter().partition(|root| stacks.is_set_up_by_main(root));
    let (periodic, locals): (Vec<&Root>, Vec<&Root>) =
        locals.into_iter().partition(|root| lasting::is_periodic(snapshot, root.object));
    // The field of what a thread was started for says more than a variable of what it has just called.
    let (of_tasks, locals): (Vec<&Root>, Vec<&Root>) =
        locals.into_iter().partition(|root| stacks.is_of_task(root));
    let objects = |roots: Vec<&Root>| roots.into_iter().map(|root| root.object).collect();
    let leave_out = match kind {
        Search::Softer => None,
        Search::PastCleaners => {
            parked::mark(snapshot, Some(cleaners::slots_of_lists(snapshot)?))?.map(Arc::new)
        }
        _ => parked::mark(snapshot, snapshot.softer_slots()?)?.map(Arc::new),
    };
    let (first, second) = if kind == Search::FromOthers { (others, apps) } else { (apps, others) };
    let of_stacks = [of_main, periodic, of_tasks, locals, of_workers].map(objects);
    // A client's own threads lead to what the application has by its field as well.
    let is_past_registries = matches!(kind, Search::PastBeans | Search::PastCleanables);
    let third = if is_past_registries { Vec::new() } else { threads.clone() };
    let phases = [first, second, third].into_iter().chain(of_stacks).chain([pending]).collect();
    let dominators = Some(snapshot.dominators());
    let mut search = PhasedPaths::new(graph, dominators, phases, leave_out, snapshot.storage())?;
    if kind == Search::OfCopies {
        // Whoever keeps instances of a copy keeps it.
        search.follow_hubs_at_once();
    }
    search.bar(&threads);
    if kind != Search::Softer {
        search.bar(&requests::in_service(snapshot)?);
    }
    if kind == Search::PastCleanables {
        search.bar(&cleaners::all(snapshot)?);
    }
    if kind == Search::PastBeans {
        search.bar(&instances_of(snapshot, classes.named(BEAN_SERVER))?);
    }
    if kind == Search::PastQueues {
        search.bar(&instances_of(snapshot, classes.named(WORK_QUEUE))?);
    }
    Ok(search)
}

/// Whether the thread object is the only reason why it is a root.
fn is_only_thread(snapshot: &Snapshot, root: ObjectIx) -> bool {
    let held = |root: &Root| root.kind == RootTag::ThreadObject || root.is_held_by_thread();
    snapshot.roots_of(root).iter().all(held)
}

/// Whether an object is a reference that nothing but global handles refers to: HotSpot reports the list of those that are to be put into their queues as one.
fn is_only_pending(snapshot: &Snapshot, root: ObjectIx) -> bool {
    snapshot.classes().is_named(snapshot.class_of(root), "java.lang.ref.Reference")
        && snapshot.roots_of(root).iter().all(|root| root.kind == RootTag::JniGlobal)
}
