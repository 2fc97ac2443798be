//! What objects hold, looked at in one pass over the records for all inspections that will ask.
//!
//! It needs no dominators, so a dump that is opened for a whole report has it done while the search for them leaves processors idle. Cost: that of
//! [`Contents`].

use super::InspectError;
use super::references::{Found, ReferenceQuestion};
use crate::progress::Progress;
use crate::query::{Contents, Histogram};
use crate::snapshot::{MarkedHeap, Options, Snapshot};
use std::path::Path;

/// Texts, arrays, collections, boxed numbers and references, to be given to a [`Context`](super::Context).
#[derive(Debug)]
pub struct Preview {
    pub(super) contents: Contents,
    pub(super) references: Found,
}

impl Preview {
    /// Looks at everything.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn of(heap: &MarkedHeap) -> Result<Self, InspectError> {
        let references = ReferenceQuestion::new(heap);
        let (contents, references) = Contents::and(heap, &Histogram::of(heap), &references)?;
        Ok(Self { contents, references })
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
        let (snapshot, preview) = Snapshot::open_beside(path, options, progress, Self::of)?;
        Ok((snapshot, preview.transpose()?))
    }
}
