//! Graphs for the tests of `graph`: a random generator, the same graph as plain lists, and answers by brute force.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by several test files, each of which uses a part"
)]

use oomph::graph::{
    Dominator, DominatorTree, ExtraEdges, HubColumn, Hubs, ObjectGraph, Part, References, ReferencesBuilder,
    Width,
};
use oomph::ix::{ObjectIx, OptObjectIx};
use oomph::progress::Progress;
use oomph::storage::Storage;

/// xorshift64*: the same numbers on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }

    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }
}

/// A graph as a test writes it down.
#[derive(Debug, Clone, Default)]
pub struct Plain {
    /// Slots of each object; `None` is a dangling one.
    pub slots: Vec<Vec<Option<u32>>>,
    pub extra: Vec<(u32, u32)>,
    /// Hub number of each object, and the object that each hub is.
    pub hub_by_object: Vec<u16>,
    pub object_by_hub: Vec<Option<u32>>,
    pub roots: Vec<u32>,
}

/// What [`ObjectGraph`] borrows from.
pub struct Built {
    pub references: References,
    pub extra: ExtraEdges,
    pub hub_by_object: Vec<u16>,
    pub object_by_hub: Vec<OptObjectIx>,
    pub roots: Vec<ObjectIx>,
}

impl Built {
    pub fn graph(&self) -> ObjectGraph<'_> {
        ObjectGraph {
            references: &self.references,
            extra: &self.extra,
            hubs: Hubs::new(HubColumn::U16(&self.hub_by_object), &self.object_by_hub),
            roots: &self.roots,
        }
    }
}

pub fn references(slots: &[Vec<Option<u32>>]) -> References {
    let slot_count = slots.iter().map(Vec::len).sum();
    let whole = [Part { first_object: 0, first_slot: 0 }];
    // Large heaps have wide slots.
    let width = if slot_count % 2 == 0 { Width::Three } else { Width::Four };
    let mut builder =
        ReferencesBuilder::with_width(width, &Storage::default(), slots.len(), slot_count, &whole).unwrap();
    for writer in &mut builder.writers() {
        for list in slots {
            list.iter().for_each(|target| writer.push(target.map(ObjectIx)));
            writer.end_object();
        }
    }
    builder.finish().unwrap()
}

impl Plain {
    /// `objects` objects without hubs.
    pub fn new(slots: Vec<Vec<Option<u32>>>, roots: Vec<u32>) -> Self {
        let hub_by_object = vec![0; slots.len()];
        Self { slots, extra: Vec::new(), hub_by_object, object_by_hub: Vec::new(), roots }
    }

    pub fn build(&self) -> Built {
        Built {
            references: references(&self.slots),
            extra: ExtraEdges::new(self.extra.iter().map(|&(a, b)| (ObjectIx(a), ObjectIx(b))).collect()),
            hub_by_object: self.hub_by_object.clone(),
            object_by_hub: self.object_by_hub.iter().map(|&hub| hub.map(ObjectIx).into()).collect(),
            roots: self.roots.iter().map(|&root| ObjectIx(root)).collect(),
        }
    }

    /// All edges out of each object.
    pub fn successors(&self) -> Vec<Vec<u32>> {
        let mut lists: Vec<Vec<u32>> =
            self.slots.iter().map(|list| list.iter().flatten().copied().collect()).collect();
        self.extra.iter().for_each(|&(from, to)| lists[from as usize].push(to));
        for (list, &hub) in lists.iter_mut().zip(&self.hub_by_object) {
            list.extend(self.object_by_hub.get(usize::from(hub)).copied().flatten());
        }
        lists
    }

    /// A random graph of a random kind: sparse or dense, with or without hubs, extra edges, garbage, chains.
    pub fn random(random: &mut Random, most: usize) -> Self {
        let n = 1 + random.below(most);
        let mean = 1 + random.below(4);
        let local = random.one_in(3);
        let tree_like = random.one_in(2);
        let mut slots = Vec::new();
        for at in 0..n {
            let mut list = Vec::new();
            if tree_like {
                // Like real heaps: most objects have one referrer near by, a few are shared.
                for child in [2 * at + 1, 2 * at + 2] {
                    if child < n && !random.one_in(8) {
                        list.push(Some(child as u32));
                    }
                }
                if random.one_in(3) {
                    list.push(Some(random.below(n) as u32));
                }
            } else {
                for _ in 0..random.below(2 * mean) {
                    let target = if local {
                        (at + random.below(5)).saturating_sub(2).min(n - 1)
                    } else {
                        random.below(n)
                    };
                    list.push((!random.one_in(12)).then_some(target as u32));
                }
            }
            slots.push(list);
        }
        // Objects that hundreds of others refer to, most of them close together and some from elsewhere, so that the way round what holds most of them is easily missed.
        for _ in 0..if n > 500 && random.one_in(2) { 1 + random.below(5) } else { 0 } {
            let star = Some(random.below(n) as u32);
            let first = random.below(n);
            for list in &mut slots[first..n.min(first + 100 + n / 8)] {
                if !random.one_in(4) {
                    list.push(star);
                }
            }
            (0..random.below(3)).for_each(|_| slots[random.below(n)].push(star));
        }
        let roots = (0..1 + random.below(3)).map(|_| random.below(n) as u32).collect();
        let mut plain = Self::new(slots, roots);
        if random.one_in(3) {
            plain.extra =
                (0..random.below(4)).map(|_| (random.below(n) as u32, random.below(n) as u32)).collect();
        }
        if !random.one_in(3) {
            let hubs = 1 + random.below(4);
            plain.object_by_hub =
                (0..hubs).map(|_| (!random.one_in(4)).then(|| random.below(n) as u32)).collect();
            plain.hub_by_object = (0..n).map(|_| random.below(hubs + 1) as u16).collect();
        }
        plain
    }
}

pub fn reach(successors: &[Vec<u32>], roots: &[u32], without: Option<u32>) -> Vec<bool> {
    let mut seen = vec![false; successors.len()];
    let mut stack: Vec<u32> = roots.to_vec();
    while let Some(object) = stack.pop() {
        if Some(object) != without && !std::mem::replace(&mut seen[object as usize], true) {
            stack.extend(&successors[object as usize]);
        }
    }
    seen
}

/// Immediate dominators by the definition: `d` dominates what is no longer reached without it.
pub fn brute_force(plain: &Plain) -> Vec<Dominator> {
    let successors = plain.successors();
    let n = successors.len();
    let reached = reach(&successors, &plain.roots, None);
    let dominated: Vec<Vec<bool>> = (0..n as u32)
        .map(|d| {
            let left = reach(&successors, &plain.roots, Some(d));
            (0..n).map(|o| reached[d as usize] && reached[o] && !left[o]).collect()
        })
        .collect();
    let count = |o: usize| (0..n).filter(|&d| dominated[d][o]).count();
    (0..n)
        .map(|o| {
            if !reached[o] {
                return Dominator::Unreachable;
            }
            // The immediate dominator is the one that is itself dominated by all others.
            let nearest = (0..n).filter(|&d| d != o && dominated[d][o]).max_by_key(|&d| count(d));
            nearest.map_or(Dominator::Root, |d| Dominator::Object(ObjectIx(d as u32)))
        })
        .collect()
}

/// Immediate dominators by the simple version of Lengauer and Tarjan ("A Fast Algorithm for Finding Dominators in a Flowgraph", 1979) on all
/// edges as they are: another algorithm than the library's, no peeling, no hubs apart, for graphs that brute force cannot do.
pub fn lengauer_tarjan(plain: &Plain) -> Vec<Dominator> {
    const NONE: u32 = u32::MAX;
    let mut successors = plain.successors();
    let root = successors.len() as u32;
    successors.push(plain.roots.clone());
    let n = successors.len();
    let mut predecessors = vec![Vec::new(); n];
    for (from, list) in successors.iter().enumerate() {
        list.iter().for_each(|&to| predecessors[to as usize].push(from as u32));
    }
    // Preorder; `semi` holds numbers, everything else holds nodes.
    let (mut semi, mut parent) = (vec![NONE; n], vec![NONE; n]);
    let mut vertex = Vec::new();
    let mut stack = vec![(root, 0)];
    semi[root as usize] = 0;
    vertex.push(root);
    while let Some((node, edge)) = stack.last_mut() {
        let (from, at) = (*node, *edge);
        *edge += 1;
        match successors[from as usize].get(at) {
            None => {
                stack.pop();
            }
            Some(&to) if semi[to as usize] == NONE => {
                semi[to as usize] = vertex.len() as u32;
                parent[to as usize] = from;
                vertex.push(to);
                stack.push((to, 0));
            }
            Some(_) => {}
        }
    }
    let mut label: Vec<u32> = (0..n as u32).collect();
    let (mut ancestor, mut idom) = (vec![NONE; n], vec![NONE; n]);
    let mut bucket = vec![Vec::new(); n];
    let mut eval = |node: u32, ancestor: &mut Vec<u32>, semi: &Vec<u32>| {
        if ancestor[node as usize] == NONE {
            return node;
        }
        let mut path = Vec::new();
        let mut at = node;
        while ancestor[ancestor[at as usize] as usize] != NONE {
            path.push(at);
            at = ancestor[at as usize];
        }
        while let Some(at) = path.pop() {
            let above = ancestor[at as usize];
            if semi[label[above as usize] as usize] < semi[label[at as usize] as usize] {
                label[at as usize] = label[above as usize];
            }
            ancestor[at as usize] = ancestor[above as usize];
        }
        label[node as usize]
    };
    for &node in vertex[1..].iter().rev() {
        for &from in &predecessors[node as usize] {
            if semi[from as usize] == NONE {
                continue;
            }
            let least = eval(from, &mut ancestor, &semi);
            semi[node as usize] = semi[node as usize].min(semi[least as usize]);
        }
        bucket[vertex[semi[node as usize] as usize] as usize].push(node);
        let above = parent[node as usize];
        ancestor[node as usize] = above;
        for waiting in std::mem::take(&mut bucket[above as usize]) {
            let least = eval(waiting, &mut ancestor, &semi);
            idom[waiting as usize] =
                if semi[least as usize] < semi[waiting as usize] { least } else { above };
        }
    }
    for &node in &vertex[1..] {
        if idom[node as usize] != vertex[semi[node as usize] as usize] {
            idom[node as usize] = idom[idom[node as usize] as usize];
        }
    }
    (0..n - 1)
        .map(|node| match idom[node] {
            NONE => Dominator::Unreachable,
            above if above == root => Dominator::Root,
            above => Dominator::Object(ObjectIx(above)),
        })
        .collect()
}

pub fn dominators(tree: &DominatorTree) -> Vec<Dominator> {
    (0..tree.object_count()).map(|o| tree.immediate_dominator(ObjectIx(o as u32))).collect()
}

pub fn dominator_tree(built: &Built) -> DominatorTree {
    oomph::graph::dominator_tree(&built.graph(), &Storage::default(), &Progress::silent()).unwrap()
}

/// Runs `work` on a pool of so many threads.
pub fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}
