//! Builds the address index while the scan runs: threads mark objects in shared bitmaps, and the numbers follow when all
//! parts are counted.
//!
//! A part of the file numbers its objects from zero; [`Marks::finish`] adds what came before. Cost while building: 32 bytes per
//! 64 granules.

use super::super::index::{AddressIndex, IRREGULAR, REGION_SHIFT, REGION_WORDS, Regions, Word};
use crate::hprof::ObjectId;
use crate::ix::ObjectIx;
use crate::storage::{Access, AtomicColumn, Storage, StorageError};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Objects begin at multiples of 8 bytes in every JVM; dumps with ids that are no addresses are indexed by a sorted list.
const SHIFT: u32 = 3;

/// The marks of the objects in one region of the address space: a part of a slab that regions share.
struct Region {
    slab: Arc<AtomicColumn>,
    first: usize,
}

/// Of each word two numbers: its bits, and the origin of the first object marked: the part, and the number within the part.
const NUMBERS: usize = 2;
/// Numbers of one region.
const REGION_NUMBERS: usize = NUMBERS * REGION_WORDS;
/// Regions that are asked for at once: 2 MiB.
const SLAB_REGIONS: usize = 64;

impl Region {
    #[inline]
    fn bits(&self, word: usize) -> &AtomicU64 {
        &self.slab[self.first + NUMBERS * word]
    }

    #[inline]
    fn origin(&self, word: usize) -> &AtomicU64 {
        &self.slab[self.first + NUMBERS * word + 1]
    }
}

/// Where the next region comes from.
#[derive(Default)]
struct Slab {
    numbers: Option<Arc<AtomicColumn>>,
    used: usize,
    failed: Option<StorageError>,
}

/// Consecutive objects of one part in one word.
#[derive(Clone, Copy)]
struct Fragment {
    granule_word: u64,
    bits: u64,
    origin: u64,
}

/// The bitmaps that all threads share.
pub(super) struct Marks {
    storage: Storage,
    slab: Mutex<Slab>,
    shards: Vec<RwLock<HashMap<u64, Arc<Region>>>>,
    regions: AtomicUsize,
    max_regions: usize,
    /// Fragments of words that were marked more than once.
    contested: Mutex<Vec<Fragment>>,
    /// Set when a bitmap cannot serve: odd addresses, duplicates, or too few objects for the address space they lie in.
    unfit: AtomicBool,
}

impl Marks {
    /// For a dump of `dump_bytes`: the bitmaps never take more memory than that and 64 MiB.
    pub(super) fn new(dump_bytes: usize, storage: &Storage) -> Self {
        let region_bytes = REGION_NUMBERS * size_of::<u64>();
        Self {
            storage: storage.clone(),
            slab: Mutex::default(),
            shards: (0..64).map(|_| RwLock::default()).collect(),
            regions: AtomicUsize::new(0),
            max_regions: (dump_bytes + (64 << 20)) / region_bytes,
            contested: Mutex::default(),
            unfit: AtomicBool::new(false),
        }
    }

    /// Whether the index has to be a sorted list instead.
    ///
    /// # Errors
    /// There was no memory and no scratch space for all marks.
    pub(super) fn is_unfit(&self) -> Result<bool, StorageError> {
        let mut slab = self.slab.lock().unwrap_or_else(PoisonError::into_inner);
        slab.failed.take().map_or_else(|| Ok(self.unfit.load(Ordering::Relaxed)), Err)
    }

    fn region(&self, number: u64) -> Option<Arc<Region>> {
        let shard = &self.shards[number as usize % self.shards.len()];
        if let Some(region) = shard.read().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Some(Arc::clone(region));
        }
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(region) = shard.get(&number) {
            return Some(Arc::clone(region));
        }
        if self.regions.fetch_add(1, Ordering::Relaxed) >= self.max_regions {
            return None;
        }
        let region = Arc::new(self.fresh_region()?);
        shard.insert(number, Arc::clone(&region));
        Some(region)
    }

    fn fresh_region(&self) -> Option<Region> {
        let mut slab = self.slab.lock().unwrap_or_else(PoisonError::into_inner);
        if slab.numbers.is_none() || slab.used == SLAB_REGIONS {
            let numbers = self.storage.column::<u64>("marks", SLAB_REGIONS * REGION_NUMBERS, Access::Random);
            match numbers {
                Ok(numbers) => slab.numbers = Some(Arc::new(AtomicColumn::from(numbers))),
                Err(error) => {
                    slab.failed = Some(error);
                    return None;
                }
            }
            slab.used = 0;
        }
        let first = slab.used * REGION_NUMBERS;
        slab.used += 1;
        Some(Region { slab: Arc::clone(slab.numbers.as_ref()?), first })
    }

    /// A writer for the objects of one part.
    pub(super) fn marker(&self, part: usize) -> Marker<'_> {
        Marker {
            marks: self,
            part: (part as u64) << 32,
            count: 0,
            granule_word: u64::MAX,
            bits: 0,
            first: 0,
            recent: (0..16).map(|_| None).collect(),
            contested: Vec::new(),
        }
    }

    /// The finished index. `first_by_part` has the number of the first object of each part.
    ///
    /// # Errors
    /// No memory for the words.
    pub(super) fn finish(self, storage: &Storage, first_by_part: &[u32]) -> Result<Numbered, StorageError> {
        let mut regions: Vec<(u64, Arc<Region>)> = self
            .shards
            .into_iter()
            .flat_map(|s| s.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect();
        regions.sort_unstable_by_key(|&(number, _)| number);
        let number_of = |origin: u64| first_by_part[(origin >> 32) as usize] + origin as u32;
        let mut words =
            storage.column::<Word>("address index", regions.len() * REGION_WORDS, Access::Random)?;
        // In parallel not for the work but for the memory, which the kernel has to clear.
        let objects: u64 = words
            .par_chunks_mut(REGION_WORDS)
            .zip(&regions)
            .map(|(words, (_, region))| {
                let mut objects = 0;
                for (at, word) in words.iter_mut().enumerate() {
                    word.bits = region.bits(at).load(Ordering::Relaxed);
                    if word.bits != 0 {
                        word.first = number_of(region.origin(at).load(Ordering::Relaxed));
                        objects += u64::from(word.bits.count_ones());
                    }
                }
                objects
            })
            .sum();
        let numbers = regions.iter().map(|&(number, _)| number).collect();
        drop(regions);
        let mut index = AddressIndex {
            shift: SHIFT,
            regions: Regions::new(numbers),
            words,
            irregular: Vec::new(),
            by_rank: None,
        };
        let contested = self.contested.into_inner().unwrap_or_else(PoisonError::into_inner);
        let irregular = settle(&mut index, contested, number_of);
        // A word or two where regions meet is ordinary; when a good part is irregular, the order of the file is none.
        let scattered = irregular.len() as u64 > 4096 + objects / 64;
        if scattered {
            let mut rank = 0;
            for word in index.words.iter_mut() {
                word.first = rank;
                rank += word.bits.count_ones();
            }
        } else {
            index.irregular = irregular;
        }
        Ok(Numbered { index, scattered })
    }
}

/// An index, to be completed with a permutation if `scattered`.
pub(super) struct Numbered {
    pub(super) index: AddressIndex,
    pub(super) scattered: bool,
}

impl Numbered {
    /// The index with the permutation; `by_rank` has one entry per object and is filled through [`AddressIndex::rank`].
    pub(super) fn with_permutation(mut self, by_rank: crate::storage::Column<u32>) -> AddressIndex {
        self.index.by_rank = Some(by_rank);
        self.index
    }
}

impl AddressIndex {
    /// How many objects have lower addresses; only in an index whose words hold ranks, for an address that is in it.
    pub(super) fn rank(&self, id: ObjectId) -> Option<usize> {
        let (word, bit) = self.place(id.0)?;
        let word = &self.words[word];
        Some((word.first + (word.bits & ((1 << bit) - 1)).count_ones()) as usize)
    }

    /// An index that is nothing but a sorted list; of objects with the same address the one with the lowest number stays.
    pub(super) fn sorted(mut objects: Vec<(u64, ObjectIx)>) -> Self {
        objects.sort_unstable();
        objects.dedup_by_key(|&mut (address, _)| address);
        Self {
            shift: SHIFT,
            regions: Regions::new(Vec::new()),
            words: crate::storage::Column::empty(),
            irregular: objects,
            by_rank: None,
        }
    }
}

/// Looks at the words that were marked more than once: those whose objects are numbered in address order all the same
/// get their first number; the objects of the others are returned, ascending by address.
fn settle(
    index: &mut AddressIndex,
    mut contested: Vec<Fragment>,
    number_of: impl Fn(u64) -> u32,
) -> Vec<(u64, ObjectIx)> {
    contested.sort_unstable_by_key(|f| (f.granule_word, f.origin));
    let mut irregular = Vec::new();
    for fragments in contested.chunk_by(|a, b| a.granule_word == b.granule_word) {
        let granule_word = fragments[0].granule_word;
        let Some((at, _)) = index.place((granule_word * 64) << SHIFT) else { continue };
        let word = index.words[at];
        let others = fragments.iter().fold(0, |bits, f| bits | f.bits);
        let first_marked = (word.bits & !others, word.first);
        let mut objects: Vec<(u32, u32)> = std::iter::once(first_marked)
            .chain(fragments.iter().map(|f| (f.bits, number_of(f.origin))))
            .flat_map(|(bits, first)| ones(bits).zip(first..))
            .collect();
        objects.sort_unstable();
        let consecutive = objects.windows(2).all(|pair| pair[1].1 == pair[0].1 + 1);
        index.words[at].first = if consecutive { objects[0].1 } else { IRREGULAR };
        if !consecutive {
            let address = |bit: u32| (granule_word * 64 + u64::from(bit)) << SHIFT;
            irregular.extend(objects.into_iter().map(|(bit, number)| (address(bit), ObjectIx(number))));
        }
    }
    irregular.sort_unstable();
    irregular
}

fn ones(bits: u64) -> impl Iterator<Item = u32> {
    std::iter::successors((bits != 0).then_some(bits), |b| Some(b & (b - 1)).filter(|&b| b != 0))
        .map(u64::trailing_zeros)
}

/// Marks the objects of one part, in file order.
pub(super) struct Marker<'m> {
    marks: &'m Marks,
    part: u64,
    count: u32,
    granule_word: u64,
    bits: u64,
    first: u32,
    /// The regions met last, by their lowest bits.
    recent: Vec<Option<(u64, Arc<Region>)>>,
    contested: Vec<Fragment>,
}

impl Marker<'_> {
    /// The next object of the part.
    #[inline]
    pub(super) fn mark(&mut self, id: ObjectId) {
        let granule = id.0 >> SHIFT;
        if granule << SHIFT != id.0 {
            self.marks.unfit.store(true, Ordering::Relaxed);
        }
        let bit = 1 << (granule % 64);
        // A fragment holds objects of one word in ascending order.
        if granule / 64 != self.granule_word || bit <= self.bits {
            self.flush();
            self.granule_word = granule / 64;
            self.first = self.count;
        }
        self.bits |= bit;
        self.count += 1;
    }

    fn flush(&mut self) {
        if self.bits == 0 {
            return;
        }
        let bits = std::mem::take(&mut self.bits);
        let number = self.granule_word / REGION_WORDS as u64;
        let slot = &mut self.recent[number as usize % 16];
        if slot.as_ref().is_none_or(|&(known, _)| known != number) {
            let Some(region) = self.marks.region(number) else {
                self.marks.unfit.store(true, Ordering::Relaxed);
                return;
            };
            *slot = Some((number, region));
        }
        let Some((_, region)) = slot else { return };
        debug_assert_eq!(REGION_WORDS.trailing_zeros() + 6, REGION_SHIFT);
        let word = self.granule_word as usize % REGION_WORDS;
        let origin = self.part | u64::from(self.first);
        let before = region.bits(word).fetch_or(bits, Ordering::Relaxed);
        if before == 0 {
            region.origin(word).store(origin, Ordering::Relaxed);
        } else if before & bits != 0 {
            // Two objects with one id.
            self.marks.unfit.store(true, Ordering::Relaxed);
        } else {
            self.contested.push(Fragment { granule_word: self.granule_word, bits, origin });
        }
    }

    /// Ends the part; returns how many objects it has.
    pub(super) fn end(mut self) -> u32 {
        self.flush();
        if !self.contested.is_empty() {
            let mut all = self.marks.contested.lock().unwrap_or_else(PoisonError::into_inner);
            all.append(&mut self.contested);
        }
        self.count
    }
}
