//! Edges beside the search tree, in buckets by target.
//!
//! Owns how they are kept between the search, which finds them in no order, and Semi-NCA, which wants them by target from the last
//! one down. A bucket holds the edges to a range of targets so small that they can be sorted inside of the processor's cache, and is
//! given back once it was sorted. The search writes to all buckets at once, so there are no more than [`MOST_BUCKETS`]. Fresh memory has to be
//! cleared by the system, which takes as long as the search needs to fill it; another thread does that beforehand ([`Supply`]). As the search goes through a heap it finds
//! targets near the last one, from sources near the last one, in each bucket; so differences are kept ([`Piece`]). Cost: 3 to 4 bytes per edge of ordinary
//! heaps, 9 in the worst case.

use super::super::error::GraphError;
use crate::storage::{Access, Column, Storage, StorageError};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// An edge: the number of its target, then that of its source.
pub(super) type Edge = [u32; 2];

/// Targets of one bucket at least, as a power of two: half a megabyte of counts.
const LEAST_SHIFT: u32 = 17;
const MOST_BUCKETS: usize = 256;
/// What an edge takes, about.
const USUAL_BYTES: usize = 4;
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
    piece_bytes: usize,
}

/// The edges to some consecutive targets.
#[derive(Default)]
pub(super) struct Bucket {
    full: Vec<Piece>,
    last: Piece,
    len: usize,
}

/// Some edges of a bucket. Each is a byte that tells how many bytes follow for its target and for its source, and these bytes: the differences to the edge
/// before.
#[derive(Default)]
struct Piece {
    bytes: Column<u8>,
    filled: usize,
    /// The last edge.
    last: Edge,
}

/// Bytes that an edge takes at most. There are always so many where one begins, so that it can be written and read at once.
const MOST_BYTES: usize = 9;

/// Where the buckets get their memory from.
pub(super) struct Supply<'a> {
    storage: &'a Storage,
    piece_bytes: usize,
    ready: Option<Receiver<Result<Column<u8>, StorageError>>>,
}

impl Edges {
    /// No edges yet, between nodes with numbers below `node_count`.
    pub(super) fn new(node_count: usize, storage: &Storage) -> Self {
        let mut shift = LEAST_SHIFT;
        while node_count >> shift >= MOST_BUCKETS {
            shift += 1;
        }
        let buckets = (0..=node_count >> shift).map(|_| Bucket::default());
        let is_roomy = storage.bytes_left() >= 4 * (node_count * USUAL_BYTES) as u64;
        let pieces = if is_roomy { PIECES } else { PIECES_IN_FILES };
        Self { buckets: buckets.collect(), shift, piece_bytes: (USUAL_BYTES << shift) / pieces }
    }

    /// How many targets belong to each bucket.
    pub(super) fn targets_per_bucket(&self) -> usize {
        1 << self.shift
    }

    /// How large the pieces of memory are.
    pub(super) fn piece_bytes(&self) -> usize {
        self.piece_bytes
    }

    /// Adds the edge from `source` to `target`.
    #[inline]
    pub(super) fn push(&mut self, target: u32, source: u32, supply: &Supply<'_>) -> Result<(), GraphError> {
        let bucket = &mut self.buckets[(target >> self.shift) as usize];
        if !bucket.last.has_room() {
            bucket.grow(supply)?;
        }
        bucket.last.push([target, source]);
        bucket.len += 1;
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
        let next = Piece { bytes: supply.next()?, ..Piece::default() };
        let full = std::mem::replace(&mut self.last, next);
        if full.filled > 0 {
            self.full.push(full);
        }
        Ok(())
    }

    /// How many edges there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The edges, in the order in which they came.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> {
        self.full.iter().chain([&self.last]).flat_map(Piece::edges)
    }
}

impl Piece {
    #[inline]
    fn has_room(&self) -> bool {
        self.bytes.len() - self.filled >= MOST_BYTES
    }

    #[inline]
    fn push(&mut self, edge: Edge) {
        let [target, source] = [0, 1].map(|end| zigzag(edge[end].wrapping_sub(self.last[end])));
        let [of_target, of_source] = [target, source].map(|number| 4 - number.leading_zeros() / 8);
        let place = &mut self.bytes[self.filled..self.filled + MOST_BYTES];
        place[0] = (of_target << 4 | of_source) as u8;
        let both = u64::from(target) | u64::from(source) << (8 * of_target);
        place[1..].copy_from_slice(&both.to_le_bytes());
        self.filled += (1 + of_target + of_source) as usize;
        self.last = edge;
    }

    fn edges(&self) -> impl Iterator<Item = Edge> {
        let mut at = 0;
        let mut last = [0u32; 2];
        std::iter::from_fn(move || {
            if at == self.filled {
                return None;
            }
            let (code, both) = self.bytes[at..at + MOST_BYTES].split_first()?;
            let both = u64::from_le_bytes(both.try_into().ok()?);
            let [of_target, of_source] = [code >> 4, code & 15].map(u32::from);
            let low = |bits: u64, bytes: u32| (bits & ((1 << (8 * bytes)) - 1)) as u32;
            let differences = [low(both, of_target), low(both >> (8 * of_target), of_source)];
            last = [0, 1].map(|end| last[end].wrapping_add(unzigzag(differences[end])));
            at += (1 + of_target + of_source) as usize;
            Some(last)
        })
    }
}

/// Small numbers for small differences of either sign.
#[inline]
fn zigzag(difference: u32) -> u32 {
    difference << 1 ^ (difference >> 31).wrapping_neg()
}

#[inline]
fn unzigzag(number: u32) -> u32 {
    number >> 1 ^ (number & 1).wrapping_neg()
}

impl<'a> Supply<'a> {
    /// Calls `work` with pieces of that many bytes, which another thread makes ready unless there is to be one thread only.
    pub(super) fn with<R>(storage: &Storage, piece_bytes: usize, work: impl FnOnce(&Supply<'_>) -> R) -> R {
        if rayon::current_num_threads() == 1 {
            return work(&Supply { storage, piece_bytes, ready: None });
        }
        let (sender, receiver) = sync_channel(READY);
        std::thread::scope(|scope| {
            scope.spawn(move || fill(&sender, storage, piece_bytes));
            // The receiver goes when the work is done, and with it the other thread.
            work(&Supply { storage, piece_bytes, ready: Some(receiver) })
        })
    }

    fn next(&self) -> Result<Column<u8>, StorageError> {
        match self.ready.as_ref().map(Receiver::recv) {
            Some(Ok(piece)) => piece,
            // Its thread ends early only if it could not be run on.
            Some(Err(_)) | None => piece(self.storage, self.piece_bytes),
        }
    }
}

fn piece(storage: &Storage, bytes: usize) -> Result<Column<u8>, StorageError> {
    storage.column("edges beside the tree", bytes, Access::Sequential)
}

/// Makes pieces and touches their pages until nobody takes them any more.
fn fill(sender: &SyncSender<Result<Column<u8>, StorageError>>, storage: &Storage, bytes: usize) {
    loop {
        let mut next = piece(storage, bytes);
        if let Ok(piece) = &mut next {
            piece.fill(0);
        }
        let failed = next.is_err();
        if sender.send(next).is_err() || failed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_come_back_as_they_were_pushed() {
        let storage = Storage::default();
        let node_count = 1 << 19;
        let mut edges = Edges::new(node_count, &storage);
        let mut expected = vec![Vec::new(); edges.buckets.len()];
        let mut state = 7u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below) as u32
        };
        Supply::with(&storage, edges.piece_bytes(), |supply| {
            for round in 0..400_000u32 {
                // Differences of all widths and both signs, and sources that only a graph with more nodes has.
                let target = random(node_count as u64) & u32::MAX >> random(32);
                let source = match round % 3 {
                    0 => random(1 << 31),
                    1 => u32::MAX - random(3),
                    _ => round,
                };
                edges.push(target, source, supply).unwrap();
                expected[target as usize / edges.targets_per_bucket()].push([target, source]);
            }
        });
        assert!(expected.iter().any(|bucket| bucket.len() * MOST_BYTES > 2 * edges.piece_bytes()));
        for (bucket, expected) in edges.into_buckets().iter().zip(expected) {
            assert_eq!(bucket.len(), expected.len());
            assert!(bucket.edges().eq(expected));
        }
    }
}
