//! Columns by object: its class, and for arrays the length.
//!
//! Cost: 2 bytes per object for the class (4 with 2^16 classes and more), an eighth for the array bit, 4 per array.

use super::build::ClassWriter;
use crate::graph::HubColumn;
use crate::ix::{ClassIx, ObjectIx};
use crate::prefetch::prefetch;
use crate::storage::{Access, BitColumn, Column, RankedBits, Storage, StorageError, split_mut};
use std::ops::Range;

/// The class of each object.
#[derive(Debug)]
pub(super) enum ClassColumn {
    U16(Column<u16>),
    U32(Column<u32>),
}

impl ClassColumn {
    pub(super) fn new(storage: &Storage, objects: usize, classes: usize) -> Result<Self, StorageError> {
        const WHAT: &str = "classes of objects";
        Ok(if classes <= 1 << 16 {
            Self::U16(storage.column(WHAT, objects, Access::Random)?)
        } else {
            Self::U32(storage.column(WHAT, objects, Access::Random)?)
        })
    }

    #[inline]
    pub(super) fn get(&self, object: ObjectIx) -> ClassIx {
        ClassIx(match self {
            Self::U16(column) => u32::from(column[object.index()]),
            Self::U32(column) => column[object.index()],
        })
    }

    #[inline]
    pub(super) fn prefetch(&self, object: ObjectIx) {
        match self {
            Self::U16(column) => prefetch(column, object.index()),
            Self::U32(column) => prefetch(column, object.index()),
        }
    }

    /// Those of `objects`, at most 64, whose class is `class`: the lowest bit is the first of them.
    #[inline]
    pub(super) fn mask_of(&self, objects: Range<usize>, class: ClassIx) -> u64 {
        fn mask<T: PartialEq + Copy>(classes: &[T], class: T) -> u64 {
            // Whether there is any is told by comparing several at once.
            if !classes.iter().fold(false, |any, &other| any | (other == class)) {
                return 0;
            }
            (0..).zip(classes).fold(0, |mask, (at, &other)| mask | u64::from(other == class) << at)
        }
        match self {
            Self::U16(column) => u16::try_from(class.0).map_or(0, |class| mask(&column[objects], class)),
            Self::U32(column) => mask(&column[objects], class.0),
        }
    }

    pub(super) fn split_mut(&mut self, starts: &[usize]) -> Vec<ClassWriter<'_>> {
        match self {
            Self::U16(column) => split_mut(column, starts).into_iter().map(ClassWriter::U16).collect(),
            Self::U32(column) => split_mut(column, starts).into_iter().map(ClassWriter::U32).collect(),
        }
    }

    pub(super) fn hubs(&self) -> HubColumn<'_> {
        match self {
            Self::U16(column) => HubColumn::U16(column),
            Self::U32(column) => HubColumn::U32(column),
        }
    }
}

/// Which objects are arrays, and how long they are.
#[derive(Debug)]
pub(super) struct ArrayLengths {
    arrays: RankedBits,
    lengths: Column<u32>,
}

impl ArrayLengths {
    pub(super) fn new(
        storage: &Storage,
        is_array: BitColumn,
        lengths: Column<u32>,
    ) -> Result<Self, StorageError> {
        let arrays = RankedBits::new(is_array, storage, "array ranks")?;
        debug_assert_eq!(arrays.count(), lengths.len());
        Ok(Self { arrays, lengths })
    }

    /// Columns that were kept; `None` if they do not fit each other.
    pub(super) fn restore(
        storage: &Storage,
        is_array: BitColumn,
        lengths: Column<u32>,
    ) -> Result<Option<Self>, StorageError> {
        let fits = is_array.count_ones() == lengths.len();
        Ok(if fits { Some(Self::new(storage, is_array, lengths)?) } else { None })
    }

    /// The columns to keep: words of the bitmap, lengths.
    pub(super) fn columns(&self) -> (&[u64], &[u32]) {
        (self.arrays.bits().words(), &self.lengths)
    }

    /// How many objects are arrays.
    pub(super) fn count(&self) -> usize {
        self.lengths.len()
    }

    #[inline]
    pub(super) fn get(&self, object: ObjectIx) -> Option<u32> {
        self.arrays.rank(object.index()).map(|place| self.lengths[place])
    }
}
