//! Numbers: boxed, atomic, of any length.

use crate::hprof::{FieldType, Value};
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

/// The number in a field: a primitive one, or that of a boxed or atomic object.
pub(super) fn number_in(snapshot: &Snapshot, object: ObjectIx, field: &str) -> Option<f64> {
    match snapshot.field(object, field)? {
        Value::Reference(id) => number(snapshot, snapshot.find(id)?),
        value => primitive(value),
    }
}

/// A primitive value as a number; booleans are 0 and 1, characters their code.
pub fn primitive(value: Value) -> Option<f64> {
    match value {
        Value::Reference(_) => None,
        Value::Boolean(v) => Some(f64::from(u8::from(v))),
        Value::Char(v) => Some(f64::from(v)),
        Value::Float(v) => Some(f64::from(v)),
        Value::Double(v) => Some(v),
        Value::Byte(v) => Some(f64::from(v)),
        Value::Short(v) => Some(f64::from(v)),
        Value::Int(v) => Some(f64::from(v)),
        Value::Long(v) => Some(v as f64),
    }
}

/// The number that a boxed number, an atomic one or an adder stands for.
pub fn number(snapshot: &Snapshot, object: ObjectIx) -> Option<f64> {
    let name = snapshot.class_name(object);
    match name {
        "java.util.concurrent.atomic.LongAdder" => {
            let cells = snapshot.follow(object, "cells");
            Some(snapshot.integer(object, "base")? as f64 + cells_sum(snapshot, cells))
        }
        _ if name.starts_with("java.lang.") || name.starts_with("java.util.concurrent.atomic.") => {
            let is_number = matches!(
                &name[name.rfind('.')? + 1..],
                "Integer"
                    | "Long"
                    | "Short"
                    | "Byte"
                    | "Boolean"
                    | "Character"
                    | "Float"
                    | "Double"
                    | "AtomicInteger"
                    | "AtomicLong"
                    | "AtomicBoolean"
            );
            primitive(snapshot.field(object, "value").filter(|_| is_number)?)
        }
        _ => None,
    }
}

fn cells_sum(snapshot: &Snapshot, cells: Option<ObjectIx>) -> f64 {
    let cells = cells.into_iter().flat_map(|cells| snapshot.elements(cells));
    cells.filter_map(|id| snapshot.integer(snapshot.find(id)?, "value")).map(|value| value as f64).sum()
}

/// A number or flag to its last digit, as Java prints it (floating point numbers in Rust's shortest form).
pub(super) fn digits(snapshot: &Snapshot, object: ObjectIx) -> Option<String> {
    match snapshot.class_name(object) {
        "java.math.BigInteger" => {
            let negative = snapshot.integer(object, "signum")? < 0;
            big(snapshot, object).map(|magnitude| format!("{}{magnitude}", if negative { "-" } else { "" }))
        }
        "java.math.BigDecimal" => decimal(snapshot, object),
        "java.util.concurrent.atomic.AtomicBoolean" => {
            snapshot.integer(object, "value").map(|value| (value != 0).to_string())
        }
        "java.util.OptionalInt" | "java.util.OptionalLong" | "java.util.OptionalDouble" => {
            let present = snapshot.field(object, "isPresent") == Some(Value::Boolean(true));
            snapshot.describe_value(snapshot.field(object, "value").filter(|_| present)?, 0)
        }
        "java.util.concurrent.atomic.LongAdder" => number(snapshot, object).map(|number| number.to_string()),
        _ => {
            number(snapshot, object)?;
            snapshot.describe_value(snapshot.field(object, "value")?, 0)
        }
    }
}

/// The magnitude of a `BigInteger`; beyond 128 bits only how long it is.
fn big(snapshot: &Snapshot, object: ObjectIx) -> Option<String> {
    let (FieldType::Int, bytes) = snapshot.primitive_elements(snapshot.follow(object, "mag")?)? else {
        return None;
    };
    if bytes.len() > 16 {
        return Some(format!("≈2^{}", bytes.len() * 8 - bytes[0].leading_zeros() as usize - 1));
    }
    Some(bytes.iter().fold(0_u128, |sum, &byte| sum << 8 | u128::from(byte)).to_string())
}

/// A `BigDecimal`: digits with a point `scale` places from the right.
fn decimal(snapshot: &Snapshot, object: ObjectIx) -> Option<String> {
    /// What the JDK writes into `intCompact` where the digits stand in `intVal`.
    const INFLATED: i64 = i64::MIN;
    /// More zeros than this are told by an exponent.
    const MOST_ZEROS: i64 = 40;
    let compact = snapshot.integer(object, "intCompact")?;
    let digits = if compact == INFLATED {
        digits(snapshot, snapshot.follow(object, "intVal")?).filter(|digits| !digits.contains('≈'))?
    } else {
        compact.to_string()
    };
    let scale = snapshot.integer(object, "scale")?;
    if scale == 0 {
        return Some(digits);
    }
    if !(0..=MOST_ZEROS).contains(&scale) {
        return Some(format!("{digits}E{}", -scale));
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", &*digits), |digits| ("-", digits));
    let scale = usize::try_from(scale).ok()?;
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = padded.split_at(padded.len() - scale);
    Some(format!("{sign}{whole}.{part}"))
}
