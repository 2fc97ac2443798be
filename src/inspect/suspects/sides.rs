//! Arrays that one object has side by side: the keys and the values of a table of the application's own.
//!
//! Where one of them is to blame the others are neither a story of their own nor proven to be nothing wrong. Cost: none.

use super::Story;
use crate::ix::ObjectIx;
use crate::report::{Arg, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// Tells arrays of an object of which another array is to blame as a part of that story.
pub(super) fn tell_sides(snapshot: &Snapshot, told: &mut Vec<(Story, Suspect)>) {
    let owner = |story: &Story| {
        let is_array = snapshot.class(story.held.object).is_array();
        story.declaring(snapshot).filter(|&owner| is_array && snapshot.mirrored_class(owner).is_none())
    };
    let is_blamed =
        |suspect: &Suspect| suspect.standing == Standing::Blamed && suspect.kind == SuspectKind::Leak;
    let blamed: Vec<ObjectIx> =
        told.iter().filter(|(_, suspect)| is_blamed(suspect)).filter_map(|(story, _)| owner(story)).collect();
    let is_side = |(story, suspect): &(Story, Suspect)| {
        suspect.standing == Standing::Largest && owner(story).is_some_and(|owner| blamed.contains(&owner))
    };
    let (sides, mut others): (Vec<_>, Vec<_>) = told.drain(..).partition(is_side);
    for (side, of_side) in sides {
        let of_it =
            |(story, suspect): &&mut (Story, Suspect)| is_blamed(suspect) && owner(story) == owner(&side);
        let (Some((_, suspect)), Some(class)) = (others.iter_mut().find(of_it), of_side.holder.class) else {
            continue;
        };
        let args = [
            ("class", Arg::name(class.rsplit('.').next().unwrap_or(&class))),
            ("field", Arg::name(of_side.holder.field.unwrap_or_default())),
            ("size", Arg::Bytes(of_side.retained_bytes)),
        ];
        suspect.activity.push(Text::with("suspect-other-array", args));
    }
    *told = others;
}
