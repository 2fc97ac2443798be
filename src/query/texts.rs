//! Strings by what they say: how much text there is, and how much of it more than once.
//!
//! Owns the figures, not the judgement. Contents are hashed where they lie in the dump, in its order; no text is copied.
//! Cost: a bit per object and 12 bytes per array that holds text while it works; one pass over the references, one over the records.

use super::gather::{Alike, Gatherer, Largest, alike, hashed};
use super::scan::{Question, ask, fold_tasks};
use crate::graph::GraphError;
use crate::hprof::HeapRecord;
use crate::ix::ObjectIx;
use crate::snapshot::{MarkedHeap, SnapshotError};
use crate::storage::{Access, BitColumn, Column};
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

/// An array with a text that is there more than once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextMember {
    /// The array.
    pub array: ObjectIx,
    /// The position of the text in [`Texts::repeated`], if it is listed there.
    pub listed: Option<u16>,
    /// The part that each of its strings has in what the text wastes, in bytes, times what it stands for.
    pub wasted_bytes: f32,
}

/// All reachable strings.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// The arrays that hold texts which are there more than once; ascending by array, 12 bytes each. All of them, if there are no more than a
    /// million.
    pub members: Vec<TextMember>,
    /// Each of them stands for so many.
    pub members_step: u32,
    /// How many texts are there more than once.
    pub repeated_count: u64,
    /// What all repetitions cost, in bytes.
    pub wasted_bytes: u64,
    /// The arrays with the longest texts, longest first.
    pub longest: Vec<ObjectIx>,
}

/// Repetitions and long texts that are listed.
const LISTED: usize = 1000;
/// Arrays that are listed, so that those who hold them can be searched.
const MOST_MEMBERS: u64 = 1 << 20;

/// Which arrays are texts, and which of several strings.
#[derive(Debug)]
pub(super) struct TextArrays {
    arrays: BitColumn,
    array_count: usize,
    strings: u64,
    /// How many strings beyond the first hold an array, for those that several hold.
    more: HashMap<ObjectIx, u64>,
}

impl TextArrays {
    /// Looks at all strings.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub(super) fn new(heap: &MarkedHeap) -> Result<Self, SnapshotError> {
        let count = heap.object_count();
        let mut arrays = BitColumn::new(heap.storage(), "texts", count).map_err(GraphError::from)?;
        let mut is_string = vec![false; heap.classes().len()];
        for &class in heap.classes().named("java.lang.String") {
            is_string[class.index()] = true;
        }
        let references = heap.references();
        let words = arrays.atomic_words();
        let found = fold_tasks(
            heap,
            || (0, Vec::new()),
            |(mut strings, mut again): (u64, Vec<ObjectIx>), objects| {
                for (object, slots) in references.lists(objects) {
                    if !is_string[heap.class_of(object).index()] || !heap.is_reachable(object) {
                        continue;
                    }
                    strings += 1;
                    // A string refers to nothing but its array; JDK 6 and 7 have no other field with a reference either.
                    let array = slots.iter().find(|&slot| (slot as usize) < count).map(ObjectIx);
                    let Some(array) = array.filter(|&array| heap.array_length(array).is_some()) else {
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
        let strings = heap.classes().named("java.lang.String").iter();
        let windows = strings.copied().any(|class| heap.field_place(class, "offset").is_some());
        for array in found.1.into_iter().filter(|_| !windows) {
            *more.entry(array).or_default() += 1;
        }
        let array_count = arrays.count_ones();
        Ok(Self { arrays, array_count, strings: found.0, more })
    }

    /// How many arrays are texts.
    pub(super) fn count(&self) -> usize {
        self.array_count
    }

    /// Whether an array is the text of a reachable string.
    #[inline]
    pub(super) fn contains(&self, array: ObjectIx) -> bool {
        self.arrays.get(array.index())
    }

    /// What is alike among the first `len` hashes that a [`TextQuestion`] has gathered. An array of several strings is a repeated text without another one like it.
    pub(super) fn alike<'a>(&self, column: &'a mut [u32], len: usize) -> Alike<'a> {
        alike(column, len, |array| self.more.contains_key(&array))
    }

    /// Room for what a [`TextQuestion`] gathers.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub(super) fn column(&self, heap: &MarkedHeap) -> Result<Column<u32>, SnapshotError> {
        let words = 3 * self.array_count;
        Ok(heap.storage().column("hashes of texts", words, Access::Random).map_err(GraphError::from)?)
    }
}

/// Asks for all texts.
#[derive(Debug)]
pub(super) struct TextQuestion<'a> {
    heap: &'a MarkedHeap,
    texts: &'a TextArrays,
    gatherer: Gatherer<'a, 3>,
    hasher: DefaultHashBuilder,
}

/// What is known of some texts.
#[derive(Debug)]
pub(super) struct TextSums {
    batch: Vec<[u32; 3]>,
    longest: Largest,
    empty_strings: u64,
    array_bytes: u64,
}

impl<'a> TextQuestion<'a> {
    /// `column` is one that `texts` made.
    pub(super) fn new(heap: &'a MarkedHeap, texts: &'a TextArrays, column: &'a mut [u32]) -> Self {
        Self { heap, texts, gatherer: Gatherer::new(column), hasher: DefaultHashBuilder::default() }
    }

    /// All is gathered. The number of hashes in the column, and what else is known.
    pub(super) fn finish(self, mut sums: TextSums) -> (usize, TextSums) {
        let batch = std::mem::take(&mut sums.batch);
        (self.gatherer.finish(batch), sums)
    }
}

impl Question for TextQuestion<'_> {
    type Sums = TextSums;

    fn nothing(&self) -> TextSums {
        TextSums { batch: Vec::new(), longest: Largest::new(LISTED), empty_strings: 0, array_bytes: 0 }
    }

    #[inline]
    fn visit(&self, sums: &mut TextSums, object: ObjectIx, record: &HeapRecord<'_>) {
        let HeapRecord::PrimitiveArray { element, elements, length, .. } = record else { return };
        // Android leaves out the contents of some arrays.
        if !self.texts.contains(object) || (elements.is_empty() && *length > 0) {
            return;
        }
        let bytes = self.heap.shallow_bytes(object);
        sums.array_bytes += bytes;
        sums.longest.push(bytes, object);
        if *length == 0 {
            sums.empty_strings += 1 + self.texts.more.get(&object).copied().unwrap_or(0);
        }
        let hash = self.hasher.hash_one((*element as u8, *length, elements));
        self.gatherer.push(&mut sums.batch, hashed(hash, object));
    }

    fn merge(&self, first: TextSums, second: TextSums) -> TextSums {
        TextSums {
            batch: self.gatherer.join(first.batch, second.batch),
            longest: first.longest.merge(second.longest),
            empty_strings: first.empty_strings + second.empty_strings,
            array_bytes: first.array_bytes + second.array_bytes,
        }
    }
}

impl Texts {
    /// Looks at all strings.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn of(heap: &MarkedHeap) -> Result<Self, SnapshotError> {
        let texts = TextArrays::new(heap)?;
        let mut column = texts.column(heap)?;
        let question = TextQuestion::new(heap, &texts, &mut column);
        let sums = ask(heap, &question)?;
        let (len, sums) = question.finish(sums);
        Ok(Self::answer(heap, &texts, sums, &texts.alike(&mut column, len)))
    }

    /// `hashes` are those of all texts.
    pub(super) fn answer(heap: &MarkedHeap, texts: &TextArrays, sums: TextSums, hashes: &Alike<'_>) -> Self {
        let string_class = heap.classes().named("java.lang.String").first();
        let string_bytes = string_class.map_or(0, |&class| heap.instance_bytes(class));
        let groups = hashes
            .par_groups()
            .fold(Groups::default, |mut groups, same| {
                groups.add(heap, texts, string_bytes, same);
                groups
            })
            .reduce(Groups::default, Groups::merge);
        let mut repeated = groups.repeated;
        cut(&mut repeated);
        let chosen = Members::new(heap, texts, string_bytes, groups.repeated_arrays);
        let members = chosen.list(hashes, &repeated);
        Self {
            strings: texts.strings,
            string_bytes: texts.strings * string_bytes,
            arrays: hashes.len as u64,
            array_bytes: sums.array_bytes,
            empty_strings: sums.empty_strings,
            distinct: groups.distinct + hashes.alone as u64,
            repeated: repeated.into_iter().map(|(text, _)| text).collect(),
            members_step: chosen.step,
            members,
            repeated_count: groups.repeated_count,
            wasted_bytes: groups.wasted_bytes,
            longest: sums.longest.into_vec().into_iter().map(|(_, array)| array).collect(),
        }
    }
}

/// Texts that are the same, counted.
#[derive(Default)]
struct Groups<'h> {
    distinct: u64,
    repeated_count: u64,
    /// Arrays of the texts that are there more than once.
    repeated_arrays: u64,
    wasted_bytes: u64,
    /// The most wasteful ones and some more, with the hashes of their arrays.
    repeated: Vec<(RepeatedText, &'h [[u32; 3]])>,
}

impl<'h> Groups<'h> {
    /// Adds the arrays of one text.
    fn add(&mut self, heap: &MarkedHeap, texts: &TextArrays, string_bytes: u64, same: &'h [[u32; 3]]) {
        self.distinct += 1;
        let Some(text) = repeated_text(heap, texts, string_bytes, same) else { return };
        self.wasted_bytes += text.wasted_bytes;
        self.repeated_count += 1;
        self.repeated_arrays += text.arrays;
        self.repeated.push((text, same));
        if self.repeated.len() >= 4 * LISTED {
            cut(&mut self.repeated);
        }
    }

    fn merge(mut self, mut other: Self) -> Self {
        self.repeated.append(&mut other.repeated);
        cut(&mut self.repeated);
        Self {
            distinct: self.distinct + other.distinct,
            repeated_count: self.repeated_count + other.repeated_count,
            repeated_arrays: self.repeated_arrays + other.repeated_arrays,
            wasted_bytes: self.wasted_bytes + other.wasted_bytes,
            repeated: self.repeated,
        }
    }
}

/// What is known of the text of these arrays, if several strings say it.
fn repeated_text(
    heap: &MarkedHeap,
    texts: &TextArrays,
    string_bytes: u64,
    same: &[[u32; 3]],
) -> Option<RepeatedText> {
    let arrays = same.len() as u64;
    let more = |&[_, _, array]: &[u32; 3]| texts.more.get(&ObjectIx(array)).copied().unwrap_or(0);
    let strings = arrays + if texts.more.is_empty() { 0 } else { same.iter().map(more).sum::<u64>() };
    if strings < 2 {
        return None;
    }
    let array = ObjectIx(same[0][2]);
    let wasted_bytes = (arrays - 1) * heap.shallow_bytes(array) + (strings - 1) * string_bytes;
    Some(RepeatedText { array, strings, arrays, wasted_bytes })
}

/// Chooses the arrays that are looked at for who holds them.
struct Members<'a> {
    heap: &'a MarkedHeap,
    texts: &'a TextArrays,
    string_bytes: u64,
    /// One of so many arrays is taken, and stands for the others.
    step: u32,
}

impl<'a> Members<'a> {
    /// Of so many arrays.
    fn new(heap: &'a MarkedHeap, texts: &'a TextArrays, string_bytes: u64, arrays: u64) -> Self {
        let step = arrays.div_ceil(MOST_MEMBERS).max(1);
        Self { heap, texts, string_bytes, step: u32::try_from(step).unwrap_or(u32::MAX) }
    }

    /// Whether an array is taken: always the same ones, and no pattern of the program that made them is like it.
    fn takes(&self, array: u32) -> bool {
        self.step == 1 || (array.wrapping_mul(0x9E37_79B9) >> 8).is_multiple_of(self.step)
    }

    /// `hashes` are those of all texts; `listed` the most wasteful ones.
    fn list(&self, hashes: &Alike<'_>, listed: &[(RepeatedText, &[[u32; 3]])]) -> Vec<TextMember> {
        let numbers: HashMap<ObjectIx, u16> =
            (0..).zip(listed).map(|(number, (text, _))| (text.array, number)).collect();
        let of_text = |mut members: Vec<TextMember>, same: &[[u32; 3]]| {
            let text = repeated_text(self.heap, self.texts, self.string_bytes, same);
            members.extend(text.into_iter().flat_map(|text| {
                let wasted_bytes = text.wasted_bytes as f32 * self.step as f32 / text.strings as f32;
                let listed = numbers.get(&text.array).copied();
                let taken = same.iter().filter(|&&[_, _, array]| self.takes(array));
                taken.map(move |&[_, _, array]| TextMember { array: ObjectIx(array), listed, wasted_bytes })
            }));
            members
        };
        let mut members = hashes.par_groups().fold(Vec::new, of_text).reduce(Vec::new, |mut a, mut b| {
            a.append(&mut b);
            a
        });
        members.par_sort_unstable_by_key(|member| member.array);
        members.shrink_to_fit();
        members
    }
}

/// Leaves the texts that are listed, most wasteful first.
fn cut(repeated: &mut Vec<(RepeatedText, &[[u32; 3]])>) {
    repeated.sort_unstable_by_key(|(text, _)| (std::cmp::Reverse(text.wasted_bytes), text.array));
    repeated.truncate(LISTED);
}
