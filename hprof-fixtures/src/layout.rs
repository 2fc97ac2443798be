//! Where the JVM puts fields: how large an object is, so that addresses are those a JVM would give.
//!
//! The packing is that of HotSpot since JDK 15 (`classfile/fieldLayoutBuilder.cpp`): per class the fields go from
//! large to small, each into the smallest hole that is left, otherwise behind the last field. Padding for
//! `@Contended` and fields that the VM injects are not modelled: give such a class its size by
//! [`crate::ClassBuilder::instance_bytes`].

use crate::value::Kind;

/// Object layout of a JVM. All in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Mark and class word: where fields begin.
    pub header: u32,
    /// Header of an array with its length: where elements begin (8-byte elements may begin later).
    pub array_header: u32,
    /// A reference in the heap.
    pub reference: u32,
    /// Objects start at multiples of this.
    pub alignment: u32,
}

impl Layout {
    /// 64-bit JVM below 32 GB: compressed references and class pointers.
    pub const COMPRESSED: Layout = Layout { header: 12, array_header: 16, reference: 4, alignment: 8 };
    /// 64-bit JVM with `-XX:-UseCompressedOops`, or ZGC, since JDK 15: class pointers are still compressed.
    pub const WIDE_REFERENCES: Layout = Layout { header: 12, array_header: 16, reference: 8, alignment: 8 };
    /// 64-bit JVM with neither references nor class pointers compressed.
    pub const UNCOMPRESSED: Layout = Layout { header: 16, array_header: 24, reference: 8, alignment: 8 };
    /// JDK 24 and later with `-XX:+UseCompactObjectHeaders`.
    pub const COMPACT: Layout = Layout { header: 8, array_header: 12, reference: 4, alignment: 8 };
    /// 32-bit JVM.
    pub const BITS_32: Layout = Layout { header: 8, array_header: 12, reference: 4, alignment: 8 };

    /// `bytes` rounded up to the object alignment.
    pub const fn align(&self, bytes: u64) -> u64 {
        bytes.next_multiple_of(self.alignment as u64)
    }

    /// Shallow size of an instance. `chain` lists the fields of each class, the topmost superclass first.
    pub fn instance_bytes<'a>(&self, chain: impl IntoIterator<Item = &'a [Kind]>) -> u64 {
        let mut end = self.header;
        let mut holes: Vec<(u32, u32)> = Vec::new(); // start, length
        for fields in chain {
            let mut widths: Vec<u32> = fields.iter().map(|kind| kind.bytes(self.reference)).collect();
            widths.sort_unstable_by(|a, b| b.cmp(a));
            for width in widths {
                let fits =
                    |&(start, length): &(u32, u32)| start.next_multiple_of(width) + width <= start + length;
                let best = (0..holes.len()).filter(|&i| fits(&holes[i])).min_by_key(|&i| holes[i].1);
                if let Some(best) = best {
                    let (start, length) = holes.swap_remove(best);
                    let place = start.next_multiple_of(width);
                    holes.push((start, place - start));
                    holes.push((place + width, start + length - place - width));
                } else {
                    let place = end.next_multiple_of(width);
                    holes.push((end, place - end));
                    end = place + width;
                }
                holes.retain(|hole| hole.1 > 0);
            }
        }
        self.align(u64::from(end))
    }

    /// Shallow size of an array.
    pub const fn array_bytes(&self, element: Kind, length: u64) -> u64 {
        let width = element.bytes(self.reference) as u64;
        let base = if width == 8 {
            (self.array_header as u64).next_multiple_of(8)
        } else {
            self.array_header as u64
        };
        self.align(base + width * length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Boolean, Byte, Float, Int, Long, Ref};

    /// Sizes that `GC.class_histogram` of JDK 17 and 25 shows.
    #[test]
    fn sizes_are_those_of_the_jvm() {
        let object: &[Kind] = &[];
        let string: &[Kind] = &[Ref, Int, Byte, Boolean];
        let map: [&[Kind]; 3] = [object, &[Ref, Ref], &[Ref, Ref, Int, Int, Int, Float]];
        assert_eq!(Layout::COMPRESSED.instance_bytes([object]), 16);
        assert_eq!(Layout::COMPRESSED.instance_bytes([object, string]), 24);
        assert_eq!(Layout::COMPRESSED.instance_bytes(map), 48);
        assert_eq!(Layout::COMPRESSED.instance_bytes([object, &[Long]]), 24);
        assert_eq!(Layout::COMPRESSED.instance_bytes([object, &[Int]]), 16);
        assert_eq!(Layout::COMPRESSED.instance_bytes([object, &[Ref, Ref, Ref, Int]]), 32);
        assert_eq!(Layout::COMPACT.instance_bytes([object]), 8);
        assert_eq!(Layout::COMPACT.instance_bytes([object, &[Long]]), 16);
        assert_eq!(Layout::WIDE_REFERENCES.instance_bytes([object, string]), 32);
        assert_eq!(Layout::COMPRESSED.array_bytes(Byte, 5), 24);
        assert_eq!(Layout::COMPACT.array_bytes(Byte, 4), 16);
        assert_eq!(Layout::COMPACT.array_bytes(Long, 1), 24);
        assert_eq!(Layout::UNCOMPRESSED.array_bytes(Ref, 2), 40);
    }

    #[test]
    fn a_hole_before_a_long_is_filled_by_a_subclass() {
        assert_eq!(Layout::COMPRESSED.instance_bytes([&[Long][..], &[Int][..]]), 24);
        assert_eq!(Layout::COMPRESSED.instance_bytes([&[Long][..], &[Boolean, Boolean, Ref][..]]), 32);
    }
}
