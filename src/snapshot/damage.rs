//! What is wrong with a dump, as data: counted by kind, with the first offset. Never an error.

use std::collections::BTreeMap;

/// Kinds of damage, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DamageKind {
    /// The file ends inside of a record.
    Truncated,
    /// The file ends between two records, without the one that ends a heap dump of segments.
    Unclosed,
    /// The packed data broke off or are damaged.
    Packing,
    /// Bytes that are no record; the reader went on where it found one again.
    LostBytes,
    /// A top-level record of a kind that is not known; passed over.
    UnknownRecord,
    /// A record whose body is too short for its kind; passed over.
    ShortRecord,
    /// The file has no heap dump in it.
    NoHeap,
    /// The file ends before the GC roots, which many virtual machines write last: the static fields of all classes are taken for roots.
    LostRoots,
    /// Two objects with the same id; the first counts.
    DuplicateObject,
    /// Two descriptions of the same class; the first counts.
    DuplicateClass,
    /// Objects of a class that the dump does not describe.
    UnknownClass,
    /// An object whose record has another size than its class demands.
    OddInstance,
    /// A class whose super classes form a circle.
    CircularClass,
    /// A GC root that is no object of the dump. Ordinary in small numbers.
    DanglingRoot,
    /// A reference to an object that the dump does not hold. Ordinary: HotSpot leaves out mirrors of archived classes.
    DanglingReference,
}

impl DamageKind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Truncated,
        Self::Unclosed,
        Self::Packing,
        Self::LostBytes,
        Self::UnknownRecord,
        Self::ShortRecord,
        Self::NoHeap,
        Self::LostRoots,
        Self::DuplicateObject,
        Self::DuplicateClass,
        Self::UnknownClass,
        Self::OddInstance,
        Self::CircularClass,
        Self::DanglingRoot,
        Self::DanglingReference,
    ];

    /// Its stable name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Unclosed => "unclosed",
            Self::Packing => "packing",
            Self::LostBytes => "lost-bytes",
            Self::UnknownRecord => "unknown-record",
            Self::ShortRecord => "short-record",
            Self::NoHeap => "no-heap",
            Self::LostRoots => "lost-roots",
            Self::DuplicateObject => "duplicate-object",
            Self::DuplicateClass => "duplicate-class",
            Self::UnknownClass => "unknown-class",
            Self::OddInstance => "odd-instance",
            Self::CircularClass => "circular-class",
            Self::DanglingRoot => "dangling-root",
            Self::DanglingReference => "dangling-reference",
        }
    }

    /// Whether sound dumps have it too.
    pub fn is_ordinary(self) -> bool {
        matches!(self, Self::DanglingRoot | Self::DanglingReference)
    }
}

/// One kind of damage in one dump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DamageCount {
    /// How often.
    pub count: u64,
    /// Bytes concerned, where that has a meaning.
    pub bytes: u64,
    /// Where it was seen first: an offset into the unpacked dump.
    pub first_offset: Option<u64>,
}

/// All the damage of a dump.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    kinds: BTreeMap<DamageKind, DamageCount>,
}

impl Damage {
    /// Counts one more of `kind` at `offset`.
    pub(crate) fn add(&mut self, kind: DamageKind, offset: Option<u64>, count: u64, bytes: u64) {
        if count == 0 {
            return;
        }
        let slot = self.kinds.entry(kind).or_default();
        slot.count += count;
        slot.bytes += bytes;
        slot.first_offset = match (slot.first_offset, offset) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// Adds what another part of the work saw.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (&kind, slot) in &other.kinds {
            self.add(kind, slot.first_offset, slot.count, slot.bytes);
        }
    }

    /// All kinds that occur, worst first.
    pub fn kinds(&self) -> impl Iterator<Item = (DamageKind, DamageCount)> + '_ {
        self.kinds.iter().map(|(&kind, &count)| (kind, count))
    }

    /// How often `kind` occurs.
    pub fn count(&self, kind: DamageKind) -> u64 {
        self.kinds.get(&kind).map_or(0, |slot| slot.count)
    }

    /// Whether anything is wrong that sound dumps do not have.
    pub fn is_damaged(&self) -> bool {
        self.kinds.keys().any(|kind| !kind.is_ordinary())
    }

    /// Whether the file is known to end before its dump does.
    pub fn is_cut_short(&self) -> bool {
        [DamageKind::Truncated, DamageKind::Unclosed].into_iter().any(|kind| self.count(kind) > 0)
    }
}
