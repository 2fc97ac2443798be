//! Widths of fields and how many of each a class has: all that the size of an object depends on.
//!
//! HotSpot sorts fields by width before it places them, so neither their names nor their order matter for the size of a class. Knows nothing of
//! offsets; see [`packing`](super::packing).

use std::ops::{Add, Sub};

use crate::hprof::FieldType;

/// Bytes of one value on a JVM whose references have `reference_bytes` (in the file they are as wide as an id, whatever the JVM had).
pub fn width_bytes(field: FieldType, reference_bytes: u32) -> u32 {
    match field {
        FieldType::Reference => reference_bytes,
        FieldType::Boolean | FieldType::Byte => 1,
        FieldType::Char | FieldType::Short => 2,
        FieldType::Float | FieldType::Int => 4,
        FieldType::Double | FieldType::Long => 8,
    }
}

/// How many fields of each width there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldMix {
    /// References.
    pub references: u32,
    /// `long` and `double`.
    pub longs: u32,
    /// `int` and `float`.
    pub ints: u32,
    /// `short` and `char`.
    pub shorts: u32,
    /// `byte` and `boolean`.
    pub bytes: u32,
}

impl FieldMix {
    /// No fields.
    pub const NONE: FieldMix = FieldMix { references: 0, longs: 0, ints: 0, shorts: 0, bytes: 0 };

    /// Counts one more field.
    pub fn push(&mut self, field: FieldType) {
        let count = match field {
            FieldType::Reference => &mut self.references,
            FieldType::Double | FieldType::Long => &mut self.longs,
            FieldType::Float | FieldType::Int => &mut self.ints,
            FieldType::Char | FieldType::Short => &mut self.shorts,
            FieldType::Boolean | FieldType::Byte => &mut self.bytes,
        };
        *count = count.saturating_add(1);
    }

    /// No field at all.
    pub fn is_empty(&self) -> bool {
        *self == FieldMix::NONE
    }
}

impl FromIterator<FieldType> for FieldMix {
    fn from_iter<I: IntoIterator<Item = FieldType>>(fields: I) -> Self {
        let mut mix = FieldMix::NONE;
        for field in fields {
            mix.push(field);
        }
        mix
    }
}

impl Add for FieldMix {
    type Output = FieldMix;

    fn add(self, other: FieldMix) -> FieldMix {
        FieldMix {
            references: self.references.saturating_add(other.references),
            longs: self.longs.saturating_add(other.longs),
            ints: self.ints.saturating_add(other.ints),
            shorts: self.shorts.saturating_add(other.shorts),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Sub for FieldMix {
    type Output = FieldMix;

    fn sub(self, other: FieldMix) -> FieldMix {
        FieldMix {
            references: self.references.saturating_sub(other.references),
            longs: self.longs.saturating_sub(other.longs),
            ints: self.ints.saturating_sub(other.ints),
            shorts: self.shorts.saturating_sub(other.shorts),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }
}
