//! All ways to the objects of a class, merged into a small graph: who else holds what a suspect is full of.
//!
//! Owns what is merged and what is left out. Each object that is looked at has its shortest strong path; paths with the same beginning (the same
//! fields of the same classes, whatever the positions in arrays) are one until they part. Arrays and objects of the JDK stand on the lines between others. A graph is made only where the objects are not all reached in one way: then the path of one of them says it all.
//! Where several holders of a suspect are known, each object has a path by way of each of them: the shortest one alone would name one holder.
//! Cost: a pass over the classes of all objects, and some hundred steps for each of [`SAMPLES`] objects at most.

use super::super::Context;
use super::super::holders::{Ownership, link_label};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{PathEdge, PathGraph, PathNode, normalise_class};
use crate::snapshot::Snapshot;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

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

/// By what one of several holders holds: the object that refers from outside, and what it refers to.
pub(super) type Entry = (ObjectIx, ObjectIx);

/// The node of all roots.
const ROOTS: usize = 0;

/// All ways to the reachable objects of the classes of that name; `None` if there is but one worth telling. Of classes of the JDK there is none: what is
/// full of strings is told by its holder.
pub(super) fn merged(
    context: &Context<'_>,
    ownership: &Ownership<'_>,
    class: &str,
    instances: u64,
    entries: &[Entry],
) -> Option<PathGraph> {
    let snapshot = context.snapshot;
    let classes = snapshot.classes().named(class);
    let is_one = instances < 2;
    if (is_one && entries.is_empty())
        || classes.is_empty()
        || classes.iter().any(|&class| origin_of(snapshot, class) == Origin::Jdk)
    {
        return None;
    }
    let counts = snapshot.class_counts();
    let mut objects = classes.iter().map(|class| counts[class.index()].instances).sum();
    // Of the instances themselves or of one big object the holders are known; otherwise of the collection with all of them.
    let mut chosen: Vec<ObjectIx> = entries.iter().map(|&(_, target)| target).collect();
    chosen.retain(|&target| classes.contains(&snapshot.class_of(target)));
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.is_empty() && !is_one {
        chosen = sample(snapshot, classes, objects);
    }
    if is_one {
        objects = chosen.len() as u64;
    }
    let mut ways = Ways::new(snapshot);
    for &object in &chosen {
        ways.add(&paths_to(ownership, object, entries));
    }
    ways.draw(class, objects)
}

/// A path to an object.
struct Path {
    /// The thread that holds the first object, and the frame.
    local: Option<(ObjectIx, String)>,
    objects: Vec<ObjectIx>,
}

/// The shortest path to `object`, or where several hold what it passes, one by way of each of them.
fn paths_to(ownership: &Ownership<'_>, object: ObjectIx, entries: &[Entry]) -> Vec<Path> {
    let of = |objects: Vec<ObjectIx>| Path { local: ownership.local_of(objects[0]), objects };
    let Some(path) = ownership.short_path(object, LONGEST) else { return Vec::new() };
    let is_entered = |object: &ObjectIx| entries.iter().any(|(_, target)| target == object);
    let Some(at) = path.iter().rposition(is_entered) else { return vec![of(path)] };
    let end = &path[at..];
    let by = |&(referrer, _): &Entry| ownership.short_path(referrer, LONGEST);
    let mut paths: Vec<Vec<ObjectIx>> =
        entries.iter().filter(|(_, target)| *target == end[0]).filter_map(by).collect();
    paths.retain(|before| !before.iter().any(|object| end.contains(object)));
    paths.iter_mut().for_each(|path| path.extend_from_slice(end));
    if paths.is_empty() { vec![of(path)] } else { paths.into_iter().map(of).collect() }
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
    /// What classes are called: without the number that each lambda has of its own.
    names: HashMap<&'a str, Cow<'a, str>>,
    /// By the node before the target and the last field: the numbers of the objects that are reached in this way, ascending.
    ends: HashMap<(usize, String), Vec<u32>>,
    looked_at: u32,
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
        Self {
            snapshot,
            nodes: vec![roots],
            by_step: HashMap::new(),
            names: HashMap::new(),
            ends: HashMap::new(),
            looked_at: 0,
            without: 0,
        }
    }

    /// An object with its paths. Objects come in the order of the dump.
    fn add(&mut self, paths: &[Path]) {
        self.without += usize::from(paths.is_empty());
        for Path { local, objects } in paths {
            let (mut at, mut field) = (ROOTS, String::new());
            if let Some((thread, frame)) = local {
                (at, field) = (self.step(ROOTS, field, *thread), frame.clone());
            }
            for step in objects.windows(2) {
                at = self.step(at, field, step[0]);
                field = self.link(step[0], step[1]);
            }
            let by = self.ends.entry((at, field)).or_default();
            if by.last() != Some(&self.looked_at) {
                by.push(self.looked_at);
            }
        }
        self.looked_at += 1;
    }

    /// One step further.
    fn step(&mut self, from: usize, field: String, object: ObjectIx) -> usize {
        let snapshot = self.snapshot;
        let mirrored = snapshot.class_of_mirror(object);
        let name = mirrored.map_or_else(|| snapshot.class_name(object), |class| &class.name);
        let name = self.names.entry(name).or_insert_with(|| normalise_class(name)).clone();
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
            *self.by_step.entry((from, field, name.into_owned())).or_insert_with_key(|(_, field, label)| {
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
        let looked_at = self.looked_at as usize;
        if self.without * 2 > looked_at {
            return None;
        }
        let mut ends: Vec<(&(usize, String), &Vec<u32>)> = self.ends.iter().collect();
        // The numbers of nodes are given in the order in which they are met.
        ends.sort_by_key(|&(end, by)| (Reverse(by.len()), by.first(), end));
        let is_worth_it = |count: usize| count * SMALLEST >= looked_at;
        let drawn = ends.iter().take(DRAWN).take_while(|(_, by)| is_worth_it(by.len())).count();
        if drawn < 2 && !(drawn == 1 && is_worth_it(looked_at - ends[0].1.len())) {
            return None;
        }
        let folded = self.folded(ends[..drawn].iter().map(|&((at, _), _)| *at));
        let mut graph =
            Drawing { ways: self, folded, numbers: HashMap::new(), nodes: Vec::new(), edges: Vec::new() };
        let all: Vec<u32> = (0..self.looked_at).collect();
        graph.node(ROOTS, &all);
        // The node of the objects is numbered last; until then it has no number.
        let mut into_target = Vec::new();
        for &((at, field), by) in &ends[..drawn] {
            let (last, field) = graph.way(*at, field.clone(), by);
            into_target.push((last, field, by));
        }
        let others: HashSet<u32> = ends[drawn..].iter().flat_map(|(_, by)| by.iter().copied()).collect();
        let others = (others.len() + self.without) as u64;
        let to = graph.nodes.len() as u32 + u32::from(others > 0);
        for (from, field, by) in into_target {
            graph.edge(from, to, &field, by);
        }
        let Drawing { nodes, edges, .. } = graph;
        let count = |by: BTreeSet<u32>| by.len() as u64;
        let mut nodes: Vec<PathNode> =
            nodes.into_iter().map(|(node, by)| PathNode { targets: count(by), ..node }).collect();
        let mut edges: Vec<PathEdge> =
            edges.into_iter().map(|(edge, by)| PathEdge { paths: count(by), ..edge }).collect();
        if others > 0 {
            let number = nodes.len() as u32;
            nodes.push(PathNode { label: PathGraph::OTHERS.to_owned(), objects: 0, targets: others });
            edges.push(PathEdge { from: 0, to: number, field: String::new(), paths: others });
            edges.push(PathEdge { from: number, to, field: String::new(), paths: others });
        }
        nodes.push(PathNode {
            label: class.to_owned(),
            objects: looked_at as u64,
            targets: looked_at as u64,
        });
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
    /// With the numbers of the objects whose paths pass there.
    nodes: Vec<(PathNode, BTreeSet<u32>)>,
    edges: Vec<(PathEdge, BTreeSet<u32>)>,
}

impl Drawing<'_> {
    /// Draws the way to a node over which the paths `by` lead on by `field`. Tells the last box, and what stands on the line from there.
    fn way(&mut self, end: usize, field: String, by: &[u32]) -> (u32, String) {
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
                    let number = self.node(at, by);
                    self.edge(before, number, &line, by);
                    number
                }
                None => self.numbers[&ROOTS],
            };
            last = Some((number, on_line));
        }
        last.expect("every way begins at the roots")
    }

    fn node(&mut self, at: usize, by: &[u32]) -> u32 {
        let node = &self.ways.nodes[at];
        let number = *self.numbers.entry(at).or_insert_with(|| {
            let objects = node.objects.len() as u64;
            let made = PathNode { label: node.label.clone(), objects, targets: 0 };
            self.nodes.push((made, BTreeSet::new()));
            self.nodes.len() as u32 - 1
        });
        self.nodes[number as usize].1.extend(by);
        number
    }

    /// By another field of the same object it is another way, with an edge of its own.
    fn edge(&mut self, from: u32, to: u32, field: &str, by: &[u32]) {
        let is_same = |edge: &PathEdge| (edge.from, edge.to) == (from, to) && edge.field == field;
        match self.edges.iter_mut().find(|(edge, _)| is_same(edge)) {
            Some((_, known)) => known.extend(by),
            None => {
                let edge = PathEdge { from, to, field: field.to_owned(), paths: 0 };
                self.edges.push((edge, by.iter().copied().collect()));
            }
        }
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
