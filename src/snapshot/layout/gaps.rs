//! Evidence from addresses: the ids of a HotSpot dump are addresses, and two objects do not overlap, so the distance to the next object is an upper
//! bound of a size, and the smallest of many is mostly the size itself.
//!
//! Filled in one pass over all objects in address order; parts of the heap can be filled apart and merged. 12 bytes per class. Knows no formula.

use crate::hprof::FieldType;

/// Lengths of arrays whose gaps are kept apart.
const ARRAY_LENGTHS: usize = 65;
/// No gap was seen.
const NONE: u32 = u32::MAX;
/// The element types, in the order of their codes in the file.
const ELEMENTS: [FieldType; 9] = [
    FieldType::Reference,
    FieldType::Boolean,
    FieldType::Char,
    FieldType::Float,
    FieldType::Double,
    FieldType::Byte,
    FieldType::Short,
    FieldType::Int,
    FieldType::Long,
];

fn row(element: FieldType) -> usize {
    (element as usize).saturating_sub(3)
}

/// The gaps after the instances of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassGap {
    smallest: u32,
    /// Instances followed by just this gap.
    at_smallest: u32,
    /// Instances that have a next object at all.
    seen: u32,
}

impl ClassGap {
    const EMPTY: ClassGap = ClassGap { smallest: NONE, at_smallest: 0, seen: 0 };

    /// The smallest gap in bytes, if any instance has a neighbour.
    pub fn smallest(&self) -> Option<u64> {
        (self.smallest != NONE).then_some(u64::from(self.smallest))
    }

    /// Instances followed by just the smallest gap.
    pub fn at_smallest(&self) -> u32 {
        self.at_smallest
    }

    /// Instances that have a neighbour.
    pub fn seen(&self) -> u32 {
        self.seen
    }

    fn observe(&mut self, gap: u64) {
        let gap = clamp(gap);
        self.seen = self.seen.saturating_add(1);
        match gap.cmp(&self.smallest) {
            std::cmp::Ordering::Less => (self.smallest, self.at_smallest) = (gap, 1),
            std::cmp::Ordering::Equal => self.at_smallest = self.at_smallest.saturating_add(1),
            std::cmp::Ordering::Greater => {}
        }
    }

    fn merge(&mut self, other: &ClassGap) {
        self.seen = self.seen.saturating_add(other.seen);
        match other.smallest.cmp(&self.smallest) {
            std::cmp::Ordering::Less => {
                (self.smallest, self.at_smallest) = (other.smallest, other.at_smallest)
            }
            std::cmp::Ordering::Equal => {
                self.at_smallest = self.at_smallest.saturating_add(other.at_smallest)
            }
            std::cmp::Ordering::Greater => {}
        }
    }
}

fn clamp(gap: u64) -> u32 {
    u32::try_from(gap).unwrap_or(NONE).min(NONE - 1)
}

/// Gaps by class, by length of array, and what all addresses have in common.
#[derive(Clone, Debug)]
pub struct GapEvidence {
    instances: Vec<ClassGap>,
    mirrors: Vec<u32>,
    arrays: Vec<[u32; ARRAY_LENGTHS]>,
    address_bits: u64,
    objects: u64,
}

impl GapEvidence {
    /// Nothing seen yet, for a dump with this many classes.
    pub fn new(class_count: usize) -> GapEvidence {
        GapEvidence {
            instances: vec![ClassGap::EMPTY; class_count],
            mirrors: vec![NONE; class_count],
            arrays: vec![[NONE; ARRAY_LENGTHS]; ELEMENTS.len()],
            address_bits: 0,
            objects: 0,
        }
    }

    /// An instance of class `class`, `gap` bytes before the next object of the dump.
    pub fn observe_instance(&mut self, class: u32, gap: u64) {
        self.instances[class as usize].observe(gap);
    }

    /// The `java.lang.Class` object of class `class`.
    pub fn observe_mirror(&mut self, class: u32, gap: u64) {
        let seen = &mut self.mirrors[class as usize];
        *seen = (*seen).min(clamp(gap));
    }

    /// An array of `length` elements; arrays of references under [`FieldType::Reference`].
    pub fn observe_array(&mut self, element: FieldType, length: u64, gap: u64) {
        if let Ok(length) = usize::try_from(length)
            && length < ARRAY_LENGTHS
        {
            let seen = &mut self.arrays[row(element)][length];
            *seen = (*seen).min(clamp(gap));
        }
    }

    /// The address of any object, the last one included.
    pub fn observe_address(&mut self, address: u64) {
        self.address_bits |= address;
        self.objects += 1;
    }

    /// Adds what was seen in another part of the heap.
    pub fn merge(&mut self, other: &GapEvidence) {
        for (mine, theirs) in self.instances.iter_mut().zip(&other.instances) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.mirrors.iter_mut().zip(&other.mirrors) {
            *mine = (*mine).min(*theirs);
        }
        for (mine, theirs) in self.arrays.iter_mut().flatten().zip(other.arrays.iter().flatten()) {
            *mine = (*mine).min(*theirs);
        }
        self.address_bits |= other.address_bits;
        self.objects += other.objects;
    }

    /// The gaps after instances of a class.
    pub fn instance(&self, class: usize) -> ClassGap {
        self.instances.get(class).copied().unwrap_or(ClassGap::EMPTY)
    }

    /// The gap after the mirror of a class.
    pub fn mirror(&self, class: usize) -> Option<u64> {
        self.mirrors.get(class).copied().filter(|&gap| gap != NONE).map(u64::from)
    }

    /// Every element and length of array with the smallest gap after one.
    pub fn arrays(&self) -> impl Iterator<Item = (FieldType, u64, u64)> + '_ {
        ELEMENTS.into_iter().flat_map(move |element| {
            let gaps = self.arrays[row(element)].iter().zip(0u64..);
            gaps.filter(|&(&gap, _)| gap != NONE).map(move |(&gap, length)| (element, length, u64::from(gap)))
        })
    }

    /// Objects seen.
    pub fn objects(&self) -> u64 {
        self.objects
    }

    /// The largest power of two that divides all addresses; none if they are no addresses of aligned objects (the hprof agent numbers its objects).
    pub fn alignment_bytes(&self) -> Option<u32> {
        let zeros = self.address_bits.trailing_zeros();
        (self.objects > 0 && (3..=8).contains(&zeros)).then(|| 1 << zeros)
    }
}
