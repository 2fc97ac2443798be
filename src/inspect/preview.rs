//! What objects hold, looked at in one pass over the records for all inspections that will ask.
//!
//! It needs no dominators, so a dump that is opened for a whole report has it done while the search for them leaves processors idle: the records during
//! the depth-first search, the references during Semi-NCA. Cost: that of [`Contents`], then three bits per object and 16 bytes for each repeated string.

use super::InspectError;
use super::collections::{CollectionFields, FieldQuestion, fields};
use super::references::{Found, ReferenceQuestion};
use super::report::soft_reach;
use super::strings::{HolderQuestion, Holders as StringHolders};
use crate::graph::GraphError;
use crate::progress::Progress;
use crate::query::{Contents, Histogram, ask_referring};
use crate::report::SoftReach;
use crate::snapshot::{MarkedHeap, Options, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use std::path::Path;

/// Texts, arrays, collections, boxed numbers and references, and which fields hold what wastes memory; to be given to a [`Context`](super::Context).
#[derive(Debug)]
pub struct Preview {
    pub(super) contents: Contents,
    pub(super) references: Found,
    pub(super) string_holders: StringHolders,
    pub(super) collection_fields: CollectionFields,
    pub(super) soft_reach: SoftReach,
}

impl Preview {
    /// Looks at everything.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn of(heap: &MarkedHeap) -> Result<Self, InspectError> {
        Seen::of(heap)?.with_fields(heap)
    }

    /// Opens a dump, and looks at everything meanwhile if there is memory for both.
    ///
    /// # Errors
    /// As [`Snapshot::open`].
    pub fn open(
        path: &Path,
        options: &Options,
        progress: &Progress,
    ) -> Result<(Snapshot, Option<Self>), InspectError> {
        let with_fields = |heap: &MarkedHeap, seen: Result<Seen, _>| seen?.with_fields(heap);
        let (snapshot, preview) = Snapshot::open_beside(path, options, progress, Seen::of, with_fields)?;
        Ok((snapshot, preview.transpose()?))
    }
}

/// What one pass over the records tells.
struct Seen {
    contents: Contents,
    references: Found,
}

impl Seen {
    fn of(heap: &MarkedHeap) -> Result<Self, InspectError> {
        let references = ReferenceQuestion::new(heap);
        let (contents, references) = Contents::and(heap, &Histogram::of(heap), &references)?;
        Ok(Self { contents, references })
    }

    /// Looks at the references, too. This takes little memory.
    fn with_fields(self, heap: &MarkedHeap) -> Result<Preview, InspectError> {
        let Self { contents, references } = self;
        let strings = HolderQuestion::new(heap, &contents.texts)?;
        let collections = FieldQuestion::new(heap, &contents.collections)?;
        let (string_holders, collection_fields) = match (strings, collections) {
            (Some(strings), Some(collections)) => {
                let mut targets =
                    BitColumn::new(heap.storage(), "repeated and wasteful", heap.object_count())
                        .map_err(GraphError::from)
                        .map_err(SnapshotError::from)?;
                let words = strings.targets().words().iter().zip(collections.targets().words());
                targets.words_mut().iter_mut().zip(words).for_each(|(both, (a, b))| *both = a | b);
                let question = (strings, collections);
                let ((more, sums), names) = ask_referring(heap, &targets, &question)?;
                let of_strings = names.clone();
                rayon::join(|| question.0.answer(more, of_strings), || FieldQuestion::answer(sums, names))
            }
            _ => (StringHolders::find(heap, &contents.texts)?, fields(heap, &contents.collections)?),
        };
        let soft_reach = soft_reach(heap)?;
        Ok(Preview { contents, references, string_holders, collection_fields, soft_reach })
    }
}
