//! What is held by something that the dump does not say.
//!
//! References that wait for their handler: the collector chains the references that it has cleared by their field `discovered`, and its list is a root
//! until the handler of references has taken them. After a full collection, as before most dumps, hundreds of thousands can wait there. The chain holds
//! nothing that matters: each of them was reachable when the collector met it, and is taken off the list within moments. If it were an edge, whoever
//! keeps such references would retain none of them, since the one before each leads to it as well. So the chain is no edge; what nothing but the chain
//! reaches is a root of its own instead, which keeps all that the collector keeps.
//!
//! Class values: what a `ClassValue` has computed for a class hangs on a field of the class's mirror, and HotSpot writes mirrors without their fields
//! (JDK: `heapDumper.cpp`). Nothing in the dump leads to these maps. Where much hangs on nothing but them they are roots. Little is left unreachable: a
//! map also leads to what the class itself leads to, which would then be retained by neither. A map that leads to a class that is garbage is left with it;
//! what is left of another one whose class was unloaded cannot be told from those that live.
//!
//! Cost: 8 bytes per waiting reference and 4 per map of class values while a dump is opened.

use super::edges::RootEdges;
use super::heap::Heap;
use super::roots::{Root, Roots};
use super::sizes::ShallowSizes;
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use hashbrown::HashSet;

/// The class that all references extend.
pub(super) const REFERENCE: &str = "java.lang.ref.Reference";
/// Its field by which the collector chains them.
pub(super) const PENDING_LINK: &str = "discovered";

/// Class values matter from so many bytes on that nothing else reaches,
const LEAST_BYTES: u64 = 1 << 20;
/// and from this part of the dump on.
const LEAST_PART: u64 = 100;

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

    /// Makes roots of what is reachable by the chain alone, and of the maps of class values if much hangs on nothing but them. Tells whether there is any
    /// such thing: then the graph is another one.
    pub(super) fn keep(
        &self,
        heap: &mut Heap,
        sizes: &ShallowSizes,
        is_reachable: impl Fn(ObjectIx) -> bool,
    ) -> bool {
        let mut reached: HashSet<ObjectIx> = HashSet::new();
        let kept = self.chained(heap, &is_reachable, &mut reached);
        let maps = self.maps(heap, sizes, &is_reachable, &mut reached);
        if kept.is_empty() && maps.is_empty() {
            return false;
        }
        let root = |object, kind| Root { object, kind, thread: None, frame: None };
        let mut all = heap.roots.all().to_vec();
        all.extend(kept.into_iter().map(|object| root(object, RootTag::ReferenceCleanup)));
        all.extend(maps.into_iter().map(|object| root(object, RootTag::VmInternal)));
        heap.roots = Roots::new(all);
        let edges = RootEdges::new(&heap.roots, &heap.threads, &heap.classes);
        (heap.graph_roots, heap.extra, heap.hub_by_class) =
            (edges.graph_roots, edges.extra, edges.hub_by_class);
        true
    }
    /// What is reachable by the chain alone.
    fn chained(
        &self,
        heap: &Heap,
        is_reachable: &impl Fn(ObjectIx) -> bool,
        reached: &mut HashSet<ObjectIx>,
    ) -> Vec<ObjectIx> {
        let mut kept = Vec::new();
        let graph = heap.graph();
        for &(from, next) in &self.links {
            if !is_reachable(from) {
                continue;
            }
            kept.push(next);
            let mut stack = vec![next];
            while let Some(object) = stack.pop() {
                if is_reachable(object) || !reached.insert(object) {
                    continue;
                }
                stack.extend(graph.successors(object));
                let at = self.links.partition_point(|&(from, _)| from < object);
                let after = self.links[at..].iter().take_while(|&&(from, _)| from == object);
                for &(_, next) in after {
                    kept.push(next);
                    stack.push(next);
                }
            }
        }
        kept.retain(|&object| !is_reachable(object));
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    /// The maps of class values that nothing leads to, if much hangs on them. What leads to a class that is garbage is garbage as well.
    fn maps(
        &self,
        heap: &Heap,
        sizes: &ShallowSizes,
        is_reachable: &impl Fn(ObjectIx) -> bool,
        reached: &mut HashSet<ObjectIx>,
    ) -> Vec<ObjectIx> {
        /// Objects that are looked at: what hangs on so many is much.
        const MOST: usize = 1 << 22;
        let graph = heap.graph();
        // Classes that the VM or a compiler makes live as long as what they belong to, and mirrors of the boot loader's as long as the VM.
        let is_ended = |object: ObjectIx| {
            let class = heap.class_of_mirror(object).filter(|class| !class.loader_id.is_null());
            class.is_some_and(|class| !class.name.contains("$$") && !class.name.contains(['/', '+']))
        };
        let (mut maps, mut bytes) = (Vec::new(), 0);
        let mut ended: HashSet<ObjectIx> = HashSet::new();
        for &map in &self.class_values {
            if is_reachable(map) || reached.contains(&map) {
                continue;
            }
            let (mut stack, mut own, mut own_bytes, mut leads_to_ended) = (vec![map], Vec::new(), 0, false);
            while let Some(object) = stack.pop().filter(|_| reached.len() < MOST) {
                leads_to_ended |= ended.contains(&object);
                if !is_reachable(object) && reached.insert(object) {
                    leads_to_ended |= is_ended(object);
                    own.push(object);
                    own_bytes += sizes.bytes(heap, object);
                    stack.extend(graph.successors(object));
                }
            }
            if leads_to_ended {
                ended.extend(own);
            } else {
                maps.push(map);
                bytes += own_bytes;
            }
        }
        let is_much = bytes >= LEAST_BYTES.max(heap.source.len() as u64 / LEAST_PART);
        if is_much { maps } else { Vec::new() }
    }
}
