//! Address to object: a ranked bitmap over the address space.
//!
//! Owns the map from an [`ObjectId`] to the dense number of the object. The address space is cut into regions of 2^17 granules
//! (1 MiB for 8-byte granules); only regions with objects have words. A word covers 64 granules: one bit for each granule at
//! which an object begins, and the number of the first of them. Objects are numbered in file order; within a word that is nearly
//! always address order too, so the number is `first + rank`. Where it is not, the objects of the word stand in a sorted list; in
//! dumps whose order has nothing to do with addresses (ZGC) a permutation by address rank is kept (4 bytes per object).
//!
//! Cost: 16 bytes per 64 granules, 1.3 bytes per object in ordinary heaps; a look-up touches one cache line of words.

use crate::hprof::ObjectId;
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::storage::Column;
use bytemuck::{Pod, Zeroable};
use hashbrown::HashMap;

/// Granules in a word.
const WORD_BITS: u64 = 64;
/// Words in a region.
pub(super) const REGION_WORDS: usize = 2048;
/// log2 of the granules in a region.
pub(super) const REGION_SHIFT: u32 = 17;
/// [`Word::first`] of a word whose objects stand in the list of irregular ones.
pub(super) const IRREGULAR: u32 = u32::MAX;

/// 64 granules of the address space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Word {
    /// Where objects begin.
    pub(super) bits: u64,
    /// The number of the first object, or its rank, or [`IRREGULAR`].
    pub(super) first: u32,
    pub(super) unused: u32,
}

/// Maps addresses to objects.
#[derive(Debug)]
pub(super) struct AddressIndex {
    /// log2 of the granule: objects begin at multiples of it.
    pub(super) shift: u32,
    /// The regions that hold objects, ascending.
    pub(super) regions: Regions,
    pub(super) words: Column<Word>,
    /// Objects of irregular words, ascending by address.
    pub(super) irregular: Vec<(u64, ObjectIx)>,
    /// The object of each rank, when numbers and addresses have nothing to do with each other.
    pub(super) by_rank: Option<Column<u32>>,
}

/// Finds the slot of a region.
#[derive(Debug)]
pub(super) struct Regions {
    /// Numbers of the regions that hold objects, ascending.
    pub(super) numbers: Vec<u64>,
    first: u64,
    table: Table,
}

#[derive(Debug)]
enum Table {
    /// Slot plus one of each region from the first to the last.
    Direct(Vec<u32>),
    Hashed(HashMap<u64, u32>),
}

impl Regions {
    pub(super) fn new(numbers: Vec<u64>) -> Self {
        debug_assert!(numbers.is_sorted());
        let first = numbers.first().copied().unwrap_or(0);
        let span = numbers.last().map_or(0, |last| last - first + 1);
        let slots = || numbers.iter().zip(0u32..);
        let table = if span <= 4096 + 64 * numbers.len() as u64 {
            let mut direct = vec![0; span as usize];
            for (&number, slot) in slots() {
                direct[(number - first) as usize] = slot + 1;
            }
            Table::Direct(direct)
        } else {
            Table::Hashed(slots().map(|(&number, slot)| (number, slot)).collect())
        };
        Self { numbers, first, table }
    }

    #[inline]
    fn slot(&self, region: u64) -> Option<usize> {
        match &self.table {
            Table::Direct(direct) => {
                let slot = *direct.get(usize::try_from(region.wrapping_sub(self.first)).ok()?)?;
                (slot as usize).checked_sub(1)
            }
            Table::Hashed(map) => map.get(&region).map(|&slot| slot as usize),
        }
    }
}

impl AddressIndex {
    /// The object at that address.
    #[inline]
    pub(super) fn find(&self, id: ObjectId) -> Option<ObjectIx> {
        let Some((word, bit)) = self.place(id.0) else { return self.find_irregular(id.0) };
        let word = &self.words[word];
        if word.bits >> bit & 1 == 0 {
            return None;
        }
        if word.first == IRREGULAR {
            return self.find_irregular(id.0);
        }
        let below = word.bits & ((1 << bit) - 1);
        let rank = word.first + below.count_ones();
        Some(ObjectIx(match &self.by_rank {
            None => rank,
            Some(by_rank) => by_rank[rank as usize],
        }))
    }

    /// Asks the processor for what [`Self::find`] will need.
    #[inline]
    pub(super) fn prefetch(&self, id: ObjectId) {
        if let Some((word, _)) = self.place(id.0) {
            prefetch(&self.words, word);
        }
    }

    /// Where the address lies in `words`, `None` outside of all regions or between granules.
    #[inline]
    pub(super) fn place(&self, address: u64) -> Option<(usize, u32)> {
        let granule = address >> self.shift;
        if granule << self.shift != address {
            return None;
        }
        let slot = self.regions.slot(granule >> REGION_SHIFT)?;
        let word = slot * REGION_WORDS + (granule / WORD_BITS) as usize % REGION_WORDS;
        Some((word, (granule % WORD_BITS) as u32))
    }

    #[cold]
    fn find_irregular(&self, address: u64) -> Option<ObjectIx> {
        let at = self.irregular.binary_search_by_key(&address, |&(address, _)| address).ok()?;
        Some(self.irregular[at].1)
    }

    /// The lowest address above `address` at which an object begins, looking at most `reach` words ahead.
    #[inline]
    pub(super) fn next_address(&self, address: u64, reach: usize) -> Option<u64> {
        let (at, bit) = self.place(address)?;
        let above = self.words[at].bits & (u64::MAX << bit) & !(1 << bit);
        if above != 0 {
            return Some(self.address(at, above.trailing_zeros()));
        }
        for ahead in 1..=reach {
            let word = at + ahead;
            // The next slot is the next megabyte only where the regions are neighbours.
            let (slot, before) = (word / REGION_WORDS, (word - 1) / REGION_WORDS);
            if slot != before && self.regions.numbers.get(slot) != Some(&(self.regions.numbers[before] + 1)) {
                return None;
            }
            let bits = self.words.get(word)?.bits;
            if bits != 0 {
                return Some(self.address(word, bits.trailing_zeros()));
            }
        }
        None
    }

    fn address(&self, word: usize, bit: u32) -> u64 {
        let region = self.regions.numbers[word / REGION_WORDS];
        let granule = (region << REGION_SHIFT) + (word % REGION_WORDS) as u64 * WORD_BITS + u64::from(bit);
        granule << self.shift
    }

    /// How many different addresses there are. Reads all words.
    pub(super) fn len(&self) -> usize {
        let in_words: usize = self
            .words
            .iter()
            .filter(|word| word.first != IRREGULAR)
            .map(|word| word.bits.count_ones() as usize)
            .sum();
        in_words + self.irregular.len()
    }
}
