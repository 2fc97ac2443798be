//! Coroutines of Kotlin.
//!
//! Owns how the compiler keeps the local variables of a method that is suspended. Cost: none.

use crate::snapshot::Snapshot;

/// What the class that the compiler makes of a method that may be suspended extends.
pub const CONTINUATION: &str = "kotlin.coroutines.jvm.internal.BaseContinuationImpl";

/// Whether a field of that class is a local variable of a coroutine, kept there while it is suspended: no source has such a field.
pub fn is_spilled(snapshot: &Snapshot, class: &str, field: &str) -> bool {
    let is_numbered = field.strip_prefix("L$").is_some_and(|number| number.parse::<u32>().is_ok());
    let classes = snapshot.classes();
    is_numbered && classes.named(class).iter().any(|&class| classes.is_named(class, CONTINUATION))
}
