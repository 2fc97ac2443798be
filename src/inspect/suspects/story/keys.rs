//! Keys of a map, or elements of a list or a queue, that are the same in all fields.
//!
//! Keys are of a class without `equals` and `hashCode` of its own then, or arrays.
//! Each lookup with a key that was made anew fails then, and each put adds one more entry: the map leaks by its keys, and bounding it mends nothing. That a
//! map has several such keys at once is the proof, since it would have taken the second for the first. Of elements it proves
//! that each is added again and again, as by an order of use that nobody takes the older place from. Cost: the records of some thousand keys or elements
//! and of what they refer to, for each suspect that is such a collection.

use super::Story;
use super::subject::Subject;
use super::words::simple_name;
use crate::hprof::Value;
use crate::ix::ObjectIx;
use crate::query::{
    CollectionKind, CollectionPart, Origin, collection_kind, elements_of, origin_of, values, visit_part,
};
use crate::report::{Arg, SuspectKind, Text};
use crate::snapshot::Snapshot;
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

impl Story {
    /// That the elements of a list or a queue are the same again and again, and what to do about that.
    pub(super) fn same_elements(&self, snapshot: &Snapshot, subject: &Subject) -> Option<(Text, Text)> {
        const LOOKED_AT: usize = 1 << 16;
        /// Half of those that are looked at have nearly as many contents as all of them, or not all contents are known.
        const NEARLY: usize = 10;
        let collection = self.held.object;
        let kind = collection_kind(snapshot, collection);
        let is_asked = self.held.kind == SuspectKind::Leak
            && matches!(kind, Some(CollectionKind::List | CollectionKind::Queue));
        if !is_asked {
            return None;
        }
        let all = elements_of(snapshot, collection, usize::MAX);
        let class = snapshot.class_of(*all.first()?);
        if class != subject.class
            || snapshot.classes().get(class).is_array()
            || !may_lack_equals(snapshot, all[0])
        {
            return None;
        }
        // Spread over all of it, and not at even distances: what was added in turns would look like one.
        let step = all.len().div_ceil(LOOKED_AT);
        let looked_at: Vec<ObjectIx> =
            all.chunks(step).zip(0_u64..).map(|(some, at)| some[mixed(at) % some.len()]).collect();
        let mut contents: HashSet<Vec<u8>> = HashSet::new();
        let mut of_half = 0;
        for (at, &element) in looked_at.iter().enumerate() {
            if at == looked_at.len() / 2 {
                of_half = contents.len();
            }
            let (mut content, mut has_arrays) = (Vec::new(), false);
            let is_written = write(snapshot, element, 0, &mut content, &mut has_arrays);
            // What has an array of its own carries something, and is no mere value.
            if snapshot.class_of(element) != class || !is_written || has_arrays {
                return None;
            }
            contents.insert(content);
        }
        let distinct = contents.len();
        let is_known = step == 1 || (distinct - of_half) * NEARLY <= distinct;
        if !is_known || looked_at.len() < FEW || distinct * TIMES > looked_at.len() {
            return None;
        }
        let name = Arg::name(simple_name(&snapshot.classes().get(class).name));
        let args = [
            ("count", Arg::Count(all.len() as u64)),
            ("distinct", Arg::Count(distinct as u64)),
            ("times", Arg::Count((all.len() / distinct) as u64)),
            ("class", name.clone()),
        ];
        Some((
            Text::with("suspect-same-elements", args),
            Text::with("suspect-advice-same-elements", [("class", name)]),
        ))
    }
}

/// A number that looks like chance.
pub(super) fn mixed(number: u64) -> usize {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 40).unwrap_or(0)
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
        return write_bytes(units.bytes(), content);
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
