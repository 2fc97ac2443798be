//! The file of an index: a head, then sections of bytes, each block of them with a checksum.
//!
//! Owns where things stand in the file and whether they are whole; knows nothing of what the sections mean. `docs/index-format.md` describes it.
//! Cost: hashing all bytes once when written and once when opened, in parallel, about as fast as memory is read.

use super::Rejection;
use super::key::Key;
use super::wire::{Decoder, Encoder};
use crate::progress::{Cancelled, Progress, Unit};
use crate::storage::{Column, Element, KeptFile, NewFile};
use rayon::prelude::*;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use twox_hash::XxHash3_64;

const MAGIC: [u8; 8] = *b"oomphidx";
/// To be raised with each change of what stands where or what a column means.
const FORMAT: u32 = 7;
/// Reads differently on a machine of the other byte order.
const BYTE_ORDER: u32 = 0x0a0b_0c0d;
/// The program may infer other sizes from the same dump tomorrow, so an index is for the version that made it.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// Magic, format, byte order, length of the head, length of the file, checksum of the rest of the head.
const PRELUDE_BYTES: usize = 40;
/// Sections begin at multiples of this.
const PAGE_BYTES: usize = 4096;
/// What one checksum covers.
const BLOCK_BYTES: usize = 1 << 20;

/// The sections, by their numbers in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Part {
    Facts = 1,
    ReferenceTargets,
    ReferenceDegrees,
    ReferenceAnchors,
    ClassByObject,
    ArrayBits,
    ArrayLengths,
    RecordAnchors,
    Regions,
    AddressWords,
    IrregularAddresses,
    IrregularObjects,
    ObjectsByRank,
    SoftSlots,
    FinalSlots,
    RootObjects,
    RootKinds,
    RootThreads,
    RootFrames,
    Dominators,
    Children,
    ChildDegrees,
    ChildAnchors,
    Retained,
    RecordSteps,
    HeldOnce,
    Peeled,
    LargeObjects,
    LargeRetained,
}

/// Bytes to be written.
pub(super) struct Section<'a> {
    pub(super) part: Part,
    pub(super) bytes: &'a [u8],
}

/// Why an index could not be written.
pub(super) enum WriteError {
    Io(io::Error),
    Cancelled,
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Cancelled> for WriteError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Writes an index, to be read by whom the file at `model` can be read by. Returns its size.
pub(super) fn write(
    path: &Path,
    key: &Key,
    sections: &[Section<'_>],
    model: &Path,
    progress: &Progress,
) -> Result<u64, WriteError> {
    let mut offset = 0;
    let mut encoder = Encoder::default();
    encoder.text(&PROGRAM.into());
    key.encode(&mut encoder);
    encoder.count(sections.len());
    for section in sections {
        let sums: Vec<u64> = section.bytes.par_chunks(BLOCK_BYTES).map(checksum).collect();
        progress.check()?;
        encoder.u8(section.part as u8);
        encoder.word(offset as u64);
        encoder.word(section.bytes.len() as u64);
        sums.into_iter().for_each(|sum| encoder.word(sum));
        offset += section.bytes.len().next_multiple_of(PAGE_BYTES);
    }
    let body = encoder.finish();
    let head_bytes = PRELUDE_BYTES + body.len();
    let file_bytes = (head_bytes.next_multiple_of(PAGE_BYTES) + offset) as u64;
    let phase = progress.phase("keep the index", Unit::Bytes, file_bytes);
    let mut file = NewFile::create(path)?;
    file.share_like(model)?;
    file.reserve(file_bytes)?;
    file.write_all(&MAGIC)?;
    file.write_all(&FORMAT.to_ne_bytes())?;
    file.write_all(&BYTE_ORDER.to_ne_bytes())?;
    file.write_all(&(head_bytes as u64).to_ne_bytes())?;
    file.write_all(&file_bytes.to_ne_bytes())?;
    file.write_all(&checksum(&body).to_ne_bytes())?;
    file.write_all(&body)?;
    pad(&mut file, head_bytes)?;
    for section in sections {
        for block in section.bytes.chunks(BLOCK_BYTES) {
            file.write_all(block)?;
            phase.advance(block.len() as u64)?;
        }
        pad(&mut file, section.bytes.len())?;
    }
    file.publish()?;
    Ok(file_bytes)
}

/// Zeros up to the next page.
fn pad(file: &mut NewFile, bytes: usize) -> io::Result<()> {
    file.write_all(&[0; PAGE_BYTES][..bytes.next_multiple_of(PAGE_BYTES) - bytes])
}

/// Where a section stands, and the checksums of its blocks.
struct Entry {
    part: u8,
    range: Range<usize>,
    sums: Vec<u64>,
}

/// An opened index.
pub(super) struct Container {
    file: KeptFile,
    entries: Vec<Entry>,
}

impl Container {
    /// Maps an index and looks at its head: whether it is whole and belongs to `key`. The sections are not looked at.
    pub(super) fn open(path: &Path, key: &Key) -> Result<Self, Rejection> {
        let file = KeptFile::open(path).map_err(Rejection::Unreadable)?;
        if file.len() < PRELUDE_BYTES || !file.starts_with(&MAGIC) {
            return Err(Rejection::NoIndex);
        }
        let four = |at: usize| u32::from_ne_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]);
        let eight = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&file[at..at + 8]);
            u64::from_ne_bytes(bytes)
        };
        if four(12) != BYTE_ORDER || four(8) != FORMAT {
            return Err(Rejection::OtherVersion);
        }
        if eight(24) != file.len() as u64 {
            return Err(Rejection::Damaged("its length is wrong"));
        }
        let body = usize::try_from(eight(16)).ok().and_then(|end| file.get(PRELUDE_BYTES..end));
        let body = body.filter(|body| checksum(body) == eight(32)).ok_or(HEAD_DAMAGED)?;
        let mut decoder = Decoder::new(body);
        if *decoder.text().ok_or(HEAD_DAMAGED)? != *PROGRAM {
            return Err(Rejection::OtherVersion);
        }
        let kept_key = Key::decode(&mut decoder).ok_or(HEAD_DAMAGED)?;
        if kept_key.choice != key.choice {
            return Err(Rejection::OtherOptions);
        }
        if let Some(what) = key.tie.difference(&kept_key.tie) {
            return Err(Rejection::Stale(what));
        }
        let sections_at = (PRELUDE_BYTES + body.len()).next_multiple_of(PAGE_BYTES);
        let entries = decoder.list(|decoder| entry(decoder, sections_at, file.len())).ok_or(HEAD_DAMAGED)?;
        if !decoder.is_at_end() {
            return Err(HEAD_DAMAGED);
        }
        Ok(Self { file, entries })
    }

    /// Compares all bytes with their checksums.
    pub(super) fn verify(&self, progress: &Progress) -> Result<(), Rejection> {
        let blocks: Vec<(&[u8], u64)> = self
            .entries
            .iter()
            .flat_map(|entry| {
                self.file[entry.range.clone()].chunks(BLOCK_BYTES).zip(entry.sums.iter().copied())
            })
            .collect();
        let phase = progress.phase("check the index", Unit::Bytes, self.file.len() as u64);
        blocks.into_par_iter().try_for_each(|(bytes, sum)| {
            phase.advance(bytes.len() as u64).map_err(Rejection::Cancelled)?;
            if checksum(bytes) == sum { Ok(()) } else { Err(Rejection::Damaged("a checksum is wrong")) }
        })
    }

    fn range(&self, part: Part) -> Option<Range<usize>> {
        Some(self.entries.iter().find(|entry| entry.part == part as u8)?.range.clone())
    }

    /// The bytes of a section.
    pub(super) fn bytes(&self, part: Part) -> Option<&[u8]> {
        Some(&self.file[self.range(part)?])
    }

    /// The numbers of a section.
    pub(super) fn column<T: Element>(&self, part: Part) -> Option<Column<T>> {
        self.file.column(self.range(part)?)
    }
}

const HEAD_DAMAGED: Rejection = Rejection::Damaged("its head is broken");

fn entry(decoder: &mut Decoder<'_>, sections_at: usize, file_bytes: usize) -> Option<Entry> {
    let part = decoder.u8()?;
    let start = sections_at.checked_add(decoder.word()?.try_into().ok()?)?;
    let end = start.checked_add(decoder.word()?.try_into().ok()?)?;
    if end > file_bytes {
        return None;
    }
    let sums = (0..(end - start).div_ceil(BLOCK_BYTES)).map(|_| decoder.word()).collect::<Option<_>>()?;
    Some(Entry { part, range: start..end, sums })
}

#[cfg(test)]
mod tests {
    use super::Part::*;
    use super::*;

    const PARTS: [Part; 29] = [
        Facts,
        ReferenceTargets,
        ReferenceDegrees,
        ReferenceAnchors,
        ClassByObject,
        ArrayBits,
        ArrayLengths,
        RecordAnchors,
        Regions,
        AddressWords,
        IrregularAddresses,
        IrregularObjects,
        ObjectsByRank,
        SoftSlots,
        FinalSlots,
        RootObjects,
        RootKinds,
        RootThreads,
        RootFrames,
        Dominators,
        Children,
        ChildDegrees,
        ChildAnchors,
        Retained,
        RecordSteps,
        HeldOnce,
        Peeled,
        LargeObjects,
        LargeRetained,
    ];

    #[test]
    fn the_documentation_has_the_numbers_of_the_format() {
        let doc = include_str!("../../../docs/index-format.md");
        let rows: Vec<&str> = doc.lines().filter(|line| line.starts_with("| ")).collect();
        for part in PARTS {
            let row = format!("| {} | {part:?} |", part as u8);
            assert!(rows.iter().any(|line| line.starts_with(&row)), "{row}");
        }
        assert!(rows.contains(&&*format!("| 8–11 | format: {FORMAT} |")));
        assert!(rows.contains(&&*format!("| 12–15 | byte order: `{BYTE_ORDER:#010x}` |")));
    }
}
