//! Heaps that strain one part of an analysis each: long lists, deep trees, shared subgraphs, wide fans, many roots.
//! All objects have one size, so an address is a multiplication.

use super::Shape;
use super::jvm::Place;
use super::writer::HeapWriter;
use crate::heap::HeapBuilder;
use crate::root::Root;
use crate::splitmix::mix;
use crate::value::{Addr, Kind, Value};
use std::io;

/// Objects of a branch of the deep tree: one on the spine and four beside it.
const BRANCH: u64 = 5;
/// Objects on each side of a group of the bipartite heap.
const SIDE: u64 = 256;

/// Who refers to whom.
#[derive(Clone, Copy)]
pub(crate) enum Edges {
    /// Each node to the next.
    Chain,
    /// A spine as long as a fifth of the nodes, with a small tree at each of its nodes.
    DeepTree,
    /// A binary tree in which each node has two more references to any later ones.
    WideDag,
}

impl Edges {
    const fn degree(self) -> usize {
        match self {
            Edges::Chain => 1,
            Edges::DeepTree => 2,
            Edges::WideDag => 4,
        }
    }

    /// The node that `slot` of `node` refers to, if it is below `nodes`.
    fn target(self, node: u64, slot: u64, nodes: u64, seed: u64) -> u64 {
        match (self, node % BRANCH, slot) {
            (Edges::Chain, ..) => node + 1,
            (Edges::DeepTree, 0, 0) => node + BRANCH,
            (Edges::DeepTree, 0, _) => node + 1,
            (Edges::DeepTree, 1, _) => node + 1 + slot,
            (Edges::DeepTree, 2, 0) => node + 2,
            (Edges::DeepTree, ..) => nodes,
            (Edges::WideDag, _, 0 | 1) => 2 * node + 1 + slot,
            (Edges::WideDag, ..) => node + 1 + mix(seed ^ mix(4 * node + slot)) % (nodes - node),
        }
    }
}

/// Nodes of one class; `Graph.HEAD` holds the first one.
pub(crate) struct Graph {
    edges: Edges,
    nodes: u64,
    seed: u64,
    place: Place,
    class: Addr,
    node_bytes: u64,
}

impl Graph {
    pub(crate) const fn new(edges: Edges, nodes: u64, seed: u64, place: Place) -> Self {
        Graph { edges, nodes, seed, place, class: Addr::NULL, node_bytes: 0 }
    }

    const fn address(&self, node: u64) -> Addr {
        Addr(self.place.bulk() + node * self.node_bytes)
    }
}

impl Shape for Graph {
    fn define(&mut self, heap: &mut HeapBuilder) {
        let mut class = heap.app_class("com.acme.graph.Node");
        for name in &["first", "second", "third", "fourth"][..self.edges.degree()] {
            class = class.field(name, Kind::Ref);
        }
        let class = class.field("number", Kind::Int).build();
        self.class = class.address();
        self.node_bytes = heap.instance_bytes(class);
        hold(heap, self.address(0));
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let degree = self.edges.degree() as u64;
        for node in 0..self.nodes {
            out.instance(self.address(node), self.class, 8 * degree as u32 + 4);
            for slot in 0..degree {
                let target = self.edges.target(node, slot, self.nodes, self.seed);
                out.reference(if target < self.nodes { self.address(target) } else { Addr::NULL });
            }
            out.fields().u4(node as u32);
            out.end()?;
        }
        Ok(())
    }
}

/// `Graph.HEAD` holds `head`.
fn hold(heap: &mut HeapBuilder, head: Addr) {
    heap.app_class("com.acme.graph.Graph").static_field("HEAD", Value::Ref(head)).build();
}

/// Plain objects, one after another.
struct Leaves {
    class: Addr,
    bytes: u64,
}

impl Leaves {
    const UNKNOWN: Leaves = Leaves { class: Addr::NULL, bytes: 0 };

    fn of(heap: &mut HeapBuilder) -> Self {
        let class = heap.jdk_class("java.lang.Object");
        Leaves { class: class.address(), bytes: heap.instance_bytes(class) }
    }

    const fn address(&self, first: u64, number: u64) -> Addr {
        Addr(first + number * self.bytes)
    }

    fn write(&self, out: &mut HeapWriter<'_>, first: u64, count: u64) -> io::Result<()> {
        (0..count).try_for_each(|number| {
            out.instance(self.address(first, number), self.class, 0);
            out.end()
        })
    }
}

/// One array with everything else in it.
pub(crate) struct Star {
    leaf_count: u64,
    place: Place,
    leaves: Leaves,
    array_class: Addr,
}

impl Star {
    pub(crate) const fn new(objects: u64, place: Place) -> Self {
        Star { leaf_count: objects - 1, place, leaves: Leaves::UNKNOWN, array_class: Addr::NULL }
    }
}

impl Shape for Star {
    fn define(&mut self, heap: &mut HeapBuilder) {
        self.leaves = Leaves::of(heap);
        self.array_class = heap.class_named("java.lang.Object[]").address();
        hold(heap, Addr(self.place.bulk()));
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let array = self.place.bulk();
        let first = array + self.place.layout.array_bytes(Kind::Ref, self.leaf_count);
        out.object_array(Addr(array), self.array_class, self.leaf_count, |i| self.leaves.address(first, i))?;
        self.leaves.write(out, first, self.leaf_count)
    }
}

/// Groups of arrays that all hold the same objects, so that no array dominates any. One array holds the arrays.
pub(crate) struct Bipartite {
    groups: u64,
    place: Place,
    leaves: Leaves,
    array_class: Addr,
}

impl Bipartite {
    pub(crate) fn new(objects: u64, place: Place) -> Self {
        let groups = (objects / (2 * SIDE)).max(1);
        Bipartite { groups, place, leaves: Leaves::UNKNOWN, array_class: Addr::NULL }
    }

    const fn side_bytes(&self) -> u64 {
        self.place.layout.array_bytes(Kind::Ref, SIDE)
    }

    const fn group(&self, group: u64) -> u64 {
        let first = self.place.bulk() + self.place.layout.array_bytes(Kind::Ref, self.groups * SIDE);
        first + group * SIDE * (self.side_bytes() + self.leaves.bytes)
    }

    const fn array(&self, number: u64) -> Addr {
        Addr(self.group(number / SIDE) + number % SIDE * self.side_bytes())
    }
}

impl Shape for Bipartite {
    fn define(&mut self, heap: &mut HeapBuilder) {
        self.leaves = Leaves::of(heap);
        self.array_class = heap.class_named("java.lang.Object[]").address();
        hold(heap, Addr(self.place.bulk()));
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let top = Addr(self.place.bulk());
        out.object_array(top, self.array_class, self.groups * SIDE, |number| self.array(number))?;
        for group in 0..self.groups {
            let first = self.group(group) + SIDE * self.side_bytes();
            for number in group * SIDE..(group + 1) * SIDE {
                let leaf = |i| self.leaves.address(first, i);
                out.object_array(self.array(number), self.array_class, SIDE, leaf)?;
            }
            self.leaves.write(out, first, SIDE)?;
        }
        Ok(())
    }
}

/// Objects that only JNI globals hold, one each.
pub(crate) struct Roots {
    objects: u64,
    place: Place,
    leaves: Leaves,
}

impl Roots {
    pub(crate) const fn new(objects: u64, place: Place) -> Self {
        Roots { objects, place, leaves: Leaves::UNKNOWN }
    }
}

impl Shape for Roots {
    fn define(&mut self, heap: &mut HeapBuilder) {
        self.leaves = Leaves::of(heap);
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        self.leaves.write(out, self.place.bulk(), self.objects)
    }

    fn roots(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        (0..self.objects).try_for_each(|number| {
            let object = self.leaves.address(self.place.bulk(), number);
            out.root(Root::JniGlobal { object, handle: Addr(0x7e00_0000_0000 + 8 * number) })
        })
    }
}
