//! Whether nothing below an array or an unmodifiable collection can grow, so that it is as large as it was made.
//!
//! That an array has no gap says nothing of what is in it: buckets are chained, rows are replaced by longer ones, and a list in an element grows by itself. So it is
//! asked what proves it: every part is a record whose fields lead to texts, numbers, arrays of one length without a gap, lists of one length that were filled once,
//! or other such records, and none leads to one of its own kind. What is not known not to grow may. Cost: a walk over what the array dominates, of bounded length.

use super::standing::{is_as_made, is_made_unchangeable};
use crate::hprof::FieldType;
use crate::inspect::suspects::elements::{is_collection, is_plumbing};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{BOX_CLASSES, CollectionPart, Origin, collection_kind, origin_of, visit_part};
use crate::snapshot::{Link, Snapshot};
use hashbrown::{HashMap, HashSet};

/// Objects that are visited.
const MOST_VISITED: usize = 1 << 19;
/// Elements that are looked at.
const MOST_ELEMENTS: usize = 1 << 16;
/// Records are no deeper.
const DEEPEST: usize = 12;
/// Arrays of bytes or characters of different lengths are texts if they are no longer than this on average.
const TEXT: u64 = 512;

/// What the JDK has beside boxed numbers whose objects do not grow: by class, or by package.
const VALUES: &[&str] = &[
    "java.lang.String",
    "java.lang.Object",
    "java.util.Currency",
    "java.util.Date",
    "java.util.Locale",
    "java.util.UUID",
    "java.sql.Date",
    "java.sql.Time",
    "java.sql.Timestamp",
    "java.util.concurrent.atomic.AtomicBoolean",
    "java.util.concurrent.atomic.AtomicInteger",
    "java.util.concurrent.atomic.AtomicLong",
    "java.util.concurrent.atomic.DoubleAdder",
    "java.util.concurrent.atomic.LongAdder",
];
const PACKAGES_OF_VALUES: &[&str] =
    &["java.math.", "java.time.", "java.util.concurrent.locks.", "java.nio.Heap"];
/// What refers to one thing that is looked at as well.
const REFERRERS: &[&str] = &["java.util.Optional", "java.util.concurrent.atomic.AtomicReference"];

/// Where an array is referred to: the class of what refers to it, and its field.
type Place<'s> = (ClassIx, Option<&'s str>);

/// The lengths of arrays at one place.
#[derive(Debug, Clone, Copy)]
struct Lengths {
    least: u64,
    most: u64,
    sum: u64,
    count: u64,
    are_texts: bool,
}

struct Walk<'s> {
    snapshot: &'s Snapshot,
    lengths: HashMap<Place<'s>, Lengths>,
    /// The classes of the records around what is looked at.
    above: Vec<ClassIx>,
    left: usize,
}

/// Whether nothing that an array without a gap dominates can grow.
pub(super) fn is_of_fixed_parts(snapshot: &Snapshot, array: ObjectIx) -> bool {
    let length = snapshot.array_length(array).unwrap_or(0) as usize;
    let children = snapshot.dominators().children(array);
    let of_elements: HashSet<ClassIx> =
        snapshot.references().of(array).map(|element| snapshot.class_of(element)).collect();
    // What several elements lead to is none of them.
    let alike = children.iter().filter(|&&child| of_elements.contains(&snapshot.class_of(child))).count();
    if alike > length {
        return false;
    }
    let mut walk = Walk { snapshot, lengths: HashMap::new(), above: Vec::new(), left: MOST_VISITED };
    let step = children.len().div_ceil(MOST_ELEMENTS).max(1);
    let are_fixed = children.iter().step_by(step).all(|&child| walk.left == 0 || walk.is_fixed(array, child));
    are_fixed && walk.lengths.values().all(Lengths::are_fixed)
}

impl Walk<'_> {
    /// Whether what `parent` dominates directly cannot grow; of arrays that is not known before all have been seen.
    fn is_fixed(&mut self, parent: ObjectIx, object: ObjectIx) -> bool {
        let snapshot = self.snapshot;
        let class = snapshot.class_of(object);
        self.left = self.left.saturating_sub(1);
        if snapshot.mirrored_class(object).is_some() || self.left == 0 {
            return true;
        }
        if snapshot.class(object).is_array() {
            return self.is_array_fixed(parent, object);
        }
        let name = snapshot.class_name(object);
        let filled_once = filled_once(snapshot, object);
        if let Some(length) = filled_once {
            // Buckets have different numbers of entries, and lists to which things are added do not stay of one length for long.
            self.note_length(parent, object, length, false);
        }
        if filled_once.is_some() || is_made_unchangeable(snapshot, object) || is_as_made(snapshot, object) {
            // Whatever lengths the arrays have in which it keeps its elements.
            let mut inside = vec![object];
            while let Some(next) = inside.pop() {
                for &child in snapshot.dominators().children(next) {
                    if is_plumbing(snapshot, child) {
                        inside.push(child);
                    } else if !self.is_fixed(next, child) {
                        return false;
                    }
                }
            }
            return true;
        }
        if is_value(name) {
            return true;
        }
        let is_record = match origin_of(snapshot, class) {
            Origin::Jdk => REFERRERS.contains(&name),
            _ => collection_kind(snapshot, object).is_none() && !is_collection(snapshot, object),
        };
        if !is_record || self.above.contains(&class) || self.above.len() >= DEEPEST {
            return false;
        }
        self.above.push(class);
        let children = snapshot.dominators().children(object);
        let are_fixed = children.iter().all(|&child| self.is_fixed(object, child));
        self.above.pop();
        are_fixed
    }

    /// Takes in how long something is that `parent` refers to; whether all at that place may be of lengths that never change, so far.
    fn note_length(&mut self, parent: ObjectIx, object: ObjectIx, length: u64, are_texts: bool) -> bool {
        let snapshot = self.snapshot;
        let field = match snapshot.link(parent, object) {
            _ if snapshot.class(parent).is_array() => None,
            Some(Link::Field { name, .. }) => Some(name),
            _ => None,
        };
        let of_one = Lengths { least: length, most: length, sum: length, count: 1, are_texts };
        let all = self.lengths.entry((snapshot.class_of(parent), field)).or_insert(of_one);
        *all = Lengths {
            least: all.least.min(length),
            most: all.most.max(length),
            sum: all.sum + length,
            count: all.count + 1,
            are_texts: all.are_texts && are_texts,
        };
        all.are_fixed()
    }

    fn is_array_fixed(&mut self, parent: ObjectIx, array: ObjectIx) -> bool {
        let snapshot = self.snapshot;
        let length = u64::from(snapshot.array_length(array).unwrap_or(0));
        let element = snapshot.class(array).element;
        let are_texts = matches!(element, Some(FieldType::Byte | FieldType::Char));
        let are_fixed = self.note_length(parent, array, length, are_texts);
        if element != Some(FieldType::Reference) {
            return true;
        }
        are_fixed
            && snapshot.references().of(array).count() as u64 == length
            && snapshot.dominators().children(array).iter().all(|&child| self.is_fixed(array, child))
    }
}

impl Lengths {
    /// Whether none of them was replaced by a longer one.
    fn are_fixed(&self) -> bool {
        self.least == self.most || self.are_texts && self.sum <= TEXT * self.count
    }
}

/// How long a list is that was filled once: made for as many as it has, each added and none taken out, or trimmed to what it has after that. As long as a list becomes
/// that was made for none in particular it may be by chance, and a list of one may have been made for the first.
fn filled_once(snapshot: &Snapshot, object: ObjectIx) -> Option<u64> {
    const ROOM_IF_NOT_ASKED: i64 = 10;
    if snapshot.class_name(object) != "java.util.ArrayList" {
        return None;
    }
    let (size, changes) = (snapshot.integer(object, "size")?, snapshot.integer(object, "modCount")?);
    let room = snapshot.follow(object, "elementData").and_then(|array| snapshot.array_length(array))?;
    let mut grown = std::iter::successors(Some(ROOM_IF_NOT_ASKED), |room| Some(room + room / 2));
    let may_have_grown = grown.find(|&room| room >= size) == Some(size);
    let is_filled = size > 1 && size == i64::from(room) && !may_have_grown;
    (is_filled && (changes == size || changes == size + 1)).then_some(size.unsigned_abs())
}

fn is_value(class: &str) -> bool {
    VALUES.contains(&class)
        || BOX_CLASSES.contains(&class)
        || PACKAGES_OF_VALUES.iter().any(|package| class.starts_with(package))
}

/// Whether much of what is in an unmodifiable collection is in large collections that may grow, as the shards of a map are.
pub(super) fn has_growing_parts(snapshot: &Snapshot, collection: ObjectIx) -> bool {
    /// A record with a few tags has a small one.
    const LARGE_BYTES: u64 = 4 << 10;
    const SAMPLES: u64 = 256;
    let may_grow = |object: ObjectIx| {
        collection_kind(snapshot, object).is_some()
            && !is_made_unchangeable(snapshot, object)
            && !is_as_made(snapshot, object)
            && snapshot.retained_bytes(object) >= LARGE_BYTES
    };
    let (mut seen, mut growing) = (0, 0);
    visit_part(snapshot, collection, CollectionPart::Values, &mut |element| {
        let bytes = snapshot.retained_bytes(element);
        let is_most_of_it =
            |&inner: &ObjectIx| snapshot.retained_bytes(inner) * 2 >= bytes && may_grow(inner);
        let grows = may_grow(element) || snapshot.dominators().children(element).iter().any(is_most_of_it);
        growing += u64::from(grows);
        seen += 1;
        seen < SAMPLES
    });
    growing > 0 && growing * 4 >= seen
}
