//! The things that somebody has put there, between the holder and what there is most of: routers rather than the links between them, tables rather than the first
//! cell of each.
//!
//! Where the parts refer to each other or belong to several, none of the things retains them, and the parts alone would be counted. Owns the proof, by references:
//! each of the things leads to about as many of the parts as there are for each, and is no piece of the structure that they are in. Cost: a walk over some of what
//! is retained, and from some of the things, each of bounded length.

use super::super::chunks::is_own_chunk;
use super::super::elements::{is_collection, is_plumbing};
use super::Story;
use super::linked::own_lineage;
use super::own_list::links_of;
use super::subject::Subject;
use super::words;
use crate::inspect::holders::is_thread;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{Pattern, Share, Suspect, SuspectKind};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashSet;

/// Fewer things are told in other words.
const FEW: u64 = 64;
/// So many parts for each at least.
const TIMES: u64 = 2;
/// Things and parts that are looked at, and objects that are visited for them.
const SAMPLES: usize = 32;
const MOST_VISITED: usize = 1 << 17;
/// Objects that are visited from each of the things; who leads to so many parts leads to enough of them.
const MOST_REACHED: usize = 1 << 13;
const ENOUGH: u64 = 1000;
/// From a part up to what has it.
const STEPS: usize = 1 << 10;
/// With so many parts in each it is these that pile up,
const IN_EACH: u64 = 64;
/// if they are this part of what the things lead to.
const MOST: f64 = 0.5;

impl Story {
    /// Has a suspect told by the things that lead to what it is counted in, and says what that is.
    pub(super) fn count_in_things(
        &self,
        snapshot: &Snapshot,
        subject: &mut Subject,
        counted: &[Share],
    ) -> Option<Share> {
        let part = subject.class;
        let is_asked = self.held.kind == SuspectKind::Leak
            && subject.pattern == Pattern::Collection
            && self.crowd.is_none()
            && self.shared.is_none()
            && is_of_application(snapshot, part);
        let name = &*snapshot.classes().get(part).name;
        let parts = counted.iter().find(|share| is_asked && share.class == name)?;
        let some = self.below(snapshot, |class| class == part, MOST_VISITED, SAMPLES);
        let are_linked = some.iter().any(|&object| leads_to_its_like(snapshot, object));
        let known = counted.iter().filter(|share| {
            share.instances >= FEW && share.instances * TIMES <= parts.instances && share.class != name
        });
        let mut things: Option<(ClassIx, u64)> = None;
        for share in known {
            let Some(&class) = snapshot.classes().named(&share.class).first() else { continue };
            let is_nearer = things.is_none_or(|(_, count)| share.instances > count);
            if is_nearer && is_of_application(snapshot, class) {
                let thing = Thing { class, count: share.instances, part, parts: parts.instances, are_linked };
                // Where all of them were counted that lead to each other, they are known as lists.
                let are_heads = are_linked && subject.instances * TIMES <= parts.instances;
                if self.are_things(snapshot, &thing, &some, are_heads) {
                    things = Some((class, share.instances));
                }
            }
        }
        let (class, count) = things?;
        (subject.class, subject.instances, subject.elements) = (class, count, None);
        Some(parts.clone())
    }

    /// Whether the objects of a class are what somebody has put there, and the parts belong to them.
    fn are_things(&self, snapshot: &Snapshot, thing: &Thing, parts: &[ObjectIx], are_heads: bool) -> bool {
        let tree = snapshot.dominators();
        let held = self.held.object;
        // What each of them retains is told by other means, unless the parts lead to each other and only the first one of each was met.
        let is_apart = |&part: &ObjectIx| {
            let mut above = tree.dominators(part).take(STEPS).take_while(|&above| above != held);
            !above.any(|above| snapshot.class_of(above) == thing.class)
        };
        let apart = parts.iter().filter(|part| is_apart(part)).count();
        if apart * 10 < parts.len() * 9 && !are_heads {
            return false;
        }
        let some = self.below(snapshot, |class| class == thing.class, MOST_VISITED, SAMPLES);
        // Pages of a tree have a class above them all.
        let is_piece = |&object: &ObjectIx| {
            have_class_in_common(snapshot, thing.class, thing.part)
                || is_own_chunk(snapshot, object)
                || !thing.are_linked && !has_name(snapshot, object, thing)
        };
        if some.is_empty() || some.iter().any(is_piece) {
            return false;
        }
        let enough = (thing.parts / thing.count).min(ENOUGH);
        let has_them = |&&object: &&ObjectIx| thing.led_to(snapshot, object).len() as u64 * 2 >= enough;
        some.iter().filter(has_them).count() * 10 >= some.len() * 8
    }

    /// What the edges of a library's graph connect, if that is what something is full of: who has put the nodes there knows these.
    pub(super) fn nodes_of_graph(
        &self,
        snapshot: &Snapshot,
        edges: &Share,
        counted: &[Share],
    ) -> Option<Share> {
        /// So many edges for each node at most: where there are more they are what grows.
        const EDGES: u64 = 8;
        let class = *snapshot.classes().named(&edges.class).first()?;
        let some = self.below(snapshot, |other| other == class, MOST_VISITED, SAMPLES);
        let mut nodes: Option<ClassIx> = None;
        for &edge in &some {
            let ends: HashSet<ObjectIx> = snapshot
                .references()
                .of(edge)
                .filter(|&end| {
                    let of = snapshot.class_of(end);
                    of != class && snapshot.mirrored_class(end).is_none() && is_of_application(snapshot, of)
                })
                .collect();
            let [one, other] = Vec::from_iter(ends)[..] else { return None };
            let of = snapshot.class_of(one);
            if of != snapshot.class_of(other) || nodes.is_some_and(|nodes| nodes != of) {
                return None;
            }
            nodes = Some(of);
        }
        let name = &*snapshot.classes().get(nodes?).name;
        let nodes = counted.iter().find(|share| share.class == name)?;
        let are_nodes = (FEW..edges.instances).contains(&nodes.instances);
        (are_nodes && nodes.instances * EDGES >= edges.instances).then(|| nodes.clone())
    }

    /// Says in the title what each of the things has so many of, unless it says more than how many things there are.
    pub(super) fn tell_what_things_have(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
        parts: Option<Share>,
    ) {
        let plain = words::title(suspect.kind, &suspect.class, suspect.instances, &suspect.holder);
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.pattern == Pattern::Collection
            && suspect.instances > 1
            && suspect.rule.is_none();
        if !is_asked || suspect.title != plain {
            return;
        }
        if let Some(parts) = parts.or_else(|| self.in_each_of_things(snapshot, suspect)) {
            suspect.title =
                words::title_many_with(&suspect.class, suspect.instances, &parts, &suspect.holder);
        }
    }

    /// What each of the things leads to many of, the first such, if these have most of it: versions of a document, which share what they consist of.
    fn in_each_of_things(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<Share> {
        let class = *snapshot.classes().named(&suspect.class).first()?;
        if self.shared.is_some() || self.crowd.is_some() || !is_of_application(snapshot, class) {
            return None;
        }
        let some = self.below(snapshot, |other| other == class, MOST_VISITED, SAMPLES);
        let is_found = |share: &&Share| {
            let found = snapshot.classes().named(&share.class).first();
            share.instances >= suspect.instances * IN_EACH
                && found.is_some_and(|&part| {
                    let are_linked = false;
                    let thing =
                        Thing { class, count: suspect.instances, part, parts: share.instances, are_linked };
                    part != class
                        && is_of_application(snapshot, part)
                        && !some.is_empty()
                        && thing.are_full(snapshot, &some)
                })
        };
        suspect.composition.iter().find(is_found).cloned()
    }
}

/// Things, and what each of them may have many of.
struct Thing {
    class: ClassIx,
    count: u64,
    part: ClassIx,
    parts: u64,
    /// Whether the parts lead to each other, so that a thing leads to one of them.
    are_linked: bool,
}

impl Thing {
    /// The parts that one of the things leads to by nothing but arrays and collections, and by other parts if these are linked; at most [`ENOUGH`].
    fn led_to(&self, snapshot: &Snapshot, object: ObjectIx) -> HashSet<ObjectIx> {
        let (mut seen, mut found) = (HashSet::new(), HashSet::new());
        let mut left = vec![object];
        while let Some(next) = left.pop().filter(|_| seen.len() < MOST_REACHED) {
            for target in snapshot.references().of(next) {
                let class = snapshot.class_of(target);
                let is_part = class == self.part;
                if !seen.insert(target) {
                    continue;
                }
                if is_part {
                    found.insert(target);
                }
                let goes_on = if is_part {
                    self.are_linked
                } else {
                    is_plumbing(snapshot, target) || is_collection(snapshot, target)
                };
                if goes_on {
                    left.push(target);
                }
            }
            if found.len() as u64 >= ENOUGH {
                break;
            }
        }
        found
    }

    /// Whether each of these leads to about as many parts as there are for each, and most of all that they lead to is behind those.
    fn are_full(&self, snapshot: &Snapshot, some: &[ObjectIx]) -> bool {
        const LOOKED_AT: usize = 4;
        let each = self.parts / self.count;
        let enough = each.min(ENOUGH);
        some.iter().take(LOOKED_AT).all(|&object| {
            let parts: Vec<ObjectIx> = self.led_to(snapshot, object).into_iter().collect();
            let has_them = parts.len() as u64 * 2 >= enough;
            has_them && {
                let all = reached_bytes(snapshot, &[object], self.class, &parts);
                let behind = reached_bytes(snapshot, &parts, self.class, &[]);
                // Of very many only some were looked at.
                let times = (each as f64 / parts.len() as f64).max(1.0);
                behind as f64 * times >= MOST * all.max(1) as f64
            }
        })
    }
}

/// The bytes of what can be reached from these, themselves included and what does not lie in the heap by itself left out, and of `besides`.
fn reached_bytes(snapshot: &Snapshot, from: &[ObjectIx], but: ClassIx, besides: &[ObjectIx]) -> u64 {
    let mut seen: HashSet<ObjectIx> = from.iter().chain(besides).copied().collect();
    let mut left: Vec<ObjectIx> = seen.iter().copied().collect();
    let mut bytes = 0;
    for _ in 0..MOST_VISITED {
        let Some(object) = left.pop() else { break };
        bytes += snapshot.shallow_bytes(object);
        let below = snapshot.references().of(object).filter(|&target| {
            snapshot.mirrored_class(target).is_none()
                && snapshot.class_of(target) != but
                && !is_thread(snapshot, target)
        });
        for target in below {
            if seen.insert(target) {
                left.push(target);
            }
        }
    }
    bytes
}

/// Whether an object refers to others of its class, by a field or by an array.
fn leads_to_its_like(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let is_alike = |target: ObjectIx| snapshot.class_of(target) == snapshot.class_of(object);
    let in_arrays = || {
        let mut arrays = snapshot.references().of(object).filter(|&array| snapshot.class(array).is_array());
        arrays.any(|array| snapshot.references().of(array).take(SAMPLES).any(is_alike))
    };
    !links_of(snapshot, object).is_empty() || in_arrays()
}

/// Whether it is a class that somebody has written and given a name.
fn is_of_application(snapshot: &Snapshot, class: ClassIx) -> bool {
    let described = snapshot.classes().get(class);
    !described.is_array()
        && !described.name.contains("$$Lambda")
        && !described.name.contains("$Proxy")
        && origin_of(snapshot, class) == Origin::Application
}

/// Whether an object has a field with anything but parts, arrays, and objects of its own class: a piece of a structure leads to other pieces and to what is stored.
fn has_name(snapshot: &Snapshot, object: ObjectIx, thing: &Thing) -> bool {
    let mut has_name = false;
    snapshot.links(object, |link, target| {
        if let Link::Field { .. } = link {
            let class = snapshot.class_of(target);
            let is_piece = have_class_in_common(snapshot, class, thing.class);
            let is_inside = snapshot.class(target).is_array()
                || class == thing.part
                || is_piece
                || is_collection(snapshot, target)
                || is_plumbing(snapshot, target);
            has_name |= !is_inside;
        }
        true
    });
    has_name
}

/// Whether two classes have one of the application's in common.
fn have_class_in_common(snapshot: &Snapshot, class: ClassIx, other: ClassIx) -> bool {
    own_lineage(snapshot, class).any(|above| own_lineage(snapshot, other).any(|of_other| of_other == above))
}
