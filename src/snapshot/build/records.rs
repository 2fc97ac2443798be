//! The first look at a file: all top-level records but the heap itself, and where the heap's parts lie.
//!
//! Serial and short: HotSpot's names, classes and stacks are a few megabytes. A part is at most a few megabytes of heap
//! records, the unit of parallel work. Records that state a wrong length (heap dumps over 4 GiB, dumps of a JVM that was killed)
//! are walked to find their true end; after damage the walk goes on at the next bytes that are certainly a record.

use super::super::damage::{Damage, DamageKind};
use crate::hprof::{
    Encoding, Frame, HeapRecord, HeapRecords, LoadClass, NameId, ObjectId, Record, Serial, Tag, Trace,
    plausible_record,
};
use crate::progress::{Cancelled, Phase};
use hashbrown::HashMap;
use std::ops::Range;

/// Longer runs of heap records are cut, so that threads can share them.
const PART_BYTES: usize = 4 << 20;

/// What stands outside of the heap records.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct TopLevel {
    /// Where the text of each name lies.
    pub(in crate::snapshot) names: HashMap<NameId, Range<usize>>,
    /// The name of each class by its id. Array classes are loaded several times; the first counts.
    pub(in crate::snapshot) class_names: HashMap<ObjectId, NameId>,
    /// The class of each serial number, for stack frames.
    pub(in crate::snapshot) class_by_serial: HashMap<Serial, ObjectId>,
    pub(in crate::snapshot) frames: HashMap<u64, Frame>,
    pub(in crate::snapshot) traces: Vec<Trace>,
    /// Allocation sites, CPU samples and the like: how many records of each.
    pub(in crate::snapshot) other_records: u64,
    /// The heap dumps in the file, most files have one; each is a list of parts in file order.
    pub(in crate::snapshot) dumps: Vec<Vec<Range<usize>>>,
    pub(in crate::snapshot) damage: Damage,
}

pub(in crate::snapshot) fn read(
    bytes: &[u8],
    records_at: usize,
    encoding: Encoding,
    phase: &Phase<'_>,
) -> Result<TopLevel, Cancelled> {
    let mut reader = Reader { bytes, encoding, top: TopLevel::default(), open_dump: false, phase };
    let mut at = records_at;
    let mut told = at;
    while at < bytes.len() {
        at = reader.record(at)?;
        if at - told > 1 << 20 {
            phase.advance((at - told) as u64)?;
            told = at;
        }
    }
    if reader.top.dumps.is_empty() {
        reader.top.damage.add(DamageKind::NoHeap, None, 1, 0);
    }
    // Whoever writes segments ends with a record that says so. Virtual machines write a megabyte or more at once: where one is killed no record need be cut.
    if reader.open_dump && reader.top.damage.count(DamageKind::Truncated) == 0 {
        reader.top.damage.add(DamageKind::Unclosed, Some(bytes.len() as u64), 1, 0);
    }
    Ok(reader.top)
}

struct Reader<'a, 'p> {
    bytes: &'a [u8],
    encoding: Encoding,
    top: TopLevel,
    /// Whether the next segment belongs to the same dump as the last one.
    open_dump: bool,
    phase: &'p Phase<'p>,
}

impl Reader<'_, '_> {
    /// Reads the record at `at`; returns where the next one begins.
    fn record(&mut self, at: usize) -> Result<usize, Cancelled> {
        let Some(record) = Record::read(self.bytes, at) else {
            self.damage(DamageKind::Truncated, at, self.bytes.len() - at);
            return Ok(self.bytes.len());
        };
        if let Tag::HeapDump | Tag::HeapDumpSegment = record.tag {
            return self.heap(&record);
        }
        let end = record.end();
        if let Tag::Unknown(_) = record.tag {
            // A kind from a later version of the format is followed by a record or by the end; damage is not.
            if end == self.bytes.len() || plausible_record(self.bytes, end, self.encoding) {
                self.damage(DamageKind::UnknownRecord, at, 0);
                return Ok(end);
            }
            return self.resync(at);
        }
        if end > self.bytes.len() {
            let next = self.find_record(at + 1)?;
            let kind = if next == self.bytes.len() { DamageKind::Truncated } else { DamageKind::LostBytes };
            self.damage(kind, at, next - at);
            return Ok(next);
        }
        if !plausible_record(self.bytes, at, self.encoding) && !self.follows(end) {
            return self.resync(at);
        }
        self.body(&record);
        Ok(end)
    }

    /// Whether a record or the end of the file is at `at`.
    fn follows(&self, at: usize) -> bool {
        at == self.bytes.len() || plausible_record(self.bytes, at, self.encoding)
    }

    fn body(&mut self, record: &Record) {
        let body = record.body(self.bytes);
        let encoding = self.encoding;
        let read = match record.tag {
            Tag::Utf8 => {
                let id_bytes = encoding.id_bytes();
                if body.len() >= id_bytes {
                    let name = NameId(encoding.read_id(body).0);
                    self.top.names.entry(name).or_insert(record.body_at() + id_bytes..record.end());
                }
                body.len() >= id_bytes
            }
            Tag::LoadClass => LoadClass::read(body, encoding).is_ok_and(|load| {
                self.top.class_names.entry(load.class).or_insert(load.name);
                self.top.class_by_serial.insert(load.serial, load.class);
                true
            }),
            Tag::StackFrame => Frame::read(body, encoding).is_ok_and(|frame| {
                self.top.frames.insert(frame.id, frame);
                true
            }),
            Tag::StackTrace => Trace::read(body, encoding).is_ok_and(|trace| {
                self.top.traces.push(trace);
                true
            }),
            Tag::HeapDumpEnd => {
                self.open_dump = false;
                true
            }
            _ => {
                self.top.other_records += 1;
                true
            }
        };
        if !read {
            self.damage(DamageKind::ShortRecord, record.at, 0);
        }
    }

    /// Cuts the body of a heap record into parts and finds its true end.
    fn heap(&mut self, record: &Record) -> Result<usize, Cancelled> {
        if record.tag == Tag::HeapDump || !self.open_dump {
            self.top.dumps.push(Vec::new());
        }
        self.open_dump = record.tag == Tag::HeapDumpSegment;
        let (start, stated_end) = (record.body_at(), record.end());
        let trusted = stated_end <= self.bytes.len()
            && (record.length > 0 || self.follows(stated_end))
            && self.follows(stated_end)
            && record.tag == Tag::HeapDumpSegment;
        if trusted && stated_end - start <= 2 * PART_BYTES {
            self.part(start..stated_end);
            return Ok(stated_end);
        }
        self.walk(start, stated_end, record)
    }

    fn part(&mut self, range: Range<usize>) {
        if let Some(parts) = self.top.dumps.last_mut().filter(|_| !range.is_empty()) {
            parts.push(range);
        }
    }

    /// Walks over sub-records from `start`; the record ends where its length says, or where that length plus a multiple
    /// of 4 GiB says and a record follows, or where the sub-records end and a record follows.
    fn walk(&mut self, start: usize, stated_end: usize, record: &Record) -> Result<usize, Cancelled> {
        let mut walk = HeapRecords::new(self.bytes, start, self.encoding);
        let mut part_start = start;
        loop {
            let at = walk.at();
            if at - part_start >= PART_BYTES {
                self.part(part_start..at);
                self.phase.advance(0)?;
                part_start = at;
            }
            // The length may have overflowed 32 bits.
            let at_stated_end = at >= stated_end && (at - start) as u32 == record.length && self.follows(at);
            let at_unstated_end = record.length == 0 && at > start && self.certainly_record(at);
            if at_stated_end || at_unstated_end {
                self.part(part_start..at);
                return Ok(at);
            }
            match walk.next() {
                Ok(Some(_)) => {}
                Ok(None) => {
                    self.part(part_start..at);
                    if record.length != 0 && stated_end > self.bytes.len() {
                        self.damage(DamageKind::Truncated, at, 0);
                    }
                    return Ok(at);
                }
                Err(_) => {
                    self.part(part_start..at);
                    return self.broken_heap(at, stated_end);
                }
            }
        }
    }

    /// Goes on after bytes at `at` that are no sub-record.
    fn broken_heap(&mut self, at: usize, stated_end: usize) -> Result<usize, Cancelled> {
        if self.certainly_record(at) {
            return Ok(at);
        }
        let limit = if stated_end > at && stated_end < self.bytes.len() && self.follows(stated_end) {
            stated_end
        } else {
            self.bytes.len()
        };
        let mut next = at + 1;
        while next < limit {
            if next.is_multiple_of(1 << 16) {
                self.phase.advance(0)?;
            }
            if self.certainly_record(next) {
                self.damage(DamageKind::LostBytes, at, next - at);
                return Ok(next);
            }
            if self.certainly_heap_record(next) {
                self.damage(DamageKind::LostBytes, at, next - at);
                let record = Record { tag: Tag::HeapDumpSegment, at: next - Record::HEAD_BYTES, length: 0 };
                let stated = if limit == self.bytes.len() { next } else { limit };
                let length = u32::try_from(stated - next).unwrap_or(0);
                return self.walk(next, stated, &Record { length, ..record });
            }
            next += 1;
        }
        let kind = if limit == self.bytes.len() { DamageKind::Truncated } else { DamageKind::LostBytes };
        self.damage(kind, at, limit - at);
        Ok(limit)
    }

    /// Passes over bytes at `at` that are no record.
    fn resync(&mut self, at: usize) -> Result<usize, Cancelled> {
        let next = self.find_record(at + 1)?;
        self.damage(DamageKind::LostBytes, at, next - at);
        Ok(next)
    }

    /// The next offset at which a record certainly begins, or heap records if a dump is open: then the end of those
    /// becomes the next offset. The end of the file if there is none.
    fn find_record(&mut self, from: usize) -> Result<usize, Cancelled> {
        for at in from..self.bytes.len() {
            if at.is_multiple_of(1 << 16) {
                self.phase.advance(0)?;
            }
            if self.certainly_record(at) {
                return Ok(at);
            }
        }
        Ok(self.bytes.len())
    }

    /// A record that is followed by another one or by the end of the file.
    fn certainly_record(&self, at: usize) -> bool {
        let Some(record) =
            Record::read(self.bytes, at).filter(|_| plausible_record(self.bytes, at, self.encoding))
        else {
            return false;
        };
        match record.tag {
            Tag::HeapDumpEnd => record.end() == self.bytes.len() || self.certainly_after_end(record.end()),
            Tag::HeapDump | Tag::HeapDumpSegment => self.certainly_heap_record(record.body_at()),
            Tag::LoadClass | Tag::StackFrame | Tag::StartThread | Tag::StackTrace | Tag::Utf8 => {
                let end = record.end();
                end == self.bytes.len()
                    || (plausible_record(self.bytes, end, self.encoding)
                        && Record::read(self.bytes, end).is_some_and(|next| self.follows(next.end())))
            }
            _ => false,
        }
    }

    fn certainly_after_end(&self, at: usize) -> bool {
        Record::read(self.bytes, at).is_some_and(|r| !matches!(r.tag, Tag::HeapDumpEnd | Tag::Unknown(_)))
            && plausible_record(self.bytes, at, self.encoding)
    }

    fn certainly_heap_record(&self, at: usize) -> bool {
        certainly_heap_record(self.bytes, at, self.encoding, |class| {
            self.top.class_names.contains_key(&class)
        })
    }

    fn damage(&mut self, kind: DamageKind, at: usize, bytes: usize) {
        self.top.damage.add(kind, Some(at as u64), 1, bytes as u64);
    }
}

/// Whether a class, an instance or an object array of a known class begins at `at`, followed by two readable sub-records
/// (or by the end of `bytes`).
pub(in crate::snapshot) fn certainly_heap_record(
    bytes: &[u8],
    at: usize,
    encoding: Encoding,
    known: impl Fn(ObjectId) -> bool,
) -> bool {
    if !matches!(bytes.get(at), Some(0x20..=0x22)) {
        return false;
    }
    let mut walk = HeapRecords::new(bytes, at, encoding);
    let first = match walk.next() {
        Ok(Some(HeapRecord::Class(dump))) => dump.class,
        Ok(Some(HeapRecord::Instance { class, .. } | HeapRecord::ObjectArray { class, .. })) => class,
        _ => return false,
    };
    known(first) && (0..2).all(|_| walk.next().is_ok() || plausible_record(bytes, walk.at(), encoding))
}
