//! The first pass over the heap records, in parallel over parts: counts objects, references and arrays, marks addresses,
//! collects roots, and finds the runs of undamaged records that the second pass reads.
//!
//! Cost: one sequential read of the dump; 24 bytes per GC root.

use super::super::classes::Classes;
use super::super::damage::{Damage, DamageKind};
use super::number::{Marker, Marks};
use super::records::certainly_heap_record;
use super::shapes::{ClassLookup, Shapes, array_references, instance_references};
use crate::hprof::{ClassDump, Encoding, HeapRecord, HeapRecords, NameId, ObjectId, RootTag, Serial, Value};
use crate::progress::{Cancelled, Phase};
use hashbrown::HashSet;
use rayon::prelude::*;
use std::ops::Range;

/// Consecutive undamaged heap records.
#[derive(Debug, Clone)]
pub(in crate::snapshot) struct Run {
    pub(in crate::snapshot) bytes: Range<usize>,
    pub(in crate::snapshot) objects: u32,
    /// References that are not null and that the collector follows.
    pub(in crate::snapshot) slots: u64,
    pub(in crate::snapshot) arrays: u32,
}

impl Run {
    /// An empty run.
    fn at(offset: usize) -> Self {
        Self { bytes: offset..offset, objects: 0, slots: 0, arrays: 0 }
    }
}

/// A GC root as the dump has it.
#[derive(Debug, Clone, Copy)]
pub(in crate::snapshot) struct RawRoot {
    pub(in crate::snapshot) object: ObjectId,
    pub(in crate::snapshot) tag: RootTag,
    pub(in crate::snapshot) thread: Option<Serial>,
    pub(in crate::snapshot) frame: Option<u32>,
}

/// What the scan of one part found.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct ScannedPart {
    pub(in crate::snapshot) runs: Vec<Run>,
    pub(in crate::snapshot) objects: u32,
    pub(in crate::snapshot) roots: Vec<RawRoot>,
    /// Classes that instances name but that the dump does not describe.
    pub(in crate::snapshot) unknown_classes: HashSet<ObjectId>,
    /// Whether there is a class that was not known before the scan.
    pub(in crate::snapshot) late_classes: bool,
    /// The heap that objects lie in from the n-th object of the part on (Android).
    pub(in crate::snapshot) heaps: Vec<(u32, NameId)>,
    pub(in crate::snapshot) damage: Damage,
}

/// Scans all parts.
pub(in crate::snapshot) fn scan(
    bytes: &[u8],
    parts: &[Range<usize>],
    encoding: Encoding,
    shapes: &Shapes<'_>,
    marks: &Marks,
    phase: &Phase<'_>,
) -> Result<Vec<ScannedPart>, Cancelled> {
    parts
        .par_iter()
        .enumerate()
        .map(|(number, part)| {
            phase.advance(part.len() as u64)?;
            let scanner =
                Scanner { bytes: &bytes[..part.end], encoding, shapes, found: ScannedPart::default() };
            scanner.part(part, marks.marker(number))
        })
        .collect()
}

/// The references of a class mirror: super class, loader, signers, protection domain, static fields. Not null.
pub(in crate::snapshot) fn class_references(dump: &ClassDump<'_>, mut take: impl FnMut(ObjectId)) {
    let fixed = [dump.super_class, dump.loader, dump.signers, dump.protection_domain];
    let statics = dump.static_fields().filter_map(|(_, value)| match value {
        Value::Reference(id) => Some(id),
        _ => None,
    });
    fixed.into_iter().chain(statics).filter(|id| !id.is_null()).for_each(&mut take);
}

struct Scanner<'a, 's> {
    bytes: &'a [u8],
    encoding: Encoding,
    shapes: &'s Shapes<'s>,
    found: ScannedPart,
}

impl<'s> Scanner<'_, 's> {
    fn part(mut self, part: &Range<usize>, mut marker: Marker<'_>) -> Result<ScannedPart, Cancelled> {
        let mut lookup = self.shapes.lookup();
        let mut run = Run::at(part.start);
        let mut walk = HeapRecords::new(self.bytes, part.start, self.encoding);
        let end = loop {
            let at = walk.at();
            let is_sound = match walk.next() {
                Ok(Some(record)) => self.take(record, at..walk.at(), &mut run, &mut marker, &mut lookup),
                Ok(None) => break at,
                Err(_) => false,
            };
            if !is_sound {
                self.end_run(run, at);
                let next = self.resync(at);
                walk = HeapRecords::new(self.bytes, next, self.encoding);
                run = Run::at(next);
            }
        };
        self.end_run(run, end);
        let marked = marker.end();
        debug_assert_eq!(marked, self.found.objects);
        Ok(self.found)
    }

    /// Takes the record at `place` into the run. False if it contradicts the classes and what follows is none either: then it
    /// was no record, and nothing has been taken.
    #[inline(always)]
    fn take(
        &mut self,
        record: HeapRecord<'_>,
        place: Range<usize>,
        run: &mut Run,
        marker: &mut Marker<'_>,
        lookup: &mut ClassLookup<'s>,
    ) -> bool {
        match record {
            HeapRecord::Instance { object, class, fields } => {
                let shapes = self.shapes;
                let shape = lookup.find(class).map(|ix| shapes.get(ix));
                let odd = match shape {
                    None => Some(DamageKind::UnknownClass),
                    Some(shape) if shape.record_bytes != fields.len() => Some(DamageKind::OddInstance),
                    Some(_) => None,
                };
                if let Some(odd) = odd
                    && !self.tolerate(odd, class, &place)
                {
                    return false;
                }
                marker.mark(object);
                run.objects += 1;
                if let Some(shape) = shape {
                    instance_references(shape, fields, self.encoding, |_, _| run.slots += 1);
                }
            }
            HeapRecord::ObjectArray { object, class, elements, .. } => {
                if lookup.find(class).is_none() && !self.tolerate(DamageKind::UnknownClass, class, &place) {
                    return false;
                }
                marker.mark(object);
                run.objects += 1;
                run.arrays += 1;
                array_references(elements, self.encoding, |_| run.slots += 1);
            }
            HeapRecord::PrimitiveArray { object, .. } => {
                marker.mark(object);
                run.objects += 1;
                run.arrays += 1;
            }
            HeapRecord::Class(dump) => {
                self.found.late_classes |= lookup.find(dump.class).is_none();
                marker.mark(dump.class);
                run.objects += 1;
                class_references(&dump, |_| run.slots += 1);
            }
            HeapRecord::Root { tag, object, thread, frame } => {
                self.found.roots.push(RawRoot { object, tag, thread, frame });
            }
            HeapRecord::HeapInfo { name, .. } => {
                let objects = self.found.objects + run.objects;
                if self.found.heaps.last().is_none_or(|&(_, last)| last != name) {
                    self.found.heaps.push((objects, name));
                }
            }
        }
        true
    }

    /// Whether an object that does not fit what is known of classes is one all the same, since records follow it; counts it as damage then.
    #[cold]
    fn tolerate(&mut self, odd: DamageKind, class: ObjectId, place: &Range<usize>) -> bool {
        if class.is_null() || self.is_suspicious(place.end) {
            return false;
        }
        if odd == DamageKind::UnknownClass {
            self.found.unknown_classes.insert(class);
        }
        self.found.damage.add(odd, Some(place.start as u64), 1, 0);
        true
    }

    fn end_run(&mut self, mut run: Run, at: usize) {
        run.bytes.end = at;
        self.found.objects += run.objects;
        if !run.bytes.is_empty() {
            self.found.runs.push(run);
        }
    }

    /// Whether what follows at `at` is no sub-record, so that what came before may be none either.
    fn is_suspicious(&self, at: usize) -> bool {
        let mut walk = HeapRecords::new(self.bytes, at, self.encoding);
        (0..3).any(|_| walk.next().is_err())
    }

    /// The next offset after damage at `at` where heap records certainly begin again; the end of the part if nowhere.
    fn resync(&mut self, at: usize) -> usize {
        let known = |class: ObjectId| self.shapes.classes.find(class).is_some();
        let next = (at + 1..self.bytes.len())
            .find(|&next| {
                certainly_heap_record(self.bytes, next, self.encoding, known) && self.fits_class(next)
            })
            .unwrap_or(self.bytes.len());
        self.found.damage.add(DamageKind::LostBytes, Some(at as u64), 1, (next - at) as u64);
        next
    }

    /// Whether an instance at `at` has the size that its class demands.
    fn fits_class(&self, at: usize) -> bool {
        match HeapRecords::new(self.bytes, at, self.encoding).next() {
            Ok(Some(HeapRecord::Instance { class, fields, .. })) => {
                let class = self.shapes.classes.find(class);
                class.is_some_and(|class| self.shapes.get(class).record_bytes == fields.len())
            }
            Ok(Some(_)) => true,
            _ => false,
        }
    }
}

/// Adds the classes that objects name but that the dump does not describe.
pub(in crate::snapshot) fn add_unknown_classes(
    classes: &mut Classes,
    scanned: &[ScannedPart],
    name: impl Fn(ObjectId) -> super::NamedClass,
) {
    let mut unknown: Vec<ObjectId> =
        scanned.iter().flat_map(|part| part.unknown_classes.iter().copied()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    for id in unknown {
        let (name, element) = name(id);
        classes.push(super::super::classes::Class {
            element,
            ..super::super::classes::Class::undescribed(id, name)
        });
    }
}
