//! Identifiers as they stand in the file.

/// The id of an object: in dumps of a JVM its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u64);

impl ObjectId {
    /// Whether this is the null reference.
    #[inline]
    pub fn is_null(self) -> bool {
        self.0 == 0
    }
}

/// The id of a UTF8 record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u64);

/// A serial number of a class, thread or stack trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial(pub u32);

/// What a reader has to know of the whole file to read any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Whether ids take 8 bytes (else 4).
    pub wide_ids: bool,
}

impl Encoding {
    /// Bytes of an id.
    #[inline]
    pub fn id_bytes(self) -> usize {
        if self.wide_ids { 8 } else { 4 }
    }
}
