//! What an accumulation consists of: the elements of a collection, and the classes that fill it.
//!
//! Owns the knowledge which objects of the JDK are mere plumbing of its collections. Cost: one walk over what is retained.

use crate::hprof::{FieldType, ObjectId};
use crate::inspect::Context;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, collection_length, is_of_collections, origin_of};
use crate::report::Share;
use crate::snapshot::{OfEach, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

/// Whether an object is a part of a collection that its user never sees: arrays of references, nodes, entries, segments.
pub(super) fn is_plumbing(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class(object);
    if class.element.is_some_and(|element| element == FieldType::Reference) {
        return true;
    }
    let name = &*class.name;
    let inner = name.rfind('$').map(|at| &name[at + 1..]);
    let is_part = |inner: &str| {
        inner.ends_with("Node")
            || inner.ends_with("Entry")
            || inner.ends_with("Segment")
            || inner == "TreeBin"
            || inner == "Sync"
            || inner == "Index"
            || inner == "WeakKey"
            || inner == "KeySet"
            || inner == "Strong"
            || inner == "StrongValueReference"
    };
    let in_collections = name.starts_with("java.util.")
        || name.starts_with("java.lang.ThreadLocal$")
        || name.starts_with("com.google.common.")
        || name.starts_with("com.github.benmanes.caffeine.");
    // Nodes, buckets, leaves: nobody but the library itself makes them.
    let is_hash_table = || name.contains("HashMap$");
    if is_hash_table() && inner.is_some_and(|inner| inner.ends_with("Node") || inner.ends_with("Entry")) {
        return true;
    }
    if is_of_collections(name) && (inner.is_some() || name.ends_with("Node") || name.ends_with("Entry")) {
        return true;
    }
    in_collections
        && (inner.is_some_and(is_part)
            || name.starts_with("com.github.benmanes.caffeine.cache.PS")
            || name.starts_with("com.github.benmanes.caffeine.cache.P"))
}

/// Whether an array of references is what somebody has put into a list or a map of the JDK, as a row of a table is, and no part of the list.
fn is_row(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class(object);
    if class.element != Some(FieldType::Reference) || class.name.ends_with("[][]") {
        return false;
    }
    let tree = snapshot.dominators();
    let Some(above) = tree.immediate_dominator(object).object() else { return false };
    let name = snapshot.class_name(above);
    let is_of_jdk = |object| snapshot.class_name(object).starts_with("java.util.");
    if name == "java.lang.Object[]" {
        let list = tree.immediate_dominator(above).object();
        return list.is_some_and(|list| is_of_jdk(list) && is_collection(snapshot, list));
    }
    is_of_jdk(above) && (name.ends_with("Node") || name.ends_with("Entry"))
}

/// Whether a class is a collection of the JDK or of a library of collections as its users see it.
pub(super) fn is_collection(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let name = snapshot.class_name(object);
    (name.starts_with("java.util.") || is_of_collections(name)) && !is_plumbing(snapshot, object)
}

/// The collection that `object` is a part of, or `object` itself.
pub(super) fn collection_of(snapshot: &Snapshot, object: ObjectIx) -> ObjectIx {
    if !is_plumbing(snapshot, object) {
        return object;
    }
    let mut above = snapshot.dominators().dominators(object).take(1 << 20);
    above
        .find(|&above| !is_plumbing(snapshot, above))
        .filter(|&above| is_collection(snapshot, above))
        .unwrap_or(object)
}

/// Elements of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elements {
    pub(super) class: ClassIx,
    pub(super) count: u64,
    /// Keys of maps whose values are of the same class; they are not counted.
    pub(super) keys: u64,
    pub(super) bytes: u64,
    /// One of them.
    pub(super) first: ObjectIx,
    /// How many places in the code make them, as far as each has a class of its own: a lambda does.
    pub(super) places: u64,
}

/// What objects of a class are counted as, by its name: each place that makes a lambda has a class of its own, but to its readers they are lambdas of the class
/// that the places are in.
pub(super) fn counted_as(class: &str) -> &str {
    const LAMBDA: &str = "$$Lambda";
    let end = class.find(LAMBDA).filter(|_| !class.ends_with("[]")).map(|at| at + LAMBDA.len());
    &class[..end.unwrap_or(class.len())]
}

/// Whether objects of both classes count as the same.
pub(super) fn counts_as(snapshot: &Snapshot, class: ClassIx, other: ClassIx) -> bool {
    let name = |class: ClassIx| counted_as(&snapshot.classes().get(class).name);
    class == other || name(class) == name(other)
}

/// All classes whose objects count as those of `class`. Cost: a look at the names of all classes.
pub(super) fn counted_with(snapshot: &Snapshot, class: ClassIx) -> Vec<ClassIx> {
    snapshot
        .classes()
        .iter()
        .map(|(other, _)| other)
        .filter(|&other| counts_as(snapshot, class, other))
        .collect()
}

/// What [`elements`] has found.
#[derive(Debug, Default)]
struct Known(OfEach<ObjectIx, Arc<[Elements]>>);

/// The elements that `owner` keeps, by class, those that retain most first. Plumbing is looked through, and so are the maps and lists
/// inside of a library's object: an element is the first object that is neither. A row counts, and so does what is in it. Each owner is looked at once.
pub(super) fn elements(snapshot: &Snapshot, owner: ObjectIx) -> Arc<[Elements]> {
    let known = snapshot.remember(|_| Known::default());
    known.0.of(owner, |_| look_for_elements(snapshot, owner).into())
}

/// What some threads have seen of the elements of a collection.
struct Counts<'s> {
    snapshot: &'s Snapshot,
    owner_class: ClassIx,
    by_class: HashMap<ClassIx, Elements>,
    /// There may be millions of objects and there are thousands of classes.
    plumbing_by_class: Vec<Option<bool>>,
    /// The same of classes that keys commonly have; keys that are of the same class as the value beside them, which alone counts.
    keys_by_class: Vec<Option<bool>>,
    keys: HashMap<ClassIx, u64>,
    is_chain: bool,
    in_hand: InHand,
}

impl<'s> Counts<'s> {
    fn new(snapshot: &'s Snapshot, owner_class: ClassIx) -> Self {
        Self {
            snapshot,
            owner_class,
            by_class: HashMap::new(),
            plumbing_by_class: vec![None; snapshot.classes().len()],
            keys_by_class: vec![None; snapshot.classes().len()],
            keys: HashMap::new(),
            is_chain: false,
            in_hand: InHand::default(),
        }
    }

    fn count_keys(&mut self, children: &[ObjectIx]) {
        let Self { snapshot, keys_by_class, keys, .. } = self;
        let mut may_be_key = |class: ClassIx| {
            *keys_by_class[class.index()].get_or_insert_with(|| is_key(&snapshot.classes().get(class).name))
        };
        let classes = children.iter().map(|&child| snapshot.class_of(child));
        let mut of_keys = classes.filter(|&class| may_be_key(class));
        if let (Some(one), Some(other)) = (of_keys.next(), of_keys.next())
            && one == other
        {
            *keys.entry(one).or_default() += 1;
        }
    }

    /// Counts `object` if it is an element. Whether what it dominates is to be looked at.
    fn see(&mut self, object: ObjectIx) -> bool {
        let snapshot = self.snapshot;
        let tree = snapshot.dominators();
        let class = snapshot.class_of(object);
        let children = tree.children(object);
        let may_be_plumbing =
            *self.plumbing_by_class[class.index()].get_or_insert_with(|| is_plumbing(snapshot, object));
        if may_be_plumbing && children.is_empty() {
            // A node whose key and value both belong to others, too, as small numbers belong to the JDK's caches.
            self.in_hand.look_at(snapshot, object);
        }
        let is_plumbing = may_be_plumbing && !children.is_empty();
        // A node of a map that keeps nothing but the next one of its bucket carries as little as the last one does.
        let is_bare = || children.iter().all(|&child| snapshot.class_of(child) == class);
        let is_row = is_plumbing && is_row(snapshot, object);
        let is_of_chain = class == self.owner_class && !is_row;
        self.is_chain |= is_of_chain;
        let is_node = snapshot.classes().get(class).element.is_none();
        let is_link = is_of_chain || is_plumbing && is_node && is_bare();
        if is_plumbing && is_node {
            self.count_keys(children);
        }
        let goes_on = is_link || is_plumbing;
        if goes_on {
            self.in_hand.look_at(snapshot, object);
        }
        if !is_link && is_plumbing && !is_row {
            return goes_on;
        }
        let new = Elements { class, count: 0, keys: 0, bytes: 0, first: object, places: 1 };
        let elements = self.by_class.entry(class).or_insert(new);
        elements.count += 1;
        let alike =
            |object| tree.children(object).iter().copied().filter(|&child| snapshot.class_of(child) == class);
        // The links of a chain retain each other.
        elements.bytes += snapshot.retained_bytes(object);
        if is_link {
            elements.bytes -= alike(object).map(|next| snapshot.retained_bytes(next)).sum::<u64>();
        } else {
            let mut chain: Vec<ObjectIx> = alike(object).collect();
            // The chains of a hash table that is the application's own: what a map or a list of the JDK refers to has its like inside for another reason.
            let is_table = |array: ObjectIx| {
                let whose = tree.immediate_dominator(array).object();
                snapshot.class(array).is_array() && !whose.is_some_and(|whose| is_collection(snapshot, whose))
            };
            let is_in_table = || tree.immediate_dominator(object).object().is_some_and(is_table);
            if !chain.is_empty() && !is_in_table() {
                chain.clear();
            }
            while let Some(next) = chain.pop() {
                elements.count += 1;
                chain.extend(alike(next));
            }
        }
        elements.first = elements.first.min(object);
        goes_on
    }

    /// The sum of what two have seen.
    fn and(mut self, other: Self) -> Self {
        for (class, more) in other.by_class {
            let elements = self.by_class.entry(class).or_insert(Elements { count: 0, bytes: 0, ..more });
            elements.count += more.count;
            elements.bytes += more.bytes;
            elements.first = elements.first.min(more.first);
        }
        for (class, count) in other.keys {
            *self.keys.entry(class).or_default() += count;
        }
        self.is_chain |= other.is_chain;
        self.in_hand.objects.extend(other.in_hand.objects);
        self
    }
}

fn look_for_elements(snapshot: &Snapshot, owner: ObjectIx) -> Vec<Elements> {
    let tree = snapshot.dominators();
    let owner_class = snapshot.class_of(owner);
    let mut counts = Counts::new(snapshot, owner_class);
    counts.in_hand.look_at(snapshot, owner);
    // A node of a tree may be the owner itself.
    if is_plumbing(snapshot, owner) && snapshot.class(owner).element.is_none() {
        counts.count_keys(tree.children(owner));
    }
    let of_threads = tree.fold_below(
        tree.children(owner),
        || Counts::new(snapshot, owner_class),
        Counts::see,
        ask_for(snapshot),
    );
    let Counts { mut by_class, keys, is_chain, in_hand, .. } =
        of_threads.into_iter().fold(counts, Counts::and);
    for (class, count) in keys {
        if let Some(elements) = by_class.get_mut(&class) {
            (elements.count, elements.keys) = (elements.count - count, count);
        }
    }
    // The owner is the first link of its chain.
    if is_chain && let Some(links) = by_class.get_mut(&owner_class) {
        links.count += 1;
    }
    in_hand.count(snapshot, owner, &mut by_class);
    // Each of a thousand class loaders may have defined a class of the same name: they count as one.
    let mut by_name: HashMap<&str, Elements> = HashMap::new();
    // Copies of a class have their lambdas in the same places.
    let mut places: HashMap<&str, HashMap<ObjectId, u64>> = HashMap::new();
    for elements in by_class.into_values() {
        let class = &snapshot.classes().get(elements.class);
        let name = counted_as(&class.name);
        if name.len() < class.name.len() {
            *places.entry(name).or_default().entry(class.loader_id).or_default() += 1;
        }
        let new = Elements { count: 0, keys: 0, bytes: 0, ..elements };
        let sum = by_name.entry(name).or_insert(new);
        sum.count += elements.count;
        sum.keys += elements.keys;
        sum.bytes += elements.bytes;
        sum.class = sum.class.min(elements.class);
        sum.first = sum.first.min(elements.first);
    }
    for (name, of_loaders) in places {
        if let (Some(elements), Some(&most)) = (by_name.get_mut(name), of_loaders.values().max()) {
            (elements.class, elements.places) = (snapshot.class_of(elements.first), most);
        }
    }
    let mut all: Vec<Elements> = by_name.into_values().collect();
    all.sort_by_key(|elements| (std::cmp::Reverse(elements.bytes), elements.class));
    all
}

/// Elements that something else refers to as well, as a frame does that has one of them in hand: the collection does not dominate them, but they
/// are its elements.
#[derive(Debug, Default)]
struct InHand {
    objects: Vec<ObjectIx>,
}

impl InHand {
    /// More are no few exceptions.
    const MOST: usize = 1 << 16;
    /// So many are looked through faster than an object is looked at.
    const FEW: usize = 8;

    /// Looks at what a part of the collection refers to and does not dominate.
    fn look_at(&mut self, snapshot: &Snapshot, part: ObjectIx) {
        let tree = snapshot.dominators();
        let class = snapshot.class_of(part);
        // Nearly all of it is dominated, which these few tell without a look at each object.
        let children = tree.children(part);
        let is_child = |target: &ObjectIx| children.len() <= Self::FEW && children.contains(target);
        for target in snapshot.references().of(part).filter(|target| !is_child(target)) {
            if self.objects.len() >= Self::MOST {
                return;
            }
            // A node that refers back to the one before it has nothing more in hand.
            let is_link = snapshot.class_of(target) == class;
            if !is_link && tree.immediate_dominator(target).object() != Some(part) {
                self.objects.push(target);
            }
        }
    }

    /// Counts those of which the collection dominates most others.
    fn count(mut self, snapshot: &Snapshot, owner: ObjectIx, by_class: &mut HashMap<ClassIx, Elements>) {
        if self.objects.len() >= Self::MOST {
            return;
        }
        let tree = snapshot.dominators();
        self.objects.sort_unstable();
        self.objects.dedup();
        // What lies below the owner was counted, links of its chain are no elements.
        let is_beside = |&object: &ObjectIx| {
            let class = snapshot.class_of(object);
            tree.is_reachable(object)
                && by_class.contains_key(&class)
                && class != snapshot.class_of(owner)
                && !is_plumbing(snapshot, object)
                && !tree.dominators(object).take(1 << 10).any(|above| above == owner)
        };
        let mut beside: HashMap<ClassIx, u64> = HashMap::new();
        for object in self.objects.iter().filter(|object| is_beside(object)) {
            *beside.entry(snapshot.class_of(*object)).or_default() += 1;
        }
        for (class, count) in beside {
            if let Some(elements) = by_class.get_mut(&class).filter(|elements| elements.count >= count * 10) {
                elements.count += count;
            }
        }
    }
}

/// What a walk over objects that looks at their classes asks for ahead.
fn ask_for(snapshot: &Snapshot) -> impl Fn(ObjectIx) + Sync {
    |object| snapshot.prefetch_class(object)
}

/// The classes of everything that `owners` retain, by shallow size, biggest first, at most `limit`. The owners must not retain each other.
/// What is more than half of the heap is counted as the heap without the rest.
pub(super) fn composition(context: &Context<'_>, owners: &[ObjectIx], limit: usize) -> Vec<Share> {
    let snapshot = context.snapshot;
    let tree = snapshot.dominators();
    let bytes: u64 = owners.iter().map(|&owner| snapshot.retained_bytes(owner)).sum();
    let is_most = bytes * 2 > context.histogram().total().shallow_bytes;
    // There may be a million owners.
    let skipped: HashSet<ObjectIx> = if is_most { owners.iter().copied().collect() } else { HashSet::new() };
    let notes = tree.fold_below(
        if is_most { tree.root_children() } else { owners },
        || vec![(0u64, 0u64); snapshot.classes().len()],
        |by_class, object| {
            if skipped.contains(&object) {
                return false;
            }
            let (count, bytes) = &mut by_class[snapshot.class_of(object).index()];
            *count += 1;
            *bytes += snapshot.shallow_bytes(object);
            true
        },
        ask_for(snapshot),
    );
    let mut by_class = vec![(0u64, 0u64); snapshot.classes().len()];
    for note in notes {
        by_class.iter_mut().zip(note).for_each(|(all, (count, bytes))| *all = (all.0 + count, all.1 + bytes));
    }
    if is_most {
        for (class, all) in context.histogram().iter() {
            let rest = &mut by_class[class.index()];
            *rest = (all.instances - rest.0, all.shallow_bytes - rest.1);
        }
    }
    let mut shares: Vec<(u64, ClassIx, u64)> = by_class
        .into_iter()
        .enumerate()
        .filter(|(_, (count, _))| *count > 0)
        .map(|(at, (count, bytes))| (bytes, ClassIx::from_usize(at), count))
        .collect();
    shares.sort_by_key(|&(bytes, class, _)| (std::cmp::Reverse(bytes), class));
    shares.truncate(limit);
    let share = |(bytes, class, instances): (u64, ClassIx, u64)| Share {
        class: snapshot.classes().get(class).name.to_string(),
        instances,
        bytes,
    };
    shares.into_iter().map(share).collect()
}

/// Whether maps commonly have such keys.
fn is_key(class: &str) -> bool {
    matches!(class, "java.lang.String" | "java.lang.Long" | "java.lang.Integer" | "java.util.UUID")
}

/// Whether a class is a collection of which each change makes another version, that shares most of its nodes with the one before.
fn is_persistent(class: &str) -> bool {
    const PACKAGES: [&str; 5] = [
        "clojure.lang.Persistent",
        "io.vavr.collection.",
        "kotlinx.collections.immutable.",
        "org.pcollections.",
        "scala.collection.immutable.",
    ];
    PACKAGES.iter().any(|package| class.starts_with(package))
}

/// What nearly all elements of the collection `owner` are, if these are versions of such a collection: none of them keeps the nodes that it shares with the
/// others, so that there is more of these, but nobody has put nodes into anything.
fn versions(snapshot: &Snapshot, all: &[Elements], owner: ObjectIx) -> Option<Elements> {
    const MANY: u64 = 16;
    let length = collection_length(snapshot, owner)?;
    let is_version = |elements: &&Elements| {
        (length * 9..=length * 11).contains(&(elements.count * 10))
            && elements.count >= MANY
            && is_persistent(&snapshot.classes().get(elements.class).name)
    };
    let (largest, others) = all.split_first()?;
    let found = others.iter().find(is_version)?;
    is_of_collections(&snapshot.classes().get(largest.class).name).then_some(*found)
}

/// Whether a class is one of what the JDK makes of texts and numbers, which others share.
pub(super) fn is_data(snapshot: &Snapshot, class: ClassIx) -> bool {
    let class = snapshot.classes().get(class);
    class.is_primitive_array() || is_key(&class.name)
}

/// The first class that is not the JDK's among the elements of `owner`, or simply the first. The links of a chain count only if what they carry
/// is the JDK's.
pub(super) fn telling_elements(snapshot: &Snapshot, all: &[Elements], owner: ObjectIx) -> Option<Elements> {
    const MANY: u64 = 16;
    if let Some(versions) = versions(snapshot, all, owner) {
        return Some(versions);
    }
    let bytes = snapshot.retained_bytes(owner);
    let weighty = |elements: &&Elements| elements.bytes * 5 >= bytes;
    let is_link = |elements: &&Elements| elements.class == snapshot.class_of(owner);
    let is_own = |elements: &&Elements| origin_of(snapshot, elements.class) != Origin::Jdk;
    let own = all.iter().filter(weighty).filter(is_own);
    let carried = own.clone().find(|elements| !is_link(elements)).or_else(|| own.clone().next());
    let of_jdk = all.iter().filter(weighty).filter(|elements| !is_link(elements));
    // The keys of a map say less than what it maps them to.
    let is_key = |elements: &&Elements| is_key(&snapshot.classes().get(elements.class).name);
    // What the elements share is larger than one of them, but it is there because they are.
    let shared_by = carried.and_then(|shared| {
        let refers = |elements: &&Elements| {
            let mut references = snapshot.references().of(elements.first);
            elements.count > shared.count * 2
                && elements.count >= MANY
                && !is_link(elements)
                && references.any(|target| snapshot.class_of(target) == shared.class)
        };
        own.clone().find(refers)
    });
    shared_by
        .or(carried)
        .or_else(|| of_jdk.clone().find(|elements| !is_key(elements)).or_else(|| of_jdk.clone().next()))
        .copied()
}
