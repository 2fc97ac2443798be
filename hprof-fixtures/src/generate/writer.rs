//! Streams sub-records into segments of 1 MB, or into one giant record.

use crate::heap::{HeapBuilder, Section};
use crate::root::Root;
use crate::value::{Addr, Kind};
use crate::wire::{IdSize, Wire, sub, tag};
use std::fmt;
use std::io::{self, Seek, SeekFrom, Write};

/// Where a dump can be written to: the length of a giant record is filled in afterwards.
pub trait Output: Write + Seek {}
impl<T: Write + Seek> Output for T {}

/// What length the one HEAP_DUMP record of an old JVM says it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giant {
    /// 0: the JVM could not go back to fill it in.
    Zero,
    /// The low 32 bits of the true length.
    Overflowed,
}

/// What is in a generated dump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Instances and arrays.
    pub objects: u64,
    /// References in fields and elements that are not null; static fields apart.
    pub references: u64,
    /// CLASS_DUMPs.
    pub classes: u64,
    /// Root sub-records.
    pub roots: u64,
    /// Size of the file.
    pub file_bytes: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} objects, {} references, {} classes, {} roots, {} bytes",
            self.objects, self.references, self.classes, self.roots, self.file_bytes
        )
    }
}

/// Size of a heap dump segment; HotSpot's since JDK 17.
const SEGMENT_BYTES: usize = 1 << 20;
const TRACE: u32 = 1;
const RECORD_HEAD_BYTES: u64 = 9;
/// Sub-record tag, identifier, trace, length, class: what precedes the elements of an array of references.
const OBJECT_ARRAY_HEAD_BYTES: u64 = 1 + 8 + 4 + 4 + 8;

/// A heap on its way into a file. Identifiers are 8 bytes wide.
pub(crate) struct HeapWriter<'out> {
    out: &'out mut dyn Output,
    buffer: Wire,
    giant: Option<Giant>,
    giant_at: u64,
    /// In a segment whose head is written already, because it holds one large array.
    in_large: bool,
    summary: Summary,
}

impl<'out> HeapWriter<'out> {
    pub(crate) fn new(out: &'out mut dyn Output, giant: Option<Giant>) -> Self {
        let mut buffer = Wire::new(IdSize::Eight);
        buffer.bytes.reserve(SEGMENT_BYTES + (SEGMENT_BYTES >> 3));
        HeapWriter { out, buffer, giant, giant_at: 0, in_large: false, summary: Summary::default() }
    }

    /// Writes what is not the heap.
    pub(crate) fn top(&mut self, write: impl FnOnce(&mut Wire)) -> io::Result<()> {
        write(&mut self.buffer);
        if self.buffer.len() >= SEGMENT_BYTES { self.flush_raw() } else { Ok(()) }
    }

    pub(crate) fn begin_heap(&mut self) -> io::Result<()> {
        self.flush_raw()?;
        if self.giant.is_some() {
            self.giant_at = self.summary.file_bytes;
            self.buffer.record_head(tag::HEAP_DUMP, 0);
            self.flush_raw()?;
        }
        Ok(())
    }

    /// Classes of a small heap.
    pub(crate) fn small_classes(&mut self, heap: &HeapBuilder) -> io::Result<()> {
        self.section(heap, Section::Classes)
    }

    /// Its objects.
    pub(crate) fn small_objects(&mut self, heap: &HeapBuilder) -> io::Result<()> {
        self.summary.objects += heap.object_count();
        self.summary.references += heap.reference_count();
        self.section(heap, Section::Objects)
    }

    /// Its roots.
    pub(crate) fn small_roots(&mut self, heap: &HeapBuilder) -> io::Result<()> {
        self.section(heap, Section::Roots)
    }

    fn section(&mut self, heap: &HeapBuilder, section: Section) -> io::Result<()> {
        let mut result = Ok(());
        heap.each_of(section, |bytes| {
            self.buffer.raw(bytes);
            match section {
                Section::Classes => self.summary.classes += 1,
                Section::Roots => self.summary.roots += 1,
                Section::Objects => {}
            }
            if result.is_ok() {
                result = self.end();
            }
        });
        result
    }

    /// Begins an instance whose fields take `field_bytes` in the file; the fields follow, then [`Self::end`].
    pub(crate) fn instance(&mut self, address: Addr, class: Addr, field_bytes: u32) {
        self.summary.objects += 1;
        self.buffer.u1(sub::INSTANCE_DUMP);
        self.buffer.addr(address);
        self.buffer.u4(TRACE);
        self.buffer.addr(class);
        self.buffer.u4(field_bytes);
    }

    /// A reference in a field.
    pub(crate) fn reference(&mut self, target: Addr) {
        self.summary.references += u64::from(target != Addr::NULL);
        self.buffer.addr(target);
    }

    /// Fields of other types.
    pub(crate) fn fields(&mut self) -> &mut Wire {
        &mut self.buffer
    }

    /// A whole array of references, of fewer than 2^29 elements: a segment's length has 32 bits.
    pub(crate) fn object_array(
        &mut self,
        address: Addr,
        class: Addr,
        length: u64,
        element: impl Fn(u64) -> Addr,
    ) -> io::Result<()> {
        let length = u32::try_from(length).expect("arrays are shorter than 2^32");
        self.summary.objects += 1;
        let bytes = OBJECT_ARRAY_HEAD_BYTES + 8 * u64::from(length);
        let large = bytes > SEGMENT_BYTES as u64 && self.giant.is_none();
        if large {
            self.flush_segment()?;
            let bytes = u32::try_from(bytes).expect("the array fits into a segment");
            self.buffer.record_head(tag::HEAP_DUMP_SEGMENT, bytes);
            self.in_large = true;
        }
        self.buffer.u1(sub::OBJECT_ARRAY_DUMP);
        self.buffer.addr(address);
        self.buffer.u4(TRACE);
        self.buffer.u4(length);
        self.buffer.addr(class);
        for index in 0..u64::from(length) {
            self.reference(element(index));
            if (large || self.giant.is_some()) && self.buffer.len() >= SEGMENT_BYTES {
                self.flush_raw()?;
            }
        }
        if large {
            self.flush_raw()?;
            self.in_large = false;
        }
        self.end()
    }

    /// Begins a primitive array; `length` elements follow, then [`Self::end`].
    pub(crate) fn primitive_array(&mut self, address: Addr, kind: Kind, length: u32) {
        self.summary.objects += 1;
        self.buffer.u1(sub::PRIMITIVE_ARRAY_DUMP);
        self.buffer.addr(address);
        self.buffer.u4(TRACE);
        self.buffer.u4(length);
        self.buffer.u1(kind.code());
    }

    /// A class with no superclass but `java.lang.Object`, no fields, and static fields of reference type
    /// (identifier of the name, value).
    pub(crate) fn class(
        &mut self,
        address: Addr,
        superclass: Addr,
        loader: Addr,
        statics: &[(u64, Addr)],
    ) -> io::Result<()> {
        self.summary.classes += 1;
        self.buffer.u1(sub::CLASS_DUMP);
        self.buffer.addr(address);
        self.buffer.u4(TRACE);
        for id in [superclass, loader, Addr::NULL, Addr::NULL, Addr::NULL, Addr::NULL] {
            self.buffer.addr(id);
        }
        self.buffer.u4(0); // instance size
        self.buffer.u2(0); // constant pool
        self.buffer.u2(u16::try_from(statics.len()).expect("few static fields"));
        for &(name, value) in statics {
            self.buffer.id(name);
            self.buffer.u1(Kind::Ref.code());
            self.buffer.addr(value);
        }
        self.buffer.u2(0); // fields
        self.end()
    }

    pub(crate) fn root(&mut self, root: Root) -> io::Result<()> {
        self.summary.roots += 1;
        root.write(&mut self.buffer);
        self.end()
    }

    /// Ends a sub-record.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if self.buffer.len() < SEGMENT_BYTES { Ok(()) } else { self.flush_segment() }
    }

    fn flush_segment(&mut self) -> io::Result<()> {
        assert!(!self.in_large, "a large array has its segment for itself");
        if self.giant.is_some() || self.buffer.len() == 0 {
            return self.flush_raw();
        }
        let mut head = Wire::new(IdSize::Eight);
        let length = u32::try_from(self.buffer.len()).expect("a segment is about 1 MB");
        head.record_head(tag::HEAP_DUMP_SEGMENT, length);
        self.out.write_all(&head.bytes)?;
        self.summary.file_bytes += RECORD_HEAD_BYTES;
        self.flush_raw()
    }

    fn flush_raw(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer.bytes)?;
        self.summary.file_bytes += self.buffer.len() as u64;
        self.buffer.bytes.clear();
        Ok(())
    }

    /// Ends the heap and the file.
    pub(crate) fn finish(mut self) -> io::Result<Summary> {
        self.flush_segment()?;
        match self.giant {
            None => {
                self.buffer.record(tag::HEAP_DUMP_END, &[]);
                self.flush_raw()?;
            }
            Some(Giant::Zero) => {}
            Some(Giant::Overflowed) => {
                let length = self.summary.file_bytes - self.giant_at - RECORD_HEAD_BYTES;
                self.out.seek(SeekFrom::Start(self.giant_at + 5))?;
                self.out.write_all(&(length as u32).to_be_bytes())?;
                self.out.seek(SeekFrom::End(0))?;
            }
        }
        self.out.flush()?;
        Ok(self.summary)
    }
}
