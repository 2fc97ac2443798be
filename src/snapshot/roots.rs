//! The GC roots.
//!
//! Owns what the dump says of each root that is an object of the dump. Roots on a thread's stack are not roots of the graph when the
//! thread itself is known: there the thread refers to them, so that they count to what the thread retains. Cost: 16 bytes per root.

use crate::hprof::RootTag;
use crate::ix::ObjectIx;

/// The map of what `ClassValue`s have computed for a class. Its only owner is the field `classValueMap` of the class's mirror, which no dump has.
pub const CLASS_VALUE_MAP: &str = "java.lang.ClassValue$ClassValueMap";

/// Why the collector keeps an object whatever else refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    /// The object.
    pub object: ObjectIx,
    /// The kind of root.
    pub kind: RootTag,
    /// The thread, by its number in [`Heap::threads`](super::Heap::threads), where the kind has one and the dump holds it.
    pub thread: Option<u32>,
    /// For roots on a stack: the number of the frame, the innermost is 0.
    pub frame: Option<u32>,
}

impl Root {
    /// Whether the root is something on the stack of a thread that the dump holds, so that the thread refers to it in the graph.
    pub fn is_held_by_thread(&self) -> bool {
        self.thread.is_some()
            && matches!(
                self.kind,
                RootTag::JavaFrame | RootTag::JniLocal | RootTag::NativeStack | RootTag::ThreadBlock
            )
    }
}

/// All roots.
#[derive(Debug, Default)]
pub struct Roots {
    /// Ascending. A dump can say the same of an object twice; each record counts.
    pub(super) all: Vec<Root>,
}

impl Roots {
    pub(super) fn new(mut all: Vec<Root>) -> Self {
        all.sort_unstable();
        Self { all }
    }

    /// All of them, ascending by object, one for each record of the dump: some may be equal.
    pub fn all(&self) -> &[Root] {
        &self.all
    }

    /// The roots that `object` is.
    pub fn of(&self, object: ObjectIx) -> &[Root] {
        let begin = self.all.partition_point(|root| root.object < object);
        let end = self.all.partition_point(|root| root.object <= object);
        &self.all[begin..end]
    }
}
