//! Retained sizes in two bytes for each object, and the few that do not fit apart.
//!
//! Owns both forms: the one that all threads write while sizes are summed up, and the finished one. Nearly all objects retain less than half a megabyte. Where more than one in [`OBJECTS_PER_LARGE`]
//! does not, as in a chain of millions, this form is given up. Cost: 2 bytes per object, at most 12 for each that is large; a few steps of a search for each look at one of these.

use super::super::error::GraphError;
use super::super::references::tasks;
use super::Cells;
use crate::storage::{Access, Column, Storage, StorageError, atomic_u16};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// In place of a size that does not fit.
const LARGE: u16 = u16::MAX;
/// How many objects there are for each that may be large,
const OBJECTS_PER_LARGE: usize = 64;
/// and how many may be in any heap.
const ALWAYS: usize = 1024;
/// Threads that sum up large objects at the same time seldom meet.
const SHARDS: usize = 64;

/// Finished sizes, in units.
#[derive(Debug)]
pub struct ShortSizes {
    units: Column<u16>,
    /// Ascending.
    large_objects: Column<u32>,
    large_units: Column<u64>,
}

impl ShortSizes {
    /// Puts together columns that were kept in a file; `None` if they do not fit each other. Reads all of them once.
    pub fn from_columns(
        units: Column<u16>,
        large_objects: Column<u32>,
        large_units: Column<u64>,
    ) -> Option<Self> {
        let large = units.par_iter().filter(|&&units| units == LARGE).count();
        let is_large = |&object: &u32| units.get(object as usize) == Some(&LARGE);
        let fits = large == large_objects.len()
            && large == large_units.len()
            && large_objects.is_sorted_by(|a, b| a < b)
            && large_objects.iter().all(is_large);
        fits.then_some(Self { units, large_objects, large_units })
    }

    /// The columns, to be kept in a file: units of all objects, the large objects, and their units.
    pub fn columns(&self) -> (&[u16], &[u32], &[u64]) {
        (&self.units, &self.large_objects, &self.large_units)
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there are no objects.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    #[inline]
    pub(super) fn units(&self, object: u32) -> u64 {
        match self.units[object as usize] {
            LARGE => self.large(object),
            units => u64::from(units),
        }
    }

    #[cold]
    fn large(&self, object: u32) -> u64 {
        let place = self.large_objects.binary_search(&object);
        self.large_units[place.expect("every size that does not fit is among the large ones")]
    }

    /// All of them but the large ones.
    pub(super) fn column(&self) -> &[u16] {
        &self.units
    }
}

/// Sizes that are being summed up.
pub(super) struct ShortCells<'a> {
    units: &'a [AtomicU16],
    large: Vec<Mutex<HashMap<u32, u64>>>,
    large_count: AtomicUsize,
    /// Too many are large: the sizes are worth nothing any more.
    is_given_up: AtomicBool,
}

impl<'a> ShortCells<'a> {
    pub(super) fn new(units: &'a mut [u16]) -> Self {
        Self {
            units: atomic_u16(units),
            large: (0..SHARDS).map(|_| Mutex::default()).collect(),
            large_count: AtomicUsize::new(0),
            is_given_up: AtomicBool::new(false),
        }
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::Relaxed)
    }

    /// All sizes are zero again.
    pub(super) fn clear(&mut self) {
        tasks(self.units.len()).for_each(|objects| {
            self.units[objects].iter().for_each(|cell| cell.store(0, Ordering::Relaxed));
        });
        *self.large_count.get_mut() = 0;
        *self.is_given_up.get_mut() = false;
        for shard in &mut self.large {
            shard.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Those that do not fit, to be put together with the others by [`finish`].
    pub(super) fn into_large(self) -> Vec<(u32, u64)> {
        let shards =
            self.large.into_iter().map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut large: Vec<(u32, u64)> = shards.flatten().collect();
        large.sort_unstable();
        large
    }

    fn shard(&self, at: usize) -> &Mutex<HashMap<u32, u64>> {
        &self.large[at % SHARDS]
    }
}

/// Finished sizes of what was summed up.
pub(super) fn finish(
    units: Column<u16>,
    large: &[(u32, u64)],
    storage: &Storage,
) -> Result<ShortSizes, GraphError> {
    let column = || -> Result<_, StorageError> {
        let mut objects = storage.column::<u32>("large retained sizes", large.len(), Access::Random)?;
        let mut sizes = storage.column::<u64>("large retained sizes", large.len(), Access::Random)?;
        objects.iter_mut().zip(large).for_each(|(to, &(object, _))| *to = object);
        sizes.iter_mut().zip(large).for_each(|(to, &(_, units))| *to = units);
        Ok((objects, sizes))
    };
    let (large_objects, large_units) = column()?;
    Ok(ShortSizes { units, large_objects, large_units })
}

impl Cells for ShortCells<'_> {
    fn len(&self) -> usize {
        self.units.len()
    }

    #[inline]
    fn get(&self, at: usize) -> u64 {
        match self.units[at].load(Ordering::Relaxed) {
            LARGE => {
                let shard = self.shard(at).lock().unwrap_or_else(PoisonError::into_inner);
                shard.get(&(at as u32)).copied().unwrap_or(0)
            }
            units => u64::from(units),
        }
    }

    #[inline]
    fn put(&self, at: usize, units: u64) {
        let short = u16::try_from(units).unwrap_or(LARGE);
        if short == LARGE && !self.is_given_up() {
            let mut shard = self.shard(at).lock().unwrap_or_else(PoisonError::into_inner);
            if shard.insert(at as u32, units).is_none() {
                let most = ALWAYS + self.units.len() / OBJECTS_PER_LARGE;
                if self.large_count.fetch_add(1, Ordering::Relaxed) >= most {
                    self.is_given_up.store(true, Ordering::Relaxed);
                }
            }
        }
        self.units[at].store(short, Ordering::Relaxed);
    }
}
