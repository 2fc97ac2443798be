//! Strings: what text costs, and how much of it is there more than once.
//!
//! What it finds: how many strings there are, how many different ones, what repetitions cost and which fields hold them; the longest texts.
//! Why it matters: text is often a quarter of a heap, and much of it the same few values read again and again from a database or a message.
//! How it is computed: the contents of all arrays that strings hold are hashed where they lie in the dump; equal hashes (64 bits) count as equal
//! texts. What would be saved is all but one of the strings and arrays. Contents are shown only where asked for, secrets masked.
//! False positives: strings that are equal by chance and live for a moment only. `-XX:+UseStringDeduplication` shares the arrays, not the strings.

use super::blocks::{
    address, facts, is_much_waste, most_wasting_field, share, table, table_of_first, wasting_fields,
};
use super::{Context, InspectError, Inspection, Outcome};
use crate::graph::GraphError;
use crate::hprof::FieldType;
use crate::ix::ObjectIx;
use crate::query::{
    FieldIx, FieldName, ReferringQuestion, RepeatedText, Texts, ask_referring, fold_tasks, mask_value,
};
use crate::report::{Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Section, Severity, Text};
use crate::snapshot::{MarkedHeap, Snapshot, SnapshotError, Units};
use crate::storage::{BitColumn, RankedBits};
use hashbrown::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Strings without their characters that are this part of a heap make text more than half of it.
const MOSTLY_TEXT: f64 = 0.2;
/// Characters of a text that are shown.
const SHOWN: usize = 120;

/// See the module.
#[derive(Debug)]
pub(super) struct Strings;

impl Inspection for Strings {
    fn id(&self) -> &'static str {
        "strings"
    }

    fn stands_alone(&self) -> bool {
        true
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let texts = context.texts()?;
        let total = context.histogram().total().shallow_bytes;
        let all_bytes = texts.string_bytes + texts.array_bytes;
        let figures = vec![
            Fact::new("strings", Cell::Count(texts.strings)),
            Fact::new("distinct", Cell::Count(texts.distinct)),
            Fact::new("empty_strings", Cell::Count(texts.empty_strings)),
            Fact::new("bytes", Cell::Bytes(all_bytes)),
            Fact::new("share", Cell::Share(share(all_bytes, total))),
            Fact::new("repeated", Cell::Count(texts.repeated_count)),
            Fact::new("wasted_bytes", Cell::Bytes(texts.wasted_bytes)),
        ];
        let holders = context.string_holders()?;
        let mut blocks = vec![
            facts("total", figures),
            repetitions(context, &texts.repeated, texts.repeated_count, holders),
            by_field(context, holders),
            longest(context, &texts.longest),
        ];
        if texts.members_step > 1 {
            let args = [("step", Arg::Count(texts.members_step.into()))];
            blocks.insert(2, Block::Prose { text: Text::with("strings-sampled", args) });
        }
        let mut findings = Vec::new();
        if is_much_waste(texts.wasted_bytes, total) {
            findings.push(finding(texts.wasted_bytes, texts.strings - texts.distinct, total, holders));
        }
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

/// Whether text fills most of a heap, so that how much of it repeats belongs to what is told first. Cost: a few counters.
pub fn is_mostly_text(context: &Context<'_>) -> bool {
    let histogram = context.histogram();
    let classes = context.snapshot.classes().named("java.lang.String");
    let bytes: u64 = classes.iter().map(|&class| histogram.of_class(class).shallow_bytes).sum();
    share(bytes, histogram.total().shallow_bytes) >= MOSTLY_TEXT
}

/// Which fields refer to strings that repeat a text.
#[derive(Debug, Default)]
pub(super) struct Holders {
    /// By field: how many references, and its part of what the strings waste that they refer to, most first. What a string wastes is divided
    /// among all that refer to it.
    fields: Vec<(FieldName, u64, u64)>,
    /// By the first array of a text: the field that refers to most of its strings.
    by_text: HashMap<ObjectIx, FieldName>,
}

/// What the strings of one field waste.
#[derive(Default)]
struct OfField {
    references: u64,
    /// In parts of a byte, so that the sum does not depend on the order.
    wasted: u64,
    /// References to strings with the texts that are listed.
    by_text: HashMap<u16, u64>,
}

impl OfField {
    const PARTS_OF_A_BYTE: f32 = 1024.0;
}

impl Holders {
    /// Some passes over all references, which need no dominators.
    pub(super) fn find(heap: &MarkedHeap, texts: &Texts) -> Result<Self, SnapshotError> {
        let Some(question) = HolderQuestion::new(heap, texts)? else { return Ok(Self::default()) };
        let (more, names) = ask_referring(heap, question.targets(), &question)?;
        Ok(question.answer(more, names))
    }
}

/// The strings whose texts are there more than once, and what refers to them.
pub(super) struct HolderQuestion<'a> {
    texts: &'a Texts,
    strings: RankedBits,
    /// For each of them, ascending, the position of its array among [`Texts::members`].
    members: Vec<u32>,
    /// For each of them a field that refers to it, plus one, and below that how often it does.
    first: Vec<AtomicU64>,
}

/// How often another field than the first one refers to a string.
type More = HashMap<(u32, FieldIx), u64>;

impl<'a> HolderQuestion<'a> {
    /// One pass over the strings. `None` if no text is there more than once.
    pub(super) fn new(heap: &MarkedHeap, texts: &'a Texts) -> Result<Option<Self>, SnapshotError> {
        if texts.members.is_empty() {
            return Ok(None);
        }
        let count = heap.object_count();
        let bits = |what| BitColumn::new(heap.storage(), what, count).map_err(GraphError::from);
        let ranked = |bits| RankedBits::new(bits, heap.storage(), "ranks of texts").map_err(GraphError::from);
        let mut arrays = bits("repeated texts")?;
        texts.members.iter().for_each(|member| arrays.set(member.array.index()));
        let arrays = ranked(arrays)?;
        let mut is_string = vec![false; heap.classes().len()];
        for &class in heap.classes().named("java.lang.String") {
            is_string[class.index()] = true;
        }
        let all = fold_tasks(
            heap,
            Vec::new,
            |mut found: Vec<(ObjectIx, u32)>, objects| {
                for (object, slots) in heap.references().lists(objects) {
                    if !is_string[heap.class_of(object).index()] || !heap.is_reachable(object) {
                        continue;
                    }
                    let array = slots.iter().find(|&slot| (slot as usize) < count);
                    let member = array.and_then(|array| arrays.rank(array as usize));
                    found.extend(member.map(|member| (object, member as u32)));
                }
                found
            },
            |mut a, mut b| {
                a.append(&mut b);
                a
            },
        )?;
        let mut strings = bits("repeated strings")?;
        all.iter().for_each(|&(string, _)| strings.set(string.index()));
        let first = all.iter().map(|_| AtomicU64::new(0)).collect();
        let members = all.into_iter().map(|(_, member)| member).collect();
        Ok(Some(Self { texts, strings: ranked(strings)?, members, first }))
    }

    /// These strings.
    pub(super) fn targets(&self) -> &BitColumn {
        self.strings.bits()
    }

    /// All references were seen.
    pub(super) fn answer(self, more: More, names: Vec<FieldName>) -> Holders {
        let mut references: HashMap<u32, u64> = HashMap::new();
        more.iter().for_each(|(&(place, _), count)| *references.entry(place).or_default() += count);
        let mut fields: Vec<OfField> = names.iter().map(|_| OfField::default()).collect();
        let mut add = |place: u32, field: FieldIx, count: u64, references: u64| {
            let member = &self.texts.members[self.members[place as usize] as usize];
            let sum = &mut fields[field.index()];
            sum.references += count;
            let parts = references.max(1) as f32;
            sum.wasted += (member.wasted_bytes * OfField::PARTS_OF_A_BYTE / parts) as u64 * count;
            if let Some(text) = member.listed {
                *sum.by_text.entry(text).or_default() += count;
            }
        };
        let firsts: Vec<u64> = self.first.into_iter().map(AtomicU64::into_inner).collect();
        let all =
            |place: u32| count_of(firsts[place as usize]) + references.get(&place).copied().unwrap_or(0);
        for (place, &entry) in (0..).zip(&firsts) {
            if let Some(field) = field_of(entry) {
                add(place, field, count_of(entry), all(place));
            }
        }
        more.iter().for_each(|(&(place, field), &count)| add(place, field, count, all(place)));
        let mut named: Vec<(FieldName, OfField)> = names.into_iter().zip(fields).collect();
        named.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut most: HashMap<ObjectIx, (u64, FieldName)> = HashMap::new();
        let mut all = Vec::new();
        for (name, sum) in named.into_iter().filter(|(_, sum)| sum.references > 0) {
            for (text, count) in sum.by_text {
                let array = self.texts.repeated[usize::from(text)].array;
                let entry = most.entry(array).or_insert_with(|| (count, name.clone()));
                if count > entry.0 {
                    *entry = (count, name.clone());
                }
            }
            let wasted_bytes = sum.wasted / OfField::PARTS_OF_A_BYTE as u64;
            all.push((name, sum.references * u64::from(self.texts.members_step), wasted_bytes));
        }
        all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        let by_text = most.into_iter().map(|(array, (_, name))| (array, name)).collect();
        Holders { fields: all, by_text }
    }
}

/// The field in an entry of [`HolderQuestion::first`].
fn field_of(entry: u64) -> Option<FieldIx> {
    (entry >> 32).checked_sub(1).map(|field| FieldIx::from_index(field as usize))
}

fn count_of(entry: u64) -> u64 {
    entry & u64::from(u32::MAX)
}

impl ReferringQuestion for HolderQuestion<'_> {
    type Sums = More;

    fn nothing(&self) -> More {
        More::new()
    }

    fn see(&self, more: &mut More, field: FieldIx, target: ObjectIx) {
        let Some(place) = self.strings.rank(target.index()) else { return };
        let entry = &self.first[place];
        let new = (field.index() as u64 + 1) << 32 | 1;
        // Nearly every string has one referrer. Whichever field comes first, the sums are the same.
        let known = match entry.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return,
            Err(known) => known,
        };
        if field_of(known) == Some(field) && count_of(known) < u64::from(u32::MAX / 2) {
            entry.fetch_add(1, Ordering::Relaxed);
        } else {
            *more.entry((place as u32, field)).or_default() += 1;
        }
    }

    fn merge(&self, first: More, second: More) -> More {
        let (mut all, others) = if first.len() < second.len() { (second, first) } else { (first, second) };
        others.into_iter().for_each(|(key, count)| *all.entry(key).or_default() += count);
        all
    }
}

fn repetitions(context: &Context<'_>, repeated: &[RepeatedText], count: u64, holders: &Holders) -> Block {
    let snapshot = context.snapshot;
    let mut columns = vec![
        Column::right("strings"),
        Column::right("arrays"),
        Column::right("characters"),
        Column::right("wasted_bytes"),
        Column::left("field"),
        Column::left("address"),
    ];
    if context.options.strings {
        columns.push(Column::left("value"));
    }
    table_of_first(context, "repeated", columns, repeated.to_vec(), count, |text| {
        let mut row = vec![
            Cell::Count(text.strings),
            Cell::Count(text.arrays),
            Cell::Count(characters(snapshot, text.array)),
            Cell::Bytes(text.wasted_bytes),
            holders.by_text.get(&text.array).map_or(Cell::None, |field| Cell::Value(field.label())),
            address(snapshot, text.array),
        ];
        if context.options.strings {
            row.push(value(snapshot, text.array));
        }
        row
    })
}

fn by_field(context: &Context<'_>, holders: &Holders) -> Block {
    let columns = vec![Column::left("field"), Column::right("references"), Column::right("wasted_bytes")];
    table(context, "fields", columns, holders.fields.iter().collect(), |(name, references, wasted)| {
        vec![Cell::Value(name.label()), Cell::Count(*references), Cell::Bytes(*wasted)]
    })
}

fn longest(context: &Context<'_>, arrays: &[ObjectIx]) -> Block {
    let snapshot = context.snapshot;
    let mut columns =
        vec![Column::left("address"), Column::right("characters"), Column::right("shallow_bytes")];
    if context.options.strings {
        columns.push(Column::left("value"));
    }
    table(context, "longest", columns, arrays.to_vec(), |array| {
        let mut row = vec![
            address(snapshot, array),
            Cell::Count(characters(snapshot, array)),
            Cell::Bytes(snapshot.shallow_bytes(array)),
        ];
        if context.options.strings {
            row.push(value(snapshot, array));
        }
        row
    })
}

/// How many characters, as far as the array alone tells: bytes of a compact string may stand for half as many.
fn characters(snapshot: &Snapshot, array: ObjectIx) -> u64 {
    snapshot.array_length(array).unwrap_or(0).into()
}

fn value(snapshot: &Snapshot, array: ObjectIx) -> Cell {
    let units = match snapshot.primitive_elements(array) {
        Some((FieldType::Char, bytes)) => Units::Utf16Big(bytes),
        // Text in Latin letters has no zero bytes; in UTF-16 it mostly has.
        Some((_, bytes))
            if bytes.len().is_multiple_of(2) && bytes.iter().take(SHOWN).any(|&byte| byte == 0) =>
        {
            Units::Utf16Little(bytes)
        }
        Some((_, bytes)) => Units::Latin1(bytes),
        None => return Cell::None,
    };
    let text = units.text(SHOWN);
    let cut = if units.length() > SHOWN { "…" } else { "" };
    Cell::Value(format!("{}{cut}", mask_value(&text)))
}

fn finding(wasted: u64, count: u64, total: u64, holders: &Holders) -> Finding {
    let fields = || holders.fields.iter().map(|(name, _, bytes)| (name, *bytes));
    let holder = most_wasting_field(fields(), wasted);
    let args = [("size", Arg::Bytes(wasted)), ("share", Arg::Share(share(wasted, total)))];
    let named = holders.fields.iter().find(|(name, ..)| !name.field.is_empty());
    let field = named.map(|(name, ..)| name.label()).unwrap_or_default();
    Finding {
        id: "strings.repeated".into(),
        severity: Severity::Warning,
        title: Text::with("strings-repeated", args),
        class: Some("java.lang.String".into()),
        bytes: wasted,
        count,
        holder,
        advice: vec![Text::message("strings-repeated-advice")],
        evidence: wasting_fields(fields(), wasted),
        link: None,
        fingerprint: Fingerprint::of(&["strings.repeated", &field]),
    }
}
