//! What the keys of a map look like: that they are paths with a number in them, or that each has another minute, says what makes the map grow.
//!
//! A report shows no text of the application unless it was asked to, but for what many keys have in common: a pattern with a `*` for each number in it that at
//! least [`COMMON`] keys of those that are looked at follow. Of keys that are objects it tells how many values each of their fields has. Where that shows why
//! there are so many it says what to do about the keys in place of what is said of any map. Cost: some thousand keys of a map, for each suspect that is in one.

use super::Story;
use super::entry::ENTRY;
use super::subject::Subject;
use super::words::{General, simple_name};
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::inspect::holders::THREAD_LOCAL_ENTRY;
use crate::inspect::rules::may_change;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{
    CollectionKind, CollectionPart, Origin, collection_kind, collection_length, mask_value, origin_of,
    origin_of_name, values, visit_part, without_ids,
};
use crate::report::{Arg, HolderKind, PathStep, Standing, Suspect, SuspectKind, Text, normalise_thread};
use crate::snapshot::{FieldValue, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;

/// Keys that are looked at.
const MOST: usize = 1 << 12;
/// Fewer are no crowd.
const FEW: usize = 100;
/// So many keys that are looked at follow a pattern that is shown, and that part of them.
const COMMON: usize = 32;
const PART: usize = 10;
/// Letters that a pattern has at least.
const LETTERS: usize = 1;
/// UTF-16 units of a key that are looked at.
const LONGEST: usize = 200;
/// Characters of a pattern that are shown.
const SHOWN: usize = 60;
/// Patterns that are shown, and fields.
const MOST_SHOWN: usize = 3;
/// Addresses of hosts, with and without a port, as keys have them.
const ADDRESSES: [&str; 4] = ["*.*.*.*", "*.*.*.*:*", "/*.*.*.*", "/*.*.*.*:*"];

/// What is told of the keys of a map, and what to do about them: without and with the condition that the map grows.
struct Told {
    words: Text,
    advice: Option<([&'static str; 2], (&'static str, Arg))>,
}

impl Story {
    /// Tells what the keys look like of the map that has nearly all of it.
    pub(super) fn tell_how_keys_look(&self, context: &Context<'_>, suspect: &mut Suspect) {
        /// Where it is told what is wrong with the keys, what they look like says nothing more.
        const TOLD: [&str; 6] = [
            "suspect-slices",
            "suspect-same-keys",
            "suspect-keys-of-library-field-shown",
            "suspect-keys-of-library-field",
            "suspect-keys-of-library-shown",
            "suspect-keys-of-library",
        ];
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && matches!(
                suspect.holder.kind,
                HolderKind::StaticField | HolderKind::InstanceField | HolderKind::ThreadLocal
            )
            && !suspect.activity.iter().any(|text| text.is_one_of(&TOLD) || text.is_one_of(&ENTRY));
        let map = if is_asked { self.map_with_it(context.snapshot, suspect) } else { None };
        let told = map.and_then(|map| {
            let mut keys = Vec::new();
            visit_part(context.snapshot, map, CollectionPart::Keys, &mut |key| {
                keys.push(key);
                keys.len() < MOST
            });
            let class = context.snapshot.class_of(*keys.first()?);
            let is_alike =
                keys.len() >= FEW && keys.iter().all(|&key| context.snapshot.class_of(key) == class);
            is_alike.then(|| {
                // That the elements of a set differ is what it is for.
                let is_map = !is_of_set(context.snapshot, suspect, map);
                let of_fields = || fields(context.snapshot, class, &keys).filter(|_| is_map);
                patterns(context.snapshot, &keys, keys_of(context.snapshot, suspect, map)).or_else(of_fields)
            })?
        });
        let Some(Told { words, advice }) = told else { return };
        suspect.activity.push(words);
        if let Some(((ids, arg), general)) = advice.zip(General::of(&suspect.advice)) {
            general.replace_with(suspect, ids, vec![("holder", suspect.holder.words()), arg]);
        }
    }

    /// Says of things that are themselves the keys of a map when remove() does not find them.
    pub(super) fn tell_if_keys_may_change(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
        subject: &Subject,
    ) {
        const LOOKED_AT: usize = 16;
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.rule.is_none()
            && suspect.instances >= FEW as u64
            && origin_of(snapshot, subject.class) == Origin::Application;
        let map = if is_asked { self.map_with_it(snapshot, suspect) } else { None };
        // What is sorted compares its keys.
        let is_hashed = |map: &ObjectIx| snapshot.class_name(*map).contains("Hash");
        let Some(map) = map.filter(|map| is_hashed(map) && !is_of_set(snapshot, suspect, *map)) else {
            return;
        };
        let (mut seen, mut alike) = (0, 0);
        visit_part(snapshot, map, CollectionPart::Keys, &mut |key| {
            seen += 1;
            alike += usize::from(snapshot.class_of(key) == subject.class && may_change(snapshot, key));
            seen < LOOKED_AT
        });
        if seen == LOOKED_AT && alike == seen {
            let class = [("class", Arg::name(simple_name(&suspect.class).into_owned()))];
            suspect.advice.push(Text::with("suspect-advice-keys-may-change", class));
        }
    }

    /// The map from the holder on down the path that has nearly all of it, or as many entries as there are objects.
    pub(super) fn map_with_it(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<ObjectIx> {
        let find = |step: &PathStep| snapshot.find(ObjectId(step.address));
        if suspect.holder.kind == HolderKind::ThreadLocal {
            let below = suspect.path.iter().skip_while(|step| step.class != THREAD_LOCAL_ENTRY);
            return below.filter_map(find).find(|&map| self.is_in_map_of_thread(snapshot, map));
        }
        let on_path = suspect.path.iter().filter_map(find);
        let mut inside = on_path.skip_while(|&object| object != self.held.object);
        inside.find(|&map| self.is_in_map(snapshot, suspect, map))
    }

    /// Whether an object is a map that has a good part of it: each thread has one of its own, and that of one of them looks as the others do.
    fn is_in_map_of_thread(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        /// Threads among which it is divided at most.
        const PART: u64 = 64;
        collection_kind(snapshot, object) == Some(CollectionKind::Map)
            && collection_length(snapshot, object).is_some_and(|length| length >= FEW as u64)
            && snapshot.retained_bytes(object).saturating_mul(PART) >= self.bytes
    }
}

/// Whether a map on the path is the inside of a set of the JDK's.
fn is_of_set(snapshot: &Snapshot, suspect: &Suspect, map: ObjectIx) -> bool {
    let address = snapshot.address_of(map).0;
    let at = suspect.path.iter().position(|step| step.address == address);
    let above = at.and_then(|at| suspect.path.get(at.checked_sub(1)?));
    above.is_some_and(|above| above.class.starts_with("java.util.") && above.class.ends_with("Set"))
}

/// Whose keys they are: where a field of the application's leads to the map that is not the holder, as in an object of a thread-local, nobody would know.
fn keys_of(snapshot: &Snapshot, suspect: &Suspect, map: ObjectIx) -> Text {
    let address = snapshot.address_of(map).0;
    let at = suspect.path.iter().position(|step| step.address == address);
    let above = at.and_then(|at| suspect.path.get(at.checked_sub(1)?));
    let is_own = |step: &&PathStep| origin_of_name(&step.class) == Origin::Application;
    let field = above.filter(is_own).and_then(|step| Some((&*step.class, step.field.as_deref()?)));
    let holder = suspect.holder.class.as_deref().zip(suspect.holder.field.as_deref());
    match field.filter(|(_, name)| !name.starts_with(['[', '<'])) {
        Some((class, name)) if holder != Some((class, name)) => {
            let map = Arg::name(format!("{}.{name}", simple_name(class)));
            Text::with("suspect-keys-of", [("map", map)])
        }
        _ => Text::message("suspect-keys"),
    }
}

/// The patterns that keys follow that are texts, with a `*` for each number.
fn patterns(snapshot: &Snapshot, keys: &[ObjectIx], keys_of: Text) -> Option<Told> {
    let mut count_by_pattern: HashMap<String, usize> = HashMap::new();
    // Of an id that begins with letters only the word before it is known to be the same.
    let mut count_by_prefix: HashMap<String, usize> = HashMap::new();
    for &key in keys {
        let Some(text) = snapshot.string_units(key).and_then(|_| values::text(snapshot, key, LONGEST)) else {
            continue;
        };
        if let Some(prefix) = prefix_of(&text) {
            *count_by_prefix.entry_ref(prefix).or_default() += 1;
        }
        let without_ids = without_ids(&text);
        let pattern = normalise_thread(&without_ids);
        // Numbers are no pattern, but for addresses.
        let has_letters = || pattern.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS;
        if pattern.contains('*') && (has_letters() || ADDRESSES.contains(&&*pattern)) {
            *count_by_pattern.entry(pattern.into_owned()).or_default() += 1;
        }
    }
    let mut common: Vec<(String, usize)> = count_by_pattern
        .into_iter()
        .filter(|&(_, count)| count >= COMMON && count * PART >= keys.len())
        .map(|(pattern, count)| {
            let prefix = pattern.strip_suffix('*').filter(|prefix| prefix_of(&pattern) == Some(prefix));
            let of_prefix = prefix.and_then(|prefix| count_by_prefix.get(prefix)).copied();
            (pattern, of_prefix.unwrap_or(count))
        })
        .collect();
    common.sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    let shown = |pattern: &str| {
        let short: String = pattern.chars().take(SHOWN).collect();
        let end = if short.len() < pattern.len() { "…" } else { "" };
        format!("\"{}{end}\"", mask_value(&short))
    };
    let (first, count) = common.first()?;
    let args = [
        ("count", Arg::Count(*count as u64)),
        ("samples", Arg::Count(keys.len() as u64)),
        ("pattern", Arg::name(shown(first))),
        ("keys", Arg::text(keys_of)),
    ];
    let others: Vec<String> =
        common.iter().skip(1).take(MOST_SHOWN - 1).map(|(other, _)| shown(other)).collect();
    let words = if others.is_empty() {
        let id = if *count == keys.len() { "suspect-keys-like-all" } else { "suspect-keys-like" };
        Text::with(id, args)
    } else {
        let others = ("others", Arg::name(others.join(", ")));
        Text::with("suspect-keys-like-others", args.into_iter().chain([others]))
    };
    let of_paths = common.iter().filter(|(pattern, _)| is_path_with_id(pattern));
    let are_paths = of_paths.map(|&(_, count)| count).sum::<usize>() * 2 >= keys.len();
    let advice = if are_paths && is_path_with_id(first) {
        let template = Arg::name(shown(&first.replace('*', "{id}")));
        Some((["suspect-advice-key-ids", "suspect-advice-key-ids-if-it-grows"], ("template", template)))
    } else if ADDRESSES.contains(&&**first) && first.ends_with(":*") {
        let pattern = ("pattern", Arg::name(shown(first)));
        Some((["suspect-advice-key-port", "suspect-advice-key-port-if-it-grows"], pattern))
    } else {
        None
    };
    Some(Told { words, advice })
}

/// A word at the beginning, with the `-`, `_`, `:` or `#` behind it, if it is followed by one more word.
fn prefix_of(text: &str) -> Option<&str> {
    const BETWEEN: [char; 4] = ['-', '_', ':', '#'];
    let end = text.find(BETWEEN)?;
    let (prefix, rest) = text.split_at(end + 1);
    let is_word = text[..end].chars().all(char::is_alphabetic);
    let is_one = rest.chars().all(|c| c.is_alphanumeric() || c == '*');
    (end > 0 && is_word && !rest.is_empty() && is_one).then_some(prefix)
}

/// Whether a pattern is the path of a request with an id in it: `/api/carts/*`, `GET /users/*/orders`.
fn is_path_with_id(pattern: &str) -> bool {
    pattern.contains("/*") && pattern.matches('/').count() >= 2
}

/// How many values the fields of keys have that are objects of the application's.
fn fields(snapshot: &Snapshot, class: ClassIx, keys: &[ObjectIx]) -> Option<Told> {
    if origin_of(snapshot, class) != Origin::Application || snapshot.classes().get(class).is_array() {
        return None;
    }
    let mut values_by_field: Vec<(String, HashSet<String>)> =
        snapshot.fields(keys[0]).map(|value| (value.field.name.to_string(), HashSet::new())).collect();
    // Nobody knows of what is no text how many differ.
    let mut unknown = vec![false; values_by_field.len()];
    for &key in keys {
        for (at, value) in snapshot.fields(key).enumerate().take(unknown.len()) {
            match words(snapshot, value) {
                Some(words) => drop(values_by_field[at].1.insert(words)),
                None => unknown[at] = true,
            }
        }
    }
    let mut known: Vec<(String, u64)> = values_by_field
        .into_iter()
        .zip(unknown)
        .filter(|(_, unknown)| !unknown)
        .map(|((name, values), _)| (name, values.len() as u64))
        .collect();
    known.sort_by_key(|&(_, count)| Reverse(count));
    // What is another one in each by several fields is a thing that something is known of, and no key that is made to look it up.
    let is_unique = |&(_, count): &(String, u64)| count == keys.len() as u64;
    if known.iter().filter(|field| is_unique(field)).count() > 1 {
        return None;
    }
    if let Some((field, _)) = known.first().filter(|field| is_unique(field)).filter(|_| known.len() > 1) {
        let args = [
            ("class", Arg::name(simple_name(&snapshot.classes().get(class).name).into_owned())),
            ("samples", Arg::Count(keys.len() as u64)),
            ("field", Arg::name(field)),
        ];
        return Some(Told { words: Text::with("suspect-keys-unique", args), advice: None });
    }
    known.truncate(MOST_SHOWN);
    // Hardly any two keys have the same.
    let is_varied = known.first().is_some_and(|&(_, count)| count * 4 >= keys.len() as u64 * 3);
    let ids = if is_varied {
        ["suspect-keys-varied-two", "suspect-keys-varied-three"]
    } else {
        ["suspect-keys-two-fields", "suspect-keys-three-fields"]
    };
    let id = known.len().checked_sub(2).and_then(|at| ids.get(at))?;
    let advice = known.first().filter(|_| is_varied).map(|(field, _)| {
        (["suspect-advice-key-field", "suspect-advice-key-field-if-it-grows"], ("field", Arg::name(field)))
    });
    let names = ["first", "second", "third"];
    let counts = ["most", "less", "least"];
    let each = known.into_iter().zip(names).zip(counts);
    let each = each
        .flat_map(|(((field, count), name), number)| [(name, Arg::name(field)), (number, Arg::Count(count))]);
    let args = [
        ("class", Arg::name(simple_name(&snapshot.classes().get(class).name).into_owned())),
        ("samples", Arg::Count(keys.len() as u64)),
    ];
    Some(Told { words: Text::with(id, args.into_iter().chain(each)), advice })
}

/// What tells the value of a field from others; nothing of it is shown.
fn words(snapshot: &Snapshot, value: FieldValue<'_>) -> Option<String> {
    match value.value.reference() {
        None => Some(format!("{:?}", value.value)),
        Some(id) if id.is_null() => Some(String::new()),
        Some(id) => values::text(snapshot, snapshot.find(id)?, LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::is_path_with_id;

    #[test]
    fn paths_of_requests_are_told_from_other_texts() {
        for (pattern, is_path) in [
            ("/api/carts/*", true),
            ("GET /users/*/orders", true),
            ("/*", false),
            ("visitor-*", false),
            ("*/*", false),
        ] {
            assert_eq!(is_path_with_id(pattern), is_path, "{pattern}");
        }
    }
}
