//! Who else holds something: the holders past some that do not count.
//!
//! Cost: a search of its own for all that is asked at once.

use super::search::{Search, begin, path_in};
use super::{Held, Ownership, is_own_field};
use crate::ix::ObjectIx;
use crate::report::SuspectKind;
use crate::snapshot::SnapshotError;
use std::sync::Mutex;

impl Ownership<'_> {
    /// Who holds `objects` if those in `barred` do not: one answer for each that something else of the application's leads to for good. Cost: a search of its own.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn past(
        &self,
        barred: &[ObjectIx],
        objects: &[ObjectIx],
    ) -> Result<Vec<(ObjectIx, Held)>, SnapshotError> {
        let found = self.all_past(barred, objects)?.into_iter();
        Ok(found.filter(|(_, held)| held.kind == SuspectKind::Leak && is_own_field(&held.holder)).collect())
    }

    /// Who has `objects` in hand if those in `barred` do not hold them: one answer for each that nothing lasting leads to besides. Cost: a search of its own.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn in_hand_past(
        &self,
        barred: &[ObjectIx],
        objects: &[ObjectIx],
    ) -> Result<Vec<(ObjectIx, Held)>, SnapshotError> {
        let found = self.all_past(barred, objects)?.into_iter();
        Ok(found.filter(|(_, held)| held.kind == SuspectKind::Load && held.holder.frame.is_some()).collect())
    }

    /// Who holds `objects` if those in `barred` do not, as far as anything leads to them.
    fn all_past(
        &self,
        barred: &[ObjectIx],
        objects: &[ObjectIx],
    ) -> Result<Vec<(ObjectIx, Held)>, SnapshotError> {
        let mut search = begin(self.snapshot, Search::Strong)?;
        search.bar(barred);
        let search = Mutex::new(search);
        let of = |object: ObjectIx| {
            let path = self.by_service(path_in(self.snapshot, &search, object));
            (!path.is_empty()).then(|| (object, self.held(object, 0, &path)))
        };
        Ok(objects.iter().filter_map(|&object| of(object)).collect())
    }
}
