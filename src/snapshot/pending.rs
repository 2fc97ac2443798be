//! What is held by something that the dump does not say.
//!
//! References that wait for their handler: the collector chains the references that it has cleared by their field `discovered`, and its list is a root
//! until the handler of references has taken them. After a full collection, as before most dumps, hundreds of thousands can wait there. The chain holds
//! nothing that matters: each of them was reachable when the collector met it, and is taken off the list within moments. If it were an edge, whoever
//! keeps such references would retain none of them, since the one before each leads to it as well. So the chain is no edge; what nothing but the chain
//! reaches is a root of its own instead, which keeps all that the collector keeps.
//!
//! Class values: what a `ClassValue` has computed for a class hangs on a field of the class's mirror, and HotSpot writes mirrors without their fields
//! (JDK: `heapDumper.cpp`). Nothing in the dump leads to these maps, and none names the class that it belongs to: of a map that nothing else leads to the
//! dump does not tell whether its class is loaded. Two things prove it of all of them, for then all maps are roots: that next to nothing else in the dump
//! is garbage, since the collector has just been there; and that no class loader is, since a class is unloaded with its loader. Else a map may be left over
//! from a class that was unloaded. Then one that leads to a class whose loader is garbage is left with it, if other garbage leads to that class as well: a
//! class that the map alone leads to may live by the map alone. The others are roots of a kind of their own, and reports say that they may be garbage
//! ([`ClassValues`]). Where little hangs on all of them none is a root: a map also leads to what the class itself leads to, which would then be retained
//! by neither.
//!
//! Classes of lambdas: `LambdaMetafactory` defines each as a hidden class that lives as long as its loader (JEP 371, `ClassOption.STRONG`). The loader's
//! own list of classes does not have it, and a call site that is gone leads to it no longer: nothing in the dump does, and yet it is loaded. Where an
//! application makes lambdas by hand for each request there are ten thousands, and they are what fills Metaspace. They are roots then.
//!
//! Cost: 8 bytes per waiting reference and 4 per map of class values while a dump is opened; where there are such, a bit for each object and a walk over
//! what only they lead to. Three bits, and 4 bytes for each object that one map leads to, where much hangs on class values in a dump with garbage.

use super::classes::Class;
use super::edges::RootEdges;
use super::heap::Heap;
use super::marked::{MarkedHeap, softer_slots};
use super::roots::{CLASS_VALUE_MAP, Root, Roots};
use super::sizes::ShallowSizes;
use crate::graph::{GraphError, Reachable};
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::storage::{BitColumn, Storage};
use rayon::prelude::*;

/// The class that all references extend.
pub(super) const REFERENCE: &str = "java.lang.ref.Reference";
/// Its field by which the collector chains them.
pub(super) const PENDING_LINK: &str = "discovered";

/// Class values matter from so many bytes on that nothing else reaches,
const LEAST_BYTES: u64 = 1 << 20;
/// and from this part of the dump on.
const LEAST_PART: u64 = 100;

/// So many classes of lambdas that nothing leads to are worth another search. A few are left over in any program.
const MANY_LAMBDAS: usize = 1000;

/// What a full collection leaves without a way from a root: what hangs on other fields of mirrors. So many bytes,
const LEFT_BYTES: u64 = 256 << 10;
/// and this part of the heap.
const LEFT_PART: u64 = 1000;

/// The kinds of root that maps of class values are if they are held, and if they may be garbage.
const HELD: RootTag = RootTag::VmInternal;
const UNPROVEN: RootTag = RootTag::Unknown;

/// Whether a dump holds what class values have computed as roots, and how sure it is that it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassValues {
    /// No map of class values is a root.
    NoRoots,
    /// They are held: no class can have been unloaded that left them.
    Held,
    /// They are held, or garbage of classes that were unloaded: the dump does not tell.
    Unproven,
}

/// Whether next to nothing is garbage, as after a full collection.
fn is_collected(garbage_bytes: u64, all_bytes: u64) -> bool {
    garbage_bytes <= LEFT_BYTES.max(all_bytes / LEFT_PART)
}

/// Whether so many bytes are much of a dump.
fn is_much(bytes: u64, heap: &Heap) -> bool {
    bytes >= LEAST_BYTES.max(heap.source.len() as u64 / LEAST_PART)
}

/// Which reference stands before which, and the maps of class values.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Ascending.
    links: Vec<(ObjectIx, ObjectIx)>,
    class_values: Vec<ObjectIx>,
}

impl Pending {
    pub(super) fn new(mut links: Vec<(ObjectIx, ObjectIx)>, class_values: Vec<ObjectIx>) -> Self {
        links.sort_unstable();
        Self { links, class_values }
    }

    /// Whether there is a map of class values that nothing leads to.
    pub(super) fn has_class_values(&self, is_reachable: impl Fn(ObjectIx) -> bool) -> bool {
        self.class_values.iter().any(|&map| !is_reachable(map))
    }

    /// Makes roots of what is reachable by the chain alone, of the maps of class values if much hangs on nothing but them, and of the classes of lambdas if
    /// nothing leads to many of them. Tells whether there is any such thing: then the graph is another one.
    ///
    /// # Errors
    /// Memory and scratch space ran out.
    pub(super) fn keep(
        &self,
        heap: &mut Heap,
        sizes: &ShallowSizes,
        marks: &Marks<'_>,
        storage: &Storage,
    ) -> Result<bool, GraphError> {
        let lambdas = lambdas(heap, marks);
        if self.links.is_empty() && lambdas.is_empty() && !self.has_class_values(marks.is_reachable) {
            return Ok(false);
        }
        let mut reached = bits(heap, storage)?;
        let kept = self.chained(heap, marks, &mut reached);
        let (kind, maps) = self.maps(heap, sizes, marks, &mut reached, storage)?;
        if kept.is_empty() && maps.is_empty() && lambdas.is_empty() {
            return Ok(false);
        }
        let root = |object, kind| Root { object, kind, thread: None, frame: None };
        let mut all = heap.roots.all().to_vec();
        all.extend(kept.into_iter().map(|object| root(object, RootTag::ReferenceCleanup)));
        all.extend(maps.into_iter().map(|object| root(object, kind)));
        all.extend(lambdas.into_iter().map(|mirror| root(mirror, RootTag::StickyClass)));
        heap.roots = Roots::new(all);
        let edges = RootEdges::new(&heap.roots, &heap.threads, &heap.classes);
        (heap.graph_roots, heap.extra, heap.hub_by_class) =
            (edges.graph_roots, edges.extra, edges.hub_by_class);
        Ok(true)
    }

    /// What is reachable by the chain alone.
    fn chained(&self, heap: &Heap, marks: &Marks<'_>, reached: &mut BitColumn) -> Vec<ObjectIx> {
        let mut kept = Vec::new();
        let graph = heap.graph();
        for &(from, next) in &self.links {
            if !(marks.is_reachable)(from) {
                continue;
            }
            kept.push(next);
            let mut stack = vec![next];
            while let Some(object) = stack.pop() {
                if (marks.is_reachable)(object) || reached.get(object.index()) {
                    continue;
                }
                reached.set(object.index());
                stack.extend(graph.successors(object));
                let at = self.links.partition_point(|&(from, _)| from < object);
                let after = self.links[at..].iter().take_while(|&&(from, _)| from == object);
                for &(_, next) in after {
                    kept.push(next);
                    stack.push(next);
                }
            }
        }
        kept.retain(|&object| !(marks.is_reachable)(object));
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    /// The maps of class values that nothing leads to, if much hangs on them: those that are held, or may be, with the kind of root that says which.
    fn maps(
        &self,
        heap: &Heap,
        sizes: &ShallowSizes,
        marks: &Marks<'_>,
        reached: &mut BitColumn,
        storage: &Storage,
    ) -> Result<(RootTag, Vec<ObjectIx>), GraphError> {
        let is_unknown = |map: &ObjectIx| !(marks.is_reachable)(*map) && !reached.get(map.index());
        let maps: Vec<ObjectIx> = self.class_values.iter().copied().filter(is_unknown).collect();
        if maps.is_empty() {
            return Ok((HELD, maps));
        }
        let softer = softer_slots(heap, storage)?;
        let walk = Walk { heap, marks, softer: softer.as_ref() };
        let mut bytes = 0;
        for &map in &maps {
            walk.from(map, reached, |object| bytes += sizes.bytes(heap, object));
        }
        if !is_much(bytes, heap) {
            return Ok((HELD, Vec::new()));
        }
        let objects = (0..heap.object_count()).into_par_iter().map(ObjectIx::from_usize);
        let (all_bytes, garbage_bytes) = objects
            .map(|object| {
                let bytes = sizes.bytes(heap, object);
                let is_garbage = !(marks.is_reachable)(object) && !reached.get(object.index());
                (bytes, if is_garbage { bytes } else { 0 })
            })
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        if is_collected(garbage_bytes, all_bytes) || !walk.is_any_loader_garbage() {
            return Ok((HELD, maps));
        }
        Ok((UNPROVEN, walk.without_ended(maps, reached, storage)?))
    }
}

/// The mirrors of classes of lambdas that nothing leads to although their loader lives, if they are many. The anonymous classes of JDK 14 and before, which
/// are called otherwise, could be unloaded alone.
fn lambdas(heap: &Heap, marks: &Marks<'_>) -> Vec<ObjectIx> {
    let is_of_lambda = |name: &str| name.contains("$$Lambda") && name.contains("+0x");
    let is_kept = |class: &Class| {
        class.loader_id.is_null() || class.loader.get().is_some_and(|loader| (marks.is_reachable)(loader))
    };
    let classes = heap.classes().iter().map(|(_, class)| class);
    let kept = classes
        .filter(|class| class.described && !class.is_array() && is_of_lambda(&class.name) && is_kept(class));
    let mirrors = kept.filter_map(|class| class.mirror.get());
    let lost: Vec<ObjectIx> = mirrors.filter(|&mirror| !(marks.is_reachable)(mirror)).collect();
    if lost.len() >= MANY_LAMBDAS { lost } else { Vec::new() }
}

/// What was found before anything is kept.
#[derive(Clone, Copy)]
pub(super) struct Marks<'a> {
    /// Whether the roots reach an object.
    pub(super) is_reachable: &'a (dyn Fn(ObjectIx) -> bool + Sync),
    /// What they reach without soft and final references; `None` if that is the same.
    pub(super) strongly: Option<&'a Reachable>,
}

impl Marks<'_> {
    fn is_strongly_reachable(&self, object: ObjectIx) -> bool {
        self.strongly.map_or_else(|| (self.is_reachable)(object), |strongly| strongly.contains(object))
    }
}

fn bits(heap: &Heap, storage: &Storage) -> Result<BitColumn, GraphError> {
    Ok(BitColumn::new(storage, "reached by class values", heap.object_count())?)
}

/// A walk over what is not strongly reachable: what hangs on a map is held, and no longer waits for a finalizer.
#[derive(Clone, Copy)]
struct Walk<'a> {
    heap: &'a Heap,
    marks: &'a Marks<'a>,
    softer: Option<&'a BitColumn>,
}

impl Walk<'_> {
    /// Calls `take` for all objects that `start` leads to and that were not seen before.
    fn from(&self, start: ObjectIx, seen: &mut BitColumn, mut take: impl FnMut(ObjectIx)) {
        let mut stack = vec![start];
        while let Some(object) = stack.pop() {
            if self.marks.is_strongly_reachable(object) || seen.get(object.index()) {
                continue;
            }
            seen.set(object.index());
            take(object);
            self.each_successor(object, |next| stack.push(next));
        }
    }

    fn each_successor(&self, object: ObjectIx, mut take: impl FnMut(ObjectIx)) {
        let (graph, count) = (self.heap.graph(), self.heap.object_count());
        let slots = graph.references.slot_range(object).zip(graph.references.slots(object));
        for (at, slot) in slots {
            if (slot as usize) < count && !self.softer.is_some_and(|softer| softer.get(at)) {
                take(ObjectIx(slot));
            }
        }
        graph.extra.of(object).chain(graph.hubs.hub_of(object)).for_each(take);
    }

    /// Whether the loader of some class is garbage: a class can be unloaded only with its loader. Those that the JDK makes for reflection are held by
    /// fields of mirrors, and nobody computes anything for their classes.
    fn is_any_loader_garbage(&self) -> bool {
        let is_of_reflection = |loader| self.heap.class_name(loader).ends_with(".DelegatingClassLoader");
        let loaders = self.heap.classes().iter().filter_map(|(_, class)| class.loader.get());
        loaders.into_iter().any(|loader| !(self.marks.is_reachable)(loader) && !is_of_reflection(loader))
    }

    /// The maps that do not lead to a class whose loader is garbage and that other garbage leads to as well. `reached` is what all maps lead to.
    fn without_ended(
        &self,
        maps: Vec<ObjectIx>,
        reached: &BitColumn,
        storage: &Storage,
    ) -> Result<Vec<ObjectIx>, GraphError> {
        let is_reachable = self.marks.is_reachable;
        let mut of_garbage = bits(self.heap, storage)?;
        for object in
            self.heap.objects().filter(|&object| !is_reachable(object) && !reached.get(object.index()))
        {
            let mut into = Vec::new();
            self.each_successor(object, |next| {
                if reached.get(next.index()) {
                    into.push(next);
                }
            });
            into.into_iter().for_each(|next| self.from(next, &mut of_garbage, |_| {}));
        }
        let is_ended = |object: ObjectIx| {
            let loader = self.heap.class_of_mirror(object).and_then(|class| class.loader.get());
            of_garbage.get(object.index()) && loader.is_some_and(|loader| !is_reachable(loader))
        };
        let (mut seen, mut ended) = (bits(self.heap, storage)?, bits(self.heap, storage)?);
        let mut held = Vec::new();
        for map in maps {
            let (mut own, mut leads_to_ended) = (Vec::new(), false);
            self.from(map, &mut seen, |object| own.push(object));
            for &object in &own {
                leads_to_ended |= is_ended(object);
                self.each_successor(object, |next| leads_to_ended |= ended.get(next.index()));
            }
            if leads_to_ended {
                own.into_iter().for_each(|object| ended.set(object.index()));
            } else {
                held.push(map);
            }
        }
        Ok(held)
    }
}

impl MarkedHeap {
    /// Whether maps of class values are roots, and whether the dump proves that they are held.
    pub fn class_values(&self) -> ClassValues {
        let maps = self.classes().named(CLASS_VALUE_MAP);
        let roots = self.roots().all().iter();
        let mut kinds = roots.filter(|root| maps.contains(&self.class_of(root.object))).map(|root| root.kind);
        match kinds.find(|&kind| matches!(kind, HELD | UNPROVEN)) {
            Some(UNPROVEN) => ClassValues::Unproven,
            Some(_) => ClassValues::Held,
            None => ClassValues::NoRoots,
        }
    }

    /// Whether next to nothing in the dump is garbage: a full collection has just been there.
    pub fn is_collected(&self) -> bool {
        let counts = self.class_counts().iter();
        let (all_bytes, garbage_bytes) = counts.fold((0, 0), |(all, garbage), count| {
            (all + count.shallow_bytes + count.unreachable_bytes, garbage + count.unreachable_bytes)
        });
        is_collected(garbage_bytes, all_bytes)
    }

    /// Whether what only class values lead to is much of the dump, in bytes.
    pub fn is_much_of_class_values(&self, bytes: u64) -> bool {
        is_much(bytes, self)
    }
}
