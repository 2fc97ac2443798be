//! The few numbers that fix the layout of every ordinary object of one JVM, and which of them there can be.

use super::fields::width_bytes;
use super::packing::align_up;
use crate::hprof::FieldType;

/// How fields are packed into an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// `ClassFileParser::layout_fields`: up to JDK 14.
    Jdk7To14,
    /// `FieldLayoutBuilder`: JDK 15 and later, compact object headers included.
    Jdk15,
}

/// Header, references and alignment of a JVM's objects. All numbers are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Model {
    /// Machine word: 4 or 8.
    pub word_bytes: u32,
    /// Header of an object: where its first field can be.
    pub header_bytes: u32,
    /// Header of an array, its length included: where its first element can be. Elements of eight bytes are aligned to eight.
    pub array_header_bytes: u32,
    /// One reference in a field or an array.
    pub reference_bytes: u32,
    /// Every object starts at a multiple of this.
    pub alignment_bytes: u32,
    /// `UseCompactObjectHeaders` (JEP 450, JEP 519).
    pub compact_headers: bool,
    /// How fields are placed.
    pub packing: Packing,
}

impl Model {
    /// A 64-bit JVM with compressed references and class pointers: what almost every heap below 32 GB has.
    pub const COMPRESSED: Model = Model {
        word_bytes: 8,
        header_bytes: 12,
        array_header_bytes: 16,
        reference_bytes: 4,
        alignment_bytes: 8,
        compact_headers: false,
        packing: Packing::Jdk15,
    };

    /// A 32-bit JVM.
    pub const BITS32: Model = Model {
        word_bytes: 4,
        header_bytes: 8,
        array_header_bytes: 12,
        reference_bytes: 4,
        alignment_bytes: 8,
        compact_headers: false,
        packing: Packing::Jdk7To14,
    };

    /// Rounds the end of the last field or element up to the size of the object.
    pub fn object_bytes(&self, end: u64) -> u64 {
        align_up(end, u64::from(self.alignment_bytes.max(self.word_bytes)))
    }

    /// Offset of the first element.
    pub fn array_base_bytes(&self, element: FieldType) -> u64 {
        let header = u64::from(self.array_header_bytes);
        if width_bytes(element, self.reference_bytes) == 8 { align_up(header, 8) } else { header }
    }

    /// Shallow size of an array.
    pub fn array_bytes(&self, element: FieldType, length: u64) -> u64 {
        let width = u64::from(width_bytes(element, self.reference_bytes));
        self.object_bytes(self.array_base_bytes(element).saturating_add(length.saturating_mul(width)))
    }

    /// Every model that a HotSpot has ever had, at one alignment; the likeliest for this id size and data model (32 or 64 bits, if known) first.
    ///
    /// Combinations: compressed references or not, compressed class pointers or not, compact headers (24 and later), the array header that is not
    /// rounded up to a word (23 and later, JDK-8139457).
    pub fn candidates(id_bytes: u32, data_model_bits: Option<u32>, alignment_bytes: u32) -> Vec<Model> {
        const OLD: Packing = Packing::Jdk7To14;
        const NEW: Packing = Packing::Jdk15;
        let wide = |sizes: [u32; 3], packing| {
            let [header_bytes, array_header_bytes, reference_bytes] = sizes;
            Model {
                header_bytes,
                array_header_bytes,
                reference_bytes,
                alignment_bytes,
                compact_headers: header_bytes == 8,
                packing,
                ..Model::COMPRESSED
            }
        };
        let narrow = |packing| Model { alignment_bytes, packing, ..Model::BITS32 };
        let mut models = vec![
            wide([12, 16, 4], NEW),
            wide([12, 16, 4], OLD),
            wide([16, 24, 8], OLD),
            wide([16, 24, 8], NEW),
            wide([12, 16, 8], NEW),
            wide([16, 20, 8], NEW),
            wide([8, 12, 4], NEW),
            wide([8, 12, 8], NEW),
            wide([16, 24, 4], OLD),
            wide([16, 24, 4], NEW),
            wide([16, 20, 4], NEW),
        ];
        // 32-bit ids without more to go by: mostly a 32-bit JVM, but the hprof agent writes them on 64-bit ones as well.
        if id_bytes == 4 && data_model_bits != Some(64) {
            models.splice(0..0, [narrow(OLD), narrow(NEW)]);
        }
        models
    }
}
