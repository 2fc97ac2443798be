//! The sub-records of a heap dump segment.

use super::cursor::{Cursor, Truncated};
use super::ids::{Encoding, NameId, ObjectId, Serial};
use super::value::{FieldType, Value};
use byteorder::{BigEndian, ByteOrder};

/// The kinds of GC roots, from HotSpot and from Android.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are the format's")]
pub enum RootTag {
    JniGlobal = 0x01,
    JniLocal = 0x02,
    JavaFrame = 0x03,
    NativeStack = 0x04,
    StickyClass = 0x05,
    ThreadBlock = 0x06,
    MonitorUsed = 0x07,
    ThreadObject = 0x08,
    InternedString = 0x89,
    Finalizing = 0x8a,
    Debugger = 0x8b,
    ReferenceCleanup = 0x8c,
    VmInternal = 0x8d,
    JniMonitor = 0x8e,
    Unreachable = 0x90,
    Unknown = 0xff,
}

impl RootTag {
    /// The kind with that code in the file, `None` if there is no such kind.
    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x01 => Self::JniGlobal,
            0x02 => Self::JniLocal,
            0x03 => Self::JavaFrame,
            0x04 => Self::NativeStack,
            0x05 => Self::StickyClass,
            0x06 => Self::ThreadBlock,
            0x07 => Self::MonitorUsed,
            0x08 => Self::ThreadObject,
            0x89 => Self::InternedString,
            0x8a => Self::Finalizing,
            0x8b => Self::Debugger,
            0x8c => Self::ReferenceCleanup,
            0x8d => Self::VmInternal,
            0x8e => Self::JniMonitor,
            0x90 => Self::Unreachable,
            0xff => Self::Unknown,
            _ => return None,
        })
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::JniGlobal => "JNI global",
            Self::JniLocal => "JNI local",
            Self::JavaFrame => "Java frame",
            Self::NativeStack => "native stack",
            Self::StickyClass => "sticky class",
            Self::ThreadBlock => "thread block",
            Self::MonitorUsed => "monitor in use",
            Self::ThreadObject => "thread object",
            Self::InternedString => "interned string",
            Self::Finalizing => "finalizing",
            Self::Debugger => "debugger",
            Self::ReferenceCleanup => "reference cleanup",
            Self::VmInternal => "VM internal",
            Self::JniMonitor => "JNI monitor",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }
}

/// What one sub-record says.
#[derive(Clone, Copy, Debug)]
pub enum HeapRecord<'a> {
    /// A GC root.
    Root {
        /// Its kind.
        tag: RootTag,
        /// The object.
        object: ObjectId,
        /// The thread (for a thread object: its own serial), where the kind has one.
        thread: Option<Serial>,
        /// For frames and JNI locals: the depth of the frame, `u32::MAX` for none. For a thread object: the serial of its stack trace.
        frame: Option<u32>,
    },
    /// A class.
    Class(ClassDump<'a>),
    /// An object that is not an array.
    Instance {
        /// Its id.
        object: ObjectId,
        /// Its class.
        class: ObjectId,
        /// The values of its fields, those of its class first, then those of each super class.
        fields: &'a [u8],
    },
    /// An array of references.
    ObjectArray {
        /// Its id.
        object: ObjectId,
        /// The class of the array.
        class: ObjectId,
        /// The elements, one id each.
        elements: &'a [u8],
        /// How many there are.
        length: u32,
    },
    /// An array of primitive values.
    PrimitiveArray {
        /// Its id.
        object: ObjectId,
        /// The type of the elements.
        element: FieldType,
        /// The elements; empty when the dump leaves them out (Android's "no data" arrays).
        elements: &'a [u8],
        /// How many there are.
        length: u32,
    },
    /// The objects that follow lie in that heap (Android: app, zygote, image).
    HeapInfo {
        /// Its number.
        heap: u32,
        /// Its name.
        name: NameId,
    },
}

/// A class as the dump describes it. The fields are parsed on demand.
#[derive(Clone, Copy, Debug)]
pub struct ClassDump<'a> {
    /// The id of the class: of its mirror, the `java.lang.Class` object.
    pub class: ObjectId,
    /// The super class, null for `java.lang.Object`.
    pub super_class: ObjectId,
    /// The class loader, null for the boot loader.
    pub loader: ObjectId,
    /// Its signers.
    pub signers: ObjectId,
    /// Its protection domain.
    pub protection_domain: ObjectId,
    /// Sum of the sizes of all instance fields, as the JVM wrote it.
    pub instance_bytes: u32,
    statics: &'a [u8],
    fields: &'a [u8],
    encoding: Encoding,
}

impl<'a> ClassDump<'a> {
    /// The static fields with their values.
    pub fn static_fields(&self) -> impl Iterator<Item = (NameId, Value)> + use<'a> {
        let mut cursor = Cursor::new(self.statics, 0, self.encoding);
        std::iter::from_fn(move || {
            let name = cursor.name().ok()?;
            let ty = FieldType::from_code(cursor.u1().ok()?)?;
            Some((name, Value::read(&mut cursor, ty).ok()?))
        })
    }

    /// The instance fields that the class itself declares.
    pub fn instance_fields(&self) -> impl Iterator<Item = (NameId, FieldType)> + use<'a> {
        let mut cursor = Cursor::new(self.fields, 0, self.encoding);
        std::iter::from_fn(move || {
            let name = cursor.name().ok()?;
            Some((name, FieldType::from_code(cursor.u1().ok()?)?))
        })
    }
}

/// Why a sub-record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeapError {
    /// There is no sub-record with that tag.
    #[error("unknown heap record {0:#04x}")]
    Tag(u8),
    /// There is no field type with that code.
    #[error("unknown field type {0}")]
    Type(u8),
    /// The data ends before the sub-record does.
    #[error("the data ends inside of a heap record")]
    Truncated,
}

impl From<Truncated> for HeapError {
    fn from(_: Truncated) -> Self {
        Self::Truncated
    }
}

/// Walks over the sub-records of a part of the file.
#[derive(Clone, Copy, Debug)]
pub struct HeapRecords<'a> {
    cursor: Cursor<'a>,
    encoding: Encoding,
}

impl<'a> HeapRecords<'a> {
    /// Walks over `bytes[from..]`; cut the slice where the segment ends. Offsets are those in `bytes`.
    #[inline]
    pub fn new(bytes: &'a [u8], from: usize, encoding: Encoding) -> Self {
        Self { cursor: Cursor::new(bytes, from, encoding), encoding }
    }

    /// The offset of the next sub-record.
    #[inline]
    pub fn at(&self) -> usize {
        self.cursor.at()
    }

    /// The next sub-record, `None` at the end. After an error the walk stands where the bad record begins.
    #[inline(always)]
    #[expect(
        clippy::should_implement_trait,
        reason = "an error does not end the walk, and `Result<Option>` reads better in hot loops"
    )]
    #[expect(
        clippy::inline_always,
        reason = "three loops over all records call it; as a function it takes a tenth of all time to write records to memory and read them again"
    )]
    pub fn next(&mut self) -> Result<Option<HeapRecord<'a>>, HeapError> {
        let object = if self.encoding.wide_ids { self.object::<8, 25>() } else { self.object::<4, 17>() };
        match object {
            Some(record) => Ok(Some(record)),
            None => self.other(),
        }
    }

    /// The next sub-record if it is a whole instance or array: what nearly all records are, read with as few checks as can be. Ids have
    /// `ID` bytes; what stands before the fields of an instance or the elements of an array has no more than `HEAD`.
    #[inline(always)]
    fn object<const ID: usize, const HEAD: usize>(&mut self) -> Option<HeapRecord<'a>> {
        const TAG: usize = 1;
        const NUMBER: usize = 4;
        let head = self.cursor.ahead::<HEAD>()?;
        self.cursor.prefetch();
        let id = |at: usize| {
            let bytes = &head[at..at + ID];
            ObjectId(if ID == 8 { BigEndian::read_u64(bytes) } else { u64::from(BigEndian::read_u32(bytes)) })
        };
        let number = |at: usize| BigEndian::read_u32(&head[at..at + NUMBER]);
        let object = id(TAG);
        let after_serial = TAG + ID + NUMBER;
        match head[0] {
            0x21 => {
                let bytes = number(after_serial + ID) as usize;
                let fields = self.cursor.take_after(after_serial + ID + NUMBER, bytes)?;
                Some(HeapRecord::Instance { object, class: id(after_serial), fields })
            }
            0x22 => {
                let length = number(after_serial);
                let bytes = (length as usize).checked_mul(ID)?;
                let elements = self.cursor.take_after(after_serial + NUMBER + ID, bytes)?;
                Some(HeapRecord::ObjectArray { object, class: id(after_serial + NUMBER), elements, length })
            }
            0x23 => {
                let length = number(after_serial);
                let element = FieldType::from_code(head[after_serial + NUMBER])
                    .filter(|&element| element != FieldType::Reference)?;
                let bytes = (length as usize).checked_mul(element.bytes(self.encoding))?;
                let elements = self.cursor.take_after(after_serial + NUMBER + 1, bytes)?;
                Some(HeapRecord::PrimitiveArray { object, element, elements, length })
            }
            _ => None,
        }
    }

    /// The next sub-record, whatever it is.
    #[cold]
    #[inline(never)]
    fn other(&mut self) -> Result<Option<HeapRecord<'a>>, HeapError> {
        if self.cursor.left() == 0 {
            return Ok(None);
        }
        let start = self.cursor;
        let record = self.read();
        if record.is_err() {
            self.cursor = start;
        }
        record.map(Some)
    }

    fn read(&mut self) -> Result<HeapRecord<'a>, HeapError> {
        let c = &mut self.cursor;
        match c.u1()? {
            0x21 => {
                let object = c.object()?;
                c.serial()?;
                let class = c.object()?;
                let bytes = c.u4()? as usize;
                Ok(HeapRecord::Instance { object, class, fields: c.take(bytes)? })
            }
            0x22 => {
                let object = c.object()?;
                c.serial()?;
                let length = c.u4()?;
                let class = c.object()?;
                let elements =
                    c.take((length as usize).checked_mul(self.encoding.id_bytes()).ok_or(Truncated)?)?;
                Ok(HeapRecord::ObjectArray { object, class, elements, length })
            }
            tag @ (0x23 | 0xc3) => {
                let object = c.object()?;
                c.serial()?;
                let length = c.u4()?;
                let code = c.u1()?;
                let element = FieldType::from_code(code)
                    .filter(|&element| element != FieldType::Reference)
                    .ok_or(HeapError::Type(code))?;
                let bytes = if tag == 0x23 { length as usize * element.bytes(self.encoding) } else { 0 };
                Ok(HeapRecord::PrimitiveArray { object, element, elements: c.take(bytes)?, length })
            }
            0x20 => self.class(),
            0xfe => Ok(HeapRecord::HeapInfo { heap: c.u4()?, name: c.name()? }),
            code => self.root(code),
        }
    }

    #[cold]
    fn class(&mut self) -> Result<HeapRecord<'a>, HeapError> {
        let encoding = self.encoding;
        let c = &mut self.cursor;
        let class = c.object()?;
        c.serial()?;
        let super_class = c.object()?;
        let loader = c.object()?;
        let signers = c.object()?;
        let protection_domain = c.object()?;
        c.skip(2 * encoding.id_bytes())?;
        let instance_bytes = c.u4()?;
        for _ in 0..c.u2()? {
            c.skip(2)?;
            Self::skip_value(c, encoding)?;
        }
        let count = c.u2()?;
        let statics = Self::span(c, |c| {
            for _ in 0..count {
                c.name()?;
                Self::skip_value(c, encoding)?;
            }
            Ok(())
        })?;
        let count = c.u2()?;
        let fields = Self::span(c, |c| {
            for _ in 0..count {
                c.name()?;
                let code = c.u1()?;
                FieldType::from_code(code).ok_or(HeapError::Type(code))?;
            }
            Ok(())
        })?;
        Ok(HeapRecord::Class(ClassDump {
            class,
            super_class,
            loader,
            signers,
            protection_domain,
            instance_bytes,
            statics,
            fields,
            encoding,
        }))
    }

    fn skip_value(c: &mut Cursor<'a>, encoding: Encoding) -> Result<(), HeapError> {
        let code = c.u1()?;
        let ty = FieldType::from_code(code).ok_or(HeapError::Type(code))?;
        Ok(c.skip(ty.bytes(encoding))?)
    }

    /// The bytes that `read` passes over.
    fn span(
        c: &mut Cursor<'a>,
        read: impl FnOnce(&mut Cursor<'a>) -> Result<(), HeapError>,
    ) -> Result<&'a [u8], HeapError> {
        let mut start = *c;
        read(c)?;
        Ok(start.take(c.at() - start.at())?)
    }

    #[cold]
    fn root(&mut self, code: u8) -> Result<HeapRecord<'a>, HeapError> {
        let encoding = self.encoding;
        let c = &mut self.cursor;
        let tag = RootTag::from_code(code).ok_or(HeapError::Tag(code))?;
        let object = c.object()?;
        let (mut thread, mut frame) = (None, None);
        match tag {
            RootTag::JniGlobal => c.skip(encoding.id_bytes())?,
            RootTag::JniLocal | RootTag::JavaFrame | RootTag::ThreadObject | RootTag::JniMonitor => {
                thread = Some(c.serial()?);
                frame = Some(c.u4()?);
            }
            RootTag::NativeStack | RootTag::ThreadBlock => thread = Some(c.serial()?),
            _ => {}
        }
        Ok(HeapRecord::Root { tag, object, thread, frame })
    }
}
