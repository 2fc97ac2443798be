//! From the description to bytes, in the order HotSpot writes: names, classes, frames, traces, the heap.

use super::class::ClassData;
use super::{Body, ClassRef, HeapBuilder, HeapRecords, Order, SubRecord};
use crate::value::{Addr, Kind, Value};
use crate::wire::{Wire, sub, tag};

/// The stack trace that HotSpot gives to every object and class: the empty one.
const NO_TRACE: u32 = 1;

/// A third of the heap: all sub-records of one nature.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Section {
    Classes,
    Objects,
    Roots,
}

impl HeapBuilder {
    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        let mut wire = Wire::new(self.id_size);
        self.write_header(&mut wire);
        self.write_records(&mut wire);
        wire.bytes
    }

    pub(crate) fn write_header(&self, wire: &mut Wire) {
        wire.header(self.version, self.millis);
    }

    /// The records without the file's header: appended to another dump they make a file with several heap dumps.
    pub fn finish_records(mut self) -> Vec<u8> {
        let mut wire = Wire::new(self.id_size);
        self.write_records(&mut wire);
        wire.bytes
    }

    fn write_records(&mut self, wire: &mut Wire) {
        self.write_top(wire);
        self.write_heap(wire);
    }

    /// All records before the heap. Allocates what is only known now, so it goes before the heap.
    pub(crate) fn write_top(&mut self, wire: &mut Wire) {
        self.fill_class_loader();
        let class_names: Vec<u64> = (0..self.classes.len())
            .map(|i| {
                let name = self.name_in_file(&self.classes[i].name);
                self.name(&name)
            })
            .collect();
        self.write_names(wire);
        self.write_load_class(wire, &class_names);
        self.write_stacks(wire);
        for (tag, body) in &self.others {
            wire.record(*tag, body);
        }
    }

    fn write_names(&mut self, wire: &mut Wire) {
        for name in self.names.clone() {
            let mut body = Wire::new(self.id_size);
            body.id(self.name(&name));
            body.raw(&modified_utf8(&name));
            wire.record(tag::UTF8, &body.bytes);
        }
    }

    fn write_load_class(&self, wire: &mut Wire, names: &[u64]) {
        let mut serial = 0;
        for (class, &name) in self.classes.iter().zip(names) {
            for _ in 0..class.load_records {
                serial += 1;
                let mut body = Wire::new(self.id_size);
                body.u4(serial);
                body.id(class.address);
                body.u4(NO_TRACE);
                body.id(name);
                wire.record(tag::LOAD_CLASS, &body.bytes);
            }
            serial += u32::from(class.load_records == 0);
        }
    }

    fn write_stacks(&self, wire: &mut Wire) {
        let mut serials = Vec::with_capacity(self.classes.len());
        let mut serial = 1;
        for class in &self.classes {
            serials.push(serial);
            serial += class.load_records.max(1);
        }
        for (index, frame) in self.frames.iter().enumerate() {
            let mut body = Wire::new(self.id_size);
            body.id(frame_id(index));
            body.id(frame.method);
            body.id(frame.signature);
            body.id(frame.file);
            body.u4(serials[frame.class]);
            body.u4(frame.line.cast_unsigned());
            wire.record(tag::STACK_FRAME, &body.bytes);
        }
        for (index, trace) in self.traces.iter().enumerate() {
            let mut body = Wire::new(self.id_size);
            body.u4(count(index + 1));
            body.u4(trace.thread);
            body.u4(count(trace.frames.len()));
            for &frame in &trace.frames {
                body.id(frame_id(frame));
            }
            wire.record(tag::STACK_TRACE, &body.bytes);
        }
    }

    pub(super) fn write_heap(&self, wire: &mut Wire) {
        match self.records {
            HeapRecords::Segments(limit) => {
                let mut segment = Wire::new(self.id_size);
                self.each_sub_record(|bytes| {
                    if segment.len() > 0 && segment.len() + bytes.len() > limit {
                        wire.record(tag::HEAP_DUMP_SEGMENT, &segment.bytes);
                        segment.bytes.clear();
                    }
                    segment.raw(bytes);
                });
                if segment.len() > 0 {
                    wire.record(tag::HEAP_DUMP_SEGMENT, &segment.bytes);
                }
                wire.record(tag::HEAP_DUMP_END, &[]);
            }
            HeapRecords::One => {
                let body = self.whole_heap();
                wire.record_head(tag::HEAP_DUMP, body.len() as u32); // the low 32 bits, as old JVMs do
                wire.raw(&body);
            }
            HeapRecords::OneClaiming(length) => {
                wire.record_head(tag::HEAP_DUMP, length);
                wire.raw(&self.whole_heap());
            }
        }
    }

    fn whole_heap(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.each_sub_record(|bytes| body.extend_from_slice(bytes));
        body
    }

    /// Hands over the bytes of each sub-record, in the chosen order.
    fn each_sub_record(&self, mut sink: impl FnMut(&[u8])) {
        let sections = match self.order {
            Order::RootsLast => [Section::Classes, Section::Objects, Section::Roots],
            Order::RootsFirst => [Section::Roots, Section::Classes, Section::Objects],
            Order::ClassesLast => [Section::Objects, Section::Roots, Section::Classes],
        };
        for section in sections {
            self.each_of(section, &mut sink);
        }
    }

    /// Hands over the bytes of each sub-record of one section.
    pub(crate) fn each_of(&self, section: Section, mut sink: impl FnMut(&[u8])) {
        let length = match section {
            Section::Classes => self.classes.len(),
            Section::Objects => self.objects.len(),
            Section::Roots => self.roots.len(),
        };
        let mut wire = Wire::new(self.id_size);
        for index in 0..length {
            wire.bytes.clear();
            match section {
                Section::Classes => self.write_class(&mut wire, &self.classes[index]),
                Section::Objects => self.write_sub_record(&mut wire, &self.objects[index]),
                Section::Roots => self.roots[index].write(&mut wire),
            }
            sink(&wire.bytes);
        }
    }

    fn write_class(&self, wire: &mut Wire, class: &ClassData) {
        let fields = self.field_bytes(class);
        wire.u1(sub::CLASS_DUMP);
        wire.id(class.address);
        wire.u4(NO_TRACE);
        for id in [class.superclass_address, class.loader, class.signers, class.protection_domain, 0, 0] {
            wire.id(id);
        }
        wire.u4(class.declared_bytes.unwrap_or(fields));
        wire.u2(short_count(class.constants.len()));
        for &(index, value) in &class.constants {
            wire.u2(index);
            typed(wire, value);
        }
        wire.u2(short_count(class.statics.len()));
        for &(name, value) in &class.statics {
            wire.id(name);
            typed(wire, value);
        }
        wire.u2(short_count(class.fields.len()));
        for (name, _, kind) in &class.fields {
            wire.id(*name);
            wire.u1(kind.code());
        }
    }

    /// What HotSpot writes as "instance size": the fields of the class and all its superclasses, with references
    /// as wide as identifiers and no header.
    pub(crate) fn field_bytes(&self, class: &ClassData) -> u32 {
        let chain = std::iter::successors(Some(class), |class| class.superclass.map(|up| &self.classes[up]));
        chain.flat_map(|class| &class.fields).map(|(_, _, kind)| kind.bytes(self.id_size.bytes())).sum()
    }

    /// [`Self::field_bytes`] of a class that is built.
    pub(crate) fn field_bytes_of(&self, class: ClassRef) -> u32 {
        self.field_bytes(&self.classes[class.index])
    }

    fn write_sub_record(&self, wire: &mut Wire, record: &SubRecord) {
        match record {
            SubRecord::Raw(bytes) => wire.raw(bytes),
            SubRecord::HeapInfo { heap, name } => {
                wire.u1(sub::HEAP_DUMP_INFO);
                wire.u4(*heap);
                wire.id(*name);
            }
            SubRecord::Object { address, body } => self.write_object(wire, *address, body),
        }
    }

    fn write_object(&self, wire: &mut Wire, address: Addr, body: &Body) {
        let head = |wire: &mut Wire, tag: u8| {
            wire.u1(tag);
            wire.addr(address);
            wire.u4(NO_TRACE);
        };
        match body {
            Body::Instance { class, values } => {
                head(wire, sub::INSTANCE_DUMP);
                wire.id(self.classes[*class].address);
                wire.u4(values.iter().map(|value| wire.width(value.kind())).sum());
                for &value in values {
                    wire.value(value);
                }
            }
            Body::ObjectArray { class, elements } => {
                head(wire, sub::OBJECT_ARRAY_DUMP);
                wire.u4(count(elements.len()));
                wire.addr(*class);
                for &element in elements {
                    wire.addr(element);
                }
            }
            Body::PrimitiveArray(elements) => {
                head(wire, sub::PRIMITIVE_ARRAY_DUMP);
                wire.u4(count(elements.len()));
                wire.u1(elements.kind().code());
                wire.raw(&elements.to_be_bytes());
            }
            Body::PrimitiveArrayNoData { kind, length } => {
                head(wire, sub::PRIMITIVE_ARRAY_NODATA);
                wire.u4(*length);
                wire.u1(kind.code());
            }
        }
    }
}

fn typed(wire: &mut Wire, value: Value) {
    let kind: Kind = value.kind();
    wire.u1(kind.code());
    wire.value(value);
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("counts of the format are below 2^32")
}

fn short_count(length: usize) -> u16 {
    u16::try_from(length).expect("fields, statics and constants are counted in 16 bits")
}

/// Identifier of a frame: HotSpot counts from 1.
fn frame_id(index: usize) -> u64 {
    index as u64 + 1
}

/// Java's own UTF-8: U+0000 in two bytes, characters beyond U+FFFF as two surrogates of three bytes each.
fn modified_utf8(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match unit {
            0x01..=0x7f => bytes.push(unit as u8),
            0 | 0x80..=0x7ff => bytes.extend([0xc0 | (unit >> 6) as u8, 0x80 | (unit & 0x3f) as u8]),
            _ => bytes.extend([
                0xe0 | (unit >> 12) as u8,
                0x80 | (unit >> 6 & 0x3f) as u8,
                0x80 | (unit & 0x3f) as u8,
            ]),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::modified_utf8;

    #[test]
    fn names_are_in_modified_utf8() {
        assert_eq!(modified_utf8("a\u{e9}\u{4e2d}"), "a\u{e9}\u{4e2d}".as_bytes());
        assert_eq!(modified_utf8("\0"), [0xc0, 0x80]);
        assert_eq!(modified_utf8("\u{1f600}"), [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]);
    }
}
