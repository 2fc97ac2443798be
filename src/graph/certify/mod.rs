//! The proof that a dominator tree and its retained sizes are right: nobody has to trust the code that found them.
//!
//! Owns the order of the steps: find a low-high order ([`order`]), check it ([`check`](mod@check)), add up what each object retains once more
//! ([`sizes`]). A tree is the dominator tree of a graph exactly if each edge leads to a child of its source or of something
//! that dominates its source, and a *low-high order* exists: a preorder of the tree in which each object is referred to by its parent, or
//! by one object before it and by another one behind it that it does not dominate (L. Georgiadis and R. E. Tarjan, "Dominator Tree
//! Certification and Divergent Spanning Trees", ACM Transactions on Algorithms 12(1), 2016). Finding the order is intricate;
//! checking it is a hundred lines that share nothing with the search, and only the check is believed.
//!
//! Cost: near linear time; 8 bytes per object for the order and the sizes of subtrees, 8 more while retained sizes are
//! added up. While the order is sought, 4 bytes per object more, 8 per reference to objects that their dominator does not refer to, and
//! about 60 per such object. Everything is in columns of [`Storage`], within its budget.

mod check;
mod derived;
mod flat;
mod list;
mod order;
mod sizes;

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::retained::RetainedSizes;
use super::tree::DominatorTree;
use crate::ix::ObjectIx;
use crate::progress::{Cancelled, Progress};
use crate::storage::{Column, Storage, StorageError};

/// What was proved, and from how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// Objects in the tree: all reachable ones, each with its retained size.
    pub object_count: u64,
    /// Edges that were looked at, those of the roots included.
    pub edge_count: u64,
    /// Objects that their immediate dominator does not refer to: the low-high order proves them.
    pub ordered_count: u64,
}

/// Why a tree is not certified. The object is the lowest-numbered one that the step came upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The columns make up no tree of the reachable objects, or the order is no preorder of it; noticed at that object.
    NoTree(ObjectIx),
    /// An edge leads from the first object to the second, around what is said to dominate the second.
    Bypassed(ObjectIx, ObjectIx),
    /// A nearer object than the tree says dominates that object, or no order that proves the contrary was found.
    NotNearest(ObjectIx),
    /// What the object retains is another sum.
    RetainedSize {
        /// The object.
        object: ObjectIx,
        /// What was to be checked.
        claimed_bytes: u64,
        /// What the sum is.
        summed_bytes: u64,
    },
}

impl Flaw {
    /// The object to look at.
    pub fn object(&self) -> ObjectIx {
        match *self {
            Self::NoTree(object)
            | Self::Bypassed(_, object)
            | Self::NotNearest(object)
            | Self::RetainedSize { object, .. } => object,
        }
    }
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertifyError {
    /// The tree or a retained size is wrong.
    #[error("not certified: {0:?}")]
    Flaw(Flaw),
    /// It could not be found out.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

impl From<Flaw> for CertifyError {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<Cancelled> for CertifyError {
    fn from(cancelled: Cancelled) -> Self {
        Self::Graph(cancelled.into())
    }
}

impl From<StorageError> for CertifyError {
    fn from(error: StorageError) -> Self {
        Self::Graph(error.into())
    }
}

/// A preorder of a dominator tree that is said to be a low-high order. Nothing of it is believed before it is checked.
struct LowHighOrder {
    /// The place of each reachable object in the order, from 0.
    number_by_object: Column<u32>,
    /// How many objects each one dominates, itself included.
    subtree_sizes: RetainedSizes,
}

/// Proves that `tree` is the dominator tree of `graph`, and that `retained` are the sums of `shallow_bytes` in its subtrees.
///
/// # Errors
/// [`CertifyError::Flaw`] if something is wrong; otherwise no memory and no scratch space, or cancelled.
pub fn certify(
    graph: &ObjectGraph<'_>,
    tree: &DominatorTree,
    retained: &RetainedSizes,
    shallow_bytes: impl Fn(ObjectIx) -> u64 + Sync,
    storage: &Storage,
    progress: &Progress,
) -> Result<Certificate, CertifyError> {
    let order = order::low_high_order(graph, tree, storage, progress)?;
    let certificate = check::check(graph, tree, &order, storage, progress)?;
    sizes::check(tree, &order, retained, shallow_bytes, storage, progress)?;
    Ok(certificate)
}

/// The first flaw in the order of the tasks, whichever thread came upon one first.
fn first_flaw(found: Vec<Option<Flaw>>) -> Result<(), CertifyError> {
    found.into_iter().flatten().next().map_or(Ok(()), |flaw| Err(flaw.into()))
}
