//! What is to blame beside what else there is. Where the heap is full what takes much of it is to blame, whatever it is; but a table that is as large as it was made has
//! not filled it where something else takes much as well that may grow. And where most of what is in use is something as large as it is meant to be, what is little
//! beside that, and next to nothing of what the heap may take, is a table as any service has it, unless something more than its number speaks against it.
//!
//! Owns these comparisons, for which all suspects have to be told. Cost: none.

use super::Story;
use super::standing::{is_next_to_nothing, is_wrong_by_rule};
use crate::inspect::Context;
use crate::report::{Standing, Suspect, SuspectKind};

/// A part of the heap that is enough to have filled it beside what cannot grow.
const MUCH: f64 = 0.2;
/// What is most of all that is in use.
const MOST: f64 = 0.5;

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

    /// Tells as merely large what is little of what the heap may take, where something as large as it is meant to be is most of what is in use.
    pub(in crate::inspect::suspects) fn excuse_what_is_little(
        context: &Context<'_>,
        told: &mut [(Self, Suspect)],
    ) {
        let explains_it = |(story, suspect): &(Self, Suspect)| {
            suspect.share >= MOST
                && (suspect.is_meant() || story.cannot_grow.is_some() && !story.is_in_full_heap)
        };
        if !told.iter().any(explains_it) {
            return;
        }
        let limit = context.heap_limit().map_or(0, |limit| limit.bytes);
        for (story, suspect) in told.iter_mut() {
            let is_little = !story.is_in_full_heap && is_next_to_nothing(story.bytes(), limit);
            if is_little && suspect.is_leak_if_it_grows() && suspect.rule.is_none() && !suspect.backlog {
                suspect.standing = Standing::Largest;
                story.tell_as_largest(suspect);
            }
        }
    }
}
