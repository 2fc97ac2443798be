//! Edges beside the search tree, in buckets by target.
//!
//! Owns how they are kept between the search, which finds them in no order, and Semi-NCA, which wants them by target from the last
//! one down. A bucket holds the edges to a range of targets so small that they can be sorted inside of the processor's cache, and is
//! given back once it was sorted. The search writes to all buckets at once, so there are no more than [`MOST_BUCKETS`]. Fresh memory has to be
//! cleared by the system, which takes as long as the search needs to fill it; another thread does that beforehand ([`Supply`]). Cost: 8 bytes per edge.

use super::super::error::GraphError;
use crate::storage::{Access, Column, Storage, StorageError};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// An edge: the number of its target, then that of its source.
pub(super) type Edge = [u32; 2];

/// Targets of one bucket at least, as a power of two: half a megabyte of counts.
const LEAST_SHIFT: u32 = 17;
const MOST_BUCKETS: usize = 256;
/// Pieces of memory of a bucket that has one edge for each of its targets.
const PIECES: usize = 16;
/// The same where pieces are scratch files: making and removing a small one costs more than writing it.
const PIECES_IN_FILES: usize = 2;
/// Pieces that are made ready before they are needed.
const READY: usize = 8;

/// All edges beside the tree.
pub(super) struct Edges {
    buckets: Vec<Bucket>,
    shift: u32,
    /// Edges in each piece of memory.
    piece_len: usize,
}

/// The edges to some consecutive targets.
#[derive(Default)]
pub(super) struct Bucket {
    full: Vec<Column<Edge>>,
    last: Column<Edge>,
    filled: usize,
}

/// Where the buckets get their memory from.
pub(super) struct Supply<'a> {
    storage: &'a Storage,
    piece_len: usize,
    ready: Option<Receiver<Result<Column<Edge>, StorageError>>>,
}

impl Edges {
    /// No edges yet, between nodes with numbers below `node_count`.
    pub(super) fn new(node_count: usize, storage: &Storage) -> Self {
        let mut shift = LEAST_SHIFT;
        while node_count >> shift >= MOST_BUCKETS {
            shift += 1;
        }
        let buckets = (0..=node_count >> shift).map(|_| Bucket::default());
        let is_roomy = storage.bytes_left() >= 2 * (node_count * size_of::<Edge>()) as u64;
        let pieces = if is_roomy { PIECES } else { PIECES_IN_FILES };
        Self { buckets: buckets.collect(), shift, piece_len: (1 << shift) / pieces }
    }

    /// How many targets belong to each bucket.
    pub(super) fn targets_per_bucket(&self) -> usize {
        1 << self.shift
    }

    /// Edges in each piece of memory.
    pub(super) fn piece_len(&self) -> usize {
        self.piece_len
    }

    /// Adds the edge from `source` to `target`.
    #[inline]
    pub(super) fn push(&mut self, target: u32, source: u32, supply: &Supply<'_>) -> Result<(), GraphError> {
        let bucket = &mut self.buckets[(target >> self.shift) as usize];
        if bucket.filled == bucket.last.len() {
            bucket.grow(supply)?;
        }
        bucket.last[bucket.filled] = [target, source];
        bucket.filled += 1;
        Ok(())
    }

    /// The buckets, that of the lowest targets first.
    pub(super) fn into_buckets(self) -> Vec<Bucket> {
        self.buckets
    }
}

impl Bucket {
    #[cold]
    fn grow(&mut self, supply: &Supply<'_>) -> Result<(), GraphError> {
        let next = supply.next()?;
        let full = std::mem::replace(&mut self.last, next);
        if !full.is_empty() {
            self.full.push(full);
        }
        self.filled = 0;
        Ok(())
    }

    /// How many edges there are.
    pub(super) fn len(&self) -> usize {
        self.full.iter().map(|column| column.len()).sum::<usize>() + self.filled
    }

    /// The edges, in pieces.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[Edge]> {
        self.full.iter().map(|column| &column[..]).chain([&self.last[..self.filled]])
    }
}

impl<'a> Supply<'a> {
    /// Calls `work` with pieces of that many edges, which another thread makes ready unless there is to be one thread only.
    pub(super) fn with<R>(storage: &Storage, piece_len: usize, work: impl FnOnce(&Supply<'_>) -> R) -> R {
        if rayon::current_num_threads() == 1 {
            return work(&Supply { storage, piece_len, ready: None });
        }
        let (sender, receiver) = sync_channel(READY);
        std::thread::scope(|scope| {
            scope.spawn(move || fill(&sender, storage, piece_len));
            // The receiver goes when the work is done, and with it the other thread.
            work(&Supply { storage, piece_len, ready: Some(receiver) })
        })
    }

    fn next(&self) -> Result<Column<Edge>, StorageError> {
        match self.ready.as_ref().map(Receiver::recv) {
            Some(Ok(piece)) => piece,
            // Its thread ends early only if it could not be run on.
            Some(Err(_)) | None => piece(self.storage, self.piece_len),
        }
    }
}

fn piece(storage: &Storage, len: usize) -> Result<Column<Edge>, StorageError> {
    storage.column("edges beside the tree", len, Access::Sequential)
}

/// Makes pieces and touches their pages until nobody takes them any more.
fn fill(sender: &SyncSender<Result<Column<Edge>, StorageError>>, storage: &Storage, len: usize) {
    loop {
        let mut next = piece(storage, len);
        if let Ok(piece) = &mut next {
            piece.fill([0; 2]);
        }
        let failed = next.is_err();
        if sender.send(next).is_err() || failed {
            return;
        }
    }
}
