//! Budgets of fields: for each that holds much now, and one for all the others.
//!
//! A field's own part is what it holds without what other fields further down hold, which have budgets of their own. Fields that only lead to
//! others get none: what is below them would break two budgets, and the vaguer one tells nothing.

use super::{excluded, is_field, quoted};
use crate::gate::measure::{self, Limit};
use crate::gate::tree;
use crate::origin::{Origin, origin_of_name};
use crate::report::figures::bytes;
use crate::report::{Report, Suspect, normalise_class};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Fields that get a budget of their own.
const MOST: usize = 24;
/// The smallest room above what a field holds now, as a part of the heap, and in bytes.
const ROOM_PART: u64 = 100;
const LEAST_ROOM: u64 = 64 << 10;
/// What no other field may hold, as a part of the heap, and in bytes.
const OTHERS_PART: u64 = 50;
const LEAST_OTHERS: u64 = 256 << 10;

/// A field and what it holds.
struct Field {
    bytes: u64,
    /// Without what other fields further down hold.
    own_bytes: u64,
    limit: Option<Limit>,
    is_of_jdk: bool,
}

/// The fields that hold something, by label: suspects, and what is too small for one.
fn fields(report: &Report) -> BTreeMap<String, Field> {
    let held = tree::held(&tree::branches(report));
    let limits = measure::limits(report);
    let mut fields: BTreeMap<String, Field> = BTreeMap::new();
    for (label, held_by) in &held {
        let inside = held.values().filter(|other| other.outer.as_ref() == Some(label));
        let inside_bytes = inside.map(|other| other.bytes).sum();
        let class = held_by.holder.class.as_deref().unwrap_or_default();
        let field = Field {
            bytes: held_by.bytes,
            own_bytes: held_by.bytes.saturating_sub(inside_bytes),
            limit: held_by.limit,
            is_of_jdk: origin_of_name(class) == Origin::Jdk,
        };
        fields.insert(label.clone(), field);
    }
    for suspect in report.suspects.iter().filter(|suspect| is_field(suspect.holder.kind)) {
        let field = Field {
            bytes: suspect.retained_bytes,
            own_bytes: suspect.retained_bytes,
            limit: measure::limit_of(suspect, &limits),
            is_of_jdk: false,
        };
        let label = suspect.holder.label();
        // Of several suspects of one holder the largest.
        if fields.get(&label).is_none_or(|known| known.bytes <= field.bytes) {
            fields.insert(label, field);
        }
    }
    fields
}

/// What the caches that have a limit will take when they are full, in bytes.
pub(super) fn bytes_to_come(report: &Report) -> u64 {
    let limited = fields(report).into_values().filter_map(|field| Some((field.bytes, field.limit?)));
    limited.map(|(bytes, limit)| limit.when_full(bytes) - bytes).fold(0, u64::saturating_add)
}

/// Instances that are to come when the caches that have a limit are full, by class without numbers.
pub(super) fn instances_to_come(report: &Report) -> BTreeMap<String, u64> {
    let limits = measure::limits(report);
    let mut to_come: BTreeMap<String, u64> = BTreeMap::new();
    let mut add = |class: &str, now: u64, limit: Limit| {
        let sum = to_come.entry(normalise_class(class).into_owned()).or_default();
        *sum = sum.saturating_add(limit.when_full(now) - now);
    };
    let limit = |suspect: &Suspect| measure::limit_of(suspect, &limits);
    for (suspect, limit) in report.suspects.iter().filter_map(|suspect| Some((suspect, limit(suspect)?))) {
        suspect.composition.iter().for_each(|share| add(&share.class, share.instances, limit));
    }
    let told: Vec<String> = report.suspects.iter().map(|suspect| suspect.holder.label()).collect();
    let held = tree::held(&tree::branches(report));
    for (_, held) in held.into_iter().filter(|(label, _)| !told.contains(label)) {
        if let (Some((class, count)), Some(limit)) = (&held.elements, held.limit) {
            add(class, *count, limit);
        }
    }
    to_come
}

pub(super) fn write(out: &mut String, report: &Report) -> std::fmt::Result {
    let heap = report.heap.shallow_bytes;
    let fields = fields(report);
    // What only leads to other fields.
    let (ways, fields): (BTreeMap<_, _>, BTreeMap<_, _>) = fields
        .into_iter()
        .filter(|(_, field)| !field.is_of_jdk)
        .partition(|(_, field)| field.own_bytes < field.bytes / 10);
    let mut largest: Vec<(&String, &Field)> = fields.iter().collect();
    largest.sort_by_key(|(label, field)| (std::cmp::Reverse(field.own_bytes), *label));
    largest.truncate(MOST);
    if largest.is_empty() && report.section("dominators").is_none() {
        return Ok(());
    }
    for (label, field) in &largest {
        let now = bytes(field.bytes);
        let full = field.limit.map_or(field.bytes, |limit| limit.when_full(field.bytes));
        let room = (field.bytes / 2).max(heap / ROOM_PART).max(LEAST_ROOM);
        writeln!(out, "[[holder]]")?;
        match field.limit {
            Some(Limit { entries: Some(entries), limit: Some(most) }) => {
                writeln!(out, "# now {now}, with {entries} of {most} elements")?;
            }
            Some(_) => writeln!(out, "# now {now}; it evicts, at a limit that is not known")?,
            None => writeln!(out, "# now {now}")?,
        }
        writeln!(out, "holder = {}", quoted(label))?;
        writeln!(out, "max-retained = \"{} KiB\"\n", full.saturating_add(room).div_ceil(1 << 10))?;
    }
    writeln!(
        out,
        "# All other fields, each: a leak that begins is small.\n[[holder]]\nname = \"other fields\""
    )?;
    let others = largest.iter().map(|(label, _)| (*label).clone()).chain(ways.into_keys());
    // Local variables have a budget with the threads; fields of the JDK hold what belongs to others.
    let no_fields = ["* in thread*", "thread *", "java.*", "javax.*", "jdk.*", "sun.*", "com.sun.*"];
    excluded(out, "holder", no_fields.map(str::to_owned).into_iter().chain(others))?;
    let rest = fields
        .iter()
        .filter(|(label, field)| !field.is_of_jdk && !largest.iter().any(|(known, _)| known == label));
    let most = rest.map(|(_, field)| field.bytes.saturating_mul(2)).max().unwrap_or(0);
    let limit = most.max(heap / OTHERS_PART).max(LEAST_OTHERS);
    writeln!(out, "max-retained = \"{} KiB\"\n", limit.div_ceil(1 << 10))
}
