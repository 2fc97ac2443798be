//! What class values have computed for classes of which the dump does not tell whether they are loaded.
//!
//! Owns how much that is, and the words of suspects that are held by it or garbage. Which maps of class values are roots has the snapshot decided
//! ([`crate::snapshot::ClassValues`]). Cost: nothing where no map is left over; else one pass over the class column and a walk over what only those lead to.

use super::InspectError;
use super::no_garbage::unreached_below;
use crate::query::instances_of;
use crate::report::{Arg, Confidence, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{CLASS_VALUE_MAP, ClassValues, Snapshot};

/// The bytes that no root reaches and that hang on class values, if they are much of the dump: garbage, unless the classes of these are loaded.
pub(super) fn left_over(snapshot: &Snapshot) -> Result<u64, InspectError> {
    let maps = instances_of(snapshot, snapshot.classes().named(CLASS_VALUE_MAP))?;
    let (_, bytes) = unreached_below(snapshot, maps)?;
    Ok(if snapshot.is_much_of_class_values(bytes) { bytes } else { 0 })
}

/// Says of what class values hold that it may be garbage, where the dump has garbage of class loaders: a map may be left over from a class that was unloaded.
pub(super) fn tell_how_sure(snapshot: &Snapshot, suspect: &mut Suspect) {
    let is_by_class_value = suspect.path.first().is_some_and(|step| step.class == CLASS_VALUE_MAP);
    if !is_by_class_value || suspect.kind == SuspectKind::Garbage {
        return;
    }
    if snapshot.class_values() != ClassValues::Unproven {
        // Nothing in the dump leads to the map: it was concluded that it is held.
        if suspect.confidence == Confidence::Exact {
            suspect.confidence = Confidence::Likely;
        }
        return;
    }
    let title = std::mem::replace(&mut suspect.title, Text::message(""));
    suspect.title = Text::with("suspect-title-or-garbage", [("title", Arg::text(title))]);
    suspect.standing = Standing::Largest;
    suspect.confidence = Confidence::Estimated;
    suspect.evidence.insert(0, Text::message("suspect-evidence-class-values"));
    suspect.activity.clear();
    suspect.advice = vec![Text::with("suspect-advice-class-values", [("holder", suspect.holder.words())])];
}
