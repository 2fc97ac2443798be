//! An opened heap dump: objects, classes, references, roots, threads, sizes, dominators.
//!
//! Owns the way from the bytes of a dump to answers about single objects. It draws no conclusions. [`Heap`] is what the dump says;
//! [`Snapshot`] adds what is computed of it. Damage in a dump is data ([`Damage`]), never an error.
//! Cost: about 12 bytes per object for the heap and 12 more for dominators and retained sizes, beside the mapped file.

mod build;
mod classes;
mod columns;
mod damage;
mod edges;
mod error;
mod fields;
mod heap;
mod index;
pub mod layout;
mod marked;
mod pending;
mod records;
mod remembered;
mod roots;
mod saved;
mod sizes;
mod strings;
mod threads;
mod totals;
mod verify;

pub use classes::{Class, Classes, Field, StaticField, Strength};
pub use damage::{Damage, DamageCount, DamageKind};
pub use error::SnapshotError;
pub use fields::{FieldValue, Link};
pub use heap::{Heap, Origin};
pub use marked::MarkedHeap;
pub use pending::ClassValues;
pub use records::RecordReader;
pub use remembered::OfEach;
pub use roots::{CLASS_VALUE_MAP, Root, Roots};
pub use saved::{IndexError, KeptIndex, Rejection, Reopened};
pub use strings::Units;
pub use threads::{StackFrame, Thread};
pub use totals::{ClassCount, GroupRetained};

use crate::graph::{
    Certificate, DominatorTree, References, RetainedSizes, dominator_tree, reachable, transpose,
};
use crate::hprof::{Encoding, Header, HeaderError, describe};
use crate::ix::ObjectIx;
use crate::progress::Progress;
use crate::storage::{Source, Storage};
use pending::{Marks, Pending};
use sizes::ShallowSizes;
use std::ops::Deref;
use std::path::Path;
use std::sync::OnceLock;

/// How to open a dump.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// Where columns live and how much memory they may take.
    pub storage: Storage,
    /// Which dump of a file that holds several, from 1; the last if none.
    pub dump: Option<usize>,
    /// Whether soft references are left out of the graph, as weak ones are.
    pub soft_as_weak: bool,
    /// Header, references and alignment of the JVM's objects, for a dump that gives no or wrong evidence of them.
    pub layout: Option<layout::model::Model>,
}

/// An opened dump with everything computed. A snapshot is a heap: all methods of [`MarkedHeap`] and [`Heap`] can be called on it.
///
/// ```
/// use oomph::progress::Progress;
/// use oomph::snapshot::{Options, Snapshot};
/// use std::path::Path;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dump = Path::new("hprof-fixtures/dumps/mq-kept.hprof.gz");
/// let snapshot = Snapshot::open(dump, &Options::default(), &Progress::silent())?;
/// // Damage in a dump is data and no error.
/// assert_eq!(snapshot.damage().kinds().filter(|(kind, _)| !kind.is_ordinary()).count(), 0);
///
/// // The object that retains most of those that no other one dominates, and the largest that it dominates.
/// let tree = snapshot.dominators();
/// let largest = |objects: &[oomph::ix::ObjectIx]| objects.iter().copied().max_by_key(|&object| snapshot.retained_bytes(object));
/// let top = largest(tree.root_children()).expect("a heap that is not empty");
/// println!("{} at {:#x}", snapshot.class_name(top), snapshot.address_of(top).0);
/// assert!(snapshot.retained_bytes(top) > 10 * snapshot.shallow_bytes(top));
/// assert!(largest(tree.children(top)).is_some());
///
/// // What was computed can be proved.
/// let certificate = snapshot.certify()?;
/// assert_eq!(certificate.object_count, tree.reachable_count() as u64);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Snapshot {
    marked: MarkedHeap,
    dominators: DominatorTree,
    retained: RetainedSizes,
    certificate: OnceLock<Certificate>,
    referrers: OnceLock<References>,
    group_retained: OnceLock<GroupRetained>,
    remembered: remembered::Remembered,
}

impl Deref for Snapshot {
    type Target = MarkedHeap;

    #[inline]
    fn deref(&self) -> &MarkedHeap {
        &self.marked
    }
}

impl Snapshot {
    /// Opens a dump: maps or unpacks the file, builds the graph, computes dominators and retained sizes. `-` is standard input.
    ///
    /// # Errors
    /// The file cannot be read or is no HPROF, memory and scratch space ran out, or `progress` was cancelled. Damage inside of the dump
    /// is no error.
    pub fn open(path: &Path, options: &Options, progress: &Progress) -> Result<Self, SnapshotError> {
        let source = Source::open(path, &options.storage, progress)?;
        Self::from_source(source, &path.display().to_string(), options, progress)
    }

    /// Opens a dump whose bytes are at hand; `file` is what reports call it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_source(
        source: Source,
        file: &str,
        options: &Options,
        progress: &Progress,
    ) -> Result<Self, SnapshotError> {
        let (mut heap, sizes, pending) = build(source, file, options, progress)?;
        let mut dominators = dominator_tree(&heap.graph(), &options.storage, progress)?;
        let is_reachable = |object| dominators.is_reachable(object);
        let strongly = match marked::softer_slots(&heap, &options.storage)? {
            Some(slots) if pending.has_class_values(is_reachable) => {
                Some(reachable(&heap.graph(), Some(&slots), &options.storage, progress)?)
            }
            _ => None,
        };
        let marks = Marks { is_reachable: &is_reachable, strongly: strongly.as_ref() };
        if pending.keep(&mut heap, &sizes, &marks, &options.storage)? {
            dominators = dominator_tree(&heap.graph(), &options.storage, progress)?;
        }
        let marked = MarkedHeap::of_tree(heap, sizes, &dominators, &options.storage, progress)?;
        Self::measure(marked, dominators)
    }

    /// Opens a dump and does other work on the heap meanwhile: the search for dominators has serial steps, which leave processors idle. `then` goes on
    /// with what `first` has made, when less memory is left. Where there is no memory for both, the work is not done.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_beside<T: Send, U: Send>(
        path: &Path,
        options: &Options,
        progress: &Progress,
        first: impl FnOnce(&MarkedHeap) -> T + Send,
        then: impl FnOnce(&MarkedHeap, T) -> U + Send,
    ) -> Result<(Self, Option<U>), SnapshotError> {
        let source = Source::open(path, &options.storage, progress)?;
        let (heap, sizes, pending) = build(source, &path.display().to_string(), options, progress)?;
        let (marked, search) = MarkedHeap::and_search(heap, sizes, &pending, &options.storage, progress)?;
        let first = || marked.has_room_beside_dominators().then(|| first(&marked));
        let then = |made: Option<T>| made.map(|made| then(&marked, made));
        let (dominators, made) =
            search.finish_beside(&marked.graph(), &options.storage, progress, first, then)?;
        debug_assert_eq!(dominators.reachable_count(), marked.reachable_count());
        Ok((Self::measure(marked, dominators)?, made))
    }

    fn measure(marked: MarkedHeap, dominators: DominatorTree) -> Result<Self, SnapshotError> {
        let shallow = |object| marked.shallow_bytes(object);
        let retained = RetainedSizes::compute(&dominators, shallow, marked.storage(), marked.progress())?;
        Ok(Self::assemble(marked, dominators, retained))
    }

    fn assemble(marked: MarkedHeap, dominators: DominatorTree, retained: RetainedSizes) -> Self {
        Self {
            marked,
            dominators,
            retained,
            certificate: OnceLock::new(),
            referrers: OnceLock::new(),
            group_retained: OnceLock::new(),
            remembered: remembered::Remembered::default(),
        }
    }

    /// The dominator tree.
    pub fn dominators(&self) -> &DominatorTree {
        &self.dominators
    }

    /// Proves that the dominator tree and all retained sizes are right, whether they were computed or come from a kept index; once is
    /// enough. Near linear; 16 bytes per object while it works (`docs/dominators.md`).
    ///
    /// # Errors
    /// [`SnapshotError::NotCertified`] if they are not; memory and scratch space ran out, or cancelled.
    pub fn certify(&self) -> Result<Certificate, SnapshotError> {
        if let Some(certificate) = self.certificate.get() {
            return Ok(*certificate);
        }
        let certificate = verify::verify(self)?;
        Ok(*self.certificate.get_or_init(|| certificate))
    }

    /// What [`Self::certify`] has proved, if it was asked to.
    pub fn certificate(&self) -> Option<Certificate> {
        self.certificate.get().copied()
    }

    /// What an object retains, itself included, in bytes; 0 for an unreachable one.
    #[inline]
    pub fn retained_bytes(&self, object: ObjectIx) -> u64 {
        self.retained.bytes(object)
    }

    /// What all objects retain.
    pub fn retained_sizes(&self) -> &RetainedSizes {
        &self.retained
    }

    /// Who refers to each object, from reachable and unreachable ones alike; made when first asked for (4 bytes per reference).
    /// Edges from objects to their classes and from threads to their stacks are not included.
    ///
    /// # Errors
    /// Memory and scratch space ran out, or cancelled.
    pub fn referrers(&self) -> Result<&References, SnapshotError> {
        if let Some(referrers) = self.referrers.get() {
            return Ok(referrers);
        }
        let made = transpose(self.references(), None, self.storage(), self.progress())?;
        Ok(self.referrers.get_or_init(|| made))
    }
}

/// Builds the heap from the records, and infers the sizes of its objects.
fn build(
    source: Source,
    file: &str,
    options: &Options,
    progress: &Progress,
) -> Result<(Heap, ShallowSizes, Pending), SnapshotError> {
    let Head { origin, encoding, records_at } = read_head(&source, file)?;
    let builder =
        build::Builder { encoding, storage: &options.storage, progress, soft_as_weak: options.soft_as_weak };
    let built = builder.heap(source, origin, records_at, options.dump)?;
    let sizes = ShallowSizes::infer(&built, options.layout.as_ref());
    Ok((built.heap, sizes, built.pending))
}

/// What stands at the beginning of a dump.
struct Head {
    /// Its records are not yet counted.
    origin: Origin,
    encoding: Encoding,
    records_at: usize,
}

fn read_head(source: &Source, file: &str) -> Result<Head, SnapshotError> {
    let header = Header::read(source).map_err(|error| match error {
        HeaderError::NotHprof => SnapshotError::NotHprof {
            file: file.to_owned(),
            seems: describe(&source[..source.len().min(1024)]),
        },
        source => SnapshotError::Header { file: file.to_owned(), source },
    })?;
    let origin = Origin {
        file: file.to_owned(),
        format: header.version.to_owned(),
        created_ms: header.created_ms,
        dump_number: 0,
        dump_count: 0,
        other_records: 0,
    };
    Ok(Head { origin, encoding: header.encoding, records_at: header.records_at })
}
