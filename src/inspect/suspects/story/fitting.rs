//! Advice that fits what the thing is: nobody lets the entries of a queue expire, nothing is put into what cannot be changed, and an object of the
//! application's own collects nothing but by its fields.
//!
//! Owns what is said in place of the advice on any field or any object. Cost: none.

use super::Story;
use super::own_list::OwnList;
use super::standing::Fixed;
use super::words::General;
use crate::query::{Origin, is_of_collections, origin_of, origin_of_named};
use crate::report::{Pattern, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// Objects whose one value is replaced by the next.
const CELLS: [&str; 4] = [
    "clojure.lang.ARef",
    "java.util.concurrent.atomic.AtomicReference",
    "kotlinx.atomicfu.AtomicRef",
    "scala.concurrent.stm.Ref",
];

/// What is said in place of the general, with the same if it grows.
const FITTING: [[&str; 2]; 5] = [QUEUE, QUEUE_WITHOUT_LIMIT, CELL, OWN, MADE_WHOLE];
const QUEUE: [&str; 2] = ["suspect-advice-queue", "suspect-advice-queue-if-it-grows"];
/// Of one that cannot have a limit, so that another is to take its place.
const QUEUE_WITHOUT_LIMIT: [&str; 2] =
    ["suspect-advice-queue-without-limit", "suspect-advice-queue-without-limit-if-it-grows"];
const CELL: [&str; 2] = ["suspect-advice-cell", "suspect-advice-cell-if-it-grows"];
const OWN: [&str; 2] = ["suspect-advice-own-object", "suspect-advice-own-object-if-it-grows"];
const MADE_WHOLE: [&str; 2] = ["suspect-advice-made-whole"; 2];

/// Whether it is one of the messages that stand for what is said of any leak.
pub(super) fn is_fitted(text: &Text) -> bool {
    FITTING.iter().any(|ids| text.is_one_of(ids))
}

/// Whether a queue of that class can be made with a limit: those of the JDK by which threads wait for each other, but those that order what is in them.
fn may_have_limit(class: &str) -> bool {
    const WITH_LIMIT: [&str; 3] = ["LinkedBlockingQueue", "ArrayBlockingQueue", "LinkedBlockingDeque"];
    match class.strip_prefix("java.util.") {
        Some(inner) => WITH_LIMIT.iter().any(|name| inner.ends_with(name)),
        // What is called so has none.
        None => !class.contains("Unbounded"),
    }
}

impl Story {
    /// Puts in place of what is said of any field or object what fits this one.
    pub(super) fn fit_advice(&self, snapshot: &Snapshot, suspect: &mut Suspect, list: Option<&OwnList>) {
        if suspect.kind != SuspectKind::Leak {
            return;
        }
        let Some(general) = General::of(&suspect.advice) else { return };
        let fitting = if self.cannot_grow == Some(Fixed::Unmodifiable) {
            MADE_WHOLE
        } else if self.is_queue(snapshot) {
            if may_have_limit(snapshot.class_name(self.held.object)) { QUEUE } else { QUEUE_WITHOUT_LIMIT }
        } else if list.is_some_and(OwnList::is_queue) {
            QUEUE
        } else if self.is_cell(snapshot) {
            CELL
        } else if general.is_of_object && Self::is_own_object(snapshot, suspect) {
            OWN
        } else {
            return;
        };
        general.replace(suspect, fitting);
    }

    /// Whether the holder has a queue, from which somebody is to take what is put into it.
    fn is_queue(&self, snapshot: &Snapshot) -> bool {
        let class = self.held.object;
        let (class, name) = (snapshot.class_of(class), snapshot.class_name(class));
        // A deque may be a history, from which nobody takes, and some throw out what is old.
        let ends = name.ends_with("Queue") || name.ends_with("BlockingDeque");
        let is_history = name.contains("Evicting") || name.contains("Circular");
        ends && !is_history && origin_of(snapshot, class) != Origin::Application
    }

    fn is_cell(&self, snapshot: &Snapshot) -> bool {
        let class = snapshot.class_of(self.held.object);
        CELLS.iter().any(|cell| snapshot.classes().is_named(class, cell))
    }

    /// Whether it is told as one object of the application's own that is no collection.
    fn is_own_object(snapshot: &Snapshot, suspect: &Suspect) -> bool {
        let mut lineage = snapshot.classes().named(&suspect.class).iter();
        let is_collection = lineage.any(|&class| {
            let mut above = snapshot.classes().lineage(class);
            above.any(|(_, class)| {
                let name = &*class.name;
                is_of_collections(name) || name.starts_with("java.util.") && name != "java.util.TimerTask"
            })
        });
        suspect.pattern == Pattern::BigObject
            && origin_of_named(snapshot, &suspect.class) == Origin::Application
            && !is_collection
    }
}
