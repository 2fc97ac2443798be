//! Answers to questions about single objects and classes, as sections: `find`, `show`, `paths`.
//!
//! Not in the list of inspections: each needs something to look for.

mod find;
mod paths;
mod show;

pub use find::find_section;
pub use paths::paths_section;
pub use show::show_section;

use crate::ix::ObjectIx;
use crate::query::mask;
use crate::snapshot::Snapshot;

/// The value of an object in words, where it has a short one: the text of a string if that may be shown, the number in a box, the
/// class that a mirror stands for, the length of an array.
pub(super) fn value_of(snapshot: &Snapshot, object: ObjectIx, name: &str, strings: bool) -> Option<String> {
    const LIMIT: usize = 200;
    if let Some(class) = snapshot.class_of_mirror(object) {
        return Some(format!("class {}", class.name));
    }
    if snapshot.is_string(object) {
        let units = snapshot.string_units(object)?;
        if strings {
            let text = units.text(LIMIT);
            let cut = if units.length() > LIMIT { "…" } else { "" };
            return Some(format!("\"{}{cut}\"", mask(name, &text)));
        }
        return Some(format!("{} characters", units.length()));
    }
    if let Some(length) = snapshot.array_length(object) {
        return Some(format!("length {length}"));
    }
    let is_box = matches!(
        snapshot.class_name(object),
        "java.lang.Integer"
            | "java.lang.Long"
            | "java.lang.Short"
            | "java.lang.Byte"
            | "java.lang.Character"
            | "java.lang.Boolean"
            | "java.lang.Float"
            | "java.lang.Double"
    );
    if is_box { snapshot.describe_value(snapshot.field(object, "value")?, LIMIT) } else { None }
}
