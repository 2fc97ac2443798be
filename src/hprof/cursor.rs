//! A bounds-checked big-endian reader over a slice.

use super::ids::{Encoding, NameId, ObjectId, Serial};
use byteorder::{BigEndian, ByteOrder};

/// The bytes end before the value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data ends before the value does")]
pub struct Truncated;

/// Reads values one after the other. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    encoding: Encoding,
}

impl<'a> Cursor<'a> {
    /// A reader that stands at `at`.
    #[inline]
    pub fn new(bytes: &'a [u8], at: usize, encoding: Encoding) -> Self {
        Self { bytes, at, encoding }
    }

    /// Where it stands.
    #[inline]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Bytes that are left.
    #[inline]
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// The next `count` bytes.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Truncated> {
        let end = self.at.checked_add(count).ok_or(Truncated)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Truncated)?;
        self.at = end;
        Ok(bytes)
    }

    /// The next `N` bytes, without passing over them; `None` if there are not so many.
    #[inline]
    pub fn ahead<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.bytes.get(self.at..)?.first_chunk()
    }

    /// Tells the processor that the bytes some way ahead will be read: its own foresight ends at each page, and pages of a file lie anywhere in memory.
    #[inline]
    pub fn prefetch(&self) {
        const AHEAD: usize = 2048;
        crate::prefetch::prefetch(self.bytes, self.at + AHEAD);
    }

    /// The `count` bytes that come after the next `head` ones. If there are not so many, it stays where it is.
    #[inline]
    pub fn take_after(&mut self, head: usize, count: usize) -> Option<&'a [u8]> {
        let begin = self.at + head;
        let end = begin.checked_add(count)?;
        let bytes = self.bytes.get(begin..end)?;
        self.at = end;
        Some(bytes)
    }

    /// Passes over `count` bytes.
    #[inline]
    pub fn skip(&mut self, count: usize) -> Result<(), Truncated> {
        self.take(count).map(|_| ())
    }

    /// One byte.
    #[inline]
    pub fn u1(&mut self) -> Result<u8, Truncated> {
        Ok(self.take(1)?[0])
    }

    /// Two bytes.
    #[inline]
    pub fn u2(&mut self) -> Result<u16, Truncated> {
        Ok(BigEndian::read_u16(self.take(2)?))
    }

    /// Four bytes.
    #[inline]
    pub fn u4(&mut self) -> Result<u32, Truncated> {
        Ok(BigEndian::read_u32(self.take(4)?))
    }

    /// Eight bytes.
    #[inline]
    pub fn u8(&mut self) -> Result<u64, Truncated> {
        Ok(BigEndian::read_u64(self.take(8)?))
    }

    /// A number as wide as an id.
    #[inline]
    fn wide(&mut self) -> Result<u64, Truncated> {
        if self.encoding.wide_ids { self.u8() } else { self.u4().map(u64::from) }
    }

    /// The id of an object.
    #[inline]
    pub fn object(&mut self) -> Result<ObjectId, Truncated> {
        self.wide().map(ObjectId)
    }

    /// The id of a name.
    #[inline]
    pub fn name(&mut self) -> Result<NameId, Truncated> {
        self.wide().map(NameId)
    }

    /// A serial number.
    #[inline]
    pub fn serial(&mut self) -> Result<Serial, Truncated> {
        self.u4().map(Serial)
    }
}

impl Encoding {
    /// The id at the beginning of `bytes`.
    ///
    /// # Panics
    /// If `bytes` is shorter than an id.
    #[inline]
    pub fn read_id(self, bytes: &[u8]) -> ObjectId {
        ObjectId(if self.wide_ids {
            BigEndian::read_u64(bytes)
        } else {
            u64::from(BigEndian::read_u32(bytes))
        })
    }
}
