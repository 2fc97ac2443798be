//! The header of the file and its top-level records.

use super::cursor::{Cursor, Truncated};
use super::ids::{Encoding, NameId, ObjectId, Serial};
use byteorder::{BigEndian, ByteOrder};

/// The head of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// E.g. `JAVA PROFILE 1.0.2`.
    pub version: &'a str,
    /// How to read the rest.
    pub encoding: Encoding,
    /// When the dump was made: milliseconds since 1970.
    pub created_ms: u64,
    /// Where the records begin.
    pub records_at: usize,
}

/// Why the head cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Something else than HPROF.
    #[error("not an HPROF heap dump")]
    NotHprof,
    /// The file ends inside of the head.
    #[error("the file ends inside of its header, after {0} bytes")]
    Truncated(usize),
    /// Ids are neither 4 nor 8 bytes wide.
    #[error("ids of {0} bytes at offset {1}; HPROF has ids of 4 or 8 bytes")]
    IdSize(u32, usize),
}

impl<'a> Header<'a> {
    /// Reads the head of a file.
    ///
    /// # Errors
    /// As [`HeaderError`] says.
    pub fn read(bytes: &'a [u8]) -> Result<Self, HeaderError> {
        const MAGIC: &[u8] = b"JAVA PROFILE 1.0";
        let known = bytes.len().min(MAGIC.len());
        if known == 0 || bytes[..known] != MAGIC[..known] {
            return Err(HeaderError::NotHprof);
        }
        // The text form of the hprof agent begins with the same words, followed by a comma.
        let end = bytes.iter().take(64).position(|&b| b == 0);
        let Some(end) = end else {
            return Err(if bytes.len() < 64 && !bytes.contains(&b',') {
                HeaderError::Truncated(bytes.len())
            } else {
                HeaderError::NotHprof
            });
        };
        let version = std::str::from_utf8(&bytes[..end]).map_err(|_| HeaderError::NotHprof)?;
        let mut cursor = Cursor::new(bytes, end + 1, Encoding { wide_ids: true });
        let truncated = |_: Truncated| HeaderError::Truncated(bytes.len());
        let id_bytes = cursor.u4().map_err(truncated)?;
        let wide_ids = match id_bytes {
            4 => false,
            8 => true,
            other => return Err(HeaderError::IdSize(other, end + 1)),
        };
        let created_ms = cursor.u8().map_err(truncated)?;
        Ok(Self { version, encoding: Encoding { wide_ids }, created_ms, records_at: cursor.at() })
    }
}

/// The kinds of top-level records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the format's")]
pub enum Tag {
    Utf8,
    LoadClass,
    UnloadClass,
    StackFrame,
    StackTrace,
    AllocSites,
    HeapSummary,
    StartThread,
    EndThread,
    HeapDump,
    CpuSamples,
    ControlSettings,
    HeapDumpSegment,
    HeapDumpEnd,
    /// Something that this reader does not know.
    Unknown(u8),
}

impl Tag {
    /// The kind with that code.
    pub fn from_code(code: u8) -> Self {
        match code {
            0x01 => Self::Utf8,
            0x02 => Self::LoadClass,
            0x03 => Self::UnloadClass,
            0x04 => Self::StackFrame,
            0x05 => Self::StackTrace,
            0x06 => Self::AllocSites,
            0x07 => Self::HeapSummary,
            0x0a => Self::StartThread,
            0x0b => Self::EndThread,
            0x0c => Self::HeapDump,
            0x0d => Self::CpuSamples,
            0x0e => Self::ControlSettings,
            0x1c => Self::HeapDumpSegment,
            0x2c => Self::HeapDumpEnd,
            other => Self::Unknown(other),
        }
    }
}

/// A top-level record: its kind and where its body lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its kind.
    pub tag: Tag,
    /// The offset of the record.
    pub at: usize,
    /// The length of the body that the record states; it may reach past the end of the file, and lies for heap dumps over 4 GiB.
    pub length: u32,
}

impl Record {
    /// Bytes of a record's head.
    pub const HEAD_BYTES: usize = 9;

    /// The head at `at`, `None` if the file ends inside of it.
    pub fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let head = bytes.get(at..at.checked_add(Self::HEAD_BYTES)?)?;
        Some(Self { tag: Tag::from_code(head[0]), at, length: BigEndian::read_u32(&head[5..]) })
    }

    /// Where the body begins.
    pub fn body_at(&self) -> usize {
        self.at + Self::HEAD_BYTES
    }

    /// Where the next record begins, if the length is right.
    pub fn end(&self) -> usize {
        self.body_at().saturating_add(self.length as usize)
    }

    /// The body as far as the file holds it.
    pub fn body<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.body_at().min(bytes.len())..self.end().min(bytes.len())]
    }
}

/// Whether a known record that ends inside of the file, with a length that its kind allows, begins at `at`.
pub fn plausible_record(bytes: &[u8], at: usize, encoding: Encoding) -> bool {
    let Some(record) = Record::read(bytes, at) else { return false };
    let (id, length) = (encoding.id_bytes(), record.length as usize);
    let fits = record.end() <= bytes.len();
    match record.tag {
        Tag::Utf8 => fits && length >= id && length < id + 0x2_0000,
        Tag::LoadClass => fits && length == 8 + 2 * id,
        Tag::UnloadClass | Tag::EndThread => fits && length == 4,
        Tag::StackFrame => fits && length == 8 + 4 * id,
        Tag::StackTrace => fits && length >= 12 && (length - 12).is_multiple_of(id),
        Tag::AllocSites => fits && length >= 34,
        Tag::HeapSummary => fits && length == 24,
        Tag::StartThread => fits && length == 8 + 4 * id,
        Tag::CpuSamples => fits && length >= 8,
        Tag::ControlSettings => fits && length == 6,
        Tag::HeapDumpEnd => length == 0,
        Tag::HeapDump | Tag::HeapDumpSegment => {
            // The first sub-record must be one, whatever the length says.
            let first = bytes.get(record.body_at());
            first.is_none_or(
                |tag| matches!(tag, 0x01..=0x08 | 0x20..=0x23 | 0x89..=0x8e | 0x90 | 0xc3 | 0xfe | 0xff),
            )
        }
        Tag::Unknown(_) => false,
    }
}

/// Walks over the heads of top-level records.
#[derive(Clone, Copy, Debug)]
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// Begins at `at`.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the next record begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes on at `at`.
    pub fn seek(&mut self, at: usize) {
        self.at = at;
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let record = Record::read(self.bytes, self.at)?;
        self.at = record.end();
        Some(record)
    }
}

/// The body of LOAD_CLASS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadClass {
    /// The number by which stack frames name the class.
    pub serial: Serial,
    /// The class.
    pub class: ObjectId,
    /// Its name in the VM's form, e.g. `java/lang/String`, `[I`.
    pub name: NameId,
}

impl LoadClass {
    /// Reads the body.
    ///
    /// # Errors
    /// It is too short.
    pub fn read(body: &[u8], encoding: Encoding) -> Result<Self, Truncated> {
        let mut c = Cursor::new(body, 0, encoding);
        let serial = c.serial()?;
        let class = c.object()?;
        c.serial()?;
        Ok(Self { serial, class, name: c.name()? })
    }
}

/// The body of STACK_FRAME.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its id.
    pub id: u64,
    /// The method's name.
    pub method: NameId,
    /// The method's signature.
    pub signature: NameId,
    /// The source file's name; 0 for none.
    pub file: NameId,
    /// The class.
    pub class: Serial,
    /// The line; 0 and -1 unknown, -2 compiled, -3 native.
    pub line: i32,
}

impl Frame {
    /// Reads the body.
    ///
    /// # Errors
    /// It is too short.
    #[expect(clippy::cast_possible_wrap, reason = "the file holds the bits of a signed number")]
    pub fn read(body: &[u8], encoding: Encoding) -> Result<Self, Truncated> {
        let mut c = Cursor::new(body, 0, encoding);
        Ok(Self {
            id: c.name()?.0,
            method: c.name()?,
            signature: c.name()?,
            file: c.name()?,
            class: c.serial()?,
            line: c.u4()? as i32,
        })
    }
}

/// The body of STACK_TRACE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its number.
    pub serial: Serial,
    /// The thread.
    pub thread: Serial,
    /// The ids of its frames, innermost first.
    pub frames: Vec<u64>,
}

impl Trace {
    /// Reads the body; frames that the body does not hold are left out.
    ///
    /// # Errors
    /// It is too short for its head.
    pub fn read(body: &[u8], encoding: Encoding) -> Result<Self, Truncated> {
        let mut c = Cursor::new(body, 0, encoding);
        let (serial, thread, count) = (c.serial()?, c.serial()?, c.u4()?);
        let frames = (0..count).map_while(|_| c.name().ok().map(|id| id.0)).collect();
        Ok(Self { serial, thread, frames })
    }
}
