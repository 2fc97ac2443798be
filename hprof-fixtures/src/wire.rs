//! Bytes of the format: tags, big-endian numbers, identifiers of 4 or 8 bytes.
//!
//! Knows nothing of heaps. Tags and layouts are those of HotSpot's `services/heapDumper.cpp` and, for the
//! Android ones, of ART's `runtime/hprof/hprof.cc`.

use crate::value::{Addr, Kind, Value};

/// Tags of the records at the top of the file.
pub(crate) mod tag {
    pub(crate) const UTF8: u8 = 0x01;
    pub(crate) const LOAD_CLASS: u8 = 0x02;
    pub(crate) const UNLOAD_CLASS: u8 = 0x03;
    pub(crate) const STACK_FRAME: u8 = 0x04;
    pub(crate) const STACK_TRACE: u8 = 0x05;
    pub(crate) const ALLOC_SITES: u8 = 0x06;
    pub(crate) const HEAP_SUMMARY: u8 = 0x07;
    pub(crate) const START_THREAD: u8 = 0x0a;
    pub(crate) const END_THREAD: u8 = 0x0b;
    pub(crate) const HEAP_DUMP: u8 = 0x0c;
    pub(crate) const CPU_SAMPLES: u8 = 0x0d;
    pub(crate) const CONTROL_SETTINGS: u8 = 0x0e;
    pub(crate) const HEAP_DUMP_SEGMENT: u8 = 0x1c;
    pub(crate) const HEAP_DUMP_END: u8 = 0x2c;
}

/// Tags of the sub-records inside a heap dump, roots apart (see [`crate::Root`]).
pub(crate) mod sub {
    pub(crate) const CLASS_DUMP: u8 = 0x20;
    pub(crate) const INSTANCE_DUMP: u8 = 0x21;
    pub(crate) const OBJECT_ARRAY_DUMP: u8 = 0x22;
    pub(crate) const PRIMITIVE_ARRAY_DUMP: u8 = 0x23;
    pub(crate) const PRIMITIVE_ARRAY_NODATA: u8 = 0xc3;
    pub(crate) const HEAP_DUMP_INFO: u8 = 0xfe;
}

/// Width of every identifier in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdSize {
    /// 4 bytes: 32-bit JVMs, Android, the hprof agent on many 64-bit JVMs.
    Four,
    /// 8 bytes: every 64-bit HotSpot.
    Eight,
}

impl IdSize {
    /// The width in bytes.
    pub const fn bytes(self) -> u32 {
        match self {
            IdSize::Four => 4,
            IdSize::Eight => 8,
        }
    }
}

/// The version that the file's first line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `JAVA PROFILE 1.0.1`: JDK 5 to 7 with less than 2 GB of heap, the hprof agent.
    V101,
    /// `JAVA PROFILE 1.0.2`: HotSpot today.
    V102,
    /// `JAVA PROFILE 1.0.3`: Android.
    V103,
}

impl Version {
    /// The first line of the file, without its NUL.
    pub const fn magic(self) -> &'static str {
        match self {
            Version::V101 => "JAVA PROFILE 1.0.1",
            Version::V102 => "JAVA PROFILE 1.0.2",
            Version::V103 => "JAVA PROFILE 1.0.3",
        }
    }
}

/// A growing run of bytes with one identifier width.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(crate) bytes: Vec<u8>,
    id_size: IdSize,
}

impl Wire {
    pub(crate) fn new(id_size: IdSize) -> Self {
        Wire { bytes: Vec::new(), id_size }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn u1(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn u2(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn u4(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn u8(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// An identifier. Panics if it does not fit into 4 bytes of a 4-byte file: such a test is wrong.
    pub(crate) fn id(&mut self, id: u64) {
        match self.id_size {
            IdSize::Eight => self.u8(id),
            IdSize::Four => {
                self.u4(u32::try_from(id).expect("an identifier of a 4-byte dump fits into 32 bits"))
            }
        }
    }

    pub(crate) fn addr(&mut self, address: Addr) {
        self.id(address.0);
    }

    /// A value without its type, as in instances and arrays.
    pub(crate) fn value(&mut self, value: Value) {
        match value {
            Value::Ref(address) => self.addr(address),
            Value::Boolean(v) => self.u1(u8::from(v)),
            Value::Char(v) => self.u2(v),
            Value::Float(v) => self.u4(v.to_bits()),
            Value::Double(v) => self.u8(v.to_bits()),
            Value::Byte(v) => self.u1(v.cast_unsigned()),
            Value::Short(v) => self.u2(v.cast_unsigned()),
            Value::Int(v) => self.u4(v.cast_unsigned()),
            Value::Long(v) => self.u8(v.cast_unsigned()),
        }
    }

    /// Bytes that a value of this kind takes in the file.
    pub(crate) fn width(&self, kind: Kind) -> u32 {
        kind.bytes(self.id_size.bytes())
    }

    /// The first line, the identifier width and the time stamp.
    pub(crate) fn header(&mut self, version: Version, millis: u64) {
        self.raw(version.magic().as_bytes());
        self.u1(0);
        self.u4(self.id_size.bytes());
        self.u8(millis);
    }

    /// A record at the top of the file; the time since the header's time stamp is 0.
    pub(crate) fn record(&mut self, tag: u8, body: &[u8]) {
        let length = u32::try_from(body.len()).expect("a record other than the heap dump is below 4 GiB");
        self.record_head(tag, length);
        self.raw(body);
    }

    /// The 9 bytes before a record's body.
    pub(crate) fn record_head(&mut self, tag: u8, length: u32) {
        self.u1(tag);
        self.u4(0);
        self.u4(length);
    }
}
