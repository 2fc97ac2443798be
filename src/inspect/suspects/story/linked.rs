//! Objects that hold each other: a chain through a field of their own, a tree, a list with two ends.
//!
//! Of a chain the field that leads to its head says nothing: whoever keeps the head keeps all, and nothing was put into that field but the last one. Owns the
//! telling apart of these, by some of the objects and what dominates them. Cost: a walk over a part of what is retained, of bounded length.

use super::super::elements::is_plumbing;
use super::Story;
use crate::hprof::ObjectId;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, collection_length, is_made_by_compiler, origin_of};
use crate::report::{Arg, Holder, HolderKind, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashMap;

/// Fewer are no structure worth a word.
const FEW: u64 = 256;
/// Objects that are looked at,
const SAMPLES: usize = 1 << 10;
/// and objects that are visited for them, at most.
const MOST_VISITED: usize = 1 << 18;
/// From an element up to the field of the one that holds it: the value of an entry, the entry, the table, the map.
const STEPS: usize = 6;
/// The part of the samples for which something has to hold.
const MOST: f64 = 0.8;
/// An object with more references is itself what they are in.
const FEW_REFERENCES: usize = 16;

/// How the objects of a class hold each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Linked {
    shape: Shape,
    /// The field, or the fields of a list with two ends.
    field: String,
    /// All reachable objects of the class.
    count: u64,
    class: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Each refers to the next one.
    Chain,
    /// Each has some others in a collection; one of them so many.
    Tree { most: u64 },
    /// Both ends are known to what holds them.
    List,
}

/// What one of the objects shows.
#[derive(Default)]
struct Votes {
    /// By field, how many are held by it directly, and how many in a collection.
    by_field: HashMap<String, (usize, usize)>,
    /// By field, how many refer to another one by it.
    links: HashMap<String, usize>,
    most: u64,
}

impl Story {
    /// How those in the title hold each other, if nearly all of them do.
    pub(super) fn linked(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<Linked> {
        let classes = snapshot.classes().named(&suspect.class);
        let is_it = |class: ClassIx| classes.contains(&class);
        let is_own = |&class: &ClassIx| {
            origin_of(snapshot, class) != Origin::Jdk && snapshot.classes().get(class).element.is_none()
        };
        let count = classes.iter().map(|class| snapshot.class_counts()[class.index()].instances).sum();
        if suspect.kind != SuspectKind::Leak || count < FEW || !classes.iter().any(is_own) {
            return None;
        }
        let samples = self.some_of(snapshot, is_it);
        if (samples.len() as u64) < FEW {
            return None;
        }
        let mut votes = Votes::default();
        samples.iter().for_each(|&object| votes.look_at(snapshot, object, is_it));
        let is_most = |votes: usize| votes as f64 >= MOST * samples.len() as f64;
        let best =
            votes.by_field.iter().max_by_key(|&(field, votes)| (votes.0 + votes.1, std::cmp::Reverse(field)));
        let class = suspect.class.clone();
        if let Some((field, &(direct, inside))) = best.filter(|(_, votes)| is_most(votes.0 + votes.1)) {
            let shape = if direct >= inside { Shape::Chain } else { Shape::Tree { most: votes.most } };
            return Some(Linked { shape, field: field.clone(), count, class });
        }
        // The list begins and ends in fields of one object, which dominates all of it.
        let tree = snapshot.dominators();
        let above = tree.immediate_dominator(samples[0]).object()?;
        let is_above = |object: &&ObjectIx| tree.immediate_dominator(**object).object() == Some(above);
        let has_few = snapshot.references().of(above).count() <= FEW_REFERENCES;
        let mut fields: Vec<&str> = votes
            .links
            .iter()
            .filter(|(_, votes)| is_most(**votes))
            .map(|(field, _)| field.as_str())
            .collect();
        if !has_few || fields.is_empty() || !is_most(samples.iter().filter(is_above).count()) {
            return None;
        }
        fields.sort_unstable();
        Some(Linked { shape: Shape::List, field: fields.join(", "), count, class })
    }

    /// Where the field that holds it is one of a library's nodes, of which there are thousands, the field that leads to the nodes says more.
    pub(in crate::inspect::suspects) fn leave_nodes(&mut self, snapshot: &Snapshot) {
        const MANY: u64 = 1000;
        let holder = &self.held.holder;
        let Some(name) = holder.class.as_deref().filter(|_| holder.kind == HolderKind::InstanceField) else {
            return;
        };
        let nodes = snapshot.classes().sub_classes_of(name);
        let is_of_library = |class: ClassIx| origin_of(snapshot, class) == Origin::Library;
        let count: u64 = nodes.iter().map(|class| snapshot.class_counts()[class.index()].instances).sum();
        if count < MANY || !nodes.iter().copied().all(is_of_library) {
            return;
        }
        let on_path = self.held.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        let mut above: Vec<ObjectIx> = on_path.take_while(|&object| object != self.held.object).collect();
        above.push(self.held.object);
        let field = above.windows(2).rev().find_map(|pair| {
            let (class, name, kind) = match snapshot.link(pair[0], pair[1])? {
                Link::Field { class, name } => (class, name, HolderKind::InstanceField),
                Link::Static { class, name } => (class, name, HolderKind::StaticField),
                _ => return None,
            };
            let is_node = nodes.contains(&snapshot.class_of(pair[0]));
            let is_own = origin_of(snapshot, class) != Origin::Jdk && !is_node;
            is_own.then(|| Holder::of_field(kind, &snapshot.classes().get(class).name, name))
        });
        if let Some(field) = field {
            self.held.holder = field;
        }
    }

    /// Some objects of the class below the owners, from all depths.
    fn some_of(&self, snapshot: &Snapshot, is_it: impl Fn(ClassIx) -> bool) -> Vec<ObjectIx> {
        let tree = snapshot.dominators();
        let mut samples = Vec::new();
        let mut stack = self.owners.clone();
        for _ in 0..MOST_VISITED {
            let Some(object) = stack.pop().filter(|_| samples.len() < SAMPLES) else { break };
            if is_it(snapshot.class_of(object)) {
                samples.push(object);
            }
            stack.extend(tree.children(object));
        }
        samples
    }
}

impl Votes {
    fn look_at(&mut self, snapshot: &Snapshot, object: ObjectIx, is_it: impl Fn(ClassIx) -> bool) {
        let mut below = object;
        for (step, above) in snapshot.dominators().dominators(object).take(STEPS).enumerate() {
            if is_it(snapshot.class_of(above)) {
                let Some(field) = field_to(snapshot, above, below) else { break };
                let votes = self.by_field.entry(field).or_default();
                if step == 0 {
                    votes.0 += 1;
                } else {
                    votes.1 += 1;
                    self.most = self.most.max(collection_length(snapshot, below).unwrap_or(0));
                }
                break;
            }
            if !is_plumbing(snapshot, above) && collection_length(snapshot, above).is_none() {
                break;
            }
            below = above;
        }
        let mut links: Vec<String> = Vec::new();
        snapshot.links(object, |link, target| {
            if let Link::Field { class, name } = link
                && target != object
                && is_it(snapshot.class_of(target))
                && !is_made_by_compiler(&snapshot.classes().get(class).name, name)
            {
                links.push(name.to_owned());
            }
            true
        });
        links.into_iter().for_each(|field| *self.links.entry(field).or_default() += 1);
    }
}

/// The field by which an object refers to another one.
fn field_to(snapshot: &Snapshot, from: ObjectIx, to: ObjectIx) -> Option<String> {
    match snapshot.link(from, to) {
        Some(Link::Field { class, name })
            if !is_made_by_compiler(&snapshot.classes().get(class).name, name) =>
        {
            Some(name.to_owned())
        }
        _ => None,
    }
}

impl Linked {
    /// Whether they are in collections of each other.
    pub(super) fn is_tree(&self) -> bool {
        matches!(self.shape, Shape::Tree { .. })
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
            Shape::List => "suspect-linked-list",
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
            Shape::Chain => Some(Text::with("suspect-advice-chain", field)),
            Shape::List => Some(Text::with("suspect-advice-list", field)),
            Shape::Tree { .. } => None,
        }
    }
}
