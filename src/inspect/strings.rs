//! Strings: what text costs, and how much of it is there more than once.
//!
//! What it finds: how many strings there are, how many different ones, what repetitions cost and which fields hold them; the longest texts.
//! Why it matters: text is often a quarter of a heap, and much of it the same few values read again and again from a database or a message.
//! How it is computed: the contents of all arrays that strings hold are hashed where they lie in the dump; equal hashes (64 bits) count as equal
//! texts. What would be saved is all but one of the strings and arrays. Contents are shown only where asked for, secrets masked.
//! False positives: strings that are equal by chance and live for a moment only. `-XX:+UseStringDeduplication` shares the arrays, not the strings.

use super::blocks::{
    address, facts, field_holder, is_much_waste, share, table, table_of_first, wasting_fields,
};
use super::{Context, InspectError, Inspection, Outcome};
use crate::graph::GraphError;
use crate::hprof::FieldType;
use crate::ix::ObjectIx;
use crate::query::{FieldName, RepeatedText, Texts, by_referring_field, fold_tasks, mask_value};
use crate::report::{Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Section, Severity, Text};
use crate::snapshot::{Snapshot, SnapshotError, Units};
use crate::storage::BitColumn;
use hashbrown::HashMap;

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
        let holders = Holders::find(context.snapshot, texts)?;
        let blocks = vec![
            facts("total", figures),
            repetitions(context, &texts.repeated, texts.repeated_count, &holders),
            by_field(context, &holders),
            longest(context, &texts.longest),
        ];
        let mut findings = Vec::new();
        if is_much_waste(texts.wasted_bytes, total) {
            findings.push(finding(texts.wasted_bytes, texts.strings - texts.distinct, total, &holders));
        }
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

/// Which fields refer to strings that repeat a text.
#[derive(Default)]
struct Holders {
    /// By field: how many references, and its part of what the texts waste that they refer to, most first. Of a text that is there very often
    /// a part of the references was counted, and the others are like them.
    fields: Vec<(FieldName, u64, u64)>,
    /// By the first array of a text: the field that refers to most of its strings.
    by_text: HashMap<ObjectIx, FieldName>,
}

impl Holders {
    fn find(snapshot: &Snapshot, texts: &Texts) -> Result<Self, SnapshotError> {
        if texts.members.is_empty() {
            return Ok(Self::default());
        }
        let repeated = &texts.repeated;
        let (targets, strings) = strings_of(snapshot, &texts.members)?;
        type Sums = HashMap<u32, u64>;
        let fields = by_referring_field(
            snapshot,
            &targets,
            |sums: &mut Sums, string| {
                if let Some(text) = text_of(&strings, string) {
                    *sums.entry(text).or_default() += 1;
                }
            },
            |a, b| b.into_iter().for_each(|(text, count)| *a.entry(text).or_default() += count),
        )?;
        let mut arrays_looked_at = vec![0u64; repeated.len()];
        texts.members.iter().for_each(|&(_, text)| arrays_looked_at[text as usize] += 1);
        let mut references_by_text = vec![0u64; repeated.len()];
        for (text, count) in fields.iter().flat_map(|(_, sums)| sums) {
            references_by_text[*text as usize] += count;
        }
        let part = |of: u64, part: u64, whole: u64| {
            let product = u128::from(of) * u128::from(part) / u128::from(whole.max(1));
            u64::try_from(product).unwrap_or(u64::MAX)
        };
        let mut most: HashMap<ObjectIx, (u64, FieldName)> = HashMap::new();
        let mut all = Vec::new();
        for (name, sums) in fields {
            let mut references: u64 = 0;
            let mut wasted: u64 = 0;
            for (number, count) in sums {
                let text = &repeated[number as usize];
                references += part(count, text.arrays, arrays_looked_at[number as usize]);
                wasted += part(text.wasted_bytes, count, references_by_text[number as usize]);
                let entry = most.entry(text.array).or_insert_with(|| (count, name.clone()));
                if count > entry.0 {
                    *entry = (count, name.clone());
                }
            }
            all.push((name, references, wasted));
        }
        all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
        let by_text = most.into_iter().map(|(array, (_, name))| (array, name)).collect();
        Ok(Self { fields: all, by_text })
    }
}

/// The text of a string or array among pairs that ascend.
fn text_of(texts: &[(ObjectIx, u32)], object: ObjectIx) -> Option<u32> {
    let at = texts.binary_search_by_key(&object, |&(object, _)| object).ok()?;
    Some(texts[at].1)
}

/// The strings whose values are `arrays`, as bits, and ascending with the numbers of their texts.
fn strings_of(
    snapshot: &Snapshot,
    arrays: &[(ObjectIx, u32)],
) -> Result<(BitColumn, Vec<(ObjectIx, u32)>), SnapshotError> {
    let count = snapshot.object_count();
    let bits = |what| BitColumn::new(snapshot.storage(), what, count).map_err(GraphError::from);
    let mut is_array = bits("repeated texts")?;
    arrays.iter().for_each(|&(array, _)| is_array.set(array.index()));
    let mut is_string = vec![false; snapshot.classes().len()];
    for &class in snapshot.classes().named("java.lang.String") {
        is_string[class.index()] = true;
    }
    let strings = fold_tasks(
        snapshot,
        Vec::new,
        |mut found: Vec<(ObjectIx, u32)>, objects| {
            for (object, slots) in snapshot.references().lists(objects) {
                if !is_string[snapshot.class_of(object).index()] || !snapshot.is_reachable(object) {
                    continue;
                }
                let array = slots.iter().copied().find(|&slot| (slot as usize) < count).map(ObjectIx);
                let array = array.filter(|array| is_array.get(array.index()));
                found.extend(array.and_then(|array| text_of(arrays, array)).map(|text| (object, text)));
            }
            found
        },
        |mut a, mut b| {
            a.append(&mut b);
            a
        },
    )?;
    let mut targets = bits("repeated strings")?;
    strings.iter().for_each(|&(string, _)| targets.set(string.index()));
    Ok((targets, strings))
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
    let named = holders.fields.iter().find(|(name, ..)| !name.field.is_empty());
    let holder = named.map(|(name, ..)| field_holder(name));
    let args = [("size", Arg::Bytes(wasted)), ("share", Arg::Share(share(wasted, total)))];
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
        evidence: wasting_fields(holders.fields.iter().map(|(name, _, bytes)| (name, *bytes))),
        link: None,
        fingerprint: Fingerprint::of(&["strings.repeated", &field]),
    }
}
