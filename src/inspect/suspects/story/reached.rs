//! By which field the application reaches what a library holds by a field of its own: the registry that a static field of the library has is in a field of the
//! application's as well, and that is the one which its programmers know.
//!
//! Cost: a pass over all references for each step from the library's object to the application's, ten at most, for each suspect of which a library's field
//! is the holder.

use super::super::elements::{is_collection, is_plumbing};
use super::Story;
use crate::inspect::InspectError;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of, origin_of_named, references_to};
use crate::report::{Arg, HolderKind, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;

/// Objects of libraries from the field of the application's to the object with the field that holds it.
const DEEPEST: usize = 4;
/// The same with the collections that these keep each other in: a node, its table, the map.
const DEEPEST_IN_ALL: usize = 10;
/// More objects of libraries that refer to it have it from each other.
const MOST: usize = 32;
/// Of a class that is there more often, each has it: files their file system.
const MOST_OF_A_CLASS: usize = 4;
/// What holds less of the heap is not worth the search.
const LEAST_SHARE: f64 = 0.1;

impl Story {
    /// The field of the application's that leads to the library's object whose field is the holder, if there is one.
    pub(super) fn reached_by(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
    ) -> Result<Option<Text>, InspectError> {
        let is_of_library = |class: &str| origin_of_named(snapshot, class) == Origin::Library;
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.share >= LEAST_SHARE
            && matches!(suspect.holder.kind, HolderKind::StaticField | HolderKind::InstanceField)
            && self.held.origin == Origin::Library
            && suspect.holder.class.as_deref().is_some_and(is_of_library);
        let owner = self.declaring(snapshot).filter(|&owner| snapshot.mirrored_class(owner).is_none());
        let Some(owner) = owner.filter(|_| is_asked) else { return Ok(None) };
        let is_of = |object: ObjectIx, origin: Origin| {
            let class = snapshot.mirrored_class(object).unwrap_or_else(|| snapshot.class_of(object));
            origin_of(snapshot, class) == origin && !snapshot.class(object).is_array()
        };
        // What is in it may refer back to it.
        let is_inside = |object: ObjectIx| {
            snapshot.dominators().dominators(object).any(|above| above == self.held.object)
        };
        let mut seen: HashSet<ObjectIx> = HashSet::from([owner]);
        let mut targets = vec![owner];
        let mut deep = 0;
        for _ in 0..DEEPEST_IN_ALL {
            let mut fields: BTreeMap<String, usize> = BTreeMap::new();
            let mut next = Vec::new();
            for (referrer, target) in references_to(snapshot, &targets)? {
                if !snapshot.is_reachable(referrer) || is_inside(referrer) {
                    continue;
                }
                if is_of(referrer, Origin::Application) {
                    if let Some(field) = field(snapshot, referrer, target) {
                        *fields.entry(field).or_default() += 1;
                    }
                } else if (is_of(referrer, Origin::Library) || is_of_collection(snapshot, referrer))
                    && snapshot.mirrored_class(referrer).is_none()
                    && seen.insert(referrer)
                {
                    next.push(referrer);
                }
            }
            // What each of many has says less than what one has.
            if let Some((field, _)) = fields.into_iter().min_by_key(|&(_, objects)| objects) {
                return Ok(Some(Text::with("suspect-reached-by", [("field", Arg::name(field))])));
            }
            if next.len() > MOST {
                let mut by_class: HashMap<ClassIx, usize> = HashMap::new();
                next.iter().for_each(|&one| *by_class.entry(snapshot.class_of(one)).or_default() += 1);
                next.retain(|&one| by_class[&snapshot.class_of(one)] <= MOST_OF_A_CLASS);
            }
            deep += usize::from(next.iter().any(|&one| is_of(one, Origin::Library)));
            if next.is_empty() || next.len() > MOST || deep >= DEEPEST {
                return Ok(None);
            }
            targets = next;
        }
        Ok(None)
    }
}

/// Whether it is a collection of the JDK's or a part of one.
fn is_of_collection(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let name = snapshot.class_name(object);
    (name.starts_with("java.util.") || name == "java.lang.Object[]")
        && (is_plumbing(snapshot, object) || is_collection(snapshot, object))
}

/// The field by which an object of the application's refers to another, if somebody has written it.
fn field(snapshot: &Snapshot, from: ObjectIx, to: ObjectIx) -> Option<String> {
    let (Link::Field { class, name } | Link::Static { class, name }) = snapshot.link(from, to)? else {
        return None;
    };
    let class = snapshot.classes().get(class);
    let is_own = origin_of(snapshot, *snapshot.classes().named(&class.name).first()?) == Origin::Application;
    (is_own && !name.contains('$') && !class.name.contains("$$")).then(|| format!("{}.{name}", class.name))
}
