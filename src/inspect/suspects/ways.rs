//! All ways to the objects of a class, merged into a small graph: who else holds what a suspect is full of.
//!
//! Owns what is merged and what is left out. Each object that is looked at has its shortest strong path; paths with the same beginning (the same
//! fields of the same classes, whatever the positions in arrays) are one until they part. Arrays and objects of the JDK stand on the lines between others. A graph is made only where the objects are not all reached in one way: then the path of one of them says it all.
//! Cost: a pass over the classes of all objects, and some hundred steps for each of [`SAMPLES`] objects at most.

use super::super::Context;
use super::super::holders::{Ownership, link_label};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{PathEdge, PathGraph, PathNode};
use crate::snapshot::Snapshot;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::cmp::Reverse;

/// Objects that are looked at, about: all if there are no more.
const SAMPLES: u64 = 1 << 10;
/// Objects with a longer path count to the others: they stand deep in lists.
const LONGEST: usize = 200;
/// Ways that are drawn.
const DRAWN: usize = 8;
/// What fewer of the objects have in common is no way of its own: one of so many.
const SMALLEST: usize = 50;

/// Boxes at the beginning of a way that are always drawn, beside the last one.
const FIRST: usize = 2;

/// The node of all roots.
const ROOTS: usize = 0;

/// All ways to the reachable objects of the classes of that name; `None` if there is but one worth telling. Of classes of the JDK there is none: what is
/// full of strings is told by its holder.
pub(super) fn merged(
    context: &Context<'_>,
    ownership: &Ownership<'_>,
    class: &str,
    instances: u64,
) -> Option<PathGraph> {
    let snapshot = context.snapshot;
    let classes = snapshot.classes().named(class);
    if instances < 2
        || classes.is_empty()
        || classes.iter().any(|&class| origin_of(snapshot, class) == Origin::Jdk)
    {
        return None;
    }
    let counts = snapshot.class_counts();
    let objects = classes.iter().map(|class| counts[class.index()].instances).sum();
    let chosen = sample(snapshot, classes, objects);
    let mut ways = Ways::new(snapshot);
    for &object in &chosen {
        ways.add(object, ownership.short_path(object, LONGEST));
    }
    ways.draw(class, objects)
}

/// Reachable objects of these classes: all if they are few, otherwise some that are spread over the dump. The same for the same dump.
fn sample(snapshot: &Snapshot, classes: &[ClassIx], objects: u64) -> Vec<ObjectIx> {
    let one_of = (objects / SAMPLES).max(1);
    let is_taken = |object: ObjectIx| {
        // Fibonacci hashing: objects that were allocated in turns would otherwise meet the same remainder.
        u64::from(object.0).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 < (1 << 32) / one_of
    };
    let all = (0..snapshot.object_count()).into_par_iter().map(ObjectIx::from_usize).with_min_len(1 << 14);
    all.filter(|&object| {
        (one_of == 1 || is_taken(object))
            && classes.contains(&snapshot.class_of(object))
            && snapshot.is_reachable(object)
    })
    .collect()
}

/// A way as far as some object: what leads there, by which field, and what it is.
#[derive(Debug)]
struct Node {
    before: usize,
    field: String,
    label: String,
    /// Whether it is an array, or a part of a collection of the JDK.
    is_entry: bool,
    /// Whether it stands on a line rather than in a box of its own.
    is_between: bool,
    objects: HashSet<ObjectIx>,
}

/// The paths, as a tree.
struct Ways<'a> {
    snapshot: &'a Snapshot,
    nodes: Vec<Node>,
    by_step: HashMap<(usize, String, String), usize>,
    /// By the node before the target and the last field: how many paths, and the first object in the dump.
    ends: HashMap<(usize, String), (usize, ObjectIx)>,
    /// Objects whose path is too long, and those that are softly held only.
    without: usize,
}

impl<'a> Ways<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let roots = Node {
            before: ROOTS,
            field: String::new(),
            label: "GC roots".to_owned(),
            is_entry: false,
            is_between: false,
            objects: HashSet::new(),
        };
        Self { snapshot, nodes: vec![roots], by_step: HashMap::new(), ends: HashMap::new(), without: 0 }
    }

    fn add(&mut self, target: ObjectIx, path: Option<Vec<ObjectIx>>) {
        let Some(path) = path else {
            self.without += 1;
            return;
        };
        let mut at = ROOTS;
        let mut field = String::new();
        for step in path.windows(2) {
            at = self.step(at, field, step[0]);
            field = self.link(step[0], step[1]);
        }
        let end = self.ends.entry((at, field)).or_insert((0, target));
        end.0 += 1;
    }

    /// One step further.
    fn step(&mut self, from: usize, field: String, object: ObjectIx) -> usize {
        let snapshot = self.snapshot;
        let mirrored = snapshot.class_of_mirror(object);
        let name = mirrored.map_or_else(|| snapshot.class_name(object), |class| &class.name);
        // How many nodes of a list, a bucket or a tree are on the way says nothing, nor by which of their fields.
        let last = &self.nodes[from];
        let entries = std::iter::successors(Some(from), |&at| Some(self.nodes[at].before))
            .take_while(|&at| self.nodes[at].is_entry);
        // A node of a library's tree, below the array of another one.
        let above = Some(last.before).filter(|&above| last.is_entry && !self.nodes[above].is_between);
        let mut near = [from].into_iter().chain(entries).chain(above);
        if let Some(again) = near.find(|&node| self.nodes[node].label == name) {
            self.nodes[again].objects.insert(object);
            return again;
        }
        let node =
            *self.by_step.entry((from, field, name.to_owned())).or_insert_with_key(|(_, field, label)| {
                let class = snapshot.class_of(object);
                let is_array = snapshot.classes().get(class).is_array();
                let is_of_jdk = origin_of(snapshot, class) == Origin::Jdk;
                self.nodes.push(Node {
                    before: from,
                    field: field.clone(),
                    label: label.clone(),
                    is_entry: mirrored.is_none() && (is_array || is_of_jdk && label.contains('$')),
                    is_between: from != ROOTS && mirrored.is_none() && (is_array || is_of_jdk),
                    objects: HashSet::new(),
                });
                self.nodes.len() - 1
            });
        self.nodes[node].objects.insert(object);
        node
    }

    fn link(&self, from: ObjectIx, to: ObjectIx) -> String {
        let is_class = self.snapshot.graph().hubs.hub_of(from) == Some(to);
        // Which element it is does not matter, and arrays can be long.
        if self.snapshot.array_length(from).is_some() && !is_class {
            return "[]".to_owned();
        }
        self.snapshot.link(from, to).map_or_else(String::new, |link| link_label(self.snapshot, link))
    }

    /// The graph, if there are two ways or more that are worth telling.
    fn draw(&self, class: &str, objects: u64) -> Option<PathGraph> {
        let looked_at = self.ends.values().map(|&(count, _)| count).sum::<usize>() + self.without;
        if self.without * 2 > looked_at {
            return None;
        }
        let mut ends: Vec<_> = self.ends.iter().collect();
        ends.sort_by_key(|&(_, &(count, first))| (Reverse(count), first));
        let is_worth_it = |count: usize| count * SMALLEST >= looked_at;
        let drawn = ends.iter().take(DRAWN).take_while(|&&(_, &(count, _))| is_worth_it(count)).count();
        if drawn < 2 && !(drawn == 1 && is_worth_it(looked_at - ends[0].1.0)) {
            return None;
        }
        let folded = self.folded(ends[..drawn].iter().map(|&((at, _), _)| *at));
        let mut graph =
            Drawing { ways: self, folded, numbers: HashMap::new(), nodes: Vec::new(), edges: Vec::new() };
        graph.node(ROOTS, looked_at as u64);
        // The node of the objects is numbered last; until then it has no number.
        let mut into_target = Vec::new();
        for &((at, field), &(count, _)) in &ends[..drawn] {
            let (last, field) = graph.way(*at, field.clone(), count as u64);
            into_target.push((last, field, count as u64));
        }
        let drawn: u64 = into_target.iter().map(|&(.., count)| count).sum();
        let others = looked_at as u64 - drawn;
        let Drawing { mut nodes, mut edges, .. } = graph;
        if others > 0 {
            let number = nodes.len() as u32;
            nodes.push(PathNode { label: PathGraph::OTHERS.to_owned(), objects: 0, targets: others });
            edges.push(PathEdge { from: 0, to: number, field: String::new(), paths: others });
            into_target.push((number, String::new(), others));
        }
        let to = nodes.len() as u32;
        nodes.push(PathNode {
            label: class.to_owned(),
            objects: looked_at as u64,
            targets: looked_at as u64,
        });
        for (from, field, paths) in into_target {
            add_edge(&mut edges, from, to, &field, paths);
        }
        Some(PathGraph { objects, looked_at: looked_at as u64, nodes, edges })
    }

    /// The nodes above `ends` that get no box: what is between others, and the middle of long ways where they do not part.
    fn folded(&self, ends: impl Iterator<Item = usize> + Clone) -> HashSet<usize> {
        let above = |at: usize| {
            std::iter::successors(Some(at), |&at| Some(self.nodes[at].before))
                .take_while(|&at| at != ROOTS)
                .filter(|&at| !self.nodes[at].is_between)
        };
        let mut next_by_node: HashMap<usize, HashSet<usize>> = HashMap::new();
        for end in ends.clone() {
            let boxes: Vec<usize> = above(end).collect();
            for pair in boxes.windows(2) {
                next_by_node.entry(pair[1]).or_default().insert(pair[0]);
            }
        }
        let parts = |at: &usize| next_by_node.get(at).is_some_and(|next| next.len() > 1);
        let mut kept = HashSet::new();
        let mut met = HashSet::new();
        for end in ends {
            let boxes: Vec<usize> = above(end).collect();
            // The last one stands first here.
            let middle = 1..boxes.len().saturating_sub(FIRST);
            kept.extend(
                boxes
                    .iter()
                    .enumerate()
                    .filter(|(at, node)| !middle.contains(at) || parts(node))
                    .map(|(_, &node)| node),
            );
            met.extend(
                std::iter::successors(Some(end), |&at| Some(self.nodes[at].before))
                    .take_while(|&at| at != ROOTS),
            );
        }
        met.retain(|at| !kept.contains(at));
        met
    }
}

/// The graph in the making.
struct Drawing<'a> {
    ways: &'a Ways<'a>,
    /// Nodes without a box.
    folded: HashSet<usize>,
    numbers: HashMap<usize, u32>,
    nodes: Vec<PathNode>,
    edges: Vec<PathEdge>,
}

impl Drawing<'_> {
    /// Draws the way to a node over which `paths` lead on by `field`. Tells the last box, and what stands on the line from there.
    fn way(&mut self, end: usize, field: String, paths: u64) -> (u32, String) {
        let nodes = &self.ways.nodes;
        // From the end up to the roots: each box with what stands on the line that leads on from it.
        let mut boxes: Vec<(usize, String)> = Vec::new();
        let (mut at, mut on_line) = (end, field);
        loop {
            if !self.folded.contains(&at) {
                boxes.push((at, std::mem::take(&mut on_line)));
            }
            if at == ROOTS {
                break;
            }
            // What has no box becomes a part of the line.
            on_line = joined(&nodes[at].field, &on_line);
            at = nodes[at].before;
        }
        let mut last: Option<(u32, String)> = None;
        for (at, on_line) in boxes.into_iter().rev() {
            let number = match last {
                Some((before, line)) => {
                    let number = self.node(at, paths);
                    add_edge(&mut self.edges, before, number, &line, paths);
                    number
                }
                None => self.numbers[&ROOTS],
            };
            last = Some((number, on_line));
        }
        last.expect("every way begins at the roots")
    }

    fn node(&mut self, at: usize, paths: u64) -> u32 {
        let node = &self.ways.nodes[at];
        let number = *self.numbers.entry(at).or_insert_with(|| {
            self.nodes.push(PathNode {
                label: node.label.clone(),
                objects: node.objects.len() as u64,
                targets: 0,
            });
            self.nodes.len() as u32 - 1
        });
        self.nodes[number as usize].targets += paths;
        number
    }
}

/// Fields one after the other, as in `table[].value`.
fn joined(first: &str, second: &str) -> String {
    match (first, second) {
        ("", field) | (field, "") => field.to_owned(),
        (first, second) if second.starts_with('[') => format!("{first}{second}"),
        (first, second) => format!("{first}.{second}"),
    }
}

fn add_edge(edges: &mut Vec<PathEdge>, from: u32, to: u32, field: &str, paths: u64) {
    match edges.iter_mut().find(|edge| edge.from == from && edge.to == to) {
        Some(edge) => {
            edge.paths += paths;
            // Two ways tell what there is to see.
            if edge.field != field && !edge.field.contains(", ") {
                edge.field = format!("{}, {field}", edge.field);
            }
        }
        None => edges.push(PathEdge { from, to, field: field.to_owned(), paths }),
    }
}
