//! The top of the dominator tree of a report: who holds what, also where it is too little for a suspect.
//!
//! Owns how a holder is read from the tree. On the way from the root to a collection lie a class loader, static fields, fields of objects that
//! are there once, and those of the elements. Who holds it is the nearest field of the application; where there is none, the nearest of
//! a library, then a static field of the JDK, then the first field at all. A field of one of many objects holds nothing: `Order.note`
//! does not hold the texts of all orders, the list of orders does. Cost: the rows of the tree, each with its path as text.

use super::measure::{Limit, Row, limits};
use crate::origin::{Origin, is_made_by_compiler, origin_of_name};
use crate::report::{Block, Holder, HolderKind, PathStep, Report, Table, TreeNode, normalise_class};
use std::collections::BTreeMap;

/// A row of the dominator tree: objects of one class that are held in one way.
pub(super) struct Branch {
    pub(super) class: String,
    pub(super) objects: u64,
    pub(super) retained_bytes: u64,
    /// Who holds them.
    pub(super) holder: Option<Holder>,
    /// Whether nothing but this row stands for what the holder holds: it is directly below the field, which is not further up too.
    pub(super) is_held_directly: bool,
    /// Who holds what is directly below this holder's field: the holder further up.
    outer: Option<String>,
    /// For objects of which there are many in one place: what they are elements of is a collection. The class is that of the values.
    element_class: Option<String>,
    /// Whether it is one object that no field holds alone.
    is_shared: bool,
    /// The path above, empty at the top, and the field that leads here from there.
    above: String,
    field: Option<String>,
    /// Where it is one object.
    address: Option<u64>,
    /// What rows that are cut off directly below may have, in bytes.
    unlisted_bytes: u64,
    /// Of the collection that it is or is in, if that has one.
    pub(super) limit: Option<Limit>,
}

/// The smallest part of the heap that the dominator tree shows.
pub(super) const SMALLEST_BRANCH: f64 = 0.001;

/// The field of `class` as a holder, and how well it answers who is to blame.
fn field_holder(class: &str, field: &str) -> (u8, Holder) {
    let (kind, class) = match class.strip_prefix("class ") {
        Some(class) => (HolderKind::StaticField, class),
        None => (HolderKind::InstanceField, class),
    };
    let rank = match origin_of_name(class) {
        _ if is_made_by_compiler(class, field) => FIRST,
        Origin::Application => 4,
        Origin::Library => 3,
        Origin::Jdk if kind == HolderKind::StaticField => 2,
        Origin::Jdk => FIRST,
    };
    (rank, Holder::of_field(kind, class, field))
}

/// Of fields of this rank the first one on the way counts, of better ones the nearest.
const FIRST: u8 = 1;

/// What a row inherits from the one above it.
#[derive(Clone, Default)]
struct Above {
    path: String,
    class: String,
    /// Whether it is one object, whose fields can be to blame.
    is_one: bool,
    rank: u8,
    holder: Option<Holder>,
    limit: Option<Limit>,
}

/// The step from the row above: a field, an element, or nothing where the dominator does not refer to it directly.
fn step(row: Row<'_>, above: &Above) -> String {
    match row.name("field") {
        // Several elements of an array together have no index.
        "" if !above.class.ends_with("[]") => String::new(),
        index if index.is_empty() || index.starts_with('[') => ".[]".to_owned(),
        field => format!(".{}", declared(field, &above.class).1),
    }
}

/// The class that declares a field, and its name: an inherited one is written `java.util.ArrayList.elementData`.
fn declared<'a>(field: &'a str, class: &'a str) -> (&'a str, &'a str) {
    field.rsplit_once('.').unwrap_or((class, field))
}

/// The top of the dominator tree by paths without addresses and positions, like those of [`super::measure::path_signature`].
pub(super) fn branches(report: &Report) -> BTreeMap<String, Branch> {
    let tree = report.section("dominators").into_iter().flat_map(|section| &section.blocks);
    let tree = tree.filter_map(|block| if let Block::Tree(tree) = block { Some(tree) } else { None }).next();
    let mut branches: BTreeMap<String, Branch> = BTreeMap::new();
    let Some(tree) = tree else { return branches };
    let table = Table { id: String::new(), columns: tree.columns.clone(), rows: Vec::new(), omitted: 0 };
    let row = |node| Row::of_node(&table, node);
    let limits = limits(report);
    let mut stack: Vec<(Above, &[TreeNode])> = vec![(Above::default(), &tree.nodes)];
    while let Some((above, nodes)) = stack.pop() {
        let class_of = |node| normalise_class(row(node).name("class")).into_owned();
        // Rows for single objects of one class in one place are as many as one row for all of them.
        let mut count_by_step: BTreeMap<(String, String), u64> = BTreeMap::new();
        for node in nodes {
            let step = (step(row(node), &above), class_of(node));
            *count_by_step.entry(step).or_default() += row(node).number("objects").max(1);
        }
        for node in nodes {
            let (row, class) = (row(node), class_of(node));
            let field = step(row, &above);
            let is_one = count_by_step.get(&(field.clone(), class.clone())) == Some(&1);
            let path = match above.path.as_str() {
                "" => class.clone(),
                above => format!("{above}{field} > {class}"),
            };
            let (mut rank, mut holder, mut outer) = (above.rank, above.holder.clone(), None);
            if above.is_one && !matches!(field.as_str(), "" | ".[]") {
                let (declaring, name) = declared(row.name("field"), &above.class);
                let (new_rank, new) = field_holder(declaring, name);
                if new_rank > rank || (new_rank == rank && rank > FIRST) {
                    outer = holder.filter(|old| *old != new).map(|old| old.label());
                    (rank, holder) = (new_rank, Some(new));
                }
            }
            let limit = row.address().and_then(|address| limits.get(&address).copied()).or(above.limit);
            let below = Above {
                path: path.clone(),
                class: class.clone(),
                is_one,
                rank,
                holder: holder.clone(),
                limit,
            };
            let branch = branches.entry(path).or_insert_with(|| Branch {
                is_held_directly: holder.is_some() && holder != above.holder,
                element_class: (!is_one && above.is_one).then(|| value_class(&table, node, &class)),
                is_shared: is_one && field.is_empty(),
                class,
                objects: 0,
                retained_bytes: 0,
                holder,
                outer,
                above: above.path.clone(),
                field: Some(row.name("field")).filter(|field| !field.is_empty()).map(str::to_owned),
                address: row.address(),
                unlisted_bytes: 0,
                limit,
            });
            branch.objects += row.number("objects").max(1);
            branch.retained_bytes += row.number("retained_bytes");
            if node.omitted > 0 {
                let bytes = |node| Row::of_node(&table, node).number("retained_bytes");
                let listed: u64 = node.children.iter().map(bytes).sum();
                branch.unlisted_bytes +=
                    row.number("retained_bytes").saturating_sub(row.number("shallow_bytes") + listed);
            }
            stack.push((below, &node.children));
        }
    }
    branches
}

/// The class of an element: of what an entry of a map of the JDK or of a library keeps, where the tree shows it.
fn value_class(table: &Table, node: &TreeNode, class: &str) -> String {
    let origin = origin_of_name(class);
    if origin == Origin::Application || (origin == Origin::Jdk && !class.contains('$')) {
        return class.to_owned();
    }
    // Children are listed by size.
    let rows = || node.children.iter().map(|child| Row::of_node(table, child));
    let is_value = |row: &Row<'_>| ["val", "value", "item"].contains(&declared(row.name("field"), "").1);
    let is_ours = |row: &Row<'_>| origin_of_name(row.name("class")) == Origin::Application;
    let value = rows().find(is_value).or_else(|| rows().find(is_ours));
    value.map_or_else(|| class.to_owned(), |row| normalise_class(row.name("class")).into_owned())
}

/// The branch of an earlier tree at that path. What a second reference leads to, from a thread that is just working with it for example,
/// stands at the top of one tree and below its field in the other: then the path from there on is the same.
pub(super) fn same<'a>(earlier: &'a BTreeMap<String, Branch>, path: &str) -> Option<&'a Branch> {
    let is_of_jdk = |path: &str| origin_of_name(path.strip_prefix("class ").unwrap_or(path)) == Origin::Jdk;
    let moved_up = || {
        let ends = path.match_indices(STEP).map(|(at, step)| &path[at + step.len()..]);
        ends.filter(|end| !is_of_jdk(end)).find_map(|end| earlier.get(end))
    };
    let moved_down = || {
        let is_end = |longer: &str| longer.strip_suffix(path).is_some_and(|before| before.ends_with(STEP));
        let found = earlier.iter().filter(|_| !is_of_jdk(path)).find(|(longer, _)| is_end(longer));
        found.map(|(_, branch)| branch)
    };
    earlier.get(path).or_else(moved_up).or_else(moved_down)
}

/// Between two steps of a path.
const STEP: &str = " > ";

/// What a branch of `newer` may have had at most in an earlier tree, in bytes: what is listed there, and what is cut off where it would stand.
/// A tree is cut to its largest rows, so one that is missing need not have been small.
pub(super) fn most_before(
    earlier: &BTreeMap<String, Branch>,
    newer: &BTreeMap<String, Branch>,
    path: &str,
) -> u64 {
    let listed = same(earlier, path).map_or(0, |branch| branch.retained_bytes);
    let mut above = newer.get(path).map(|branch| branch.above.as_str());
    while let Some(path) = above {
        if let Some(cut) = earlier.get(path) {
            return listed + cut.unlisted_bytes;
        }
        above = newer.get(path).map(|branch| branch.above.as_str());
    }
    listed
}

/// The largest object of a class that no field holds alone, in bytes. What a second reference leads to, from a thread that is just working
/// with it for example, is not dominated by its field.
pub(super) fn shared(branches: &BTreeMap<String, Branch>, class: &str) -> Option<u64> {
    let shared = branches.values().filter(|branch| branch.is_shared && branch.class == class);
    shared.map(|branch| branch.retained_bytes).max()
}

/// A field that holds something without being a suspect's holder, with the way to what it holds.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) holder: Holder,
    /// From the root, as far as it leads through single objects; empty if it is not known.
    pub(super) path: Vec<PathStep>,
}

impl Place {
    /// A holder of which nothing more is known.
    pub(super) fn of(holder: Holder) -> Self {
        Self { holder, path: Vec::new() }
    }
}

/// The way to a branch.
fn path_to(branches: &BTreeMap<String, Branch>, path: &str) -> Vec<PathStep> {
    let mut steps = Vec::new();
    let (mut at, mut field) = (path, None);
    while let Some(branch) = branches.get(at) {
        if let Some(address) = branch.address {
            let class = branch.class.strip_prefix("class ").unwrap_or(&branch.class).to_owned();
            let field = field.take().map(|field: &String| declared(field, &class).1.to_owned());
            steps.push(PathStep {
                address,
                class,
                field,
                retained_bytes: branch.retained_bytes,
                bypassed: false,
            });
        }
        (at, field) = (&branch.above, branch.field.as_ref());
    }
    steps.reverse();
    steps
}

/// What a field holds.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) holder: Holder,
    pub(super) bytes: u64,
    /// Objects of which there are many in one place, with their class; the place with most bytes.
    pub(super) elements: Option<(String, u64)>,
    /// The path to what the field refers to, or to the elements.
    pub(super) path: String,
    /// The class of what the field refers to.
    pub(super) class: String,
    /// The path to what the field refers to, step by step.
    pub(super) steps: Vec<PathStep>,
    /// The field further up that holds this one's object, if one does.
    pub(super) outer: Option<String>,
    /// Of the collection that nearly all of it is in, if that has one.
    pub(super) limit: Option<Limit>,
}

impl Held {
    /// Who holds it, and the way there.
    pub(super) fn place(&self) -> Place {
        Place { holder: self.holder.clone(), path: self.steps.clone() }
    }
}

/// What fields hold alone, also those that are no suspects, by label.
pub(super) fn held(branches: &BTreeMap<String, Branch>) -> BTreeMap<String, Held> {
    let mut held: BTreeMap<String, Held> = BTreeMap::new();
    // Of the elements, bytes.
    let mut most: BTreeMap<String, u64> = BTreeMap::new();
    // Paths are in order, so what is directly below a field comes before what is further down.
    for (path, branch) in branches {
        let Some(holder) = &branch.holder else { continue };
        let label = holder.label();
        if branch.is_held_directly {
            let new = || Held {
                holder: holder.clone(),
                bytes: 0,
                elements: None,
                path: path.clone(),
                class: branch.class.clone(),
                steps: path_to(branches, path),
                outer: branch.outer.clone(),
                limit: None,
            };
            held.entry(label.clone()).or_insert_with(new).bytes += branch.retained_bytes;
        }
        if let Some(held) = held.get_mut(&label).filter(|held| branch.retained_bytes / 9 >= held.bytes / 10) {
            held.limit = held.limit.or(branch.limit);
        }
        let Some(class) = &branch.element_class else { continue };
        let best = most.entry(label.clone()).or_default();
        if branch.retained_bytes > *best
            && let Some(held) = held.get_mut(&label)
        {
            *best = branch.retained_bytes;
            held.elements = Some((class.clone(), branch.objects));
            held.path.clone_from(path);
        }
    }
    held
}

/// What fields hold alone, in bytes; `None` if the report has no dominator tree.
pub(super) fn held_by_fields(report: &Report) -> Option<BTreeMap<String, (Holder, u64)>> {
    report.section("dominators")?;
    let held = held(&branches(report)).into_iter();
    Some(held.map(|(label, held)| (label, (held.holder, held.bytes))).collect())
}

/// By class without numbers, who holds most of its objects, as far as the tree shows it.
pub(super) fn holders_by_class(report: &Report) -> BTreeMap<String, Place> {
    let branches = branches(report);
    let mut most: BTreeMap<&str, (&str, &Branch)> = BTreeMap::new();
    for (path, branch) in branches.iter().filter(|(_, branch)| branch.holder.is_some()) {
        let best = most.get(branch.class.as_str()).map_or(0, |(_, best)| best.retained_bytes);
        if branch.retained_bytes > best {
            most.insert(&branch.class, (path, branch));
        }
    }
    let place = |(class, (path, branch)): (&str, (&str, &Branch))| {
        let holder = branch.holder.clone()?;
        Some((class.to_owned(), Place { holder, path: path_to(&branches, path) }))
    };
    most.into_iter().filter_map(place).collect()
}
