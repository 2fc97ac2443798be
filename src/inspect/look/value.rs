//! The value of an object in words, as a debugger shows it beside the object's name.
//!
//! Words are Java's own (`size`, `length`, `class`), the same in every report; a renderer may have them in its language.

use crate::ix::ObjectIx;
use crate::query::{mask, values};
use crate::report::figures;
use crate::snapshot::Snapshot;

/// UTF-16 units of a text that are shown.
const LIMIT: usize = 200;

/// What is shown of an object beside its class, where there is something short to say: `42`, `GREEN`, `"a text"`, `size 12`, `length 3`,
/// `class java.lang.String`, of an entry of a map `"key" = 42`. `name` is that of the field or key that it stands at: values of fields with
/// the names of secrets are masked, and everything that looks like one. Without `contents` no text that an application wrote is shown, only how
/// long it is, and no UUID.
pub(in crate::inspect) fn value_of(
    snapshot: &Snapshot,
    object: ObjectIx,
    name: &str,
    contents: bool,
) -> Option<String> {
    if let Some((key, value)) = values::entry(snapshot, object) {
        let key_name = key.filter(|_| contents).and_then(|key| values::text(snapshot, key, LIMIT));
        let words = |object: Option<ObjectIx>, name: &str| match object {
            None => "null".to_owned(),
            Some(object) => direct(snapshot, object, name, contents)
                .unwrap_or_else(|| simple_name(snapshot.class_name(object)).to_owned()),
        };
        return Some(format!("{} = {}", words(key, ""), words(value, key_name.as_deref().unwrap_or(name))));
    }
    direct(snapshot, object, name, contents)
}

fn direct(snapshot: &Snapshot, object: ObjectIx, name: &str, contents: bool) -> Option<String> {
    if let Some(class) = snapshot.class_of_mirror(object) {
        return Some(format!("class {}", class.name));
    }
    // A session or a token may be one.
    let is_uuid = snapshot.class_name(object) == "java.util.UUID";
    if is_uuid && !contents {
        return None;
    }
    if let Some(words) = values::plain(snapshot, object) {
        return Some(if is_uuid { mask(name, &words).into_owned() } else { words });
    }
    if contents && let Some(units) = values::units(snapshot, object) {
        let text = units.text(LIMIT);
        let cut = if units.length() > LIMIT { "…" } else { "" };
        let quoted = format!("\"{}{cut}\"", mask(name, &text));
        let length = || format!(" (length {})", figures::count(units.length() as u64));
        return Some(if cut.is_empty() { quoted } else { quoted + &length() });
    }
    if contents
        && snapshot.array_length(object).is_none()
        && let Some(text) = values::text(snapshot, object, LIMIT)
    {
        return Some(mask(name, &text).into_owned());
    }
    let what = if is_sequence(snapshot, object) { "length" } else { "size" };
    values::size(snapshot, object).map(|size| format!("{what} {}", figures::count(size)))
}

/// Whether Java speaks of its length, and not of its size.
fn is_sequence(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.array_length(object).is_some() || values::units(snapshot, object).is_some()
}

/// A class name without its package.
fn simple_name(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}
