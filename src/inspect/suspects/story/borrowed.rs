//! What a library's thread-local only has for the time of a call, as the actor that a thread is working for: the value is there for all that use the library, and clearing the
//! thread-local lets go of nothing.
//!
//! It is told by the entry of the thread's map, which retains hardly anything of it. Then the field of the library by which the way leads on to what is full is the holder. Cost: one path.

use super::Story;
use crate::hprof::ObjectId;
use crate::inspect::holders::{Ownership, THREAD_LOCAL_ENTRY};
use crate::inspect::suspects::elements::{is_collection, is_plumbing};
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of, origin_of_named};
use crate::report::{Holder, HolderKind};

impl Story {
    /// Names the field behind the value of a thread-local that only borrows it.
    pub(in crate::inspect::suspects) fn look_behind_borrowed(&mut self, ownership: &Ownership<'_>) {
        /// What is the thread's own is retained by its entry.
        const PART: u64 = 16;
        let snapshot = ownership.snapshot();
        let holder = &self.held.holder;
        let of_library = |class: &str| origin_of_named(snapshot, class) == Origin::Library;
        if holder.kind != HolderKind::ThreadLocal || !holder.class.as_deref().is_some_and(of_library) {
            return;
        }
        let sample = self.main_part().object().or_else(|| self.main_part().samples().first().copied());
        let down = sample.map(|sample| ownership.path_to(sample)).unwrap_or_default();
        let is_longer = down.len() > self.held.path.len();
        let path = if is_longer { &down } else { &self.held.path };
        let object = |at: usize| -> Option<ObjectIx> { snapshot.find(ObjectId(path.get(at)?.address)) };
        let Some(entry) = path.iter().position(|step| step.class == THREAD_LOCAL_ENTRY) else { return };
        let retained = object(entry).map_or(0, |entry| snapshot.retained_bytes(entry));
        if retained.saturating_mul(PART) >= self.bytes {
            return;
        }
        let is_full = |at: usize| object(at).is_some_and(|object| is_collection(snapshot, object));
        // The outermost of what is nested in a class is what its users know.
        let is_known = |&at: &usize| {
            let step = &path[at];
            let is_own = |object: ObjectIx| {
                origin_of(snapshot, snapshot.class_of(object)) == Origin::Library
                    && !is_plumbing(snapshot, object)
            };
            step.field.is_some()
                && !step.class.contains('$')
                && !is_full(at)
                && object(at).is_some_and(is_own)
        };
        let known: Vec<usize> = (entry + 2..path.len()).filter(is_known).collect();
        let next = |at: usize| known.iter().copied().find(|&other| other > at).unwrap_or(path.len());
        let last = known.iter().copied().find(|&at| (at + 1..next(at)).any(is_full));
        let Some((at, next)) = last.and_then(|at| Some((at, object(at + 1)?))) else { return };
        let Some(field) = path[at].field.as_deref() else { return };
        self.held.holder = Holder::of_field(HolderKind::InstanceField, &path[at].class, field);
        self.held.object = next;
        if is_longer {
            self.held.path = down;
        }
    }
}
