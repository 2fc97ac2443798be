//! A column of bits. Cost: one bit each.

use super::column::{Column, atomic_u64};
use super::store::{Access, Storage, StorageError};
use std::sync::atomic::AtomicU64;

/// A long array of bits, all zero at first.
#[derive(Debug, Default)]
pub struct BitColumn {
    words: Column<u64>,
    len: usize,
}

impl BitColumn {
    /// `len` zero bits.
    ///
    /// # Errors
    /// As [`Storage::column`].
    pub fn new(storage: &Storage, what: &'static str, len: usize) -> Result<Self, StorageError> {
        Ok(Self { words: storage.column(what, len.div_ceil(64), Access::Random)?, len })
    }

    /// Bits that stand in `words`, the lowest bit of the first word first. `None` if there are fewer than `len`.
    pub fn from_words(words: Column<u64>, len: usize) -> Option<Self> {
        (words.len() == len.div_ceil(64)).then_some(Self { words, len })
    }

    /// How many bits there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit at `at`.
    #[inline]
    pub fn get(&self, at: usize) -> bool {
        debug_assert!(at < self.len);
        self.words[at / 64] >> (at % 64) & 1 != 0
    }

    /// Sets the bit at `at`.
    #[inline]
    pub fn set(&mut self, at: usize) {
        debug_assert!(at < self.len);
        self.words[at / 64] |= 1 << (at % 64);
    }

    /// How many bits are set. Reads all words.
    pub fn count_ones(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// The words, 64 bits each, lowest bit first.
    #[inline]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words, to be written.
    #[inline]
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// The words as atomics, for parallel writers.
    pub fn atomic_words(&mut self) -> &[AtomicU64] {
        atomic_u64(&mut self.words)
    }

    /// The positions of all set bits, ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            std::iter::successors((word != 0).then_some(word), |w| Some(w & (w - 1)).filter(|&w| w != 0))
                .map(move |w| at * 64 + w.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_lists() {
        let mut bits = BitColumn::new(&Storage::default(), "test", 200).unwrap();
        for at in [0, 63, 64, 199] {
            bits.set(at);
        }
        assert_eq!(bits.ones().collect::<Vec<_>>(), [0, 63, 64, 199]);
        assert_eq!(bits.count_ones(), 4);
        assert!(bits.get(64) && !bits.get(65));
    }
}
