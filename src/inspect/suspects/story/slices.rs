//! Small views that keep large arrays: a header of 20 bytes that is a slice of the buffer into which a whole mail was read.
//!
//! What the view shows stands in its fields: where its part begins, and where that ends or how long it is. Owns the proof: nearly all of the arrays that are
//! looked at are referred to by such views alone, which show a small part of each. A reader that has come to the end of its buffer shows nothing of it either,
//! so that a position is no beginning, and a beginning that is zero in all of them is none. Cost: a walk down to some of the arrays, of bounded length, and a few
//! objects around each.

use super::Story;
use super::linked::next_of;
use super::words::simple_name;
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};
use crate::report::{Arg, Share, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::ops::Range;

/// Fewer arrays prove nothing.
const FEW: u64 = 64;
/// Arrays that are looked at, evenly from those that are found among so many objects.
const SAMPLES: usize = 64;
const MOST_VISITED: usize = 1 << 17;
/// Objects around each array that may refer to it.
const MOST_AROUND: usize = 256;
/// An array shorter than this is no loss, in bytes.
const SHORT: u64 = 256;
/// An array is wasted if the views show no more than this part of it.
const PARTS: u64 = 8;

/// What the fields are called that tell where a part begins, where it ends, and how long it is.
const BEGINS: [&str; 11] = [
    "from",
    "start",
    "begin",
    "off",
    "offset",
    "low",
    "lo",
    "base",
    "startindex",
    "beginindex",
    "startoffset",
];
const ENDS: [&str; 9] = ["to", "end", "until", "limit", "high", "hi", "stop", "endindex", "endoffset"];
const LENGTHS: [&str; 6] = ["length", "len", "count", "size", "capacity", "n"];

/// The fields that tell which part of an array an object shows.
struct Bounds {
    begin: String,
    end: String,
    is_length: bool,
    /// Whether the length alone proves that it is a part: what is made by itself has an array of its length.
    is_certain: bool,
}

impl Bounds {
    fn of(snapshot: &Snapshot, class: ClassIx) -> Option<Self> {
        if snapshot.classes().is_named(class, "java.nio.Buffer") {
            let (begin, end) = ("offset".to_owned(), "capacity".to_owned());
            return Some(Self { begin, end, is_length: true, is_certain: true });
        }
        let lineage = snapshot.classes().lineage(class);
        let fields: Vec<&str> = lineage
            .flat_map(|(_, class)| &class.fields)
            .filter(|field| matches!(field.ty, FieldType::Int | FieldType::Long | FieldType::Short))
            .map(|field| &*field.name)
            .collect();
        let called = |names: &[&str]| {
            let is_one = |field: &&&str| names.contains(&&*field.trim_start_matches('_').to_lowercase());
            fields.iter().find(is_one).map(|&field| field.to_owned())
        };
        let begin = called(&BEGINS)?;
        let (end, is_length) =
            called(&ENDS).map(|end| (end, false)).or_else(|| Some((called(&LENGTHS)?, true)))?;
        Some(Self { begin, end, is_length, is_certain: false })
    }

    /// The part that a view shows of an array of that length.
    fn part(&self, snapshot: &Snapshot, view: ObjectIx, length: u64) -> Option<Range<u64>> {
        let value = |field| u64::try_from(snapshot.integer(view, field)?).ok();
        let begin = value(&self.begin)?;
        let end = value(&self.end)? + if self.is_length { begin } else { 0 };
        (begin <= end && end <= length).then_some(begin..end)
    }
}

/// What is known of the arrays that were looked at.
#[derive(Default)]
pub(super) struct Slices {
    samples: u64,
    /// Bytes of those that are wasted, and of what is shown of these.
    array_bytes: u64,
    shown_bytes: u64,
    wasted: u64,
    /// Views that prove to be ones.
    later: u64,
    views: HashMap<ClassIx, u64>,
}

impl Story {
    /// The views by which nearly all of it is kept, if these show next to nothing of that.
    pub(super) fn slices(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
        composition: &[Share],
    ) -> Option<Slices> {
        let largest = composition.first()?;
        let class = *snapshot.classes().named(&largest.class).first()?;
        let element = snapshot.classes().get(class).element?;
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.rule.is_none()
            && self.copies.is_none()
            && element != FieldType::Reference
            && largest.instances >= FEW
            && largest.bytes * 10 >= self.bytes * 8;
        if !is_asked {
            return None;
        }
        let tree = snapshot.dominators();
        let mut arrays = Vec::new();
        // Texts are arrays of bytes as well, short ones beside the long ones that matter.
        let (mut long_bytes, mut all_bytes) = (0, 0);
        let mut stack = vec![&self.owners[..]];
        for _ in 0..MOST_VISITED {
            let Some(object) = next_of(&mut stack) else { break };
            if snapshot.class_of(object) == class {
                let bytes = snapshot.shallow_bytes(object);
                all_bytes += bytes;
                if bytes >= SHORT {
                    long_bytes += bytes;
                    arrays.push(object);
                }
            } else {
                stack.push(tree.children(object));
            }
        }
        if long_bytes * 10 < all_bytes * 9 {
            return None;
        }
        let step = arrays.len().div_ceil(SAMPLES).max(1);
        let mut slices = Slices::default();
        let mut bounds = HashMap::new();
        arrays.into_iter().step_by(step).for_each(|array| {
            slices.look_at(snapshot, array, element.bytes(snapshot.encoding()) as u64, &mut bounds);
        });
        let nearly_all = |count: u64, all: u64| count * 10 >= all * 9;
        let is_proven = slices.samples >= FEW / 4 && nearly_all(slices.wasted, slices.samples);
        (is_proven && slices.later * PARTS >= slices.wasted).then_some(slices)
    }

    /// Says so, and that it is not as large as it has to be.
    pub(super) fn tell_slices(&self, snapshot: &Snapshot, suspect: &mut Suspect, slices: &Slices) {
        let name = |class: &str| Arg::name(simple_name(class).into_owned());
        let views = slices.views.iter().max_by_key(|&(&class, &count)| (count, Reverse(class)));
        let Some((&view, _)) = views else { return };
        let array = suspect.composition.first().map(|share| share.class.clone()).unwrap_or_default();
        let args = [
            ("array", name(&array)),
            ("view", name(&snapshot.classes().get(view).name)),
            ("size", Arg::Bytes(slices.array_bytes / slices.wasted)),
            ("part", Arg::Bytes(slices.shown_bytes / slices.wasted)),
            ("samples", Arg::Count(slices.samples)),
        ];
        suspect.activity.insert(0, Text::with("suspect-slices", args));
        if suspect.standing != Standing::Blamed {
            // However it is meant, it need not take so much.
            suspect.standing = Standing::Blamed;
            suspect.advice.clear();
        }
        let advice = Text::with("suspect-advice-slices", [("array", name(&array))]);
        suspect.advice.insert(0, advice);
    }
}

impl Slices {
    /// Looks at an array and at all that refers to it below what dominates it.
    fn look_at(
        &mut self,
        snapshot: &Snapshot,
        array: ObjectIx,
        element_bytes: u64,
        bounds: &mut HashMap<ClassIx, Option<Bounds>>,
    ) {
        self.samples += 1;
        let tree = snapshot.dominators();
        let Some(above) = tree.immediate_dominator(array).object() else { return };
        let length = u64::from(snapshot.array_length(array).unwrap_or(0));
        let bytes = length * element_bytes;
        let (mut shown, mut views, mut later) = (0, Vec::new(), false);
        let mut around = 0;
        let first = [above];
        let mut stack = vec![&first[..]];
        while let Some(object) = next_of(&mut stack) {
            around += 1;
            if around > MOST_AROUND {
                return;
            }
            if snapshot.references().of(object).any(|target| target == array) {
                let class = snapshot.class_of(object);
                let bounds = bounds.entry(class).or_insert_with(|| Bounds::of(snapshot, class));
                let part = bounds.as_ref().and_then(|bounds| bounds.part(snapshot, object, length));
                // Who shows all of it, or does not say what it shows, may need all of it.
                let Some(part) = part else { return };
                shown += part.end - part.start;
                later |= part.start > 0 || bounds.as_ref().is_some_and(|bounds| bounds.is_certain);
                views.push(class);
            }
            stack.push(tree.children(object));
        }
        if !views.is_empty() && shown * PARTS <= length {
            self.wasted += 1;
            self.later += u64::from(later);
            self.array_bytes += bytes;
            self.shown_bytes += shown * element_bytes;
            views.into_iter().for_each(|class| *self.views.entry(class).or_default() += 1);
        }
    }
}
