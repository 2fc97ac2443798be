//! The object graph as numbers: references, referrers, reachability, dominators, retained sizes, paths.
//!
//! Owns succinct adjacency ([`References`]), the graph with its roots ([`ObjectGraph`]), and what is computed on it. It knows no
//! classes, names, addresses or HPROF: whoever calls it numbers the objects and says what refers to what. Nothing here
//! recurses; results do not depend on the number of threads; all long columns come from [`Storage`](crate::storage::Storage).
//!
//! ```
//! use oomph::graph::{ExtraEdges, Hubs, ObjectGraph, Part, ReferencesBuilder, RetainedSizes, dominator_tree, transpose};
//! use oomph::ix::ObjectIx;
//! use oomph::progress::Progress;
//! use oomph::storage::Storage;
//!
//! # fn main() -> Result<(), oomph::graph::GraphError> {
//! let (storage, progress) = (Storage::default(), Progress::silent());
//!
//! // Four objects in two parts: 0 refers to 1 and 2, both refer to 3. Writers may run on different threads.
//! let parts = [Part { first_object: 0, first_slot: 0 }, Part { first_object: 2, first_slot: 3 }];
//! let mut builder = ReferencesBuilder::new(&storage, 4, 5, &parts)?;
//! let mut writers = builder.writers().into_iter();
//! let (mut first, mut second) = (writers.next().unwrap(), writers.next().unwrap());
//! first.push(Some(ObjectIx(1)));
//! first.push(Some(ObjectIx(2)));
//! first.end_object();
//! first.object(&[3]);
//! second.object(&[3]);
//! second.push(None); // a slot that refers to nothing in the dump
//! second.end_object();
//! drop((first, second, writers));
//! let references = builder.finish()?;
//!
//! let graph =
//!     ObjectGraph { references: &references, extra: &ExtraEdges::default(), hubs: Hubs::none(), roots: &[ObjectIx(0)] };
//! let tree = dominator_tree(&graph, &storage, &progress)?;
//! assert_eq!(tree.immediate_dominator(ObjectIx(3)).object(), Some(ObjectIx(0)));
//! assert_eq!(tree.children(ObjectIx(0)), [ObjectIx(1), ObjectIx(2), ObjectIx(3)]);
//!
//! let retained = RetainedSizes::compute(&tree, |_object| 16, &storage, &progress)?;
//! assert_eq!(retained.bytes(ObjectIx(0)), 4 * 16);
//!
//! let referrers = transpose(&references, None, &storage, &progress)?;
//! assert!(referrers.of(ObjectIx(3)).eq([ObjectIx(1), ObjectIx(2)]));
//! # Ok(())
//! # }
//! ```

mod backward;
mod below;
mod builder;
mod certify;
mod dominators;
mod error;
mod groups;
mod object_graph;
mod paths;
mod reachable;
mod references;
mod retained;
mod seen;
mod shape;
mod slots;
mod transpose;
mod tree;

pub use backward::shortest_path;
pub use builder::{Part, ReferencesBuilder, ReferencesWriter};
pub use certify::{Certificate, CertifyError, Flaw, certify};
pub use dominators::{DominatorSearch, dominator_tree};
pub use error::GraphError;
pub use groups::{NO_GROUP, retained_by_group};
pub use object_graph::{ExtraEdges, HubColumn, Hubs, ObjectGraph};
pub use paths::{PathTree, PhasedPaths, shortest_path_tree};
pub use reachable::{Reachable, reachable, reachable_beyond, reached_through};
pub use references::{DANGLING, Lists, References};
pub use retained::{RetainedColumn, RetainedSizes, ShortSizes};
pub use slots::{SlotColumn, Slots, Width};
pub use transpose::transpose;
pub use tree::{Dominator, DominatorTree, INNER_NODES};
