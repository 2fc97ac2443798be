//! Columns by object: its class, and for arrays the length.
//!
//! Cost: 2 bytes per object for the class (4 with 2^16 classes and more), an eighth for the array bit, 4 per array.

use super::build::ClassWriter;
use crate::graph::HubColumn;
use crate::ix::{ClassIx, ObjectIx};
use crate::storage::{Access, BitColumn, Column, Storage, StorageError, split_mut};

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

/// Words of the array bitmap from one count to the next. One costs half a bit per object and spares a loop that every size of an array
/// would go through.
const RANK_WORDS: usize = 1;

/// Which objects are arrays, and how long they are.
#[derive(Debug)]
pub(super) struct ArrayLengths {
    is_array: BitColumn,
    /// How many arrays come before each group of words of `is_array`.
    before: Column<u32>,
    lengths: Column<u32>,
}

impl ArrayLengths {
    pub(super) fn new(
        storage: &Storage,
        is_array: BitColumn,
        lengths: Column<u32>,
    ) -> Result<Self, StorageError> {
        let words = is_array.words();
        let mut before =
            storage.column::<u32>("array ranks", words.len().div_ceil(RANK_WORDS), Access::Random)?;
        let mut count = 0;
        for (slot, group) in before.iter_mut().zip(words.chunks(RANK_WORDS)) {
            *slot = count;
            count += group.iter().map(|word| word.count_ones()).sum::<u32>();
        }
        debug_assert_eq!(count as usize, lengths.len());
        Ok(Self { is_array, before, lengths })
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
        (self.is_array.words(), &self.lengths)
    }

    /// How many objects are arrays.
    pub(super) fn count(&self) -> usize {
        self.lengths.len()
    }

    #[inline]
    pub(super) fn get(&self, object: ObjectIx) -> Option<u32> {
        let at = object.index();
        if !self.is_array.get(at) {
            return None;
        }
        let (word, words) = (at / 64, self.is_array.words());
        let group = word / RANK_WORDS;
        let whole: u32 = words[group * RANK_WORDS..word].iter().map(|word| word.count_ones()).sum();
        let below = (words[word] & ((1 << (at % 64)) - 1)).count_ones();
        Some(self.lengths[(self.before[group] + whole + below) as usize])
    }
}
