//! The one entry of a map that all of it is in: which key it has says more than the map.
//!
//! Cost: a look at each step of a path, at the entries of a map on it that keeps them in an array, and at the constants of all classes for each key.

use super::Story;
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::ix::ObjectIx;
use crate::query::{is_literal, key_beside, mask_value, values};
use crate::report::{Arg, Suspect, Text};
use crate::snapshot::Snapshot;

/// An entry counts if what is in it retains at least this part of the memory in question.
const NEARLY_ALL: f64 = 0.8;
/// UTF-16 units of a key that are shown.
const SHOWN: usize = 60;

/// What is said of such an entry.
pub(in crate::inspect::suspects) const ENTRY: [&str; 2] = ["suspect-entry", "suspect-entry-hidden"];

impl Story {
    /// Under which keys it is, from the holder on down, where one entry of a map has nearly all of it.
    pub(super) fn entry(&self, context: &Context<'_>, suspect: &Suspect) -> Option<Text> {
        let snapshot = context.snapshot;
        let on_path = suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        let held: Vec<ObjectIx> = on_path.skip_while(|&object| object != self.held.object).collect();
        let is_nearly_all = |object| snapshot.retained_bytes(object) as f64 >= NEARLY_ALL * self.bytes as f64;
        let keys = (0..held.len()).filter_map(|at| {
            let (first, next) = held[at..].split_first()?;
            if let Some((key, value)) = values::entry(snapshot, *first) {
                return key.filter(|_| value == next.first().copied() && value.is_some_and(is_nearly_all));
            }
            // A map without objects for its entries leads to a value directly, or by an array.
            let mut values = next.iter().copied().take(2).filter(|&value| is_nearly_all(value));
            values.find_map(|value| key_beside(snapshot, *first, value))
        });
        let keys: Vec<ObjectIx> = keys.collect();
        if keys.is_empty() {
            return None;
        }
        let [shown, hidden] = ENTRY;
        let words: Option<Vec<String>> = keys.into_iter().map(|key| words_of(context, key)).collect();
        let Some(words) = words else { return Some(Text::message(hidden)) };
        Some(Text::with(shown, [("key", Arg::name(words.join(" → ")))]))
    }
}

/// What a report may say of a key: all of it if it was asked for, else what is no text, and texts that stand in the code.
pub(super) fn words_of(context: &Context<'_>, key: ObjectIx) -> Option<String> {
    let snapshot: &Snapshot = context.snapshot;
    if snapshot.string_units(key).is_some() {
        let may_be_shown = context.options.strings || is_literal(snapshot, key);
        let text = values::text(snapshot, key, SHOWN).filter(|_| may_be_shown)?;
        return Some(format!("\"{}\"", mask_value(&text)));
    }
    let plain = values::plain(snapshot, key).or_else(|| keyword(snapshot, key));
    Some(plain.unwrap_or_else(|| format!("{} {:#x}", snapshot.class_name(key), snapshot.address_of(key).0)))
}

/// A keyword of Clojure's, as it stands in the code: it is a name there as a field is, and no text of anybody's data.
fn keyword(snapshot: &Snapshot, key: ObjectIx) -> Option<String> {
    let symbol =
        snapshot.follow(key, "sym").filter(|_| snapshot.class_name(key) == "clojure.lang.Keyword")?;
    // Keys of what was read from outside may have been made keywords, and are no names then.
    let is_name = |text: &String| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.?!*+<>=&".contains(c))
    };
    let part = |field: &str| values::text(snapshot, snapshot.follow(symbol, field)?, SHOWN).filter(is_name);
    let name = part("name")?;
    Some(part("ns").map_or_else(|| format!(":{name}"), |ns| format!(":{ns}/{name}")))
}
