//! Building [`References`] in parallel, one writer per part of the dump.
//!
//! Owns the division of the columns into parts. The caller has counted objects and slots of each part beforehand; writers
//! then need no lock: each owns its part of the targets, and the words of the degrees, which two neighbours may share, are
//! set by one atomic operation per 64 bits.

use super::error::GraphError;
use super::references::{DANGLING, REFERENCES, References};
use super::shape::{DegreeWriter, Shape};
use super::slots::{SlotColumn, SlotsMut, Width};
use crate::ix::ObjectIx;
use crate::storage::{BitColumn, Storage};

/// Where a part begins; it ends where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The number of its first object.
    pub first_object: usize,
    /// The number of its first slot.
    pub first_slot: usize,
}

/// References that are being written.
#[derive(Debug)]
pub struct ReferencesBuilder {
    targets: SlotColumn,
    degrees: BitColumn,
    storage: Storage,
    parts: Vec<Part>,
    object_count: usize,
}

impl ReferencesBuilder {
    /// Room for `object_count` objects with `slot_count` slots in all, in parts that begin at `parts` (ascending, the first at 0, 0;
    /// without parts there is one).
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub fn new(
        storage: &Storage,
        object_count: usize,
        slot_count: usize,
        parts: &[Part],
    ) -> Result<Self, GraphError> {
        Self::with_width(Width::of(object_count), storage, object_count, slot_count, parts)
    }

    /// The same with slots of a width that is enough for these objects.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_width(
        width: Width,
        storage: &Storage,
        object_count: usize,
        slot_count: usize,
        parts: &[Part],
    ) -> Result<Self, GraphError> {
        let whole = [Part { first_object: 0, first_slot: 0 }];
        let parts = if parts.is_empty() { &whole } else { parts };
        assert_eq!(parts[0], whole[0], "the first part begins at the first object");
        Ok(Self {
            targets: SlotColumn::new(width, REFERENCES.targets, slot_count, storage)?,
            degrees: BitColumn::new(storage, REFERENCES.degrees, object_count + slot_count)?,
            storage: storage.clone(),
            parts: parts.to_vec(),
            object_count,
        })
    }

    /// One writer per part, in order. All of them have to be used to their ends before [`Self::finish`].
    pub fn writers(&mut self) -> Vec<ReferencesWriter<'_>> {
        let starts: Vec<usize> = self.parts.iter().map(|part| part.first_slot).collect();
        let ends = self.parts[1..].iter().map(|part| part.first_object).chain([self.object_count]);
        let degrees = self.degrees.atomic_words();
        self.targets
            .split_mut(&starts)
            .into_iter()
            .zip(self.parts.iter().zip(ends))
            .map(|(targets, (part, end))| ReferencesWriter {
                targets,
                filled: 0,
                list: 0,
                degrees: DegreeWriter::new(degrees, part.first_object + part.first_slot),
                objects_left: end - part.first_object,
            })
            .collect()
    }

    /// The finished references.
    ///
    /// # Errors
    /// No memory and no scratch space.
    ///
    /// # Panics
    /// If fewer objects were written than announced: a bug of the caller, who counted them.
    pub fn finish(self) -> Result<References, GraphError> {
        assert_eq!(self.degrees.count_ones(), self.object_count, "every object is written once");
        let shape = Shape::new(self.degrees, self.object_count, REFERENCES, &self.storage)?;
        Ok(References::new(self.targets, shape))
    }
}

/// Writes the references of one part's objects, in order.
#[derive(Debug)]
pub struct ReferencesWriter<'a> {
    targets: SlotsMut<'a>,
    filled: usize,
    /// Where the current object's slots begin.
    list: usize,
    degrees: DegreeWriter<'a>,
    objects_left: usize,
}

impl ReferencesWriter<'_> {
    /// One more slot of the current object; `None` where it refers to nothing in the dump.
    ///
    /// # Panics
    /// If the part has more slots than announced.
    #[inline]
    pub fn push(&mut self, target: Option<ObjectIx>) {
        self.push_slot(target.map_or(DANGLING, |object| object.0));
    }

    /// The current object has no more slots.
    ///
    /// # Panics
    /// If the part has more objects than announced.
    #[inline]
    pub fn end_object(&mut self) {
        assert!(self.objects_left > 0, "more objects than the part was announced to have");
        self.objects_left -= 1;
        self.degrees.end_list(self.filled - self.list);
        self.list = self.filled;
    }

    /// A whole object with its slots: numbers of objects, or [`DANGLING`].
    ///
    /// # Panics
    /// If the part has more objects or slots than announced.
    #[inline]
    pub fn object(&mut self, slots: &[u32]) {
        for &slot in slots {
            self.push_slot(slot);
        }
        self.end_object();
    }

    #[inline]
    fn push_slot(&mut self, target: u32) {
        self.targets.put(self.filled, target);
        self.filled += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn parts_meet_inside_of_words() {
        let lists: Vec<Vec<u32>> = (0..1000u32)
            .map(|o| (0..o * 7 % 5 + if o % 331 == 0 { 300 } else { 0 }).map(|s| (o + s) % 1000).collect())
            .collect();
        for part_objects in [1, 7, 64, 333, 1000] {
            let mut parts = Vec::new();
            let mut first_slot = 0;
            for (at, list) in lists.iter().enumerate() {
                if at % part_objects == 0 {
                    parts.push(Part { first_object: at, first_slot });
                }
                first_slot += list.len();
            }
            let mut builder = ReferencesBuilder::new(&Storage::default(), 1000, first_slot, &parts).unwrap();
            builder.writers().into_par_iter().zip(&parts).for_each(|(mut writer, part)| {
                for list in lists.iter().skip(part.first_object).take(part_objects) {
                    writer.object(list);
                }
            });
            let references = builder.finish().unwrap();
            for (at, list) in lists.iter().enumerate() {
                assert!(references.slots(ObjectIx(at as u32)).iter().eq(list.iter().copied()));
            }
            for from in [0, 1, 63, 64, 65, 640, 999, 1000] {
                for (object, slots) in references.lists(from..1000) {
                    assert!(slots.iter().eq(lists[object.index()].iter().copied()));
                }
            }
        }
    }
}
