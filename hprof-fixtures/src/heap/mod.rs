//! [`HeapBuilder`]: a heap described in Rust, written as HPROF.
//!
//! The builder gives out addresses as a JVM would (objects follow one another in the chosen [`Layout`]) unless told
//! otherwise, and writes what it is told even where no JVM would: dangling references, two objects at one address,
//! lengths that lie. It refuses only what cannot be written, by a panic: then the test is wrong.
//!
//! Cost: everything is in memory until [`HeapBuilder::finish`]; for big dumps use [`crate::generate`].

mod class;
mod encode;
mod java;
mod jdk;
mod model;
mod thread;
mod top;

pub(crate) use class::MIRROR_BYTES;
pub(crate) use encode::Section;
pub(crate) use java::spread;

pub use class::{ClassBuilder, ClassRef};
pub use jdk::Jdk;
pub use thread::{ThreadBuilder, ThreadRef};
pub use top::{AllocSite, AllocSites};

use crate::layout::Layout;
use crate::root::Root;
use crate::value::{Addr, Kind, PrimitiveArray, Value};
use crate::wire::{IdSize, Version};
use class::ClassData;
use std::collections::HashMap;
use thread::{Frame, Trace};

/// How the heap is cut into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeapRecords {
    /// HEAP_DUMP_SEGMENTs of at most so many bytes (a larger sub-record gets one of its own), then HEAP_DUMP_END.
    Segments(usize),
    /// One HEAP_DUMP with its true length (past 4 GiB the low 32 bits of it) and no end record.
    One,
    /// One HEAP_DUMP that says it has this length, and no end record. Old JVMs wrote 0 when they could not go
    /// back to fill the length in, and a length that overflowed past 4 GiB.
    OneClaiming(u32),
}

/// Order of the sub-records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Classes, objects, roots: HotSpot.
    RootsLast,
    /// Roots, classes, objects: the hprof agent, Android.
    RootsFirst,
    /// Objects, roots, classes: nobody known, but the format allows it.
    ClassesLast,
}

/// What an object is made of.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Instance { class: usize, values: Vec<Value> },
    ObjectArray { class: Addr, elements: Vec<Addr> },
    PrimitiveArray(PrimitiveArray),
    PrimitiveArrayNoData { kind: Kind, length: u32 },
}

/// A sub-record other than a root or a class.
#[derive(Clone, Debug)]
pub(crate) enum SubRecord {
    Object { address: Addr, body: Body },
    HeapInfo { heap: u32, name: u64 },
    Raw(Vec<u8>),
}

/// A heap in the making. See the [crate documentation](crate) for an example.
#[derive(Clone, Debug)]
pub struct HeapBuilder {
    version: Version,
    id_size: IdSize,
    layout: Layout,
    jdk: Jdk,
    millis: u64,
    records: HeapRecords,
    order: Order,
    cursor: u64,
    next_address: Option<Addr>,
    names: Vec<String>,
    name_index: HashMap<String, usize>,
    classes: Vec<ClassData>,
    class_by_name: HashMap<String, ClassRef>,
    objects: Vec<SubRecord>,
    object_by_address: HashMap<Addr, usize>,
    roots: Vec<Root>,
    frames: Vec<Frame>,
    traces: Vec<Trace>,
    threads: u32,
    others: Vec<(u8, Vec<u8>)>,
    app_class_loader: Option<Addr>,
}

/// Settings.
impl HeapBuilder {
    /// The heap of `jdk` with the format that its JVM writes.
    fn new(jdk: Jdk, version: Version, id_size: IdSize, layout: Layout) -> Self {
        HeapBuilder {
            version,
            id_size,
            layout,
            jdk,
            millis: 1_760_000_000_000,
            records: HeapRecords::Segments(1 << 20),
            order: Order::RootsLast,
            cursor: if id_size == IdSize::Four { 0x1000_0000 } else { 0xe000_0000 },
            next_address: None,
            names: Vec::new(),
            name_index: HashMap::new(),
            classes: Vec::new(),
            class_by_name: HashMap::new(),
            objects: Vec::new(),
            object_by_address: HashMap::new(),
            roots: Vec::new(),
            frames: Vec::new(),
            traces: vec![Trace::default()], // HotSpot's trace 1: no thread, no frames
            threads: 0,
            others: Vec::new(),
            app_class_loader: None,
        }
    }

    /// JDK 8, 64 bits, compressed references: Strings with `char[]`, Properties in a Hashtable, one HEAP_DUMP_SEGMENT
    /// after another.
    pub fn hotspot8() -> Self {
        Self::new(Jdk::V8, Version::V102, IdSize::Eight, Layout::COMPRESSED)
    }

    /// JDK 17, 64 bits, compressed references.
    pub fn hotspot17() -> Self {
        Self::new(Jdk::V17, Version::V102, IdSize::Eight, Layout::COMPRESSED)
    }

    /// JDK 21, 64 bits, compressed references: threads keep their state in a `Thread$FieldHolder`.
    pub fn hotspot21() -> Self {
        Self::new(Jdk::V21, Version::V102, IdSize::Eight, Layout::COMPRESSED)
    }

    /// JDK 6 on 32 bits: 4-byte identifiers, version 1.0.1, one HEAP_DUMP.
    pub fn hotspot6_32bit() -> Self {
        Self::new(Jdk::V8, Version::V101, IdSize::Four, Layout::BITS_32).records(HeapRecords::One)
    }

    /// Android: version 1.0.3, 4-byte identifiers, class names with dots, roots first.
    pub fn android() -> Self {
        Self::new(Jdk::Android, Version::V103, IdSize::Four, Layout::BITS_32).order(Order::RootsFirst)
    }

    /// Sets the version of the first line.
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the identifier width, and moves the first address below 4 GiB for 4 bytes. Call it before anything is
    /// allocated.
    pub fn id_size(mut self, id_size: IdSize) -> Self {
        assert!(self.classes.is_empty() && self.objects.is_empty(), "the identifier width comes first");
        self.id_size = id_size;
        self.cursor = if id_size == IdSize::Four { 0x1000_0000 } else { 0xe000_0000 };
        self
    }

    /// Sets the object layout that addresses follow.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets how the heap is cut into records.
    pub fn records(mut self, records: HeapRecords) -> Self {
        self.records = records;
        self
    }

    /// Sets the order of the sub-records.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Sets the time stamp of the header, in milliseconds since 1970.
    pub fn created(mut self, millis: u64) -> Self {
        self.millis = millis;
        self
    }

    /// Sets where the next object goes; those after it follow.
    pub fn base_address(mut self, address: Addr) -> Self {
        self.cursor = address.0;
        self
    }
}

/// What is there.
impl HeapBuilder {
    /// The object layout that addresses follow.
    pub const fn object_layout(&self) -> Layout {
        self.layout
    }

    /// The address behind the last object.
    pub const fn end_address(&self) -> u64 {
        self.cursor
    }

    /// Number of instances and arrays.
    pub fn object_count(&self) -> u64 {
        self.objects.iter().filter(|record| matches!(record, SubRecord::Object { .. })).count() as u64
    }

    /// Number of references in fields and elements that are not null; static fields apart.
    pub fn reference_count(&self) -> u64 {
        let is_reference = |value: &&Value| matches!(value, Value::Ref(target) if *target != Addr::NULL);
        let of_record = |record: &SubRecord| match record {
            SubRecord::Object { body: Body::Instance { values, .. }, .. } => {
                values.iter().filter(is_reference).count()
            }
            SubRecord::Object { body: Body::ObjectArray { elements, .. }, .. } => {
                elements.iter().filter(|target| **target != Addr::NULL).count()
            }
            _ => 0,
        };
        self.objects.iter().map(of_record).sum::<usize>() as u64
    }
}

/// Addresses and objects.
impl HeapBuilder {
    /// Gives the next object (or class) this very address, whatever else is there; the one after it goes where it
    /// would have gone anyway.
    pub fn next_at(&mut self, address: Addr) -> &mut Self {
        self.next_address = Some(address);
        self
    }

    /// Leaves `bytes` of the heap empty before the next object.
    pub fn gap(&mut self, bytes: u64) -> &mut Self {
        self.cursor = self.layout.align(self.cursor + bytes);
        self
    }

    pub(crate) fn allocate(&mut self, bytes: u64) -> Addr {
        if let Some(address) = self.next_address.take() {
            return address;
        }
        let address = Addr(self.layout.align(self.cursor));
        self.cursor = address.0 + bytes;
        address
    }

    fn add(&mut self, bytes: u64, body: Body) -> Addr {
        let address = self.allocate(bytes);
        self.object_by_address.insert(address, self.objects.len());
        self.objects.push(SubRecord::Object { address, body });
        address
    }

    /// A new instance. `values` are in file order: the fields of the class itself as declared, then those of its
    /// superclass, and so on; what is missing at the end is zero. Panics where a type differs.
    pub fn instance(&mut self, class: ClassRef, values: &[Value]) -> Addr {
        let kinds = self.field_kinds(class);
        let name = &self.classes[class.index].name;
        assert!(values.len() <= kinds.len(), "{name} has only {} fields", kinds.len());
        for (i, (value, &kind)) in values.iter().zip(&kinds).enumerate() {
            assert_eq!(value.kind(), kind, "type of value {i} of an instance of {name}");
        }
        let mut values = values.to_vec();
        values.extend(kinds[values.len()..].iter().map(|kind| kind.zero()));
        let bytes = self.instance_bytes(class);
        self.add(bytes, Body::Instance { class: class.index, values })
    }

    /// A new instance with some fields set by name; the others are zero.
    pub fn instance_with(&mut self, class: ClassRef, fields: &[(&str, Value)]) -> Addr {
        let address = self.instance(class, &[]);
        for &(name, value) in fields {
            self.set_field(address, name, value);
        }
        address
    }

    /// Sets a field of an instance, for cycles. Of several fields with one name it is the one nearest to the
    /// object's class. Panics if there is none or its type differs.
    pub fn set_field(&mut self, object: Addr, field: &str, value: Value) {
        let Some(&at) = self.object_by_address.get(&object) else { panic!("no object at {:#x}", object.0) };
        let SubRecord::Object { body: Body::Instance { class, .. }, .. } = &self.objects[at] else {
            panic!("{:#x} is not an instance", object.0)
        };
        let place = self.field_place(*class, field);
        let SubRecord::Object { body: Body::Instance { values, .. }, .. } = &mut self.objects[at] else {
            unreachable!("looked at above")
        };
        assert_eq!(values[place].kind(), value.kind(), "type of field {field}");
        values[place] = value;
    }

    /// A new array of references; `class` is its name as Java writes it (`java.lang.Object[]`).
    pub fn object_array(&mut self, class: &str, elements: &[Addr]) -> Addr {
        let class = self.class_named(class);
        let bytes = self.layout.array_bytes(Kind::Ref, elements.len() as u64);
        self.add(bytes, Body::ObjectArray { class: class.address, elements: elements.to_vec() })
    }

    /// Sets an element of an array of references. Panics if it is not one, or too short.
    pub fn set_element(&mut self, array: Addr, index: usize, element: Addr) {
        let record = self.object_by_address.get(&array).map(|&at| &mut self.objects[at]);
        let Some(SubRecord::Object { body: Body::ObjectArray { elements, .. }, .. }) = record else {
            panic!("{:#x} is not an array of references", array.0)
        };
        elements[index] = element;
    }

    /// A new primitive array.
    pub fn primitive_array(&mut self, elements: PrimitiveArray) -> Addr {
        let kind = elements.kind();
        self.primitive_array_class(kind);
        let bytes = self.layout.array_bytes(kind, elements.len() as u64);
        self.add(bytes, Body::PrimitiveArray(elements))
    }

    /// Android: a primitive array of which the dump tells only type and length.
    pub fn primitive_array_without_data(&mut self, kind: Kind, length: u32) -> Addr {
        self.primitive_array_class(kind);
        let bytes = self.layout.array_bytes(kind, u64::from(length));
        self.add(bytes, Body::PrimitiveArrayNoData { kind, length })
    }

    fn primitive_array_class(&mut self, kind: Kind) -> ClassRef {
        let element = kind.java_name().expect("an array of references is not primitive");
        self.class_named(&format!("{element}[]"))
    }

    /// Adds a root.
    pub fn root(&mut self, root: Root) -> &mut Self {
        self.roots.push(root);
        self
    }

    /// Android: objects from here on belong to this heap (0 default, 65 app, 90 zygote, 73 image).
    pub fn heap_info(&mut self, heap: u32, name: &str) -> &mut Self {
        let name = self.name(name);
        self.objects.push(SubRecord::HeapInfo { heap, name });
        self
    }

    /// Any bytes among the objects, for instance an unknown tag.
    pub fn raw_sub_record(&mut self, bytes: &[u8]) -> &mut Self {
        self.objects.push(SubRecord::Raw(bytes.to_vec()));
        self
    }

    /// Identifier of a name; its UTF8 record is written once.
    pub fn name(&mut self, text: &str) -> u64 {
        let base = if self.id_size == IdSize::Four { 0x0800_0000 } else { 0x7f00_0000_0000 };
        let index = *self.name_index.entry(text.to_owned()).or_insert_with(|| {
            self.names.push(text.to_owned());
            self.names.len() - 1
        });
        base + 16 * index as u64
    }
}

#[cfg(test)]
mod tests;
