//! A column of bits. Cost: one bit each.

use super::column::{Column, atomic_u64};
use super::store::{Access, Storage, StorageError};
use crate::prefetch::prefetch;
use rayon::prelude::*;
use std::ops::Range;
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

    /// Asks the processor for the bit at `at`; does nothing if there is no such bit.
    #[inline]
    pub(crate) fn prefetch(&self, at: usize) {
        prefetch(&self.words, at / 64);
    }

    /// Sets the bit at `at`.
    #[inline]
    pub fn set(&mut self, at: usize) {
        debug_assert!(at < self.len);
        self.words[at / 64] |= 1 << (at % 64);
    }

    /// Takes back the bit at `at`.
    #[inline]
    pub fn unset(&mut self, at: usize) {
        debug_assert!(at < self.len);
        self.words[at / 64] &= !(1 << (at % 64));
    }

    /// The positions of the bits that are not set, from all threads. Quick where these are few: it looks at words, not at bits.
    pub fn par_zeros(&self) -> impl ParallelIterator<Item = usize> + '_ {
        self.words.par_iter().enumerate().with_min_len(1 << 10).flat_map_iter(|(at, &word)| {
            let len = self.len.saturating_sub(at * 64);
            let all = if len < 64 { (1 << len) - 1 } else { !0 };
            bits_of(!word & all).map(move |bit| at * 64 + bit)
        })
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

    /// Whether any of the bits at `range` is set. Cost: a look at each word.
    pub fn has_any(&self, range: Range<usize>) -> bool {
        if range.is_empty() {
            return false;
        }
        let (first, last) = (range.start / 64, (range.end - 1) / 64);
        let from = u64::MAX << (range.start % 64);
        let to = u64::MAX >> (63 - (range.end - 1) % 64);
        if first == last {
            return self.words[first] & from & to != 0;
        }
        self.words[first] & from != 0
            || self.words[last] & to != 0
            || self.words[first + 1..last].iter().any(|&word| word != 0)
    }

    /// The positions of all set bits, ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| bits_of(word).map(move |bit| at * 64 + bit))
    }
}

/// The positions of the bits that are set in a word, ascending.
pub fn bits_of(word: u64) -> impl Iterator<Item = usize> {
    std::iter::successors((word != 0).then_some(word), |w| Some(w & (w - 1)).filter(|&w| w != 0))
        .map(|w| w.trailing_zeros() as usize)
}

/// Bits with the number of set bits before each word: tells how many are set before one that is. Cost: one and a half bits each.
#[derive(Debug)]
pub struct RankedBits {
    bits: BitColumn,
    /// How many bits are set before each word. One count per word spares a loop that every question would go through.
    before_word: Column<u32>,
    count: usize,
}

impl RankedBits {
    /// Counts `bits`; the counts stand in a column of the name `what`. Fewer than 2^32 bits may be set.
    ///
    /// # Errors
    /// As [`Storage::column`].
    pub fn new(bits: BitColumn, storage: &Storage, what: &'static str) -> Result<Self, StorageError> {
        let mut before_word = storage.column(what, bits.words().len(), Access::Random)?;
        let mut count = 0;
        for (before, word) in before_word.iter_mut().zip(bits.words()) {
            *before = count;
            count += word.count_ones();
        }
        Ok(Self { bits, before_word, count: count as usize })
    }

    /// Asks the processor for what [`Self::rank`] will need; does nothing if there is no such bit.
    #[inline]
    pub(crate) fn prefetch(&self, at: usize) {
        self.bits.prefetch(at);
        prefetch(&self.before_word, at / 64);
    }

    /// How many bits are set before the one at `at`, if that is set.
    #[inline]
    pub fn rank(&self, at: usize) -> Option<usize> {
        let word = self.bits.words()[at / 64];
        let bit = 1 << (at % 64);
        let below = (word & (bit - 1)).count_ones();
        (word & bit != 0).then(|| (self.before_word[at / 64] + below) as usize)
    }

    /// How many bits are set.
    #[inline]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The bits alone.
    #[inline]
    pub fn bits(&self) -> &BitColumn {
        &self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_set_before() {
        let mut bits = BitColumn::new(&Storage::default(), "test", 300).unwrap();
        let set = [0, 1, 63, 64, 130, 299];
        set.iter().for_each(|&at| bits.set(at));
        let ranked = RankedBits::new(bits, &Storage::default(), "test").unwrap();
        assert_eq!(ranked.count(), set.len());
        for at in 0..300 {
            assert_eq!(ranked.rank(at), set.iter().position(|&bit| bit == at), "{at}");
        }
    }

    #[test]
    fn tells_whether_any_of_a_range_is_set() {
        let mut bits = BitColumn::new(&Storage::default(), "test", 400).unwrap();
        let set = [0, 63, 130, 320, 399];
        set.iter().for_each(|&at| bits.set(at));
        for start in 0..400 {
            for end in start..=400 {
                assert_eq!(
                    bits.has_any(start..end),
                    set.iter().any(|at| (start..end).contains(at)),
                    "{start}..{end}"
                );
            }
        }
    }

    #[test]
    fn sets_and_lists() {
        let mut bits = BitColumn::new(&Storage::default(), "test", 200).unwrap();
        for at in [0, 63, 64, 199] {
            bits.set(at);
        }
        assert_eq!(bits.ones().collect::<Vec<_>>(), [0, 63, 64, 199]);
        let others: Vec<usize> = (0..200).filter(|&at| !bits.get(at)).collect();
        assert_eq!(bits.par_zeros().collect::<Vec<_>>(), others);
        assert_eq!(bits.count_ones(), 4);
        assert!(bits.get(64) && !bits.get(65));
    }
}
