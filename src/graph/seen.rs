//! What a search has come to and what it is done with: two bits per object, side by side, since both are asked of each reference.
//!
//! Cost: two bits per object; one line of memory for both answers.

use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::storage::{Access, BitColumn, Column, Storage, StorageError, atomic_u64};
use std::sync::atomic::{AtomicU64, Ordering};

/// Objects of which one word tells.
const PER_WORD: u32 = 32;

/// Two bits per object. The lower half of each word tells what was reached, the upper one what is done.
#[derive(Debug)]
pub(super) struct Seen {
    words: Column<u64>,
}

impl Seen {
    /// Nothing is reached yet, and what stands in `done` need not be looked at.
    ///
    /// # Errors
    /// As [`Storage::column`].
    pub(super) fn new(
        object_count: usize,
        done: Option<&BitColumn>,
        storage: &Storage,
    ) -> Result<Self, StorageError> {
        let mut words: Column<u64> =
            storage.column("objects with paths", object_count.div_ceil(PER_WORD as usize), Access::Random)?;
        if let Some(done) = done {
            for (two, bits) in words.chunks_mut(2).zip(done.words()) {
                two.iter_mut()
                    .zip([bits << PER_WORD, bits >> PER_WORD << PER_WORD])
                    .for_each(|(word, bits)| *word = bits);
            }
        }
        Ok(Self { words })
    }

    /// Nothing is reached yet, and nothing need be looked at.
    ///
    /// # Errors
    /// As [`Storage::column`].
    pub(super) fn all_done(object_count: usize, storage: &Storage) -> Result<Self, StorageError> {
        let mut seen = Self::new(object_count, None, storage)?;
        seen.words.fill(u64::MAX << PER_WORD);
        Ok(seen)
    }

    /// Whether the search has come to `object`.
    #[inline]
    pub(super) fn is_reached(&self, object: ObjectIx) -> bool {
        self.words[(object.0 / PER_WORD) as usize] & reached(object) != 0
    }

    /// Whether the search need not look at `object` any more.
    #[inline]
    pub(super) fn is_done(&self, object: ObjectIx) -> bool {
        self.words[(object.0 / PER_WORD) as usize] & done(object) != 0
    }

    /// The search has come to `object`.
    pub(super) fn reach(&mut self, object: ObjectIx) {
        self.words[(object.0 / PER_WORD) as usize] |= reached(object);
    }

    /// The search need not look at `object`.
    pub(super) fn set_done(&mut self, object: ObjectIx) {
        self.words[(object.0 / PER_WORD) as usize] |= done(object);
    }

    /// The search is to look at `object`.
    pub(super) fn set_undone(&mut self, object: ObjectIx) {
        self.words[(object.0 / PER_WORD) as usize] &= !done(object);
    }

    /// The search is to look at those in `objects` that are not `reached` yet.
    pub(super) fn look_at_all(&mut self, objects: &BitColumn) {
        for (two, bits) in self.words.chunks_mut(2).zip(objects.words()) {
            for (word, bits) in two.iter_mut().zip([bits << PER_WORD, bits >> PER_WORD << PER_WORD]) {
                *word &= !(bits & !(*word << PER_WORD));
            }
        }
    }

    /// The bits for parallel writers.
    pub(super) fn shared(&mut self) -> SharedSeen<'_> {
        SharedSeen { words: atomic_u64(&mut self.words) }
    }
}

/// [`Seen`], written by many threads at once.
#[derive(Clone, Copy)]
pub(super) struct SharedSeen<'a> {
    words: &'a [AtomicU64],
}

impl SharedSeen<'_> {
    #[inline]
    pub(super) fn prefetch(&self, object: u32) {
        prefetch(self.words, (object / PER_WORD) as usize);
    }

    #[inline]
    pub(super) fn set_done(&self, object: ObjectIx) {
        self.words[(object.0 / PER_WORD) as usize].fetch_or(done(object), Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn is_done(&self, object: ObjectIx) -> bool {
        self.words[(object.0 / PER_WORD) as usize].load(Ordering::Relaxed) & done(object) != 0
    }

    /// The search has come to `object`; whether it is the first to do so.
    #[inline]
    pub(super) fn reach(&self, object: ObjectIx) -> bool {
        let (word, bit) = (&self.words[(object.0 / PER_WORD) as usize], reached(object));
        word.load(Ordering::Relaxed) & bit == 0 && word.fetch_or(bit, Ordering::Relaxed) & bit == 0
    }
}

#[inline]
fn reached(object: ObjectIx) -> u64 {
    1 << (object.0 % PER_WORD)
}

#[inline]
fn done(object: ObjectIx) -> u64 {
    reached(object) << PER_WORD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_at_first_is_looked_at_later_unless_it_was_reached() {
        let storage = Storage::default();
        let mut at_first = BitColumn::new(&storage, "test", 200).unwrap();
        [0, 31, 32, 63, 64, 199].into_iter().for_each(|at| at_first.set(at));
        let mut seen = Seen::new(200, Some(&at_first), &storage).unwrap();
        seen.reach(ObjectIx(63));
        assert!(seen.shared().reach(ObjectIx(40)) && !seen.shared().reach(ObjectIx(40)));
        seen.shared().set_done(ObjectIx(40));
        for object in (0..200).map(ObjectIx) {
            assert_eq!(seen.is_done(object), at_first.get(object.index()) || object.0 == 40, "{object:?}");
            assert_eq!(seen.is_reached(object), matches!(object.0, 40 | 63), "{object:?}");
        }
        seen.look_at_all(&at_first);
        for object in (0..200).map(ObjectIx) {
            assert_eq!(seen.is_done(object), matches!(object.0, 40 | 63), "{object:?}");
            assert_eq!(seen.is_reached(object), matches!(object.0, 40 | 63), "{object:?}");
        }
    }
}
