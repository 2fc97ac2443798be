//! Where the heap is full what takes much of it is to blame, whatever it is; but a table that is as large as it was made has not filled it where something else takes
//! much as well that may grow.
//!
//! Owns that comparison, for which all suspects have to be told. Cost: none.

use super::Story;
use super::standing::is_wrong_by_rule;
use crate::inspect::Context;
use crate::report::{Standing, Suspect, SuspectKind};

/// A part of the heap that is enough to have filled it beside what cannot grow.
const MUCH: f64 = 0.2;

impl Story {
    /// Tells as merely large what cannot grow, where something to blame that may grow takes a good part of a heap that is full.
    pub(in crate::inspect::suspects) fn excuse_what_cannot_grow(
        context: &Context<'_>,
        told: &mut [(Self, Suspect)],
    ) {
        let is_blamed = |suspect: &Suspect| suspect.standing == Standing::Blamed;
        let may_have_grown = |(story, suspect): &(Self, Suspect)| {
            is_blamed(suspect)
                && suspect.kind != SuspectKind::Garbage
                && suspect.share >= MUCH
                && story.cannot_grow.is_none()
        };
        if !told.iter().any(may_have_grown) {
            return;
        }
        for (story, suspect) in told.iter_mut() {
            let is_fixed = story.cannot_grow.is_some() && story.is_in_full_heap && !story.keeps_loaders;
            if is_fixed && is_blamed(suspect) && !is_wrong_by_rule(context, suspect) {
                suspect.standing = Standing::Largest;
                story.tell_as_largest(suspect);
            }
        }
    }
}
