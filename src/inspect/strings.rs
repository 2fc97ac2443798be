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
use crate::query::{FieldName, RepeatedText, TextMember, Texts, by_referring_field, fold_tasks, mask_value};
use crate::report::{Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Section, Severity, Text};
use crate::snapshot::{MarkedHeap, Snapshot, SnapshotError, Units};
use crate::storage::{BitColumn, RankedBits};
use hashbrown::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

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

    fn and(&mut self, other: Self) {
        self.references += other.references;
        self.wasted += other.wasted;
        other.by_text.into_iter().for_each(|(text, count)| *self.by_text.entry(text).or_default() += count);
    }
}

impl Holders {
    /// Some passes over all references, which need no dominators.
    pub(super) fn find(heap: &MarkedHeap, texts: &Texts) -> Result<Self, SnapshotError> {
        if texts.members.is_empty() {
            return Ok(Self::default());
        }
        let strings = Repeating::find(heap, &texts.members)?;
        let references = strings.count_references(heap)?;
        let fields = by_referring_field(
            heap,
            &strings.strings,
            |sum: &mut OfField, place| {
                let member = &texts.members[strings.members[place] as usize];
                let parts = references[place].load(Ordering::Relaxed).max(1) as f32;
                sum.references += 1;
                sum.wasted += (member.wasted_bytes * OfField::PARTS_OF_A_BYTE / parts) as u64;
                if let Some(text) = member.listed {
                    *sum.by_text.entry(text).or_default() += 1;
                }
            },
            OfField::and,
        )?;
        let mut most: HashMap<ObjectIx, (u64, FieldName)> = HashMap::new();
        let mut all = Vec::new();
        for (name, sum) in fields {
            for (text, count) in sum.by_text {
                let array = texts.repeated[usize::from(text)].array;
                let entry = most.entry(array).or_insert_with(|| (count, name.clone()));
                if count > entry.0 {
                    *entry = (count, name.clone());
                }
            }
            let wasted_bytes = sum.wasted / OfField::PARTS_OF_A_BYTE as u64;
            all.push((name, sum.references * u64::from(texts.members_step), wasted_bytes));
        }
        all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        let by_text = most.into_iter().map(|(array, (_, name))| (array, name)).collect();
        Ok(Self { fields: all, by_text })
    }
}

/// The strings whose texts are there more than once.
struct Repeating {
    strings: RankedBits,
    /// For each of them, ascending, the position of its array among [`Texts::members`].
    members: Vec<u32>,
}

impl Repeating {
    /// The strings whose values are the arrays of `members`.
    fn find(heap: &MarkedHeap, members: &[TextMember]) -> Result<Self, SnapshotError> {
        let count = heap.object_count();
        let bits = |what| BitColumn::new(heap.storage(), what, count).map_err(GraphError::from);
        let ranked = |bits| RankedBits::new(bits, heap.storage(), "ranks of texts").map_err(GraphError::from);
        let mut arrays = bits("repeated texts")?;
        members.iter().for_each(|member| arrays.set(member.array.index()));
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
                    let array = slots.iter().copied().find(|&slot| (slot as usize) < count);
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
        Ok(Self { strings: ranked(strings)?, members: all.into_iter().map(|(_, member)| member).collect() })
    }

    /// How many references from reachable objects lead to each of them.
    fn count_references(&self, heap: &MarkedHeap) -> Result<Vec<AtomicU32>, SnapshotError> {
        let count = heap.object_count();
        let references: Vec<AtomicU32> = self.members.iter().map(|_| AtomicU32::new(0)).collect();
        fold_tasks(
            heap,
            || (),
            |(), objects| {
                for (object, slots) in heap.references().lists(objects) {
                    for &slot in slots.iter().filter(|&&slot| (slot as usize) < count) {
                        if let Some(place) = self.strings.rank(slot as usize)
                            && heap.is_reachable(object)
                        {
                            references[place].fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            },
            |(), ()| (),
        )?;
        Ok(references)
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
