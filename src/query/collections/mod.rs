//! The collections of the JDK and of some libraries: how many elements, how much room, which elements.
//!
//! Owns the knowledge of their fields in all JDKs ([`spec`]) and in libraries ([`libraries`]). It does not judge whether a collection is too large. A collection of an unknown
//! class is none; a sub class of a known one is read like that. Nothing recurses, and every walk has a limit, so damaged dumps with
//! circles of nodes do no harm.

mod buckets;
mod contents;
mod libraries;
mod measure;
mod spec;
mod stats;
mod tries;

pub use buckets::{Buckets, HashTable};
pub use contents::{Part, elements_of, entries_of, key_beside, visit_part};
pub(super) use measure::adder;
pub use measure::{
    CollectionKinds, Measure, collection_kind, collection_length, collection_measure, queue_limit,
};
pub use spec::CollectionKind;
pub(super) use stats::CollectionQuestion;
pub use stats::{CollectionCount, CollectionStats, FILL_STEPS, Fill, Problem, Wasteful};
