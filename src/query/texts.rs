//! Strings by what they say: how much text there is, and how much of it more than once.
//!
//! Owns the figures, not the judgement. Contents are hashed where they lie in the dump, in its order; no text is copied.
//! Cost: two bits per object and 16 bytes per array that holds text while it works; one pass over the references, one over the records.

use super::scan::{fold_tasks, scan_records};
use crate::graph::GraphError;
use crate::hprof::HeapRecord;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::storage::BitColumn;
use hashbrown::{DefaultHashBuilder, HashMap};
use rayon::prelude::*;
use std::hash::BuildHasher;
use std::sync::atomic::Ordering;

/// A text that several arrays or strings hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedText {
    /// The first array with it, in the order of the dump.
    pub array: ObjectIx,
    /// How many strings say it.
    pub strings: u64,
    /// How many arrays hold it.
    pub arrays: u64,
    /// What would be saved if there were one string of it only, in bytes.
    pub wasted_bytes: u64,
}

/// All reachable strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// How many.
    pub strings: u64,
    /// Their shallow sizes.
    pub string_bytes: u64,
    /// Arrays that hold their texts.
    pub arrays: u64,
    /// The shallow sizes of those.
    pub array_bytes: u64,
    /// Strings without a character.
    pub empty_strings: u64,
    /// How many different texts there are.
    pub distinct: u64,
    /// Texts that are there more than once, most wasteful first; all of them count to the sums, but only the first are listed.
    pub repeated: Vec<RepeatedText>,
    /// The arrays that hold the first [`TRACED_TEXTS`] of them, with the position of the text in `repeated`; ascending by array. Of each
    /// text the first 65,536 arrays.
    pub members: Vec<(ObjectIx, u32)>,
    /// How many texts are there more than once.
    pub repeated_count: u64,
    /// What all repetitions cost, in bytes.
    pub wasted_bytes: u64,
    /// The arrays with the longest texts, longest first.
    pub longest: Vec<ObjectIx>,
}

/// Repetitions and long texts that are listed.
const LISTED: usize = 1000;
/// Repetitions whose arrays are listed, so that those who hold them can be searched.
pub const TRACED_TEXTS: usize = 100;
/// Arrays of one text that are listed.
const MOST_MEMBERS: usize = 1 << 16;

/// The arrays that reachable strings hold as their values.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn text_arrays(snapshot: &Snapshot) -> Result<BitColumn, SnapshotError> {
    Ok(Marked::new(snapshot)?.arrays)
}

/// Which arrays are texts, and which of several strings.
struct Marked {
    arrays: BitColumn,
    strings: u64,
    /// How many strings beyond the first hold an array, for those that several hold.
    more: HashMap<ObjectIx, u64>,
}

impl Marked {
    fn new(snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        let count = snapshot.object_count();
        let mut arrays = BitColumn::new(snapshot.storage(), "texts", count).map_err(GraphError::from)?;
        let mut is_string = vec![false; snapshot.classes().len()];
        for &class in snapshot.classes().named("java.lang.String") {
            is_string[class.index()] = true;
        }
        let references = snapshot.references();
        let words = arrays.atomic_words();
        let found = fold_tasks(
            snapshot,
            || (0, Vec::new()),
            |(mut strings, mut again): (u64, Vec<ObjectIx>), objects| {
                for (object, slots) in references.lists(objects) {
                    if !is_string[snapshot.class_of(object).index()] || !snapshot.is_reachable(object) {
                        continue;
                    }
                    strings += 1;
                    // A string refers to nothing but its array; JDK 6 and 7 have no other field with a reference either.
                    let array = slots.iter().copied().find(|&slot| (slot as usize) < count).map(ObjectIx);
                    let Some(array) = array.filter(|&array| snapshot.array_length(array).is_some()) else {
                        continue;
                    };
                    let bit = 1 << (array.0 % 64);
                    if words[array.index() / 64].fetch_or(bit, Ordering::Relaxed) & bit != 0 {
                        again.push(array);
                    }
                }
                (strings, again)
            },
            |(a, mut more), (b, again)| {
                more.extend(again);
                (a + b, more)
            },
        )?;
        let mut more = HashMap::new();
        // Until JDK 6 strings were windows on shared arrays: the same array does not mean the same text.
        let strings = snapshot.classes().named("java.lang.String").iter();
        let windows = strings.copied().any(|class| snapshot.field_place(class, "offset").is_some());
        for array in found.1.into_iter().filter(|_| !windows) {
            *more.entry(array).or_default() += 1;
        }
        Ok(Self { arrays, strings: found.0, more })
    }
}

impl Texts {
    /// Looks at all strings.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn of(snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        let marked = Marked::new(snapshot)?;
        let string_bytes = snapshot
            .classes()
            .named("java.lang.String")
            .first()
            .map_or(0, |&class| snapshot.instance_bytes(class));
        let hasher = DefaultHashBuilder::default();
        let mut hashes = scan_records(
            snapshot,
            Vec::new,
            |hashes: &mut Vec<(u64, ObjectIx)>, object, record| {
                if let HeapRecord::PrimitiveArray { element, elements, length, .. } = record
                    && marked.arrays.get(object.index())
                    // Android leaves out the contents of some arrays.
                    && (!elements.is_empty() || *length == 0)
                {
                    let hash = hasher.hash_one((*element as u8, *length, elements));
                    hashes.push((hash, object));
                }
            },
            |mut a, mut b| {
                if a.is_empty() {
                    return b;
                }
                a.append(&mut b);
                a
            },
        )?;
        hashes.par_sort_unstable();
        let mut texts = Self {
            strings: marked.strings,
            string_bytes: marked.strings * string_bytes,
            arrays: hashes.len() as u64,
            longest: longest(snapshot, &hashes),
            ..Self::default()
        };
        // With the place in `hashes` where the text begins.
        let mut repeated: Vec<(RepeatedText, usize)> = Vec::new();
        let mut at = 0;
        for same in hashes.chunk_by(|a, b| a.0 == b.0) {
            let begin = at;
            at += same.len();
            let array = same[0].1;
            let array_bytes = snapshot.shallow_bytes(array);
            let arrays = same.len() as u64;
            let more = |&(_, array): &(u64, ObjectIx)| marked.more.get(&array).copied().unwrap_or(0);
            let strings =
                arrays + if marked.more.is_empty() { 0 } else { same.iter().map(more).sum::<u64>() };
            texts.distinct += 1;
            texts.array_bytes += arrays * array_bytes;
            if snapshot.array_length(array) == Some(0) {
                texts.empty_strings += strings;
            }
            if strings > 1 {
                let wasted_bytes = (arrays - 1) * array_bytes + (strings - 1) * string_bytes;
                texts.wasted_bytes += wasted_bytes;
                texts.repeated_count += 1;
                repeated.push((RepeatedText { array, strings, arrays, wasted_bytes }, begin));
            }
        }
        repeated.par_sort_unstable_by_key(|(text, _)| (std::cmp::Reverse(text.wasted_bytes), text.array));
        repeated.truncate(LISTED);
        for (number, (text, begin)) in (0..).zip(&repeated).take(TRACED_TEXTS) {
            let count = usize::try_from(text.arrays).map_or(MOST_MEMBERS, |count| count.min(MOST_MEMBERS));
            texts.members.extend(hashes[*begin..begin + count].iter().map(|&(_, array)| (array, number)));
        }
        texts.members.sort_unstable();
        texts.repeated = repeated.into_iter().map(|(text, _)| text).collect();
        Ok(texts)
    }
}

fn longest(snapshot: &Snapshot, hashes: &[(u64, ObjectIx)]) -> Vec<ObjectIx> {
    let key = |array: ObjectIx| (std::cmp::Reverse(snapshot.shallow_bytes(array)), array);
    let mut longest: Vec<ObjectIx> = Vec::new();
    let mut least = 0;
    for &(_, array) in hashes {
        if snapshot.shallow_bytes(array) < least {
            continue;
        }
        longest.push(array);
        if longest.len() == 2 * LISTED {
            longest.sort_unstable_by_key(|&array| key(array));
            longest.truncate(LISTED);
            least = snapshot.shallow_bytes(longest[LISTED - 1]);
        }
    }
    longest.sort_unstable_by_key(|&array| key(array));
    longest.truncate(LISTED);
    longest
}
