//! What of a snapshot is no column: counts, damage, classes with their totals, threads, the layout of objects.
//!
//! Cost: grows with classes, threads and segments of the dump, not with objects.

use super::super::classes::Classes;
use super::super::columns::ClassColumn;
use super::super::damage::{Damage, DamageKind};
use super::super::layout::{Confidence, Evidence, ObjectLayout, SizeSource};
use super::super::records::RunPlace;
use super::super::sizes::ShallowSizes;
use super::super::threads::{StackFrame, Thread};
use super::super::totals::{ClassCount, GroupRetained};
use super::super::{Heap, Snapshot};
use super::wire::{Decoder, Encoder};
use super::{classes, key};
use crate::graph::RetainedColumn;
use crate::hprof::Serial;
use crate::ix::{ClassIx, ObjectIx};

/// What [`encode`] notes, read again.
pub(super) struct Facts {
    pub(super) objects: usize,
    /// Whether the column of classes has four bytes per object.
    pub(super) wide_classes: bool,
    /// log2 of the unit of retained sizes.
    pub(super) retained_shift: u32,
    /// Bytes of each in its column.
    pub(super) retained_width: u8,
    pub(super) dump_number: usize,
    pub(super) dump_count: usize,
    pub(super) other_records: u64,
    pub(super) index_shift: u32,
    pub(super) runs: Vec<RunPlace>,
    pub(super) damage: Damage,
    pub(super) classes: Classes,
    pub(super) mirrors: Vec<(ObjectIx, ClassIx)>,
    pub(super) threads: Vec<Thread>,
    pub(super) sizes: ShallowSizes,
    pub(super) class_counts: Vec<ClassCount>,
    pub(super) group_retained: GroupRetained,
}

pub(super) fn encode(snapshot: &Snapshot, retained: &RetainedColumn, retained_shift: u32) -> Vec<u8> {
    let heap: &Heap = &snapshot.heap;
    let mut to = Encoder::default();
    to.count(heap.object_count());
    to.count(heap.classes.len());
    to.flag(matches!(heap.class_by_object, ClassColumn::U32(_)));
    to.number(u64::from(retained_shift));
    to.u8(match retained {
        RetainedColumn::Short(_) => 2,
        RetainedColumn::Narrow(_) => 4,
        RetainedColumn::Wide(_) => 8,
    });
    to.count(heap.origin.dump_number);
    to.count(heap.origin.dump_count);
    to.number(heap.origin.other_records);
    to.number(u64::from(heap.index.shift));
    to.count(heap.records.runs.len());
    for run in &heap.records.runs {
        [u64::from(run.first_object), run.start, run.end].into_iter().for_each(|number| to.number(number));
    }
    encode_damage(&heap.damage, &mut to);
    classes::encode(&heap.classes, &mut to);
    to.count(heap.mirrors.len());
    for &(object, class) in &heap.mirrors {
        to.object(object);
        to.class(class);
    }
    to.count(heap.threads.len());
    heap.threads.iter().for_each(|thread| encode_thread(thread, &mut to));
    encode_sizes(&snapshot.sizes, &mut to);
    for count in snapshot.class_counts() {
        let ClassCount { instances, shallow_bytes, unreachable_instances, unreachable_bytes } = *count;
        [instances, shallow_bytes, unreachable_instances, unreachable_bytes]
            .into_iter()
            .for_each(|number| to.number(number));
    }
    let retained = snapshot.group_retained().numbers();
    to.count(retained.len());
    retained.iter().for_each(|&number| to.number(number));
    to.finish()
}

pub(super) fn decode(bytes: &[u8]) -> Option<Facts> {
    let mut decoder = Decoder::new(bytes);
    let from = &mut decoder;
    let (objects, class_count) = (from.usize()?, from.usize()?);
    from.set_bounds(objects, class_count);
    let (wide_classes, retained_shift, retained_width) = (from.flag()?, from.u32()?, from.u8()?);
    let (dump_number, dump_count, other_records) = (from.usize()?, from.usize()?, from.number()?);
    let index_shift = from.u32().filter(|&shift| shift < 32)?;
    let runs = from.list(|from| {
        Some(RunPlace { first_object: from.u32()?, start: from.number()?, end: from.number()? })
    })?;
    let damage = decode_damage(from)?;
    let classes = classes::decode(from, class_count)?;
    let mirrors = from.list(|from| Some((from.object()?, from.class()?)))?;
    let threads = from.list(decode_thread)?;
    let sizes = decode_sizes(from, &classes)?;
    let mut class_counts = Vec::new();
    for _ in 0..class_count {
        class_counts.push(ClassCount {
            instances: from.number()?,
            shallow_bytes: from.number()?,
            unreachable_instances: from.number()?,
            unreachable_bytes: from.number()?,
        });
    }
    let retained = from.list(Decoder::number)?;
    let group_retained = GroupRetained::restore(&classes, retained)?;
    let facts = Facts {
        objects,
        wide_classes,
        retained_shift,
        retained_width,
        dump_number,
        dump_count,
        other_records,
        index_shift,
        runs,
        damage,
        classes,
        mirrors,
        threads,
        sizes,
        class_counts,
        group_retained,
    };
    decoder.is_at_end().then_some(facts)
}

fn encode_damage(damage: &Damage, to: &mut Encoder) {
    to.count(damage.kinds().count());
    for (kind, found) in damage.kinds() {
        to.text(&kind.id().into());
        to.number(found.count);
        to.number(found.bytes);
        to.option(found.first_offset);
    }
}

fn decode_damage(from: &mut Decoder<'_>) -> Option<Damage> {
    let mut damage = Damage::default();
    let kinds = from.list(|from| {
        let id = from.text()?;
        let kind = DamageKind::ALL.into_iter().find(|kind| *kind.id() == *id)?;
        Some((kind, from.number()?, from.number()?, from.option()?))
    })?;
    for (kind, count, bytes, first_offset) in kinds {
        damage.add(kind, first_offset, count, bytes);
    }
    Some(damage)
}

fn encode_objects(objects: &[ObjectIx], to: &mut Encoder) {
    to.count(objects.len());
    objects.iter().for_each(|&object| to.object(object));
}

fn encode_thread(thread: &Thread, to: &mut Encoder) {
    to.object(thread.object);
    to.number(u64::from(thread.serial.0));
    to.count(thread.frames.len());
    for frame in &thread.frames {
        let StackFrame { class, method, signature, file, line, native, locals, repeated } = frame;
        [class, method, signature].into_iter().for_each(|text| to.text(text));
        to.flag(file.is_some());
        if let Some(file) = file {
            to.text(file);
        }
        to.number(u64::from(*line));
        to.flag(*native);
        encode_objects(locals, to);
        encode_objects(repeated, to);
    }
    encode_objects(&thread.native_locals, to);
}

fn decode_thread(from: &mut Decoder<'_>) -> Option<Thread> {
    Some(Thread {
        object: from.object()?,
        serial: Serial(from.u32()?),
        frames: from.list(|from| {
            Some(StackFrame {
                class: from.text()?,
                method: from.text()?,
                signature: from.text()?,
                file: if from.flag()? { Some(from.text()?) } else { None },
                line: from.u32()?,
                native: from.flag()?,
                locals: from.list(Decoder::object)?,
                repeated: from.list(Decoder::object)?,
            })
        })?,
        native_locals: from.list(Decoder::object)?,
    })
}

const CONFIDENCES: [Confidence; 3] = [Confidence::Estimated, Confidence::Likely, Confidence::Exact];
const SOURCES: [SizeSource; 4] =
    [SizeSource::Formula, SizeSource::Gap, SizeSource::Both, SizeSource::Declared];

/// The place of a value among those that there are.
fn code<T: PartialEq>(value: &T, all: &[T]) -> u8 {
    all.iter().position(|candidate| candidate == value).map_or(u8::MAX, |at| at as u8)
}

fn encode_sizes(sizes: &ShallowSizes, to: &mut Encoder) {
    let ObjectLayout {
        model,
        confidence,
        evidence,
        is_forced,
        instance_bytes_by_class,
        mirror_bytes_by_class,
        source_by_class,
    } = sizes.layout();
    key::encode_model(model, to);
    to.u8(code(confidence, &CONFIDENCES));
    [evidence.confirmed, evidence.refuted, evidence.open]
        .into_iter()
        .for_each(|count| to.number(u64::from(count)));
    to.flag(*is_forced);
    for ((&instance, &mirror), source) in
        instance_bytes_by_class.iter().zip(mirror_bytes_by_class).zip(source_by_class)
    {
        to.number(u64::from(instance));
        to.number(u64::from(mirror));
        to.u8(code(source, &SOURCES));
    }
    to.flag(sizes.has_odd_arrays());
    to.count(sizes.stack_chunks().len());
    for &(chunk, bytes) in sizes.stack_chunks() {
        to.object(chunk);
        to.number(bytes);
    }
}

fn decode_sizes(from: &mut Decoder<'_>, classes: &Classes) -> Option<ShallowSizes> {
    let model = key::decode_model(from)?;
    let confidence = *CONFIDENCES.get(usize::from(from.u8()?))?;
    let evidence = Evidence { confirmed: from.u32()?, refuted: from.u32()?, open: from.u32()? };
    let mut layout = ObjectLayout {
        model,
        confidence,
        evidence,
        is_forced: from.flag()?,
        instance_bytes_by_class: Vec::with_capacity(classes.len()),
        mirror_bytes_by_class: Vec::with_capacity(classes.len()),
        source_by_class: Vec::with_capacity(classes.len()),
    };
    for _ in 0..classes.len() {
        layout.instance_bytes_by_class.push(from.u32()?);
        layout.mirror_bytes_by_class.push(from.u32()?);
        layout.source_by_class.push(*SOURCES.get(usize::from(from.u8()?))?);
    }
    let odd_arrays = from.flag()?;
    let stack_chunks = from.list(|from| Some((from.object()?, from.number()?)))?;
    Some(ShallowSizes::new(classes, layout, odd_arrays, stack_chunks))
}
