//! How a command ends when it cannot do its work: one line on standard error and an exit code.

use crate::inspect::InspectError;
use crate::snapshot::{IndexError, SnapshotError};
use std::process::ExitCode;

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The reader of standard output went away: no error.
    ClosedPipe,
    /// Stopped by the user.
    Interrupted,
    /// Anything else, in words.
    Message(String),
}

impl Failure {
    /// A failure with those words.
    pub(super) fn new(words: impl std::fmt::Display) -> Self {
        Self::Message(words.to_string())
    }

    /// Tells the user and gives the exit code.
    #[expect(clippy::print_stderr, reason = "the one place where errors are printed")]
    pub(super) fn report(self) -> ExitCode {
        match self {
            Self::ClosedPipe => ExitCode::SUCCESS,
            Self::Interrupted => {
                eprintln!("oomph: interrupted");
                ExitCode::from(130)
            }
            Self::Message(words) => {
                eprintln!("oomph: {words}");
                ExitCode::from(2)
            }
        }
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        if error.is_cancelled() { Self::Interrupted } else { Self::new(error) }
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        match error {
            IndexError::Cancelled(_) => Self::Interrupted,
            error => Self::new(error),
        }
    }
}

impl From<InspectError> for Failure {
    fn from(error: InspectError) -> Self {
        match error {
            InspectError::Snapshot(error) => error.into(),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Message(format!("{error:#}"))
    }
}
