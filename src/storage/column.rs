//! A column: a long array of numbers on anonymous pages or in a mapped file, dereferencing to a slice.
//!
//! Cost: the numbers alone. Pages are zero and untouched until written, so a fresh column costs nothing yet.

use super::store::Lease;
use bytemuck::{Pod, Zeroable};
use memmap2::{Mmap, MmapMut};
use std::ops::{Deref, DerefMut, Range};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, AtomicU64};

/// What a column can hold: plain old data.
pub trait Element: Pod + Zeroable + Send + Sync {}
impl<T: Pod + Zeroable + Send + Sync> Element for T {}

/// A long array of `T`. Reading past the end panics as with slices.
#[derive(Debug)]
pub struct Column<T> {
    /// The first element, inside of what `owner` keeps mapped. Kept apart from it because the loops over objects read columns
    /// billions of times, and finding the slice in the owner costs more than the read.
    start: NonNull<T>,
    len: usize,
    owner: Owner,
}

/// What keeps the elements where they are.
#[derive(Debug)]
#[expect(dead_code, reason = "held for what happens when it is dropped")]
enum Owner {
    Nobody,
    Own {
        map: MmapMut,
        lease: Lease,
    },
    /// A part of a file that others share, as in a kept index.
    Shared {
        map: Arc<Mmap>,
    },
}

// SAFETY: a column owns its elements or shares a map that nobody writes; the pointer is only the place of them. So it may go and be looked
// at wherever a slice of `T` may.
#[expect(unsafe_code, reason = "a raw pointer takes these away")]
unsafe impl<T: Send + Sync> Send for Column<T> {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "a raw pointer takes these away")]
unsafe impl<T: Send + Sync> Sync for Column<T> {}

impl<T: Element> Column<T> {
    /// A column without elements.
    pub fn empty() -> Self {
        Self { start: NonNull::dangling(), len: 0, owner: Owner::Nobody }
    }

    /// # Panics
    /// If the map is too small for `len` elements: whoever made it for them has miscounted.
    pub(super) fn mapped(mut map: MmapMut, len: usize, lease: Lease) -> Self {
        let elements: &mut [T] = bytemuck::cast_slice_mut(&mut map[..len * size_of::<T>()]);
        Self { start: NonNull::from(elements).cast(), len, owner: Owner::Own { map, lease } }
    }

    /// The elements that stand in `range` (bytes) of a mapped file, in this machine's byte order. `None` if the range lies outside
    /// of the file, is not aligned for `T` or is not a whole number of elements.
    pub fn from_map(map: Arc<Mmap>, range: Range<usize>) -> Option<Self> {
        let elements: &[T] = bytemuck::try_cast_slice(map.get(range)?).ok()?;
        let (start, len) = (NonNull::from(elements).cast(), elements.len());
        Some(Self { start, len, owner: Owner::Shared { map } })
    }
}

impl<T: Element> Column<T> {
    /// Each element made into a smaller one, in the same memory; what is no longer needed goes back to the operating system. Cost: one thread's pass
    /// over the column, and no memory.
    ///
    /// # Panics
    /// If the elements do not fit into the place of the old ones, or the column is a part of a kept index.
    pub fn shrink_elements<U: Element>(mut self, smaller: impl Fn(T) -> U) -> Column<U> {
        assert!(size_of::<U>() <= size_of::<T>() && align_of::<U>() <= align_of::<T>(), "smaller elements");
        assert!(!matches!(self.owner, Owner::Shared { .. }), "a column of a kept index is read-only");
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut self);
        for at in 0..bytes.len() / size_of::<T>() {
            let element: T = bytemuck::pod_read_unaligned(&bytes[at * size_of::<T>()..][..size_of::<T>()]);
            // It ends before the next one that is to be read begins.
            bytes[at * size_of::<U>()..][..size_of::<U>()]
                .copy_from_slice(bytemuck::bytes_of(&smaller(element)));
        }
        let (start, len) = (self.start.cast(), self.len);
        let mut owner = std::mem::replace(&mut self.owner, Owner::Nobody);
        if let Owner::Own { map, lease } = &mut owner {
            lease.shrink(map, len * size_of::<U>());
        }
        Column { start, len, owner }
    }
}

impl<T: Element> Default for Column<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T: Element> Deref for Column<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: `start` and `len` are those of a slice of `T` inside of the map that `owner` holds, which is neither moved nor unmapped
        // nor written by others as long as the column lives; any bits are a `T`.
        #[expect(unsafe_code, reason = "the slice is found once, not at every read")]
        unsafe {
            std::slice::from_raw_parts(self.start.as_ptr(), self.len)
        }
    }
}

impl<T: Element> DerefMut for Column<T> {
    /// # Panics
    /// If the column is a part of a kept index: those are never written.
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        assert!(!matches!(self.owner, Owner::Shared { .. }), "a column of a kept index is read-only");
        // SAFETY: as in `deref`; the map is this column's own and writable, and the exclusive borrow of the column is one of its elements.
        #[expect(unsafe_code, reason = "the slice is found once, not at every read")]
        unsafe {
            std::slice::from_raw_parts_mut(self.start.as_ptr(), self.len)
        }
    }
}

/// A column that all threads write at once, for as long as it lives: nobody can look at the plain numbers.
#[derive(Debug)]
pub struct AtomicColumn {
    numbers: Column<u64>,
}

impl From<Column<u64>> for AtomicColumn {
    /// # Panics
    /// If the column is a part of a kept index: those are never written.
    fn from(numbers: Column<u64>) -> Self {
        assert!(!matches!(numbers.owner, Owner::Shared { .. }), "a column of a kept index is read-only");
        Self { numbers }
    }
}

impl Deref for AtomicColumn {
    type Target = [AtomicU64];

    #[inline]
    fn deref(&self) -> &[AtomicU64] {
        // SAFETY: `start` and `len` are those of numbers in a map that is this column's own and writable; they have the size and alignment of
        // atomics, and as the column is inside of this, nothing else reads or writes them.
        #[expect(unsafe_code, reason = "the numbers are shared as atomics without a borrow that ends")]
        unsafe {
            std::slice::from_raw_parts(self.numbers.start.cast::<AtomicU64>().as_ptr(), self.numbers.len)
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
atomic_view!(atomic_u16, u16, AtomicU16);
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
    fn all_threads_write_an_atomic_column() {
        let column = AtomicColumn::from(Storage::default().column::<u64>("test", 3, Access::Random).unwrap());
        std::thread::scope(|scope| {
            (0..4).for_each(|_| drop(scope.spawn(|| column[1].fetch_add(2, Ordering::Relaxed))));
        });
        let numbers: Vec<u64> = column.iter().map(|number| number.load(Ordering::Relaxed)).collect();
        assert_eq!(numbers, [0, 8, 0]);
    }

    #[test]
    fn splits_at_starts() {
        let mut numbers = [1, 2, 3, 4];
        let parts = split_mut(&mut numbers, &[0, 1, 1]);
        assert_eq!(parts, [&mut [1][..], &mut [], &mut [2, 3, 4]]);
    }
}
