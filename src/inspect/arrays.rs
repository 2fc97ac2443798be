//! Arrays: the largest, empty ones, those with nothing but zeros, and those with the same content.
//!
//! What it finds: by class how many arrays are empty or hold nothing but null or zero; contents of primitive arrays that occur more than once; the
//! largest arrays.
//! Why it matters: buffers that were made large and hardly used, images and documents that were read twice, tables that grew and stayed.
//! How it is computed: one pass over the dump; contents of 16 bytes and more are compared by hash. The arrays of strings are left to `strings`.
//! False positives: a buffer that is in use is zero where it has not been written yet.

use super::blocks::{address, facts, table, table_of_first};
use super::{Context, InspectError, Inspection, Outcome};
use crate::ix::ObjectIx;
use crate::query::{ArrayCount, ArrayStats, Origin, origin_of_name};
use crate::report::{Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Holder, Section, Severity, Text};
use crate::snapshot::Snapshot;

/// See the module.
#[derive(Debug)]
pub(super) struct Arrays;

impl Inspection for Arrays {
    fn id(&self) -> &'static str {
        "arrays"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let stats = context.arrays()?;
        let sum = |of: &dyn Fn(&ArrayCount) -> u64| stats.by_class.iter().map(of).sum::<u64>();
        let figures = vec![
            Fact::new("arrays", Cell::Count(sum(&|count| count.instances))),
            Fact::new("bytes", Cell::Bytes(sum(&|count| count.bytes))),
            Fact::new("empty", Cell::Count(sum(&|count| count.empty))),
            Fact::new("zero", Cell::Count(sum(&|count| count.zero))),
            Fact::new("zero_bytes", Cell::Bytes(stats.zero_bytes())),
            Fact::new("repeated", Cell::Count(stats.repeated_count)),
            Fact::new("wasted_bytes", Cell::Bytes(stats.repeated_bytes)),
        ];
        let blocks = vec![
            facts("total", figures),
            by_class(context, stats),
            largest(context, stats),
            repeated(context, stats),
        ];
        let findings = repeats(context, stats)?.into_iter().collect();
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

/// What is told of contents that are there more than once, if they are much of the heap. Who holds them is looked at for the most wasteful ones.
fn repeats(context: &Context<'_>, stats: &ArrayStats) -> Result<Option<Finding>, InspectError> {
    const LEAST_BYTES: u64 = 8 << 20;
    const MUCH: f64 = 0.1;
    const LOOKED_AT: usize = 64;
    let total = context.histogram().total().shallow_bytes;
    let is_much = |bytes: u64| bytes >= LEAST_BYTES && bytes as f64 >= MUCH * total as f64;
    if !is_much(stats.repeated_bytes) {
        return Ok(None);
    }
    let (snapshot, ownership) = (context.snapshot, context.ownership()?);
    let kept: Vec<_> =
        stats.repeated.iter().filter(|same| !is_working_buffer(snapshot, same.array)).collect();
    let wasted = kept.iter().map(|same| same.wasted_bytes).sum();
    if !is_much(wasted) {
        return Ok(None);
    }
    let mut holders: Vec<(Holder, u64)> = Vec::new();
    for same in kept.iter().take(LOOKED_AT) {
        let Some(held) = ownership.of(same.array, 0) else { continue };
        match holders.iter_mut().find(|(known, _)| *known == held.holder) {
            Some((_, bytes)) => *bytes += same.wasted_bytes,
            None => holders.push((held.holder, same.wasted_bytes)),
        }
    }
    let most = holders.into_iter().max_by_key(|(_, bytes)| *bytes).filter(|(_, bytes)| bytes * 2 >= wasted);
    let holder = most.map(|(holder, _)| holder);
    let class = kept.first().map(|same| snapshot.class_name(same.array).to_owned());
    let share = if total == 0 { 0.0 } else { wasted as f64 / total as f64 };
    let args = [
        ("size", Arg::Bytes(wasted)),
        ("share", Arg::Share(share)),
        ("class", Arg::name(class.as_deref().unwrap_or("?"))),
    ];
    let first = kept.first().map(|same| {
        let args = [
            ("count", Arg::Count(same.count)),
            ("class", Arg::name(snapshot.class_name(same.array))),
            ("length", Arg::Count(snapshot.array_length(same.array).unwrap_or(0).into())),
        ];
        Text::with("arrays-repeated-evidence", args)
    });
    let named = holder.as_ref().map(Holder::label).unwrap_or_default();
    Ok(Some(Finding {
        id: "arrays.repeated".into(),
        severity: Severity::Warning,
        title: Text::with("arrays-repeated", args),
        bytes: wasted,
        count: kept.len() as u64,
        advice: vec![Text::message("arrays-repeated-advice")],
        evidence: first.into_iter().collect(),
        link: None,
        fingerprint: Fingerprint::of(&["arrays.repeated", class.as_deref().unwrap_or(""), &named]),
        class,
        holder,
    }))
}

/// Whether an array belongs to a stream, a buffer, a thread or an exception: each of these needs one of its own, whatever is in it now.
fn is_working_buffer(snapshot: &Snapshot, array: ObjectIx) -> bool {
    let is_array = |object: &ObjectIx| snapshot.class(*object).is_array();
    let Some(above) = snapshot.dominators().dominators(array).find(|above| !is_array(above)) else {
        return false;
    };
    let name = snapshot.class_name(above);
    let is_of_jdk = origin_of_name(name) == Origin::Jdk && snapshot.mirrored_class(above).is_none();
    let is_collection = name.starts_with("java.util.") && !name.starts_with("java.util.zip.");
    is_of_jdk && !is_collection
        || snapshot.classes().is_named(snapshot.class_of(above), "java.lang.Throwable")
}

fn by_class(context: &Context<'_>, stats: &ArrayStats) -> Block {
    let columns = vec![
        Column::left("class"),
        Column::right("instances"),
        Column::right("bytes"),
        Column::right("elements"),
        Column::right("nulls"),
        Column::right("empty"),
        Column::right("zero"),
        Column::right("zero_bytes"),
    ];
    table(context, "classes", columns, stats.by_class.clone(), |count| {
        vec![
            Cell::Class(context.snapshot.classes().get(count.class).name.to_string()),
            Cell::Count(count.instances),
            Cell::Bytes(count.bytes),
            Cell::Count(count.elements),
            Cell::Count(count.nulls),
            Cell::Count(count.empty),
            Cell::Count(count.zero),
            Cell::Bytes(count.zero_bytes),
        ]
    })
}

fn largest(context: &Context<'_>, stats: &ArrayStats) -> Block {
    let snapshot = context.snapshot;
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::right("length"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
    ];
    table(context, "largest", columns, stats.largest.clone(), |array| {
        vec![
            address(snapshot, array),
            Cell::Class(snapshot.class_name(array).to_owned()),
            Cell::Count(snapshot.array_length(array).unwrap_or(0).into()),
            Cell::Bytes(snapshot.shallow_bytes(array)),
            Cell::Bytes(snapshot.retained_bytes(array)),
        ]
    })
}

fn repeated(context: &Context<'_>, stats: &ArrayStats) -> Block {
    let snapshot = context.snapshot;
    let columns = vec![
        Column::left("class"),
        Column::right("length"),
        Column::right("count"),
        Column::right("wasted_bytes"),
        Column::left("address"),
    ];
    table_of_first(context, "repeated", columns, stats.repeated.clone(), stats.repeated_count, |same| {
        vec![
            Cell::Class(snapshot.class_name(same.array).to_owned()),
            Cell::Count(snapshot.array_length(same.array).unwrap_or(0).into()),
            Cell::Count(same.count),
            Cell::Bytes(same.wasted_bytes),
            address(snapshot, same.array),
        ]
    })
}
