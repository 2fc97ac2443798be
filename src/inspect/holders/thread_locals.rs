//! Thread-locals on the way up: whose value something is, or is in.
//!
//! Cost: a look at each step of the path.

use super::climb::{Climb, Found, THREAD_LOCAL_ENTRY, THREAD_LOCALS, static_holder_of};
use super::is_thread;
use crate::ix::ObjectIx;
use crate::query::{Origin, is_in_own_hand, is_inside_of_value, thread_name};
use crate::report::{Holder, HolderKind};
use crate::snapshot::Link;

impl Climb<'_, '_> {
    /// The entry of a thread's map whose value is the object at `at` of the path, if it keeps the memory, or would if the thread were not at work with it.
    pub(super) fn value_of_thread_local(&self, at: usize) -> Option<ObjectIx> {
        let before = self.path.steps.get(at.checked_sub(1)?)?;
        let Some(Link::Field { class, name: "value" }) = before.link else { return None };
        let declaring = &*self.snapshot.classes().get(class).name;
        (declaring == THREAD_LOCAL_ENTRY
            && (self.holds_most(self.path.steps[at].object) || self.is_inside_in_hand(at)))
        .then_some(before.object)
    }

    /// Whether the value of a thread-local at `at` of the path leads to the memory by a part of its inside that the same thread has in hand, for which reason it does
    /// not retain it.
    fn is_inside_in_hand(&self, at: usize) -> bool {
        const STEPS: usize = 8;
        let (snapshot, tree) = (self.snapshot, self.snapshot.dominators());
        let mut objects = self.path.steps.iter().map(|step| step.object);
        let Some(thread) = objects.find(|&object| is_thread(snapshot, object)) else { return false };
        // A list that is made longer is in hand, and so is its array.
        let below = self.path.steps[at..].windows(2).take(STEPS).map(|pair| (pair[0].object, pair[1].object));
        let is_retained = |&(above, object): &(ObjectIx, ObjectIx)| {
            tree.immediate_dominator(object).object() == Some(above)
        };
        let in_hand = below.filter(|link| !is_retained(link)).map(|(_, object)| object);
        let is_inside = |&object: &ObjectIx| {
            is_inside_of_value(snapshot, object) && is_in_own_hand(snapshot, thread, object)
        };
        let mut in_hand = in_hand.take_while(is_inside);
        in_hand.any(|object| self.is_any() || self.is_above_all(object))
    }

    /// The thread-local whose value `to` is, in the entry `from` of a thread's map.
    pub(super) fn thread_local(&self, entry: ObjectIx, to: ObjectIx) -> Found {
        let snapshot = self.snapshot;
        let key = snapshot.follow(entry, "referent");
        let declared =
            key.and_then(|key| static_holder_of(snapshot, key).or_else(|| self.field_holder_of(key)));
        let thread =
            self.path.steps.iter().map(|step| step.object).find(|&object| is_thread(snapshot, object));
        let (class, field) = match (declared, key) {
            (Some((class, field)), _) => (Some(class), Some(field)),
            (None, Some(key)) => (Some(snapshot.class_name(key).to_owned()), None),
            // The key is gone: all that holds it is the map of the thread.
            (None, None) => (Some(THREAD_LOCALS.0.to_owned()), Some(THREAD_LOCALS.1.to_owned())),
        };
        // Whoever sets it, on whatever thread: somebody does, for each request.
        let origin = Origin::Application;
        let thread = thread.map(|thread| thread_name(snapshot, thread));
        (
            Holder { kind: HolderKind::ThreadLocal, class, field, thread, frame: None, threads: None },
            to,
            origin,
        )
    }
}
