//! Boxed numbers: `Integer`, `Long` and the like, by class and by value.
//!
//! Cost: one pass over all records; 8 bytes per boxed number while it works.

use super::scan::scan_records;
use crate::hprof::{HeapRecord, Value};
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Snapshot, SnapshotError};
use rayon::prelude::*;

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

/// All boxed numbers, most bytes first.
///
/// # Errors
/// Cancelled.
pub fn boxed_numbers(snapshot: &Snapshot) -> Result<Vec<BoxCount>, SnapshotError> {
    let mut at_by_class: Vec<Option<u8>> = vec![None; snapshot.classes().len()];
    let mut places = [None; BOX_CLASSES.len()];
    for (at, name) in BOX_CLASSES.into_iter().enumerate() {
        if let Some(&class) = snapshot.classes().named(name).first() {
            at_by_class[class.index()] = Some(at as u8);
            places[at] = snapshot.field_place(class, "value").map(|place| (class, place));
        }
    }
    type Values = [Vec<u64>; BOX_CLASSES.len()];
    let values = scan_records(
        snapshot,
        Values::default,
        |values, object: ObjectIx, record| {
            if let HeapRecord::Instance { fields, .. } = *record
                && let Some(at) = at_by_class[snapshot.class_of(object).index()].map(usize::from)
                && let Some((_, (offset, ty))) = places[at]
                && snapshot.is_reachable(object)
                && let Some(value) = snapshot.value_at(fields, offset, ty)
            {
                values[at].push(bits(value));
            }
        },
        |mut a, mut b| {
            for (a, b) in a.iter_mut().zip(&mut b) {
                a.append(b);
            }
            a
        },
    )?;
    let mut counts = Vec::new();
    for (at, mut values) in values.into_iter().enumerate() {
        let Some((class, (_, ty))) = places[at].filter(|_| !values.is_empty()) else { continue };
        values.par_sort_unstable();
        let mut distinct = 0;
        let mut commonest: Option<(u64, u64)> = None;
        for same in values.chunk_by(|a, b| a == b) {
            distinct += 1;
            if commonest.is_none_or(|(_, most)| same.len() as u64 > most) {
                commonest = Some((same[0], same.len() as u64));
            }
        }
        let each = snapshot.instance_bytes(class);
        let instances = values.len() as u64;
        let value = |bits: u64| snapshot.describe_value(value_of(bits, ty), 16);
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
    Ok(counts)
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
fn value_of(bits: u64, ty: crate::hprof::FieldType) -> Value {
    use crate::hprof::FieldType;
    match ty {
        FieldType::Float => Value::Float(f32::from_bits(bits as u32)),
        FieldType::Double => Value::Double(f64::from_bits(bits)),
        FieldType::Boolean => Value::Boolean(bits != 0),
        FieldType::Char => Value::Char(bits as u16),
        _ => Value::Long(bits as i64),
    }
}
