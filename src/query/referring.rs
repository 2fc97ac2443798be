//! Which objects refer to certain others, and by which fields.
//!
//! Cost: one pass over all references, with a look at a bit for each; a record for each reference that is found, unless all reference
//! fields of the object are set and so its place tells the field.

use super::scan::fold_tasks;
use crate::graph::GraphError;
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Link, Snapshot, SnapshotError};
use crate::storage::BitColumn;
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

/// Adds up over all references from reachable objects to `targets` by field. `add` is told the target; the sums of different threads are put
/// together with `merge`.
///
/// # Errors
/// Cancelled.
pub fn by_referring_field<S: Default + Send>(
    snapshot: &Snapshot,
    targets: &BitColumn,
    add: impl Fn(&mut S, ObjectIx) + Sync,
    merge: impl Fn(&mut S, S) + Sync,
) -> Result<Vec<(FieldName, S)>, SnapshotError> {
    let count = snapshot.object_count();
    let references = snapshot.references();
    // By class: the declaring class and name of each reference field.
    // The slots of mirrors are static fields, and referents of weak references have none.
    let is_plain = |class: ClassIx| {
        class != snapshot.classes().class_class() && snapshot.classes().get(class).strength.is_none()
    };
    let fields_by_class: Vec<Option<Vec<FieldName>>> = snapshot
        .classes()
        .iter()
        .map(|(class, _)| is_plain(class).then(|| reference_fields(snapshot, class)))
        .collect();
    let name_at = |object: ObjectIx, slots: &[u32], at: usize| -> FieldName {
        let class = snapshot.class_of(object);
        let none = || FieldName { class: Arc::clone(&snapshot.class(object).name), field: "".into() };
        if snapshot.array_length(object).is_some() {
            return none();
        }
        if let Some(fields) = &fields_by_class[class.index()]
            && fields.len() == slots.len()
        {
            return fields[at].clone();
        }
        match snapshot.link(object, ObjectIx(slots[at])) {
            Some(Link::Field { class, name }) => {
                FieldName { class: Arc::clone(&snapshot.classes().get(class).name), field: name.into() }
            }
            Some(Link::Static { class, name }) => {
                FieldName { class: Arc::clone(&snapshot.classes().get(class).name), field: name.into() }
            }
            _ => none(),
        }
    };
    let sums = fold_tasks(
        snapshot,
        HashMap::new,
        |mut sums: HashMap<FieldName, S>, objects| {
            for (object, slots) in references.lists(objects) {
                for (at, &slot) in slots.iter().enumerate() {
                    if (slot as usize) < count && targets.get(slot as usize) && snapshot.is_reachable(object)
                    {
                        add(sums.entry(name_at(object, slots, at)).or_default(), ObjectIx(slot));
                    }
                }
            }
            sums
        },
        |mut a, b| {
            for (name, sum) in b {
                merge(a.entry(name).or_default(), sum);
            }
            a
        },
    )?;
    let mut all: Vec<(FieldName, S)> = sums.into_iter().collect();
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// The reference fields in the order of the slots of an instance in which all are set.
fn reference_fields(snapshot: &Snapshot, class: ClassIx) -> Vec<FieldName> {
    let lineage = snapshot.classes().lineage(class);
    let declared = lineage.flat_map(|(_, class)| class.fields.iter().map(move |field| (class, field)));
    let references = declared.filter(|(_, field)| field.ty == FieldType::Reference);
    references
        .map(|(class, field)| FieldName { class: Arc::clone(&class.name), field: Arc::clone(&field.name) })
        .collect()
}
