//! Boxed numbers: `Integer`, `Long` and the like, by class and by value.
//!
//! Cost: one pass over all records; 8 bytes per boxed number while it works.

use super::gather::{Gatherer, sorted};
use super::histogram::Histogram;
use super::scan::{Question, ask};
use crate::graph::GraphError;
use crate::hprof::{FieldType, HeapRecord, Value};
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{MarkedHeap, SnapshotError};
use crate::storage::{Access, Column};

/// The classes of the JDK that stand for primitive values.
pub const BOX_CLASSES: [&str; 8] = [
    "java.lang.Boolean",
    "java.lang.Byte",
    "java.lang.Character",
    "java.lang.Double",
    "java.lang.Float",
    "java.lang.Integer",
    "java.lang.Long",
    "java.lang.Short",
];

/// Boxed numbers of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxCount {
    /// The class.
    pub class: ClassIx,
    /// How many reachable ones.
    pub instances: u64,
    /// Their shallow sizes.
    pub bytes: u64,
    /// How many different values.
    pub distinct: u64,
    /// The shallow sizes of all that repeat a value.
    pub wasted_bytes: u64,
    /// The value that is there most often, as Java prints it, and how often.
    pub commonest: Option<(String, u64)>,
}

/// All boxed numbers, most bytes first. `histogram` is that of the snapshot.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn boxed_numbers(heap: &MarkedHeap, histogram: &Histogram) -> Result<Vec<BoxCount>, SnapshotError> {
    let kinds = BoxKinds::new(heap);
    let mut columns = kinds.columns(heap, histogram)?;
    let question = BoxQuestion::new(heap, &kinds, &mut columns);
    let sums = ask(heap, &question)?;
    let lengths = question.finish(sums);
    Ok(kinds.answer(heap, &mut columns, lengths))
}

const KINDS: usize = BOX_CLASSES.len();

/// Where the numbers stand in the boxes.
#[derive(Debug)]
pub(super) struct BoxKinds {
    kind_by_class: Vec<Option<u8>>,
    places: [Option<(ClassIx, (u32, FieldType))>; KINDS],
}

/// The numbers in the boxes of each kind.
pub(super) type BoxColumns = [Column<u32>; KINDS];

impl BoxKinds {
    pub(super) fn new(heap: &MarkedHeap) -> Self {
        let mut kind_by_class = vec![None; heap.classes().len()];
        let mut places = [None; KINDS];
        for (kind, name) in BOX_CLASSES.into_iter().enumerate() {
            if let Some(&class) = heap.classes().named(name).first() {
                kind_by_class[class.index()] = Some(kind as u8);
                places[kind] = heap.field_place(class, "value").map(|place| (class, place));
            }
        }
        Self { kind_by_class, places }
    }

    /// Room for what is gathered.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub(super) fn columns(
        &self,
        heap: &MarkedHeap,
        histogram: &Histogram,
    ) -> Result<BoxColumns, SnapshotError> {
        let mut columns = BoxColumns::default();
        for (column, place) in columns.iter_mut().zip(&self.places) {
            let Some((class, _)) = place else { continue };
            let words = 2 * histogram.of_class(*class).instances as usize;
            let made = heap.storage().column("boxed numbers", words, Access::Random);
            *column = made.map_err(GraphError::from)?;
        }
        Ok(columns)
    }

    /// `lengths` say how many numbers were gathered in each column.
    pub(super) fn answer(
        &self,
        heap: &MarkedHeap,
        columns: &mut BoxColumns,
        lengths: [usize; KINDS],
    ) -> Vec<BoxCount> {
        let mut counts = Vec::new();
        for ((place, column), len) in self.places.iter().zip(columns).zip(lengths) {
            let Some((class, (_, ty))) = place.filter(|_| len > 0) else { continue };
            let mut distinct = 0;
            let mut commonest: Option<(u64, u64)> = None;
            for same in sorted(column, len).chunk_by(|a, b| a == b) {
                distinct += 1;
                if commonest.is_none_or(|(_, most)| same.len() as u64 > most) {
                    commonest =
                        Some((u64::from(same[0][0]) << 32 | u64::from(same[0][1]), same.len() as u64));
                }
            }
            let each = heap.instance_bytes(class);
            let instances = len as u64;
            let value = |bits: u64| heap.describe_value(value_of(bits, ty), 16);
            counts.push(BoxCount {
                class,
                instances,
                bytes: instances * each,
                distinct,
                wasted_bytes: (instances - distinct) * each,
                commonest: commonest.and_then(|(bits, count)| Some((value(bits)?, count))),
            });
        }
        counts.sort_by_key(|count| (std::cmp::Reverse(count.bytes), count.class));
        counts
    }
}

/// Asks for all boxed numbers.
#[derive(Debug)]
pub(super) struct BoxQuestion<'a> {
    heap: &'a MarkedHeap,
    kinds: &'a BoxKinds,
    gatherers: [Gatherer<'a, 2>; KINDS],
}

impl<'a> BoxQuestion<'a> {
    /// `columns` are those that `kinds` made.
    pub(super) fn new(heap: &'a MarkedHeap, kinds: &'a BoxKinds, columns: &'a mut BoxColumns) -> Self {
        Self { heap, kinds, gatherers: columns.each_mut().map(|column| Gatherer::new(column)) }
    }

    /// All is gathered. How many numbers there are in each column.
    pub(super) fn finish(self, batches: [Vec<[u32; 2]>; KINDS]) -> [usize; KINDS] {
        let mut batches = batches.into_iter();
        self.gatherers.map(|gatherer| gatherer.finish(batches.next().unwrap_or_default()))
    }
}

impl Question for BoxQuestion<'_> {
    type Sums = [Vec<[u32; 2]>; KINDS];

    fn nothing(&self) -> Self::Sums {
        Self::Sums::default()
    }

    #[inline]
    fn visit(&self, batches: &mut Self::Sums, object: ObjectIx, record: &HeapRecord<'_>) {
        if let HeapRecord::Instance { fields, .. } = *record
            && let Some(kind) = self.kinds.kind_by_class[self.heap.class_of(object).index()].map(usize::from)
            && let Some((_, (offset, ty))) = self.kinds.places[kind]
            && self.heap.is_reachable(object)
            && let Some(value) = self.heap.value_at(fields, offset, ty)
        {
            let bits = bits(value);
            self.gatherers[kind].push(&mut batches[kind], [(bits >> 32) as u32, bits as u32]);
        }
    }

    fn merge(&self, first: Self::Sums, second: Self::Sums) -> Self::Sums {
        let mut second = second.into_iter();
        let mut gatherers = self.gatherers.iter();
        first.map(|batch| {
            let other = second.next().unwrap_or_default();
            match gatherers.next() {
                Some(gatherer) => gatherer.join(batch, other),
                None => batch,
            }
        })
    }
}

#[expect(clippy::cast_sign_loss, reason = "bits are compared, not numbers")]
fn bits(value: Value) -> u64 {
    match value {
        Value::Float(number) => u64::from(number.to_bits()),
        Value::Double(number) => number.to_bits(),
        other => other.integer().unwrap_or(0) as u64,
    }
}

#[expect(clippy::cast_possible_wrap, reason = "the bits came from a number of that type")]
fn value_of(bits: u64, ty: FieldType) -> Value {
    match ty {
        FieldType::Float => Value::Float(f32::from_bits(bits as u32)),
        FieldType::Double => Value::Double(f64::from_bits(bits)),
        FieldType::Boolean => Value::Boolean(bits != 0),
        FieldType::Char => Value::Char(bits as u16),
        _ => Value::Long(bits as i64),
    }
}
