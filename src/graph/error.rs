//! What can stop a computation on the graph.

use crate::progress::Cancelled;
use crate::storage::StorageError;

/// Why a computation on the graph gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// There is no memory and no scratch space for its arrays.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The user stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
