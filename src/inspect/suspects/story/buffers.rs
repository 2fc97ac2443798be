//! Buffers in a queue with a limit: those of a pool that nobody uses at the moment, rather than something that waits to be worked off.
//!
//! A pool makes its buffers alike and keeps the free ones in a queue that has a place for each; messages have lengths of their own, and of what waits there are
//! seldom nearly as many as there may be. Nothing proves it: nor does anything prove a backlog then. Cost: a record for each element of the queue.

use super::Story;
use crate::hprof::FieldType;
use crate::ix::ObjectIx;
use crate::query::{collection_length, elements_of, queue_limit};
use crate::report::{Arg, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// Elements of a queue with a limit that are buffers of one length.
#[derive(Debug, Clone, Copy)]
pub(super) struct FreeBuffers {
    first: ObjectIx,
    entries: u64,
    limit: u64,
    length: u64,
}

impl Story {
    /// The buffers, if it is a queue with a limit that has nearly as many of them, all of one length, as it may have. None where memory has run out by it.
    pub(super) fn free_buffers(&self, snapshot: &Snapshot) -> Option<FreeBuffers> {
        if self.held.kind != SuspectKind::Leak || self.is_in_full_heap {
            return None;
        }
        let objects = self.main_part().object().into_iter().chain([self.held.object]);
        objects.filter_map(|queue| FreeBuffers::of(snapshot, queue)).next()
    }
}

impl FreeBuffers {
    fn of(snapshot: &Snapshot, queue: ObjectIx) -> Option<Self> {
        const MOST: usize = 1 << 16;
        let limit = queue_limit(snapshot, queue)?;
        let entries = collection_length(snapshot, queue)?;
        let elements = elements_of(snapshot, queue, MOST);
        let &first = elements.first()?;
        let length = snapshot.array_length(first)?;
        let element = snapshot.class(first).element?;
        let is_alike = |&object: &ObjectIx| {
            snapshot.class_of(object) == snapshot.class_of(first)
                && snapshot.array_length(object) == Some(length)
        };
        let is_nearly_full = entries * 4 >= limit * 3;
        let are_all = elements.len() as u64 == entries && elements.iter().all(is_alike);
        let is_buffer = element != FieldType::Reference && elements.len() > 1;
        (is_nearly_full && are_all && is_buffer).then_some(Self {
            first,
            entries,
            limit,
            length: length.into(),
        })
    }

    /// Says what they look like.
    pub(super) fn words(&self, snapshot: &Snapshot) -> Text {
        let args = [
            ("entries", Arg::Count(self.entries)),
            ("limit", Arg::Count(self.limit)),
            ("class", Arg::name(snapshot.class_name(self.first))),
            ("length", Arg::Count(self.length)),
        ];
        Text::with("suspect-free-buffers", args)
    }
}
