//! Where each object's list begins in a long column of lists: degrees in unary, found by select.
//!
//! Owns the succinct structure that [`super::References`] describes: for each object one zero bit per slot and then a one bit,
//! the bit position of every 64th object, and how far behind it those of the 16th, 32nd and 48th one after it are. Knows nothing of what is in the lists.

use super::error::GraphError;
use super::references::tasks;
use crate::prefetch::prefetch;
use crate::progress::Progress;
use crate::storage::{Access, BitColumn, Column, Storage};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Objects per anchor.
const GROUP: usize = 64;
/// Objects per step; each anchor has the steps to the next one with it.
const STEP: usize = 16;
/// The lower bits of an anchor are a position, which is less than 2^40: so many references take four terabytes. Above are the steps, a byte each.
const POSITION_BITS: u32 = 40;
const POSITION: u64 = (1 << POSITION_BITS) - 1;
/// A step that is not known: it is as many bits behind its anchor, or more.
const TOO_FAR: u64 = 0xff;

/// The names of the columns of one structure, for `--verbose`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) targets: &'static str,
    pub(super) degrees: &'static str,
    pub(super) anchors: &'static str,
}

/// The bounds of all lists.
#[derive(Debug)]
pub(super) struct Shape {
    degrees: BitColumn,
    anchors: Column<u64>,
    object_count: usize,
}

impl Shape {
    /// From finished degree bits.
    pub(super) fn new(
        degrees: BitColumn,
        object_count: usize,
        names: Names,
        storage: &Storage,
    ) -> Result<Self, GraphError> {
        assert!(degrees.len() < 1 << POSITION_BITS, "more references than memory can hold");
        let mut anchors = storage.column(names.anchors, object_count.div_ceil(GROUP), Access::Random)?;
        anchors.iter_mut().zip(made_anchors(degrees.words(), object_count)).for_each(|(to, made)| *to = made);
        Ok(Self { degrees, anchors, object_count })
    }

    /// From the length of each list.
    pub(super) fn from_counts(
        counts: &[u32],
        names: Names,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, GraphError> {
        let sum = |objects: Range<usize>| counts[objects].iter().map(|&count| count as usize).sum();
        let mut first_slots: Vec<usize> = tasks(counts.len()).map(sum).collect();
        let mut slot_count = 0;
        for first in &mut first_slots {
            slot_count += std::mem::replace(first, slot_count);
        }
        let mut degrees = BitColumn::new(storage, names.degrees, counts.len() + slot_count)?;
        let words = degrees.atomic_words();
        tasks(counts.len()).zip(first_slots).try_for_each(|(objects, first_slot)| {
            progress.check()?;
            let mut writer = DegreeWriter::new(words, objects.start + first_slot);
            for &count in &counts[objects] {
                writer.end_list(count as usize);
            }
            Ok::<_, GraphError>(())
        })?;
        Self::new(degrees, counts.len(), names, storage)
    }

    /// From columns that were kept in a file; `None` if they do not fit each other.
    pub(super) fn from_columns(
        object_count: usize,
        slot_count: usize,
        degrees: Column<u64>,
        anchors: Column<u64>,
    ) -> Option<Self> {
        let degrees = BitColumn::from_words(degrees, object_count.checked_add(slot_count)?)?;
        let words = degrees.words();
        let ones: usize = words.iter().map(|word| word.count_ones() as usize).sum();
        let end = words.iter().rposition(|&word| word != 0);
        let end = end.map_or(0, |at| at * 64 + 64 - words[at].leading_zeros() as usize);
        let whole = ones == object_count
            && end == degrees.len()
            && anchors.len() == object_count.div_ceil(GROUP)
            && made_anchors(words, object_count).eq(anchors.iter().copied());
        whole.then_some(Self { degrees, anchors, object_count })
    }

    /// Degree words and anchors, to be kept in a file.
    pub(super) fn columns(&self) -> (&[u64], &[u64]) {
        (self.degrees.words(), &self.anchors)
    }

    #[inline]
    pub(super) fn object_count(&self) -> usize {
        self.object_count
    }

    pub(super) fn slot_count(&self) -> usize {
        self.degrees.len() - self.object_count
    }

    /// The first slot of `object`.
    #[inline]
    pub(super) fn begin(&self, object: usize) -> usize {
        self.begin_bit(self.degrees.words(), object) - object
    }

    /// The slots of `object`.
    #[inline]
    pub(super) fn range(&self, object: usize) -> Range<usize> {
        let words = self.degrees.words();
        let begin = self.begin_bit(words, object);
        let end = next_one(words, begin);
        begin - object..end - object
    }

    /// Asks the processor for what [`Self::range`] will need. Tells about where the slots of `object` begin: within a few of them, where lists are short.
    #[inline]
    pub(super) fn prefetch(&self, object: usize) -> usize {
        let anchor = self.anchors[object / GROUP];
        let steps = anchor >> POSITION_BITS << 8;
        let step = object % GROUP / STEP;
        let from = (anchor & POSITION) as usize + (steps >> (8 * step) & 0xff) as usize;
        prefetch(self.degrees.words(), from / 64);
        let slots = from - (object - object % STEP);
        slots + object % STEP * 3 / 2
    }

    /// The objects of a range with their slots, in order.
    #[inline]
    pub(super) fn ranges(&self, objects: Range<usize>) -> Ranges<'_> {
        let words = self.degrees.words();
        let begin = if objects.is_empty() { objects.start } else { self.begin_bit(words, objects.start) };
        let word = words.get(begin / 64).map_or(0, |word| word & (!0 << (begin % 64)));
        Ranges { words, at: begin / 64, word, slot: begin - objects.start, objects }
    }

    #[inline]
    fn begin_bit(&self, words: &[u64], object: usize) -> usize {
        let anchor = self.anchors[object / GROUP];
        // The anchor itself is a step of no bits.
        let steps = anchor >> POSITION_BITS << 8;
        let mut step = object % GROUP / STEP;
        let mut behind = steps >> (8 * step) & 0xff;
        while behind == TOO_FAR {
            step -= 1;
            behind = steps >> (8 * step) & 0xff;
        }
        let from = (anchor & POSITION) as usize + behind as usize;
        match object % GROUP - step * STEP {
            0 => from,
            before => nth_one(words, from, before - 1) + 1,
        }
    }
}

/// Iterator over the slots of consecutive objects.
pub(super) struct Ranges<'a> {
    words: &'a [u64],
    at: usize,
    /// The bits of the current word that were not yet passed.
    word: u64,
    slot: usize,
    objects: Range<usize>,
}

impl Iterator for Ranges<'_> {
    type Item = (usize, Range<usize>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let object = self.objects.next()?;
        while self.word == 0 {
            self.at += 1;
            self.word = self.words[self.at];
        }
        let end = self.at * 64 + self.word.trailing_zeros() as usize - object;
        self.word &= self.word - 1;
        let begin = std::mem::replace(&mut self.slot, end);
        Some((object, begin..end))
    }
}

/// Writes degree bits of consecutive objects. Words that two writers share are set by atomic operations, one per word.
#[derive(Debug)]
pub(super) struct DegreeWriter<'a> {
    words: &'a [AtomicU64],
    /// Position of the next bit.
    bit: usize,
    /// One bits of the word of the last one bit, not yet stored.
    word: u64,
    word_at: usize,
}

impl<'a> DegreeWriter<'a> {
    pub(super) fn new(words: &'a [AtomicU64], bit: usize) -> Self {
        Self { words, bit, word: 0, word_at: bit / 64 }
    }

    /// The list of the next object ends after `count` slots.
    #[inline]
    pub(super) fn end_list(&mut self, count: usize) {
        let bit = self.bit + count;
        if bit / 64 != self.word_at {
            self.store();
            self.word_at = bit / 64;
        }
        self.word |= 1 << (bit % 64);
        self.bit = bit + 1;
    }

    fn store(&mut self) {
        if self.word != 0 {
            self.words[self.word_at].fetch_or(self.word, Ordering::Relaxed);
            self.word = 0;
        }
    }
}

impl Drop for DegreeWriter<'_> {
    fn drop(&mut self) {
        self.store();
    }
}

/// The position of the first one bit at `from` or after it.
#[inline]
fn next_one(words: &[u64], from: usize) -> usize {
    let mut at = from / 64;
    let mut word = words[at] & (!0 << (from % 64));
    while word == 0 {
        at += 1;
        word = words[at];
    }
    at * 64 + word.trailing_zeros() as usize
}

/// The position of the one bit that has `rank` one bits between `from` and itself.
#[inline]
fn nth_one(words: &[u64], from: usize, mut rank: usize) -> usize {
    let mut at = from / 64;
    let mut word = words[at] & (!0 << (from % 64));
    loop {
        let ones = word.count_ones() as usize;
        if rank < ones {
            return at * 64 + select_in_word(word, rank);
        }
        rank -= ones;
        at += 1;
        word = words[at];
    }
}

/// For each byte and each rank, the position of that one bit in the byte; 0 if there are not so many.
const SELECT_IN_BYTE: [[u8; 8]; 256] = {
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut rank, mut bit) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 != 0 {
                table[byte][rank] = bit as u8;
                rank += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// The position of the `rank`-th (from 0) one bit of `word`, which has more than `rank`. Sums of bytes in parallel, as in
/// S. Vigna, "Broadword Implementation of Rank/Select Queries" (2008); the last byte by a table. It branches nowhere: no
/// processor can foretell the positions of bits.
#[inline]
fn select_in_word(word: u64, rank: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let nibbles = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    let sums = ((nibbles + (nibbles >> 4)) & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(ONES);
    let not_reached = ((rank as u64).wrapping_mul(ONES) | HIGH).wrapping_sub(sums) & HIGH;
    let shift = ((not_reached >> 7).wrapping_mul(ONES) >> 56) as usize * 8;
    let before = (sums << 8 >> shift & 0xff) as usize;
    let byte = word >> shift & 0xff;
    shift + usize::from(SELECT_IN_BYTE[byte as usize][(rank - before) % 8])
}

/// What the anchors have to be. One pass over the degrees.
fn made_anchors(words: &[u64], object_count: usize) -> impl Iterator<Item = u64> + '_ {
    let mut steps = StepPositions { words, at: 0, word: words.first().copied().unwrap_or(0) };
    (0..object_count.div_ceil(GROUP)).scan(0, move |position, _| {
        let mut anchor = *position;
        for step in 1..=GROUP / STEP {
            // Behind the last object there is no step.
            let next = steps.next();
            let behind = next.map_or(TOO_FAR, |next| (next - (anchor & POSITION)).min(TOO_FAR));
            if step < GROUP / STEP {
                anchor |= behind << (POSITION_BITS as usize + 8 * (step - 1));
            }
            *position = next.unwrap_or(0);
        }
        Some(anchor)
    })
}

/// Iterator over the bit positions of every [`STEP`]-th object but the first.
struct StepPositions<'a> {
    words: &'a [u64],
    at: usize,
    /// The bits of the word there that were not yet passed.
    word: u64,
}

impl Iterator for StepPositions<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let mut before = STEP - 1;
        loop {
            let ones = self.word.count_ones() as usize;
            if before < ones {
                let bit = select_in_word(self.word, before);
                self.word &= !1 << bit;
                return Some((self.at * 64 + bit + 1) as u64);
            }
            before -= ones;
            self.at += 1;
            self.word = *self.words.get(self.at)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::references::REFERENCES;
    use super::*;

    #[test]
    fn selects_every_bit_of_a_word() {
        for word in [1, 0x8000_0000_0000_0000, u64::MAX, 0xf0f0_0000_0000_1234, 0x0001_0203_ff00_8000] {
            let mut left = word;
            for rank in 0..word.count_ones() as usize {
                assert_eq!(select_in_word(word, rank), left.trailing_zeros() as usize, "{word:x} {rank}");
                left &= left - 1;
            }
        }
    }

    #[test]
    fn finds_lists_near_and_far_from_their_anchors() {
        // Short lists, then some that make steps of a byte too far, at the beginning, within and at the end of a group.
        let lengths = |object: u32| match object {
            70 | 127 | 128 | 200 => 300,
            150..155 => 60,
            _ => object % 3,
        };
        for count in [0, 1, 15, 16, 17, 63, 64, 65, 129, 201, 1000] {
            let counts: Vec<u32> = (0..count).map(lengths).collect();
            let shape =
                Shape::from_counts(&counts, REFERENCES, &Storage::default(), &Progress::silent()).unwrap();
            let mut begin = 0;
            for (object, &length) in counts.iter().enumerate() {
                let end = begin + length as usize;
                assert_eq!(shape.range(object), begin..end, "{object} of {count}");
                assert_eq!(shape.begin(object), begin, "{object} of {count}");
                begin = end;
            }
        }
    }
}
