//! Paths as objects, for those who put many of them together.

use super::{Ownership, report_frame};
use crate::ix::ObjectIx;
use crate::query::best_root;
use crate::report::LOCAL;
use crate::snapshot::Root;
use std::sync::PoisonError;

impl Ownership<'_> {
    /// The objects on the strong path to `object`, the root first; `None` if there is no such path, or only one of more than `limit` objects.
    pub fn short_path(&self, object: ObjectIx, limit: usize) -> Option<Vec<ObjectIx>> {
        let mut search = self.search.lock().unwrap_or_else(PoisonError::into_inner);
        let tree = search.reach(object, self.snapshot.progress()).ok().filter(|tree| tree.reaches(object))?;
        let way = std::iter::successors(Some(object), |&at| tree.before(at));
        let mut objects: Vec<ObjectIx> = way.take(limit + 1).collect();
        objects.reverse();
        (objects.len() <= limit).then_some(objects)
    }

    /// The thread whose stack alone keeps the first object of a path, and the frame that does, as paths show it.
    pub fn local_of(&self, first: ObjectIx) -> Option<(ObjectIx, String)> {
        let root = best_root(self.snapshot, first).filter(Root::is_held_by_thread)?;
        if self.is_long_lived(first) {
            return None;
        }
        let thread = &self.snapshot.threads()[root.thread? as usize];
        let frame = root.frame.and_then(|frame| thread.frames.get(frame as usize));
        let place = frame.map_or_else(|| "native stack".to_owned(), |frame| report_frame(frame).to_string());
        Some((thread.object, format!("{LOCAL}{place}")))
    }
}
