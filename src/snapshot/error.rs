//! Why a snapshot cannot be opened.

use crate::graph::GraphError;
use crate::hprof::HeaderError;
use crate::progress::Cancelled;
use crate::storage::{SourceError, StorageError};

/// Why a snapshot cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes cannot be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Not an HPROF file.
    #[error("{file} is not an HPROF heap dump: it is {seems}")]
    NotHprof {
        /// The file.
        file: String,
        /// What it seems to be.
        seems: &'static str,
    },
    /// The head of the file cannot be read.
    #[error("{file}: {source}")]
    Header {
        /// The file.
        file: String,
        /// What is wrong with it.
        source: HeaderError,
    },
    /// More objects than can be numbered.
    #[error("the dump holds {0} objects; this build can number {max} at most", max = crate::ix::ObjectIx::MAX_COUNT)]
    TooManyObjects(u64),
    /// The dump that was asked for is not there.
    #[error("the number of heap dumps in the file is {count}; there is no dump number {asked}")]
    NoSuchDump {
        /// Asked for, from 1.
        asked: usize,
        /// There are.
        count: usize,
    },
    /// Memory or scratch space ran out.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The graph could not be computed.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The dominator tree or a retained size is not what the dump says: a defect of this program, or of a kept index.
    #[error("not certified: object {address:#x}: {why}")]
    NotCertified {
        /// The object that shows it.
        address: u64,
        /// How.
        why: String,
    },
    /// Stopped by the user.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl SnapshotError {
    /// Whether the user stopped the work.
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Cancelled(_)
                | Self::Graph(GraphError::Cancelled(_))
                | Self::Source(SourceError::Cancelled(_))
        )
    }
}
