//! The dominator tree: which objects keep most memory alive.
//!
//! What it finds: the objects with the largest retained sizes, the top of the dominator tree as rows with rows below, and as areas.
//! Why it matters: what an object retains is what is freed when it goes; nothing else about sizes can be acted upon.
//! How it is computed: from the exact dominator tree. The largest objects are found by looking only at the children of large ones.
//! Small children are put together by class, so the picture stays small whatever the heap is; below nodes of the JDK's collections stands what
//! they keep. Objects each of which keeps the next one of its class, as the nodes of a linked list do, are one row with what they all keep.
//! False positives: class loaders dominate the static fields of all their classes and so come first in most heaps; they are not to blame.

use super::blocks::{address, class_label, share, table_of_first};
use super::bounds::{Bound, bound};
use super::{Context, InspectError, Inspection, Outcome};
use crate::graph::Certificate;
use crate::hprof::ObjectId;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of_name};
use crate::report::{Block, Cell, Column, Fact, Facts, MapNode, Section, Table, Text, Tree, TreeNode};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Levels of the tree that are shown.
const TREE_DEPTH: usize = 24;
/// Rows below each row.
const TREE_WIDTH: usize = 12;
/// The column of the tree that has the address.
const ADDRESS_AT: usize = 1;
/// Levels of the areas.
const MAP_DEPTH: usize = 12;
/// Areas inside of each area.
const MAP_WIDTH: usize = 24;
/// Areas in all.
const MAP_AREAS: usize = 1500;
/// Fewer objects that keep each other are shown one by one.
const SHORTEST_CHAIN: usize = 4;
/// What a longer chain has more is a chain below it, so that no list costs a long walk.
const LONGEST_CHAIN: usize = 1 << 17;
/// Smaller parts of the heap get no row and no area of their own.
const SMALLEST_SHARE: u64 = 1000;

/// See the module.
#[derive(Debug)]
pub(super) struct Dominators;

impl Inspection for Dominators {
    fn id(&self) -> &'static str {
        "dominators"
    }

    fn stands_alone(&self) -> bool {
        true
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let outline = Outline::new(context);
        let map = Block::Map { id: "map".into(), root: outline.map() };
        let mut blocks: Vec<Block> = context.snapshot.certificate().map(certified).into_iter().collect();
        let tree = outline.tree();
        let limited = limited(context, &tree);
        blocks.extend([biggest(context), Block::Tree(tree), map]);
        blocks.extend(limited);
        blocks.push(super::roots::by_kind(context));
        blocks.push(Block::Prose { text: Text::message("roots-about") });
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}

/// What was proved.
fn certified(certificate: Certificate) -> Block {
    let facts = vec![
        Fact::new("certified_objects", Cell::Count(certificate.object_count)),
        Fact::new("edges", Cell::Count(certificate.edge_count)),
        Fact::new("ordered_objects", Cell::Count(certificate.ordered_count)),
    ];
    Block::Facts(Facts { id: "certified".into(), facts })
}

fn biggest(context: &Context<'_>) -> Block {
    let snapshot = context.snapshot;
    let total = context.histogram().total().shallow_bytes;
    let reachable = snapshot.dominators().reachable_count();
    let limit = if context.options.limit == 0 { reachable } else { context.options.limit.min(reachable) };
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::right("shallow_bytes"),
        Column::right("retained_bytes"),
        Column::right("share"),
        Column::right("children"),
    ];
    table_of_first(context, "objects", columns, largest(snapshot, limit), reachable as u64, |object| {
        let retained = snapshot.retained_bytes(object);
        vec![
            address(snapshot, object),
            Cell::Class(class_label(snapshot, object)),
            Cell::Bytes(snapshot.shallow_bytes(object)),
            Cell::Bytes(retained),
            Cell::Share(share(retained, total)),
            Cell::Count(snapshot.dominators().children(object).len() as u64),
        ]
    })
}

/// The collections of the tree that have a limit, largest first: they may grow, up to it. Nothing if there is none.
fn limited(context: &Context<'_>, tree: &Tree) -> Option<Block> {
    let snapshot = context.snapshot;
    // A row for one object has its address.
    let object = |node: &TreeNode| match node.cells.get(ADDRESS_AT) {
        Some(Cell::Address(address)) => snapshot.find(ObjectId(*address)),
        _ => None,
    };
    let mut rows: Vec<(u64, ObjectIx, Bound)> = Vec::new();
    let mut stack: Vec<(Option<ObjectIx>, &[TreeNode])> = vec![(None, &tree.nodes)];
    while let Some((owner, nodes)) = stack.pop() {
        for node in nodes {
            let Some(object) = object(node) else { continue };
            if let Some(bound) = bound(context, object, owner) {
                rows.push((snapshot.retained_bytes(object), object, bound));
            }
            stack.push((Some(object), &node.children));
        }
    }
    rows.sort_unstable_by_key(|&(bytes, object, _)| (Reverse(bytes), object));
    let number = |number: Option<u64>| number.map_or(Cell::None, Cell::Count);
    let row = |(bytes, object, bound): (u64, ObjectIx, Bound)| {
        let class = Cell::Class(class_label(snapshot, object));
        vec![address(snapshot, object), class, number(bound.entries), number(bound.limit), Cell::Bytes(bytes)]
    };
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::right("entries"),
        Column::right("limit"),
        Column::right("retained_bytes"),
    ];
    let rows: Vec<Vec<Cell>> = rows.into_iter().map(row).collect();
    let table = Table { id: "limited".into(), columns, rows, omitted: 0 };
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// The `count` objects that retain most, largest first, of equal ones the first in the dump. An object retains less than its dominator, so
/// only children of objects that are among the largest are looked at.
fn largest(snapshot: &Snapshot, count: usize) -> Vec<ObjectIx> {
    let tree = snapshot.dominators();
    let mut best: BinaryHeap<Reverse<(u64, Reverse<ObjectIx>)>> = BinaryHeap::new();
    let mut lists = BinaryHeap::new();
    let mut add = |children: &[ObjectIx], lists: &mut BinaryHeap<(u64, Reverse<ObjectIx>)>| {
        for &child in children {
            let key = (snapshot.retained_bytes(child), Reverse(child));
            if best.len() >= count {
                if best.peek().is_none_or(|smallest| smallest.0 >= key) {
                    continue;
                }
                best.pop();
            }
            best.push(Reverse(key));
            if !tree.children(child).is_empty() {
                lists.push(key);
            }
        }
    };
    add(tree.root_children(), &mut lists);
    // Children of an object that is no longer among the largest are smaller still: they are turned away one by one.
    while let Some((_, Reverse(object))) = lists.pop() {
        add(tree.children(object), &mut lists);
    }
    let mut best: Vec<_> = best.into_iter().map(|Reverse(key)| key).collect();
    best.sort_unstable_by_key(|&key| Reverse(key));
    best.into_iter().map(|(_, Reverse(object))| object).collect()
}

/// The top of the dominator tree, with small children put together.
struct Outline<'a> {
    snapshot: &'a Snapshot,
    total_bytes: u64,
    smallest_bytes: u64,
    /// Rows of the tree in all.
    rows: usize,
}

/// What is shown below an object: itself if it is large, all small ones of a class together.
#[derive(Clone, Copy)]
struct Part {
    /// The object, or the first one of several.
    object: ObjectIx,
    class: ClassIx,
    count: u64,
    bytes: u64,
    /// Whether each of several dominates the next one.
    is_chain: bool,
}

impl Part {
    /// Whether there is one object to look at: of a chain the first one.
    fn has_address(&self) -> bool {
        self.count == 1 || self.is_chain
    }
}

/// Parts under construction: the large ones, and the small ones by class.
#[derive(Default)]
struct Parts {
    large: Vec<Part>,
    small: HashMap<ClassIx, Part>,
}

impl Parts {
    fn add_small(&mut self, object: ObjectIx, class: ClassIx, bytes: u64) {
        let part = Part { object, class, count: 0, bytes: 0, is_chain: false };
        let group = self.small.entry(class).or_insert(part);
        group.count += 1;
        group.bytes += bytes;
    }

    fn into_vec(self) -> Vec<Part> {
        self.large.into_iter().chain(self.small.into_values()).collect()
    }
}

impl<'a> Outline<'a> {
    fn new(context: &Context<'a>) -> Self {
        let total_bytes = context.histogram().total().shallow_bytes;
        let rows = context.options.tree_rows;
        Self { snapshot: context.snapshot, total_bytes, smallest_bytes: total_bytes / SMALLEST_SHARE, rows }
    }

    /// The children of an object (of the roots for `None`), largest first. Groups smaller than a row or area deserves are left out.
    fn parts(&self, of: Option<ObjectIx>, width: usize) -> (Vec<Part>, u64) {
        let tree = self.snapshot.dominators();
        let children = of.map_or_else(|| tree.root_children(), |object| tree.children(object));
        let mut parts = Parts::default();
        children.iter().for_each(|&object| self.add(&mut parts, object));
        self.largest_parts(parts.into_vec(), width)
    }

    /// Adds an object: by itself if it is large, with those that it keeps if it is the first of a chain.
    fn add(&self, parts: &mut Parts, object: ObjectIx) {
        let bytes = self.snapshot.retained_bytes(object);
        let class = self.snapshot.class_of(object);
        if bytes < self.smallest_bytes {
            parts.add_small(object, class, bytes);
            return;
        }
        // Otherwise a branch of a tree would be a chain, too.
        let is_nearly_all = |next: ObjectIx| self.snapshot.retained_bytes(next) >= bytes / 10 * 9;
        let is_head = self.next_of_chain(object).is_some_and(is_nearly_all);
        let count = if is_head { self.chain(object).count() } else { 1 };
        let is_chain = count >= SHORTEST_CHAIN;
        let count = if is_chain { count as u64 } else { 1 };
        parts.large.push(Part { object, class, count, bytes, is_chain });
    }

    /// The only object of its own class that an object dominates directly.
    fn next_of_chain(&self, object: ObjectIx) -> Option<ObjectIx> {
        let class = self.snapshot.class_of(object);
        let children = self.snapshot.dominators().children(object).iter();
        let mut same = children.filter(|&&child| self.snapshot.class_of(child) == class);
        same.next().copied().filter(|_| same.next().is_none())
    }

    fn chain(&self, head: ObjectIx) -> impl Iterator<Item = ObjectIx> + '_ {
        std::iter::successors(Some(head), |&object| self.next_of_chain(object)).take(LONGEST_CHAIN)
    }

    /// What the objects of a chain dominate beside each other.
    fn parts_of_chain(&self, head: ObjectIx, width: usize) -> (Vec<Part>, u64) {
        let mut parts = Parts::default();
        let mut members = self.chain(head).peekable();
        while let Some(member) = members.next() {
            let next = members.peek();
            let children = self.snapshot.dominators().children(member).iter();
            children.filter(|&child| Some(child) != next).for_each(|&child| self.add(&mut parts, child));
        }
        self.largest_parts(parts.into_vec(), width)
    }

    /// Whether objects of a class are nodes of a collection of the JDK or of a library: what they keep tells more than that they are there.
    fn is_entry(&self, class: ClassIx) -> bool {
        let classes = self.snapshot.classes();
        let name = &classes.get(class).name;
        match origin_of_name(name) {
            Origin::Jdk => name.contains('$'),
            Origin::Library => {
                name.rfind('$')
                    .is_some_and(|at| name[at..].ends_with("Node") || name[at..].ends_with("Entry"))
                    || classes.is_named(class, "com.github.benmanes.caffeine.cache.Node")
            }
            Origin::Application => false,
        }
    }

    /// What the small children of one class that an object has (the roots for `None`) dominate, by class.
    fn parts_of_group(&self, of: Option<ObjectIx>, class: ClassIx, width: usize) -> (Vec<Part>, u64) {
        let tree = self.snapshot.dominators();
        let members = of.map_or_else(|| tree.root_children(), |object| tree.children(object)).iter();
        let is_small = |object: ObjectIx| self.snapshot.retained_bytes(object) < self.smallest_bytes;
        let members = members.filter(|&&object| self.snapshot.class_of(object) == class && is_small(object));
        let mut parts = Parts::default();
        for &object in members.flat_map(|&member| tree.children(member)) {
            parts.add_small(object, self.snapshot.class_of(object), self.snapshot.retained_bytes(object));
        }
        self.largest_parts(parts.into_vec(), width)
    }

    /// The largest of them that deserve a row, and how many more do.
    fn largest_parts(&self, mut parts: Vec<Part>, width: usize) -> (Vec<Part>, u64) {
        parts.retain(|part| part.bytes >= self.smallest_bytes);
        parts.sort_unstable_by_key(|part| (Reverse(part.bytes), part.object));
        let omitted = parts.len().saturating_sub(width) as u64;
        parts.truncate(width);
        (parts, omitted)
    }

    fn tree(&self) -> Tree {
        let columns = vec![
            Column::left("class"),
            Column::left("address"),
            Column::left("field"),
            Column::right("objects"),
            Column::right("shallow_bytes"),
            Column::right("retained_bytes"),
            Column::right("share"),
        ];
        let mut budget = self.rows;
        let (nodes, _) =
            self.grow(None, TREE_DEPTH, TREE_WIDTH, &mut budget, &|part, field, children, omitted| {
                let is_one = part.count == 1;
                TreeNode {
                    cells: vec![
                        Cell::Class(self.label(part)),
                        if part.has_address() { address(self.snapshot, part.object) } else { Cell::None },
                        field.map_or(Cell::None, Cell::Value),
                        Cell::Count(part.count),
                        if is_one {
                            Cell::Bytes(self.snapshot.shallow_bytes(part.object))
                        } else {
                            Cell::None
                        },
                        Cell::Bytes(part.bytes),
                        Cell::Share(share(part.bytes, self.total_bytes)),
                    ],
                    children,
                    omitted,
                }
            });
        Tree { id: "tree".into(), columns, nodes }
    }

    fn map(&self) -> MapNode {
        let mut budget = MAP_AREAS;
        let (children, _) =
            self.grow(None, MAP_DEPTH, MAP_WIDTH, &mut budget, &|part, field, children, _| MapNode {
                label: self.label(part),
                field,
                address: if part.has_address() { self.snapshot.address_of(part.object).0 } else { 0 },
                count: part.count,
                retained_bytes: part.bytes,
                shallow_bytes: (part.count == 1).then(|| self.snapshot.shallow_bytes(part.object)),
                children,
            });
        MapNode {
            label: String::new(),
            retained_bytes: self.total_bytes,
            count: 1,
            children,
            ..MapNode::default()
        }
    }

    /// Makes nodes level by level, so that `budget` is spent on the large ones, and puts them together from the leaves up.
    fn grow<N>(
        &self,
        of: Option<ObjectIx>,
        depth: usize,
        width: usize,
        budget: &mut usize,
        make: &dyn Fn(Part, Option<String>, Vec<N>, u64) -> N,
    ) -> (Vec<N>, u64) {
        struct Planned {
            part: Part,
            field: Option<String>,
            parent: Option<usize>,
            omitted: u64,
        }
        let mut plan: Vec<Planned> = Vec::new();
        let mut omitted_at_top = 0;
        // The largest first: `(bytes, position, depth)`; no position is the top.
        let mut open: BinaryHeap<(u64, Reverse<usize>, usize)> = BinaryHeap::new();
        open.push((u64::MAX, Reverse(usize::MAX), depth));
        while let Some((_, Reverse(at), depth)) = open.pop() {
            let parent = (at != usize::MAX).then_some(at);
            let group = parent.map(|at| &plan[at]).filter(|planned| planned.part.count > 1);
            let object = parent.map_or(of, |at| Some(plan[at].part.object));
            let (mut parts, mut omitted) = match group {
                Some(chain) if chain.part.is_chain => self.parts_of_chain(chain.part.object, width),
                Some(group) => {
                    let above = group.parent.map_or(of, |at| Some(plan[at].part.object));
                    self.parts_of_group(above, group.part.class, width)
                }
                None => self.parts(object, width),
            };
            let is_group = group.is_some();
            if parts.len() > *budget {
                omitted += (parts.len() - *budget) as u64;
                parts.truncate(*budget);
            }
            *budget -= parts.len();
            match parent {
                Some(parent) => plan[parent].omitted = omitted,
                None => omitted_at_top = omitted,
            }
            for part in parts {
                let from =
                    if is_group { self.snapshot.dominators().dominators(part.object).next() } else { object };
                let field = from
                    .filter(|_| part.count == 1 || part.is_chain || is_group)
                    .and_then(|from| self.field(from, part.object));
                let is_entry = !is_group && part.count > 1 && self.is_entry(part.class);
                if (part.count == 1 || part.is_chain || is_entry) && depth > 1 {
                    open.push((part.bytes, Reverse(plan.len()), depth - 1));
                }
                plan.push(Planned { part, field, parent, omitted: 0 });
            }
            if *budget == 0 {
                break;
            }
        }
        let mut below: Vec<Vec<N>> = plan.iter().map(|_| Vec::new()).collect();
        let mut top = Vec::new();
        // Parents come before their children.
        for (at, planned) in plan.into_iter().enumerate().rev() {
            let mut children = std::mem::take(&mut below[at]);
            children.reverse();
            let node = make(planned.part, planned.field, children, planned.omitted);
            planned.parent.map_or(&mut top, |parent| &mut below[parent]).push(node);
        }
        top.reverse();
        (top, omitted_at_top)
    }

    fn label(&self, part: Part) -> String {
        if part.count == 1 {
            class_label(self.snapshot, part.object)
        } else {
            self.snapshot.classes().get(part.class).name.to_string()
        }
    }

    /// The field by which the dominator refers to what it dominates, if it does so directly.
    fn field(&self, from: ObjectIx, to: ObjectIx) -> Option<String> {
        /// Looking through longer arrays would cost more than the answer is worth.
        const LONG: u32 = 1 << 12;
        if self.snapshot.array_length(from).is_some_and(|length| length > LONG) {
            return None;
        }
        match self.snapshot.link(from, to)? {
            // A field that is inherited goes by the class that declares it.
            Link::Field { class, name } if class != self.snapshot.class_of(from) => {
                Some(format!("{}.{name}", self.snapshot.classes().get(class).name))
            }
            Link::Field { name, .. } | Link::Static { name, .. } => Some(name.to_owned()),
            Link::Element(at) => Some(format!("[{at}]")),
            _ => None,
        }
    }
}
