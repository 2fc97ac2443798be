//! What is in a queue: one of the JDK's, or one of a library of queues, whose nodes, chunks and linked arrays nobody but the library knows.
//!
//! Of a library's queue not the fields are known, which are others in each version and in each copy that another library has made of it, but that
//! it consists of arrays, nodes and objects of its own package: what else these refer to is what was put in. Cost: for a library's queue a walk over
//! it, as far as is asked.

use crate::inspect::suspects::elements::is_plumbing;
use crate::ix::ObjectIx;
use crate::query::{CollectionPart, is_of_collections, visit_part};
use crate::snapshot::Snapshot;
use hashbrown::HashSet;

/// Objects that are looked at: more wait in no queue that anybody would count.
const MOST_VISITED: usize = 1 << 22;
/// The atomic references and arrays that some queues are made of.
const ATOMIC: &str = "java.util.concurrent.atomic.AtomicReference";
/// Where a library of queues is, under whatever name it was copied.
const OF_QUEUES: [&str; 2] = ["jctools.queues.", "org.agrona.concurrent."];

/// Whether an object is a queue: one of the JDK's, a list that may be one, or one of a library of queues.
pub(super) fn is_queue(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class_name(object);
    let is_of_jdk = class.starts_with("java.util.")
        && (class.ends_with("Queue") || class.ends_with("Deque") || class == "java.util.LinkedList");
    is_of_jdk || is_between_threads_of_library(class)
}

/// Whether a class is a queue that several threads may use without a lock of their own.
pub(super) fn is_concurrent(class: &str) -> bool {
    let is_of_jdk = class.starts_with("java.util.concurrent.");
    is_of_jdk && (class.ends_with("Queue") || class.ends_with("Deque"))
        || is_between_threads_of_library(class)
}

/// Whether a class is one of those from which a thread takes what others put in: others may be a history that nobody takes from.
pub(super) fn is_blocking(class: &str) -> bool {
    let is_of_jdk = class.starts_with("java.util.concurrent.");
    let is_waited_at =
        ["TransferQueue", "DelayQueue"].iter().any(|end| class.ends_with(end)) || class.contains("Blocking");
    is_concurrent(class) && (is_waited_at || !is_of_jdk)
}

/// Whether a class is one of a library of queues by which threads hand things to each other.
fn is_between_threads_of_library(class: &str) -> bool {
    let is_queue =
        class.rsplit('.').next().is_some_and(|simple| simple.contains("Queue") && !simple.contains('$'));
    is_queue && !class.ends_with("[]") && is_of_library_of_queues(class)
}

fn is_of_library_of_queues(class: &str) -> bool {
    OF_QUEUES.iter().any(|package| class.contains(package))
}

/// Calls `take` for each element until it has enough. Of a library's queue in no order.
pub(super) fn visit_queued(snapshot: &Snapshot, queue: ObjectIx, take: &mut dyn FnMut(ObjectIx) -> bool) {
    if !is_between_threads_of_library(snapshot.class_name(queue)) {
        return visit_part(snapshot, queue, CollectionPart::Values, take);
    }
    let is_inside = |object: ObjectIx| {
        let class = snapshot.class_name(object);
        is_plumbing(snapshot, object)
            || class.starts_with(ATOMIC)
            || is_of_library_of_queues(class)
            || is_of_collections(class)
    };
    let mut seen: HashSet<ObjectIx> = HashSet::from([queue]);
    let mut ahead = vec![queue];
    while let Some(object) = ahead.pop() {
        for next in snapshot.references().of(object) {
            if snapshot.mirrored_class(next).is_some() || seen.len() >= MOST_VISITED || !seen.insert(next) {
                continue;
            }
            if is_inside(next) {
                ahead.push(next);
            } else if !take(next) {
                return;
            }
        }
    }
}
