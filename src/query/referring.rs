//! Which objects refer to certain others, and by which fields.
//!
//! Cost: one pass over all references, with a look at a bit for each; a record for each reference that is found, unless all reference
//! fields of the object are set and so its place tells the field.

use super::scan::fold_tasks;
use crate::graph::GraphError;
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Link, MarkedHeap, Snapshot, SnapshotError};
use crate::storage::{BitColumn, RankedBits};
use hashbrown::HashMap;
use std::sync::Arc;

/// A field or the elements of an array class.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldName {
    /// The class that declares the field, or the array class.
    pub class: Arc<str>,
    /// The field; empty for elements.
    pub field: Arc<str>,
}

impl FieldName {
    /// `com.acme.Order.items`, or `java.lang.Object[]` for elements.
    pub fn label(&self) -> String {
        if self.field.is_empty() { self.class.to_string() } else { format!("{}.{}", self.class, self.field) }
    }
}

/// All references to `targets`, from reachable and unreachable objects alike: the referrer and the target, in the order of the dump.
/// For many targets or many questions [`Snapshot::referrers`] is better.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn references_to(
    snapshot: &Snapshot,
    targets: &[ObjectIx],
) -> Result<Vec<(ObjectIx, ObjectIx)>, SnapshotError> {
    let count = snapshot.object_count();
    let mut wanted = BitColumn::new(snapshot.storage(), "wanted objects", count).map_err(GraphError::from)?;
    targets.iter().for_each(|target| wanted.set(target.index()));
    let wanted = &wanted;
    fold_tasks(
        snapshot,
        Vec::new,
        |mut found: Vec<(ObjectIx, ObjectIx)>, objects| {
            for (object, slots) in snapshot.references().lists(objects) {
                let hits = slots.iter().filter(|&&slot| (slot as usize) < count && wanted.get(slot as usize));
                found.extend(hits.map(|&slot| (object, ObjectIx(slot))));
            }
            found
        },
        |mut a, mut b| {
            a.append(&mut b);
            a
        },
    )
}

/// Adds up over all references from reachable objects to `targets` by field. `add` is told the place of the target among the targets; the sums of
/// different threads are put together with `merge`.
///
/// # Errors
/// Cancelled.
pub fn by_referring_field<S: Default + Send>(
    heap: &MarkedHeap,
    targets: &RankedBits,
    add: impl Fn(&mut S, usize) + Sync,
    merge: impl Fn(&mut S, S) + Sync,
) -> Result<Vec<(FieldName, S)>, SnapshotError> {
    let count = heap.object_count();
    let fields = Fields::new(heap);
    let sums = fold_tasks(
        heap,
        ByField::default,
        |mut sums: ByField<S>, objects| {
            for (object, slots) in heap.references().lists(objects) {
                for (at, &slot) in slots.iter().enumerate().filter(|&(_, &slot)| (slot as usize) < count) {
                    if let Some(place) = targets.rank(slot as usize)
                        && heap.is_reachable(object)
                    {
                        add(sums.of(&fields, object, slots, at), place);
                    }
                }
            }
            sums
        },
        |mut a, b| {
            for (name, sum) in b.into_sums() {
                merge(a.of_name(name), sum);
            }
            a
        },
    )?;
    let mut all: Vec<(FieldName, S)> = sums.into_sums().collect();
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// Sums by field.
struct ByField<S> {
    places: HashMap<FieldName, usize>,
    /// Spares the look at the names: most objects of a class say by the place of a slot which field it is.
    places_of_slots: HashMap<(ClassIx, usize), usize>,
    sums: Vec<S>,
}

impl<S> Default for ByField<S> {
    fn default() -> Self {
        Self { places: HashMap::new(), places_of_slots: HashMap::new(), sums: Vec::new() }
    }
}

impl<S: Default> ByField<S> {
    fn of_name(&mut self, name: FieldName) -> &mut S {
        let place = self.place(name);
        &mut self.sums[place]
    }

    fn place(&mut self, name: FieldName) -> usize {
        let sums = &mut self.sums;
        *self.places.entry(name).or_insert_with(|| {
            sums.push(S::default());
            sums.len() - 1
        })
    }

    /// The sum of the field that stands at `slots[at]` of an object.
    fn of(&mut self, fields: &Fields<'_>, object: ObjectIx, slots: &[u32], at: usize) -> &mut S {
        let Some((class, at)) = fields.told_by_slot(object, slots.len(), at) else {
            return self.of_name(fields.read(object, slots[at]));
        };
        let key = (class, at);
        let place = match self.places_of_slots.get(&key) {
            Some(&place) => place,
            None => {
                let place = self.place(fields.name_at(class, at));
                self.places_of_slots.insert(key, place);
                place
            }
        };
        &mut self.sums[place]
    }

    fn into_sums(self) -> impl Iterator<Item = (FieldName, S)> {
        let mut sums: Vec<Option<S>> = self.sums.into_iter().map(Some).collect();
        self.places.into_iter().filter_map(move |(name, place)| Some((name, sums[place].take()?)))
    }
}

/// Which field a slot is.
struct Fields<'a> {
    heap: &'a MarkedHeap,
    /// By class: the declaring class and name of each reference field. The slots of mirrors are static fields, and referents of weak
    /// references have none.
    by_class: Vec<Option<Vec<FieldName>>>,
}

impl<'a> Fields<'a> {
    fn new(heap: &'a MarkedHeap) -> Self {
        let is_plain = |class: ClassIx| {
            class != heap.classes().class_class() && heap.classes().get(class).strength.is_none()
        };
        let classes = heap.classes().iter();
        let by_class =
            classes.map(|(class, _)| is_plain(class).then(|| reference_fields(heap, class))).collect();
        Self { heap, by_class }
    }

    /// Class and place of the slot at `at` of an object with `slots` slots, if these two tell the field: in an array, whose slots are all alike, or
    /// where all reference fields are set.
    fn told_by_slot(&self, object: ObjectIx, slots: usize, at: usize) -> Option<(ClassIx, usize)> {
        let class = self.heap.class_of(object);
        if self.heap.array_length(object).is_some() {
            return Some((class, 0));
        }
        let are_all = self.by_class[class.index()].as_ref().is_some_and(|fields| fields.len() == slots);
        are_all.then_some((class, at))
    }

    /// The field that [`Self::told_by_slot`] tells.
    fn name_at(&self, class: ClassIx, at: usize) -> FieldName {
        let field = self.by_class[class.index()].as_ref().and_then(|fields| fields.get(at));
        field.cloned().unwrap_or_else(|| self.no_field(class))
    }

    /// The field by which `object` refers to `slot`, as its record says.
    fn read(&self, object: ObjectIx, slot: u32) -> FieldName {
        match self.heap.link(object, ObjectIx(slot)) {
            Some(Link::Field { class, name } | Link::Static { class, name }) => {
                FieldName { class: Arc::clone(&self.heap.classes().get(class).name), field: name.into() }
            }
            _ => self.no_field(self.heap.class_of(object)),
        }
    }

    fn no_field(&self, class: ClassIx) -> FieldName {
        FieldName { class: Arc::clone(&self.heap.classes().get(class).name), field: "".into() }
    }
}

/// The reference fields in the order of the slots of an instance in which all are set.
fn reference_fields(heap: &MarkedHeap, class: ClassIx) -> Vec<FieldName> {
    let lineage = heap.classes().lineage(class);
    let declared = lineage.flat_map(|(_, class)| class.fields.iter().map(move |field| (class, field)));
    let references = declared.filter(|(_, field)| field.ty == FieldType::Reference);
    references
        .map(|(class, field)| FieldName { class: Arc::clone(&class.name), field: Arc::clone(&field.name) })
        .collect()
}
