//! The kept index: a snapshot in a file, so that the next one of the same dump opens at once.
//!
//! Owns which file that is, whether it can be believed, and the way from a snapshot to the file and back; `docs/index-format.md` describes
//! it. An index holds all that [`Snapshot::open`] computes: the next command maps it and reads of the dump only the records that it shows. It is
//! believed when its head fits the dump and the options, all its checksums are right and all its parts fit each other; else it is as if it were
//! not there. Cost: about 24 bytes per object on the disk; opening reads each of them twice and takes next to no anonymous memory.

mod classes;
mod columns;
mod container;
mod facts;
mod key;
mod wire;

use super::{Options, Snapshot, SnapshotError, read_head};
use crate::progress::{Cancelled, Progress};
use crate::storage::{NewFile, Source};
use columns::{Copies, Surroundings};
use container::{Container, WriteError};
use key::{Choice, Key, Tie};
use std::io;
use std::path::{Path, PathBuf};

/// Why an index that is there is not used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// It cannot be opened.
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    /// It is some other file.
    #[error("it is no index of oomph")]
    NoIndex,
    /// Made by another version of the program, or on a machine of another kind.
    #[error("another version of oomph made it")]
    OtherVersion,
    /// Made with other options.
    #[error("it was made with other options")]
    OtherOptions,
    /// The dump is not the one that it was made of.
    #[error("it is stale: the dump's {0} has changed")]
    Stale(&'static str),
    /// Its bytes are not those that were written.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    /// Stopped by the user.
    #[error(transparent)]
    Cancelled(Cancelled),
}

/// Why an index cannot be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no file to tie an index to.
    #[error("{} is no file, so no index of it can be kept", .0.display())]
    NoFile(PathBuf),
    /// The dump cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Dump {
        /// The dump.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// The dump is being written.
    #[error("{} has changed while it was read; no index of it is kept", .0.display())]
    Changed(PathBuf),
    /// The index cannot be written.
    #[error("cannot keep the index {}: {source}", path.display())]
    Write {
        /// The index.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// Stopped by the user.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What became of the attempt to open an index.
#[derive(Debug)]
pub enum Reopened {
    /// The snapshot, equal to one that is built of the dump.
    Snapshot(Box<Snapshot>),
    /// There is no index.
    Absent,
    /// There is one that does not serve.
    Rejected(Rejection),
}

/// The place of the index of one dump, opened with certain options.
#[derive(Clone, Debug)]
pub struct KeptIndex {
    dump: PathBuf,
    path: PathBuf,
    key: Key,
}

impl KeptIndex {
    /// The index of `dump` as it is now: beside it, or in `dir`.
    ///
    /// # Errors
    /// The dump is no plain file, or cannot be read.
    pub fn new(dump: &Path, dir: Option<&Path>, options: &Options) -> Result<Self, IndexError> {
        if dump == Path::new("-") {
            return Err(IndexError::NoFile(PathBuf::from("standard input")));
        }
        let tie = Tie::of(dump).map_err(|source| IndexError::Dump { path: dump.to_owned(), source })?;
        let tie = tie.ok_or_else(|| IndexError::NoFile(dump.to_owned()))?;
        let choice = Choice::of(options);
        Ok(Self { dump: dump.to_owned(), path: choice.path(dump, dir), key: Key { tie, choice } })
    }

    /// The index of `dump` if there is a file of that name. Without one the dump is not even looked at.
    pub fn existing(dump: &Path, dir: Option<&Path>, options: &Options) -> Option<Self> {
        let is_there = Choice::of(options).path(dump, dir).exists();
        // What is wrong with the dump is told better by opening it.
        if is_there { Self::new(dump, dir, options).ok() } else { None }
    }

    /// The file of the index, whether it is there or not.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the index could be written, to be asked before the long work.
    ///
    /// # Errors
    /// The folder is not there or cannot be written to.
    pub fn check_writable(&self) -> Result<(), IndexError> {
        let written = NewFile::create(&self.path).map(drop);
        written.map_err(|source| IndexError::Write { path: self.path.clone(), source })
    }

    /// Opens the index, if it is there and serves. Reads all of it, and the dump's header; a packed dump has to be unpacked all the same.
    ///
    /// # Errors
    /// As [`Snapshot::open`]: what is wrong with the dump or the machine. What is wrong with the index is no error.
    pub fn open(&self, options: &Options, progress: &Progress) -> Result<Reopened, SnapshotError> {
        let container = match Container::open(&self.path, &self.key) {
            Err(Rejection::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Reopened::Absent);
            }
            opened => opened.and_then(|container| container.verify(progress).map(|()| container)),
        };
        let container = match container {
            Ok(container) => container,
            Err(Rejection::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(rejection) => return Ok(Reopened::Rejected(rejection)),
        };
        let source = Source::open(&self.dump, &options.storage, progress)?;
        let head = read_head(&source, &self.dump.display().to_string())?;
        let storage = &options.storage;
        let restored = columns::restore(&container, Surroundings { source, head, storage, progress })?;
        Ok(match restored {
            Some(snapshot) => Reopened::Snapshot(Box::new(snapshot)),
            None => Reopened::Rejected(Rejection::Damaged("its parts do not fit each other")),
        })
    }

    /// Keeps a snapshot that was opened with the same options after this place was made. The file appears whole or not at all, in place of an
    /// older one; it can be read by whom the dump can be read by. Returns its size in bytes.
    ///
    /// # Errors
    /// The dump has changed meanwhile, the file cannot be written, or cancelled. Nothing is left behind.
    pub fn save(&self, snapshot: &Snapshot) -> Result<u64, IndexError> {
        let now = Tie::of(&self.dump)
            .map_err(|source| IndexError::Dump { path: self.dump.clone(), source })?
            .filter(|now| now.difference(&self.key.tie).is_none());
        if now.is_none() {
            return Err(IndexError::Changed(self.dump.clone()));
        }
        let copies = Copies::of(snapshot);
        let written = container::write(
            &self.path,
            &self.key,
            &copies.sections(snapshot),
            &self.dump,
            snapshot.progress(),
        );
        written.map_err(|error| match error {
            WriteError::Io(source) => IndexError::Write { path: self.path.clone(), source },
            WriteError::Cancelled => IndexError::Cancelled(Cancelled),
        })
    }
}
