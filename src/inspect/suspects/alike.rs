//! Suspects that are the same things once more: the rows of a query that a driver keeps beside the objects that a call has made of them.
//!
//! A driver or a database in the process keeps the last result of a query as long as the statement is there. Where it has as many rows as a call
//! has objects in hand, the call is what to change, and the driver keeps no more than it was asked for. Cost: none.

use super::Story;
use crate::query::Origin;
use crate::report::{Arg, Standing, Suspect, SuspectKind, Text};

/// Fewer may be as many by chance.
const MANY: u64 = 1000;

/// Tells what a library keeps as many of as a call has in hand as a part of that story.
pub(super) fn tell_copies(told: &mut [(Story, Suspect)]) {
    let calls: Vec<(u64, String, Arg)> = told
        .iter()
        .filter(|(_, suspect)| suspect.kind == SuspectKind::Load && suspect.instances >= MANY)
        .map(|(_, suspect)| (suspect.instances, suspect.class.clone(), suspect.holder.words()))
        .collect();
    for (story, suspect) in told {
        let is_open = suspect.kind == SuspectKind::Leak
            && suspect.rule.is_none()
            && story.held.origin == Origin::Library;
        let call = calls.iter().find(|(count, ..)| is_open && *count == suspect.instances);
        let Some((count, class, holder)) = call else { continue };
        suspect.standing = Standing::Largest;
        story.tell_as_largest(suspect);
        let args = [
            ("count", Arg::Count(*count)),
            ("class", Arg::name(class.rsplit('.').next().unwrap_or(class))),
            ("holder", holder.clone()),
        ];
        suspect.activity.push(Text::with("suspect-as-many-as-call", args));
    }
}
