//! Which objects refer to certain others, and by which fields.
//!
//! Cost: one pass over all references, with a look at a bit for each; a record for each object that has a reference of those and does not have all of its
//! reference fields set, so that the place of the reference does not tell the field. These records are read in the order of the file.

use super::scan::fold_tasks;
use crate::graph::GraphError;
use crate::hprof::{FieldType, HeapRecord};
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Link, MarkedHeap, RecordReader, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use hashbrown::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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

/// Bits that tell whether an object may be wanted, by the rest of its number: 16 KiB.
const SIEVE_BITS: usize = 1 << 17;

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
    // Mostly few are wanted: what stays in the processor's own memory says so of nearly all others.
    let mut sieve = vec![0u64; SIEVE_BITS / 64];
    for target in targets {
        wanted.set(target.index());
        sieve[target.index() % SIEVE_BITS / 64] |= 1 << (target.0 % 64);
    }
    let (wanted, sieve) = (&wanted, &sieve[..]);
    let is_wanted = |slot: u32| {
        let may_be = sieve[slot as usize % SIEVE_BITS / 64] >> (slot % 64) & 1 != 0;
        may_be && (slot as usize) < count && wanted.get(slot as usize)
    };
    fold_tasks(
        snapshot,
        Vec::new,
        |mut found: Vec<(ObjectIx, ObjectIx)>, objects| {
            for (object, slots) in snapshot.references().lists(objects) {
                let hits = slots.iter().filter(|&slot| is_wanted(slot));
                found.extend(hits.map(|slot| (object, ObjectIx(slot))));
            }
            found
        },
        |mut a, mut b| {
            a.append(&mut b);
            a
        },
    )
}

/// The number of a field among those that [`ask_referring`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldIx(u32);

impl FieldIx {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// From an index that [`Self::index`] gave.
    pub fn from_index(index: usize) -> Self {
        Self(index as u32)
    }
}

/// What is asked of all references to certain objects. Two questions in a pair are asked in the same pass.
pub trait ReferringQuestion: Sync {
    /// What is known of some references.
    type Sums: Send;

    /// What is known of no reference.
    fn nothing(&self) -> Self::Sums;

    /// Adds a reference by a field to one of the objects; questions that share a pass are told of the objects of all of them.
    fn see(&self, sums: &mut Self::Sums, field: FieldIx, target: ObjectIx);

    /// Puts what is known of different references together.
    fn merge(&self, first: Self::Sums, second: Self::Sums) -> Self::Sums;
}

impl<A: ReferringQuestion, B: ReferringQuestion> ReferringQuestion for (A, B) {
    type Sums = (A::Sums, B::Sums);

    fn nothing(&self) -> Self::Sums {
        (self.0.nothing(), self.1.nothing())
    }

    fn see(&self, sums: &mut Self::Sums, field: FieldIx, target: ObjectIx) {
        self.0.see(&mut sums.0, field, target);
        self.1.see(&mut sums.1, field, target);
    }

    fn merge(&self, first: Self::Sums, second: Self::Sums) -> Self::Sums {
        (self.0.merge(first.0, second.0), self.1.merge(first.1, second.1))
    }
}

/// Asks a question of all references from reachable objects to `targets`, and tells the names of the fields. The numbers of the fields depend on the threads.
///
/// # Errors
/// Cancelled.
pub fn ask_referring<Q: ReferringQuestion>(
    heap: &MarkedHeap,
    targets: &BitColumn,
    question: &Q,
) -> Result<(Q::Sums, Vec<FieldName>), SnapshotError> {
    let count = heap.object_count();
    let fields = Fields::new(heap);
    let names = Names::default();
    let (sums, _) = fold_tasks(
        heap,
        || (question.nothing(), Numbers::default()),
        |(mut sums, mut numbers), objects| {
            let mut records = heap.record_reader();
            for (object, slots) in heap.references().lists(objects) {
                for (at, slot) in slots.iter().enumerate().filter(|&(_, slot)| (slot as usize) < count) {
                    if targets.get(slot as usize) && heap.is_reachable(object) {
                        let field = numbers.of(
                            &fields,
                            &names,
                            object,
                            (at, slots.len(), ObjectIx(slot)),
                            &mut records,
                        );
                        question.see(&mut sums, field, ObjectIx(slot));
                    }
                }
            }
            (sums, numbers)
        },
        |(a, numbers), (b, _)| (question.merge(a, b), numbers),
    )?;
    Ok((sums, names.into_list()))
}

/// The numbers that all threads give to fields.
#[derive(Default)]
struct Names {
    numbers: Mutex<HashMap<FieldName, u32>>,
}

impl Names {
    fn number(&self, name: FieldName) -> FieldIx {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let next = numbers.len() as u32;
        FieldIx(*numbers.entry(name).or_insert(next))
    }

    /// The names by number.
    fn into_list(self) -> Vec<FieldName> {
        let numbers = self.numbers.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<(u32, FieldName)> =
            numbers.into_iter().map(|(name, number)| (number, name)).collect();
        names.sort_unstable_by_key(|&(number, _)| number);
        names.into_iter().map(|(_, name)| name).collect()
    }
}

/// What one thread knows of the numbers.
#[derive(Default)]
struct Numbers {
    by_name: HashMap<FieldName, FieldIx>,
    /// Spares the look at the names: most objects of a class say by the place of a slot which field it is.
    by_slot: HashMap<(ClassIx, usize), FieldIx>,
}

impl Numbers {
    /// The field of an object that stands in the slot `at` of so many, and refers to `target`.
    fn of(
        &mut self,
        fields: &Fields<'_>,
        names: &Names,
        object: ObjectIx,
        (at, slots, target): (usize, usize, ObjectIx),
        records: &mut RecordReader<'_>,
    ) -> FieldIx {
        let told = fields.told_by_slot(object, slots, at);
        let Some(key) = told.or_else(|| fields.told_by_record(object, target.0, at, records)) else {
            let name = fields.read(object, target.0);
            return *self.by_name.entry(name).or_insert_with_key(|name| names.number(name.clone()));
        };
        *self.by_slot.entry(key).or_insert_with(|| names.number(fields.name_at(key.0, key.1)))
    }
}

/// Which field a slot is.
struct Fields<'a> {
    heap: &'a MarkedHeap,
    /// By class: the declaring class and name of each reference field, and where it stands in a record. The slots of mirrors are static fields, and
    /// referents of weak references have none.
    by_class: Vec<Option<Vec<(FieldName, usize)>>>,
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

    /// Class and place among its reference fields of the one by which `object` refers to `slot`, the `at`-th of those that are set.
    fn told_by_record(
        &self,
        object: ObjectIx,
        slot: u32,
        at: usize,
        records: &mut RecordReader<'_>,
    ) -> Option<(ClassIx, usize)> {
        let class = self.heap.class_of(object);
        let all = self.by_class[class.index()].as_ref()?;
        let HeapRecord::Instance { fields, .. } = records.record(object)? else { return None };
        let encoding = self.heap.encoding();
        let set = all.iter().enumerate().filter_map(|(place, &(_, offset))| {
            let id = encoding.read_id(fields.get(offset..offset + encoding.id_bytes())?);
            (!id.is_null()).then_some((place, id))
        });
        let (place, id) = { set }.nth(at)?;
        (self.heap.find(id) == Some(ObjectIx(slot))).then_some((class, place))
    }

    /// The field at a place of [`Self::told_by_slot`] or [`Self::told_by_record`].
    fn name_at(&self, class: ClassIx, at: usize) -> FieldName {
        let field = self.by_class[class.index()].as_ref().and_then(|fields| fields.get(at));
        field.map_or_else(|| self.no_field(class), |(name, _)| name.clone())
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

/// The reference fields in the order of the slots of an instance in which all are set, and where they stand in its record.
fn reference_fields(heap: &MarkedHeap, class: ClassIx) -> Vec<(FieldName, usize)> {
    let mut fields = Vec::new();
    let mut base = 0;
    for (_, declaring) in heap.classes().lineage(class) {
        for field in declaring.fields.iter().filter(|field| field.ty == FieldType::Reference) {
            let name = FieldName { class: Arc::clone(&declaring.name), field: Arc::clone(&field.name) };
            fields.push((name, (base + field.offset) as usize));
        }
        base += declaring.own_bytes;
    }
    fields
}
