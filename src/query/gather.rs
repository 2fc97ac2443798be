//! Gathers small records from all threads: the largest ones, or all of them in a column to be sorted.
//!
//! A column of known capacity costs what is written into it and respects the budget of memory; vectors that grow and are joined would for a
//! moment cost three times as much.

use crate::ix::ObjectIx;
use crate::storage::{atomic_u32, split_mut};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// Entries that a thread keeps to itself at first.
const BATCH: usize = 1 << 12;

/// Entries of `W` words that all threads write, in no order.
#[derive(Debug)]
pub(super) struct Gatherer<'c, const W: usize> {
    words: &'c [AtomicU32],
    len: AtomicUsize,
}

impl<'c, const W: usize> Gatherer<'c, W> {
    /// Entries are written to `words`, which has room for all that will ever be added.
    pub(super) fn new(words: &'c mut [u32]) -> Self {
        Self { words: atomic_u32(words), len: AtomicUsize::new(0) }
    }

    /// Adds an entry by way of the thread's own `batch`.
    #[inline]
    pub(super) fn push(&self, batch: &mut Vec<[u32; W]>, entry: [u32; W]) {
        batch.push(entry);
        if batch.len() >= BATCH {
            self.flush(batch);
        }
    }

    /// Adds what is in a batch.
    ///
    /// # Panics
    /// If there is no room: the capacity was miscounted.
    pub(super) fn flush(&self, batch: &mut Vec<[u32; W]>) {
        let at = self.len.fetch_add(batch.len(), Ordering::Relaxed) * W;
        let words = batch.as_flattened();
        for (slot, &word) in self.words[at..at + words.len()].iter().zip(words) {
            slot.store(word, Ordering::Relaxed);
        }
        batch.clear();
    }

    /// Adds what is left in two batches of which one is to be given up.
    pub(super) fn join(&self, mut first: Vec<[u32; W]>, mut second: Vec<[u32; W]>) -> Vec<[u32; W]> {
        first.append(&mut second);
        if first.len() >= BATCH {
            self.flush(&mut first);
        }
        first
    }

    /// How many entries were added, with what is left in the last batch.
    pub(super) fn finish(self, mut batch: Vec<[u32; W]>) -> usize {
        self.flush(&mut batch);
        self.len.into_inner()
    }
}

/// The first `len` entries in `words`, sorted.
pub(super) fn sorted(words: &mut [u32], len: usize) -> &[[u32; 2]] {
    let (entries, _) = words[..len * 2].as_chunks_mut::<2>();
    // Compared as one number: comparing word by word branches at each of them.
    entries.par_sort_unstable_by_key(|&[first, second]| u64::from(first) << 32 | u64::from(second));
    entries
}

/// Entries made by [`hashed`] that may have their like.
#[derive(Debug)]
pub(super) struct Alike<'a> {
    /// Sorted; what is alike stands in one of them.
    buckets: Vec<&'a [[u32; 3]]>,
    /// How many entries there were.
    pub(super) len: usize,
    /// How many of them are left out because nothing is like them.
    pub(super) alone: usize,
}

impl<'a> Alike<'a> {
    /// The entries with the same content, each time; single ones are among them.
    pub(super) fn groups(&self) -> impl Iterator<Item = &'a [[u32; 3]]> + '_ {
        self.buckets.iter().flat_map(|bucket| bucket.chunk_by(is_same))
    }

    /// The same on all threads.
    pub(super) fn par_groups(&self) -> impl ParallelIterator<Item = &'a [[u32; 3]]> + '_ {
        self.buckets.par_iter().flat_map_iter(|bucket| bucket.chunk_by(is_same))
    }
}

/// Finds what is alike among the first `len` entries made by [`hashed`] in `words`, which are put into another order; entries for which `keep` says so are not left
/// out. Hashes are spread evenly, so that their first bits tell at once about where each entry goes; what goes to one place fits into the cache of a processor.
/// Most contents are there once, and a few bits for each hash are enough to see that: only the others are sorted.
pub(super) fn alike(words: &mut [u32], len: usize, keep: impl Fn(ObjectIx) -> bool + Sync) -> Alike<'_> {
    const BUCKETS: usize = 256;
    let bucket = |entry: &[u32; 3]| (entry[0] >> 24) as usize;
    let (entries, _) = words[..len * 3].as_chunks_mut::<3>();
    let counts = entries.par_chunks(1 << 16).map(|entries| {
        let mut counts = [0usize; BUCKETS];
        entries.iter().for_each(|entry| counts[bucket(entry)] += 1);
        counts
    });
    let counts = counts.reduce(
        || [0; BUCKETS],
        |mut sum, counts| {
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            sum
        },
    );
    // Each bucket is filled from its front; an entry that stands where another bucket will be changes places with the next one there.
    let (mut next, mut ends, mut at) = ([0; BUCKETS], [0; BUCKETS], 0);
    for (number, count) in counts.into_iter().enumerate() {
        next[number] = at;
        at += count;
        ends[number] = at;
    }
    for number in 0..BUCKETS {
        while next[number] < ends[number] {
            let goes_to = bucket(&entries[next[number]]);
            if goes_to != number {
                entries.swap(next[number], next[goes_to]);
            }
            next[goes_to] += 1;
        }
    }
    let starts: Vec<usize> = std::iter::once(0).chain(ends).take(BUCKETS).collect();
    let buckets: Vec<&[[u32; 3]]> = split_mut(entries, &starts)
        .into_par_iter()
        .map_init(Twice::default, |twice, bucket| {
            twice.note(bucket);
            let mut kept = 0;
            for at in 0..bucket.len() {
                if twice.may_be(&bucket[at]) || keep(ObjectIx(bucket[at][2])) {
                    bucket[kept] = bucket[at];
                    kept += 1;
                }
            }
            let bucket = &mut bucket[..kept];
            // Compared as one number: comparing word by word branches at each of them.
            let key = |entry: &[u32; 3]| entry.iter().fold(0u128, |key, &word| key << 32 | u128::from(word));
            if bucket.len() > len / 16 {
                // One content that there is very much of.
                bucket.par_sort_unstable_by_key(key);
            } else {
                bucket.sort_unstable_by_key(key);
            }
            &*bucket
        })
        .collect();
    let kept: usize = buckets.iter().map(|bucket| bucket.len()).sum();
    Alike { buckets, len, alone: len - kept }
}

/// Which hashes were seen more than once, about: some that were seen once are taken for such, never the other way round.
#[derive(Default)]
struct Twice {
    /// Two bits for each place: seen, and seen again.
    words: Vec<u64>,
}

impl Twice {
    /// Places per entry: one in eight that are alone is taken for one that is not.
    const PLACES: usize = 8;
    /// No more words, a mebibyte for each thread, however many entries have one content: the budget of memory does not know of them.
    const MOST: usize = 1 << 17;

    /// Sees these entries, and forgets all others.
    fn note(&mut self, entries: &[[u32; 3]]) {
        self.words.clear();
        self.words.resize((entries.len() * Self::PLACES / 32).next_power_of_two().min(Self::MOST), 0);
        for entry in entries {
            let (word, shift) = self.place(entry);
            let seen = self.words[word] >> shift & 1;
            self.words[word] |= (1 | seen << 1) << shift;
        }
    }

    fn may_be(&self, entry: &[u32; 3]) -> bool {
        let (word, shift) = self.place(entry);
        self.words[word] >> shift & 2 != 0
    }

    /// The word of an entry and its place there, by the half of the hash that all entries of a bucket do not have in common.
    #[inline]
    fn place(&self, entry: &[u32; 3]) -> (usize, u32) {
        ((entry[1] / 32) as usize & (self.words.len() - 1), entry[1] % 32 * 2)
    }
}

/// An object with the hash of its content; ascending ones with the same content stand together.
#[inline]
pub(super) fn hashed(hash: u64, object: ObjectIx) -> [u32; 3] {
    [(hash >> 32) as u32, hash as u32, object.0]
}

/// Whether two entries made by [`hashed`] have the same content.
#[inline]
fn is_same(a: &[u32; 3], b: &[u32; 3]) -> bool {
    (a[0], a[1]) == (b[0], b[1])
}

/// The objects with the greatest numbers; of equal ones the first in the dump.
#[derive(Debug, Clone)]
pub(super) struct Largest {
    most: usize,
    heap: BinaryHeap<Reverse<(u64, Reverse<ObjectIx>)>>,
}

impl Largest {
    /// Keeps `most` of them.
    pub(super) fn new(most: usize) -> Self {
        Self { most, heap: BinaryHeap::new() }
    }

    /// Looks at one.
    #[inline]
    pub(super) fn push(&mut self, number: u64, object: ObjectIx) {
        let entry = (number, Reverse(object));
        if self.heap.len() < self.most {
            self.heap.push(Reverse(entry));
        } else if self.heap.peek().is_some_and(|least| least.0 < entry) {
            self.heap.pop();
            self.heap.push(Reverse(entry));
        }
    }

    /// The largest of both.
    pub(super) fn merge(mut self, other: Self) -> Self {
        other.heap.into_iter().for_each(|Reverse((number, Reverse(object)))| self.push(number, object));
        self
    }

    /// Largest first.
    pub(super) fn into_vec(self) -> Vec<(u64, ObjectIx)> {
        // Sorted by what is reversed: the largest comes first.
        self.heap
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse((number, Reverse(object)))| (number, object))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_largest_and_of_equal_ones_the_first() {
        let mut a = Largest::new(3);
        let mut b = Largest::new(3);
        [(5, 9), (1, 1), (7, 8)].into_iter().for_each(|(number, at)| a.push(number, ObjectIx(at)));
        [(5, 2), (5, 4), (0, 3)].into_iter().for_each(|(number, at)| b.push(number, ObjectIx(at)));
        let expected = vec![(7, ObjectIx(8)), (5, ObjectIx(2)), (5, ObjectIx(4))];
        assert_eq!(a.clone().merge(b.clone()).into_vec(), expected);
        assert_eq!(b.merge(a).into_vec(), expected);
    }

    #[test]
    fn finds_what_is_alike_whatever_the_hashes_are() {
        // All different, few different ones, one, half of them alone, none.
        for (count, different) in [(50_000, u64::MAX), (50_000, 300), (50_000, 1), (50_000, 30_000), (0, 1)] {
            let mut words: Vec<u32> = (0..count)
                .flat_map(|number| {
                    let hash = (u64::from(number) % different).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                    hashed(hash, ObjectIx(50_000 - number))
                })
                .collect();
            let mut all = words.as_chunks::<3>().0.to_vec();
            all.sort_unstable();
            let is_told = |same: &&[[u32; 3]]| same.len() > 1 || same[0][2] == 7;
            let expected: Vec<&[[u32; 3]]> = all.chunk_by(is_same).filter(is_told).collect();
            let alike = alike(&mut words, count as usize, |object| object.0 == 7);
            let mut told: Vec<&[[u32; 3]]> = alike.groups().filter(is_told).collect();
            told.sort_unstable();
            assert_eq!(told, expected, "{different}");
            assert_eq!(alike.groups().map(<[_]>::len).sum::<usize>() + alike.alone, count as usize);
            assert!(different != u64::MAX || alike.alone > 40_000, "{} are alone", alike.alone);
        }
    }

    #[test]
    fn what_is_remembered_of_many_hashes_is_bounded() {
        let entries = vec![hashed(7, ObjectIx(0)); 600_000];
        let mut twice = Twice::default();
        twice.note(&entries);
        assert!(twice.words.len() <= Twice::MOST, "{} words", twice.words.len());
        assert!(twice.may_be(&entries[0]));
    }

    #[test]
    fn gathers_all_entries_of_all_threads() {
        let mut words = vec![0; 2 * 100_000];
        let gatherer = Gatherer::<2>::new(&mut words);
        let rest = (0..100_000u32)
            .into_par_iter()
            .fold(Vec::new, |mut batch, number| {
                gatherer.push(&mut batch, [number % 7, number]);
                batch
            })
            .reduce(Vec::new, |a, b| gatherer.join(a, b));
        let len = gatherer.finish(rest);
        let mut expected: Vec<[u32; 2]> = (0..100_000).map(|number| [number % 7, number]).collect();
        expected.sort_unstable();
        assert_eq!(sorted(&mut words, len), expected);
    }
}
