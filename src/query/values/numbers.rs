//! Numbers: boxed, atomic, of any length.

use crate::hprof::{FieldType, Value};
use crate::ix::ObjectIx;
use crate::query::collections::adder;
use crate::snapshot::Heap;

/// The number in a field: a primitive one, or that of a boxed or atomic object.
pub(super) fn number_in(heap: &Heap, object: ObjectIx, field: &str) -> Option<f64> {
    match heap.field(object, field)? {
        Value::Reference(id) => number(heap, heap.find(id)?),
        value => primitive(value),
    }
}

/// A primitive value as a number; booleans are 0 and 1, characters their code.
pub fn primitive(value: Value) -> Option<f64> {
    match value {
        Value::Reference(_) => None,
        Value::Boolean(v) => Some(f64::from(u8::from(v))),
        Value::Char(v) => Some(f64::from(v)),
        // The decimal number that was meant: 1.4 and not 1.399999976158142.
        Value::Float(v) => v.to_string().parse().ok(),
        Value::Double(v) => Some(v),
        Value::Byte(v) => Some(f64::from(v)),
        Value::Short(v) => Some(f64::from(v)),
        Value::Int(v) => Some(f64::from(v)),
        Value::Long(v) => Some(v as f64),
    }
}

/// The number that a boxed number, an atomic one or an adder stands for.
pub fn number(heap: &Heap, object: ObjectIx) -> Option<f64> {
    let name = heap.class_name(object);
    match name {
        "java.util.concurrent.atomic.LongAdder" => Some(adder(heap, object)? as f64),
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
            primitive(heap.field(object, "value").filter(|_| is_number)?)
        }
        _ => None,
    }
}

/// A number or flag to its last digit, as Java prints it (floating point numbers in Rust's shortest form).
pub(super) fn digits(heap: &Heap, object: ObjectIx) -> Option<String> {
    match heap.class_name(object) {
        "java.math.BigInteger" => {
            let negative = heap.integer(object, "signum")? < 0;
            big(heap, object).map(|magnitude| format!("{}{magnitude}", if negative { "-" } else { "" }))
        }
        "java.math.BigDecimal" => decimal(heap, object),
        "java.util.concurrent.atomic.AtomicBoolean" => {
            heap.integer(object, "value").map(|value| (value != 0).to_string())
        }
        "java.util.OptionalInt" | "java.util.OptionalLong" | "java.util.OptionalDouble" => {
            let present = heap.field(object, "isPresent") == Some(Value::Boolean(true));
            heap.describe_value(heap.field(object, "value").filter(|_| present)?, 0)
        }
        "java.util.concurrent.atomic.LongAdder" => adder(heap, object).map(|sum| sum.to_string()),
        _ => {
            number(heap, object)?;
            heap.describe_value(heap.field(object, "value")?, 0)
        }
    }
}

/// The magnitude of a `BigInteger`; beyond 128 bits only how long it is.
fn big(heap: &Heap, object: ObjectIx) -> Option<String> {
    let (FieldType::Int, bytes) = heap.primitive_elements(heap.follow(object, "mag")?)? else {
        return None;
    };
    if bytes.len() > 16 {
        return Some(format!("≈2^{}", bytes.len() * 8 - bytes[0].leading_zeros() as usize - 1));
    }
    Some(bytes.iter().fold(0_u128, |sum, &byte| sum << 8 | u128::from(byte)).to_string())
}

/// A `BigDecimal`: digits with a point `scale` places from the right.
fn decimal(heap: &Heap, object: ObjectIx) -> Option<String> {
    /// What the JDK writes into `intCompact` where the digits stand in `intVal`.
    const INFLATED: i64 = i64::MIN;
    /// More zeros than this are told by an exponent.
    const MOST_ZEROS: i64 = 40;
    let compact = heap.integer(object, "intCompact")?;
    let digits = if compact == INFLATED {
        digits(heap, heap.follow(object, "intVal")?).filter(|digits| !digits.contains('≈'))?
    } else {
        compact.to_string()
    };
    let scale = heap.integer(object, "scale")?;
    if scale == 0 {
        return Some(digits);
    }
    if !(0..=MOST_ZEROS).contains(&scale) {
        return Some(format!("{digits}E{}", -i128::from(scale)));
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", &*digits), |digits| ("-", digits));
    let scale = usize::try_from(scale).ok()?;
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = padded.split_at(padded.len() - scale);
    Some(format!("{sign}{whole}.{part}"))
}
