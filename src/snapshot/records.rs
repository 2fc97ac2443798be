//! From an object to its record in the dump.
//!
//! Owns the offset of every [`ANCHOR`]-th object's record and where the undamaged runs of records begin. Finding a record walks over
//! at most [`ANCHOR`] records. Cost: an eighth of a byte per object.

use super::build::Run;
use crate::hprof::{Encoding, HeapRecord, HeapRecords, NameId};
use crate::ix::ObjectIx;
use crate::storage::Column;

/// Objects from one anchor to the next.
pub(super) const ANCHOR: u32 = 64;

/// Where the records of a run lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RunPlace {
    pub(super) first_object: u32,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// Finds records.
#[derive(Debug)]
pub(super) struct RecordPlaces {
    pub(super) anchors: Column<u64>,
    pub(super) runs: Vec<RunPlace>,
}

impl RunPlace {
    pub(super) fn new(first_object: u32, run: &Run) -> Self {
        Self { first_object, start: run.bytes.start as u64, end: run.bytes.end as u64 }
    }
}

impl RecordPlaces {
    /// The record of `object` and its offset.
    pub(super) fn record<'a>(
        &self,
        bytes: &'a [u8],
        encoding: Encoding,
        object: ObjectIx,
    ) -> (u64, HeapRecord<'a>) {
        let mut walk = self.walk(bytes, encoding, object.0);
        // The link has read the record of every object. It can be gone only if somebody has changed the dump behind the back of a kept index.
        walk.next().unwrap_or((0, HeapRecord::HeapInfo { heap: 0, name: NameId(0) }))
    }

    /// The records of the objects from `first` on, up to the end of the run that holds `first`, with their offsets.
    pub(super) fn walk<'a>(&self, bytes: &'a [u8], encoding: Encoding, first: u32) -> Walk<'a> {
        let run = self.runs[self.runs.partition_point(|run| run.first_object <= first) - 1];
        let anchor = first / ANCHOR * ANCHOR;
        let (mut at, start) = if anchor > run.first_object {
            (anchor, self.anchors[(anchor / ANCHOR) as usize])
        } else {
            (run.first_object, run.start)
        };
        let mut walk =
            Walk { records: HeapRecords::new(&bytes[..run.end as usize], start as usize, encoding) };
        while at < first {
            walk.next();
            at += 1;
        }
        walk
    }
}

/// Walks over the records of objects, passing over roots and other records.
pub(super) struct Walk<'a> {
    records: HeapRecords<'a>,
}

impl<'a> Iterator for Walk<'a> {
    type Item = (u64, HeapRecord<'a>);

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as of the records themselves")]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.records.at() as u64;
            match self.records.next().ok()?? {
                HeapRecord::Root { .. } | HeapRecord::HeapInfo { .. } => {}
                record => return Some((at, record)),
            }
        }
    }
}
