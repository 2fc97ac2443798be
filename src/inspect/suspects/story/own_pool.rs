//! A pool of the application's own making: an object with all that it has made in one collection or array, and the idle ones in another, or only the idle ones.
//!
//! What is not idle is in use, and whoever uses it refers to it: what nothing but the list of all refers to was taken and never given back, and no bound on that
//! list brings it back. That one field has what is idle its name says, and that the objects in it are some of those in the other proves it. Where nearly all
//! are idle nothing piles up by use. Cost: a look at the fields of one object; where one is named so, at all elements.

use super::Story;
use super::fixed::is_of_fixed_parts;
use super::own_list::link_of;
use super::words::{self, simple_name};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{CollectionPart, Origin, collection_kind, origin_of, visit_part};
use crate::report::{Arg, COMPARE, HolderKind, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashSet;

/// Smaller pools are not looked at.
const FEW: usize = 64;
/// Elements that are looked at.
const MOST: usize = 1 << 20;
/// What such a field is called, in part.
const IDLE: [&str; 5] = ["idle", "free", "unused", "spare", "available"];

/// A pool.
#[derive(Debug, Clone)]
pub(super) struct OwnPool {
    all: u64,
    idle: u64,
    /// Of those that are not idle how many nothing refers to but the list of all.
    lost: u64,
    /// The fields with all and with the idle ones; only the latter where the pool does not know the others.
    of_all: Option<String>,
    of_idle: String,
    class: String,
    /// What all of them retain.
    bytes: u64,
}

impl Story {
    /// The pool that it is, if it is one: by the field that holds it, or all of the object that a field refers to.
    pub(super) fn own_pool(&self, snapshot: &Snapshot) -> Option<OwnPool> {
        let holder = &self.held.holder;
        if self.held.kind != SuspectKind::Leak {
            return None;
        }
        let held = self.held.object;
        let owner = self.declaring(snapshot).filter(|_| holder.kind == HolderKind::InstanceField);
        let of_field = owner.and_then(|owner| OwnPool::of(snapshot, owner, Some(held)));
        let pool = of_field.or_else(|| OwnPool::of(snapshot, held, None))?;
        (pool.bytes.saturating_mul(2) >= self.bytes).then_some(pool)
    }
}

fn is_named_idle(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    IDLE.iter().any(|name| field.contains(name))
}

fn field(snapshot: &Snapshot, class: ClassIx, name: &str) -> String {
    format!("{}.{name}", simple_name(&snapshot.classes().get(class).name))
}

/// What is in a collection, an array, or a list of the application's own making, all of one class.
struct Elements {
    class: ClassIx,
    objects: HashSet<ObjectIx>,
}

impl Elements {
    /// `None` if there is nothing in it, or more than one class, or too much. It may be the first one of a list of objects of `class`.
    fn of(snapshot: &Snapshot, object: ObjectIx, class: Option<ClassIx>) -> Option<Self> {
        let mut objects = HashSet::new();
        if class == Some(snapshot.class_of(object)) {
            let next = link_of(snapshot, object);
            let mut at = Some(object);
            while let Some(element) = at.filter(|&element| objects.len() < MOST && objects.insert(element)) {
                at = next.and_then(|next| snapshot.follow(element, next));
            }
        } else if snapshot.class(object).is_array() || collection_kind(snapshot, object).is_some() {
            visit_part(snapshot, object, CollectionPart::Values, &mut |element| {
                objects.insert(element);
                objects.len() < MOST
            });
        }
        let class = snapshot.class_of(*objects.iter().next()?);
        let is_of_it = |&object: &ObjectIx| snapshot.class_of(object) == class;
        let is_told = objects.len() < MOST && objects.iter().all(is_of_it);
        is_told.then_some(Self { class, objects })
    }

    /// Whether all of these are among them.
    fn has(&self, others: &Self) -> bool {
        self.class == others.class && others.objects.iter().all(|object| self.objects.contains(object))
    }

    fn count(&self) -> u64 {
        self.objects.len() as u64
    }

    fn bytes(&self, snapshot: &Snapshot) -> u64 {
        self.objects.iter().map(|&object| snapshot.retained_bytes(object)).sum()
    }
}

impl OwnPool {
    /// The pool that an object is, one of whose fields is asked about, or any.
    fn of(snapshot: &Snapshot, owner: ObjectIx, asked: Option<ObjectIx>) -> Option<Self> {
        let is_instance = !snapshot.class(owner).is_array() && snapshot.mirrored_class(owner).is_none();
        if !is_instance || origin_of(snapshot, snapshot.class_of(owner)) != Origin::Application {
            return None;
        }
        let mut fields: Vec<(ClassIx, &str, ObjectIx)> = Vec::new();
        snapshot.links(owner, |link, target| {
            if let Link::Field { class, name } = link {
                fields.push((class, name, target));
            }
            true
        });
        let (idle, others): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|&(_, name, _)| is_named_idle(name));
        if idle.is_empty() {
            return None;
        }
        let is_asked = |object: ObjectIx| asked.is_none_or(|asked| asked == object);
        for &(class, name, object) in &others {
            let Some(all) = Elements::of(snapshot, object, None).filter(|all| all.objects.len() >= FEW)
            else {
                continue;
            };
            let some = idle.iter().filter(|idle| is_asked(object) || is_asked(idle.2)).find_map(|idle| {
                let some = Elements::of(snapshot, idle.2, Some(all.class)).filter(|some| all.has(some))?;
                Some((some, field(snapshot, idle.0, idle.1)))
            });
            let Some((some, of_idle)) = some else { continue };
            let is_lost = |&element: &ObjectIx| {
                /// From an element up to its collection.
                const STEPS: usize = 6;
                let mut above = snapshot.dominators().dominators(element).take(STEPS);
                !some.objects.contains(&element) && above.any(|above| above == object)
            };
            return Some(Self {
                all: all.count(),
                idle: some.count(),
                lost: all.objects.iter().copied().filter(is_lost).count() as u64,
                of_all: Some(field(snapshot, class, name)),
                of_idle,
                class: snapshot.classes().get(all.class).name.to_string(),
                bytes: all.bytes(snapshot),
            });
        }
        // That the pool knows how many are in an array without a gap, and that none of them grows, says that these are no things that are for sale.
        idle.into_iter().filter(|idle| is_asked(idle.2)).find_map(|(class, name, object)| {
            let is_array = snapshot.class(object).is_array();
            let some =
                Elements::of(snapshot, object, None).filter(|some| is_array && some.objects.len() >= FEW)?;
            let is_count = |number: i64| u64::try_from(number) == Ok(some.count());
            let is_full = snapshot.array_length(object).map(u64::from) == Some(some.count());
            let knows = snapshot.fields(owner).any(|field| field.value.integer().is_some_and(is_count));
            (is_full && knows && is_of_fixed_parts(snapshot, object)).then(|| Self {
                all: some.count(),
                idle: some.count(),
                lost: 0,
                of_all: None,
                of_idle: field(snapshot, class, name),
                class: snapshot.classes().get(some.class).name.to_string(),
                bytes: some.bytes(snapshot),
            })
        })
    }

    /// Whether nearly all were taken and never given back.
    pub(super) fn is_lost(&self) -> bool {
        self.lost * 10 >= self.all * 9
    }

    /// Whether nearly all are idle.
    pub(super) fn is_idle(&self) -> bool {
        self.idle * 10 >= self.all * 9
    }

    /// Says how many are idle, and what to change where the others are lost: a bound would only hide that.
    pub(super) fn tell(&self, suspect: &mut Suspect) {
        let all = self.of_all.as_deref().unwrap_or(&self.of_idle);
        let args = [
            ("all", Arg::Count(self.all)),
            ("idle", Arg::Count(self.idle)),
            ("lost", Arg::Count(self.lost)),
            ("class", Arg::name(simple_name(&self.class))),
            ("field", Arg::name(all)),
            ("free", Arg::name(&self.of_idle)),
        ];
        if self.is_lost() {
            suspect.activity.insert(0, Text::with("suspect-pool-lost", args));
            let told = words::replace_any_general(suspect, "suspect-advice-pool-lost");
            // Whatever the next dump shows, nobody can give them back any more.
            suspect.advice.retain(|text| !told || !text.is_message(COMPARE));
        } else if self.is_idle() {
            suspect.activity.insert(0, Text::with("suspect-pool-idle", args));
        }
    }
}
