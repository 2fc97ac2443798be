//! Hash collisions: maps whose keys share their buckets. A part of the inspection `collections`.
//!
//! Owns the tables and the finding. Why it matters: who looks for a key goes through all entries of its bucket; where `hashCode()` hardly tells
//! keys apart a map of 100,000 entries is a list, and the processor is busy with nothing else.
//! How it is computed: exact, from the references that the arrays of hash tables have (`query::collections`). An entry that is not the first one
//! of its bucket is a collision; evenly spread hash codes leave 15 to 30 % of them in a map of usual load.
//! False positives: a map whose load factor was set high on purpose has more collisions, but still uses its buckets.
//! Cost: one entry of each map that is listed.

use super::Context;
use super::blocks::{address, class_label, share, table};
use crate::query::{CollectionStats, HashTable, entries_of};
use crate::report::{Arg, Block, Cell, Column, Finding, Fingerprint, Severity, Text};
use crate::snapshot::Snapshot;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Maps with fewer entries are slow only if somebody tries.
const LARGE: u64 = 1000;
/// Classes of keys that get a finding.
const TOLD: usize = 3;

/// The tables, if there is a hash table at all, and what is worth a warning.
pub(super) fn blocks(
    context: &Context<'_>,
    stats: &CollectionStats,
    findings: &mut Vec<Finding>,
) -> Vec<Block> {
    let mut classes: Vec<_> = stats.by_class.iter().filter(|count| count.buckets.tables > 0).collect();
    if classes.is_empty() {
        return Vec::new();
    }
    classes.sort_by_key(|count| (Reverse(count.buckets.collisions()), Reverse(count.buckets.entries)));
    let listed: Vec<(HashTable, Option<String>)> =
        stats.crowded.iter().map(|&table| (table, key_class(context.snapshot, &table))).collect();
    findings.extend(warnings(context.snapshot, &listed));
    let columns = vec![
        Column::left("class"),
        Column::right("instances"),
        Column::right("elements"),
        Column::right("buckets_used"),
        Column::right("collisions"),
        Column::right("collision_ratio"),
    ];
    let by_class = table(context, "collisions", columns, classes, |count| {
        let buckets = count.buckets;
        vec![
            Cell::Class(context.snapshot.classes().get(count.class).name.to_string()),
            Cell::Count(buckets.tables),
            Cell::Count(buckets.entries),
            Cell::Count(buckets.used),
            Cell::Count(buckets.collisions()),
            Cell::Share(share(buckets.collisions(), buckets.entries)),
        ]
    });
    let mut blocks = vec![by_class, Block::Prose { text: Text::message("collisions-about") }];
    if !listed.is_empty() {
        blocks.push(worst(context, listed));
    }
    blocks
}

/// The maps with the most buckets too few.
fn worst(context: &Context<'_>, listed: Vec<(HashTable, Option<String>)>) -> Block {
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::left("key_class"),
        Column::right("elements"),
        Column::right("capacity"),
        Column::right("buckets_used"),
        Column::right("collision_ratio"),
    ];
    table(context, "crowded", columns, listed, |(map, key)| {
        vec![
            address(context.snapshot, map.collection),
            Cell::Class(class_label(context.snapshot, map.collection)),
            key.map_or(Cell::None, Cell::Class),
            Cell::Count(map.entries),
            Cell::Count(map.capacity),
            Cell::Count(map.used),
            Cell::Share(share(map.collisions(), map.entries)),
        ]
    })
}

/// The class of a key of the map.
fn key_class(snapshot: &Snapshot, map: &HashTable) -> Option<String> {
    let key = entries_of(snapshot, map.collection, 1).first()?.0?;
    Some(snapshot.class_name(key).to_owned())
}

/// A warning for each class of keys that leave more than half of the buckets of a large map unused which they could use.
fn warnings(snapshot: &Snapshot, listed: &[(HashTable, Option<String>)]) -> Vec<Finding> {
    let is_slow = |map: &HashTable| map.is_crowded() && map.entries >= LARGE;
    let mut by_key: BTreeMap<&str, Vec<&HashTable>> = BTreeMap::new();
    for (map, key) in listed.iter().filter(|(map, _)| is_slow(map)) {
        if let Some(key) = key {
            by_key.entry(key).or_default().push(map);
        }
    }
    let mut keys: Vec<_> = by_key.into_iter().collect();
    keys.sort_by_key(|(_, maps)| Reverse(maps.iter().map(|map| map.missed()).sum::<u64>()));
    keys.truncate(TOLD);
    keys.into_iter().map(|(key, maps)| finding(snapshot, key, &maps)).collect()
}

/// `maps` are sorted, worst first.
fn finding(snapshot: &Snapshot, key: &str, maps: &[&HashTable]) -> Finding {
    let sum = |of: fn(&HashTable) -> u64| maps.iter().map(|map| of(map)).sum::<u64>();
    let (entries, collisions) = (sum(|map| map.entries), sum(HashTable::collisions));
    let worst = maps[0];
    let evidence = Text::with(
        "collisions-evidence",
        [
            ("class", Arg::name(class_label(snapshot, worst.collection))),
            ("address", Arg::name(format!("{:#x}", snapshot.address_of(worst.collection).0))),
            ("entries", Arg::Count(worst.entries)),
            ("used", Arg::Count(worst.used)),
            ("places", Arg::Count(worst.capacity)),
        ],
    );
    Finding {
        id: "collections.collisions".into(),
        severity: Severity::Warning,
        title: Text::with(
            "collisions-many",
            [
                ("class", Arg::name(key)),
                ("share", Arg::Share(share(collisions, entries))),
                ("count", Arg::Count(entries)),
            ],
        ),
        class: Some(key.to_owned()),
        bytes: 0,
        count: collisions,
        holder: None,
        advice: vec![Text::with("collisions-advice", [("class", Arg::name(key))])],
        evidence: vec![evidence],
        link: None,
        fingerprint: Fingerprint::of(&["collections.collisions", key]),
    }
}
