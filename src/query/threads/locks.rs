//! Locks that threads wait for: who has them, by which field a program knows them, threads that wait for each other in a circle.
//!
//! Of monitors a dump says neither who waits for which nor who has it: what [`monitors`](super::monitors) concludes is taken as likely.
//! Cost: a graph with a node per thread; for the names two passes over all references.

use super::facts::{ThreadFacts, Wait, WaitKind, wait_of};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of, references_to};
use crate::snapshot::{Link, Snapshot, SnapshotError};
use hashbrown::HashMap;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::hash::Hash;

/// A lock that a thread holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// What its threads park with, usually the synchronizer in the lock.
    pub object: ObjectIx,
    /// The thread object that has it.
    pub owner: ObjectIx,
    /// The field by which the program knows it, or its class.
    pub name: String,
}

/// The lock that more than half of some threads wait for, if another thread has it.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn lock_of(snapshot: &Snapshot, threads: &[ObjectIx]) -> Result<Option<Lock>, SnapshotError> {
    let of_most = waited_for_by_most(snapshot, threads, |wait| Some((wait.object, wait.owner?)));
    let Some((object, owner)) = of_most else { return Ok(None) };
    let name = LockNames::find(snapshot, &[object])?.name(snapshot, object);
    Ok(Some(Lock { object, owner, name }))
}

/// A semaphore that threads wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permits {
    /// The field by which the program knows it, or its class.
    pub name: String,
    /// How many it has left.
    pub left: u64,
}

/// The semaphore that more than half of some threads wait for.
///
/// # Errors
/// As [`lock_of`].
pub fn permits_of(snapshot: &Snapshot, threads: &[ObjectIx]) -> Result<Option<Permits>, SnapshotError> {
    let is_semaphore = |wait: Wait| is_semaphore(snapshot, wait.object).then_some(wait.object);
    let Some(object) = waited_for_by_most(snapshot, threads, is_semaphore) else { return Ok(None) };
    let name = LockNames::find(snapshot, &[object])?.name(snapshot, object);
    Ok(Some(Permits { name, left: permits_left(snapshot, object) }))
}

/// Whether threads that park with this object wait for a permit.
pub fn is_semaphore(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.class_name(object).starts_with("java.util.concurrent.Semaphore")
}

/// How many permits a semaphore has, or the synchroniser of one.
pub fn permits_left(snapshot: &Snapshot, object: ObjectIx) -> u64 {
    let left = snapshot.integer(snapshot.follow(object, "sync").unwrap_or(object), "state");
    left.and_then(|left| u64::try_from(left).ok()).unwrap_or(0)
}

/// What more than half of some threads wait for.
fn waited_for_by_most<T: Eq + Hash>(
    snapshot: &Snapshot,
    threads: &[ObjectIx],
    what: impl Fn(Wait) -> Option<T>,
) -> Option<T> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    let mut sorted = threads.to_vec();
    sorted.sort_unstable();
    for thread in snapshot.threads().iter().filter(|thread| sorted.binary_search(&thread.object).is_ok()) {
        if let Some(waited_for) = wait_of(snapshot, thread).and_then(&what) {
            *counts.entry(waited_for).or_default() += 1;
        }
    }
    counts.into_iter().find(|&(_, count)| count * 2 > threads.len()).map(|(waited_for, _)| waited_for)
}

/// The fields by which a program knows locks.
#[derive(Clone, Debug, Default)]
pub struct LockNames {
    /// By what threads park with: the lock with that field, and the field.
    by_object: HashMap<ObjectIx, (ObjectIx, String)>,
}

impl LockNames {
    /// Those of all locks that one of `threads` holds and another waits for.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn of_threads(snapshot: &Snapshot, threads: &[ThreadFacts]) -> Result<Self, SnapshotError> {
        let waits = threads.iter().filter_map(|thread| thread.wait);
        let mut locks: Vec<ObjectIx> =
            waits.filter(|wait| wait.owner.is_some()).map(|wait| wait.object).collect();
        locks.sort_unstable();
        locks.dedup();
        Self::find(snapshot, &locks)
    }

    /// Those of what threads park with.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn find(snapshot: &Snapshot, locks: &[ObjectIx]) -> Result<Self, SnapshotError> {
        let mut names = Self::default();
        if locks.is_empty() {
            return Ok(names);
        }
        // From a synchronizer to the locks that are made of it: a read-write lock has two.
        let mut made_of: HashMap<ObjectIx, ObjectIx> = locks.iter().map(|&lock| (lock, lock)).collect();
        for (referrer, target) in references_to(snapshot, locks)? {
            if snapshot.follow(referrer, "sync") == Some(target) {
                made_of.insert(referrer, target);
            }
        }
        let mut wanted: Vec<ObjectIx> = made_of.keys().copied().collect();
        wanted.sort_unstable();
        let mut best: HashMap<ObjectIx, (Origin, ObjectIx, String)> = HashMap::new();
        for (referrer, target) in references_to(snapshot, &wanted)? {
            let Some(&object) = made_of.get(&target) else { continue };
            let Some((origin, field)) = field_of(snapshot, referrer, target) else { continue };
            // The first of the best.
            if best.get(&object).is_none_or(|(known, ..)| origin > *known) {
                best.insert(object, (origin, target, field));
            }
        }
        names.by_object =
            best.into_iter().map(|(object, (_, lock, field))| (object, (lock, field))).collect();
        Ok(names)
    }

    /// `com.acme.Warehouse.lock`, or the class of the synchronizer.
    pub fn name(&self, snapshot: &Snapshot, object: ObjectIx) -> String {
        self.by_object
            .get(&object)
            .map_or_else(|| snapshot.class_name(object).to_owned(), |(_, name)| name.clone())
    }

    /// The same with the address of the lock: several objects have such a field.
    pub fn label(&self, snapshot: &Snapshot, object: ObjectIx) -> String {
        let lock = self.by_object.get(&object).map_or(object, |&(lock, _)| lock);
        format!("{}@{:#x}", self.name(snapshot, object), snapshot.address_of(lock).0)
    }
}

/// The field of `referrer` that leads to a lock, and whose it is; none of those by which locks and threads know each other.
fn field_of(snapshot: &Snapshot, referrer: ObjectIx, lock: ObjectIx) -> Option<(Origin, String)> {
    let class = snapshot.class_of(referrer);
    let name = snapshot.class_name(referrer);
    let is_inside = name.starts_with("java.util.concurrent.locks.")
        || name.starts_with("jdk.internal.")
        // A variable that a lambda has captured has lost its name.
        || name.contains("$$Lambda")
        || snapshot.classes().is_named(class, "java.lang.Thread");
    if is_inside || !snapshot.is_reachable(referrer) {
        return None;
    }
    let mut found = None;
    snapshot.links(referrer, |link, target| {
        if let (true, Link::Field { class, name } | Link::Static { class, name }) = (target == lock, link) {
            let declaring = snapshot.classes().get(class);
            // The entries of a map have names for nothing.
            if declaring.name.starts_with("java.util.") && declaring.name.contains('$') {
                return true;
            }
            found = Some((origin_of(snapshot, class), format!("{}.{name}", declaring.name)));
        }
        found.is_none()
    });
    found
}

/// Each set of threads that wait for one another in a circle, by their positions in `threads`, in the order of waiting: each waits for
/// the next one, the last one for the first, or one for itself. The lowest position comes first.
pub fn deadlocks(threads: &[ThreadFacts]) -> Vec<Vec<usize>> {
    let by_object = ThreadFacts::by_object(threads);
    let owner_of = |at: usize| by_object.get(&threads[at].waits_for_thread()?).copied();
    let mut graph = DiGraph::<(), ()>::with_capacity(threads.len(), threads.len());
    let nodes: Vec<_> = threads.iter().map(|_| graph.add_node(())).collect();
    for at in 0..threads.len() {
        if let Some(owner) = owner_of(at) {
            graph.add_edge(nodes[at], nodes[owner], ());
        }
    }
    let waits_for_itself = |at: usize| owner_of(at) == Some(at);
    let circles = kosaraju_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1 || waits_for_itself(component[0].index()));
    let mut cycles: Vec<Vec<usize>> = circles
        .filter_map(|component| {
            let first = component.iter().map(|node| node.index()).min()?;
            // A thread waits for one thing at most, so the circle is found by going on from any of them.
            let next = |&at: &usize| owner_of(at).filter(|&next| next != first);
            Some(std::iter::successors(Some(first), next).take(component.len()).collect())
        })
        .filter(|cycle: &Vec<usize>| is_told(threads, cycle))
        .collect();
    cycles.sort_unstable();
    cycles
}

/// Whether a circle is more than a guess upon a guess: who joins threads that work on one of its objects has that in hand, whoever has its monitor.
fn is_told(threads: &[ThreadFacts], cycle: &[usize]) -> bool {
    let wait = |&at: &usize| threads[at].wait.filter(|wait| wait.owner.is_some());
    let is_guessed =
        |at| wait(at).is_some_and(|wait| matches!(wait.kind, WaitKind::Enter { is_likely: false }));
    !cycle.iter().any(is_guessed) || cycle.iter().all(|at| wait(at).is_some())
}
