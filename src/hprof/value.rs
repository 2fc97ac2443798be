//! Basic types and values.

use super::cursor::{Cursor, Truncated};
use super::ids::{Encoding, ObjectId};

/// The type of a field or array element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldType {
    Reference = 2,
    Boolean = 4,
    Char = 5,
    Float = 6,
    Double = 7,
    Byte = 8,
    Short = 9,
    Int = 10,
    Long = 11,
}

impl FieldType {
    /// The type with that code in the file, `None` if there is no such type.
    #[inline]
    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            2 => Self::Reference,
            4 => Self::Boolean,
            5 => Self::Char,
            6 => Self::Float,
            7 => Self::Double,
            8 => Self::Byte,
            9 => Self::Short,
            10 => Self::Int,
            11 => Self::Long,
            _ => return None,
        })
    }

    /// Bytes of a value in the file (a reference is as wide as an id there, whatever it is in the JVM).
    #[inline]
    pub fn bytes(self, encoding: Encoding) -> usize {
        match self {
            Self::Reference => encoding.id_bytes(),
            Self::Boolean | Self::Byte => 1,
            Self::Char | Self::Short => 2,
            Self::Float | Self::Int => 4,
            Self::Double | Self::Long => 8,
        }
    }

    /// As Java writes it; `Object` for a reference.
    pub fn java_name(self) -> &'static str {
        match self {
            Self::Reference => "Object",
            Self::Boolean => "boolean",
            Self::Char => "char",
            Self::Float => "float",
            Self::Double => "double",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Int => "int",
            Self::Long => "long",
        }
    }

    /// All primitive types.
    pub const PRIMITIVES: [Self; 8] = [
        Self::Boolean,
        Self::Char,
        Self::Float,
        Self::Double,
        Self::Byte,
        Self::Short,
        Self::Int,
        Self::Long,
    ];
}

/// A value of a field or array element.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Value {
    Reference(ObjectId),
    Boolean(bool),
    /// A UTF-16 code unit.
    Char(u16),
    Float(f32),
    Double(f64),
    Byte(i8),
    Short(i16),
    Int(i32),
    Long(i64),
}

impl Value {
    /// Reads a value of that type.
    ///
    /// # Errors
    /// The bytes end too early.
    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "the file holds the bits of signed numbers")]
    pub fn read(cursor: &mut Cursor<'_>, ty: FieldType) -> Result<Self, Truncated> {
        Ok(match ty {
            FieldType::Reference => Self::Reference(cursor.object()?),
            FieldType::Boolean => Self::Boolean(cursor.u1()? != 0),
            FieldType::Char => Self::Char(cursor.u2()?),
            FieldType::Float => Self::Float(f32::from_bits(cursor.u4()?)),
            FieldType::Double => Self::Double(f64::from_bits(cursor.u8()?)),
            FieldType::Byte => Self::Byte(cursor.u1()? as i8),
            FieldType::Short => Self::Short(cursor.u2()? as i16),
            FieldType::Int => Self::Int(cursor.u4()? as i32),
            FieldType::Long => Self::Long(cursor.u8()? as i64),
        })
    }

    /// The reference, if it is one and not null.
    pub fn reference(self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) if !id.is_null() => Some(id),
            _ => None,
        }
    }

    /// The value as a whole number, if it is one (booleans are 0 and 1).
    pub fn integer(self) -> Option<i64> {
        Some(match self {
            Self::Boolean(v) => i64::from(v),
            Self::Char(v) => i64::from(v),
            Self::Byte(v) => i64::from(v),
            Self::Short(v) => i64::from(v),
            Self::Int(v) => i64::from(v),
            Self::Long(v) => v,
            Self::Reference(_) | Self::Float(_) | Self::Double(_) => return None,
        })
    }
}
