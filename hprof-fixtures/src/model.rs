//! What a heap holds, told by the builder that wrote it: the truth that a reader's answers are compared with.
//!
//! The class object of a class is an object here, as it is for the collector. Cost: everything is in maps; for small
//! heaps only. [`Model::reachable`] walks the whole heap each time.

use crate::value::Addr;
use std::collections::{BTreeMap, BTreeSet};

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelObject {
    /// Its class, as Java writes it; `java.lang.Class` for a class object.
    pub class: String,
    /// The class object of its class; null if the heap has none.
    pub class_address: Addr,
    /// Shallow size on the JVM; 0 for a class object, whose size no dump tells.
    pub shallow_bytes: u64,
    /// References that are not null, in the order of the dump. A class refers to its superclass, loader, signers,
    /// protection domain and what its static fields hold. Some may dangle.
    pub references: Vec<Addr>,
    /// Elements of an array.
    pub length: Option<u32>,
}

/// A whole heap. Knows nothing of weak references: all are strong here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// By address.
    pub objects: BTreeMap<Addr, ModelObject>,
    /// Roots other than those on a thread's stack.
    pub roots: BTreeSet<Addr>,
    /// Thread objects and what their stacks hold.
    pub stacks: Vec<(Addr, Addr)>,
}

impl Model {
    /// References whose target is in the heap, and those whose target is not.
    pub fn reference_counts(&self) -> (u64, u64) {
        let mut counts = (0, 0);
        for target in self.objects.values().flat_map(|object| &object.references) {
            if self.objects.contains_key(target) {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
        }
        counts
    }

    /// What the roots reach if `without` were not there. An object holds its class, a thread what is on its stack.
    pub fn reachable(&self, without: Option<Addr>) -> BTreeSet<Addr> {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<Addr> = self.roots.iter().copied().collect();
        while let Some(address) = stack.pop() {
            let Some(object) = self.objects.get(&address) else { continue };
            if Some(address) == without || !seen.insert(address) {
                continue;
            }
            stack.extend(&object.references);
            stack.push(object.class_address);
            stack.extend(self.stacks.iter().filter(|(thread, _)| *thread == address).map(|(_, held)| held));
        }
        seen
    }

    /// The retained set of `object`, itself included; empty if nothing reaches it. By the definition: what is no longer reachable
    /// without it.
    pub fn retained_set(&self, object: Addr) -> BTreeSet<Addr> {
        let without = self.reachable(Some(object));
        self.reachable(None).into_iter().filter(|address| !without.contains(address)).collect()
    }
}
