//! Objects that hold each other: a chain through a field of their own, a tree (by two fields, or by collections), a list with two ends; or a good part of them do.
//!
//! Of a chain the field that leads to its head says nothing: whoever keeps the head keeps all, and nothing was put into that field but the last one. Owns the
//! telling apart of these, by what dominates the objects. Cost: a walk over a part of what is retained, of bounded length; over all
//! of it where they hold each other, and a pass over all references for a list.

use super::super::elements::is_plumbing;
use super::Story;
use crate::hprof::ObjectId;
use crate::inspect::holders::Held;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, collection_kind, is_made_by_compiler, origin_of, references_to};
use crate::report::{Arg, Holder, HolderKind, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot, SnapshotError};
use hashbrown::{HashMap, HashSet};

/// Fewer are no structure worth a word.
const FEW: u64 = 256;
/// Objects that are looked at first,
const SAMPLES: usize = 1 << 10;
/// and objects that are visited for them, at most.
const MOST_VISITED: usize = 1 << 19;
/// Objects that are visited where these hold each other: all are counted then, or nothing is said.
const MOST_WALKED: usize = 1 << 23;
/// From an element up to the field of the one that holds it: the value of an entry, the entries above that in a tree of them, the table, the map.
const STEPS: usize = 48;
/// The part of the samples for which something has to hold.
const MOST: f64 = 0.8;
/// If such a part of them is held by others of them, that is worth a word.
const PART: f64 = 0.3;
/// Objects that are visited to count these, and bytes for each of them in a heap where they would hardly be all.
const MOST_WALKED_FOR_PART: usize = 1 << 22;
const BYTES_EACH: u64 = 128;
/// So many in a chain on average make the chain what is wrong.
const LONG: u64 = 16;
/// Ends of chains that are remembered.
const MOST_HEADS: usize = 1 << 12;
/// An object with more references is itself what they are in.
const FEW_REFERENCES: usize = 16;

/// How the objects of a class hold each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Linked {
    shape: Shape,
    /// The field, or the fields of a list with two ends.
    field: String,
    /// All objects of the class that it retains.
    count: u64,
    /// How many of them no other one holds, as the ends of chains.
    ends: u64,
    class: String,
    /// Some of those that no other one holds.
    heads: Vec<ObjectIx>,
}

/// Chains, some of their first objects, and the field that leads from one to the next.
pub(super) struct Chains<'a> {
    pub(super) field: &'a str,
    pub(super) heads: &'a [ObjectIx],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Each refers to the next one.
    Chain,
    /// Each refers to some others by two fields: to the left and the right, or to its first child and the next one beside it.
    Branching,
    /// Each has some others in a collection; one of them so many.
    Tree { most: u64 },
    /// Both ends are known to what holds them.
    List,
    /// So many are held by another one, and the others by something else.
    Partly { held: u64 },
}

/// What one of the objects shows.
#[derive(Default)]
struct Votes {
    /// By field, how many are held by it directly, and how many in a collection.
    by_field: HashMap<String, (usize, usize)>,
    /// By field, how many refer to another one by it.
    links: HashMap<String, usize>,
    /// By the collection that is in such a field, how many are in it.
    by_collection: HashMap<ObjectIx, u64>,
}

impl Story {
    /// How those in the title hold each other, if nearly all of them do.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub(super) fn linked(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
    ) -> Result<Option<Linked>, SnapshotError> {
        let classes = snapshot.classes().named(&suspect.class);
        let is_it = |class: ClassIx| classes.contains(&class);
        let is_own = |&class: &ClassIx| {
            origin_of(snapshot, class) != Origin::Jdk && snapshot.classes().get(class).element.is_none()
        };
        if suspect.kind != SuspectKind::Leak || !classes.iter().any(is_own) {
            return Ok(None);
        }
        // Some tell whether it is worth a look at all.
        let some = self.below(snapshot, is_it, MOST_VISITED, SAMPLES);
        let Some(expected) = shape_of(snapshot, &some, is_it).filter(|_| some.len() as u64 >= FEW) else {
            return Ok(None);
        };
        let mut heads = Vec::new();
        let (found, count) = match expected.shape {
            Shape::List => {
                let all = self.below(snapshot, is_it, MOST_WALKED, usize::MAX);
                let found = shape_of(snapshot, &all, is_it);
                let is_list = found.as_ref().is_some_and(|found| found.shape == Shape::List);
                if is_list && !is_held_by_itself(snapshot, &all, is_it)? {
                    return Ok(None);
                }
                (found, all.len())
            }
            // These take no memory for each of millions.
            Shape::Partly { .. } if self.bytes / BYTES_EACH > MOST_WALKED_FOR_PART as u64 => {
                return Ok(None);
            }
            Shape::Partly { .. } => self.count_held(snapshot, is_it, MOST_WALKED_FOR_PART, &mut heads),
            Shape::Chain | Shape::Branching | Shape::Tree { .. } => {
                self.count_held(snapshot, is_it, MOST_WALKED, &mut heads)
            }
        };
        let found = found.filter(|found| found.is_by_field_of(&expected));
        let Some(Found { shape, field, ends }) = found else { return Ok(None) };
        Ok(Some(Linked { shape, field, count: count as u64, ends, class: suspect.class.clone(), heads }))
    }

    /// Where the field that holds it is one of nodes, of which there are thousands, the field that leads to the nodes says more: of a library's, and of the application's
    /// own if it is by that field that one leads to others.
    pub(in crate::inspect::suspects) fn leave_nodes(&mut self, snapshot: &Snapshot) {
        let Some(name) = self.held.holder.class.clone() else { return };
        let is_own = self.is_link(snapshot, &name);
        leave(snapshot, &mut self.held, is_own, true);
    }

    /// Whether the field that holds it leads from one object of that class to others of it.
    pub(super) fn is_link(&self, snapshot: &Snapshot, class: &str) -> bool {
        let is_it = |class_of: ClassIx| snapshot.classes().is_named(class_of, class);
        is_it(self.subject(snapshot).class) || leads_to_its_like(snapshot, &self.held)
    }

    /// How all objects of the class below the owners hold each other, and how many these are. None if more objects would have to be visited.
    fn count_held(
        &self,
        snapshot: &Snapshot,
        is_it: impl Fn(ClassIx) -> bool + Copy,
        visited: usize,
        heads: &mut Vec<ObjectIx>,
    ) -> (Option<Found>, usize) {
        let (mut votes, mut count) = (Votes::default(), 0);
        let is_held = |object| {
            let above = snapshot.dominators().immediate_dominator(object).object();
            above.is_some_and(|above| is_it(snapshot.class_of(above)))
        };
        let is_all = self.visit_below(snapshot, is_it, visited, |object| {
            votes.look_at(snapshot, object, is_it);
            if heads.len() < MOST_HEADS && !is_held(object) {
                heads.push(object);
            }
            count += 1;
            true
        });
        let found = votes.by_each_other(count).or_else(|| votes.partly(count));
        (found.filter(|_| is_all && count > 0), count)
    }

    /// The objects of the class below the owners, at most `most` of them, as far as so many objects are visited. None if that is not all and all were
    /// asked for.
    pub(super) fn below(
        &self,
        snapshot: &Snapshot,
        is_it: impl Fn(ClassIx) -> bool,
        visited: usize,
        most: usize,
    ) -> Vec<ObjectIx> {
        let mut found = Vec::new();
        let is_all = self.visit_below(snapshot, is_it, visited, |object| {
            found.push(object);
            found.len() < most
        });
        if is_all || most < usize::MAX { found } else { Vec::new() }
    }

    /// Shows the objects of the class below the owners, as long as `see` wants more and no more objects than so many are visited. Whether these were all.
    fn visit_below(
        &self,
        snapshot: &Snapshot,
        is_it: impl Fn(ClassIx) -> bool,
        visited: usize,
        mut see: impl FnMut(ObjectIx) -> bool,
    ) -> bool {
        let tree = snapshot.dominators();
        // An array may have a hundred million elements, of which few are visited.
        let mut stack = vec![&self.owners[..]];
        for _ in 0..visited {
            let Some(object) = next_of(&mut stack) else { return true };
            if is_it(snapshot.class_of(object)) && !see(object) {
                return false;
            }
            stack.push(tree.children(object));
        }
        false
    }
}

/// Where what holds it is a field by which one of thousands of nodes of the application's own leads to others, the field that leads to the nodes holds it: each part of a tree
/// that is large by itself belongs to whoever has the tree.
pub(in crate::inspect::suspects) fn leave_own_nodes(snapshot: &Snapshot, held: &mut Held) {
    let is_own = leads_to_its_like(snapshot, held);
    leave(snapshot, held, is_own, false);
}

/// Whether what is held by a field is of the class that has the field, or has a class of the application's in common with it: itself, or what is in the array that it is.
fn leads_to_its_like(snapshot: &Snapshot, held: &Held) -> bool {
    const SOME: usize = 16;
    let Some(name) = held.holder.class.as_deref() else { return false };
    let of_node: HashSet<ClassIx> =
        snapshot.classes().named(name).iter().flat_map(|&class| own_lineage(snapshot, class)).collect();
    let is_alike = |object: ObjectIx| {
        own_lineage(snapshot, snapshot.class_of(object)).any(|class| of_node.contains(&class))
    };
    if snapshot.class(held.object).is_array() {
        let mut some =
            snapshot.references().of(held.object).filter(|&object| object != held.object).take(SOME);
        return some.any(is_alike);
    }
    is_alike(held.object)
}

/// A class and those above it that are the application's.
pub(super) fn own_lineage(snapshot: &Snapshot, class: ClassIx) -> impl Iterator<Item = ClassIx> {
    let lineage = snapshot.classes().lineage(class).map(|(above, _)| above);
    lineage.filter(|&above| origin_of(snapshot, above) == Origin::Application)
}

/// Has the field that leads to nodes hold what one of them holds: nodes of the application's own if `is_own`, and those of a library if asked for.
fn leave(snapshot: &Snapshot, held: &mut Held, is_own: bool, of_libraries: bool) {
    const MANY: u64 = 1000;
    let holder = &held.holder;
    let Some(name) = holder.class.as_deref().filter(|_| holder.kind == HolderKind::InstanceField) else {
        return;
    };
    let nodes = snapshot.classes().sub_classes_of(name);
    let are_of = |origin| nodes.iter().all(|&class| origin_of(snapshot, class) == origin);
    let count: u64 = nodes.iter().map(|class| snapshot.class_counts()[class.index()].instances).sum();
    if count < MANY {
        return;
    }
    let is_own = is_own && are_of(Origin::Application);
    let is_of_library = of_libraries && are_of(Origin::Library);
    if !is_own && !is_of_library {
        return;
    }
    let on_path = held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
    let mut above: Vec<ObjectIx> = on_path.take_while(|&object| object != held.object).collect();
    above.push(held.object);
    let field = above.windows(2).rev().find_map(|pair| {
        let (class, name, kind) = match snapshot.link(pair[0], pair[1])? {
            Link::Field { class, name } => (class, name, HolderKind::InstanceField),
            Link::Static { class, name } => (class, name, HolderKind::StaticField),
            _ => return None,
        };
        let is_node = nodes.contains(&snapshot.class_of(pair[0]));
        let is_own = origin_of(snapshot, class) != Origin::Jdk && !is_node;
        is_own.then(|| (Holder::of_field(kind, &snapshot.classes().get(class).name, name), pair[1]))
    });
    if let Some((field, object)) = field {
        held.holder = field;
        if is_own {
            held.object = object;
        }
    }
}

/// The next object of the innermost list that is not at its end.
pub(super) fn next_of(stack: &mut Vec<&[ObjectIx]>) -> Option<ObjectIx> {
    loop {
        // A list at its end does not stay below the next one: a chain is as deep as it is long.
        let siblings = stack.pop()?;
        if let Some((&object, rest)) = siblings.split_first() {
            if !rest.is_empty() {
                stack.push(rest);
            }
            return Some(object);
        }
    }
}

/// What most of some objects show.
#[derive(Debug)]
struct Found {
    shape: Shape,
    field: String,
    ends: u64,
}

impl Found {
    /// Whether one field at least is the same: of a tree some may show but one.
    fn is_by_field_of(&self, other: &Self) -> bool {
        self.field.split(", ").any(|field| other.field.split(", ").any(|of_other| field == of_other))
    }
}

/// How most of these objects hold each other.
fn shape_of(snapshot: &Snapshot, objects: &[ObjectIx], is_it: impl Fn(ClassIx) -> bool) -> Option<Found> {
    let mut votes = Votes::default();
    objects.iter().for_each(|&object| votes.look_at(snapshot, object, &is_it));
    if let Some(found) = votes.by_each_other(objects.len()) {
        return Some(found);
    }
    let is_most = |votes: usize| is_most_of(votes, objects.len());
    // The list begins and ends in fields of one object, which dominates all of it.
    let tree = snapshot.dominators();
    let above = tree.immediate_dominator(*objects.first()?).object()?;
    let is_above = |object: &&ObjectIx| tree.immediate_dominator(**object).object() == Some(above);
    let has_few = snapshot.references().of(above).count() <= FEW_REFERENCES;
    let linked = votes.links.iter().filter(|(_, votes)| is_most(**votes));
    let mut fields: Vec<&str> = linked.map(|(field, _)| field.as_str()).collect();
    if !has_few || fields.is_empty() || !is_most(objects.iter().filter(is_above).count()) {
        return votes.partly(objects.len());
    }
    fields.sort_unstable();
    Some(Found { shape: Shape::List, field: fields.join(", "), ends: 1 })
}

/// Whether nothing refers to most of these but others of their class: what is in a collection as well is held by that, whatever it refers to.
fn is_held_by_itself(
    snapshot: &Snapshot,
    objects: &[ObjectIx],
    is_it: impl Fn(ClassIx) -> bool,
) -> Result<bool, SnapshotError> {
    const ASKED: usize = 256;
    let mut asked: Vec<ObjectIx> = objects.iter().copied().step_by(objects.len().div_ceil(ASKED)).collect();
    asked.sort_unstable();
    let references = references_to(snapshot, &asked)?.into_iter();
    let outside =
        references.filter(|&(from, _)| snapshot.is_reachable(from) && !is_it(snapshot.class_of(from)));
    let held: HashSet<ObjectIx> = outside.map(|(_, target)| target).collect();
    Ok(held.len() as f64 <= (1.0 - MOST) * asked.len() as f64)
}

/// Whether so many are most of so many objects.
fn is_most_of(votes: usize, objects: usize) -> bool {
    votes as f64 >= MOST * objects as f64
}

impl Votes {
    /// That most of so many objects are held by others: a chain or a tree.
    fn by_each_other(&self, objects: usize) -> Option<Found> {
        if let Some(found) = self.branching(objects) {
            return Some(found);
        }
        let best =
            self.by_field.iter().max_by_key(|&(field, votes)| (votes.0 + votes.1, std::cmp::Reverse(field)));
        let (field, &(direct, inside)) = best.filter(|(_, votes)| is_most_of(votes.0 + votes.1, objects))?;
        let shape = if direct >= inside {
            Shape::Chain
        } else {
            Shape::Tree { most: self.by_collection.values().copied().max().unwrap_or(0) }
        };
        Some(Found { shape, field: field.clone(), ends: (objects - direct - inside) as u64 })
    }

    /// That most of so many objects are held directly by one of two fields of another one, each of which holds a good part of them.
    fn branching(&self, objects: usize) -> Option<Found> {
        const GOOD_PART: f64 = 0.05;
        let mut direct: Vec<(usize, &str)> = self
            .by_field
            .iter()
            .map(|(field, &(direct, _))| (direct, &**field))
            .filter(|&(direct, _)| direct as f64 >= GOOD_PART * objects as f64)
            .collect();
        direct.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let [(first, field), (second, other)] = *direct else { return None };
        let held = first + second;
        is_most_of(held, objects).then(|| Found {
            shape: Shape::Branching,
            field: format!("{field}, {other}"),
            ends: (objects - held) as u64,
        })
    }

    /// That many of so many objects are held directly by one field of another one.
    fn partly(&self, objects: usize) -> Option<Found> {
        let direct = self.by_field.iter().map(|(field, &(direct, _))| (direct, std::cmp::Reverse(field)));
        let (held, std::cmp::Reverse(field)) = direct.max()?;
        (held as f64 >= PART * objects as f64).then(|| Found {
            shape: Shape::Partly { held: held as u64 },
            field: field.clone(),
            ends: (objects - held) as u64,
        })
    }

    fn look_at(&mut self, snapshot: &Snapshot, object: ObjectIx, is_it: impl Fn(ClassIx) -> bool) {
        let mut below = object;
        for (step, above) in snapshot.dominators().dominators(object).take(STEPS).enumerate() {
            if is_it(snapshot.class_of(above)) {
                let Some(Link::Field { class, name }) = snapshot.link(above, below) else { break };
                if is_made_by_compiler(&snapshot.classes().get(class).name, name) {
                    break;
                }
                let votes = self.by_field.entry_ref(name).or_default();
                if step == 0 {
                    votes.0 += 1;
                } else {
                    votes.1 += 1;
                    *self.by_collection.entry(below).or_default() += 1;
                }
                break;
            }
            if !is_plumbing(snapshot, above) && collection_kind(snapshot, above).is_none() {
                break;
            }
            below = above;
        }
        // Nothing is allocated for each of millions.
        snapshot.links(object, |link, target| {
            if let Link::Field { class, name } = link
                && target != object
                && is_it(snapshot.class_of(target))
                && !is_made_by_compiler(&snapshot.classes().get(class).name, name)
            {
                *self.links.entry_ref(name).or_default() += 1;
            }
            true
        });
    }
}

impl Linked {
    /// The chains, if they are such.
    pub(super) fn chains(&self) -> Option<Chains<'_>> {
        (self.shape == Shape::Chain).then_some(Chains { field: &self.field, heads: &self.heads })
    }

    /// Whether they are in collections of each other.
    pub(super) fn is_tree(&self) -> bool {
        matches!(self.shape, Shape::Tree { .. })
    }

    /// Whether it is true of a part of them only: what else is said of the others holds as well.
    pub(super) fn is_partly(&self) -> bool {
        matches!(self.shape, Shape::Partly { .. })
    }

    /// That they hold each other, and by which field.
    pub(super) fn words(&self) -> Text {
        let mut args = vec![
            ("count", Arg::Count(self.count)),
            ("class", Arg::name(&self.class)),
            ("field", Arg::name(&self.field)),
        ];
        let id = match self.shape {
            Shape::Chain => "suspect-linked-chain",
            Shape::Branching => "suspect-linked-branching",
            Shape::List => "suspect-linked-list",
            Shape::Partly { held } => {
                args.push(("held", Arg::Count(held)));
                "suspect-linked-partly"
            }
            Shape::Tree { most } if most * 4 >= self.count => {
                args.push(("most", Arg::Count(most)));
                "suspect-linked-tree-wide"
            }
            Shape::Tree { .. } => "suspect-linked-tree",
        };
        Text::with(id, args)
    }

    /// What to change, where that is not what is put into the holder.
    pub(super) fn advice(&self) -> Option<Text> {
        let field = [("field", Arg::name(&self.field))];
        match self.shape {
            // Short ones hang on what is put into the holder.
            Shape::Chain if self.ends * LONG > self.count => None,
            Shape::Chain => Some(Text::with("suspect-advice-chain", field)),
            Shape::List => Some(Text::with("suspect-advice-list", field)),
            Shape::Branching | Shape::Tree { .. } | Shape::Partly { .. } => None,
        }
    }
}
