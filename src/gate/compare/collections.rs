//! Collections that grew, and whose they are: the headline of growth.
//!
//! Owns which of what grew is told first. A suspect is compared by its holder and the path to its collection; a field that holds too little
//! for a suspect is read from the dominator tree of each report, with the objects of which there are many below it. What grew because
//! something inside of it grew is left to that. What threads hold for a request comes last, before it what is known to have a limit: a cache
//! that fills grows like a leak from one dump to the next. Of the others, steady growth comes before growth that slows down and growth in
//! some steps, and then the largest growth comes first. Cost: rows of the reports.

use super::noise_bytes;
use super::series::{Series, cut, series};
use super::times::steps;
use crate::gate::measure::{Limit, limit_of, limits, path_signature};
use crate::gate::tree::{self, Branch, Held, Place};
use crate::origin::{Origin, origin_of_name};
use crate::report::{
    Block, Cell, Column, HolderKind, Report, Suspect, SuspectKind, Table, Text, normalise_class,
    normalise_thread,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A collection (or one big object) that grew, by the path that leads to it.
pub(in crate::gate) struct Grown {
    pub(in crate::gate) holder: String,
    pub(in crate::gate) path: String,
    /// The class that there is more of.
    class: String,
    /// Class and number of its elements, where each dump tells them alike.
    pub(in crate::gate) elements: Option<(String, Series)>,
    pub(in crate::gate) bytes: Series,
    /// The field, where it is no suspect.
    pub(in crate::gate) field: Option<Place>,
    /// Growth without that of what other fields inside of it hold.
    own_bytes: i64,
    /// Whether it goes when a request ends.
    is_load: bool,
    /// Where it is known to have a limit.
    pub(in crate::gate) limit: Option<Limit>,
}

/// In which order it is told: the lower, the more it looks like a leak.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Steady,
    Slowing,
    Unsteady,
    Limited,
    Load,
}

impl Grown {
    fn look(&self, seconds: Option<&[u64]>) -> Look {
        match self {
            Self { is_load: true, .. } => Look::Load,
            Self { limit: Some(_), .. } => Look::Limited,
            Self { bytes, .. } if !bytes.is_steady() => Look::Unsteady,
            Self { bytes, .. } if bytes.is_slowing(seconds) => Look::Slowing,
            _ => Look::Steady,
        }
    }
}

/// Holder and path.
type Key = (String, String);

/// What a field holds in each report, the oldest first.
struct Field {
    held: Held,
    bytes: Series,
    elements: Option<(String, Series)>,
}

/// What grew, most to blame first. Fields that are no suspects count if they grew by more than `least_bytes`.
pub(in crate::gate) fn grown_collections(reports: &[&Report], least_bytes: u64) -> Vec<Grown> {
    let trees: Vec<BTreeMap<String, Branch>> = reports.iter().map(|report| tree::branches(report)).collect();
    let held: Vec<BTreeMap<String, Held>> = trees.iter().map(tree::held).collect();
    let fields = fields(&trees, &held);
    let mut grown = grown_suspects(reports, &fields, &held);
    let told: BTreeSet<String> = grown.iter().map(|row| row.holder.clone()).collect();
    let suspects: BTreeSet<String> = reports
        .iter()
        .flat_map(|report| report.suspects.iter().map(|suspect| suspect.holder.label()))
        .collect();
    for (label, field) in &fields {
        let change = field.bytes.change();
        let inside = fields.values().filter(|other| other.held.outer.as_ref() == Some(label));
        let own_bytes = change - inside.map(|other| other.bytes.change().max(0)).sum::<i64>();
        // A suspect that did not grow has not grown as a field either.
        let is_told = told.contains(label) || suspects.contains(label);
        if is_told || own_bytes < change / 10 || !u64::try_from(own_bytes).is_ok_and(|own| own > least_bytes)
        {
            continue;
        }
        let class = field.elements.as_ref().map(|(class, _)| class.clone());
        grown.push(Grown {
            holder: label.clone(),
            path: field.held.path.clone(),
            class: class.unwrap_or_default(),
            elements: field.elements.clone(),
            bytes: field.bytes.clone(),
            field: Some(field.held.place()),
            own_bytes,
            is_load: false,
            limit: field.held.limit,
        });
    }
    let seconds = steps(reports);
    grown.sort_by_key(|row| {
        let look = row.look(seconds.as_deref());
        (look, Reverse(row.own_bytes), row.holder.clone(), row.path.clone())
    });
    grown
}

/// What fields hold in the newest report, and what they held in each of the others.
fn fields(trees: &[BTreeMap<String, Branch>], held: &[BTreeMap<String, Held>]) -> BTreeMap<String, Field> {
    let Some((newest, newest_tree)) = held.last().zip(trees.last()) else { return BTreeMap::new() };
    let bytes_in = |at: usize, label: &str, now: &Held| match held[at].get(label) {
        Some(held) => held.bytes,
        // What an earlier tree does not list has not grown from nothing.
        None => tree::shared(&trees[at], &now.class)
            .unwrap_or_else(|| tree::most_before(&trees[at], newest_tree, &now.path)),
    };
    let field = |(label, now): (&String, &Held)| {
        let bytes = (0..held.len()).map(|at| bytes_in(at, label, now)).collect();
        let elements = now.elements.as_ref().and_then(|(class, _)| {
            let count = |at: usize| match held[at].get(label) {
                Some(held) => held.elements.as_ref().filter(|(was, _)| was == class).map(|(_, count)| *count),
                // Where there was nothing, or too little to be seen, there were none.
                None => (bytes_in(at, label, now) == 0).then_some(0),
            };
            let counts: Option<Vec<u64>> = (0..held.len()).map(count).collect();
            Some((class.clone(), Series::new(counts?)))
        });
        (label.clone(), Field { held: now.clone(), bytes: Series::new(bytes), elements })
    };
    newest.iter().map(field).collect()
}

fn key(suspect: &Suspect) -> Option<Key> {
    // Garbage has no path.
    let is_held = suspect.holder.kind != HolderKind::Nobody;
    is_held.then(|| {
        let label = suspect.holder.label();
        let is_thread = suspect.holder.thread.is_some();
        let holder = if is_thread { normalise_thread(&label).into_owned() } else { label };
        (holder, path_signature(suspect))
    })
}

/// What is known of a suspect besides its sizes.
#[derive(Clone)]
struct Facts {
    class: String,
    is_load: bool,
    limit: Option<Limit>,
}

/// The class of which there is one for each element of a suspect's collection; that of the suspect where it is no collection.
fn element_class(suspect: &Suspect) -> &str {
    let elements = suspect.accumulation_point.as_ref().map_or(0, |point| point.elements);
    if elements == 0 || suspect.instances == elements {
        return &suspect.class;
    }
    let as_many = suspect.composition.iter().filter(|share| share.instances == elements);
    let by_origin = as_many.min_by_key(|share| Reverse(origin_of_name(&share.class)));
    by_origin.map_or(&suspect.class, |share| &share.class)
}

/// Sums over the suspects of each report.
fn sums(reports: &[&Report], measure: impl Fn(&Suspect) -> u64) -> Vec<BTreeMap<Key, u64>> {
    let of_report = |report: &&Report| {
        let mut sums = BTreeMap::new();
        for suspect in &report.suspects {
            let Some(key) = key(suspect) else { continue };
            *sums.entry(key).or_default() += measure(suspect);
        }
        sums
    };
    reports.iter().map(of_report).collect()
}

fn grown_suspects(
    reports: &[&Report],
    fields: &BTreeMap<String, Field>,
    held: &[BTreeMap<String, Held>],
) -> Vec<Grown> {
    let mut facts: BTreeMap<Key, Facts> = BTreeMap::new();
    // The newest report knows best.
    for report in reports {
        let limits = limits(report);
        for (key, suspect) in report.suspects.iter().filter_map(|suspect| Some((key(suspect)?, suspect))) {
            let class = normalise_class(element_class(suspect)).into_owned();
            let (is_load, limit) = (suspect.kind == SuspectKind::Load, limit_of(suspect, &limits));
            facts.insert(key, Facts { class, is_load, limit });
        }
    }
    let mut sizes = sums(reports, |suspect| suspect.retained_bytes);
    let count =
        |suspect: &Suspect| suspect.accumulation_point.as_ref().map_or(suspect.instances, |p| p.elements);
    let mut elements = series(&sums(reports, count), |_| 0);
    // A field that holds too little for a suspect holds something. What it is made of only the tree can tell then.
    let mut not_counted = BTreeSet::new();
    for (at, sizes) in sizes.iter_mut().enumerate() {
        for key in facts.keys() {
            let listed = held[at].get(&key.0).map(|held| held.bytes);
            let bytes = listed.or_else(|| fields.get(&key.0).map(|field| field.bytes.at(at)));
            if let Some(bytes) = bytes.filter(|_| !sizes.contains_key(key)) {
                sizes.insert(key.clone(), bytes);
                not_counted.insert(key.clone());
            }
        }
    }
    let grown = series(&sizes, |_| 0).into_iter().filter(|(_, bytes)| bytes.change() > 0);
    let row = |(key, bytes): (Key, Series)| {
        let Facts { class, is_load, limit } = facts.get(&key)?.clone();
        let elements = if not_counted.contains(&key) {
            // The nodes of a map are as many as what they keep.
            let counted = fields.get(&key.0).and_then(|field| field.elements.clone());
            counted.map(|(of, elements)| {
                (if origin_of_name(&of) == Origin::Jdk { class.clone() } else { of }, elements)
            })
        } else {
            elements.remove(&key).map(|elements| (class.clone(), elements))
        };
        let own_bytes = bytes.change();
        let (holder, path) = key;
        Some(Grown { holder, path, class, elements, bytes, field: None, own_bytes, is_load, limit })
    };
    grown.filter_map(row).collect()
}

pub(super) fn table(reports: &[&Report], limit: usize) -> Block {
    let rows = grown_collections(reports, noise_bytes(reports)).into_iter().map(|row| {
        let elements =
            |of: &dyn Fn(&Series) -> Cell| row.elements.as_ref().map_or(Cell::None, |(_, series)| of(series));
        let class = row.elements.as_ref().map_or(&row.class, |(class, _)| class);
        vec![
            Cell::Value(row.holder.clone()),
            Cell::Class(class.clone()),
            elements(&|series| Cell::Count(series.first())),
            elements(&|series| Cell::Count(series.last())),
            elements(&|series| Cell::CountDelta(series.change())),
            Cell::Bytes(row.bytes.last()),
            Cell::BytesDelta(row.bytes.change()),
            Cell::Flag(row.bytes.is_steady()),
            row.bytes.cell(),
            Cell::Value(row.path.clone()),
            match row.limit {
                Some(Limit { limit: Some(limit), .. }) => Cell::Count(limit),
                Some(_) => Cell::Text(Text::message("growth-evicts")),
                None => Cell::None,
            },
        ]
    });
    let columns = vec![
        Column::left("holder"),
        Column::left("class"),
        Column::right("old_elements"),
        Column::right("new_elements"),
        Column::right("elements_delta"),
        Column::right("retained_bytes"),
        Column::right("bytes_delta"),
        Column::left("steady"),
        Column::left("trend"),
        Column::left("path"),
        Column::right("limit"),
    ];
    let mut table = Table { id: "collections".to_owned(), columns, rows: rows.collect(), omitted: 0 };
    cut(&mut table, limit);
    Block::Table(table)
}
