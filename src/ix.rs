//! Typed indices: dense numbers that stand for objects and classes.
//!
//! Owns nothing but the newtypes. Knows nothing of heaps. An index is four bytes wide; a snapshot holds at most
//! [`ObjectIx::MAX_COUNT`] objects, checked once where the objects are counted.

use bytemuck::{Pod, Zeroable};
use std::fmt;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
        #[repr(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The most things that this index can number; `u32::MAX` itself means "none" in optional columns.
            pub const MAX_COUNT: u64 = u32::MAX as u64;

            /// The index of the `at`-th thing. The count was checked against [`Self::MAX_COUNT`] before.
            #[inline]
            pub fn from_usize(at: usize) -> Self {
                debug_assert!((at as u64) < Self::MAX_COUNT);
                Self(at as u32)
            }

            /// This index as a position in a slice.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

index! {
    /// An object (instance, array or class mirror) of a snapshot, numbered in the order of the dump file.
    ObjectIx
}
index! {
    /// A class of a snapshot, numbered in the order of its CLASS_DUMP records.
    ClassIx
}

/// An [`ObjectIx`] or none, in four bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct OptObjectIx(u32);

impl OptObjectIx {
    /// No object.
    pub const NONE: Self = Self(u32::MAX);

    /// That object.
    #[inline]
    pub fn some(object: ObjectIx) -> Self {
        Self(object.0)
    }

    /// The object, if there is one.
    #[inline]
    pub fn get(self) -> Option<ObjectIx> {
        (self.0 != u32::MAX).then_some(ObjectIx(self.0))
    }
}

impl From<Option<ObjectIx>> for OptObjectIx {
    fn from(object: Option<ObjectIx>) -> Self {
        object.map_or(Self::NONE, Self::some)
    }
}

impl fmt::Debug for OptObjectIx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
