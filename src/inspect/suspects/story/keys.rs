//! Keys of a map that are the same in all fields: a class without `equals` and `hashCode` of its own, or an array.
//!
//! Each lookup with a key that was made anew fails then, and each put adds one more entry: the map leaks by its keys, and bounding it mends nothing. That a
//! map has several such keys at once is the proof, since it would have taken the second for the first. Cost: the records of some thousand keys and of what
//! they refer to, for each suspect that is a map.

use super::Story;
use crate::hprof::Value;
use crate::ix::ObjectIx;
use crate::query::{CollectionPart, Origin, origin_of, values, visit_part};
use crate::report::{Arg, Text};
use crate::snapshot::{Snapshot, Units};
use hashbrown::HashSet;

/// Keys that are looked at.
const MOST: usize = 1 << 14;
/// Fewer prove nothing.
const FEW: usize = 1000;
/// Each content is there so many times on average, or it is by chance.
const TIMES: usize = 4;
/// From a key to what is in the objects that it is made of.
const DEEPEST: u8 = 3;
/// Bytes of a content; longer ones are told apart by the objects.
const LONGEST: usize = 1 << 10;

/// Maps that ask `equals` and `hashCode`; sub classes are like them. What is in a set is mostly meant to be told apart.
const MAPS: &[&str] = &[
    "java.util.HashMap",
    "java.util.concurrent.ConcurrentHashMap",
    "java.util.Hashtable",
    "java.util.Collections$SynchronizedMap",
];

/// The same of libraries of collections, by how the names of their classes begin and end, with the field that has the array of the keys.
const MAPS_OF_LIBRARIES: &[(&str, &str, &str)] = &[
    ("it.unimi.dsi.fastutil.objects.Object2", "OpenHashMap", "key"),
    ("org.agrona.collections.Object2", "HashMap", "keys"),
    ("com.carrotsearch.hppc.Object", "HashMap", "keys"),
];

/// Looks at the keys of a map, as long as `look` wants to see more. `false` if it is no map that asks `equals` and `hashCode`.
fn visit_keys(snapshot: &Snapshot, map: ObjectIx, look: &mut dyn FnMut(ObjectIx) -> bool) -> bool {
    let classes = snapshot.classes();
    if MAPS.iter().any(|name| classes.is_named(snapshot.class_of(map), name)) {
        visit_part(snapshot, map, CollectionPart::Keys, look);
        return true;
    }
    let mut names = classes.lineage(snapshot.class_of(map)).map(|(_, class)| &*class.name);
    let field = names.find_map(|name| {
        let is_one = |(begin, end, _): &&(&str, &str, &str)| name.starts_with(begin) && name.ends_with(end);
        MAPS_OF_LIBRARIES.iter().find(is_one).map(|(.., field)| *field)
    });
    let Some(keys) = field.and_then(|field| snapshot.follow(map, field)) else { return false };
    let mut keys = snapshot.elements(keys).filter_map(|id| snapshot.find(id));
    while keys.next().is_some_and(&mut *look) {}
    true
}

impl Story {
    /// That the keys of the map are the same again and again, and what to do about that.
    pub(super) fn keys_without_equals(&self, snapshot: &Snapshot) -> Option<(Text, Text)> {
        let map = self.held.object;
        let classes = snapshot.classes();
        let mut contents: HashSet<Vec<u8>> = HashSet::new();
        // The entries of a damaged map may lead in a circle.
        let mut seen: HashSet<ObjectIx> = HashSet::new();
        let (mut count, mut class, mut has_arrays) = (0, None, false);
        let is_map = visit_keys(snapshot, map, &mut |key| {
            let of_key = snapshot.class_of(key);
            // Who puts keys of several classes into one map does something else.
            if *class.get_or_insert(of_key) != of_key {
                count = 0;
                return false;
            }
            let mut content = Vec::new();
            if count == 0 && !may_lack_equals(snapshot, key)
                || !write(snapshot, key, 0, &mut content, &mut has_arrays)
            {
                count = 0;
                return false;
            }
            if !seen.insert(key) {
                return false;
            }
            contents.insert(content);
            count += 1;
            count < MOST
        });
        let class = class.filter(|_| is_map && count >= FEW && contents.len() * TIMES <= count)?;
        let name = Arg::name(&*classes.get(class).name);
        let args = [
            ("count", Arg::Count(count as u64)),
            ("distinct", Arg::Count(contents.len() as u64)),
            ("class", name.clone()),
        ];
        let is_array = classes.get(class).element.is_some();
        let advice = match (is_array, has_arrays) {
            (true, _) => "suspect-advice-array-keys",
            (false, true) => "suspect-advice-keys-with-arrays",
            (false, false) => "suspect-advice-keys",
        };
        Some((Text::with("suspect-same-keys", args), Text::with(advice, [("class", name)])))
    }
}

/// Whether keys of the class may be without `equals`: it is not the JDK's, no constant, and has fields.
fn may_lack_equals(snapshot: &Snapshot, key: ObjectIx) -> bool {
    let class = snapshot.class_of(key);
    let is_array = snapshot.class(key).element.is_some();
    let is_own = origin_of(snapshot, class) != Origin::Jdk
        && snapshot.mirrored_class(key).is_none()
        && !snapshot.classes().is_named(class, "java.lang.Enum")
        && !is_made_in_place(&snapshot.classes().get(class).name)
        && snapshot.fields(key).next().is_some();
    is_array || is_own
}

fn write_bytes(bytes: &[u8], content: &mut Vec<u8>) -> bool {
    if content.len() + bytes.len() > LONGEST {
        return false;
    }
    content.extend((bytes.len() as u64).to_be_bytes());
    content.extend(bytes);
    true
}

/// Whether a class has no name: lambdas and anonymous classes are callbacks, each of which is one of its own.
fn is_made_in_place(class: &str) -> bool {
    class.contains("$$")
        || class.rsplit('$').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()))
}

/// Writes what an object is like: two that are written alike are equal for every `equals` that looks at what is in them. `false` if it is too long for that.
/// Notes whether an array is among its fields.
fn write(
    snapshot: &Snapshot,
    object: ObjectIx,
    depth: u8,
    content: &mut Vec<u8>,
    has_arrays: &mut bool,
) -> bool {
    if content.len() > LONGEST {
        return false;
    }
    content.extend(snapshot.class_of(object).0.to_be_bytes());
    if let Some(units) = values::units(snapshot, object) {
        // Whether it is kept in bytes or in characters says how many there are.
        match units {
            Units::Latin1(bytes) | Units::Utf16Little(bytes) | Units::Utf16Big(bytes) => {
                return write_bytes(bytes, content);
            }
        }
    }
    if let Some((_, bytes)) = snapshot.primitive_elements(object) {
        *has_arrays |= depth > 0;
        return write_bytes(bytes, content);
    }
    if depth == DEEPEST || snapshot.class(object).is_array() || snapshot.mirrored_class(object).is_some() {
        content.extend(object.0.to_be_bytes());
        return true;
    }
    snapshot.fields(object).all(|field| match field.value {
        Value::Reference(id) => match snapshot.find(id) {
            Some(target) => write(snapshot, target, depth + 1, content, has_arrays),
            None => {
                content.push(0);
                true
            }
        },
        Value::Float(number) => {
            content.extend(number.to_bits().to_be_bytes());
            true
        }
        Value::Double(number) => {
            content.extend(number.to_bits().to_be_bytes());
            true
        }
        other => {
            content.extend(other.integer().unwrap_or_default().to_be_bytes());
            true
        }
    })
}
