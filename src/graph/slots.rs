//! Numbers of objects in as few bytes as all of them need.
//!
//! Owns how reference slots are kept: three bytes each in heaps of up to 16.7 million objects, else four. Where most of an analysis is waiting for memory, a
//! quarter less of it is read as well. Knows nothing of whose slots they are. Cost: a shift and a comparison more for each slot of three bytes.

use crate::prefetch::prefetch;
use crate::storage::{Access, Column, Storage, StorageError, split_mut};
use rayon::prelude::*;
use std::ops::Range;
use std::slice;

/// A number of three bytes, the lowest first.
pub(super) type Three = [u8; 3];

/// From here on numbers of three bytes stand for the last numbers of four, which are no objects.
const NO_OBJECT: u32 = 0xff_fffe;

#[inline]
fn widen([low, middle, high]: Three) -> u32 {
    let number = u32::from_le_bytes([low, middle, high, 0]);
    if number < NO_OBJECT { number } else { number | 0xff00_0000 }
}

#[inline]
fn narrow(number: u32) -> Three {
    let [low, middle, high, _] = number.to_le_bytes();
    [low, middle, high]
}

/// One slot as it is kept, for loops that are worth being compiled for each kind.
pub(super) trait Slot: Copy + Send + Sync {
    /// The number of an object, or [`DANGLING`](super::DANGLING).
    fn number(self) -> u32;
}

impl Slot for Three {
    #[inline]
    fn number(self) -> u32 {
        widen(self)
    }
}

impl Slot for u32 {
    #[inline]
    fn number(self) -> u32 {
        self
    }
}

/// How many bytes a number takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Three bytes.
    Three,
    /// Four bytes.
    Four,
}

impl Width {
    /// What the numbers of so many objects need.
    pub fn of(object_count: usize) -> Self {
        if object_count <= NO_OBJECT as usize { Self::Three } else { Self::Four }
    }
}

/// A column of numbers of objects, or of [`DANGLING`](super::DANGLING).
#[derive(Debug)]
pub enum SlotColumn {
    /// Of heaps with few objects.
    Three(Column<Three>),
    /// Of any heap.
    Four(Column<u32>),
}

impl SlotColumn {
    pub(super) fn new(
        width: Width,
        what: &'static str,
        count: usize,
        storage: &Storage,
    ) -> Result<Self, StorageError> {
        Ok(match width {
            Width::Three => Self::Three(storage.column(what, count, Access::Random)?),
            Width::Four => Self::Four(storage.column(what, count, Access::Random)?),
        })
    }

    /// All of them.
    #[inline]
    pub fn all(&self) -> Slots<'_> {
        match self {
            Self::Three(column) => Slots::Three(column),
            Self::Four(column) => Slots::Four(column),
        }
    }

    /// Cuts the column where parts begin (ascending), so that each can be filled by a thread of its own.
    pub(super) fn split_mut(&mut self, starts: &[usize]) -> Vec<SlotsMut<'_>> {
        match self {
            Self::Three(column) => split_mut(column, starts).into_iter().map(SlotsMut::Three).collect(),
            Self::Four(column) => split_mut(column, starts).into_iter().map(SlotsMut::Four).collect(),
        }
    }
}

impl SlotColumn {
    /// The same numbers in fewer bytes, if that is enough for so many objects.
    pub(super) fn narrowed(column: Column<u32>, object_count: usize) -> Self {
        match Width::of(object_count) {
            Width::Three => Self::Three(column.shrink_elements(narrow)),
            Width::Four => Self::Four(column),
        }
    }
}

impl From<Column<u32>> for SlotColumn {
    fn from(column: Column<u32>) -> Self {
        Self::Four(column)
    }
}

/// Some slots in a row, to be filled.
#[derive(Debug)]
pub(super) enum SlotsMut<'a> {
    Three(&'a mut [Three]),
    Four(&'a mut [u32]),
}

impl SlotsMut<'_> {
    /// # Panics
    /// If there is no such slot.
    #[inline]
    pub(super) fn put(&mut self, at: usize, number: u32) {
        match self {
            Self::Three(slots) => slots[at] = narrow(number),
            Self::Four(slots) => slots[at] = number,
        }
    }
}

/// Some slots in a row: numbers of objects, or [`DANGLING`](super::DANGLING).
#[derive(Debug, Clone, Copy)]
pub enum Slots<'a> {
    /// Of heaps with few objects.
    Three(&'a [Three]),
    /// Of any heap.
    Four(&'a [u32]),
}

impl<'a> Slots<'a> {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Self::Three(slots) => slots.len(),
            Self::Four(slots) => slots.len(),
        }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What stands in a slot; `None` if there are not so many.
    #[inline]
    pub fn get(&self, at: usize) -> Option<u32> {
        match self {
            Self::Three(slots) => slots.get(at).copied().map(widen),
            Self::Four(slots) => slots.get(at).copied(),
        }
    }

    /// Those of a range of slots.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        match self {
            Self::Three(slots) => Self::Three(&slots[range]),
            Self::Four(slots) => Self::Four(&slots[range]),
        }
    }

    /// Their bytes, as they stand in a kept index.
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Three(slots) => bytemuck::cast_slice(slots),
            Self::Four(slots) => bytemuck::cast_slice(slots),
        }
    }

    /// What stands in all of them, in order.
    #[inline]
    pub fn iter(&self) -> Iter<'a> {
        match self {
            Self::Three(slots) => Iter::Three(slots.iter()),
            Self::Four(slots) => Iter::Four(slots.iter()),
        }
    }

    /// Whether one of them has this number.
    pub fn contains(&self, number: u32) -> bool {
        self.iter().any(|other| other == number)
    }

    /// Whether `is` what stands in all of them; in parallel.
    pub(super) fn par_all(&self, is: impl Fn(u32) -> bool + Sync + Send) -> bool {
        match self {
            Self::Three(slots) => slots.par_iter().with_min_len(1 << 16).all(|&slot| is(widen(slot))),
            Self::Four(slots) => slots.par_iter().with_min_len(1 << 16).all(|&slot| is(slot)),
        }
    }

    /// Asks the processor for a slot.
    #[inline]
    pub(super) fn prefetch(&self, at: usize) {
        match self {
            Self::Three(slots) => prefetch(slots, at),
            Self::Four(slots) => prefetch(slots, at),
        }
    }
}

impl<'a> IntoIterator for Slots<'a> {
    type Item = u32;
    type IntoIter = Iter<'a>;

    #[inline]
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Iterator over what stands in slots; see [`Slots::iter`].
#[derive(Debug, Clone)]
pub enum Iter<'a> {
    /// Of heaps with few objects.
    Three(slice::Iter<'a, Three>),
    /// Of any heap.
    Four(slice::Iter<'a, u32>),
}

impl Iterator for Iter<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        match self {
            Self::Three(slots) => slots.next().copied().map(widen),
            Self::Four(slots) => slots.next().copied(),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Three(slots) => slots.size_hint(),
            Self::Four(slots) => slots.size_hint(),
        }
    }

    // Here and in `fold` it is asked once of which kind they are, and not for each.
    #[inline]
    fn all<F: FnMut(u32) -> bool>(&mut self, mut is: F) -> bool {
        match self {
            Self::Three(slots) => slots.all(|&slot| is(widen(slot))),
            Self::Four(slots) => slots.all(|&slot| is(slot)),
        }
    }

    #[inline]
    fn any<F: FnMut(u32) -> bool>(&mut self, mut is: F) -> bool {
        match self {
            Self::Three(slots) => slots.any(|&slot| is(widen(slot))),
            Self::Four(slots) => slots.any(|&slot| is(slot)),
        }
    }

    #[inline]
    fn fold<B, F: FnMut(B, u32) -> B>(self, init: B, mut take: F) -> B {
        match self {
            Self::Three(slots) => slots.fold(init, |sum, &slot| take(sum, widen(slot))),
            Self::Four(slots) => slots.fold(init, |sum, &slot| take(sum, slot)),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        match self {
            Self::Three(slots) => slots.next_back().copied().map(widen),
            Self::Four(slots) => slots.next_back().copied(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::DANGLING;

    #[test]
    fn three_bytes_are_enough_up_to_the_last_object() {
        for number in [0, 1, 255, 256, 65_535, 65_536, NO_OBJECT - 1, DANGLING - 1, DANGLING] {
            assert_eq!(widen(narrow(number)), number);
        }
        // The last object of the largest heap of three bytes has the number before `NO_OBJECT`.
        assert_eq!(Width::of(NO_OBJECT as usize), Width::Three);
        assert_eq!(Width::of(NO_OBJECT as usize + 1), Width::Four);
    }

    #[test]
    fn both_widths_say_the_same() {
        let numbers: Vec<u32> = (0..100).map(|at| at * 65_537).chain([DANGLING]).collect();
        let [three, four] = [Width::Three, Width::Four].map(|width| {
            let mut column = SlotColumn::new(width, "slots", numbers.len(), &Storage::default()).unwrap();
            for (part, first) in column.split_mut(&[0, 40]).iter_mut().zip([0, 40]) {
                let count = if first == 0 { 40 } else { numbers.len() - 40 };
                (0..count).for_each(|at| part.put(at, numbers[first + at]));
            }
            column
        });
        for slots in [three.all(), four.all()] {
            assert_eq!(slots.iter().collect::<Vec<_>>(), numbers);
            assert!(slots.iter().rev().eq(numbers.iter().rev().copied()));
            let sum = slots.iter().fold(0u64, |sum, slot| sum + u64::from(slot));
            assert_eq!(sum, numbers.iter().map(|&number| u64::from(number)).sum::<u64>());
            assert_eq!((slots.get(100), slots.get(101)), (Some(DANGLING), None));
            assert_eq!(slots.part(99..101).iter().collect::<Vec<_>>(), numbers[99..101]);
            assert!(slots.contains(65_537) && !slots.contains(65_538));
            assert!(!slots.par_all(|slot| slot != DANGLING));
        }
        assert_eq!((three.all().bytes().len(), four.all().bytes().len()), (303, 404));
    }
}
