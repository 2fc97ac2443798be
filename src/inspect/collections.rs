//! Collections: lists, maps, sets and queues that are empty, sparse or larger than they need to be; and the longest ones.
//!
//! What it finds: for each class of collection how many there are, how many are empty or have one element, and what places without elements cost;
//! which fields hold the wasteful ones; the longest collections; maps whose keys collide ([`super::collisions`]).
//! Why it matters: a million empty `HashMap`s with their tables are 100 MB of nothing; a collection that has grown very long is what most
//! leaks look like.
//! How it is computed: the fields of the known classes of the JDK and some libraries are decoded, in one pass over the dump. A list wastes the places
//! behind its last element, a map those that it would not need for as many entries at its usual load.
//! False positives: a collection that was full a moment ago, or will be in a moment. Wrappers (`HashSet`, `Collections.unmodifiableList`) are
//! counted, but what is inside of them is what wastes.

use super::blocks::{
    address, class_label, facts, is_much_waste, most_wasting_field, share, table, wasting_fields,
};
use super::{Context, InspectError, Inspection, Outcome, collisions};
use crate::graph::GraphError;
use crate::ix::ObjectIx;
use crate::query::{
    CollectionCount, CollectionKind, CollectionStats, FILL_STEPS, FieldIx, FieldName, Fill, Problem,
    ReferringQuestion, Wasteful, ask_referring,
};
use crate::report::{Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Section, Severity, Text};
use crate::snapshot::{MarkedHeap, SnapshotError};
use crate::storage::{BitColumn, RankedBits};
use std::cmp::Reverse;

/// See the module.
#[derive(Debug)]
pub(super) struct Collections;

impl Inspection for Collections {
    fn id(&self) -> &'static str {
        "collections"
    }

    fn stands_alone(&self) -> bool {
        true
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let stats = context.collections()?;
        let sum = |of: &dyn Fn(&CollectionCount) -> u64| stats.by_class.iter().map(of).sum::<u64>();
        let figures = vec![
            Fact::new("collections", Cell::Count(sum(&|count| count.instances))),
            Fact::new("empty", Cell::Count(sum(&|count| count.empty))),
            Fact::new("single", Cell::Count(sum(&|count| count.single))),
            Fact::new("sparse", Cell::Count(sum(&|count| count.sparse))),
            Fact::new("wasted_bytes", Cell::Bytes(stats.wasted_bytes)),
        ];
        let fields = context.collection_fields()?;
        let total = context.histogram().total().shallow_bytes;
        let is_much = is_much_waste(stats.wasted_bytes, total);
        let mut findings: Vec<Finding> = is_much.then(|| finding(stats, total, fields)).into_iter().collect();
        let mut blocks = vec![
            facts("total", figures),
            by_class(context, stats),
            by_fill(context, stats),
            by_field(context, fields),
            longest(context, stats),
        ];
        blocks.extend(collisions::blocks(context, stats, &mut findings));
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

fn kind(kind: CollectionKind) -> Cell {
    Cell::Text(Text::message(match kind {
        CollectionKind::List => "collection-list",
        CollectionKind::Map => "collection-map",
        CollectionKind::Set => "collection-set",
        CollectionKind::Queue => "collection-queue",
    }))
}

fn by_class(context: &Context<'_>, stats: &CollectionStats) -> Block {
    let columns = vec![
        Column::left("class"),
        Column::left("collection_kind"),
        Column::right("instances"),
        Column::right("bytes"),
        Column::right("empty"),
        Column::right("single"),
        Column::right("sparse"),
        Column::right("elements"),
        Column::right("capacity"),
        Column::right("longest"),
        Column::right("wasted_bytes"),
    ];
    table(context, "classes", columns, stats.by_class.clone(), |count| {
        vec![
            Cell::Class(context.snapshot.classes().get(count.class).name.to_string()),
            kind(count.kind),
            Cell::Count(count.instances),
            Cell::Bytes(count.bytes),
            Cell::Count(count.empty),
            Cell::Count(count.single),
            Cell::Count(count.sparse),
            Cell::Count(count.elements),
            Cell::Count(count.capacity),
            Cell::Count(count.longest),
            Cell::Bytes(count.wasted_bytes),
        ]
    })
}

/// How full those are that have places: a step for each fifth.
fn by_fill(context: &Context<'_>, stats: &CollectionStats) -> Block {
    const STEPS: [&str; FILL_STEPS] = ["0%", "1-20%", "21-40%", "41-60%", "61-80%", "81-100%"];
    let sum =
        |step: usize| stats.by_class.iter().fold(Fill::default(), |sum, count| sum.and(count.fill[step]));
    let columns = vec![
        Column::left("fill"),
        Column::right("instances"),
        Column::right("elements"),
        Column::right("capacity"),
        Column::right("arrays_bytes"),
    ];
    let rows = STEPS.iter().enumerate().map(|(step, words)| (*words, sum(step))).collect();
    table(context, "fill", columns, rows, |(words, fill)| {
        vec![
            Cell::Value(words.to_owned()),
            Cell::Count(fill.instances),
            Cell::Count(fill.elements),
            Cell::Count(fill.capacity),
            Cell::Bytes(fill.bytes),
        ]
    })
}

/// What the wasteful collections of one field cost.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct OfField {
    empty: u64,
    sparse: u64,
    oversized: u64,
    wasted_bytes: u64,
}

/// Fields by what the wasteful collections in them cost, most first.
pub(super) type CollectionFields = Vec<(FieldName, OfField)>;

/// One pass over all references, which needs no dominators.
pub(super) fn fields(heap: &MarkedHeap, stats: &CollectionStats) -> Result<CollectionFields, SnapshotError> {
    let Some(question) = FieldQuestion::new(heap, stats)? else { return Ok(Vec::new()) };
    let (sums, names) = ask_referring(heap, question.targets(), &question)?;
    Ok(FieldQuestion::answer(sums, names))
}

/// The wasteful collections, and what refers to them.
pub(super) struct FieldQuestion<'a> {
    stats: &'a CollectionStats,
    targets: RankedBits,
}

impl<'a> FieldQuestion<'a> {
    /// `None` if there is no wasteful collection.
    pub(super) fn new(heap: &MarkedHeap, stats: &'a CollectionStats) -> Result<Option<Self>, SnapshotError> {
        if stats.wasteful.is_empty() {
            return Ok(None);
        }
        let mut targets = BitColumn::new(heap.storage(), "wasteful collections", heap.object_count())
            .map_err(GraphError::from)?;
        stats.wasteful.iter().for_each(|wasteful| targets.set(wasteful.collection.index()));
        let targets =
            RankedBits::new(targets, heap.storage(), "ranks of collections").map_err(GraphError::from)?;
        Ok(Some(Self { stats, targets }))
    }

    /// These collections.
    pub(super) fn targets(&self) -> &BitColumn {
        self.targets.bits()
    }

    /// All references were seen.
    pub(super) fn answer(mut sums: Vec<OfField>, names: Vec<FieldName>) -> CollectionFields {
        sums.resize_with(names.len(), OfField::default);
        let mut fields: CollectionFields = names.into_iter().zip(sums).collect();
        fields.retain(|(_, sum)| sum.empty + sum.sparse + sum.oversized > 0);
        fields.sort_by(|a, b| b.1.wasted_bytes.cmp(&a.1.wasted_bytes).then_with(|| a.0.cmp(&b.0)));
        fields
    }
}

impl ReferringQuestion for FieldQuestion<'_> {
    /// By number of the field.
    type Sums = Vec<OfField>;

    fn nothing(&self) -> Vec<OfField> {
        Vec::new()
    }

    fn see(&self, sums: &mut Vec<OfField>, field: FieldIx, target: ObjectIx) {
        let Some(place) = self.targets.rank(target.index()) else { return };
        if sums.len() <= field.index() {
            sums.resize_with(field.index() + 1, OfField::default);
        }
        let (wasteful, sum) = (&self.stats.wasteful[place], &mut sums[field.index()]);
        match wasteful.problem {
            Problem::Empty => sum.empty += 1,
            Problem::Sparse => sum.sparse += 1,
            Problem::Oversized => sum.oversized += 1,
        }
        sum.wasted_bytes += u64::from(wasteful.wasted_bytes);
    }

    fn merge(&self, first: Vec<OfField>, second: Vec<OfField>) -> Vec<OfField> {
        let (mut all, others) = if first.len() < second.len() { (second, first) } else { (first, second) };
        for (sum, other) in all.iter_mut().zip(others) {
            sum.empty += other.empty;
            sum.sparse += other.sparse;
            sum.oversized += other.oversized;
            sum.wasted_bytes += other.wasted_bytes;
        }
        all
    }
}

/// What to change: who clears a collection that was large does something else wrong than who makes thousands that stay empty.
fn advice(stats: &CollectionStats) -> Vec<Text> {
    /// Nobody makes an array like this for a collection that may stay empty.
    const ONCE_FULL: u32 = 64 << 10;
    let is_emptied =
        |wasteful: &&Wasteful| wasteful.problem != Problem::Oversized && wasteful.wasted_bytes >= ONCE_FULL;
    let emptied = stats.wasteful.iter().filter(is_emptied);
    let emptied: u64 = emptied.map(|wasteful| u64::from(wasteful.wasted_bytes)).sum();
    let others = stats.wasted_bytes.saturating_sub(emptied);
    let mut advice = vec![(emptied, "collections-emptied-advice"), (others, "collections-wasteful-advice")];
    advice.retain(|(bytes, _)| bytes * 5 >= stats.wasted_bytes);
    advice.sort_by_key(|&(bytes, _)| Reverse(bytes));
    advice.into_iter().map(|(_, id)| Text::message(id)).collect()
}

fn finding(stats: &CollectionStats, total: u64, fields: &[(FieldName, OfField)]) -> Finding {
    let wasted = stats.wasted_bytes;
    let each = || fields.iter().map(|(name, sum)| (name, sum.wasted_bytes));
    let worst = fields.iter().find(|(name, _)| !name.field.is_empty());
    let field = worst.map(|(name, _)| name.label()).unwrap_or_default();
    let args = [("size", Arg::Bytes(wasted)), ("share", Arg::Share(share(wasted, total)))];
    Finding {
        id: "collections.wasteful".into(),
        severity: Severity::Warning,
        title: Text::with("collections-wasteful", args),
        class: worst.map(|(name, _)| name.class.to_string()),
        bytes: wasted,
        count: fields.iter().map(|(_, sum)| sum.empty + sum.sparse + sum.oversized).sum(),
        holder: most_wasting_field(each(), wasted),
        advice: advice(stats),
        evidence: wasting_fields(each(), wasted),
        link: None,
        fingerprint: Fingerprint::of(&["collections.wasteful", &field]),
    }
}

fn by_field(context: &Context<'_>, fields: &CollectionFields) -> Block {
    let columns = vec![
        Column::left("field"),
        Column::right("empty"),
        Column::right("sparse"),
        Column::right("oversized"),
        Column::right("wasted_bytes"),
    ];
    table(context, "fields", columns, fields.iter().collect(), |(name, sum)| {
        vec![
            Cell::Value(name.label()),
            Cell::Count(sum.empty),
            Cell::Count(sum.sparse),
            Cell::Count(sum.oversized),
            Cell::Bytes(sum.wasted_bytes),
        ]
    })
}

fn longest(context: &Context<'_>, stats: &CollectionStats) -> Block {
    let snapshot = context.snapshot;
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::right("elements"),
        Column::right("retained_bytes"),
    ];
    let filled = stats.longest.iter().filter(|&&(length, _)| length > 0).collect();
    table(context, "longest", columns, filled, |&(length, collection)| {
        vec![
            address(snapshot, collection),
            Cell::Class(class_label(snapshot, collection)),
            Cell::Count(length),
            Cell::Bytes(snapshot.retained_bytes(collection)),
        ]
    })
}
