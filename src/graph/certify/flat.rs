//! The order of siblings, found in the graph of derived edges.
//!
//! Owns two steps. In the graph of derived edges nothing but the start dominates anything (the start has an edge to each object
//! that is not constrained), so there are two spanning trees whose paths to each object meet nowhere in between. [`Semidominators`]
//! finds them by a depth-first search and semidominators. [`Contraction`] makes an order of them: one after another it takes out a node with at most one
//! child in both trees, hands that child to the node's own parent, and then puts the nodes back in reverse, each right beside that
//! parent, where the child sees it in the same direction as the parent. (After Georgiadis and Tarjan, as named above; with
//! dominators known beforehand, the flat graph is all that is left of the general case.)
//!
//! Cost: near linear time; about 60 bytes per node and 8 per edge. Serial; nodes are few in ordinary heaps.

use super::list::OrderedList;
use super::{CertifyError, Flaw};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, BitColumn, Column, Storage, StorageError};

/// What the columns of this step are called.
const WHAT: &str = "graph of derived edges";
/// How often a long loop looks whether it was cancelled.
const EVERY: u32 = 1 << 14;

fn numbers(storage: &Storage, len: usize) -> Result<Column<u32>, StorageError> {
    storage.column(WHAT, len, Access::Random)
}

/// Siblings in an order in which each constrained one has one that leads to it before and another one behind. `edges` are `[to, from]`, sorted;
/// so many of them are in use.
pub(super) fn sibling_order(
    edges: (Column<[u32; 2]>, usize),
    constrained: &BitColumn,
    storage: &Storage,
    progress: &Progress,
) -> Result<Column<u32>, CertifyError> {
    let flat = Flat::new(edges, constrained, storage)?;
    let search = Search::new(&flat, constrained, storage, progress)?;
    let trees = Semidominators::new(&flat, &search, storage)?.trees(&flat, &search, storage, progress)?;
    let object = |number: u32| flat.object(search.node_by_number[number as usize]);
    let members = Contraction::new(trees, storage)?.order(storage, progress);
    let list = members?.map_err(|number| Flaw::NotNearest(object(number)))?;
    let mut siblings = numbers(storage, flat.node_count())?;
    siblings.iter_mut().zip(list.members()).for_each(|(slot, number)| *slot = object(number).0);
    Ok(siblings)
}

/// The graph: nodes from 1, ascending by object; the edges into each node are consecutive.
struct Flat {
    object_by_node: Column<u32>,
    /// Both ends as nodes, `[to, from]`.
    edges: Column<[u32; 2]>,
    /// Where the edges into each node begin.
    begin_by_node: Column<u32>,
}

impl Flat {
    fn new(
        (mut edges, edge_count): (Column<[u32; 2]>, usize),
        constrained: &BitColumn,
        storage: &Storage,
    ) -> Result<Self, CertifyError> {
        let edges_in_use = &mut edges[..edge_count];
        let mut node_by_object = numbers(storage, constrained.len())?;
        constrained.ones().for_each(|object| node_by_object[object] = 1);
        edges_in_use.iter().for_each(|edge| node_by_object[edge[1] as usize] = 1);
        let count = node_by_object.iter().filter(|&&node| node != 0).count();
        let mut object_by_node = numbers(storage, count + 1)?;
        let mut node = 0;
        for (object, slot) in node_by_object.iter_mut().enumerate().filter(|(_, slot)| **slot != 0) {
            node += 1;
            *slot = node;
            object_by_node[node as usize] = object as u32;
        }
        let mut begin_by_node = numbers(storage, count + 2)?;
        for edge in edges_in_use {
            *edge = edge.map(|object| node_by_object[object as usize]);
            begin_by_node[edge[0] as usize + 1] += 1;
        }
        add_up(&mut begin_by_node);
        Ok(Self { object_by_node, edges, begin_by_node })
    }

    fn node_count(&self) -> usize {
        self.object_by_node.len() - 1
    }

    fn object(&self, node: u32) -> ObjectIx {
        ObjectIx(self.object_by_node[node as usize])
    }

    /// The edges in use.
    fn edges(&self) -> &[[u32; 2]] {
        &self.edges[..self.begin_by_node[self.node_count() + 1] as usize]
    }

    /// The nodes with an edge to `node`.
    fn into(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let node = node as usize;
        let range = self.begin_by_node[node] as usize..self.begin_by_node[node + 1] as usize;
        self.edges[range].iter().map(|edge| edge[1])
    }
}

/// Makes counts, each one place late, to beginnings.
fn add_up(counts: &mut [u32]) {
    let mut sum = 0u32;
    for count in counts {
        sum = sum.wrapping_add(*count);
        *count = sum;
    }
}

/// A depth-first search from the start, which is number 0; other nodes are numbered from 1 in preorder.
struct Search {
    number_by_node: Column<u32>,
    node_by_number: Column<u32>,
    parent_by_number: Column<u32>,
}

impl Search {
    fn new(
        flat: &Flat,
        constrained: &BitColumn,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, CertifyError> {
        let count = flat.node_count();
        let mut begin = numbers(storage, count + 2)?;
        flat.edges().iter().for_each(|edge| begin[edge[1] as usize + 1] += 1);
        add_up(&mut begin);
        let mut targets = numbers(storage, flat.edges().len())?;
        let mut next = numbers(storage, count + 1)?;
        next.copy_from_slice(&begin[..=count]);
        for &[to, from] in flat.edges() {
            targets[next[from as usize] as usize] = to;
            next[from as usize] += 1;
        }
        next.copy_from_slice(&begin[..=count]);

        let mut search = Self {
            number_by_node: numbers(storage, count + 1)?,
            node_by_number: numbers(storage, count + 1)?,
            parent_by_number: numbers(storage, count + 1)?,
        };
        let phase = progress.phase("search derived edges", Unit::Objects, count as u64);
        let mut last = 0;
        let is_free = |&node: &u32| !constrained.get(flat.object(node).index());
        for root in (1..=count as u32).filter(is_free) {
            let mut at = root;
            search.number(root, 0, &mut last);
            loop {
                let edge = next[at as usize];
                if edge < begin[at as usize + 1] {
                    next[at as usize] += 1;
                    let to = targets[edge as usize];
                    if search.number_by_node[to as usize] == 0 {
                        search.number(to, search.number_by_node[at as usize], &mut last);
                        at = to;
                        if last.is_multiple_of(EVERY) {
                            phase.advance(u64::from(EVERY))?;
                        }
                    }
                    continue;
                }
                match search.parent_by_number[search.number_by_node[at as usize] as usize] {
                    0 => break,
                    parent => at = search.node_by_number[parent as usize],
                }
            }
        }
        match (1..=count as u32).find(|&node| search.number_by_node[node as usize] == 0) {
            Some(node) => Err(Flaw::NotNearest(flat.object(node)).into()),
            None => Ok(search),
        }
    }

    fn number(&mut self, node: u32, parent: u32, last: &mut u32) {
        *last += 1;
        self.number_by_node[node as usize] = *last;
        self.node_by_number[*last as usize] = node;
        self.parent_by_number[*last as usize] = parent;
    }
}

/// Semidominators after T. Lengauer and R. E. Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph" (1979), all in numbers of the search.
struct Semidominators {
    semi: Column<u32>,
    /// Where the edge comes from that ends a path from the semidominator.
    via: Column<u32>,
    /// The node with the least semidominator on the way down from the own one: the node itself if there is no lesser one.
    relative: Column<u32>,
    /// The node with the least semidominator on the path to [`Self::ancestor`], which is left out.
    label: Column<u32>,
    /// 0 while not linked.
    ancestor: Column<u32>,
    path: Vec<u32>,
}

impl Semidominators {
    fn new(flat: &Flat, search: &Search, storage: &Storage) -> Result<Self, CertifyError> {
        let count = flat.node_count();
        let column = || numbers(storage, count + 1);
        let mut new = Self {
            semi: column()?,
            via: column()?,
            relative: column()?,
            label: column()?,
            ancestor: column()?,
            path: Vec::new(),
        };
        // Nodes whose semidominator is the index, to be looked at when all below that one are linked.
        let (mut waiting, mut next_waiting) = (column()?, column()?);
        for number in 1..=count as u32 {
            new.semi[number as usize] = number;
            new.label[number as usize] = number;
        }
        for number in (1..=count as u32).rev() {
            let at = number as usize;
            let parent = search.parent_by_number[at];
            if parent == 0 {
                new.semi[at] = 0;
            }
            for from in flat.into(search.node_by_number[at]) {
                let from = search.number_by_node[from as usize];
                let least = new.least(from);
                if new.semi[least as usize] < new.semi[at] {
                    new.semi[at] = new.semi[least as usize];
                    new.via[at] = from;
                }
            }
            let semi = new.semi[at] as usize;
            if semi == 0 {
                new.relative[at] = number;
            } else {
                next_waiting[at] = waiting[semi];
                waiting[semi] = number;
            }
            if parent == 0 {
                continue;
            }
            new.ancestor[at] = parent;
            let mut waits = std::mem::take(&mut waiting[parent as usize]);
            while waits != 0 {
                let least = new.least(waits);
                let is_less = new.semi[least as usize] < new.semi[waits as usize];
                new.relative[waits as usize] = if is_less { least } else { waits };
                waits = next_waiting[waits as usize];
            }
        }
        Ok(new)
    }

    /// The node with the least semidominator on the path from `number` up to what is not yet linked; `number` itself if it is not.
    fn least(&mut self, number: u32) -> u32 {
        let mut at = number;
        loop {
            let above = self.ancestor[at as usize];
            if above == 0 || self.ancestor[above as usize] == 0 {
                break;
            }
            self.path.push(at);
            at = above;
        }
        while let Some(at) = self.path.pop() {
            let above = self.ancestor[at as usize] as usize;
            let (label, label_above) = (self.label[at as usize], self.label[above]);
            if self.semi[label_above as usize] < self.semi[label as usize] {
                self.label[at as usize] = label_above;
            }
            self.ancestor[at as usize] = self.ancestor[above];
        }
        self.label[number as usize]
    }

    /// The parents of all numbers in two spanning trees whose paths to a node meet nowhere between the start and that node. Each node has
    /// its parent in the search in one tree and in the other one the node that ends a path from its semidominator: on the other
    /// side than its relative, so that the path through the relative jumps over where this one goes on.
    fn trees(
        self,
        flat: &Flat,
        search: &Search,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<[Column<u32>; 2], CertifyError> {
        progress.check()?;
        let count = flat.node_count();
        let mut sides = storage.column::<u8>(WHAT, count + 1, Access::Random)?;
        let mut trees = [numbers(storage, count + 1)?, numbers(storage, count + 1)?];
        for at in 1..=count {
            let relative = self.relative[at] as usize;
            let side = if relative == at { 0 } else { usize::from(sides[relative] ^ 1) };
            sides[at] = side as u8;
            trees[side][at] = self.via[at];
            trees[side ^ 1][at] = search.parent_by_number[at];
        }
        Ok(trees)
    }
}

/// Two trees that lose node after node.
struct Contraction {
    parents: [Column<u32>; 2],
    /// How many children a node has in both trees together, and all of them xored: the only one when one is left.
    child_count: Column<u32>,
    children: Column<u32>,
}

impl Contraction {
    fn new(parents: [Column<u32>; 2], storage: &Storage) -> Result<Self, CertifyError> {
        let len = parents[0].len();
        let (mut child_count, mut children) = (numbers(storage, len)?, numbers(storage, len)?);
        for tree in &parents {
            for (child, &parent) in tree.iter().enumerate().skip(1) {
                child_count[parent as usize] += 1;
                children[parent as usize] ^= child as u32;
            }
        }
        Ok(Self { parents, child_count, children })
    }

    /// The order, or a number that keeps two children: then the trees are not as they should be.
    fn order(
        mut self,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Result<OrderedList, u32>, CertifyError> {
        let count = self.child_count.len() - 1;
        let phase = progress.phase("order siblings", Unit::Objects, 2 * count as u64);
        let mut removed = Removed {
            numbers: numbers(storage, count)?,
            queued: 0,
            children: numbers(storage, count)?,
            sides: storage.column(WHAT, count, Access::Sequential)?,
        };
        (1..=count as u32).for_each(|number| self.queue(number, &mut removed));
        let mut at = 0;
        while at < removed.queued {
            if at.is_multiple_of(EVERY as usize) {
                phase.advance(u64::from(EVERY))?;
            }
            if !self.remove(at, &mut removed) {
                return Ok(Err(removed.numbers[at]));
            }
            at += 1;
        }
        if at < count {
            let stuck = (1..=count as u32).find(|&number| self.child_count[number as usize] > 1);
            return Ok(Err(stuck.unwrap_or(1)));
        }
        let mut list = OrderedList::new(count, storage)?;
        for at in (0..count).rev() {
            if at.is_multiple_of(EVERY as usize) {
                phase.advance(u64::from(EVERY))?;
            }
            self.put_back(at, &removed, &mut list);
        }
        Ok(Ok(list))
    }

    /// Queues a node with few enough children for its removal. Children never get more again.
    fn queue(&self, number: u32, removed: &mut Removed) {
        if self.child_count[number as usize] <= 1 {
            removed.numbers[removed.queued] = number;
            removed.queued += 1;
        }
    }

    /// Takes out the node at that place of the queue; its only child, if it has one, goes to its parent in the same tree. `false` if the
    /// node has become its own parent: then the trees are none.
    fn remove(&mut self, at: usize, removed: &mut Removed) -> bool {
        let number = removed.numbers[at];
        let child = if self.child_count[number as usize] == 1 { self.children[number as usize] } else { 0 };
        if child == number {
            return false;
        }
        let side = usize::from(child != 0 && self.parents[0][child as usize] != number);
        removed.children[at] = child;
        removed.sides[at] = side as u8;
        let parent = self.parents[side][number as usize];
        if child != 0 {
            self.parents[side][child as usize] = parent;
            self.children[parent as usize] ^= number ^ child;
        } else {
            self.drop_child(parent, number, removed);
        }
        self.drop_child(self.parents[side ^ 1][number as usize], number, removed);
        true
    }

    fn drop_child(&mut self, parent: u32, child: u32, removed: &mut Removed) {
        if parent != 0 {
            self.children[parent as usize] ^= child;
            self.child_count[parent as usize] -= 1;
            if self.child_count[parent as usize] == 1 {
                self.queue(parent, removed);
            }
        }
    }

    /// Undoes [`Self::remove`] and finds the place in the list.
    fn put_back(&mut self, at: usize, removed: &Removed, list: &mut OrderedList) {
        let (number, child) = (removed.numbers[at], removed.children[at]);
        let side = usize::from(removed.sides[at]);
        let anchor = self.parents[side][number as usize];
        let other = self.parents[side ^ 1][number as usize];
        if child != 0 {
            self.parents[side][child as usize] = number;
        }
        if anchor != 0 {
            // Right beside the parent, on the side of the other parent: between them.
            if other != 0 && list.is_before(anchor, other) {
                list.insert_after(anchor, number);
            } else {
                list.insert_before(anchor, number);
            }
            return;
        }
        // The start refers to it, so it may stand anywhere; its child has to come between it and the child's other parent.
        let opposite = if child == 0 { 0 } else { self.parents[side ^ 1][child as usize] };
        if opposite != 0 && list.is_before(opposite, child) {
            list.insert_before(0, number);
        } else {
            list.insert_after(0, number);
        }
    }
}

/// What was taken out, in this order: the node, its only child or 0, and the tree in which it was that.
struct Removed {
    numbers: Column<u32>,
    queued: usize,
    children: Column<u32>,
    sides: Column<u8>,
}
