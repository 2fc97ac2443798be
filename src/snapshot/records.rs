//! From an object to its record in the dump.
//!
//! Owns the offset of every [`ANCHOR`]-th object's record, how far behind it every [`STEP`]-th one is, and where the undamaged runs of records begin.
//! Finding a record walks over fewer than [`STEP`] records, over up to [`ANCHOR`] where objects are large or a run begins. Cost: a quarter of a byte per object.

use super::build::Run;
use crate::hprof::{Encoding, HeapRecord, HeapRecords, NameId};
use crate::ix::ObjectIx;
use crate::prefetch::prefetch;
use crate::storage::Column;

/// Objects from one anchor to the next.
pub(super) const ANCHOR: u32 = 64;
/// Objects from one step to the next; anchors have steps, too.
pub(super) const STEP: u32 = 16;
/// A step too far behind its anchor for its number, or whose anchor is in another run.
const TOO_FAR: u16 = u16::MAX;

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
    /// How many bytes behind its anchor each step is.
    pub(super) steps: Column<u16>,
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

    /// Asks for the bytes that are walked over for the record of `object`, and for those of it.
    pub(super) fn prefetch(&self, bytes: &[u8], object: u32) {
        /// Bytes that come at once.
        const LINE: u64 = 64;
        /// Of more the processor asks for the rest itself.
        const MOST_LINES: u64 = 8;
        let begin_of = |step: u32| {
            let behind = self.steps.get(step as usize).copied().filter(|&behind| behind != TOO_FAR)?;
            Some(self.anchors.get((step / (ANCHOR / STEP)) as usize)? + u64::from(behind))
        };
        let Some(begin) = begin_of(object / STEP) else { return };
        let next = begin_of(object / STEP + 1).unwrap_or(begin);
        // The records of a step are alike, or nearly so.
        let walked = next.saturating_sub(begin) * u64::from(object % STEP + 1) / u64::from(STEP);
        for line in 0..=(walked / LINE).min(MOST_LINES) {
            prefetch(bytes, (begin + line * LINE) as usize);
        }
    }

    /// The records of the objects from `first` on, up to the end of the run that holds `first`, with their offsets.
    pub(super) fn walk<'a>(&self, bytes: &'a [u8], encoding: Encoding, first: u32) -> Walk<'a> {
        let run = self.runs[self.runs.partition_point(|run| run.first_object <= first) - 1];
        let anchor = first / ANCHOR * ANCHOR;
        let (mut at, start) = if anchor > run.first_object {
            let steps = &self.steps[(anchor / STEP) as usize..=(first / STEP) as usize];
            let near = steps.iter().rposition(|&step| step != TOO_FAR).unwrap_or(0);
            (anchor + near as u32 * STEP, self.anchors[(anchor / ANCHOR) as usize] + u64::from(steps[near]))
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

/// Finds the records of objects that are asked for in order: each goes on where the one before has ended, unless that is far.
pub struct RecordReader<'a> {
    places: &'a RecordPlaces,
    bytes: &'a [u8],
    encoding: Encoding,
    /// Stands before the record of `next`.
    walk: Option<Walk<'a>>,
    next: u32,
    /// The last one that was found.
    last: Option<(u32, HeapRecord<'a>)>,
}

impl<'a> RecordReader<'a> {
    pub(super) fn new(places: &'a RecordPlaces, bytes: &'a [u8], encoding: Encoding) -> Self {
        Self { places, bytes, encoding, walk: None, next: 0, last: None }
    }

    /// The record of an object, which is not before the one that was asked for last; else this costs what finding a record costs. `None` only if the dump was
    /// changed behind the back of a kept index.
    pub fn record(&mut self, object: ObjectIx) -> Option<HeapRecord<'a>> {
        if let Some((_, record)) = self.last.filter(|&(last, _)| last == object.0) {
            return Some(record);
        }
        let is_near = (self.next..self.next.saturating_add(STEP)).contains(&object.0);
        let mut walk = self.walk.take().filter(|_| is_near);
        let record = walk.as_mut().and_then(|walk| walk.nth((object.0 - self.next) as usize));
        // The run has ended between the two.
        let (walk, record) = match (walk, record) {
            (Some(walk), Some(record)) => (walk, record),
            _ => {
                let mut walk = self.places.walk(self.bytes, self.encoding, object.0);
                let record = walk.next()?;
                (walk, record)
            }
        };
        (self.walk, self.next) = (Some(walk), object.0 + 1);
        self.last = Some((object.0, record.1));
        Some(record.1)
    }
}

/// Notes where the records of one run lie.
#[derive(Debug, Default)]
pub(super) struct PlacesOfRun {
    /// Offsets of the records of every [`ANCHOR`]-th object.
    pub(super) anchors: Vec<u64>,
    /// How far behind them every [`STEP`]-th one is.
    pub(super) steps: Vec<u16>,
}

impl PlacesOfRun {
    /// The record of `object` begins at `at`. To be told of all objects in order.
    #[inline]
    pub(super) fn see(&mut self, object: u32, at: u64) {
        if object.is_multiple_of(STEP) {
            if object.is_multiple_of(ANCHOR) {
                self.anchors.push(at);
            }
            let behind = self.anchors.last().and_then(|anchor| u16::try_from(at - anchor).ok());
            self.steps.push(behind.unwrap_or(TOO_FAR));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Access, Storage};

    /// Arrays of bytes of these lengths, one record after the other, and where each begins.
    fn arrays(lengths: &[usize]) -> (Vec<u8>, Vec<u64>) {
        let (mut bytes, mut offsets) = (Vec::new(), Vec::new());
        for (number, &length) in lengths.iter().enumerate() {
            offsets.push(bytes.len() as u64);
            bytes.push(0x23);
            bytes.extend((number as u64 + 1).to_be_bytes());
            bytes.extend(0u32.to_be_bytes());
            bytes.extend((length as u32).to_be_bytes());
            bytes.push(8);
            bytes.resize(bytes.len() + length, 0);
        }
        (bytes, offsets)
    }

    /// The places that the link would note, where runs begin at these objects.
    fn places(offsets: &[u64], end: u64, runs: &[usize]) -> RecordPlaces {
        let (mut anchors, mut steps, mut of_runs) = (Vec::new(), Vec::new(), Vec::new());
        for (at, &first) in runs.iter().enumerate() {
            let last = runs.get(at + 1).copied().unwrap_or(offsets.len());
            let mut of_run = PlacesOfRun::default();
            (first..last).for_each(|object| of_run.see(object as u32, offsets[object]));
            anchors.append(&mut of_run.anchors);
            steps.append(&mut of_run.steps);
            let end = offsets.get(last).copied().unwrap_or(end);
            of_runs.push(RunPlace { first_object: first as u32, start: offsets[first], end });
        }
        let storage = Storage::default();
        let mut column = storage.column::<u64>("anchors", anchors.len(), Access::Random).unwrap();
        column.copy_from_slice(&anchors);
        let mut step_column = storage.column::<u16>("steps", steps.len(), Access::Random).unwrap();
        step_column.copy_from_slice(&steps);
        RecordPlaces { anchors: column, steps: step_column, runs: of_runs }
    }

    #[test]
    fn every_record_is_found_where_it_is() {
        // Small ones, some too large for a step to be told, runs that begin amid a group.
        let lengths: Vec<usize> = (0..500).map(|at| if at % 90 == 5 { 70_000 } else { at % 13 }).collect();
        let (bytes, offsets) = arrays(&lengths);
        let places = places(&offsets, bytes.len() as u64, &[0, 130, 192, 401]);
        assert!(
            places.steps.contains(&TOO_FAR) && places.steps.iter().any(|&step| (1..TOO_FAR).contains(&step))
        );
        let encoding = Encoding { wide_ids: true };
        for (object, &offset) in offsets.iter().enumerate() {
            let (at, record) = places.record(&bytes, encoding, ObjectIx::from_usize(object));
            assert_eq!(at, offset, "{object}");
            let HeapRecord::PrimitiveArray { object: id, .. } = record else { panic!("{record:?}") };
            assert_eq!(id.0, object as u64 + 1);
        }
        // Near and far steps, twice the same, over the ends of runs.
        for stride in [0, 1, 3, 15, 16, 17, 64, 130] {
            let mut reader = RecordReader::new(&places, &bytes, encoding);
            let mut object = 0;
            for turn in 0.. {
                if object >= lengths.len() {
                    break;
                }
                let record = reader.record(ObjectIx::from_usize(object)).unwrap();
                let HeapRecord::PrimitiveArray { object: id, .. } = record else { panic!("{record:?}") };
                assert_eq!(id.0, object as u64 + 1, "in strides of {stride}");
                object += if turn % 3 == 0 { 0 } else { stride.max(1) };
            }
        }
    }
}
