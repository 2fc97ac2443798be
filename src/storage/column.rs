//! A column: a long array of numbers on anonymous pages or in a mapped file, dereferencing to a slice.
//!
//! Cost: the numbers alone. Pages are zero and untouched until written, so a fresh column costs nothing yet.

use super::store::Lease;
use bytemuck::{Pod, Zeroable};
use memmap2::{Mmap, MmapMut};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64};

/// What a column can hold: plain old data.
pub trait Element: Pod + Zeroable + Send + Sync {}
impl<T: Pod + Zeroable + Send + Sync> Element for T {}

/// A long array of `T`. Reading past the end panics as with slices.
#[derive(Debug)]
pub struct Column<T> {
    bytes: Bytes,
    len: usize,
    of: PhantomData<T>,
}

#[derive(Debug)]
enum Bytes {
    Empty,
    Own {
        map: MmapMut,
        _lease: Lease,
    },
    /// A part of a file that others share, as in a kept index.
    Shared {
        map: Arc<Mmap>,
        range: Range<usize>,
    },
}

impl<T: Element> Column<T> {
    /// A column without elements.
    pub fn empty() -> Self {
        Self { bytes: Bytes::Empty, len: 0, of: PhantomData }
    }

    pub(super) fn mapped(map: MmapMut, len: usize, lease: Lease) -> Self {
        Self { bytes: Bytes::Own { map, _lease: lease }, len, of: PhantomData }
    }

    /// The elements that stand in `range` (bytes) of a mapped file, in this machine's byte order. `None` if the range lies outside
    /// of the file, is not aligned for `T` or is not a whole number of elements.
    pub fn from_map(map: Arc<Mmap>, range: Range<usize>) -> Option<Self> {
        let bytes = map.get(range.clone())?;
        let len = bytemuck::try_cast_slice::<u8, T>(bytes).ok()?.len();
        Some(Self { bytes: Bytes::Shared { map, range }, len, of: PhantomData })
    }
}

impl<T: Element> Deref for Column<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.bytes {
            Bytes::Empty => &[],
            Bytes::Own { map, .. } => bytemuck::cast_slice(&map[..self.len * size_of::<T>()]),
            Bytes::Shared { map, range } => bytemuck::cast_slice(&map[range.clone()]),
        }
    }
}

impl<T: Element> DerefMut for Column<T> {
    /// # Panics
    /// If the column is a part of a kept index: those are never written.
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.bytes {
            Bytes::Empty => &mut [],
            Bytes::Own { map, .. } => bytemuck::cast_slice_mut(&mut map[..self.len * size_of::<T>()]),
            Bytes::Shared { .. } => panic!("a column of a kept index is read-only"),
        }
    }
}

macro_rules! atomic_view {
    ($name:ident, $plain:ty, $atomic:ty) => {
        /// The same numbers as atomics, for parallel writers that may meet.
        pub fn $name(numbers: &mut [$plain]) -> &[$atomic] {
            const {
                assert!(size_of::<$plain>() == size_of::<$atomic>());
                assert!(align_of::<$plain>() == align_of::<$atomic>());
            }
            // SAFETY: same size and alignment (checked above), and the exclusive borrow means that for its lifetime
            // nobody reads or writes the numbers in a way that is not atomic.
            #[expect(unsafe_code, reason = "std's from_mut_slice is not stable")]
            unsafe {
                &*(std::ptr::from_mut(numbers) as *const [$atomic])
            }
        }
    };
}

atomic_view!(atomic_u8, u8, AtomicU8);
atomic_view!(atomic_u32, u32, AtomicU32);
atomic_view!(atomic_u64, u64, AtomicU64);

/// Cuts a slice into consecutive parts that begin at `starts` (ascending, the first is 0), so that each can be written by another thread.
pub fn split_mut<'a, T>(slice: &'a mut [T], starts: &[usize]) -> Vec<&'a mut [T]> {
    let mut parts = Vec::with_capacity(starts.len());
    let mut rest = slice;
    for (at, &start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(start + rest.len());
        let (part, tail) = rest.split_at_mut(end - start);
        parts.push(part);
        rest = tail;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::{Access, Storage};
    use super::*;
    use std::sync::atomic::Ordering;

    #[test]
    fn writes_through_atomics_and_slices() {
        let mut column = Storage::default().column::<u32>("test", 3, Access::Random).unwrap();
        column[0] = 7;
        atomic_u32(&mut column)[2].fetch_add(5, Ordering::Relaxed);
        assert_eq!(&column[..], &[7, 0, 5]);
    }

    #[test]
    fn splits_at_starts() {
        let mut numbers = [1, 2, 3, 4];
        let parts = split_mut(&mut numbers, &[0, 1, 1]);
        assert_eq!(parts, [&mut [1][..], &mut [], &mut [2, 3, 4]]);
    }
}
